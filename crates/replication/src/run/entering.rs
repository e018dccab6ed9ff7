//! Enters what is selected in the queue, and takes out what is not.

use leadferry_store::{
    Candidate, Considered, Cursor, EntryState, Scope, Standing, Writer, crash_point,
};

use super::Conductor;
use crate::Result;
use crate::plan::PAGE;
use crate::planning::{Judgement, judge};
use crate::progress::{Stage, Step};
use crate::setup::Setup;

/// What entering a page came to.
#[derive(Debug, Default)]
struct Entered {
    unchanged: u64,
    withdrawn: u64,
    blocked: u64,
    /// Entries that said *done* before and were considered again.
    done_before: u64,
}

impl Conductor<'_> {
    /// Goes over every contact that has to be considered and records what it comes to.
    pub(super) fn enter(&mut self) -> Result<()> {
        let id = self.setup.replication.id;
        let scope = self.setup.scope();
        let (seq, done, total) = self.store.read(|reader| -> Result<_> {
            let done = reader
                .queue_counts(id)?
                .get(&EntryState::Done)
                .copied()
                .unwrap_or(0);
            Ok((reader.sequence()?, done, reader.live_contacts()?))
        })?;
        let mut unchanged = if matches!(scope, Scope::Since(_)) {
            done
        } else {
            0
        };
        let mut cursor = Cursor::default();
        let mut considered = 0;
        loop {
            let (ids, next) = self
                .store
                .read(|reader| reader.selection_page(id, &scope, cursor, PAGE))?;
            if ids.is_empty() || self.cancel.is_cancelled() {
                break;
            }
            cursor = next;
            let now = (self.clock)();
            let entered = self.store.write(|writer| -> Result<Entered> {
                let candidates = writer.candidates(&self.setup.query(), &ids)?;
                let mut entered = Entered::default();
                for candidate in &candidates {
                    enter_one(writer, self, candidate, &mut entered, now)?;
                }
                Ok(entered)
            })?;
            crash_point("entering.page");
            if matches!(scope, Scope::Since(_)) {
                unchanged = unchanged.saturating_sub(entered.done_before);
            }
            unchanged += entered.unchanged;
            self.report.withdrawn += entered.withdrawn;
            self.report.blocked += entered.blocked;
            considered += ids.len() as u64;
            self.progress.step(&Step {
                stage: Stage::Planning,
                done: considered.min(total),
                total,
                calls: self.calls(),
            });
        }
        self.report.unchanged = unchanged;
        if !self.cancel.is_cancelled() {
            let mark = Considered {
                seq,
                versions: self.setup.versions,
            };
            self.store.write(|writer| writer.set_considered(id, mark))?;
        }
        let queue = self.store.read(|reader| reader.queue_counts(id))?;
        self.total = queue.get(&EntryState::Pending).copied().unwrap_or(0);
        Ok(())
    }
}

fn enter_one(
    writer: &Writer<'_>,
    conductor: &Conductor<'_>,
    candidate: &Candidate,
    entered: &mut Entered,
    now: i64,
) -> Result<()> {
    let setup: &Setup = &conductor.setup;
    let state = candidate.entry.as_ref().map(|entry| entry.state);
    if state == Some(EntryState::Sending) {
        // Its answer comes first, and then it is considered anew.
        return Ok(());
    }
    entered.done_before += u64::from(state == Some(EntryState::Done));
    let standing = match judge(candidate, setup) {
        Judgement::LeftOut => match state {
            None | Some(EntryState::Withdrawn | EntryState::Held) => return Ok(()),
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
            let stands = candidate.entry.as_ref().is_some_and(|entry| {
                entry
                    .reason
                    .as_ref()
                    .is_some_and(|before| before.code == reason.code)
                    && matches!(entry.state, EntryState::Blocked | EntryState::GivenUp)
            });
            if !stands {
                entered.blocked += 1;
                writer.add_run_block(
                    conductor.run,
                    candidate.contact.id,
                    &reason.code,
                    &reason.message,
                )?;
            }
            Standing::Blocked(reason)
        }
        Judgement::Match | Judgement::Update(_) => Standing::Pending,
    };
    writer.consider(
        setup.replication.id,
        candidate.contact.id,
        candidate.contact.seq,
        setup.versions,
        &standing,
        now,
    )?;
    Ok(())
}
