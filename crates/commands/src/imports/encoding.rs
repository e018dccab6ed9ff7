//! Reading a file as UTF-8, chunk by chunk, whatever its encoding, and writing text back in it.

use std::io::{self, Read};

use encoding_rs::{Decoder, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr2, memrchr2};

use super::charset::Charset;
use super::guess::guess_rows;

const CHUNK: usize = 64 * 1024;
/// A longer line is read in pieces.
const MOST_LINE: usize = 1 << 20;

/// The encoding of a file, and the byte order mark before its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileEncoding {
    pub(crate) charset: Charset,
    pub(crate) bom: bool,
    /// Rows that are UTF-8 are read so, and only the others in `charset`.
    pub(crate) by_row: bool,
    /// And each of them in the encoding that fits it best.
    pub(crate) mixed: bool,
}

impl FileEncoding {
    /// An encoding that holds for the whole file, without a mark.
    pub(crate) const fn whole(charset: Charset) -> Self {
        Self {
            charset,
            bom: false,
            by_row: false,
            mixed: false,
        }
    }

    /// UTF-8 with the mark that spreadsheet programs need to see that a CSV file is UTF-8.
    pub(crate) const MARKED_UTF_8: Self = Self {
        charset: Charset::UTF_8,
        bom: true,
        by_row: false,
        mixed: false,
    };

    /// Returns the encoding in which text is written back.
    pub(crate) fn written(self) -> Charset {
        if self.by_row {
            Charset::UTF_8
        } else {
            self.charset
        }
    }

    /// Returns the bytes of the mark, none where there is none.
    pub(crate) fn bom_bytes(self) -> &'static [u8] {
        match self.written() {
            _ if !self.bom => b"",
            Charset::Web(web) if web == UTF_16LE => b"\xff\xfe",
            Charset::Web(web) if web == UTF_16BE => b"\xfe\xff",
            _ => b"\xef\xbb\xbf",
        }
    }

    /// Returns its name, as a preview shows it.
    pub(crate) fn name(self) -> String {
        let name = self.charset.name();
        if self.mixed {
            "UTF-8 and others".to_owned()
        } else if self.by_row {
            format!("UTF-8 and {name}")
        } else {
            name
        }
    }

    /// Tells whether undecodable bytes show as U+FFFD, which the encoding itself cannot write.
    pub(crate) fn replacement_means_damage(self) -> bool {
        !self.written().is_unicode()
    }

    /// Writes text in this encoding; text that was read from it comes out byte for byte.
    pub(crate) fn encode(self, text: &[u8], out: &mut Vec<u8>) {
        self.written().encode(text, out);
    }
}

/// Tells whether a line is text of another encoding than UTF-8, not damaged UTF-8.
pub(crate) fn is_foreign(line: &[u8]) -> bool {
    // No name holds these; files that are no text do.
    let is_binary = line.iter().any(|byte| *byte >= 0xfe);
    let holds_utf_8 = || line.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    !is_binary && std::str::from_utf8(line).is_err() && !holds_utf_8()
}

/// Reads a file as UTF-8 without its byte order mark; UTF-8 itself passes through unchecked.
pub(crate) struct TextReader<R> {
    inner: R,
    skip: usize,
    decoding: Option<Decoding>,
}

struct Decoding {
    manner: Manner,
    raw: Vec<u8>,
    text: Vec<u8>,
    /// The part of `text` not yet handed on.
    ready: std::ops::Range<usize>,
    ended: bool,
}

enum Manner {
    /// Characters may be torn apart between two chunks.
    Stream(Decoder),
    /// Every byte is a character.
    Bytes(Charset),
    /// Line by line: the beginning of the next one; without an encoding each has its own.
    Lines(Option<Charset>, Vec<u8>),
}

