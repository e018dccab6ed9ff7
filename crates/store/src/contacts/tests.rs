use proptest::prelude::*;

use crate::testing::{NOW, text, values, workspace};
use crate::{ContactField, ContactId, Date, Decimal, Error, FieldKind, Value};

#[test]
fn a_contact_comes_back_as_it_went_in() {
    let workspace = workspace();
    let id = workspace.add(&[
        (ContactField::FirstName, "Zoë"),
        (ContactField::Email, " Zoe@Example.com "),
    ]);
    let contact = workspace.reading(|reader| reader.contact(id));
    assert_eq!(contact.values.text(ContactField::FirstName), Some("Zoë"));
    assert_eq!(
        contact.values.text(ContactField::Email),
        Some("Zoe@Example.com"),
        "only the ends are trimmed"
    );
    assert_eq!(contact.values.get(ContactField::LastName), None);
    assert_eq!(
        contact.values.get(ContactField::DoNotSend),
        Some(&Value::YesNo(false))
    );
    assert_eq!(
        contact.values.get(ContactField::CreatedAt),
        Some(&Value::DateTime(NOW))
    );
    assert_eq!(
        (contact.created_at, contact.deleted_at, contact.merged_into),
        (NOW, None, None)
    );
    let same = workspace
        .reading(|reader| reader.contact_by_guid(&contact.guid))
        .unwrap();
    assert_eq!(same, contact);
}

#[test]
fn only_what_differs_is_a_change() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::City, "Oslo")]);
    let before = workspace.reading(|reader| reader.contact(id));
    assert!(!workspace.change(id, ContactField::City, Some(text("Oslo"))));
    assert_eq!(
        workspace.reading(|reader| reader.contact(id)),
        before,
        "neither stamp nor time moved"
    );
    assert!(workspace.change(id, ContactField::City, None));
    let after = workspace.reading(|reader| reader.contact(id));
    assert_eq!(after.values.get(ContactField::City), None);
    assert!(after.seq > before.seq && after.changed_at > before.changed_at);
}

#[test]
fn contacts_are_read_in_id_order_with_just_the_fields_asked_for() {
    let workspace = workspace();
    let first = workspace.add(&[(ContactField::FirstName, "A"), (ContactField::City, "X")]);
    let second = workspace.add(&[(ContactField::FirstName, "B")]);
    let read = workspace.reading(|reader| {
        reader.contacts(
            &[second, ContactId(99), first, second],
            &[ContactField::FirstName],
        )
    });
    let names: Vec<_> = read
        .iter()
        .map(|contact| (contact.id, contact.values.text(ContactField::FirstName)))
        .collect();
    assert_eq!(names, [(first, Some("A")), (second, Some("B"))]);
    assert_eq!(
        read[0].values.get(ContactField::City),
        None,
        "it was not asked for"
    );
}

#[test]
fn values_that_do_not_fit_are_refused_with_the_name_of_the_field() {
    let workspace = workspace();
    let whole = workspace.field("Seats", FieldKind::Integer);
    let price = workspace.field("Price", FieldKind::Decimal { scale: 2 });
    let float = workspace.field("Ratio", FieldKind::Float);
    let cases = [
        (ContactField::Email, text("nobody"), "email"),
        (ContactField::Email, text("a b@example.com"), "email"),
        (ContactField::Email, text("a@"), "email"),
        (
            ContactField::FirstName,
            text(&"x".repeat(256)),
            "first_name",
        ),
        (ContactField::FirstName, text("a\0b"), "first_name"),
        (ContactField::Notes, text(&"x".repeat(131_073)), "notes"),
        (ContactField::Birthday, text("1990-01-01"), "birthday"),
        (ContactField::CreatedAt, Value::DateTime(1), "created_at"),
        (whole, Value::Integer(1 << 31), "Seats"),
        (
            price,
            Value::Decimal(Decimal {
                units: 12_345,
                scale: 3,
            }),
            "Price",
        ),
        (
            price,
            Value::Decimal(Decimal {
                units: 10_i64.pow(17),
                scale: 0,
            }),
            "Price",
        ),
        (float, Value::Float(f64::NAN), "Ratio"),
        (float, Value::Float(f64::INFINITY), "Ratio"),
    ];
    for (field, value, name) in cases {
        let refused = workspace.write(|writer| {
            writer.insert_contact(&[(field, value)].into_iter().collect(), None, NOW)
        });
        match refused {
            Err(Error::Refused(message)) => assert!(message.contains(name), "{message}"),
            other => panic!("{field}: {other:?}"),
        }
    }
    assert_eq!(
        workspace.number("SELECT count(*) FROM contacts"),
        0,
        "nothing of it was kept"
    );
}

