//! What kind of custom field a column would need, guessed from some of its cells.

use leadferry_store::FieldKind;

use super::DateOrder;
use super::dates::{self, DateCell, DateManner, Order};
use super::fold::fold;
use super::numbers::{self, DecimalSign};
use super::values;

/// A text this long is not a name or a word any more.
const LONG: usize = 200;

/// Guesses the kind that takes every cell given, and leaves room for others like them.
pub(crate) fn guess(cells: &[&str], usual: DecimalSign) -> FieldKind {
    let filled: Vec<&str> = cells
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
        .collect();
    if filled
        .iter()
        .any(|cell| cell.contains(['\n', '\r']) || cell.len() > LONG)
    {
        return FieldKind::LongText;
    }
    if filled.is_empty() {
        return FieldKind::Text;
    }
    if filled.iter().all(|cell| is_yes_no(cell)) {
        return FieldKind::YesNo;
    }
    if let Some(kind) = number(&filled, usual) {
        return kind;
    }
    date(&filled).unwrap_or(FieldKind::Text)
}

/// Whole words only: 0 and 1 may be numbers.
fn is_yes_no(cell: &str) -> bool {
    matches!(
        fold(cell).as_str(),
        "yes" | "no" | "true" | "false" | "ja" | "nein" | "oui" | "non" | "si"
    )
}

fn number(cells: &[&str], usual: DecimalSign) -> Option<FieldKind> {
    let sign = numbers::decimal_sign(cells.iter().copied(), usual);
    let mut most_decimals = 0;
    for cell in cells {
        let digits = cell.trim_start_matches('-');
        // Leading zeros, plus signs and blanks belong to codes and phone numbers.
        let code =
            digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
        if code || cell.contains(['+', ' ', '(', '/']) {
            return None;
        }
        let decimal = numbers::decimal(cell, sign)?;
        most_decimals = most_decimals.max(decimal.scale);
    }
    match most_decimals {
        0 => Some(FieldKind::LongInteger),
        // Money has two, and the cells not seen may have more than those seen.
        1..=6 => Some(FieldKind::Decimal {
            scale: most_decimals.max(2) + 2,
        }),
        _ => Some(FieldKind::Float),
    }
}

fn date(cells: &[&str]) -> Option<FieldKind> {
    let order = match dates::order(cells.iter().copied()) {
        Order::Known(order) | Order::Mixed(order) => order,
        Order::Unclear | Order::Irrelevant => DateOrder::Dmy,
    };
    let manner = DateManner {
        order,
        latest: 2050,
        mixed: false,
    };
    // Fractions look like days without a year.
    let whole = |cell: &&str| match dates::date(cell, &manner) {
        Some(DateCell::Date(_) | DateCell::NoSuchDay(_)) => true,
        Some(DateCell::Nothing) | None => false,
        Some(DateCell::Incomplete) => cell.starts_with("1604"),
    };
    let readable = |cell: &&str| whole(cell) || values::is_zero(cell);
    let dates = cells.iter().any(whole) && cells.iter().all(readable);
    let times = cells.iter().any(|cell| cell.contains(':'));
    match (dates, times) {
        (false, _) => None,
        (true, false) => Some(FieldKind::Date),
        (true, true) => {
            let read = |cell: &&str| {
                values::is_zero(cell)
                    || dates::no_such_day(cell, &manner).is_some()
                    || dates::moment(cell, &manner, &jiff::tz::TimeZone::UTC).is_some()
            };
            cells.iter().all(read).then_some(FieldKind::DateTime)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_guessed_from_the_cells() {
        let cases: &[(&[&str], FieldKind)] = &[
            (&["Yes", "", "no"], FieldKind::YesNo),
            (&["1", "0"], FieldKind::LongInteger),
            (&["12", "1,234"], FieldKind::LongInteger),
            (&["1.5", "2"], FieldKind::Decimal { scale: 4 }),
            (&["0123", "4567"], FieldKind::Text),
            (&["+49 30 1234"], FieldKind::Text),
            (&["2024-05-01", "2024-06-30"], FieldKind::Date),
            (&["2024-05-01 10:00"], FieldKind::DateTime),
            (&["10:00"], FieldKind::Text),
            (&["one\ntwo"], FieldKind::LongText),
            (&["", ""], FieldKind::Text),
            (&["5", "five"], FieldKind::Text),
        ];
        for (cells, kind) in cases {
            assert_eq!(guess(cells, DecimalSign::Point), *kind, "{cells:?}");
        }
    }
}
