//! Salesforce's data beside a contact: the mirrored records that the contact is linked to, with their account.

use std::collections::BTreeSet;

use leadferry_replication::pulling::{From, Question, choose, record};
use leadferry_salesforce::{Describe, Id};
use leadferry_store::{Connection, Link, LinkState, Mirror, MirrorField, Reader};
use serde::{Deserialize, Serialize};

use super::MirroredRecord;
use super::naming::names;
use super::records::shown;
use crate::{Error, Result, Workspace, orgs};

/// The contact whose records are wanted.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct AskBeside {
    /// The contact, by guid or email.
    pub contact: String,
    /// Reads the records from Salesforce first, with one call for each.
    #[serde(default)]
    #[ts(as = "Option<bool>")]
    pub refresh: bool,
}

/// A record that a contact is linked to.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RecordBeside {
    /// The connection to its org, where there still is one.
    pub connection: Option<String>,
    /// The record's object.
    pub object: String,
    /// The record.
    pub record_id: String,
    /// What is known of the link: `linked`, `deleted` or `converted`.
    pub link: &'static str,
    /// What the mirror holds of it.
    pub record: Option<MirroredRecord>,
    /// What the mirror holds of its account.
    pub account: Option<MirroredRecord>,
    /// What the mirror holds of the user who owns it.
    pub owner: Option<MirroredRecord>,
    /// When the pull of its object last ended, UTC milliseconds.
    pub read_at: Option<i64>,
}

/// Salesforce's data beside a contact.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct BesideContact {
    /// The records that the contact is linked to; none where it is linked to nothing.
    pub records: Vec<RecordBeside>,
    /// API calls that this took.
    pub calls: u64,
}

/// Returns the mirrored records that a contact is linked to.
///
/// # Errors
/// When there is no such contact, or a refresh is asked for and the org doesn't answer.
pub async fn of_contact(workspace: &Workspace, request: &AskBeside) -> Result<BesideContact> {
    let store = workspace.store();
    let contact = store.read(|reader| reader.find_contact(&request.contact))?;
    let mut calls = 0;
    if request.refresh {
        let links = store.read(|reader| reader.links_of(contact))?;
        for link in links.iter().filter(|link| link.state == LinkState::Linked) {
            calls += refresh(workspace, link).await?;
        }
    }
    let records = store.read(|reader| {
        let links = reader.links_of(contact)?.into_iter();
        links
            .map(|link| beside(reader, &link))
            .collect::<Result<Vec<_>>>()
    })?;
    Ok(BesideContact { records, calls })
}

fn connection_to(reader: &Reader<'_>, org_id: &str) -> Result<Option<Connection>> {
    let mut connections = reader.connections()?.into_iter();
    Ok(connections.find(|connection| connection.org_id.as_deref() == Some(org_id)))
}

fn beside(reader: &Reader<'_>, link: &Link) -> Result<RecordBeside> {
    let record = mirrored(reader, &link.org_id, &link.object, &link.record_id)?;
    let behind = |field: &str, object: &str| match record.as_ref().and_then(|one| id_in(one, field))
    {
        Some(id) => mirrored(reader, &link.org_id, object, &id),
        None => Ok(None),
    };
    let (account, owner) = (behind("AccountId", "Account")?, behind("OwnerId", "User")?);
    let read_at = match reader.other_pull_of(&link.org_id, &link.object, None)? {
        Some(pull) => {
            let runs = reader.pull_runs(reader.pull_named(&pull)?.id, 1)?;
            runs.first().and_then(|run| run.ended_at)
        }
        None => None,
    };
    Ok(RecordBeside {
        connection: connection_to(reader, &link.org_id)?.map(|connection| connection.name),
        object: link.object.clone(),
        record_id: link.record_id.clone(),
        link: link.state.name(),
        record,
        account,
        owner,
        read_at,
    })
}

fn mirrored(
    reader: &Reader<'_>,
    org_id: &str,
    object: &str,
    id: &str,
) -> Result<Option<MirroredRecord>> {
    let Some(mirror) = reader.mirror_of(org_id, object)? else {
        return Ok(None);
    };
    let Some(row) = reader.mirrored_record(&mirror, id)? else {
        return Ok(None);
    };
    let fields: Vec<_> = mirror.fields.iter().collect();
    let names = names(reader, &mirror, &fields, std::slice::from_ref(&row))?;
    Ok(Some(shown(&mirror, row, &names)))
}

fn id_in(record: &MirroredRecord, reference: &str) -> Option<String> {
    let mut fields = record.fields.iter();
    let field = fields.find(|field| field.name == reference)?;
    match &field.value {
        crate::search::Cell::Text(id) => Some(id.clone()),
        _ => None,
    }
}

/// Reads one record into the mirror, and returns how many calls that took; none where its object isn't mirrored.
async fn refresh(workspace: &Workspace, link: &Link) -> Result<u64> {
    let store = workspace.store();
    let (mirror, connection) = store.read(|reader| {
        let mirror = reader.mirror_of(&link.org_id, &link.object)?;
        Ok::<_, Error>((mirror, connection_to(reader, &link.org_id)?))
    })?;
    let (Some(mirror), Some(connection)) = (mirror, connection) else {
        return Ok(0);
    };
    let kept = store.read(|reader| reader.describe(connection.id, &link.object))?;
    let Some(kept) = kept else {
        return Ok(0);
    };
    let describe = Describe::parse(&kept.body)?;
    let question = one_record(&describe, &mirror, &link.record_id)?;
    let org = orgs::org(workspace, connection.id).await?;
    let before = org.client.traffic().calls;
    let page = org
        .client
        .first_page(&question.soql(&From::Start), question.all)
        .await;
    orgs::keep_allowance(workspace, connection.id, &org.client)?;
    let records: Vec<_> = page?
        .records
        .iter()
        .filter_map(|found| record(found, &question))
        .collect();
    let fields: Vec<&MirrorField> = question.fields.iter().collect();
    store.write(|writer| writer.write_mirror_page(&mirror, &fields, &records, 0))?;
    Ok(org.client.traffic().calls.saturating_sub(before))
}

fn one_record(describe: &Describe, mirror: &Mirror, id: &str) -> Result<Question> {
    let id = Id::parse(id)?;
    let names: BTreeSet<String> = mirror.fields.iter().map(|f| f.name.clone()).collect();
    let names: Vec<String> = names.into_iter().collect();
    let plan = choose(describe, Some(&names)).plan;
    let filter = format!("Id = '{}'", id.as_str());
    Ok(Question::of(describe, mirror, &plan, Some(filter)))
}
