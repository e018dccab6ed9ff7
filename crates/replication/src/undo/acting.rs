//! Deletes and restores, a request at a time; each record only if nobody has touched it since it was read.

use std::time::Duration;

use leadferry_salesforce::{Guarded, GuardedAnswer, Id, RowError, Treatment, WriteOptions};
use leadferry_store::{ContactId, RunId, UndoField, UndoRow, UndoState, crash_point};
use serde_json::{Map, Value};

use super::{MOST, SECOND_MS, Undoer, judged_row};
use crate::progress::Stage;
use crate::run::Stop;
use crate::undoing::{Verdict, Why};
use crate::{Error, Result};

/// How often a waiting run looks whether someone has cancelled it.
const GLANCE: Duration = Duration::from_millis(50);

/// Where a pass over the records stands.
struct Pass {
    after: (ContactId, String),
    /// Records of this pass wait for the next one.
    again: bool,
}

impl Pass {
    fn begin() -> Self {
        Self {
            after: (ContactId(0), String::new()),
            again: false,
        }
    }
}

/// What a step came to.
enum Stepped {
    /// It goes on.
    On,
    /// It goes on after so many milliseconds.
    After(i64),
    /// It stops.
    Stop(Stop),
}

impl Undoer<'_> {
    /// Undoes what is planned; returns why it stopped before everything was undone.
    pub(super) async fn act(&mut self, run: RunId) -> Result<Option<Stop>> {
        let totals = self.totals()?;
        let all = totals.delete + totals.restore;
        let (mut pass, mut most, mut faults) = (Pass::begin(), MOST, 0);
        loop {
            if self.check_goes_on().is_err() {
                return Ok(Some(Stop::undo_cancelled()));
            }
            let rows = self.setup.store.read(|reader| {
                reader.undo_rows(self.setup.run, &UndoState::OPEN, &pass.after, most)
            })?;
            let Some(last) = rows.last() else {
                if !pass.again {
                    return Ok(None);
                }
                pass = Pass::begin();
                continue;
            };
            let next = (last.contact, last.record_id.clone());
            let stepped = match self.step(run, rows, &mut most).await {
                Ok(again) => {
                    faults = 0;
                    pass.after = next;
                    pass.again |= again;
                    Stepped::On
                }
                Err(Error::Salesforce(error)) => self.fault(&error, &mut faults),
                Err(Error::Cancelled) => Stepped::Stop(Stop::undo_cancelled()),
                Err(error) => return Err(error),
            };
            let totals = self.totals()?;
            let left = totals.delete + totals.restore;
            self.show(Stage::Undoing, all.saturating_sub(left), all);
            match stepped {
                Stepped::On => {}
                Stepped::After(ms) => self.wait(ms).await,
                Stepped::Stop(stop) => return Ok(Some(stop)),
            }
        }
    }

    /// Reads records once more, judges them, and changes those that are as they were; returns whether some of them have to
    /// be looked at again.
    async fn step(&mut self, run: RunId, rows: Vec<UndoRow>, most: &mut usize) -> Result<bool> {
        self.wait(self.too_fresh(&rows)).await;
        self.check_goes_on()?;
        let wanted = self.planned(rows)?;
        let judged = self.judge_all(&wanted).await?;
        let now = self.now();
        let mut going = Vec::new();
        let mut again = false;
        self.setup.store.write(|writer| -> Result<()> {
            for (before, verdict) in judged {
                match goes(&before, &verdict, self.setup.policy.row_attempts) {
                    Goes::Now => {
                        let row = leaving(judged_row(before, verdict, now), run);
                        writer.put_undo_row(&row)?;
                        going.push(row);
                    }
                    Goes::Later => {
                        let attempts = before.attempts + 1;
                        let row = judged_row(before, verdict, now);
                        writer.put_undo_row(&UndoRow { attempts, ..row })?;
                        again = true;
                    }
                    Goes::Nowhere(verdict) => self.keep(writer, before, verdict, now)?,
                }
            }
            Ok(())
        })?;
        crash_point("undo.prepared");
        if going.is_empty() {
            return Ok(again);
        }
        Ok(again | self.send(going, most).await?)
    }

    /// Sends changes; returns whether some of their records have to be looked at again.
    async fn send(&mut self, going: Vec<UndoRow>, most: &mut usize) -> Result<bool> {
        let mut changes = Vec::with_capacity(going.len());
        for row in &going {
            changes.push(change(row, &self.rules.identifier, &self.rules.visible)?);
        }
        let how = WriteOptions {
            allow_duplicates: self.settings.allow_duplicates,
            ..WriteOptions::default()
        };
        let object = &self.replication.object;
        let answered = self.client().change_guarded(object, &changes, &how).await;
        crash_point("undo.answered");
        let answers = match answered {
            Ok(answers) => answers,
            Err(error) if error.splits() && !error.may_have_been_applied() => {
                *most = going.len().div_ceil(2);
                let refusal = (going.len() == 1).then(|| refusal_of(&error));
                self.take_back(going, refusal.as_ref())?;
                return Ok(true);
            }
            Err(error) => {
                if !error.may_have_been_applied() {
                    self.take_back(going, None)?;
                }
                // What may have been applied is asked about when it is looked at again.
                return Err(error.into());
            }
        };
        let (now, policy) = (self.now(), self.setup.policy);
        let (org, object) = (&self.setup.org.org_id, &self.replication.object);
        let mut again = false;
        self.setup.store.write(|writer| -> Result<()> {
            for (row, answer) in going.into_iter().zip(answers) {
                let row = answered_row(row, answer, policy.row_attempts, now);
                again |= !row.state.is_done() && row.state != UndoState::Skipped;
                writer.put_undo_row(&row)?;
                if row.state.is_done() {
                    writer.take_undone(&row, org, object, now)?;
                }
            }
            Ok(())
        })?;
        crash_point("undo.taken");
        Ok(again)
    }

    /// Gives rows back whose request was not carried out.
    fn take_back(&self, rows: Vec<UndoRow>, refusal: Option<&RowError>) -> Result<()> {
        self.setup.store.write(|writer| -> Result<()> {
            for row in rows {
                let row = match refusal {
                    Some(refusal) => refused(row, refusal),
                    None => planned_again(row),
                };
                writer.put_undo_row(&row)?;
            }
            Ok(())
        })
    }

    /// Decides what a failed request means: a wait, or the end.
    fn fault(&self, error: &leadferry_salesforce::Error, faults: &mut u32) -> Stepped {
        *faults += 1;
        let policy = self.setup.policy;
        if *faults >= policy.transport_attempts || !error.retryable() || error.is_daily_limit() {
            return Stepped::Stop(Stop::of_request(error));
        }
        Stepped::After(if error.is_concurrent_limit() {
            policy.concurrent_wait_ms
        } else {
            policy.transport_delay(*faults)
        })
    }

    /// Returns how long to wait until what was read of these records is old enough to be held against the org.
    fn too_fresh(&self, rows: &[UndoRow]) -> i64 {
        let now = self.now();
        let missing = rows.iter().map(|row| {
            let age = now.saturating_sub(row.read_at).clamp(0, SECOND_MS);
            SECOND_MS - age
        });
        missing.max().unwrap_or(0)
    }

    async fn wait(&self, ms: i64) {
        let until = tokio::time::Instant::now() + Duration::from_millis(ms.unsigned_abs());
        while ms > 0 && tokio::time::Instant::now() < until {
            if self.check_goes_on().is_err() {
                return;
            }
            let left = until.saturating_duration_since(tokio::time::Instant::now());
            tokio::time::sleep(GLANCE.min(left)).await;
        }
    }
}

