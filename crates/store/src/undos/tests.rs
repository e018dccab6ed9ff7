use super::*;
use crate::testing::{NOW, Workspace, workspace};
use crate::{ConnectionId, ContactField, Versions};

const ORG: &str = "00D000000000001AAA";

fn begun(workspace: &Workspace) -> RunId {
    let new = NewRun {
        replication: workspace.replication("Leads", None),
        connection: ConnectionId(1),
        org_id: ORG.into(),
        versions: Versions {
            settings: 1,
            mapping: 1,
            describe: 0,
            periods: 0,
        },
    };
    workspace.writing(|writer| writer.begin_run(&new, NOW))
}

fn row(run: RunId, contact: ContactId, state: UndoState) -> UndoRow {
    let is_skipped = state == UndoState::Skipped;
    UndoRow {
        run,
        contact,
        record_id: format!("00Q{:015}", contact.0),
        state,
        fields: vec![UndoField {
            field: "FirstName".to_owned(),
            sent: "Ada".into(),
            before: Some(Value::Null),
            now: None,
            skipped: None,
        }],
        modified: Some(NOW),
        read_at: NOW,
        attempts: 0,
        code: is_skipped.then(|| "changed".to_owned()),
        message: is_skipped.then(|| "Changed.".to_owned()),
        undone_by: None,
        done_at: state.is_done().then_some(NOW),
    }
}

#[test]
fn rows_are_paged_and_counted_by_state_and_thinned_with_the_history() {
    let workspace = workspace();
    let run = begun(&workspace);
    let states = [
        UndoState::Delete,
        UndoState::Skipped,
        UndoState::Deleted,
        UndoState::Skipped,
    ];
    let rows = states.map(|state| {
        let contact = workspace.add(&[(ContactField::LastName, "Okafor")]);
        row(run, contact, state)
    });
    workspace.writing(|writer| rows.iter().try_for_each(|row| writer.put_undo_row(row)));
    let page = |states: &[UndoState], after: &UndoPlace, limit| {
        workspace.reading(|reader| reader.undo_rows(run, states, after, limit))
    };
    let first = (ContactId(0), String::new());
    assert_eq!(page(UndoState::ALL, &first, 10), rows);
    assert_eq!(page(&UndoState::OPEN, &first, 10), [rows[0].clone()]);
    let skipped = [UndoState::Skipped];
    assert_eq!(page(&skipped, &first, 1), [rows[1].clone()]);
    let after = (rows[1].contact, rows[1].record_id.clone());
    assert_eq!(page(&skipped, &after, 1), [rows[3].clone()]);
    let counts = workspace.reading(|reader| reader.undo_counts(run));
    let changed = (UndoState::Skipped, Some("changed".to_owned()));
    assert_eq!((counts.len(), counts[&changed]), (3, 2));
    let example = workspace.reading(|reader| reader.undo_example(run, "changed"));
    assert_eq!(example.as_deref(), Some("Changed."));
    let thinned = workspace.writing(|writer| writer.thin_undo_rows(NOW + 1));
    assert_eq!(thinned, 3, "what is still to be done keeps its values");
    let left = page(UndoState::ALL, &first, 10);
    let filled: Vec<bool> = left.iter().map(|row| !row.fields.is_empty()).collect();
    assert_eq!(filled, [true, false, false, false]);
}
