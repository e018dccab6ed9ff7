//! What is exported opens safely in a spreadsheet, and comes back unchanged.

use std::path::PathBuf;

use leadferry_commands::contacts::{Chosen, ContactsFilter, ContactsSort, ExportRequest};
use leadferry_commands::imports::{ImportOutcome, ImportRequest};
use leadferry_commands::{Workspace, contacts, rules, segments};
use leadferry_store::{Condition, ContactField, Date, Decimal, FieldKind, Operator, Value, Values};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::Machine;

/// 2026-03-01, UTC.
const NOW: i64 = 1_772_323_200_000;

const KINDS: &[(&str, FieldKind)] = &[
    ("Line", FieldKind::Text),
    ("Story", FieldKind::LongText),
    ("Count", FieldKind::Integer),
    ("Big count", FieldKind::LongInteger),
    ("Price", FieldKind::Decimal { scale: 3 }),
    ("Ratio", FieldKind::Float),
    ("Agreed", FieldKind::YesNo),
    ("Day", FieldKind::Date),
    ("=Moment, or -so", FieldKind::DateTime),
];

/// Text made of what spreadsheets, delimiters and trimming could spoil.
fn text() -> impl Strategy<Value = Value> {
    let pieces = prop::sample::select(vec![
        "=",
        "+",
        "-",
        "@",
        "＝",
        "＠",
        "'",
        "\"",
        "\"\"",
        ",",
        ";",
        "|",
        "\t",
        "\r\n",
        "\n",
        "\r",
        " ",
        "\u{a0}",
        "\u{200b}",
        "\u{202e}",
        "\u{feff}",
        "0",
        "43 1",
        "cmd|' /C calc'!A0",
        "Zoë",
        ":::",
        "1,234",
        "DE",
        "TRUE",
        "\u{1b}[31m",
    ]);
    prop::collection::vec(pieces, 1..8)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("blank text is no value", |text| !text.trim().is_empty())
        .prop_map(Value::Text)
}

fn value(kind: FieldKind) -> BoxedStrategy<Value> {
    match kind {
        FieldKind::Text | FieldKind::LongText => text().boxed(),
        FieldKind::Integer => any::<i32>().prop_map(|n| Value::Integer(n.into())).boxed(),
        FieldKind::LongInteger => any::<i64>().prop_map(Value::Integer).boxed(),
        FieldKind::Decimal { scale } => (-999_999_999_999_999_999_i64..=999_999_999_999_999_999)
            .prop_map(move |units| Value::Decimal(Decimal { units, scale }))
            .boxed(),
        FieldKind::Float => any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Value::Float)
            .boxed(),
        FieldKind::YesNo => any::<bool>().prop_map(Value::YesNo).boxed(),
        FieldKind::Date => (0_i16..=9999, 1_i8..=12, 1_i8..=28)
            .prop_map(|(year, month, day)| Value::Date(Date::constant(year, month, day)))
            .boxed(),
        FieldKind::DateTime => (-60_000_000_000_000_i64..=250_000_000_000_000)
            .prop_map(Value::DateTime)
            .boxed(),
    }
}

/// Half of the fields of a contact, filled at random; the email is what identifies.
fn person(fields: &[(ContactField, FieldKind)]) -> impl Strategy<Value = Values> + use<> {
    let each: Vec<_> = fields
        .iter()
        .map(|(field, kind)| (Just(*field), prop::option::of(value(*kind))))
        .collect();
    each.prop_map(|pairs| {
        let filled = pairs
            .into_iter()
            .filter_map(|(field, value)| Some((field, value?)));
        filled.collect()
    })
}

fn fields(workspace: &Workspace) -> Vec<(ContactField, FieldKind)> {
    let read = workspace
        .store()
        .read::<_, leadferry_store::Error>(|reader| {
            let fields = reader
                .all_fields()?
                .into_iter()
                .filter(|field| field.is_writable());
            let kinds = fields.map(|field| Ok((field, reader.field_kind(field)?)));
            kinds.collect()
        });
    read.unwrap()
}

fn add(workspace: &Workspace, number: usize, mut values: Values) {
    let email = ["ada", "=ada", "-ada", "+ada"][number % 4];
    let email = format!("{email}{number}@example.com");
    values.set(ContactField::Email, Some(Value::Text(email)));
    values.set(
        ContactField::Email2,
        Some(Value::Text("+two@example.com".to_owned())),
    );
    let added = |writer: &leadferry_store::Writer<'_>| writer.insert_contact(&values, None, NOW);
    workspace
        .store()
        .write::<_, leadferry_store::Error>(added)
        .unwrap();
}

