//! Creating, opening and looking after a workspace.

mod looking;
mod restoring;
mod review;
mod salvaging;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use leadferry_store::{DailyBackup, Damage, OpenOptions, Store, backups_of, newest_sound_backup};
use serde::Serialize;

use crate::approval::Approval;
use crate::connections::{SignIns, use_kept_proxy};
use crate::imports::OwnFiles;
use crate::jobs::{self, JobKind};
use crate::network_drives::is_on_network;
use crate::practice::Practice;
use crate::secrets::Secrets;
use crate::sessions::OpenSessions;
use crate::{Code, Error, Host, Result, contacts, quoted, sentence};
use looking::{Before, Opened};
pub use restoring::{RestoredWorkspace, restore};
pub use review::{
    Origin, ReviewedConnection, ReviewedReplication, WorkspaceReview, approve, review,
};
pub(crate) use salvaging::salvage_as_job;
pub use salvaging::{SalvagedPart, SalvagedWorkspace, salvage};

/// An open workspace, and all that a command needs with it.
pub struct Workspace {
    store: Arc<Store>,
    host: Arc<Host>,
    approval: Arc<Approval>,
    secrets: Arc<Secrets>,
    practice: Arc<Practice>,
    sign_ins: SignIns,
    open_sessions: OpenSessions,
    on_network: bool,
    backup_skipped: OnceLock<String>,
    /// The damaged workspace whose newest backup this is.
    stands_in_for: Option<PathBuf>,
    /// Known to other processes by its lock, for as long as the workspace is open. Dropped last: the store has closed the
    /// file by then.
    opened: Opened,
}

impl std::fmt::Debug for Workspace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workspace")
            .field("path", &self.store.path())
            .finish_non_exhaustive()
    }
}

impl Workspace {
    /// Creates a workspace file, approved on this computer, and opens it.
    ///
    /// # Errors
    /// When a file is there, or none can be made.
    pub fn create(path: &Path, name: Option<&str>, host: Host) -> Result<Workspace> {
        // A list that can't be read is told before there is a file.
        Approval::of(&host.environment.data_folder, None, path).known_elsewhere()?;
        let store = Store::create(path, host.now())?;
        if let Some(name) = name {
            store.write(|writer| writer.set_workspace_name(name))?;
        }
        if let Some(zone) = local_zone() {
            store.write(|writer| writer.set_time_zone(&zone))?;
        }
        let workspace = Workspace::with(store, None, host)?;
        workspace.opened.is_new(workspace.host.now());
        workspace.approval.give(workspace.host.now())?;
        Ok(workspace)
    }

    /// Opens a workspace: with the right to write, else read-only, else the newest backup of a damaged one.
    ///
    /// What is wrong is told to the front end. A backup is made when the last one is a day old.
    ///
    /// # Errors
    /// When there is no workspace, a newer version wrote it, or nothing of it can be read.
    pub fn open(path: &Path, host: Host) -> Result<Workspace> {
        let before = Before::of(path);
        let (store, stands_in_for) = match open_store(path, &host) {
            Ok(store) => (store, None),
            Err(error) => (newest_backup(path, error, &host)?, Some(path.to_owned())),
        };
        let workspace = Workspace::with(store, stands_in_for, host)?;
        if workspace.on_network {
            workspace.tell("This workspace is on a network drive. You can work in it, but nothing is sent from there.");
        }
        if !workspace.store.is_read_only() {
            let (store, host) = (&workspace.store, &workspace.host);
            workspace.opened.look_for_damage(before, store, host);
        }
        workspace.look_after();
        Ok(workspace)
    }

    fn with(store: Store, stands_in_for: Option<PathBuf>, host: Host) -> Result<Workspace> {
        let host = Arc::new(host);
        let id = store.read(|reader| reader.workspace_id())?;
        let path = stands_in_for.as_deref().unwrap_or(store.path());
        let approval = Approval::of(&host.environment.data_folder, id, path);
        let approval = Arc::new(approval);
        if let Err(error) = use_kept_proxy(&host.environment) {
            host.front_end.tell(&format!(
                "{}. {}",
                sentence(&error.message).trim_end_matches('.'),
                sentence(&error.hint)
            ));
        }
        Ok(Workspace {
            opened: Opened::note(&host.environment.data_folder, path),
            on_network: is_on_network(store.path()),
            secrets: Arc::new(Secrets::new(host.clone(), approval.clone())),
            practice: Arc::new(Practice::new(store.path(), approval.clone())),
            approval,
            sign_ins: SignIns::default(),
            open_sessions: OpenSessions::default(),
            store: Arc::new(store),
            host,
            backup_skipped: OnceLock::new(),
            stands_in_for,
        })
    }

