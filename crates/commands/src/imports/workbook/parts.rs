//! The packed folder that a workbook is: opening it, and finding a part in it by name.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;

use memchr::memmem;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::xml::Xml;
use super::{Fault, PULSE, Result};
use crate::files;

const CHUNK: usize = 64 * 1024;
/// More than the longest text that is searched for.
const OVERLAP: usize = 16;
/// Most bytes to find out what is in the folder: room for tens of thousands of parts. A workbook has dozens.
const MOST_DIRECTORY: u64 = 4 << 20;

/// One part of a workbook, unpacked as it is read.
pub(super) type Part<'a> = Xml<ZipFile<'a, Metered>>;

/// The parts of a workbook.
pub(super) struct Parts {
    archive: ZipArchive<Metered>,
}

impl Parts {
    /// Opens a workbook and reads which parts it has; nothing is unpacked yet.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let left = Rc::new(Cell::new(MOST_DIRECTORY));
        let file = Metered {
            file: BufReader::new(files::open(path)?),
            left: left.clone(),
        };
        let archive = ZipArchive::new(file)?;
        left.set(u64::MAX);
        Ok(Self { archive })
    }

    /// Opens a part that may unpack to so many bytes; None where the workbook has none of this name, in any case.
    pub(super) fn part(&mut self, name: &str, most_bytes: u64) -> Result<Option<Part<'_>>> {
        let Some(at) = self.place(name) else {
            return Ok(None);
        };
        let part = self.archive.by_index(at)?;
        let declared = part.size();
        Ok(Some(Xml::new(part, name, declared, most_bytes)))
    }

    /// Tells whether a part holds any of some short texts; None when `pulse`, which gets the share read so far, says
    /// false.
    pub(super) fn holds_any(
        &mut self,
        name: &str,
        texts: &[&[u8]],
        most_bytes: u64,
        pulse: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Option<bool>> {
        let at = self.place(name).ok_or_else(Fault::damaged)?;
        let mut part = self.archive.by_index(at)?;
        let of = part.size().max(1);
        let (mut buffer, mut kept, mut bytes, mut told) = (vec![0; CHUNK + OVERLAP], 0, 0, 0);
        loop {
            let read = part.read(&mut buffer[kept..])?;
            let end = kept + read;
            let found = texts
                .iter()
                .any(|text| memmem::find(&buffer[..end], text).is_some());
            bytes += read as u64;
            // What is too large is told by who reads it.
            if found || read == 0 || bytes > most_bytes {
                return Ok(Some(found || read > 0));
            }
            if bytes - told >= PULSE {
                told = bytes;
                if !pulse(bytes.min(of), of) {
                    return Ok(None);
                }
            }
            // A text may begin in one chunk and end in the next.
            kept = end.min(OVERLAP);
            buffer.copy_within(end - kept..end, 0);
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        let same = |raw: &[u8]| {
            let plain = |byte: u8| {
                if byte == b'\\' {
                    b'/'
                } else {
                    byte.to_ascii_lowercase()
                }
            };
            raw.len() == name.len()
                && raw
                    .iter()
                    .zip(name.bytes())
                    .all(|(a, b)| plain(*a) == plain(b))
        };
        self.archive
            .index_for_name(name)
            .or_else(|| self.archive.file_names_raw().position(same))
    }
}

/// A file of which only so much may be read.
pub(super) struct Metered {
    file: BufReader<File>,
    left: Rc<Cell<u64>>,
}

impl Read for Metered {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(out)?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => return Err(io::Error::other("the list of its parts is too long")),
        }
        Ok(read)
    }
}

impl Seek for Metered {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl From<ZipError> for Fault {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)
            | ZipError::InvalidPassword => Self::broken("it has a password"),
            ZipError::Io(error) => error.into(),
            _ => Self::broken("it's damaged"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_folder_with_more_parts_than_any_workbook_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut writer = zip::ZipWriter::new(file.as_file());
        let options = zip::write::SimpleFileOptions::default();
        for number in 0..60_000 {
            let name = format!("xl/worksheets/a_sheet_of_many_{number}.xml");
            writer.start_file(name, options).unwrap();
        }
        writer.finish().unwrap().flush().unwrap();
        assert!(Parts::open(file.path()).is_err());
    }
}
