//! `workspace review` and `workspace approve`.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use leadferry_commands::workspace::{self, Origin, ReviewedConnection, WorkspaceReview};
use leadferry_commands::{Error, Result};

use crate::app::App;
use crate::table::{Table, counted, grouped};
use crate::visible::visible;

/// Approves the workspace as it is shown, after asking where there is somebody to ask.
pub(super) fn approve(app: &App, yes: bool) -> Result<()> {
    let workspace = app.open()?;
    let shown = workspace::review(&workspace)?;
    if !yes && !shown.approved && !agreed(&shown)? {
        return Err(Error::usage(
            "The workspace wasn't approved.",
            "You can still view it and export from it. Approve it when you're sure.",
        ));
    }
    let approved = workspace::approve(&workspace, &shown.digest)?;
    app.output.result(&approved, |approved| {
        format!("Approved {} on this computer.\n", approved.path.display())
    });
    Ok(())
}

fn agreed(shown: &WorkspaceReview) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Err(Error::usage(
            "Approval needs a terminal, or --yes.",
            "Review the workspace, then approve it with --yes.",
        )
        .with_command("workspace review"));
    }
    let mut screen = std::io::stderr();
    let question = format!("{}\nApprove this workspace? [y/N] ", text(shown));
    let _ = screen.write_all(visible(&question).as_bytes());
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    let is_yes = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes");
    Ok(read.is_ok() && is_yes)
}

/// Returns the review in words.
pub(super) fn text(review: &WorkspaceReview) -> String {
    let mut text = format!("{}\n", review.path.display());
    text.push_str(&match (&review.origin, review.approved) {
        (_, true) => "Approved on this computer.\n".to_owned(),
        (Origin::Copied { from }, _) => {
            format!(
                "It has the id of the workspace you approved at {}: it's that workspace moved, or a copy of it.\nWhoever had a copy may have changed it.\n",
                from.display()
            )
        }
        (Origin::Unknown, _) => "New on this computer.\n".to_owned(),
    });
    text.push_str(&format!(
        "{}, {}\n\n",
        counted(review.contacts, "contact", "contacts"),
        counted(
            review.open_batches,
            "unanswered batch",
            "unanswered batches"
        )
    ));
    text.push_str(&unfinished_erases(review.unfinished_erases));
    text.push_str(&connections(&review.connections));
    text.push('\n');
    let mut table = Table::whole(&[
        "replication",
        "object",
        "connection",
        "runs",
        "selected",
        "waiting",
    ]);
    for one in &review.replications {
        table.row([
            one.name.clone(),
            one.object.clone(),
            one.connection.clone().unwrap_or_default(),
            one.schedule
                .clone()
                .unwrap_or_else(|| "manually".to_owned()),
            grouped(one.selected),
            grouped(one.waiting),
        ]);
    }
    text.push_str(&table.text("No replications."));
    text
}

fn unfinished_erases(count: u64) -> String {
    if count == 0 {
        return String::new();
    }
    let contacts = counted(count, "contact", "contacts");
    format!(
        "Erasing {contacts} was interrupted. Approving finishes it, in this workspace's backups too.\n\n"
    )
}

fn connections(all: &[ReviewedConnection]) -> String {
    let mut table = Table::whole(&["connection", "signs in at", "flow", "org", "user"]);
    for one in all {
        let org = one.org_name.clone().or(one.org_id.clone());
        table.row([
            one.name.clone(),
            one.host
                .clone()
                .unwrap_or_else(|| "this computer".to_owned()),
            one.flow.name().to_owned(),
            org.unwrap_or_default(),
            one.username.clone().unwrap_or_default(),
        ]);
    }
    table.text("No connections.")
}
