//! Columns that hold the whole name of a person, and say in which order: *Nom et prénom*, *First and last name*.

use leadferry_store::ContactField::{FirstName, LastName, MiddleName, Salutation};

use super::{Means, listed};
use crate::imports::fold::fold;

/// Which part of a name stands first in the cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameOrder {
    FirstNameFirst,
    /// With two words of the last name, where a name has enough of them.
    TwoLastNamesLast,
    /// With this many words of the last name where a name has enough of them: people have two in Spanish and Portuguese.
    LastNameFirst(usize),
}

/// Words between two names, folded.
const AND: &[&str] = &[
    "", "and", "und", "u", "et", "e", "y", "en", "i", "a", "och", "og", "ja", "or",
];
/// Most words in the name of one part, as in *nom de famille*.
const MOST_WORDS: usize = 3;

/// Returns the order that the name of a column states; nothing where it names no two parts of a name, or something else.
pub(crate) fn order(name: &str) -> Option<NameOrder> {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .map(fold)
        .filter(|word| !AND.contains(&word.as_str()))
        .collect();
    let parts = parts(&words).or_else(|| match words.as_slice() {
        [word] => two_parts(word),
        _ => None,
    })?;
    let at = |wanted| {
        parts
            .iter()
            .position(|(means, _)| *means == Means::Field(wanted))
    };
    let first = at(FirstName)?;
    // *Name, Vorname* calls the last name by the word for the whole one.
    let whole = parts
        .iter()
        .position(|(means, _)| *means == Means::FullName);
    let last = at(LastName).or(whole)?;
    let is_plural = ["apellidos", "apelidos"].contains(&parts[last].1.as_str());
    if first < last {
        let order = match is_plural {
            true => NameOrder::TwoLastNamesLast,
            false => NameOrder::FirstNameFirst,
        };
        return (at(LastName).is_some()).then_some(order);
    }
    Some(NameOrder::LastNameFirst(1 + usize::from(is_plural)))
}

/// Reads words as parts of a name, the longest first; nothing where one of them is something else.
fn parts(words: &[String]) -> Option<Vec<(Means, String)>> {
    let mut rest = words;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let longest = MOST_WORDS.min(rest.len());
        let (length, part) = (1..=longest).rev().find_map(|length| {
            let part = rest[..length].concat();
            let means = part_of_name(&part)?;
            // *Nom prénom* is the whole name, of which the words are the parts.
            (length == 1 || means != Means::FullName).then_some((length, (means, part)))
        })?;
        found.push(part);
        rest = &rest[length..];
    }
    (found.len() > 1).then_some(found)
}

/// Takes apart two names that are written as one word, as in `NachnameVorname`.
fn two_parts(word: &str) -> Option<Vec<(Means, String)>> {
    let ends = word.char_indices().map(|(at, _)| at).skip(1);
    ends.map(|at| word.split_at(at)).find_map(|(one, other)| {
        let other_bare = AND
            .iter()
            .filter_map(|and| other.strip_prefix(and))
            .find_map(|bare| Some((part_of_name(bare)?, bare.to_owned())))?;
        Some(vec![(part_of_name(one)?, one.to_owned()), other_bare])
    })
}

fn part_of_name(word: &str) -> Option<Means> {
    let (means, _) = listed(word)?;
    let is_part = matches!(
        means,
        Means::Field(FirstName | LastName | MiddleName | Salutation)
            | Means::FullName
            | Means::Title
    );
    is_part.then_some(means)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_which_name_comes_first() {
        use NameOrder::{FirstNameFirst, LastNameFirst, TwoLastNamesLast};
        for (name, expected) in [
            ("Nom et prénom", Some(LastNameFirst(1))),
            ("Nachname Vorname", Some(LastNameFirst(1))),
            ("NachnameVorname", Some(LastNameFirst(1))),
            ("Name, Vorname", Some(LastNameFirst(1))),
            ("Cognome e Nome", Some(LastNameFirst(1))),
            ("Last name, First name", Some(LastNameFirst(1))),
            ("last_first", Some(LastNameFirst(1))),
            ("Apellidos y nombre", Some(LastNameFirst(2))),
            ("Nombre y apellidos", Some(TwoLastNamesLast)),
            ("Nazwisko i imię", Some(LastNameFirst(1))),
            ("Sukunimi ja etunimi", Some(LastNameFirst(1))),
            ("Příjmení a jméno", Some(LastNameFirst(1))),
            ("Фамилия Имя Отчество", Some(LastNameFirst(1))),
            ("First and last name", Some(FirstNameFirst)),
            ("Prénom et nom", Some(FirstNameFirst)),
            ("Nome e cognome", Some(FirstNameFirst)),
            ("Titel, Vorname, Nachname", Some(FirstNameFirst)),
            ("Name", None),
            ("Full name", None),
            ("First name", None),
            ("Last name", None),
            ("Name of the company", None),
            ("Company, First name, Last name", None),
        ] {
            assert_eq!(order(name), expected, "{name}");
        }
    }
}
