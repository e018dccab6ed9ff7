//! Whom a change in the mirror concerns: those contacts are stamped, so that rules, mappings and templates look at them again.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rusqlite::named_params;

use super::asking::{OrgColumn, PEOPLE};
use super::tables::table;
use super::{Mirror, MirrorRecord};
use crate::selection::texts_of;
use crate::{ContactId, Reader, Result, Writer};

/// Ids that are asked for at once.
const PAGE: usize = 2_000;

/// Records of an object, and the contacts whose answers depend on them.
pub(super) type Concerned = BTreeSet<(String, ContactId)>;

impl Reader<'_> {
    /// Returns the contacts that records concern as they are now: those linked to them, and where a rule asks for what lies
    /// behind a link, those linked to what they belong to.
    pub(super) fn concerned(&self, mirror: &Mirror, ids: &[String]) -> Result<Concerned> {
        let mut found = Concerned::new();
        for way in self.ways_to_people(mirror)? {
            let sql = format!(
                "SELECT wanted.value, l.contact_id FROM rarray(:ids) AS wanted {way}
                 AND l.state = 'linked'"
            );
            let mut statement = self.connection.prepare_cached(&sql)?;
            for page in ids.chunks(PAGE) {
                let page = texts_of(page);
                let params = named_params! { ":ids": page, ":org": mirror.org_id };
                let rows = statement.query_map(params, |row| Ok((row.get(0)?, row.get(1)?)))?;
                for row in rows {
                    found.insert(row?);
                }
            }
        }
        Ok(found)
    }

    /// Returns the joins that lead from a record's id `wanted.value` to links `l`.
    fn ways_to_people(&self, mirror: &Mirror) -> Result<Vec<String>> {
        let is = |object: &str| mirror.object.eq_ignore_ascii_case(object);
        let linked = |record: &str| {
            format!("CROSS JOIN links AS l ON l.org_id = :org AND l.record_id = {record}")
        };
        if PEOPLE.into_iter().any(is) {
            return Ok(vec![linked("wanted.value")]);
        }
        let mut ways = Vec::new();
        // A rule asks for what is followed; nobody is looked for in vain.
        let column = |object: &str, field: &str| -> Result<Option<OrgColumn>> {
            let mut columns = self.org_columns(object, field)?.into_iter();
            let column = columns.find(|column| column.org_id == mirror.org_id);
            Ok(match column {
                Some(column) if self.is_followed(&column)? => Some(column),
                _ => None,
            })
        };
        let own = format!(
            "CROSS JOIN {} AS o ON o.record_id = wanted.value",
            table(mirror.id)
        );
        let mut of_people = |field: &str, from: &str, target: &str| -> Result<()> {
            for object in PEOPLE {
                if let Some(to) = column(object, field)? {
                    let mut way = from.to_owned();
                    let _ = write!(
                        way,
                        " CROSS JOIN {} AS b ON {} = {target} ",
                        to.table(),
                        to.of("b")
                    );
                    ways.push(way + &linked("b.record_id"));
                }
            }
            Ok(())
        };
        if is("Account") {
            of_people("AccountId", "", "wanted.value")?;
        } else if is("User") {
            of_people("OwnerId", "", "wanted.value")?;
        } else if is("Opportunity") {
            if let Some(account) = column("Opportunity", "AccountId")? {
                of_people("AccountId", &own, &account.of("o"))?;
            }
            let role = column("OpportunityContactRole", "OpportunityId")?;
            let person = column("OpportunityContactRole", "ContactId")?;
            if let Some((role, person)) = role.zip(person) {
                let roles = format!(
                    "CROSS JOIN {} AS x ON {} = wanted.value ",
                    role.table(),
                    role.of("x")
                );
                ways.push(roles + &linked(&person.of("x")));
            }
        } else if is("OpportunityContactRole") {
            if let Some(person) = column("OpportunityContactRole", "ContactId")? {
                ways.push(format!("{own} {}", linked(&person.of("o"))));
            }
        } else if is("CampaignMember") || is("Campaign") {
            for field in ["LeadOrContactId", "ContactId", "LeadId"] {
                let Some(person) = column("CampaignMember", field)? else {
                    continue;
                };
                if is("CampaignMember") {
                    ways.push(format!("{own} {}", linked(&person.of("o"))));
                } else if let Some(campaign) = column("CampaignMember", "CampaignId")? {
                    let (members, of) = (campaign.table(), campaign.of("x"));
                    let members = format!("CROSS JOIN {members} AS x ON {of} = wanted.value ");
                    ways.push(members + &linked(&person.of("x")));
                }
            }
        }
        Ok(ways)
    }
}

impl Writer<'_> {
    /// Returns the contacts that records concern before they are written, where what they hold tells whom.
    pub(super) fn concerned_before(
        &self,
        mirror: &Mirror,
        records: &[MirrorRecord],
    ) -> Result<Concerned> {
        let tells = ["Opportunity", "OpportunityContactRole", "CampaignMember"];
        if !tells
            .iter()
            .any(|object| mirror.object.eq_ignore_ascii_case(object))
        {
            return Ok(Concerned::new());
        }
        let ids: Vec<String> = records.iter().map(|record| record.id.clone()).collect();
        self.concerned(mirror, &ids)
    }

    /// Stamps those whom records concern that are about to be marked gone.
    pub(super) fn stamp_unseen(&self, mirror: &Mirror, pass: i64) -> Result<()> {
        let sql = format!(
            "SELECT record_id FROM {} NOT INDEXED WHERE state = 0 AND pass < :pass AND record_id > :after
             ORDER BY record_id LIMIT {PAGE}",
            table(mirror.id)
        );
        let mut after = String::new();
        loop {
            let ids: Vec<String> = self
                .connection
                .prepare_cached(&sql)?
                .query_map(named_params! { ":pass": pass, ":after": after }, |row| {
                    row.get(0)
                })?
                .collect::<rusqlite::Result<_>>()?;
            let Some(last) = ids.last() else {
                return Ok(());
            };
            after.clone_from(last);
            self.stamp_concerned(self.concerned(mirror, &ids)?)?;
        }
    }

    /// Stamps the contacts, each once.
    pub(super) fn stamp_concerned(&self, concerned: Concerned) -> Result<()> {
        let contacts: BTreeSet<ContactId> = concerned.into_iter().map(|(_, who)| who).collect();
        self.stamp_contacts(&contacts.into_iter().collect::<Vec<_>>())
    }
}
