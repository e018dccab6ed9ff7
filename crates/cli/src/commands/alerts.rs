//! `alerts …`

use clap::Subcommand;
use leadferry_commands::Result;
use leadferry_commands::alerts::{self, Alerts};
use leadferry_commands::local_time::LocalTime;

use crate::app::App;
use crate::exit::Exit;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List alerts, newest first.
    List,
    /// Mark all alerts as seen.
    Seen,
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    let all = alerts::list(&workspace)?;
    let latest = all.alerts.iter().map(|one| one.id).max();
    let shown = match (command, latest) {
        (Command::Seen, Some(latest)) => alerts::seen(&workspace, latest)?,
        _ => all,
    };
    let local = LocalTime::of(&workspace)?;
    app.output.result(&shown, |all| text(all, &local));
    Ok(Exit::AllWell)
}

fn text(all: &Alerts, local: &LocalTime) -> String {
    let mut table = Table::new(&["", "time", "replication, score or pull", "count", "alert"]);
    for one in &all.alerts {
        let of = one.replication.as_ref().or(one.score.as_ref());
        let of = of.or(one.pull.as_ref()).cloned();
        table.row([
            if one.seen { "" } else { "new" }.to_owned(),
            local.moment(one.at),
            of.unwrap_or_default(),
            one.times.to_string(),
            one.message.clone(),
        ]);
    }
    table.text("No alerts.")
}
