//! Signing in: `/services/oauth2/…` and the identity URL.

mod assertion;
mod authorize;
mod discovery;
mod pages;
mod person;
mod token;
mod user;

pub(super) use authorize::error_page;
pub(super) use discovery::{discovery, keys};
pub(super) use person::Person;
pub(super) use token::without_refresh;
pub(super) use user::{identity, photo};

use crate::http::{Answer, Call, Refused};
use crate::json::object;
use crate::org::Org;

/// Answers one of the endpoints.
pub(super) fn answer(org: &Org, call: &Call, endpoint: &str) -> Answer {
    let result = match (call.method.as_str(), endpoint) {
        ("GET", "authorize") => Ok(authorize::begin(org, call)),
        ("POST", "authorize") => authorize::go_on(org, call),
        ("POST", "token") => token::token(org, call),
        ("POST" | "GET", "revoke") => token::revoke(org, call),
        ("POST", "introspect") => token::introspect(org, call),
        ("GET" | "POST", "userinfo") => user::userinfo(org, call),
        (_, "token" | "introspect") => Err(Trouble::OAuth("invalid_request", "must use HTTP POST")),
        (method, "authorize" | "revoke" | "userinfo") => {
            Err(Refused::method(method, "HEAD,GET,POST").into())
        }
        _ => Err(Refused::not_found().into()),
    };
    result.unwrap_or_else(|trouble| trouble.answer())
}

/// What stops a sign-in.
pub(super) enum Trouble {
    /// Told as OAuth tells errors: error and description.
    OAuth(&'static str, &'static str),
    /// A wrong secret, told in the same way: whoever guesses waits.
    Wrong(&'static str, &'static str),
    /// Told as the REST API does.
    Rest(Refused),
}

/// What a user who may no longer sign in is told.
const INACTIVE: Trouble = Trouble::OAuth("inactive_user", "user is inactive");

impl Trouble {
    fn answer(&self) -> Answer {
        match self {
            Trouble::OAuth(error, description) => told(error, description),
            Trouble::Wrong(error, description) => told(error, description).for_a_guess(),
            Trouble::Rest(refused) => refused.answer(),
        }
    }
}

fn told(error: &str, description: &str) -> Answer {
    let body = [
        ("error", error.into()),
        ("error_description", description.into()),
    ];
    Answer::json(400, object(body))
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Trouble {
        Trouble::Rest(error.into())
    }
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Trouble {
        Trouble::Rest(refused)
    }
}

impl From<crate::Error> for Trouble {
    fn from(error: crate::Error) -> Trouble {
        tracing::error!(%error, "a token could not be made");
        Trouble::Rest(Refused::new(
            500,
            "UNKNOWN_EXCEPTION",
            "An unexpected error occurred.",
        ))
    }
}

/// The token of an `Authorization` header.
pub(crate) fn bearer(call: &Call) -> Option<&str> {
    let (kind, token) = call.header("authorization")?.split_once(' ')?;
    (kind.eq_ignore_ascii_case("bearer") || kind.eq_ignore_ascii_case("oauth"))
        .then(|| token.trim())
}

/// Scopes that were asked for and that the app may have; all of the app's if none were asked for.
pub(super) fn scopes(asked: Option<&str>, allowed: &[String]) -> Option<String> {
    let Some(asked) = asked.map(str::trim).filter(|s| !s.is_empty()) else {
        return Some(allowed.join(" "));
    };
    let every: Vec<&str> = asked.split_whitespace().collect();
    every
        .iter()
        .all(|s| allowed.iter().any(|a| a == s))
        .then(|| every.join(" "))
}

/// The addresses that identity and user info name. `version` fills their place for it, such as `67.0`.
fn urls(base: &str, org: &Org, version: Option<&str>) -> crate::json::Json {
    let mut urls = object([]);
    for (name, path) in [
        ("enterprise", "/services/Soap/c/{version}/"),
        ("metadata", "/services/Soap/m/{version}/"),
        ("partner", "/services/Soap/u/{version}/"),
        ("rest", "/services/data/v{version}/"),
        ("sobjects", "/services/data/v{version}/sobjects/"),
        ("search", "/services/data/v{version}/search/"),
        ("query", "/services/data/v{version}/query/"),
        ("recent", "/services/data/v{version}/recent/"),
        ("tooling_soap", "/services/Soap/T/{version}/"),
        ("tooling_rest", "/services/data/v{version}/tooling/"),
        ("feeds", "/services/data/v{version}/chatter/feeds"),
        ("groups", "/services/data/v{version}/chatter/groups"),
        ("users", "/services/data/v{version}/chatter/users"),
        ("feed_items", "/services/data/v{version}/chatter/feed-items"),
        (
            "feed_elements",
            "/services/data/v{version}/chatter/feed-elements",
        ),
    ] {
        let path = version.map_or(path.to_owned(), |v| path.replace("{version}", v));
        urls.push(name, format!("{base}{path}"));
    }
    urls.push("profile", format!("{base}/{}", org.acting()));
    urls.push("custom_domain", base);
    urls
}
