//! Leaves out a value that the org refuses although its picklist has it: the describe doesn't say which values a record type
//! offers. Plain functions.

use leadferry_salesforce::{ErrorCode, RowAnswer};
use leadferry_store::{BatchRow, Candidate, Found, Reason};
use serde_json::{Map, Value, json};

use crate::mapping::{Compiled, Purpose};

/// Under this key a queue entry keeps which values were refused, by field.
const LEFT_OUT: &str = "left_out";

/// Returns the values of a contact that the org refused at the last try: their hashes by field.
pub(crate) fn left_out(candidate: &Candidate) -> Option<&Map<String, Value>> {
    let reason = candidate.entry.as_ref()?.reason.as_ref()?;
    reason.detail.get(LEFT_OUT)?.as_object()
}

/// What a refused row goes without.
pub(crate) struct Without {
    /// Why it goes once more.
    pub(crate) reason: Reason,
    /// What is left out, value by value, in words.
    pub(crate) said: Vec<String>,
}

/// Returns what a refused row goes without when it goes once more: values that the org doesn't offer. `None` where the record needs them or
/// their rows block.
pub(crate) fn without_refused(
    row: &BatchRow,
    answer: &RowAnswer,
    mapping: &Compiled,
) -> Option<Without> {
    let [error] = answer.errors.as_slice() else {
        return None;
    };
    if answer.success
        || error.code != ErrorCode::InvalidOrNullForRestrictedPicklist
        || error.fields.is_empty()
    {
        return None;
    }
    let purpose = match row.found {
        Found::New => Purpose::Create,
        _ => Purpose::Update,
    };
    let payload: Map<String, Value> = serde_json::from_str(&row.payload).ok()?;
    let mut refused = Vec::new();
    for field in &error.fields {
        let (target, value) = payload
            .iter()
            .find(|(target, _)| target.eq_ignore_ascii_case(field))?;
        let label = mapping.may_be_left_out(target, purpose)?;
        let text = value.as_str().unwrap_or_default();
        refused.push((
            target,
            format!(
                "{label}: left out, because Salesforce doesn't offer “{text}” for the record type"
            ),
        ));
    }
    // What was left out before stays so.
    let is_out = |target: &str| {
        !payload.contains_key(target) || refused.iter().any(|(name, _)| *name == target)
    };
    let sent = row.sent();
    let hashes = sent.iter().filter(|(target, _)| is_out(target));
    let left_out: Map<String, Value> = hashes
        .map(|(target, hash)| (target.to_string(), json!(hash.to_string())))
        .collect();
    let said: Vec<String> = refused.into_iter().map(|(_, said)| said).collect();
    let reason = Reason {
        code: error.code.to_string(),
        message: format!("{}. The rest of the contact is sent.", said.join("; ")),
        detail: json!({ "fields": error.fields, LEFT_OUT: left_out }),
    };
    Some(Without { reason, said })
}
