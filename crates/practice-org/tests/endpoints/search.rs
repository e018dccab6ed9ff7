use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, code, read};

impl TestOrg {
    async fn sosl(&self, search: &str) -> (u16, Value) {
        let request = self.data(Method::GET, "/search").query(&[("q", search)]);
        read(request.send().await.unwrap()).await
    }

    /// Objects and names of what a search finds.
    async fn found(&self, search: &str) -> Vec<String> {
        let (status, body) = self.sosl(search).await;
        assert_eq!(status, 200, "{search}: {body}");
        names(&body)
    }
}

fn names(body: &Value) -> Vec<String> {
    let records = body["searchRecords"].as_array().unwrap().iter();
    let name = |r: &Value| {
        let kind = r["attributes"]["type"].as_str().unwrap();
        format!("{kind} {}", r["Name"].as_str().unwrap_or("-"))
    };
    records.map(name).collect()
}

async fn people() -> TestOrg {
    let org = TestOrg::new().await;
    let create = async |kind: &str, fields: Value| {
        let (status, body) = org.post(&format!("/sobjects/{kind}"), fields).await;
        assert_eq!(status, 201, "{body}");
        body["id"].as_str().unwrap().to_owned()
    };
    let account = create(
        "Account",
        json!({"Name": "Acme & Sons", "Website": "https://acme.example"}),
    )
    .await;
    create("Contact", json!({"LastName": "O'Neil", "FirstName": "Ada", "AccountId": account, "Phone": "(415) 555-1212"})).await;
    create("Lead", json!({"LastName": "Smith", "FirstName": "John", "Company": "Globex", "Email": "john-smith@globex.example", "Description": "Met at the fair in Bonn"})).await;
    create(
        "Lead",
        json!({"LastName": "Smithson", "FirstName": "Zoë", "Company": "Acme", "City": "Köln"}),
    )
    .await;
    create(
        "Lead",
        json!({"LastName": "山田", "FirstName": "太郎", "Company": "東京商事"}),
    )
    .await;
    create("Campaign", json!({"Name": "Smith family fair"})).await;
    let gone = create(
        "Lead",
        json!({"LastName": "Smith", "FirstName": "Gone", "Company": "Nowhere"}),
    )
    .await;
    org.delete(&format!("/sobjects/Lead/{gone}")).await;
    org
}

const ALL: &str =
    "RETURNING Account(Name), Campaign(Name), Contact(Name), Lead(Name ORDER BY Name)";

#[tokio::test]
async fn words_are_found_in_the_fields_of_their_group() {
    let org = people().await;
    let table = [
        ("smith", "ALL", "Campaign Smith family fair|Lead John Smith"),
        (
            "SMITH*",
            "ALL",
            "Campaign Smith family fair|Lead John Smith|Lead Zoë Smithson",
        ),
        (
            "sm?th",
            "NAME",
            "Campaign Smith family fair|Lead John Smith",
        ),
        ("john smith", "NAME", "Lead John Smith"),
        ("\"smith john\"", "NAME", ""),
        ("smith AND NOT family", "ALL", "Lead John Smith"),
        (
            "(family AND fair) OR zoë",
            "ALL",
            "Campaign Smith family fair|Lead Zoë Smithson",
        ),
        (
            "acme",
            "ALL",
            "Account Acme & Sons|Contact Ada O'Neil|Lead Zoë Smithson",
        ),
        (
            "acme \\& sons",
            "NAME",
            "Account Acme & Sons|Contact Ada O'Neil",
        ),
        ("O\\'Neil", "NAME", "Contact Ada O'Neil"),
        ("john\\-smith@globex.example", "EMAIL", "Lead John Smith"),
        ("globex", "NAME", "Lead John Smith"),
        ("globex", "EMAIL", "Lead John Smith"),
        ("globex", "PHONE", ""),
        ("4155551212", "PHONE", "Contact Ada O'Neil"),
        ("4155551212", "SIDEBAR", "Contact Ada O'Neil"),
        ("fair", "SIDEBAR", "Campaign Smith family fair"),
        ("bonn", "ALL", "Lead John Smith"),
        ("köln", "ALL", "Lead Zoë Smithson"),
        ("東京", "ALL", "Lead 太郎 山田"),
        ("nowhere", "ALL", ""),
        ("web", "ALL", ""),
    ];
    for (words, group, expected) in table {
        let search = format!("FIND {{{words}}} IN {group} FIELDS {ALL}");
        let mut found = org.found(&search).await;
        found.iter_mut().for_each(|f| *f = f.replace('|', "/"));
        assert_eq!(found.join("|"), expected, "{search}");
    }
}

