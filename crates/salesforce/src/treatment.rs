//! What to do about each refusal, and how to tell a person.

use crate::{ErrorCode, RowError};

/// What a caller should do about a refused row or request.
///
/// # Source
/// SOAP API Developer Guide, "Core Data Types", `StatusCode`; REST API Developer Guide, "Status Codes and Error
/// Responses".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Treatment {
    /// A person must change the row's data or the org's setup first.
    Permanent,
    /// Send again after seconds, doubling the wait.
    Transient,
    /// Send again once; permanent when it fails again.
    TransientOnce,
    /// Send again after minutes or hours.
    Slow,
    /// Stop: every other row would fail as well.
    StopRun,
    /// Ask the org which record holds the identifier before anything else.
    AskIdentifier,
    /// Read the describe again: a field or object may be gone or hidden.
    Redescribe,
    /// The record is deleted.
    Deleted,
    /// The record is a converted lead.
    Converted,
}

impl RowError {
    /// Returns what to do about this refusal.
    pub fn treatment(&self) -> Treatment {
        match self.code {
            ErrorCode::CannotInsertUpdateActivateEntity if self.names_passing_trouble() => {
                Treatment::TransientOnce
            }
            ErrorCode::InvalidField if self.is_about_a_parent() => Treatment::Permanent,
            ref code => code.treatment(),
        }
    }

    /// Returns what went wrong, in plain words.
    pub fn cause(&self) -> &'static str {
        match self.code {
            ErrorCode::InvalidField if self.is_about_a_parent() => {
                "the parent record that this row names does not exist in the org"
            }
            ErrorCode::InvalidSessionId if self.is_session_policy() => {
                "the org does not accept this session from here"
            }
            ref code => code.cause(),
        }
    }

    /// Returns what a person can do about it.
    pub fn cure(&self) -> &'static str {
        match self.code {
            ErrorCode::InvalidSessionId if self.is_session_policy() => {
                "ask the admin to relax the app's IP and session policy"
            }
            _ => self.treatment().cure(),
        }
    }

    /// Tells whether signing in again cannot help: an IP or session policy looks like an expired session.
    pub(crate) fn is_session_policy(&self) -> bool {
        self.code == ErrorCode::InvalidSessionId && self.message.contains("not valid for use with")
    }

    /// The text of a trigger is free, but the platform's own passing troubles keep their English names in it.
    fn names_passing_trouble(&self) -> bool {
        let text = self.message.to_ascii_lowercase();
        let troubles = [
            "unable_to_lock_row",
            "timeout",
            "timed out",
            "cpu time limit",
            "cpu limit",
        ];
        troubles.iter().any(|trouble| text.contains(trouble))
    }

    fn is_about_a_parent(&self) -> bool {
        self.message.contains("Foreign key external ID")
    }
}

impl ErrorCode {
    /// Returns what to do about a refusal with this code, as far as the code alone tells.
    pub fn treatment(&self) -> Treatment {
        use ErrorCode as Code;
        match self {
            Code::UnableToLockRow
            | Code::ServerUnavailable
            | Code::UnknownException
            | Code::InternalError
            | Code::RequestRunningTooLong
            | Code::AllOrNoneOperationRolledBack
            | Code::ProcessingHalted
            | Code::InvalidQueryLocator
            | Code::InvalidCursor
            | Code::RecordInUseByWorkflow
            | Code::TooManyApexRequests
            | Code::FunctionalityTemporarilyUnavailable => Treatment::Transient,
            Code::CannotExecuteFlowTrigger
            | Code::QueryTimeout
            | Code::QueryTooComplicated
            | Code::OperationTooLarge
            | Code::TxnSecurityMeteringError
            | Code::TxnSecurityRuntimeError => Treatment::TransientOnce,
            Code::EntityIsLocked
            | Code::InsertUpdateDeleteNotAllowedDuringMaintenance
            | Code::ApiCurrentlyDisabled
            | Code::OrgInMaintenance
            | Code::TerritoryRealignInProgress
            | Code::RequestLimitExceeded => Treatment::Slow,
            Code::StorageLimitExceeded
            | Code::LicenseLimitExceeded
            | Code::FunctionalityNotEnabled
            | Code::ApiDisabledForOrg
            | Code::TxnSecurityNoAccess
            | Code::TxnSecurityApexError
            | Code::ClientNotAccessibleForUser
            | Code::ClientRequireUpdateForUser
            | Code::UnsupportedApiVersion
            | Code::OrgLocked
            | Code::TrialExpired
            | Code::InvalidReadOnlyUserDml
            | Code::InvalidSessionId
            | Code::BadOauthToken => Treatment::StopRun,
            Code::DuplicateValue => Treatment::AskIdentifier,
            Code::InvalidField | Code::InvalidFieldForInsertUpdate => Treatment::Redescribe,
            Code::EntityIsDeleted => Treatment::Deleted,
            Code::CannotUpdateConvertedLead => Treatment::Converted,
            _ => Treatment::Permanent,
        }
    }

