//! Number formats that are more than looks: the leading zeros of postal codes, and what stands between the digits of
//! phone numbers.

/// A format made of digits and signs between them.
#[derive(Debug, PartialEq)]
pub(super) struct Digits {
    sections: Vec<(Option<Condition>, Option<Vec<Token>>)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Sign(char),
    /// Shown as zero where the number has no such digit.
    Zero,
    /// Shown as nothing there.
    Digit,
}

/// The numbers that a section is for.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Condition {
    less: bool,
    equal: bool,
    greater: bool,
    than: f64,
}

impl Digits {
    /// Reads a format; None of one that only says how a number looks.
    pub(super) fn of(format: &str) -> Option<Self> {
        let sections: Vec<_> = sections(format)
            .iter()
            .map(|section| read(section))
            .collect();
        let counts = sections.iter().any(|(_, tokens)| tokens.is_some());
        counts.then_some(Self { sections })
    }

    /// Writes a whole number; None of one that the format does not concern.
    pub(super) fn text(&self, number: f64) -> Option<String> {
        if number < 0.0 || number != number.trunc() || number >= 1e15 {
            return None;
        }
        let fits = |condition: &Option<Condition>| {
            condition.is_none_or(|condition| condition.fits(number))
        };
        let (_, tokens) = self
            .sections
            .iter()
            .find(|(condition, _)| fits(condition))?;
        let tokens = tokens.as_ref()?;
        let is_text = is_code(tokens) || number >= LEAST_WITH_PLUS;
        is_text.then(|| written(tokens, &format!("{number:.0}")))
    }
}

fn written(tokens: &[Token], number: &str) -> String {
    let first = tokens
        .iter()
        .position(|token| !matches!(token, Token::Sign(_)));
    let (mut digits, mut out) = (number.chars().rev(), Vec::new());
    for (at, token) in tokens.iter().enumerate().rev() {
        match token {
            Token::Sign(sign) => out.push(*sign),
            Token::Zero => out.push(digits.next().unwrap_or('0')),
            Token::Digit => out.extend(digits.next()),
        }
        if Some(at) == first {
            out.extend(digits.by_ref());
        }
    }
    out.iter().rev().collect()
}

impl Condition {
    /// Reads `<=9999999`.
    fn of(text: &str) -> Option<Self> {
        let than = text.trim_start_matches(['<', '>', '=']);
        let sign = &text[..text.len() - than.len()];
        Some(Self {
            less: sign.contains('<'),
            equal: sign.contains('='),
            greater: sign.contains('>'),
            than: than.trim().parse().ok()?,
        })
    }

    fn fits(self, number: f64) -> bool {
        (self.less && number < self.than)
            || (self.equal && number == self.than)
            || (self.greater && number > self.than)
    }
}

/// Takes a format apart at its semicolons.
fn sections(format: &str) -> Vec<String> {
    let (mut sections, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for letter in format.chars() {
        let is_end = letter == ';' && !quoted && !escaped;
        quoted ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped && !quoted;
        match sections.last_mut() {
            Some(last) if !is_end => last.push(letter),
            _ => sections.push(String::new()),
        }
    }
    sections
}

/// Reads a section: what it is for, and its digits and signs where they are more than looks.
fn read(section: &str) -> (Option<Condition>, Option<Vec<Token>>) {
    let (mut condition, mut tokens, mut plain) = (None, Vec::new(), false);
    let mut letters = section.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '0' => tokens.push(Token::Zero),
            '#' | '?' => tokens.push(Token::Digit),
            '\\' => tokens.extend(letters.next().map(Token::Sign)),
            '"' => tokens.extend(
                letters
                    .by_ref()
                    .take_while(|letter| *letter != '"')
                    .map(Token::Sign),
            ),
            // For the width of a sign, or to fill the cell with it.
            '_' | '*' => drop(letters.next()),
            '[' => {
                let inside: String = letters
                    .by_ref()
                    .take_while(|letter| *letter != ']')
                    .collect();
                condition = condition.or_else(|| Condition::of(&inside));
                plain |= inside.starts_with('$') && !inside.starts_with("$-");
            }
            '-' | '+' | '(' | ')' | ' ' => tokens.push(Token::Sign(letter)),
            // Decimals, thousands, percents, powers, fractions, dates, texts.
            _ => plain = true,
        }
    }
    let is_text = is_code(&tokens) || has_plus(&tokens);
    (condition, (!plain && is_text).then_some(tokens))
}

