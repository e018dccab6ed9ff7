//! Which workspaces the user of this computer has approved, and which secrets each of them uses.
//!
//! A workspace is recognized by its random id and its place. A copy, a moved file and another file in the same place ask
//! again. The list is kept in the data folder, never in a workspace: what a workspace says of itself counts for nothing.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::files;
use crate::locks::FileLock;
use crate::{Code, Error, Result};

const LIST: &str = "workspaces.json";

/// Whether one open workspace is approved.
#[derive(Debug)]
pub(crate) struct Approval {
    list: PathBuf,
    id: Option<String>,
    path: PathBuf,
    /// Approval lasts while the workspace is open, so the list is read until then only.
    approved: AtomicBool,
}

/// An approved workspace, as the list holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Approved {
    id: String,
    path: OsString,
    /// UTC milliseconds.
    at: i64,
    /// Names of the secrets that it uses.
    secrets: BTreeSet<String>,
}

impl Approval {
    /// Returns the approval of a workspace. `id` is `None` where the file holds no proper id: such a file is never approved.
    pub(crate) fn of(data_folder: &Path, id: Option<String>, path: &Path) -> Approval {
        Approval {
            list: data_folder.join(LIST),
            id,
            path: fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
            approved: AtomicBool::new(false),
        }
    }

    /// Tells whether the user has approved the workspace. A list that can't be read approves nothing.
    pub(crate) fn is_given(&self) -> bool {
        if self.approved.load(Ordering::Relaxed) {
            return true;
        }
        let listed = self.read().unwrap_or_else(|error| {
            tracing::warn!(%error, "the list of approved workspaces can't be read");
            Vec::new()
        });
        let given = listed.iter().any(|one| self.is_this(one));
        self.approved.store(given, Ordering::Relaxed);
        given
    }

    /// Refuses what only an approved workspace may do.
    pub(crate) fn check(&self) -> Result<()> {
        self.check_for("Until you approve it, it can't use your sign-ins or send anything.")
    }

    /// Refuses what only an approved workspace may do, for this reason.
    pub(crate) fn check_for(&self, why: &'static str) -> Result<()> {
        if self.is_given() {
            return Ok(());
        }
        Err(Error::new(
            Code::Unapproved,
            "This workspace isn't approved on this computer yet.",
            "Review what it holds, then approve it.",
        )
        .because(why)
        .with_command("workspace review"))
    }

    /// Returns where approved workspaces with the same id were that aren't there any more: this one has moved from there.
    pub(crate) fn former_places(&self) -> Vec<PathBuf> {
        let listed = self.read().unwrap_or_default().into_iter();
        let moved = listed.filter(|one| Some(&one.id) == self.id.as_ref() && !self.is_this(one));
        let places = moved.map(|one| PathBuf::from(one.path));
        places.filter(|place| !place.exists()).collect()
    }

    /// Returns where an approved workspace with the same id is, if there is one: this one is a copy of it, or has moved.
    pub(crate) fn known_elsewhere(&self) -> Result<Option<PathBuf>> {
        let same_id = |one: &&Approved| Some(&one.id) == self.id.as_ref() && !self.is_this(one);
        let listed = self.read()?;
        Ok(listed
            .iter()
            .find(same_id)
            .map(|one| PathBuf::from(&one.path)))
    }

