//! The plan that is kept: its counts, and its contacts page by page.

use leadferry_replication::PlanCounts;
use leadferry_replication::plan::KeptCounts;
use leadferry_store::{Allowance, ContactId, PlanDecision, StoredPlan};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::person::{Person, people};
use crate::{Result, Workspace, mappings};

/// Rows of a page at most.
pub(super) const MOST: usize = 500;

/// The latest plan of a replication, as it was made.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct KeptPlan {
    /// How many contacts would be created, updated, and so on, and what it costs.
    pub counts: PlanCounts,
    /// Whether the org was asked.
    pub matched: bool,
    /// Contacts that a run would cut values of.
    pub cut: u64,
    /// When it was made, UTC milliseconds.
    pub made_at: i64,
    /// Contacts, settings, mapping or the org's fields have changed since.
    pub stale: bool,
    /// The org's allowance of API calls, when last seen.
    pub allowance: Option<Allowance>,
}

/// Returns the latest plan without making one; none where there is none yet.
///
/// # Errors
/// When there is no such replication.
pub fn latest_plan(workspace: &Workspace, name: &str) -> Result<Option<KeptPlan>> {
    let now = workspace.host().now();
    Ok(workspace.store().read(|reader| {
        let replication = reader.replication_named(name)?;
        let Some(plan) = reader.latest_plan(replication.id)? else {
            return Ok(None);
        };
        let connection = replication
            .connection
            .map(|id| reader.connection(id))
            .transpose()?;
        let describe = match replication.connection {
            Some(id) => reader
                .describe(id, &replication.object)?
                .map_or(0, |kept| kept.version),
            None => 0,
        };
        let versions = &plan.versions;
        let stale = plan.seq != reader.sequence()?
            || versions.settings != replication.settings_version
            || versions.mapping != replication.mapping_version
            || versions.describe != describe
            || versions.periods != mappings::periods_passed(reader, replication.id, now)?;
        let KeptCounts { counts, cut, .. } = KeptCounts::of(&plan);
        let StoredPlan {
            matched, made_at, ..
        } = plan;
        Ok::<_, leadferry_store::Error>(Some(KeptPlan {
            counts,
            matched,
            cut,
            made_at,
            stale,
            allowance: connection.and_then(|connection| connection.allowance),
        }))
    })?)
}

/// Which contacts of the latest plan are asked for.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct PlannedQuery {
    /// The replication.
    pub name: String,
    /// What a run would do with them.
    pub decision: PlanDecision,
    /// The last one of the page before.
    pub after: Option<ContactId>,
    /// Length of the page, 500 at most.
    pub limit: usize,
}

/// A contact of the latest plan.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct PlannedLine {
    /// The contact's row, for the next page.
    pub id: ContactId,
    /// Who it is.
    #[serde(flatten)]
    pub person: Person,
    /// The record to update, where known.
    pub record_id: Option<String>,
    /// Why it is blocked: code.
    pub code: Option<String>,
    /// Why it is blocked, and what to do.
    pub message: Option<String>,
    /// Candidates; what would be cut.
    pub detail: Value,
}

/// A page of the latest plan's contacts.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct PlannedPage {
    /// The contacts, in the order in which they came.
    pub contacts: Vec<PlannedLine>,
    /// Ask with this for the next page; none on the last one.
    pub next: Option<ContactId>,
}

/// Returns contacts of the latest plan; none where there is no plan.
///
/// # Errors
/// When there is no such replication.
pub fn page(workspace: &Workspace, query: &PlannedQuery) -> Result<PlannedPage> {
    let limit = query.limit.min(MOST);
    Ok(workspace.store().read(|reader| {
        let replication = reader.replication_named(&query.name)?;
        let Some(plan) = reader.latest_plan(replication.id)? else {
            return Ok(PlannedPage {
                contacts: Vec::new(),
                next: None,
            });
        };
        let after = query.after.unwrap_or(ContactId(0));
        let mut rows = reader.plan_rows(plan.id, Some(query.decision), after, limit + 1)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| row.contact);
        let mut people = people(reader, rows.iter().map(|row| row.contact))?;
        let lines = rows.into_iter().filter_map(|row| {
            Some(PlannedLine {
                id: row.contact,
                person: people.remove(&row.contact)?,
                record_id: row.record_id,
                code: row.code,
                message: row.message,
                detail: row.detail,
            })
        });
        Ok::<_, leadferry_store::Error>(PlannedPage {
            contacts: lines.collect(),
            next,
        })
    })?)
}
