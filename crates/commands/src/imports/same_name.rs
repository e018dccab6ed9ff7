//! Whether two names can be one person's, and which of them says less.
//!
//! An email is shared by couples and whole offices, so the name has to fit, too. Accents and the ways to write without them,
//! initials, short forms and second first names don't tell people apart.

use leadferry_replication::matching::short_forms;
use leadferry_store::ContactField;

use super::contact_rows::{Draft, PHONES};
use super::fold::fold;
use super::matching::hash_of;

/// Most lists of short forms that a name stands in.
const MOST_FORMS: usize = 4;

/// The names of a person, in so little memory that a million of them fit.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Name {
    first: Part,
    last: Part,
}

/// The first or the last name.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    /// Hash of all words; 0 where there are none.
    whole: u32,
    /// Hash of the first word.
    word: u32,
    initial: char,
    /// The lists of short forms that have the first word, counted from 1.
    forms: [u8; MOST_FORMS],
    letters: u8,
    /// Accents, apostrophes and hyphens.
    marks: u8,
    /// It is nothing but initials.
    is_initial: bool,
    /// It has capitals and small letters.
    is_mixed: bool,
}

/// What an update leaves alone: the parts of a name of which the row says less, and phone numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) first: bool,
    pub(crate) last: bool,
    pub(crate) phones: [bool; PHONES.len()],
}

impl Kept {
    /// Tells whether a field is left alone.
    pub(crate) fn has(self, field: ContactField) -> bool {
        match field {
            ContactField::FirstName => self.first,
            ContactField::LastName => self.last,
            field => {
                let at = PHONES.iter().position(|phone| *phone == field);
                at.is_some_and(|at| self.phones[at])
            }
        }
    }
}

impl Name {
    pub(crate) fn new(first: Option<&str>, last: Option<&str>) -> Self {
        Self {
            first: Part::of(first, true),
            last: Part::of(last, false),
        }
    }

    /// Returns the name that a row gives.
    pub(crate) fn of(draft: &Draft) -> Self {
        let text = |field| draft.values.text(field);
        Self::new(text(ContactField::FirstName), text(ContactField::LastName))
    }

    /// Tells whether both can be one person's name.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        self.first.can_be(&other.first) && self.last.agrees(&other.last)
    }

    /// Tells whether both are one name, however it is spelled.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.first.whole == other.first.whole && self.last.whole == other.last.whole
    }

    /// Returns the parts that say less than a stored name: `J. Smith`, `JANE SMITH` and `jane` where *Jane Smith* is known.
    pub(crate) fn poorer_than(&self, stored: &Self) -> Kept {
        Kept {
            phones: Kept::default().phones,
            first: self.first.says_less(&stored.first),
            last: self.last.says_less(&stored.last),
        }
    }

    /// Returns the name but for the parts that are left alone.
    pub(crate) fn without(mut self, kept: Kept) -> Self {
        if kept.first {
            self.first = Part::default();
        }
        if kept.last {
            self.last = Part::default();
        }
        self
    }

    /// Takes over the parts that a row gives.
    pub(crate) fn update(&mut self, other: &Self) {
        for (ours, theirs) in [(&mut self.first, other.first), (&mut self.last, other.last)] {
            if theirs.whole != 0 {
                *ours = theirs;
            }
        }
    }
}

impl Part {
    fn of(text: Option<&str>, is_first: bool) -> Self {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Self::default();
        };
        let is_gap =
            |letter: char| !letter.is_alphanumeric() && !matches!(letter, '\'' | '’' | '`');
        let folded = text.split(is_gap).map(fold).filter(|word| !word.is_empty());
        let mut words: Vec<String> = folded.collect();
        let mut forms = [0; MOST_FORMS];
        if is_first && let Some(first) = words.first() {
            for (form, found) in forms.iter_mut().zip(short_forms(first)) {
                *form = found.saturating_add(1);
            }
        }
        words.iter_mut().for_each(make_plain);
        let Some(first) = words.first() else {
            return Self::default();
        };
        let is_letter = |word: &String| word.len() == 1 && word.as_bytes()[0].is_ascii_lowercase();
        let marks = text
            .chars()
            .filter(|letter| !letter.is_ascii() || matches!(letter, '\'' | '-'));
        Self {
            whole: short_hash(&words.concat()),
            word: short_hash(first),
            initial: first.chars().next().unwrap_or_default(),
            forms,
            letters: count(words.iter().map(String::len).sum()),
            marks: count(marks.count()),
            is_initial: words.iter().all(is_letter),
            is_mixed: text.contains(char::is_uppercase) && text.contains(char::is_lowercase),
        }
    }

    /// Tells whether both are one word, or one of them is missing.
    fn agrees(&self, other: &Self) -> bool {
        self.whole == 0 || other.whole == 0 || self.whole == other.whole
    }

    /// Tells whether both can be the first name of one person.
    fn can_be(&self, other: &Self) -> bool {
        self.agrees(other) || self.shortens(other) || other.shortens(self)
    }

    /// Tells whether it is an initial, the first of two names, or a short form of another.
    fn shortens(&self, other: &Self) -> bool {
        self.is_initial && self.initial == other.initial
            || self.whole == self.word && self.word == other.word
            || self.has_form_of(other)
    }

    fn has_form_of(&self, other: &Self) -> bool {
        let mut forms = self.forms.iter().filter(|form| **form > 0);
        forms.any(|form| other.forms.contains(form))
    }

    fn says_less(&self, stored: &Self) -> bool {
        if self.whole == 0 || stored.whole == 0 {
            return false;
        }
        if self.whole == stored.whole {
            let (ours, theirs) = ((self.is_mixed, self.marks), (stored.is_mixed, stored.marks));
            return ours.0 <= theirs.0 && ours.1 <= theirs.1 && ours != theirs;
        }
        self.letters < stored.letters && self.shortens(stored)
    }
}

