//! Cleans a cell before its field reads it: takes off what programs put around a value, and tells a value from a word or
//! a failure that stands in its place.

use std::borrow::Cow;

use leadferry_store::{ContactField, FieldKind};

use super::damaged_letters;
use super::emails;
use super::fold::fold;
use super::remarks::{Remark, RowRemarks};
use super::source::Cells;
use super::workbook::UNSOLVED;

/// What may stand in a cell, by the field that it goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Any text; it may have a meaning to the letter.
    Text,
    /// A text on one line in which *None* and *Na* may be names.
    Line,
    /// A text on one line in which they are words for nothing.
    Plain,
    /// A place, or what a program has a list for; *Na* and *None* may be one of these.
    Listed,
    /// A postal code.
    Code,
    Email,
    Phone,
    /// An address on the web, in which `&copy=` is no sign.
    Url,
    /// Numbers, dates, and words of a short list.
    Other,
}

impl Class {
    /// Returns the class of a contact field of a kind.
    pub(crate) fn of(field: ContactField, kind: FieldKind) -> Self {
        use ContactField::{
            BusinessPhone, Campaign, City, CompanyName, Country, Department, Email, Email2, Fax,
            Gender, HomePhone, JobTitle, MobilePhone, Owner, PostalCode, Salutation, Source, State,
            Status, Suffix, Website,
        };
        match (field, kind) {
            (Email | Email2, _) => Self::Email,
            (BusinessPhone | MobilePhone | HomePhone | Fax, _) => Self::Phone,
            (Website, _) => Self::Url,
            (Gender, _) => Self::Other,
            (CompanyName | Department | JobTitle, _) => Self::Plain,
            (PostalCode, _) => Self::Code,
            (
                City | State | Country | Status | Owner | Source | Campaign | Salutation | Suffix,
                _,
            ) => Self::Listed,
            (_, FieldKind::LongText) => Self::Text,
            (_, FieldKind::Text) => Self::Line,
            _ => Self::Other,
        }
    }
}

/// Cleans a cell; HTML codes are decoded unless they are to be kept. Most cells are left as they are, which costs a look
/// at their bytes.
pub(crate) fn clean(cell: &str, class: Class, keep_html: bool) -> (Cow<'_, str>, Option<Remark>) {
    match damaged_letters::mended(cell) {
        None => clean_whole(cell, class, keep_html),
        Some(mended) => {
            let (text, remark) = clean_whole(&mended, class, keep_html);
            (text.into_owned().into(), remark.or(Some(Remark::Mended)))
        }
    }
}

fn clean_whole(cell: &str, class: Class, keep_html: bool) -> (Cow<'_, str>, Option<Remark>) {
    if let Some(plain) = without_backslashes(cell, class) {
        let (text, remark) = clean_whole(&plain, class, keep_html);
        return (text.into_owned().into(), remark);
    }
    if !may_need_cleaning(cell, class) {
        return (Cow::Borrowed(cell), None);
    }
    let text = unwrapped(trimmed(cell));
    if text == UNSOLVED {
        return ("".into(), Some(Remark::Unsolved));
    }
    if is_no_value(text, class) {
        return ("".into(), Some(Remark::Placeholder));
    }
    if is_failure(text) || class != Class::Text && is_damaged(text) {
        return ("".into(), Some(Remark::Damaged));
    }
    let text = match class {
        Class::Phone => Cow::Owned(visible(&narrow(phone(text)))),
        Class::Code => narrow(whole(code(text))),
        Class::Line | Class::Plain | Class::Listed => Cow::Borrowed(code(text)),
        Class::Email if !text.is_ascii() => Cow::Owned(visible(&narrow(text))),
        Class::Email => with_at_sign(text),
        Class::Other => narrow(text),
        _ => Cow::Borrowed(text),
    };
    if keep_html || class == Class::Url {
        return (on_paper(text, class), None);
    }
    let text = match text.contains('<') {
        true => with_line_breaks(text),
        false => text,
    };
    let may_have_tags = class != Class::Text && text.contains('<');
    if let Some(bare) = may_have_tags.then(|| without_tags(&text)).flatten() {
        let (text, _) = clean_whole(&bare, class, keep_html);
        return (text.into_owned().into(), Some(Remark::Decoded));
    }
    if !text.contains('&') {
        return (on_paper(text, class), None);
    }
    match html_escape::decode_html_entities(text.as_ref()) {
        Cow::Borrowed(_) => (on_paper(text, class), None),
        Cow::Owned(decoded) => (on_paper(decoded.into(), class), Some(Remark::Decoded)),
    }
}

