//! What sets a consent sync apart from other replications: it sends consent, and knows people by their email alone.

use leadferry_store::{Candidate, Reason};
use serde_json::json;

use crate::mapping::{Mapping, MappingRow, Overwrite, Purpose, Source, Target};
use crate::setup::Setup;
use crate::targets::TargetObject;

/// The code of those whom the org doesn't have yet.
pub const WAITING_FOR_MATCH: &str = "waiting_for_match";

/// What a new record is made of, apart from consent. These rows never change a record that exists.
const IDENTITY: [(&str, &str); 4] = [
    ("email", "Email"),
    ("first_name", "FirstName"),
    ("last_name", "LastName"),
    ("@company_name", "Company"),
];

impl Setup {
    /// Tells whether a contact without a record has nothing that a consent sync could send: no answer, or no email.
    pub(crate) fn has_no_consent_to_send(&self, candidate: &Candidate) -> bool {
        self.settings.consent_sync
            && (candidate.email_key.is_none()
                || self.map_whole(candidate, Purpose::Update).values.is_empty())
    }
}

/// Returns the reason for a contact who goes once the org has a record with their email.
pub fn waiting_for_match(object: &str) -> Reason {
    Reason {
        code: WAITING_FOR_MATCH.into(),
        message: format!(
            "No {object} in Salesforce has this email. The consent is sent as soon as there is one."
        ),
        detail: json!(null),
    }
}

/// Tells whether a row of a consent sync only makes new records complete.
pub fn is_identity(row: &MappingRow) -> bool {
    let (source, target) = (row.source.to_string(), row.target.to_string());
    row.overwrite == Overwrite::OnCreate && IDENTITY.contains(&(source.as_str(), target.as_str()))
}

/// Adds the rows that new records need, or removes them.
pub fn set_identity(mapping: &mut Mapping, object: &TargetObject, creates: bool) {
    mapping.rows.retain(|row| !is_identity(row));
    if !creates {
        return;
    }
    let fields = IDENTITY
        .into_iter()
        .filter(|(_, target)| object.field(target).is_some());
    let rows = fields.map(|(source, target)| {
        let source = match source {
            "@company_name" => Source::CompanyName,
            name => Source::Field(name.to_owned()),
        };
        MappingRow {
            overwrite: Overwrite::OnCreate,
            ..MappingRow::new(source, Target::Field(target.to_owned()))
        }
    });
    mapping.rows.splice(0..0, rows);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_for_new_records_come_and_go_with_the_upsert_mode() {
        let lead = TargetObject::built_in("Lead").unwrap();
        let consent = "@consent:Newsletter=Newsletter__c\n";
        let mut mapping = Mapping::parse(consent).unwrap();
        set_identity(&mut mapping, &lead, true);
        set_identity(&mut mapping, &lead, true);
        assert_eq!(
            mapping.to_string(),
            format!(
                "email=Email ; on_create\nfirst_name=FirstName ; on_create\nlast_name=LastName ; on_create\n\
                 @company_name=Company ; on_create\n{consent}"
            )
        );
        set_identity(&mut mapping, &lead, false);
        assert_eq!(mapping.to_string(), consent);
    }

    #[test]
    fn a_contact_record_needs_no_company() {
        let contact = TargetObject::built_in("Contact").unwrap();
        let mut mapping = Mapping::default();
        set_identity(&mut mapping, &contact, true);
        assert_eq!(mapping.rows.len(), 3);
        assert!(mapping.rows.iter().all(is_identity));
    }
}
