//! Finds contact fields that hold values and go nowhere.

use std::collections::BTreeMap;

use leadferry_store::{ContactField, Reader, Scope, Store};

use super::KeptCounts;
use crate::Result;
use crate::mapping::Mapping;
use crate::setup::Setup;

/// Counting visits every selected contact: a pass over the changed ones of more than these takes the last count.
const MOST_COUNTED: u64 = 100_000;

const OPT_OUTS: [ContactField; 3] = [
    ContactField::EmailOptOut,
    ContactField::PhoneOptOut,
    ContactField::FaxOptOut,
];

/// Returns how many selected contacts have a value in a built-in field that no row reads; fields without one are left out.
/// Of opt-outs only a no counts, and only where nothing else sends it to these records.
pub(super) fn unsent(store: &Store, setup: &Setup) -> Result<BTreeMap<String, u64>> {
    if setup.settings.consent_sync {
        // It is for consent alone.
        return Ok(BTreeMap::new());
    }
    let read = setup.mapping.fields();
    let fields: Vec<_> = ContactField::BUILT_IN
        .iter()
        .copied()
        .filter(|field| is_told(*field) && !read.contains(field))
        .collect();
    let replication = setup.replication.id;
    store.read(|reader| {
        if matches!(setup.scope(), Scope::Since(_)) && reader.live_contacts()? > MOST_COUNTED {
            let last = reader.latest_plan(replication)?;
            let last = last.filter(|plan| plan.versions == setup.versions);
            return Ok(last
                .map(|plan| KeptCounts::of(&plan).unsent)
                .unwrap_or_default());
        }
        let counts = reader.filled_counts(replication, &setup.selection, &fields)?;
        let mut opt_outs = OPT_OUTS.to_vec();
        opt_outs.retain(|field| !read.contains(field));
        if !opt_outs.is_empty() {
            let sent = sent_by_others(reader, setup)?;
            opt_outs.retain(|field| {
                let mut sent = sent.iter();
                sent.all(|source| Some(source.as_str()) != field.built_in_name())
            });
        }
        let refused = reader.opted_out_counts(replication, &setup.selection, &opt_outs)?;
        let named = fields.iter().chain(&opt_outs);
        let named = named.filter_map(|field| field.built_in_name());
        let told = named
            .zip(counts.into_iter().chain(refused))
            .filter(|(_, contacts)| *contacts > 0);
        Ok(told
            .map(|(name, contacts)| (name.to_owned(), contacts))
            .collect())
    })
}

/// Returns the sources that consent syncs and other replications send to the same records.
fn sent_by_others(reader: &Reader<'_>, setup: &Setup) -> Result<Vec<String>> {
    let this = &setup.replication;
    let mut sent = Vec::new();
    for other in reader.replications()? {
        let is_beside = other.enabled
            && other.id != this.id
            && other.connection == this.connection
            && other.object == this.object;
        if is_beside && let Ok(mapping) = Mapping::parse(&reader.mapping(other.id)?.body) {
            sent.extend(mapping.rows.iter().map(|row| row.source.to_string()));
        }
    }
    Ok(sent)
}

/// What we note of a contact ourselves, and the mark that nothing may be sent, are meant for nobody else. Opt-outs are counted
/// apart.
fn is_told(field: ContactField) -> bool {
    !matches!(
        field,
        ContactField::DoNotSend
            | ContactField::EmailOptOut
            | ContactField::PhoneOptOut
            | ContactField::FaxOptOut
            | ContactField::CreatedAt
            | ContactField::ChangedAt
    )
}
