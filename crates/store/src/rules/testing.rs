//! A workspace with people of whom all kinds of things are known, and the same people as the plain evaluator sees them.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::evaluating::{Done, Person};
use super::mirrored;
use crate::testing::{DAY, NOW, Workspace, workspace};
use crate::{
    AccountField, AccountRole, ContactField, ContactId, Date, Evidence, FieldKind, How,
    NewActivity, NewConsent, SegmentStatus, Value, Values,
};

pub(crate) const KINDS: &[&str] = &["visit", "order"];
const PEOPLE: usize = 25;

pub(crate) struct World {
    pub(crate) workspace: Workspace,
    pub(crate) people: BTreeMap<ContactId, Person>,
    pub(crate) zone: TimeZone,
}

pub(super) fn draw<S: Strategy>(runner: &mut TestRunner, strategy: S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

/// Moments of which many lie close to whole days, weeks and months before now.
pub(crate) fn moment(runner: &mut TestRunner) -> i64 {
    let days = draw(runner, prop_oneof![0..40_i64, 0..800_i64]);
    let off = draw(runner, prop_oneof![Just(0), -2..3_i64, 0..DAY]);
    (NOW - days * DAY + off).min(NOW)
}

pub(crate) fn done(runner: &mut TestRunner, kind: &str) -> Done {
    let titles: &'static [&'static str] = &["Spring sale", "Café", "autumn"];
    Done {
        kind: kind.to_owned(),
        at: moment(runner),
        value: draw(runner, proptest::option::of(0..5_i32)).map(f64::from),
        title: draw(
            runner,
            proptest::option::of(proptest::sample::select(titles)),
        )
        .map(str::to_owned),
    }
}

