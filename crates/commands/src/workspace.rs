//! Creating, opening and looking after a workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use leadferry_store::{DailyBackup, OpenOptions, Store};
use serde::Serialize;

use crate::connections::SignIns;
use crate::network_drives::is_on_network;
use crate::practice::Practice;
use crate::secrets::Secrets;
use crate::{Code, Error, Host, Result};

/// An open workspace, and all that a command needs with it.
pub struct Workspace {
    store: Arc<Store>,
    host: Arc<Host>,
    secrets: Arc<Secrets>,
    practice: Arc<Practice>,
    sign_ins: SignIns,
    on_network: bool,
    backup_skipped: OnceLock<String>,
}

impl std::fmt::Debug for Workspace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workspace")
            .field("path", &self.store.path())
            .finish_non_exhaustive()
    }
}

impl Workspace {
    /// Creates a workspace file, and opens it.
    ///
    /// # Errors
    /// When a file is there, or none can be made.
    pub fn create(path: &Path, name: Option<&str>, host: Host) -> Result<Workspace> {
        let store = Store::create(path, host.now())?;
        if let Some(name) = name {
            store.write(|writer| writer.set_workspace_name(name))?;
        }
        if let Some(zone) = local_zone() {
            store.write(|writer| writer.set_time_zone(&zone))?;
        }
        Ok(Workspace::with(store, host))
    }

    /// Opens a workspace: with the right to write, else read-only, else the newest backup of a damaged one.
    ///
    /// What is wrong is told to the front end. A backup is made when the last one is a day old.
    ///
    /// # Errors
    /// When there is no workspace, a newer version wrote it, or nothing of it can be read.
    pub fn open(path: &Path, host: Host) -> Result<Workspace> {
        let store = match open_store(path, &host) {
            Ok(store) => store,
            Err(error) => newest_backup(path, error, &host)?,
        };
        let workspace = Workspace::with(store, host);
        if workspace.on_network {
            workspace.tell("This workspace stands on a network drive: it opens, but nothing is sent from there.");
        }
        workspace.look_after();
        Ok(workspace)
    }

    fn with(store: Store, host: Host) -> Workspace {
        let host = Arc::new(host);
        Workspace {
            on_network: is_on_network(store.path()),
            secrets: Arc::new(Secrets::new(host.clone())),
            practice: Arc::new(Practice::new(store.path())),
            sign_ins: SignIns::default(),
            store: Arc::new(store),
            host,
            backup_skipped: OnceLock::new(),
        }
    }

    /// Makes the daily backup and throws away what its time is up for; neither keeps anyone from working.
    fn look_after(&self) {
        if self.store.is_read_only() {
            return;
        }
        match self.store.daily_backup(self.host.now()) {
            Ok(DailyBackup::Skipped(why)) => {
                self.tell(&format!("The daily backup was skipped: {why}."));
                // It is looked for once, when the workspace is opened.
                let _ = self.backup_skipped.set(why);
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "no daily backup"),
        }
        if let Err(error) = self.store.tidy(self.host.now()) {
            tracing::warn!(%error, "could not tidy up");
        }
    }

    fn tell(&self, text: &str) {
        self.host.front_end.tell(text);
    }

    /// Returns the store of the workspace, for front ends that show more than the commands do.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
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

    pub(crate) fn secrets(&self) -> &Arc<Secrets> {
        &self.secrets
    }

    pub(crate) fn practice(&self) -> &Arc<Practice> {
        &self.practice
    }

    pub(crate) fn sign_ins(&self) -> &SignIns {
        &self.sign_ins
    }

    /// Refuses to send where locks and files cannot be trusted, or nothing can be recorded.
    pub(crate) fn check_may_send(&self) -> Result<()> {
        if self.store.is_read_only() {
            return Err(leadferry_store::Error::ReadOnly.into());
        }
        if self.on_network {
            let message =
                "this workspace stands on a network drive, and nothing is sent from there";
            return Err(Error::new(
                Code::Local,
                message,
                "copy the workspace to a disk of this machine, and work there",
            )
            .because("a network drive can lose what was written before a request left"));
        }
        Ok(())
    }
}

