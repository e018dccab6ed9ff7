//! Words of the query language beyond fields and plain conditions.

use serde_json::{Value, json};

use crate::support::{TestOrg, code};

async fn with_people() -> TestOrg {
    let org = TestOrg::new().await;
    for (name, city, status) in [
        ("Adams", "Bonn", "Open - Not Contacted"),
        ("Brown", "Bonn", "Working - Contacted"),
        ("Clark", "Ulm", "Open - Not Contacted"),
    ] {
        let lead = json!({"LastName": name, "Company": "Acme", "City": city, "Status": status, "AnnualRevenue": 1_234_567, "IsUnreadByOwner": name == "Adams"});
        assert_eq!(org.post("/sobjects/Lead", lead).await.0, 201);
    }
    org
}

async fn names(org: &TestOrg, condition: &str) -> String {
    let query = format!("SELECT LastName FROM Lead WHERE {condition} ORDER BY LastName");
    let records = org.records(&query).await;
    let names = records.iter().map(|r| r["LastName"].as_str().unwrap());
    names.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_not_after_and_or_or_needs_parentheses() {
    let org = with_people().await;
    for bad in [
        "City = 'Bonn' AND NOT LastName = 'Adams'",
        "City = 'Ulm' OR NOT LastName = 'Adams'",
    ] {
        let (status, body) = org.soql(&format!("SELECT Id FROM Lead WHERE {bad}")).await;
        assert_eq!((status, code(&body)), (400, "MALFORMED_QUERY"), "{bad}");
    }
    assert_eq!(
        names(&org, "City = 'Bonn' AND (NOT LastName = 'Adams')").await,
        "Brown"
    );
    assert_eq!(
        names(&org, "NOT LastName = 'Adams' AND City = 'Bonn'").await,
        "Brown"
    );
}

#[tokio::test]
async fn a_null_boolean_reads_as_false() {
    let org = with_people().await;
    assert_eq!(names(&org, "IsUnreadByOwner = null").await, "Brown Clark");
    assert_eq!(names(&org, "IsUnreadByOwner != null").await, "Adams");
}

#[tokio::test]
async fn subqueries_of_in_have_limits() {
    let org = TestOrg::new().await;
    let accounts = "SELECT AccountId FROM Contact";
    for (condition, part) in [
        (format!("Name = 'x' OR Id IN ({accounts})"), "'OR' operator"),
        (
            format!("Name = 'x' AND (Phone = null OR Id IN ({accounts}))"),
            "'OR' operator",
        ),
        (format!("NOT Id IN ({accounts})"), "top level"),
        (
            format!("Name = 'x' AND (NOT Id IN ({accounts}))"),
            "top level",
        ),
        (
            format!("Id IN ({accounts}) AND Id IN ({accounts}) AND Id NOT IN ({accounts})"),
            "at most 2",
        ),
        (
            "Id IN (SELECT ConvertedContactId FROM Lead)".to_owned(),
            "ids of other objects",
        ),
        (
            "ParentId IN (SELECT Id FROM Account)".to_owned(),
            "same object type",
        ),
        (
            "Id IN (SELECT AccountId FROM Contact WHERE Id IN (SELECT ContactId FROM Case))"
                .to_owned(),
            "Nesting",
        ),
    ] {
        let (status, body) = org
            .soql(&format!("SELECT Id FROM Account WHERE {condition}"))
            .await;
        assert_eq!(
            (status, code(&body)),
            (400, "MALFORMED_QUERY"),
            "{condition}"
        );
        let message = body[0]["message"].as_str().unwrap();
        assert!(message.contains(part), "{condition}: {message}");
    }
    org.records(&format!(
        "SELECT Id FROM Account WHERE Id IN ({accounts}) AND Id NOT IN ({accounts})"
    ))
    .await;
}

#[tokio::test]
async fn a_scope_names_whose_records_are_meant() {
    let org = with_people().await;
    let seller = org
        .records("SELECT Id FROM User WHERE Username = 'seller@practice.example'")
        .await;
    let clark = org
        .records("SELECT Id FROM Lead WHERE LastName = 'Clark'")
        .await;
    let path = format!("/sobjects/Lead/{}", clark[0]["Id"].as_str().unwrap());
    assert_eq!(
        org.patch(&path, json!({"OwnerId": seller[0]["Id"]}))
            .await
            .0,
        204
    );
    let count = |scope: &str, rest: &str| {
        let query = format!("SELECT Id FROM Lead USING SCOPE {scope} {rest}");
        let org = &org;
        async move { org.records(&query).await.len() }
    };
    assert_eq!(count("everything", "").await, 3);
    assert_eq!(count("mine", "").await, 2);
    assert_eq!(
        count("Mine", "WHERE City = 'Ulm' OR LastName = 'Adams'").await,
        1
    );
    let (_, body) = org.soql("SELECT Id FROM Lead USING SCOPE ours").await;
    assert_eq!(code(&body), "MALFORMED_QUERY");
}

#[tokio::test]
async fn typeof_reads_fields_of_what_a_relationship_leads_to() {
    let org = with_people().await;
    let queue = org
        .records("SELECT Id FROM Group WHERE Type = 'Queue'")
        .await;
    let brown = org
        .records("SELECT Id FROM Lead WHERE LastName = 'Brown'")
        .await;
    let path = format!("/sobjects/Lead/{}", brown[0]["Id"].as_str().unwrap());
    assert_eq!(
        org.patch(&path, json!({"OwnerId": queue[0]["Id"]})).await.0,
        204
    );
    let query = "SELECT TYPEOF Owner WHEN User THEN Username, LastName WHEN Group THEN DeveloperName ELSE Name END, LastName FROM Lead ORDER BY LastName";
    let leads = org.records(query).await;
    assert_eq!(leads[0]["Owner"]["attributes"]["type"], "User");
    assert_eq!(leads[0]["Owner"]["Username"], "admin@practice.example");
    assert_eq!(leads[0]["Owner"].get("DeveloperName"), None);
    assert_eq!(
        (
            &leads[1]["Owner"]["attributes"]["type"],
            &leads[1]["Owner"]["DeveloperName"]
        ),
        (&json!("Group"), &json!("New_Leads"))
    );
    let leads = org
        .records("SELECT TYPEOF Owner WHEN Group THEN Id ELSE Name END FROM Lead ORDER BY LastName")
        .await;
    assert_eq!(leads[0]["Owner"]["Name"], "Practice Admin");
    for bad in [
        "SELECT TYPEOF CreatedBy WHEN User THEN Id END FROM Lead",
        "SELECT TYPEOF Owner WHEN Account THEN Id END FROM Lead",
        "SELECT TYPEOF Owner WHEN User THEN Nope END FROM Lead",
        "SELECT TYPEOF Owner END FROM Lead",
    ] {
        assert_eq!(org.soql(bad).await.0, 400, "{bad}");
    }
}

#[tokio::test]
async fn values_are_shown_as_people_see_them() {
    let org = with_people().await;
    let metadata = json!({"label": "Tier", "type": "Picklist", "valueSet": {"restricted": true, "valueSetDefinition": {"value": [
        {"fullName": "G", "label": "It's gold"}, {"fullName": "S", "label": "Silver"}]}}});
    org.field("Lead", "Tier__c", metadata).await;
    let id = org
        .records("SELECT Id FROM Lead WHERE LastName = 'Adams'")
        .await[0]["Id"]
        .clone();
    org.patch(
        &format!("/sobjects/Lead/{}", id.as_str().unwrap()),
        json!({"Tier__c": "G"}),
    )
    .await;
    let query = "SELECT toLabel(Tier__c), Tier__c code, FORMAT(AnnualRevenue) money FROM Lead WHERE toLabel(Tier__c) = 'it''s gold'";
    assert_eq!(
        org.soql(query).await.0,
        400,
        "a plain field has no other name"
    );
    let query = r"SELECT Tier__c, toLabel(Tier__c) label, FORMAT(AnnualRevenue) money, FORMAT(NumberOfEmployees) FROM Lead WHERE toLabel(Tier__c) = 'It\'s gold'";
    let leads = org.records(query).await;
    assert_eq!(leads.len(), 1);
    assert_eq!(
        (
            &leads[0]["Tier__c"],
            &leads[0]["label"],
            &leads[0]["money"],
            &leads[0]["NumberOfEmployees"]
        ),
        (
            &json!("G"),
            &json!("It's gold"),
            &json!("$1,234,567"),
            &Value::Null
        )
    );
    assert_eq!(org.soql("SELECT toLabel(Company) FROM Lead").await.0, 400);
    assert_eq!(
        org.soql("SELECT Id FROM Lead WHERE FORMAT(AnnualRevenue) = 'x'")
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn rollup_and_cube_add_subtotals() {
    let org = with_people().await;
    let lines = |groups: Vec<Value>| {
        let line = |g: &Value| {
            format!(
                "{} {} {} {}",
                g["City"].as_str().unwrap_or("-"),
                g["Status"].as_str().unwrap_or("-"),
                g["n"],
                g["every"]
            )
        };
        groups.iter().map(line).collect::<Vec<_>>()
    };
    let query = |kind: &str| {
        format!(
            "SELECT City, Status, COUNT(Id) n, GROUPING(Status) every FROM Lead GROUP BY {kind}(City, Status)"
        )
    };
    let rollup = lines(org.records(&query("ROLLUP")).await);
    assert_eq!(
        rollup,
        [
            "Bonn Open - Not Contacted 1 0",
            "Bonn Working - Contacted 1 0",
            "Bonn - 2 1",
            "Ulm Open - Not Contacted 1 0",
            "Ulm - 1 1",
            "- - 3 1",
        ]
    );
    let cube = lines(org.records(&query("CUBE")).await);
    assert_eq!(cube.len(), 8);
    assert!(
        cube.contains(&"- Open - Not Contacted 2 0".to_owned()),
        "{cube:?}"
    );
    let ordered = org.records("SELECT City, COUNT(Id) n FROM Lead WHERE LastName != 'Brown' GROUP BY ROLLUP(City) ORDER BY COUNT(Id) DESC LIMIT 1").await;
    assert_eq!(
        (&ordered[0]["City"], &ordered[0]["n"]),
        (&Value::Null, &json!(2))
    );
    for bad in [
        "SELECT GROUPING(City) FROM Lead GROUP BY City",
        "SELECT City FROM Lead GROUP BY CUBE(City, Status, Industry, Rating)",
    ] {
        assert_eq!(code(&org.soql(bad).await.1), "MALFORMED_QUERY", "{bad}");
    }
}

#[tokio::test]
async fn the_columns_of_a_query_are_described() {
    let org = with_people().await;
    let columns = |query: &str| {
        let request = org
            .data(reqwest::Method::GET, "/query")
            .query(&[("q", query), ("columns", "true")]);
        async move { crate::support::read(request.send().await.unwrap()).await }
    };
    let (status, body) = columns("SELECT Id, Owner.Name, Owner.Profile.Name FROM Lead").await;
    assert_eq!(
        (status, &body["entityName"], &body["idSelected"]),
        (200, &json!("Lead"), &json!(true))
    );
    let owner = &body["columnMetadata"][1];
    assert_eq!(
        (&owner["columnName"], &owner["joinColumns"][0]["columnName"]),
        (&json!("Owner"), &json!("Name"))
    );
    let (_, body) = columns("SELECT COUNT(Id), MAX(Email) last FROM Lead").await;
    let named: Vec<&Value> = body["columnMetadata"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["columnName"])
        .collect();
    assert_eq!(named, [&json!("expr0"), &json!("last")]);
    let (_, body) = columns("SELECT Name, (SELECT Email FROM Contacts) FROM Account").await;
    let contacts = &body["columnMetadata"][1];
    assert_eq!(
        (
            &contacts["aggregate"],
            &contacts["joinColumns"][0]["columnName"]
        ),
        (&json!(true), &json!("Email"))
    );
    assert_eq!(columns("SELECT Nope FROM Lead").await.0, 400);
}
