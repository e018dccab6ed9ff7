//! Partners: a replication of leads and one of contacts on one connection that share their people, each going through exactly
//! one of them.

use leadferry_replication::Settings;
use leadferry_replication::settings::Partner;
use leadferry_replication::setup::selection;
use leadferry_store::{ContactId, PartnerCounts, Reader, Replication, Writer};
use serde::{Deserialize, Serialize};

use super::person::{Person, people};
use crate::{Error, Result, Workspace};

/// People that a preview names.
const NAMED: usize = 5;

/// Two replications that are to share their people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct SetPartner {
    /// One replication.
    pub name: String,
    /// The other one, for the other object on the same connection.
    pub partner: String,
    /// New people in this segment become contacts; without one, all new people become leads.
    pub contacts_segment: Option<String>,
}

/// Where the people of one of two partners go.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct PartnerSide {
    /// The replication.
    pub replication: String,
    /// Its object.
    pub object: String,
    /// Contacts that it selects.
    pub selected: u64,
    /// Of these, who has a record of this object already.
    pub linked: u64,
    /// Of these, new people who become one.
    pub new: u64,
    /// Of these, who goes through the partner.
    pub to_partner: u64,
    /// Of those who have a record, who would be one of the other object if they were new. They stay what they are.
    pub staying: u64,
    /// A few of those who stay.
    pub staying_people: Vec<Person>,
}

/// What two partners come to.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct PartnerPreview {
    /// The replication of leads.
    pub leads: PartnerSide,
    /// The replication of contacts.
    pub contacts: PartnerSide,
    /// The segment whose new people become contacts.
    pub contacts_segment: Option<String>,
}

/// The partner of a replication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PartnerInfo {
    /// The other replication; none where this one shares its people with nobody.
    pub partner: Option<String>,
    /// The segment whose new people become contacts.
    pub contacts_segment: Option<String>,
    /// The replications that could be its partner.
    pub possible: Vec<String>,
}

/// Returns a replication's partner, and which ones are possible.
///
/// # Errors
/// When there is no such replication.
pub fn partner_of(workspace: &Workspace, name: &str) -> Result<PartnerInfo> {
    workspace.store().read(|reader| {
        let own = reader.replication_named(name)?;
        let settings = Settings::from_json(&own.settings)?;
        let all = reader.replications()?;
        let partner = settings.partner.as_ref().and_then(|partner| {
            let mut others = all.iter();
            others.find(|other| other.id == partner.replication && can_be_partners(&own, other))
        });
        Ok(PartnerInfo {
            contacts_segment: settings
                .partner
                .as_ref()
                .and_then(|one| one.contacts_segment.clone()),
            partner: partner.map(|other| other.name.clone()),
            possible: all
                .iter()
                .filter(|other| can_be_partners(&own, other))
                .map(|other| other.name.clone())
                .collect(),
        })
    })
}

/// Shows what two replications would come to as partners; nothing changes.
///
/// # Errors
/// When they can't be partners, or there is no such segment.
pub fn preview_partner(workspace: &Workspace, request: &SetPartner) -> Result<PartnerPreview> {
    workspace.store().read(|reader| previewed(reader, request))
}

/// Returns who goes through a replication and who through its partner; nothing where it has none.
pub(super) fn with_partner(
    reader: &Reader<'_>,
    own: &Replication,
) -> Result<Option<PartnerPreview>> {
    let Some(partner) = Settings::from_json(&own.settings)?.partner else {
        return Ok(None);
    };
    let all = reader.replications()?;
    let mut others = all.iter();
    let Some(other) =
        others.find(|other| other.id == partner.replication && can_be_partners(own, other))
    else {
        return Ok(None);
    };
    // The segment may be gone since: then all new people become leads.
    let segment = partner
        .contacts_segment
        .filter(|name| reader.segment_named(name).is_ok());
    let request = SetPartner {
        name: own.name.clone(),
        partner: other.name.clone(),
        contacts_segment: segment,
    };
    previewed(reader, &request).map(Some)
}

/// Makes two replications partners.
///
/// # Errors
/// When they can't be partners, or there is no such segment.
pub fn set_partner(workspace: &Workspace, request: &SetPartner) -> Result<PartnerPreview> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let preview = previewed(writer, request)?;
        let (one, other) = both(writer, request)?;
        for former in [&one, &other] {
            leave(writer, former, now)?;
        }
        for (own, partner) in [(&one, &other), (&other, &one)] {
            change(writer, own, now, |settings| {
                settings.partner = Some(Partner {
                    replication: partner.id,
                    contacts_segment: preview.contacts_segment.clone(),
                });
            })?;
        }
        Ok(preview)
    })
}

