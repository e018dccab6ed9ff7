//! What undoing runs did with a contact.

use std::collections::BTreeMap;

use leadferry_store::{Connection, ContactId, Reader, UndoRow, UndoState};
use serde_json::Value;

use super::{ContactRun, ContactSend, connection_to, sent_values};
use crate::Result;

/// Adds what was undone to what was sent, the latest first.
pub(super) fn among_sends(
    reader: &Reader<'_>,
    id: ContactId,
    connections: &[Connection],
    sends: &mut Vec<ContactSend>,
) -> Result<()> {
    let undone = reader.undone_of(id)?;
    if undone.is_empty() {
        return Ok(());
    }
    for row in undone {
        let run = reader.run(row.undone_by.unwrap_or(row.run))?;
        let replication = reader.replication(run.replication)?.name;
        let connection = connection_to(connections, &run.org_id);
        sends.push(ContactSend {
            run: run.id,
            connection: connection.map_or(run.org_id, |one| one.name.clone()),
            at: row.done_at.unwrap_or(run.started_at),
            outcome: outcome(&row).to_owned(),
            fields: sent_values(reader, &replication, restored(&row))?,
            reason: String::new(),
            replication,
        });
    }
    sends.sort_by_key(|send| std::cmp::Reverse(send.at));
    Ok(())
}

/// Adds what was undone to what runs did, the oldest first.
pub(super) fn among_runs(
    reader: &Reader<'_>,
    id: ContactId,
    history: &mut Vec<ContactRun>,
) -> Result<(), leadferry_store::Error> {
    let undone = reader.undone_of(id)?.into_iter();
    history.extend(undone.map(|row| ContactRun {
        run: row.undone_by.unwrap_or(row.run),
        outcome: outcome(&row),
        sent: serde_json::to_value(restored(&row)).unwrap_or_default(),
        errors: Value::Null,
    }));
    history.sort_by_key(|one| one.run);
    Ok(())
}

fn outcome(row: &UndoRow) -> &'static str {
    match row.state {
        UndoState::Deleted => "deleted",
        _ => "restored",
    }
}

/// Returns the values that stand in the record again.
fn restored(row: &UndoRow) -> BTreeMap<String, Value> {
    if row.state == UndoState::Deleted {
        return BTreeMap::new();
    }
    let fields = row.fields.iter().filter(|field| field.skipped.is_none());
    let values = fields.map(|field| {
        let before = field.before.clone().unwrap_or_default();
        (field.field.clone(), before)
    });
    values.collect()
}
