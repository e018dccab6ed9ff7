//! Tries an import out: what it would do, counted over the whole file, while nothing is changed.
//!
//! Rows go the way of an import as far as the workspace; there each is judged instead of written. What the rows before
//! have done to a person is remembered, so that people who stand in the file twice are counted as the import counts
//! them.

mod remembered;

use std::borrow::Cow;
use std::ops::ControlFlow;

use leadferry_store::{
    Channel, ContactField, ContactId, CustomField, CustomFieldId, Evidence, How, Reader, Store,
    Told, Value,
};
use serde::Serialize;

use remembered::Remembered;

use super::answers::Wordings;
use super::columns::{self, Columns, Fixed};
use super::contact_rows::{Draft, Layout};
use super::gathering::{Content, RowFault};
use super::headers::Target;
use super::intake::Outcome;
use super::judging::{
    ANOTHER, Key, Known, Person, PersonReader, Terms, Verdict, account_name, find, has_stored,
    identity, identity_of, judge, kept, or_refused, stored_name,
};
use super::matching::{self, Match, People};
use super::record_ids::org_of;
use super::remarks::{Remark, Tally};
use super::run::{default_country, reading, year};
use super::same_name::{Kept, Name};
use super::source::{Event, MendedRow, Row, Source};
use super::{Error, Fault, ImportKey, ImportProgress, ImportRequest, Result, Warning};

const PAGE_ROWS: usize = 1000;
const PAGE_BYTES: usize = 4 << 20;
/// So many faulty rows are told one by one, and so many bytes of their cells.
const TOLD: usize = 200;
const TOLD_BYTES: usize = 1 << 20;
/// Ids of custom fields that an import would make begin here.
const UNBORN: i64 = 1 << 48;

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ts_rs::TS)]
pub struct Trial {
    /// The whole file was looked at; false after a stop.
    pub finished: bool,
    /// Data rows looked at; the sum of the following five.
    pub rows: u64,
    /// New contacts.
    pub created: u64,
    /// Contacts changed.
    pub updated: u64,
    /// Contacts that hold the same values already.
    pub unchanged: u64,
    /// Blank rows, and contacts left alone because the request says so.
    pub skipped: u64,
    /// Rows that cannot be taken in.
    pub faulty: u64,
    /// Rows taken in that say their contact opted out.
    pub opted_out: u64,
    /// The first faulty rows.
    pub faults: Vec<Fault>,
    /// The first things to know about rows that would be taken in.
    pub warnings: Vec<Warning>,
    /// How many warnings there are in all.
    pub warning_count: u64,
}

/// Tries an import out; `now` is in UTC milliseconds, `progress` is called after each page and may break.
///
/// # Errors
/// Whatever keeps the whole file out.
pub fn try_out(
    store: &Store,
    request: &ImportRequest,
    now: i64,
    progress: &mut dyn FnMut(&ImportProgress) -> ControlFlow<()>,
) -> Result<Trial> {
    let source = Source::open(request, &mut reading(progress))?;
    try_source(store, &source, &source, request, now, progress)
}

/// Tries out a few rows of a file as somebody mended them.
///
/// # Errors
/// As [`try_out`].
pub fn try_rows(
    store: &Store,
    request: &ImportRequest,
    rows: &[MendedRow],
    now: i64,
) -> Result<Trial> {
    let file = Source::open(request, &mut |_, _| ControlFlow::Continue(()))?;
    try_mended(store, &file, request, rows, now)
}

/// Tries out mended rows of a file that is open already.
pub(super) fn try_mended(
    store: &Store,
    file: &Source,
    request: &ImportRequest,
    rows: &[MendedRow],
    now: i64,
) -> Result<Trial> {
    let go_on = &mut |_: &ImportProgress| ControlFlow::Continue(());
    try_source(store, &file.mended(rows), file, request, now, go_on)
}

