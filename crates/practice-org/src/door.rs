//! Decides from a request's head who may come in, before its body is read.
//!
//! Loopback keeps other machines out, but not the web pages in a browser on this one. A page gives itself away by the
//! `Host` it believes it talks to (DNS rebinding), by its `Origin` and by `Sec-Fetch-Site`. No script can forge these
//! headers; curl, jsforce and simple-salesforce never send the last two. Other users of this machine are kept out by the
//! secrets in the org's file, not here.

use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, header};

use crate::http::Refused;

/// Names that the org answers to.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Pages that a link on another site may open. They show nothing of the org and change nothing.
const PAGES: [&str; 3] = [
    "/",
    "/services/oauth2/authorize",
    "/setup/secur/RemoteAccessErrorPage.apexp",
];

/// Admits a request to the org on `port`, or returns why it is refused.
pub(crate) fn check(head: &Parts, port: u16) -> Result<(), Refused> {
    if head.uri.scheme().is_some() || head.uri.authority().is_some() {
        return Err(malformed("The request target must be a path."));
    }
    let Some(host) = only(&head.headers, "host") else {
        return Err(malformed("The request needs exactly one Host header."));
    };
    if !is_ours(host, port) {
        let message = format!(
            "This practice org only answers requests sent to localhost. Use http://localhost:{port}."
        );
        return Err(Refused::new(421, "UNKNOWN_HOST", message));
    }
    if is_foreign(head, port) {
        let message = "Web pages can't use this practice org. Call it from a program instead.";
        return Err(Refused::new(403, "CROSS_ORIGIN_REQUEST", message));
    }
    Ok(())
}

/// Whether a page of another origin sent the request, other than by a link to one of the [`PAGES`].
fn is_foreign(head: &Parts, port: u16) -> bool {
    let origin_is_ours = |origin: &str| {
        origin
            .strip_prefix("http://")
            .is_some_and(|host| is_ours(host, port))
    };
    let all = |name: &str, fits: &dyn Fn(&str) -> bool| {
        let mut values = head.headers.get_all(name).iter();
        values.all(|value| value.to_str().is_ok_and(fits))
    };
    // Another port of this machine is the same site, but it is not us.
    let followed_a_link = head.method == Method::GET
        && PAGES.contains(&head.uri.path())
        && only(&head.headers, "sec-fetch-mode") == Some("navigate")
        && only(&head.headers, "sec-fetch-dest") == Some("document");
    let site_is_ours = |site: &str| matches!(site, "same-origin" | "none") || followed_a_link;
    !all(header::ORIGIN.as_str(), &origin_is_ours) || !all("sec-fetch-site", &site_is_ours)
}

fn is_ours(authority: &str, port: u16) -> bool {
    NAMES.iter().any(|name| {
        authority.eq_ignore_ascii_case(&format!("{name}:{port}"))
            // Clients leave out the port that http implies.
            || port == 80 && authority.eq_ignore_ascii_case(name)
    })
}

/// The value of a header that stands there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

fn malformed(message: &str) -> Refused {
    Refused::new(400, "MALFORMED_REQUEST", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(target: &str, headers: &[(&str, &str)]) -> u16 {
        let (method, target) = target.split_once(' ').unwrap();
        let mut request = hyper::Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        check(&head, 4000).map_or_else(|refused| refused.status, |()| 200)
    }

    #[test]
    fn only_our_own_names_with_our_port_are_answered() {
        for host in [
            "localhost:4000",
            "LOCALHOST:4000",
            "127.0.0.1:4000",
            "[::1]:4000",
        ] {
            assert_eq!(status("GET /x", &[("host", host)]), 200, "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:4001",
            "localhost:04000",
            "localhost.:4000",
            "localhost:4000.evil.example",
            "evil.example",
            "evil.example:4000",
            "localhost.evil.example:4000",
            "127.0.0.1.nip.io:4000",
            "127.0.0.2:4000",
            "0.0.0.0:4000",
            "user@localhost:4000",
            "[::ffff:127.0.0.1]:4000",
        ] {
            assert_eq!(status("GET /x", &[("host", host)]), 421, "{host:?}");
        }
        assert_eq!(status("GET /x", &[]), 400, "no Host at all");
        let twice = [("host", "localhost:4000"), ("host", "evil.example")];
        assert_eq!(status("GET /x", &twice), 400);
    }

    #[test]
    fn a_target_with_a_host_of_its_own_is_refused() {
        let ours = [("host", "localhost:4000")];
        assert_eq!(status("GET http://localhost:4000/x", &ours), 400);
        assert_eq!(status("CONNECT evil.example:443", &ours), 400);
    }

    #[test]
    fn a_page_of_another_origin_is_refused() {
        let with = |name, value| status("POST /x", &[("host", "localhost:4000"), (name, value)]);
        for ours in ["http://localhost:4000", "http://127.0.0.1:4000"] {
            assert_eq!(with("origin", ours), 200, "{ours}");
        }
        for foreign in [
            "null",
            "https://evil.example",
            "http://localhost:3000",
            "https://localhost:4000",
            "http://localhost:4000.evil.example",
        ] {
            assert_eq!(with("origin", foreign), 403, "{foreign}");
        }
        assert_eq!(with("sec-fetch-site", "cross-site"), 403);
        assert_eq!(
            with("sec-fetch-site", "same-site"),
            403,
            "another port of this machine is not us"
        );
        assert_eq!(with("sec-fetch-site", "same-origin"), 200);
        assert_eq!(with("sec-fetch-site", "none"), 200, "typed by the user");
    }

    #[test]
    fn a_link_elsewhere_may_open_the_sign_in_page_alone() {
        let linked = |target, to| {
            let headers = [
                ("host", "localhost:4000"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", to),
            ];
            status(target, &headers)
        };
        let page = "GET /services/oauth2/authorize?client_id=x";
        assert_eq!(linked(page, "document"), 200);
        assert_eq!(linked(page, "iframe"), 403, "never inside another page");
        assert_eq!(linked("POST /services/oauth2/authorize", "document"), 403);
        let revoke = "GET /services/oauth2/revoke?token=x";
        assert_eq!(linked(revoke, "document"), 403);
    }
}
