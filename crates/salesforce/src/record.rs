//! Records as reads return them.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{Id, parse_date_time};

/// A record that was read: its object type and the fields that were asked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// API name of the object, such as `Lead`; empty for aggregate rows that name none.
    pub object: String,
    /// Field values by API name; a parent read through a relationship is an object in here.
    pub fields: Map<String, Value>,
}

impl Record {
    /// Returns the record that a JSON object of an answer describes, or None when it is no object.
    pub fn from_value(value: Value) -> Option<Record> {
        let Value::Object(mut fields) = value else {
            return None;
        };
        let attributes = fields.remove("attributes");
        let object = attributes.as_ref().and_then(|found| found.get("type"));
        let object = object
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        Some(Record { object, fields })
    }

    /// Returns the record's own id.
    pub fn id(&self) -> Option<Id> {
        self.reference("Id")
    }

    /// Returns a value as it came; names are compared without case, as the org does.
    pub fn value(&self, field: &str) -> Option<&Value> {
        look_up(&self.fields, field).filter(|value| !value.is_null())
    }

    /// Returns a text value.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.value(field)?.as_str()
    }

    /// Returns the value of a checkbox.
    pub fn boolean(&self, field: &str) -> Option<bool> {
        self.value(field)?.as_bool()
    }

    /// Returns a whole number.
    pub fn integer(&self, field: &str) -> Option<i64> {
        self.value(field)?.as_i64()
    }

    /// Returns a date and time.
    pub fn date_time(&self, field: &str) -> Option<Timestamp> {
        parse_date_time(self.text(field)?)
    }

    /// Returns the id in a lookup field.
    pub fn reference(&self, field: &str) -> Option<Id> {
        Id::parse(self.text(field)?).ok()
    }

    /// Returns a value through relationships, such as `Account.Name`.
    pub fn path(&self, path: &str) -> Option<&Value> {
        let mut steps = path.split('.');
        let first = self.value(steps.next()?)?;
        let last = steps.try_fold(first, |value, step| look_up(value.as_object()?, step))?;
        (!last.is_null()).then_some(last)
    }
}

fn look_up<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).or_else(|| {
        let mut others = fields.iter();
        others.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
    })
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Record, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Record::from_value(value).ok_or_else(|| serde::de::Error::custom("a record is an object"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn a_record() -> Record {
        Record::from_value(json!({
            "attributes": {"type": "Contact", "url": "/x"},
            "Id": "0038M0000016Wv8QAE",
            "Email": "ada@example.org",
            "IsDeleted": false,
            "Phone": null,
            "SystemModstamp": "2024-02-03T04:05:06.000+0000",
            "Account": {"attributes": {"type": "Account"}, "Name": "Acme", "Parent": null},
        }))
        .unwrap()
    }

    #[test]
    fn typed_values_are_read_by_name() {
        let record = a_record();
        assert_eq!(record.object, "Contact");
        assert_eq!(record.id().unwrap().key_prefix(), "003");
        assert_eq!(record.text("email"), Some("ada@example.org"));
        assert_eq!(record.boolean("IsDeleted"), Some(false));
        assert_eq!(record.text("Phone"), None, "null is no value");
        let moment = record.date_time("SystemModstamp").unwrap();
        assert_eq!(moment.to_string(), "2024-02-03T04:05:06Z");
    }

    #[test]
    fn a_path_goes_through_relationships() {
        let record = a_record();
        assert_eq!(record.path("Account.Name"), Some(&json!("Acme")));
        assert_eq!(record.path("Account.Parent.Name"), None);
        assert_eq!(record.path("Email.Name"), None);
    }
}
