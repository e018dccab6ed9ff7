//! Tells single-byte encodings apart by what a text reads like in each.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    ISO_8859_2, ISO_8859_4, ISO_8859_15, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253,
    WINDOWS_1254, WINDOWS_1257, X_MAC_CYRILLIC,
};

use super::charset::Charset;
use super::east_asian;
use super::legibility::{Region, cost};

/// So much text is enough to compare encodings by.
const SAMPLE: usize = 64 * 1024;
/// A text costs so much more in an encoding of other line ends than its own.
const OTHER_LINE_ENDS: u32 = 10;
/// And so much less in the one that the language seems to call for.
const CALLED_FOR: u32 = 6;
/// A line that costs so much reads badly, and one that costs no more than that well.
const BAD: u32 = 20;
const WELL: u32 = 10;
/// A file of which one line in so many reads better otherwise is in several encodings.
const MIXED: usize = 5;

/// The encodings that are tried: programs of today write the first, and others wrote the rest; the less likely, the more
/// its letters cost.
const TRIED: &[(Charset, u32, Region)] = &[
    (Charset::Web(WINDOWS_1252), 0, Region::West),
    (Charset::Web(WINDOWS_1250), 6, Region::East),
    (Charset::Web(ISO_8859_15), 6, Region::West),
    (Charset::Web(WINDOWS_1254), 8, Region::Turkey),
    (Charset::Web(ISO_8859_2), 9, Region::East),
    (Charset::Dos(850), 9, Region::West),
    (Charset::MAC, 10, Region::West),
    (Charset::Dos(437), 11, Region::West),
    (Charset::Dos(852), 13, Region::East),
    (Charset::MacCentralEurope, 14, Region::East),
    (Charset::Dos(857), 16, Region::Turkey),
    (Charset::Web(WINDOWS_1257), 14, Region::East),
    (Charset::Dos(775), 20, Region::East),
];

/// Those of other scripts, for texts in which letters beyond ASCII stand side by side.
const OTHER_SCRIPTS: &[(Charset, u32, Region)] = &[
    (Charset::Web(WINDOWS_1253), 9, Region::West),
    (Charset::Web(WINDOWS_1251), 9, Region::West),
    (Charset::Dos(737), 12, Region::West),
];

/// Guesses the encoding of a text that is not UTF-8; lines that end with carriage returns alone come from old Macs.
pub(crate) fn guess(sample: &[u8], is_mac: bool) -> Charset {
    if let Some(found) = east_asian::guess(sample) {
        return found;
    }
    if is_mac_cyrillic(sample) {
        return Charset::Web(X_MAC_CYRILLIC);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let usual = detector.guess(None, Utf8Detection::Deny);
    let is_tried = TRIED
        .iter()
        .any(|(tried, ..)| *tried == Charset::Web(usual));
    // Within Latin words, letters beyond ASCII stand alone; in other scripts, they stand side by side.
    // What it takes for northern is written in code pages more often.
    if !is_tried && usual != ISO_8859_4 && !stand_alone(sample) {
        return Charset::Web(usual);
    }
    likeliest(sample, Some(Charset::Web(usual)), is_mac)
}

/// Guesses the encoding of some rows of a file that is UTF-8 otherwise: too few to tell languages apart.
pub(crate) fn guess_rows(sample: &[u8], is_mac: bool) -> Charset {
    likeliest(sample, None, is_mac)
}

/// Returns the encoding of a short text that is good UTF-8 by chance only: `Dvořák` of an old Mac is one, with a letter of the
/// Maldives in the middle. `None` where it is no such text, else the encoding in which it reads best.
pub(crate) fn guess_instead_of_utf_8(text: &str, is_mac: bool) -> Option<Charset> {
    // What needs three bytes is no chance.
    if text.chars().any(|letter| letter.len_utf8() > 2) || !mixes_scripts(text) {
        return None;
    }
    let bytes = text.as_bytes();
    let cost_of = |charset: &Charset| {
        let mut tried = TRIED.iter();
        let known = tried.find(|(tried, ..)| tried == charset);
        cost_in(*charset, known.map_or(Region::West, |known| known.2), bytes)
    };
    let others = [likeliest(bytes, None, is_mac), guess(bytes, is_mac)];
    let best = others.into_iter().min_by_key(cost_of)?;
    let is_better = cost_of(&best) + WELL < cost(text, Region::West);
    Some(if is_better { best } else { Charset::UTF_8 })
}

/// Tells whether a letter of another script has one of ASCII beside it, as no word does.
fn mixes_scripts(text: &str) -> bool {
    let is_other = |letter: char| letter >= '\u{370}' && letter.is_alphabetic();
    let letters: Vec<char> = text.chars().collect();
    letters.windows(2).any(|pair| match *pair {
        [one, two] => {
            is_other(one) && two.is_ascii_alphabetic() || one.is_ascii_alphabetic() && is_other(two)
        }
        _ => false,
    })
}

/// Tells whether many lines read badly in an encoding, and well in others.
pub(crate) fn is_mixed(charset: Charset, sample: &[u8]) -> bool {
    let Some((_, _, region)) = TRIED.iter().find(|(tried, ..)| *tried == charset) else {
        return false;
    };
    let lines = sample[..sample.len().min(SAMPLE)]
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_ascii());
    let (mut all, mut mended) = (0, 0);
    for line in lines {
        all += 1;
        mended += usize::from(cost_in(charset, *region, line) >= BAD && reads_well(line));
    }
    mended * MIXED >= all && mended > 0
}

