//! Starts the program anew, in the same process, where its environment is not one that it can work in.
//!
//! A program cannot safely change its own environment while it runs. Two things have to be changed: the web view's
//! DMA-BUF renderer is off unless the user has decided otherwise (with many graphics drivers, and without any, it leaves
//! the window blank), and the passphrase of the file of secrets is taken out, so that neither the web view nor a browser
//! inherits it. It comes back through standard input.

use std::ffi::OsString;

/// The variable that holds the passphrase of the file of secrets.
pub(crate) const PASSPHRASE: &str = "LEADFERRY_PASSPHRASE";

#[cfg(unix)]
mod unix {
    use std::convert::Infallible;
    use std::ffi::{OsStr, OsString};
    use std::io::{self, Read as _, Write as _};
    use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
    use std::os::unix::process::CommandExt as _;
    use std::process::Command;

    use super::PASSPHRASE;

    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    /// Says that the passphrase stands on standard input.
    const HANDED: &str = "LEADFERRY_PASSPHRASE_HANDED_OVER";
    /// Every pipe takes this much before anybody reads.
    const LONGEST: usize = 4096;

    pub(crate) fn settle() {
        let passphrase = std::env::var_os(PASSPHRASE).filter(|text| !text.is_empty());
        let renderer = cfg!(target_os = "linux") && std::env::var_os(RENDERER).is_none();
        if passphrase.is_some() || renderer {
            // Only comes back when it cannot be done; the window may still be fine then.
            let Err(error) = start(passphrase.as_deref(), renderer);
            eprintln!("leadferry: could not start anew with a clean environment: {error}");
        }
    }

    fn start(passphrase: Option<&OsStr>, renderer: bool) -> io::Result<Infallible> {
        let mut anew = Command::new(std::env::current_exe()?);
        let mut arguments = std::env::args_os();
        if let Some(name) = arguments.next() {
            anew.arg0(name);
        }
        anew.args(arguments);
        if renderer {
            anew.env(RENDERER, "1");
        }
        if let Some(passphrase) = passphrase {
            if passphrase.len() > LONGEST {
                return Err(io::Error::other("the passphrase is too long"));
            }
            let (reader, mut writer) = io::pipe()?;
            writer.write_all(passphrase.as_bytes())?;
            anew.stdin(reader).env_remove(PASSPHRASE).env(HANDED, "1");
        }
        Err(anew.exec())
    }

    pub(crate) fn passphrase() -> Option<OsString> {
        std::env::var_os(HANDED)?;
        let mut text = Vec::new();
        let mut input = io::stdin().lock().take(LONGEST as u64);
        input.read_to_end(&mut text).ok()?;
        Some(OsString::from_vec(text)).filter(|text| !text.is_empty())
    }
}

/// Starts the program anew where that is needed.
pub(crate) fn settle() {
    #[cfg(unix)]
    unix::settle();
}

/// Returns the passphrase that was handed over, if one was.
pub(crate) fn passphrase() -> Option<OsString> {
    #[cfg(unix)]
    return unix::passphrase();
    #[cfg(not(unix))]
    None
}