fn try_source(
    store: &Store,
    source: &Source,
    file: &Source,
    request: &ImportRequest,
    now: i64,
    progress: &mut dyn FnMut(&ImportProgress) -> ControlFlow<()>,
) -> Result<Trial> {
    let country = default_country(request)?;
    let (columns, key) = store.read(|reader| prepare(reader, file, request, now))?;
    let layout = Layout::new(&columns, country, request.keep_html);
    let mut judging = Judging {
        terms: Terms {
            key,
            existing: request.existing,
            create_accounts: request.create_accounts,
            names: layout.name_columns(),
        },
        remembered: Remembered::new(layout.contact_fields()),
        reader: PersonReader::new(&layout, key),
        layout: &layout,
        people: People::default(),
        trial: Trial {
            warning_count: columns.warnings.len() as u64,
            warnings: columns.warnings,
            ..Trial::default()
        },
        remarks: Tally::default(),
        told_bytes: 0,
        wordings: Wordings::default(),
        now,
    };
    let mut page = Vec::new();
    let mut page_bytes = 0;
    let mut last = 0;
    let complete = source.for_each_row(&mut |event, bytes| {
        let Event::Row(row) = event else {
            return Ok(progress(&judging.progress(bytes, source.bytes)));
        };
        last = bytes;
        page_bytes += row.raw.len();
        page.push(judging.read(&row));
        if page.len() < PAGE_ROWS && page_bytes < PAGE_BYTES {
            return Ok(ControlFlow::Continue(()));
        }
        page_bytes = 0;
        store.read(|reader| judging.page(reader, std::mem::take(&mut page)))?;
        Ok(progress(&judging.progress(bytes, source.bytes)))
    })?;
    store.read(|reader| judging.page(reader, page))?;
    let stopped = progress(&judging.progress(last, source.bytes)).is_break();
    judging.trial.finished = complete && !stopped;
    for remark in judging.remarks.warnings(|at| layout.name(at).to_owned()) {
        judging.trial.warning_count += 1;
        judging.trial.warnings.push(remark);
    }
    if judging.remembered.is_full() {
        let text = "the file is so large that contacts listed more than once may be counted as new each time";
        judging.warn(None, text);
    }
    Ok(judging.trial)
}

/// Decides the columns and the key as an import would; new custom fields get ids of their own.
fn prepare(
    reader: &Reader<'_>,
    file: &Source,
    request: &ImportRequest,
    now: i64,
) -> Result<(Columns, Key)> {
    let mut custom = reader.custom_fields()?;
    let fixed = Fixed {
        zone: &reader.time_zone()?,
        year: year(now),
        purposes: &reader.purposes()?,
        fields: &[],
    };
    let mut columns = columns::decide(file, request, &custom, &fixed)?;
    let mut unborn = Vec::new();
    for (at, column) in columns.columns.iter_mut().enumerate() {
        if let Target::NewField(name, kind) = column.matched.target.clone() {
            let id = CustomFieldId(UNBORN + at as i64);
            column.matched.target = Target::Field(ContactField::Custom(id), kind);
            unborn.push(CustomField {
                id,
                name,
                kind,
                indexed: false,
            });
        }
    }
    let names: Vec<&str> = unborn.iter().map(|field| field.name.as_str()).collect();
    reader.check_new_custom_fields(&names)?;
    custom.extend(unborn);
    let key = key(request, &custom, &columns)?;
    org_of(reader, request)?;
    Ok((columns, key))
}

fn key(request: &ImportRequest, custom: &[CustomField], columns: &Columns) -> Result<Key> {
    let name = match &request.key {
        ImportKey::Email => return Ok(Key::Email),
        ImportKey::None => return Ok(Key::None),
        ImportKey::Custom(name) => name.strip_prefix("custom:").unwrap_or(name).trim(),
    };
    let found = custom
        .iter()
        .find(|field| field.name.to_lowercase() == name.to_lowercase());
    let id = found.ok_or_else(|| Error::no_such_key(name, custom))?.id;
    columns.check_key(id, name)?;
    Ok(Key::Field(ContactField::Custom(id)))
}

/// Tells whether a field would only be made by the import.
fn is_unborn(field: ContactField) -> bool {
    matches!(field, ContactField::Custom(CustomFieldId(id)) if id >= UNBORN)
}

/// A row on its way to be judged.
struct Read {
    line: u64,
    /// The cells of a faulty one.
    cells: Vec<String>,
    content: Content<Person>,
}

