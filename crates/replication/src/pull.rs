//! Pulls records of an org into the mirror, object by object: the acting half of [`crate::pulling`].
//!
//! A page of records and how far it reads are written in one transaction, so a pull that was killed goes on at its page.

mod comparing;
mod following;
mod in_bulk;
mod resolving;
mod taking_in;

use leadferry_salesforce::{Describe, Described, ErrorCode, GlanceAt, Page, Record};
use leadferry_store::{
    LinkId, Mirror, MirrorField, MirrorPlan, MirrorRecord, MirrorState, PageTally, Pull, PullId,
    PullObject, PullProgress, PullRunId, PullRunObject, PullRunState, Reader, SchemaStep, Store,
    Writer, crash_point,
};
use serde::Serialize;

use crate::inbound::{self, Compiled};
use crate::pulling::{self, Chosen, From, Question};
use crate::settings::WhenConverted;
use crate::targets::TargetObject;
use crate::{Cancel, Error, Org, Progress, Result, Settings, Stage, Step};
use following::{Fate, fate};
use taking_in::{Taken, TakingIn};

pub use resolving::{ConflictValues, conflict_values, resolve};
pub use taking_in::{Places, Winner, inbound_of};

/// Linked records that are compared in one transaction.
const LINKS_A_STEP: usize = 500;

/// Turns the kept criteria of an object into a condition of a query; `None` for no condition.
pub type Filters<'a> = &'a (dyn Fn(&Describe, &str) -> Result<Option<String>, String> + Sync);

/// What a pull needs to run.
#[derive(Clone, Copy)]
pub struct PullSetup<'a> {
    /// The workspace.
    pub store: &'a Store,
    /// The pull.
    pub pull: &'a Pull,
    /// The org.
    pub org: &'a Org,
    /// Reads filters.
    pub filters: Filters<'a>,
    /// Resolves countries and states.
    pub places: Places,
    /// The clock, UTC milliseconds.
    pub clock: &'a crate::Clock,
    /// Stops it between requests.
    pub cancel: &'a Cancel,
    /// Sees how far it is.
    pub progress: &'a dyn Progress,
}

/// What a pull has brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PullReport {
    /// What it did, object by object.
    pub objects: Vec<PullRunObject>,
    /// API calls in all.
    pub calls: u64,
    /// How it ended.
    pub state: PullRunState,
    /// Why it stopped, or what kept an object from being read.
    pub reason: Option<String>,
}

/// Reads every object of a pull. What the org refuses about one object is noted there, and the others are read.
///
/// # Errors
/// When the workspace can't be written, or the org doesn't answer at all: what was read until then stays.
pub async fn pull(setup: &PullSetup<'_>) -> Result<PullReport> {
    let now = (setup.clock)();
    let run = setup
        .store
        .write(|writer| writer.begin_pull_run(setup.pull.id, now))?;
    crash_point("pull.begun");
    let before = setup.org.client.traffic().calls;
    let mut report = PullReport {
        objects: Vec::new(),
        calls: 0,
        state: PullRunState::Finished,
        reason: None,
    };
    let mut failed = None;
    for (at, object) in setup.pull.objects.iter().enumerate() {
        let mut reading = Reading {
            setup,
            run,
            object,
            done: PullRunObject {
                object: object.object.clone(),
                ..PullRunObject::default()
            },
            taken: Taken::default(),
            calls_before: setup.org.client.traffic().calls,
            place: (at as u64, setup.pull.objects.len() as u64),
        };
        let mut read = reading.read().await;
        let is_gone =
            |error: &Error| matches!(error, Error::Salesforce(error) if error.needs_describe());
        if reading.done.read > 0 && read.as_ref().is_err_and(is_gone) {
            // A field went between two pages: the object is described anew, and read on without it.
            read = reading.read().await;
        }
        let refused = match read {
            Ok(()) => None,
            Err(Error::Cancelled) => {
                report.state = PullRunState::Cancelled;
                Some(Error::Cancelled)
            }
            Err(error) if is_about_the_object(&error) => {
                reading.done.notes.push(refusal(&error));
                report.reason = Some(format!("{}: {}", object.object, refusal(&error)));
                report.state = PullRunState::Stopped;
                None
            }
            Err(error) => Some(error),
        };
        reading.count_calls();
        setup
            .store
            .write(|writer| writer.note_pull_run(run, &reading.done))?;
        report.objects.push(reading.done);
        if let Some(error) = refused {
            failed = Some(error);
            break;
        }
    }
    report.calls = setup.org.client.traffic().calls.saturating_sub(before);
    match &failed {
        None => {}
        Some(Error::Cancelled) => report.state = PullRunState::Cancelled,
        Some(error) => {
            report.state = PullRunState::Stopped;
            report.reason = Some(error.to_string());
        }
    }
    let now = (setup.clock)();
    setup.store.write(|writer| {
        writer.end_pull_run(
            run,
            report.state,
            report.reason.as_deref(),
            report.calls,
            now,
        )
    })?;
    match failed {
        None | Some(Error::Cancelled) => Ok(report),
        Some(error) => Err(error),
    }
}

