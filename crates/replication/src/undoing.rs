//! Decides what undoing a run does to each record that the run wrote. Plain functions: no database, no network, no clock.
//!
//! A record that the run created is deleted, and values that it changed are restored, only where nobody else has a hand in
//! it: the org still holds what we sent last, by any run, and this run was the last of ours to write it. What says no for
//! a contact is never taken back.

use std::collections::{BTreeMap, BTreeSet};

use leadferry_salesforce::Record;
use leadferry_store::{RunId, UndoField, UndoState};
use serde_json::{Map, Value};

use crate::mapping::{Mapping, Target};
use crate::settling::same;

/// Rounding of the org's moments, and what its automation takes after a write of ours.
const SLACK_MS: i64 = 2_000;

/// Fields that say no where they are ticked, whatever the mapping says.
const OPT_OUTS: [&str; 3] = ["HasOptedOutOfEmail", "DoNotCall", "HasOptedOutOfFax"];

/// A write of ours that the org has taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The run.
    pub run: RunId,
    /// Whether it created the record.
    pub created: bool,
    /// When it was ready to leave, UTC milliseconds.
    pub prepared_at: i64,
    /// When its answer was taken in.
    pub settled_at: i64,
    /// The values; `None` where they are no longer kept.
    pub values: Option<Map<String, Value>>,
    /// What the record held before, as far as it was read.
    pub before: Map<String, Value>,
}

/// Values of a run that were restored since.
#[derive(Debug, Clone, PartialEq)]
pub struct RestoredBefore {
    /// The run whose values are gone.
    pub run: RunId,
    /// Their fields.
    pub fields: BTreeSet<String>,
    /// When they were restored, UTC milliseconds.
    pub done_at: i64,
}

/// What is known here of a record that a run wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The run to be undone.
    pub run: RunId,
    /// All our writes to the record, the oldest first.
    pub writes: Vec<Written>,
    /// What was restored of them.
    pub restored: Vec<RestoredBefore>,
    /// The request that was on its way when it was looked at last, with its fields.
    pub under_way: Option<(UndoState, Vec<UndoField>)>,
}

impl History {
    /// Tells whether the run created the record.
    pub fn is_created(&self) -> bool {
        self.of_run().any(|write| write.created)
    }

    /// Returns the fields that any of our writes has set.
    pub fn fields(&self) -> BTreeSet<&str> {
        let values = self.writes.iter().filter_map(|write| write.values.as_ref());
        values
            .flat_map(|values| values.keys().map(String::as_str))
            .collect()
    }

    fn of_run(&self) -> impl Iterator<Item = &Written> {
        self.writes.iter().filter(|write| write.run == self.run)
    }

    fn is_restored(&self, run: RunId, field: &str) -> bool {
        let of_run = self.restored.iter().filter(|one| one.run == run);
        of_run.into_iter().any(|one| one.fields.contains(field))
    }

    /// Returns who wrote a field last, and what; values that were restored since don't count.
    fn last(&self, field: &str) -> Option<(RunId, &Value)> {
        let counted = self.writes.iter().rev();
        let mut counted = counted.filter(|write| !self.is_restored(write.run, field));
        counted.find_map(|write| Some((write.run, write.values.as_ref()?.get(field)?)))
    }

    /// Returns what the record held before the run wrote a field.
    fn before(&self, field: &str) -> Option<&Value> {
        let mut wrote = self.of_run().filter(|write| {
            let values = write.values.as_ref();
            values.is_some_and(|values| values.contains_key(field))
        });
        wrote.next()?.before.get(field)
    }

    /// Returns the latest moment at which the org can have taken a write of ours, as milliseconds after it created the
    /// record.
    fn last_write_after_ms(&self) -> i64 {
        let began = self.of_run().find(|write| write.created);
        let began = began.map_or(i64::MAX, |write| write.prepared_at);
        let settled = self.writes.iter().map(|write| write.settled_at);
        let restored = self.restored.iter().map(|one| one.done_at);
        let last = settled.chain(restored).max().unwrap_or(began);
        last.saturating_sub(began).max(0)
    }
}

/// What holds for all records of a run.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The field of our own mark: it's no value.
    pub identifier: String,
    /// The org's id of the user who sends.
    pub user: String,
    /// The fields that can be read.
    pub visible: BTreeSet<String>,
    /// The tokens with which fields say no.
    pub noes: BTreeMap<String, BTreeSet<String>>,
}

impl Rules {
    /// Learns from a mapping with which values its targets say no.
    pub fn learn_noes(&mut self, mapping: &Mapping) {
        for row in &mapping.rows {
            if let (Some(token), Target::Field(field)) = (row.source.says_no_with(), &row.target) {
                let tokens = self.noes.entry(field.clone()).or_default();
                tokens.insert(token.to_owned());
            }
        }
    }

