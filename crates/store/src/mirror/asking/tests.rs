use serde_json::json;

use super::*;
use crate::query_plans::scans;
use crate::testing::{NOW, Workspace, workspace};
use crate::{
    ContactField, MirrorPlan, MirrorRecord, MirrorValue, NewMirrorField, OpenOptions, Recalculate,
    RuleTree, Store,
};

const ORG: &str = "00D000000000001AAA";

fn plan(object: &str, fields: &[(&str, MirrorKind)]) -> MirrorPlan {
    let fields = fields.iter().map(|(name, kind)| NewMirrorField {
        name: (*name).to_owned(),
        label: (*name).to_owned(),
        kind: *kind,
        org_type: "string".to_owned(),
        reference_to: Vec::new(),
        formula: false,
    });
    let fields: Vec<_> = fields.collect();
    MirrorPlan {
        object: object.to_owned(),
        label: object.to_owned(),
        key_prefix: None,
        in_org: fields.iter().map(|field| field.name.clone()).collect(),
        fields,
    }
}

fn apply(workspace: &Workspace, plan: &MirrorPlan) {
    workspace.writing(|writer| writer.apply_mirror_plan(ORG, plan, NOW));
}

fn put(workspace: &Workspace, object: &str, id: &str, values: &[Option<&str>]) {
    workspace.writing(|writer| {
        let mirror = writer.mirror_of(ORG, object)?.unwrap();
        let fields: Vec<&MirrorField> = mirror.fields.iter().take(values.len()).collect();
        let values = values
            .iter()
            .map(|value| value.map(|text| MirrorValue::Text(text.to_owned())));
        let record = MirrorRecord {
            id: id.to_owned(),
            stamp: Some(NOW),
            deleted: false,
            winner: None,
            values: values.collect(),
        };
        writer.write_mirror_page(&mirror, &fields, &[record], 1)
    });
}

fn indexes(workspace: &Workspace) -> i64 {
    workspace.number(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name LIKE 'mirror%' AND name NOT LIKE '%stamp'
           AND sql IS NOT NULL",
    )
}

fn segment(workspace: &Workspace, name: &str, tree: serde_json::Value) -> crate::SegmentId {
    let tree: RuleTree = serde_json::from_value(tree).unwrap();
    workspace.writing(|writer| writer.add_segment(name, "", &tree, NOW))
}

fn recalculated(workspace: &Workspace, segment: crate::SegmentId) -> u64 {
    let what = Recalculate::Segment(segment);
    workspace
        .recalculate(what, false, NOW, &mut |_, _| true)
        .unwrap();
    workspace.reading(|reader| reader.member_count(segment))
}

#[test]
fn names_say_whose_field_it_is() {
    for (name, is) in [
        ("Salesforce.Rating", Some((AskedRecord::Linked, "Rating"))),
        (
            " salesforce.lead.Rating__c ",
            Some((AskedRecord::Lead, "Rating__c")),
        ),
        (
            "Salesforce.Account.Industry",
            Some((AskedRecord::Account, "Industry")),
        ),
        ("Salesforce.Owner.Name", Some((AskedRecord::Owner, "Name"))),
        ("Salesforce.Case.Subject", None),
        ("Salesforce.", None),
        ("Salesforce.a b", None),
        ("Sales", None),
        ("Rating", None),
    ] {
        let asked = AskedField::parse(name);
        let found = asked
            .as_ref()
            .map(|asked| (asked.record, asked.field.as_str()));
        assert_eq!(found, is, "{name}");
        if let Some(asked) = &asked {
            assert_eq!(AskedField::parse(&asked.name()).as_ref(), Some(asked));
        }
    }
}

