//! Postal codes that spreadsheet programs have taken for numbers.

/// Countries whose postal codes have five digits, and begin with a zero in some places.
const FIVE_DIGITS: &[&str] = &["DE", "ES", "FI", "FR", "IT", "MX", "US"];

/// Returns the code with its leading zero, where a code of the country lacks it.
pub(crate) fn with_lost_zero(code: &str, country: &str) -> Option<String> {
    let lacks_it = FIVE_DIGITS.contains(&country)
        && code.len() == 4
        && code.bytes().all(|byte| byte.is_ascii_digit());
    lacks_it.then(|| format!("0{code}"))
}

#[cfg(test)]
mod tests {
    use super::with_lost_zero;

    #[test]
    fn a_zero_comes_back_where_the_country_is_known_to_need_it() {
        assert_eq!(with_lost_zero("1067", "DE").as_deref(), Some("01067"));
        assert_eq!(with_lost_zero("2139", "US").as_deref(), Some("02139"));
        for (code, country) in [
            ("1010", "AT"),
            ("01067", "DE"),
            ("106", "DE"),
            ("10a7", "DE"),
        ] {
            assert_eq!(with_lost_zero(code, country), None, "{code} {country}");
        }
    }
}
