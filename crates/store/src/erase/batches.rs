//! Takes a person out of what batches have sent, row by row.

use std::collections::BTreeSet;

use super::Finder;
use crate::batches::BatchRow;
use crate::{BatchId, BatchState, ContactId, Reader, Result, Writer};

impl Reader<'_> {
    /// Tells whether a batch without an answer has a row for one of these contacts.
    pub(super) fn is_in_flight(&self, ids: &[ContactId]) -> Result<bool> {
        self.any_row_in_flight(|row| ids.contains(&row.contact))
    }

    /// Tells whether a batch without an answer names the person.
    pub(super) fn is_named_in_flight(&self, finder: &Finder) -> Result<bool> {
        self.any_row_in_flight(|row| finder.names(&row.payload))
    }

    fn any_row_in_flight(&self, is_meant: impl Fn(&BatchRow) -> bool) -> Result<bool> {
        for (batch, state) in self.batches_with_rows()? {
            if is_open(state) && self.batch_rows(batch)?.iter().any(&is_meant) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn batches_with_rows(&self) -> Result<Vec<(BatchId, BatchState)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, state FROM batches WHERE state <> 'split' ORDER BY id")?;
        let batches = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(batches.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer<'_> {
    /// Removes the rows of contacts; returns how many there were.
    pub(super) fn remove_sent_rows(&self, ids: &[ContactId]) -> Result<usize> {
        let mut batches = BTreeSet::new();
        for id in ids {
            batches.extend(self.batches_of(*id, "TRUE", &[])?);
        }
        let mut removed = 0;
        for batch in batches {
            let mut rows = self.batch_rows(batch)?;
            let all = rows.len();
            rows.retain(|row| !ids.contains(&row.contact));
            removed += all - rows.len();
            self.replace_rows(batch, &rows)?;
        }
        Ok(removed)
    }

    /// Takes what names the person out of the rows of others; returns how many texts did.
    pub(super) fn redact_sent_rows(&self, finder: &Finder) -> Result<usize> {
        let mut texts = 0;
        for (batch, state) in self.batches_with_rows()? {
            let mut rows = self.batch_rows(batch)?;
            let named: usize = rows.iter_mut().map(|row| redact(row, finder, state)).sum();
            if named > 0 {
                self.replace_rows(batch, &rows)?;
            }
            texts += named;
        }
        Ok(texts)
    }
}

/// An open batch may have to be sent again as it is; nobody is erased while one names the person.
fn is_open(state: BatchState) -> bool {
    matches!(state, BatchState::Prepared | BatchState::Unknown)
}

fn redact(row: &mut BatchRow, finder: &Finder, state: BatchState) -> usize {
    let mut texts = 0;
    for text in [&mut row.errors, &mut row.old_values] {
        if text.as_ref().is_some_and(|text| finder.names(text)) {
            *text = None;
            texts += 1;
        }
    }
    if is_open(state) {
        return texts;
    }
    if row
        .record_id
        .as_ref()
        .is_some_and(|record| finder.names(record))
    {
        row.record_id = None;
        texts += 1;
    }
    if finder.names(&row.payload) {
        row.payload = finder.without(&row.payload);
        texts += 1;
    }
    texts
}
