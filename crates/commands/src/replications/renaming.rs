//! Puts the new name of a segment, score or custom field where replications name it.

use leadferry_replication::Settings;
use leadferry_replication::mapping::{Mapping, Source, renamed_in_template, template_reads_field};
use leadferry_store::{Reader, Writer};

use crate::Result;

/// What was renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Renamed {
    Segment,
    Score,
}

/// Puts a new name into settings and mappings.
pub(crate) fn rename(
    writer: &Writer<'_>,
    what: Renamed,
    from: &str,
    to: &str,
    now: i64,
) -> Result<()> {
    for mut replication in writer.replications()? {
        let mut settings = Settings::from_json(&replication.settings)?;
        if what == Renamed::Segment && settings.segments.rename(from, to) {
            replication.settings = settings.to_json();
            writer.change_replication(&replication, now)?;
        }
        let Ok(mut mapping) = Mapping::parse(&writer.mapping(replication.id)?.body) else {
            continue;
        };
        let mut renamed = false;
        for row in &mut mapping.rows {
            let name = match (&mut row.source, what) {
                (Source::Segment(name), Renamed::Segment)
                | (Source::Points(name), Renamed::Score) => name,
                _ => continue,
            };
            if name.to_lowercase() == from.to_lowercase() {
                to.clone_into(name);
                renamed = true;
            }
        }
        if renamed {
            writer.save_mapping(replication.id, &mapping.to_string(), now)?;
        }
    }
    Ok(())
}

/// Returns the replications that use a segment: as who goes, or to write its status.
pub(crate) fn users_of_segment(reader: &Reader<'_>, name: &str) -> Result<Vec<String>> {
    let key = name.to_lowercase();
    let mut users = Vec::new();
    for replication in reader.replications()? {
        let settings = Settings::from_json(&replication.settings)?;
        let decides = settings
            .segments
            .names()
            .any(|one| one.to_lowercase() == key);
        let rows = Mapping::parse(&reader.mapping(replication.id)?.body)
            .unwrap_or_default()
            .rows;
        let is_written = rows
            .iter()
            .any(|row| matches!(&row.source, Source::Segment(one) if one.to_lowercase() == key));
        if decides || is_written {
            users.push(format!("the replication \"{}\"", replication.name));
        }
    }
    Ok(users)
}

/// Puts the new name of a custom field into mappings and descriptions.
pub(crate) fn rename_custom_field(
    writer: &Writer<'_>,
    from: &str,
    to: &str,
    now: i64,
) -> Result<()> {
    for mut replication in writer.replications()? {
        let mut settings = Settings::from_json(&replication.settings)?;
        if let Some(renamed) = renamed_in_template(&settings.description, from, to) {
            settings.description = renamed;
            replication.settings = settings.to_json();
            writer.change_replication(&replication, now)?;
        }
        let Ok(mut mapping) = Mapping::parse(&writer.mapping(replication.id)?.body) else {
            continue;
        };
        if mapping.rename_field(from, to) {
            writer.save_mapping(replication.id, &mapping.to_string(), now)?;
        }
    }
    Ok(())
}

/// Returns the replications whose mapping or description reads a custom field.
pub(crate) fn users_of_custom_field(reader: &Reader<'_>, name: &str) -> Result<Vec<String>> {
    let mut users = Vec::new();
    for replication in reader.replications()? {
        let settings = Settings::from_json(&replication.settings)?;
        let mapping = Mapping::parse(&reader.mapping(replication.id)?.body).unwrap_or_default();
        if template_reads_field(&settings.description, name) || mapping.reads_field(name) {
            users.push(format!("the replication \"{}\"", replication.name));
        }
    }
    Ok(users)
}