pub(crate) fn world(runner: &mut TestRunner) -> World {
    let workspace = workspace();
    let nick = workspace.field("Nick", FieldKind::Text);
    let seats = workspace.field("Seats", FieldKind::Integer);
    let vip = workspace.field("VIP", FieldKind::YesNo);
    let seen = workspace.field("Seen", FieldKind::DateTime);
    let name = draw(
        runner,
        proptest::sample::select(&["Europe/Berlin", "America/New_York", "UTC"][..]),
    );
    workspace.writing(|writer| writer.set_time_zone(name));
    for kind in KINDS {
        workspace.writing(|writer| writer.add_activity_type(kind, "", NOW));
    }
    let score = workspace.writing(|writer| writer.add_score("Fit", "", &[], NOW));
    let segment = workspace.writing(|writer| {
        writer.connection.execute(
            "INSERT INTO segments (name, created_at, changed_at) VALUES ('Regulars', 0, 0)",
            [],
        )?;
        Ok(crate::SegmentId(writer.connection.last_insert_rowid()))
    });
    let purpose = workspace.writing(|writer| writer.add_purpose("Newsletter", NOW));
    let mut people = BTreeMap::new();
    for at in 0..PEOPLE {
        let mut person = Person::default();
        let mut values = Values::default();
        let mut set = |field: ContactField, key: &str, value: Option<Value>| {
            if let Some(value) = value {
                person.fields.insert(key.to_owned(), value.clone());
                values.set(field, Some(value));
            }
        };
        let cities: &'static [&'static str] = &["Rome", "München", "Oslo", "MUNCHEN", "Rostock"];
        let text = |runner: &mut TestRunner| {
            draw(
                runner,
                proptest::option::of(proptest::sample::select(cities)),
            )
            .map(|text| Value::Text(text.to_owned()))
        };
        set(ContactField::City, "city", text(runner));
        set(ContactField::LastName, "last_name", text(runner));
        set(nick, "custom:Nick", text(runner));
        set(
            seats,
            "custom:Seats",
            draw(runner, proptest::option::of(-3..8_i64)).map(Value::Integer),
        );
        set(
            vip,
            "custom:VIP",
            draw(runner, proptest::option::of(any::<bool>())).map(Value::YesNo),
        );
        let not = draw(runner, any::<bool>());
        set(
            ContactField::DoNotSend,
            "do_not_send",
            Some(Value::YesNo(not)),
        );
        let past = moment(runner);
        let ahead = NOW + (NOW - moment(runner)) / 8;
        let when = draw(
            runner,
            proptest::option::of(proptest::sample::select(vec![past, ahead])),
        );
        set(seen, "custom:Seen", when.map(Value::DateTime));
        let birthday = draw(
            runner,
            proptest::option::of((2024..2028_i16, 1..13_i8, 1..30_i8)),
        );
        let birthday = birthday.and_then(|(year, month, day)| Date::new(year, month, day).ok());
        set(
            ContactField::Birthday,
            "birthday",
            birthday.map(Value::Date),
        );
        let email = format!("p{at}@example.com");
        set(
            ContactField::Email,
            "email",
            Some(Value::Text(email.clone())),
        );
        let id = workspace.writing(|writer| writer.insert_contact(&values, None, NOW));
        for number in 0..draw(runner, 0..3_usize) {
            let industry = draw(
                runner,
                proptest::option::of(proptest::sample::select(cities)),
            );
            let mut fields =
                BTreeMap::from([(AccountField::Name, format!("Company {at}-{number}"))]);
            fields.extend(industry.map(|text| (AccountField::Industry, text.to_owned())));
            workspace.writing(|writer| {
                let account = writer.insert_account(&fields, None, NOW)?;
                writer.set_membership(id, account, AccountRole::Regular, NOW)
            });
            let named = fields
                .into_iter()
                .map(|(field, text)| (field.name().to_owned(), text));
            person.accounts.push(named.collect());
        }
        for kind in KINDS {
            for _ in 0..draw(runner, 0..4_usize) {
                let done = done(runner, kind);
                add(&workspace, id, &done);
                person.activities.push(done);
            }
        }
        if let Some(points) = draw(runner, proptest::option::of(-2..4_i64)) {
            person.points.insert("Fit".to_owned(), points);
            workspace.sql(&format!(
                "INSERT INTO score_points (score_id, contact_id, points) VALUES ({score}, {id}, {points})"
            ));
        }
        if let Some(realized) = draw(runner, proptest::option::of(any::<bool>())) {
            let status = if realized {
                SegmentStatus::Realized
            } else {
                SegmentStatus::Exited
            };
            person.segments.insert("Regulars".to_owned(), status);
            workspace.writing(|writer| writer.set_members(segment, &[id], status, NOW));
        }
        if draw(runner, any::<bool>()) {
            person.lists.insert("Guests".to_owned());
            workspace.writing(|writer| {
                writer.add_to_email_list("Guests", [email.as_str()].into_iter(), NOW)
            });
        }
        if let Some(given) = draw(runner, proptest::option::of(any::<bool>())) {
            person.consents.insert("Newsletter".to_owned(), given);
            let new = NewConsent {
                purpose,
                given: Some(given),
                evidence: Evidence::of(How::ByHand, "fair"),
            };
            workspace.writing(|writer| writer.set_consent(id, &new, NOW));
        }
        for object in ["Lead", "Contact"] {
            if let Some(state) = draw(
                runner,
                proptest::option::of(proptest::sample::select(
                    &["linked", "deleted", "converted"][..],
                )),
            ) {
                person.links.push((object.to_owned(), state.to_owned()));
                workspace.link(id, "org", object, &format!("00Q{object}{at:010}"), None);
                workspace.sql(&format!(
                    "UPDATE links SET state = '{state}' WHERE contact_id = {id} AND object = '{object}'"
                ));
            }
        }
        people.insert(id, person);
    }
    mirrored::add(&workspace, runner, &mut people);
    workspace.writing(|writer| {
        writer.add_to_email_list("Guests", ["nobody@example.com"].into_iter(), NOW)
    });
    // What is known of those who were deleted counts for nothing.
    let gone: Vec<ContactId> = people.keys().copied().step_by(6).collect();
    workspace.writing(|writer| writer.delete_contacts(&gone, NOW));
    people.retain(|id, _| !gone.contains(id));
    let zone = TimeZone::get(name).unwrap();
    World {
        workspace,
        people,
        zone,
    }
}

/// Adds an activity and stamps whose it is.
pub(crate) fn add(workspace: &Workspace, id: ContactId, done: &Done) {
    workspace.writing(|writer| {
        let kind = writer.activity_type_named(&done.kind)?;
        let new = NewActivity {
            kind,
            at: done.at,
            value: done.value,
            url: None,
            title: done.title.clone(),
            note: None,
        };
        writer.insert_activity(id, &new, None)?;
        writer.stamp_contacts(&[id])
    });
}
