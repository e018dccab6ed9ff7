//! Contact fields that the user declares.

use leadferry_store::FieldKind;
use serde::Serialize;

use crate::{Error, Result, Workspace};

/// A contact field that the user declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct CustomFieldInfo {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: &'static str,
    /// Digits after the point, of a decimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<u8>,
    /// Whether a rule uses it, so that it is indexed.
    pub indexed: bool,
}

/// Returns the declared fields in the order in which they were added.
///
/// # Errors
/// When the workspace cannot be read.
pub fn list(workspace: &Workspace) -> Result<Vec<CustomFieldInfo>> {
    let fields = workspace.store().read(|reader| reader.custom_fields())?;
    Ok(fields.into_iter().map(info).collect())
}

fn info(field: leadferry_store::CustomField) -> CustomFieldInfo {
    let scale = match field.kind {
        FieldKind::Decimal { scale } => Some(scale),
        _ => None,
    };
    CustomFieldInfo {
        name: field.name,
        kind: field.kind.name(),
        scale,
        indexed: field.indexed,
    }
}

/// Declares a field; `kind` is a name such as `text`, `long_integer` or `decimal`.
///
/// # Errors
/// When the name or the kind is not allowed.
pub fn add(workspace: &Workspace, name: &str, kind: &str, scale: u8) -> Result<CustomFieldInfo> {
    let kind = FieldKind::from_name(&kind.replace('-', "_"), scale).ok_or_else(|| {
        let hint =
            "use text, long_text, integer, long_integer, decimal, float, yes_no, date or date_time";
        Error::usage(format!("\"{kind}\" is not a kind of field"), hint)
    })?;
    let now = workspace.host().now();
    let id = workspace
        .store()
        .write(|writer| writer.add_custom_field(name, kind, now))?;
    let fields = workspace.store().read(|reader| reader.custom_fields())?;
    let added = fields.into_iter().find(|field| field.id == id).map(info);
    added.ok_or_else(|| leadferry_store::Error::not_found("custom field", name).into())
}
