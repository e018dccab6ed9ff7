//! Finds contact fields that hold values and go nowhere.

use std::collections::BTreeMap;

use leadferry_store::{ContactField, Scope, Store};

use super::KeptCounts;
use crate::Result;
use crate::setup::Setup;

/// Counting visits every selected contact: a pass over the changed ones of more than these takes the last count.
const MOST_COUNTED: u64 = 100_000;

/// Returns how many selected contacts have a value in a built-in field that no row reads; fields without one are left out.
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
        let named = fields.iter().filter_map(|field| field.built_in_name());
        let told = named.zip(counts).filter(|(_, contacts)| *contacts > 0);
        Ok(told
            .map(|(name, contacts)| (name.to_owned(), contacts))
            .collect())
    })
}

/// What we note of a contact ourselves, and the mark that nothing may be sent, are meant for nobody else.
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
