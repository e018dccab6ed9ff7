//! How many meet a tree, and a few of them, without keeping anything.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::InterruptHandle;
use rusqlite::types::Value as Cell;

use super::sets::FEW;
use crate::conditions::{Bound, Reach};
use crate::{ContactId, Error, Reader, Result, RuleTree, Store};

/// Counts of trees under way: only the newest is wanted.
#[derive(Debug, Default)]
pub(crate) struct Trials(Mutex<Latest>);

#[derive(Default)]
struct Latest {
    number: u64,
    stop: Option<InterruptHandle>,
}

impl std::fmt::Debug for Latest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Latest")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Trials {
    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a trial and stops the one before.
    fn begin(&self) -> u64 {
        let mut latest = self.latest();
        if let Some(stop) = latest.stop.take() {
            stop.interrupt();
        }
        latest.number += 1;
        latest.number
    }

    /// Takes the handle that stops a trial; false when a newer one has begun.
    fn enter(&self, number: u64, stop: InterruptHandle) -> bool {
        let mut latest = self.latest();
        let newest = latest.number == number;
        if newest {
            latest.stop = Some(stop);
        }
        newest
    }

    fn leave(&self, number: u64) {
        let mut latest = self.latest();
        if latest.number == number {
            latest.stop = None;
        }
    }
}

impl Store {
    /// Returns how many live contacts meet a tree at a moment, and the first few of them. The next call stops this one.
    ///
    /// # Errors
    /// [`Error::Interrupted`] when another tree was asked for meanwhile; as [`Reader::check_tree`].
    pub fn try_tree(
        &self,
        tree: &RuleTree,
        limit: usize,
        now: i64,
    ) -> Result<(u64, Vec<ContactId>)> {
        let trials = self.trials();
        let number = trials.begin();
        let tried = self.read_interruptible(
            |stop| trials.enter(number, stop),
            || trials.leave(number),
            |reader| {
                let count = reader.count_tree(tree, now)?;
                Ok((count, reader.sample_of_tree(tree, limit, count, now)?))
            },
        )?;
        tried.ok_or(Error::Interrupted)
    }

    /// Returns how many live contacts meet each of the trees, parts of one that is being built; `None` for those that
    /// make no sense. The next call stops this one.
    ///
    /// # Errors
    /// [`Error::Interrupted`] when other parts were asked for meanwhile.
    pub fn try_parts(&self, trees: &[RuleTree], now: i64) -> Result<Vec<Option<u64>>> {
        let trials = self.part_trials();
        let number = trials.begin();
        let tried = self.read_interruptible(
            |stop| trials.enter(number, stop),
            || trials.leave(number),
            |reader| {
                let counts = trees.iter().map(|tree| match reader.count_tree(tree, now) {
                    Ok(count) => Ok(Some(count)),
                    Err(Error::Refused(_) | Error::NotFound { .. }) => Ok(None),
                    Err(error) => Err(error),
                });
                counts.collect()
            },
        )?;
        tried.ok_or(Error::Interrupted)
    }
}

impl Reader<'_> {
    /// Returns how many live contacts meet a tree at a moment.
    ///
    /// # Errors
    /// As [`Reader::check_tree`].
    pub fn count_tree(&self, tree: &RuleTree, now: i64) -> Result<u64> {
        self.check_tree(tree)?;
        if *tree == RuleTree::everybody() {
            return self.live_contacts();
        }
        if let Some(count) = self.count_told(tree, now)? {
            return Ok(count);
        }
        if tree.is_told() {
            return self.count_by_sets(tree, now);
        }
        let mut bound = Bound::new(now, Reach::All);
        let test = self.tree_test(tree, &mut bound)?;
        // The deleted are few: they are taken away again, rather than looked for in every row.
        let sql = format!(
            "WITH gone AS MATERIALIZED (SELECT id FROM contacts WHERE deleted_at IS NOT NULL)
             SELECT (SELECT count(*) FROM contacts WHERE {0})
               - (SELECT count(*) FROM gone CROSS JOIN contacts ON contacts.id = gone.id WHERE {0})",
            test.sql
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        bound.bind_to(&mut statement, 0)?;
        let mut rows = statement.raw_query();
        Ok(match rows.next()? {
            Some(row) => row.get(0)?,
            None => 0,
        })
    }

    /// Counts by one statement, where one look into another table tells all.
    fn count_told(&self, tree: &RuleTree, now: i64) -> Result<Option<u64>> {
        let mut bound = Bound::new(now, Reach::All);
        let Some(told) = self.told(tree, &mut bound)? else {
            return Ok(None);
        };
        // The deleted are few: what they would be counted as is looked up for each.
        bound.reach = Reach::Few;
        let test = self.tree_test(tree, &mut bound)?;
        let gone = if told.others { test.negated() } else { test };
        let sql = format!(
            "SELECT (SELECT count(*) FROM ({0}))
               - (SELECT count(*) FROM contacts WHERE deleted_at IS NOT NULL AND {1})",
            told.sql, gone.sql
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        bound.bind_to(&mut statement, 0)?;
        let mut rows = statement.raw_query();
        let found: u64 = match rows.next()? {
            Some(row) => row.get(0)?,
            None => 0,
        };
        Ok(Some(if told.others {
            self.live_contacts()?.saturating_sub(found)
        } else {
            found
        }))
    }

    /// Returns a few live contacts who meet a tree at a moment, the eldest first; `count` meet it in all.
    ///
    /// # Errors
    /// As [`Reader::check_tree`].
    pub fn sample_of_tree(
        &self,
        tree: &RuleTree,
        limit: usize,
        count: u64,
        now: i64,
    ) -> Result<Vec<ContactId>> {
        self.check_tree(tree)?;
        if count == 0 {
            return Ok(Vec::new());
        }
        // Many are met soon on the way through all contacts, where an index would find and sort all of them first; a few
        // are better looked for.
        let (reach, how) = if count < FEW {
            (Reach::All, "")
        } else {
            (Reach::Few, "NOT INDEXED")
        };
        let mut bound = Bound::new(now, reach);
        let limit = bound.bind(Cell::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        let test = self.tree_test(tree, &mut bound)?;
        let sql = format!(
            "SELECT contacts.id FROM contacts {how} WHERE contacts.deleted_at IS NULL AND {}
             ORDER BY contacts.id LIMIT {limit}",
            test.sql
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        bound.bind_to(&mut statement, 0)?;
        let ids = statement.raw_query().mapped(|row| row.get(0));
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }
}
