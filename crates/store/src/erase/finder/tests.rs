use super::*;
use crate::erase::person::PersonName;

fn finder() -> Finder {
    let text = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Finder::new(&ErasedPerson {
        guids: text(&["0123456789abcdef0123456789abcdef"]),
        emails: text(&["ann@example.com", "a.o'neill+x@example.org"]),
        phones: text(&["+1 (555) 010-4477", "4711", "555-0199 ext. 12"]),
        records: text(&["00Q5g00000AbCdEEAV"]),
        errors_files: text(&[]),
        names: [
            PersonName {
                first: "Ann".into(),
                middle: "Marie".into(),
                last: "O'Neill-Müller".into(),
            },
            PersonName {
                first: "美咲".into(),
                middle: String::new(),
                last: "李".into(),
            },
        ]
        .into(),
    })
}

#[test]
fn a_person_is_found_however_people_write_the_value() {
    let finder = finder();
    for text in [
        "mail ANN@EXAMPLE.COM.",
        "<ann@example.com>",
        "https://x.example/?e=ann%40example.com&b=1",
        "a.o\\'neill+x@example.org",
        "call +1 555.010.4477 now",
        "15550104477",
        "(1) 555 010 4477",
        "met Ann O'Neill-Muller there",
        "O'NEILL MÜLLER, ANN",
        "Ann Marie O'Neill-Müller",
        "ann_o'neill-müller.csv",
        "Ann%20O'Neill-M\u{fc}ller",
        "昨日李美咲さん",
        "美咲 李",
        "00q5g00000abcdeeav",
        "id=0123456789ABCDEF0123456789abcdef;",
        r#"{"rules": [{"value": "\u0041nn O'Neill-Müller"}]}"#,
        r#"{"all": [{"field": "first_name", "value": "Ann"}, {"field": "last_name", "value": "o'neill-müller"}]}"#,
        r#"[{"ann@example.com": 1}, 15550104477]"#,
    ] {
        assert!(finder.names(text), "{text}");
    }
}

#[test]
fn nobody_else_is_taken_for_the_person() {
    let finder = finder();
    for text in [
        "joann@example.com",
        "x.ann@example.com",
        "ann@example.com.au",
        "ann@example.community",
        "Ann",
        "O'Neill-Müller",
        "Joann O'Neill-Müller",
        "Ann O'Neill-Müllerson",
        "Ann and O'Neill-Müller",
        "4711",
        "155501044779",
        "215550104477",
        "00q5g00000abcdeeav2",
        r#"{"all": [{"field": "first_name", "value": "Ann"}]}"#,
        "",
    ] {
        assert!(!finder.names(text), "{text}");
    }
}

#[test]
fn a_value_that_would_be_found_everywhere_is_not_looked_for() {
    let text = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let finder = Finder::new(&ErasedPerson {
        guids: text(&["", "a"]),
        emails: text(&["", "none"]),
        phones: text(&["", "-", "0"]),
        records: text(&[""]),
        names: [PersonName {
            first: " ".into(),
            middle: String::new(),
            last: "-".into(),
        }]
        .into(),
        ..ErasedPerson::default()
    });
    for text in ["", "a", "none", "0 - 0", "any text", "[\"a\", \"\"]"] {
        assert!(!finder.names(text), "{text}");
        assert_eq!(finder.without("any text"), "any text");
    }
}

#[test]
fn only_the_name_is_taken_out() {
    let finder = finder();
    for (text, left) in [
        (
            "Met Ann O'Neill-Müller (ann@example.com), é, and Bob",
            "Met (erased) ((erased)), é, and Bob",
        ),
        ("é Ann\tO'Neill Mu\u{308}ller!", "é (erased)!"),
        ("李美咲さん", "(erased)さん"),
        ("nothing", "nothing"),
        (
            r#"{"note":"Ann O'Neill-Müller","n":15550104477,"m":3}"#,
            r#"{"m":3,"n":"(erased)","note":"(erased)"}"#,
        ),
        (
            r#"[{"value":"ann"},{"value":"O'Neill-Müller"},{"value":"Anna"}]"#,
            r#"[{"value":"(erased)"},{"value":"(erased)"},{"value":"Anna"}]"#,
        ),
    ] {
        assert_eq!(finder.without(text), left);
        assert!(!finder.names(left));
    }
}

proptest::proptest! {
    #[test]
    fn no_text_keeps_the_person_or_makes_it_panic(before in ".{0,12}", behind in ".{0,12}") {
        let finder = finder();
        for value in ["ann@example.com", "Ann O'Neill-Müller", "15550104477"] {
            let text = format!("{before} {value} {behind}");
            let left = finder.without(&text);
            proptest::prop_assert!(!finder.names(&left) || as_json(&text).is_some(), "{text:?} became {left:?}");
        }
    }
}
