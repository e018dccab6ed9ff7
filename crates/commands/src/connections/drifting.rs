//! What has changed about an org's fields, and who uses them: by name, with what that means and what to do.
//!
//! A replication compares with the fields as they were when the user last saw a change. Whatever only reads a field, such as a
//! pull, a segment or a saved search, is judged by what the org and the mirror hold now.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use leadferry_replication::Settings;
use leadferry_replication::mapping::{Mapping, MappingRow, Target};
use leadferry_replication::mirrored_fields;
use leadferry_replication::targets::{Change, FieldChange, TargetObject, type_name};
use leadferry_salesforce::Describe;
use leadferry_store::{
    Connection, Mirror, Pull, PullObject, Reader, Replication, RuleTree, grouped,
};
use serde::Serialize;

use crate::error::sentence;
use crate::mappings::{DriftedField, drift_of};
use crate::pulls::PullFilter;
use crate::search::{Criterion, Match, Wanted, condition_on};
use crate::{Result, Workspace};

/// A field of an org that isn't what it was, and who uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ChangedField {
    /// Its object.
    pub object: String,
    /// API name.
    pub field: String,
    /// What people call it.
    pub label: String,
    /// What has changed, in a sentence.
    pub change: String,
    /// Who uses it, and what that means for each.
    pub used_by: Vec<FieldUser>,
}

/// What uses a field of an org.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldUserKind {
    /// A replication, in its mapping.
    Replication,
    /// A consent sync, in its mapping.
    ConsentSync,
    /// A pull, in its fields, conditions or inbound mapping.
    Pull,
    /// A segment, in its rules.
    Segment,
    /// A score, in its rules.
    Score,
    /// A saved search, in its criteria or columns.
    Search,
}

impl FieldUserKind {
    /// Returns the word for it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Replication => "Replication",
            Self::ConsentSync => "Consent sync",
            Self::Pull => "Pull",
            Self::Segment => "Segment",
            Self::Score => "Score",
            Self::Search => "Saved search",
        }
    }
}

/// Who uses a field that has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FieldUser {
    /// What it is.
    pub kind: FieldUserKind,
    /// Its name.
    pub name: String,
    /// It can't be used as it is any more.
    pub broken: bool,
    /// What the change means for it, in a sentence.
    pub effect: String,
    /// What to do, in a sentence.
    pub cure: String,
}

/// Returns the changed fields of a connection's org that something here uses.
///
/// # Errors
/// When there is no such connection.
pub fn drift(workspace: &Workspace, name: &str) -> Result<Vec<ChangedField>> {
    workspace.store().read(|reader| {
        let connection = reader.connection_named(name)?;
        changed_fields(reader, &connection)
    })
}

/// Returns the changed fields that a replication uses, itself or through its score and segments.
///
/// # Errors
/// When there is no such replication.
pub fn drift_of_replication(workspace: &Workspace, name: &str) -> Result<Vec<ChangedField>> {
    workspace
        .store()
        .read(|reader| drift_around(reader, &reader.replication_named(name)?))
}

/// Returns the changed fields that a replication uses, itself or through the score and the segments that decide who is sent.
pub(crate) fn drift_around(
    reader: &Reader<'_>,
    replication: &Replication,
) -> Result<Vec<ChangedField>> {
    let Some(connection) = replication.connection else {
        return Ok(Vec::new());
    };
    let settings = Settings::from_json(&replication.settings)?;
    let chosen = &settings.segments;
    let segments: Vec<&String> = [&chosen.any, &chosen.all, &chosen.none]
        .into_iter()
        .flatten()
        .collect();
    let score = match replication.threshold {
        Some(threshold) => Some(reader.score(threshold.score)?.name),
        None => None,
    };
    let concerns = |user: &FieldUser| match user.kind {
        FieldUserKind::Replication | FieldUserKind::ConsentSync => user.name == replication.name,
        FieldUserKind::Segment => segments
            .iter()
            .any(|name| name.to_lowercase() == user.name.to_lowercase()),
        FieldUserKind::Score => score.as_ref() == Some(&user.name),
        FieldUserKind::Pull | FieldUserKind::Search => false,
    };
    let mut changed = changed_fields(reader, &reader.connection(connection)?)?;
    for field in &mut changed {
        field.used_by.retain(concerns);
    }
    changed.retain(|field| !field.used_by.is_empty());
    Ok(changed)
}

