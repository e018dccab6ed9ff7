//! Connections: the orgs a workspace may talk to. Secrets are never here.

use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};

use crate::{ConnectionId, Error, Reader, Result, Writer};

/// How a connection signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// The practice org beside the workspace; no host and no secrets.
    Practice,
    /// Authorization code with PKCE in the system browser.
    Browser,
    /// Client id and secret of an app with a user of its own.
    ClientCredentials,
    /// An assertion signed with a key whose certificate the app trusts.
    Jwt,
    /// A user's name and password; discouraged, and off in newer orgs.
    Password,
}

impl Flow {
    /// Returns the name as stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Browser => "browser",
            Self::ClientCredentials => "client_credentials",
            Self::Jwt => "jwt",
            Self::Password => "password",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "browser" => Self::Browser,
            "client_credentials" => Self::ClientCredentials,
            "jwt" => Self::Jwt,
            "password" => Self::Password,
            _ => Self::Practice,
        }
    }
}

/// Where the secrets of a connection are; recorded, never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vault {
    /// The system keychain.
    Keychain,
    /// The file sealed with a passphrase.
    File,
}

impl Vault {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::File => "file",
        }
    }

    pub(crate) fn from_name(name: &str) -> Self {
        match name {
            "keychain" => Self::Keychain,
            _ => Self::File,
        }
    }
}

/// Use of the org's 24-hour allowance of API calls, when last seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct Allowance {
    /// Calls used.
    pub used: u64,
    /// Calls allowed.
    pub max: u64,
    /// When the org said so, UTC milliseconds.
    pub seen_at: i64,
}

/// A connection to be stored.
#[derive(Debug, Clone)]
pub struct NewConnection {
    /// Name, unique in the workspace.
    pub name: String,
    /// How it signs in.
    pub flow: Flow,
    /// Login host as a URL; `None` for the practice org.
    pub host: Option<String>,
    /// The app's client id.
    pub client_id: Option<String>,
    /// The loopback port of the callback, where the user fixed one.
    pub callback_port: Option<u16>,
    /// Who signs in, where the flow asks for it.
    pub username: Option<String>,
    /// How it signs in with a key.
    pub jwt: JwtSettings,
}

/// How a connection signs in with a key; all of it is empty for the other flows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct JwtSettings {
    /// The key: SHA-256 of its public half, in hex.
    pub key_id: Option<String>,
    /// Whom the assertion is for; `None` for what the host implies.
    pub audience: Option<String>,
    /// How long an assertion is valid, in seconds; `None` for the default.
    pub lifetime_s: Option<u32>,
}

/// Who signed in, and to which org.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The org's id, 18 characters.
    pub org_id: String,
    /// The org's name.
    pub org_name: Option<String>,
    /// The org's edition.
    pub edition: Option<String>,
    /// Sandbox or production, where known.
    pub sandbox: Option<bool>,
    /// The user's id.
    pub user_id: Option<String>,
    /// The user's name for signing in.
    pub username: Option<String>,
    /// Where API calls go.
    pub instance_url: String,
    /// The API version in use, such as 66.
    pub api_version: u16,
}

/// What is known about a connection beyond the sign-in itself; all of it may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct ConnectionFacts {
    /// The user's own name.
    pub user_name: Option<String>,
    /// The user's profile in the org.
    pub profile: Option<String>,
    /// Rights granted at the last sign-in, separated by spaces; `None` where the answer named none.
    pub scopes: Option<String>,
    /// Whether the last sign-in goes on without the browser.
    pub refreshable: Option<bool>,
    /// Whether the access token is a JSON Web Token; otherwise, it's a session id that only the org can read.
    pub token_is_jwt: Option<bool>,
    /// When the app's key was entered, UTC milliseconds, until somebody signs in: a new app isn't known at once.
    pub key_entered_at: Option<i64>,
    /// When the sign-in was renewed last, UTC milliseconds.
    pub renewed_at: Option<i64>,
    /// When the org was asked last, UTC milliseconds.
    pub checked_at: Option<i64>,
    /// Why the last look at the org failed; `None` when it did not.
    pub trouble: Option<ConnectionTrouble>,
    /// Where the org saw this computer, when that could be read last.
    pub seen_address: Option<SeenAddress>,
}

