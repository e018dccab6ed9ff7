//! Changing a mapping row by row, and what is proposed for targets without a row.

use proptest::prelude::*;

use super::properties::row;
use super::support::{NEEDED, custom_fields, lead, scores, settings};
use crate::mapping::{Edit, Mapping, Names, Overwrite, auto_match};

fn edited(rows: &str, edits: &[Edit]) -> String {
    let mapping = Mapping::parse(rows).unwrap();
    let edited = mapping.edited(edits, &lead(), &settings()).unwrap();
    edited.to_string()
}

fn rows(text: &str) -> Edit {
    Edit::Rows { text: text.into() }
}

#[test]
fn a_row_is_set_in_its_place_and_a_new_one_at_the_end() {
    let before = "last_name=LastName\nemail=Email\n";
    assert_eq!(
        edited(before, &[rows("notes=LastName\ncity=City")]),
        "notes=LastName\nemail=Email\ncity=City\n"
    );
    assert_eq!(
        edited(before, &[rows("notes=LASTNAME")]),
        "notes=LASTNAME\nemail=Email\n",
        "names that differ in case are the same field"
    );
}

#[test]
fn a_new_source_keeps_the_rules_and_drops_the_value_map_of_the_old_one() {
    let before = "status=Strict__c ; if_empty, refuse, map \"a\"->\"Open\"\n";
    let constant = Edit::Constant {
        target: "Strict__c".into(),
        text: "Say \"Closed\"".into(),
    };
    assert_eq!(
        edited(before, &[constant]),
        "\"Say \\\"Closed\\\"\"=Strict__c ; refuse\n",
        "a constant only fills empty fields unless it says otherwise"
    );
}

#[test]
fn a_template_without_a_value_is_a_constant() {
    let template = |text: &str| Edit::Template {
        target: "Text__c".into(),
        text: text.into(),
    };
    assert_eq!(edited("", &[template("same")]), "\"same\"=Text__c\n");
    assert_eq!(
        edited("", &[template("{% Contact.city %} = home")]),
        "{% Contact.city %} \\= home=Text__c\n"
    );
    assert_eq!(
        edited("", &[template("{{ Contact.city }} = home")]),
        "{{ Contact.city }} \\= home=Text__c\n"
    );
}

#[test]
fn a_field_that_is_written_on_create_only_says_so_from_the_start() {
    let constant = Edit::Constant {
        target: "Once__c".into(),
        text: "x".into(),
    };
    assert_eq!(edited("", &[constant]), "\"x\"=Once__c ; on_create\n");
}

#[test]
fn rules_change_one_by_one_and_a_map_that_says_two_things_is_refused() {
    let target = || "Strict__c".to_owned();
    let overwrite = Edit::Overwrite {
        target: target(),
        overwrite: Overwrite::IfEmpty,
    };
    let values = |pairs: &[(&str, &str)]| Edit::Values {
        target: target(),
        values: pairs
            .iter()
            .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
            .collect(),
    };
    assert_eq!(
        edited(
            "status=Strict__c",
            &[overwrite, values(&[("new", "Open"), (" ", "Closed")])]
        ),
        "status=Strict__c ; if_empty, map \"new\"->\"Open\"\n"
    );
    let mapping = Mapping::parse("status=Strict__c").unwrap();
    let twice = mapping.edited(
        &[values(&[("new", "Open"), ("NEW", "Closed")])],
        &lead(),
        &settings(),
    );
    assert_eq!(twice.unwrap_err().code, "bad_value_map");
    let nothing = mapping.edited(
        &[Edit::Required {
            target: "City".into(),
            required: true,
        }],
        &lead(),
        &settings(),
    );
    assert_eq!(nothing.unwrap_err().code, "not_mapped");
}

fn proposals(rows: &str) -> (Vec<String>, Vec<String>) {
    let (custom, scores) = (custom_fields(), scores());
    let names = Names {
        custom: &custom,
        scores: &scores,
        segments: &[],
        purposes: &[],
        salesforce: &[],
    };
    let mut object = lead();
    for (name, kind) in [
        ("Visits__c", crate::targets::TargetType::Integer),
        ("Engagement__c", crate::targets::TargetType::Number),
        (
            "Topics_of_intrest__c",
            crate::targets::TargetType::LongTextArea,
        ),
        ("Budget__c", crate::targets::TargetType::Text),
    ] {
        object.fields.push(crate::targets::TargetField {
            kind,
            verified: true,
            ..crate::targets::TargetField::unverified(name)
        });
    }
    let mapping = Mapping::parse(rows).unwrap();
    let found = auto_match(&mapping, &names, &object, &settings());
    let texts =
        |rows: Vec<crate::mapping::MappingRow>| rows.iter().map(ToString::to_string).collect();
    (texts(found.certain), texts(found.likely))
}

#[test]
fn what_means_the_same_is_filled_and_what_probably_does_is_marked() {
    let (certain, likely) = proposals(NEEDED);
    for row in [
        "email=Email",
        "job_title=Title",
        "@country_name=Country",
        "middle_name=MiddleName",
        "custom:Visits=Visits__c",
        "@points:Engagement=Engagement__c",
    ] {
        assert!(certain.contains(&row.to_owned()), "{row} in {certain:?}");
    }
    for row in [
        "source=LeadSource",
        "account:industry=Industry",
        "custom:Topics of interest=Topics_of_intrest__c",
    ] {
        assert!(likely.contains(&row.to_owned()), "{row} in {likely:?}");
    }
}

#[test]
fn what_does_not_fit_is_never_proposed_and_what_is_mapped_stays() {
    let (certain, likely) = proposals(&format!("{NEEDED}\"x\"=Title"));
    let all: Vec<_> = certain.iter().chain(&likely).collect();
    assert!(
        all.iter().all(|row| !row.contains("Budget__c")),
        "a number does not fit text: {all:?}"
    );
    for taken in ["=Title", "=LastName", "=Company", "=Name", "=OwnerId"] {
        assert!(
            all.iter().all(|row| !row.ends_with(taken)),
            "{taken}: {all:?}"
        );
    }
}

proptest! {
    #[test]
    fn an_edit_touches_its_own_row_only_and_can_be_read_again(
        rows in proptest::collection::vec(row(), 0..6),
        new in row(),
    ) {
        let mut before = Mapping::default();
        rows.into_iter().for_each(|row| before.set(row));
        let edit = Edit::Rows { text: new.to_string() };
        let after = before.edited(&[edit], &lead(), &settings()).unwrap();
        prop_assert_eq!(Mapping::parse(&after.to_string()), Ok(after.clone()));
        let target = new.target.to_string();
        prop_assert_eq!(after.row(&target), Some(&new));
        let others = |mapping: &Mapping| mapping.rows.iter()
            .filter(|row| !row.target.to_string().eq_ignore_ascii_case(&target)).cloned().collect::<Vec<_>>();
        prop_assert_eq!(others(&before), others(&after));
        let removed = after.edited(&[Edit::Remove { target: target.clone() }], &lead(), &settings()).unwrap();
        prop_assert_eq!(removed.rows.len(), after.rows.len() - 1);
        prop_assert_eq!(others(&removed), others(&after));
    }

    #[test]
    fn a_constant_is_what_was_typed(text in any::<String>()) {
        let mapping = Mapping::default();
        let edit = Edit::Constant { target: "Text__c".into(), text: text.clone() };
        let after = mapping.edited(&[edit], &lead(), &settings()).unwrap();
        let read = Mapping::parse(&after.to_string()).unwrap();
        prop_assert_eq!(&read.rows[0].source, &crate::mapping::Source::Constant(text));
    }
}
