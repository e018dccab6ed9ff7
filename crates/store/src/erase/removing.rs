//! Takes a person out of one database, the workspace or a backup of it, in one transaction.

use std::collections::BTreeMap;
use std::rc::Rc;

use rusqlite::named_params;
use rusqlite::types::Value as Cell;

use super::functions::Functions;
use super::places::{PLACES, Place, Treatment, VERSIONS_IN_FORCE};
use super::{ErasedPerson, Finder};
use crate::contacts::id_array;
use crate::{ContactId, Error, Reader, Result, Writer};

/// Rows by table.
pub type Counts = BTreeMap<&'static str, u64>;

/// What was taken out of a database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Removed {
    /// Rows removed, by table.
    pub rows: Counts,
    /// Texts in others' history that named the person and don't any more, by table.
    pub texts: Counts,
}

/// The rows that belong to the person's contacts, in the order in which they can go.
const OWN_ROWS: &[(&str, &str)] = &[
    // Undone merges still hold the person's values in what they remember of the other contact.
    (
        "acts",
        "DELETE FROM acts WHERE kind = 'merge'
           AND id IN (SELECT act_id FROM act_contacts WHERE contact_id IN rarray(:ids))",
    ),
    (
        "act_contacts",
        "DELETE FROM act_contacts WHERE contact_id IN rarray(:ids)",
    ),
    // Nobody is left for whom these could be undone.
    (
        "acts",
        "DELETE FROM acts WHERE kind IN ('delete', 'bulk_edit')
           AND NOT EXISTS (SELECT 1 FROM act_contacts WHERE act_id = acts.id)",
    ),
    (
        "alerts",
        "DELETE FROM alerts WHERE contact_id IN rarray(:ids) AND times = 1",
    ),
    (
        "run_blocks",
        "DELETE FROM run_blocks WHERE contact_id IN rarray(:ids)",
    ),
    (
        "plan_rows",
        "DELETE FROM plan_rows WHERE plan_id IN (SELECT id FROM plans) AND contact_id IN rarray(:ids)",
    ),
    (
        "undo_rows",
        "DELETE FROM undo_rows WHERE contact_id IN rarray(:ids)",
    ),
    (
        "queue",
        "DELETE FROM queue WHERE contact_id IN rarray(:ids)",
    ),
    (
        "conflicts",
        "DELETE FROM conflicts WHERE link_id IN (SELECT id FROM links WHERE contact_id IN rarray(:ids))",
    ),
    (
        "links",
        "DELETE FROM links WHERE contact_id IN rarray(:ids)",
    ),
    (
        "marks",
        "DELETE FROM marks WHERE contact_id IN rarray(:ids)",
    ),
    (
        "changes_due",
        "DELETE FROM changes_due WHERE contact_id IN rarray(:ids)",
    ),
    (
        "differences",
        "DELETE FROM differences WHERE contact_id IN rarray(:ids)",
    ),
    (
        "activities",
        "DELETE FROM activities WHERE contact_id IN rarray(:ids)",
    ),
    // The events stay, so that the chain can be checked. Without the salt they lead back to nobody.
    (
        "consent_texts",
        "DELETE FROM consent_texts WHERE event_id IN (
           SELECT e.id FROM consent_events AS e JOIN consent_subjects AS s ON s.subject = e.subject
           WHERE s.contact_id IN rarray(:ids))",
    ),
    (
        "consent_subjects",
        "DELETE FROM consent_subjects WHERE contact_id IN rarray(:ids)",
    ),
    (
        "consents",
        "DELETE FROM consents WHERE contact_id IN rarray(:ids)",
    ),
    (
        "segment_history",
        "DELETE FROM segment_history WHERE contact_id IN rarray(:ids)",
    ),
    (
        "segment_members",
        "DELETE FROM segment_members WHERE contact_id IN rarray(:ids)",
    ),
    (
        "score_points",
        "DELETE FROM score_points WHERE contact_id IN rarray(:ids)",
    ),
    (
        "account_contacts",
        "DELETE FROM account_contacts WHERE contact_id IN rarray(:ids)",
    ),
    ("contacts", "DELETE FROM contacts WHERE id IN rarray(:ids)"),
];

/// Whether texts that only the user can decide about are redacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    /// They stay, and are listed.
    Stays,
    /// Nobody edits a backup.
    Redacted,
}

impl Reader<'_> {
    /// Refuses while an answer about the person is awaited: what is in flight may have to be sent again as it is.
    pub(super) fn refuse_in_flight(&self, ids: &[ContactId], finder: &Finder) -> Result<()> {
        let is_sending: bool = self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM queue WHERE contact_id IN rarray(:ids) AND state = 'sending')",
            )?
            .query_row(named_params! { ":ids": id_array(ids.iter().map(|id| id.0)) }, |row| row.get(0))?;
        if is_sending || self.is_in_flight(ids)? {
            return Err(Error::Refused(
                "this contact is being sent; run the replication again, then erase the contact"
                    .into(),
            ));
        }
        if self.is_named_in_flight(finder)? {
            return Err(Error::Refused(
                "another contact that is being sent names this one; run the replication again, then erase the \
                 contact"
                    .into(),
            ));
        }
        Ok(())
    }

    /// Returns where errors files stand whose paths name the person.
    pub(super) fn errors_files_naming(&self, finder: &Finder) -> Result<Vec<String>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT errors_file FROM imports WHERE errors_file IS NOT NULL")?;
        let mut named: Vec<String> = statement
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        named.retain(|file| finder.names(file));
        Ok(named)
    }

    /// Refuses a person who is a contact still.
    pub(super) fn refuse_contacts_of(&self, person: &ErasedPerson) -> Result<()> {
        if self.emails_of_nobody_else(person, &[])?.len() < person.emails.len() {
            let text = "a contact has this email; erase that contact";
            return Err(Error::Refused(text.to_owned()));
        }
        Ok(())
    }

    /// Returns the person's emails that no other contact has.
    fn emails_of_nobody_else(
        &self,
        person: &ErasedPerson,
        ids: &[ContactId],
    ) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM contacts WHERE email_key = :email AND id NOT IN rarray(:ids))",
        )?;
        let ids = id_array(ids.iter().map(|id| id.0));
        let mut own = Vec::new();
        for email in &person.emails {
            if !statement.query_row(named_params! { ":email": email, ":ids": ids }, |row| {
                row.get(0)
            })? {
                own.push(email.clone());
            }
        }
        Ok(own)
    }
}

