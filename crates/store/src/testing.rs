//! A workspace in a folder of its own, for tests; contacts go in through the front door.

use std::ops::Deref;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::{
    BatchId, BatchRow, ContactField, ContactId, Error, FieldKind, Found, LinkOrigin, NewLink,
    NewReplication, Reader, ReplicationId, Result, ScoreId, Store, Threshold, Value, Values,
    Writer,
};

pub(crate) const NOW: i64 = 1_800_000_000_000;
pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;

pub(crate) struct Workspace {
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
}

impl Deref for Workspace {
    type Target = Store;
    fn deref(&self) -> &Store {
        &self.store
    }
}

pub(crate) fn workspace() -> Workspace {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("people.leadferry"), NOW).unwrap();
    Workspace { store, folder }
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(crate) fn values(pairs: &[(ContactField, &str)]) -> Values {
    pairs
        .iter()
        .map(|(field, value)| (*field, text(value)))
        .collect()
}

impl Workspace {
    pub(crate) fn path(&self) -> PathBuf {
        self.store.path().to_owned()
    }

    pub(crate) fn add(&self, pairs: &[(ContactField, &str)]) -> ContactId {
        self.writing(|writer| writer.insert_contact(&values(pairs), None, NOW))
    }

    pub(crate) fn field(&self, name: &str, kind: FieldKind) -> ContactField {
        ContactField::Custom(self.writing(|writer| writer.add_custom_field(name, kind, NOW)))
    }

    pub(crate) fn change(&self, id: ContactId, field: ContactField, value: Option<Value>) -> bool {
        self.writing(|writer| writer.change_contact(id, &[(field, value)], NOW + 1))
    }

    pub(crate) fn replication(
        &self,
        name: &str,
        threshold: Option<(ScoreId, i64)>,
    ) -> ReplicationId {
        let new = NewReplication {
            name: name.to_owned(),
            object: "Lead".to_owned(),
            connection: None,
            threshold: threshold.map(|(score, minimum)| Threshold { score, minimum }),
            settings: "{}".to_owned(),
            mapping: String::new(),
        };
        self.writing(|writer| writer.add_replication(&new, NOW))
    }

    /// Runs a statement of the test's own.
    pub(crate) fn sql(&self, sql: &str) {
        self.writing(|writer| Ok(writer.connection.execute_batch(sql)?));
    }

    /// Puts a contact into a batch in this state, as a run would; returns the batch.
    pub(crate) fn sent(
        &self,
        replication: ReplicationId,
        contact: ContactId,
        state: &str,
        payload: &str,
    ) -> i64 {
        self.writing(|writer| {
            let sql = format!(
                "INSERT INTO runs (replication_id, connection_id, org_id, state, settings_version, mapping_version,
                   describe_version, started_at)
                 VALUES ({replication}, 1, 'org', 'running', 1, 1, 0, {NOW});
                 INSERT INTO batches (run_id, replication_id, org_id, object, operation, identifier_field, assignment,
                   allow_duplicates, state, prepared_at, settled_at)
                 VALUES (last_insert_rowid(), {replication}, 'org', 'Lead', 'upsert', 'Id__c', 0, 0, '{state}', {NOW},
                   CASE WHEN '{state}' = 'answered' THEN {NOW} END);"
            );
            writer.connection.execute_batch(&sql)?;
            let batch = writer.connection.last_insert_rowid();
            let (entry, owner) =
                if state == "answered" { ("done", "NULL".to_owned()) } else { ("sending", batch.to_string()) };
            writer.connection.execute_batch(&format!(
                "INSERT INTO queue (replication_id, contact_id, state, batch_id, seq, settings_version, mapping_version,
                   describe_version, since)
                 VALUES ({replication}, {contact}, '{entry}', {owner}, 1, 1, 1, 0, {NOW})
                 ON CONFLICT DO UPDATE SET state = excluded.state, batch_id = excluded.batch_id;"
            ))?;
            let entry = writer.entry(replication, contact)?.ok_or_else(|| Error::not_found("entry", contact))?;
            let row = BatchRow {
                batch: BatchId(batch),
                position: 0,
                entry: entry.id,
                contact,
                guid: writer.contact(contact)?.guid,
                record_id: None,
                found: Found::New,
                stamps: false,
                seq: 1,
                payload: payload.to_owned(),
                hashes: None,
                outcome: None,
                errors: None,
                old_values: None,
            };
            writer.replace_rows(BatchId(batch), &[row])?;
            Ok(batch)
        })
    }

    /// Enters a contact in a queue as `pending`.
    pub(crate) fn enqueue(&self, replication: ReplicationId, contact: ContactId) {
        self.sql(&format!(
            "INSERT INTO queue (replication_id, contact_id, state, seq, settings_version, mapping_version,
               describe_version, since)
             VALUES ({replication}, {contact}, 'pending', 1, 1, 1, 0, {NOW})"
        ));
    }

    pub(crate) fn link(
        &self,
        contact: ContactId,
        org: &str,
        object: &str,
        record: &str,
        identifier: Option<&str>,
    ) {
        let new = NewLink {
            contact,
            org_id: org,
            object,
            record_id: record,
            identifier,
            origin: LinkOrigin::Created,
        };
        self.writing(|writer| writer.put_link(&new, NOW));
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.reading(|reader| Ok(reader.connection.query_row(sql, [], |row| row.get(0))?))
    }

    pub(crate) fn seq(&self, id: ContactId) -> i64 {
        self.reading(|reader| Ok(reader.contact(id)?.seq))
    }

    pub(crate) fn reading<T>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T>) -> T {
        self.store.read(f).unwrap()
    }

    pub(crate) fn writing<T>(&self, f: impl FnOnce(&Writer<'_>) -> Result<T>) -> T {
        self.store.write(f).unwrap()
    }

    /// Returns every row of every table that matters to users, as text, without times and stamps.
    pub(crate) fn dump(&self, tables: &[(&str, &[&str])]) -> String {
        self.reading(|reader| {
            let mut dump = String::new();
            for (table, left_out) in tables {
                let mut statement = reader
                    .connection
                    .prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2"))?;
                let names: Vec<String> = statement
                    .column_names()
                    .iter()
                    .map(|name| (*name).to_owned())
                    .collect();
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    dump.push_str(table);
                    for (at, name) in names.iter().enumerate() {
                        if !left_out.contains(&name.as_str()) {
                            dump.push_str(&format!(" {name}={:?}", row.get_ref(at)?));
                        }
                    }
                    dump.push('\n');
                }
            }
            Ok(dump)
        })
    }
}
