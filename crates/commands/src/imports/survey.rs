//! Looks at a whole file, piece by piece, to tell its encoding.

use encoding_rs::{Encoding, ISO_2022_JP, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr_iter, memchr2, memmem};

use super::charset::Charset;
use super::encoding::{FileEncoding, is_foreign};
use super::guess::{guess, guess_instead_of_utf_8, guess_rows, is_mixed};

const FIRST: usize = 64 * 1024;
/// So much suspicious text is enough to tell the encodings apart.
const SAMPLE: usize = 512 * 1024;
/// A longer line is looked at in pieces.
const MOST_LINE: usize = 1 << 20;
/// So few characters of several bytes may be good UTF-8 by chance.
const BY_CHANCE: u64 = 6;
/// So many rows are told by their numbers.
const TOLD: usize = 5;

/// What was seen of a file.
#[derive(Default)]
pub(crate) struct Survey {
    first: Vec<u8>,
    /// The beginning of a line that goes on in the next piece, from its first letter that is not ASCII.
    carry: Vec<u8>,
    /// Line ends so far.
    ends: u64,
    after_return: bool,
    has_feed: bool,
    seen: Seen,
}

/// The lines that are not ASCII.
#[derive(Default)]
struct Seen {
    /// Lines of good UTF-8, of another encoding, and of damaged UTF-8.
    good: u64,
    foreign: u64,
    damaged: u64,
    /// Characters of several bytes, and what is none.
    characters: u64,
    faults: u64,
    /// The first foreign lines by number.
    numbers: Vec<u64>,
    /// The first lines that are not good UTF-8, and those of them that hold no UTF-8 at all.
    sample: Vec<u8>,
    strangers: Vec<u8>,
}

impl Seen {
    fn line(&mut self, line: &[u8], number: u64) {
        if line.is_ascii() {
            return;
        }
        // Lead bytes of characters of several bytes.
        let leads = |text: &str| text.bytes().filter(|byte| *byte >= 0xc0).count() as u64;
        if let Ok(text) = std::str::from_utf8(line) {
            (self.good, self.characters) = (self.good + 1, self.characters + leads(text));
            return;
        }
        for chunk in line.utf8_chunks() {
            self.characters += leads(chunk.valid());
            self.faults += u64::from(!chunk.invalid().is_empty());
        }
        let is_foreign = is_foreign(line);
        if is_foreign {
            self.foreign += 1;
            if self.numbers.len() < TOLD {
                self.numbers.push(number);
            }
        } else {
            self.damaged += 1;
        }
        let strangers = is_foreign.then_some(&mut self.strangers);
        for sample in std::iter::once(&mut self.sample).chain(strangers) {
            if sample.len() + line.len() < SAMPLE {
                sample.extend_from_slice(line);
                sample.push(b'\n');
            }
        }
    }

    /// Tells whether what is not UTF-8 is the exception.
    fn is_mostly_utf_8(&self) -> bool {
        self.characters > 20 * self.faults || self.good >= self.foreign + self.damaged
    }
}

impl Survey {
    /// Takes the next piece of the file.
    pub(crate) fn feed(&mut self, piece: &[u8]) {
        let room = FIRST.saturating_sub(self.first.len());
        self.first
            .extend_from_slice(&piece[..piece.len().min(room)]);
        if self.carry.is_empty() && piece.is_ascii() {
            self.count_ends(piece);
            return;
        }
        let joined;
        let mut rest = match self.carry.as_slice() {
            [] => piece,
            carry => {
                joined = [carry, piece].concat();
                self.carry.clear();
                &joined
            }
        };
        while let Some(at) = memchr2(b'\n', b'\r', rest) {
            self.after_return &= at == 0;
            self.seen.line(&rest[..at], self.ends + 1);
            self.count_end(rest[at]);
            rest = &rest[at + 1..];
        }
        if rest.len() > MOST_LINE {
            self.cut(rest);
        } else {
            self.after_return &= rest.is_empty();
            if !rest.is_ascii() {
                self.carry.extend_from_slice(rest);
            }
        }
    }

    /// Looks at a piece of a very long line, but for the character that it may end within.
    fn cut(&mut self, piece: &[u8]) {
        let tail = piece.utf8_chunks().last();
        let torn = tail.map_or(0, |chunk| chunk.invalid().len()).min(3);
        let (piece, torn) = piece.split_at(piece.len() - torn);
        self.seen.line(piece, self.ends + 1);
        self.carry.extend_from_slice(torn);
    }

    fn count_end(&mut self, byte: u8) {
        self.has_feed |= byte == b'\n';
        // A feed behind a return is the second half of one line end.
        self.ends += u64::from(byte == b'\r' || !self.after_return);
        self.after_return = byte == b'\r';
    }

    fn count_ends(&mut self, ascii: &[u8]) {
        let feeds = memchr_iter(b'\n', ascii).count() as u64;
        self.has_feed |= feeds > 0;
        self.ends += feeds;
        if self.after_return && ascii.first() == Some(&b'\n') {
            self.ends -= 1;
        }
        if memchr(b'\r', ascii).is_some() {
            self.ends += memchr_iter(b'\r', ascii).count() as u64;
            self.ends -= memmem::find_iter(ascii, b"\r\n").count() as u64;
        }
        if let Some(last) = ascii.last() {
            self.after_return = *last == b'\r';
        }
    }

