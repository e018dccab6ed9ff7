//! Asks the org who is there: the acting half of matching.

use std::borrow::Borrow;

use leadferry_salesforce::{Client, Record, RowAnswer};
use leadferry_store::{Batch, BatchRow, Candidate, ConnectionId, LinkState, Reader, Store};

use crate::matching::{self, Known, OrgRecord, Wanted};
use crate::setup::{Setup, no_email_because, not_filterable, target_object};
use crate::{Error, Result};

/// An org that can be asked and written to.
#[derive(Clone)]
pub struct Org {
    /// The client, signed in at its first call.
    pub client: Client,
    /// The connection that it belongs to.
    pub connection: ConnectionId,
    /// The org's id, as the connection was bound to it.
    pub org_id: String,
}

impl std::fmt::Debug for Org {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Org")
            .field("org_id", &self.org_id)
            .finish_non_exhaustive()
    }
}

/// Returns what the org has to be asked about these contacts; linked ones only where their record is to be read.
pub(crate) fn wanted(
    reader: &Reader<'_>,
    candidates: &[impl Borrow<Candidate>],
    setup: &Setup,
) -> Result<Vec<Wanted>> {
    let candidates = candidates.iter().map(Borrow::borrow);
    let ids: Vec<_> = candidates
        .clone()
        .map(|candidate| candidate.contact.id)
        .collect();
    let mut aliases = reader.aliases(&ids)?;
    Ok(candidates
        .filter_map(|candidate| {
            // A deleted record may have been restored from the recycle bin.
            let link = candidate
                .link
                .clone()
                .filter(|link| link.state != LinkState::Converted);
            let linked = link
                .as_ref()
                .is_some_and(|link| link.state == LinkState::Linked);
            if setup.due_copy(candidate).is_some() {
                // The record is known.
                return None;
            }
            let seeks = setup.seeks_records(candidate);
            if linked && !setup.reads(candidate) && !seeks {
                return None;
            }
            let by_email = !linked && matching::looks_by_email(candidate, setup);
            let mut guids = vec![candidate.contact.guid.clone()];
            guids.extend(aliases.remove(&candidate.contact.id).unwrap_or_default());
            Some(Wanted {
                contact: candidate.contact.id,
                guids,
                email_key: candidate.email_key.clone().filter(|_| by_email || seeks),
                by_email,
                link,
            })
        })
        .collect())
}

/// Asks the org.
///
/// # Errors
/// What keeps the org from answering.
pub(crate) async fn ask(
    org: &Org,
    store: &Store,
    wanted: &[Wanted],
    setup: &Setup,
) -> Result<Known> {
    if let Some(why) = &setup.no_email
        && wanted.iter().any(|one| one.email_key.is_some())
    {
        return Err(Error::EmailMatching(why.clone()));
    }
    let mut known = Known::default();
    let sees_accounts = store.read(|reader| sees_accounts(reader, setup))?;
    let mut parts = vec![wanted];
    while let Some(part) = parts.pop() {
        let questions = matching::questions(part, setup, sees_accounts);
        match query(&org.client, questions).await {
            Ok(records) => take(&mut known, records, setup),
            // A gateway before the org takes no question of this size.
            Err(Error::Salesforce(error)) if error.is_too_large() && part.len() > 1 => {
                parts.extend(<[_; 2]>::from(part.split_at(part.len() / 2)));
            }
            Err(error) => return Err(of_email(error)),
        }
    }
    let winners = matching::winners(&known);
    if !winners.is_empty() {
        let more = query(
            &org.client,
            matching::question_for(winners, setup, sees_accounts),
        )
        .await?;
        take(&mut known, more, setup);
    }
    let ids: Vec<String> = known.records.keys().cloned().collect();
    store.read(|reader| -> Result<()> {
        for link in reader.links_to_records(&org.org_id, &ids)? {
            let person = reader.resolve_contact(link.contact)?;
            if person != link.contact {
                known.left_over.insert(link.record_id.clone());
            }
            known.links.insert(link.record_id, person);
        }
        Ok(())
    })?;
    Ok(known)
}

/// Names the records that refused rows were held to be duplicates of, as far as the org tells.
pub(crate) async fn name_duplicates(
    org: &Org,
    store: &Store,
    batch: &Batch,
    rows: &[BatchRow],
    answers: &mut [RowAnswer],
    setup: &Setup,
) -> Result<()> {
    if !matching::has_duplicates(answers) {
        return Ok(());
    }
    let sees_accounts = store.read(|reader| sees_accounts(reader, setup))?;
    let questions = matching::questions_about_duplicates(rows, answers, setup, sees_accounts);
    let mut known = Known::default();
    // Names are a courtesy: an org that doesn't tell them changes nothing about the refusal.
    let records = query(&org.client, questions).await.unwrap_or_default();
    take(&mut known, records, setup);
    let known: Vec<OrgRecord> = known.records.into_values().collect();
    matching::name_duplicates(rows, answers, &known, batch.allow_duplicates);
    Ok(())
}

/// Says that nobody can be matched by email, where the org refused a question because it can't filter by it.
fn of_email(error: Error) -> Error {
    let Error::Salesforce(refusal) = &error else {
        return error;
    };
    match refusal.unfilterable() {
        Some("Email") => Error::EmailMatching(no_email_because(&not_filterable("Email", None))),
        _ => error,
    }
}

/// Tells whether this user sees the account of a contact record.
fn sees_accounts(reader: &Reader<'_>, setup: &Setup) -> Result<bool> {
    let contact = target_object(reader, setup.replication.connection, "Contact")?;
    Ok(contact.described && contact.lookup("Account").is_some())
}

async fn query(client: &Client, questions: Vec<String>) -> Result<Vec<Record>> {
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    Ok(client
        .queries(&questions, true)
        .await?
        .into_iter()
        .flatten()
        .collect())
}

fn take(known: &mut Known, records: Vec<Record>, setup: &Setup) {
    let records = records
        .into_iter()
        .filter_map(|record| matching::org_record(record, setup));
    known
        .records
        .extend(records.map(|record: OrgRecord| (record.id.clone(), record)));
}
