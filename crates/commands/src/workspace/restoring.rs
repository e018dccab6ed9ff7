//! Putting a backup in the place of a workspace.

use std::path::{Path, PathBuf};

use leadferry_store::newest_sound_backup;
use serde::Serialize;

use crate::{Code, Error, Host, Result};

/// What restoring a workspace came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RestoredWorkspace {
    /// The workspace.
    pub path: PathBuf,
    /// The backup that it is a copy of now.
    pub backup: PathBuf,
    /// What the file that was there before is called now; `None` when there was none.
    pub replaced: Option<PathBuf>,
}

/// Puts a backup in the place of the workspace at `path`: the one named, or the newest without damage. The file that was
/// there is kept among the backups. Nobody may have the workspace open.
///
/// # Errors
/// When there is no sound backup, another program has the workspace open, or the disk refuses; nothing changes then.
pub fn restore(path: &Path, backup: Option<&Path>, host: &Host) -> Result<RestoredWorkspace> {
    let now = host.now();
    let backup = match backup {
        Some(backup) => backup.to_owned(),
        None => newest_sound_backup(path, now).ok_or_else(|| no_backup(path))?,
    };
    let replaced = leadferry_store::restore(path, &backup, now).map_err(|error| match error {
        leadferry_store::Error::Damaged(problem) => damaged(&backup, problem),
        error => error.into(),
    })?;
    Ok(RestoredWorkspace {
        path: path.to_owned(),
        backup,
        replaced,
    })
}

fn no_backup(path: &Path) -> Error {
    let message = format!("There is no undamaged backup of {}.", path.display());
    let hint = "Restore a backup that you keep elsewhere.";
    Error::new(Code::Local, message, hint).with_command("workspace restore FILE --yes")
}

fn damaged(backup: &Path, problem: String) -> Error {
    let message = format!("{} can't be restored.", backup.display());
    Error::new(Code::Local, message, "Choose another backup.")
        .because(format!("This backup is damaged: {problem}"))
}
