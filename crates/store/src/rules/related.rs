//! Opportunities and campaigns of the records that contacts are linked to, as SQL on the mirror.

use std::collections::BTreeMap;

use rusqlite::types::Value as Cell;

use super::compiling::{Told, earliest};
use super::{
    CampaignRule, CampaignStanding, Comparison, OpportunityRule, OpportunityState, Sum, Through,
    Times,
};
use crate::conditions::{Bound, Reach, Test};
use crate::fold::fold;
use crate::mirror::asking::{OrgColumn, PEOPLE, bound_object};
use crate::mirror::tables::table;
use crate::{ContactId, Error, MirrorKind, Reader, Result};

/// What a campaign rule calls all campaigns.
pub(super) const ANY: &str = "any";

/// The opportunities of one org, and what leads from a link to them.
struct Opportunities {
    org_id: String,
    table: String,
    amount: Option<OrgColumn>,
    closed: Option<OrgColumn>,
    won: Option<OrgColumn>,
    /// `AccountId` of the opportunity and of the Contact.
    accounts: Option<(OrgColumn, OrgColumn)>,
    /// `OpportunityId` and `ContactId` of a role.
    roles: Option<(OrgColumn, OrgColumn)>,
}

/// The campaign members of one org, and their campaigns.
struct Members {
    org_id: String,
    table: String,
    campaign: OrgColumn,
    status: Option<OrgColumn>,
    responded: Option<OrgColumn>,
    /// The name of the campaigns.
    name: Option<OrgColumn>,
    /// What leads from a link to the members; with an object only from links of that object.
    people: Vec<(Option<&'static str>, OrgColumn)>,
}

/// What an org has of an opportunity rule: the conditions on the opportunity `o`.
struct Asked {
    of: Opportunities,
    tests: Vec<Test>,
}

impl Reader<'_> {
    pub(super) fn told_opportunities(
        &self,
        rule: &OpportunityRule,
        bound: &mut Bound,
    ) -> Result<Told> {
        let asked = self.asked_opportunities(rule, bound)?;
        let reach = std::mem::replace(&mut bound.reach, Reach::All);
        let rows = rows(&asked, rule.through, bound);
        bound.reach = reach;
        let (compared, nothing_does) = compared(rule, bound);
        let not = if nothing_does { "NOT " } else { "" };
        Ok(Told {
            sql: format!(
                "SELECT contact AS id FROM ({rows}) GROUP BY contact HAVING {not}({compared})"
            ),
            others: nothing_does,
        })
    }

    pub(super) fn opportunities_test(
        &self,
        rule: &OpportunityRule,
        bound: &mut Bound,
    ) -> Result<Test> {
        if bound.reach == Reach::All {
            return Ok(Test::lasting(self.told_opportunities(rule, bound)?.test()));
        }
        let asked = self.asked_opportunities(rule, bound)?;
        let rows = rows(&asked, rule.through, bound);
        let (compared, _) = compared(rule, bound);
        let changes: Vec<String> = asked
            .iter()
            .filter_map(|asked| {
                let changes = asked.tests.iter().filter_map(|test| test.change.as_deref());
                let change = earliest(changes)?;
                let ways = ways(&asked.of, rule.through, bound);
                let each = ways
                    .into_iter()
                    .map(|from| format!("(SELECT min({change}) FROM {from})"));
                let each: Vec<String> = each.collect();
                earliest(each.iter().map(String::as_str))
            })
            .collect();
        Ok(Test {
            sql: format!("(SELECT {compared} FROM ({rows}))"),
            change: earliest(changes.iter().map(String::as_str)),
        })
    }

