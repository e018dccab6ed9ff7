//! Taking a full name apart.

use super::fold::fold;

/// The parts of a name; empty where there is none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NameParts {
    pub(crate) salutation: String,
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) suffix: String,
}

/// Tells whether a text is a form of address such as *Mrs.* or *Dr.*.
pub(crate) fn is_salutation(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| SALUTATIONS.contains(&fold(word).as_str()))
}

const SALUTATIONS: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "madam",
    "rev",
    "hon",
    "herr",
    "frau",
    "hr",
    "fr",
    "dipling",
    "monsieur",
    "madame",
    "mme",
    "mlle",
    "m",
    "sr",
    "sra",
    "srta",
    "don",
    "dona",
    "dott",
    "drs",
];
const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq"];
/// Words that belong to the last name.
const PARTICLES: &[&str] = &[
    "van", "von", "vom", "zu", "zur", "de", "del", "della", "der", "den", "di", "da", "dos", "das",
    "do", "du", "la", "le", "ter", "ten", "el", "al", "bin", "ibn", "ben", "st", "san", "mac",
    "af", "av",
];

/// Splits a full name: `Last, First`, else the last word and the particles before it are the last name.
pub(crate) fn split(full: &str) -> NameParts {
    let full = full.trim();
    let mut parts = NameParts::default();
    if let Some((last, first)) = full.split_once(',') {
        let (last, first) = (last.trim(), first.trim());
        if is_suffix(first) {
            parts = split(last);
            parts.suffix = first.to_owned();
        } else {
            (parts.first, parts.last) = (first.to_owned(), last.to_owned());
        }
        return parts;
    }
    let mut words: Vec<&str> = full.split_whitespace().collect();
    let titles = words.iter().take_while(|word| is_salutation(word)).count();
    if titles < words.len() {
        parts.salutation = words.drain(..titles).collect::<Vec<_>>().join(" ");
    }
    if words.len() > 2 && words.last().is_some_and(|word| is_suffix(word)) {
        parts.suffix = words.pop().unwrap_or_default().to_owned();
    }
    let mut last = words.len().saturating_sub(1);
    while last > 1 && PARTICLES.contains(&fold(words[last - 1]).as_str()) {
        last -= 1;
    }
    parts.first = words[..last].join(" ");
    parts.last = words[last..].join(" ");
    parts
}

fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&fold(word).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_come_apart() {
        let cases = [
            ("Ada Lovelace", "", "Ada", "Lovelace", ""),
            ("Lovelace, Ada King", "", "Ada King", "Lovelace", ""),
            ("Ludwig van Beethoven", "", "Ludwig", "van Beethoven", ""),
            ("Dr. Maria de la Cruz", "Dr.", "Maria", "de la Cruz", ""),
            ("Martin Luther King Jr.", "", "Martin Luther", "King", "Jr."),
            ("Smith, PhD", "", "", "Smith", "PhD"),
            ("Cher", "", "", "Cher", ""),
            ("Dr.", "", "", "Dr.", ""),
            ("山田太郎", "", "", "山田太郎", ""),
            ("", "", "", "", ""),
        ];
        for (full, salutation, first, last, suffix) in cases {
            let parts = split(full);
            let found = (
                &*parts.salutation,
                &*parts.first,
                &*parts.last,
                &*parts.suffix,
            );
            assert_eq!(found, (salutation, first, last, suffix), "{full}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_letter_of_a_name_is_lost(full in "[A-Za-zé. ,]{0,30}") {
            let parts = split(&full);
            let letters = |text: &str| { let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect(); letters.sort_unstable(); letters };
            let joined = format!("{}{}{}{}", parts.salutation, parts.first, parts.last, parts.suffix);
            proptest::prop_assert_eq!(letters(&joined), letters(&full));
        }
    }
}
