//! Whether Salesforce holds what was sent: counted, read back, and what differs sent again.

use serde_json::{Value, json};

use crate::segments::{LEADS, OTHERS, VISITORS, gone, statuses};
use crate::support::each::each;
use crate::support::workspace::Workspace;

const RECONCILE: [&str; 3] = ["replications", "reconcile", LEADS];
const READ_BACK: [&str; 4] = ["replications", "reconcile", LEADS, "--read-back"];
const SEND_AGAIN: [&str; 4] = ["replications", "reconcile", LEADS, "--send-again"];
const RUN: [&str; 3] = ["replications", "run", LEADS];

/// Kills: the n-th pass of a named point, and the command under way.
const KILLS: &[(&str, &[&str])] = &[
    ("comparing.page:1", &READ_BACK),
    ("comparing.again:1", &SEND_AGAIN),
];

fn counts(answer: &Value) -> (u64, u64, u64) {
    let counts = &answer["last"]["segments"][0]["counts"];
    let number = |name: &str| counts[name].as_u64().unwrap();
    (number("members"), number("sent"), number("confirmed"))
}

#[test]
fn what_a_person_changed_is_counted_found_and_sent_again_whatever_is_killed_on_the_way() {
    each(
        KILLS,
        |(point, _)| (*point).to_owned(),
        |(point, command)| {
            let (cli, _folder, org) = gone();
            cli.run(&RUN).expect(0);
            let stay = (VISITORS - VISITORS.div_ceil(2)) as u64;
            let members = stay + OTHERS as u64 / 2;
            let before = org.requests();
            let asked = cli.json(&["replications", "reconcile", LEADS, "--check"]);
            assert_eq!(
                org.requests(),
                before,
                "what it costs is said without asking"
            );
            assert_eq!(asked["cost"]["records"], VISITORS, "{asked}");
            assert_eq!(counts(&cli.json(&RECONCILE)), (members, stay, stay));

            let soql = "SELECT Id FROM Lead WHERE Romans__c = 'realized' ORDER BY Id LIMIT 3";
            let changed: Vec<_> = org
                .records(soql)
                .iter()
                .map(|lead| json!({"id": lead["Id"], "Romans__c": "exited"}))
                .collect();
            org.change("Lead", &changed);
            assert_eq!(counts(&cli.json(&RECONCILE)), (members, stay, stay - 3));
            if *command == READ_BACK {
                let killed = cli.killed_at(point).run(command);
                assert!(killed.was_killed(), "{point} was not reached: {killed}");
            }
            let found = cli.json_outcome(&READ_BACK).expect(1).object();
            assert_eq!(
                (&found["differing"], &found["last"]["calls"]),
                (&json!(3), &json!(1))
            );
            assert_eq!(
                found["contacts"][0]["fields"][0]["held"], "exited",
                "{found}"
            );
            if *command == SEND_AGAIN {
                let killed = cli.killed_at(point).run(command);
                assert!(killed.was_killed(), "{point} was not reached: {killed}");
            }
            cli.run(&SEND_AGAIN).expect(0);
            let again = cli
                .sped_up(600)
                .json_outcome(&RUN)
                .expect_one_of(&[0, 1])
                .object();
            assert_eq!(again["updated"], 3, "{again}");
            assert_eq!(statuses(&org, "realized") as u64, stay);
            let found = cli.json(&READ_BACK);
            assert_eq!(found["differing"], 0, "{found}");
            Workspace::open(cli.workspace()).must_be_sound();
        },
    );
}

/// Members, sent and confirmed of all records, and of the first segment.
fn all_counts(answer: &Value) -> [(u64, u64); 2] {
    let number = |counts: &Value, name: &str| counts[name].as_u64().unwrap();
    let pair = |counts: &Value| (number(counts, "sent"), number(counts, "confirmed"));
    let last = &answer["last"];
    [pair(&last["all"]), pair(&last["segments"][0]["counts"])]
}

#[test]
fn converted_leads_are_no_difference_before_and_after_their_contacts_go_on() {
    let (cli, _folder, org) = gone();
    cli.run(&RUN).expect(0);
    let agree = |when: &str| {
        for (sent, confirmed) in all_counts(&cli.json(&RECONCILE)) {
            assert_eq!(sent, confirmed, "{when}");
        }
    };
    agree("before");
    let soql = "SELECT Id, Email FROM Lead WHERE Romans__c = 'realized' ORDER BY Id LIMIT 2";
    let converted = org.records(soql);
    for lead in &converted {
        let id = json!({"id": lead["Id"]});
        org.admin(reqwest::Method::POST, "records/convert-lead", Some(&id));
    }
    agree("converted, and nothing was sent since");
    for lead in &converted {
        let email = lead["Email"].as_str().unwrap();
        cli.run(&["contacts", "set", email, "first_name=Julia"])
            .expect(0);
    }
    cli.run(&RUN).expect_one_of(&[0, 1]);
    agree("converted, and told by a run");
    org.admin(
        reqwest::Method::POST,
        "records/delete",
        Some(&json!({"id": converted[0]["Id"]})),
    );
    agree("one of the converted leads was deleted");
}
