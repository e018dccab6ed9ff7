//! What the rows of a file so far have made of people, in little memory.
//!
//! Values are kept as 32-bit marks: enough to tell whether a later row says the same again. A person costs four bytes a
//! field; when the room is used up, later people are not remembered.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use leadferry_store::{ContactField, ContactId, Value, Values};

use crate::imports::matching::{People, hash_of, mark_of};
use crate::imports::same_name::Name;

/// 64 MB of marks.
const MOST_MARKS: usize = 16 << 20;
const MOST_PEOPLE: usize = 1_000_000;

/// Returns the mark of a value; never 0, which stands for none.
pub(super) fn mark(value: &Value) -> u32 {
    marked(mark_of(value))
}

/// Returns the mark of an account's name.
pub(super) fn mark_of_account(name: &str) -> u32 {
    marked(hash_of(name.to_lowercase()))
}

fn marked(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(1).max(1)
}

/// People that the file has added or changed.
pub(super) struct Remembered {
    /// The place of each field among the marks of a person.
    places: BTreeMap<ContactField, usize>,
    marks: Vec<u32>,
    /// Where the marks of people begin that the workspace holds; those of others follow from their ids.
    changed: HashMap<ContactId, usize>,
    people: People<u64>,
    /// Who was made a member of which account, by the mark of its name.
    members: HashSet<(ContactId, u32)>,
    count: usize,
    full: bool,
}

impl Remembered {
    pub(super) fn new(fields: BTreeSet<ContactField>) -> Self {
        Self {
            places: fields
                .into_iter()
                .enumerate()
                .map(|(at, field)| (field, at))
                .collect(),
            marks: Vec::new(),
            changed: HashMap::new(),
            people: People::default(),
            members: HashSet::new(),
            count: 0,
            full: false,
        }
    }

    /// Tells whether a contact stands in the workspace; others have ids of ours.
    pub(super) fn is_stored(id: ContactId) -> bool {
        id.0 > 0
    }

    /// Tells whether somebody was not remembered.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Returns the people of a key: those stored, under the names that the file gave them, and those of the file.
    pub(super) fn with(&self, key: u64, stored: &[(ContactId, Name)]) -> Vec<(ContactId, Name)> {
        let ours = self.people.of(&key);
        let new = stored
            .iter()
            .filter(|(id, _)| ours.iter().all(|(other, _)| other != id));
        ours.iter().chain(new).copied().collect()
    }

    /// Returns the name that the file so far gave to a person of a key.
    pub(super) fn name_of(&self, key: u64, id: ContactId) -> Option<Name> {
        self.people.name_of(Some(&key), id)
    }

    /// Remembers somebody whom the file adds.
    pub(super) fn add_new(&mut self, key: u64, name: Name, values: &Values, account: Option<u32>) {
        let Some(start) = self.reserve() else { return };
        let id = ContactId(-i64::try_from(start / self.width()).unwrap_or(0) - 1);
        self.people.add(key, id, name);
        for (field, value) in values.iter() {
            self.set(start, field, mark(value));
        }
        self.members.extend(account.map(|account| (id, account)));
    }

    /// Remembers what a row changes about somebody.
    pub(super) fn change(
        &mut self,
        key: u64,
        id: ContactId,
        before: Name,
        name: &Name,
        changes: &[(ContactField, u32)],
        account: Option<u32>,
    ) {
        let start = match self.start(id) {
            Some(start) => start,
            None => {
                let Some(start) = self.reserve() else { return };
                self.changed.insert(id, start);
                self.people.add(key, id, before);
                start
            }
        };
        self.people.rename(&key, id, name);
        for (field, mark) in changes {
            self.set(start, *field, *mark);
        }
        self.members.extend(account.map(|account| (id, account)));
    }

    /// Returns the mark of what the file gave a person in a field.
    pub(super) fn holds(&self, id: ContactId, field: ContactField) -> Option<u32> {
        let at = self.start(id)? + self.places.get(&field)?;
        Some(self.marks[at]).filter(|mark| *mark != 0)
    }

    /// Tells whether the file made a person a member of an account.
    pub(super) fn is_member(&self, id: ContactId, account: u32) -> bool {
        self.members.contains(&(id, account))
    }

    fn width(&self) -> usize {
        self.places.len().max(1)
    }

    fn start(&self, id: ContactId) -> Option<usize> {
        if Self::is_stored(id) {
            return self.changed.get(&id).copied();
        }
        let at = usize::try_from(-(id.0 + 1)).ok()?;
        Some(at * self.width()).filter(|start| start + self.width() <= self.marks.len())
    }

    fn reserve(&mut self) -> Option<usize> {
        let start = self.marks.len();
        if self.count >= MOST_PEOPLE || start + self.width() > MOST_MARKS {
            self.full = true;
            return None;
        }
        self.count += 1;
        self.marks.resize(start + self.width(), 0);
        Some(start)
    }

    fn set(&mut self, start: usize, field: ContactField, mark: u32) {
        if let Some(place) = self.places.get(&field) {
            self.marks[start + place] = mark;
        }
    }
}
