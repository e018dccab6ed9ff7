//! `connections.…`: the orgs that a workspace may talk to.

use secrecy::SecretString;
use serde::Deserialize;

use super::table::{Named, Nothing, commands};
use crate::connections::{
    self, AddConnection, Authorize, ChangeConnection, Connection, ConnectionCheck,
    ConnectionDetails, ConnectionInfo, Draft, Flow, HostReading, ProxySetting, Removed,
    SecurityFacts, SetUpValues, SignInOutcome, SigningIn, Tested,
};

commands! {
    /// Returns all connections by name.
    "connections.list" (Nothing) -> Vec<ConnectionInfo> = |at, _| connections::list(at.workspace()?);
    /// Returns what there is to know about a connection, without asking its org.
    "connections.show" (Named) -> ConnectionDetails = |at, request| {
        connections::details(at.workspace()?, &request.name)
    };
    /// Adds a connection; the practice org is signed in to at once.
    "connections.add" (NewConnection) -> Connection, stales ["connections", "workspaces", "practice"] = |at, request| {
        connections::add(at.workspace()?, &request.into()).await
    };
    /// Changes a connection; with another host or app somebody has to sign in again.
    "connections.set" (ChangedConnection) -> Connection, stales ["connections", "replications"] = |at, request| {
        let (name, change) = request.parts();
        connections::set(at.workspace()?, &name, &change).await
    };
    /// Signs in; opens the system browser where the flow needs it. A refusal is an answer, not an error.
    "connections.authorize" (SignIn) -> SignInOutcome, stales ["connections", "mappings"] = |at, request| {
        let how = Authorize { open_browser: request.open_browser, key_pasted_at: request.key_pasted_at };
        connections::sign_in(at.workspace()?, &request.name, how).await
    };
    /// Returns how a sign-in of this program is getting on; none where none is under way.
    "connections.sign_in_state" (Named) -> Option<SigningIn> = |at, request| {
        connections::sign_in_state(at.workspace()?, &request.name)
    };
    /// Stops the sign-in to a connection, whichever process does it.
    "connections.stop_sign_in" (Named) -> () = |at, request| {
        connections::stop_sign_in(at.workspace()?, &request.name)
    };
    /// Asks the org who is signed in, for its limits, and whether its fields have changed.
    "connections.test" (Named) -> Tested, stales ["connections", "mappings"] = |at, request| {
        connections::test(at.workspace()?, &request.name).await
    };
    /// Looks at everything that a connection needs, and says who can cure what; uses about eight API calls.
    "connections.check" (Named) -> ConnectionCheck, stales ["connections", "mappings"] = |at, request| {
        connections::check(at.workspace()?, &request.name).await
    };
    /// Returns the proxy that requests go through.
    "connections.proxy" (Nothing) -> ProxySetting = |_at, _| Ok(connections::proxy());
    /// Sets the proxy of this computer: `system`, `none` or an address.
    "connections.set_proxy" (ProxyText) -> ProxySetting, stales ["connections"] = |at, request| {
        connections::set_proxy(&at.door().environment, &request.proxy)
    };
    /// Removes a connection with its secrets; the sign-in is revoked where the org can be reached.
    "connections.remove" (Named) -> Removed, stales ["connections", "workspaces"] = |at, request| {
        connections::remove(at.workspace()?, &request.name).await
    };
    /// Says what a text is understood as when it is given as the address of an org.
    "connections.host" (Text) -> HostReading = |_at, request| Ok(connections::host(&request.text));
    /// Returns the values that a set-up shows for copying.
    "connections.values" (Nothing) -> SetUpValues = |_at, _| Ok(connections::values());
    /// Returns the set-ups that have been begun, the eldest first.
    "connections.drafts" (Nothing) -> Vec<Draft> = |at, _| connections::drafts(at.workspace()?);
    /// Keeps a set-up as it is now; a number of 0 makes a new one. Never takes a secret.
    "connections.save_draft" (Draft) -> Draft = |at, draft| connections::save_draft(at.workspace()?, &draft);
    /// Forgets a set-up.
    "connections.discard_draft" (Numbered) -> (), stales ["connections"] = |at, request| {
        connections::discard_draft(at.workspace()?, request.number)
    };
    /// Returns what is kept where: secrets, workspace, data folder.
    "connections.security" (Nothing) -> SecurityFacts = |at, _| connections::security(at.workspace()?);
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

#[derive(Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct ChangedConnection {
    /// The connection.
    connection: String,
    /// Its new name.
    name: Option<String>,
    /// Prefix, host or address of the org.
    host: Option<String>,
    /// Consumer key of the app in the org.
    client_id: Option<String>,
    /// Consumer secret; an empty one removes what is kept.
    client_secret: Option<String>,
    /// The one callback port that the app lists; 0 goes back to ours.
    callback_port: Option<u16>,
}

impl ChangedConnection {
    fn parts(self) -> (String, ChangeConnection) {
        let change = ChangeConnection {
            name: self.name,
            host: self.host,
            client_id: self.client_id,
            client_secret: self.client_secret.map(SecretString::from),
            callback_port: self.callback_port,
        };
        (self.connection, change)
    }
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct SignIn {
    /// The connection.
    name: String,
    /// Opens the system's browser; otherwise the address is only shown.
    open_browser: bool,
    /// When the app's key was pasted, UTC milliseconds: a new app is waited for until it answers.
    key_pasted_at: Option<i64>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(rename = "HostText")]
pub(crate) struct Text {
    /// Prefix, host or address, as typed.
    text: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct ProxyText {
    /// `system`, `none`, or an address such as `proxy.acme.com:8080`.
    proxy: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(rename = "DraftNumber")]
pub(crate) struct Numbered {
    /// The set-up's number.
    number: u32,
}
