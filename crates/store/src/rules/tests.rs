//! The SQL of any tree agrees with the plain evaluator, for a page, for all, and until the moment that it names.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRng, TestRunner};
use rusqlite::params_from_iter;
use serde_json::json;

use super::RuleTree;
use super::evaluating::{Here, holds};
use super::testing::{KINDS, World, world};
use crate::conditions::{Bound, Reach};
use crate::testing::{DAY, NOW, workspace};
use crate::{ContactId, Error};

const WORLDS: usize = 6;
const TREES: usize = 400;

fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(texts)
}

fn span() -> impl Strategy<Value = String> {
    (
        1..40_u32,
        one_of(&["hours", "days", "weeks", "months", "years"]),
    )
        .prop_map(|(count, unit)| format!("{count} {unit}"))
}

fn days_span() -> impl Strategy<Value = String> {
    (1..40_u32, one_of(&["days", "weeks", "months"]))
        .prop_map(|(count, unit)| format!("{count} {unit}"))
}

fn date() -> impl Strategy<Value = String> {
    (2024..2029_i32, 1..13_u32, 1..29_u32).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}"))
}

fn leaf() -> impl Strategy<Value = serde_json::Value> {
    let text_op = one_of(&[
        "equals",
        "not_equals",
        "contains",
        "not_contains",
        "starts_with",
        "ends_with",
    ]);
    let text = one_of(&["Rome", "ro", "MÜN", "münchen", "e", "Oslo", "zz"]);
    let text_field = one_of(&["city", "last_name", "custom:Nick", "account:industry"]);
    let texts = proptest::collection::vec(one_of(&["Rome", "oslo", "München"]), 1..3);
    prop_oneof![
        (text_field, text_op, text).prop_map(|(f, o, v)| json!({"field": f, "op": o, "value": v})),
        (
            one_of(&[
                "city",
                "account:industry",
                "custom:Seats",
                "birthday",
                "custom:Seen"
            ]),
            one_of(&["is_set", "is_not_set"])
        )
            .prop_map(|(f, o)| json!({"field": f, "op": o})),
        (
            one_of(&["city", "account:industry"]),
            one_of(&["one_of", "none_of"]),
            texts
        )
            .prop_map(|(f, o, v)| json!({"field": f, "op": o, "value": v})),
        (
            one_of(&[
                "equals",
                "not_equals",
                "greater",
                "at_least",
                "less",
                "at_most"
            ]),
            -3..8_i64
        )
            .prop_map(|(o, v)| json!({"field": "custom:Seats", "op": o, "value": v})),
        (
            one_of(&["custom:VIP", "do_not_send"]),
            one_of(&["is_true", "is_false"])
        )
            .prop_map(|(f, o)| json!({"field": f, "op": o})),
        (
            one_of(&["birthday", "custom:Seen"]),
            one_of(&["before", "after", "equals", "not_equals"]),
            date()
        )
            .prop_map(|(f, o, v)| json!({"field": f, "op": o, "value": v})),
        (
            one_of(&["within_last", "longer_ago", "within_next"]),
            span()
        )
            .prop_map(|(o, v)| json!({"field": "custom:Seen", "op": o, "value": v})),
        (
            one_of(&[
                "within_last",
                "longer_ago",
                "within_next",
                "anniversary_within"
            ]),
            days_span()
        )
            .prop_map(|(o, v)| json!({"field": "birthday", "op": o, "value": v})),
        (one_of(&["at_least", "at_most", "equals"]), -2..4_i64)
            .prop_map(|(o, v)| json!({"points": "Fit", "op": o, "value": v})),
        one_of(&["in", "not_in", "exited"]).prop_map(|is| json!({"segment": "Regulars", "is": is})),
        any::<bool>().prop_map(|holds| json!({"list": "Guests", "holds": holds})),
        (
            one_of(&["Lead", "Contact", "any"]),
            one_of(&["linked", "not_linked", "deleted", "converted"])
        )
            .prop_map(|(link, is)| json!({"link": link, "is": is})),
        one_of(&["given", "refused", "not_asked"])
            .prop_map(|is| json!({"consent": "Newsletter", "is": is})),
        activity(),
        salesforce(),
    ]
}