/// Writes the wide letters, figures and signs of East Asian keyboards as others do: `＠` is `@`; and the digits of other
/// scripts: `٣` is `3`.
fn narrow(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(|letter| usual(letter).is_some()) {
        return text.into();
    }
    let narrowed = text.chars().map(|letter| usual(letter).unwrap_or(letter));
    Cow::Owned(narrowed.collect())
}

/// Where the ten digits of other scripts begin: Arabic, Persian, Devanagari, Bengali, Thai.
const DIGITS: [u32; 5] = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50];

/// Returns the sign of ASCII that a wide sign or a digit of another script stands for.
fn usual(letter: char) -> Option<char> {
    if ('\u{ff01}'..='\u{ff5e}').contains(&letter) {
        return char::from_u32(u32::from(letter) - 0xfee0);
    }
    let digit = |first: &u32| {
        u32::from(letter)
            .checked_sub(*first)
            .filter(|digit| *digit < 10)
    };
    char::from_digit(DIGITS.iter().find_map(digit)?, 10)
}

/// Puts the sign back that people write out to keep machines from reading it: *mira (at) example.com*.
fn with_at_sign(text: &str) -> Cow<'_, str> {
    const WRITTEN_OUT: [(&str, &str); 5] = [
        ("at", "@"),
        ("ät", "@"),
        ("a", "@"),
        ("dot", "."),
        ("punkt", "."),
    ];
    if text.contains('@') {
        return beside_at_sign(text);
    }
    if !text.contains(['(', '[', '{']) {
        return text.into();
    }
    let mut address: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            '[' | '{' => '(',
            ']' | '}' => ')',
            letter => letter,
        })
        .collect();
    for (word, sign) in WRITTEN_OUT {
        address = address.replace(&format!("({word})"), sign);
    }
    match emails::is_email(&address) {
        true => address.into(),
        false => text.into(),
    }
}

/// Takes blanks and brackets off around the sign: `mira @ example.com`, `mira[@]example.com`.
fn beside_at_sign(text: &str) -> Cow<'_, str> {
    let is_around = |letter: char| letter.is_whitespace() || "()[]{}".contains(letter);
    let Some((before, after)) = text.split_once('@') else {
        return text.into();
    };
    let (name, domain) = (
        before.trim_end_matches(is_around),
        after.trim_start_matches(is_around),
    );
    let is_apart = name.len() < before.len() || domain.len() < after.len();
    let address = || Some(format!("{name}@{domain}")).filter(|address| emails::is_email(address));
    match is_apart.then(address).flatten() {
        Some(address) => address.into(),
        None => text.into(),
    }
}

/// Databases put a backslash before quotation marks and apostrophes; nobody's name has one there.
fn without_backslashes(cell: &str, class: Class) -> Option<String> {
    let is_line = matches!(
        class,
        Class::Line | Class::Plain | Class::Listed | Class::Email
    );
    if !is_line || memchr::memchr(b'\\', cell.as_bytes()).is_none() {
        return None;
    }
    let is_escaped = cell.contains("\\'") || cell.contains("\\\"");
    is_escaped.then(|| cell.replace("\\'", "'").replace("\\\"", "\""))
}

