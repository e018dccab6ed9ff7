//! How a batch's rows are stored: the request's body once, as it leaves, and beside it who its rows are for, what came of
//! them and what the org held before.
//!
//! This is the one place that knows these forms. Who the rows are for and what came of them begins with a byte that says
//! the version of the form. What is read may be a stranger's: every length is checked before it is believed.

use std::collections::BTreeMap;
use std::io::{Read, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{BatchRow, Found, Outcome};
use crate::{BatchId, ContactId, EntryId, Error, Guid, Hashes, Result, ValueHash};

const VERSION: u8 = 1;

/// No body is longer: requests have a limit far below, and a stranger's file is not to fill the memory.
const LONGEST_TEXT: usize = 1 << 28;

const HAS_RECORD: u8 = 1 << 3;
const STAMPS: u8 = 1 << 4;
const HAS_ERRORS: u8 = 1 << 5;
const SAME_ERRORS: u8 = 1 << 6;
/// The bits that say how the record was found, or what came of the row.
const KIND: u8 = 0b111;

const FOUND: [Found; 4] = [Found::New, Found::Identifier, Found::Email, Found::Linked];
const OUTCOMES: [Option<Outcome>; 6] = [
    None,
    Some(Outcome::Created),
    Some(Outcome::Updated),
    Some(Outcome::Refused),
    Some(Outcome::Retry),
    Some(Outcome::Lost),
];

/// How a request puts its rows together. What it means is the sender's business.
pub struct RequestForm<'a> {
    /// Stands before the first row.
    pub head: &'a str,
    /// Writes what stands before a row's fields; the row ends with a brace.
    pub lead: &'a dyn Fn(&mut String, &BatchRow),
    /// Stands after the last row.
    pub tail: &'a str,
}

/// The form of bodies that aren't sent as they are: an array of the fields.
pub(crate) const FIELDS_ALONE: RequestForm<'static> = RequestForm {
    head: "[",
    lead: &|text, _| text.push('{'),
    tail: "]",
};

/// A batch's rows as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packed {
    pub(crate) contacts: Vec<u8>,
    pub(crate) answers: Option<Vec<u8>>,
    pub(crate) body: Vec<u8>,
    pub(crate) before: Option<Vec<u8>>,
}

/// What came of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) outcome: Option<Outcome>,
    /// The record that came of the row.
    pub(crate) record_id: Option<String>,
    pub(crate) errors: Option<String>,
}

/// What is kept of a row beside the body, where there is any.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Before {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old: Option<String>,
    /// Hashes that don't follow from the fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hashes: Option<BTreeMap<String, u64>>,
}

/// Packs the rows of a batch, in request order.
pub(crate) fn pack(rows: &[BatchRow], form: &RequestForm<'_>) -> Result<Packed> {
    let mut contacts = Packer::new();
    contacts.number(form.head.len());
    contacts.number(form.tail.len());
    let mut text = String::with_capacity(rows.iter().map(|row| row.payload.len() + 120).sum());
    text.push_str(form.head);
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        let begin = text.len();
        (form.lead)(&mut text, row);
        let lead = text.len() - begin;
        let fields = fields_of(&row.payload);
        text.push_str(fields);
        text.push('}');
        contacts.row(row, lead, fields.len());
    }
    text.push_str(form.tail);
    let is_empty = rows.iter().all(|row| fields_of(&row.payload).is_empty())
        && rows.iter().all(|row| row.outcome.is_some());
    Ok(Packed {
        contacts: contacts.bytes,
        answers: answers_of(rows),
        body: if is_empty {
            Vec::new()
        } else {
            zipped(text.as_bytes())?
        },
        before: before_of(rows)?,
    })
}

/// Returns what stands between the braces of a JSON object.
fn fields_of(payload: &str) -> &str {
    let inner = payload.trim().strip_prefix('{');
    inner
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or_default()
}

fn answers_of(rows: &[BatchRow]) -> Option<Vec<u8>> {
    let answers: Vec<Answer> = rows
        .iter()
        .map(|row| Answer {
            outcome: row.outcome,
            // Of a row that updates a record, it stands with the contact.
            record_id: row.record_id.clone().filter(|_| row.found == Found::New),
            errors: row.errors.clone(),
        })
        .collect();
    let is_answered = answers.iter().any(|answer| *answer != Answer::default());
    is_answered.then(|| pack_answers(&answers))
}

fn before_of(rows: &[BatchRow]) -> Result<Option<Vec<u8>>> {
    let before: Vec<Before> = rows
        .iter()
        .map(|row| Before {
            old: row.old_values.clone(),
            hashes: hashes_beside(row).map(|hashes| {
                hashes
                    .iter()
                    .map(|(field, hash)| (field.to_string(), hash.0))
                    .collect()
            }),
        })
        .collect();
    if before.iter().all(|one| *one == Before::default()) {
        return Ok(None);
    }
    let text = serde_json::to_vec(&before).map_err(|error| Error::unreadable("rows", error))?;
    zipped(&text).map(Some)
}

