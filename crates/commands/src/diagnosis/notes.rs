//! What to send to an admin: what happened, what to change, and where in Setup that is.

use super::{ErrorExplained, Who};
use crate::error::sentence;

/// How every note ends.
pub(super) const NOTE_END: &str = "Thank you.";

/// Puts a note for the admin together: what Salesforce said, what is asked for, and where it is in Setup.
pub(crate) fn note(happened: &str, wanted: &str, place: &str) -> String {
    let mut note = format!(
        "Hello,\n\nI use Leadferry to send contacts to our Salesforce org. {}\n\n{}\n",
        sentence(happened),
        sentence(wanted)
    );
    if !place.is_empty() {
        note.push_str(&format!("Where: {place}\n"));
    }
    note.push('\n');
    note.push_str(NOTE_END);
    note
}

/// Adds the note for the admin, where it is theirs to cure.
pub(super) fn with_note(mut explained: ErrorExplained, said: &str) -> ErrorExplained {
    // A parent that doesn't exist is no matter of rights.
    let is_a_parent = explained.code == "INVALID_FIELD" && explained.who == Who::You;
    let (wanted, place) = match steps(&explained.code, said).filter(|_| !is_a_parent) {
        Some((wanted, place)) => (wanted.to_owned(), place),
        None if explained.who == Who::Admin => {
            (format!("Could you {}?", asked(&explained.cure)), "")
        }
        None => return explained,
    };
    let code = match &explained.says {
        Some(words) => format!("{} ({words})", explained.code),
        None => explained.code.clone(),
    };
    let happened = format!("Salesforce answers {code}: {}", explained.cause);
    explained.note = Some(note(&happened, &wanted, place));
    explained
}

/// Turns what the user is told into what the admin is asked.
fn asked(cure: &str) -> String {
    let cure = cure.split(", then ").next().unwrap_or_default();
    cure.trim_start_matches("ask your Salesforce admin to ")
        .trim_start_matches("ask your Salesforce admin ")
        .to_owned()
}

/// What an admin is asked for a code, and where that is; the words tell cases apart, and the first row that fits counts.
fn steps(code: &str, said: &str) -> Option<(&'static str, &'static str)> {
    let said = said.to_ascii_lowercase();
    STEPS
        .iter()
        .find(|(codes, words, ..)| codes.contains(&code) && said.contains(words))
        .map(|(_, _, wanted, place)| (*wanted, *place))
}

type Step = (
    &'static [&'static str],
    &'static str,
    &'static str,
    &'static str,
);

const APP: &str = "Setup > External Client App Manager > the app > Settings > OAuth Settings (older orgs: App Manager > the \
                   app > Manage Connected Apps > Edit)";
const POLICIES: &str = "Setup > External Client App Manager > the app > Policies (older orgs: Manage Connected Apps > Edit)";
const PERMISSIONS: &str = "Setup > Permission Sets > (a set of the user's) > Object Settings";

