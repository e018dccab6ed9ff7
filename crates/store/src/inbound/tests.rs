use std::collections::BTreeSet;

use crate::testing::{NOW, workspace};
use crate::{Agreement, Agreements, ConflictQuery, ContactField, LinkId, LinkOrigin, NewLink};

const ORG: &str = "00D000000000001AAA";
const RECORD: &str = "00Q000000000001AAA";
const OTHER: &str = "00Q000000000002AAA";

fn link(contact: crate::ContactId, record_id: &str) -> NewLink<'_> {
    NewLink {
        contact,
        org_id: ORG,
        object: "Lead",
        record_id,
        identifier: None,
        origin: LinkOrigin::Hand,
    }
}

#[test]
fn another_record_begins_without_agreements_and_has_to_be_compared() {
    let workspace = workspace();
    let contact = workspace.add(&[(ContactField::LastName, "Okafor")]);
    let id = workspace.writing(|writer| writer.put_link(&link(contact, RECORD), NOW));
    let to_look = || {
        let found = workspace.reading(|reader| reader.links_to_look_at(ORG, "Lead", LinkId(0), 10));
        found.len()
    };
    assert_eq!(to_look(), 1, "a new link");
    let agreed = Agreements::from([("Phone".to_owned(), Agreement::default())]);
    workspace.writing(|writer| {
        writer.set_agreements(id, &agreed)?;
        writer.links_looked_at(&[id], Some(NOW))
    });
    assert_eq!(to_look(), 0);
    workspace.writing(|writer| writer.put_link(&link(contact, RECORD), NOW));
    assert_eq!(
        workspace.reading(|reader| reader.agreements(&[id]))[&id],
        agreed,
        "the same record"
    );
    workspace.writing(|writer| writer.put_link(&link(contact, OTHER), NOW));
    assert!(
        workspace
            .reading(|reader| reader.agreements(&[id]))
            .is_empty()
    );
    assert_eq!(to_look(), 1);
}

#[test]
fn conflicts_are_listed_page_by_page_and_go_with_their_link() {
    let workspace = workspace();
    let mut links = Vec::new();
    for record in [RECORD, OTHER] {
        let contact = workspace.add(&[(ContactField::LastName, record)]);
        links.push(workspace.writing(|writer| writer.put_link(&link(contact, record), NOW)));
    }
    workspace.writing(|writer| {
        for id in &links {
            for field in ["Title", "City"] {
                assert!(writer.add_conflict(*id, field, Some("before"), NOW)?);
                assert!(!writer.add_conflict(*id, field, None, NOW + 1)?, "it stays");
            }
        }
        Ok(())
    });
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let query = ConflictQuery {
            after: after.as_ref(),
            limit: 3,
            ..ConflictQuery::default()
        };
        let page = workspace.reading(|reader| reader.conflicts(&query));
        let Some(last) = page.last() else { break };
        let cursor = crate::ConflictCursor {
            link: last.link.id,
            field: last.field.clone(),
        };
        seen.extend(page.into_iter().map(|one| (one.link.id, one.field)));
        after = Some(cursor);
    }
    let expected: Vec<_> = links
        .iter()
        .flat_map(|id| ["City", "Title"].map(|field| (*id, field.to_owned())))
        .collect();
    assert_eq!(seen, expected);
    workspace.writing(|writer| writer.remove_conflict(links[0], "Title"));
    let fields = workspace.reading(|reader| reader.conflicting_fields(links.iter().copied()));
    assert_eq!(fields[&links[0]], BTreeSet::from(["City".to_owned()]));
    workspace.writing(|writer| writer.remove_link(links[1]));
    let count = workspace.reading(|reader| reader.count_conflicts(&ConflictQuery::default()));
    assert_eq!(count, 1);
}
