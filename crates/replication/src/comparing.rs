//! Compares what the org holds with what was sent: counted by query where that can be, else read back record by record.
//!
//! It changes nothing in the org, and nothing of what goes next; the differences found are kept, for someone to send
//! again.

mod seen;

use std::collections::{BTreeMap, BTreeSet};

use leadferry_salesforce::{Client, Id, Record, soql};
use leadferry_store::{
    Agreements, Candidate, ContactId, EntryState, LinkId, LinkState, OrgDifference, Reader,
    Reconciliation, Replication, ReplicationId, SegmentId, SegmentStatus, Store, crash_point,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::mapping::{MappedValue, Mapping, Overwrite, Purpose, Source, Target};
use crate::progress::{Cancel, Progress, Stage, Step};
use crate::settling::same;
use crate::setup::Setup;
use crate::targets::TargetObject;
use crate::{Org, Result};

pub use seen::{SeenField, SeenRecord, seen_of_run};

/// Records in one call.
const PAGE: usize = 2_000;
/// Contacts marked in one transaction.
const CONTACTS_A_STEP: usize = 500;

/// How the org is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// One question for the records, and one for each segment whose field can be filtered on.
    Count,
    /// Every record that was sent to is read back.
    ReadBack,
}

/// What asking would cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Cost {
    /// Calls that counting takes.
    pub count_calls: u64,
    /// Calls that reading back takes.
    pub read_calls: u64,
    /// Contacts who went and are linked to a live record: these would be read.
    pub records: u64,
}

/// How many there are, from here to the org.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Passage {
    /// Here: selected contacts, or members of the segment.
    pub members: u64,
    /// In the queue.
    pub queued: u64,
    /// Sent, and linked to a record.
    pub sent: u64,
    /// Found in Salesforce; `None` where it was not asked, or the field cannot be filtered on.
    pub confirmed: Option<u64>,
}

/// A segment's way from here to the org.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct SegmentPassage {
    /// The segment.
    pub segment: String,
    /// The field that says `realized`.
    pub mapping_id: String,
    /// How many.
    pub counts: Passage,
}

/// What a comparison came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Compared {
    /// All records of the replication.
    pub all: Passage,
    /// Its active segments, in the order of the mapping.
    pub segments: Vec<SegmentPassage>,
}

/// An active segment while it is being compared.
struct Active {
    id: SegmentId,
    name: String,
    target: String,
    /// What the field says for members.
    realized: String,
    filterable: bool,
    counts: Passage,
}

/// Returns what comparing would cost.
///
/// # Errors
/// When the replication cannot be used as it is.
pub fn cost(store: &Store, replication: ReplicationId, now: i64) -> Result<Cost> {
    store.read(|reader| {
        let setup = Setup::load(reader, replication, now)?;
        let active = active(reader, &setup)?;
        let records = match setup.org_id() {
            Some(org_id) => reader.gone_linked_count(replication, org_id)?,
            None => 0,
        };
        Ok(Cost {
            count_calls: u64::from(setup.sees_identifier())
                + active.iter().filter(|one| one.filterable).count() as u64,
            read_calls: records.div_ceil(PAGE as u64),
            records,
        })
    })
}

