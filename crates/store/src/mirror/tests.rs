use rusqlite::Connection;

use super::*;
use crate::testing::{NOW, Workspace, workspace};
use crate::{MirrorPlan, MirrorQuery, MirrorRecord, NewMirrorField, OpenOptions, StepKind, Store};

const ORG: &str = "00D000000000001AAA";

fn field(name: &str, kind: MirrorKind) -> NewMirrorField {
    NewMirrorField {
        name: name.to_owned(),
        label: name.to_owned(),
        kind,
        org_type: kind.name().to_owned(),
        reference_to: Vec::new(),
        formula: false,
    }
}

fn leads(fields: Vec<NewMirrorField>) -> MirrorPlan {
    MirrorPlan {
        object: "Lead".to_owned(),
        label: "Lead".to_owned(),
        key_prefix: Some("00Q".to_owned()),
        in_org: fields.iter().map(|field| field.name.clone()).collect(),
        fields,
    }
}

fn every_kind() -> Vec<NewMirrorField> {
    vec![
        field("Name", MirrorKind::Text),
        field("Amount", MirrorKind::Number),
        field("Size", MirrorKind::Whole),
        field("Won", MirrorKind::YesNo),
        field("Day", MirrorKind::Date),
        field("Moment", MirrorKind::DateTime),
    ]
}

fn apply(workspace: &Workspace, plan: &MirrorPlan) -> Vec<StepKind> {
    let steps = workspace.writing(|writer| writer.apply_mirror_plan(ORG, plan, NOW));
    steps.iter().map(|step| step.kind).collect()
}

fn mirror(workspace: &Workspace) -> Mirror {
    workspace
        .reading(|reader| reader.mirror_of(ORG, "lead"))
        .unwrap()
}

fn record(number: u32, name: &str, deleted: bool) -> MirrorRecord {
    MirrorRecord {
        id: format!("00Q{number:012}AAA"),
        stamp: Some(NOW),
        deleted,
        winner: None,
        values: vec![
            Some(MirrorValue::Text(name.to_owned())),
            Some(MirrorValue::Number(2.5)),
            Some(MirrorValue::Whole(-3)),
            Some(MirrorValue::YesNo(true)),
            Some(MirrorValue::Date("2026-02-28".parse().unwrap())),
            None,
        ],
    }
}

fn write(workspace: &Workspace, records: &[MirrorRecord], pass: i64) -> (u64, u64, u64) {
    let mirror = mirror(workspace);
    // A page fills the columns that were read; later ones keep what they hold.
    let read = records.first().map_or(0, |record| record.values.len());
    let fields: Vec<&MirrorField> = mirror.fields.iter().take(read).collect();
    let tally =
        workspace.writing(|writer| writer.write_mirror_page(&mirror, &fields, records, pass));
    (tally.new, tally.changed, tally.deleted)
}

#[test]
fn a_schema_is_made_once_and_grows_without_losing_anything() {
    let workspace = workspace();
    let plan = leads(every_kind());
    assert_eq!(apply(&workspace, &plan), [StepKind::NewTable]);
    assert_eq!(apply(&workspace, &plan), [], "all is in place");
    write(&workspace, &[record(1, "Ada", false)], 1);
    let mut more = every_kind();
    more.remove(1);
    more.push(field("Rating", MirrorKind::Text));
    let plan = leads(more);
    assert_eq!(
        apply(&workspace, &plan),
        [StepKind::NewField, StepKind::FieldGone]
    );
    let mirror = mirror(&workspace);
    assert!(mirror.field("amount").unwrap().gone_at.is_some());
    let kept = workspace
        .reading(|reader| reader.mirrored_record(&mirror, &record(1, "", false).id))
        .unwrap();
    assert_eq!(
        kept.values[1],
        Some(MirrorValue::Number(2.5)),
        "its values stay"
    );
    assert_eq!(kept.values[6], None);
    let back = leads(every_kind());
    assert_eq!(
        apply(&workspace, &back),
        [StepKind::FieldBack, StepKind::FieldGone]
    );
}

#[test]
fn a_field_of_another_type_gets_a_column_of_that_type() {
    let workspace = workspace();
    apply(&workspace, &leads(every_kind()));
    write(&workspace, &[record(1, "Ada", false)], 1);
    let mut changed = every_kind();
    changed[0].kind = MirrorKind::Whole;
    changed[2].org_type = "long".to_owned();
    assert_eq!(
        apply(&workspace, &leads(changed)),
        [StepKind::FieldChanged, StepKind::FieldChanged]
    );
    let mirror = mirror(&workspace);
    let fields: Vec<&MirrorField> =
        vec![mirror.field("Name").unwrap(), mirror.field("Size").unwrap()];
    let page = workspace.reading(|reader| {
        let query = MirrorQuery {
            limit: 9,
            ..MirrorQuery::default()
        };
        reader.mirrored(&mirror, &fields, &query)
    });
    assert_eq!(page.rows[0].values, [None, Some(MirrorValue::Whole(-3))]);
}

