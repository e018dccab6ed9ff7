//! What there is to know about a connection, without asking its org.

use leadferry_salesforce::{Describe, Field, FieldType};
use leadferry_store::{Connection, Flow};
use serde::Serialize;

use crate::orgs::OBJECTS;
use crate::{Result, Workspace};
use crate::{quoted, scopes};

/// Length of what the identifier field holds.
const IDENTIFIER_LENGTH: u32 = 32;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What there is to know about a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ConnectionDetails {
    /// The connection.
    pub connection: Connection,
    /// What its user may do with the objects that can be sent to.
    pub rights: Vec<ObjectRights>,
    /// The rights that were wanted, and whether they were granted.
    pub scopes: Vec<Scope>,
    /// What is worth knowing about it.
    pub warnings: Vec<Warning>,
    /// Replications that use it.
    pub replications: Vec<String>,
}

/// What a user may do with an object, as the org said last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ObjectRights {
    /// The object.
    pub object: String,
    /// Whether its records can be read.
    pub read: bool,
    /// Whether records can be created.
    pub create: bool,
    /// Whether records can be changed.
    pub update: bool,
    /// How many fields this user sees.
    pub fields: usize,
    /// A field that can be the identifier.
    pub identifier: Option<String>,
    /// When the org said so, UTC milliseconds.
    pub seen_at: i64,
}

/// A right that the sign-in asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Scope {
    /// Its name, such as `api`.
    pub name: String,
    /// As Salesforce shows it.
    pub label: String,
    /// Whether it was granted; `None` where that is not known.
    pub granted: Option<bool>,
}

/// Something worth knowing, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "ConnectionWarning")]
pub struct Warning {
    /// What.
    pub text: String,
    /// What to do.
    pub cure: String,
}

/// Returns what there is to know about a connection, without asking its org.
///
/// # Errors
/// When there is no such connection.
pub fn details(workspace: &Workspace, name: &str) -> Result<ConnectionDetails> {
    let store = workspace.store();
    let connection = store.read(|reader| reader.connection_named(name))?;
    let mut rights = Vec::new();
    for object in OBJECTS {
        let kept = store.read(|reader| reader.describe(connection.id, object))?;
        let read = kept.and_then(|kept| Some((Describe::parse(&kept.body).ok()?, kept.fetched_at)));
        if let Some((describe, seen_at)) = read {
            rights.push(rights_in(object, &describe, seen_at));
        }
    }
    let facts = &connection.facts;
    let is_signed_in = connection.flow != Flow::Practice && connection.signed_in_at.is_some();
    let mut scopes = scopes_of(facts.scopes.as_deref(), facts.refreshable);
    // What signs in by itself needs no refresh token.
    scopes.retain(|_| is_signed_in);
    scopes.retain(|scope| connection.flow == Flow::Browser || scope.name == "api");
    Ok(ConnectionDetails {
        rights,
        scopes,
        warnings: warnings(&connection, workspace.host().now()),
        replications: store.read(|reader| reader.users_of_connection(connection.id))?,
        connection,
    })
}

fn rights_in(object: &str, describe: &Describe, seen_at: i64) -> ObjectRights {
    let identifier = describe.fields.iter().find(|field| can_identify(field));
    ObjectRights {
        object: object.to_owned(),
        read: describe.queryable,
        create: describe.createable,
        update: describe.updateable,
        fields: describe.fields.len(),
        identifier: identifier.map(|field| field.name.clone()),
        seen_at,
    }
}

fn can_identify(field: &Field) -> bool {
    field.custom
        && field.field_type == FieldType::String
        && field.length >= IDENTIFIER_LENGTH
        && field.external_id
        && field.unique
        && !field.case_sensitive
        && field.createable
        && field.updateable
}

/// Returns the wanted rights; an answer that names none is taken to grant what was asked.
pub(super) fn scopes_of(granted: Option<&str>, refreshable: Option<bool>) -> Vec<Scope> {
    let is_granted = |name: &str| match name {
        "refresh_token" => refreshable,
        _ => granted.map(|scopes| {
            scopes
                .split_whitespace()
                .any(|scope| [name, "full"].contains(&scope))
        }),
    };
    let scope = |name: &&str| Scope {
        name: (*name).to_owned(),
        label: scopes::label(name).to_owned(),
        granted: is_granted(name),
    };
    scopes::ASKED.iter().map(scope).collect()
}

