//! Consent syncs: their fields, who waits, and what they refuse.

use leadferry_commands::consent_syncs::{
    self, AddConsentSync, ConsentFit, ConsentSyncChange, ConsentTree, MapConsent, WaitingRequest,
};
use leadferry_commands::consents::{self, RecordConsent};
use leadferry_commands::prepare_org::StepKind;
use leadferry_commands::replications::{Cancel, RunWish};
use leadferry_commands::{Workspace, mappings, replications};

use crate::support::{Machine, add_leads, connected};

const TOPICS: &str = "Newsletter > Topics";
const OFFERS: &str = "Newsletter > Topics > Offers";

fn add(workspace: &Workspace, settings: ConsentSyncChange) -> leadferry_commands::Result<()> {
    let request = AddConsentSync {
        name: "Consent of leads".to_owned(),
        object: "Lead".to_owned(),
        settings: ConsentSyncChange {
            connection: Some("Practice".to_owned()),
            ..settings
        },
    };
    consent_syncs::add(workspace, &request).map(drop)
}

fn map(
    workspace: &Workspace,
    path: &str,
    field: &str,
    negated: bool,
) -> leadferry_commands::Result<ConsentTree> {
    let request = MapConsent {
        name: "Consent of leads".to_owned(),
        path: path.to_owned(),
        field: Some(field.to_owned()),
        negated,
    };
    consent_syncs::map(workspace, &request)
}

