//! Keeps texts by number: the first in memory, and where they are many the others on disk.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::rc::Rc;

use super::{Fault, Result};

/// Most texts. A full sheet with twenty columns has 21 million cells.
const MOST_TEXTS: u64 = 1 << 25;
/// Most bytes of all texts.
const MOST_BYTES: u64 = 2 << 30;
/// Texts are kept in blocks of about this size, or this many texts.
const BLOCK_BYTES: usize = 64 * 1024;
const BLOCK_TEXTS: usize = 4096;
/// Blocks that stay in memory. What comes first in a workbook comes up most often.
const IN_MEMORY: usize = 512;
/// Blocks of the file that are at hand.
const AT_HAND: usize = 64;

/// Texts, kept by number.
#[derive(Default)]
pub(super) struct Shelf {
    /// The first text of each complete block, and where the block is.
    blocks: Vec<(u64, Kept)>,
    open: Block,
    open_from: u64,
    bytes: u64,
    file: Option<File>,
    /// Blocks of the file by their place in it, the last used first.
    at_hand: Vec<(u64, Rc<Block>)>,
}

enum Kept {
    InMemory(Rc<Block>),
    /// Where in the file.
    OnDisk(u64),
}

/// Texts, one after the other.
#[derive(Default)]
struct Block {
    text: String,
    ends: Vec<u32>,
}

impl Shelf {
    /// Returns how many texts there are.
    pub(super) fn len(&self) -> u64 {
        self.open_from + self.open.ends.len() as u64
    }

    /// Adds a text.
    pub(super) fn add(&mut self, text: &str) -> Result<()> {
        self.open.push(text);
        self.bytes += text.len() as u64;
        check(self.len(), self.bytes)?;
        if self.open.is_full() {
            self.close()?;
        }
        Ok(())
    }

    /// Adds a text that is there to `out`.
    pub(super) fn push(&mut self, at: u64, out: &mut String) -> Result<()> {
        if at >= self.open_from {
            out.push_str(self.open.get(at - self.open_from));
            return Ok(());
        }
        let next = self.blocks.partition_point(|(first, _)| *first <= at);
        let (first, kept) = &self.blocks[next - 1];
        let within = at - first;
        let block = match kept {
            Kept::InMemory(block) => block.clone(),
            Kept::OnDisk(place) => self.fetch(*place)?,
        };
        out.push_str(block.get(within));
        Ok(())
    }

    /// Puts the open block, which is full, where it is kept, and begins the next.
    fn close(&mut self) -> Result<()> {
        let block = std::mem::take(&mut self.open);
        let first = self.open_from;
        self.open_from += block.ends.len() as u64;
        let kept = if self.blocks.len() < IN_MEMORY {
            Kept::InMemory(Rc::new(block))
        } else {
            let file = match &mut self.file {
                Some(file) => file,
                // It has no name, and is gone with the process.
                None => self.file.insert(tempfile::tempfile()?),
            };
            Kept::OnDisk(block.save(file)?)
        };
        self.blocks.push((first, kept));
        Ok(())
    }

    fn fetch(&mut self, place: u64) -> Result<Rc<Block>> {
        if let Some(at) = self.at_hand.iter().position(|(known, _)| *known == place) {
            self.at_hand[..=at].rotate_right(1);
            return Ok(self.at_hand[0].1.clone());
        }
        let file = self.file.as_mut().ok_or_else(Fault::damaged)?;
        let block = Rc::new(Block::load(file, place)?);
        self.at_hand.truncate(AT_HAND - 1);
        self.at_hand.insert(0, (place, block.clone()));
        Ok(block)
    }
}

fn check(texts: u64, bytes: u64) -> Result<()> {
    if texts > MOST_TEXTS {
        let millions = MOST_TEXTS / 1_000_000;
        return Err(Fault::limit(format!(
            "it holds more than {millions} million different texts"
        )));
    }
    if bytes > MOST_BYTES {
        return Err(Fault::limit("its texts take more than 2 GB".to_owned()));
    }
    Ok(())
}

impl Block {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        // A block holds one text more than it takes to be full, and that has 1 MB at most.
        self.ends
            .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    fn is_full(&self) -> bool {
        self.text.len() >= BLOCK_BYTES || self.ends.len() >= BLOCK_TEXTS
    }

    fn get(&self, at: u64) -> &str {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = if at == 0 { 0 } else { end(at - 1) };
        self.text.get(start..end(at)).unwrap_or_default()
    }

    /// Writes the block at the end of a file; returns where.
    fn save(&self, file: &mut File) -> Result<u64> {
        let place = file.seek(SeekFrom::End(0))?;
        let mut bytes = Vec::with_capacity(8 + 4 * self.ends.len() + self.text.len());
        for number in [self.ends.len(), self.text.len()] {
            bytes.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
        }
        for end in &self.ends {
            bytes.extend_from_slice(&end.to_le_bytes());
        }
        bytes.extend_from_slice(self.text.as_bytes());
        file.write_all(&bytes)?;
        Ok(place)
    }

    fn load(file: &mut File, place: u64) -> Result<Self> {
        file.seek(SeekFrom::Start(place))?;
        let mut number = [0; 4];
        let mut count = |file: &mut File| {
            file.read_exact(&mut number)?;
            Ok::<_, std::io::Error>(u32::from_le_bytes(number) as usize)
        };
        let (texts, length) = (count(file)?, count(file)?);
        let mut bytes = vec![0; 4 * texts + length];
        file.read_exact(&mut bytes)?;
        let text = String::from_utf8(bytes.split_off(4 * texts)).map_err(|_| Fault::damaged())?;
        let ends = bytes.chunks_exact(4);
        let ends = ends.map(|end| u32::from_le_bytes([end[0], end[1], end[2], end[3]]));
        Ok(Self {
            text,
            ends: ends.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read_as_it_was_written() {
        let mut block = Block::default();
        for text in ["", "one", "", "Zoë", "東京"] {
            block.push(text);
        }
        let mut file = tempfile::tempfile().unwrap();
        block.save(&mut file).unwrap();
        let place = block.save(&mut file).unwrap();
        let again = Block::load(&mut file, place).unwrap();
        let texts: Vec<&str> = (0..6).map(|at| again.get(at)).collect();
        assert_eq!(texts, ["", "one", "", "Zoë", "東京", ""]);
    }

    #[test]
    fn every_text_is_found_wherever_it_is_kept() {
        let mut shelf = Shelf::default();
        let text = |number: u64| format!("{number} {}", "x".repeat(700));
        for number in 0..60_000 {
            shelf.add(&text(number)).unwrap();
        }
        assert!(shelf.file.is_some(), "some are on disk");
        assert_eq!(shelf.len(), 60_000);
        for number in (0..60_000).step_by(997).chain([59_999, 0, 4095, 4096]) {
            let mut found = String::new();
            shelf.push(number, &mut found).unwrap();
            assert_eq!(found, text(number));
        }
        assert!(shelf.at_hand.len() <= AT_HAND);
    }

    #[test]
    fn more_texts_than_any_workbook_has_are_refused() {
        assert!(check(20_000_000, 400_000_000).is_ok());
        assert!(check(MOST_TEXTS + 1, 0).is_err());
        assert!(check(1, MOST_BYTES + 1).is_err());
    }
}
