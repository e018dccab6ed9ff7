//! The rows that a run has sent, as other clients are given them: JSON objects, one a line.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Result;
use leadferry_store::{BatchId, OpenOptions, Operation, Store};
use serde_json::{Map, Value};

/// Writes what a run has upserted to a file.
///
/// # Errors
/// When the workspace cannot be read, or the file not written.
pub(crate) fn write(workspace: &Path, file: &Path) -> Result<()> {
    let store = Store::open(workspace, OpenOptions { read_only: true }, 0)?;
    let mut file = BufWriter::new(std::fs::File::create(file)?);
    for number in 1.. {
        let read = store.read(|reader| {
            let batch = reader.batch(BatchId(number))?;
            Ok::<_, leadferry_store::Error>((batch, reader.batch_rows(BatchId(number))?))
        });
        let Ok((batch, rows)) = read else { break };
        let Operation::Upsert { identifier_field } = &batch.operation else {
            continue;
        };
        for row in rows {
            let mut fields: Map<String, Value> = serde_json::from_str(&row.payload)?;
            fields.insert(identifier_field.clone(), row.guid.as_str().into());
            writeln!(file, "{}", serde_json::to_string(&fields)?)?;
        }
    }
    Ok(file.flush()?)
}
