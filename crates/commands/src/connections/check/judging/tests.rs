use leadferry_replication::CallBudget;
use leadferry_salesforce::{DuplicateRule, Login};
use leadferry_store::{ConnectionFacts, SeenAddress};

use super::*;
use crate::connections::testing::a_connection;
use crate::doctor::Finding;
use crate::error::Said;

fn budget(used: u64) -> CallBudget {
    CallBudget {
        used,
        ours: 0,
        max: 1_000,
        reserve: 0,
        room: 1_000 - used,
        lasts_until: None,
    }
}

/// A connection with which all is well.
fn well() -> Seen {
    Seen {
        connection: leadferry_store::Connection {
            facts: ConnectionFacts {
                profile: Some("Marketing".to_owned()),
                scopes: Some("api refresh_token".to_owned()),
                refreshable: Some(true),
                ..ConnectionFacts::default()
            },
            ..a_connection()
        },
        budget: Some(budget(10)),
        storage_left_mb: Some(5_000),
        token: TokenKind::Opaque,
        versions: (31..=67).collect(),
        warning: None,
        clock_ahead_ms: Some(500),
        logins: vec![login("203.0.113.7", "Success")],
        duplicate_rules: Some(Vec::new()),
        objects: vec![object(true)],
        wishes: vec![wish()],
        now: 0,
    }
}

fn login(source_ip: &str, status: &str) -> Login {
    Login {
        source_ip: source_ip.to_owned(),
        at: Some(1_790_000_000_000),
        status: status.to_owned(),
    }
}

fn object(writes: bool) -> ObjectSeen {
    ObjectSeen {
        name: "Lead".to_owned(),
        read: true,
        create: writes,
        edit: writes,
    }
}

fn wish() -> Wish {
    Wish {
        replication: "Leads".to_owned(),
        object: "Lead".to_owned(),
        creates: true,
        allows_duplicates: false,
        unseen: Vec::new(),
        read_only: Vec::new(),
        fields: 9,
        identifier: "Leadferry_ID__c".to_owned(),
        identifier_fault: None,
    }
}

fn line(seen: &Seen, what: &str) -> CheckLine {
    let found = judge(seen).into_iter().find(|line| line.what == what);
    found.unwrap_or_else(|| panic!("no line {what}"))
}

#[test]
fn where_all_is_well_every_line_is_green_and_asks_for_nothing() {
    for line in judge(&well()) {
        assert_eq!(line.finding, Finding::Ok, "{line:?}");
        assert_eq!(line.cure, "", "{line:?}");
    }
    let address = line(&well(), "Your IP address");
    assert!(address.text.contains("203.0.113.7"));
    assert!(
        address.note.unwrap().contains("203.0.113.7"),
        "for the admin to copy"
    );
}

#[test]
fn an_address_that_was_refused_is_told_until_it_is_let_in() {
    let mut seen = well();
    seen.logins.push(login("198.51.100.9", "Restricted IP"));
    let told = line(&seen, "Your IP address");
    assert_eq!((told.finding, told.who), (Finding::Look, Some(Who::Admin)));
    assert!(told.text.contains("refused 198.51.100.9"), "{told:?}");
    assert!(told.note.unwrap().contains("198.51.100.9"));
    seen.logins.insert(0, login("198.51.100.9", "Success"));
    assert_eq!(line(&seen, "Your IP address").finding, Finding::Ok);
}

#[test]
fn a_refused_sign_in_tells_the_address_that_is_known_of_it() {
    let said = |code: &str, words: &str| Said {
        code: code.to_owned(),
        words: words.to_owned(),
    };
    let mut connection = well().connection;
    assert_eq!(
        refused_address(
            &connection,
            &said("invalid_grant", "authentication failure"),
            0
        ),
        None
    );
    let refusal = said("invalid_grant", "ip restricted");
    let unknown = refused_address(&connection, &refusal, 0).unwrap();
    assert!(unknown.text.contains("doesn't say"), "{unknown:?}");
    assert!(unknown.note.unwrap().contains("Login History"));
    connection.facts.seen_address = Some(SeenAddress {
        ip: "203.0.113.7".to_owned(),
        at: 0,
    });
    let before = refused_address(&connection, &refusal, 0).unwrap();
    assert!(before.text.contains("203.0.113.7"), "{before:?}");
    let named = said("invalid_grant", "ip restricted: 198.51.100.9 isn't allowed");
    let named = refused_address(&connection, &named, 0).unwrap();
    assert!(named.text.contains("198.51.100.9"), "{named:?}");
    assert!(named.note.unwrap().contains("198.51.100.9"));
}

#[test]
fn a_warning_of_the_org_is_told_without_its_wrapping() {
    let mut seen = well();
    seen.warning = Some("299 - \"This API is deprecated.\"".to_owned());
    let told = line(&seen, "API version").text;
    assert!(
        told.ends_with("It will be retired: This API is deprecated."),
        "{told}"
    );
}

