//! How the values of the contacts that a replication selects fit the fields that they are mapped to.

use std::collections::BTreeMap;
use std::sync::Arc;

use leadferry_replication::Settings;
use leadferry_replication::mapping::{
    Compiled, Mapping, MappingRow, Purpose, Target, TroubleKind, compile,
};
use leadferry_replication::planning::is_selected;
use leadferry_replication::setup::selection;
use leadferry_store::{Candidate, CandidateQuery, Cursor, Reader, ValueHash, counted};
use serde::Serialize;

use super::desk::{MappingDesk, read};
use crate::{Result, Workspace};

/// Most contacts whose values are looked at, so that the answer is quick however many there are.
const MOST_LOOKED_AT: u64 = 5_000;
const STRIDE: usize = 500;
/// The code for a value that two contacts have where Salesforce takes it once.
const NOT_UNIQUE: &str = "not_unique";

/// How the values of contacts fit a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RowTroubles {
    /// How many contacts were looked at.
    pub looked_at: u64,
    /// The replication selects more contacts than these.
    pub more: bool,
    /// The rows some of whose values do not go as they are, in the mapping's order.
    pub rows: Vec<RowTrouble>,
}

/// A row some of whose values do not go as they are, for the gravest and then most frequent reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RowTrouble {
    /// The target, as the mapping's text names it.
    pub target: String,
    /// What becomes of the values.
    pub kind: TroubleKind,
    /// What kind of fault it is, such as `not_in_picklist`.
    pub code: String,
    /// How many contacts.
    pub contacts: u64,
    /// How many, and why, with one of the values.
    pub message: String,
    /// What to do.
    pub cure: String,
}

/// Returns how the values of the contacts that the replication selects fit a mapping; `text` is one that is not saved yet.
/// Rows with a fault of their own are left out.
///
/// # Errors
/// When there is no such replication, or the text cannot be read.
pub fn troubles(
    workspace: &Workspace,
    replication: &str,
    text: Option<&str>,
) -> Result<RowTroubles> {
    workspace.store().read(|reader| {
        let mut desk = MappingDesk::load(reader, replication, None)?;
        let mapping = match text {
            Some(text) => read(text)?,
            None => desk.in_force.clone(),
        };
        desk.learn(reader, &mapping)?;
        look(reader, &desk, &mapping)
    })
}

fn look(reader: &Reader<'_>, desk: &MappingDesk, mapping: &Mapping) -> Result<RowTroubles> {
    let mut found = RowTroubles {
        looked_at: 0,
        more: false,
        rows: Vec::new(),
    };
    let (Some(compiled), Ok(selection)) = (
        sound(desk, mapping),
        selection(reader, &desk.replication, &desk.settings),
    ) else {
        return Ok(found);
    };
    let query = CandidateQuery {
        replication: desk.replication.id,
        org_id: desk.org_id(),
        object: &desk.replication.object,
        selection: &selection,
        purposes: compiled.purposes(),
        segments: compiled.segments(),
        fields: compiled.fields(),
        scores: compiled.scores(),
        records: compiled.records(),
        records_org: desk.org_id(),
        near: None,
        accounts: compiled.needs_accounts(),
        refusals: false,
    };
    let unique = unique_fields(desk, mapping);
    let (mut tally, mut cursor, scope) = (Tally::default(), Cursor::default(), selection.scope());
    loop {
        let (ids, next) = reader.selection_page(desk.replication.id, &scope, cursor, STRIDE)?;
        found.more = !ids.is_empty() && found.looked_at >= MOST_LOOKED_AT;
        if ids.is_empty() || found.more {
            break;
        }
        cursor = next;
        for candidate in reader.candidates(&query, &ids)? {
            if is_selected(&candidate, &selection) {
                found.looked_at += 1;
                tally.take(&compiled, &candidate, &unique);
            }
        }
    }
    let rows = mapping.rows.iter();
    found.rows = rows.filter_map(|row| tally.of(row)).collect();
    Ok(found)
}

