//! Turns a durable batch into a request and sends it.

use leadferry_salesforce::{Assignment, Client, Error, PackedRows, RowAnswer, WriteOptions};
use leadferry_store::{Batch, BatchRow, Operation};
use serde_json::value::RawValue;

/// Sends rows of a batch as one request and returns an answer per row, in their order.
///
/// `body` holds these very rows as they were stored; without it they are put together anew.
///
/// # Errors
/// The request's fault; `may_have_been_applied` tells whether the org may have taken the rows all the same.
pub async fn send(
    client: &Client,
    batch: &Batch,
    rows: &[BatchRow],
    body: Option<&[u8]>,
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
    let Some(body) = body else {
        return send_anew(client, batch, &bodies(batch, rows), &how).await;
    };
    let rows = PackedRows {
        body,
        rows: rows.len(),
    };
    match &batch.operation {
        Operation::Update => client.update_packed(rows, &how).await,
        Operation::Upsert { identifier_field } => {
            client
                .upsert_packed(&batch.object, identifier_field, rows, &how)
                .await
        }
    }
}

async fn send_anew(
    client: &Client,
    batch: &Batch,
    bodies: &[Box<RawValue>],
    how: &WriteOptions,
) -> Result<Vec<RowAnswer>, Error> {
    match &batch.operation {
        Operation::Update => client.update(bodies, how).await,
        Operation::Upsert { identifier_field } => {
            client
                .upsert(&batch.object, identifier_field, bodies, how)
                .await
        }
    }
}

/// Writes each row as the org takes it: type, key, then the stored payload.
pub(crate) fn bodies(batch: &Batch, rows: &[BatchRow]) -> Vec<Box<RawValue>> {
    rows.iter()
        .filter_map(|row| RawValue::from_string(body(batch, row)).ok())
        .collect()
}

fn body(batch: &Batch, row: &BatchRow) -> String {
    let mut text = String::with_capacity(row.payload.len() + 120);
    write_lead(&mut text, &batch.object, &batch.operation, row);
    let fields = row.payload.strip_prefix('{');
    text.push_str(fields.filter(|fields| fields.ends_with('}')).unwrap_or("}"));
    text
}

/// Writes what stands before a row's fields: its brace, type and key, and a comma where a field follows.
pub(crate) fn write_lead(text: &mut String, object: &str, operation: &Operation, row: &BatchRow) {
    let (key, value) = match operation {
        Operation::Update => ("id", row.record_id.as_deref().unwrap_or_default()),
        Operation::Upsert { identifier_field } => (identifier_field.as_str(), row.guid.as_str()),
    };
    // Ids, guids and API names need no escaping.
    for part in [
        "{\"attributes\":{\"type\":\"",
        object,
        "\"},\"",
        key,
        "\":\"",
        value,
        "\"",
    ] {
        text.push_str(part);
    }
    if row.payload.len() > "{}".len() {
        text.push(',');
    }
}
