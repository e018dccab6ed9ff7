//! Puts answers into HTTP.

use std::io::Write;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use crate::http::{Answer, Body};

/// Answers smaller than this are not worth packing.
const GZIP_FROM: usize = 1024;

/// How the caller wants its answer written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wishes {
    /// It unpacks what is packed.
    gzip: bool,
    /// It wants JSON with line breaks.
    pretty: bool,
}

impl Wishes {
    /// Reads them from a request's headers.
    pub(crate) fn of(headers: &HeaderMap) -> Wishes {
        let value = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
        let accepted = value(header::ACCEPT_ENCODING).unwrap_or_default();
        let pretty = value(HeaderName::from_static("x-prettyprint")).map(str::trim);
        Wishes {
            gzip: accepted.to_ascii_lowercase().contains("gzip"),
            pretty: pretty.is_some_and(|p| p == "1" || p.eq_ignore_ascii_case("true")),
        }
    }
}

/// The HTTP form of an answer, and how many bytes its body has.
pub(crate) fn respond(answer: Answer, wishes: Wishes) -> (Response<Full<Bytes>>, usize) {
    let (kind, mut bytes) = match answer.body {
        Body::Empty => (None, Vec::new()),
        Body::Json(json) => (
            Some("application/json;charset=UTF-8"),
            if wishes.pretty {
                json.pretty().into_bytes()
            } else {
                json.to_string().into_bytes()
            },
        ),
        Body::Text(kind, text) => (Some(kind), text.into_bytes()),
    };
    let mut response = Response::new(Full::default());
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    // Other origins neither read nor embed an answer, and no browser guesses what it is.
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Some(kind) = kind {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    if wishes.gzip && bytes.len() >= GZIP_FROM {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        if encoder.write_all(&bytes).is_ok()
            && let Ok(packed) = encoder.finish()
        {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            bytes = packed;
        }
    }
    let length = bytes.len();
    *response.body_mut() = Full::from(bytes);
    (response, length)
}
