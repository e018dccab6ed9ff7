//! The ledger against a slow, obvious reading of what was done to it.

use proptest::prelude::*;
use rusqlite::types::Value as Cell;

use super::event::COLUMNS;

use crate::testing::{NOW, Workspace, text, workspace};
use crate::{
    ActId, Channel, ContactField, ContactId, EventKind, Evidence, How, NewConsent, OpenOptions,
    PurposeId, Store, Told, Value,
};

fn said(answer: bool, how: How, at: Option<i64>) -> NewConsent<'static> {
    NewConsent {
        purpose: PurposeId(1),
        given: Some(answer),
        evidence: Evidence {
            at,
            ..Evidence::of(how, "")
        },
    }
}

fn consent(workspace: &Workspace, contact: ContactId, new: &NewConsent<'_>, now: i64) -> Told {
    workspace.writing(|writer| writer.set_consent(contact, new, now))
}

fn answer(workspace: &Workspace, contact: ContactId) -> Option<bool> {
    workspace
        .reading(|reader| reader.consents_of(contact))
        .first()
        .map(|consent| consent.given)
}

fn opt_out(workspace: &Workspace, contact: ContactId, channel: Channel) -> Option<bool> {
    let field = channel.field();
    let contact = workspace.reading(|reader| reader.contacts(&[contact], &[field]));
    match contact.first()?.values.get(field) {
        Some(Value::YesNo(out)) => Some(*out),
        _ => None,
    }
}

fn faults(workspace: &Workspace) -> Vec<String> {
    workspace.reading(|reader| reader.check_ledger()).faults
}

/// A workspace with a purpose and three contacts.
fn people() -> (Workspace, Vec<ContactId>) {
    let workspace = workspace();
    workspace.writing(|writer| writer.add_purpose("Newsletter", NOW));
    let ids = (0..3).map(|_| workspace.add(&[])).collect();
    (workspace, ids)
}

#[test]
fn a_no_gives_way_only_to_their_own_later_yes() {
    let (workspace, ids) = people();
    let table = [
        // How, the moment given, whether the yes counts after a no at 100.
        (How::ByHand, None, true),
        (How::Form, Some(200), true),
        (How::Form, Some(100), false),
        (How::Form, Some(50), false),
        (How::DoubleOptIn, Some(101), true),
        (How::Import, None, false),
        (How::Import, Some(200), true),
        (How::Salesforce, None, false),
        (How::Salesforce, Some(200), true),
        (How::Salesforce, Some(50), false),
    ];
    for (how, at, counts) in table {
        let contact = workspace.add(&[]);
        consent(&workspace, contact, &said(false, How::Form, Some(100)), NOW);
        let told = consent(&workspace, contact, &said(true, how, at), NOW);
        let expected = if counts {
            Told::Changed
        } else {
            Told::Outweighed
        };
        assert_eq!(told, expected, "{how:?} {at:?}");
        assert_eq!(answer(&workspace, contact), Some(counts), "{how:?} {at:?}");
    }
    assert_eq!(answer(&workspace, ids[0]), None);
    assert_eq!(faults(&workspace), [""; 0]);
}

#[test]
fn what_is_said_by_hand_counts_though_the_clock_was_turned_back() {
    let (workspace, ids) = people();
    let ada = ids[0];
    consent(&workspace, ada, &said(false, How::ByHand, None), NOW);
    let told = consent(
        &workspace,
        ada,
        &said(true, How::ByHand, None),
        NOW - 60_000,
    );
    assert_eq!((told, answer(&workspace, ada)), (Told::Changed, Some(true)));
    let told = consent(
        &workspace,
        ada,
        &said(false, How::ByHand, None),
        NOW - 90_000,
    );
    assert_eq!(
        (told, answer(&workspace, ada)),
        (Told::Changed, Some(false))
    );
    let told = consent(
        &workspace,
        ada,
        &said(true, How::Import, None),
        NOW + 60_000,
    );
    assert_eq!(
        (told, answer(&workspace, ada)),
        (Told::Outweighed, Some(false))
    );
}

