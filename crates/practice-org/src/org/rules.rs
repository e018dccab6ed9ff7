//! Validation rules: a record that meets a rule's condition is refused with the rule's own words.

use std::sync::Arc;

use rusqlite::params;

use super::field::Access;
use super::schema::{Object, Schema};
use super::write::{RowError, Trouble};
use super::{Org, values};
use crate::Result;
use crate::http::Refused;
use crate::json::{self, Json, object};
use crate::soql;

/// The rules that are in force, with a schema that shows them every field: rules see what users may not.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    schema: Schema,
    list: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    name: String,
    object: String,
    /// As it stands in WHERE.
    condition: String,
    message: String,
    field: Option<String>,
}

impl Rules {
    fn of<'a>(&'a self, object: &'a Object) -> impl Iterator<Item = &'a Rule> {
        self.list.iter().filter(|r| r.object == object.name)
    }
}

impl Org {
    /// Reads the rules anew.
    pub(super) fn load_rules(&self, schema: &Schema) -> Result<()> {
        let sql = "SELECT \"ValidationName\", \"EntityDefinitionId\", \"Metadata\", \"ErrorMessage\", \"ErrorDisplayField\"
                   FROM \"o_ValidationRule\" WHERE \"Active\" = 1 ORDER BY row";
        let mut statement = self.conn.prepare(sql)?;
        let list = statement.query_map([], |row| {
            let metadata: String = row.get(2)?;
            Ok(Rule {
                name: row.get(0)?,
                object: row.get(1)?,
                condition: condition_of(&metadata),
                message: row.get(3)?,
                field: row.get(4)?,
            })
        })?;
        let list: Vec<Rule> = list.collect::<rusqlite::Result<_>>()?;
        let mut seen = Schema::default();
        if !list.is_empty() {
            seen = schema.clone();
            seen.change_all(|object| {
                object
                    .fields
                    .iter_mut()
                    .for_each(|f| f.access = Access::Edit)
            });
        }
        *self.rules.borrow_mut() = Arc::new(Rules { schema: seen, list });
        Ok(())
    }

    /// Whether a rule stands for the object.
    pub(super) fn has_rules(&self, object: &Object) -> bool {
        self.rules.borrow().of(object).next().is_some()
    }

    /// Refuses a record, as it is written, that meets a rule.
    pub(super) fn check_rules(
        &self,
        object: &Object,
        id: &str,
    ) -> std::result::Result<(), Trouble> {
        let rules = Arc::clone(&self.rules.borrow());
        for rule in rules.of(object) {
            if soql::holds(self, &rules.schema, object, &rule.condition, id)? {
                let error =
                    RowError::new("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message.as_str());
                let fields: Vec<&str> = rule.field.as_deref().into_iter().collect();
                return Err(error.of(&fields).into());
            }
        }
        Ok(())
    }

    /// Adds a rule from `{"object","name","condition","message","field"?}`.
    pub(crate) fn add_rule(&self, given: &Json) -> std::result::Result<Json, Refused> {
        let refuse = |message: String| Err(Refused::new(400, "INVALID_RULE", message));
        let text = |name: &str| {
            given
                .get(name)
                .and_then(Json::as_str)
                .unwrap_or_default()
                .trim()
        };
        let schema = self.schema();
        let Some(kind) = schema
            .object(text("object"))
            .filter(|o| o.is("create") && o.is("update"))
        else {
            return refuse(format!("no object {}", text("object")));
        };
        let (name, condition, message) = (text("name"), text("condition"), text("message"));
        if !super::custom_fields::is_developer_name(name) {
            return refuse(format!(
                "{name} isn't a name of letters, digits and single underscores"
            ));
        }
        if condition.is_empty() || message.is_empty() {
            return refuse("a rule needs a condition and a message".to_owned());
        }
        let rules = Arc::clone(&self.rules.borrow());
        if rules.of(kind).any(|r| r.name.eq_ignore_ascii_case(name)) {
            return refuse(format!("{} has a rule {name}", kind.name));
        }
        let field = text("field");
        if !field.is_empty() && kind.any_field(field).is_none() {
            return refuse(format!("{} has no field {field}", kind.name));
        }
        let nobody = super::ids::make(&kind.prefix, 0);
        if let Err(refused) = soql::holds(self, &schema, kind, condition, &nobody) {
            // The place of the fault is that in a query that nobody wrote.
            let reason = refused.message.lines().last().unwrap_or_default();
            let reason = reason.split(". ").next().unwrap_or_default();
            return refuse(format!("the condition can't be used: {reason}"));
        }
        let metadata = object([
            ("active", true.into()),
            ("errorConditionFormula", condition.into()),
            ("errorMessage", message.into()),
        ]);
        let id = self.next_id("03d")?;
        self.conn.execute(
            "INSERT INTO \"o_ValidationRule\" (\"Id\", \"ValidationName\", \"EntityDefinitionId\", \"Active\", \"ErrorMessage\",
                 \"ErrorDisplayField\", \"Metadata\", \"CreatedDate\", \"CreatedById\", \"LastModifiedDate\",
                 \"LastModifiedById\", \"SystemModstamp\")
             VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, ?7, ?8, ?7)",
            params![
                id,
                name,
                kind.name,
                message,
                (!field.is_empty()).then_some(field),
                metadata.to_string(),
                values::stamp_ms(),
                self.user
            ],
        )?;
        self.permissions_changed().map_err(|t| t.refused(&[]))?;
        Ok(object([("id", id.into())]))
    }

    /// Removes a rule.
    pub(crate) fn remove_rule(&self, kind: &str, name: &str) -> std::result::Result<(), Refused> {
        let sql = "DELETE FROM \"o_ValidationRule\" WHERE \"EntityDefinitionId\" = ?1 COLLATE NOCASE AND \"ValidationName\" = ?2 COLLATE NOCASE";
        if self.conn.execute(sql, [kind, name])? == 0 {
            let message = format!("{kind} has no rule {name}");
            return Err(Refused::new(404, "INVALID_RULE", message));
        }
        self.permissions_changed().map_err(|t| t.refused(&[]))
    }

    /// The rules, as they were added.
    pub(crate) fn rules(&self) -> Json {
        let one = |rule: &Rule| {
            object([
                ("object", rule.object.as_str().into()),
                ("name", rule.name.as_str().into()),
                ("condition", rule.condition.as_str().into()),
                ("message", rule.message.as_str().into()),
                ("field", rule.field.clone().into()),
            ])
        };
        Json::Array(self.rules.borrow().list.iter().map(one).collect())
    }
}

fn condition_of(metadata: &str) -> String {
    let metadata = json::parse(metadata).unwrap_or_default();
    let condition = metadata.get("errorConditionFormula").and_then(Json::as_str);
    condition.unwrap_or_default().to_owned()
}
