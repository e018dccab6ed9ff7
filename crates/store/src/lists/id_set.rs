//! A set of contacts: one bit each.

use crate::Result;

/// A set of ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct IdSet {
    words: Vec<u64>,
}

impl IdSet {
    pub(crate) fn insert(&mut self, id: u32) {
        let (word, bit) = place(id);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= bit;
    }

    pub(crate) fn contains(&self, id: u32) -> bool {
        let (word, bit) = place(id);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    pub(crate) fn len(&self) -> u64 {
        self.words
            .iter()
            .map(|word| u64::from(word.count_ones()))
            .sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Keeps what `other` has too.
    pub(crate) fn keep(&mut self, other: &IdSet) {
        self.words.truncate(other.words.len());
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// Takes out what `other` has.
    pub(crate) fn remove(&mut self, other: &IdSet) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// Adds what `other` has.
    pub(crate) fn add(&mut self, other: &IdSet) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Goes through the ids, the smallest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().zip(0_u32..).flat_map(|(word, at)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros();
                rest &= rest.wrapping_sub(1);
                (bit < 64).then_some(at * 64 + bit)
            })
        })
    }

    /// Reads the ids that a statement returns in its first column.
    pub(crate) fn read(mut rows: rusqlite::Rows<'_>) -> Result<IdSet> {
        let mut set = IdSet::default();
        while let Some(row) = rows.next()? {
            set.insert(super::narrow(row.get(0)?)?);
        }
        Ok(set)
    }
}

fn place(id: u32) -> (usize, u64) {
    ((id / 64) as usize, 1 << (id % 64))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn set(ids: &BTreeSet<u32>) -> IdSet {
        let mut set = IdSet::default();
        ids.iter().for_each(|id| set.insert(*id));
        set
    }

    fn ids() -> impl Strategy<Value = BTreeSet<u32>> {
        proptest::collection::btree_set(0_u32..300, 0..60)
    }

    proptest! {
        #[test]
        fn it_does_what_a_plain_set_does(one in ids(), other in ids()) {
            let plain = |set: &IdSet| set.iter().collect::<BTreeSet<_>>();
            let mut kept = set(&one);
            kept.keep(&set(&other));
            prop_assert_eq!(plain(&kept), &one & &other);
            let mut removed = set(&one);
            removed.remove(&set(&other));
            prop_assert_eq!(plain(&removed), &one - &other);
            let mut added = set(&one);
            added.add(&set(&other));
            prop_assert_eq!(plain(&added), &one | &other);
            prop_assert_eq!(set(&one).len(), one.len() as u64);
            prop_assert!((0..320).all(|id| set(&one).contains(id) == one.contains(&id)));
        }
    }
}
