//! What the columns of a file of activities hold: told, else guessed from their names.

use std::collections::HashMap;

use crate::imports::fold::fold;
use crate::imports::{Error, Result};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Holds {
    Email,
    Guid,
    Kind,
    Time,
    Value,
    Url,
    Title,
    Note,
}

impl Holds {
    /// The names under which other programs export it, folded; the first is the one that a request uses.
    const NAMES: &'static [(Self, &'static [&'static str])] = &[
        (
            Self::Email,
            &[
                "email",
                "e-mail",
                "e-mail address",
                "email address",
                "mail",
                "contact email",
                "recipient",
            ],
        ),
        (
            Self::Guid,
            &[
                "guid",
                "contact",
                "leadferry id",
                "leadferry_id",
                "contact id",
                "key",
            ],
        ),
        (
            Self::Kind,
            &[
                "type",
                "activity",
                "activity type",
                "event",
                "event type",
                "event name",
                "action",
            ],
        ),
        (
            Self::Time,
            &[
                "time",
                "date",
                "timestamp",
                "at",
                "when",
                "date and time",
                "created",
                "occurred",
                "occurred at",
                "datum",
                "zeit",
            ],
        ),
        (
            Self::Value,
            &[
                "value", "amount", "total", "revenue", "price", "wert", "betrag",
            ],
        ),
        (Self::Url, &["url", "page", "page url", "link", "address"]),
        (
            Self::Title,
            &["title", "subject", "name", "titel", "betreff"],
        ),
        (
            Self::Note,
            &[
                "note",
                "notes",
                "comment",
                "comments",
                "description",
                "notiz",
            ],
        ),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        let names = Self::NAMES.iter();
        names
            .filter(|(_, names)| names[0] == name.trim())
            .map(|(holds, _)| *holds)
            .next()
    }

    pub(super) fn guessed(header: &str) -> Option<Self> {
        let folded = fold(header);
        let names = Self::NAMES.iter();
        names
            .filter(|(_, names)| names.contains(&folded.trim()))
            .map(|(holds, _)| *holds)
            .next()
    }

    /// The word that a request uses.
    pub(super) fn word(self) -> &'static str {
        let names = Self::NAMES.iter();
        names
            .filter(|(holds, _)| *holds == self)
            .map(|(_, names)| names[0])
            .next()
            .unwrap_or_default()
    }
}

/// Returns which column holds what; the first of several that could.
///
/// # Errors
/// [`Error::Mapping`] for a word that nothing is called by, [`Error::NoSuchColumn`].
pub(super) fn places(header: &[String], map: &[(String, String)]) -> Result<HashMap<Holds, usize>> {
    let mut places = HashMap::new();
    let mut given = map.to_vec();
    for (at, name) in header.iter().enumerate() {
        let told = given
            .iter()
            .position(|(column, _)| column.trim() == name.trim());
        let holds = match told.map(|at| given.swap_remove(at).1) {
            Some(word) if word.trim() == "-" => None,
            Some(word) => Some(Holds::named(&word).ok_or_else(|| {
                Error::Mapping(format!(
                    "a column of activities can hold email, guid, type, time, value, url, title or note, not \
                     \"{word}\""
                ))
            })?),
            None => Holds::guessed(name).filter(|holds| !places.contains_key(holds)),
        };
        if let Some(holds) = holds {
            places.insert(holds, at);
        }
    }
    match given.first() {
        Some((column, _)) => Err(Error::NoSuchColumn(column.clone())),
        None => Ok(places),
    }
}