    fn is_no(&self, field: &str, value: &Value) -> bool {
        let is_opt_out = OPT_OUTS.iter().any(|name| name.eq_ignore_ascii_case(field));
        let token = value.to_string();
        (is_opt_out && *value == Value::Bool(true))
            || self.noes.iter().any(|(name, tokens)| {
                name.eq_ignore_ascii_case(field) && tokens.contains(token.as_str())
            })
    }
}

/// What the org says about a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The record, as it is now.
    pub record: Record,
    /// What hangs on it that others made, as in *2 tasks*.
    pub hanging: Vec<String>,
}

/// What is to become of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// `Delete`, `Restore`, `Deleted`, `Restored` or `Skipped`.
    pub state: UndoState,
    /// The fields that the run wrote.
    pub fields: Vec<UndoField>,
    /// Why it is skipped.
    pub skipped: Option<Why>,
    /// When the org changed the record last, UTC milliseconds.
    pub modified: Option<i64>,
}

/// Why a record or a field is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// A word of ours, in lower case.
    pub code: &'static str,
    /// The same for people.
    pub message: String,
}

impl Why {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// The record changes again and again while it is looked at.
    pub fn busy() -> Self {
        Self::new(
            "busy",
            "The record keeps changing in Salesforce. Undo the run again later.",
        )
    }
}

/// Returns when the org changed a record last, UTC milliseconds.
pub fn modified(record: &Record) -> Option<i64> {
    let stamps = ["LastModifiedDate", "SystemModstamp"].into_iter();
    let stamps = stamps.filter_map(|field| Some(record.date_time(field)?.as_millisecond()));
    stamps.max()
}

/// Decides what is to become of a record.
pub fn judge(history: &History, found: Option<&Found>, rules: &Rules) -> Verdict {
    let fields = fields(history, found.map(|found| &found.record), rules);
    let under_way = history.under_way.as_ref();
    let skip = |why: Why, fields: Vec<UndoField>| Verdict {
        state: UndoState::Skipped,
        fields,
        skipped: Some(why),
        modified: found.and_then(|found| modified(&found.record)),
    };
    let was_deleting = under_way.is_some_and(|(state, _)| *state == UndoState::Deleting);
    let end = |state, fields| Verdict {
        state,
        fields,
        skipped: None,
        modified: found.and_then(|found| modified(&found.record)),
    };
    let Some(found) = found else {
        return match was_deleting {
            // Deleted and purged before anyone asked.
            true => end(UndoState::Deleted, fields),
            false => skip(
                Why::new("gone", "The record isn't in Salesforce anymore."),
                fields,
            ),
        };
    };
    let record = &found.record;
    if record.boolean("IsDeleted").unwrap_or(false) {
        let is_merged = record.text("MasterRecordId").is_some();
        return match (is_merged, was_deleting) {
            (true, _) => skip(
                Why::new(
                    "merged",
                    "The record was merged into another one in Salesforce.",
                ),
                fields,
            ),
            (false, true) => end(UndoState::Deleted, fields),
            (false, false) => skip(
                Why::new("deleted", "The record was already deleted in Salesforce."),
                fields,
            ),
        };
    }
    if let Some((UndoState::Restoring, sent)) = under_way
        && let Some(fields) = restored(sent, record)
    {
        return end(UndoState::Restored, fields);
    }
    if record.boolean("IsConverted").unwrap_or(false) {
        return skip(
            Why::new("converted", "The lead was converted in Salesforce."),
            fields,
        );
    }
    if history.is_created() {
        return match keeps(history, found, &fields, rules) {
            Some(why) => skip(why, fields),
            None => end(UndoState::Delete, fields),
        };
    }
    match why_nothing(&fields) {
        Some(why) => skip(why, fields),
        None => end(UndoState::Restore, fields),
    }
}

/// Returns the fields of a request that restored values, where the record tells that it was carried out.
fn restored(sent: &[UndoField], record: &Record) -> Option<Vec<UndoField>> {
    let mut fields = sent.to_vec();
    let mut is_any = false;
    for field in fields.iter_mut().filter(|field| field.skipped.is_none()) {
        let now = held(record, &field.field);
        let is_back = field
            .before
            .as_ref()
            .is_some_and(|before| same(before, &now));
        let was_news = field
            .before
            .as_ref()
            .is_some_and(|before| !same(before, &field.sent));
        is_any |= is_back && was_news;
        if !is_back {
            field.skipped = Some("changed".to_owned());
        }
        field.now = Some(now);
    }
    is_any.then_some(fields)
}

fn held(record: &Record, field: &str) -> Value {
    record.value(field).cloned().unwrap_or_default()
}

