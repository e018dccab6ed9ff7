//! What a connection signs in with, for whoever has to find out why an org refuses it.

use leadferry_salesforce::auth::{Assertion, LoginHost};
use leadferry_store::Flow;
use serde::Serialize;
use serde_json::{Value, json};

use super::details::{Warning, warning};
use crate::sessions::assertion_of;
use crate::{Error, Result, Workspace, keys};

/// Assertions that are valid for longer are refused by many orgs, in seconds.
const USUAL_S: i64 = 300;

/// An assertion, decoded. It lacks the signature: nobody can sign in with what is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "Assertion")]
pub struct ShownAssertion {
    /// The connection.
    pub connection: String,
    /// Where it would be sent.
    pub sent_to: String,
    /// How it is signed.
    pub header: Value,
    /// What it says.
    pub claims: Value,
    /// When it would be made, UTC milliseconds.
    pub made_at: i64,
    /// Until when it would be valid, UTC milliseconds.
    pub expires_at: i64,
    /// The key that signs it.
    pub key: Option<keys::KeyInfo>,
    /// What is worth knowing about it.
    pub warnings: Vec<Warning>,
}

/// Returns the assertion that a connection would sign in with now. Nothing is signed or sent.
///
/// # Errors
/// When the connection signs in in another way.
pub fn assertion(workspace: &Workspace, name: &str) -> Result<ShownAssertion> {
    let connection = workspace
        .store()
        .read(|reader| reader.connection_named(name))?;
    if connection.flow != Flow::Jwt {
        return Err(Error::usage(
            format!("\"{}\" doesn't sign in with a key.", connection.name),
            "Choose a connection that does.",
        ));
    }
    let now = workspace.host().now();
    let assertion = assertion_of(&connection, now)?;
    let host = LoginHost::parse(connection.host.as_deref().unwrap_or_default())?;
    let key = connection.jwt.key_id.as_deref();
    let key = key.map(|id| keys::find(workspace, id)).transpose()?;
    Ok(ShownAssertion {
        sent_to: format!("{host}/services/oauth2/token"),
        header: json!({ "typ": "JWT", "alg": "RS256" }),
        claims: json!({
            "iss": assertion.issuer,
            "sub": assertion.subject,
            "aud": assertion.audience,
            "exp": assertion.expires_at_s,
        }),
        made_at: now,
        expires_at: assertion.expires_at_s * 1000,
        key,
        warnings: warnings(&assertion, &host, now),
        connection: connection.name,
    })
}

fn warnings(assertion: &Assertion, host: &LoginHost, now: i64) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if assertion.expires_at_s - now / 1000 > USUAL_S {
        warnings.push(warning(
            "Salesforce may refuse an assertion that is valid for more than five minutes.",
            "Use 180 seconds unless your admin tells you otherwise.",
        ));
    }
    if assertion.audience != host.audience() {
        warnings.push(warning(
            &format!(
                "Orgs at this host usually expect the audience {}.",
                host.audience()
            ),
            "Change the audience if Salesforce refuses it.",
        ));
    }
    warnings
}
