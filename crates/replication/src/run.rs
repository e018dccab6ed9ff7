//! Carries a replication out: the one conductor that holds the stages together, in bounded memory.
//!
//! A run settles what earlier requests left unknown, enters what is selected in the queue, and meanwhile keeps several
//! requests in flight: questions that find people, and batches. Everything that must survive a kill is in the
//! workspace before the next step is taken; what the conductor itself remembers can be lost at any instruction.

mod answers;
mod building;
mod describing;
mod entering;
mod faults;
mod filling;
mod findings;
mod first;
mod halving;
mod jobs;
mod read_contacts;
mod reading_back;
mod replies;
mod report;
mod settling;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use leadferry_salesforce::RowAnswer;
use leadferry_store::{
    ApiReading, Batch, BatchId, BatchRow, BatchState, BulkJobId, ContactId, EntryState, NewRun,
    ReplicationId, RunId, RunState, RunStop, RunTally, Store, Versions, crash_point, is_within,
    wait_until,
};
use tokio::task::JoinSet;

pub use report::{AS_MANY_AS_POSSIBLE, BRAKED, RunReport, Stop, StopKind, ValueLeftOut};

use entering::Entering;
use first::First;
use jobs::Jobs;
use read_contacts::ReadContacts;
use replies::Reply;

use crate::asking::Org;
use crate::backoff::Policy;
use crate::brake::Refusals;
use crate::budget::{CallBudget, calls_for};
use crate::bulk::Ended;
use crate::consent_syncs::WAITING_FOR_MATCH;
use crate::matching::{Finding, Known, Wanted, name_of};
use crate::plan::KeptCounts;
use crate::progress::{Cancel, Progress, Stage, Step};
use crate::settling::questions;
use crate::setup::{Setup, target_object};
use crate::targets::TargetObject;
use crate::{Error, Result, sending};

/// Tells the time, UTC milliseconds.
pub type Clock = dyn Fn() -> i64 + Send + Sync;

/// How often a waiting run looks whether someone has cancelled it.
const GLANCE: Duration = Duration::from_millis(50);

/// How long answers wait for others that are taken in with them.
const GATHER: Duration = Duration::from_millis(250);

/// How often the numbers of a run under way are written.
const TALLY_MS: i64 = 1_000;

/// What a run does where its calls do not fit what is left of the org's 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// It does not begin.
    #[default]
    Whole,
    /// It goes as far as it gets, and never into the reserve.
    AsFarAsItGets,
    /// It sends no more than so many contacts, and stops. With 0 it only finds out what became of earlier requests.
    First(u32),
}

/// How a run is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// How far it goes.
    pub reach: Reach,
    /// Nobody has started it: it stops and asks where too many contacts are refused.
    pub scheduled: bool,
}

impl From<Reach> for Wish {
    fn from(reach: Reach) -> Self {
        Self {
            reach,
            scheduled: false,
        }
    }
}

/// A contact that was matched and waits for its batch.
#[derive(Debug)]
struct Ready {
    contact: ContactId,
    finding: Finding,
    /// What the finding rests on; when it has changed, the contact is matched anew.
    basis: Basis,
}

/// What a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Basis {
    email_key: Option<String>,
    name: String,
    record_id: Option<String>,
    eldest: Option<ContactId>,
}

impl Basis {
    fn of(candidate: &leadferry_store::Candidate) -> Self {
        Self {
            email_key: candidate.email_key.clone(),
            name: name_of(candidate),
            record_id: candidate.link.as_ref().map(|link| link.record_id.clone()),
            eldest: candidate.eldest,
        }
    }
}

/// A durable batch on its way to the org.
#[derive(Debug, Clone)]
struct Outgoing {
    batch: Batch,
    rows: Vec<BatchRow>,
    /// The request's body as it is stored; `None` where it is put together anew.
    body: Option<Vec<u8>>,
    /// The workspace's sequence number when this run built the rows; `None` for rows read from the workspace.
    built_at: Option<i64>,
}

/// Something in flight came to its end.
enum Done {
    Asked {
        wanted: Vec<Wanted>,
        bases: Vec<Basis>,
        result: Result<Known>,
    },
    Sent {
        outgoing: Outgoing,
        result: Result<Vec<RowAnswer>, leadferry_salesforce::Error>,
    },
    Settled {
        batch: Batch,
        rows: Vec<BatchRow>,
        result: Result<Vec<leadferry_salesforce::Record>>,
    },
    Job {
        job: BulkJobId,
        built_at: Option<i64>,
        result: Box<Result<Ended>>,
    },
}

