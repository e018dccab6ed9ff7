//! Taking a full name apart.

use super::emails;
use super::fold::fold;

/// The parts of a name; empty where there is none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NameParts {
    pub(crate) salutation: String,
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) suffix: String,
    /// What stands in the cell and is no part of the name: `(deceased)`, `née Smith`, a second person.
    pub(crate) beside: String,
}

/// Tells whether a text is a form of address such as *Mrs.* or *Dr. med.*.
pub(crate) fn is_salutation(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    !words.is_empty() && titles(&words) == words.len()
}

/// Forms of address and degrees, folded.
const SALUTATIONS: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "dres",
    "prof",
    "professor",
    "professorin",
    "sir",
    "madam",
    "lady",
    "lord",
    "rev",
    "hon",
    "capt",
    "col",
    "lt",
    "ltcol",
    "maj",
    "sgt",
    "herr",
    "herrn",
    "frau",
    "hr",
    "fr",
    "fru",
    "dipling",
    "dipl",
    "mag",
    "ing",
    "monsieur",
    "madame",
    "mme",
    "mlle",
    "maitre",
    "m",
    "sr",
    "sra",
    "srta",
    "senor",
    "senora",
    "don",
    "dona",
    "dott",
    "dottssa",
    "sig",
    "sigra",
    "drs",
    "ir",
    "dhr",
    "mevr",
    "mw",
    "pan",
    "pani",
    "doc",
    "drd",
    "dring",
    "drmed",
    "drphil",
    "druhc",
    "mgr",
    "bc",
    "mudr",
    "judr",
    "phdr",
    "familie",
    "family",
    "famille",
    "familia",
    "famiglia",
];
/// What may follow a degree: *Dr. med. dent.*, *Prof. Dr. h. c.*.
const DEGREES: &[&str] = &[
    "med", "dent", "vet", "phil", "jur", "iur", "rer", "nat", "oec", "pol", "publ", "theol", "ing",
    "habil", "hc", "h", "c", "mult", "agr", "pharm", "psych", "soc", "paed", "techn", "mont", "sc",
    "troph", "univ",
];
/// Words between two forms of address: *Mr & Mrs*.
const AND: &[&str] = &[
    "", "and", "und", "et", "y", "e", "en", "och", "og", "i", "a", "ja",
];
const SUFFIXES: &[&str] = &[
    "jr", "sr", "jnr", "snr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "msc", "bsc", "llm",
    "cpa", "dds", "rn", "csc", "drsc", "mbe", "obe", "cbe", "kbe", "mphil", "dphil", "mpa", "mph",
    "llb", "frcp", "mrcp", "facs", "cfa", "pmp",
];
/// Suffixes that tell people of one name apart, also behind a first name alone: *Otto II.*
const GENERATIONS: &[&str] = &["jr", "jnr", "snr", "ii", "iii", "iv"];
/// What a name at birth follows.
const BORN: &[&str] = &[
    "geb.", "geborene", "geb", "née", "nee", "né", "born", "nata", "nato",
];
/// What says for whom a letter is, folded: *Attn: Mr Smith*, *z. Hd. Frau Weber*.
const ATTENTION: &[&str] = &["attn", "attention", "fao", "zhd", "zhdn", "zuhanden"];
/// Legal forms at the end of a company's name, folded.
const LEGAL_FORMS: &[&str] = &[
    "ltd", "limited", "inc", "llc", "llp", "plc", "corp", "gmbh", "ag", "kg", "ohg", "ug", "mbh",
    "sarl", "sas", "srl", "spa", "bv", "nv", "oy", "oyj", "aps", "kft", "sro",
];
/// Words that belong to the last name.
const PARTICLES: &[&str] = &[
    "van", "von", "vom", "zu", "zum", "zur", "de", "del", "della", "delle", "dei", "degli", "der",
    "den", "di", "da", "dos", "das", "do", "du", "des", "la", "le", "lo", "los", "las", "ter",
    "ten", "te", "el", "al", "bin", "ibn", "ben", "bint", "abu", "st", "san", "santa", "mac", "mc",
    "af", "av", "op", "vander", "in", "t",
];
/// Words that join two parts of one last name: *de Sousa e Silva*.
const JOINING: &[&str] = &["e", "y", "i"];