#[test]
fn a_workspace_with_mirrors_opens_again_and_a_strangers_table_is_refused() {
    let made = workspace();
    apply(&made, &leads(every_kind()));
    apply(
        &made,
        &leads([every_kind(), vec![field("Late", MirrorKind::Date)]].concat()),
    );
    write(&made, &[record(1, "Ada", false)], 1);
    let path = made.path();
    let Workspace { store, folder } = made;
    store.close().unwrap();
    drop(store);
    let open = || Store::open(&path, OpenOptions::default(), NOW).map(|store| store.close());
    open().unwrap().unwrap();
    let table = |connection: &Connection| -> String {
        connection
            .query_row("SELECT sql FROM sqlite_schema WHERE name LIKE 'mirror\\_%' ESCAPE '\\' AND name NOT IN ('mirror_objects', 'mirror_fields') AND type = 'table'", [], |row| row.get(0))
            .unwrap()
    };
    for altered in [
        "CREATE TABLE mirror_99 (record_id TEXT)",
        "CREATE TRIGGER t AFTER INSERT ON mirror_1 BEGIN DELETE FROM contacts; END",
        "CREATE VIEW mirror_2 AS SELECT 1",
        "ALTER TABLE mirror_1 ADD COLUMN f_500 TEXT",
        "CREATE INDEX mirror_1_more ON mirror_1 (winner)",
        "UPDATE mirror_fields SET kind = 'whole' WHERE kind = 'text'",
    ] {
        let copy = folder.path().join("altered.leadferry");
        std::fs::copy(&path, &copy).unwrap();
        let connection = Connection::open(&copy).unwrap();
        assert!(table(&connection).contains("f_7 TEXT CHECK"));
        connection.execute_batch(altered).unwrap();
        drop(connection);
        let refused = Store::open(&copy, OpenOptions::default(), NOW);
        assert!(matches!(refused, Err(Error::Altered(_))), "{altered}");
    }
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("DROP TABLE mirror_1").unwrap();
    drop(connection);
    let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
    let steps = store
        .write(|writer| {
            let mirror = writer.mirror_of(ORG, "Lead")?.unwrap();
            assert_eq!(writer.count_mirrored(&mirror, None)?, 0);
            writer.apply_mirror_plan(ORG, &leads(every_kind()), NOW)
        })
        .unwrap();
    assert_eq!(
        steps[0].kind,
        StepKind::NewTable,
        "a removed table is made again"
    );
}

#[test]
fn pages_tell_what_they_change() {
    let workspace = workspace();
    apply(&workspace, &leads(every_kind()));
    let (ada, bo) = (record(1, "Ada", false), record(2, "Bo", false));
    assert_eq!(write(&workspace, &[ada.clone(), bo.clone()], 1), (2, 0, 0));
    assert_eq!(write(&workspace, &[ada.clone(), bo.clone()], 1), (0, 0, 0));
    assert_eq!(write(&workspace, &[record(1, "Ida", false)], 1), (0, 1, 0));
    assert_eq!(write(&workspace, &[record(1, "Ida", true)], 1), (0, 0, 1));
    assert_eq!(write(&workspace, &[record(1, "Ida", true)], 1), (0, 0, 0));
    assert_eq!(
        write(&workspace, &[record(1, "Ida", false)], 1),
        (0, 1, 0),
        "undeleted"
    );
    assert_eq!(write(&workspace, &[record(3, "Di", true)], 1), (0, 0, 1));
    let mirror = mirror(&workspace);
    let unknown = workspace.writing(|writer| {
        writer.note_seen(
            &mirror,
            &[ada.id.clone(), "00Q000000000009AAA".to_owned()],
            2,
        )
    });
    assert_eq!(unknown, ["00Q000000000009AAA"]);
    assert_eq!(
        workspace.writing(|writer| writer.mark_unseen_gone(&mirror, 2)),
        1
    );
    let live = workspace.reading(|reader| reader.count_mirrored(&mirror, Some(MirrorState::Live)));
    let gone = workspace.reading(|reader| reader.count_mirrored(&mirror, Some(MirrorState::Gone)));
    assert_eq!((live, gone), (1, 1));
    assert_eq!(
        write(&workspace, &[bo], 2),
        (0, 1, 0),
        "what is back counts as changed"
    );
}

#[test]
fn a_profile_says_what_a_field_holds() {
    let workspace = workspace();
    apply(&workspace, &leads(every_kind()));
    write(
        &workspace,
        &[
            record(1, "Ada", false),
            record(2, "Bo", false),
            record(3, "Bo", false),
            record(4, "Zoe Away", true),
        ],
        1,
    );
    let mirror = mirror(&workspace);
    let profile =
        workspace.reading(|reader| reader.profile_mirrored(&mirror, mirror.field("Name").unwrap()));
    assert_eq!(
        (profile.records, profile.filled, profile.distinct),
        (3, 3, 2)
    );
    assert_eq!((profile.shortest, profile.longest), (Some(2), Some(3)));
    assert_eq!(
        profile.top[0],
        Filled {
            value: MirrorValue::Text("Bo".to_owned()),
            records: 2
        }
    );
    let days =
        workspace.reading(|reader| reader.profile_mirrored(&mirror, mirror.field("Day").unwrap()));
    assert_eq!(
        days.least,
        Some(MirrorValue::Date("2026-02-28".parse().unwrap()))
    );
}

#[test]
fn an_erased_person_is_in_no_mirror() {
    let workspace = workspace();
    apply(&workspace, &leads(every_kind()));
    write(
        &workspace,
        &[
            record(1, "quixotina@zebulon.example", false),
            record(2, "Bo", false),
            record(3, "Quinn", false),
        ],
        1,
    );
    let mut person = crate::ErasedPerson::known_by(
        &["quixotina@zebulon.example".to_owned()],
        &[],
        "Quixotina",
        "Zebulon",
    );
    person.records.insert(record(3, "", false).id);
    assert_eq!(
        workspace.writing(|writer| writer.erase_from_mirrors(&person)),
        2
    );
    let mirror = mirror(&workspace);
    assert_eq!(
        workspace.reading(|reader| reader.count_mirrored(&mirror, None)),
        1
    );
}
