//! What contacts did: by hand, from files, and what waits for people who are not here yet.

use std::ops::ControlFlow;

use leadferry_store::{Activity, ActivityId, NewActivity};
use serde::{Deserialize, Serialize};

pub use crate::imports::{
    ActivitiesColumn, ActivitiesOutcome, ActivitiesPreview, ActivitiesRequest,
};

use crate::imports::{self, ImportProgress};
use crate::jobs::{self, JobKind};
use crate::{Error, Result, Step, Workspace};

/// A kind of activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ActivityTypeInfo {
    /// Name.
    pub name: String,
    /// What it is.
    pub description: String,
}

/// Something that somebody did.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ActivityLine {
    /// Its row.
    pub id: ActivityId,
    /// The name of its type.
    pub kind: String,
    /// When, UTC milliseconds.
    pub at: i64,
    /// A number, such as the worth of an order.
    pub value: Option<f64>,
    /// A page.
    pub url: Option<String>,
    /// A title.
    pub title: Option<String>,
    /// A note.
    pub note: Option<String>,
}

impl From<Activity> for ActivityLine {
    fn from(activity: Activity) -> Self {
        Self {
            id: activity.id,
            kind: activity.kind,
            at: activity.at,
            value: activity.value,
            url: activity.url,
            title: activity.title,
            note: activity.note,
        }
    }
}

/// Reads a moment as people write it: RFC 3339, or a date, which means its first moment in UTC.
pub fn read_moment(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(moment.as_millisecond());
    }
    let date: jiff::civil::Date = text.parse().ok()?;
    let start = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(start.timestamp().as_millisecond())
}

/// Writes a moment, UTC milliseconds, as RFC 3339.
pub fn written_moment(moment: i64) -> String {
    crate::values::moment(moment)
}

/// Returns all types of activities by name.
pub fn types(workspace: &Workspace) -> Result<Vec<ActivityTypeInfo>> {
    let types = workspace.store().read(|reader| reader.activity_types())?;
    let infos = types.into_iter().map(|kind| ActivityTypeInfo {
        name: kind.name,
        description: kind.description,
    });
    Ok(infos.collect())
}

/// Adds a type of activities.
///
/// # Errors
/// When the name is taken or unfit.
pub fn add_type(workspace: &Workspace, name: &str, description: &str) -> Result<()> {
    let now = workspace.host().now();
    workspace
        .store()
        .write(|writer| writer.add_activity_type(name, description, now))?;
    Ok(())
}

/// Gives a type another name, also in the rules that ask for it.
///
/// # Errors
/// When there is none of that name, or the new one is taken.
pub fn rename_type(workspace: &Workspace, from: &str, to: &str) -> Result<()> {
    Ok(workspace
        .store()
        .write(|writer| writer.rename_activity_type(from, to))?)
}

/// Removes a type that no activity has and no rule asks for.
///
/// # Errors
/// When there is none of that name, or it is in use.
pub fn remove_type(workspace: &Workspace, name: &str) -> Result<()> {
    Ok(workspace
        .store()
        .write(|writer| writer.remove_activity_type(name))?)
}

/// An activity entered by hand.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct EnterActivity {
    /// Whose it is: guid or e-mail.
    pub contact: String,
    /// The name of its type.
    pub kind: String,
    /// When, UTC milliseconds; now where unset.
    pub at: Option<i64>,
    /// A number.
    pub value: Option<f64>,
    /// A page.
    pub url: Option<String>,
    /// A title.
    pub title: Option<String>,
    /// A note.
    pub note: Option<String>,
}

/// Adds an activity by hand.
///
/// # Errors
/// When there is no such contact or type, or a value makes no sense.
pub fn add(workspace: &Workspace, entered: &EnterActivity) -> Result<ActivityId> {
    let now = workspace.host().now();
    let text = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).unwrap_or_default();
        (!text.is_empty()).then(|| text.to_owned())
    };
    Ok(workspace.store().write(|writer| {
        let contact = writer.find_contact(&entered.contact)?;
        let new = NewActivity {
            kind: writer.activity_type_named(&entered.kind)?,
            at: entered.at.unwrap_or(now),
            value: entered.value,
            url: text(&entered.url),
            title: text(&entered.title),
            note: text(&entered.note),
        };
        new.check(now)?;
        let id = writer.insert_activity(contact, &new, None)?;
        writer.stamp_contacts(&[contact])?;
        Ok::<_, leadferry_store::Error>(id)
    })?)
}

