//! Turns a durable batch into a request and sends it.

use leadferry_salesforce::{Assignment, Client, Error, RowAnswer, WriteOptions};
use leadferry_store::{Batch, BatchRow, Operation};
use serde_json::value::RawValue;

/// Sends rows of a batch as one request and returns an answer per row, in their order.
///
/// # Errors
/// The request's fault; `may_have_been_applied` tells whether the org may have taken the rows all the same.
pub async fn send(
    client: &Client,
    batch: &Batch,
    rows: &[BatchRow],
) -> Result<Vec<RowAnswer>, Error> {
    let how = WriteOptions {
        assignment: if batch.assignment {
            Assignment::On
        } else {
            Assignment::Off
        },
        allow_duplicates: batch.allow_duplicates,
        all_or_none: false,
    };
    let bodies = bodies(batch, rows);
    let answers = match &batch.operation {
        Operation::Update => client.update(&bodies, &how).await?,
        Operation::Upsert { identifier_field } => {
            client
                .upsert(&batch.object, identifier_field, &bodies, &how)
                .await?
        }
    };
    Ok(answers)
}

/// Writes each row as the org takes it: type, key, then the stored payload.
pub(crate) fn bodies(batch: &Batch, rows: &[BatchRow]) -> Vec<Box<RawValue>> {
    rows.iter()
        .filter_map(|row| RawValue::from_string(body(batch, row)).ok())
        .collect()
}

fn body(batch: &Batch, row: &BatchRow) -> String {
    let mut text = format!("{{\"attributes\":{{\"type\":\"{}\"}}", batch.object);
    match &batch.operation {
        Operation::Update => {
            push_field(
                &mut text,
                "id",
                row.record_id.as_deref().unwrap_or_default(),
            );
        }
        Operation::Upsert { identifier_field } => {
            push_field(&mut text, identifier_field, row.guid.as_str())
        }
    }
    let fields = row
        .payload
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or_default();
    if !fields.is_empty() {
        text.push(',');
        text.push_str(fields);
    }
    text.push('}');
    text
}

fn push_field(text: &mut String, name: &str, value: &str) {
    // Ids, guids and API names need no escaping.
    text.push_str(",\"");
    text.push_str(name);
    text.push_str("\":\"");
    text.push_str(value);
    text.push('"');
}
