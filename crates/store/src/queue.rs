//! The queue: one entry per replication and contact ever selected, with intent and state, but no values.
//!
//! `docs/queue-states.md` draws the states and what ends them. All statements that change a state stand here.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, ToSql, named_params};
use serde::{Deserialize, Serialize};

use crate::clock::{LONGEST_WAIT_MS, wait_until};
use crate::links::stored_names;
use crate::rows_together::{ManyRows, ROWS_TOGETHER, rows_bound};
use crate::selection::ids_of;
use crate::{
    BatchId, ContactId, EntryId, Error, Reader, ReplicationId, Result, RunId, Versions, Writer,
};

/// The state of a queue entry.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ts_rs::TS, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// To be sent when due. Entered on selection, after a transient refusal, and when an edit came in mid-flight.
    Pending,
    /// Owned by a batch that has no known answer yet. Left only by that batch's answer.
    Sending,
    /// The org holds what we want it to hold. Left when selected again.
    Done,
    /// Needs a person: data or set-up. Left when the contact, mapping, settings or describe change, or by hand.
    Blocked,
    /// Refused too often. Left by hand, or for a no that is to be sent.
    GivenUp,
    /// No longer selected. Left when selected again.
    Withdrawn,
    /// Undone by the user. Left when released by hand, and for as long as a no takes to be sent.
    Held,
}

stored_names!(EntryState {
    Pending = "pending",
    Sending = "sending",
    Done = "done",
    Blocked = "blocked",
    GivenUp = "given_up",
    Withdrawn = "withdrawn",
    Held = "held",
});

/// Why an entry is blocked, given up or tried again.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS, Deserialize)]
pub struct Reason {
    /// The org's error code, or ours in lower case such as `ambiguous`.
    pub code: String,
    /// What happened, for people.
    pub message: String,
    /// Fields, candidates and the like; `null` where there is nothing to add.
    #[serde(default)]
    pub detail: serde_json::Value,
}

/// A queue entry.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Id.
    pub id: EntryId,
    /// The replication.
    pub replication: ReplicationId,
    /// The contact.
    pub contact: ContactId,
    /// State.
    pub state: EntryState,
    /// The batch that owns it while `sending`.
    pub batch: Option<BatchId>,
    /// Not before this moment, UTC milliseconds; `pending` only.
    pub due_at: i64,
    /// Transient refusals so far.
    pub attempts: u32,
    /// The contact's sequence number when last considered.
    pub seq: i64,
    /// The versions when last considered.
    pub versions: Versions,
    /// The last success of this replication for the contact, UTC milliseconds.
    pub sent_at: Option<i64>,
    /// The user wants a new record even if others have the same e-mail.
    pub create_anyway: bool,
    /// Why it is blocked, given up or tried again.
    pub reason: Option<Reason>,
    /// When the state began, UTC milliseconds.
    pub since: i64,
}

/// The code of an entry that is `pending` or `sending` for the sake of a no, and held otherwise.
const HELD: &str = "held";

impl Entry {
    /// Tells whether a hand has to release the contact: nothing but a no is sent until then.
    pub fn is_held(&self) -> bool {
        let sends_no = matches!(self.state, EntryState::Pending | EntryState::Sending);
        let is_marked = self
            .reason
            .as_ref()
            .is_some_and(|reason| reason.code == HELD);
        self.state == EntryState::Held || (sends_no && is_marked)
    }

    /// Returns its place in the order in which entries are due.
    pub fn place(&self) -> QueuePlace {
        QueuePlace {
            due_at: self.due_at,
            id: self.id.0,
        }
    }
}

/// Where considering a contact leaves its entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// Something is to be sent.
    Pending,
    /// Something is to be sent, also where the entry was given up or is held.
    PendingAnyway,
    /// Nothing is to be sent: the org holds it.
    Done,
    /// Not selected any more.
    Withdrawn,
    /// The org has no record of them yet. [`Writer::wake_waiting`] lets them go on.
    Waiting(Reason),
    /// Needs a person.
    Blocked(Reason),
}