/// Removes an activity.
///
/// # Errors
/// When there is none of that id.
pub fn remove(workspace: &Workspace, id: ActivityId) -> Result<()> {
    Ok(workspace
        .store()
        .write(|writer| writer.remove_activity(id))?)
}

/// What a contact did.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Timeline {
    /// The activities, the latest first.
    pub activities: Vec<ActivityLine>,
    /// How many there are in all.
    pub total: u64,
}

/// Returns what a contact did, the latest first, before an activity of an earlier page.
///
/// # Errors
/// When there is no such contact.
pub fn list(
    workspace: &Workspace,
    contact: &str,
    before: Option<(i64, ActivityId)>,
    limit: usize,
) -> Result<Timeline> {
    Ok(workspace.store().read(|reader| {
        let contact = reader.find_contact(contact)?;
        let activities = reader.activities_of(contact, before, limit)?;
        Ok::<_, leadferry_store::Error>(Timeline {
            activities: activities.into_iter().map(ActivityLine::from).collect(),
            total: reader.count_activities_of(contact)?,
        })
    })?)
}

/// An activity of somebody who is not here yet.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct WaitingLine {
    /// The email.
    pub email: String,
    /// The activity.
    #[serde(flatten)]
    pub activity: ActivityLine,
}

/// What waits for people who are not here yet.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Waiting {
    /// The first of it, in the order in which it came.
    pub activities: Vec<WaitingLine>,
    /// How many there are in all.
    pub total: u64,
}

/// Returns activities of people who are not here yet.
pub fn waiting(workspace: &Workspace, limit: usize) -> Result<Waiting> {
    let (activities, total) = workspace
        .store()
        .read(|reader| reader.waiting_activities(limit))?;
    let lines = activities.into_iter().map(|waiting| WaitingLine {
        email: waiting.email_key,
        activity: waiting.activity.into(),
    });
    Ok(Waiting {
        activities: lines.collect(),
        total,
    })
}

/// Says what the columns of a file of activities would be read as, before anything is taken in.
///
/// # Errors
/// When the file cannot be read.
pub fn preview(workspace: &Workspace, request: &ActivitiesRequest) -> Result<ActivitiesPreview> {
    let now = workspace.host().now();
    with_progress(workspace, request, "opening", &|| true, |progress| {
        imports::preview_activities(workspace.store(), request, now, progress)
    })
}

/// Brings a file of activities in; an interrupted import of the same file goes on where it stopped.
///
/// # Errors
/// When the file as a whole cannot be taken in; faulty rows are in the answer.
pub fn import(
    workspace: &Workspace,
    request: &ActivitiesRequest,
    go_on: &dyn Fn() -> bool,
) -> Result<ActivitiesOutcome> {
    let host = workspace.host();
    with_progress(
        workspace,
        request,
        "importing activities",
        go_on,
        |progress| {
            let (store, files) = (workspace.store(), workspace.own_files());
            imports::import_activities(store, &files, request, || host.now(), progress)
        },
    )
}

fn with_progress<T>(
    workspace: &Workspace,
    request: &ActivitiesRequest,
    stage: &'static str,
    go_on: &dyn Fn() -> bool,
    work: impl FnOnce(&mut dyn FnMut(&ImportProgress) -> ControlFlow<()>) -> imports::Result<T>,
) -> Result<T> {
    let front_end = &workspace.host().front_end;
    let title = request.file.file_name().unwrap_or_default();
    let job = jobs::begin(workspace, JobKind::Import, &title.to_string_lossy());
    let mut progress = |progress: &ImportProgress| {
        front_end.step(Step {
            stage,
            done: progress.bytes,
            total: progress.bytes_total,
        });
        job.step(stage, progress.bytes, progress.bytes_total);
        if go_on() && job.goes_on() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    work(&mut progress).map_err(|error| for_activities(error.into()))
}

/// Turns the command that cures an import of contacts into that of activities.
fn for_activities(mut error: Error) -> Error {
    error.command = error.command.map(|command| {
        command
            .replacen("contacts import", "activities import", 1)
            .into()
    });
    error
}