#[test]
fn the_longest_texts_are_taken_whole() {
    let workspace = workspace();
    let (line, notes) = ("é".repeat(255), "語".repeat(131_072));
    let id = workspace.add(&[
        (ContactField::FirstName, &line),
        (ContactField::Notes, &notes),
    ]);
    let contact = workspace.reading(|reader| reader.contact(id));
    assert_eq!(
        contact.values.text(ContactField::FirstName),
        Some(line.as_str())
    );
    assert_eq!(
        contact.values.text(ContactField::Notes),
        Some(notes.as_str())
    );
}

#[test]
fn who_shares_an_email_is_considered_again_when_a_claim_moves() {
    let workspace = workspace();
    let shared = [(ContactField::Email, "Info@Example.com")];
    let (first, second) = (
        workspace.add(&shared),
        workspace.add(&[(ContactField::Email, "info@example.COM")]),
    );
    let stranger = workspace.add(&[(ContactField::Email, "other@example.com")]);
    let mut seen = workspace.seq(second);
    let mut moved = |what: &str| {
        let seq = workspace.seq(second);
        assert!(seq > seen, "{what}");
        seen = seq;
    };
    assert!(workspace.change(first, ContactField::DoNotSend, Some(Value::YesNo(true))));
    moved("not to be sent");
    assert!(workspace.change(first, ContactField::Email, Some(text("new@example.com"))));
    moved("gave the e-mail up");
    assert!(workspace.change(first, ContactField::Email, Some(text("info@example.com"))));
    moved("claims the e-mail again");
    let act = workspace.writing(|writer| writer.delete_contacts(&[first], NOW));
    moved("deleted");
    workspace.writing(|writer| writer.undo(act, NOW));
    moved("back again");
    let untouched = workspace.seq(second);
    assert!(workspace.change(first, ContactField::City, Some(text("Rome"))));
    assert_eq!(workspace.seq(second), untouched, "a city claims nothing");
    assert_eq!(
        workspace.seq(stranger),
        3,
        "another e-mail is never touched"
    );
}

#[test]
fn custom_fields_have_names_that_mapping_text_can_hold() {
    let workspace = workspace();
    let field = workspace.field("Größe", FieldKind::Text);
    let named = |name: &str| workspace.read(|reader| reader.field_named(name));
    assert_eq!(named("custom:grÖSSE").ok(), None);
    assert_eq!(named("custom:GRÖßE").unwrap(), field);
    assert_eq!(named("größe").unwrap(), field);
    assert_eq!(named("email").unwrap(), ContactField::Email);
    assert_eq!(
        workspace.reading(|reader| reader.field_name(field)),
        "custom:Größe"
    );
    assert_eq!(
        workspace.reading(|reader| reader.field_name(ContactField::Email)),
        "email"
    );
    let long = "x".repeat(81);
    for unfit in [
        "", " ", "a=b", "a;b", "{a}", "a\"b", "50%", "a\nb", "Email", "größE", "@x", "custom:y",
        &long,
    ] {
        let refused =
            workspace.write(|writer| writer.add_custom_field(unfit, FieldKind::Text, NOW));
        assert!(
            matches!(refused, Err(Error::Refused(_) | Error::NameTaken { .. })),
            "{unfit}"
        );
    }
}

#[test]
fn five_hundred_custom_fields_are_the_most() {
    let workspace = workspace();
    workspace.writing(|writer| {
        (0..500).try_for_each(|at| {
            writer
                .add_custom_field(&format!("field {at}"), FieldKind::Text, NOW)
                .map(drop)
        })
    });
    let refused =
        workspace.write(|writer| writer.add_custom_field("one more", FieldKind::Text, NOW));
    assert!(matches!(refused, Err(Error::Refused(_))));
    let last = workspace.reading(|reader| reader.field_named("field 499"));
    let id = workspace.writing(|writer| {
        writer.insert_contact(&[(last, text("x"))].into_iter().collect(), None, NOW)
    });
    assert_eq!(
        workspace
            .reading(|reader| reader.contact(id))
            .values
            .text(last),
        Some("x")
    );
}

