//! A text in the form in which it is compared, with the way back to the text as it was written.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text in lower case and without accents; a backslash before a quotation mark is left out.
pub(super) struct Folded {
    pub(super) text: String,
    /// For each byte of `text`, where its character begins in the original; none where both are alike.
    origins: Option<Vec<usize>>,
    original_bytes: usize,
}

impl Folded {
    pub(super) fn of(original: &str) -> Self {
        if original.is_ascii() && !original.contains('\\') {
            return Self {
                text: original.to_ascii_lowercase(),
                origins: None,
                original_bytes: original.len(),
            };
        }
        let (mut text, mut origins) = (String::with_capacity(original.len()), Vec::new());
        for (at, letter) in original.char_indices() {
            if letter == '\\' && original[at + 1..].starts_with(['\'', '"']) {
                continue;
            }
            let plain = letter.nfkd().filter(|part| !is_combining_mark(*part));
            text.extend(plain.flat_map(char::to_lowercase));
            origins.resize(text.len(), at);
        }
        Self {
            text,
            origins: Some(origins),
            original_bytes: original.len(),
        }
    }

    /// Returns where a range of the folded text stands in the original.
    pub(super) fn origin(&self, span: Range<usize>) -> Range<usize> {
        let Some(origins) = &self.origins else {
            return span;
        };
        let at = |byte: usize| origins.get(byte).copied().unwrap_or(self.original_bytes);
        at(span.start)..at(span.end)
    }
}
