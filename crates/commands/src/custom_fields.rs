//! Contact fields that the user declares.

use leadferry_replication::mapping::Named;
use leadferry_store::{FieldKind, Writer, counted};
use serde::Serialize;

use crate::replications::{rename_in_replications, users_of};
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
        Error::usage(format!("\"{kind}\" isn't a field type"), hint)
    })?;
    let now = workspace.host().now();
    let id = workspace
        .store()
        .write(|writer| writer.add_custom_field(name, kind, now))?;
    let fields = workspace.store().read(|reader| reader.custom_fields())?;
    let added = fields.into_iter().find(|field| field.id == id).map(info);
    added.ok_or_else(|| leadferry_store::Error::not_found("custom field", name).into())
}

/// What a field is used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct CustomFieldUses {
    /// How many contacts have a value in it.
    pub contacts: u64,
    /// The segments, scores and replications that use it, in words.
    pub users: Vec<String>,
}

/// Returns what a field is used for.
///
/// # Errors
/// When there is no field of that name.
pub fn uses(workspace: &Workspace, name: &str) -> Result<CustomFieldUses> {
    workspace.store().read(|reader| {
        let field = reader.custom_field_named(name)?;
        let mut users = reader.rules_on_field(&field.name)?;
        users.extend(users_of(reader, Named::CustomField(&field.name))?);
        Ok(CustomFieldUses {
            contacts: reader.count_values(field.id)?,
            users,
        })
    })
}

/// Gives a field another name, also where rules, mappings and descriptions use it.
///
/// # Errors
/// When there is no field of that name, or the new name is unfit or taken.
pub fn rename(workspace: &Workspace, name: &str, to: &str) -> Result<CustomFieldInfo> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let field = writer.custom_field_named(name)?;
        writer.rename_custom_field(&field.name, to)?;
        let renamed = writer.custom_field_named(to)?;
        rename_in_replications(writer, Named::CustomField(&field.name), &renamed.name, now)?;
        Ok::<_, Error>(info(renamed))
    })
}

/// Removes a field for good; `with_values` with what contacts have in it. Returns how many contacts had a value.
///
/// # Errors
/// When there is no field of that name, something uses it, or there are values and `with_values` is not said.
pub fn remove(workspace: &Workspace, name: &str, with_values: bool) -> Result<u64> {
    workspace.store().write(|writer| {
        let field = writer.custom_field_named(name)?;
        refuse_used(writer, &field.name)?;
        let values = writer.count_values(field.id)?;
        if values > 0 && !with_values {
            return Err(Error::usage(
                format!(
                    "{} a value in \"{}\".",
                    counted(values, "contact has", "contacts have"),
                    field.name
                ),
                "Confirm that these values can be deleted, too.",
            ));
        }
        writer.remove_custom_field(&field.name)?;
        Ok(values)
    })
}

fn refuse_used(writer: &Writer<'_>, name: &str) -> Result<()> {
    let mut users = writer.rules_on_field(name)?;
    users.extend(users_of(writer, Named::CustomField(name))?);
    if users.is_empty() {
        return Ok(());
    }
    Err(Error::usage(
        format!("The field \"{name}\" is in use."),
        "Remove it there first.",
    )
    .because(format!("It's used by {}.", users.join(", "))))
}
