//! Objects that a customer makes.

use super::Org;
use super::schema::{Object, Schema};
use crate::Result;
use crate::http::Refused;
use crate::json::{Json, object};

/// Where the settings keep them: `[{"name","label","plural","prefix"}]`.
const SETTING: &str = "custom_objects";
/// Most custom objects, as in a Developer Edition org.
const MOST: usize = 400;

impl Org {
    /// Adds the file's custom objects.
    pub(super) fn add_custom_objects(&self, schema: &mut Schema) -> Result<()> {
        let list = self.setting(SETTING)?.unwrap_or_default();
        for given in list.items() {
            let text = |name: &str| given.get(name).and_then(Json::as_str).unwrap_or_default();
            // The name becomes part of SQL, and the file may be anyone's.
            if is_custom_name(text("name")) {
                schema.add(Object::custom(
                    text("name"),
                    text("label"),
                    text("plural"),
                    text("prefix"),
                ));
            }
        }
        Ok(())
    }

    /// Makes a custom object from `{"name","label"?,"plural"?}`.
    pub(crate) fn add_custom_object(&self, given: &Json) -> std::result::Result<Json, Refused> {
        let refuse = |message: String| Err(Refused::new(400, "INVALID_OBJECT", message));
        let text = |name: &str| given.get(name).and_then(Json::as_str);
        let name = text("name").unwrap_or_default();
        if !is_custom_name(name) {
            return refuse(format!(
                "{name} isn't a name of letters, digits and single underscores that ends in __c"
            ));
        }
        if self.schema().object(name).is_some() {
            return refuse(format!("there is an object {name}"));
        }
        let mut list = self.setting(SETTING)?.unwrap_or_default().items().to_vec();
        if list.len() >= MOST {
            return refuse(format!("an org has at most {MOST} custom objects"));
        }
        let label = text("label").unwrap_or(name.trim_end_matches("__c"));
        let plural = text("plural").map_or_else(|| format!("{label}s"), str::to_owned);
        let prefix = prefix(list.len());
        // With the columns of fields that only come with features.
        let made = Object::custom(name, label, &plural, &prefix);
        self.make_table(&made).map_err(|error| {
            tracing::error!(%error, "the table of a custom object couldn't be made");
            Refused::new(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred.")
        })?;
        let entry = object([
            ("name", name.into()),
            ("label", label.into()),
            ("plural", plural.into()),
            ("prefix", prefix.into()),
        ]);
        list.push(entry.clone());
        self.set_setting(SETTING, &Json::Array(list))?;
        self.permissions_changed().map_err(|t| t.refused(&[]))?;
        Ok(entry)
    }

    /// The custom objects, as they were made.
    pub(crate) fn custom_objects(&self) -> rusqlite::Result<Json> {
        Ok(self.setting(SETTING)?.unwrap_or(Json::Array(Vec::new())))
    }
}

fn is_custom_name(name: &str) -> bool {
    name.strip_suffix("__c")
        .is_some_and(super::custom_fields::is_developer_name)
}

/// The first three characters of its ids: a00, a01, …
fn prefix(number: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let digit = |n: usize| char::from(DIGITS[n % 36]);
    format!("a{}{}", digit(number / 36), digit(number))
}
