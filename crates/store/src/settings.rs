//! The workspace's own settings: its name, time zone, and how long things are kept.

use std::str::FromStr;

use rusqlite::{OptionalExtension, named_params};

use crate::{Error, Reader, Result, Writer};

pub(crate) const WORKSPACE_ID: &str = "workspace_id";
/// What the consent ledger couldn't prove any more when the workspace was salvaged.
pub(crate) const SALVAGED_LEDGER: &str = "salvaged ledger";
const NAME: &str = "name";
const TIME_ZONE: &str = "time_zone";
const BACKUPS_KEPT: &str = "backups_kept";
const HISTORY_DAYS: &str = "history_days";

const DEFAULT_TIME_ZONE: &str = "UTC";
const DEFAULT_BACKUPS_KEPT: u32 = 3;
const DEFAULT_HISTORY_DAYS: u32 = 90;
const MOST_BACKUPS: u32 = 100;
const LONGEST_NAME: usize = 255;

impl Reader<'_> {
    /// Returns the random id of the workspace, 32 hex digits; a copy of the file has the same one. `None` in a file whose id
    /// somebody has changed into something else.
    pub fn workspace_id(&self) -> Result<Option<String>> {
        let is_id = |id: &String| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        Ok(self.setting(WORKSPACE_ID)?.filter(is_id))
    }

    /// Returns the workspace's name, empty until set.
    pub fn workspace_name(&self) -> Result<String> {
        Ok(self.setting(NAME)?.unwrap_or_default())
    }

    /// Returns the IANA name of the zone that turns times into dates; `UTC` until set.
    pub fn time_zone(&self) -> Result<String> {
        Ok(self
            .setting(TIME_ZONE)?
            .unwrap_or_else(|| DEFAULT_TIME_ZONE.to_owned()))
    }

    /// Returns how many daily backups are kept; 3 until set, 0 switches them off.
    pub fn backups_kept(&self) -> Result<u32> {
        self.number(BACKUPS_KEPT, DEFAULT_BACKUPS_KEPT)
    }

    /// Returns for how many days the history keeps payloads; 90 until set.
    pub fn history_days(&self) -> Result<u32> {
        self.number(HISTORY_DAYS, DEFAULT_HISTORY_DAYS)
    }

    pub(crate) fn setting(&self, key: &str) -> Result<Option<String>> {
        Ok(self
            .connection
            .prepare_cached("SELECT value FROM settings WHERE key = :key")?
            .query_row(named_params! { ":key": key }, |row| row.get("value"))
            .optional()?)
    }

    pub(crate) fn number<T: FromStr>(&self, key: &str, default: T) -> Result<T>
    where
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        match self.setting(key)? {
            Some(text) => text
                .parse()
                .map_err(|source| Error::unreadable("a setting", source)),
            None => Ok(default),
        }
    }
}

impl Writer<'_> {
    /// Sets the workspace's name.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is longer than 255 characters.
    pub fn set_workspace_name(&self, name: &str) -> Result<()> {
        let name = name.trim();
        if name.chars().count() > LONGEST_NAME {
            return Err(Error::Refused(format!(
                "the workspace's name is too long; enter at most {LONGEST_NAME} characters"
            )));
        }
        self.set_setting(NAME, name)
    }

    /// Sets the zone that turns times into dates. Every contact is considered again, since its dates may differ.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is not the IANA name of a time zone.
    pub fn set_time_zone(&self, zone: &str) -> Result<()> {
        if jiff::tz::TimeZone::get(zone).is_err() {
            return Err(Error::Refused(format!(
                "\"{zone}\" isn't a time zone; use a name such as Europe/Berlin"
            )));
        }
        if self.time_zone()? == zone {
            return Ok(());
        }
        self.set_setting(TIME_ZONE, zone)?;
        self.connection
            .prepare_cached("UPDATE contacts SET seq = :seq")?
            .execute(named_params! { ":seq": self.next_sequence()? })?;
        Ok(())
    }

    /// Sets how many daily backups are kept, 0 to 100.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is more.
    pub fn set_backups_kept(&self, count: u32) -> Result<()> {
        if count > MOST_BACKUPS {
            return Err(Error::Refused(format!(
                "that's too many backups; keep at most {MOST_BACKUPS}"
            )));
        }
        self.set_setting(BACKUPS_KEPT, &count.to_string())
    }

    /// Sets for how many days the history keeps payloads, at least 1.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is 0.
    pub fn set_history_days(&self, days: u32) -> Result<()> {
        if days == 0 {
            return Err(Error::Refused(
                "sent values are kept for at least 1 day; enter 1 or more".into(),
            ));
        }
        self.set_setting(HISTORY_DAYS, &days.to_string())
    }

    pub(crate) fn set_setting(&self, key: &str, value: &str) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO settings (key, value) VALUES (:key, :value)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute(named_params! { ":key": key, ":value": value })?;
        Ok(())
    }
}
