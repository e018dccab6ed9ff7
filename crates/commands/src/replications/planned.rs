//! The plan that is kept: its counts, and its contacts page by page.

use leadferry_replication::mapping::RemarkKind;
use leadferry_replication::plan::KeptCounts;
use leadferry_replication::{ApiCosts, CallBudget, PlanCounts};
use leadferry_store::{ContactId, PlanDecision, PlanFilter, PlanRow, Reader, StoredPlan};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::person::{Person, people};
use super::remarks::{UnsentField, unsent, with_others};
use crate::causes::{Candidate, Cure, candidates, cures};
use crate::diagnosis::explained;
use crate::{Result, Workspace, mappings, orgs};

/// Rows of a page at most.
pub(super) const MOST: usize = 500;

/// The latest plan of a replication, as it was made.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct KeptPlan {
    /// How many contacts would be created, updated, and so on, and what it costs.
    pub counts: PlanCounts,
    /// Which of Salesforce's APIs sends them, why, and what each costs; `None` in plans of earlier versions.
    pub api: Option<ApiCosts>,
    /// Whether the org was asked.
    pub matched: bool,
    /// Contacts that a run would cut values of.
    pub cut: u64,
    /// Contacts of whom a value would not go as it is: cut, left out, changed.
    pub remarked: u64,
    /// Contact fields that hold values and go nowhere.
    pub unsent: Vec<UnsentField>,
    /// When it was made, UTC milliseconds.
    pub made_at: i64,
    /// Contacts, settings, mapping or the org's fields have changed since.
    pub stale: bool,
    /// The API calls that a run may make now; `None` where the org has told nothing yet.
    pub budget: Option<CallBudget>,
}

/// Returns the latest plan without making one; none where there is none yet.
///
/// # Errors
/// When there is no such replication.
pub fn latest_plan(workspace: &Workspace, name: &str) -> Result<Option<KeptPlan>> {
    let now = workspace.host().now();
    workspace.store().read(|reader| {
        let replication = reader.replication_named(name)?;
        let Some(plan) = reader.latest_plan(replication.id)? else {
            return Ok(None);
        };
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
        let kept = KeptCounts::of(&plan);
        let StoredPlan {
            matched, made_at, ..
        } = plan;
        Ok(Some(KeptPlan {
            counts: kept.counts,
            api: kept.api,
            matched,
            cut: kept.cut,
            remarked: kept.remarked,
            unsent: unsent(&replication.object, &kept.unsent),
            made_at,
            stale,
            budget: orgs::budget_of(workspace, reader, &replication)?,
        }))
    })
}

/// Why contacts of the latest plan are blocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PlannedReason {
    /// The code.
    pub code: String,
    /// The field that it is about, or the relationship to a parent.
    pub field: Option<String>,
    /// The code in two or three words.
    pub label: String,
    /// Why, with some of the values, and what to do.
    pub message: String,
    /// How many contacts.
    pub contacts: u64,
    /// What can be done about all of them.
    pub cures: &'static [Cure],
}

/// Returns why contacts of the latest plan are blocked, the most frequent reason first; none where there is no plan.
///
/// # Errors
/// When there is no such replication.
pub fn blocked_by(workspace: &Workspace, name: &str) -> Result<Vec<PlannedReason>> {
    let reasons = workspace.store().read(|reader| {
        let replication = reader.replication_named(name)?;
        match reader.latest_plan(replication.id)? {
            Some(plan) => reader.plan_reasons(plan.id),
            None => Ok(Vec::new()),
        }
    })?;
    let reasons = reasons.into_iter().map(|reason| PlannedReason {
        label: explained(&reason.code, &reason.message).label,
        cures: cures(&reason.code, &Value::Null),
        message: with_others(reason.message, &reason.values),
        code: reason.code,
        field: reason.field,
        contacts: reason.contacts,
    });
    Ok(reasons.collect())
}

/// Returns the word that plans keep.
fn word(kind: RemarkKind) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Which contacts of the latest plan are asked for.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct PlannedQuery {
    /// The replication.
    pub name: String,
    /// What a run would do with them.
    pub decision: Option<PlanDecision>,
    /// Why they are blocked, as a [`PlannedReason`] has it.
    pub code: Option<String>,
    /// The field that this is about, where it is about one.
    pub field: Option<String>,
    /// The same in words, where it is about no field.
    pub message: Option<String>,
    /// Only those of whom this becomes of a value.
    pub remark: Option<RemarkKind>,
    /// Only those of whom a value would not go as it is: cut, left out, changed.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub remarked: bool,
    /// Starts of words of their names, email or company.
    pub search: Option<String>,
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
    /// What a run would do.
    pub decision: PlanDecision,
    /// The record to update, where known.
    pub record_id: Option<String>,
    /// Why it is blocked: code.
    pub code: Option<String>,
    /// The code in two or three words.
    pub label: Option<String>,
    /// Why it is blocked, and what to do.
    pub message: Option<String>,
    /// What can be done about it before a run.
    pub cures: Vec<Cure>,
    /// Whose record it may be.
    pub candidates: Vec<Candidate>,
    /// Candidates; what would become of values that don't go as they are.
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
    workspace.store().read(|reader| {
        let replication = reader.replication_named(&query.name)?;
        let Some(plan) = reader.latest_plan(replication.id)? else {
            return Ok(PlannedPage {
                contacts: Vec::new(),
                next: None,
            });
        };
        let after = query.after.unwrap_or(ContactId(0));
        let filter = PlanFilter {
            decision: query.decision,
            code: query.code.clone(),
            message: query.message.clone(),
            field: query.field.clone().filter(|_| query.remark.is_none()),
            remark: query.remark.map(|kind| (word(kind), query.field.clone())),
            remarked: query.remarked,
            search: query.search.clone(),
        };
        let mut rows = reader.plan_rows(plan.id, &filter, after, limit + 1)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| row.contact);
        let mut people = people(reader, rows.iter().map(|row| row.contact))?;
        let org = match replication.connection {
            Some(connection) => reader.connection(connection)?.org_id,
            None => None,
        };
        let mut contacts = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(person) = people.remove(&row.contact) {
                contacts.push(line(reader, org.as_deref(), row, person)?);
            }
        }
        Ok(PlannedPage { contacts, next })
    })
}

fn line(
    reader: &Reader<'_>,
    org_id: Option<&str>,
    row: PlanRow,
    person: Person,
) -> Result<PlannedLine> {
    let message = row.message.as_deref().unwrap_or_default();
    let code = row.code.as_deref();
    let offered = code.map_or(&[][..], |code| cures(code, &row.detail));
    // Before a run there is nothing to be tried again.
    let offered = offered.iter().filter(|cure| **cure != Cure::Retry);
    Ok(PlannedLine {
        id: row.contact,
        person,
        decision: row.decision,
        record_id: row.record_id,
        label: code.map(|code| explained(code, message).label),
        cures: offered.copied().collect(),
        candidates: candidates(reader, org_id, &row.detail)?,
        code: row.code,
        message: row.message,
        detail: row.detail,
    })
}
