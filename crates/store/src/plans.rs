//! Plans: what a run would do, contact by contact; the latest is kept per replication.

use std::fmt::Write as _;

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, Row, named_params, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::contacts::{mailbox, search_expression};
use crate::links::stored_names;
use crate::selection::ids_of;
use crate::{
    ContactId, EntryState, Error, LinkState, PlanId, Reader, ReplicationId, Result, Selection,
    Versions, Writer,
};

/// A plan that was begun so long ago is in the making no more.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What a run would do with a contact, where it would do or need something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanDecision {
    /// Create a record.
    Create,
    /// Update a record.
    Update,
    /// Create or update: known once the org was asked.
    MatchPending,
    /// Needs a person.
    Blocked,
}

stored_names!(PlanDecision {
    Create = "create",
    Update = "update",
    MatchPending = "match_pending",
    Blocked = "blocked",
});

/// One contact in a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanRow {
    /// The contact.
    pub contact: ContactId,
    /// What a run would do.
    pub decision: PlanDecision,
    /// The record to update, where known.
    pub record_id: Option<String>,
    /// Why it is blocked: code.
    pub code: Option<String>,
    /// Why it is blocked, for people.
    pub message: Option<String>,
    /// Candidates; what would be cut.
    pub detail: serde_json::Value,
}

/// A kept plan without its contacts.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPlan {
    /// Id.
    pub id: PlanId,
    /// The sequence number that it was made at.
    pub seq: i64,
    /// The versions that it was made at.
    pub versions: Versions,
    /// Whether the org was asked.
    pub matched: bool,
    /// Its counts as JSON.
    pub counts: serde_json::Value,
    /// When it was made, UTC milliseconds.
    pub made_at: i64,
}

/// What contacts outside of a plan are looked at for.
#[derive(Debug, Clone, Copy)]
pub struct UnplannedQuery<'a> {
    /// The replication.
    pub replication: ReplicationId,
    /// The org, where it is known.
    pub org_id: Option<&'a str>,
    /// The target object.
    pub object: &'a str,
    /// Who is selected.
    pub selection: &'a Selection,
    /// Starts of words of their names, email or company; all of them where unset.
    pub search: Option<&'a str>,
}

/// Which contacts of a plan are asked for; what isn't said doesn't matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanFilter {
    /// What a run would do.
    pub decision: Option<PlanDecision>,
    /// Why they are blocked: code.
    pub code: Option<String>,
    /// Why they are blocked: in words.
    pub message: Option<String>,
    /// The field of the org that the code is about.
    pub field: Option<String>,
    /// What would become of one of their values, and in which field of the org.
    pub remark: Option<(String, Option<String>)>,
    /// Something would become of one of their values.
    pub remarked: bool,
    /// Starts of words of their names, email or company.
    pub search: Option<String>,
}

impl PlanFilter {
    /// Returns the filter for contacts with which a run would do this.
    pub fn decided(decision: PlanDecision) -> Self {
        Self {
            decision: Some(decision),
            ..Self::default()
        }
    }
}

/// Contacts of a plan that are blocked for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanReason {
    /// The code.
    pub code: String,
    /// The field of the org that it is about.
    pub field: Option<String>,
    /// In words, of one of them.
    pub message: String,
    /// How many.
    pub contacts: u64,
    /// The values that are meant, [`MOST_VALUES`] at most.
    pub values: Vec<String>,
}

/// Contacts of a plan of whom the same becomes of a value in one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRemark {
    /// What becomes of it.
    pub kind: String,
    /// The field of the org.
    pub field: String,
    /// In words, of one of them.
    pub message: String,
    /// How many.
    pub contacts: u64,
    /// The values that are meant, [`MOST_VALUES`] at most.
    pub values: Vec<String>,
}

/// Most values that stand for all that are meant.
pub const MOST_VALUES: usize = 6;

/// Every reason of every blocked contact: a contact may have several.
const REASONS: &str = "
SELECT coalesce(code, 'unknown') AS code, coalesce(message, '') AS message,
  json_extract(detail, '$.target') AS field, json_extract(detail, '$.value') AS value
FROM plan_rows WHERE plan_id = :plan AND decision = 'blocked'
UNION ALL
SELECT json_extract(also.value, '$.code'), json_extract(also.value, '$.message'),
  json_extract(also.value, '$.target'), json_extract(also.value, '$.value')
