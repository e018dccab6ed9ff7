//! Whether a row is a person who is there already.

use std::collections::HashMap;

use leadferry_store::{ContactField, ContactId, Value};

use super::contact_rows::Draft;
use super::fold::fold;

/// The names of a person, folded; empty where she has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Name {
    first: String,
    last: String,
}

impl Name {
    pub(crate) fn new(first: Option<&str>, last: Option<&str>) -> Self {
        Self {
            first: first.map(fold).unwrap_or_default(),
            last: last.map(fold).unwrap_or_default(),
        }
    }

    /// Returns the name that a row gives.
    pub(crate) fn of(draft: &Draft) -> Self {
        let text = |field| draft.values.get(&field).and_then(Value::as_text);
        Self::new(text(ContactField::FirstName), text(ContactField::LastName))
    }

    /// Tells whether both can be one person's name: no part that both have differs.
    fn agrees(&self, other: &Self) -> bool {
        let agree = |one: &str, two: &str| one.is_empty() || two.is_empty() || one == two;
        agree(&self.first, &other.first) && agree(&self.last, &other.last)
    }

    /// Takes over the parts that a row gives.
    fn update(&mut self, other: &Self) {
        for (ours, theirs) in [
            (&mut self.first, &other.first),
            (&mut self.last, &other.last),
        ] {
            if !theirs.is_empty() {
                ours.clone_from(theirs);
            }
        }
    }
}

/// What a row with an e-mail is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// Nobody has this e-mail yet.
    New,
    /// This person.
    Same(ContactId),
    /// Somebody else with the same e-mail.
    Another,
    /// One of several; nobody can say which.
    Unclear,
}

/// The people with the e-mails of a page, those of the page itself included.
#[derive(Debug, Default)]
pub(crate) struct People {
    by_email: HashMap<String, Vec<(ContactId, Name)>>,
}

impl People {
    /// Adds a person, once.
    pub(crate) fn add(&mut self, email_key: String, id: ContactId, name: Name) {
        self.by_email.entry(email_key).or_default().push((id, name));
    }

    /// Takes over the name that a row gave a person.
    pub(crate) fn rename(&mut self, email_key: &str, id: ContactId, name: &Name) {
        let people = self.by_email.get_mut(email_key).into_iter().flatten();
        people
            .filter(|person| person.0 == id)
            .for_each(|person| person.1.update(name));
    }

    /// Finds the person that a row means.
    pub(crate) fn find(&self, email_key: &str, name: &Name) -> Match {
        let people = self.by_email.get(email_key).map_or(&[][..], Vec::as_slice);
        if people.is_empty() {
            return Match::New;
        }
        let agreeing: Vec<_> = people
            .iter()
            .filter(|person| person.1.agrees(name))
            .collect();
        let equal: Vec<_> = agreeing.iter().filter(|person| person.1 == *name).collect();
        match (agreeing.as_slice(), equal.as_slice()) {
            ([], _) => Match::Another,
            ([(id, _)], _) | (_, [(id, _)]) => Match::Same(*id),
            _ => Match::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(first: &str, last: &str) -> Name {
        Name::new(Some(first), Some(last))
    }

    #[test]
    fn one_person_is_told_from_another_by_the_name() {
        let mut people = People::default();
        people.add(
            "info@example.com".into(),
            ContactId(1),
            name("Ada", "Byron"),
        );
        people.add(
            "info@example.com".into(),
            ContactId(2),
            name("Bob", "Byron"),
        );
        people.add("solo@example.com".into(), ContactId(3), name("", ""));
        let cases = [
            ("new@example.com", name("Ada", "Byron"), Match::New),
            (
                "info@example.com",
                name("ADA", "Býron"),
                Match::Same(ContactId(1)),
            ),
            (
                "info@example.com",
                name("Bob", ""),
                Match::Same(ContactId(2)),
            ),
            ("info@example.com", name("Cleo", "Byron"), Match::Another),
            ("info@example.com", name("", "Byron"), Match::Unclear),
            ("info@example.com", name("", ""), Match::Unclear),
            (
                "solo@example.com",
                name("Cleo", "Byron"),
                Match::Same(ContactId(3)),
            ),
        ];
        for (email, name, expected) in cases {
            assert_eq!(people.find(email, &name), expected, "{email} {name:?}");
        }
    }

    #[test]
    fn two_contacts_of_the_very_same_name_are_unclear() {
        let mut people = People::default();
        people.add("a@example.com".into(), ContactId(1), name("Ada", "Byron"));
        people.add("a@example.com".into(), ContactId(2), name("Ada", "Byron"));
        assert_eq!(
            people.find("a@example.com", &name("Ada", "Byron")),
            Match::Unclear
        );
    }

    #[test]
    fn a_person_without_a_name_gets_that_of_the_row() {
        let mut people = People::default();
        people.add("a@example.com".into(), ContactId(1), name("", ""));
        people.rename("a@example.com", ContactId(1), &name("Ada", "Byron"));
        assert_eq!(
            people.find("a@example.com", &name("Bob", "Byron")),
            Match::Another
        );
    }
}
