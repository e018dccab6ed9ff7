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
    /// `queue.link_candidates`: those with exactly one candidate; `links.set` for one contact.
    Link,
    /// `queue.retry` with `create_anyway`, for one contact.
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

/// A cause in plain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Explained {
    /// What it means, as the beginning of a sentence.
    pub(crate) cause: &'static str,
    /// What to do.
    pub(crate) cure: &'static str,
    /// What can be offered.
    pub(crate) cures: &'static [Cure],
    /// It is tried again without anybody doing anything.
    pub(crate) retries: bool,
}

/// Explains a code: the org's, or ours in lower case.
pub(crate) fn explained(code: &str) -> Explained {
    let ours = |cause, cure, cures| Explained {
        cause,
        cure,
        cures,
        retries: false,
    };
    match code {
        "ambiguous" => ours(
            "It is not clear which record this is",
            "Link the right record, merge the two contacts, or create a new record anyway.",
            &[Cure::Link, Cure::CreateAnyway],
        ),
        "required_missing" => ours(
            "A value that is required is missing",
            "Fill it in, or take it from another field in the mapping.",
            &[Cure::EditContact, Cure::EditMapping, Cure::Retry],
        ),
        "no_identifier" => ours(
            "Salesforce has no field for our identifier yet",
            "Make the field in Salesforce; new records can be created then.",
            &[Cure::MakeIdentifier],
        ),
        "deleted_in_salesforce" => ours(
            "The record was deleted in Salesforce",
            "Restore it there, or let deleted records be created again.",
            &[Cure::Recreate, Cure::Retry],
        ),
        "converted" => ours(
            "The lead was converted in Salesforce",
            "A replication to contacts on this connection goes on with the contact that came of it.",
            &[Cure::Retry],
        ),
        "not_in_picklist" => ours(
            "A value is not in the field's list in Salesforce",
            "Correct it, or give the mapping a value map.",
            &[Cure::EditMapping, Cure::EditContact, Cure::Retry],
        ),
        "too_long" | "number_too_large" | "invalid_email" | "wrong_type" | "date_out_of_range" => {
            ours(
                match code {
                    "too_long" => "A text is longer than its field in Salesforce",
                    "number_too_large" => "A number is too large for its field in Salesforce",
                    "invalid_email" => "Salesforce would not accept the e-mail address",
                    "wrong_type" => "A value does not fit the type of its field",
                    _ => "A date is outside of what Salesforce takes",
                },
                "Correct the contact, or change the row in the mapping.",
                &[Cure::EditContact, Cure::EditMapping, Cure::Retry],
            )
        }
        "template" => ours(
            "A template fails on this contact's values",
            "Correct the template in the mapping.",
            &[Cure::EditMapping, Cure::Retry],
        ),
        "request_refused" | "no_record_id" | "unknown" => ours(
            "Salesforce refused the contact without a reason",
            "Try again; if it stays, ask the org's admin.",
            &[Cure::Retry],
        ),
        code => of_the_org(&ErrorCode::from(code)),
    }
}

fn of_the_org(code: &ErrorCode) -> Explained {
    let treatment = code.treatment();
    let (cures, retries): (&[Cure], bool) = match (code, treatment) {
        (ErrorCode::DuplicatesDetected, _) => (&[Cure::Link, Cure::AllowDuplicates], false),
        (_, Treatment::AskIdentifier) => (&[Cure::Link, Cure::Retry], false),
        (_, Treatment::Redescribe) => (
            &[Cure::RefreshFields, Cure::EditMapping, Cure::Retry],
            false,
        ),
        (_, Treatment::Deleted) => (&[Cure::Recreate, Cure::Retry], false),
        (_, Treatment::Transient | Treatment::TransientOnce | Treatment::Slow) => {
            (&[Cure::Retry], true)
        }
        (_, Treatment::Permanent) => (&[Cure::EditContact, Cure::EditMapping, Cure::Retry], false),
        (_, Treatment::StopRun | Treatment::Converted) => (&[Cure::Retry], false),
    };
    Explained {
        cause: code.cause(),
        cure: treatment.cure(),
        cures,
        retries,
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
                contact: Some(person.guid.to_string()),
            });
        }
    }
    Ok(found)
}

/// Returns the only record that a reason names, where it names exactly one of this object.
pub(crate) fn only_record<'a>(detail: &'a Value, object: &str) -> Option<&'a str> {
    match detail["candidates"].as_array()?.as_slice() {
        [one] if one["object"].as_str() == Some(object) => one["record"].as_str(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_of_our_own_codes_is_explained_and_can_be_cured() {
        for code in [
            "ambiguous",
            "required_missing",
            "no_identifier",
            "deleted_in_salesforce",
            "converted",
            "not_in_picklist",
            "too_long",
            "number_too_large",
            "invalid_email",
            "wrong_type",
            "date_out_of_range",
            "template",
            "no_record_id",
            "request_refused",
        ] {
            let explained = explained(code);
            assert!(!explained.cures.is_empty(), "{code}");
            assert_ne!(explained.cause, "the org refused the row", "{code}");
        }
    }

    #[test]
    fn what_passes_by_itself_says_so() {
        assert!(explained("UNABLE_TO_LOCK_ROW").retries);
        assert!(!explained("DUPLICATES_DETECTED").retries);
        assert_eq!(
            explained("DUPLICATES_DETECTED").cures,
            [Cure::Link, Cure::AllowDuplicates]
        );
    }

    #[test]
    fn a_record_is_linked_in_bulk_only_where_there_is_no_choice() {
        let one = json!({ "candidates": [{ "object": "Lead", "record": "00Q1" }] });
        assert_eq!(only_record(&one, "Lead"), Some("00Q1"));
        assert_eq!(only_record(&one, "Contact"), None);
        let two = json!({ "candidates": [{ "object": "Lead", "record": "00Q1" }, { "object": "Lead", "record": "00Q2" }] });
        assert_eq!(only_record(&two, "Lead"), None);
        assert_eq!(only_record(&Value::Null, "Lead"), None);
    }
}
