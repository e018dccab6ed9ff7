//! A workspace in a folder of its own, with a front end that answers for the user.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use leadferry_commands::connections::{self, AddConnection, Flow};
use leadferry_commands::door::{Desk, Event, Pick};
use leadferry_commands::imports::ImportOutcome;
use leadferry_commands::replications::{self, AddReplication, ReplicationChange};
use leadferry_commands::{Ask, Environment, FrontEnd, Host, Step, Workspace};
use secrecy::SecretString;
use serde_json::Value;
use tempfile::TempDir;

/// Answers for the user: one passphrase, and a browser that signs in by itself.
#[derive(Default)]
pub(crate) struct User {
    pub(crate) told: Mutex<Vec<String>>,
    pub(crate) passphrase: Option<&'static str>,
    /// Signs in with the password where the address leads to; None has no browser.
    pub(crate) browser: Option<fn(String, String)>,
    /// The password of the practice org, once it is served.
    pub(crate) password: OnceLock<String>,
}

impl FrontEnd for User {
    fn passphrase(&self, _: Ask) -> Option<SecretString> {
        self.passphrase.map(SecretString::from)
    }
    fn open_browser(&self, address: &str) -> bool {
        match self.browser {
            Some(sign_in) => {
                let password = self.password.get().cloned().unwrap_or_default();
                sign_in(address.to_owned(), password);
                true
            }
            None => false,
        }
    }
    fn tell(&self, text: &str) {
        self.told.lock().unwrap().push(text.to_owned());
    }
    fn step(&self, _: Step) {}
}

/// A machine: a folder with a workspace and the app's data.
pub(crate) struct Machine {
    folder: TempDir,
    pub(crate) user: Arc<User>,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self::with(User {
            passphrase: Some("right"),
            ..User::default()
        })
    }

    pub(crate) fn with(user: User) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            user: Arc::new(user),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("people.leadferry")
    }

    pub(crate) fn host(&self) -> Host {
        let environment = Environment {
            data_folder: self.folder.path().join("data"),
            keychain: false,
            passphrase: None,
            speedup: 100,
        };
        Host::new(environment, self.user.clone())
    }

    pub(crate) fn create(&self) -> Workspace {
        Workspace::create(&self.file(), Some("Test"), self.host()).unwrap()
    }

    pub(crate) fn open(&self) -> Workspace {
        Workspace::open(&self.file(), self.host()).unwrap()
    }

    /// Writes a file with contacts and imports it.
    pub(crate) fn import(&self, workspace: &Workspace, csv: &str) -> ImportOutcome {
        let file = self.folder.path().join("contacts.csv");
        std::fs::write(&file, csv).unwrap();
        let request = leadferry_commands::imports::ImportRequest {
            file,
            create_accounts: true,
            again: true,
            ..Default::default()
        };
        let outcome = leadferry_commands::contacts::import(workspace, &request, &|| true).unwrap();
        assert_eq!(
            outcome.faulty, 0,
            "the test's own rows are sound: {:?}",
            outcome.faults
        );
        outcome
    }
}

/// Returns a request for the practice org.
pub(crate) fn practice(name: &str) -> AddConnection {
    AddConnection {
        name: name.to_owned(),
        flow: Flow::Practice,
        host: None,
        client_id: None,
        client_secret: None,
        callback_port: None,
        user: connections::UserSignIn::default(),
    }
}

/// Returns a workspace that is connected to its practice org.
pub(crate) async fn connected(machine: &Machine) -> Workspace {
    let workspace = machine.create();
    connections::add(&workspace, &practice("Practice"))
        .await
        .unwrap();
    workspace
}

/// Adds a replication of leads to the practice org; `change` says what else it's set to.
pub(crate) fn add_leads(workspace: &Workspace, change: ReplicationChange) {
    let request = AddReplication {
        name: "Leads".to_owned(),
        object: "Lead".to_owned(),
        change: ReplicationChange {
            connection: Some("Practice".to_owned()),
            default_company: Some("(none)".to_owned()),
            ..change
        },
    };
    replications::add(workspace, &request).unwrap();
}

/// A desktop on which nobody sits; what it shows is kept.
#[derive(Default)]
pub(crate) struct Shown(pub(crate) Mutex<Vec<(String, String)>>);

impl Desk for Shown {
    fn pick_file(&self, _: Pick) -> Option<PathBuf> {
        None
    }
    fn pick_place(&self, _: Pick, _: &str) -> Option<PathBuf> {
        None
    }
    fn open(&self, _: &str) -> bool {
        false
    }
    fn notify(&self, title: &str, text: &str) {
        let shown = (title.to_owned(), text.to_owned());
        self.0.lock().unwrap().push(shown);
    }
    fn preference(&self, _: &str) -> Value {
        Value::Null
    }
    fn set_preference(&self, _: &str, _: Value) {}
    fn documents(&self) -> PathBuf {
        PathBuf::new()
    }
    fn close(&self, _: bool) {}
    fn emit(&self, _: Event) {}
}
