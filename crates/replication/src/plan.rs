//! Makes a plan: what a run would do, contact by contact. Changes nothing but the kept plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use leadferry_store::{
    Allowance, Candidate, ContactId, Cursor, EntryId, EntryState, PlanDecision, PlanId, PlanRow,
    ReplicationId, Scope, Store, crash_point,
};
use serde::Serialize;
use serde_json::json;

use crate::Result;
use crate::asking::{Org, ask, wanted};
use crate::batching::{RowBuild, update_row};
use crate::mapping::{Finding as MappingFinding, Purpose};
use crate::matching::{self, Finding, Known, Wanted};
use crate::planning::{Judgement, judge};
use crate::progress::{Progress, Stage, Step};
use crate::run::Clock;
use crate::schedule::Policy;
use crate::setup::Setup;

/// Contacts considered together.
pub(crate) const PAGE: usize = 1_000;

/// The counts of a plan; each contact counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
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

/// A plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Id, for reading its contacts.
    pub id: PlanId,
    /// Counts.
    pub counts: PlanCounts,
    /// Whether the org was asked.
    pub matched: bool,
    /// The org's allowance of API calls, when last seen.
    pub allowance: Option<Allowance>,
    /// What was found about the mapping.
    pub findings: Vec<MappingFinding>,
    /// Contacts that a run would cut values of.
    pub cut: u64,
    /// Records that would be read before they are updated.
    pub reads: u64,
}

/// Makes a plan without asking the org.
///
/// # Errors
/// When the replication cannot be used as it is, or the workspace cannot be read.
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
    let total = planner.counts.match_pending + planner.counts.update;
    let mut after = ContactId(0);
    let mut done = 0;
    loop {
        let rows = store.read(|reader| reader.plan_rows(planner.id, None, after, policy.chunk))?;
        let Some(last) = rows.last() else { break };
        after = last.contact;
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
        Ok((Setup::load(reader, replication)?, reader.sequence()?))
    })?;
    let id =
        store.write(|writer| writer.begin_plan(replication, seq, setup.versions, matched, now))?;
    let mut planner = Planner {
        id,
        matched,
        counts: PlanCounts::default(),
        cut: 0,
        reads: 0,
        asked: 0,
        due: 0,
        deleted: 0,
    };
    let total = store.read(|reader| reader.live_contacts())?;
    let mut done = 0;
    for_each_page(store, &setup, &mut |candidates| {
        done += candidates.len() as u64;
        planner.take_page(store, &setup, candidates)?;
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
        let (ids, next) = store.read(|reader| reader.selection_page(id, scope, cursor, PAGE))?;
        if ids.is_empty() {
            break;
        }
        cursor = next;
        visit(&store.read(|reader| reader.candidates(&setup.query(), &ids))?)?;
    }
    let Scope::Since(seq) = scope else {
        return Ok(());
    };
    for state in [
        EntryState::Pending,
        EntryState::Sending,
        EntryState::Blocked,
        EntryState::GivenUp,
    ] {
        let mut after = leadferry_store::EntryId(0);
        loop {
            let entries = store.read(|reader| reader.entries_page(id, Some(state), after, PAGE))?;
            let Some(last) = entries.last() else { break };
            after = last.id;
            let ids: Vec<_> = entries.iter().map(|entry| entry.contact).collect();
            let mut candidates = store.read(|reader| reader.candidates(&setup.query(), &ids))?;
            candidates.retain(|candidate| candidate.contact.seq <= seq);
            visit(&candidates)?;
        }
    }
    Ok(())
}

struct Planner {
    id: PlanId,
    matched: bool,
    counts: PlanCounts,
    cut: u64,
    reads: u64,
    /// Contacts that the org is asked about, those included that are blocked or left out for its answer.
    asked: u64,
    /// Contacts that a run would enter in its queue.
    due: u64,
    /// Contacts that were deleted here and are counted all the same, because something is to be sent for that.
    deleted: u64,
}

