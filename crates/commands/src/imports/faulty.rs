//! The rows that an import could not take in, read back from its errors file, to be shown and mended.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use leadferry_store::{Import, ImportId, Store};
use serde::Serialize;

use super::errors_file::{ErrorsFile, FaultyRow, REASON};
use super::source::{Event, Row, Source};
use super::{Error, Fault, ImportRequest, Result};

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

/// Returns up to `limit` faulty rows of an import, those after the first `skip`; none where its errors file is gone.
///
/// # Errors
/// When there is no such import, or its errors file cannot be read.
pub fn faulty(store: &Store, import: ImportId, skip: u64, limit: usize) -> Result<FaultyRows> {
    let import = store.read(|reader| reader.import(import))?;
    let Some(source) = errors_of(&import)? else {
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
pub fn save_faulty(store: &Store, import: ImportId, place: &Path) -> Result<()> {
    let import = store.read(|reader| reader.import(import))?;
    let Some(file) = errors_path(&import) else {
        return Err(Error::NothingFaulty);
    };
    std::fs::copy(file, place).map_err(|source| Error::ErrorsFile {
        path: place.to_owned(),
        source,
    })?;
    Ok(())
}

/// Returns the errors file of an import, where it is there still.
pub(super) fn errors_path(import: &Import) -> Option<PathBuf> {
    let path = PathBuf::from(import.errors_file.as_ref()?);
    path.is_file().then_some(path)
}

/// Takes the rows that `mended` names out of an import's errors file; without any left, the file goes.
pub(super) fn take_out(import: &Import, mended: &dyn Fn(u64) -> bool) -> Result<()> {
    let Some(source) = errors_of(import)? else {
        return Ok(());
    };
    let reason_at = reason_at(&source);
    let new = source.path.with_extension("new.csv");
    let mut file = ErrorsFile::new(&source, new.clone(), Some(reason_at));
    let mut dropping = false;
    source.for_each_row(&mut |event, _| {
        match event {
            Event::Row(row) => {
                let told = fault(&row, reason_at, &source.header);
                dropping = row.fault.is_none() && mended(told.line);
                if row.unfinished {
                    file.write_piece(row.raw)?;
                } else if !dropping {
                    // As it stands: nothing is put behind a row of which it is said that it has no cells.
                    file.write(&FaultyRow {
                        raw: row.raw,
                        cells: 0,
                        old_reason: None,
                        reason: "",
                    })?;
                }
            }
            Event::Rest(piece) if !dropping => file.write_piece(piece)?,
            Event::Rest(_) => {}
        }
        Ok(ControlFlow::Continue(()))
    })?;
    file.sync()?;
    let fail = |source| Error::ErrorsFile {
        path: new.clone(),
        source,
    };
    match file.path() {
        Some(written) => std::fs::rename(written, &source.path).map_err(fail),
        None => std::fs::remove_file(&source.path).map_err(fail),
    }
}

fn errors_of(import: &Import) -> Result<Option<Source>> {
    let Some(file) = errors_path(import) else {
        return Ok(None);
    };
    let request = ImportRequest {
        file,
        ..ImportRequest::default()
    };
    match Source::open(&request) {
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
            line: row.line,
            column: None,
            reason: reason.to_owned(),
            cells: Vec::new(),
        };
    }
    // Behind more cells than there are columns the reason is the last one.
    let at = reason_at.max(row.cells.len().saturating_sub(1));
    let told = row.cells.get(at);
    let (line, told) = match line_of(told) {
        Some((line, rest)) => (line, rest),
        None => (row.line, told),
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

/// Reads the line of the original file from a reason such as `line 12, email: …`.
fn line_of(reason: &str) -> Option<(u64, &str)> {
    let rest = reason.strip_prefix("line ")?;
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
    use super::line_of;

    #[test]
    fn the_line_is_read_from_the_reason() {
        assert_eq!(line_of("line 12, email: no"), Some((12, "email: no")));
        assert_eq!(line_of("line 3: too many"), Some((3, "too many")));
        assert_eq!(line_of("email: no"), None);
        assert_eq!(line_of("line: no"), None);
    }
}
