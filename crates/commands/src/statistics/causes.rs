//! Why contacts do not get through, in plain words: the org's codes and our own.

use leadferry_salesforce::ErrorCode;
use serde::Serialize;

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
        "Several could be meant",
        "the person cannot be told for certain: several records have the e-mail, or it is taken",
        "look at the candidates, then link one, merge them, or create a new record anyway",
    ),
    (
        "converted",
        "Lead was converted",
        "the lead has become a contact in Salesforce",
        "let a replication to contacts follow it",
    ),
    (
        "date_out_of_range",
        "Date out of range",
        "a date lies outside what Salesforce can hold",
        "correct the date of the contact",
    ),
    (
        "deleted_in_salesforce",
        "Deleted in Salesforce",
        "the record was deleted in Salesforce",
        "restore it there, or allow the replication to create it again",
    ),
    (
        "invalid_email",
        "E-mail is not valid",
        "the e-mail address has a form that Salesforce refuses",
        "correct the e-mail of the contact",
    ),
    (
        "no_identifier",
        "Identifier is missing",
        "the org lacks a field that can be the identifier, so nothing is created",
        "let the org be prepared, or choose another identifier",
    ),
    (
        "no_record_id",
        "No record named",
        "the org took the row but did not say which record it is",
        "run again: the org is asked first",
    ),
    (
        "not_in_picklist",
        "Not in the picklist",
        "a value is not in the list that the field allows",
        "give the value a translation in the mapping, or add it to the list in the org",
    ),
    (
        "number_too_large",
        "Number too large",
        "a number has more digits than its field in the org",
        "correct the number, or choose another field in the mapping",
    ),
    (
        "required_missing",
        "Required field is empty",
        "a field that Salesforce requires has no value",
        "fill it in the contact, or give the mapping row a default",
    ),
    (
        "template",
        "Template fails",
        "a template of the mapping could not be filled in for the contact",
        "correct the template in the mapping",
    ),
    (
        "too_long",
        "Text too long",
        "a text is longer than its field in the org, and shortening is switched off",
        "shorten it in the contact, or allow shortening in the mapping",
    ),
    (
        "wrong_type",
        "Value of another type",
        "a value does not fit the type of its field in the org",
        "correct the value, or choose another field in the mapping",
    ),
];

/// What the org's codes that are met most are called.
const LABELS: &[(ErrorCode, &str)] = &[
    (ErrorCode::DuplicatesDetected, "Duplicate rule"),
    (ErrorCode::DuplicateValue, "Value is taken"),
    (
        ErrorCode::DuplicateExternalId,
        "Identifier twice in the org",
    ),
    (ErrorCode::RequiredFieldMissing, "Required field is empty"),
    (ErrorCode::StringTooLong, "Text too long"),
    (ErrorCode::NumberOutsideValidRange, "Number too large"),
    (ErrorCode::InvalidEmailAddress, "E-mail is not valid"),
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
    (ErrorCode::InvalidCrossReferenceKey, "Record named is gone"),
    (ErrorCode::InsufficientAccess, "No right to change"),
    (
        ErrorCode::InsufficientAccessOrReadonly,
        "No right to change",
    ),
    (
        ErrorCode::InsufficientAccessOnCrossReferenceEntity,
        "No right to see it",
    ),
    (ErrorCode::InvalidField, "Field is unknown"),
    (ErrorCode::InvalidFieldForInsertUpdate, "Field is read-only"),
    (
        ErrorCode::InvalidTypeOnFieldInRecord,
        "Value of another type",
    ),
    (ErrorCode::StorageLimitExceeded, "Storage is full"),
    (ErrorCode::RequestLimitExceeded, "API calls used up"),
    (ErrorCode::InvalidSessionId, "Sign-in has expired"),
    (ErrorCode::ApiDisabledForOrg, "No API access"),
    (ErrorCode::ServerUnavailable, "Org not available"),
    (ErrorCode::RequestRunningTooLong, "Org was too slow"),
    (ErrorCode::TooManyEnumValue, "Too many values"),
    (ErrorCode::InvalidCurrencyIso, "Currency not used"),
    (ErrorCode::InvalidStatus, "Status is unknown"),
    (ErrorCode::UnavailableRecordtypeException, "Record type"),
    (ErrorCode::FieldFilterValidationException, "Lookup filter"),
    (ErrorCode::LicenseLimitExceeded, "Licences do not allow it"),
];

/// Explains a code; `said` is what was said of it, for codes that say it all themselves.
pub fn explained(code: &str, said: &str) -> ErrorExplained {
    if let Some((code, label, cause, cure)) = OURS.iter().find(|(ours, ..)| *ours == code) {
        return ErrorExplained {
            code: (*code).to_owned(),
            label: (*label).to_owned(),
            cause: (*cause).to_owned(),
            cure: (*cure).to_owned(),
        };
    }
    if code.chars().any(|letter| letter.is_ascii_lowercase()) {
        return ErrorExplained {
            code: code.to_owned(),
            label: sentence(&code.replace('_', " ")),
            cause: said.to_owned(),
            cure: String::new(),
        };
    }
    of_org(&ErrorCode::from(code))
}

fn of_org(code: &ErrorCode) -> ErrorExplained {
    let cause = code.cause().to_owned();
    let label = LABELS.iter().find(|(known, _)| known == code);
    let words = || code.as_str().to_lowercase().replace('_', " ");
    ErrorExplained {
        code: code.as_str().to_owned(),
        label: label.map_or_else(|| sentence(&words()), |(_, label)| (*label).to_owned()),
        cause,
        cure: code.treatment().cure().to_owned(),
    }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Returns every code that is explained with a cause of its own: ours first, then the org's.
pub fn error_catalogue() -> Vec<ErrorExplained> {
    let unknown = ErrorCode::Other(String::new()).cause();
    let org = ErrorCode::KNOWN
        .iter()
        .filter(|code| code.cause() != unknown)
        .map(of_org);
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
        }
    }

    #[test]
    fn a_code_that_nobody_knows_is_told_in_its_own_words() {
        let ours = explained("brand_new", "the field is new");
        assert_eq!(ours.label, "Brand new");
        assert_eq!(ours.cause, "the field is new");
        let theirs = explained("SOME_NEW_CODE", "");
        assert_eq!(theirs.label, "Some new code");
        assert_eq!(theirs.cause, "the org refused the row");
    }
}
