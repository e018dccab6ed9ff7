//! Tells rows that are no contact: column names in the middle of a file, totals, footers, and what a line break has torn
//! off another row.

use leadferry_store::{AccountField, ContactField};

use super::contact_rows::Draft;
use super::fold::fold;
use super::header_names;
use super::source::Cells;

/// Why a row with the column names in it isn't taken in.
pub(super) const REPEATED: &str = "this row repeats the column names";
/// Why a row that names nobody isn't.
pub(super) const FOOTER: &str =
    "this looks like a total, a footer or part of another row, not like a contact";

/// Somebody may be called as a column is, but not by so many names.
const LEAST_NAMES: usize = 3;

/// Fewest names of a table, where a blank row stands above them.
const FEWEST_NAMES: usize = 2;
/// No name of a column is longer, in bytes.
const LONGEST_NAME: usize = 80;

/// In a file with fewer columns a name alone is all that can be expected.
const FEWEST_COLUMNS: usize = 3;
/// No name has so many words.
const MOST_WORDS: usize = 6;

/// What tells that a row is somebody, whatever else is in it.
const SOMEBODY: &[ContactField] = &[
    ContactField::Email,
    ContactField::Email2,
    ContactField::BusinessPhone,
    ContactField::MobilePhone,
    ContactField::HomePhone,
];

/// Words with which rows of sums begin, folded.
const TOTALS: &[&str] = &[
    "total",
    "totals",
    "grandtotal",
    "subtotal",
    "sum",
    "count",
    "summe",
    "gesamt",
    "gesamtsumme",
    "gesamtergebnis",
    "zwischensumme",
    "insgesamt",
    "anzahl",
    "totale",
    "totaal",
    "totalgeneral",
    "somme",
    "suma",
    "soma",
    "somma",
    "summa",
    "yhteensa",
    "celkem",
    "razem",
    "ialt",
    "recordcount",
    "totalrecords",
    "average",
    "avg",
    "mean",
    "durchschnitt",
    "mittelwert",
    "schnitt",
    "moyenne",
    "promedio",
    "media",
    "gemiddelde",
    "srednia",
    "genomsnitt",
];
/// What stands in footers, folded.
const FOOTERS: &[&str] = &[
    "copyright",
    "allrightsreserved",
    "confidential",
    "generatedby",
    "generatedon",
    "exportedon",
    "exportedby",
    "createdby",
    "reportgenerated",
    "asof",
    "filteredby",
    "vertraulich",
    "erstelltvon",
    "erstelltam",
    "confidentiel",
];

/// What stands before the date of a list, folded.
const DATED: &[&str] = &[
    "stand",
    "datum",
    "date",
    "druckdatum",
    "gedruckt",
    "gedrucktam",
    "printed",
    "printedon",
    "exportdatum",
    "exportdate",
    "exportiertam",
    "exported",
    "asof",
    "fecha",
    "data",
    "erstellt",
    "created",
    "updated",
    "lastupdated",
];
/// What stands before the number of a page, folded.
const PAGES: &[&str] = &[
    "page", "seite", "pagina", "side", "sida", "sivu", "strana", "strona",
];
/// A name has fewer digits than a date.
const LEAST_DATE_DIGITS: usize = 4;
/// A phone number has more digits than most counts.
const LEAST_PHONE_DIGITS: usize = 5;

/// Tells whether a row of a file with so many columns is a total, a footer or a piece of another row.
pub(super) fn is_footer(draft: &Draft, cells: Cells<'_>, columns: usize) -> bool {
    let is_somebody = SOMEBODY.iter().any(|field| {
        let text = draft.values.text(*field);
        text.is_some_and(|text| text.contains('@') || digits(text) >= LEAST_PHONE_DIGITS)
    });
    if is_somebody || draft.account.contains_key(&AccountField::Name) {
        return false;
    }
    let filled: Vec<&str> = cells
        .iter()
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect();
    let Some((first, rest)) = filled.split_first() else {
        return false;
    };
    let is_ruler = |cell: &&str| !cell.chars().any(char::is_alphanumeric);
    filled.iter().all(is_ruler)
        || is_legend(draft)
        || is_total(first, rest)
        || filled.len() == 1 && columns >= FEWEST_COLUMNS && is_alone(draft, first)
}

/// Tells whether the cells are the names of their columns.
pub(super) fn repeats<'a>(cells: Cells<'_>, names: impl Iterator<Item = &'a str>) -> bool {
    let (mut same, mut filled) = (0, 0);
    for (cell, name) in cells.iter().zip(names) {
        let is_filled = !cell.trim().is_empty();
        filled += usize::from(is_filled);
        same += usize::from(is_filled && cell.trim().eq_ignore_ascii_case(name));
    }
    same >= 2 && same * 4 >= filled * 3 || filled > 0 && cells.iter().all(is_kind_of_answer)
}

/// Names of columns in the middle of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamesIn {
    /// Those of the file, in whatever language, and in its order.
    Same,
    /// Those of another table.
    Other,
}