FROM plan_rows, json_each(detail, '$.also') AS also
WHERE plan_id = :plan AND decision = 'blocked'";

/// Every remark on every contact that goes.
const REMARKS: &str = "
SELECT contact_id, json_extract(one.value, '$.kind') AS kind, json_extract(one.value, '$.target') AS field,
  json_extract(one.value, '$.message') AS message, json_extract(one.value, '$.value') AS value
FROM plan_rows, json_each(detail, '$.remarks') AS one
WHERE plan_id = :plan";

/// A contact that a plan would do nothing about, with what tells why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplanned {
    /// The contact.
    pub contact: ContactId,
    /// Nothing about it may be sent.
    pub do_not_send: bool,
    /// Its points have reached the minimum.
    pub marked: bool,
    /// It is in the segments that decide, if any do.
    pub in_segments: bool,
    /// It has given the consent that is required, if any is.
    pub consented: bool,
    /// It opted out of email.
    pub opted_out: bool,
    /// The state of its queue entry.
    pub entry: Option<EntryState>,
    /// The last success of the replication for it, UTC milliseconds.
    pub sent_at: Option<i64>,
    /// What is known of the record that it is linked to.
    pub link: Option<LinkState>,
    /// Whether it is linked to a live record of another object in the same org.
    pub linked_elsewhere: bool,
}

const SELECT_UNPLANNED: &str = "
SELECT c.id, c.do_not_send,
  EXISTS (SELECT 1 FROM marks m WHERE m.replication_id = :replication AND m.contact_id = c.id),
  q.state, q.sent_at, l.state,
  EXISTS (SELECT 1 FROM links e
    WHERE e.contact_id = c.id AND e.org_id = :org AND e.object <> :object AND e.state = 'linked'),
  coalesce(c.email_opt_out, 0)
FROM contacts c
LEFT JOIN queue q ON q.replication_id = :replication AND q.contact_id = c.id
LEFT JOIN links l ON l.contact_id = c.id AND l.org_id = :org AND l.object = :object
WHERE c.id IN (SELECT value FROM rarray(:ids))
  AND NOT EXISTS (SELECT 1 FROM plan_rows p WHERE p.plan_id = :plan AND p.contact_id = c.id)
ORDER BY c.id";