#[test]
fn a_field_of_an_opt_out_is_what_the_ledger_says() {
    let (workspace, ids) = people();
    let ada = ids[0];
    let out = |yes| Some(Value::YesNo(yes));
    assert_eq!(opt_out(&workspace, ada, Channel::Email), None, "never said");
    assert!(workspace.change(ada, ContactField::EmailOptOut, out(true)));
    assert!(!workspace.change(ada, ContactField::EmailOptOut, out(true)));
    assert_eq!(opt_out(&workspace, ada, Channel::Email), Some(true));
    assert_eq!(opt_out(&workspace, ada, Channel::Phone), None);
    let read_there = workspace.writing(|writer| {
        let evidence = Evidence::of(How::Salesforce, "");
        writer.set_opt_out(ada, Channel::Email, Some(false), &evidence, NOW + 10)
    });
    assert_eq!(read_there, Told::Outweighed, "Salesforce opts nobody in");
    let in_again = [(ContactField::EmailOptOut, out(false))];
    assert!(workspace.writing(|writer| writer.change_contact(ada, &in_again, NOW + 20)));
    let history = workspace.reading(|reader| reader.consent_history(ada));
    let answers: Vec<_> = history.iter().map(|event| event.answer).collect();
    assert_eq!(answers, [Some(false), Some(true), Some(true)]);
    let both = [
        (ContactField::LastName, text("Grace")),
        (ContactField::FaxOptOut, Value::YesNo(true)),
    ];
    let both = both.into_iter().collect();
    let grace = workspace.writing(|writer| writer.insert_contact(&both, None, NOW));
    assert_eq!(opt_out(&workspace, grace, Channel::Fax), Some(true));
    assert_eq!(
        workspace
            .reading(|reader| reader.consent_history(grace))
            .len(),
        1
    );
    assert_eq!(faults(&workspace), [""; 0]);
}

#[test]
fn merging_takes_over_a_no_and_undoing_gives_it_back() {
    let (workspace, ids) = people();
    let [kept, lost] = [ids[0], ids[1]];
    workspace.change(kept, ContactField::EmailOptOut, Some(Value::YesNo(false)));
    workspace.change(lost, ContactField::EmailOptOut, Some(Value::YesNo(true)));
    consent(&workspace, kept, &said(true, How::Form, Some(10)), NOW);
    consent(&workspace, lost, &said(false, How::Import, None), NOW);
    let act = workspace.writing(|writer| writer.merge_contacts(kept, lost, NOW));
    assert_eq!(opt_out(&workspace, kept, Channel::Email), Some(true));
    assert_eq!(answer(&workspace, kept), Some(false));
    workspace.writing(|writer| writer.undo(act, NOW));
    assert_eq!(opt_out(&workspace, kept, Channel::Email), Some(false));
    assert_eq!(answer(&workspace, kept), Some(true));
    assert_eq!(opt_out(&workspace, lost, Channel::Email), Some(true));
    assert_eq!(faults(&workspace), [""; 0]);
}

#[test]
fn erasing_takes_the_salt_and_the_texts_and_leaves_the_chain_whole() {
    let (workspace, ids) = people();
    let asked = NewConsent {
        evidence: Evidence::of(How::Form, "told Quixotina at a fair"),
        ..said(true, How::Form, None)
    };
    for id in &ids {
        consent(&workspace, *id, &asked, NOW);
    }
    workspace.erase(ids[1]).unwrap();
    let left = workspace.reading(|reader| reader.ledger_page(0, 10));
    let whose: Vec<_> = left
        .iter()
        .map(|event| (event.contact, event.source.is_some()))
        .collect();
    assert_eq!(
        whose,
        [(Some(ids[0]), true), (None, false), (Some(ids[2]), true)]
    );
    assert_eq!(workspace.number("SELECT count(*) FROM consent_subjects"), 2);
    assert_eq!(faults(&workspace), [""; 0]);
}

