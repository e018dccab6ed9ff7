//! Checks that the answers which count are those that the ledger comes to.

use rusqlite::Connection;

use super::chain::LedgerCheck;
use super::event::{COLUMNS, Entry};
use super::standing::standing;
use crate::Result;

/// Notes every live contact whose answers don't follow from the events about them. Events are read one contact at a time.
pub(super) fn check_answers(connection: &Connection, found: &mut LedgerCheck) -> Result<()> {
    check_told(connection, found)?;
    check_untold(connection, found)
}

/// What one contact's events are about, and what counts of them beside the ledger.
struct Group {
    guid: String,
    about: String,
    held: Option<bool>,
    said: Vec<super::standing::Said>,
}

impl Group {
    fn check(self, found: &mut LedgerCheck) {
        let counts = standing(&self.said).map(|standing| standing.answer);
        if counts != self.held {
            let (guid, about) = (self.guid, self.about);
            found.fault(format!(
                "the answer of contact {guid} about {about} isn't what the ledger says"
            ));
        }
    }
}

fn check_told(connection: &Connection, found: &mut LedgerCheck) -> Result<()> {
    // What a purpose that was removed was about counts no more.
    let mut statement = connection.prepare(&format!(
        "SELECT {COLUMNS}, contact, guid,
           CASE WHEN purpose_id IS NOT NULL
                  THEN (SELECT given FROM consents WHERE contact_id = contact AND consents.purpose_id = told.purpose_id)
                WHEN about = 'email' THEN 1 - email_opt_out
                WHEN about = 'phone' THEN 1 - phone_opt_out
                ELSE 1 - fax_opt_out END AS held
         FROM (SELECT e.*, c.id AS contact, c.guid, c.email_opt_out, c.phone_opt_out, c.fax_opt_out
               FROM consent_subjects AS s JOIN contacts AS c ON c.id = s.contact_id AND c.deleted_at IS NULL
               JOIN consent_events AS e ON e.subject = s.subject
               WHERE e.purpose_id IS NULL OR EXISTS (SELECT 1 FROM purposes WHERE purposes.id = e.purpose_id)) AS told
         ORDER BY contact, purpose_id, iif(purpose_id IS NULL, about, ''), id"
    ))?;
    let mut rows = statement.query([])?;
    let mut group: Option<((i64, Option<i64>, String), Group)> = None;
    while let Some(row) = rows.next()? {
        let Ok(entry) = Entry::read(row) else {
            continue; // The chain has said so.
        };
        let channel = match entry.purpose {
            Some(_) => String::new(),
            None => entry.about.clone(),
        };
        let key = (row.get("contact")?, row.get("purpose_id")?, channel);
        if group.as_ref().is_none_or(|(of, _)| *of != key) {
            let next = Group {
                guid: row.get("guid")?,
                about: entry.about.clone(),
                held: row.get("held")?,
                said: Vec::new(),
            };
            if let Some((_, done)) = group.replace((key, next)) {
                done.check(found);
            }
        }
        if let Some((_, group)) = &mut group {
            group.said.push(entry.said());
        }
    }
    if let Some((_, last)) = group {
        last.check(found);
    }
    Ok(())
}

/// Notes answers about which the ledger has no event.
fn check_untold(connection: &Connection, found: &mut LedgerCheck) -> Result<()> {
    let mut statement = connection.prepare(
        "SELECT c.guid, p.path FROM consents AS a
         JOIN contacts AS c ON c.id = a.contact_id AND c.deleted_at IS NULL
         JOIN purposes AS p ON p.id = a.purpose_id
         WHERE NOT EXISTS (
           SELECT 1 FROM consent_subjects AS s JOIN consent_events AS e
             ON e.subject = s.subject AND e.purpose_id = a.purpose_id
           WHERE s.contact_id = a.contact_id)
           AND NOT EXISTS (SELECT 1 FROM settings WHERE key = 'consents_before_ledger')
         UNION ALL
         SELECT c.guid, channel.value FROM contacts AS c, json_each('[\"email\", \"phone\", \"fax\"]') AS channel
         WHERE c.deleted_at IS NULL
           AND CASE channel.value WHEN 'email' THEN c.email_opt_out WHEN 'phone' THEN c.phone_opt_out
                                  ELSE c.fax_opt_out END = 1
           AND NOT EXISTS (
             SELECT 1 FROM consent_subjects AS s JOIN consent_events AS e
               ON e.subject = s.subject AND e.purpose_id IS NULL AND e.about = channel.value
             WHERE s.contact_id = c.id)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (guid, about): (String, String) = (row.get(0)?, row.get(1)?);
        found.fault(format!(
            "the answer of contact {guid} about {about} isn't in the ledger"
        ));
    }
    Ok(())
}
