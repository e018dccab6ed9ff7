//! How fast the org is; run by hand with `--ignored --nocapture`, never judged.

use std::time::Instant;

use serde_json::{Value, json};

use crate::support::TestOrg;

#[tokio::test]
#[ignore = "a measurement, not a test"]
async fn upserts_of_two_hundred() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    let batches: usize = std::env::var("BATCHES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(50);
    let mut start = Instant::now();
    for batch in 0..batches {
        let row = |n: usize| {
            let n = batch * 200 + n;
            json!({"attributes": {"type": "Lead"}, "Key__c": format!("{n:032x}"), "LastName": format!("Last{n}"), "FirstName": "First",
                "Company": "Acme", "Email": format!("person{n}@example.com"), "Phone": "+1 555 0100", "City": "Bonn", "Title": "Buyer"})
        };
        let rows: Vec<Value> = (0..200).map(row).collect();
        let (status, body) = org
            .patch("/composite/sobjects/Lead/Key__c", json!({"records": rows}))
            .await;
        assert_eq!((status, &body[199]["success"]), (200, &json!(true)));
        if (batch + 1) % 250 == 0 || batch + 1 == batches {
            eprintln!(
                "{} leads, {:.1} ms a batch",
                (batch + 1) * 200,
                start.elapsed().as_secs_f64() * 1000.0 / 250.0_f64.min(batches as f64)
            );
            start = Instant::now();
        }
    }
    let start = Instant::now();
    let found = org
        .records(
            "SELECT Id FROM Lead WHERE Email IN ('person5@example.com', 'person77@example.com')",
        )
        .await;
    eprintln!("{} by e-mail in {:?}", found.len(), start.elapsed());
    let start = Instant::now();
    let groups = org
        .records("SELECT City, COUNT(Id) FROM Lead GROUP BY City")
        .await;
    eprintln!("{} groups in {:?}", groups.len(), start.elapsed());
    let start = Instant::now();
    let (_, found) = org
        .get("/search?q=FIND%20%7Blast77%7D%20RETURNING%20Lead(Id)")
        .await;
    let found = found["searchRecords"].as_array().unwrap().len();
    eprintln!("{found} by search in {:?}", start.elapsed());
}
