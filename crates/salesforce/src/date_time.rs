//! Dates and times as the org writes them.

use jiff::Timestamp;

/// Returns the moment that a date-time of the org names, or None when it is not one.
///
/// The org writes offsets without a colon (`2012-07-12T17:49:01.000+0000`) and accepts them with one; both are read,
/// and `Z` too.
pub fn parse_date_time(text: &str) -> Option<Timestamp> {
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    let split = text.len().checked_sub(5)?;
    let (head, offset) = (text.get(..split)?, text.get(split..)?);
    let signed = offset.starts_with(['+', '-']);
    if !signed || !offset[1..].bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{head}{}:{}", &offset[..3], &offset[3..])
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_with_and_without_a_colon() {
        let expected: Timestamp = "2012-07-12T17:49:01Z".parse().unwrap();
        for text in [
            "2012-07-12T17:49:01.000+0000",
            "2012-07-12T17:49:01.000+00:00",
            "2012-07-12T17:49:01Z",
            "2012-07-12T19:49:01.000+0200",
        ] {
            assert_eq!(parse_date_time(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_time_is_none() {
        for text in [
            "",
            "+0000",
            "2012-07-12",
            "2012-13-12T17:49:01.000+0000",
            "ünï+00é0",
        ] {
            assert_eq!(parse_date_time(text), None, "{text}");
        }
    }
}