/// Returns the changed fields of an org that something uses, by object and field.
pub(crate) fn changed_fields(
    reader: &Reader<'_>,
    connection: &Connection,
) -> Result<Vec<ChangedField>> {
    let mut found = Found::default();
    let org = OrgFields::load(reader, connection)?;
    for replication in reader.replications()? {
        if replication.connection == Some(connection.id) {
            of_replication(reader, &replication, &org, &mut found)?;
        }
    }
    for pull in reader.pulls()? {
        if pull.connection == connection.id {
            of_pull(reader, &pull, &org, &mut found)?;
        }
    }
    for segment in reader.segments()? {
        if let Some(tree) = &segment.tree {
            of_rules(
                reader,
                (FieldUserKind::Segment, &segment.name),
                tree,
                &org,
                &mut found,
            );
        }
    }
    for score in reader.scores()? {
        for rule in &score.rules {
            of_rules(
                reader,
                (FieldUserKind::Score, &score.name),
                &rule.when,
                &org,
                &mut found,
            );
        }
    }
    for search in reader.searches()? {
        if search.connection.is_none_or(|id| id == connection.id) {
            of_search(&search, &org, &mut found);
        }
    }
    Ok(found.0.into_values().collect())
}

/// What an org's objects look like now, and what the mirror holds of them.
struct OrgFields {
    objects: BTreeMap<String, (Describe, TargetObject)>,
    mirrors: Vec<Mirror>,
}

impl OrgFields {
    fn load(reader: &Reader<'_>, connection: &Connection) -> Result<Self> {
        let mut objects = BTreeMap::new();
        for (object, body) in reader.describes_of(connection.id)? {
            let describe = Describe::parse(&body)?;
            let target = TargetObject::from_describe(&describe);
            objects.insert(object.to_lowercase(), (describe, target));
        }
        let mut mirrors = reader.mirrors()?;
        mirrors.retain(|mirror| Some(&mirror.org_id) == connection.org_id.as_ref());
        Ok(Self { objects, mirrors })
    }

    fn described(&self, object: &str) -> Option<&(Describe, TargetObject)> {
        self.objects.get(&object.to_lowercase())
    }

    fn mirror(&self, object: &str) -> Option<&Mirror> {
        let mut mirrors = self.mirrors.iter();
        mirrors.find(|mirror| mirror.object.eq_ignore_ascii_case(object))
    }

    /// Returns what has become of a field since it was read last; nothing where the object's fields aren't known.
    fn change(&self, object: &str, field: &str) -> Option<FieldChange> {
        let (describe, _) = self.described(object)?;
        let kept = self.mirror(object).and_then(|mirror| mirror.field(field));
        let mut fields = describe.fields.iter();
        let now = fields.find(|one| one.name.eq_ignore_ascii_case(field));
        let Some(now) = now else {
            return Some(FieldChange {
                field: kept.map_or(field, |kept| &kept.name).to_owned(),
                label: kept.map_or(field, |kept| &kept.label).to_owned(),
                change: Change::Gone,
            });
        };
        let (before, after) = (&kept?.org_type, now.field_type.as_str());
        (before != after).then(|| FieldChange {
            field: now.name.clone(),
            label: now.label.clone(),
            change: Change::Type {
                before: type_name(before),
                after: type_name(after),
            },
        })
    }

    /// Returns that a field is of a type now that what uses it can't take.
    fn misfit(&self, object: &str, field: &str) -> Option<FieldChange> {
        let (_, target) = self.described(object)?;
        let mut fields = target.fields.iter();
        let now = fields.find(|one| one.name.eq_ignore_ascii_case(field))?;
        Some(FieldChange {
            field: now.name.clone(),
            label: now.label.clone(),
            change: Change::Type {
                before: UNKNOWN_TYPE.to_owned(),
                after: now.kind.name().to_owned(),
            },
        })
    }
}

