//! Points and memberships are what a slow, obvious calculation says, whatever happened in which order.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::json;

use super::{PAGE, Recalculate, Recalculated};
use crate::rules::evaluating::{Done, Here, Person, holds, matching};
use crate::rules::testing::{World, add, done, world};
use crate::testing::{DAY, NOW, Workspace, text, workspace};
use crate::{
    ContactField, ContactId, Error, Rule, RuleTree, ScoreId, SegmentId, SegmentStatus, Value,
};

fn tree(json: serde_json::Value) -> RuleTree {
    serde_json::from_value(json).unwrap()
}

fn rule(json: serde_json::Value) -> Rule {
    serde_json::from_value(json).unwrap()
}

fn recalculate(workspace: &Workspace, now: i64) -> Recalculated {
    let done = workspace
        .recalculate(Recalculate::Everything, false, now, &mut |_, _| true)
        .unwrap();
    assert!(done.complete);
    done
}

fn members(workspace: &Workspace, segment: SegmentId) -> Vec<ContactId> {
    let page = workspace.reading(|reader| reader.members(segment, None, 1_000));
    page.members.into_iter().map(|(id, _)| id).collect()
}

fn segment(workspace: &Workspace, name: &str, json: serde_json::Value) -> SegmentId {
    workspace.writing(|writer| writer.add_segment(name, "", &tree(json), NOW))
}

#[test]
fn who_comes_to_the_points_raises_an_alert_once() {
    let workspace = workspace();
    let add = |city: &str| workspace.add(&[(ContactField::City, city)]);
    let (rome, oslo) = (add("Rome"), add("Oslo"));
    let romans = rule(json!({
        "name": "Romans", "points": 20, "when": {"field": "city", "op": "equals", "value": "rome"},
    }));
    let score = workspace.writing(|writer| writer.add_score("Fit", "", &[romans], NOW));
    workspace.writing(|writer| {
        let score = crate::Score {
            notify_at: Some(20),
            ..writer.score(score)?
        };
        writer.change_score(&score)
    });
    let alerts = || workspace.reading(|reader| reader.alerts(10));
    recalculate(&workspace, NOW);
    let first = alerts();
    assert_eq!((first.len(), first[0].times), (1, 1));
    assert_eq!(first[0].contact, Some(rome));
    recalculate(&workspace, NOW);
    assert_eq!(alerts(), first, "she has them already");

    workspace.change(oslo, ContactField::City, Some(text("Rome")));
    recalculate(&workspace, NOW + 1);
    assert_eq!(
        (alerts().len(), alerts()[0].times),
        (1, 2),
        "nobody saw it yet"
    );
    workspace.writing(|writer| writer.alerts_seen(alerts()[0].id, NOW + 2));
    workspace.change(rome, ContactField::City, Some(text("Oslo")));
    recalculate(&workspace, NOW + 3);
    assert_eq!(alerts().len(), 1, "nobody came to the points");
    workspace.change(rome, ContactField::City, Some(text("Rome")));
    recalculate(&workspace, NOW + 4);
    assert_eq!((alerts().len(), alerts()[0].contact), (2, Some(rome)));
}

#[test]
fn members_join_and_leave_and_both_are_remembered() {
    let workspace = workspace();
    let rome = workspace.add(&[(ContactField::City, "Rome")]);
    let oslo = workspace.add(&[(ContactField::City, "Oslo")]);
    let romans = segment(
        &workspace,
        "Romans",
        json!({"field": "city", "op": "equals", "value": "rome"}),
    );
    assert_eq!(recalculate(&workspace, NOW).joined, 1);
    assert_eq!(members(&workspace, romans), [rome]);
    workspace.change(rome, ContactField::City, Some(text("Oslo")));
    workspace.change(oslo, ContactField::City, Some(text("Rome")));
    let moved = recalculate(&workspace, NOW + DAY);
    assert_eq!((moved.seen, moved.joined, moved.left), (2, 1, 1));
    assert_eq!(members(&workspace, romans), [oslo]);
    let standing = workspace.reading(|reader| reader.segments_of(rome));
    assert_eq!(
        (standing[0].status, standing[0].since),
        (SegmentStatus::Exited, NOW + DAY)
    );
    let past = standing[0].past[0];
    assert_eq!(
        (past.status, past.since, past.until),
        (SegmentStatus::Realized, NOW, NOW + DAY)
    );
    let growth = workspace.reading(|reader| reader.growth(romans));
    let days: Vec<_> = growth
        .iter()
        .map(|day| (day.joined, day.left, day.members))
        .collect();
    assert_eq!(days, [(1, 0, 1), (1, 1, 1)]);
    assert_eq!(workspace.reading(|reader| reader.member_count(romans)), 1);
    // Who is deleted is a member of nothing; who is erased leaves no trace, and the count stays true.
    workspace.writing(|writer| writer.delete_contacts(&[oslo], NOW));
    assert_eq!(recalculate(&workspace, NOW + DAY).left, 1);
    workspace.change(rome, ContactField::City, Some(text("Rome")));
    recalculate(&workspace, NOW + DAY);
    workspace.erase(rome).unwrap();
    assert_eq!(workspace.reading(|reader| reader.member_count(romans)), 0);
}

