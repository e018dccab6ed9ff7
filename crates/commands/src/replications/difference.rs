//! What a run would do with one contact, field by field.

use leadferry_replication::plan::{Difference, difference as differences};
use leadferry_replication::setup::Setup;
use leadferry_store::{Guid, LinkState};
use serde_json::Map;

use crate::{Error, Result, Workspace};

/// Says field by field what a run would do with a contact, whether it stands in the latest plan or not.
///
/// What the org holds is told as the plan saw it; where it was not asked, what was sent last.
///
/// # Errors
/// When there is no such replication or contact, or the replication cannot be used as it is.
pub fn difference(workspace: &Workspace, name: &str, contact: &Guid) -> Result<Difference> {
    let now = workspace.host().now();
    workspace.store().read(|reader| {
        let replication = reader.replication_named(name)?;
        let setup = Setup::load(reader, replication.id, now)?;
        let id = reader.contact_by_guid(contact)?.map(|contact| contact.id);
        let candidate = match id {
            Some(id) => reader.candidates(&setup.query(), &[id])?.pop(),
            None => None,
        };
        let candidate = candidate
            .ok_or_else(|| Error::usage("this contact doesn't exist anymore", "plan again"))?;
        let plan = reader.latest_plan(replication.id)?;
        let planned = match &plan {
            Some(plan) => reader.plan_row(plan.id, candidate.contact.id)?,
            None => None,
        };
        let link = candidate.link.as_ref();
        let linked = link.filter(|link| link.state == LinkState::Linked);
        let found = planned.as_ref().and_then(|row| row.record_id.as_deref());
        let record = linked.map(|link| link.record_id.as_str()).or(found);
        // What was sent since tells more than what the plan saw.
        let made_at = plan.as_ref().map_or(0, |plan| plan.made_at);
        let seen = linked.and_then(|link| link.sent_at).unwrap_or(0) < made_at;
        let now = planned.as_ref().filter(|_| seen && found == record);
        let now = now.and_then(|row| row.detail["now"].as_object());
        let sent = match record {
            Some(record) => reader.sent_last(candidate.contact.id, record)?,
            None => Map::new(),
        };
        let sent = |field: &str| sent.get(field).cloned();
        Ok(differences(&candidate, record, now, &sent, &setup))
    })
}
