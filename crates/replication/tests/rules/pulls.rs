//! What a pull brings: the mirror holds what the org holds, whatever happened in between.

use std::collections::BTreeMap;
use std::time::Duration;

use leadferry_replication::{Cancel, PullReport, PullSetup, Unseen, pull};
use leadferry_salesforce::CustomFieldKind;
use leadferry_store::{
    ContactField, Mirror, MirrorField, MirrorQuery, MirrorState, MirrorValue, PullObject,
    PullRunState, Values,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{World, bare_world, text};

const MINUTE: i64 = 60_000;

/// Replaces the few names of places that these tests use by their codes.
fn codes(values: &mut Values) {
    for (field, name, code) in [
        (ContactField::Country, "USA", "US"),
        (ContactField::State, "TX", "US-TX"),
    ] {
        if values.text(field) == Some(name) {
            values.set(field, Some(leadferry_store::Value::Text(code.to_owned())));
        }
    }
}

impl World {
    pub(crate) fn add_pull(&self, objects: &[(&str, &[&str])]) {
        let now = self.now();
        self.write(|writer| {
            let id = writer.add_pull("P", self.org.connection, now)?;
            for (object, fields) in objects {
                let fields = fields.iter().map(|field| (*field).to_owned()).collect();
                let wanted = PullObject {
                    object: (*object).to_owned(),
                    fields: Some(fields),
                    filter: None,
                };
                writer.set_pull_object(id, &wanted)?;
            }
            Ok(())
        });
    }

    pub(crate) async fn try_pull(&self) -> leadferry_replication::Result<PullReport> {
        let wanted = self.read(|reader| reader.pull_named("P"));
        let (clock, cancel) = (self.clock(), Cancel::new());
        pull(&PullSetup {
            store: &self.store,
            pull: &wanted,
            org: &self.org,
            filters: &|_, filter| {
                let soql = filter.trim_matches('"');
                Ok((!soql.is_empty()).then(|| soql.to_owned()))
            },
            places: codes,
            clock: &*clock,
            cancel: &cancel,
            progress: &Unseen,
        })
        .await
    }

    pub(crate) async fn pull(&self) -> PullReport {
        let report = self.try_pull().await.unwrap();
        assert_eq!(report.state, PullRunState::Finished, "{report:?}");
        report
    }

    /// Pulls, and ends as if killed after this long. Tells whether it came to its end.
    async fn pull_and_kill_after(&self, after: Duration) -> bool {
        match tokio::time::timeout(after, self.try_pull()).await {
            Ok(report) => report.is_ok(),
            Err(_) => false,
        }
    }

    fn mirror(&self, object: &str) -> Mirror {
        let org_id = self.org.org_id.clone();
        self.read(|reader| reader.mirror_of(&org_id, object))
            .unwrap()
    }

    /// The records of a mirror by id: state, winner and values by field.
    fn mirrored(&self, object: &str) -> BTreeMap<String, (MirrorState, Option<String>, Value)> {
        let mirror = self.mirror(object);
        let fields: Vec<&MirrorField> = mirror.fields.iter().collect();
        let query = MirrorQuery {
            limit: 100_000,
            ..MirrorQuery::default()
        };
        let page = self.read(|reader| reader.mirrored(&mirror, &fields, &query));
        page.rows
            .into_iter()
            .map(|row| {
                let values = fields.iter().zip(&row.values);
                let values: Value = values
                    .map(|(field, value)| (field.name.clone(), plain(value.as_ref())))
                    .collect::<serde_json::Map<_, _>>()
                    .into();
                (row.id, (row.state, row.winner, values))
            })
            .collect()
    }

    /// Every record that the org has, in the recycle bin too, is in the mirror with the same values; all else is gone.
    async fn mirror_equals_org(&self, object: &str, fields: &[&str]) {
        let has_winner = matches!(object, "Lead" | "Contact" | "Account");
        let winner = if has_winner { ", MasterRecordId" } else { "" };
        let soql = format!(
            "SELECT Id, IsDeleted{winner}, {} FROM {object}",
            fields.join(", ")
        );
        let mut in_org = BTreeMap::new();
        for record in self.soql_all(&soql).await {
            let values: serde_json::Map<_, _> = fields
                .iter()
                .map(|field| ((*field).to_owned(), record[*field].clone()))
                .collect();
            let state = match record["IsDeleted"].as_bool() {
                Some(true) => MirrorState::Deleted,
                _ => MirrorState::Live,
            };
            let winner = record["MasterRecordId"].as_str().map(str::to_owned);
            in_org.insert(
                text(&record, "Id").to_owned(),
                (state, winner, Value::Object(values)),
            );
        }
        let mut mirrored = self.mirrored(object);
        for (_, _, values) in mirrored.values_mut() {
            // Fields that the user can't see any more keep their last values.
            if let Value::Object(values) = values {
                values.retain(|name, _| fields.contains(&name.as_str()));
            }
        }
        mirrored.retain(|id, (state, ..)| {
            // What is purged from the recycle bin leaves its trace here.
            *state == MirrorState::Live || in_org.contains_key(id)
        });
        assert_eq!(mirrored, in_org, "{object}");
    }

    async fn soql_all(&self, soql: &str) -> Vec<Value> {
        let records = self.org.client.query_all(soql).await.unwrap();
        records
            .into_iter()
            .map(|record| Value::Object(record.fields))
            .collect()
    }

    /// Tells whether a job was asked for.
    async fn used_jobs(&self) -> bool {
        let requests = self.latest_requests(500).await;
        requests
            .iter()
            .any(|(_, path, _)| path.contains("/jobs/query"))
    }

    async fn edit_late(&self, id: &str, fields: Value, behind_ms: i64) {
        let body = json!({"id": id, "fields": fields, "behind_ms": behind_ms});
        self.admin(Method::POST, "/records/edit", body).await;
    }
}

fn plain(value: Option<&MirrorValue>) -> Value {
    match value {
        None => Value::Null,
        Some(MirrorValue::Text(text)) => json!(text),
        Some(MirrorValue::Number(number)) => json!(number),
        Some(MirrorValue::Whole(number)) => json!(number),
        Some(MirrorValue::YesNo(yes)) => json!(yes),
        Some(MirrorValue::Date(date)) => json!(date.to_string()),
    }
}

const LEAD: &[&str] = &[
    "LastName",
    "Email",
    "Rating",
    "NumberOfEmployees",
    "AnnualRevenue",
    "IsConverted",
];

#[tokio::test]
async fn an_unchanged_object_costs_one_call() {
    let world = bare_world().await;
    for n in 0..5 {
        world
            .lead(&format!("L{n}"), &format!("l{n}@example.com"))
            .await;
    }
    world.add_pull(&[("Lead", LEAD), ("Account", &["Name"])]);
    let first = world.pull().await;
    let counts = |report: &PullReport, at: usize| {
        let one = &report.objects[at];
        (
            one.new,
            one.changed,
            one.deleted,
            one.gone,
            one.in_org,
            one.in_mirror,
        )
    };
    assert_eq!(
        counts(&first, 1),
        (5, 0, 0, 0, Some(5), Some(5)),
        "{first:?}"
    );
    world.advance(20 * MINUTE);
    world.pull().await;
    let again = world.pull().await;
    assert_eq!(
        counts(&again, 1),
        (0, 0, 0, 0, Some(5), Some(5)),
        "{again:?}"
    );
    assert_eq!((again.objects[1].read, again.calls), (0, 2), "{again:?}");
    world.mirror_equals_org("Lead", LEAD).await;
}

#[tokio::test]
async fn what_colleagues_do_shows_after_the_next_pull() {
    let world = bare_world().await;
    let mut ids = Vec::new();
    for n in 0..6 {
        ids.push(
            world
                .lead(&format!("L{n}"), &format!("l{n}@example.com"))
                .await,
        );
    }
    world.add_pull(&[("Lead", LEAD)]);
    world.pull().await;
    world
        .change_record("Lead", &ids[0], json!({"Rating": "Hot"}))
        .await;
    world.delete_in_org(&ids[1]).await;
    world
        .change_in_org("merge", json!({"winner": ids[0], "losers": [ids[2]]}))
        .await;
    world
        .change_in_org("convert-lead", json!({"id": ids[3]}))
        .await;
    world.change_in_org("purge", json!({"id": ids[4]})).await;
    let report = world.pull().await;
    let lead = &report.objects[0];
    assert_eq!(
        (lead.changed, lead.deleted, lead.gone),
        (2, 2, 1),
        "{lead:?}"
    );
    world.mirror_equals_org("Lead", LEAD).await;
    let mirrored = world.mirrored("Lead");
    assert_eq!(
        mirrored[&ids[2]].1.as_deref(),
        Some(ids[0].as_str()),
        "the winner is known"
    );
    assert_eq!(mirrored[&ids[4]].0, MirrorState::Gone);
    world.change_in_org("undelete", json!({"id": ids[1]})).await;
    world.pull().await;
    world.mirror_equals_org("Lead", LEAD).await;
}

#[tokio::test]
async fn a_record_that_commits_behind_the_watermark_is_read() {
    let world = bare_world().await;
    let early = world.lead("Early", "early@example.com").await;
    world.add_pull(&[("Lead", LEAD)]);
    world.pull().await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    world.lead("Later", "later@example.com").await;
    world.pull().await;
    world
        .edit_late(&early, json!({"Rating": "Hot"}), 9 * MINUTE)
        .await;
    world.pull().await;
    world.mirror_equals_org("Lead", LEAD).await;
}

#[tokio::test]
async fn fields_come_and_go_without_a_row_lost() {
    let world = bare_world().await;
    world.lead("Okafor", "ada@example.com").await;
    world.add_pull(&[("Lead", &["LastName", "Phone", "Rating"])]);
    world.pull().await;
    world
        .admin(
            Method::PUT,
            "/fields",
            json!({"field": "Lead.Phone", "access": "none"}),
        )
        .await;
    let report = world.pull().await;
    let notes = report.objects[0].notes.join(" ");
    assert!(notes.contains("Phone"), "{notes}");
    assert!(
        world
            .mirror("Lead")
            .field("Phone")
            .unwrap()
            .gone_at
            .is_some()
    );
    world
        .mirror_equals_org("Lead", &["LastName", "Rating"])
        .await;
    world
        .admin(
            Method::PUT,
            "/fields",
            json!({"field": "Lead.Phone", "access": "edit"}),
        )
        .await;
    world.pull().await;
    world
        .mirror_equals_org("Lead", &["LastName", "Phone", "Rating"])
        .await;
}

#[tokio::test]
async fn an_object_without_rights_is_told_and_the_others_are_read() {
    let world = bare_world().await;
    world.lead("Okafor", "ada@example.com").await;
    world.add_pull(&[("Lead", LEAD), ("Nothing__c", &["Name"])]);
    let report = world.try_pull().await.unwrap();
    assert_eq!(report.state, PullRunState::Stopped);
    assert!(report.reason.unwrap().contains("Nothing__c"));
    assert_eq!(report.objects[0].new, 1);
    assert_eq!(report.objects[1].notes.len(), 1);
}

#[tokio::test]
async fn a_record_that_leaves_the_filter_is_gone_and_comes_back_with_it() {
    let world = bare_world().await;
    let lead = world.lead("Okafor", "ada@example.com").await;
    world
        .change_record("Lead", &lead, json!({"Rating": "Hot"}))
        .await;
    world.lead("Cold", "cold@example.com").await;
    world.add_pull(&[("Lead", LEAD)]);
    let id = world.read(|reader| reader.pull_named("P")).id;
    let wanted = PullObject {
        object: "Lead".to_owned(),
        fields: Some(LEAD.iter().map(|f| (*f).to_owned()).collect()),
        filter: Some("\"Rating = 'Hot'\"".to_owned()),
    };
    world.write(|writer| writer.set_pull_object(id, &wanted));
    let report = world.pull().await;
    assert_eq!(report.objects[0].in_mirror, Some(1), "{report:?}");
    world
        .change_record("Lead", &lead, json!({"Rating": "Cold"}))
        .await;
    let report = world.pull().await;
    assert_eq!(
        (report.objects[0].gone, report.objects[0].in_mirror),
        (1, Some(0)),
        "{report:?}"
    );
    world
        .change_record("Lead", &lead, json!({"Rating": "Hot"}))
        .await;
    assert_eq!(world.pull().await.objects[0].in_mirror, Some(1));
}

#[tokio::test]
async fn a_pull_that_is_added_anew_finds_what_has_gone_meanwhile() {
    let world = bare_world().await;
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(
            world
                .lead(&format!("L{n}"), &format!("l{n}@example.com"))
                .await,
        );
    }
    world.add_pull(&[("Lead", LEAD)]);
    world.pull().await;
    world.change_in_org("purge", json!({"id": ids[0]})).await;
    world.pull().await;
    let id = world.read(|reader| reader.pull_named("P")).id;
    world.write(|writer| writer.remove_pull(id));
    world.change_in_org("purge", json!({"id": ids[1]})).await;
    world.add_pull(&[("Lead", LEAD)]);
    let report = world.pull().await;
    assert_eq!(
        (report.objects[0].gone, report.objects[0].in_mirror),
        (1, Some(1)),
        "{report:?}"
    );
    world.mirror_equals_org("Lead", LEAD).await;
}