/// Tells whether a row holds names of columns, and whether they mean what those of the file do.
pub(super) fn names_in<'a>(
    cells: Cells<'_>,
    names: impl Iterator<Item = &'a str>,
    after_blank: bool,
) -> Option<NamesIn> {
    let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    if filled < FEWEST_NAMES || cells.iter().any(|cell| cell.contains('@')) {
        return None;
    }
    let known = known_names(cells);
    let are_names = match known == filled {
        true => known >= LEAST_NAMES || after_blank,
        false => known >= LEAST_NAMES && known * 4 >= filled * 3,
    };
    if !are_names {
        return None;
    }
    let meaning = |name: &str| header_names::meaning_of(name.trim()).map(|(means, _)| means);
    let is_same = |(cell, name): &(&str, &str)| {
        let is_filled = !cell.trim().is_empty();
        let same = || meaning(cell).is_some_and(|means| meaning(name) == Some(means));
        is_filled && (cell.trim().eq_ignore_ascii_case(name) || same())
    };
    let same = cells.iter().zip(names).filter(is_same).count();
    Some(match same * 4 >= filled * 3 {
        true => NamesIn::Same,
        false => NamesIn::Other,
    })
}

/// Counts the cells with a name that files use for a column, in whatever language; no further than most are values.
fn known_names(cells: Cells<'_>) -> usize {
    let (mut known, mut others) = (0, 0);
    for cell in cells.iter().map(str::trim).filter(|cell| !cell.is_empty()) {
        match cell.len() <= LONGEST_NAME && header_names::is_known(&fold(cell)) {
            true => known += 1,
            false => others += 1,
        }
        if others > 1 && others > known {
            break;
        }
    }
    known
}

/// Tells whether a cell is blank or what a survey writes below its questions.
fn is_kind_of_answer(cell: &str) -> bool {
    const KINDS: &[&str] = &[
        "",
        "Response",
        "Open-Ended Response",
        "Other (please specify)",
    ];
    KINDS.contains(&cell.trim())
}

/// Tells whether a row is a word for a sum and figures.
fn is_total(first: &str, rest: &[&str]) -> bool {
    let has_figures = |cell: &&str| !cell.chars().any(char::is_alphabetic);
    let word: String = first
        .chars()
        .filter(|letter| !letter.is_ascii_digit())
        .collect();
    // *Subtotal Berlin* is a sum as well, but *Sum Li* may be somebody: figures beside it tell.
    let begins = || word.split_whitespace().next().map(fold);
    let is_sum = TOTALS.contains(&fold(&word).as_str())
        || !rest.is_empty() && begins().is_some_and(|first| TOTALS.contains(&first.as_str()));
    is_sum && rest.iter().all(has_figures)
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Tells whether a folded text is a word and the date of a list: *Stand: 31.12.2025*.
fn is_dated(folded: &str) -> bool {
    let word = folded.trim_end_matches(|letter: char| letter.is_ascii_digit());
    folded.len() >= word.len() + 4 && DATED.contains(&word)
}

/// Tells whether a text counts pages or rows: *Seite 1 von 3*, *Anzahl Datensätze: 1*.
fn is_counted(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().map(fold).unwrap_or_default();
    let first = first.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let has_number = text.bytes().any(|byte| byte.is_ascii_digit());
    has_number && (PAGES.contains(&first) || TOTALS.contains(&first))
}

/// Tells whether a text is a letter below which a list goes on with the names that begin with it.
fn is_letter_of_a_list(text: &str) -> bool {
    let bare = text.trim_matches(|letter: char| !letter.is_alphanumeric());
    bare.len() == 1 && bare.bytes().all(|letter| letter.is_ascii_uppercase())
}

/// Tells whether a row explains a sign, as in *A = active*: nobody has a letter for a name, and nothing else.
fn is_legend(draft: &Draft) -> bool {
    use ContactField::{CompanyName, FirstName, LastName};
    let values = &draft.values;
    let has_more = [FirstName, CompanyName]
        .iter()
        .any(|field| values.get(*field).is_some());
    let is_letter = |text: &str| text.len() == 1 && text.bytes().all(|it| it.is_ascii_alphabetic());
    !has_more && values.text(LastName).is_some_and(is_letter)
}

/// Tells whether the only text of a row is no name of anybody.
fn is_alone(draft: &Draft, text: &str) -> bool {
    let values = &draft.values;
    let is_company = values.get(ContactField::CompanyName).is_some();
    let is_last_name = values.get(ContactField::LastName).is_some();
    let folded = fold(text);
    let is_sentence = text.split_whitespace().count() > MOST_WORDS
        || !text.chars().any(char::is_alphabetic)
        || FOOTERS.iter().any(|words| folded.starts_with(words))
        || text.starts_with('©')
        || text.ends_with(':')
        || !is_company && digits(text) >= LEAST_DATE_DIGITS
        || is_letter_of_a_list(text)
        || is_dated(&folded)
        || is_counted(text);
    is_sentence || !is_company && !is_last_name
}
