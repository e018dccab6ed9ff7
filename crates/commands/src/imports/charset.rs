//! The encodings of text: those of the web, and the code pages of MS-DOS, which some programs write still.

use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE};
use oem_cp::code_table::{DECODING_TABLE_CP_MAP, ENCODING_TABLE_CP_MAP};
use oem_cp::code_table_type::TableType;

use super::{Error, Result};

/// One encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    Web(&'static Encoding),
    /// A code page by its number.
    Dos(u16),
}

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
            "dos" | "ms-dos" | "oem" => "cp850",
            _ => &plain,
        };
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
        }
    }

    /// Returns its name in a sentence.
    pub(crate) fn spoken(self) -> String {
        match self {
            Self::Web(encoding) if encoding == MACINTOSH => "Mac Roman".to_owned(),
            Self::Web(encoding) => encoding.name().to_owned(),
            Self::Dos(page) => format!("MS-DOS code page {page}"),
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
            Self::Dos(page) => decode_page(page, bytes, out),
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
            Self::Dos(page) => encode_page(page, &text, out),
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

fn decode_page(page: u16, bytes: &[u8], out: &mut Vec<u8>) {
    let table = DECODING_TABLE_CP_MAP.get(&page);
    let mut buffer = [0; 4];
    for byte in bytes {
        let Some(high) = byte.checked_sub(128) else {
            out.push(*byte);
            continue;
        };
        let read = match table {
            Some(TableType::Complete(table)) => Some(table[usize::from(high)]),
            Some(TableType::Incomplete(table)) => table[usize::from(high)],
            None => None,
        };
        let letter = read.unwrap_or(char::REPLACEMENT_CHARACTER);
        out.extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
    }
}

fn encode_page(page: u16, text: &str, out: &mut Vec<u8>) {
    let table = ENCODING_TABLE_CP_MAP.get(&page);
    for letter in text.chars() {
        if let Ok(byte) = u8::try_from(letter)
            && byte.is_ascii()
        {
            out.push(byte);
            continue;
        }
        match table.and_then(|table| table.get(&letter)) {
            Some(byte) => out.push(*byte),
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