/// Leads and contacts with every kind of value, some of them hard to write down.
async fn many_values(world: &World) {
    for (name, kind) in [
        ("When__c", CustomFieldKind::DateTime),
        ("Yes__c", CustomFieldKind::Checkbox),
        (
            "Share__c",
            CustomFieldKind::Number {
                precision: 18,
                scale: 6,
            },
        ),
        (
            "Long__c",
            CustomFieldKind::LongTextArea {
                length: 5_000,
                visible_lines: 3,
            },
        ),
    ] {
        world.custom_field("Lead", name, kind).await;
    }
    let texts = [
        "plain",
        "with, comma",
        "with \"quotes\"",
        "two\nlines, and a tab\t",
        "Ünïcödé \u{1f600}",
        "true",
        "12",
    ];
    for n in 0..60_usize {
        let said = texts[n % texts.len()];
        let lead = json!({
            "LastName": format!("L{n}"), "Company": said, "Description": said, "Street": said, "Long__c": said,
            "Email": format!("l{n}@example.com"), "Website": "https://example.com/?a=1,2", "Rating": "Hot",
            "AnnualRevenue": 1_234_567.89 + n as f64, "NumberOfEmployees": n, "Yes__c": n % 2 == 0,
            "Share__c": 0.000_001 * n as f64, "When__c": "2026-02-28T10:00:00.000Z",
        });
        let empty = json!({"LastName": format!("L{n}"), "Company": "Acme"});
        world
            .record("Lead", if n % 5 == 4 { empty } else { lead })
            .await;
        let contact =
            json!({"LastName": format!("C{n}"), "Birthdate": "1980-02-29", "MailingStreet": said});
        world.record("Contact", contact).await;
        let deal = json!({
            "Name": format!("D{n}"), "Description": said, "StageName": "Prospecting", "CloseDate": "2026-12-24", "Amount": 99.5 + n as f64,
            "Probability": n % 100,
        });
        world.record("Opportunity", deal).await;
    }
}

