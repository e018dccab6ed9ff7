//! Writes the records of a job, chunk by chunk.

use super::csv::{self, Reader};
use super::record::{self, Column};
use super::{Job, Operation, State};
use crate::handlers::{Upserts, create_row, delete_row, update_row};
use crate::http::Refused;
use crate::json::Json;
use crate::org::schema::Object;
use crate::org::{Org, Outcome, RowError, Trouble, WriteOptions};

/// How often a chunk is tried again when records are locked.
const MOST_RETRIES: i64 = 10;

/// A record of a chunk: its values, and what it says.
struct Line {
    values: Vec<String>,
    record: Result<Json, RowError>,
}

/// Carries out the next chunk of a job, or ends it.
pub(super) fn next_chunk(org: &Org, job: &mut Job) -> Result<(), Refused> {
    let schema = org.schema();
    let Some(object) = schema.object(&job.object).cloned() else {
        return Err(invalid(format!("Unable to find object: {}", job.object)));
    };
    let columns = record::columns(&schema, &object, &job.header)
        .map_err(|name| invalid(format!("Field name not found : {name}")))?;
    check_columns(job, &columns)?;
    let Some(text) = org.chunk(&job.id, job.next_chunk)? else {
        job.end(State::JobComplete);
        return Ok(());
    };
    let lines = lines(job, &object, &columns, &text);
    let outcomes = outcomes(org, job, &object, &lines)?;
    keep(org, job, &lines, &outcomes)?;
    job.processed += lines.len() as i64;
    job.failed += outcomes.iter().filter(|o| o.error.is_some()).count() as i64;
    job.next_chunk += 1;
    if !org.has_chunk(&job.id, job.next_chunk)? {
        job.end(State::JobComplete);
    }
    Ok(())
}

fn invalid(message: String) -> Refused {
    Refused::new(400, "InvalidBatch", message)
}

/// The column without which no record of the file can be found.
fn check_columns(job: &Job, columns: &[Column]) -> Result<(), Refused> {
    let needed = match job.operation {
        Operation::Update | Operation::Delete => "Id",
        Operation::Upsert => job.key.as_deref().unwrap_or("Id"),
        _ => return Ok(()),
    };
    let has = columns
        .iter()
        .any(|c| matches!(c, Column::Own(field) if field.name.eq_ignore_ascii_case(needed)));
    if has || (job.operation == Operation::Upsert && needed.eq_ignore_ascii_case("Id")) {
        return Ok(());
    }
    Err(invalid(format!("The column {needed} is missing")))
}

fn lines(job: &Job, object: &Object, columns: &[Column], text: &str) -> Vec<Line> {
    let mut reader = Reader::new(text, job.format);
    let mut lines = Vec::new();
    while let Some(raw) = reader.next_raw() {
        let line = match reader.values(raw) {
            Ok(values) if values.len() == columns.len() => Line {
                record: record::record(&object.name, columns, &values),
                values,
            },
            Ok(values) => {
                let (found, wanted) = (values.len(), columns.len());
                let message = format!("The record has {found} values and the header {wanted}");
                unreadable(columns.len(), &message)
            }
            Err(why) => unreadable(columns.len(), &format!("The record can't be read: {why}")),
        };
        lines.push(line);
    }
    lines
}

fn unreadable(columns: usize, message: &str) -> Line {
    Line {
        values: vec![String::new(); columns],
        record: Err(RowError::new("InvalidBatch", message)),
    }
}

/// What becomes of the records; the whole chunk is tried again while records are locked.
fn outcomes(
    org: &Org,
    job: &mut Job,
    object: &Object,
    lines: &[Line],
) -> Result<Vec<Outcome>, Refused> {
    let mut tries = 0;
    loop {
        let mut locked = false;
        let outcomes = org.attempt(|| {
            let outcomes = write(org, job, object, lines)?;
            let is_lock = |e: &RowError| e.code == "UNABLE_TO_LOCK_ROW";
            locked = outcomes
                .iter()
                .any(|o| o.error.as_ref().is_some_and(is_lock));
            let stays = !locked || job.options.no_retry || tries == MOST_RETRIES;
            Ok((outcomes, stays))
        })?;
        if !locked || job.options.no_retry || tries == MOST_RETRIES {
            return Ok(outcomes);
        }
        tries += 1;
        job.retries += 1;
        // A fault that was to hit so many requests has hit one more.
        let armed = org.armed.take();
        org.faults.borrow_mut().settle(org.conn(), &armed)?;
        super::arm(org, job)?;
    }
}

fn write(org: &Org, job: &Job, object: &Object, lines: &[Line]) -> Result<Vec<Outcome>, Refused> {
    let records: Vec<_> = lines
        .iter()
        .map(|line| line.record.clone().unwrap_or_default())
        .collect();
    let options = WriteOptions {
        allow_save: false,
        record_details: false,
        assign: job.options.assign,
        version: job.version.clone(),
    };
    let key = job.key.as_deref().unwrap_or("Id");
    let key = object
        .field(key)
        .ok_or_else(|| invalid(format!("Field name not found : {key}")))?;
    let upserts = Upserts::new(org, object, key, &records, &options)?;
    let mut seen = Vec::new();
    let outcomes = org.each_row(&records, false, |n, row| {
        if let Err(error) = &lines[n].record {
            return Err(error.clone().into());
        }
        let id = || {
            row.get_any_case("Id")
                .and_then(Json::as_str)
                .unwrap_or_default()
        };
        let done = match job.operation {
            Operation::Insert => create_row(org, object, row, &options),
            Operation::Update => update_row(org, object, row, &options, &mut seen),
            Operation::Upsert => upserts.write(n, false),
            _ => delete_row(org, id(), Some(object)),
        };
        // A value of the wrong type spoils its own record, not its neighbors.
        done.map_err(|trouble| match trouble {
            Trouble::Unreadable(message, _) => {
                RowError::new("INVALID_TYPE_ON_FIELD_IN_RECORD", message).into()
            }
            other => other,
        })
    });
    outcomes.map_err(|trouble| trouble.refused(&[]))
}

/// Writes the lines of the results.
fn keep(org: &Org, job: &Job, lines: &[Line], outcomes: &[Outcome]) -> Result<(), Refused> {
    let (mut succeeded, mut failed) = (String::new(), String::new());
    // Salesforce promises no order; this org makes sure that nobody relies on one.
    for (line, outcome) in lines.iter().zip(outcomes).rev() {
        let id = outcome.id.clone().unwrap_or_default();
        let values = line.values.iter().map(String::as_str);
        match &outcome.error {
            None => {
                let created = match job.operation {
                    Operation::Insert => true,
                    _ => outcome.created.unwrap_or(false),
                };
                let created = if created { "true" } else { "false" };
                let values = [id.as_str(), created].into_iter().chain(values);
                csv::write(&mut succeeded, values, job.format);
            }
            Some(error) => {
                let text = error_text(error);
                let values = [id.as_str(), text.as_str()].into_iter().chain(values);
                csv::write(&mut failed, values, job.format);
            }
        }
    }
    org.add_result(&job.id, job.next_chunk, "successful", &succeeded, 0)?;
    Ok(org.add_result(&job.id, job.next_chunk, "failed", &failed, 0)?)
}

/// `CODE:message:fields --`
fn error_text(error: &RowError) -> String {
    format!(
        "{}:{}:{} --",
        error.code,
        error.message,
        error.fields.join(" ")
    )
}
