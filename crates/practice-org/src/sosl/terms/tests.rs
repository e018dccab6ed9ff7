use proptest::prelude::*;

use super::*;

fn found(search: &str, text: &str) -> bool {
    let terms = parse(search, Manner::Sosl).unwrap_or_else(|f| panic!("{search}: {}", f.message));
    terms.is_some_and(|t| holds(&t, text))
}

#[test]
fn words_phrases_wildcards_and_operators_mean_what_they_say() {
    let text = "John Smith\u{1f}ACME.com \u{1f}O'Neil & Sons\u{1f}(415) 555-1212\u{1f}東京都\u{1f}Zoë Ünal";
    for search in [
        "john",
        "SMITH",
        "smith john",
        "\"john smith\"",
        "john*",
        "sm*th",
        "jo?n",
        "acme.com",
        "\"acme.com\"",
        "O\\'Neil",
        "Neil \\& Sons",
        "john AND smith",
        "nobody or john",
        "john and not nobody",
        "(john OR nobody) AND smith",
        "john a* b*\" \" OR smith",
        "4155551212",
        "415",
        "555\\-1212",
        "\\(415\\) 555\\-1212*",
        "john \"and\" smith OR zoë",
        "O\\'Neil Son*",
        "京都",
        "zoë",
        "ÜNAL",
        "nobody and nobody or john",
    ] {
        assert!(found(search, text), "{search}");
    }
    for search in [
        "joh",
        "\"smith john\"",
        "jo?",
        "john AND nobody",
        "john AND NOT smith",
        "nobody",
        "acmecom",
        "415555121",
        "\"smith acme\"",
        "john not",
        "john AND (nobody OR nothing)",
        "john AND NOT (nobody OR smith)",
        "\\&\\&",
        "\\&\\& AND NOT nobody",
    ] {
        assert!(!found(search, text), "{search}");
    }
}

#[test]
fn searches_that_cannot_be_read_are_refused() {
    for (search, code) in [
        ("", TOO_SHORT),
        ("a", TOO_SHORT),
        ("a*", TOO_SHORT),
        ("ab OR c", TOO_SHORT),
        ("\"\"", TOO_SHORT),
        ("*", MALFORMED),
        ("*ab", MALFORMED),
        ("a-b", MALFORMED),
        ("Moore & Sons", MALFORMED),
        ("O'Neil", MALFORMED),
        ("\"John Smith", MALFORMED),
        ("(ab", MALFORMED),
        ("ab)", MALFORMED),
        ("AND ab", MALFORMED),
        ("ab AND", MALFORMED),
        ("ab\\", MALFORMED),
        ("()", MALFORMED),
    ] {
        let fault = parse(search, Manner::Sosl).unwrap_err();
        assert_eq!(fault.code, code, "{search}: {}", fault.message);
    }
    assert!(parse("a-b & O'Neil", Manner::Parameter).is_ok());
    assert!(
        parse(&"(".repeat(3_000), Manner::Sosl).is_err(),
        "depth is bounded"
    );
}

#[test]
fn very_long_searches_lose_their_operators_and_then_everything() {
    let long = format!("{} AND nobody", "john ".repeat(900));
    assert!(matches!(
        parse(&long, Manner::Sosl).unwrap(),
        Some(Terms::Any(_))
    ));
    assert_eq!(parse(&"john ".repeat(2_100), Manner::Sosl).unwrap(), None);
}

proptest! {
    #[test]
    fn no_text_makes_a_search_panic(search in any::<String>(), text in any::<String>()) {
        for manner in [Manner::Sosl, Manner::Parameter] {
            if let Ok(Some(terms)) = parse(&search, manner) {
                holds(&terms, &text);
            }
        }
    }

    #[test]
    fn nothing_like_a_search_makes_it_panic(search in r#"( |AND|OR|NOT|a|bc|\*|\?|\(|\)|"|\\|東|é){0,30}"#, text in "[a-c東é ()5\u{1f}-]{0,30}") {
        if let Ok(Some(terms)) = parse(&search, Manner::Sosl) {
            holds(&terms, &text);
        }
    }

    #[test]
    fn any_word_of_a_text_is_found_in_it(word in r"\w{2,12}", before in ".{0,9}", after in ".{0,9}") {
        prop_assume!(word.chars().all(char::is_alphanumeric) && !["and", "or"].contains(&word.to_lowercase().as_str()));
        let text = format!("{before} {word} {after}");
        prop_assert!(found(&word, &text), "{word} in {text}");
    }
}
