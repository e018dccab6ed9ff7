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
    /// Send again: nothing was tried.
    Untried,
}

impl RowError {
    /// Returns what to do about this refusal.
    pub fn treatment(&self) -> Treatment {
        match self.code {
            ErrorCode::CannotInsertUpdateActivateEntity if self.names_passing_trouble() => {
                Treatment::TransientOnce
            }
            ErrorCode::InvalidField if self.is_about_a_parent() || self.names_unfilterable() => {
                Treatment::Permanent
            }
            ref code => code.treatment(),
        }
    }

    /// Returns what went wrong, in plain words.
    pub fn cause(&self) -> &'static str {
        match self.code {
            ErrorCode::InvalidField if self.is_about_a_parent() => {
                "the parent record that this row names doesn't exist in the org"
            }
            ErrorCode::InvalidField if self.names_unfilterable() => {
                "Salesforce can't filter by a field, often because it's encrypted"
            }
            ErrorCode::InvalidSessionId if self.is_session_policy() => {
                "the org doesn't accept this session from here"
            }
            ref code => code.cause(),
        }
    }

    /// Returns what a person can do about it, once it is not tried again without them.
    pub fn cure(&self) -> &'static str {
        match self.code {
            ErrorCode::InvalidSessionId if self.is_session_policy() => {
                "ask your Salesforce admin to relax the app's IP and session policy"
            }
            ErrorCode::DuplicatesDetected if self.allow_save == Some(false) => {
                "link the record if it's the same person. The rule lets nobody save a duplicate, so a new record needs \
                 a change of the rule in Salesforce"
            }
            ErrorCode::InvalidField if self.names_unfilterable() => {
                "ask your Salesforce admin whether the field can be filtered on"
            }
            ref code => code.own_cure().unwrap_or(self.treatment().cure()),
        }
    }

    /// Returns the field that a query cannot be filtered by, as an encrypted one cannot.
    ///
    /// # Source
    /// SOQL and SOSL Reference, "WHERE": fields that are not `filterable`. The words come with `INVALID_FIELD` or
    /// `MALFORMED_QUERY`.
    pub fn unfilterable(&self) -> Option<&str> {
        let (before, _) = self.message.split_once("can not be filtered")?;
        let name = before.trim_end().rsplit([' ', '\n']).next()?;
        let name = name.trim_matches(['\'', '"']);
        (!name.is_empty()).then_some(name)
    }

    fn names_unfilterable(&self) -> bool {
        self.unfilterable().is_some()
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
            Code::Unprocessed => Treatment::Untried,
            _ => Treatment::Permanent,
        }
    }

    /// Returns what a person can do about a refusal with this code, once it is not tried again without them.
    pub fn cure(&self) -> &'static str {
        self.own_cure().unwrap_or(self.treatment().cure())
    }

    /// Returns what helps against this code, where that is more than what helps against its kind.
    fn own_cure(&self) -> Option<&'static str> {
        match self {
            ErrorCode::DuplicatesDetected => Some(
                "link the record if it's the same person, or let the replication save duplicates",
            ),
            ErrorCode::EntityIsLocked => Some("wait until the record is unlocked, then retry"),
            ErrorCode::ExceededMaxSizeRequest
            | ErrorCode::LimitExceeded
            | ErrorCode::ExceededIdLimit => Some(
                "shorten the contact's longest values, or ask whoever runs your network about its limits",
            ),
            _ => None,
        }
    }

    /// Returns what a refusal with this code means, in plain words.
    pub fn cause(&self) -> &'static str {
        use ErrorCode as Code;
        match self {
            Code::Unprocessed => "the bulk job ended before Salesforce came to the row",
            Code::RequiredFieldMissing => "a required field is empty",
            Code::StringTooLong => "a text is longer than its field in the org",
            Code::NumberOutsideValidRange => "a number is too large for its field in the org",
            Code::InvalidEmailAddress => "Salesforce doesn't accept the email address",
            Code::InvalidOrNullForRestrictedPicklist => {
                "a value isn't in the field's picklist, or doesn't go with the field that the picklist depends on"
            }
            Code::FieldIntegrityException => {
                "a value doesn't fit the org's other data, often a country or state that isn't in its list"
            }
            Code::InvalidTypeOnFieldInRecord => "a value has the wrong type for its field",
            Code::JsonParserError => "the org couldn't read the request",
            Code::InvalidField => "a field doesn't exist in the org, or this user can't see it",
            Code::InvalidFieldForInsertUpdate => "this user can't edit a field, or it's read-only",
            Code::InsufficientAccess | Code::InsufficientAccessOrReadonly => {
                "this user can't edit the record"
            }
            Code::InsufficientAccessOnCrossReferenceEntity => {
                "this user can't see the owner or parent record"
            }
            Code::InvalidCrossReferenceKey => "a referenced record is gone or of the wrong kind",
            Code::MalformedId => "an id belongs to another kind of record",
            Code::MissingArgument => "a row has no id or identifier",
            Code::DuplicateValue => "another record already holds a value that must be unique",
            Code::DuplicateExternalId => "several records hold the same identifier",
            Code::DuplicatesDetected => "a duplicate rule in the org found similar records",
            Code::FieldCustomValidationException => "a validation rule in the org rejected the row",
            Code::CannotInsertUpdateActivateEntity => "a trigger in the org rejected the row",
            Code::CannotExecuteFlowTrigger => "a flow in the org failed on the row",
            Code::EntityIsDeleted => "the record is deleted",
            Code::CannotUpdateConvertedLead => "the lead has been converted",
            Code::EntityIsLocked => "the record is locked, often by an approval",
            Code::InactiveOwnerOrUser => "the owner isn't an active user",
            Code::UnableToLockRow => "someone else was changing the record at the same time",
            Code::TooManyEnumValue => "too many values are selected",
            Code::TextDataOutsideSupportedCharset => "a text has characters that the org rejects",
            Code::InvalidCurrencyIso => "the org doesn't use this currency",
            Code::InvalidStatus => "the org doesn't have this status",
            Code::UnavailableRecordtypeException => "this user can't use the record type",
            Code::FieldFilterValidationException => "a value fails the field's lookup filter",
            Code::LimitExceeded | Code::ExceededIdLimit | Code::ExceededMaxSizeRequest => {
                "the request was too large"
            }
            Code::StorageLimitExceeded => "the org's storage is full",
            Code::LicenseLimitExceeded => "the org's licenses don't allow this",
            Code::FunctionalityNotEnabled => "the org doesn't have this feature",
            Code::ApiDisabledForOrg => "this edition of the org, or this user, has no API access",
            Code::ApiCurrentlyDisabled => "the org's API is disabled right now",
            Code::TxnSecurityNoAccess
            | Code::TxnSecurityApexError
            | Code::TxnSecurityMeteringError
            | Code::TxnSecurityRuntimeError => "a security policy in the org rejected the request",
            Code::InsertUpdateDeleteNotAllowedDuringMaintenance | Code::OrgInMaintenance => {
                "the org is in maintenance and accepts no changes"
            }
            Code::InvalidSessionId | Code::BadOauthToken => "the sign-in has expired",
            Code::RequestLimitExceeded => "the org's API calls are used up",
            Code::ServerUnavailable => "the org isn't available right now",
            Code::QueryTimeout | Code::QueryTooComplicated | Code::OperationTooLarge => {
                "the query was too much for the org"
            }
            Code::RequestRunningTooLong => "the request took too long in the org",
            Code::InvalidQueryLocator | Code::InvalidCursor => "the query has expired in the org",
            Code::InvalidReplicationDate => "the org no longer lists changes from that long ago",
            Code::NotFound => "the object, field or record doesn't exist in the org",
            Code::InvalidType => "the object doesn't exist in the org, or this user can't see it",
            Code::MalformedQuery | Code::MalformedSearch => "the org couldn't read the query",
            Code::UnknownException | Code::InternalError => "something failed inside the org",
            Code::AllOrNoneOperationRolledBack | Code::ProcessingHalted => {
                "the row failed because of another row"
            }
            _ => "Salesforce rejected the row",
        }
    }
}

