//! Escapes of the text form, and the sections of templates in which none are needed for `=`.
//!
//! A section is written `{% … %}` or `{{ … }}`; both mean the same.

/// A letter of the text form after its escapes are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Letter {
    char: char,
    escaped: bool,
}

/// Splits a source from the rest at the first `=` that is neither escaped nor inside a section.
///
/// Returns the source with its escapes resolved and unescaped blanks around it removed, and the rest as it stands.
pub(super) fn split_source(line: &str, sections: bool) -> Option<(String, &str)> {
    let (letters, ends) = decode(line);
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        if letter.escaped {
            at += 1;
        } else if letter.char == '=' {
            return Some((source_text(&letters[..at]), &line[ends[at]..]));
        } else if sections
            && let Some(end) = section_at(at, |at| letters.get(at).map(|letter| plain(*letter)))
        {
            at = end;
        } else {
            at += 1;
        }
    }
    None
}

/// An escaped brace opens no section, so it must not look like one.
fn plain(letter: Letter) -> char {
    if letter.escaped && letter.char == '{' {
        '\0'
    } else {
        letter.char
    }
}

fn source_text(letters: &[Letter]) -> String {
    let blank = |letter: &Letter| !letter.escaped && matches!(letter.char, ' ' | '\t');
    let start = letters
        .iter()
        .position(|letter| !blank(letter))
        .unwrap_or(letters.len());
    let end = letters
        .iter()
        .rposition(|letter| !blank(letter))
        .map_or(start, |last| last + 1);
    letters[start..end]
        .iter()
        .map(|letter| letter.char)
        .collect()
}

/// Resolves escapes; also returns the byte at which each letter ends.
fn decode(line: &str) -> (Vec<Letter>, Vec<usize>) {
    let (mut letters, mut ends) = (Vec::new(), Vec::new());
    let mut chars = line.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let meant = match (char, next) {
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some('r')) => Some('\r'),
            ('\\', Some('t')) => Some('\t'),
            ('\\', Some('s')) => Some(' '),
            ('\\', Some(same @ ('\\' | '=' | '{' | '@' | '#'))) => Some(same),
            ('\\', Some('"')) if letters.is_empty() => Some('"'),
            _ => None,
        };
        if let Some(meant) = meant {
            chars.next();
            letters.push(Letter {
                char: meant,
                escaped: true,
            });
            ends.push(at + 2);
        } else {
            letters.push(Letter {
                char,
                escaped: false,
            });
            ends.push(at + char.len_utf8());
        }
    }
    (letters, ends)
}

/// Tells whether a text is meant as a template: a section opens in it.
pub(super) fn opens_section(text: &str) -> bool {
    text.contains("{%") || text.contains("{{")
}

/// Returns where the section that begins at a place ends; `None` when none begins there or it never ends.
pub(super) fn section_at(start: usize, letter: impl Fn(usize) -> Option<char>) -> Option<usize> {
    let close = match (letter(start)?, letter(start + 1)?) {
        ('{', '%') => '%',
        ('{', '{') => '}',
        _ => return None,
    };
    let mut at = start + 2;
    let mut quote = None;
    loop {
        match (letter(at)?, quote) {
            ('\\', Some(_)) => at += 1,
            (char, Some(open)) if char == open => quote = None,
            (_, Some(_)) => {}
            (char @ ('"' | '\''), None) => quote = Some(char),
            (char, None) if char == close && letter(at + 1) == Some('}') => return Some(at + 2),
            _ => {}
        }
        at += 1;
    }
}

/// Writes a source so that [`split_source`] reads the same text again.
pub(super) fn escape_source(text: &str, sections: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let first = chars
        .iter()
        .position(|char| !matches!(char, ' ' | '\t'))
        .unwrap_or(chars.len());
    let last = chars
        .iter()
        .rposition(|char| !matches!(char, ' ' | '\t'))
        .unwrap_or_default();
    let mut out = String::with_capacity(text.len() + 8);
    let mut section_end = 0;
    for (at, char) in chars.iter().copied().enumerate() {
        let inside = at < section_end;
        match char {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            ' ' if at < first || at > last => out.push_str("\\s"),
            '\t' if at < first || at > last => out.push_str("\\t"),
            '=' if !inside => out.push_str("\\="),
            '@' | '#' | '"' if sections && at == 0 => out.extend(['\\', char]),
            '{' if sections && !inside => match section_at(at, |at| chars.get(at).copied()) {
                Some(end) => {
                    section_end = end;
                    out.push('{');
                }
                None if matches!(chars.get(at + 1), Some('%' | '{')) => out.push_str("\\{"),
                None => out.push('{'),
            },
            _ => out.push(char),
        }
    }
    out
}

/// Reads a text in double quotes; returns it and the rest. `None` when the line does not begin with a closed one.
pub(super) fn read_quoted(line: &str) -> Option<(String, &str)> {
    let mut chars = line.char_indices();
    if chars.next()?.1 != '"' {
        return None;
    }
    let mut text = String::new();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((text, &line[at + 1..])),
            '\\' => match chars.next()?.1 {
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                same @ ('"' | '\\') => text.push(same),
                other => text.extend(['\\', other]),
            },
            _ => text.push(char),
        }
    }
    None
}

/// Writes a text in double quotes so that [`read_quoted`] reads the same text again.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ => out.push(char),
        }
    }
    out.push('"');
    out
}