/// Returns the hashes that don't follow from the fields. They count until the row has its answer. Those of a new record are
/// those of its fields.
fn hashes_beside(row: &BatchRow) -> Option<&Hashes> {
    let counts = row.outcome.is_none() && row.found != Found::New;
    let hashes = row.hashes.as_ref().filter(|_| counts);
    hashes.filter(|hashes| **hashes != hashes_of(&row.payload))
}

/// Returns the hashes of fields.
pub(super) fn hashes_of(payload: &str) -> Hashes {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(payload).unwrap_or_default();
    let hashes = fields.into_iter();
    hashes
        .map(|(field, value)| (field.into(), ValueHash::of(value.get())))
        .collect()
}

/// Packs what came of rows, in request order.
pub(crate) fn pack_answers(answers: &[Answer]) -> Vec<u8> {
    let mut packer = Packer::new();
    let mut errors_before = None;
    for answer in answers {
        let kind = OUTCOMES.iter().position(|one| *one == answer.outcome);
        let mut flags = kind.unwrap_or_default() as u8;
        if answer.record_id.is_some() {
            flags |= HAS_RECORD;
        }
        let repeats = answer.errors.is_some() && answer.errors == errors_before;
        if repeats {
            flags |= SAME_ERRORS;
        } else if answer.errors.is_some() {
            flags |= HAS_ERRORS;
        }
        packer.bytes.push(flags);
        if let Some(record) = &answer.record_id {
            packer.record(record);
        }
        if let (Some(errors), false) = (&answer.errors, repeats) {
            packer.number(errors.len());
            packer.bytes.extend_from_slice(errors.as_bytes());
            errors_before = Some(errors.clone());
        }
    }
    packer.bytes
}

impl Packed {
    /// Returns the rows, in request order.
    pub(crate) fn rows(&self, batch: BatchId) -> Result<Vec<BatchRow>> {
        let mut unpacker = Unpacker::of(&self.contacts)?;
        let (head, tail) = (unpacker.number()?, unpacker.number()?);
        let mut rows = Vec::new();
        let mut spans = Vec::new();
        while !unpacker.is_at_end() {
            let (row, lead, fields) = unpacker.row(batch)?;
            rows.push(row);
            spans.push((lead, fields));
        }
        self.read_fields(head, tail, &spans, &mut rows)?;
        self.read_answers(&mut rows)?;
        self.read_before(&mut rows)?;
        Ok(rows)
    }

    fn read_fields(
        &self,
        head: usize,
        tail: usize,
        spans: &[(usize, usize)],
        rows: &mut [BatchRow],
    ) -> Result<()> {
        if self.body.is_empty() {
            return Ok(());
        }
        // A brace and a comma each, but for the last.
        let rows_length = spans.iter().try_fold(0_usize, |sum, (lead, fields)| {
            sum.checked_add(*lead)?.checked_add(*fields)?.checked_add(2)
        });
        let length = rows_length
            .and_then(|rows| rows.checked_add(head)?.checked_add(tail))
            .map(|length| length.saturating_sub(1))
            .filter(|length| *length <= LONGEST_TEXT)
            .ok_or_else(broken)?;
        let text = unzipped(&self.body, length)?;
        let mut at = head;
        for (row, (lead, fields)) in rows.iter_mut().zip(spans) {
            let begin = at + lead;
            let fields = text.get(begin..begin + fields).ok_or_else(broken)?;
            row.payload = format!("{{{fields}}}");
            at = begin + fields.len() + 2;
        }
        Ok(())
    }

    fn read_answers(&self, rows: &mut [BatchRow]) -> Result<()> {
        let Some(answers) = &self.answers else {
            return Ok(());
        };
        for (row, answer) in rows.iter_mut().zip(unpack_answers(answers)?) {
            row.outcome = answer.outcome;
            row.errors = answer.errors;
            row.record_id = answer.record_id.or_else(|| row.record_id.take());
        }
        Ok(())
    }

    fn read_before(&self, rows: &mut [BatchRow]) -> Result<()> {
        let mut before: Vec<Before> = match &self.before {
            Some(before) => serde_json::from_str(&unzipped_within(before, LONGEST_TEXT)?)
                .map_err(|error| Error::unreadable("rows of a batch", error))?,
            None => Vec::new(),
        };
        before.resize_with(rows.len(), Before::default);
        for (row, before) in rows.iter_mut().zip(before) {
            row.old_values = before.old;
            row.hashes = before
                .hashes
                .filter(|_| row.outcome.is_none())
                .map(|hashes| {
                    let hashes = hashes.into_iter();
                    hashes
                        .map(|(field, hash)| (field.into(), ValueHash(hash)))
                        .collect()
                });
        }
        Ok(())
    }
}

