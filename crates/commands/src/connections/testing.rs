//! A connection for unit tests.

use leadferry_store::{Connection, ConnectionFacts, ConnectionId, Flow, JwtSettings};

/// Returns a connection that is signed in.
pub(crate) fn a_connection() -> Connection {
    Connection {
        id: ConnectionId(1),
        name: "Acme".to_owned(),
        flow: Flow::Browser,
        host: Some("https://acme.my.salesforce.com".to_owned()),
        client_id: Some("key".to_owned()),
        callback_port: None,
        has_secret: false,
        vault: None,
        org_id: Some("00D000000000001EAA".to_owned()),
        org_name: Some("Acme".to_owned()),
        edition: Some("Enterprise Edition".to_owned()),
        sandbox: Some(false),
        user_id: Some("005000000000001AAA".to_owned()),
        username: Some("mia@acme.com".to_owned()),
        instance_url: Some("https://acme.my.salesforce.com".to_owned()),
        api_version: Some(67),
        allowance: None,
        signed_in_at: Some(0),
        jwt: JwtSettings::default(),
        certificate_expires_at: None,
        facts: ConnectionFacts::default(),
    }
}