    /// Finishes an erase that was cut short, makes the daily backup, and deletes history older than the retention
    /// period; none of it keeps anyone from working. Erasing comes first, so that no new backup holds what is left.
    fn look_after(&self) {
        let is_damaged = matches!(self.store.damage(), Ok(Some(_)));
        if self.store.is_read_only() && !is_damaged {
            return;
        }
        if self.approval.is_given() {
            keep_to_this_user(self.store.path());
        }
        if !is_damaged {
            contacts::finish_erasing(self);
        }
        self.back_up();
        tell_mended(&self.store, &self.host);
        if self.store.is_read_only() {
            return;
        }
        jobs::sweep(self);
        if let Err(error) = self.store.tidy(self.host.now()) {
            tracing::warn!(%error, "could not tidy up");
        }
    }

    /// Makes the daily backup. A damaged workspace is looked at again, and says each time that it can't be changed.
    fn back_up(&self) {
        match self.store.daily_backup(self.host.now()) {
            Ok(DailyBackup::Skipped(why)) => {
                self.tell(&format!("The daily backup was skipped: {why}."));
                // It is looked for once, when the workspace is opened.
                let _ = self.backup_skipped.set(why);
            }
            Ok(DailyBackup::Damaged(damage)) => {
                let text = in_words(&damage);
                self.tell(&text);
                let _ = self.backup_skipped.set(text);
            }
            Ok(DailyBackup::Made(_) | DailyBackup::NotDue) => {}
            Err(error) => tracing::warn!(%error, "no daily backup"),
        }
    }

    fn tell(&self, text: &str) {
        self.host.front_end.tell(text);
    }

    /// Returns the store of the workspace, for front ends that show more than the commands do.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Returns the damaged workspace whose newest backup this is, open for reading; `None` for any other.
    pub fn stands_in_for(&self) -> Option<&Path> {
        self.stands_in_for.as_deref()
    }

    pub(crate) fn is_on_network(&self) -> bool {
        self.on_network
    }

    /// Returns why there was no backup today, if that is so.
    pub(crate) fn backup_skipped(&self) -> Option<String> {
        self.backup_skipped.get().cloned()
    }

    pub(crate) fn host(&self) -> &Arc<Host> {
        &self.host
    }

    pub(crate) fn approval(&self) -> &Approval {
        &self.approval
    }

    /// Returns what this computer remembers of the files of imports into this workspace.
    pub(crate) fn own_files(&self) -> OwnFiles {
        let data_folder = &self.host.environment.data_folder;
        OwnFiles::of(data_folder, self.store.path()).moved_from(data_folder, &self.former_places())
    }

    /// Returns where this computer has known an approved workspace before it was moved.
    pub(crate) fn former_places(&self) -> Vec<PathBuf> {
        match self.approval.is_given() {
            true => self.approval.former_places(),
            false => Vec::new(),
        }
    }

    pub(crate) fn secrets(&self) -> &Arc<Secrets> {
        &self.secrets
    }

    pub(crate) fn practice(&self) -> &Arc<Practice> {
        &self.practice
    }

    pub(crate) fn sign_ins(&self) -> &SignIns {
        &self.sign_ins
    }

    pub(crate) fn open_sessions(&self) -> &OpenSessions {
        &self.open_sessions
    }

    /// Refuses to send where nothing can be recorded, before the user has approved the workspace, and where locks and files
    /// cannot be trusted.
    pub(crate) fn check_may_send(&self) -> Result<()> {
        self.store.check_writable()?;
        self.approval.check()?;
        if self.on_network {
            let message = "nothing can be sent from this workspace";
            return Err(Error::new(
                Code::Local,
                message,
                "move the workspace to a disk of this computer",
            )
            .because("it's on a network drive, which can lose what was written before a request was sent"));
        }
        Ok(())
    }
}

fn tell_mended(store: &Store, host: &Host) {
    if store.take_mended() {
        host.front_end
            .tell("The search index or unused pages of the file were damaged. Leadferry rebuilt them. Nothing is lost.");
    }
}

/// Says what damage was found, and what to do.
pub(crate) fn in_words(damage: &Damage) -> String {
    format!(
        "The workspace file is damaged: {}. Until it's restored, it's read-only and Leadferry makes no new backups. {}.",
        damage.problem,
        cure(damage)
    )
}

/// Says what to do about damage, without the full stop.
pub(crate) fn cure(damage: &Damage) -> String {
    match &damage.sound_backup {
        Some(backup) => format!(
            "Restore the newest backup without damage, {}",
            backup.display()
        ),
        None => {
            "No backup beside it is without damage. Restore one that you keep elsewhere".to_owned()
        }
    }
}