#[test]
fn a_rule_indexes_what_it_asks_for_and_the_file_is_still_ours() {
    let workspace = workspace();
    let text = MirrorKind::Text;
    apply(
        &workspace,
        &plan("Contact", &[("AccountId", text), ("Rating", text)]),
    );
    apply(&workspace, &plan("Account", &[("Industry", text)]));
    assert_eq!(indexes(&workspace), 0);
    segment(
        &workspace,
        "Hot",
        json!({"field": "Salesforce.Rating", "op": "equals", "value": "hot"}),
    );
    assert_eq!(indexes(&workspace), 1);
    segment(
        &workspace,
        "Banks",
        json!({"field": "Salesforce.Account.Industry", "op": "is_set"}),
    );
    assert_eq!(indexes(&workspace), 3, "the value, and what leads to it");
    // What is mirrored later is indexed then.
    apply(&workspace, &plan("Lead", &[("Rating", text)]));
    assert_eq!(indexes(&workspace), 4);
    // Another type has another column, which is indexed anew.
    apply(&workspace, &plan("Lead", &[("Rating", MirrorKind::Number)]));
    assert_eq!(indexes(&workspace), 4);
    let path = workspace.path();
    let folder = workspace.folder;
    drop(workspace.store);
    Store::open(&path, OpenOptions::default(), NOW).unwrap();
    drop(folder);
}

#[test]
fn a_segment_over_a_field_of_another_type_is_named_and_the_others_go_on() {
    let workspace = workspace();
    apply(&workspace, &plan("Lead", &[("Rating", MirrorKind::Text)]));
    let contact = workspace.add(&[(ContactField::Email, "ada@example.com")]);
    workspace.link(contact, ORG, "Lead", "00Q000000000001AAA", None);
    put(&workspace, "Lead", "00Q000000000001AAA", &[Some("Hot")]);
    let rule = json!({"field": "Salesforce.Rating", "op": "contains", "value": "ho"});
    let hot = segment(&workspace, "Hot", rule);
    let asking = json!({"segment": "Hot", "is": "in"});
    let asks = segment(&workspace, "Asks", asking);
    let other = json!({"field": "email", "op": "is_set"});
    let other = segment(&workspace, "Other", other);
    let recalculate = |what| workspace.recalculate(what, true, NOW, &mut |_, _| true);
    let members = |id| workspace.reading(|reader| reader.member_count(id));
    recalculate(Recalculate::Everything).unwrap();
    apply(&workspace, &plan("Lead", &[("Rating", MirrorKind::Number)]));
    workspace.add(&[(ContactField::Email, "bob@example.com")]);
    recalculate(Recalculate::Everything).unwrap();
    assert_eq!(
        [hot, asks, other].map(members),
        [1, 1, 2],
        "it stays as it is"
    );
    for id in [hot, asks] {
        let why = workspace.reading(|reader| reader.why_not_calculated(None, &[id]));
        assert_eq!(
            why.unwrap().to_string(),
            "the segment \"Hot\" can't be calculated: \"contains\" doesn't fit \"Salesforce.Rating\", which holds \
             numbers; change its rules"
        );
        assert!(recalculate(Recalculate::Segment(id)).is_err());
    }
    let why = workspace.reading(|reader| reader.why_not_calculated(None, &[other]));
    assert!(why.is_none());
}

