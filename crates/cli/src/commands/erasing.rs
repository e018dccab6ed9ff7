//! `contacts erase`

use std::fmt::Write as _;

use leadferry_commands::contacts::{self, ErasedInfo, STAYS, Traces};
use leadferry_commands::{Error, FrontEnd as _, Result, Workspace};

use crate::app::App;
use crate::table::{counted, grouped};

pub(super) fn run(app: &App, workspace: &Workspace, contact: &str, confirmed: bool) -> Result<()> {
    if !confirmed {
        let hint = format!("Add --yes to erase the contact. {STAYS}");
        return Err(Error::usage("Nothing was erased.", hint).because("Erasing can't be undone."));
    }
    app.output
        .result(&contacts::erase(workspace, contact)?, |erased| {
            let contacts = counted(erased.contacts, "contact", "contacts");
            told(&format!("Erased {contacts}."), erased)
        });
    if !app.output.is_json() {
        app.terminal.tell(STAYS);
    }
    Ok(())
}

pub(super) fn traces(
    app: &App,
    workspace: &Workspace,
    traces: &Traces,
    confirmed: bool,
) -> Result<()> {
    if !confirmed {
        let hint = "Add --yes to remove what names this person.";
        return Err(Error::usage("Nothing was erased.", hint).because("Erasing can't be undone."));
    }
    app.output.result(
        &contacts::erase_traces(workspace, traces)?,
        |erased| match erased == &ErasedInfo::default() {
            true => "Nothing here names this person. Check the spelling.\n".to_owned(),
            false => told("Erased what named this person.", erased),
        },
    );
    Ok(())
}

/// Says what was removed, and lists what is left to the user.
fn told(begins: &str, erased: &ErasedInfo) -> String {
    let mut text = format!("{begins}\n");
    for removed in &erased.removed {
        let _ = writeln!(text, "  {}: {}", removed.place, grouped(removed.count));
    }
    for (count, what) in [
        (erased.backups_rewritten, "backups rewritten"),
        (erased.backups_dropped, "backups deleted"),
    ] {
        if count > 0 {
            let _ = writeln!(text, "  {what}: {}", grouped(count));
        }
    }
    if erased.backups_dropped > 0 {
        text.push_str("Nobody can be erased from a backup that is damaged or of an older version, so those were deleted.\n");
    }
    if let Some(why) = &erased.unfinished {
        let _ = writeln!(
            text,
            "Some steps are still open: {why}. Leadferry finishes them the next time this workspace opens."
        );
    }
    if erased.mentions.is_empty() && erased.files.is_empty() {
        return text;
    }
    text.push_str("\nThese still name the contact. Only you can decide what to do with them:\n");
    for mention in &erased.mentions {
        let _ = writeln!(
            text,
            "  {} \"{}\": {}",
            mention.label, mention.name, mention.part
        );
    }
    for file in &erased.files {
        let _ = writeln!(text, "  File {}", file.display());
    }
    if erased.more_mentions > 0 {
        let _ = writeln!(text, "  and {} more", grouped(erased.more_mentions));
    }
    text.push_str(
        "The history and the backups made until you change these keep what they said. To erase that, too, run then:\n  \
         leadferry-cli contacts erase-traces --email EMAIL --first-name NAME --last-name NAME --yes\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use leadferry_commands::contacts::{ErasedCount, KeptMention};

    use super::*;

    #[test]
    fn it_says_what_went_and_what_is_left_to_decide() {
        let mut erased = ErasedInfo {
            contacts: 2,
            removed: vec![ErasedCount {
                place: "activities".to_owned(),
                count: 1200,
            }],
            backups_rewritten: 1,
            ..ErasedInfo::default()
        };
        assert_eq!(
            told("Erased 2 contacts.", &erased),
            "Erased 2 contacts.\n  activities: 1,200\n  backups rewritten: 1\n"
        );
        erased.mentions.push(KeptMention {
            place: leadferry_commands::contacts::MentionPlace::Segment,
            label: "Segment".to_owned(),
            name: "VIP".to_owned(),
            guid: None,
            part: "rules".to_owned(),
        });
        erased.more_mentions = 3;
        erased.unfinished = Some("the disk is full".to_owned());
        assert!(told("", &erased).contains(
            "Some steps are still open: the disk is full. Leadferry finishes them the next time this workspace opens.\n\n\
             These still name the contact. Only you can decide what to do with them:\n  \
             Segment \"VIP\": rules\n  and 3 more\n"
        ));
    }
}
