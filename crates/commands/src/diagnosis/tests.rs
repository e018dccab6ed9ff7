use std::collections::BTreeSet;

use super::notes::NOTE_END;
use super::*;

/// The codes of the API that are documented with what to do about them.
const OF_REQUESTS: &str = "REQUIRED_FIELD_MISSING STRING_TOO_LONG NUMBER_OUTSIDE_VALID_RANGE INVALID_EMAIL_ADDRESS \
    INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST FIELD_INTEGRITY_EXCEPTION INVALID_TYPE_ON_FIELD_IN_RECORD JSON_PARSER_ERROR \
    INVALID_FIELD INVALID_FIELD_FOR_INSERT_UPDATE INSUFFICIENT_ACCESS_OR_READONLY \
    INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY INVALID_CROSS_REFERENCE_KEY MALFORMED_ID MISSING_ARGUMENT DUPLICATE_VALUE \
    DUPLICATE_EXTERNAL_ID DUPLICATES_DETECTED FIELD_CUSTOM_VALIDATION_EXCEPTION CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY \
    CANNOT_EXECUTE_FLOW_TRIGGER ENTITY_IS_DELETED CANNOT_UPDATE_CONVERTED_LEAD ENTITY_IS_LOCKED INACTIVE_OWNER_OR_USER \
    UNABLE_TO_LOCK_ROW TOO_MANY_ENUM_VALUE TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET INVALID_CURRENCY_ISO INVALID_STATUS \
    UNAVAILABLE_RECORDTYPE_EXCEPTION FIELD_FILTER_VALIDATION_EXCEPTION LIMIT_EXCEEDED EXCEEDED_ID_LIMIT \
    EXCEEDED_MAX_SIZE_REQUEST STORAGE_LIMIT_EXCEEDED LICENSE_LIMIT_EXCEEDED FUNCTIONALITY_NOT_ENABLED API_DISABLED_FOR_ORG \
    API_CURRENTLY_DISABLED TXN_SECURITY_NO_ACCESS TXN_SECURITY_APEX_ERROR TXN_SECURITY_METERING_ERROR \
    TXN_SECURITY_RUNTIME_ERROR INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE INVALID_SESSION_ID REQUEST_LIMIT_EXCEEDED \
    SERVER_UNAVAILABLE QUERY_TIMEOUT QUERY_TOO_COMPLICATED OPERATION_TOO_LARGE REQUEST_RUNNING_TOO_LONG \
    INVALID_QUERY_LOCATOR INVALID_REPLICATION_DATE NOT_FOUND INVALID_TYPE UNKNOWN_EXCEPTION INTERNAL_ERROR \
    ALL_OR_NONE_OPERATION_ROLLED_BACK PROCESSING_HALTED UNSUPPORTED_API_VERSION MALFORMED_QUERY MALFORMED_SEARCH \
    INSUFFICIENT_ACCESS DUPLICATE_DEVELOPER_NAME Bad_OAuth_Token";

/// What the sign-in server answers: its code, and what it says with it.
const OF_SIGN_INS: &[(&str, &str)] = &[
    ("invalid_grant", "authentication failure"),
    ("invalid_grant", "authentication failure - Invalid Password"),
    ("invalid_grant", "expired access/refresh token"),
    ("invalid_grant", "expired authorization code"),
    ("invalid_grant", "invalid authorization code"),
    ("invalid_grant", "user hasn't approved this consumer"),
    ("invalid_grant", "audience is invalid"),
    ("invalid_grant", "Audience validation failed"),
    ("invalid_grant", "ip restricted"),
    ("invalid_grant", "no client credentials user enabled"),
    ("invalid_grant", "no valid scopes defined"),
    ("invalid_client_id", "client identifier invalid"),
    ("invalid_client", "invalid client credentials"),
    ("invalid_client", "app must be installed into org"),
    (
        "invalid_app_access",
        "user is not admin approved to access this app",
    ),
    (
        "redirect_uri_mismatch",
        "redirect_uri must match configuration",
    ),
    ("unsupported_grant_type", "grant type not supported"),
    ("invalid_request", "invalid code verifier"),
    ("inactive_user", ""),
    ("inactive_org", ""),
    ("rate_limit_exceeded", ""),
    ("invalid_scope", ""),
    ("unsupported_response_type", ""),
    ("access_denied", "end-user denied authorization"),
    (
        "OAUTH_AUTHORIZATION_BLOCKED",
        "Cross-org OAuth flows are not supported for this external client app",
    ),
    ("OAUTH_APPROVAL_ERROR_GENERIC", ""),
    ("OAUTH_EC_APP_NOT_FOUND", ""),
    ("unknown_error", "retry your request"),
];

