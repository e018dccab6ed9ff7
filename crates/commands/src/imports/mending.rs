//! Takes rows in that were faulty and have been mended.

use std::collections::BTreeSet;

use leadferry_store::{ImportId, Store};

use super::run::{Options, import_mended};
use super::source::{MendedRow, Source};
use super::{Error, ImportOutcome, Result, faulty};

/// Takes mended rows of an import in, as an import of their own that can be undone.
///
/// Their columns are read as they were in the file. Rows that are still faulty are in the answer; the others leave the
/// errors file.
///
/// # Errors
/// [`Error::Gone`] when the file is not there any more as it was imported.
pub fn mend(
    store: &Store,
    import: ImportId,
    rows: &[MendedRow],
    now: impl Fn() -> i64,
) -> Result<ImportOutcome> {
    let import = store.read(|reader| reader.import(import))?;
    let options: Options = serde_json::from_str(&import.options)
        .map_err(|_| Error::Mapping("an import of this kind cannot be mended".to_owned()))?;
    let gone = || Error::Gone(options.request.file.clone());
    let file = match Source::open(&options.request) {
        Err(Error::Missing(_) | Error::NotAFile(_) | Error::Empty(_)) => return Err(gone()),
        opened => opened?,
    };
    if file.hash != import.file_hash {
        return Err(gone());
    }
    let outcome = import_mended(store, &file, rows, &options.request, &options.fields, now)?;
    let still: BTreeSet<u64> = outcome.faults.iter().map(|fault| fault.line).collect();
    let taken: BTreeSet<u64> = rows
        .iter()
        .map(|row| row.line)
        .filter(|line| !still.contains(line))
        .collect();
    // Of more faults than are told one by one nobody knows which rows they are.
    if outcome.faults.len() as u64 == outcome.faulty {
        faulty::take_out(&import, &|line| taken.contains(&line))?;
    }
    Ok(outcome)
}
