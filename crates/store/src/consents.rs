//! Consent: what contacts have given or refused, by purpose, preference and preference value.
//!
//! The three levels are one tree, and each stands for itself: what is given to a purpose says nothing of its
//! preferences. Who was not asked has no entry, which is not the same as *refused*.
//!
//! What contacts answer is appended to a ledger, see [`ledger`]. What counts of it stands in the table `consents`, and for
//! channels in the opt-out fields of the contact, so that rules and lists find it at once.

mod chain;
mod counting;
mod event;
mod ledger;
mod merging;
mod opt_outs;
mod proof;
mod standing;
mod wordings;

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};

use crate::contacts::{LONGEST_LINE, id_array};
use crate::rules::Kind;
use crate::{ContactId, Error, PurposeId, Reader, Result, Writer};

pub use chain::LedgerCheck;
pub use event::{About, Channel, EventKind, How};
use ledger::NewEvent;
pub use ledger::{Evidence, Told};
pub(crate) use opt_outs::Origin;
pub use opt_outs::RefusedAt;
pub use proof::ConsentEvent;
use standing::Standing;
pub use wordings::Wording;

/// What stands between the names of a path.
const BETWEEN: &str = " > ";
/// The setting that holds the greatest id that a removed purpose may have had.
const LAST_PURPOSE: &str = "last_purpose";

/// How deep something stands in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentLevel {
    /// What data is used for.
    Purpose,
    /// A choice within a purpose.
    Preference,
    /// One of the values of a preference.
    PreferenceValue,
}

/// A purpose, a preference or a preference value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// Its row.
    pub id: PurposeId,
    /// The names from the purpose down, such as `Newsletter > Topics > Offers`; unique without regard to case.
    pub path: String,
    /// Which of the three it is.
    pub level: ConsentLevel,
}

/// What a contact answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// To what.
    pub purpose: Purpose,
    /// Given, or refused.
    pub given: bool,
    /// When, UTC milliseconds.
    pub at: i64,
    /// Where they were asked.
    pub source: String,
}

/// An answer to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConsent<'a> {
    /// To what.
    pub purpose: PurposeId,
    /// Given or refused; `None` removes an answer: they were not asked.
    pub given: Option<bool>,
    /// How, when and where they answered.
    pub evidence: Evidence<'a>,
}

impl NewConsent<'_> {
    /// Checks where it was asked.
    ///
    /// # Errors
    /// [`Error::Refused`] when that is too long, or more than a line.
    pub fn check(&self) -> Result<()> {
        let source = self.evidence.source.trim();
        if source.chars().count() > LONGEST_LINE || source.contains(char::is_control) {
            return Err(Error::Refused(format!(
                "where they were asked takes at most {LONGEST_LINE} characters on one line"
            )));
        }
        Ok(())
    }
}

/// How many live contacts have answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConsentCounts {
    /// Have given it.
    pub given: u64,
    /// Have refused it.
    pub refused: u64,
}

impl Purpose {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self::new(row.get("id")?, row.get("path")?))
    }

    /// Returns what puts purposes into their order: each is followed by what stands below it.
    fn order(&self) -> Vec<String> {
        self.path.split(BETWEEN).map(str::to_lowercase).collect()
    }

    fn new(id: PurposeId, path: String) -> Self {
        let level = match path.matches(BETWEEN).count() {
            0 => ConsentLevel::Purpose,
            1 => ConsentLevel::Preference,
            _ => ConsentLevel::PreferenceValue,
        };
        Self { id, path, level }
    }
}

/// Returns the names of a path, checked.
fn names(path: &str) -> Result<Vec<&str>> {
    let names: Vec<&str> = path.split('>').map(str::trim).collect();
    let fits = |name: &&str| {
        !name.is_empty() && name.chars().count() <= LONGEST_LINE && !name.contains(char::is_control)
    };
    if !names.iter().all(fits) {
        return Err(Error::Refused(format!(
            "each name in \"{path}\" needs 1 to {LONGEST_LINE} characters on one line"
        )));
    }
    if names.len() > 3 {
        return Err(Error::Refused(format!(
            "\"{path}\" has {} levels; use at most three: purpose > preference > preference value",
            names.len()
        )));
    }
    Ok(names)
}

