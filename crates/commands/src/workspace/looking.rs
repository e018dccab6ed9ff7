//! Looks for damage in a workspace that something else than this app may have damaged since it was closed: a power
//! failure, a disk, a program that copies files.
//!
//! The last process that closes a workspace takes its log away, and notes in the data folder how the file stands then. A
//! log that is there when nobody has the workspace open, or a file that is not as it was noted, is looked at. So is a
//! file that nobody has looked at for a day: disks lose bits without a trace.

mod noted;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use leadferry_store::{Store, is_log_left};

use super::{in_words, tell_mended};
use crate::locks::{SharedLock, lock_file};
use crate::{Host, files};
use noted::{FileState, Look, Noted};

/// Opening waits for it so long: enough for some hundred thousand contacts. The rest is looked at while others work.
const PATIENCE: Duration = Duration::from_secs(2);

/// How a workspace stood before it was opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    has_log: bool,
    file: Option<FileState>,
}

impl Before {
    pub(super) fn of(workspace: &Path) -> Before {
        Before {
            has_log: is_log_left(workspace),
            file: FileState::of(workspace),
        }
    }
}

/// The last look at the whole file, shared with the thread that looks.
type LastLook = Arc<Mutex<Option<Look>>>;

/// Says to the processes of this user that a workspace is open, until it is dropped. Whoever closes the file drops it
/// afterwards, so that it notes how the file stands then.
#[derive(Debug)]
pub(super) struct Opened {
    _lock: Option<SharedLock>,
    is_alone: bool,
    workspace: PathBuf,
    note: PathBuf,
    noted: Option<Noted>,
    last_look: LastLook,
}

impl Opened {
    /// Says so from now on. Where no lock can be had, nobody is known to be alone.
    pub(super) fn note(data_folder: &Path, workspace: &Path) -> Opened {
        let path = lock_file(data_folder, "open", &files::short_name(workspace));
        let (lock, is_alone) = match SharedLock::share(&path) {
            Ok((lock, is_alone)) => (Some(lock), is_alone),
            Err(error) => {
                tracing::warn!(%error, "it isn't known whether the workspace is open elsewhere");
                (None, false)
            }
        };
        let note = path.with_extension("json");
        Opened {
            _lock: lock,
            is_alone,
            workspace: workspace.to_owned(),
            noted: Noted::read(&note),
            note,
            last_look: LastLook::default(),
        }
    }

    /// Notes that the file is sound as it is, `now` in UTC milliseconds: it was made just now.
    pub(super) fn is_new(&self, now: i64) {
        set(&self.last_look, Look::whole(now));
    }

    /// Looks at the whole file where that is due. What takes longer than two seconds goes on in the background, for as
    /// long as the workspace is open, and tells what it finds.
    pub(super) fn look_for_damage(&self, before: Before, store: &Arc<Store>, host: &Arc<Host>) {
        if !self.is_alone {
            return;
        }
        match self.noted.filter(|_| !before.has_log) {
            Some(noted) if noted.is_good_for(before.file, host.now()) => {
                set(&self.last_look, noted.look);
            }
            _ => look(store, host, &self.last_look, PATIENCE),
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let look = *self
            .last_look
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // Whoever still has it open writes to it.
        if is_log_left(&self.workspace) {
            return;
        }
        let (Some(look), Some(file)) = (look, FileState::of(&self.workspace)) else {
            return;
        };
        let noted = Noted { file, look };
        if self.noted != Some(noted) {
            noted.write(&self.note);
        }
    }
}

fn set(last_look: &LastLook, look: Look) {
    *last_look.lock().unwrap_or_else(PoisonError::into_inner) = Some(look);
}

fn look(store: &Arc<Store>, host: &Arc<Host>, last_look: &LastLook, patience: Duration) {
    let until = Instant::now() + patience;
    let now = host.now();
    match store.look_for_damage(move || Instant::now() < until, now) {
        Ok(true) => set(last_look, Look::whole(now)),
        Ok(false) => {
            set(last_look, Look::in_part(now));
            in_the_background(store, host.clone(), last_look.clone());
        }
        Err(error) => tracing::warn!(%error, "the workspace wasn't looked at when it was opened"),
    }
}

fn in_the_background(store: &Arc<Store>, host: Arc<Host>, last_look: LastLook) {
    let store = Arc::downgrade(store);
    let look = move || {
        let Some(looked_at) = store.upgrade() else {
            return;
        };
        let now = host.now();
        let goes_on = move || store.strong_count() > 1;
        match looked_at.look_for_damage(goes_on, now) {
            Ok(true) => set(&last_look, Look::whole(now)),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the workspace wasn't looked at to its end"),
        }
        tell_mended(&looked_at, &host);
        if let Ok(Some(damage)) = looked_at.damage() {
            host.front_end.tell(&in_words(&damage));
        }
    };
    let spawned = std::thread::Builder::new()
        .name("looking for damage".to_owned())
        .spawn(look);
    if let Err(error) = spawned {
        tracing::warn!(%error, "the workspace isn't looked at to its end");
    }
}

#[cfg(test)]
mod tests;
