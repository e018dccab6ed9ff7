//! Selection: which contacts a replication has to consider, and all it needs to know of each.
//!
//! A pass goes over ids in pages. A *complete* pass takes every contact that could be selected or ever was; a pass
//! *since* a sequence number takes only what was stamped later. Neither scans the contacts where a score decides.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rusqlite::types::Value as SqlValue;
use rusqlite::{OptionalExtension, ToSql, named_params};

use crate::queue::{ENTRY_COLUMNS, entry};
use crate::{
    Account, AccountId, Agreements, AskedField, Contact, ContactField, ContactId, Entry, Guid,
    Link, LinkId, PersonRecord, PurposeId, Reader, RefusalPlace, Refusals, ReplicationId, Result,
    ScoreId, SegmentId, SegmentStatus, Value,
};

/// Turns ids into a table-valued parameter.
pub(crate) fn ids_of(ids: impl Iterator<Item = i64>) -> Rc<Vec<SqlValue>> {
    Rc::new(ids.map(SqlValue::Integer).collect())
}

/// Turns texts into a table-valued parameter.
pub(crate) fn texts_of(texts: &[String]) -> Rc<Vec<SqlValue>> {
    Rc::new(texts.iter().cloned().map(SqlValue::Text).collect())
}

/// Who is selected, apart from contacts that are deleted or may not be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only marked ones.
    pub scored: bool,
    /// In at least one of these segments; everybody where there is none.
    pub any: Vec<SegmentId>,
    /// In each of these.
    pub all: Vec<SegmentId>,
    /// In none of these.
    pub none: Vec<SegmentId>,
    /// Have given consent to each of these.
    pub consented: Vec<PurposeId>,
}

impl Selection {
    /// Tells whether segments or consent decide.
    fn narrows(&self) -> bool {
        let Self {
            scored: _,
            any,
            all,
            none,
            consented,
        } = self;
        !(any.is_empty() && all.is_empty() && none.is_empty() && consented.is_empty())
    }

    /// Returns a scope that has everybody who is or was selected.
    pub fn scope(&self) -> Scope {
        if self.scored {
            return Scope::Marked;
        }
        match self.leading() {
            [] => Scope::All,
            segments => Scope::Members(segments.to_vec()),
        }
    }

    /// Returns the segments of whom every selected contact is a member of at least one; empty where there are none.
    fn leading(&self) -> &[SegmentId] {
        if self.any.is_empty() {
            self.all.get(..1).unwrap_or_default()
        } else {
            &self.any
        }
    }
}

/// Which contacts a pass goes over; those who refused something always, because a no goes to everybody's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every contact.
    All,
    /// Every contact that is or was in one of these segments, or has an entry in the replication's queue.
    Members(Vec<SegmentId>),
    /// Every contact that is marked for the replication or has an entry in its queue.
    Marked,
    /// Every contact stamped after this sequence number.
    Since(i64),
}

/// Where a pass stands: everything up to here was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    seq: i64,
    id: i64,
}

/// What the caller needs to know of each candidate.
#[derive(Debug, Clone)]
pub struct CandidateQuery<'a> {
    /// The replication.
    pub replication: ReplicationId,
    /// The org, where it is known.
    pub org_id: Option<&'a str>,
    /// The target object.
    pub object: &'a str,
    /// Who is selected.
    pub selection: &'a Selection,
    /// The segments whose statuses are wanted.
    pub segments: &'a [SegmentId],
    /// The purposes whose answers are wanted.
    pub purposes: &'a [PurposeId],
    /// The contact fields wanted.
    pub fields: &'a [ContactField],
    /// The scores whose points are wanted.
    pub scores: &'a [ScoreId],
    /// The fields of Salesforce's data that are wanted, by a number of the caller's.
    pub records: &'a [(usize, AskedField)],
    /// The org whose data it is; nothing is read without one.
    pub records_org: Option<&'a str>,
    /// The org in whose mirror people are looked for who may be contacts without a link; nobody is without one.
    pub near: Option<&'a str>,
    /// Whether the accounts are wanted.
    pub accounts: bool,
    /// Whether the records are wanted that a no goes to.
    pub refusals: bool,
}

/// A contact with all that deciding about it needs.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The contact, deleted ones included.
    pub contact: Contact,
    /// Its e-mail as it is compared.
    pub email_key: Option<String>,
    /// Whether the points have reached the minimum.
    pub marked: bool,
    /// The eldest contact that is selected and has the same e-mail; may be this one.
    pub eldest: Option<ContactId>,
    /// The link to the target object.
    pub link: Option<Link>,
    /// Fields of the linked record that wait for someone to choose between here and there: nothing is sent to them.
    pub conflicts: BTreeSet<String>,
    /// What it and its record agree on; only of links that were never sent to.
    pub agreed: Agreements,
    /// Whether it is linked to a live record of another object in the same org.
    pub linked_elsewhere: bool,
    /// The queue entry.
    pub entry: Option<Entry>,
    /// The account that stands for the contact: where primary, else secondary, else the first that holds it.
    pub account: Option<Account>,
    /// Points by score; scores without points are absent.
    pub points: BTreeMap<ScoreId, i64>,
    /// Where it stands in segments; those that it never was in are absent.
    pub segments: BTreeMap<SegmentId, SegmentStatus>,
    /// The answers about the purposes that were asked for; those who never answered are absent.
    pub consents: BTreeMap<PurposeId, bool>,
    /// Fields of Salesforce's data by the numbers that were asked for; unset ones are absent.
    pub records: BTreeMap<usize, Value>,
    /// Records of people in the mirror that have the contact's name or company; only of contacts without a link.
    pub near: Vec<PersonRecord>,
    /// The records that a no goes to, beside the linked one.
    pub refusals: Refusals,
}

