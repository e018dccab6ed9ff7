//! Who goes which way where a replication of leads and one of contacts share their people.

use rusqlite::named_params;

use crate::selection::{SELECTED, ids_of};
use crate::{ContactId, Reader, ReplicationId, Result, SegmentId, Selection};

/// How the contacts that a replication selects divide between leads and contacts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartnerCounts {
    /// All of them.
    pub selected: u64,
    /// Those linked to a live lead.
    pub leads: u64,
    /// Those linked to a live contact and to no lead.
    pub contacts: u64,
    /// Those linked to neither who become leads.
    pub new_leads: u64,
    /// Those linked to neither who are in the segment and become contacts.
    pub new_contacts: u64,
    /// Leads who are in the segment.
    pub leads_inside: u64,
    /// A few of these.
    pub leads_inside_people: Vec<ContactId>,
    /// Contacts who are not in the segment.
    pub contacts_outside: u64,
    /// A few of these.
    pub contacts_outside_people: Vec<ContactId>,
}

/// Each selected contact: whether it is a lead, a contact, and in the segment.
const DIVIDED: &str = "
  SELECT o.id,
    EXISTS (SELECT 1 FROM links l WHERE l.contact_id = o.id AND l.org_id = :org AND l.object = 'Lead'
      AND l.state = 'linked') AS is_lead,
    EXISTS (SELECT 1 FROM links l WHERE l.contact_id = o.id AND l.org_id = :org AND l.object = 'Contact'
      AND l.state = 'linked') AS is_contact,
    EXISTS (SELECT 1 FROM segment_members s WHERE s.segment_id = :segment AND s.contact_id = o.id
      AND s.state = 'realized') AS is_in
  FROM contacts AS o WHERE ";

impl Reader<'_> {
    /// Counts how the contacts that a replication selects divide. Visits every contact.
    pub fn partner_counts(
        &self,
        replication: ReplicationId,
        selection: &Selection,
        org_id: Option<&str>,
        segment: Option<SegmentId>,
        named: usize,
    ) -> Result<PartnerCounts> {
        let mut counts = PartnerCounts::default();
        let divided = format!("{DIVIDED}{SELECTED}");
        let sql = format!(
            "SELECT is_lead, is_contact, is_in, count(*) FROM ({divided}) GROUP BY 1, 2, 3"
        );
        let ids = |segments: &[SegmentId]| ids_of(segments.iter().map(|id| id.0));
        let params = named_params! {
            ":replication": replication, ":scored": selection.scored, ":org": org_id.unwrap_or_default(),
            ":segment": segment.map_or(0, |segment| segment.0), ":any": ids(&selection.any),
            ":all": ids(&selection.all), ":none": ids(&selection.none),
            ":consented": ids_of(selection.consented.iter().map(|id| id.0)),
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            let (is_lead, is_contact, is_in): (bool, bool, bool) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let people: u64 = row.get(3)?;
            counts.selected += people;
            match (is_lead, is_contact) {
                (true, _) => {
                    counts.leads += people;
                    counts.leads_inside += if is_in { people } else { 0 };
                }
                (false, true) => {
                    counts.contacts += people;
                    counts.contacts_outside += if is_in { 0 } else { people };
                }
                (false, false) if is_in => counts.new_contacts += people,
                (false, false) => counts.new_leads += people,
            }
        }
        for (people, condition) in [
            (&mut counts.leads_inside_people, "is_lead AND is_in"),
            (
                &mut counts.contacts_outside_people,
                "NOT is_lead AND is_contact AND NOT is_in",
            ),
        ] {
            let sql =
                format!("SELECT id FROM ({divided}) WHERE {condition} ORDER BY id LIMIT {named}");
            let mut statement = self.connection.prepare_cached(&sql)?;
            let found = statement.query_map(params, |row| row.get(0))?;
            *people = found.collect::<rusqlite::Result<_>>()?;
        }
        Ok(counts)
    }
}
