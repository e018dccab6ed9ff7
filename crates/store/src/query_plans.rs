//! The statements behind everyday calls find their rows through indexes.
//!
//! Each call is made for real; every statement that it ran is then explained. A plan that would visit a whole table
//! that grows with the number of contacts fails the test, unless visiting all is the point of the call.

use std::cell::RefCell;

use rusqlite::trace::{TraceEvent, TraceEventCodes};

use crate::testing::{NOW, Workspace, text, values, workspace};
use crate::{
    AccountRole, Condition, ContactField, ContactFilter, ContactId, Error, Operator, Recalculate,
    Result, Rule, RuleTree, ScoreId, Writer,
};

/// What may be visited as a whole: tables that do not grow with the contacts, parameters, and what is left of a search.
const SMALL: &[&str] = &[
    "custom_fields",
    "scores",
    "segments",
    "sent_fields",
    "replications",
    "sequence",
    "plans",
    "rarray",
    // A page of contacts in the making.
    "v",
    // What is bound as `rarray`, under the name that it has in a join.
    "wanted",
    "contacts_search",
    "chain",
    "merged",
    "(subquery-2)",
    "CONSTANT",
];

thread_local! {
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn record(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(_, sql) = event
        && !sql.starts_with("--")
    {
        SEEN.with_borrow_mut(|seen| seen.push(sql.to_owned()));
    }
}

/// Returns the steps of a call's statements that visit a whole table, other than small ones.
pub(crate) fn scans<T>(
    workspace: &Workspace,
    call: impl FnOnce(&Writer<'_>) -> Result<T>,
) -> Vec<String> {
    SEEN.take();
    workspace.writing(|writer| {
        writer
            .connection
            .trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(record));
        let done = call(writer);
        writer.connection.trace_v2(TraceEventCodes::empty(), None);
        done?;
        let statements = SEEN.take();
        assert!(!statements.is_empty(), "the call ran no statement");
        let mut scans = Vec::new();
        for sql in statements {
            let mut explained = writer
                .connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            // A plan does not depend on what is bound.
            let steps = explained
                .raw_query()
                .mapped(|row| row.get::<_, String>("detail"));
            for step in steps.collect::<rusqlite::Result<Vec<_>>>()? {
                // Behind its place every row is visited, too, where a condition need not be given.
                let is_filtered = step.contains("(rowid>?)") && sql.contains(" IS NULL OR ");
                let scans_large = step
                    .strip_prefix("SCAN ")
                    .and_then(|rest| rest.split(' ').next())
                    .is_some_and(|name| !SMALL.contains(&name));
                if is_filtered || scans_large {
                    scans.push(format!("{step}: {sql}"));
                }
            }
        }
        Ok::<_, Error>(scans)
    })
}

fn sample() -> (Workspace, Vec<ContactId>, ScoreId) {
    let workspace = workspace();
    let people = [
        (ContactField::Email, "a@example.com"),
        (ContactField::FirstName, "Ann"),
        (ContactField::City, "Rome"),
    ];
    let ids: Vec<ContactId> = (0..20).map(|_| workspace.add(&people)).collect();
    let when = Condition {
        field: "city".into(),
        op: Operator::Equals,
        value: "rome".into(),
    };
    let rules = [Rule::new("rome", 5, RuleTree::Field(when))];
    let score = workspace.writing(|writer| writer.add_score("Fit", "", &rules, NOW));
    workspace.replication("Leads", Some((score, 5)));
    (workspace, ids, score)
}

fn assert_no_scan<T>(
    workspace: &Workspace,
    what: &str,
    call: impl FnOnce(&Writer<'_>) -> Result<T>,
) {
    let scans = scans(workspace, call);
    assert!(scans.is_empty(), "{what}: {scans:#?}");
}

#[test]
fn the_check_notices_a_scan() {
    let (workspace, ..) = sample();
    let scans = scans(&workspace, |writer| {
        Ok(writer
            .connection
            .execute("UPDATE contacts SET city = 'x' WHERE city = 'y'", [])?)
    });
    assert_eq!(scans.len(), 1, "{scans:?}");
}

#[test]
fn contacts_are_read_and_found_through_indexes() {
    let (workspace, ids, _) = sample();
    let fields = [ContactField::FirstName, ContactField::Email];
    let guid = workspace.reading(|reader| reader.contact(ids[0])).guid;
    assert_no_scan(&workspace, "by id", |writer| writer.contacts(&ids, &fields));
    assert_no_scan(&workspace, "by guid", |writer| {
        writer.contact_by_guid(&guid)
    });
    assert_no_scan(&workspace, "by e-mail", |writer| {
        writer.contacts_by_email("a@example.com")
    });
    assert_no_scan(&workspace, "companies", |writer| writer.companies_of(&ids));
    let filter = ContactFilter {
        text: Some("ann rom".into()),
        ..ContactFilter::default()
    };
    assert_no_scan(&workspace, "search", |writer| {
        writer.contacts_page(&filter, &fields, Some(ids[3]), 5)
    });
    let all = ContactFilter::default();
    assert_no_scan(&workspace, "a later page", |writer| {
        writer.contacts_page(&all, &fields, Some(ids[9]), 5)
    });
    let deleted = ContactFilter {
        deleted: true,
        ..ContactFilter::default()
    };
    assert_no_scan(&workspace, "the deleted", |writer| {
        writer.contacts_page(&deleted, &fields, None, 5)
    });
}

#[test]
fn contacts_are_written_through_indexes() {
    let (workspace, ids, _) = sample();
    let one = values(&[(ContactField::Email, "b@example.com")]);
    assert_no_scan(&workspace, "insert", |writer| {
        writer.insert_contact(&one, None, NOW)
    });
    let change = [(ContactField::Email, Some(text("c@example.com")))];
    assert_no_scan(&workspace, "change", |writer| {
        writer.change_contact(ids[0], &change, NOW)
    });
    assert_no_scan(&workspace, "stamp", |writer| writer.stamp_contacts(&ids));
    assert_no_scan(&workspace, "edit", |writer| {
        writer.edit_contacts(&ids, &change, NOW)
    });
    assert_no_scan(&workspace, "merge", |writer| {
        writer.merge_contacts(ids[0], ids[1], NOW)
    });
    assert_no_scan(&workspace, "delete", |writer| {
        writer.delete_contacts(&ids[2..], NOW)
    });
    for act in workspace.reading(|reader| reader.acts()) {
        assert_no_scan(&workspace, &act.summary, |writer| writer.undo(act.id, NOW));
    }
}

#[test]
fn accounts_are_edited_through_indexes() {
    let (workspace, ids, _) = sample();
    let name = [(crate::AccountField::Name, "Acme".to_owned())]
        .into_iter()
        .collect();
    let account = workspace.writing(|writer| writer.insert_account(&name, None, NOW));
    assert_no_scan(&workspace, "join", |writer| {
        writer.set_membership(ids[0], account, AccountRole::Primary, NOW)
    });
    let change = [(crate::AccountField::City, Some("Rome".to_owned()))];
    assert_no_scan(&workspace, "edit", |writer| {
        writer.change_account(account, &change, NOW)
    });
    assert_no_scan(&workspace, "by name", |writer| {
        writer.accounts_named("acme")
    });
    assert_no_scan(&workspace, "remove", |writer| {
        writer.delete_account(account)
    });
}

#[test]
fn scores_look_only_at_what_has_changed() {
    let (workspace, ids, score) = sample();
    let what = Recalculate::Score(score);
    assert_no_scan(&workspace, "begin", |writer| {
        writer.begin_recalculation(what, NOW)
    });
    let begun = workspace.writing(|writer| writer.begin_recalculation(what, NOW));
    let (group, rest, total) = begun.unwrap();
    assert_eq!(total, 20);
    assert_no_scan(&workspace, "page", |writer| {
        writer.recalculate_page(&group, rest, NOW, &mut Default::default())
    });
    assert_no_scan(&workspace, "points", |writer| writer.points(score, &ids));
    assert_no_scan(&workspace, "explain", |writer| {
        writer.explain_points(score, ids[0], NOW)
    });
    let later = workspace.replication("Later", Some((score, 1)));
    assert_no_scan(&workspace, "marks", |writer| {
        writer.refresh_marks(later, NOW)
    });
    assert_eq!(
        workspace.number(&format!(
            "SELECT count(*) FROM marks WHERE replication_id = {later}"
        )),
        20
    );
}