/// Whether a record is changed now.
enum Goes {
    Now,
    /// It was changed since it was read before: a moment later.
    Later,
    /// Nothing is sent for it.
    Nowhere(Verdict),
}

fn goes(before: &UndoRow, verdict: &Verdict, most: u32) -> Goes {
    if !matches!(verdict.state, UndoState::Delete | UndoState::Restore) {
        return Goes::Nowhere(verdict.clone());
    }
    if verdict.modified.is_some() && verdict.modified == before.modified {
        return Goes::Now;
    }
    if before.attempts + 1 < most {
        return Goes::Later;
    }
    Goes::Nowhere(Verdict {
        state: UndoState::Skipped,
        skipped: Some(Why::busy()),
        ..verdict.clone()
    })
}

/// Returns a row as it is while its request is on its way.
fn leaving(row: UndoRow, run: RunId) -> UndoRow {
    let state = match row.state {
        UndoState::Delete => UndoState::Deleting,
        _ => UndoState::Restoring,
    };
    UndoRow {
        state,
        undone_by: Some(run),
        ..row
    }
}

/// Returns a row whose request was not carried out.
fn planned_again(row: UndoRow) -> UndoRow {
    let state = match row.state {
        UndoState::Deleting => UndoState::Delete,
        _ => UndoState::Restore,
    };
    UndoRow {
        state,
        undone_by: None,
        ..row
    }
}

