use serde_json::{Value, json};

use crate::support::{TestOrg, code};

async fn people(org: &TestOrg) {
    let lead = |last: &str, source: Value, city: &str, size: Value, revenue: Value| {
        json!({"attributes": {"type": "Lead"}, "LastName": last, "Company": "Acme", "City": city, "LeadSource": source,
            "NumberOfEmployees": size, "AnnualRevenue": revenue})
    };
    let rows = vec![
        lead("Adams", json!("Web"), "Bonn", json!(10), json!(100)),
        lead("Brown", json!("Web"), "BONN", json!(20), json!(251)),
        lead("Clark", json!("Other"), "Ulm", json!(30), json!(null)),
        lead("Dunn", json!(null), "Ulm", json!(null), json!(null)),
    ];
    let (status, body) = org
        .post("/composite/sobjects", json!({"records": rows}))
        .await;
    assert_eq!((status, &body[3]["success"]), (200, &json!(true)), "{body}");
}

/// The groups without what every one of them carries.
async fn groups(org: &TestOrg, query: &str) -> Vec<Value> {
    let (status, body) = org.soql(query).await;
    assert_eq!(status, 200, "{query}: {body}");
    let records = body["records"].as_array().unwrap().clone();
    assert_eq!(body["totalSize"], records.len(), "{query}");
    assert_eq!(body["done"], true);
    let bare = records.into_iter().map(|mut record| {
        let attributes = record.as_object_mut().unwrap().remove("attributes");
        assert_eq!(attributes, Some(json!({"type": "AggregateResult"})));
        record
    });
    bare.collect()
}

#[tokio::test]
async fn groups_have_their_keys_aliases_and_numbers() {
    let org = TestOrg::new().await;
    people(&org).await;
    let table = [
        (
            "SELECT LeadSource, COUNT(Id) FROM Lead GROUP BY LeadSource ORDER BY COUNT(Id) DESC, LeadSource",
            json!([{"LeadSource": "Web", "expr0": 2}, {"LeadSource": null, "expr0": 1}, {"LeadSource": "Other", "expr0": 1}]),
        ),
        (
            "SELECT City Town, count(Id) n, MAX(LastName), MIN(NumberOfEmployees) FROM Lead GROUP BY City HAVING COUNT(NumberOfEmployees) > 1 OR City LIKE 'U%' ORDER BY City",
            json!([{"Town": "Bonn", "n": 2, "expr0": "Brown", "expr1": 10}, {"Town": "Ulm", "n": 2, "expr0": "Dunn", "expr1": 30}]),
        ),
        (
            "SELECT COUNT(Id), COUNT(LeadSource), COUNT_DISTINCT(City) towns, SUM(NumberOfEmployees), AVG(NumberOfEmployees), SUM(AnnualRevenue), AVG(AnnualRevenue) FROM Lead",
            json!([{"expr0": 4, "expr1": 3, "towns": 2, "expr2": 60, "expr3": 20.0, "expr4": 351.0, "expr5": 175.5}]),
        ),
        (
            "SELECT SUM(NumberOfEmployees) total, COUNT(Id) n FROM Lead WHERE LastName = 'Nobody'",
            json!([{"total": null, "n": 0}]),
        ),
        (
            "SELECT Owner.Name, Owner.Type kind, COUNT(Id) n FROM Lead GROUP BY Owner.Name, Owner.Type",
            json!([{"Name": "Practice Admin", "kind": "User", "n": 4}]),
        ),
        (
            "SELECT City FROM Lead GROUP BY City ORDER BY City DESC LIMIT 1 OFFSET 1",
            json!([{"City": "Bonn"}]),
        ),
        (
            "SELECT AVG(AnnualRevenue) mean FROM Lead GROUP BY LeadSource HAVING AVG(AnnualRevenue) > 175.4 AND (NOT AVG(AnnualRevenue) > 175.6)",
            json!([{"mean": 175.5}]),
        ),
    ];
    for (query, expected) in table {
        assert_eq!(json!(groups(&org, query).await), expected, "{query}");
    }
}

