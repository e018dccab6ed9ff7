//! The app that a customer's admin registered in their org.

use std::pin::Pin;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    HttpRequest, HttpResponse, RequestTokenError, StandardRevocableToken, StandardTokenResponse,
    TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};

use super::token::ExtraFields;
use super::{LoginHost, OAuthError};
use crate::transport::{HttpClients, is_secure, read_within, transport_error};
use crate::{Error, Result};

/// No sign-in answer is larger.
const MAX_ANSWER_BYTES: usize = 1 << 20;
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// An External Client App or Connected App, and where to sign in to it.
#[derive(Debug, Clone)]
pub struct App {
    /// Where to sign in; the My Domain host is always right.
    pub host: LoginHost,
    /// Consumer key.
    pub client_id: String,
    /// Consumer secret, where the app asks for one.
    pub client_secret: Option<SecretString>,
}

pub(super) type TokenAnswer = StandardTokenResponse<ExtraFields, BasicTokenType>;

/// The protocol's client with the fields that Salesforce adds to the answer.
pub(super) type Grants = oauth2::Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

impl App {
    pub(super) fn grants(&self) -> Grants {
        let endpoint = |path| self.host.endpoint(path);
        let grants = oauth2::Client::new(ClientId::new(self.client_id.clone()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::from_url(endpoint("authorize")))
            .set_token_uri(TokenUrl::from_url(endpoint("token")));
        match &self.client_secret {
            Some(secret) => {
                grants.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()))
            }
            None => grants,
        }
    }
}

/// Sends the protocol's requests, and keeps what went wrong where the protocol's own errors would lose it.
pub(super) struct Http {
    clients: HttpClients,
    last_body: Mutex<Vec<u8>>,
    failure: Mutex<Option<Error>>,
}

impl Http {
    pub(super) fn new() -> Http {
        Http {
            clients: HttpClients::new(TIMEOUT, CONNECT_TIMEOUT),
            last_body: Mutex::default(),
            failure: Mutex::default(),
        }
    }

    /// Sends one request; any status is an answer.
    pub(super) async fn send(&self, request: HttpRequest) -> Result<HttpResponse> {
        let (parts, body) = request.into_parts();
        let url = url::Url::parse(&parts.uri.to_string());
        let url = url
            .ok()
            .filter(is_secure)
            .ok_or_else(|| Error::InsecureHost {
                host: parts.uri.host().unwrap_or_default().to_owned(),
            })?;
        let client = self.clients.client_for(&url)?;
        let builder = client.request(parts.method, url).headers(parts.headers);
        let response = builder.body(body).send().await.map_err(transport_error)?;
        let mut answer = HttpResponse::new(Vec::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = response.headers().clone();
        *answer.body_mut() = read_within(response, MAX_ANSWER_BYTES, &AtomicU64::new(0)).await?;
        Ok(answer)
    }

    /// Sends one request of the protocol's client.
    async fn exchange(&self, request: HttpRequest) -> std::io::Result<HttpResponse> {
        match self.send(request).await {
            Ok(answer) => {
                let mut last = self
                    .last_body
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                last.clone_from(answer.body());
                Ok(answer)
            }
            Err(error) => {
                *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Err(std::io::Error::other("the request failed"))
            }
        }
    }

    /// Returns our error for a grant that failed.
    pub(super) fn error<T>(self, error: RequestTokenError<std::io::Error, T>) -> Error
    where
        T: oauth2::ErrorResponse + 'static,
    {
        let failure = self
            .failure
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = failure {
            return failure;
        }
        tracing::debug!(kind = kind(&error), "a sign-in was refused");
        let body = self
            .last_body
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        Error::SignIn(Box::new(OAuthError::from_body(&body)))
    }
}

/// The future is boxed: one of a closure would tie the callers' futures to one thread.
impl<'c> AsyncHttpClient<'c> for Http {
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = std::io::Result<HttpResponse>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.exchange(request))
    }
}

fn kind<T: oauth2::ErrorResponse + 'static>(
    error: &RequestTokenError<std::io::Error, T>,
) -> &'static str {
    match error {
        RequestTokenError::ServerResponse(_) => "refused",
        RequestTokenError::Request(_) => "not sent",
        RequestTokenError::Parse(..) => "unreadable",
        RequestTokenError::Other(_) => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_may_move_between_threads() {
        fn movable<T: Send>(future: T) -> T {
            future
        }
        let app = App {
            host: LoginHost::parse("acme").unwrap(),
            client_id: "id".to_owned(),
            client_secret: None,
        };
        let token = SecretString::from("token");
        drop(movable(crate::auth::refresh(&app, &token)));
        drop(movable(crate::auth::client_credentials(&app)));
        drop(movable(crate::auth::password(&app, "user", &token)));
    }
}