    /// Decides, after the last piece; the text says what was guessed.
    pub(crate) fn finish(mut self, told: Option<Charset>) -> (FileEncoding, Option<String>) {
        let rest = std::mem::take(&mut self.carry);
        self.seen.line(&rest, self.ends + 1);
        let mark = Encoding::for_bom(&self.first).map(|(encoding, _)| Charset::Web(encoding));
        let seen = mark.or_else(|| wide_by_zeros(&self.first).map(Charset::Web));
        let is_wide = |charset| [UTF_16LE, UTF_16BE].map(Charset::Web).contains(&charset);
        let charset = match (told, seen) {
            // "utf-16" alone says nothing about the byte order; the mark or the zeros do.
            (Some(told), Some(seen)) if is_wide(seen) && is_wide(told) => seen,
            (Some(told), _) => told,
            (None, Some(seen)) if is_wide(seen) => seen,
            (None, _) => return self.guessed(mark.is_some()),
        };
        let encoding = FileEncoding {
            bom: mark == Some(charset),
            ..FileEncoding::whole(charset)
        };
        (encoding, None)
    }

    fn guessed(self, bom: bool) -> (FileEncoding, Option<String>) {
        let seen = &self.seen;
        let utf_8 = FileEncoding {
            bom,
            ..FileEncoding::whole(Charset::UTF_8)
        };
        // Seven bits tell no letters of this apart from ASCII; what shifts between alphabets does.
        if seen.faults == 0 && seen.good == 0 && shifts_to_kanji(&self.first) {
            let charset = Charset::Web(ISO_2022_JP);
            return (FileEncoding::whole(charset), Some(read_as(charset)));
        }
        if !bom && seen.faults == 0 && (1..=BY_CHANCE).contains(&seen.characters) {
            let is_mac = !self.has_feed && self.ends > 0;
            let first = String::from_utf8_lossy(&self.first);
            if let Some(charset) = guess_instead_of_utf_8(&first, is_mac) {
                return (FileEncoding::whole(charset), Some(read_as(charset)));
            }
        }
        // Some broken bytes in a file that is otherwise UTF-8 are invalid rows, not another encoding.
        let mostly_utf_8 = bom || seen.is_mostly_utf_8();
        if seen.faults == 0 || (mostly_utf_8 && seen.foreign == 0) {
            return (utf_8, None);
        }
        let is_mac = !self.has_feed && self.ends > 0;
        let charset = match mostly_utf_8 {
            true => guess_rows(&seen.strangers, is_mac),
            false => guess(&seen.sample, is_mac),
        };
        let single = matches!(charset, Charset::Dos(_) | Charset::MacCentralEurope)
            || matches!(charset, Charset::Web(web) if web.is_single_byte());
        let mixed = single && is_mixed(charset, &seen.sample);
        let by_row = mixed || mostly_utf_8 || (single && seen.good > 0 && seen.damaged == 0);
        let encoding = FileEncoding {
            charset,
            bom,
            by_row,
            mixed,
        };
        let told = match by_row {
            true if mixed => MIXED.to_owned(),
            true if mostly_utf_8 => foreign_rows(charset, seen),
            true => format!(
                "Some rows are UTF-8. The others were read as {}, which is a guess. If their letters look wrong, \
                 choose another encoding.",
                charset.spoken()
            ),
            false => read_as(charset),
        };
        (encoding, Some(told))
    }
}

const MIXED: &str = "The rows are in several encodings. Each was read in the one that fits it best, which is a guess. If \
                     letters look wrong, save the file as UTF-8 and import it again.";

fn read_as(charset: Charset) -> String {
    format!(
        "The text was read as {}, which is a guess. If its letters look wrong, choose another encoding.",
        charset.spoken()
    )
}

fn shifts_to_kanji(first: &[u8]) -> bool {
    [b"\x1b$B", b"\x1b$@"]
        .iter()
        .any(|shift| memmem::find(first, *shift).is_some())
}

fn foreign_rows(charset: Charset, seen: &Seen) -> String {
    let mut rows: Vec<String> = seen.numbers.iter().map(u64::to_string).collect();
    let more = seen.foreign - rows.len() as u64;
    if more > 0 {
        rows.push(format!("{more} more"));
    }
    let last = rows.pop().unwrap_or_default();
    let (which, read) = match rows.as_slice() {
        [] => (format!("Row {last} isn't"), "It was"),
        rows => (
            format!("Rows {} and {last} aren't", rows.join(", ")),
            "They were",
        ),
    };
    format!(
        "{which} UTF-8 like the rest of the file. {read} read as {}, which is a guess.",
        charset.spoken()
    )
}