impl Reader<'_> {
    /// Returns the next page of contacts that a pass goes over, and where it then stands; no contacts at its end.
    pub fn selection_page(
        &self,
        replication: ReplicationId,
        scope: &Scope,
        after: Cursor,
        limit: usize,
    ) -> Result<(Vec<ContactId>, Cursor)> {
        let sql = match scope {
            Scope::All => "SELECT 0, id FROM contacts WHERE id > :id ORDER BY id LIMIT :limit",
            Scope::Members(_) => SELECT_MEMBERS,
            Scope::Marked => SELECT_MARKED,
            Scope::Since(_) => SELECT_SINCE,
        };
        let start = match scope {
            Scope::Since(seq) if after == Cursor::default() => Cursor {
                seq: *seq,
                id: i64::MAX,
            },
            _ => after,
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let cursor = |row: &rusqlite::Row<'_>| {
            Ok(Cursor {
                seq: row.get(0)?,
                id: row.get(1)?,
            })
        };
        let segments = match scope {
            Scope::Members(segments) => segments.as_slice(),
            _ => &[],
        };
        let segments = ids_of(segments.iter().map(|id| id.0));
        let always: [(&str, &dyn ToSql); 2] = [(":id", &start.id), (":limit", &limit)];
        let mut bound = always.to_vec();
        match scope {
            Scope::All => {}
            Scope::Since(_) => bound.push((":seq", &start.seq)),
            Scope::Marked => bound.push((":replication", &replication)),
            Scope::Members(_) => {
                bound.push((":replication", &replication));
                bound.push((":segments", &segments));
            }
        }
        let rows = statement.query_map(bound.as_slice(), cursor)?;
        let cursors: Vec<Cursor> = rows.collect::<Result<_, _>>()?;
        let last = cursors.last().copied().unwrap_or(start);
        Ok((
            cursors
                .into_iter()
                .map(|cursor| ContactId(cursor.id))
                .collect(),
            last,
        ))
    }

    /// Returns how many contacts a pass goes over.
    pub fn scope_size(&self, replication: ReplicationId, scope: &Scope) -> Result<u64> {
        let (sql, seq, segments): (&str, i64, &[SegmentId]) = match scope {
            Scope::All => ("SELECT count(*) FROM contacts", 0, &[]),
            Scope::Since(seq) => (
                "SELECT count(*) FROM contacts WHERE seq > :seq",
                *seq,
                &[],
            ),
            Scope::Marked => (
                "SELECT count(*) FROM (
                   SELECT contact_id FROM marks WHERE replication_id = :replication
                   UNION SELECT contact_id FROM queue WHERE replication_id = :replication
                   UNION SELECT id FROM contacts WHERE email_opt_out = 1 OR phone_opt_out = 1 OR fax_opt_out = 1
                   UNION SELECT contact_id FROM consents WHERE given = 0)",
                0,
                &[],
            ),
            Scope::Members(segments) => (
                "SELECT count(*) FROM (
                   SELECT contact_id FROM rarray(:segments) AS wanted CROSS JOIN segment_members ON segment_id = wanted.value
                   UNION SELECT contact_id FROM queue WHERE replication_id = :replication
                   UNION SELECT id FROM contacts WHERE email_opt_out = 1 OR phone_opt_out = 1 OR fax_opt_out = 1
                   UNION SELECT contact_id FROM consents WHERE given = 0)",
                0,
                segments,
            ),
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        if let Some(at) = statement.parameter_index(":seq")? {
            statement.raw_bind_parameter(at, seq)?;
        }
        if let Some(at) = statement.parameter_index(":replication")? {
            statement.raw_bind_parameter(at, replication)?;
        }
        if let Some(at) = statement.parameter_index(":segments")? {
            statement.raw_bind_parameter(at, ids_of(segments.iter().map(|id| id.0)))?;
        }
        let mut rows = statement.raw_query();
        let row = rows.next()?;
        Ok(row.map_or(Ok(0), |row| row.get(0))?)
    }

    /// Returns everything that deciding about these contacts needs, in the order of their ids.
    pub fn candidates(
        &self,
        query: &CandidateQuery<'_>,
        ids: &[ContactId],
    ) -> Result<Vec<Candidate>> {
        let mut links = self.candidate_links(query, ids)?;
        let mut conflicts = self.conflicting_fields(links.values().map(|link| link.id))?;
        let never_sent = links.values().filter(|link| link.sent_at.is_none());
        let never_sent: Vec<LinkId> = never_sent.map(|link| link.id).collect();
        let mut agreements = match never_sent.is_empty() {
            true => BTreeMap::new(),
            false => self.agreements(&never_sent)?,
        };
        let elsewhere = self.linked_elsewhere(query, ids)?;
        let mut entries = self.candidate_entries(query.replication, ids)?;
        let mut claims = self.candidate_claims(query, ids)?;
        let mut accounts = if query.accounts {
            self.candidate_accounts(ids)?
        } else {
            BTreeMap::new()
        };
        let mut points: BTreeMap<ContactId, BTreeMap<ScoreId, i64>> = BTreeMap::new();
        for score in query.scores {
            for (contact, value) in self.points(*score, ids)? {
                points.entry(contact).or_default().insert(*score, value);
            }
        }
        let mut segments: BTreeMap<ContactId, BTreeMap<SegmentId, SegmentStatus>> = BTreeMap::new();
        for segment in query.segments {
            for (contact, status) in self.statuses(*segment, ids)? {
                segments
                    .entry(contact)
                    .or_default()
                    .insert(*segment, status);
            }
        }
        let mut consents = self.answers_of(ids, query.purposes)?;
        let mut records: BTreeMap<ContactId, BTreeMap<usize, Value>> = BTreeMap::new();
        if let Some(org_id) = query.records_org {
            for (at, asked) in query.records {
                for (contact, (kind, value)) in self.record_values_in(ids, asked, Some(org_id))? {
                    records
                        .entry(contact)
                        .or_default()
                        .insert(*at, value.of_contact(kind));
                }
            }
        }
        let place = query
            .org_id
            .filter(|_| query.refusals)
            .map(|org_id| RefusalPlace {
                org_id,
                object: query.object,
            });
        let mut refusals = match place {
            Some(place) => self.refusals_of(ids, place)?,
            None => BTreeMap::new(),
        };
        let contacts = self.contacts(ids, query.fields)?;
        let mut near = match query.near {
            Some(org_id) => {
                let unlinked = contacts.iter().filter(|one| !links.contains_key(&one.id));
                let known = unlinked.map(|contact| {
                    let text = |field| contact.values.text(field);
                    let names = [text(ContactField::FirstName), text(ContactField::LastName)];
                    let name: Vec<&str> = names.into_iter().flatten().collect();
                    let account = accounts.get(&contact.id).map(Account::name);
                    let company = text(ContactField::CompanyName).or(account);
                    (contact.id, Some(name.join(" ")), company.map(str::to_owned))
                });
                self.people_near(org_id, &known.collect::<Vec<_>>())?
            }
            None => BTreeMap::new(),
        };
        Ok(contacts
            .into_iter()
            .map(|contact| {
                let claim = claims.remove(&contact.id).unwrap_or_default();
                let link = links.remove(&contact.id);
                let waiting = link.as_ref().and_then(|link| conflicts.remove(&link.id));
                let agreed = link.as_ref().and_then(|link| agreements.remove(&link.id));
                Candidate {
                    email_key: claim.email_key,
                    marked: claim.marked,
                    eldest: claim.eldest,
                    link,
                    conflicts: waiting.unwrap_or_default(),
                    agreed: agreed.unwrap_or_default(),
                    linked_elsewhere: elsewhere.contains(&contact.id),
                    entry: entries.remove(&contact.id),
                    account: accounts.remove(&contact.id),
                    points: points.remove(&contact.id).unwrap_or_default(),
                    segments: segments.remove(&contact.id).unwrap_or_default(),
                    consents: consents.remove(&contact.id).unwrap_or_default(),
                    records: records.remove(&contact.id).unwrap_or_default(),
                    near: near.remove(&contact.id).unwrap_or_default(),
                    refusals: refusals.remove(&contact.id).unwrap_or_default(),
                    contact,
                }
            })
            .collect())
    }

    /// Returns the next selected contact, after one or before it in the order of their ids; `None` at the end.
    pub fn neighbour(
        &self,
        replication: ReplicationId,
        selection: &Selection,
        from: ContactId,
        forward: bool,
    ) -> Result<Option<ContactId>> {
        // Where a score decides, the marked ones are walked: they are fewer.
        let (people, id) = if selection.scored {
            (
                "marks m CROSS JOIN contacts c ON c.id = m.contact_id AND m.replication_id = :replication",
                "m.contact_id",
            )
        } else {
            ("contacts c", "c.id")
        };
        let (side, order) = if forward { (">", "") } else { ("<", " DESC") };
        let sql = format!(
            "SELECT c.id FROM {people} WHERE {id} {side} :from
               AND c.deleted_at IS NULL AND c.do_not_send = 0 AND {IN_SEGMENTS} AND {CONSENTED_C} ORDER BY {id}{order} LIMIT 1"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = |segments: &[SegmentId]| ids_of(segments.iter().map(|id| id.0));
        let (any, all, none) = (
            ids(&selection.any),
            ids(&selection.all),
            ids(&selection.none),
        );
        let consented = ids_of(selection.consented.iter().map(|id| id.0));
        let counts = [
            selection.any.len(),
            selection.all.len(),
            selection.none.len(),
        ];
        let always: [(&str, &dyn ToSql); 8] = [
            (":from", &from),
            (":any", &any),
            (":any_count", &counts[0]),
            (":all", &all),
            (":all_count", &counts[1]),
            (":none", &none),
            (":none_count", &counts[2]),
            (":consented", &consented),
        ];
        let mut bound = always.to_vec();
        if selection.scored {
            bound.push((":replication", &replication));
        }
        let found = statement
            .query_row(bound.as_slice(), |row| row.get(0))
            .optional()?;
        Ok(found)
    }

    /// Returns the texts that live contacts have in a field, without regard to case, and how many have each; the most
    /// frequent first.
    ///
    /// Visits every contact.
    pub fn frequent_texts(&self, field: ContactField, limit: usize) -> Result<Vec<(String, u64)>> {
        let sql = format!(
            "SELECT min({column}), count(*) FROM contacts WHERE deleted_at IS NULL AND {column} <> ''
             GROUP BY fold({column}) ORDER BY 2 DESC, 1 LIMIT :limit",
            column = field.column()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(named_params! { ":limit": limit }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns how many live contacts have a longer text than this in a field, counted in characters.
    ///
    /// Visits every contact.
    pub fn count_longer(&self, field: ContactField, characters: u32) -> Result<u64> {
        let sql = format!(
            "SELECT count(*) FROM contacts WHERE deleted_at IS NULL AND length({}) > :characters",
            field.column()
        );
        Ok(self
            .connection
            .prepare_cached(&sql)?
            .query_row(named_params! { ":characters": characters }, |row| {
                row.get(0)
            })?)
    }

    /// Returns, for those of the contacts that others were merged into, the guids of these others.
    pub fn aliases(&self, ids: &[ContactId]) -> Result<BTreeMap<ContactId, Vec<Guid>>> {
        let mut statement = self.connection.prepare_cached(
            "WITH RECURSIVE merged (survivor, id, guid) AS (
               SELECT merged_into, id, guid FROM contacts WHERE merged_into IN (SELECT value FROM rarray(:ids))
               UNION ALL
               SELECT merged.survivor, c.id, c.guid FROM contacts c JOIN merged ON c.merged_into = merged.id
             )
             SELECT survivor, guid FROM merged",
        )?;
        let ids = ids_of(ids.iter().map(|id| id.0));
        let mut aliases: BTreeMap<ContactId, Vec<Guid>> = BTreeMap::new();
        for row in statement.query_map(named_params! { ":ids": ids }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })? {
            let (survivor, guid) = row?;
            aliases.entry(survivor).or_default().push(guid);
        }
        Ok(aliases)
    }

    /// Returns the number of contacts that are not deleted.
    pub fn live_contacts(&self) -> Result<u64> {
        // Counting the narrow index of tombstones beats visiting a million wide rows.
        Ok(self
            .connection
            .prepare_cached(
                "SELECT (SELECT count(*) FROM contacts) - (SELECT count(*) FROM contacts WHERE deleted_at IS NOT NULL)",
            )?
            .query_row([], |row| row.get(0))?)
    }

    /// Returns the number of contacts that a replication selects: those that may be sent, of which only the marked ones
    /// where a score decides.
    pub fn selected_count(&self, replication: ReplicationId, selection: &Selection) -> Result<u64> {
        if selection.narrows() {
            return self.selected_members(replication, selection);
        }
        let scored = selection.scored;
        // The few that may not be sent are looked up among the marked ones, not the marked ones among all.
        let sql = if scored {
            "SELECT (SELECT count(*) FROM marks WHERE replication_id = :replication)
               - (SELECT count(*) FROM contacts c CROSS JOIN marks m ON m.replication_id = :replication AND m.contact_id = c.id
                  WHERE c.deleted_at IS NOT NULL)
               - (SELECT count(*) FROM contacts c CROSS JOIN marks m ON m.replication_id = :replication AND m.contact_id = c.id
                  WHERE c.do_not_send = 1 AND c.deleted_at IS NULL)"
        } else {
            "SELECT (SELECT count(*) FROM contacts) - (SELECT count(*) FROM contacts WHERE deleted_at IS NOT NULL)
               - (SELECT count(*) FROM contacts WHERE do_not_send = 1 AND deleted_at IS NULL)
             WHERE :replication > 0"
        };
        Ok(self
            .connection
            .prepare_cached(sql)?
            .query_row(named_params! { ":replication": replication }, |row| {
                row.get(0)
            })?)
    }

    /// Returns those of the contacts who are in the segments that decide; all of them where none does.
    pub(crate) fn in_segments(
        &self,
        selection: &Selection,
        ids: &[ContactId],
    ) -> Result<BTreeSet<ContactId>> {
        let mut members: BTreeSet<ContactId> = ids.iter().copied().collect();
        if !selection.any.is_empty() {
            let mut any = BTreeSet::new();
            for segment in &selection.any {
                any.extend(self.realized_among(*segment, ids)?);
            }
            members.retain(|id| any.contains(id));
        }
        for segment in &selection.all {
            let inside = self.realized_among(*segment, ids)?;
            members.retain(|id| inside.contains(id));
        }
        for segment in &selection.none {
            let inside = self.realized_among(*segment, ids)?;
            members.retain(|id| !inside.contains(id));
        }
        Ok(members)
    }

    fn selected_members(&self, replication: ReplicationId, selection: &Selection) -> Result<u64> {
        self.count_members(replication, selection, "true", &[])
    }

    /// Returns how many selected contacts have a value in each of some fields, in their order.
    ///
    /// Visits every selected contact.
    pub fn filled_counts(
        &self,
        replication: ReplicationId,
        selection: &Selection,
        fields: &[ContactField],
    ) -> Result<Vec<u64>> {
        if fields.is_empty() {
            return Ok(Vec::new());
        }
        let counts: Vec<_> = fields
            .iter()
            .map(|field| format!("count(o.{})", field.column()))
            .collect();
        let counts = (counts.len(), counts.join(", "));
        self.over_members(replication, selection, (counts.0, &counts.1), "true", &[])
    }

    /// Returns how many of the selected contacts opted out, in each of these fields.
    ///
    /// # Errors
    /// Any error of the database.
    pub fn opted_out_counts(
        &self,
        replication: ReplicationId,
        selection: &Selection,
        fields: &[ContactField],
    ) -> Result<Vec<u64>> {
        if fields.is_empty() {
            return Ok(Vec::new());
        }
        let counts: Vec<_> = fields
            .iter()
            .map(|field| format!("count(CASE WHEN o.{} THEN 1 END)", field.column()))
            .collect();
        let counts = (counts.len(), counts.join(", "));
        self.over_members(replication, selection, (counts.0, &counts.1), "true", &[])
    }

    /// Counts those of whom a further condition on `o` holds as well.
    fn count_members(
        &self,
        replication: ReplicationId,
        selection: &Selection,
        condition: &str,
        parameters: &[(&str, i64)],
    ) -> Result<u64> {
        let counted = self.over_members(
            replication,
            selection,
            (1, "count(*)"),
            condition,
            parameters,
        )?;
        Ok(counted.first().copied().unwrap_or_default())
    }

    /// Returns so many numbers over the selected contacts `o` of whom a further condition holds.
    fn over_members(
        &self,
        replication: ReplicationId,
        selection: &Selection,
        (columns, numbers): (usize, &str),
        condition: &str,
        parameters: &[(&str, i64)],
    ) -> Result<Vec<u64>> {
        let leading = ids_of(selection.leading().iter().map(|id| id.0));
        let sql = if leading.is_empty() {
            format!("SELECT {numbers} FROM contacts AS o WHERE {SELECTED} AND {condition}")
        } else {
            format!(
                "SELECT {numbers} FROM (SELECT DISTINCT contact_id FROM rarray(:leading) AS wanted
                   CROSS JOIN segment_members ON segment_id = wanted.value AND state = 'realized') AS members
                 CROSS JOIN contacts AS o ON o.id = members.contact_id WHERE {SELECTED} AND {condition}"
            )
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        bind_selection(&mut statement, replication, selection)?;
        for (name, value) in parameters {
            if let Some(at) = statement.parameter_index(name)? {
                statement.raw_bind_parameter(at, value)?;
            }
        }
        if let Some(at) = statement.parameter_index(":leading")? {
            statement.raw_bind_parameter(at, leading)?;
        }
        let mut rows = statement.raw_query();
        let Some(row) = rows.next()? else {
            return Ok(Vec::new());
        };
        Ok((0..columns)
            .map(|at| row.get(at))
            .collect::<Result<_, _>>()?)
    }

    /// Returns the number of contacts that may be sent and have at least these points in a score now.
    pub fn reaching_count(&self, score: ScoreId, minimum: i64) -> Result<u64> {
        let (reaching, not_sent): (u64, u64) = self
            .connection
            .prepare_cached(
                "SELECT (SELECT count(*) FROM score_points WHERE score_id = :score AND points >= :minimum),
                   (SELECT count(*) FROM contacts c CROSS JOIN score_points p ON p.score_id = :score AND p.contact_id = c.id
                    WHERE (c.deleted_at IS NOT NULL) AND p.points >= :minimum)
                   + (SELECT count(*) FROM contacts c CROSS JOIN score_points p ON p.score_id = :score AND p.contact_id = c.id
                    WHERE c.do_not_send = 1 AND c.deleted_at IS NULL AND p.points >= :minimum)",
            )?
            .query_row(named_params! { ":score": score, ":minimum": minimum }, |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        if minimum > 0 {
            return Ok(reaching.saturating_sub(not_sent));
        }
        // Contacts without a row have no points, which is enough here.
        let below: u64 = self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM score_points WHERE score_id = :score AND points < :minimum",
            )?
            .query_row(
                named_params! { ":score": score, ":minimum": minimum },
                |row| row.get(0),
            )?;
        Ok(self
            .selected_count(ReplicationId(1), &Selection::default())?
            .saturating_sub(below))
    }

    /// Returns the number of contacts that a selection would take; `threshold` decides by the points of this moment, in place
    /// of what is marked.
    pub fn would_select(
        &self,
        selection: &Selection,
        threshold: Option<(ScoreId, i64)>,
    ) -> Result<u64> {
        let Some((score, minimum)) = threshold else {
            return self.selected_count(ReplicationId(1), selection);
        };
        if !selection.narrows() {
            return self.reaching_count(score, minimum);
        }
        let reaches = "coalesce((SELECT p.points FROM score_points p
            WHERE p.score_id = :score AND p.contact_id = o.id), 0) >= :minimum";
        self.count_members(
            ReplicationId(1),
            selection,
            reaches,
            &[(":score", score.0), (":minimum", minimum)],
        )
    }

    /// Returns the number of contacts of which nothing may be sent.
    pub fn not_sent_count(&self) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM contacts WHERE do_not_send = 1 AND deleted_at IS NULL",
            )?
            .query_row([], |row| row.get(0))?)
    }

    fn candidate_links(
        &self,
        query: &CandidateQuery<'_>,
        ids: &[ContactId],
    ) -> Result<BTreeMap<ContactId, Link>> {
        let Some(org_id) = query.org_id else {
            return Ok(BTreeMap::new());
        };
        let ids = ids_of(ids.iter().map(|id| id.0));
        let links = self.links_from(
            "rarray(:ids) AS wanted
             CROSS JOIN links l ON l.contact_id = wanted.value AND l.org_id = :org AND l.object = :object",
            named_params! { ":ids": ids, ":org": org_id, ":object": query.object },
        )?;
        Ok(links.into_iter().map(|link| (link.contact, link)).collect())
    }

    fn linked_elsewhere(
        &self,
        query: &CandidateQuery<'_>,
        ids: &[ContactId],
    ) -> Result<BTreeSet<ContactId>> {
        let Some(org_id) = query.org_id else {
            return Ok(BTreeSet::new());
        };
        // Of a partner's request without an answer yet nobody knows what it made.
        let mut statement = self.connection.prepare_cached(
            "SELECT l.contact_id FROM rarray(:ids) AS wanted
             CROSS JOIN links l ON l.contact_id = wanted.value AND l.org_id = :org
             WHERE l.object <> :object AND l.state = 'linked'
             UNION
             SELECT q.contact_id FROM rarray(:ids) AS wanted
             CROSS JOIN queue q ON q.contact_id = wanted.value AND q.state = 'sending'
             CROSS JOIN batches t ON t.id = q.batch_id AND t.org_id = :org AND t.object <> :object",
        )?;
        let ids = ids_of(ids.iter().map(|id| id.0));
        let rows = statement.query_map(
            named_params! { ":ids": ids, ":org": org_id, ":object": query.object },
            |row| row.get(0),
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn candidate_accounts(&self, ids: &[ContactId]) -> Result<BTreeMap<ContactId, Account>> {
        let firsts: BTreeMap<ContactId, AccountId> = self
            .companies_of(ids)?
            .into_iter()
            .filter_map(|(contact, memberships)| Some((contact, memberships.first()?.account)))
            .collect();
        let wanted: BTreeSet<AccountId> = firsts.values().copied().collect();
        let accounts: BTreeMap<AccountId, Account> = self
            .accounts(&wanted.into_iter().collect::<Vec<_>>())?
            .into_iter()
            .map(|account| (account.id, account))
            .collect();
        Ok(firsts
            .into_iter()
            .filter_map(|(contact, id)| Some((contact, accounts.get(&id)?.clone())))
            .collect())
    }

    fn candidate_entries(
        &self,
        replication: ReplicationId,
        ids: &[ContactId],
    ) -> Result<BTreeMap<ContactId, Entry>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {ENTRY_COLUMNS} FROM rarray(:ids) AS wanted
             CROSS JOIN queue q ON q.replication_id = :replication AND q.contact_id = wanted.value"
        ))?;
        let ids = ids_of(ids.iter().map(|id| id.0));
        let rows = statement.query_map(
            named_params! { ":replication": replication, ":ids": ids },
            entry,
        )?;
        rows.map(|row| row.map(|entry| (entry.contact, entry)).map_err(Into::into))
            .collect()
    }

    fn candidate_claims(
        &self,
        query: &CandidateQuery<'_>,
        ids: &[ContactId],
    ) -> Result<BTreeMap<ContactId, Claim>> {
        let plain = if query.selection.narrows() {
            SELECTED
        } else {
            SELECTED_WITHOUT_SEGMENTS
        };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT c.id, c.email_key,
               EXISTS (SELECT 1 FROM marks m WHERE m.replication_id = :replication AND m.contact_id = c.id),
               (SELECT min(o.id) FROM contacts o WHERE o.email_key = c.email_key AND {plain})
             FROM rarray(:ids) AS wanted CROSS JOIN contacts c ON c.id = wanted.value"
        ))?;
        bind_selection(&mut statement, query.replication, query.selection)?;
        if let Some(at) = statement.parameter_index(":ids")? {
            statement.raw_bind_parameter(at, ids_of(ids.iter().map(|id| id.0)))?;
        }
        let rows = statement.raw_query().mapped(|row| {
            let claim = Claim {
                email_key: row.get(1)?,
                marked: row.get(2)?,
                eldest: row.get(3)?,
            };
            Ok((row.get(0)?, claim))
        });
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[derive(Debug, Default)]
struct Claim {
    email_key: Option<String>,
    marked: bool,
    eldest: Option<ContactId>,
}

