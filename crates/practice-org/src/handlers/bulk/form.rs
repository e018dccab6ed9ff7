//! `multipart/form-data`: a job and its file in one request.

use crate::http::{Call, Refused};

/// The parts `job` and `content`.
pub(super) fn parts(call: &Call) -> Result<(String, String), Refused> {
    let refuse = |message: &str| Refused::new(400, "BAD_REQUEST", message);
    let text = std::str::from_utf8(&call.body).map_err(|_| refuse("The body isn't UTF-8"))?;
    let kind = call.header("content-type").unwrap_or_default();
    let boundary = kind.split(';').find_map(|part| {
        let part = part.trim();
        let value = part
            .strip_prefix("boundary=")
            .or(part.strip_prefix("Boundary="))?;
        Some(value.trim_matches('"'))
    });
    let boundary = boundary.filter(|b| !b.is_empty());
    let mark = format!(
        "--{}",
        boundary.ok_or_else(|| refuse("The boundary is missing"))?
    );
    let part = |name: &str| {
        let wanted = format!("name=\"{name}\"");
        text.split(&mark).find_map(|part| {
            let (head, content) = split_head(part)?;
            head.contains(&wanted)
                .then(|| without_last_break(content).to_owned())
        })
    };
    let missing = |name: &str| refuse(&format!("The part '{name}' is missing"));
    let job = part("job").ok_or_else(|| missing("job"))?;
    let content = part("content").ok_or_else(|| missing("content"))?;
    Ok((job, content))
}

/// Headers and content of a part, which a blank line divides.
fn split_head(part: &str) -> Option<(&str, &str)> {
    part.split_once("\r\n\r\n")
        .or_else(|| part.split_once("\n\n"))
}

/// The line break before the next mark belongs to the mark.
fn without_last_break(content: &str) -> &str {
    let content = content.strip_suffix('\n').unwrap_or(content);
    content.strip_suffix('\r').unwrap_or(content)
}
