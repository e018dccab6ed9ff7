//! Puts answers into HTTP.

use std::io::Write;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode};

use crate::http::{Answer, Body};

/// Answers smaller than this are not worth packing.
const GZIP_FROM: usize = 1024;

/// Whether the caller unpacks what is packed.
pub(crate) fn accepts_gzip(request: &Request<Incoming>) -> bool {
    let accepted = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok());
    accepted.is_some_and(|a| a.to_ascii_lowercase().contains("gzip"))
}

/// The HTTP form of an answer, and how many bytes its body has.
pub(crate) fn respond(answer: Answer, gzip: bool) -> (Response<Full<Bytes>>, usize) {
    let (kind, mut bytes) = match answer.body {
        Body::Empty => (None, Vec::new()),
        Body::Json(json) => (
            Some("application/json;charset=UTF-8"),
            json.to_string().into_bytes(),
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
    if gzip && bytes.len() >= GZIP_FROM {
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
