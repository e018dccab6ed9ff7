//! Enters what is selected in the queue, and takes out what is not; page by page, so that the first are sent while the
//! last are still entered.

use leadferry_store::{
    Candidate, Considered, Cursor, Entry, EntryState, Reason, Scope, Standing, Writer, crash_point,
};

use std::sync::Arc;

use super::Conductor;
use crate::Result;
use crate::batching::create_row_of;
use crate::leaving_out::left_out;
use crate::mapping::Mapped;
use crate::plan::PAGE;
use crate::planning::{Judgement, judge};
use crate::progress::{Stage, Step};
use crate::setup::Setup;

/// How long a cancelled run still enters contacts: most workspaces are through by then, and the queue tells who waits.
const LAST_MOMENT_MS: i64 = 2_000;
/// Most blocked contacts that are kept in mind; whoever is blocked beyond these is told of again.
const MOST_REMEMBERED: usize = 100_000;

/// How far a run is with those who have to be considered.
#[derive(Debug)]
pub(super) struct Entering {
    scope: Scope,
    cursor: Cursor,
    /// What is considered when all are through; a later change is for the next run.
    mark: Considered,
    considered: u64,
    /// How many have to be considered in all.
    size: u64,
    going: u64,
}

impl Entering {
    /// Returns how many go in all, as far as those considered so far tell.
    fn expected(&self) -> u64 {
        let all = self.size.max(self.considered);
        self.going * all / self.considered.max(1)
    }
}

/// What entering a page came to.
#[derive(Debug, Default)]
struct Entered {
    going: u64,
    unchanged: u64,
    withdrawn: u64,
    /// Entries that said *done* before and were considered again.
    done_before: u64,
}

/// What a contact comes to.
struct Decided {
    candidate: Candidate,
    standing: Standing,
    /// Whether what goes is about its own record.
    goes: bool,
    /// What the record is created with, where it was worked out already.
    new_record: Option<Box<Mapped>>,
}

impl Decided {
    /// Tells whether it goes for the first time.
    fn is_new(&self) -> bool {
        let goes = matches!(self.standing, Standing::Pending | Standing::PendingAnyway);
        self.candidate.entry.is_none() && goes
    }
}

