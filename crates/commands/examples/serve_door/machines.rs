//! Machines, each with a folder, a desktop and a door of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use leadferry_commands::Environment;
use leadferry_commands::door::{Desk as _, Door, Event};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::desk::TestDesk;
use crate::prepared;

/// Waits of the engine are this many times shorter.
const SPEEDUP: u32 = 100;

/// An answer, or what went wrong.
type Answer = Result<Value, Value>;

/// All machines of a test run.
pub(crate) struct Machines {
    folder: TempDir,
    open: Mutex<BTreeMap<u64, Arc<Machine>>>,
    last: AtomicU64,
    /// Those that are copied, by kind.
    prepared: Mutex<BTreeMap<String, Arc<OnceCell<PathBuf>>>>,
}

struct Machine {
    home: PathBuf,
    desk: Arc<TestDesk>,
    door: Arc<Door>,
}

#[derive(Deserialize)]
struct New {
    /// A kind of [`prepared::steps`].
    kind: String,
}

#[derive(Deserialize)]
struct On {
    machine: u64,
    #[serde(default)]
    name: String,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    after: usize,
    #[serde(default)]
    path: Option<PathBuf>,
}

impl Machines {
    /// Returns none yet.
    pub(crate) fn new() -> std::io::Result<Arc<Machines>> {
        Ok(Arc::new(Machines {
            folder: tempfile::Builder::new()
                .prefix("leadferry-door-")
                .tempdir()?,
            open: Mutex::default(),
            last: AtomicU64::new(0),
            prepared: Mutex::default(),
        }))
    }

    /// Does an operation: `new`, `call`, `events`, `pick`, `desk` or `close`.
    pub(crate) async fn answer(&self, operation: &str, body: Value) -> Answer {
        if operation == "new" {
            return self.begin(&read::<New>(body)?.kind).await;
        }
        let on: On = read(body)?;
        let machine = self.machine(on.machine)?;
        match operation {
            "call" => machine.call(&on.name, on.params).await,
            "events" => machine.desk.events(on.after).await.map_err(told),
            "pick" => {
                machine.desk.pick(on.path);
                Ok(Value::Null)
            }
            "desk" => machine.desk.so_far().map_err(told),
            "close" => {
                self.open().remove(&on.machine);
                machine.end();
                // A command of the test may still be writing: the whole folder goes at the end.
                let _ = fs::remove_dir_all(&machine.home);
                Ok(Value::Null)
            }
            other => Err(json!(format!("there is no operation {other}"))),
        }
    }

    /// Begins a machine as a copy of a prepared one.
    async fn begin(&self, kind: &str) -> Answer {
        let prepared = self.cell(kind);
        let prepared = prepared.get_or_try_init(|| self.prepare(kind)).await?;
        let number = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        let home = self.folder.path().join(number.to_string());
        prepared::copy(prepared, &home).map_err(told)?;
        let machine = Arc::new(Machine::in_folder(home));
        machine.open_what_is_there().await?;
        self.open().insert(number, machine.clone());
        Ok(json!({"machine": number, "home": machine.home}))
    }

    async fn prepare(&self, kind: &str) -> Result<PathBuf, Value> {
        let steps = prepared::steps(kind).ok_or_else(|| json!(format!("no machine is {kind}")))?;
        let machine = Machine::in_folder(self.folder.path().join(kind));
        fs::create_dir_all(machine.documents()).map_err(told)?;
        for (name, params) in steps {
            machine.call(name, params).await?;
        }
        machine.end();
        Ok(machine.home)
    }

    /// Removes everything.
    pub(crate) fn remove_all(&self) {
        for machine in std::mem::take(&mut *self.open()).into_values() {
            machine.end();
        }
        // Whatever is left lies in the system's folder for temporary files.
        let _ = fs::remove_dir_all(self.folder.path());
    }

    fn cell(&self, kind: &str) -> Arc<OnceCell<PathBuf>> {
        let cells = self.prepared.lock();
        let mut cells = cells.unwrap_or_else(PoisonError::into_inner);
        cells.entry(kind.to_owned()).or_default().clone()
    }

    fn machine(&self, number: u64) -> Result<Arc<Machine>, Value> {
        let machine = self.open().get(&number).cloned();
        machine.ok_or_else(|| json!(format!("machine {number} has ended")))
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Machine>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Machine {
    fn in_folder(home: PathBuf) -> Machine {
        let environment = Environment {
            data_folder: home.join("data"),
            keychain: false,
            passphrase: None,
            speedup: SPEEDUP,
        };
        let desk = Arc::new(TestDesk::new(home.join("documents")));
        Machine {
            door: Door::new(environment, desk.clone()),
            desk,
            home,
        }
    }

    fn documents(&self) -> PathBuf {
        self.home.join("documents")
    }

    async fn call(&self, name: &str, params: Value) -> Answer {
        let answer = self.door.call(name, params).await;
        answer.map_err(|error| serde_json::to_value(error).unwrap_or_else(told))
    }

    /// Opens the one workspace among the documents, and approves it: a copy is unknown to the computer.
    async fn open_what_is_there(&self) -> Result<(), Value> {
        let Some(workspace) = workspace_in(&self.documents()).map_err(told)? else {
            self.desk.emit(Event::Opened { path: None });
            return Ok(());
        };
        self.call("workspaces.open", json!({"path": workspace}))
            .await?;
        let review = self.call("workspaces.review", json!({})).await?;
        let digest = json!({"digest": review["digest"]});
        self.call("workspaces.approve", digest).await?;
        Ok(())
    }

    fn end(&self) {
        self.door.close();
    }
}

fn workspace_in(folder: &Path) -> std::io::Result<Option<PathBuf>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "leadferry") {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn read<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, Value> {
    serde_json::from_value(body).map_err(told)
}

fn told(error: impl std::fmt::Display) -> Value {
    json!(error.to_string())
}