/// The type of a field of which only the present one is known.
const UNKNOWN_TYPE: &str = "";

/// What was found, by object and field.
#[derive(Default)]
struct Found(BTreeMap<(String, String), ChangedField>);

impl Found {
    fn add(&mut self, object: &str, change: &FieldChange, user: FieldUser) {
        let FieldChange { field, label, .. } = change;
        let text = match &change.change {
            // What is known of it already says more.
            Change::Type { before, .. } if before == UNKNOWN_TYPE && self.knows(object, field) => {
                String::new()
            }
            Change::Type { before, after } if before == UNKNOWN_TYPE => {
                format!("{label} is now {after}")
            }
            _ => change.sentence(),
        };
        self.note(object, (field, label), text, user);
    }

    fn knows(&self, object: &str, field: &str) -> bool {
        self.0
            .contains_key(&(object.to_lowercase(), field.to_lowercase()))
    }

    fn note(&mut self, object: &str, (field, label): (&str, &str), text: String, user: FieldUser) {
        let key = (object.to_lowercase(), field.to_lowercase());
        let known = self.0.entry(key).or_insert_with(|| ChangedField {
            object: object.to_owned(),
            field: field.to_owned(),
            label: label.to_owned(),
            change: String::new(),
            used_by: Vec::new(),
        });
        let text = match text.as_str() {
            "" => String::new(),
            text => sentence(text),
        };
        if !known.change.contains(&text) {
            let gap = if known.change.is_empty() { "" } else { " " };
            known.change.push_str(gap);
            known.change.push_str(&text);
        }
        let same = |one: &&mut FieldUser| one.kind == user.kind && one.name == user.name;
        match known.used_by.iter_mut().find(same) {
            // What breaks it says more than what it does with the rest.
            Some(one) if user.broken && !one.broken => *one = user,
            Some(_) => {}
            None => known.used_by.push(user),
        }
    }
}

fn of_replication(
    reader: &Reader<'_>,
    replication: &Replication,
    org: &OrgFields,
    found: &mut Found,
) -> Result<()> {
    let settings = Settings::from_json(&replication.settings)?;
    let kind = match settings.consent_sync {
        true => FieldUserKind::ConsentSync,
        false => FieldUserKind::Replication,
    };
    let object = &replication.object;
    if let Some(drift) = drift_of(reader, replication)? {
        for field in drift.changes {
            if matches!(field.change, Change::Renamed { .. }) {
                continue;
            }
            let user = user_of_row(kind, &replication.name, &field);
            found.note(object, (&field.field, &field.label), field.sentence, user);
        }
    }
    // A change that was dismissed stays one for as long as the mapping names the field.
    let mapping = Mapping::parse(&reader.mapping(replication.id)?.body);
    for row in mapping.into_iter().flat_map(|mapping| mapping.rows) {
        of_source(&row, &settings, (kind, &replication.name), org, found);
        let Target::Field(field) = &row.target else {
            continue;
        };
        let Some(change) = org.change(object, field) else {
            continue;
        };
        if change.change == Change::Gone {
            let user = FieldUser {
                kind,
                name: replication.name.clone(),
                broken: true,
                effect: format!("Contacts can't be sent: {row} writes to it."),
                cure: gone_from_mapping(),
            };
            found.add(object, &change, user);
        }
    }
    Ok(())
}

/// Notes what has changed about the fields of Salesforce's data that a row reads.
fn of_source(
    row: &MappingRow,
    settings: &Settings,
    (kind, name): (FieldUserKind, &str),
    org: &OrgFields,
    found: &mut Found,
) {
    for asked in row.source.asked_records(settings) {
        for object in asked.record.objects() {
            // What this org never had isn't what the row asks it for.
            let is_read = |mirror: &Mirror| mirror.field(&asked.field).is_some();
            if !org.mirror(object).is_some_and(is_read) {
                continue;
            }
            let Some(change) = org.change(object, &asked.field) else {
                continue;
            };
            let (effect, cure) = match change.change {
                Change::Gone => (
                    format!("{row} goes on with the values that were read last."),
                    "Choose another source in the mapping, or ask your admin to restore the field or your access to it.",
                ),
                _ => (
                    format!("{row} reads it."),
                    "Check the mapping after the next pull.",
                ),
            };
            let user = FieldUser {
                kind,
                name: name.to_owned(),
                broken: false,
                effect,
                cure: cure.to_owned(),
            };
            found.add(object, &change, user);
        }
    }
}

