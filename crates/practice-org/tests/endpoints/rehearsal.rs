//! What real orgs have switched on or made, and a rehearsal needs.

use leadferry_practice_org::{Options, serve};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestOrg, code};

const CANADA: &str = "Canada";

async fn field(org: &TestOrg, object: &str, name: &str) -> Value {
    let (_, described) = org.get(&format!("/sobjects/{object}/describe")).await;
    let fields = described["fields"].as_array().unwrap();
    fields
        .iter()
        .find(|f| f["name"] == name)
        .cloned()
        .unwrap_or(Value::Null)
}

/// The values that a controlling field's value allows, by the bits of `validFor`.
fn allowed(field: &Value, place: usize) -> Vec<&str> {
    use base64::Engine as _;
    let values = field["picklistValues"].as_array().unwrap().iter();
    let has = |value: &&Value| {
        let bits = base64::engine::general_purpose::STANDARD
            .decode(value["validFor"].as_str().unwrap())
            .unwrap();
        bits[place / 8] & (0x80 >> (place % 8)) != 0
    };
    values
        .filter(has)
        .map(|v| v["value"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn states_and_countries_are_those_of_the_list_and_have_codes() {
    let org = TestOrg::new().await;
    let old = json!({"LastName": "Old", "Company": "Acme", "Country": "germany"});
    org.post("/sobjects/Lead", old).await;
    assert_eq!(field(&org, "Lead", "CountryCode").await, Value::Null);
    org.switch("state_and_country_picklists", json!(true)).await;
    let old = org.records("SELECT Country, CountryCode FROM Lead").await;
    assert_eq!(
        (&old[0]["Country"], &old[0]["CountryCode"]),
        (&json!("Germany"), &json!("DE"))
    );
    let (countries, states) = (
        field(&org, "Lead", "CountryCode").await,
        field(&org, "Lead", "StateCode").await,
    );
    assert_eq!(
        (
            &countries["type"],
            &states["controllerName"],
            &states["dependentPicklist"]
        ),
        (&json!("picklist"), &json!("CountryCode"), &json!(true))
    );
    let place = countries["picklistValues"]
        .as_array()
        .unwrap()
        .iter()
        .position(|c| c["value"] == "CA")
        .unwrap();
    assert!(allowed(&states, place).contains(&"ON") && !allowed(&states, place).contains(&"TX"));

    let lead = |address: Value| {
        let mut lead = json!({"LastName": "Lee", "Company": "Acme"});
        lead.as_object_mut()
            .unwrap()
            .extend(address.as_object().unwrap().clone());
        lead
    };
    for (address, part) in [
        (json!({"Country": "Canadda"}), "problem with this country"),
        (json!({"Country": "CA"}), "problem with this country"),
        (json!({"State": "Ontario"}), "must be specified before"),
        (
            json!({"Country": CANADA, "State": "Texas"}),
            "problem with this state",
        ),
        (
            json!({"CountryCode": "CA", "StateCode": "TX"}),
            "problem with this state",
        ),
    ] {
        let (_, body) = org.post("/sobjects/Lead", lead(address.clone())).await;
        assert_eq!(code(&body), "FIELD_INTEGRITY_EXCEPTION", "{address}");
        assert!(
            body[0]["message"].as_str().unwrap().contains(part),
            "{body}"
        );
    }
    let (_, body) = org
        .post("/sobjects/Lead", lead(json!({"CountryCode": "XX"})))
        .await;
    assert_eq!(code(&body), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    let (_, made) = org
        .post(
            "/sobjects/Lead",
            lead(json!({"Country": "canada", "StateCode": "ON"})),
        )
        .await;
    let path = format!("/sobjects/Lead/{}", made["id"].as_str().unwrap());
    let (_, read) = org.get(&path).await;
    assert_eq!(
        (
            &read["Country"],
            &read["CountryCode"],
            &read["State"],
            &read["Address"]["stateCode"]
        ),
        (
            &json!(CANADA),
            &json!("CA"),
            &json!("Ontario"),
            &json!("ON")
        )
    );
    let (_, body) = org.patch(&path, json!({"Country": "Germany"})).await;
    assert!(
        body[0]["message"]
            .as_str()
            .unwrap()
            .contains("doesn't recognize the state"),
        "{body}"
    );
    assert_eq!(org.patch(&path, json!({"State": "Quebec"})).await.0, 204);
    assert_eq!(
        org.patch(&path, json!({"Country": "Germany", "State": null}))
            .await
            .0,
        204
    );
    let (_, read) = org.get(&path).await;
    assert_eq!(
        (&read["CountryCode"], &read["StateCode"]),
        (&json!("DE"), &Value::Null)
    );
    org.switch("state_and_country_picklists", json!(false))
        .await;
    assert_eq!(
        org.patch(&path, json!({"Country": "Anywhere"})).await.0,
        204
    );
}

#[tokio::test]
async fn validation_rules_refuse_what_meets_their_condition() {
    let org = TestOrg::new().await;
    let rule = json!({"object": "lead", "name": "Phone_or_email", "condition": "Phone = null AND Email = null", "message": "Enter a phone number or an email.", "field": "Phone"});
    let (status, body) = org.admin(Method::POST, "/rules", rule.clone()).await;
    assert_eq!(status, 201, "{body}");
    let lead = |phone: Option<&str>| json!({"attributes": {"type": "Lead"}, "LastName": "Lee", "Company": "Acme", "Phone": phone});
    let (_, body) = org.post("/sobjects/Lead", lead(None)).await;
    assert_eq!(
        (code(&body), &body[0]["message"], &body[0]["fields"]),
        (
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            &json!("Enter a phone number or an email."),
            &json!(["Phone"])
        )
    );
    let (_, rows) = org
        .post(
            "/composite/sobjects",
            json!({"records": [lead(None), lead(Some("1"))]}),
        )
        .await;
    assert_eq!(
        (code(&rows[0]), &rows[1]["success"]),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", &json!(true))
    );
    assert_eq!(
        org.records("SELECT Id FROM Lead").await.len(),
        1,
        "nothing of the refused ones stays"
    );
    let path = format!("/sobjects/Lead/{}", rows[1]["id"].as_str().unwrap());
    assert_eq!(org.patch(&path, json!({"Phone": null})).await.0, 400);
    assert_eq!(org.get(&path).await.1["Phone"], "1");
    for bad in [
        json!({"object": "Lead", "name": "Phone_or_email", "condition": "Id = null", "message": "x"}),
        json!({"object": "Lead", "name": "Two", "condition": "Nope = null", "message": "x"}),
        json!({"object": "Lead", "name": "Two", "condition": "", "message": "x"}),
        json!({"object": "Lead", "name": "Two!", "condition": "Id = null", "message": "x"}),
        json!({"object": "Nope", "name": "Two", "condition": "Id = null", "message": "x"}),
    ] {
        assert_eq!(
            org.admin(Method::POST, "/rules", bad.clone()).await.0,
            400,
            "{bad}"
        );
    }
    let (_, list) = org.admin(Method::GET, "/rules", Value::Null).await;
    assert_eq!(list.as_array().unwrap().len(), 1);
    let rule = org
        .get("/tooling/query?q=SELECT+ValidationName,Active+FROM+ValidationRule")
        .await
        .1;
    assert_eq!(rule["records"][0]["ValidationName"], "Phone_or_email");
    assert_eq!(
        org.admin(Method::DELETE, "/rules/Lead/Phone_or_email", Value::Null)
            .await
            .0,
        204
    );
    assert_eq!(org.patch(&path, json!({"Phone": null})).await.0, 204);
}

fn tier(values: &[&str]) -> Value {
    let values: Vec<Value> = values.iter().map(|v| json!({"fullName": v})).collect();
    json!({"label": "Tier", "type": "Picklist", "valueSet": {"restricted": true, "valueSetDefinition": {"value": values}}})
}

#[tokio::test]
async fn record_types_offer_values_of_their_own() {
    let org = TestOrg::new().await;
    org.field("Lead", "Tier__c", tier(&["Gold", "Silver", "Lead"]))
        .await;
    assert_eq!(field(&org, "Lead", "RecordTypeId").await, Value::Null);
    let add = |name: &str, default: bool| {
        let wanted = json!({"object": "Lead", "name": name, "default": default, "values": {"Tier__c": ["Gold"]}});
        let org = &org;
        async move { org.admin(Method::POST, "/record-types", wanted).await }
    };
    let (status, body) = add("Partner", true).await;
    assert_eq!(status, 201, "{body}");
    assert_eq!(add("Partner", false).await.0, 400);
    assert_eq!(
        field(&org, "Lead", "RecordTypeId").await["referenceTo"],
        json!(["RecordType"])
    );
    let (_, described) = org.get("/sobjects/Lead/describe").await;
    let infos = described["recordTypeInfos"].as_array().unwrap();
    assert_eq!(infos.len(), 2);
    assert_eq!(
        (
            &infos[0]["developerName"],
            &infos[0]["defaultRecordTypeMapping"],
            &infos[1]["master"]
        ),
        (&json!("Partner"), &json!(true), &json!(true))
    );
    let lead = |tier: &str| json!({"LastName": "Lee", "Company": "Acme", "Tier__c": tier});
    let (_, body) = org.post("/sobjects/Lead", lead("Silver")).await;
    assert_eq!(code(&body), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    assert_eq!(org.post("/sobjects/Lead", lead("Gold")).await.0, 201);
    let leads = org
        .records("SELECT Id, RecordType.DeveloperName FROM Lead")
        .await;
    assert_eq!(leads[0]["RecordType"]["DeveloperName"], "Partner");
    let path = format!("/sobjects/Lead/{}", leads[0]["Id"].as_str().unwrap());
    let (_, body) = org.patch(&path, json!({"Tier__c": "Lead"})).await;
    assert_eq!(code(&body), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    let all = format!(
        "/ui-api/object-info/Lead/picklist-values/{}",
        infos[0]["recordTypeId"].as_str().unwrap()
    );
    let (_, offered) = org.get(&all).await;
    let tiers = &offered["picklistFieldValues"]["Tier__c"]["values"];
    assert_eq!(
        (tiers.as_array().unwrap().len(), &tiers[0]["value"]),
        (1, &json!("Gold"))
    );
    assert_eq!(org.get(&format!("{all}/Tier__c")).await.1["values"], *tiers);
    let other = json!({"object": "Contact", "name": "Press"});
    let (_, other) = org.admin(Method::POST, "/record-types", other).await;
    let (_, body) = org.patch(&path, json!({"RecordTypeId": other["id"]})).await;
    assert_eq!(code(&body), "INVALID_CROSS_REFERENCE_KEY");
    assert!(
        body[0]["message"]
            .as_str()
            .unwrap()
            .contains("isn't valid for the user")
    );
    assert_eq!(org.records("SELECT Id FROM RecordType").await.len(), 2);
    assert_eq!(
        org.admin(Method::DELETE, "/record-types/Lead/Partner", Value::Null)
            .await
            .0,
        204
    );
    assert_eq!(org.patch(&path, json!({"Tier__c": "Lead"})).await.0, 204);
    for bad in [
        json!({"object": "User", "name": "A"}),
        json!({"object": "Lead", "name": "A", "values": {"Tier__c": ["Bronze"]}}),
    ] {
        assert_eq!(
            org.admin(Method::POST, "/record-types", bad.clone())
                .await
                .0,
            400,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn a_dependent_picklist_tells_what_goes_with_what() {
    let org = TestOrg::new().await;
    org.field("Lead", "Tier__c", tier(&["Gold", "Silver"]))
        .await;
    let mut kind = tier(&["Bar", "Coin", "Spoon"]);
    kind["label"] = json!("Kind");
    kind["valueSet"]["controllingField"] = json!("Tier__c");
    kind["valueSet"]["valueSettings"] = json!([
        {"valueName": "Bar", "controllingFieldValue": ["Gold"]},
        {"valueName": "Coin", "controllingFieldValue": ["Gold", "Silver"]},
        {"valueName": "Spoon", "controllingFieldValue": ["Silver"]},
    ]);
    org.field("Lead", "Kind__c", kind.clone()).await;
    let described = field(&org, "Lead", "Kind__c").await;
    assert_eq!(
        (
            &described["dependentPicklist"],
            &described["controllerName"]
        ),
        (&json!(true), &json!("Tier__c"))
    );
    assert_eq!(described["picklistValues"][0]["validFor"], "gAAA");
    assert_eq!(allowed(&described, 1), ["Coin", "Spoon"]);
    let lead = json!({"LastName": "Lee", "Company": "Acme", "Tier__c": "Gold", "Kind__c": "Spoon"});
    assert_eq!(
        org.post("/sobjects/Lead", lead.clone()).await.0,
        201,
        "the API checks no dependency"
    );
    org.switch("dependent_picklists_enforced", json!(true))
        .await;
    let (_, body) = org.post("/sobjects/Lead", lead).await;
    assert_eq!(
        (code(&body), &body[0]["fields"]),
        (
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            &json!(["Kind__c"])
        )
    );
    kind["valueSet"]["controllingField"] = json!("Company");
    let wrong = json!({"FullName": "Lead.Other__c", "Metadata": kind});
    assert_eq!(
        org.post("/tooling/sobjects/CustomField", wrong).await.0,
        400
    );
}

#[tokio::test]
async fn person_accounts_are_people_with_a_contact_that_follows() {
    let org = TestOrg::new().await;
    let lead =
        json!({"LastName": "Lee", "FirstName": "Ann", "Email": "ann@example.com", "City": "Bonn"});
    assert_eq!(
        code(&org.post("/sobjects/Lead", lead.clone()).await.1),
        "REQUIRED_FIELD_MISSING"
    );
    org.switch("person_accounts", json!(true)).await;
    assert_eq!(field(&org, "Lead", "Company").await["nillable"], true);
    assert_eq!(
        field(&org, "Account", "PersonContactId").await["referenceTo"],
        json!(["Contact"])
    );
    let person = json!({"LastName": "Roe", "FirstName": "Max", "PersonEmail": "Max@example.com", "PersonMailingCity": "Ulm"});
    let (status, made) = org.post("/sobjects/Account", person).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/sobjects/Account/{}", made["id"].as_str().unwrap());
    let account = || {
        org.records("SELECT Name, IsPersonAccount, PersonContactId, PersonContact.MailingCity, PersonContact.Email FROM Account")
    };
    let read = account().await;
    assert_eq!(
        (&read[0]["Name"], &read[0]["IsPersonAccount"]),
        (&json!("Max Roe"), &json!(true))
    );
    assert_eq!(
        (
            &read[0]["PersonContact"]["MailingCity"],
            &read[0]["PersonContact"]["Email"]
        ),
        (&json!("Ulm"), &json!("max@example.com"))
    );
    assert_eq!(
        org.patch(
            &path,
            json!({"LastName": "Row", "PersonMailingCity": "Bonn"})
        )
        .await
        .0,
        204
    );
    let read = account().await;
    assert_eq!(
        (&read[0]["Name"], &read[0]["PersonContact"]["MailingCity"]),
        (&json!("Max Row"), &json!("Bonn"))
    );
    let contact = format!(
        "/sobjects/Contact/{}",
        read[0]["PersonContactId"].as_str().unwrap()
    );
    assert_eq!(
        code(&org.patch(&contact, json!({"Title": "x"})).await.1),
        "INSUFFICIENT_ACCESS_OR_READONLY"
    );
    assert_eq!(org.get(&contact).await.1["Name"], "Max Row");
    assert_eq!(
        code(&org.post("/sobjects/Account", json!({"Phone": "1"})).await.1),
        "REQUIRED_FIELD_MISSING"
    );

    let (status, made) = org.post("/sobjects/Lead", lead).await;
    assert_eq!(status, 201, "{made}");
    let (_, converted) = org
        .admin(
            Method::POST,
            "/records/convert-lead",
            json!({"id": made["id"]}),
        )
        .await;
    let (_, account) = org
        .get(&format!(
            "/sobjects/Account/{}",
            converted["accountId"].as_str().unwrap()
        ))
        .await;
    assert_eq!(
        (&account["PersonContactId"], &account["PersonMailingCity"]),
        (&converted["contactId"], &json!("Bonn"))
    );
}

#[tokio::test]
async fn owners_are_active_users_and_queues_for_the_object() {
    let org = TestOrg::new().await;
    let lead = org.lead("Lee", "lee@example.com").await;
    let path = format!("/sobjects/Lead/{lead}");
    let queue = org
        .records("SELECT QueueId, SobjectType FROM QueueSobject")
        .await;
    assert_eq!(queue[0]["SobjectType"], "Lead");
    assert_eq!(
        org.patch(&path, json!({"OwnerId": queue[0]["QueueId"]}))
            .await
            .0,
        204
    );
    let (_, body) = org
        .post(
            "/sobjects/Case",
            json!({"Subject": "x", "OwnerId": queue[0]["QueueId"]}),
        )
        .await;
    assert_eq!(
        (code(&body), &body[0]["message"]),
        (
            "INVALID_OPERATION",
            &json!("Queue not associated with this SObject type")
        )
    );
    let (_, body) = org
        .post(
            "/sobjects/Contact",
            json!({"LastName": "x", "OwnerId": queue[0]["QueueId"]}),
        )
        .await;
    assert_eq!(code(&body), "MALFORMED_ID", "no queue owns contacts");
    let seller = org
        .records("SELECT Id, IsActive FROM User WHERE Username = 'seller@practice.example'")
        .await;
    let seller = seller[0]["Id"].as_str().unwrap();
    assert_eq!(org.patch(&path, json!({"OwnerId": seller})).await.0, 204);
    assert_eq!(
        org.patch(
            &format!("/sobjects/User/{seller}"),
            json!({"IsActive": false})
        )
        .await
        .0,
        204
    );
    assert_eq!(org.patch(&path, json!({"City": "Bonn"})).await.0, 204);
    let (_, body) = org
        .post(
            "/sobjects/Contact",
            json!({"LastName": "x", "OwnerId": seller}),
        )
        .await;
    assert_eq!(code(&body), "INACTIVE_OWNER_OR_USER");
}

#[tokio::test]
async fn a_field_is_hidden_or_locked_by_hand_and_shown_by_a_grant() {
    let org = TestOrg::new().await;
    let set = |field: &str, access: &str| {
        let wanted = json!({"field": field, "access": access});
        let org = &org;
        async move { org.admin(Method::PUT, "/fields", wanted).await }
    };
    let lead = || json!({"LastName": "Lee", "Company": "Acme", "Phone": "1"});
    assert_eq!(set("lead.phone", "none").await.0, 200);
    assert_eq!(field(&org, "Lead", "Phone").await, Value::Null);
    let (_, body) = org.post("/sobjects/Lead", lead()).await;
    assert_eq!(
        (code(&body), &body[0]["message"]),
        (
            "INVALID_FIELD",
            &json!("No such column 'Phone' on sobject of type Lead")
        )
    );
    assert_eq!(
        code(&org.soql("SELECT Phone FROM Lead").await.1),
        "INVALID_FIELD"
    );
    let known = "/tooling/query?q=SELECT+QualifiedApiName+FROM+FieldDefinition+WHERE+EntityDefinitionId='Lead'+AND+QualifiedApiName='Phone'";
    assert_eq!(
        org.get(known).await.1["totalSize"],
        1,
        "it is there all the same"
    );
    org.grant("Lead", "Lead.Phone").await;
    assert_eq!(
        org.post("/sobjects/Lead", lead()).await.0,
        201,
        "a permission set shows it"
    );
    assert_eq!(set("Lead.Phone", "read").await.0, 200);
    assert_eq!(field(&org, "Lead", "Phone").await["updateable"], false);
    assert_eq!(
        code(&org.post("/sobjects/Lead", lead()).await.1),
        "INVALID_FIELD_FOR_INSERT_UPDATE"
    );
    assert_eq!(set("Lead.Phone", "edit").await.0, 200);
    assert_eq!(org.post("/sobjects/Lead", lead()).await.0, 201);
    assert_eq!(set("Lead.DoNotCall", "edit").await.0, 200);
    assert_eq!(field(&org, "Lead", "DoNotCall").await["updateable"], true);
    for (field, access) in [
        ("Lead.LastName", "none"),
        ("Lead.Nope", "none"),
        ("Lead", "none"),
        ("Lead.Phone", "some"),
    ] {
        assert_eq!(set(field, access).await.0, 400, "{field} {access}");
    }
}

#[tokio::test]
async fn what_was_set_is_in_the_file() {
    let mut org = TestOrg::new().await;
    org.switch("state_and_country_picklists", json!(true)).await;
    org.admin(Method::POST, "/objects", json!({"name": "Visit__c"}))
        .await;
    org.admin(
        Method::POST,
        "/record-types",
        json!({"object": "Visit__c", "name": "Short"}),
    )
    .await;
    org.admin(
        Method::POST,
        "/rules",
        json!({"object": "Lead", "name": "R", "condition": "City = 'X'", "message": "no"}),
    )
    .await;
    org.admin(
        Method::PUT,
        "/fields",
        json!({"field": "Lead.Phone", "access": "none"}),
    )
    .await;
    let file = org.folder.path().join("org.sqlite");
    let running = serve(&file, Options::default()).await;
    assert!(running.is_err(), "one at a time");
    let TestOrg {
        running,
        folder,
        client,
        token,
    } = org;
    running.stop().await;
    let running = serve(&file, Options::default()).await.unwrap();
    org = TestOrg {
        running,
        folder,
        client,
        token,
    };
    org.token = org.client_credentials().await;
    let lead = json!({"LastName": "Lee", "Company": "Acme", "City": "X"});
    assert_eq!(
        code(&org.post("/sobjects/Lead", lead).await.1),
        "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    );
    assert_eq!(field(&org, "Lead", "Phone").await, Value::Null);
    assert_eq!(field(&org, "Lead", "StateCode").await["type"], "picklist");
    let (_, made) = org
        .post("/sobjects/Visit__c", json!({"Name": "First"}))
        .await;
    assert_eq!(made["success"], true, "{made}");
    assert_eq!(
        org.records("SELECT RecordType.Name FROM Visit__c").await[0]["RecordType"]["Name"],
        "Short"
    );
    let (_, switches) = org.admin(Method::GET, "/switches", Value::Null).await;
    assert_eq!(
        (
            &switches["state_and_country_picklists"]["changed"],
            &switches["trim_text"]["changed"]
        ),
        (&json!(true), &json!(false))
    );
}