/// Ends a partnership; both replications go on by themselves.
///
/// # Errors
/// When there is no such replication, or it has no partner.
pub fn remove_partner(workspace: &Workspace, name: &str) -> Result<()> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let own = writer.replication_named(name)?;
        if Settings::from_json(&own.settings)?.partner.is_none() {
            return Err(Error::usage(
                format!("\"{}\" has no partner", own.name),
                "check its settings",
            )
            .with_command("replications list"));
        }
        leave(writer, &own, now)
    })
}

/// Takes a replication and its present partner apart.
fn leave(writer: &Writer<'_>, own: &Replication, now: i64) -> Result<()> {
    let own = writer.replication(own.id)?;
    let Some(partner) = Settings::from_json(&own.settings)?.partner else {
        return Ok(());
    };
    change(writer, &own, now, |settings| settings.partner = None)?;
    for other in writer.replications()? {
        let theirs = Settings::from_json(&other.settings)?.partner;
        if other.id == partner.replication && theirs.is_some_and(|one| one.replication == own.id) {
            change(writer, &other, now, |settings| settings.partner = None)?;
        }
    }
    Ok(())
}

fn change(
    writer: &Writer<'_>,
    replication: &Replication,
    now: i64,
    edit: impl FnOnce(&mut Settings),
) -> Result<()> {
    let mut changed = writer.replication(replication.id)?;
    let mut settings = Settings::from_json(&changed.settings)?;
    edit(&mut settings);
    changed.settings = settings.to_json();
    Ok(writer.change_replication(&changed, now)?)
}

fn can_be_partners(one: &Replication, other: &Replication) -> bool {
    one.id != other.id
        && one.object != other.object
        && one.connection.is_some()
        && one.connection == other.connection
}

fn both(reader: &Reader<'_>, request: &SetPartner) -> Result<(Replication, Replication)> {
    let one = reader.replication_named(&request.name)?;
    let other = reader.replication_named(&request.partner)?;
    if can_be_partners(&one, &other) {
        return Ok((one, other));
    }
    let why = if one.object == other.object {
        format!("both send {}s", one.object.to_lowercase())
    } else {
        "they don't use the same connection".to_owned()
    };
    Err(Error::usage(
        format!("\"{}\" and \"{}\" can't be partners", one.name, other.name),
        "choose a replication of leads and one of contacts on the same connection",
    )
    .because(why)
    .with_command("replications list"))
}

fn previewed(reader: &Reader<'_>, request: &SetPartner) -> Result<PartnerPreview> {
    let (one, other) = both(reader, request)?;
    let (leads, contacts) = match one.object.as_str() {
        "Lead" => (one, other),
        _ => (other, one),
    };
    let name = request.contacts_segment.as_deref().map(str::trim);
    let segment = match name.filter(|name| !name.is_empty()) {
        Some(name) => Some(reader.segment_named(name)?),
        None => None,
    };
    let org_id = match leads.connection {
        Some(connection) => reader.connection(connection)?.org_id,
        None => None,
    };
    let side = |replication: &Replication| {
        let settings = Settings::from_json(&replication.settings)?;
        let chosen = selection(reader, replication, &settings)?;
        let counts = reader.partner_counts(
            replication.id,
            &chosen,
            org_id.as_deref(),
            segment.as_ref().map(|segment| segment.id),
            NAMED,
        )?;
        side_of(reader, replication, &counts)
    };
    Ok(PartnerPreview {
        leads: side(&leads)?,
        contacts: side(&contacts)?,
        contacts_segment: segment.map(|segment| segment.name),
    })
}

fn side_of(
    reader: &Reader<'_>,
    replication: &Replication,
    counts: &PartnerCounts,
) -> Result<PartnerSide> {
    let is_contacts = replication.object == "Contact";
    let (linked, new) = match is_contacts {
        true => (counts.contacts, counts.new_contacts),
        false => (counts.leads, counts.new_leads),
    };
    let (staying, ids): (u64, &Vec<ContactId>) = match is_contacts {
        true => (counts.contacts_outside, &counts.contacts_outside_people),
        false => (counts.leads_inside, &counts.leads_inside_people),
    };
    let mut known = people(reader, ids.iter().copied())?;
    Ok(PartnerSide {
        replication: replication.name.clone(),
        object: replication.object.clone(),
        selected: counts.selected,
        linked,
        new,
        to_partner: counts.selected.saturating_sub(linked + new),
        staying,
        staying_people: ids.iter().filter_map(|id| known.remove(id)).collect(),
    })
}
