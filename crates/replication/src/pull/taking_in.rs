//! Brings values of records into the contacts that they are linked to.
//!
//! It happens in the transaction that writes the records to the mirror. What came in counts as sent, so that it doesn't go
//! out again; what was changed on both sides and can't be decided is put on the list of conflicts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use leadferry_store::{
    Agreement, Agreements, Contact, ContactField, ContactId, EntryState, Evidence, Hashes, How,
    Link, LinkId, LinkOrigin, LinkState, Mirror, MirrorField, MirrorKind, MirrorRecord, MirrorRow,
    MirrorState, MirrorValue, NewConsent, NewLink, PullId, PullObject, PurposeId, Reader, Standing,
    Value, ValueHash, Values, Writer, counted,
};

use crate::inbound::{
    Compiled, CompiledRow, Facts, Inbound, Place, Side, Verdict, compare, compile, decide,
    default_rows, here_hash, incoming_of, there_hash,
};
use crate::mapping::{MappedValue, Names, Purpose};
use crate::planning::{Judgement, judge};
use crate::setup::Setup;
use crate::targets::TargetObject;
use crate::{Error, Result};

/// Contacts that are compared at a time.
const CHUNK: usize = 500;
/// A record that holds another value this often after it was sent is left alone.
const LEFT_ALONE_AFTER: u32 = 2;

/// Replaces the names of country and state by their codes, where they are known.
pub type Places = fn(&mut Values);

/// A linked record as it was read.
pub(crate) struct Incoming {
    pub(crate) link: Link,
    /// Its values by the API name of the field.
    pub(crate) values: BTreeMap<String, MirrorValue>,
    /// The values that the mirror held before.
    pub(crate) before: BTreeMap<String, MirrorValue>,
    /// When the org last touched it, UTC milliseconds.
    pub(crate) stamp: Option<i64>,
    /// The contact was made of it just now: everything that it has came in.
    pub(crate) is_new: bool,
}

/// Whose value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Winner {
    /// The contact's.
    Here,
    /// The record's.
    There,
}

/// What someone has chosen for fields that were changed on both sides.
pub(crate) struct Choice<'a> {
    pub(crate) fields: &'a BTreeSet<(LinkId, String)>,
    pub(crate) winner: Winner,
}

/// What came of comparing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Contacts that got a value.
    pub(crate) contacts: u64,
    /// Contacts that were made of records.
    pub(crate) brought_in: u64,
    /// Records that were left out because they have no email, or that of a contact.
    pub(crate) without_email: u64,
    pub(crate) known_email: u64,
    /// Contacts that are opted out of a channel now.
    pub(crate) opted_out: u64,
    /// Purposes that contacts have refused.
    pub(crate) refused: u64,
    /// Opt-outs and refusals that someone cleared in Salesforce.
    pub(crate) cleared: u64,
    /// Fields that wait for someone to choose.
    pub(crate) asked: u64,
    /// Values that can't stand in their field here, by the record's field.
    pub(crate) unfit: BTreeMap<String, u64>,
    /// Fields that the org changes after they were sent, by how many records.
    pub(crate) rewritten: BTreeMap<String, u64>,
}

/// How records of an object come into contacts.
pub(crate) struct TakingIn {
    org_id: String,
    object: String,
    rows: Compiled,
    /// What sends to the object, enabled replications first.
    setups: Vec<Setup>,
    fields: Vec<ContactField>,
    /// What the fields that were read hold, by API name.
    kinds: BTreeMap<String, MirrorKind>,
    /// The record's field for the country.
    country: Option<String>,
    zone: TimeZone,
    places: Places,
}

/// What is to be done about one field.
struct Found<'r> {
    row: &'r CompiledRow,
    is_sent: bool,
    verdict: Verdict,
    equal: bool,
    incoming: Vec<(ContactField, Option<Value>)>,
    hash_here: String,
    hash_there: String,
    /// How often in a row the org has changed it.
    rewritten: u32,
    /// Both sides agree from now on, whatever they hold.
    settles: bool,
    /// The record took a no and doesn't hold it any more: it goes again.
    takes_again: bool,
}