impl Reader<'_> {
    /// Returns all purposes, each followed by what stands below it.
    pub fn purposes(&self) -> Result<Vec<Purpose>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, path FROM purposes")?;
        let rows = statement.query_map([], Purpose::read)?;
        let mut purposes = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        purposes.sort_by_cached_key(Purpose::order);
        Ok(purposes)
    }

    /// Returns the purpose, preference or preference value of a path.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn purpose(&self, path: &str) -> Result<Purpose> {
        let path = names(path)?.join(BETWEEN);
        self.connection
            .prepare_cached("SELECT id, path FROM purposes WHERE path = :path")?
            .query_row(named_params! { ":path": path }, Purpose::read)
            .optional()?
            .ok_or_else(|| self.unknown("purpose", "SELECT path FROM purposes", &path))
    }

    /// Returns how many live contacts have answered.
    pub fn consent_counts(&self, purpose: PurposeId) -> Result<ConsentCounts> {
        // The deleted are few: they are taken away again.
        let mut statement = self.connection.prepare_cached(
            "SELECT (SELECT count(*) FROM consents WHERE purpose_id = :purpose AND given = :given)
               - (SELECT count(*) FROM contacts AS c CROSS JOIN consents AS o
                    ON o.contact_id = c.id AND o.purpose_id = :purpose
                  WHERE c.deleted_at IS NOT NULL AND o.given = :given)",
        )?;
        let mut count = |given: bool| {
            statement.query_row(
                named_params! { ":purpose": purpose, ":given": given },
                |row| row.get(0),
            )
        };
        Ok(ConsentCounts {
            given: count(true)?,
            refused: count(false)?,
        })
    }

    /// Returns what contacts answered about these purposes; those who never answered are absent.
    pub(crate) fn answers_of(
        &self,
        contacts: &[ContactId],
        purposes: &[PurposeId],
    ) -> Result<BTreeMap<ContactId, BTreeMap<PurposeId, bool>>> {
        let mut answers: BTreeMap<ContactId, BTreeMap<PurposeId, bool>> = BTreeMap::new();
        if purposes.is_empty() {
            return Ok(answers);
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT k.contact_id, k.purpose_id, k.given FROM rarray(:contacts) AS wanted
             CROSS JOIN rarray(:purposes) AS about
             CROSS JOIN consents AS k ON k.contact_id = wanted.value AND k.purpose_id = about.value",
        )?;
        let parameters = named_params! {
            ":contacts": id_array(contacts.iter().map(|id| id.0)),
            ":purposes": id_array(purposes.iter().map(|id| id.0)),
        };
        let mut rows = statement.query(parameters)?;
        while let Some(row) = rows.next()? {
            let purposes = answers.entry(row.get(0)?).or_default();
            purposes.insert(row.get(1)?, row.get(2)?);
        }
        Ok(answers)
    }

    /// Returns what a contact answered, in the order of [`Reader::purposes`].
    pub fn consents_of(&self, contact: ContactId) -> Result<Vec<Consent>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT p.id, p.path, o.given, o.at, o.source FROM consents AS o
             CROSS JOIN purposes AS p ON p.id = o.purpose_id WHERE o.contact_id = :contact",
        )?;
        let rows = statement.query_map(named_params! { ":contact": contact }, |row| {
            Ok(Consent {
                purpose: Purpose::read(row)?,
                given: row.get("given")?,
                at: row.get("at")?,
                source: row.get("source")?,
            })
        })?;
        let mut consents = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        consents.sort_by_cached_key(|consent| consent.purpose.order());
        Ok(consents)
    }
}

