//! Files as different programs write them.

use std::ops::ControlFlow;

use leadferry_commands::imports::{Error, ImportRequest, Sureness, preview};
use leadferry_store::{ContactField, Value};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::trial::{Trial, sample};

fn yes() -> Option<Value> {
    Some(Value::YesNo(true))
}

#[test]
fn a_hubspot_export_comes_in_whole() {
    let trial = Trial::new();
    let outcome = trial.bring("hubspot.csv", sample("hubspot.csv"));
    assert_eq!((outcome.created, outcome.faulty), (3, 0));
    assert_eq!(outcome.columns_ignored, ["Record ID", "Create Date"]);
    assert_eq!(trial.text("zoe.arnes@nordlys.example", "first_name"), "Zoë");
    assert_eq!(trial.text("zoe.arnes@nordlys.example", "country"), "NO");
    assert_eq!(
        trial.text("tomas@obrien.example", "company_name"),
        "O’Brien, Sons & Daughters"
    );
    assert_eq!(
        trial.value("tomas@obrien.example", "email_opt_out"),
        None,
        "a non-marketing contact has refused nothing"
    );
    assert_eq!(
        trial.text("info@kiosk.example", "business_phone"),
        "030 123456"
    );
}

#[test]
fn a_google_export_comes_in_whole() {
    let trial = Trial::new();
    let outcome = trial.bring("google.csv", sample("google.csv"));
    assert_eq!((outcome.created, outcome.faulty), (2, 0));
    let expected = [
        ("first_name", "Mina"),
        ("email_2", "mina.park@mail.example"),
        ("mobile_phone", "+82 10 1111 2222"),
        ("fax", "+82 2 555 6666"),
        ("postal_code", "03145"),
        ("country", "KR"),
        ("job_title", "Guide"),
        ("notes", "met at the fair\ncall in May"),
    ];
    for (field, text) in expected {
        assert_eq!(trial.text("mina@hanok.example", field), text, "{field}");
    }
    assert_eq!(
        trial.value("mina@hanok.example", "birthday"),
        Some(Value::Date(jiff::civil::date(1984, 5, 6)))
    );
    assert_eq!(
        trial.text("lin@tea.example", "last_name"),
        "林",
        "a name is split where no separate one is filled, a Chinese one behind its family name"
    );
}

#[test]
fn a_german_outlook_export_in_windows_1252_comes_in_whole() {
    let trial = Trial::new();
    let request = trial.request("outlook.csv", sample("outlook-german.csv"));
    let preview = preview(&trial.store, &request, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(
        (preview.encoding.as_deref(), preview.delimiter),
        (Some("windows-1252"), Some(';'))
    );
    let outcome = trial.import(&request);
    assert_eq!((outcome.created, outcome.faulty), (2, 0));
    assert_eq!(
        trial.text("j.groess@mueller.example", "company_name"),
        "Müller & Söhne GmbH"
    );
    assert_eq!(
        trial.text("j.groess@mueller.example", "address_line1"),
        "Königstraße 5"
    );
    assert_eq!(
        trial.text("j.groess@mueller.example", "postal_code"),
        "01067"
    );
    assert_eq!(
        trial.value("j.groess@mueller.example", "birthday"),
        Some(Value::Date(jiff::civil::date(1970, 12, 24)))
    );
    assert_eq!(
        trial.text("bjoern@strom.example", "company_name"),
        "Ström; Licht"
    );
    assert_eq!(trial.value("bjoern@strom.example", "email_opt_out"), yes());
}

#[test]
fn thunderbird_roundcube_and_mautic_exports_come_in_whole() {
    let trial = Trial::new();
    for (name, people) in [
        ("thunderbird.csv", 1),
        ("roundcube.csv", 2),
        ("mautic.csv", 2),
    ] {
        let outcome = trial.bring(name, sample(name));
        assert_eq!(
            (outcome.created, outcome.faulty),
            (people, 0),
            "{name}: {:?}",
            outcome.faults
        );
    }
    assert_eq!(trial.text("ines@duarte.example", "state"), "US-TX");
    assert_eq!(trial.text("ines@duarte.example", "fax"), "333");
    assert_eq!(
        trial.value("ines@duarte.example", "birthday"),
        Some(Value::Date(jiff::civil::date(1991, 2, 3)))
    );
    assert_eq!(trial.text("ravi@home.example", "salutation"), "Dr.");
    assert_eq!(trial.text("ravi@home.example", "job_title"), "Surgeon");
    assert_eq!(trial.text("ravi@home.example", "city"), "Mumbai");
    assert_eq!(trial.text("p.moor@bros.example", "salutation"), "Mrs.");
    assert_eq!(trial.text("jean@erables.example", "last_name"), "Cloutier");
    assert_eq!(trial.text("jean@erables.example", "state"), "CA-QC");
}

#[test]
fn every_encoding_brings_the_same_people() {
    let text = "first name,last name,email\r\nJosé,Nuñez,jose@example.com\r\nAda,Byron,ada@example.com\r\n";
    let wide = |to_bytes: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        format!("{mark}{text}")
            .encode_utf16()
            .flat_map(to_bytes)
            .collect()
    };
    let files = [
        ("utf-8", text.as_bytes().to_vec()),
        ("utf-8-bom", format!("\u{feff}{text}").into_bytes()),
        ("utf-16le-bom", wide(u16::to_le_bytes, "\u{feff}")),
        ("utf-16be-bom", wide(u16::to_be_bytes, "\u{feff}")),
        ("utf-16le", wide(u16::to_le_bytes, "")),
        ("utf-16be", wide(u16::to_be_bytes, "")),
        (
            "windows-1252",
            encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
        ),
    ];
    for (name, bytes) in files {
        let trial = Trial::new();
        let outcome = trial.bring(name, bytes);
        assert_eq!((outcome.created, outcome.rows), (2, 2), "{name}");
        assert_eq!(
            trial.all(ContactField::LastName),
            ["Nuñez", "Byron"],
            "{name}"
        );
    }
}

