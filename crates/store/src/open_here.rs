//! Which workspaces this process has open.
//!
//! On Unix, closing any descriptor of a file gives up all locks that the process has on it
//! (<https://www.sqlite.org/howtocorrupt.html>, section 2.2). So nothing but SQLite may open a workspace that is open here.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::neighbors::beside;

static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A workspace counts as open for as long as this lives.
#[derive(Debug)]
pub(crate) struct OpenHere(PathBuf);

impl OpenHere {
    pub(crate) fn note(path: &Path) -> OpenHere {
        // SQLite keeps its files beside what a link leads to.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        all().push(path.clone());
        OpenHere(path)
    }
}

impl Drop for OpenHere {
    fn drop(&mut self) {
        let mut all = all();
        if let Some(at) = all.iter().position(|path| *path == self.0) {
            all.swap_remove(at);
        }
    }
}

/// Tells whether this process has a file open as a workspace, or as what SQLite keeps beside one, by whatever name. Such a
/// file must not be opened in another way.
pub fn is_open_here(path: &Path) -> bool {
    let Some(file) = identity(path) else {
        return false;
    };
    let of_one = |path: &PathBuf| ["", "-wal", "-shm"].map(|ending| beside(path, ending));
    let all = all().clone();
    let mut files = all.iter().flat_map(of_one);
    files.any(|path| identity(&path).as_ref() == Some(&file))
}

fn all() -> MutexGuard<'static, Vec<PathBuf>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let found = fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_is_open_here_under_any_name_until_it_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.leadferry");
        let store = crate::Store::create(&path, 0).unwrap();
        let linked = folder.path().join("linked");
        fs::hard_link(&path, &linked).unwrap();
        for open in [&path, &linked, &beside(&path, "-shm")] {
            assert!(is_open_here(open), "{}", open.display());
        }
        assert!(!is_open_here(folder.path()));
        drop(store);
        assert!(!is_open_here(&path) && !is_open_here(&linked));
    }
}
