//! The computer that a gift is opened on: a home with files worth taking, a workspace of the user's own with a secret in the
//! vault, and a stranger's host that takes whatever comes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use leadferry_commands::door::{Desk, Door, Event, Pick};
use leadferry_commands::{Environment, Error, Workspace};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::stranger::Stranger;

/// The client secret that the user entered for a host of their own.
pub(crate) const SECRET: &str = "hush-hush-hush";
/// Longer than this is a hang, however slow the machine.
const LONGEST: Duration = Duration::from_secs(30);
/// What only a programmer understands.
const RAW: &[&str] = &[
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "SQLite",
    "sqlite",
    "constraint failed",
    "no such column",
    "datatype mismatch",
    "InvalidColumn",
    "FromSql",
    "invalid digit",
    "integer overflow",
    "panicked",
];
const REPLICATION: &str = "Leads from good contacts";

/// What only looks.
pub(crate) const ASKS: &[(&str, &str)] = &[
    ("workspaces.current", "{}"),
    ("statistics.overview", "{}"),
    ("contacts.page", r#"{"limit": 50}"#),
    ("contacts.count", "{}"),
    ("contacts.acts", "{}"),
    ("accounts.list", r#"{"limit": 50}"#),
    ("custom_fields.list", "{}"),
    ("imports.list", "{}"),
    ("activities.types", "{}"),
    ("consents.purposes", "{}"),
    ("scores.list", "{}"),
    ("segments.list", "{}"),
    ("connections.list", "{}"),
    ("connections.drafts", "{}"),
    ("connections.security", "{}"),
    ("replications.list", "{}"),
    ("mappings.show", r#"{"name": "Leads from good contacts"}"#),
    ("queue.list", r#"{"filter": {}, "limit": 50}"#),
    ("runs.list", r#"{"limit": 50}"#),
    ("alerts.list", "{}"),
    ("links.list", r#"{"limit": 50}"#),
    ("search.saved", "{}"),
    ("practice.state", "{}"),
];

/// What could send, write or remove.
pub(crate) const ACTS: &[(&str, &str)] = &[
    ("imports.resume", r#"{"import": 1}"#),
    ("replications.run", RUN),
    ("connections.test", r#"{"name": "Live"}"#),
    ("practice.add_fault", r#"{"name": "slow"}"#),
    ("doctor.examine", r#"{"offline": false}"#),
    ("connections.remove", r#"{"name": "Live"}"#),
];

/// What a user does who agrees.
pub(crate) const AGREED: &[(&str, &str)] = &[
    ("scores.recalculate", "{}"),
    ("replications.plan", RUN),
    ("replications.run", RUN),
    ("connections.test", r#"{"name": "Live"}"#),
    ("connections.remove", r#"{"name": "Live"}"#),
];

const RUN: &str = r#"{"name": "Leads from good contacts"}"#;

/// The computer.
pub(crate) struct Victim {
    home: TempDir,
    /// Where the user's own workspace is; its schedules go on for a moment after it was closed.
    work: TempDir,
    data: TempDir,
    /// None once the computer is switched off.
    runtime: Option<Runtime>,
    pub(crate) stranger: Stranger,
    /// Where the user's secret may go; nobody asks it to in a gift that the user hasn't approved.
    own_host: Stranger,
    /// How often the user's own host was asked by gifts that the user has approved, as it may be.
    approved: AtomicUsize,
    before: BTreeMap<PathBuf, Vec<u8>>,
    sound: Vec<u8>,
}

/// A workspace in a folder of its own among the user's downloads.
pub(crate) struct Gift(PathBuf);

impl Gift {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Opens the file as a stranger would who spoils it.
    pub(crate) fn raw(&self) -> Connection {
        let file = Connection::open(&self.0).unwrap();
        // Functions of the app: indexes are sorted by one, and the search index takes its words from the other.
        for name in ["fold", "phone_words"] {
            let flags = FunctionFlags::SQLITE_DETERMINISTIC;
            file.create_scalar_function(name, 1, flags, |context| {
                Ok(match context.get_raw(0) {
                    ValueRef::Text(text) => Some(String::from_utf8_lossy(text).to_lowercase()),
                    _ => None,
                })
            })
            .unwrap();
        }
        file.execute_batch(
            "PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0; PRAGMA synchronous = 0",
        )
        .unwrap();
        file
    }

    /// Removes the folder, once what the workspace did on its own has ended.
    pub(crate) fn remove(&self) {
        let folder = self.0.parent().unwrap();
        let begun = Instant::now();
        while let Err(error) = fs::remove_dir_all(folder) {
            assert!(begun.elapsed() < LONGEST, "{}: {error}", folder.display());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Victim {
    /// Sets the computer up, with a workspace that has been used.
    pub(crate) fn at_home() -> Victim {
        let [home, work, data] = [(); 3].map(|()| tempfile::tempdir().unwrap());
        let at = |name: &str| home.path().join(name);
        fs::create_dir_all(at("Documents")).unwrap();
        fs::create_dir_all(at("Downloads")).unwrap();
        fs::write(at(".bashrc"), "# mine\n").unwrap();
        fs::write(at("Documents/letter.txt"), "Dear reader").unwrap();
        let mut victim = Victim {
            runtime: Some(Runtime::new().unwrap()),
            stranger: Stranger::listening(),
            own_host: Stranger::listening(),
            approved: AtomicUsize::new(0),
            before: BTreeMap::new(),
            sound: Vec::new(),
            home,
            work,
            data,
        };
        victim.sound = victim.used_workspace();
        make_pipe(&victim.pipe());
        victim.before = victim.files(None);
        victim
    }

    fn used_workspace(&self) -> Vec<u8> {
        let path = self.work.path().join("people.leadferry");
        let door = self.door();
        let _runtime = self.runtime().enter();
        door.create(&path, "People").unwrap();
        let must = |name: &str, params: Value| {
            let called = self.call(&door, name, &params.to_string());
            called.unwrap_or_else(|error| panic!("{name}: {error:?}"))
        };
        use serde_json::json;
        must("shell.unlock", json!({ "passphrase": "correct horse" }));
        must("workspaces.try_practice", json!({}));
        must("replications.run", json!({ "name": REPLICATION }));
        let live = json!({ "name": "Live", "flow": "client_credentials", "host": self.own_host.url(),
            "client_id": "3MVG9", "client_secret": SECRET });
        must("connections.add", live);
        must(
            "replications.set",
            json!({ "name": REPLICATION, "settings": { "schedule": "on change" } }),
        );
        door.close();
        drop(door);
        let file = Connection::open(&path).unwrap();
        file.pragma_update(None, "wal_checkpoint", "TRUNCATE")
            .unwrap();
        // An import that goes on when it is asked to, with an errors file that the user never chose.
        file.execute(
            "UPDATE imports SET state = 'running', ended_at = NULL, committed_row = 1, errors_file = ?1, errors_bytes = 1",
            [self.bait().to_str().unwrap()],
        )
        .unwrap();
        drop(file);
        fs::read(&path).unwrap()
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().unwrap()
    }

    fn door(&self) -> Arc<Door> {
        let environment = Environment {
            data_folder: self.data.path().to_owned(),
            keychain: false,
            passphrase: Some("correct horse".into()),
            speedup: 100,
        };
        Door::new(environment, Arc::new(Nobody(self.home.path().to_owned())))
    }

    /// Puts a copy of the workspace among the downloads.
    pub(crate) fn gift(&self, name: &str) -> Gift {
        let folder = self.home.path().join("Downloads").join(name);
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("people.leadferry");
        fs::write(&path, &self.sound).unwrap();
        Gift(path)
    }

    /// Opens a gift as the window does.
    pub(crate) fn open(&self, path: &Path) -> (Arc<Door>, Result<Arc<Workspace>, Error>) {
        let door = self.door();
        let _runtime = self.runtime().enter();
        let opened = door.open(path);
        (door, opened)
    }

    /// Asks the door as the window does.
    pub(crate) fn call(&self, door: &Arc<Door>, name: &str, params: &str) -> Result<Value, Error> {
        let params = serde_json::from_str(params).unwrap();
        let begun = Instant::now();
        let called = self
            .runtime()
            .block_on(async { tokio::time::timeout(LONGEST, door.call(name, params)).await });
        if begun.elapsed() > LONGEST / 6 {
            eprintln!("{name} took {:?}", begun.elapsed());
        }
        let Ok(answer) = called else {
            panic!("{name} takes longer than {LONGEST:?}")
        };
        if let Err(error) = &answer {
            assert!(!error.message.contains("broke down"), "{name}: {error:?}");
            let told = error.to_string();
            for raw in RAW {
                assert!(!told.contains(raw), "{name} says {raw}: {error:?}");
            }
        }
        answer
    }

    /// Returns a file that a stranger would like to have changed.
    pub(crate) fn bait(&self) -> PathBuf {
        self.home.path().join(".bashrc")
    }

    /// Returns a pipe: whoever opens it waits for ever.
    pub(crate) fn pipe(&self) -> PathBuf {
        self.home.path().join("pipe")
    }

    /// Returns a rollback journal that makes SQLite remove the bait.
    #[cfg(unix)]
    pub(crate) fn journal_that_names_the_bait(&self) -> Vec<u8> {
        const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
        let bait = self.bait();
        let name = bait.to_str().unwrap().as_bytes();
        let pages = u32::try_from(self.sound.len() / 4096).unwrap();
        let mut journal = MAGIC.to_vec();
        for number in [0_u32, 0, pages, 512, 4096] {
            journal.extend(number.to_be_bytes());
        }
        journal.resize(512, 0);
        journal.extend(0x4000_0000_u32.to_be_bytes());
        journal.extend(name);
        journal.extend(u32::try_from(name.len()).unwrap().to_be_bytes());
        let sum: u32 = name.iter().map(|byte| u32::from(*byte)).sum();
        journal.extend(sum.to_be_bytes());
        journal.extend(MAGIC);
        journal
    }

    /// Demands that no host was asked for anything.
    #[track_caller]
    pub(crate) fn must_have_sent_nothing(&self) {
        assert_eq!(self.stranger.got(), Vec::<String>::new());
        let approved = self.approved.load(Ordering::Relaxed);
        assert_eq!(self.own_host.got()[approved..], Vec::<String>::new());
    }

    /// Takes what the user's own host got so far as asked for.
    pub(crate) fn approves_own_host(&self) {
        let approved = self.own_host.got().len();
        self.approved.store(approved, Ordering::Relaxed);
    }

    /// Demands that all files of the user are as they were, but for the folder of the gift at hand.
    #[track_caller]
    pub(crate) fn must_be_untouched(&self, gift: &Path) {
        let now = self.files(gift.parent());
        for (path, content) in &self.before {
            assert!(
                now.get(path) == Some(content),
                "{} has changed",
                path.display()
            );
        }
        let new: Vec<_> = now
            .keys()
            .filter(|path| !self.before.contains_key(*path))
            .collect();
        assert!(new.is_empty(), "new files: {new:?}");
    }

    /// Returns every file of the home with its content, but for those in one folder of the downloads.
    fn files(&self, except: Option<&Path>) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.home.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let kind = fs::symlink_metadata(&path).unwrap();
                if Some(path.as_path()) == except
                    || path.parent() == Some(&self.home.path().join("Downloads"))
                {
                    continue;
                }
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() {
                    files.insert(path.clone(), fs::read(&path).unwrap());
                } else {
                    files.insert(path, Vec::new());
                }
            }
        }
        files
    }
}

impl Drop for Victim {
    /// Waits for nothing that hangs: it was told already.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn make_pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

/// A desktop on which nobody sits.
struct Nobody(PathBuf);

impl Desk for Nobody {
    fn pick_file(&self, _: Pick) -> Option<PathBuf> {
        None
    }
    fn pick_place(&self, _: Pick, _: &str) -> Option<PathBuf> {
        None
    }
    fn open(&self, _: &str) -> bool {
        false
    }
    fn notify(&self, _: &str, _: &str) {}
    fn preference(&self, _: &str) -> Value {
        Value::Null
    }
    fn set_preference(&self, _: &str, _: Value) {}
    fn documents(&self) -> PathBuf {
        self.0.join("Documents")
    }
    fn close(&self, _: bool) {}
    fn emit(&self, _: Event) {}
}
