//! Tries an import out: what it would do, counted over the whole file, while nothing is changed.
//!
//! Rows go the way of an import as far as the workspace; there each is judged instead of written. What the rows before
//! have done to a person is remembered, so that people who stand in the file twice are counted as the import counts
//! them.

mod remembered;

use std::ops::ControlFlow;

use leadferry_store::{
    AccountField, ContactField, ContactId, CustomField, CustomFieldId, Reader, Store, Value,
};
use serde::Serialize;

use remembered::Remembered;

use super::columns::{self, Columns, Fixed};
use super::contact_rows::{Draft, Layout, Memory, NOBODY};
use super::headers::Target;
use super::intake::Key;
use super::matching::{Match, Name, People, hash_of, judge};
use super::remarks::Tally;
use super::run::{default_country, reading, year};
use super::source::{Event, MendedRow, Row, Source};
use super::{Error, Existing, Fault, ImportKey, ImportProgress, ImportRequest, Result, Warning};

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
    let layout = Layout::new(&columns, country);
    let mut judging = Judging {
        request,
        key,
        remembered: Remembered::new(layout.contact_fields()),
        layout,
        memory: Memory::default(),
        people: People::default(),
        trial: Trial {
            warning_count: columns.warnings.len() as u64,
            warnings: columns.warnings,
            ..Trial::default()
        },
        remarks: Tally::default(),
        told_bytes: 0,
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
    for remark in judging.remarks.warnings(|at| judging.layout.name(at)) {
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
    let id = found
        .ok_or_else(|| Error::NoSuchField(format!("custom:{name}")))?
        .id;
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
    /// The beginnings of its cells, of a faulty one or one that may turn out so.
    cells: Vec<String>,
    content: Content,
}

enum Content {
    Blank,
    Draft(Draft),
    Faulty(Option<usize>, String),
}

enum Outcome {
    Created,
    Updated,
    Unchanged,
    Skipped,
    Faulty(String),
}

struct Judging<'r> {
    request: &'r ImportRequest,
    key: Key,
    layout: Layout,
    memory: Memory,
    /// The people in the workspace with the e-mails of the page.
    people: People,
    remembered: Remembered,
    trial: Trial,
    remarks: Tally,
    told_bytes: usize,
}

