use std::collections::BTreeMap;

use serde_json::json;

use super::{Rule, parse_rules};
use crate::testing::{NOW, Workspace, text, workspace};
use crate::{
    AccountField, AccountRole, Condition, ContactField, ContactFilter, ContactId, Date, Decimal,
    Error, FieldKind, Recalculated, ScoreId, Value,
};

fn rules(rules: serde_json::Value) -> Vec<Rule> {
    parse_rules(&json!({ "rules": rules }).to_string()).unwrap()
}

fn score(workspace: &Workspace, list: serde_json::Value) -> ScoreId {
    workspace.writing(|writer| writer.add_score("Fit", "", &rules(list), NOW))
}

fn recalculate(workspace: &Workspace, score: ScoreId) -> Recalculated {
    workspace
        .recalculate(crate::Recalculate::Score(score), false, NOW, &mut |_, _| {
            true
        })
        .unwrap()
}

fn points(workspace: &Workspace, score: ScoreId, id: ContactId) -> i64 {
    workspace
        .reading(|reader| reader.points(score, &[id]))
        .get(&id)
        .copied()
        .unwrap_or(0)
}

#[test]
fn points_are_the_sum_of_the_rules_that_a_contact_meets() {
    let workspace = workspace();
    let id = workspace.add(&[
        (ContactField::JobTitle, "Sales MANAGER"),
        (ContactField::Country, "DE"),
    ]);
    let other = workspace.add(&[(ContactField::JobTitle, "Intern")]);
    let score = score(
        &workspace,
        json!([
            {"name": "manager", "points": 20, "when": {"field": "job_title", "op": "contains", "value": "manager"}},
            {"name": "german", "points": 5, "when": {"field": "country", "op": "equals", "value": "de"}},
            {"name": "no e-mail", "points": -3, "when": {"field": "email", "op": "is_not_set"}},
        ]),
    );
    let done = recalculate(&workspace, score);
    assert_eq!((done.seen, done.changed, done.complete), (2, 2, true));
    assert_eq!(points(&workspace, score, id), 22);
    assert_eq!(points(&workspace, score, other), -3);
    let why = workspace.reading(|reader| reader.explain_points(score, other, NOW));
    let each: Vec<_> = why
        .rules
        .iter()
        .map(|rule| (rule.name.as_str(), rule.points, rule.since))
        .collect();
    assert_eq!(why.points, -3);
    assert_eq!(
        each,
        [
            ("manager", 0, None),
            ("german", 0, None),
            ("no e-mail", -3, Some(NOW))
        ]
    );
    assert_eq!(
        workspace.reading(|reader| reader.points_of(id)),
        BTreeMap::from([(score, 22)])
    );
}

#[test]
fn only_contacts_changed_since_are_looked_at_again() {
    let workspace = workspace();
    let ids: Vec<ContactId> = (0..10)
        .map(|_| workspace.add(&[(ContactField::City, "Rome")]))
        .collect();
    let score = score(
        &workspace,
        json!([{"name": "rome", "points": 1, "when": {"field": "city", "op": "equals", "value": "Rome"}}]),
    );
    assert_eq!(recalculate(&workspace, score).changed, 10);
    assert_eq!(
        recalculate(&workspace, score).seen,
        0,
        "its own stamps do not count"
    );
    let before = workspace.seq(ids[4]);
    workspace.change(ids[3], ContactField::City, Some(text("Oslo")));
    let again = recalculate(&workspace, score);
    assert_eq!((again.seen, again.changed), (1, 1));
    assert_eq!(workspace.seq(ids[4]), before, "nobody else was stamped");
    let full = workspace
        .recalculate(crate::Recalculate::Score(score), true, NOW, &mut |_, _| {
            true
        })
        .unwrap();
    assert_eq!((full.seen, full.changed), (10, 0));
}

#[test]
fn changed_rules_make_all_points_stale() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::City, "Rome")]);
    let list = json!([{"name": "rome", "points": 1, "when": {"field": "city", "op": "is_set"}}]);
    let score = score(&workspace, list);
    recalculate(&workspace, score);
    let mut changed = workspace.reading(|reader| reader.score(score));
    changed.rules[0].points = 7;
    workspace.writing(|writer| writer.change_score(&changed));
    assert_eq!(recalculate(&workspace, score).changed, 1);
    assert_eq!(points(&workspace, score, id), 7);
    changed.enabled = false;
    workspace.writing(|writer| writer.change_score(&changed));
    assert!(matches!(
        workspace.recalculate(crate::Recalculate::Score(score), false, NOW, &mut |_, _| {
            true
        }),
        Err(Error::Refused(_))
    ));
}