impl Done {
    /// Tells whether the org has answered a request as it was meant.
    fn is_well(&self) -> bool {
        match self {
            Done::Asked { result, .. } => result.is_ok(),
            Done::Sent { result, .. } => result.is_ok(),
            Done::Settled { .. } | Done::Job { .. } => false,
        }
    }
}

struct Conductor<'a> {
    store: Arc<Store>,
    org: &'a Org,
    clock: &'a Clock,
    policy: &'a Policy,
    cancel: &'a Cancel,
    progress: &'a dyn Progress,
    reach: Reach,
    /// The contacts of a run that sends only the first few.
    only_first: First,
    /// How many of the latest rows were refused, in a run that nobody watches.
    refusals: Refusals,
    setup: Arc<Setup>,
    /// Why nothing but a no is sent.
    only_no: Option<Stop>,
    run: RunId,
    /// The calls that a plan of this very state came to.
    planned_calls: Option<u64>,
    /// The contacts that are still to be entered in the queue; `None` once all have been.
    entering: Option<Entering>,
    /// Whether the run has considered every contact that it had to.
    has_considered_all: bool,
    /// What has been read of the contacts that go next.
    read_contacts: ReadContacts,
    /// Requests in flight.
    requests: JoinSet<Done>,
    /// Contacts that are being looked up in the org or wait for their batch.
    claimed: BTreeSet<ContactId>,
    /// Why contacts were blocked that are considered again: the same reason isn't reported twice.
    blocked_before: BTreeMap<ContactId, String>,
    /// Lookups in flight, each for many contacts.
    lookups: usize,
    /// Contacts that wait for their batch and get a new record.
    ready_to_create: VecDeque<Ready>,
    /// Contacts that wait for their batch and have a record.
    ready_to_update: VecDeque<Ready>,
    /// Durable batches of this run that have not left yet, in order.
    prepared: VecDeque<Outgoing>,
    /// Batches that gather for jobs of the Bulk API, and the jobs under way.
    jobs: Jobs,
    /// Answers that are taken in together.
    replies: Vec<Reply>,
    /// The contacts in these answers and in the batches under way.
    sending: BTreeMap<ContactId, Ready>,
    /// Contacts that were refused for now, and needn't be looked up again.
    still_matched: BTreeMap<ContactId, Ready>,
    /// Rows were refused for now. They wait for others, so that all are tried again together.
    retries_refused: bool,
    /// The most rows of a request: half as many as the smallest one had that was too large.
    most_rows: usize,
    /// Durable batches whose request is to go, in order; unknown ones are asked about first.
    open_batches: VecDeque<BatchId>,
    report: RunReport,
    /// Faults since the org last answered as it should.
    faults_in_a_row: u32,
    /// When the next request may leave, UTC milliseconds.
    paused_until: i64,
    /// Rows that this run is expected to send, for its progress.
    rows_expected: u64,
    /// Rows that were answered so far, without those of jobs under way.
    rows_answered: u64,
    /// API calls of the client before this run.
    calls_before: u64,
    /// Bytes that the client had sent before this run.
    bytes_before: u64,
    /// When the API calls were last recorded for the statistics, UTC milliseconds.
    calls_noted_at: i64,
    /// When the run's numbers were last written, UTC milliseconds.
    tallied_at: i64,
}