    /// Approves the workspace from now on.
    ///
    /// # Errors
    /// When the file holds no proper id, or the list can't be written.
    pub(crate) fn give(&self, now: i64) -> Result<()> {
        let Some(id) = self.id.clone() else {
            return Err(Error::new(
                Code::Local,
                "This workspace can't be approved.",
                "Restore it from a backup, or import its contacts into a new workspace.",
            )
            .because("Its id was changed by another program."));
        };
        self.change(|list| {
            list.retain(|one| !self.is_at(one));
            list.push(Approved {
                id,
                path: self.path.clone().into_os_string(),
                at: now,
                secrets: BTreeSet::new(),
            });
        })?;
        self.approved.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Tells whether this workspace was seen using a secret that it hasn't let go of since.
    pub(crate) fn is_used(&self, secret: &str) -> Result<bool> {
        let uses = |one: &Approved| self.is_this(one) && one.secrets.contains(secret);
        Ok(self.read()?.iter().any(uses))
    }

    /// Records that the workspace uses a secret.
    pub(crate) fn record_use(&self, secret: &str) -> Result<()> {
        if self.is_used(secret)? {
            return Ok(());
        }
        self.change(|list| {
            for one in list.iter_mut().filter(|one| self.is_this(one)) {
                one.secrets.insert(secret.to_owned());
            }
        })
    }

    /// Records that the workspace no longer uses a secret.
    pub(crate) fn forget_use(&self, secret: &str) -> Result<()> {
        self.change(|list| {
            for one in list.iter_mut().filter(|one| self.is_this(one)) {
                one.secrets.remove(secret);
            }
        })
    }

    /// Tells whether another approved workspace uses a secret. One whose file isn't there now may be on a drive that comes back.
    pub(crate) fn others_use(&self, secret: &str) -> Result<bool> {
        let others = |one: &Approved| !self.is_this(one) && one.secrets.contains(secret);
        Ok(self.read()?.iter().any(others))
    }

    fn is_at(&self, one: &Approved) -> bool {
        Path::new(&one.path) == self.path
    }

    fn is_this(&self, one: &Approved) -> bool {
        self.is_at(one) && Some(&one.id) == self.id.as_ref()
    }

    fn read(&self) -> Result<Vec<Approved>> {
        match fs::read(&self.list) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                let message = format!("{} can't be read.", self.list.display());
                let hint = "Remove the file and approve your workspaces again.";
                Error::new(Code::Local, message, hint).because(error.to_string())
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(Error::file(&self.list, &error)),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Approved>)) -> Result<()> {
        let _lock = FileLock::wait(&self.list.with_extension("lock"))?;
        let mut list = self.read()?;
        change(&mut list);
        let bytes = serde_json::to_vec_pretty(&list).unwrap_or_default();
        files::write(&self.list, &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Desk(tempfile::TempDir);

    impl Desk {
        fn new() -> Desk {
            Desk(tempfile::tempdir().unwrap())
        }

        fn file(&self, name: &str) -> PathBuf {
            let path = self.0.path().join(name);
            fs::write(&path, "").unwrap();
            path
        }

        fn approval(&self, id: &str, path: &Path) -> Approval {
            Approval::of(&self.0.path().join("data"), Some(id.to_owned()), path)
        }
    }

    #[test]
    fn approval_outlasts_the_process_and_holds_for_this_id_in_this_place_only() {
        let desk = Desk::new();
        let (here, copy) = (desk.file("a.leadferry"), desk.file("copy.leadferry"));
        assert_eq!(
            desk.approval("1", &here).check().unwrap_err().code,
            Code::Unapproved
        );
        desk.approval("1", &here).give(7).unwrap();
        assert!(desk.approval("1", &here).is_given());
        assert!(!desk.approval("1", &copy).is_given(), "a copy asks once");
        assert!(
            !desk.approval("2", &here).is_given(),
            "so does another file in its place"
        );
        let known = desk.approval("1", &copy).known_elsewhere().unwrap();
        assert_eq!(known, Some(fs::canonicalize(&here).unwrap()));
        assert_eq!(desk.approval("2", &copy).known_elsewhere().unwrap(), None);
    }

    #[test]
    fn a_file_without_a_proper_id_is_never_approved() {
        let desk = Desk::new();
        let approval = Approval::of(desk.0.path(), None, &desk.file("a.leadferry"));
        assert!(approval.give(7).is_err());
        assert!(!approval.is_given());
    }

    #[test]
    fn a_secret_is_others_while_another_workspace_uses_it_even_one_on_a_drive_that_is_away() {
        let desk = Desk::new();
        let (here, copy) = (desk.file("a.leadferry"), desk.file("copy.leadferry"));
        let (one, other) = (desk.approval("1", &here), desk.approval("1", &copy));
        one.give(7).unwrap();
        other.give(8).unwrap();
        one.record_use("sign-in").unwrap();
        assert!(!one.others_use("sign-in").unwrap());
        assert!(other.others_use("sign-in").unwrap());
        fs::remove_file(&here).unwrap();
        assert!(other.others_use("sign-in").unwrap());
        fs::write(&here, "").unwrap();
        one.forget_use("sign-in").unwrap();
        assert!(!other.others_use("sign-in").unwrap());
    }

    #[test]
    fn a_damaged_list_approves_nothing_and_is_never_overwritten() {
        let desk = Desk::new();
        let here = desk.file("a.leadferry");
        let approval = desk.approval("1", &here);
        approval.give(7).unwrap();
        let list = desk.0.path().join("data").join(LIST);
        fs::write(&list, "{").unwrap();
        let again = desk.approval("1", &here);
        assert!(!again.is_given());
        assert_eq!(again.give(8).unwrap_err().code, Code::Local);
        assert_eq!(fs::read(&list).unwrap(), b"{");
    }
}