impl TakingIn {
    /// Loads how a pull brings an object's records into contacts.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub(crate) fn load(
        reader: &Reader<'_>,
        (org_id, object): (&str, &str),
        rows: Compiled,
        mirror: &[MirrorField],
        places: Places,
        now: i64,
    ) -> Result<Self> {
        let kinds = mirror.iter().map(|field| (field.name.clone(), field.kind));
        let fields: BTreeSet<_> = rows.rows.iter().flat_map(|row| row.to.fields()).collect();
        let fields = fields.into_iter().chain([ContactField::Country]);
        let fields: BTreeSet<_> = fields.collect();
        let country = rows
            .rows
            .iter()
            .find(|row| matches!(row.to, Place::Field(field, _) if field == ContactField::Country));
        Ok(Self {
            country: country.map(|row| row.field.clone()),
            kinds: kinds.collect(),
            fields: fields.into_iter().collect(),
            setups: setups(reader, org_id, object, now)?,
            zone: TimeZone::get(&reader.time_zone()?).unwrap_or(TimeZone::UTC),
            org_id: org_id.to_owned(),
            object: object.to_owned(),
            rows,
            places,
        })
    }

    /// Returns the linked records among those that were read, with what the mirror held of them before.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub(crate) fn incoming(
        &self,
        reader: &Reader<'_>,
        mirror: &Mirror,
        fields: &[&MirrorField],
        records: &[MirrorRecord],
    ) -> Result<Vec<Incoming>> {
        let live = || records.iter().filter(|record| !record.deleted);
        let ids: Vec<String> = live().map(|record| record.id.clone()).collect();
        let links = reader.links_to_records(&self.org_id, &ids)?;
        let mut links: BTreeMap<String, Link> = links
            .into_iter()
            .filter(|link| link.state == LinkState::Linked && link.object == self.object)
            .map(|link| (link.record_id.clone(), link))
            .collect();
        let mut incoming = Vec::new();
        for record in live() {
            let Some(link) = links.remove(&record.id) else {
                continue;
            };
            let before = match self.asks() {
                true => reader.mirrored_record(mirror, &record.id)?,
                false => None,
            };
            incoming.push(Incoming {
                link,
                values: named(fields.iter().copied(), &record.values),
                before: before.map_or_else(BTreeMap::new, |row| {
                    named(mirror.fields.iter(), &row.values)
                }),
                stamp: record.stamp,
                is_new: false,
            });
        }
        Ok(incoming)
    }

    /// Looks for records that took a contact's no beside the one that the contact is linked to, and hold it no longer. It goes
    /// again: only the contact's own answer takes it back.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub(crate) fn notice_cleared(
        &self,
        writer: &Writer<'_>,
        fields: &[&MirrorField],
        records: &[MirrorRecord],
        taken: &mut Taken,
    ) -> Result<()> {
        let live = records.iter().filter(|record| !record.deleted);
        let held: BTreeMap<String, _> = live
            .map(|record| (record.id.clone(), &record.values))
            .collect();
        let ids: Vec<String> = held.keys().cloned().collect();
        for (contact, known) in writer.refusals_told(&self.org_id, &ids)? {
            let Some(values) = held.get(&known.record_id) else {
                continue;
            };
            let values = named(fields.iter().copied(), values);
            let is_cleared = |field: &str, no: &ValueHash| {
                let found = values
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(field));
                match found {
                    Some((_, MirrorValue::YesNo(value))) => {
                        ValueHash::of(&value.to_string()) != *no
                    }
                    _ => false,
                }
            };
            let told = known.told.iter();
            let cleared = told.filter(|(field, no)| is_cleared(field, no));
            let cleared: Vec<&str> = cleared.map(|(field, _)| &**field).collect();
            if cleared.is_empty() {
                continue;
            }
            for field in &cleared {
                taken.cleared += u64::from(self.still_refuses(writer, contact, field)?);
            }
            writer.forget_refusal(contact, &self.org_id, &known, &cleared)?;
        }
        Ok(())
    }

    /// Tells whether a contact refuses what a field of the org says.
    fn still_refuses(&self, writer: &Writer<'_>, contact: ContactId, field: &str) -> Result<bool> {
        let mut rows = self.rows.rows.iter();
        let row = rows.find(|row| row.field.eq_ignore_ascii_case(field));
        Ok(match row.map(|row| &row.to) {
            Some(Place::OptOut(channel)) => {
                let values = writer.contact(contact)?.values;
                values.get(channel.field()) == Some(&Value::YesNo(true))
            }
            Some(Place::Consent(purpose, _)) => {
                let answers = writer.consents_of(contact)?;
                let mut answers = answers.iter();
                answers.any(|answer| answer.purpose.id == *purpose && !answer.given)
            }
            _ => false,
        })
    }

    /// Returns a linked record as the mirror holds it; `None` where it isn't live there.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub(crate) fn mirrored(
        &self,
        reader: &Reader<'_>,
        mirror: &Mirror,
        link: Link,
    ) -> Result<Option<Incoming>> {
        let row = reader.mirrored_record(mirror, &link.record_id)?;
        let live = row.filter(|row| row.state == MirrorState::Live);
        let live = live.filter(|_| link.state == LinkState::Linked);
        Ok(live.map(|row: MirrorRow| Incoming {
            link,
            values: named(mirror.fields.iter(), &row.values),
            before: BTreeMap::new(),
            stamp: row.stamp,
            is_new: false,
        }))
    }

    fn asks(&self) -> bool {
        self.rows.rows.iter().any(|row| row.rule == ASK)
    }

    fn kind_of(&self, field: &str) -> Option<MirrorKind> {
        self.kinds.get(field).copied()
    }

    /// Compares records with the contacts that they are linked to, and brings in what the rules say. What waits for an
    /// answer of the org is left for the next time.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub(crate) fn take(
        &self,
        writer: &Writer<'_>,
        records: &[Incoming],
        choice: Option<&Choice<'_>>,
        now: i64,
        taken: &mut Taken,
    ) -> Result<()> {
        for chunk in records.chunks(CHUNK) {
            self.take_chunk(writer, chunk, choice, now, taken)?;
        }
        Ok(())
    }

    /// Makes contacts of records that are nobody here, and links them. Whoever has a contact's email isn't one of them, and
    /// without an email nobody can tell.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub(crate) fn bring_in(
        &self,
        writer: &Writer<'_>,
        mirror: &Mirror,
        ids: &[String],
        now: i64,
        taken: &mut Taken,
    ) -> Result<()> {
        let known: BTreeSet<String> = writer
            .links_to_records(&self.org_id, ids)?
            .into_iter()
            .map(|link| link.record_id)
            .collect();
        let mut made = Vec::new();
        for id in ids.iter().filter(|id| !known.contains(*id)) {
            let row = writer.mirrored_record(mirror, id)?;
            let Some(row) = row.filter(|row| row.state == MirrorState::Live) else {
                continue;
            };
            let values = self.new_values(writer, &named(mirror.fields.iter(), &row.values));
            let Some(email) = values.text(ContactField::Email) else {
                taken.without_email += 1;
                continue;
            };
            if !writer.contacts_by_email(email)?.is_empty() {
                taken.known_email += 1;
                continue;
            }
            let contact = writer.insert_contact(&values, None, now)?;
            let link = NewLink {
                contact,
                org_id: &self.org_id,
                object: &self.object,
                record_id: id,
                identifier: None,
                // As a run that matches by email: the next one writes the identifier.
                origin: LinkOrigin::Email,
            };
            writer.put_link(&link, now)?;
            taken.brought_in += 1;
            if let Some(link) = writer.link_to(&self.org_id, id)? {
                let record = self.mirrored(writer, mirror, link)?;
                made.extend(record.map(|record| Incoming {
                    is_new: true,
                    ..record
                }));
            }
        }
        self.take(writer, &made, None, now, taken)
    }

    /// Returns a record's values as a new contact has them; what can't stand in a field is left out.
    fn new_values(&self, writer: &Writer<'_>, record: &BTreeMap<String, MirrorValue>) -> Values {
        let mut values = Values::default();
        for row in &self.rows.rows {
            let never = row.rule == crate::inbound::InboundRule::Never;
            let (Some(kind), false) = (self.kind_of(&row.field), never) else {
                continue;
            };
            let incoming = incoming_of(
                row,
                record.get(&row.field),
                kind,
                self.country_of(record),
                &self.zone,
                self.places,
            );
            let is_opt_out = row.to.takes_no_only();
            for (field, value) in incoming.unwrap_or_default() {
                let fits =
                    |value: &Value| writer.check_values([(field, value)].into_iter()).is_ok();
                values.set(field, value.filter(|value| !is_opt_out && fits(value)));
            }
        }
        values
    }

    fn country_of<'r>(&self, record: &'r BTreeMap<String, MirrorValue>) -> Option<&'r str> {
        match record.get(self.country.as_ref()?) {
            Some(MirrorValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn take_chunk(
        &self,
        writer: &Writer<'_>,
        records: &[Incoming],
        choice: Option<&Choice<'_>>,
        now: i64,
        taken: &mut Taken,
    ) -> Result<()> {
        let ids: Vec<ContactId> = records.iter().map(|one| one.link.contact).collect();
        let links: Vec<LinkId> = records.iter().map(|one| one.link.id).collect();
        let in_flight = writer.contacts_in_flight(&self.org_id, &ids)?;
        let contacts: BTreeMap<ContactId, Contact> = writer
            .contacts(&ids, &self.fields)?
            .into_iter()
            .map(|contact| (contact.id, contact))
            .collect();
        let mapped = self.mapped(writer, &ids)?;
        let agreed = writer.agreements(&links)?;
        let waiting = writer.conflicting_fields(links.iter().copied())?;
        let none = Agreements::new();
        let (mut done, mut later) = (Vec::new(), Vec::new());
        let mut found = Vec::new();
        for record in records {
            let live = contacts
                .get(&record.link.contact)
                .filter(|contact| contact.deleted_at.is_none());
            let Some(contact) = live else {
                done.push(record.link.id);
                continue;
            };
            if in_flight.contains(&contact.id) {
                later.push(record.link.id);
                continue;
            }
            done.push(record.link.id);
            let waits = waiting.get(&record.link.id);
            let looking = Looking {
                taking: self,
                writer,
                record,
                contact,
                mapped: mapped.get(&contact.id),
                agreed: agreed.get(&record.link.id).unwrap_or(&none),
                waits,
                choice,
                now,
            };
            let fields = looking.decide(taken)?;
            let changed = looking.apply(&fields, taken)?;
            found.push((record, fields, changed));
        }
        let changed: Vec<ContactId> = found
            .iter()
            .filter(|(_, _, changed)| *changed)
            .map(|(record, ..)| record.link.contact)
            .collect();
        let anew = self.mapped(writer, &changed)?;
        for (record, fields, changed) in &found {
            let from = if *changed { &anew } else { &mapped };
            let mapped = from.get(&record.link.contact);
            let before = agreed.get(&record.link.id);
            agree(writer, record, fields, mapped, before, now)?;
        }
        self.settle_unchanged(writer, &changed, now)?;
        writer.links_looked_at(&later, None)?;
        Ok(writer.links_looked_at(&done, Some(now))?)
    }

    /// Notes that nothing is to be sent for contacts whose only change came in: they don't wait for a run.
    fn settle_unchanged(&self, writer: &Writer<'_>, changed: &[ContactId], now: i64) -> Result<()> {
        if changed.is_empty() {
            return Ok(());
        }
        for setup in &self.setups {
            for candidate in writer.candidates(&setup.query(), changed)? {
                let entry = candidate.entry.as_ref();
                let is_done = entry.is_some_and(|entry| entry.state == EntryState::Done);
                if is_done && matches!(judge(&candidate, setup), Judgement::Unchanged) {
                    let (contact, seq) = (candidate.contact.id, candidate.contact.seq);
                    let id = setup.replication.id;
                    writer.consider(id, contact, seq, setup.versions, &Standing::Done, now)?;
                }
            }
        }
        Ok(())
    }

    /// Returns what would be sent of contacts now, by field in lower case.
    fn mapped(
        &self,
        writer: &Writer<'_>,
        ids: &[ContactId],
    ) -> Result<BTreeMap<ContactId, BTreeMap<String, MappedValue>>> {
        let mut all: BTreeMap<ContactId, BTreeMap<String, MappedValue>> = BTreeMap::new();
        if ids.is_empty() {
            return Ok(all);
        }
        for setup in &self.setups {
            for mut candidate in writer.candidates(&setup.query(), ids)? {
                // What waits for a choice isn't sent, and that is what has to be compared.
                candidate.conflicts.clear();
                let values = setup.mapping.map(&candidate, Purpose::Update).values;
                let of = all.entry(candidate.contact.id).or_default();
                for value in values {
                    of.entry(value.held_in.to_ascii_lowercase())
                        .or_insert(value);
                }
            }
        }
        Ok(all)
    }

    fn is_sent(&self, field: &str) -> bool {
        self.setups.iter().any(|setup| setup.mapping.updates(field))
    }

    /// Tells whether what is sent to a record's field is the contact field that it comes into.
    fn is_same_field(&self, row: &CompiledRow) -> bool {
        let mut setups = self.setups.iter();
        let sending = setups.find(|setup| setup.mapping.updates(&row.field));
        sending.is_some_and(|setup| setup.mapping.own_fields(&row.field) == row.to.fields())
    }
}

fn named<'f>(
    fields: impl Iterator<Item = &'f MirrorField>,
    values: &[Option<MirrorValue>],
) -> BTreeMap<String, MirrorValue> {
    let set = fields
        .zip(values)
        .filter_map(|(field, value)| Some((field.name.clone(), value.clone()?)));
    set.collect()
}

