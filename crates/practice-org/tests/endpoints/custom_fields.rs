use serde_json::{Value, json};

use crate::support::{TestOrg, code};

#[tokio::test]
async fn a_field_made_by_api_is_seen_only_once_it_is_granted() {
    let org = TestOrg::new().await;
    let metadata = json!({"label": "Guid", "type": "Text", "length": 32, "externalId": true, "unique": true, "caseSensitive": false});
    let make = json!({"FullName": "Lead.Guid__c", "Metadata": metadata});
    let (status, made) = org
        .post("/tooling/sobjects/CustomField", make.clone())
        .await;
    assert_eq!((status, &made["success"]), (201, &json!(true)), "{made}");
    let (_, body) = org
        .post(
            "/sobjects/Lead",
            json!({"LastName": "A", "Company": "B", "Guid__c": "x"}),
        )
        .await;
    assert_eq!(code(&body), "INVALID_FIELD");
    assert_eq!(org.soql("SELECT Guid__c FROM Lead").await.0, 400);
    let listed = |describe: &Value| {
        describe["fields"]
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["name"] == "Guid__c")
    };
    assert!(!listed(&org.get("/sobjects/Lead/describe").await.1));
    org.grant("Lead", "Lead.Guid__c").await;
    assert!(listed(&org.get("/sobjects/Lead/describe").await.1));
    assert_eq!(
        org.post(
            "/sobjects/Lead",
            json!({"LastName": "A", "Company": "B", "Guid__c": "x"})
        )
        .await
        .0,
        201
    );

    let (status, body) = org.post("/tooling/sobjects/CustomField", make).await;
    assert_eq!((status, code(&body)), (400, "DUPLICATE_DEVELOPER_NAME"));
    assert_eq!(
        body[0]["message"],
        "There is already a field named Guid on Lead."
    );
    let query = "/tooling/query?q=SELECT+Id,DeveloperName,Metadata+FROM+CustomField+WHERE+TableEnumOrId='Lead'+AND+DeveloperName='Guid'";
    let (_, found) = org.get(query).await;
    assert_eq!(
        (
            &found["records"][0]["Id"],
            &found["records"][0]["Metadata"]["length"]
        ),
        (&made["id"], &json!(32))
    );
    let query = "/tooling/query?q=SELECT+DataType+FROM+FieldDefinition+WHERE+EntityDefinition.QualifiedApiName='Lead'+AND+QualifiedApiName='Guid__c'";
    assert_eq!(
        org.get(query).await.1["records"][0]["DataType"],
        "Text(32) (External ID) (Unique Case Insensitive)"
    );
}

#[tokio::test]
async fn every_kind_of_field_keeps_its_values() {
    let org = TestOrg::new().await;
    let values = json!({"valueSetDefinition": {"value": [{"fullName": "Red", "label": "Red"}, {"fullName": "Blue", "label": "Blue"}]}, "restricted": true});
    let table = [
        ("T__c", json!({"type": "Text", "length": 5}), json!("abc")),
        (
            "L__c",
            json!({"type": "LongTextArea", "length": 32768, "visibleLines": 3}),
            json!("x".repeat(30_000)),
        ),
        (
            "N__c",
            json!({"type": "Number", "precision": 18, "scale": 0}),
            json!(123_456_789_012_345_678_i64),
        ),
        (
            "C__c",
            json!({"type": "Currency", "precision": 10, "scale": 2}),
            json!(2.45),
        ),
        (
            "R__c",
            json!({"type": "Percent", "precision": 5, "scale": 1}),
            json!(12.5),
        ),
        (
            "B__c",
            json!({"type": "Checkbox", "defaultValue": true}),
            json!(false),
        ),
        ("D__c", json!({"type": "Date"}), json!("2026-02-28")),
        (
            "W__c",
            json!({"type": "DateTime"}),
            json!("2026-02-28T10:00:00.000+0000"),
        ),
        (
            "P__c",
            json!({"type": "Picklist", "valueSet": values}),
            json!("Red"),
        ),
        (
            "M__c",
            json!({"type": "MultiselectPicklist", "visibleLines": 3, "valueSet": values}),
            json!("Red;Blue"),
        ),
        ("E__c", json!({"type": "Email"}), json!("a@example.com")),
        ("F__c", json!({"type": "Phone"}), json!("+1 555")),
        ("U__c", json!({"type": "Url"}), json!("https://example.com")),
    ];
    let mut record = json!({"LastName": "A", "Company": "B"});
    for (name, metadata, value) in &table {
        let mut metadata = metadata.clone();
        metadata["label"] = json!(name);
        org.field("Lead", name, metadata).await;
        record[name] = value.clone();
    }
    let (status, body) = org.post("/sobjects/Lead", record.clone()).await;
    assert_eq!(status, 201, "{body}");
    let path = format!("/sobjects/Lead/{}", body["id"].as_str().unwrap());
    let text = org
        .data(reqwest::Method::GET, &path)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        text.contains("\"N__c\":123456789012345678.0"),
        "all eighteen digits"
    );
    let lead: Value = serde_json::from_str(&text).unwrap();
    for (name, _, value) in table.iter().filter(|(n, ..)| *n != "N__c") {
        assert_eq!(&lead[name], value, "{name}");
    }
    assert_eq!(
        code(&org.patch(&path, json!({"P__c": "Green"})).await.1),
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    );
    assert_eq!(
        code(&org.patch(&path, json!({"C__c": 123_456_789})).await.1),
        "NUMBER_OUTSIDE_VALID_RANGE"
    );
    assert_eq!(
        org.records("SELECT Id FROM Lead WHERE M__c INCLUDES ('Blue')")
            .await
            .len(),
        1
    );
    assert_eq!(
        org.records("SELECT Id FROM Lead WHERE C__c = 2.45 AND N__c > 123456789012345677")
            .await
            .len(),
        1
    );
}