/// Returns what came of the rows, in request order.
pub(crate) fn unpack_answers(bytes: &[u8]) -> Result<Vec<Answer>> {
    let mut unpacker = Unpacker::of(bytes)?;
    let mut answers = Vec::new();
    let mut errors_before = None;
    while !unpacker.is_at_end() {
        answers.push(unpacker.answer(&mut errors_before)?);
    }
    Ok(answers)
}

/// Returns where the rows stand in the request, in their order.
pub(crate) fn positions(contacts: &[u8]) -> Result<Vec<u32>> {
    let mut unpacker = Unpacker::of_contacts(contacts)?;
    let mut positions = Vec::new();
    while !unpacker.is_at_end() {
        positions.push(unpacker.row(BatchId(0))?.0.position);
    }
    Ok(positions)
}

/// Returns what came of a contact's row: nothing yet, or its outcome. `None` where the batch has no row for her.
pub(crate) fn outcome_for(
    contacts: &[u8],
    answers: Option<&[u8]>,
    contact: ContactId,
) -> Result<Option<Option<Outcome>>> {
    let mut unpacker = Unpacker::of_contacts(contacts)?;
    let mut number = 0;
    loop {
        if unpacker.is_at_end() {
            return Ok(None);
        }
        if unpacker.contact()? == contact {
            break;
        }
        number += 1;
    }
    let Some(answers) = answers else {
        return Ok(Some(None));
    };
    let mut unpacker = Unpacker::of(answers)?;
    for _ in 0..number {
        unpacker.kind()?;
    }
    unpacker.kind().map(Some)
}

fn zipped(bytes: &[u8]) -> Result<Vec<u8>> {
    let room = Vec::with_capacity(bytes.len() / 4);
    let mut encoder = GzEncoder::new(room, Compression::fast());
    let zipped = encoder.write_all(bytes).and_then(|()| encoder.finish());
    zipped.map_err(|error| Error::unreadable("rows of a batch", error))
}

fn unzipped(bytes: &[u8], length: usize) -> Result<String> {
    let text = unzipped_within(bytes, length)?;
    if text.len() < length {
        return Err(broken());
    }
    Ok(text)
}

fn unzipped_within(bytes: &[u8], most: usize) -> Result<String> {
    let mut text = String::new();
    let read = GzDecoder::new(bytes)
        .take(most as u64 + 1)
        .read_to_string(&mut text);
    read.map_err(|error| Error::unreadable("rows of a batch", error))?;
    if text.len() > most {
        return Err(broken());
    }
    Ok(text)
}

fn broken() -> Error {
    Error::unreadable(
        "rows of a batch",
        "they don't have the form that they should",
    )
}

/// Writes numbers as differences to those before them, and ids without what they begin with in common.
struct Packer {
    bytes: Vec<u8>,
    before: Neighbor,
}

/// The row before, from which the next one differs by little.
#[derive(Default)]
struct Neighbor {
    position: i64,
    entry: i64,
    contact: i64,
    seq: i64,
    record: String,
}

impl Packer {
    fn new() -> Self {
        Self {
            bytes: vec![VERSION],
            before: Neighbor::default(),
        }
    }

    fn row(&mut self, row: &BatchRow, lead: usize, fields: usize) {
        let record = row.record_id.as_ref().filter(|_| row.found != Found::New);
        let kind = FOUND.iter().position(|one| *one == row.found);
        let mut flags = kind.unwrap_or_default() as u8;
        if row.stamps {
            flags |= STAMPS;
        }
        if record.is_some() {
            flags |= HAS_RECORD;
        }
        self.bytes.push(flags);
        let next = [
            (i64::from(row.position), self.before.position),
            (row.entry.0, self.before.entry),
            (row.contact.0, self.before.contact),
            (row.seq, self.before.seq),
        ];
        for (now, before) in next {
            self.difference(now, before);
        }
        (self.before.position, self.before.entry) = (i64::from(row.position), row.entry.0);
        (self.before.contact, self.before.seq) = (row.contact.0, row.seq);
        self.bytes.extend_from_slice(&row.guid.to_bytes());
        self.number(lead);
        self.number(fields);
        if let Some(record) = record {
            self.record(record);
        }
    }

    fn number(&mut self, number: usize) {
        self.wide(number as u64);
    }

    fn wide(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    fn difference(&mut self, now: i64, before: i64) {
        let by = now.wrapping_sub(before);
        self.wide(((by << 1) ^ (by >> 63)) as u64);
    }

    fn record(&mut self, record: &str) {
        let pairs = record.bytes().zip(self.before.record.bytes());
        let mut shared = pairs.take_while(|(now, before)| now == before).count();
        while !record.is_char_boundary(shared) {
            shared -= 1;
        }
        self.number(shared);
        self.number(record.len() - shared);
        self.bytes.extend_from_slice(&record.as_bytes()[shared..]);
        self.before.record.clear();
        self.before.record.push_str(record);
    }
}

/// Reads what a [`Packer`] has written.
struct Unpacker<'a> {
    rest: &'a [u8],
    before: Neighbor,
}