/// Returns the rows by which a pull brings an object's records into contacts, checked against the object's fields. The usual
/// rows are those whose fields the pull reads anyway, where someone has chosen the fields.
///
/// # Errors
/// [`Error::Settings`] where the inbound mapping can't be used.
pub(crate) fn rows(
    reader: &Reader<'_>,
    pull: PullId,
    object: &PullObject,
    target: &TargetObject,
) -> Result<Compiled> {
    let inbound = inbound_of(reader, pull, object, target)?;
    let custom = reader.custom_fields()?;
    let purposes = reader.purposes()?.into_iter();
    let purposes: Vec<_> = purposes.map(|one| (one.id, one.path)).collect();
    let names = Names {
        custom: &custom,
        scores: &[],
        segments: &[],
        purposes: &purposes,
        salesforce: &[],
    };
    compile(&inbound, &names, target).map_err(|findings| unusable(&object.object, &findings))
}

/// Returns the inbound mapping of a pull's object, or the usual one.
///
/// # Errors
/// [`Error::Settings`] where its text can't be read.
pub fn inbound_of(
    reader: &Reader<'_>,
    pull: PullId,
    object: &PullObject,
    target: &TargetObject,
) -> Result<Inbound> {
    if let Some(text) = reader.pull_inbound(pull, &object.object)?.rows {
        return Inbound::parse(&text).map_err(|findings| unusable(&object.object, &findings));
    }
    let mut inbound = default_rows(target);
    if let Some(names) = &object.fields {
        let is = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        let many = names
            .iter()
            .any(|name| is(name, "usual") || is(name, "all"));
        inbound
            .rows
            .retain(|row| many || names.iter().any(|name| is(name, &row.field)));
    }
    Ok(inbound)
}

