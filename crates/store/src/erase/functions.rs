//! What the finder can do, as functions that SQL calls row by row.

use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;

use super::Finder;
use crate::Result;

/// `names_erased(text)` and `without_erased(text)`, known to a connection while a person is erased.
pub(crate) struct Functions<'c>(&'c Connection);

impl<'c> Functions<'c> {
    pub(crate) fn on(connection: &'c Connection, finder: Finder) -> Result<Self> {
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        let finder = Arc::new(finder);
        let other = finder.clone();
        connection.create_scalar_function("names_erased", 1, flags, move |context| {
            Ok(match context.get_raw(0) {
                ValueRef::Text(text) => {
                    std::str::from_utf8(text).is_ok_and(|text| finder.names(text))
                }
                _ => false,
            })
        })?;
        connection.create_scalar_function("without_erased", 1, flags, move |context| {
            Ok(other.without(&context.get::<String>(0)?))
        })?;
        Ok(Self(connection))
    }

    /// Makes the connection forget them, and with them the person.
    pub(crate) fn remove(self) -> Result<()> {
        self.0.remove_function("names_erased", 1)?;
        self.0.remove_function("without_erased", 1)?;
        Ok(())
    }
}
