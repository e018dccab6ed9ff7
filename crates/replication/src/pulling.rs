//! Decides what a pull reads, and what the records of the org become in the mirror. Plain functions; [`mod@crate::pull`] acts.

mod settings;
mod usual;
mod values;

use leadferry_salesforce::{Describe, Field, FieldType};
use leadferry_store::{
    Mirror, MirrorField, MirrorKind, MirrorPlan, NewMirrorField, PullProgress, SchemaStep, StepKind,
};

pub use settings::PullSettings;
pub use usual::{PULLED_OBJECTS, usual_fields};
pub use values::record;

/// Records can commit this long after the moment they are stamped with: what a pull has read is read again that far back.
pub const OVERLAP_MS: i64 = 10 * 60 * 1000;
/// A note on fields names so many.
const MOST_NAMED: usize = 10;
/// Formulas change without a stamp: an object that has them is read whole this often.
pub const WHOLE_EVERY_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Returns what a column must hold for a field; `None` for what isn't mirrored: compound values, files and the record's id,
/// which is its key.
pub fn kind_of(field: &Field) -> Option<MirrorKind> {
    if field.deprecated_and_hidden {
        return None;
    }
    Some(match &field.field_type {
        FieldType::Address
        | FieldType::Location
        | FieldType::Base64
        | FieldType::ComplexValue
        | FieldType::AnyType
        | FieldType::Json
        | FieldType::Id => return None,
        FieldType::Boolean => MirrorKind::YesNo,
        FieldType::Int | FieldType::Long => MirrorKind::Whole,
        FieldType::Double | FieldType::Currency | FieldType::Percent => MirrorKind::Number,
        FieldType::Date => MirrorKind::Date,
        FieldType::DateTime => MirrorKind::DateTime,
        _ => MirrorKind::Text,
    })
}

/// What an object's mirror should hold, and which of the chosen fields the org doesn't have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The mirror.
    pub plan: MirrorPlan,
    /// Names that were chosen and that this user doesn't see in the org.
    pub unknown: Vec<String>,
}

/// Works out what to mirror: the chosen fields, else those that are usual for the object, else all. The chosen names can
/// include `usual` and `all`.
pub fn choose(describe: &Describe, names: Option<&[String]>) -> Chosen {
    let mirrored = |field: &&Field| kind_of(field).is_some();
    let mut fields: Vec<&Field> = Vec::new();
    let mut unknown = Vec::new();
    let usual = usual_fields(&describe.name);
    let default = ["usual".to_owned()];
    for name in names.unwrap_or(&default) {
        match (name.to_ascii_lowercase().as_str(), usual) {
            ("usual", Some(usual)) => {
                fields.extend(usual.iter().filter_map(|name| describe.field(name)));
            }
            ("usual" | "all", _) => fields.extend(&describe.fields),
            // Every record has it: it is the mirror's key.
            ("id", _) => {}
            _ => match describe.field(name).filter(mirrored) {
                Some(field) => fields.push(field),
                None => unknown.push(name.clone()),
            },
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    fields.retain(|field| mirrored(field) && seen.insert(field.name.to_ascii_lowercase()));
    let plan = MirrorPlan {
        object: describe.name.clone(),
        label: describe.label.clone(),
        key_prefix: describe.key_prefix.clone(),
        fields: fields.into_iter().filter_map(new_field).collect(),
        in_org: describe.fields.iter().map(|f| f.name.clone()).collect(),
    };
    Chosen { plan, unknown }
}

fn new_field(field: &Field) -> Option<NewMirrorField> {
    Some(NewMirrorField {
        name: field.name.clone(),
        label: field.label.clone(),
        kind: kind_of(field)?,
        org_type: field.field_type.as_str().to_owned(),
        reference_to: field.reference_to.clone(),
        formula: field.calculated,
    })
}

/// The field that tells when a record was last touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// The usual one.
    SystemModstamp,
    /// Changes that the org makes by itself don't count.
    LastModifiedDate,
    /// None can be asked for: everything is read each time.
    None,
}

impl Stamp {
    /// Returns the one that an object can be asked by.
    pub fn of(describe: &Describe) -> Stamp {
        let fits = |name: &str| {
            let field = describe.field(name);
            field.is_some_and(|field| field.filterable && field.sortable)
        };
        match (fits("SystemModstamp"), fits("LastModifiedDate")) {
            (true, _) => Stamp::SystemModstamp,
            (false, true) => Stamp::LastModifiedDate,
            (false, false) => Stamp::None,
        }
    }

    /// Returns the field's name.
    pub fn field(self) -> Option<&'static str> {
        match self {
            Stamp::SystemModstamp => Some("SystemModstamp"),
            Stamp::LastModifiedDate => Some("LastModifiedDate"),
            Stamp::None => None,
        }
    }
}

