//! What a filter lets through: parts that are kept, and put together for each filter.

use rusqlite::named_params;
use rusqlite::params_from_iter;

use super::id_set::IdSet;
use super::{Delivery, ListFilter};
use crate::conditions::{Bound, Reach};
use crate::contacts::{mailbox, search_expression};
use crate::{Condition, ConsentStanding, ImportId, PurposeId, Reader, Result, ScoreId, SegmentId};

/// A part of a filter that is worked out by itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// The search expression.
    Text(String),
    /// Emails from one key on and below another.
    Mailbox(String, String),
    Condition(Condition),
    /// Those with fewer points, where many have enough without an entry.
    Points(ScoreId, i64),
    Delivery(Delivery),
    Import(ImportId),
    Segment(SegmentId),
    /// Those with this answer; with any at all, where it is asked who has none.
    Consent(PurposeId, ConsentStanding),
    Deleted,
    Everyone,
}

impl Part {
    /// Tells whether the part says whom to leave out rather than whom to take.
    pub(super) fn leaves_out(&self) -> bool {
        match self {
            Part::Points(_, least) => *least <= 0,
            Part::Consent(_, standing) => *standing == ConsentStanding::NotAsked,
            _ => false,
        }
    }

    /// Tells whether replications change it without stamping the contact.
    pub(super) fn follows_deliveries(&self) -> bool {
        matches!(self, Part::Delivery(_))
    }

    /// Tells whether it takes a while at a million contacts.
    pub(super) fn is_slow(&self) -> bool {
        matches!(self, Part::Condition(_) | Part::Delivery(_))
    }
}

/// Returns what must hold all at once; deliveries, of which any one may hold, stand apart.
pub(super) fn parts(filter: &ListFilter) -> Vec<Part> {
    let text = filter.text.as_deref().and_then(search_expression);
    let mailbox = filter.text.as_deref().and_then(mailbox);
    text.into_iter()
        .map(Part::Text)
        .chain(mailbox.map(|(from, below)| Part::Mailbox(from, below)))
        .chain(
            filter
                .points
                .iter()
                .map(|(score, least)| Part::Points(*score, *least)),
        )
        .chain(filter.import.map(Part::Import))
        .chain(filter.segment.map(Part::Segment))
        .chain(
            filter
                .consent
                .map(|(purpose, is)| Part::Consent(purpose, is)),
        )
        .chain(filter.conditions.iter().cloned().map(Part::Condition))
        .collect()
}

impl Reader<'_> {
    /// Works out a part. Deliveries are worked out together, see [`Reader::delivery_sets`].
    pub(super) fn part(&self, part: &Part) -> Result<IdSet> {
        match part {
            Part::Text(expression) => self.matching(expression),
            Part::Mailbox(from, below) => {
                let mut statement = self.connection.prepare_cached(
                    "SELECT id FROM contacts WHERE email_key >= :from AND email_key < :below",
                )?;
                IdSet::read(statement.query(named_params! { ":from": from, ":below": below })?)
            }
            Part::Condition(condition) => self.fulfilling(condition),
            Part::Points(score, least) => self.by_points(*score, *least),
            Part::Delivery(delivery) => {
                let mut sets = self.delivery_sets()?;
                Ok(std::mem::take(&mut sets[*delivery as usize]))
            }
            Part::Import(import) => {
                let mut statement = self.connection.prepare_cached(
                    "SELECT id FROM contacts WHERE import_id = :import
                     UNION
                     SELECT contact_id FROM act_contacts
                     WHERE act_id IN (SELECT id FROM acts WHERE import_id = :import)",
                )?;
                IdSet::read(statement.query(named_params! { ":import": import })?)
            }
            Part::Segment(segment) => {
                let mut statement = self.connection.prepare_cached(
                    "SELECT contact_id FROM segment_members WHERE segment_id = :segment AND state = 'realized'",
                )?;
                IdSet::read(statement.query(named_params! { ":segment": segment })?)
            }
            Part::Consent(purpose, standing) => self.answering(*purpose, *standing),
            Part::Deleted => {
                let mut statement = self.connection.prepare_cached(
                    "SELECT id FROM contacts INDEXED BY contacts_deleted WHERE deleted_at IS NOT NULL",
                )?;
                IdSet::read(statement.query([])?)
            }
            Part::Everyone => self.everyone(),
        }
    }

    fn matching(&self, expression: &str) -> Result<IdSet> {
        let mut statement = self.connection.prepare_cached(
            "SELECT rowid FROM contacts_search WHERE contacts_search MATCH :expression",
        )?;
        IdSet::read(statement.query(named_params! { ":expression": expression })?)
    }

    fn fulfilling(&self, condition: &Condition) -> Result<IdSet> {
        let mut bound = Bound::new(0, Reach::All);
        let when = self.condition_test(condition, &mut bound)?.sql;
        let sql = format!("SELECT contacts.id FROM contacts WHERE {when}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        IdSet::read(statement.query(params_from_iter(&bound.values))?)
    }

    fn answering(&self, purpose: PurposeId, standing: ConsentStanding) -> Result<IdSet> {
        let sql = match standing {
            ConsentStanding::Given => {
                "SELECT contact_id FROM consents WHERE purpose_id = :purpose AND given = 1"
            }
            ConsentStanding::Refused => {
                "SELECT contact_id FROM consents WHERE purpose_id = :purpose AND given = 0"
            }
            ConsentStanding::NotAsked => {
                "SELECT contact_id FROM consents WHERE purpose_id = :purpose"
            }
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        IdSet::read(statement.query(named_params! { ":purpose": purpose })?)
    }

    /// Contacts without an entry have 0 points: from 0 downwards it is counted who has fewer.
    fn by_points(&self, score: ScoreId, least: i64) -> Result<IdSet> {
        let sql = if least > 0 {
            "SELECT contact_id FROM score_points WHERE score_id = :score AND points >= :least"
        } else {
            "SELECT contact_id FROM score_points WHERE score_id = :score AND points < :least"
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        IdSet::read(statement.query(named_params! { ":score": score, ":least": least })?)
    }
}