impl Planner {
    fn take_page(&mut self, store: &Store, setup: &Setup, candidates: &[Candidate]) -> Result<()> {
        let rows: Vec<_> = candidates
            .iter()
            .filter_map(|candidate| self.judge(candidate, setup))
            .collect();
        Ok(store.write(|writer| writer.add_plan_rows(self.id, &rows))?)
    }

    fn judge(&mut self, candidate: &Candidate, setup: &Setup) -> Option<PlanRow> {
        if let Scope::Since(_) = setup.scope()
            && candidate
                .entry
                .as_ref()
                .is_some_and(|entry| entry.state == EntryState::Done)
        {
            // Counted with the rest, and judged anew here.
            self.counts.unchanged = self.counts.unchanged.wrapping_sub(1);
        }
        let contact = candidate.contact.id;
        match judge(candidate, setup) {
            Judgement::LeftOut => None,
            Judgement::Unchanged => {
                self.counts.unchanged = self.counts.unchanged.wrapping_add(1);
                None
            }
            Judgement::Blocked(reason) => {
                self.counts.blocked += 1;
                self.deleted += u64::from(candidate.contact.deleted_at.is_some());
                Some(blocked(contact, reason))
            }
            Judgement::Match => {
                self.counts.match_pending += 1;
                self.due += 1;
                self.asked += u64::from(matching::is_asked(candidate, setup));
                Some(self.count_cuts(row(
                    contact,
                    PlanDecision::MatchPending,
                    None,
                    candidate,
                    Purpose::Create,
                    setup,
                )))
            }
            Judgement::Update(update) => {
                self.counts.update += 1;
                self.due += 1;
                self.deleted += u64::from(candidate.contact.deleted_at.is_some());
                self.reads += u64::from(setup.reads_before_update());
                self.asked += u64::from(setup.reads_before_update());
                let record = Some(update.record_id);
                Some(self.count_cuts(row(
                    contact,
                    PlanDecision::Update,
                    record,
                    candidate,
                    Purpose::Update,
                    setup,
                )))
            }
        }
    }

    fn count_cuts(&mut self, row: PlanRow) -> PlanRow {
        self.cut += u64::from(!row.detail.is_null());
        row
    }

    /// Adds what needs no judging: entries that are done, and everyone who is not selected.
    fn count_rest(&mut self, store: &Store, setup: &Setup) -> Result<()> {
        let (live, queue) = store.read(|reader| -> Result<_> {
            Ok((
                reader.live_contacts()?,
                reader.queue_counts(setup.replication.id)?,
            ))
        })?;
        if let Scope::Since(_) = setup.scope() {
            let done = queue.get(&EntryState::Done).copied().unwrap_or(0);
            self.counts.unchanged = self.counts.unchanged.wrapping_add(done);
        }
        self.count_left_out(live);
        Ok(())
    }

    fn count_left_out(&mut self, live: u64) {
        let counts = &mut self.counts;
        let selected = counts.create
            + counts.update
            + counts.match_pending
            + counts.unchanged
            + counts.blocked;
        counts.left_out = (live + self.deleted).saturating_sub(selected);
    }

    fn take_findings(
        &mut self,
        store: &Store,
        setup: &Setup,
        candidates: &[Candidate],
        wanted: &[Wanted],
        known: &Known,
    ) -> Result<()> {
        let by_contact: BTreeMap<ContactId, &Candidate> = candidates
            .iter()
            .map(|candidate| (candidate.contact.id, candidate))
            .collect();
        let mut rows = Vec::new();
        let mut left_out = Vec::new();
        for one in wanted {
            let Some(candidate) = by_contact.get(&one.contact) else {
                continue;
            };
            match self.find(candidate, one, known, setup) {
                Some(row) => rows.push(row),
                None => left_out.push(one.contact),
            }
        }
        Ok(store.write(|writer| {
            writer.add_plan_rows(self.id, &rows)?;
            writer.remove_plan_rows(self.id, &left_out)
        })?)
    }

