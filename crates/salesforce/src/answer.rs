//! Turning what came back into a value or an error.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::row_answer::{RowItem, errors_in};
use crate::wire::has_too_many_values;
use crate::{Error, ErrorCode, LimitKind, Result, RowAnswer, RowError};

/// An answer whose body is whole and unpacked.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) last_modified: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Returns the answer if the org carried the request out, else what it said instead.
    pub(crate) fn accepted(self) -> Result<Answer> {
        match self.status {
            200..=299 | 304 => Ok(self),
            _ => Err(refusal(self.status, &self.body)),
        }
    }

    /// Reads the body as JSON of a certain form.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T> {
        if has_too_many_values(&self.body) {
            return Err(self.unreadable("more values than any answer holds"));
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            // The position is enough to find the fault; serde's text may quote a value.
            let reason = format!("line {} column {}", error.line(), error.column());
            self.unreadable(format!("not the promised JSON, {reason}"))
        })
    }

    /// Reads the answers to a write of so many rows, in the order of the rows.
    pub(crate) fn row_answers(&self, rows: usize) -> Result<Vec<RowAnswer>> {
        // Nearly all have the form that is promised; whatever else there is, is read value by value.
        let answers: Option<Vec<_>> = match self.json::<Vec<RowItem>>() {
            Ok(items) => items.into_iter().map(RowItem::answer).collect(),
            Err(_) => {
                let items: Vec<Value> = self.json()?;
                items.iter().map(RowAnswer::from_value).collect()
            }
        };
        let answers = answers.ok_or_else(|| self.unreadable("an item is no row answer"))?;
        if answers.len() != rows {
            return Err(self.unreadable(format!("{} answers to {rows} rows", answers.len())));
        }
        Ok(answers)
    }

    pub(crate) fn unreadable(&self, reason: impl Into<String>) -> Error {
        unreadable(self.status, &self.body, reason)
    }
}

/// Returns the error that a body with a bad status stands for, whatever it holds.
pub(crate) fn refusal(status: u16, body: &[u8]) -> Error {
    if body.trim_ascii() == b"Bad_OAuth_Token" {
        let text = "the token is not known";
        let errors = vec![RowError::new(ErrorCode::BadOauthToken, text)];
        return Error::Refused { status, errors };
    }
    if has_too_many_values(body) {
        return unreadable(status, body, "more values than any answer holds");
    }
    let errors = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Array(paths)) if status == 300 => vec![several_matches(&paths)],
        Ok(value) => errors_in(&value),
        // A proxy of the org may refuse a session in its own words.
        Err(_) if status == 401 => vec![RowError::new(ErrorCode::InvalidSessionId, "")],
        Err(_) if status == 413 => Vec::new(),
        Err(_) => return unreadable(status, body, "not JSON"),
    };
    let limit = errors
        .iter()
        .find(|error| error.code == ErrorCode::RequestLimitExceeded);
    match limit {
        Some(limit) => limit_exceeded(&limit.message),
        // A gateway before the org refuses in its own words what is too large for it.
        None if errors.is_empty() && status == 413 => Error::Refused {
            status,
            errors: vec![RowError::new(ErrorCode::ExceededMaxSizeRequest, "")],
        },
        None if errors.is_empty() => unreadable(status, body, "no error code"),
        None => Error::Refused { status, errors },
    }
}

/// An upsert whose key several records hold answers with their paths instead of an error.
fn several_matches(paths: &[Value]) -> RowError {
    let mut error = RowError::new(ErrorCode::DuplicateExternalId, "");
    error.matches = paths.iter().filter_map(match_at).collect();
    error
}

fn match_at(path: &Value) -> Option<crate::Match> {
    let mut steps = path.as_str()?.rsplit('/');
    let id = steps.next().and_then(|id| crate::Id::parse(id).ok());
    let entity_type = steps.next().unwrap_or_default().to_owned();
    Some(crate::Match {
        entity_type,
        id,
        confidence: None,
        name: None,
        email: None,
        company: None,
    })
}