impl<R: Read> TextReader<R> {
    pub(crate) fn new(inner: R, encoding: FileEncoding) -> Self {
        let manner = match encoding.charset {
            charset if encoding.by_row => {
                let charset = (!encoding.mixed).then_some(charset);
                Some(Manner::Lines(charset, Vec::new()))
            }
            Charset::Web(web) if web == UTF_8 => None,
            Charset::Web(web) => Some(Manner::Stream(web.new_decoder_without_bom_handling())),
            page => Some(Manner::Bytes(page)),
        };
        Self {
            inner,
            skip: encoding.bom_bytes().len(),
            decoding: manner.map(|manner| Decoding {
                manner,
                raw: vec![0; CHUNK],
                text: Vec::new(),
                ready: 0..0,
                ended: false,
            }),
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
        let raw = &self.raw[..read];
        match &mut self.manner {
            Manner::Stream(decoder) => {
                // Every byte becomes three at most, and a torn character before them three more.
                self.text.resize(3 * CHUNK + 16, 0);
                let (_, _, written, _) = decoder.decode_to_utf8(raw, &mut self.text, self.ended);
                self.ready = 0..written;
                return Ok(());
            }
            Manner::Bytes(page) => {
                self.text.clear();
                page.decode(raw, &mut self.text);
            }
            Manner::Lines(charset, begun) => {
                self.text.clear();
                begun.extend_from_slice(raw);
                let end = memrchr2(b'\n', b'\r', begun).map(|at| at + 1);
                let whole = match end {
                    _ if self.ended || begun.len() > MOST_LINE => begun.len(),
                    end => end.unwrap_or(0),
                };
                decode_lines(*charset, &begun[..whole], &mut self.text);
                begun.drain(..whole);
            }
        }
        self.ready = 0..self.text.len();
        Ok(())
    }
}

fn decode_lines(charset: Option<Charset>, lines: &[u8], out: &mut Vec<u8>) {
    let mut rest = lines;
    while !rest.is_empty() {
        let end = memchr2(b'\n', b'\r', rest).map_or(rest.len(), |at| at + 1);
        let (line, others) = rest.split_at(end);
        if is_foreign(line) {
            let charset = charset.unwrap_or_else(|| guess_rows(line, false));
            charset.decode(line, out);
        } else {
            out.extend_from_slice(line);
        }
        rest = others;
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
    use crate::imports::survey::Survey;

    fn survey(bytes: &[u8]) -> FileEncoding {
        let mut survey = Survey::default();
        // Small pieces, so that characters are torn apart.
        for piece in bytes.chunks(3) {
            survey.feed(piece);
        }
        survey.finish(None).0
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
            let charset = Charset::Web(encoding);
            assert_eq!(
                (found.charset, found.bom),
                (charset, bom),
                "{}",
                encoding.name()
            );
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
    fn old_encodings_are_recognised_and_written_back_unchanged() {
        for charset in [Charset::MAC, Charset::Dos(850)] {
            let mut bytes = Vec::new();
            charset.encode("Jörg;Müller;Köln\r\nZoë;Weiß;\r\n".as_bytes(), &mut bytes);
            let found = survey(&bytes);
            assert_eq!(found.charset, charset);
            let mut back = Vec::new();
            found.encode(decoded(&bytes, found).as_bytes(), &mut back);
            assert_eq!(back, bytes);
        }
    }

    #[test]
    fn rows_of_another_encoding_are_read_beside_those_in_utf_8() {
        let bytes = b"J\xc3\xb6rg\r\nK\xc3\xb6ln\nRen\xe9\nZoe";
        let found = survey(bytes);
        assert!(found.by_row);
        assert_eq!(decoded(bytes, found), "Jörg\r\nKöln\nRené\nZoe");
    }

    #[test]
    fn rows_in_several_encodings_are_each_read_in_their_own() {
        for text in ["", "K\u{f6}ln\n"] {
            let bytes = [
                text.as_bytes(),
                b"Zo\xeb;Wei\xdf\n\x8eofie;No\nJ\x94rg;B\x84r\nR;G\x94tz\n",
            ]
            .concat();
            let found = survey(&bytes);
            assert!(found.mixed && found.by_row);
            let read = decoded(&bytes, found);
            assert_eq!(
                read,
                format!("{text}Zoë;Weiß\nŽofie;No\nJörg;Bär\nR;Götz\n")
            );
        }
    }

    #[test]
    fn a_line_longer_than_memory_allows_is_read_in_pieces() {
        let bytes = ["é".repeat(900_000).as_bytes(), b"\nRen\xe9\n"].concat();
        let mut survey = Survey::default();
        bytes.chunks(64_001).for_each(|piece| survey.feed(piece));
        let found = survey.finish(None).0;
        assert!(found.by_row);
        assert!(decoded(&bytes, found).ends_with("é\nRené\n"));
    }
}
