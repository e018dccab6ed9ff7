//! Resolves fields that were changed on both sides, as someone has chosen.

use std::collections::{BTreeMap, BTreeSet};

use leadferry_salesforce::Describe;
use leadferry_store::{
    Conflict, ContactField, Link, LinkId, Mirror, MirrorField, MirrorKind, MirrorValue, Reader,
    Value, Writer,
};

use super::taking_in::{Choice, Incoming, Places, Taken, TakingIn, Winner, rows};
use crate::inbound::Compiled;
use crate::targets::TargetObject;
use crate::{Error, Result};

/// What both sides have in a field that waits for a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictValues {
    /// The contact fields that the record's field comes into; none where no pull brings it in any more.
    pub to: Vec<ContactField>,
    /// What the contact has, in the order of its fields.
    pub here: Vec<Option<Value>>,
    /// What the mirror holds of the record.
    pub there: Option<(MirrorKind, MirrorValue)>,
    /// Who was changed later, as far as that is known.
    pub newer: Option<Winner>,
}

/// What reads an object of an org.
struct Reads {
    mirror: Mirror,
    rows: Compiled,
}

fn reads(reader: &Reader<'_>, org_id: &str, object: &str) -> Result<Option<Reads>> {
    let Some(name) = reader.other_pull_of(org_id, object, None)? else {
        return Ok(None);
    };
    let pull = reader.pull_named(&name)?;
    let mut objects = pull.objects.iter();
    let read = objects.find(|read| read.object.eq_ignore_ascii_case(object));
    let described = reader.describe(pull.connection, object)?;
    let mirror = reader.mirror_of(org_id, object)?;
    let (Some(read), Some(described), Some(mirror)) = (read, described, mirror) else {
        return Ok(None);
    };
    let target = TargetObject::from_describe(&Describe::parse(&described.body)?);
    let rows = rows(reader, pull.id, read, &target)?;
    Ok(Some(Reads { mirror, rows }))
}

/// Returns what both sides have in fields that wait for a choice, in the order of the conflicts.
///
/// # Errors
/// When the workspace cannot be read.
pub fn conflict_values(reader: &Reader<'_>, conflicts: &[Conflict]) -> Result<Vec<ConflictValues>> {
    let mut known: BTreeMap<(String, String), Option<Reads>> = BTreeMap::new();
    let mut all = Vec::with_capacity(conflicts.len());
    for conflict in conflicts {
        let link = &conflict.link;
        let key = (link.org_id.clone(), link.object.clone());
        if !known.contains_key(&key) {
            known.insert(key.clone(), reads(reader, &link.org_id, &link.object)?);
        }
        let reads = known.get(&key).and_then(Option::as_ref);
        all.push(values_of(reader, conflict, reads)?);
    }
    Ok(all)
}

fn values_of(
    reader: &Reader<'_>,
    conflict: &Conflict,
    reads: Option<&Reads>,
) -> Result<ConflictValues> {
    let row = reads.and_then(|reads| {
        let mut rows = reads.rows.rows.iter();
        rows.find(|row| row.field.eq_ignore_ascii_case(&conflict.field))
    });
    let to = row.map_or_else(Vec::new, |row| row.to.fields());
    let contact = reader
        .contacts(&[conflict.link.contact], &to)?
        .into_iter()
        .next();
    let record = match reads {
        Some(reads) => reader.mirrored_record(&reads.mirror, &conflict.link.record_id)?,
        None => None,
    };
    let there = reads.zip(record.as_ref()).and_then(|(reads, record)| {
        let mut fields = reads.mirror.fields.iter().zip(&record.values);
        let (field, value) = fields.find(|(field, _)| {
            field.gone_at.is_none() && field.name.eq_ignore_ascii_case(&conflict.field)
        })?;
        Some((field.kind, value.clone()?))
    });
    let stamp = record.and_then(|record| record.stamp);
    let newer = stamp.zip(contact.as_ref()).map(|(stamp, contact)| {
        if stamp > contact.changed_at {
            Winner::There
        } else {
            Winner::Here
        }
    });
    let here = to.iter().map(|field| {
        let contact = contact.as_ref()?;
        contact.values.get(*field).cloned()
    });
    Ok(ConflictValues {
        here: here.collect(),
        to,
        there,
        newer,
    })
}

/// Resolves fields of links to one object of one org, and returns how many are left because the record's value can't stand in
/// the contact's field.
///
/// # Errors
/// [`Error::Settings`] where the record's values are wanted, and no pull reads them.
pub fn resolve(
    writer: &Writer<'_>,
    conflicts: &[Conflict],
    winner: Winner,
    places: Places,
    now: i64,
) -> Result<u64> {
    let mut by_object: BTreeMap<(String, String), Vec<&Conflict>> = BTreeMap::new();
    for conflict in conflicts {
        let link = &conflict.link;
        let key = (link.org_id.clone(), link.object.clone());
        by_object.entry(key).or_default().push(conflict);
    }
    let mut left = 0;
    for ((org_id, object), conflicts) in by_object {
        let Some(reads) = reads(writer, &org_id, &object)? else {
            keep_here(writer, &conflicts, winner, &object)?;
            continue;
        };
        let fields: Vec<MirrorField> = reads.mirror.fields.clone();
        let fields: Vec<MirrorField> = fields.into_iter().filter(|f| f.gone_at.is_none()).collect();
        let of = (org_id.as_str(), object.as_str());
        let taking = TakingIn::load(writer, of, reads.rows, &fields, places, now)?;
        left += resolve_read(writer, &taking, &reads.mirror, &conflicts, winner, now)?;
    }
    Ok(left)
}

/// Without a record to compare with, the contact's value is the only one.
fn keep_here(
    writer: &Writer<'_>,
    conflicts: &[&Conflict],
    winner: Winner,
    object: &str,
) -> Result<()> {
    if winner == Winner::There {
        return Err(Error::Settings(format!(
            "no pull reads {object} anymore, so its values aren't known here"
        )));
    }
    for conflict in conflicts {
        writer.remove_conflict(conflict.link.id, &conflict.field)?;
        writer.stamp_contacts(&[conflict.link.contact])?;
    }
    Ok(())
}

fn resolve_read(
    writer: &Writer<'_>,
    taking: &TakingIn,
    mirror: &Mirror,
    conflicts: &[&Conflict],
    winner: Winner,
    now: i64,
) -> Result<u64> {
    let links: BTreeMap<LinkId, &Link> = conflicts
        .iter()
        .map(|conflict| (conflict.link.id, &conflict.link))
        .collect();
    let fields: BTreeSet<(LinkId, String)> = conflicts
        .iter()
        .map(|conflict| (conflict.link.id, conflict.field.clone()))
        .collect();
    let mut incoming: Vec<Incoming> = Vec::new();
    for link in links.into_values() {
        match taking.mirrored(writer, mirror, link.clone())? {
            Some(record) => incoming.push(record),
            // The record is gone: nothing is left to choose from.
            None => {
                let gone = conflicts.iter().filter(|one| one.link.id == link.id);
                for conflict in gone {
                    writer.remove_conflict(link.id, &conflict.field)?;
                }
                writer.stamp_contacts(&[link.contact])?;
            }
        }
    }
    let choice = Choice {
        fields: &fields,
        winner,
    };
    let mut taken = Taken::default();
    taking.take(writer, &incoming, Some(&choice), now, &mut taken)?;
    Ok(taken.unfit.values().sum())
}