/// What is asked of records that pulls have read.
fn salesforce() -> impl Strategy<Value = serde_json::Value> {
    let text_op = one_of(&[
        "equals",
        "not_equals",
        "contains",
        "not_contains",
        "starts_with",
    ]);
    let text_field = || {
        one_of(&[
            "Salesforce.Rating",
            "Salesforce.Lead.Rating",
            "Salesforce.Contact.Rating",
            "Salesforce.Account.Industry",
        ])
    };
    let texts = proptest::collection::vec(one_of(&["hot", "Cold", "Wärme"]), 1..3);
    let number_op = one_of(&[
        "equals",
        "not_equals",
        "greater",
        "at_least",
        "less",
        "at_most",
    ]);
    let number_field = || one_of(&["Salesforce.Score__c", "Salesforce.Account.AnnualRevenue"]);
    prop_oneof![
        (text_field(), text_op, one_of(&["Hot", "o", "WÄRME", "zz"]))
            .prop_map(|(f, o, v)| json!({"field": f, "op": o, "value": v})),
        (text_field(), one_of(&["one_of", "none_of"]), texts)
            .prop_map(|(f, o, v)| json!({"field": f, "op": o, "value": v})),
        (
            prop_oneof![text_field(), number_field(), Just("Salesforce.Birth__c")],
            one_of(&["is_set", "is_not_set"])
        )
            .prop_map(|(f, o)| json!({"field": f, "op": o})),
        (number_field(), number_op, 0..4_i64)
            .prop_map(|(f, o, v)| json!({"field": f, "op": o, "value": v})),
        one_of(&["is_true", "is_false"])
            .prop_map(|o| json!({"field": "Salesforce.Vip__c", "op": o})),
        (
            one_of(&[
                "within_last",
                "longer_ago",
                "within_next",
                "anniversary_within"
            ]),
            days_span()
        )
            .prop_map(|(o, v)| json!({"field": "Salesforce.Birth__c", "op": o, "value": v})),
        (
            one_of(&["within_last", "longer_ago", "within_next"]),
            span()
        )
            .prop_map(|(o, v)| json!({"field": "Salesforce.Lead.Seen__c", "op": o, "value": v})),
        opportunities(),
        campaign(),
    ]
}

fn opportunities() -> impl Strategy<Value = serde_json::Value> {
    let compared = || one_of(&["at_least", "at_most", "equals"]);
    let with = prop_oneof![
        Just(None),
        (
            one_of(&["equals", "not_equals", "contains"]),
            one_of(&["Proposal", "o"])
        )
            .prop_map(|(o, v)| Some(json!({"field": "StageName", "op": o, "value": v}))),
        (
            one_of(&["within_last", "longer_ago", "within_next"]),
            days_span()
        )
            .prop_map(|(o, v)| Some(json!({"field": "CloseDate", "op": o, "value": v}))),
        (one_of(&["greater", "at_most", "not_equals"]), 0..4_i64)
            .prop_map(|(o, v)| Some(json!({"field": "Amount", "op": o, "value": v}))),
    ];
    (
        one_of(&["any", "open", "closed", "won", "lost"]),
        proptest::option::of(one_of(&["account", "role"])),
        proptest::option::of((compared(), 0..4_u32)),
        proptest::option::weighted(0.3, (compared(), 0..8_i64)),
        with,
    )
        .prop_map(|(state, through, times, sum, with)| {
            let mut rule = json!({"opportunities": state});
            if let Some(through) = through {
                rule["through"] = through.into();
            }
            match times {
                // Everybody has at least none.
                Some(("at_least", 0)) | None => {}
                Some((op, value)) => rule["times"] = json!({"op": op, "value": value}),
            }
            if let Some((op, value)) = sum {
                rule["sum"] = json!({"op": op, "value": value});
            }
            if let Some(with) = with {
                rule["with"] = json!([with]);
            }
            rule
        })
}

