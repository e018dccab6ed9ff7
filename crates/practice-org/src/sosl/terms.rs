//! The words of a search: cut into tokens, read into a tree, and offered to SQL as a function.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

use super::matching::{Phrase, Piece, holds};
use super::{MALFORMED, Manner};
use crate::soql::Fault;

/// Nesting that no honest search reaches.
const DEPTH: usize = 50;
/// Longer searches lose their operators.
const PLAIN_FROM: usize = 4_000;
/// Longer searches find nothing.
const NOTHING_FROM: usize = 10_000;
/// Signs that mean something, or may come to.
const RESERVED: &str = "?&|!{}[]()^~*:\\\"'+-";

/// What a record must hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Terms {
    /// All of these.
    All(Vec<Terms>),
    /// One of these.
    Any(Vec<Terms>),
    /// Not this.
    Not(Box<Terms>),
    /// These words in this order in one field.
    Phrase(Phrase),
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    AndNot,
    Text(Vec<Piece>),
}

/// Reads the words of a search; nothing if there is nothing to find in them.
pub(crate) fn parse(text: &str, manner: Manner) -> Result<Option<Terms>, Fault> {
    let length = text.chars().count();
    let mut tokens = tokens(text, manner)?;
    if length > NOTHING_FROM {
        return Ok(None);
    }
    if length > PLAIN_FROM {
        let words = tokens.into_iter().filter_map(|(token, _)| match token {
            Token::Text(pieces) => phrase(&pieces),
            _ => None,
        });
        return Ok(joined(words.collect(), Terms::Any));
    }
    join_and_not(&mut tokens);
    let mut reader = Reader {
        tokens,
        next: 0,
        depth: 0,
        end: text.len(),
        text,
    };
    let terms = reader.any()?;
    match reader.peek() {
        None => Ok(terms),
        Some(_) => Err(reader.unexpected()),
    }
}

/// Gives SQL the function `finds(search, text)`: whether the fields in `text`, parted by U+001F, hold the search.
///
/// The search begins with `s` for the manner of SOSL, else with `p`.
pub(crate) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("finds", 2, flags, |context: &Context<'_>| {
        let terms = context.get_or_create_aux(0, |value| {
            let whole = value.as_str()?;
            let manner = if whole.starts_with('s') {
                Manner::Sosl
            } else {
                Manner::Parameter
            };
            // The search was read before the statement was made; what cannot be read finds nothing.
            let terms = parse(whole.get(1..).unwrap_or_default(), manner);
            Ok::<_, rusqlite::types::FromSqlError>(terms.unwrap_or_default())
        })?;
        let text = context.get_raw(1).as_str_or_null()?.unwrap_or_default();
        Ok((*terms).as_ref().is_some_and(|terms| holds(terms, text)))
    })
}

fn malformed(message: impl Into<String>, at: usize) -> Fault {
    Fault::at(MALFORMED, message, at)
}

fn tokens(text: &str, manner: Manner) -> Result<Vec<(Token, usize)>, Fault> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some(&(at, c)) = chars.peek() {
        match c {
            c if c.is_whitespace() => _ = chars.next(),
            '(' | ')' => {
                chars.next();
                tokens.push((if c == '(' { Token::Open } else { Token::Close }, at));
            }
            '"' => {
                chars.next();
                tokens.push((Token::Text(quoted(&mut chars, at, manner)?), at));
            }
            _ => tokens.push((word(&mut chars, manner)?, at)),
        }
    }
    Ok(tokens)
}

type Chars<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

fn quoted(chars: &mut Chars<'_>, start: usize, manner: Manner) -> Result<Vec<Piece>, Fault> {
    let mut pieces = Vec::new();
    while let Some((at, c)) = chars.next() {
        if c == '"' {
            return Ok(pieces);
        }
        pieces.push(piece(chars, at, c, manner)?);
    }
    Err(malformed(
        "a phrase lacks its closing quotation mark",
        start,
    ))
}

fn word(chars: &mut Chars<'_>, manner: Manner) -> Result<Token, Fault> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    while let Some(&(at, c)) = chars.peek() {
        if c.is_whitespace() || matches!(c, '(' | ')' | '"') {
            break;
        }
        chars.next();
        plain.push(c);
        let piece = piece(chars, at, c, manner)?;
        if pieces.is_empty() && !matches!(piece, Piece::Char(_)) {
            return Err(malformed("a search term cannot begin with a wildcard", at));
        }
        pieces.push(piece);
    }
    Ok(match plain.to_ascii_uppercase().as_str() {
        "AND" => Token::And,
        "OR" => Token::Or,
        _ => Token::Text(pieces),
    })
}