/// What an answer, or the lack of one, makes of an entry that was `sending`.
#[derive(Debug, Clone, PartialEq)]
pub enum Settled {
    /// The org has taken it.
    Done,
    /// The org has taken it, but the contact has changed since: once more.
    DoneAndPending,
    /// To be tried again; `counts` when it costs an attempt.
    Again {
        /// Not before, UTC milliseconds.
        due_at: i64,
        /// Whether this counts as an attempt.
        counts: bool,
        /// Why.
        reason: Option<Reason>,
    },
    /// Needs a person.
    Blocked(Reason),
    /// Refused too often.
    GivenUp(Reason),
}

/// A place in a list of queue entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct QueuePlace {
    /// When the entry is due, UTC milliseconds.
    pub due_at: i64,
    /// The entry.
    pub id: i64,
}

/// Why entries of a list stand where they do.
#[derive(Debug, Clone, Copy)]
pub struct QueueCause<'a> {
    /// The org's code, or ours in lower case.
    pub code: &'a str,
    /// Only those that this run stopped: before anything was sent for them, or because the org refused them.
    pub run: Option<RunId>,
}

impl QueueCause<'_> {
    /// Returns the condition on entries `q`, with what [`Self::bound`] binds.
    fn condition(self) -> &'static str {
        match self.run {
            None => "q.code = :code",
            Some(_) => {
                "q.code = :code AND (
                   EXISTS (SELECT 1 FROM run_blocks k WHERE k.contact_id = q.contact_id AND k.run_id = :run)
                   OR EXISTS (SELECT 1 FROM contact_batches k JOIN batches t ON t.id = k.batch_id
                              WHERE k.block = q.contact_id / 256 AND t.run_id = :run AND t.replication_id = q.replication_id
                                AND row_outcome(t.contacts, t.answers, q.contact_id) IN ('refused', 'retry', 'lost')))"
            }
        }
    }

    fn bound(&self) -> Vec<(&str, &dyn ToSql)> {
        let run = self.run.as_ref().map(|run| (":run", run as &dyn ToSql));
        let code: (&str, &dyn ToSql) = (":code", &self.code);
        run.into_iter().chain([code]).collect()
    }
}

impl Standing {
    /// Returns the state of an entry that stands so, and why it does.
    fn stands(&self) -> (EntryState, Option<&Reason>) {
        match self {
            Self::Pending | Self::PendingAnyway => (EntryState::Pending, None),
            Self::Done => (EntryState::Done, None),
            Self::Withdrawn => (EntryState::Withdrawn, None),
            Self::Waiting(reason) => (EntryState::Withdrawn, Some(reason)),
            Self::Blocked(reason) => (EntryState::Blocked, Some(reason)),
        }
    }
}

impl Entry {
    /// Returns the entry of a contact that is entered as `pending`, without its id.
    fn new(
        replication: ReplicationId,
        contact: ContactId,
        seq: i64,
        versions: Versions,
        now: i64,
    ) -> Self {
        Self {
            id: EntryId(0),
            replication,
            contact,
            state: EntryState::Pending,
            batch: None,
            due_at: 0,
            attempts: 0,
            seq,
            versions,
            sent_at: None,
            create_anyway: false,
            reason: None,
            since: now,
        }
    }
}

pub(crate) const ENTRY_COLUMNS: &str = "
  id, replication_id, contact_id, state, batch_id, due_at, attempts, seq, settings_version,
  mapping_version, describe_version, sent_at, create_anyway, code, message, detail, since,
  periods";

pub(crate) fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let reason = match row.get::<_, Option<String>>(13)? {
        Some(code) => Some(Reason {
            code,
            message: row.get::<_, Option<String>>(14)?.unwrap_or_default(),
            detail: row
                .get::<_, Option<String>>(15)?
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default(),
        }),
        None => None,
    };
    Ok(Entry {
        id: row.get(0)?,
        replication: row.get(1)?,
        contact: row.get(2)?,
        state: row.get(3)?,
        batch: row.get(4)?,
        due_at: row.get(5)?,
        attempts: row.get(6)?,
        seq: row.get(7)?,
        versions: Versions {
            settings: row.get(8)?,
            mapping: row.get(9)?,
            describe: row.get(10)?,
            periods: row.get(17)?,
        },
        sent_at: row.get(11)?,
        create_anyway: row.get(12)?,
        reason,
        since: row.get(16)?,
    })
}

