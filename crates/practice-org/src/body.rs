//! Reads request bodies: so many bytes, in so much time, unpacked to so many.

use std::io::Read;
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use crate::http::Refused;

/// Most bytes of a body, packed or not.
pub(crate) const LIMIT: usize = 50 * 1024 * 1024;

/// Most bytes of a bulk job's file, packed or not.
pub(crate) const UPLOAD_LIMIT: usize = 150_000_000;

/// Most bytes kept of a caller who has shown no token: more than any sign-in needs.
pub(crate) const STRANGERS_LIMIT: usize = 64 * 1024;

/// Reads and unpacks a body in at most `time`.
///
/// A body larger than `keep` bytes is read to its end, so that the caller hears the answer, but comes back empty. One
/// larger than `most` bytes is refused.
pub(crate) async fn read(
    body: Incoming,
    encoding: &str,
    (keep, most): (usize, usize),
    time: Duration,
) -> Result<Vec<u8>, Refused> {
    let packed = tokio::time::timeout(time, collect(body, keep, most)).await;
    let Some(packed) = packed.map_err(|_| too_slow())?? else {
        return Ok(Vec::new());
    };
    let body = match encoding.trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => unpack(flate2::read::GzDecoder::new(&packed[..]), keep)?,
        "deflate" => unpack(flate2::read::ZlibDecoder::new(&packed[..]), keep)?,
        "" | "identity" => packed,
        other => return Err(unknown_encoding(other)),
    };
    match body.len() {
        length if length <= keep => Ok(body),
        _ if keep < most => Ok(Vec::new()),
        _ => Err(too_large(most)),
    }
}

/// All bytes of a body, or `None` where there are more than `keep`.
async fn collect(mut body: Incoming, keep: usize, most: usize) -> Result<Option<Vec<u8>>, Refused> {
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| broken())?.into_data() else {
            continue;
        };
        length += data.len();
        if length > most {
            return Err(too_large(most));
        }
        if length > keep {
            kept = Vec::new();
        } else {
            kept.extend_from_slice(&data);
        }
    }
    Ok((length <= keep).then_some(kept))
}

/// Unpacks to a byte more than the limit at most.
fn unpack(reader: impl Read, limit: usize) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    let read = reader.take(limit as u64 + 1).read_to_end(&mut out);
    read.map_err(|_| {
        Refused::new(
            400,
            "JSON_PARSER_ERROR",
            "The request body could not be unpacked",
        )
    })?;
    Ok(out)
}

fn unknown_encoding(encoding: &str) -> Refused {
    let message = format!("Content-Encoding not supported: {encoding}");
    Refused::new(415, "UNSUPPORTED_MEDIA_TYPE", message)
}

fn too_large(most: usize) -> Refused {
    let message = format!("The request exceeds the limit of {most} bytes");
    Refused::new(400, "EXCEEDED_MAX_SIZE_REQUEST", message)
}

fn too_slow() -> Refused {
    Refused::new(
        408,
        "REQUEST_TIMEOUT",
        "The request body took too long to arrive.",
    )
}

fn broken() -> Refused {
    Refused::new(
        400,
        "MALFORMED_REQUEST",
        "The request body is malformed or incomplete.",
    )
}
