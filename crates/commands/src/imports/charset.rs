//! The encodings of text: those of the web, and the code pages of MS-DOS, which some programs write still.

use std::sync::LazyLock;

use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, X_MAC_CYRILLIC};
use oem_cp::code_table::{DECODING_TABLE_CP_MAP, ENCODING_TABLE_CP_MAP};
use oem_cp::code_table_type::TableType;

use super::{Error, Result};

/// One encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    Web(&'static Encoding),
    /// A code page by its number.
    Dos(u16),
    /// What Macs wrote in Poland, the Czech Republic, Slovakia, Hungary and the Baltic states before Unicode.
    MacCentralEurope,
}

const MAC_CE: &str = "x-mac-ce";

/// The letters of Mac Central European from 128 on.
static MAC_CE_LETTERS: LazyLock<Vec<char>> = LazyLock::new(|| MAC_CENTRAL_EUROPE.chars().collect());
const MAC_CENTRAL_EUROPE: &str = "\
    ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü\
    †°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅ\
    ņŃ¬√ńŇ∆«»…\u{a0}ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖ\
    ŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ";

impl Charset {
    pub(crate) const UTF_8: Self = Self::Web(UTF_8);
    pub(crate) const MAC: Self = Self::Web(MACINTOSH);

    /// Reads an encoding's label as users write it.
    pub(crate) fn named(label: &str) -> Result<Self> {
        let label = label.trim();
        let plain = label.to_ascii_lowercase().replace(['_', ' '], "-");
        let usual = match plain.as_str() {
            "ansi" | "latin-1" => "windows-1252",
            "utf-16" | "utf16" | "unicode" => "utf-16le",
            "macroman" | "mac-roman" | "mac-os-roman" => "macintosh",
            MAC_CE
            | "macce"
            | "mac-ce"
            | "mac-latin2"
            | "mac-central-european"
            | "mac-centraleurope"
            | "mac-central-europe"
            | "maccentraleurope"
            | "x-mac-centraleurroman" => MAC_CE,
            "dos" | "ms-dos" | "oem" => "cp850",
            _ => &plain,
        };
        if usual == MAC_CE {
            return Ok(Self::MacCentralEurope);
        }
        let known = |label: &str| Encoding::for_label_no_replacement(label.as_bytes());
        known(usual)
            .or_else(|| known(&label.to_ascii_lowercase()))
            .map(Self::Web)
            .or_else(|| code_page(usual))
            .ok_or_else(|| Error::UnknownEncoding(label.to_owned()))
    }

    /// Returns its name, which [`Charset::named`] knows.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Web(encoding) => encoding.name().to_owned(),
            Self::Dos(page) => format!("cp{page}"),
            Self::MacCentralEurope => MAC_CE.to_owned(),
        }
    }

    /// Returns its name in a sentence.
    pub(crate) fn spoken(self) -> String {
        match self {
            Self::Web(encoding) if encoding == MACINTOSH => "Mac Roman".to_owned(),
            Self::Web(encoding) if encoding == X_MAC_CYRILLIC => "Mac Cyrillic".to_owned(),
            Self::Web(encoding) => encoding.name().to_owned(),
            Self::Dos(page) => format!("MS-DOS code page {page}"),
            Self::MacCentralEurope => "Mac Central European".to_owned(),
        }
    }

    /// Tells whether it can write every character.
    pub(crate) fn is_unicode(self) -> bool {
        matches!(self, Self::Web(web) if [UTF_8, UTF_16LE, UTF_16BE].contains(&web))
    }

    /// Reads bytes that hold whole characters; what cannot be read becomes U+FFFD.
    pub(crate) fn decode(self, bytes: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Web(web) => {
                let (text, _) = web.decode_without_bom_handling(bytes);
                out.extend_from_slice(text.as_bytes());
            }
            Self::Dos(page) => match DECODING_TABLE_CP_MAP.get(&page) {
                Some(TableType::Complete(table)) => {
                    decode_bytes(bytes, out, |high| Some(table[high]))
                }
                Some(TableType::Incomplete(table)) => decode_bytes(bytes, out, |high| table[high]),
                None => decode_bytes(bytes, out, |_| None),
            },
            Self::MacCentralEurope => {
                decode_bytes(bytes, out, |high| MAC_CE_LETTERS.get(high).copied())
            }
        }
    }

    /// Writes text; text that was read from this encoding comes out byte for byte.
    pub(crate) fn encode(self, text: &[u8], out: &mut Vec<u8>) {
        if self == Self::UTF_8 {
            out.extend_from_slice(text);
            return;
        }
        let text = String::from_utf8_lossy(text);
        match self {
            Self::Web(web) if web == UTF_16LE => {
                out.extend(text.encode_utf16().flat_map(u16::to_le_bytes))
            }
            Self::Web(web) if web == UTF_16BE => {
                out.extend(text.encode_utf16().flat_map(u16::to_be_bytes))
            }
            Self::Web(web) => out.extend_from_slice(&web.encode(&text).0),
            Self::Dos(page) => {
                let table = ENCODING_TABLE_CP_MAP.get(&page);
                encode_bytes(&text, out, |letter| table?.get(&letter).copied());
            }
            Self::MacCentralEurope => encode_bytes(&text, out, |letter| {
                let at = MAC_CE_LETTERS.iter().position(|known| *known == letter)?;
                u8::try_from(at + 128).ok()
            }),
        }
    }
}

