//! Takes the org's answers back into the workspace, row by row. Judging is plain; applying is one transaction.

mod links;

use leadferry_salesforce::{RowAnswer, RowError, Treatment};
use leadferry_store::{
    Batch, BatchRow, BatchState, ContactId, EntryId, Found, LinkOrigin, LinkState, NewLink,
    Operation, Outcome, Reason, RefusalPlace, RowOutcome, RunId, SentLink, Settled, Survivor,
    Writer,
};
use serde_json::json;

use crate::Result;
use crate::backoff::Policy;
use crate::mapping::capitalized;
use links::Links;

/// What an answer to a row comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The org has taken it.
    Taken {
        /// A record was created.
        created: bool,
        /// The record.
        record_id: String,
    },
    /// Refused for good: a person is needed.
    Refused(Reason),
    /// Refused for now.
    Retry {
        /// Why.
        reason: Reason,
        /// Wait before the next try, milliseconds.
        delay_ms: i64,
        /// Whether it costs the row an attempt.
        counts: bool,
    },
    /// Refused too often.
    GivenUp(Reason),
}

/// What refusals of rows mean for the whole run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Consequences {
    /// Every other row would fail as well; the org's words.
    pub stop: Option<RowError>,
    /// The org's fields have to be read again.
    pub redescribe: bool,
}

/// Counts of one answered batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answered {
    /// Records created.
    pub created: u64,
    /// Records updated.
    pub updated: u64,
}

/// Judges the answer to a row. `attempts` is the number of transient refusals before this one.
///
/// Rows that a run is refused together come back together, in as few requests as they fill: its number spreads them.
pub fn judge(
    row: &BatchRow,
    answer: &RowAnswer,
    attempts: u32,
    run: RunId,
    policy: &Policy,
) -> Verdict {
    let is_last = attempts + 1 >= policy.row_attempts;
    let Some(error) = answer.errors.first().filter(|_| !answer.success) else {
        let id = answer
            .id
            .as_ref()
            .map(ToString::to_string)
            .or_else(|| row.record_id.clone());
        return match id {
            Some(record_id) => Verdict::Taken {
                created: answer.created.unwrap_or(false),
                record_id,
            },
            None if is_last => Verdict::GivenUp(no_record("Retry, and Leadferry looks for it.")),
            None => Verdict::Retry {
                reason: no_record("No action needed. Leadferry looks for it."),
                delay_ms: policy.row_wait_ms,
                counts: true,
            },
        };
    };
    // What a person is told follows from what comes next, not from the code alone.
    let reason_for_good = || reason(error, error.cure());
    let reason_for_now = || reason(error, error.treatment().outlook());
    let again = |delay_ms| {
        if is_last {
            Verdict::GivenUp(reason_for_good())
        } else {
            Verdict::Retry {
                reason: reason_for_now(),
                delay_ms,
                counts: true,
            }
        }
    };
    match error.treatment() {
        Treatment::Permanent => Verdict::Refused(reason_for_good()),
        Treatment::Transient => again(policy.row_delay(attempts, run.0.unsigned_abs())),
        Treatment::TransientOnce if attempts == 0 => {
            again(policy.row_delay(attempts, run.0.unsigned_abs()))
        }
        Treatment::TransientOnce => Verdict::Refused(reason_for_good()),
        Treatment::Slow => again(policy.slow_wait_ms),
        // The next try asks the org first: who holds the identifier, what became of the record.
        Treatment::AskIdentifier if row.found != Found::New => Verdict::Refused(reason_for_good()),
        // The org holds the identifier for a record in its recycle bin: asking once more changes nothing.
        Treatment::Deleted if row.found == Found::New && attempts > 0 => {
            Verdict::Refused(reason_for_good())
        }
        Treatment::AskIdentifier | Treatment::Deleted | Treatment::Converted => again(0),
        // Nothing is wrong with the row itself.
        Treatment::StopRun | Treatment::Untried => Verdict::Retry {
            reason: reason_for_now(),
            delay_ms: 0,
            counts: false,
        },
        Treatment::Redescribe => Verdict::Refused(reason_for_good()),
    }
}

