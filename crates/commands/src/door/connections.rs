//! `connections.…`: the orgs that a workspace may talk to.

use secrecy::SecretString;
use serde::Deserialize;

use super::table::{Named, Nothing, commands};
use crate::connections::{self, AddConnection, Authorize, Connection, Flow, Removed, Tested};

commands! {
    /// Returns all connections by name.
    "connections.list" (Nothing) -> Vec<Connection> = |at, _| connections::list(at.workspace()?);
    /// Adds a connection; the practice org is signed in to at once.
    "connections.add" (NewConnection) -> Connection, stales ["connections", "workspaces"] = |at, request| {
        connections::add(at.workspace()?, &request.into()).await
    };
    /// Signs in; opens the system browser where the flow needs it.
    "connections.authorize" (SignIn) -> Connection, stales ["connections", "mappings"] = |at, request| {
        let how = Authorize { open_browser: request.open_browser };
        connections::authorize(at.workspace()?, &request.name, how).await
    };
    /// Asks the org who is signed in, for its limits, and whether its fields have changed.
    "connections.test" (Named) -> Tested, stales ["connections", "mappings"] = |at, request| {
        connections::test(at.workspace()?, &request.name).await
    };
    /// Removes a connection with its secrets; the sign-in is revoked where the org can be reached.
    "connections.remove" (Named) -> Removed, stales ["connections", "workspaces"] = |at, request| {
        connections::remove(at.workspace()?, &request.name).await
    };
}

#[derive(Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct NewConnection {
    /// Its name.
    name: String,
    /// How it signs in.
    flow: Flow,
    /// Prefix, host or address of the org; none for the practice org.
    host: Option<String>,
    /// Consumer key of the app in the org.
    client_id: Option<String>,
    /// Consumer secret, where the app asks for one; it goes into the vault and never comes back.
    client_secret: Option<String>,
    /// The one callback port that the app lists, where it is not one of ours.
    callback_port: Option<u16>,
}

impl From<NewConnection> for AddConnection {
    fn from(new: NewConnection) -> AddConnection {
        AddConnection {
            name: new.name,
            flow: new.flow,
            host: new.host,
            client_id: new.client_id,
            client_secret: new.client_secret.map(SecretString::from),
            callback_port: new.callback_port,
        }
    }
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct SignIn {
    /// The connection.
    name: String,
    /// Opens the system's browser; otherwise the address is only told.
    open_browser: bool,
}