/// Prepares the rows without a fault of their own; `None` where there is none.
fn sound(desk: &MappingDesk, mapping: &Mapping) -> Option<Compiled> {
    let names = desk.names();
    // Whether a new record could do with these rows alone is another question.
    let settings = Settings {
        create_missing: false,
        ..desk.settings.clone()
    };
    let compiled = |rows: Vec<MappingRow>| {
        let mapping = Mapping { rows };
        compile(&mapping, &names, &desk.object, &settings, &desk.zone).ok()
    };
    let rows = mapping.rows.iter();
    let rows: Vec<_> = rows
        .filter(|row| compiled(vec![(*row).clone()]).is_some())
        .cloned()
        .collect();
    compiled(rows)
}

/// Returns the mapped fields of which no two records may have the same value.
fn unique_fields(desk: &MappingDesk, mapping: &Mapping) -> Vec<String> {
    let names = mapping.rows.iter().filter_map(|row| match &row.target {
        Target::Field(name) => Some(name),
        Target::Parent { .. } => None,
    });
    let fields = names.filter_map(|name| desk.object.field(name));
    let unique = fields.filter(|field| field.unique);
    unique.map(|field| field.name.clone()).collect()
}

/// What was found so far: by key in the record, kind and code.
#[derive(Default)]
struct Tally {
    troubles: BTreeMap<(Arc<str>, TroubleKind, &'static str), Counted>,
    values: BTreeMap<(Arc<str>, ValueHash), u64>,
}

struct Counted {
    contacts: u64,
    what: String,
    cure: &'static str,
}

impl Tally {
    fn take(&mut self, compiled: &Compiled, candidate: &Candidate, unique: &[String]) {
        let purpose = match candidate.link {
            Some(_) => Purpose::Update,
            None => Purpose::Create,
        };
        for trouble in compiled.troubles(candidate, purpose) {
            let key = (trouble.target, trouble.kind, trouble.code);
            self.add(key, trouble.what, trouble.cure);
        }
        if unique.is_empty() {
            return;
        }
        for value in compiled.map(candidate, Purpose::Create).values {
            if !unique.iter().any(|field| **field == *value.held_in) {
                continue;
            }
            let times = self
                .values
                .entry((Arc::clone(&value.target), value.hash))
                .or_default();
            *times += 1;
            // The first of them goes.
            if *times > 1 {
                let key = (value.target, TroubleKind::Blocked, NOT_UNIQUE);
                let what = format!(
                    "another contact has {} too, and Salesforce takes it only once",
                    value.json
                );
                self.add(key, what, "correct the value in one of the contacts");
            }
        }
    }

    fn add(
        &mut self,
        key: (Arc<str>, TroubleKind, &'static str),
        what: String,
        cure: &'static str,
    ) {
        let counted = self.troubles.entry(key).or_insert(Counted {
            contacts: 0,
            what,
            cure,
        });
        counted.contacts += 1;
    }

    /// Returns the gravest and then most frequent trouble of a row.
    fn of(&self, row: &MappingRow) -> Option<RowTrouble> {
        let name = match &row.target {
            Target::Field(name) => name,
            Target::Parent { relationship, .. } => relationship,
        };
        let own = self.troubles.iter();
        let own = own.filter(|((target, ..), _)| **target == **name);
        let worst =
            own.min_by_key(|((_, kind, _), counted)| (*kind, std::cmp::Reverse(counted.contacts)));
        let ((_, kind, code), found) = worst?;
        Some(RowTrouble {
            target: row.target.to_string(),
            kind: *kind,
            code: (*code).to_owned(),
            contacts: found.contacts,
            message: format!("{}: {}", in_words(*kind, found.contacts), found.what),
            cure: found.cure.to_owned(),
        })
    }
}

/// Returns what becomes of so many contacts.
fn in_words(kind: TroubleKind, contacts: u64) -> String {
    match kind {
        TroubleKind::Blocked => {
            counted(contacts, "contact can't be sent", "contacts can't be sent")
        }
        TroubleKind::LeftOut => counted(
            contacts,
            "contact is sent without it",
            "contacts are sent without it",
        ),
        TroubleKind::NewValue => counted(
            contacts,
            "contact has a new value",
            "contacts have new values",
        ),
        TroubleKind::Shortened => counted(
            contacts,
            "contact has a value that is shortened",
            "contacts have a value that is shortened",
        ),
    }
}
