//! Values of contact fields.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fields::ContactField;

/// A calendar date without a time zone.
pub type Date = jiff::civil::Date;

/// An exact decimal of at most 18 digits: `units` / 10^`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decimal {
    /// The digits with their sign.
    pub units: i64,
    /// Digits after the point, 0 to 18.
    pub scale: u8,
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0width$}", self.units.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if self.units < 0 {
            f.write_str("-")?;
        }
        f.write_str(whole)?;
        if scale > 0 {
            write!(f, ".{fraction}")?;
        }
        Ok(())
    }
}

/// One set value of a contact field; an unset field has no value at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Text or long text, never empty.
    Text(String),
    /// Integer or long integer.
    Integer(i64),
    /// Decimal.
    Decimal(Decimal),
    /// Floating point, never NaN or infinite.
    Float(f64),
    /// Yes or no; *not asked* is no value.
    YesNo(bool),
    /// Date.
    Date(Date),
    /// Date and time, UTC milliseconds.
    DateTime(i64),
}

impl Value {
    /// Returns the text of a text value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The set values of one contact, by field.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values(Vec<(ContactField, Value)>);

impl Values {
    /// Returns the value of a field; `None` is unset.
    pub fn get(&self, field: ContactField) -> Option<&Value> {
        // There are few fields: comparing for equality is quicker than bisecting.
        let pair = self.0.iter().find(|(key, _)| *key == field);
        pair.map(|(_, value)| value)
    }

    /// Returns the text of a text field.
    pub fn text(&self, field: ContactField) -> Option<&str> {
        self.get(field).and_then(Value::as_text)
    }

    /// Sets a field, or unsets it with `None`.
    pub fn set(&mut self, field: ContactField, value: Option<Value>) {
        match (self.0.binary_search_by_key(&field, |(key, _)| *key), value) {
            (Ok(at), Some(value)) => self.0[at].1 = value,
            (Ok(at), None) => {
                self.0.remove(at);
            }
            (Err(at), Some(value)) => self.0.insert(at, (field, value)),
            (Err(_), None) => {}
        }
    }

    /// Sets a field that is unset.
    pub fn set_if_unset(&mut self, field: ContactField, value: Value) {
        if let Err(at) = self.0.binary_search_by_key(&field, |(key, _)| *key) {
            self.0.insert(at, (field, value));
        }
    }

    /// Visits the set values in field order.
    pub fn iter(&self) -> impl Iterator<Item = (ContactField, &Value)> {
        self.0.iter().map(|(field, value)| (*field, value))
    }

    /// Tells whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(ContactField, Value)> for Values {
    fn from_iter<I: IntoIterator<Item = (ContactField, Value)>>(pairs: I) -> Self {
        let mut values = Self::default();
        for (field, value) in pairs {
            values.set(field, Some(value));
        }
        values
    }
}
