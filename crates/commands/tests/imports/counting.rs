//! Whatever file meets whatever workspace, the preview counts what the import then does.

use leadferry_commands::imports::{Existing, ImportKey, ImportRequest};
use leadferry_store::FieldKind;
use proptest::prelude::*;

use crate::trial::{NOW, Trial};
use crate::trying::assert_same;

const HEADER: &str =
    "First Name,Last Name,Email,Company,City,Number,Account Phone,Birthday,Unsubscribed,Status\n";

/// Few values, so that rows meet one another and the workspace.
fn row() -> impl Strategy<Value = String> {
    let pick = |values: &'static [&'static str]| proptest::sample::select(values);
    let who = (
        pick(&["Ada", "ada", "Bob", "", "Total"]),
        pick(&["Byron", "BYRON", "Cole", ""]),
        pick(&[
            "a@example.com",
            "A@example.com",
            "b@example.com",
            "",
            "n/a",
            "nobody",
            "#REF!",
        ]),
    );
    let what = (
        pick(&["Tallow", "tallow", "Beck", ""]),
        pick(&["Rome", "Oslo", "", "\"Rome\nNorth\""]),
        pick(&["M-1", "m-1", "K-2", "", "4.9E+11"]),
        pick(&["", "030 1"]),
        pick(&["1990-03-04", "", "soon", "03/15"]),
        pick(&["", "yes", "no"]),
        pick(&["", "New", "Unsubscribed"]),
    );
    (who, what, 0..12u8).prop_map(
        |((first, last, email), (company, city, number, phone, born, out, status), form)| match form
        {
            0 => ",,,,,,,,,".to_owned(),
            1 => HEADER.trim().to_owned(),
            2 => format!("{first},{last},{email},,,,,,,,too many"),
            _ => format!(
                "{first},{last},{email},{company},{city},{number},{phone},{born},{out},{status}"
            ),
        },
    )
}

fn file(rows: &[String]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

fn key() -> impl Strategy<Value = ImportKey> {
    prop_oneof![
        Just(ImportKey::Email),
        Just(ImportKey::None),
        Just(ImportKey::Custom("Number".to_owned()))
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_preview_counts_what_the_import_does(
        before in proptest::collection::vec(row(), 0..12),
        rows in proptest::collection::vec(row(), 1..30),
        key in key(),
        skips in any::<bool>(),
        create_accounts in any::<bool>(),
    ) {
        let trial = Trial::new();
        trial.store.write(|writer| writer.add_custom_field("Number", FieldKind::Text, NOW)).unwrap();
        let map = vec![("Account Phone".to_owned(), "account:phone".to_owned())];
        let first = ImportRequest {
            map: map.clone(),
            create_accounts: true,
            ..trial.request("before.csv", file(&before))
        };
        trial.import(&first);
        let request = ImportRequest {
            map,
            key,
            create_accounts,
            existing: if skips { Existing::Skip } else { Existing::Update },
            ..trial.request("people.csv", file(&rows))
        };
        assert_same(&trial, &request);
        assert_same(&trial, &ImportRequest { again: true, ..request });
    }
}
