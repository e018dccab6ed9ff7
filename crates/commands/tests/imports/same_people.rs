//! However a table of people is written, the same people come in.

use leadferry_commands::imports::ImportRequest;
use proptest::prelude::*;

use crate::book::{Sheet, book, rows};
use crate::trial::Trial;

const NAMES: [&str; 4] = ["First Name", "Last Name", "Email", "City"];

/// Letters that all the encodings below can write.
const LETTERS: &str = "[A-Z][a-zäöüéèñß]{1,8}";

fn people() -> impl Strategy<Value = Vec<[String; 4]>> {
    let names = (LETTERS, LETTERS, "[A-Z][a-zäöü]{2,6}");
    proptest::collection::vec(names, 1..6).prop_map(|people| {
        let number = |(at, (first, last, city)): (usize, (String, String, String))| {
            [first, last, format!("p{at}@example.com"), city]
        };
        people.into_iter().enumerate().map(number).collect()
    })
}

/// What may stand above the column names.
const PREAMBLES: [&[&str]; 4] = [
    &[],
    &["Guests of the party"],
    &["Notes:", "Some of them are left out, for now"],
    &["List", "", "as of May"],
];

#[derive(Debug, Clone, Copy)]
enum Encoding {
    Utf8,
    Marked,
    Wide,
    Western,
}

fn encoding() -> impl Strategy<Value = Encoding> {
    prop_oneof![
        Just(Encoding::Utf8),
        Just(Encoding::Marked),
        Just(Encoding::Wide),
        Just(Encoding::Western)
    ]
}

fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Marked => format!("\u{feff}{text}").into_bytes(),
        Encoding::Wide => format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect(),
        Encoding::Western => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
    }
}

/// Writes a table; `packed` puts each of its rows into one quoted cell.
fn csv(
    preamble: &[&str],
    people: &[[String; 4]],
    delimiter: char,
    line_end: &str,
    packed: bool,
) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let line = |cells: &[String; 4]| cells.join(&delimiter.to_string());
    let mut lines: Vec<String> = preamble.iter().map(|text| quoted(text)).collect();
    lines.push(line(&NAMES.map(str::to_owned)));
    lines.extend(people.iter().map(|person| {
        if packed {
            quoted(&line(person))
        } else {
            line(person)
        }
    }));
    lines
        .iter()
        .map(|line| format!("{line}{line_end}"))
        .collect()
}

fn xlsx(preamble: &[&str], people: &[[String; 4]], others: usize) -> Vec<u8> {
    let mut table: Vec<Vec<&str>> = preamble.iter().map(|text| vec![*text]).collect();
    table.push(NAMES.to_vec());
    table.extend(
        people
            .iter()
            .map(|person| person.iter().map(String::as_str).collect()),
    );
    let table: Vec<&[&str]> = table.iter().map(Vec::as_slice).collect();
    let before = [
        Sheet::new("Read me", rows(&[&["How to use this list"]])),
        Sheet::new("Empty", ""),
        Sheet::new(
            "Choices",
            rows(&[
                &["Status", "Source", "Owner", "City", "Email"],
                &["New", "Fair"],
            ]),
        )
        .hidden(),
    ];
    let mut sheets: Vec<Sheet> = before.into_iter().take(others).collect();
    sheets.push(Sheet::new("People", rows(&table)));
    book(&sheets, &[])
}

/// Writes cards; folded lines go on behind a line end and a blank.
fn vcf(people: &[[String; 4]], version: &str, is_folded: bool) -> String {
    let card = |[first, last, email, city]: &[String; 4]| {
        format!(
            "BEGIN:VCARD\nVERSION:{version}\nN:{last};{first};;;\nFN:{first} {last}\nitem1.EMAIL:{email}\n\
             ADR;TYPE=WORK:;;;{city};;;\nPHOTO;ENCODING=b:AAAA\nEND:VCARD\n"
        )
    };
    let folded = |line: &str| {
        let letters: Vec<char> = line.chars().collect();
        let parts = letters
            .chunks(12)
            .map(|part| part.iter().collect::<String>());
        parts.collect::<Vec<_>>().join("\r\n ")
    };
    let text: String = people.iter().map(card).collect();
    let lines = text.lines().map(|line| match is_folded {
        true => folded(line),
        false => line.to_owned(),
    });
    lines.map(|line| line + "\r\n").collect()
}

fn check(
    name: &str,
    bytes: Vec<u8>,
    encoding: Option<&str>,
    people: &[[String; 4]],
) -> Result<(), TestCaseError> {
    let trial = Trial::new();
    let request = ImportRequest {
        encoding: encoding.map(str::to_owned),
        ..trial.request(name, bytes)
    };
    let outcome = trial.import(&request);
    prop_assert_eq!(
        (outcome.created, outcome.faulty),
        (people.len() as u64, 0),
        "{:?}",
        outcome
    );
    for [first, last, email, city] in people {
        for (field, text) in [("first_name", first), ("last_name", last), ("city", city)] {
            prop_assert_eq!(&trial.text(email, field), text);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_text_brings_the_same_people_however_it_is_written(
        people in people(),
        preamble in proptest::sample::select(PREAMBLES.to_vec()),
        encoding in encoding(),
        delimiter in proptest::sample::select(vec![',', ';', '\t', '|']),
        line_end in proptest::sample::select(vec!["\n", "\r\n", "\r"]),
        packed in any::<bool>(),
    ) {
        // Rows in quotes below a note in quotes could be either.
        let preamble = if packed { &[] } else { preamble };
        let text = csv(preamble, &people, delimiter, line_end, packed);
        // The few letters of a small file do not tell one old encoding from another.
        let told = matches!(encoding, Encoding::Western).then_some("windows-1252");
        check("people.csv", encoded(&text, encoding), told, &people)?;
    }

    #[test]
    fn cards_bring_the_same_people(
        people in people(),
        version in proptest::sample::select(vec!["2.1", "3.0", "4.0"]),
        is_folded in any::<bool>(),
    ) {
        // Version 2.1 folds lines in a manner of its own.
        let text = vcf(&people, version, is_folded && version != "2.1");
        check("people.vcf", text.into_bytes(), None, &people)?;
    }

    #[test]
    fn a_workbook_brings_the_same_people_whatever_stands_before_them(
        people in people(),
        preamble in proptest::sample::select(PREAMBLES.to_vec()),
        others in 0..4usize,
    ) {
        check("people.xlsx", xlsx(preamble, &people, others), None, &people)?;
    }
}