/// Runs a replication until nothing is due any more, something stops it, or it is cancelled.
///
/// The caller holds the org's sender lock. A run in which nothing is stale makes no request.
///
/// # Errors
/// When the replication cannot be used as it is, or the workspace cannot be written; what the org refuses is in the
/// report.
#[expect(
    clippy::too_many_arguments,
    reason = "the conductor's whole world, each once"
)]
pub async fn run(
    store: &Arc<Store>,
    replication: ReplicationId,
    org: &Org,
    clock: &Clock,
    policy: &Policy,
    wish: impl Into<Wish>,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<RunReport> {
    let Wish { reach, scheduled } = wish.into();
    let (setup, only_no) = usable(store, replication, clock())?;
    if !setup.replication.enabled {
        return Err(Error::SwitchedOff(setup.replication.name));
    }
    keep_reserve(store, org, &setup, policy, clock())?;
    let (run, planned_calls) = store.write(|writer| -> Result<_> {
        let versions = Versions {
            mapping: setup.replication.mapping_version,
            ..setup.versions
        };
        writer.freeze_mapping(replication, versions.mapping)?;
        let new = NewRun {
            replication,
            connection: org.connection,
            org_id: org.org_id.clone(),
            versions,
        };
        let run = writer.begin_run(&new, clock())?;
        let plan = writer.latest_plan(replication)?;
        let plan = plan.filter(|plan| plan.versions == setup.versions);
        if let Some(plan) = &plan {
            writer.set_planned(run, &plan.counts)?;
        }
        let sequence = writer.sequence()?;
        let fresh = plan.filter(|plan| plan.seq == sequence);
        Ok((run, fresh.map(|plan| KeptCounts::of(&plan).counts.calls)))
    })?;
    crash_point("run.begun");
    let traffic = org.client.traffic();
    let pause = store.read(|reader| reader.org_pause(&org.org_id))?;
    let mut conductor = Conductor {
        store: Arc::clone(store),
        org,
        clock,
        policy,
        cancel,
        progress,
        reach,
        only_first: First::of(reach),
        refusals: Refusals::of(&setup.settings, scheduled),
        setup: Arc::new(setup),
        only_no,
        run,
        planned_calls,
        entering: None,
        has_considered_all: false,
        read_contacts: ReadContacts::default(),
        requests: JoinSet::new(),
        claimed: BTreeSet::new(),
        blocked_before: BTreeMap::new(),
        lookups: 0,
        ready_to_create: VecDeque::new(),
        ready_to_update: VecDeque::new(),
        prepared: VecDeque::new(),
        jobs: Jobs::default(),
        replies: Vec::new(),
        sending: BTreeMap::new(),
        still_matched: BTreeMap::new(),
        retries_refused: false,
        most_rows: usize::MAX,
        open_batches: VecDeque::new(),
        report: RunReport {
            run: Some(run),
            ..RunReport::default()
        },
        // A run that someone starts after others have failed tries more than once.
        faults_in_a_row: pause.faults.min(policy.transport_attempts / 2),
        paused_until: pause.until,
        rows_expected: 0,
        rows_answered: 0,
        calls_before: traffic.calls,
        bytes_before: traffic.bytes_sent,
        calls_noted_at: clock(),
        tallied_at: 0,
    };
    let result = conductor.carry_out().await;
    conductor.close(result)
}

/// Returns a replication that can be used; one that can't is left with a no to send, and says why it can send nothing else.
fn usable(store: &Store, id: ReplicationId, now: i64) -> Result<(Setup, Option<Stop>)> {
    let error = match store.read(|reader| Setup::load(reader, id, now)) {
        Ok(setup) => return Ok((setup, None)),
        Err(error) => error,
    };
    let Some(stop) = Stop::unusable(&error) else {
        return Err(error);
    };
    match store.read(|reader| Setup::load_only_no(reader, id, now))? {
        Some(setup) if setup.replication.enabled && setup.owes_no(store, now)? => {
            Ok((setup, Some(stop)))
        }
        _ => Err(error),
    }
}

/// Lets no request out that would touch the calls kept for other tools.
pub(crate) fn keep_reserve(
    store: &Store,
    org: &Org,
    setup: &Setup,
    policy: &Policy,
    now: i64,
) -> Result<()> {
    let reserve = setup.settings.api_reserve;
    let budget = store.read(|reader| {
        let connection = reader.connection(org.connection)?;
        CallBudget::of(reader, &connection, reserve, now, policy.day_ms)
    })?;
    let usage = budget.map(|budget| budget.usage());
    org.client.keep_reserve(reserve, usage);
    Ok(())
}

impl Conductor<'_> {
    async fn carry_out(&mut self) -> Result<()> {
        self.find_open_jobs()?;
        self.find_open_batches()?;
        self.read_back().await?;
        self.wake_waiting()?;
        self.begin_entering()?;
        if self.report.stopped.is_some() {
            return self.enter_rest();
        }
        while !(self.may_go_on() && self.has_work()?) && self.enter_page()? {}
        if self.may_go_on_later() && self.has_work()? && self.may_ask() {
            self.wait_out_pause().await;
            if self.describe_is_fresh().await? {
                self.fits()?;
            }
        }
        self.work().await?;
        self.take_back_prepared()?;
        self.take_back_gathered()?;
        if self.only_first.are_all() {
            return self.stop_after_first();
        }
        self.enter_rest()
    }

    /// Whoever waits for a match in a consent sync is looked for again: a record may have come since.
    fn wake_waiting(&self) -> Result<()> {
        if self.setup.settings.consent_sync && !self.setup.only_no {
            let (id, now) = (self.setup.replication.id, (self.clock)());
            self.store
                .write(|writer| writer.wake_waiting(id, WAITING_FOR_MATCH, now))?;
        }
        Ok(())
    }

    /// Requests of ended processes: what was only prepared may have left as well.
    fn find_open_batches(&mut self) -> Result<()> {
        let mut batches = self
            .store
            .read(|reader| reader.open_batches(&self.org.org_id))?;
        // What goes with a job is known when its job is.
        batches.retain(|batch| batch.bulk_job.is_none());
        self.store.write(|writer| -> Result<()> {
            for batch in batches
                .iter()
                .filter(|batch| batch.state == BatchState::Prepared)
            {
                writer.batch_became_unknown(batch.id)?;
            }
            Ok(())
        })?;
        self.open_batches
            .extend(batches.iter().map(|batch| batch.id));
        Ok(())
    }

    /// Tells whether even one call is left beside the reserve, as far as is known; stops the run where none is.
    fn may_ask(&mut self) -> bool {
        let reserve = self.setup.settings.api_reserve;
        let Some(usage) = self.org.client.usage().filter(|_| reserve > 0) else {
            return true;
        };
        let left = usage.max.saturating_sub(usage.used);
        if left <= reserve {
            self.stop(Stop::reserve(left, reserve));
        }
        left > reserve
    }

    /// Tells whether what is to be sent fits the calls that are left; stops the run where it does not.
    fn fits(&mut self) -> Result<bool> {
        let Some(usage) = self.org.client.usage().filter(|_| !self.setup.only_no) else {
            return Ok(true);
        };
        let setup = Arc::clone(&self.setup);
        let (settings, reserve) = (&setup.settings, setup.settings.api_reserve);
        let left = usage.max.saturating_sub(usage.used);
        let room = left.saturating_sub(reserve);
        let live = self.store.read(|reader| reader.live_contacts())?;
        let live = self.only_first.at_most(live);
        if self.reach == Reach::AsFarAsItGets || room >= calls_for(live, settings) {
            return Ok(true);
        }
        // Only who is in the queue is counted, so that all are entered first.
        self.enter_rest()?;
        let id = self.setup.replication.id;
        let queue = self.store.read(|reader| reader.queue_counts(id))?;
        let people = queue.get(&EntryState::Pending).copied().unwrap_or(0);
        let calls = match self.reach {
            Reach::First(_) => calls_for(self.only_first.at_most(people), settings),
            _ => self.planned_calls.unwrap_or(calls_for(people, settings)),
        };
        let made = self.calls();
        if calls.saturating_sub(made) <= room {
            return Ok(true);
        }
        self.stop(Stop::too_costly(calls, left, reserve));
        Ok(false)
    }

    fn has_work(&self) -> Result<bool> {
        Ok(self.next_wake((self.clock)())?.is_some())
    }

    /// Waits until the org may be asked again.
    async fn wait_out_pause(&self) {
        while !self.may_go_on() && self.may_go_on_later() {
            self.show(Stage::Waiting);
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Keeps requests in flight until nothing is due any more.
    async fn work(&mut self) -> Result<()> {
        loop {
            if self.may_go_on() && self.is_gathered()? {
                self.fill()?;
            }
            if let Some(done) = self.next_done().await? {
                // Its refused rows may be the last of those that are tried again together.
                let others_wait = self.retries_refused && self.requests.is_empty();
                if done.is_well() && self.may_go_on() && !others_wait {
                    // What has come to its end makes room at once; taking it in costs time of its own.
                    self.fill()?;
                }
                self.take(done).await?;
                self.show(Stage::Sending);
                self.keep_tally()?;
                continue;
            }
            if !self.may_go_on_later() || self.has_sent_first() {
                return Ok(());
            }
            if self.enter_page()? {
                continue;
            }
            let now = (self.clock)();
            let Some(wake) = self.next_wake(now)? else {
                return Ok(());
            };
            if wake > now {
                self.show(Stage::Waiting);
                tokio::time::sleep(GLANCE.min(Duration::from_millis((wake - now).unsigned_abs())))
                    .await;
            }
        }
    }

    /// Waits for a request to end, and makes good use of the time until then.
    async fn next_done(&mut self) -> Result<Option<Done>> {
        let done = loop {
            if let Some(done) = self.requests.try_join_next() {
                break Some(done);
            }
            if self.requests.is_empty() {
                self.take_in()?;
                break None;
            }
            if self.may_go_on() && (self.prepare_ahead()? || self.enter_ahead()?) {
                continue;
            }
            match tokio::time::timeout(GATHER, self.requests.join_next()).await {
                Ok(done) => break done,
                Err(_) => {
                    self.take_in()?;
                    self.show(Stage::Sending);
                }
            }
        };
        let ended = done.transpose();
        ended.map_err(|error| Error::Unexpected(format!("a request ended unexpectedly: {error}")))
    }

    fn may_go_on_later(&self) -> bool {
        self.report.stopped.is_none() && !self.cancel.is_cancelled()
    }

    fn may_go_on(&self) -> bool {
        let now = (self.clock)();
        self.may_go_on_later() && self.paused_until(now) <= now
    }

    /// Returns until when the org is left alone; a clock that has gone back makes that no longer.
    fn paused_until(&self, now: i64) -> i64 {
        wait_until(self.paused_until, now)
    }

    /// Returns when there is something to do next; `None` when a run has nothing left to wait for.
    fn next_wake(&self, now: i64) -> Result<Option<i64>> {
        if self.has_something_to_do() {
            return Ok(Some(self.paused_until(now).max(now)));
        }
        let due = self.next_due(now)?;
        Ok(due
            .filter(|due| *due <= now + self.policy.linger_ms)
            .map(|due| due.max(self.paused_until(now))))
    }

    /// Returns when the next entries are due that are tried together.
    fn next_due(&self, now: i64) -> Result<Option<i64>> {
        let (id, gather) = (self.setup.replication.id, self.policy.gather_ms);
        let of = self.due_of();
        Ok(self
            .store
            .read(|reader| reader.next_due(id, now, gather, of))?)
    }

    /// Returns the version of the mapping with which those were considered who go; `None` where everybody goes who is due.
    fn due_of(&self) -> Option<i64> {
        let setup = &self.setup;
        setup.only_no.then_some(setup.versions.mapping)
    }

    /// Tells whether all who come due together are due: those refused a moment later share a request with the others.
    fn is_gathered(&self) -> Result<bool> {
        if !self.retries_refused || self.has_something_to_do() {
            return Ok(true);
        }
        let now = (self.clock)();
        Ok(self.next_due(now)?.is_none_or(|due| due <= now))
    }

    fn has_something_to_do(&self) -> bool {
        !(self.requests.is_empty()
            && self.open_batches.is_empty()
            && self.prepared.is_empty()
            && self.jobs.are_done()
            && self.ready_to_create.is_empty()
            && self.ready_to_update.is_empty())
    }

    /// Returns how many requests may be in flight, and how many batches go in one transaction.
    fn in_flight(&self) -> usize {
        usize::from(self.setup.settings.in_flight)
    }

    /// Returns how many rows a full batch has.
    fn batch_size(&self) -> usize {
        usize::from(self.setup.settings.batch_size).min(self.most_rows)
    }

    fn show(&self, stage: Stage) {
        self.progress.step(&Step {
            stage,
            done: self.rows_answered + self.jobs.processed.rows(),
            total: self.rows_expected,
            calls: self.calls(),
        });
    }

    fn calls(&self) -> u64 {
        self.org.client.traffic().calls - self.calls_before
    }

    /// Writes the numbers so far, at most once a second: whoever watches the run reads them in the workspace.
    fn keep_tally(&mut self) -> Result<()> {
        let now = (self.clock)();
        if is_within(self.tallied_at, TALLY_MS, now) {
            return Ok(());
        }
        self.tallied_at = now;
        let (run, tally) = (self.run, self.tally());
        Ok(self
            .store
            .write(|writer| writer.set_run_tally(run, &tally))?)
    }

    fn tally(&self) -> RunTally {
        let usage = self.org.client.usage();
        RunTally {
            unchanged: self.report.unchanged,
            withdrawn: self.report.withdrawn,
            calls: self.calls(),
            calls_left: usage.map(|usage| usage.max.saturating_sub(usage.used)),
            bytes_sent: self.org.client.traffic().bytes_sent - self.bytes_before,
        }
    }

    /// Puts a batch's request in flight.
    fn spawn_send(&mut self, outgoing: Outgoing) {
        let client = self.org.client.clone();
        self.requests.spawn(async move {
            crash_point("sending.before_request");
            let body = outgoing.body.as_deref();
            let result = sending::send(&client, &outgoing.batch, &outgoing.rows, body).await;
            crash_point("sending.after_answer");
            Done::Sent { outgoing, result }
        });
    }

    /// Puts the question about an unknown batch in flight.
    fn spawn_settle(&mut self, batch: Batch, rows: Vec<BatchRow>) -> Result<()> {
        let client = self.org.client.clone();
        let questions = questions(&batch, &rows, &self.visible_fields(&batch.object)?);
        self.requests.spawn(async move {
            let result = client.queries(&questions, true).await.map_err(Error::from);
            crash_point("settling.asked");
            Done::Settled {
                batch,
                rows,
                result: result.map(|pages| pages.into_iter().flatten().collect()),
            }
        });
        Ok(())
    }

    /// Returns the fields that an object has now; a batch may be another replication's.
    fn visible_fields(&self, object: &str) -> Result<BTreeSet<String>> {
        let names = |target: &TargetObject| {
            target
                .fields
                .iter()
                .map(|field| field.name.clone())
                .collect()
        };
        if object == self.setup.replication.object {
            return Ok(names(&self.setup.target));
        }
        let connection = Some(self.org.connection);
        let target = self
            .store
            .read(|reader| target_object(reader, connection, object))?;
        Ok(names(&target))
    }

    /// Writes the run's end and reports it.
    fn close(mut self, result: Result<()>) -> Result<RunReport> {
        let now = (self.clock)();
        if self.report.stopped.is_none() && !self.cancel.is_cancelled() {
            let sent = self.report.updated > 0;
            self.report.stopped = self.only_no.take().map(|stop| stop.with_only_no(sent));
        }
        let state = match (&result, &self.report.stopped) {
            (Err(_), _) => RunState::Stopped,
            (_, Some(stop)) if stop.kind == StopKind::Cancelled => RunState::Cancelled,
            (_, Some(stop)) if stop.kind == StopKind::First => RunState::Finished,
            (_, Some(_)) => RunState::Stopped,
            _ if self.cancel.is_cancelled() => RunState::Cancelled,
            _ => RunState::Finished,
        };
        if state == RunState::Cancelled && self.report.stopped.is_none() {
            self.report.stopped = Some(Stop::cancelled());
        }
        let stop = match &result {
            Err(error) => Some(RunStop {
                kind: "local".into(),
                message: error.to_string(),
                cure: "run the replication again to continue".into(),
            }),
            Ok(()) => self.report.stopped.as_ref().map(Stop::stored),
        };
        self.report.calls = self.calls();
        let tally = self.tally();
        let (run, queue, left_out) = self.store.write(|writer| -> Result<_> {
            writer.set_run_tally(self.run, &tally)?;
            writer.keep_reading(self.org.connection, &reading(&self.org.client, now))?;
            writer.end_run(self.run, state, stop.as_ref(), now)?;
            let id = self.setup.replication.id;
            let left_out = match self.has_considered_all {
                true => Some(writer.left_out_count(id)?),
                false => None,
            };
            Ok((writer.run(self.run)?, writer.queue_counts(id)?, left_out))
        })?;
        self.report.left_out = left_out;
        // Counted once, by what the workspace keeps: the history says the same.
        self.report.failed = run.failed.values().sum();
        self.report.blocked = run.blocked.values().sum();
        let count = |state| queue.get(&state).copied().unwrap_or(0);
        self.report.standing = count(EntryState::Blocked) + count(EntryState::GivenUp);
        self.report.waiting = count(EntryState::Pending) + count(EntryState::Sending);
        result.map(|()| self.report)
    }
}

/// Returns what to keep of a client's calls.
pub(crate) fn reading(client: &leadferry_salesforce::Client, now: i64) -> ApiReading {
    let usage = client.usage();
    ApiReading {
        at: now,
        calls: client.calls_since_asked(),
        used: usage.map(|usage| usage.used),
        max: usage.map(|usage| usage.max),
    }
}
