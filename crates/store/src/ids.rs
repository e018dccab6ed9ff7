//! Ids of stored things, one type each, so that they cannot be mixed up.

use std::fmt;

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ts_rs::TS, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                i64::column_result(value).map(Self)
            }
        }
    )*};
}

ids! {
    /// A contact's row.
    ContactId
    /// An account's row.
    AccountId
    /// A custom field; its column is `c_<id>`.
    CustomFieldId
    /// A score.
    ScoreId
    /// An alert.
    AlertId
    /// A kind of activity.
    ActivityTypeId
    /// An activity.
    ActivityId
    /// A list of e-mails.
    EmailListId
    /// A purpose, preference or preference value.
    PurposeId
    /// One version of what people were asked.
    WordingId
    /// A segment.
    SegmentId
    /// A connection.
    ConnectionId
    /// A replication.
    ReplicationId
    /// A link between a contact and a Salesforce record.
    LinkId
    /// A queue entry.
    EntryId
    /// A batch.
    BatchId
    /// Batches that go to the org in one file.
    BulkJobId
    /// A run.
    RunId
    /// A plan.
    PlanId
    /// An import.
    ImportId
    /// An act that can be undone.
    ActId
    /// A saved search.
    SearchId
    /// A mirrored object; its table is `mirror_<id>`.
    MirrorId
    /// A field of a mirrored object; its column is `f_<id>`.
    MirrorFieldId
    /// A pull.
    PullId
    /// A run of a pull.
    PullRunId
}

/// A contact's lasting name: 32 lower-case hex digits, the value of the identifier in Salesforce.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ts_rs::TS, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Guid(String);

impl Guid {
    /// Makes a new random guid.
    ///
    /// # Errors
    /// [`Error::Refused`] when the system has no randomness to give.
    pub fn random() -> Result<Self> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes)
            .map_err(|_| Error::Refused("this computer provides no random numbers".into()))?;
        Ok(Self(format!("{:032x}", u128::from_be_bytes(bytes))))
    }

    /// Reads a guid, in either case.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is not 32 hex digits.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(Error::Refused(format!(
                "\"{}\" isn't a contact's guid; enter its 32 hex digits",
                shortened(text)
            )))
        }
    }

    /// Returns the 32 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the number that the digits write.
    pub(crate) fn to_bytes(&self) -> [u8; 16] {
        u128::from_str_radix(&self.0, 16)
            .unwrap_or_default()
            .to_be_bytes()
    }

    /// Returns the guid of a number.
    pub(crate) fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bytes)))
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Guid {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        Self::parse(&text)
    }
}

impl From<Guid> for String {
    fn from(guid: Guid) -> Self {
        guid.0
    }
}

impl ToSql for Guid {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Guid {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        Self::parse(text).map_err(|error| rusqlite::types::FromSqlError::Other(Box::new(error)))
    }
}
