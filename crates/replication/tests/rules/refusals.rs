//! A no reaches every record with the contact's email, and a yes only the one that is the contact's own.

use leadferry_replication::settings::OptedOut;
use leadferry_store::{ContactField, ContactId, EntryState, ReplicationId, Value as Held};
use serde_json::{Value, json};

use crate::harness::{LEAD, WRITES, World, a_contact, counts, world};

async fn opt_out_world() -> World {
    let world = world().await;
    world.show_lead_field("HasOptedOutOfEmail").await;
    world.keep_describes().await;
    world
}

impl World {
    fn leads_with_opt_out(&self, opted_out: OptedOut) -> ReplicationId {
        let mapping = format!("{LEAD}email_opt_out=HasOptedOutOfEmail\n");
        self.replication("Lead", &mapping, |settings| settings.opted_out = opted_out)
    }

    fn says_no(&self, contact: ContactId, out: bool) {
        self.put(contact, ContactField::EmailOptOut, Some(Held::YesNo(out)));
    }

    /// Returns who is opted out in the org, by last name.
    async fn opted_out(&self) -> Vec<(String, bool)> {
        let leads = self
            .soql("SELECT LastName, HasOptedOutOfEmail FROM Lead ORDER BY LastName")
            .await;
        let one = |lead: &Value| {
            let out = lead["HasOptedOutOfEmail"] == true;
            (lead["LastName"].as_str().unwrap().to_owned(), out)
        };
        leads.iter().map(one).collect()
    }
}

fn all(names: &[&str], out: bool) -> Vec<(String, bool)> {
    names.iter().map(|name| ((*name).to_owned(), out)).collect()
}

#[tokio::test]
async fn a_no_reaches_every_record_with_the_email_and_a_yes_takes_back_only_our_own() {
    let world = opt_out_world().await;
    let own = world.lead("Okafor", "info@example.com").await;
    world.lead("Adams", "INFO@example.com").await;
    world.lead("Baker", "info@example.com").await;
    let contact = world.add(a_contact().email("info@example.com"));
    world.link_by_hand(contact, "Lead", &own);
    let leads = world.leads_with_opt_out(OptedOut::Update);
    world.run(leads).await;
    assert_eq!(
        world.opted_out().await,
        all(&["Adams", "Baker", "Okafor"], false)
    );
    world.says_no(contact, true);
    let report = world.run(leads).await;
    assert_eq!(report.updated, 3, "{report:?}");
    assert_eq!(
        world.opted_out().await,
        all(&["Adams", "Baker", "Okafor"], true)
    );
    assert_eq!(world.state(leads, contact), Some(EntryState::Done));
    let again = world.run(leads).await;
    assert_eq!((again.updated, again.calls), (0, 0), "{again:?}");

    world.says_no(contact, false);
    world.run(leads).await;
    let held = world.opted_out().await;
    assert_eq!(held[..2], all(&["Adams", "Baker"], true)[..]);
    assert_eq!(held[2], ("Okafor".to_owned(), false));
}

#[tokio::test]
async fn a_no_that_a_colleague_cleared_goes_again_to_every_record_until_the_contact_takes_it_back()
{
    let world = opt_out_world().await;
    let own = world.lead("Okafor", "info@example.com").await;
    let other = world.lead("Adams", "info@example.com").await;
    let contact = world.add(a_contact().email("info@example.com"));
    world.link_by_hand(contact, "Lead", &own);
    let leads = world.leads_with_opt_out(OptedOut::Update);
    world.add_pull(&[("Lead", &["LastName", "Email"])]);
    world.says_no(contact, true);
    world.run(leads).await;
    let both = |out| all(&["Adams", "Okafor"], out);
    assert_eq!(world.opted_out().await, both(true));
    let quiet = world.pull().await;
    assert!(!format!("{quiet:?}").contains("cleared"), "{quiet:?}");
    let clear = json!({ "HasOptedOutOfEmail": false });
    for record in [&other, &own] {
        world.change_record("Lead", record, clear.clone()).await;
        let report = world.pull().await;
        assert!(
            format!("{report:?}").contains("1 opt-out or refusal was cleared in Salesforce"),
            "{report:?}"
        );
        let run = world.run(leads).await;
        assert_eq!(run.updated, 1, "{run:?}");
        assert_eq!(world.opted_out().await, both(true));
        world.pull().await;
        assert_eq!(world.run(leads).await.updated, 0, "once");
    }
    // Their own yes takes back our no on their record; what colleagues do to the others is theirs.
    world.says_no(contact, false);
    world.run(leads).await;
    world.change_record("Lead", &other, clear).await;
    let report = world.pull().await;
    assert!(!format!("{report:?}").contains("cleared"), "{report:?}");
    assert_eq!(world.run(leads).await.updated, 0);
    assert_eq!(world.opted_out().await, both(false));
}