#[test]
fn a_new_purpose_has_no_answers_of_one_that_was_removed() {
    let (workspace, ids) = people();
    consent(&workspace, ids[0], &said(false, How::Form, None), NOW);
    workspace.writing(|writer| writer.remove_purpose("Newsletter", true));
    let calls = workspace.writing(|writer| writer.add_purpose("Calls", NOW));
    let new = NewConsent {
        purpose: calls,
        ..said(true, How::Import, None)
    };
    assert_eq!(consent(&workspace, ids[0], &new, NOW), Told::Changed);
    let history = workspace.reading(|reader| reader.consent_history(ids[0]));
    let about: Vec<_> = history.iter().map(|event| event.about.as_str()).collect();
    assert_eq!(about, ["Newsletter", "Calls"], "the ledger keeps both");
}

#[test]
fn a_changed_text_of_a_wording_is_found() {
    let (workspace, ids) = people();
    let purpose = workspace.reading(|reader| reader.purpose("Newsletter"));
    let first =
        workspace.writing(|writer| writer.add_wording(purpose.id, "Yes, write to me.", NOW));
    let again =
        workspace.writing(|writer| writer.add_wording(purpose.id, " Yes, write to me. ", NOW));
    assert_eq!(first, again, "the same text is the same version");
    let second = workspace.writing(|writer| writer.add_wording(purpose.id, "Write weekly.", NOW));
    assert_eq!((first.version, second.version), (1, 2));
    let asked = NewConsent {
        evidence: Evidence {
            wording: Some(first.id),
            ..Evidence::of(How::Form, "")
        },
        ..said(true, How::Form, None)
    };
    consent(&workspace, ids[0], &asked, NOW);
    assert_eq!(faults(&workspace), [""; 0]);
    workspace.sql("UPDATE consent_wordings SET text = 'Yes, sell my data.' WHERE version = 1");
    assert_eq!(faults(&workspace), ["the wording of event 1 was changed"]);
    workspace.sql("DELETE FROM consent_wordings WHERE version = 1");
    assert_eq!(faults(&workspace), ["the wording of event 1 is missing"]);
}

#[test]
fn an_answer_that_the_ledger_does_not_say_is_found() {
    let (workspace, ids) = people();
    consent(&workspace, ids[0], &said(false, How::Form, None), NOW);
    workspace.writing(|writer| {
        let evidence = Evidence::of(How::Form, "");
        writer.set_opt_out(ids[1], Channel::Email, Some(true), &evidence, NOW)
    });
    assert_eq!(faults(&workspace), [""; 0]);
    let told = "isn't what the ledger says";
    for (change, expected) in [
        ("UPDATE consents SET given = 1", told),
        ("UPDATE consents SET given = 0", ""),
        ("UPDATE contacts SET email_opt_out = 0 WHERE id = 2", told),
        (
            "UPDATE contacts SET email_opt_out = NULL WHERE id = 2",
            told,
        ),
        ("UPDATE contacts SET email_opt_out = 1 WHERE id = 2", ""),
        (
            "UPDATE contacts SET fax_opt_out = 1 WHERE id = 3",
            "isn't in the ledger",
        ),
        ("UPDATE contacts SET fax_opt_out = NULL WHERE id = 3", ""),
        (
            "INSERT INTO consents VALUES (3, 1, 1, 1, '')",
            "isn't in the ledger",
        ),
        ("DELETE FROM consents WHERE contact_id = 3", ""),
        ("DELETE FROM consents", told),
    ] {
        workspace.sql(change);
        let found = faults(&workspace).join("; ");
        assert_eq!(found.is_empty(), expected.is_empty(), "{change}: {found}");
        assert!(found.contains(expected), "{change}: {found}");
    }
}

