//! Signing in with the browser: authorization code with PKCE, answered on this machine.

use std::time::Duration;

use oauth2::http::header;
use oauth2::{
    AuthorizationCode, CsrfToken, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier,
    Scope,
};
use url::Url;

use super::app::Http;
use super::callback::{Callback, Listener};
use super::{App, OAuthError, Tokens};
use crate::transport::is_loopback;
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

/// The browser's answer, not exchanged yet; whoever drops it ends the sign-in.
#[derive(Debug)]
pub struct Answered(Callback);

impl SignIn {
    /// Asks the sign-in server what it would show a browser, without one: some refusals never come back here.
    ///
    /// # Errors
    /// [`Error::SignIn`] when it would refuse before anyone has signed in; [`Error::Transport`] when it cannot be reached.
    /// # Source
    /// Salesforce Help, "OAuth 2.0 Authorization Errors".
    pub async fn ask_ahead(&self) -> Result<()> {
        let mut request = HttpRequest::new(Vec::new());
        *request.uri_mut() = self.url.as_str().parse().map_err(|_| Error::InvalidHost {
            input: self.url.host_str().unwrap_or_default().to_owned(),
        })?;
        let answer = Http::new().send(request).await?;
        match self.refusal_in(&answer) {
            Some(refusal) => Err(Error::SignIn(Box::new(refusal))),
            None => Ok(()),
        }
    }

    /// Tells whether the sign-in server runs on this machine, as that of a practice org does.
    pub fn is_on_this_machine(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Reads a refusal out of where the browser would be sent, or of the page it would see; anything else is none.
    fn refusal_in(&self, answer: &HttpResponse) -> Option<OAuthError> {
        if answer.status().is_client_error() {
            return OAuthError::in_body(answer.body());
        }
        let to = answer.headers().get(header::LOCATION)?.to_str().ok()?;
        let to = self.url.join(to).ok()?;
        OAuthError::in_form(to.query()?.as_bytes())
    }
}

/// Waits for the browser; may be given up at any time.
///
/// # Errors
/// [`Error::CallbackTimeout`] when nothing comes: some refusals never leave the browser.
pub async fn wait(sign_in: &SignIn, listener: Listener, timeout: Duration) -> Result<Answered> {
    let callback = tokio::time::timeout(timeout, listener.answer(sign_in.state.secret())).await;
    Ok(Answered(callback.map_err(|_| Error::CallbackTimeout)??))
}

/// Exchanges the browser's answer for tokens, and tells the browser how that went.
///
/// Not to be given up half-way: tokens that the org has handed out would be lost.
///
/// # Errors
/// [`Error::SignIn`] when the user or the org refuses.
pub async fn exchange(app: &App, sign_in: SignIn, answered: Answered) -> Result<Tokens> {
    let Answered(callback) = answered;
    let result = match callback.code {
        Ok(code) => tokens_for(app, sign_in, code).await,
        Err(error) => Err(Error::SignIn(Box::new(error))),
    };
    callback.browser.show(result.is_ok()).await;
    result
}

async fn tokens_for(app: &App, sign_in: SignIn, code: String) -> Result<Tokens> {
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

#[cfg(test)]
mod tests {
    use super::super::{LoginHost, OAuthErrorCode};
    use super::*;

    fn refusal(status: u16, location: Option<&str>, body: &str) -> Option<OAuthErrorCode> {
        let app = App {
            host: LoginHost::parse("acme").unwrap(),
            client_id: "key".to_owned(),
            client_secret: None,
        };
        let sign_in = begin(&app, "http://localhost:18533/oauth/callback", &["api"]);
        let mut answer = HttpResponse::new(body.as_bytes().to_vec());
        *answer.status_mut() = status.try_into().unwrap();
        if let Some(location) = location {
            let value = location.parse().unwrap();
            answer.headers_mut().insert(header::LOCATION, value);
        }
        sign_in.refusal_in(&answer).map(|error| error.code)
    }

    #[test]
    fn what_would_stay_in_the_browser_is_read_ahead() {
        let page = "/setup/secur/RemoteAccessErrorPage.apexp?error=redirect_uri_mismatch&error_description=x";
        assert_eq!(
            refusal(302, Some(page), ""),
            Some(OAuthErrorCode::RedirectUriMismatch)
        );
        assert_eq!(
            refusal(
                400,
                None,
                "error=invalid_client_id&error_description=client%20identifier%20invalid"
            ),
            Some(OAuthErrorCode::InvalidClientId)
        );
    }

    #[test]
    fn a_sign_in_page_is_no_refusal() {
        let login = "https://acme.my.salesforce.com/?startURL=%2Fsetup%3Ferror%3Dx";
        assert_eq!(refusal(302, Some(login), ""), None);
        assert_eq!(refusal(200, None, "<html>error=x</html>"), None);
        assert_eq!(refusal(404, None, "<html>nothing</html>"), None);
        assert_eq!(refusal(503, None, "<html>Maintenance</html>"), None);
    }
}
