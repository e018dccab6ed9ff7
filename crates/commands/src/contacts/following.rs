//! Blocks follow what a person corrects: a contact whose fault is gone waits for the next run at once.

use std::collections::BTreeSet;

use leadferry_replication::planning::{Judgement, judge};
use leadferry_replication::setup::Setup;
use leadferry_store::{
    ContactField, ContactId, Entry, EntryState, Reader, Replication, Standing, Writer,
};

use super::blocks;
use crate::Result;

/// What a person has changed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Corrected<'a> {
    /// Values of these fields.
    Fields(&'a BTreeSet<ContactField>),
    /// Which record the contact is.
    Link,
}

/// Settles anew where contacts are blocked that were changed by hand, as the next run would as far as the workspace knows.
///
/// A block that the change has nothing to do with stays; so does one of a replication that cannot be used as it is.
pub(crate) fn follow(
    writer: &Writer<'_>,
    contacts: &[ContactId],
    corrected: Corrected<'_>,
    now: i64,
) -> Result<()> {
    for replication in writer.replications()? {
        let mut setup = None;
        for contact in contacts {
            let Some(entry) = writer.entry(replication.id, *contact)? else {
                continue;
            };
            if !concerns(writer, &replication, &entry, corrected)? {
                continue;
            }
            let setup = setup.get_or_insert_with(|| Setup::load(writer, replication.id, now).ok());
            if let Some(setup) = setup {
                settle(writer, setup, *contact, corrected, now)?;
            }
        }
    }
    Ok(())
}

fn concerns(
    reader: &Reader<'_>,
    replication: &Replication,
    entry: &Entry,
    corrected: Corrected<'_>,
) -> Result<bool> {
    let Some(reason) = entry
        .reason
        .as_ref()
        .filter(|_| entry.state == EntryState::Blocked)
    else {
        return Ok(false);
    };
    Ok(match corrected {
        Corrected::Link => blocks::ends_with_link(reason),
        Corrected::Fields(changed) => {
            let fields = blocks::fields(reader, replication, reason)?;
            fields.iter().any(|field| changed.contains(field))
        }
    })
}

fn settle(
    writer: &Writer<'_>,
    setup: &Setup,
    contact: ContactId,
    corrected: Corrected<'_>,
    now: i64,
) -> Result<()> {
    let Some(candidate) = writer.candidates(&setup.query(), &[contact])?.pop() else {
        return Ok(());
    };
    let standing = match judge(&candidate, setup) {
        // The link may be to a record of another kind: who the contact is here is as open as before.
        Judgement::Match(_) if matches!(corrected, Corrected::Link) => return Ok(()),
        Judgement::Match(_) | Judgement::Update(_) | Judgement::Seek | Judgement::Copy(_) => {
            Standing::Pending
        }
        Judgement::Blocked(reason) => Standing::Blocked(reason),
        // Such as a person who is a record of the other object there.
        Judgement::LeftOut => Standing::Withdrawn,
        Judgement::Unchanged => return Ok(()),
    };
    writer.consider(
        setup.replication.id,
        contact,
        candidate.contact.seq,
        setup.versions,
        &standing,
        now,
    )?;
    Ok(())
}