// Two plain statements and a look at what they made. One that inserts or updates and returns the row would keep every page
// that it writes to be able to take it back, which costs many times as much as writing it.
//
// An entry that is held leaves that state for a no alone, and says so by its code until it is held again.
const CONSIDER_AGAIN: &str = "
UPDATE queue SET
  since = CASE WHEN state = :state THEN since ELSE :now END,
  due_at = CASE WHEN state = 'pending' AND :state = 'pending' THEN due_at ELSE 0 END,
  attempts = CASE WHEN state = 'pending' AND :state = 'pending' THEN attempts ELSE 0 END,
  state = CASE WHEN :state <> 'pending' AND code IS 'held' THEN 'held' ELSE :state END,
  seq = :seq, settings_version = :settings, mapping_version = :mapping, describe_version = :describe, periods = :periods,
  code = CASE WHEN state <> 'held' AND code IS NOT 'held' THEN :code WHEN :state = 'pending' THEN 'held' END,
  message = CASE WHEN state <> 'held' AND code IS NOT 'held' THEN :message
    WHEN :state = 'pending' THEN 'Only the opt-out or refused consent is sent. The contact is on hold.' END,
  detail = CASE WHEN state <> 'held' AND code IS NOT 'held' THEN :detail END
WHERE replication_id = :replication AND contact_id = :contact
  AND state <> 'sending' AND (:anyway OR (state <> 'held' AND state <> 'given_up'))";

const CONSIDER_FIRST: &str = "
INSERT INTO queue (replication_id, contact_id, state, seq, settings_version, mapping_version, describe_version, periods,
  code, message, detail, since)
VALUES (:replication, :contact, :state, :seq, :settings, :mapping, :describe, :periods, :code, :message, :detail, :now)
ON CONFLICT (contact_id, replication_id) DO NOTHING";

static ENTER_PENDING: ManyRows = ManyRows::new(|contacts| {
    let rows = rows_bound(contacts, 6, 3, |at| {
        format!(
            "?{at}, ?1, ?{}, 'pending', ?{}, ?2, ?3, ?4, ?5, ?6",
            at + 1,
            at + 2
        )
    });
    format!(
        "INSERT INTO queue (id, replication_id, contact_id, state, seq, settings_version, mapping_version, describe_version,
           periods, since)
         VALUES {rows}"
    )
});

/// Returns the condition for entries `q` of a state, bound as `:state`, in the words by which an index finds them: the one of
/// states leaves out those under way, to whom their batch leads.
pub(crate) fn in_state(state: EntryState) -> &'static str {
    match state {
        EntryState::Sending => "q.state = :state AND q.batch_id IS NOT NULL",
        _ => "q.state = :state AND q.state <> 'sending'",
    }
}

/// Returns the condition for entries that were considered with a version of the mapping, bound as `:mapping`.
fn considered_with(mapping: Option<i64>) -> &'static str {
    match mapping {
        Some(_) => "mapping_version = :mapping",
        None => ":mapping IS NULL",
    }
}

