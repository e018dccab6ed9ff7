//! Numbers as digits, cut but never rounded, and never through binary floating point.

/// A decimal number as its digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digits {
    negative: bool,
    /// Before the point, without leading zeros; empty is zero.
    whole: String,
    /// After the point, without trailing zeros.
    fraction: String,
}

impl Digits {
    /// Reads digits with an optional sign and point, such as `-12.50`; no exponent, no thousands separators.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction)
        {
            return None;
        }
        Some(Self {
            negative,
            whole: whole.trim_start_matches('0').to_owned(),
            fraction: fraction.trim_end_matches('0').to_owned(),
        })
    }

    /// Returns how many digits stand before the point; zero has none.
    pub(super) fn whole_digits(&self) -> usize {
        self.whole.len()
    }

    /// Returns how many digits stand after the point.
    pub(super) fn scale(&self) -> usize {
        self.fraction.len()
    }

    /// Drops the digits after the point that a scale has no room for.
    pub(super) fn cut(&mut self, scale: usize) {
        self.fraction.truncate(scale);
        self.fraction
            .truncate(self.fraction.trim_end_matches('0').len());
    }
}

impl std::fmt::Display for Digits {
    /// Writes the number as JSON has it, in its shortest form.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let is_zero = self.whole.is_empty() && self.fraction.is_empty();
        if self.negative && !is_zero {
            f.write_str("-")?;
        }
        f.write_str(if self.whole.is_empty() {
            "0"
        } else {
            &self.whole
        })?;
        if !self.fraction.is_empty() {
            write!(f, ".{}", self.fraction)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Digits;

    #[test]
    fn numbers_are_written_in_their_shortest_form() {
        for (text, written) in [
            ("2.50", "2.5"),
            ("-0.00", "0"),
            ("007", "7"),
            (".5", "0.5"),
            ("-12.", "-12"),
            ("+3", "3"),
            ("0", "0"),
            ("100", "100"),
            (
                "123456789012345678901234567890.1",
                "123456789012345678901234567890.1",
            ),
        ] {
            assert_eq!(Digits::read(text).unwrap().to_string(), written, "{text}");
        }
    }

    #[test]
    fn what_is_not_a_plain_number_is_refused() {
        for text in [
            "", "-", ".", "1e5", "1,000", "0x10", "NaN", "inf", "1 2", "--1", "١",
        ] {
            assert_eq!(Digits::read(text), None, "{text}");
        }
    }

    #[test]
    fn digits_beyond_the_scale_are_cut_and_not_rounded() {
        for (text, scale, written) in [
            ("2.45397", 2, "2.45"),
            ("2.999", 2, "2.99"),
            ("-2.999", 0, "-2"),
            ("-0.004", 2, "0"),
            ("1.1001", 3, "1.1"),
            ("5", 2, "5"),
        ] {
            let mut digits = Digits::read(text).unwrap();
            digits.cut(scale);
            assert_eq!(digits.to_string(), written, "{text} to {scale}");
        }
    }
}
