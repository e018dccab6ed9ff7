//! What people were asked, word for word, in versions.

use rusqlite::{OptionalExtension, Row, named_params};

use super::event::{Hash, sha256};
use crate::{Error, PurposeId, Reader, Result, WordingId, Writer};

/// Most characters of a wording.
const LONGEST_WORDING: usize = 20_000;

/// One version of what people were asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Its row.
    pub id: WordingId,
    /// What it asks consent to; `None` where that purpose was removed.
    pub purpose: Option<PurposeId>,
    /// Its number among the wordings of the purpose, from 1.
    pub version: i64,
    /// The text.
    pub text: String,
    /// Since when, UTC milliseconds.
    pub created_at: i64,
}

const SELECT: &str = "SELECT id, purpose_id, version, text, created_at FROM consent_wordings";

impl Wording {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            purpose: row.get("purpose_id")?,
            version: row.get("version")?,
            text: row.get("text")?,
            created_at: row.get("created_at")?,
        })
    }
}

impl Reader<'_> {
    /// Returns all wordings, the versions of one purpose one after another.
    pub fn wordings(&self) -> Result<Vec<Wording>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY purpose_id, version"))?;
        let rows = statement.query_map([], Wording::read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns a version of a purpose's wording; the latest where `version` is `None`.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn wording(&self, purpose: PurposeId, version: Option<i64>) -> Result<Wording> {
        self.connection
            .prepare_cached(&format!(
                "{SELECT} WHERE purpose_id = :purpose AND version = coalesce(:version, version)
                 ORDER BY version DESC LIMIT 1"
            ))?
            .query_row(
                named_params! { ":purpose": purpose, ":version": version },
                Wording::read,
            )
            .optional()?
            .ok_or_else(|| {
                let name =
                    version.map_or_else(|| "latest".to_owned(), |version| version.to_string());
                Error::not_found("wording", name)
            })
    }

    pub(crate) fn wording_hash(&self, id: WordingId) -> Result<Hash> {
        self.connection
            .prepare_cached("SELECT text FROM consent_wordings WHERE id = :id")?
            .query_row(named_params! { ":id": id }, |row| row.get::<_, String>(0))
            .optional()?
            .map(|text| sha256(&[text.as_bytes()]))
            .ok_or_else(|| Error::not_found("wording", id))
    }
}

impl Writer<'_> {
    /// Adds a version of what people are asked; the same text again is the version that there is.
    ///
    /// # Errors
    /// [`Error::Refused`] for an empty or endless text.
    pub fn add_wording(&self, purpose: PurposeId, text: &str, now: i64) -> Result<Wording> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST_WORDING {
            return Err(Error::Refused(format!(
                "a wording takes 1 to {LONGEST_WORDING} characters"
            )));
        }
        let latest = match self.wording(purpose, None) {
            Ok(latest) if latest.text == text => return Ok(latest),
            Ok(latest) => latest.version,
            Err(Error::NotFound { .. }) => 0,
            Err(error) => return Err(error),
        };
        self.connection
            .prepare_cached(
                "INSERT INTO consent_wordings (purpose_id, version, text, created_at)
                 VALUES (:purpose, :version, :text, :now)",
            )?
            .execute(named_params! {
                ":purpose": purpose, ":version": latest + 1, ":text": text, ":now": now,
            })?;
        self.wording(purpose, None)
    }
}