#[tokio::test]
async fn date_functions_group_and_filter() {
    let org = TestOrg::new().await;
    for (name, start) in [
        ("New year", "2026-01-01"),
        ("Winter", "2026-02-08"),
        ("Year's end", "2025-12-31"),
        ("Some day", ""),
    ] {
        let start = if start.is_empty() {
            json!(null)
        } else {
            json!(start)
        };
        let campaign = json!({"Name": name, "StartDate": start});
        assert_eq!(org.post("/sobjects/Campaign", campaign).await.0, 201);
    }
    let query = "SELECT CALENDAR_YEAR(StartDate) year, FISCAL_QUARTER(StartDate), COUNT(Id) n FROM Campaign \
         WHERE StartDate != null GROUP BY CALENDAR_YEAR(StartDate), FISCAL_QUARTER(StartDate) ORDER BY CALENDAR_YEAR(StartDate)";
    assert_eq!(
        json!(groups(&org, query).await),
        json!([{"year": 2025, "expr0": 4, "n": 1}, {"year": 2026, "expr0": 1, "n": 2}])
    );
    // A date field in the group lends its parts to the list.
    let query = "SELECT DAY_IN_WEEK(StartDate) w, DAY_IN_YEAR(StartDate) y, WEEK_IN_MONTH(StartDate) m, WEEK_IN_YEAR(StartDate) k, \
         CALENDAR_MONTH(StartDate) c, DAY_IN_MONTH(StartDate) d FROM Campaign WHERE Name = 'Winter' GROUP BY StartDate";
    assert_eq!(
        json!(groups(&org, query).await),
        json!([{"w": 1, "y": 39, "m": 2, "k": 6, "c": 2, "d": 8}])
    );
    let query = "SELECT DAY_ONLY(convertTimezone(CreatedDate)) day, COUNT(Id) n FROM Campaign \
         WHERE HOUR_IN_DAY(CreatedDate) >= 0 GROUP BY DAY_ONLY(convertTimezone(CreatedDate))";
    let days = groups(&org, query).await;
    let counted: i64 = days.iter().map(|d| d["n"].as_i64().unwrap()).sum();
    assert_eq!(counted, 4, "midnight may pass in between");
    assert_eq!(days[0]["day"].as_str().unwrap().len(), 10);
    let query = "SELECT Name FROM Campaign WHERE CALENDAR_YEAR(StartDate) = 2026 AND CALENDAR_MONTH(StartDate) IN (2, 3)";
    assert_eq!(org.records(query).await[0]["Name"], "Winter");
}

