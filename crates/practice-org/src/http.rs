//! One call and its answer, apart from any socket: composite subrequests travel as the same values.

use crate::json::{Json, object};

/// A request as the handlers see it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Call {
    /// Upper-case method.
    pub(crate) method: String,
    /// Path, still percent-encoded.
    pub(crate) path: String,
    /// Decoded query pairs in order.
    pub(crate) query: Vec<(String, String)>,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, unpacked.
    pub(crate) body: Vec<u8>,
    /// Scheme, host and port that the caller used, one of ours, without a slash at the end.
    pub(crate) base: String,
}

impl Call {
    /// The first query value called `name`.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The first header called `name` (lower case).
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The method, with `_HttpMethod` taken into account for POST.
    pub(crate) fn verb(&self) -> &str {
        const VERBS: [&str; 6] = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"];
        match self.param("_HttpMethod") {
            Some(verb) if self.method == "POST" => {
                let known = VERBS.into_iter().find(|v| v.eq_ignore_ascii_case(verb));
                known.unwrap_or(verb)
            }
            _ => &self.method,
        }
    }

    /// The media type of the body in lower case, without parameters.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.header("content-type")?.split(';').next()?;
        Some(value.trim().to_ascii_lowercase())
    }

    /// Decoded path segments without empty ones.
    pub(crate) fn segments(&self) -> Vec<String> {
        self.path
            .split('/')
            .filter(|s| !s.is_empty())
            .map(|s| decode(s, false))
            .collect()
    }

    /// A form's fields, `application/x-www-form-urlencoded`.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        pairs(&String::from_utf8_lossy(&self.body))
    }

    /// The body, which must be a JSON object: no resource takes anything else.
    pub(crate) fn json(&self) -> Result<Json, Refused> {
        let refuse = |message: String| Refused::new(400, "JSON_PARSER_ERROR", message);
        let text = std::str::from_utf8(&self.body)
            .map_err(|_| refuse("Invalid UTF-8 in the request body".to_owned()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            let message = "The HTTP entity body is required, but this request has no entity body.";
            return Err(refuse(message.to_owned()));
        }
        let json = crate::json::parse(text).map_err(|e| {
            refuse(format!(
                "{} at [line:{}, column:{}]",
                e.what, e.line, e.column
            ))
        })?;
        match json {
            Json::Object(_) => Ok(json),
            other => Err(refuse(format!(
                "Cannot deserialize the request body from {} at [line:1, column:1]",
                other.token()
            ))),
        }
    }
}

/// What goes back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: u16,
    /// Extra headers.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Body,
    /// It answers a wrong guess at a secret, so it is held back for a while.
    pub(crate) guess: bool,
}

/// A body with its kind.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// Nothing.
    Empty,
    /// JSON.
    Json(Json),
    /// Text with its content type.
    Text(&'static str, String),
}

impl Answer {
    /// JSON with a status.
    pub(crate) fn json(status: u16, body: Json) -> Answer {
        Answer {
            status,
            headers: Vec::new(),
            body: Body::Json(body),
            guess: false,
        }
    }

    /// 204.
    pub(crate) fn no_content() -> Answer {
        Answer {
            status: 204,
            headers: Vec::new(),
            body: Body::Empty,
            guess: false,
        }
    }

    /// 201 without a body.
    pub(crate) fn created() -> Answer {
        Answer {
            status: 201,
            ..Answer::no_content()
        }
    }

    /// Text of a kind.
    pub(crate) fn text(status: u16, kind: &'static str, text: impl Into<String>) -> Answer {
        Answer {
            status,
            headers: Vec::new(),
            body: Body::Text(kind, text.into()),
            guess: false,
        }
    }

    /// A page.
    pub(crate) fn html(status: u16, text: impl Into<String>) -> Answer {
        Answer::text(status, "text/html;charset=UTF-8", text)
    }

    /// Marks the answer to a wrong guess at a secret.
    pub(crate) fn for_a_guess(self) -> Answer {
        Answer {
            guess: true,
            ..self
        }
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Answer {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// A request refused as a whole, in the REST API's form.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refused {
    /// HTTP status.
    pub(crate) status: u16,
    /// `errorCode`.
    pub(crate) code: String,
    /// `message`.
    pub(crate) message: String,
    /// `fields`, left out when empty.
    pub(crate) fields: Vec<String>,
    /// A member that stands before the others, such as the duplicate result.
    pub(crate) extra: Option<Box<(String, Json)>>,
    /// Headers that go with it.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Refused {
    /// A refusal without fields.
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Refused {
        Refused {
            status,
            code: code.to_owned(),
            message: message.into(),
            fields: Vec::new(),
            extra: None,
            headers: Vec::new(),
        }
    }

    /// The resource does not exist.
    pub(crate) fn not_found() -> Refused {
        Refused::new(404, "NOT_FOUND", "The requested resource does not exist")
    }

    /// The method does not fit the resource.
    pub(crate) fn method(method: &str, allowed: &str) -> Refused {
        let message = format!("HTTP Method '{method}' not allowed. Allowed are {allowed}");
        Refused {
            headers: vec![("Allow", allowed.to_owned())],
            ..Refused::new(405, "METHOD_NOT_ALLOWED", message)
        }
    }

    /// The org's database failed: told as Salesforce tells its own mishaps.
    pub(crate) fn internal(error: &rusqlite::Error) -> Refused {
        tracing::error!(%error, "the practice org's database failed");
        Refused::new(
            500,
            "UNKNOWN_EXCEPTION",
            "An unexpected error occurred. Please include this ErrorId if you contact support: 0",
        )
    }

    /// The wire form: an array of one error.
    pub(crate) fn answer(&self) -> Answer {
        let mut error = object([]);
        if let Some((name, value)) = self.extra.as_deref() {
            error.push(name, value.clone());
        }
        error.push("message", self.message.as_str());
        error.push("errorCode", self.code.as_str());
        if !self.fields.is_empty() {
            error.push(
                "fields",
                crate::json::array(self.fields.iter().map(String::as_str)),
            );
        }
        let answer = Answer::json(self.status, Json::Array(vec![error]));
        self.headers.iter().fold(answer, |answer, (name, value)| {
            answer.with(name, value.as_str())
        })
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Refused {
        Refused::internal(&error)
    }
}

/// Splits and decodes `a=b&c=d`.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name, true), decode(value, true))
        })
        .collect()
}

/// Decodes percent signs, and plus signs where `plus` says so.
pub(crate) fn decode(text: &str, plus: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = text
            .get(at + 1..at + 3)
            .filter(|_| byte == b'%')
            .and_then(|s| u8::from_str_radix(s, 16).ok());
        match (byte, hex) {
            (_, Some(value)) => {
                out.push(value);
                at += 2;
            }
            (b'+', None) if plus => out.push(b' '),
            (byte, None) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Percent-encodes everything but unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_pairs_come_back() {
        assert_eq!(
            pairs("a=x%20y+z&b"),
            vec![("a".into(), "x y z".into()), ("b".into(), String::new())]
        );
        assert_eq!(decode("100%", false), "100%", "a lone percent sign stays");
        assert_eq!(decode(&encode("a=ü/+"), true), "a=ü/+");
    }
}