impl Writer<'_> {
    /// Removes contacts, all that belongs to them, and what names the person in the history of others. The queries on
    /// others' history read whole tables, rarely.
    pub(super) fn remove_person(
        &self,
        ids: &[ContactId],
        person: &ErasedPerson,
        listed: Listed,
    ) -> Result<Removed> {
        self.make_searchable()?;
        // Lists that hold the person are out of date.
        self.next_sequence()?;
        for id in ids {
            self.stamp_claims(self.email_key_of(*id)?.as_deref())?;
        }
        self.leave_segments(ids)?;
        let emails = self.emails_of_nobody_else(person, ids)?;
        let mut removed = Removed::default();
        count(&mut removed.rows, "batches", self.remove_sent_rows(ids)?);
        let array = id_array(ids.iter().map(|id| id.0));
        for (table, sql) in OWN_ROWS {
            let mut statement = self.connection.prepare_cached(sql)?;
            // What is left over by those before asks for no one.
            if let Some(at) = statement.parameter_index(":ids")? {
                statement.raw_bind_parameter(at, &array)?;
            }
            let rows = statement.raw_execute()?;
            count(&mut removed.rows, table, rows);
        }
        self.treat_places(person, &emails, listed, &mut removed)?;
        let redacted = self.redact_sent_rows(&person.finder())?;
        count(&mut removed.texts, "batches", redacted);
        let mirrored = self.erase_from_mirrors(person)?;
        count(&mut removed.rows, "mirror_objects", mirrored);
        self.rebuild_search()?;
        Ok(removed)
    }

    fn treat_places(
        &self,
        person: &ErasedPerson,
        emails: &[String],
        listed: Listed,
        removed: &mut Removed,
    ) -> Result<()> {
        let functions = Functions::on(self.connection, person.finder())?;
        for place in PLACES {
            for column in place.columns {
                self.treat(place, column, emails, listed, removed)?;
            }
        }
        for (table, column, rows) in VERSIONS_IN_FORCE {
            let sql = match listed {
                Listed::Redacted => replacing(table, column, rows, &redacted(column)),
                Listed::Stays => format!(
                    "UPDATE {table} SET redacted = without_erased(coalesce(redacted, {column}))
                     WHERE {rows} AND names_erased({column})"
                ),
            };
            self.connection.execute(&sql, [])?;
        }
        if listed == Listed::Redacted {
            for (column, _) in self.own_text_columns()? {
                let sql = replacing("contacts", &column, "TRUE", &redacted(&column));
                self.connection.execute(&sql, [])?;
            }
            self.connection.execute(
                "UPDATE accounts SET name_key = lower(trim(name)) WHERE names_erased(name_key)",
                [],
            )?;
        }
        functions.remove()
    }

    fn treat(
        &self,
        place: &Place,
        column: &str,
        emails: &[String],
        listed: Listed,
        removed: &mut Removed,
    ) -> Result<()> {
        let Place { table, rows, .. } = *place;
        let new_value = match place.treatment {
            Treatment::Kept(_) | Treatment::RowByRow | Treatment::ListedAsTheirs(_) => {
                return Ok(());
            }
            Treatment::Listed(_) if listed == Listed::Stays => return Ok(()),
            Treatment::Listed(_) | Treatment::Redacted => redacted(column),
            Treatment::Emptied(value) => value.to_owned(),
            Treatment::Removed => {
                let sql = format!("DELETE FROM {table} WHERE {rows} AND names_erased({column})");
                count(&mut removed.rows, table, self.connection.execute(&sql, [])?);
                return Ok(());
            }
            Treatment::RemovedByEmail => {
                let sql = format!("DELETE FROM {table} WHERE {rows} AND {column} IN rarray(?1)");
                let emails = Rc::new(emails.iter().cloned().map(Cell::Text).collect::<Vec<_>>());
                count(
                    &mut removed.rows,
                    table,
                    self.connection.execute(&sql, [emails])?,
                );
                return Ok(());
            }
        };
        let sql = replacing(table, column, rows, &new_value);
        count(
            &mut removed.texts,
            table,
            self.connection.execute(&sql, [])?,
        );
        Ok(())
    }
}

fn redacted(column: &str) -> String {
    format!("without_erased({column})")
}

fn replacing(table: &str, column: &str, rows: &str, value: &str) -> String {
    format!("UPDATE {table} SET {column} = {value} WHERE {rows} AND names_erased({column})")
}

fn count(counts: &mut Counts, table: &'static str, rows: usize) {
    if rows > 0 {
        *counts.entry(table).or_default() += rows as u64;
    }
}