/// A plus before so large a number is that of a phone number, and before smaller ones that of a difference.
const LEAST_WITH_PLUS: f64 = 1e9;

fn has_plus(tokens: &[Token]) -> bool {
    let is_sign = |token: &Token| matches!(token, Token::Sign(_));
    let [Token::Sign('+'), behind @ ..] = tokens else {
        return false;
    };
    let Some(first_digit) = behind.iter().position(|token| !is_sign(token)) else {
        return false;
    };
    // A country may stand between them, as in `"+49"0`.
    let (country, number) = behind.split_at(first_digit);
    let is_country =
        |token: &Token| matches!(token, Token::Sign(sign) if *sign == ' ' || sign.is_ascii_digit());
    country.iter().all(is_country) && !number.iter().any(is_sign)
}

/// Tells the format of a code or phone number from that of an amount.
fn is_code(tokens: &[Token]) -> bool {
    let is_digit = |token: &&Token| !matches!(token, Token::Sign(_));
    let zeros = tokens.iter().filter(|token| **token == Token::Zero).count();
    let digits = tokens.iter().filter(is_digit).count();
    let behind = tokens
        .iter()
        .skip_while(|token| matches!(token, Token::Sign(_)));
    // Units stand behind amounts, and currencies anywhere.
    let unit = behind
        .clone()
        .any(|token| matches!(token, Token::Sign(sign) if sign.is_alphabetic()));
    let money = tokens
        .iter()
        .any(|token| matches!(token, Token::Sign('$' | '€' | '£' | '¥' | '%')));
    let parted = behind
        .take(digits)
        .any(|token| matches!(token, Token::Sign(_)));
    !unit && !money && (zeros > 1 || (parted && digits > 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_phone_numbers_are_written_as_the_sheet_shows_them() {
        for (format, number, text) in [
            ("00000", 1067.0, "01067"),
            ("00000-0000", 21_231_234.0, "02123-1234"),
            ("000-00-0000", 12_345_678.0, "012-34-5678"),
            ("00000", 123_456.0, "123456"),
            ("\"D-\"00000", 1067.0, "D-01067"),
            ("\\00000000", 1_701_234.0, "01701234"),
            (
                "[<=9999999]###-####;(###) ###-####",
                5_551_234.0,
                "555-1234",
            ),
            (
                "[<=9999999]###-####;(###) ###-####",
                2_075_550_101.0,
                "(207) 555-0101",
            ),
            ("00000;[Red]-00000", 1.0, "00001"),
            ("[$-407]00000", 4103.0, "04103"),
            ("+00 000 0000000_)", 491_701_234_567.0, "+49 170 1234567"),
            ("\"+\"0", 491_701_234_567.0, "+491701234567"),
            ("\\+0", 491_701_234_567.0, "+491701234567"),
            ("+#", 491_701_234_567.0, "+491701234567"),
            ("\"+49 \"0", 1_701_234_567.0, "+49 1701234567"),
        ] {
            let digits = Digits::of(format).unwrap_or_else(|| panic!("{format}"));
            assert_eq!(digits.text(number).as_deref(), Some(text), "{format}");
        }
    }

    #[test]
    fn amounts_stay_numbers() {
        for format in [
            "General",
            "0",
            "0.00",
            "#,##0",
            "#,##0.00",
            "# ##0",
            "0%",
            "0.00E+00",
            "@",
            "00\" h\"",
            "[$€-407]00",
            "\"$\"00",
            "# ?/?",
            "",
            "0_ ;[Red]\\-0\\ ",
        ] {
            assert_eq!(Digits::of(format), None, "{format}");
        }
        assert_eq!(Digits::of("+0;-0;0").unwrap().text(1200.0), None);
        let digits = Digits::of("00000").unwrap();
        for number in [-1.0, 1.5, 1e300] {
            assert_eq!(digits.text(number), None, "{number}");
        }
    }
}
