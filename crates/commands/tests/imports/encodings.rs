//! Old and mixed encodings: judged by what the text reads like, and said to be a guess.

use leadferry_commands::imports::{Error, ImportRequest};
use leadferry_store::ContactField;

use crate::trial::Trial;

const LIST: &str = "Vorname;Nachname;E-Mail;Ort\r\nJürgen;Groß;juergen@example.com;Münster\r\nZoé;Löwe;zoe@example.com;Nürnberg\r\nKim;Ort;niemand;Köln\r\n";

/// The letters of the list in code page 850 and as old Macs wrote them.
const LETTERS: [(char, u8, u8); 4] = [
    ('ü', 0x81, 0x9f),
    ('ß', 0xe1, 0xa7),
    ('é', 0x82, 0x8e),
    ('ö', 0x94, 0x9a),
];

fn written(text: &str, is_mac: bool) -> Vec<u8> {
    let byte = |letter: char| match LETTERS.iter().find(|(known, ..)| *known == letter) {
        Some((_, dos, mac)) => {
            if is_mac {
                *mac
            } else {
                *dos
            }
        }
        None => u8::try_from(letter).unwrap(),
    };
    text.chars().map(byte).collect()
}

#[test]
fn files_of_old_macs_and_of_ms_dos_are_read_and_their_errors_written_back_alike() {
    for (is_mac, text, spoken) in [
        (true, LIST.replace("\r\n", "\r"), "Mac Roman"),
        (true, LIST.to_owned(), "Mac Roman"),
        (false, LIST.to_owned(), "MS-DOS code page 850"),
    ] {
        let trial = Trial::new();
        let outcome = trial.bring("people.csv", written(&text, is_mac));
        assert_eq!(
            trial.all(ContactField::LastName),
            ["Groß", "Löwe"],
            "{spoken}"
        );
        assert_eq!(
            trial.all(ContactField::City),
            ["Münster", "Nürnberg"],
            "{spoken}"
        );
        assert_eq!(
            outcome.warnings[0].text,
            format!(
                "The text was read as {spoken}, which is a guess. If its letters look wrong, choose another encoding."
            )
        );
        let errors = std::fs::read(outcome.errors_file.unwrap()).unwrap();
        let row = written("Kim;Ort;niemand;Köln;", is_mac);
        assert!(
            errors.windows(row.len()).any(|bytes| bytes == row),
            "{spoken}"
        );
    }
}

#[test]
fn czech_lists_of_old_macs_are_read_and_short_ones_that_are_utf_8_by_chance_too() {
    let list = b"Jm\x8eno;P\xde\x92jmen\x92;E-mail;M\x9esto\nJi\xde\x92;Dvo\xde\x87k;jd@example.com;Plze\xcb\n";
    for (file, city) in [
        (&list[..], "Plze\u{148}"),
        (
            &b"Jmeno;Prijmeni;E-mail\nJan;Dvo\xde\x87k;jd@example.com\n"[..],
            "",
        ),
    ] {
        let trial = Trial::new();
        let outcome = trial.bring("people.csv", file);
        assert_eq!(
            trial.text("jd@example.com", "last_name"),
            "Dvo\u{159}\u{e1}k"
        );
        if !city.is_empty() {
            assert_eq!(trial.text("jd@example.com", "city"), city);
        }
        assert_eq!(
            outcome.warnings[0].text,
            "The text was read as Mac Central European, which is a guess. If its letters look wrong, choose another \
             encoding."
        );
    }
    let trial = Trial::new();
    let request = ImportRequest {
        encoding: Some("x-mac-ce".into()),
        ..trial.request("people.csv", list)
    };
    let outcome = trial.import(&request);
    assert_eq!(
        trial.text("jd@example.com", "first_name"),
        "Ji\u{159}\u{ed}"
    );
    assert!(outcome.warnings.is_empty(), "{:?}", outcome.warnings);
}

