//! Reading back what a run has sent, field by field.

use leadferry_replication::comparing::{self, SeenRecord};
use leadferry_replication::setup::target_object;
use leadferry_replication::targets::TargetObject;
use leadferry_store::RunId;
use serde::Serialize;
use serde_json::Value;

use crate::orgs::{self, keep_allowance};
use crate::replications::{Person, people};
use crate::{Result, Workspace};

/// Records of a look at most: one call.
const MOST: usize = 2_000;

/// What Salesforce holds of what a run has sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ts_rs::TS)]
pub struct RunCheck {
    /// Records that hold everything as it was sent.
    pub same: u64,
    /// Records that differ, or aren't there.
    pub differing: u64,
    /// The records, in the order in which they were sent.
    pub records: Vec<CheckedRecord>,
}

/// A record as Salesforce holds it.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct CheckedRecord {
    /// Who it is.
    #[serde(flatten)]
    pub person: Person,
    /// The record.
    pub record_id: String,
    /// Whether the run created it.
    pub created: bool,
    /// Whether it isn't there anymore.
    pub gone: bool,
    /// The fields that were sent.
    pub fields: Vec<CheckedField>,
}

/// A field that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct CheckedField {
    /// API name.
    pub field: String,
    /// What people call it.
    pub label: String,
    /// What was sent.
    pub sent: Value,
    /// What Salesforce holds.
    pub held: Value,
    /// Whether that is the same, as Salesforce writes it.
    pub same: bool,
}

/// Reads back the first records that a run has sent.
///
/// # Errors
/// When there is no such run, or the org cannot be asked.
pub async fn check(workspace: &Workspace, run: i64, limit: usize) -> Result<RunCheck> {
    let store = workspace.store();
    let run = store.read(|reader| reader.run(RunId(run)))?;
    let org = orgs::org(workspace, run.connection).await?;
    let limit = limit.clamp(1, MOST);
    let seen = comparing::seen_of_run(store, &org, run.id, limit).await;
    keep_allowance(workspace, org.connection, &org.client)?;
    let seen = seen?;
    store.read(|reader| {
        let object = reader.replication(run.replication)?.object;
        let object = target_object(reader, Some(run.connection), &object)?;
        let people = people(reader, seen.iter().map(|one| one.contact))?;
        let same = seen.iter().filter(|one| one.is_same()).count() as u64;
        let differing = seen.len() as u64 - same;
        let records = seen.into_iter().map(|one| {
            let person = people.get(&one.contact).cloned();
            checked(one, person, &object)
        });
        Ok(RunCheck {
            same,
            differing,
            records: records.collect(),
        })
    })
}

fn checked(seen: SeenRecord, person: Option<Person>, object: &TargetObject) -> CheckedRecord {
    let fields = seen.fields.into_iter().map(|field| CheckedField {
        label: object
            .field(&field.field)
            .map_or_else(|| field.field.clone(), |known| known.label.clone()),
        field: field.field,
        sent: field.sent,
        held: field.held,
        same: field.same,
    });
    CheckedRecord {
        fields: fields.collect(),
        person: person.unwrap_or_else(|| Person::gone(&seen.guid)),
        record_id: seen.record_id,
        created: seen.created,
        gone: seen.gone,
    }
}