/// Binds what [`SELECTED`] asks for.
fn bind_selection(
    statement: &mut rusqlite::Statement<'_>,
    replication: ReplicationId,
    selection: &Selection,
) -> Result<()> {
    if let Some(at) = statement.parameter_index(":replication")? {
        statement.raw_bind_parameter(at, replication)?;
    }
    if let Some(at) = statement.parameter_index(":scored")? {
        statement.raw_bind_parameter(at, selection.scored)?;
    }
    if let Some(at) = statement.parameter_index(":consented")? {
        let purposes = ids_of(selection.consented.iter().map(|id| id.0));
        statement.raw_bind_parameter(at, purposes)?;
    }
    for (name, segments) in [
        (":any", &selection.any),
        (":all", &selection.all),
        (":none", &selection.none),
    ] {
        if let Some(at) = statement.parameter_index(name)? {
            statement.raw_bind_parameter(at, ids_of(segments.iter().map(|id| id.0)))?;
        }
    }
    Ok(())
}

/// Whether the contact `o` is selected.
pub(crate) const SELECTED: &str = "o.deleted_at IS NULL AND o.do_not_send = 0
  AND (NOT :scored OR EXISTS (
    SELECT 1 FROM marks m WHERE m.replication_id = :replication AND m.contact_id = o.id))
  AND (NOT EXISTS (SELECT 1 FROM rarray(:any)) OR EXISTS (
    SELECT 1 FROM rarray(:any) AS wanted CROSS JOIN segment_members m ON m.segment_id = wanted.value
    WHERE m.contact_id = o.id AND m.state = 'realized'))
  AND NOT EXISTS (
    SELECT 1 FROM rarray(:all) AS wanted WHERE NOT EXISTS (
      SELECT 1 FROM segment_members m WHERE m.segment_id = wanted.value AND m.contact_id = o.id AND m.state = 'realized'))
  AND NOT EXISTS (
    SELECT 1 FROM rarray(:none) AS wanted CROSS JOIN segment_members m ON m.segment_id = wanted.value
    WHERE m.contact_id = o.id AND m.state = 'realized')
  AND NOT EXISTS (
    SELECT 1 FROM rarray(:consented) AS wanted WHERE NOT EXISTS (
      SELECT 1 FROM consents k WHERE k.contact_id = o.id AND k.purpose_id = wanted.value AND k.given = 1))";