#[tokio::test]
async fn what_is_returned_is_chosen_filtered_and_limited() {
    let org = people().await;
    let (_, body) = org
        .sosl("find {smith*} returning Lead(Id, Email, Owner.Name WHERE Company LIKE 'glob%' LIMIT 5)")
        .await;
    let [lead] = &body["searchRecords"].as_array().unwrap()[..] else {
        panic!("one lead: {body}");
    };
    assert_eq!(lead["Email"], "john-smith@globex.example");
    assert_eq!(lead["Owner"]["Name"], "Practice Admin");
    let url = lead["attributes"]["url"].as_str().unwrap();
    assert!(
        url.ends_with(lead["Id"].as_str().unwrap())
            && url.starts_with("/services/data/v67.0/sobjects/Lead/")
    );
    let table = [
        (
            "FIND {smith*} RETURNING Lead(Name ORDER BY Name DESC)",
            "Lead Zoë Smithson|Lead John Smith",
        ),
        (
            "FIND {smith*} RETURNING Lead(Name ORDER BY Name DESC LIMIT 1 OFFSET 1)",
            "Lead John Smith",
        ),
        (
            "FIND {smith*} RETURNING Lead(Name LIMIT 1), Campaign(Name)",
            "Lead John Smith|Campaign Smith family fair",
        ),
        (
            "FIND {smith*} RETURNING Lead(Name ORDER BY Name), Campaign(Name) LIMIT 2",
            "Lead John Smith|Lead Zoë Smithson",
        ),
        (
            "FIND {smith*} IN NAME FIELDS RETURNING Lead",
            "Lead -|Lead -",
        ),
        ("FIND {smith*}", "Campaign -|Lead -|Lead -"),
        ("FIND {smith} LIMIT 1", "Campaign -"),
        ("FIND {smith} RETURNING Lead(Name WHERE Email = null)", ""),
        ("FIND {\\&\\+} RETURNING Lead", ""),
    ];
    for (search, expected) in table {
        assert_eq!(org.found(search).await.join("|"), expected, "{search}");
    }
}