    /// Returns what a refusal with this code means, in plain words.
    pub fn cause(&self) -> &'static str {
        use ErrorCode as Code;
        match self {
            Code::RequiredFieldMissing => "a field that the org requires is empty",
            Code::StringTooLong => "a text is longer than its field in the org",
            Code::NumberOutsideValidRange => "a number is too large for its field in the org",
            Code::InvalidEmailAddress => "the org does not accept the e-mail address",
            Code::InvalidOrNullForRestrictedPicklist => {
                "a value is not in the field's list in the org"
            }
            Code::FieldIntegrityException => {
                "a value does not fit the org's other data, often a country or state not in its list"
            }
            Code::InvalidTypeOnFieldInRecord => "a value has another type than its field",
            Code::JsonParserError => "the org could not read the request",
            Code::InvalidField => "the org does not know a field, or hides it from this user",
            Code::InvalidFieldForInsertUpdate => {
                "this user may not write a field, or it is read-only"
            }
            Code::InsufficientAccess | Code::InsufficientAccessOrReadonly => {
                "this user may not change the record"
            }
            Code::InsufficientAccessOnCrossReferenceEntity => {
                "this user may not see the owner or parent that the row names"
            }
            Code::InvalidCrossReferenceKey => {
                "the record that the row names is gone or of the wrong kind"
            }
            Code::MalformedId => "an id is not one of that kind of record",
            Code::MissingArgument => "a row lacks its id or its identifier",
            Code::DuplicateValue => "another record already holds a value that must be unique",
            Code::DuplicateExternalId => "several records hold the same identifier",
            Code::DuplicatesDetected => "a duplicate rule of the org found similar records",
            Code::FieldCustomValidationException => "a validation rule of the org refused the row",
            Code::CannotInsertUpdateActivateEntity => "a trigger in the org refused the row",
            Code::CannotExecuteFlowTrigger => "a flow in the org failed on the row",
            Code::EntityIsDeleted => "the record is deleted",
            Code::CannotUpdateConvertedLead => "the lead has been converted",
            Code::EntityIsLocked => "the record is locked, often by an approval",
            Code::InactiveOwnerOrUser => "the owner is not an active user",
            Code::UnableToLockRow => "someone else was changing the record at the same moment",
            Code::TooManyEnumValue => "too many values are selected",
            Code::TextDataOutsideSupportedCharset => "a text holds characters that the org refuses",
            Code::InvalidCurrencyIso => "the org does not use that currency",
            Code::InvalidStatus => "the org does not know that status",
            Code::UnavailableRecordtypeException => "this user may not use the record type",
            Code::FieldFilterValidationException => "a value fails the field's lookup filter",
            Code::LimitExceeded | Code::ExceededIdLimit | Code::ExceededMaxSizeRequest => {
                "the request was too large"
            }
            Code::StorageLimitExceeded => "the org's storage is full",
            Code::LicenseLimitExceeded => "the org's licences do not allow this",
            Code::FunctionalityNotEnabled => "the org does not have this function",
            Code::ApiDisabledForOrg => "this edition of the org, or this user, has no API access",
            Code::ApiCurrentlyDisabled => "the org's API is switched off at the moment",
            Code::TxnSecurityNoAccess
            | Code::TxnSecurityApexError
            | Code::TxnSecurityMeteringError
            | Code::TxnSecurityRuntimeError => "a security policy of the org refused the request",
            Code::InsertUpdateDeleteNotAllowedDuringMaintenance | Code::OrgInMaintenance => {
                "the org is in maintenance and takes no changes"
            }
            Code::InvalidSessionId | Code::BadOauthToken => "the sign-in has expired",
            Code::RequestLimitExceeded => "the org's limit on API calls is reached",
            Code::ServerUnavailable => "the org is not available at the moment",
            Code::QueryTimeout | Code::QueryTooComplicated | Code::OperationTooLarge => {
                "the query was too much for the org"
            }
            Code::RequestRunningTooLong => "the org needed too long for the request",
            Code::InvalidQueryLocator | Code::InvalidCursor => "the org has forgotten the query",
            Code::InvalidReplicationDate => "the org no longer knows what changed since then",
            Code::NotFound => "the org has no such object, field or record",
            Code::InvalidType => "the org does not know the object, or hides it from this user",
            Code::MalformedQuery | Code::MalformedSearch => "the org could not read the query",
            Code::UnknownException | Code::InternalError => "something failed inside the org",
            Code::AllOrNoneOperationRolledBack | Code::ProcessingHalted => {
                "the row was given up because of another row"
            }
            _ => "the org refused the row",
        }
    }
}

impl Treatment {
    /// Returns what a person can do in such a case.
    pub fn cure(self) -> &'static str {
        match self {
            Treatment::Permanent => "correct the data or the org's setup, then try again",
            Treatment::Transient | Treatment::TransientOnce => {
                "nothing: it is tried again; if it stays, ask the org's admin"
            }
            Treatment::Slow => "nothing: it is tried again later",
            Treatment::StopRun => "ask the org's admin to lift this, then run again",
            Treatment::AskIdentifier => "look at the record that already holds the value",
            Treatment::Redescribe => {
                "refresh the org's fields and check the mapping and the field permissions"
            }
            Treatment::Deleted => "restore the record in the org, or allow it to be created again",
            Treatment::Converted => "follow the lead to the contact it became",
        }
    }
}

#[cfg(test)]
#[path = "treatment_tests.rs"]
mod tests;
