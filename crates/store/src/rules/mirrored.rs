//! What pulls have read of the people of a world: records of two orgs, accounts, opportunities and campaigns.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::evaluating::{Membership, Opportunity, Person, Record};
use super::testing::{draw, moment};
use crate::testing::{NOW, Workspace};
use crate::{
    ContactId, Date, Mirror, MirrorField, MirrorKind, MirrorPlan, MirrorRecord, MirrorValue,
    NewMirrorField, Value,
};

/// The org that has everything.
pub(super) const ORG: &str = "00D000000000001AAA";
/// An org that has leads alone; their rating is a number there.
const OTHER: &str = "00D000000000002AAA";

type Columns = &'static [(&'static str, MirrorKind)];

const LEAD: Columns = &[
    ("Rating", MirrorKind::Text),
    ("Score__c", MirrorKind::Number),
    ("Vip__c", MirrorKind::YesNo),
    ("Birth__c", MirrorKind::Date),
    ("Seen__c", MirrorKind::DateTime),
];
const CONTACT: Columns = &[
    ("Rating", MirrorKind::Text),
    ("Birth__c", MirrorKind::Date),
    ("AccountId", MirrorKind::Text),
];
const ACCOUNT: Columns = &[
    ("Industry", MirrorKind::Text),
    ("AnnualRevenue", MirrorKind::Number),
];
const OPPORTUNITY: Columns = &[
    ("AccountId", MirrorKind::Text),
    ("Amount", MirrorKind::Number),
    ("IsClosed", MirrorKind::YesNo),
    ("IsWon", MirrorKind::YesNo),
    ("StageName", MirrorKind::Text),
    ("CloseDate", MirrorKind::Date),
];
const ROLE: Columns = &[
    ("OpportunityId", MirrorKind::Text),
    ("ContactId", MirrorKind::Text),
];
const CAMPAIGN: Columns = &[("Name", MirrorKind::Text)];
const MEMBER: Columns = &[
    ("CampaignId", MirrorKind::Text),
    ("LeadOrContactId", MirrorKind::Text),
    ("Status", MirrorKind::Text),
    ("HasResponded", MirrorKind::YesNo),
];

/// Makes the mirror of an object, or finds it.
pub(super) fn mirror(workspace: &Workspace, org: &str, object: &str, columns: Columns) -> Mirror {
    let fields = columns.iter().map(|(name, kind)| NewMirrorField {
        name: (*name).to_owned(),
        label: (*name).to_owned(),
        kind: *kind,
        org_type: "string".to_owned(),
        reference_to: Vec::new(),
        formula: false,
    });
    let plan = MirrorPlan {
        object: object.to_owned(),
        label: object.to_owned(),
        key_prefix: None,
        fields: fields.collect(),
        in_org: columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
    };
    workspace.writing(|writer| {
        writer.apply_mirror_plan(org, &plan, NOW)?;
        Ok(writer.mirror_of(org, object)?.unwrap())
    })
}

/// Writes a record with these values.
pub(super) fn put(
    workspace: &Workspace,
    mirror: &Mirror,
    id: &str,
    deleted: bool,
    values: &BTreeMap<String, Value>,
) {
    let fields: Vec<&MirrorField> = mirror.fields.iter().collect();
    let values = fields
        .iter()
        .map(|field| values.get(&field.name).map(mirrored));
    let record = MirrorRecord {
        id: id.to_owned(),
        stamp: Some(NOW),
        deleted,
        winner: None,
        values: values.collect(),
    };
    workspace.writing(|writer| writer.write_mirror_page(mirror, &fields, &[record], 1));
}

fn mirrored(value: &Value) -> MirrorValue {
    match value {
        Value::Text(text) => MirrorValue::Text(text.clone()),
        Value::Float(number) => MirrorValue::Number(*number),
        Value::YesNo(yes) => MirrorValue::YesNo(*yes),
        Value::Date(date) => MirrorValue::Date(*date),
        Value::DateTime(at) => MirrorValue::Whole(*at),
        other => panic!("{other:?} in a mirror"),
    }
}

pub(super) fn id(prefix: &str, number: usize) -> String {
    format!("{prefix}{number:0>15}")
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn rating(runner: &mut TestRunner) -> Option<Value> {
    let ratings: &'static [&'static str] = &["Hot", "cold", "Wärme"];
    draw(
        runner,
        proptest::option::of(proptest::sample::select(ratings)),
    )
    .map(text)
}

fn number(runner: &mut TestRunner) -> Option<Value> {
    draw(runner, proptest::option::of(0..4_i32)).map(|number| Value::Float(f64::from(number)))
}

fn day(runner: &mut TestRunner) -> Option<Value> {
    let day = (2026..2028_i16, 1..13_i8, 1..29_i8);
    let day = draw(runner, proptest::option::of(day));
    day.and_then(|(year, month, day)| Date::new(year, month, day).ok())
        .map(Value::Date)
}