#[test]
fn an_encoding_can_be_told() {
    let trial = Trial::new();
    let bytes = encoding_rs::ISO_8859_2
        .encode("name,email\nŁukasz Żak,l@example.com\n")
        .0
        .into_owned();
    let request = ImportRequest {
        encoding: Some("iso-8859-2".into()),
        ..trial.request("polish.csv", bytes)
    };
    trial.import(&request);
    assert_eq!(trial.text("l@example.com", "last_name"), "Żak");
    let request = ImportRequest {
        encoding: Some("klingon".into()),
        ..request
    };
    assert!(matches!(
        trial.try_import(&request),
        Err(Error::UnknownEncoding(_))
    ));
}

#[test]
fn every_dialect_brings_the_same_people() {
    for (delimiter, quote, line_end) in [
        (",", "\"", "\n"),
        (";", "\"", "\r\n"),
        ("\t", "\"", "\r"),
        ("|", "\"", "\n"),
        (",", "'", "\n"),
    ] {
        let rows = [
            ["first name", "last name", "email", "notes"],
            ["Ada", "O Neil", "ada@example.com", "a, b; c | d"],
        ];
        let line = |row: &[&str; 4]| {
            row.map(|cell| format!("{quote}{cell}{quote}"))
                .join(delimiter)
                + line_end
        };
        let trial = Trial::new();
        let outcome = trial.bring("people.csv", rows.iter().map(line).collect::<String>());
        assert_eq!(outcome.created, 1, "{delimiter:?}");
        assert_eq!(
            trial.text("ada@example.com", "notes"),
            "a, b; c | d",
            "{delimiter:?}"
        );
    }
}

#[test]
fn a_line_that_names_the_separator_is_obeyed() {
    let trial = Trial::new();
    trial.bring(
        "excel.csv",
        "sep=;\r\nName;Email\r\nAda Byron;ada@example.com\r\n",
    );
    assert_eq!(trial.text("ada@example.com", "last_name"), "Byron");
}

