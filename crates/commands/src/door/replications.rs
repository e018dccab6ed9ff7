//! `replications.…`: who goes where, and how; planning, matching and running.

use leadferry_replication::Cancel;
use leadferry_store::{ContactId, Guid};
use serde::Deserialize;

use super::table::{Named, Nothing, commands};
use crate::prepare_org::{self, Prepared};
use crate::replications::{
    self, ActivationRequest, Activations, AddReplication, Difference, DifferingPage, KeptPlan,
    NextRun, PartnerInfo, PartnerPreview, PlanReport, PlannedPage, PlannedQuery, PlannedReason,
    PlannedRemark, Reach, Reconciliation, ReplicationChange, ReplicationInfo, RunOutcome, RunWish,
    Selected, SelectionChoice, SentAgain, SetPartner, SetUpAt, UnplannedPage, UnplannedReason,
    UnplannedRequest,
};

commands! {
    /// Returns all replications by name.
    "replications.list" (Nothing) -> Vec<ReplicationInfo> = |at, _| replications::list(at.workspace()?);
    /// Returns one replication.
    "replications.show" (Named) -> ReplicationInfo = |at, request| replications::show(at.workspace()?, &request.name);
    /// Adds a replication with the usual mapping of its object.
    "replications.add" (NewReplication) -> ReplicationInfo, stales ["replications", "workspaces"] = |at, request| {
        let request = AddReplication { name: request.name, object: request.object, change: request.settings };
        replications::add(at.workspace()?, &request)
    };
    /// Changes settings of a replication.
    "replications.set" (SetReplication) -> ReplicationInfo, stales ["replications", "mappings"] = |at, request| {
        replications::set(at.workspace()?, &request.name, &request.settings)
    };
    /// Keeps the part of its setup at which a replication was left, so that it continues there.
    "replications.set_up_at" (SetUpAt) -> (), stales ["replications"] = |at, request| {
        replications::set_up_at(at.workspace()?, &request)
    };
    /// Counts whom a choice of score and segments would select, before it is saved.
    "replications.would_select" (SelectionChoice) -> Selected = |at, choice| {
        replications::would_select(at.workspace()?, &choice)
    };
    /// Returns when a replication would run next by a schedule, before it is saved.
    "replications.next_run" (NextRunBy) -> NextRun = |at, request| {
        replications::next_run(at.workspace()?, &request.name, &request.schedule)
    };
    /// Copies everything but links to a new replication, on another connection where one is named.
    "replications.copy" (Copy) -> ReplicationInfo, stales ["replications", "workspaces"] = |at, request| {
        replications::copy(at.workspace()?, &request.name, &request.new_name, request.connection.as_deref())
    };
    /// Removes a replication with its queue and history; links and the org's records stay.
    "replications.remove" (Named) -> (), stales ["replications", "workspaces", "queue", "runs"] = |at, request| {
        replications::remove(at.workspace()?, &request.name)
    };
    /// Checks the identifier field in the org and, unless only looking, makes it and lets the user see it.
    "replications.prepare_org" (PrepareOrg) -> Prepared, stales ["connections", "mappings"] = |at, request| {
        prepare_org::prepare_org(at.workspace()?, &request.name, request.check_only).await
    };
    /// Returns how far members, queue, what was sent and what Salesforce holds agreed when it was asked last.
    "replications.reconciliation" (Named) -> Reconciliation = |at, request| {
        replications::reconciliation(at.workspace()?, &request.name)
    };
    /// Asks Salesforce what it holds: counts records, or reads them back.
    "replications.reconcile" (Reconcile) -> Reconciliation, stales ["replications", "connections"] = |at, request| {
        replications::reconcile(at.workspace()?, &request.name, request.read_back, &Cancel::new()).await
    };
    /// Returns contacts whose records differ from what was sent.
    "replications.differing" (Differing) -> DifferingPage = |at, request| {
        replications::differing(at.workspace()?, &request.name, request.after, request.limit)
    };
    /// Lets what differs go again with the next run.
    "replications.send_again" (Named) -> SentAgain, stales ["replications", "queue"] = |at, request| {
        replications::send_again(at.workspace()?, &request.name)
    };
    /// Returns the activated segments of a replication, and what could be activated.
    "replications.activations" (Named) -> Activations = |at, request| {
        replications::activations(at.workspace()?, &request.name)
    };
    /// Activates a segment, or gives an active one another Mapping ID.
    "replications.activate" (ActivationRequest) -> Activations, stales ["replications", "mappings", "segments"] = |at, request| {
        replications::activate(at.workspace()?, &request)
    };
    /// Activates every segment that is not active yet, each with its proposed Mapping ID.
    "replications.activate_all" (Named) -> Activations, stales ["replications", "mappings", "segments"] = |at, request| {
        replications::activate_all(at.workspace()?, &request.name)
    };
    /// Ends an activation; its field stays as it is in the org.
    "replications.deactivate" (Deactivate) -> Activations, stales ["replications", "mappings", "segments"] = |at, request| {
        replications::deactivate(at.workspace()?, &request.name, &request.segment)
    };
    /// Returns a replication's partner, and which ones are possible.
    "replications.partner" (Named) -> PartnerInfo = |at, request| {
        replications::partner_of(at.workspace()?, &request.name)
    };
    /// Shows what two replications would come to as partners; nothing changes.
    "replications.preview_partner" (SetPartner) -> PartnerPreview = |at, request| {
        replications::preview_partner(at.workspace()?, &request)
    };
    /// Makes two replications partners: each person goes through exactly one of them.
    "replications.set_partner" (SetPartner) -> PartnerPreview, stales ["replications", "queue", "segments"] = |at, request| {
        replications::set_partner(at.workspace()?, &request)
    };
    /// Ends a partnership; both replications go on by themselves.
    "replications.remove_partner" (Named) -> (), stales ["replications", "queue", "segments"] = |at, request| {
        replications::remove_partner(at.workspace()?, &request.name)
    };
    /// Works out what a run would do, without asking the org.
    "replications.plan" (Named) -> PlanReport, stales ["replications"] = |at, request| {
        replications::plan(at.workspace()?, &request.name)
    };
    /// Returns the latest plan without making one.
    "replications.latest_plan" (Named) -> Option<KeptPlan> = |at, request| {
        replications::latest_plan(at.workspace()?, &request.name)
    };
    /// Returns contacts of the latest plan, page by page.
    "replications.planned" (PlannedQuery) -> PlannedPage = |at, query| replications::page(at.workspace()?, &query);
    /// Returns why contacts of the latest plan are blocked, the most frequent reason first.
    "replications.blocked_by" (Named) -> Vec<PlannedReason> = |at, request| {
        replications::blocked_by(at.workspace()?, &request.name)
    };
    /// Returns what would become of values that don't go as they are, by kind and field, the most frequent first.
    "replications.remarks" (Named) -> Vec<PlannedRemark> = |at, request| {
        replications::remarks(at.workspace()?, &request.name)
    };
    /// Returns why the latest plan would do nothing about contacts, the most frequent reason first.
    "replications.unplanned_reasons" (Named) -> Vec<UnplannedReason> = |at, request| {
        replications::unplanned_reasons(at.workspace()?, &request.name)
    };
    /// Returns contacts that the latest plan would do nothing about, page by page.
    "replications.unplanned" (UnplannedRequest) -> UnplannedPage = |at, request| {
        replications::unplanned(at.workspace()?, &request)
    };
    /// Says field by field what a run would do with a contact.
    "replications.difference" (ContactOf) -> Difference = |at, request| {
        replications::difference(at.workspace()?, &request.name, &request.contact)
    };
    /// Works out what a run would do, and finds every person in the org.
    "replications.match" (Named) -> PlanReport, stales ["replications", "connections"] = |at, request| {
        replications::find_people(at.workspace()?, &request.name).await
    };
    /// Lets scheduled runs go on that wait for someone.
    "replications.release" (Named) -> ReplicationInfo, stales ["replications"] = |at, request| {
        replications::release(at.workspace()?, &request.name)
    };
    /// Sends what is due; `jobs.cancel` stops it between requests.
    "replications.run" (RunReplication) -> RunOutcome,
        stales ["replications", "consent_syncs", "queue", "runs", "links", "contacts", "connections"] = |at, request| {
        let wish = RunWish {
            confirm: request.confirm.as_deref(),
            reach: match (request.first, request.as_far_as_possible) {
                (Some(first), _) => Reach::First(first),
                (None, Some(true)) => Reach::AsFarAsItGets,
                (None, _) => Reach::Whole,
            },
            scheduled: false,
        };
        replications::run_as(at.workspace()?, &request.name, wish, &Cancel::new()).await
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct RunReplication {
    /// The replication.
    name: String,
    /// The connection's name as the user typed it; the first run to a production org needs it.
    confirm: Option<String>,
    /// Sends as many contacts as the API calls suffice for, instead of none where they don't suffice for all.
    as_far_as_possible: Option<bool>,
    /// Sends no more than so many contacts, and stops.
    first: Option<u32>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct NewReplication {
    /// Its name.
    name: String,
    /// `Lead` or `Contact`.
    object: String,
    /// Everything else; what is not said takes its default.
    settings: ReplicationChange,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct SetReplication {
    /// The replication.
    name: String,
    /// What is to be changed.
    settings: ReplicationChange,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct Copy {
    /// The replication.
    name: String,
    /// The copy's name.
    new_name: String,
    /// The copy's connection.
    connection: Option<String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct NextRunBy {
    /// The replication.
    name: String,
    /// `manual`, `on change`, `every 15 minutes` or `at 08:00, 13:30`.
    schedule: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct PrepareOrg {
    /// The replication.
    name: String,
    /// Changes nothing.
    check_only: bool,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct ContactOf {
    /// The replication.
    name: String,
    /// The contact.
    contact: Guid,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Deactivate {
    /// The replication.
    name: String,
    /// The segment.
    segment: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Reconcile {
    /// The replication.
    name: String,
    /// Reads every record back, instead of counting.
    read_back: bool,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct Differing {
    /// The replication.
    name: String,
    /// The last one of the page before.
    after: Option<ContactId>,
    /// How many contacts at most.
    limit: usize,
}
