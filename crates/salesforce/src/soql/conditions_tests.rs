use proptest::prelude::*;

use super::*;

fn path(text: &str) -> Path {
    Path::new(text).unwrap()
}

fn equal(field: &str, value: &str) -> Condition {
    let value = Literal::Text(value.to_owned());
    Condition::Compares(path(field), Comparison::Equal, value)
}

fn text(condition: &Condition) -> String {
    condition.text().unwrap_or_default()
}

#[test]
fn each_condition_is_written_as_the_org_reads_it() {
    let name = || path("Name");
    let table = [
        (equal("City", "O'Fallon"), r"City = 'O\'Fallon'"),
        (
            Condition::Compares(path("Email"), Comparison::NotEqual, Literal::Null),
            "Email != null",
        ),
        (
            Condition::Holds(name(), Place::Inside, "50%_a".to_owned()),
            r"Name LIKE '%50\%\_a%'",
        ),
        (
            Condition::Holds(name(), Place::Beginning, "An".to_owned()),
            "Name LIKE 'An%'",
        ),
        (
            Condition::HoldsNot(name(), Place::End, "e".to_owned()),
            "(NOT Name LIKE '%e')",
        ),
        (
            Condition::IsOneOf(
                path("Status"),
                vec![Literal::Text("A".to_owned()), Literal::Text("B".to_owned())],
            ),
            "Status IN ('A','B')",
        ),
        (Condition::IsOneOf(path("Status"), Vec::new()), "Id = null"),
        (
            Condition::Excludes(path("Tags__c"), vec!["a;b".to_owned()]),
            "Tags__c EXCLUDES ('a;b')",
        ),
        (
            Condition::Compares(
                path("CreatedDate"),
                Comparison::Less,
                Literal::Days(Days::Last(7)),
            ),
            "CreatedDate < LAST_N_DAYS:7",
        ),
        (
            Condition::Compares(
                path("CreatedDate"),
                Comparison::AtLeast,
                Literal::Moment("2026-01-02T03:04:05.678Z".parse().unwrap()),
            ),
            "CreatedDate >= 2026-01-02T03:04:05Z",
        ),
        (
            Condition::Compares(
                path("IsConverted"),
                Comparison::Equal,
                Literal::YesNo(false),
            ),
            "IsConverted = false",
        ),
    ];
    for (condition, expected) in table {
        assert_eq!(text(&condition), expected);
    }
}

#[test]
fn groups_nest_without_regard_to_precedence_and_empty_ones_ask_for_nothing() {
    let any = Condition::Any(vec![equal("A", "1"), equal("B", "2")]);
    let all = Condition::All(vec![equal("C", "3"), any, Condition::All(Vec::new())]);
    assert_eq!(text(&all), "C = '3' AND (A = '1' OR B = '2')");
    assert_eq!(Condition::Any(Vec::new()).text(), None);
}

#[test]
fn numbers_are_their_digits_and_nothing_else() {
    for good in ["0", "-12", "3.50", "12345678901234567890"] {
        assert_eq!(Number::parse(good), Some(Number(good.to_owned())));
    }
    for bad in ["", "-", ".5", "5.", "1e3", "1 OR 1=1", "--1", "1.2.3", "٣"] {
        assert_eq!(Number::parse(bad), None, "{bad}");
    }
}

#[test]
fn a_path_is_a_name_and_never_more() {
    assert!(Path::new("Owner.Name").is_ok());
    for bad in [
        "",
        "Name FROM User",
        "Name'",
        "(SELECT Id FROM Contacts)",
        "a,b",
    ] {
        assert!(Path::new(bad).is_err(), "{bad}");
    }
}

/// Reads a quoted literal back, as the org does; `None` where it does not end with its last sign.
fn read_back(literal: &str) -> Option<String> {
    let mut signs = literal.strip_prefix('\'')?.chars();
    let mut text = String::new();
    loop {
        match signs.next()? {
            '\'' => return signs.next().is_none().then_some(text),
            '\\' => text.push(match signs.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            }),
            other => text.push(other),
        }
    }
}

proptest! {
    #[test]
    fn a_text_is_the_same_text_to_the_org_and_nothing_more(value in any::<String>()) {
        prop_assert_eq!(read_back(&quote(&value)), Some(value));
    }

    #[test]
    fn a_pattern_ends_where_it_should_and_its_signs_mean_themselves(value in ".*[%_'\\\\]?.*") {
        let written = pattern(Place::Beginning, &value);
        prop_assert_eq!(read_back(&written), Some(format!("{value}%")));
        let bare = written.replace("\\\\", "").replace("\\%", "").replace("\\_", "");
        prop_assert_eq!(bare.matches('%').count(), 1, "only our own sign stands for anything");
        prop_assert_eq!(bare.matches('_').count(), 0);
    }

    #[test]
    fn whatever_is_taken_for_a_number_is_one(value in any::<String>()) {
        if let Some(Number(digits)) = Number::parse(&value) {
            prop_assert!(digits.parse::<f64>().is_ok());
        }
    }
}
