use proptest::prelude::*;

use super::*;

fn a_search(text: &str) -> Search {
    Search {
        text: text.to_owned(),
        objects: vec![
            SearchObject {
                name: "Lead".to_owned(),
                fields: vec!["Id".to_owned(), "Owner.Name".to_owned()],
                limit: Some(5),
                ..SearchObject::default()
            },
            SearchObject {
                name: "Contact".to_owned(),
                ..SearchObject::default()
            },
        ],
        within: SearchScope::Name,
    }
}

#[test]
fn a_search_names_words_fields_and_limits() {
    let sosl = a_search("John sm").sosl().unwrap().unwrap();
    assert_eq!(
        sosl,
        "FIND {John sm*} IN NAME FIELDS RETURNING Lead(Id, Owner.Name LIMIT 5), Contact(Id)"
    );
    let everywhere = Search {
        text: "acme".to_owned(),
        ..Search::default()
    };
    let request = everywhere.request(ApiVersion::MIN).unwrap().unwrap();
    assert_eq!(
        request.path,
        "/services/data/v60.0/search?q=FIND%20%7Bacme%2A%7D%20IN%20ALL%20FIELDS"
    );
    assert!(request.reads);
}

#[test]
fn a_search_filters_and_orders_like_a_query() {
    let owned = soql::Path::new("City").unwrap();
    let object = SearchObject {
        name: "Lead".to_owned(),
        condition: Some(Condition::Holds(
            owned.clone(),
            soql::Place::Beginning,
            "St. Mary's".to_owned(),
        )),
        order: Some(Order {
            by: owned,
            descending: false,
        }),
        limit: Some(9_999),
        ..SearchObject::default()
    };
    let search = Search {
        text: "ann".to_owned(),
        objects: vec![object],
        within: SearchScope::All,
    };
    assert_eq!(
        search.sosl().unwrap().unwrap(),
        "FIND {ann*} IN ALL FIELDS RETURNING \
         Lead(Id WHERE City LIKE 'St. Mary\\'s%' ORDER BY City ASC NULLS LAST LIMIT 2000)"
    );
}

#[test]
fn words_keep_their_meaning_and_signs_lose_theirs() {
    let table = [
        ("O'Neil & Sons", Some(r"O\'Neil Sons*")),
        ("joh* smith", Some("joh* smith*")),
        ("a*b", Some(r"a\*b*")),
        (
            "rock and roll OR not",
            Some("rock \"and\" roll \"OR\" \"not\""),
        ),
        (
            "john-smith@acme.example",
            Some(r"john\-smith@acme.example*"),
        ),
        (r#"} RETURNING User(Id) {"#, Some(r"RETURNING User\(Id\)")),
        (r"back\slash\", Some(r"back\\slash\\")),
        ("(415) 555-1212", Some(r"\(415\) 555\-1212*")),
        ("tab\tand\u{0}nul", Some("tab \"and\" nul*")),
        ("東京", Some("東京*")),
        ("john s", Some("john s")),
        ("", None),
        ("a", None),
        ("* ? & -- {}", None),
    ];
    for (text, expected) in table {
        assert_eq!(terms(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn names_that_could_change_the_search_are_refused() {
    for name in ["", "Lead)", "Lead(Id", "Id LIMIT 5", "Lead, User", "Lead\\"] {
        let mut search = a_search("john");
        search.objects[0].name = name.to_owned();
        assert!(search.sosl().is_err(), "{name}");
        let mut search = a_search("john");
        search.objects[0].fields[1] = name.to_owned();
        assert!(search.sosl().is_err(), "{name}");
    }
}

#[test]
fn a_search_too_long_for_an_address_is_refused_before_it_is_sent() {
    let search = a_search(&"word ".repeat(5_000));
    let error = search.request(ApiVersion::MIN).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
}

/// Reads what stands in the braces as the org does: reserved signs mean something unless a backslash stands before
/// them. Returns the words and what follows the braces, or None if it is not well formed.
fn read(sosl: &str) -> Option<(Vec<String>, &str)> {
    let inner = sosl.strip_prefix("FIND {")?;
    let (mut words, mut word) = (Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = inner.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => word.push(chars.next()?.1),
            '"' => quoted = !quoted,
            '}' if !quoted => {
                words.push(word);
                return Some((words, &inner[at + 1..]));
            }
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            // At the end of a term that has a beginning.
            '*' if !quoted && !word.is_empty() && matches!(chars.peek(), Some((_, ' ' | '}'))) => {}
            c if "?&|!{}[]()^~*:'+-".contains(c) || c.is_control() => return None,
            c => word.push(c),
        }
    }
    None
}

fn is_well_formed(text: &str) -> bool {
    let Some(sosl) = a_search(text).sosl().unwrap() else {
        return letters(text) < 2;
    };
    let Some((words, rest)) = read(&sosl) else {
        return false;
    };
    let typed = text.split(|c: char| c.is_whitespace() || c.is_control());
    let typed = typed.filter(|word| letters(word) > 0);
    let typed: Vec<&str> = typed.map(|word| word.trim_end_matches('*')).collect();
    words == typed && rest == " IN NAME FIELDS RETURNING Lead(Id, Owner.Name LIMIT 5), Contact(Id)"
}

proptest! {
    #[test]
    fn any_text_gives_a_search_that_the_org_can_read(text in any::<String>()) {
        prop_assert!(is_well_formed(&text), "{:?}", a_search(&text).sosl());
    }

    #[test]
    fn any_signs_give_a_search_that_the_org_can_read(text in r#"(a|b7|é|AND|or|Not| |\t|\\|"|'|\{|\}|\(|\)|\*|\?|&|-|\+|~|:|\^|!|\||\[|\]){0,40}"#) {
        prop_assert!(is_well_formed(&text), "{:?}", a_search(&text).sosl());
    }
}