/// Counts the words at the beginning that are a form of address.
fn titles(words: &[&str]) -> usize {
    let is_title = |word: &&str| {
        let folded = fold(word);
        // *Dr.-Ing.* and *Dipl.-Kffr.* begin with a degree.
        let beginning = word.split(['.', '-']).next().map(fold).unwrap_or_default();
        SALUTATIONS.contains(&folded.as_str())
            || word.contains(['.', '-'])
                && ["dr", "dipl", "prof", "mag"].contains(&beginning.as_str())
    };
    let mut count = 0;
    while let Some(word) = words.get(count) {
        let folded = fold(word);
        // *Dipl.-Ing. (FH)* says where the degree is from.
        let is_bracket = word.starts_with('(') && word.ends_with(')');
        let is_degree = word.ends_with('.') && DEGREES.contains(&folded.as_str());
        let follows = count > 0 && (is_degree || is_bracket && count + 1 < words.len());
        let joins = count > 0
            && AND.contains(&folded.as_str())
            && words.get(count + 1).is_some_and(is_title);
        if !is_title(word) && !follows && !joins {
            return count;
        }
        count += 1;
    }
    count
}

/// Splits a full name: `Last, First`, else the last word and the particles before it are the last name.
pub(crate) fn split(full: &str) -> NameParts {
    let full = without_attention(full.trim());
    let mut parts = NameParts::default();
    if is_company(full) {
        full.clone_into(&mut parts.last);
        return parts;
    }
    let (name, beside) = without_additions(full);
    if !beside.is_empty() {
        return NameParts {
            beside: beside.to_owned(),
            ..split(name)
        };
    }
    if let Some((last, first)) = parted(full) {
        let (last, first) = (last.trim(), first.trim());
        if are_suffixes(first) {
            parts = split(last);
            parts.suffix = first.to_owned();
            return parts;
        }
        // *Müller geb. Beck, Anna*.
        if let Some(at) = name_at_birth(last, 1) {
            return NameParts {
                beside: last[at..].trim().to_owned(),
                ..split(&format!("{}, {first}", &last[..at]))
            };
        }
        let (first, suffix) = first.split_once(',').unwrap_or((first, ""));
        let words: Vec<&str> = first.split_whitespace().collect();
        let titles = match titles(&words) {
            count if count < words.len() => count,
            _ => 0,
        };
        parts.salutation = words[..titles].join(" ");
        parts.first = words[titles..].join(" ");
        (parts.last, parts.suffix) = (last.to_owned(), suffix.trim().to_owned());
        return parts;
    }
    let mut words: Vec<&str> = full.split_whitespace().collect();
    if let Some(parts) = of_a_couple(&words) {
        return parts;
    }
    let titles = titles(&words);
    if titles < words.len() {
        parts.salutation = words.drain(..titles).collect::<Vec<_>>().join(" ");
    }
    let is_behind = |word: &&str| {
        let of_two = words.len() == 2 && GENERATIONS.contains(&fold(word).as_str());
        of_two || words.len() > 2 && is_suffix(word)
    };
    if words.last().is_some_and(is_behind) {
        parts.suffix = words.pop().unwrap_or_default().to_owned();
    }
    // In East Asia the last name comes first.
    if words.len() == 2
        && words.iter().all(|word| is_east_asian(word))
        && !CHINESE.contains(words[1])
    {
        words.rotate_left(1);
    }
    let last = match capitals(&words) {
        Some(count) => {
            words.rotate_left(count);
            words.len() - count
        }
        None => last_name(&words),
    };
    parts.first = words[..last].join(" ");
    parts.last = words[last..].join(" ");
    parts
}

/// Takes a name apart at its comma, or at the only semicolon: *Beck; Jörg*.
fn parted(full: &str) -> Option<(&str, &str)> {
    let by_semicolon = || {
        full.split_once(';')
            .filter(|(_, first)| !first.contains(';'))
    };
    full.split_once(',').or_else(by_semicolon)
}

/// Tells whether a text is suffixes alone: *CFA, MBA*.
fn are_suffixes(text: &str) -> bool {
    text.split(',').all(|part| is_suffix(part.trim()))
}

fn without_attention(full: &str) -> &str {
    let (first, rest) = full.split_once(char::is_whitespace).unwrap_or((full, ""));
    let (second, behind) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if ATTENTION.contains(&fold(first).as_str()) && !rest.is_empty() {
        return rest.trim_start();
    }
    let is_spaced = ["zhd", "zhdn"].contains(&fold(&format!("{first}{second}")).as_str());
    if is_spaced && !behind.is_empty() {
        behind.trim_start()
    } else {
        full
    }
}

