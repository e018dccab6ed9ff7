//! Says field by field what a run would do with one contact. A plain function.

use leadferry_store::Candidate;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::batching::is_empty;
use crate::mapping::{Cut, MappedValue, NotWritten, Overwrite, Purpose, RemarkKind};
use crate::settling::same;
use crate::setup::Setup;

/// What a run would write to a contact's record, what it would leave, and what is the same on both sides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ts_rs::TS)]
pub struct Difference {
    /// What would be written.
    pub changes: Vec<Change>,
    /// What is mapped and stays as Salesforce has it.
    pub kept: Vec<Kept>,
    /// What is the same on both sides: label and value.
    pub same: Vec<Same>,
}

/// A field that would be written.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Change {
    /// API name.
    pub field: String,
    /// What people read.
    pub label: String,
    /// What stands there now.
    pub before: Before,
    /// What would be sent.
    pub value: Value,
    /// What would be cut.
    pub cut: Option<Cut>,
    /// The end of a text that would be cut off.
    pub lost: Option<String>,
}

/// What stands in Salesforce, as far as is known.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[serde(tag = "known", rename_all = "snake_case")]
pub enum Before {
    /// There is no record yet.
    Nothing,
    /// The org was asked.
    Now {
        /// What it holds; `null` is empty.
        value: Value,
    },
    /// This was sent last.
    Sent {
        /// The value.
        value: Value,
    },
    /// Another value was sent last; history keeps it no more.
    Other,
    /// Nothing was ever sent there, and the org was not asked.
    Unknown,
}

/// A field that is mapped and not written.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Kept {
    /// API name.
    pub field: String,
    /// What people read.
    pub label: String,
    /// What the org holds, where it was asked; `null` is empty.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<Value>,
    /// Why it stays.
    pub why: KeptWhy,
    /// Why in so many words, where there is more to say.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Why a mapped field is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum KeptWhy {
    /// Its rule is *if empty*, and Salesforce holds a value.
    Filled,
    /// Its rule is *on create*.
    OnCreateOnly,
    /// The user who is signed in may not write it.
    NotAllowed,
    /// The org would refuse the contact's value, so it is left out.
    LeftOut,
}

/// A field that is the same on both sides.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Same {
    /// API name.
    pub field: String,
    /// What people read.
    pub label: String,
    /// The value.
    pub value: Value,
}

/// Works out what a run would do with a contact.
///
/// `record` is the record to be updated, `None` where one would be created; `now` what the org held when the plan asked
/// it; `sent` returns what was sent last to a field, as far as history keeps it.
pub fn difference(
    candidate: &Candidate,
    record: Option<&str>,
    now: Option<&Map<String, Value>>,
    sent: &dyn Fn(&str) -> Option<Value>,
    setup: &Setup,
) -> Difference {
    let purpose = match record {
        Some(_) => Purpose::Update,
        None => Purpose::Create,
    };
    let mapped = setup.map(candidate, purpose);
    let link = candidate
        .link
        .as_ref()
        .filter(|link| Some(link.record_id.as_str()) == record);
    let holds = |field: &str| now.and_then(|now| now.get(field)).cloned();
    let label = |field: &str| {
        let known = setup.target.field(field);
        known.map_or(field, |known| known.label.as_str()).to_owned()
    };
    let mut difference = Difference::default();
    for value in &mapped.values {
        let field = value.target.to_string();
        let was_sent = link.and_then(|link| link.sent.get(&*value.target));
        let is_known = link.is_some() && setup.is_known_there(candidate, value);
        let held = holds(&field);
        let shown = shown(value);
        let is_same = is_known || held.as_ref().is_some_and(|held| same(&shown, held));
        if is_same {
            difference.same.push(Same {
                label: label(&field),
                field,
                value: shown,
            });
            continue;
        }
        let is_filled = held.as_ref().is_some_and(|held| !is_empty(held));
        if value.overwrite == Overwrite::IfEmpty && is_filled {
            difference.kept.push(Kept {
                label: label(&field),
                holds: held,
                field,
                why: KeptWhy::Filled,
                message: None,
            });
            continue;
        }
        let before = match (record, held) {
            (None, _) => Before::Nothing,
            (_, Some(value)) => Before::Now { value },
            _ if was_sent.is_some() => match sent(&field) {
                Some(value) => Before::Sent { value },
                None => Before::Other,
            },
            _ => Before::Unknown,
        };
        let cut = mapped.cuts.iter().find(|cut| cut.target == value.target);
        difference.changes.push(Change {
            label: label(&field),
            lost: cut.and_then(|_| lost(candidate, &field, &shown, setup)),
            cut: cut.cloned(),
            before,
            value: shown,
            field,
        });
    }
    let left_out = mapped.remarks.iter().filter(|remark| {
        let is_sent = mapped
            .values
            .iter()
            .any(|value| value.target == remark.target);
        remark.kind == RemarkKind::LeftOut && !is_sent
    });
    for remark in left_out {
        difference.kept.push(Kept {
            field: remark.target.to_string(),
            label: label(&remark.target),
            holds: holds(&remark.target),
            why: KeptWhy::LeftOut,
            message: Some(remark.message.clone()),
        });
    }
    for (field, why) in setup.mapping.kept(purpose) {
        difference.kept.push(Kept {
            field: field.to_owned(),
            label: label(field),
            holds: holds(field),
            why: match why {
                NotWritten::OnCreateOnly => KeptWhy::OnCreateOnly,
                NotWritten::NotAllowed => KeptWhy::NotAllowed,
            },
            message: None,
        });
    }
    difference
}

/// Returns the value as people read it: of a parent the value that names it.
fn shown(value: &MappedValue) -> Value {
    match serde_json::from_str(&value.json).unwrap_or_default() {
        Value::Object(parent) => parent
            .into_iter()
            .next()
            .map(|(_, value)| value)
            .unwrap_or_default(),
        value => value,
    }
}

/// Returns the end of a text that is cut off.
fn lost(candidate: &Candidate, field: &str, sent: &Value, setup: &Setup) -> Option<String> {
    let whole = setup.mapping.uncut(candidate, field)?;
    whole.strip_prefix(sent.as_str()?).map(str::to_owned)
}