impl Treatment {
    /// Returns what a person can do in such a case, once it is not tried again without them.
    pub fn cure(self) -> &'static str {
        match self {
            Treatment::Permanent => "correct the data or the org's settings, then retry",
            Treatment::Transient | Treatment::TransientOnce => {
                "Leadferry tried again, and it failed again. Retry later, or ask your Salesforce admin"
            }
            Treatment::Slow => "wait until the org allows it again, then retry",
            Treatment::StopRun => "ask your Salesforce admin to fix this, then run again",
            Treatment::AskIdentifier => "check the record that already has the value, then retry",
            Treatment::Redescribe => {
                "refresh the org's fields, then check the mapping and the field permissions"
            }
            Treatment::Deleted => {
                "restore the record in Salesforce and retry, or let the replication create it again"
            }
            Treatment::Converted => "use the contact that the lead was converted to",
            Treatment::Untried => "run the replication again",
        }
    }

    /// Returns what comes next in such a case while it is still tried again, so that nobody has to do anything.
    pub fn outlook(self) -> &'static str {
        match self {
            Treatment::Permanent
            | Treatment::Redescribe
            | Treatment::Transient
            | Treatment::TransientOnce
            | Treatment::Untried => "no action needed. Leadferry tries again",
            Treatment::Slow => "no action needed. A later run tries again",
            Treatment::AskIdentifier | Treatment::Deleted | Treatment::Converted => {
                "no action needed. Leadferry looks for the record, then tries again"
            }
            // Everyone else would fail as well, so the run has stopped.
            Treatment::StopRun => Treatment::StopRun.cure(),
        }
    }
}

#[cfg(test)]
#[path = "treatment_tests.rs"]
mod tests;
