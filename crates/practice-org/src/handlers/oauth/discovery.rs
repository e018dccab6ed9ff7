//! `/.well-known/openid-configuration` and `/id/keys`: where the endpoints are and what they offer.

use crate::http::{Answer, Call};
use crate::json::{Json, array, object};

/// Scopes that an app may be given.
const SCOPES: [&str; 9] = [
    "api",
    "email",
    "full",
    "id",
    "offline_access",
    "openid",
    "profile",
    "refresh_token",
    "web",
];

/// What the org's sign-in offers, as far as it goes: it signs no id tokens.
pub(crate) fn discovery(call: &Call) -> Answer {
    let base = &call.base;
    let at = |path: &str| Json::from(format!("{base}{path}"));
    let list = |items: &[&str]| array(items.iter().copied());
    let body = object([
        ("issuer", base.as_str().into()),
        ("authorization_endpoint", at("/services/oauth2/authorize")),
        ("token_endpoint", at("/services/oauth2/token")),
        ("revocation_endpoint", at("/services/oauth2/revoke")),
        ("userinfo_endpoint", at("/services/oauth2/userinfo")),
        ("introspection_endpoint", at("/services/oauth2/introspect")),
        ("jwks_uri", at("/id/keys")),
        ("scopes_supported", list(&SCOPES)),
        ("response_types_supported", list(&["code"])),
        (
            "grant_types_supported",
            list(&[
                "authorization_code",
                "refresh_token",
                "client_credentials",
                "password",
                "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ]),
        ),
        ("code_challenge_methods_supported", list(&["S256"])),
        ("subject_types_supported", list(&["public"])),
        ("id_token_signing_alg_values_supported", list(&["RS256"])),
        (
            "display_values_supported",
            list(&["page", "popup", "touch"]),
        ),
        (
            "token_endpoint_auth_methods_supported",
            list(&["client_secret_post", "client_secret_basic", "none"]),
        ),
    ]);
    Answer::json(200, body)
}

/// The keys of id tokens: none, because none are signed.
pub(crate) fn keys(_: &Call) -> Answer {
    Answer::json(200, object([("keys", Json::Array(Vec::new()))]))
}
