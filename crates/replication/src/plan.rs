//! Makes a plan: what a run would do, contact by contact. Changes nothing but the kept plan.

mod difference;
mod planner;
mod unplanned;
mod unsent;

use std::collections::BTreeMap;
use std::sync::Arc;

use leadferry_store::{
    Allowance, Candidate, ContactId, Cursor, EntryState, PlanDecision, PlanFilter, PlanId,
    QueueCause, QueuePlace, ReplicationId, Scope, Store, StoredPlan, crash_point,
};
use serde::{Deserialize, Serialize};

use crate::api::ApiCosts;
use crate::asking::{Org, ask, wanted};
use crate::backoff::Policy;
use crate::consent_syncs::WAITING_FOR_MATCH;
use crate::mapping::Finding as MappingFinding;
use crate::progress::{Progress, Stage, Step};
use crate::run::{Clock, keep_reserve};
use crate::setup::Setup;
use crate::{Error, Result};
use planner::Planner;

pub use difference::{Before, Change, Difference, Kept, KeptWhy, Same, difference};
pub use unplanned::{WhyNot, why_not};

/// Contacts considered together.
pub(crate) const PAGE: usize = 1_000;

/// The counts of a plan; each contact counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct PlanCounts {
    /// Records to be created.
    pub create: u64,
    /// Records to be updated.
    pub update: u64,
    /// Create or update: known once the org was asked.
    pub match_pending: u64,
    /// Selected, but nothing differs.
    pub unchanged: u64,
    /// Need a person.
    pub blocked: u64,
    /// Not selected.
    pub left_out: u64,
    /// API calls that a run would need, at most one more per page of long answers.
    pub calls: u64,
}

/// The counts as they are kept with a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptCounts {
    /// What each contact comes to.
    #[serde(flatten)]
    pub counts: PlanCounts,
    /// How the rows are sent, and what that costs; `None` in plans of earlier versions.
    pub api: Option<ApiCosts>,
    /// Contacts that a run would cut values of.
    pub cut: u64,
    /// Contacts of whom a value would not go as it is: cut, left out, changed.
    pub remarked: u64,
    /// Built-in contact fields that hold values and go nowhere, and how many of the selected contacts have one.
    pub unsent: BTreeMap<String, u64>,
}

impl KeptCounts {
    /// Reads the counts of a kept plan; what is missing counts as none.
    pub fn of(plan: &StoredPlan) -> Self {
        serde_json::from_value(plan.counts.clone()).unwrap_or_default()
    }
}

/// A plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Id, for reading its contacts.
    pub id: PlanId,
    /// Counts.
    pub counts: PlanCounts,
    /// How the rows are sent, and what that costs.
    pub api: ApiCosts,
    /// Whether the org was asked.
    pub matched: bool,
    /// The org's allowance of API calls, when last seen.
    pub allowance: Option<Allowance>,
    /// What was found about the mapping.
    pub findings: Vec<MappingFinding>,
    /// Contacts that a run would cut values of.
    pub cut: u64,
    /// Contacts of whom a value would not go as it is: cut, left out, changed.
    pub remarked: u64,
    /// Built-in contact fields that hold values and go nowhere, and how many of the selected contacts have one.
    pub unsent: BTreeMap<String, u64>,
    /// Records that would be read before they are updated.
    pub reads: u64,
}

/// Makes a plan without asking the org.
///
/// # Errors
/// When the replication cannot be used as it is, or the workspace cannot be read; [`Error::Cancelled`] when `progress`
/// says so.
pub fn plan(
    store: &Store,
    replication: ReplicationId,
    now: i64,
    progress: &dyn Progress,
) -> Result<Plan> {
    let (setup, planner) = go_over(store, replication, false, now, progress)?;
    planner.finish(store, &setup)
}