impl Reader<'_> {
    /// Returns the entry of a contact.
    pub fn entry(&self, replication: ReplicationId, contact: ContactId) -> Result<Option<Entry>> {
        Ok(self
            .connection
            .prepare_cached(&format!(
                "SELECT {ENTRY_COLUMNS} FROM queue q WHERE q.replication_id = :replication AND q.contact_id = :contact"
            ))?
            .query_row(named_params! { ":replication": replication, ":contact": contact }, entry)
            .optional()?)
    }

    /// Returns entries of one state, those due first before the others, after that place.
    ///
    /// With a cause they come in the order of their ids.
    pub fn queue_page(
        &self,
        replication: ReplicationId,
        state: EntryState,
        cause: Option<QueueCause<'_>>,
        after: QueuePlace,
        limit: usize,
    ) -> Result<Vec<Entry>> {
        let (condition, order) = match cause {
            Some(cause) => (format!("{} AND q.id > :id", cause.condition()), "q.id"),
            None => (
                "(q.due_at, q.id) > (:due_at, :id)".to_owned(),
                "q.due_at, q.id",
            ),
        };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {ENTRY_COLUMNS} FROM queue q
             WHERE q.replication_id = :replication AND {} AND {condition} ORDER BY {order} LIMIT :limit",
            in_state(state)
        ))?;
        let always: [(&str, &dyn ToSql); 4] = [
            (":replication", &replication),
            (":state", &state),
            (":id", &after.id),
            (":limit", &limit),
        ];
        let mut bound = always.to_vec();
        match &cause {
            Some(cause) => bound.extend(cause.bound()),
            None => bound.push((":due_at", &after.due_at)),
        }
        let rows = statement.query_map(bound.as_slice(), entry)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns how many entries of one state have a cause.
    pub fn queue_count(
        &self,
        replication: ReplicationId,
        state: EntryState,
        cause: QueueCause<'_>,
    ) -> Result<u64> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT count(*) FROM queue q WHERE q.replication_id = :replication AND {} AND {}",
            in_state(state),
            cause.condition()
        ))?;
        let mut bound = cause.bound();
        bound.push((":replication", &replication));
        bound.push((":state", &state));
        Ok(statement.query_row(bound.as_slice(), |row| row.get(0))?)
    }

    /// Returns the contacts whose `pending` entries are due, the longest due first; with `mapping` those that were considered
    /// with that version of it.
    pub fn due_contacts(
        &self,
        replication: ReplicationId,
        now: i64,
        limit: usize,
        mapping: Option<i64>,
    ) -> Result<Vec<ContactId>> {
        let ahead = now.saturating_add(LONGEST_WAIT_MS + 1);
        let mut contacts = Vec::new();
        // One after the other, so that each is read in the order of the index.
        for (from, until) in [(i64::MIN, now), (ahead, i64::MAX)] {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT contact_id FROM queue
                 WHERE replication_id = :replication AND state = 'pending' AND state <> 'sending' AND due_at BETWEEN :from AND :until
                   AND {}
                 ORDER BY due_at, id LIMIT :limit",
                considered_with(mapping)
            ))?;
            let rows = statement.query_map(
                named_params! {
                    ":replication": replication, ":from": from, ":until": until, ":limit": limit - contacts.len(),
                    ":mapping": mapping,
                },
                |row| row.get(0),
            )?;
            contacts.extend(rows.collect::<Result<Vec<ContactId>, _>>()?);
        }
        Ok(contacts)
    }

    /// Returns how often an entry was refused for now.
    pub fn attempts(&self, id: EntryId) -> Result<u32> {
        Ok(self
            .connection
            .prepare_cached("SELECT attempts FROM queue WHERE id = :id")?
            .query_row(named_params! { ":id": id }, |row| row.get(0))?)
    }

    /// Returns when the next `pending` entries are due, UTC milliseconds: the last of those that come due within
    /// `gather` milliseconds of the first, or of now; with `mapping` of those that were considered with that version of it.
    pub fn next_due(
        &self,
        replication: ReplicationId,
        now: i64,
        gather: i64,
        mapping: Option<i64>,
    ) -> Result<Option<i64>> {
        let due: Option<i64> = self
            .connection
            .prepare_cached(&format!(
                "SELECT max(due_at) FROM queue
                 WHERE replication_id = :replication AND state = 'pending' AND state <> 'sending' AND {of} AND due_at <= :gather + max(:now,
                   (SELECT min(due_at) FROM queue
                    WHERE replication_id = :replication AND state = 'pending' AND state <> 'sending' AND {of}))",
                of = considered_with(mapping)
            ))?
            .query_row(
                named_params! {
                    ":replication": replication, ":now": now, ":gather": gather, ":mapping": mapping,
                },
                |row| row.get(0),
            )?;
        Ok(due.map(|due| wait_until(due, now)))
    }

    /// Returns the number of entries in each state.
    pub fn queue_counts(&self, replication: ReplicationId) -> Result<BTreeMap<EntryState, u64>> {
        // State by state, which is twice as quick as grouping: nearly all of a million may be done.
        let mut counts = BTreeMap::new();
        for state in EntryState::ALL.iter().copied() {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT count(*) FROM queue q WHERE q.replication_id = :replication AND {}",
                in_state(state)
            ))?;
            let parameters = named_params! { ":replication": replication, ":state": state };
            let count = statement.query_row(parameters, |row| row.get(0))?;
            if count > 0 {
                counts.insert(state, count);
            }
        }
        Ok(counts)
    }
}

