//! The order in which the company name is found, from a workspace to what is sent.

use std::collections::BTreeMap;

use leadferry_store::{
    AccountField, AccountRole, CandidateQuery, ContactField, NewReplication, Store, Values, Writer,
};

use super::support::{account, compiled, contact, settings, text};
use crate::mapping::{Compiled, Purpose};

type Roles = [(&'static str, AccountRole, i64)];

/// Stores a contact and its accounts, and returns the company that is sent for it.
fn company(own: Option<&str>, roles: &Roles, default: Option<&str>) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("workspace.leadferry"), 1).unwrap();
    let settings = crate::Settings {
        default_company: default.map(str::to_owned),
        ..settings()
    };
    let mapping = compiled("", &settings, "UTC");
    store
        .write(|writer| Ok::<_, leadferry_store::Error>(sent_company(writer, own, roles, &mapping)))
        .unwrap()
}

fn sent_company(
    writer: &Writer<'_>,
    own: Option<&str>,
    roles: &Roles,
    mapping: &Compiled,
) -> Option<String> {
    let mut values = Values::default();
    values.set(ContactField::LastName, Some(text("Meier")));
    values.set(ContactField::CompanyName, own.map(text));
    let contact = writer.insert_contact(&values, None, 1).unwrap();
    for (name, role, since) in roles {
        let values = BTreeMap::from([(AccountField::Name, (*name).to_owned())]);
        let account = writer.insert_account(&values, None, 1).unwrap();
        writer
            .set_membership(contact, account, *role, *since)
            .unwrap();
    }
    let new = NewReplication {
        name: "Leads".into(),
        object: "Lead".into(),
        connection: None,
        threshold: None,
        settings: "{}".into(),
        mapping: String::new(),
    };
    let query = CandidateQuery {
        replication: writer.add_replication(&new, 1).unwrap(),
        org_id: None,
        object: "Lead",
        selection: &leadferry_store::Selection::default(),
        purposes: &[],
        segments: &[],
        fields: mapping.fields(),
        scores: mapping.scores(),
        records: &[],
        records_org: None,
        near: None,
        accounts: mapping.needs_accounts(),
    };
    let candidates = writer.candidates(&query, &[contact]).unwrap();
    mapping
        .map(&candidates[0], Purpose::Create)
        .values
        .get(1)
        .map(|value| value.json.clone())
}

#[test]
fn the_company_name_is_found_in_the_documented_order() {
    use AccountRole::{Primary, Regular, Secondary};
    let all = [
        ("Third", Regular, 1),
        ("Second", Secondary, 2),
        ("First", Primary, 3),
    ];
    let default = Some("No company");
    for (own, roles, found, why) in [
        (
            Some("Own"),
            &all[..],
            "Own",
            "the contact's own comes first",
        ),
        (
            None,
            &all[..],
            "First",
            "then where it is primary, though it joined last",
        ),
        (None, &all[..2], "Second", "then where it is secondary"),
        (None, &all[..1], "Third", "then the first that holds it"),
        (None, &[], "No company", "then the default"),
        (
            None,
            &[("A", Primary, 9), ("B", Primary, 2)],
            "B",
            "the earliest where it is primary in several",
        ),
        (
            None,
            &[("A", Secondary, 9), ("B", Secondary, 2)],
            "B",
            "the earliest where it is secondary in several",
        ),
        (
            None,
            &[("A", Regular, 9), ("B", Regular, 2)],
            "B",
            "the earliest of several others",
        ),
    ] {
        assert_eq!(
            company(own, roles, default),
            Some(format!("\"{found}\"")),
            "{why}"
        );
    }
    assert_eq!(company(None, &[], None), None);
}

#[test]
fn a_blank_company_name_is_none() {
    let mapping = compiled("", &settings(), "UTC");
    let blank = contact([(ContactField::CompanyName, text(" \t"))]);
    assert_eq!(
        mapping.map(&blank, Purpose::Create).values[1].json,
        "\"No company\""
    );
}

#[test]
fn a_lead_without_any_company_is_blocked() {
    let mapping = compiled(
        "",
        &crate::Settings {
            default_company: None,
            ..settings()
        },
        "UTC",
    );
    let mapped = mapping.map(&contact([]), Purpose::Create);
    assert_eq!(mapped.problems.len(), 1);
    assert_eq!(mapped.problems[0].code, "required_missing");
    assert!(mapped.problems[0].message.contains("Company"));
    assert_eq!(mapped.problems[0].detail["targets"][0], "Company");
}

#[test]
fn account_fields_come_from_the_account_of_the_company_name() {
    let mapping = compiled(
        "account:website=Website\n{% Account.AccountName %}=Text__c",
        &settings(),
        "UTC",
    );
    assert!(mapping.needs_accounts());
    let mut candidate = contact([]);
    candidate.account = Some(account(4, "Acme"));
    let mapped = mapping.map(&candidate, Purpose::Create);
    let sent: Vec<_> = mapped
        .values
        .iter()
        .map(|value| value.json.as_str())
        .collect();
    assert_eq!(
        sent,
        [
            "\"Meier\"",
            "\"Acme\"",
            "\"https://acme.example\"",
            "\"Acme\""
        ]
    );
}
