//! Why a sign-in failed, and which step of the set-up mends it.

use leadferry_salesforce::auth::{During, OAuthError, OAuthErrorCode};
use leadferry_salesforce::{Error as OrgError, ErrorCode};
use leadferry_store::Flow;
use serde::{Deserialize, Serialize};

use crate::{Code, Error};

/// A step of the guided set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SetUpStep {
    /// Finding the place where apps are made.
    Open,
    /// Making the app.
    App,
    /// Switching OAuth on.
    Oauth,
    /// Pasting the callback address.
    Callback,
    /// Adding the scopes.
    Scopes,
    /// Switching on the flow, and what belongs to it.
    Flow,
    /// Uploading the certificate.
    Certificate,
    /// Choosing the kind of access token.
    Token,
    /// Choosing the user that the app runs as.
    RunAs,
    /// Letting the user use the app.
    Users,
    /// Giving the user's profile or permission set access to the app.
    Assign,
    /// Copying the consumer key.
    Key,
    /// Here: the address.
    Address,
    /// Here: the consumer secret.
    Secret,
    /// Here: the user's name, and whom and how long the assertion is for.
    Username,
    /// Here: the user's password and security token.
    Password,
}

/// Why a sign-in failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SignInFailure {
    /// How it was signed in.
    pub flow: Flow,
    /// What kind of trouble it is.
    pub code: Code,
    /// What happened.
    pub message: String,
    /// Why.
    pub cause: String,
    /// What to do.
    pub cure: String,
    /// The step of the set-up at fault, where one is.
    pub step: Option<SetUpStep>,
    /// The answer as Salesforce gave it: its code, and its own words.
    pub raw: Option<RawAnswer>,
    /// When, UTC milliseconds.
    pub at: i64,
}

/// An answer as Salesforce gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RawAnswer {
    /// Its code.
    pub code: String,
    /// Its own words; empty where it gave none.
    pub words: String,
}

/// What stopped a sign-in.
#[derive(Debug)]
pub(super) enum Stopped {
    /// The org's refusal, or the way to it.
    Org(Box<OrgError>),
    /// Anything else.
    Ours(Error),
}

impl From<OrgError> for Stopped {
    fn from(error: OrgError) -> Stopped {
        // What our own keeper of sessions has met goes through the client as its error.
        match error {
            OrgError::Sessions { ref source, .. } => match source.downcast_ref::<Error>() {
                Some(ours) => Stopped::Ours(ours.clone()),
                None => Stopped::Org(Box::new(error)),
            },
            error => Stopped::Org(Box::new(error)),
        }
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Stopped {
        Stopped::Ours(error)
    }
}

impl From<leadferry_store::Error> for Stopped {
    fn from(error: leadferry_store::Error) -> Stopped {
        Stopped::Ours(error.into())
    }
}

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Error {
        match stopped {
            Stopped::Org(error) => (*error).into(),
            Stopped::Ours(error) => error,
        }
    }
}

/// Says why a sign-in failed; what is no failure of the sign-in itself comes back as it is.
pub(super) fn explain(stopped: Stopped, flow: Flow, at: i64) -> Result<SignInFailure, Error> {
    let (step, raw) = match &stopped {
        Stopped::Org(error) => (step(error), raw(error)),
        Stopped::Ours(_) => (None, None),
    };
    let (cause, cure) = match &stopped {
        Stopped::Org(error) => (error.cause().to_owned(), error.cure().to_owned()),
        Stopped::Ours(error) => (error.cause.clone(), error.hint.clone()),
    };
    let message = match &stopped {
        Stopped::Org(error) => match **error {
            OrgError::SignIn(_) => "Salesforce refused the sign-in".to_owned(),
            ref other => other.to_string(),
        },
        Stopped::Ours(error) => error.message.clone(),
    };
    let is_ours = matches!(stopped, Stopped::Ours(_));
    let error = Error::from(stopped);
    let is_elsewhere = matches!(
        error.code,
        Code::Passphrase | Code::Cancelled | Code::NoWorkspace | Code::ReadOnly | Code::Local
    );
    if is_ours && is_elsewhere {
        return Err(error);
    }
    Ok(SignInFailure {
        flow,
        code: error.code,
        message,
        cause,
        cure,
        step,
        raw,
        at,
    })
}

fn raw(error: &OrgError) -> Option<RawAnswer> {
    let code = match error {
        OrgError::SignIn(refusal) => refusal.code.as_str().to_owned(),
        other => other.code()?.as_str().to_owned(),
    };
    Some(RawAnswer {
        code,
        words: error.message().unwrap_or_default().to_owned(),
    })
}

/// Returns the step of the set-up that mends an error.
fn step(error: &OrgError) -> Option<SetUpStep> {
    match error {
        OrgError::SignIn(refusal) => step_of_refusal(refusal),
        OrgError::Transport { reached: false, .. }
        | OrgError::InvalidHost { .. }
        | OrgError::InsecureHost { .. } => Some(SetUpStep::Address),
        OrgError::NoFreePort(_) => Some(SetUpStep::Callback),
        OrgError::Refused { .. } => match error.code() {
            Some(ErrorCode::InsufficientAccess) => Some(SetUpStep::Users),
            _ => None,
        },
        _ => None,
    }
}

