//! Looking into the org, and bringing in what is found.

use leadferry_commands::search::{self, AskSoql, ImportRecords, Object, RunSearch, Wanted};
use leadferry_commands::{Code, Workspace, contacts};
use leadferry_store::LinkOrigin;

use crate::support::{Machine, connected};

const PEOPLE: &str = "Email,First name,Last name,Phone\n\
    ada@example.com,Ada,Lovelace,\n\
    grace@example.com,Grace,Hopper,123\n";

async fn soql(workspace: &Workspace, statement: &str) -> search::SoqlFound {
    let request = AskSoql {
        connection: None,
        soql: statement.to_owned(),
        next: None,
    };
    search::soql(workspace, &request).await.unwrap()
}

fn wanted(text: &str) -> RunSearch {
    let search = Wanted {
        object: Object::Lead,
        text: text.to_owned(),
        within: Default::default(),
        matching: Default::default(),
        criteria: Vec::new(),
        columns: Vec::new(),
        sort: None,
    };
    RunSearch {
        connection: None,
        search,
        page: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn found_leads_become_contacts_once() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    machine.import(&workspace, PEOPLE);
    let leads = search::run(&workspace, &wanted("")).await.unwrap();
    assert!(leads.total > 1, "the practice org has leads of its own");
    let records: Vec<String> = leads.records.iter().map(|lead| lead.id.clone()).collect();
    let request = ImportRecords {
        connection: None,
        object: Object::Lead,
        records: records.clone(),
    };
    let first = search::import(&workspace, &request).await.unwrap();
    let counted = first.created.len() + first.found.len() + first.left_out.len();
    assert_eq!(counted, records.len(), "every record is in one count");
    assert!(!first.created.is_empty());
    let contact = contacts::show(&workspace, first.created[0].as_str()).unwrap();
    assert_eq!(contact.links[0].object, "Lead");
    let link = workspace.store().read(|reader| {
        let id = reader.find_contact(first.created[0].as_str())?;
        Ok::<_, leadferry_store::Error>(reader.links_of(id)?.remove(0))
    });
    let link = link.unwrap();
    assert_eq!(
        (link.origin, link.identifier),
        (LinkOrigin::Email, None),
        "the next run writes the identifier"
    );
    let again = search::import(&workspace, &request).await.unwrap();
    assert_eq!(
        again.linked_before as usize,
        first.created.len() + first.found.len()
    );
    assert!(again.created.is_empty() && again.found.is_empty());
    let found = search::run(&workspace, &wanted("")).await.unwrap();
    let linked = found.records.iter().filter(|lead| lead.linked.is_some());
    assert_eq!(linked.count() as u64, again.linked_before);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_here_already_gets_the_link_and_what_is_missing() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let lead = soql(&workspace, "SELECT Id, Email, Phone FROM Lead WHERE Email != null AND Phone != null AND IsConverted = false LIMIT 1").await;
    let search::Cell::Text(id) = &lead.rows[0][0] else {
        panic!("{lead:?}")
    };
    let search::Cell::Text(email) = &lead.rows[0][1] else {
        panic!("{lead:?}")
    };
    machine.import(&workspace, &format!("Email,First name\n{email},Mine\n"));
    let request = ImportRecords {
        connection: None,
        object: Object::Lead,
        records: vec![id.clone(), id.clone(), "00Q000000000000EAA".to_owned()],
    };
    let outcome = search::import(&workspace, &request).await.unwrap();
    assert_eq!((outcome.created.len(), outcome.found.len()), (0, 1));
    assert!(
        outcome.left_out[0]
            .reason
            .contains("this user can't see it")
    );
    let card = contacts::show(&workspace, email).unwrap();
    assert_eq!(card.fields["first_name"], "Mine", "what is here wins");
    assert!(
        card.fields.contains_key("business_phone"),
        "what is missing is filled"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_shown_as_a_table_and_a_wrong_one_in_the_orgs_words() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let found = soql(
        &workspace,
        "SELECT Status, COUNT(Id) leads FROM Lead GROUP BY Status",
    )
    .await;
    assert_eq!(found.columns, ["Status", "leads"]);
    assert!(!found.rows.is_empty());
    let wrong = AskSoql {
        connection: None,
        soql: "SELECT Shoes FROM Lead".to_owned(),
        next: None,
    };
    let refused = search::soql(&workspace, &wrong).await.unwrap_err();
    assert!(refused.to_string().contains("Shoes"), "{refused}");
    let writes = AskSoql {
        soql: "DELETE FROM Lead".to_owned(),
        ..wrong
    };
    assert_eq!(
        search::soql(&workspace, &writes).await.unwrap_err().code,
        Code::Usage
    );
}
