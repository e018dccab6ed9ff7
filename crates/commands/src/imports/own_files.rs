//! What this computer remembers of the files of imports: where each was read, and where its invalid rows are.
//!
//! A workspace can come from anyone, so a path in it is only text: none is ever opened. What a later step needs (to go
//! on with an interrupted import, to fix rows) is looked up here, in the user's data folder. A record counts only for
//! the import that it was made for, and a file is changed only while it is byte for byte what was last written.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use leadferry_store::{Finder, Import, ImportId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Error, Result};
use crate::files::{self, Draft};
use crate::locks::FileLock;

const CHUNK: usize = 64 * 1024;

/// The records of one workspace.
#[derive(Debug, Clone)]
pub struct OwnFiles {
    folder: PathBuf,
    /// The folders of the places where the workspace was before it moved.
    former: Vec<PathBuf>,
}

impl OwnFiles {
    /// Returns the records that this computer has of a workspace; `data_folder` is the user's own.
    pub fn of(data_folder: &Path, workspace: &Path) -> Self {
        let name = files::short_name(workspace);
        Self {
            folder: data_folder.join("imports").join(name),
            former: Vec::new(),
        }
    }

    /// Adds the records of places where the workspace was before.
    #[must_use]
    pub fn moved_from(mut self, data_folder: &Path, former: &[PathBuf]) -> Self {
        let folders = former
            .iter()
            .map(|place| Self::of(data_folder, place).folder);
        self.former = folders.collect();
        self
    }

    /// Returns what is known of an import; nothing where another computer made it, or another workspace took its place.
    pub(super) fn record(&self, import: &Import) -> Option<Record> {
        let folders = std::iter::once(&self.folder).chain(&self.former);
        folders
            .filter_map(|folder| {
                let bytes = std::fs::read(place_in(folder, import.id, "json")).ok()?;
                serde_json::from_slice::<Record>(&bytes).ok()
            })
            .find(|record| {
                record.file_hash == import.file_hash && record.started_at == import.started_at
            })
    }

    /// Keeps what is known of an import. Where that fails, only convenience is lost: the import goes on.
    pub(super) fn keep(&self, import: ImportId, record: &Record) {
        let place = self.place(import, "json");
        let written = serde_json::to_vec(record)
            .map_err(io::Error::other)
            .and_then(|text| {
                files::make_folder(&self.folder).map_err(io::Error::other)?;
                files::replace(&place, &text)
            });
        if let Err(error) = written {
            tracing::warn!(%error, "the files of an import are not remembered");
        }
    }

    /// Forgets an import whose files are called after a person who is erased.
    pub(super) fn forget_naming(&self, import: ImportId, finder: &Finder) {
        let names = |bytes: Vec<u8>| finder.names(&String::from_utf8_lossy(&bytes));
        for folder in std::iter::once(&self.folder).chain(&self.former) {
            let place = place_in(folder, import, "json");
            if std::fs::read(&place).is_ok_and(names)
                && let Err(error) = std::fs::remove_file(&place)
            {
                tracing::warn!(%error, "the files of an import are not forgotten");
            }
        }
    }

    /// Takes an import for this process alone. Where no lock can be had at all, the import goes on without.
    pub(super) fn lock(&self, import: ImportId) -> Result<Option<FileLock>> {
        match FileLock::try_take(&self.place(import, "lock")) {
            Ok(Some(lock)) => Ok(Some(lock)),
            Ok(None) => Err(Error::AlreadyRunning),
            Err(error) => {
                tracing::warn!(%error, "an import cannot be locked");
                Ok(None)
            }
        }
    }

    fn place(&self, import: ImportId, ending: &str) -> PathBuf {
        place_in(&self.folder, import, ending)
    }
}

fn place_in(folder: &Path, import: ImportId, ending: &str) -> PathBuf {
    folder.join(format!("{}.{ending}", import.0))
}

/// What is known of one import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// SHA-256 of the imported file, in hex.
    file_hash: String,
    /// When the import began, UTC milliseconds.
    started_at: i64,
    /// The file, as the user named it.
    pub(super) source: PathBuf,
    /// The file with its invalid rows.
    pub(super) errors: Option<OwnErrors>,
}

impl Record {
    /// Returns the record of an import whose file the user has just named.
    pub(super) fn new(import: &Import, source: &Path) -> io::Result<Self> {
        Ok(Self {
            file_hash: import.file_hash.clone(),
            started_at: import.started_at,
            source: std::path::absolute(source)?,
            errors: None,
        })
    }
}

/// A file with invalid rows that this computer wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OwnErrors {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Its encoding; to be found out where older versions wrote it.
    #[serde(default)]
    pub(super) encoding: Option<String>,
    /// The last two contents, the newer one last: of a page that a kill interrupted, nobody knows whether it was written
    /// and committed.
    contents: Vec<Content>,
    /// Where the rows are written that stay when others leave the file, until they take its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rest: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Content {
    bytes: u64,
    /// SHA-256, in hex.
    hash: String,
}