/// Reads `cp850`, `IBM-850`, `oem850` or the number alone.
fn code_page(label: &str) -> Option<Charset> {
    let number = ["cp", "ibm", "oem", "dos"]
        .iter()
        .find_map(|prefix| label.strip_prefix(prefix))
        .unwrap_or(label);
    let page = number.trim_start_matches('-').parse().ok()?;
    let known = DECODING_TABLE_CP_MAP.contains_key(&page);
    known.then_some(Charset::Dos(page))
}

/// Reads bytes that are a letter each; `letter` gives those from 128 on.
fn decode_bytes(bytes: &[u8], out: &mut Vec<u8>, letter: impl Fn(usize) -> Option<char>) {
    let mut buffer = [0; 4];
    for byte in bytes {
        let Some(high) = byte.checked_sub(128) else {
            out.push(*byte);
            continue;
        };
        let letter = letter(usize::from(high)).unwrap_or(char::REPLACEMENT_CHARACTER);
        out.extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
    }
}

/// Writes text of whose letters each is a byte.
fn encode_bytes(text: &str, out: &mut Vec<u8>, byte: impl Fn(char) -> Option<u8>) {
    for letter in text.chars() {
        if let Ok(byte) = u8::try_from(letter)
            && byte.is_ascii()
        {
            out.push(byte);
            continue;
        }
        match byte(letter) {
            Some(byte) => out.push(byte),
            // As browsers write what an encoding lacks.
            None => out.extend_from_slice(format!("&#{};", u32::from(letter)).as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_taken_as_people_write_them() {
        for (label, name) in [
            ("Latin1", "windows-1252"),
            (" UTF-8 ", "UTF-8"),
            ("mac", "macintosh"),
            ("Mac Roman", "macintosh"),
            ("cp1250", "windows-1250"),
            ("shift_jis", "Shift_JIS"),
            ("cp850", "cp850"),
            ("IBM437", "cp437"),
            ("ibm-852", "cp852"),
            ("850", "cp850"),
            ("ms-dos", "cp850"),
            ("Mac Central European", "x-mac-ce"),
            ("x-mac-ce", "x-mac-ce"),
            ("cp866", "IBM866"),
            ("EUC_KR", "EUC-KR"),
        ] {
            assert_eq!(Charset::named(label).unwrap().name(), name, "{label}");
        }
        for unknown in ["klingon", "", "cp1", "iso-2022-kr"] {
            let refused = Charset::named(unknown);
            assert!(
                matches!(refused, Err(Error::UnknownEncoding(_))),
                "{unknown}"
            );
        }
    }

    #[test]
    fn mac_central_european_writes_back_what_it_read() {
        let bytes: Vec<u8> = (0..=255).collect();
        let (mut text, mut back) = (Vec::new(), Vec::new());
        Charset::MacCentralEurope.decode(&bytes, &mut text);
        let read = String::from_utf8(text.clone()).unwrap();
        assert_eq!(read.chars().count(), 256);
        assert_eq!(read.chars().nth(0xde), Some('ř'));
        assert_eq!(read.chars().nth(0xfc), Some('Ł'));
        Charset::MacCentralEurope.encode(&text, &mut back);
        assert_eq!(back, bytes);
    }

    #[test]
    fn every_code_page_writes_back_what_it_read() {
        let bytes: Vec<u8> = (0..=255).collect();
        for page in DECODING_TABLE_CP_MAP.keys() {
            let charset = Charset::named(&format!("cp{page}")).unwrap();
            let (mut text, mut back) = (Vec::new(), Vec::new());
            charset.decode(&bytes, &mut text);
            let text = String::from_utf8(text).unwrap();
            charset.encode(text.replace('\u{fffd}', "").as_bytes(), &mut back);
            assert_eq!(text.chars().count(), 256, "{page}");
            assert!(back.iter().all(|byte| bytes.contains(byte)), "{page}");
            assert!(back.len() > 200, "{page}");
        }
    }
}
