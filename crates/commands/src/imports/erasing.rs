//! Takes an erased person's rows out of the files with the rows that imports couldn't take in.

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use leadferry_store::{Finder, Import, ImportState, Store};
use serde_json::Value;

use super::own_files::OwnFiles;
use super::source::{Event, Row, Source};
use super::{Error, Result, faulty};

/// What came of erasing a person from the errors files of this computer.
#[derive(Debug, Default)]
pub(crate) struct ErasedRows {
    /// Rows that were removed.
    pub(crate) rows: u64,
    /// Files that another program has changed since: they belong to the user now, and still name the person.
    pub(crate) changed: BTreeSet<PathBuf>,
}

/// Removes the rows that name a person from every errors file that this computer wrote, and forgets what it remembers of
/// files whose names do. A file that only the workspace names isn't touched.
///
/// # Errors
/// When an import is running, or a file can't be rewritten.
pub(crate) fn erase_rows(store: &Store, files: &OwnFiles, finder: &Finder) -> Result<ErasedRows> {
    let mut erased = ErasedRows::default();
    for import in store.read(|reader| reader.imports())? {
        erase_from(store, files, &import, finder, &mut erased)?;
        files.forget_naming(import.id, finder);
    }
    Ok(erased)
}

fn erase_from(
    store: &Store,
    files: &OwnFiles,
    import: &Import,
    finder: &Finder,
    erased: &mut ErasedRows,
) -> Result<()> {
    let Some(ours) = faulty::own_errors(files, import) else {
        return Ok(());
    };
    // Rows on their way to a new file, left there by a process that was killed.
    if let Some(rest) = ours.rest.as_ref().filter(|rest| rest.exists()) {
        fs::remove_file(rest).map_err(|source| Error::ErrorsFile {
            path: rest.clone(),
            source,
        })?;
    }
    let Some(source) = faulty::read(&ours)? else {
        return Ok(());
    };
    let named = rows_naming(&source, finder)?;
    if named.is_empty() {
        return Ok(());
    }
    if !faulty::drop_rows(files, import, &mut |row| named.contains(&row.number))? {
        erased.changed.insert(ours.path);
        return Ok(());
    }
    erased.rows += named.len() as u64;
    if import.state == ImportState::Running {
        // The import goes on behind what is left.
        let left = fs::metadata(&ours.path).map_or(0, |data| data.len());
        store.write(|writer| writer.set_errors_bytes(import.id, left))?;
    }
    Ok(())
}

/// Returns the numbers of the rows that name the person.
fn rows_naming(source: &Source, finder: &Finder) -> Result<BTreeSet<u64>> {
    let (mut named, mut number) = (BTreeSet::new(), 0);
    source.for_each_row(&mut |event, _| {
        let names = match event {
            Event::Row(row) => {
                number = row.number;
                row_names(&row, finder)
            }
            Event::Rest(piece) => finder.names(&String::from_utf8_lossy(piece)),
            Event::Pulse => false,
        };
        if names {
            named.insert(number);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(named)
}

/// A first and a last name count wherever in the row they stand.
fn row_names(row: &Row<'_>, finder: &Finder) -> bool {
    let cells: Value = row.cells.iter().map(Value::from).collect();
    finder.names(&cells.to_string()) || finder.names(&String::from_utf8_lossy(row.raw))
}
