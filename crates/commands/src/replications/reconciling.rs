//! Holding what Salesforce has against what was sent, and sending again what differs.

use std::collections::BTreeMap;

use leadferry_replication::comparing::{self, Compared, Cost, Extent};
use leadferry_store::{ContactId, OrgDifference, Replication, counted};
use serde::Serialize;

use super::person::{Person, people};
use super::running::{Shown, connected};
use super::{Cancel, Settings};
use crate::jobs::JobKind;
use crate::orgs::{self, keep_allowance};
use crate::{Code, Error, Result, Workspace};

/// The most contacts on a page.
const MOST: usize = 500;

/// How far members, queue, what was sent and what Salesforce holds agree.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Reconciliation {
    /// The replication.
    pub replication: String,
    /// What asking would cost now; none while the mapping cannot be used.
    pub cost: Option<Cost>,
    /// What came of it last.
    pub last: Option<Reconciled>,
    /// Contacts whose records differ from what was sent.
    pub differing: u64,
}

/// What came of asking Salesforce.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Reconciled {
    /// When, UTC milliseconds.
    pub at: i64,
    /// API calls that it took.
    pub calls: u64,
    /// Records read back; none where records were only counted.
    pub records: Option<u64>,
    /// The counts.
    #[serde(flatten)]
    pub compared: Compared,
}

/// Returns what came of the last reconciliation, and what another one would cost.
///
/// # Errors
/// When there is no such replication.
pub fn reconciliation(workspace: &Workspace, name: &str) -> Result<Reconciliation> {
    let store = workspace.store();
    let replication = store.read(|reader| reader.replication_named(name))?;
    let now = workspace.host().now();
    let cost = match comparing::cost(store, replication.id, now) {
        Ok(cost) => Some(cost),
        Err(
            leadferry_replication::Error::Mapping(_) | leadferry_replication::Error::Settings(_),
        ) => None,
        Err(error) => return Err(error.into()),
    };
    store.read(|reader| {
        let last = reader.reconciliation(replication.id)?;
        Ok(Reconciliation {
            replication: replication.name.clone(),
            cost,
            last: last.map(|last| Reconciled {
                at: last.at,
                calls: last.calls,
                records: last.records,
                compared: serde_json::from_value(last.counts).unwrap_or_default(),
            }),
            differing: reader.differing_count(replication.id)?,
        })
    })
}

/// Asks Salesforce what it holds: counts records, or reads every one of them back (`read_back`).
///
/// # Errors
/// When there is no such replication, it cannot be used as it is, the calls would go beyond the reserve, or the org
/// cannot be asked.
pub async fn reconcile(
    workspace: &Workspace,
    name: &str,
    read_back: bool,
    cancel: &Cancel,
) -> Result<Reconciliation> {
    let (replication, org) = connected(workspace, name).await?;
    let now = workspace.host().now();
    let extent = if read_back {
        Extent::ReadBack
    } else {
        Extent::Count
    };
    refuse_beyond_reserve(workspace, &replication, extent)?;
    let shown = Shown::of(workspace, JobKind::Org, &replication.name);
    let compared = {
        let stopping = shown.stops(cancel);
        let comparing = comparing::compare(
            workspace.store(),
            replication.id,
            &org,
            extent,
            now,
            cancel,
            &shown,
        );
        tokio::select! {
            compared = comparing => compared,
            never = stopping => match never {},
        }
    };
    keep_allowance(workspace, org.connection, &org.client)?;
    if compared?.is_none() {
        return Err(Error::new(
            Code::Cancelled,
            "the comparison was canceled",
            "start it again. Nothing was changed in Salesforce",
        ));
    }
    reconciliation(workspace, name)
}

