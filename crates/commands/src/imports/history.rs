//! Imports of the past: what they did, and what can still be done about them.

use leadferry_store::{ActId, Import, ImportId, ImportKind, ImportState, Store, UNDO_MS};
use serde::Serialize;

use super::run::Options;
use super::{ImportRequest, Result, faulty};

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
    /// Rows that could not be taken in.
    pub faulty: u64,
    /// Some of them wait to be mended.
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
pub fn list(store: &Store, now: i64) -> Result<Vec<PastImport>> {
    store.read(|reader| {
        let imports = reader.imports()?;
        let past = imports.into_iter().map(|import| {
            let act = reader.act_of_import(import.id)?;
            let undoable = act.filter(|act| act.undone_at.is_none() && now - act.at <= UNDO_MS);
            Ok(past(import, undoable.map(|act| act.id)))
        });
        past.collect()
    })
}

fn past(import: Import, act: Option<ActId>) -> PastImport {
    let options = serde_json::from_str::<Options>(&import.options);
    let done = import.progress;
    PastImport {
        mendable: import.kind == ImportKind::Contacts
            && done.faulty > 0
            && import.state == ImportState::Finished
            && faulty::errors_path(&import).is_some(),
        mended: options.is_ok_and(|options| options.mended),
        id: import.id,
        kind: import.kind,
        file_name: import.file_name,
        state: import.state,
        rows: done.committed_row,
        created: done.created,
        updated: done.updated,
        unchanged: done.unchanged,
        skipped: done.skipped,
        faulty: done.faulty,
        started_at: import.started_at,
        ended_at: import.ended_at,
        act,
    }
}

/// Returns what an interrupted import was asked, so that it can go on.
///
/// # Errors
/// When there is no such import, or it cannot go on.
pub fn request_of(store: &Store, import: ImportId) -> Result<ImportRequest> {
    let import = store.read(|reader| reader.import(import))?;
    match serde_json::from_str::<Options>(&import.options) {
        Ok(options)
            if import.kind == ImportKind::Contacts
                && import.state == ImportState::Running
                && !options.mended =>
        {
            Ok(options.request)
        }
        _ => Err(super::Error::Mapping(
            "this import has ended; there is nothing to go on with".to_owned(),
        )),
    }
}
