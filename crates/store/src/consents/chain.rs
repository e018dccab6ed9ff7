//! Checks that the ledger is what was written: every hash, every salt, every text, and what counts of it.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use super::counting::check_answers;
use super::event::{BEFORE_ALL, COLUMNS, Entry, Hash, hex, sha256};
use crate::settings::SALVAGED_LEDGER;
use crate::{Reader, Result, WordingId};

/// Most faults that are listed.
const MOST_FAULTS: usize = 20;

/// What a check of the ledger found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerCheck {
    /// Events that were checked.
    pub events: u64,
    /// The hash of the last event, as hex digits; the same hash at two moments means that nothing in between was lost.
    pub last_hash: Option<String>,
    /// What is wrong, in words; empty when the chain is whole.
    pub faults: Vec<String>,
}

impl LedgerCheck {
    /// Says that the ledger was changed, and its first fault; `None` when the chain is whole.
    pub fn in_words(&self) -> Option<String> {
        let first = self.faults.first()?;
        Some(format!(
            "the consent ledger was changed by something else than Leadferry: {first}"
        ))
    }

    pub(super) fn fault(&mut self, text: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(text);
        }
    }
}

impl Reader<'_> {
    /// Checks every event of the ledger against the one before, what is kept beside it against its hash, and the answers that
    /// count against what the events come to. Takes a few seconds per million events.
    pub fn check_ledger(&self) -> Result<LedgerCheck> {
        let mut found = check(self.connection)?;
        check_answers(self.connection, &mut found)?;
        Ok(found)
    }

    /// Checks every event of the ledger against the one before, and what is kept beside it against its hash.
    pub(crate) fn check_chain(&self) -> Result<LedgerCheck> {
        check(self.connection)
    }

    /// Returns the first fault of the chain, except the one that a salvaged workspace began with.
    pub(crate) fn new_ledger_fault(&self) -> Result<Option<String>> {
        let known = self.setting(SALVAGED_LEDGER)?;
        Ok(self
            .check_chain()?
            .in_words()
            .filter(|fault| Some(fault) != known.as_ref()))
    }
}

fn check(connection: &Connection) -> Result<LedgerCheck> {
    let mut found = LedgerCheck::default();
    let wordings = wordings(connection)?;
    let salts = salts(connection, &mut found)?;
    let mut statement = connection.prepare(&format!(
        "SELECT {COLUMNS}, hash, (SELECT text FROM consent_texts WHERE event_id = id) AS text
         FROM consent_events ORDER BY id"
    ))?;
    let mut rows = statement.query([])?;
    let (mut number, mut before) = (0_i64, BEFORE_ALL);
    while let Some(row) = rows.next()? {
        let Ok(entry) = Entry::read(row) else {
            found.fault(format!("event {} can't be read", number + 1));
            number += 1;
            continue;
        };
        let hash: Hash = row.get("hash").unwrap_or_default();
        if entry.number != number + 1 {
            found.fault(format!("events before number {} are missing", entry.number));
        }
        if entry.hash(&before) != hash {
            found.fault(format!("event {} was changed", entry.number));
        }
        if let Some((id, kept)) = entry.wording {
            match wordings.get(&id) {
                Some(text) if *text == kept => {}
                Some(_) => {
                    found.fault(format!("the wording of event {} was changed", entry.number));
                }
                None => found.fault(format!("the wording of event {} is missing", entry.number)),
            }
        }
        let text: Option<String> = row.get("text").unwrap_or_default();
        if let (Some(text), Some(salt)) = (text, salts.get(&entry.subject))
            && entry.source != Some(sha256(&[salt, text.as_bytes()]))
        {
            found.fault(format!("the source of event {} was changed", entry.number));
        }
        (number, before) = (entry.number, hash);
        found.events += 1;
    }
    let ever: Option<i64> = connection
        .query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'consent_events'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    if ever.unwrap_or(0) != number {
        found.fault(format!("events after number {number} are missing"));
    }
    found.last_hash = (number > 0).then(|| hex(&before));
    Ok(found)
}

fn wordings(connection: &Connection) -> Result<HashMap<WordingId, Hash>> {
    let mut statement = connection.prepare("SELECT id, text FROM consent_wordings")?;
    let rows = statement.query_map([], |row| {
        Ok((row.get(0)?, sha256(&[row.get::<_, String>(1)?.as_bytes()])))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the salts by subject, and notes those that do not make their subject.
fn salts(connection: &Connection, found: &mut LedgerCheck) -> Result<HashMap<Hash, Hash>> {
    let mut statement = connection.prepare(
        "SELECT s.subject, s.salt, c.guid FROM consent_subjects AS s JOIN contacts AS c ON c.id = s.contact_id",
    )?;
    let mut rows = statement.query([])?;
    let mut salts = HashMap::new();
    while let Some(row) = rows.next()? {
        let (subject, salt, guid): (Hash, Hash, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if sha256(&[&salt, guid.as_bytes()]) != subject {
            found.fault(format!(
                "the events of contact {guid} belong to somebody else"
            ));
        }
        salts.insert(subject, salt);
    }
    Ok(salts)
}