/// The IP address that an org saw a sign-in come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct SeenAddress {
    /// The address.
    pub ip: String,
    /// When it signed in, UTC milliseconds.
    pub at: i64,
}

/// Why a connection did not work when it was tried last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ConnectionTrouble {
    /// What happened.
    pub message: String,
    /// Why; empty where no more is known.
    pub cause: String,
    /// What to do.
    pub cure: String,
    /// Whether someone has to sign in again.
    pub needs_sign_in: bool,
}

/// An org that the workspace may talk to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Connection {
    /// Id.
    pub id: ConnectionId,
    /// Name.
    pub name: String,
    /// How it signs in.
    pub flow: Flow,
    /// Login host as a URL; `None` for the practice org.
    pub host: Option<String>,
    /// The app's client id.
    pub client_id: Option<String>,
    /// The loopback port of the callback, where the user fixed one.
    pub callback_port: Option<u16>,
    /// Whether a client secret is kept.
    pub has_secret: bool,
    /// Where the secrets are.
    pub vault: Option<Vault>,
    /// The org's id, once signed in.
    pub org_id: Option<String>,
    /// The org's name.
    pub org_name: Option<String>,
    /// The org's edition.
    pub edition: Option<String>,
    /// Sandbox or production, where known.
    pub sandbox: Option<bool>,
    /// The user's id.
    pub user_id: Option<String>,
    /// The user's name for signing in.
    pub username: Option<String>,
    /// Where API calls go.
    pub instance_url: Option<String>,
    /// The API version in use.
    pub api_version: Option<u16>,
    /// The 24-hour allowance, when last seen.
    pub allowance: Option<Allowance>,
    /// When the last sign-in succeeded, UTC milliseconds.
    pub signed_in_at: Option<i64>,
    /// How it signs in with a key.
    pub jwt: JwtSettings,
    /// When the key's certificate ends, UTC milliseconds.
    pub certificate_expires_at: Option<i64>,
    /// What else is known.
    pub facts: ConnectionFacts,
}

/// What may be changed about a connection; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectionChange {
    /// Its name.
    pub name: Option<String>,
    /// Login host as a URL.
    pub host: Option<String>,
    /// The app's client id.
    pub client_id: Option<String>,
    /// The callback's own port, or none of its own.
    pub callback_port: Option<Option<u16>>,
    /// How it signs in.
    pub flow: Option<Flow>,
    /// Who signs in.
    pub username: Option<String>,
    /// How it signs in with a key.
    pub jwt: Option<JwtSettings>,
}

/// A set-up that somebody has begun, as the front end left it; never with a secret in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionDraft {
    /// Its number.
    pub number: u32,
    /// What was typed and ticked, as JSON.
    pub body: String,
}

const SELECT: &str = "
SELECT id, name, flow, host, client_id, callback_port, has_secret, vault, org_id, org_name, edition, sandbox, user_id,
       username, instance_url, api_version, api_used, api_max, api_seen_at, signed_in_at, key_id, audience, lifetime_s,
       (SELECT expires_at FROM signing_keys WHERE signing_keys.id = connections.key_id) AS certificate_expires_at,
       (SELECT value FROM settings WHERE key = 'connection ' || connections.id) AS facts
FROM connections";

fn connection(row: &Row<'_>) -> rusqlite::Result<Connection> {
    let allowance = match (
        row.get("api_used")?,
        row.get("api_max")?,
        row.get("api_seen_at")?,
    ) {
        (Some(used), Some(max), Some(seen_at)) => Some(Allowance { used, max, seen_at }),
        _ => None,
    };
    Ok(Connection {
        id: row.get("id")?,
        name: row.get("name")?,
        flow: Flow::from_name(row.get_ref("flow")?.as_str()?),
        host: row.get("host")?,
        client_id: row.get("client_id")?,
        callback_port: row.get("callback_port")?,
        has_secret: row.get("has_secret")?,
        vault: row
            .get::<_, Option<String>>("vault")?
            .as_deref()
            .map(Vault::from_name),
        org_id: row.get("org_id")?,
        org_name: row.get("org_name")?,
        edition: row.get("edition")?,
        sandbox: row.get("sandbox")?,
        user_id: row.get("user_id")?,
        username: row.get("username")?,
        instance_url: row.get("instance_url")?,
        api_version: row.get("api_version")?,
        allowance,
        signed_in_at: row.get("signed_in_at")?,
        jwt: JwtSettings {
            key_id: row.get("key_id")?,
            audience: row.get("audience")?,
            lifetime_s: row.get("lifetime_s")?,
        },
        certificate_expires_at: row.get("certificate_expires_at")?,
        // What cannot be read is merely not known.
        facts: row
            .get::<_, Option<String>>("facts")?
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default(),
    })
}

