//! What SQL asks of packed rows.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

use super::packed::outcome_for;
use crate::{ContactId, Result};

/// Teaches a connection `row_outcome(contacts, answers, contact)`: what came of a contact's row in a batch, empty while
/// there is no answer, and null where the batch has no row for her.
pub(crate) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("row_outcome", 3, flags, |context| {
        let Some(contacts) = blob(context, 0)? else {
            return Ok(None);
        };
        let found = outcome_for(contacts, blob(context, 1)?, ContactId(context.get(2)?));
        let found = found.map_err(|error| rusqlite::Error::UserFunctionError(Box::new(error)))?;
        Ok(found.map(|outcome| outcome.map_or("", |outcome| outcome.name())))
    })?;
    Ok(())
}

fn blob<'a>(context: &'a Context<'_>, at: usize) -> rusqlite::Result<Option<&'a [u8]>> {
    match context.get_raw(at) {
        ValueRef::Null => Ok(None),
        value => Ok(Some(value.as_blob()?)),
    }
}
