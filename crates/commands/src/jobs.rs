//! Jobs: work that takes time, seen and stopped from every front end on the same workspace.
//!
//! A job is a file in the data folder, named after the workspace, beside a lock that its process holds: when the
//! process ends, however it ends, the lock is free and the job is gone. Whoever wants it to stop leaves a mark beside
//! it; who does the work looks for the mark at each step. Nothing here is needed for the work itself.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::files;
use crate::locks::FileLock;
use crate::{Code, Error, Result, Workspace};

/// Steps that come quicker are not written down.
const BETWEEN_STEPS: Duration = Duration::from_millis(150);
/// The mark is not looked for more often.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// A process that is killed between the first file of a job and the last is taken to be at it for so long.
const BEGINNING: Duration = Duration::from_secs(60);

/// The work of this process.
static HERE: Mutex<Vec<Weak<Place>>> = Mutex::new(Vec::new());

/// What kind of work a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// A file of contacts comes in, or is looked at.
    Import,
    /// Points are calculated.
    Recalculation,
    /// A plan is made, without or with asking the org.
    Plan,
    /// A run sends.
    Run,
    /// Records are read into the mirror.
    Pull,
    /// Somebody signs in in the browser.
    SignIn,
    /// An org is prepared, tested or asked.
    Org,
    /// Something is written to a file.
    Export,
}

/// Work under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Job {
    /// Its own name.
    pub id: String,
    /// What kind of work it is.
    pub kind: JobKind,
    /// What it is about: a replication, a file, a score.
    pub title: String,
    /// What is being done, in a word or two; empty at first.
    pub stage: String,
    /// Done so far, in the stage's own unit.
    pub done: u64,
    /// To do in all; 0 while unknown.
    pub total: u64,
    /// When it began, UTC milliseconds.
    pub since: i64,
    /// Somebody has asked it to stop.
    pub cancelling: bool,
}

/// A job of this process; it ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    place: Option<Arc<Place>>,
}

#[derive(Debug)]
struct Place {
    file: PathBuf,
    mark: PathBuf,
    lock_file: PathBuf,
    _lock: FileLock,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    job: Job,
    written: Instant,
    looked: Instant,
}

/// Says that work begins. Where that cannot be written down, the work is done all the same.
pub fn begin(workspace: &Workspace, kind: JobKind, title: &str) -> Running {
    let place = place(workspace, kind, title);
    if let Err(error) = &place {
        tracing::warn!(%error, "a job cannot be shown");
    }
    let place = place.ok().map(Arc::new);
    if let Some(place) = &place {
        here().push(Arc::downgrade(place));
    }
    Running { place }
}

/// Returns the work under way in this process, on whichever workspace, the eldest first.
pub fn of_this_process() -> Vec<Job> {
    let places: Vec<Arc<Place>> = here().iter().filter_map(Weak::upgrade).collect();
    places
        .iter()
        .map(|place| place.state().job.clone())
        .collect()
}

/// Asks all work of this process to stop.
pub fn stop_this_process() {
    let places: Vec<Arc<Place>> = here().iter().filter_map(Weak::upgrade).collect();
    for place in places {
        let mut state = place.state();
        state.job.cancelling = true;
        place.write(&state.job);
    }
}

/// Returns the error of work that somebody has cancelled before anything came of it; `what` begins a sentence.
pub(crate) fn cancelled(what: &str) -> Error {
    let message = format!("{what} was canceled.");
    Error::new(Code::Cancelled, message, "Start it again when you need it.")
}

/// Returns the work of this process, less what has ended.
fn here() -> std::sync::MutexGuard<'static, Vec<Weak<Place>>> {
    let mut here = HERE.lock().unwrap_or_else(PoisonError::into_inner);
    here.retain(|place| place.strong_count() > 0);
    here
}

fn place(workspace: &Workspace, kind: JobKind, title: &str) -> Result<Place> {
    let folder = folder(workspace);
    files::make_folder(&folder)?;
    let id = new_id()?;
    let at = |ending: &str| folder.join(format!("{id}.{ending}"));
    let lock_file = at("lock");
    let lock = FileLock::wait(&lock_file)?;
    let job = Job {
        id: id.clone(),
        kind,
        title: title.to_owned(),
        stage: String::new(),
        done: 0,
        total: 0,
        since: workspace.host().now(),
        cancelling: false,
    };
    let place = Place {
        file: at("json"),
        mark: at("cancel"),
        lock_file,
        _lock: lock,
        state: Mutex::new(State {
            job,
            written: Instant::now(),
            looked: Instant::now(),
        }),
    };
    place.write(&place.state().job);
    Ok(place)
}

