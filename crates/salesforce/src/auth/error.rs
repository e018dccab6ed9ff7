//! Why signing in failed, in words that lead to the cure.

use std::fmt;

use serde_json::Value;
use url::form_urlencoded;

/// What the sign-in server said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Salesforce refused the sign-in ({code})")]
pub struct OAuthError {
    /// What kind of refusal it is.
    pub code: OAuthErrorCode,
    /// The server's own words, where it gave any.
    pub description: Option<String>,
    /// What was being tried, where the words mean something of their own then.
    pub during: During,
}

/// What was being tried when a server refused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum During {
    /// Any kind of sign-in.
    #[default]
    Any,
    /// Signing in with an assertion, and how this machine's clock stood then.
    Assertion(Option<ClockOff>),
    /// Signing in with a user's name and password.
    Password,
}

/// How this machine's clock differs from the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockOff {
    /// It shows a later time.
    Ahead,
    /// It shows an earlier time.
    Behind,
}

/// Declares each code once, as the variant and the server's spelling.
macro_rules! oauth_codes {
    ($($variant:ident = $text:literal,)*) => {
        /// Code of a refused sign-in.
        ///
        /// # Source
        /// Salesforce Help, "OAuth 2.0 Authorization Errors".
        #[expect(missing_docs, reason = "each variant is the server's own code in another case")]
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum OAuthErrorCode {
            $($variant,)*
            /// The server answered with something else than the protocol, such as a maintenance page.
            Unreadable,
            /// A code that this client does not know.
            Other(String),
        }

        impl OAuthErrorCode {
            /// All codes that this client knows.
            pub const KNOWN: &[OAuthErrorCode] = &[$(OAuthErrorCode::$variant,)*];

            /// Returns the server's spelling.
            pub fn as_str(&self) -> &str {
                match self {
                    $(OAuthErrorCode::$variant => $text,)*
                    OAuthErrorCode::Unreadable => "unreadable answer",
                    OAuthErrorCode::Other(text) => text,
                }
            }
        }

        impl From<&str> for OAuthErrorCode {
            fn from(text: &str) -> OAuthErrorCode {
                match text {
                    $($text => OAuthErrorCode::$variant,)*
                    // One page of the documentation spells it so.
                    "access-denied" => OAuthErrorCode::AccessDenied,
                    other => OAuthErrorCode::Other(other.chars().take(100).collect()),
                }
            }
        }
    };
}

oauth_codes! {
    AccessDenied = "access_denied",
    AppNotFound = "OAUTH_EC_APP_NOT_FOUND",
    ApprovalError = "OAUTH_APPROVAL_ERROR_GENERIC",
    AuthorizationBlocked = "OAUTH_AUTHORIZATION_BLOCKED",
    InactiveOrg = "inactive_org",
    InactiveUser = "inactive_user",
    InvalidAppAccess = "invalid_app_access",
    InvalidClient = "invalid_client",
    InvalidClientId = "invalid_client_id",
    InvalidGrant = "invalid_grant",
    InvalidRequest = "invalid_request",
    InvalidScope = "invalid_scope",
    RateLimitExceeded = "rate_limit_exceeded",
    RedirectUriMismatch = "redirect_uri_mismatch",
    UnknownError = "unknown_error",
    UnsupportedGrantType = "unsupported_grant_type",
    UnsupportedResponseType = "unsupported_response_type",
    UnsupportedTokenType = "unsupported_token_type",
}

impl fmt::Display for OAuthErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl OAuthError {
    /// Returns an error with a code and the server's words.
    pub fn new(code: &str, description: Option<&str>) -> OAuthError {
        OAuthError {
            code: OAuthErrorCode::from(code),
            description: description.map(|text| text.chars().take(500).collect()),
            during: During::Any,
        }
    }

    /// Reads what a server answered instead of tokens: JSON, or a form as revocation answers it.
    ///
    /// Anything else, such as the HTML of a maintenance page, is [`OAuthErrorCode::Unreadable`].
    pub fn from_body(body: &[u8]) -> OAuthError {
        OAuthError::in_body(body).unwrap_or(OAuthError {
            code: OAuthErrorCode::Unreadable,
            description: None,
            during: During::Any,
        })
    }