    /// Returns the orgs that can answer a rule, each with its conditions; what lacks in every org is refused.
    fn asked_opportunities(&self, rule: &OpportunityRule, bound: &mut Bound) -> Result<Vec<Asked>> {
        if let Some(times) = rule.times {
            times.check()?;
        }
        if rule.sum.is_some_and(|sum| !sum.value.is_finite()) {
            return Err(Error::Refused("the sum isn't a number".into()));
        }
        let mut asked = Vec::new();
        let mut refused = None;
        let orgs = self.opportunities()?;
        if orgs.is_empty() {
            return Err(not_pulled("Opportunity"));
        }
        for of in orgs {
            match self.tests_of(rule, &of, bound) {
                Ok(tests) => asked.push(Asked { of, tests }),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        match (asked.is_empty(), refused) {
            (true, Some(error)) => Err(error),
            _ => Ok(asked),
        }
    }

    fn tests_of(
        &self,
        rule: &OpportunityRule,
        of: &Opportunities,
        bound: &mut Bound,
    ) -> Result<Vec<Test>> {
        let known = match rule.through {
            Through::Any => of.accounts.is_some() || of.roles.is_some(),
            Through::Account => of.accounts.is_some(),
            Through::Role => of.roles.is_some(),
        };
        if !known {
            return Err(match rule.through {
                Through::Role => not_pulled("OpportunityContactRole"),
                _ => lacks("Contact and Opportunity", "AccountId"),
            });
        }
        if rule.sum.is_some() && of.amount.is_none() {
            return Err(lacks("Opportunity", "Amount"));
        }
        // Conditions are translated first: one that makes no sense must not leave anything bound.
        let mut tests = Vec::new();
        for condition in &rule.with {
            let columns = self.org_columns("Opportunity", condition.field.trim())?;
            let column = columns
                .into_iter()
                .find(|column| column.org_id == of.org_id);
            let column = column
                .ok_or_else(|| Error::not_found("field of opportunities", &condition.field))?;
            let test = self.column_test(&column.of("o"), column.kind(), condition, bound)?;
            tests.push(match condition.op.opposite() {
                Some(_) => test.negated(),
                None => test,
            });
        }
        let closed = || {
            of.closed
                .as_ref()
                .ok_or_else(|| lacks("Opportunity", "IsClosed"))
        };
        let won = || of.won.as_ref().ok_or_else(|| lacks("Opportunity", "IsWon"));
        let is = |column: &OrgColumn, yes: i64| format!("{} = {yes}", column.of("o"));
        let state = match rule.opportunities {
            OpportunityState::Any => None,
            OpportunityState::Open => Some(is(closed()?, 0)),
            OpportunityState::Closed => Some(is(closed()?, 1)),
            OpportunityState::Won => Some(is(won()?, 1)),
            OpportunityState::Lost => Some(format!("{} AND {}", is(closed()?, 1), is(won()?, 0))),
        };
        tests.extend(state.map(Test::lasting));
        Ok(tests)
    }

    fn opportunities(&self) -> Result<Vec<Opportunities>> {
        let of = |object: &str, field: &str| -> Result<BTreeMap<String, OrgColumn>> {
            let columns = self.org_columns(object, field)?.into_iter();
            Ok(columns
                .map(|column| (column.org_id.clone(), column))
                .collect())
        };
        let mut amounts = of("Opportunity", "Amount")?;
        let (mut closed, mut won) = (of("Opportunity", "IsClosed")?, of("Opportunity", "IsWon")?);
        let (mut from, mut to) = (of("Opportunity", "AccountId")?, of("Contact", "AccountId")?);
        let mut roles = of("OpportunityContactRole", "OpportunityId")?;
        let mut people = of("OpportunityContactRole", "ContactId")?;
        let all = self.org_mirrors("Opportunity")?.into_iter();
        Ok(all
            .map(|(org_id, id)| Opportunities {
                table: table(id),
                amount: amounts
                    .remove(&org_id)
                    .filter(|amount| is_number(amount.field.kind)),
                closed: closed.remove(&org_id),
                won: won.remove(&org_id),
                accounts: from.remove(&org_id).zip(to.remove(&org_id)),
                roles: roles.remove(&org_id).zip(people.remove(&org_id)),
                org_id,
            })
            .collect())
    }

    /// Returns how many opportunities of a rule a contact has, and what they come to.
    pub(super) fn opportunities_of(
        &self,
        rule: &OpportunityRule,
        contact: ContactId,
        now: i64,
    ) -> Result<(u64, f64)> {
        let mut bound = Bound::new(now, Reach::Few);
        let id = bound.bind(Cell::Integer(contact.0));
        let asked = self.asked_opportunities(rule, &mut bound)?;
        let rows = rows(&asked, rule.through, &mut bound);
        let sql = format!(
            "SELECT (SELECT count(*) FROM ({rows})), (SELECT coalesce(sum(amount), 0.0) FROM ({rows}))
             FROM contacts WHERE contacts.id = {id}"
        );
        let mut statement = self.connection.prepare(&sql)?;
        bound.bind_to(&mut statement, 0)?;
        let mut found = statement.raw_query();
        Ok(match found.next()? {
            Some(row) => (row.get(0)?, row.get(1)?),
            None => (0, 0.0),
        })
    }

    /// Returns the references that a rule on opportunities follows, and the fields that it compares.
    pub(super) fn opportunity_columns(
        &self,
        rule: &OpportunityRule,
    ) -> Result<(Vec<OrgColumn>, Vec<OrgColumn>)> {
        let mut references = Vec::new();
        for of in self.opportunities()? {
            for (one, other) in of.accounts.into_iter().chain(of.roles) {
                references.extend([one, other]);
            }
        }
        let mut compared = Vec::new();
        for condition in &rule.with {
            compared.extend(self.org_columns("Opportunity", condition.field.trim())?);
        }
        Ok((references, compared))
    }

    /// Returns the references that rules on campaigns follow, and the names of the campaigns.
    pub(super) fn campaign_columns(&self) -> Result<(Vec<OrgColumn>, Vec<OrgColumn>)> {
        let (mut references, mut names) = (Vec::new(), Vec::new());
        for of in self.campaign_members()? {
            references.push(of.campaign);
            references.extend(of.people.into_iter().map(|(_, column)| column));
            names.extend(of.name);
        }
        Ok((references, names))
    }

    pub(super) fn told_campaign(&self, rule: &CampaignRule, bound: &mut Bound) -> Result<Told> {
        let reach = std::mem::replace(&mut bound.reach, Reach::All);
        let members = self.members_of_campaigns(rule, bound);
        bound.reach = reach;
        let members: Vec<_> = members?
            .iter()
            .map(|from| format!("SELECT l.contact_id AS id FROM {from}"))
            .collect();
        Ok(Told {
            // Somebody is a member of several campaigns, or twice of one.
            sql: format!("SELECT DISTINCT id FROM ({})", members.join(" UNION ALL ")),
            others: rule.is == CampaignStanding::NotMember,
        })
    }

    pub(super) fn campaign_test(&self, rule: &CampaignRule, bound: &mut Bound) -> Result<Test> {
        if bound.reach == Reach::All {
            return Ok(Test::lasting(self.told_campaign(rule, bound)?.test()));
        }
        let members: Vec<_> = self
            .members_of_campaigns(rule, bound)?
            .iter()
            .map(|from| format!("EXISTS (SELECT 1 FROM {from})"))
            .collect();
        let test = Test::lasting(format!("({})", members.join(" OR ")));
        Ok(match rule.is {
            CampaignStanding::NotMember => test.negated(),
            _ => test,
        })
    }

    /// Returns `FROM … WHERE …` for the members that a rule names, org by org and object by object, with the link as `l`.
    fn members_of_campaigns(&self, rule: &CampaignRule, bound: &mut Bound) -> Result<Vec<String>> {
        let orgs = self.campaign_members()?;
        if orgs.is_empty() {
            return Err(not_pulled("CampaignMember"));
        }
        let name = rule.campaign.trim();
        let name = (!name.eq_ignore_ascii_case(ANY)).then(|| fold(name));
        let (mut found, mut refused) = (Vec::new(), None);
        for org in &orgs {
            match org.ways(rule, name.as_deref(), bound) {
                Ok(ways) => found.extend(ways),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        match (found.is_empty(), refused) {
            (true, Some(error)) => Err(error),
            (true, None) => Err(lacks("CampaignMember", "LeadId or ContactId")),
            _ => Ok(found),
        }
    }

    fn campaign_members(&self) -> Result<Vec<Members>> {
        let of = |object: &str, field: &str| -> Result<BTreeMap<String, OrgColumn>> {
            let columns = self.org_columns(object, field)?.into_iter();
            Ok(columns
                .map(|column| (column.org_id.clone(), column))
                .collect())
        };
        let mut names = of("Campaign", "Name")?;
        let mut states = of("CampaignMember", "Status")?;
        let mut responded = of("CampaignMember", "HasResponded")?;
        // One field tells of both, where it was pulled.
        let mut either = of("CampaignMember", "LeadOrContactId")?;
        let mut by_object = Vec::new();
        for object in PEOPLE {
            by_object.push((object, of("CampaignMember", &format!("{object}Id"))?));
        }
        let all = of("CampaignMember", "CampaignId")?.into_iter();
        Ok(all
            .map(|(org_id, campaign)| Members {
                table: campaign.table(),
                campaign,
                status: states.remove(&org_id),
                responded: responded.remove(&org_id),
                name: names.remove(&org_id),
                people: match either.remove(&org_id) {
                    Some(either) => vec![(None, either)],
                    None => by_object
                        .iter_mut()
                        .filter_map(|(object, columns)| {
                            Some((Some(*object), columns.remove(&org_id)?))
                        })
                        .collect(),
                },
                org_id,
            })
            .collect())
    }
}

impl Members {
    fn ways(
        &self,
        rule: &CampaignRule,
        name: Option<&str>,
        bound: &mut Bound,
    ) -> Result<Vec<String>> {
        let mut tests = "l.state = 'linked' AND m.state = 0".to_owned();
        match (rule.is, &self.responded) {
            (CampaignStanding::Responded | CampaignStanding::NotResponded, None) => {
                return Err(lacks("CampaignMember", "HasResponded"));
            }
            (CampaignStanding::Responded, Some(column)) => {
                tests.push_str(&format!(" AND {} = 1", column.of("m")));
            }
            (CampaignStanding::NotResponded, Some(column)) => {
                tests.push_str(&format!(" AND coalesce({}, 0) = 0", column.of("m")));
            }
            _ => {}
        }
        if name.is_some() && self.name.is_none() {
            return Err(not_pulled("Campaign"));
        }
        if rule.status.is_some() && self.status.is_none() {
            return Err(lacks("CampaignMember", "Status"));
        }
        if let (Some(status), Some(column)) = (&rule.status, &self.status) {
            let status = bound.bind(Cell::Text(fold(status.trim())));
            tests.push_str(&format!(" AND fold({}) = {status}", column.of("m")));
        }
        let mut campaigns = None;
        if let (Some(name), Some(column)) = (name, &self.name) {
            let name = bound.bind(Cell::Text(name.to_owned()));
            let named = column.of("c");
            tests.push_str(&format!(
                " AND c.state = 0 AND {named} IS NOT NULL AND fold({named}) = {name}"
            ));
            campaigns = Some(column.table());
        }
        let (members, of_campaign) = (&self.table, self.campaign.of("m"));
        let ways = self.people.iter().map(|(object, person)| {
            let org = bound.bind(self.org_id.clone().into());
            let person = person.of("m");
            let object = object.map_or(String::new(), |object| {
                format!(" AND l.object = {}", bound_object(object))
            });
            let campaign = match &campaigns {
                Some(table) => format!(" CROSS JOIN {table} AS c ON c.record_id = {of_campaign}"),
                None => String::new(),
            };
            match (bound.reach, &campaigns) {
                (Reach::Few, _) => format!(
                    "links AS l CROSS JOIN {members} AS m ON {person} = l.record_id{campaign}
                     WHERE l.contact_id = contacts.id AND l.org_id = {org}{object} AND {tests}"
                ),
                (Reach::All, Some(table)) => format!(
                    "{table} AS c CROSS JOIN {members} AS m ON {of_campaign} = c.record_id
                     CROSS JOIN links AS l ON l.org_id = {org} AND l.record_id = {person} WHERE {tests}{object}"
                ),
                (Reach::All, None) => format!(
                    "{members} AS m CROSS JOIN links AS l ON l.org_id = {org} AND l.record_id = {person} WHERE {tests}{object}"
                ),
            }
        });
        Ok(ways.collect())
    }
}

/// Returns every opportunity that belongs to a contact once: `contact`, and its `amount`.
fn rows(asked: &[Asked], through: Through, bound: &mut Bound) -> String {
    let mut all = Vec::new();
    for asked in asked {
        let amount = asked.of.amount.as_ref();
        let amount = amount.map_or("NULL".to_owned(), |amount| amount.of("o"));
        let tests: String = asked
            .tests
            .iter()
            .map(|test| format!(" AND coalesce({}, 0)", test.sql))
            .collect();
        for from in ways(&asked.of, through, bound) {
            // Copies of an org have the same ids.
            let org = bound.bind(asked.of.org_id.clone().into());
            all.push(format!(
                "SELECT l.contact_id AS contact, {org} AS org, o.record_id AS id, {amount} AS amount FROM {from}{tests}"
            ));
        }
    }
    all.join(" UNION ")
}

/// Returns `FROM … WHERE …` for each way from a link `l` to the opportunities `o` of an org.
fn ways(of: &Opportunities, through: Through, bound: &mut Bound) -> Vec<String> {
    let table = &of.table;
    let live = "l.state = 'linked' AND o.state = 0";
    let mut found = Vec::new();
    if let (Some((from, to)), Through::Any | Through::Account) = (&of.accounts, through) {
        let (org, people) = (bound.bind(of.org_id.clone().into()), to.table());
        let (from, to) = (from.of("o"), to.of("b"));
        found.push(match bound.reach {
            Reach::Few => format!(
                "links AS l CROSS JOIN {people} AS b ON b.record_id = l.record_id CROSS JOIN {table} AS o ON {from} = {to}
                 WHERE l.contact_id = contacts.id AND l.org_id = {org} AND l.object = 'Contact' AND b.state = 0 AND {live}"
            ),
            Reach::All => format!(
                "{table} AS o CROSS JOIN {people} AS b ON {to} = {from}
                 CROSS JOIN links AS l ON l.org_id = {org} AND l.record_id = b.record_id WHERE b.state = 0 AND {live}"
            ),
        });
    }
    if let (Some((opportunity, person)), Through::Any | Through::Role) = (&of.roles, through) {
        let org = bound.bind(of.org_id.clone().into());
        let roles = opportunity.table();
        let (opportunity, person) = (opportunity.of("x"), person.of("x"));
        found.push(match bound.reach {
            Reach::Few => format!(
                "links AS l CROSS JOIN {roles} AS x ON {person} = l.record_id
                 CROSS JOIN {table} AS o ON o.record_id = {opportunity}
                 WHERE l.contact_id = contacts.id AND l.org_id = {org} AND l.object = 'Contact' AND x.state = 0 AND {live}"
            ),
            Reach::All => format!(
                "{table} AS o CROSS JOIN {roles} AS x ON {opportunity} = o.record_id
                 CROSS JOIN links AS l ON l.org_id = {org} AND l.record_id = {person} WHERE x.state = 0 AND {live}"
            ),
        });
    }
    found
}

/// Returns how rows are compared, and whether no row at all meets it.
fn compared(rule: &OpportunityRule, bound: &mut Bound) -> (String, bool) {
    let times = match (rule.times, rule.sum) {
        (None, None) => Some(Times::ONCE),
        (times, _) => times,
    };
    let mut parts = Vec::new();
    let mut nothing_does = true;
    if let Some(times) = times {
        let value = bound.bind(Cell::Integer(times.value.into()));
        parts.push(format!("count(*) {} {value}", sign(times.op)));
        nothing_does &= meets(0.0, times.op, times.value.into());
    }
    if let Some(Sum { op, value }) = rule.sum {
        let place = bound.bind(Cell::Real(value));
        parts.push(format!("coalesce(sum(amount), 0) {} {place}", sign(op)));
        nothing_does &= meets(0.0, op, value);
    }
    (parts.join(" AND "), nothing_does)
}

fn meets(number: f64, op: Comparison, value: f64) -> bool {
    match op {
        Comparison::AtLeast => number >= value,
        Comparison::AtMost => number <= value,
        Comparison::Equals => number == value,
    }
}

fn sign(op: Comparison) -> &'static str {
    match op {
        Comparison::AtLeast => ">=",
        Comparison::AtMost => "<=",
        Comparison::Equals => "=",
    }
}

fn is_number(kind: MirrorKind) -> bool {
    matches!(kind, MirrorKind::Number | MirrorKind::Whole)
}

fn not_pulled(object: &str) -> Error {
    Error::Refused(format!(
        "{object} isn't in the workspace; add it to a pull and run the pull"
    ))
}

fn lacks(object: &str, field: &str) -> Error {
    Error::Refused(format!(
        "{field} of {object} isn't in the workspace; add it to a pull and run the pull"
    ))
}
