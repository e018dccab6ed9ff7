//! Takes rows in that were faulty and have been mended: here, or in the errors file, which is imported then.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use leadferry_store::{Import, ImportId, Store};

use super::errors_file::REASON;
use super::run::{Options, import_mended};
use super::source::{MendedRow, Source};
use super::trial::try_mended;
use super::{Error, ImportOutcome, ImportRequest, OwnFiles, Result, Trial, Warning, faulty};

/// What is said where the rows that were mended stay in the errors file.
pub(super) const CHANGED: &str = "Another program changed the errors file, so Leadferry left it alone. The fixed rows are still in it.";

/// Takes mended rows of an import in, as an import of their own that can be undone.
///
/// Their columns are read as they were in the file. Rows that are still faulty are in the answer and stay in the errors
/// file; the others leave it. Nothing is begun where all of them are still faulty.
///
/// # Errors
/// [`Error::Gone`] when the file is not there any more as it was imported.
pub fn mend(
    store: &Store,
    files: &OwnFiles,
    import: ImportId,
    rows: &[MendedRow],
    now: impl Fn() -> i64,
) -> Result<ImportOutcome> {
    let import = store.read(|reader| reader.import(import))?;
    let options: Options = serde_json::from_str(&import.options).map_err(|_| {
        Error::Mapping("rows of this kind of import can't be fixed here".to_owned())
    })?;
    let (request, file) = opened(files, &import, &options)?;
    let trial = try_mended(store, &file, &request, rows, now())?;
    let fixed = fixed(rows, &trial);
    if fixed.is_empty() {
        return Ok(with_faults(ImportOutcome::default(), trial));
    }
    let mut outcome = import_mended(store, files, (import.id, &file), &fixed, &options, now)?;
    let taken: BTreeSet<u64> = fixed.iter().map(|row| row.line).collect();
    // Whoever came in meanwhile may have made a row faulty that was fine.
    if outcome.faulty == 0 && !faulty::take_out(files, &import, &|line| taken.contains(&line))? {
        outcome.warnings.push(Warning::of_file(CHANGED));
        outcome.warning_count += 1;
    }
    Ok(with_faults(outcome, trial))
}

/// How many of the latest imports are looked at for the one whose errors file is imported.
const LATEST: usize = 50;

/// Faulty rows of an import that a file brings back.
pub(super) struct BroughtBack {
    /// The import that could not take them in.
    pub(super) import: Import,
    /// Their numbers in its file.
    lines: BTreeSet<u64>,
}

impl BroughtBack {
    /// Takes the rows out of that import's errors file: what is still wrong with them is told by the import that brought
    /// them back. False where another program has changed the file.
    pub(super) fn take_out(&self, files: &OwnFiles) -> Result<bool> {
        faulty::take_out(files, &self.import, &|line| self.lines.contains(&line))
    }
}

/// Returns what a file brings back, where it is an errors file of ours with rows that wait to be mended.
pub(super) fn brought_back(
    store: &Store,
    files: &OwnFiles,
    source: &Source,
) -> Result<Option<BroughtBack>> {
    if !source.header.iter().any(|name| name == REASON) {
        return Ok(None);
    }
    let lines = faulty::lines_of(source)?;
    let imports = store.read(|reader| reader.imports())?;
    for import in imports.into_iter().take(LATEST) {
        let Some(ours) = faulty::own_errors(files, &import) else {
            continue;
        };
        // One that cannot be read is no reason against the file.
        let Ok(Some(waiting)) = faulty::read(&ours) else {
            continue;
        };
        let waits = |lines: &BTreeSet<u64>| {
            faulty::lines_of(&waiting).is_ok_and(|waiting| lines.is_subset(&waiting))
        };
        if waiting.header == source.header && !lines.is_empty() && waits(&lines) {
            return Ok(Some(BroughtBack { import, lines }));
        }
    }
    Ok(None)
}

/// Opens the file of an import as it was read then.
fn opened(files: &OwnFiles, import: &Import, options: &Options) -> Result<(ImportRequest, Source)> {
    let source = files.record(import).map(|record| record.source);
    let source = source.ok_or_else(|| Error::Gone(import.file_name.clone().into()))?;
    let request = ImportRequest {
        file: source.clone(),
        ..options.request.clone()
    };
    match Source::open(&request, &mut |_, _| ControlFlow::Continue(())) {
        Err(Error::Missing(_) | Error::NotAFile(_) | Error::Empty(_)) => Err(Error::Gone(source)),
        Ok(file) if file.hash != import.file_hash => Err(Error::Gone(source)),
        opened => opened.map(|file| (request, file)),
    }
}

/// Returns the rows that would be taken in; all of them where more are faulty than are told one by one.
fn fixed(rows: &[MendedRow], trial: &Trial) -> Vec<MendedRow> {
    let still: BTreeSet<u64> = trial.faults.iter().map(|fault| fault.line).collect();
    let all_told = trial.faults.len() as u64 == trial.faulty;
    rows.iter()
        .filter(|row| !all_told || !still.contains(&row.line))
        .cloned()
        .collect()
}

fn with_faults(outcome: ImportOutcome, trial: Trial) -> ImportOutcome {
    if outcome.faulty > 0 {
        return outcome;
    }
    ImportOutcome {
        finished: true,
        rows: outcome.rows + trial.faulty,
        faulty: trial.faulty,
        faults: trial.faults,
        ..outcome
    }
}
