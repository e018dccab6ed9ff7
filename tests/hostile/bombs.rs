//! Input that is small until it is read: memory stays within its bound, and the error says what is too large.

use std::io::Write as _;
use std::ops::ControlFlow;

use flate2::Compression;
use flate2::write::GzEncoder;
use leadferry_commands::imports::{self, ImportRequest};
use leadferry_salesforce::Describe;
use leadferry_store::Store;

use crate::bounds::{alone, within};
use crate::org::Org;

const NOW: i64 = 1_772_323_200_000;

/// Half a gigabyte of one byte, packed.
fn packed_zeros(byte: u8) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![byte; 1 << 20];
    for _ in 0..512 {
        packed.write_all(&block).unwrap();
    }
    packed.finish().unwrap()
}

#[test]
fn an_answer_that_unpacks_to_more_than_any_is_cut_off() {
    let _alone = alone();
    let org = Org::listening();
    let client = org.client();
    org.answers_body("200 OK", "Content-Encoding: gzip\r\n", &packed_zeros(b' '));
    within("a packed answer", 224, b"", &mut |_| {
        let answered = org.runtime.block_on(client.query("SELECT Id FROM Lead"));
        assert!(answered.is_err());
    });
}

#[test]
fn nesting_without_end_is_refused() {
    let _alone = alone();
    let org = Org::listening();
    let client = org.client();
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = open.repeat(200_000) + "1" + &close.repeat(200_000);
        within("a nested answer", 64, b"", &mut |_| {
            assert!(Describe::parse(&deep).is_err());
            org.answers_body("200 OK", "", deep.as_bytes());
            assert!(
                org.runtime
                    .block_on(client.query("SELECT Id FROM Lead"))
                    .is_err()
            );
        });
    }
}

fn refused(name: &str, bytes: &[u8], mib: usize) -> String {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("workspace.leadferry"), NOW).unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    let mut said = String::new();
    within(name, mib, b"", &mut |_| {
        let request = ImportRequest {
            file: file.clone(),
            ..ImportRequest::default()
        };
        said = match imports::import(&store, &request, || NOW, &mut |_| ControlFlow::Continue(())) {
            Ok(outcome) => {
                assert_eq!(outcome.created, 0, "{outcome:?}");
                format!("{outcome:?}")
            }
            Err(error) => error.to_string(),
        };
    });
    said
}

#[test]
fn a_file_of_one_endless_line_is_refused_in_bounded_memory() {
    let _alone = alone();
    let line = [b"Last Name,Email\n\"".as_slice(), &vec![b'a'; 256 << 20]].concat();
    let said = refused("line.csv", &line, 128);
    assert!(
        said.contains("line") || said.contains("row") || said.contains("long"),
        "{said}"
    );
}

#[test]
fn a_spreadsheet_that_unpacks_to_more_than_any_is_refused_in_bounded_memory() {
    let _alone = alone();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, head) in [
        (
            "[Content_Types].xml",
            "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        (
            "xl/workbook.xml",
            "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>",
        ),
    ] {
        writer.start_file(name, options).unwrap();
        writer.write_all(head.as_bytes()).unwrap();
        if name.ends_with("sheet1.xml") {
            let block = vec![b'a'; 1 << 20];
            for _ in 0..512 {
                writer.write_all(&block).unwrap();
            }
        }
    }
    let book = writer.finish().unwrap().into_inner();
    let said = refused("bomb.xlsx", &book, 256);
    assert!(!said.is_empty());
}
