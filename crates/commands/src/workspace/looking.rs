//! Looks for damage where a process was killed, or the power failed: pages may be half written then.
//!
//! The last process that closes a workspace takes its log away. A log that is there when nobody has the workspace open was
//! left by a process that never came to that.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use leadferry_store::Store;

use super::in_words;
use crate::locks::{SharedLock, lock_file};
use crate::{Host, files};

/// Opening waits for it so long: enough for some hundred thousand contacts. The rest is looked at while others work.
const PATIENCE: Duration = Duration::from_secs(2);

/// Says to the processes of this user that a workspace is open, until it is dropped.
#[derive(Debug)]
pub(super) struct Opened {
    _lock: Option<SharedLock>,
    is_alone: bool,
}

impl Opened {
    /// Says so from now on. Where no lock can be had, nobody is known to be alone.
    pub(super) fn note(data_folder: &Path, workspace: &Path) -> Opened {
        let path = lock_file(data_folder, "open", &files::short_name(workspace));
        match SharedLock::share(&path) {
            Ok((lock, is_alone)) => Opened {
                _lock: Some(lock),
                is_alone,
            },
            Err(error) => {
                tracing::warn!(%error, "it isn't known whether the workspace is open elsewhere");
                Opened {
                    _lock: None,
                    is_alone: false,
                }
            }
        }
    }

    /// Tells whether nobody else had the workspace open.
    pub(super) fn is_alone(&self) -> bool {
        self.is_alone
    }
}

/// Looks at the whole file. What takes longer than two seconds goes on in the background, for as long as the workspace is
/// open, and tells what it finds.
pub(super) fn for_damage(store: &Arc<Store>, host: &Arc<Host>) {
    let until = Instant::now() + PATIENCE;
    match store.look_for_damage(move || Instant::now() < until, host.now()) {
        Ok(true) => {}
        Ok(false) => in_the_background(store, host.clone()),
        Err(error) => {
            tracing::warn!(%error, "the workspace wasn't looked at after it was left open")
        }
    }
}

fn in_the_background(store: &Arc<Store>, host: Arc<Host>) {
    let store = Arc::downgrade(store);
    let look = move || {
        let Some(looked_at) = store.upgrade() else {
            return;
        };
        let goes_on = move || store.strong_count() > 1;
        if let Err(error) = looked_at.look_for_damage(goes_on, host.now()) {
            tracing::warn!(%error, "the workspace wasn't looked at to its end");
        }
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
