//! The rows that an import could not take in, read back from its errors file, to be shown and mended.

use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use leadferry_store::{Import, ImportId, Store};
use serde::Serialize;

use super::errors_file::{ErrorsFile, FaultyRow, REASON};
use super::own_files::{OwnErrors, OwnFiles};
use super::source::{Event, Row, Source};
use super::{Error, Fault, ImportRequest, Result};
use crate::files::{self, Draft};

/// Most bytes of cells in one page.
const PAGE_BYTES: usize = 1 << 20;

/// A page of faulty rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ts_rs::TS)]
pub struct FaultyRows {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Fault>,
    /// How many rows wait to be mended, those on other pages included.
    pub total: u64,
}

/// Returns up to `limit` faulty rows of an import, those after the first `skip`; none where its errors file is gone, or
/// was written on another computer.
///
/// # Errors
/// When there is no such import, or its errors file cannot be read.
pub fn faulty(
    store: &Store,
    files: &OwnFiles,
    import: ImportId,
    skip: u64,
    limit: usize,
) -> Result<FaultyRows> {
    let import = store.read(|reader| reader.import(import))?;
    let ours = own_errors(files, &import);
    let Some(source) = ours.map(|ours| read(&ours)).transpose()?.flatten() else {
        return Ok(FaultyRows::default());
    };
    let reason_at = reason_at(&source);
    let mut page = FaultyRows {
        columns: source.header.iter().take(reason_at).cloned().collect(),
        ..FaultyRows::default()
    };
    let mut bytes = 0;
    source.for_each_row(&mut |event, _| {
        if let Event::Row(row) = event {
            page.total += 1;
            bytes += row.raw.len();
            if page.total > skip && page.rows.len() < limit && bytes <= PAGE_BYTES {
                page.rows.push(fault(&row, reason_at, &source.header));
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(page)
}

/// Copies the faulty rows of an import to a file of the user's choice.
///
/// # Errors
/// When there are none, or the file cannot be written.
pub fn save_faulty(store: &Store, files: &OwnFiles, import: ImportId, place: &Path) -> Result<()> {
    let import = store.read(|reader| reader.import(import))?;
    let Some(ours) = own_errors(files, &import) else {
        return Err(Error::NothingFaulty);
    };
    let mut file = files::open(&ours.path).map_err(|error| Error::reading(&ours.path, error))?;
    let copied = Draft::beside(place).and_then(|mut draft| {
        io::copy(&mut file, &mut draft)?;
        draft.finish()
    });
    copied.map_err(|source| failed(place, source))
}

/// Returns the errors file of an import, where this computer wrote it and it is there still.
pub(super) fn own_errors(files: &OwnFiles, import: &Import) -> Option<OwnErrors> {
    let ours = files.record(import)?.errors?;
    ours.path.is_file().then_some(ours)
}

/// Returns the numbers that the rows of an errors file had in the imported file.
pub(super) fn lines_of(source: &Source) -> Result<BTreeSet<u64>> {
    let reason_at = reason_at(source);
    let mut lines = BTreeSet::new();
    source.for_each_row(&mut |event, _| {
        if let Event::Row(row) = event
            && row.fault.is_none()
            && let Some((line, _)) = number_of(row.cells.get(reason_at))
        {
            lines.insert(line);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(lines)
}

/// Takes the rows that `mended` names, by their numbers in the imported file, out of an import's errors file.
///
/// As [`drop_rows`].
pub(super) fn take_out(
    files: &OwnFiles,
    import: &Import,
    mended: &dyn Fn(u64) -> bool,
) -> Result<bool> {
    let Some(ours) = own_errors(files, import) else {
        return Ok(true);
    };
    let Some(source) = read(&ours)? else {
        return Ok(true);
    };
    let (reason_at, header) = (reason_at(&source), &source.header);
    drop_rows(files, import, &mut |row| {
        row.fault.is_none() && mended(fault(row, reason_at, header).line)
    })
}

/// Takes the rows that `dropped` names out of an import's errors file; without any left, the file goes.
///
/// False where another program has changed the file: then it stays as it is.
pub(super) fn drop_rows(
    files: &OwnFiles,
    import: &Import,
    dropped: &mut dyn FnMut(&Row<'_>) -> bool,
) -> Result<bool> {
    let _alone = files.lock(import.id)?;
    let Some(mut record) = files.record(import) else {
        return Ok(true);
    };
    let Some(mut ours) = record.errors.take().filter(|ours| ours.path.exists()) else {
        return Ok(true);
    };
    if !ours.is_unchanged() {
        return Ok(false);
    }
    let Some(source) = read(&ours)? else {
        return Ok(true);
    };
    let place = files::free_place(&ours.path).map_err(|error| failed(&ours.path, error))?;
    // Before it is made: what a kill leaves of it holds rows of people.
    ours.rest = Some(place.clone());
    record.errors = Some(ours.clone());
    files.keep(import.id, &record);
    let rest = without(&source, place, dropped)?;
    // Before the file changes: whatever a kill leaves is one of the two contents that the record names.
    record.errors = rest.path().map(|_| {
        rest.note(&mut ours);
        ours
    });
    files.keep(import.id, &record);
    let done = match rest.path() {
        Some(written) => std::fs::rename(written, &source.path),
        None => std::fs::remove_file(&source.path),
    };
    done.map_err(|error| failed(&source.path, error))?;
    Ok(true)
}

/// Writes the rows that `dropped` does not name to a file of their own.
fn without(
    source: &Source,
    place: PathBuf,
    dropped: &mut dyn FnMut(&Row<'_>) -> bool,
) -> Result<ErrorsFile> {
    let mut file = ErrorsFile::new(source, place, Some(reason_at(source)));
    let mut dropping = false;
    source.for_each_row(&mut |event, _| {
        match event {
            Event::Row(row) => {
                dropping = dropped(&row);
                if !dropping {
                    keep(&row, &mut file)?;
                }
            }
            Event::Rest(piece) if !dropping => file.write_piece(piece)?,
            Event::Rest(_) | Event::Pulse => {}
        }
        Ok(ControlFlow::Continue(()))
    })?;
    file.sync()?;
    Ok(file)
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::ErrorsFile {
        path: path.to_owned(),
        source,
    }
}

/// Writes a row as it stands: nothing is put behind a row of which it is said that it has no cells.
fn keep(row: &Row<'_>, file: &mut ErrorsFile) -> Result<()> {
    if row.unfinished {
        return file.write_piece(row.raw);
    }
    file.write(&FaultyRow {
        raw: row.raw,
        cells: 0,
        old_reason: None,
        reason: "",
    })
}

/// Opens an errors file of ours; `None` where it is gone or empty.
pub(super) fn read(ours: &OwnErrors) -> Result<Option<Source>> {
    let request = ImportRequest {
        file: ours.path.clone(),
        encoding: ours.encoding.clone(),
        ..ImportRequest::default()
    };
    match Source::open(&request, &mut |_, _| ControlFlow::Continue(())) {
        Ok(source) => Ok(Some(source)),
        Err(Error::Empty(_) | Error::Missing(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns where the reason stands in each row.
fn reason_at(source: &Source) -> usize {
    let found = source.header.iter().position(|name| name == REASON);
    found.unwrap_or(source.header.len())
}

fn fault(row: &Row<'_>, reason_at: usize, header: &[String]) -> Fault {
    if let Some(reason) = row.fault {
        return Fault {
            line: row.number,
            column: None,
            reason: reason.to_owned(),
            cells: Vec::new(),
        };
    }
    // Behind more cells than there are columns the reason is the last one.
    let at = reason_at.max(row.cells.len().saturating_sub(1));
    let told = row.cells.get(at);
    let (line, told) = match number_of(told) {
        Some((line, rest)) => (line, rest),
        None => (row.number, told),
    };
    let (column, reason) = match told.split_once(": ") {
        Some((column, reason)) if header.iter().any(|name| name == column) => {
            (Some(column.to_owned()), reason)
        }
        _ => (None, told),
    };
    Fault {
        line,
        column,
        reason: reason.to_owned(),
        cells: row.cells.iter().take(at).map(str::to_owned).collect(),
    }
}

/// Reads the row's number in the original file from a reason such as `row 12, email: …`; older versions wrote *line*.
fn number_of(reason: &str) -> Option<(u64, &str)> {
    let rest = reason
        .strip_prefix("row ")
        .or_else(|| reason.strip_prefix("line "))?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let line = rest[..digits].parse().ok()?;
    let rest = &rest[digits..];
    let rest = rest
        .strip_prefix(", ")
        .or_else(|| rest.strip_prefix(": "))?;
    Some((line, rest))
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn the_rows_number_is_read_from_the_reason() {
        assert_eq!(number_of("row 12, email: no"), Some((12, "email: no")));
        assert_eq!(number_of("line 3: too many"), Some((3, "too many")));
        assert_eq!(number_of("email: no"), None);
        assert_eq!(number_of("row: no"), None);
    }
}