    /// Reads the refusal in a body: JSON or a form; none where it holds no such thing.
    pub(super) fn in_body(body: &[u8]) -> Option<OAuthError> {
        match serde_json::from_slice::<Value>(body) {
            Ok(value) => error_in_json(&value),
            Err(_) => OAuthError::in_form(body),
        }
    }

    /// Reads the refusal in a form, as it stands in addresses too.
    pub(super) fn in_form(form: &[u8]) -> Option<OAuthError> {
        let pairs: Vec<_> = form_urlencoded::parse(form.trim_ascii()).take(20).collect();
        let value = |name: &str| {
            let pair = pairs.iter().find(|pair| pair.0 == name);
            pair.map(|pair| pair.1.as_ref())
        };
        Some(OAuthError::new(value("error")?, value("error_description")))
    }

    /// Tells whether the same sign-in may work later without anyone changing anything.
    pub fn is_transient(&self) -> bool {
        use OAuthErrorCode as Code;
        let text = self.description.as_deref().unwrap_or_default();
        if text.to_ascii_lowercase().contains("login rate exceeded") {
            return true;
        }
        matches!(
            self.code,
            Code::Unreadable | Code::UnknownError | Code::RateLimitExceeded
        )
    }

    /// Tells whether someone has to sign in or set something up again.
    pub fn needs_person(&self) -> bool {
        !self.is_transient()
    }

    /// Returns what went wrong, in plain words.
    pub fn cause(&self) -> &'static str {
        self.explanation().0
    }

    /// Returns what a person can do about it.
    pub fn cure(&self) -> &'static str {
        self.explanation().1
    }

    /// Returns every refusal that is told apart: each code, and each of its words that say more.
    pub fn known() -> Vec<OAuthError> {
        let codes = OAuthErrorCode::KNOWN.iter();
        let plain = codes.map(|code| OAuthError::new(code.as_str(), None));
        let by_words = BY_TEXT
            .iter()
            .map(|(code, words, ..)| OAuthError::new(code.as_str(), Some(words)));
        by_words.chain(plain).collect()
    }

    fn explanation(&self) -> (&'static str, &'static str) {
        let text = self.description.as_deref().unwrap_or_default();
        let text = text.to_ascii_lowercase();
        if let Some(explained) = self.explained_by_clock(&text) {
            return explained;
        }
        let own = match self.during {
            During::Any => &[],
            During::Assertion(_) => BY_ASSERTION,
            During::Password => BY_PASSWORD,
        };
        let by_text = own
            .iter()
            .chain(BY_TEXT)
            .find(|row| row.0 == self.code && text.contains(row.1));
        match by_text {
            Some((_, _, cause, cure)) => (cause, cure),
            None => by_code(&self.code),
        }
    }
}

