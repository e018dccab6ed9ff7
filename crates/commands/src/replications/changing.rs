//! Adding, changing and copying replications.

use leadferry_replication::Settings;
use leadferry_replication::mapping::Mapping;
use leadferry_replication::settings::{ReplicationChange, Schedule};
use leadferry_replication::targets::TargetObject;
use leadferry_store::{NewReplication, Reader, Replication, ReplicationId, Threshold, Writer};

use super::standing::Moment;
use super::{ReplicationInfo, check_one_writer, info};
use crate::{Error, Result, Workspace, mappings, quoted};

/// A replication to be added.
#[derive(Debug, Clone)]
pub struct AddReplication {
    /// Name, unique in the workspace.
    pub name: String,
    /// Target object, `Lead` or `Contact`.
    pub object: String,
    /// Everything else; what is not said takes its default.
    pub change: ReplicationChange,
}

/// Adds a replication with the usual mapping of its object.
///
/// # Errors
/// When the name is taken, a setting is not allowed, or another replication writes the same fields.
pub fn add(workspace: &Workspace, request: &AddReplication) -> Result<ReplicationInfo> {
    check_request(request)?;
    let now = workspace.host().now();
    let added = workspace.store().write(|writer| {
        let id = add_in(writer, request, Settings::default(), now)?;
        info(writer, writer.replication(id)?, &Moment::of_change(now))
    });
    added.map_err(of_new)
}

pub(crate) fn check_request(request: &AddReplication) -> Result<()> {
    if !crate::orgs::OBJECTS.contains(&request.object.as_str()) {
        return Err(Error::usage(
            format!("records of \"{}\" can't be created", request.object),
            "use Lead or Contact",
        ));
    }
    check_name(&request.name)
}

/// Adds a replication whose settings are these, apart from what the request says. A consent sync begins without rows.
pub(crate) fn add_in(
    writer: &Writer<'_>,
    request: &AddReplication,
    settings: Settings,
    now: i64,
) -> Result<ReplicationId> {
    let mut wanted = Replication {
        id: ReplicationId(0),
        name: request.name.trim().to_owned(),
        object: request.object.clone(),
        connection: None,
        enabled: true,
        threshold: None,
        settings: settings.to_json(),
        settings_version: 0,
        mapping_version: 0,
        considered: leadferry_store::Considered::default(),
    };
    apply(writer, &mut wanted, &request.change)?;
    let target = mappings::target(writer, &wanted)?;
    let mapping = match settings.consent_sync {
        true => Mapping::default(),
        false => Mapping::usual(&target),
    };
    let new = NewReplication {
        name: wanted.name,
        object: wanted.object,
        connection: wanted.connection,
        threshold: wanted.threshold,
        settings: wanted.settings,
        mapping: mapping.to_string(),
    };
    let id = add_enabled(writer, &new, wanted.enabled, now)?;
    check_one_writer(writer, id)?;
    writer.refresh_marks(id, now)?;
    Ok(id)
}

/// Says of a replication that isn't there yet where its settings are given.
fn of_new(mut error: Error) -> Error {
    if error.command.as_deref() == Some("replications set NAME --help") {
        "Change this setting, then add the replication.".clone_into(&mut error.hint);
        return error.with_command("replications add --help");
    }
    error
}

/// Changes settings of a replication.
///
/// # Errors
/// When there is none of that name, a setting is not allowed, or another replication writes the same fields.
pub fn set(
    workspace: &Workspace,
    name: &str,
    change: &ReplicationChange,
) -> Result<ReplicationInfo> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let id = set_in(writer, name, change, now)?;
        info(writer, writer.replication(id)?, &Moment::of_change(now))
    })
}

/// Changes settings of a replication within a transaction.
pub(crate) fn set_in(
    writer: &Writer<'_>,
    name: &str,
    change: &ReplicationChange,
    now: i64,
) -> Result<ReplicationId> {
    let mut wanted = writer.replication_named(name)?;
    let (before, was_enabled) = (wanted.threshold, wanted.enabled);
    apply(writer, &mut wanted, change)?;
    if wanted.enabled && !was_enabled {
        check_plan_was_seen(writer, &wanted)?;
    }
    writer.change_replication(&wanted, now)?;
    check_one_writer(writer, wanted.id)?;
    if wanted.threshold != before {
        writer.refresh_marks(wanted.id, now)?;
    }
    Ok(wanted.id)
}

