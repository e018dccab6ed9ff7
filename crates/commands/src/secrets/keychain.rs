//! The system's keychain.

use keyring::{Entry, Error as Failure};
use secrecy::{ExposeSecret, SecretString};

use super::parts::{self, Ring};
use crate::error::chain;
use crate::{Code, Error, Result};

const SERVICE: &str = "Leadferry";
const PROBE: &str = "probe";

/// Says that the keychain may be used.
pub(super) struct Allowed;

/// The keychain of this user.
struct System;

impl Ring for System {
    fn get(&self, name: &str) -> Result<Option<String>, Failure> {
        match Entry::new(SERVICE, name)?.get_password() {
            Ok(text) => Ok(Some(text)),
            Err(Failure::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn set(&self, name: &str, text: &str) -> Result<(), Failure> {
        Entry::new(SERVICE, name)?.set_password(text)
    }

    fn remove(&self, name: &str) -> Result<(), Failure> {
        match Entry::new(SERVICE, name)?.delete_credential() {
            Ok(()) | Err(Failure::NoEntry) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

pub(super) fn read(_: Allowed, name: &str) -> Result<Option<SecretString>> {
    let read = off_thread(|| parts::read(&System, name));
    Ok(read.map_err(|error| ours(&error))?.map(SecretString::from))
}

pub(super) fn write(_: Allowed, name: &str, secret: &SecretString) -> Result<()> {
    off_thread(|| parts::write(&System, name, secret.expose_secret())).map_err(|error| ours(&error))
}

pub(super) fn remove(_: Allowed, name: &str) -> Result<()> {
    off_thread(|| parts::remove(&System, name)).map_err(|error| ours(&error))
}

/// Tells whether the keychain answers.
pub(super) fn health(allowed: Allowed) -> Result<()> {
    read(allowed, PROBE).map(drop)
}

/// Tries the keychain with a worthless secret: some machines have the service and nothing behind it.
pub(super) fn probe() -> Result<(), Failure> {
    off_thread(|| {
        let entry = Entry::new(SERVICE, PROBE)?;
        entry.set_password(PROBE)?;
        entry.get_password()?;
        entry.delete_credential()
    })
}

/// The keychain's client waits in ways that an async runtime's threads must not.
fn off_thread<T: Send>(work: impl FnOnce() -> Result<T, Failure> + Send) -> Result<T, Failure> {
    std::thread::scope(|scope| {
        let worker = scope.spawn(work);
        worker.join().unwrap_or(Err(Failure::NoDefaultStore))
    })
}

fn ours(error: &Failure) -> Error {
    let hint = match error {
        Failure::NoDefaultStore => {
            "start the desktop's keychain service. Or set LEADFERRY_KEYCHAIN=off and add the connection again, \
             which stores secrets in a file"
        }
        _ => "unlock the keychain and allow Leadferry to use it",
    };
    Error::new(Code::Local, "the system's keychain can't be used", hint).because(
        [what(error), chain(error)]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(": "),
    )
}

/// Says what failed without what was read: some failures carry the bytes.
fn what(error: &Failure) -> String {
    match error {
        Failure::BadEncoding(_) | Failure::BadDataFormat(..) => "an entry can't be read".to_owned(),
        other => other.to_string(),
    }
}
