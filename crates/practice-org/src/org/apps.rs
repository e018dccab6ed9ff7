//! Apps that may sign in to the org.

use rusqlite::OptionalExtension;

use super::{Org, values};
use crate::http::Refused;
use crate::json::{self, Json, array, object};
use crate::secret::random_hex;
use crate::{Result, built_in};

/// A registered app.
#[derive(Clone, Debug)]
pub(crate) struct App {
    /// Consumer key.
    pub(crate) client_id: String,
    /// Consumer secret.
    pub(crate) secret: Option<String>,
    /// Callback URLs, compared exactly.
    pub(crate) callbacks: Vec<String>,
    /// Also takes `http://localhost:{any port}/oauth/callback`.
    pub(crate) any_port: bool,
    /// The browser flow's exchange needs the secret.
    pub(crate) secret_for_web: bool,
    /// Refreshing needs the secret.
    pub(crate) secret_for_refresh: bool,
    /// Each refresh hands out a new refresh token.
    pub(crate) rotation: bool,
    /// The browser flow needs a code challenge.
    pub(crate) pkce_required: bool,
    /// Runs as the user without a browser.
    pub(crate) client_credentials: bool,
    /// Takes user name and password.
    pub(crate) password_flow: bool,
    /// The certificate that its assertions are signed for, as PEM.
    pub(crate) certificate: Option<String>,
    /// Only users whom an administrator has approved may use it.
    pub(crate) admin_approved_only: bool,
    /// Names of the users who are approved.
    pub(crate) approved_users: Vec<String>,
    /// Goes behind the password of users, as from a network that the org doesn't trust.
    pub(crate) security_token: Option<String>,
    /// Scopes it may be given.
    pub(crate) scopes: Vec<String>,
    /// From when on the org knows it, UTC milliseconds.
    pub(crate) ready_at: i64,
}

impl App {
    fn from_json(given: &Json) -> App {
        let text = |name: &str| given.get(name).and_then(Json::as_str).map(str::to_owned);
        let flag =
            |name: &str, default: bool| given.get(name).and_then(Json::as_bool).unwrap_or(default);
        let list = |name: &str| -> Vec<String> {
            given
                .get(name)
                .map_or(&[][..], Json::items)
                .iter()
                .filter_map(|v| v.as_str().map(str::to_owned))
                .collect()
        };
        let mut scopes = list("scopes");
        if scopes.is_empty() {
            scopes = [
                "api",
                "refresh_token",
                "offline_access",
                "id",
                "openid",
                "profile",
                "email",
                "web",
                "full",
            ]
            .map(str::to_owned)
            .to_vec();
        }
        App {
            client_id: text("client_id").unwrap_or_default(),
            secret: text("client_secret"),
            callbacks: list("callback_urls"),
            any_port: flag("any_port", false),
            secret_for_web: flag("secret_required_for_web_flow", true),
            secret_for_refresh: flag("secret_required_for_refresh", true),
            rotation: flag("rotate_refresh_tokens", false),
            pkce_required: flag("pkce_required", true),
            client_credentials: flag("client_credentials", false),
            password_flow: flag("password_flow", false),
            certificate: text("certificate"),
            admin_approved_only: flag("admin_approved_only", false),
            approved_users: list("approved_users"),
            security_token: text("security_token"),
            scopes,
            ready_at: given.get("ready_at").and_then(Json::as_i64).unwrap_or(0),
        }
    }

    /// The form that the admin endpoint shows and the file keeps.
    pub(crate) fn to_json(&self) -> Json {
        object([
            ("client_id", self.client_id.as_str().into()),
            ("client_secret", self.secret.clone().into()),
            ("callback_urls", array(self.callbacks.clone())),
            ("any_port", self.any_port.into()),
            ("secret_required_for_web_flow", self.secret_for_web.into()),
            (
                "secret_required_for_refresh",
                self.secret_for_refresh.into(),
            ),
            ("rotate_refresh_tokens", self.rotation.into()),
            ("pkce_required", self.pkce_required.into()),
            ("client_credentials", self.client_credentials.into()),
            ("password_flow", self.password_flow.into()),
            ("certificate", self.certificate.clone().into()),
            ("admin_approved_only", self.admin_approved_only.into()),
            ("approved_users", array(self.approved_users.clone())),
            ("security_token", self.security_token.clone().into()),
            ("scopes", array(self.scopes.clone())),
            ("ready_at", self.ready_at.into()),
        ])
    }

    /// The public key that its assertions are checked with, as PKCS#1.
    pub(crate) fn public_key(&self) -> Option<Vec<u8>> {
        public_key(self.certificate.as_deref()?)
    }

    /// Whether an administrator has approved a user of this name.
    pub(crate) fn approves(&self, username: &str) -> bool {
        let mut approved = self.approved_users.iter();
        approved.any(|user| user.eq_ignore_ascii_case(username.trim()))
    }

    /// Whether a callback is one that was registered.
    pub(crate) fn takes_callback(&self, url: &str) -> bool {
        let port = url
            .strip_prefix("http://localhost:")
            .and_then(|rest| rest.strip_suffix("/oauth/callback"));
        // Only the usual spelling: `+80` and `080` are numbers too.
        let is_port = |p: &str| p.parse().is_ok_and(|n: u16| n > 0 && n.to_string() == p);
        let any = self.any_port && port.is_some_and(is_port);
        any || self.callbacks.iter().any(|c| c == url)
    }
}

