//! Why a contact is not in Salesforce yet, in plain words, and what can be done about it with one call.

use leadferry_salesforce::{ErrorCode, Treatment};
use leadferry_store::{EntryState, Reader, Reason};
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

/// Returns what can be offered for a contact that stands in the queue for a reason; nothing where it goes on by itself.
pub(crate) fn cures_of(reason: &Reason, state: EntryState) -> &'static [Cure] {
    match state {
        EntryState::Blocked | EntryState::GivenUp => cures(&reason.code, &reason.detail),
        _ => &[],
    }
}

/// Returns what can be offered for a contact that a code has blocked, the org's code or ours in lower case; `detail` is
/// what is known of it beside the code.
pub(crate) fn cures(code: &str, detail: &Value) -> &'static [Cure] {
    match code {
        "ambiguous" => &[Cure::Link, Cure::Merge, Cure::CreateAnyway],
        "no_identifier" => &[Cure::MakeIdentifier],
        "deleted_in_salesforce" => &[Cure::Recreate, Cure::Retry],
        "required_missing" | "too_long" | "number_too_large" | "invalid_email" | "wrong_type"
        | "date_out_of_range" | "dependent_picklist" | "record_type" => {
            &[Cure::EditContact, Cure::EditMapping, Cure::Retry]
        }
        "not_in_picklist" | "template" => &[Cure::EditMapping, Cure::EditContact, Cure::Retry],
        "converted" | "person_account" | "request_refused" | "no_record_id" | "unknown" => {
            &[Cure::Retry]
        }
        // The rule lets nobody save a duplicate.
        "DUPLICATES_DETECTED" if detail["allow_save"] == false => &[Cure::Link, Cure::Retry],
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
        (
            _,
            Treatment::StopRun
            | Treatment::Converted
            | Treatment::Transient
            | Treatment::TransientOnce
            | Treatment::Slow
            | Treatment::Untried,
        ) => &[Cure::Retry],
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
    /// The record's https address; none for the practice org.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub address: Option<String>,
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
    let listed = !detail["candidates"].as_array().is_none_or(Vec::is_empty);
    let instance = match org_id.filter(|_| listed) {
        Some(org) => instance_of(reader, org)?,
        None => None,
    };
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
        let page = |record: &String| Some(format!("{}/{record}", instance.as_deref()?));
        found.push(Candidate {
            object: text("object"),
            address: record.as_ref().and_then(page),
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
                address: None,
                name: Some(person.name),
                email: person.email,
                company: person.company,
                contact: Some(person.guid.to_string()),
            });
        }
    }
    Ok(found)
}

/// Returns where an org shows its records; the practice org shows none.
fn instance_of(reader: &Reader<'_>, org_id: &str) -> Result<Option<String>> {
    let mut connections = reader.connections()?.into_iter();
    let to_org = connections.find(|one| one.org_id.as_deref() == Some(org_id));
    let url = to_org.and_then(|one| one.instance_url);
    let url = url.filter(|url| url.starts_with("https://"));
    Ok(url.map(|url| url.trim_end_matches('/').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every code, in every state: who is stopped is offered something, who goes on by itself is not.
    #[test]
    fn what_is_offered_follows_from_state_and_code() {
        for explained in crate::diagnosis::error_catalogue() {
            let reason = Reason {
                code: explained.code.clone(),
                message: String::new(),
                detail: Value::Null,
            };
            for state in [EntryState::Blocked, EntryState::GivenUp] {
                assert!(!cures_of(&reason, state).is_empty(), "{}", explained.code);
            }
            for state in [EntryState::Pending, EntryState::Sending] {
                assert!(cures_of(&reason, state).is_empty(), "{}", explained.code);
            }
        }
    }

    #[test]
    fn duplicates_are_allowed_only_where_the_rule_lets_them() {
        let offered = |detail| cures("DUPLICATES_DETECTED", &detail);
        let lets = serde_json::json!({"allow_save": true});
        let not = serde_json::json!({"allow_save": false});
        assert!(offered(Value::Null).contains(&Cure::AllowDuplicates));
        assert!(offered(lets).contains(&Cure::AllowDuplicates));
        assert!(!offered(not).contains(&Cure::AllowDuplicates));
    }
}
