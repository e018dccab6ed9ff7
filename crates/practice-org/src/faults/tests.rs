use super::*;

fn conn() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("CREATE TABLE faults (id INTEGER PRIMARY KEY, definition TEXT NOT NULL)")
        .unwrap();
    conn
}

fn call(path: &str) -> Call {
    Call {
        method: "PATCH".to_owned(),
        path: path.to_owned(),
        ..Call::default()
    }
}

#[test]
fn a_percentage_spoils_the_same_requests_each_time() {
    let conn = conn();
    let schema = Arc::new(Schema::default());
    let mut faults = Faults::default();
    faults
        .add(
            &conn,
            &json::parse(r#"{"name":"reset_before","percent":25}"#).unwrap(),
        )
        .unwrap();
    let fired: Vec<bool> = (0..8)
        .map(|_| {
            faults
                .arm(&conn, &call("/x"), &schema)
                .unwrap()
                .stop
                .is_some()
        })
        .collect();
    assert_eq!(
        fired,
        [false, false, false, true, false, false, false, true]
    );
}

#[test]
fn a_fault_ends_after_its_times_and_keeps_to_its_path() {
    let conn = conn();
    let schema = Arc::new(Schema::default());
    let mut faults = Faults::default();
    let given =
        r#"{"name":"slow","times":1,"ms":7,"match":{"path":"/composite","method":"patch"}}"#;
    faults.add(&conn, &json::parse(given).unwrap()).unwrap();
    assert_eq!(
        faults.arm(&conn, &call("/query"), &schema).unwrap().slow_ms,
        0
    );
    assert_eq!(
        faults
            .arm(&conn, &call("/a/composite/b"), &schema)
            .unwrap()
            .slow_ms,
        7
    );
    assert_eq!(
        faults
            .arm(&conn, &call("/a/composite/b"), &schema)
            .unwrap()
            .slow_ms,
        0,
        "once only"
    );
    assert_eq!(
        Faults::load(&conn).unwrap().list(),
        Json::Array(Vec::new()),
        "nor after a restart"
    );
}

#[test]
fn an_unknown_name_is_refused() {
    let refused = Faults::default().add(&conn(), &json::parse(r#"{"name":"nonsense"}"#).unwrap());
    assert_eq!(refused.unwrap_err().code, "UNKNOWN_FAULT");
}

#[test]
fn a_row_fault_armed_for_two_requests_fires_for_the_first_alone() {
    let conn = conn();
    let schema = Arc::new(Schema::default());
    let mut faults = Faults::default();
    let given = r#"{"name":"row_error","times":1}"#;
    faults.add(&conn, &json::parse(given).unwrap()).unwrap();
    let path = "/services/data/v67.0/composite/sobjects";
    let mut first = faults.arm(&conn, &call(path), &schema).unwrap();
    let mut second = faults.arm(&conn, &call(path), &schema).unwrap();
    faults.disarm_spent(&mut first);
    assert!(first.row(&Json::Null).is_some());
    faults.settle(&conn, &first).unwrap();
    faults.disarm_spent(&mut second);
    assert!(second.row(&Json::Null).is_none());
}