impl Org {
    /// The app with this consumer key, if the org knows it by now.
    pub(crate) fn app(&self, client_id: &str) -> rusqlite::Result<Option<App>> {
        let sql = "SELECT definition FROM apps WHERE client_id = ?1";
        let text: Option<String> = self
            .conn
            .prepare_cached(sql)?
            .query_row([client_id], |row| row.get(0))
            .optional()?;
        let app = text
            .and_then(|t| json::parse(&t).ok())
            .map(|given| App::from_json(&given));
        Ok(app.filter(|a| a.ready_at <= values::now_ms()))
    }

    /// Registers or replaces an app; `young_seconds` says how long the org takes to notice it.
    pub(crate) fn register_app(&self, given: &Json) -> std::result::Result<App, Refused> {
        let mut app = App::from_json(given);
        check_certificate(&app)?;
        let random = || {
            random_hex(32).map_err(|_| Refused::new(500, "UNKNOWN_EXCEPTION", "no random bytes"))
        };
        if app.client_id.is_empty() {
            app.client_id = format!("3MVG9practice.{}", random()?);
        }
        if app.secret.is_none()
            && (app.secret_for_web || app.secret_for_refresh || app.client_credentials)
        {
            app.secret = Some(random()?.to_uppercase());
        }
        if let Some(seconds) = given.get("young_seconds").and_then(Json::as_i64) {
            app.ready_at = values::now_ms() + seconds * 1000;
        }
        self.store_app(&app)?;
        Ok(app)
    }

    /// Changes what is given about an app; the rest stays.
    pub(crate) fn change_app(
        &self,
        client_id: &str,
        given: &Json,
    ) -> std::result::Result<App, Refused> {
        let before = self.app(client_id)?.ok_or_else(Refused::not_found)?;
        let mut after = object([]);
        for member in before.to_json().members() {
            let new = given.get(&member.name).unwrap_or(&member.value);
            after.push(&member.name, new.clone());
        }
        let mut app = App::from_json(&after);
        app.client_id = before.client_id;
        check_certificate(&app)?;
        self.store_app(&app)?;
        Ok(app)
    }

    pub(super) fn store_app(&self, app: &App) -> rusqlite::Result<()> {
        let sql = "INSERT INTO apps (client_id, definition) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET definition = ?2";
        self.conn
            .execute(sql, [&app.client_id, &app.to_json().to_string()])?;
        Ok(())
    }

    /// All apps.
    pub(crate) fn apps(&self) -> rusqlite::Result<Json> {
        let mut statement = self
            .conn
            .prepare("SELECT definition FROM apps ORDER BY client_id")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        let apps: rusqlite::Result<Vec<Json>> = rows
            .map(|t| t.map(|t| json::parse(&t).unwrap_or_default()))
            .collect();
        apps.map(Json::Array)
    }

    /// The app that every org comes with; its secret is made with the others.
    pub(super) fn register_built_in(&self) -> Result<()> {
        let mut app = App::from_json(&object([]));
        app.client_id = built_in::CLIENT_ID.to_owned();
        (app.any_port, app.secret_for_web, app.secret_for_refresh) = (true, false, false);
        (app.client_credentials, app.password_flow) = (true, true);
        Ok(self.store_app(&app)?)
    }
}

/// Returns the public key of a certificate in PEM, as PKCS#1; none where the text is no such certificate.
fn public_key(pem: &str) -> Option<Vec<u8>> {
    let (_, block) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).ok()?;
    let certificate = block
        .parse_x509()
        .ok()
        .filter(|_| block.label == "CERTIFICATE")?;
    let key = certificate.public_key();
    let is_rsa = matches!(key.parsed(), Ok(x509_parser::public_key::PublicKey::RSA(_)));
    is_rsa.then(|| key.subject_public_key.data.to_vec())
}

/// Refuses a certificate that no assertion could be checked with.
fn check_certificate(app: &App) -> std::result::Result<(), Refused> {
    let certificate = app.certificate.as_deref();
    if certificate.is_none_or(|pem| public_key(pem).is_some()) {
        return Ok(());
    }
    Err(Refused::new(
        400,
        "INVALID_CERTIFICATE",
        "The certificate is not an X.509 certificate with an RSA key, as PEM.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_port_means_the_port_and_nothing_else() {
        let mut app = App::from_json(&object([("any_port", true.into())]));
        assert!(app.takes_callback("http://localhost:51234/oauth/callback"));
        for bad in [
            "http://localhost:0/oauth/callback",
            "http://localhost:+80/oauth/callback",
            "http://localhost:080/oauth/callback",
            "http://localhost:65536/oauth/callback",
            "http://localhost:80\r\nX: y/oauth/callback",
            "HTTP://localhost:80/oauth/callback",
            "http://127.0.0.1:1/oauth/callback",
            "http://localhost:1@evil.example/oauth/callback",
            "http://localhost:1/oauth/callback/x",
        ] {
            assert!(!app.takes_callback(bad), "{bad}");
        }
        app.any_port = false;
        assert!(!app.takes_callback("http://localhost:51234/oauth/callback"));
    }
}