impl Writer<'_> {
    /// Adds a purpose, preference or preference value, and what it stands below.
    ///
    /// # Errors
    /// [`Error::NameTaken`]; [`Error::Refused`] for a path that makes no sense.
    pub fn add_purpose(&self, path: &str, now: i64) -> Result<PurposeId> {
        let names = names(path)?;
        let mut insert = self.connection.prepare_cached(&format!(
            "INSERT INTO purposes (id, path, created_at)
             VALUES (1 + max(coalesce((SELECT max(id) FROM purposes), 0),
                             coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE key = '{LAST_PURPOSE}'), 0)),
                     :path, :now)
             ON CONFLICT DO NOTHING RETURNING id",
        ))?;
        let mut added = None;
        for levels in 1..=names.len() {
            // Those above keep the spelling that they have.
            let above = match levels {
                1 => String::new(),
                _ => self.purpose(&names[..levels - 1].join(BETWEEN))?.path + BETWEEN,
            };
            let path = format!("{above}{}", names[levels - 1]);
            let row = insert.query_row(named_params! { ":path": path, ":now": now }, |row| {
                row.get(0)
            });
            added = row.optional()?;
        }
        added.ok_or_else(|| Error::NameTaken {
            kind: "purpose",
            name: names.join(BETWEEN),
        })
    }

    /// Gives one another name, also in the rules that ask for it or for what stands below it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NameTaken`]; [`Error::Refused`] for a name that makes no sense.
    pub fn rename_purpose(&self, path: &str, name: &str) -> Result<()> {
        let purpose = self.purpose(path)?;
        let [name] = names(name)?[..] else {
            return Err(Error::Refused(format!(
                "\"{name}\" is a path; enter only the new name"
            )));
        };
        let above = purpose.path.rsplit_once(BETWEEN).map(|(above, _)| above);
        let to = match above {
            Some(above) => format!("{above}{BETWEEN}{name}"),
            None => name.to_owned(),
        };
        if self.purpose(&to).is_ok_and(|other| other.id != purpose.id) {
            return Err(Error::NameTaken {
                kind: "purpose",
                name: to,
            });
        }
        for one in self.with_all_below(&purpose)? {
            let renamed = format!("{to}{}", &one.path[purpose.path.len()..]);
            self.connection
                .prepare_cached("UPDATE purposes SET path = :path WHERE id = :id")?
                .execute(named_params! { ":path": renamed, ":id": one.id })?;
            self.rename_in_rules(Kind::Purpose, &one.path, &renamed)?;
        }
        Ok(())
    }

    /// Removes one with all that stands below it and every answer to these.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] while a rule asks for it, or there are answers and `with_answers` is not
    /// said.
    pub fn remove_purpose(&self, path: &str, with_answers: bool) -> Result<()> {
        let all = self.with_all_below(&self.purpose(path)?)?;
        for one in &all {
            self.refuse_used(Kind::Purpose, &one.path)?;
        }
        let ids = id_array(all.iter().map(|one| one.id.0));
        let answers: u64 = self
            .connection
            .prepare_cached("SELECT count(*) FROM consents WHERE purpose_id IN rarray(:ids)")?
            .query_row(named_params! { ":ids": ids }, |row| row.get(0))?;
        if answers > 0 && !with_answers {
            return Err(Error::Refused(format!(
                "\"{path}\" has {answers} answers; confirm that they can be deleted, too"
            )));
        }
        // The ledger goes on naming the removed ones by their ids, so no other purpose may get these.
        let last: i64 = self
            .connection
            .prepare_cached("SELECT max(id) FROM purposes")?
            .query_row([], |row| row.get(0))?;
        let last = last.max(self.number(LAST_PURPOSE, 0)?);
        self.set_setting(LAST_PURPOSE, &last.to_string())?;
        self.connection
            .prepare_cached("DELETE FROM purposes WHERE id IN rarray(:ids)")?
            .execute(named_params! { ":ids": ids })?;
        Ok(())
    }

    /// Records what a contact answered, and stamps it where that changes what counts. Only a contact's own later answer
    /// turns a no into a yes.
    ///
    /// # Errors
    /// [`Error::Refused`] when the contact is not there any more, or the source is unfit.
    pub fn set_consent(&self, contact: ContactId, new: &NewConsent<'_>, now: i64) -> Result<Told> {
        self.record_answer(contact, new, EventKind::Said, now)
    }

    /// Puts back the answer that counted before a mistake; what was recorded by mistake stays in the ledger.
    ///
    /// # Errors
    /// As [`Writer::set_consent`].
    pub fn restore_consent(
        &self,
        contact: ContactId,
        new: &NewConsent<'_>,
        now: i64,
    ) -> Result<Told> {
        self.record_answer(contact, new, EventKind::Restored, now)
    }

    fn record_answer(
        &self,
        contact: ContactId,
        new: &NewConsent<'_>,
        kind: EventKind,
        now: i64,
    ) -> Result<Told> {
        new.check()?;
        if !self.is_live(contact)? {
            return Err(Error::Refused(format!("contact {contact} is deleted")));
        }
        let event = NewEvent {
            about: About::Purpose(new.purpose),
            answer: new.given,
            kind,
            evidence: new.evidence,
        };
        let step = self.tell(contact, &event, now)?;
        if step.after != step.before {
            self.put_answer(contact, new.purpose, step.after, new.evidence.source)?;
        }
        let told = step.told(new.given);
        if told == Told::Changed {
            self.stamp_contacts(&[contact])?;
        }
        Ok(told)
    }

    /// Writes what counts, for rules and lists.
    fn put_answer(
        &self,
        contact: ContactId,
        purpose: PurposeId,
        counts: Option<Standing>,
        source: &str,
    ) -> Result<()> {
        let Some(counts) = counts else {
            self.connection
                .prepare_cached(
                    "DELETE FROM consents WHERE contact_id = :contact AND purpose_id = :purpose",
                )?
                .execute(named_params! { ":contact": contact, ":purpose": purpose })?;
            return Ok(());
        };
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO consents (contact_id, purpose_id, given, at, source)
                 VALUES (:contact, :purpose, :given, :at, :source)",
            )?
            .execute(named_params! {
                ":contact": contact, ":purpose": purpose, ":given": counts.answer, ":at": counts.at,
                ":source": source.trim(),
            })?;
        Ok(())
    }

    fn with_all_below(&self, purpose: &Purpose) -> Result<Vec<Purpose>> {
        let below = format!("{}{BETWEEN}", purpose.path.to_lowercase());
        let mut all = self.purposes()?;
        all.retain(|one| one.id == purpose.id || one.path.to_lowercase().starts_with(&below));
        Ok(all)
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod ledger_tests;