#[test]
fn everybody_who_meets_a_rule_is_found_through_indexes() {
    let workspace = workspace();
    let text = MirrorKind::Text;
    apply(
        &workspace,
        &plan("Contact", &[("AccountId", text), ("Rating", text)]),
    );
    apply(&workspace, &plan("Account", &[("Industry", text)]));
    apply(
        &workspace,
        &plan("Opportunity", &[("AccountId", text), ("StageName", text)]),
    );
    apply(&workspace, &plan("Campaign", &[("Name", text)]));
    apply(
        &workspace,
        &plan(
            "CampaignMember",
            &[("CampaignId", text), ("LeadOrContactId", text)],
        ),
    );
    for (name, tree) in [
        (
            "a",
            json!({"field": "Salesforce.Rating", "op": "equals", "value": "hot"}),
        ),
        (
            "b",
            json!({"field": "Salesforce.Account.Industry", "op": "starts_with", "value": "b"}),
        ),
        ("c", json!({"campaign": "Spring", "is": "member"})),
    ] {
        segment(&workspace, name, tree.clone());
        let tree: RuleTree = serde_json::from_value(tree).unwrap();
        let mut found = scans(&workspace, |writer| writer.count_tree(&tree, NOW));
        // The catalogue is small, and so are the deleted contacts.
        found
            .retain(|scan| !scan.contains("mirror_objects") && !scan.contains("contacts_deleted:"));
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}

#[test]
fn who_is_concerned_by_a_changed_record_is_looked_at_again() {
    let workspace = workspace();
    let text = MirrorKind::Text;
    apply(
        &workspace,
        &plan("Contact", &[("AccountId", text), ("Rating", text)]),
    );
    apply(&workspace, &plan("Account", &[("Industry", text)]));
    apply(
        &workspace,
        &plan("Opportunity", &[("AccountId", text), ("StageName", text)]),
    );
    let (ada, bob) = (workspace.add(&[]), workspace.add(&[]));
    workspace.link(ada, ORG, "Contact", "003000000000001AAA", None);
    workspace.link(bob, ORG, "Contact", "003000000000002AAA", None);
    put(
        &workspace,
        "Account",
        "001000000000001AAA",
        &[Some("Banking")],
    );
    put(
        &workspace,
        "Contact",
        "003000000000001AAA",
        &[Some("001000000000001AAA"), Some("Cold")],
    );
    put(
        &workspace,
        "Contact",
        "003000000000002AAA",
        &[None, Some("Cold")],
    );
    let hot = segment(
        &workspace,
        "Hot",
        json!({"field": "Salesforce.Rating", "op": "equals", "value": "hot"}),
    );
    let banks = segment(
        &workspace,
        "Banks",
        json!({"field": "Salesforce.Account.Industry", "op": "equals", "value": "banking"}),
    );
    let open = segment(
        &workspace,
        "Proposals",
        json!({"opportunities": "any", "with": [{"field": "StageName", "op": "equals", "value": "Proposal"}]}),
    );
    assert_eq!(
        [hot, banks, open].map(|one| recalculated(&workspace, one)),
        [0, 1, 0]
    );
    // An unchanged record concerns nobody.
    let before = workspace.seq(bob);
    put(
        &workspace,
        "Contact",
        "003000000000002AAA",
        &[None, Some("Cold")],
    );
    assert_eq!(workspace.seq(bob), before);
    put(
        &workspace,
        "Contact",
        "003000000000002AAA",
        &[None, Some("Hot")],
    );
    assert_eq!(recalculated(&workspace, hot), 1);
    put(
        &workspace,
        "Account",
        "001000000000001AAA",
        &[Some("Retail")],
    );
    assert_eq!(recalculated(&workspace, banks), 0);
    put(
        &workspace,
        "Opportunity",
        "006000000000001AAA",
        &[Some("001000000000001AAA"), Some("Proposal")],
    );
    assert_eq!(recalculated(&workspace, open), 1);
    // It moves to an account of nobody here.
    put(
        &workspace,
        "Opportunity",
        "006000000000001AAA",
        &[Some("001000000000009AAA"), Some("Proposal")],
    );
    assert_eq!(recalculated(&workspace, open), 0);
    // The link goes, and with it what lies behind.
    let link = workspace
        .reading(|reader| reader.link_to(ORG, "003000000000002AAA"))
        .unwrap();
    workspace.writing(|writer| writer.remove_link(link.id));
    assert_eq!(recalculated(&workspace, hot), 0);
    // A record that the org returns no more counts for nothing.
    put(
        &workspace,
        "Contact",
        "003000000000001AAA",
        &[Some("001000000000001AAA"), Some("Hot")],
    );
    assert_eq!(recalculated(&workspace, hot), 1);
    workspace.writing(|writer| {
        let mirror = writer.mirror_of(ORG, "Contact")?.unwrap();
        writer.mark_unseen_gone(&mirror, 2)
    });
    assert_eq!(recalculated(&workspace, hot), 0);
}
