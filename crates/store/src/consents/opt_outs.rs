//! Opt-outs: the no to a channel, which stands in a field of the contact and, with its history, in the ledger.

use std::collections::BTreeMap;

use rusqlite::types::Value as Cell;

use super::event::{About, Channel, EventKind, How};
use super::ledger::{Evidence, NewEvent, Step, Told};
use super::standing::Standing;
use crate::contacts::CellChange;
use crate::{ContactField, ContactId, Error, Result, Writer};

/// What changes a contact's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    ByHand,
    Import,
    Undo,
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
        if !self.is_live(contact)? {
            return Err(Error::Refused(format!("contact {contact} is deleted")));
        }
        let answer = opted_out.map(|out| !out);
        let event = NewEvent {
            about: About::Channel(channel),
            answer,
            kind: EventKind::Said,
            evidence: *evidence,
        };
        let step = self.tell(contact, &event, now)?;
        self.put_opt_out(contact, channel, &step, now)?;
        Ok(step.told(answer))
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
                    Origin::ByHand | Origin::Import => EventKind::Said,
                },
                evidence: Evidence::of(
                    match origin {
                        Origin::Import => How::Import,
                        Origin::ByHand | Origin::Undo => How::ByHand,
                    },
                    "",
                ),
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