struct Judging<'l> {
    terms: Terms,
    layout: &'l Layout,
    reader: PersonReader<'l>,
    /// The people in the workspace with the e-mails of the page.
    people: People,
    remembered: Remembered,
    trial: Trial,
    remarks: Tally,
    told_bytes: usize,
    wordings: Wordings,
    /// The time, UTC milliseconds.
    now: i64,
}

/// The people of the workspace, and those whom the file has added or changed so far.
struct KnownSoFar<'a> {
    reader: &'a Reader<'a>,
    people: &'a People,
    remembered: &'a Remembered,
    key: Key,
}

impl Known for KnownSoFar<'_> {
    fn by_email(&self, key: &str, name: &Name) -> Match {
        let all = self
            .remembered
            .with(matching::hash_of(key), self.people.of(key));
        matching::judge(&all, name)
    }

    fn by_value(&self, field: ContactField, value: &Value) -> Result<Vec<ContactId>> {
        let stored = match is_unborn(field) {
            true => Vec::new(),
            false => self.reader.contacts_with_value(field, value)?,
        };
        let stored: Vec<_> = stored.into_iter().map(|id| (id, Name::default())).collect();
        let all = self.remembered.with(identity_of(value), &stored);
        Ok(all.into_iter().map(|(id, _)| id).collect())
    }

    fn name_of(&self, id: ContactId, person: &Person) -> Result<Name> {
        let so_far = identity(self.key, person).and_then(|key| self.remembered.name_of(key, id));
        let loaded = || self.people.name_of(person.email_key.as_deref(), id);
        match so_far.or_else(loaded) {
            Some(name) => Ok(name),
            None if Remembered::is_stored(id) => stored_name(self.reader, id),
            None => Ok(Name::default()),
        }
    }

    fn has(&self, id: ContactId, field: ContactField) -> Result<bool> {
        Ok(self.remembered.holds(id, field).is_some()
            || Remembered::is_stored(id) && has_stored(self.reader, id, field)?)
    }
}

