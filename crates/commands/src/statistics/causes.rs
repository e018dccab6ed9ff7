//! Why contacts do not get through, in plain words: the org's codes and our own.

use leadferry_salesforce::{ErrorCode, RowError};
use serde::Serialize;

use crate::error::capitalized;

/// A code in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ErrorExplained {
    /// The org's code, or ours in lower case.
    pub code: String,
    /// The cause in two or three words.
    pub label: String,
    /// The cause in a sentence.
    pub cause: String,
    /// What to do.
    pub cure: String,
}

/// Our own codes: label, cause, cure.
const OURS: &[(&str, &str, &str, &str)] = &[
    (
        "ambiguous",
        "More than one match",
        "more than one Salesforce record or contact uses this email, or one that may be someone else",
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
];

/// Explains a code; `said` is what was said of it, for codes that say it all themselves.
pub fn explained(code: &str, said: &str) -> ErrorExplained {
    if let Some((code, label, cause, cure)) = OURS.iter().find(|(ours, ..)| *ours == code) {
        // One record that may be someone else is not *more than one match*.
        let label = if said.ends_with(leadferry_replication::DOUBT_CURE) {
            "Possible match"
        } else {
            *label
        };
        let cause = match said.split_once(leadferry_replication::mapping::NEEDS_A_VALUE) {
            Some((fields, _)) if *code == "required_missing" => {
                format!("fields that Salesforce requires are empty, for example {fields}")
            }
            _ => (*cause).to_owned(),
        };
        return ErrorExplained {
            code: (*code).to_owned(),
            label: label.to_owned(),
            cause,
            cure: (*cure).to_owned(),
        };
    }
    if code.chars().any(|letter| letter.is_ascii_lowercase()) {
        return ErrorExplained {
            code: code.to_owned(),
            label: capitalized(&code.replace('_', " ")),
            cause: said.to_owned(),
            cure: String::new(),
        };
    }
    of_org(&ErrorCode::from(code), said)
}

fn of_org(code: &ErrorCode, said: &str) -> ErrorExplained {
    // What the org says tells some cases of a code apart.
    let error = RowError::new(code.clone(), said);
    let cause = error.cause().to_owned();
    let label = LABELS.iter().find(|(known, _)| known == code);
    let words = || code.as_str().to_lowercase().replace('_', " ");
    ErrorExplained {
        code: code.as_str().to_owned(),
        label: label.map_or_else(|| capitalized(&words()), |(_, label)| (*label).to_owned()),
        cause,
        cure: error.cure().to_owned(),
    }
}

/// Says what comes next for contacts that a code has stopped for now, and that are tried again.
pub(crate) fn outlook(code: &str) -> String {
    let treatment = ErrorCode::from(code).treatment();
    treatment.outlook().to_owned()
}

/// Returns every code that is explained with a cause of its own: ours first, then the org's.
pub fn error_catalogue() -> Vec<ErrorExplained> {
    let unknown = ErrorCode::Other(String::new()).cause();
    let org = ErrorCode::KNOWN
        .iter()
        .filter(|code| code.cause() != unknown)
        .map(|code| of_org(code, ""));
    OURS.iter()
        .map(|(code, ..)| explained(code, ""))
        .chain(org)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_catalogue_has_a_label_a_cause_and_a_cure() {
        let all = error_catalogue();
        assert!(all.len() > 60, "{}", all.len());
        for error in all {
            assert!(!error.label.is_empty(), "{}", error.code);
            assert!(!error.cause.is_empty(), "{}", error.code);
            assert!(!error.cure.is_empty(), "{}", error.code);
            assert!(!error.cure.contains("no action"), "{}", error.code);
        }
    }

    #[test]
    fn an_empty_field_is_named() {
        let said = "Last Name needs a value, and the contact has none. Fill in last_name.";
        let named = explained("required_missing", said);
        assert!(named.cause.ends_with("for example Last Name"), "{named:?}");
        assert!(!explained("required_missing", "").cause.is_empty());
    }

    #[test]
    fn a_code_that_nobody_knows_is_told_in_its_own_words() {
        let ours = explained("brand_new", "the field is new");
        assert_eq!(ours.label, "Brand new");
        assert_eq!(ours.cause, "the field is new");
        let theirs = explained("SOME_NEW_CODE", "");
        assert_eq!(theirs.label, "Some new code");
        assert_eq!(theirs.cause, "Salesforce rejected the row");
    }
}