#[tokio::test]
async fn faulty_searches_are_refused() {
    let org = people().await;
    let braces = "No search term found. The search term must be enclosed in braces.";
    let table = [
        ("", "MALFORMED_SEARCH", braces),
        ("FIND 'smith'", "MALFORMED_SEARCH", braces),
        ("FIND {smith", "MALFORMED_SEARCH", braces),
        ("FIND {smith\\} RETURNING Lead", "MALFORMED_SEARCH", braces),
        (
            "FIND {}",
            "MALFORMED_SEARCH",
            "search term must be longer than one character",
        ),
        (
            "FIND {a*}",
            "MALFORMED_SEARCH",
            "search term must be longer than one character: a*",
        ),
        ("FIND {*mith}", "MALFORMED_SEARCH", "wildcard"),
        (
            "FIND {Acme & Sons}",
            "MALFORMED_SEARCH",
            "the reserved character & lacks a backslash",
        ),
        (
            "FIND {\"smith}",
            "MALFORMED_SEARCH",
            "closing quotation mark",
        ),
        (
            "FIND {smith AND}",
            "MALFORMED_SEARCH",
            "unexpected token: '<EOF>'",
        ),
        (
            "FIND {smith} IN Accounts",
            "MALFORMED_SEARCH",
            "unexpected token: 'Accounts'",
        ),
        (
            "FIND {smith} IN NAME",
            "MALFORMED_SEARCH",
            "unexpected token: '<EOF>'",
        ),
        (
            "FIND {smith} RETURNING Lead(WHERE Name = 'x')",
            "MALFORMED_SEARCH",
            "unexpected token: 'WHERE'",
        ),
        (
            "FIND {smith} RETURNING Lead(Id), lead",
            "MALFORMED_SEARCH",
            "duplicate object",
        ),
        (
            "FIND {smith} RETURNING Lead(Id OFFSET 1), Contact",
            "MALFORMED_SEARCH",
            "OFFSET",
        ),
        (
            "FIND {smith} RETURNING Lead(Id OFFSET 2001)",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "2000",
        ),
        (
            "FIND {smith} RETURNING FooBar",
            "INVALID_TYPE",
            "sObject type 'FooBar' is not supported",
        ),
        (
            "FIND {smith} RETURNING Profile",
            "INVALID_TYPE",
            "entity type Profile does not support search",
        ),
        (
            "FIND {smith} RETURNING Lead(fooBar)",
            "INVALID_FIELD",
            "\nFIND {smith} RETURNING Lead(fooBar)\n                            ^\nERROR at Row:1:Column:29\nNo such column 'fooBar' on entity 'Lead'",
        ),
    ];
    for (search, expected, text) in table {
        let (status, body) = org.sosl(search).await;
        assert_eq!((status, code(&body)), (400, expected), "{search}: {body}");
        let message = body[0]["message"].as_str().unwrap();
        assert!(message.contains(text), "{search}: {message}");
    }
    org.switch("short_search_term_code", json!("INVALID_SEARCH"))
        .await;
    assert_eq!(code(&org.sosl("FIND {a}").await.1), "INVALID_SEARCH");
    assert_eq!(org.post("/search", json!({})).await.0, 405);
}

#[tokio::test]
async fn parameters_search_as_the_language_does() {
    let org = people().await;
    let body = json!({
        "q": "smith*", "in": "NAME", "fields": ["Id", "Name"],
        "sobjects": [
            {"name": "Lead", "fields": ["Name"], "where": "Company != 'x'", "orderBy": "Name DESC NULLS_last", "limit": 1},
            {"name": "Campaign"},
        ],
        "overallLimit": "5", "defaultLimit": 3,
    });
    let (status, found) = org.post("/parameterizedSearch", body).await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(
        names(&found),
        ["Lead Zoë Smithson", "Campaign Smith family fair"]
    );
    assert!(
        found["searchRecords"][0].get("Id").is_none()
            && found["searchRecords"][1]["Id"].is_string()
    );
    let (_, found) = org
        .get("/parameterizedSearch/?q=smith*&sobject=Lead&Lead.fields=id,name&Lead.limit=1&sobject=Campaign&in=ALL")
        .await;
    assert_eq!(names(&found), ["Lead John Smith", "Campaign -"]);
    let (_, found) = org.get("/parameterizedSearch?q=Acme+%26+Sons").await;
    assert_eq!(
        names(&found),
        ["Account -", "Contact -"],
        "reserved characters stand for themselves"
    );
    let (_, found) = org
        .post(
            "/parameterizedSearch",
            json!({"q": "smith*", "overallLimit": 1}),
        )
        .await;
    assert_eq!(names(&found), ["Campaign -"]);
    let page = json!({"q": "smith*", "sobjects": [{"name": "Lead", "fields": ["Name"], "orderBy": "Name"}], "offset": 1});
    let (_, found) = org.post("/parameterizedSearch", page).await;
    assert_eq!(names(&found), ["Lead Zoë Smithson"]);
}

