use leadferry_salesforce::{Describe, Field, FieldType};
use leadferry_store::{Mirror, PullProgress};

use super::*;

fn field(name: &str, kind: &str, calculated: bool) -> Field {
    Field {
        name: name.to_owned(),
        label: name.to_owned(),
        field_type: FieldType::from(kind.to_owned()),
        calculated,
        filterable: true,
        sortable: true,
        ..Field::default()
    }
}

fn lead() -> Describe {
    Describe {
        name: "Lead".to_owned(),
        label: "Lead".to_owned(),
        fields: vec![
            field("Id", "id", false),
            field("IsDeleted", "boolean", false),
            field("MasterRecordId", "reference", false),
            field("LastName", "string", false),
            field("Email", "email", false),
            field("Address", "address", false),
            field("Age__c", "double", true),
            field("SystemModstamp", "datetime", false),
            field("LastModifiedDate", "datetime", false),
        ],
        ..Describe::default()
    }
}

fn question(names: &[&str], filter: Option<&str>) -> Question {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let plan = choose(&lead(), Some(&names)).plan;
    let mirror = Mirror::imagined("00D000000000001AAA", &plan);
    Question::of(&lead(), &mirror, &plan, filter.map(str::to_owned))
}

#[test]
fn chosen_fields_are_those_that_the_org_has_and_a_column_can_hold() {
    let names = |chosen: Chosen| -> Vec<String> {
        chosen.plan.fields.into_iter().map(|f| f.name).collect()
    };
    assert_eq!(
        names(choose(&lead(), None)),
        ["Email", "LastModifiedDate", "LastName"]
    );
    let asked = ["lastname", "Nope", "Address", "Id", "LASTNAME"].map(str::to_owned);
    let chosen = choose(&lead(), Some(&asked));
    assert_eq!(chosen.unknown, ["Nope", "Address"]);
    assert_eq!(names(chosen), ["LastName"]);
    assert_eq!(names(choose(&lead(), Some(&["all".to_owned()]))).len(), 7);
}

#[test]
fn a_query_asks_for_what_the_mirror_needs_in_the_order_of_stamps() {
    let question = question(&["LastName"], Some("Rating = 'Hot'"));
    assert_eq!(
        question.soql(&From::Stamp(1_800_000_000_000)),
        "SELECT Id, SystemModstamp, IsDeleted, MasterRecordId, LastName FROM Lead \
         WHERE (Rating = 'Hot') AND (SystemModstamp >= 2027-01-15T08:00:00.000Z) ORDER BY SystemModstamp, Id"
    );
    let after = question.soql(&From::Record(
        1_800_000_000_000,
        "00Q000000000001AAA".to_owned(),
    ));
    assert!(
        after.contains(
            "OR (SystemModstamp = 2027-01-15T08:00:00.000Z AND Id > '00Q000000000001AAA')"
        )
    );
    assert_eq!(
        question.count(),
        "SELECT COUNT() FROM Lead WHERE (Rating = 'Hot')"
    );
}

#[test]
fn a_reading_goes_on_where_it_was_broken_off_and_looks_back_as_far_as_records_can_be_late() {
    let question = question(&["LastName"], None);
    let minute = 60_000;
    let (first, from) = begin(PullProgress::default(), &question, 0);
    assert_eq!((first.whole, from), (true, From::Start));
    let broken = PullProgress {
        cursor: Some((500 * minute, "a".to_owned())),
        ..first
    };
    let (resumed, from) = begin(broken, &question, minute);
    assert_eq!(from, From::Record(500 * minute, "a".to_owned()));
    assert!(resumed.whole, "it still is the reading of everything");
    let done = PullProgress {
        cursor: Some((600 * minute, "b".to_owned())),
        ..resumed
    };
    let ended = end(done, 2 * minute);
    assert_eq!(
        ended.watermark,
        Some(500 * minute),
        "what committed late before the break isn't skipped"
    );
    let (_, from) = begin(ended.clone(), &question, 3 * minute);
    assert_eq!(from, From::Stamp(490 * minute));
    let (again, _) = begin(ended, &question, 13 * minute);
    let settled = end(again, 13 * minute);
    assert!(settled.settled, "nothing can be that late");
    let (_, from) = begin(settled.clone(), &question, 14 * minute);
    assert_eq!(from, From::After(500 * minute));
    let (anew, from) = begin(settled, &self::question(&["Email"], None), 14 * minute);
    assert_eq!(
        (anew.whole, from),
        (true, From::Start),
        "other fields are read from the start"
    );
}

#[test]
fn objects_with_formulas_are_read_whole_once_a_week() {
    let plain = question(&["LastName"], None);
    let formula = question(&["Age__c"], None);
    let read = |question: &Question| PullProgress {
        asked: Some(question.fingerprint()),
        watermark: Some(0),
        whole_at: Some(0),
        ..PullProgress::default()
    };
    let whole = |question: &Question, at| begin(read(question), question, at).0.whole;
    assert!(!whole(&formula, WHOLE_EVERY_MS - 1));
    assert!(whole(&formula, WHOLE_EVERY_MS));
    assert!(!whole(&plain, WHOLE_EVERY_MS));
    assert!(
        whole(&formula, -1),
        "a clock that was set back doesn't put it off for ever"
    );
}

#[test]
fn without_a_stamp_everything_is_read_in_the_order_of_ids() {
    let mut describe = lead();
    for field in &mut describe.fields {
        field.filterable = !field.name.contains("Mod");
    }
    assert_eq!(Stamp::of(&describe), Stamp::None);
    describe.fields[8].filterable = true;
    assert_eq!(Stamp::of(&describe), Stamp::LastModifiedDate);
}

#[test]
fn a_note_names_the_first_of_many_fields() {
    let steps = |count: u32| -> Vec<SchemaStep> {
        (1..=count)
            .map(|at| SchemaStep {
                kind: StepKind::NewField,
                field: Some(format!("F{at}")),
                detail: String::new(),
            })
            .collect()
    };
    assert_eq!(notes_on(&steps(2)), ["Added fields: F1, F2."]);
    assert!(notes_on(&steps(11))[0].ends_with("F10, F11."));
    assert!(notes_on(&steps(500))[0].ends_with("F9, F10 and 490 more."));
}