/// Refuses to switch on what was never planned and never ran: nobody has seen yet whom it would send.
fn check_plan_was_seen(reader: &Reader<'_>, replication: &Replication) -> Result<()> {
    if reader.latest_plan(replication.id)?.is_some() || reader.run_count(replication.id)? > 0 {
        return Ok(());
    }
    Err(Error::usage(
        format!("\"{}\" stays disabled.", replication.name),
        "Check what a run would do, then enable it.",
    )
    .because("You haven't seen its plan yet.")
    .with_command(format!("replications plan {}", quoted(&replication.name))))
}

/// Copies everything but links to a new replication, on another connection where one is named. The copy is off and has no
/// schedule: it sends nothing before its plan was seen.
///
/// # Errors
/// When the name is taken.
pub fn copy(
    workspace: &Workspace,
    name: &str,
    new_name: &str,
    connection: Option<&str>,
) -> Result<ReplicationInfo> {
    check_name(new_name)?;
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let original = writer.replication_named(name)?;
        let connection = match connection {
            Some(connection) => Some(writer.connection_named(connection)?.id),
            None => original.connection,
        };
        let settings = Settings {
            schedule: Schedule::Manual,
            // People are shared by two, and the original is one of them.
            partner: None,
            ..Settings::from_json(&original.settings)?
        };
        let new = NewReplication {
            name: new_name.trim().to_owned(),
            object: original.object.clone(),
            connection,
            threshold: original.threshold,
            settings: settings.to_json(),
            mapping: writer.mapping(original.id)?.body,
        };
        let id = add_enabled(writer, &new, false, now)?;
        writer.refresh_marks(id, now)?;
        info(writer, writer.replication(id)?, &Moment::of_change(now))
    })
}

/// Removes a replication with its queue and history; links and the org's records stay.
///
/// # Errors
/// When there is none of that name, or a request of it has no known answer yet.
pub fn remove(workspace: &Workspace, name: &str) -> Result<()> {
    Ok(workspace
        .store()
        .write(|writer| writer.remove_replication(writer.replication_named(name)?.id))?)
}

fn add_enabled(
    writer: &Writer<'_>,
    new: &NewReplication,
    enabled: bool,
    now: i64,
) -> Result<ReplicationId> {
    let id = writer.add_replication(new, now)?;
    if !enabled {
        let added = writer.replication(id)?;
        writer.change_replication(&Replication { enabled, ..added }, now)?;
    }
    Ok(id)
}

fn apply(
    reader: &Reader<'_>,
    replication: &mut Replication,
    change: &ReplicationChange,
) -> Result<()> {
    if let Some(name) = &change.name {
        check_name(name)?;
        replication.name = name.trim().to_owned();
    }
    if let Some(name) = &change.connection {
        replication.connection = match name.trim() {
            "" => None,
            name => Some(reader.connection_named(name)?.id),
        };
    }
    replication.enabled = change.enabled.unwrap_or(replication.enabled);
    replication.threshold = threshold(reader, replication.threshold, change)?;
    let mut settings = Settings::from_json(&replication.settings)?;
    let taken = settings.take(change);
    taken.map_err(|error| refused(error, replication, change, None))?;
    if change.alerts.is_some() {
        settings.alerts.sort_unstable();
        settings.alerts.dedup();
    }
    apply_segments(reader, &mut settings, change)?;
    apply_required_purposes(reader, &mut settings, change)?;
    let target = mappings::target(reader, replication)?;
    if settings.lacks_last_name() {
        return Err(lacks_last_name(replication, change));
    }
    let company = settings
        .lacks_company(&target)
        .then(|| why_a_company(&target));
    let checked = settings.check(&target);
    checked.map_err(|error| refused(error, replication, change, company))?;
    replication.settings = settings.to_json();
    if let Some(template) = &change.description {
        mappings::check_description(reader, template)?;
    }
    if change.deleted_here.is_some() {
        mappings::check_farewell(reader, replication, &settings)?;
    }
    Ok(())
}

/// Says who demands a company; before the org's fields are known, that's what most orgs do.
fn why_a_company(target: &TargetObject) -> &'static str {
    match target.described {
        true => "Salesforce requires a company for every record",
        false => {
            "Most orgs require a company for every lead, and this org's fields haven't been loaded yet"
        }
    }
}

