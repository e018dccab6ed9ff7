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
    workspace.store().read(|reader| {
        let replication = reader.replication_named(name)?;
        let setup = Setup::load(reader, replication.id)?;
        let id = reader.contact_by_guid(contact)?.map(|contact| contact.id);
        let candidate = match id {
            Some(id) => reader.candidates(&setup.query(), &[id])?.pop(),
            None => None,
        };
        let candidate = candidate.ok_or_else(|| {
            Error::usage("this contact is not there any more", "make the plan again")
        })?;
        let planned = match reader.latest_plan(replication.id)? {
            Some(plan) => reader.plan_row(plan.id, candidate.contact.id)?,
            None => None,
        };
        let (record, now) = match &planned {
            Some(row) => (row.record_id.as_deref(), row.detail["now"].as_object()),
            None => {
                let linked = candidate
                    .link
                    .as_ref()
                    .filter(|link| link.state == LinkState::Linked);
                (linked.map(|link| link.record_id.as_str()), None)
            }
        };
        let sent = match record {
            Some(record) => reader.sent_last(candidate.contact.id, record)?,
            None => Map::new(),
        };
        let sent = |field: &str| sent.get(field).cloned();
        Ok(differences(&candidate, record, now, &sent, &setup))
    })
}