impl Content {
    fn of(bytes: u64, hash: Sha256) -> Self {
        let hash = hex(hash);
        Self { bytes, hash }
    }
}

impl OwnErrors {
    pub(super) fn new(path: &Path, encoding: String) -> Self {
        Self {
            path: path.to_owned(),
            encoding: Some(encoding),
            // It has only just been created.
            contents: vec![Content::of(0, Sha256::new())],
            rest: None,
        }
    }

    /// Notes what the file is going to hold; false where that is known.
    pub(super) fn note(&mut self, bytes: u64, hash: &Sha256) -> bool {
        let now = Content::of(bytes, hash.clone());
        if self.contents.last() == Some(&now) {
            return false;
        }
        self.contents.push(now);
        let old = self.contents.len().saturating_sub(2);
        self.contents.drain(..old);
        true
    }

    /// Tells whether the file holds exactly what was last written, and nothing that anybody has added.
    pub(super) fn is_unchanged(&self) -> bool {
        let is_whole = |content: &Content| {
            let (data, copied) = (std::fs::symlink_metadata(&self.path), self.copy(content));
            data.is_ok_and(|data| data.is_file() && data.len() == content.bytes) && copied.is_ok()
        };
        self.contents.iter().any(is_whole)
    }

    /// Returns a draft of the file with its first `bytes`, to go on with, and knows it by these alone from then on; nothing
    /// where the file is not as it was left, since somebody else's work in it must stay.
    pub(super) fn begun(&mut self, bytes: u64) -> Option<(Draft, Sha256)> {
        let is_begun = |content: &&Content| content.bytes == bytes;
        let content = self.contents.iter().find(is_begun)?.clone();
        if !self.is_unchanged() {
            return None;
        }
        let mut draft = Draft::beside(&self.path).ok()?;
        let hash = self.copy_to(&content, &mut draft).ok()?;
        self.contents = vec![content];
        Some((draft, hash))
    }

    fn copy(&self, content: &Content) -> io::Result<Sha256> {
        self.copy_to(content, &mut io::sink())
    }

    /// Copies the part of the file that a content is; fails where it is another one.
    fn copy_to(&self, content: &Content, out: &mut impl Write) -> io::Result<Sha256> {
        let mut file = files::open(&self.path)?.take(content.bytes);
        let (mut hash, mut copied, mut buffer) = (Sha256::new(), 0, vec![0; CHUNK]);
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
            out.write_all(&buffer[..read])?;
            copied += read as u64;
        }
        if copied == content.bytes && hex(hash.clone()) == content.hash {
            Ok(hash)
        } else {
            Err(io::ErrorKind::InvalidData.into())
        }
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &[&str]) -> (tempfile::TempDir, OwnErrors) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.errors.csv");
        let mut ours = OwnErrors::new(&path, "UTF-8".to_owned());
        let mut whole = String::new();
        std::fs::write(&path, "").unwrap();
        for page in text {
            whole += page;
            ours.note(whole.len() as u64, &Sha256::new_with_prefix(&whole));
            std::fs::write(&path, &whole).unwrap();
        }
        (folder, ours)
    }

    fn begun(ours: &OwnErrors, bytes: u64) -> bool {
        ours.clone().begun(bytes).is_some()
    }

    #[test]
    fn a_page_that_a_kill_interrupted_is_known_whether_it_was_written_or_not() {
        let (_folder, mut ours) = written(&["first,", "second,"]);
        assert!(begun(&ours, 6) && begun(&ours, 13), "written");
        let third = Sha256::new_with_prefix("first,second,third,");
        ours.note(19, &third);
        assert!(begun(&ours, 13), "noted, and never written");
        assert!(!begun(&ours, 19));
        let mut again = ours.clone();
        drop(again.begun(13));
        again.note(18, &Sha256::new_with_prefix("first,second,other"));
        assert!(begun(&again, 13), "and interrupted once more");
    }

    #[test]
    fn a_file_before_its_first_page_is_known_too() {
        let (_folder, mut ours) = written(&[]);
        ours.note(6, &Sha256::new_with_prefix("first,"));
        assert!(begun(&ours, 0));
    }

    #[test]
    fn whatever_somebody_changed_is_theirs() {
        let (_folder, ours) = written(&["first,", "second,"]);
        for theirs in [
            "first,second,more",
            "first,",
            "",
            "first,second;",
            "first,secon",
        ] {
            std::fs::write(&ours.path, theirs).unwrap();
            let is_an_earlier_page = theirs == "first,";
            assert_eq!(begun(&ours, 6), is_an_earlier_page, "{theirs:?}");
            assert!(!begun(&ours, 13), "{theirs:?}");
        }
    }
}
