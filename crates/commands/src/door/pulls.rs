//! `pulls.…`: reading Salesforce records into the workspace.

use leadferry_replication::Cancel;

use super::table::{Named, Nothing, commands};
use crate::pulls::{
    self, AddPull, AskPullFields, MovePull, NextPull, PullDetails, PullFields, PullMoved,
    PullOutcome, PullSchema, PullsListed, SchemaRequest, SetPull,
};

commands! {
    /// Returns all pulls by name, each with its last run.
    "pulls.list" (Nothing) -> PullsListed = |at, _| pulls::list(at.workspace()?);
    /// Returns a pull with its objects and its latest runs.
    "pulls.show" (Named) -> PullDetails = |at, request| pulls::show(at.workspace()?, &request.name);
    /// Returns the fields of an object, as a pull can read them; one call where they aren't known here.
    "pulls.fields" (AskPullFields) -> PullFields, asks org = |at, request| pulls::fields(at.workspace()?, &request).await;
    /// Adds a pull.
    "pulls.add" (AddPull) -> PullDetails, stales ["pulls", "mirror"] = |at, request| pulls::add(at.workspace()?, &request).await;
    /// Changes what a pull reads, or its name.
    "pulls.set" (SetPull) -> PullDetails, stales ["pulls", "mirror", "inbound"] = |at, request| pulls::set(at.workspace()?, &request).await;
    /// Lets a pull read from another connection; what it has read stays in the mirror.
    "pulls.move" (MovePull) -> PullMoved, stales ["pulls", "mirror", "inbound", "conflicts"] = |at, request| {
        pulls::move_to(at.workspace()?, &request).await
    };
    /// Returns when a pull would run next by a schedule, before it is saved.
    "pulls.next_run" (NextPullBy) -> NextPull = |at, request| {
        pulls::next_run(at.workspace()?, &request.name, &request.schedule)
    };
    /// Removes a pull with its history; what it has read stays in the mirror.
    "pulls.remove" (Named) -> (), stales ["pulls", "mirror"] = |at, request| pulls::remove(at.workspace()?, &request.name);
    /// Returns what the mirror needs for a pull, or makes it.
    "pulls.schema" (SchemaRequest) -> PullSchema, stales ["pulls", "mirror", "connections"] = |at, request| {
        pulls::schema(at.workspace()?, &request).await
    };
    /// Reads what has changed; `jobs.cancel` stops it between requests.
    "pulls.run" (Named) -> PullOutcome, stales ["pulls", "mirror", "connections", "contacts", "conflicts"] = |at, request| {
        pulls::run(at.workspace()?, &request.name, &Cancel::new()).await
    };
}

/// A pull, and a schedule for it.
#[derive(Debug, serde::Deserialize, ts_rs::TS)]
pub(crate) struct NextPullBy {
    /// The pull.
    name: String,
    /// The schedule as text.
    schedule: String,
}
