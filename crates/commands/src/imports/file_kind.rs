//! What a file is, by its first bytes.

use std::path::Path;

use super::{Error, Result};

/// Kinds of files that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    Spreadsheet,
    Cards,
    Text,
}

/// With these words a web page begins; some programs call one `.xls`.
const TAGS: [&[u8]; 13] = [
    b"<!doctype",
    b"<?xml",
    b"<!--",
    b"<html",
    b"<head",
    b"<meta",
    b"<style",
    b"<body",
    b"<div",
    b"<center",
    b"<table",
    b"<tr",
    b"<thead",
];

/// Returns the beginning of a text without its mark, of UTF-16 the half of the bytes that has its letters.
fn narrow(first: &[u8]) -> Vec<u8> {
    let half = |from: usize| first.iter().skip(from).step_by(2).copied().collect();
    match first {
        [0xef, 0xbb, 0xbf, rest @ ..] => rest.to_vec(),
        [0xff, 0xfe, ..] => half(2),
        [0xfe, 0xff, ..] => half(3),
        _ => first.to_vec(),
    }
}

/// Tells what a file is.
///
/// # Errors
/// When it is of a kind that cannot be read.
pub(crate) fn known(path: &Path, first: &[u8]) -> Result<Known> {
    let text = narrow(first).trim_ascii_start().to_ascii_lowercase();
    let what = match first {
        // The first part of the archive says what it is, and is not packed.
        _ if first.starts_with(b"PK\x03\x04") => match first.get(30..) {
            Some(part) if part.starts_with(b"mimetypeapplication/vnd.oasis") => {
                "an OpenDocument file (.ods), which Leadferry can't read"
            }
            _ => return Ok(Known::Spreadsheet),
        },
        _ if first.starts_with(b"\xd0\xcf\x11\xe0") => "an old Excel file, or one with a password",
        [0xff, 0xfe, 0, 0, ..]
        | [0, 0, 0xfe, 0xff, ..]
        | [1..=255, 0, 0, 0, ..]
        | [0, 0, 0, 1..=255, ..] => "text in UTF-32, which Leadferry can't read",
        _ if first.starts_with(b"%PDF") => "a PDF document",
        _ if first.starts_with(b"\x1f\x8b") => "a compressed file",
        _ if first.starts_with(b"SQLite format 3") => "a database",
        _ if text.starts_with(b"begin:vcard") => return Ok(Known::Cards),
        _ if TAGS.iter().any(|tag| text.starts_with(tag)) => "a web page or XML",
        _ if text.starts_with(b"mime-version:") => "a web page",
        _ => return Ok(Known::Text),
    };
    Err(Error::UnknownFormat {
        path: path.to_owned(),
        what,
    })
}