/// Compares, and keeps what was found in place of what was found before; `None` when cancelled.
///
/// # Errors
/// When the replication cannot be used as it is, or the org cannot be asked.
pub async fn compare(
    store: &Store,
    replication: ReplicationId,
    org: &Org,
    extent: Extent,
    now: i64,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Option<Compared>> {
    let calls_before = org.client.traffic().calls;
    let (setup, active) = store.read(|reader| -> Result<_> {
        let setup = Setup::load(reader, replication, now)?;
        let active = active(reader, &setup)?;
        Ok((setup, active))
    })?;
    let mut comparing = Comparing {
        store,
        org,
        setup,
        active,
        all: Passage::default(),
        reads: extent == Extent::ReadBack,
    };
    if comparing.reads {
        store.write(|writer| writer.clear_differences(replication))?;
        comparing.all.confirmed = Some(0);
        for one in &mut comparing.active {
            one.counts.confirmed = Some(0);
        }
    }
    comparing.count_here()?;
    if !comparing.go_over(cancel, progress).await? {
        return Ok(None);
    }
    if extent == Extent::Count {
        comparing.count_there().await?;
    }
    let records = comparing.reads.then_some(comparing.all.sent);
    let compared = comparing.finish();
    let made = Reconciliation {
        at: now,
        calls: org.client.traffic().calls - calls_before,
        records,
        counts: serde_json::to_value(&compared).unwrap_or_default(),
    };
    store.write(|writer| writer.keep_reconciliation(replication, &made))?;
    Ok(Some(compared))
}

/// Lets the differences found go again: what was sent of them is forgotten, so that the next run sends it; of a record
/// that is gone all is forgotten, so that the run looks for it. Returns how many contacts.
pub fn send_again(store: &Store, replication: &Replication, org_id: &str, now: i64) -> Result<u64> {
    let mut all = 0;
    loop {
        let marked = store.write(|writer| -> Result<_> {
            let found = writer.differences(replication.id, ContactId(0), CONTACTS_A_STEP)?;
            let mut by_contact: BTreeMap<_, Vec<_>> = BTreeMap::new();
            for one in found {
                by_contact.entry(one.contact).or_default().push(one.target);
            }
            for (contact, targets) in &by_contact {
                let Some(link) = writer.link(*contact, org_id, &replication.object)? else {
                    continue;
                };
                if targets.iter().any(String::is_empty) {
                    writer.forget_sent(link.id, link.sent.keys(), now)?;
                } else {
                    writer.forget_sent(link.id, targets.iter(), now)?;
                }
            }
            let contacts: Vec<_> = by_contact.into_keys().collect();
            writer.stamp_contacts(&contacts)?;
            writer.forget_differences(replication.id, &contacts)?;
            Ok(contacts.len())
        })?;
        crash_point("comparing.again");
        if marked == 0 {
            return Ok(all);
        }
        all += marked as u64;
    }
}

/// Returns the segments that are active today.
fn active(reader: &Reader<'_>, setup: &Setup) -> Result<Vec<Active>> {
    let mapping = Mapping::parse(&reader.mapping(setup.replication.id)?.body).unwrap_or_default();
    let written: BTreeSet<&str> = setup.mapping.targets().collect();
    let mut active = Vec::new();
    for row in &mapping.rows {
        let (Source::Segment(name), Target::Field(target)) = (&row.source, &row.target) else {
            continue;
        };
        let Some(field) = setup.target.field(target) else {
            continue;
        };
        if !written.contains(field.name.as_str()) && !written.contains(target.as_str()) {
            continue;
        }
        let segment = reader.segment_named(name)?;
        let replaced = row
            .values
            .iter()
            .find(|(from, _)| from.trim().eq_ignore_ascii_case("realized"));
        active.push(Active {
            counts: Passage {
                members: reader.member_count(segment.id)?,
                queued: reader.queued_of_segment(setup.replication.id, segment.id)?,
                ..Passage::default()
            },
            id: segment.id,
            name: segment.name,
            target: target.clone(),
            realized: replaced.map_or_else(|| "realized".to_owned(), |(_, to)| to.clone()),
            filterable: field.filterable && field.verified,
        });
    }
    Ok(active)
}

struct Comparing<'a> {
    store: &'a Store,
    org: &'a Org,
    setup: Setup,
    active: Vec<Active>,
    all: Passage,
    reads: bool,
}

