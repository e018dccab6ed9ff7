//! Custom fields: real columns, described by the metadata they were made with.

use rusqlite::params;

use super::field::{Access, Field, Kind, PickValue};
use super::schema::{Object, Schema};
use super::write::RowError;
use super::{Org, ids, tables, values};
use crate::Result;
use crate::http::Refused;
use crate::json::{self, Json, object};

/// Most custom fields of an object, as in a Developer Edition org.
const MOST: usize = 500;

impl Org {
    /// Adds the file's custom fields to the shipped schema.
    pub(super) fn add_custom_fields(&self, schema: &mut Schema) -> Result<()> {
        let mut statement = self.conn.prepare(
            "SELECT \"TableEnumOrId\", \"DeveloperName\", \"Metadata\", \"CreatedDate\" FROM \"o_CustomField\" ORDER BY row",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, i64>(3)?,
            ))
        })?;
        for row in rows {
            let (object, name, metadata, made_at) = row?;
            let metadata = json::parse(&metadata).unwrap_or_default();
            if let Ok(mut field) = field_from(&format!("{name}__c"), &metadata) {
                schema.change(&object, |object| {
                    depend(object, &mut field, &metadata);
                    object.fields.push(field);
                    object.changed_at = object.changed_at.max(made_at);
                });
            }
        }
        Ok(())
    }

    /// Makes a custom field from `{"FullName", "Metadata"}` and returns the id of its definition.
    pub(crate) fn create_custom_field(&self, given: &Json) -> std::result::Result<String, Refused> {
        let refuse = |code: &str, message: String, field: &str| {
            Err(RowError::new(code, message).of(&[field]).refused())
        };
        let full = given
            .get("FullName")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let Some((object, name)) = full.split_once('.') else {
            return refuse(
                "FIELD_INTEGRITY_EXCEPTION",
                "Full Name: must be given as Object.Field__c".to_owned(),
                "FullName",
            );
        };
        let schema = self.schema();
        let Some(object) = schema
            .object(object)
            .filter(|o| o.is("create") && !o.is("tooling"))
        else {
            return refuse(
                "INVALID_TYPE",
                format!(
                    "Entity Enumeration Or ID: bad value for restricted picklist field: {object}"
                ),
                "FullName",
            );
        };
        let Some(developer_name) = name.strip_suffix("__c").filter(|n| is_developer_name(n)) else {
            let message = "Field Name: The Field Name field can only contain underscores and alphanumeric characters. It must be unique, begin with a letter, not include spaces, not end with an underscore, and not contain two consecutive underscores.";
            return refuse("FIELD_INTEGRITY_EXCEPTION", message.to_owned(), "FullName");
        };
        if object.any_field(name).is_some() {
            let code = self.choice("field_exists_error_code")?;
            return refuse(
                &code,
                format!(
                    "There is already a field named {developer_name} on {}.",
                    object.label
                ),
                "FullName",
            );
        }
        if object.fields.iter().filter(|f| f.custom).count() >= MOST {
            return refuse(
                "LIMIT_EXCEEDED",
                format!(
                    "reached maximum number of custom fields on {}",
                    object.label
                ),
                "FullName",
            );
        }
        let metadata = given.get("Metadata").cloned().unwrap_or_default();
        let field = field_from(name, &metadata).map_err(|e| e.refused())?;
        check_controller(object, &metadata)?;
        if let Some(target) = field.targets.iter().find(|t| schema.object(t).is_none()) {
            let message = format!("Related To: bad value for restricted picklist field: {target}");
            return refuse("FIELD_INTEGRITY_EXCEPTION", message, "Metadata");
        }
        self.add_column(object, &field)?;
        let id = self.next_id("00N")?;
        let now = values::stamp_ms();
        let text = |name: &str| metadata.get(name).and_then(Json::as_str).map(str::to_owned);
        self.conn.execute(
            "INSERT INTO \"o_CustomField\" (\"Id\", \"TableEnumOrId\", \"DeveloperName\", \"FullName\", \"Description\",
                 \"InlineHelpText\", \"Length\", \"Precision\", \"Scale\", \"Metadata\", \"ManageableState\", \"CreatedDate\",
                 \"CreatedById\", \"LastModifiedDate\", \"LastModifiedById\", \"SystemModstamp\")
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'unmanaged', ?11, ?12, ?11, ?12, ?11)",
            params![
                id, object.name, developer_name, full, text("description"), text("inlineHelpText"), field.length,
                field.precision, field.scale, metadata.to_string(), now, self.user
            ],
        )?;
        self.permissions_changed().map_err(|t| t.refused(&[]))?;
        Ok(id)
    }

    fn add_column(&self, object: &Object, field: &Field) -> std::result::Result<(), Refused> {
        if let Some(column) = tables::column(field) {
            let default = match field.kind {
                Kind::Boolean => format!(
                    " NOT NULL DEFAULT {}",
                    i64::from(field.default.as_deref() == Some("true"))
                ),
                _ => String::new(),
            };
            self.conn.execute_batch(&format!(
                "ALTER TABLE {} ADD COLUMN {column}{default}",
                object.table()
            ))?;
        }
        if let Some(index) = tables::index(object, field) {
            self.conn.execute_batch(&index)?;
        }
        Ok(())
    }

    /// Removes a custom field with its values.
    pub(crate) fn delete_custom_field(&self, id: &str) -> std::result::Result<(), Refused> {
        let id = ids::normal(id).unwrap_or_default();
        let sql = "DELETE FROM \"o_CustomField\" WHERE \"Id\" = ?1 RETURNING \"TableEnumOrId\", \"DeveloperName\"";
        let found = self.conn.query_row(sql, [id], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        });
        let (object, name) = match found {
            Ok(found) => found,
            Err(rusqlite::Error::QueryReturnedNoRows) => return Err(Refused::not_found()),
            Err(error) => return Err(error.into()),
        };
        self.conn.execute_batch(&format!(
            "DROP INDEX IF EXISTS \"i_{object}_{name}__c\"; DROP INDEX IF EXISTS \"w_{object}_{name}__c\"; ALTER TABLE \"o_{object}\" DROP COLUMN \"{name}__c\""
        ))?;
        let granted = format!("{object}.{name}__c");
        self.conn.execute(
            "DELETE FROM \"o_FieldPermissions\" WHERE \"Field\" = ?1",
            [granted],
        )?;
        self.permissions_changed().map_err(|t| t.refused(&[]))
    }

    /// The definition of a custom field, as the Tooling API shows it.
    pub(crate) fn custom_field_answer(id: &str) -> Json {
        object([
            ("id", id.into()),
            ("success", true.into()),
            ("errors", Json::Array(Vec::new())),
            ("warnings", Json::Array(Vec::new())),
            ("infos", Json::Array(Vec::new())),
        ])
    }
}

