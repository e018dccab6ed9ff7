//! Reads what a run wrote: here from the history, there from the org.

use std::collections::{BTreeMap, BTreeSet};

use leadferry_salesforce::{ErrorCode, Record, soql};
use leadferry_store::{BatchRow, Reader, RunId, UndoRow, UndoState};
use serde_json::{Map, Value};

use super::Undoer;
use crate::undoing::{Found, History, RestoredBefore, Written};
use crate::{Error, Result};

/// What may hang on a record that others made: object, the field that names the record, and its name in words.
const ON_LEADS: [Hanging; 3] = [
    ("Task", "WhoId", ["task", "tasks"]),
    ("Event", "WhoId", ["event", "events"]),
    ("CampaignMember", "LeadId", MEMBERSHIPS),
];
const ON_CONTACTS: [Hanging; 5] = [
    ("Task", "WhoId", ["task", "tasks"]),
    ("Event", "WhoId", ["event", "events"]),
    ("CampaignMember", "ContactId", MEMBERSHIPS),
    (
        "OpportunityContactRole",
        "ContactId",
        ["opportunity", "opportunities"],
    ),
    ("Case", "ContactId", ["case", "cases"]),
];
const MEMBERSHIPS: [&str; 2] = ["campaign membership", "campaign memberships"];

