//! What became of a contact's records in Salesforce: converted, or merged into others.

use leadferry_store::{Link, LinkOrigin, LinkState};
use serde::Serialize;

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "FollowedHow")]
pub enum Followed {
    /// The lead was converted.
    Converted,
    /// It was merged into another record.
    Merged,
}

/// A record of a contact that was converted or merged in Salesforce, as it was noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ContactFollowed {
    /// When it was noticed, UTC milliseconds.
    pub at: i64,
    /// What became of it.
    pub how: Followed,
    /// The object of the record that the contact is linked to since; `Lead` where it is linked to none.
    pub object: String,
    /// That record; the converted lead itself where the contact is linked to none.
    pub record_id: String,
    /// The lead that the record came of, where one was converted.
    pub lead: Option<String>,
}

/// Returns what the links of a contact say, the oldest first.
pub(super) fn of(links: &[Link]) -> Vec<ContactFollowed> {
    let mut all: Vec<ContactFollowed> = links
        .iter()
        .filter_map(|link| match (link.state, link.origin) {
            (LinkState::Converted, _) if contact_of(link, links).is_none() => {
                Some(followed(link, link.changed_at, Followed::Converted, None))
            }
            (LinkState::Converted, _) => None,
            (_, LinkOrigin::Followed) => {
                let lead = lead_of(link, links);
                let how = match lead {
                    Some(_) => Followed::Converted,
                    None => Followed::Merged,
                };
                Some(followed(link, link.created_at, how, lead))
            }
            _ => None,
        })
        .collect();
    all.sort_by_key(|one| one.at);
    all
}

fn followed(link: &Link, at: i64, how: Followed, lead: Option<&Link>) -> ContactFollowed {
    ContactFollowed {
        at,
        how,
        object: link.object.clone(),
        record_id: link.record_id.clone(),
        lead: lead.map(|lead| lead.record_id.clone()),
    }
}

/// Returns the link that followed a converted lead.
fn contact_of<'l>(lead: &Link, links: &'l [Link]) -> Option<&'l Link> {
    let mut links = links.iter();
    links.find(|link| {
        link.origin == LinkOrigin::Followed
            && link.org_id == lead.org_id
            && link.object != lead.object
    })
}

/// Returns the converted lead that a link has followed.
fn lead_of<'l>(contact: &Link, links: &'l [Link]) -> Option<&'l Link> {
    let mut links = links.iter();
    links.find(|link| {
        link.state == LinkState::Converted
            && link.org_id == contact.org_id
            && link.object != contact.object
    })
}
