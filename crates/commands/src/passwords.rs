//! Passwords of users, for orgs that still let them in that way.

use leadferry_store::Connection;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::secrets::{Entry, Secrets};
use crate::{Code, Error, Result, quoted};

/// What the vault keeps, as JSON.
#[derive(Serialize, Deserialize)]
struct Held {
    password: String,
    security_token: String,
}

/// Keeps a user's password and security token; it is durable when this returns.
///
/// The token is empty where the user's network is trusted: Salesforce asks for none there.
pub(crate) fn keep(
    connection: &Connection,
    secrets: &Secrets,
    password: &SecretString,
    security_token: Option<&SecretString>,
) -> Result<()> {
    let (Some(vault), Some(entry)) = (connection.vault, Entry::of_password(connection)) else {
        return Err(not_here(connection));
    };
    let token = security_token.map(|token| token.expose_secret().trim());
    let held = Held {
        password: password.expose_secret().to_owned(),
        security_token: token.unwrap_or_default().to_owned(),
    };
    let text = serde_json::to_string(&held).map_err(|_| not_here(connection))?;
    secrets.write(vault, &entry, &text.into())
}

/// Returns what Salesforce takes for a password: the password with the security token behind it.
pub(crate) fn read(connection: &Connection, secrets: &Secrets) -> Result<SecretString> {
    let held = held(connection, secrets)?.ok_or_else(|| not_here(connection))?;
    Ok(format!("{}{}", held.password, held.security_token).into())
}

/// Keeps another security token with the password that is kept.
pub(crate) fn keep_token(
    connection: &Connection,
    secrets: &Secrets,
    security_token: &SecretString,
) -> Result<()> {
    let held = held(connection, secrets)?.ok_or_else(|| not_here(connection))?;
    keep(
        connection,
        secrets,
        &held.password.into(),
        Some(security_token),
    )
}

fn held(connection: &Connection, secrets: &Secrets) -> Result<Option<Held>> {
    let (Some(vault), Some(entry)) = (connection.vault, Entry::of_password(connection)) else {
        return Ok(None);
    };
    let text = secrets.read(vault, &entry)?;
    Ok(text.and_then(|text| serde_json::from_str(text.expose_secret()).ok()))
}

fn not_here(connection: &Connection) -> Error {
    Error::new(
        Code::SignIn,
        format!(
            "The password of \"{}\" isn't stored on this computer.",
            connection.name
        ),
        "Enter the password again, or switch to signing in with the browser.",
    )
    .because("A password stays on the computer, and with the host, app and user, that it was entered for.")
    .with_command(format!(
        "connections set {} --password-stdin",
        quoted(&connection.name)
    ))
}
