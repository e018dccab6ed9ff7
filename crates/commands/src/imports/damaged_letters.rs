//! Letters that were damaged before a file came here: UTF-8 that was read in a wrong encoding is mended, and what was lost
//! is told.

use encoding_rs::WINDOWS_1252;

use super::charset::Charset;

/// The encodings that UTF-8 is taken for, and what the first bytes of its letters look like in them.
const TAKEN_FOR: [(Charset, &str); 4] = [
    (Charset::Web(WINDOWS_1252), "ÃÂÅÄÐÑâÎÏðãåäæçè"),
    (Charset::MAC, "√¬≈ƒ‚"),
    (Charset::Dos(850), "├┬┼─Ô"),
    (Charset::Dos(437), "├┬┼─Γ╨╤"),
];
/// A text may have been damaged so many times.
const MOST_TIMES: usize = 3;

/// Tells whether a text holds the sign for a letter that could not be read, or UTF-7.
pub(crate) fn are_in(text: &str) -> bool {
    match text.is_ascii() {
        true => text.contains('+') && is_utf_7(text),
        false => text.contains(char::REPLACEMENT_CHARACTER),
    }
}

/// Returns a text with its letters as they were before UTF-8 was taken for another encoding: `Jörg` for `JÃ¶rg`.
pub(crate) fn mended(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut whole: Option<String> = None;
    for _ in 0..MOST_TIMES {
        let current = whole.as_deref().unwrap_or(text);
        let mut taken = TAKEN_FOR
            .iter()
            .filter(|(_, beginnings)| may_be_utf_8(current, beginnings));
        match taken.find_map(|(charset, _)| undone(current, *charset)) {
            Some(better) => whole = Some(better),
            None => break,
        }
    }
    whole
}

/// Tells whether a letter with which UTF-8 may begin has a sign beyond ASCII behind it.
fn may_be_utf_8(text: &str, beginnings: &str) -> bool {
    let next = text.chars().skip(1);
    let mut pairs = text.chars().zip(next);
    pairs.any(|(first, second)| {
        !first.is_ascii() && !second.is_ascii() && beginnings.contains(first)
    })
}

/// Returns what a text is when its letters are bytes of UTF-8; nothing else than UTF-8 makes sense so.
fn undone(text: &str, charset: Charset) -> Option<String> {
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|letter| byte_of(letter, charset))
        .collect();
    let undone = String::from_utf8(bytes?).ok()?;
    let is_letter = |letter: char| !letter.is_control() && !is_of_phonetics(letter);
    undone
        .chars()
        .all(|letter| letter.is_ascii() || is_letter(letter))
        .then_some(undone)
}

/// Capitals before a closing quotation mark make signs of these blocks: `CAFÉ”`.
fn is_of_phonetics(letter: char) -> bool {
    matches!(letter, '\u{180}'..='\u{217}' | '\u{21c}'..='\u{36f}' | '\u{530}'..='\u{8ff}')
}

fn byte_of(letter: char, charset: Charset) -> Option<u8> {
    match u8::try_from(letter) {
        Ok(byte) if byte.is_ascii() => return Some(byte),
        // Some programs take bytes that windows-1252 has no letters for as control signs.
        Ok(byte @ 0x80..=0x9f) if charset == Charset::Web(WINDOWS_1252) => return Some(byte),
        _ => {}
    }
    let (mut buffer, mut bytes) = ([0; 4], Vec::new());
    charset.encode(letter.encode_utf8(&mut buffer).as_bytes(), &mut bytes);
    match bytes.as_slice() {
        [byte] => Some(*byte),
        _ => None,
    }
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
    fn lost_letters_are_told_from_whole_ones() {
        for text in ["J\u{fffd}rg", "J+APY-rg", "Wei+AN8-"] {
            assert!(are_in(text), "{text}");
        }
        for text in [
            "Jörg",
            "C++",
            "Research+AND-Development",
            "+49-30",
            "a+b-c",
            "",
        ] {
            assert!(!are_in(text), "{text}");
        }
    }

    #[test]
    fn letters_that_were_taken_for_others_come_back() {
        for (damaged, whole) in [
            ("JÃ¶rg", "Jörg"),
            ("WeiÃŸ", "Weiß"),
            ("WeiÃ\u{9f}", "Weiß"),
            ("ZoÃ« MÃ¼ller", "Zoë Müller"),
            ("Åukasz", ""),
            ("Å\u{81}ukasz Å»ak", "Łukasz Żak"),
            ("MÃƒÂ¼ller", "Müller"),
            ("Oâ€™Brien", "O’Brien"),
            ("J√∂rg M√ºller", "Jörg Müller"),
            ("J├Ârg M├╝ller", "Jörg Müller"),
            ("J├╢rg", "Jörg"),
            ("ÐŸÐµÑ‚Ñ€Ð¾Ð²", "Петров"),
            ("å¤ªéƒŽ", "太郎"),
        ] {
            assert_eq!(mended(damaged).unwrap_or_default(), whole, "{damaged}");
        }
    }

    #[test]
    fn whole_letters_stay() {
        for text in [
            "Jörg",
            "São Paulo",
            "Ângela",
            "Müller – Söhne",
            "Łukasz",
            "山田",
            "Иван",
            "“CAFÉ”",
            "CAFÉ”",
            "Groß®",
            "Ã",
            "Noël’s",
            "Ærø Å",
            "Aßäö",
            "Áäö",
            "Maçã",
            "Coração",
        ] {
            assert_eq!(mended(text), None, "{text}");
        }
    }
}