/// What a person reads of one: nothing empty, and nothing that contradicts who is to act.
fn check(one: &ErrorExplained) {
    let code = &one.code;
    assert!(!one.label.is_empty(), "{code}");
    assert!(!one.cause.is_empty(), "{code}");
    assert!(!one.cure.is_empty(), "{code}");
    assert_ne!(one.cause, "Salesforce rejected the row", "{code}");
    assert_ne!(one.cause, "Salesforce refused the sign-in", "{code}");
    assert!(!one.cure.contains("no action"), "{code}");
    for deed in ["ask ", "buy ", "lower ", "change "] {
        let waits = one.who == Who::Nobody;
        assert!(!waits || !one.cure.contains(deed), "{code}: {}", one.cure);
    }
    if one.who == Who::Admin {
        let note = one.note.as_deref().unwrap_or_default();
        assert!(note.ends_with(NOTE_END), "{code}: {note}");
        assert!(note.contains(code.as_str()), "{code}: {note}");
    }
}

#[test]
fn every_code_of_the_catalogue_is_whole_and_explained_once() {
    let all = error_catalogue();
    assert!(all.len() > 120, "{}", all.len());
    let mut seen = BTreeSet::new();
    for one in &all {
        check(one);
        assert!(
            seen.insert((one.code.clone(), one.says.clone())),
            "{} twice",
            one.code
        );
    }
}

#[test]
fn every_documented_refusal_is_found_by_its_code() {
    for code in OF_REQUESTS.split_whitespace() {
        let found = diagnose(code).found;
        assert_eq!(found.len(), 1, "{code}: {found:?}");
        assert_eq!(found[0].code, code);
        check(&found[0]);
    }
}

#[test]
fn every_documented_sign_in_error_is_found_in_what_the_server_answers() {
    for (code, words) in OF_SIGN_INS {
        let body = format!("{{\"error\":\"{code}\",\"error_description\":\"{words}\"}}");
        let found = diagnose(&body).found;
        assert_eq!(found[0].code, *code, "{body}");
        check(&found[0]);
    }
    let told_apart = |words: &str| {
        diagnose(&format!("invalid_grant: {words}")).found[0]
            .cause
            .clone()
    };
    let causes: BTreeSet<_> = OF_SIGN_INS
        .iter()
        .filter(|(code, _)| *code == "invalid_grant")
        .map(|(_, words)| told_apart(words))
        .collect();
    assert_eq!(causes.len(), 9, "two pairs mean the same: {causes:?}");
}

#[test]
fn what_other_programs_say_of_the_way_is_understood() {
    for (text, code) in [
        (
            "error trying to connect: dns error: failed to lookup address information",
            "no_such_host",
        ),
        (
            "tcp connect error: Connection refused (os error 111)",
            "connection_refused",
        ),
        (
            "invalid peer certificate: UnknownIssuer",
            "certificate_untrusted",
        ),
        (
            "certificate verify failed: certificate has expired",
            "certificate_expired",
        ),
        (
            "HTTP/1.1 407 Proxy Authentication Required",
            "proxy_refused",
        ),
        ("operation timed out", "timed_out"),
        ("no_such_host", "no_such_host"),
        ("another_sender", "another_sender"),
    ] {
        let found = diagnose(text).found;
        assert_eq!(
            found.first().map(|one| one.code.as_str()),
            Some(code),
            "{text}"
        );
    }
}

#[test]
fn an_error_of_ours_is_found_again_by_its_own_words() {
    let error = leadferry_salesforce::Error::CallbackTimeout;
    let text = format!("{error}. {}. {}", error.cause(), error.cure());
    let found = diagnose(&text).found;
    assert_eq!(found[0].code, "sign_in_timed_out");
}

#[test]
fn the_words_decide_what_a_code_means() {
    let policy = "INVALID_SESSION_ID: This session is not valid for use with the REST API";
    assert_eq!(diagnose(policy).found[0].who, Who::Admin);
    assert!(
        diagnose(policy).found[0]
            .note
            .as_ref()
            .unwrap()
            .contains("IP")
    );
    let scope = "INSUFFICIENT_ACCESS: This session is not valid for use with the REST API";
    let scope = &diagnose(scope).found[0];
    assert_eq!(
        (scope.label.as_str(), scope.who),
        ("Missing scope", Who::Admin)
    );
    assert!(scope.note.as_ref().unwrap().contains("(api)"));
    let expired =
        "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]";
    assert_eq!(diagnose(expired).found[0].who, Who::You);
    let parent = "INVALID_FIELD Foreign key external ID: 0116 not found for field F in entity E";
    assert_eq!(diagnose(parent).found[0].who, Who::You);
    assert_eq!(diagnose(parent).found[0].note, None);
    assert_eq!(diagnose("invalid_field").found[0].code, "INVALID_FIELD");
}

#[test]
fn what_names_nothing_is_told_so() {
    for text in [
        "",
        "hello world",
        "the converted unknown",
        "x".repeat(100_000).as_str(),
    ] {
        assert_eq!(diagnose(text).found, [], "{text}");
    }
    assert!(diagnose_known("hello world").is_err());
    let long = "é".repeat(LONGEST);
    assert!(diagnose(&long).said.len() <= LONGEST);
}

#[test]
fn a_plain_word_before_what_was_said_with_it_is_a_code() {
    let said = "ambiguous: A Contact with this email is already in Salesforce.";
    let found = diagnose(said).found;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, "ambiguous");
    assert_eq!(diagnose("it is ambiguous: nobody knows").found, []);
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