/// Returns what a row's refusal means for the whole run.
pub fn consequences(answers: &[RowAnswer]) -> Consequences {
    let mut consequences = Consequences::default();
    for error in answers
        .iter()
        .filter(|answer| !answer.success)
        .filter_map(|answer| answer.errors.first())
    {
        match error.treatment() {
            Treatment::StopRun => consequences.stop = Some(error.clone()),
            Treatment::Redescribe => consequences.redescribe = true,
            _ => {}
        }
    }
    consequences
}

/// Puts an org's error into words for people, keeping the org's own; `next` says what to do, or what comes by itself.
pub fn reason(error: &RowError, next: &str) -> Reason {
    let said = error.message.trim().trim_end_matches('.');
    let said = if said.is_empty() {
        String::new()
    } else {
        format!(" Salesforce says: {said}.")
    };
    Reason {
        code: error.code.to_string(),
        message: format!(
            "{}{}.{said} {}.",
            error.cause(),
            found(error),
            capitalized(next)
        ),
        detail: json!({
            "fields": error.fields,
            "message": error.message,
            "allow_save": error.allow_save,
            "candidates": error.matches.iter().map(|one| json!({
                "object": one.entity_type,
                "record": one.id.as_ref().map(ToString::to_string),
                "name": one.name,
                "email": one.email,
                "company": one.company,
            })).collect::<Vec<_>>(),
        }),
    }
}

/// Names the records that a duplicate rule found, the first of them.
fn found(error: &RowError) -> String {
    let named = error.matches.iter().filter_map(|one| {
        let id = one.id.as_ref()?;
        let name = one.name.as_deref().unwrap_or_default();
        Some(format!("{} {name} ({id})", one.entity_type).replace("  ", " "))
    });
    let named: Vec<String> = named.collect();
    match named.as_slice() {
        [] => String::new(),
        [one] => format!(": {one}"),
        [one, more @ ..] => format!(": {one} and {} more", more.len()),
    }
}

fn no_record(next: &str) -> Reason {
    Reason {
        code: "no_record_id".into(),
        message: format!("Salesforce accepted the row but didn't say which record it is. {next}"),
        detail: serde_json::Value::Null,
    }
}

/// Tells whether what was found out about a refused row's person holds for its next try.
pub fn stays_found(answer: &RowAnswer) -> bool {
    let treatment = answer.errors.first().map(RowError::treatment);
    !answer.success
        && matches!(
            treatment,
            Some(Treatment::Transient | Treatment::TransientOnce)
        )
}

/// Tells whether a row was refused, and not for a moment only.
pub fn is_for_good(answer: &RowAnswer) -> bool {
    let treatment = answer.errors.first().map(RowError::treatment);
    !answer.success && !stays_found(answer) && treatment != Some(Treatment::Untried)
}

/// Takes the answers to a batch into the workspace, in one transaction: each row's outcome, the links with what was
/// sent, the queue entries.
pub struct Taking<'a> {
    writer: &'a Writer<'a>,
    batch: &'a Batch,
    /// The batch is an earlier run's: mapping and settings may have changed since, and while it waited for its answer
    /// nobody could consider its contacts anew.
    stale: bool,
    /// Nothing in the workspace has changed since the rows were built.
    unchanged: bool,
    now: i64,
    links: Links,
    /// What came of the rows so far.
    outcomes: Vec<RowOutcome>,
    /// The records are of another object than the replication's: all rows are a no beside it.
    elsewhere: bool,
    /// Entries that end as they are.
    done: Vec<EntryId>,
    /// Links that are put together at the end.
    new_links: Vec<SentLink>,
    /// Contacts that have a record now.
    linked: Vec<ContactId>,
    answered: Answered,
}

