//! Whether a record's text holds what is searched.

use std::cell::OnceCell;

use super::terms::Terms;

/// A part of a written term.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Piece {
    /// A character, by itself or after a backslash.
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
}

/// Words that follow one another in one field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Phrase {
    words: Vec<Word>,
    /// The longest stretch without wildcards: text without it need not be looked at closely.
    key: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Exact(String),
    Pattern(Vec<Piece>),
}

impl Phrase {
    /// The phrase that a term means; nothing for mere punctuation.
    pub(super) fn of(pieces: &[Piece]) -> Option<Phrase> {
        let mut words: Vec<Vec<Piece>> = Vec::new();
        let mut open = false;
        for piece in pieces.iter().copied().flat_map(lower) {
            match piece {
                Piece::Char(c) if !is_word(c) => open = false,
                Piece::Char(c) if stands_alone(c) => {
                    words.push(vec![piece]);
                    open = false;
                }
                piece => match words.last_mut().filter(|_| open) {
                    Some(word) => word.push(piece),
                    None => {
                        words.push(vec![piece]);
                        open = true;
                    }
                },
            }
        }
        // A wildcard after an ideograph has nothing left to stand for.
        words.retain(|w| w.iter().any(|p| matches!(p, Piece::Char(_))));
        let words: Vec<Word> = words.into_iter().map(Word::of).collect();
        let key = words.iter().map(Word::key).max_by_key(String::len)?;
        Some(Phrase { words, key })
    }

    fn is_in(&self, record: &Record) -> bool {
        // Telephone numbers are also known by their digits alone, which the text may not hold in one piece.
        let digits = self.key.bytes().all(|b| b.is_ascii_digit());
        if !digits && !record.text.contains(&self.key) {
            return false;
        }
        record.fields().iter().any(|words| {
            words
                .windows(self.words.len())
                .any(|window| self.words.iter().zip(window).all(|(w, text)| w.fits(text)))
        })
    }
}

impl Word {
    fn of(pieces: Vec<Piece>) -> Word {
        let exact: Option<String> = pieces
            .iter()
            .map(|p| match p {
                Piece::Char(c) => Some(*c),
                _ => None,
            })
            .collect();
        exact.map_or(Word::Pattern(pieces), Word::Exact)
    }

    fn key(&self) -> String {
        match self {
            Word::Exact(text) => text.clone(),
            Word::Pattern(pieces) => {
                let stretches = pieces.split(|p| !matches!(p, Piece::Char(_)));
                let text = |stretch: &[Piece]| -> String {
                    let chars = stretch.iter().filter_map(|p| match p {
                        Piece::Char(c) => Some(*c),
                        _ => None,
                    });
                    chars.collect()
                };
                stretches
                    .map(text)
                    .max_by_key(String::len)
                    .unwrap_or_default()
            }
        }
    }

    fn fits(&self, text: &str) -> bool {
        match self {
            Word::Exact(word) => word == text,
            Word::Pattern(pieces) => fits(pieces, &text.chars().collect::<Vec<char>>()),
        }
    }
}

/// Wildcards against a word; the last `*` is tried again with one character more.
fn fits(pieces: &[Piece], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut again: Option<(usize, usize)> = None;
    while t < text.len() {
        match pieces.get(p) {
            Some(Piece::Many) => {
                again = Some((p, t));
                p += 1;
            }
            Some(Piece::One) => (p, t) = (p + 1, t + 1),
            Some(Piece::Char(c)) if *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => {
                let Some((star, from)) = again else {
                    return false;
                };
                again = Some((star, from + 1));
                (p, t) = (star + 1, from + 1);
            }
        }
    }
    pieces[p..].iter().all(|p| *p == Piece::Many)
}

fn lower(piece: Piece) -> Vec<Piece> {
    match piece {
        Piece::Char(c) => c.to_lowercase().map(Piece::Char).collect(),
        piece => vec![piece],
    }
}

/// Combining marks belong to words as letters do.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Ideographs and kana are written without spaces: each counts as a word.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// A record's fields, cut into words when first needed.
struct Record {
    text: String,
    words: OnceCell<Vec<Vec<String>>>,
}

impl Record {
    fn fields(&self) -> &[Vec<String>] {
        self.words.get_or_init(|| {
            let mut fields = Vec::new();
            for field in self.text.split('\u{1f}') {
                fields.push(words(field));
                fields.extend(number(field).map(|digits| vec![digits]));
            }
            fields
        })
    }
}

fn words(field: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for c in field.chars() {
        if !is_word(c) {
            open = false;
        } else if stands_alone(c) {
            words.push(c.to_string());
            open = false;
        } else if let Some(word) = words.last_mut().filter(|_| open) {
            word.push(c);
        } else {
            words.push(c.to_string());
            open = true;
        }
    }
    words
}

/// The digits of a telephone number that is written in groups.
fn number(field: &str) -> Option<String> {
    let digits: String = field.chars().filter(char::is_ascii_digit).collect();
    let written = field
        .chars()
        .all(|c| c.is_ascii_digit() || " +-./()".contains(c));
    (written && digits.len() >= 7 && digits.len() < field.len()).then_some(digits)
}

/// Whether fields, parted by U+001F, hold the terms.
pub(super) fn holds(terms: &Terms, text: &str) -> bool {
    let record = Record {
        text: text.to_lowercase(),
        words: OnceCell::new(),
    };
    held(terms, &record)
}

fn held(terms: &Terms, record: &Record) -> bool {
    match terms {
        Terms::All(list) => list.iter().all(|t| held(t, record)),
        Terms::Any(list) => list.iter().any(|t| held(t, record)),
        Terms::Not(inner) => !held(inner, record),
        Terms::Phrase(phrase) => phrase.is_in(record),
    }
}
