//! The people whom a new practice org comes with fit the sample contacts: there is something to match, and to doubt.

use std::collections::BTreeMap;

use crate::support::org::Org;

#[tokio::test(flavor = "multi_thread")]
async fn the_practice_org_knows_some_of_the_sample_contacts() {
    let contacts = include_str!("../samples/contacts.csv").to_lowercase();
    let org = Org::start_with_sample_people().await;
    let known = |emails: &BTreeMap<String, usize>| {
        let known = |email: &&String| contacts.contains(&format!(",{email},"));
        emails.keys().filter(known).count()
    };

    let leads = emails(&org, "Lead").await;
    assert!(known(&leads) >= 30, "leads to match: {}", known(&leads));
    assert!(known(&leads) < leads.len(), "and some strangers");
    let twice = leads.values().filter(|records| **records == 2).count();
    assert_eq!(twice, 1, "one e-mail that two leads share");

    let others = emails(&org, "Contact").await;
    assert!(
        known(&others) >= 8,
        "contacts in the way: {}",
        known(&others)
    );
}

/// Returns the e-mails of an object's records in lower case, each with the number of records that hold it.
async fn emails(org: &Org, object: &str) -> BTreeMap<String, usize> {
    let mut emails = BTreeMap::new();
    let soql = format!("SELECT Email FROM {object} WHERE Email != null");
    for record in org.records(&soql).await {
        let email = record["Email"].as_str().unwrap().to_lowercase();
        *emails.entry(email).or_default() += 1;
    }
    emails
}
