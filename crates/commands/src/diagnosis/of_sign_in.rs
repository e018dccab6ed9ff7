//! Why a sign-in fails, as the sign-in server says it.

use leadferry_salesforce::{OAuthError, OAuthErrorCode, Who as Cured};

use super::{Area, ErrorExplained, notes};
use crate::error::capitalized;

/// Returns every case that is told apart.
pub(super) fn all() -> impl Iterator<Item = ErrorExplained> {
    OAuthError::known().into_iter().map(|error| of(&error))
}

/// Explains a code of the sign-in server; the text around it tells cases apart.
pub(super) fn named(code: &str, text: &str) -> Option<ErrorExplained> {
    let error = OAuthError::new(code, Some(text));
    match error.code {
        OAuthErrorCode::Other(_) => None,
        _ => Some(of(&refined(&error))),
    }
}

/// Returns what a text means that names no code, but says what the server says with one.
pub(super) fn meant(text: &str) -> Vec<ErrorExplained> {
    let text = text.to_ascii_lowercase();
    let says = |error: &OAuthError| {
        let words = error.description.as_deref();
        words.is_some_and(|words| words.len() > 8 && text.contains(words))
    };
    OAuthError::known()
        .into_iter()
        .find(says)
        .map(|error| of(&error))
        .into_iter()
        .collect()
}

/// Keeps of the words only those that tell the case apart.
fn refined(error: &OAuthError) -> OAuthError {
    let same = |known: &OAuthError| known.code == error.code && known.cause() == error.cause();
    OAuthError::known()
        .into_iter()
        .find(same)
        .unwrap_or_else(|| error.clone())
}

fn of(error: &OAuthError) -> ErrorExplained {
    let code = error.code.as_str();
    let label = match &error.description {
        Some(words) => capitalized(words).replace("Ip ", "IP "),
        None => capitalized(&code.to_lowercase().replace('_', " ")),
    };
    let explained = ErrorExplained {
        says: error.description.clone(),
        who: error.who().into(),
        // What only an admin can cure isn't cured by signing in again.
        command: command(&error.code).filter(|_| error.who() == Cured::You),
        ..ErrorExplained::new(Area::SignIn, code, label, error.cause(), error.cure())
    };
    notes::with_note(explained, error.description.as_deref().unwrap_or_default())
}

fn command(code: &OAuthErrorCode) -> Option<&'static str> {
    use OAuthErrorCode as Code;
    match code {
        Code::InvalidClientId => Some("connections set NAME --client-id KEY"),
        Code::InvalidClient => Some("connections set NAME --client-secret-stdin"),
        Code::UnsupportedGrantType => Some("connections set NAME --host HOST"),
        Code::AccessDenied | Code::InvalidGrant | Code::InvalidRequest | Code::UnknownError => {
            Some("connections authorize NAME")
        }
        _ => None,
    }
}
