//! What a replication is at this moment: its settings, compiled mapping, target object and versions.

mod known_names;
mod only_no;

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use leadferry_salesforce::Describe;
use leadferry_store::{
    Agreement, Candidate, CandidateQuery, Connection, ConnectionId, ContactField, EntryState,
    LinkState, PurposeId, Reader, Replication, ReplicationId, Scope, ScoreId, SegmentId,
    SegmentStatus, Selection, Versions,
};

pub use known_names::KnownNames;
pub use only_no::owes_no;

use crate::inbound::{here_hash, is_held};
use crate::mapping::{
    Compiled, Finding, Mapped, MappedValue, Mapping, Names, Purpose, Severity, check, compile, day,
};
use crate::matching::FINDING_FIELDS;
use crate::matching::pairing::WEIGHED_FIELDS;
use crate::planning::is_selected;
use crate::settings::{EmptyValues, WhenConverted};
use crate::targets::{Parent, TargetObject};
use crate::{Error, Result, Settings, settings};

/// How a replication shares its people with its partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The partner's identifier field, where the org is known to have it.
    pub identifier: Option<String>,
    /// New people in this segment become contacts.
    segment: Option<SegmentId>,
}

/// A replication, ready to decide with.
#[derive(Debug)]
pub struct Setup {
    /// The replication as stored.
    pub replication: Replication,
    /// Its settings.
    pub settings: Settings,
    /// Its connection.
    pub connection: Option<Connection>,
    /// What the target object looks like.
    pub target: TargetObject,
    /// Its mapping.
    pub mapping: Compiled,
    /// The versions of all these.
    pub versions: Versions,
    /// What was found about the mapping that does not keep it from being used.
    pub warnings: Vec<Finding>,
    /// An enabled Contact replication works on the same connection: it goes on where leads were converted.
    pub contacts_follow: bool,
    /// Who goes.
    pub selection: Selection,
    /// How people are shared with the replication of the other object.
    pub shared: Option<Shared>,
    /// Why nobody can be looked for by email in this org, naming the field; `None` where they can.
    pub no_email: Option<String>,
    /// The replication can't be used as it is, and nothing but a no is sent.
    pub(crate) only_no: bool,
    /// What is sent for a contact that was deleted here.
    farewell: Option<Compiled>,
    /// What is sent for a contact that went, and is not selected any more: its segment statuses.
    closing: Option<Compiled>,
    /// The fields, scores, segments and purposes that are read of each contact.
    fields: Vec<ContactField>,
    scores: Vec<ScoreId>,
    segments: Vec<SegmentId>,
    purposes: Vec<PurposeId>,
    /// Fields for a no that the other object of people has as well, under the same name and of the same type.
    pub(crate) beside: BTreeSet<String>,
}

