//! What becomes of a value on its way to a target of some type.

use leadferry_store::{ContactField, ScoreId, Value};

use super::support::{
    BUDGET, MEMBER, SEEN, TOPICS, VISITS, WEIGHT, compiled, contact, decimal, map, notes, problem,
    sent, settings, text,
};
use crate::mapping::Purpose;

#[test]
fn decimals_are_cut_and_not_rounded() {
    let budget = |units, scale| contact([(BUDGET, decimal(units, scale))]);
    assert_eq!(
        sent("custom:Budget=Number__c", &budget(245_397, 5)).as_deref(),
        Some("2.45")
    );
    assert_eq!(
        sent("custom:Budget=Number__c", &budget(-299_999, 5)).as_deref(),
        Some("-2.99")
    );
    assert_eq!(
        sent("custom:Budget=Number__c", &budget(250_000, 5)).as_deref(),
        Some("2.5")
    );
    assert_eq!(
        sent("custom:Budget=Whole__c", &budget(-99_999, 5)).as_deref(),
        Some("0")
    );
    let weight = |number| contact([(WEIGHT, Value::Float(number))]);
    assert_eq!(
        sent("custom:Weight=Money__c", &weight(2.453_97)).as_deref(),
        Some("2.45")
    );
    assert_eq!(
        sent("custom:Weight=Money__c", &weight(0.29)).as_deref(),
        Some("0.29"),
        "not 0.28, as binary digits say"
    );
    assert_eq!(
        sent("custom:Weight=Money__c", &weight(1e-7)).as_deref(),
        Some("0"),
        "no exponent"
    );
    let cuts = map("custom:Budget=Number__c", &budget(245_397, 5)).cuts;
    assert_eq!(
        (&*cuts[0].target, cuts[0].from, cuts[0].to),
        ("Number__c", 5, 2)
    );
    assert_eq!(
        map("custom:Budget=Number__c", &budget(250_000, 5)).cuts,
        [],
        "zeros are no loss"
    );
    assert_eq!(
        problem("custom:Budget=Number__c ; refuse", &budget(245_397, 5)),
        "too_long"
    );
}

#[test]
fn a_number_whose_whole_part_does_not_fit_blocks_the_contact() {
    let visits = |number| contact([(VISITS, Value::Integer(number))]);
    assert_eq!(
        sent("custom:Visits=Number__c", &visits(-9999)).as_deref(),
        Some("-9999")
    );
    assert_eq!(
        problem("custom:Visits=Number__c", &visits(10_000)),
        "number_too_large"
    );
    assert_eq!(
        sent("custom:Visits=Whole__c", &visits(9999)).as_deref(),
        Some("9999")
    );
    assert_eq!(
        problem("custom:Visits=Whole__c", &visits(i64::MIN)),
        "number_too_large"
    );
    assert_eq!(
        problem(
            "custom:Weight=Money__c",
            &contact([(WEIGHT, Value::Float(1e300))])
        ),
        "number_too_large"
    );
    assert_eq!(
        problem(
            "custom:Weight=Money__c",
            &contact([(WEIGHT, Value::Float(f64::NAN))])
        ),
        "wrong_type"
    );
}

#[test]
fn points_are_sent_as_whole_numbers_and_none_are_zero() {
    let mut candidate = contact([]);
    assert_eq!(
        sent("@points:Engagement=Number__c", &candidate).as_deref(),
        Some("0")
    );
    candidate.points.insert(ScoreId(7), 42);
    assert_eq!(
        sent("@points:Engagement=Number__c", &candidate).as_deref(),
        Some("42")
    );
    assert_eq!(
        compiled("@points:Engagement=Number__c", &settings(), "UTC").scores(),
        [ScoreId(7)]
    );
}