/// Brings a mirror to a plan. Where it gets room for more than was read before, the object is read anew.
///
/// # Errors
/// As [`Writer::apply_mirror_plan`].
pub fn apply_schema(
    writer: &Writer<'_>,
    pull: PullId,
    org_id: &str,
    plan: &MirrorPlan,
    now: i64,
) -> leadferry_store::Result<Vec<SchemaStep>> {
    let steps = writer.apply_mirror_plan(org_id, plan, now)?;
    if pulling::reads_anew(&steps) {
        let pass = writer.pull_progress(pull, &plan.object)?.pass;
        let progress = PullProgress {
            pass,
            ..PullProgress::default()
        };
        writer.set_pull_progress(pull, &plan.object, &progress)?;
    }
    Ok(steps)
}

/// Works out what a pull mirrors of an object: the fields that were chosen, and those that come into contacts. Also returns the
/// rows by which they do; none for what isn't people.
///
/// # Errors
/// [`Error::Settings`] where the inbound mapping can't be used.
fn choose(
    reader: &Reader<'_>,
    pull: PullId,
    object: &PullObject,
    describe: &Describe,
) -> Result<(Chosen, Option<Compiled>)> {
    let names = object.fields.as_deref();
    if !inbound::is_person(&describe.name) {
        return Ok((pulling::choose(describe, names), None));
    }
    let target = TargetObject::from_describe(describe);
    let rows = taking_in::rows(reader, pull, object, &target)?;
    let usual = ["usual".to_owned()];
    let mut names = names.unwrap_or(&usual).to_vec();
    names.extend(rows.rows.iter().map(|row| row.field.clone()));
    Ok((pulling::choose(describe, Some(&names)), Some(rows)))
}

/// Works out what a pull mirrors of an object: the fields that were chosen, and those that come into contacts.
///
/// # Errors
/// [`Error::Settings`] where the inbound mapping can't be used.
pub fn mirrored_fields(
    reader: &Reader<'_>,
    pull: PullId,
    object: &PullObject,
    describe: &Describe,
) -> Result<Chosen> {
    Ok(choose(reader, pull, object, describe)?.0)
}

/// Returns what is to happen with converted leads: blocking is the stricter wish.
fn when_converted(reader: &Reader<'_>, org: &Org) -> Result<WhenConverted> {
    for replication in reader.replications()? {
        let of_leads =
            replication.object == "Lead" && replication.connection == Some(org.connection);
        if of_leads && Settings::from_json(&replication.settings)?.converted == WhenConverted::Block
        {
            return Ok(WhenConverted::Block);
        }
    }
    Ok(WhenConverted::Follow)
}

fn says_the_same(one: &str, other: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    one == other || read(one).is_some_and(|one| Some(one) == read(other))
}

/// Tells whether the org refused one object rather than us.
fn is_about_the_object(error: &Error) -> bool {
    match error {
        Error::Salesforce(error) => {
            error.needs_describe()
                || matches!(
                    error.code(),
                    Some(
                        ErrorCode::InvalidField
                            | ErrorCode::MalformedQuery
                            | ErrorCode::InsufficientAccess
                    )
                )
        }
        Error::Settings(_) => true,
        _ => false,
    }
}

/// Returns the ids of records that can become contacts.
fn newcomers(records: &[Record]) -> Vec<String> {
    let is = |record: &Record, field: &str| record.boolean(field) == Some(true);
    let live = records
        .iter()
        .filter(|record| !is(record, "IsDeleted") && !is(record, "IsConverted"));
    live.filter_map(|record| Some(record.id()?.as_str().to_owned()))
        .collect()
}

