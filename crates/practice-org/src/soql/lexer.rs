//! Cuts a query into words, signs and values.

use super::Fault;
use super::ast::Constant;
use crate::org::values;

/// A piece of a query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// A name or keyword.
    Word(String),
    /// A value in itself.
    Value(Constant),
    /// A sign: `(`, `)`, `,`, `.`, `:`, `=`, `!=`, `<`, `<=`, `>`, `>=`
    Sign(&'static str),
    /// The end.
    End,
}

/// A token and where it starts.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    /// The token.
    pub(crate) token: Token,
    /// Byte offset.
    pub(crate) at: usize,
}

const SIGNS: [(&str, &str); 12] = [
    ("!=", "!="),
    ("<>", "!="),
    ("<=", "<="),
    (">=", ">="),
    ("(", "("),
    (")", ")"),
    (",", ","),
    (".", "."),
    (":", ":"),
    ("=", "="),
    ("<", "<"),
    (">", ">"),
];

/// All tokens, with an [`Token::End`] last.
pub(crate) fn tokens(query: &str) -> Result<Vec<Placed>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = query[at..].chars().next() {
        let start = at;
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let token = if c == '\'' {
            text(query, &mut at)?
        } else if c.is_ascii_digit()
            || matches!(c, '-' | '+') && query[at + 1..].starts_with(|d: char| d.is_ascii_digit())
        {
            number_or_time(query, &mut at)?
        } else if c.is_alphabetic() || c == '_' {
            let end = query[at..]
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .map_or(query.len(), |n| at + n);
            at = end;
            Token::Word(query[start..end].to_owned())
        } else {
            let sign = SIGNS.iter().find(|(text, _)| query[at..].starts_with(text));
            let Some((text, sign)) = sign else {
                return Err(Fault::at(
                    "MALFORMED_QUERY",
                    format!("line 1:{start} no viable alternative at character '{c}'"),
                    start,
                ));
            };
            at += text.len();
            Token::Sign(sign)
        };
        tokens.push(Placed { token, at: start });
    }
    tokens.push(Placed {
        token: Token::End,
        at: query.len(),
    });
    Ok(tokens)
}

fn text(query: &str, at: &mut usize) -> Result<Token, Fault> {
    let start = *at;
    let (mut plain, mut pattern) = (String::new(), String::new());
    let mut chars = query[start + 1..].char_indices();
    while let Some((n, c)) = chars.next() {
        match c {
            '\'' => {
                *at = start + 1 + n + 1;
                return Ok(Token::Value(Constant::Text(plain, pattern)));
            }
            '\\' => {
                let Some((_, escaped)) = chars.next() else {
                    break;
                };
                match escaped {
                    'n' | 'N' => add(&mut plain, &mut pattern, '\n'),
                    'r' | 'R' => add(&mut plain, &mut pattern, '\r'),
                    't' | 'T' => add(&mut plain, &mut pattern, '\t'),
                    'b' | 'B' => add(&mut plain, &mut pattern, '\u{8}'),
                    'f' | 'F' => add(&mut plain, &mut pattern, '\u{c}'),
                    '\'' | '"' => add(&mut plain, &mut pattern, escaped),
                    '\\' | '%' | '_' => {
                        plain.push(escaped);
                        pattern.push('\\');
                        pattern.push(escaped);
                    }
                    _ => {
                        let message = format!(
                            "Invalid string literal '{}'. Illegal character sequence '\\{escaped}' in string literal '{plain}\\{escaped}'.",
                            plain
                        );
                        return Err(Fault::at("MALFORMED_QUERY", message, start));
                    }
                }
            }
            c => add(&mut plain, &mut pattern, c),
        }
    }
    Err(Fault::at(
        "MALFORMED_QUERY",
        "unexpected end of string literal: missing closing quote",
        start,
    ))
}

fn add(plain: &mut String, pattern: &mut String, c: char) {
    plain.push(c);
    pattern.push(c);
}

fn number_or_time(query: &str, at: &mut usize) -> Result<Token, Fault> {
    let start = *at;
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | ':' | '.');
    let end = query[start + 1..]
        .find(|c| !belongs(c))
        .map_or(query.len(), |n| start + 1 + n);
    let word = &query[start..end];
    *at = end;
    let constant = if word.contains('T') || word.contains('t') {
        values::datetime_ms(&word.to_ascii_uppercase()).map(Constant::DateTime)
    } else if word.get(1..).is_some_and(|rest| rest.contains('-')) && !word.contains(['e', 'E']) {
        values::date(word).map(|_| Constant::Date(word.to_owned()))
    } else {
        let digits = word.trim_start_matches('+');
        let whole = digits.parse::<f64>().is_ok_and(f64::is_finite);
        whole.then(|| Constant::Number(digits.to_owned()))
    };
    match constant {
        Some(constant) => Ok(Token::Value(constant)),
        None => Err(Fault::at(
            "MALFORMED_QUERY",
            format!("unexpected token: '{word}'"),
            start,
        )),
    }
}
