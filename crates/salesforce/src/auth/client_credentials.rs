//! The client credentials grant: the app signs in as its own user.

use super::app::Http;
use super::{App, Tokens};
use crate::Result;

/// Signs in as the app's *Run As* user; works at the My Domain host only, and yields no refresh token.
///
/// # Source
/// Salesforce Help, "OAuth 2.0 Client Credentials Flow".
pub async fn client_credentials(app: &App) -> Result<Tokens> {
    let http = Http::new();
    let grants = app.grants();
    let result = grants
        .exchange_client_credentials()
        .request_async(&http)
        .await;
    match result {
        Ok(answer) => Tokens::from_answer(&answer, &app.host),
        Err(error) => Err(http.error(error)),
    }
}