impl Judging<'_> {
    fn read(&mut self, row: &Row<'_>) -> Read {
        let content = Content::of(row, &mut self.reader);
        let size = row.raw.len().max(1);
        let tell = matches!(content, Content::Faulty(_))
            && self.trial.faults.len() < TOLD
            && self.told_bytes + size <= TOLD_BYTES;
        let cells = if tell {
            self.told_bytes += size;
            row.cells.iter().map(str::to_owned).collect()
        } else {
            Vec::new()
        };
        Read {
            line: row.number,
            cells,
            content,
        }
    }

    fn page(&mut self, reader: &Reader<'_>, page: Vec<Read>) -> Result<()> {
        let people = page.iter().filter_map(|row| match &row.content {
            Content::Draft(person) => Some(person),
            _ => None,
        });
        self.people = People::load(reader, self.terms.key, people)?;
        for row in page {
            self.trial.rows += 1;
            let outcome = match row.content {
                Content::Blank => Outcome::Skipped,
                Content::Draft(person) => self.person(reader, &person, row.line)?,
                Content::Faulty(fault) | Content::Written(fault) => Outcome::Invalid(fault),
            };
            match outcome {
                Outcome::Created => self.trial.created += 1,
                Outcome::Updated => self.trial.updated += 1,
                Outcome::Unchanged => self.trial.unchanged += 1,
                Outcome::Skipped => self.trial.skipped += 1,
                Outcome::Invalid(fault) => self.invalid(row.line, fault, row.cells),
            }
        }
        Ok(())
    }

    fn invalid(&mut self, line: u64, fault: RowFault, cells: Vec<String>) {
        self.trial.faulty += 1;
        if self.trial.faults.len() < TOLD {
            self.trial.faults.push(Fault {
                line,
                column: fault.column.map(|at| self.layout.name(at).to_owned()),
                reason: fault.reason.into_owned(),
                cells,
            });
        }
    }

    fn person(&mut self, reader: &Reader<'_>, person: &Person, line: u64) -> Result<Outcome> {
        let found = find(reader, self.terms.key, person, &self.known(reader))?;
        let outcome = match judge(&self.terms, person, found) {
            Verdict::Invalid(reason) => Outcome::Invalid(RowFault::of_row(reason)),
            Verdict::Skip => Outcome::Skipped,
            Verdict::Update(id) => self.update(reader, id, person, line)?,
            Verdict::Create { shares_email } => {
                let outcome = self.create(reader, person, line)?;
                if shares_email && matches!(outcome, Outcome::Created) {
                    self.warn(Some(line), ANOTHER);
                }
                outcome
            }
        };
        if !matches!(outcome, Outcome::Invalid(_)) {
            self.remarks.add(line, &person.draft.remarks);
            let is_taken = !matches!(outcome, Outcome::Skipped);
            self.trial.opted_out += u64::from(is_taken && person.draft.opts_out());
        }
        Ok(outcome)
    }

    fn known<'a>(&'a self, reader: &'a Reader<'a>) -> KnownSoFar<'a> {
        KnownSoFar {
            reader,
            people: &self.people,
            remembered: &self.remembered,
            key: self.terms.key,
        }
    }

    fn create(&mut self, reader: &Reader<'_>, person: &Person, line: u64) -> Result<Outcome> {
        let draft = &person.draft;
        if let Err(refused) = or_refused(reader.check_values(born(draft)))? {
            return Ok(refused);
        }
        let (_, agreed) = self.channels(reader, None, draft, line)?;
        if let Some(key) = identity(self.terms.key, person) {
            let account = account_name(&self.terms, draft).map(remembered::mark_of_account);
            let mut values = Cow::Borrowed(&draft.values);
            for channel in agreed {
                let field = channel.field();
                values.to_mut().set_if_unset(field, Value::YesNo(false));
            }
            self.remembered.add_new(key, person.name, &values, account);
        }
        self.answers(reader, None, draft, line)?;
        let second_numbers = draft.of_second_numbers(Kept::default());
        self.remarks.add(line, &second_numbers);
        Ok(Outcome::Created)
    }

    fn update(
        &mut self,
        reader: &Reader<'_>,
        id: ContactId,
        person: &Person,
        line: u64,
    ) -> Result<Outcome> {
        let draft = &person.draft;
        let (kept, told) = kept(&self.terms, person, id, &self.known(reader))?;
        let stored = Remembered::is_stored(id);
        let checked = if stored {
            reader.differing_values(id, born(draft))
        } else {
            reader.check_values(born(draft)).map(|()| Vec::new())
        };
        let differing = match or_refused(checked)? {
            Ok(differing) => differing,
            Err(refused) => return Ok(refused),
        };
        let (outweighed, agreed) = self.channels(reader, Some(id), draft, line)?;
        let mut changes: Vec<(ContactField, u32)> = draft
            .values
            .iter()
            .filter(|(field, _)| !kept.has(*field))
            .filter(|(field, _)| outweighed.iter().all(|channel| channel.field() != *field))
            .map(|(field, value)| (field, remembered::mark(value)))
            .filter(|(field, mark)| match self.remembered.holds(id, *field) {
                Some(held) => held != *mark,
                None => !stored || is_unborn(*field) || differing.contains(field),
            })
            .collect();
        let no = remembered::mark(&Value::YesNo(false));
        changes.extend(agreed.iter().map(|channel| (channel.field(), no)));
        let joins = match account_name(&self.terms, draft) {
            None => None,
            Some(name) => self.joins(reader, id, name)?,
        };
        let answered = self.answers(reader, stored.then_some(id), draft, line)?;
        let changed = !changes.is_empty() || joins.is_some() || answered;
        if let Some(key) = identity(self.terms.key, person)
            && changed
        {
            let before = self.known(reader).name_of(id, person)?;
            let name = person.name.without(kept);
            self.remembered
                .change(key, id, before, &name, &changes, joins);
        }
        self.remarks.add(line, &told);
        Ok(if changed {
            Outcome::Updated
        } else {
            Outcome::Unchanged
        })
    }

    /// Tells whether another answer would count of a contact, and notes what is to be said of the answers.
    fn answers(
        &mut self,
        reader: &Reader<'_>,
        id: Option<ContactId>,
        draft: &Draft,
        line: u64,
    ) -> Result<bool> {
        let (mut changed, mut remarks) = (false, Vec::new());
        for answer in &draft.answers {
            let (purpose, now) = (answer.purpose, self.now);
            let evidence =
                draft
                    .evidence
                    .of(answer, &mut self.wordings, reader, now, &mut remarks)?;
            let Some(id) = id else { continue };
            match reader.foreseen_consent(id, purpose, answer.given, &evidence, now)? {
                Told::Changed => changed = true,
                Told::Unchanged => {}
                Told::Outweighed => remarks.push((answer.column, Remark::Outweighed)),
            }
        }
        self.remarks.add(line, &remarks);
        Ok(changed)
    }

    /// Returns the opt-outs of a row that would not count, and the channels that would be opted in to; notes what is to be
    /// said of them.
    fn channels(
        &mut self,
        reader: &Reader<'_>,
        id: Option<ContactId>,
        draft: &Draft,
        line: u64,
    ) -> Result<(Vec<Channel>, Vec<Channel>)> {
        let (mut outweighed, mut opted_in, mut remarks) = (Vec::new(), Vec::new(), Vec::new());
        let refused = draft.channels.refused_at(self.now, &mut remarks);
        let stored = id.filter(|id| Remembered::is_stored(*id));
        for channel in Channel::ALL.iter().copied() {
            let (Some(at), Some(id)) = (refused.of(channel), stored) else {
                continue;
            };
            let evidence = Evidence {
                at: Some(at),
                ..Evidence::of(How::Import, "")
            };
            let told = reader.foreseen_opt_out(id, channel, true, &evidence, self.now)?;
            if told == Told::Outweighed {
                outweighed.push(channel);
            }
        }
        let agreed = draft
            .channels
            .agreed(&draft.evidence, self.now, &mut remarks);
        for (one, evidence) in agreed {
            let channel = one.channel;
            let held = id.and_then(|id| self.remembered.holds(id, channel.field()));
            let said = match (held, stored) {
                _ if draft.refuses(channel) => continue,
                (None, Some(id)) => {
                    reader.foreseen_opt_out(id, channel, false, &evidence, self.now)?
                }
                (None, None) => Told::Changed,
                (Some(held), _) if held == remembered::mark(&Value::YesNo(true)) => {
                    Told::Outweighed
                }
                (Some(_), _) => Told::Unchanged,
            };
            match said {
                Told::Changed => opted_in.push(channel),
                Told::Unchanged => {}
                Told::Outweighed => remarks.push((one.column, Remark::Outweighed)),
            }
        }
        self.remarks.add(line, &remarks);
        Ok((outweighed, opted_in))
    }

    /// Returns the mark of the account where the contact would become its member.
    fn joins(&self, reader: &Reader<'_>, id: ContactId, name: &str) -> Result<Option<u32>> {
        let mark = remembered::mark_of_account(name);
        if self.remembered.is_member(id, mark) {
            return Ok(None);
        }
        let Some(account) = reader.accounts_named(name)?.first().copied() else {
            return Ok(self.terms.create_accounts.then_some(mark));
        };
        if !Remembered::is_stored(id) {
            return Ok(Some(mark));
        }
        let companies = reader.companies_of(&[id])?.remove(&id).unwrap_or_default();
        let member = companies.iter().any(|company| company.account == account);
        Ok((!member).then_some(mark))
    }

    fn warn(&mut self, line: Option<u64>, text: &str) {
        self.trial.warning_count += 1;
        if self.trial.warnings.len() < TOLD {
            self.trial.warnings.push(Warning::of_row(line, text));
        }
    }

    fn progress(&self, bytes: u64, bytes_total: u64) -> ImportProgress {
        ImportProgress {
            rows: self.trial.rows,
            bytes,
            bytes_total,
            created: self.trial.created,
            updated: self.trial.updated,
            faulty: self.trial.faulty,
        }
    }
}

/// Returns the values whose fields are there already.
fn born(draft: &Draft) -> impl Iterator<Item = (ContactField, &Value)> {
    draft.values.iter().filter(|(field, _)| !is_unborn(*field))
}
