//! Builds the rows of a batch out of judged contacts. Plain functions.

use std::sync::Arc;

use leadferry_store::{Candidate, EntryId, Found, Hashes, NewRow};
use serde_json::{Map, Value};

use crate::mapping::{Mapped, MappedValue, Overwrite, Purpose};
use crate::matching::OrgRecord;
use crate::planning::{Update, is_selected};
use crate::setup::Setup;
use leadferry_store::Reason;

/// What a contact's row comes to.
#[derive(Debug)]
pub enum RowBuild {
    /// To be sent.
    Row(Box<NewRow>),
    /// Nothing is left to send; these values count as sent.
    Nothing(Hashes),
    /// Needs a person.
    Blocked(Reason),
}

/// Builds the row that creates a record.
pub fn create_row(candidate: &Candidate, entry: EntryId, setup: &Setup) -> RowBuild {
    let mapped = setup.map(candidate, Purpose::Create);
    match mapped.reason() {
        Some(reason) => RowBuild::Blocked(reason),
        None => RowBuild::Row(Box::new(create_row_of(candidate, entry, &mapped))),
    }
}

/// Builds the row that creates a record of values that nothing is wrong with.
pub(crate) fn create_row_of(candidate: &Candidate, entry: EntryId, mapped: &Mapped) -> NewRow {
    new_row(
        candidate,
        entry,
        None,
        Found::New,
        None,
        &mapped.values,
        &mapped.refused,
        None,
    )
}

/// Builds the row that updates a record by its id.
///
/// `record` is the record as the org holds it, where it was read. Values that were sent last stay out; so do those
/// that came in from the record, and those with the rule *if empty* whose field the org has filled, which count as sent.
pub fn update_row(
    candidate: &Candidate,
    entry: EntryId,
    record_id: &str,
    record: Option<&OrgRecord>,
    found: Found,
    setup: &Setup,
) -> RowBuild {
    let mapped = setup.map(candidate, Purpose::Update);
    if let Some(reason) = mapped.reason() {
        return RowBuild::Blocked(reason);
    }
    let link = candidate.link.as_ref();
    let link = link.filter(|link| link.record_id == record_id);
    let differing = mapped
        .values
        .into_iter()
        .filter(|value| link.is_none_or(|link| link.sent.get(&*value.target) != Some(&value.hash)));
    let is_known = |value: &MappedValue| link.is_some() && setup.is_known_there(candidate, value);
    let (kept, mut skipped): (Vec<_>, Vec<_>) =
        differing.partition(|value| !is_filled(value, record) && !is_known(value));
    skipped.extend(mapped.refused);
    let unstamped = found == Found::Email || setup.lacks_identifier(candidate);
    let stamps = unstamped
        && setup.sees_identifier()
        && record.is_some_and(|record| record.identifier.is_none());
    if kept.is_empty() && !stamps {
        return RowBuild::Nothing(hashes_of(&skipped));
    }
    let old = record
        .filter(|_| setup.settings.old_values)
        .map(|record| old_values(record, &kept));
    let mut row = new_row(
        candidate,
        entry,
        Some(record_id.to_owned()),
        found,
        stamps.then_some(setup.settings.identifier.as_str()),
        &kept,
        &skipped,
        old,
    );
    let goes = is_selected(candidate, &setup.selection)
        && !setup.sends_only_no(candidate)
        && !setup.goes_further(candidate);
    if !goes && candidate.contact.deleted_at.is_none() {
        // Once this is answered they are considered anew: to be taken out of the queue, or to send a no on.
        row.seq -= 1;
    }
    RowBuild::Row(Box::new(row))
}

/// Builds the row that tells a record beside the linked one of a no.
pub(crate) fn refusal_row(candidate: &Candidate, entry: EntryId, copy: &Update) -> NewRow {
    let record = Some(copy.record_id.clone());
    new_row(
        candidate,
        entry,
        record,
        Found::Linked,
        None,
        &copy.values,
        &[],
        None,
    )
}

fn is_filled(value: &MappedValue, record: Option<&OrgRecord>) -> bool {
    value.overwrite == Overwrite::IfEmpty
        && record
            .and_then(|record| record.values.get(&*value.held_in))
            .is_some_and(|held| !is_empty(held))
}

/// Tells whether the org holds nothing there.
pub(crate) fn is_empty(held: &Value) -> bool {
    match held {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        // A checkbox is never unset; an unticked one is as empty as it gets.
        Value::Bool(ticked) => !ticked,
        _ => false,
    }
}

fn old_values(record: &OrgRecord, values: &[MappedValue]) -> String {
    // What wasn't read is left out: nobody knows what stood there.
    let old: Map<String, Value> = values
        .iter()
        .filter_map(|value| {
            let held = record.values.get(&*value.target)?;
            Some((value.target.to_string(), held.clone()))
        })
        .collect();
    Value::Object(old).to_string()
}

fn hashes_of(values: &[MappedValue]) -> Hashes {
    values
        .iter()
        .map(|value| (Arc::clone(&value.target), value.hash))
        .collect()
}

#[expect(
    clippy::too_many_arguments,
    reason = "a row is what all of these say, and this is the one place that makes it"
)]
fn new_row(
    candidate: &Candidate,
    entry: EntryId,
    record_id: Option<String>,
    found: Found,
    stamp: Option<&str>,
    values: &[MappedValue],
    skipped: &[MappedValue],
    old_values: Option<String>,
) -> NewRow {
    let stamped = stamp.map(|field| (field, format!("\"{}\"", candidate.contact.guid)));
    let mut hashes = hashes_of(values);
    hashes.extend(hashes_of(skipped));
    NewRow {
        entry,
        contact: candidate.contact.id,
        guid: candidate.contact.guid.clone(),
        record_id,
        found,
        stamps: stamp.is_some(),
        seq: candidate.contact.seq,
        considered: candidate.entry.as_ref().map_or(0, |entry| entry.seq),
        payload: payload(values, stamped.as_ref()),
        hashes,
        old_values,
    }
}

/// Writes the fields as a JSON object, in the order of their names; the values are JSON tokens already.
fn payload(values: &[MappedValue], stamped: Option<&(&str, String)>) -> String {
    let mut fields: Vec<(&str, &str)> = values
        .iter()
        .map(|value| (&*value.target, value.json.as_str()))
        .chain(stamped.map(|(field, json)| (*field, json.as_str())))
        .collect();
    fields.sort_unstable();
    let length: usize = fields
        .iter()
        .map(|(name, json)| name.len() + json.len() + 4)
        .sum();
    let mut text = String::with_capacity(length + 2);
    text.push('{');
    for (name, json) in fields {
        if text.len() > 1 {
            text.push(',');
        }
        // API names hold letters, digits and underscores only: nothing to escape.
        text.push('"');
        text.push_str(name);
        text.push_str("\":");
        text.push_str(json);
    }
    text.push('}');
    text
}
