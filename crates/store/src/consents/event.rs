//! One entry of the ledger, and the hash that ties it to the one before.

use std::fmt::Write as _;

use rusqlite::Row;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::links::stored_names;
use crate::{ContactField, PurposeId, WordingId};

/// A SHA-256 hash, or a salt of the same length.
pub(crate) type Hash = [u8; 32];

/// A way to reach people that they can refuse.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Emails.
    Email,
    /// Calls.
    Phone,
    /// Faxes.
    Fax,
}

stored_names!(Channel { Email = "email", Phone = "phone", Fax = "fax" });

impl Channel {
    /// Returns the contact field that says *yes* for those who are opted out.
    pub fn field(self) -> ContactField {
        match self {
            Self::Email => ContactField::EmailOptOut,
            Self::Phone => ContactField::PhoneOptOut,
            Self::Fax => ContactField::FaxOptOut,
        }
    }

    /// Returns the channel of an opt-out field.
    pub fn of(field: ContactField) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|channel| channel.field() == field)
    }
}

/// How an answer was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// In a form.
    Form,
    /// It stood in a file.
    Import,
    /// Somebody recorded it here.
    ByHand,
    /// On the phone.
    Phone,
    /// They asked for it, and confirmed that later.
    DoubleOptIn,
    /// It was read in Salesforce.
    Salesforce,
    /// It was recorded before the ledger.
    BeforeLedger,
}

stored_names!(How {
    Form = "form",
    Import = "import",
    ByHand = "by_hand",
    Phone = "phone",
    DoubleOptIn = "double_opt_in",
    Salesforce = "salesforce",
    BeforeLedger = "before_ledger",
});

/// Why an event stands in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The contact answered, or the answer was taken back.
    Said,
    /// A contact that was merged into this one had answered so.
    Merged,
    /// A change was undone; this counted before it.
    Restored,
}

stored_names!(EventKind { Said = "said", Merged = "merged", Restored = "restored" });

/// What an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A purpose, preference or preference value.
    Purpose(PurposeId),
    /// A channel: *no* means opted out.
    Channel(Channel),
}

impl About {
    pub(crate) fn purpose(self) -> Option<PurposeId> {
        match self {
            Self::Purpose(id) => Some(id),
            Self::Channel(_) => None,
        }
    }
}

/// An entry of the ledger as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its place in the chain, from 1, without gaps.
    pub(crate) number: i64,
    pub(crate) subject: Hash,
    /// The purpose's path as it was then, or the channel's name.
    pub(crate) about: String,
    pub(crate) purpose: Option<PurposeId>,
    pub(crate) answer: Option<bool>,
    pub(crate) kind: EventKind,
    pub(crate) how: How,
    pub(crate) at: i64,
    pub(crate) stated: bool,
    pub(crate) zone: String,
    pub(crate) asked_at: Option<i64>,
    pub(crate) wording: Option<(WordingId, Hash)>,
    pub(crate) source: Option<Hash>,
    pub(crate) recorded_at: i64,
}

/// The columns that [`Entry::read`] reads.
pub(crate) const COLUMNS: &str = "id, subject, about, purpose_id, answer, kind, how, at, stated, zone, asked_at, \
    wording_id, wording_hash, source_hash, recorded_at";

impl Entry {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let wording: Option<WordingId> = row.get("wording_id")?;
        let wording_hash: Option<Hash> = row.get("wording_hash")?;
        Ok(Self {
            number: row.get("id")?,
            subject: row.get("subject")?,
            about: row.get("about")?,
            purpose: row.get("purpose_id")?,
            answer: row.get("answer")?,
            kind: row.get("kind")?,
            how: row.get("how")?,
            at: row.get("at")?,
            stated: row.get("stated")?,
            zone: row.get("zone")?,
            asked_at: row.get("asked_at")?,
            // One of the two alone is a fault, which the hash shows.
            wording: match (wording, wording_hash) {
                (None, None) => None,
                (id, hash) => Some((id.unwrap_or(WordingId(0)), hash.unwrap_or_default())),
            },
            source: row.get("source_hash")?,
            recorded_at: row.get("recorded_at")?,
        })
    }

    /// Returns what is hashed: lines of text, the hash before first, `-` for what is not there.
    pub(crate) fn lines(&self, before: &Hash) -> String {
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let about = match self.purpose {
            Some(id) => format!("purpose {id} {}", self.about),
            None => format!("channel {}", self.about),
        };
        [
            hex(before),
            self.number.to_string(),
            hex(&self.subject),
            about,
            match self.answer {
                Some(true) => "yes".to_owned(),
                Some(false) => "no".to_owned(),
                None => "-".to_owned(),
            },
            self.kind.name().to_owned(),
            self.how.name().to_owned(),
            self.at.to_string(),
            if self.stated { "stated" } else { "clock" }.to_owned(),
            self.zone.clone(),
            or_dash(self.asked_at.map(|at| at.to_string())),
            or_dash(
                self.wording
                    .map(|(id, hash)| format!("{id} {}", hex(&hash))),
            ),
            or_dash(self.source.map(|hash| hex(&hash))),
            self.recorded_at.to_string(),
        ]
        .join("\n")
    }

    /// Returns the hash of this entry and the one before.
    pub(crate) fn hash(&self, before: &Hash) -> Hash {
        sha256(&[self.lines(before).as_bytes()])
    }
}

/// The hash before the first entry.
pub(crate) const BEFORE_ALL: Hash = [0; 32];

/// Returns the SHA-256 of parts, one behind the other.
pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Returns bytes as lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