fn fields(pairs: Vec<(&str, Option<Value>)>) -> BTreeMap<String, Value> {
    let pairs = pairs.into_iter();
    pairs
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// Who is linked to what, and what that is.
struct Linking<'a> {
    workspace: &'a Workspace,
    mirrors: [Mirror; 3],
    opportunity: Mirror,
    role: Mirror,
    member: Mirror,
    accounts: Vec<Option<BTreeMap<String, Value>>>,
}

/// Gives people records in the orgs, and puts everything into the mirror.
pub(super) fn add(
    workspace: &Workspace,
    runner: &mut TestRunner,
    people: &mut BTreeMap<ContactId, Person>,
) {
    let other: Columns = &[("Rating", MirrorKind::Number)];
    let linking = Linking {
        workspace,
        mirrors: [
            mirror(workspace, ORG, "Lead", LEAD),
            mirror(workspace, ORG, "Contact", CONTACT),
            mirror(workspace, OTHER, "Lead", other),
        ],
        opportunity: mirror(workspace, ORG, "Opportunity", OPPORTUNITY),
        role: mirror(workspace, ORG, "OpportunityContactRole", ROLE),
        member: mirror(workspace, ORG, "CampaignMember", MEMBER),
        accounts: accounts(workspace, runner),
    };
    let campaigns = mirror(workspace, ORG, "Campaign", CAMPAIGN);
    for (at, name) in ["Spring", "Fair"].into_iter().enumerate() {
        put(
            workspace,
            &campaigns,
            &id("701", at),
            false,
            &fields(vec![("Name", Some(text(name)))]),
        );
    }
    for (at, (contact, person)) in people.iter_mut().enumerate() {
        linking.lead(runner, at, *contact, person);
        linking.contact(runner, at, *contact, person);
        if draw(runner, any::<bool>()) {
            let rating = fields(vec![("Rating", number(runner))]);
            workspace.link(*contact, OTHER, "Lead", &id("00Q", 500 + at), None);
            put(
                workspace,
                &linking.mirrors[2],
                &id("00Q", 500 + at),
                false,
                &rating,
            );
            person.links.push(("Lead".to_owned(), "linked".to_owned()));
            person.records.push(Record {
                object: "Lead".to_owned(),
                fields: rating,
                account: None,
            });
        }
    }
}

/// Makes three accounts, of which the last is deleted.
fn accounts(
    workspace: &Workspace,
    runner: &mut TestRunner,
) -> Vec<Option<BTreeMap<String, Value>>> {
    let mirror = mirror(workspace, ORG, "Account", ACCOUNT);
    let mut accounts = Vec::new();
    for at in 0..3 {
        let values = fields(vec![
            ("Industry", rating(runner)),
            ("AnnualRevenue", number(runner)),
        ]);
        put(workspace, &mirror, &id("001", at), at == 2, &values);
        accounts.push((at < 2).then_some(values));
    }
    accounts
}

