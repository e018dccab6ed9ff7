//! Who signs in, for the flows that ask for it: by a key, or by a password.

use leadferry_salesforce::auth::LoginHost;
use leadferry_store::{Flow, JwtSettings};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{Error, Result};

/// Bounds of how long an assertion may be valid, in seconds.
const SHORTEST_S: u32 = 30;
const LONGEST_S: u32 = 3_600;

/// Who signs in, and with what. When a connection is changed, what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct UserSignIn {
    /// The user's name for signing in.
    pub username: Option<String>,
    /// The user's password.
    pub password: Option<SecretString>,
    /// The user's security token; an empty one removes what is kept.
    pub security_token: Option<SecretString>,
    /// Id of the key; see [`crate::keys`].
    pub key: Option<String>,
    /// Whom assertions are for, as an address; an empty one goes back to what the host implies.
    pub audience: Option<String>,
    /// How long an assertion is valid, in seconds; 0 goes back to the default.
    pub lifetime_s: Option<u32>,
}

impl UserSignIn {
    pub(super) fn is_empty(&self) -> bool {
        self.username.is_none()
            && self.password.is_none()
            && self.security_token.is_none()
            && !self.is_about_a_key()
    }

    fn is_about_a_key(&self) -> bool {
        self.key.is_some() || self.audience.is_some() || self.lifetime_s.is_some()
    }

    /// Checks what a new connection of a flow needs, and that nothing is given which it doesn't take.
    pub(super) fn checked(&self, flow: Flow) -> Result<(Option<String>, JwtSettings)> {
        self.check_flow(flow)?;
        let username = self.checked_username()?;
        if username.is_none() && matches!(flow, Flow::Jwt | Flow::Password) {
            return Err(missing(
                "username",
                "the username",
                "the user's Salesforce username",
            ));
        }
        if flow == Flow::Password && self.password.is_none() {
            return Err(missing(
                "password",
                "the password",
                "the user's Salesforce password",
            ));
        }
        if flow == Flow::Jwt && self.key.is_none() {
            return Err(missing(
                "key",
                "a key",
                "a key: make a new one, or import a key file",
            ));
        }
        Ok((username, self.checked_jwt(&JwtSettings::default())?))
    }

    /// Refuses what a flow doesn't take.
    pub(super) fn check_flow(&self, flow: Flow) -> Result<()> {
        let is_password = self.password.is_some() || self.security_token.is_some();
        let has_user = matches!(flow, Flow::Jwt | Flow::Password);
        let refused = (is_password && flow != Flow::Password)
            || (self.is_about_a_key() && flow != Flow::Jwt)
            || (self.username.is_some() && !has_user);
        if refused {
            return Err(Error::usage(
                "This kind of sign-in doesn't use a username, password or key here.",
                "Leave them out, or choose the kind of sign-in that uses them.",
            ));
        }
        if let Some(password) = &self.password
            && password.expose_secret().is_empty()
        {
            return Err(missing(
                "password",
                "the password",
                "the user's Salesforce password",
            ));
        }
        Ok(())
    }

    pub(super) fn checked_username(&self) -> Result<Option<String>> {
        let Some(username) = self.username.as_deref().map(str::trim) else {
            return Ok(None);
        };
        let odd = |letter: char| letter.is_whitespace() || letter.is_control();
        if !username.contains('@') || username.len() > 255 || username.contains(odd) {
            return Err(Error::usage(
                "This isn't a Salesforce username.",
                "Enter the username that looks like an email address, for example ann@example.com.",
            )
            .at("username"));
        }
        Ok(Some(username.to_owned()))
    }

    /// Returns how a connection signs in with a key after this change.
    pub(super) fn checked_jwt(&self, before: &JwtSettings) -> Result<JwtSettings> {
        let audience = match self.audience.as_deref().map(str::trim) {
            None => before.audience.clone(),
            Some("") => None,
            Some(text) => Some(LoginHost::parse(text)?.to_string()),
        };
        let lifetime_s = match self.lifetime_s {
            None => before.lifetime_s,
            Some(0) => None,
            Some(seconds) => Some(checked_lifetime(seconds)?),
        };
        Ok(JwtSettings {
            key_id: self.key.clone().or_else(|| before.key_id.clone()),
            audience,
            lifetime_s,
        })
    }
}

fn checked_lifetime(seconds: u32) -> Result<u32> {
    if (SHORTEST_S..=LONGEST_S).contains(&seconds) {
        return Ok(seconds);
    }
    let as_seconds = seconds / 1000;
    let is_round = seconds.is_multiple_of(1000);
    let refused = match is_round && (SHORTEST_S..=LONGEST_S).contains(&as_seconds) {
        true => Error::usage(
            "The assertion's lifetime looks like milliseconds.",
            format!("Enter it in seconds: {as_seconds}."),
        ),
        false => Error::usage(
            "An assertion can't be valid for this long.",
            format!("Enter {SHORTEST_S} to {LONGEST_S} seconds. Salesforce suggests 180."),
        ),
    };
    Err(refused.at("lifetime_s"))
}

fn missing(field: &str, what: &str, enter: &str) -> Error {
    Error::usage(
        format!("The connection needs {what}."),
        format!("Enter {enter}."),
    )
    .at(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifetime(seconds: u32) -> Result<JwtSettings> {
        let user = UserSignIn {
            lifetime_s: Some(seconds),
            ..UserSignIn::default()
        };
        user.checked_jwt(&JwtSettings::default())
    }

    #[test]
    fn milliseconds_are_told_from_seconds() {
        assert_eq!(lifetime(180).unwrap().lifetime_s, Some(180));
        assert_eq!(lifetime(0).unwrap().lifetime_s, None);
        let refused = lifetime(180_000).unwrap_err();
        assert_eq!(refused.hint, "Enter it in seconds: 180.");
        let a_day = lifetime(86_400).unwrap_err();
        assert!(!a_day.message.contains("milliseconds"), "{}", a_day.message);
        let refused = lifetime(3_660_624_000).unwrap_err();
        assert!(refused.hint.contains("3600"), "{}", refused.hint);
    }

    #[test]
    fn a_flow_takes_only_what_it_uses() {
        let user = UserSignIn {
            username: Some(" ann@example.com ".into()),
            password: Some("secret".into()),
            ..UserSignIn::default()
        };
        let (username, jwt) = user.checked(Flow::Password).unwrap();
        assert_eq!(username.as_deref(), Some("ann@example.com"));
        assert_eq!(jwt, JwtSettings::default());
        for flow in [Flow::Jwt, Flow::Browser, Flow::ClientCredentials] {
            assert!(user.checked(flow).is_err(), "{flow:?}");
        }
        let nobody = UserSignIn::default();
        assert_eq!(
            nobody.checked(Flow::Jwt).unwrap_err().field.as_deref(),
            Some("username")
        );
        let user = UserSignIn {
            username: Some("ann".into()),
            ..UserSignIn::default()
        };
        assert!(
            user.checked(Flow::Jwt).is_err(),
            "no Salesforce username lacks an @"
        );
    }
}