fn gone_from_mapping() -> String {
    "Remove the row from the mapping, or ask your admin to restore the field or your access to it."
        .to_owned()
}

fn user_of_row(kind: FieldUserKind, name: &str, field: &DriftedField) -> FieldUser {
    let (effect, cure) = match (&field.breaks, &field.change, field.cut) {
        (Some(why), Change::Required, _) => (
            format!("New records can't be created: {why}."),
            "Map the field, or ask your admin for a default value.".to_owned(),
        ),
        (Some(why), Change::Gone, _) => (
            format!("Contacts can't be sent: {why}."),
            gone_from_mapping(),
        ),
        (Some(why), _, _) => (
            format!("Contacts can't be sent: {why}."),
            "Change the row in the mapping.".to_owned(),
        ),
        (None, Change::Shorter { .. }, Some(0)) => (
            "No contact has a longer value.".to_owned(),
            "Nothing to do.".to_owned(),
        ),
        (None, Change::Shorter { .. }, Some(cut)) => (
            match cut {
                1 => "1 contact has a longer value, which will be shortened.".to_owned(),
                more => format!(
                    "{} contacts have longer values, which will be shortened.",
                    grouped(more)
                ),
            },
            "Make the values shorter, or map another field.".to_owned(),
        ),
        (None, Change::Shorter { .. } | Change::LessPrecise { .. }, _) => (
            "Values that don't fit will be shortened.".to_owned(),
            "Check the plan before the next run.".to_owned(),
        ),
        (None, Change::Required, _) => (
            "Contacts without a value can't be created.".to_owned(),
            "Check the plan before the next run.".to_owned(),
        ),
        _ => (
            "Values are still sent.".to_owned(),
            "Check the plan before the next run.".to_owned(),
        ),
    };
    FieldUser {
        kind,
        name: name.to_owned(),
        broken: field.breaks.is_some(),
        effect,
        cure,
    }
}

fn of_pull(reader: &Reader<'_>, pull: &Pull, org: &OrgFields, found: &mut Found) -> Result<()> {
    for object in &pull.objects {
        let Some((describe, _)) = org.described(&object.object) else {
            continue;
        };
        let user = |broken, effect: String, cure: &str| FieldUser {
            kind: FieldUserKind::Pull,
            name: pull.name.clone(),
            broken,
            effect,
            cure: cure.to_owned(),
        };
        let unread = |why: &str| format!("{} can't be read: {}", object.object, sentence(why));
        let chosen = object.fields.iter().flatten();
        let chosen = chosen.filter(|name| !is_set_of_fields(name));
        for field in chosen {
            if let Some(change) = org.change(&object.object, field) {
                let (effect, cure) = effect_on_reading(&change);
                found.add(&object.object, &change, user(false, effect, cure));
            }
        }
        read_by_default(object, org, |change| {
            let (effect, cure) = effect_on_reading(change);
            found.add(&object.object, change, user(false, effect, cure));
        });
        let inbound = reader.pull_inbound(pull.id, &object.object)?;
        for filter in [&object.filter, &inbound.newcomers].into_iter().flatten() {
            let Ok(filter) = serde_json::from_str::<PullFilter>(filter) else {
                continue;
            };
            for (change, why) in unfit(&object.object, describe, &filter.criteria, org) {
                let cure = "Change the pull's conditions.";
                found.add(&object.object, &change, user(true, unread(&why), cure));
            }
        }
        if let Err(leadferry_replication::Error::Settings(why)) =
            mirrored_fields(reader, pull.id, object, describe)
        {
            let rows = inbound.rows.unwrap_or_default();
            for row in leadferry_replication::inbound::Inbound::parse(&rows)
                .unwrap_or_default()
                .rows
            {
                if let Some(change) = org.change(&object.object, &row.field) {
                    let cure = "Change the inbound mapping.";
                    found.add(&object.object, &change, user(true, unread(&why), cure));
                }
            }
        }
    }
    Ok(())
}