impl Linking<'_> {
    /// Links somebody, and tells whether the link holds and the record is live.
    fn link(
        &self,
        runner: &mut TestRunner,
        contact: ContactId,
        object: &str,
        record: &str,
        person: &mut Person,
    ) -> (bool, bool) {
        let states = &["linked", "linked", "linked", "deleted", "converted"][..];
        let state = draw(runner, proptest::sample::select(states));
        let deleted = draw(runner, proptest::bool::weighted(0.2));
        self.workspace.link(contact, ORG, object, record, None);
        self.workspace.sql(&format!(
            "UPDATE links SET state = '{state}' WHERE record_id = '{record}'"
        ));
        person.links.push((object.to_owned(), state.to_owned()));
        (state == "linked", deleted)
    }

    fn lead(&self, runner: &mut TestRunner, at: usize, contact: ContactId, person: &mut Person) {
        if !draw(runner, any::<bool>()) {
            return;
        }
        let record = id("00Q", at);
        let (holds, deleted) = self.link(runner, contact, "Lead", &record, person);
        let values = fields(vec![
            ("Rating", rating(runner)),
            ("Score__c", number(runner)),
            (
                "Vip__c",
                draw(runner, proptest::option::of(any::<bool>())).map(Value::YesNo),
            ),
            ("Birth__c", day(runner)),
            ("Seen__c", Some(Value::DateTime(moment(runner)))),
        ]);
        put(self.workspace, &self.mirrors[0], &record, deleted, &values);
        if holds && !deleted {
            person.records.push(Record {
                object: "Lead".to_owned(),
                fields: values,
                account: None,
            });
        }
        self.campaigns(runner, at * 10, &record, holds, person);
    }

    fn contact(&self, runner: &mut TestRunner, at: usize, contact: ContactId, person: &mut Person) {
        if !draw(runner, any::<bool>()) {
            return;
        }
        let record = id("003", at);
        let (holds, deleted) = self.link(runner, contact, "Contact", &record, person);
        let account = draw(runner, proptest::option::of(0..3_usize));
        let mut values = fields(vec![("Rating", rating(runner)), ("Birth__c", day(runner))]);
        if let Some(account) = account {
            values.insert("AccountId".to_owned(), text(&id("001", account)));
        }
        put(self.workspace, &self.mirrors[1], &record, deleted, &values);
        if holds && !deleted {
            values.remove("AccountId");
            person.records.push(Record {
                object: "Contact".to_owned(),
                fields: values,
                account: account.and_then(|account| self.accounts[account].clone()),
            });
        }
        self.campaigns(runner, at * 10 + 5, &record, holds, person);
        // Each contact's account has opportunities of its own, so that one person's are nobody else's.
        let own = id("001", 900 + at);
        let by_account = draw(runner, any::<bool>());
        if by_account {
            let mut values = self.values_of_contact(&record);
            values.insert("AccountId".to_owned(), text(&own));
            put(self.workspace, &self.mirrors[1], &record, deleted, &values);
            if let Some(last) = person.records.last_mut().filter(|_| holds && !deleted) {
                last.account = None;
            }
        }
        for number in 0..draw(runner, 0..4_usize) {
            let one = self.opportunity(runner, at * 10 + number, &own, &record);
            let one = Opportunity {
                by_account: by_account && holds && !deleted,
                by_role: one.by_role && holds,
                ..one
            };
            person.opportunities.push(one);
        }
    }

    fn values_of_contact(&self, record: &str) -> BTreeMap<String, Value> {
        let mirror = &self.mirrors[1];
        let row = self
            .workspace
            .reading(|reader| reader.mirrored_record(mirror, record))
            .unwrap();
        let pairs = mirror.fields.iter().zip(row.values);
        let pairs = pairs.filter_map(|(field, value)| {
            let value = match value? {
                MirrorValue::Text(text) => Value::Text(text),
                MirrorValue::Date(date) => Value::Date(date),
                other => panic!("{other:?} of a contact"),
            };
            Some((field.name.clone(), value))
        });
        pairs.collect()
    }

    fn opportunity(
        &self,
        runner: &mut TestRunner,
        at: usize,
        account: &str,
        person: &str,
    ) -> Opportunity {
        let stages: &'static [&'static str] = &["Proposal", "Closed", "Prospecting"];
        let closed = draw(runner, any::<bool>());
        let won = closed && draw(runner, any::<bool>());
        let amount = number(runner);
        let mut values = fields(vec![
            ("Amount", amount.clone()),
            (
                "StageName",
                Some(text(draw(runner, proptest::sample::select(stages)))),
            ),
            ("CloseDate", day(runner)),
        ]);
        let shown = values.clone();
        values.insert("AccountId".to_owned(), text(account));
        values.insert("IsClosed".to_owned(), Value::YesNo(closed));
        values.insert("IsWon".to_owned(), Value::YesNo(won));
        let record = id("006", at);
        put(self.workspace, &self.opportunity, &record, false, &values);
        let by_role = draw(runner, any::<bool>());
        if by_role {
            let role = fields(vec![
                ("OpportunityId", Some(text(&record))),
                ("ContactId", Some(text(person))),
            ]);
            put(self.workspace, &self.role, &id("00K", at), false, &role);
        }
        Opportunity {
            by_account: true,
            by_role,
            amount: match amount {
                Some(Value::Float(amount)) => Some(amount),
                _ => None,
            },
            closed,
            won,
            fields: shown,
        }
    }

    fn campaigns(
        &self,
        runner: &mut TestRunner,
        at: usize,
        record: &str,
        holds: bool,
        person: &mut Person,
    ) {
        let states: &'static [&'static str] = &["Sent", "attended"];
        for (number, name) in ["Spring", "Fair"].into_iter().enumerate() {
            if !draw(runner, any::<bool>()) {
                continue;
            }
            let status = draw(
                runner,
                proptest::option::of(proptest::sample::select(states)),
            );
            let responded = draw(runner, any::<bool>());
            let values = fields(vec![
                ("CampaignId", Some(text(&id("701", number)))),
                ("LeadOrContactId", Some(text(record))),
                ("Status", status.map(text)),
                ("HasResponded", Some(Value::YesNo(responded))),
            ]);
            put(
                self.workspace,
                &self.member,
                &id("00v", at + number),
                false,
                &values,
            );
            if holds {
                person.campaigns.push(Membership {
                    campaign: name.to_owned(),
                    status: status.map(str::to_owned),
                    responded,
                });
            }
        }
    }
}