    fn find(
        &mut self,
        candidate: &Candidate,
        one: &Wanted,
        known: &Known,
        setup: &Setup,
    ) -> Option<PlanRow> {
        let contact = candidate.contact.id;
        let counted = if one.link.is_some() {
            &mut self.counts.update
        } else {
            &mut self.counts.match_pending
        };
        *counted = counted.saturating_sub(1);
        match matching::find(one, candidate, known, setup) {
            Finding::LeftOut => {
                self.counts.left_out += 1;
                None
            }
            Finding::New => match setup.identifier() {
                Ok(()) => {
                    self.counts.create += 1;
                    Some(row(
                        contact,
                        PlanDecision::Create,
                        None,
                        candidate,
                        Purpose::Create,
                        setup,
                    ))
                }
                Err(why) => {
                    self.counts.blocked += 1;
                    Some(blocked(contact, crate::planning::no_identifier(&why)))
                }
            },
            Finding::Record {
                record_id,
                record,
                found,
                ..
            } => {
                // Some values only the org's own tell whether they go: the row is built as the run would build it.
                let record = record.as_deref();
                match update_row(candidate, EntryId(0), &record_id, record, found, setup) {
                    RowBuild::Nothing(_) => {
                        self.counts.unchanged += 1;
                        None
                    }
                    RowBuild::Blocked(reason) => {
                        self.counts.blocked += 1;
                        Some(blocked(contact, reason))
                    }
                    RowBuild::Row(_) => {
                        self.counts.update += 1;
                        Some(row(
                            contact,
                            PlanDecision::Update,
                            Some(record_id),
                            candidate,
                            Purpose::Update,
                            setup,
                        ))
                    }
                }
            }
            Finding::Converted { .. } if setup.goes_on_as_contact() => {
                self.counts.left_out += 1;
                None
            }
            Finding::Converted { .. } => {
                self.counts.blocked += 1;
                Some(blocked(contact, crate::planning::converted()))
            }
            Finding::Deleted { reason, .. } | Finding::Blocked(reason) => {
                self.counts.blocked += 1;
                Some(blocked(contact, reason))
            }
        }
    }

    /// Returns the API calls that a run needs: one look at the describe, one question per 2,000 people to find or read,
    /// one request per batch. What is still to be matched counts as created.
    fn calls(&self, setup: &Setup) -> u64 {
        let sends = |rows: u64| rows.div_ceil(u64::from(setup.settings.batch_size));
        u64::from(self.due > 0)
            + self.asked.div_ceil(2_000)
            + sends(self.counts.match_pending + self.counts.create)
            + sends(self.counts.update)
    }

    fn finish(mut self, store: &Store, setup: &Setup) -> Result<Plan> {
        self.counts.calls = self.calls(setup);
        let counts = serde_json::to_value(self.counts).unwrap_or_default();
        store.write(|writer| writer.finish_plan(setup.replication.id, self.id, &counts))?;
        crash_point("planning.finished");
        Ok(Plan {
            id: self.id,
            counts: self.counts,
            matched: self.matched,
            allowance: setup
                .connection
                .as_ref()
                .and_then(|connection| connection.allowance),
            findings: setup.warnings.clone(),
            cut: self.cut,
            reads: self.reads,
        })
    }
}

/// Notes what would be done with a contact, and what of its values would be cut.
fn row(
    contact: ContactId,
    decision: PlanDecision,
    record_id: Option<String>,
    candidate: &Candidate,
    purpose: Purpose,
    setup: &Setup,
) -> PlanRow {
    let cuts = setup.map(candidate, purpose).cuts;
    let detail = if cuts.is_empty() {
        serde_json::Value::Null
    } else {
        json!({ "cuts": cuts })
    };
    PlanRow {
        contact,
        decision,
        record_id,
        code: None,
        message: None,
        detail,
    }
}

fn blocked(contact: ContactId, reason: leadferry_store::Reason) -> PlanRow {
    PlanRow {
        contact,
        decision: PlanDecision::Blocked,
        record_id: None,
        code: Some(reason.code),
        message: Some(reason.message),
        detail: reason.detail,
    }
}
