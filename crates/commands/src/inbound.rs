//! Inbound mappings: which Salesforce values come into contacts, and the conflicts that need a choice.

mod conflicts;
mod shown;

use leadferry_replication::inbound::{
    Inbound, InboundTo, check as check_rows, sent_from_elsewhere,
};
use leadferry_replication::mapping::{Finding, Mapping, Names, Severity};
use leadferry_replication::pull::inbound_of;
use leadferry_replication::setup::target_object;
use leadferry_replication::targets::TargetObject;
use leadferry_store::{Pull, PullInbound, PullObject, Reader};
use serde::{Deserialize, Serialize};

pub use conflicts::{
    AskConflicts, ConflictLine, ConflictSide, ConflictsPage, ConflictsResolved, ResolveConflicts,
    list as list_conflicts, resolve as resolve_conflicts,
};
pub use leadferry_replication::inbound::InboundRule;
pub use shown::{InboundField, InboundLine, InboundMapping, InboundObject, InboundPlace, show};

use crate::pulls::{PullFilter, as_json, check_filter};
use crate::{Error, Result, Workspace, quoted};

/// A change of the inbound mapping of one object.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct SetInbound {
    /// The pull.
    pub pull: String,
    /// Lead or Contact; not needed where the pull reads only one of them.
    pub object: Option<String>,
    /// All rows as text, `Phone=business_phone ; newest`, one a line; without it they stay.
    pub text: Option<String>,
    /// Goes back to the usual rows.
    #[serde(default)]
    #[ts(as = "Option<bool>")]
    pub usual: bool,
    /// Makes contacts of records that are nobody here, or stops that; without it, it stays as it is.
    pub bring_in: Option<bool>,
    /// Which records are brought in; without it, all of them. Only with `bring_in`.
    pub newcomers: Option<PullFilter>,
}

/// What checking found about one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct InboundFinding {
    /// The object.
    pub object: String,
    /// What was found; its line is the number of the row.
    #[serde(flatten)]
    #[ts(flatten)]
    pub finding: Finding,
}

/// What checking an inbound mapping found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct InboundChecked {
    /// The pull.
    pub pull: String,
    /// Whether it can be used.
    pub usable: bool,
    /// What was found.
    pub findings: Vec<InboundFinding>,
}

/// Changes the inbound mapping of an object. The next run compares every linked record by it.
///
/// # Errors
/// When there is no such pull, it doesn't read the object, or the mapping can't be used.
pub fn set(workspace: &Workspace, request: &SetInbound) -> Result<InboundMapping> {
    workspace.store().write(|writer| {
        let pull = writer.pull_named(&request.pull)?;
        let object = chosen(&pull, request.object.as_deref())?;
        let kept = writer.pull_inbound(pull.id, &object.object)?;
        let rows = match &request.text {
            _ if request.usual => None,
            None => kept.rows.clone(),
            Some(text) => Some(usable(writer, &pull, object, text)?),
        };
        let connection = writer.connection(pull.connection)?;
        let newcomers = match request.bring_in {
            None => kept.newcomers,
            Some(false) => None,
            Some(true) => {
                let filter = match (&request.newcomers, kept.newcomers) {
                    (None, Some(kept)) => kept,
                    (newcomers, _) => {
                        let filter = newcomers.clone().unwrap_or_default();
                        check_filter(writer, &connection, &object.object, &filter)?;
                        as_json(&filter)?
                    }
                };
                Some(filter)
            }
        };
        let org_id = connection.org_id.as_deref();
        let inbound = PullInbound { rows, newcomers };
        writer.set_pull_inbound(pull.id, org_id, &object.object, &inbound)?;
        Ok::<_, Error>(())
    })?;
    show(workspace, &request.pull)
}

/// Returns a text in its usual form, where it can be used.
fn usable(reader: &Reader<'_>, pull: &Pull, object: &PullObject, text: &str) -> Result<String> {
    let refused = |finding: &Finding| {
        let place = finding
            .line
            .map(|line| format!("row {line}: "))
            .unwrap_or_default();
        Error::usage("the inbound mapping can't be used", finding.cure.clone())
            .because(format!("{place}{}", finding.message))
    };
    let inbound = match Inbound::parse(text) {
        Ok(inbound) => inbound,
        Err(findings) => return Err(refused(&findings[0])),
    };
    let findings = findings(reader, pull, object, &inbound)?;
    let fault = findings
        .iter()
        .find(|finding| finding.severity == Severity::Error);
    match fault {
        Some(fault) => Err(refused(fault)),
        None => Ok(inbound.text()),
    }
}