/// Breaks lines where HTML does.
fn with_line_breaks(text: Cow<'_, str>) -> Cow<'_, str> {
    const BREAKS: [&str; 5] = ["<br>", "<br/>", "<br />", "<BR>", "<BR/>"];
    let mut broken = text;
    for mark in BREAKS {
        if broken.contains(mark) {
            broken = broken.replace(mark, "\n").into();
        }
    }
    broken
}

/// Takes the tags of HTML off a text that has any: `<b>Mira</b>`, `<a href="mailto:…">…</a>`.
fn without_tags(text: &str) -> Option<String> {
    let is_tag = |inside: &str| {
        let name = inside.strip_prefix('/').unwrap_or(inside);
        name.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !inside.contains('<')
    };
    if !text.contains("</") {
        return None;
    }
    let (mut bare, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once('<') {
        let (inside, after) = behind
            .split_once('>')
            .filter(|(inside, _)| is_tag(inside))?;
        bare.push_str(before);
        // What tags part is apart, but for letters that stand out.
        let is_apart = !matches!(
            inside.trim_start_matches('/'),
            "b" | "i" | "u" | "em" | "strong"
        );
        bare.push_str(if is_apart { " " } else { "" });
        rest = after;
    }
    bare.push_str(rest);
    Some(bare)
}

/// Takes out of a line what is there for its looks alone: blanks that don't break, and places where words may be parted.
fn on_paper(text: Cow<'_, str>, class: Class) -> Cow<'_, str> {
    let is_for_looks = |letter: char| {
        matches!(
            letter,
            '\u{a0}' | '\u{202f}' | '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}'
        )
    };
    if class == Class::Text || text.is_ascii() || !text.contains(is_for_looks) {
        return text;
    }
    let letters = text.chars().filter_map(|letter| match letter {
        '\u{a0}' | '\u{202f}' => Some(' '),
        letter => (!is_for_looks(letter)).then_some(letter),
    });
    Cow::Owned(letters.collect())
}

/// The cells of a row without what programs put around values.
pub(crate) struct Cleaned {
    text: String,
    ends: Vec<usize>,
}

impl Cleaned {
    /// Cleans the cells of a row, each by the class of its column; nothing where they are clean.
    pub(crate) fn of(
        cells: Cells<'_>,
        classes: &[Class],
        keep_html: bool,
        remarks: &mut RowRemarks,
    ) -> Option<Self> {
        let class = |at: usize| classes.get(at).copied().unwrap_or(Class::Text);
        let mut cleaned: Option<Self> = None;
        for (at, cell) in cells.iter().enumerate() {
            let (text, remark) = clean(cell, class(at), keep_html);
            remarks.extend(remark.map(|remark| (at, remark)));
            if cleaned.is_none() && text != cell {
                let before = (0..at).map(|at| cells.get(at).len());
                let ends: Vec<usize> = before
                    .scan(0, |end, length| {
                        *end += length;
                        Some(*end)
                    })
                    .collect();
                let text = (0..at).map(|at| cells.get(at)).collect();
                cleaned = Some(Self { text, ends });
            }
            if let Some(cleaned) = &mut cleaned {
                cleaned.text.push_str(&text);
                cleaned.ends.push(cleaned.text.len());
            }
        }
        cleaned
    }

    pub(crate) fn cells(&self) -> Cells<'_> {
        Cells::new(&self.text, &self.ends)
    }
}

/// Tells whether a cell holds nothing: nothing that anybody sees, or a formula without a result, as those have that are
/// filled down below a table.
pub(crate) fn is_blank(cell: &str) -> bool {
    let is_no_result =
        |text: &str| text == UNSOLVED || is_failure(text) || is_no_value(text, Class::Text);
    cell.chars().all(is_unseen) || cell.starts_with('#') && is_no_result(cell.trim_end())
}

fn may_need_cleaning(cell: &str, class: Class) -> bool {
    let bytes = cell.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let is_odd = |byte: &u8| !byte.is_ascii() || byte.is_ascii_control();
    !matches!(class, Class::Text | Class::Line | Class::Url)
        || class == Class::Line && memchr::memchr3(0xc2, 0xe2, 0xef, bytes).is_some()
        || matches!(
            first,
            b'=' | b'\'' | b'#' | b'\\' | b'(' | b'-' | b'N' | b'n'
        )
        || bytes.starts_with(b"z:")
        || is_odd(first)
        || is_odd(last)
        || first.is_ascii_digit() && bytes.contains(&b'+')
        || memchr::memchr2(b'&', b'<', bytes).is_some()
}

/// Takes blanks and what nobody sees off both ends.
fn trimmed(cell: &str) -> &str {
    cell.trim_matches(is_unseen)
}

/// Blanks, control signs, and signs without a width. The joiner of emojis and of Arabic letters is one in between only.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || is_invisible(letter)
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn visible(text: &str) -> String {
    text.chars()
        .filter(|letter| !is_invisible(*letter))
        .collect()
}

/// Takes off `="…"` and the apostrophe with which spreadsheets keep a number as text.
fn unwrapped(text: &str) -> &str {
    let quoted = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
        .filter(|inner| !inner.contains('"'));
    if let Some(inner) = quoted.or_else(|| within_quotes(text)) {
        return trimmed(inner);
    }
    let marked = text.strip_prefix('\'');
    let is_mark = |rest: &&str| {
        rest.starts_with(|first: char| first.is_ascii_digit() || "+-=@".contains(first))
    };
    marked.filter(is_mark).unwrap_or(text)
}

/// A word processor puts its own quotation marks around a cell, which mean nothing in a file.
pub(crate) fn within_quotes(text: &str) -> Option<&str> {
    let inner = text
        .strip_prefix(['“', '„', '”'])?
        .strip_suffix(['”', '“'])?;
    (!inner.contains(['“', '„', '”'])).then_some(inner)
}

/// Facebook's exports say that a number is a phone number.
fn phone(text: &str) -> &str {
    let text = text.strip_prefix("p:").unwrap_or(text);
    let is_link = text
        .get(..4)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel:"));
    whole(if is_link {
        text[4..].trim_start()
    } else {
        text
    })
}

/// A program that takes a code for a number writes `1067.0`.
fn whole(text: &str) -> &str {
    let is_number = |rest: &&str| rest.len() > 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
    let bare = [".00", ".0", ",00", ",0"]
        .iter()
        .find_map(|fraction| text.strip_suffix(fraction));
    bare.filter(is_number).unwrap_or(text)
}

/// And that a code is a postal code.
fn code(text: &str) -> &str {
    let is_code = |rest: &&str| rest.len() <= 12 && rest.bytes().any(|byte| byte.is_ascii_digit());
    text.strip_prefix("z:").filter(is_code).unwrap_or(text)
}

/// Tells whether a text stands for no value. Where any word may stand only those count that databases and spreadsheets
/// write.
fn is_no_value(text: &str, class: Class) -> bool {
    let is_written = matches!(
        text,
        "\\N"
            | "NULL"
            | "#N/A"
            | "#NV"
            | "#N/V"
            | "#N/D"
            | "#N/B"
            | "#I/T"
            | "#PUUTTUU!"
            | "#SAKNAS!"
            | "#NENÍ_K_DISPOZICI"
            | "(NULL)"
            | "(null)"
            | "<NULL>"
            | "[NULL]"
            | "(blank)"
    );
    let is_said = || {
        matches!(
            text,
            "N/A" | "n/a" | "N/A." | "N.A." | "n.a." | "n.v." | "n. v."
        )
    };
    let is_sign = || !text.is_empty() && text.chars().all(|letter| "-–—./?_*".contains(letter));
    // One dash alone stands for a last name in Salesforce.
    let are_dashes = || text.len() > 1 && text.chars().all(|letter| "-–—".contains(letter));
    let is_word = || is_sign() || WORDS.contains(&fold(text).as_str());
    match class {
        Class::Text => is_written,
        Class::Line | Class::Url => is_written || is_said() || are_dashes(),
        Class::Listed => {
            is_written || is_said() || is_sign() || NOT_CHOSEN.contains(&fold(text).as_str())
        }
        Class::Email | Class::Phone | Class::Plain | Class::Code | Class::Other => {
            is_written || is_said() || is_word()
        }
    }
}

/// What programs write where nothing was chosen from a list, folded.
const NOT_CHOSEN: &[&str] = &[
    "noowner",
    "novalue",
    "nocompany",
    "noname",
    "unassigned",
    "notassigned",
    "notset",
    "notspecified",
    "unspecified",
    "unknown",
    "keinbesitzer",
    "keinwert",
    "keineangabe",
    "nichtzugewiesen",
    "nichtzugeordnet",
    "unbekannt",
    "nonattribue",
    "nonrenseigne",
    "inconnu",
    "sinasignar",
    "sinpropietario",
    "desconocido",
    "nonassegnato",
    "sconosciuto",
    "niettoegewezen",
    "onbekend",
];
/// Words for nothing, folded.
const WORDS: &[&str] = &[
    "na",
    "none",
    "nil",
    "null",
    "nan",
    "undefined",
    "unknown",
    "notavailable",
    "notapplicable",
    "notprovided",
    "notspecified",
    "unspecified",
    "undisclosed",
    "prefernottosay",
    "anonymous",
    "anonym",
    "noemail",
    "noemailaddress",
    "nophone",
    "blank",
    "empty",
    "tbd",
    "tba",
    "keine",
    "kein",
    "keineangabe",
    "keineangaben",
    "ka",
    "unbekannt",
    "nichtbekannt",
    "nichtvorhanden",
    "ohneangabe",
    "leer",
    "aucun",
    "aucune",
    "inconnu",
    "nonrenseigne",
    "sinemail",
    "sincorreo",
    "ninguno",
    "ninguna",
    "desconocido",
    "noespecificado",
    "nonprecise",
    "nonspecifie",
    "nonspecificato",
    "nonspecificata",
    "naoespecificado",
    "nietopgegeven",
    "nietgespecificeerd",
    "nieokreslono",
    "nieokreslona",
    "ejangivet",
    "ikkeangivet",
    "ikkeangitt",
    "neuvedeno",
    "nezadano",
    "nocompany",
    "nenhum",
    "nessuno",
    "nessuna",
    "sconosciuto",
    "geen",
    "onbekend",
    "brak",
    "nieznany",
    "saknas",
    "ingen",
    "okand",
    "ukendt",
    "ukjent",
    "eiole",
    "tuntematon",
    "neni",
    "zadny",
    "zadna",
    "neznamy",
];

/// Tells whether a spreadsheet program has put signs for a narrow column, or a rounded number, in the place of a value.
fn is_damaged(text: &str) -> bool {
    text.len() > 2 && text.chars().all(|letter| letter == '#') || is_rounded(text)
}

/// Tells whether a text is what a spreadsheet program shows for a formula that has no result, in the languages we read.
fn is_failure(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|name| {
        let name = name.trim_end_matches(['!', '?']);
        FAILURES.contains(&name)
    })
}

const FAILURES: &[&str] = &[
    "REF",
    "VALUE",
    "NAME",
    "DIV/0",
    "NULL",
    "NUM",
    "SPILL",
    "CALC",
    "GETTING_DATA",
    "FIELD",
    "BLOCKED",
    "CONNECT",
    "UNKNOWN",
    "WERT",
    "BEZUG",
    "ZAHL",
    "ÜBERLAUF",
    "VALEUR",
    "NOM",
    "NOMBRE",
    "NUL",
    "PROPAGATION",
    "¡REF",
    "¡VALOR",
    "¿NOMBRE",
    "¡DIV/0",
    "¡NUM",
    "¡NULO",
    "¡DESBORDAMIENTO",
    "VALOR",
    "NOME",
    "NÚM",
    "RIF",
    "VALORE",
    "WAARDE",
    "VERW",
    "NAAM",
    "DEEL/0",
    "GETAL",
    "LEEG",
    "ARG",
    "ADR",
    "NAZWA",
    "LICZBA",
    "ZERO",
    "VÄRDEFEL",
    "REFERENS",
    "NAMN",
    "DIVISION/0",
    "OGILTIGT",
    "VÆRDI",
    "REFERENCE",
    "NAVN",
    "DIVISION/0",
    "VERDI",
    "ARVO",
    "VIITTAUS",
    "NIMI",
    "JAKO/0",
    "LUKU",
    "HODNOTA",
    "ODKAZ",
    "NÁZEV",
    "DĚLENÍ_NULOU",
    "ČÍSLO",
];

/// Tells whether a text is a number such as `4.91701E+11`, of which digits are lost.
fn is_rounded(text: &str) -> bool {
    let Some((number, power)) = text.split_once("E+") else {
        return false;
    };
    let is_figures =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, rest) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    whole.len() == 1 && is_figures(whole) && is_figures(rest) && is_figures(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_put_around_a_value_is_taken_off() {
        for (cell, class, text) in [
            ("=\"01067\"", Class::Line, "01067"),
            ("=\"+49351\"", Class::Phone, "+49351"),
            ("'04101", Class::Line, "04101"),
            ("“Mira”", Class::Line, "Mira"),
            (
                "1 Quay St<br />Portland",
                Class::Line,
                "1 Quay St\nPortland",
            ),
            ("“mira@example.com”", Class::Email, "mira@example.com"),
            ("491701234567.00", Class::Phone, "491701234567"),
            ("'+12075550101", Class::Phone, "+12075550101"),
            ("'s Jacob", Class::Line, "'s Jacob"),
            ("p:+49170", Class::Phone, "+49170"),
            ("tel:+43 1 555", Class::Phone, "+43 1 555"),
            ("491701234567.0", Class::Phone, "491701234567"),
            ("1067.0", Class::Code, "1067"),
            ("01067,00", Class::Code, "01067"),
            ("O\\'Hara", Class::Line, "O'Hara"),
            (
                "Tallow \\\"Best\\\" Ltd",
                Class::Plain,
                "Tallow \"Best\" Ltd",
            ),
            ("C:\\Temp", Class::Line, "C:\\Temp"),
            ("z:01067", Class::Code, "01067"),
            ("A\u{ad}cme", Class::Plain, "Acme"),
            ("Acme\u{a0}GmbH", Class::Plain, "Acme GmbH"),
            ("Anna\u{a0}Maria", Class::Line, "Anna Maria"),
            ("030\u{a0}1234", Class::Phone, "030 1234"),
            ("\u{202a}+49 170 1\u{202c}", Class::Phone, "+49 170 1"),
            ("\u{feff}Ada\u{200b}", Class::Line, "Ada"),
            ("ada\u{200b}@example.com", Class::Email, "ada@example.com"),
            ("mira＠example．com", Class::Email, "mira@example.com"),
            ("mira (at) example.com", Class::Email, "mira@example.com"),
            ("Mira[AT]example[dot]com", Class::Email, "mira@example.com"),
            ("look (at) this", Class::Email, "look (at) this"),
            ("mira(a)example.com", Class::Email, "mira@example.com"),
            ("mira @ example.com", Class::Email, "mira@example.com"),
            ("mira[@]example.com", Class::Email, "mira@example.com"),
            (
                "Mira <mira@example.com>",
                Class::Email,
                "Mira <mira@example.com>",
            ),
            ("1 < 2 </ 3", Class::Line, "1 < 2 </ 3"),
            ("٠٣٠ ١٢٣", Class::Phone, "030 123"),
            ("१९८५-०३-०४", Class::Other, "1985-03-04"),
            ("０３０ １２３", Class::Phone, "030 123"),
            ("\u{a0}Tallow\u{a0}", Class::Line, "Tallow"),
            (
                "👩\u{200d}👩\u{200d}👧",
                Class::Line,
                "👩\u{200d}👩\u{200d}👧",
            ),
            ("=1+1", Class::Line, "=1+1"),
            ("", Class::Email, ""),
        ] {
            assert_eq!(clean(cell, class, false), (text.into(), None), "{cell:?}");
        }
    }

    #[test]
    fn letters_damaged_by_a_wrong_encoding_are_mended_in_every_cell() {
        for class in [Class::Line, Class::Plain, Class::Text, Class::Other] {
            let expected = ("Jörg".into(), Some(Remark::Mended));
            assert_eq!(clean("JÃ¶rg", class, false), expected, "{class:?}");
        }
    }

    #[test]
    fn words_for_nothing_are_no_values() {
        for (cell, class) in [
            ("N/A", Class::Email),
            ("-", Class::Email),
            ("no email", Class::Email),
            ("#N/A", Class::Line),
            ("NULL", Class::Line),
            ("\\N", Class::Text),
            ("(blank)", Class::Line),
            ("n/a", Class::Line),
            ("Keine Angabe", Class::Other),
            ("k.A.", Class::Plain),
            ("None", Class::Plain),
            ("-", Class::Plain),
            ("(null)", Class::Plain),
            ("undefined", Class::Plain),
            ("n.v.", Class::Phone),
            ("na", Class::Plain),
        ] {
            let expected = ("".into(), Some(Remark::Placeholder));
            assert_eq!(clean(cell, class, false), expected, "{cell:?}");
        }
        for name in ["Null", "None", "Na", "Nan", "Ingen", "-"] {
            assert_eq!(clean(name, Class::Line, false), (name.into(), None));
        }
    }

    #[test]
    fn what_stands_where_nothing_was_chosen_is_no_value() {
        for (cell, class) in [
            ("--", Class::Listed),
            ("-", Class::Listed),
            ("(No owner)", Class::Listed),
            ("Unassigned", Class::Listed),
            ("--", Class::Line),
            ("——", Class::Line),
            ("Non précisé", Class::Other),
            ("No especificado", Class::Other),
        ] {
            let expected = ("".into(), Some(Remark::Placeholder));
            assert_eq!(clean(cell, class, false), expected, "{cell:?}");
        }
        // A town, a state, a country, and what a last name may be in Salesforce.
        for (cell, class) in [
            ("None", Class::Listed),
            ("NA", Class::Listed),
            ("-", Class::Line),
        ] {
            assert_eq!(clean(cell, class, false), (cell.into(), None), "{cell:?}");
        }
    }

    #[test]
    fn what_a_spreadsheet_program_has_damaged_is_no_value() {
        for cell in [
            "#REF!",
            "#NAME?",
            "4.91701E+11",
            "4,91702E+11",
            "8E+02",
            "#####",
        ] {
            for class in [Class::Line, Class::Phone] {
                assert_eq!(
                    clean(cell, class, false),
                    ("".into(), Some(Remark::Damaged)),
                    "{cell}"
                );
            }
        }
        for text in ["E+", "1.5", "A1E+5", "#1", "##"] {
            assert_eq!(
                clean(text, Class::Line, false),
                (text.into(), None),
                "{text}"
            );
        }
    }

    #[test]
    fn html_codes_are_decoded_but_not_in_addresses() {
        let decoded = |text: &'static str| (text.into(), Some(Remark::Decoded));
        assert_eq!(clean("O&#039;Hara", Class::Line, false), decoded("O'Hara"));
        assert_eq!(
            clean("M&uuml;ller &amp; S&ouml;hne", Class::Line, false),
            decoded("Müller & Söhne")
        );
        assert_eq!(clean("<b>Mi</b>ra", Class::Line, false), decoded("Mira"));
        assert_eq!(
            clean(
                "<a href=\"mailto:m@example.com\">m@example.com</a>",
                Class::Email,
                false
            ),
            decoded("m@example.com")
        );
        for (text, class) in [
            ("AT&T; others", Class::Line),
            ("R&D", Class::Line),
            ("https://x.example/?a=1&copy=2", Class::Url),
        ] {
            assert_eq!(clean(text, class, false), (text.into(), None), "{text}");
        }
    }

    #[test]
    fn a_cell_of_control_signs_is_blank() {
        for cell in ["", " ", "\u{1a}", "\u{feff}\u{200b}", "\u{a0}"] {
            assert!(is_blank(cell), "{cell:?}");
        }
        assert!(!is_blank("0"));
    }
}