type Explained = (OAuthErrorCode, &'static str, &'static str, &'static str);

/// Cause and cure of refused assertions, where they differ from those of other sign-ins.
const BY_ASSERTION: &[Explained] = &[
    (
        OAuthErrorCode::InvalidGrant,
        "expired",
        "the assertion had expired when Salesforce read it",
        "check this computer's clock, then sign in again",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "hasn't approved this consumer",
        "the user isn't allowed to use the app",
        "ask your Salesforce admin to let admin-approved users use the app, and to add the user's profile or a \
         permission set to it",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "audience",
        "the assertion was meant for another sign-in server",
        "check the host and the audience: https://login.salesforce.com for production, https://test.salesforce.com \
         for sandboxes",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "invalid assertion",
        "the app doesn't trust the key, or the consumer key belongs to another app",
        "check that the app uses digital signatures, upload the certificate to it again, and check the consumer key",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "authentication failure",
        "the org doesn't know the username, or it doesn't let this user sign in",
        "check the username and the host",
    ),
    (
        OAuthErrorCode::UnsupportedGrantType,
        "",
        "the host or the app doesn't allow signing in with a key",
        "check the host, then enable the JWT bearer flow with digital signatures in the app",
    ),
];

/// Cause and cure of refused names and passwords, where they differ from those of other sign-ins.
const BY_PASSWORD: &[Explained] = &[
    (
        OAuthErrorCode::InvalidGrant,
        "authentication failure",
        "the username, password or security token is wrong, or the org blocks signing in with a password, as new \
         orgs do",
        "check all three, or sign in with the browser instead",
    ),
    (
        OAuthErrorCode::UnsupportedGrantType,
        "",
        "the org or the app doesn't allow signing in with a password",
        "sign in with the browser instead, or ask your Salesforce admin to allow the username-password flow",
    ),
];

/// Cause and cure where the server's words say more than its code; the first row that fits counts.
const BY_TEXT: &[Explained] = &[
    (
        OAuthErrorCode::InvalidGrant,
        "expired access/refresh token",
        "the sign-in has expired or was revoked",
        "sign in again",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "expired authorization code",
        "the browser's answer came too late or was used twice",
        "sign in again, and check this computer's clock",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "invalid authorization code",
        "the browser's answer isn't valid",
        "sign in again",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "hasn't approved this consumer",
        "the user isn't allowed to use the app",
        "ask your Salesforce admin to pre-authorize the user in the app's policies, or sign in with the \
         browser once",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "audience",
        "the sign-in was meant for another host",
        "check the host, which differs for production, sandbox and My Domain",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "ip restricted",
        "the org doesn't accept sign-ins from this network",
        "ask your Salesforce admin to relax the IP rules of the app or of the user's profile",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "no client credentials user",
        "the app has no user to run as",
        "ask your Salesforce admin to set the app's Run As user for the client credentials flow",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "no valid scopes",
        "the app has no OAuth scopes",
        "ask your Salesforce admin to add the scopes api and refresh_token to the app",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "authentication failure",
        "the username, password or host is wrong, or the org blocks this kind of sign-in",
        "check the username, the password with security token, and the host, or sign in with the browser",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "code verifier",
        "the org couldn't match the browser's answer to this sign-in",
        "sign in again",
    ),
    (
        OAuthErrorCode::InvalidClient,
        "must be installed",
        "the app isn't installed in this org",
        "ask your Salesforce admin to install the app, or create an External Client App in this org",
    ),
    (
        OAuthErrorCode::AuthorizationBlocked,
        "cross-org",
        "the app belongs to another org",
        "create an External Client App in this org, and use its key and My Domain host",
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "login rate exceeded",
        "there were too many sign-ins within an hour",
        "wait an hour, then sign in again",
    ),
];

impl OAuthError {
    /// Blames this machine's clock for an assertion that came too early or too late.
    fn explained_by_clock(&self, text: &str) -> Option<(&'static str, &'static str)> {
        let During::Assertion(Some(clock)) = self.during else {
            return None;
        };
        let is_about_time = ["expired", "assertion"]
            .iter()
            .any(|word| text.contains(word));
        if self.code != OAuthErrorCode::InvalidGrant || !is_about_time {
            return None;
        }
        let cause = match clock {
            ClockOff::Ahead => "this computer's clock is ahead of Salesforce's",
            ClockOff::Behind => "this computer's clock is behind Salesforce's",
        };
        Some((
            cause,
            "set this computer's clock to the right time, then sign in again",
        ))
    }
}

fn by_code(code: &OAuthErrorCode) -> (&'static str, &'static str) {
    use OAuthErrorCode as Code;
    match code {
        Code::AccessDenied => (
            "access was denied in the browser",
            "sign in again and choose Allow",
        ),
        Code::AppNotFound => (
            "the app isn't installed in this org",
            "ask your Salesforce admin to install the app, or create an External Client App in this org",
        ),
        Code::ApprovalError => (
            "the org doesn't approve the app for this user",
            "check that the app is installed, has the right scopes, and lets this user sign in with the browser",
        ),
        Code::AuthorizationBlocked => (
            "the org blocks the app",
            "create an External Client App in this org, and use its key and My Domain host",
        ),
        Code::InactiveOrg => (
            "the org is locked or closed",
            "ask Salesforce support about the org",
        ),
        Code::InactiveUser => (
            "the user isn't active",
            "ask your Salesforce admin to activate the user",
        ),
        Code::InvalidAppAccess => (
            "the user has no access to the app",
            "ask your Salesforce admin to assign the app to the user's profile or permission set",
        ),
        Code::InvalidClient => (
            "the client secret is wrong or missing",
            "copy the consumer secret again, or clear the app's options that require a secret",
        ),
        Code::InvalidClientId => (
            "the org doesn't know the client id, or the app is still being activated",
            "wait up to 10 minutes after creating or changing the app, then check the consumer key and the host",
        ),
        Code::InvalidGrant => ("the sign-in isn't valid anymore", "sign in again"),
        Code::InvalidRequest => (
            "the org couldn't match the sign-in, or part of it is missing",
            "sign in again, and check that the app allows PKCE",
        ),
        Code::InvalidScope => (
            "the app can't request these scopes",
            "ask your Salesforce admin to add the scopes api and refresh_token to the app",
        ),
        Code::RateLimitExceeded => (
            "there were too many sign-ins within a short time",
            "wait an hour, then sign in again",
        ),
        Code::RedirectUriMismatch => (
            "the app doesn't list this callback URL",
            "copy the callback URL into the app exactly, with its port and path",
        ),
        Code::UnknownError => ("something failed in Salesforce", "try again in a minute"),
        Code::UnsupportedGrantType => (
            "the host or the app doesn't allow this kind of sign-in",
            "check that it's the My Domain host, and enable the flow in the app",
        ),
        Code::UnsupportedResponseType => (
            "the app doesn't allow signing in with the browser",
            "enable the authorization code flow in the app",
        ),
        Code::UnsupportedTokenType => (
            "the token cannot be revoked",
            "revoke it in the org's setup",
        ),
        Code::Unreadable => (
            "something other than the sign-in server answered, such as a maintenance page",
            "try again later, and check the host and the proxy",
        ),
        Code::Other(_) => (
            "Salesforce refused the sign-in",
            "look at Salesforce's own words",
        ),
    }
}

fn error_in_json(value: &Value) -> Option<OAuthError> {
    let code = value.get("error")?.as_str()?;
    let description = value.get("error_description").and_then(Value::as_str);
    Some(OAuthError::new(code, description))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_code_has_cause_and_cure_of_its_own() {
        let other = OAuthError::new("something", None);
        for code in OAuthErrorCode::KNOWN {
            let error = OAuthError::new(code.as_str(), None);
            assert_eq!(&error.code, code);
            assert_ne!(error.cause(), other.cause(), "{code}");
            assert!(!error.cure().is_empty());
        }
    }

    #[test]
    fn the_servers_words_refine_an_invalid_grant() {
        let general = OAuthError::new("invalid_grant", None);
        for text in [
            "authentication failure",
            "authentication failure - Invalid Password",
            "expired access/refresh token",
            "expired authorization code",
            "invalid authorization code",
            "user hasn't approved this consumer",
            "audience is invalid",
            "Audience validation failed",
            "ip restricted",
            "no client credentials user enabled",
            "no valid scopes defined",
        ] {
            let error = OAuthError::new("invalid_grant", Some(text));
            assert_ne!(error.cause(), general.cause(), "{text}");
        }
    }

    #[test]
    fn html_is_transient_and_a_form_is_read() {
        let html = OAuthError::from_body(b"<html>Down for maintenance</html>");
        assert!(html.is_transient());
        let form =
            OAuthError::from_body(b"error=unsupported_token_type&error_description=no+such+token");
        assert_eq!(form.code, OAuthErrorCode::UnsupportedTokenType);
        assert_eq!(form.description.as_deref(), Some("no such token"));
    }
}
