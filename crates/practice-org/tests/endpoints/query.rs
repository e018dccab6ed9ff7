use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, code, read};

async fn people(org: &TestOrg) {
    let lead = |last: &str, email: Value, city: Value, size: Value| {
        json!({"attributes": {"type": "Lead"}, "LastName": last, "Company": "Acme", "Email": email, "City": city,
            "NumberOfEmployees": size, "LeadSource": "Web"})
    };
    let rows = vec![
        lead(
            "Adams",
            json!("adams@example.com"),
            json!("Bonn"),
            json!(10),
        ),
        lead(
            "Brown",
            json!("BROWN@example.com"),
            json!("Köln"),
            json!(20),
        ),
        lead("Clark", json!(null), json!("50% Off_Town"), json!(30)),
        lead(
            "O'Neil",
            json!("oneil@example.org"),
            json!(null),
            json!(null),
        ),
    ];
    let (status, body) = org
        .post("/composite/sobjects", json!({"records": rows}))
        .await;
    assert_eq!((status, &body[3]["success"]), (200, &json!(true)), "{body}");
}

/// Reading guide: the condition, and the last names it finds in order.
#[tokio::test]
async fn conditions_find_what_they_say() {
    let org = TestOrg::new().await;
    people(&org).await;
    let table = [
        ("Email = 'brown@EXAMPLE.com'", "Brown"),
        ("Email != 'brown@example.com'", "Adams Clark O'Neil"),
        ("Email = null", "Clark"),
        ("Email <> NULL", "Adams Brown O'Neil"),
        ("City = 'KÖLN'", "Brown"),
        ("City IN ('köln', 'bonn', null)", "Adams Brown O'Neil"),
        ("City NOT IN ('Bonn')", "Brown Clark O'Neil"),
        ("LastName = 'O\\'Neil'", "O'Neil"),
        ("LastName LIKE '%o_n'", "Brown"),
        ("LastName LIKE 'a%'", "Adams"),
        ("City LIKE '50\\% Off\\_%'", "Clark"),
        ("City LIKE 'k_L%'", "Brown"),
        ("NumberOfEmployees > 10", "Brown Clark"),
        (
            "NumberOfEmployees >= 10 AND NumberOfEmployees < 30",
            "Adams Brown",
        ),
        ("NumberOfEmployees <= 10 OR Email = null", "Adams Clark"),
        ("NOT (NumberOfEmployees > 10)", "Adams O'Neil"),
        ("NOT Email LIKE '%com' AND (NOT Email = null)", "O'Neil"),
        (
            "(LastName = 'Adams' OR LastName = 'Brown') AND NumberOfEmployees = 20",
            "Brown",
        ),
        (
            "CreatedDate = TODAY AND CreatedDate = LAST_N_DAYS:3",
            "Adams Brown Clark O'Neil",
        ),
        ("CreatedDate < TODAY OR CreatedDate > TODAY", ""),
        (
            "CreatedDate > 2020-01-01T00:00:00Z AND ConvertedDate = null",
            "Adams Brown Clark O'Neil",
        ),
        (
            "IsConverted = false AND IsDeleted = FALSE",
            "Adams Brown Clark O'Neil",
        ),
        ("IsConverted = true", ""),
        (
            "Owner.Name = 'practice admin' AND Owner.Type = 'User' AND LastName < 'C'",
            "Adams Brown",
        ),
        ("Lead.LastName = 'Adams'", "Adams"),
        ("ConvertedContactId IN (SELECT Id FROM Contact)", ""),
        (
            "OwnerId IN (SELECT Id FROM User WHERE IsActive = true) AND City = 'Bonn'",
            "Adams",
        ),
    ];
    for (condition, expected) in table {
        let found = org
            .records(&format!(
                "SELECT LastName FROM Lead WHERE {condition} ORDER BY LastName"
            ))
            .await;
        let names: Vec<&str> = found
            .iter()
            .map(|r| r["LastName"].as_str().unwrap())
            .collect();
        assert_eq!(names.join(" "), expected, "{condition}");
    }
}

#[tokio::test]
async fn order_limit_and_offset_are_kept() {
    let org = TestOrg::new().await;
    people(&org).await;
    let table = [
        ("ORDER BY NumberOfEmployees", "O'Neil Adams Brown Clark"),
        (
            "ORDER BY NumberOfEmployees DESC NULLS LAST",
            "Clark Brown Adams O'Neil",
        ),
        (
            "ORDER BY NumberOfEmployees ASC NULLS LAST LIMIT 2",
            "Adams Brown",
        ),
        (
            "ORDER BY LeadSource, LastName DESC LIMIT 2 OFFSET 1",
            "Clark Brown",
        ),
        ("ORDER BY Owner.Name, LastName LIMIT 1", "Adams"),
    ];
    for (tail, expected) in table {
        let found = org
            .records(&format!("SELECT LastName FROM Lead l {tail}"))
            .await;
        let names: Vec<&str> = found
            .iter()
            .map(|r| r["LastName"].as_str().unwrap())
            .collect();
        assert_eq!(names.join(" "), expected, "{tail}");
    }
}

