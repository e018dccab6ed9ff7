//! Follows people through the org: the link of a converted lead moves to its contact, that of a merged record to the winner.

use leadferry_salesforce::Record;
use leadferry_store::{Link, LinkOrigin, LinkState, NewLink, Writer};

use crate::Result;
use crate::settings::WhenConverted;

/// What has become of a record that somebody here may be linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// A lead was converted, to this contact where the org says which.
    Converted(Option<String>),
    /// It was merged into this record.
    Merged(String),
}

/// Returns what has become of a record; `None` where it is simply there, or gone.
pub(super) fn fate(record: &Record) -> Option<Fate> {
    let id = |field: &str| record.reference(field).map(|id| id.as_str().to_owned());
    match (record.boolean("IsDeleted"), record.boolean("IsConverted")) {
        (Some(true), _) => id("MasterRecordId").map(Fate::Merged),
        (_, Some(true)) => Some(Fate::Converted(id("ConvertedContactId"))),
        _ => None,
    }
}

/// Moves the links of these records, and returns how many.
///
/// # Errors
/// When the workspace cannot be written.
pub(super) fn follow(
    writer: &Writer<'_>,
    org_id: &str,
    object: &str,
    fates: &[(String, Fate)],
    converted: WhenConverted,
    now: i64,
) -> Result<u64> {
    let ids: Vec<String> = fates.iter().map(|(id, _)| id.clone()).collect();
    let mut moved = 0;
    for link in writer.links_to_records(org_id, &ids)? {
        let fate = fates.iter().find(|(id, _)| *id == link.record_id);
        let Some((_, fate)) = fate.filter(|_| link.state == LinkState::Linked) else {
            continue;
        };
        match fate {
            Fate::Merged(winner) => {
                let other = writer.link_to(org_id, winner)?;
                let other = other.map(|other| writer.resolve_contact(other.contact));
                match other.transpose()? {
                    // Somebody else stands for the winner: this contact's own record is gone.
                    Some(other) if other != link.contact => {
                        writer.set_link_state(link.id, LinkState::Deleted, now)?;
                    }
                    // Nobody does, or a contact that was merged into this one: then one record is left of their two.
                    _ => put(writer, &link, object, winner, now)?,
                }
            }
            Fate::Converted(contact) => {
                writer.set_link_state(link.id, LinkState::Converted, now)?;
                let contact = contact
                    .as_ref()
                    .filter(|_| converted == WhenConverted::Follow);
                if let Some(record) = contact
                    && writer.link_to(org_id, record)?.is_none()
                    && writer.link(link.contact, org_id, "Contact")?.is_none()
                {
                    put(writer, &link, "Contact", record, now)?;
                }
            }
        }
        writer.reconsider(link.contact)?;
        moved += 1;
    }
    Ok(moved)
}

fn put(
    writer: &Writer<'_>,
    link: &Link,
    object: &str,
    record_id: &str,
    now: i64,
) -> leadferry_store::Result<()> {
    let new = NewLink {
        contact: link.contact,
        org_id: &link.org_id,
        object,
        record_id,
        identifier: None,
        origin: LinkOrigin::Followed,
    };
    writer.put_link(&new, now).map(|_| ())
}