#[test]
fn scores_and_segments_may_ask_for_each_other_but_not_in_a_circle() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::City, "Rome")]);
    let rules = [rule(
        json!({"name": "rome", "points": 10, "when": {"field": "city", "op": "equals", "value": "Rome"}}),
    )];
    let fit = workspace.writing(|writer| writer.add_score("Fit", "", &rules, NOW));
    let good = segment(
        &workspace,
        "Good",
        json!({"points": "Fit", "op": "at_least", "value": 10}),
    );
    let rules = [rule(
        json!({"name": "good", "points": 5, "when": {"segment": "good", "is": "in"}}),
    )];
    let total = workspace.writing(|writer| writer.add_score("Total", "", &rules, NOW));
    let best = segment(
        &workspace,
        "Best",
        json!({"all": [{"points": "total", "op": "at_least", "value": 5}]}),
    );
    recalculate(&workspace, NOW);
    assert_eq!(members(&workspace, best), [id], "all in one pass");
    workspace.change(id, ContactField::City, None);
    let done = recalculate(&workspace, NOW);
    assert_eq!((done.seen, done.left), (1, 2));
    assert_eq!(
        workspace.reading(|reader| reader.points(total, &[id]))[&id],
        0
    );

    let mut changed = workspace.reading(|reader| reader.score(fit));
    changed.rules = vec![rule(
        json!({"name": "x", "points": 1, "when": {"segment": "Best", "is": "in"}}),
    )];
    let refused = workspace
        .write(|writer| writer.change_score(&changed))
        .unwrap_err();
    assert!(
        matches!(&refused, Error::Refused(text) if text.contains("refer to each other")),
        "{refused}"
    );
    let mut own = workspace.reading(|reader| reader.segment(good));
    own.tree = Some(tree(json!({"none": [{"segment": "GOOD", "is": "in"}]})));
    assert!(
        workspace
            .write(|writer| writer.change_segment(&own, NOW))
            .is_err()
    );
    let used = workspace
        .write(|writer| writer.remove_segment(good))
        .unwrap_err();
    assert!(used.to_string().contains("the score \"Total\""), "{used}");
    // A new name is put into the rules that ask for it, and nothing has to be looked at again.
    let mut renamed = workspace.reading(|reader| reader.segment(good));
    renamed.name = "Very good".to_owned();
    workspace.writing(|writer| writer.change_segment(&renamed, NOW));
    let asking = workspace.reading(|reader| reader.score(total));
    assert_eq!(
        asking.rules[0].when,
        tree(json!({"segment": "Very good", "is": "in"}))
    );
    assert_eq!(recalculate(&workspace, NOW).seen, 0);
}