impl Setup {
    /// Loads a replication as it is at a moment, UTC milliseconds.
    ///
    /// # Errors
    /// [`Error::Mapping`] when the mapping cannot be used, [`Error::Settings`] when a setting cannot.
    pub fn load(reader: &Reader<'_>, id: ReplicationId, now: i64) -> Result<Self> {
        let replication = reader.replication(id)?;
        let settings = Settings::from_json(&replication.settings)?;
        let connection = replication
            .connection
            .map(|id| reader.connection(id))
            .transpose()?;
        let mut target = target_object(reader, replication.connection, &replication.object)?;
        settings.check(&target)?;
        let zone = TimeZone::get(&reader.time_zone()?).unwrap_or(TimeZone::UTC);
        let today = day(now, &zone);
        let whole = Mapping::parse(&reader.mapping(id)?.body).map_err(Error::Mapping)?;
        let rows = whole.on(today);
        learn_parents(&mut target, reader, replication.connection, &whole)?;
        let known = KnownNames::load(reader)?;
        let names = known.names();
        let mapping = compile(&rows, &names, &target, &settings, &zone).map_err(Error::Mapping)?;
        let farewell = farewell(&names, &target, &settings, &zone)?;
        let closing = closing(&rows, &names, &target, &settings, &zone)?;
        let no_email = no_email(reader, replication.connection)?;
        let mut warnings = check(&whole, &names, &target, &settings);
        warnings.retain(|finding| finding.severity == Severity::Warning);
        warnings.extend(identifier_warning(&settings, &target));
        warnings.extend(email_warning(&settings, no_email.as_deref()));
        let versions = Versions {
            settings: replication.settings_version,
            mapping: replication.mapping_version,
            describe: reader.describe_version(replication.connection, &replication.object)?,
            periods: whole.periods_passed(today),
        };
        let selection = selection(reader, &replication, &settings)?;
        let shared = shared(reader, &replication, &settings)?;
        check_rules(reader, &replication, &selection, shared.as_ref())?;
        Ok(Self {
            contacts_follow: contacts_follow(reader, &replication)?,
            beside: beside(reader, &replication, &target, &mapping)?,
            fields: read_fields(&mapping, &settings),
            scores: mapping.scores().to_vec(),
            segments: read_segments(&mapping, &selection, shared.as_ref()),
            purposes: read_purposes(&mapping, &selection),
            replication,
            settings,
            connection,
            target,
            mapping,
            versions,
            warnings,
            selection,
            shared,
            no_email,
            only_no: false,
            farewell,
            closing,
        })
    }

    /// Returns the org's id, once someone has signed in.
    pub fn org_id(&self) -> Option<&str> {
        self.connection
            .as_ref()
            .and_then(|connection| connection.org_id.as_deref())
    }

    /// Tells whether only marked contacts are selected.
    pub fn scored(&self) -> bool {
        self.replication.threshold.is_some()
    }