impl Reader<'_> {
    /// Returns the latest complete plan of a replication.
    pub fn latest_plan(&self, replication: ReplicationId) -> Result<Option<StoredPlan>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT id, seq, settings_version, mapping_version, describe_version, periods, matched, counts, made_at
                 FROM plans WHERE replication_id = :replication AND complete = 1 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(named_params! { ":replication": replication }, |row| {
                Ok(StoredPlan {
                    id: row.get("id")?,
                    seq: row.get("seq")?,
                    versions: Versions {
                        settings: row.get("settings_version")?,
                        mapping: row.get("mapping_version")?,
                        describe: row.get("describe_version")?,
                        periods: row.get("periods")?,
                    },
                    matched: row.get("matched")?,
                    counts: json(row.get::<_, Option<String>>("counts")?.as_deref()),
                    made_at: row.get("made_at")?,
                })
            })
            .optional()?)
    }

    /// Returns contacts of a plan in the order of their ids, after `after`.
    pub fn plan_rows(
        &self,
        plan: PlanId,
        filter: &PlanFilter,
        after: ContactId,
        limit: usize,
    ) -> Result<Vec<PlanRow>> {
        // Nothing is said of what isn't asked for: `:decision IS NULL OR …` would visit every row of a long plan.
        let mut when = "plan_id = ?1 AND contact_id > ?2".to_owned();
        let mut values: Vec<Cell> = vec![plan.0.into(), after.0.into()];
        let mut also = |condition: &str, value: Cell| {
            values.push(value);
            let _ = write!(when, " AND {condition} ?{}", values.len());
        };
        if let Some(decision) = filter.decision {
            also("decision =", decision.name().to_owned().into());
        }
        // A field is named together with its code, and may not be the first that blocks a contact.
        let code = filter.code.clone().filter(|_| filter.field.is_none());
        for (condition, value) in [("code =", &code), ("message =", &filter.message)] {
            if let Some(value) = value {
                also(condition, value.clone().into());
            }
        }
        if let Some(words) = filter.search.as_deref().and_then(search_expression) {
            also(
                "contact_id IN (SELECT rowid FROM contacts_search WHERE contacts_search MATCH",
                words.into(),
            );
            when.push(')');
        }
        if let Some((from, below)) = filter.search.as_deref().and_then(mailbox) {
            values.extend([from.into(), below.into()]);
            let last = values.len();
            let _ = write!(
                when,
                " AND contact_id IN (SELECT id FROM contacts WHERE email_key >= ?{} AND email_key < ?{last})",
                last - 1
            );
        }
        if filter.remarked {
            when.push_str(" AND json_extract(detail, '$.remarks') IS NOT NULL");
        }
        if let Some((kind, field)) = &filter.remark {
            values.push(kind.clone().into());
            values.push(field.clone().map_or(Cell::Null, Cell::from));
            let last = values.len();
            let _ = write!(
                when,
                " AND EXISTS (SELECT 1 FROM json_each(detail, '$.remarks') AS one
                   WHERE json_extract(one.value, '$.kind') = ?{}
                   AND coalesce(json_extract(one.value, '$.target') = ?{last}, TRUE))",
                last - 1
            );
        }
        if let Some(field) = &filter.field {
            values.push(filter.code.clone().unwrap_or_default().into());
            values.push(field.clone().into());
            let last = values.len();
            let (code, field) = (format!("?{}", last - 1), format!("?{last}"));
            let _ = write!(
                when,
                " AND (code = {code} AND json_extract(detail, '$.target') = {field}
                   OR EXISTS (SELECT 1 FROM json_each(detail, '$.also') AS also
                     WHERE json_extract(also.value, '$.code') = {code}
                     AND json_extract(also.value, '$.target') = {field}))"
            );
        }
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        let limit = format!("?{}", values.len());
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT contact_id, decision, record_id, code, message, detail FROM plan_rows
             WHERE {when} ORDER BY contact_id LIMIT {limit}"
        ))?;
        let rows = statement.query_map(params_from_iter(values), plan_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns one contact of a plan; `None` where the plan would do nothing about it.
    pub fn plan_row(&self, plan: PlanId, contact: ContactId) -> Result<Option<PlanRow>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT contact_id, decision, record_id, code, message, detail FROM plan_rows
                 WHERE plan_id = :plan AND contact_id = :contact",
            )?
            .query_row(
                named_params! { ":plan": plan, ":contact": contact },
                plan_row,
            )
            .optional()?)
    }

    /// Returns why contacts of a plan are blocked, by code and field, the most frequent reason first; 100 reasons at most.
    ///
    /// A contact counts for each of its reasons.
    pub fn plan_reasons(&self, plan: PlanId) -> Result<Vec<PlanReason>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT code, field, min(message) AS message, count(*) AS contacts FROM ({REASONS})
             GROUP BY code, coalesce(field, message) ORDER BY contacts DESC, code, message LIMIT 100"
        ))?;
        let rows = statement.query_map(named_params! { ":plan": plan }, |row| {
            Ok(PlanReason {
                code: row.get("code")?,
                field: row.get("field")?,
                message: row.get("message")?,
                contacts: row.get("contacts")?,
                values: Vec::new(),
            })
        })?;
        let mut reasons = rows.collect::<Result<Vec<_>, _>>()?;
        for reason in reasons.iter_mut().filter(|reason| reason.field.is_some()) {
            reason.values =
                self.values_meant(REASONS, "code", plan, &reason.code, reason.field.as_deref())?;
        }
        Ok(reasons)
    }

    /// Counts the contacts of a plan of whom a value doesn't go as it is.
    pub fn remarked_count(&self, plan: PlanId) -> Result<u64> {
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*) FROM plan_rows
             WHERE plan_id = :plan AND json_extract(detail, '$.remarks') IS NOT NULL",
        )?;
        Ok(statement.query_row(named_params! { ":plan": plan }, |row| row.get(0))?)
    }

    /// Returns what becomes of values that don't go as they are, by kind and field, the most frequent first; 100 at most.
    pub fn plan_remarks(&self, plan: PlanId) -> Result<Vec<PlanRemark>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT kind, field, min(message) AS message, count(DISTINCT contact_id) AS contacts FROM ({REMARKS})
             GROUP BY kind, field ORDER BY contacts DESC, kind, field LIMIT 100"
        ))?;
        let rows = statement.query_map(named_params! { ":plan": plan }, |row| {
            Ok(PlanRemark {
                kind: row.get("kind")?,
                field: row.get("field")?,
                message: row.get("message")?,
                contacts: row.get("contacts")?,
                values: Vec::new(),
            })
        })?;
        let mut remarks = rows.collect::<Result<Vec<_>, _>>()?;
        for remark in &mut remarks {
            remark.values =
                self.values_meant(REMARKS, "kind", plan, &remark.kind, Some(&remark.field))?;
        }
        Ok(remarks)
    }

    /// Returns some of the values that one group is about.
    fn values_meant(
        &self,
        rows: &str,
        by: &str,
        plan: PlanId,
        group: &str,
        field: Option<&str>,
    ) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT DISTINCT value FROM ({rows}) WHERE {by} = :group AND field = :field AND value IS NOT NULL
             LIMIT {MOST_VALUES}"
        ))?;
        let values = statement.query_map(
            named_params! { ":plan": plan, ":group": group, ":field": field },
            |row| row.get(0),
        )?;
        Ok(values.collect::<Result<_, _>>()?)
    }

    /// Visits the next contacts in the order of their ids, and returns those that a plan would do nothing about, with
    /// what tells why; and the last id visited, `None` at the end.
    ///
    /// At most `visits` contacts are visited, so that one call is quick however rare such contacts are.
    pub fn unplanned(
        &self,
        plan: PlanId,
        about: &UnplannedQuery<'_>,
        after: ContactId,
        visits: usize,
    ) -> Result<(Vec<Unplanned>, Option<ContactId>)> {
        let words = about.search.and_then(search_expression);
        let found = match words {
            Some(_) => {
                "id IN (SELECT rowid FROM contacts_search WHERE contacts_search MATCH :words)"
            }
            None => ":words IS NULL",
        };
        let (from, below) = about.search.and_then(mailbox).unzip();
        let visited = self
            .connection
            .prepare_cached(&format!(
                "SELECT id FROM contacts WHERE id > :after AND deleted_at IS NULL AND {found}
                 AND (:from IS NULL OR email_key >= :from AND email_key < :below) ORDER BY id LIMIT :visits"
            ))?
            .query_map(
                named_params! {
                    ":after": after, ":words": words, ":from": from, ":below": below, ":visits": visits,
                },
                |row| row.get(0),
            )?
            .collect::<Result<Vec<ContactId>, _>>()?;
        let next = visited.last().copied().filter(|_| visited.len() == visits);
        let members = self.in_segments(about.selection, &visited)?;
        let answers = self.answers_of(&visited, &about.selection.consented)?;
        let consented = |contact: ContactId| {
            let answers = answers.get(&contact);
            let mut required = about.selection.consented.iter();
            required.all(|purpose| answers.and_then(|all| all.get(purpose)) == Some(&true))
        };
        let mut statement = self.connection.prepare_cached(SELECT_UNPLANNED)?;
        let rows = statement.query_map(
            named_params! {
                ":plan": plan, ":replication": about.replication, ":org": about.org_id, ":object": about.object,
                ":ids": ids_of(visited.iter().map(|id| id.0)),
            },
            |row| {
                let contact = row.get(0)?;
                Ok(Unplanned {
                    contact,
                    in_segments: members.contains(&contact),
                    consented: consented(contact),
                    opted_out: row.get(7)?,
                    do_not_send: row.get(1)?,
                    marked: row.get(2)?,
                    entry: row.get(3)?,
                    sent_at: row.get(4)?,
                    link: row.get(5)?,
                    linked_elsewhere: row.get(6)?,
                })
            },
        )?;
        Ok((rows.collect::<Result<_, _>>()?, next))
    }
}

