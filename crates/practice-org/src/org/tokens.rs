//! Access tokens, refresh tokens and authorization codes. The file keeps only their hashes.
//!
//! A token is looked up by its hash, so how long that takes tells nothing about any token.

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::{App, Org, values};
use crate::Result;
use crate::secret::{hex, random_hex};

/// Minutes an authorization code lives.
const CODE_MINUTES: i64 = 15;

/// Most refresh tokens per app; a further one ends the oldest.
const MOST_GRANTS: i64 = 5;

/// A session that is alive.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// Scopes it was given.
    pub(crate) scope: String,
    /// Its app.
    pub(crate) client_id: String,
}

/// What a code stands for.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// The app it was made for.
    pub(crate) client_id: String,
    /// Scopes agreed to.
    pub(crate) scope: String,
    /// Where it was sent.
    pub(crate) redirect_uri: String,
    /// Challenge that the verifier must meet.
    pub(crate) challenge: Option<String>,
    /// Used before or too old.
    pub(crate) expired: bool,
}

impl Org {
    /// Opens a session and returns its token.
    pub(crate) fn open_session(
        &self,
        app: &App,
        scope: &str,
        refresh: Option<&str>,
    ) -> Result<String> {
        self.forget_expired()?;
        let token = format!("{}!AQ{}", &self.id[..15], random_hex(40)?);
        let refresh = refresh.map(hash);
        self.conn.execute(
            "INSERT INTO sessions (hash, client_id, scope, refresh, used_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![hash(&token), app.client_id, scope, refresh, values::now_ms()],
        )?;
        Ok(token)
    }