/// Tells whether a contact `c` has given the consent that a selection asks for.
const CONSENTED_C: &str = "NOT EXISTS (
    SELECT 1 FROM rarray(:consented) AS wanted WHERE NOT EXISTS (
      SELECT 1 FROM consents k WHERE k.contact_id = c.id AND k.purpose_id = wanted.value AND k.given = 1))";

/// [`SELECTED`] where neither segments nor consent decide: fewer looks for each contact.
const SELECTED_WITHOUT_SEGMENTS: &str = "o.deleted_at IS NULL AND o.do_not_send = 0
  AND (NOT :scored OR EXISTS (
    SELECT 1 FROM marks m WHERE m.replication_id = :replication AND m.contact_id = o.id))";

/// Tells whether a contact is in the segments that a selection asks for.
const IN_SEGMENTS: &str = "
  (:any_count = 0 OR EXISTS (SELECT 1 FROM rarray(:any) AS wanted CROSS JOIN segment_members s
     ON s.segment_id = wanted.value AND s.contact_id = c.id AND s.state = 'realized'))
  AND (:all_count = 0 OR :all_count = (SELECT count(*) FROM rarray(:all) AS wanted CROSS JOIN segment_members s
     ON s.segment_id = wanted.value AND s.contact_id = c.id AND s.state = 'realized'))
  AND (:none_count = 0 OR NOT EXISTS (SELECT 1 FROM rarray(:none) AS wanted CROSS JOIN segment_members s
     ON s.segment_id = wanted.value AND s.contact_id = c.id AND s.state = 'realized'))";