fn answer(workspace: &Workspace, who: &str, path: &str, given: bool) {
    let request = RecordConsent {
        contacts: vec![who.to_owned()],
        pasted: String::new(),
        purpose: path.to_owned(),
        given: Some(given),
        at: None,
        how: None,
        asked_at: None,
        wording: None,
        source: String::new(),
        undo: false,
    };
    let recorded = consents::record(workspace, &request).unwrap();
    assert_eq!(recorded.changed, 1, "{recorded:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_fields_are_told_and_made_and_people_without_a_record_wait() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    machine.import(&workspace, "Email,Last Name\nada@nowhere.example,Okafor\n");
    consents::add(&workspace, OFFERS).unwrap();
    add(&workspace, ConsentSyncChange::default()).unwrap();
    map(&workspace, "Newsletter", "Newsletter__c", false).unwrap();
    map(&workspace, TOPICS, "Topics__c", false).unwrap();
    let tree = map(&workspace, OFFERS, "No_Offers__c", true).unwrap();
    let mapped = tree.lines.iter().filter(|line| line.field.is_some());
    let mapped: Vec<_> = mapped
        .map(|line| (line.path.as_str(), line.fits, line.negated))
        .collect();
    assert_eq!(
        mapped,
        [
            ("Newsletter", ConsentFit::Checkbox, false),
            (TOPICS, ConsentFit::Text, false),
            (OFFERS, ConsentFit::Checkbox, true)
        ]
    );
    let name = "Consent of leads";
    let looked = consent_syncs::fields(&workspace, name, true).await.unwrap();
    assert!(!looked.ready, "{looked:?}");
    assert!(looked.steps.iter().all(|step| step.kind != StepKind::Done));
    let info = consent_syncs::show(&workspace, name).unwrap();
    let mut missing = info.missing;
    missing.sort();
    assert_eq!(missing, ["Newsletter__c", "No_Offers__c", "Topics__c"]);
    let made = consent_syncs::fields(&workspace, name, false)
        .await
        .unwrap();
    assert!(made.ready, "{made:?}");
    assert_eq!(
        consent_syncs::show(&workspace, name).unwrap().missing,
        [""; 0]
    );

    answer(&workspace, "ada@nowhere.example", "Newsletter", true);
    let plan = consent_syncs::plan(&workspace, name).unwrap();
    assert_eq!(plan.counts.match_pending, 1, "{plan:?}");
    let outcome = consent_syncs::run(&workspace, name, RunWish::default(), &Cancel::new())
        .await
        .unwrap();
    assert_eq!(outcome.report.created, 0, "{outcome:?}");
    let request = WaitingRequest {
        name: name.to_owned(),
        after: None,
        limit: 10,
    };
    let waiting = consent_syncs::waiting(&workspace, &request).unwrap();
    assert_eq!(waiting.total, 1);
    assert_eq!(waiting.contacts[0].person.name, "Okafor");
    assert_eq!(
        consent_syncs::list(&workspace).unwrap()[0].waiting_for_match,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_fields_that_fit_are_taken_and_none_that_another_writes() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    consents::add(&workspace, OFFERS).unwrap();
    add(&workspace, ConsentSyncChange::default()).unwrap();
    consent_syncs::fields(&workspace, "Consent of leads", true)
        .await
        .unwrap();
    for (path, field, negated) in [
        ("Newsletter", "Description", false),
        (TOPICS, "IsUnreadByOwner", false),
        (TOPICS, "Description", true),
        ("Newsletter", "Nowhere", false),
        ("Other", "Other__c", false),
    ] {
        assert!(
            map(&workspace, path, field, negated).is_err(),
            "{path} {field}"
        );
    }
    map(&workspace, "Newsletter", "Newsletter__c", false).unwrap();
    assert!(
        map(&workspace, OFFERS, "Newsletter__c", false).is_err(),
        "taken"
    );
    let other = mappings::import(&workspace, "Consent of leads", "city=City\n").unwrap_err();
    assert!(other.cause.contains("isn't consent"), "{other}");
    let tree = map(&workspace, "Newsletter", "", false).unwrap();
    assert!(tree.lines.iter().all(|line| line.field.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_upsert_mode_asks_for_what_a_new_record_needs() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let upsert = ConsentSyncChange {
        upsert: Some(true),
        ..ConsentSyncChange::default()
    };
    let refused = add(&workspace, upsert.clone()).unwrap_err();
    assert!(refused.to_string().contains("last name"), "{refused}");
    let with_name = ConsentSyncChange {
        default_last_name: Some("[not provided]".to_owned()),
        ..upsert
    };
    let refused = add(&workspace, with_name.clone()).unwrap_err();
    assert!(refused.to_string().contains("company"), "{refused}");
    let whole = ConsentSyncChange {
        default_company: Some("[not provided]".to_owned()),
        ..with_name
    };
    add(&workspace, whole).unwrap();
    let text = mappings::export(&workspace, "Consent of leads").unwrap();
    assert!(text.contains("last_name=LastName ; on_create"), "{text}");
    let off = ConsentSyncChange {
        upsert: Some(false),
        ..ConsentSyncChange::default()
    };
    consent_syncs::set(&workspace, "Consent of leads", &off).unwrap();
    let text = mappings::export(&workspace, "Consent of leads").unwrap();
    assert_eq!(text, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn replications_and_consent_syncs_have_lists_of_their_own() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    add_leads(&workspace, replications::ReplicationChange::default());
    add(&workspace, ConsentSyncChange::default()).unwrap();
    let names = |all: Vec<replications::ReplicationInfo>| {
        all.into_iter().map(|one| one.name).collect::<Vec<_>>()
    };
    assert_eq!(names(replications::list(&workspace).unwrap()), ["Leads"]);
    assert_eq!(consent_syncs::list(&workspace).unwrap().len(), 1);
    let refused = consent_syncs::remove(&workspace, "Leads").unwrap_err();
    assert!(
        refused.to_string().contains("not a consent sync"),
        "{refused}"
    );
    consent_syncs::remove(&workspace, "Consent of leads").unwrap();
    assert_eq!(consent_syncs::list(&workspace).unwrap(), []);
}

#[test]
fn the_summary_of_consent_counts_opt_outs_and_names_the_latest_answers_first() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(
        &workspace,
        "Email,Last Name,Unsubscribed\nada@x.example,Okafor,\nout@x.example,Gone,yes\n",
    );
    consents::add(&workspace, TOPICS).unwrap();
    answer(&workspace, "ada@x.example", "Newsletter", true);
    answer(&workspace, "ada@x.example", TOPICS, false);
    let summary = consents::summary(&workspace).unwrap();
    let out: Vec<_> = summary.opted_out.iter().map(|one| one.contacts).collect();
    assert_eq!((summary.contacts, out), (2, vec![1, 0, 0]));
    let latest = summary.latest.iter();
    let latest: Vec<_> = latest
        .map(|one| (one.name.as_str(), one.about.as_str(), one.answered.as_str()))
        .collect();
    assert_eq!(
        latest,
        [
            ("Okafor", TOPICS, "Refused"),
            ("Okafor", "Newsletter", "Given"),
            ("Gone", "Email", "Opted out"),
        ]
    );
}
