//! Revoking tokens.

use oauth2::HttpRequest;
use oauth2::http::{Method, header};
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;

use super::app::Http;
use super::{App, OAuthError};
use crate::{Error, Result};

/// Revokes a token; a refresh token takes its sessions with it.
///
/// # Source
/// Salesforce Help, "Revoke OAuth Tokens".
pub async fn revoke(app: &App, token: &SecretString) -> Result<()> {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("token", token.expose_secret())
        .finish();
    let request = HttpRequest::new(body.into_bytes());
    let (mut parts, body) = request.into_parts();
    parts.method = Method::POST;
    let url = app.host.endpoint("revoke");
    parts.uri = url.as_str().parse().map_err(|_| Error::InvalidHost {
        input: url.to_string(),
    })?;
    let form = header::HeaderValue::from_static("application/x-www-form-urlencoded");
    parts.headers.insert(header::CONTENT_TYPE, form);
    let answer = Http::new()
        .send(HttpRequest::from_parts(parts, body))
        .await?;
    if answer.status().is_success() {
        return Ok(());
    }
    Err(Error::SignIn(Box::new(OAuthError::from_body(
        answer.body(),
    ))))
}
