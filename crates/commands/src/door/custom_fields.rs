//! `custom_fields.…`: contact fields that the user declares.

use serde::Deserialize;

use super::table::{Nothing, commands};
use crate::custom_fields::{self, CustomFieldInfo};

commands! {
    /// Returns the declared fields in the order in which they were added.
    "custom_fields.list" (Nothing) -> Vec<CustomFieldInfo> = |at, _| custom_fields::list(at.workspace()?);
    /// Declares a field.
    "custom_fields.add" (AddField) -> CustomFieldInfo, stales ["custom_fields", "contacts"] = |at, request| {
        custom_fields::add(at.workspace()?, &request.name, &request.kind, request.scale.unwrap_or(0))
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