/// Makes a plan and finds every person in the org; the findings are kept with the plan only.
///
/// # Errors
/// As [`plan`], and when the org cannot be asked.
pub async fn find_people(
    store: &Arc<Store>,
    replication: ReplicationId,
    org: &Org,
    clock: &Clock,
    policy: &Policy,
    progress: &dyn Progress,
) -> Result<Plan> {
    let (setup, mut planner) = go_over(store, replication, true, clock(), progress)?;
    keep_reserve(store, org, &setup, policy, clock())?;
    let total = planner.counts.match_pending + planner.counts.update;
    let mut after = ContactId(0);
    let mut done = 0;
    loop {
        let rows = store.read(|reader| {
            reader.plan_rows(planner.id, &PlanFilter::default(), after, policy.chunk)
        })?;
        let Some(last) = rows.last() else { break };
        after = last.contact;
        if !progress.goes_on() {
            return Err(Error::Cancelled);
        }
        let ids: Vec<_> = rows
            .iter()
            .filter(|row| row.decision != PlanDecision::Blocked)
            .map(|row| row.contact)
            .collect();
        let (candidates, wanted) = store.read(|reader| -> Result<_> {
            let candidates = reader.candidates(&setup.query(), &ids)?;
            let wanted = wanted(reader, &candidates, &setup)?;
            Ok((candidates, wanted))
        })?;
        let known = ask(org, store, &wanted, &setup).await?;
        planner.take_findings(store, &setup, &candidates, &wanted, &known)?;
        crash_point("planning.found");
        done += ids.len() as u64;
        progress.step(&Step {
            stage: Stage::Matching,
            done,
            total,
            calls: org.client.traffic().calls,
        });
    }
    planner.finish(store, &setup)
}

fn go_over(
    store: &Store,
    replication: ReplicationId,
    matched: bool,
    now: i64,
    progress: &dyn Progress,
) -> Result<(Setup, Planner)> {
    let (setup, seq) = store.read(|reader| -> Result<_> {
        Ok((Setup::load(reader, replication, now)?, reader.sequence()?))
    })?;
    let id =
        store.write(|writer| writer.begin_plan(replication, seq, setup.versions, matched, now))?;
    let mut planner = Planner::new(id, matched);
    let total = store.read(|reader| reader.live_contacts())?;
    let mut done = 0;
    for_each_page(store, &setup, &mut |candidates| {
        done += candidates.len() as u64;
        planner.take_page(store, &setup, candidates, progress)?;
        crash_point("planning.page");
        progress.step(&Step {
            stage: Stage::Planning,
            done: done.min(total),
            total,
            calls: 0,
        });
        Ok(())
    })?;
    planner.count_rest(store, &setup)?;
    planner.unsent = unsent::unsent(store, &setup)?;
    Ok((setup, planner))
}

/// Visits every contact that has to be judged: the pass's scope, then entries that stand open from before.
fn for_each_page(
    store: &Store,
    setup: &Setup,
    visit: &mut dyn FnMut(&[Candidate]) -> Result<()>,
) -> Result<()> {
    let (id, scope) = (setup.replication.id, setup.scope());
    let mut cursor = Cursor::default();
    loop {
        let (ids, next) = store.read(|reader| reader.selection_page(id, &scope, cursor, PAGE))?;
        if ids.is_empty() {
            break;
        }
        cursor = next;
        visit(&store.read(|reader| reader.candidates(&setup.query(), &ids))?)?;
    }
    let Scope::Since(seq) = scope else {
        return Ok(());
    };
    let waiting = QueueCause {
        code: WAITING_FOR_MATCH,
        run: None,
    };
    for (state, cause) in [
        (EntryState::Pending, None),
        (EntryState::Sending, None),
        (EntryState::Blocked, None),
        (EntryState::GivenUp, None),
        (EntryState::Withdrawn, Some(waiting)),
    ] {
        let mut after = QueuePlace::default();
        loop {
            let entries = store.read(|reader| reader.queue_page(id, state, cause, after, PAGE))?;
            let Some(last) = entries.last() else { break };
            after = last.place();
            let ids: Vec<_> = entries.iter().map(|entry| entry.contact).collect();
            let mut candidates = store.read(|reader| reader.candidates(&setup.query(), &ids))?;
            candidates.retain(|candidate| candidate.contact.seq <= seq);
            visit(&candidates)?;
        }
    }
    Ok(())
}
