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
            Some(part) if is_packed(first, part) => {
                "a ZIP archive, whose files have to be unpacked"
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
        _ if text.starts_with(b"{\\rtf") => "a document of a word processor",
        _ if is_json(&text) => "a JSON file",
        _ if text.starts_with(b"dn:") || text.starts_with(b"version: 1\ndn:") => "an LDIF file",
        _ if text.starts_with(b"begin:vcalendar") => "a calendar",
        _ => return Ok(Known::Text),
    };
    Err(Error::UnknownFormat {
        path: path.to_owned(),
        what,
    })
}

/// Tells whether the first part of an archive is a file of its own, not a part of a workbook.
fn is_packed(first: &[u8], part: &[u8]) -> bool {
    const FILES: [&[u8]; 8] = [
        b".csv", b".tsv", b".txt", b".vcf", b".xlsx", b".json", b".html", b".pdf",
    ];
    let length = first
        .get(26..28)
        .and_then(|length| length.try_into().ok())
        .map_or(0, u16::from_le_bytes);
    let name = part.get(..usize::from(length)).unwrap_or(part);
    let name = name.to_ascii_lowercase();
    FILES.iter().any(|ending| name.ends_with(ending)) || name.ends_with(b"/")
}

/// Tells whether a text begins as an object, or a list of objects, does.
fn is_json(text: &[u8]) -> bool {
    let inside = |text: &[u8], sign: u8| {
        let rest = text.strip_prefix(&[sign])?;
        rest.trim_ascii_start().first().copied()
    };
    match inside(text, b'[') {
        Some(next) => next == b'{',
        None => matches!(inside(text, b'{'), Some(b'"' | b'}')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_no_list_are_called_what_they_are() {
        let refused = |first: &[u8]| match known(Path::new("people"), first) {
            Err(Error::UnknownFormat { what, .. }) => what,
            _ => "read",
        };
        let mut archive = b"PK\x03\x04".to_vec();
        archive.resize(26, 0);
        archive.extend_from_slice(b"\x0f\x00\x00\x00Connections.csvFirst Name");
        for (first, what) in [
            (
                &archive[..],
                "a ZIP archive, whose files have to be unpacked",
            ),
            (b"[ {\"email\": \"a@example.com\"}]", "a JSON file"),
            (b"{\n  \"people\": []}", "a JSON file"),
            (
                b"{\\rtf1\\ansi First Name}",
                "a document of a word processor",
            ),
            (b"dn: cn=Mira\nsn: Okafor\n", "an LDIF file"),
            (b"BEGIN:VCALENDAR\r\n", "a calendar"),
            (b"[Email],[Name]\n", "read"),
            (b"{Email};{Name}\n", "read"),
        ] {
            assert_eq!(refused(first), what);
        }
    }
}
