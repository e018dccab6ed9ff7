//! Which encoding a file is in, and reading it as UTF-8, chunk by chunk.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Error, Result};

const CHUNK: usize = 64 * 1024;
/// So much suspicious text is enough to tell the encodings apart.
const DETECTION_BYTES: usize = 4 << 20;

/// The encoding of a file, and the byte order mark before its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileEncoding {
    pub(crate) encoding: &'static Encoding,
    pub(crate) bom: bool,
}

impl FileEncoding {
    /// Returns the bytes of the mark, none where there is none.
    pub(crate) fn bom_bytes(self) -> &'static [u8] {
        match self.encoding {
            _ if !self.bom => b"",
            encoding if encoding == UTF_16LE => b"\xff\xfe",
            encoding if encoding == UTF_16BE => b"\xfe\xff",
            _ => b"\xef\xbb\xbf",
        }
    }

    /// Tells whether undecodable bytes show as U+FFFD, which the encoding itself cannot write.
    pub(crate) fn replacement_means_damage(self) -> bool {
        ![UTF_8, UTF_16LE, UTF_16BE].contains(&self.encoding)
    }

    /// Writes text in this encoding; text that was read from it comes out byte for byte.
    pub(crate) fn encode(self, text: &[u8], out: &mut Vec<u8>) {
        if self.encoding == UTF_8 {
            out.extend_from_slice(text);
            return;
        }
        let text = String::from_utf8_lossy(text);
        if self.encoding == UTF_16LE {
            out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        } else if self.encoding == UTF_16BE {
            out.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        } else {
            out.extend_from_slice(&self.encoding.encode(&text).0);
        }
    }
}

/// Reads an encoding's label as users write it.
pub(crate) fn named(label: &str) -> Result<&'static Encoding> {
    let label = label.trim();
    let usual = match label.to_ascii_lowercase().as_str() {
        "ansi" | "cp1252" | "latin1" | "latin-1" => "windows-1252",
        "utf16" | "utf-16" | "unicode" => "utf-16le",
        "mac" | "macroman" | "mac-roman" => "macintosh",
        _ => label,
    };
    Encoding::for_label(usual.as_bytes()).ok_or_else(|| Error::UnknownEncoding(label.to_owned()))
}

/// Looks at a whole file, piece by piece, to tell its encoding.
pub(crate) struct Survey {
    first: Vec<u8>,
    /// The end of a piece that may be the beginning of a character.
    carry: Vec<u8>,
    valid_multibyte: u64,
    faults: u64,
    detector: EncodingDetector,
    fed: usize,
}

impl Survey {
    pub(crate) fn new() -> Self {
        Self {
            first: Vec::new(),
            carry: Vec::new(),
            valid_multibyte: 0,
            faults: 0,
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            fed: 0,
        }
    }

    /// Takes the next piece of the file.
    pub(crate) fn feed(&mut self, piece: &[u8]) {
        let room = CHUNK.saturating_sub(self.first.len());
        self.first
            .extend_from_slice(&piece[..piece.len().min(room)]);
        if self.carry.is_empty() && piece.is_ascii() {
            return;
        }
        self.look_for_faults(piece);
        // While all is good UTF-8 no other encoding is asked for, and looking for one takes long.
        let is_good = self.faults == 0 && self.carry.is_empty();
        if !is_good && self.fed < DETECTION_BYTES {
            self.detector.feed(piece, false);
            self.fed += piece.len();
        }
    }