/// Returns the command that does what [`cure`] says.
pub(crate) fn restoring(damage: &Damage) -> &'static str {
    match damage.sound_backup {
        Some(_) => "workspace restore --yes",
        None => "workspace restore FILE --yes",
    }
}

const SECOND_NAME: &str = "The workspace file has a second name (a hard link). A program that uses the other name could damage it, so it's open read-only. To work in it, copy the file and open the copy.";

fn open_store(path: &Path, host: &Host) -> Result<Store, leadferry_store::Error> {
    let open = |read_only| Store::open(path, OpenOptions { read_only }, host.now());
    match open(false) {
        Err(
            error @ (leadferry_store::Error::ReadOnly
            | leadferry_store::Error::SecondName
            | leadferry_store::Error::DiskFull
            | leadferry_store::Error::Disk(_)
            | leadferry_store::Error::Database(_)),
        ) => {
            let why = match error {
                leadferry_store::Error::SecondName => SECOND_NAME,
                _ => "The workspace file can't be written, so it's open read-only.",
            };
            let store = open(true).map_err(|_| error)?;
            host.front_end.tell(why);
            Ok(store)
        }
        other => other,
    }
}

/// Opens the newest backup of a damaged workspace for reading, and says what is lost.
fn newest_backup(path: &Path, error: leadferry_store::Error, host: &Host) -> Result<Store> {
    use leadferry_store::Error as Failure;
    if is_backup(path) {
        return Err(restoring::unusable(path, "opened", error));
    }
    if !matches!(error, Failure::Damaged(_) | Failure::NotAWorkspace(_)) {
        return Err(error.into());
    }
    if let Some(backup) = newest_sound_backup(path, host.now())
        && let Ok(store) = Store::open_stand_in(&backup, host.now())
    {
        host.front_end.tell(&format!(
            "{} is damaged. You see its newest backup, which is read-only: {}. To continue from this backup, restore it.",
            path.display(),
            backup.display()
        ));
        return Ok(store);
    }
    if matches!(error, Failure::NotAWorkspace(_)) {
        return Err(error.into());
    }
    let cause = match error {
        Failure::Damaged(part) => part,
        other => other.to_string(),
    };
    let message = format!("{} is damaged", path.display());
    let hint = "Restore a backup that you keep elsewhere, since there is none beside the workspace. Or salvage what can still be read";
    Err(Error::new(Code::Local, message, hint)
        .because(cause)
        .with_command(format!(
            "workspace salvage {} --into FILE",
            quoted(&path.to_string_lossy())
        )))
}

/// Tells whether a file is one of our backups, by its name and its folder's: it has none of its own.
fn is_backup(path: &Path) -> bool {
    let ends_in = |path: &Path, ending| path.extension().is_some_and(|found| found == ending);
    ends_in(path, "backup")
        && path
            .parent()
            .is_some_and(|folder| ends_in(folder, "backups"))
}

