//! Counts as people write them.

/// Writes a count with its digits in groups of three.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes a count with its noun, in the singular for one.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{} {noun}", grouped(count))
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_singular_and_thousands_stand_apart() {
        let rows = [0, 1, 2, 999, 1_000, 1_234_567].map(|count| counted(count, "row", "rows"));
        assert_eq!(
            rows,
            [
                "0 rows",
                "1 row",
                "2 rows",
                "999 rows",
                "1,000 rows",
                "1,234,567 rows"
            ]
        );
    }
}