#[test]
fn a_flipped_byte_anywhere_in_an_event_is_found() {
    let (workspace, ids) = people();
    for (at, id) in ids.iter().enumerate() {
        let asked = NewConsent {
            evidence: Evidence {
                asked_at: Some(5),
                ..Evidence::of(How::DoubleOptIn, "fair")
            },
            ..said(at != 1, How::Form, None)
        };
        consent(&workspace, *id, &asked, NOW);
    }
    let changes = [
        "about = 'Newsletter!'",
        "purpose_id = 2",
        "answer = 1",
        "answer = NULL",
        "kind = 'merged'",
        "how = 'form'",
        "at = at + 1",
        "stated = 1",
        "zone = 'UTCX'",
        "asked_at = 6",
        "asked_at = NULL",
        "wording_id = 1",
        "recorded_at = recorded_at + 1",
        "subject = zeroblob(32)",
        "source_hash = zeroblob(32)",
        "source_hash = NULL",
        "hash = zeroblob(32)",
    ];
    let spoiled = changes.map(|change| format!("UPDATE consent_events SET {change} WHERE id = 2"));
    let others = [
        "DELETE FROM consent_events WHERE id = 1",
        "DELETE FROM consent_texts WHERE event_id = 3; DELETE FROM consent_events WHERE id = 3",
        "UPDATE consent_texts SET text = 'mail' WHERE event_id = 2",
        "UPDATE consent_subjects SET salt = zeroblob(32) WHERE contact_id = 2",
    ];
    for sql in spoiled.iter().map(String::as_str).chain(others) {
        let found = workspace.write(|writer| {
            writer
                .connection
                .execute_batch("PRAGMA defer_foreign_keys = ON")?;
            writer.connection.execute_batch(sql)?;
            let faults = writer.check_ledger()?.faults;
            // Nothing of it is kept.
            Err::<(), _>(crate::Error::Refused(faults.join(", ")))
        });
        let found = found.unwrap_err().to_string();
        assert!(!found.is_empty(), "nothing found after {sql}");
    }
    assert_eq!(faults(&workspace), [""; 0]);
}

/// Returns every value that differs from this one in a byte.
fn flipped(value: &Cell) -> Vec<Cell> {
    match value {
        Cell::Null => vec![Cell::Integer(1)],
        Cell::Integer(number) => (0..8)
            .map(|byte| Cell::Integer(number ^ (1 << (8 * byte))))
            .collect(),
        Cell::Text(text) => (0..text.len())
            .map(|at| {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1;
                Cell::Text(String::from_utf8(bytes).unwrap())
            })
            .collect(),
        Cell::Blob(bytes) => (0..bytes.len())
            .map(|at| {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1;
                Cell::Blob(bytes)
            })
            .collect(),
        Cell::Real(_) => panic!("an event has no such column"),
    }
}

#[test]
fn any_flipped_byte_of_any_event_is_found() {
    let (workspace, ids) = people();
    for id in &ids {
        let asked = NewConsent {
            evidence: Evidence {
                asked_at: Some(5),
                ..Evidence::of(How::DoubleOptIn, "fair")
            },
            ..said(true, How::Form, None)
        };
        consent(&workspace, *id, &asked, NOW);
    }
    let mut flips = 0;
    for event in 1..=3 {
        let columns = COLUMNS
            .split(',')
            .map(str::trim)
            .filter(|name| *name != "id");
        for column in columns.chain(["hash"]) {
            let select = format!("SELECT {column} FROM consent_events WHERE id = {event}");
            let held: Cell = workspace.reading(|reader| {
                Ok(reader.connection.query_row(&select, [], |row| row.get(0))?)
            });
            for value in flipped(&held) {
                let found = workspace.write(|writer| {
                    let sql = format!("UPDATE consent_events SET {column} = ?1 WHERE id = {event}");
                    // What the file refuses is found, too.
                    writer.connection.execute(&sql, [&value])?;
                    let faults = writer.check_ledger()?.faults;
                    Err::<(), _>(crate::Error::Refused(faults.join(", ")))
                });
                let found = found.unwrap_err().to_string();
                assert!(!found.is_empty(), "{column} of event {event}: {value:?}");
                flips += 1;
            }
        }
    }
    assert!(flips > 300, "only {flips}");
    assert_eq!(faults(&workspace), [""; 0]);
}

