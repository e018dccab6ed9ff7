//! Input that is small until it is read: memory stays within its bound, and the error says what is too large.

use std::io::Write as _;
use std::ops::ControlFlow;

use flate2::Compression;
use flate2::write::GzEncoder;
use leadferry_commands::imports::{self, ImportRequest, OwnFiles};
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
    let workspace = folder.path().join("workspace.leadferry");
    let store = Store::create(&workspace, NOW).unwrap();
    let files = OwnFiles::of(&folder.path().join("data"), &workspace);
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    let mut said = String::new();
    within(name, mib, b"", &mut |_| {
        let request = ImportRequest {
            file: file.clone(),
            ..ImportRequest::default()
        };
        let go_on = &mut |_: &_| ControlFlow::Continue(());
        said = match imports::import(&store, &files, &request, || NOW, go_on) {
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
        said.contains("faulty: 1") && said.contains("longer than 1 MB"),
        "{said}"
    );
}

#[test]
fn an_answer_of_many_small_values_is_refused() {
    let _alone = alone();
    let org = Org::listening();
    let client = org.client();
    let many = "0,".repeat(4 << 20);
    let nulls = "null,".repeat(3 << 20);
    for body in [
        format!("{{\"totalSize\":1,\"done\":true,\"records\":[{many}0]}}"),
        format!("{{\"totalSize\":1,\"done\":true,\"records\":[{{\"a\":[{many}0]}}]}}"),
        format!("{{\"searchRecords\":[{nulls}null]}}"),
        format!("{{\"name\":\"Lead\",\"fields\":[{nulls}null]}}"),
        format!("[{many}0]"),
    ] {
        org.answers_body("200 OK", "", body.as_bytes());
        within("an answer of many values", 96, b"", &mut |_| {
            org.runtime.block_on(async {
                assert!(client.query("SELECT Id FROM Lead").await.is_err());
                assert!(client.describe("Lead", None).await.is_err());
                assert!(client.describe_global().await.is_err());
            });
        });
        org.answers_body("400 Bad Request", "", body.as_bytes());
        within("a refusal of many values", 96, b"", &mut |_| {
            let asked = client.query("SELECT Id FROM Lead");
            assert!(org.runtime.block_on(asked).is_err());
        });
    }
}

#[test]
fn pages_without_end_are_not_followed() {
    let _alone = alone();
    let org = Org::listening();
    let records = "{\"Id\":\"00Q8M0000016Wv8UAE\"},".repeat(1_999) + "{}";
    for (total, next) in [
        (u64::MAX, "/services/data/v60.0/query/01g8M0000016Wv8-2000"),
        (100_000, "/services/data/v60.0/query/01g8M0000016Wv8-2000"),
        (1_000, "/services/data/v60.0/query/01g8M0000016Wv8-2000"),
        (100_000, "/services/data/v60.0/query?q=SELECT+Id+FROM+Lead"),
        (100_000, "/services/data/v60.0/query/01g8M0000016Wv8-0"),
        (100_000, "//evil.example/services/data/v60.0/query/01g-2000"),
    ] {
        let client = org.client();
        let body = format!(
            "{{\"totalSize\":{total},\"done\":false,\"nextRecordsUrl\":\"{next}\",\"records\":[{records}]}}"
        );
        org.answers_body("200 OK", "", body.as_bytes());
        within("pages without end", 64, b"", &mut |_| {
            let soqls = ["SELECT Id FROM Lead".to_owned()];
            org.runtime.block_on(async {
                assert!(client.query(&soqls[0]).await.is_err(), "{total} {next}");
                assert!(client.query_all(&soqls[0]).await.is_err(), "{total} {next}");
                assert!(
                    client.queries(&soqls, true).await.is_err(),
                    "{total} {next}"
                );
            });
        });
        let calls = client.traffic().calls;
        assert!(calls <= 50, "{calls} calls for {total} records at {next}");
    }
}
