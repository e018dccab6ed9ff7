//! The username-password grant: legacy, off by default in newer orgs.

use oauth2::{ResourceOwnerPassword, ResourceOwnerUsername};
use secrecy::{ExposeSecret, SecretString};

use super::app::Http;
use super::error::During;
use super::{App, Tokens};
use crate::{Error, Result};

/// Signs in with a user's name and password, the security token appended to it; yields no refresh token.
///
/// # Source
/// Salesforce Help, "OAuth 2.0 Username-Password Flow for Special Scenarios".
pub async fn password(app: &App, username: &str, password: &SecretString) -> Result<Tokens> {
    let http = Http::new();
    let grants = app.grants();
    let username = ResourceOwnerUsername::new(username.to_owned());
    let password = ResourceOwnerPassword::new(password.expose_secret().to_owned());
    let grant = grants.exchange_password(&username, &password);
    match grant.request_async(&http).await {
        Ok(answer) => Tokens::from_answer(&answer, &app.host),
        Err(error) => Err(match http.error(error) {
            Error::SignIn(mut refusal) => {
                refusal.during = During::Password;
                Error::SignIn(refusal)
            }
            other => other,
        }),
    }
}
