//! The rights that each kind of sign-in needs, and what to say when it got fewer.

use leadferry_store::Flow;

use crate::connections::ScopePreset;

/// Least that replicating needs: calls, and going on without the browser.
pub(crate) const ASKED: &[&str] = &["api", "refresh_token"];

const API: &str = "Manage user data via APIs (api)";
const REFRESH: &str = "Perform requests at any time (refresh_token, offline_access)";

/// Returns the rights that an app is given for a flow, as Salesforce's own pages show them.
pub(crate) fn of(flow: Flow, preset: ScopePreset) -> Vec<&'static str> {
    if preset == ScopePreset::Full {
        return vec!["Full access (full)", REFRESH];
    }
    match flow {
        Flow::Browser => vec![API, REFRESH],
        Flow::Jwt => vec![
            API,
            "Access custom permissions (custom_permissions)",
            "Access the identity URL service (id, profile, email, address, phone)",
            "Access unique user identifiers (openid)",
            REFRESH,
        ],
        Flow::ClientCredentials | Flow::Password => vec![API],
        Flow::Practice => Vec::new(),
    }
}

/// Returns a right as Salesforce's own pages show it.
pub(crate) fn label(scope: &str) -> &str {
    match scope {
        "api" => "Manage user data via APIs",
        "refresh_token" => "Perform requests at any time",
        other => other,
    }
}

const NO_API: &str = "The org granted no access to its API, so nothing can be sent. Add the scope \"Manage \
                      user data via APIs (api)\" to the app, and sign in again.";
const NO_REFRESH: &str = "The app gave no refresh token, so you have to sign in again when this session ends. \
                          Add the scope \"Perform requests at any time (refresh_token, offline_access)\" to \
                          the app, and sign in again.";

/// Returns what a person should know about rights that were asked for and not granted.
///
/// `granted` is separated by spaces; an answer that names none is taken to grant what was asked.
pub(crate) fn notes(granted: Option<&str>, has_refresh_token: bool) -> Vec<&'static str> {
    let mut notes = Vec::new();
    let opens_api = |scope| ["api", "full"].contains(&scope);
    if granted.is_some_and(|scopes| !scopes.split_whitespace().any(opens_api)) {
        notes.push(NO_API);
    }
    if !has_refresh_token {
        notes.push(NO_REFRESH);
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_missing_right_is_told_once() {
        assert!(notes(Some("api refresh_token"), true).is_empty());
        assert!(notes(Some("refresh_token full"), true).is_empty());
        assert!(notes(None, true).is_empty(), "silence is no refusal");
        assert_eq!(notes(Some("api"), false), [NO_REFRESH]);
        assert_eq!(notes(Some("refresh_token id"), true), [NO_API]);
        assert_eq!(notes(Some("id"), false), [NO_API, NO_REFRESH]);
    }
}
