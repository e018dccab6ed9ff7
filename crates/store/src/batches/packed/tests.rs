use proptest::prelude::*;

use super::*;

const FORM: RequestForm<'static> = RequestForm {
    head: "{\"rows\":[",
    lead: &|text, row| {
        text.push_str("{\"key\":\"");
        text.push_str(row.guid.as_str());
        text.push_str(if row.payload == "{}" { "\"" } else { "\"," });
    },
    tail: "]}",
};

fn record() -> impl Strategy<Value = String> {
    prop_oneof!["00Q[A-Za-z0-9]{15}", "00Q8M0000016W[A-Z0-9]{5}", ".{0,6}"]
}

fn payload() -> impl Strategy<Value = String> {
    let fields = prop::collection::btree_map("[A-Z][a-z_]{0,8}", ".{0,20}", 0..6);
    fields.prop_map(|fields| serde_json::to_string(&fields).unwrap())
}

fn errors() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop_oneof![
        Just(r#"[{"code":"X"}]"#.to_owned()),
        r#"\[\{"code":"[A-Z]{1,5}"\}\]"#
    ])
}

prop_compose! {
    fn row()(
        ids in (any::<i64>(), any::<i64>(), any::<i64>()),
        guid in any::<[u8; 16]>(),
        record_id in prop::option::of(record()),
        found in prop::sample::select(FOUND.to_vec()),
        outcome in prop::sample::select(OUTCOMES.to_vec()),
        stamps in any::<bool>(),
        payload in payload(),
        errors in errors(),
        old_values in prop::option::of(payload()),
    ) -> BatchRow {
        BatchRow {
            batch: BatchId(7),
            position: 0,
            entry: EntryId(ids.0),
            contact: ContactId(ids.1),
            guid: Guid::from_bytes(guid),
            record_id,
            found,
            stamps,
            seq: ids.2,
            hashes: None,
            payload,
            outcome,
            errors,
            old_values,
        }
    }
}

/// Rows as a batch has them: positions grow, and some are gone.
fn rows() -> impl Strategy<Value = Vec<BatchRow>> {
    prop::collection::vec((row(), 1..3_u32), 0..30).prop_map(|rows| {
        let mut position = 0;
        rows.into_iter()
            .map(|(mut row, step)| {
                position += step;
                row.position = position;
                row
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn what_is_packed_is_read_back(rows in rows(), as_sent in any::<bool>()) {
        let packed = pack(&rows, if as_sent { &FORM } else { &FIELDS_ALONE }).unwrap();
        prop_assert_eq!(packed.rows(BatchId(7)).unwrap(), rows.clone());
        for row in &rows {
            let first = rows.iter().find(|one| one.contact == row.contact).unwrap();
            let found = outcome_for(&packed.contacts, packed.answers.as_deref(), row.contact);
            prop_assert_eq!(found.unwrap(), Some(first.outcome));
        }
        let all: Vec<u32> = rows.iter().map(|row| row.position).collect();
        prop_assert_eq!(positions(&packed.contacts).unwrap(), all);
    }

    #[test]
    fn a_strangers_bytes_are_refused_or_read_but_never_harm(
        rows in rows(), at in any::<prop::sample::Index>(), byte in any::<u8>(), which in 0..4_usize,
    ) {
        let mut packed = pack(&rows, &FORM).unwrap();
        let bytes = match which {
            0 => Some(&mut packed.contacts),
            1 => packed.answers.as_mut(),
            2 => Some(&mut packed.body),
            _ => packed.before.as_mut(),
        };
        if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = packed.rows(BatchId(7));
        let _ = outcome_for(&packed.contacts, packed.answers.as_deref(), ContactId(1));
    }

    #[test]
    fn any_bytes_at_all_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut versioned = vec![VERSION];
        versioned.extend(&bytes);
        let _ = outcome_for(&versioned, Some(&versioned), ContactId(1));
        let _ = positions(&versioned);
        let _ = unpack_answers(&versioned);
    }
}

fn a_row(payload: &str) -> BatchRow {
    BatchRow {
        batch: BatchId(7),
        position: 0,
        entry: EntryId(1),
        contact: ContactId(1),
        guid: Guid::from_bytes([1; 16]),
        record_id: Some("00Q8M0000016Wv8UAE".into()),
        found: Found::Email,
        stamps: true,
        seq: 1,
        payload: payload.into(),
        hashes: None,
        outcome: None,
        errors: None,
        old_values: None,
    }
}

#[test]
fn the_body_is_stored_as_it_leaves() {
    let rows = [a_row(r#"{"City":"Rome"}"#), a_row("{}")];
    let packed = pack(&rows, &FORM).unwrap();
    let guid = rows[0].guid.as_str();
    assert_eq!(
        unzipped_within(&packed.body, 1_000).unwrap(),
        format!(r#"{{"rows":[{{"key":"{guid}","City":"Rome"}},{{"key":"{guid}"}}]}}"#)
    );
}

#[test]
fn hashes_that_do_not_follow_from_the_fields_are_kept_until_the_answer() {
    let mut row = a_row(r#"{"City":"Rome"}"#);
    row.hashes = Some(Hashes::from([
        ("City".into(), ValueHash(1)),
        ("Title".into(), ValueHash(2)),
    ]));
    let packed = pack(std::slice::from_ref(&row), &FORM).unwrap();
    assert_eq!(packed.rows(BatchId(7)).unwrap()[0].hashes, row.hashes);
    row.outcome = Some(Outcome::Updated);
    let packed = pack(&[row], &FORM).unwrap();
    assert_eq!(packed.rows(BatchId(7)).unwrap()[0].hashes, None);
}

#[test]
fn nothing_is_left_of_a_body_whose_fields_are_gone() {
    let mut row = a_row("{}");
    row.outcome = Some(Outcome::Updated);
    let packed = pack(&[row], &FORM).unwrap();
    assert!(packed.body.is_empty());
}

#[test]
fn another_version_of_the_form_is_refused() {
    let mut packed = pack(&[a_row("{}")], &FORM).unwrap();
    packed.contacts[0] = VERSION + 1;
    assert!(packed.rows(BatchId(7)).is_err());
}

#[test]
fn a_body_that_swells_beyond_its_rows_is_refused() {
    let mut packed = pack(&[a_row(r#"{"City":"Rome"}"#)], &FORM).unwrap();
    packed.body = zipped(&vec![b' '; 10_000_000]).unwrap();
    assert!(packed.rows(BatchId(7)).is_err());
}
