//! Brings a file of activities in: who did what, when.
//!
//! Rows are matched to contacts by e-mail or guid. Rows of people who are not here wait for them; rows that cannot be
//! read go to the errors file and never stop the rest.

mod holding;
mod preview;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use leadferry_store::{
    ActivityTypeId, ContactId, Guid, ImportId, ImportKind, ImportProgress as Progress, ImportState,
    NewActivity, NewImport, Store, Writer, crash_point, email_key,
};
use serde::{Deserialize, Serialize};

use super::columns::Sample;
use super::dates::{self, DateManner, Order};
use super::errors_file::{ErrorsFile, FaultyRow, errors_path};
use super::kept_errors::KeptErrors;
use super::numbers::{self, DecimalSign};
use super::own_files::OwnFiles;
use super::source::{Cells, Event, Row, Source};
use super::{DateOrder, Error, Fault, ImportProgress, ImportRequest, Result, Warning, emails};
use holding::{Holds, places};
pub use preview::{ActivitiesColumn, ActivitiesPreview, preview_activities};

const PAGE_ROWS: usize = 4_000;
const PAGE_BYTES: usize = 4 << 20;
/// So many faults are told one by one.
const TOLD: usize = 20;

/// What to import, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct ActivitiesRequest {
    /// The CSV or XLSX file.
    pub file: PathBuf,
    /// The sheet of a spreadsheet; the visible one with the most known column names where unset.
    pub sheet: Option<String>,
    /// The row with the column names as the file counts, from 1; found out where unset.
    pub header_row: Option<u64>,
    /// Column name and what it holds: `email`, `guid`, `type`, `time`, `value`, `url`, `title`, `note`, or `-`.
    pub map: Vec<(String, String)>,
    /// The type of rows that name none.
    pub kind: Option<String>,
    /// Types that are not known are added; otherwise such rows are faulty.
    pub create_types: bool,
    /// The order of dates like 03/04/1990; found out where unset.
    pub dates: Option<DateOrder>,
    /// The zone of times that name none; the workspace's where unset.
    pub time_zone: Option<String>,
    /// Where faulty rows go; beside the file where unset.
    pub errors_file: Option<PathBuf>,
    /// Import a file that was imported before.
    pub again: bool,
}

impl ActivitiesRequest {
    /// Returns how the file is to be read.
    fn reading(&self) -> ImportRequest {
        ImportRequest {
            file: self.file.clone(),
            sheet: self.sheet.clone(),
            header_row: self.header_row,
            ..ImportRequest::default()
        }
    }
}

/// What an import of activities came to.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ActivitiesOutcome {
    /// The import.
    pub import: i64,
    /// The file was read to its end; otherwise the same request goes on from there.
    pub finished: bool,
    /// An interrupted import was taken up.
    pub resumed: bool,
    /// Data rows taken in or reported.
    pub rows: u64,
    /// Activities of contacts.
    pub added: u64,
    /// Activities of people who are not here yet.
    pub waiting: u64,
    /// Blank rows.
    pub skipped: u64,
    /// Rows that could not be taken in.
    pub faulty: u64,
    /// Where these are.
    pub errors_file: Option<PathBuf>,
    /// The first of them.
    pub faults: Vec<Fault>,
    /// What to know about the import as a whole.
    pub warnings: Vec<Warning>,
    /// Types that were not known before.
    pub types_created: Vec<String>,
    /// Columns that were left out.
    pub columns_ignored: Vec<String>,
}

/// How the file is read, decided once.
struct Layout {
    names: Vec<String>,
    places: HashMap<Holds, usize>,
    manner: DateManner,
    zone: TimeZone,
    sign: DecimalSign,
    kind: Option<String>,
}

/// A row that can be taken in.
struct Draft {
    who: Who,
    kind: String,
    new: NewActivity,
}

enum Who {
    Email(String),
    Guid(Guid),
}

struct RowFault {
    column: Option<usize>,
    reason: String,
}

enum Content {
    Blank,
    Draft(Draft),
    Faulty(RowFault),
    Written,
}

struct PageRow {
    line: u64,
    raw: Vec<u8>,
    cells: usize,
    content: Content,
}

