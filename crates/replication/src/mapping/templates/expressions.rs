//! Resolves the names in one section of a template.

use std::ops::Range;

use leadferry_store::{AskedField, AskedRecord};

use super::filters::FILTERS;
use super::syntax;
use crate::mapping::findings::{excerpt, nearest};
use crate::mapping::reading::Local;
use crate::mapping::{Finding, Names};

const KEYWORDS: &[&str] = &[
    "if", "else", "and", "or", "not", "in", "true", "false", "none", "True", "False", "None",
];
/// The engine recurses into an expression, so that a very long one would exhaust the stack.
const LONGEST: usize = 1_000;
const ROOTS: &[&str] = &["Contact", "Account", "Score", "Salesforce"];

/// A section after its names are resolved.
pub(super) struct Expression {
    /// The expression with a numbered variable for each name.
    pub(super) text: String,
    /// The places of the values in it, as often as they stand in it.
    pub(super) values: Vec<usize>,
    /// The place of the value, where the section is nothing but that.
    pub(super) only: Option<usize>,
}

/// Resolves the names in a section; values not seen before are added to `locals`.
pub(super) fn resolve(
    inside: &str,
    names: &Names<'_>,
    locals: &mut Vec<Local>,
) -> Result<Expression, Finding> {
    if inside.len() > LONGEST {
        return Err(syntax(format!(
            "the text between the braces is longer than {LONGEST} characters"
        )));
    }
    let mut scanner = Scanner {
        rest: inside,
        out: String::with_capacity(inside.len()),
        before: Before::Start,
    };
    let mut values = Vec::new();
    while let Some(next) = scanner.rest.chars().next() {
        match next {
            '"' | '\'' => scanner.copy_quoted(next),
            _ if next.is_alphabetic() || next == '_' => {
                if let Some(local) = scanner.word(names)? {
                    let at = place(locals, local);
                    values.push(at);
                    scanner.out.push_str(&format!("v{at}"));
                    scanner.before = Before::Value;
                }
            }
            _ if next.is_ascii_digit() => scanner.copy_number(),
            _ => scanner.copy_sign(next),
        }
    }
    let only = match values.as_slice() {
        [at] if scanner.out.trim() == format!("v{at}") => Some(*at),
        _ => None,
    };
    Ok(Expression {
        text: scanner.out,
        values,
        only,
    })
}

fn place(locals: &mut Vec<Local>, local: Local) -> usize {
    locals
        .iter()
        .position(|known| *known == local)
        .unwrap_or_else(|| {
            locals.push(local);
            locals.len() - 1
        })
}

/// What stands before a word, as far as it matters to its meaning.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Start,
    Value,
    Dot,
    Pipe,
    Other,
}

struct Scanner<'a> {
    rest: &'a str,
    out: String,
    before: Before,
}

impl<'a> Scanner<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn copy_quoted(&mut self, quote: char) {
        let taken = self.take(quoted_length(self.rest, quote));
        self.out.push_str(taken);
        self.before = Before::Value;
    }

    fn copy_number(&mut self) {
        let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
        let length = self
            .rest
            .find(|char| !is_part(char))
            .unwrap_or(self.rest.len());
        let taken = self.take(length);
        self.out.push_str(taken);
        // `1.5` goes on after the point; `1.x` is refused as a word after a dot.
        self.before = Before::Value;
    }

    fn copy_sign(&mut self, sign: char) {
        self.take(sign.len_utf8());
        self.out.push(sign);
        self.before = match sign {
            '.' => Before::Dot,
            '|' => Before::Pipe,
            _ if sign.is_whitespace() => self.before,
            _ => Before::Other,
        };
    }

    /// Reads a word; returns what is known of the contact under that name, or copies the word where it is no name.
    fn word(&mut self, names: &Names<'_>) -> Result<Option<Local>, Finding> {
        let taken = self.take(word_length(self.rest));
        let before = std::mem::replace(&mut self.before, Before::Other);
        match before {
            Before::Dot => {
                return Err(syntax(format!(
                    ".{taken} is not available: a value stands alone, as in Contact.city"
                )));
            }
            Before::Pipe if FILTERS.contains(&taken) => {}
            Before::Pipe => {
                return Err(Finding::error(
                    "unknown_filter",
                    format!("there is no filter \"{}\"", excerpt(taken)),
                    nearest(
                        taken,
                        FILTERS.iter().copied(),
                        &format!("filters are {}", FILTERS.join(", ")),
                    ),
                ));
            }
            _ if ROOTS.contains(&taken) => return self.member(taken, names).map(Some),
            _ if KEYWORDS.contains(&taken) => {}
            _ => return Err(unknown_name(taken, names)),
        }
        self.out.push_str(taken);
        Ok(None)
    }

    /// Reads `.name` or `["name"]` after a root.
    fn member(&mut self, root: &str, names: &Names<'_>) -> Result<Local, Finding> {
        let needs_name = || {
            syntax(format!(
                "{root} needs a name, as in {root}.name or {root}[\"name\"]"
            ))
        };
        let known: Vec<&str> = match root {
            "Contact" => names
                .custom
                .iter()
                .map(|field| field.name.as_str())
                .collect(),
            "Score" => names.scores.iter().map(|(_, name)| name.as_str()).collect(),
            _ => Vec::new(),
        };
        let (mut name, rest) = member_name(self.rest, &known).ok_or_else(needs_name)?;
        self.rest = rest;
        // A field of the account or owner has two names, one behind the other.
        let is_record = AskedRecord::ALL.iter().any(|record| record.name() == name);
        if root == "Salesforce" && is_record {
            let (field, rest) = member_name(self.rest, &[]).ok_or_else(needs_name)?;
            self.rest = rest;
            name = format!("{name}.{field}");
        }
        local(root, &name, names)
    }
}

