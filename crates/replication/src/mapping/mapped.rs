//! Applies a mapping to one contact.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use leadferry_store::{Candidate, Reason};
use serde::{Serialize, Serializer};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Overwrite;
use super::capitalized;
use super::compiling::{Compiled, CompiledRow};
use super::converting::{Converted, Problem};
use super::reading::{Facts, Raw};
use super::texts;

/// What the values are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new record.
    Create,
    /// A record that exists.
    Update,
}

/// Why a target is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotWritten {
    /// The value is given to new records only.
    OnCreateOnly,
    /// This user may not write the field then.
    NotAllowed,
}

/// What a mapping makes of one contact.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mapped {
    /// The values to send, in row order.
    pub values: Vec<MappedValue>,
    /// What had to be cut.
    pub cuts: Vec<Cut>,
    /// Why the contact cannot be sent; empty when it can.
    pub problems: Vec<Reason>,
}

/// One value to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedValue {
    /// The key in the record: a field, or the relationship to a parent.
    pub target: Arc<str>,
    /// The JSON token: `"text"`, `2.45`, `true`, `null`, or `{"Ext__c":"1"}` for a parent.
    pub json: String,
    /// First 16 base64url characters of the SHA-256 of the token; the same in every version and on every platform.
    pub hash: String,
    /// When a value that the record has gives way.
    pub overwrite: Overwrite,
}

impl MappedValue {
    fn new(row: &CompiledRow, json: String) -> Self {
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(json.as_bytes())[..12]);
        Self {
            target: Arc::clone(&row.target),
            json,
            hash,
            overwrite: row.overwrite,
        }
    }
}

/// One value that had to be cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Cut {
    /// The key in the record.
    #[serde(serialize_with = "as_text")]
    pub target: Arc<str>,
    /// What there was: UTF-16 units of text, or digits after the point.
    pub from: u32,
    /// What is sent of it.
    pub to: u32,
}

fn as_text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

impl Compiled {
    /// Applies the mapping to a contact.
    ///
    /// The company name is the contact's own, else that of its account, else the default one. On update, rows that are for new records only are left out, and unset values
    /// clear the record's where the settings say so.
    pub fn map(&self, candidate: &Candidate, purpose: Purpose) -> Mapped {
        let facts = Facts {
            candidate,
            default_company: self.default_company.as_deref(),
            zone: &self.time_zone,
        };
        let mut mapped = Mapped {
            values: Vec::with_capacity(self.rows.len()),
            ..Mapped::default()
        };
        let mut missing = Vec::new();
        for row in self.rows.iter().filter(|row| row.is_for(purpose)) {
            match self.value(row, facts) {
                Ok(Some(converted)) => mapped.add(row, converted),
                Ok(None) if row.must_be_set(purpose) => missing.push(row),
                Ok(None) if purpose == Purpose::Update && row.clears => {
                    mapped.values.push(MappedValue::new(row, "null".to_owned()));
                }
                Ok(None) => {}
                Err(problem) => mapped.problems.push(reason(row, problem)),
            }
        }
        if !missing.is_empty() {
            mapped.problems.push(required_missing(&missing));
        }
        mapped
    }

    /// Returns the targets that are not written for this purpose, and why.
    pub fn kept(&self, purpose: Purpose) -> Vec<(&str, NotWritten)> {
        let kept = self.rows.iter().filter(|row| !row.is_for(purpose));
        kept.map(|row| {
            let why = if purpose == Purpose::Update && row.overwrite == Overwrite::OnCreate {
                NotWritten::OnCreateOnly
            } else {
                NotWritten::NotAllowed
            };
            (&*row.target, why)
        })
        .collect()
    }

    /// Returns the text that goes to a target before it is shortened; `None` where it is not text.
    pub fn uncut(&self, candidate: &Candidate, target: &str) -> Option<String> {
        let facts = Facts {
            candidate,
            default_company: self.default_company.as_deref(),
            zone: &self.time_zone,
        };
        let row = self.rows.iter().find(|row| &*row.target == target)?;
        match row.reading.read(facts).ok()?? {
            Raw::Text(text) => row.conversion.uncut(text),
            _ => None,
        }
    }

    /// Returns the texts of a contact as the value maps of the rows meet them, in row order; what isn't text is left out.
    pub fn texts(&self, candidate: &Candidate) -> Vec<String> {
        let facts = Facts {
            candidate,
            default_company: self.default_company.as_deref(),
            zone: &self.time_zone,
        };
        let raws = self
            .rows
            .iter()
            .filter_map(|row| row.reading.read(facts).ok()?);
        raws.filter_map(|raw| match raw {
            Raw::Text(text) => texts::clean(text).map(Cow::into_owned),
            _ => None,
        })
        .collect()
    }

    fn value(&self, row: &CompiledRow, facts: Facts<'_>) -> Result<Option<Converted>, Problem> {
        let raw = row.reading.read(facts).map_err(|words| Problem {
            code: "template",
            what: format!("the template can't be filled in with this contact's values: {words}"),
            cure: "correct the template",
        })?;
        raw.map_or(Ok(None), |raw| row.conversion.convert(raw, facts.zone))
    }
}

impl CompiledRow {
    fn is_for(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Create => self.createable,
            Purpose::Update => self.updateable && self.overwrite != Overwrite::OnCreate,
        }
    }

    fn must_be_set(&self, purpose: Purpose) -> bool {
        self.always_required || (self.required && purpose == Purpose::Create)
    }
}

impl Mapped {
    fn add(&mut self, row: &CompiledRow, converted: Converted) {
        if let Some((from, to)) = converted.cut {
            self.cuts.push(Cut {
                target: Arc::clone(&row.target),
                from,
                to,
            });
        }
        self.values.push(MappedValue::new(row, converted.json));
    }
}

fn reason(row: &CompiledRow, problem: Problem) -> Reason {
    Reason {
        code: problem.code.to_owned(),
        message: format!(
            "{} from {}: {}. {}.",
            row.target_label,
            row.source_label,
            problem.what,
            capitalized(problem.cure)
        ),
        detail: json!({ "target": &*row.target, "source": row.source_label }),
    }
}

fn required_missing(rows: &[&CompiledRow]) -> Reason {
    let list = |label: fn(&CompiledRow) -> &str| {
        let labels: Vec<_> = rows.iter().map(|row| label(row)).collect();
        labels.join(", ")
    };
    let targets: Vec<_> = rows.iter().map(|row| &*row.target).collect();
    Reason {
        code: "required_missing".to_owned(),
        message: format!(
            "{} needs a value, and the contact has none. Fill in {}.",
            list(|row| &row.target_label),
            list(|row| &row.source_label)
        ),
        detail: json!({ "targets": targets }),
    }
}
