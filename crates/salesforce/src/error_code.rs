//! The org's error codes.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Declares each code once, as the variant and the org's spelling.
macro_rules! error_codes {
    ($($variant:ident = $text:literal,)*) => {
        /// A code that the org gives for a refused row or request.
        ///
        /// # Source
        /// SOAP API Developer Guide, "Core Data Types Used in API Calls", `StatusCode` and `ExceptionCode`.
        #[expect(missing_docs, reason = "each variant is the org's own code in another case")]
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($variant,)*
            /// A code that this client does not know, as the org spelled it.
            Other(String),
        }

        impl ErrorCode {
            /// All codes that this client knows.
            pub const KNOWN: &[ErrorCode] = &[$(ErrorCode::$variant,)*];

            /// Returns the org's spelling.
            pub fn as_str(&self) -> &str {
                match self {
                    $(ErrorCode::$variant => $text,)*
                    ErrorCode::Other(text) => text,
                }
            }
        }

        impl From<&str> for ErrorCode {
            fn from(text: &str) -> ErrorCode {
                match text {
                    $($text => ErrorCode::$variant,)*
                    other => ErrorCode::Other(other.chars().take(100).collect()),
                }
            }
        }
    };
}

error_codes! {
    // Not the org's: it never came to the row of a bulk job that ended early.
    Unprocessed = "UNPROCESSED",
    AllOrNoneOperationRolledBack = "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    AlreadyInProcess = "ALREADY_IN_PROCESS",
    ApexError = "APEX_ERROR",
    ApiCurrentlyDisabled = "API_CURRENTLY_DISABLED",
    ApiDisabledForOrg = "API_DISABLED_FOR_ORG",
    AssigneeTypeRequired = "ASSIGNEE_TYPE_REQUIRED",
    BadCustomEntityParentDomain = "BAD_CUSTOM_ENTITY_PARENT_DOMAIN",
    BadOauthToken = "Bad_OAuth_Token",
    BccNotAllowedIfBccComplianceEnabled = "BCC_NOT_ALLOWED_IF_BCC_COMPLIANCE_ENABLED",
    CannotCascadeProductActive = "CANNOT_CASCADE_PRODUCT_ACTIVE",
    CannotChangeFieldTypeOfApexReferencedField = "CANNOT_CHANGE_FIELD_TYPE_OF_APEX_REFERENCED_FIELD",
    CannotCreateAnotherManagedPackage = "CANNOT_CREATE_ANOTHER_MANAGED_PACKAGE",
    CannotDeactivateDivision = "CANNOT_DEACTIVATE_DIVISION",
    CannotDeleteLastDatedConversionRate = "CANNOT_DELETE_LAST_DATED_CONVERSION_RATE",
    CannotDeleteManagedObject = "CANNOT_DELETE_MANAGED_OBJECT",
    CannotDisableLastAdmin = "CANNOT_DISABLE_LAST_ADMIN",
    CannotEnableIpRestrictRequests = "CANNOT_ENABLE_IP_RESTRICT_REQUESTS",
    CannotExecuteFlowTrigger = "CANNOT_EXECUTE_FLOW_TRIGGER",
    CannotInsertUpdateActivateEntity = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    CannotModifyManagedObject = "CANNOT_MODIFY_MANAGED_OBJECT",
    CannotRenameApexReferencedField = "CANNOT_RENAME_APEX_REFERENCED_FIELD",
    CannotRenameApexReferencedObject = "CANNOT_RENAME_APEX_REFERENCED_OBJECT",
    CannotReparentRecord = "CANNOT_REPARENT_RECORD",
    CannotUpdateConvertedLead = "CANNOT_UPDATE_CONVERTED_LEAD",
    CantDisableCorpCurrency = "CANT_DISABLE_CORP_CURRENCY",
    CantUnsetCorpCurrency = "CANT_UNSET_CORP_CURRENCY",
    ChildShareFailsParent = "CHILD_SHARE_FAILS_PARENT",
    CircularDependency = "CIRCULAR_DEPENDENCY",
    CircularObjectGraph = "CIRCULAR_OBJECT_GRAPH",
    ClientNotAccessibleForUser = "CLIENT_NOT_ACCESSIBLE_FOR_USER",
    ClientRequireUpdateForUser = "CLIENT_REQUIRE_UPDATE_FOR_USER",
    CommunityNotAccessible = "COMMUNITY_NOT_ACCESSIBLE",
    ContentTypeDoesNotMatch = "CONTENT_TYPE_DOES_NOT_MATCH",
    CustomClobFieldLimitExceeded = "CUSTOM_CLOB_FIELD_LIMIT_EXCEEDED",
    CustomEntityOrFieldLimit = "CUSTOM_ENTITY_OR_FIELD_LIMIT",
    CustomFieldIndexLimitExceeded = "CUSTOM_FIELD_INDEX_LIMIT_EXCEEDED",
    CustomIndexExists = "CUSTOM_INDEX_EXISTS",
    CustomLinkLimitExceeded = "CUSTOM_LINK_LIMIT_EXCEEDED",
    CustomMetadataLimitExceeded = "CUSTOM_METADATA_LIMIT_EXCEEDED",
    CustomSettingsLimitExceeded = "CUSTOM_SETTINGS_LIMIT_EXCEEDED",
    CustomTabLimitExceeded = "CUSTOM_TAB_LIMIT_EXCEEDED",
    DatacloudaddressNoRecordsFound = "DATACLOUDADDRESS_NO_RECORDS_FOUND",
    DeleteFailed = "DELETE_FAILED",
    DeleteOperationTooLarge = "DELETE_OPERATION_TOO_LARGE",
    DeleteRequiredOnCascade = "DELETE_REQUIRED_ON_CASCADE",
    DependencyExists = "DEPENDENCY_EXISTS",
    DuplicatesDetected = "DUPLICATES_DETECTED",
    DuplicateCaseSolution = "DUPLICATE_CASE_SOLUTION",
    DuplicateCommNickname = "DUPLICATE_COMM_NICKNAME",
    DuplicateCustomEntityDefinition = "DUPLICATE_CUSTOM_ENTITY_DEFINITION",
    DuplicateCustomTabMotif = "DUPLICATE_CUSTOM_TAB_MOTIF",
    DuplicateDeveloperName = "DUPLICATE_DEVELOPER_NAME",
    DuplicateExternalId = "DUPLICATE_EXTERNAL_ID",
    DuplicateMasterLabel = "DUPLICATE_MASTER_LABEL",
    DuplicateSenderDisplayName = "DUPLICATE_SENDER_DISPLAY_NAME",
    DuplicateUsername = "DUPLICATE_USERNAME",
    DuplicateValue = "DUPLICATE_VALUE",
    EmailAddressBounced = "EMAIL_ADDRESS_BOUNCED",
    EmailNotProcessedDueToPriorError = "EMAIL_NOT_PROCESSED_DUE_TO_PRIOR_ERROR",
    EmailOptedOut = "EMAIL_OPTED_OUT",
    EmailTemplateFormulaError = "EMAIL_TEMPLATE_FORMULA_ERROR",
    EmailTemplateMergefieldAccessError = "EMAIL_TEMPLATE_MERGEFIELD_ACCESS_ERROR",
    EmailTemplateMergefieldError = "EMAIL_TEMPLATE_MERGEFIELD_ERROR",
    EmailTemplateMergefieldValueError = "EMAIL_TEMPLATE_MERGEFIELD_VALUE_ERROR",
    EmailTemplateProcessingError = "EMAIL_TEMPLATE_PROCESSING_ERROR",
    EmptyScontrolFileName = "EMPTY_SCONTROL_FILE_NAME",
    EntityFailedIflastmodifiedOnUpdate = "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE",
    EntityIsArchived = "ENTITY_IS_ARCHIVED",
    EntityIsDeleted = "ENTITY_IS_DELETED",
    EntityIsLocked = "ENTITY_IS_LOCKED",
    EntityNotIconEnabled = "ENTITY_NOT_ICON_ENABLED",
    EntitySaveError = "ENTITY_SAVE_ERROR",
    ErrorInMailer = "ERROR_IN_MAILER",
    ExceededIdLimit = "EXCEEDED_ID_LIMIT",
    ExceededLeadConvertLimit = "EXCEEDED_LEAD_CONVERT_LIMIT",
    ExceededMaxSemijoinSubselects = "EXCEEDED_MAX_SEMIJOIN_SUBSELECTS",
    ExceededMaxSizeRequest = "EXCEEDED_MAX_SIZE_REQUEST",
    ExceededMaxTypesLimit = "EXCEEDED_MAX_TYPES_LIMIT",
    ExceededQuota = "EXCEEDED_QUOTA",
    ExternalObjectAuthenticationException = "EXTERNAL_OBJECT_AUTHENTICATION_EXCEPTION",
    ExternalObjectConnectionException = "EXTERNAL_OBJECT_CONNECTION_EXCEPTION",
    ExternalObjectException = "EXTERNAL_OBJECT_EXCEPTION",
    ExternalObjectUnsupportedException = "EXTERNAL_OBJECT_UNSUPPORTED_EXCEPTION",
    FailedActivation = "FAILED_ACTIVATION",
    FeedNotEnabledForObject = "FEED_NOT_ENABLED_FOR_OBJECT",
    FieldCustomValidationException = "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    FieldFilterValidationException = "FIELD_FILTER_VALIDATION_EXCEPTION",
    FieldIntegrityException = "FIELD_INTEGRITY_EXCEPTION",
    FieldMappingError = "FIELD_MAPPING_ERROR",
    FieldModerationRuleBlock = "FIELD_MODERATION_RULE_BLOCK",
    FileExtensionNotAllowed = "FILE_EXTENSION_NOT_ALLOWED",
    FileSizeLimitExceeded = "FILE_SIZE_LIMIT_EXCEEDED",
    FilteredLookupLimitExceeded = "FILTERED_LOOKUP_LIMIT_EXCEEDED",
    FlowException = "FLOW_EXCEPTION",
    FormulaExpressionInvalid = "FORMULA_EXPRESSION_INVALID",
    FunctionalityNotEnabled = "FUNCTIONALITY_NOT_ENABLED",
    FunctionalityTemporarilyUnavailable = "FUNCTIONALITY_TEMPORARILY_UNAVAILABLE",
    HasPublicReferences = "HAS_PUBLIC_REFERENCES",
    HtmlFileUploadNotAllowed = "HTML_FILE_UPLOAD_NOT_ALLOWED",
    IdempotencyKeyAlreadyUsed = "IDEMPOTENCY_KEY_ALREADY_USED",
    IdempotencyNotSupported = "IDEMPOTENCY_NOT_SUPPORTED",
    IllegalQueryParameterValue = "ILLEGAL_QUERY_PARAMETER_VALUE",
    ImageTooLarge = "IMAGE_TOO_LARGE",
    InactiveOwnerOrUser = "INACTIVE_OWNER_OR_USER",
    InactivePortal = "INACTIVE_PORTAL",
    InsertUpdateDeleteNotAllowedDuringMaintenance = "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
    InsufficientAccess = "INSUFFICIENT_ACCESS",
    InsufficientAccessOnCrossReferenceEntity = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
    InsufficientAccessOrReadonly = "INSUFFICIENT_ACCESS_OR_READONLY",
    InternalCanvasError = "INTERNAL_CANVAS_ERROR",
    InternalError = "INTERNAL_ERROR",
    InvalidAccessLevel = "INVALID_ACCESS_LEVEL",
    InvalidApiInput = "INVALID_API_INPUT",
    InvalidArgumentType = "INVALID_ARGUMENT_TYPE",
    InvalidAssigneeType = "INVALID_ASSIGNEE_TYPE",
    InvalidAssignmentRule = "INVALID_ASSIGNMENT_RULE",
    InvalidBatchOperation = "INVALID_BATCH_OPERATION",
    InvalidBatchSize = "INVALID_BATCH_SIZE",
    InvalidClient = "INVALID_CLIENT",
    InvalidContentType = "INVALID_CONTENT_TYPE",
    InvalidCreditCardInfo = "INVALID_CREDIT_CARD_INFO",
    InvalidCrossReferenceKey = "INVALID_CROSS_REFERENCE_KEY",
    InvalidCrossReferenceTypeForField = "INVALID_CROSS_REFERENCE_TYPE_FOR_FIELD",
    InvalidCurrencyConvRate = "INVALID_CURRENCY_CONV_RATE",
    InvalidCurrencyCorpRate = "INVALID_CURRENCY_CORP_RATE",
    InvalidCurrencyIso = "INVALID_CURRENCY_ISO",
    InvalidCursor = "INVALID_CURSOR",
    InvalidDataCategoryGroupReference = "INVALID_DATA_CATEGORY_GROUP_REFERENCE",
    InvalidDataUri = "INVALID_DATA_URI",
    InvalidEmailAddress = "INVALID_EMAIL_ADDRESS",
    InvalidEmptyKeyOwner = "INVALID_EMPTY_KEY_OWNER",
    InvalidEventSubscription = "INVALID_EVENT_SUBSCRIPTION",
    InvalidField = "INVALID_FIELD",
    InvalidFieldForInsertUpdate = "INVALID_FIELD_FOR_INSERT_UPDATE",
    InvalidFieldWhenUsingTemplate = "INVALID_FIELD_WHEN_USING_TEMPLATE",
    InvalidFilterAction = "INVALID_FILTER_ACTION",
    InvalidGoogleDocsUrl = "INVALID_GOOGLE_DOCS_URL",
    InvalidIdField = "INVALID_ID_FIELD",
    InvalidInetAddress = "INVALID_INET_ADDRESS",
    InvalidInput = "INVALID_INPUT",
    InvalidLineitemCloneState = "INVALID_LINEITEM_CLONE_STATE",
    InvalidLocator = "INVALID_LOCATOR",
    InvalidLogin = "INVALID_LOGIN",
    InvalidMasterOrTranslatedSolution = "INVALID_MASTER_OR_TRANSLATED_SOLUTION",
    InvalidMessageIdReference = "INVALID_MESSAGE_ID_REFERENCE",
    InvalidNamespacePrefix = "INVALID_NAMESPACE_PREFIX",
    InvalidNewPassword = "INVALID_NEW_PASSWORD",
    InvalidOauthUrl = "INVALID_OAUTH_URL",
    InvalidOperation = "INVALID_OPERATION",
    InvalidOperationWithExpiredPassword = "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
    InvalidOperator = "INVALID_OPERATOR",
    InvalidOrNullForRestrictedPicklist = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    InvalidOwner = "INVALID_OWNER",
    InvalidPackageLicense = "INVALID_PACKAGE_LICENSE",
    InvalidPackageVersion = "INVALID_PACKAGE_VERSION",
    InvalidPartnerNetworkStatus = "INVALID_PARTNER_NETWORK_STATUS",
    InvalidPersonAccountOperation = "INVALID_PERSON_ACCOUNT_OPERATION",
    InvalidQueryFilterOperator = "INVALID_QUERY_FILTER_OPERATOR",
    InvalidQueryLocator = "INVALID_QUERY_LOCATOR",
    InvalidQueryScope = "INVALID_QUERY_SCOPE",
    InvalidReadOnlyUserDml = "INVALID_READ_ONLY_USER_DML",
    InvalidReplicationDate = "INVALID_REPLICATION_DATE",
    InvalidSaveAsActivityFlag = "INVALID_SAVE_AS_ACTIVITY_FLAG",
    InvalidSearch = "INVALID_SEARCH",
    InvalidSearchScope = "INVALID_SEARCH_SCOPE",
    InvalidSessionId = "INVALID_SESSION_ID",
    InvalidSetupOwner = "INVALID_SETUP_OWNER",
    InvalidSignupCountry = "INVALID_SIGNUP_COUNTRY",
    InvalidSoapHeader = "INVALID_SOAP_HEADER",
    InvalidStatus = "INVALID_STATUS",
    InvalidType = "INVALID_TYPE",
    InvalidTypeForOperation = "INVALID_TYPE_FOR_OPERATION",
    InvalidTypeOnFieldInRecord = "INVALID_TYPE_ON_FIELD_IN_RECORD",
    InvalidUnsubscribeSubscriptionField = "INVALID_UNSUBSCRIBE_SUBSCRIPTION_FIELD",
    IpRangeLimitExceeded = "IP_RANGE_LIMIT_EXCEEDED",
    ItemNotFound = "ITEM_NOT_FOUND",
    JigsawImportLimitExceeded = "JIGSAW_IMPORT_LIMIT_EXCEEDED",
    JsonParserError = "JSON_PARSER_ERROR",
    LicenseLimitExceeded = "LICENSE_LIMIT_EXCEEDED",
    LightPortalUserException = "LIGHT_PORTAL_USER_EXCEPTION",
    LimitExceeded = "LIMIT_EXCEEDED",
    LoginChallengeIssued = "LOGIN_CHALLENGE_ISSUED",
    LoginChallengePending = "LOGIN_CHALLENGE_PENDING",
    LoginDuringRestrictedDomain = "LOGIN_DURING_RESTRICTED_DOMAIN",
    LoginDuringRestrictedTime = "LOGIN_DURING_RESTRICTED_TIME",
    LoginMustUseSecurityToken = "LOGIN_MUST_USE_SECURITY_TOKEN",
    MalformedId = "MALFORMED_ID",
    MalformedQuery = "MALFORMED_QUERY",
    MalformedSearch = "MALFORMED_SEARCH",
    ManagerNotDefined = "MANAGER_NOT_DEFINED",
    MassmailRetryLimitExceeded = "MASSMAIL_RETRY_LIMIT_EXCEEDED",
    MassMailLimitExceeded = "MASS_MAIL_LIMIT_EXCEEDED",
    MaximumCcemailsExceeded = "MAXIMUM_CCEMAILS_EXCEEDED",
    MaximumDashboardComponentsExceeded = "MAXIMUM_DASHBOARD_COMPONENTS_EXCEEDED",
    MaximumHierarchyChildrenReached = "MAXIMUM_HIERARCHY_CHILDREN_REACHED",
    MaximumHierarchyLevelsReached = "MAXIMUM_HIERARCHY_LEVELS_REACHED",
    MaximumSizeOfAttachment = "MAXIMUM_SIZE_OF_ATTACHMENT",
    MaximumSizeOfDocument = "MAXIMUM_SIZE_OF_DOCUMENT",
    MaxActionsPerRuleExceeded = "MAX_ACTIONS_PER_RULE_EXCEEDED",
    MaxActiveRulesExceeded = "MAX_ACTIVE_RULES_EXCEEDED",
    MaxApprovalStepsExceeded = "MAX_APPROVAL_STEPS_EXCEEDED",
    MaxFormulasPerRuleExceeded = "MAX_FORMULAS_PER_RULE_EXCEEDED",
    MaxRulesExceeded = "MAX_RULES_EXCEEDED",
    MaxRuleEntriesExceeded = "MAX_RULE_ENTRIES_EXCEEDED",
    MaxTaskDescriptionExceeeded = "MAX_TASK_DESCRIPTION_EXCEEEDED",
    MaxTmRulesExceeded = "MAX_TM_RULES_EXCEEDED",
    MaxTmRuleItemsExceeded = "MAX_TM_RULE_ITEMS_EXCEEDED",
    MergeFailed = "MERGE_FAILED",
    MethodNotAllowed = "METHOD_NOT_ALLOWED",
    MissingArgument = "MISSING_ARGUMENT",
    MissingRecord = "MISSING_RECORD",
    MixedDmlOperation = "MIXED_DML_OPERATION",
    ModificationNotAllowed = "MODIFICATION_NOT_ALLOWED",
    NonuniqueShippingAddress = "NONUNIQUE_SHIPPING_ADDRESS",
    NotFound = "NOT_FOUND",
    NotModified = "NOT_MODIFIED",
    NoApplicableProcess = "NO_APPLICABLE_PROCESS",
    NoAttachmentPermission = "NO_ATTACHMENT_PERMISSION",
    NoInactiveDivisionMembers = "NO_INACTIVE_DIVISION_MEMBERS",
    NoMassMailPermission = "NO_MASS_MAIL_PERMISSION",
    NoRecipients = "NO_RECIPIENTS",
    NoSoftphoneLayout = "NO_SOFTPHONE_LAYOUT",
    NumberOutsideValidRange = "NUMBER_OUTSIDE_VALID_RANGE",
    NumHistoryFieldsBySobjectExceeded = "NUM_HISTORY_FIELDS_BY_SOBJECT_EXCEEDED",
    OperationEnqueued = "OPERATION_ENQUEUED",
    OperationTooLarge = "OPERATION_TOO_LARGE",
    OptedOutOfMassMail = "OPTED_OUT_OF_MASS_MAIL",
    OrgInMaintenance = "ORG_IN_MAINTENANCE",
    OrgLocked = "ORG_LOCKED",
    PackageLicenseRequired = "PACKAGE_LICENSE_REQUIRED",
    PasswordLockout = "PASSWORD_LOCKOUT",
    PlatformEventEncryptionError = "PLATFORM_EVENT_ENCRYPTION_ERROR",
    PlatformEventPublishingUnavailable = "PLATFORM_EVENT_PUBLISHING_UNAVAILABLE",
    PlatformEventPublishFailed = "PLATFORM_EVENT_PUBLISH_FAILED",
    PortalNoAccess = "PORTAL_NO_ACCESS",
    PortalUserAlreadyExistsForContact = "PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT",
    PortalUserCreationRestrictedWithEncryption = "PORTAL_USER_CREATION_RESTRICTED_WITH_ENCRYPTION",
    PrivateContactOnAsset = "PRIVATE_CONTACT_ON_ASSET",
    ProcessingHalted = "PROCESSING_HALTED",
    QueryTimeout = "QUERY_TIMEOUT",
    QueryTooComplicated = "QUERY_TOO_COMPLICATED",
    QuickActionListItemNotAllowed = "QUICK_ACTION_LIST_ITEM_NOT_ALLOWED",
    RecordInUseByWorkflow = "RECORD_IN_USE_BY_WORKFLOW",
    RelatedEntityFilterValidationException = "RELATED_ENTITY_FILTER_VALIDATION_EXCEPTION",
    RequestLimitExceeded = "REQUEST_LIMIT_EXCEEDED",
    RequestRunningTooLong = "REQUEST_RUNNING_TOO_LONG",
    RequiredFeatureMissing = "REQUIRED_FEATURE_MISSING",
    RequiredFieldMissing = "REQUIRED_FIELD_MISSING",
    SelfReferenceFromFlow = "SELF_REFERENCE_FROM_FLOW",
    SelfReferenceFromTrigger = "SELF_REFERENCE_FROM_TRIGGER",
    ServerUnavailable = "SERVER_UNAVAILABLE",
    ShareNeededForChildOwner = "SHARE_NEEDED_FOR_CHILD_OWNER",
    SingleEmailLimitExceeded = "SINGLE_EMAIL_LIMIT_EXCEEDED",
    SocialAccountNotFound = "SOCIAL_ACCOUNT_NOT_FOUND",
    SsoServiceDown = "SSO_SERVICE_DOWN",
    StandardPriceNotDefined = "STANDARD_PRICE_NOT_DEFINED",
    StorageLimitExceeded = "STORAGE_LIMIT_EXCEEDED",
    StringTooLong = "STRING_TOO_LONG",
    SyncNotSupported = "SYNC_NOT_SUPPORTED",
    TabsetLimitExceeded = "TABSET_LIMIT_EXCEEDED",
    TemplateNotActive = "TEMPLATE_NOT_ACTIVE",
    TerritoryRealignInProgress = "TERRITORY_REALIGN_IN_PROGRESS",
    TextDataOutsideSupportedCharset = "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET",
    TooManyApexRequests = "TOO_MANY_APEX_REQUESTS",
    TooManyEnumValue = "TOO_MANY_ENUM_VALUE",
    TransferRequiresRead = "TRANSFER_REQUIRES_READ",
    TrialExpired = "TRIAL_EXPIRED",
    TxnSecurityApexError = "TXN_SECURITY_APEX_ERROR",
    TxnSecurityMeteringError = "TXN_SECURITY_METERING_ERROR",
    TxnSecurityNoAccess = "TXN_SECURITY_NO_ACCESS",
    TxnSecurityRuntimeError = "TXN_SECURITY_RUNTIME_ERROR",
    UnableToLockRow = "UNABLE_TO_LOCK_ROW",
    UnavailableRecordtypeException = "UNAVAILABLE_RECORDTYPE_EXCEPTION",
    UnavailableRef = "UNAVAILABLE_REF",
    UndeleteFailed = "UNDELETE_FAILED",
    UnknownException = "UNKNOWN_EXCEPTION",
    UnknownOrgError = "UNKNOWN_ORG_ERROR",
    UnspecifiedEmailAddress = "UNSPECIFIED_EMAIL_ADDRESS",
    UnsupportedApiVersion = "UNSUPPORTED_API_VERSION",
    UnsupportedAttachmentEncoding = "UNSUPPORTED_ATTACHMENT_ENCODING",
    UnsupportedClient = "UNSUPPORTED_CLIENT",
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE",
    UnverifiedSenderAddress = "UNVERIFIED_SENDER_ADDRESS",
    UserWithoutFieldHistoryAccess = "USER_WITHOUT_FIELD_HISTORY_ACCESS",
    WeakFilterWithUpdate = "WEAK_FILTER_WITH_UPDATE",
    WeblinkSizeLimitExceeded = "WEBLINK_SIZE_LIMIT_EXCEEDED",
    WeblinkUrlInvalid = "WEBLINK_URL_INVALID",
    WrongControllerType = "WRONG_CONTROLLER_TYPE",
    XcleanUnexpectedError = "XCLEAN_UNEXPECTED_ERROR",
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ErrorCode {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<ErrorCode, Infallible> {
        Ok(ErrorCode::from(text))
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ErrorCode, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(ErrorCode::from(text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_a_round_trip_through_its_spelling() {
        for code in ErrorCode::KNOWN {
            assert_eq!(&ErrorCode::from(code.as_str()), code);
        }
    }

    #[test]
    fn an_unknown_code_keeps_its_spelling() {
        let code: ErrorCode = serde_json::from_str("\"NEW_IN_WINTER\"").unwrap();
        assert_eq!(code, ErrorCode::Other("NEW_IN_WINTER".into()));
        assert_eq!(code.to_string(), "NEW_IN_WINTER");
    }
}
