//! Who acts: the built-in user, or another one who has signed in; and the log of sign-ins.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rusqlite::{OptionalExtension, params};

use super::profiles::ADMINISTRATOR;
use super::{Org, values};
use crate::Result;
use crate::http::{Call, Refused};
use crate::json::Json;
use crate::secret::same;

/// Where the settings keep whose a token is, before its hash.
const OWNER: &str = "user.";
/// Most sign-ins that the log keeps.
const MOST_LOGINS: i64 = 1_000;

/// A user of the org, who may sign in or no longer.
#[derive(Debug)]
pub(crate) struct KnownUser {
    pub(crate) id: String,
    pub(crate) is_active: bool,
}

impl Org {
    /// Lets another user act until this is called again; the built-in one where there is none.
    pub(crate) fn act_as(&self, user: Option<String>) {
        *self.acting.borrow_mut() = user.filter(|user| *user != self.user);
    }

    /// The id of the user who acts.
    pub(crate) fn acting(&self) -> String {
        let acting = self.acting.borrow();
        acting.as_ref().unwrap_or(&self.user).clone()
    }

    /// The id of the user that sign-ins without a browser run as.
    pub(crate) fn runs_as(&self) -> rusqlite::Result<String> {
        let set = self.setting("runs_as")?;
        let id = set.as_ref().and_then(Json::as_str).map(str::to_owned);
        Ok(id.unwrap_or_else(|| self.user.clone()))
    }

    /// Chooses that user: `{"username": "…"}`. Sessions end, so that the choice holds at once.
    pub(crate) fn set_runs_as(&self, given: &Json) -> std::result::Result<(), Refused> {
        let name = given
            .get("username")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let Some(id) = self.user_named(name)? else {
            let message = format!("no user {name}");
            return Err(Refused::new(400, "INVALID_USER", message));
        };
        self.set_setting("runs_as", &id.into())?;
        self.expire_sessions()?;
        Ok(())
    }

    /// The id of the user with this name, who can sign in.
    pub(crate) fn user_named(&self, name: &str) -> rusqlite::Result<Option<String>> {
        let known = self.known_user(name)?;
        Ok(known.filter(|known| known.is_active).map(|known| known.id))
    }

    /// The user with this name.
    pub(crate) fn known_user(&self, name: &str) -> rusqlite::Result<Option<KnownUser>> {
        let sql =
            "SELECT \"Id\", \"IsActive\" FROM \"o_User\" WHERE \"Username\" = ?1 COLLATE NOCASE";
        let mut statement = self.conn.prepare_cached(sql)?;
        let known = |row: &rusqlite::Row<'_>| {
            Ok(KnownUser {
                id: row.get(0)?,
                is_active: row.get(1)?,
            })
        };
        statement.query_row([name.trim()], known).optional()
    }

    /// The user whose name and password these are; all have the same password.
    pub(crate) fn user_with_password(
        &self,
        name: &str,
        password: &str,
    ) -> rusqlite::Result<Option<KnownUser>> {
        let secret = self.setting("password")?;
        let right = secret.as_ref().and_then(Json::as_str);
        match right.is_some_and(|right| same(password, right)) {
            true => self.known_user(name),
            false => Ok(None),
        }
    }

    /// The name of a user's profile.
    pub(super) fn profile_of(&self, user: &str) -> rusqlite::Result<String> {
        let sql = "SELECT p.\"Name\" FROM \"o_User\" u JOIN \"o_Profile\" p ON p.\"Id\" = u.\"ProfileId\" WHERE u.\"Id\" = ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let name = statement.query_row([user], |row| row.get(0)).optional()?;
        Ok(name.unwrap_or_else(|| ADMINISTRATOR.to_owned()))
    }

    /// Remembers whose a token, a code or a bulk job is.
    pub(crate) fn belongs_to(&self, token: &str, user: &str) -> rusqlite::Result<()> {
        if user == self.user {
            return Ok(());
        }
        self.set_setting(&owner_of(token), &user.into())
    }

    /// Whose a token, a code or a bulk job is.
    pub(crate) fn owner(&self, token: &str) -> rusqlite::Result<String> {
        let set = self.setting(&owner_of(token))?;
        let id = set.as_ref().and_then(Json::as_str).map(str::to_owned);
        Ok(id.unwrap_or_else(|| self.user.clone()))
    }

    /// Forgets whose tokens were that are gone.
    pub(super) fn forget_owners(&self) -> rusqlite::Result<()> {
        let sql = "DELETE FROM settings WHERE name LIKE 'user.%' AND substr(name, 6) NOT IN (
                       SELECT hash FROM sessions UNION SELECT hash FROM refresh_tokens UNION SELECT hash FROM codes
                       UNION SELECT hash FROM tickets)
                   AND substr(name, 6) NOT LIKE '750%'";
        match self.conn.execute(sql, [])? {
            0 => Ok(()),
            _ => self.load_settings(),
        }
    }

    /// Refuses a user whose profile doesn't let them come from the caller's address.
    pub(crate) fn check_address(&self, user: &str, call: &Call) -> rusqlite::Result<bool> {
        self.may_come_from(user, address_of(call))
    }

    /// Writes a sign-in into the log.
    pub(crate) fn log_sign_in(&self, user: &str, call: &Call, status: &str) -> Result<()> {
        let now = values::stamp_ms();
        let application = app_name(call).unwrap_or_else(|| "Unknown".to_owned());
        self.conn.execute(
            "INSERT INTO \"o_LoginHistory\" (\"Id\", \"UserId\", \"LoginTime\", \"LoginType\", \"SourceIp\", \"LoginUrl\",
                 \"Browser\", \"Platform\", \"Status\", \"Application\", \"ApiType\", \"CountryIso\")
             VALUES (?1, ?2, ?3, 'Remote Access 2.0', ?4, 'localhost', 'Unknown', 'Unknown', ?5, ?6, 'N/A', NULL)",
            params![
                self.next_id("0Ya")?,
                user,
                now,
                address_of(call).to_string(),
                status,
                application
            ],
        )?;
        self.conn.execute(
            "DELETE FROM \"o_LoginHistory\" WHERE row <= (SELECT max(row) FROM \"o_LoginHistory\") - ?1",
            [MOST_LOGINS],
        )?;
        Ok(())
    }
}

/// The name that a program gives itself.
fn app_name(call: &Call) -> Option<String> {
    let agent = call.header("user-agent")?;
    let name = agent.split(['/', ' ']).next()?;
    (!name.is_empty() && name.len() <= 64).then(|| name.to_owned())
}

fn owner_of(token: &str) -> String {
    let key = if token.starts_with("750") {
        token.to_owned()
    } else {
        super::tokens::hash(token)
    };
    format!("{OWNER}{key}")
}

/// Where a caller is, as the org sees it: everybody who can call is on this computer.
fn address_of(call: &Call) -> IpAddr {
    let is_six = call
        .header("host")
        .is_some_and(|host| host.starts_with("[::1]"));
    match is_six {
        true => IpAddr::V6(Ipv6Addr::LOCALHOST),
        false => IpAddr::V4(Ipv4Addr::LOCALHOST),
    }
}
