use crate::testing::{NOW, text, workspace};
use crate::{ContactField, Error, FieldKind, RuleTree};

fn tree(json: &str) -> RuleTree {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_renamed_field_keeps_its_values_and_the_rules_that_ask_for_it() {
    let workspace = workspace();
    let field = workspace.field("Region", FieldKind::Text);
    let north = workspace.add(&[(field, "North")]);
    workspace.field("Seats", FieldKind::Integer);
    let rule = tree(r#"{"any": [{"field": "region", "op": "equals", "value": "North"}]}"#);
    workspace.writing(|writer| writer.add_segment("Northerners", "", &rule, NOW));

    workspace.writing(|writer| writer.rename_custom_field("custom:region", " Area "));

    assert_eq!(
        workspace.reading(|reader| reader.field_name(field)),
        "custom:Area"
    );
    let kept = workspace.reading(|reader| reader.contact(north));
    assert_eq!(kept.values.text(field), Some("North"));
    let segment = workspace.reading(|reader| reader.segment_named("Northerners"));
    assert_eq!(
        segment.tree,
        Some(tree(
            r#"{"any": [{"field": "custom:Area", "op": "equals", "value": "North"}]}"#
        ))
    );
    workspace.writing(|writer| writer.rename_custom_field("Area", "AREA"));
    for taken in ["seats", "email", ""] {
        workspace
            .write(|writer| writer.rename_custom_field("Area", taken))
            .unwrap_err();
    }
}

#[test]
fn a_removed_field_goes_with_its_values_once_no_rule_asks_for_it() {
    let workspace = workspace();
    let field = workspace.field("Region", FieldKind::Text);
    let ContactField::Custom(id) = field else {
        unreachable!("it is custom")
    };
    let north = workspace.add(&[(field, "North"), (ContactField::City, "Oslo")]);
    workspace.add(&[(ContactField::City, "Rome")]);
    let rule = tree(r#"{"field": "custom:Region", "op": "is_set"}"#);
    let segment = workspace.writing(|writer| writer.add_segment("Northerners", "", &rule, NOW));
    assert_eq!(workspace.reading(|reader| reader.count_values(id)), 1);
    assert!(matches!(
        workspace.write(|writer| writer.remove_custom_field("Region")),
        Err(Error::Refused(_))
    ));

    workspace.writing(|writer| {
        writer.remove_segment(segment)?;
        writer.remove_custom_field("Region")
    });

    assert!(
        workspace
            .reading(|reader| reader.custom_fields())
            .is_empty()
    );
    let kept = workspace.reading(|reader| reader.contact(north));
    assert_eq!(kept.values.text(ContactField::City), Some("Oslo"));
    assert_eq!(kept.values.get(field), None);
    assert!(matches!(
        workspace.read(|reader| reader.count_values(id)),
        Err(Error::NotFound { .. })
    ));
    assert_ne!(
        workspace.field("Region", FieldKind::Text),
        field,
        "a field of the same name is another one"
    );
}

#[test]
fn an_act_is_undone_without_a_field_that_was_removed_since() {
    let workspace = workspace();
    let field = workspace.field("Region", FieldKind::Text);
    let id = workspace.add(&[(field, "North"), (ContactField::City, "Oslo")]);
    let changes = [
        (field, Some(text("South"))),
        (ContactField::City, Some(text("Rome"))),
    ];
    let (act, _) = workspace.writing(|writer| writer.edit_contacts(&[id], &changes, NOW));
    workspace.writing(|writer| writer.remove_custom_field("Region"));

    let undone = workspace.writing(|writer| writer.undo(act, NOW));

    assert_eq!((undone.restored, undone.left_alone.len()), (1, 0));
    let back = workspace.reading(|reader| reader.contact(id));
    assert_eq!(back.values.text(ContactField::City), Some("Oslo"));
}
