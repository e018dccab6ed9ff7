//! What a secret is called in the vault, and the one host that it may go to.

use leadferry_salesforce::auth::LoginHost;
use leadferry_store::{Connection, Flow};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// A secret of a connection: the same in every workspace, so that all see a renewed token.
///
/// The host is part of the name and stands in the entry again. A workspace that names another host finds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    name: String,
    host: String,
}

/// What the vault holds, as JSON.
#[derive(Serialize, Deserialize)]
struct Held {
    /// The login host that issued the secret.
    host: String,
    secret: String,
}

impl Entry {
    /// Returns the entry of an app's client secret. `None` where the connection names no app at a proper host.
    pub(crate) fn of_app(connection: &Connection) -> Option<Entry> {
        Entry::new("app", connection, &[&connection.client_id])
    }

    /// Returns the entry of a user's sign-in. `None` where the connection is bound to no user of an org, or signs in by
    /// itself.
    pub(crate) fn of_sign_in(connection: &Connection) -> Option<Entry> {
        let (org, user) = (&connection.org_id, &connection.user_id);
        (connection.flow == Flow::Browser).then_some(())?;
        Entry::new("sign-in", connection, &[org, user, &connection.client_id])
    }

    /// Returns the entry of the private key that a connection signs in with. `None` where it has none.
    pub(crate) fn of_key(connection: &Connection) -> Option<Entry> {
        let key = connection.jwt.key_id.as_ref();
        key.filter(|_| connection.flow == Flow::Jwt)?;
        Entry::new(
            "key",
            connection,
            &[&connection.client_id, &connection.jwt.key_id],
        )
    }

    /// Returns the entry of a private key that no connection signs in with yet: it may go nowhere.
    pub(crate) fn of_unused_key(id: &str) -> Entry {
        Entry {
            name: format!("unused-key {id}"),
            host: String::new(),
        }
    }

    /// Returns the entry of the password that a connection signs in with. `None` where it has none.
    pub(crate) fn of_password(connection: &Connection) -> Option<Entry> {
        let username = connection.username.as_ref();
        let username = username.filter(|_| connection.flow == Flow::Password)?;
        let username = Some(username.to_lowercase());
        Entry::new("password", connection, &[&connection.client_id, &username])
    }

    /// Returns all entries that a connection may have.
    pub(crate) fn all_of(connection: &Connection) -> Vec<Entry> {
        let kinds = Entry::KINDS.iter();
        kinds.filter_map(|of| of(connection)).collect()
    }

    /// The kinds of entries of a connection.
    pub(crate) const KINDS: [fn(&Connection) -> Option<Entry>; 4] = [
        |connection| Entry::of_app(connection).filter(|_| connection.has_secret),
        Entry::of_sign_in,
        Entry::of_key,
        Entry::of_password,
    ];

    /// Names hold hosts and ids only; parts without white space can't pass for one another.
    fn new(kind: &str, connection: &Connection, parts: &[&Option<String>]) -> Option<Entry> {
        let host = LoginHost::parse(connection.host.as_deref()?)
            .ok()?
            .to_string();
        let mut name = format!("{kind} {host}");
        for part in parts {
            let part = part.as_deref().filter(|part| is_word(part))?;
            name.push(' ');
            name.push_str(part);
        }
        Some(Entry { name, host })
    }

    #[cfg(test)]
    pub(super) fn named(name: &str, host: &str) -> Entry {
        Entry {
            name: name.to_owned(),
            host: host.to_owned(),
        }
    }

    /// Returns its name in the vault.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text that the vault keeps.
    pub(super) fn seal(&self, secret: &SecretString) -> SecretString {
        let held = Held {
            host: self.host.clone(),
            secret: secret.expose_secret().to_owned(),
        };
        serde_json::to_string(&held).unwrap_or_default().into()
    }

    /// Returns the secret out of the vault's text; `None` where another host issued it.
    pub(super) fn open(&self, text: &SecretString) -> Option<SecretString> {
        let held: Held = serde_json::from_str(text.expose_secret()).ok()?;
        (held.host == self.host).then(|| held.secret.into())
    }
}

fn is_word(part: &str) -> bool {
    !part.is_empty() && !part.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

#[cfg(test)]
mod tests {
    use leadferry_store::{NewConnection, Store};

    use super::*;

    fn connection(host: &str) -> Connection {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("a.leadferry"), 0).unwrap();
        let new = NewConnection {
            name: "Live".into(),
            flow: Flow::Browser,
            host: Some(host.into()),
            client_id: Some("3MVG9".into()),
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
        connection.org_id = Some("00D000000000001".into());
        connection.user_id = Some("005000000000001".into());
        connection
    }

    #[test]
    fn another_host_never_reads_what_one_host_issued() {
        let ours = Entry::of_sign_in(&connection("acme")).unwrap();
        let theirs = Entry::of_sign_in(&connection("evil.example")).unwrap();
        assert_ne!(ours.name(), theirs.name());
        let held = ours.seal(&"token".into());
        assert_eq!(ours.open(&held).unwrap().expose_secret(), "token");
        assert!(
            theirs.open(&held).is_none(),
            "even where the names were the same"
        );
        let spelled = Entry::of_sign_in(&connection("https://ACME.my.salesforce.com/x")).unwrap();
        assert_eq!(spelled, ours, "one host, however it is spelled");
    }

    #[test]
    fn keys_and_passwords_are_bound_to_host_app_and_user_and_go_with_their_flow() {
        let mut ours = connection("acme");
        ours.jwt.key_id = Some("ab12".into());
        ours.username = Some("Ann@example.com".into());
        assert_eq!(Entry::of_key(&ours), None, "it signs in with the browser");
        ours.flow = Flow::Jwt;
        let key = Entry::of_key(&ours).unwrap();
        assert_eq!(key.name(), "key https://acme.my.salesforce.com 3MVG9 ab12");
        let held = key.seal(&"private".into());
        let mut theirs = ours.clone();
        theirs.host = Some("https://evil.example".into());
        assert!(Entry::of_key(&theirs).unwrap().open(&held).is_none());
        assert!(Entry::of_unused_key("ab12").open(&held).is_none());
        ours.flow = Flow::Password;
        assert_eq!(Entry::of_key(&ours), None);
        let password = Entry::of_password(&ours).unwrap();
        ours.username = Some("ANN@example.com".into());
        assert_eq!(
            Entry::of_password(&ours).unwrap(),
            password,
            "names have no case"
        );
        ours.username = Some("ann@example.com evil".into());
        assert_eq!(Entry::of_password(&ours), None);
    }

    #[test]
    fn ids_that_a_workspace_made_up_name_nothing() {
        let mut made_up = connection("acme");
        for id in ["", " ", "00D 005", "00D\n005"] {
            made_up.org_id = Some(id.into());
            assert_eq!(Entry::of_sign_in(&made_up), None, "{id:?}");
        }
        made_up.host = Some("a b".into());
        assert_eq!(Entry::of_app(&made_up), None);
    }
}
