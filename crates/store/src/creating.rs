//! Makes new workspaces. A file gets its name only when it is whole: whoever is killed leaves none, and a file that is
//! empty, or without our tables, is somebody else's.

use std::fs;
use std::path::Path;

use crate::maintenance::Maintenance;
use crate::{Error, Result, backup, migrate, private, store};

/// Makes a workspace file that only this user can read; `now` is UTC milliseconds.
///
/// # Errors
/// [`Error::Exists`] when anything has that name; [`Error::File`] when it can't be made.
pub(crate) fn create(path: &Path, now: i64) -> Result<()> {
    let at = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Exists(path.to_owned()),
        _ => Error::File {
            path: path.to_owned(),
            source,
        },
    };
    if path.symlink_metadata().is_ok() {
        return Err(Error::Exists(path.to_owned()));
    }
    if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
        return Err(at(std::io::ErrorKind::IsADirectory.into()));
    }
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::metadata(folder).map_err(at)?;
    }
    let held =
        Maintenance::begin(path, store::MIGRATION_PATIENCE).map_err(|error| match error {
            // Nobody has asked for the folder of the backups.
            Error::File { source, .. } => at(source),
            error => error,
        })?;
    backup::clear_unfinished(held.folder());
    let draft = backup::unfinished(&held.folder().join("new"))?;
    let made = fill(&draft, &held, now).and_then(|()| backup::name_new(&draft, path).map_err(at));
    if made.is_err() {
        // Best effort: what failed is reported anyway.
        let _ = fs::remove_file(&draft);
    }
    made
}

fn fill(draft: &Path, held: &Maintenance, now: i64) -> Result<()> {
    private::create(draft)?;
    let mut writer = store::connect(draft, false)?;
    migrate::run(&mut writer, held, now)?;
    // It takes the log away, so that the file is all there is.
    writer.close().map_err(|(_, error)| error.into())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::testing::NOW;
    use crate::{OpenOptions, Store};

    #[test]
    fn a_new_file_takes_the_name_of_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.leadferry");
        fs::write(&path, "").unwrap();
        assert!(matches!(Store::create(&path, NOW), Err(Error::Exists(_))));
        assert_eq!(fs::read(&path).unwrap(), b"");
        let nowhere = folder.path().join("no/folder.leadferry");
        assert!(matches!(
            Store::create(&nowhere, NOW),
            Err(Error::File { .. })
        ));
        let a_folder = folder.path().join("folder/");
        assert!(matches!(
            Store::create(&a_folder, NOW),
            Err(Error::File { .. })
        ));
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }

    #[test]
    fn nothing_but_the_lock_is_left_beside_a_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.leadferry");
        drop(Store::create(&path, NOW).unwrap());
        let names = |folder: &Path| {
            let entries = fs::read_dir(folder).unwrap();
            let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        assert_eq!(
            names(folder.path()),
            ["new.leadferry", "new.leadferry.backups"]
        );
        assert_eq!(
            names(&folder.path().join("new.leadferry.backups")),
            ["lock"]
        );
    }

    #[test]
    fn a_file_without_our_tables_is_no_workspace_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty");
        fs::write(&empty, "").unwrap();
        let [of_nobody, of_others, like_ours] = [0, 7, migrate::APPLICATION_ID].map(|id| {
            let path = folder.path().join(format!("{id}.db"));
            let sql = format!("PRAGMA application_id = {id}; CREATE TABLE t (a); DROP TABLE t");
            Connection::open(&path)
                .unwrap()
                .execute_batch(&sql)
                .unwrap();
            path
        });
        for path in [empty, of_nobody, of_others, like_ours] {
            let before = fs::read(&path).unwrap();
            for read_only in [false, true] {
                let opened = Store::open(&path, OpenOptions { read_only }, NOW);
                assert!(matches!(opened, Err(Error::NotAWorkspace(_))), "{opened:?}");
            }
            assert_eq!(fs::read(&path).unwrap(), before, "{}", path.display());
            assert!(!backup::folder_beside(&path).exists());
        }
    }
}