impl Reader<'_> {
    /// Returns how many contacts that are not deleted a replication leaves out: those without an entry, and those whose
    /// entry is withdrawn or on hold.
    pub fn left_out_count(&self, replication: ReplicationId) -> Result<u64> {
        let counts = self.queue_counts(replication)?;
        let is_in = |state: &EntryState| !matches!(state, EntryState::Withdrawn | EntryState::Held);
        let entered = counts.iter().filter(|(state, _)| is_in(state));
        let entered: u64 = entered.map(|(_, count)| count).sum();
        // The deleted are few.
        let deleted: u64 = self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM contacts INDEXED BY contacts_deleted CROSS JOIN queue
                   ON queue.contact_id = contacts.id AND queue.replication_id = :replication
                 WHERE contacts.deleted_at IS NOT NULL AND queue.state NOT IN ('withdrawn', 'held')",
            )?
            .query_row(named_params! { ":replication": replication }, |row| row.get(0))?;
        Ok((self.live_contacts()? + deleted).saturating_sub(entered))
    }
}

impl Writer<'_> {
    /// Records what considering a contact came to, and at which sequence number and versions.
    ///
    /// Entries that are `sending`, `held` or `given_up` stay as they are: only an answer, a hand or a no ends those.
    /// Returns the entry as it stands now; `None` where it stays as it was.
    pub fn consider(
        &self,
        replication: ReplicationId,
        contact: ContactId,
        seq: i64,
        versions: Versions,
        standing: &Standing,
        now: i64,
    ) -> Result<Option<Entry>> {
        let (state, reason) = standing.stands();
        let code = reason.map(|reason| &reason.code);
        let message = reason.map(|reason| &reason.message);
        let detail = detail(reason)?;
        let parameters = named_params! {
            ":replication": replication, ":contact": contact, ":state": state, ":seq": seq,
            ":settings": versions.settings, ":mapping": versions.mapping, ":describe": versions.describe,
            ":periods": versions.periods,
            ":code": code, ":message": message, ":detail": detail, ":now": now,
        };
        let anyway = *standing == Standing::PendingAnyway;
        let mut with_anyway = parameters.to_vec();
        with_anyway.push((":anyway", &anyway));
        let mut again = self.connection.prepare_cached(CONSIDER_AGAIN)?;
        if again.execute(&*with_anyway)? > 0 {
            return self.entry(replication, contact);
        }
        let mut first = self.connection.prepare_cached(CONSIDER_FIRST)?;
        if first.execute(parameters)? == 0 {
            return Ok(None);
        }
        let mut entry = Entry::new(replication, contact, seq, versions, now);
        entry.id = EntryId(self.connection.last_insert_rowid());
        (entry.state, entry.reason) = (state, reason.cloned());
        Ok(Some(entry))
    }

    /// Enters contacts that have no entry yet as `pending`, many in a statement; returns the entries in the order of the
    /// contacts.
    ///
    /// # Errors
    /// When one of them has an entry: nothing is entered then.
    pub fn enter_pending(
        &self,
        replication: ReplicationId,
        contacts: &[(ContactId, i64)],
        versions: Versions,
        now: i64,
    ) -> Result<Vec<Entry>> {
        let highest: i64 = self
            .connection
            .prepare_cached("SELECT coalesce(max(id), 0) FROM queue")?
            .query_row([], |row| row.get(0))?;
        // A stranger's file may have used up all numbers.
        let numbers = highest.saturating_add(1)..i64::MAX;
        let entries: Vec<Entry> = numbers
            .zip(contacts)
            .map(|(id, (contact, seq))| Entry {
                id: EntryId(id),
                ..Entry::new(replication, *contact, *seq, versions, now)
            })
            .collect();
        if entries.len() < contacts.len() {
            return Err(Error::unreadable("the queue", "it has used up its numbers"));
        }
        for entries in entries.chunks(ROWS_TOGETHER) {
            let mut bound: Vec<&dyn ToSql> = vec![
                &replication,
                &versions.settings,
                &versions.mapping,
                &versions.describe,
                &versions.periods,
                &now,
            ];
            for entry in entries {
                bound.extend::<[&dyn ToSql; 3]>([&entry.id, &entry.contact, &entry.seq]);
            }
            self.connection
                .prepare_cached(&ENTER_PENDING.sql(entries.len()))?
                .execute(&*bound)?;
        }
        Ok(entries)
    }

    /// Makes the entries `pending` again that wait for this reason; returns how many.
    pub fn wake_waiting(&self, replication: ReplicationId, code: &str, now: i64) -> Result<usize> {
        Ok(self
            .connection
            .prepare_cached(
                "UPDATE queue SET state = 'pending', due_at = 0, attempts = 0, since = :now, code = NULL, message = NULL,
                   detail = NULL
                 WHERE replication_id = :replication AND state = 'withdrawn' AND code = :code",
            )?
            .execute(named_params! { ":replication": replication, ":code": code, ":now": now })?)
    }

    /// Ends the `sending` state of an entry, for as long as it is this batch's.
    pub fn settle_entry(
        &self,
        batch: BatchId,
        id: EntryId,
        seq: i64,
        settled: &Settled,
        now: i64,
    ) -> Result<()> {
        let (state, due_at, attempt, reason) = match settled {
            Settled::Done => (EntryState::Done, 0, None, None),
            Settled::DoneAndPending => (EntryState::Pending, 0, None, None),
            Settled::Again {
                due_at,
                counts,
                reason,
            } => (EntryState::Pending, *due_at, Some(*counts), reason.as_ref()),
            Settled::Blocked(reason) => (EntryState::Blocked, 0, None, Some(reason)),
            Settled::GivenUp(reason) => (EntryState::GivenUp, 0, Some(true), Some(reason)),
        };
        let success = matches!(settled, Settled::Done | Settled::DoneAndPending);
        self.connection
            .prepare_cached(
                "UPDATE queue SET state = CASE WHEN :state <> 'pending' AND code IS 'held' THEN 'held' ELSE :state END,
                   batch_id = NULL, due_at = :due_at,
                   attempts = CASE WHEN :attempt IS NULL THEN 0 ELSE attempts + :attempt END,
                   seq = max(seq, :seq), sent_at = CASE WHEN :success AND code IS NOT 'held' THEN :now ELSE sent_at END,
                   code = CASE WHEN code IS NOT 'held' THEN :code WHEN :state = 'pending' THEN code END,
                   message = CASE WHEN code IS NOT 'held' THEN :message WHEN :state = 'pending' THEN message END,
                   detail = CASE WHEN code IS NOT 'held' THEN :detail END, since = :now
                 WHERE id = :id AND batch_id = :batch",
            )?
            .execute(named_params! {
                ":batch": batch, ":state": state, ":due_at": due_at, ":attempt": attempt, ":seq": seq, ":success": success,
                ":code": reason.map(|reason| &reason.code), ":message": reason.map(|reason| &reason.message),
                ":detail": detail(reason)?, ":now": now, ":id": id,
            })?;
        Ok(())
    }

    /// Ends the `sending` state of a batch's entries whose rows the org has taken as they are now.
    pub fn settle_done(&self, batch: BatchId, entries: &[EntryId], now: i64) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE queue SET state = CASE WHEN code IS 'held' THEN 'held' ELSE 'done' END, batch_id = NULL,
                   due_at = 0, attempts = 0, sent_at = CASE WHEN code IS 'held' THEN sent_at ELSE :now END,
                   code = NULL, message = NULL, detail = NULL, since = :now
                 WHERE id IN rarray(:ids) AND batch_id = :batch",
            )?
            .execute(named_params! { ":batch": batch, ":ids": ids_of(entries.iter().map(|id| id.0)), ":now": now })?;
        Ok(())
    }

    /// Makes `blocked` and `given_up` entries `pending` again, by hand; returns how many.
    ///
    /// `contacts` limits it to these, where there are any; `create_anyway` lets them skip the e-mail step from now on.
    pub fn retry_entries(
        &self,
        replication: ReplicationId,
        contacts: &[ContactId],
        code: Option<&str>,
        create_anyway: bool,
        now: i64,
    ) -> Result<usize> {
        // A run that has read the entries reads them again.
        self.next_sequence()?;
        let only = ids_of(contacts.iter().map(|contact| contact.0));
        Ok(self
            .connection
            .prepare_cached(
                "UPDATE queue SET state = 'pending', due_at = 0, attempts = 0, since = :now, code = NULL, message = NULL,
                   detail = NULL, create_anyway = create_anyway OR :create_anyway
                 WHERE replication_id = :replication AND state IN ('blocked', 'given_up') AND state <> 'sending'
                   AND (:all OR contact_id IN rarray(:only)) AND (:code IS NULL OR code = :code)",
            )?
            .execute(named_params! {
                ":replication": replication, ":all": contacts.is_empty(), ":only": only, ":code": code,
                ":create_anyway": create_anyway, ":now": now,
            })?)
    }

    /// Lets contacts skip the e-mail step from now on that no run has considered yet; returns how many.
    pub fn create_anyway(
        &self,
        replication: ReplicationId,
        contacts: &[ContactId],
        now: i64,
    ) -> Result<usize> {
        // A plan that was made without them is one no more.
        self.next_sequence()?;
        let ids = ids_of(contacts.iter().map(|contact| contact.0));
        // Versions that there never were: whoever reads the entries considers these.
        Ok(self
            .connection
            .prepare_cached(
                "INSERT INTO queue (replication_id, contact_id, state, seq, settings_version, mapping_version,
                   describe_version, create_anyway, since)
                 SELECT :replication, value, 'pending', 0, 0, 0, 0, 1, :now FROM rarray(:ids) WHERE true
                 ON CONFLICT (contact_id, replication_id) DO UPDATE SET create_anyway = 1
                   WHERE state IN ('pending', 'withdrawn') AND create_anyway = 0",
            )?
            .execute(named_params! { ":replication": replication, ":ids": ids, ":now": now })?)
    }

    /// Makes `held` entries `pending` again, by hand; returns how many.
    pub fn release_entries(
        &self,
        replication: ReplicationId,
        contact: Option<ContactId>,
        now: i64,
    ) -> Result<usize> {
        // A run that has read the entries reads them again.
        let seq = self.next_sequence()?;
        // Whose no is under way is considered once more after the answer.
        self.connection
            .prepare_cached(
                "UPDATE contacts SET seq = :seq WHERE id IN (
                   SELECT contact_id FROM queue WHERE replication_id = :replication AND state = 'sending' AND code = 'held'
                     AND (:contact IS NULL OR contact_id = :contact))",
            )?
            .execute(named_params! { ":seq": seq, ":replication": replication, ":contact": contact })?;
        Ok(self
            .connection
            .prepare_cached(
                "UPDATE queue SET state = CASE WHEN state = 'sending' THEN state ELSE 'pending' END, due_at = 0,
                   attempts = 0, since = :now, code = NULL, message = NULL, detail = NULL
                 WHERE replication_id = :replication AND (:contact IS NULL OR contact_id = :contact)
                   AND (state = 'held' OR (code = 'held' AND (state = 'pending' OR state = 'sending')))",
            )?
            .execute(named_params! { ":replication": replication, ":contact": contact, ":now": now })?)
    }

    /// Holds a contact's entry until it is released; returns whether there was one that could be held.
    pub fn hold_entry(
        &self,
        replication: ReplicationId,
        contact: ContactId,
        now: i64,
    ) -> Result<bool> {
        // A run that has read the entries reads them again.
        self.next_sequence()?;
        Ok(self
            .connection
            .prepare_cached(
                "UPDATE queue SET state = 'held', due_at = 0, since = :now, code = NULL, message = NULL, detail = NULL
                 WHERE replication_id = :replication AND contact_id = :contact AND state <> 'sending'",
            )?
            .execute(named_params! { ":replication": replication, ":contact": contact, ":now": now })?
            > 0)
    }

    /// Stamps a contact, so that every replication considers it again.
    pub fn reconsider(&self, contact: ContactId) -> Result<()> {
        let seq = self.next_sequence()?;
        self.connection
            .prepare_cached("UPDATE contacts SET seq = :seq WHERE id = :contact")?
            .execute(named_params! { ":seq": seq, ":contact": contact })?;
        Ok(())
    }
}

fn detail(reason: Option<&Reason>) -> Result<Option<String>> {
    match reason {
        Some(reason) if !reason.detail.is_null() => serde_json::to_string(&reason.detail)
            .map(Some)
            .map_err(|error| Error::unreadable("detail", error)),
        _ => Ok(None),
    }
}