/// What is asked of an object in this reading, apart from where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// API name.
    pub object: String,
    /// The columns that are filled.
    pub fields: Vec<MirrorField>,
    /// Deleted records are asked for too.
    pub all: bool,
    /// The object knows which record another was merged into.
    pub has_winner: bool,
    /// Records can be converted, and the user may see to what.
    pub converts: bool,
    /// By what it is ordered.
    pub stamp: Stamp,
    /// The filter as SOQL.
    pub filter: Option<String>,
}

impl Question {
    /// Works out what to ask so that the mirror's columns can be filled.
    pub fn of(
        describe: &Describe,
        mirror: &Mirror,
        plan: &MirrorPlan,
        filter: Option<String>,
    ) -> Self {
        let wanted = |field: &&MirrorField| {
            field.gone_at.is_none()
                && plan
                    .fields
                    .iter()
                    .any(|f| f.name.eq_ignore_ascii_case(&field.name))
        };
        Question {
            object: describe.name.clone(),
            fields: mirror.fields.iter().filter(wanted).cloned().collect(),
            all: describe.field("IsDeleted").is_some(),
            has_winner: describe.field("MasterRecordId").is_some(),
            converts: ["IsConverted", "ConvertedContactId"]
                .iter()
                .all(|name| describe.field(name).is_some()),
            stamp: Stamp::of(describe),
            filter,
        }
    }

    /// Returns a text that differs where another set of fields or records is asked for.
    pub fn fingerprint(&self) -> String {
        let mut names: Vec<&str> = self.fields.iter().map(|f| f.name.as_str()).collect();
        names.sort_unstable();
        let filter = self.filter.as_deref().unwrap_or_default();
        format!(
            "{}|{}|{filter}",
            self.stamp.field().unwrap_or("Id"),
            names.join(",")
        )
    }

    /// Returns the query for the records of a reading.
    pub fn soql(&self, from: &From) -> String {
        let mut columns = vec!["Id"];
        columns.extend(self.stamp.field());
        columns.extend(self.all.then_some("IsDeleted"));
        columns.extend(self.has_winner.then_some("MasterRecordId"));
        if self.converts {
            columns.extend(["IsConverted", "ConvertedContactId"]);
        }
        for field in &self.fields {
            if !columns
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&field.name))
            {
                columns.push(&field.name);
            }
        }
        let since = from.condition(self.stamp);
        let order = match self.stamp.field() {
            Some(stamp) => format!("{stamp}, Id"),
            None => "Id".to_owned(),
        };
        format!(
            "SELECT {} FROM {}{} ORDER BY {order}",
            columns.join(", "),
            self.object,
            conditions([self.filter.clone(), since])
        )
    }

    /// Returns the query that counts the live records.
    pub fn count(&self) -> String {
        format!(
            "SELECT COUNT() FROM {}{}",
            self.object,
            conditions([self.filter.clone()])
        )
    }

    /// Returns the query for the ids of live records that meet a condition, with this stamp and later ones. Converted leads are
    /// left out.
    pub fn matching_ids(&self, condition: &str, since: Option<i64>) -> String {
        let unconverted = self.converts.then(|| "IsConverted = false".to_owned());
        let since = since.and_then(|ms| From::Stamp(ms).condition(self.stamp));
        let parts = [
            self.filter.clone(),
            Some(condition.to_owned()),
            unconverted,
            since,
        ];
        format!(
            "SELECT Id FROM {}{} ORDER BY Id",
            self.object,
            conditions(parts)
        )
    }

    /// Returns the query for the ids of the live records.
    pub fn ids(&self) -> String {
        let conditions = conditions([self.filter.clone()]);
        format!("SELECT Id FROM {}{conditions} ORDER BY Id", self.object)
    }

    /// Tells whether a column is calculated by the org.
    pub fn has_formulas(&self) -> bool {
        self.fields.iter().any(|field| field.formula)
    }
}

fn conditions<const N: usize>(parts: [Option<String>; N]) -> String {
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .map(|part| format!("({part})"))
        .collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", parts.join(" AND ")),
    }
}

/// Where a reading begins, or goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// At the first record.
    Start,
    /// At records with this stamp, UTC milliseconds.
    Stamp(i64),
    /// At records with a later stamp than this.
    After(i64),
    /// After this record, in the order of stamps and ids.
    Record(i64, String),
}

impl From {
    fn condition(&self, stamp: Stamp) -> Option<String> {
        match (self, stamp.field()) {
            (From::Start, _) | (From::Stamp(_) | From::After(_), None) => None,
            (From::Stamp(ms), Some(field)) => Some(format!("{field} >= {}", literal(*ms))),
            (From::After(ms), Some(field)) => Some(format!("{field} > {}", literal(*ms))),
            (From::Record(ms, id), Some(field)) => {
                let moment = literal(*ms);
                Some(format!(
                    "{field} > {moment} OR ({field} = {moment} AND Id > '{id}')"
                ))
            }
            (From::Record(_, id), None) => Some(format!("Id > '{id}'")),
        }
    }
}

