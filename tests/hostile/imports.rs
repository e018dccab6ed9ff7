//! Contact files: every row is counted, whatever stands in it.

use std::ops::ControlFlow;
use std::path::Path;

use leadferry_commands::imports::{self, ImportKey, ImportRequest, OwnFiles};
use leadferry_store::Store;

use crate::bounds::Hostile;

const NOW: i64 = 1_772_323_200_000;

/// A workspace with its caches and indexes, and a chunk of rows.
const MIB: usize = 96;

const CSV: &[&[u8]] = &[
    b"First Name,Last Name,Email,Country,Birthday,Unsubscribed,Points\r\nAnna,Smith,a@x.example,Germany,1990-12-31,no,1.5\r\n",
    "\u{feff}Vorname;Nachname;E-Mail;Firma\n\"Zoë\";\"M\"\"ller\";z@x.example;\"Zwei\nZeilen\"\n".as_bytes(),
    b"email\tname\ta\tb\tc\n1@x.example\tOne\t\t\t\n2@x.example\tTwo\t1\t2\t3\t4\t5\n",
];

const TOKENS: &[&str] = &[
    "email",
    "Last Name",
    "a@x.example",
    ",",
    ";",
    "\t",
    "\"",
    "\"\"",
    "\r\n",
    "31.12.1999",
    "12/31/1999",
    "yes",
    "1.234,5",
    "sep=;",
    "=1+1",
    "@SUM(A1)",
    "\u{feff}",
];

fn import(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("workspace.leadferry");
    let store = Store::create(&workspace, NOW).unwrap();
    let files = OwnFiles::of(&folder.path().join("data"), &workspace);
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    let request = ImportRequest {
        file,
        key: ImportKey::None,
        create_custom_fields: true,
        create_accounts: true,
        ..ImportRequest::default()
    };
    let go_on = &mut |_: &_| ControlFlow::Continue(());
    let imported = imports::import(&store, &files, &request, || NOW, go_on);
    let stand = store
        .read::<_, leadferry_store::Error>(|reader| reader.live_contacts())
        .unwrap();
    match imported {
        Ok(outcome) => {
            let parts = outcome.created + outcome.updated + outcome.unchanged;
            assert_eq!(outcome.rows, parts + outcome.skipped + outcome.faulty);
            assert_eq!(stand, outcome.created);
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert_eq!(stand, 0, "a file that is refused brings nobody");
        }
    }
}

#[test]
fn a_spoilt_csv_file_is_imported_or_refused() {
    Hostile {
        what: "a CSV file",
        sound: CSV,
        tokens: TOKENS,
        tries: 120,
        mib: MIB,
    }
    .try_all(|bytes| import("people.csv", bytes));
}

#[test]
fn a_spoilt_spreadsheet_is_imported_or_refused() {
    let sheet = sheet();
    Hostile {
        what: "a spreadsheet",
        sound: &[&sheet],
        tokens: &["PK\u{3}\u{4}"],
        tries: 60,
        mib: MIB,
    }
    .try_all(|bytes| import("people.xlsx", bytes));
}

#[test]
fn a_spreadsheet_with_spoilt_xml_inside_is_imported_or_refused() {
    let parts = unpacked(&sheet());
    for (name, xml) in &parts {
        let tokens = [
            "<c",
            "r=\"XFD1048576\"",
            "t=\"s\"",
            "<v>",
            "]]>",
            "<!DOCTYPE x>",
            "&#0;",
            "&lt;",
            "<row r=\"0\">",
        ];
        Hostile {
            what: name,
            sound: &[xml],
            tokens: &tokens,
            tries: 12,
            mib: MIB,
        }
        .try_all(|bytes| {
            let spoilt = packed(
                parts
                    .iter()
                    .map(|(other, xml)| (other.as_str(), if other == name { bytes } else { xml })),
            );
            import("people.xlsx", &spoilt);
        });
    }
}

/// A small workbook as other programs write it.
fn sheet() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in [
        ["Last Name", "Email", "Birthday"],
        ["Smith", "a@x.example", "1990-12-31"],
    ]
    .iter()
    .enumerate()
    {
        for (column, cell) in cells.iter().enumerate() {
            sheet
                .write_string(row as u32, column as u16, *cell)
                .unwrap();
        }
    }
    sheet.write_number(2, 0, 12.5).unwrap();
    book.save_to_buffer().unwrap()
}

fn unpacked(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    (0..archive.len())
        .map(|n| {
            let mut file = archive.by_index(n).unwrap();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .filter(|(name, _)| {
            Path::new(name)
                .extension()
                .is_some_and(|ending| ending == "xml" || ending == "rels")
        })
        .collect()
}

fn packed<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        std::io::Write::write_all(&mut writer, bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