fn limit_exceeded(message: &str) -> Error {
    let kind = if message.contains("Concurrent") {
        LimitKind::Concurrent
    } else {
        LimitKind::Daily
    };
    Error::LimitExceeded {
        kind,
        message: message.to_owned(),
    }
}

fn unreadable(status: u16, body: &[u8], reason: impl Into<String>) -> Error {
    Error::Unreadable {
        status,
        reason: reason.into(),
        excerpt: excerpt(body),
    }
}

/// Returns the beginning of a body without anything that looks like a token.
pub(crate) fn excerpt(body: &[u8]) -> String {
    let beginning = String::from_utf8_lossy(&body[..body.len().min(2_000)]);
    let words = beginning.split_whitespace().map(without_tokens);
    let text = words.collect::<Vec<_>>().join(" ");
    text.chars().take(200).collect()
}

/// Replaces each run of token characters that is too long for a word.
fn without_tokens(word: &str) -> String {
    let is_token =
        |character: char| character.is_ascii_alphanumeric() || "!._-+/=%".contains(character);
    let mut kept = String::new();
    let mut run = String::new();
    for character in word.chars().chain(['\0']) {
        if is_token(character) {
            run.push(character);
            continue;
        }
        kept.push_str(if run.len() > 24 { "…" } else { &run });
        run.clear();
        if character != '\0' {
            kept.push(character);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limits_are_told_apart_by_their_text() {
        let body = br#"[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"ConcurrentPerOrgLongTxn Limit exceeded."}]"#;
        assert!(refusal(403, body).is_concurrent_limit());
        let body = br#"[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]"#;
        assert!(refusal(403, body).is_daily_limit());
    }

    #[test]
    fn a_bare_object_is_read_like_an_array() {
        let error = refusal(404, br#"{"errorCode":"NOT_FOUND","message":"no"}"#);
        assert_eq!(error.code(), Some(&ErrorCode::NotFound));
    }

    #[test]
    fn plain_text_about_a_bad_token_asks_for_a_sign_in() {
        assert!(refusal(403, b"Bad_OAuth_Token").needs_sign_in());
    }

    #[test]
    fn a_session_refused_without_json_asks_for_a_sign_in_too() {
        let error = refusal(401, b"<html>Unauthorized</html>");
        assert!(error.needs_sign_in() && !error.may_have_been_applied());
    }

    #[test]
    fn a_gateway_that_refuses_a_size_in_a_page_of_its_own_asks_for_smaller_requests() {
        for page in [
            &b"<html>413 Request Entity Too Large</html>"[..],
            b"",
            b"{\"error\":\"too large\"}",
        ] {
            let error = refusal(413, page);
            assert!(error.is_too_large() && error.splits());
            assert!(!error.may_have_been_applied());
        }
    }

    #[test]
    fn an_excerpt_holds_no_token() {
        let body = b"<html>token 00D5g00000ABCDE!AQEAQFAKE.fake-fake_fakefakefake here</html>";
        let text = excerpt(body);
        assert!(!text.contains("AQEAQ") && text.contains("here"), "{text}");
    }

    #[test]
    fn several_matches_are_listed() {
        let body = br#"["/services/data/v60.0/sobjects/Lead/0038M0000016Wv8QAE"]"#;
        let Error::Refused { errors, .. } = refusal(300, body) else {
            panic!("not refused");
        };
        assert_eq!(errors[0].matches[0].entity_type, "Lead");
    }

    proptest! {
        #[test]
        fn no_body_makes_reading_a_refusal_panic(status in 300u16..600, body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let error = refusal(status, &body);
            prop_assert!(!error.cause().is_empty());
        }

        #[test]
        fn no_json_makes_reading_a_refusal_panic(status in 300u16..600, body in r#"[\[{]"?(errorCode|message)?[\]{}\[",:a-z0-9]{0,40}"#) {
            refusal(status, body.as_bytes());
        }
    }
}
