//! What a front end provides, and what is read from the environment once at the edge.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use secrecy::SecretString;
use serde::Serialize;

use crate::{Code, Error, Result};

/// Why a passphrase is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// The file of secrets exists and is to be opened.
    Open,
    /// There is none yet: a new passphrase is to be chosen, best typed twice.
    Choose,
}

/// How far something is that takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What is being done, in a word or two.
    pub stage: &'static str,
    /// Done so far.
    pub done: u64,
    /// To do in all; 0 while unknown.
    pub total: u64,
}

/// What only a front end can do.
pub trait FrontEnd: Send + Sync {
    /// Asks the user for the passphrase; `None` where there is nobody to ask.
    fn passphrase(&self, ask: Ask) -> Option<SecretString>;

    /// Opens an address in the user's browser; false where that cannot be done.
    fn open_browser(&self, address: &str) -> bool;

    /// Tells the user something while a command is under way.
    fn tell(&self, text: &str);

    /// Shows how far a command is.
    fn step(&self, step: Step);

    /// Tells whether it shows the address and the state of a sign-in by itself, so that it isn't told of them.
    fn shows_sign_ins(&self) -> bool {
        false
    }
}

/// What the environment says; see [`Environment::read`].
#[derive(Clone)]
pub struct Environment {
    /// Where locks and the file of secrets are.
    pub data_folder: PathBuf,
    /// Whether the system's keychain may be used.
    pub keychain: bool,
    /// The passphrase of the file of secrets, where it is given.
    pub passphrase: Option<SecretString>,
    /// Divides waits, towards hosts on this machine only.
    pub speedup: u32,
}

impl Environment {
    /// Reads the environment through `variable`.
    ///
    /// `LEADFERRY_DATA_DIR` names the data folder (otherwise the user's own, as the system has it),
    /// `LEADFERRY_KEYCHAIN=off` leaves the system's keychain alone, `LEADFERRY_PASSPHRASE` opens the file of secrets,
    /// `LEADFERRY_TEST_SPEEDUP` divides waits.
    ///
    /// # Errors
    /// When no data folder can be found.
    pub fn read(variable: impl Fn(&str) -> Option<OsString>) -> Result<Environment> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let text = |name: &str| set(name).and_then(|value| value.into_string().ok());
        let data_folder = match set("LEADFERRY_DATA_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => users_folder(set)?,
        };
        Ok(Environment {
            data_folder,
            keychain: text("LEADFERRY_KEYCHAIN")
                .is_none_or(|value| !value.eq_ignore_ascii_case("off")),
            passphrase: text("LEADFERRY_PASSPHRASE").map(SecretString::from),
            speedup: text("LEADFERRY_TEST_SPEEDUP")
                .and_then(|n| n.parse().ok())
                .unwrap_or(1)
                .max(1),
        })
    }
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment")
            .field("data_folder", &self.data_folder)
            .finish_non_exhaustive()
    }
}

fn users_folder(set: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    let folder = if cfg!(windows) {
        set("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        set("HOME").map(|home| PathBuf::from(home).join("Library/Application Support"))
    } else {
        let own = set("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|folder| folder.is_absolute());
        own.or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".local/share")))
    };
    folder
        .map(|folder| folder.join("leadferry"))
        .ok_or_else(|| {
            let hint = "set LEADFERRY_DATA_DIR to a folder of your own";
            Error::new(Code::Local, "there's no folder for Leadferry's data", hint)
        })
}

/// Returns the time, UTC milliseconds.
pub type Clock = dyn Fn() -> i64 + Send + Sync;

/// A front end and its surroundings.
#[derive(Clone)]
pub struct Host {
    /// What the environment says.
    pub environment: Environment,
    /// The front end.
    pub front_end: Arc<dyn FrontEnd>,
    /// Returns the time, UTC milliseconds.
    pub clock: Arc<Clock>,
}

impl Host {
    /// Returns a host with the system's clock.
    pub fn new(environment: Environment, front_end: Arc<dyn FrontEnd>) -> Host {
        Host {
            environment,
            front_end,
            clock: Arc::new(system_time),
        }
    }

    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host")
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}

fn system_time() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Environment> {
        Environment::read(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_data_folder_can_be_named() {
        let environment =
            read(&[("LEADFERRY_DATA_DIR", "/somewhere"), ("HOME", "/home/a")]).unwrap();
        assert_eq!(environment.data_folder, PathBuf::from("/somewhere"));
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn without_a_name_it_is_the_users_own() {
        let environment = read(&[("HOME", "/home/a"), ("XDG_DATA_HOME", "")]).unwrap();
        assert_eq!(
            environment.data_folder,
            PathBuf::from("/home/a/.local/share/leadferry")
        );
        assert_eq!(read(&[]).unwrap_err().code, Code::Local);
    }

    #[test]
    fn the_keychain_is_used_unless_switched_off() {
        assert!(read(&[("LEADFERRY_DATA_DIR", "/d")]).unwrap().keychain);
        assert!(
            !read(&[("LEADFERRY_DATA_DIR", "/d"), ("LEADFERRY_KEYCHAIN", "off")])
                .unwrap()
                .keychain
        );
    }

    #[test]
    fn the_passphrase_is_never_shown() {
        let environment = read(&[
            ("LEADFERRY_DATA_DIR", "/d"),
            ("LEADFERRY_PASSPHRASE", "hush"),
        ])
        .unwrap();
        assert!(environment.passphrase.is_some());
        assert!(!format!("{environment:?}").contains("hush"));
    }
}