fn is_set_of_fields(name: &str) -> bool {
    ["usual", "all"]
        .iter()
        .any(|set| set.eq_ignore_ascii_case(name.trim()))
}

/// Finds what is mirrored without having been chosen by name; once the pull has noted a change, its run tells of it.
fn read_by_default(object: &PullObject, org: &OrgFields, mut changed: impl FnMut(&FieldChange)) {
    let by_name = object.fields.iter().flatten();
    if by_name.clone().next().is_some() && !by_name.clone().any(|name| is_set_of_fields(name)) {
        return;
    }
    let fields = org.mirror(&object.object).map(|mirror| &mirror.fields);
    for field in fields.into_iter().flatten() {
        if field.gone_at.is_none()
            && let Some(change) = org.change(&object.object, &field.name)
        {
            changed(&change);
        }
    }
}

fn effect_on_reading(change: &FieldChange) -> (String, &'static str) {
    match change.change {
        Change::Gone => (
            "The next run leaves it out and keeps the values it has.".to_owned(),
            "Ask your admin to restore the field or your access to it, or remove it from the pull.",
        ),
        _ => (
            "The next run reads all values again.".to_owned(),
            "Nothing to do.",
        ),
    }
}

/// Returns the fields of criteria that have changed so that they can't be asked for, each with the reason.
fn unfit(
    object: &str,
    describe: &Describe,
    criteria: &[Criterion],
    org: &OrgFields,
) -> Vec<(FieldChange, String)> {
    let mut found = Vec::new();
    for one in criteria {
        let asked = std::slice::from_ref(one);
        let Err(error) = condition_on(describe, asked, Match::All, &TimeZone::UTC) else {
            continue;
        };
        let name = one.field.as_str();
        let change = org
            .change(object, name)
            .or_else(|| org.misfit(object, name));
        found.extend(change.map(|change| (change, error.message)));
    }
    found
}

fn of_rules(
    reader: &Reader<'_>,
    (kind, name): (FieldUserKind, &str),
    tree: &RuleTree,
    org: &OrgFields,
    found: &mut Found,
) {
    for asked in tree.asked_of_salesforce() {
        let refused = reader.check_tree(asked.rule).err();
        for object in asked.objects {
            // What this org never had isn't what the rule asks it for.
            if org
                .mirror(object)
                .is_none_or(|mirror| mirror.field(asked.field).is_none())
            {
                continue;
            }
            let change = org.change(object, asked.field);
            let change = match (&refused, change) {
                (Some(_), None) => org.misfit(object, asked.field),
                (_, change) => change,
            };
            let Some(change) = change else { continue };
            let (effect, cure) = match (&refused, &change.change) {
                (Some(error), _) => (
                    format!("Its rules can't be used: {}", sentence(&error.to_string())),
                    "Change the rule.",
                ),
                (None, Change::Gone) => (
                    "It goes on with the values that were read last.".to_owned(),
                    "Remove the rule, or ask your admin to restore the field or your access to it.",
                ),
                (None, _) => (
                    "The next pull reads all values again.".to_owned(),
                    "Check that the rule still says what you mean.",
                ),
            };
            let user = FieldUser {
                kind,
                name: name.to_owned(),
                broken: refused.is_some(),
                effect,
                cure: cure.to_owned(),
            };
            found.add(object, &change, user);
        }
    }
}

