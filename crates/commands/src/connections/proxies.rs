//! The proxy that requests go through: the system's, none, or one that is set here for this computer.

use std::path::PathBuf;

use leadferry_salesforce::Proxy;
use serde::{Deserialize, Serialize};

use crate::{Code, Environment, Error, Result, files};

/// Where it is kept. It belongs to the computer: a workspace that moves elsewhere doesn't take it along.
const FILE: &str = "network.json";
/// No such file is larger.
const MOST_BYTES: u64 = 10_000;

/// The proxy in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ProxySetting {
    /// `system`, `none`, or the address.
    pub proxy: String,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    proxy: String,
}

/// Returns the proxy in use.
pub fn proxy() -> ProxySetting {
    ProxySetting {
        proxy: Proxy::chosen().to_string(),
    }
}

/// Sets the proxy of this computer: `system`, `none`, or an address such as `proxy.acme.com:8080`.
///
/// # Errors
/// When it is none of them, has a password in it, or can't be kept.
pub fn set_proxy(environment: &Environment, text: &str) -> Result<ProxySetting> {
    let chosen: Proxy = text
        .parse()
        .map_err(|error| Error::from(error).at("proxy"))?;
    let kept = Kept {
        proxy: chosen.to_string(),
    };
    let text = serde_json::to_vec(&kept).map_err(|error| {
        Error::new(Code::Local, "the proxy couldn't be saved", "try again")
            .because(error.to_string())
    })?;
    files::make_folder(&environment.data_folder)?;
    files::write(&file(environment), &text)?;
    chosen.choose();
    Ok(proxy())
}

/// Makes requests use the proxy that was set on this computer. One that can't be read is told, and the system's is used.
pub(crate) fn use_kept(environment: &Environment) -> Result<()> {
    match kept(environment) {
        Ok(proxy) => {
            proxy.choose();
            Ok(())
        }
        Err(error) => {
            Proxy::System.choose();
            Err(error)
        }
    }
}

fn kept(environment: &Environment) -> Result<Proxy> {
    let file = file(environment);
    let broken = || {
        Error::new(
            Code::Local,
            format!("the proxy in {} can't be read", file.display()),
            "set the proxy again. Until then, the system's is used",
        )
        .with_command("connections proxy system")
    };
    match std::fs::metadata(&file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Proxy::System),
        Ok(data) if data.is_file() && data.len() <= MOST_BYTES => {}
        _ => return Err(broken()),
    }
    let text = std::fs::read(&file).map_err(|error| Error::file(&file, &error))?;
    let kept: Kept = serde_json::from_slice(&text).map_err(|_| broken())?;
    kept.proxy.parse().map_err(|_| broken())
}

fn file(environment: &Environment) -> PathBuf {
    environment.data_folder.join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_kept_for_the_next_start_and_a_broken_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment {
            data_folder: folder.path().to_owned(),
            keychain: false,
            passphrase: None,
            speedup: 1,
        };
        assert_eq!(kept(&environment).unwrap(), Proxy::System);
        assert!(set_proxy(&environment, "http://me:secret@proxy").is_err());
        let set = set_proxy(&environment, "none").unwrap();
        assert_eq!(set.proxy, "none");
        assert_eq!(kept(&environment).unwrap(), Proxy::None);
        std::fs::write(folder.path().join(FILE), "{").unwrap();
        assert!(use_kept(&environment).is_err());
        Proxy::System.choose();
    }
}
