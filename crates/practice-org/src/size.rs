//! Refuses requests whose target or headers are too long, before their body is read.

use hyper::http::request::Parts;

use crate::http::Refused;

/// Most bytes of a target, and of target and headers together.
///
/// # Source
/// REST API Developer Guide, "Status Codes and Error Responses".
const MOST: usize = 16_384;

/// Returns why a request's head is too long, if it is.
pub(crate) fn check(head: &Parts) -> Result<(), Refused> {
    let target = head.uri.path_and_query().map_or(0, |p| p.as_str().len());
    if target > MOST {
        return Err(Refused::new(414, "URI_TOO_LONG", "The URI is too long"));
    }
    // A colon, a blank and a line end go with each header.
    let lines = head
        .headers
        .iter()
        .map(|(n, v)| n.as_str().len() + v.len() + 4);
    if target + lines.sum::<usize>() > MOST {
        let message = format!("The URI and headers exceed the limit of {MOST} bytes");
        return Err(Refused::new(
            431,
            "REQUEST_HEADER_FIELDS_TOO_LARGE",
            message,
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(target: usize, header: usize) -> u16 {
        let request = hyper::Request::builder()
            .uri(format!("/{}", "x".repeat(target - 1)))
            .header("h", "x".repeat(header - 5));
        let (head, ()) = request.body(()).unwrap().into_parts();
        check(&head).map_or_else(|refused| refused.status, |()| 200)
    }

    #[test]
    fn target_and_headers_have_one_limit() {
        assert_eq!(status(10_000, 6_384), 200);
        assert_eq!(status(10_000, 6_385), 431);
        assert_eq!(status(MOST, 5), 431);
        assert_eq!(status(MOST + 1, 5), 414);
    }
}
