use super::*;

fn refused(code: &str, message: &str) -> RowError {
    RowError::new(ErrorCode::from(code), message)
}

/// Every documented code with the treatment it must get; a new code is added here first.
const TABLE: &[(Treatment, &str)] = &[
    (
        Treatment::Permanent,
        "REQUIRED_FIELD_MISSING STRING_TOO_LONG NUMBER_OUTSIDE_VALID_RANGE INVALID_EMAIL_ADDRESS \
         INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST FIELD_INTEGRITY_EXCEPTION INVALID_TYPE_ON_FIELD_IN_RECORD \
         JSON_PARSER_ERROR INSUFFICIENT_ACCESS_OR_READONLY INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY \
         INVALID_CROSS_REFERENCE_KEY MALFORMED_ID MISSING_ARGUMENT DUPLICATE_EXTERNAL_ID DUPLICATES_DETECTED \
         FIELD_CUSTOM_VALIDATION_EXCEPTION CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY INACTIVE_OWNER_OR_USER \
         TOO_MANY_ENUM_VALUE TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET INVALID_CURRENCY_ISO INVALID_STATUS \
         UNAVAILABLE_RECORDTYPE_EXCEPTION FIELD_FILTER_VALIDATION_EXCEPTION LIMIT_EXCEEDED EXCEEDED_ID_LIMIT \
         EXCEEDED_MAX_SIZE_REQUEST INVALID_REPLICATION_DATE NOT_FOUND INVALID_TYPE",
    ),
    (
        Treatment::Transient,
        "UNABLE_TO_LOCK_ROW SERVER_UNAVAILABLE REQUEST_RUNNING_TOO_LONG INVALID_QUERY_LOCATOR UNKNOWN_EXCEPTION \
         INTERNAL_ERROR ALL_OR_NONE_OPERATION_ROLLED_BACK PROCESSING_HALTED",
    ),
    (
        Treatment::TransientOnce,
        "CANNOT_EXECUTE_FLOW_TRIGGER QUERY_TIMEOUT QUERY_TOO_COMPLICATED OPERATION_TOO_LARGE \
         TXN_SECURITY_METERING_ERROR TXN_SECURITY_RUNTIME_ERROR",
    ),
    (
        Treatment::Slow,
        "ENTITY_IS_LOCKED INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE API_CURRENTLY_DISABLED \
         REQUEST_LIMIT_EXCEEDED",
    ),
    (
        Treatment::StopRun,
        "STORAGE_LIMIT_EXCEEDED LICENSE_LIMIT_EXCEEDED FUNCTIONALITY_NOT_ENABLED API_DISABLED_FOR_ORG \
         TXN_SECURITY_NO_ACCESS TXN_SECURITY_APEX_ERROR INVALID_SESSION_ID",
    ),
    (Treatment::AskIdentifier, "DUPLICATE_VALUE"),
    (
        Treatment::Redescribe,
        "INVALID_FIELD INVALID_FIELD_FOR_INSERT_UPDATE",
    ),
    (Treatment::Deleted, "ENTITY_IS_DELETED"),
    (Treatment::Converted, "CANNOT_UPDATE_CONVERTED_LEAD"),
    (Treatment::Untried, "UNPROCESSED"),
];

#[test]
fn every_documented_code_is_known_and_gets_its_treatment() {
    for (treatment, codes) in TABLE {
        for code in codes.split_whitespace() {
            let error = refused(code, "");
            assert!(
                !matches!(error.code, ErrorCode::Other(_)),
                "{code} is not known"
            );
            assert_eq!(error.treatment(), *treatment, "{code}");
            assert_ne!(
                error.cause(),
                "Salesforce rejected the row",
                "{code} has no cause of its own"
            );
            assert!(!error.cure().is_empty());
        }
    }
}

/// Who has to act is told nothing that would come by itself, and who need not act is told so.
#[test]
fn what_is_promised_of_each_code_is_what_becomes_of_it() {
    let unknown = ErrorCode::Other("BRAND_NEW".into());
    for code in ErrorCode::KNOWN.iter().chain([&unknown]) {
        let error = RowError::new(code.clone(), "");
        let (cure, outlook) = (error.cure(), error.treatment().outlook());
        assert!(
            !cure.contains("no action") && !cure.contains("tries again"),
            "{code}: {cure}"
        );
        let stops = error.treatment() == Treatment::StopRun;
        assert_eq!(
            outlook.starts_with("no action needed"),
            !stops,
            "{code}: {outlook}"
        );
    }
}

#[test]
fn a_duplicate_rule_that_blocks_is_not_answered_with_a_setting_that_cannot_help() {
    let mut error = refused("DUPLICATES_DETECTED", "Use one of these records?");
    assert!(error.cure().contains("let the replication save duplicates"));
    error.allow_save = Some(false);
    assert!(
        !error.cure().contains("let the replication"),
        "{}",
        error.cure()
    );
}

#[test]
fn a_field_that_cannot_be_filtered_by_is_named_and_no_reason_to_read_the_fields_again() {
    let text = "\nFROM Lead WHERE Email IN ('a')\n ^\nERROR at Row:1:Column:9\nfield 'Email' can not be filtered in a \
                query call";
    let error = refused("INVALID_FIELD", text);
    assert_eq!(error.unfilterable(), Some("Email"));
    assert_eq!(error.treatment(), Treatment::Permanent);
    assert_eq!(
        refused("INVALID_FIELD", "No such column 'x'").unfilterable(),
        None
    );
}

#[test]
fn an_unknown_code_is_permanent() {
    assert_eq!(refused("BRAND_NEW", "").treatment(), Treatment::Permanent);
}

#[test]
fn a_trigger_that_met_a_lock_is_worth_another_try() {
    let error = refused(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "T: UNABLE_TO_LOCK_ROW, …",
    );
    assert_eq!(error.treatment(), Treatment::TransientOnce);
    assert_eq!(error.cure(), Treatment::TransientOnce.cure());
}

#[test]
fn a_missing_parent_is_the_rows_own_fault() {
    let text = "Foreign key external ID: 0116 not found for field F in entity E";
    assert_eq!(
        refused("INVALID_FIELD", text).treatment(),
        Treatment::Permanent
    );
}

#[test]
fn a_session_policy_is_told_apart_from_an_expired_session() {
    let expired = refused("INVALID_SESSION_ID", "Session expired or invalid");
    let policy = refused(
        "INVALID_SESSION_ID",
        "This session is not valid for use with the REST API",
    );
    assert_eq!(expired.cause(), "the sign-in has expired");
    assert_ne!(policy.cause(), expired.cause());
}

#[test]
fn a_missing_scope_is_told_apart_from_missing_rights() {
    let scope = refused(
        "INSUFFICIENT_ACCESS",
        "This session is not valid for use with the REST API",
    );
    let rights = refused(
        "INSUFFICIENT_ACCESS",
        "insufficient access rights on object id",
    );
    assert!(scope.cause().contains("scope"), "{}", scope.cause());
    assert!(scope.cure().contains("(api)"), "{}", scope.cure());
    assert_eq!(rights.cause(), "this user can't edit the record");
}
