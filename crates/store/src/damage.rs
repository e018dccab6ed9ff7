//! What is known of damage in the workspace, until a look at all of it finds it sound.
//!
//! It is kept in the workspace itself, so that a backup put in its place knows nothing of it. A damaged workspace is
//! read-only: writing could spread the damage, and nothing written would be in a backup. Work that was begun before,
//! such as a run, goes on to its end.

mod wording;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::{Error, Reader, Result, Store, backup};
pub(crate) use wording::in_words;

/// What a process knows of damage in a workspace that it has open.
#[derive(Debug, Default)]
pub(crate) struct KnownDamage {
    damage: Mutex<Option<Damage>>,
    under_way: AtomicUsize,
}

/// Work that writes to its end, also into a workspace that is found damaged meanwhile; see [`Store::under_way`].
#[derive(Debug)]
pub struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl KnownDamage {
    pub(crate) fn get(&self) -> Option<Damage> {
        self.lock().clone()
    }

    pub(crate) fn is_known(&self) -> bool {
        self.lock().is_some()
    }

    fn set(&self, damage: Option<Damage>) {
        *self.lock() = damage;
    }

    /// Tells whether something writes to its end.
    pub(crate) fn is_under_way(&self) -> bool {
        self.under_way.load(Ordering::Relaxed) > 0
    }

    pub(crate) fn under_way(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(&self.under_way)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Damage>> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The setting that holds it, as JSON.
const DAMAGE: &str = "damage";
const LONGEST_PROBLEM: usize = 500;

/// Damage that was found when a backup was read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// Which parts are damaged, in plain words.
    pub problem: String,
    /// When it was found, UTC milliseconds.
    pub found_at: i64,
    /// The newest backup that is sound; `None` when there is none.
    pub sound_backup: Option<PathBuf>,
}

impl Damage {
    /// Takes nothing on trust that the file says: a stranger could name any file, or anything at all.
    fn checked(mut self, folder: &Path) -> Self {
        let name = self.sound_backup.as_deref().and_then(Path::file_name);
        self.sound_backup = name
            .map(|name| folder.join(name))
            .filter(|path| path.is_file());
        let visible = self.problem.chars().filter(|letter| !letter.is_control());
        self.problem = visible.take(LONGEST_PROBLEM).collect();
        self
    }
}

impl Reader<'_> {
    fn damage(&self) -> Result<Option<Damage>> {
        self.setting(DAMAGE)?
            .filter(|text| !text.is_empty())
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| Error::unreadable("a setting", error))
    }
}

/// Makes a copy that was found sound forget what is said of its source.
pub(crate) fn forget_in(copy: &Connection) -> Result<()> {
    copy.execute(
        "UPDATE settings SET value = '' WHERE key = ?1 AND value <> ''",
        [DAMAGE],
    )?;
    Ok(())
}

impl Store {
    /// Returns the damage that is known, to whichever process. From then on nothing is written any more but what is
    /// under way.
    pub fn damage(&self) -> Result<Option<Damage>> {
        if let Some(damage) = self.read(|reader| reader.damage())? {
            let damage = damage.checked(&backup::folder(self.path()));
            self.known_damage().set(Some(damage));
        }
        Ok(self.known_damage().get())
    }

    /// Keeps what is wrong, with the newest backup that is sound; `now` is UTC milliseconds. Takes seconds per million
    /// contacts. A workspace that is too damaged to keep it is no failure.
    pub fn remember_damage(&self, problem: String, now: i64) -> Damage {
        let damage = Damage {
            problem,
            found_at: now,
            sound_backup: backup::newest_sound_backup(self.path(), now),
        };
        let text = serde_json::to_string(&damage).unwrap_or_default();
        self.set_damage(&text);
        self.known_damage().set(Some(damage.clone()));
        damage
    }

    /// Forgets damage, after the whole workspace was found sound.
    pub(crate) fn forget_damage(&self) {
        self.known_damage().set(None);
        let kept = self.read(|reader| reader.setting(DAMAGE));
        let is_kept = kept.map_or(true, |text| text.is_some_and(|text| !text.is_empty()));
        if is_kept && !self.is_read_only() {
            self.set_damage("");
        }
    }

    fn set_damage(&self, text: &str) {
        let kept = self.write_regardless(|writer| writer.set_setting(DAMAGE, text));
        if let Err(error) = kept {
            tracing::warn!(%error, "what is known of the damage could not be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{DAMAGE, Damage};
    use crate::testing::{NOW, Workspace, workspace};
    use crate::{Error, OpenOptions, Store};

    #[test]
    fn a_workspace_known_to_be_damaged_is_read_but_not_written() {
        let Workspace { store, folder } = workspace();
        let name =
            |store: &Store, name: &str| store.write(|writer| writer.set_workspace_name(name));
        let refused = |written: Result<(), Error>| matches!(written, Err(Error::KnownDamage(_)));
        name(&store, "Mine").unwrap();
        let run = store.under_way();
        store.remember_damage("a page is lost".to_owned(), NOW);
        name(&store, "Begun before").unwrap();
        drop(run);
        assert!(refused(name(&store, "Other")));
        assert!(store.is_read_only());
        let path = store.path().to_owned();
        drop(store);
        let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
        assert!(
            refused(name(&store, "Other")),
            "other processes know it too"
        );
        let kept = store.read(|reader| reader.workspace_name()).unwrap();
        assert_eq!(kept, "Begun before");
        assert!(store.check().unwrap().is_sound());
        name(&store, "Sound after all").unwrap();
        drop(folder);
    }

    #[test]
    fn what_another_process_finds_is_known_once_it_is_asked_for() {
        let workspace = workspace();
        let other = Store::open(&workspace.path(), OpenOptions::default(), NOW).unwrap();
        workspace.remember_damage("a page is lost".to_owned(), NOW);
        assert!(other.damage().unwrap().is_some());
        assert!(other.check_writable().is_err());
    }

    #[test]
    fn a_file_cannot_send_anyone_to_a_backup_that_is_not_beside_it() {
        let workspace = workspace();
        let elsewhere = workspace.folder.path().join("evil.backup");
        std::fs::write(&elsewhere, "").unwrap();
        let told = Damage {
            problem: "look \u{1b}[31mhere".to_owned(),
            found_at: NOW,
            sound_backup: Some(elsewhere),
        };
        let text = serde_json::to_string(&told).unwrap();
        workspace.writing(|writer| writer.set_setting(DAMAGE, &text));
        let damage = workspace.damage().unwrap().unwrap();
        assert_eq!(damage.sound_backup.as_deref(), None::<&Path>);
        assert_eq!(damage.problem, "look [31mhere");
    }
}