fn campaign() -> impl Strategy<Value = serde_json::Value> {
    (
        one_of(&["any", "Spring", "SPRING", "Fair"]),
        one_of(&["member", "not_member", "responded", "not_responded"]),
        proptest::option::weighted(0.3, one_of(&["sent", "Attended"])),
    )
        .prop_map(|(campaign, is, status)| {
            let mut rule = json!({"campaign": campaign, "is": is});
            if let Some(status) = status {
                rule["status"] = status.into();
            }
            rule
        })
}

fn activity() -> impl Strategy<Value = serde_json::Value> {
    let times = prop_oneof![
        Just(None),
        (one_of(&["at_least", "at_most", "equals"]), 1..4_u32).prop_map(Some),
        Just(Some(("equals", 0))),
    ];
    let with = prop_oneof![
        Just(None),
        (one_of(&["greater", "at_most", "equals"]), 0..4_i64)
            .prop_map(|(o, v)| Some(json!({"field": "value", "op": o, "value": v}))),
        (
            one_of(&["contains", "not_contains", "equals", "starts_with"]),
            one_of(&["spring", "SALE", "é"])
        )
            .prop_map(|(o, v)| Some(json!({"field": "title", "op": o, "value": v}))),
        Just(Some(json!({"field": "value", "op": "is_not_set"}))),
    ];
    let optional_span = || proptest::option::of(span());
    let optional_date = || proptest::option::weighted(0.2, date());
    (
        one_of(KINDS),
        times,
        optional_span(),
        optional_span(),
        optional_date(),
        optional_date(),
        with,
    )
        .prop_map(|(kind, times, within, not_within, since, until, with)| {
            let mut rule = json!({"activity": kind});
            let mut set = |key: &str, value: Option<serde_json::Value>| {
                if let Some(value) = value {
                    rule[key] = value;
                }
            };
            set(
                "times",
                times.map(|(op, value)| json!({"op": op, "value": value})),
            );
            set("within", within.map(Into::into));
            set("not_within", not_within.map(Into::into));
            set("since", since.map(Into::into));
            set("until", until.map(Into::into));
            set("with", with.map(|condition| json!([condition])));
            rule
        })
}

fn tree() -> impl Strategy<Value = serde_json::Value> {
    leaf().prop_recursive(4, 16, 4, |inner| {
        (
            one_of(&["all", "any", "none"]),
            proptest::collection::vec(inner, 0..4),
        )
            .prop_map(|(group, parts)| json!({group: parts}))
    })
}

/// What the SQL says of everybody: who meets the tree, and when that changes.
fn asked(world: &World, tree: &RuleTree, now: i64) -> Vec<(ContactId, bool, Option<i64>)> {
    world.workspace.reading(|reader| {
        let mut bound = Bound::new(now, Reach::Few);
        let test = reader.tree_test(tree, &mut bound)?;
        let change = test.change.unwrap_or_else(|| "NULL".to_owned());
        let sql = format!(
            "SELECT id, coalesce({}, 0), {change} FROM contacts WHERE deleted_at IS NULL ORDER BY id",
            test.sql
        );
        let mut statement = reader.connection.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(&bound.values), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    })
}

#[test]
fn sql_and_the_plain_evaluator_agree_on_any_tree() {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    for _ in 0..WORLDS {
        let world = world(&mut runner);
        for _ in 0..TREES {
            let json = tree().new_tree(&mut runner).unwrap().current();
            let tree: RuleTree = serde_json::from_value(json.clone()).unwrap();
            let later = (1..400 * DAY).new_tree(&mut runner).unwrap().current();
            agree(&world, &tree, NOW, later);
        }
    }
}

