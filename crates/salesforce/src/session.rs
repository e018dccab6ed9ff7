//! What a call needs to know about who is signed in.

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{Id, Result};

/// An access token and the org it is good for.
#[derive(Debug, Clone)]
pub struct Session {
    /// Base of all API calls, from the token answer; never the login host.
    pub instance_url: Url,
    /// Bearer token; opaque.
    pub access_token: SecretString,
    /// The org, where the token answer named it.
    pub org_id: Option<Id>,
    /// The user, where the token answer named them.
    pub user_id: Option<Id>,
    /// Rights granted, separated by spaces, where the token answer named them.
    pub scope: Option<String>,
}

/// How an access token is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A session id that only the org can read.
    Opaque,
    /// A JSON Web Token, which says itself what it is good for and until when.
    Jwt,
}

impl Session {
    /// Returns how the access token is made.
    pub fn token_kind(&self) -> TokenKind {
        let token = self.access_token.expose_secret();
        match token.starts_with("ey") && token.matches('.').count() == 2 {
            true => TokenKind::Jwt,
            false => TokenKind::Opaque,
        }
    }
}

/// Where a client gets its session from.
///
/// The client never signs in by itself: whoever keeps the tokens implements this, and can hold one renewal at a time
/// across windows and processes.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Returns the session to use now.
    async fn current(&self) -> Result<Session>;

    /// Returns a session that replaces one the org refused.
    ///
    /// When the current session is already another one than `refused`, that one is the answer.
    async fn renew(&self, refused: &Session) -> Result<Session>;
}
