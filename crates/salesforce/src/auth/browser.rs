//! Signing in with the browser: authorization code with PKCE, answered on this machine.

use std::time::Duration;

use oauth2::{AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use url::Url;

use super::app::Http;
use super::callback::Listener;
use super::{App, Tokens};
use crate::{Error, Result};

/// A sign-in that waits for the browser.
#[derive(Debug)]
pub struct SignIn {
    /// What the browser opens; holds no secret.
    pub url: Url,
    redirect_uri: String,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
}

/// Begins a sign-in: what the browser opens, and what the answer will be checked against.
///
/// With no scopes named, the app grants all that it has.
///
/// # Source
/// Salesforce Help, "OAuth 2.0 Web Server Flow for Web App Integration".
pub fn begin(app: &App, redirect_uri: &str, scopes: &[&str]) -> SignIn {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256_len(96);
    let grants = app.grants();
    let request = grants
        .authorize_url(CsrfToken::new_random)
        .set_pkce_challenge(challenge)
        .add_extra_param("redirect_uri", redirect_uri)
        .add_scopes(scopes.iter().map(|scope| Scope::new((*scope).to_owned())));
    let (url, state) = request.url();
    SignIn {
        url,
        redirect_uri: redirect_uri.to_owned(),
        state,
        verifier,
    }
}

/// Waits for the browser, exchanges its answer for tokens, and tells the browser how that went.
///
/// # Errors
/// [`Error::CallbackTimeout`] when nothing comes: some refusals never leave the browser. [`Error::SignIn`] when the
/// user or the org refuses.
pub async fn finish(
    app: &App,
    sign_in: SignIn,
    listener: Listener,
    timeout: Duration,
) -> Result<Tokens> {
    let state = sign_in.state.secret().clone();
    let callback = tokio::time::timeout(timeout, listener.answer(&state)).await;
    let callback = callback.map_err(|_| Error::CallbackTimeout)??;
    let result = match callback.code {
        Ok(code) => exchange(app, sign_in, code).await,
        Err(error) => Err(Error::SignIn(Box::new(error))),
    };
    callback.browser.show(result.is_ok()).await;
    result
}

async fn exchange(app: &App, sign_in: SignIn, code: String) -> Result<Tokens> {
    let http = Http::new();
    let grants = app.grants();
    let grant = grants
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(sign_in.verifier)
        .add_extra_param("redirect_uri", sign_in.redirect_uri);
    match grant.request_async(&http).await {
        Ok(answer) => Tokens::from_answer(&answer, &app.host),
        Err(error) => Err(http.error(error)),
    }
}