impl Place {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the job beside its file and moves it there, so that nobody reads half of it.
    fn write(&self, job: &Job) {
        let half = self.file.with_extension("half");
        let text = serde_json::to_vec(job).unwrap_or_default();
        // One that could not be finished would be in the way.
        let _ = std::fs::remove_file(&half);
        let written = files::create_new(&half)
            .and_then(|mut file| file.write_all(&text))
            .and_then(|()| std::fs::rename(&half, &self.file));
        if let Err(error) = written {
            tracing::debug!(%error, "a step of a job is not shown");
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for file in [&self.file, &self.mark, &self.lock_file] {
            // What stays is cleared away by the next look.
            let _ = std::fs::remove_file(file);
        }
    }
}

impl Running {
    /// Says how far the work is.
    pub fn step(&self, stage: &str, done: u64, total: u64) {
        let Some(place) = &self.place else { return };
        let mut state = place.state();
        let new_stage = state.job.stage != stage;
        (state.job.done, state.job.total) = (done, total);
        if new_stage {
            stage.clone_into(&mut state.job.stage);
        }
        if new_stage || state.written.elapsed() >= BETWEEN_STEPS {
            state.written = Instant::now();
            place.write(&state.job);
        }
    }

    /// Tells whether nobody has asked the work to stop.
    pub fn goes_on(&self) -> bool {
        let Some(place) = &self.place else {
            return true;
        };
        let mut state = place.state();
        if !state.job.cancelling && state.looked.elapsed() >= BETWEEN_LOOKS {
            state.looked = Instant::now();
            if place.mark.exists() {
                state.job.cancelling = true;
                place.write(&state.job);
            }
        }
        !state.job.cancelling
    }

    /// Waits until somebody asks the work to stop; for ever, if nobody does.
    pub async fn asked_to_stop(&self) {
        while self.goes_on() {
            tokio::time::sleep(BETWEEN_LOOKS * 2).await;
        }
    }
}

/// Returns the work under way on a workspace, in this and in other processes, the eldest first.
pub fn list(workspace: &Workspace) -> Vec<Job> {
    let Ok(entries) = std::fs::read_dir(folder(workspace)) else {
        return Vec::new();
    };
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut jobs: Vec<Job> = files
        .filter(|file| file.extension().is_some_and(|ending| ending == "json"))
        .filter_map(|file| read(&file))
        .collect();
    jobs.sort_by(|one, other| (one.since, &one.id).cmp(&(other.since, &other.id)));
    jobs
}

/// Reads a job; clears it away when its process has ended.
fn read(file: &Path) -> Option<Job> {
    if has_ended(file) {
        for ending in ["json", "half", "cancel", "lock"] {
            let _ = std::fs::remove_file(file.with_extension(ending));
        }
        return None;
    }
    let mut job: Job = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    job.cancelling |= file.with_extension("cancel").exists();
    Some(job)
}

/// Tells whether the process is gone that wrote a file of a job.
fn has_ended(file: &Path) -> bool {
    let lock_file = file.with_extension("lock");
    if lock_file.exists() {
        return matches!(FileLock::try_take(&lock_file), Ok(Some(_)));
    }
    // Whoever ends removes the lock last, and whoever begins makes it first.
    !is_fresh(file)
}

/// Tells whether a file may have been made by a process that is just beginning or ending.
fn is_fresh(file: &Path) -> bool {
    let made = std::fs::metadata(file).and_then(|data| data.modified());
    made.is_ok_and(|made| made.elapsed().is_ok_and(|age| age < BEGINNING))
}

/// Removes what jobs of any workspace left behind when their process was killed.
pub(crate) fn sweep(workspace: &Workspace) {
    let folders = std::fs::read_dir(all_folders(workspace))
        .into_iter()
        .flatten();
    for folder in folders.filter_map(|entry| Some(entry.ok()?.path())) {
        let files = std::fs::read_dir(folder).into_iter().flatten();
        for file in files.filter_map(|entry| Some(entry.ok()?.path())) {
            // A lock alone may be one that is just being taken; of a job under way nothing is removed.
            let is_lock = file.extension().is_some_and(|ending| ending == "lock");
            if !is_lock || !is_fresh(&file) {
                read(&file);
            }
        }
    }
}

/// Asks a job to stop, whichever process does it; one that has ended already is no error.
///
/// # Errors
/// When the mark cannot be written.
pub fn cancel(workspace: &Workspace, id: &str) -> Result<()> {
    let Some(job) = list(workspace).into_iter().find(|job| job.id == id) else {
        return Ok(());
    };
    let mark = folder(workspace).join(format!("{}.cancel", job.id));
    match files::create_new(&mark) {
        // Whoever asked first has left it.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(Error::file(&mark, &error))
        }
        _ => Ok(()),
    }
}

fn folder(workspace: &Workspace) -> PathBuf {
    let name = files::short_name(workspace.store().path());
    all_folders(workspace).join(name)
}

fn all_folders(workspace: &Workspace) -> PathBuf {
    workspace.host().environment.data_folder.join("jobs")
}

fn new_id() -> Result<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::new(
            Code::Local,
            "this computer provides no random numbers",
            "restart the computer",
        )
        .because(error.to_string())
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
