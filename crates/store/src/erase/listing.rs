//! What only the user can decide: names, rules and descriptions of theirs that name an erased person.

use serde::{Deserialize, Serialize};

use super::places::{PLACES, Place, Treatment};
use super::{ErasedPerson, Finder};
use crate::{Reader, Result};

/// Most mentions of one kind that are listed one by one.
pub const MOST_MENTIONS: usize = 50;

/// Where an erased person is still named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum MentionPlace {
    /// A company.
    Account,
    /// A type of activities.
    ActivityType,
    /// A connection to Salesforce.
    Connection,
    /// A purpose of consent under the name that it had when somebody answered.
    ConsentHistory,
    /// Another contact.
    Contact,
    /// A custom field.
    CustomField,
    /// A list of emails.
    EmailList,
    /// A replication's mapping.
    Mapping,
    /// A pull.
    Pull,
    /// A purpose of consent, a preference, or one of its values.
    Purpose,
    /// A replication's name or settings.
    Replication,
    /// A score.
    Score,
    /// A saved search.
    Search,
    /// A segment.
    Segment,
    /// A wording of consent.
    Wording,
    /// The workspace's own settings.
    Workspace,
}

impl MentionPlace {
    /// Returns the SQL for the name by which the user knows a row.
    fn name(self) -> &'static str {
        match self {
            Self::Contact => {
                "coalesce(nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''), email, guid)"
            }
            Self::Mapping => "(SELECT name FROM replications WHERE id = replication_id)",
            Self::Purpose => "path",
            Self::Workspace => "key",
            Self::ConsentHistory => "about",
            Self::Wording => {
                "'version ' || version || ' of ' || coalesce((SELECT path FROM purposes WHERE id = purpose_id), 'a removed purpose')"
            }
            _ => "name",
        }
    }

    /// Returns the SQL for what names the row for good: a contact's guid; otherwise the name will do.
    fn guid(self) -> &'static str {
        match self {
            Self::Contact => "guid",
            _ => "NULL",
        }
    }
}

/// A place of the user's own making that names an erased person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// What kind of thing it is.
    pub place: MentionPlace,
    /// Its name.
    pub name: String,
    /// Its guid, for a contact.
    pub guid: Option<String>,
    /// The part that names the person: `name`, `rules`, `notes`, or the name of a custom field.
    pub part: String,
}

/// The mentions that were found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mentions {
    /// At most [`MOST_MENTIONS`] of each kind.
    pub listed: Vec<Mention>,
    /// How many more there are.
    pub more: u64,
}

impl Reader<'_> {
    /// Returns what of the user's own making names a person. Reads every such text once.
    pub(super) fn mentions_of(&self, person: &ErasedPerson) -> Result<Mentions> {
        let finder = person.finder();
        let mut mentions = Mentions::default();
        for place in PLACES {
            if let Treatment::Listed(kind) | Treatment::ListedAsTheirs(kind) = place.treatment {
                let parts = place.columns.iter().map(|column| (*column).to_owned());
                let parts: Vec<_> = parts.map(|column| (column.clone(), column)).collect();
                self.mentions_in(place, kind, &parts, &finder, &mut mentions)?;
            }
            if place.table == "contacts" && place.columns.contains(&"notes") {
                let parts = self.own_text_columns()?;
                self.mentions_in(place, MentionPlace::Contact, &parts, &finder, &mut mentions)?;
            }
        }
        mentions.listed.sort();
        Ok(mentions)
    }

    fn mentions_in(
        &self,
        place: &Place,
        kind: MentionPlace,
        parts: &[(String, String)],
        finder: &Finder,
        mentions: &mut Mentions,
    ) -> Result<()> {
        if parts.is_empty() {
            return Ok(());
        }
        let columns: Vec<&str> = parts.iter().map(|(column, _)| column.as_str()).collect();
        let sql = format!(
            "SELECT {}, {}, {} FROM {} WHERE {}",
            kind.name(),
            kind.guid(),
            columns.join(", "),
            place.table,
            place.rows
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut found = mentions.listed.iter().filter(|m| m.place == kind).count();
        while let Some(row) = rows.next()? {
            for (at, (_, part)) in parts.iter().enumerate() {
                let text = row.get_ref(at + 2)?.as_str_or_null();
                let text = text.map_err(rusqlite::Error::from)?;
                if !text.is_some_and(|text| finder.names(text)) {
                    continue;
                }
                found += 1;
                if found > MOST_MENTIONS {
                    mentions.more += 1;
                    continue;
                }
                mentions.listed.push(Mention {
                    place: kind,
                    name: row.get::<_, Option<String>>(0)?.unwrap_or_default(),
                    guid: row.get(1)?,
                    part: part.clone(),
                });
            }
        }
        Ok(())
    }

    /// Returns the columns of custom fields that hold text, each with the field's name.
    pub(super) fn own_text_columns(&self) -> Result<Vec<(String, String)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT 'c_' || id AS column, name FROM custom_fields WHERE kind IN ('text', 'long_text') ORDER BY id",
        )?;
        let columns = statement.query_map([], |row| Ok((row.get("column")?, row.get("name")?)))?;
        Ok(columns.collect::<rusqlite::Result<_>>()?)
    }
}