pub(super) fn is_developer_name(name: &str) -> bool {
    let fits = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    fits && name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.ends_with('_')
        && !name.contains("__")
}

/// A field from the metadata that the Tooling API takes.
fn field_from(name: &str, metadata: &Json) -> std::result::Result<Field, RowError> {
    let text = |key: &str| metadata.get(key).and_then(Json::as_str);
    let flag = |key: &str| metadata.get(key).and_then(Json::as_bool).unwrap_or(false);
    let number = |key: &str| {
        metadata
            .get(key)
            .and_then(Json::as_i64)
            .and_then(|n| u32::try_from(n).ok())
    };
    let refuse = |message: &str| {
        RowError::new("FIELD_INTEGRITY_EXCEPTION", message.to_owned()).of(&["Metadata"])
    };
    let kind = match text("type").unwrap_or_default() {
        "Text" => Kind::String,
        "TextArea" => Kind::TextArea,
        "LongTextArea" => Kind::LongText,
        "Number" => Kind::Double,
        "Currency" => Kind::Currency,
        "Percent" => Kind::Percent,
        "Checkbox" => Kind::Boolean,
        "Date" => Kind::Date,
        "DateTime" => Kind::DateTime,
        "Picklist" => Kind::Picklist,
        "MultiselectPicklist" => Kind::MultiPicklist,
        "Email" => Kind::Email,
        "Phone" => Kind::Phone,
        "Url" => Kind::Url,
        "Lookup" | "MasterDetail" => Kind::Reference,
        other => return Err(refuse(&format!("Type: bad value for field type: {other}"))),
    };
    let mut field = Field::plain(name, text("label").unwrap_or_default(), kind);
    if field.label.is_empty() {
        return Err(RowError::new(
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [MasterLabel]",
        )
        .of(&["MasterLabel"]));
    }
    field.length = match kind {
        Kind::String => number("length")
            .filter(|n| (1..=255).contains(n))
            .ok_or_else(|| refuse("Length: must be between 1 and 255"))?,
        Kind::LongText => number("length")
            .filter(|n| (256..=131_072).contains(n))
            .ok_or_else(|| refuse("Length: must be between 256 and 131072"))?,
        Kind::Email => 80,
        Kind::Phone => 40,
        Kind::TextArea | Kind::Url | Kind::Picklist => 255,
        Kind::MultiPicklist => 4099,
        Kind::Reference => 18,
        _ => 0,
    };
    if kind == Kind::Reference {
        let target = text("referenceTo").ok_or_else(|| refuse("Related To: must be given"))?;
        field.targets = vec![target.to_owned()];
        field.relationship = name.strip_suffix("__c").map(|n| format!("{n}__r"));
        field.children_name = text("relationshipName").map(|n| format!("{n}__r"));
        field.cascade = text("type") == Some("MasterDetail");
    }
    if kind.is_decimal() {
        field.scale = number("scale").unwrap_or(0);
        field.precision = number("precision")
            .filter(|p| (1..=18).contains(p) && field.scale <= *p)
            .ok_or_else(|| {
                refuse("Precision: must be between 1 and 18 and not less than the scale")
            })?;
    }
    if kind == Kind::Boolean {
        let default = metadata
            .get("defaultValue")
            .map(|v| *v == Json::Bool(true) || v.as_str() == Some("true"));
        field.default = default.map(|d| d.to_string());
    }
    (field.picklist, field.restricted) = picklist(metadata);
    if kind.has_picklist() && field.picklist.is_empty() {
        return Err(refuse(
            "Must specify either a valueSet or a global value set for a picklist field",
        ));
    }
    let may_be_key = matches!(kind, Kind::String | Kind::Email | Kind::Double);
    if (flag("externalId") || flag("unique")) && !may_be_key {
        return Err(refuse(
            "Can not specify 'externalId' or 'unique' for a field of this type",
        ));
    }
    (field.external_id, field.unique, field.case_sensitive) = (
        flag("externalId"),
        flag("unique"),
        flag("unique") && flag("caseSensitive"),
    );
    field.id_lookup = field.external_id;
    field.nillable = !flag("required") && kind != Kind::Boolean;
    field.custom = true;
    field.help = text("inlineHelpText").map(str::to_owned);
    field.extra =
        matches!(kind, Kind::TextArea | Kind::LongText).then(|| "plaintextarea".to_owned());
    // A field that must be filled in cannot be hidden from anyone.
    field.hidden = !flag("required");
    field.permissionable = field.hidden;
    field.access = if field.hidden {
        Access::None
    } else {
        Access::Edit
    };
    Ok(field)
}