#[test]
fn a_spreadsheet_comes_in_as_it_looks() {
    let trial = Trial::new();
    let file = trial.path("people.xlsx");
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet();
    for (column, name) in [
        "First name",
        "Email",
        "Postal code",
        "Birthday",
        "Phone",
        "Unsubscribed",
    ]
    .iter()
    .enumerate()
    {
        sheet
            .write(0, u16::try_from(column).unwrap(), *name)
            .unwrap();
    }
    sheet.write(1, 0, "Ada").unwrap();
    sheet.write(1, 1, "ada@example.com").unwrap();
    sheet.write(1, 2, 10115).unwrap();
    sheet
        .write_with_format(
            1,
            3,
            ExcelDateTime::from_ymd(1815, 12, 10)
                .unwrap_or(ExcelDateTime::from_ymd(1915, 12, 10).unwrap()),
            &date,
        )
        .unwrap();
    sheet.write(1, 4, 491_234_567_890_i64).unwrap();
    sheet.write(1, 5, true).unwrap();
    sheet.write(3, 0, "Bob").unwrap();
    sheet.write(3, 1, "not an address").unwrap();
    book.add_worksheet()
        .set_name("Second")
        .unwrap()
        .write(0, 0, "Email")
        .unwrap()
        .write(1, 0, "second@example.com")
        .unwrap();
    book.save(&file).unwrap();
    let request = ImportRequest {
        file,
        ..ImportRequest::default()
    };
    let outcome = trial.import(&request);
    assert_eq!((outcome.created, outcome.faulty), (1, 1));
    assert_eq!(outcome.faults[0].line, 4);
    assert_eq!(trial.text("ada@example.com", "postal_code"), "10115");
    assert_eq!(
        trial.text("ada@example.com", "business_phone"),
        "491234567890"
    );
    assert_eq!(
        trial.value("ada@example.com", "birthday"),
        Some(Value::Date(jiff::civil::date(1915, 12, 10)))
    );
    assert_eq!(trial.value("ada@example.com", "email_opt_out"), yes());
    let errors = std::fs::read_to_string(outcome.errors_file.unwrap()).unwrap();
    assert!(
        errors.ends_with(
            "\r\nBob,not an address,,,,,\"row 4, Email: this isn't an email address\"\r\n"
        ),
        "{errors}"
    );

    let second = ImportRequest {
        sheet: Some("second".into()),
        again: true,
        ..request.clone()
    };
    assert_eq!(trial.import(&second).created, 1);
    let missing = ImportRequest {
        sheet: Some("third".into()),
        ..request
    };
    assert!(matches!(
        trial.try_import(&missing),
        Err(Error::NoSuchSheet { .. })
    ));
}

#[test]
fn a_preview_changes_nothing_and_shows_where_columns_go() {
    let trial = Trial::new();
    let request = ImportRequest {
        create_custom_fields: true,
        ..trial.request("hubspot.csv", sample("hubspot.csv"))
    };
    let preview = preview(&trial.store, &request, &mut |_| ControlFlow::Continue(())).unwrap();
    let email = &preview.columns[3];
    assert_eq!(
        (email.field.as_deref(), email.sure),
        (Some("email"), Sureness::Sure)
    );
    assert_eq!(email.samples[0], "zoe.arnes@nordlys.example");
    assert_eq!(
        preview.columns[0].field.as_deref(),
        Some("custom:Record ID")
    );
    assert!(!preview.imported_before);
    assert_eq!(trial.contacts().len(), 0);
    assert!(
        trial
            .store
            .read::<_, leadferry_store::Error>(|reader| reader.custom_fields())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn files_that_hold_no_people_are_refused_with_the_reason() {
    let trial = Trial::new();
    let refused =
        |name: &str, bytes: &[u8]| trial.try_import(&trial.request(name, bytes)).unwrap_err();
    assert!(matches!(refused("empty.csv", b""), Error::Empty(_)));
    assert!(matches!(
        refused("blank.csv", b"\r\n\n  \n"),
        Error::Empty(_)
    ));
    assert!(matches!(
        refused("mark.csv", b"\xef\xbb\xbf"),
        Error::Empty(_)
    ));
    assert!(matches!(
        refused(
            "headless.csv",
            b"Ada,ada@example.com\nBob,bob@example.com\n"
        ),
        Error::NoHeader(_)
    ));
    assert!(matches!(
        refused("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        Error::UnknownFormat { .. }
    ));
    assert!(matches!(
        refused("broken.xlsx", b"PK\x03\x04 and then nothing"),
        Error::Spreadsheet { .. }
    ));
    assert!(matches!(
        refused("strange.csv", b"alpha,beta\n1,2\n"),
        Error::NoKnownColumn { .. }
    ));
    let at = |file| {
        trial
            .try_import(&ImportRequest {
                file,
                ..ImportRequest::default()
            })
            .unwrap_err()
    };
    assert!(matches!(at(trial.path("nowhere.csv")), Error::Missing(_)));
    assert!(matches!(at(trial.path("")), Error::NotAFile(_)));
    assert!(trial.contacts().is_empty());
}

#[test]
fn a_header_alone_is_an_import_of_nobody() {
    let trial = Trial::new();
    let outcome = trial.bring("header.csv", "name,email\n");
    assert_eq!(
        (outcome.rows, outcome.finished, outcome.errors_file),
        (0, true, None)
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let trial = Trial::new();
    let request = trial.request("secret.csv", "name,email\n");
    std::fs::set_permissions(&request.file, std::fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser reads everything.
    if std::fs::File::open(&request.file).is_err() {
        assert!(matches!(
            trial.try_import(&request),
            Err(Error::Unreadable { .. })
        ));
    }
}