#[test]
fn what_time_changes_is_changed_when_its_time_has_come() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::City, "Rome")]);
    workspace.writing(|writer| writer.add_activity_type("visit", "", NOW));
    let rules = [rule(json!({
        "name": "visits", "points": 5, "when": {"activity": "visit"}, "each": true, "maximum": 12, "valid_for": "30 days"
    }))];
    let score = workspace.writing(|writer| writer.add_score("Fit", "", &rules, NOW));
    let recent = segment(
        &workspace,
        "Recent",
        json!({"activity": "visit", "within": "7 days"}),
    );
    for at in [NOW - 40 * DAY, NOW - 3 * DAY, NOW - 2 * DAY] {
        let visit = Done {
            kind: "visit".to_owned(),
            at,
            value: None,
            title: None,
        };
        add(&workspace, id, &visit);
    }
    recalculate(&workspace, NOW);
    let points = || workspace.reading(|reader| reader.points(score, &[id]))[&id];
    assert_eq!((points(), members(&workspace, recent).len()), (12, 1));
    assert_eq!(
        workspace.reading(|reader| reader.next_change_due()),
        Some(NOW + 4 * DAY)
    );
    assert_eq!(
        recalculate(&workspace, NOW + 4 * DAY).seen,
        1,
        "one visit has lapsed, one counts"
    );
    assert_eq!(recalculate(&workspace, NOW + 5 * DAY).left, 1);
    let why = workspace.reading(|reader| reader.explain_points(score, id, NOW + 5 * DAY));
    assert_eq!(why.rules[0].changes_at, Some(NOW + 28 * DAY));
    assert!(!workspace.reading(|reader| reader.has_stale_rules(NOW + 28 * DAY - 1)));
    assert!(workspace.reading(|reader| reader.has_stale_rules(NOW + 28 * DAY)));
    recalculate(&workspace, NOW + 28 * DAY);
    assert_eq!(points(), 0);
    assert_eq!(workspace.reading(|reader| reader.next_change_due()), None);
}

#[test]
fn since_when_a_rule_is_met_outlives_other_changes() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::City, "Rome")]);
    let city =
        rule(json!({"name": "city", "points": 1, "when": {"field": "city", "op": "is_set"}}));
    let title =
        rule(json!({"name": "title", "points": 1, "when": {"field": "job_title", "op": "is_set"}}));
    let both = [city.clone(), title.clone()];
    let score = workspace.writing(|writer| writer.add_score("Fit", "", &both, NOW));
    let since = |now| {
        let why = workspace.reading(|reader| reader.explain_points(score, id, now));
        why.rules
            .into_iter()
            .map(|rule| (rule.name, rule.since))
            .collect::<Vec<_>>()
    };
    recalculate(&workspace, NOW);
    workspace.change(id, ContactField::JobTitle, Some(text("Boss")));
    recalculate(&workspace, NOW + 1);
    assert_eq!(
        since(NOW + 1),
        [("city".into(), Some(NOW)), ("title".into(), Some(NOW + 1))]
    );
    // The points stay the same, and yet it is another rule.
    workspace.change(id, ContactField::City, None);
    workspace.change(id, ContactField::City, Some(text("Oslo")));
    recalculate(&workspace, NOW + 2);
    assert_eq!(
        since(NOW + 2)[0].1,
        Some(NOW),
        "it was met whenever it was asked"
    );
    let mut changed = workspace.reading(|reader| reader.score(score));
    changed.rules = vec![
        title,
        rule(json!({"name": "all", "points": 3, "when": {"all": []}})),
        city,
    ];
    workspace.writing(|writer| writer.change_score(&changed));
    recalculate(&workspace, NOW + 3);
    assert_eq!(
        since(NOW + 3),
        [
            ("title".into(), Some(NOW + 1)),
            ("all".into(), Some(NOW + 3)),
            ("city".into(), Some(NOW))
        ]
    );
    workspace.change(id, ContactField::JobTitle, None);
    recalculate(&workspace, NOW + 4);
    assert_eq!(since(NOW + 4)[0], ("title".into(), None));
}

#[test]
fn links_are_asked_for_though_they_stamp_nobody() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::City, "Rome")]);
    let linked = segment(
        &workspace,
        "Linked",
        json!({"link": "Lead", "is": "linked"}),
    );
    recalculate(&workspace, NOW - 1);
    assert!(members(&workspace, linked).is_empty());
    workspace.link(id, "org", "Lead", "00Q000000000000001", None);
    recalculate(&workspace, NOW);
    assert_eq!(members(&workspace, linked), [id]);
}

