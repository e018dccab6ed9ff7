//! The one door for a front end that speaks JSON, such as the window: every use case by name, and what happens meanwhile.
//!
//! A front end makes a [`Door`] with a [`Desk`] (what only a desktop can do), sends [`Door::call`] a name and
//! parameters, and listens to [`Event`]s. The names stand in `table`; one TypeScript file is generated from them, see
//! `typescript`.

mod at;
mod scheduling;
mod table;
mod typescript;
mod watching;

mod accounts;
mod activities;
mod alerts;
mod connections;
mod consent_syncs;
mod consents;
mod contacts;
mod custom_fields;
mod doctor;
mod help;
mod imports;
mod inbound;
mod job_list;
mod links;
mod mappings;
mod mirror;
mod practice;
mod pulls;
mod queue;
mod replications;
mod runs;
mod scores;
mod search;
mod segments;
mod shell;
mod statistics;
mod workspaces;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use leadferry_replication::Cancel;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use at::At;
pub use typescript::typescript;
pub use workspaces::RECENT_WORKSPACES;

use crate::workspace::{self, RestoredWorkspace};
use crate::{Ask, Code, Environment, Error, FrontEnd, Host, Result, Step, Workspace, jobs};

/// What only a desktop can do.
pub trait Desk: Send + Sync {
    /// Lets the user pick a file; `None` when she thinks better of it. Waits for her.
    fn pick_file(&self, what: Pick) -> Option<PathBuf>;

    /// Lets the user say where a new file goes; `name` is proposed. Waits for her.
    fn pick_place(&self, what: Pick, name: &str) -> Option<PathBuf>;

    /// Opens a page in the user's browser; false where that cannot be done.
    fn open(&self, address: &str) -> bool;

    /// Opens a page that Leadferry has written in the user's browser; false where that cannot be done.
    fn open_file(&self, _page: &Path) -> bool {
        false
    }

    /// Shows a notification, unless the window is in front.
    fn notify(&self, title: &str, text: &str);

    /// Returns a preference of the window; `null` until set. Never anything that the product's work rests on.
    fn preference(&self, key: &str) -> Value;

    /// Keeps a preference of the window.
    fn set_preference(&self, key: &str, value: Value);

    /// Returns where the user's documents are: new workspaces are proposed there.
    fn documents(&self) -> PathBuf;

    /// Closes the window: `keep_running` leaves the work going on in the tray, otherwise the program ends.
    fn close(&self, keep_running: bool);

    /// Tells the window what has happened.
    fn emit(&self, event: Event);
}

/// What a file is picked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// A workspace.
    Workspace,
    /// A file of contacts: CSV or XLSX.
    Contacts,
    /// A CSV file to be written.
    Csv,
    /// An Excel workbook to be written.
    Xlsx,
    /// A text file, such as a mapping.
    Text,
    /// A proof to be written: a page or JSON.
    Proof,
    /// A page to print.
    Page,
    /// A file that holds a private key.
    Key,
    /// A certificate.
    Certificate,
}

/// What the window is told without having asked.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(rename = "HostEvent")]
pub enum Event {
    /// Another workspace is open now, or none.
    Opened {
        /// The file.
        path: Option<PathBuf>,
    },
    /// Something in the workspace has changed, here or in another process.
    Changed,
    /// What is being done on this workspace, here or in another process, has moved on.
    Jobs {
        /// All of it, the eldest first.
        jobs: Vec<jobs::Job>,
    },
    /// Something that the user should know.
    Told {
        /// The text.
        text: String,
    },
    /// The user wants to close the window while work is under way: ask her.
    Closing,
    /// A file was dropped on the window.
    Dropped {
        /// The file.
        path: PathBuf,
    },
    /// The menu asks for a screen or an action of the window.
    Menu {
        /// Which, such as `settings` or `import`.
        item: String,
    },
}

/// The door: one per front end.
pub struct Door {
    environment: Environment,
    desk: Arc<dyn Desk>,
    front: Arc<Front>,
    workspace: RwLock<Option<Arc<Workspace>>>,
    /// Ends keeping the schedules of the workspace that is open.
    schedules: Mutex<Option<Cancel>>,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}

impl Door {
    /// Returns a door with no workspace open.
    pub fn new(environment: Environment, desk: Arc<dyn Desk>) -> Arc<Door> {
        Arc::new(Door {
            front: Arc::new(Front {
                desk: desk.clone(),
                passphrase: Mutex::default(),
            }),
            environment,
            desk,
            workspace: RwLock::default(),
            schedules: Mutex::default(),
        })
    }

