//! `GET /services/data/` and `GET /services/data/vXX.X`.

use super::Request;
use crate::http::{Answer, Call, Refused};
use crate::json::{Json, object};
use crate::org::Org;

const OLDEST: u32 = 31;
const NEWEST: u32 = 67;

/// The oldest and the newest version that the org speaks now.
fn spoken(org: &Org) -> rusqlite::Result<(u32, u32)> {
    let set = |name: &str, usual: u32| {
        let number = org.switch(name)?.as_i64();
        Ok::<_, rusqlite::Error>(number.and_then(|n| u32::try_from(n).ok()).unwrap_or(usual))
    };
    let oldest = set("oldest_api_version", OLDEST)?.clamp(OLDEST, 999);
    Ok((
        oldest,
        set("newest_api_version", NEWEST)?.clamp(oldest, 999),
    ))
}

/// What every answer of a version says that will be retired.
pub(super) fn warning(org: &Org, version: &str) -> Option<String> {
    let last = org.switch("retiring_api_version").ok()?.as_i64()?;
    (i64::from(number(version)) <= last).then(|| {
        "299 - \"This API is deprecated and will be retired. See the release notes.\"".to_owned()
    })
}

/// All versions, for anyone.
pub(super) fn list(org: &Org, call: &Call) -> Result<Answer, Refused> {
    if call.method != "GET" {
        return Err(Refused::method(&call.method, "HEAD,GET"));
    }
    let (oldest, newest) = spoken(org)?;
    let one = |number: u32| {
        object([
            ("label", label(number).into()),
            ("url", format!("/services/data/v{number}.0").into()),
            ("version", format!("{number}.0").into()),
        ])
    };
    Ok(Answer::json(
        200,
        Json::Array((oldest..=newest).map(one).collect()),
    ))
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
pub(super) fn check(org: &Org, version: &str) -> Result<(), Refused> {
    let (oldest, newest) = spoken(org)?;
    match number(version) {
        number if (oldest..=newest).contains(&number) => Ok(()),
        number if (7..oldest).contains(&number) => Err(Refused::new(
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
            request.call.base,
            request.org.id,
            request.org.acting()
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
    }
}