#[test]
fn a_file_of_one_row_in_chinese_or_japanese_is_read_or_said_to_be_a_guess() {
    // "Wang Ming" in GBK, "Chan Tai Man" in Big5 and "Yamada" in Shift_JIS.
    for (name, read) in [
        (&b"\xcd\xf5\xc3\xf7"[..], "\u{738b}\u{660e}"),
        (&b"\xb3\xaf\xa4j\xa4\xe5"[..], "\u{9673}\u{5927}\u{6587}"),
        (&b"\x8eR\x93c"[..], "\u{5c71}\u{7530}"),
    ] {
        let trial = Trial::new();
        let file = [&b"Email,Last name\nname@example.com,"[..], name, b"\n"].concat();
        let outcome = trial.bring("people.csv", file);
        let is_read = trial.text("name@example.com", "last_name") == read;
        let is_told = outcome
            .warnings
            .iter()
            .any(|warning| warning.text.contains("which is a guess"));
        assert!(is_told, "{read} {is_read}: {:?}", outcome.warnings);
    }
}

#[test]
fn an_encoding_that_is_told_is_no_guess() {
    for (label, is_mac) in [
        ("cp850", false),
        ("IBM850", false),
        ("cp437", false),
        ("mac", true),
    ] {
        let trial = Trial::new();
        let request = ImportRequest {
            encoding: Some(label.to_owned()),
            ..trial.request("people.csv", written(LIST, is_mac))
        };
        let outcome = trial.import(&request);
        assert_eq!(
            trial.all(ContactField::LastName),
            ["Groß", "Löwe"],
            "{label}"
        );
        assert!(outcome.warnings.is_empty(), "{:?}", outcome.warnings);
    }
    let trial = Trial::new();
    let request = ImportRequest {
        encoding: Some("klingon".into()),
        ..trial.request("people.csv", LIST)
    };
    let refused = trial.try_import(&request).unwrap_err();
    assert!(matches!(refused, Error::UnknownEncoding(_)));
    assert!(refused.to_string().contains("cp850"), "{refused}");
}

#[test]
fn rows_of_another_encoding_come_in_beside_those_in_utf_8() {
    let trial = Trial::new();
    let mut file = b"Name;E-Mail\n".to_vec();
    for number in 0..9 {
        file.extend_from_slice(format!("Jörg Größ{number};j{number}@example.com\n").as_bytes());
    }
    file.extend_from_slice(b"Ren\xe9 K\xf6hler;rene@example.com\n");
    let outcome = trial.bring("people.csv", file);
    assert_eq!(outcome.created, 10);
    assert_eq!(trial.text("j8@example.com", "last_name"), "Größ8");
    assert_eq!(trial.text("rene@example.com", "last_name"), "Köhler");
    assert_eq!(
        outcome.warnings[0].text,
        "Row 11 isn't UTF-8 like the rest of the file. It was read as windows-1252, which is a guess."
    );
}

#[test]
fn a_row_with_a_chinese_japanese_or_korean_family_name_is_enough_to_know_the_encoding() {
    for (encoding, first, last) in [
        (encoding_rs::SHIFT_JIS, "一郎", "鈴木"),
        (encoding_rs::EUC_JP, "翔", "伊藤"),
        (encoding_rs::GBK, "伟", "张"),
        (encoding_rs::BIG5, "冠宇", "吳"),
        (encoding_rs::EUC_KR, "하은", "강"),
    ] {
        let trial = Trial::new();
        let text = format!("First Name,Last Name,Email\n{first},{last},a@example.com\n");
        let outcome = trial.bring("people.csv", encoding.encode(&text).0);
        assert_eq!(trial.all(ContactField::LastName), [last], "{outcome:?}");
        assert_eq!(trial.all(ContactField::FirstName), [first]);
        assert!(
            outcome
                .warnings
                .iter()
                .any(|warning| warning.text.contains("a guess"))
        );
    }
}
