//! Record types: kinds of an object's records, each with the picklist values that it offers.

use std::collections::HashMap;

use rusqlite::params;
use rusqlite::types::Value;

use super::schema::{Object, RecordType, Schema};
use super::write::{RowError, Trouble};
use super::{Org, values};
use crate::Result;
use crate::http::Refused;
use crate::json::{Json, array, object};

/// Where the settings keep what the object `RecordType` has no field for: `{id: {"default", "values": {field: []}}}`.
const DETAILS: &str = "record_types";

impl Org {
    /// Adds the file's record types to the objects.
    pub(super) fn add_record_types(&self, schema: &mut Schema) -> Result<()> {
        let details = self.setting(DETAILS)?.unwrap_or_default();
        let sql = "SELECT \"Id\", \"Name\", \"DeveloperName\", \"SobjectType\", \"IsActive\" FROM \"o_RecordType\" ORDER BY row";
        let mut statement = self.conn.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let detail = details.get(&id).cloned().unwrap_or_default();
            let record_type = RecordType {
                id,
                name: row.get(1)?,
                developer_name: row.get(2)?,
                active: row.get(4)?,
                default: detail.get("default") == Some(&Json::Bool(true)),
                values: offered(&detail),
            };
            schema.change(&row.get::<_, String>(3)?, |object| {
                object.record_types.push(record_type);
            });
        }
        Ok(())
    }

    /// Makes a record type from `{"object","name","label"?,"default"?,"values"?: {field: [value]}}`.
    pub(crate) fn add_record_type(&self, given: &Json) -> std::result::Result<Json, Refused> {
        let refuse = |message: String| Err(Refused::new(400, "INVALID_RECORD_TYPE", message));
        let text = |name: &str| given.get(name).and_then(Json::as_str).unwrap_or_default();
        let schema = self.schema();
        let Some(kind) = schema
            .object(text("object"))
            .filter(|o| o.takes_record_types())
        else {
            return refuse(format!("no object {} with record types", text("object")));
        };
        let name = text("name");
        if !super::custom_fields::is_developer_name(name) {
            return refuse(format!(
                "{name} isn't a name of letters, digits and single underscores"
            ));
        }
        if kind
            .record_types
            .iter()
            .any(|t| t.developer_name.eq_ignore_ascii_case(name))
        {
            return refuse(format!("{} has a record type {name}", kind.name));
        }
        let values = given.get("values").cloned().unwrap_or_else(|| object([]));
        for member in values.members() {
            let Some(field) = kind
                .any_field(&member.name)
                .filter(|f| f.kind.has_picklist())
            else {
                return refuse(format!("{} has no picklist {}", kind.name, member.name));
            };
            let unknown = member.value.items().iter().filter_map(Json::as_str);
            let unknown = unknown
                .into_iter()
                .find(|v| !field.picklist.iter().any(|p| p.value == **v));
            if let Some(value) = unknown {
                return refuse(format!("{} has no value {value}", field.name));
            }
        }
        let label = given.get("label").and_then(Json::as_str).unwrap_or(name);
        let id = self.next_id("012")?;
        self.conn.execute(
            "INSERT INTO \"o_RecordType\" (\"Id\", \"Name\", \"DeveloperName\", \"SobjectType\", \"IsActive\", \"CreatedDate\",
                 \"CreatedById\", \"LastModifiedDate\", \"LastModifiedById\", \"SystemModstamp\")
             VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?5, ?6, ?5)",
            params![id, label, name, kind.name, values::stamp_ms(), self.user],
        )?;
        let default = given.get("default").and_then(Json::as_bool);
        let default = default.unwrap_or(kind.record_types.is_empty());
        let mut details = self.setting(DETAILS)?.unwrap_or_else(|| object([]));
        if default {
            for other in &kind.record_types {
                let mut detail = details
                    .get(&other.id)
                    .cloned()
                    .unwrap_or_else(|| object([]));
                detail.set("default", false);
                details.set(&other.id, detail);
            }
        }
        details.set(
            &id,
            object([("default", default.into()), ("values", values)]),
        );
        self.set_setting(DETAILS, &details)?;
        self.permissions_changed().map_err(|t| t.refused(&[]))?;
        Ok(object([("id", id.into())]))
    }

    /// Removes a record type; its records keep none.
    pub(crate) fn remove_record_type(
        &self,
        kind: &str,
        name: &str,
    ) -> std::result::Result<(), Refused> {
        let schema = self.schema();
        let object = schema.object(kind).ok_or_else(Refused::not_found)?;
        let found = object
            .record_types
            .iter()
            .find(|t| t.developer_name.eq_ignore_ascii_case(name));
        let missing = || {
            let message = format!("{} has no record type {name}", object.name);
            Refused::new(404, "INVALID_RECORD_TYPE", message)
        };
        let id = &found.ok_or_else(missing)?.id;
        self.conn
            .execute("DELETE FROM \"o_RecordType\" WHERE \"Id\" = ?1", [id])?;
        let sql = format!(
            "UPDATE {} SET \"RecordTypeId\" = NULL WHERE \"RecordTypeId\" = ?1",
            object.table()
        );
        self.conn.execute(&sql, [id])?;
        self.permissions_changed().map_err(|t| t.refused(&[]))
    }

    /// All record types, as they were made.
    pub(crate) fn record_types(&self) -> Json {
        let one = |kind: &Object, record_type: &RecordType| {
            let mut values = object([]);
            let mut fields: Vec<_> = record_type.values.iter().collect();
            fields.sort();
            for (field, offered) in fields {
                values.push(field, array(offered.iter().map(String::as_str)));
            }
            object([
                ("object", kind.name.as_str().into()),
                ("name", record_type.developer_name.as_str().into()),
                ("label", record_type.name.as_str().into()),
                ("id", record_type.id.as_str().into()),
                ("default", record_type.default.into()),
                ("values", values),
            ])
        };
        let schema = self.schema();
        let all = schema
            .objects()
            .iter()
            .flat_map(|kind| kind.record_types.iter().map(move |t| one(kind, t)));
        Json::Array(all.collect())
    }

    /// Gives a new record its object's default type; refuses types and values that the user can't choose.
    pub(super) fn fit_record_type(
        &self,
        object: &Object,
        row: &mut Vec<(String, Value)>,
        own: Option<&str>,
    ) -> std::result::Result<(), Trouble> {
        const FIELD: &str = "RecordTypeId";
        let Some(field) = object.any_field(FIELD) else {
            return Ok(());
        };
        let given = row.iter().find(|(f, _)| f == FIELD).map(|(_, v)| v.clone());
        let id = match (given, own) {
            (Some(Value::Text(id)), _) => Some(id),
            (None, Some(_)) => self.kept(object, field, own)?,
            _ => {
                let default = object.record_types.iter().find(|t| t.default && t.active);
                let default = default.map(|t| t.id.clone());
                row.retain(|(f, _)| f != FIELD);
                let value = default.clone().map_or(Value::Null, Value::Text);
                row.push((FIELD.to_owned(), value));
                default
            }
        };
        let Some(id) = id else { return Ok(()) };
        let Some(kind) = object.record_types.iter().find(|t| t.id == id && t.active) else {
            let message = format!(
                "{}: this ID value isn't valid for the user: {id}",
                field.label
            );
            return Err(RowError::new("INVALID_CROSS_REFERENCE_KEY", message)
                .of(&[FIELD])
                .into());
        };
        for (name, value) in row.iter() {
            let (Some(offered), Value::Text(text)) = (kind.values.get(name), value) else {
                continue;
            };
            let Some(field) = object.any_field(name).filter(|f| f.restricted) else {
                continue;
            };
            if let Some(bad) = text.split(';').find(|v| !offered.iter().any(|o| o == v)) {
                let message = format!(
                    "{}: bad value for restricted picklist field: {bad}",
                    field.label
                );
                return Err(
                    RowError::new("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message)
                        .of(&[name])
                        .into(),
                );
            }
        }
        Ok(())
    }
}

fn offered(detail: &Json) -> HashMap<String, Vec<String>> {
    let values = detail.get("values").map_or(&[][..], Json::members);
    let texts = |list: &Json| {
        list.items()
            .iter()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect()
    };
    values
        .iter()
        .map(|m| (m.name.clone(), texts(&m.value)))
        .collect()
}

impl Object {
    /// Whether its records may have types.
    pub(crate) fn takes_record_types(&self) -> bool {
        const TYPED: [&str; 8] = [
            "Account",
            "Campaign",
            "CampaignMember",
            "Case",
            "Contact",
            "Lead",
            "Opportunity",
            "Task",
        ];
        self.is("custom") || TYPED.contains(&self.name.as_str())
    }
}