/// Returns what sends to an object of an org, enabled replications first. One whose mapping can't be used sends nothing.
fn setups(reader: &Reader<'_>, org_id: &str, object: &str, now: i64) -> Result<Vec<Setup>> {
    let mut replications = reader.replications()?;
    replications.retain(|replication| replication.object == object);
    replications.sort_by_key(|replication| !replication.enabled);
    let mut setups = Vec::new();
    for replication in replications {
        let Some(connection) = replication.connection else {
            continue;
        };
        if reader.connection(connection)?.org_id.as_deref() != Some(org_id) {
            continue;
        }
        match Setup::load(reader, replication.id, now) {
            Ok(setup) => setups.push(setup),
            Err(Error::Store(error)) => return Err(error.into()),
            Err(error) => tracing::debug!(%error, "a replication sends nothing"),
        }
    }
    Ok(setups)
}

fn unusable(object: &str, findings: &[crate::mapping::Finding]) -> Error {
    let first = findings
        .iter()
        .find(|one| one.severity == crate::mapping::Severity::Error);
    let why = first.map_or("it has no rows", |one| one.message.as_str());
    Error::Settings(format!(
        "the inbound mapping of {object} can't be used: {why}"
    ))
}

/// One contact and its record.
struct Looking<'a> {
    taking: &'a TakingIn,
    writer: &'a Writer<'a>,
    record: &'a Incoming,
    contact: &'a Contact,
    mapped: Option<&'a BTreeMap<String, MappedValue>>,
    agreed: &'a Agreements,
    waits: Option<&'a BTreeSet<String>>,
    choice: Option<&'a Choice<'a>>,
    now: i64,
}

