//! What opens an org. Each file has secrets of its own.

use std::fmt;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::{Org, opening};
use crate::json::{self, Json};
use crate::secret::{random_hex, random_password};
use crate::{Error, Result, built_in};

/// The secret of the built-in app in files made before each had its own.
const FORMER_CLIENT_SECRET: &str = "PRACTICE0SECRET";

/// What opens one org: random, made with its file and kept in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    /// Consumer secret of the built-in app.
    pub client_secret: String,
    /// Password of the built-in user.
    pub password: String,
    /// Signs the proof that a server holds the file.
    pub(crate) proof_key: String,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secrets(hidden)")
    }
}

/// Reads the secrets of the org in `file`, whoever serves it.
///
/// # Errors
/// [`Error::Altered`] when it holds anything that isn't ours or cannot be read,
/// [`Error::Foreign`] when it belongs to another user, and [`Error::NoSecrets`] when no org was ever served from it, or none since files have secrets of their own.
pub fn secrets(file: &Path) -> Result<Secrets> {
    crate::files::must_be_mine(file)?;
    let secrets = read(&opening::existing(file)?);
    secrets
        .map_err(|error| opening::named(error, file))?
        .ok_or(Error::NoSecrets)
}

fn read(conn: &Connection) -> Result<Option<Secrets>> {
    let one = |sql: &str, name: &str| {
        let text = conn.query_row(sql, [name], |row| row.get::<_, String>(0));
        text.optional()
    };
    let tables = "SELECT name FROM sqlite_schema WHERE name = ?1";
    if one(tables, "apps")?.is_none() || one(tables, "settings")?.is_none() {
        return Ok(None);
    }
    let text = |json: Option<String>, member: Option<&str>| {
        let json = json::parse(&json?).ok()?;
        let value = member.map_or(Some(&json), |name| json.get(name));
        value.and_then(Json::as_str).map(str::to_owned)
    };
    let setting = "SELECT value FROM settings WHERE name = ?1";
    let app = "SELECT definition FROM apps WHERE client_id = ?1";
    let password = text(one(setting, "password")?, None);
    let proof_key = text(one(setting, "proof_key")?, None);
    let client_secret = text(one(app, built_in::CLIENT_ID)?, Some("client_secret"));
    let all = password.zip(proof_key).zip(client_secret);
    Ok(all.map(|((password, proof_key), client_secret)| Secrets {
        client_secret,
        password,
        proof_key,
    }))
}

impl Org {
    /// Makes the secrets that the file lacks, and replaces the one that every file had once.
    pub(super) fn make_secrets(&self) -> Result<()> {
        if self.setting("password")?.is_none() {
            self.set_setting("password", &random_password()?.into())?;
        }
        if self.setting("proof_key")?.is_none() {
            self.set_setting("proof_key", &random_hex(32)?.into())?;
        }
        let Some(mut app) = self.app(built_in::CLIENT_ID)? else {
            return Ok(());
        };
        if app
            .secret
            .as_deref()
            .is_none_or(|secret| secret == FORMER_CLIENT_SECRET)
        {
            app.secret = Some(random_hex(32)?.to_uppercase());
            self.store_app(&app)?;
        }
        Ok(())
    }

    /// The secrets of this org.
    pub(crate) fn secrets(&self) -> Result<Secrets> {
        read(&self.conn)?.ok_or(Error::NoSecrets)
    }
}
