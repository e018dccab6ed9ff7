//! The JWT bearer grant: an assertion, signed with a key whose certificate the app trusts.

use jiff::fmt::rfc2822;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use oauth2::http::{Method, header};
use oauth2::{HttpRequest, HttpResponse};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::form_urlencoded;

use super::app::{Http, TokenAnswer};
use super::error::{ClockOff, During};
use super::{App, OAuthError, Tokens};
use crate::{Error, Result};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// How long an assertion is valid, in seconds, where nothing else is said.
pub const ASSERTION_LIFETIME_S: u32 = 180;

/// Clocks that differ by less do no harm, in seconds.
const TOLERATED_S: i64 = 60;

/// What an assertion says.
///
/// # Source
/// Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assertion {
    /// The app's consumer key.
    #[serde(rename = "iss")]
    pub issuer: String,
    /// The user's name for signing in.
    #[serde(rename = "sub")]
    pub subject: String,
    /// The sign-in server that it is for.
    #[serde(rename = "aud")]
    pub audience: String,
    /// Until when it is valid, in seconds since 1970 UTC.
    #[serde(rename = "exp")]
    pub expires_at_s: i64,
}

impl Assertion {
    /// Returns the assertion signed with RS256: three parts of base64 joined by dots. Whoever has it is signed in.
    ///
    /// `private_key` is RSA, as PEM: PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// [`Error::Key`] when the key can't sign.
    pub fn signed(&self, private_key: &SecretString) -> Result<SecretString> {
        let key = EncodingKey::from_rsa_pem(private_key.expose_secret().as_bytes());
        let key = key.map_err(|error| Error::Key(error.into()))?;
        let signed = jsonwebtoken::encode(&Header::new(Algorithm::RS256), self, &key);
        Ok(signed.map_err(|error| Error::Key(error.into()))?.into())
    }
}

/// Signs in with a signed assertion; yields no refresh token. `now_ms` is this machine's time, UTC.
///
/// # Errors
/// [`Error::SignIn`] when the org refuses it; the error says so where this machine's clock is to blame.
/// # Source
/// RFC 7523, section 2.1; Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration".
pub async fn jwt_bearer(app: &App, assertion: &SecretString, now_ms: i64) -> Result<Tokens> {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", GRANT)
        .append_pair("assertion", assertion.expose_secret())
        .finish();
    let (mut parts, body) = HttpRequest::new(body.into_bytes()).into_parts();
    parts.method = Method::POST;
    let url = app.host.endpoint("token");
    parts.uri = url.as_str().parse().map_err(|_| Error::InvalidHost {
        input: url.to_string(),
    })?;
    let form = header::HeaderValue::from_static("application/x-www-form-urlencoded");
    parts.headers.insert(header::CONTENT_TYPE, form);
    let json = header::HeaderValue::from_static("application/json");
    parts.headers.insert(header::ACCEPT, json);
    let answer = Http::new()
        .send(HttpRequest::from_parts(parts, body))
        .await?;
    if answer.status().is_success()
        && let Ok(tokens) = serde_json::from_slice::<TokenAnswer>(answer.body())
    {
        return Tokens::from_answer(&tokens, &app.host);
    }
    Err(Error::SignIn(Box::new(refusal(&answer, now_ms))))
}

fn refusal(answer: &HttpResponse, now_ms: i64) -> OAuthError {
    let dated = answer.headers().get(header::DATE);
    let dated = dated.and_then(|date| rfc2822::parse(date.to_str().ok()?).ok());
    let clock = dated.and_then(|date| clock_off(now_ms / 1000 - date.timestamp().as_second()));
    OAuthError {
        during: During::Assertion(clock),
        ..OAuthError::from_body(answer.body())
    }
}

/// Says how this machine's clock stands; `ahead_s` is by how many seconds it is ahead of the server's.
fn clock_off(ahead_s: i64) -> Option<ClockOff> {
    match ahead_s {
        ahead if ahead > TOLERATED_S => Some(ClockOff::Ahead),
        ahead if ahead < -TOLERATED_S => Some(ClockOff::Behind),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(date: &str, words: &str) -> OAuthError {
        let body = format!(r#"{{"error":"invalid_grant","error_description":"{words}"}}"#);
        let mut answer = HttpResponse::new(body.into_bytes());
        *answer.status_mut() = oauth2::http::StatusCode::BAD_REQUEST;
        answer
            .headers_mut()
            .insert(header::DATE, date.parse().unwrap());
        // Thursday, 1 January 1970, 01:00 UTC.
        refusal(&answer, 3_600_000)
    }

    #[test]
    fn a_wrong_clock_is_blamed_for_an_expired_assertion_and_for_nothing_else() {
        let behind = refused(
            "Thu, 01 Jan 1970 01:02:00 GMT",
            "expired authorization code",
        );
        assert!(behind.cause().contains("behind"), "{}", behind.cause());
        let ahead = refused("Thu, 01 Jan 1970 00:50:00 GMT", "invalid assertion");
        assert!(ahead.cause().contains("ahead"), "{}", ahead.cause());
        let right = refused(
            "Thu, 01 Jan 1970 01:00:30 GMT",
            "expired authorization code",
        );
        assert!(!right.cause().contains("behind"), "{}", right.cause());
        let other = refused(
            "Thu, 01 Jan 1970 01:02:00 GMT",
            "user hasn't approved this consumer",
        );
        assert!(!other.cause().contains("clock"), "{}", other.cause());
    }

    #[test]
    fn what_is_no_rsa_key_signs_nothing() {
        let assertion = Assertion {
            issuer: "key".to_owned(),
            subject: "ann@example.com".to_owned(),
            audience: "https://login.salesforce.com".to_owned(),
            expires_at_s: 180,
        };
        for text in [
            "",
            "hush",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ] {
            let refused = assertion.signed(&text.into()).unwrap_err();
            assert!(matches!(refused, Error::Key(_)), "{refused:?}");
            assert!(!format!("{refused:?}").contains("hush"));
        }
    }
}