#[test]
fn text_is_shortened_and_said_to_be() {
    let mapped = map("notes=Text__c", &notes("Grüße 👍👍👍"));
    assert_eq!(mapped.values[2].json, "\"Grüße 👍👍\"");
    assert_eq!(
        (
            &*mapped.cuts[0].target,
            mapped.cuts[0].from,
            mapped.cuts[0].to
        ),
        ("Text__c", 12, 10)
    );
    assert_eq!(
        problem("notes=Text__c ; refuse", &notes("more than ten")),
        "too_long"
    );
    assert_eq!(
        sent("notes=Text__c ; refuse", &notes("just ten..")).as_deref(),
        Some("\"just ten..\"")
    );
    assert_eq!(
        sent("notes=Long__c", &notes("a\u{1}\"\\\n b  ")).as_deref(),
        Some(r#""a\"\\\n b""#)
    );
    assert_eq!(
        sent("notes=Text__c", &notes(" \u{2} ")),
        None,
        "blank is unset"
    );
}

#[test]
fn emails_are_checked_and_never_shortened() {
    let mail = |address: &str| contact([(ContactField::Email, text(address))]);
    assert_eq!(
        sent("email=Mail__c", &mail(" a.b+c@d.example ")).as_deref(),
        Some("\"a.b+c@d.example\"")
    );
    for wrong in [
        "nobody",
        "a@b",
        "a b@c.example",
        "a@b@c.example",
        "A <a@b.example>",
        "@b.example",
        "a@b..example",
    ] {
        assert_eq!(
            problem("email=Mail__c", &mail(wrong)),
            "invalid_email",
            "{wrong}"
        );
    }
    assert_eq!(
        problem("email=Mail__c", &mail("somebody.else@long.example")),
        "too_long"
    );
}

#[test]
fn picklists_get_the_spelling_of_the_org_or_nothing() {
    let status = |value: &str| contact([(ContactField::Status, text(value))]);
    assert_eq!(
        sent("status=Strict__c", &status(" open ")).as_deref(),
        Some("\"Open\"")
    );
    assert_eq!(
        problem("status=Strict__c", &status("New")),
        "not_in_picklist"
    );
    assert_eq!(
        sent("status=Strict__c ; map \"NEW\"->\"open\"", &status("new")).as_deref(),
        Some("\"Open\"")
    );
    assert_eq!(
        sent("status=Free__c", &status("New")).as_deref(),
        Some("\"New\"")
    );
    let topics = |value: &str| contact([(TOPICS, text(value))]);
    let row = "custom:Topics of interest=Several__c";
    assert_eq!(
        sent(row, &topics("closed; OPEN;;open")).as_deref(),
        Some("\"Closed;Open\"")
    );
    assert_eq!(problem(row, &topics("New")), "not_in_picklist");
    let replaced = "custom:Topics of interest=Several__c ; map \"n\"->\"Open\", \"all\"->\"Open;Closed\", \"x\"->\"\"";
    assert_eq!(
        sent(replaced, &topics("n; x;closed")).as_deref(),
        Some("\"Open;Closed\"")
    );
    assert_eq!(
        sent(replaced, &topics("ALL")).as_deref(),
        Some("\"Open;Closed\"")
    );
    assert_eq!(sent(replaced, &topics("x")), None);
    assert_eq!(
        problem("status=Free__c", &status(&"long".repeat(20))),
        "too_long"
    );
}

#[test]
fn dates_and_moments_are_turned_into_each_other_in_the_time_zone() {
    let birthday = contact([(
        ContactField::Birthday,
        Value::Date(jiff::civil::date(1980, 7, 1)),
    )]);
    let seen = contact([(SEEN, Value::DateTime(1_769_900_400_500))]); // 2026-01-31T23:00:00.5Z
    for (row, candidate, zone, json) in [
        (
            "birthday=Date__c",
            &birthday,
            "Europe/Berlin",
            "\"1980-07-01\"",
        ),
        (
            "birthday=Moment__c",
            &birthday,
            "Europe/Berlin",
            "\"1980-06-30T22:00:00.000Z\"",
        ),
        (
            "birthday=Moment__c",
            &birthday,
            "UTC",
            "\"1980-07-01T00:00:00.000Z\"",
        ),
        (
            "custom:Seen=Moment__c",
            &seen,
            "Europe/Berlin",
            "\"2026-01-31T23:00:00.000Z\"",
        ),
        (
            "custom:Seen=Date__c",
            &seen,
            "Europe/Berlin",
            "\"2026-02-01\"",
        ),
        (
            "custom:Seen=Date__c",
            &seen,
            "America/New_York",
            "\"2026-01-31\"",
        ),
        (
            "{% Contact.Seen %}=Moment__c",
            &seen,
            "Europe/Berlin",
            "\"2026-01-31T23:00:00.000Z\"",
        ),
        (
            "{% Contact.birthday %}=Date__c",
            &birthday,
            "Europe/Berlin",
            "\"1980-07-01\"",
        ),
        (
            "\"18:30\"=Time__c",
            &seen,
            "Europe/Berlin",
            "\"18:30:00.000Z\"",
        ),
    ] {
        let mapped = compiled(row, &settings(), zone).map(candidate, Purpose::Create);
        assert_eq!(mapped.values[2].json, json, "{row} in {zone}");
    }
    let long_ago = contact([(
        ContactField::Birthday,
        Value::Date(jiff::civil::date(1066, 10, 14)),
    )]);
    assert_eq!(problem("birthday=Date__c", &long_ago), "date_out_of_range");
    assert_eq!(
        problem("{% Contact.notes %}=Date__c", &notes("soon")),
        "wrong_type"
    );
}

#[test]
fn checkboxes_are_true_or_false_and_never_cleared() {
    let member = |yes| contact([(MEMBER, Value::YesNo(yes))]);
    assert_eq!(
        sent("custom:Member=Check__c", &member(true)).as_deref(),
        Some("true")
    );
    assert_eq!(
        sent("custom:Member=Check__c", &member(false)).as_deref(),
        Some("false")
    );
    assert_eq!(
        sent("custom:Member=Check__c", &contact([])),
        None,
        "not asked is not no"
    );
    assert_eq!(
        sent("\"Yes\"=Check__c", &contact([])).as_deref(),
        Some("true")
    );
    assert_eq!(
        problem("{% Contact.notes %}=Check__c", &notes("perhaps")),
        "wrong_type"
    );
}
