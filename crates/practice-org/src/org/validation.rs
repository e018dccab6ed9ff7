//! Judges what a record holds before it is written.

use rusqlite::OptionalExtension;
use rusqlite::types::Value;

use super::field::{Access, Field, Kind};
use super::schema::Object;
use super::values::{self, Misfit};
use super::write::{RowError, Trouble};
use super::{Org, ids};
use crate::json::{Json, Member};

/// Values that fit, by column.
type Row = Vec<(String, Value)>;

impl Org {
    /// Turns a record's members into column values, or says what is wrong with the first that is.
    pub(super) fn fit(
        &self,
        object: &Object,
        record: &Json,
        creating: bool,
    ) -> Result<Row, Trouble> {
        let mut row: Row = Vec::with_capacity(record.members().len());
        let mut locked: Vec<&str> = Vec::new();
        let mut emptied: Vec<&str> = Vec::new();
        let mut problem: Option<Trouble> = None;
        for member in record.members() {
            if member.name == "attributes" || member.name.eq_ignore_ascii_case("Id") {
                continue;
            }
            let (field, value) = match self.column_of(object, member) {
                Ok(found) => found,
                Err(trouble @ Trouble::Row(_)) => {
                    problem.get_or_insert(trouble);
                    continue;
                }
                Err(trouble) => return Err(trouble),
            };
            let writable = if creating {
                field.createable
            } else {
                field.updateable
            };
            if !writable || field.access < Access::Edit {
                locked.push(&field.name);
                continue;
            }
            match self.judge(field, value) {
                Ok(Value::Null)
                    if !field.nillable
                        && field.kind != Kind::Boolean
                        && !(creating && field.defaulted) =>
                {
                    emptied.push(&field.name)
                }
                Ok(value) => {
                    row.retain(|(name, _)| *name != field.name);
                    row.push((field.name.clone(), value));
                }
                Err(Trouble::Row(error)) => {
                    problem.get_or_insert(Trouble::Row(error));
                }
                Err(whole) => return Err(whole),
            }
        }
        if !locked.is_empty() {
            let message = format!(
                "Unable to create/update fields: {}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.",
                locked.join(", ")
            );
            return Err(RowError::new("INVALID_FIELD_FOR_INSERT_UPDATE", message)
                .of(&locked)
                .into());
        }
        if let Some(problem) = problem {
            return Err(problem);
        }
        if !creating && !emptied.is_empty() {
            let message = format!("Required fields are missing: [{}]", emptied.join(", "));
            return Err(RowError::new("REQUIRED_FIELD_MISSING", message)
                .of(&emptied)
                .into());
        }
        Ok(row)
    }

