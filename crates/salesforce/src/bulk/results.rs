//! Files that the org answers, read record by record in bounded memory.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv_core::ReadRecordResult;
use flate2::write::MultiGzDecoder;

use crate::transport::transport_error;
use crate::{Error, ErrorCode, Id, Result, RowAnswer, RowError};

/// Most bytes of a record, values of it, and bytes of a file, unpacked.
const MAX_RECORD_BYTES: usize = 4 << 20;
const MAX_VALUES: usize = 5_100;
const MAX_FILE_BYTES: u64 = 2 << 30;
/// Bytes that are unpacked at once.
const MAX_UNPACKED_AT_ONCE: usize = 4 << 10;
/// Most characters of the org's words about a row.
const LONGEST_MESSAGE: usize = 4_000;

/// What the org says about one row of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultRow {
    /// The row's value in the column that was asked for.
    pub key: String,
    /// What became of it; None where the org never came to it.
    pub answer: Option<RowAnswer>,
}

/// The records of an answer.
#[derive(Debug)]
pub(crate) struct Records {
    response: Option<reqwest::Response>,
    received: Arc<AtomicU64>,
    unpacking: Option<MultiGzDecoder<Vec<u8>>>,
    /// Bytes as they came, which were not unpacked yet.
    packed: Vec<u8>,
    /// Unpacked bytes, of which `at` were read.
    bytes: Vec<u8>,
    at: usize,
    total: u64,
    reader: csv_core::Reader,
    /// The record at hand: its values one after another, and where each ends.
    values: Vec<u8>,
    ends: Vec<usize>,
    status: u16,
}

