//! Ending a sign-in in the org, and here.

use leadferry_salesforce::Error as OrgError;
use leadferry_salesforce::auth::{self, OAuthErrorCode};
use leadferry_store::{Connection, ConnectionFacts, ConnectionTrouble, Flow};
use serde::Serialize;

use crate::secrets::Entry;
use crate::sessions::{self, SharedSession, app_of};
use crate::{Error, Result, Workspace};

/// What revoking came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Revoked {
    /// The connection as it is now.
    pub connection: Connection,
    /// Whether the org ended a sign-in; false where none was left.
    pub revoked: bool,
    /// Whether the connection signs in again by itself, as one with a key, a password or its app's own user does.
    pub signs_in_again: bool,
}

/// Ends the sign-in of a connection in its org, and forgets it here. The connection stays, and so do its key and its secret.
///
/// # Errors
/// When the org can't be reached: nothing is forgotten then. And for the practice org, which nobody signs in to.
pub async fn revoke(workspace: &Workspace, name: &str) -> Result<Revoked> {
    let store = workspace.store();
    store.check_writable()?;
    workspace.approval().check()?;
    let connection = store.read(|reader| reader.connection_named(name))?;
    if connection.flow == Flow::Practice {
        return Err(Error::usage(
            "Nobody has to sign in to the practice org.",
            "To start over with a new one, reset the practice org.",
        ));
    }
    let session = workspace.open_sessions().forget(connection.id);
    let revoked = at_the_org(workspace, &connection, session).await?;
    if let Some((vault, entry)) = connection.vault.zip(Entry::of_sign_in(&connection)) {
        workspace.secrets().let_go(vault, &entry)?;
    }
    let signs_in_again = connection.flow != Flow::Browser;
    if !signs_in_again {
        let facts = ConnectionFacts {
            trouble: Some(ConnectionTrouble {
                message: match revoked {
                    true => "You signed out.".to_owned(),
                    false => "No sign-in is stored on this computer.".to_owned(),
                },
                cause: String::new(),
                cure: "Sign in again.".to_owned(),
                needs_sign_in: true,
            }),
            ..connection.facts.clone()
        };
        store.write(|writer| writer.set_connection_facts(connection.id, &facts))?;
    }
    Ok(Revoked {
        connection: store.read(|reader| reader.connection(connection.id))?,
        revoked,
        signs_in_again,
    })
}

/// Ends a sign-in in the org: by its refresh token, or by the session of a connection that has none. False where there is
/// nothing to end.
pub(super) async fn at_the_org(
    workspace: &Workspace,
    connection: &Connection,
    session: Option<SharedSession>,
) -> Result<bool> {
    let mut token = sessions::token_to_revoke(connection, workspace.secrets())?;
    if let (None, Some(session)) = (&token, session) {
        token = session.lock().await.take().map(|open| open.access_token);
    }
    let Some(token) = token else {
        return Ok(false);
    };
    let app = app_of(connection, workspace.secrets())?;
    match auth::revoke(&app, &token).await {
        Ok(()) => Ok(true),
        // The org doesn't know the token: somebody else has revoked it.
        Err(OrgError::SignIn(refusal)) if !is_of_an_outage(&refusal.code) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn is_of_an_outage(code: &OAuthErrorCode) -> bool {
    matches!(
        code,
        OAuthErrorCode::Unreadable
            | OAuthErrorCode::UnknownError
            | OAuthErrorCode::RateLimitExceeded
    )
}
