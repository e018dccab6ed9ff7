//! Finds copies of the workspace that the user has made beside it: they are the user's own, so they are named, not changed.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::ErasedPerson;
use crate::migrate::APPLICATION_ID;
use crate::open::{self, Access};
use crate::{Reader, Result, Store, is_open_here};

/// Where a file says whose it is, <https://www.sqlite.org/fileformat.html> section 1.3.
const APPLICATION_ID_AT: usize = 68;

impl Store {
    /// Returns the copies of this workspace in its folder that still have a person as a contact, by name.
    ///
    /// # Errors
    /// When the workspace cannot be read. A file that can't be read is no copy.
    pub fn copies_with(&self, person: &ErasedPerson) -> Result<Vec<PathBuf>> {
        let Some(id) = self.read(|reader| reader.workspace_id())? else {
            return Ok(Vec::new());
        };
        let path = self.path();
        let workspace = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut copies = files_of_ours_beside(&workspace);
        copies.retain(|file| *file != workspace && has_person(file, &id, person).unwrap_or(false));
        copies.sort();
        Ok(copies)
    }
}

fn files_of_ours_beside(workspace: &Path) -> Vec<PathBuf> {
    let entries = workspace.parent().map(fs::read_dir);
    let Some(Ok(entries)) = entries else {
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter(|path| is_of_ours(path)).collect()
}

/// Links and pipes are not followed. What SQLite has open here, the practice org included, keeps its locks.
fn is_of_ours(path: &Path) -> bool {
    let mut header = [0; APPLICATION_ID_AT + 4];
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    fs::symlink_metadata(path).is_ok_and(|data| data.is_file())
        && !name.contains(".practice-org.sqlite")
        && !is_open_here(path)
        && fs::File::open(path).is_ok_and(|mut file| file.read_exact(&mut header).is_ok())
        && header[APPLICATION_ID_AT..] == APPLICATION_ID.to_be_bytes()
}

fn has_person(file: &Path, workspace_id: &str, person: &ErasedPerson) -> Result<bool> {
    let connection = open::checked(file, Access::Read)?;
    let reader = Reader {
        connection: &connection,
    };
    if reader.workspace_id()?.as_deref() != Some(workspace_id) {
        return Ok(false);
    }
    let guids = (
        "SELECT EXISTS (SELECT 1 FROM contacts WHERE guid = ?1)",
        &person.guids,
    );
    let emails = (
        "SELECT EXISTS (SELECT 1 FROM contacts WHERE ?1 IN (lower(email), lower(email_2)))",
        &person.emails,
    );
    for (sql, values) in [guids, emails] {
        for value in values {
            if exists(&connection, sql, &value.to_lowercase())? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn exists(connection: &Connection, sql: &str, value: &str) -> Result<bool> {
    Ok(connection.query_row(sql, [value], |row| row.get(0))?)
}
