//! The order in which the company name is found.

use leadferry_store::{AccountId, AccountRole, ContactField};

use super::support::{account, compiled, contact, membership, settings, text};
use crate::mapping::Purpose;

/// Returns the company that is sent, for the accounts in the order in which the store lists them.
fn company(own: Option<&str>, roles: &[(i64, AccountRole, i64)], default: Option<&str>) -> Option<String> {
    let mut candidate = contact(own.map(|name| (ContactField::CompanyName, text(name))));
    candidate.companies = roles.iter().map(|(id, role, since)| membership(*id, *role, *since)).collect();
    candidate.companies.sort_by_key(|one| (one.role, one.since, one.account));
    let settings = crate::Settings { default_company: default.map(str::to_owned), ..settings() };
    let mapping = compiled("", &settings, "UTC");
    let account = mapping.account_of(&candidate).map(|AccountId(id)| account(id, &format!("Account {id}")));
    let mapped = mapping.map(&candidate, account.as_ref(), Purpose::Create);
    mapped.values.get(1).map(|value| value.json.clone())
}

#[test]
fn the_company_name_is_found_in_the_documented_order() {
    use AccountRole::{Primary, Regular, Secondary};
    let all = [(1, Regular, 1), (2, Secondary, 2), (3, Primary, 3)];
    let default = Some("No company");
    for (own, roles, found, why) in [
        (Some("Own"), &all[..], "Own", "the contact's own comes first"),
        (None, &all[..], "Account 3", "then where it is primary, though it joined last"),
        (None, &all[..2], "Account 2", "then where it is secondary"),
        (None, &all[..1], "Account 1", "then the first that holds it"),
        (None, &[], "No company", "then the default"),
        (Some("  "), &[], "No company", "a blank name is none"),
        (None, &[(5, Primary, 9), (6, Primary, 2)], "Account 6", "the earliest where it is primary in several"),
        (None, &[(5, Secondary, 9), (6, Secondary, 2)], "Account 6", "the earliest where it is secondary in several"),
        (None, &[(5, Regular, 9), (6, Regular, 2)], "Account 6", "the earliest of several others"),
    ] {
        assert_eq!(company(own, roles, default), Some(format!("\"{found}\"")), "{why}");
    }
    assert_eq!(company(None, &[], None), None);
}

#[test]
fn a_lead_without_any_company_is_blocked() {
    let mapping = compiled("", &crate::Settings { default_company: None, ..settings() }, "UTC");
    let mapped = mapping.map(&contact([]), None, Purpose::Create);
    assert_eq!(mapped.problems.len(), 1);
    assert_eq!(mapped.problems[0].code, "required_missing");
    assert!(mapped.problems[0].message.contains("Company"));
    assert_eq!(mapped.problems[0].detail["targets"][0], "Company");
}

#[test]
fn account_fields_come_from_the_account_of_the_company_name() {
    let mapping = compiled("account:website=Website\n{% Account.AccountName %}=Text__c", &settings(), "UTC");
    assert!(mapping.needs_accounts());
    let account = account(4, "Acme");
    let mapped = mapping.map(&contact([]), Some(&account), Purpose::Create);
    let sent: Vec<_> = mapped.values.iter().map(|value| value.json.as_str()).collect();
    assert_eq!(sent, ["\"Meier\"", "\"Acme\"", "\"https://acme.example\"", "\"Acme\""]);
}
