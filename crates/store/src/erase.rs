//! Erases a person for good: out of every table, the history of others, our backups, the log and the freed pages.
//!
//! The order makes it safe to be killed anywhere. One transaction takes the person out of the tables and leaves a mark
//! that holds what is needed to finish. Backups and other files follow; then the workspace is written anew, the mark is
//! cleared, and the log is emptied once more. Whoever opens the workspace next finishes what the mark names.

mod backups;
mod batches;
mod copies;
mod finder;
mod former;
mod functions;
mod listing;
mod mark;
mod person;
mod places;
mod removing;

use std::collections::BTreeSet;
use std::time::Duration;

use rusqlite::{Connection, named_params};

pub use backups::ErasedBackups;
pub use finder::{ERASED, Finder};
pub(crate) use functions::Functions;
pub use listing::{MOST_MENTIONS, Mention, MentionPlace, Mentions};
pub use person::ErasedPerson;
pub use removing::{Counts, Removed};

use crate::crash_points::crash_point;
use crate::{ContactId, Error, Reader, Result, Store, Writer};
use removing::Listed;

/// How long somebody may go on reading an old state before the rest is left for later.
const PATIENCE_WITH_READERS: Duration = Duration::from_secs(5);

/// What erasing a person came to in the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Erased {
    /// What was removed.
    pub removed: Removed,
    /// What only the user can decide.
    pub mentions: Mentions,
}

/// What finishing an erase came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FinishedErasing {
    /// People who are erased everywhere now.
    pub people: u64,
    /// What became of the backups.
    pub backups: ErasedBackups,
}

impl Store {
    /// Removes a person, with all contacts that were merged into it, from every table. Can't be undone.
    ///
    /// [`Store::finish_erasing`] does the rest: backups, other files, the log and freed pages. Copies that the user made
    /// elsewhere, and records in Salesforce, stay.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] while the person is in a batch whose answer isn't known.
    pub fn erase(&self, contact: ContactId) -> Result<Erased> {
        self.erase_found(|writer| {
            let ids = writer.person(contact)?;
            let person = writer.values_of(&ids)?;
            Ok((ids, person))
        })
    }

    /// Removes what names somebody who isn't a contact any more, as [`Store::erase`] does with a contact. What the user
    /// has changed only after an erase still stands as it was in the history, and in the backups made until then.
    ///
    /// # Errors
    /// [`Error::Refused`] when a contact has one of the emails, or somebody in a batch whose answer isn't known names the person.
    pub fn erase_traces(&self, person: ErasedPerson) -> Result<Erased> {
        self.erase_found(|writer| {
            writer.refuse_contacts_of(&person)?;
            Ok((Vec::new(), person))
        })
    }

    fn erase_found(
        &self,
        find: impl FnOnce(&Writer<'_>) -> Result<(Vec<ContactId>, ErasedPerson)>,
    ) -> Result<Erased> {
        let (person, removed) = self.write(|writer| {
            let (ids, mut person) = find(writer)?;
            let finder = person.finder();
            writer.refuse_in_flight(&ids, &finder)?;
            person.errors_files = writer.errors_files_naming(&finder)?.into_iter().collect();
            writer.mark_erasing(&person)?;
            let removed = writer.remove_person(&ids, &person, Listed::Stays)?;
            crash_point("erase.before_commit");
            Ok::<_, Error>((person, removed))
        })?;
        crash_point("erase.removed");
        let mentions = self.read(|reader| reader.mentions_of(&person))?;
        Ok(Erased { removed, mentions })
    }

    /// Returns what of the user's own making still names the people whose erase isn't finished.
    pub fn mentions_of_erased(&self) -> Result<Mentions> {
        self.read(|reader| {
            let mut all = Mentions::default();
            for person in reader.erasing()? {
                let found = reader.mentions_of(&person)?;
                all.listed.extend(found.listed);
                all.more += found.more;
            }
            Ok(all)
        })
    }

    /// Finishes every erase that was begun, by this or another process, and not finished. `elsewhere` erases a person
    /// from files that the store doesn't know; it may be called again for the same person.
    ///
    /// # Errors
    /// What `elsewhere` returns; [`Error::File`] when a backup can neither be rewritten nor removed; [`Error::Busy`] when
    /// somebody keeps reading an old state. The mark stays then, and the next call tries again.
    pub fn finish_erasing<E: From<Error>>(
        &self,
        mut elsewhere: impl FnMut(&ErasedPerson) -> Result<(), E>,
    ) -> Result<FinishedErasing, E> {
        let people = self.read(|reader| reader.erasing())?;
        let mut backups = ErasedBackups::default();
        if !people.is_empty() {
            let mut done = BTreeSet::new();
            self.erase_from_backups(&people, &mut done, &mut backups)?;
            crash_point("erase.backups");
            for person in &people {
                elsewhere(person)?;
            }
            crash_point("erase.elsewhere");
            self.with_writer(|connection| write_anew(connection))?;
            crash_point("erase.emptied");
            // A backup made meanwhile holds the mark.
            self.erase_from_backups(&people, &mut done, &mut backups)?;
            self.write(|writer| writer.unmark_erased(&people))?;
            crash_point("erase.cleared");
        }
        if self.read(|reader| reader.has_log_to_empty())? {
            self.with_writer(|connection| empty_log(connection))?;
            self.write(|writer| writer.log_is_empty())?;
        }
        Ok(FinishedErasing {
            people: people.len() as u64,
            backups,
        })
    }
}

/// Deleted rows are overwritten, but pages that were rearranged earlier may hold another copy.
fn write_anew(connection: &Connection) -> Result<()> {
    vacuum(connection)?;
    empty_log(connection)
}

/// Writes the whole file anew. What is under way goes to a file, since memory may not hold all of it.
pub(crate) fn vacuum(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "temp_store", "file")?;
    let written = connection.execute_batch("VACUUM");
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(written?)
}

/// Writes the log into the file and empties it, once no reader needs it any more; waits five seconds for that.
fn empty_log(connection: &Connection) -> Result<()> {
    let patience: u64 = connection.pragma_query_value(None, "busy_timeout", |row| row.get(0))?;
    connection.busy_timeout(PATIENCE_WITH_READERS)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    connection.busy_timeout(Duration::from_millis(patience))?;
    match busy? {
        true => Err(Error::Busy),
        false => Ok(()),
    }
}

impl Reader<'_> {
    /// Returns the survivor that a contact stands for, and all its aliases.
    fn person(&self, contact: ContactId) -> Result<Vec<ContactId>> {
        let survivor = self.resolve_contact(contact)?;
        let mut statement = self.connection.prepare_cached(
            "WITH RECURSIVE person (id) AS (
               SELECT :survivor
               UNION
               SELECT contacts.id FROM contacts JOIN person ON contacts.merged_into = person.id
             )
             SELECT id FROM person ORDER BY id",
        )?;
        let ids =
            statement.query_map(named_params! { ":survivor": survivor }, |row| row.get("id"))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }
}

#[cfg(test)]
mod tests;