/// Checks the inbound mapping of a pull against the fields on both sides.
///
/// # Errors
/// When there is no such pull.
pub fn check(workspace: &Workspace, pull: &str) -> Result<InboundChecked> {
    workspace.store().read(|reader| {
        let pull = reader.pull_named(pull)?;
        let mut all = Vec::new();
        for object in people(&pull) {
            let target = target_object(reader, Some(pull.connection), &object.object)?;
            let found = match inbound_of(reader, pull.id, object, &target) {
                Ok(inbound) => findings(reader, &pull, object, &inbound)?,
                Err(leadferry_replication::Error::Settings(_)) => {
                    let text = reader.pull_inbound(pull.id, &object.object)?.rows;
                    Inbound::parse(&text.unwrap_or_default())
                        .err()
                        .unwrap_or_default()
                }
                Err(error) => return Err(error.into()),
            };
            all.extend(found.into_iter().map(|finding| InboundFinding {
                object: object.object.clone(),
                finding,
            }));
        }
        Ok(InboundChecked {
            usable: all
                .iter()
                .all(|one| one.finding.severity != Severity::Error),
            pull: pull.name,
            findings: all,
        })
    })
}

/// Returns the objects of a pull whose records come into contacts.
fn people(pull: &Pull) -> impl Iterator<Item = &PullObject> {
    let objects = pull.objects.iter();
    objects.filter(|object| leadferry_replication::inbound::is_person(&object.object))
}

/// Returns the object that is meant.
fn chosen<'p>(pull: &'p Pull, named: Option<&str>) -> Result<&'p PullObject> {
    let all: Vec<&PullObject> = people(pull).collect();
    let show = format!("pulls show {}", quoted(&pull.name));
    match (named.map(str::trim), all.as_slice()) {
        (Some(name), _) => all
            .into_iter()
            .find(|object| object.object.eq_ignore_ascii_case(name))
            .ok_or_else(|| {
                Error::usage(
                    format!("the pull doesn't bring {name} into contacts"),
                    "choose Lead or Contact, and add it to the pull",
                )
                .with_command(show)
            }),
        (None, [one]) => Ok(one),
        (None, []) => Err(Error::usage(
            "the pull reads neither leads nor contacts",
            "add Lead or Contact to the pull",
        )
        .with_command(show)),
        (None, _) => Err(Error::usage(
            "the pull reads leads and contacts",
            "choose Lead or Contact",
        )
        .at("object")),
    }
}

/// Returns everything that can be said about an inbound mapping.
fn findings(
    reader: &Reader<'_>,
    pull: &Pull,
    object: &PullObject,
    inbound: &Inbound,
) -> Result<Vec<Finding>> {
    let custom = reader.custom_fields()?;
    let purposes = reader.purposes()?.into_iter();
    let purposes: Vec<_> = purposes.map(|one| (one.id, one.path)).collect();
    let names = Names {
        custom: &custom,
        scores: &[],
        segments: &[],
        purposes: &purposes,
        salesforce: &[],
    };
    let target: TargetObject = target_object(reader, Some(pull.connection), &object.object)?;
    let mut found = check_rows(inbound, &names, &target);
    for replication in reader.replications()? {
        let is_of = replication.object == target.name
            && replication.enabled
            && replication.connection == Some(pull.connection);
        if is_of && let Ok(mapping) = Mapping::parse(&reader.mapping(replication.id)?.body) {
            found.extend(sent_from_elsewhere(inbound, &mapping));
        }
    }
    Ok(found)
}

/// Returns where a value goes, as people read it.
fn place_label(to: &InboundTo) -> String {
    match to {
        InboundTo::Street => "Address lines 1 and 2".to_owned(),
        InboundTo::Consent {
            path,
            refused: false,
        } => format!("Consent to {path} (a no only)"),
        InboundTo::Consent {
            path,
            refused: true,
        } => format!("Refusal of {path} (a no only)"),
        InboundTo::Field(name) => crate::labels::field(name),
    }
}
