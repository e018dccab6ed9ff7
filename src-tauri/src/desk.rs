//! What only a desktop can do for the core.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use leadferry_commands::door::{Desk, Event, Pick};
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager as _, Wry};
use tauri_plugin_notification::NotificationExt as _;
use tauri_plugin_store::{Store, StoreExt as _};

use crate::{leaving, opening, pick, window};

/// The desktop that the app runs on.
pub(crate) struct Desktop {
    app: AppHandle,
    preferences: Arc<Store<Wry>>,
    /// Where the page listens; nowhere until it has been loaded.
    page: Mutex<Option<Channel<Event>>>,
    leaving: AtomicBool,
}

impl Desktop {
    /// Returns the desktop; preferences are kept in the data folder, apart from the workspace.
    pub(crate) fn new(app: AppHandle, data_folder: &Path) -> tauri_plugin_store::Result<Desktop> {
        let file = std::path::absolute(data_folder.join("preferences.json"))?;
        crate::private(&file);
        // Each one is saved as it is set: an app that is killed has lost none.
        let preferences = app.store_builder(file).disable_auto_save().build()?;
        Ok(Desktop {
            app,
            preferences,
            page: Mutex::default(),
            leaving: AtomicBool::new(false),
        })
    }

    /// Returns the running app.
    pub(crate) fn app(&self) -> &AppHandle {
        &self.app
    }

    /// Sends what happens to another page from now on: first what is open, and what went wrong when it was opened.
    pub(crate) fn send_to(
        &self,
        page: Channel<Event>,
        path: Option<PathBuf>,
        trouble: Option<String>,
    ) {
        *self.page() = Some(page);
        let nothing_open = path.is_none();
        self.send(Event::Opened { path });
        if let Some(text) = trouble.filter(|_| nothing_open) {
            self.tell(text);
        }
    }

    /// Tells the user something.
    pub(crate) fn tell(&self, text: String) {
        self.send(Event::Told { text });
    }

    /// Sends an event to the page; false where there is none.
    pub(crate) fn send(&self, event: Event) -> bool {
        match &*self.page() {
            Some(page) => page.send(event).is_ok(),
            None => false,
        }
    }

    /// Says that the app is about to end; true the first time.
    pub(crate) fn leave(&self) -> bool {
        !self.leaving.swap(true, Ordering::SeqCst)
    }

    /// Tells whether the app is about to end.
    pub(crate) fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::SeqCst)
    }

    fn page(&self) -> MutexGuard<'_, Option<Channel<Event>>> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk for Desktop {
    fn pick_file(&self, what: Pick) -> Option<PathBuf> {
        pick::file(&self.app, what)
    }

    fn pick_place(&self, what: Pick, name: &str) -> Option<PathBuf> {
        pick::place(&self.app, what, name)
    }

    fn open(&self, address: &str) -> bool {
        leadferry_commands::open_page(address)
    }

    fn open_file(&self, page: &Path) -> bool {
        leadferry_commands::open_file(page)
    }

    fn notify(&self, title: &str, text: &str) {
        if window::is_in_front(&self.app) {
            return;
        }
        let shown = self
            .app
            .notification()
            .builder()
            .title(title)
            .body(text)
            .show();
        if let Err(error) = shown {
            tracing::warn!(%error, "a notification could not be shown");
        }
    }

    fn preference(&self, key: &str) -> Value {
        self.preferences.get(key).unwrap_or(Value::Null)
    }

    fn set_preference(&self, key: &str, value: Value) {
        if key == window::COLOR_SCHEME {
            window::follow(&self.app, &value);
        }
        self.preferences.set(key, value);
        if let Err(error) = self.preferences.save() {
            tracing::warn!(%error, "a preference lasts only until the app ends");
        }
    }

    fn documents(&self) -> PathBuf {
        let folders = self.app.path();
        let documents = folders.document_dir().ok().filter(|folder| folder.is_dir());
        let own = documents.or_else(|| folders.home_dir().ok());
        own.unwrap_or_else(|| std::env::current_dir().unwrap_or_default())
    }

    fn close(&self, keep_running: bool) {
        if keep_running {
            leaving::stay_behind(self);
        } else {
            leaving::stop_and_leave(self);
        }
    }

    fn emit(&self, event: Event) {
        if let Event::Opened { path } = &event {
            opening::remember(self, path.as_deref());
        }
        self.send(event);
    }
}
