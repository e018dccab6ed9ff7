//! Why contacts don't get through: the org's codes, and our own that are found before anything is sent.

use leadferry_salesforce::{ErrorCode, RowError};
use serde_json::Value;

use super::{Area, ErrorExplained, notes};
use crate::causes;
use crate::error::capitalized;

/// Our own codes: label, cause, cure.
const OURS: &[(&str, &str, &str, &str)] = &[
    (
        "ambiguous",
        "More than one match",
        "more than one Salesforce record or contact matches, or the only match may be a different person",
        "link the right record, merge the contacts, or create a new record",
    ),
    (
        "converted",
        "Lead was converted",
        "the lead was converted to a contact in Salesforce",
        "add a replication to contacts, which updates the converted record, then retry",
    ),
    (
        "date_out_of_range",
        "Date out of range",
        "Salesforce can't store this date",
        "correct the date in the contact",
    ),
    (
        "deleted_in_salesforce",
        "Deleted in Salesforce",
        "the record was deleted in Salesforce",
        "restore it in Salesforce and retry, or let the replication create it again",
    ),
    (
        "dependent_picklist",
        "Values don't match",
        "the value isn't available for the value of the field that it depends on, such as a state of another country",
        "correct one of the two in the contact, or map the value",
    ),
    (
        "invalid_email",
        "Invalid email",
        "Salesforce doesn't accept this email address",
        "correct the email in the contact",
    ),
    (
        "no_identifier",
        "Identifier is missing",
        "the org has no field for the Leadferry ID, so no record can be created",
        "prepare the org, or choose another identifier",
    ),
    (
        "no_record_id",
        "No record id returned",
        "Salesforce accepted the row but didn't say which record it is",
        "retry: Leadferry looks for the record first",
    ),
    (
        "not_in_picklist",
        "Not in the picklist",
        "the field's picklist doesn't have this value",
        "map the value to one of the picklist, or add it to the picklist in Salesforce",
    ),
    (
        "number_too_large",
        "Number too large",
        "the number has more digits than its field in Salesforce",
        "correct the number, or map another field",
    ),
    (
        "person_account",
        "Person account",
        "the contact is a person account in Salesforce, which can only be changed through its account",
        "change it in Salesforce, or leave the contact out of the replication",
    ),
    (
        "record_type",
        "Record type not available",
        "the ID isn't that of a record type that you can use",
        "correct the mapping, or ask an admin for the record type",
    ),
    (
        "required_missing",
        "Required field is empty",
        "Salesforce requires a value for this field, and the contact has none",
        "fill it in the contact, or give the mapping row a default",
    ),
    (
        "template",
        "Template can't be filled in",
        "a template in the mapping can't be filled in for this contact",
        "correct the template in the mapping",
    ),
    (
        "too_long",
        "Text too long",
        "the text is longer than its field in Salesforce and isn't shortened. Emails never are",
        "shorten it in the contact, or allow shortening in the mapping row",
    ),
    (
        "wrong_type",
        "Wrong type of value",
        "the value doesn't fit the type of its field in Salesforce",
        "correct the value, or map another field",
    ),
];

/// What the org's codes that are met most are called.
const LABELS: &[(ErrorCode, &str)] = &[
    (ErrorCode::DuplicatesDetected, "Duplicate rule"),
    (ErrorCode::DuplicateValue, "Value already used"),
    (
        ErrorCode::DuplicateExternalId,
        "Duplicate identifier in the org",
    ),
    (ErrorCode::RequiredFieldMissing, "Required field is empty"),
    (ErrorCode::StringTooLong, "Text too long"),
    (ErrorCode::NumberOutsideValidRange, "Number too large"),
    (ErrorCode::InvalidEmailAddress, "Invalid email"),
    (
        ErrorCode::InvalidOrNullForRestrictedPicklist,
        "Not in the picklist",
    ),
    (ErrorCode::FieldIntegrityException, "State and country"),
    (ErrorCode::FieldCustomValidationException, "Validation rule"),
    (
        ErrorCode::CannotInsertUpdateActivateEntity,
        "Trigger in the org",
    ),
    (ErrorCode::CannotExecuteFlowTrigger, "Flow in the org"),
    (ErrorCode::InactiveOwnerOrUser, "Owner is inactive"),
    (ErrorCode::UnableToLockRow, "Record was locked"),
    (ErrorCode::EntityIsLocked, "Record is locked"),
    (ErrorCode::EntityIsDeleted, "Record is deleted"),
    (ErrorCode::CannotUpdateConvertedLead, "Lead was converted"),
    (
        ErrorCode::InvalidCrossReferenceKey,
        "Referenced record is gone",
    ),
    (ErrorCode::InsufficientAccess, "No permission to edit"),
    (
        ErrorCode::InsufficientAccessOrReadonly,
        "No permission to edit",
    ),
    (
        ErrorCode::InsufficientAccessOnCrossReferenceEntity,
        "No permission to see it",
    ),
    (ErrorCode::InvalidField, "Unknown field"),
    (ErrorCode::InvalidFieldForInsertUpdate, "Field is read-only"),
    (ErrorCode::InvalidTypeOnFieldInRecord, "Wrong type of value"),
    (ErrorCode::StorageLimitExceeded, "Storage is full"),
    (ErrorCode::RequestLimitExceeded, "API calls used up"),
    (ErrorCode::InvalidSessionId, "Sign-in expired"),
    (ErrorCode::ApiDisabledForOrg, "No API access"),
    (ErrorCode::ServerUnavailable, "Org not available"),
    (ErrorCode::RequestRunningTooLong, "Org took too long"),
    (ErrorCode::TooManyEnumValue, "Too many values"),
    (ErrorCode::InvalidCurrencyIso, "Currency not used"),
    (ErrorCode::InvalidStatus, "Unknown status"),
    (ErrorCode::UnavailableRecordtypeException, "Record type"),
    (ErrorCode::FieldFilterValidationException, "Lookup filter"),
    (ErrorCode::LicenseLimitExceeded, "License limit reached"),
    (ErrorCode::UnsupportedApiVersion, "API version retired"),
    (ErrorCode::InvalidType, "Unknown object"),
    (ErrorCode::NotFound, "Not found"),
    (ErrorCode::JsonParserError, "Request not understood"),
    (ErrorCode::BadOauthToken, "Sign-in expired"),
];