#[tokio::test]
async fn faulty_parameters_are_refused() {
    let org = people().await;
    let lead = json!([{"name": "Lead"}]);
    let table = [
        (json!({}), "MALFORMED_SEARCH"),
        (json!({"q": "a"}), "MALFORMED_SEARCH"),
        (json!({"q": "ab", "in": "NOWHERE"}), "INVALID_SEARCH_SCOPE"),
        (
            json!({"q": "ab", "overallLimit": 2001}),
            "NUMBER_OUTSIDE_VALID_RANGE",
        ),
        (
            json!({"q": "ab", "sobjects": lead, "defaultLimit": "many"}),
            "NUMBER_OUTSIDE_VALID_RANGE",
        ),
        (json!({"q": "ab", "defaultLimit": 5}), "MALFORMED_SEARCH"),
        (json!({"q": "ab", "fields": ["Id"]}), "MALFORMED_SEARCH"),
        (json!({"q": "ab", "offset": 5}), "MALFORMED_SEARCH"),
        (
            json!({"q": "ab", "sobjects": [{"name": "Nope"}]}),
            "INVALID_TYPE",
        ),
        (
            json!({"q": "ab", "sobjects": [{"name": "Lead"}, {"name": "lead"}]}),
            "MALFORMED_SEARCH",
        ),
        (
            json!({"q": "ab", "sobjects": [{"name": "Lead", "fields": ["Nope"]}]}),
            "INVALID_FIELD",
        ),
        (
            json!({"q": "ab", "sobjects": [{"name": "Lead", "fields": ["Id) LIMIT (1"]}]}),
            "MALFORMED_SEARCH",
        ),
        (
            json!({"q": "ab", "sobjects": [{"name": "Lead", "where": "Name = 'x') OR (Id != null"}]}),
            "MALFORMED_SEARCH",
        ),
        (
            json!({"q": "ab", "sobjects": [{"name": "Lead", "where": "Company = 'x' AND Nope = 5"}]}),
            "INVALID_FIELD",
        ),
        (
            json!({"q": "ab", "sobjects": [{"name": "Lead", "orderBy": "Nope"}]}),
            "INVALID_FIELD",
        ),
    ];
    for (body, expected) in table {
        let (status, answer) = org.post("/parameterizedSearch", body.clone()).await;
        assert_eq!((status, code(&answer)), (400, expected), "{body}: {answer}");
    }
    assert_eq!(org.patch("/parameterizedSearch", json!({})).await.0, 405);
}

#[tokio::test]
async fn one_object_alone_returns_no_more_than_it_may() {
    let org = TestOrg::new().await;
    for start in [0, 200] {
        let lead = |n: i32| json!({"attributes": {"type": "Lead"}, "LastName": format!("L{n:03}"), "Company": "Same"});
        let rows: Vec<Value> = (start..start + 200).map(lead).collect();
        org.post("/composite/sobjects", json!({"records": rows}))
            .await;
    }
    for (tail, expected) in [
        ("Lead", 250),
        ("Lead(Id ORDER BY Name)", 400),
        ("Lead(Id WHERE Name != null LIMIT 300)", 300),
        ("Lead, Contact", 250),
        ("Lead(Id LIMIT 300)", 250),
    ] {
        let found = org.found(&format!("FIND {{same}} RETURNING {tail}")).await;
        assert_eq!(found.len(), expected, "{tail}");
    }
}

#[tokio::test]
async fn a_hidden_field_is_not_searched_and_a_custom_one_is() {
    let org = TestOrg::new().await;
    org.field(
        "Lead",
        "Nick__c",
        json!({"label": "Nick", "type": "Text", "length": 40}),
    )
    .await;
    let lead = json!({"LastName": "Plain", "Company": "B", "Nick__c": "Sparrow"});
    assert_eq!(org.post("/sobjects/Lead", lead).await.0, 201);
    let search = "FIND {sparrow} RETURNING Lead(Name)";
    assert_eq!(org.found(search).await, ["Lead Plain"]);
    org.fault(json!({"name": "field_hidden", "object": "Lead", "field": "Nick__c"}))
        .await;
    assert!(org.found(search).await.is_empty());
}