impl Reader<'_> {
    /// Returns all connections by name.
    pub fn connections(&self) -> Result<Vec<Connection>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY name"))?;
        Ok(statement
            .query_map([], connection)?
            .collect::<Result<_, _>>()?)
    }

    /// Returns one connection.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn connection(&self, id: ConnectionId) -> Result<Connection> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = :id"))?
            .query_row(named_params! { ":id": id }, connection)
            .optional()?
            .ok_or_else(|| Error::not_found("connection", id))
    }

    /// Returns the connection of this name, without regard to case.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn connection_named(&self, name: &str) -> Result<Connection> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE name = :name"))?
            .query_row(named_params! { ":name": name }, connection)
            .optional()?
            .ok_or_else(|| self.unknown("connection", "SELECT name FROM connections", name))
    }
}

impl Reader<'_> {
    /// Returns the names of the replications that use a connection.
    pub fn users_of_connection(&self, id: ConnectionId) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT name FROM replications WHERE connection_id = :id ORDER BY name",
        )?;
        let names = statement.query_map(named_params! { ":id": id }, |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// Returns the set-ups that have been begun, the eldest first.
    pub fn connection_drafts(&self) -> Result<Vec<ConnectionDraft>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT CAST(substr(key, length('connection draft ') + 1) AS INTEGER) AS number, value FROM settings
             WHERE key >= 'connection draft ' AND key < 'connection draft!' ORDER BY number",
        )?;
        let drafts = statement.query_map([], |row| {
            Ok(ConnectionDraft {
                number: row.get("number")?,
                body: row.get("value")?,
            })
        })?;
        Ok(drafts.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Changes a connection; links, describes and replications stay with it.
    ///
    /// # Errors
    /// [`Error::NameTaken`], [`Error::NotFound`].
    pub fn change_connection(&self, id: ConnectionId, change: &ConnectionChange) -> Result<()> {
        let before = self.connection(id)?;
        let name = change.name.as_ref().unwrap_or(&before.name);
        let jwt = change.jwt.as_ref().unwrap_or(&before.jwt);
        if self
            .connection_named(name)
            .is_ok_and(|other| other.id != id)
        {
            return Err(Error::NameTaken {
                kind: "connection",
                name: name.clone(),
            });
        }
        self.connection
            .prepare_cached(
                "UPDATE connections SET name = :name, host = :host, client_id = :client_id, callback_port = :callback_port,
                   flow = :flow, username = :username, key_id = :key_id, audience = :audience, lifetime_s = :lifetime_s
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":name": name, ":host": change.host.as_ref().or(before.host.as_ref()),
                ":client_id": change.client_id.as_ref().or(before.client_id.as_ref()),
                ":callback_port": change.callback_port.unwrap_or(before.callback_port),
                ":flow": change.flow.unwrap_or(before.flow).name(),
                ":username": change.username.as_ref().or(before.username.as_ref()),
                ":key_id": jwt.key_id, ":audience": jwt.audience, ":lifetime_s": jwt.lifetime_s, ":id": id,
            })?;
        Ok(())
    }

    /// Records what is known about a connection.
    pub fn set_connection_facts(&self, id: ConnectionId, facts: &ConnectionFacts) -> Result<()> {
        let text = serde_json::to_string(facts)
            .map_err(|error| Error::unreadable("facts of a connection", error))?;
        self.set_setting(&format!("connection {}", id.0), &text)
    }

    /// Keeps a set-up that has been begun.
    pub fn save_connection_draft(&self, draft: &ConnectionDraft) -> Result<()> {
        self.set_setting(&format!("connection draft {}", draft.number), &draft.body)
    }

    /// Forgets a set-up; one that is not there is no error.
    pub fn remove_connection_draft(&self, number: u32) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM settings WHERE key = 'connection draft ' || :number")?
            .execute(named_params! { ":number": number })?;
        Ok(())
    }
}

