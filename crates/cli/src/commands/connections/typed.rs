//! Secrets that are typed, or come on standard input: they never stand in a command line.

use std::io::IsTerminal as _;

use leadferry_commands::{Code, Error, Result};
use secrecy::{ExposeSecret as _, SecretString};

/// Reads one secret, a line, where it was asked for. A terminal doesn't show what is typed.
pub(super) fn typed(wanted: bool, what: &str) -> Result<Option<SecretString>> {
    if !wanted {
        return Ok(None);
    }
    let read = match std::io::stdin().is_terminal() {
        true => rpassword::prompt_password(format!("{what}: ")),
        false => line(),
    };
    let text = SecretString::from(read.map_err(|error| {
        Error::new(
            Code::Usage,
            "the secret couldn't be read",
            "enter the secret on standard input",
        )
        .because(error.to_string())
    })?);
    let secret = text.expose_secret().trim_matches(['\r', '\n']);
    if secret.trim().is_empty() {
        return Err(Error::usage(
            "standard input is empty",
            "enter the secret on one line",
        ));
    }
    Ok(Some(SecretString::from(secret)))
}

fn line() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line)
}