#[test]
fn a_stopped_recalculation_goes_on() {
    let workspace = workspace();
    workspace.writing(|writer| {
        for _ in 0..crate::recalculation::PAGE + 7 {
            writer.insert_contact(
                &crate::testing::values(&[(ContactField::City, "Rome")]),
                None,
                NOW,
            )?;
        }
        Ok(())
    });
    let score = score(
        &workspace,
        json!([{"name": "rome", "points": 1, "when": {"field": "city", "op": "is_set"}}]),
    );
    let mut calls = 0;
    let stopped =
        workspace.recalculate(crate::Recalculate::Score(score), false, NOW, &mut |_, _| {
            calls += 1;
            calls < 2
        });
    let stopped = stopped.unwrap();
    assert!(!stopped.complete && stopped.changed == crate::recalculation::PAGE as u64);
    let rest = recalculate(&workspace, score);
    assert!(rest.complete && rest.changed == 7, "{rest:?}");
    assert_eq!(
        workspace.number("SELECT count(*) FROM score_points WHERE points = 1"),
        crate::recalculation::PAGE as i64 + 7
    );
}

#[test]
fn reaching_the_minimum_marks_and_falling_does_not_unmark() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::City, "Rome")]);
    let poor = workspace.add(&[(ContactField::City, "Oslo")]);
    let score = score(
        &workspace,
        json!([{"name": "rome", "points": 10, "when": {"field": "city", "op": "equals", "value": "Rome"}}]),
    );
    workspace.replication("Leads", Some((score, 10)));
    let done = recalculate(&workspace, score);
    assert_eq!(done.marked, 1);
    assert_eq!(workspace.number("SELECT points FROM marks"), 10);
    let stamped = workspace.seq(id);
    workspace.change(id, ContactField::City, Some(text("Oslo")));
    let fallen = recalculate(&workspace, score);
    assert_eq!((fallen.changed, fallen.marked), (1, 0));
    assert_eq!(workspace.number("SELECT count(*) FROM marks"), 1);
    assert!(workspace.seq(id) > stamped);
    assert_eq!(points(&workspace, score, poor), 0);
    // A replication that comes later finds who has the points already.
    workspace.change(poor, ContactField::City, Some(text("rome")));
    recalculate(&workspace, score);
    let later = workspace.replication("Later", Some((score, 5)));
    let before = workspace.seq(poor);
    assert_eq!(
        workspace.writing(|writer| writer.refresh_marks(later, NOW)),
        1
    );
    assert!(
        workspace.seq(poor) > before,
        "a mark is a reason to consider"
    );
    assert_eq!(
        workspace.writing(|writer| writer.refresh_marks(later, NOW)),
        0
    );
    let everyone = workspace.replication("Everyone", Some((score, 0)));
    assert_eq!(
        workspace.writing(|writer| writer.refresh_marks(everyone, NOW)),
        2
    );
}

#[test]
fn points_stop_at_the_ends_of_their_range() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::City, "Rome")]);
    let when = json!({"field": "city", "op": "is_set"});
    let score = score(
        &workspace,
        json!([{"name": "a", "points": i64::MAX, "when": when}, {"name": "b", "points": i64::MAX, "when": when}]),
    );
    recalculate(&workspace, score);
    assert_eq!(points(&workspace, score, id), i64::MAX);
}