/// Recognises UTF-16 without a mark: every other byte is the number of an alphabet, which is zero for ASCII.
fn wide_by_zeros(first: &[u8]) -> Option<&'static Encoding> {
    let first = &first[..first.len().min(4096) & !1];
    if first.len() < 4 {
        return None;
    }
    // No text has bytes below the tab otherwise.
    let is_small = |byte: u8| byte < b'\t';
    let (mut even, mut odd, mut ends) = (0, 0, [0, 0]);
    for pair in first.chunks_exact(2) {
        even += usize::from(is_small(pair[0]));
        odd += usize::from(is_small(pair[1]));
        ends[0] += usize::from(pair == b"\0\n");
        ends[1] += usize::from(pair == b"\n\0");
    }
    let half = first.len() / 2;
    // Of Chinese text, delimiters and line ends alone are below 256.
    let is_wide = |high: usize, low: usize, ends: usize| {
        high * 10 >= half * 4 && low * 20 <= half || ends > 0 && high * 10 >= half && low == 0
    };
    if is_wide(odd, even, ends[1]) {
        Some(UTF_16LE)
    } else if is_wide(even, odd, ends[0]) {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{EUC_KR, SHIFT_JIS, UTF_8, WINDOWS_1251, WINDOWS_1252};

    use super::*;

    fn survey(bytes: &[u8]) -> (FileEncoding, String) {
        let mut survey = Survey::default();
        for piece in bytes.chunks(3) {
            survey.feed(piece);
        }
        let (encoding, told) = survey.finish(None);
        (encoding, told.unwrap_or_default())
    }

    fn charset(bytes: &[u8]) -> Charset {
        survey(bytes).0.charset
    }

    #[test]
    fn cyrillic_japanese_and_korean_files_are_told_apart() {
        let russian = "Имя;Фамилия;Город\nОльга;Иванова;Москва\nДмитрий;Петров;Санкт-Петербург\n";
        let japanese = "姓,名,会社名,住所\n山田,太郎,株式会社さくら商事,東京都千代田区\n".repeat(3);
        let korean = "이름,회사,도시\n김민수,한국전자,서울\n이영희,대한상사,부산\n".repeat(3);
        for (encoding, text) in [
            (WINDOWS_1251, russian),
            (SHIFT_JIS, japanese.as_str()),
            (EUC_KR, korean.as_str()),
        ] {
            let (found, _) = survey(&encoding.encode(text).0);
            assert_eq!(
                found,
                FileEncoding::whole(Charset::Web(encoding)),
                "{}",
                encoding.name()
            );
        }
    }

    #[test]
    fn wide_text_without_a_mark_is_recognised_in_every_alphabet() {
        for text in [
            "Vorname;Name\nJörg;Müller\n",
            "Имя;Фамилия\nОльга;Иванова\nДмитрий;Петров\n",
            "姓,名,公司\n王,伟,北京公司\n李,娜,上海公司\n",
        ] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(charset(&little), Charset::Web(UTF_16LE), "{text}");
            assert_eq!(charset(&big), Charset::Web(UTF_16BE), "{text}");
        }
        assert_eq!(charset(b"Name;Mail\nJ\0rg;a\n"), Charset::UTF_8);
    }

    #[test]
    fn broken_bytes_do_not_turn_a_utf_8_file_into_another_encoding() {
        let mut bytes = "é".repeat(100).into_bytes();
        bytes.push(0xff);
        assert_eq!(
            survey(&bytes),
            (FileEncoding::whole(Charset::Web(UTF_8)), String::new())
        );
    }

    #[test]
    fn rows_of_another_encoding_are_told_by_their_numbers() {
        let bytes = b"Vorname\r\nJ\xc3\xb6rg\r\n\r\nRen\xe9\r\nK\xc3\xb6ln\r\n";
        let (found, told) = survey(bytes);
        assert!(found.by_row);
        assert_eq!(
            told,
            "Row 4 isn't UTF-8 like the rest of the file. It was read as windows-1252, which is a guess."
        );
        let many = [b"K\xc3\xb6ln\n".repeat(9), b"Ren\xe9\n".repeat(7)].concat();
        let told = survey(&many).1;
        assert!(
            told.starts_with("Rows 10, 11, 12, 13, 14 and 2 more aren't UTF-8"),
            "{told}"
        );
    }

    #[test]
    fn a_few_utf_8_rows_in_a_western_file_are_read_as_such() {
        let bytes = [b"Ren\xe9;Caf\xe9\n".repeat(9), b"K\xc3\xb6ln\n".to_vec()].concat();
        let (found, told) = survey(&bytes);
        assert!(found.by_row && found.charset == Charset::Web(WINDOWS_1252));
        assert!(told.starts_with("Some rows are UTF-8."), "{told}");
    }

    #[test]
    fn guesses_are_said_and_what_is_certain_is_not() {
        assert_eq!(survey("Zoë\n".as_bytes()).1, "");
        assert_eq!(survey(b"Zoe\n").1, "");
        let told = survey(b"J\x9arg\rM\x9fller\r").1;
        assert!(
            told.starts_with("The text was read as Mac Roman, which is a guess."),
            "{told}"
        );
        assert_eq!(charset(b"J\x9arg\rM\x9fller\r"), Charset::MAC);
    }
}