#[test]
fn answers_from_before_the_ledger_are_taken_in_once() {
    let (workspace, ids) = people();
    // As an older version left them.
    workspace.sql(&format!(
        "INSERT INTO consents (contact_id, purpose_id, given, at, source) VALUES ({}, 1, 1, 10, 'fair'), ({}, 1, 0, 20, '');
         INSERT INTO settings (key, value) VALUES ('consents_before_ledger', '1')",
        ids[0], ids[1]
    ));
    let path = workspace.path();
    for _ in 0..2 {
        let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
        let page = store.read(|reader| reader.ledger_page(0, 10)).unwrap();
        let events: Vec<_> = page
            .iter()
            .map(|event| {
                (
                    event.contact,
                    event.answer,
                    event.how,
                    event.source.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            events,
            [
                (Some(ids[0]), Some(true), How::BeforeLedger, Some("fair")),
                (Some(ids[1]), Some(false), How::BeforeLedger, None)
            ]
        );
        assert_eq!(
            store.read(|reader| reader.check_ledger()).unwrap().faults,
            [""; 0]
        );
    }
    let told = consent(&workspace, ids[1], &said(true, How::Import, None), NOW);
    assert_eq!(told, Told::Outweighed);
}

#[test]
fn a_changed_ledger_takes_no_place_among_the_backups() {
    let (workspace, ids) = people();
    consent(&workspace, ids[0], &said(true, How::Form, None), NOW);
    workspace.sql("UPDATE consent_events SET answer = 0");
    let made = workspace.daily_backup(NOW).unwrap();
    assert!(
        matches!(made, crate::DailyBackup::Skipped(why) if why.contains("event 1 was changed"))
    );
}

/// What is done to one of three contacts.
#[derive(Debug, Clone)]
enum Deed {
    Says(usize, bool, How, Option<i64>),
    TakesBack(usize),
    OptsOut(usize, bool, How, Option<i64>),
    Imported(usize, bool),
    Merged(usize, usize),
    Undone,
    Erased(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let how = || prop::sample::select(&[How::Form, How::Import, How::Salesforce, How::ByHand][..]);
    let at = || prop::option::of(NOW - 5..NOW + 30);
    let deed = prop_oneof![
        4 => (0..3_usize, any::<bool>(), how(), at()).prop_map(|(who, yes, how, at)| Deed::Says(who, yes, how, at)),
        1 => (0..3_usize).prop_map(Deed::TakesBack),
        4 => (0..3_usize, any::<bool>(), how(), at()).prop_map(|(who, yes, how, at)| Deed::OptsOut(who, yes, how, at)),
        2 => (0..3_usize, any::<bool>()).prop_map(|(who, out)| Deed::Imported(who, out)),
        1 => (0..3_usize, 0..3_usize).prop_map(|(kept, lost)| Deed::Merged(kept, lost)),
        1 => Just(Deed::Undone),
        1 => (0..3_usize).prop_map(Deed::Erased),
    ];
    prop::collection::vec(deed, 1..25)
}

fn do_it(workspace: &Workspace, ids: &[ContactId], acts: &mut Vec<ActId>, deed: &Deed, now: i64) {
    let evidence = |how, at| Evidence {
        at,
        ..Evidence::of(how, "")
    };
    // Deeds on those who are gone are refused, and change nothing.
    let _ = match *deed {
        Deed::Says(who, yes, how, at) => workspace
            .write(|writer| writer.set_consent(ids[who], &said(yes, how, at), now))
            .map(drop),
        Deed::TakesBack(who) => workspace
            .write(|writer| {
                let new = NewConsent {
                    given: None,
                    ..said(true, How::ByHand, None)
                };
                writer.set_consent(ids[who], &new, now)
            })
            .map(drop),
        Deed::OptsOut(who, out, how, at) => workspace
            .write(|writer| {
                writer.set_opt_out(ids[who], Channel::Email, Some(out), &evidence(how, at), now)
            })
            .map(drop),
        Deed::Imported(who, out) => workspace
            .write(|writer| {
                let cells = [(
                    ContactField::EmailOptOut,
                    rusqlite::types::Value::Integer(out.into()),
                )];
                writer.change_cells(
                    ids[who],
                    cells.into(),
                    super::Origin::Import(super::RefusedAt::default()),
                    now,
                )
            })
            .map(drop),
        Deed::Merged(kept, lost) => workspace
            .write(|writer| writer.merge_contacts(ids[kept], ids[lost], now))
            .map(|act| acts.push(act)),
        Deed::Undone => match acts.pop() {
            Some(act) => workspace.write(|writer| writer.undo(act, now)).map(drop),
            None => Ok(()),
        },
        Deed::Erased(who) => workspace.erase(ids[who]).map(drop),
    };
}

/// Reads what counts off the ledger, slowly: the last answer, where a no only gives way to their own, later yes.
fn read_off(workspace: &Workspace, contact: ContactId, is_purpose: bool) -> Option<bool> {
    let subject = workspace.reading(|reader| reader.known_subject(contact))?.0;
    let subject = super::event::hex(&subject);
    let events = workspace.reading(|reader| reader.ledger_page(0, 1000));
    let mut counts: Option<(bool, i64)> = None;
    for event in events {
        if event.subject != subject || event.purpose.is_some() != is_purpose {
            continue;
        }
        let Some(answer) = event.answer else {
            counts = None;
            continue;
        };
        let own = event.stated || !matches!(event.how, How::Import | How::Salesforce);
        counts = match counts {
            None => Some((answer, event.at)),
            _ if event.kind == EventKind::Restored => Some((answer, event.at)),
            Some((true, at)) if !answer && (!event.stated || event.at >= at) => {
                Some((false, event.at))
            }
            Some((false, at)) if answer && own && (!event.stated || event.at > at) => {
                Some((true, event.at))
            }
            Some((counted, at)) if counted == answer => Some((answer, at.max(event.at))),
            outweighs => outweighs,
        };
    }
    counts.map(|(answer, _)| answer)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_counts_is_what_the_ledger_says(deeds in deeds()) {
        let (workspace, ids) = people();
        let mut acts = Vec::new();
        for (step, deed) in deeds.iter().enumerate() {
            let before: Vec<_> = ids.iter().map(|id| opt_out(&workspace, *id, Channel::Email)).collect();
            do_it(&workspace, &ids, &mut acts, deed, NOW + step as i64);
            for (at, id) in ids.iter().enumerate() {
                let live = workspace.reading(|reader| reader.is_live(*id));
                if !live {
                    continue;
                }
                let out = opt_out(&workspace, *id, Channel::Email);
                prop_assert_eq!(answer(&workspace, *id), read_off(&workspace, *id, true), "{:?}", deed);
                prop_assert_eq!(out.map(|out| !out), read_off(&workspace, *id, false), "{:?}", deed);
                if before[at] == Some(true) && out == Some(false) {
                    let own = matches!(deed, Deed::OptsOut(_, false, How::Form | How::ByHand, _) | Deed::OptsOut(_, false, _, Some(_)) | Deed::Merged(..) | Deed::Undone);
                    prop_assert!(own, "{deed:?} opted somebody in");
                }
            }
            prop_assert_eq!(faults(&workspace), Vec::<String>::new());
        }
    }
}
