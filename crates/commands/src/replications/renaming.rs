//! Puts the new name of a segment, score or custom field where replications name it.

use leadferry_replication::Settings;
use leadferry_replication::mapping::{Mapping, Named, renamed_in_template, template_reads};
use leadferry_store::{Reader, Writer};

use crate::Result;

/// Puts a new name into settings, descriptions and mappings.
pub(crate) fn rename_in_replications(
    writer: &Writer<'_>,
    from: Named<'_>,
    to: &str,
    now: i64,
) -> Result<()> {
    for mut replication in writer.replications()? {
        let mut settings = Settings::from_json(&replication.settings)?;
        if rename_in_settings(&mut settings, from, to) {
            replication.settings = settings.to_json();
            writer.change_replication(&replication, now)?;
        }
        let Ok(mut mapping) = Mapping::parse(&writer.mapping(replication.id)?.body) else {
            continue;
        };
        if mapping.rename(from, to) {
            writer.save_mapping(replication.id, &mapping.to_string(), now)?;
        }
    }
    Ok(())
}

/// Puts new paths of purposes where replications require consent to them; `renamed` holds former and new paths.
pub(crate) fn rename_required_purposes(
    writer: &Writer<'_>,
    renamed: &[(String, String)],
    now: i64,
) -> Result<()> {
    for mut replication in writer.replications()? {
        let mut settings = Settings::from_json(&replication.settings)?;
        let before = settings.required_purposes.clone();
        for path in &mut settings.required_purposes {
            if let Some((_, to)) = renamed.iter().find(|(from, _)| from == path) {
                path.clone_from(to);
            }
        }
        if settings.required_purposes != before {
            replication.settings = settings.to_json();
            writer.change_replication(&replication, now)?;
        }
    }
    for (from, to) in renamed.iter().filter(|(from, to)| from != to) {
        rename_in_replications(writer, Named::Purpose(from), to, now)?;
    }
    Ok(())
}

/// Returns a replication that requires consent to a purpose, or maps it; also where it is about something below it.
pub(crate) fn user_of_purpose(reader: &Reader<'_>, path: &str) -> Result<Option<String>> {
    let is_below = |one: &str| {
        let (one, path) = (one.to_lowercase(), path.to_lowercase());
        one == path || one.starts_with(&format!("{path} > "))
    };
    for purpose in reader
        .purposes()?
        .into_iter()
        .filter(|one| is_below(&one.path))
    {
        let mapped = users_of(reader, Named::Purpose(&purpose.path))?;
        if let Some(user) = mapped.into_iter().next() {
            return Ok(Some(user));
        }
    }
    Ok(None)
}

fn rename_in_settings(settings: &mut Settings, from: Named<'_>, to: &str) -> bool {
    let is_chosen = match from {
        Named::Segment(name) => {
            let by_rule = settings
                .partner
                .as_mut()
                .and_then(|one| one.contacts_segment.as_mut());
            let of_partner = by_rule.filter(|held| held.to_lowercase() == name.to_lowercase());
            let is_renamed = of_partner.map(|held| to.clone_into(held)).is_some();
            settings.segments.rename(name, to) || is_renamed
        }
        Named::CustomField(_) | Named::Score(_) | Named::Purpose(_) => false,
    };
    match renamed_in_template(&settings.description, from, to) {
        Some(description) => {
            settings.description = description;
            true
        }
        None => is_chosen,
    }
}

/// Returns the replications that name this: as who is sent, in their mapping or in their description.
pub(crate) fn users_of(reader: &Reader<'_>, named: Named<'_>) -> Result<Vec<String>> {
    let mut users = Vec::new();
    for replication in reader.replications()? {
        let settings = Settings::from_json(&replication.settings)?;
        let mapping = Mapping::parse(&reader.mapping(replication.id)?.body).unwrap_or_default();
        if is_in_settings(&settings, named) || mapping.reads(named) {
            users.push(format!("the replication \"{}\"", replication.name));
        }
    }
    Ok(users)
}

fn is_in_settings(settings: &Settings, named: Named<'_>) -> bool {
    let decides = |name: &str| {
        let by_rule = settings
            .partner
            .iter()
            .filter_map(|one| one.contacts_segment.as_ref());
        let mut names = settings.segments.names().chain(by_rule);
        names.any(|one| one.to_lowercase() == name.to_lowercase())
    };
    let requires = |path: &str| {
        let mut required = settings.required_purposes.iter();
        required.any(|one| one.to_lowercase() == path.to_lowercase())
    };
    matches!(named, Named::Segment(name) if decides(name))
        || matches!(named, Named::Purpose(path) if requires(path))
        || template_reads(&settings.description, named)
}
