//! `inbound.…` and `conflicts.…`: what comes from Salesforce into contacts.

use super::table::{Named, commands};
use crate::inbound::{
    self, AskConflicts, ConflictsPage, ConflictsResolved, InboundChecked, InboundMapping,
    ResolveConflicts, SetInbound,
};

commands! {
    /// Returns what a pull brings into contacts, and what it could.
    "inbound.show" (Named) -> InboundMapping = |at, request| inbound::show(at.workspace()?, &request.name);
    /// Changes what a pull brings into contacts.
    "inbound.set" (SetInbound) -> InboundMapping, stales ["inbound", "pulls"] = |at, request| {
        inbound::set(at.workspace()?, &request)
    };
    /// Checks what a pull brings into contacts against the fields on both sides.
    "inbound.check" (Named) -> InboundChecked = |at, request| inbound::check(at.workspace()?, &request.name);
    /// Returns fields that were changed on both sides, with both values.
    "conflicts.list" (AskConflicts) -> ConflictsPage = |at, request| inbound::list_conflicts(at.workspace()?, &request);
    /// Resolves fields that were changed on both sides.
    "conflicts.resolve" (ResolveConflicts) -> ConflictsResolved, stales ["conflicts", "contacts", "replications"] = |at, request| {
        inbound::resolve_conflicts(at.workspace()?, &request)
    };
}