fn refusal(error: &Error) -> String {
    let said = match error {
        Error::Salesforce(error) => error.message().map(str::to_owned),
        _ => None,
    };
    let code = match error {
        Error::Salesforce(error) => error.code(),
        _ => None,
    };
    let words = said.unwrap_or_default();
    match code {
        Some(ErrorCode::NotFound | ErrorCode::InvalidType | ErrorCode::InsufficientAccess) => {
            "Your user can't read this object in Salesforce, or it isn't there anymore. Ask your admin for permission to \
             read it, or remove it from the pull."
                .to_owned()
        }
        Some(ErrorCode::InvalidField) => format!(
            "A field is gone from Salesforce, or your user can't read it{}. Run the pull again.",
            column_in(&words).map(|column| format!(": {column}")).unwrap_or_default()
        ),
        _ if !words.is_empty() => format!("Salesforce refused to read this object: {words}"),
        _ => error.to_string(),
    }
}

/// Returns the field that the org says it doesn't have.
fn column_in(words: &str) -> Option<&str> {
    let (_, rest) = words.split_once("No such column '")?;
    rest.split_once('\'').map(|(column, _)| column)
}

/// One object being read.
struct Reading<'a> {
    setup: &'a PullSetup<'a>,
    run: PullRunId,
    object: &'a PullObject,
    done: PullRunObject,
    taken: Taken,
    calls_before: u64,
    place: (u64, u64),
}

/// An object whose mirror is in place.
struct Prepared {
    mirror: Mirror,
    question: Question,
    /// How its records come into contacts; none for what isn't people.
    taking: Option<TakingIn>,
    newcomers: Newcomers,
    /// HTTP date of the description.
    dated: Option<String>,
}

/// Whose records become contacts, of those that are nobody here.
enum Newcomers {
    None,
    All,
    /// Of those that meet this condition.
    Where(String),
}

