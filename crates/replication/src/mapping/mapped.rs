//! Applies a mapping to one contact.

use std::borrow::Cow;
use std::sync::Arc;

use leadferry_store::{Candidate, ContactField, Link, Reason, ValueHash};
use serde::{Serialize, Serializer};
use serde_json::json;

use super::beside::side_by_side;
use super::compiling::{Compiled, CompiledRow};
use super::converting::{Converted, Note, quote};
use super::problems::Problem;
use super::reading::{Facts, Local, Raw, Reading};
use super::remarking::{Remark, left_out, not_offered, reason, remarks, required_missing};
use super::{Overwrite, texts};

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
    /// What else is to be said about values: cut, left out, changed. Values that were sent before say nothing new.
    pub remarks: Vec<Remark>,
    /// Why the contact cannot be sent; empty when it can.
    pub problems: Vec<Reason>,
    /// Values that the org has refused of this contact, and that count as sent: it wouldn't take them a second time.
    pub refused: Vec<MappedValue>,
}

/// Returns the hash of a text, such as a JSON token, as 16 hexadecimal digits.
pub(crate) fn hash_text(text: &str) -> String {
    ValueHash::of(text).to_string()
}

impl Mapped {
    /// Returns why the contact cannot be sent: the first problem, with the others in its detail under `also`.
    pub fn reason(&self) -> Option<Reason> {
        let (first, others) = self.problems.split_first()?;
        let mut reason = first.clone();
        if !others.is_empty() {
            let more = others.iter().map(|one| {
                let mut also = one.detail.clone();
                also["code"] = json!(one.code);
                also["message"] = json!(one.message);
                also
            });
            reason.detail["also"] = more.collect();
        }
        Some(reason)
    }
}

/// One value to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedValue {
    /// The key in the record: a field, or the relationship to a parent.
    pub target: Arc<str>,
    /// The field that holds it: the lookup itself where a parent is addressed.
    pub held_in: Arc<str>,
    /// The JSON token: `"text"`, `2.45`, `true`, `null`, or `{"Ext__c":"1"}` for a parent.
    pub json: String,
    /// By which the token is known again.
    pub hash: ValueHash,
    /// When a value that the record has gives way.
    pub overwrite: Overwrite,
}