    /// The field a member means and its value: a parent given by its key becomes the parent's id.
    fn column_of<'a>(
        &self,
        object: &'a Object,
        member: &Member,
    ) -> Result<(&'a Field, Value), Trouble> {
        if let Some(field) = object.field(&member.name) {
            return match values::from_json(field, &member.value) {
                Ok(value) => Ok((field, value)),
                Err(Misfit::Unreadable(message)) => Err(Trouble::Unreadable(message, member.at)),
                Err(Misfit::Row(code, message)) => {
                    Err(RowError::new(code, message).of(&[&field.name]).into())
                }
            };
        }
        match object.relation(&member.name) {
            Some(field) if matches!(member.value, Json::Object(_)) => Ok((
                field,
                Value::Text(self.parent(object, field, &member.value)?),
            )),
            _ => Err(RowError::new(
                "INVALID_FIELD",
                format!(
                    "No such column '{}' on sobject of type {}",
                    member.name, object.name
                ),
            )
            .into()),
        }
    }

    /// The id of a parent given as `{"Key__c": value}`.
    fn parent(&self, object: &Object, field: &Field, given: &Json) -> Result<String, Trouble> {
        let schema = self.schema();
        let wanted = given
            .get("attributes")
            .and_then(|a| a.get("type"))
            .and_then(Json::as_str);
        let named: Vec<&Member> = given
            .members()
            .iter()
            .filter(|m| m.name != "attributes")
            .collect();
        for target in field
            .targets
            .iter()
            .filter(|t| wanted.is_none_or(|w| w.eq_ignore_ascii_case(t)))
        {
            let Some(target) = schema.object(target) else {
                continue;
            };
            let [key] = named[..] else { break };
            let Some(key_field) = target
                .field(&key.name)
                .filter(|f| f.external_id || f.id_lookup)
            else {
                continue;
            };
            let shown = key
                .value
                .as_str()
                .map_or_else(|| key.value.to_string(), str::to_owned);
            let value = values::from_json(key_field, &key.value).unwrap_or(Value::Null);
            let found = self.find_by_key(target, key_field, &value)?;
            let live: Vec<_> = found.iter().filter(|f| !f.deleted).collect();
            return match live[..] {
                [one] => Ok(one.id.clone()),
                [] => {
                    let message = format!(
                        "Foreign key external ID: {shown} not found for field {} in entity {}",
                        key_field.name, target.name
                    );
                    Err(RowError::new("INVALID_FIELD", message).into())
                }
                _ => Err(RowError::new(
                    "DUPLICATE_EXTERNAL_ID",
                    format!(
                        "{}: more than one record found for external id field",
                        key_field.name
                    ),
                )
                .into()),
            };
        }
        let name = named.first().map_or("", |m| m.name.as_str());
        Err(RowError::new(
            "INVALID_FIELD",
            format!("No such column '{name}' on sobject of type {}", object.name),
        )
        .into())
    }

    /// Checks size, form and list of a value that has the right type.
    fn judge(&self, field: &Field, value: Value) -> Result<Value, Trouble> {
        match value {
            Value::Text(text) if field.kind == Kind::Reference => {
                self.judge_reference(field, &text)
            }
            Value::Text(text) if field.kind.is_text() => self.judge_text(field, text),
            value => Ok(value),
        }
    }

    fn judge_text(&self, field: &Field, text: String) -> Result<Value, Trouble> {
        let text = self.clean(field, text)?;
        if text.is_empty() && self.is_on("empty_string_is_null")? {
            return Ok(Value::Null);
        }
        let refuse = |code: &str, message: String| {
            Err(RowError::new(code, format!("{}: {message}", field.label))
                .of(&[&field.name])
                .into())
        };
        if text.encode_utf16().count() > field.length as usize {
            let shown: String = text.chars().take(255).collect();
            return refuse(
                "STRING_TOO_LONG",
                format!(
                    "data value too large: {shown} (max length={})",
                    field.length
                ),
            );
        }
        match field.kind {
            Kind::Email if !is_email(&text) => refuse(
                "INVALID_EMAIL_ADDRESS",
                format!("invalid email address: {text}"),
            ),
            Kind::Picklist | Kind::MultiPicklist => match listed(field, &text) {
                Ok(value) => Ok(Value::Text(value)),
                Err(bad) => refuse(
                    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                    format!("bad value for restricted picklist field: {bad}"),
                ),
            },
            _ => Ok(Value::Text(text)),
        }
    }

    fn clean(&self, field: &Field, mut text: String) -> Result<String, Trouble> {
        let is_control = |c: char| c < ' ' && !matches!(c, '\t' | '\r' | '\n');
        if text.contains(is_control) {
            match self.choice("control_characters")?.as_str() {
                "keep" => {}
                "refuse" => {
                    let message = format!(
                        "{}: text contains characters outside the supported character set",
                        field.label
                    );
                    return Err(
                        RowError::new("TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET", message)
                            .of(&[&field.name])
                            .into(),
                    );
                }
                _ => text.retain(|c| !is_control(c)),
            }
        }
        if self.is_on("trim_text")? {
            text = text.trim().to_owned();
        }
        Ok(text)
    }

    fn judge_reference(&self, field: &Field, text: &str) -> Result<Value, Trouble> {
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let wrong_type = || {
            RowError::new(
                "MALFORMED_ID",
                format!("{}: id value of incorrect type: {text}", field.label),
            )
            .of(&[&field.name])
        };
        let id = ids::normal(text).ok_or_else(wrong_type)?;
        let schema = self.schema();
        let object = schema.by_id(&id).ok_or_else(|| {
            RowError::new("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        })?;
        if !field.targets.contains(&object.name) {
            return Err(wrong_type().into());
        }
        let deleted = if object.any_field("IsDeleted").is_some() {
            "\"IsDeleted\""
        } else {
            "0"
        };
        let sql = format!("SELECT {deleted} FROM {} WHERE \"Id\" = ?1", object.table());
        match self
            .conn
            .prepare_cached(&sql)?
            .query_row([&id], |row| row.get::<_, bool>(0))
            .optional()?
        {
            Some(false) => Ok(Value::Text(id)),
            Some(true) => Err(RowError::new("ENTITY_IS_DELETED", "entity is deleted")
                .of(&[&field.name])
                .into()),
            None => Err(
                RowError::new("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
                    .of(&[&field.name])
                    .into(),
            ),
        }
    }
}

/// The stored spelling of a picklist value, or the part that a restricted list lacks.
fn listed(field: &Field, text: &str) -> Result<String, String> {
    let one = |value: &str| {
        let known = field
            .picklist
            .iter()
            .find(|p| p.value.eq_ignore_ascii_case(value) && p.active);
        match known {
            Some(entry) => Ok(entry.value.clone()),
            None if field.restricted => Err(value.to_owned()),
            None => Ok(value.to_owned()),
        }
    };
    if field.kind == Kind::Picklist {
        return one(text);
    }
    let values: Result<Vec<String>, String> = text.split(';').map(|v| one(v.trim())).collect();
    values.map(|v| v.join(";"))
}

/// Whether text has the form of an address, as strictly as the org takes it.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && !local.contains(|c: char| {
            c.is_whitespace() || c.is_control() || "()<>[]:;,\\\"@".contains(c)
        })
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let label_fits = |l: &str| {
        !l.is_empty()
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    local_fits
        && domain.contains('.')
        && domain.split('.').all(label_fits)
        && domain
            .rsplit('.')
            .next()
            .is_some_and(|tld| tld.chars().count() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_text() {
        for good in [
            "a@b.co",
            "first.last+tag@mail.example.org",
            "o'neil@example.com",
            "jürgen@exämple.de",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "a b@c.de",
            "a@@b.de",
            ".a@b.de",
            "a..b@c.de",
            "a@b.de,c@d.de",
            "a@-b.de",
            "a@b..de",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