impl<'a> Looking<'a> {
    /// Decides about each field that was read.
    fn decide(&self, taken: &mut Taken) -> Result<Vec<Found<'a>>> {
        let mut all = Vec::new();
        for row in &self.taking.rows.rows {
            let never = row.rule == crate::inbound::InboundRule::Never;
            if never && !row.to.takes_no_only() {
                continue;
            }
            if self.choice.is_some() && !self.is_chosen(&row.field) {
                continue;
            }
            all.extend(self.field(row, taken)?);
        }
        Ok(all)
    }

    fn field(&self, row: &'a CompiledRow, taken: &mut Taken) -> Result<Option<Found<'a>>> {
        let Some(kind) = self.taking.kind_of(&row.field) else {
            return Ok(None);
        };
        let link = &self.record.link;
        let is_sent = self.taking.is_sent(&row.field);
        let sent_value = || {
            self.writer.last_sent_value(
                link.contact,
                &self.taking.org_id,
                &self.taking.object,
                &row.field,
            )
        };
        let country = self.taking.country_of(&self.record.values);
        let agreed = self.agreed.get(&row.field);
        let sent = link.sent.get(row.field.as_str()).map(ToString::to_string);
        let compared = compare(&Facts {
            row,
            here: &self.contact.values,
            there: self.record.values.get(&row.field),
            kind,
            country: country.or_else(|| self.contact.values.text(ContactField::Country)),
            is_sent,
            is_same_field: self.record.is_new || self.taking.is_same_field(row),
            mapped: self
                .mapped
                .and_then(|mapped| mapped.get(&row.field.to_ascii_lowercase())),
            sent: sent.as_deref(),
            agreed,
            sent_value: &sent_value,
            zone: &self.taking.zone,
            places: self.taking.places,
        })?;
        let is_rewritten = compared.sent_since
            && compared.here == Side::Unchanged
            && compared.there != Side::Unchanged
            && !compared.equal;
        let before = agreed.map_or(0, |agreed| agreed.rewritten);
        let rewritten = match (is_rewritten, compared.sent_since) {
            (true, _) => before + 1,
            (false, true) => 0,
            (false, false) => before,
        };
        let is_left_alone = is_rewritten && rewritten >= LEFT_ALONE_AFTER;
        let mut verdict = match row.to {
            _ if compared.equal => Verdict::Keep,
            Place::OptOut(_) => self.opt_out_verdict(row, &compared.there),
            Place::Consent(purpose, refused) => {
                let was_known = agreed.is_some() || link.sent.contains_key(row.field.as_str());
                let is_new = compared.there == Side::Changed && (refused || was_known);
                self.consent_verdict(row, (purpose, refused), is_new)?
            }
            _ if is_left_alone => Verdict::Keep,
            _ => decide(
                row.rule,
                compared.here,
                compared.there,
                compared.is_unset,
                self.record
                    .stamp
                    .is_some_and(|stamp| stamp > self.contact.changed_at),
            ),
        };
        let chosen = self.choice.filter(|_| verdict == Verdict::Ask);
        if let Some(choice) = chosen {
            verdict = match choice.winner {
                Winner::Here => Verdict::Keep,
                Winner::There => Verdict::Take,
            };
        }
        let (incoming, fits) = match compared.incoming {
            Ok(values) if self.fits(&values) => (values, true),
            _ => (Vec::new(), false),
        };
        if verdict == Verdict::Take && !fits {
            *taken.unfit.entry(row.field.clone()).or_default() += 1;
            verdict = match chosen {
                Some(_) => Verdict::Ask,
                None => Verdict::Keep,
            };
        }
        if is_left_alone {
            *taken.rewritten.entry(row.field.clone()).or_default() += 1;
        }
        let both_unchanged = compared.here == Side::Unchanged && compared.there == Side::Unchanged;
        Ok(Some(Found {
            row,
            is_sent,
            verdict,
            equal: compared.equal,
            incoming,
            hash_here: compared.hash_here,
            hash_there: compared.hash_there,
            rewritten,
            takes_again: self.was_cleared(row),
            settles: compared.equal
                || both_unchanged
                || is_left_alone
                || (chosen.is_some() && verdict != Verdict::Ask)
                || verdict == Verdict::Take
                || row.to.takes_no_only(),
        }))
    }

    /// Tells whether the record took the contact's no and holds it no longer.
    fn was_cleared(&self, row: &CompiledRow) -> bool {
        let no = match row.to {
            Place::OptOut(_) => true,
            Place::Consent(_, refused) => refused,
            _ => return false,
        };
        let sent = self.record.link.sent.get(row.field.as_str());
        let mapped = self
            .mapped
            .and_then(|mapped| mapped.get(&row.field.to_ascii_lowercase()));
        let took_no =
            mapped.is_some_and(|value| value.json == no.to_string() && sent == Some(&value.hash));
        took_no && self.record.values.get(&row.field) != Some(&MirrorValue::YesNo(no))
    }

    /// A no that is new there comes in. A yes never does: nobody is opted in again.
    fn opt_out_verdict(&self, row: &CompiledRow, there: &Side) -> Verdict {
        let says_no = self.record.values.get(&row.field) == Some(&MirrorValue::YesNo(true));
        match (says_no, there) {
            (true, Side::Changed) => Verdict::Take,
            _ => Verdict::Keep,
        }
    }

    /// A no that is new there comes in, unless they have refused already. A box that isn't ticked is a no only where it was
    /// ticked before: it never was for those who weren't asked.
    fn consent_verdict(
        &self,
        row: &CompiledRow,
        (purpose, refused): (PurposeId, bool),
        is_new: bool,
    ) -> Result<Verdict> {
        let says_no = self.record.values.get(&row.field) == Some(&MirrorValue::YesNo(refused));
        if !says_no || !is_new {
            return Ok(Verdict::Keep);
        }
        let answers = self.writer.consents_of(self.contact.id)?;
        let refuses = answers
            .iter()
            .any(|answer| answer.purpose.id == purpose && !answer.given);
        Ok(if refuses {
            Verdict::Keep
        } else {
            Verdict::Take
        })
    }

    fn fits(&self, values: &[(ContactField, Option<Value>)]) -> bool {
        let set = values
            .iter()
            .filter_map(|(field, value)| Some((*field, value.as_ref()?)));
        self.writer.check_values(set).is_ok()
    }

    fn is_chosen(&self, field: &str) -> bool {
        let key = (self.record.link.id, field.to_owned());
        self.choice
            .is_some_and(|choice| choice.fields.contains(&key))
    }

    /// Writes what was decided; tells whether the contact was changed.
    fn apply(&self, fields: &[Found<'_>], taken: &mut Taken) -> Result<bool> {
        let mut changes: Vec<(ContactField, Option<Value>)> = Vec::new();
        let mut changed = false;
        for found in fields.iter().filter(|f| f.verdict == Verdict::Take) {
            match found.row.to {
                Place::OptOut(channel) => {
                    let source = format!("{}.{}", self.taking.object, found.row.field);
                    let evidence = self.evidence(&source);
                    let contact = self.contact.id;
                    self.writer
                        .set_opt_out(contact, channel, Some(true), &evidence, self.now)?;
                    taken.opted_out += 1;
                    changed = true;
                }
                Place::Consent(purpose, _) => {
                    let source = format!("{}.{}", self.taking.object, found.row.field);
                    let no = NewConsent {
                        purpose,
                        given: Some(false),
                        evidence: self.evidence(&source),
                    };
                    self.writer.set_consent(self.contact.id, &no, self.now)?;
                    taken.refused += 1;
                    changed = true;
                }
                _ => changes.extend(found.incoming.iter().cloned()),
            }
        }
        if !changes.is_empty() {
            let is_new = self
                .writer
                .change_contact(self.contact.id, &changes, self.now)?;
            taken.contacts += u64::from(is_new);
            changed |= is_new;
        }
        let cleared = fields.iter().filter(|found| found.takes_again).count() as u64;
        if cleared > 0 {
            self.writer.stamp_contacts(&[self.contact.id])?;
            taken.cleared += cleared;
        }
        self.note_conflicts(fields, taken)?;
        Ok(changed)
    }

    fn evidence<'s>(&self, source: &'s str) -> Evidence<'s> {
        Evidence {
            seen_at: self.record.stamp,
            ..Evidence::of(How::Salesforce, source)
        }
    }

    fn note_conflicts(&self, fields: &[Found<'_>], taken: &mut Taken) -> Result<()> {
        let link = self.record.link.id;
        for found in fields {
            let field = &found.row.field;
            let waited = self
                .waits
                .is_some_and(|waits| waits.iter().any(|one| one.eq_ignore_ascii_case(field)));
            match (found.verdict, waited) {
                (Verdict::Ask, false) => {
                    let agreed = self.last_agreed(found)?;
                    let new = self
                        .writer
                        .add_conflict(link, field, agreed.as_deref(), self.now)?;
                    taken.asked += u64::from(new);
                }
                (Verdict::Ask, true) | (_, false) => {}
                (_, true) => {
                    self.writer.remove_conflict(link, field)?;
                    // What was left out of sends goes again.
                    self.writer.stamp_contacts(&[self.contact.id])?;
                }
            }
        }
        // A rule that doesn't ask any more leaves nothing to choose.
        let rows = &self.taking.rows.rows;
        for field in self.waits.into_iter().flatten() {
            let asks = rows
                .iter()
                .any(|row| row.field.eq_ignore_ascii_case(field) && row.rule == ASK);
            if !asks && self.choice.is_none() {
                self.writer.remove_conflict(link, field)?;
                self.writer.stamp_contacts(&[self.contact.id])?;
            }
        }
        Ok(())
    }

    /// Returns the value that both sides last had, where the mirror still held it or the history keeps it.
    fn last_agreed(&self, found: &Found<'_>) -> Result<Option<String>> {
        let field = &found.row.field;
        let before = self.record.before.get(field);
        let agreed = self.agreed.get(field);
        if let (Some(before), Some(agreed)) = (before, agreed)
            && there_hash(Some(before)) == agreed.there
        {
            return Ok(Some(in_words(self.taking.kind_of(field), before)));
        }
        let link = &self.record.link;
        let sent = self.writer.last_sent_value(
            link.contact,
            &self.taking.org_id,
            &self.taking.object,
            field,
        )?;
        let sent =
            sent.filter(|value| link.sent.get(field.as_str()) == Some(&ValueHash::of(value)));
        Ok(sent.map(
            |value| match serde_json::from_str::<serde_json::Value>(&value) {
                Ok(serde_json::Value::String(text)) => text,
                _ => value,
            },
        ))
    }
}