impl<'a> Taking<'a> {
    /// Begins with a batch's rows and the records that the org names in its answers.
    pub fn begin(
        writer: &'a Writer<'a>,
        batch: &'a Batch,
        rows: &[BatchRow],
        records: &[String],
        stale: bool,
        now: i64,
    ) -> Result<Self> {
        let contacts: Vec<ContactId> = rows.iter().map(|row| row.contact).collect();
        // An answer to an update need not name its record.
        let updated = rows.iter().filter_map(|row| row.record_id.clone());
        let records: Vec<String> = records.iter().cloned().chain(updated).collect();
        Ok(Self {
            writer,
            batch,
            stale,
            unchanged: false,
            now,
            links: Links::read(writer, batch, &contacts, &records)?,
            outcomes: Vec::new(),
            elsewhere: writer.replication(batch.replication)?.object != batch.object,
            done: Vec::new(),
            new_links: Vec::new(),
            linked: Vec::new(),
            answered: Answered::default(),
        })
    }

    /// Says that nothing in the workspace has changed since the rows were built, so that no contact has to be looked up.
    pub fn nothing_has_changed(&mut self) {
        self.unchanged = true;
    }

    /// Takes one row's answer; `errors` are the org's own words.
    pub fn row(&mut self, row: &BatchRow, verdict: &Verdict, errors: &[RowError]) -> Result<()> {
        if let Some(record) = self.refusal_record(row)? {
            return self.copied(row, &record, verdict, errors);
        }
        let settled = match verdict {
            Verdict::Taken { created, record_id } => {
                let created = *created || self.came_of_an_earlier_request(row)?;
                self.taken(row, created, record_id, errors)?
            }
            Verdict::Refused(reason) if self.stale => {
                self.came_to(row, Outcome::Retry, None, errors);
                let reason = errors.first().map_or_else(
                    || reason.clone(),
                    |error| self::reason(error, error.treatment().outlook()),
                );
                Settled::Again {
                    due_at: self.now,
                    counts: false,
                    reason: Some(reason),
                }
            }
            Verdict::Refused(reason) => {
                self.came_to(row, Outcome::Refused, None, errors);
                Settled::Blocked(reason.clone())
            }
            Verdict::GivenUp(reason) => {
                self.came_to(row, Outcome::Refused, None, errors);
                Settled::GivenUp(reason.clone())
            }
            Verdict::Retry {
                reason,
                delay_ms,
                counts,
            } => {
                self.came_to(row, Outcome::Retry, None, errors);
                Settled::Again {
                    due_at: self.now + delay_ms,
                    counts: *counts,
                    reason: Some(reason.clone()),
                }
            }
        };
        match settled {
            Settled::Done => self.done.push(row.entry),
            settled => {
                self.writer
                    .settle_entry(self.batch.id, row.entry, row.seq, &settled, self.now)?
            }
        }
        Ok(())
    }

    /// Returns the row's record where it is one beside the linked one that a no went to.
    fn refusal_record(&self, row: &BatchRow) -> Result<Option<String>> {
        let record = row
            .record_id
            .as_ref()
            .filter(|_| row.found == Found::Linked);
        let Some(record) = record else {
            return Ok(None);
        };
        if self.elsewhere {
            return Ok(Some(record.clone()));
        }
        let own = self.links.of(self.writer, self.batch, row.contact)?;
        if own.is_some_and(|link| link.record_id == *record) {
            return Ok(None);
        }
        let is_copy = self
            .writer
            .is_refusal_record(row.contact, self.place(), record)?;
        Ok(is_copy.then(|| record.clone()))
    }