#[tokio::test]
async fn faulty_groupings_are_refused_in_the_orgs_words() {
    let org = TestOrg::new().await;
    people(&org).await;
    let table = [
        (
            "SELECT Company, COUNT(Id) FROM Lead",
            "MALFORMED_QUERY",
            "\nSELECT Company, COUNT(Id) FROM Lead\n       ^\nERROR at Row:1:Column:8\nField must be grouped or aggregated: Company",
        ),
        (
            "SELECT City, Owner.Name FROM Lead GROUP BY City",
            "MALFORMED_QUERY",
            "Field must be grouped or aggregated: Owner.Name",
        ),
        (
            "SELECT City FROM Lead GROUP BY City HAVING Company = 'x'",
            "MALFORMED_QUERY",
            "Field must be grouped or aggregated: Company",
        ),
        (
            "SELECT City FROM Lead GROUP BY City ORDER BY Company",
            "MALFORMED_QUERY",
            "Ordered field must be grouped or aggregated: Company",
        ),
        (
            "SELECT COUNT() FROM Lead ORDER BY City",
            "MALFORMED_QUERY",
            "Ordered field must be grouped or aggregated: City",
        ),
        (
            "SELECT City Town FROM Lead",
            "MALFORMED_QUERY",
            "only aggregate expressions use field aliasing",
        ),
        (
            "SELECT COUNT(Id) FROM Lead LIMIT 1",
            "MALFORMED_QUERY",
            "Non-grouped query that uses overall aggregate functions cannot also use LIMIT",
        ),
        (
            "SELECT City, MAX(LastName) city FROM Lead GROUP BY City",
            "MALFORMED_QUERY",
            "duplicate alias: city",
        ),
        (
            "SELECT Description FROM Lead GROUP BY Description",
            "INVALID_FIELD",
            "field 'Description' can not be grouped in a query call",
        ),
        (
            "SELECT CreatedDate FROM Lead GROUP BY CreatedDate",
            "INVALID_FIELD",
            "field 'CreatedDate' can not be grouped in a query call",
        ),
        (
            "SELECT SUM(Email) FROM Lead",
            "INVALID_FIELD",
            "field Email does not support aggregate operator SUM",
        ),
        (
            "SELECT COUNT(IsConverted) FROM Lead",
            "INVALID_FIELD",
            "field IsConverted does not support aggregate operator COUNT",
        ),
        (
            "SELECT COUNT(Nope) FROM Lead",
            "INVALID_FIELD",
            "No such column 'Nope'",
        ),
        (
            "SELECT Id FROM Lead WHERE COUNT(Id) > 1",
            "MALFORMED_QUERY",
            "not allowed in WHERE",
        ),
        (
            "SELECT Id FROM Lead HAVING COUNT(Id) > 1",
            "MALFORMED_QUERY",
            "unexpected token: 'HAVING'",
        ),
        (
            "SELECT Id FROM Lead WHERE CALENDAR_YEAR(CreatedDate) = THIS_YEAR",
            "MALFORMED_QUERY",
            "cannot be compared with date literals",
        ),
        (
            "SELECT CALENDAR_YEAR(CreatedDate) FROM Lead",
            "MALFORMED_QUERY",
            "Field must be grouped or aggregated",
        ),
        (
            "SELECT DAY_ONLY(City) d FROM Lead GROUP BY DAY_ONLY(City)",
            "INVALID_FIELD",
            "field City does not support date function DAY_ONLY",
        ),
        (
            "SELECT NOSUCH(City) FROM Lead",
            "MALFORMED_QUERY",
            "unexpected token: '('",
        ),
        (
            "SELECT COUNT(), City FROM Lead GROUP BY City",
            "MALFORMED_QUERY",
            "COUNT()",
        ),
    ];
    for (query, expected, text) in table {
        let (status, body) = org.soql(query).await;
        assert_eq!((status, code(&body)), (400, expected), "{query}: {body}");
        let message = body[0]["message"].as_str().unwrap();
        assert!(message.contains(text), "{query}: {message}");
    }
}

#[tokio::test]
async fn more_groups_than_a_page_holds_are_refused() {
    let org = TestOrg::new().await;
    for start in [0, 200] {
        let lead = |n: i32| json!({"attributes": {"type": "Lead"}, "LastName": format!("L{n}"), "Company": "B"});
        let rows: Vec<Value> = (start..start + 150).map(lead).collect();
        org.post("/composite/sobjects", json!({"records": rows}))
            .await;
    }
    let query = "SELECT LastName, COUNT(Id) FROM Lead GROUP BY LastName";
    assert_eq!(groups(&org, query).await.len(), 300);
    let request = org
        .data(reqwest::Method::GET, "/query")
        .query(&[("q", query)]);
    let request = request.header("Sforce-Query-Options", "batchSize=200");
    let (status, body) = crate::support::read(request.send().await.unwrap()).await;
    assert_eq!((status, code(&body)), (400, "EXCEEDED_ID_LIMIT"), "{body}");
    let (_, limited) = org.soql("SELECT COUNT() FROM Lead LIMIT 7").await;
    assert_eq!(limited["totalSize"], 7);
}
