//! Contacts that the latest plan would do nothing about, and why.

use std::collections::BTreeMap;

use leadferry_replication::plan::{WhyNot, why_not};
use leadferry_replication::setup::Setup;
use leadferry_store::{ContactId, UnplannedQuery};
use serde::{Deserialize, Serialize};

use super::person::{Person, people};
use super::planned::MOST;
use crate::{Result, Workspace};

/// Which of the contacts that the latest plan would do nothing about are asked for.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct UnplannedRequest {
    /// The replication.
    pub name: String,
    /// Those that are selected and the same; else those that are left out.
    pub unchanged: bool,
    /// Only those of this reason.
    pub why: Option<WhyNot>,
    /// Starts of words of their names, email or company.
    pub search: Option<String>,
    /// Where the page before ended.
    pub after: Option<ContactId>,
    /// Length of the page, 500 at most.
    pub limit: usize,
}

/// A contact that the latest plan would do nothing about.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct UnplannedLine {
    /// Who it is.
    #[serde(flatten)]
    pub person: Person,
    /// Why.
    pub why: WhyNot,
}

/// A page of contacts that the latest plan would do nothing about.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct UnplannedPage {
    /// The contacts, in the order in which they came.
    pub contacts: Vec<UnplannedLine>,
    /// Ask with this for the next page; none on the last one. A page may be short, or empty, with more to come.
    pub next: Option<ContactId>,
}

/// Contacts that the latest plan would do nothing about, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct UnplannedReason {
    /// Why.
    pub why: WhyNot,
    /// How many.
    pub contacts: u64,
}

/// Returns why the latest plan would do nothing about contacts, the most frequent reason first; none where there is no plan.
/// Visits every contact.
///
/// # Errors
/// As [`unplanned`].
pub fn unplanned_reasons(workspace: &Workspace, name: &str) -> Result<Vec<UnplannedReason>> {
    let now = workspace.host().now();
    let store = workspace.store();
    let planned = store.read(|reader| -> Result<_> {
        let replication = reader.replication_named(name)?;
        match reader.latest_plan(replication.id)? {
            Some(plan) => Ok(Some((plan.id, Setup::load(reader, replication.id, now)?))),
            None => Ok(None),
        }
    })?;
    let Some((plan, setup)) = planned else {
        return Ok(Vec::new());
    };
    let about = about(&setup, None);
    let mut counts: BTreeMap<WhyNot, u64> = BTreeMap::new();
    let mut next = Some(ContactId(0));
    while let Some(after) = next {
        let (contacts, then) =
            store.read(|reader| reader.unplanned(plan, &about, after, VISITS))?;
        next = then;
        for contact in &contacts {
            *counts.entry(why_not(contact, &setup)).or_default() += 1;
        }
    }
    let reasons = counts
        .into_iter()
        .map(|(why, contacts)| UnplannedReason { why, contacts });
    let mut reasons: Vec<_> = reasons.collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.contacts));
    Ok(reasons)
}

fn about<'a>(setup: &'a Setup, search: Option<&'a str>) -> UnplannedQuery<'a> {
    UnplannedQuery {
        replication: setup.replication.id,
        org_id: setup.org_id(),
        object: &setup.replication.object,
        selection: &setup.selection,
        search,
    }
}

/// Contacts looked at for one page at most, so that each answer is quick however rare those are that are asked for.
const VISITS: usize = 20_000;
const STRIDE: usize = 1_000;

/// Returns contacts that the latest plan would do nothing about, as they stand now; none where there is no plan.
///
/// # Errors
/// When there is no such replication, or it cannot be used as it is.
pub fn unplanned(workspace: &Workspace, request: &UnplannedRequest) -> Result<UnplannedPage> {
    let limit = request.limit.clamp(1, MOST);
    let now = workspace.host().now();
    workspace.store().read(|reader| {
        let replication = reader.replication_named(&request.name)?;
        let Some(plan) = reader.latest_plan(replication.id)? else {
            let (contacts, next) = (Vec::new(), None);
            return Ok(UnplannedPage { contacts, next });
        };
        let setup = Setup::load(reader, replication.id, now)?;
        let about = about(&setup, request.search.as_deref());
        let mut next = Some(request.after.unwrap_or(ContactId(0)));
        let mut found = Vec::new();
        for _ in 0..VISITS / STRIDE {
            let Some(after) = next.filter(|_| found.len() < limit) else {
                break;
            };
            let (contacts, then) = reader.unplanned(plan.id, &about, after, STRIDE)?;
            next = then;
            let judged = contacts
                .iter()
                .map(|contact| (contact.contact, why_not(contact, &setup)));
            found.extend(judged.filter(|(_, why)| {
                why.is_unchanged() == request.unchanged && request.why.is_none_or(|one| one == *why)
            }));
        }
        if found.len() > limit {
            found.truncate(limit);
            next = found.last().map(|(contact, _)| *contact);
        }
        let mut people = people(reader, found.iter().map(|(contact, _)| *contact))?;
        let lines = found.into_iter().filter_map(|(contact, why)| {
            let person = people.remove(&contact)?;
            Some(UnplannedLine { person, why })
        });
        Ok(UnplannedPage {
            contacts: lines.collect(),
            next,
        })
    })
}
