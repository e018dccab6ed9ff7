//! Conditional requests: 304 where the caller's copy is as new as ours, 412 where it isn't what the caller expects.
//!
//! # Source
//! REST API Developer Guide, "Conditional Request Headers"; for the order in which they count, RFC 9110, section 13.2.2.

use jiff::Timestamp;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};

use crate::http::{Answer, Call, Refused};

/// What stands here now.
pub(super) struct Current {
    /// When it last changed, UTC milliseconds, whole seconds.
    pub(super) changed_ms: i64,
    /// Its entity tag, with quotes, where it has one.
    pub(super) tag: Option<String>,
}

/// Answers a read with `answer`, or with 304.
///
/// # Errors
/// 412 where it isn't what the caller expects, or what `answer` fails with.
pub(super) fn read(
    call: &Call,
    current: &Current,
    answer: impl FnOnce() -> Result<Answer, Refused>,
) -> Result<Answer, Refused> {
    expected(call, current)?;
    let known = match (call.header("if-none-match"), &current.tag) {
        (Some(tags), Some(tag)) => is_among(tag, tags),
        _ => time(call, "if-modified-since").is_some_and(|since| since >= current.changed_ms),
    };
    let answer = if known {
        Answer {
            status: 304,
            ..Answer::no_content()
        }
    } else {
        answer()?
    };
    let changed = Timestamp::from_millisecond(current.changed_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let stamp = DateTimePrinter::new().timestamp_to_rfc9110_string(&changed);
    let answer = answer.with("Last-Modified", stamp.unwrap_or_default());
    Ok(match &current.tag {
        Some(tag) => answer.with("ETag", tag.as_str()),
        None => answer,
    })
}

/// Lets a change pass that the caller makes to what it expects.
///
/// # Errors
/// 412 where something else stands here.
pub(super) fn expected(call: &Call, current: &Current) -> Result<(), Refused> {
    let as_expected = match (call.header("if-match"), &current.tag) {
        (Some(tags), Some(tag)) => is_among(tag, tags),
        _ => time(call, "if-unmodified-since").is_none_or(|since| current.changed_ms <= since),
    };
    if as_expected {
        return Ok(());
    }
    let message = "The record isn't in the state that the request expects";
    Err(Refused::new(412, "PRECONDITION_FAILED", message))
}

/// Whether a list of tags names one, however the answer that it came with was packed.
fn is_among(tag: &str, tags: &str) -> bool {
    let plain = |tag: &str| {
        let tag = tag.trim().trim_start_matches("W/").trim_matches('"');
        tag.trim_end_matches("-gzip").to_owned()
    };
    let mut tags = tags.split(',').map(plain);
    tags.any(|t| t == "*" || t == plain(tag))
}

/// A header's time in UTC milliseconds; one that can't be read doesn't count.
fn time(call: &Call, header: &str) -> Option<i64> {
    let text = call.header(header)?;
    let time = DateTimeParser::new().parse_timestamp(text.trim()).ok()?;
    Some(time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGED: &str = "Fri, 02 Jan 2026 10:00:00 GMT";

    fn status(header: &str, value: &str) -> u16 {
        let call = Call {
            headers: vec![(header.to_owned(), value.to_owned())],
            ..Call::default()
        };
        let parsed = DateTimeParser::new().parse_timestamp(CHANGED).unwrap();
        let current = Current {
            changed_ms: parsed.as_millisecond(),
            tag: Some("\"abc=\"".to_owned()),
        };
        let answer = read(&call, &current, || Ok(Answer::html(200, "")));
        answer.map_or_else(|refused| refused.status, |answer| answer.status)
    }

    #[test]
    fn copies_are_judged_by_time_and_tag() {
        assert_eq!(status("if-modified-since", CHANGED), 304);
        assert_eq!(
            status("if-modified-since", "Fri, 02 Jan 2026 09:59:59 GMT"),
            200
        );
        assert_eq!(status("if-modified-since", "yesterday"), 200);
        assert_eq!(
            status("if-unmodified-since", "Fri, 02 Jan 2026 09:59:59 GMT"),
            412
        );
        assert_eq!(status("if-unmodified-since", CHANGED), 200);
        assert_eq!(status("if-none-match", "\"x\", \"abc=-gzip\""), 304);
        assert_eq!(status("if-none-match", "\"x\""), 200);
        assert_eq!(status("if-match", "*"), 200);
        assert_eq!(status("if-match", "\"x\""), 412);
    }
}
