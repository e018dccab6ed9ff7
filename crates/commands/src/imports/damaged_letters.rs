//! Tells letters that were damaged before a file came here: read in a wrong encoding and written back, or lost.

use encoding_rs::WINDOWS_1252;

/// Tells whether a text holds the sign for a letter that could not be read, UTF-8 that was taken for windows-1252, or
/// UTF-7.
pub(crate) fn are_in(text: &str) -> bool {
    match text.is_ascii() {
        true => text.contains('+') && is_utf_7(text),
        false => text.contains(char::REPLACEMENT_CHARACTER) || is_encoded_twice(text),
    }
}

/// Tells whether all letters of a text written as windows-1252 make UTF-8, as nothing but UTF-8 does.
fn is_encoded_twice(text: &str) -> bool {
    let (bytes, _, has_others) = WINDOWS_1252.encode(text);
    !has_others && std::str::from_utf8(&bytes).is_ok()
}

/// Tells whether a text holds a Latin letter as UTF-7 writes it: `J+APY-rg`.
fn is_utf_7(text: &str) -> bool {
    let mut shifts = text
        .match_indices('+')
        .map(|(at, _)| &text.as_bytes()[at + 1..]);
    shifts.any(|rest| match rest {
        [one, two, three, b'-', ..] => latin_letter(*one, *two, *three).is_some(),
        _ => false,
    })
}

fn latin_letter(one: u8, two: u8, three: u8) -> Option<u32> {
    let [one, two, three] = [six_bits(one)?, six_bits(two)?, six_bits(three)?];
    let letter = one << 10 | two << 4 | three >> 2;
    // The bits that fill up the last figure are zero.
    (three & 3 == 0 && (0xc0..=0x24f).contains(&letter)).then_some(letter)
}

fn six_bits(figure: u8) -> Option<u32> {
    let bits = match figure {
        b'A'..=b'Z' => figure - b'A',
        b'a'..=b'z' => figure - b'a' + 26,
        b'0'..=b'9' => figure - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(bits.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_letters_are_told_from_whole_ones() {
        for text in [
            "J\u{c3}\u{b6}rg",
            "Wei\u{c3}\u{178}",
            "Zo\u{c3}\u{ab} M\u{c3}\u{bc}ller",
            "J\u{fffd}rg",
            "J+APY-rg",
            "Wei+AN8-",
        ] {
            assert!(are_in(text), "{text}");
        }
        for text in [
            "Jörg",
            "São Paulo",
            "Ângela",
            "Müller – Söhne",
            "Łukasz",
            "山田",
            "Иван",
            "C++",
            "Research+AND-Development",
            "+49-30",
            "a+b-c",
            "",
        ] {
            assert!(!are_in(text), "{text}");
        }
    }
}
