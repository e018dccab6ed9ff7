//! The grant of an assertion: a JWT, signed with the key of a certificate that the app holds.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::token::without_refresh;
use super::{INACTIVE, Trouble};
use crate::http::Call;
use crate::json::{self, Json};
use crate::org::{App, Org, values};

/// The grant's name.
pub(super) const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The sign-in page that production orgs share: who asserts for such an org names it as the audience.
const PRODUCTION: &str = "https://login.salesforce.com";

/// Assertions that are valid for longer may be refused, in seconds.
const LONG_S: i64 = 300;

const INVALID: Trouble = Trouble::OAuth("invalid_grant", "invalid assertion");

/// What an assertion is answered with.
pub(super) struct Accepted {
    /// The app that it speaks for.
    pub(super) app: App,
    /// The id of the user that it names.
    pub(super) user: String,
    /// The scopes of the session.
    pub(super) scope: String,
}

/// Accepts the assertion of an app that holds its certificate, for a user who may use the app.
pub(super) fn accept(org: &Org, call: &Call, assertion: &str) -> Result<Accepted, Trouble> {
    let jwt = Jwt::read(assertion).ok_or(INVALID)?;
    let app = org.app(jwt.text("iss"))?.ok_or(Trouble::OAuth(
        "invalid_client_id",
        "client identifier invalid",
    ))?;
    let key = app.public_key();
    if !key.is_some_and(|key| jwt.is_signed_by(&key)) {
        return Err(INVALID);
    }
    let audience = jwt.text("aud").trim_end_matches('/');
    if ![PRODUCTION, &call.base].contains(&audience) {
        return Err(Trouble::OAuth("invalid_grant", "audience is invalid"));
    }
    let now = values::now_ms() / 1000;
    let expires = jwt.claims.get("exp").and_then(number).ok_or(INVALID)?;
    if expires <= now {
        return Err(Trouble::OAuth(
            "invalid_grant",
            "expired authorization code",
        ));
    }
    if expires > now + LONG_S && org.is_on("long_assertions_refused")? {
        return Err(INVALID);
    }
    let user = user_of(org, &app, jwt.text("sub"))?;
    let scope = without_refresh(app.scopes.join(" "));
    Ok(Accepted { app, user, scope })
}

/// Reads a number; simple-salesforce writes it as text.
fn number(value: &Json) -> Option<i64> {
    let text = value.as_str().and_then(|text| text.parse().ok());
    value.as_i64().or(text)
}

/// Returns the user with this name. Refuses those whom the app's policy keeps out, and those who were never asked.
fn user_of(org: &Org, app: &App, username: &str) -> Result<String, Trouble> {
    let unasked = Trouble::OAuth("invalid_grant", "user hasn't approved this consumer");
    let Some(user) = org.known_user(username)? else {
        return Err(unasked);
    };
    if !user.is_active {
        return Err(INACTIVE);
    }
    match app.admin_approved_only {
        true if app.approves(username) => Ok(user.id),
        true => Err(Trouble::OAuth(
            "invalid_app_access",
            "user is not admin approved to access this app",
        )),
        // Whoever has allowed the app in the browser has approved it.
        false if org.has_allowed(&user.id, app)? => Ok(user.id),
        false => Err(unasked),
    }
}

struct Jwt<'a> {
    /// Header and claims, as they were signed.
    signed: &'a str,
    claims: Json,
    signature: Vec<u8>,
}

impl<'a> Jwt<'a> {
    /// Reads a JWT that says it is signed with RS256.
    fn read(text: &'a str) -> Option<Jwt<'a>> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let part = |text: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            json::parse(std::str::from_utf8(&bytes).ok()?).ok()
        };
        let algorithm = part(header)?;
        (algorithm.get("alg")?.as_str()? == "RS256").then_some(())?;
        Some(Jwt {
            signed,
            claims: part(claims)?,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    fn text(&self, name: &str) -> &str {
        self.claims.get(name).and_then(Json::as_str).unwrap_or("")
    }

    fn is_signed_by(&self, key: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
            .verify(self.signed.as_bytes(), &self.signature)
            .is_ok()
    }
}