impl<'a> Unpacker<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self> {
        match bytes.split_first() {
            Some((&VERSION, rest)) => Ok(Self {
                rest,
                before: Neighbor::default(),
            }),
            _ => Err(broken()),
        }
    }

    /// Begins with the first row.
    fn of_contacts(bytes: &'a [u8]) -> Result<Self> {
        let mut unpacker = Self::of(bytes)?;
        unpacker.number()?;
        unpacker.number()?;
        Ok(unpacker)
    }

    fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Reads a row without its fields, and how long its lead and its fields are in the body.
    fn row(&mut self, batch: BatchId) -> Result<(BatchRow, usize, usize)> {
        let flags = self.byte()?;
        let found = FOUND.get(usize::from(flags & KIND)).ok_or_else(broken)?;
        self.numbers()?;
        let guid = Guid::from_bytes(self.take(16)?.try_into().map_err(|_| broken())?);
        let (lead, fields) = (self.number()?, self.number()?);
        let record_id = match flags & HAS_RECORD {
            0 => None,
            _ => Some(self.record()?),
        };
        let row = BatchRow {
            batch,
            position: u32::try_from(self.before.position).map_err(|_| broken())?,
            entry: EntryId(self.before.entry),
            contact: ContactId(self.before.contact),
            guid,
            record_id,
            found: *found,
            stamps: flags & STAMPS != 0,
            seq: self.before.seq,
            payload: "{}".to_owned(),
            hashes: None,
            outcome: None,
            errors: None,
            old_values: None,
        };
        Ok((row, lead, fields))
    }

    /// Reads past a row; returns whom it is for.
    fn contact(&mut self) -> Result<ContactId> {
        let flags = self.byte()?;
        self.numbers()?;
        self.take(16)?;
        self.number()?;
        self.number()?;
        if flags & HAS_RECORD != 0 {
            self.skip_record()?;
        }
        Ok(ContactId(self.before.contact))
    }

    fn numbers(&mut self) -> Result<()> {
        self.before.position = self.difference(self.before.position)?;
        self.before.entry = self.difference(self.before.entry)?;
        self.before.contact = self.difference(self.before.contact)?;
        self.before.seq = self.difference(self.before.seq)?;
        Ok(())
    }

    fn answer(&mut self, errors_before: &mut Option<String>) -> Result<Answer> {
        let flags = self.byte()?;
        let record_id = match flags & HAS_RECORD {
            0 => None,
            _ => Some(self.record()?),
        };
        let errors = match flags & (HAS_ERRORS | SAME_ERRORS) {
            0 => None,
            HAS_ERRORS => {
                let length = self.number()?;
                *errors_before = Some(text(self.take(length)?)?);
                errors_before.clone()
            }
            _ => errors_before.clone(),
        };
        Ok(Answer {
            outcome: outcome(flags)?,
            record_id,
            errors,
        })
    }

    /// Reads past an answer; returns the outcome.
    fn kind(&mut self) -> Result<Option<Outcome>> {
        let flags = self.byte()?;
        if flags & HAS_RECORD != 0 {
            self.skip_record()?;
        }
        if flags & HAS_ERRORS != 0 {
            let length = self.number()?;
            self.take(length)?;
        }
        outcome(flags)
    }

    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.rest.split_first().ok_or_else(broken)?;
        self.rest = rest;
        Ok(*first)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(broken)?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<usize> {
        usize::try_from(self.wide()?).map_err(|_| broken())
    }

    fn wide(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(broken())
    }

    fn difference(&mut self, before: i64) -> Result<i64> {
        let folded = self.wide()?;
        let by = (folded >> 1) as i64 ^ -((folded & 1) as i64);
        Ok(before.wrapping_add(by))
    }

    fn record(&mut self) -> Result<String> {
        let (shared, length) = (self.number()?, self.number()?);
        let end = text(self.take(length)?)?;
        let shared = self.before.record.get(..shared).ok_or_else(broken)?;
        self.before.record = format!("{shared}{end}");
        Ok(self.before.record.clone())
    }

    fn skip_record(&mut self) -> Result<()> {
        self.number()?;
        let length = self.number()?;
        self.take(length).map(drop)
    }
}

fn outcome(flags: u8) -> Result<Option<Outcome>> {
    let outcome = OUTCOMES.get(usize::from(flags & KIND));
    outcome.copied().ok_or_else(broken)
}

fn text(bytes: &[u8]) -> Result<String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| broken())
}

#[cfg(test)]
mod tests;