/// Each row: a condition, and whether the contact below meets it.
#[test]
fn conditions_mean_what_they_say() {
    let workspace = workspace();
    let seats = workspace.field("Seats", FieldKind::Integer);
    let price = workspace.field("Price", FieldKind::Decimal { scale: 2 });
    let ratio = workspace.field("Ratio", FieldKind::Float);
    let vip = workspace.field("VIP", FieldKind::YesNo);
    let unasked = workspace.field("Unasked", FieldKind::YesNo);
    let seen = workspace.field("Seen", FieldKind::DateTime);
    assert_ne!(vip, unasked);
    let mut values = crate::testing::values(&[
        (ContactField::LastName, "Müller-Lüdenscheidt"),
        (ContactField::City, "50% _x"),
    ]);
    values.set(
        ContactField::Birthday,
        Some(Value::Date(Date::constant(1980, 5, 17))),
    );
    values.set(seats, Some(Value::Integer(12)));
    values.set(
        price,
        Some(Value::Decimal(Decimal {
            units: 1999,
            scale: 2,
        })),
    );
    values.set(ratio, Some(Value::Float(0.5)));
    values.set(vip, Some(Value::YesNo(true)));
    // 2026-03-01T23:30Z is the second of March in Berlin.
    values.set(seen, Some(Value::DateTime(1_772_407_800_000)));
    let id = workspace.writing(|writer| writer.insert_contact(&values, None, NOW));
    let account = workspace.writing(|writer| {
        writer.set_time_zone("Europe/Berlin")?;
        let values = BTreeMap::from([
            (AccountField::Name, "Acme".to_owned()),
            (AccountField::Industry, "Steel".to_owned()),
        ]);
        writer.insert_account(&values, None, NOW)
    });
    workspace.writing(|writer| writer.set_membership(id, account, AccountRole::Regular, NOW));
    let table = [
        ("last_name", "equals", json!("MULLER-LUDENSCHEIDT"), true),
        ("last_name", "not_equals", json!("muller"), true),
        ("first_name", "not_equals", json!("Ann"), true),
        ("first_name", "equals", json!("Ann"), false),
        ("last_name", "starts_with", json!("mül"), true),
        ("last_name", "ends_with", json!("SCHEIDT"), true),
        ("last_name", "ends_with", json!("scheid"), false),
        ("city", "contains", json!("% _"), true),
        ("city", "contains", json!("%x"), false),
        ("first_name", "is_set", json!(null), false),
        ("first_name", "is_not_set", json!(null), true),
        ("birthday", "equals", json!("1980-05-17"), true),
        ("birthday", "before", json!("1980-05-18"), true),
        ("birthday", "after", json!("1980-05-17"), false),
        ("custom:Seats", "greater", json!(11), true),
        ("custom:Seats", "greater", json!(12), false),
        ("custom:Seats", "at_least", json!("12"), true),
        ("custom:Seats", "less", json!(13), true),
        ("custom:Seats", "at_most", json!(11), false),
        ("custom:price", "equals", json!(19.99), true),
        ("custom:price", "at_most", json!("20"), true),
        ("custom:ratio", "equals", json!(0.5), true),
        ("custom:vip", "is_true", json!(null), true),
        ("custom:vip", "is_false", json!(null), false),
        ("custom:unasked", "is_false", json!(null), false),
        ("custom:unasked", "is_not_set", json!(null), true),
        ("do_not_send", "is_false", json!(null), true),
        ("custom:seen", "equals", json!("2026-03-02"), true),
        ("custom:seen", "before", json!("2026-03-02"), false),
        ("custom:seen", "after", json!("2026-03-01"), true),
        ("custom:seen", "after", json!("2026-03-02"), false),
        ("custom:seen", "after", json!("2026-03-01T23:29:59Z"), true),
        ("account:industry", "equals", json!("STEEL"), true),
        ("account:industry", "not_equals", json!("steel"), false),
        ("account:website", "is_not_set", json!(null), true),
        ("account:name", "starts_with", json!("ac"), true),
    ];
    for (field, op, value, expected) in table {
        let condition: Condition =
            serde_json::from_value(json!({"field": field, "op": op, "value": value})).unwrap();
        let filter = ContactFilter {
            conditions: vec![condition],
            ..ContactFilter::default()
        };
        let met = workspace.reading(|reader| reader.count_contacts(&filter)) == 1;
        assert_eq!(met, expected, "{field} {op} {value}");
    }
}

#[test]
fn rules_that_make_no_sense_are_refused_when_saved() {
    let workspace = workspace();
    workspace.field("Seats", FieldKind::Integer);
    let refused = [
        json!({"field": "nonsense", "op": "is_set"}),
        json!({"field": "custom:nonsense", "op": "is_set"}),
        json!({"field": "account:nonsense", "op": "is_set"}),
        json!({"field": "city", "op": "greater", "value": 1}),
        json!({"field": "city", "op": "contains"}),
        json!({"field": "city", "op": "contains", "value": ""}),
        json!({"field": "city", "op": "is_set", "value": "x"}),
        json!({"field": "birthday", "op": "before", "value": "soon"}),
        json!({"field": "created_at", "op": "after", "value": 5}),
        json!({"field": "custom:Seats", "op": "equals", "value": "many"}),
        json!({"field": "custom:Seats", "op": "equals", "value": 1.5}),
        json!({"field": "custom:Seats", "op": "equals", "value": 3_000_000_000_i64}),
        json!({"field": "do_not_send", "op": "equals", "value": true}),
        json!({"field": "id) OR 1=1 --", "op": "is_set"}),
    ];
    for when in refused {
        let list = rules(json!([{"name": "odd one", "points": 1, "when": when}]));
        let result = workspace.write(|writer| writer.add_score("Fit", "", &list, NOW));
        assert!(
            matches!(&result, Err(Error::Refused(message)) if message.contains("odd one")),
            "{when}: {result:?}"
        );
    }
    for text in [
        "",
        "[]",
        "{}",
        "{\"rules\": [{\"name\": \"x\"}]}",
        "{\"rules\": [], \"more\": 1}",
    ] {
        assert!(
            matches!(parse_rules(text), Err(Error::Refused(_))),
            "{text}"
        );
    }
    assert!(workspace.reading(|reader| reader.scores()).is_empty());
}

#[test]
fn custom_fields_in_rules_get_an_index() {
    let workspace = workspace();
    workspace.field("Seats", FieldKind::Integer);
    score(
        &workspace,
        json!([{"name": "big", "points": 1, "when": {"field": "custom:Seats", "op": "greater", "value": 9}}]),
    );
    assert!(workspace.reading(|reader| reader.custom_fields())[0].indexed);
}

#[test]
fn a_score_in_use_is_not_removed_and_names_are_unique() {
    let workspace = workspace();
    let fit = score(&workspace, json!([]));
    workspace.replication("Leads", Some((fit, 10)));
    let removed = workspace.write(|writer| writer.remove_score(fit));
    assert!(matches!(removed, Err(Error::Refused(message)) if message.contains("Leads")));
    let twice = workspace.write(|writer| writer.add_score("FIT", "", &[], NOW));
    assert!(matches!(twice, Err(Error::NameTaken { .. })));
}