impl Judging<'_> {
    fn read(&mut self, row: &Row<'_>) -> Read {
        let content = match row.fault {
            Some(reason) => Content::Faulty(None, reason.to_owned()),
            None if self.layout.is_blank(row.cells) => Content::Blank,
            None => match self.layout.read(row, &mut self.memory) {
                Ok(draft) => Content::Draft(draft),
                Err(fault) => Content::Faulty(fault.column, fault.reason.into_owned()),
            },
        };
        let size = row.raw.len().max(1);
        let tell = matches!(content, Content::Faulty(..))
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
        self.load_people(reader, &page)?;
        for row in page {
            self.trial.rows += 1;
            let (column, reason) = match row.content {
                Content::Blank => {
                    self.trial.skipped += 1;
                    continue;
                }
                Content::Faulty(column, reason) => (column, reason),
                Content::Draft(draft) => match self.draft(reader, &draft, row.line)? {
                    Outcome::Faulty(reason) => (None, reason),
                    outcome => {
                        self.remarks.add(row.line, &draft.remarks);
                        let skipped = matches!(outcome, Outcome::Skipped);
                        self.trial.opted_out += u64::from(!skipped && draft.opts_out());
                        match outcome {
                            Outcome::Created => self.trial.created += 1,
                            Outcome::Updated => self.trial.updated += 1,
                            Outcome::Unchanged => self.trial.unchanged += 1,
                            Outcome::Skipped | Outcome::Faulty(_) => self.trial.skipped += 1,
                        }
                        continue;
                    }
                },
            };
            self.trial.faulty += 1;
            if self.trial.faults.len() < TOLD {
                self.trial.faults.push(Fault {
                    line: row.line,
                    column: column.map(|at| self.layout.name(at).to_owned()),
                    reason,
                    cells: row.cells,
                });
            }
        }
        Ok(())
    }

    fn load_people(&mut self, reader: &Reader<'_>, page: &[Read]) -> Result<()> {
        self.people = People::default();
        if self.key != Key::Email {
            return Ok(());
        }
        let mut keys: Vec<String> = page
            .iter()
            .filter_map(|row| match &row.content {
                Content::Draft(draft) => draft.email_key(),
                _ => None,
            })
            .collect();
        keys.sort_unstable();
        keys.dedup();
        for person in reader.people_by_email_keys(&keys)? {
            let name = Name::new(person.first_name.as_deref(), person.last_name.as_deref());
            self.people.add(person.email_key, person.id, name);
        }
        Ok(())
    }

    fn draft(&mut self, reader: &Reader<'_>, draft: &Draft, line: u64) -> Result<Outcome> {
        let (key, found) = self.find(reader, draft)?;
        match found {
            Match::Unclear => Ok(Outcome::Faulty(super::commit::UNCLEAR.to_owned())),
            Match::Same(_) if self.request.existing == Existing::Skip => Ok(Outcome::Skipped),
            Match::Same(id) => self.update(reader, key, id, draft),
            Match::New if key.is_none() && !draft.names_someone() => {
                Ok(Outcome::Faulty(NOBODY.to_owned()))
            }
            Match::New => self.create(reader, key, draft),
            Match::Another => {
                let outcome = self.create(reader, key, draft)?;
                if matches!(outcome, Outcome::Created) {
                    self.warn(Some(line), super::commit::ANOTHER);
                }
                Ok(outcome)
            }
        }
    }

    /// Finds out who the row is; also returns the hash of what identifies her.
    fn find(&self, reader: &Reader<'_>, draft: &Draft) -> Result<(Option<u64>, Match)> {
        match self.key {
            Key::None => Ok((None, Match::New)),
            Key::Email => {
                let key = draft.email_key();
                if let Some(guid) = &draft.guid
                    && let Some(id) = reader.live_contact_by_guid(guid)?
                {
                    return Ok((key.map(|key| hash_of(&key)), Match::Same(id)));
                }
                let Some(key) = key else {
                    return Ok((None, Match::New));
                };
                let hash = hash_of(&key);
                let stored = self.people.of(key.as_str());
                let all = self.remembered.with(hash, stored);
                Ok((Some(hash), judge(&all, &Name::of(draft))))
            }
            Key::Field(field) => {
                let Some(value) = draft.values.get(field) else {
                    return Ok((None, Match::New));
                };
                let hash = remembered::mark(value).into();
                let stored: Vec<(ContactId, Name)> = if is_unborn(field) {
                    Vec::new()
                } else {
                    let ids = reader.contacts_with_value(field, value)?;
                    ids.into_iter().map(|id| (id, Name::default())).collect()
                };
                let all = self.remembered.with(hash, &stored);
                let found = match all.as_slice() {
                    [] => Match::New,
                    [(id, _)] => Match::Same(*id),
                    _ => Match::Unclear,
                };
                Ok((Some(hash), found))
            }
        }
    }

    fn name_of(&self, draft: &Draft) -> Name {
        if self.key == Key::Email {
            Name::of(draft)
        } else {
            Name::default()
        }
    }

    fn create(&mut self, reader: &Reader<'_>, key: Option<u64>, draft: &Draft) -> Result<Outcome> {
        if let Some(reason) = refusal(reader.check_values(born(draft)))? {
            return Ok(Outcome::Faulty(reason));
        }
        if let Some(key) = key {
            let account = self
                .account(draft)
                .map(|name| remembered::mark_of_account(&name));
            let name = self.name_of(draft);
            self.remembered.add_new(key, name, &draft.values, account);
        }
        Ok(Outcome::Created)
    }

    fn update(
        &mut self,
        reader: &Reader<'_>,
        key: Option<u64>,
        id: ContactId,
        draft: &Draft,
    ) -> Result<Outcome> {
        let account = self.account(draft);
        let stored = Remembered::is_stored(id);
        let checked = if stored {
            reader.differing_values(id, born(draft))
        } else {
            reader.check_values(born(draft)).map(|()| Vec::new())
        };
        let differing = match checked {
            Ok(differing) => differing,
            Err(leadferry_store::Error::Refused(reason)) => return Ok(Outcome::Faulty(reason)),
            Err(error) => return Err(error.into()),
        };
        let changes: Vec<(ContactField, u32)> = draft
            .values
            .iter()
            .map(|(field, value)| (field, remembered::mark(value)))
            .filter(|(field, mark)| match self.remembered.holds(id, *field) {
                Some(held) => held != *mark,
                None => !stored || is_unborn(*field) || differing.contains(field),
            })
            .collect();
        let joins = match &account {
            None => None,
            Some(name) => self.joins(reader, id, name)?,
        };
        let changed = !changes.is_empty() || joins.is_some();
        if let Some(key) = key
            && changed
        {
            let before = self.stored_name(draft, id);
            self.remembered
                .change(key, id, before, &self.name_of(draft), &changes, joins);
        }
        Ok(if changed {
            Outcome::Updated
        } else {
            Outcome::Unchanged
        })
    }

    fn stored_name(&self, draft: &Draft, id: ContactId) -> Name {
        let people = draft
            .email_key()
            .map(|key| self.people.of(key.as_str()).to_vec());
        people
            .unwrap_or_default()
            .into_iter()
            .find(|person| person.0 == id)
            .map_or(Name::default(), |person| person.1)
    }

    /// Returns the name of the account that a row would make its contact a member of.
    fn account(&self, draft: &Draft) -> Option<String> {
        let name = match draft.account.get(&AccountField::Name) {
            Some(name) => name.as_str(),
            None if self.request.create_accounts || !draft.account.is_empty() => {
                draft.values.text(ContactField::CompanyName)?
            }
            None => return None,
        };
        let key = name.trim().to_lowercase();
        (!key.is_empty()).then_some(key)
    }

    /// Returns the mark of the account where the contact would become its member.
    fn joins(&self, reader: &Reader<'_>, id: ContactId, name: &str) -> Result<Option<u32>> {
        let mark = remembered::mark_of_account(name);
        if self.remembered.account(id) == Some(mark) {
            return Ok(None);
        }
        let Some(account) = reader.accounts_named(name)?.first().copied() else {
            return Ok(self.request.create_accounts.then_some(mark));
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
            self.trial.warnings.push(Warning {
                line,
                text: text.to_owned(),
            });
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

fn refusal(checked: leadferry_store::Result<()>) -> Result<Option<String>> {
    match checked {
        Ok(()) => Ok(None),
        Err(leadferry_store::Error::Refused(reason)) => Ok(Some(reason)),
        Err(error) => Err(error.into()),
    }
}