/// Takes other users' rights from a file that was copied here with them. SQLite gives the log the rights of the file.
fn keep_to_this_user(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let Ok(data) = std::fs::metadata(path) else {
            return;
        };
        let others = data.mode() & 0o077;
        if others != 0 {
            let mode = std::fs::Permissions::from_mode(data.mode() & 0o700);
            if let Err(error) = std::fs::set_permissions(path, mode) {
                tracing::warn!(%error, "other users may read this workspace");
            }
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Returns the IANA name of this machine's time zone.
fn local_zone() -> Option<String> {
    jiff::tz::TimeZone::system().iana_name().map(str::to_owned)
}

/// What there is in a workspace.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct WorkspaceInfo {
    /// The file.
    pub path: PathBuf,
    /// Its name; empty until set.
    pub name: String,
    /// The zone that turns times into dates.
    pub time_zone: String,
    /// Whether it can only be read.
    pub read_only: bool,
    /// What is known to be damaged in it, in plain words; `None` for a sound file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub damage: Option<String>,
    /// The backup that restoring puts in the place of a damaged file; `None` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sound_backup: Option<PathBuf>,
    /// The damaged workspace whose newest backup this is, if it is one.
    pub stands_in_for: Option<PathBuf>,
    /// Whether it stands on a network drive.
    pub on_network: bool,
    /// Whether the user has approved it on this computer; until then it uses no sign-in and sends nothing.
    pub approved: bool,
    /// Size of the file in bytes, its log included.
    pub bytes: u64,
    /// Days that the history keeps what was sent.
    pub history_days: u32,
    /// Daily backups that are kept.
    pub backups_kept: u32,
    /// The backups that there are, eldest first.
    pub backups: Vec<PathBuf>,
    /// How much there is of each kind of thing; without those that can't be read any more, in a damaged workspace.
    pub counts: BTreeMap<&'static str, u64>,
}

/// Tells what there is in the workspace.
pub fn info(workspace: &Workspace) -> Result<WorkspaceInfo> {
    let store = &workspace.store;
    let path = store.path().to_owned();
    let bytes = size_of(&path);
    let damage = store.damage()?;
    let is_damaged = damage.is_some();
    let info = store.read(|reader| {
        let length = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        let counts = [
            ("contacts", reader.live_contacts()),
            ("accounts", reader.count_accounts()),
            (
                "custom_fields",
                reader.custom_fields().map(|all| length(all.len())),
            ),
            ("scores", reader.scores().map(|all| length(all.len()))),
            (
                "connections",
                reader.connections().map(|all| length(all.len())),
            ),
            (
                "replications",
                reader.replications().map(|all| length(all.len())),
            ),
            ("imports", reader.imports().map(|all| length(all.len()))),
        ];
        Ok::<_, leadferry_store::Error>(WorkspaceInfo {
            name: reader.workspace_name()?,
            time_zone: reader.time_zone()?,
            read_only: store.is_read_only(),
            damage: damage.as_ref().map(|damage| damage.problem.clone()),
            sound_backup: damage.and_then(|damage| damage.sound_backup),
            on_network: workspace.on_network,
            approved: workspace.approval.is_given(),
            bytes,
            history_days: reader.history_days()?,
            backups_kept: reader.backups_kept()?,
            backups: backups_of(&path, workspace.host.now()),
            counts: readable(counts, is_damaged)?,
            stands_in_for: workspace.stands_in_for.clone(),
            path: path.clone(),
        })
    })?;
    Ok(info)
}

/// Leaves out what can't be counted any more, where that is no wonder.
fn readable<const N: usize>(
    counts: [(&'static str, Result<u64, leadferry_store::Error>); N],
    is_damaged: bool,
) -> Result<BTreeMap<&'static str, u64>, leadferry_store::Error> {
    let counts = counts.into_iter().filter_map(|(what, count)| match count {
        Ok(count) => Some(Ok((what, count))),
        Err(_) if is_damaged => None,
        Err(error) => Some(Err(error)),
    });
    counts.collect()
}

/// Returns the size of a workspace: the file, and the log that holds what was written last.
fn size_of(path: &Path) -> u64 {
    let log = {
        let mut name = path.as_os_str().to_owned();
        name.push("-wal");
        PathBuf::from(name)
    };
    let size = |file: &Path| std::fs::metadata(file).map_or(0, |data| data.len());
    size(path) + size(&log)
}

/// What is to be changed about a workspace.
#[derive(Debug, Clone, Default, serde::Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct WorkspaceChange {
    /// Its name.
    pub name: Option<String>,
    /// The IANA name of its time zone.
    pub time_zone: Option<String>,
    /// Daily backups that are kept; 0 switches them off.
    pub backups_kept: Option<u32>,
    /// Days that the history keeps what was sent.
    pub history_days: Option<u32>,
}

/// Changes settings of the workspace.
///
/// # Errors
/// When a value is not allowed.
pub fn set(workspace: &Workspace, change: &WorkspaceChange) -> Result<WorkspaceInfo> {
    workspace.store.write(|writer| {
        if let Some(name) = &change.name {
            writer.set_workspace_name(name)?;
        }
        if let Some(zone) = &change.time_zone {
            writer.set_time_zone(zone)?;
        }
        if let Some(count) = change.backups_kept {
            writer.set_backups_kept(count)?;
        }
        if let Some(days) = change.history_days {
            writer.set_history_days(days)?;
        }
        Ok::<_, leadferry_store::Error>(())
    })?;
    info(workspace)
}

/// Copies the workspace as it is now to a new file.
///
/// # Errors
/// When a file is there, the copy cannot be made, or somebody cancels it; no file is left then.
pub fn backup(workspace: &Workspace, to: &Path) -> Result<()> {
    let job = jobs::begin(workspace, JobKind::Export, &title_of(to));
    let goes_on = move |done, total| {
        job.step("copying", done, total);
        job.goes_on()
    };
    let made = workspace.store.backup_to(to, Arc::new(goes_on));
    tell_mended(&workspace.store, &workspace.host);
    made.map_err(|error| match error {
        leadferry_store::Error::Cancelled => jobs::cancelled("The backup"),
        error => error.into(),
    })
}

/// Returns how a job names the file that it writes.
fn title_of(file: &Path) -> String {
    file.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