const SELECT_MEMBERS: &str = "
SELECT 0, contact_id FROM rarray(:segments) AS wanted
CROSS JOIN segment_members ON segment_id = wanted.value AND contact_id > :id
UNION
SELECT 0, contact_id FROM queue WHERE replication_id = :replication AND contact_id > :id
UNION
SELECT 0, id FROM contacts WHERE id > :id AND (email_opt_out = 1 OR phone_opt_out = 1 OR fax_opt_out = 1)
UNION
SELECT 0, contact_id FROM consents WHERE given = 0 AND contact_id > :id
ORDER BY 1, 2 LIMIT :limit";

const SELECT_MARKED: &str = "
SELECT 0, contact_id FROM marks WHERE replication_id = :replication AND contact_id > :id
UNION
SELECT 0, contact_id FROM queue WHERE replication_id = :replication AND contact_id > :id
UNION
SELECT 0, id FROM contacts WHERE id > :id AND (email_opt_out = 1 OR phone_opt_out = 1 OR fax_opt_out = 1)
UNION
SELECT 0, contact_id FROM consents WHERE given = 0 AND contact_id > :id
ORDER BY 1, 2 LIMIT :limit";

// Two halves rather than one comparison of pairs: that one would visit all contacts of a number again for each page.
const SELECT_SINCE: &str = "
SELECT seq, id FROM contacts WHERE seq = :seq AND id > :id
UNION ALL
SELECT seq, id FROM contacts WHERE seq > :seq
ORDER BY 1, 2 LIMIT :limit";