fn reads_well(line: &[u8]) -> bool {
    let mut costs = TRIED
        .iter()
        .map(|(charset, _, region)| cost_in(*charset, *region, line));
    costs.any(|cost| cost <= WELL)
}

/// Returns the encoding in which a text reads best.
fn likeliest(sample: &[u8], called_for: Option<Charset>, is_mac: bool) -> Charset {
    let sample = &sample[..sample.len().min(SAMPLE)];
    let others = match stand_alone(sample) {
        true => &[],
        false => OTHER_SCRIPTS,
    };
    let price = |(charset, rarity, region): &(Charset, u32, Region)| {
        let rarity = if is_mac && *charset == Charset::MAC {
            0
        } else if is_mac && *charset == Charset::MacCentralEurope {
            4
        } else if is_mac {
            *rarity + OTHER_LINE_ENDS
        } else if called_for == Some(*charset) {
            rarity.saturating_sub(CALLED_FOR)
        } else {
            *rarity
        };
        (rarity + cost_in(*charset, *region, sample), *charset)
    };
    let best = TRIED
        .iter()
        .chain(others)
        .map(price)
        .min_by_key(|price| price.0);
    best.map_or(Charset::Web(WINDOWS_1252), |best| best.1)
}

fn cost_in(charset: Charset, region: Region, bytes: &[u8]) -> u32 {
    let mut text = Vec::new();
    charset.decode(bytes, &mut text);
    cost(&String::from_utf8_lossy(&text), region)
}

/// Tells whether a text is in Cyrillic as old Macs wrote it, which the detector doesn't know: its words have no letters of ASCII,
/// its capitals stand where other encodings have signs, and small letters follow them.
fn is_mac_cyrillic(sample: &[u8]) -> bool {
    let byte = |at: Option<usize>| at.and_then(|at| sample.get(at)).copied().unwrap_or(b' ');
    let (mut capitals, mut small) = (0, 0);
    for (at, letter) in sample.iter().copied().enumerate() {
        let (before, after) = (byte(at.checked_sub(1)), byte(Some(at + 1)));
        match letter {
            0..=0x7f => continue,
            0x80..=0x9f | 0xdd if before.is_ascii() && is_small_of_mac(after) => capitals += 1,
            _ if is_small_of_mac(letter) => small += 1,
            _ => return false,
        }
        if before.is_ascii_alphabetic() || after.is_ascii_alphabetic() {
            return false;
        }
    }
    capitals > 0 && small > capitals
}

fn is_small_of_mac(byte: u8) -> bool {
    matches!(byte, 0xde..=0xfe)
}

