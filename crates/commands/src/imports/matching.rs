//! Whether a row is a person who is there already.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use leadferry_store::{ContactId, Value};

use super::same_name::Name;

/// Returns a hash that is the same for the same value as long as the program runs.
pub(crate) fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Returns a hash of a value; decimals count without the zeros at their ends.
pub(crate) fn mark_of(value: &Value) -> u64 {
    match value {
        Value::Text(text) => hash_of(text),
        Value::Integer(number) | Value::DateTime(number) => hash_of(number),
        Value::Decimal(decimal) => {
            let (mut units, mut scale) = (decimal.units, decimal.scale);
            while scale > 0 && units % 10 == 0 {
                (units, scale) = (units / 10, scale - 1);
            }
            hash_of((units, scale))
        }
        Value::Float(number) => hash_of(number.to_bits()),
        Value::YesNo(yes) => hash_of(yes),
        Value::Date(date) => hash_of(date),
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

/// People by what identifies them, those of the file itself included.
#[derive(Debug)]
pub(crate) struct People<K = String> {
    by_key: HashMap<K, Vec<(ContactId, Name)>>,
}

impl<K> Default for People<K> {
    fn default() -> Self {
        Self {
            by_key: HashMap::new(),
        }
    }
}

impl<K: Eq + Hash> People<K> {
    /// Adds a person, once.
    pub(crate) fn add(&mut self, key: K, id: ContactId, name: Name) {
        self.by_key.entry(key).or_default().push((id, name));
    }

    /// Takes over the name that a row gave a person.
    pub(crate) fn rename<Q>(&mut self, key: &Q, id: ContactId, name: &Name)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let people = self.by_key.get_mut(key).into_iter().flatten();
        people
            .filter(|person| person.0 == id)
            .for_each(|person| person.1.update(name));
    }

    /// Returns everyone of a key.
    pub(crate) fn of<Q>(&self, key: &Q) -> &[(ContactId, Name)]
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// Returns the name of a person of a key.
    pub(crate) fn name_of<Q>(&self, key: Option<&Q>, id: ContactId) -> Option<Name>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let people = key.map_or(&[][..], |key| self.of(key));
        people
            .iter()
            .find(|person| person.0 == id)
            .map(|person| person.1)
    }

    /// Finds the person that a row means.
    pub(crate) fn find<Q>(&self, key: &Q, name: &Name) -> Match
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        judge(self.of(key), name)
    }
}

/// Finds the person that a name means among all of one e-mail.
pub(crate) fn judge(people: &[(ContactId, Name)], name: &Name) -> Match {
    if people.is_empty() {
        return Match::New;
    }
    let agreeing: Vec<_> = people
        .iter()
        .filter(|person| person.1.agrees(name))
        .collect();
    let is_same = |person: &&&(ContactId, Name)| person.1.is_same(name);
    let equal: Vec<_> = agreeing.iter().filter(is_same).collect();
    match (agreeing.as_slice(), equal.as_slice()) {
        ([], _) => Match::Another,
        ([(id, _)], _) | (_, [(id, _)]) => Match::Same(*id),
        _ => Match::Unclear,
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
        let mut people = People::<String>::default();
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
        let mut people = People::<String>::default();
        people.add("a@example.com".into(), ContactId(1), name("Ada", "Byron"));
        people.add("a@example.com".into(), ContactId(2), name("Ada", "Byron"));
        assert_eq!(
            people.find("a@example.com", &name("Ada", "Byron")),
            Match::Unclear
        );
    }

    #[test]
    fn a_person_without_a_name_gets_that_of_the_row() {
        let mut people = People::<String>::default();
        people.add("a@example.com".into(), ContactId(1), name("", ""));
        people.rename("a@example.com", ContactId(1), &name("Ada", "Byron"));
        assert_eq!(
            people.find("a@example.com", &name("Bob", "Byron")),
            Match::Another
        );
    }
}
