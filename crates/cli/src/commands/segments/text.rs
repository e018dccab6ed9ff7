//! Segments and email lists as text.

use leadferry_commands::email_lists::EmailList;
use leadferry_commands::segments::{
    Explained, Members, SegmentCard, SegmentInfo, SegmentStatus, Why,
};

use crate::table::{Table, counted, grouped};

pub(super) fn list(all: &[SegmentInfo]) -> String {
    let mut table = Table::new(&["segment", "members", "calculated", "rules"]);
    for segment in all {
        let never = || "never".to_owned();
        table.row([
            segment.name.clone(),
            grouped(segment.members),
            segment.calculated_at.clone().unwrap_or_else(never),
            rules(segment),
        ]);
    }
    table.text("No segments yet.")
}

/// Returns who is in a segment by its rules, and what keeps these from being calculated.
fn rules(segment: &SegmentInfo) -> String {
    match (&segment.says, &segment.unread, &segment.unfit) {
        (_, Some(why), _) => format!("can't be read: {why}"),
        (Some(says), _, Some(why)) => format!("{says} (can't be calculated: {why})"),
        (Some(says), _, None) => says.clone(),
        (None, _, _) => "fixed members".to_owned(),
    }
}

pub(super) fn members(page: &Members) -> String {
    let mut table = Table::new(&["guid", "name", "email", "company"]);
    for member in &page.members {
        table.row([
            member.guid.to_string(),
            member.name.clone(),
            member.email.clone().unwrap_or_default(),
            member.company.clone().unwrap_or_default(),
        ]);
    }
    let mut text = table.text("No members.");
    if let Some(next) = page.next {
        text.push_str(&format!("More: --after {next}\n"));
    }
    text
}

pub(super) fn email_list(list: &EmailList) -> String {
    format!(
        "\"{}\" has {}. Of these, {}.\n",
        list.name,
        counted(list.emails, "email", "emails"),
        counted(list.contacts, "is a contact", "are contacts")
    )
}

pub(super) fn email_lists(all: &[EmailList]) -> String {
    let mut table = Table::new(&["list", "emails", "contacts"]);
    for list in all {
        table.row([
            list.name.clone(),
            grouped(list.emails),
            grouped(list.contacts),
        ]);
    }
    table.text("No email lists yet.")
}

pub(super) fn card(card: &SegmentCard) -> String {
    let segment = &card.segment;
    let mut text = format!(
        "{}: {}\n",
        segment.name,
        counted(segment.members, "member", "members")
    );
    text.push_str(&format!("  {}\n", rules(segment)));
    if segment.unfit.is_some() {
        text.push_str("  Members stay as they are until you change the rules.\n");
    }
    for user in &card.users {
        text.push_str(&format!("  used by {user}\n"));
    }
    text + &indented(&card.notes)
}

/// Puts each note on a line of its own, below what it is about.
pub(super) fn indented(notes: &[String]) -> String {
    notes.iter().map(|note| format!("  {note}\n")).collect()
}

pub(super) fn why(why: &Why) -> String {
    let mut text = match why.status {
        Some(SegmentStatus::Realized) => format!("{} is in the segment.\n", why.contact),
        Some(SegmentStatus::Exited) => format!("{} left the segment.\n", why.contact),
        None => format!("{} isn't in the segment.\n", why.contact),
    };
    if let Some(rules) = &why.rules {
        explained(rules, 1, &mut text);
    }
    text
}

fn explained(one: &Explained, depth: usize, text: &mut String) {
    let mark = if one.holds { "yes" } else { "no " };
    let has = one.has.as_ref().map(|has| format!("  [{has}]"));
    text.push_str(&format!(
        "{mark} {}{}{}\n",
        "  ".repeat(depth),
        one.rule,
        has.unwrap_or_default()
    ));
    for part in &one.parts {
        explained(part, depth + 1, text);
    }
}
