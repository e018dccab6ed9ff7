//! Whatever a file holds, an import ends well or says why not, and counts every row.

use leadferry_commands::imports::{ImportKey, ImportRequest};
use proptest::prelude::*;

use crate::trial::Trial;

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => Just(b",".to_vec()),
        3 => Just(b"\n".to_vec()),
        1 => Just(b"\r\n".to_vec()),
        2 => Just(b"\"".to_vec()),
        1 => Just(b"a@example.com".to_vec()),
        1 => Just("é".as_bytes().to_vec()),
        1 => Just(b"12/31/1999".to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..4),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn check(bytes: &[u8], create: bool, key: ImportKey) {
    let trial = Trial::new();
    let request = ImportRequest {
        create_custom_fields: create,
        create_accounts: create,
        key,
        ..trial.request("any.csv", bytes)
    };
    if let Ok(outcome) = trial.try_import(&request) {
        let parts = outcome.created
            + outcome.updated
            + outcome.unchanged
            + outcome.skipped
            + outcome.faulty;
        assert_eq!(outcome.rows, parts);
        assert!(outcome.finished);
        assert_eq!(trial.contacts().len() as u64, outcome.created);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_are_imported_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes, false, ImportKey::Email);
    }

    #[test]
    fn any_rows_below_a_header_are_counted(rows in pieces(), create: bool) {
        let file = [b"name,email,birthday,country,unsubscribed,other\n".as_slice(), &rows].concat();
        let key = if create { ImportKey::None } else { ImportKey::Email };
        check(&file, create, key);
    }

    #[test]
    fn any_spreadsheet_is_imported_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&[b"PK\x03\x04".as_slice(), &bytes].concat(), false, ImportKey::Email);
    }
}