    /// Returns what has to be known of each candidate.
    pub fn query(&self) -> CandidateQuery<'_> {
        CandidateQuery {
            replication: self.replication.id,
            org_id: self.org_id(),
            object: &self.replication.object,
            selection: &self.selection,
            segments: &self.segments,
            purposes: &self.purposes,
            fields: &self.fields,
            scores: &self.scores,
            records: self.mapping.records(),
            records_org: self.org_id(),
            near: self.org_id().filter(|_| self.settings.holds_duplicates()),
            accounts: self.mapping.needs_accounts(),
            refusals: self.mapping.says_no(),
        }
    }

    /// Returns the contacts that have to be considered: all that could be selected when a version has changed since
    /// the last complete pass, else only those stamped since.
    pub fn scope(&self) -> Scope {
        let considered = self.replication.considered;
        if considered.seq > 0 && considered.versions == self.versions {
            Scope::Since(considered.seq)
        } else {
            self.selection.scope()
        }
    }

    /// Tells whether the org's identifier field lets us create records; else why not and what to do.
    ///
    /// # Errors
    /// The reason, as a sentence.
    pub fn identifier(&self) -> Result<(), String> {
        self.target.identifier(&self.settings.identifier)
    }

    /// Tells whether the org shows the identifier field at all, so that it can be asked for.
    pub fn sees_identifier(&self) -> bool {
        self.target.field(&self.settings.identifier).is_some()
    }

    /// Tells whether the org can be asked for an email.
    pub fn can_match_email(&self) -> bool {
        self.no_email.is_none()
    }

    /// Maps a contact; of one deleted here only what the settings say about that.
    pub(crate) fn map_whole(&self, candidate: &Candidate, purpose: Purpose) -> Mapped {
        let mapping = match (&self.farewell, &self.closing) {
            (Some(farewell), _) if candidate.contact.deleted_at.is_some() => farewell,
            (_, Some(closing)) if purpose == Purpose::Update && self.closes(candidate) => closing,
            _ => &self.mapping,
        };
        mapping.map(candidate, purpose)
    }

    /// Tells whether something is to be sent because the contact was deleted here: its record is linked and was sent
    /// to by this replication, and nobody said that nothing may be sent.
    pub fn says_farewell(&self, candidate: &Candidate) -> bool {
        let contact = &candidate.contact;
        self.farewell.is_some()
            && contact.deleted_at.is_some()
            && contact.merged_into.is_none()
            && !contact.do_not_send
            && candidate
                .link
                .as_ref()
                .is_some_and(|link| link.state == LinkState::Linked)
            && candidate
                .entry
                .as_ref()
                .is_some_and(|entry| entry.sent_at.is_some() && !entry.is_held())
    }

    /// Tells whether only segment statuses are sent of a contact: it went, its record is linked, and it does not go as
    /// a whole any more. Nothing is sent where nothing may be, or a hand holds it.
    pub fn closes(&self, candidate: &Candidate) -> bool {
        let contact = &candidate.contact;
        let went = candidate.entry.as_ref().is_some_and(|entry| {
            entry.sent_at.is_some() && !entry.is_held() && entry.state != EntryState::GivenUp
        });
        self.closing.is_some()
            && went
            && contact.deleted_at.is_none()
            && !contact.do_not_send
            && candidate
                .link
                .as_ref()
                .is_some_and(|link| link.state == LinkState::Linked)
            && (!self.settings.keep_updated || !is_selected(candidate, &self.selection))
    }

    /// Tells whether a person who has no record yet goes through the partner instead.
    pub fn leaves_to_partner(&self, candidate: &Candidate) -> bool {
        let Some(shared) = &self.shared else {
            return false;
        };
        let is_in =
            |segment: SegmentId| candidate.segments.get(&segment) == Some(&SegmentStatus::Realized);
        let as_contact = shared.segment.is_some_and(is_in);
        as_contact != (self.replication.object == "Contact")
    }

    /// Tells whether the Contact replication goes on where a lead was converted.
    pub fn goes_on_as_contact(&self) -> bool {
        self.settings.converted == WhenConverted::Follow && self.contacts_follow
    }

    /// Tells whether a value doesn't go to the linked record: it was sent last, or it came in from there in the record's own
    /// form, and the contact still has it.
    pub(crate) fn is_known_there(&self, candidate: &Candidate, value: &MappedValue) -> bool {
        let link = candidate.link.as_ref();
        let was_sent = link.is_some_and(|link| link.sent.get(&*value.target) == Some(&value.hash));
        was_sent || self.came_in(candidate, value)
    }

    fn came_in(&self, candidate: &Candidate, value: &MappedValue) -> bool {
        let mut agreed = candidate.agreed.iter();
        let agreed = agreed.find(|(field, _)| field.eq_ignore_ascii_case(&value.held_in));
        agreed.is_some_and(|(_, agreed)| {
            agreed.same
                && candidate.contact.deleted_at.is_none()
                && !agreed.here.is_empty()
                && agreed.here == self.own_hash(candidate, &value.held_in)
        })
    }

    /// Tells whether a record still holds what both sides agreed on, and the contact has what it had then.
    pub(crate) fn is_agreed(
        &self,
        candidate: &Candidate,
        value: &MappedValue,
        agreed: &Agreement,
        held: &serde_json::Value,
    ) -> bool {
        let is_here = agreed.here == value.hash.to_string()
            || agreed.here == self.own_hash(candidate, &value.held_in);
        agreed.same && is_here && is_held(&agreed.there, held)
    }

    /// Returns the hash of the contact's own values that a field gets; empty where it gets anything else.
    fn own_hash(&self, candidate: &Candidate, field: &str) -> String {
        let fields = self.mapping.own_fields(field).into_iter();
        let values = fields.map(|field| candidate.contact.values.get(field).cloned());
        here_hash(&values.collect::<Vec<_>>())
    }

    /// Tells whether a linked record does not hold our identifier yet, as far as we know, though the org has a field for it
    /// by now.
    pub fn lacks_identifier(&self, candidate: &Candidate) -> bool {
        candidate.contact.deleted_at.is_none()
            && !self.closes(candidate)
            && !self.sends_only_no(candidate)
            && candidate
                .link
                .as_ref()
                .is_some_and(|link| link.identifier.is_none())
            && self.identifier().is_ok()
    }

    /// Tells whether a linked record is read before it is updated: where a rule needs what it holds, and where the
    /// last answer said that it is gone.
    pub fn reads(&self, candidate: &Candidate) -> bool {
        let refused = candidate
            .entry
            .as_ref()
            .is_some_and(|entry| entry.attempts > 0);
        self.reads_before_update() || refused || self.lacks_identifier(candidate)
    }

    fn reads_before_update(&self) -> bool {
        self.replication.object == "Lead" || self.settings.old_values || self.mapping.has_if_empty()
    }
}