#[tokio::test]
async fn nobody_is_linked_or_created_for_a_no_alone() {
    let world = opt_out_world().await;
    world.lead("Adams", "a@example.com").await;
    let there = world.add(a_contact().email("a@example.com").not_to_be_sent());
    let nowhere = world.add(a_contact().email("b@example.com").not_to_be_sent());
    for contact in [there, nowhere] {
        world.says_no(contact, true);
    }
    let leads = world.leads_with_opt_out(OptedOut::LikeOthers);
    let plan = world.find_people(leads).await;
    assert_eq!(
        (counts(&plan).update, counts(&plan).create),
        (1, 0),
        "{plan:?}"
    );
    let report = world.run(leads).await;
    assert_eq!((report.updated, report.created), (1, 0), "{report:?}");
    assert_eq!(world.opted_out().await, all(&["Adams"], true));
    assert!(world.link(there, "Lead").is_none());
    let again = world.run(leads).await;
    assert_eq!((again.updated, again.calls), (0, 0), "{again:?}");
}

#[tokio::test]
async fn a_no_reaches_records_of_the_other_object_that_has_the_field() {
    let world = opt_out_world().await;
    world.show_field("Contact", "HasOptedOutOfEmail").await;
    world.keep_describes().await;
    let own = world.lead("Okafor", "a@example.com").await;
    let fields = json!({"LastName": "Adams", "Email": "a@example.com"});
    let other = world.record("Contact", fields).await;
    let contact = world.add(a_contact().email("a@example.com"));
    world.link_by_hand(contact, "Lead", &own);
    world.says_no(contact, true);
    let leads = world.leads_with_opt_out(OptedOut::Update);
    let report = world.run(leads).await;
    assert_eq!(report.updated, 2, "{report:?}");
    let soql = format!("SELECT HasOptedOutOfEmail FROM Contact WHERE Id = '{other}'");
    assert_eq!(world.soql(&soql).await[0]["HasOptedOutOfEmail"], true);
    assert!(world.link(contact, "Contact").is_none());
    let again = world.run(leads).await;
    assert_eq!((again.updated, again.calls), (0, 0), "{again:?}");
}

#[tokio::test]
async fn a_no_reaches_all_who_could_be_meant_and_the_contact_stays_ambiguous() {
    let world = opt_out_world().await;
    world.lead("Okafor", "a@example.com").await;
    world.lead("Okafor", "a@example.com").await;
    let contact = world.add(a_contact().email("a@example.com"));
    world.says_no(contact, true);
    let leads = world.leads_with_opt_out(OptedOut::LikeOthers);
    let report = world.run(leads).await;
    assert_eq!((report.updated, report.created), (2, 0), "{report:?}");
    assert_eq!(world.opted_out().await, all(&["Okafor", "Okafor"], true));
    assert_eq!(world.code(leads, contact).as_deref(), Some("ambiguous"));
    let again = world.run(leads).await;
    assert_eq!((again.updated, again.calls), (0, 0), "{again:?}");
}

#[tokio::test]
async fn a_record_that_is_gone_keeps_no_other_from_the_no() {
    let world = opt_out_world().await;
    let own = world.lead("Okafor", "a@example.com").await;
    let gone = world.lead("Adams", "a@example.com").await;
    world.lead("Baker", "a@example.com").await;
    let contact = world.add(a_contact().email("a@example.com"));
    world.link_by_hand(contact, "Lead", &own);
    world.says_no(contact, true);
    let leads = world.leads_with_opt_out(OptedOut::Update);
    world.delete_in_org(&gone).await;
    world.run(leads).await;
    assert_eq!(world.opted_out().await, all(&["Baker", "Okafor"], true));
    assert_eq!(world.count(leads, EntryState::Pending), 0);
}

