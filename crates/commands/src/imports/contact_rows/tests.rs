//! What rows of different programs say about a contact.

use super::*;
use crate::imports::columns::Sample;
use crate::imports::dates::DateManner;
use crate::imports::headers::{Known, match_columns};
use crate::imports::numbers::DecimalSign;
use crate::imports::values::Manner;
use crate::imports::{DateOrder, ImportRequest};

fn layout(names: &[&str], request: &ImportRequest) -> Layout {
    let header: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let sample = Sample::default();
    let known = Known {
        request,
        custom: &[],
        purposes: &[],
        fixed: &[],
        sample: &sample,
        sign: DecimalSign::Point,
        exported: false,
    };
    let matched = match_columns(&header, &known).unwrap();
    let dates = DateManner {
        order: DateOrder::Dmy,
        latest: 2026,
        mixed: false,
    };
    let manner = Manner {
        dates,
        sign: DecimalSign::Point,
        zone: jiff::tz::TimeZone::UTC,
    };
    let columns = matched
        .into_iter()
        .map(|matched| Column {
            matched,
            manner: manner.clone(),
        })
        .collect();
    Layout::new(
        &Columns {
            columns,
            sample: Sample::default(),
            warnings: Vec::new(),
            exported: false,
        },
        None,
        false,
    )
}

fn read_with(request: &ImportRequest, cells: &[(&str, &str)]) -> Result<Draft, RowFault> {
    let names: Vec<&str> = cells.iter().map(|cell| cell.0).collect();
    let text: String = cells.iter().map(|cell| cell.1).collect();
    let ends: Vec<usize> = cells
        .iter()
        .scan(0, |end, cell| {
            *end += cell.1.len();
            Some(*end)
        })
        .collect();
    let row = Row {
        number: 2,
        lines: 1,
        cells: Cells::new(&text, &ends),
        starts: &[],
        raw: b"",
        fault: None,
        unfinished: false,
    };
    layout(&names, request).read(&row, &mut Memory::default())
}

fn read(cells: &[(&str, &str)]) -> Vec<String> {
    let draft = read_with(&ImportRequest::default(), cells).unwrap();
    draft
        .values
        .iter()
        .map(|(field, value)| match value {
            Value::Text(text) => format!("{field}={text}"),
            Value::Date(date) => format!("{field}={date}"),
            other => format!("{field}={other:?}"),
        })
        .collect()
}

#[test]
fn the_first_filled_e_mail_identifies_and_the_next_is_the_second() {
    let cells = [
        ("Email Work", ""),
        ("Email Home", "Home@Example.com"),
        ("Email Other", "other@example.com"),
    ];
    assert_eq!(
        read(&cells),
        ["email=Home@Example.com", "email_2=other@example.com"]
    );
    let cells = [
        ("E-mail 1 - Value", "a@example.com ::: b@example.com"),
        ("E-mail 2 - Value", "A@example.com"),
    ];
    assert_eq!(
        read(&cells),
        ["email=a@example.com", "email_2=b@example.com"]
    );
}

#[test]
fn a_whole_name_counts_only_without_a_last_one() {
    assert_eq!(
        read(&[
            ("Display Name", "Ada Byron"),
            ("First Name", ""),
            ("Last Name", "")
        ]),
        ["first_name=Ada", "last_name=Byron"]
    );
    assert_eq!(
        read(&[
            ("Display Name", "Countess"),
            ("First Name", "Ada"),
            ("Last Name", "")
        ]),
        ["first_name=Ada", "last_name=Countess"]
    );
    assert_eq!(
        read(&[("Name", "ada@example.com"), ("Email", "ada@example.com")]),
        ["email=ada@example.com"]
    );
}

#[test]
fn addresses_are_not_mixed() {
    let cells = [
        ("Home Street", "1 Home Rd"),
        ("Home City", "Hometown"),
        ("Business City", "Worktown"),
        ("Business Street", ""),
    ];
    assert_eq!(read(&cells), ["city=Worktown"]);
    let cells = [
        ("Home Street", "1 Home Rd"),
        ("Home City", "Hometown"),
        ("Business City", " "),
    ];
    assert_eq!(read(&cells), ["address_line1=1 Home Rd", "city=Hometown"]);
}

