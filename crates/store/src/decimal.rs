//! Reading exact decimals from text.

use std::str::FromStr;

use crate::{Decimal, Error};

const MOST_DIGITS: usize = 18;

impl FromStr for Decimal {
    type Err = Error;

    /// Reads digits with an optional sign and point, such as `-12.50`; at most 18 digits.
    fn from_str(text: &str) -> Result<Self, Error> {
        read(text.trim()).ok_or_else(|| {
            Error::Refused(
                "a decimal has at most 18 digits and a decimal point, such as -12.50".into(),
            )
        })
    }
}

fn read(text: &str) -> Option<Decimal> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() + fraction.len() > MOST_DIGITS {
        return None;
    }
    let units: i64 = match format!("{whole}{fraction}").as_str() {
        "" => 0,
        digits => digits.parse().ok()?,
    };
    Some(Decimal {
        units: if negative { -units } else { units },
        scale: u8::try_from(fraction.len()).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::Decimal;

    #[test]
    fn decimals_are_read_digit_by_digit() {
        let read = |text: &str| {
            text.parse::<Decimal>()
                .ok()
                .map(|decimal| (decimal.units, decimal.scale))
        };
        assert_eq!(read("12.50"), Some((1250, 2)));
        assert_eq!(read("-.5"), Some((-5, 1)));
        assert_eq!(read("+007"), Some((7, 0)));
        assert_eq!(
            read("999999999999999999"),
            Some((999_999_999_999_999_999, 0))
        );
        for refused in [
            "",
            ".",
            "-",
            "1e5",
            "1,5",
            "0x1",
            "1.2.3",
            "1234567890.1234567890",
            "NaN",
        ] {
            assert_eq!(read(refused), None, "{refused}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(units in -999_999_999_999_999_999_i64..=999_999_999_999_999_999, scale in 0_u8..=18) {
            let decimal = Decimal { units, scale };
            prop_assert_eq!(decimal.to_string().parse::<Decimal>().unwrap(), decimal);
        }
    }
}
