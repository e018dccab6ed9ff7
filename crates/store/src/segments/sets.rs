//! Who meets a tree, as a set with one bit a contact: what other tables tell of all contacts at once is put together
//! here, so that contacts themselves are visited for what only they can tell.

use crate::conditions::{Bound, Reach};
use crate::contacts::id_array;
use crate::{Reader, Result, RuleTree};

/// Fewer contacts than these are looked up one by one, rather than searched for among all.
pub(super) const FEW: u64 = if cfg!(test) { 5 } else { 20_000 };

/// Ids of contacts, or all but these.
#[derive(Clone)]
pub(super) struct Set {
    words: Vec<u64>,
    others: bool,
}

impl Set {
    fn new(words: usize) -> Self {
        Self {
            words: vec![0; words],
            others: false,
        }
    }

    fn insert(&mut self, id: i64) {
        let Ok(id) = usize::try_from(id) else { return };
        if let Some(word) = self.words.get_mut(id / 64) {
            *word |= 1 << (id % 64);
        }
    }

    fn not(self) -> Self {
        Self {
            others: !self.others,
            ..self
        }
    }

    fn and(mut self, other: &Self) -> Self {
        let pairs = self.words.iter_mut().zip(&other.words);
        match (self.others, other.others) {
            (false, false) => pairs.for_each(|(one, two)| *one &= two),
            (false, true) => pairs.for_each(|(one, two)| *one &= !two),
            (true, false) => pairs.for_each(|(one, two)| *one = !*one & two),
            (true, true) => pairs.for_each(|(one, two)| *one |= two),
        }
        self.others &= other.others;
        self
    }

    /// Counts the ids; of all but these, those that are left out.
    fn len(&self) -> u64 {
        let ones = self.words.iter().map(|word| u64::from(word.count_ones()));
        ones.sum()
    }

    fn ids(&self) -> impl Iterator<Item = i64> {
        let words = self.words.iter().enumerate();
        words.flat_map(|(at, word)| {
            let bits = (0..64).filter(move |bit| word & (1 << bit) != 0);
            bits.filter_map(move |bit| i64::try_from(at * 64 + bit).ok())
        })
    }
}

/// One part of a group in which all parts have to hold.
struct Part<'t> {
    tree: &'t RuleTree,
    /// It must not hold.
    not: bool,
}

fn parts(trees: &[RuleTree], not: bool) -> Vec<Part<'_>> {
    trees.iter().map(|tree| Part { tree, not }).collect()
}

impl Reader<'_> {
    /// Counts the live contacts who meet a tree of which another table tells at least a part.
    pub(super) fn count_by_sets(&self, tree: &RuleTree, now: i64) -> Result<u64> {
        let last: i64 = self
            .connection
            .prepare_cached("SELECT coalesce(max(id), 0) FROM contacts")?
            .query_row([], |row| row.get(0))?;
        let words = usize::try_from(last / 64 + 1).unwrap_or_default();
        let met = self.set_of(tree, words, now)?;
        let gone = self.read_set(
            "SELECT id FROM contacts WHERE deleted_at IS NOT NULL",
            &Bound::new(now, Reach::All),
            words,
        )?;
        let others = met.others;
        let inner = Set {
            others: false,
            ..met
        };
        let found = inner.and(&gone.not()).len();
        Ok(if others {
            self.live_contacts()?.saturating_sub(found)
        } else {
            found
        })
    }

    fn set_of(&self, tree: &RuleTree, words: usize, now: i64) -> Result<Set> {
        match tree {
            RuleTree::All { all } => self.set_of_all(&parts(all, false), words, now),
            // None of them not to hold is any of them to hold.
            RuleTree::Any { any } => Ok(self.set_of_all(&parts(any, true), words, now)?.not()),
            RuleTree::None { none } => self.set_of_all(&parts(none, true), words, now),
            rule => {
                let mut bound = Bound::new(now, Reach::All);
                match self.told(rule, &mut bound)? {
                    Some(told) => {
                        let set = self.read_set(&told.sql, &bound, words)?;
                        Ok(if told.others { set.not() } else { set })
                    }
                    None => self.set_of_all(&parts(std::slice::from_ref(rule), false), words, now),
                }
            }
        }
    }

    fn set_of_all(&self, parts: &[Part<'_>], words: usize, now: i64) -> Result<Set> {
        let (told, rest): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part.tree.is_told());
        let mut all = Set::new(words).not();
        for part in told {
            let set = self.set_of(part.tree, words, now)?;
            all = all.and(&if part.not { set.not() } else { set });
        }
        if rest.is_empty() {
            return Ok(all);
        }
        let few = !all.others && all.len() < FEW;
        let mut bound = Bound::new(now, if few { Reach::Few } else { Reach::All });
        let mut tests = Vec::new();
        for part in rest {
            let test = self.tree_test(part.tree, &mut bound)?;
            tests.push(if part.not {
                test.negated().sql
            } else {
                test.sql
            });
        }
        let tests = tests.join(" AND ");
        if few {
            return self.keep_those(&all, &tests, &bound);
        }
        let sql = format!("SELECT contacts.id FROM contacts WHERE {tests}");
        Ok(all.and(&self.read_set(&sql, &bound, words)?))
    }

    /// Returns those of a set who meet tests.
    fn keep_those(&self, set: &Set, tests: &str, bound: &Bound) -> Result<Set> {
        let place = bound.values.len() + 1;
        let sql = format!(
            "SELECT contacts.id FROM rarray(?{place}) AS wanted CROSS JOIN contacts ON contacts.id = wanted.value
             WHERE {tests}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        bound.bind_to(&mut statement, 0)?;
        statement.raw_bind_parameter(place, id_array(set.ids()))?;
        let mut kept = Set::new(set.words.len());
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            kept.insert(row.get(0)?);
        }
        Ok(kept)
    }

    fn read_set(&self, sql: &str, bound: &Bound, words: usize) -> Result<Set> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bound.bind_to(&mut statement, 0)?;
        let mut set = Set::new(words);
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            set.insert(row.get(0)?);
        }
        Ok(set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ids: &[i64], others: bool) -> Set {
        let mut set = Set::new(3);
        ids.iter().for_each(|id| set.insert(*id));
        Set { others, ..set }
    }

    fn holds(set: &Set, id: i64) -> bool {
        set.ids().any(|one| one == id) != set.others
    }

    #[test]
    fn sets_and_all_but_sets_are_put_together() {
        for (one, two) in [(false, false), (false, true), (true, false), (true, true)] {
            let (one, two) = (set(&[1, 64, 130], one), set(&[2, 64, 190], two));
            let both = one.clone().and(&two);
            for id in [0, 1, 2, 63, 64, 65, 130, 190, 191] {
                assert_eq!(holds(&both, id), holds(&one, id) && holds(&two, id), "{id}");
            }
        }
        assert_eq!(set(&[1, 64, 9_999], false).len(), 2, "nobody has that id");
    }
}