    /// Does what `name` says and returns its answer; the work goes on even if nobody waits for it any more.
    ///
    /// Must be called on a Tokio runtime.
    ///
    /// # Errors
    /// When there is no such command, `params` does not fit it, or what the command itself returns.
    pub async fn call(self: &Arc<Self>, name: &str, params: Value) -> Result<Value> {
        let Some(command) = table::all().find(|command| command.name == name) else {
            return Err(Error::usage(
                format!("there's no command \"{name}\""),
                "restart Leadferry",
            ));
        };
        let at = At::new(self.clone());
        let handle = tokio::runtime::Handle::current();
        // Commands work on files: they have a thread of their own, and need not be Send.
        let work = tokio::task::spawn_blocking(move || handle.block_on((command.call)(at, params)));
        work.await.unwrap_or_else(|panic| {
            tracing::error!(command = name, "a command broke down");
            Err(Error::new(
                Code::Local,
                "something went wrong in Leadferry",
                "try again, and restart Leadferry if it happens again. What you saved is kept",
            )
            .because(if panic.is_panic() {
                "it's an internal error"
            } else {
                "Leadferry is closing"
            }))
        })
    }

    /// Opens a workspace in place of the one that is open.
    ///
    /// # Errors
    /// As [`Workspace::open`]; then the one before stays open.
    pub fn open(self: &Arc<Self>, path: &Path) -> Result<Arc<Workspace>> {
        self.take(Workspace::open(path, self.host())?)
    }

    /// Creates a workspace and opens it.
    ///
    /// # Errors
    /// As [`Workspace::create`]; then the one before stays open.
    pub fn create(self: &Arc<Self>, path: &Path, name: &str) -> Result<Arc<Workspace>> {
        self.take(Workspace::create(path, Some(name), self.host())?)
    }

    fn take(self: &Arc<Self>, workspace: Workspace) -> Result<Arc<Workspace>> {
        let workspace = Arc::new(workspace);
        *self.slot() = Some(workspace.clone());
        let path = Some(workspace.store().path().to_owned());
        self.desk.emit(Event::Opened { path });
        watching::watch(self, &workspace);
        self.keep_schedules(Some(scheduling::keep(&workspace)));
        Ok(workspace)
    }

    /// Restores a damaged workspace, or the one that a backup stands in for, and opens it.
    ///
    /// # Errors
    /// When `open` is neither; as [`workspace::restore`].
    fn restore(self: &Arc<Self>, open: &Workspace) -> Result<RestoredWorkspace> {
        if let Some(damaged) = open.stands_in_for() {
            let restored = workspace::restore(damaged, Some(open.store().path()), open.host())?;
            self.open(damaged)?;
            return Ok(restored);
        }
        if open.store().damage()?.is_none() {
            return Err(Error::usage(
                "This workspace isn't damaged.",
                "You can keep working in it.",
            ));
        }
        open.store().close()?;
        let path = open.store().path();
        let restored = workspace::restore(path, None, open.host());
        // Whatever came of it, a workspace is open afterwards.
        self.open(path)?;
        restored
    }

    /// Closes the workspace, if one is open.
    pub fn close(&self) {
        self.keep_schedules(None);
        if self.slot().take().is_some() {
            self.desk.emit(Event::Opened { path: None });
        }
    }

    /// Returns the workspace that is open.
    pub fn workspace(&self) -> Option<Arc<Workspace>> {
        let open = self.workspace.read();
        open.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the desktop that the door serves.
    pub fn desk(&self) -> &Arc<dyn Desk> {
        &self.desk
    }

    fn keep_schedules(&self, next: Option<Cancel>) {
        let mut kept = self
            .schedules
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *kept, next) {
            before.cancel();
        }
    }

    fn host(&self) -> Host {
        Host::new(self.environment.clone(), self.front.clone())
    }

    fn slot(&self) -> std::sync::RwLockWriteGuard<'_, Option<Arc<Workspace>>> {
        self.workspace
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.keep_schedules(None);
    }
}

/// The desktop as the front end of a workspace.
struct Front {
    desk: Arc<dyn Desk>,
    /// What the user typed last; a command that lacks it fails with [`Code::Passphrase`] and is tried again.
    passphrase: Mutex<Option<SecretString>>,
}

impl Front {
    fn keep_passphrase(&self, passphrase: Option<SecretString>) {
        *self
            .passphrase
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = passphrase;
    }
}

impl FrontEnd for Front {
    fn shows_sign_ins(&self) -> bool {
        true
    }

    fn passphrase(&self, _: Ask) -> Option<SecretString> {
        let kept = self.passphrase.lock();
        kept.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn open_browser(&self, address: &str) -> bool {
        self.desk.open(address)
    }

    fn tell(&self, text: &str) {
        self.desk.emit(Event::Told {
            text: text.to_owned(),
        });
    }

    // The window sees jobs, whoever does them.
    fn step(&self, _: Step) {}
}
