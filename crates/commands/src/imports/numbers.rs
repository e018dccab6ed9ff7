//! Numbers as people and programs write them.

use std::cmp::Ordering;

use leadferry_store::Decimal;
use serde::{Deserialize, Serialize};

/// Which sign stands before the decimals; the other one separates thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum DecimalSign {
    /// As in 1.5.
    Point,
    /// As in 1,5.
    Comma,
}

const CURRENCIES: &[&str] = &["€", "$", "£", "¥", "EUR", "USD", "GBP", "CHF", "%"];

/// What some cells of a column say about the sign before the decimals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signs {
    Known(DecimalSign),
    /// Numbers such as this one only, which can be read in two ways.
    Unclear(String),
    /// No number with such a sign, or as many for one as for the other.
    Irrelevant,
}

/// Looks at some cells of a column for numbers that can be read in one way only.
pub(crate) fn signs<'a>(cells: impl Iterator<Item = &'a str>) -> Signs {
    let (mut points, mut commas, mut unclear) = (0, 0, None);
    for cell in cells {
        let number = bare(cell).0;
        match sign_of(number) {
            Some(DecimalSign::Point) => points += 1,
            Some(DecimalSign::Comma) => commas += 1,
            None if unclear.is_none() && number.contains(['.', ',']) => unclear = Some(number),
            None => {}
        }
    }
    match (points.cmp(&commas), unclear) {
        (Ordering::Greater, _) => Signs::Known(DecimalSign::Point),
        (Ordering::Less, _) => Signs::Known(DecimalSign::Comma),
        (Ordering::Equal, Some(number)) => Signs::Unclear(number.to_owned()),
        (Ordering::Equal, None) => Signs::Irrelevant,
    }
}

/// Decides from some cells of one column; `usual` where they say nothing.
pub(crate) fn decimal_sign<'a>(
    cells: impl Iterator<Item = &'a str>,
    usual: DecimalSign,
) -> DecimalSign {
    match signs(cells) {
        Signs::Known(sign) => sign,
        Signs::Unclear(_) | Signs::Irrelevant => usual,
    }
}

/// What one number says about the sign; `1,234` says nothing.
fn sign_of(text: &str) -> Option<DecimalSign> {
    let (point, comma) = (text.rfind('.'), text.rfind(','));
    let (at, sign, other) = match (point, comma) {
        (Some(point), Some(comma)) if point > comma => return Some(DecimalSign::Point),
        (Some(_), Some(_)) => return Some(DecimalSign::Comma),
        (Some(point), None) => (point, DecimalSign::Point, DecimalSign::Comma),
        (None, Some(comma)) => (comma, DecimalSign::Comma, DecimalSign::Point),
        (None, None) => return None,
    };
    let (whole, decimals) = (&text[..at], &text[at + 1..]);
    if whole.contains(['.', ',']) {
        Some(other)
    } else if decimals.len() == 3 && (1..=3).contains(&whole.len()) && whole != "0" {
        None
    } else {
        Some(sign)
    }
}

/// Takes off what stands around the digits; true for a negative number.
fn bare(text: &str) -> (&str, bool) {
    let mut text = text.trim();
    let mut negative = false;
    if let Some(inner) = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        (text, negative) = (inner.trim(), true);
    }
    loop {
        let before = text;
        if let Some(rest) = text.strip_prefix(['-', '−']) {
            (text, negative) = (rest.trim_start(), !negative);
        }
        text = text.strip_prefix('+').unwrap_or(text).trim();
        for sign in CURRENCIES {
            text = text.strip_prefix(sign).unwrap_or(text).trim_start();
            text = text.strip_suffix(sign).unwrap_or(text).trim_end();
        }
        if text == before || text.is_empty() {
            return (text, negative);
        }
    }
}

/// The digits of a number, before and after the decimal sign.
struct Digits {
    negative: bool,
    whole: String,
    decimals: String,
}

