//! Where a no goes beside the linked record: every record that has the contact's email.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, named_params};

use crate::links::{hashes_from_json, hashes_to_json};
use crate::selection::{ids_of, texts_of};
use crate::{ContactId, Hashes, Reader, Result, Writer};

/// A record that has a contact's email, apart from the one that the contact is linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalRecord {
    /// Its object.
    pub object: String,
    /// The record.
    pub record_id: String,
    /// The no that it took, by target field.
    pub told: Hashes,
    /// It takes none: it was deleted, or the org refuses the row.
    pub gone: bool,
}

/// What is known of the records that a contact's no goes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusals {
    /// What the org was asked about last.
    pub asked: Option<String>,
    /// The records that it named.
    pub records: Vec<RefusalRecord>,
}

/// An object of an org.
#[derive(Debug, Clone, Copy)]
pub struct RefusalPlace<'a> {
    /// The org.
    pub org_id: &'a str,
    /// The object.
    pub object: &'a str,
}

impl Reader<'_> {
    /// Returns what is known of the records of the org that the no of these contacts goes to; those without any are absent.
    /// `place` says for whose sake the org was asked.
    pub fn refusals_of(
        &self,
        contacts: &[ContactId],
        place: RefusalPlace<'_>,
    ) -> Result<BTreeMap<ContactId, Refusals>> {
        let mut refusals: BTreeMap<ContactId, Refusals> = BTreeMap::new();
        let ids = || ids_of(contacts.iter().map(|id| id.0));
        let mut asked = self.connection.prepare_cached(
            "SELECT s.contact_id, s.about FROM rarray(:ids) AS wanted CROSS JOIN refusal_searches AS s
               ON s.contact_id = wanted.value AND s.org_id = :org AND s.object = :object",
        )?;
        let mut rows = asked.query(
            named_params! { ":ids": ids(), ":org": place.org_id, ":object": place.object },
        )?;
        while let Some(row) = rows.next()? {
            refusals.entry(row.get(0)?).or_default().asked = row.get(1)?;
        }
        if refusals.is_empty() {
            // No record was found without a search.
            return Ok(refusals);
        }
        let mut records = self.connection.prepare_cached(
            "SELECT r.contact_id, r.record_id, r.told, r.gone, r.object FROM rarray(:ids) AS wanted
             CROSS JOIN refusal_records AS r ON r.contact_id = wanted.value AND r.org_id = :org
             ORDER BY r.contact_id, r.object, r.record_id",
        )?;
        let mut rows = records.query(named_params! { ":ids": ids(), ":org": place.org_id })?;
        while let Some(row) = rows.next()? {
            let of_contact = refusals.entry(row.get(0)?).or_default();
            of_contact.records.push(record(row)?);
        }
        Ok(refusals)
    }

    /// Returns which of these records of an org took a contact's no, each with the contact.
    pub fn refusals_told(
        &self,
        org_id: &str,
        record_ids: &[String],
    ) -> Result<Vec<(ContactId, RefusalRecord)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT r.contact_id, r.record_id, r.told, r.gone, r.object FROM rarray(:records) AS wanted
             CROSS JOIN refusal_records AS r ON r.org_id = :org AND r.record_id = wanted.value
             WHERE r.told <> '{}'",
        )?;
        let mut rows =
            statement.query(named_params! { ":records": texts_of(record_ids), ":org": org_id })?;
        let mut told = Vec::new();
        while let Some(row) = rows.next()? {
            told.push((row.get(0)?, record(row)?));
        }
        Ok(told)
    }

    /// Tells whether a record is one that a contact's no goes to.
    pub fn is_refusal_record(
        &self,
        contact: ContactId,
        place: RefusalPlace<'_>,
        record: &str,
    ) -> Result<bool> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM refusal_records WHERE contact_id = :contact AND org_id = :org
                   AND object = :object AND record_id = :record)",
            )?
            .query_row(
                named_params! {
                    ":contact": contact, ":org": place.org_id, ":object": place.object, ":record": record,
                },
                |row| row.get(0),
            )?)
    }
}

fn record(row: &Row<'_>) -> Result<RefusalRecord> {
    let told: String = row.get(2)?;
    Ok(RefusalRecord {
        record_id: row.get(1)?,
        told: hashes_from_json(&told)?,
        gone: row.get(3)?,
        object: row.get(4)?,
    })
}