#[cfg(test)]
mod tests {
    use super::{Cursor, Scope, Selection};
    use crate::testing::{NOW, text, workspace};
    use crate::{ContactField, ContactId, SegmentId, Value};

    #[test]
    fn neighbours_are_contacts_that_may_be_sent_in_the_order_of_their_ids() {
        let workspace = workspace();
        let replication = workspace.replication("Leads", None);
        let people: Vec<_> = (0..4)
            .map(|_| workspace.add(&[(ContactField::LastName, "Meier")]))
            .collect();
        let withheld = Some(Value::YesNo(true));
        workspace.change(people[1], ContactField::DoNotSend, withheld);
        workspace.sql(&format!(
            "INSERT INTO marks (replication_id, contact_id, at, points) VALUES ({replication}, {}, 0, 1)",
            people[2]
        ));
        let next = |selection: &Selection, from, forward| {
            workspace.reading(|reader| reader.neighbour(replication, selection, from, forward))
        };
        let all = Selection::default();
        assert_eq!(next(&all, ContactId(0), true), Some(people[0]));
        assert_eq!(next(&all, people[0], true), Some(people[2]));
        assert_eq!(next(&all, people[2], false), Some(people[0]));
        assert_eq!(next(&all, people[3], true), None);
        let scored = Selection {
            scored: true,
            ..Selection::default()
        };
        assert_eq!(next(&scored, ContactId(0), true), Some(people[2]));
        assert_eq!(next(&scored, people[2], false), None);
    }