#[tokio::test]
async fn a_no_on_its_way_survives_lost_answers_and_transient_refusals() {
    for fault in [
        json!({"name": "reset_after", "times": 3, "match": {"path": WRITES, "method": "PATCH"}}),
        json!({"name": "reset_before", "times": 2, "match": {"path": WRITES, "method": "PATCH"}}),
        json!({"name": "row_error", "code": "UNABLE_TO_LOCK_ROW", "times": 3}),
    ] {
        let world = opt_out_world().await;
        let own = world.lead("Okafor", "a@example.com").await;
        world.lead("Adams", "a@example.com").await;
        let contact = world.add(a_contact().email("a@example.com"));
        world.link_by_hand(contact, "Lead", &own);
        let leads = world.leads_with_opt_out(OptedOut::Update);
        world.run(leads).await;
        world.says_no(contact, true);
        world.fault(fault.clone()).await;
        for _ in 0..6 {
            world.run(leads).await;
            world.advance(3_600_000);
        }
        world.end_faults().await;
        world.advance(3_600_000);
        world.run(leads).await;
        assert_eq!(
            world.opted_out().await,
            all(&["Adams", "Okafor"], true),
            "{fault}"
        );
        world.advance(3_600_000);
        let again = world.run(leads).await;
        assert_eq!(again.updated, 0, "{fault}: {again:?}");
        assert_eq!(
            world.state(leads, contact),
            Some(EntryState::Done),
            "{fault}"
        );
    }
}

/// Dropping a run leaves behind what killing the program does: nothing of it is kept in memory alone.
#[tokio::test]
async fn a_no_arrives_everywhere_however_often_its_run_is_broken_off() {
    let world = opt_out_world().await;
    let own = world.lead("Okafor", "a@example.com").await;
    for name in ["Adams", "Baker", "Cole"] {
        world.lead(name, "a@example.com").await;
    }
    let contact = world.add(a_contact().email("a@example.com"));
    world.link_by_hand(contact, "Lead", &own);
    let leads = world.leads_with_opt_out(OptedOut::Update);
    world.run(leads).await;
    world.says_no(contact, true);
    for ms in 0..30 {
        let run = world.run(leads);
        let _ = tokio::time::timeout(std::time::Duration::from_millis(ms), run).await;
        world.advance(60_000);
    }
    world.advance(3_600_000);
    world.run(leads).await;
    let names = ["Adams", "Baker", "Cole", "Okafor"];
    assert_eq!(world.opted_out().await, all(&names, true));
    world.advance(3_600_000);
    let again = world.run(leads).await;
    assert_eq!(again.updated, 0, "{again:?}");
}

#[tokio::test]
async fn two_replications_bring_every_no_to_every_record() {
    let world = opt_out_world().await;
    let consents = ["Newsletter__c"];
    for field in consents {
        let checkbox = leadferry_salesforce::CustomFieldKind::Checkbox;
        world.custom_field("Lead", field, checkbox).await;
    }
    world.keep_describes().await;
    world.write(|writer| writer.add_purpose("Newsletter", 1));
    for name in ["Adams", "Okafor"] {
        let record = world.lead(name, "a@example.com").await;
        let yes = json!({"Newsletter__c": true});
        world.change_record("Lead", &record, yes).await;
    }
    let contact = world.add(a_contact().email("a@example.com"));
    world.says_no(contact, true);
    let now = world.now();
    world.write(|writer| {
        let new = leadferry_store::NewConsent {
            purpose: writer.purpose("Newsletter")?.id,
            given: Some(false),
            evidence: leadferry_store::Evidence::of(leadferry_store::How::Form, ""),
        };
        writer.set_consent(contact, &new, now)
    });
    let leads = world.leads_with_opt_out(OptedOut::Update);
    let sync = world.replication("Lead", "@consent:Newsletter=Newsletter__c\n", |settings| {
        settings.consent_sync = true;
        settings.create_missing = false;
    });
    for replication in [leads, sync, leads, sync] {
        world.run(replication).await;
    }
    let held = world
        .soql("SELECT HasOptedOutOfEmail, Newsletter__c FROM Lead")
        .await;
    for lead in held {
        assert_eq!(lead["HasOptedOutOfEmail"], true, "{lead}");
        assert_eq!(lead["Newsletter__c"], false, "{lead}");
    }
}

