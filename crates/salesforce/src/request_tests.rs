use super::*;

const V: ApiVersion = ApiVersion::MIN;

fn an_id() -> Id {
    Id::parse("0038M0000016Wv8QAE").unwrap()
}

fn a_row(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).unwrap()
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let mut headers = request.headers.iter();
    headers.find_map(|(key, value)| (*key == name).then_some(value.as_str()))
}

#[test]
fn a_query_is_encoded_into_the_address() {
    let request = query(
        V,
        "SELECT Id FROM Lead WHERE Email = 'a+b@c.d' AND X > 1",
        false,
    );
    assert_eq!(
        request.path,
        "/services/data/v60.0/query?q=SELECT%20Id%20FROM%20Lead%20WHERE%20Email%20%3D%20%27a%2Bb%40c.d%27%20AND%20X%20%3E%201"
    );
    assert!(request.reads);
    assert!(
        query(V, "SELECT Id FROM Lead", true)
            .path
            .contains("/queryAll?q=")
    );
}

#[test]
fn rows_are_sent_byte_for_byte() {
    let rows = [
        a_row(r#"{"id":"1","N":10.10}"#),
        a_row(r#"{"id":"2","N":1e2}"#),
    ];
    let request = update(V, &rows, &WriteOptions::default()).unwrap();
    assert_eq!(request.method, Method::PATCH);
    assert_eq!(request.path, "/services/data/v60.0/composite/sobjects");
    let expected = r#"{"allOrNone":false,"records":[{"id":"1","N":10.10},{"id":"2","N":1e2}]}"#;
    assert_eq!(request.body.as_deref(), Some(expected));
    assert!(
        !request.reads,
        "a write must never be repeated as if it were a read"
    );
}

#[test]
fn options_become_headers() {
    let on = WriteOptions {
        assignment: Assignment::On,
        allow_duplicates: true,
        all_or_none: true,
    };
    let careful = create(V, &[a_row("{}")], &WriteOptions::default()).unwrap();
    let bold = create(V, &[a_row("{}")], &on).unwrap();
    assert_eq!(header(&careful, "Sforce-Auto-Assign"), Some("FALSE"));
    assert_eq!(
        header(&careful, "Sforce-Duplicate-Rule-Header"),
        Some("allowSave=false, includeRecordDetails=true")
    );
    assert_eq!(header(&bold, "Sforce-Auto-Assign"), Some("TRUE"));
    assert_eq!(
        header(&bold, "Sforce-Duplicate-Rule-Header"),
        Some("allowSave=true, includeRecordDetails=true")
    );
    assert!(bold.body.unwrap().starts_with(r#"{"allOrNone":true"#));
}

#[test]
fn an_upsert_names_object_and_identifier() {
    let request = upsert(
        V,
        "Lead",
        "Ext__c",
        &[a_row("{}")],
        &WriteOptions::default(),
    )
    .unwrap();
    assert_eq!(
        request.path,
        "/services/data/v60.0/composite/sobjects/Lead/Ext__c"
    );
}

#[test]
fn too_many_rows_are_refused_before_they_are_sent() {
    let rows = vec![a_row("{}"); MAX_ROWS + 1];
    let error = update(V, &rows, &WriteOptions::default()).unwrap_err();
    assert!(error.splits());
    let ids = vec![an_id(); MAX_RETRIEVED + 1];
    assert!(retrieve(V, "Lead", &ids, &["Id"]).is_err());
}

#[test]
fn two_hundred_deletions_fit_into_an_address() {
    let request = delete(V, &vec![an_id(); MAX_ROWS], &WriteOptions::default()).unwrap();
    assert!(request.path.len() < MAX_ADDRESS_BYTES);
    assert!(request.path.ends_with("&allOrNone=false"));
}

#[test]
fn reading_many_records_is_a_read_although_it_is_posted() {
    let request = retrieve(V, "Lead", &[an_id()], &["Id", "Email"]).unwrap();
    assert_eq!(request.method, Method::POST);
    assert!(request.reads);
    let expected = r#"{"fields":["Id","Email"],"ids":["0038M0000016Wv8QAE"]}"#;
    assert_eq!(request.body.as_deref(), Some(expected));
}

#[test]
fn names_that_could_change_the_address_are_refused() {
    for object in ["", "Lead/../User", "Lead?x=", "Lead%2F", "Lead Name"] {
        assert!(describe(V, object, None).is_err(), "{object}");
        assert!(get_row(V, object, &an_id(), &[]).is_err(), "{object}");
    }
}

#[test]
fn a_key_in_the_address_is_encoded() {
    let request = upsert_row(V, "Lead", "Ext__c", "a/b c?", &json!({})).unwrap();
    assert!(request.path.ends_with("/sobjects/Lead/Ext__c/a%2Fb%20c%3F"));
}

#[test]
fn several_queries_share_one_composite_request() {
    let texts = [
        "SELECT Id FROM Lead".to_owned(),
        "SELECT Id FROM Contact".to_owned(),
    ];
    let request = composite_queries(V, &texts, false);
    let body: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
    assert_eq!(body["compositeRequest"][1]["referenceId"], "q1");
    assert_eq!(
        body["compositeRequest"][1]["url"],
        "/services/data/v60.0/query?q=SELECT%20Id%20FROM%20Contact"
    );
    assert!(request.reads);
}