impl Comparing<'_> {
    fn count_here(&mut self) -> Result<()> {
        let id = self.setup.replication.id;
        let selection = &self.setup.selection;
        let (members, queue) = self.store.read(|reader| -> Result<_> {
            Ok((
                reader.selected_count(id, selection)?,
                reader.queue_counts(id)?,
            ))
        })?;
        let waiting = [EntryState::Pending, EntryState::Sending];
        self.all.members = members;
        self.all.queued = waiting.iter().filter_map(|state| queue.get(state)).sum();
        Ok(())
    }

    /// Goes over all who went; returns false when cancelled.
    async fn go_over(&mut self, cancel: &Cancel, progress: &dyn Progress) -> Result<bool> {
        let id = self.setup.replication.id;
        let total = self.store.read(|reader| reader.gone_count(id))?;
        let (mut after, mut done) = (ContactId(0), 0);
        loop {
            let ids = self
                .store
                .read(|reader| reader.gone_page(id, after, PAGE))?;
            let Some(last) = ids.last() else {
                return Ok(true);
            };
            if cancel.is_cancelled() {
                return Ok(false);
            }
            after = *last;
            done += ids.len() as u64;
            let mut candidates = self
                .store
                .read(|reader| reader.candidates(&self.setup.query(), &ids))?;
            candidates.retain(is_linked);
            let expected: Vec<_> = candidates
                .iter()
                .map(|candidate| sent_as_mapped(candidate, &self.setup))
                .collect();
            self.count_sent(&candidates, &expected);
            if self.reads {
                self.read_back(&candidates, &expected).await?;
            }
            crash_point("comparing.page");
            progress.step(&Step {
                stage: Stage::Comparing,
                done,
                total,
                calls: self.org.client.traffic().calls,
            });
        }
    }

    fn count_sent(&mut self, candidates: &[Candidate], expected: &[Vec<MappedValue>]) {
        self.all.sent += candidates.len() as u64;
        for one in &mut self.active {
            let realized = candidates
                .iter()
                .zip(expected)
                .filter(|(candidate, values)| {
                    candidate.segments.get(&one.id) == Some(&SegmentStatus::Realized)
                        && values.iter().any(|value| *value.target == *one.target)
                });
            one.counts.sent += realized.count() as u64;
        }
    }

    async fn read_back(
        &mut self,
        candidates: &[Candidate],
        expected: &[Vec<MappedValue>],
    ) -> Result<()> {
        let mut ids = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let link = candidate.link.as_ref();
            ids.push(Id::parse(link.map_or("", |link| &link.record_id))?);
        }
        if ids.is_empty() {
            return Ok(());
        }
        let mut fields = self.setup.mapping.reads();
        fields.push("Id");
        let object = &self.setup.replication.object;
        let records = self.org.client.retrieve(object, &ids, &fields).await?;
        let links: Vec<LinkId> = candidates
            .iter()
            .filter_map(|candidate| Some(candidate.link.as_ref()?.id))
            .collect();
        let agreements = self.store.read(|reader| reader.agreements(&links))?;
        let none = Agreements::new();
        let mut found = Vec::new();
        for ((candidate, values), record) in candidates.iter().zip(expected).zip(&records) {
            self.take_record(record.as_ref());
            let link = candidate.link.as_ref();
            let agreed = link.and_then(|link| agreements.get(&link.id));
            let agreed = agreed.unwrap_or(&none);
            found.extend(differences(
                candidate,
                values,
                record.as_ref(),
                agreed,
                &self.setup,
            ));
        }
        let id = self.setup.replication.id;
        self.store
            .write(|writer| writer.add_differences(id, &found))?;
        Ok(())
    }

    fn take_record(&mut self, record: Option<&Record>) {
        let Some(record) = record else { return };
        add_one(&mut self.all.confirmed);
        for one in &mut self.active {
            let says = record.text(&one.target);
            if says.is_some_and(|says| says.eq_ignore_ascii_case(&one.realized)) {
                add_one(&mut one.counts.confirmed);
            }
        }
    }

    /// Asks the org for numbers. A converted lead that its contact has gone on from is not counted: nothing is sent to it.
    async fn count_there(&mut self) -> Result<()> {
        let client = &self.org.client;
        let object = &self.setup.replication.object;
        let gone_on = self
            .store
            .read(|reader| reader.converted_links(&self.org.org_id, object))?;
        let mut not_gone_on = 0;
        if self.setup.sees_identifier() {
            let identifier = &self.setup.settings.identifier;
            let there = counted(client, object, &format!("{identifier} != null")).await?;
            not_gone_on = there.converted.saturating_sub(gone_on);
            self.all.confirmed = Some(there.live + not_gone_on);
        }
        for one in self.active.iter_mut().filter(|one| one.filterable) {
            let condition = format!("{} = {}", one.target, soql::quote(&one.realized));
            let there = counted(client, object, &condition).await?;
            one.counts.confirmed = Some(there.live + there.converted.min(not_gone_on));
        }
        Ok(())
    }

    fn finish(self) -> Compared {
        let segments = self.active.into_iter().map(|one| SegmentPassage {
            segment: one.name,
            mapping_id: one.target,
            counts: one.counts,
        });
        Compared {
            all: self.all,
            segments: segments.collect(),
        }
    }
}