const STEPS: &[Step] = &[
    (
        &["invalid_grant"],
        "ip restricted",
        "Could you relax the IP rules for this app, or add my address to the login IP ranges of my profile? A desktop app has \
         no fixed address, so relaxing the app's rule lasts longer",
        "Setup > External Client App Manager > the app > Policies > IP Relaxation, or Setup > Profiles > (my profile) > Login \
         IP Ranges",
    ),
    (
        &["INSUFFICIENT_ACCESS"],
        "not valid for use with",
        "Could you add the OAuth scope \"Manage user data via APIs (api)\" to the app?",
        "Setup > External Client App Manager > the app > Settings > OAuth Settings > OAuth Scopes",
    ),
    (
        &["INVALID_SESSION_ID"],
        "not valid for use with",
        "Could you relax the IP rules for this app? Its sessions are refused from my network",
        "Setup > External Client App Manager > the app > Policies > IP Relaxation, and Setup > Session Settings",
    ),
    (
        &["invalid_grant"],
        "hasn't approved this consumer",
        "Could you pre-authorize me for the app? Set Permitted Users to \"Admin approved users are pre-authorized\", and add my \
         profile or a permission set of mine",
        POLICIES,
    ),
    (
        &["invalid_app_access"],
        "",
        "Could you give my profile, or a permission set of mine, access to the app?",
        POLICIES,
    ),
    (
        &["invalid_grant"],
        "no client credentials user",
        "Could you enable the client credentials flow for the app and set its Run As user?",
        POLICIES,
    ),
    (
        &["invalid_grant"],
        "no valid scopes",
        "Could you add the OAuth scopes \"Manage user data via APIs (api)\" and \"Perform requests at any time (refresh_token, \
         offline_access)\" to the app?",
        APP,
    ),
    (
        &["invalid_scope", "OAUTH_APPROVAL_ERROR_GENERIC"],
        "",
        "Could you check that the app has the OAuth scopes api and refresh_token, that it's installed in the org, and that I may \
         use it?",
        APP,
    ),
    (
        &["redirect_uri_mismatch"],
        "",
        "Could you add Leadferry's callback URL to the app? It has to match to the character: \
         http://localhost:18533/oauth/callback",
        APP,
    ),
    (
        &["invalid_client"],
        "must be installed",
        "Could you install the app in our org, or create an External Client App for Leadferry here?",
        "Setup > Connected Apps OAuth Usage > the app > Install",
    ),
    (
        &["invalid_client"],
        "",
        "Could you send me the consumer secret, or clear \"Require Secret for Web Server Flow\" and \"Require Secret for Refresh \
         Token Flow\" in the app?",
        APP,
    ),
    (
        &["OAUTH_EC_APP_NOT_FOUND", "OAUTH_AUTHORIZATION_BLOCKED"],
        "",
        "Could you create an External Client App for Leadferry in our own org, and send me its consumer key and our My Domain \
         host? An app of another org can't be used",
        "Setup > External Client App Manager > New External Client App",
    ),
    (
        &["unsupported_grant_type", "unsupported_response_type"],
        "",
        "Could you enable the flow that Leadferry signs in with for the app?",
        APP,
    ),
    (
        &["inactive_user", "INACTIVE_OWNER_OR_USER"],
        "",
        "Could you activate the user?",
        "Setup > Users",
    ),
    (
        &["API_DISABLED_FOR_ORG"],
        "",
        "Could you give my user the permission \"API Enabled\"? If our edition has no API, it can be bought from Salesforce",
        "Setup > Permission Sets > (a set of mine) > System Permissions > API Enabled",
    ),
    (
        &[
            "INSUFFICIENT_ACCESS",
            "INSUFFICIENT_ACCESS_OR_READONLY",
            "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        ],
        "",
        "Could you let my user read, create and edit leads and contacts, and see the records they belong to?",
        PERMISSIONS,
    ),
    (
        &["INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE"],
        "",
        "Could you give my user read and edit access to the field that the message names?",
        "Setup > Permission Sets > (a set of the user's) > Object Settings > (the object) > Field Permissions",
    ),
    (
        &["INVALID_TYPE"],
        "",
        "Could you let my user see the object?",
        PERMISSIONS,
    ),
    (
        &["UNAVAILABLE_RECORDTYPE_EXCEPTION"],
        "",
        "Could you assign the record type to my user?",
        "Setup > Permission Sets > (a set of the user's) > Object Settings > (the object) > Record Types",
    ),
    (
        &["STORAGE_LIMIT_EXCEEDED"],
        "",
        "Our data storage is full, so no record can be saved. Could you delete data or buy storage?",
        "Setup > Storage Usage",
    ),
    (
        &[
            "TXN_SECURITY_NO_ACCESS",
            "TXN_SECURITY_APEX_ERROR",
            "TXN_SECURITY_METERING_ERROR",
            "TXN_SECURITY_RUNTIME_ERROR",
        ],
        "",
        "Could you exempt my user from the transaction security policy that refuses this, or correct the policy?",
        "Setup > Transaction Security Policies",
    ),
    (
        &["CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"],
        "",
        "Could you look at the trigger or flow that the message names?",
        "Setup > Apex Triggers, or Setup > Flows",
    ),
    (
        &["CANNOT_EXECUTE_FLOW_TRIGGER"],
        "",
        "Could you look at the flow that the message names?",
        "Setup > Flows",
    ),
    (
        &["FIELD_CUSTOM_VALIDATION_EXCEPTION"],
        "",
        "A validation rule refuses our contacts. Could you tell me what it asks for, or exempt my user?",
        "Setup > Object Manager > (the object) > Validation Rules",
    ),
    (
        &["DUPLICATES_DETECTED"],
        "",
        "A duplicate rule refuses our contacts. Could you set its action to allow with an alert, or exempt my user?",
        "Setup > Duplicate Rules",
    ),
    (
        &["REQUEST_LIMIT_EXCEEDED"],
        "",
        "Our API calls for 24 hours are used up. Could you look at which app uses them, or buy more?",
        "Setup > System Overview > API Usage",
    ),
];