fn of_search(search: &leadferry_store::SavedSearch, org: &OrgFields, found: &mut Found) {
    let (Some((describe, _)), Ok(wanted)) = (
        org.described(&search.object),
        serde_json::from_str::<Wanted>(&search.body),
    ) else {
        return;
    };
    let object = describe.name.as_str();
    let user = |broken, effect: String, cure: &str| FieldUser {
        kind: FieldUserKind::Search,
        name: search.name.clone(),
        broken,
        effect,
        cure: cure.to_owned(),
    };
    for (change, why) in unfit(object, describe, &wanted.criteria, org) {
        let effect = format!("It can't run: {}", sentence(&why));
        found.add(object, &change, user(true, effect, "Change its criteria."));
    }
    let sort = wanted.sort.iter().map(|sort| &sort.field);
    let shown = wanted.columns.iter().chain(sort);
    for column in shown.filter(|column| !column.contains('.')) {
        let change = org.change(object, column);
        if let Some(change) = change.filter(|one| one.change == Change::Gone) {
            let effect = "It shows or sorts by this field.".to_owned();
            found.add(
                object,
                &change,
                user(false, effect, "Choose other columns."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(change: Change, breaks: Option<&str>, cut: Option<u64>) -> FieldUser {
        let field = DriftedField {
            field: "Title".to_owned(),
            label: "Title".to_owned(),
            change,
            sentence: String::new(),
            row: None,
            breaks: breaks.map(str::to_owned),
            cut,
        };
        user_of_row(FieldUserKind::Replication, "Leads", &field)
    }

    #[test]
    fn a_mapping_is_told_what_each_change_means_for_it() {
        let shorter = || Change::Shorter {
            before: 128,
            after: 64,
        };
        let effects = [
            user(shorter(), None, Some(0)),
            user(shorter(), None, Some(1)),
            user(shorter(), None, Some(12)),
            user(shorter(), None, None),
            user(Change::Required, Some("it isn't mapped"), None),
            user(Change::Required, None, None),
            user(Change::NotWritable, Some("Title is read-only"), None),
        ]
        .map(|user| (user.broken, user.effect));
        let expected = [
            (false, "No contact has a longer value."),
            (
                false,
                "1 contact has a longer value, which will be shortened.",
            ),
            (
                false,
                "12 contacts have longer values, which will be shortened.",
            ),
            (false, "Values that don't fit will be shortened."),
            (true, "New records can't be created: it isn't mapped."),
            (false, "Contacts without a value can't be created."),
            (true, "Contacts can't be sent: Title is read-only."),
        ];
        assert_eq!(
            effects,
            expected.map(|(broken, text)| (broken, text.to_owned()))
        );
    }

    #[test]
    fn a_change_of_type_is_told_once_and_with_both_types_where_they_are_known() {
        let now = |before: &str| FieldChange {
            field: "Tier__c".to_owned(),
            label: "Tier".to_owned(),
            change: Change::Type {
                before: before.to_owned(),
                after: "Number".to_owned(),
            },
        };
        let segment = || FieldUser {
            kind: FieldUserKind::Segment,
            name: "Golds".to_owned(),
            broken: true,
            effect: String::new(),
            cure: String::new(),
        };
        for (changes, told) in [
            (
                vec![now("Picklist"), now(UNKNOWN_TYPE)],
                "Tier is now Number instead of Picklist.",
            ),
            (vec![now(UNKNOWN_TYPE)], "Tier is now Number."),
        ] {
            let mut found = Found::default();
            for change in &changes {
                found.add("Lead", change, segment());
            }
            let all: Vec<ChangedField> = found.0.into_values().collect();
            assert_eq!(all[0].change, told);
        }
    }

    #[test]
    fn what_breaks_a_user_is_told_rather_than_what_does_not() {
        let mut found = Found::default();
        let change = FieldChange {
            field: "Rating".to_owned(),
            label: "Rating".to_owned(),
            change: Change::Gone,
        };
        let pull = |broken| FieldUser {
            kind: FieldUserKind::Pull,
            name: "People".to_owned(),
            broken,
            effect: broken.to_string(),
            cure: String::new(),
        };
        for broken in [false, true, false] {
            found.add("Lead", &change, pull(broken));
        }
        let all: Vec<ChangedField> = found.0.into_values().collect();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].change, "Rating was deleted or hidden.");
        assert_eq!(all[0].used_by, [pull(true)]);
    }
}