    fn place(&self) -> RefusalPlace<'a> {
        RefusalPlace {
            org_id: &self.batch.org_id,
            object: &self.batch.object,
        }
    }

    /// Takes the answer to a no that went to a record beside the linked one. It makes no link, and the contact is
    /// considered anew: there may be more such records, or something else to send.
    fn copied(
        &mut self,
        row: &BatchRow,
        record: &str,
        verdict: &Verdict,
        errors: &[RowError],
    ) -> Result<()> {
        let mut again = Settled::Again {
            due_at: self.now,
            counts: false,
            reason: None,
        };
        match verdict {
            Verdict::Taken { .. } => {
                self.answered.updated += 1;
                self.came_to(row, Outcome::Updated, Some(record), errors);
                self.writer
                    .refusal_was_told(row.contact, self.place(), record, &row.sent())?;
            }
            Verdict::Retry {
                reason,
                delay_ms,
                counts,
            } if !is_gone(errors) => {
                self.came_to(row, Outcome::Retry, None, errors);
                again = Settled::Again {
                    due_at: self.now + delay_ms,
                    counts: *counts,
                    reason: Some(reason.clone()),
                };
            }
            Verdict::Retry { .. } | Verdict::Refused(_) | Verdict::GivenUp(_) => {
                self.came_to(row, Outcome::Refused, None, errors);
                self.writer
                    .refusal_record_is_gone(row.contact, self.place(), record)?;
            }
        }
        Ok(self
            .writer
            .settle_entry(self.batch.id, row.entry, row.seq - 1, &again, self.now)?)
    }

    /// Ends with what came of all rows, and with the entries of those that were taken; returns what they came to.
    pub fn end(self) -> Result<Answered> {
        let (org_id, object) = (&self.batch.org_id, &self.batch.object);
        self.writer
            .put_new_links(org_id, object, &self.new_links, self.now)?;
        self.writer.answer_rows(self.batch.id, self.outcomes)?;
        self.writer
            .settle_done(self.batch.id, &self.done, self.now)?;
        self.writer.judge_ambiguous_anew(&self.linked)?;
        Ok(self.answered)
    }

    /// Records what came of a row; `errors` are the org's own words.
    pub fn came_to(
        &mut self,
        row: &BatchRow,
        outcome: Outcome,
        record_id: Option<&str>,
        errors: &[RowError],
    ) {
        let errors = match errors {
            [] => None,
            errors => Some(serde_json::to_string(errors).unwrap_or_default()),
        };
        self.outcomes.push(RowOutcome {
            position: row.position,
            outcome,
            record_id: record_id.map(str::to_owned),
            errors,
        });
    }

    fn taken(
        &mut self,
        row: &BatchRow,
        created: bool,
        record_id: &str,
        errors: &[RowError],
    ) -> Result<Settled> {
        let outcome = if created {
            self.answered.created += 1;
            Outcome::Created
        } else {
            self.answered.updated += 1;
            Outcome::Updated
        };
        self.came_to(row, outcome, Some(record_id), errors);
        let settled = self.link(row, record_id, created)?;
        if let Settled::Blocked(reason) = &settled {
            let (run, contact) = (self.batch.run, row.contact);
            self.writer
                .add_run_block(run, contact, &reason.code, &reason.message)?;
        }
        Ok(match settled {
            Settled::Done if self.stale => Settled::DoneAndPending,
            settled => settled,
        })
    }

    /// Tells whether a record that stood there before this request is nevertheless ours: nobody had it when the contact
    /// was matched, and an earlier request for it was applied late.
    fn came_of_an_earlier_request(&self, row: &BatchRow) -> Result<bool> {
        Ok(match row.found {
            Found::New if self.batch.state == BatchState::Unknown => true,
            Found::New | Found::Identifier => self.writer.may_have_been_created_before(row)?,
            Found::Email | Found::Linked => false,
        })
    }

    /// Links the contact, or the one that it was merged into meanwhile, and records what was sent.
    fn link(&mut self, row: &BatchRow, record_id: &str, created: bool) -> Result<Settled> {
        let batch = self.batch;
        // Who is new in the org goes; a row for someone else may be the last of one who does not go any more.
        let survivor = if self.unchanged && row.found == Found::New {
            Survivor {
                id: row.contact,
                seq: row.seq,
                deleted: false,
            }
        } else {
            self.writer.survivor(row.contact)?
        };
        let owner = self.link_owner(row.contact, survivor.id, record_id)?;
        let before = self.links.of(self.writer, batch, owner)?;
        if let Some(link) = &before
            && link.record_id != record_id
            && link.state == LinkState::Linked
        {
            return Ok(match batch.operation {
                // Linked anew by hand while the request was under way: that record is next.
                Operation::Update => Settled::DoneAndPending,
                Operation::Upsert { .. } => {
                    Settled::Blocked(two_records(&link.record_id, record_id))
                }
            });
        }
        let known = before.as_ref().filter(|link| link.record_id == record_id);
        // A record that is this contact's already can be nobody else's.
        if known.is_none() && self.links.is_anothers(record_id, owner) {
            return Ok(Settled::Blocked(taken_by_another(record_id)));
        }
        let identified = row.stamps
            || row.found == Found::Identifier
            || matches!(batch.operation, Operation::Upsert { .. });
        let identifier = identified.then(|| row.guid.as_str());
        if let Some(link) = known {
            self.writer
                .record_sent(link.id, &row.sent(), identifier, self.now)?;
        } else {
            let new = NewLink {
                contact: owner,
                org_id: &batch.org_id,
                object: &batch.object,
                record_id,
                identifier,
                origin: origin(row.found, created),
            };
            // Nobody is in a batch twice: who had no link gets one with the others.
            if before.is_none() && self.unchanged {
                self.new_links
                    .push(self.writer.sent_link(&new, &row.sent())?);
            } else {
                self.writer.put_link_sent(&new, &row.sent(), self.now)?;
            }
            self.links.changed(owner, record_id);
            self.linked.push(owner);
        }
        Ok(if survivor.deleted || survivor.seq > row.seq {
            Settled::DoneAndPending
        } else {
            Settled::Done
        })
    }

    /// The survivor of a merge takes the link unless it has one of its own; then both stay, as two records in
    /// Salesforce.
    fn link_owner(
        &self,
        contact: ContactId,
        survivor: ContactId,
        record_id: &str,
    ) -> Result<ContactId> {
        if survivor == contact {
            return Ok(contact);
        }
        let own = self.links.of(self.writer, self.batch, survivor)?;
        Ok(if own.is_some_and(|link| link.record_id != record_id) {
            contact
        } else {
            survivor
        })
    }
}

