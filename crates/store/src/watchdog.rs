//! Interrupts work on a workspace that takes longer than any work on a file of its size.
//!
//! A file that was made to harm can lead its pages in circles, so that counting its rows never ends. The database reports
//! no progress while it counts, but can be interrupted from another thread.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use rusqlite::InterruptHandle;

const LOOK: Duration = Duration::from_millis(500);
/// A page of contacts takes milliseconds. What visits all of them takes far less than a second for each of these bytes.
const PATIENCE: Duration = Duration::from_secs(20);
const BYTES_A_SECOND: u64 = 1024 * 1024;

/// Watches over the connections of one workspace, for as long as it is kept.
pub(crate) struct Watchdog(Arc<Mutex<All>>);

#[derive(Default)]
struct All {
    last: u64,
    watched: Vec<Watched>,
}

struct Watched {
    id: u64,
    since: Instant,
    handle: InterruptHandle,
    was_interrupted: bool,
}

/// Work that is watched until this is dropped.
pub(crate) struct Watch<'a> {
    dog: &'a Watchdog,
    id: u64,
}

impl fmt::Debug for Watchdog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watchdog")
    }
}

impl Watchdog {
    /// Begins to watch over a workspace file.
    pub(crate) fn of(file: &Path) -> Self {
        Self::with_patience(file, PATIENCE)
    }

    fn with_patience(file: &Path, patience: Duration) -> Self {
        let all = Arc::default();
        let (weak, file) = (Arc::downgrade(&all), file.to_owned());
        let spawned = std::thread::Builder::new()
            .name("watchdog".to_owned())
            .spawn(move || look_until_dropped(&weak, &file, patience));
        if let Err(error) = spawned {
            tracing::warn!(%error, "nothing watches over this workspace");
        }
        Self(all)
    }

    /// Watches over what a connection does from now on.
    pub(crate) fn watch(&self, handle: InterruptHandle) -> Watch<'_> {
        let mut all = lock(&self.0);
        all.last += 1;
        let id = all.last;
        all.watched.push(Watched {
            id,
            since: Instant::now(),
            handle,
            was_interrupted: false,
        });
        Watch { dog: self, id }
    }
}

impl Watch<'_> {
    /// Tells whether this took too long.
    pub(crate) fn was_interrupted(&self) -> bool {
        let all = lock(&self.dog.0);
        all.watched
            .iter()
            .any(|one| one.id == self.id && one.was_interrupted)
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        lock(&self.dog.0).watched.retain(|one| one.id != self.id);
    }
}

fn look_until_dropped(all: &Weak<Mutex<All>>, file: &Path, patience: Duration) {
    loop {
        std::thread::sleep(LOOK.min(patience));
        let Some(all) = all.upgrade() else {
            return;
        };
        for one in &mut lock(&all).watched {
            let lasts = one.since.elapsed();
            if lasts > patience && lasts > patience + of_its_size(file) {
                one.was_interrupted = true;
                one.handle.interrupt();
            }
        }
    }
}

fn of_its_size(file: &Path) -> Duration {
    let bytes = std::fs::metadata(file).map_or(0, |data| data.len());
    Duration::from_secs(bytes / BYTES_A_SECOND)
}

fn lock(all: &Mutex<All>) -> std::sync::MutexGuard<'_, All> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use rusqlite::Connection;

    use super::Watchdog;

    const ENDLESS: &str =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

    #[test]
    fn what_never_ends_is_interrupted_and_what_ends_in_time_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let dog = Watchdog::with_patience(folder.path(), Duration::from_millis(200));
        let connection = Connection::open_in_memory().unwrap();
        let begun = Instant::now();
        let watch = dog.watch(connection.get_interrupt_handle());
        let endless = connection.query_row(ENDLESS, [], |row| row.get::<_, i64>(0));
        assert_eq!(
            endless.unwrap_err().sqlite_error_code(),
            Some(rusqlite::ErrorCode::OperationInterrupted)
        );
        assert!(watch.was_interrupted());
        assert!(begun.elapsed() < Duration::from_secs(20));
        drop(watch);
        let watch = dog.watch(connection.get_interrupt_handle());
        let one: i64 = connection
            .query_row("SELECT 1", [], |row| row.get(0))
            .unwrap();
        assert_eq!((one, watch.was_interrupted()), (1, false));
    }

    #[test]
    fn it_leaves_with_its_workspace() {
        let dog = Watchdog::with_patience(std::path::Path::new("."), Duration::from_millis(10));
        let left = std::sync::Arc::downgrade(&dog.0);
        drop(dog);
        let begun = Instant::now();
        while left.strong_count() > 0 {
            assert!(begun.elapsed() < Duration::from_secs(20));
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