#[test]
fn phones_go_where_their_kind_says() {
    let cells = [
        ("Phone 1 - Type", "Pager"),
        ("Phone 1 - Value", "1"),
        ("Phone 2 - Type", "* Mobile"),
        ("Phone 2 - Value", "2 ::: 22"),
        ("Phone 3 - Type", "Work Fax"),
        ("Phone 3 - Value", "3"),
        ("Phone 4 - Label", ""),
        ("Phone 4 - Value", "4"),
    ];
    assert_eq!(
        read(&cells),
        ["business_phone=4", "mobile_phone=2", "fax=3"]
    );
}

#[test]
fn a_birthday_comes_together_from_its_parts() {
    assert_eq!(
        read(&[
            ("Birth Year", "1970"),
            ("Birth Month", "1"),
            ("Birth Day", "5")
        ]),
        ["birthday=1970-01-05"]
    );
    assert_eq!(
        read(&[("Birth Year", ""), ("Birth Month", "1"), ("Birth Day", "5")]),
        Vec::<String>::new()
    );
}

#[test]
fn places_become_codes_where_they_can_be_resolved() {
    assert_eq!(
        read(&[("Country", "Deutschland"), ("State", "Bayern")]),
        ["state=DE-BY", "country=DE"]
    );
    assert_eq!(
        read(&[("Country", "Atlantis"), ("State", "Bayern")]),
        ["state=Bayern", "country=Atlantis"]
    );
}

#[test]
fn opt_out_columns_say_yes_or_nothing() {
    assert_eq!(
        read(&[("Unsubscribed", "yes"), ("City", "x")]),
        ["city=x", "email_opt_out=YesNo(true)"]
    );
    assert_eq!(read(&[("Unsubscribed", "no"), ("City", "x")]), ["city=x"]);
    assert_eq!(
        read(&[("Marketing contact status", "unsubscribed")]),
        ["email_opt_out=YesNo(true)"]
    );
    let never = read(&[("Marketing contact status", "Non-marketing contact")]);
    assert!(never.is_empty(), "that is no answer: {never:?}");
    let told = ImportRequest {
        map: vec![("Unsubscribed".into(), "do_not_send".into())],
        ..ImportRequest::default()
    };
    let draft = read_with(&told, &[("Unsubscribed", "no")]).unwrap();
    assert_eq!(
        draft.values.get(ContactField::DoNotSend),
        Some(&Value::YesNo(false))
    );
}

#[test]
fn a_cell_that_does_not_fit_is_blamed_by_its_column() {
    let fault = read_with(
        &ImportRequest::default(),
        &[("City", "x"), ("Email", "nobody")],
    )
    .unwrap_err();
    assert_eq!(
        fault,
        RowFault {
            column: Some(1),
            reason: "this isn't an email address".into()
        }
    );
    let found = read(&[("City", "Linz"), ("Birthday", "soon")]);
    assert_eq!(found, ["city=Linz"], "a contact can do without it");
}

#[test]
fn emails_and_phone_numbers_in_a_column_of_names_are_no_names() {
    let rows = |name: &str, contact: &str| read(&[("Name", name), ("Kontakt", contact)]);
    for (contact, expected) in [
        ("zoe@example.com", vec!["email=zoe@example.com"]),
        (
            "zoe@example.com / 0170 1234567",
            vec!["email=zoe@example.com", "business_phone=0170 1234567"],
        ),
        ("+49 170 7654321", vec!["business_phone=+49 170 7654321"]),
    ] {
        let found = rows("Zoe Roth", contact);
        for part in &expected {
            assert!(
                found.iter().any(|value| value == part),
                "{part} isn't in {found:?}"
            );
        }
        assert_eq!(found.len(), 2 + expected.len(), "{found:?}");
    }
    assert!(
        rows("12345", "")
            .iter()
            .any(|value| value.ends_with("name=12345"))
    );
}