type Hanging = (&'static str, &'static str, [&'static str; 2]);

/// A record to be judged.
pub(super) struct Wanted {
    pub(super) row: UndoRow,
    pub(super) history: History,
}

impl Undoer<'_> {
    /// Returns the records of these rows that are still to be judged, each once.
    pub(super) fn to_judge(&self, rows: Vec<BatchRow>) -> Result<Vec<Wanted>> {
        let run = self.setup.run;
        self.setup.store.read(|reader| {
            let mut wanted = Vec::new();
            for row in rows {
                let is_taken = matches!(
                    row.outcome,
                    Some(leadferry_store::Outcome::Created | leadferry_store::Outcome::Updated)
                );
                let Some(record_id) = row.record_id.clone().filter(|_| is_taken) else {
                    continue;
                };
                let before = reader.undo_row(run, row.contact, &record_id)?;
                if before.as_ref().is_some_and(|before| before.state.is_done()) {
                    continue;
                }
                let before = before.unwrap_or_else(|| new_row(run, &row, &record_id));
                let (history, last) = self.history(reader, &before)?;
                // A record that the run wrote several times is judged with the last of them.
                if last == Some((row.batch, row.position)) {
                    wanted.push(Wanted {
                        row: before,
                        history,
                    });
                }
            }
            Ok(wanted)
        })
    }

    /// Returns the records of planned rows.
    pub(super) fn planned(&self, rows: Vec<UndoRow>) -> Result<Vec<Wanted>> {
        self.setup.store.read(|reader| {
            let wanted = rows.into_iter().map(|row| {
                let (history, _) = self.history(reader, &row)?;
                Ok(Wanted { row, history })
            });
            wanted.collect()
        })
    }

    /// Returns what we have written to a record, and the place of the run's last row for it.
    fn history(
        &self,
        reader: &Reader<'_>,
        row: &UndoRow,
    ) -> Result<(History, Option<(leadferry_store::BatchId, u32)>)> {
        let org_id = &self.undone.org_id;
        let link = reader.link_to(org_id, &row.record_id)?;
        let mut contacts = BTreeSet::from([row.contact, reader.resolve_contact(row.contact)?]);
        contacts.extend(link.map(|link| link.contact));
        let contacts: Vec<_> = contacts.into_iter().collect();
        let mut writes = Vec::new();
        let mut last = None;
        for (batch, sent) in reader.written_to(&contacts, org_id, &row.record_id)? {
            if batch.run == self.setup.run && sent.contact == row.contact {
                last = Some((sent.batch, sent.position));
            }
            writes.push(Written {
                run: batch.run,
                created: sent.outcome == Some(leadferry_store::Outcome::Created),
                prepared_at: batch.prepared_at,
                settled_at: reader
                    .batch_settled_at(batch.id)?
                    .unwrap_or(batch.prepared_at),
                values: object(&sent.payload),
                before: sent
                    .old_values
                    .as_deref()
                    .and_then(object)
                    .unwrap_or_default(),
            });
        }
        let mut restored = Vec::new();
        for contact in &contacts {
            let undone = reader.undone_of(*contact)?.into_iter();
            let of_record = undone
                .filter(|one| one.state == UndoState::Restored && one.record_id == row.record_id);
            restored.extend(of_record.map(restored_before));
        }
        let under_way = row
            .state
            .is_under_way()
            .then(|| (row.state, row.fields.clone()));
        let history = History {
            run: self.setup.run,
            writes,
            restored,
            under_way,
        };
        Ok((history, last))
    }

    /// Reads records with what hangs on those that the run created, by their ids.
    pub(super) async fn read_records(
        &mut self,
        wanted: &[Wanted],
    ) -> Result<BTreeMap<String, Found>> {
        if wanted.is_empty() {
            return Ok(BTreeMap::new());
        }
        let object = self.replication.object.as_str();
        let ids: BTreeSet<&str> = wanted
            .iter()
            .map(|one| one.row.record_id.as_str())
            .collect();
        let created = wanted.iter().filter(|one| one.history.is_created());
        let created: BTreeSet<&str> = created.map(|one| one.row.record_id.as_str()).collect();
        let hanging: &[Hanging] = match (created.is_empty(), object) {
            (true, _) => &[],
            (false, "Contact") => &ON_CONTACTS,
            (false, _) => &ON_LEADS,
        };
        let asked: Vec<&Hanging> = hanging
            .iter()
            .filter(|(object, ..)| !self.unknown.contains(object))
            .collect();
        let list = soql::list(ids.iter().copied());
        let mut questions = vec![format!(
            "SELECT {} FROM {object} WHERE Id IN {list}",
            self.columns(wanted).join(", ")
        )];
        let list = soql::list(created.iter().copied());
        questions.extend(asked.iter().map(|(object, field, _)| {
            format!(
                "SELECT {field}, COUNT(Id) FROM {object} WHERE {field} IN {list} AND IsDeleted = false GROUP BY {field}"
            )
        }));
        let client = self.setup.org.client.clone();
        let mut pages = client.each_query(&questions, true).await?.into_iter();
        let mut found = BTreeMap::new();
        let mut page = pages.next().transpose()?;
        while let Some(read) = page {
            for record in read.records {
                if let Some(id) = record.id() {
                    let hanging = Vec::new();
                    found.insert(id.to_string(), Found { record, hanging });
                }
            }
            page = match read.next {
                Some(cursor) => Some(client.next_page(&cursor).await?),
                None => None,
            };
        }
        for ((object, field, words), page) in asked.into_iter().zip(pages) {
            let page = match page {
                Ok(page) => page,
                // This org, or this user, has none.
                Err(error) if error.code() == Some(&ErrorCode::InvalidType) => {
                    self.unknown.insert(*object);
                    continue;
                }
                Err(error) => return Err(Error::Salesforce(error)),
            };
            for counted in page.records {
                if let Some((id, words)) = hangs(&counted, field, *words)
                    && let Some(found) = found.get_mut(&id)
                {
                    found.hanging.push(words);
                }
            }
        }
        Ok(found)
    }

    /// Returns the columns that judging these records takes.
    fn columns(&self, wanted: &[Wanted]) -> Vec<String> {
        let mut columns: BTreeSet<&str> = BTreeSet::from([
            "Id",
            "IsDeleted",
            "MasterRecordId",
            "CreatedDate",
            "LastModifiedDate",
            "LastModifiedById",
            "LastModifiedBy.Name",
            "SystemModstamp",
        ]);
        if self.replication.object == "Lead" {
            columns.insert("IsConverted");
        }
        for one in wanted {
            let fields = one.history.fields().into_iter();
            columns.extend(fields.filter(|field| self.rules.visible.contains(*field)));
        }
        columns.into_iter().map(str::to_owned).collect()
    }
}

fn new_row(run: RunId, row: &BatchRow, record_id: &str) -> UndoRow {
    UndoRow {
        run,
        contact: row.contact,
        record_id: record_id.to_owned(),
        state: UndoState::Skipped,
        fields: Vec::new(),
        modified: None,
        read_at: 0,
        attempts: 0,
        code: None,
        message: None,
        undone_by: None,
        done_at: None,
    }
}

fn restored_before(row: UndoRow) -> RestoredBefore {
    let fields = row.fields.into_iter();
    let restored = fields.filter(|field| field.skipped.is_none());
    RestoredBefore {
        run: row.run,
        fields: restored.map(|field| field.field).collect(),
        done_at: row.done_at.unwrap_or_default(),
    }
}

fn object(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(text).ok()
}

/// Returns the record that something hangs on, and how many, as in *2 tasks*.
fn hangs(counted: &Record, field: &str, [one, more]: [&str; 2]) -> Option<(String, String)> {
    let id = counted.reference(field)?.to_string();
    let count = counted.integer("expr0").unwrap_or(1).unsigned_abs();
    (count > 0).then(|| (id, leadferry_store::counted(count, one, more)))
}