fn digits(text: &str, sign: DecimalSign) -> Option<Digits> {
    let (text, negative) = bare(text);
    let (sign, thousands) = match sign {
        DecimalSign::Point => ('.', ','),
        DecimalSign::Comma => (',', '.'),
    };
    let (whole, decimals) = text.split_once(sign).unwrap_or((text, ""));
    let gap = |letter: char| {
        letter == thousands
            || matches!(
                letter,
                ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’'
            )
    };
    let groups: Vec<&str> = whole.split(gap).collect();
    let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = groups.len() == 1
        || (!groups[0].is_empty()
            && groups[0].len() <= 3
            && groups[1..].iter().all(|group| group.len() == 3));
    let fits = grouped && groups.iter().all(|group| numeric(group)) && numeric(decimals);
    let some = groups.iter().any(|group| !group.is_empty()) || !decimals.is_empty();
    (fits && some).then(|| Digits {
        negative,
        whole: groups.concat(),
        decimals: decimals.trim_end_matches('0').to_owned(),
    })
}

/// Reads a whole number; decimals may be there if they are zeros.
pub(crate) fn whole(text: &str, sign: DecimalSign) -> Option<i64> {
    let digits = digits(text, sign).filter(|digits| digits.decimals.is_empty())?;
    signed(&digits.whole, digits.negative)
}

fn signed(digits: &str, negative: bool) -> Option<i64> {
    let digits = if digits.is_empty() { "0" } else { digits };
    if negative {
        format!("-{digits}").parse().ok()
    } else {
        digits.parse().ok()
    }
}

/// Reads an exact decimal with as many decimals as were written.
pub(crate) fn decimal(text: &str, sign: DecimalSign) -> Option<Decimal> {
    let digits = digits(text, sign)?;
    let scale = u8::try_from(digits.decimals.len())
        .ok()
        .filter(|scale| *scale <= 18)?;
    let units = signed(
        &format!("{}{}", digits.whole, digits.decimals),
        digits.negative,
    )?;
    Some(Decimal { units, scale })
}

/// Reads a floating point number.
pub(crate) fn float(text: &str, sign: DecimalSign) -> Option<f64> {
    let number: f64 = match digits(text, sign) {
        Some(digits) => {
            let minus = if digits.negative { "-" } else { "" };
            format!("{minus}{}.{}", digits.whole, digits.decimals)
                .parse()
                .ok()?
        }
        // Digits and an exponent, as programs write them.
        None if text.bytes().any(|byte| byte.is_ascii_digit()) => text.trim().parse().ok()?,
        None => return None,
    };
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decimal_sign_is_decided_by_column() {
        let decide = |cells: &[&str]| decimal_sign(cells.iter().copied(), DecimalSign::Point);
        assert_eq!(decide(&["1,5", "2,25"]), DecimalSign::Comma);
        assert_eq!(decide(&["1.234,50"]), DecimalSign::Comma);
        assert_eq!(decide(&["1,234.50", "7"]), DecimalSign::Point);
        assert_eq!(decide(&["1.234.567"]), DecimalSign::Comma);
        assert_eq!(decide(&["1,234"]), DecimalSign::Point, "nothing to go by");
        assert_eq!(
            decimal_sign(["1.234"].into_iter(), DecimalSign::Comma),
            DecimalSign::Comma
        );
    }

    #[test]
    fn numbers_are_read_in_either_manner() {
        use DecimalSign::{Comma, Point};
        assert_eq!(whole("1,234", Point), Some(1234));
        assert_eq!(whole("1.234", Comma), Some(1234));
        assert_eq!(whole("1'234 CHF", Point), Some(1234));
        assert_eq!(whole("-5.00", Point), Some(-5));
        assert_eq!(whole("(5)", Point), Some(-5));
        assert_eq!(whole("9223372036854775807", Point), Some(i64::MAX));
        assert_eq!(whole("9223372036854775808", Point), None);
        assert_eq!(
            decimal("€ 1.234,50", Comma),
            Some(Decimal {
                units: 12345,
                scale: 1
            })
        );
        assert_eq!(decimal("0.1", Point), Some(Decimal { units: 1, scale: 1 }));
        assert_eq!(float("1.5e3", Point), Some(1500.0));
        assert_eq!(float("2,5", Comma), Some(2.5));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "abc",
            "1,5",
            "12,34,567",
            "1.2.3",
            "--",
            "-",
            "inf",
            "NaN",
            ".",
        ] {
            assert_eq!(whole(text, DecimalSign::Point), None, "{text}");
            assert_eq!(float(text, DecimalSign::Point), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,20}") {
            let _ = (whole(&text, DecimalSign::Comma), decimal(&text, DecimalSign::Comma), float(&text, DecimalSign::Comma), sign_of(bare(&text).0));
        }
    }
}
