//! Tells single-byte encodings apart by what a text would read like in each.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::WINDOWS_1252;

use super::charset::Charset;

/// What programs of today do not write, but others did: tried where the usual guess reads badly, the likeliest first.
const OLD: [Charset; 5] = [
    Charset::Web(WINDOWS_1252),
    Charset::Dos(850),
    Charset::MAC,
    Charset::Dos(437),
    Charset::Dos(852),
];

/// Guesses the encoding of a text that is not UTF-8; lines that end with carriage returns alone come from old Macs.
pub(crate) fn guess(sample: &[u8], is_mac: bool) -> Charset {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let usual = detector.guess(None, Utf8Detection::Deny);
    if usual.is_single_byte() {
        better(Charset::Web(usual), sample, is_mac)
    } else {
        Charset::Web(usual)
    }
}

/// Guesses the encoding of some rows of a file that is UTF-8 otherwise: too few to tell languages apart.
pub(crate) fn guess_rows(sample: &[u8], is_mac: bool) -> Charset {
    better(Charset::Web(WINDOWS_1252), sample, is_mac)
}

/// Tells whether many lines read badly in an encoding, and well in others.
pub(crate) fn is_mixed(charset: Charset, sample: &[u8]) -> bool {
    let lines = sample
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_ascii());
    let (mut all, mut mended) = (0, 0);
    for line in lines {
        all += 1;
        let is_mended = oddities(charset, line) > 0 && oddities(guess_rows(line, false), line) == 0;
        mended += usize::from(is_mended);
    }
    OLD.contains(&charset) && mended * MIXED >= all && mended > 0
}

/// A file of which one line in so many reads better otherwise is in several encodings.
const MIXED: usize = 5;

/// Returns the usual encoding, or an old one in which the text reads better.
fn better(usual: Charset, sample: &[u8], is_mac: bool) -> Charset {
    let bad = oddities(usual, sample);
    if is_mac && oddities(Charset::MAC, sample) <= bad {
        return Charset::MAC;
    }
    let mut best = (bad, usual);
    for charset in OLD {
        let found = oddities(charset, sample);
        if found < best.0 {
            best = (found, charset);
        }
    }
    // A few odd signs stand in every large file; a wrong encoding makes many of them.
    if best.0 * 2 <= bad { best.1 } else { usual }
}

/// Counts what no name or word is written like.
fn oddities(charset: Charset, sample: &[u8]) -> usize {
    let mut text = Vec::new();
    charset.decode(sample, &mut text);
    let text = String::from_utf8_lossy(&text);
    let (mut before, mut found) = (' ', 0);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let after = letters.peek().copied().unwrap_or(' ');
        found += usize::from(!letter.is_ascii() && is_odd(before, letter, after));
        before = letter;
    }
    found
}

fn is_odd(before: char, letter: char, after: char) -> bool {
    if letter.is_alphabetic() {
        let shouted = after.is_uppercase() && before.is_uppercase();
        return match letter {
            // Signs that decode as letters, but stand in no word.
            'ƒ' | 'ª' | 'º' | 'µ' | 'ﬁ' | 'ﬂ' | 'ˆ' | 'ˇ' | 'Ω' | 'π' => {
                before.is_alphabetic() || after.is_alphabetic()
            }
            'ß' | 'ŉ' | 'ĸ' => false,
            _ if letter.is_uppercase() => {
                before.is_lowercase() || before.is_uppercase() && after.is_lowercase()
            }
            _ if letter.is_lowercase() => shouted,
            _ => false,
        };
    }
    match letter {
        '\u{80}'..='\u{9f}' | char::REPLACEMENT_CHARACTER => true,
        // Apostrophes, dashes, dots between and invisible signs stand inside words, too.
        '’' | '‘' | 'ʼ' | '´' | '–' | '—' | '‐' | '·' | '\u{a0}' | '\u{ad}' => {
            matches!(letter, '·' | '´')
                && !(before.is_alphabetic() && after.is_alphabetic())
                && (before.is_alphabetic() || after.is_alphabetic())
        }
        // Quotes, prices and marks stand beside words, not inside them.
        '“' | '”' | '„' | '‚' | '«' | '»' | '‹' | '›' | '…' | '®' | '™' | '©' | '€' | '°' | '²'
        | '³' | '¹' => before.is_alphabetic() && after.is_alphabetic(),
        _ => before.is_alphabetic() || after.is_alphabetic(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: [&str; 5] = [
        "Jörg;Müller;Köln\nZoë;Weiß;Düsseldorf\n",
        "René;Lefèvre;Besançon\nFrançoise;Château;Orléans\nHélène;Noël;Saint-Étienne\n",
        "José;Muñoz;Logroño\nBegoña;Núñez;Málaga\nÍñigo;Ibáñez;A Coruña\n",
        "João;Gonçalves;São Paulo\nInês;Simões;Covilhã\n",
        "Bjørn;Ødegård;Tromsø\nÅse;Sæther;Ålesund\n",
    ];

    fn written(charset: Charset, text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        charset.encode(text.as_bytes(), &mut bytes);
        bytes
    }

    fn read(charset: Charset, bytes: &[u8]) -> String {
        let mut text = Vec::new();
        charset.decode(bytes, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn lists_of_western_names_are_read_in_whatever_encoding_they_come() {
        for list in LISTS {
            for charset in [Charset::Web(WINDOWS_1252), Charset::MAC, Charset::Dos(850)] {
                let bytes = written(charset, list);
                let found = guess(&bytes, false);
                assert_eq!(
                    read(found, &bytes),
                    list,
                    "{} as {}",
                    charset.name(),
                    found.name()
                );
            }
        }
    }

    #[test]
    fn polish_and_czech_names_of_ms_dos_are_read() {
        for list in [
            "Łukasz;Żak;Łódź\nGrażyna;Wójcik;Kraków\n",
            "Jiří;Dvořák;Plzeň\nŽofie;Šťastná;Děčín\n",
        ] {
            let bytes = written(Charset::Dos(852), list);
            let found = guess(&bytes, false);
            assert_eq!(read(found, &bytes), list, "{}", found.name());
        }
    }

    #[test]
    fn signs_of_today_keep_a_text_where_it_is() {
        for text in [
            "O’Brien;Tallow – Sons\n",
            "Café “Zoë”;5 €\n",
            "MÜLLER;KÖLN\n",
            "Straße 5;Größe\n",
            "Mäki;Vääksy\n",
        ] {
            let bytes = written(Charset::Web(WINDOWS_1252), text);
            assert_eq!(read(guess(&bytes, false), &bytes), text);
        }
    }

    #[test]
    fn carriage_returns_alone_speak_for_a_mac() {
        let bytes = written(Charset::MAC, "Jörg\rKöln\r");
        assert_eq!(guess(&bytes, true), Charset::MAC);
        let bytes = written(Charset::Web(WINDOWS_1252), "Jörg\rMüller\r");
        assert_eq!(guess(&bytes, true), Charset::Web(WINDOWS_1252));
    }
}
