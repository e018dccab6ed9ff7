//! What a call needs to know about who is signed in.

use async_trait::async_trait;
use secrecy::SecretString;
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
