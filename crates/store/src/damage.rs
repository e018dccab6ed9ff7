//! What is known of damage in the workspace, until a look at all of it finds it sound.
//!
//! It is kept in the workspace itself, so that a backup put in its place knows nothing of it.

mod wording;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Error, Reader, Result, Store, backup};
pub(crate) use wording::in_words;

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

impl Store {
    /// Returns the damage that is known.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn damage(&self) -> Result<Option<Damage>> {
        let damage = self.read(|reader| reader.damage())?;
        Ok(damage.map(|damage| damage.checked(&backup::folder(self.path()))))
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
        damage
    }

    /// Forgets damage, after the whole workspace was found sound.
    pub(crate) fn forget_damage(&self) {
        match self.read(|reader| reader.setting(DAMAGE)) {
            Ok(None) => {}
            Ok(Some(text)) if text.is_empty() => {}
            _ => self.set_damage(""),
        }
    }

    fn set_damage(&self, text: &str) {
        let kept = self.write(|writer| writer.set_setting(DAMAGE, text));
        if let Err(error) = kept {
            tracing::warn!(%error, "what is known of the damage could not be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{DAMAGE, Damage};
    use crate::testing::{NOW, workspace};

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
