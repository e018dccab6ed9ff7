//! What may be said about a fault: anything else is a mistake, and is told instead of being passed over.

use crate::http::Refused;
use crate::json::{Json, Member, object};

/// What a setting takes.
#[derive(Clone, Copy, Debug)]
enum Takes {
    /// A whole number, not below this.
    Count(i64),
    /// A number from 0 to this.
    Share(f64),
    /// `true` or `false`.
    YesNo,
    /// A text.
    Text,
    /// A text or a list of texts.
    Texts,
    /// One of these words.
    Word(&'static [&'static str]),
}

type Setting = (&'static str, Takes);

/// Settings of every fault: how often, and which requests.
const OF_ALL: &[Setting] = &[
    ("times", Takes::Count(1)),
    ("percent", Takes::Share(100.0)),
    // Where in the spread of a percentage it begins.
    ("seen", Takes::Count(0)),
    ("path", Takes::Text),
    (
        "method",
        Takes::Word(&["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"]),
    ),
];

/// Settings that say which requests are meant.
const MATCH: [&str; 2] = ["path", "method"];

const ROWS: [Setting; 2] = [("fraction", Takes::Share(1.0)), ("values", Takes::Texts)];

/// Returns a fault's own settings.
fn own(name: &str) -> Vec<Setting> {
    let mut own = match name {
        "html_instead_of_json" => vec![("status", Takes::Count(200))],
        "applied_late" | "slow" | "latency" | "duration" => vec![("ms", Takes::Count(0))],
        "bulk_job_lost" | "bulk_job_aborted" | "bulk_job_failed" => vec![("rows", Takes::Count(0))],
        "bulk_job_stuck" | "bulk_results_late" => vec![("ms", Takes::Count(0))],
        "gateway_limit" => vec![("rows", Takes::Count(0)), ("cut", Takes::YesNo)],
        "row_error" => vec![
            ("code", Takes::Text),
            ("message", Takes::Text),
            ("fields", Takes::Texts),
        ],
        "refuse_request" => vec![
            ("code", Takes::Text),
            ("message", Takes::Text),
            ("status", Takes::Count(400)),
        ],
        "duplicate_rule" => vec![("action", Takes::Word(&["alert", "block"]))],
        "field_hidden" | "field_gone" | "field_encrypted" => {
            vec![("object", Takes::Text), ("field", Takes::Text)]
        }
        _ => Vec::new(),
    };
    if matches!(name, "lock_rows" | "row_error" | "refuse_request") {
        own.extend(ROWS);
    }
    own
}

/// Checks what was said about a fault and returns it in one form: which requests are meant stands under `match`.
pub(super) fn checked(given: &Json) -> Result<Json, Refused> {
    let name = given.get("name").and_then(Json::as_str).unwrap_or_default();
    let own = own(name);
    let known: Vec<Setting> = own.iter().chain(OF_ALL).copied().collect();
    let mut kept = object([]);
    let mut matching = object([]);
    for Member {
        name: key, value, ..
    } in given.members()
    {
        match (key.as_str(), value) {
            ("name", _) => kept.push(key, value.clone()),
            ("match", Json::Object(members)) => {
                for member in members {
                    if !MATCH.contains(&member.name.as_str()) {
                        return Err(unknown(name, &format!("match.{}", member.name), &known));
                    }
                    matching.push(
                        &member.name,
                        fitting(&member.name, &member.value, &known, name)?,
                    );
                }
            }
            (part, value) if MATCH.contains(&part) => {
                matching.push(part, fitting(part, value, &known, name)?);
            }
            (other, value) => kept.push(other, fitting(other, value, &known, name)?),
        }
    }
    if !matching.members().is_empty() {
        kept.push("match", matching);
    }
    Ok(kept)
}

/// Returns a setting's value where it is one.
fn fitting(key: &str, value: &Json, known: &[Setting], fault: &str) -> Result<Json, Refused> {
    let takes = known.iter().find(|(known, _)| *known == key);
    let Some((_, takes)) = takes else {
        return Err(unknown(fault, key, known));
    };
    let texts = |items: &[Json]| items.iter().all(|item| item.as_str().is_some());
    let wanted = match takes {
        Takes::Count(least) if value.as_i64().is_some_and(|n| n >= *least) => {
            return Ok(value.clone());
        }
        Takes::Share(most) if value.as_f64().is_some_and(|n| (0.0..=*most).contains(&n)) => {
            return Ok(value.clone());
        }
        Takes::YesNo if value.as_bool().is_some() => return Ok(value.clone()),
        Takes::Text | Takes::Texts if value.as_str().is_some() => return Ok(value.clone()),
        // Texts that look like numbers, as a postal code does.
        Takes::Text | Takes::Texts if value.as_f64().is_some() => {
            return Ok(Json::String(value.to_string()));
        }
        Takes::Texts if !value.items().is_empty() && texts(value.items()) => {
            return Ok(value.clone());
        }
        Takes::Word(words)
            if value
                .as_str()
                .is_some_and(|text| words.iter().any(|word| word.eq_ignore_ascii_case(text))) =>
        {
            return Ok(value.clone());
        }
        Takes::Count(least) => format!("a whole number, {least} or more"),
        Takes::Share(most) => format!("a number from 0 to {most}"),
        Takes::YesNo => "true or false".to_owned(),
        Takes::Text => "a text".to_owned(),
        Takes::Texts => "a text or a list of texts such as [\"a\",\"b\"]".to_owned(),
        Takes::Word(words) => format!("one of {}", words.join(", ")),
    };
    let message = format!("'{key}' takes {wanted}, not {value}");
    Err(Refused::new(400, "INVALID_FAULT", message))
}

fn unknown(fault: &str, key: &str, known: &[Setting]) -> Refused {
    let known: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    let message = format!(
        "the fault '{fault}' has no setting '{key}'. It has {}",
        known.join(", ")
    );
    Refused::new(400, "INVALID_FAULT", message)
}
