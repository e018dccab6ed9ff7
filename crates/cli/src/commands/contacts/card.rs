//! What `contacts show` says to people: the parts of the window's panel, in its order.

use leadferry_commands::activities::{self, ActivityLine};
use leadferry_commands::consents::{self, ConsentInfo};
use leadferry_commands::contacts::{
    self, ContactCard, ContactFieldInfo, ContactFollowed, ContactSegment, Followed, NamedPlace,
};
use leadferry_commands::local_time::{self, LocalTime};
use leadferry_commands::segments::SegmentStatus;
use leadferry_commands::{Result, Workspace, sentence};
use serde_json::Value;

use crate::commands::queue;
use crate::table::{grouped, pairs};

/// So many activities are shown; `activities list` has them all.
const ACTIVITIES: usize = 5;

/// What isn't on the card itself, and is said with it.
pub(super) struct Around {
    fields: Vec<ContactFieldInfo>,
    consents: Vec<ConsentInfo>,
    activities: Vec<ActivityLine>,
    local: LocalTime,
}

impl Around {
    pub(super) fn of(workspace: &Workspace, card: &ContactCard) -> Result<Self> {
        let contact = card.guid.to_string();
        let latest = match card.activities {
            0 => Vec::new(),
            _ => activities::list(workspace, &contact, None, ACTIVITIES)?.activities,
        };
        Ok(Self {
            fields: contacts::fields(workspace)?,
            consents: consents::of(workspace, &contact)?,
            activities: latest,
            local: LocalTime::of(workspace)?,
        })
    }
}

/// A name, and what is said of it.
type Line = (String, String);

/// Returns a card as text, part by part; a part without lines isn't shown.
pub(super) fn text(card: &ContactCard, around: &Around) -> String {
    let parts = [
        ("", head(card, around)),
        ("In Salesforce", in_salesforce(card)),
        ("Scores", scores(card)),
        ("Segments", segments(card, &around.local)),
        ("Consent", consent(card, around)),
        ("Activities", latest(card, around)),
        ("Accounts", accounts(card)),
        ("Fields", fields(card, around)),
        ("History", history(card, &around.local)),
    ];
    let shown = parts.into_iter().filter(|(_, lines)| !lines.is_empty());
    let texts: Vec<String> = shown.map(|(title, lines)| part(title, &lines)).collect();
    texts.join("\n")
}

fn part(title: &str, lines: &[Line]) -> String {
    let lines: Vec<(&str, String)> = lines
        .iter()
        .map(|(name, said)| (name.as_str(), said.clone()))
        .collect();
    let said = pairs(&lines);
    if title.is_empty() {
        return said;
    }
    let indented = said.lines().map(|line| format!("  {line}\n"));
    format!("{title}\n{}", indented.collect::<String>())
}

fn line(name: &str, said: impl Into<String>) -> Line {
    (name.to_owned(), said.into())
}

fn head(card: &ContactCard, around: &Around) -> Vec<Line> {
    let mut lines = vec![line("Contact", card.name.clone())];
    lines.push(line("Leadferry ID", card.guid.to_string()));
    let deleted = card.deleted_at.iter();
    lines.extend(deleted.map(|at| line("Deleted", around.local.written(at))));
    lines
}

fn in_salesforce(card: &ContactCard) -> Vec<Line> {
    let mut lines = vec![line("Status", card.delivery_in_words())];
    for link in &card.links {
        lines.push(line(
            "Record",
            format!(
                "{} {} ({}, {})",
                link.object, link.record_id, link.state, link.origin
            ),
        ));
    }
    for link in &card.second_records {
        lines.push(line(
            "Second record",
            format!(
                "{} {}. Two records in Salesforce: merge them there and run a pull, or choose one with `links keep`",
                link.object, link.record_id
            ),
        ));
    }
    for entry in &card.queue {
        let reason = entry
            .reason
            .as_ref()
            .map(|reason| format!(": {} ({})", reason.message, reason.code));
        lines.push(line(
            "Queue",
            format!(
                "{} in {}{}",
                queue::word(entry.state),
                entry.replication,
                reason.unwrap_or_default()
            ),
        ));
    }
    lines
}

fn scores(card: &ContactCard) -> Vec<Line> {
    let points = card.points.iter();
    points
        .map(|(score, points)| {
            let noun = if *points == 1 { "point" } else { "points" };
            line(score, format!("{points} {noun}"))
        })
        .collect()
}

fn segments(card: &ContactCard, local: &LocalTime) -> Vec<Line> {
    let standing = |segment: &ContactSegment| {
        let since = local.moment(segment.since);
        let state = match segment.status {
            SegmentStatus::Realized => "in it since",
            SegmentStatus::Exited => "left it",
        };
        line("Segment", format!("{} ({state} {since})", segment.name))
    };
    card.segments.iter().map(standing).collect()
}

