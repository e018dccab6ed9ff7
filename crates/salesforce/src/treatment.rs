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
            ErrorCode::InsufficientAccess if self.lacks_scope() => {
                "the app may not use the API: its OAuth scope \"api\" is missing"
            }
            ErrorCode::CannotInsertUpdateActivateEntity if self.is_about_rights() => {
                "this user can't create or edit records of this object"
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
            ErrorCode::InsufficientAccess if self.lacks_scope() => {
                "ask your Salesforce admin to add the OAuth scope \"Manage user data via APIs (api)\" to the app, then \
                 sign in again"
            }
            ErrorCode::DuplicatesDetected if self.allow_save == Some(false) => {
                "link the record if it's the same person. The rule lets nobody save a duplicate, so a new record needs \
                 a change of the rule in Salesforce"
            }
            ErrorCode::InvalidField if self.names_unfilterable() => {
                "ask your Salesforce admin whether the field can be filtered on"
            }
            ErrorCode::InvalidField if self.is_about_a_parent() => {
                "check the parent's key in the contact, or create the parent record, then retry"
            }
            ErrorCode::CannotInsertUpdateActivateEntity if self.names_passing_trouble() => {
                self.treatment().cure()
            }
            ErrorCode::CannotInsertUpdateActivateEntity if self.is_about_rights() => {
                "ask your Salesforce admin for permission to create and edit these records, then retry"
            }
            ref code => code.cure(),
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

    /// Tells whether the session lacks the scope `api`: that looks like a lack of rights on a record.
    pub fn lacks_scope(&self) -> bool {
        self.code == ErrorCode::InsufficientAccess
            && self.message.contains("not valid for use with")
    }

    /// The text of a trigger is free, but the platform's own passing troubles keep their English names in it.
    pub(crate) fn names_passing_trouble(&self) -> bool {
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

    /// The platform says so in English where the user has no right to the object; a trigger's text is its author's.
    fn is_about_rights(&self) -> bool {
        let text = self.message.to_ascii_lowercase();
        text.starts_with("entity type cannot be")
    }

    pub(crate) fn is_about_a_parent(&self) -> bool {
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
        use ErrorCode as Code;
        Some(match self {
            Code::RequiredFieldMissing => {
                "fill in the field in the contact, or give the mapping row a default, then retry"
            }
            Code::StringTooLong => {
                "shorten the value in the contact, or allow shortening in the mapping row, then retry"
            }
            Code::NumberOutsideValidRange => "correct the number, or map another field, then retry",
            Code::InvalidEmailAddress => "correct the email in the contact, then retry",
            Code::InvalidOrNullForRestrictedPicklist => {
                "map the value to one in the picklist, or ask your Salesforce admin to add it, then retry"
            }
            Code::FieldIntegrityException => {
                "correct the country or state in the contact, or map its code, then retry"
            }
            Code::InvalidTypeOnFieldInRecord => {
                "correct the value, or map another field, then retry"
            }
            Code::JsonParserError | Code::MissingArgument => {
                "retry. If it happens again, report it to Leadferry with the code and the time"
            }
            Code::InsufficientAccess | Code::InsufficientAccessOrReadonly => {
                "ask your Salesforce admin for permission to edit the record, then retry"
            }
            Code::InsufficientAccessOnCrossReferenceEntity => {
                "ask your Salesforce admin to let the user see the owner or parent record, then retry"
            }
            Code::InvalidCrossReferenceKey | Code::MalformedId => {
                "correct the id in the contact or the mapping, then retry"
            }
            Code::DuplicateExternalId => {
                "merge the records in Salesforce, or clear the identifier of all but one, then retry"
            }
            Code::DuplicatesDetected => {
                "link the record if it's the same person, or let the replication save duplicates"
            }
            Code::FieldCustomValidationException => {
                "correct the contact as the rule's message says, then retry"
            }
            Code::CannotInsertUpdateActivateEntity => {
                "ask your Salesforce admin about the trigger that the message names, then retry"
            }
            Code::CannotExecuteFlowTrigger => {
                "ask your Salesforce admin about the flow that the message names, then retry"
            }
            Code::EntityIsLocked => "wait until the record is unlocked, then retry",
            Code::InactiveOwnerOrUser => {
                "map an active owner, or ask your Salesforce admin to activate the user, then retry"
            }
            Code::TooManyEnumValue => "select fewer values in the contact, then retry",
            Code::TextDataOutsideSupportedCharset => {
                "remove the unusual characters from the contact, then retry"
            }
            Code::InvalidCurrencyIso => "map a currency that the org uses, then retry",
            Code::InvalidStatus => "map a status that the org has, then retry",
            Code::UnavailableRecordtypeException => {
                "ask your Salesforce admin to assign the record type to the user, or map another one, then retry"
            }
            Code::FieldFilterValidationException => {
                "choose a value that the field's lookup filter allows, then retry"
            }
            Code::ExceededMaxSizeRequest | Code::LimitExceeded | Code::ExceededIdLimit => {
                "shorten the contact's longest values, or ask whoever runs your network about its limits"
            }
            Code::StorageLimitExceeded => {
                "ask your Salesforce admin to delete data or buy more storage, then run again"
            }
            Code::LicenseLimitExceeded => {
                "ask your Salesforce admin to free or buy licenses, then run again"
            }
            Code::FunctionalityNotEnabled => {
                "ask your Salesforce admin to enable the feature, then run again"
            }
            Code::ApiDisabledForOrg => {
                "ask your Salesforce admin to enable API access for the user. Some editions have none, or sell it \
                 separately"
            }
            Code::ApiCurrentlyDisabled => "wait until the org's API is enabled again, then retry",
            Code::TxnSecurityNoAccess | Code::TxnSecurityApexError => {
                "ask your Salesforce admin to exempt the user from the transaction security policy, then run again"
            }
            Code::TxnSecurityMeteringError | Code::TxnSecurityRuntimeError => {
                "ask your Salesforce admin about the transaction security policy, then retry"
            }
            Code::InsertUpdateDeleteNotAllowedDuringMaintenance | Code::OrgInMaintenance => {
                "wait until the maintenance ends, then retry"
            }
            Code::InvalidSessionId | Code::BadOauthToken => "sign in again",
            Code::RequestLimitExceeded => {
                "wait a few hours, until API calls are available again, then retry"
            }
            Code::ServerUnavailable => "wait a few minutes, then retry",
            Code::QueryTimeout | Code::QueryTooComplicated | Code::OperationTooLarge => {
                "narrow the search, the filter or the pull, then retry"
            }
            Code::RequestRunningTooLong => "use smaller batches, then retry",
            Code::InvalidQueryLocator | Code::InvalidCursor => "start the search or the pull again",
            Code::InvalidReplicationDate => "start the pull again, which reads all records",
            Code::NotFound => {
                "refresh the org's fields, and check the object and the record, then retry"
            }
            Code::InvalidType => {
                "ask your Salesforce admin to let the user see the object, then refresh the org's fields"
            }
            Code::MalformedQuery | Code::MalformedSearch => {
                "correct the query or the filter, then try again"
            }
            Code::UnknownException | Code::InternalError => {
                "retry later. If it happens again, give Salesforce support the error id in the message"
            }
            Code::AllOrNoneOperationRolledBack | Code::ProcessingHalted => {
                "fix the row that failed, then retry"
            }
            Code::UnsupportedApiVersion => {
                "test the connection, which agrees on another version, or update Leadferry"
            }
            Code::OrgLocked => "ask Salesforce support to unlock the org",
            Code::TrialExpired => "buy a license from Salesforce, or use another org",
            Code::DuplicateDeveloperName => "refresh the org's fields, then choose the field",
            _ => return None,
        })
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
            Code::UnsupportedApiVersion => "the org has retired this version of its API",
            Code::OrgLocked => "the org is locked",
            Code::TrialExpired => "the org's trial has ended",
            Code::ClientNotAccessibleForUser | Code::ClientRequireUpdateForUser => {
                "the org doesn't let this user use the app"
            }
            Code::InvalidReadOnlyUserDml => "this user can only read",
            Code::DuplicateDeveloperName => "a field of this name already exists in the org",
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
                "Leadferry tried again, and it failed again. Wait a few minutes, then retry"
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
