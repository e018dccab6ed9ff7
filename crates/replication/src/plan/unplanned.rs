//! Says why a plan would do nothing about a contact. A plain function.

use leadferry_store::{EntryState, LinkState, Unplanned};
use serde::{Deserialize, Serialize};

use crate::settings::OptedOut;
use crate::setup::Setup;

/// Why a plan would do nothing about a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// Nothing differs from what was sent last.
    Same,
    /// Each contact goes once, and it went.
    WentOnce,
    /// Nothing about it may be sent.
    DoNotSend,
    /// Its points have never reached the minimum.
    BelowMinimum,
    /// It is not in the segments that decide who goes.
    NotInSegments,
    /// It has not given the consent that the replication requires.
    NotConsented,
    /// It opted out of email, and nothing else is sent of those who did.
    OptedOut,
    /// It is held until it is released.
    Held,
    /// Its lead was converted, and a Contact replication goes on with it.
    Converted,
    /// It is a Contact in Salesforce, and this replication is for leads.
    ContactThere,
    /// It is a Lead in Salesforce, and this replication is for contacts.
    LeadThere,
    /// It has no record yet and goes through the partner.
    Partner,
    /// The org has no record of it, and the replication only updates.
    NotFound,
}

impl WhyNot {
    /// Tells whether the contact is selected and counts as unchanged; else it is left out.
    pub fn is_unchanged(self) -> bool {
        matches!(self, Self::Same | Self::WentOnce)
    }
}

/// Returns why, in the order in which a contact is judged.
pub fn why_not(contact: &Unplanned, setup: &Setup) -> WhyNot {
    if contact.do_not_send {
        WhyNot::DoNotSend
    } else if setup.scored() && !contact.marked {
        WhyNot::BelowMinimum
    } else if !contact.in_segments {
        WhyNot::NotInSegments
    } else if !contact.consented {
        WhyNot::NotConsented
    } else if contact.opted_out && setup.settings.opted_out == OptedOut::OnlyOptOut {
        WhyNot::OptedOut
    } else if contact.entry == Some(EntryState::Held) {
        WhyNot::Held
    } else if contact.sent_at.is_some() && !setup.settings.keep_updated {
        WhyNot::WentOnce
    } else {
        match contact.link {
            Some(LinkState::Linked) => WhyNot::Same,
            Some(LinkState::Converted) => WhyNot::Converted,
            _ if contact.linked_elsewhere && setup.replication.object == "Lead" => {
                WhyNot::ContactThere
            }
            _ if contact.linked_elsewhere => WhyNot::LeadThere,
            Some(LinkState::Deleted) | None
                if contact.opted_out && setup.settings.opted_out == OptedOut::Update =>
            {
                WhyNot::OptedOut
            }
            Some(LinkState::Deleted) | None
                if setup.shared.is_some() && setup.settings.create_missing =>
            {
                WhyNot::Partner
            }
            Some(LinkState::Deleted) | None => WhyNot::NotFound,
        }
    }
}