impl Records {
    pub(crate) fn new(response: reqwest::Response, received: Arc<AtomicU64>) -> Records {
        let encoding = response.headers().get("Content-Encoding");
        let packed = encoding.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"gzip"));
        Records {
            status: response.status().as_u16(),
            response: Some(response),
            received,
            unpacking: packed.then(|| MultiGzDecoder::new(Vec::new())),
            packed: Vec::new(),
            bytes: Vec::new(),
            at: 0,
            total: 0,
            reader: csv_core::Reader::new(),
            values: vec![0; 4 << 10],
            ends: vec![0; 64],
        }
    }

    /// Reads the next record; None after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<String>>> {
        let (mut values, mut ends) = (0, 0);
        loop {
            if self.at == self.bytes.len() && self.response.is_some() {
                self.read_on().await?;
                if self.at == self.bytes.len() && self.response.is_some() {
                    continue;
                }
            }
            // An empty input tells the reader that the file has ended.
            let (result, read, wrote, ended) = self.reader.read_record(
                &self.bytes[self.at..],
                &mut self.values[values..],
                &mut self.ends[ends..],
            );
            (self.at, values, ends) = (self.at + read, values + wrote, ends + ended);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.values.len() < MAX_RECORD_BYTES => {
                    self.values.resize(self.values.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MAX_VALUES => {
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    return Err(self.unreadable("a record that is too large"));
                }
                ReadRecordResult::Record => return self.record(ends).map(Some),
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    fn record(&self, ends: usize) -> Result<Vec<String>> {
        let mut from = 0;
        let value = |end: &usize| {
            let bytes = self.values[from..*end].to_vec();
            from = *end;
            String::from_utf8(bytes).map_err(|_| self.unreadable("text that isn't UTF-8"))
        };
        self.ends[..ends].iter().map(value).collect()
    }

    /// Reads more bytes, or learns that there are none.
    async fn read_on(&mut self) -> Result<()> {
        self.bytes.clear();
        self.at = 0;
        if self.packed.is_empty() {
            self.fetch().await?;
        }
        if let Some(gzip) = &mut self.unpacking {
            // A few bytes may unpack to a thousand times as many.
            let some = self.packed.len().min(MAX_UNPACKED_AT_ONCE);
            let unpacked = gzip.write_all(&self.packed[..some]);
            self.packed.drain(..some);
            let unpacked = unpacked.and_then(|()| match self.response {
                Some(_) => gzip.flush(),
                None => gzip.try_finish(),
            });
            std::mem::swap(&mut self.bytes, gzip.get_mut());
            unpacked.map_err(|_| self.unreadable("broken gzip"))?;
        } else {
            std::mem::swap(&mut self.bytes, &mut self.packed);
        }
        self.total += self.bytes.len() as u64;
        if self.total > MAX_FILE_BYTES {
            return Err(Error::AnswerTooLarge {
                max: usize::try_from(MAX_FILE_BYTES).unwrap_or(usize::MAX),
            });
        }
        Ok(())
    }

    /// Takes what came over the network; at its end the answer is let go.
    async fn fetch(&mut self) -> Result<()> {
        let Some(response) = &mut self.response else {
            return Ok(());
        };
        match response.chunk().await.map_err(transport_error)? {
            Some(chunk) => {
                let bytes = chunk.len() as u64;
                self.received.fetch_add(bytes, Ordering::Relaxed);
                self.packed.extend_from_slice(&chunk);
            }
            None => self.response = None,
        }
        Ok(())
    }

    pub(crate) fn unreadable(&self, reason: &str) -> Error {
        Error::Unreadable {
            status: self.status,
            reason: reason.to_owned(),
            excerpt: String::new(),
        }
    }
}

/// Where the columns that matter stand in a result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    key: usize,
    id: Option<usize>,
    created: Option<usize>,
    error: Option<usize>,
    columns: usize,
}

impl Places {
    /// Finds the column `key`, and those that the org adds.
    pub(super) fn of(header: &[String], key: &str) -> Option<Places> {
        // The org's own columns come first, so that a column of ours can't be taken for one.
        let own = |name: &str, at: usize| header.get(at).is_some_and(|h| h == name).then_some(at);
        let id = own("sf__Id", 0);
        let (created, error) = (own("sf__Created", 1), own("sf__Error", 1));
        let first = usize::from(id.is_some()) + usize::from(created.or(error).is_some());
        let ours = &header[first..];
        let key = ours
            .iter()
            .position(|name| name.eq_ignore_ascii_case(key))?;
        Some(Places {
            key: first + key,
            id,
            created,
            error,
            columns: header.len(),
        })
    }

    /// Whether the records say what became of their rows.
    pub(super) fn has_answers(&self) -> bool {
        self.id.is_some() && self.created.or(self.error).is_some()
    }

    /// Reads a record; None where it has another form.
    pub(super) fn row(&self, mut record: Vec<String>) -> Option<ResultRow> {
        if record.len() != self.columns {
            return None;
        }
        let answer = match self.id {
            None => None,
            Some(id) => {
                let id = match record[id].as_str() {
                    "" => None,
                    text => Some(Id::parse(text).ok()?),
                };
                let errors: Vec<RowError> = self
                    .error
                    .iter()
                    .map(|at| row_error(&record[*at]))
                    .collect();
                Some(RowAnswer {
                    id,
                    success: self.error.is_none(),
                    created: self.created.map(|at| record[at] == "true"),
                    errors,
                })
            }
        };
        Some(ResultRow {
            key: std::mem::take(&mut record[self.key]),
            answer,
        })
    }
}

/// Reads `CODE:message:fields --`.
fn row_error(text: &str) -> RowError {
    let (code, rest) = text.split_once(':').unwrap_or((text, ""));
    let is_code = !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let (code, rest) = if is_code { (code, rest) } else { ("", text) };
    let rest = rest.trim_end();
    let rest = rest.strip_suffix("--").unwrap_or(rest);
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b',' | b' ');
    let (message, fields) = match rest.rsplit_once(':') {
        Some((message, fields)) if fields.bytes().all(is_name) => (message, fields),
        _ => (rest, ""),
    };
    let message: String = message.chars().take(LONGEST_MESSAGE).collect();
    let mut error = RowError::new(ErrorCode::from(code), message);
    let names = fields.split([',', ' ']).filter(|name| !name.is_empty());
    error.fields = names.map(str::to_owned).take(100).collect();
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_error_has_its_code_its_words_and_its_fields() {
        let table = [
            (
                "REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --",
                (
                    "REQUIRED_FIELD_MISSING",
                    "Required fields are missing: [LastName]",
                    vec!["LastName"],
                ),
            ),
            (
                "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 1 records: 001:--",
                (
                    "UNABLE_TO_LOCK_ROW",
                    "unable to obtain exclusive access to this record or 1 records: 001",
                    vec![],
                ),
            ),
            (
                "STRING_TOO_LONG:a: b:A__c, B --",
                ("STRING_TOO_LONG", "a: b", vec!["A__c", "B"]),
            ),
            ("no code at all: x", ("", "no code at all", vec!["x"])),
            ("", ("", "", vec![])),
        ];
        for (text, (code, message, fields)) in table {
            let error = row_error(text);
            let found: Vec<&str> = error.fields.iter().map(String::as_str).collect();
            assert_eq!(
                (error.code.as_str(), error.message.as_str(), found),
                (code, message, fields)
            );
        }
    }

    #[test]
    fn a_column_of_ours_is_never_taken_for_the_orgs() {
        let header = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let places = Places::of(
            &header(&["sf__Id", "sf__Error", "sf__Id", "Key__c"]),
            "key__c",
        );
        let row = places
            .unwrap()
            .row(header(&["", "X:y:--", "00Q", "k"]))
            .unwrap();
        assert_eq!(
            (row.key.as_str(), row.answer.unwrap().success),
            ("k", false)
        );
        let places = Places::of(&header(&["Key__c", "sf__Id"]), "Key__c").unwrap();
        assert_eq!(places.row(header(&["k", "00Q"])).unwrap().answer, None);
        assert!(Places::of(&header(&["sf__Id", "sf__Created"]), "sf__Id").is_none());
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_an_error_panic(text in "\\PC{0,60}") {
            row_error(&text);
        }
    }
}