const ASK: crate::inbound::InboundRule = crate::inbound::InboundRule::Ask;

/// Returns a record's value as people read it.
pub(crate) fn in_words(kind: Option<MirrorKind>, value: &MirrorValue) -> String {
    let kind = kind.unwrap_or(MirrorKind::Text);
    match crate::inbound::json_of(kind, Some(value)) {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Notes what both sides agree on from now on, and lets what came in count as sent.
fn agree(
    writer: &Writer<'_>,
    record: &Incoming,
    fields: &[Found<'_>],
    mapped: Option<&BTreeMap<String, MappedValue>>,
    before: Option<&Agreements>,
    now: i64,
) -> Result<()> {
    let mut agreements = before.cloned().unwrap_or_default();
    let mut hashes = Hashes::new();
    let mut forgotten = Vec::new();
    for found in fields.iter().filter(|found| found.settles) {
        let field = &found.row.field;
        let sent = record.link.sent.get(field.as_str());
        let mut sent = sent.map(ToString::to_string).unwrap_or_default();
        let is_same = found.equal || found.verdict == Verdict::Take;
        if found.takes_again {
            forgotten.push(field.clone());
            sent.clear();
        } else if found.is_sent && is_same {
            match mapped.and_then(|mapped| mapped.get(&field.to_ascii_lowercase())) {
                Some(value) if value.hash.to_string() != sent => {
                    hashes.insert(value.target.clone(), value.hash);
                    sent = value.hash.to_string();
                }
                Some(_) => {}
                // Nothing would be sent: whatever is set here later goes.
                None if !sent.is_empty() && found.verdict == Verdict::Take => {
                    forgotten.push(field.clone());
                    sent.clear();
                }
                None => {}
            }
        }
        let here = match (found.is_sent, found.verdict) {
            (true, _) => sent,
            (false, Verdict::Take) => {
                let values = found.incoming.iter().map(|(_, value)| value.clone());
                here_hash(&values.collect::<Vec<_>>())
            }
            (false, _) => found.hash_here.clone(),
        };
        agreements.insert(
            field.clone(),
            Agreement {
                here,
                there: found.hash_there.clone(),
                rewritten: found.rewritten,
                same: is_same && !found.row.to.takes_no_only(),
            },
        );
    }
    let link = record.link.id;
    if !hashes.is_empty() {
        writer.count_as_sent(link, &hashes)?;
    }
    if !forgotten.is_empty() {
        writer.forget_sent(link, forgotten.iter(), now)?;
    }
    if before != Some(&agreements) && !(before.is_none() && agreements.is_empty()) {
        writer.set_agreements(link, &agreements)?;
    }
    Ok(())
}

impl Taken {
    /// Says what came in, and what did not.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.brought_in > 0 {
            let count = counted(self.brought_in, "new contact", "new contacts");
            notes.push(format!("Brought in {count}."));
        }
        if self.without_email > 0 {
            let records = counted(self.without_email, "record", "records");
            notes.push(format!("Left out {records} without an email."));
        }
        if self.known_email > 0 {
            let records = counted(self.known_email, "record", "records");
            notes.push(format!(
                "Left out {records} whose email a contact already has. Link them to that contact."
            ));
        }
        let contacts = |count| counted(count, "contact", "contacts");
        if self.contacts > 0 {
            notes.push(format!("Updated {} here.", contacts(self.contacts)));
        }
        if self.opted_out > 0 {
            let count = counted(self.opted_out, "opt-out", "opt-outs");
            notes.push(format!("Recorded {count}."));
        }
        if self.refused > 0 {
            let count = counted(self.refused, "refusal of consent", "refusals of consent");
            notes.push(format!("Recorded {count}."));
        }
        if self.cleared > 0 {
            let count = counted(
                self.cleared,
                "opt-out or refusal was",
                "opt-outs or refusals were",
            );
            notes.push(format!(
                "{count} cleared in Salesforce. The next run sends them again, because only the contact's own answer opts them in."
            ));
        }
        if self.asked > 0 {
            let fields = counted(self.asked, "field was", "fields were");
            notes.push(format!(
                "{fields} changed on both sides. Choose which value counts."
            ));
        }
        for (field, count) in &self.unfit {
            let values = counted(*count, "value", "values");
            notes.push(format!(
                "Left out {values} of {field} that the contact field can't hold."
            ));
        }
        for (field, count) in &self.rewritten {
            notes.push(format!(
                "Salesforce changes {field} after each update ({}). Its value is left alone.",
                counted(*count, "record", "records")
            ));
        }
        notes
    }
}