fn refuse_beyond_reserve(
    workspace: &Workspace,
    replication: &Replication,
    extent: Extent,
) -> Result<()> {
    let store = workspace.store();
    let settings = Settings::from_json(&replication.settings)?;
    let cost = comparing::cost(store, replication.id, workspace.host().now())?;
    let calls = match extent {
        Extent::Count => cost.count_calls,
        Extent::ReadBack => cost.read_calls,
    };
    let Some(budget) = store.read(|reader| orgs::budget_of(workspace, reader, replication))? else {
        return Ok(());
    };
    let left = budget.left();
    if calls <= budget.room {
        return Ok(());
    }
    Err(Error::new(
        Code::Limit,
        format!(
            "checking Salesforce needs {}, and too few are left",
            counted(calls, "API call", "API calls")
        ),
        "wait until more calls are available, or lower the reserve",
    )
    .because(format!(
        "{} left, and {} reserved for other tools",
        counted(left, "call is", "calls are"),
        counted(settings.api_reserve, "of them is", "of them are")
    )))
}

/// A contact whose record differs from what was sent.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct DifferingContact {
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// The record is not there any more.
    pub gone: bool,
    /// Its fields.
    pub fields: Vec<DifferingField>,
}

/// A field that does not hold what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct DifferingField {
    /// The field.
    pub field: String,
    /// What was sent.
    pub sent: Option<String>,
    /// What Salesforce has.
    pub held: Option<String>,
}

/// A page of contacts whose records differ.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct DifferingPage {
    /// The contacts.
    pub contacts: Vec<DifferingContact>,
    /// Where the next page begins; none at the end.
    pub next: Option<ContactId>,
}

/// Returns contacts whose records differ from what was sent.
///
/// # Errors
/// When there is no such replication.
pub fn differing(
    workspace: &Workspace,
    name: &str,
    after: Option<ContactId>,
    limit: usize,
) -> Result<DifferingPage> {
    workspace.store().read(|reader| {
        let replication = reader.replication_named(name)?;
        let limit = limit.clamp(1, MOST);
        let found = reader.differences(replication.id, after.unwrap_or(ContactId(0)), limit)?;
        let by_contact = by_contact(found);
        let ids: Vec<_> = by_contact.keys().copied().collect();
        let mut people = people(reader, ids.iter().copied())?;
        let next = ids.last().copied().filter(|_| ids.len() == limit);
        let contacts = by_contact.into_iter().filter_map(|(id, found)| {
            Some(DifferingContact {
                person: people.remove(&id)?,
                gone: found.iter().any(|one| one.target.is_empty()),
                fields: found.into_iter().filter_map(a_field).collect(),
            })
        });
        Ok(DifferingPage {
            contacts: contacts.collect(),
            next,
        })
    })
}

fn a_field(found: OrgDifference) -> Option<DifferingField> {
    (!found.target.is_empty()).then_some(DifferingField {
        field: found.target,
        sent: found.sent,
        held: found.held,
    })
}

fn by_contact(found: Vec<OrgDifference>) -> BTreeMap<ContactId, Vec<OrgDifference>> {
    let mut by_contact: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for one in found {
        by_contact.entry(one.contact).or_default().push(one);
    }
    by_contact
}

/// How many contacts go again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SentAgain {
    /// Contacts.
    pub contacts: u64,
}

/// Lets what differs go again with the next run: what was sent of it is forgotten. Records that are gone are looked at
/// again, and treated as the settings say.
///
/// # Errors
/// When there is no such replication, or nobody has signed in.
pub fn send_again(workspace: &Workspace, name: &str) -> Result<SentAgain> {
    let store = workspace.store();
    let (replication, org_id) = store.read(|reader| {
        let replication = reader.replication_named(name)?;
        let org_id = match replication.connection {
            Some(connection) => reader.connection(connection)?.org_id,
            None => None,
        };
        Ok::<_, Error>((replication, org_id))
    })?;
    let org_id = org_id.ok_or_else(|| {
        Error::new(
            Code::SignIn,
            "this replication has no org yet",
            "sign in to its connection first",
        )
    })?;
    let contacts = comparing::send_again(store, &replication, &org_id, workspace.host().now())?;
    Ok(SentAgain { contacts })
}
