//! Putting a backup in the place of a workspace.

use std::path::{Path, PathBuf};

use leadferry_store::{Error as Failure, newest_sound_backup};
use serde::Serialize;

use crate::error::sentence;
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
    leadferry_store::check_backup(&backup).map_err(|error| unusable(&backup, error))?;
    let replaced = leadferry_store::restore(path, &backup, now).map_err(|error| match error {
        Failure::Damaged(_) => unusable(&backup, error),
        error => irreplaceable(path, error),
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

/// Says why a file can't be restored. Whatever is wrong with it, the workspace is as it was.
fn unusable(backup: &Path, error: Failure) -> Error {
    let another = "Choose another backup.";
    let (code, cause, cure) = match &error {
        Failure::Damaged(problem) => {
            let cause = format!("This backup is damaged: {problem}.");
            (Code::Local, cause, another.to_owned())
        }
        Failure::Altered(what) => {
            let cause = format!("It {what}, so another program has changed it.");
            (Code::Local, cause, another.to_owned())
        }
        Failure::Newer { .. } => {
            let cure = "Update Leadferry, or choose another backup.".to_owned();
            (Code::Newer, sentence(&error.to_string()), cure)
        }
        Failure::NotAWorkspace(_) | Failure::Missing(_) => {
            (Code::Local, kind_of(backup).to_owned(), another.to_owned())
        }
        Failure::Foreign { path, what } => {
            let cause = format!(
                "Leadferry didn't make the file beside it: {} {what}.",
                path.display()
            );
            let cure = format!("Move {} to another folder, then try again.", path.display());
            (Code::Local, cause, cure)
        }
        _ => {
            let ours = Error::from(error);
            return Error {
                cause: sentence(&ours.to_string()),
                hint: sentence(&ours.hint),
                message: format!("{} can't be restored.", backup.display()),
                ..ours
            };
        }
    };
    let message = format!("{} can't be restored.", backup.display());
    let ours = Error::new(code, message, cure).because(cause);
    match code {
        Code::Newer => ours,
        _ => ours.with_command("workspace restore FILE --yes"),
    }
}

/// Says what a file is that is no backup.
fn kind_of(file: &Path) -> &'static str {
    match std::fs::metadata(file) {
        Err(_) => "There is no such file.",
        Ok(data) if data.is_dir() => "It's a folder.",
        Ok(data) if data.is_file() && data.len() == 0 => "It's empty.",
        Ok(_) => "It isn't a Leadferry workspace or a backup of one.",
    }
}

/// Says why nothing can take the place of a workspace.
fn irreplaceable(path: &Path, error: Failure) -> Error {
    let cause = match &error {
        Failure::Refused(_) => return error.into(),
        Failure::InUse => "It's open in another program.".to_owned(),
        Failure::Busy => "Another program is making a backup of it.".to_owned(),
        Failure::DiskFull => "The disk is full.".to_owned(),
        Failure::NotAWorkspace(_) => kind_of(path).to_owned(),
        _ => String::new(),
    };
    let is_no_file = matches!(error, Failure::NotAWorkspace(_));
    let ours = Error::from(error);
    let hint = match is_no_file {
        true => "Choose the workspace file, or a name that isn't taken.".to_owned(),
        false => sentence(&ours.hint),
    };
    let cause = match cause.is_empty() {
        true => sentence(&ours.to_string()),
        false => cause,
    };
    Error {
        message: format!("{} can't be replaced with a backup.", path.display()),
        cause,
        hint,
        ..ours
    }
}
