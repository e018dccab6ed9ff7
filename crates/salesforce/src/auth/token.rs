//! What a grant yields.

use oauth2::{ExtraTokenFields, TokenResponse};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::LoginHost;
use super::app::TokenAnswer;
use crate::transport::is_secure;
use crate::{Error, Id, Result, Session};

/// Tokens and the session they open.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// What calls need.
    pub session: Session,
    /// For the next session; absent after a refresh, unless the app rotates it: then the old one is worthless.
    pub refresh_token: Option<SecretString>,
    /// Rights granted, separated by spaces.
    pub scope: Option<String>,
    /// Who is signed in, as an address.
    pub identity_url: Option<Url>,
    /// When the org issued the token, in milliseconds since 1970 UTC.
    pub issued_at_ms: Option<i64>,
}

/// What Salesforce adds to the protocol's token answer.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct ExtraFields {
    instance_url: Option<Url>,
    // A sign-in should not fail over the form of what is only nice to know.
    #[serde(default)]
    id: Value,
    #[serde(default)]
    issued_at: Value,
}

impl ExtraTokenFields for ExtraFields {}

impl Tokens {
    /// Reads a token answer of a host.
    ///
    /// # Errors
    /// [`Error::InsecureHost`] when the answer sends us to a host without encryption.
    pub(super) fn from_answer(answer: &TokenAnswer, host: &LoginHost) -> Result<Tokens> {
        let extra = answer.extra_fields();
        let instance_url = extra.instance_url.as_ref().unwrap_or(host.url()).clone();
        if !is_secure(&instance_url) {
            let host = instance_url.host_str().unwrap_or_default().to_owned();
            return Err(Error::InsecureHost { host });
        }
        let identity_url = extra.id.as_str().and_then(|text| Url::parse(text).ok());
        let (org_id, user_id) = identity_url.as_ref().map(ids_in).unwrap_or_default();
        let scopes = answer.scopes().map(|scopes| {
            let scopes = scopes.iter().map(|scope| scope.as_str());
            scopes.collect::<Vec<_>>().join(" ")
        });
        let refresh_token = answer.refresh_token().map(|token| token.secret().as_str());
        Ok(Tokens {
            session: Session {
                instance_url,
                access_token: SecretString::from(answer.access_token().secret().as_str()),
                org_id,
                user_id,
                scope: scopes.clone(),
            },
            refresh_token: refresh_token.map(SecretString::from),
            scope: scopes,
            identity_url,
            issued_at_ms: whole_number(&extra.issued_at),
        })
    }
}

/// Returns org and user of an identity address, such as `…/id/00D…/005…`.
fn ids_in(identity: &Url) -> (Option<Id>, Option<Id>) {
    let mut steps = identity.path().rsplit('/').map(|step| Id::parse(step).ok());
    let user = steps.next().flatten();
    let org = steps.next().flatten();
    (org, user)
}

/// Reads a number that is written as text, as Salesforce does, or as a number.
fn whole_number(value: &Value) -> Option<i64> {
    let text = value.as_str().and_then(|text| text.parse().ok());
    text.or_else(|| value.as_i64())
}