fn literal(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Decides how a reading begins: goes on with one that was broken off, reads what changed, or reads everything. Returns the
/// progress as it stands when the reading begins, and where.
pub fn begin(mut progress: PullProgress, question: &Question, now: i64) -> (PullProgress, From) {
    let fingerprint = question.fingerprint();
    if progress.asked.as_deref() != Some(&fingerprint) {
        progress = PullProgress {
            asked: Some(fingerprint),
            pass: progress.pass,
            ..PullProgress::default()
        };
    }
    if let Some((stamp, id)) = progress.cursor.clone().filter(|_| progress.under_way) {
        progress.floor = Some(progress.floor.map_or(stamp, |floor| floor.min(stamp)));
        return (progress, From::Record(stamp, id));
    }
    let is_due = |at: i64| now - at >= WHOLE_EVERY_MS || at > now;
    let whole = match (progress.watermark, question.stamp) {
        (None, _) | (_, Stamp::None) => true,
        (Some(_), _) => question.has_formulas() && progress.whole_at.is_none_or(is_due),
    };
    let from = match (whole, progress.watermark) {
        (false, Some(mark)) if progress.settled => From::After(mark),
        (false, Some(mark)) => From::Stamp(mark - OVERLAP_MS),
        _ => From::Start,
    };
    if whole {
        progress.pass += 1;
    }
    progress.under_way = true;
    progress.whole = whole;
    progress.begun_at = Some(now);
    progress.floor = None;
    progress.cursor = None;
    (progress, from)
}

/// Ends a reading: says up to which stamp everything is read.
///
/// A record that commits late has a stamp behind what was read by then. Once the watermark has stood for longer than any
/// record takes to commit, and a reading has looked that far back again, nothing can come behind it any more.
pub fn end(mut progress: PullProgress, now: i64) -> PullProgress {
    let read_to = progress.cursor.as_ref().map(|(stamp, _)| *stamp);
    let read_to = match (read_to, progress.floor) {
        (Some(stamp), Some(floor)) => Some(stamp.min(floor)),
        (stamp, _) => stamp,
    };
    let begun = progress.begun_at.unwrap_or(now);
    match (progress.watermark, read_to) {
        (Some(mark), Some(to)) if to > mark => {
            progress.watermark = Some(to);
            progress.reached_at = Some(now);
            progress.settled = false;
        }
        (None, to) => {
            progress.watermark = to;
            progress.reached_at = to.map(|_| now);
            progress.settled = false;
        }
        (Some(_), _) => {
            let stood = progress.reached_at.map_or(0, |at| begun - at);
            progress.settled = progress.floor.is_none() && stood >= OVERLAP_MS;
        }
    }
    if progress.whole {
        progress.whole_at = Some(begun);
    }
    progress.under_way = false;
    progress.whole = false;
    progress.begun_at = None;
    progress.floor = None;
    progress.cursor = None;
    progress
}

/// Names the first fields of a list, and counts the others.
fn few(names: &[&str]) -> String {
    match names.split_at_checked(MOST_NAMED) {
        Some((first, rest @ [_, _, ..])) => {
            format!("{} and {} more", first.join(", "), rest.len())
        }
        _ => names.join(", "),
    }
}

/// Says what the user should know of changes to an object's fields.
pub fn notes_on(steps: &[SchemaStep]) -> Vec<String> {
    let mut notes = Vec::new();
    let of = |kind: StepKind| -> Vec<&str> {
        let steps = steps.iter().filter(move |step| step.kind == kind);
        steps.filter_map(|step| step.field.as_deref()).collect()
    };
    for (kind, words) in [
        (StepKind::NewField, "Added fields"),
        (StepKind::FieldBack, "Fields available again"),
        (
            StepKind::FieldGone,
            "Fields no longer in Salesforce, kept with their last values",
        ),
        (StepKind::FieldChanged, "Fields with another type or label"),
    ] {
        let names = of(kind);
        if !names.is_empty() {
            notes.push(format!("{words}: {}.", few(&names)));
        }
    }
    notes
}

/// Tells whether what was read before isn't all that the mirror now has room for.
pub fn reads_anew(steps: &[SchemaStep]) -> bool {
    steps.iter().any(|step| match step.kind {
        StepKind::NewTable | StepKind::NewField | StepKind::FieldBack => true,
        StepKind::FieldGone => false,
        StepKind::FieldChanged => step
            .detail
            .split_once(" > ")
            .is_some_and(|(was, is)| was != is),
    })
}

#[cfg(test)]
mod tests;