/// Tells whether most bytes beyond ASCII have none beside them.
fn stand_alone(sample: &[u8]) -> bool {
    let is_high = |at: usize| sample.get(at).is_some_and(|byte| !byte.is_ascii());
    let (mut all, mut beside) = (0, 0);
    for at in (0..sample.len()).filter(|at| is_high(*at)) {
        all += 1;
        beside += usize::from(is_high(at + 1) || at.checked_sub(1).is_some_and(is_high));
    }
    4 * beside < all
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

    fn is_read_back(text: &str, charset: Charset) {
        let bytes = written(charset, text);
        let found = guess(&bytes, false);
        let read = read(found, &bytes);
        assert_eq!(read, text, "{} as {}", charset.name(), found.name());
    }

    #[test]
    fn lists_of_western_names_are_read_in_whatever_encoding_they_come() {
        for list in LISTS {
            for charset in [Charset::Web(WINDOWS_1252), Charset::MAC, Charset::Dos(850)] {
                is_read_back(list, charset);
            }
        }
    }

    #[test]
    fn a_single_name_is_enough() {
        let western = [Charset::Web(WINDOWS_1252), Charset::MAC, Charset::Dos(850)];
        for name in [
            "Müller",
            "Jörg",
            "Søren",
            "José",
            "Peña",
            "Zoë",
            "Muñoz",
            "João",
            "García",
            "Forlì",
            "Benoît",
            "Åse",
            "Malmö",
            "Hélène",
            "François",
            "Weiß",
            "JÖRG",
            "GARCÍA",
            "Ålesund",
            "Ölbronn",
            "Simões",
            "Noël",
        ] {
            for charset in western {
                is_read_back(&format!("{name};Smith\n"), charset);
            }
        }
        for name in [
            "Łukasz",
            "Wójcik",
            "Dąbrowski",
            "Dvořák",
            "Kraków",
            "Děčín",
            "Růžička",
        ] {
            for charset in [
                Charset::Web(WINDOWS_1250),
                Charset::Web(ISO_8859_2),
                Charset::Dos(852),
            ] {
                is_read_back(&format!("{name};Kowalski\n"), charset);
            }
        }
        for (charset, name) in [
            (Charset::Web(WINDOWS_1253), "Γιώργος;Παπαδόπουλος"),
            (Charset::Web(WINDOWS_1251), "Иван;Петров"),
            (Charset::Web(X_MAC_CYRILLIC), "Иван;Петров"),
            (Charset::Web(X_MAC_CYRILLIC), "Ольга;Кузнецова;Москва"),
            (
                Charset::Web(X_MAC_CYRILLIC),
                "Имя;Эл. почта\nСемён;s@example.com",
            ),
            (Charset::Dos(737), "Γιώργος;Παπαδόπουλος"),
            (
                Charset::Dos(857),
                "Çağlar;Gündoğdu;İstanbul\nIşıl;Yılmaz;Eskişehir",
            ),
            (Charset::Dos(857), "Şule;Doğan"),
            (
                Charset::Dos(775),
                "Žydrūnas;Čepaitis;Šiauliai\nRūta;Kazlauskaitė;Panevėžys",
            ),
            (Charset::Dos(775), "Jānis;Bērziņš"),
            (Charset::Web(encoding_rs::IBM866), "Иван;Петров;Москва"),
            (Charset::Web(WINDOWS_1254), "Şükrü;Yılmaz"),
            (Charset::Web(WINDOWS_1254), "Gökhan;Şimşek"),
            (Charset::Web(WINDOWS_1254), "Şule;Doğan"),
            (Charset::Web(WINDOWS_1254), "Ayşe;Güneş"),
            (Charset::Web(WINDOWS_1250), "Đorđe;Đurić"),
            (Charset::Web(WINDOWS_1250), "Ionuţ;Niţă"),
            (Charset::Web(WINDOWS_1250), "Ioana;Constanţa"),
            (Charset::Web(WINDOWS_1257), "Žaneta;Šimkūnaitė"),
            (Charset::Web(WINDOWS_1257), "Jānis;Bērziņš"),
            (Charset::Web(ISO_8859_15), "Cœur;5 €"),
        ] {
            is_read_back(&format!("{name}\n"), charset);
        }
    }

    #[test]
    fn three_names_are_read_in_the_encodings_of_their_countries() {
        for (names, labels) in [
            (
                "György Kovács,Zsófia Szűcs,Győző Erdős",
                "cp852 windows-1250 iso-8859-2 x-mac-ce",
            ),
            (
                "Đorđe Đurić,Željko Petrović,Zoran Šimić",
                "cp852 windows-1250 iso-8859-2",
            ),
            (
                "Ionuţ Niţă,Ştefan Vasilică,Ioana Constanţa",
                "cp852 windows-1250 iso-8859-2",
            ),
            (
                "Žydrūnas Čepaitis,Rūta Kazlauskaitė,Šarūnas Rimkus",
                "cp775 windows-1257",
            ),
            (
                "Jānis Bērziņš,Ģirts Kļaviņš,Līga Kalniņa",
                "cp775 windows-1257",
            ),
            (
                "Işıl Yılmaz,Çağlar Gündoğdu,Şükrü Öztürk",
                "cp857 windows-1254",
            ),
            (
                "Γιώργος Παπαδόπουλος,Μαρία Νικολάου,Ελένη Δημητρίου",
                "cp737 windows-1253",
            ),
            (
                "Сергей Попов,Семён Ёлкин,Юлия Яковлева",
                "windows-1251 koi8-u cp866 x-mac-cyrillic",
            ),
            (
                "Tomáš Černý,Růžena Novotná,Václav Říha",
                "cp852 windows-1250 iso-8859-2 x-mac-ce",
            ),
        ] {
            let rows = names.replace(',', ";a@example.com\n");
            for label in labels.split(' ') {
                is_read_back(
                    &format!("Name;Email\n{rows};b@example.com\n"),
                    Charset::named(label).unwrap(),
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
            is_read_back(list, Charset::Dos(852));
        }
    }

    #[test]
    fn polish_and_czech_names_of_old_macs_are_read() {
        for list in [
            "Łukasz;Żak;Łódź\nGrażyna;Wójcik;Kraków\n",
            "Imię,Nazwisko,E-mail,Miasto\nŁukasz,Wiśniewski,lw@example.com,Kraków\n",
            "Jméno;Příjmení;E-mail;Město\nJiří;Dvořák;jd@example.com;Plzeň\n",
            "Jiří;Dvořák;Plzeň\nŽofie;Šťastná;Děčín\n",
            "Győző;Erdős;Gyöngyös\n",
        ] {
            is_read_back(list, Charset::MacCentralEurope);
        }
    }

    #[test]
    fn a_name_that_is_utf_8_by_chance_is_read_as_what_it_reads_best_in() {
        let bytes = written(
            Charset::MacCentralEurope,
            "Name,Email\nDvořák,d@example.com\n",
        );
        let text = std::str::from_utf8(&bytes).unwrap();
        let found = guess_instead_of_utf_8(text, false);
        assert_eq!(found, Some(Charset::MacCentralEurope));
        for text in [
            "Jörg",
            "Dvořák",
            "Łukasz",
            "Αθήνα",
            "Иван",
            "ש",
            "Zoë;5 €",
            "محمد",
        ] {
            assert_eq!(guess_instead_of_utf_8(text, false), None, "{text}");
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
            "see below…\n",
        ] {
            is_read_back(text, Charset::Web(WINDOWS_1252));
        }
    }

    #[test]
    fn carriage_returns_alone_speak_for_a_mac_but_letters_decide() {
        for (charset, text) in [
            (Charset::MAC, "Jörg\rKöln\r"),
            (Charset::Web(WINDOWS_1252), "Jörg\rMüller\r"),
            (Charset::Dos(850), "Jörg\rMüller\r"),
        ] {
            let bytes = written(charset, text);
            assert_eq!(guess(&bytes, true), charset);
        }
    }
}