/// Returns the other object that people are in.
pub(crate) fn other_object(object: &str) -> &'static str {
    match object {
        "Lead" => "Contact",
        _ => "Lead",
    }
}

fn beside(
    reader: &Reader<'_>,
    replication: &Replication,
    target: &TargetObject,
    mapping: &Compiled,
) -> Result<BTreeSet<String>> {
    let name = other_object(&replication.object);
    let other = target_object(reader, replication.connection, name)?;
    let is_there = |name: &&str| {
        let both = (target.field(name), other.field(name));
        matches!(both, (Some(own), Some(other)) if other.updateable && other.kind == own.kind)
    };
    let targets = mapping.refusal_targets().filter(|_| other.described);
    Ok(targets.filter(is_there).map(str::to_owned).collect())
}

/// Tells whether an enabled Contact replication works on the same connection.
fn contacts_follow(reader: &Reader<'_>, replication: &Replication) -> Result<bool> {
    let connection = replication.connection;
    Ok(reader
        .replications()?
        .iter()
        .any(|other| other.object == "Contact" && other.enabled && other.connection == connection))
}

/// Returns the fields to read of each contact. Finding someone in the org takes their name, whether it is sent or not.
fn read_fields(mapping: &Compiled, settings: &Settings) -> Vec<ContactField> {
    let weighed: &[ContactField] = match settings.holds_duplicates() {
        true => &WEIGHED_FIELDS,
        false => &[],
    };
    let fields = mapping
        .fields()
        .iter()
        .chain(&FINDING_FIELDS)
        .chain(weighed);
    let fields: BTreeSet<_> = fields.copied().collect();
    fields.into_iter().collect()
}

/// Returns the segments to read of each contact: what is sent, and what decides who goes where.
fn read_segments(
    mapping: &Compiled,
    selection: &Selection,
    shared: Option<&Shared>,
) -> Vec<SegmentId> {
    let by_rule = shared.and_then(|shared| shared.segment);
    let chosen = selection
        .any
        .iter()
        .chain(&selection.all)
        .chain(&selection.none);
    let segments = mapping.segments().iter().chain(chosen).chain(&by_rule);
    let segments: BTreeSet<_> = segments.copied().collect();
    segments.into_iter().collect()
}

/// Returns the purposes to read of each contact: what is sent, and what everybody who goes must have given consent to.
fn read_purposes(mapping: &Compiled, selection: &Selection) -> Vec<PurposeId> {
    let purposes = mapping.purposes().iter().chain(&selection.consented);
    let purposes: BTreeSet<_> = purposes.copied().collect();
    purposes.into_iter().collect()
}

/// Compiles the row for contacts deleted here. It only ever updates, so it need not hold what a new record must have.
///
/// The row is a setting: the mapping is not to blame for it.
fn farewell(
    names: &Names<'_>,
    target: &TargetObject,
    settings: &Settings,
    zone: &TimeZone,
) -> Result<Option<Compiled>> {
    let Some(row) = &settings.deleted_here else {
        return Ok(None);
    };
    let row = settings::farewell(row)?;
    let updates = Settings {
        create_missing: false,
        ..settings.clone()
    };
    let farewell = compile(&row, names, target, &updates, zone);
    let farewell = farewell.map_err(|findings| cannot_say_farewell(&findings))?;
    Ok(Some(farewell))
}

