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
    /// Turns a record's members into column values, or says what is wrong with the first that is; `own` is the record
    /// that is changed.
    pub(super) fn fit(
        &self,
        object: &Object,
        record: &Json,
        own: Option<&str>,
    ) -> Result<Row, Trouble> {
        let creating = own.is_none();
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
            match self.judge(object, field, value) {
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
        self.fit_addresses(object, &mut row, own)?;
        self.fit_record_type(object, &mut row, own)?;
        self.fit_person_account(object, &mut row, own)?;
        self.check_dependents(object, &row, own)?;
        Ok(row)
    }

    /// Refuses values of dependent picklists that the controlling field doesn't allow, where the switch says so.
    fn check_dependents(
        &self,
        object: &Object,
        row: &Row,
        own: Option<&str>,
    ) -> Result<(), Trouble> {
        if !self.is_on("dependent_picklists_enforced")? {
            return Ok(());
        }
        for (name, value) in row {
            let (Some(field), Value::Text(text)) = (object.any_field(name), value) else {
                continue;
            };
            let controller = field
                .controller
                .as_deref()
                .and_then(|c| object.any_field(c));
            let Some(controller) = controller.filter(|c| c.when.is_none()) else {
                continue;
            };
            let given = row
                .iter()
                .find(|(f, _)| *f == controller.name)
                .map(|(_, v)| v.clone());
            let place = match given {
                Some(value) => place_of(controller, &value),
                None if controller.kind == Kind::Boolean => {
                    self.kept_flag(object, controller, own)?
                }
                None => {
                    let kept = self.kept(object, controller, own)?;
                    kept.and_then(|text| place_of(controller, &Value::Text(text)))
                }
            };
            let allowed = |v: &str| {
                field
                    .picklist
                    .iter()
                    .any(|p| p.value == v && field.allows(p, place))
            };
            if let Some(bad) = text.split(';').find(|v| !allowed(v)) {
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

    fn kept_flag(
        &self,
        object: &Object,
        field: &Field,
        own: Option<&str>,
    ) -> rusqlite::Result<Option<usize>> {
        let Some(id) = own else {
            return Ok(Some(usize::from(field.default.as_deref() == Some("true"))));
        };
        let sql = format!(
            "SELECT {} FROM {} WHERE \"Id\" = ?1",
            field.column(),
            object.table()
        );
        let kept: Option<bool> = self
            .conn
            .prepare_cached(&sql)?
            .query_row([id], |row| row.get(0))?;
        Ok(Some(usize::from(kept == Some(true))))
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
            let value = self.key_value(key_field, &key.value).unwrap_or(Value::Null);
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
    fn judge(&self, object: &Object, field: &Field, value: Value) -> Result<Value, Trouble> {
        match value {
            Value::Text(text) if field.kind == Kind::Reference => {
                let id = self.judge_reference(field, &text)?;
                if field.name == "OwnerId" {
                    self.judge_owner(object, &id)?;
                }
                Ok(id)
            }
            Value::Real(finer) if field.kind.is_decimal() => self.judge_surplus(finer),
            Value::Text(text) if field.kind.is_text() => self.judge_text(field, text),
            value => Ok(value),
        }
    }

    /// Digits beyond the field's scale.
    fn judge_surplus(&self, finer: f64) -> Result<Value, Trouble> {
        Ok(match self.choice("surplus_decimals")?.as_str() {
            "round" => Value::Integer(finer.round() as i64),
            "cut" => Value::Integer(finer.trunc() as i64),
            _ => Value::Real(finer),
        })
    }

    /// An owner is an active user, or a queue that may hold such records.
    fn judge_owner(&self, object: &Object, id: &Value) -> Result<(), Trouble> {
        let Value::Text(id) = id else { return Ok(()) };
        let refuse =
            |code: &str, message: String| Err(RowError::new(code, message).of(&["OwnerId"]).into());
        if id.starts_with("005") {
            let sql = "SELECT \"IsActive\" FROM \"o_User\" WHERE \"Id\" = ?1";
            let active: bool = self
                .conn
                .prepare_cached(sql)?
                .query_row([id], |row| row.get(0))?;
            if !active {
                let message =
                    format!("operation performed with inactive user [{id}] as owner/user");
                return refuse("INACTIVE_OWNER_OR_USER", message);
            }
            return Ok(());
        }
        let sql = "SELECT count(*) FROM \"o_QueueSobject\" WHERE \"QueueId\" = ?1 AND \"SobjectType\" = ?2";
        let holds: i64 = self
            .conn
            .prepare_cached(sql)?
            .query_row([id, &object.name], |row| row.get(0))?;
        if holds == 0 {
            return refuse(
                "INVALID_OPERATION",
                "Queue not associated with this SObject type".to_owned(),
            );
        }
        Ok(())
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
        self.normal_text(field, &mut text)?;
        Ok(text)
    }

    /// Text as the org keeps it: without white space at its ends, email addresses in lower case.
    pub(super) fn normal_text(&self, field: &Field, text: &mut String) -> rusqlite::Result<()> {
        if self.is_on("trim_text")? {
            *text = text.trim().to_owned();
        }
        if field.kind == Kind::Email && self.is_on("lower_case_emails")? {
            *text = text.to_lowercase();
        }
        Ok(())
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

/// The place of a controlling field's value: among its entries, or 0 and 1 for no and yes.
fn place_of(controller: &Field, value: &Value) -> Option<usize> {
    match value {
        Value::Text(text) => controller.picklist.iter().position(|p| p.value == *text),
        Value::Integer(yes) if controller.kind == Kind::Boolean => usize::try_from(*yes).ok(),
        _ => None,
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