    #[test]
    fn neighbours_are_in_the_segments_that_are_asked_for() {
        let workspace = workspace();
        let replication = workspace.replication("Leads", None);
        let people: Vec<_> = (0..4)
            .map(|_| workspace.add(&[(ContactField::LastName, "Meier")]))
            .collect();
        let is_in = |segment: i64, person: usize, state: &str| {
            workspace.sql(&format!(
                "INSERT INTO segment_members (segment_id, contact_id, state, since)
                 VALUES ({segment}, {}, '{state}', 0)",
                people[person]
            ));
        };
        for segment in [1, 2] {
            workspace.sql(&format!(
                "INSERT INTO segments (id, name, created_at, changed_at) VALUES ({segment}, 'Segment {segment}', 0, 0)"
            ));
        }
        is_in(1, 1, "realized");
        is_in(1, 2, "exited");
        is_in(1, 3, "realized");
        is_in(2, 3, "realized");
        let first = |selection: &Selection| {
            workspace.reading(|reader| reader.neighbour(replication, selection, ContactId(0), true))
        };
        let (one, two) = (vec![SegmentId(1)], vec![SegmentId(2)]);
        let any = Selection {
            any: one.clone(),
            ..Selection::default()
        };
        assert_eq!(first(&any), Some(people[1]));
        let both = Selection {
            all: vec![SegmentId(1), SegmentId(2)],
            ..Selection::default()
        };
        assert_eq!(first(&both), Some(people[3]));
        let only_one = Selection {
            any: two,
            none: one,
            ..Selection::default()
        };
        assert_eq!(first(&only_one), None);
    }

