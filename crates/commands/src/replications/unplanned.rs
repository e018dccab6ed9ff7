//! Contacts that the latest plan would do nothing about, and why.

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
        let about = UnplannedQuery {
            replication: replication.id,
            org_id: setup.org_id(),
            object: &replication.object,
            selection: &setup.selection,
        };
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
            found.extend(judged.filter(|(_, why)| why.is_unchanged() == request.unchanged));
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