impl Reading<'_> {
    async fn read(&mut self) -> Result<()> {
        let mut prepared = match self.kept()? {
            Some((describe, dated)) => self.prepare(&describe, dated)?,
            None => {
                let (describe, dated) = self.describe_anew().await?;
                self.prepare(&describe, dated)?
            }
        };
        let mut tries = 0;
        let (mut progress, mut page, count) = loop {
            self.check_goes_on()?;
            let progress = self.setup.store.read(|reader| self.progress(reader))?;
            let (mut progress, from) =
                pulling::begin(progress, &prepared.question, (self.setup.clock)());
            if from == From::Start {
                progress.pass = self.fresh_pass(&prepared.mirror, &progress)?;
            }
            let soql = prepared.question.soql(&from);
            let count = prepared.question.count();
            let at = GlanceAt {
                object: &self.object.object,
                known: prepared.dated.as_deref(),
                soql: &soql,
                all: prepared.question.all,
                count: &count,
            };
            let glance = self.setup.org.client.glance(&at).await?;
            tries += 1;
            if let Described::Fresh {
                last_modified,
                raw,
                describe,
            } = glance.described
            {
                let changed = self.keep_describe(last_modified.as_deref(), &raw)?;
                if changed && tries < 3 {
                    // The fields are others: what was asked for may be too little, or too much.
                    prepared = self.prepare(&describe, last_modified)?;
                    if glance.page.is_err() || prepared.question.soql(&from) != soql {
                        continue;
                    }
                }
            }
            match glance.page {
                Ok(page) => break (progress, page, glance.count),
                Err(error) if error.needs_describe() && tries < 3 => {
                    // A field that the user lost the right to see: the description isn't dated by that.
                    let (describe, dated) = self.describe_anew().await?;
                    prepared = self.prepare(&describe, dated)?;
                }
                Err(error) => return Err(error.into()),
            }
        };
        let mut pages = 0_u64;
        let total = page.total;
        loop {
            self.keep_page(&prepared, &mut progress, &page)?;
            crash_point("pull.page");
            pages += 1;
            self.step(total);
            let Some(cursor) = page.next else { break };
            self.check_goes_on()?;
            let left = total.saturating_sub(page.records.len() as u64);
            if pages == 1
                && in_bulk::is_cheaper(left, page.records.len() as u64)
                && self.read_in_bulk(&prepared, &mut progress, total).await?
            {
                pages += 1;
                break;
            }
            page = self.next_page(&prepared, &progress, &cursor).await?;
        }
        let count = match pages {
            1 => count?,
            _ => {
                let page = self
                    .setup
                    .org
                    .client
                    .first_page(&prepared.question.count(), false)
                    .await?;
                page.total
            }
        };
        self.bring_in_matching(&prepared, &progress).await?;
        self.finish(&prepared, progress)?;
        crash_point("pull.read");
        self.prove(&prepared, count).await?;
        self.take_rest(&prepared)?;
        self.done.notes.extend(self.taken.notes());
        Ok(())
    }

    /// Brings in whoever meets the condition among the records that may have changed. A pull that is killed before the reading
    /// has ended does it again.
    async fn bring_in_matching(
        &mut self,
        prepared: &Prepared,
        progress: &PullProgress,
    ) -> Result<()> {
        let (Newcomers::Where(condition), Some(taking)) = (&prepared.newcomers, &prepared.taking)
        else {
            return Ok(());
        };
        if self.done.read == 0 {
            return Ok(());
        }
        let since = progress.watermark.map(|mark| mark - pulling::OVERLAP_MS);
        let soql = prepared.question.matching_ids(condition, since);
        let client = &self.setup.org.client;
        let mut page = client.first_page(&soql, false).await?;
        loop {
            let ids: Vec<String> = page
                .records
                .iter()
                .filter_map(|record| Some(record.id()?.as_str().to_owned()))
                .collect();
            let now = (self.setup.clock)();
            let mut taken = self.taken.clone();
            self.setup
                .store
                .write(|writer| taking.bring_in(writer, &prepared.mirror, &ids, now, &mut taken))?;
            self.taken = taken;
            crash_point("pull.brought_in");
            let Some(cursor) = page.next else {
                return Ok(());
            };
            self.check_goes_on()?;
            page = client.next_page(&cursor).await?;
        }
    }

    /// Compares the records of links that are new, or have to be compared again, as the mirror holds them.
    fn take_rest(&mut self, prepared: &Prepared) -> Result<()> {
        let Some(taking) = &prepared.taking else {
            return Ok(());
        };
        let (org_id, object) = (&self.setup.org.org_id, &prepared.mirror.object);
        let mut after = LinkId(0);
        loop {
            self.check_goes_on()?;
            let now = (self.setup.clock)();
            let mut taken = self.taken.clone();
            let last = self.setup.store.write(|writer| -> Result<_> {
                let links = writer.links_to_look_at(org_id, object, after, LINKS_A_STEP)?;
                let last = links.last().map(|link| link.id);
                let (mut incoming, mut absent) = (Vec::new(), Vec::new());
                for link in links {
                    let id = link.id;
                    match taking.mirrored(writer, &prepared.mirror, link)? {
                        Some(record) => incoming.push(record),
                        None => absent.push(id),
                    }
                }
                taking.take(writer, &incoming, None, now, &mut taken)?;
                writer.links_looked_at(&absent, Some(now))?;
                Ok(last)
            })?;
            self.taken = taken;
            let Some(last) = last else { return Ok(()) };
            after = last;
            crash_point("pull.taken_in");
        }
    }

    fn progress(&self, reader: &Reader<'_>) -> Result<PullProgress> {
        Ok(reader.pull_progress(self.setup.pull.id, &self.object.object)?)
    }

    /// Returns a number that no record was seen with, also where another pull has filled the mirror before.
    fn fresh_pass(&self, mirror: &Mirror, progress: &PullProgress) -> Result<i64> {
        let last = self
            .setup
            .store
            .read(|reader| reader.last_mirror_pass(mirror))?;
        Ok(progress.pass.max(last + 1))
    }

    fn check_goes_on(&self) -> Result<()> {
        if self.setup.cancel.is_cancelled() || !self.setup.progress.goes_on() {
            return Err(Error::Cancelled);
        }
        Ok(())
    }

    fn step(&self, total: u64) {
        let (at, of) = self.place;
        // Objects weigh the same: how many records the next ones have isn't known.
        let within = |part: u64| {
            (part.min(total) * 1_000)
                .checked_div(total)
                .unwrap_or_default()
        };
        self.setup.progress.step(&Step {
            stage: Stage::Pulling,
            done: at * 1_000 + within(self.done.read),
            total: of * 1_000,
            calls: self.setup.org.client.traffic().calls,
        });
    }

    fn count_calls(&mut self) {
        let calls = self.setup.org.client.traffic().calls;
        self.done.calls = calls.saturating_sub(self.calls_before);
    }

    /// Returns the description that is kept, and its date.
    fn kept(&self) -> Result<Option<(Describe, Option<String>)>> {
        let org = self.setup.org;
        let kept = self
            .setup
            .store
            .read(|reader| reader.describe(org.connection, &self.object.object))?;
        let kept =
            kept.map(|kept| Ok::<_, Error>((Describe::parse(&kept.body)?, kept.last_modified)));
        kept.transpose()
    }

    async fn describe_anew(&self) -> Result<(Describe, Option<String>)> {
        let described = self
            .setup
            .org
            .client
            .describe(&self.object.object, None)
            .await?;
        let Described::Fresh {
            last_modified,
            raw,
            describe,
        } = described
        else {
            return Err(Error::Unexpected(
                "the org didn't describe the object".to_owned(),
            ));
        };
        self.keep_describe(last_modified.as_deref(), &raw)?;
        Ok((describe, last_modified))
    }

    /// Keeps a description, and tells whether it is another one. Within a composite answer it may be spelled differently.
    fn keep_describe(&self, dated: Option<&str>, raw: &str) -> Result<bool> {
        let (connection, object, now) = (
            self.setup.org.connection,
            &self.object.object,
            (self.setup.clock)(),
        );
        Ok(self.setup.store.write(|writer| {
            let kept = writer.describe(connection, object)?;
            if kept.is_some_and(|kept| says_the_same(&kept.body, raw)) {
                writer.confirm_describe(connection, object, now)?;
                return Ok::<_, leadferry_store::Error>(false);
            }
            writer.save_describe(connection, object, dated, raw, now)?;
            Ok(true)
        })?)
    }

    /// Brings the mirror in line with the object.
    fn prepare(&mut self, describe: &Describe, dated: Option<String>) -> Result<Prepared> {
        let (chosen, rows) = self
            .setup
            .store
            .read(|reader| choose(reader, self.setup.pull.id, self.object, describe))?;
        let Chosen { plan, unknown } = chosen;
        let filter = match &self.object.filter {
            Some(filter) => (self.setup.filters)(describe, filter).map_err(Error::Settings)?,
            None => None,
        };
        let (now, org_id) = ((self.setup.clock)(), &self.setup.org.org_id);
        let pull = self.setup.pull.id;
        let (steps, mirror) = self.setup.store.write(|writer| {
            let steps = apply_schema(writer, pull, org_id, &plan, now)?;
            Ok::<_, leadferry_store::Error>((steps, writer.mirror_of(org_id, &plan.object)?))
        })?;
        let mirror = mirror.ok_or_else(|| Error::Unexpected("the mirror is gone".to_owned()))?;
        self.done.notes.extend(pulling::notes_on(&steps));
        if !unknown.is_empty() {
            let note = format!(
                "Salesforce doesn't show these fields: {}.",
                unknown.join(", ")
            );
            if !self.done.notes.contains(&note) {
                self.done.notes.push(note);
            }
        }
        let question = Question::of(describe, &mirror, &plan, filter);
        if question.stamp == pulling::Stamp::None {
            let note = "Salesforce can't tell which of these records changed, so all of them are read each time.";
            self.done.notes.push(note.to_owned());
        }
        let taking = match rows {
            Some(rows) => Some(self.setup.store.read(|reader| {
                let of = (org_id.as_str(), mirror.object.as_str());
                TakingIn::load(reader, of, rows, &question.fields, self.setup.places, now)
            })?),
            None => None,
        };
        let newcomers = self.newcomers(describe)?;
        Ok(Prepared {
            mirror,
            question,
            newcomers,
            taking,
            dated,
        })
    }

    fn newcomers(&self, describe: &Describe) -> Result<Newcomers> {
        let inbound = self
            .setup
            .store
            .read(|reader| reader.pull_inbound(self.setup.pull.id, &self.object.object))?;
        let Some(filter) = inbound.newcomers else {
            return Ok(Newcomers::None);
        };
        let condition = (self.setup.filters)(describe, &filter).map_err(Error::Settings)?;
        Ok(condition.map_or(Newcomers::All, Newcomers::Where))
    }

    /// Writes a page together with how far it reads.
    fn keep_page(
        &mut self,
        prepared: &Prepared,
        progress: &mut PullProgress,
        page: &Page,
    ) -> Result<()> {
        self.keep_records(prepared, progress, &page.records)
    }

    fn keep_records(
        &mut self,
        prepared: &Prepared,
        progress: &mut PullProgress,
        read: &[Record],
    ) -> Result<()> {
        let records: Vec<MirrorRecord> = read
            .iter()
            .filter_map(|record| pulling::record(record, &prepared.question))
            .collect();
        if let Some(last) = records.last() {
            progress.cursor = Some((last.stamp.unwrap_or_default(), last.id.clone()));
        }
        self.done.read += records.len() as u64;
        let fates: Vec<(String, Fate)> = read
            .iter()
            .filter_map(|record| Some((record.id()?.as_str().to_owned(), fate(record)?)))
            .collect();
        self.follow(&fates)?;
        let fresh = newcomers(read);
        self.write(prepared, progress, &records, &fresh, true)
    }

    /// Moves links before the page is kept: a page that is read again moves none.
    fn follow(&mut self, fates: &[(String, Fate)]) -> Result<()> {
        if fates.is_empty() {
            return Ok(());
        }
        let (org, object, now) = (self.setup.org, &self.object.object, (self.setup.clock)());
        let moved = self.setup.store.write(|writer| -> Result<u64> {
            let converted = when_converted(writer, org)?;
            following::follow(writer, &org.org_id, object, fates, converted, now)
        })?;
        if moved > 0 {
            let note = match moved {
                1 => "1 contact followed a converted or merged record.".to_owned(),
                more => format!("{more} contacts followed converted or merged records."),
            };
            self.done.notes.push(note);
        }
        Ok(())
    }

    /// Writes records, and how far the object is read where that has moved.
    fn write(
        &mut self,
        prepared: &Prepared,
        progress: &PullProgress,
        records: &[MirrorRecord],
        fresh: &[String],
        moved: bool,
    ) -> Result<()> {
        let fields: Vec<&MirrorField> = prepared.question.fields.iter().collect();
        let (mut done, mut taken) = (self.done.clone(), self.taken.clone());
        let (pull, run, object) = (self.setup.pull.id, self.run, &self.object.object);
        let now = (self.setup.clock)();
        self.setup.store.write(|writer| -> Result<()> {
            let incoming = match &prepared.taking {
                Some(taking) => taking.incoming(writer, &prepared.mirror, &fields, records)?,
                None => Vec::new(),
            };
            let PageTally {
                new,
                changed,
                deleted,
            } = writer.write_mirror_page(&prepared.mirror, &fields, records, progress.pass)?;
            (done.new, done.changed, done.deleted) = (
                done.new + new,
                done.changed + changed,
                done.deleted + deleted,
            );
            if let Some(taking) = &prepared.taking {
                taking.take(writer, &incoming, None, now, &mut taken)?;
                taking.notice_cleared(writer, &fields, records, &mut taken)?;
                if matches!(prepared.newcomers, Newcomers::All) {
                    taking.bring_in(writer, &prepared.mirror, fresh, now, &mut taken)?;
                }
            }
            if moved {
                writer.set_pull_progress(pull, object, progress)?;
            }
            Ok(writer.note_pull_run(run, &done)?)
        })?;
        (self.done, self.taken) = (done, taken);
        Ok(())
    }

    /// Returns the next page. Where the org has forgotten the query, it is asked again from the last record on.
    async fn next_page(
        &self,
        prepared: &Prepared,
        progress: &PullProgress,
        cursor: &leadferry_salesforce::Cursor,
    ) -> Result<Page> {
        let client = &self.setup.org.client;
        match client.next_page(cursor).await {
            Err(error) if error.code() == Some(&ErrorCode::InvalidQueryLocator) => {
                let from = match &progress.cursor {
                    Some((stamp, id)) => From::Record(*stamp, id.clone()),
                    None => From::Start,
                };
                Ok(client
                    .first_page(&prepared.question.soql(&from), prepared.question.all)
                    .await?)
            }
            page => Ok(page?),
        }
    }

    /// Notes that the object is read to its end, and what of it has vanished without a trace.
    fn finish(&mut self, prepared: &Prepared, progress: PullProgress) -> Result<()> {
        let mut done = self.done.clone();
        let (pull, run, object, now) = (
            self.setup.pull.id,
            self.run,
            &self.object.object,
            (self.setup.clock)(),
        );
        self.setup.store.write(|writer| {
            if progress.whole {
                done.gone += writer.mark_unseen_gone(&prepared.mirror, progress.pass)?;
            }
            writer.set_pull_progress(pull, object, &pulling::end(progress, now))?;
            writer.note_pull_run(run, &done)
        })?;
        self.done = done;
        Ok(())
    }

    fn live(&self, mirror: &Mirror) -> Result<u64> {
        let live = Some(MirrorState::Live);
        Ok(self
            .setup
            .store
            .read(|reader| reader.count_mirrored(mirror, live))?)
    }
}