#[test]
fn fixed_members_stay_and_are_changed_by_hand_only() {
    let workspace = workspace();
    let rome = workspace.add(&[(ContactField::City, "Rome")]);
    let oslo = workspace.add(&[(ContactField::City, "Oslo")]);
    let all = segment(&workspace, "All", json!({"all": []}));
    recalculate(&workspace, NOW);
    let copy = workspace.writing(|writer| writer.copy_segment(all, "Then", NOW));
    workspace.writing(|writer| writer.delete_contacts(&[oslo], NOW));
    workspace.add(&[(ContactField::City, "Bonn")]);
    recalculate(&workspace, NOW);
    assert_eq!(
        members(&workspace, copy),
        [rome, oslo],
        "those who were there then"
    );
    let by_hand = |id| {
        workspace.write(|writer| writer.set_fixed_members(id, &[oslo], SegmentStatus::Exited, NOW))
    };
    assert_eq!(by_hand(copy).unwrap(), 1);
    assert_eq!(by_hand(copy).unwrap(), 0);
    assert!(matches!(by_hand(all), Err(Error::Refused(_))));
    assert_eq!(workspace.reading(|reader| reader.member_count(copy)), 1);
}

#[test]
fn a_stopped_recalculation_of_segments_goes_on() {
    let workspace = workspace();
    workspace.writing(|writer| {
        for _ in 0..PAGE + 3 {
            writer.insert_contact(
                &crate::testing::values(&[(ContactField::City, "Rome")]),
                None,
                NOW,
            )?;
        }
        Ok(())
    });
    let all = segment(&workspace, "All", json!({"all": []}));
    let mut calls = 0;
    let stopped = workspace.recalculate(Recalculate::Everything, false, NOW, &mut |_, _| {
        calls += 1;
        calls < 2
    });
    assert_eq!(stopped.unwrap().joined, PAGE as u64);
    assert_eq!(recalculate(&workspace, NOW).joined, 3);
    assert_eq!(
        workspace.reading(|reader| reader.member_count(all)),
        PAGE as u64 + 3
    );
}

/// Points by the book: what each rule gives, looked up afresh.
fn points(rules: &[Rule], person: &Person, here: &Here) -> i64 {
    let sum: i128 = rules
        .iter()
        .map(|rule| {
            let end = rule.valid_until.map(|date| {
                let start = date
                    .tomorrow()
                    .unwrap()
                    .to_zoned(here.zone.clone())
                    .unwrap();
                start.timestamp().as_millisecond()
            });
            if end.is_some_and(|end| here.now >= end) || !holds(&rule.when, person, here) {
                return 0;
            }
            let RuleTree::Activity(activity) = &rule.when else {
                return i128::from(rule.points);
            };
            let times = matching(activity, person, here);
            if let Some(span) = rule.valid_for
                && times
                    .iter()
                    .max()
                    .is_none_or(|latest| span.after(*latest) <= here.now)
            {
                return 0;
            }
            if !rule.each {
                return i128::from(rule.points);
            }
            let most = rule.maximum.map_or(i64::MAX.into(), i128::from);
            let least = rule
                .maximum
                .map_or(i64::MIN.into(), |most| -i128::from(most));
            (i128::from(rule.points) * times.len() as i128).clamp(least, most)
        })
        .sum();
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}

fn some_rules() -> Vec<Rule> {
    [
        json!({"name": "a", "points": 20, "when": {"field": "city", "op": "starts_with", "value": "ro"}}),
        json!({"name": "b", "points": -7, "when": {"field": "birthday", "op": "anniversary_within", "value": "20 days"}}),
        json!({"name": "c", "points": 3, "when": {"activity": "visit"}, "each": true, "maximum": 8}),
        json!({"name": "d", "points": 4, "when": {"activity": "order", "with": [{"field": "value", "op": "at_least", "value": 2}]},
               "each": true, "valid_for": "2 weeks"}),
        json!({"name": "e", "points": i64::MAX, "when": {"activity": "visit", "times": {"op": "at_least", "value": 2}}, "valid_for": "1 month"}),
        json!({"name": "f", "points": i64::MAX, "when": {"segment": "Regulars", "is": "in"}, "valid_until": "2027-02-01"}),
        json!({"name": "g", "points": -9, "when": {"activity": "order", "within": "10 days", "times": {"op": "equals", "value": 0}}}),
        json!({"name": "h", "points": i64::MIN, "when": {"activity": "visit", "not_within": "5 days"}, "each": true}),
    ]
    .into_iter()
    .map(rule)
    .collect()
}

