//! Refuses values that another record holds already.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};

use super::Org;
use super::schema::Object;
use super::write::{RowError, Trouble};

impl Org {
    /// Refuses a value of a unique field that another record holds.
    pub(super) fn check_unique(
        &self,
        object: &Object,
        row: &[(String, Value)],
        own: Option<&str>,
    ) -> Result<(), Trouble> {
        let converted_may_share = self.choice("upsert_key_of_converted_lead")? == "create";
        for (name, value) in row {
            let Some(field) = object
                .any_field(name)
                .filter(|f| f.unique && *value != Value::Null)
            else {
                continue;
            };
            let others = self.find_by_key(object, field, value)?;
            let holder = others
                .iter()
                .find(|f| Some(f.id.as_str()) != own && !(f.converted && converted_may_share));
            if let Some(holder) = holder {
                let message = format!(
                    "duplicate value found: {name} duplicates value on record with id: {}",
                    holder.id
                );
                return Err(RowError::new("DUPLICATE_VALUE", message).into());
            }
        }
        self.check_assignment(object, row)
    }

    /// One assignment per user and permission set, one entry per field and permission set.
    fn check_assignment(&self, object: &Object, row: &[(String, Value)]) -> Result<(), Trouble> {
        let columns = match object.name.as_str() {
            "PermissionSetAssignment" => ["AssigneeId", "PermissionSetId"],
            "FieldPermissions" => ["ParentId", "Field"],
            _ => return Ok(()),
        };
        let given = |name: &str| row.iter().find(|(f, _)| f == name).map(|(_, v)| v.clone());
        let (Some(first), Some(second)) = (given(columns[0]), given(columns[1])) else {
            return Ok(());
        };
        let sql = format!(
            "SELECT \"Id\" FROM {} WHERE \"{}\" = ?1 AND \"{}\" = ?2",
            object.table(),
            columns[0],
            columns[1]
        );
        let holder: Option<String> = self
            .conn
            .query_row(&sql, params![first, second], |row| row.get(0))
            .optional()?;
        match holder {
            Some(id) => {
                let message = format!(
                    "duplicate value found: {} duplicates value on record with id: {id}",
                    columns.join(" ")
                );
                Err(RowError::new("DUPLICATE_VALUE", message).into())
            }
            None if object.name == "FieldPermissions" => self.check_granted_field(&second),
            None => Ok(()),
        }
    }

    fn check_granted_field(&self, field: &Value) -> Result<(), Trouble> {
        let Value::Text(text) = field else {
            return Ok(());
        };
        let schema = self.schema();
        let known = text
            .split_once('.')
            .and_then(|(o, f)| schema.object(o)?.any_field(f).filter(|f| f.permissionable));
        match known {
            Some(_) => Ok(()),
            None => {
                let message =
                    format!("Field Name: bad value for restricted picklist field: {text}");
                Err(
                    RowError::new("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message)
                        .of(&["Field"])
                        .into(),
                )
            }
        }
    }
}