impl Conductor<'_> {
    /// Begins to go over every contact that has to be considered.
    pub(super) fn begin_entering(&mut self) -> Result<()> {
        let id = self.setup.replication.id;
        let scope = self.setup.scope();
        let (seq, queue, size) = self.store.read(|reader| -> Result<_> {
            Ok((
                reader.sequence()?,
                reader.queue_counts(id)?,
                reader.scope_size(id, &scope)?,
            ))
        })?;
        let done = queue.get(&EntryState::Done).copied().unwrap_or(0);
        self.report.unchanged = match scope {
            Scope::Since(_) => done,
            _ => 0,
        };
        self.rows_expected = 0;
        self.has_considered_all = false;
        // They were read for a set-up that may be another one now.
        self.read_contacts.clear();
        self.entering = Some(Entering {
            scope,
            cursor: Cursor::default(),
            mark: Considered {
                seq,
                versions: self.setup.versions,
            },
            considered: 0,
            size,
            going: 0,
        });
        Ok(())
    }

    /// Enters the next contacts unless enough have been read; returns whether it did anything.
    pub(super) fn enter_ahead(&mut self) -> Result<bool> {
        Ok(self.read_contacts.len() < self.enough_read() && self.enter_page()?)
    }

    /// Two questions' people wait for their batch or their answer, and one's for their question.
    fn enough_read(&self) -> usize {
        3 * self.policy.chunk
    }

    /// Records what the next contacts come to; returns whether there were any left. Does nothing once it is cancelled.
    pub(super) fn enter_page(&mut self) -> Result<bool> {
        self.enter_next(|conductor| !conductor.cancel.is_cancelled())
    }

    /// Enters the next page, for as long as it may go on. A page that is left half way is entered again by the next run.
    fn enter_next(&mut self, may_go_on: impl Fn(&Self) -> bool) -> Result<bool> {
        if !may_go_on(self) {
            return Ok(false);
        }
        let Some(mut entering) = self.entering.take() else {
            return Ok(false);
        };
        let id = self.setup.replication.id;
        let (ids, next) = self
            .store
            .read(|reader| reader.selection_page(id, &entering.scope, entering.cursor, PAGE))?;
        if ids.is_empty() {
            self.end_entering(&entering)?;
            return Ok(false);
        }
        let now = (self.clock)();
        let store = Arc::clone(&self.store);
        let (entered, is_whole) = store.write(|writer| -> Result<_> {
            self.read_contacts.keep_current(writer)?;
            let (mut entered, mut decided) = (Entered::default(), Vec::new());
            let candidates = writer.candidates(&self.setup.query(), &ids)?;
            let size = candidates.len();
            let mut seen = 0;
            for candidate in candidates {
                // A template may take its time for each of them.
                if !may_go_on(self) {
                    break;
                }
                decided.extend(self.decide(writer, candidate, &mut entered)?);
                seen += 1;
            }
            self.enter(writer, decided, now)?;
            Ok((entered, seen == size))
        })?;
        crash_point("entering.page");
        if is_whole {
            entering.cursor = next;
            entering.considered += ids.len() as u64;
        }
        self.count_entered(&mut entering, &entered);
        self.entering = Some(entering);
        Ok(is_whole)
    }

    /// Enters who is left, though nothing more is sent: they wait with the others.
    ///
    /// A cancelled run does so for a moment only.
    pub(super) fn enter_rest(&mut self) -> Result<()> {
        let until = (self.clock)() + LAST_MOMENT_MS;
        let in_time =
            |conductor: &Self| !conductor.cancel.is_cancelled() || (conductor.clock)() < until;
        while self.enter_next(in_time)? {}
        Ok(())
    }

    fn count_entered(&mut self, entering: &mut Entering, entered: &Entered) {
        if matches!(entering.scope, Scope::Since(_)) {
            self.report.unchanged = self.report.unchanged.saturating_sub(entered.done_before);
        }
        self.report.unchanged += entered.unchanged;
        self.report.withdrawn += entered.withdrawn;
        entering.going += entered.going;
        self.rows_expected = entering.expected();
        if self.requests.is_empty() {
            self.progress.step(&Step {
                stage: Stage::Planning,
                done: entering.considered,
                total: entering.size.max(entering.considered),
                calls: self.calls(),
            });
        }
    }

    fn end_entering(&mut self, entering: &Entering) -> Result<()> {
        self.has_considered_all = true;
        let id = self.setup.replication.id;
        let queue = self.store.write(|writer| -> Result<_> {
            writer.set_considered(id, entering.mark)?;
            Ok(writer.queue_counts(id)?)
        })?;
        let count = |state| queue.get(&state).copied().unwrap_or(0);
        self.rows_expected =
            self.rows_answered + count(EntryState::Pending) + count(EntryState::Sending);
        crash_point("run.entered");
        Ok(())
    }

    /// Decides what a contact comes to; `None` where its entry, or having none, stays as it is.
    fn decide(
        &mut self,
        writer: &Writer<'_>,
        candidate: Candidate,
        entered: &mut Entered,
    ) -> Result<Option<Decided>> {
        let setup: &Setup = &self.setup;
        let contact = candidate.contact.id;
        let state = candidate.entry.as_ref().map(|entry| entry.state);
        if state == Some(EntryState::Sending) {
            // Its answer comes first, and then it is considered anew.
            return Ok(None);
        }
        entered.done_before += u64::from(state == Some(EntryState::Done));
        // What the org said of an earlier try counts no more once it is entered again.
        let is_fresh = left_out(&candidate).is_none();
        let judgement = judge(&candidate, setup);
        let goes = judgement.is_about_own_record();
        let mut new_record = None;
        let standing = match judgement {
            // They wait until the replication can be used.
            Judgement::LeftOut if setup.only_no => return Ok(None),
            Judgement::LeftOut => match state {
                None | Some(EntryState::Withdrawn | EntryState::Held) => return Ok(None),
                Some(was) => {
                    entered.withdrawn += u64::from(was == EntryState::Pending);
                    Standing::Withdrawn
                }
            },
            Judgement::Unchanged => {
                entered.unchanged += 1;
                Standing::Done
            }
            Judgement::Blocked(reason) => {
                if !stands_blocked(&candidate, &reason) {
                    self.count_block(writer, contact, &reason)?;
                }
                Standing::Blocked(reason)
            }
            Judgement::Match(mapped) => {
                new_record = mapped.filter(|_| is_fresh);
                self.goes(&candidate, goes, entered)
            }
            Judgement::Update(_) | Judgement::Seek | Judgement::Copy(_) => {
                self.goes(&candidate, goes, entered)
            }
        };
        Ok(Some(Decided {
            candidate,
            standing,
            goes,
            new_record,
        }))
    }

    /// Records what contacts come to, and keeps what was read of those who go.
    fn enter(&mut self, writer: &Writer<'_>, decided: Vec<Decided>, now: i64) -> Result<()> {
        let (id, versions) = (self.setup.replication.id, self.setup.versions);
        let new: Vec<_> = decided
            .iter()
            .filter(|one| one.is_new())
            .map(|one| (one.candidate.contact.id, one.candidate.contact.seq))
            .collect();
        let mut new = writer.enter_pending(id, &new, versions, now)?.into_iter();
        for one in decided {
            let contact = &one.candidate.contact;
            let entry = match one.is_new() {
                true => new.next(),
                false => {
                    writer.consider(id, contact.id, contact.seq, versions, &one.standing, now)?
                }
            };
            self.keep(one, entry, now);
        }
        Ok(())
    }

    /// Keeps what was read of a contact whose entry is due now.
    fn keep(&mut self, decided: Decided, entry: Option<Entry>, now: i64) {
        let mut candidate = decided.candidate;
        let due = entry
            .filter(|entry| entry.state == EntryState::Pending && entry.due_at <= now)
            // Where all are entered before any is sent, they do not fit in the memory.
            .filter(|_| self.read_contacts.len() < self.enough_read() + PAGE);
        let Some(due) = due else {
            self.read_contacts.forget(candidate.contact.id);
            return;
        };
        let entry = due.id;
        candidate.entry = Some(due);
        let new_row = decided
            .new_record
            .map(|mapped| Arc::new(create_row_of(&candidate, entry, &mapped)));
        self.read_contacts
            .put(Arc::new(candidate), decided.goes, new_row);
    }

    /// Counts somebody of whom something goes; `whole` unless that can only be a no.
    fn goes(&mut self, candidate: &Candidate, whole: bool, entered: &mut Entered) -> Standing {
        entered.going += 1;
        self.remember_block(candidate);
        // A no goes whatever the rest waits for.
        match !whole || self.setup.sends_only_no(candidate) {
            true => Standing::PendingAnyway,
            false => Standing::Pending,
        }
    }

    fn remember_block(&mut self, candidate: &Candidate) {
        let Some(entry) = &candidate.entry else {
            return;
        };
        let stood = matches!(entry.state, EntryState::Blocked | EntryState::GivenUp);
        if let Some(reason) = entry.reason.as_ref().filter(|_| stood)
            && self.blocked_before.len() < MOST_REMEMBERED
        {
            self.blocked_before
                .insert(entry.contact, reason.code.clone());
        }
    }
}

/// Tells whether an entry needs a person for the same reason already.
fn stands_blocked(candidate: &Candidate, reason: &Reason) -> bool {
    candidate.entry.as_ref().is_some_and(|entry| {
        let before = entry.reason.as_ref().map(|before| &before.code);
        before == Some(&reason.code)
            && matches!(entry.state, EntryState::Blocked | EntryState::GivenUp)
    })
}