impl MappedValue {
    fn new(row: &CompiledRow, json: String, overwrite: Overwrite) -> Self {
        Self {
            target: Arc::clone(&row.target),
            held_in: Arc::clone(&row.held_in),
            hash: ValueHash::of(&json),
            json,
            overwrite,
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

pub(super) fn as_text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

impl Compiled {
    /// Applies the mapping to a contact.
    ///
    /// The company name is the contact's own, else that of its account, else the default one. On update, rows that are for
    /// new records only are left out, and unset values clear the record's where the settings say so. A value that the org
    /// would refuse blocks the contact where a new record must have it or its row says so; else it is left out with a
    /// remark. Fields that wait for someone to choose between here and there are left out of updates. What was sent before as it is neither blocks nor is said again: the org has it.
    pub fn map(&self, candidate: &Candidate, purpose: Purpose) -> Mapped {
        let facts = self.facts(candidate);
        let waits = |row: &CompiledRow| {
            purpose == Purpose::Update && candidate.conflicts.contains(&*row.held_in)
        };
        let rows = self.rows.iter();
        let rows = rows.filter(|row| row.is_for(purpose) && !waits(row));
        let outcomes: Vec<_> = rows.map(|row| (row, self.value(row, facts))).collect();
        let outcomes = side_by_side(outcomes, facts, purpose);
        let link = candidate
            .link
            .as_ref()
            .filter(|_| purpose == Purpose::Update);
        let was_sent = |row: &CompiledRow, json: &str| {
            link.is_some_and(|link| link.sent.get(&*row.target) == Some(&ValueHash::of(json)))
        };
        let mut mapped = Mapped {
            values: Vec::with_capacity(self.rows.len()),
            ..Mapped::default()
        };
        let mut missing = Vec::new();
        for (row, outcome) in outcomes {
            match outcome {
                Ok(Some(converted)) if row.is_unasked_yes(&converted, purpose, link) => {}
                Ok(Some(converted)) => {
                    let before = converted.token_before();
                    if before.is_some_and(|token| was_sent(row, token)) {
                        continue;
                    }
                    let is_news = converted.is_remarkable() && !was_sent(row, &converted.json);
                    mapped.add(row, converted, row.overwrite_of(facts), is_news);
                }
                Ok(None) if row.must_be_set(purpose) => missing.push(row),
                Ok(None) if purpose == Purpose::Update && row.clears => {
                    let value = MappedValue::new(row, "null".to_owned(), Overwrite::Always);
                    mapped.values.push(value);
                }
                Ok(None) => {}
                Err(problem)
                    if problem
                        .token
                        .as_ref()
                        .is_some_and(|token| was_sent(row, token)) => {}
                Err(problem) if row.leaves_out && !row.must_be_set(purpose) => {
                    mapped.remarks.push(left_out(row, &problem));
                }
                Err(problem) => mapped.problems.push(reason(row, &problem)),
            }
        }
        if !missing.is_empty() {
            mapped.problems.push(required_missing(&missing));
        }
        mapped
    }

    /// Returns the label of a field that a record can do without, where its row says that a refused value is left out.
    pub(crate) fn may_be_left_out(&self, target: &str, purpose: Purpose) -> Option<&str> {
        let mut rows = self.rows.iter().filter(|row| &*row.target == target);
        let row = rows.find(|row| row.leaves_out && !row.must_be_set(purpose))?;
        Some(&row.target_label)
    }

    /// Leaves out what the org has refused of a contact, and says so; `left_out` are the hashes of the values by field.
    pub(crate) fn leave_out(
        &self,
        mapped: &mut Mapped,
        left_out: &serde_json::Map<String, serde_json::Value>,
    ) {
        let is_refused = |value: &MappedValue| {
            let refused = left_out.get(&*value.target).and_then(|hash| hash.as_str());
            refused.is_some_and(|hash| hash == value.hash.to_string())
        };
        let (refused, values): (Vec<_>, Vec<_>) = std::mem::take(&mut mapped.values)
            .into_iter()
            .partition(is_refused);
        let rows = refused
            .iter()
            .filter_map(|value| self.rows.iter().find(|row| row.target == value.target));
        mapped.remarks.extend(rows.map(not_offered));
        (mapped.values, mapped.refused) = (values, refused);
    }

    /// Returns what a contact refuses: the values that say no, in row order.
    pub fn refusals(&self, candidate: &Candidate) -> Vec<MappedValue> {
        let facts = self.facts(candidate);
        let no = |row: &CompiledRow| {
            let token = row.no.as_ref().filter(|_| row.updateable)?;
            let converted = self.value(row, facts).ok()??;
            let value = MappedValue::new(row, converted.json, Overwrite::Always);
            (value.json == *token).then_some(value)
        };
        self.rows.iter().filter_map(no).collect()
    }

    /// Returns the targets whose values do not go with those that they depend on, and whether that blocks a new record.
    pub(super) fn dependent_refusals(&self, candidate: &Candidate) -> Vec<(String, bool)> {
        let facts = self.facts(candidate);
        let rows = self.rows.iter().filter(|row| row.is_for(Purpose::Create));
        let outcomes: Vec<_> = rows.map(|row| (row, self.value(row, facts))).collect();
        let outcomes = side_by_side(outcomes, facts, Purpose::Create).into_iter();
        let refused = outcomes.filter_map(|(row, outcome)| match outcome {
            Err(problem) if problem.code == "dependent_picklist" => {
                let blocks = row.must_be_set(Purpose::Create) || !row.leaves_out;
                Some((row.target.to_string(), blocks))
            }
            _ => None,
        });
        refused.collect()
    }

    pub(super) fn facts<'a>(&'a self, candidate: &'a Candidate) -> Facts<'a> {
        Facts {
            candidate,
            default_company: self.default_company.as_deref(),
            zone: &self.time_zone,
        }
    }

    /// Tells whether a field of an existing record is written.
    pub(crate) fn updates(&self, field: &str) -> bool {
        let mut rows = self.rows.iter().filter(|row| row.is_for(Purpose::Update));
        rows.any(|row| row.held_in.eq_ignore_ascii_case(field))
    }

    /// Returns the contact fields whose own values an existing record's field gets, in whatever form; none where it gets
    /// anything else, or a value that is replaced on the way.
    pub(crate) fn own_fields(&self, field: &str) -> Vec<ContactField> {
        let mut rows = self.rows.iter().filter(|row| row.is_for(Purpose::Update));
        let row = rows.find(|row| row.held_in.eq_ignore_ascii_case(field));
        let row = row.filter(|row| !row.is_opt_out && row.conversion.replaced.is_empty());
        row.map_or_else(Vec::new, |row| row.reading.own_fields())
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
        let facts = self.facts(candidate);
        let row = self.rows.iter().find(|row| &*row.target == target)?;
        match row.reading.read(facts).ok()?? {
            Raw::Text(text) => row.conversion.uncut(text),
            _ => None,
        }
    }

    /// Returns the texts of a contact as the value maps of the rows meet them, in row order; what isn't text is left out.
    pub fn texts(&self, candidate: &Candidate) -> Vec<String> {
        let facts = self.facts(candidate);
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

    /// Returns what stands in for a last name that a contact doesn't have.
    fn last_name_instead(&self, row: &CompiledRow) -> Option<Raw<'_>> {
        let is_last_name = matches!(
            row.reading,
            Reading::Local(Local::Field(ContactField::LastName))
        );
        let default = self.default_last_name.as_deref();
        let default = default.filter(|name| is_last_name && !name.trim().is_empty())?;
        Some(Raw::Text(Cow::Borrowed(default)))
    }

    pub(super) fn value(&self, row: &CompiledRow, facts: Facts<'_>) -> Outcome {
        let raw = row.reading.read(facts).map_err(|words| {
            Problem::new(
                "template",
                format!("the template can't be filled in with this contact's values: {words}"),
                "correct the template",
            )
        })?;
        let Some(raw) = raw.or_else(|| self.last_name_instead(row)) else {
            return Ok(None);
        };
        row.conversion.convert(raw, facts.zone).map_err(|problem| {
            let raw = row.reading.read(facts).ok().flatten();
            let said = raw.map(|raw| raw.into_text(facts.zone)).unwrap_or_default();
            Problem {
                token: problem.token.or_else(|| Some(quote(said.trim()))),
                value: problem.value.or(Some(said)),
                ..problem
            }
        })
    }
}

/// What becomes of a row's value.
pub(super) type Outcome = Result<Option<Converted>, Problem>;

impl CompiledRow {
    /// Tells whether a value would opt somebody in whom this replication never opted out. Somebody else may have, in
    /// Salesforce: only our own no is ours to take back.
    fn is_unasked_yes(&self, converted: &Converted, purpose: Purpose, link: Option<&Link>) -> bool {
        let is_known = link.is_some_and(|link| link.sent.contains_key(&*self.target));
        self.is_opt_out
            && purpose == Purpose::Update
            && self.no.as_ref().is_some_and(|no| *no != converted.json)
            && !is_known
    }

    pub(super) fn is_for(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Create => self.createable,
            Purpose::Update => self.updateable && self.overwrite != Overwrite::OnCreate,
        }
    }

    pub(super) fn must_be_set(&self, purpose: Purpose) -> bool {
        self.always_required || (self.required && purpose == Purpose::Create)
    }

    /// Returns when this contact's value replaces the record's.
    fn overwrite_of(&self, facts: Facts<'_>) -> Overwrite {
        match self.overwrite {
            Overwrite::Own if self.reading.stands_in(facts) => Overwrite::IfEmpty,
            Overwrite::Own => Overwrite::Always,
            rule => rule,
        }
    }

    /// Returns the contact's text as the value map leaves it.
    pub(super) fn said(&self, facts: Facts<'_>) -> Option<String> {
        match self.reading.read(facts).ok()?? {
            Raw::Text(text) => self.conversion.uncut(text),
            _ => None,
        }
    }
}

impl Converted {
    fn is_remarkable(&self) -> bool {
        self.cut.is_some() || !self.notes.is_empty()
    }

    /// Returns the token that would be sent if the org took all of the value; `None` where it does.
    fn token_before(&self) -> Option<&str> {
        self.notes.iter().find_map(|note| match note {
            Note::LeftOut(problem) => problem.token.as_deref(),
            Note::NewValue(_) | Note::LineBreaks => None,
        })
    }
}

impl Mapped {
    fn add(
        &mut self,
        row: &CompiledRow,
        converted: Converted,
        overwrite: Overwrite,
        is_news: bool,
    ) {
        if is_news {
            self.cuts.extend(converted.cut.map(|(from, to)| Cut {
                target: Arc::clone(&row.target),
                from,
                to,
            }));
            self.remarks.extend(remarks(row, &converted));
        }
        let value = MappedValue::new(row, converted.json, overwrite);
        self.values.push(value);
    }
}
