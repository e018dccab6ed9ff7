//! Counts what each contact comes to, and keeps those of which something would be done.

use std::collections::BTreeMap;

use leadferry_store::{
    Candidate, ContactId, EntryId, EntryState, Hashes, PlanDecision, PlanId, PlanRow, Reason,
    Scope, Store, crash_point,
};
use serde_json::{Map, Value, json};

use super::{KeptCounts, Plan, PlanCounts};
use crate::api::ApiCosts;
use crate::batching::{RowBuild, update_row};
use crate::mapping::{Mapped, Purpose};
use crate::matching::{self, Finding, Known, OrgRecord, Wanted};
use crate::planning::{Judgement, foresee, judge, judge_person, judge_record};
use crate::progress::Progress;
use crate::setup::Setup;
use crate::{Error, Result};

/// A plan in the making.
pub(super) struct Planner {
    pub(super) id: PlanId,
    matched: bool,
    pub(super) counts: PlanCounts,
    cut: u64,
    remarked: u64,
    /// Contact fields that hold values and go nowhere.
    pub(super) unsent: BTreeMap<String, u64>,
    reads: u64,
    /// Contacts that the org is asked about, those included that are blocked or left out for its answer.
    asked: u64,
    /// Contacts that a run would enter in its queue.
    due: u64,
    /// Contacts that were deleted here and are counted all the same, because something is to be sent for that.
    deleted: u64,
}

impl Planner {
    pub(super) fn new(id: PlanId, matched: bool) -> Self {
        Self {
            id,
            matched,
            counts: PlanCounts::default(),
            cut: 0,
            remarked: 0,
            unsent: BTreeMap::new(),
            reads: 0,
            asked: 0,
            due: 0,
            deleted: 0,
        }
    }

    pub(super) fn take_page(
        &mut self,
        store: &Store,
        setup: &Setup,
        candidates: &[Candidate],
        progress: &dyn Progress,
    ) -> Result<()> {
        let mut rows = Vec::new();
        for candidate in candidates {
            // A template may take milliseconds.
            if !progress.goes_on() {
                return Err(Error::Cancelled);
            }
            rows.extend(self.judge(candidate, setup));
        }
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
        let judgement = match self.matched {
            true => judge(candidate, setup),
            false => foresee(candidate, setup),
        };
        match judgement {
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
            Judgement::Match(mapped) => {
                self.counts.match_pending += 1;
                self.due += 1;
                self.asked += u64::from(matching::is_asked(candidate, setup));
                let mapped =
                    mapped.map_or_else(|| setup.map(candidate, Purpose::Create), |mapped| *mapped);
                let row = row(contact, PlanDecision::MatchPending, None, &mapped);
                Some(self.count_cuts(row))
            }
            Judgement::Seek => {
                self.counts.match_pending += 1;
                self.due += 1;
                self.asked += 1;
                Some(no_row(contact, PlanDecision::MatchPending, None))
            }
            Judgement::Copy(copy) => {
                self.counts.update += 1;
                self.due += 1;
                Some(no_row(contact, PlanDecision::Update, Some(copy.record_id)))
            }
            Judgement::Update(update) => {
                self.counts.update += 1;
                self.due += 1;
                self.deleted += u64::from(candidate.contact.deleted_at.is_some());
                self.reads += u64::from(setup.reads(candidate));
                self.asked += u64::from(setup.reads(candidate));
                let mapped = setup.map(candidate, Purpose::Update);
                let record = Some(update.record_id);
                let mut row = row(contact, PlanDecision::Update, record, &mapped);
                add_detail(&mut row, "fields", update.values.len().into());
                Some(self.count_cuts(row))
            }
        }
    }

    fn count_cuts(&mut self, row: PlanRow) -> PlanRow {
        self.cut += u64::from(row.detail.get("cuts").is_some());
        self.remarked += u64::from(row.detail.get("remarks").is_some());
        row
    }

