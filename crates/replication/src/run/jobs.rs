//! Lets batches go to the org together as jobs of Bulk API 2.0, and takes in what became of them.
//!
//! Batches are made durable as ever. They gather until a job is full or nobody else comes, and only then is it decided how they
//! leave: as a job, or one by one where that takes fewer calls.

use std::collections::{BTreeSet, VecDeque};

use leadferry_salesforce::bulk::{BulkRow, BulkState, MAX_FILE_BYTES};
use leadferry_store::{
    BatchState, BulkJob, BulkJobEnd, BulkJobId, BulkJobState, Writer, crash_point,
};

use super::{Conductor, Done, Outgoing, Reach, Stop};
use crate::Result;
use crate::api::MOST_BY_COLLECTIONS;
use crate::bulk::{Carrier, Ended, Processed, Results};
use crate::sending::bodies;
use crate::settings::Api;

/// Most characters of a file's first line.
const LONGEST_HEADER: usize = 32_000;

/// After so many jobs that didn't arrive, a run sends no more of them.
const MOST_WITHDRAWN: u32 = 3;

/// A run's jobs.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    creates: Option<Gathering>,
    updates: Option<Gathering>,
    /// Jobs that are full and wait for their turn.
    full: VecDeque<Gathering>,
    /// Jobs that may have reached the org: what became of them is found out first.
    open: VecDeque<BulkJob>,
    in_flight: usize,
    /// A job without an id that is looked for in the org: no other is created meanwhile, as it could be taken for this one.
    looked_for: Option<BulkJobId>,
    withdrawn: u32,
    /// The org takes no jobs, so that everything goes by Collections.
    are_off: bool,
    pub(super) processed: Processed,
}

impl Jobs {
    pub(super) fn are_done(&self) -> bool {
        self.creates.is_none()
            && self.updates.is_none()
            && self.full.is_empty()
            && self.open.is_empty()
    }

    fn gathering(&mut self, creates: bool) -> &mut Option<Gathering> {
        match creates {
            true => &mut self.creates,
            false => &mut self.updates,
        }
    }

    /// Takes what has gathered.
    fn take_gathered(&mut self) -> Vec<Gathering> {
        let open = [self.creates.take(), self.updates.take()];
        open.into_iter().flatten().collect()
    }
}

/// Batches that gather for a job.
#[derive(Debug)]
struct Gathering {
    job: BulkJob,
    file: File,
    /// The workspace's sequence number when the first of them was built.
    built_at: Option<i64>,
}

/// What is known of a file before it is made.
#[derive(Debug, Default)]
struct File {
    columns: BTreeSet<String>,
    /// Records that are updated.
    records: BTreeSet<String>,
    rows: u64,
    /// At most so many, without the delimiters.
    bytes: u64,
}

impl File {
    /// Returns what a batch adds; `None` where no file can hold one of its rows.
    fn of(outgoing: &Outgoing) -> Option<File> {
        let records = outgoing.rows.iter().filter_map(|row| row.record_id.clone());
        let mut file = File {
            records: records.collect(),
            ..File::default()
        };
        for body in bodies(&outgoing.batch, &outgoing.rows) {
            let row = BulkRow::of(&body)?;
            file.rows += 1;
            file.bytes += row.most_bytes();
            for column in row.columns() {
                if !file.columns.contains(column) {
                    file.columns.insert(column.to_owned());
                }
            }
        }
        Some(file)
    }

    fn add(&mut self, other: File) {
        self.columns.extend(other.columns);
        self.records.extend(other.records);
        self.rows += other.rows;
        self.bytes += other.bytes;
    }

    /// Tells whether both fit a file of so many rows.
    fn has_room(&self, other: &File, rows: u64) -> bool {
        let columns: BTreeSet<&String> = self.columns.union(&other.columns).collect();
        let header: usize = columns.iter().map(|name| name.len() + 1).sum();
        let all = self.rows + other.rows;
        let delimiters = (all + 1) * columns.len() as u64;
        all <= rows
            && header <= LONGEST_HEADER
            && self.bytes + other.bytes + delimiters + header as u64 <= MAX_FILE_BYTES
    }
}