/// A pause that an org's faults have asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pause {
    /// Nothing is asked or sent before, UTC milliseconds.
    pub until: i64,
    /// Faults in a row so far.
    pub faults: u32,
}

impl Reader<'_> {
    /// Returns the pause of an org; none has ended long ago.
    pub fn org_pause(&self, org_id: &str) -> Result<Pause> {
        let stored: Option<String> = self
            .connection
            .prepare_cached("SELECT value FROM settings WHERE key = 'pause ' || :org")?
            .query_row(named_params! { ":org": org_id }, |row| row.get(0))
            .optional()?;
        Ok(stored
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }
}

impl Writer<'_> {
    /// Records the pause of an org, for later processes too; the default ends it.
    pub fn set_org_pause(&self, org_id: &str, pause: Pause) -> Result<()> {
        let text =
            serde_json::to_string(&pause).map_err(|error| Error::unreadable("pause", error))?;
        self.connection
            .prepare_cached(
                "INSERT INTO settings (key, value) VALUES ('pause ' || :org, :pause)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute(named_params! { ":org": org_id, ":pause": text })?;
        Ok(())
    }

    /// Stores a new connection.
    ///
    /// # Errors
    /// [`Error::NameTaken`].
    pub fn add_connection(&self, new: &NewConnection, now: i64) -> Result<ConnectionId> {
        if self.connection_named(&new.name).is_ok() {
            return Err(Error::NameTaken {
                kind: "connection",
                name: new.name.clone(),
            });
        }
        self.connection
            .prepare_cached(
                "INSERT INTO connections (name, flow, host, client_id, callback_port, username, key_id, audience, lifetime_s,
                   created_at)
                 VALUES (:name, :flow, :host, :client_id, :callback_port, :username, :key_id, :audience, :lifetime_s, :now)",
            )?
            .execute(named_params! {
                ":name": new.name, ":flow": new.flow.name(), ":host": new.host, ":client_id": new.client_id,
                ":callback_port": new.callback_port, ":username": new.username, ":key_id": new.jwt.key_id,
                ":audience": new.jwt.audience, ":lifetime_s": new.jwt.lifetime_s, ":now": now,
            })?;
        Ok(ConnectionId(self.connection.last_insert_rowid()))
    }

    /// Records where the secrets of a connection are.
    pub fn set_vault(
        &self,
        id: ConnectionId,
        vault: Option<Vault>,
        has_secret: bool,
    ) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE connections SET vault = :vault, has_secret = :has_secret WHERE id = :id")?
            .execute(named_params! { ":vault": vault.map(Vault::name), ":has_secret": has_secret, ":id": id })?;
        Ok(())
    }

    /// Binds a connection to the org that was signed in to.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is bound to another org.
    pub fn bind_connection(&self, id: ConnectionId, to: &SignedIn, now: i64) -> Result<()> {
        let bound = self.connection(id)?;
        if bound.org_id.as_ref().is_some_and(|org| *org != to.org_id) {
            return Err(Error::Refused(format!(
                "connection \"{}\" belongs to org {}, but this sign-in is for org {}; add another connection \
                 for this org",
                bound.name,
                bound.org_id.unwrap_or_default(),
                to.org_id
            )));
        }
        self.connection
            .prepare_cached(
                "UPDATE connections SET
                   org_id = :org_id, org_name = coalesce(:org_name, org_name), edition = coalesce(:edition, edition),
                   sandbox = coalesce(:sandbox, sandbox), user_id = coalesce(:user_id, user_id),
                   username = CASE WHEN flow IN ('jwt','password') THEN username ELSE coalesce(:username, username) END,
                   instance_url = :instance_url,
                   api_version = :api_version, signed_in_at = :now
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":org_id": to.org_id, ":org_name": to.org_name, ":edition": to.edition, ":sandbox": to.sandbox,
                ":user_id": to.user_id, ":username": to.username, ":instance_url": to.instance_url,
                ":api_version": to.api_version, ":now": now, ":id": id,
            })?;
        Ok(())
    }

    /// Records the allowance that the org last told.
    pub(crate) fn set_allowance(&self, id: ConnectionId, allowance: Allowance) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE connections SET api_used = :used, api_max = :max, api_seen_at = :seen_at WHERE id = :id",
            )?
            .execute(named_params! {
                ":used": allowance.used, ":max": allowance.max, ":seen_at": allowance.seen_at, ":id": id,
            })?;
        Ok(())
    }

    /// Removes a connection; links to the org's records stay, for a later connection to the same org.
    ///
    /// # Errors
    /// [`Error::Refused`] while a replication uses it.
    pub fn remove_connection(&self, id: ConnectionId) -> Result<()> {
        let user: Option<String> = self
            .connection
            .prepare_cached("SELECT name FROM replications WHERE connection_id = :id")?
            .query_row(named_params! { ":id": id }, |row| row.get(0))
            .optional()?;
        if let Some(name) = user {
            return Err(Error::Refused(format!(
                "replication \"{name}\" uses this connection; choose another connection for it, or remove it \
                 first"
            )));
        }
        self.connection
            .prepare_cached("DELETE FROM settings WHERE key = 'connection ' || :id")?
            .execute(named_params! { ":id": id })?;
        self.connection
            .prepare_cached("DELETE FROM connections WHERE id = :id")?
            .execute(named_params! { ":id": id })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, workspace};

    fn new(name: &str) -> NewConnection {
        NewConnection {
            name: name.to_owned(),
            flow: Flow::Browser,
            host: Some("https://acme.my.salesforce.com".to_owned()),
            client_id: Some("key".to_owned()),
            callback_port: Some(18_533),
            username: None,
            jwt: JwtSettings::default(),
        }
    }

    #[test]
    fn what_is_not_changed_stays() {
        let workspace = workspace();
        let id = workspace
            .write(|writer| writer.add_connection(&new("Acme"), NOW))
            .unwrap();
        let change = ConnectionChange {
            name: Some("ACME".to_owned()),
            callback_port: Some(None),
            ..ConnectionChange::default()
        };
        workspace
            .write(|writer| writer.change_connection(id, &change))
            .unwrap();
        let changed = workspace.read(|reader| reader.connection(id)).unwrap();
        assert_eq!(changed.name, "ACME", "its own name is not taken");
        assert_eq!(changed.callback_port, None);
        assert_eq!(changed.client_id.as_deref(), Some("key"));
    }

    #[test]
    fn another_connections_name_is_taken() {
        let workspace = workspace();
        workspace
            .write(|writer| writer.add_connection(&new("Acme"), NOW))
            .unwrap();
        let id = workspace
            .write(|writer| writer.add_connection(&new("Other"), NOW))
            .unwrap();
        let change = ConnectionChange {
            name: Some("acme".to_owned()),
            ..ConnectionChange::default()
        };
        let refused = workspace.write(|writer| writer.change_connection(id, &change));
        assert!(matches!(refused, Err(Error::NameTaken { .. })));
    }

    #[test]
    fn facts_go_with_their_connection() {
        let workspace = workspace();
        let id = workspace
            .write(|writer| writer.add_connection(&new("Acme"), NOW))
            .unwrap();
        let facts = ConnectionFacts {
            scopes: Some("api".to_owned()),
            ..ConnectionFacts::default()
        };
        workspace
            .write(|writer| writer.set_connection_facts(id, &facts))
            .unwrap();
        let known = workspace.read(|reader| reader.connection(id)).unwrap();
        assert_eq!(known.facts, facts);
        workspace
            .write(|writer| writer.remove_connection(id))
            .unwrap();
        let left = workspace.number("SELECT count(*) FROM settings WHERE key LIKE 'connection %'");
        assert_eq!(left, 0);
    }

    #[test]
    fn drafts_are_listed_by_number_and_are_no_facts() {
        let workspace = workspace();
        for number in [10, 2] {
            let draft = ConnectionDraft {
                number,
                body: "{}".to_owned(),
            };
            workspace
                .write(|writer| writer.save_connection_draft(&draft))
                .unwrap();
        }
        let numbers = |drafts: Vec<ConnectionDraft>| -> Vec<u32> {
            drafts.iter().map(|draft| draft.number).collect()
        };
        let drafts = workspace.read(|reader| reader.connection_drafts()).unwrap();
        assert_eq!(numbers(drafts), [2, 10]);
        workspace
            .write(|writer| writer.remove_connection_draft(2))
            .unwrap();
        let drafts = workspace.read(|reader| reader.connection_drafts()).unwrap();
        assert_eq!(numbers(drafts), [10]);
    }
}
