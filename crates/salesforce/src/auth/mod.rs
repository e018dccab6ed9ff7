//! Signing in: each grant is one function from an app to tokens.
//!
//! Nothing here keeps tokens; whoever does implements [`Sessions`](crate::Sessions).

mod app;
mod browser;
mod callback;
mod client_credentials;
mod error;
mod host;
mod jwt_bearer;
mod page;
mod password;
mod refresh;
mod revoke;
mod token;

pub use app::App;
pub use browser::{Answered, SignIn, begin, exchange, wait};
pub use callback::{CALLBACK_PATH, Listener};
pub use client_credentials::client_credentials;
pub use error::{ClockOff, During, OAuthError, OAuthErrorCode};
pub use host::LoginHost;
pub use jwt_bearer::{ASSERTION_LIFETIME_S, Assertion, jwt_bearer};
pub use password::password;
pub use refresh::refresh;
pub use revoke::revoke;
pub use token::Tokens;
