//! Why a contact is not in Salesforce yet, in plain words, and what can be done about it with one call.

use leadferry_salesforce::{ErrorCode, Treatment};
use leadferry_store::Reader;
use serde::Serialize;
use serde_json::Value;

use crate::Result;

/// What a front end offers against a cause; each is one call or leads to one screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Cure {
    /// `queue.retry` with the code.
    Retry,
    /// `links.set`, for one contact and one of its candidates.
    Link,
    /// `contacts.merge`, for one contact and one of its candidates that is a contact, too.
    Merge,
    /// `queue.retry` with `create_anyway`, for named contacts.
    CreateAnyway,
    /// `replications.set` with `allow_duplicates`, then `queue.retry`.
    AllowDuplicates,
    /// `replications.set` with `deleted` re-creating, then `queue.retry`.
    Recreate,
    /// `replications.prepare_org`.
    MakeIdentifier,
    /// `connections.test`: reads the org's fields again.
    RefreshFields,
    /// The contact is to be corrected.
    EditContact,
    /// The mapping is to be changed.
    EditMapping,
}

/// Returns what can be offered against a code, the org's or ours in lower case; nothing where it passes by itself.
pub(crate) fn cures(code: &str) -> &'static [Cure] {
    match code {
        "ambiguous" => &[Cure::Link, Cure::Merge, Cure::CreateAnyway],
        "no_identifier" => &[Cure::MakeIdentifier],
        "deleted_in_salesforce" => &[Cure::Recreate, Cure::Retry],
        "required_missing" | "too_long" | "number_too_large" | "invalid_email" | "wrong_type"
        | "date_out_of_range" | "dependent_picklist" | "record_type" => {
            &[Cure::EditContact, Cure::EditMapping, Cure::Retry]
        }
        "not_in_picklist" | "template" => &[Cure::EditMapping, Cure::EditContact, Cure::Retry],
        "converted" | "request_refused" | "no_record_id" | "unknown" => &[Cure::Retry],
        code => of_the_org(&ErrorCode::from(code)),
    }
}

fn of_the_org(code: &ErrorCode) -> &'static [Cure] {
    match (code, code.treatment()) {
        (ErrorCode::DuplicatesDetected, _) => &[Cure::Link, Cure::AllowDuplicates],
        (_, Treatment::AskIdentifier) => &[Cure::Link, Cure::Retry],
        (_, Treatment::Redescribe) => &[Cure::RefreshFields, Cure::EditMapping, Cure::Retry],
        (_, Treatment::Deleted) => &[Cure::Recreate, Cure::Retry],
        (_, Treatment::Permanent) => &[Cure::EditContact, Cure::EditMapping, Cure::Retry],
        (_, Treatment::StopRun | Treatment::Converted) => &[Cure::Retry],
        (_, Treatment::Transient | Treatment::TransientOnce | Treatment::Slow) => &[],
    }
}

/// A record that may be the contact, or a contact that has the same e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Candidate {
    /// The record's object; none for a contact of ours.
    pub object: Option<String>,
    /// The record's id; none for a contact of ours.
    pub record: Option<String>,
    /// The record's or the contact's name, where known.
    pub name: Option<String>,
    /// The record's or the contact's email, where known.
    pub email: Option<String>,
    /// The record's or the contact's company, where known.
    pub company: Option<String>,
    /// The contact of ours: the one that has the same e-mail, or that the record is linked to already.
    pub contact: Option<String>,
}

/// Reads the candidates out of a reason's detail, and names who has them already.
pub(crate) fn candidates(
    reader: &Reader<'_>,
    org_id: Option<&str>,
    detail: &Value,
) -> Result<Vec<Candidate>> {
    let mut found = Vec::new();
    for one in detail["candidates"].as_array().into_iter().flatten() {
        let text = |key: &str| one[key].as_str().map(str::to_owned);
        let record = text("record");
        let owner = match (org_id, &record) {
            (Some(org), Some(record)) => reader.link_to(org, record)?,
            _ => None,
        };
        let contact = owner
            .map(|link| reader.contacts(&[link.contact], &[]))
            .transpose()?
            .and_then(|mut contacts| contacts.pop());
        found.push(Candidate {
            object: text("object"),
            record,
            name: text("name"),
            email: text("email"),
            company: text("company"),
            contact: contact.map(|contact| contact.guid.to_string()),
        });
    }
    if let Some(eldest) = detail["eldest"].as_i64() {
        let id = leadferry_store::ContactId(eldest);
        if let Some(person) = crate::people::people(reader, &[id])?.remove(&id) {
            found.push(Candidate {
                object: None,
                record: None,
                name: Some(person.name),
                email: person.email,
                company: person.company,
                contact: Some(person.guid.to_string()),
            });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_offers_nothing_and_what_does_not_offers_something() {
        assert!(cures("UNABLE_TO_LOCK_ROW").is_empty());
        assert_eq!(
            cures("DUPLICATES_DETECTED"),
            [Cure::Link, Cure::AllowDuplicates]
        );
        for code in crate::statistics::error_catalogue() {
            let ours = code.code.chars().any(|letter| letter.is_ascii_lowercase());
            assert!(!ours || !cures(&code.code).is_empty(), "{}", code.code);
        }
    }
}
