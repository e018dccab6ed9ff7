//! Long secrets in a keychain: Windows takes 1,280 letters an entry, and a private key has three thousand.
//!
//! A long secret is cut into parts, and the entry of its name says which: `parts a 3`. Parts are written before they are
//! named, under names that nothing reads yet, so that whoever is stopped half-way leaves the old secret as it was.

use keyring::Error as Failure;

/// Longest text of one entry, in bytes; leaves room for what the system adds.
const MOST: usize = 1_000;
const MARK: &str = "parts ";

/// Entries by name.
pub(super) trait Ring {
    fn get(&self, name: &str) -> Result<Option<String>, Failure>;
    fn set(&self, name: &str, text: &str) -> Result<(), Failure>;
    /// Removes an entry; one that isn't there is no error.
    fn remove(&self, name: &str) -> Result<(), Failure>;
}

/// The parts of a secret: one of two sets of names, used in turn.
#[derive(Clone, Copy)]
struct Parts {
    set: char,
    count: usize,
}

impl Parts {
    fn of(text: &str) -> Option<Parts> {
        let (set, count) = text.strip_prefix(MARK)?.split_once(' ')?;
        Some(Parts {
            set: set.chars().next()?,
            count: count.parse().ok()?,
        })
    }

    fn names(self, name: &str) -> impl Iterator<Item = String> {
        (1..=self.count).map(move |part| format!("{name} part {}{part}", self.set))
    }
}

pub(super) fn read(ring: &impl Ring, name: &str) -> Result<Option<String>, Failure> {
    let Some(text) = ring.get(name)? else {
        return Ok(None);
    };
    let Some(parts) = Parts::of(&text) else {
        return Ok(Some(text));
    };
    let mut whole = String::new();
    for part in parts.names(name) {
        match ring.get(&part)? {
            Some(text) => whole.push_str(&text),
            None => return Ok(None),
        }
    }
    Ok(Some(whole))
}

pub(super) fn write(ring: &impl Ring, name: &str, secret: &str) -> Result<(), Failure> {
    let before = ring.get(name)?.as_deref().and_then(Parts::of);
    if secret.len() <= MOST {
        ring.set(name, secret)?;
    } else {
        let pieces = pieces(secret);
        let parts = Parts {
            set: if before.is_some_and(|parts| parts.set == 'a') {
                'b'
            } else {
                'a'
            },
            count: pieces.len(),
        };
        for (part, piece) in parts.names(name).zip(pieces) {
            ring.set(&part, piece)?;
        }
        ring.set(name, &format!("{MARK}{} {}", parts.set, parts.count))?;
    }
    remove_parts(ring, name, before)
}

pub(super) fn remove(ring: &impl Ring, name: &str) -> Result<(), Failure> {
    let before = ring.get(name)?.as_deref().and_then(Parts::of);
    ring.remove(name)?;
    remove_parts(ring, name, before)
}

fn remove_parts(ring: &impl Ring, name: &str, parts: Option<Parts>) -> Result<(), Failure> {
    let mut names = parts.into_iter().flat_map(|parts| parts.names(name));
    names.try_for_each(|part| ring.remove(&part))
}

/// Cuts a text between letters.
fn pieces(mut text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    while !text.is_empty() {
        let end = text.floor_char_boundary(MOST);
        let (piece, rest) = text.split_at(end);
        pieces.push(piece);
        text = rest;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;

    use super::*;

    /// A keychain that may be stopped after so many changes.
    #[derive(Default)]
    struct Memory {
        entries: RefCell<BTreeMap<String, String>>,
        left: Cell<Option<usize>>,
    }

    impl Memory {
        fn change(
            &self,
            change: impl FnOnce(&mut BTreeMap<String, String>),
        ) -> Result<(), Failure> {
            match self.left.get() {
                Some(0) => return Err(Failure::NoDefaultStore),
                Some(left) => self.left.set(Some(left - 1)),
                None => {}
            }
            change(&mut self.entries.borrow_mut());
            Ok(())
        }
    }

    impl Ring for Memory {
        fn get(&self, name: &str) -> Result<Option<String>, Failure> {
            Ok(self.entries.borrow().get(name).cloned())
        }
        fn set(&self, name: &str, text: &str) -> Result<(), Failure> {
            assert!(text.len() <= 1_280, "{} bytes", text.len());
            self.change(|entries| drop(entries.insert(name.to_owned(), text.to_owned())))
        }
        fn remove(&self, name: &str) -> Result<(), Failure> {
            self.change(|entries| drop(entries.remove(name)))
        }
    }

    #[test]
    fn a_long_secret_comes_back_whole_and_leaves_nothing_behind() {
        let ring = Memory::default();
        for secret in ["x".repeat(3_300), "ä".repeat(2_000), "short".to_owned()] {
            write(&ring, "key", &secret).unwrap();
            assert_eq!(read(&ring, "key").unwrap(), Some(secret));
        }
        assert_eq!(ring.entries.borrow().len(), 1, "only the short one is left");
        write(&ring, "key", &"y".repeat(2_500)).unwrap();
        remove(&ring, "key").unwrap();
        assert!(ring.entries.borrow().is_empty());
    }

    #[test]
    fn whoever_is_stopped_half_way_leaves_one_whole_secret() {
        let (old, new) = ("o".repeat(2_500), "n".repeat(3_300));
        for changes in 0..8 {
            let ring = Memory::default();
            write(&ring, "key", &old).unwrap();
            ring.left.set(Some(changes));
            let _ = write(&ring, "key", &new);
            let held = read(&ring, "key").unwrap().unwrap();
            assert!(held == old || held == new, "after {changes} changes");
        }
    }
}