fn add_one(count: &mut Option<u64>) {
    *count = Some(count.unwrap_or(0) + 1);
}

/// How many records there are.
struct Counted {
    live: u64,
    /// Leads that were converted.
    converted: u64,
}

/// Counts in one call; leads by whether they were converted.
async fn counted(client: &Client, object: &str, condition: &str) -> Result<Counted> {
    if object != "Lead" {
        let question = format!("SELECT COUNT() FROM {object} WHERE {condition}");
        return Ok(Counted {
            live: client.first_page(&question, false).await?.total,
            converted: 0,
        });
    }
    let question = format!(
        "SELECT IsConverted converted, COUNT(Id) leads FROM Lead WHERE {condition} GROUP BY IsConverted"
    );
    let mut found = Counted {
        live: 0,
        converted: 0,
    };
    for group in client.first_page(&question, false).await?.records {
        let leads = group.integer("leads").unwrap_or(0).unsigned_abs();
        if group.boolean("converted") == Some(true) {
            found.converted += leads;
        } else {
            found.live += leads;
        }
    }
    Ok(found)
}

fn is_linked(candidate: &Candidate) -> bool {
    let link = candidate.link.as_ref();
    link.is_some_and(|link| link.state == LinkState::Linked)
}

/// Returns the values that were sent last and would be sent again as they are: what the record should hold. What
/// people in Salesforce may change by a rule of the mapping is left out.
fn sent_as_mapped(candidate: &Candidate, setup: &Setup) -> Vec<MappedValue> {
    let Some(link) = &candidate.link else {
        return Vec::new();
    };
    let mut values = setup.map(candidate, Purpose::Update).values;
    values.retain(|value| {
        value.overwrite == Overwrite::Always && link.sent.get(&*value.target) == Some(&value.hash)
    });
    values
}

/// Holds a record against what it should hold. A value that came in from there is as it should be in the form that it has
/// there.
fn differences(
    candidate: &Candidate,
    expected: &[MappedValue],
    record: Option<&Record>,
    agreed: &Agreements,
    setup: &Setup,
) -> Vec<OrgDifference> {
    let contact = candidate.contact.id;
    let Some(record) = record else {
        return vec![OrgDifference {
            contact,
            target: String::new(),
            sent: None,
            held: None,
        }];
    };
    let differing = expected.iter().filter_map(|value| {
        let sent: Value = serde_json::from_str(&value.json).ok()?;
        let held = record.value(&value.target).unwrap_or(&Value::Null);
        let is_same = same(&sent, held) || is_same_choice(&setup.target, value, &sent, held);
        let is_agreed = || {
            let mut agreed = agreed.iter();
            let agreed = agreed.find(|(field, _)| field.eq_ignore_ascii_case(&value.held_in));
            agreed.is_some_and(|(_, agreed)| setup.is_agreed(candidate, value, agreed, held))
        };
        (!is_same && !is_agreed()).then(|| OrgDifference {
            contact,
            target: value.target.to_string(),
            sent: words(&sent),
            held: words(held),
        })
    });
    differing.collect()
}

/// Tells whether two spellings mean one entry of a list: the org keeps the list's own. A state or country is chosen from
/// one where the org has codes beside the texts.
fn is_same_choice(target: &TargetObject, value: &MappedValue, sent: &Value, held: &Value) -> bool {
    let name = &*value.target;
    let has_code = ["State", "Country"]
        .iter()
        .any(|part| name.ends_with(part) && target.field(&format!("{name}Code")).is_some());
    let has_list = target
        .field(name)
        .is_some_and(|field| !field.picklist.is_empty());
    match (sent.as_str(), held.as_str()) {
        (Some(sent), Some(held)) if has_code || has_list => {
            sent.trim().to_lowercase() == held.trim().to_lowercase()
        }
        _ => false,
    }
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
