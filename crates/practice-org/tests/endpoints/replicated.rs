use serde_json::Value;

use crate::support::TestOrg;

fn around_now() -> String {
    let at = |minutes: i64| {
        let time = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(minutes);
        time.strftime("%Y-%m-%dT%H%%3A%M%%3A%SZ").to_string()
    };
    format!("?start={}&end={}", at(-5), at(5))
}

#[tokio::test]
async fn changed_and_deleted_records_are_listed() {
    let org = TestOrg::new().await;
    let kept = org.lead("Kept", "kept@example.com").await;
    let gone = org.lead("Gone", "gone@example.com").await;
    org.delete(&format!("/sobjects/Lead/{gone}")).await;

    let (status, updated) = org
        .get(&format!("/sobjects/Lead/updated{}", around_now()))
        .await;
    assert_eq!(
        (status, &updated["ids"]),
        (200, &Value::from(vec![kept])),
        "{updated}"
    );
    let covered = updated["latestDateCovered"].as_str().unwrap();
    assert!(
        covered.ends_with(":00.000+0000"),
        "whole minutes: {covered}"
    );

    let (_, deleted) = org
        .get(&format!("/sobjects/Lead/deleted{}", around_now()))
        .await;
    let records = deleted["deletedRecords"].as_array().unwrap();
    assert_eq!((records.len(), &records[0]["id"]), (1, &Value::from(gone)));
    assert_eq!(deleted["earliestDateAvailable"], records[0]["deletedDate"]);
}
