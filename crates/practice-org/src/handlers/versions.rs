//! `GET /services/data/` and `GET /services/data/vXX.X`.

use super::Request;
use crate::http::{Answer, Call, Refused};
use crate::json::{Json, object};

const OLDEST: u32 = 31;
const NEWEST: u32 = 67;

/// All versions, for anyone.
pub(super) fn list(call: &Call) -> Answer {
    if call.method != "GET" {
        return Refused::method(&call.method, "HEAD,GET").answer();
    }
    let one = |number: u32| {
        object([
            ("label", label(number).into()),
            ("url", format!("/services/data/v{number}.0").into()),
            ("version", format!("{number}.0").into()),
        ])
    };
    Answer::json(200, Json::Array((OLDEST..=NEWEST).map(one).collect()))
}

/// Three releases a year since Summer '14.
fn label(number: u32) -> String {
    let season = ["Summer", "Winter", "Spring"][((number - OLDEST) % 3) as usize];
    format!("{season} '{}", 14 + (number - OLDEST).div_ceil(3))
}

/// The number of a version such as `v67.0`; 0 for anything else.
pub(super) fn number(version: &str) -> u32 {
    let digits = version.strip_prefix('v').and_then(|v| v.strip_suffix(".0"));
    let digits = digits.filter(|d| d.bytes().all(|b| b.is_ascii_digit()) && !d.starts_with('0'));
    digits.and_then(|d| d.parse().ok()).unwrap_or(0)
}

/// Refuses versions that are retired or unknown.
pub(super) fn check(version: &str) -> Result<(), Refused> {
    match number(version) {
        OLDEST..=NEWEST => Ok(()),
        7..OLDEST => Err(Refused::new(
            410,
            "UNSUPPORTED_API_VERSION",
            "The requested API version is retired or not supported",
        )),
        _ => Err(Refused::not_found()),
    }
}

/// What a version offers.
pub(super) fn resources(request: &Request<'_>) -> Answer {
    let names = [
        "tooling",
        "query",
        "composite",
        "limits",
        "sobjects",
        "queryAll",
        "search",
        "parameterizedSearch",
        "recent",
        "tabs",
        "theme",
        "jobs",
    ];
    let mut all = object([]);
    for name in names {
        all.push(name, format!("/services/data/{}/{name}", request.version));
    }
    all.push(
        "identity",
        format!(
            "{}/id/{}/{}",
            request.call.base, request.org.id, request.org.user
        ),
    );
    Answer::json(200, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_have_their_names() {
        assert_eq!(
            [label(31), label(60), label(62), label(67)],
            ["Summer '14", "Spring '24", "Winter '25", "Summer '26"]
        );
        assert_eq!(check("v30.0").unwrap_err().status, 410);
        assert_eq!(check("v99.0").unwrap_err().status, 404);
        assert!(check("v67.0").is_ok());
    }
}