#[tokio::test]
async fn a_job_and_pages_bring_the_same_values_for_every_type_of_field() {
    let world = bare_world().await;
    many_values(&world).await;
    world.keep_describes().await;
    let all: &[(&str, &[&str])] = &[
        ("Lead", &["all"]),
        ("Contact", &["all"]),
        ("Opportunity", &["all"]),
    ];
    world.add_pull(all);
    world.pull().await;
    let mirrored = || ["Lead", "Contact", "Opportunity"].map(|object| world.mirrored(object));
    let by_page = mirrored();
    assert!(!world.used_jobs().await, "60 records are one page");
    let pull = world.read(|reader| reader.pull_named("P"));
    let mirrors = ["Lead", "Contact", "Opportunity"].map(|object| world.mirror(object));
    world.write(|writer| {
        mirrors
            .iter()
            .try_for_each(|one| writer.remove_mirror(one))?;
        writer.remove_pull(pull.id)
    });
    world.switch("page_size_cap", json!(4)).await;
    world.add_pull(all);
    let report = world.pull().await;
    assert!(world.used_jobs().await, "{report:?}");
    assert_eq!(by_page, mirrored());
    for object in &report.objects {
        assert_eq!(object.in_mirror, Some(60), "{report:?}");
    }
    let again = world.pull().await;
    assert_eq!((again.objects[1].new, again.objects[1].changed), (0, 0));
}