fn answered_row(row: UndoRow, answer: GuardedAnswer, most: u32, now: i64) -> UndoRow {
    let tried = UndoRow {
        attempts: row.attempts + 1,
        ..row.clone()
    };
    match answer {
        GuardedAnswer::Done => UndoRow {
            state: match row.state {
                UndoState::Deleting => UndoState::Deleted,
                _ => UndoState::Restored,
            },
            done_at: Some(now),
            ..row
        },
        GuardedAnswer::Changed if tried.attempts < most => planned_again(tried),
        GuardedAnswer::Changed => UndoRow {
            state: UndoState::Skipped,
            code: Some(Why::busy().code.to_owned()),
            message: Some(Why::busy().message),
            ..tried
        },
        GuardedAnswer::NotTried => planned_again(row),
        GuardedAnswer::Refused(error) => {
            let passes = matches!(
                error.treatment(),
                Treatment::Transient | Treatment::TransientOnce | Treatment::Slow
            );
            if passes && tried.attempts < most {
                planned_again(tried)
            } else {
                refused(tried, &error)
            }
        }
    }
}

fn refused(row: UndoRow, error: &RowError) -> UndoRow {
    let reason = crate::reconciling::reason(error, error.cure());
    UndoRow {
        state: UndoState::Skipped,
        code: Some(reason.code),
        message: Some(reason.message),
        ..row
    }
}

/// What the org said of a request with one record, it said of that record.
fn refusal_of(error: &leadferry_salesforce::Error) -> RowError {
    let code = error.code().cloned();
    RowError::new(
        code.unwrap_or_else(|| "request_refused".into()),
        error.message().unwrap_or("Salesforce rejected the request"),
    )
}

/// Returns the change of a record. One that is deleted gives up our mark first, so that the person can be found to be new
/// although the record is still in the recycle bin.
fn change(
    row: &UndoRow,
    identifier: &str,
    visible: &std::collections::BTreeSet<String>,
) -> Result<Guarded> {
    let deletes = row.state == UndoState::Deleting;
    let mut fields = Map::new();
    if deletes {
        if visible.contains(identifier) {
            fields.insert(identifier.to_owned(), Value::Null);
        }
    } else {
        let restored = row.fields.iter().filter(|field| field.skipped.is_none());
        fields.extend(restored.map(|UndoField { field, before, .. }| {
            (field.clone(), before.clone().unwrap_or_default())
        }));
    }
    let modified = row.modified.unwrap_or_default();
    let unmodified_since = jiff::Timestamp::from_millisecond(modified).map_err(|error| {
        Error::Unexpected(format!("a moment of the org can't be read: {error}"))
    })?;
    Ok(Guarded {
        id: Id::parse(&row.record_id)?,
        unmodified_since,
        fields,
        deletes,
    })
}
