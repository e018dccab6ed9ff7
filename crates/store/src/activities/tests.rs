use crate::testing::{DAY, NOW, Workspace, text, workspace};
use crate::{ActivityTypeId, ContactField, Error, NewActivity, RuleTree};

fn visit(kind: ActivityTypeId, at: i64) -> NewActivity {
    NewActivity {
        kind,
        at,
        value: Some(1.5),
        url: None,
        title: Some("Spring".to_owned()),
        note: None,
    }
}

fn with_type() -> (Workspace, ActivityTypeId) {
    let workspace = workspace();
    let kind = workspace.writing(|writer| writer.add_activity_type("visit", "", NOW));
    (workspace, kind)
}

#[test]
fn a_contacts_activities_come_page_by_page_the_latest_first() {
    let (workspace, kind) = with_type();
    let id = workspace.add(&[(ContactField::Email, "a@example.com")]);
    for at in [5, 9, 9, 1] {
        workspace.writing(|writer| writer.insert_activity(id, &visit(kind, at), None));
    }
    let first = workspace.reading(|reader| reader.activities_of(id, None, 2));
    let times: Vec<_> = first.iter().map(|one| one.at).collect();
    assert_eq!(times, [9, 9]);
    let last = &first[1];
    let rest = workspace.reading(|reader| reader.activities_of(id, Some((last.at, last.id)), 5));
    let times: Vec<_> = rest.iter().map(|one| one.at).collect();
    assert_eq!(times, [5, 1]);
    assert_eq!(
        workspace.reading(|reader| reader.count_activities_of(id)),
        4
    );
}

#[test]
fn what_waits_for_somebody_is_hers_when_she_appears() {
    let (workspace, kind) = with_type();
    workspace.writing(|writer| writer.keep_waiting(" ANN@example.com ", &visit(kind, 5), None));
    workspace.writing(|writer| writer.keep_waiting("bob@example.com", &visit(kind, 6), None));
    assert_eq!(
        workspace.reading(|reader| reader.waiting_activities(9)).1,
        2
    );
    let ann = workspace.add(&[(ContactField::Email, "Ann@Example.com")]);
    assert_eq!(
        workspace.reading(|reader| reader.count_activities_of(ann)),
        1
    );
    let other = workspace.add(&[(ContactField::Email, "x@example.com")]);
    workspace.change(other, ContactField::Email, Some(text("bob@example.com")));
    assert_eq!(
        workspace.reading(|reader| reader.count_activities_of(other)),
        1
    );
    assert_eq!(
        workspace.reading(|reader| reader.waiting_activities(9)).1,
        0
    );
}

#[test]
fn of_two_who_appear_with_one_address_the_elder_gets_what_waits() {
    let (workspace, kind) = with_type();
    workspace.writing(|writer| writer.keep_waiting("info@example.com", &visit(kind, 5), None));
    let ids = workspace.writing(|writer| {
        let values = crate::testing::values(&[(ContactField::Email, "info@example.com")]);
        let elder = writer.insert_contact(&values, None, NOW)?;
        Ok([elder, writer.insert_contact(&values, None, NOW)?])
    });
    let counts = ids.map(|id| workspace.reading(|reader| reader.count_activities_of(id)));
    assert_eq!(counts, [1, 0]);
}

#[test]
fn merging_moves_activities_and_undoing_moves_them_back() {
    let (workspace, kind) = with_type();
    let kept = workspace.add(&[(ContactField::Email, "a@example.com")]);
    let lost = workspace.add(&[(ContactField::Email, "b@example.com")]);
    workspace.writing(|writer| writer.insert_activity(lost, &visit(kind, 5), None));
    let act = workspace.writing(|writer| writer.merge_contacts(kept, lost, NOW));
    let count = |id| workspace.reading(|reader| reader.count_activities_of(id));
    assert_eq!((count(kept), count(lost)), (1, 0));
    workspace.writing(|writer| writer.undo(act, NOW));
    assert_eq!((count(kept), count(lost)), (0, 1));
    workspace.erase(lost).unwrap();
    assert_eq!(workspace.number("SELECT count(*) FROM activities"), 0);
}

#[test]
fn activities_that_make_no_sense_are_refused() {
    let (_, kind) = with_type();
    let good = visit(kind, NOW);
    assert!(good.check(NOW).is_ok());
    let faulty = [
        (
            NewActivity {
                at: NOW + 2 * DAY,
                ..good.clone()
            },
            "future",
        ),
        (
            NewActivity {
                value: Some(f64::NAN),
                ..good.clone()
            },
            "isn't a finite number",
        ),
        (
            NewActivity {
                title: Some("x".repeat(256)),
                ..good.clone()
            },
            "256 characters",
        ),
        (
            NewActivity {
                at: i64::MIN,
                ..good.clone()
            },
            "out of range",
        ),
    ];
    for (new, words) in faulty {
        let refused = new.check(NOW).unwrap_err().to_string();
        assert!(refused.contains(words), "{refused}");
    }
}

#[test]
fn a_type_in_use_stays_and_a_new_name_is_known_to_the_rules() {
    let (workspace, kind) = with_type();
    let tree: RuleTree = serde_json::from_str(r#"{"activity": "visit"}"#).unwrap();
    let segment = workspace.writing(|writer| writer.add_segment("Visitors", "", &tree, NOW));
    let refused = workspace.write(|writer| writer.remove_activity_type("visit"));
    assert!(matches!(refused, Err(Error::Refused(text)) if text.contains("Visitors")));
    workspace.writing(|writer| writer.rename_activity_type("visit", "page visit"));
    let tree = workspace.reading(|reader| reader.segment(segment)).tree;
    assert_eq!(
        tree.map(|tree| tree.to_string()).as_deref(),
        Some("did “page visit”")
    );
    workspace.writing(|writer| writer.remove_segment(segment));
    let id = workspace.add(&[]);
    let done = workspace.writing(|writer| writer.insert_activity(id, &visit(kind, 5), None));
    assert!(
        workspace
            .write(|writer| writer.remove_activity_type("page visit"))
            .is_err()
    );
    workspace.writing(|writer| writer.remove_activity(done));
    workspace.writing(|writer| writer.remove_activity_type("page visit"));
    assert!(
        workspace
            .reading(|reader| reader.activity_types())
            .is_empty()
    );
}
