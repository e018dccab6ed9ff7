//! A desktop without a screen: files are picked as the test says, and what would be shown is kept for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use leadferry_commands::door::{Desk, Event, Pick, RECENT_WORKSPACES};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

/// The desktop of one machine.
pub(crate) struct TestDesk {
    documents: PathBuf,
    state: Mutex<State>,
    /// How many events there have been.
    count: watch::Sender<usize>,
}

/// What has happened on the desktop, and what the user picks next.
#[derive(Default, Serialize)]
pub(crate) struct State {
    /// What every dialog returns; `None` cancels it.
    pick: Option<PathBuf>,
    /// Pages opened in the browser.
    opened: Vec<String>,
    /// Notifications, each as title and text.
    notified: Vec<(String, String)>,
    /// Whether work goes on, for each time that the window was closed.
    closed: Vec<bool>,
    #[serde(skip)]
    preferences: BTreeMap<String, Value>,
    #[serde(skip)]
    events: Vec<Event>,
}

impl TestDesk {
    /// Returns the desktop of a machine on which nothing is open yet.
    pub(crate) fn new(documents: PathBuf) -> TestDesk {
        TestDesk {
            documents,
            state: Mutex::default(),
            count: watch::Sender::new(0),
        }
    }

    /// Says what every dialog returns from now on.
    pub(crate) fn pick(&self, path: Option<PathBuf>) {
        self.state().pick = path;
    }

    /// Returns what has happened so far.
    pub(crate) fn so_far(&self) -> serde_json::Result<Value> {
        serde_json::to_value(&*self.state())
    }

    /// Waits for events beyond the first `after`, and returns them.
    pub(crate) async fn events(&self, after: usize) -> serde_json::Result<Value> {
        let mut count = self.count.subscribe();
        // The sender lives as long as this.
        let _ = count.wait_for(|count| *count > after).await;
        serde_json::to_value(self.state().events.get(after..).unwrap_or_default())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk for TestDesk {
    fn pick_file(&self, _: Pick) -> Option<PathBuf> {
        self.state().pick.clone()
    }

    fn pick_place(&self, _: Pick, _: &str) -> Option<PathBuf> {
        self.state().pick.clone()
    }

    fn open(&self, address: &str) -> bool {
        self.state().opened.push(address.to_owned());
        true
    }

    fn open_file(&self, page: &Path) -> bool {
        self.state().opened.push(page.display().to_string());
        true
    }

    fn notify(&self, title: &str, text: &str) {
        let notification = (title.to_owned(), text.to_owned());
        self.state().notified.push(notification);
    }

    fn preference(&self, key: &str) -> Value {
        let preferences = &self.state().preferences;
        preferences.get(key).cloned().unwrap_or(Value::Null)
    }

    fn set_preference(&self, key: &str, value: Value) {
        self.state().preferences.insert(key.to_owned(), value);
    }

    fn documents(&self) -> PathBuf {
        self.documents.clone()
    }

    fn close(&self, keep_running: bool) {
        self.state().closed.push(keep_running);
    }

    fn emit(&self, event: Event) {
        let mut state = self.state();
        if let Event::Opened { path: Some(path) } = &event {
            let recent = state
                .preferences
                .entry(RECENT_WORKSPACES.to_owned())
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Some(recent) = recent.as_array_mut() {
                let path = Value::from(path.to_string_lossy());
                recent.retain(|other| *other != path);
                recent.insert(0, path);
            }
        }
        state.events.push(event);
        self.count.send_replace(state.events.len());
    }
}