fn cannot_say_farewell(findings: &[Finding]) -> Error {
    let fault = findings
        .iter()
        .find(|finding| finding.severity == Severity::Error);
    Error::Settings(match fault {
        Some(fault) => format!(
            "the setting for contacts deleted here can't be used: {}",
            fault.message
        ),
        None => "the setting for contacts deleted here can't be used".to_owned(),
    })
}

/// Compiles the rows that are sent of contacts that do not go as a whole any more: their segment statuses.
fn closing(
    rows: &Mapping,
    names: &Names<'_>,
    target: &TargetObject,
    settings: &Settings,
    zone: &TimeZone,
) -> Result<Option<Compiled>> {
    let statuses = rows.rows.iter().filter(|row| row.source.is_segment());
    let rows = Mapping {
        rows: statuses.cloned().collect(),
    };
    if rows.rows.is_empty() {
        return Ok(None);
    }
    let updates = Settings {
        create_missing: false,
        empty_values: EmptyValues::LeaveAlone,
        ..settings.clone()
    };
    let closing = compile(&rows, names, target, &updates, zone).map_err(Error::Mapping)?;
    Ok(Some(closing))
}

/// Returns who is selected by a replication.
///
/// # Errors
/// [`Error::Settings`] when a segment that decides is not there any more.
pub fn selection(
    reader: &Reader<'_>,
    replication: &Replication,
    settings: &Settings,
) -> Result<Selection> {
    let find = |names: &[String]| {
        let ids = names.iter().map(|name| match reader.segment_named(name) {
            Ok(segment) => Ok(segment.id),
            Err(leadferry_store::Error::NotFound { .. }) => Err(Error::Settings(format!(
                "the replication selects by the segment \"{name}\", which doesn't exist anymore"
            ))),
            Err(error) => Err(error.into()),
        });
        ids.collect::<Result<Vec<_>>>()
    };
    let choice = &settings.segments;
    Ok(Selection {
        scored: replication.threshold.is_some(),
        any: find(&choice.any)?,
        all: find(&choice.all)?,
        none: find(&choice.none)?,
        consented: consented(reader, settings)?,
    })
}

/// Refuses a replication whose score or segments can't be brought up to date: who goes isn't known.
fn check_rules(
    reader: &Reader<'_>,
    replication: &Replication,
    selection: &Selection,
    shared: Option<&Shared>,
) -> Result<()> {
    let score = replication.threshold.map(|threshold| threshold.score);
    let by_rule = shared.and_then(|shared| shared.segment);
    let chosen = selection.any.iter().chain(&selection.all);
    let segments: Vec<_> = chosen
        .chain(&selection.none)
        .chain(&by_rule)
        .copied()
        .collect();
    match reader.why_not_calculated(score, &segments)? {
        Some(why) => Err(Error::Settings(why.to_string())),
        None => Ok(()),
    }
}

/// Returns how a replication shares its people; a partner that is gone or went to another connection shares nothing.
fn shared(
    reader: &Reader<'_>,
    replication: &Replication,
    settings: &Settings,
) -> Result<Option<Shared>> {
    let Some(partner) = &settings.partner else {
        return Ok(None);
    };
    let mut others = reader.replications()?.into_iter();
    let Some(other) = others.find(|other| {
        other.id == partner.replication
            && other.object != replication.object
            && other.connection == replication.connection
    }) else {
        return Ok(None);
    };
    let segment = match &partner.contacts_segment {
        None => None,
        Some(name) => match reader.segment_named(name) {
            Ok(segment) => Some(segment.id),
            Err(leadferry_store::Error::NotFound { .. }) => {
                return Err(Error::Settings(format!(
                    "new people become contacts by the segment \"{name}\", which doesn't exist anymore"
                )));
            }
            Err(error) => return Err(error.into()),
        },
    };
    let theirs = Settings::from_json(&other.settings)?.identifier;
    let target = target_object(reader, other.connection, &other.object)?;
    Ok(Some(Shared {
        identifier: target.field(&theirs).map(|field| field.name.clone()),
        segment,
    }))
}

