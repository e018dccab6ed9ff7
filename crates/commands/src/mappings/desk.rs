//! What the mapping of a replication is worked on with: its target object, the names of the workspace, and a sample.

use jiff::tz::TimeZone;
use leadferry_replication::Settings;
use leadferry_replication::mapping::{GridFacts, Mapping, Names, Sample};
use leadferry_replication::setup::{KnownNames, learn_parents, selection};
use leadferry_replication::targets::TargetObject;
use leadferry_store::{
    AccountRole, Candidate, CandidateQuery, ContactId, Guid, Reader, Replication, Selection,
};
use serde::Serialize;

use crate::{Error, Result, people};

/// The contact whose values are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SampleContact {
    /// Its lasting name.
    pub guid: Guid,
    /// Its name, else its email, else its company.
    pub name: String,
}

/// Everything about a replication that its mapping depends on, in memory.
pub(super) struct MappingDesk {
    pub(super) replication: Replication,
    pub(super) settings: Settings,
    pub(super) object: TargetObject,
    pub(super) in_force: Mapping,
    pub(super) zone: TimeZone,
    known: KnownNames,
    org_id: Option<String>,
    sample: Option<(Candidate, Option<AccountRole>)>,
    sample_contact: Option<SampleContact>,
}

impl MappingDesk {
    /// Loads a replication; `sample` names a contact, else the first that the replication selects is taken.
    pub(super) fn load(
        reader: &Reader<'_>,
        replication: &str,
        sample: Option<&Guid>,
    ) -> Result<Self> {
        let replication = reader.replication_named(replication)?;
        let settings = Settings::from_json(&replication.settings)?;
        let connection = replication
            .connection
            .map(|id| reader.connection(id))
            .transpose()?;
        let mut desk = Self {
            known: KnownNames::load(reader)?,
            org_id: connection.and_then(|connection| connection.org_id),
            object: super::target(reader, &replication)?,
            in_force: read(&reader.mapping(replication.id)?.body)?,
            zone: TimeZone::get(&reader.time_zone()?).unwrap_or(TimeZone::UTC),
            sample: None,
            sample_contact: None,
            settings,
            replication,
        };
        let in_force = desk.in_force.clone();
        desk.learn(reader, &in_force)?;
        let contact = match sample {
            Some(guid) => reader.contact_by_guid(guid)?.map(|contact| contact.id),
            None => None,
        };
        let contact = match contact {
            Some(contact) => Some(contact),
            None => desk.neighbour(reader, ContactId(0), true)?,
        };
        if let Some(contact) = contact {
            desk.sample = desk.candidate(reader, contact)?;
            desk.sample_contact = sample_contact(reader, contact)?;
        }
        Ok(desk)
    }

    /// Takes in what is known of the objects that a mapping addresses by an External ID.
    pub(super) fn learn(&mut self, reader: &Reader<'_>, mapping: &Mapping) -> Result<()> {
        let connection = self.replication.connection;
        Ok(learn_parents(
            &mut self.object,
            reader,
            connection,
            mapping,
        )?)
    }

    /// Returns the next contact that the replication selects; of all that may be sent where it selects none.
    pub(super) fn neighbour(
        &self,
        reader: &Reader<'_>,
        from: ContactId,
        forward: bool,
    ) -> Result<Option<ContactId>> {
        let id = self.replication.id;
        let mut selection =
            selection(reader, &self.replication, &self.settings).unwrap_or_default();
        if reader
            .neighbour(id, &selection, ContactId(0), true)?
            .is_none()
        {
            selection = Selection::default();
        }
        Ok(reader.neighbour(id, &selection, from, forward)?)
    }

    fn candidate(
        &self,
        reader: &Reader<'_>,
        contact: ContactId,
    ) -> Result<Option<(Candidate, Option<AccountRole>)>> {
        let fields = reader.all_fields()?;
        let known = &self.known;
        let scores: Vec<_> = known.scores.iter().map(|(id, _)| *id).collect();
        let segments: Vec<_> = known.segments.iter().map(|(id, _)| *id).collect();
        let purposes: Vec<_> = known.purposes.iter().map(|(id, _)| *id).collect();
        let records = known.salesforce.iter().map(|(asked, _)| asked.clone());
        let records: Vec<_> = records.enumerate().collect();
        let query = CandidateQuery {
            replication: self.replication.id,
            records: &records,
            records_org: self.org_id(),
            near: None,
            org_id: None,
            object: &self.replication.object,
            selection: &Selection::default(),
            purposes: &purposes,
            segments: &segments,
            fields: &fields,
            scores: &scores,
            accounts: true,
            refusals: false,
        };
        let candidate = reader.candidates(&query, &[contact])?.pop();
        let memberships = reader.companies_of(&[contact])?.remove(&contact);
        let role = memberships.and_then(|all| all.first().map(|membership| membership.role));
        Ok(candidate.map(|candidate| (candidate, role)))
    }

    pub(super) fn names(&self) -> Names<'_> {
        self.known.names()
    }

    /// Returns the org that the replication writes to, once someone has signed in.
    pub(super) fn org_id(&self) -> Option<&str> {
        self.org_id.as_deref()
    }

    pub(super) fn facts<'a>(&'a self, names: &'a Names<'a>) -> GridFacts<'a> {
        GridFacts {
            names,
            object: &self.object,
            settings: &self.settings,
            zone: &self.zone,
            sample: self.sample.as_ref().map(|(candidate, role)| Sample {
                candidate,
                role: *role,
            }),
        }
    }

    pub(super) fn sample(&self) -> Option<SampleContact> {
        self.sample.as_ref()?;
        self.sample_contact.clone()
    }
}

/// Returns a contact as a sample is named.
pub(super) fn sample_contact(
    reader: &Reader<'_>,
    contact: ContactId,
) -> Result<Option<SampleContact>> {
    let person = people::people(reader, &[contact])?.remove(&contact);
    Ok(person.map(|person| SampleContact {
        guid: person.guid,
        name: person.name,
    }))
}

/// Reads a mapping's text.
pub(super) fn read(text: &str) -> Result<Mapping> {
    Mapping::parse(text).map_err(|findings| {
        findings.first().map_or_else(
            || Error::usage("the mapping can't be read", "correct the mapping"),
            super::refusal,
        )
    })
}