/// Says field by field what the run wrote, and why a value isn't restored.
fn fields(history: &History, record: Option<&Record>, rules: &Rules) -> Vec<UndoField> {
    let mut wrote = BTreeSet::new();
    for values in history.of_run().filter_map(|write| write.values.as_ref()) {
        wrote.extend(values.keys());
    }
    wrote.retain(|field| !field.eq_ignore_ascii_case(&rules.identifier));
    wrote
        .into_iter()
        .filter(|field| !history.is_restored(history.run, field))
        .filter_map(|field| {
            let (last, sent) = history.last(field)?;
            let is_visible = rules.visible.contains(field);
            let now = record
                .filter(|_| is_visible)
                .map(|record| held(record, field));
            let before = history.before(field);
            let why = if sent.is_object() {
                Some("parent")
            } else if last != history.run {
                Some("later_run")
            } else if before.is_none() {
                Some("not_kept")
            } else if rules.is_no(field, sent) {
                Some("opted_out")
            } else {
                match (&now, before) {
                    (None, _) => Some("unreadable"),
                    (Some(now), Some(before)) if same(before, now) => Some("as_before"),
                    (Some(now), _) if !same(sent, now) => Some("changed"),
                    _ => None,
                }
            };
            Some(UndoField {
                field: field.clone(),
                sent: sent.clone(),
                before: before.cloned(),
                now,
                skipped: why.map(str::to_owned),
            })
        })
        .collect()
}

/// Says why a record that the run created is kept.
fn keeps(history: &History, found: &Found, fields: &[UndoField], rules: &Rules) -> Option<Why> {
    let record = &found.record;
    if history.writes.iter().any(|write| write.values.is_none()) {
        return Some(Why::new(
            "no_history",
            "The values sent aren't kept anymore, so Leadferry can't tell whether the record is unchanged.",
        ));
    }
    let all = history.fields().into_iter();
    let sent = all.filter(|field| rules.visible.contains(*field));
    let mut sent = sent.filter_map(|field| Some((field, history.last(field)?.1)));
    let differs = sent.any(|(field, sent)| !same(sent, &held(record, field)));
    let by_another = record
        .reference("LastModifiedById")
        .map(|id| id.to_string());
    let is_ours = by_another.as_deref() == Some(rules.user.as_str());
    if differs || !is_ours || is_later_than_ours(history, record) {
        return Some(Why::new("changed", changed_by(record, is_ours)));
    }
    if fields
        .iter()
        .any(|field| rules.is_no(&field.field, &field.sent))
    {
        return Some(Why::new(
            "opted_out",
            "The record tells Salesforce that this contact said no. Undo never takes that back.",
        ));
    }
    (!found.hanging.is_empty()).then(|| {
        let hanging = found.hanging.join(" and ");
        Why::new(
            "in_use",
            format!("Others use this record in Salesforce: {hanging}."),
        )
    })
}

fn is_later_than_ours(history: &History, record: &Record) -> bool {
    let moment = |field: &str| Some(record.date_time(field)?.as_millisecond());
    match (moment("CreatedDate"), moment("LastModifiedDate")) {
        (Some(created), Some(changed)) => {
            let ours = history.last_write_after_ms().saturating_add(SLACK_MS);
            changed.saturating_sub(created) > ours
        }
        // Nobody can tell.
        _ => true,
    }
}

fn changed_by(record: &Record, is_ours: bool) -> String {
    let name = record.path("LastModifiedBy.Name").and_then(Value::as_str);
    match name.filter(|name| !is_ours && !name.trim().is_empty()) {
        Some(name) => format!("{name} changed the record in Salesforce after Leadferry sent it."),
        None => "The record was changed in Salesforce after Leadferry sent it.".to_owned(),
    }
}

/// Says why nothing of an updated record is restored; `None` where something is.
fn why_nothing(fields: &[UndoField]) -> Option<Why> {
    if fields.iter().any(|field| field.skipped.is_none()) {
        return None;
    }
    // The reason that a person can do something about comes first.
    let words: [(&'static str, &str); 7] = [
        (
            "changed",
            "The values were changed in Salesforce after Leadferry sent them.",
        ),
        (
            "later_run",
            "A later run has changed these values. Undo that run first.",
        ),
        (
            "opted_out",
            "The record tells Salesforce that this contact said no. Undo never takes that back.",
        ),
        ("not_kept", "The values from before the run weren't kept."),
        (
            "unreadable",
            "Salesforce doesn't show these fields anymore.",
        ),
        (
            "parent",
            "Leadferry doesn't restore links to other records.",
        ),
        (
            "as_before",
            "The record already has the values from before the run.",
        ),
    ];
    let is = |code: &str| {
        fields
            .iter()
            .any(|field| field.skipped.as_deref() == Some(code))
    };
    let found = words.iter().find(|(code, _)| is(code));
    Some(match found {
        Some((code, message)) => Why::new(code, *message),
        None => Why::new("no_history", "The values sent aren't kept anymore."),
    })
}

#[cfg(test)]
mod tests;