pub(super) fn warning(text: &str, cure: &str) -> Warning {
    Warning {
        text: text.to_owned(),
        cure: cure.to_owned(),
    }
}

/// Warns of a certificate that ends within a month, or has ended.
pub(crate) fn certificate_warning(connection: &Connection, now: i64) -> Option<Warning> {
    let text = format!(
        "The certificate of the key {}.",
        certificate_end_in_words(connection, now)?
    );
    let cure =
        "Make a new key, upload its certificate to the app, then give the key to the connection.";
    Some(warning(&text, cure))
}

/// Says when the key's certificate ends, where that is within a month, or that it has ended.
pub(crate) fn certificate_end_in_words(connection: &Connection, now: i64) -> Option<String> {
    let ends = connection.certificate_expires_at?;
    match (ends - now).div_euclid(DAY_MS) {
        _ if ends <= now => Some("has expired".to_owned()),
        0 => Some("expires today".to_owned()),
        1 => Some("expires tomorrow".to_owned()),
        days @ 2..=30 => Some(format!("expires in {days} days")),
        _ => None,
    }
}

/// What to do about it, and the command that does the first half of it.
pub(crate) fn certificate_cure(connection: &Connection) -> (&'static str, String) {
    let command = format!(
        "connections set {} --new-key --certificate cert.pem",
        quoted(&connection.name)
    );
    (
        "give the connection a new key, and upload its certificate to the app",
        command,
    )
}

fn warnings(connection: &Connection, now: i64) -> Vec<Warning> {
    let facts = &connection.facts;
    let mut warnings = Vec::new();
    if connection.flow == Flow::Practice {
        return warnings;
    }
    warnings.extend(certificate_warning(connection, now));
    if connection.flow == Flow::Password {
        warnings.push(warning(
            "Signing in with a password is discouraged: Salesforce blocks it in new orgs, and whoever has the password \
             can do all that the user can.",
            "Switch to signing in with the browser. What you entered for the host and the app stays.",
        ));
    }
    if facts.profile.as_deref() == Some("System Administrator") {
        warnings.push(warning(
            "The signed-in user is a System Administrator, so Leadferry can do anything in the org.",
            "Ask your Salesforce admin for a user that can only read and edit leads and contacts, and sign in \
             as that user.",
        ));
    }
    let lacks_api = scopes_of(facts.scopes.as_deref(), None)
        .iter()
        .any(|scope| scope.name == "api" && scope.granted == Some(false));
    if lacks_api {
        warnings.push(warning(
            "The org granted no access to its API, so nothing can be sent.",
            "Add the scope \"Manage user data via APIs (api)\" to the app, and sign in again.",
        ));
    }
    if facts.refreshable == Some(false) {
        warnings.push(warning(
            "The sign-in ends with this session because the app gave no refresh token.",
            "Add the scope \"Perform requests at any time (refresh_token, offline_access)\" to the app, and sign in again.",
        ));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_access_grants_the_api() {
        let granted = |scopes| scopes_of(Some(scopes), Some(true))[0].granted;
        assert_eq!(granted("full refresh_token"), Some(true));
        assert_eq!(granted("id"), Some(false));
        assert_eq!(scopes_of(None, None)[0].granted, None);
    }

    #[test]
    fn a_certificate_that_ends_is_told_a_month_ahead() {
        let folder = tempfile::tempdir().unwrap();
        let store = leadferry_store::Store::create(&folder.path().join("a.leadferry"), 0).unwrap();
        let new = leadferry_store::NewConnection {
            name: "Acme".to_owned(),
            flow: Flow::Jwt,
            host: None,
            client_id: None,
            callback_port: None,
            username: None,
            jwt: leadferry_store::JwtSettings::default(),
        };
        let mut connection = store
            .write(|writer| {
                let id = writer.add_connection(&new, 0)?;
                writer.connection(id)
            })
            .unwrap();
        let mut told = |days: i64| {
            connection.certificate_expires_at = Some(days * DAY_MS);
            certificate_warning(&connection, DAY_MS / 2).map(|warning| warning.text)
        };
        assert_eq!(told(32), None);
        assert!(told(31).unwrap().contains("30 days"));
        assert!(told(1).unwrap().contains("today"));
        assert!(told(0).unwrap().contains("has expired"));
    }
}