#[tokio::test]
async fn a_refusal_reaches_the_record_of_somebody_whom_the_replication_never_selected() {
    let world = opt_out_world().await;
    let checkbox = leadferry_salesforce::CustomFieldKind::Checkbox;
    world.custom_field("Lead", "Newsletter__c", checkbox).await;
    world.keep_describes().await;
    let record = world.lead("Okafor", "a@example.com").await;
    let yes = json!({"Newsletter__c": true});
    world.change_record("Lead", &record, yes).await;
    let contact = world.add(a_contact().email("a@example.com"));
    world.link_by_hand(contact, "Lead", &record);
    let now = world.now();
    world.write(|writer| {
        let new = leadferry_store::NewConsent {
            purpose: writer.add_purpose("Newsletter", 1)?,
            given: Some(false),
            evidence: leadferry_store::Evidence::of(leadferry_store::How::Form, ""),
        };
        writer.set_consent(contact, &new, now)
    });
    let threshold = leadferry_store::Threshold {
        score: world.lagos_score(),
        minimum: 10,
    };
    let leads = world.scored_replication("Lead", LEAD, Some(threshold), |_| {});
    world.run(leads).await;
    world.change_mapping(leads, &format!("{LEAD}@consent:Newsletter=Newsletter__c\n"));
    let report = world.run(leads).await;
    assert_eq!(report.updated, 1, "{report:?}");
    let held = world.soql("SELECT Newsletter__c FROM Lead").await;
    assert_eq!(held[0]["Newsletter__c"], false);
}

/// How the contact stands to the org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    Linked,
    SameEmail,
    Nowhere,
}

/// A contact of the table.
#[derive(Debug, Clone, Copy)]
struct Row {
    there: There,
    /// What they said here about emails.
    here: Option<bool>,
    /// Whether they are opted out in the org.
    out_there: bool,
    withheld: bool,
    unselected: bool,
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for there in [There::Linked, There::SameEmail, There::Nowhere] {
        for here in [None, Some(true), Some(false)] {
            for out_there in [false, true] {
                for withheld in [false, true] {
                    for unselected in [false, true] {
                        if there == There::Nowhere && out_there {
                            continue;
                        }
                        rows.push(Row {
                            there,
                            here,
                            out_there,
                            withheld,
                            unselected,
                        });
                    }
                }
            }
        }
    }
    rows
}

/// The opt-out that the org is to have, as slowly and obviously as it can be said; `None` without a record.
fn expected(row: Row, setting: OptedOut) -> Option<bool> {
    let goes = !row.withheld && !row.unselected;
    let no = row.here == Some(true);
    match row.there {
        There::Linked | There::SameEmail => Some(row.out_there || no),
        There::Nowhere if !goes => None,
        There::Nowhere if no && setting != OptedOut::LikeOthers => None,
        There::Nowhere => Some(no),
    }
}

/// Opt-out here, there, both or neither x do not send x selected x linked or not, for each setting.
#[tokio::test]
async fn a_no_counts_whoever_it_belongs_to_and_nobody_is_opted_in() {
    for setting in [OptedOut::Update, OptedOut::LikeOthers, OptedOut::OnlyOptOut] {
        let world = opt_out_world().await;
        world.write(|writer| writer.add_purpose("Calls", 1));
        let leads = world.leads_with_opt_out(setting);
        let rows = rows();
        for (at, row) in rows.iter().enumerate() {
            let email = format!("p{at}@example.com");
            let mut contact = a_contact().email(&email);
            if row.withheld {
                contact = contact.not_to_be_sent();
            }
            let contact = world.add(contact);
            if row.there != There::Nowhere {
                let record = world.lead("Okafor", &email).await;
                let out = json!({"HasOptedOutOfEmail": row.out_there});
                world.change_record("Lead", &record, out).await;
                if row.there == There::Linked {
                    world.link_by_hand(contact, "Lead", &record);
                }
            }
            if !row.unselected {
                let now = world.now();
                world.write(|writer| {
                    let new = leadferry_store::NewConsent {
                        purpose: writer.purpose("Calls")?.id,
                        given: Some(true),
                        evidence: leadferry_store::Evidence::of(leadferry_store::How::Form, ""),
                    };
                    writer.set_consent(contact, &new, now)
                });
            }
            if let Some(out) = row.here {
                world.says_no(contact, out);
            }
        }
        world.change_settings(leads, |settings| {
            settings.required_purposes = vec!["Calls".into()];
        });
        for _ in 0..2 {
            let report = world.run(leads).await;
            assert!(report.stopped.is_none(), "{report:?}");
        }
        let held = world
            .soql("SELECT Email, HasOptedOutOfEmail FROM Lead")
            .await;
        for (at, row) in rows.iter().enumerate() {
            let email = format!("p{at}@example.com");
            let found = held.iter().find(|lead| lead["Email"] == email.as_str());
            let out = found.map(|lead| lead["HasOptedOutOfEmail"] == true);
            assert_eq!(out, expected(*row, setting), "{setting:?}: {row:?}");
        }
        let again = world.run(leads).await;
        assert_eq!(
            (again.updated, again.calls),
            (0, 0),
            "{setting:?}: {again:?}"
        );
    }
}