/// Returns the codes that are explained with a cause of their own: ours first, then the org's.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    let unknown = ErrorCode::Other(String::new()).cause();
    let org = ErrorCode::KNOWN
        .iter()
        .filter(move |code| code.cause() != unknown);
    OURS.iter()
        .map(|(code, ..)| *code)
        .chain(org.map(ErrorCode::as_str))
}

/// Explains a code; `said` is what was said of it, for codes that say it all themselves.
pub(crate) fn explained(code: &str, said: &str) -> ErrorExplained {
    if let Some(&(code, label, cause, cure)) = OURS.iter().find(|(ours, ..)| *ours == code) {
        let missing = said.split_once(leadferry_replication::mapping::NEEDS_A_VALUE);
        let (label, cause, cure) = match missing {
            // One record that may be someone else is not *more than one match*.
            _ if said.ends_with(leadferry_replication::DOUBT_CURE) => (
                "Possible match",
                "the only record that matches may be a different person".to_owned(),
                "link it if it's the same person, or create a new record",
            ),
            Some((fields, _)) if code == "required_missing" => {
                let cause =
                    format!("fields that Salesforce requires are empty, for example {fields}");
                (label, cause, cure)
            }
            _ => (label, cause.to_owned(), cure),
        };
        return ErrorExplained {
            cures: causes::cures(code, &Value::Null),
            ..ErrorExplained::new(Area::Contacts, code, label, cause, cure)
        };
    }
    if code.chars().any(|letter| letter.is_ascii_lowercase()) && code != "Bad_OAuth_Token" {
        let label = capitalized(&code.replace('_', " "));
        return ErrorExplained::new(Area::Contacts, code, label, said, "");
    }
    of_org(&ErrorCode::from(code), said)
}

fn of_org(code: &ErrorCode, said: &str) -> ErrorExplained {
    // What the org says tells some cases of a code apart.
    let error = RowError::new(code.clone(), said);
    if error.lacks_scope() {
        let (cause, cure) = (error.cause(), error.cure());
        let explained = ErrorExplained {
            who: error.who().into(),
            command: Some("connections authorize NAME"),
            ..ErrorExplained::new(Area::SignIn, code.as_str(), "Missing scope", cause, cure)
        };
        return notes::with_note(explained, said);
    }
    let label = LABELS.iter().find(|(known, _)| known == code);
    let words = || code.as_str().to_lowercase().replace('_', " ");
    let label = label.map_or_else(|| capitalized(&words()), |(_, label)| (*label).to_owned());
    let area = match code {
        ErrorCode::InvalidSessionId | ErrorCode::BadOauthToken => Area::SignIn,
        _ => Area::Contacts,
    };
    let explained = ErrorExplained {
        who: error.who().into(),
        cures: match area {
            Area::Contacts => causes::cures(code.as_str(), &Value::Null),
            _ => &[],
        },
        command: command(code),
        ..ErrorExplained::new(area, code.as_str(), label, error.cause(), error.cure())
    };
    notes::with_note(explained, said)
}

/// Returns the command that does what helps, where one does all of it.
fn command(code: &ErrorCode) -> Option<&'static str> {
    use ErrorCode as Code;
    match code {
        Code::InvalidField
        | Code::InvalidFieldForInsertUpdate
        | Code::InvalidType
        | Code::NotFound
        | Code::UnsupportedApiVersion => Some("connections test NAME"),
        Code::InvalidSessionId | Code::BadOauthToken => Some("connections authorize NAME"),
        Code::DuplicatesDetected => Some("replications set NAME --allow-duplicates true"),
        Code::RequestRunningTooLong => Some("replications set NAME --batch-size 50"),
        Code::InsufficientAccess
        | Code::InsufficientAccessOrReadonly
        | Code::InsufficientAccessOnCrossReferenceEntity
        | Code::ApiDisabledForOrg => Some("connections check NAME"),
        _ => None,
    }
}
