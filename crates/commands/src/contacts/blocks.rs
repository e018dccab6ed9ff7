//! Which fields of a contact a block is about.

use leadferry_replication::mapping::{Mapping, Source, Target};
use leadferry_store::{ContactField, Reader, Reason, Replication};

use crate::Result;
use crate::causes::{self, Cure};

/// What decides who a person is in the org.
const IDENTITY: [ContactField; 3] = [
    ContactField::Email,
    ContactField::FirstName,
    ContactField::LastName,
];

/// Returns the fields whose values can end a block, those to look at first in front.
///
/// Empty where no value of the contact has anything to do with it.
pub(super) fn fields(
    reader: &Reader<'_>,
    replication: &Replication,
    reason: &Reason,
) -> Result<Vec<ContactField>> {
    if reason.code == "ambiguous" {
        return Ok(IDENTITY.to_vec());
    }
    if !causes::cures(&reason.code, &reason.detail).contains(&Cure::EditContact) {
        return Ok(Vec::new());
    }
    let body = reader.mapping(replication.id)?.body;
    let rows = Mapping::parse(&body).unwrap_or_default().rows;
    let named = targets(reason);
    let is_meant = |target: &Target| {
        let target = target.to_string();
        named.is_empty() || named.iter().any(|name| target.eq_ignore_ascii_case(name))
    };
    let sources = rows
        .iter()
        .filter(|row| is_meant(&row.target))
        .map(|row| &row.source);
    let mut fields = Vec::new();
    for source in sources {
        for field in read_by(reader, source)? {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
    }
    Ok(fields)
}

/// Tells whether a block ends once it is known which record the contact is.
pub(super) fn ends_with_link(reason: &Reason) -> bool {
    causes::cures(&reason.code, &reason.detail).contains(&Cure::Link)
}

/// Returns the fields of the org that a reason names.
fn targets(reason: &Reason) -> Vec<&str> {
    let detail = &reason.detail;
    let lists = ["targets", "fields"].map(|key| detail[key].as_array());
    let listed = lists.into_iter().flatten().flatten();
    listed
        .chain(detail.get("target"))
        .filter_map(serde_json::Value::as_str)
        .collect()
}

fn read_by(reader: &Reader<'_>, source: &Source) -> Result<Vec<ContactField>> {
    Ok(match source {
        Source::Field(name) => reader.field_named(name).into_iter().collect(),
        Source::CompanyName => vec![ContactField::CompanyName],
        Source::CountryName | Source::CountryCode => vec![ContactField::Country],
        Source::StateName | Source::StateCode => vec![ContactField::State],
        Source::Street => vec![ContactField::AddressLine1, ContactField::AddressLine2],
        // What a text is made of is found in it by name.
        Source::Template(text) => reader
            .all_fields()?
            .into_iter()
            .filter(|field| {
                let name = reader.field_name(*field).unwrap_or_default();
                text.contains(name.trim_start_matches("custom:"))
            })
            .collect(),
        Source::Account(_)
        | Source::Description
        | Source::Points(_)
        | Source::Segment(_)
        | Source::Consent { .. }
        | Source::Salesforce(_)
        | Source::Preference(_)
        | Source::Constant(_) => Vec::new(),
    })
}