#[tokio::test]
async fn records_come_in_the_form_of_a_real_org() {
    let org = TestOrg::new().await;
    people(&org).await;
    let (_, body) = org.soql("select Id, Owner.Name, Owner.Email, lastname, MasterRecord.Name from lead where City='Bonn'").await;
    let record = &body["records"][0];
    assert_eq!(
        (
            &body["totalSize"],
            &body["done"],
            body.get("nextRecordsUrl")
        ),
        (&json!(1), &json!(true), None)
    );
    assert_eq!(
        record["attributes"]["url"],
        format!(
            "/services/data/v67.0/sobjects/Lead/{}",
            record["Id"].as_str().unwrap()
        )
    );
    assert_eq!(
        (&record["LastName"], &record["MasterRecord"]),
        (&json!("Adams"), &Value::Null)
    );
    assert_eq!(record["Owner"]["Name"], "Practice Admin");
    let (_, count) = org
        .soql("SELECT COUNT() FROM Lead WHERE Email LIKE '%.com'")
        .await;
    assert_eq!(count, json!({"totalSize": 2, "done": true, "records": []}));
    let all = org.records("SELECT FIELDS(ALL) FROM Lead LIMIT 1").await;
    assert!(all[0].get("Description").is_some());
    assert!(
        org.records("SELECT FIELDS(STANDARD) FROM Lead").await[0]
            .get("Email")
            .is_some()
    );
}

#[tokio::test]
async fn faulty_queries_are_told_where() {
    let org = TestOrg::new().await;
    let table = [
        (
            "SELECT Idd FROM Lead",
            "INVALID_FIELD",
            "\nSELECT Idd FROM Lead\n       ^\nERROR at Row:1:Column:8\nNo such column 'Idd' on entity 'Lead'. If",
        ),
        (
            "select count() from XYZZY",
            "INVALID_TYPE",
            "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported.",
        ),
        (
            "SELECT FROM Lead",
            "MALFORMED_QUERY",
            "unexpected token: 'FROM'",
        ),
        (
            "SELECT Id FROM Lead WHERE A = 1 AND B = 2 OR C = 3",
            "MALFORMED_QUERY",
            "unexpected token: 'OR'",
        ),
        (
            "SELECT Id FROM Lead WHERE",
            "MALFORMED_QUERY",
            "unexpected token: '<EOF>'",
        ),
        (
            "SELECT Id FROM Lead WHERE Description = 'x'",
            "INVALID_FIELD",
            "field 'Description' can not be filtered in a query call",
        ),
        (
            "SELECT Id FROM Lead WHERE LastName = 5",
            "INVALID_FIELD",
            "must be of type string and should be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Lead WHERE NumberOfEmployees = '5'",
            "INVALID_FIELD",
            "must be of type int and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Lead WHERE CreatedDate > 2026-01-01",
            "INVALID_FIELD",
            "must be of type dateTime",
        ),
        (
            "SELECT Id FROM Lead WHERE Id = 'x'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid ID field: x",
        ),
        (
            "SELECT Nobody.Name FROM Lead",
            "INVALID_FIELD",
            "Didn't understand relationship 'Nobody' in field path.",
        ),
        (
            "SELECT Id, Id FROM Lead",
            "INVALID_FIELD",
            "duplicate field selected: Id",
        ),
        (
            "SELECT FIELDS(ALL) FROM Lead",
            "MALFORMED_QUERY",
            "must have a LIMIT of at most 200",
        ),
        (
            "SELECT Id FROM Lead WHERE LastName = 'x",
            "MALFORMED_QUERY",
            "missing closing quote",
        ),
        (
            "SELECT Id FROM Lead OFFSET 2001",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "2000",
        ),
        (
            "DELETE FROM Lead",
            "MALFORMED_QUERY",
            "unexpected token: 'DELETE'",
        ),
        ("SELECT Id FROM Lead; DROP", "MALFORMED_QUERY", "';'"),
    ];
    for (query, expected, text) in table {
        let (status, body) = org.soql(query).await;
        assert_eq!((status, code(&body)), (400, expected), "{query}: {body}");
        assert!(
            body[0]["message"].as_str().unwrap().contains(text),
            "{query}: {body}"
        );
    }
    assert_eq!(org.get("/query").await.0, 400);
}