    /// Adds what needs no judging: entries that are done, and everyone who is not selected.
    pub(super) fn count_rest(&mut self, store: &Store, setup: &Setup) -> Result<()> {
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

    pub(super) fn take_findings(
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
        let seeks = matches!(judge_person(candidate, setup), Judgement::Seek);
        let counted = if one.is_linked() && !seeks {
            &mut self.counts.update
        } else {
            &mut self.counts.match_pending
        };
        *counted = counted.saturating_sub(1);
        let finding = matching::find(one, candidate, known, setup);
        let goes = !seeks && matches!(finding, Finding::Record { .. } | Finding::New);
        if !goes && let Some(record_id) = refused_elsewhere(one, candidate, known, setup) {
            self.counts.update += 1;
            return Some(no_row(contact, PlanDecision::Update, Some(record_id)));
        }
        if seeks {
            return self.without_refusals(candidate, setup);
        }
        match finding {
            Finding::LeftOut | Finding::Partner { .. } | Finding::Copy { .. } => {
                self.counts.left_out += 1;
                None
            }
            Finding::New => match new_record(candidate, setup) {
                Ok(mapped) => {
                    self.counts.create += 1;
                    Some(row(contact, PlanDecision::Create, None, &mapped))
                }
                Err(reason) => {
                    self.counts.blocked += 1;
                    Some(blocked(contact, reason))
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
                    RowBuild::Row(new) => {
                        self.counts.update += 1;
                        let mapped = setup.map(candidate, Purpose::Update);
                        let mut row = row(contact, PlanDecision::Update, Some(record_id), &mapped);
                        add_detail(&mut row, "fields", sent_fields(&new.payload).into());
                        if let Some(record) = record {
                            add_detail(&mut row, "now", now(record, &new.hashes, setup).into());
                        }
                        Some(row)
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

    /// Counts a contact of whom only a no could have gone, and no record takes it.
    fn without_refusals(&mut self, candidate: &Candidate, setup: &Setup) -> Option<PlanRow> {
        match judge_record(candidate, setup) {
            Judgement::Blocked(reason) => {
                self.counts.blocked += 1;
                Some(blocked(candidate.contact.id, reason))
            }
            Judgement::Unchanged => {
                self.counts.unchanged = self.counts.unchanged.wrapping_add(1);
                None
            }
            _ => {
                self.counts.left_out += 1;
                None
            }
        }
    }

    /// Returns the API calls that a run needs: one look at the describe, one question per 2,000 people to find or read,
    /// and those that send. What is still to be matched counts as created.
    fn api(&self, setup: &Setup) -> ApiCosts {
        let others = u64::from(self.due > 0) + self.asked.div_ceil(2_000);
        let creates = self.counts.match_pending + self.counts.create;
        ApiCosts::of(&setup.settings, creates, self.counts.update, others)
    }

    pub(super) fn finish(mut self, store: &Store, setup: &Setup) -> Result<Plan> {
        let api = self.api(setup);
        self.counts.calls = api.calls();
        if self.remarked > 0 {
            // Who was found in the org may be there as they are.
            self.remarked = store.read(|reader| reader.remarked_count(self.id))?;
        }
        let kept = KeptCounts {
            counts: self.counts,
            api: Some(api),
            cut: self.cut,
            remarked: self.remarked,
            unsent: self.unsent.clone(),
        };
        let counts = serde_json::to_value(kept).unwrap_or_default();
        store.write(|writer| writer.finish_plan(setup.replication.id, self.id, &counts))?;
        crash_point("planning.finished");
        Ok(Plan {
            id: self.id,
            counts: self.counts,
            api,
            matched: self.matched,
            allowance: setup
                .connection
                .as_ref()
                .and_then(|connection| connection.allowance),
            findings: setup.warnings.clone(),
            cut: self.cut,
            remarked: self.remarked,
            unsent: self.unsent,
            reads: self.reads,
        })
    }
}

/// Returns what a new record is made of; else what keeps it from being made of a contact that nobody in the org is.
fn new_record(candidate: &Candidate, setup: &Setup) -> std::result::Result<Mapped, Reason> {
    setup
        .identifier()
        .map_err(|why| crate::planning::no_identifier(&why))?;
    let mapped = setup.map(candidate, Purpose::Create);
    match mapped.reason() {
        Some(reason) => Err(reason),
        None => Ok(mapped),
    }
}

/// Returns a record that a contact's no would go to, where nothing else of the contact goes.
fn refused_elsewhere(
    one: &Wanted,
    candidate: &Candidate,
    known: &Known,
    setup: &Setup,
) -> Option<String> {
    if !setup.seeks_records(candidate) {
        return None;
    }
    let own = candidate.link.as_ref().map(|link| link.record_id.as_str());
    matching::refusal_records(one, own, known, setup)
        .into_iter()
        .next()
        .map(|(_, record)| record)
}

/// Notes that a no of a contact goes to a record beside their own, or that such records are looked for.
fn no_row(contact: ContactId, decision: PlanDecision, record_id: Option<String>) -> PlanRow {
    PlanRow {
        contact,
        decision,
        record_id,
        code: None,
        message: None,
        detail: Value::Null,
    }
}

/// Notes what would be done with a contact, and which of its values would not go as they are.
fn row(
    contact: ContactId,
    decision: PlanDecision,
    record_id: Option<String>,
    mapped: &Mapped,
) -> PlanRow {
    let mut row = PlanRow {
        contact,
        decision,
        record_id,
        code: None,
        message: None,
        detail: Value::Null,
    };
    if !mapped.cuts.is_empty() {
        add_detail(&mut row, "cuts", json!(mapped.cuts));
    }
    if !mapped.remarks.is_empty() {
        add_detail(&mut row, "remarks", json!(mapped.remarks));
    }
    row
}

fn add_detail(row: &mut PlanRow, key: &str, value: Value) {
    if row.detail.is_null() {
        row.detail = json!({});
    }
    row.detail[key] = value;
}

fn sent_fields(payload: &str) -> usize {
    serde_json::from_str::<Map<String, Value>>(payload).map_or(0, |fields| fields.len())
}

/// Returns what the org holds at this moment in the fields that differ or are kept, where it was read.
fn now(record: &OrgRecord, differing: &Hashes, setup: &Setup) -> Map<String, Value> {
    let kept = setup.mapping.kept(Purpose::Update);
    let fields = differing
        .keys()
        .map(|field| &**field)
        .chain(kept.into_iter().map(|(field, _)| field));
    fields
        .filter_map(|field| Some((field.to_owned(), record.values.get(field)?.clone())))
        .collect()
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