    /// The live session of this token; asking keeps it alive.
    pub(crate) fn session(&self, token: &str) -> rusqlite::Result<Option<Session>> {
        let (now, hash) = (values::now_ms(), hash(token));
        let lifetime = self.number("session_seconds", 7200)? * 1000;
        let sql = "SELECT scope, client_id, used_at FROM sessions WHERE hash = ?1";
        let read = |row: &rusqlite::Row<'_>| {
            Ok((
                Session {
                    scope: row.get(0)?,
                    client_id: row.get(1)?,
                },
                row.get::<_, i64>(2)?,
            ))
        };
        let Some((session, used_at)) = self
            .conn
            .prepare_cached(sql)?
            .query_row([&hash], read)
            .optional()?
        else {
            return Ok(None);
        };
        if now - used_at >= lifetime {
            self.conn
                .execute("DELETE FROM sessions WHERE hash = ?1", [&hash])?;
            return Ok(None);
        }
        // A write per request would be wasteful; a tenth of the lifetime is near enough.
        if now - used_at > lifetime / 10 {
            self.conn.execute(
                "UPDATE sessions SET used_at = ?2 WHERE hash = ?1",
                params![hash, now],
            )?;
        }
        Ok(Some(session))
    }

    /// Drops what nobody can use any more, so that the file does not grow with every sign-in.
    fn forget_expired(&self) -> rusqlite::Result<()> {
        let now = values::now_ms();
        let lifetime = self.number("session_seconds", 7200)? * 1000;
        let sql = "DELETE FROM sessions WHERE used_at <= ?1";
        self.conn.execute(sql, [now - lifetime])?;
        // A code answers as expired, and not as unknown, for some time after.
        let oldest = now - 24 * 60 * 60_000;
        for table in ["codes", "tickets"] {
            let sql = format!("DELETE FROM {table} WHERE made_at < ?1");
            self.conn.execute(&sql, [oldest])?;
        }
        self.forget_owners()
    }

    /// Ends every session, as a timeout does.
    pub(crate) fn expire_sessions(&self) -> rusqlite::Result<usize> {
        self.conn.execute("DELETE FROM sessions", [])
    }

    /// Ends every refresh token too.
    pub(crate) fn revoke_everything(&self) -> rusqlite::Result<usize> {
        Ok(self.expire_sessions()? + self.conn.execute("DELETE FROM refresh_tokens", [])?)
    }

    /// Hands out a refresh token.
    pub(crate) fn grant_refresh(&self, app: &App, scope: &str) -> Result<String> {
        let token = format!("5Aep861{}", random_hex(36)?);
        self.conn.execute(
            "INSERT INTO refresh_tokens (hash, client_id, scope, made_at) VALUES (?1, ?2, ?3, ?4)",
            params![hash(&token), app.client_id, scope, values::now_ms()],
        )?;
        self.conn.execute(
            "DELETE FROM refresh_tokens WHERE client_id = ?1 AND replaced = 0 AND hash NOT IN (
                 SELECT hash FROM refresh_tokens WHERE client_id = ?1 AND replaced = 0 ORDER BY made_at DESC, rowid DESC LIMIT ?2)",
            params![app.client_id, MOST_GRANTS],
        )?;
        Ok(token)
    }

    /// Whether a user has allowed the app in the browser, and it lives on.
    pub(crate) fn has_allowed(&self, user: &str, app: &App) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (
                       SELECT 1 FROM refresh_tokens WHERE client_id = ?1 AND replaced = 0
                         AND ?2 = coalesce((SELECT value ->> '$' FROM settings WHERE name = 'user.' || hash), ?3))";
        self.conn
            .query_row(sql, [&app.client_id, user, &self.user], |row| row.get(0))
    }

    /// The scopes of a refresh token that still works for this app.
    pub(crate) fn refresh_scope(&self, token: &str, app: &App) -> rusqlite::Result<Option<String>> {
        let replaced_works = self.is_on("rotated_refresh_token_still_works")?;
        let sql = "SELECT scope FROM refresh_tokens WHERE hash = ?1 AND client_id = ?2 AND (replaced = 0 OR ?3)";
        self.conn
            .query_row(
                sql,
                params![hash(token), app.client_id, replaced_works],
                |row| row.get(0),
            )
            .optional()
    }

    /// Marks a refresh token as replaced by a newer one.
    pub(crate) fn replace_refresh(&self, token: &str) -> rusqlite::Result<()> {
        self.conn.execute(
            "UPDATE refresh_tokens SET replaced = 1 WHERE hash = ?1",
            [hash(token)],
        )?;
        Ok(())
    }

    /// Ends a token of either kind; a refresh token takes its sessions along. False if it was unknown.
    pub(crate) fn revoke(&self, token: &str) -> rusqlite::Result<bool> {
        let hash = hash(token);
        let sessions = self.conn.execute(
            "DELETE FROM sessions WHERE hash = ?1 OR refresh = ?1",
            [&hash],
        )?;
        let grants = self
            .conn
            .execute("DELETE FROM refresh_tokens WHERE hash = ?1", [&hash])?;
        Ok(sessions + grants > 0)
    }

    /// Makes a code for a consent just given.
    pub(crate) fn make_code(&self, grant: &Grant) -> Result<String> {
        let padding = if self.is_on("code_ends_with_padding")? {
            "=="
        } else {
            ""
        };
        let code = format!("aPrx{}{padding}", random_hex(30)?);
        self.conn.execute(
            "INSERT INTO codes (hash, client_id, scope, redirect_uri, challenge, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![hash(&code), grant.client_id, grant.scope, grant.redirect_uri, grant.challenge, values::now_ms()],
        )?;
        Ok(code)
    }

    /// Takes a code; a second time it is expired.
    pub(crate) fn take_code(&self, code: &str) -> rusqlite::Result<Option<Grant>> {
        let oldest = values::now_ms() - CODE_MINUTES * 60_000;
        let sql = "SELECT client_id, scope, redirect_uri, challenge, used = 1 OR made_at < ?2 FROM codes WHERE hash = ?1";
        let grant = self
            .conn
            .query_row(sql, params![hash(code), oldest], |row| {
                Ok(Grant {
                    client_id: row.get(0)?,
                    scope: row.get(1)?,
                    redirect_uri: row.get(2)?,
                    challenge: row.get(3)?,
                    expired: row.get(4)?,
                })
            });
        let grant = grant.optional()?;
        self.conn
            .execute("UPDATE codes SET used = 1 WHERE hash = ?1", [hash(code)])?;
        Ok(grant)
    }

    /// Remembers an authorize request whose person has given the password.
    pub(crate) fn make_ticket(&self, query: &str) -> Result<String> {
        let ticket = random_hex(24)?;
        let sql = "INSERT INTO tickets (hash, query, made_at) VALUES (?1, ?2, ?3)";
        self.conn
            .execute(sql, params![hash(&ticket), query, values::now_ms()])?;
        Ok(ticket)
    }

    /// Takes a ticket: it works once.
    pub(crate) fn take_ticket(&self, ticket: &str) -> rusqlite::Result<Option<String>> {
        let oldest = values::now_ms() - CODE_MINUTES * 60_000;
        let sql = "DELETE FROM tickets WHERE hash = ?1 AND made_at >= ?2 RETURNING query";
        self.conn
            .query_row(sql, params![hash(ticket), oldest], |row| row.get(0))
            .optional()
    }
}

pub(super) fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}