#[tokio::test]
async fn an_org_that_refuses_jobs_is_read_page_by_page() {
    let world = bare_world().await;
    many_values(&world).await;
    world.switch("page_size_cap", json!(4)).await;
    let refused = json!({
        "name": "refuse_request", "code": "API_DISABLED_FOR_ORG", "values": ["FROM Lead"], "times": 50,
        "match": {"path": "/jobs/query", "method": "POST"},
    });
    world.fault(refused).await;
    world.add_pull(&[("Lead", LEAD)]);
    let report = world.pull().await;
    assert_eq!(report.objects[0].in_mirror, Some(60), "{report:?}");
    world.mirror_equals_org("Lead", LEAD).await;
}

/// A small generator of random numbers, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }

    fn pick<'a>(&mut self, from: &'a [String]) -> Option<&'a String> {
        (!from.is_empty()).then(|| &from[self.roll(from.len())])
    }
}

#[tokio::test]
async fn the_mirror_equals_the_org_after_random_histories_with_kills() {
    let seed = std::env::var("LEADFERRY_TEST_SEED").ok();
    let seed = seed
        .and_then(|text| text.parse().ok())
        .unwrap_or(0x5eed_u64);
    let mut dice = Dice(seed | 1); // LEADFERRY_TEST_SEED chooses another history.
    let world = bare_world().await;
    world.switch("page_size_cap", json!(3)).await;
    world.add_pull(&[
        ("Lead", LEAD),
        ("Contact", &["LastName", "Email", "AccountId"]),
        ("CampaignMember", &["LeadId", "ContactId", "Status"]),
    ]);
    let campaign = world.record("Campaign", json!({"Name": "Fair"})).await;
    let mut leads: Vec<String> = Vec::new();
    let mut deleted: Vec<String> = Vec::new();
    for _ in 0..25 {
        for _ in 0..1 + dice.roll(5) {
            act(&world, &mut dice, &campaign, &mut leads, &mut deleted).await;
        }
        for _ in 0..dice.roll(3) {
            let after = Duration::from_millis(5 + dice.roll(60) as u64);
            world.pull_and_kill_after(after).await;
        }
        if dice.roll(4) == 0 {
            world
                .fault(json!({"name": "reset_after", "times": 1}))
                .await;
        }
        if dice.roll(6) == 0 {
            // The org's own clock doesn't jump: what happens next must not share a stamp with what was read.
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            world.advance(11 * MINUTE);
        }
        while world.try_pull().await.is_err() {}
        world.mirror_equals_org("Lead", LEAD).await;
        world
            .mirror_equals_org("Contact", &["LastName", "Email", "AccountId"])
            .await;
        world
            .mirror_equals_org("CampaignMember", &["LeadId", "ContactId", "Status"])
            .await;
    }
}

