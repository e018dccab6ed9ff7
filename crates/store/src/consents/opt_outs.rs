//! Opt-outs: the no to a channel, which stands in a field of the contact and, with its history, in the ledger.

use std::collections::BTreeMap;

use rusqlite::types::Value as Cell;

use super::event::{About, Channel, EventKind, How};
use super::ledger::{Evidence, NewEvent, Step, Told};
use super::standing::Standing;
use crate::contacts::CellChange;
use crate::{ContactField, ContactId, Error, Reader, Result, Writer};

/// When a file says that opt-outs were said, UTC milliseconds; none where it doesn't say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RefusedAt([Option<i64>; Channel::ALL.len()]);

impl RefusedAt {
    /// Returns the moment of a channel.
    pub fn of(&self, channel: Channel) -> Option<i64> {
        self.0[channel as usize]
    }

    /// Sets the moment of a channel.
    pub fn set(&mut self, channel: Channel, at: Option<i64>) {
        self.0[channel as usize] = at;
    }
}

/// What changes a contact's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    ByHand,
    Import(RefusedAt),
    Undo,
}

impl Reader<'_> {
    /// Tells what recording an answer about a channel would come to, without recording it.
    pub fn foreseen_opt_out(
        &self,
        contact: ContactId,
        channel: Channel,
        opted_out: bool,
        evidence: &Evidence<'_>,
        now: i64,
    ) -> Result<Told> {
        self.foreseen(contact, About::Channel(channel), !opted_out, evidence, now)
    }
}

impl Writer<'_> {
    /// Records whether a contact is opted out of a channel, and stamps it where that is new. `None` takes an answer back.
    /// Only a contact's own later answer turns a no into a yes.
    ///
    /// # Errors
    /// [`Error::Refused`] when the contact is deleted.
    pub fn set_opt_out(
        &self,
        contact: ContactId,
        channel: Channel,
        opted_out: Option<bool>,
        evidence: &Evidence<'_>,
        now: i64,
    ) -> Result<Told> {
        let answer = opted_out.map(|out| !out);
        let (step, _) = self.tell_channel(contact, channel, answer, evidence, now)?;
        Ok(step.told(answer))
    }

    pub(crate) fn tell_channel(
        &self,
        contact: ContactId,
        channel: Channel,
        answer: Option<bool>,
        evidence: &Evidence<'_>,
        now: i64,
    ) -> Result<(Step, Option<CellChange>)> {
        if !self.is_live(contact)? {
            return Err(Error::Refused(format!("contact {contact} is deleted")));
        }
        let event = NewEvent {
            about: About::Channel(channel),
            answer,
            kind: EventKind::Said,
            evidence: *evidence,
        };
        let step = self.tell(contact, &event, now)?;
        let change = self.put_opt_out(contact, channel, &step, now)?;
        Ok((step, change))
    }

    /// Writes what counts into the contact's field; returns what was changed.
    pub(crate) fn put_opt_out(
        &self,
        contact: ContactId,
        channel: Channel,
        step: &Step,
        now: i64,
    ) -> Result<Option<CellChange>> {
        let (before, after) = (cell(step.before), cell(step.after));
        if before == after {
            return Ok(None);
        }
        let change = CellChange {
            field: channel.field(),
            before,
            after,
        };
        self.write_changes(contact, std::slice::from_ref(&change), now)?;
        Ok(Some(change))
    }

    /// Records the opt-outs among the cells of a contact, and leaves those that count among them.
    pub(crate) fn tell_opt_outs(
        &self,
        contact: ContactId,
        cells: &mut BTreeMap<ContactField, Cell>,
        origin: Origin,
        now: i64,
    ) -> Result<()> {
        for channel in Channel::ALL {
            let Some(asked) = cells.get_mut(&channel.field()) else {
                continue;
            };
            let answer = match asked {
                Cell::Integer(out) => Some(*out == 0),
                _ => None,
            };
            if answer.is_none() && self.known_subject(contact)?.is_none() {
                continue;
            }
            let event = NewEvent {
                about: About::Channel(*channel),
                answer,
                kind: match origin {
                    Origin::Undo => EventKind::Restored,
                    Origin::ByHand | Origin::Import(_) => EventKind::Said,
                },
                evidence: match origin {
                    Origin::Import(refused) => Evidence {
                        at: refused.of(*channel).filter(|_| answer == Some(false)),
                        ..Evidence::of(How::Import, "")
                    },
                    Origin::ByHand | Origin::Undo => Evidence::of(How::ByHand, ""),
                },
            };
            *asked = cell(self.tell(contact, &event, now)?.after);
        }
        Ok(())
    }
}

fn cell(standing: Option<Standing>) -> Cell {
    standing.map_or(Cell::Null, |standing| {
        Cell::Integer((!standing.answer).into())
    })
}