impl Conductor<'_> {
    /// Finds the jobs of ended processes. Those that had not left are taken back at once.
    pub(super) fn find_open_jobs(&mut self) -> Result<()> {
        let now = (self.clock)();
        let jobs = self
            .store
            .read(|reader| reader.open_bulk_jobs(&self.org.org_id))?;
        let is_new = |job: &BulkJob| job.state == BulkJobState::Gathering;
        let (unsent, sent): (Vec<_>, Vec<_>) = jobs.into_iter().partition(is_new);
        self.jobs.open.extend(sent);
        self.take_back_jobs(&unsent, now)
    }

    fn take_back_jobs(&self, jobs: &[BulkJob], now: i64) -> Result<()> {
        if jobs.is_empty() {
            return Ok(());
        }
        self.store.write(|writer| -> Result<()> {
            for job in jobs {
                writer.take_back_bulk_job(job.id, now)?;
            }
            Ok(())
        })?;
        crash_point("bulk.taken_back");
        Ok(())
    }

    /// Takes jobs back that were to be sent later: nothing of them has left.
    pub(super) fn take_back_gathered(&mut self) -> Result<()> {
        let gathered = self.jobs.take_gathered();
        let all = gathered.into_iter().chain(self.jobs.full.drain(..));
        let jobs: Vec<BulkJob> = all.map(|one| one.job).collect();
        self.take_back_jobs(&jobs, (self.clock)())
    }

    /// Lets a durable batch leave: with others as a job where that's how they go, else by itself.
    pub(super) fn let_go(
        &mut self,
        writer: &Writer<'_>,
        outgoing: Outgoing,
        creates: bool,
    ) -> Result<()> {
        let file = match self.goes_in_bulk(&outgoing, creates) {
            true => File::of(&outgoing),
            false => None,
        };
        let gathered = self.jobs.gathering(creates);
        // A job takes a record once: a no may go to one that is somebody else's.
        let is_new = |one: &Gathering, file: &File| one.file.records.is_disjoint(&file.records);
        let file = file.filter(|file| gathered.as_ref().is_none_or(|one| is_new(one, file)));
        let Some(file) = file else {
            self.prepared.push_back(outgoing);
            return Ok(());
        };
        let most = self.policy.job_rows;
        let has_room = |one: &Gathering| one.file.has_room(&file, most);
        let mut one = match gathered.take() {
            Some(one) if has_room(&one) => one,
            full => {
                self.jobs.full.extend(full);
                Gathering {
                    job: writer.begin_bulk_job(&outgoing.batch)?,
                    file: File::default(),
                    built_at: outgoing.built_at,
                }
            }
        };
        writer.add_to_bulk_job(one.job.id, outgoing.batch.id, file.rows)?;
        one.file.add(file);
        *self.jobs.gathering(creates) = Some(one);
        // Whoever is in a job is found anew where a row is refused for now.
        self.forget_sending(&outgoing.rows);
        Ok(())
    }

    fn goes_in_bulk(&self, outgoing: &Outgoing, creates: bool) -> bool {
        let settings = &self.setup.settings;
        let is_own = outgoing.batch.object == self.setup.replication.object;
        if !is_own
            || self.jobs.are_off
            || settings.only_collections().is_some()
            || matches!(self.reach, Reach::First(_))
            || !self.refusals.have_passed()
        {
            return false;
        }
        match settings.api {
            Api::Collections => false,
            Api::Bulk => true,
            Api::Auto => {
                let gathered = match creates {
                    true => &self.jobs.creates,
                    false => &self.jobs.updates,
                };
                gathered.is_some()
                    || self.rows_expected.saturating_sub(self.rows_answered) > MOST_BY_COLLECTIONS
            }
        }
    }

    /// Starts the next job; returns whether there was one. What became of earlier ones is found out first.
    pub(super) fn start_job(&mut self) -> Result<bool> {
        if let Some(job) = self.jobs.open.pop_front() {
            let alone = self.jobs.in_flight == 0;
            if alone && job.job_id.is_none() {
                self.jobs.looked_for = Some(job.id);
            }
            self.spawn_job(job.id, None, |carrier| carrier.resume(job, alone));
            return Ok(true);
        }
        if self.jobs.looked_for.is_some() {
            return Ok(false);
        }
        let Some(Gathering {
            mut job,
            file,
            built_at,
        }) = self.jobs.full.pop_front()
        else {
            return Ok(false);
        };
        if self.jobs.are_off {
            self.dissolve(&job)?;
            return Ok(true);
        }
        let now = (self.clock)();
        job = self.store.write(|writer| -> Result<_> {
            writer.begin_creating_bulk_job(job.id, now)?;
            Ok(writer.bulk_job(job.id)?)
        })?;
        let columns = file.columns.into_iter().collect();
        self.spawn_job(job.id, built_at, |carrier| carrier.send(job, columns));
        Ok(true)
    }

    fn spawn_job<F>(
        &mut self,
        job: BulkJobId,
        built_at: Option<i64>,
        carry: impl FnOnce(Carrier) -> F,
    ) where
        F: Future<Output = Result<Ended>> + Send + 'static,
    {
        let (client, store) = (&self.org.client, &self.store);
        let carrier = Carrier::new(
            client,
            store,
            self.policy,
            self.cancel,
            &self.jobs.processed,
        );
        let carried = carry(carrier);
        self.jobs.in_flight += 1;
        self.requests.spawn(async move {
            let result = carried.await;
            Done::Job {
                job,
                built_at,
                result: Box::new(result),
            }
        });
    }

    /// Decides how batches leave that nobody else joins; returns whether there were any.
    pub(super) fn close_gathered(&mut self) -> Result<bool> {
        let gathered = self.jobs.take_gathered();
        let is_any = !gathered.is_empty();
        for one in gathered {
            let is_dear = one.file.rows <= MOST_BY_COLLECTIONS;
            match self.setup.settings.api == Api::Auto && is_dear {
                true => self.dissolve(&one.job)?,
                false => self.jobs.full.push_back(one),
            }
        }
        Ok(is_any)
    }

    /// Lets the batches of a job go one by one.
    fn dissolve(&mut self, job: &BulkJob) -> Result<()> {
        let batches = self
            .store
            .write(|writer| writer.dissolve_bulk_job(job.id))?;
        self.open_batches.extend(batches);
        Ok(())
    }

    /// Takes in what a job came to.
    pub(super) async fn take_job(
        &mut self,
        job: BulkJobId,
        built_at: Option<i64>,
        result: Result<Ended>,
    ) -> Result<()> {
        self.jobs.in_flight -= 1;
        if self.jobs.looked_for == Some(job) {
            self.jobs.looked_for = None;
        }
        // It has its id in the org by now, where that has told it.
        let job = self.store.read(|reader| reader.bulk_job(job))?;
        match result {
            Ok(Ended::Answered(results)) => self.take_results(&job, built_at, results).await,
            Ok(Ended::NotApplied) => {
                self.take_back_jobs(std::slice::from_ref(&job), (self.clock)())?;
                self.jobs.withdrawn += u32::from(job.run == self.run);
                if self.jobs.withdrawn >= MOST_WITHDRAWN {
                    self.do_without_jobs(None);
                }
                Ok(())
            }
            Ok(Ended::Refused(error)) => {
                let words = error.message().unwrap_or_else(|| error.cause());
                self.do_without_jobs(Some(words));
                match self.jobs.are_off {
                    true => self.dissolve(&job),
                    false => self.take_back_jobs(std::slice::from_ref(&job), (self.clock)()),
                }
            }
            Ok(Ended::Gone) => {
                self.rows_are_unknown(&job)?;
                self.end_job(&job, BulkJobState::Gone, None)?;
                self.open_left_over(&job)
            }
            Ok(Ended::GoesOn) => {
                self.stop(Stop::job_goes_on(&job));
                Ok(())
            }
            Err(error) => {
                self.jobs.open.push_back(job);
                self.take_refusal(&error).await
            }
        }
    }

    /// Takes the org's answers to a job's rows, batch by batch. Where the org doesn't tell about each row of a batch, the batch
    /// is settled by looking at the records.
    async fn take_results(
        &mut self,
        job: &BulkJob,
        built_at: Option<i64>,
        mut results: Results,
    ) -> Result<()> {
        let is_whole = results.state == BulkState::JobComplete;
        if !is_whole {
            // Some of it may still be applied late: the rows are read back once more.
            self.rows_are_unknown(job)?;
        }
        let batches = self
            .store
            .read(|reader| reader.batches_of_bulk_job(job.id))?;
        for batch in batches {
            if matches!(batch.state, BatchState::Answered | BatchState::Split) {
                continue;
            }
            let mut rows = self.store.read(|reader| reader.batch_rows(batch.id))?;
            rows.retain(|row| row.outcome.is_none());
            let answers = results.take(&batch.operation, &rows);
            let outgoing = Outgoing {
                batch,
                rows,
                body: None,
                built_at,
            };
            self.take_answers(outgoing, answers, Vec::new()).await?;
            crash_point("bulk.batch_taken");
        }
        self.take_in()?;
        let message = results.message.as_deref();
        match results.state {
            BulkState::Aborted => {
                if !self.cancel.is_cancelled() {
                    self.stop(Stop::job_aborted(job));
                }
                self.end_job(job, BulkJobState::Aborted, None)
            }
            BulkState::Failed => {
                self.do_without_jobs(message);
                self.end_job(job, BulkJobState::Failed, message)
            }
            _ => self.end_job(job, BulkJobState::Complete, None),
        }
    }

    fn rows_are_unknown(&self, job: &BulkJob) -> Result<()> {
        Ok(self.store.write(|writer| {
            let batches = writer.batches_of_bulk_job(job.id)?;
            let mut batches = batches.iter();
            batches.try_for_each(|batch| writer.batch_became_unknown(batch.id))
        })?)
    }

    fn end_job(&self, job: &BulkJob, state: BulkJobState, message: Option<&str>) -> Result<()> {
        let end = BulkJobEnd {
            state,
            message,
            at: (self.clock)(),
        };
        self.store
            .write(|writer| writer.bulk_job_ended(job.id, &end))?;
        crash_point("bulk.taken");
        Ok(())
    }

    /// Lets the batches of a job that is gone be settled one by one.
    fn open_left_over(&mut self, job: &BulkJob) -> Result<()> {
        let batches = self
            .store
            .read(|reader| reader.batches_of_bulk_job(job.id))?;
        let unknown = batches
            .iter()
            .filter(|batch| batch.state == BatchState::Unknown);
        self.open_batches.extend(unknown.map(|batch| batch.id));
        Ok(())
    }

    /// Sends the rest by Collections, or stops where the settings insist on jobs.
    fn do_without_jobs(&mut self, words: Option<&str>) {
        match self.setup.settings.api {
            Api::Bulk => self.stop(Stop::no_jobs(words)),
            Api::Auto | Api::Collections => self.jobs.are_off = true,
        }
    }
}