/// Imports activities; an import that was interrupted goes on behind its last committed row.
///
/// # Errors
/// [`Error::AlreadyImported`] when the same file was imported before and the request does not say `again`; whatever
/// keeps the whole file out. Rows committed before an error stay.
pub fn import_activities(
    store: &Store,
    files: &OwnFiles,
    request: &ActivitiesRequest,
    now: impl Fn() -> i64,
    progress: &mut dyn FnMut(&ImportProgress) -> ControlFlow<()>,
) -> Result<ActivitiesOutcome> {
    let source = Source::open(&request.reading(), &mut super::run::reading(progress))?;
    let zone = store.read(|reader| reader.time_zone())?;
    let layout = Layout::decide(&source, request, &zone, now())?;
    let (import, done, resumed) = store.write(|writer| begin(writer, &source, request, now()))?;
    crash_point("import.begun");
    let path = errors_path(request.errors_file.as_deref(), &request.file)?;
    let errors = ErrorsFile::new(&source, path, None);
    let (errors, restarted) =
        KeptErrors::begin(store, files, (import, done), &request.file, errors)?;
    let mut intake = Intake {
        store,
        source: &source,
        request,
        layout: &layout,
        import,
        errors,
        passing: done.committed_row,
        progress: done,
        page: Vec::new(),
        bytes: 0,
        faults: Vec::new(),
        types_created: Vec::new(),
        row_open: false,
    };
    let mut stopped = false;
    let complete = source.for_each_row(&mut |event, bytes| {
        if intake.take(event, now())? && progress(&intake.report(bytes)).is_break() {
            stopped = true;
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let finished = complete && !stopped;
    if finished {
        intake.commit(now())?;
        store.write::<_, Error>(|writer| Ok(writer.finish_import(import, now())?))?;
    }
    let done = intake.progress;
    Ok(ActivitiesOutcome {
        import: import.0,
        finished,
        resumed,
        rows: done.committed_row,
        added: done.created,
        waiting: done.updated,
        skipped: done.skipped,
        faulty: done.faulty,
        errors_file: intake.errors.file.path().map(Path::to_owned),
        faults: intake.faults,
        warnings: source.remarks.iter().cloned().chain(restarted).collect(),
        types_created: intake.types_created,
        columns_ignored: layout.ignored(),
    })
}

/// Begins an import, or takes up one that was interrupted.
fn begin(
    writer: &Writer<'_>,
    source: &Source,
    request: &ActivitiesRequest,
    now: i64,
) -> Result<(ImportId, Progress, bool)> {
    let bare = ActivitiesRequest {
        file: PathBuf::new(),
        errors_file: None,
        again: false,
        ..request.clone()
    };
    let options = serde_json::to_string(&bare)
        .map_err(|_| Error::Mapping("a path in the request isn't text".to_owned()))?;
    if let Some(prior) = writer.import_by_hash(&source.hash)? {
        if prior.state == ImportState::Running && prior.options == options {
            return Ok((prior.id, prior.progress, true));
        }
        if !request.again {
            return Err(Error::AlreadyImported {
                import: prior.id.0,
                ended_at: prior.ended_at,
                rows: prior.progress.committed_row,
            });
        }
    }
    let name = source.path.file_name().unwrap_or_default();
    let new = NewImport {
        kind: ImportKind::Activities,
        file_name: &name.to_string_lossy(),
        file_hash: &source.hash,
        options: &options,
        errors_file: None,
    };
    Ok((writer.begin_import(&new, now)?, Progress::default(), false))
}

impl Layout {
    fn decide(source: &Source, request: &ActivitiesRequest, zone: &str, now: i64) -> Result<Self> {
        let places = places(&source.header, &request.map)?;
        if !places.contains_key(&Holds::Email) && !places.contains_key(&Holds::Guid) {
            return Err(Error::Mapping(
                "no column has the contact's email or guid. Choose the column that does".into(),
            ));
        }
        if !places.contains_key(&Holds::Kind) && request.kind.is_none() {
            return Err(Error::Mapping(
                "no column has the type of activity. Choose the column that does, or one type for all rows".into(),
            ));
        }
        let Some(time) = places.get(&Holds::Time) else {
            return Err(Error::Mapping(
                "no column has the time of the activity. Choose the column that does".into(),
            ));
        };
        let sample = Sample::read(source)?;
        let order = match (
            request.dates,
            dates::order(sample.column(*time).into_iter()),
        ) {
            (Some(order), _) | (None, Order::Known(order)) => order,
            (None, Order::Irrelevant) => DateOrder::Ymd,
            (None, Order::Unclear | Order::Mixed(_)) => {
                return Err(Error::Mapping(
                    "dates like 03/04/2026 can be read in two ways. Choose whether the day or the month comes \
                     first".into(),
                ));
            }
        };
        let sign = match places.get(&Holds::Value) {
            Some(at) => numbers::decimal_sign(sample.column(*at).into_iter(), DecimalSign::Point),
            None => DecimalSign::Point,
        };
        let zone = request.time_zone.as_deref().unwrap_or(zone);
        Ok(Self {
            names: source.header.clone(),
            places,
            manner: DateManner {
                order,
                latest: super::run::year(now),
            },
            zone: TimeZone::get(zone)
                .map_err(|_| Error::Mapping(format!("the time zone \"{zone}\" doesn't exist")))?,
            sign,
            kind: request.kind.clone(),
        })
    }

    fn ignored(&self) -> Vec<String> {
        let used: Vec<usize> = self.places.values().copied().collect();
        let names = self.names.iter().enumerate();
        names
            .filter(|(at, _)| !used.contains(at))
            .map(|(_, name)| name.clone())
            .collect()
    }

    fn cell<'c>(&self, cells: Cells<'c>, holds: Holds) -> Option<&'c str> {
        let text = cells.get(*self.places.get(&holds)?).trim();
        (!text.is_empty()).then_some(text)
    }

    fn fault(&self, holds: Holds, reason: &str) -> RowFault {
        RowFault {
            column: self.places.get(&holds).copied(),
            reason: reason.to_owned(),
        }
    }

    /// Turns the cells of a row into an activity. The kind is looked up when the row is written.
    fn read(&self, cells: Cells<'_>, now: i64) -> Result<Draft, RowFault> {
        let who = match (
            self.cell(cells, Holds::Guid),
            self.cell(cells, Holds::Email),
        ) {
            (Some(text), _) => Who::Guid(Guid::parse(text).map_err(|_| {
                self.fault(Holds::Guid, "this isn't a guid, which has 32 hex digits")
            })?),
            (None, Some(text)) if emails::is_email(text) => Who::Email(text.to_owned()),
            (None, Some(_)) => {
                return Err(self.fault(Holds::Email, "this isn't an email address"));
            }
            (None, None) => return Err(self.fault(Holds::Email, "the contact is missing")),
        };
        let kind = self.cell(cells, Holds::Kind).or(self.kind.as_deref());
        let kind = kind.ok_or_else(|| self.fault(Holds::Kind, "the type is missing"))?;
        let time = self.cell(cells, Holds::Time);
        let time = time.ok_or_else(|| self.fault(Holds::Time, "the time is missing"))?;
        let at = dates::moment(time, &self.manner, &self.zone).ok_or_else(|| {
            self.fault(
                Holds::Time,
                "this isn't a date and time such as 2026-01-31 10:00",
            )
        })?;
        let value = match self.cell(cells, Holds::Value) {
            Some(text) => Some(
                numbers::float(text, self.sign)
                    .ok_or_else(|| self.fault(Holds::Value, "this isn't a number"))?,
            ),
            None => None,
        };
        let text = |holds| self.cell(cells, holds).map(str::to_owned);
        let new = NewActivity {
            kind: ActivityTypeId(0),
            at,
            value,
            url: text(Holds::Url),
            title: text(Holds::Title),
            note: text(Holds::Note),
        };
        new.check(now).map_err(|error| {
            let text = error.to_string();
            let holds = [
                ("time", Holds::Time),
                ("value", Holds::Value),
                ("url", Holds::Url),
                ("title", Holds::Title),
                ("note", Holds::Note),
            ];
            let of = holds.iter().find(|(word, _)| text.contains(word));
            self.fault(of.map_or(Holds::Time, |(_, holds)| *holds), &text)
        })?;
        Ok(Draft {
            who,
            kind: kind.to_owned(),
            new,
        })
    }
}

struct Intake<'s> {
    store: &'s Store,
    source: &'s Source,
    request: &'s ActivitiesRequest,
    layout: &'s Layout,
    import: ImportId,
    errors: KeptErrors,
    /// Rows committed by an earlier attempt that are still to be passed over.
    passing: u64,
    progress: Progress,
    page: Vec<PageRow>,
    bytes: usize,
    faults: Vec<Fault>,
    types_created: Vec<String>,
    /// The errors file ends in the middle of a row too long for memory.
    row_open: bool,
}