/// The opt-outs by channel, and the latest answer to each purpose.
fn consent(card: &ContactCard, around: &Around) -> Vec<Line> {
    let channels = [
        ("email_opt_out", "Email"),
        ("phone_opt_out", "Phone calls"),
        ("fax_opt_out", "Fax"),
    ];
    let said = channels.into_iter().filter_map(|(field, name)| {
        let is_out = card.fields.get(field)?.as_bool()?;
        Some(line(name, if is_out { "Opted out" } else { "Allowed" }))
    });
    let answers = around.consents.iter().map(|answer| {
        let given = if answer.given { "Given" } else { "Refused" };
        let mut said = format!("{given} {}", around.local.moment(answer.at));
        if !answer.source.is_empty() {
            said.push_str(&format!(", {}", answer.source));
        }
        line(&answer.path, said)
    });
    said.chain(answers).collect()
}

fn latest(card: &ContactCard, around: &Around) -> Vec<Line> {
    let mut lines: Vec<Line> = around
        .activities
        .iter()
        .map(|one| {
            let said = [Some(one.kind.clone()), one.title.clone()];
            let said: Vec<String> = said.into_iter().flatten().collect();
            line(&around.local.moment(one.at), said.join(": "))
        })
        .collect();
    let rest = card.activities.saturating_sub(lines.len() as u64);
    if rest > 0 {
        lines.push(line("Earlier", format!("{} more", grouped(rest))));
    }
    lines
}

fn accounts(card: &ContactCard) -> Vec<Line> {
    let accounts = card.accounts.iter();
    accounts
        .map(|account| line("Account", format!("{} ({})", account.name, account.role)))
        .collect()
}

/// The filled fields in the order of forms; whether they want to be written to stands under *Consent*.
fn fields(card: &ContactCard, around: &Around) -> Vec<Line> {
    let is_opt_out = |name: &str| name.ends_with("_opt_out");
    let filled = around
        .fields
        .iter()
        .filter(|field| !is_opt_out(&field.name));
    filled
        .filter_map(|field| {
            let value = card.fields.get(&field.name)?;
            Some(line(&field.label, in_words(field, value, card, around)))
        })
        .collect()
}

/// Returns a value as people read it.
fn in_words(
    field: &ContactFieldInfo,
    value: &Value,
    card: &ContactCard,
    around: &Around,
) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "Yes".to_owned(),
        Value::Bool(false) => "No".to_owned(),
        other => other.to_string(),
    };
    match (field.name.as_str(), field.kind) {
        ("country", _) => place(&contacts::places(None), text),
        ("state", _) => match card.fields.get("country").and_then(Value::as_str) {
            Some(country) => place(&contacts::places(Some(country)), text),
            None => text,
        },
        (_, "date") => local_time::day(&text),
        (_, "date_time") => around.local.written(&text),
        (_, "decimal") => without_zeros(&text).to_owned(),
        _ => text,
    }
}

/// Leaves out zeros that only say how many digits the field takes.
fn without_zeros(number: &str) -> &str {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    }
}

/// Returns the name of a place; text that is no code stays as it is.
fn place(places: &[NamedPlace], text: String) -> String {
    let found = places.iter().find(|place| place.code == text);
    found.map_or(text, |place| place.name.clone())
}

fn history(card: &ContactCard, local: &LocalTime) -> Vec<Line> {
    let followed = card.followed.iter();
    let mut lines: Vec<Line> = followed
        .map(|one| line(&local.moment(one.at), followed_text(one)))
        .collect();
    for run in &card.history {
        let outcome = [run.outcome.to_owned()].into_iter();
        let said: Vec<String> = outcome.chain(reasons(&run.errors)).collect();
        lines.push(line(&format!("Run {}", run.run), said.join(", ")));
    }
    lines
}

fn followed_text(followed: &ContactFollowed) -> String {
    let to = format!("{} {}", followed.object, followed.record_id);
    match (&followed.lead, followed.how) {
        (Some(lead), _) => format!("Lead {lead} was converted in Salesforce; linked to {to}"),
        (None, Followed::Converted) => format!("{to} was converted in Salesforce"),
        (None, Followed::Merged) => format!("the record was merged in Salesforce; linked to {to}"),
    }
}

/// Returns what the org answered to a row, such as *The email is taken. (`DUPLICATE_VALUE`)*.
fn reasons(errors: &Value) -> Vec<String> {
    let all = errors.as_array().into_iter().flatten();
    let said = all.filter_map(|error| {
        let code = error["code"].as_str()?;
        Some(match error["message"].as_str() {
            Some(message) if !message.is_empty() => format!("{} ({code})", sentence(message)),
            _ => code.to_owned(),
        })
    });
    said.collect()
}