    /// Counts the characters of several bytes, and what is none.
    fn look_for_faults(&mut self, piece: &[u8]) {
        let joined;
        let mut rest = if self.carry.is_empty() {
            piece
        } else {
            joined = [self.carry.as_slice(), piece].concat();
            self.carry.clear();
            &joined
        };
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.count(text.as_bytes());
                    return;
                }
                Err(error) => {
                    let (good, bad) = rest.split_at(error.valid_up_to());
                    self.count(good);
                    let Some(length) = error.error_len() else {
                        self.carry = bad.to_vec();
                        return;
                    };
                    self.faults += 1;
                    rest = &bad[length..];
                }
            }
        }
    }

    fn count(&mut self, valid: &[u8]) {
        // Lead bytes of characters of several bytes.
        self.valid_multibyte += valid.iter().filter(|byte| **byte >= 0xc0).count() as u64;
    }

    /// Decides, after the last piece.
    pub(crate) fn finish(mut self, told: Option<&'static Encoding>) -> FileEncoding {
        let mark = Encoding::for_bom(&self.first).map(|(encoding, _)| encoding);
        if let Some(encoding) = told {
            // "utf-16" alone says nothing about the byte order; the mark or the zeros do.
            let wide = [UTF_16LE, UTF_16BE];
            let seen = mark.or_else(|| wide_by_zeros(&self.first));
            let encoding = match seen {
                Some(seen) if wide.contains(&seen) && wide.contains(&encoding) => seen,
                _ => encoding,
            };
            return FileEncoding {
                encoding,
                bom: mark == Some(encoding),
            };
        }
        if let Some(encoding) = mark {
            return FileEncoding {
                encoding,
                bom: true,
            };
        }
        if let Some(encoding) = wide_by_zeros(&self.first) {
            return FileEncoding {
                encoding,
                bom: false,
            };
        }
        self.faults += u64::from(!self.carry.is_empty());
        // Some broken bytes in a file that is otherwise UTF-8 are faulty rows, not another encoding.
        let encoding = if self.faults == 0 || self.valid_multibyte > 20 * self.faults {
            UTF_8
        } else {
            self.detector.feed(b"", true);
            self.detector.guess(None, Utf8Detection::Deny)
        };
        FileEncoding {
            encoding,
            bom: false,
        }
    }
}

/// Recognises UTF-16 without a mark: column names are mostly ASCII, so every other byte is zero.
fn wide_by_zeros(first: &[u8]) -> Option<&'static Encoding> {
    let first = &first[..first.len().min(4096) & !1];
    if first.len() < 4 {
        return None;
    }
    let (mut even, mut odd) = (0, 0);
    for pair in first.chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let half = first.len() / 2;
    if odd * 10 >= half * 4 && even * 20 <= half {
        Some(UTF_16LE)
    } else if even * 10 >= half * 4 && odd * 20 <= half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Reads a file as UTF-8 without its byte order mark; UTF-8 itself passes through unchecked.
pub(crate) struct TextReader<R> {
    inner: R,
    skip: usize,
    decoding: Option<Decoding>,
}

struct Decoding {
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    /// The part of `text` not yet handed on.
    ready: std::ops::Range<usize>,
    ended: bool,
}

impl<R: Read> TextReader<R> {
    pub(crate) fn new(inner: R, encoding: FileEncoding) -> Self {
        let decoding = (encoding.encoding != UTF_8).then(|| {
            let decoder = encoding.encoding.new_decoder_without_bom_handling();
            // Every byte becomes three at most, and a torn character before them three more.
            Decoding {
                decoder,
                raw: vec![0; CHUNK],
                text: vec![0; 3 * CHUNK + 16],
                ready: 0..0,
                ended: false,
            }
        });
        Self {
            inner,
            skip: encoding.bom_bytes().len(),
            decoding,
        }
    }

    /// Returns the reader of the bytes.
    pub(crate) fn inner(&self) -> &R {
        &self.inner
    }
}

impl Decoding {
    fn fill(&mut self, inner: &mut impl Read) -> io::Result<()> {
        let read = inner.read(&mut self.raw)?;
        self.ended = read == 0;
        let (_, _, written, _) =
            self.decoder
                .decode_to_utf8(&self.raw[..read], &mut self.text, self.ended);
        self.ready = 0..written;
        Ok(())
    }
}