fn agree(world: &World, tree: &RuleTree, now: i64, later: i64) {
    let json = serde_json::to_string(tree).unwrap();
    let here = |now| Here {
        now,
        zone: world.zone.clone(),
    };
    let found = asked(world, tree, now);
    let mut met = Vec::new();
    for (id, is_met, change) in &found {
        let person = &world.people[id];
        let plain = holds(tree, person, &here(now));
        assert_eq!(*is_met, plain, "contact {id} at {now}: {json}\n{person:?}");
        assert!(
            change.is_none_or(|change| change > now),
            "{json} changes at {change:?}, which is past"
        );
        // Until the moment that is named nothing changes.
        let until = change.map_or(now + later, |change| (change - 1).min(now + later));
        assert_eq!(
            holds(tree, person, &here(until)),
            plain,
            "contact {id} until {until} ({change:?}): {json}\n{person:?}"
        );
        if plain {
            met.push(*id);
        }
    }
    let count = world
        .workspace
        .reading(|reader| reader.count_tree(tree, now));
    assert_eq!(count, met.len() as u64, "{json}");
    // Few are looked for in another way than many.
    for told in [count, count * 1_000_000] {
        let sample = world
            .workspace
            .reading(|reader| reader.sample_of_tree(tree, 5, told, now));
        assert_eq!(sample, met[..met.len().min(5)], "{json}");
    }
}

#[test]
fn trees_read_as_they_were_written() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..500 {
        let json = tree().new_tree(&mut runner).unwrap().current();
        let tree: RuleTree = serde_json::from_value(json).unwrap();
        let again: RuleTree = serde_json::from_str(&serde_json::to_string(&tree).unwrap()).unwrap();
        assert_eq!(again, tree);
        assert!(!tree.to_string().is_empty());
    }
}

#[test]
fn a_tree_is_one_readable_sentence() {
    let tree: RuleTree = serde_json::from_value(json!({"all": [
        {"field": "email", "op": "ends_with", "value": ".de"},
        {"any": [
            {"points": "Engagement", "op": "at_least", "value": 50},
            {"activity": "opened a mail", "times": {"op": "at_least", "value": 3}, "within": "30 days"},
        ]},
        {"none": [{"segment": "Customers", "is": "in"}]},
    ]})).unwrap();
    assert_eq!(
        tree.to_string(),
        "email ends with “.de” and (points in Engagement are at least 50 or did “opened a mail” at least 3 times in the \
         last 30 days) and not (is in Customers)"
    );
    assert_eq!(
        tree.sentence(),
        "Everyone whose email ends with “.de” and (whose points in Engagement are at least 50 or who did “opened a mail” \
         at least 3 times in the last 30 days), but not anyone who is in Customers"
    );
}

#[test]
fn the_smallest_trees_are_sentences_too() {
    for (json, sentence) in [
        (json!({"all": []}), "Everyone"),
        (json!({"any": []}), "Nobody"),
        (json!({"none": []}), "Everyone"),
        (
            json!({"none": [{"segment": "Customers", "is": "in"}, {"field": "city", "op": "is_not_set"}]}),
            "Everyone, but not anyone who is in Customers or whose city has no value",
        ),
        (
            json!({"field": "birthday", "op": "before", "value": "1990-01-31"}),
            "Everyone whose birthday is before Jan 31, 1990",
        ),
        (
            json!({"field": "Salesforce.Account.AnnualRevenue", "op": "greater", "value": 1000000}),
            "Everyone whose Annual Revenue of the account in Salesforce is more than 1,000,000",
        ),
        (
            json!({"opportunities": "open", "times": {"op": "at_least", "value": 2}, "sum": {"op": "at_least", "value": 5000},
                "through": "account", "with": [{"field": "StageName", "op": "equals", "value": "Proposal"}]}),
            "Everyone who has at least 2 open opportunities worth at least 5,000 in total with Stage Name “Proposal” through \
             the account",
        ),
        (
            json!({"campaign": "Spring", "is": "member", "status": "Sent"}),
            "Everyone who is a member of the campaign Spring, with the status “Sent”",
        ),
        (
            json!({"points": "Fit", "op": "at_least", "value": -12500}),
            "Everyone whose points in Fit are at least -12,500",
        ),
    ] {
        let tree: RuleTree = serde_json::from_value(json).unwrap();
        assert_eq!(tree.sentence(), sentence);
    }
}