/// Adds the command that corrects a setting; a replication without an id doesn't exist yet.
fn refused(
    error: leadferry_replication::Error,
    replication: &Replication,
    change: &ReplicationChange,
    why_a_company: Option<&str>,
) -> Error {
    let lacks_company = why_a_company.is_some();
    let name = quoted(&replication.name);
    let is_new = replication.id == ReplicationId(0);
    let settings = Settings::from_json(&replication.settings).unwrap_or_default();
    let is_sync = settings.consent_sync;
    let object = on_object(replication, change);
    let command = match (is_new, lacks_company) {
        (true, true) if is_sync => {
            format!("consent-syncs add {name} {object} --default-company \"[not provided]\"")
        }
        (true, true) => {
            format!("replications add {name} {object} --default-company \"[not provided]\"")
        }
        (true, false) if is_sync => "consent-syncs add --help".to_owned(),
        (true, false) => "replications add --help".to_owned(),
        (false, true) if is_sync => {
            format!("consent-syncs set {name} --default-company \"[not provided]\"")
        }
        (false, true) => {
            format!("replications set {name} --default-company \"[not provided]\"")
        }
        (false, false) if is_sync => format!("consent-syncs set {name} --help"),
        (false, false) => format!("replications set {name} --help"),
    };
    let error = match why_a_company {
        Some(why) => Error::usage(
            "default company is empty",
            "enter a company for contacts without one",
        )
        .because(why)
        .at("default_company"),
        None => error.into(),
    };
    error.with_command(command)
}

/// Returns the switches that a corrected command repeats: the object, and the connection where one was named.
fn on_object(replication: &Replication, change: &ReplicationChange) -> String {
    let object = format!("--object {}", replication.object);
    match change.connection.as_deref().map(str::trim) {
        None | Some("") => object,
        Some(connection) => [object, "--connection".to_owned(), quoted(connection)].join(" "),
    }
}

fn lacks_last_name(replication: &Replication, change: &ReplicationChange) -> Error {
    let name = quoted(&replication.name);
    let command = match replication.id {
        ReplicationId(0) => format!(
            "consent-syncs add {name} {} --upsert true --default-last-name \"[not provided]\"",
            on_object(replication, change)
        ),
        _ => {
            format!("consent-syncs set {name} --upsert true --default-last-name \"[not provided]\"")
        }
    };
    Error::usage(
        "default last name is empty",
        "enter a last name for contacts without one",
    )
    .because("Salesforce requires a last name for every new record")
    .at("default_last_name")
    .with_command(command)
}

/// Works out score and minimum: both are given, or neither.
fn threshold(
    reader: &Reader<'_>,
    before: Option<Threshold>,
    change: &ReplicationChange,
) -> Result<Option<Threshold>> {
    let score = match change.score.as_deref().map(str::trim) {
        Some("") if change.minimum.is_some() => {
            return Err(Error::usage(
                "a minimum needs a score",
                "choose a score, or leave out the minimum",
            ));
        }
        Some("") => return Ok(None),
        Some(name) => Some(reader.score_named(name)?.id),
        None => before.map(|threshold| threshold.score),
    };
    let minimum = change.minimum.or(before.map(|threshold| threshold.minimum));
    match (score, minimum) {
        (None, None) => Ok(None),
        (Some(score), Some(minimum)) => Ok(Some(Threshold { score, minimum })),
        (Some(_), None) => Err(Error::usage(
            "a score needs a minimum",
            "enter the minimum points for a contact to be selected",
        )
        .at("minimum")),
        (None, Some(_)) => Err(Error::usage(
            "a minimum needs a score",
            "choose a score, or leave out the minimum",
        )
        .at("score")),
    }
}

/// Takes segments by the names that they have.
fn apply_segments(
    reader: &Reader<'_>,
    settings: &mut Settings,
    change: &ReplicationChange,
) -> Result<()> {
    let choice = &mut settings.segments;
    for (to, from) in [
        (&mut choice.any, &change.segments_any),
        (&mut choice.all, &change.segments_all),
        (&mut choice.none, &change.segments_none),
    ] {
        let Some(names) = from else { continue };
        to.clear();
        for name in names.iter().filter(|name| !name.trim().is_empty()) {
            let name = reader.segment_named(name)?.name;
            if !to.contains(&name) {
                to.push(name);
            }
        }
    }
    Ok(())
}

/// Takes purposes by the paths that they have.
fn apply_required_purposes(
    reader: &Reader<'_>,
    settings: &mut Settings,
    change: &ReplicationChange,
) -> Result<()> {
    let Some(paths) = &change.required_purposes else {
        return Ok(());
    };
    settings.required_purposes.clear();
    for path in paths.iter().filter(|path| !path.trim().is_empty()) {
        let path = reader.purpose(path)?.path;
        if !settings.required_purposes.contains(&path) {
            settings.required_purposes.push(path);
        }
    }
    Ok(())
}

fn check_name(name: &str) -> Result<()> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 255 || name.chars().any(char::is_control) {
        return Err(Error::usage(
            "this can't be a replication's name",
            "enter 1 to 255 characters on one line",
        ));
    }
    Ok(())
}