/// Returns the purposes that everybody who goes must have given consent to.
fn consented(reader: &Reader<'_>, settings: &Settings) -> Result<Vec<PurposeId>> {
    let find = |path: &String| match reader.purpose(path) {
        Ok(purpose) => Ok(purpose.id),
        Err(leadferry_store::Error::NotFound { .. }) => Err(Error::Settings(format!(
            "the replication requires consent to \"{path}\", which doesn't exist anymore"
        ))),
        Err(error) => Err(error.into()),
    };
    settings.required_purposes.iter().map(find).collect()
}

/// Warns where new people would have to wait for the org's identifier field; an org never asked may have it.
fn identifier_warning(settings: &Settings, target: &TargetObject) -> Option<Finding> {
    let why = target.identifier(&settings.identifier).err()?;
    (target.described && settings.create_missing).then(|| Finding {
        line: None,
        severity: Severity::Warning,
        code: "no_identifier",
        message: format!("no record can be created yet: {why}"),
        cure: "prepare the org for this replication".into(),
    })
}

/// Says why people can't be looked for by email: in both objects it has to be a field that can be filtered by.
fn no_email(reader: &Reader<'_>, connection: Option<ConnectionId>) -> Result<Option<String>> {
    for name in ["Lead", "Contact"] {
        let object = target_object(reader, connection, name)?;
        let reason = match object.field("Email") {
            _ if !object.described => continue,
            Some(field) if field.filterable => continue,
            Some(field) => not_filterable(&format!("{} (Email)", field.label), Some(name)),
            None => format!("this user can't see the field Email of {name}"),
        };
        return Ok(Some(no_email_because(&reason)));
    }
    Ok(None)
}

/// Says which field can't be filtered by, and why that may be.
pub(crate) fn not_filterable(field: &str, object: Option<&str>) -> String {
    let of = object.map(|object| format!(" of {object}"));
    format!(
        "Salesforce can't filter by the field {field}{}, often because it's encrypted",
        of.unwrap_or_default()
    )
}

pub(crate) fn no_email_because(reason: &str) -> String {
    format!("contacts can't be matched by email: {reason}")
}

/// What lets a replication go on where nobody can be looked for by email.
pub const NO_EMAIL_CURE: &str = "turn off matching by email for this replication";

/// Warns where people are to be looked for by email and can't be.
fn email_warning(settings: &Settings, no_email: Option<&str>) -> Option<Finding> {
    let why = no_email.filter(|_| settings.match_email)?;
    Some(Finding {
        line: None,
        severity: Severity::Warning,
        code: "no_email_matching",
        message: why.to_owned(),
        cure: NO_EMAIL_CURE.into(),
    })
}

/// Returns what a target object looks like: the org's describe, else the standard fields.
///
/// # Errors
/// [`Error::Settings`] for an object that is neither described nor built in.
pub fn target_object(
    reader: &Reader<'_>,
    connection: Option<ConnectionId>,
    object: &str,
) -> Result<TargetObject> {
    let stored = match connection {
        Some(connection) => reader.describe(connection, object)?,
        None => None,
    };
    match stored {
        Some(stored) => Ok(TargetObject::from_describe(&Describe::parse(&stored.body)?)),
        None => TargetObject::built_in(object)
            .ok_or_else(|| Error::Settings(format!("\"{object}\" isn't Lead or Contact"))),
    }
}

/// Adds what the org has said of the objects that the rows of a mapping address by an External ID.
pub fn learn_parents(
    target: &mut TargetObject,
    reader: &Reader<'_>,
    connection: Option<ConnectionId>,
    mapping: &Mapping,
) -> Result<()> {
    let Some(connection) = connection else {
        return Ok(());
    };
    for name in target.parents_of(mapping) {
        let is_known = target.parents.iter().any(|parent| parent.name == name);
        if !is_known && let Some(stored) = reader.describe(connection, &name)? {
            let parent = Parent::from_describe(&Describe::parse(&stored.body)?);
            target.parents.push(parent);
        }
    }
    Ok(())
}