/// Splits *Herr Karl & Frau Anna Huber*: the first of the two, with the last name that both have.
fn of_a_couple(words: &[&str]) -> Option<NameParts> {
    let start = titles(words);
    let and = (start + 1..words.len())
        .find(|at| AND.contains(&fold(words[*at]).as_str()) && titles(&words[at + 1..]) > 0)?;
    let others = &words[and + 1..];
    let other = titles(others);
    let first = others.get(other..).filter(|rest| rest.len() > 1)?;
    let last = other + last_name(first);
    Some(NameParts {
        salutation: words[..start].join(" "),
        first: words[start..and].join(" "),
        last: others[last..].join(" "),
        suffix: String::new(),
        beside: words[and..and + 1 + last].join(" "),
    })
}

/// Splits a full name that begins with a last name of so many words: *Dupont Marie*. A comma or capitals say better which
/// part is which.
pub(crate) fn split_last_name_first(full: &str, length: usize) -> NameParts {
    let (name, beside) = without_additions(full.trim());
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let titles = titles(&words);
    let is_plain = words.len() > titles + 1 && !name.contains(',') && !is_company(full.trim());
    if !is_plain || says_by_capitals(&words) {
        return split(full);
    }
    let salutation = words.drain(..titles).collect::<Vec<_>>().join(" ");
    let suffix = match words.last() {
        Some(word) if words.len() > 2 && is_suffix(word) => words.pop().unwrap_or_default(),
        _ => "",
    };
    let is_particle = |word: &&&str| PARTICLES.contains(&fold(word).as_str());
    let particles = words.iter().take_while(is_particle).count();
    let end = match particles + length {
        end if end < words.len() => end,
        _ => (particles + 1).min(words.len() - 1),
    };
    NameParts {
        salutation,
        first: words[end..].join(" "),
        last: words[..end].join(" "),
        suffix: suffix.to_owned(),
        beside: beside.to_owned(),
    }
}

/// Moves the last word of the first name to a last name of one word, where people have two: *García López*.
pub(crate) fn with_two_last_names(parts: NameParts) -> NameParts {
    let words: Vec<&str> = parts.first.split_whitespace().collect();
    if words.len() < 2 || parts.last.contains(char::is_whitespace) {
        return parts;
    }
    let is_particle = |word: &&&str| PARTICLES.contains(&fold(word).as_str());
    let particles = words[1..words.len() - 1]
        .iter()
        .rev()
        .take_while(is_particle);
    let end = words.len() - 1 - particles.count();
    NameParts {
        first: words[..end].join(" "),
        last: format!("{} {}", words[end..].join(" "), parts.last),
        ..parts
    }
}

/// Tells whether some words are in capitals and others are not.
fn says_by_capitals(words: &[&str]) -> bool {
    let is_capital = |word: &&&str| {
        let mut letters = word.chars().filter(|letter| letter.is_alphabetic());
        word.chars().count() > 2 && !word.contains('.') && letters.all(char::is_uppercase)
    };
    let is_mixed = |word: &&str| word.chars().any(char::is_lowercase);
    words.iter().any(|word| is_capital(&word)) && words.iter().any(is_mixed)
}