impl Intake<'_> {
    fn report(&self, bytes: u64) -> ImportProgress {
        ImportProgress {
            rows: self.progress.committed_row,
            bytes,
            bytes_total: self.source.bytes,
            created: self.progress.created,
            updated: self.progress.updated,
            faulty: self.progress.faulty,
        }
    }

    /// Takes what the file gives; true when it is time to check for a cancel.
    fn take(&mut self, event: Event<'_>, now: i64) -> Result<bool> {
        match event {
            Event::Rest(piece) => {
                if self.row_open {
                    self.errors.file.write_piece(piece)?;
                }
                Ok(true)
            }
            Event::Pulse => Ok(true),
            Event::Row(_) if self.passing > 0 => {
                self.passing -= 1;
                Ok(self.passing.is_multiple_of(PAGE_ROWS as u64))
            }
            Event::Row(row) => {
                self.close_row()?;
                if row.unfinished {
                    // Rows before it come before it in the errors file.
                    self.commit(now)?;
                }
                self.add(&row, now)?;
                let full = self.page.len() >= PAGE_ROWS || self.bytes >= PAGE_BYTES;
                if full && !row.unfinished {
                    self.commit(now)
                } else {
                    Ok(false)
                }
            }
        }
    }

    fn close_row(&mut self) -> Result<()> {
        if std::mem::take(&mut self.row_open) {
            self.errors.file.end_pieces()?;
        }
        Ok(())
    }

    fn add(&mut self, row: &Row<'_>, now: i64) -> Result<()> {
        let is_blank = || row.cells.iter().all(|cell| cell.trim().is_empty());
        let content = match row.fault {
            Some(reason) if row.unfinished => {
                self.errors.file.write_piece(row.raw)?;
                self.row_open = true;
                self.tell(row.number, None, reason);
                Content::Written
            }
            Some(reason) => Content::Faulty(RowFault {
                column: None,
                reason: reason.to_owned(),
            }),
            None if is_blank() => Content::Blank,
            None => match self.layout.read(row.cells, now) {
                Ok(draft) => Content::Draft(draft),
                Err(fault) => Content::Faulty(fault),
            },
        };
        let raw = match content {
            Content::Faulty(_) | Content::Draft(_) => row.raw.to_vec(),
            Content::Blank | Content::Written => Vec::new(),
        };
        self.bytes += raw.len();
        self.page.push(PageRow {
            line: row.number,
            raw,
            cells: row.cells.len(),
            content,
        });
        Ok(())
    }

    fn tell(&mut self, line: u64, column: Option<usize>, reason: &str) {
        if self.faults.len() < TOLD {
            self.faults.push(Fault {
                line,
                column: column.map(|at| self.layout.names[at].clone()),
                reason: reason.to_owned(),
                cells: Vec::new(),
            });
        }
    }

    /// Commits the rows gathered; true when there were any.
    fn commit(&mut self, now: i64) -> Result<bool> {
        self.close_row()?;
        if self.page.is_empty() {
            return Ok(false);
        }
        if !self.source.is_unchanged() {
            return Err(Error::Changed(self.source.path.clone()));
        }
        let page = std::mem::take(&mut self.page);
        self.bytes = 0;
        let store = self.store;
        store.write(|writer| -> Result<()> {
            if writer.import(self.import)?.progress != self.progress {
                return Err(Error::AlreadyRunning);
            }
            let mut done = self.progress;
            let people = people(writer, &page)?;
            let mut kinds = HashMap::new();
            let mut stamped = Vec::new();
            for row in page {
                crash_point("import.row");
                done.committed_row += 1;
                let fault = match &row.content {
                    Content::Blank => {
                        done.skipped += 1;
                        continue;
                    }
                    Content::Written => {
                        done.faulty += 1;
                        continue;
                    }
                    Content::Faulty(fault) => Some((fault.column, fault.reason.clone())),
                    Content::Draft(draft) => {
                        match self.write(writer, draft, &people, &mut kinds, now)? {
                            Written::Of(contact) => {
                                stamped.push(contact);
                                done.created += 1;
                                None
                            }
                            Written::Waiting => {
                                done.updated += 1;
                                None
                            }
                            Written::Not(holds, reason) => {
                                Some((self.layout.places.get(&holds).copied(), reason))
                            }
                        }
                    }
                };
                if let Some((column, reason)) = fault {
                    done.faulty += 1;
                    self.write_fault(&row, column, &reason)?;
                }
            }
            stamped.sort_unstable();
            stamped.dedup();
            writer.stamp_contacts(&stamped)?;
            self.errors.sync()?;
            done.errors_bytes = self.errors.file.bytes();
            writer.import_progress(self.import, &done)?;
            self.progress = done;
            crash_point("import.before_commit");
            Ok(())
        })?;
        crash_point("import.after_commit");
        Ok(true)
    }

    fn write(
        &mut self,
        writer: &Writer<'_>,
        draft: &Draft,
        people: &HashMap<String, ContactId>,
        kinds: &mut HashMap<String, Option<ActivityTypeId>>,
        now: i64,
    ) -> Result<Written> {
        let Some(kind) = self.kind(writer, &draft.kind, kinds, now)? else {
            return Ok(Written::Not(
                Holds::Kind,
                format!(
                    "there's no activity type \"{}\". Add it, or allow new types",
                    draft.kind
                ),
            ));
        };
        let new = NewActivity {
            kind,
            ..draft.new.clone()
        };
        match &draft.who {
            Who::Email(email) => match email_key(email).and_then(|key| people.get(&key)) {
                Some(contact) => {
                    writer.insert_activity(*contact, &new, Some(self.import))?;
                    Ok(Written::Of(*contact))
                }
                None => {
                    writer.keep_waiting(email, &new, Some(self.import))?;
                    Ok(Written::Waiting)
                }
            },
            Who::Guid(guid) => match writer.contact_by_guid(guid)? {
                Some(contact) if contact.deleted_at.is_none() => {
                    writer.insert_activity(contact.id, &new, Some(self.import))?;
                    Ok(Written::Of(contact.id))
                }
                _ => Ok(Written::Not(
                    Holds::Guid,
                    "there's no contact with this guid".to_owned(),
                )),
            },
        }
    }

    fn kind(
        &mut self,
        writer: &Writer<'_>,
        name: &str,
        kinds: &mut HashMap<String, Option<ActivityTypeId>>,
        now: i64,
    ) -> Result<Option<ActivityTypeId>> {
        let key = name.to_lowercase();
        if let Some(known) = kinds.get(&key) {
            return Ok(*known);
        }
        let kind = match writer.activity_type_named(name) {
            Ok(id) => Some(id),
            Err(leadferry_store::Error::NotFound { .. }) if self.request.create_types => {
                match writer.add_activity_type(name, "", now) {
                    Ok(id) => {
                        self.types_created.push(name.to_owned());
                        Some(id)
                    }
                    Err(leadferry_store::Error::Refused(_)) => None,
                    Err(error) => return Err(error.into()),
                }
            }
            Err(leadferry_store::Error::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        kinds.insert(key, kind);
        Ok(kind)
    }

    fn write_fault(&mut self, row: &PageRow, column: Option<usize>, reason: &str) -> Result<()> {
        let text = match column {
            Some(at) => format!("row {}, {}: {reason}", row.line, self.layout.names[at]),
            None => format!("row {}: {reason}", row.line),
        };
        self.errors.file.write(&FaultyRow {
            raw: &row.raw,
            cells: row.cells,
            old_reason: None,
            reason: &text,
        })?;
        self.tell(row.line, column, reason);
        Ok(())
    }
}

enum Written {
    Of(ContactId),
    Waiting,
    Not(Holds, String),
}

/// Looks up everyone whom the page names by e-mail; of several with one e-mail the eldest.
fn people(writer: &Writer<'_>, page: &[PageRow]) -> Result<HashMap<String, ContactId>> {
    let mut keys: Vec<String> = page
        .iter()
        .filter_map(|row| match &row.content {
            Content::Draft(Draft {
                who: Who::Email(email),
                ..
            }) => email_key(email),
            _ => None,
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let mut people = HashMap::new();
    for person in writer.people_by_email_keys(&keys)? {
        people.entry(person.email_key).or_insert(person.id);
    }
    Ok(people)
}
