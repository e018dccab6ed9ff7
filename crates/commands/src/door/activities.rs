//! `activities.…`: what contacts did.

use leadferry_store::ActivityId;
use serde::Deserialize;

use super::table::{Named, Nothing, commands};
use crate::activities::{
    self, ActivitiesOutcome, ActivitiesPreview, ActivitiesRequest, ActivityTypeInfo, EnterActivity,
    Timeline, Waiting,
};

commands! {
    /// Returns all types of activities by name.
    "activities.types" (Nothing) -> Vec<ActivityTypeInfo> = |at, _| activities::types(at.workspace()?);
    /// Adds a type of activities.
    "activities.add_type" (NewType) -> (), stales ["activities"] = |at, request| {
        activities::add_type(at.workspace()?, &request.name, &request.description)
    };
    /// Gives a type another name, also in the rules that ask for it.
    "activities.rename_type" (RenameType) -> (), stales ["activities", "segments", "scores"] = |at, request| {
        activities::rename_type(at.workspace()?, &request.name, &request.to)
    };
    /// Removes a type that no activity has and no rule asks for.
    "activities.remove_type" (Named) -> (), stales ["activities"] = |at, request| {
        activities::remove_type(at.workspace()?, &request.name)
    };
    /// Returns what a contact did, the latest first.
    "activities.list" (TimelinePage) -> Timeline = |at, request| {
        let before = request.before_at.zip(request.before_id);
        activities::list(at.workspace()?, &request.contact, before, request.limit)
    };
    /// Adds an activity by hand.
    "activities.add" (EnterActivity) -> ActivityId, stales ["activities", "contacts"] = |at, request| {
        activities::add(at.workspace()?, &request)
    };
    /// Removes an activity.
    "activities.remove" (OneActivity) -> (), stales ["activities", "contacts"] = |at, request| {
        activities::remove(at.workspace()?, request.id)
    };
    /// Returns activities of people who are not here yet.
    "activities.waiting" (Limit) -> Waiting = |at, request| activities::waiting(at.workspace()?, request.limit);
    /// Says what the columns of a file of activities would be read as.
    "activities.preview" (ActivitiesRequest) -> ActivitiesPreview = |at, request| {
        activities::preview(at.workspace()?, &request)
    };
    /// Brings a file of activities in; an interrupted import of the same file goes on where it stopped.
    "activities.import" (ActivitiesRequest) -> ActivitiesOutcome,
        stales ["activities", "contacts", "imports", "scores", "segments"] = |at, request| {
        activities::import(at.workspace()?, &request, &|| true)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct NewType {
    /// Name.
    name: String,
    /// What it is.
    description: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct RenameType {
    /// The name that it has.
    name: String,
    /// The one that it gets.
    to: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct TimelinePage {
    /// Guid or e-mail.
    contact: String,
    /// The time of the last one of the page before.
    before_at: Option<i64>,
    /// Its row.
    before_id: Option<ActivityId>,
    /// The most that are wanted.
    limit: usize,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct OneActivity {
    /// Its row.
    id: ActivityId,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Limit {
    /// The most that are wanted.
    limit: usize,
}