#[test]
fn a_decimal_is_brought_to_the_scale_of_its_field_without_loss() {
    let workspace = workspace();
    let price = workspace.field("Price", FieldKind::Decimal { scale: 2 });
    for (given, kept) in [
        ((25, 1), 250),
        ((12_300, 3), 1230),
        ((0, 18), 0),
        ((-7, 0), -700),
    ] {
        let value = Value::Decimal(Decimal {
            units: given.0,
            scale: given.1,
        });
        let id = workspace.writing(|writer| {
            writer.insert_contact(&[(price, value)].into_iter().collect(), None, NOW)
        });
        let read = workspace
            .reading(|reader| reader.contact(id))
            .values
            .get(price)
            .cloned();
        assert_eq!(
            read,
            Some(Value::Decimal(Decimal {
                units: kept,
                scale: 2
            }))
        );
    }
}

fn any_value() -> impl Strategy<Value = (FieldKind, Value)> {
    let decimal = (
        0_u8..=18,
        -999_999_999_999_999_999_i64..=999_999_999_999_999_999,
    )
        .prop_map(|(scale, units)| {
            (
                FieldKind::Decimal { scale },
                Value::Decimal(Decimal { units, scale }),
            )
        });
    let date = (0_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| {
        (
            FieldKind::Date,
            Value::Date(Date::constant(year, month, day)),
        )
    });
    prop_oneof![
        "[^\0]{1,80}"
            .prop_filter("not blank", |text| !text.trim().is_empty())
            .prop_map(|text| (FieldKind::Text, Value::Text(text))),
        "(?s)[^\0]{1,300}"
            .prop_filter("not blank", |text| !text.trim().is_empty())
            .prop_map(|text| (FieldKind::LongText, Value::Text(text))),
        any::<i32>().prop_map(|number| (FieldKind::Integer, Value::Integer(number.into()))),
        any::<i64>().prop_map(|number| (FieldKind::LongInteger, Value::Integer(number))),
        decimal,
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(|number| (FieldKind::Float, Value::Float(number))),
        any::<bool>().prop_map(|yes| (FieldKind::YesNo, Value::YesNo(yes))),
        date,
        (-60_000_000_000_000_i64..=250_000_000_000_000)
            .prop_map(|millis| (FieldKind::DateTime, Value::DateTime(millis))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn every_kind_of_value_comes_back_from_a_custom_field((kind, value) in any_value()) {
        let workspace = crate::testing::workspace();
        let field = workspace.field("Own", kind);
        let id = workspace.add(&[]);
        prop_assert!(workspace.change(id, field, Some(value.clone())));
        prop_assert!(!workspace.change(id, field, Some(value.clone())), "the same again is no change");
        let read = workspace.reading(|reader| reader.contacts(&[id], &[field]));
        prop_assert_eq!(read[0].values.get(field), Some(&value));
        prop_assert_eq!(read[0].values.iter().count(), 1);
    }
}

#[test]
fn two_processes_lose_nothing_of_each_other() {
    let workspace = workspace();
    let other = crate::Store::open(&workspace.path(), crate::OpenOptions::default(), NOW).unwrap();
    let write = |store: &crate::Store, name: &str| {
        for at in 0..50 {
            let one = values(&[(ContactField::FirstName, &format!("{name} {at}"))]);
            store
                .write(|writer| writer.insert_contact(&one, None, NOW))
                .unwrap();
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| write(&workspace.store, "here"));
        scope.spawn(|| write(&other, "there"));
    });
    assert_eq!(workspace.number("SELECT count(*) FROM contacts"), 100);
    assert_eq!(
        workspace.number("SELECT count(DISTINCT seq) FROM contacts"),
        100,
        "each write has a number of its own"
    );
    assert_eq!(other.read(|reader| reader.sequence()).unwrap(), 100);
}

#[test]
fn a_new_time_zone_makes_every_contact_be_considered_again() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::City, "Rome")]);
    let before = workspace.seq(id);
    workspace.writing(|writer| writer.set_time_zone("UTC"));
    assert_eq!(workspace.seq(id), before, "it was UTC already");
    workspace.writing(|writer| writer.set_time_zone("Europe/Rome"));
    assert!(workspace.seq(id) > before);
    assert!(matches!(
        workspace.write(|writer| writer.set_time_zone("Mars/Base")),
        Err(Error::Refused(_))
    ));
    assert_eq!(
        workspace.reading(|reader| reader.time_zone()),
        "Europe/Rome"
    );
}