/// Splits a name that stands beside a first name: it is the last name, unless it holds the first one, too.
pub(crate) fn beside_first(name: &str, first: &str) -> NameParts {
    if has_words(name, first) {
        let parts = split(name);
        if fold(&parts.first) == fold(first) {
            return parts;
        }
        let rest: Vec<&str> = name
            .split_whitespace()
            .filter(|word| !has_words(first, word))
            .collect();
        return NameParts {
            last: rest.join(" "),
            ..NameParts::default()
        };
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let titles = match titles(&words) {
        count if count < words.len() && !is_company(name) => count,
        _ => 0,
    };
    NameParts {
        salutation: words[..titles].join(" "),
        last: words[titles..].join(" "),
        ..NameParts::default()
    }
}

/// Tells whether a text has all words of another one.
pub(crate) fn has_words(text: &str, words: &str) -> bool {
    let of = |text: &str| text.split_whitespace().map(fold).collect::<Vec<_>>();
    let text = of(text);
    of(words).iter().all(|word| text.contains(word))
}

/// Where the last name begins.
fn last_name(words: &[&str]) -> usize {
    let is = |at: usize, list: &[&str]| list.contains(&fold(words[at]).as_str());
    let mut last = words.len().saturating_sub(1);
    // *de la Cruz* alone is a last name; *Van Nguyen* is not.
    let is_small = |word: &&str| word.chars().next().is_some_and(char::is_lowercase);
    if last > 0 && (0..last).all(|at| is(at, PARTICLES)) && words.first().is_some_and(is_small) {
        return 0;
    }
    loop {
        if last > 1 && is(last - 1, PARTICLES) {
            last -= 1;
        } else if last > 2 && words[last - 1].len() == 1 && is(last - 1, JOINING) {
            last -= 2;
        } else {
            return last;
        }
    }
}

/// Counts the words at the beginning that are written in capitals, as a last name before the first one is: *BECK Jörg*.
fn capitals(words: &[&str]) -> Option<usize> {
    let is_capital = |word: &&str| {
        word.chars().filter(|letter| letter.is_uppercase()).count() > 1
            && !word.contains('.')
            && !word.chars().any(char::is_lowercase)
    };
    let count = words.iter().take_while(|word| is_capital(word)).count();
    let is_mixed = |word: &&str| word.chars().any(char::is_lowercase);
    let behind = words.get(count..)?;
    (count > 0 && !behind.is_empty() && behind.iter().all(is_mixed)).then_some(count)
}

/// The commonest last names in Chinese, of one sign each: behind a first name they stand in the order of the West.
const CHINESE: &str = "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭蔡潘袁董余苏蘇叶葉吕呂魏蒋蔣杜丁沈";

fn is_east_asian(word: &str) -> bool {
    let is = |letter: char| matches!(letter, '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
    word.chars().all(is)
}

/// Takes off the end what is no part of the name: what stands in brackets, a name at birth, a second person.
fn without_additions(full: &str) -> (&str, &str) {
    let at = match full.rfind('(') {
        Some(at) if full.ends_with(')') => Some(at),
        _ => full.find(" / ").or_else(|| name_at_birth(full, 2)),
    };
    match at {
        Some(at) if !full[..at].trim().is_empty() => (full[..at].trim_end(), full[at..].trim()),
        _ => (full, ""),
    }
}

/// Returns where *geb. Smith* begins, behind so many words.
fn name_at_birth(full: &str, behind: usize) -> Option<usize> {
    let words: Vec<&str> = full.split_whitespace().collect();
    let word = words.get(behind..words.len().saturating_sub(1))?;
    let word = word
        .iter()
        .find(|word| BORN.contains(&word.to_lowercase().as_str()))?;
    full.find(&format!(" {word} "))
}

/// Splits *Tom Jones <tom@example.com>* into the name and the email.
pub(crate) fn without_email(full: &str) -> Option<(&str, &str)> {
    let (name, email) = full.strip_suffix('>')?.rsplit_once('<')?;
    emails::is_email(email).then_some((name.trim_end(), email))
}

/// Tells whether a name ends as those of companies do.
pub(crate) fn is_company(full: &str) -> bool {
    let mut words = full.split_whitespace();
    let last = words.next_back();
    words.next().is_some() && last.is_some_and(|word| LEGAL_FORMS.contains(&fold(word).as_str()))
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
            (
                "Dr. med. Anna Müller-Weiß",
                "Dr. med.",
                "Anna",
                "Müller-Weiß",
                "",
            ),
            (
                "Prof. Dr.-Ing. Jörg Beck",
                "Prof. Dr.-Ing.",
                "Jörg",
                "Beck",
                "",
            ),
            ("Beck, Dr. Jörg", "Dr.", "Jörg", "Beck", ""),
            ("Mr & Mrs Smith", "Mr & Mrs", "", "Smith", ""),
            (
                "Anna Maria de Sousa e Silva",
                "",
                "Anna Maria",
                "de Sousa e Silva",
                "",
            ),
            ("BECK Jörg", "", "Jörg", "BECK", ""),
            ("DE VRIES Jan Willem", "", "Jan Willem", "DE VRIES", ""),
            ("JÖRG BECK", "", "JÖRG", "BECK", ""),
            ("Smith, John, Jr.", "", "John", "Smith", "Jr."),
            ("John Smith, CFA, MBA", "", "John", "Smith", "CFA, MBA"),
            ("Beck; Jörg", "", "Jörg", "Beck", ""),
            ("Müller geb. Schmidt, Anna", "", "Anna", "Müller", ""),
            ("Lt. Col. Anna Roth", "Lt. Col.", "Anna", "Roth", ""),
            ("Mira Okafor (Tallow)", "", "Mira", "Okafor", ""),
            (
                "Dipl.-Ing. (FH) Karl Meier",
                "Dipl.-Ing. (FH)",
                "Karl",
                "Meier",
                "",
            ),
            ("Anna Müller geb. Schmidt", "", "Anna", "Müller", ""),
            ("Otto II.", "", "", "Otto", "II."),
            (
                "Prof. Anna Müller / Bernd Müller",
                "Prof.",
                "Anna",
                "Müller",
                "",
            ),
            ("Smith & Sons Ltd", "", "", "Smith & Sons Ltd", ""),
            ("Familie Huber", "Familie", "", "Huber", ""),
            ("Ing. Petr Svoboda, CSc.", "Ing.", "Petr", "Svoboda", "CSc."),
            ("Dr Anna O'Neill MBE", "Dr", "Anna", "O'Neill", "MBE"),
            ("Herr Karl & Frau Anna Huber", "Herr", "Karl", "Huber", ""),
            ("Mr Tom and Mrs Ann van Dyke", "Mr", "Tom", "van Dyke", ""),
            ("z.Hd. Frau Weber", "Frau", "", "Weber", ""),
            ("z. Hd. Frau Weber", "Frau", "", "Weber", ""),
            ("Attn: Mr Smith", "Mr", "", "Smith", ""),
            ("de la Cruz", "", "", "de la Cruz", ""),
            ("Anna Nata", "", "Anna", "Nata", ""),
            ("(Tallow)", "", "", "(Tallow)", ""),
            ("Van Nguyen", "", "Van", "Nguyen", ""),
            ("山田太郎", "", "", "山田太郎", ""),
            ("高橋 健太", "", "健太", "高橋", ""),
            ("美玲 林", "", "美玲", "林", ""),
            ("林 美玲", "", "美玲", "林", ""),
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

    #[test]
    fn what_is_no_part_of_the_name_stands_beside_it() {
        for (full, beside) in [
            ("Mira Okafor (Tallow)", "(Tallow)"),
            ("Anna Müller (verstorben)", "(verstorben)"),
            ("Anna Müller geb. Schmidt", "geb. Schmidt"),
            ("Prof. Anna Müller / Bernd Müller", "/ Bernd Müller"),
            ("Dipl.-Ing. (FH) Karl Meier", ""),
            ("Anna Müller", ""),
        ] {
            assert_eq!(split(full).beside, beside, "{full}");
        }
    }

    #[test]
    fn a_column_may_have_the_last_name_first() {
        for (full, length, salutation, first, last) in [
            ("Dupont Marie", 1, "", "Marie", "Dupont"),
            ("Dupont Marie Claire", 1, "", "Marie Claire", "Dupont"),
            ("Dr. Müller Anna", 1, "Dr.", "Anna", "Müller"),
            ("van der Berg Jan", 1, "", "Jan", "van der Berg"),
            ("García López Ana", 2, "", "Ana", "García López"),
            ("García Ana", 2, "", "Ana", "García"),
            ("Müller, Anna", 1, "", "Anna", "Müller"),
            ("DE VRIES Jan", 1, "", "Jan", "DE VRIES"),
            ("Marie DUPONT", 1, "", "Marie", "DUPONT"),
            ("Dupont", 1, "", "", "Dupont"),
            ("Acme Ltd", 1, "", "", "Acme Ltd"),
            ("De Luca", 1, "", "Luca", "De"),
            ("de la Cruz Maria", 1, "", "Maria", "de la Cruz"),
            ("Rossi Mario Jr.", 1, "", "Mario", "Rossi"),
        ] {
            let parts = split_last_name_first(full, length);
            let found = (&*parts.salutation, &*parts.first, &*parts.last);
            assert_eq!(found, (salutation, first, last), "{full}");
        }
        let beside = split_last_name_first("Dupont Marie (sœur)", 1).beside;
        assert_eq!(beside, "(sœur)");
    }

    #[test]
    fn a_name_beside_a_first_name_is_the_last_one() {
        for (name, first, last) in [
            ("Müller", "Anna", "Müller"),
            ("von der Heide", "Jörg", "von der Heide"),
            ("Anna Müller", "Anna", "Müller"),
            ("Müller, Anna", "Anna", "Müller"),
            ("Anna Maria Müller", "Anna", "Maria Müller"),
        ] {
            assert_eq!(beside_first(name, first).last, last, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_letter_of_a_name_is_lost(full in "[A-Za-zé. ,]{0,30}") {
            let parts = split(&full);
            let letters = |text: &str| { let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect(); letters.sort_unstable(); letters };
            let joined = format!("{}{}{}{}{}", parts.salutation, parts.first, parts.last, parts.suffix, parts.beside);
            proptest::prop_assert_eq!(letters(&joined), letters(&full));
        }
    }
}
