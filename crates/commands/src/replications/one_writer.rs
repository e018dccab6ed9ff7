//! A target field is written by one enabled replication per object and org.

use std::collections::BTreeSet;

use leadferry_replication::Settings;
use leadferry_replication::mapping::{Mapping, Overwrite, Target};
use leadferry_store::{ConnectionId, Reader, Replication, ReplicationId};

use crate::{Error, Result};

/// Refuses a replication that writes what another one writes; rows for new records only are exempt.
pub(crate) fn check_one_writer(reader: &Reader<'_>, id: ReplicationId) -> Result<()> {
    let mine = reader.replication(id)?;
    let (true, Some(connection)) = (mine.enabled, mine.connection) else {
        return Ok(());
    };
    let written = written_fields(reader, &mine)?;
    for other in reader.replications()? {
        let rivals = other.id != id && other.enabled && other.object == mine.object;
        if !rivals
            || !other
                .connection
                .map_or(Ok(false), |theirs| same_org(reader, connection, theirs))?
        {
            continue;
        }
        let both: Vec<_> = written_fields(reader, &other)?
            .intersection(&written)
            .cloned()
            .collect();
        if let Some(field) = both.first() {
            let more = if both.len() > 1 {
                format!(" and {} more", both.len() - 1)
            } else {
                String::new()
            };
            let is_sync = |one: &Replication| {
                let settings = Settings::from_json(&one.settings);
                settings.is_ok_and(|settings| settings.consent_sync)
            };
            let what = match is_sync(&other) {
                true => "consent sync",
                false => "replication",
            };
            let message = format!(
                "the {what} \"{}\" already writes {field}{more} of the same {} records",
                other.name, mine.object
            );
            // The rows of a consent sync have no rules.
            let hint = match is_sync(&mine) || is_sync(&other) {
                true => "remove the field from one of the two, or disable one of them",
                false => {
                    "remove the rows from one of the two mappings, add the rule on_create to them, or disable \
                     one replication"
                }
            };
            return Err(Error::usage(message, hint));
        }
    }
    Ok(())
}

pub(super) fn same_org(
    reader: &Reader<'_>,
    one: ConnectionId,
    other: ConnectionId,
) -> Result<bool> {
    if one == other {
        return Ok(true);
    }
    let org = |id| reader.connection(id).map(|connection| connection.org_id);
    let (one, other) = (org(one)?, org(other)?);
    Ok(one.is_some() && one == other)
}

fn written_fields(reader: &Reader<'_>, replication: &Replication) -> Result<BTreeSet<String>> {
    let body = reader.mapping(replication.id)?.body;
    // A mapping that cannot be read cannot be run either.
    let rows = Mapping::parse(&body).unwrap_or_default().rows;
    let written = rows
        .into_iter()
        .filter(|row| row.overwrite != Overwrite::OnCreate);
    Ok(written.map(|row| field_of(&row.target)).collect())
}

/// Returns the field that a target writes: a parent by its external id writes the lookup itself.
fn field_of(target: &Target) -> String {
    match target {
        Target::Field(name) => name.clone(),
        Target::Parent { relationship, .. } => match relationship.strip_suffix("__r") {
            Some(custom) => format!("{custom}__c"),
            None => format!("{relationship}Id"),
        },
    }
}
