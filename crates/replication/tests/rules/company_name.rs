//! Where the company name comes from.

use leadferry_store::AccountRole;

use crate::harness::{a_contact, text, world};

#[tokio::test]
async fn the_company_name_is_the_contacts_own_else_primary_else_secondary_else_first_else_the_default()
 {
    let world = world().await;
    let [primary, secondary, first, later] =
        ["Primary", "Secondary", "First", "Later"].map(|name| world.account(name));
    let own = world.add(a_contact().last_name("1 own").company("Own Ltd"));
    world.join(own, primary, AccountRole::Primary);
    let with_primary = world.add(a_contact().last_name("2 primary"));
    world.join(with_primary, secondary, AccountRole::Secondary);
    world.join(with_primary, primary, AccountRole::Primary);
    let with_secondary = world.add(a_contact().last_name("3 secondary"));
    world.join(with_secondary, first, AccountRole::Regular);
    world.join(with_secondary, secondary, AccountRole::Secondary);
    let regular = world.add(a_contact().last_name("4 regular"));
    world.join(regular, first, AccountRole::Regular);
    world.advance(1_000);
    world.join(regular, later, AccountRole::Regular);
    world.add(a_contact().last_name("5 alone"));
    let leads = world.leads();

    let report = world.run(leads).await;

    assert_eq!(report.created, 5, "{report:?}");
    let companies: Vec<String> = world
        .leads_in_org()
        .await
        .iter()
        .map(|lead| text(lead, "Company").to_owned())
        .collect();
    assert_eq!(
        companies,
        ["Own Ltd", "Primary", "Secondary", "First", "Unknown"]
    );
}

#[tokio::test]
async fn another_name_of_the_account_reaches_its_contacts_records() {
    let world = world().await;
    let account = world.account("Old name");
    let member = world.add(a_contact());
    world.join(member, account, AccountRole::Primary);
    let leads = world.leads();
    world.run(leads).await;

    let changes = [(
        leadferry_store::AccountField::Name,
        Some("New name".to_owned()),
    )];
    let now = world.now();
    world.write(|writer| writer.change_account(account, &changes, now));
    let report = world.run(leads).await;

    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    assert_eq!(text(&world.the_lead().await, "Company"), "New name");
}