impl Writer<'_> {
    /// Forgets that a record took a no in some fields, so that it goes again where the contact still refuses.
    pub fn forget_refusal(
        &self,
        contact: ContactId,
        org_id: &str,
        known: &RefusalRecord,
        fields: &[&str],
    ) -> Result<()> {
        let mut told = known.told.clone();
        told.retain(|field, _| !fields.contains(&&**field));
        self.connection
            .prepare_cached(
                "UPDATE refusal_records SET told = :told
                 WHERE contact_id = :contact AND org_id = :org AND object = :object AND record_id = :record",
            )?
            .execute(named_params! {
                ":told": hashes_to_json(&told), ":contact": contact, ":org": org_id,
                ":object": known.object, ":record": known.record_id,
            })?;
        self.stamp_contacts(&[contact])
    }

    /// Keeps the records that the org named for a contact's email, by object and id, and what it was asked about.
    pub fn found_refusal_records(
        &self,
        contact: ContactId,
        place: RefusalPlace<'_>,
        about: &str,
        records: &[(String, String)],
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO refusal_searches (contact_id, org_id, object, about)
                 VALUES (:contact, :org, :object, :about)",
            )?
            .execute(named_params! {
                ":contact": contact, ":org": place.org_id, ":object": place.object, ":about": about,
            })?;
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO refusal_records (contact_id, org_id, object, record_id)
             VALUES (:contact, :org, :object, :record)
             ON CONFLICT DO UPDATE SET gone = 0",
        )?;
        for (object, record) in records {
            insert.execute(named_params! {
                ":contact": contact, ":org": place.org_id, ":object": object, ":record": record,
            })?;
        }
        Ok(())
    }

    /// Records that a record took a no.
    pub fn refusal_was_told(
        &self,
        contact: ContactId,
        place: RefusalPlace<'_>,
        record: &str,
        hashes: &Hashes,
    ) -> Result<()> {
        let parameters = named_params! {
            ":contact": contact, ":org": place.org_id, ":object": place.object, ":record": record,
        };
        let told: Option<String> = self
            .connection
            .prepare_cached(
                "SELECT told FROM refusal_records
                 WHERE contact_id = :contact AND org_id = :org AND object = :object AND record_id = :record",
            )?
            .query_row(parameters, |row| row.get(0))
            .optional()?;
        let mut told = hashes_from_json(told.as_deref().unwrap_or("{}"))?;
        told.extend(hashes.iter().map(|(field, hash)| (field.clone(), *hash)));
        self.connection
            .prepare_cached(
                "UPDATE refusal_records SET told = :told
                 WHERE contact_id = :contact AND org_id = :org AND object = :object AND record_id = :record",
            )?
            .execute(named_params! {
                ":told": hashes_to_json(&told), ":contact": contact, ":org": place.org_id,
                ":object": place.object, ":record": record,
            })?;
        Ok(())
    }

    /// Records that a record takes no no: it is gone, or the org refuses the row.
    pub fn refusal_record_is_gone(
        &self,
        contact: ContactId,
        place: RefusalPlace<'_>,
        record: &str,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE refusal_records SET gone = 1
                 WHERE contact_id = :contact AND org_id = :org AND object = :object AND record_id = :record",
            )?
            .execute(named_params! {
                ":contact": contact, ":org": place.org_id, ":object": place.object, ":record": record,
            })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::RefusalPlace;
    use crate::testing::workspace;
    use crate::{ContactField, ValueHash};

    #[test]
    fn what_a_record_was_told_adds_up_and_a_new_search_finds_it_again() {
        let workspace = workspace();
        let ada = workspace.add(&[(ContactField::Email, "ada@example.com")]);
        let place = RefusalPlace {
            org_id: "org",
            object: "Lead",
        };
        let read = || workspace.reading(|reader| reader.refusals_of(&[ada], place));
        assert!(read().is_empty());
        let record = "00Q000000000001AAA".to_owned();
        let found = |about: &str| {
            workspace.writing(|writer| {
                let records = [("Lead".to_owned(), record.clone())];
                writer.found_refusal_records(ada, place, about, &records)
            });
        };
        found("one");
        for field in ["A", "B"] {
            let told = [(field.into(), ValueHash::of("true"))].into();
            workspace.writing(|writer| writer.refusal_was_told(ada, place, &record, &told));
        }
        workspace.writing(|writer| writer.refusal_record_is_gone(ada, place, &record));
        let known = &read()[&ada];
        assert_eq!(known.asked.as_deref(), Some("one"));
        assert_eq!(known.records[0].told.len(), 2);
        assert!(known.records[0].gone);
        found("two");
        let known = &read()[&ada];
        assert!(!known.records[0].gone && known.records[0].told.len() == 2);
        assert!(workspace.reading(|reader| reader.is_refusal_record(ada, place, &record)));
        let contact = RefusalPlace {
            object: "Contact",
            ..place
        };
        assert!(
            workspace
                .reading(|reader| reader.refusals_of(&[ada], contact))
                .is_empty()
        );
    }
}