fn workspace(machine: &Machine) -> Workspace {
    let workspace = machine.create();
    for (name, kind) in KINDS {
        let name = name.replace(['=', ','], "-");
        let add = |writer: &leadferry_store::Writer<'_>| writer.add_custom_field(&name, *kind, NOW);
        workspace
            .store()
            .write::<_, leadferry_store::Error>(add)
            .unwrap();
    }
    workspace
}

fn everyone(workspace: &Workspace) {
    let tree = rules::read_tree(r#"{"field": "email", "op": "is_set"}"#).unwrap();
    segments::add(workspace, "Everyone", "", tree).unwrap();
}

fn back(machine: &Machine, workspace: &Workspace, name: &str) -> ImportOutcome {
    let file = machine.folder().join(name);
    segments::export(workspace, "Everyone", &file).unwrap();
    brought_back(workspace, file)
}

fn brought_back(workspace: &Workspace, file: PathBuf) -> ImportOutcome {
    let request = ImportRequest {
        file,
        create_custom_fields: true,
        again: true,
        ..ImportRequest::default()
    };
    contacts::import(workspace, &request, &|| true).unwrap()
}

#[test]
fn an_export_that_is_imported_again_changes_nothing() {
    let config = Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    };
    let (machine, mut runner) = (Machine::new(), TestRunner::new(config));
    let workspace = workspace(&machine);
    let fields = fields(&workspace);
    let people = std::cell::Cell::new(0);
    everyone(&workspace);
    runner
        .run(&prop::collection::vec(person(&fields), 1..20), |made| {
            for values in made {
                people.set(people.get() + 1);
                add(&workspace, people.get(), values);
            }
            for name in ["everyone.csv", "everyone.xlsx"] {
                let outcome = back(&machine, &workspace, name);
                prop_assert_eq!(outcome.unchanged, people.get() as u64, "{:?}", outcome);
                prop_assert_eq!(outcome.rows, people.get() as u64);
                prop_assert_eq!(outcome.custom_fields_created, Vec::<String>::new());
                prop_assert_eq!(outcome.columns_ignored, Vec::<String>::new());
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_phone_number_stays_readable_and_a_formula_becomes_text() {
    let machine = Machine::new();
    let workspace = workspace(&machine);
    let text = |text: &str| Value::Text(text.to_owned());
    let values = [
        (ContactField::BusinessPhone, text("+43 1 5550101")),
        (
            ContactField::LastName,
            text("=HYPERLINK(\"http://evil.example\")"),
        ),
        (ContactField::City, text("Oslo;@SUM(A1)")),
    ];
    add(&workspace, 0, values.into_iter().collect());
    everyone(&workspace);
    assert_eq!(back(&machine, &workspace, "everyone.csv").unchanged, 1);
    let written = std::fs::read_to_string(machine.folder().join("everyone.csv")).unwrap();
    assert!(written.contains(",+43 1 5550101,"), "{written}");
    assert!(written.contains(",\"'=HYPERLINK("), "{written}");
    assert!(written.contains(",Oslo;'@SUM(A1),"), "{written}");
}

#[cfg(unix)]
#[test]
fn an_export_replaces_a_file_and_nothing_else() {
    let machine = Machine::new();
    let workspace = workspace(&machine);
    add(&workspace, 0, Values::default());
    everyone(&workspace);
    let at = |name: &str| machine.folder().join(name);
    for name in ["list.half", "victim", "list.csv"] {
        std::fs::write(at(name), "mine").unwrap();
    }
    std::os::unix::fs::symlink(at("victim"), at("link.csv")).unwrap();
    segments::export(&workspace, "Everyone", &at("list.csv")).unwrap();
    assert_ne!(std::fs::read(at("list.csv")).unwrap(), b"mine");
    let backup = at("backup.csv");
    std::fs::copy(workspace.store().path(), &backup).unwrap();
    for refused in ["link.csv", "data", "backup.csv", "list.ods"] {
        segments::export(&workspace, "Everyone", &at(refused)).unwrap_err();
    }
    for name in ["list.half", "victim"] {
        assert_eq!(std::fs::read(at(name)).unwrap(), b"mine", "{name}");
    }
}

fn named(first: &str, last: &str, city: &str) -> Values {
    let text = |text: &str| Value::Text(text.to_owned());
    [
        (ContactField::FirstName, text(first)),
        (ContactField::LastName, text(last)),
        (ContactField::City, text(city)),
    ]
    .into_iter()
    .collect()
}

fn in_oslo() -> ContactsFilter {
    ContactsFilter {
        conditions: vec![Condition {
            field: "city".to_owned(),
            op: Operator::Equals,
            value: "Oslo".into(),
        }],
        ..ContactsFilter::default()
    }
}

#[test]
fn chosen_columns_of_filtered_contacts_are_written_in_the_order_of_the_list() {
    let machine = Machine::new();
    let workspace = workspace(&machine);
    for (at, (first, last, city)) in [
        ("Ada", "Young", "Oslo"),
        ("Bob", "Abel", "Rome"),
        ("Cid", "Baker", "Oslo"),
        ("Dan", "Xu", "Oslo"),
    ]
    .into_iter()
    .enumerate()
    {
        add(&workspace, at, named(first, last, city));
    }
    let request = ExportRequest {
        chosen: Chosen::Filtered {
            filter: in_oslo(),
            except: vec!["+ada3@example.com".to_owned()],
        },
        sort: Some(ContactsSort {
            column: "name".to_owned(),
            descending: false,
        }),
        columns: ["name", "city", "custom:Line", "salesforce"]
            .map(str::to_owned)
            .into(),
        place: machine.folder().join("oslo.csv"),
    };
    assert_eq!(contacts::export(&workspace, &request).unwrap(), 2);
    let written = std::fs::read_to_string(&request.place).unwrap();
    let lines: Vec<_> = written.lines().map(|line| line.split_once(',')).collect();
    let cells: Vec<_> = lines.into_iter().map(|line| line.unwrap().1).collect();
    assert_eq!(
        cells,
        [
            "Full name (calculated),City,Line,Salesforce status (calculated)",
            "Cid Baker,Oslo,,Not sent yet",
            "Ada Young,Oslo,,Not sent yet"
        ]
    );
    let outcome = brought_back(&workspace, request.place);
    assert_eq!((outcome.unchanged, outcome.created), (2, 0));
    assert_eq!(outcome.custom_fields_created, Vec::<String>::new());
}

#[test]
fn named_contacts_are_written_in_the_order_in_which_they_are_named() {
    let machine = Machine::new();
    let workspace = workspace(&machine);
    for (at, first) in ["Ada", "Bob", "Cid"].into_iter().enumerate() {
        add(&workspace, at, named(first, "Name", "Oslo"));
    }
    let request = ExportRequest {
        chosen: Chosen::named(["-ada2@example.com", "ada0@example.com"]),
        sort: None,
        columns: vec!["first_name".to_owned()],
        place: machine.folder().join("two.csv"),
    };
    assert_eq!(contacts::export(&workspace, &request).unwrap(), 2);
    let written = std::fs::read_to_string(&request.place).unwrap();
    let firsts: Vec<_> = written
        .lines()
        .filter_map(|line| line.split(',').nth(1))
        .collect();
    assert_eq!(firsts, ["First name", "Cid", "Ada"]);
}

#[test]
fn who_was_exported_is_known_again_without_an_email_and_with_another_one() {
    let machine = Machine::new();
    let workspace = workspace(&machine);
    add(&workspace, 0, named("Ada", "Byron", "London"));
    let plain = |writer: &leadferry_store::Writer<'_>| {
        writer.insert_contact(&named("Bob", "Byron", "Oslo"), None, NOW)
    };
    workspace
        .store()
        .write::<_, leadferry_store::Error>(plain)
        .unwrap();
    let file = machine.folder().join("two.csv");
    let all = ExportRequest::all_fields(ContactsFilter::default(), &file);
    contacts::export(&workspace, &all).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let moved = text.replace("ada0@example.com", "ada.new@example.com");
    std::fs::write(&file, moved).unwrap();
    let trial = ImportRequest {
        file: file.clone(),
        again: true,
        ..ImportRequest::default()
    };
    let tried = contacts::try_out(&workspace, &trial, &|| true).unwrap();
    assert_eq!((tried.created, tried.updated, tried.unchanged), (0, 1, 1));
    let outcome = brought_back(&workspace, file);
    assert_eq!(
        (outcome.created, outcome.updated, outcome.unchanged),
        (0, 1, 1)
    );
    let ada = contacts::show(&workspace, "ada.new@example.com").unwrap();
    assert_eq!(ada.fields["city"], "London");
}
