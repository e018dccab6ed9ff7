//! Renaming and removing custom fields.

use std::collections::BTreeSet;

use rusqlite::named_params;

use super::{ASKED_BY, BY, check_name};
use crate::{ContactField, CustomFieldId, Error, Reader, Result, Writer, documents};

impl Reader<'_> {
    /// Returns how many live contacts have a value in a custom field.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such field.
    pub fn count_values(&self, field: CustomFieldId) -> Result<u64> {
        // The kind is asked for so that an unknown field is not taken for a fault of the file.
        self.field_kind(ContactField::Custom(field))?;
        let column = ContactField::Custom(field).column();
        let sql = format!("SELECT count({column}) FROM contacts WHERE deleted_at IS NULL");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Returns the segments and scores whose rules ask for a custom field, in words.
    pub fn rules_on_field(&self, name: &str) -> Result<Vec<String>> {
        let mut users = BTreeSet::new();
        for segment in self.readable_segments()? {
            if segment.tree.is_some_and(|tree| tree.asks_for_field(name)) {
                users.insert(format!("the segment \"{}\"", segment.name));
            }
        }
        for score in self.readable_scores()? {
            if score
                .rules
                .iter()
                .any(|rule| rule.when.asks_for_field(name))
            {
                users.insert(format!("the score \"{}\"", score.name));
            }
        }
        Ok(users.into_iter().collect())
    }
}

impl Writer<'_> {
    /// Gives a custom field another name, also in the rules of segments and scores.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NameTaken`] and [`Error::Refused`] as for a new field.
    pub fn rename_custom_field(&self, from: &str, to: &str) -> Result<()> {
        let field = self.custom_field_named(from)?;
        let to = to.trim();
        check_name(to)?;
        if self
            .custom_field_named(to)
            .is_ok_and(|other| other.id != field.id)
        {
            return Err(Error::NameTaken {
                kind: "custom field",
                name: to.to_owned(),
            });
        }
        self.connection
            .prepare_cached("UPDATE custom_fields SET name = :name WHERE id = :id")?
            .execute(named_params! { ":name": to, ":id": field.id })?;
        self.rename_field_in_rules(&field.name, to)
    }

    /// Puts a new name into every rule. Nothing becomes stale: it says the same.
    fn rename_field_in_rules(&self, from: &str, to: &str) -> Result<()> {
        for segment in self.readable_segments()? {
            let Some(mut tree) = segment.tree else {
                continue;
            };
            if tree.rename_field(from, to) {
                self.connection
                    .prepare_cached("UPDATE segments SET rules = :rules WHERE id = :id")?
                    .execute(named_params! {
                        ":rules": documents::write("rules", &tree)?, ":id": segment.id,
                    })?;
            }
        }
        for mut score in self.readable_scores()? {
            let renamed = score.rules.iter_mut();
            let renamed = renamed.map(|rule| rule.when.rename_field(from, to));
            if renamed.fold(false, |any, one| any | one) {
                self.connection
                    .prepare_cached("UPDATE scores SET rules = :rules WHERE id = :id")?
                    .execute(named_params! {
                        ":rules": documents::write("rules", &score.rules)?, ":id": score.id,
                    })?;
            }
        }
        Ok(())
    }

    /// Removes a custom field with every value in it. That cannot be undone; earlier acts are undone without it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] while a rule asks for the field.
    pub fn remove_custom_field(&self, name: &str) -> Result<()> {
        let field = self.custom_field_named(name)?;
        if let [first, ..] = self.rules_on_field(&field.name)?.as_slice() {
            return Err(Error::Refused(format!("{first} asks for it")));
        }
        let column = ContactField::Custom(field.id).column();
        self.connection.execute_batch(&format!(
            "DROP INDEX IF EXISTS {ASKED_BY}{column};
             DROP INDEX IF EXISTS {BY}{column};
             ALTER TABLE contacts DROP COLUMN {column};"
        ))?;
        self.connection
            .prepare_cached("DELETE FROM custom_fields WHERE id = :id")?
            .execute(named_params! { ":id": field.id })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