/// Reads `.name` or `["name"]`; returns the name and what follows it. `known` are names that may have blanks in them.
fn member_name<'t>(text: &'t str, known: &[&str]) -> Option<(String, &'t str)> {
    let after = text.trim_start();
    let (name, rest) = if let Some(dotted) = after.strip_prefix('.') {
        let dotted = dotted.trim_start();
        let (name, rest) = dotted.split_at(name_length(dotted, known));
        (name.to_owned(), rest)
    } else {
        let bracketed = after.strip_prefix('[')?.trim_start();
        let quote = bracketed.chars().next()?;
        if !matches!(quote, '"' | '\'') {
            return None;
        }
        let (quoted, rest) = bracketed.split_at(quoted_length(bracketed, quote));
        (unquoted(quoted), rest.trim_start().strip_prefix(']')?)
    };
    (!name.trim().is_empty()).then_some((name, rest))
}

/// Returns the bytes of the name at the start: the longest known one, else a word and the words after it.
fn name_length(text: &str, known: &[&str]) -> usize {
    let known = known
        .iter()
        .filter_map(|name| known_length(text, name.trim()));
    known.max().unwrap_or_default().max(words_length(text))
}

/// Returns the bytes of a word and the words after it, up to a keyword or a sign.
fn words_length(text: &str) -> usize {
    let mut length = word_length(text);
    loop {
        let rest = &text[length..];
        let blanks = rest.len() - rest.trim_start().len();
        let next = &rest[blanks..][..word_length(&rest[blanks..])];
        let ends = next.is_empty() || KEYWORDS.contains(&next) || ROOTS.contains(&next);
        if length == 0 || blanks == 0 || ends {
            return length;
        }
        length += blanks + next.len();
    }
}

/// Returns the bytes of a known name at the start, without regard to case; `None` where another one stands there.
fn known_length(text: &str, name: &str) -> Option<usize> {
    let mut letters = text.char_indices();
    for wanted in name.chars() {
        let (_, letter) = letters.next()?;
        if !letter.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    let next = letters.next();
    let ends = next.is_none_or(|(_, next)| !(next.is_alphanumeric() || next == '_'));
    (ends && !name.is_empty()).then(|| next.map_or(text.len(), |(at, _)| at))
}

/// A name behind a root, such as `.city` behind `Contact`.
pub(super) struct Member<'a> {
    pub(super) root: &'a str,
    pub(super) name: String,
    /// The bytes behind the root.
    pub(super) place: Range<usize>,
}

/// Returns what a section names, in order. `known` are names that may have blanks in them.
pub(super) fn members<'a>(inside: &'a str, known: &[&str]) -> Vec<Member<'a>> {
    let mut members = Vec::new();
    let mut at = 0;
    while let Some(next) = inside[at..].chars().next() {
        let rest = &inside[at..];
        let length = match next {
            '"' | '\'' => quoted_length(rest, next),
            _ if next.is_alphanumeric() || next == '_' => word_length(rest),
            _ => next.len_utf8(),
        };
        let root = &rest[..length];
        at += length;
        if ROOTS.contains(&root)
            && let Some((name, rest)) = member_name(&inside[at..], known)
        {
            let place = at..inside.len() - rest.len();
            at = place.end;
            members.push(Member { root, name, place });
        }
    }
    members
}

fn local(root: &str, name: &str, names: &Names<'_>) -> Result<Local, Finding> {
    Ok(match (root, name) {
        ("Contact", "guid" | "ContactGUID") => Local::Guid,
        ("Contact", "country_name") => Local::CountryName,
        ("Contact", "state_name") => Local::StateName,
        ("Contact", _) => Local::Field(names.field(name)?.0),
        ("Account", _) => Local::Account(names.account_field(name)?),
        ("Salesforce", _) => {
            let asked = AskedField::parse(&format!("Salesforce.{name}"));
            let asked = asked.ok_or_else(|| {
                syntax(format!(
                    "Salesforce.{} can't be the name of a field",
                    excerpt(name)
                ))
            })?;
            Local::Record(names.salesforce(&asked)?.0)
        }
        _ => Local::Points(names.score(name)?),
    })
}

fn unknown_name(name: &str, names: &Names<'_>) -> Finding {
    let cure = match (names.field(name), names.meant_field(name)) {
        (Ok(_), _) => format!("use Contact.{name}"),
        (Err(_), Some(field)) => format!("did you mean \"Contact.{field}\"?"),
        (Err(_), None) => nearest(
            name,
            ROOTS.iter().copied(),
            "use Contact.…, Account.…, Score.… or Salesforce.…, and quotation marks for text",
        ),
    };
    Finding::error(
        "unknown_name",
        format!("templates have no \"{}\"", excerpt(name)),
        cure,
    )
}

fn word_length(text: &str) -> usize {
    text.find(|char: char| !(char.is_alphanumeric() || char == '_'))
        .unwrap_or(text.len())
}

/// Returns the bytes of the quoted text at the start, its quotation marks included.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        if char == '\\' {
            chars.next();
        } else if char == quote {
            return at + 1;
        }
    }
    text.len()
}

fn unquoted(quoted: &str) -> String {
    let mut out = String::new();
    let inner = quoted
        .get(1..quoted.len().saturating_sub(1))
        .unwrap_or_default();
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        out.push(if char == '\\' {
            chars.next().unwrap_or(char)
        } else {
            char
        });
    }
    out
}
