use crate::testing::{DAY, NOW, workspace};
use crate::{ContactField, Tidied};

#[test]
fn tombstones_go_after_thirty_days_unless_something_needs_them() {
    let workspace = workspace();
    let leads = workspace.replication("Leads", None);
    let person = |name: &str| {
        workspace.add(&[
            (ContactField::FirstName, name),
            (ContactField::Email, "a@example.com"),
        ])
    };
    let [plain, linked, sent, survivor, alive] =
        ["plain", "linked", "sent", "survivor", "alive"].map(person);
    let alias = person("alias");
    workspace.writing(|writer| writer.merge_contacts(survivor, alias, NOW));
    workspace.link(linked, "org", "Lead", "00Q1", None);
    workspace.sent(leads, sent, "answered", "{\"a\": 1}");
    workspace.enqueue(leads, plain);
    workspace.writing(|writer| writer.delete_contacts(&[plain, linked, sent, survivor], NOW));
    workspace.tidy(NOW + 30 * DAY).unwrap();
    assert_eq!(
        workspace.tidy(NOW + 31 * DAY).unwrap(),
        Tidied::default(),
        "not a moment too early"
    );
    let tidied = workspace.tidy(NOW + 32 * DAY).unwrap();
    assert_eq!((tidied.acts, tidied.contacts), (2, 3));
    let name = |id| {
        workspace
            .read(|reader| reader.contact(id))
            .ok()
            .map(|contact| {
                contact
                    .values
                    .text(ContactField::FirstName)
                    .map(str::to_owned)
            })
    };
    assert_eq!(name(plain), None, "gone");
    assert_eq!(name(linked), Some(Some("linked".into())), "a link needs it");
    assert_eq!(
        name(sent),
        Some(None),
        "the history names it, but not who it was"
    );
    assert_eq!(name(survivor), Some(None), "an alias leads to it");
    assert_eq!(name(alive), Some(Some("alive".into())));
    assert_eq!(
        workspace.reading(|reader| reader.resolve_contact(alias)),
        survivor
    );
    assert_eq!(
        workspace.tidy(NOW + 33 * DAY).unwrap(),
        Tidied::default(),
        "nothing is left to do"
    );
    assert!(workspace.check().unwrap().is_sound());
}

#[test]
fn payloads_are_emptied_when_their_time_is_up_and_unsettled_ones_never() {
    let workspace = workspace();
    let leads = workspace.replication("Leads", None);
    let [done, open] = [workspace.add(&[]), workspace.add(&[])];
    workspace.sent(leads, done, "answered", "{\"LastName\": \"Lee\"}");
    workspace.sent(leads, open, "unknown", "{\"LastName\": \"Lee\"}");
    let full = || full_rows(&workspace);
    workspace.tidy(NOW + 90 * DAY).unwrap();
    workspace.tidy(NOW + 91 * DAY).unwrap();
    assert_eq!(full(), 2);
    assert_eq!(workspace.tidy(NOW + 92 * DAY).unwrap().payloads, 1);
    assert_eq!(full(), 1, "what is not settled may have to be sent again");
    workspace.writing(|writer| writer.set_history_days(1));
    assert_eq!(workspace.tidy(NOW + 400 * DAY).unwrap().payloads, 0);
    assert_eq!(workspace.tidy(NOW + 401 * DAY).unwrap().payloads, 0);
}

/// Returns a workspace with something of each kind that is deleted in time, from `NOW`.
fn with_history() -> crate::testing::Workspace {
    let workspace = workspace();
    let leads = workspace.replication("Leads", None);
    let [sent, gone] = [workspace.add(&[]), workspace.add(&[])];
    workspace.sent(leads, sent, "answered", "{\"LastName\": \"Lee\"}");
    workspace.writing(|writer| writer.delete_contacts(&[gone], NOW));
    workspace
}

/// Returns how many rows still hold what was sent.
fn full_rows(workspace: &crate::testing::Workspace) -> usize {
    let last = workspace.number("SELECT coalesce(max(id), 0) FROM batches");
    let rows =
        (1..=last).map(|id| workspace.reading(|reader| reader.batch_rows(crate::BatchId(id))));
    rows.flatten().filter(|row| row.payload != "{}").count()
}

fn is_all_there(workspace: &crate::testing::Workspace) -> bool {
    workspace.number("SELECT count(*) FROM acts") == 1
        && workspace.number("SELECT count(*) FROM contacts") == 2
        && full_rows(workspace) == 1
}

#[test]
fn a_clock_that_is_ahead_for_hours_deletes_nothing() {
    let workspace = with_history();
    workspace.tidy(NOW).unwrap();
    workspace.tidy(NOW + DAY).unwrap();
    for hour in 0..23 {
        let ahead = NOW + 900 * DAY + hour * DAY / 24;
        assert_eq!(workspace.tidy(ahead).unwrap(), Tidied::default());
    }
    assert!(is_all_there(&workspace));
    let right_again = NOW + 2 * DAY;
    assert_eq!(workspace.tidy(right_again).unwrap(), Tidied::default());
    let act = workspace.reading(|reader| reader.acts()).remove(0).id;
    workspace.writing(|writer| writer.undo(act, right_again));
}

#[test]
fn a_clock_that_was_behind_or_ahead_stops_no_deleting() {
    let workspace = with_history();
    for moment in [
        NOW + 900 * DAY,
        NOW - 900 * DAY,
        i64::MAX,
        i64::MIN,
        NOW + 100 * DAY,
        NOW + 101 * DAY,
    ] {
        assert!(is_all_there(&workspace));
        workspace.tidy(moment).unwrap();
    }
    let tidied = workspace.tidy(NOW + 102 * DAY).unwrap();
    assert!(!is_all_there(&workspace), "{tidied:?}");
    assert_eq!((tidied.acts, tidied.contacts), (0, 0), "they went before");
}

#[test]
fn batches_settled_after_a_clock_was_ahead_are_emptied_in_time() {
    let workspace = with_history();
    workspace
        .writing(|writer| writer.set_setting(super::THINNED_UNTIL, &(NOW + 900 * DAY).to_string()));
    workspace.tidy(NOW + 100 * DAY).unwrap();
    assert_eq!(workspace.tidy(NOW + 101 * DAY).unwrap().payloads, 1);
}