fn piece(chars: &mut Chars<'_>, at: usize, c: char, manner: Manner) -> Result<Piece, Fault> {
    match c {
        '*' => Ok(Piece::Many),
        '?' => Ok(Piece::One),
        '\\' => match chars.next() {
            Some((_, escaped)) => Ok(Piece::Char(escaped)),
            None => Err(malformed("a backslash stands before nothing", at)),
        },
        c if RESERVED.contains(c) && manner == Manner::Sosl => Err(malformed(
            format!("the reserved character {c} lacks a backslash before it"),
            at,
        )),
        c => Ok(Piece::Char(c)),
    }
}

/// `NOT` is an operator after `AND` alone; elsewhere it is a word.
fn join_and_not(tokens: &mut Vec<(Token, usize)>) {
    let not: Vec<Piece> = "not".chars().map(Piece::Char).collect();
    let is_not = |token: &Token| match token {
        Token::Text(pieces) => {
            pieces.len() == not.len()
                && pieces.iter().zip(&not).all(|(a, b)| match (a, b) {
                    (Piece::Char(a), Piece::Char(b)) => a.eq_ignore_ascii_case(b),
                    _ => false,
                })
        }
        _ => false,
    };
    let mut n = 0;
    while n + 1 < tokens.len() {
        if tokens[n].0 == Token::And && is_not(&tokens[n + 1].0) {
            tokens[n].0 = Token::AndNot;
            tokens.remove(n + 1);
        }
        n += 1;
    }
}

struct Reader<'a> {
    tokens: Vec<(Token, usize)>,
    next: usize,
    depth: usize,
    end: usize,
    text: &'a str,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(_, at)| *at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let there = self.peek() == Some(token);
        self.next += usize::from(there);
        there
    }

    fn unexpected(&self) -> Fault {
        let shown = match self.peek() {
            Some(Token::Open) => "(",
            Some(Token::Close) => ")",
            Some(Token::And) => "AND",
            Some(Token::Or) => "OR",
            Some(Token::AndNot) => "AND NOT",
            Some(Token::Text(_)) => "text",
            None => "<EOF>",
        };
        malformed(format!("unexpected token: '{shown}'"), self.at())
    }

    /// AND binds more closely than OR.
    fn any(&mut self) -> Result<Option<Terms>, Fault> {
        let mut list = Vec::new();
        loop {
            list.extend(self.all()?);
            if !self.take(&Token::Or) {
                return Ok(joined(list, Terms::Any));
            }
        }
    }

    /// Terms next to one another are meant together, as with AND.
    fn all(&mut self) -> Result<Option<Terms>, Fault> {
        let mut list: Vec<Terms> = self.unit()?.into_iter().collect();
        loop {
            if self.take(&Token::AndNot) {
                list.extend(self.unit()?.map(|t| Terms::Not(Box::new(t))));
            } else if self.take(&Token::And)
                || matches!(self.peek(), Some(Token::Open | Token::Text(_)))
            {
                list.extend(self.unit()?);
            } else if list.iter().all(|t| matches!(t, Terms::Not(_))) {
                // With nothing to find there is nothing to leave out.
                return Ok(None);
            } else {
                return Ok(joined(list, Terms::All));
            }
        }
    }

    fn unit(&mut self) -> Result<Option<Terms>, Fault> {
        match self.peek() {
            Some(Token::Open) => {
                self.depth += 1;
                if self.depth > DEPTH {
                    return Err(malformed("the search is nested too deeply", self.at()));
                }
                self.next += 1;
                let inner = self.any()?;
                if !self.take(&Token::Close) {
                    return Err(self.unexpected());
                }
                self.depth -= 1;
                Ok(inner)
            }
            Some(Token::Text(_)) => self.words(),
            None if self.tokens.is_empty() => Err(self.short(0)),
            _ => Err(self.unexpected()),
        }
    }

    /// Words and phrases with nothing in between; together they have two characters at least.
    fn words(&mut self) -> Result<Option<Terms>, Fault> {
        let start = self.at();
        let (mut list, mut characters) = (Vec::new(), 0);
        while let Some(Token::Text(pieces)) = self.peek() {
            let visible = |p: &&Piece| matches!(p, Piece::Char(c) if !c.is_whitespace());
            characters += pieces.iter().filter(visible).count();
            list.extend(phrase(pieces));
            self.next += 1;
        }
        if characters < 2 {
            return Err(self.short(start));
        }
        Ok(joined(list, Terms::All))
    }

    fn short(&self, start: usize) -> Fault {
        let shown = self.text[start..self.at()].trim();
        Fault::plain(
            TOO_SHORT,
            format!("search term must be longer than one character: {shown}"),
        )
    }
}

/// Stands for the code that a switch decides.
pub(crate) const TOO_SHORT: &str = "TOO_SHORT";

fn phrase(pieces: &[Piece]) -> Option<Terms> {
    Phrase::of(pieces).map(Terms::Phrase)
}

fn joined(mut list: Vec<Terms>, how: impl Fn(Vec<Terms>) -> Terms) -> Option<Terms> {
    match list.len() {
        0 => None,
        1 => list.pop(),
        _ => Some(how(list)),
    }
}

#[cfg(test)]
mod tests;
