//! What can't be taken in is told, and what isn't a contact or isn't readable is refused by name.

use leadferry_commands::imports::{Error, ImportOutcome};
use leadferry_store::ContactField;

use crate::trial::Trial;

fn told(outcome: &ImportOutcome) -> String {
    let warnings = outcome.warnings.iter().map(|warning| warning.text.as_str());
    let skipped = outcome.columns_ignored.iter().map(String::as_str);
    warnings.chain(skipped).collect::<Vec<_>>().join("\n")
}

#[test]
fn whatever_goes_nowhere_is_told() {
    for (text, said) in [
        (
            "Email,Name,Name\na@x.example,Anna Bo,Bob Co\n",
            "1 value in \"Name (2)\"",
        ),
        (
            ",Email,,Last name\nx,a@x.example,secret,Bo\n",
            "Column 1\nColumn 3",
        ),
        (
            "Email,Name\na@x.example,Mira Okafor (Tallow)\n",
            "beside the name in 1 cell of \"Name\"",
        ),
        (
            "Email,Last name,Birthday\na@x.example,Bo,0.0.00\nb@x.example,Co,00/00/0000\n",
            "2 cells in \"Birthday\"",
        ),
        (
            "E-mail Address,Last name\n/o=ExampleLabs/ou=First/cn=ada,Bo\n",
            "1 cell in \"E-mail Address\" with an address that only an Exchange server",
        ),
        (
            "Email,Last name,Birthday\na@x.example,Bo,0/0/00\n",
            "1 cell in \"Birthday\"",
        ),
        (
            "Email,Last name,City\na@x.example,Löwe,N�rnberg\nb@x.example,Bo,M+APw-nchen\n",
            "2 values in \"City\"",
        ),
        (
            "Email,Last name,City\na@x.example,LÃ¶we,Graz\n",
            "letters that another program had damaged, such as JÃ¶rg for Jörg, in 1 cell of \"Last name\"",
        ),
        (
            "Email,Last name,Birthday\na@x.example,Bo,2085-03-04\n",
            "in the future: 1 date in \"Birthday\"",
        ),
        (
            "Email,Last name,Birth year\na@x.example,Bo,1985\n",
            "Birth year",
        ),
    ] {
        let outcome = Trial::new().bring("people.csv", text);
        assert_eq!(outcome.faulty, 0, "{text}: {:?}", outcome.faults);
        assert!(!told(&outcome).contains("two ways"), "{text}");
        assert!(told(&outcome).contains(said), "{text}: {}", told(&outcome));
    }
}

#[test]
fn a_name_is_read_in_the_order_that_its_column_says() {
    for (header, cell) in [
        ("Nom et prénom", "Dupont Marie"),
        ("Prénom et nom", "Marie Dupont"),
        ("Nachname Vorname", "Dupont, Marie"),
    ] {
        let trial = Trial::new();
        trial.bring(
            "people.csv",
            format!("{header};E-Mail\n{cell};a@x.example\n"),
        );
        assert_eq!(trial.text("a@x.example", "last_name"), "Dupont", "{header}");
    }
}

#[test]
fn column_names_are_found_below_a_line_with_an_email() {
    let trial = Trial::new();
    let text =
        "Report,Leads\nOwner,mia@x.example\nFirst name,Last name,Email\nAnna,Bo,a@x.example\n";
    trial.bring("people.csv", text);
    assert_eq!(trial.all(ContactField::LastName), ["Bo"]);
}

#[test]
fn the_address_of_a_company_is_no_company() {
    let trial = Trial::new();
    trial.bring(
        "people.csv",
        "Last name,Email,Company Address\nBo,a@x.example,Main 1\n",
    );
    let found = ["company_name", "address_line1"].map(|field| trial.text("a@x.example", field));
    assert_eq!(found, ["", "Main 1"]);
}

#[test]
fn lines_below_a_table_of_names_are_nobody() {
    let trial = Trial::new();
    let text = "Name;E-Mail;Telefon;Umsatz\nAnna Bo;a@x.example;;5\nBo Na;;030 12345;5\nDurchschnitt;;;5\n\
                Stand: 31.12.2025;;;\n© Acme 2025;;;\nDruckdatum 01.02.2026;;;\nTotal;;2;10\n";
    let outcome = trial.bring("people.csv", text);
    assert_eq!(
        (outcome.created, outcome.faulty),
        (2, 5),
        "{:?}",
        outcome.faults
    );
    assert_eq!(trial.all(ContactField::LastName), ["Bo", "Na"]);
}

#[test]
fn texts_of_other_alphabets_and_widths_are_read_or_refused_by_name() {
    let text = "姓,名,メールアドレス\n山田,太郎,taro@x.example\n";
    let (bytes, _, _) = encoding_rs::ISO_2022_JP.encode(text);
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", &bytes);
    assert_eq!(trial.all(ContactField::LastName), ["山田"]);
    assert!(told(&outcome).contains("ISO-2022-JP"), "{}", told(&outcome));

    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Müller;Anna;;;\r\nEMAIL:a@x.example\r\nX-SKYPE:anna\r\nEND:VCARD\r\n";
    for (mark, encode) in [
        ([0xff, 0xfe], u16::to_le_bytes as fn(u16) -> [u8; 2]),
        ([0xfe, 0xff], u16::to_be_bytes),
    ] {
        let bytes: Vec<u8> = mark
            .into_iter()
            .chain(card.encode_utf16().flat_map(encode))
            .collect();
        let trial = Trial::new();
        let outcome = trial.bring("people.vcf", bytes);
        assert_eq!(trial.all(ContactField::LastName), ["Müller"]);
        assert!(told(&outcome).contains("Other"), "{}", told(&outcome));
    }

    let wide: Vec<u8> = "Email,Name\n"
        .chars()
        .flat_map(|letter| (letter as u32).to_le_bytes())
        .collect();
    let trial = Trial::new();
    let refused = trial
        .try_import(&trial.request("people.csv", wide))
        .unwrap_err();
    assert!(
        matches!(refused, Error::UnknownFormat { what, .. } if what.contains("UTF-32")),
        "{refused:?}"
    );
}

#[test]
fn a_file_of_which_nearly_everything_is_invalid_stops_before_its_errors_file_is_many_times_its_size()
 {
    let trial = Trial::new();
    let text = "Email,Last name\na@x.example,Bo\n".to_owned() + &"x\n".repeat(1 << 20);
    let request = trial.request("people.csv", &text);
    let refused = trial.try_import(&request).unwrap_err();
    assert!(
        matches!(refused, Error::TooManyInvalid { .. }),
        "{refused:?}"
    );
    let written = std::fs::metadata(trial.path("people.errors.csv"))
        .unwrap()
        .len();
    assert!(written < 40 << 20, "{written} bytes for {}", text.len());
}
