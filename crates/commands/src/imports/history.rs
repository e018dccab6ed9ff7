//! Imports of the past: what they did, and what can still be done about them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use leadferry_store::{ActId, Import, ImportId, ImportKind, ImportState, Store, UNDO_MS};
use serde::Serialize;

use super::run::Options;
use super::source::Source;
use super::{Error, ImportRequest, OwnFiles, Result, faulty};

/// An import as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PastImport {
    /// Id.
    pub id: ImportId,
    /// What the file brings.
    pub kind: ImportKind,
    /// The file's name, without its folder.
    pub file_name: String,
    /// Mended rows of that file, not the file itself.
    pub mended: bool,
    /// The file whose faulty rows these were, mended here or in the errors file.
    pub mends: Option<String>,
    /// Where it stands.
    pub state: ImportState,
    /// Data rows read.
    pub rows: u64,
    /// New contacts, or activities of contacts.
    pub created: u64,
    /// Contacts changed, or activities of people who were not here.
    pub updated: u64,
    /// Contacts that already held the same values.
    pub unchanged: u64,
    /// Rows left out.
    pub skipped: u64,
    /// Rows that could not be taken in, and were not mended since.
    pub faulty: u64,
    /// Faulty rows that were mended and taken in.
    pub fixed: u64,
    /// Some of the faulty ones wait to be mended.
    pub mendable: bool,
    /// When it began, UTC milliseconds.
    pub started_at: i64,
    /// When it ended, UTC milliseconds.
    pub ended_at: Option<i64>,
    /// The act to undo; none once it is undone or older than 30 days.
    pub act: Option<ActId>,
}

/// Returns all imports, the newest first; `now` is in UTC milliseconds.
///
/// # Errors
/// When the workspace cannot be read.
pub fn list(store: &Store, files: &OwnFiles, now: i64) -> Result<Vec<PastImport>> {
    store.read(|reader| {
        let imports = reader.imports()?;
        let mended = mended_rows(&imports);
        let names: BTreeMap<_, _> = imports
            .iter()
            .map(|import| (import.id, import.file_name.clone()))
            .collect();
        let past = imports.into_iter().map(|import| {
            let act = reader.act_of_import(import.id)?;
            let undoable =
                act.filter(|act| act.undone_at.is_none() && now.saturating_sub(act.at) <= UNDO_MS);
            let mended = mended.get(&import.id).copied().unwrap_or_default();
            let past = past(import, mended, files, undoable.map(|act| act.id));
            Ok(PastImport {
                mends: past.0.and_then(|of| names.get(&of).cloned()),
                ..past.1
            })
        });
        past.collect()
    })
}

/// What became of an import's faulty rows.
#[derive(Clone, Copy, Default)]
struct Mended {
    /// Rows that were mended and taken in.
    fixed: u64,
    /// Rows that another import has, those included that are faulty still.
    gone: u64,
}

/// Returns what became of the faulty rows of which imports; what was undone counts for nothing.
fn mended_rows(imports: &[Import]) -> BTreeMap<ImportId, Mended> {
    let mut mended: BTreeMap<_, Mended> = BTreeMap::new();
    let done = imports
        .iter()
        .filter(|import| import.state != ImportState::Undone);
    for import in done {
        let Some(options) = options(import) else {
            continue;
        };
        if let Some(of) = options.mends {
            let progress = import.progress;
            let fixed = progress.committed_row - progress.faulty;
            let rows = mended.entry(of).or_default();
            rows.fixed += fixed;
            // Rows of an errors file are the import's own from then on; others stay where they were mended.
            rows.gone += match options.mended {
                true => fixed,
                false => progress.committed_row,
            };
        }
    }
    mended
}

fn options(import: &Import) -> Option<Options> {
    serde_json::from_str(&import.options).ok()
}

/// Returns an import as the list shows it, and the one whose faulty rows it mends.
fn past(
    import: Import,
    mended: Mended,
    files: &OwnFiles,
    act: Option<ActId>,
) -> (Option<ImportId>, PastImport) {
    let options = options(&import);
    let done = import.progress;
    let faulty = done.faulty.saturating_sub(mended.gone);
    let mends = options.as_ref().and_then(|options| options.mends);
    let past = PastImport {
        mends: None,
        mendable: import.kind == ImportKind::Contacts
            && faulty > 0
            && import.state == ImportState::Finished
            && faulty::own_errors(files, &import).is_some(),
        mended: options.is_some_and(|options| options.mended),
        fixed: mended.fixed,
        id: import.id,
        kind: import.kind,
        file_name: import.file_name,
        state: import.state,
        rows: done.committed_row,
        created: done.created,
        updated: done.updated,
        unchanged: done.unchanged,
        skipped: done.skipped,
        faulty,
        started_at: import.started_at,
        ended_at: import.ended_at,
        act,
    };
    (mends, past)
}

/// Returns the file of an import, where this computer has imported it and it is there still.
///
/// # Errors
/// When there is no such import.
pub fn file_of(store: &Store, files: &OwnFiles, import: ImportId) -> Result<Option<PathBuf>> {
    let import = store.read(|reader| reader.import(import))?;
    let source = files.record(&import).map(|record| record.source);
    Ok(source.filter(|file| file.is_file()))
}

/// Returns what an interrupted import was asked, so that it can go on with its `file`.
///
/// # Errors
/// When there is no such import, or it cannot go on; [`Error::AnotherFile`] when this is another one.
pub fn request_of(store: &Store, import: ImportId, file: PathBuf) -> Result<ImportRequest> {
    let import = store.read(|reader| reader.import(import))?;
    match serde_json::from_str::<Options>(&import.options) {
        Ok(options)
            if import.kind == ImportKind::Contacts
                && import.state == ImportState::Running
                && !options.mended =>
        {
            let request = ImportRequest {
                file,
                ..options.request
            };
            let source = Source::open(&request, &mut |_, _| ControlFlow::Continue(()))?;
            if source.hash == import.file_hash {
                Ok(request)
            } else {
                Err(Error::AnotherFile(request.file))
            }
        }
        _ => Err(Error::Mapping(
            "this import has finished; start a new one".to_owned(),
        )),
    }
}
