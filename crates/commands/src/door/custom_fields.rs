//! `custom_fields.…`: contact fields that the user declares.

use serde::Deserialize;

use super::table::{Named, Nothing, commands};
use crate::custom_fields::{self, CustomFieldInfo, CustomFieldUses};

commands! {
    /// Returns the declared fields in the order in which they were added.
    "custom_fields.list" (Nothing) -> Vec<CustomFieldInfo> = |at, _| custom_fields::list(at.workspace()?);
    /// Declares a field.
    "custom_fields.add" (AddField) -> CustomFieldInfo, stales ["custom_fields", "contacts"] = |at, request| {
        custom_fields::add(at.workspace()?, &request.name, &request.kind, request.scale.unwrap_or(0))
    };
    /// Returns how many contacts have a value in a field, and what uses it.
    "custom_fields.uses" (Named) -> CustomFieldUses = |at, request| custom_fields::uses(at.workspace()?, &request.name);
    /// Gives a field another name, also where rules and mappings use it.
    "custom_fields.rename" (RenameField) -> CustomFieldInfo,
        stales ["custom_fields", "contacts", "segments", "scores", "mappings", "replications"] = |at, request| {
        custom_fields::rename(at.workspace()?, &request.name, &request.to)
    };
    /// Removes a field that nothing uses, with the values in it; returns how many contacts had one.
    "custom_fields.remove" (RemoveField) -> u64, stales ["custom_fields", "contacts"] = |at, request| {
        custom_fields::remove(at.workspace()?, &request.name, request.with_values)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct AddField {
    /// Its name.
    name: String,
    /// `text`, `long_text`, `integer`, `long_integer`, `decimal`, `float`, `yes_no`, `date` or `date_time`.
    kind: String,
    /// Digits after the point, of a decimal.
    scale: Option<u8>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct RenameField {
    /// The name it has.
    name: String,
    /// The new one.
    to: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct RemoveField {
    /// Its name.
    name: String,
    /// Also where contacts have values in it.
    with_values: bool,
}