#[tokio::test]
async fn a_field_can_be_read_only_and_can_be_removed() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let grants = org
        .records("SELECT Id FROM FieldPermissions WHERE Field = 'Lead.Key__c'")
        .await;
    let path = format!(
        "/sobjects/FieldPermissions/{}",
        grants[0]["Id"].as_str().unwrap()
    );
    assert_eq!(
        org.patch(&path, json!({"PermissionsEdit": false})).await.0,
        204
    );
    let (_, body) = org
        .post(
            "/sobjects/Lead",
            json!({"LastName": "A", "Company": "B", "Key__c": "x"}),
        )
        .await;
    assert_eq!(code(&body), "INVALID_FIELD_FOR_INSERT_UPDATE");
    let (_, fields) = org.get("/tooling/query?q=SELECT+Id+FROM+CustomField").await;
    let id = fields["records"][0]["Id"].as_str().unwrap();
    assert_eq!(
        org.delete(&format!("/tooling/sobjects/CustomField/{id}"))
            .await
            .0,
        204
    );
    assert_eq!(org.soql("SELECT Key__c FROM Lead").await.0, 400);
}

#[tokio::test]
async fn bad_definitions_are_refused() {
    let org = TestOrg::new().await;
    let table = [
        (
            "Lead.Two__Parts__c",
            json!({"label": "x", "type": "Text", "length": 5}),
        ),
        (
            "Lead.x__c",
            json!({"label": "x", "type": "Text", "length": 256}),
        ),
        (
            "Lead.x__c",
            json!({"label": "x", "type": "Number", "precision": 19, "scale": 0}),
        ),
        ("Lead.x__c", json!({"label": "x", "type": "Picklist"})),
        (
            "Lead.x__c",
            json!({"label": "x", "type": "Date", "unique": true}),
        ),
        ("Nothing.x__c", json!({"label": "x", "type": "Date"})),
    ];
    for (name, metadata) in table {
        assert_eq!(
            org.post(
                "/tooling/sobjects/CustomField",
                json!({"FullName": name, "Metadata": metadata})
            )
            .await
            .0,
            400,
            "{name} {metadata}"
        );
    }
}

#[tokio::test]
async fn several_choices_are_found_together_or_one_by_one() {
    let org = TestOrg::new().await;
    let value = |name: &str| json!({"fullName": name, "label": name, "default": false});
    let metadata = json!({"label": "M", "type": "MultiselectPicklist", "visibleLines": 4, "valueSet": {"valueSetDefinition":
        {"sorted": false, "value": [value("Red"), value("Blue"), value("Green")]}}});
    org.field("Lead", "M__c", metadata).await;
    for (name, chosen) in [
        ("A", json!("Red;Blue")),
        ("B", json!("Blue")),
        ("C", json!("Green;Red")),
        ("D", json!(null)),
    ] {
        let lead = json!({"LastName": name, "Company": "X", "M__c": chosen});
        assert_eq!(org.post("/sobjects/Lead", lead).await.0, 201);
    }
    for (condition, expected) in [
        ("INCLUDES ('red')", "A C"),
        ("INCLUDES ('Blue;Red')", "A"),
        ("INCLUDES ('Green', 'Blue;Red')", "A C"),
        ("EXCLUDES ('Red')", "B D"),
        ("EXCLUDES ('Red', 'Blue')", "D"),
        ("= null", "D"),
    ] {
        let query = format!("SELECT LastName FROM Lead WHERE M__c {condition} ORDER BY LastName");
        let found = org.records(&query).await;
        let names: Vec<&str> = found
            .iter()
            .map(|r| r["LastName"].as_str().unwrap())
            .collect();
        assert_eq!(names.join(" "), expected, "{condition}");
    }
    let (_, body) = org
        .soql("SELECT Id FROM Lead WHERE LeadSource INCLUDES ('Web')")
        .await;
    assert_eq!(code(&body), "INVALID_FIELD");
}