/// Takes out of a folded word what people write in the place of accents: Müller is also spelled Mueller and Muller, and Ås
/// Aas.
fn make_plain(word: &mut String) {
    for (pair, letter) in [("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a")] {
        if word.contains(pair) {
            *word = word.replace(pair, letter);
        }
    }
}

/// Never 0, which stands for none.
fn short_hash(text: &str) -> u32 {
    u32::try_from(hash_of(text) >> 32).unwrap_or(1).max(1)
}

fn count(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(full: &str) -> Name {
        let (first, last) = full.rsplit_once(' ').unwrap_or(("", full));
        Name::new(Some(first), Some(last))
    }

    #[test]
    fn spellings_initials_and_short_forms_are_one_name() {
        for (one, other) in [
            ("Jane Smith", "JANE SMITH"),
            ("J. Smith", "Jane Smith"),
            ("J. R. Smith", "Jane Smith"),
            ("Jørgen Ås", "Joergen Aas"),
            ("Jörg Müller", "Joerg Mueller"),
            ("Jörg Müller", "Jorg Muller"),
            ("Anna Weiß", "Anna Weiss"),
            ("Anna Sæther", "Anna Saether"),
            ("Łukasz Żak", "Lukasz Zak"),
            ("José Muñoz", "Jose Munoz"),
            ("Bob Smith", "Robert Smith"),
            ("Bill Gray", "William Gray"),
            ("Hans Huber", "Johannes Huber"),
            ("Lena Roth", "Magdalena Roth"),
            ("Hans Peter Huber", "Hans Huber"),
            ("Hans-Peter Huber", "Hans Peter Huber"),
            ("Smith", "Jane Smith"),
            ("Siobhan O’Brien", "Siobhán OBrien"),
            ("王 伟", "王 伟"),
        ] {
            assert!(name(one).agrees(&name(other)), "{one} and {other}");
            assert!(name(other).agrees(&name(one)), "{other} and {one}");
        }
    }

    #[test]
    fn other_people_keep_their_own_names() {
        for (one, other) in [
            ("Anna Smith", "Robert Smith"),
            ("Jane Smith", "Jane Miller"),
            ("A. Smith", "Jane Smith"),
            ("Anna Maria Smith", "Anna Luisa Smith"),
            ("Paul Smith", "Paula Smith"),
            ("伟 王", "伟强 王"),
            ("Bill Smith", "Bob Smith"),
        ] {
            assert!(!name(one).agrees(&name(other)), "{one} and {other}");
            assert!(!name(other).agrees(&name(one)), "{other} and {one}");
        }
    }

    #[test]
    fn a_poorer_name_gives_way_to_a_better_one() {
        let both = Kept {
            first: true,
            last: true,
            ..Kept::default()
        };
        let first = Kept {
            first: true,
            last: false,
            ..Kept::default()
        };
        let last = Kept {
            first: false,
            last: true,
            ..Kept::default()
        };
        for (new, stored, kept) in [
            ("JANE SMITH", "Jane Smith", both),
            ("jane smith", "Jane Smith", both),
            ("Jorg Muller", "Jörg Müller", both),
            ("Joerg Mueller", "Jörg Müller", both),
            ("J. Smith", "Jane Smith", first),
            ("Bob Smith", "Robert Smith", first),
            ("Hans Huber", "Hans Peter Huber", first),
            ("Jane SMITH", "Jane Smith", last),
            ("Jane OBrien", "Jane O’Brien", last),
        ] {
            assert_eq!(
                name(new).poorer_than(&name(stored)),
                kept,
                "{new} over {stored}"
            );
            assert_eq!(
                name(stored).poorer_than(&name(new)),
                Kept::default(),
                "{stored} over {new}"
            );
        }
        for (new, stored) in [
            ("Jane Smith", "Jane Smith"),
            ("Jane Miller", "Jane Smith"),
            ("", "Jane Smith"),
        ] {
            assert_eq!(
                name(new).poorer_than(&name(stored)),
                Kept::default(),
                "{new}"
            );
        }
    }
}