async fn act(
    world: &World,
    dice: &mut Dice,
    campaign: &str,
    leads: &mut Vec<String>,
    deleted: &mut Vec<String>,
) {
    let fresh = dice.roll(1_000_000);
    match dice.roll(9) {
        0..=2 => leads.push(
            world
                .lead(&format!("L{fresh}"), &format!("l{fresh}@example.com"))
                .await,
        ),
        3 => {
            if let Some(id) = dice.pick(leads) {
                let rating = ["Hot", "Warm", "Cold"][fresh % 3];
                let fields = json!({"Rating": rating, "NumberOfEmployees": fresh, "AnnualRevenue": fresh * 2});
                world.change_record("Lead", id, fields).await;
            }
        }
        4 => {
            if !leads.is_empty() {
                let id = leads.swap_remove(dice.roll(leads.len()));
                world.delete_in_org(&id).await;
                deleted.push(id);
            }
        }
        5 => {
            if !deleted.is_empty() {
                let id = deleted.swap_remove(dice.roll(deleted.len()));
                match dice.roll(2) {
                    0 => {
                        world.change_in_org("undelete", json!({"id": id})).await;
                        leads.push(id);
                    }
                    _ => {
                        world.change_in_org("purge", json!({"id": id})).await;
                    }
                }
            }
        }
        6 => {
            if leads.len() > 1 {
                let loser = leads.swap_remove(dice.roll(leads.len()));
                let winner = dice.pick(leads).unwrap();
                world
                    .change_in_org("merge", json!({"winner": winner, "losers": [loser]}))
                    .await;
            }
        }
        7 => {
            if !leads.is_empty() {
                let id = leads.swap_remove(dice.roll(leads.len()));
                world.change_in_org("convert-lead", json!({"id": id})).await;
            }
        }
        _ => {
            if let Some(id) = dice.pick(leads) {
                let member = json!({"CampaignId": campaign, "LeadId": id});
                world.record("CampaignMember", member).await;
            }
        }
    }
}