#[test]
fn fields_are_said_as_people_say_them() {
    for (json, sentence) in [
        (
            json!({"field": "email_opt_out", "op": "is_true"}),
            "Everyone who opted out of email",
        ),
        (
            json!({"field": "phone_opt_out", "op": "is_false"}),
            "Everyone who hasn't opted out of phone calls",
        ),
        (
            json!({"field": "fax_opt_out", "op": "is_not_set"}),
            "Everyone whose fax opt-out has no value",
        ),
        (
            json!({"field": "created_at", "op": "within_last", "value": "7 days"}),
            "Everyone whose creation date is within the last 7 days",
        ),
        (
            json!({"field": "address_line1", "op": "is_set"}),
            "Everyone whose address line 1 has a value",
        ),
    ] {
        let tree: RuleTree = serde_json::from_value(json).unwrap();
        assert_eq!(tree.sentence(), sentence);
    }
}

#[test]
fn faults_name_the_rule() {
    for (json, words) in [
        (
            json!({"all": [{"field": "city"}]}),
            "rule 1 of \"all\": missing field `op`",
        ),
        (
            json!({"any": [{"all": [{"city": "Rome"}]}]}),
            "rule 1 of \"any\": rule 1 of \"all\": a rule needs one of",
        ),
        (
            json!({"all": [], "any": []}),
            "a group can't have anything but \"all\"",
        ),
        (json!({"all": 5}), "\"all\" needs a list of rules"),
        (json!({"activity": "x", "within": "3 moons"}), "3 moons"),
        (json!("Rome"), "a rule must be an object"),
    ] {
        let error = serde_json::from_value::<RuleTree>(json.clone()).unwrap_err();
        assert!(error.to_string().contains(words), "{json}: {error}");
    }
}

#[test]
fn trees_that_make_no_sense_are_refused() {
    let workspace = workspace();
    workspace.writing(|writer| writer.add_activity_type("visit", "", NOW));
    for (json, words) in [
        (json!({"field": "custom:Gone", "op": "is_set"}), "Gone"),
        (
            json!({"points": "Gone", "op": "at_least", "value": 1}),
            "Gone",
        ),
        (json!({"segment": "Gone", "is": "in"}), "Gone"),
        (json!({"list": "Gone", "holds": true}), "Gone"),
        (json!({"activity": "gone"}), "gone"),
        (json!({"consent": "Gone", "is": "given"}), "Gone"),
        (
            json!({"activity": "visit", "times": {"op": "at_least", "value": 0}}),
            "at least 0 times",
        ),
        (
            json!({"activity": "visit", "with": [{"field": "value", "op": "contains", "value": "x"}]}),
            "is a number",
        ),
        (
            json!({"activity": "visit", "with": [{"field": "title", "op": "greater", "value": 1}]}),
            "is text",
        ),
        (
            json!({"link": "Account", "is": "linked"}),
            "Lead, Contact or any",
        ),
        (
            json!({"field": "birthday", "op": "within_last", "value": "5 hours"}),
            "have no hours",
        ),
        (
            json!({"field": "city", "op": "one_of", "value": []}),
            "1 to 500 values",
        ),
        (
            json!({"field": "Salesforce.Rating", "op": "is_set"}),
            "Salesforce.Rating",
        ),
        (
            json!({"opportunities": "open"}),
            "Opportunity isn't in the workspace",
        ),
        (
            json!({"campaign": "any", "is": "member"}),
            "CampaignMember isn't in the workspace",
        ),
    ] {
        let tree: RuleTree = serde_json::from_value(json.clone()).unwrap();
        let refused = workspace
            .read(|reader| reader.check_tree(&tree))
            .unwrap_err();
        assert!(matches!(
            refused,
            Error::Refused(_) | Error::NotFound { .. }
        ));
        assert!(refused.to_string().contains(words), "{json}: {refused}");
    }
}

#[test]
fn a_tree_larger_than_any_that_is_saved_is_not_even_read() {
    let mut deep = json!({"field": "city", "op": "is_set"});
    for _ in 0..12 {
        deep = json!({"all": [deep]});
    }
    let many: Vec<_> = (0..501)
        .map(|_| json!({"field": "city", "op": "is_set"}))
        .collect();
    for (json, words) in [(deep, "levels deep"), (json!({"any": many}), "501 rules")] {
        let error = serde_json::from_value::<RuleTree>(json).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}