impl<R: Read> Read for TextReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.skip > 0 {
            self.inner.read_exact(&mut [0; 3][..self.skip])?;
            self.skip = 0;
        }
        let Some(decoding) = &mut self.decoding else {
            return self.inner.read(out);
        };
        while decoding.ready.is_empty() && !decoding.ended {
            decoding.fill(&mut self.inner)?;
        }
        let ready = &decoding.text[decoding.ready.clone()];
        let length = ready.len().min(out.len());
        out[..length].copy_from_slice(&ready[..length]);
        decoding.ready.start += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(bytes: &[u8]) -> FileEncoding {
        let mut survey = Survey::new();
        // Small pieces, so that characters are torn apart.
        for piece in bytes.chunks(3) {
            survey.feed(piece);
        }
        survey.finish(None)
    }

    fn decoded(bytes: &[u8], encoding: FileEncoding) -> String {
        let mut reader = TextReader::new(bytes, encoding);
        let (mut text, mut buffer) = (Vec::new(), [0; 7]);
        loop {
            match reader.read(&mut buffer).unwrap() {
                0 => return String::from_utf8(text).unwrap(),
                read => text.extend_from_slice(&buffer[..read]),
            }
        }
    }

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
        let mark = mark.then_some('\u{feff}');
        mark.into_iter()
            .chain(text.chars())
            .collect::<String>()
            .encode_utf16()
            .flat_map(to_bytes)
            .collect()
    }

    const TEXT: &str = "Name;Größe\r\nJosé;François\r\n";

    #[test]
    fn each_encoding_is_recognised_and_read_and_written_back_unchanged() {
        let windows = encoding_rs::WINDOWS_1252.encode(TEXT).0.into_owned();
        let cases = [
            (TEXT.as_bytes().to_vec(), UTF_8, false),
            ([b"\xef\xbb\xbf", TEXT.as_bytes()].concat(), UTF_8, true),
            (utf16(TEXT, u16::to_le_bytes, true), UTF_16LE, true),
            (utf16(TEXT, u16::to_be_bytes, true), UTF_16BE, true),
            (utf16(TEXT, u16::to_le_bytes, false), UTF_16LE, false),
            (utf16(TEXT, u16::to_be_bytes, false), UTF_16BE, false),
            (windows, encoding_rs::WINDOWS_1252, false),
        ];
        for (bytes, encoding, bom) in cases {
            let found = survey(&bytes);
            assert_eq!(found, FileEncoding { encoding, bom }, "{}", encoding.name());
            let text = decoded(&bytes, found);
            assert_eq!(text, TEXT, "{}", encoding.name());
            let mut back = found.bom_bytes().to_vec();
            found.encode(text.as_bytes(), &mut back);
            assert_eq!(
                back,
                bytes,
                "{} does not come back unchanged",
                encoding.name()
            );
        }
    }

    #[test]
    fn cyrillic_and_japanese_files_are_told_apart() {
        let russian = "Имя;Фамилия;Город\nОльга;Иванова;Москва\nДмитрий;Петров;Санкт-Петербург\n";
        let bytes = encoding_rs::WINDOWS_1251.encode(russian).0.into_owned();
        assert_eq!(survey(&bytes).encoding, encoding_rs::WINDOWS_1251);
        let japanese = "姓,名,会社名,住所\n山田,太郎,株式会社さくら商事,東京都千代田区\n".repeat(3);
        let bytes = encoding_rs::SHIFT_JIS.encode(&japanese).0.into_owned();
        assert_eq!(survey(&bytes).encoding, encoding_rs::SHIFT_JIS);
    }

    #[test]
    fn one_broken_byte_does_not_turn_a_utf_8_file_into_another_encoding() {
        let mut bytes = "é".repeat(100).into_bytes();
        bytes.push(0xff);
        assert_eq!(survey(&bytes).encoding, UTF_8);
    }

    #[test]
    fn labels_are_taken_as_people_write_them() {
        assert_eq!(named("Latin1").unwrap(), encoding_rs::WINDOWS_1252);
        assert_eq!(named(" UTF-8 ").unwrap(), UTF_8);
        assert!(matches!(named("klingon"), Err(Error::UnknownEncoding(_))));
    }
}
