//! `connections.…`: the orgs that a workspace may talk to.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::Pick;
use super::table::{Named, Nothing, commands};
use crate::connections::{
    self, AddConnection, Authorize, CallbackCheck, ChangeConnection, ChangedField, Connection,
    ConnectionCheck, ConnectionDetails, ConnectionInfo, Draft, Flow, FlowChoice, Generation, Guide,
    GuideRequest, HostReading, ProxySetting, Removed, Revoked, SalesforcePage, SaveGuide,
    SecurityFacts, ShownAssertion, SignInOutcome, SignInState, Tested, UserSignIn,
};
use crate::keys::{self, ImportKey, KeyFile, KeyInfo, Passphrases};
use crate::{Code, Error};

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
    /// Returns how the sign-in to a connection stands in this program, also after its screen was left.
    "connections.sign_in_state" (Named) -> SignInState = |at, request| {
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
    /// Returns the changed fields of an org that something here uses.
    "connections.drift" (Named) -> Vec<ChangedField> = |at, request| {
        connections::drift(at.workspace()?, &request.name)
    };
    /// Returns the changed fields of an org that a replication uses, itself or through its score and segments.
    "connections.drift_of_replication" (Named) -> Vec<ChangedField> = |at, request| {
        connections::drift_of_replication(at.workspace()?, &request.name)
    };
    /// Looks at everything that a connection needs, and says who can cure what; uses about eight API
    /// calls, and one for each further object that is pulled.
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
    /// Ends the sign-in in the org, and forgets it here; the connection stays.
    "connections.revoke" (Named) -> Revoked, stales ["connections"] = |at, request| {
        connections::revoke(at.workspace()?, &request.name).await
    };
    /// Returns the assertion that a connection with a key would sign in with now, decoded and without its signature.
    "connections.assertion" (Named) -> ShownAssertion = |at, request| {
        connections::assertion(at.workspace()?, &request.name)
    };
    /// Returns the keys for signing in, the newest first.
    "connections.keys" (Nothing) -> Vec<KeyInfo> = |at, _| keys::list(at.workspace()?);
    /// Makes a key with a certificate, which takes seconds. The private half goes into the vault, and only an export takes it out.
    "connections.make_key" (Named) -> KeyInfo, stales ["connections"] = |at, request| {
        keys::make(at.workspace()?, &request.name).await
    };
    /// Returns what a key file holds; nothing of it is kept.
    "connections.inspect_key" (KeyPath) -> KeyFile = |_at, request| {
        let passphrases = request.passphrases();
        keys::inspect(&request.path, &passphrases)
    };
    /// Reads a key out of a file into the vault.
    "connections.import_key" (KeyPath) -> KeyInfo, stales ["connections"] = |at, request| {
        keys::import(at.workspace()?, &request.import())
    };
    /// Writes a key's certificate into a new file, for upload. Without a path the user says where; none when they think
    /// better of it.
    "connections.save_certificate" (CertificatePlace) -> Option<PathBuf> = |at, request| {
        let place = request.path.or_else(|| at.desk().pick_place(Pick::Certificate, "cert.pem"));
        if let Some(place) = &place {
            keys::save_certificate(at.workspace()?, &request.key, place)?;
        }
        Ok(place)
    };
    /// Writes a key and its certificate into a new file that a passphrase seals. Without a path the user says where; none
    /// when they think better of it.
    "connections.export_key" (KeyPlace) -> Option<PathBuf> = |at, request| {
        let place = request.path.or_else(|| at.desk().pick_place(Pick::Key, "leadferry.p12"));
        if let Some(place) = &place {
            let passphrase = SecretString::from(request.passphrase);
            keys::export(at.workspace()?, &request.key, &passphrase, place)?;
        }
        Ok(place)
    };
    /// Forgets a key that no connection signs in with.
    "connections.discard_key" (KeyId) -> KeyInfo, stales ["connections"] = |at, request| {
        keys::discard(at.workspace()?, &request.key)
    };
    /// Says what a text is understood as when it is given as the address of an org.
    "connections.host" (Text) -> HostReading = |_at, request| Ok(connections::host(&request.text));
    /// Returns the ways to sign in, the best first.
    "connections.flows" (Nothing) -> Vec<FlowChoice> = |_at, _| Ok(connections::flows());
    /// Returns what is to be done in Salesforce, with every value to copy.
    "connections.guide" (GuideRequest) -> Guide = |_at, request| connections::guide(&request);
    /// Saves a guide as a page to print.
    "connections.save_guide" (SaveGuide) -> () = |_at, request| connections::save_guide(&request);
    /// Opens a guide in the browser, to be printed there.
    "connections.print_guide" (GuideRequest) -> () = |at, request| {
        let page = connections::page_to_print(at.workspace()?, &request)?;
        opened(at.desk().open_file(&page), &page.display().to_string())
    };
    /// Opens a page of Salesforce that a set-up leads to.
    "connections.open_page" (OpenPage) -> () = |at, request| {
        let host = request.host.unwrap_or_default();
        let generation = request.generation.unwrap_or_default();
        let address = connections::page_address(request.page, &host, generation)?;
        opened(at.desk().open(&address), &address)
    };
    /// Says what the callback address of a port is, and whether the port is free.
    "connections.check_callback" (Port) -> CallbackCheck = |_at, request| {
        connections::check_callback(request.port).await
    };
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

fn opened(is_open: bool, address: &str) -> crate::Result<()> {
    if is_open {
        return Ok(());
    }
    Err(Error::new(
        Code::Local,
        "no browser could be opened",
        format!("open this address yourself: {address}"),
    ))
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct OpenPage {
    /// Which page.
    page: SalesforcePage,
    /// What was typed as the address of the org.
    host: Option<String>,
    /// How old the org's pages are.
    generation: Option<Generation>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(rename = "CallbackPort")]
pub(crate) struct Port {
    /// The port.
    port: u16,
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
    /// Who signs in; for the flows *jwt* and *password*.
    username: Option<String>,
    /// The user's password; it goes into the vault and never comes back.
    password: Option<String>,
    /// The user's security token, as the password.
    security_token: Option<String>,
    /// Id of the key that signs in; for the flow *jwt*.
    key: Option<String>,
    /// Whom assertions are for, where it is not what the host implies.
    audience: Option<String>,
    /// How long an assertion is valid, in seconds; 180 where nothing is said.
    lifetime_s: Option<u32>,
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
            user: UserSignIn {
                username: new.username,
                password: new.password.map(SecretString::from),
                security_token: new.security_token.map(SecretString::from),
                key: new.key,
                audience: new.audience,
                lifetime_s: new.lifetime_s,
            },
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
    /// How it signs in; what was entered for host and app stays.
    flow: Option<Flow>,
    /// Who signs in.
    username: Option<String>,
    /// The user's password.
    password: Option<String>,
    /// The user's security token; an empty one removes what is kept.
    security_token: Option<String>,
    /// Id of the key that signs in.
    key: Option<String>,
    /// Whom assertions are for; an empty one goes back to what the host implies.
    audience: Option<String>,
    /// How long an assertion is valid, in seconds; 0 goes back to the default.
    lifetime_s: Option<u32>,
}

impl ChangedConnection {
    fn parts(self) -> (String, ChangeConnection) {
        let change = ChangeConnection {
            name: self.name,
            host: self.host,
            client_id: self.client_id,
            client_secret: self.client_secret.map(SecretString::from),
            callback_port: self.callback_port,
            flow: self.flow,
            user: UserSignIn {
                username: self.username,
                password: self.password.map(SecretString::from),
                security_token: self.security_token.map(SecretString::from),
                key: self.key,
                audience: self.audience,
                lifetime_s: self.lifetime_s,
            },
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

#[derive(Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct KeyPath {
    /// The key file.
    path: PathBuf,
    /// Its passphrase.
    passphrase: Option<String>,
    /// The passphrase of the key in it, where that is another one.
    key_passphrase: Option<String>,
    /// Which of several keys to import.
    alias: Option<String>,
    /// A file with its certificate, where the key file holds none.
    certificate: Option<PathBuf>,
}

impl KeyPath {
    fn passphrases(&self) -> Passphrases {
        let secret = |text: &Option<String>| text.clone().map(SecretString::from);
        Passphrases {
            file: secret(&self.passphrase),
            key: secret(&self.key_passphrase),
        }
    }

    fn import(self) -> ImportKey {
        ImportKey {
            passphrases: self.passphrases(),
            path: self.path,
            alias: self.alias,
            certificate: self.certificate,
        }
    }
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct CertificatePlace {
    /// Id of the key.
    key: String,
    /// Where to; nothing may be there yet.
    path: Option<PathBuf>,
}

#[derive(Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct KeyPlace {
    /// Id of the key.
    key: String,
    /// What will open the file.
    passphrase: String,
    /// Where to; nothing may be there yet.
    path: Option<PathBuf>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct KeyId {
    /// Id of the key.
    key: String,
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