fn step_of_refusal(refusal: &OAuthError) -> Option<SetUpStep> {
    use OAuthErrorCode as Code;
    let words = refusal.description.as_deref().unwrap_or_default();
    let words = words.to_ascii_lowercase();
    if refusal.code == Code::InvalidGrant {
        let of_the_flow = match refusal.during {
            During::Assertion(_) => BY_ASSERTION,
            During::Password => BY_PASSWORD,
            During::Any => &[],
        };
        if let Some((_, step)) = of_the_flow.iter().find(|(text, _)| words.contains(text)) {
            return Some(*step);
        }
    }
    let by_words = BY_WORDS
        .iter()
        .find(|(code, text, _)| *code == refusal.code && words.contains(text));
    if let Some((_, _, step)) = by_words {
        return Some(*step);
    }
    match refusal.code {
        Code::RedirectUriMismatch => Some(SetUpStep::Callback),
        Code::InvalidClientId => Some(SetUpStep::Key),
        Code::InvalidClient => Some(SetUpStep::Secret),
        Code::AppNotFound => Some(SetUpStep::App),
        Code::ApprovalError | Code::InvalidScope => Some(SetUpStep::Scopes),
        Code::AuthorizationBlocked => Some(SetUpStep::Address),
        Code::InvalidAppAccess => Some(SetUpStep::Users),
        Code::InvalidRequest | Code::UnsupportedGrantType | Code::UnsupportedResponseType => {
            Some(SetUpStep::Flow)
        }
        Code::Unreadable => Some(SetUpStep::Address),
        _ => None,
    }
}

/// Steps that mend a refused assertion; the first row that fits counts.
const BY_ASSERTION: &[(&str, SetUpStep)] = &[
    ("invalid assertion", SetUpStep::Certificate),
    ("audience", SetUpStep::Address),
    ("authentication failure", SetUpStep::Username),
    ("expired", SetUpStep::Username),
];

/// Steps that mend a refused name and password.
const BY_PASSWORD: &[(&str, SetUpStep)] = &[("authentication failure", SetUpStep::Password)];

/// Steps where the server's words say more than its code; the first row that fits counts.
const BY_WORDS: &[(OAuthErrorCode, &str, SetUpStep)] = &[
    (
        OAuthErrorCode::InvalidGrant,
        "hasn't approved this consumer",
        SetUpStep::Users,
    ),
    (OAuthErrorCode::InvalidGrant, "audience", SetUpStep::Address),
    (
        OAuthErrorCode::InvalidGrant,
        "no client credentials user",
        SetUpStep::RunAs,
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "no valid scopes",
        SetUpStep::Scopes,
    ),
    (
        OAuthErrorCode::InvalidGrant,
        "code verifier",
        SetUpStep::Flow,
    ),
    (
        OAuthErrorCode::InvalidClient,
        "must be installed",
        SetUpStep::App,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: &str, words: &str) -> SignInFailure {
        let refusal = OAuthError::new(code, Some(words));
        explain(OrgError::SignIn(Box::new(refusal)).into(), Flow::Browser, 7).unwrap()
    }

    #[test]
    fn each_refusal_marks_the_step_that_mends_it() {
        for (code, words, step) in [
            ("redirect_uri_mismatch", "", Some(SetUpStep::Callback)),
            ("invalid_client_id", "", Some(SetUpStep::Key)),
            (
                "invalid_client",
                "invalid client credentials",
                Some(SetUpStep::Secret),
            ),
            (
                "invalid_client",
                "app must be installed into org",
                Some(SetUpStep::App),
            ),
            ("OAUTH_APPROVAL_ERROR_GENERIC", "", Some(SetUpStep::Scopes)),
            (
                "unsupported_grant_type",
                "grant type not supported",
                Some(SetUpStep::Flow),
            ),
            (
                "invalid_grant",
                "no client credentials user enabled",
                Some(SetUpStep::RunAs),
            ),
            (
                "invalid_grant",
                "user hasn't approved this consumer",
                Some(SetUpStep::Users),
            ),
            ("access_denied", "end-user denied authorization", None),
            ("invalid_grant", "ip restricted", None),
        ] {
            let failure = refused(code, words);
            assert_eq!(failure.step, step, "{code} {words}");
            assert_eq!(failure.raw.as_ref().unwrap().code, code);
            assert!(!failure.cause.is_empty() && !failure.cure.is_empty());
        }
    }

    #[test]
    fn the_same_words_mark_another_step_in_another_flow() {
        let step = |during, words| {
            let refusal = OAuthError {
                during,
                ..OAuthError::new("invalid_grant", Some(words))
            };
            step_of_refusal(&refusal)
        };
        let by_key = During::Assertion(None);
        for (during, words, expected) in [
            (by_key, "invalid assertion", Some(SetUpStep::Certificate)),
            (by_key, "audience is invalid", Some(SetUpStep::Address)),
            (by_key, "authentication failure", Some(SetUpStep::Username)),
            (
                by_key,
                "user hasn't approved this consumer",
                Some(SetUpStep::Users),
            ),
            (
                During::Password,
                "authentication failure",
                Some(SetUpStep::Password),
            ),
            (During::Any, "authentication failure", None),
        ] {
            assert_eq!(step(during, words), expected, "{during:?} {words}");
        }
    }

    #[test]
    fn a_missing_passphrase_is_no_failure_of_the_sign_in() {
        let asked = Error::new(Code::Passphrase, "the passphrase is missing", "give it");
        assert_eq!(
            explain(asked.clone().into(), Flow::Browser, 7).unwrap_err(),
            asked,
            "the front end asks for it, and tries again"
        );
    }
}