/// Refuses a controlling field that the object lacks or that controls nothing.
fn check_controller(object: &Object, metadata: &Json) -> std::result::Result<(), Refused> {
    let Some(name) = controlling(metadata) else {
        return Ok(());
    };
    let field = object.any_field(name);
    if field.is_some_and(|f| matches!(f.kind, Kind::Picklist | Kind::Boolean)) {
        return Ok(());
    }
    let message = format!("Controlling Field: bad value for restricted picklist field: {name}");
    Err(RowError::new("FIELD_INTEGRITY_EXCEPTION", message)
        .of(&["Metadata"])
        .refused())
}

fn controlling(metadata: &Json) -> Option<&str> {
    metadata.get("valueSet")?.get("controllingField")?.as_str()
}

/// Notes of each entry for which of the controlling field's values it may be chosen.
fn depend(object: &Object, field: &mut Field, metadata: &Json) {
    let Some(controller) = controlling(metadata).and_then(|name| object.any_field(name)) else {
        return;
    };
    let flags = ["unchecked", "checked"];
    let place = |value: &str| match controller.kind {
        Kind::Boolean => flags.iter().position(|f| *f == value),
        _ => controller.picklist.iter().position(|p| p.value == value),
    };
    field.controller = Some(controller.name.clone());
    let settings = metadata
        .get("valueSet")
        .and_then(|set| set.get("valueSettings"));
    for setting in settings.map_or(&[][..], Json::items) {
        let name = setting.get("valueName").and_then(Json::as_str);
        let Some(entry) = field
            .picklist
            .iter_mut()
            .find(|p| Some(p.value.as_str()) == name)
        else {
            continue;
        };
        let values = setting
            .get("controllingFieldValue")
            .map_or(&[][..], Json::items);
        entry
            .valid_for
            .extend(values.iter().filter_map(Json::as_str).filter_map(place));
    }
}

fn picklist(metadata: &Json) -> (Vec<PickValue>, bool) {
    let Some(set) = metadata.get("valueSet") else {
        return (Vec::new(), false);
    };
    let values = set
        .get("valueSetDefinition")
        .and_then(|d| d.get("value"))
        .map_or(&[][..], Json::items);
    let entry = |value: &Json| {
        let name = value
            .get("fullName")
            .or_else(|| value.get("valueName"))?
            .as_str()?;
        let label = value.get("label").and_then(Json::as_str).unwrap_or(name);
        let active = value
            .get("isActive")
            .and_then(Json::as_bool)
            .unwrap_or(true);
        Some(PickValue {
            value: name.to_owned(),
            label: label.to_owned(),
            active,
            valid_for: Vec::new(),
        })
    };
    (
        values.iter().filter_map(entry).collect(),
        set.get("restricted")
            .and_then(Json::as_bool)
            .unwrap_or(false),
    )
}
