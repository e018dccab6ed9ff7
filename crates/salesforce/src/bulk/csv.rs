//! CSV as jobs take it, made row by row.

use std::io::{self, Write};

/// The most bytes of a job's file. The org takes 150 MB after base64, which is a third larger.
///
/// # Source
/// Bulk API 2.0 Developer Guide, "Upload Job Data".
pub const MAX_FILE_BYTES: u64 = 100_000_000;

/// A file of rows that is written as they come, and says when it is full.
#[derive(Debug)]
pub struct CsvFile<W> {
    out: W,
    columns: usize,
    bytes: u64,
    max_bytes: u64,
    line: Vec<u8>,
}

impl<W: Write> CsvFile<W> {
    /// Begins a file with its columns.
    pub fn new(out: W, columns: &[String]) -> io::Result<CsvFile<W>> {
        CsvFile::with_limit(out, columns, MAX_FILE_BYTES)
    }

    /// Begins a file that holds so many bytes at most.
    pub fn with_limit(out: W, columns: &[String], max_bytes: u64) -> io::Result<CsvFile<W>> {
        let mut file = CsvFile {
            out,
            columns: columns.len(),
            bytes: 0,
            max_bytes,
            line: Vec::new(),
        };
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        match file.write(&names)? {
            true => Ok(file),
            false => Err(io::Error::other("the header exceeds the file")),
        }
    }

    /// Writes a row, a cell for each column; false where the file is full and the row belongs into the next one.
    pub fn write(&mut self, cells: &[impl AsRef<str>]) -> io::Result<bool> {
        if cells.len() != self.columns {
            return Err(io::Error::other("not as many cells as columns"));
        }
        self.line.clear();
        for (n, cell) in cells.iter().enumerate() {
            if n > 0 {
                self.line.push(b',');
            }
            put(&mut self.line, cell.as_ref());
        }
        self.line.push(b'\n');
        let after = self.bytes + self.line.len() as u64;
        if after > self.max_bytes {
            return Ok(false);
        }
        self.out.write_all(&self.line)?;
        self.bytes = after;
        Ok(true)
    }

    /// Returns how many bytes were written.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Ends the file.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Writes a cell, in quotation marks where it needs them.
///
/// A space beside a delimiter is quoted too: whether it counts must not depend on the reader.
fn put(line: &mut Vec<u8>, cell: &str) {
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    let blank_ends = cell.starts_with([' ', '\t']) || cell.ends_with([' ', '\t']);
    if !blank_ends && !cell.bytes().any(special) {
        line.extend_from_slice(cell.as_bytes());
        return;
    }
    line.push(b'"');
    for byte in cell.bytes() {
        if byte == b'"' {
            line.push(b'"');
        }
        line.push(byte);
    }
    line.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn only_what_needs_them_gets_quotation_marks() {
        let mut file = CsvFile::new(Vec::new(), &columns(&["A", "B"])).unwrap();
        assert!(file.write(&["x", "a,\"b\"\nc"]).unwrap());
        assert!(file.write(&["", " y"]).unwrap());
        assert_eq!(file.bytes(), 24);
        let text = String::from_utf8(file.finish().unwrap()).unwrap();
        assert_eq!(text, "A,B\nx,\"a,\"\"b\"\"\nc\"\n,\" y\"\n");
    }

    #[test]
    fn a_full_file_takes_no_row_but_a_smaller_one() {
        let mut file = CsvFile::with_limit(Vec::new(), &columns(&["A"]), 6).unwrap();
        assert!(!file.write(&["12345"]).unwrap());
        assert!(file.write(&["123"]).unwrap());
        assert!(!file.write(&[""]).unwrap());
        assert_eq!(file.finish().unwrap(), b"A\n123\n");
        assert!(CsvFile::with_limit(Vec::new(), &columns(&["ABC"]), 2).is_err());
    }
}
