//! The refresh grant.

use oauth2::RefreshToken;
use secrecy::{ExposeSecret, SecretString};

use super::app::Http;
use super::{App, Tokens};
use crate::Result;

/// Opens a new session with a refresh token.
///
/// When the answer holds a refresh token, the old one is worthless: store the new one before using the session.
///
/// # Source
/// Salesforce Help, "OAuth 2.0 Refresh Token Flow for Renewed Sessions".
pub async fn refresh(app: &App, refresh_token: &SecretString) -> Result<Tokens> {
    let http = Http::new();
    let grants = app.grants();
    let token = RefreshToken::new(refresh_token.expose_secret().to_owned());
    match grants
        .exchange_refresh_token(&token)
        .request_async(&http)
        .await
    {
        Ok(answer) => Tokens::from_answer(&answer, &app.host),
        Err(error) => Err(http.error(error)),
    }
}