#[tokio::test]
async fn long_answers_come_in_pages() {
    let org = TestOrg::new().await;
    for start in [0, 200, 400] {
        let rows: Vec<Value> = (start..start + 200).map(|n| json!({"attributes": {"type": "Lead"}, "LastName": format!("L{n:04}"), "Company": "B"})).collect();
        org.post("/composite/sobjects", json!({"records": rows}))
            .await;
    }
    let request = org.data(Method::GET, "/query").query(&[(
        "q",
        "SELECT LastName, Owner.Name FROM Lead ORDER BY LastName DESC",
    )]);
    let (_, first) = read(
        request
            .header("Sforce-Query-Options", "batchSize=250")
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(
        (
            &first["totalSize"],
            &first["done"],
            first["records"].as_array().unwrap().len()
        ),
        (&json!(600), &json!(false), 250)
    );
    let mut names: Vec<Value> = first["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["LastName"].clone())
        .collect();
    let mut next = first["nextRecordsUrl"].as_str().map(str::to_owned);
    assert!(
        next.as_ref().unwrap().contains("/query/01g") && next.as_ref().unwrap().ends_with("-250")
    );
    while let Some(url) = next {
        let (_, page) = read(
            org.client
                .get(format!("{}{url}", org.running.url()))
                .bearer_auth(&org.token)
                .send()
                .await
                .unwrap(),
        )
        .await;
        names.extend(
            page["records"]
                .as_array()
                .unwrap()
                .iter()
                .map(|r| r["LastName"].clone()),
        );
        next = page["nextRecordsUrl"].as_str().map(str::to_owned);
    }
    let expected: Vec<Value> = (0..600).rev().map(|n| json!(format!("L{n:04}"))).collect();
    assert_eq!(names, expected);
    let (status, body) = org.get("/query/01g000000000001AAA-2000").await;
    assert_eq!((status, code(&body)), (400, "INVALID_QUERY_LOCATOR"));
}

#[tokio::test]
async fn query_all_sees_the_recycle_bin() {
    let org = TestOrg::new().await;
    let id = org.lead("Gone", "gone@example.com").await;
    org.delete(&format!("/sobjects/Lead/{id}")).await;
    assert!(org.records("SELECT Id FROM Lead").await.is_empty());
    let (_, all) = read(
        org.data(Method::GET, "/queryAll")
            .query(&[("q", "SELECT Id, IsDeleted FROM Lead WHERE IsDeleted = true")])
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(
        (&all["records"][0]["Id"], &all["records"][0]["IsDeleted"]),
        (&json!(id), &json!(true))
    );
}

#[tokio::test]
async fn a_long_address_is_refused_and_a_long_list_is_not() {
    let org = TestOrg::new().await;
    let ids: Vec<String> = (0..1000)
        .map(|n| format!("'person{n}@example.com'"))
        .collect();
    let query = format!("SELECT Id FROM Lead WHERE Email IN ({})", ids.join(","));
    let (status, _) = org.soql(&query).await;
    assert_eq!(status, 414);
    let url = format!("/services/data/v67.0/query?q={}", query.replace(' ', "+"));
    let (_, body) = org
        .post(
            "/composite",
            json!({"compositeRequest": [{"method": "GET", "url": url, "referenceId": "q"}]}),
        )
        .await;
    assert_eq!(
        body["compositeResponse"][0]["httpStatusCode"], 200,
        "{body}"
    );
}

#[tokio::test]
async fn parents_bring_their_children() {
    let org = TestOrg::new().await;
    let (_, acme) = org.post("/sobjects/Account", json!({"Name": "Acme"})).await;
    org.post("/sobjects/Account", json!({"Name": "Empty"}))
        .await;
    for name in ["Brown", "Adams", "Clark", "Gone"] {
        let contact = json!({"LastName": name, "AccountId": acme["id"]});
        let (_, body) = org.post("/sobjects/Contact", contact).await;
        if name == "Gone" {
            org.delete(&format!(
                "/sobjects/Contact/{}",
                body["id"].as_str().unwrap()
            ))
            .await;
        }
    }
    let accounts = org
        .records(
            "SELECT Name, (SELECT LastName, Account.Name FROM Contacts WHERE LastName != 'Clark' ORDER BY LastName LIMIT 5) \
             FROM Account ORDER BY Name",
        )
        .await;
    let contacts = &accounts[0]["Contacts"];
    assert_eq!(
        (&contacts["totalSize"], &contacts["done"]),
        (&json!(2), &json!(true))
    );
    let names: Vec<&Value> = contacts["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["LastName"])
        .collect();
    assert_eq!(names, ["Adams", "Brown"]);
    assert_eq!(contacts["records"][0]["attributes"]["type"], "Contact");
    assert_eq!(contacts["records"][0]["Account"]["Name"], "Acme");
    assert_eq!(accounts[1].get("Contacts"), Some(&Value::Null));
    let table = [
        (
            "SELECT (SELECT Id FROM Nobodies) FROM Account",
            "INVALID_TYPE",
        ),
        (
            "SELECT (SELECT Nope FROM Contacts) FROM Account",
            "INVALID_FIELD",
        ),
        (
            "SELECT (SELECT COUNT() FROM Contacts) FROM Account",
            "MALFORMED_QUERY",
        ),
        (
            "SELECT (SELECT Id FROM Contacts), (SELECT Name FROM contacts) FROM Account",
            "INVALID_FIELD",
        ),
        (
            "SELECT Name, (SELECT Id FROM Contacts) FROM Account GROUP BY Name",
            "MALFORMED_QUERY",
        ),
        (
            "SELECT (SELECT Id FROM Contacts FROM Account",
            "MALFORMED_QUERY",
        ),
    ];
    for (query, expected) in table {
        let (status, body) = org.soql(query).await;
        assert_eq!((status, code(&body)), (400, expected), "{query}: {body}");
    }
}