/// Tells whether a record was deleted or converted, so that it takes nothing any more.
fn is_gone(errors: &[RowError]) -> bool {
    let treatment = errors.first().map(RowError::treatment);
    matches!(
        treatment,
        Some(Treatment::Deleted | Treatment::Converted | Treatment::AskIdentifier)
    )
}

fn origin(found: Found, created: bool) -> LinkOrigin {
    match found {
        Found::New if created => LinkOrigin::Created,
        Found::New | Found::Identifier | Found::Linked => LinkOrigin::Identifier,
        Found::Email => LinkOrigin::Email,
    }
}

fn taken_by_another(record_id: &str) -> Reason {
    Reason {
        code: "ambiguous".into(),
        message: format!(
            "Record {record_id} was linked to another contact during the run. Merge the two contacts, or remove that \
             link."
        ),
        detail: json!({ "candidates": [{ "record": record_id }] }),
    }
}

fn two_records(linked: &str, answered: &str) -> Reason {
    Reason {
        code: "ambiguous".into(),
        message: format!(
            "Record {answered} holds the Leadferry ID, but the contact is linked to {linked}. Link the right one, or \
             merge them in Salesforce."
        ),
        detail: json!({ "candidates": [{ "record": linked }, { "record": answered }] }),
    }
}

#[cfg(test)]
mod tests;