fn plan_row(row: &Row<'_>) -> rusqlite::Result<PlanRow> {
    Ok(PlanRow {
        contact: row.get("contact_id")?,
        decision: row.get("decision")?,
        record_id: row.get("record_id")?,
        code: row.get("code")?,
        message: row.get("message")?,
        detail: json(row.get::<_, Option<String>>("detail")?.as_deref()),
    })
}

fn json(text: Option<&str>) -> serde_json::Value {
    text.and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

impl Writer<'_> {
    /// Begins a plan; it is invisible until [`Writer::finish_plan`].
    pub fn begin_plan(
        &self,
        replication: ReplicationId,
        seq: i64,
        versions: Versions,
        matched: bool,
        now: i64,
    ) -> Result<PlanId> {
        self.connection
            .prepare_cached(
                "INSERT INTO plans (replication_id, seq, settings_version, mapping_version, describe_version, periods, matched,
                   made_at)
                 VALUES (:replication, :seq, :settings, :mapping, :describe, :periods, :matched, :now)",
            )?
            .execute(named_params! {
                ":replication": replication, ":seq": seq, ":settings": versions.settings, ":mapping": versions.mapping,
                ":describe": versions.describe, ":periods": versions.periods, ":matched": matched, ":now": now,
            })?;
        Ok(PlanId(self.connection.last_insert_rowid()))
    }

    /// Adds contacts to a plan that was begun; a contact already there is replaced.
    pub fn add_plan_rows(&self, plan: PlanId, rows: &[PlanRow]) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "INSERT OR REPLACE INTO plan_rows (plan_id, contact_id, decision, record_id, code, message, detail)
             VALUES (:plan, :contact, :decision, :record, :code, :message, :detail)",
        )?;
        for row in rows {
            let detail = match &row.detail {
                serde_json::Value::Null => None,
                detail => Some(
                    serde_json::to_string(detail)
                        .map_err(|error| Error::unreadable("detail", error))?,
                ),
            };
            statement.execute(named_params! {
                ":plan": plan, ":contact": row.contact, ":decision": row.decision, ":record": row.record_id,
                ":code": row.code, ":message": row.message, ":detail": detail,
            })?;
        }
        Ok(())
    }

    /// Takes contacts out of a plan that was begun: nothing would be done with them.
    pub fn remove_plan_rows(&self, plan: PlanId, contacts: &[ContactId]) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "DELETE FROM plan_rows WHERE plan_id = :plan AND contact_id = :contact",
        )?;
        for contact in contacts {
            statement.execute(named_params! { ":plan": plan, ":contact": contact })?;
        }
        Ok(())
    }

    /// Completes a plan; it takes the place of the replication's older ones.
    ///
    /// An older one that is not complete may be in the making by another process: it goes once it is a day old.
    pub fn finish_plan(
        &self,
        replication: ReplicationId,
        plan: PlanId,
        counts: &serde_json::Value,
    ) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE plans SET complete = 1, counts = :counts WHERE id = :plan")?
            .execute(named_params! { ":counts": counts.to_string(), ":plan": plan })?;
        self.connection
            .prepare_cached(
                "DELETE FROM plans WHERE replication_id = :replication AND id < :plan
                 AND (complete = 1 OR made_at < (SELECT made_at - :day FROM plans WHERE id = :plan))",
            )?
            .execute(named_params! { ":replication": replication, ":plan": plan, ":day": DAY_MS })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ContactField;
    use crate::testing::{NOW, workspace};

    #[test]
    fn a_finished_plan_leaves_one_alone_that_another_process_is_making() {
        let workspace = workspace();
        let replication = workspace.replication("Leads", None);
        let contact = workspace.add(&[(ContactField::LastName, "A")]);
        let begin = |now| {
            let versions = Versions {
                settings: 1,
                mapping: 1,
                describe: 0,
                periods: 0,
            };
            workspace.writing(|writer| writer.begin_plan(replication, 1, versions, false, now))
        };
        let finish = |plan| {
            workspace
                .writing(|writer| writer.finish_plan(replication, plan, &serde_json::json!({})))
        };
        let abandoned = begin(NOW - DAY_MS - 1);
        let theirs = begin(NOW);
        finish(begin(NOW));
        let row = PlanRow {
            contact,
            decision: PlanDecision::Create,
            record_id: None,
            code: None,
            message: None,
            detail: serde_json::Value::Null,
        };
        workspace.writing(|writer| writer.add_plan_rows(theirs, &[row]));
        finish(theirs);
        finish(begin(NOW));
        assert_eq!(
            workspace.number("SELECT count(*) FROM plans"),
            1,
            "{abandoned:?} is gone, too"
        );
    }
}