fn open_store(path: &Path, host: &Host) -> Result<Store, leadferry_store::Error> {
    let open = |read_only| Store::open(path, OpenOptions { read_only }, host.now());
    match open(false) {
        Err(
            error @ (leadferry_store::Error::ReadOnly
            | leadferry_store::Error::DiskFull
            | leadferry_store::Error::Disk(_)
            | leadferry_store::Error::Database(_)),
        ) => {
            let store = open(true).map_err(|_| error)?;
            host.front_end
                .tell("The workspace cannot be written: it is open for reading only.");
            Ok(store)
        }
        other => other,
    }
}

/// Opens the newest backup of a damaged workspace for reading, and says what is lost.
fn newest_backup(path: &Path, error: leadferry_store::Error, host: &Host) -> Result<Store> {
    use leadferry_store::Error as Failure;
    if !matches!(error, Failure::Damaged(_) | Failure::NotAWorkspace(_)) {
        return Err(error.into());
    }
    for backup in backups(path).into_iter().rev() {
        if let Ok(store) = Store::open(&backup, OpenOptions { read_only: true }, host.now()) {
            host.front_end.tell(&format!(
                "{error}. Open for reading is its newest backup, {}: what was changed later is not in it. \
                 To go on with it, copy it over the workspace.",
                backup.display()
            ));
            return Ok(store);
        }
    }
    if matches!(error, Failure::NotAWorkspace(_)) {
        return Err(error.into());
    }
    let message = format!("{}: {error}", path.display());
    let hint = "put a copy of your own in its place: there is no backup beside it";
    Err(Error::new(Code::Local, message, hint))
}

/// Returns the backups of a workspace, eldest first.
fn backups(workspace: &Path) -> Vec<PathBuf> {
    let folder = workspace.with_added_extension("backups");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "backup"));
    files.sort();
    files
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
    /// Whether it stands on a network drive.
    pub on_network: bool,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Days that the history keeps what was sent.
    pub history_days: u32,
    /// Daily backups that are kept.
    pub backups_kept: u32,
    /// The backups that there are, eldest first.
    pub backups: Vec<PathBuf>,
    /// How much there is of each kind of thing.
    pub counts: BTreeMap<&'static str, u64>,
}

/// Tells what there is in the workspace.
///
/// # Errors
/// When the workspace cannot be read.
pub fn info(workspace: &Workspace) -> Result<WorkspaceInfo> {
    let store = &workspace.store;
    let path = store.path().to_owned();
    let bytes = std::fs::metadata(&path).map_or(0, |data| data.len());
    let info = store.read(|reader| {
        let length = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        let counts = [
            ("contacts", reader.live_contacts()?),
            ("accounts", reader.count_accounts()?),
            ("custom_fields", length(reader.custom_fields()?.len())),
            ("scores", length(reader.scores()?.len())),
            ("connections", length(reader.connections()?.len())),
            ("replications", length(reader.replications()?.len())),
            ("imports", length(reader.imports()?.len())),
        ];
        Ok::<_, leadferry_store::Error>(WorkspaceInfo {
            name: reader.workspace_name()?,
            time_zone: reader.time_zone()?,
            read_only: store.is_read_only(),
            on_network: workspace.on_network,
            bytes,
            history_days: reader.history_days()?,
            backups_kept: reader.backups_kept()?,
            backups: backups(&path),
            counts: counts.into_iter().collect(),
            path: path.clone(),
        })
    })?;
    Ok(info)
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
/// When a file is there, or the copy cannot be made.
pub fn backup(workspace: &Workspace, to: &Path) -> Result<()> {
    Ok(workspace.store.backup_to(to)?)
}
