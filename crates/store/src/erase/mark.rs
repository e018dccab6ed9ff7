//! The mark of an erase that isn't finished: who it is about, and whether the log still has to be emptied.
//!
//! It holds what is needed to finish, so it goes last; the log, which then still holds it, is emptied after that.

use serde::{Deserialize, Serialize};

use super::ErasedPerson;
use crate::{Error, Reader, Result, Writer};

/// The setting that names who is still to be erased elsewhere than in the workspace's tables, as a JSON list.
const ERASING: &str = "erasing";
/// The setting that says `1` while the log may hold what was erased.
const LOG: &str = "erasing log";

/// An entry of the mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Entry {
    /// A guid alone, as earlier versions wrote it.
    Guid(String),
    Person(ErasedPerson),
}

impl From<Entry> for ErasedPerson {
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::Person(person) => person,
            Entry::Guid(guid) => Self {
                guids: [guid].into(),
                ..Self::default()
            },
        }
    }
}

impl Reader<'_> {
    /// Returns how many erases are begun and not finished.
    pub fn count_unfinished_erases(&self) -> Result<u64> {
        Ok(self.entries()?.len() as u64)
    }

    /// Returns who is still to be erased.
    pub(super) fn erasing(&self) -> Result<Vec<ErasedPerson>> {
        Ok(self.entries()?.into_iter().map(Into::into).collect())
    }

    pub(super) fn has_log_to_empty(&self) -> Result<bool> {
        Ok(self.number(LOG, 0)? == 1)
    }

    fn entries(&self) -> Result<Vec<Entry>> {
        match self.setting(ERASING)? {
            Some(text) => {
                serde_json::from_str(&text).map_err(|error| Error::unreadable("a setting", error))
            }
            None => Ok(Vec::new()),
        }
    }
}

impl Writer<'_> {
    pub(super) fn mark_erasing(&self, person: &ErasedPerson) -> Result<()> {
        let mut entries = self.entries()?;
        entries.push(Entry::Person(person.clone()));
        self.set_entries(&entries)
    }

    /// Takes people out of the mark who are erased everywhere. Whoever was marked meanwhile stays.
    pub(super) fn unmark_erased(&self, people: &[ErasedPerson]) -> Result<()> {
        let mut entries = self.entries()?;
        entries.retain(|entry| !people.contains(&entry.clone().into()));
        self.set_entries(&entries)?;
        self.set_setting(LOG, "1")
    }

    /// Makes a backup forget the mark that it was copied with.
    pub(super) fn unmark_all(&self) -> Result<()> {
        self.set_entries(&[])
    }

    pub(super) fn log_is_empty(&self) -> Result<()> {
        self.set_setting(LOG, "0")
    }

    fn set_entries(&self, entries: &[Entry]) -> Result<()> {
        let text = serde_json::to_string(entries)
            .map_err(|error| Error::unreadable("a setting", error))?;
        self.set_setting(ERASING, &text)
    }
}
