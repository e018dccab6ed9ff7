//! Reads a write-ahead log as far as it is valid: which pages it holds for the last state that was committed.
//!
//! SQLite tells what it has read, but not which pages of it came from the log.
//! # Source
//! <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Result};
use std::path::Path;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The last bit says whether the sums are built from big-endian words.
const MAGIC: u32 = 0x377F_0682;
const LARGEST_PAGE: usize = 65_536;

/// The pages that a log holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pages(HashSet<u32>);

impl Pages {
    /// Tells whether the log holds a page.
    pub(crate) fn holds(&self, page: u32) -> bool {
        self.0.contains(&page)
    }
}

/// Returns the pages of all frames up to the last valid commit. A log that is cut off or overwritten is valid until
/// there.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn pages(log: &Path) -> Result<Pages> {
    let mut log = BufReader::with_capacity(1 << 20, File::open(log)?);
    let mut header = [0; HEADER];
    if !filled(&mut log, &mut header)? {
        return Ok(Pages::default());
    }
    let word = |at: usize| word(&header, at);
    let size = word(8) as usize;
    if word(0) & !1 != MAGIC || !size.is_power_of_two() || !(512..=LARGEST_PAGE).contains(&size) {
        return Ok(Pages::default());
    }
    let sums = Sums {
        is_big_endian: word(0) & 1 == 1,
        of_header: (word(24), word(28)),
    };
    if sums.after(&header[..24], (0, 0)) != sums.of_header {
        return Ok(Pages::default());
    }
    committed(&mut log, &sums, &header[16..24], size)
}

fn committed(log: &mut impl Read, sums: &Sums, salts: &[u8], size: usize) -> Result<Pages> {
    let mut frame = vec![0; FRAME_HEADER + size];
    let mut sum = sums.of_header;
    let (mut pages, mut open) = (HashSet::new(), Vec::new());
    while filled(log, &mut frame)? {
        let (head, page) = frame.split_at(FRAME_HEADER);
        sum = sums.after(page, sums.after(&head[..8], sum));
        if &head[8..16] != salts || (word(head, 16), word(head, 20)) != sum {
            break;
        }
        open.push(word(head, 0));
        let is_commit = word(head, 4) > 0;
        if is_commit {
            pages.extend(open.drain(..));
        }
    }
    Ok(Pages(pages))
}

/// How this log's sums are built.
struct Sums {
    is_big_endian: bool,
    of_header: (u32, u32),
}

impl Sums {
    /// Goes on with a sum over more bytes, a multiple of eight.
    fn after(&self, bytes: &[u8], (mut first, mut second): (u32, u32)) -> (u32, u32) {
        let number = |bytes: &[u8]| {
            let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
            if self.is_big_endian {
                u32::from_be_bytes(bytes)
            } else {
                u32::from_le_bytes(bytes)
            }
        };
        for pair in bytes.chunks_exact(8) {
            first = first.wrapping_add(number(&pair[..4])).wrapping_add(second);
            second = second.wrapping_add(number(&pair[4..])).wrapping_add(first);
        }
        (first, second)
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Fills a buffer; `false` at the end of the file.
fn filled(file: &mut impl Read, buffer: &mut [u8]) -> Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