#[test]
fn scopes_are_looked_at_however_one_signs_in_and_only_the_browser_needs_to_renew() {
    let mut seen = well();
    seen.connection.flow = Flow::ClientCredentials;
    seen.connection.facts.scopes = Some("id".to_owned());
    assert_eq!(line(&seen, "OAuth scopes").finding, Finding::Failed);
    seen.connection.facts.scopes = Some("api".to_owned());
    let told = line(&seen, "OAuth scopes");
    assert_eq!(told.finding, Finding::Ok);
    assert!(!told.text.contains("refresh_token"), "{}", told.text);
}

/// What is changed about a connection with which all is well, the line that tells it, its colour, and who acts.
type Case = (fn(&mut Seen), &'static str, Finding, Who);

#[test]
fn what_is_wrong_is_told_in_its_line_with_who_can_cure_it() {
    let cases: &[Case] = &[
        (
            |seen| seen.connection.facts.profile = Some(ADMINISTRATOR.to_owned()),
            "Whose permissions",
            Finding::Look,
            Who::Admin,
        ),
        (
            |seen| seen.connection.facts.scopes = Some("id".to_owned()),
            "OAuth scopes",
            Finding::Failed,
            Who::Admin,
        ),
        (
            |seen| seen.connection.facts.refreshable = Some(false),
            "OAuth scopes",
            Finding::Look,
            Who::Admin,
        ),
        (
            |seen| seen.objects = vec![object(false)],
            "Permissions on Lead",
            Finding::Failed,
            Who::Admin,
        ),
        (
            |seen| (seen.objects, seen.wishes) = (vec![object(false)], Vec::new()),
            "Permissions on Lead",
            Finding::Look,
            Who::Admin,
        ),
        (
            |seen| seen.wishes[0].unseen = vec!["Tier__c".to_owned()],
            "Fields of \"Leads\"",
            Finding::Failed,
            Who::Admin,
        ),
        (
            |seen| seen.wishes[0].identifier_fault = Some("it isn't Unique.".to_owned()),
            "Identifier of \"Leads\"",
            Finding::Failed,
            Who::You,
        ),
        (
            |seen| seen.duplicate_rules = Some(vec![rule()]),
            "Duplicate rules",
            Finding::Look,
            Who::You,
        ),
        (
            |seen| seen.warning = Some("299 - \"deprecated\"".to_owned()),
            "API version",
            Finding::Look,
            Who::You,
        ),
        (
            |seen| seen.versions = (66..=90).collect(),
            "API version",
            Finding::Look,
            Who::You,
        ),
        (
            |seen| seen.clock_ahead_ms = Some(-90_000),
            "Clock",
            Finding::Look,
            Who::You,
        ),
        (
            |seen| seen.clock_ahead_ms = Some(200_000),
            "Clock",
            Finding::Failed,
            Who::You,
        ),
        (
            |seen| seen.connection.edition = Some("Professional Edition".to_owned()),
            "Edition",
            Finding::Look,
            Who::Salesforce,
        ),
        (
            |seen| seen.budget = Some(budget(950)),
            "API calls",
            Finding::Look,
            Who::Nobody,
        ),
        (
            |seen| seen.budget = Some(budget(1_000)),
            "API calls",
            Finding::Failed,
            Who::Nobody,
        ),
        (
            |seen| seen.storage_left_mb = Some(0),
            "Data storage",
            Finding::Failed,
            Who::Admin,
        ),
    ];
    for (change, what, finding, who) in cases {
        let mut seen = well();
        change(&mut seen);
        let told = line(&seen, what);
        assert_eq!((told.finding, told.who), (*finding, Some(*who)), "{told:?}");
        assert!(!told.cure.is_empty(), "{told:?}");
        if *who == Who::Admin {
            assert!(told.note.is_some(), "{told:?}");
        }
        let others = judge(&seen);
        let bad = others.iter().filter(|line| line.finding != Finding::Ok);
        assert_eq!(bad.count(), 1, "{others:?}");
    }
}

fn rule() -> DuplicateRule {
    DuplicateRule {
        object: "Lead".to_owned(),
        label: "Standard Lead Duplicate Rule".to_owned(),
    }
}

#[test]
fn what_the_user_may_not_read_is_no_fault() {
    let seen = Seen {
        logins: Vec::new(),
        duplicate_rules: None,
        budget: None,
        storage_left_mb: None,
        clock_ahead_ms: None,
        ..well()
    };
    assert!(judge(&seen).iter().all(|line| line.finding == Finding::Ok));
}

#[test]
fn the_note_names_the_fields_and_the_user() {
    let mut seen = well();
    seen.wishes[0].read_only = vec!["Phone".to_owned()];
    let note = line(&seen, "Fields of \"Leads\"").note.unwrap();
    assert!(
        note.contains("Lead.Phone") && note.contains("mia@acme.com"),
        "{note}"
    );
}

#[test]
fn a_replication_that_overrides_warnings_has_nothing_to_expect() {
    let mut seen = well();
    seen.duplicate_rules = Some(vec![rule()]);
    seen.wishes[0].allows_duplicates = true;
    assert_eq!(line(&seen, "Duplicate rules").finding, Finding::Ok);
}
