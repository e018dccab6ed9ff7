use std::collections::BTreeMap;

use crate::testing::{NOW, Workspace, workspace};
use crate::{AccountField, AccountId, AccountRole, ContactField, Error};

fn company(workspace: &Workspace, name: &str) -> AccountId {
    let values = BTreeMap::from([(AccountField::Name, name.to_owned())]);
    workspace.writing(|writer| writer.insert_account(&values, None, NOW))
}

#[test]
fn companies_stand_in_the_order_in_which_their_names_count() {
    let workspace = workspace();
    let contact = workspace.add(&[(ContactField::FirstName, "Ann")]);
    let nobody = workspace.add(&[]);
    let [late, early, second, first] =
        ["Late", "Early", "Second", "First"].map(|name| company(&workspace, name));
    workspace.writing(|writer| {
        writer.set_membership(contact, late, AccountRole::Regular, NOW + 9)?;
        writer.set_membership(contact, early, AccountRole::Regular, NOW)?;
        writer.set_membership(contact, second, AccountRole::Secondary, NOW + 20)?;
        writer.set_membership(contact, first, AccountRole::Primary, NOW + 30)
    });
    let companies = workspace.reading(|reader| reader.companies_of(&[contact, nobody]));
    let order: Vec<_> = companies[&contact]
        .iter()
        .map(|membership| membership.account)
        .collect();
    assert_eq!(order, [first, second, early, late]);
    assert!(!companies.contains_key(&nobody));
}

#[test]
fn an_edit_of_an_account_stamps_its_contacts_and_nobody_else() {
    let workspace = workspace();
    let (member, stranger) = (workspace.add(&[]), workspace.add(&[]));
    let acme = company(&workspace, "Acme");
    workspace.writing(|writer| writer.set_membership(member, acme, AccountRole::Primary, NOW));
    let (before, strangers) = (workspace.seq(member), workspace.seq(stranger));
    let rename = |name: &str| {
        let change = [(AccountField::Name, Some(name.to_owned()))];
        workspace.writing(|writer| writer.change_account(acme, &change, NOW))
    };
    assert!(!rename("Acme"));
    assert_eq!(workspace.seq(member), before);
    assert!(rename("Acme Ltd"));
    assert!(workspace.seq(member) > before);
    assert_eq!(workspace.seq(stranger), strangers);
    assert_eq!(
        workspace.reading(|reader| reader.find_account("ACME LTD ")),
        acme
    );
}

#[test]
fn roles_and_memberships_stamp_when_they_change() {
    let workspace = workspace();
    let contact = workspace.add(&[]);
    let acme = company(&workspace, "Acme");
    let set =
        |role| workspace.writing(|writer| writer.set_membership(contact, acme, role, NOW + 5));
    let before = workspace.seq(contact);
    assert!(set(AccountRole::Regular));
    let joined = workspace.seq(contact);
    assert!(joined > before);
    assert!(!set(AccountRole::Regular));
    assert_eq!(workspace.seq(contact), joined);
    assert!(set(AccountRole::Primary));
    assert!(workspace.seq(contact) > joined);
    assert!(workspace.writing(|writer| writer.remove_membership(contact, acme)));
    assert!(!workspace.writing(|writer| writer.remove_membership(contact, acme)));
}

#[test]
fn an_account_needs_a_name_and_a_member_that_exists() {
    let workspace = workspace();
    let acme = company(&workspace, "Acme");
    let nameless = workspace.write(|writer| writer.insert_account(&BTreeMap::new(), None, NOW));
    assert!(matches!(nameless, Err(Error::Refused(_))));
    let unnamed =
        workspace.write(|writer| writer.change_account(acme, &[(AccountField::Name, None)], NOW));
    assert!(matches!(unnamed, Err(Error::Refused(_))));
    let nobody = workspace.write(|writer| {
        writer.set_membership(crate::ContactId(9), acme, AccountRole::Primary, NOW)
    });
    assert!(matches!(nobody, Err(Error::NotFound { .. })));
}

#[test]
fn the_contacts_of_a_removed_account_stay() {
    let workspace = workspace();
    let contact = workspace.add(&[]);
    let acme = company(&workspace, "Acme");
    workspace.writing(|writer| writer.set_membership(contact, acme, AccountRole::Primary, NOW));
    let before = workspace.seq(contact);
    workspace.writing(|writer| writer.delete_account(acme));
    assert!(
        workspace.seq(contact) > before,
        "its company name may differ now"
    );
    assert!(
        workspace
            .reading(|reader| reader.companies_of(&[contact]))
            .is_empty()
    );
    assert!(matches!(
        workspace.write(|writer| writer.delete_account(acme)),
        Err(Error::NotFound { .. })
    ));
}