/// Changes something about somebody, here and in the plain picture of her.
fn happen(world: &mut World, runner: &mut TestRunner) {
    let ids: Vec<ContactId> = world.people.keys().copied().collect();
    let id = proptest::sample::select(ids)
        .new_tree(runner)
        .unwrap()
        .current();
    let Some(person) = world.people.get_mut(&id) else {
        return;
    };
    match (0..3_u8).new_tree(runner).unwrap().current() {
        0 => {
            let done = done(runner, "visit");
            add(&world.workspace, id, &done);
            person.activities.push(done);
        }
        1 => {
            let done = done(runner, "order");
            add(&world.workspace, id, &done);
            person.activities.push(done);
        }
        _ => {
            world
                .workspace
                .change(id, ContactField::City, Some(text("Rome")));
            person
                .fields
                .insert("city".to_owned(), Value::Text("Rome".to_owned()));
        }
    }
}

#[test]
fn scores_and_segments_equal_a_slow_calculation_over_a_moving_clock() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..4 {
        let mut world = world(&mut runner);
        let rules = some_rules();
        let score: ScoreId = world
            .workspace
            .writing(|writer| writer.add_score("Random", "", &rules, NOW));
        let when = tree(json!({"any": [
            {"activity": "visit", "within": "9 days", "times": {"op": "at_least", "value": 2}},
            {"field": "custom:Seen", "op": "within_next", "value": "3 weeks"},
            {"all": [{"activity": "order", "not_within": "1 month"}, {"field": "custom:VIP", "op": "is_true"}]},
        ]}));
        let followed = world
            .workspace
            .writing(|writer| writer.add_segment("Followed", "", &when, NOW));
        let mut now = NOW;
        for _ in 0..25 {
            recalculate(&world.workspace, now);
            let here = Here {
                now,
                zone: world.zone.clone(),
            };
            let ids: Vec<ContactId> = world.people.keys().copied().collect();
            let stored = world.workspace.reading(|reader| reader.points(score, &ids));
            let inside = members(&world.workspace, followed);
            let mut expected = BTreeMap::new();
            for (id, person) in &world.people {
                expected.insert(*id, points(&rules, person, &here));
                assert_eq!(
                    inside.contains(id),
                    holds(&when, person, &here),
                    "{id} at {now}: {person:?}"
                );
            }
            for (id, points) in expected {
                assert_eq!(
                    stored.get(&id).copied().unwrap_or(0),
                    points,
                    "{id} at {now}: {:?}",
                    world.people[&id]
                );
            }
            for _ in 0..(0..4_u8).new_tree(&mut runner).unwrap().current() {
                happen(&mut world, &mut runner);
            }
            now += prop_oneof![1..2 * DAY, 1..1_000_i64]
                .new_tree(&mut runner)
                .unwrap()
                .current();
        }
    }
}

#[test]
fn what_lapsed_while_the_clock_was_ahead_counts_again() {
    let workspace = workspace();
    workspace.writing(|writer| writer.add_activity_type("visit", "", NOW));
    let contact = workspace.add(&[]);
    let visit = Done {
        kind: "visit".to_owned(),
        at: NOW,
        value: None,
        title: None,
    };
    add(&workspace, contact, &visit);
    let recent = segment(
        &workspace,
        "Recent",
        json!({"activity": "visit", "within": "7 days"}),
    );
    recalculate(&workspace, NOW);
    assert_eq!(members(&workspace, recent), [contact]);
    recalculate(&workspace, NOW + 900 * DAY);
    assert_eq!(members(&workspace, recent), []);
    let stale = |now| workspace.reading(|reader| reader.has_stale_rules(now));
    assert!(stale(NOW + DAY));
    recalculate(&workspace, NOW + DAY);
    assert_eq!(members(&workspace, recent), [contact]);
    assert!(!stale(NOW + DAY), "once is enough");
    assert!(
        !stale(NOW + DAY - 60_000),
        "a clock that is set right by a minute costs nothing"
    );
}
