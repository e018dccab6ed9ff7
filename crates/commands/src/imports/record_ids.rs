//! A column with the ids of Salesforce records: which contact is which record.

use leadferry_salesforce::Id;
use leadferry_store::{ContactId, ImportId, LinkOrigin, NewLink, Reader, Writer};

use super::contact_rows::Draft;
use super::intake::Done;
use super::remarks::Remark;
use super::{Error, ImportRequest, Result};
use crate::links::known_object;

/// A record that a row names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NamedRecord {
    /// The column that names it.
    pub(crate) column: usize,
    /// `Lead` or `Contact`.
    object: &'static str,
    /// 18 characters.
    id: String,
}

impl NamedRecord {
    /// Reads the id of a lead or a contact, of 15 or 18 characters; nothing where the text is none.
    pub(crate) fn read(column: usize, cell: &str) -> Option<Self> {
        let id = Id::parse(cell.trim()).ok()?;
        let object = known_object(&id)?;
        let id = id.as_str().to_owned();
        Some(Self { column, object, id })
    }
}

/// Tells whether a cell holds the id of a lead or a contact.
pub(crate) fn is_record_id(cell: &str) -> bool {
    NamedRecord::read(0, cell).is_some()
}

/// Returns the org in which the records are that a request links to.
///
/// # Errors
/// When there is no such connection, or nobody has signed in to it.
pub(crate) fn org_of(reader: &Reader<'_>, request: &ImportRequest) -> Result<Option<String>> {
    let Some(name) = request.link.as_deref() else {
        return Ok(None);
    };
    let org = reader.connection_named(name)?.org_id;
    org.map(Some).ok_or_else(|| {
        Error::Mapping(format!(
            "nobody has signed in to the connection \"{name}\" yet, so its records aren't known"
        ))
    })
}

/// What becomes of a link that a row asks for.
#[derive(Debug, PartialEq, Eq)]
enum Linking {
    /// It is there.
    Stays,
    /// It is made.
    Made,
    /// The record is another contact's.
    Taken,
    /// The contact has another record of the object.
    Kept,
}

/// Decides from whose record it is, and which record the contact has.
fn judge(contact: ContactId, owner: Option<ContactId>, record: Option<&str>) -> Linking {
    match (owner, record) {
        (Some(owner), _) if owner == contact => Linking::Stays,
        (Some(_), _) => Linking::Taken,
        (None, Some(_)) => Linking::Kept,
        (None, None) => Linking::Made,
    }
}

/// Links a contact to the records that its row names, as part of the import.
pub(crate) fn link(
    writer: &Writer<'_>,
    (import, org_id): (ImportId, &str),
    contact: ContactId,
    draft: &Draft,
    line: u64,
    done: &mut Done<'_>,
) -> Result<()> {
    for NamedRecord { column, object, id } in &draft.records {
        let owner = writer.link_to(org_id, id)?.map(|link| link.contact);
        let record = writer
            .link(contact, org_id, object)?
            .map(|link| link.record_id);
        let remark = match judge(contact, owner, record.as_deref()) {
            Linking::Stays => continue,
            Linking::Taken => Remark::RecordTaken,
            Linking::Kept => Remark::LinkKept,
            Linking::Made => {
                let new = NewLink {
                    contact,
                    org_id,
                    object,
                    record_id: id,
                    identifier: None,
                    // The next run writes the identifier, as one does that matches by email.
                    origin: LinkOrigin::File,
                };
                writer.link_imported(import, &new, done.now)?;
                writer.reconsider(contact)?;
                done.linked += 1;
                continue;
            }
        };
        done.remarks.add(line, &[(*column, remark)]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_leads_and_contacts_are_read_in_both_lengths() {
        let full = NamedRecord::read(0, "00Q5g00000AbCdE").map(|record| record.id);
        let full = full.unwrap();
        assert_eq!(full.len(), 18);
        assert!(is_record_id(&full));
        assert!(is_record_id(" 0035g00000AbCdE "));
        for other in [
            "0015g00000AbCdE",
            "zcrm_1",
            "00Q5g00000AbCdEZZZ",
            "00Q5g00000",
            "",
            "mira@example.com",
        ] {
            assert!(!is_record_id(other), "{other}");
        }
    }

    #[test]
    fn no_link_takes_the_place_of_another() {
        let (one, two) = (ContactId(1), ContactId(2));
        for (owner, record, expected) in [
            (None, None, Linking::Made),
            (Some(one), Some("00Q"), Linking::Stays),
            (Some(two), None, Linking::Taken),
            (None, Some("00Q"), Linking::Kept),
        ] {
            assert_eq!(judge(one, owner, record), expected);
        }
    }
}