    #[test]
    fn the_size_of_a_scope_is_the_number_of_contacts_that_a_pass_goes_over() {
        let workspace = workspace();
        let replication = workspace.replication("Leads", None);
        let people: Vec<_> = (0..5)
            .map(|_| workspace.add(&[(ContactField::LastName, "Meier")]))
            .collect();
        let stamped = workspace.reading(|reader| reader.sequence());
        workspace.change(people[4], ContactField::LastName, Some(text("Meyer")));
        workspace.enqueue(replication, people[0]);
        workspace.sql(&format!(
            "INSERT INTO marks (replication_id, contact_id, at, points) VALUES ({replication}, {0}, 0, 1), ({replication}, {1}, 0, 1);
             INSERT INTO segments (id, name, created_at, changed_at) VALUES (1, 'One', 0, 0);
             INSERT INTO segment_members (segment_id, contact_id, state, since) VALUES (1, {2}, 'exited', 0)",
            people[0], people[1], people[2]
        ));
        let purpose = workspace.writing(|writer| writer.add_purpose("Calls", NOW));
        workspace.sql(&format!(
            "INSERT INTO consents (contact_id, purpose_id, given, at, source) VALUES ({}, {purpose}, 0, 0, '')",
            people[3]
        ));
        for (scope, size) in [
            (Scope::All, 5),
            (Scope::Since(stamped), 1),
            (Scope::Marked, 3),
            (Scope::Members(vec![SegmentId(1)]), 3),
        ] {
            let visited = workspace.reading(|reader| {
                reader.selection_page(replication, &scope, Cursor::default(), 100)
            });
            assert_eq!(visited.0.len(), size, "{scope:?}");
            let told = workspace.reading(|reader| reader.scope_size(replication, &scope));
            assert_eq!(told, size as u64, "{scope:?}");
        }
    }

    #[test]
    fn texts_are_counted_without_regard_to_case_the_most_frequent_first() {
        let workspace = workspace();
        for source in ["Web", "Fair", "web", "", "Web"] {
            workspace.add(&[(ContactField::Source, source), (ContactField::City, "Ulm")]);
        }
        let found = workspace.reading(|reader| reader.frequent_texts(ContactField::Source, 10));
        assert_eq!(found, [("Web".to_owned(), 3), ("Fair".to_owned(), 1)]);
    }

    #[test]
    fn longer_texts_are_counted_in_characters() {
        let workspace = workspace();
        let id = workspace.add(&[(ContactField::City, "Köln")]);
        let longer = |characters| {
            workspace.reading(|reader| reader.count_longer(ContactField::City, characters))
        };
        assert_eq!((longer(3), longer(4)), (1, 0));
        workspace.change(id, ContactField::City, Some(text("Ulm")));
        assert_eq!(longer(3), 0);
    }
}
