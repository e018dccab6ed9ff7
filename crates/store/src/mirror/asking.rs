//! What rules, mappings, templates and exports ask of the mirror, by name: `Salesforce.Rating` is a field of the record that a
//! contact is linked to, `Salesforce.Account.Industry` one of that record's account.
//!
//! A name is looked for in every org that the workspace mirrors. Only live records count that a contact is linked to.

use rusqlite::named_params;

use super::tables::{column, table};
use super::{MirrorField, field_of};
use crate::conditions::{Bound, Reach, Test};
use crate::rules::earliest;
use crate::{Condition, ContactId, Error, FieldKind, MirrorId, MirrorKind, Reader, Result};

/// How the names begin.
const PREFIX: &str = "salesforce.";
/// The objects that a contact can be linked to; where both have a value, the first tells.
pub(crate) const PEOPLE: [&str; 2] = ["Contact", "Lead"];

/// Which record is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AskedRecord {
    /// The record that the contact is linked to, a Lead or a Contact.
    Linked,
    /// The Lead that the contact is linked to.
    Lead,
    /// The Contact that the contact is linked to.
    Contact,
    /// The account of the record that the contact is linked to.
    Account,
    /// The user who owns the record that the contact is linked to.
    Owner,
}

impl AskedRecord {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Linked,
        Self::Lead,
        Self::Contact,
        Self::Account,
        Self::Owner,
    ];

    /// Returns how names say it; empty for the linked record.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linked => "",
            Self::Lead => "Lead",
            Self::Contact => "Contact",
            Self::Account => "Account",
            Self::Owner => "Owner",
        }
    }

    /// Returns the objects that such a record can be of.
    pub fn objects(self) -> &'static [&'static str] {
        match self {
            Self::Account => &["Account"],
            Self::Owner => &["User"],
            Self::Linked | Self::Lead | Self::Contact => self.begins_at(),
        }
    }

    /// Returns the reference field that leads to it from the linked record, and its object; nothing where it is that record.
    fn through(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Account => Some(("AccountId", "Account")),
            Self::Owner => Some(("OwnerId", "User")),
            Self::Linked | Self::Lead | Self::Contact => None,
        }
    }

    /// Returns the objects of the linked record that lead to it.
    fn begins_at(self) -> &'static [&'static str] {
        match self {
            Self::Contact => &PEOPLE[..1],
            Self::Lead => &PEOPLE[1..],
            Self::Linked | Self::Account | Self::Owner => &PEOPLE,
        }
    }
}

/// A field of Salesforce's data beside a contact, as names say it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AskedField {
    /// Of which record.
    pub record: AskedRecord,
    /// API name, as it was written.
    pub field: String,
}

impl AskedField {
    /// Reads a name such as `Salesforce.Rating` or `Salesforce.Account.Industry`; nothing where it is no such name.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        let begins = name.get(..PREFIX.len())?.eq_ignore_ascii_case(PREFIX);
        let rest = name.get(PREFIX.len()..).filter(|_| begins)?.trim();
        let (record, field) = match rest.split_once('.') {
            None => (AskedRecord::Linked, rest),
            Some((record, field)) => {
                let mut known = AskedRecord::ALL.into_iter().skip(1);
                let record = known.find(|one| one.name().eq_ignore_ascii_case(record.trim()))?;
                (record, field.trim())
            }
        };
        let is_name = !field.is_empty()
            && field
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_name.then(|| Self {
            record,
            field: field.to_owned(),
        })
    }

    /// Returns the name, such as `Salesforce.Account.Industry`.
    pub fn name(&self) -> String {
        match self.record.name() {
            "" => format!("Salesforce.{}", self.field),
            record => format!("Salesforce.{record}.{}", self.field),
        }
    }
}

/// Tells whether a name asks for Salesforce's data, known or not.
pub(crate) fn asks_mirror(name: &str) -> bool {
    let name = name.trim();
    name.get(..PREFIX.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(PREFIX))
}

/// A column of a mirrored object of one org.
#[derive(Debug, Clone)]
pub(crate) struct OrgColumn {
    pub(crate) mirror: MirrorId,
    pub(crate) org_id: String,
    pub(crate) object: String,
    pub(crate) field: MirrorField,
}

impl OrgColumn {
    pub(crate) fn table(&self) -> String {
        table(self.mirror)
    }

    /// Returns the column of a table that goes by this name.
    pub(crate) fn of(&self, alias: &str) -> String {
        format!("{alias}.{}", column(&self.field))
    }

    pub(crate) fn kind(&self) -> FieldKind {
        kind_of(self.field.kind)
    }
}

/// Returns what conditions take a field of the mirror for.
pub(crate) fn kind_of(kind: MirrorKind) -> FieldKind {
    match kind {
        MirrorKind::Text => FieldKind::Text,
        MirrorKind::Number => FieldKind::Float,
        MirrorKind::Whole => FieldKind::LongInteger,
        MirrorKind::YesNo => FieldKind::YesNo,
        MirrorKind::Date => FieldKind::Date,
        MirrorKind::DateTime => FieldKind::DateTime,
    }
}

/// How to come from a contact's link to a field in one org.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    /// The linked record's table; the reference in it where the field is of another record.
    pub(crate) base: OrgColumn,
    /// The field itself.
    pub(crate) target: OrgColumn,
    /// Whether the field is of another record than the linked one.
    pub(crate) is_through: bool,
}

impl Path {
    /// Returns `FROM … WHERE …` with the link as `l` and the record with the field as `r`: for the contact at hand, or
    /// for all of them beginning with the record.
    fn from(&self, bound: &mut Bound) -> String {
        let org = bound.bind(self.base.org_id.clone().into());
        let (base, target) = (self.base.table(), self.target.table());
        let live = "l.state = 'linked' AND r.state = 0";
        let object = bound_object(&self.base.object);
        match (bound.reach, self.is_through) {
            (Reach::Few, false) => format!(
                "links AS l CROSS JOIN {target} AS r ON r.record_id = l.record_id
                 WHERE l.contact_id = contacts.id AND l.org_id = {org} AND l.object = {object} AND {live}"
            ),
            (Reach::All, false) => format!(
                "{target} AS r CROSS JOIN links AS l ON l.org_id = {org} AND l.record_id = r.record_id WHERE {live}"
            ),
            (Reach::Few, true) => format!(
                "links AS l CROSS JOIN {base} AS b ON b.record_id = l.record_id
                 CROSS JOIN {target} AS r ON r.record_id = {}
                 WHERE l.contact_id = contacts.id AND l.org_id = {org} AND l.object = {object} AND b.state = 0 AND {live}",
                self.base.of("b")
            ),
            (Reach::All, true) => format!(
                "{target} AS r CROSS JOIN {base} AS b ON {} = r.record_id
                 CROSS JOIN links AS l ON l.org_id = {org} AND l.record_id = b.record_id
                 WHERE b.state = 0 AND {live}",
                self.base.of("b")
            ),
        }
    }
}

/// Returns a literal: only names of [`PEOPLE`] come here.
pub(crate) fn bound_object(object: &str) -> &'static str {
    if object.eq_ignore_ascii_case("Lead") {
        "'Lead'"
    } else {
        "'Contact'"
    }
}

impl Reader<'_> {
    /// Returns the mirrors of an object whose tables are there, by org.
    pub(crate) fn org_mirrors(&self, object: &str) -> Result<Vec<(String, MirrorId)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT o.org_id, o.id FROM mirror_objects AS o WHERE o.object = :object AND EXISTS (
               SELECT 1 FROM sqlite_schema AS t WHERE t.type = 'table' AND t.name = 'mirror_' || o.id)
             ORDER BY o.id",
        )?;
        let rows = statement.query_map(named_params! { ":object": object }, |row| {
            Ok((row.get("org_id")?, row.get("id")?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the columns that mirrored objects of this name have for a field, one an org.
    pub(crate) fn org_columns(&self, object: &str, field: &str) -> Result<Vec<OrgColumn>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT o.id AS mirror, o.org_id, o.object, f.id, f.name, f.label, f.kind, f.type, f.reference_to, f.formula,
               f.gone_at
             FROM mirror_objects AS o CROSS JOIN mirror_fields AS f ON f.mirror_id = o.id AND f.name = :field
             WHERE o.object = :object AND EXISTS (
               SELECT 1 FROM sqlite_schema AS t WHERE t.type = 'table' AND t.name = 'mirror_' || o.id)
             ORDER BY o.id",
        )?;
        let rows = statement.query_map(
            named_params! { ":object": object, ":field": field },
            |row| {
                Ok(OrgColumn {
                    mirror: row.get("mirror")?,
                    org_id: row.get("org_id")?,
                    object: row.get("object")?,
                    field: field_of(row)?,
                })
            },
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns every way to a field, org by org; none where nothing of that name is mirrored.
    pub(crate) fn paths_to(&self, asked: &AskedField) -> Result<Vec<Path>> {
        let mut paths = Vec::new();
        let Some((reference, object)) = asked.record.through() else {
            for object in asked.record.begins_at() {
                for target in self.org_columns(object, &asked.field)? {
                    paths.push(Path {
                        base: target.clone(),
                        target,
                        is_through: false,
                    });
                }
            }
            return Ok(paths);
        };
        let targets = self.org_columns(object, &asked.field)?;
        for begin in asked.record.begins_at() {
            for base in self.org_columns(begin, reference)? {
                let same_org = targets.iter().filter(|target| target.org_id == base.org_id);
                paths.extend(same_org.map(|target| Path {
                    base: base.clone(),
                    target: target.clone(),
                    is_through: true,
                }));
            }
        }
        Ok(paths)
    }

    /// As [`Reader::paths_to`], and refuses a name that nothing is mirrored under.
    pub(crate) fn known_paths(&self, name: &str) -> Result<Vec<Path>> {
        let paths = match AskedField::parse(name) {
            Some(asked) => self.paths_to(&asked)?,
            None => Vec::new(),
        };
        match paths.is_empty() {
            true => Err(Error::not_found("field in the data from Salesforce", name)),
            false => Ok(paths),
        }
    }

    /// Translates a condition on a field of Salesforce's data.
    pub(crate) fn record_test(&self, condition: &Condition, bound: &mut Bound) -> Result<Test> {
        let (tests, is_opposite) = self.record_tests(condition, bound)?;
        let mut sqls = Vec::new();
        let mut changes = Vec::new();
        for (path, test) in &tests {
            sqls.push(match bound.reach {
                Reach::Few => format!(
                    "EXISTS (SELECT 1 FROM {} AND {})",
                    path.from(bound),
                    test.sql
                ),
                Reach::All => format!(
                    "SELECT l.contact_id FROM {} AND {}",
                    path.from(bound),
                    test.sql
                ),
            });
        }
        let sql = match bound.reach {
            Reach::Few => format!("({})", sqls.join(" OR ")),
            Reach::All => format!("contacts.id IN ({})", sqls.join(" UNION ALL ")),
        };
        for (path, test) in &tests {
            if let Some(change) = &test.change {
                let few = Reach::Few;
                let reach = std::mem::replace(&mut bound.reach, few);
                changes.push(format!("(SELECT min({change}) FROM {})", path.from(bound)));
                bound.reach = reach;
            }
        }
        let test = Test {
            sql,
            change: earliest(changes.iter().map(String::as_str)),
        };
        Ok(if is_opposite { test.negated() } else { test })
    }

    /// Returns a statement for the ids of all who meet a condition on Salesforce's data, and whether it is all but them.
    pub(crate) fn told_records(
        &self,
        condition: &Condition,
        bound: &mut Bound,
    ) -> Result<(String, bool)> {
        let (tests, is_opposite) = self.record_tests(condition, bound)?;
        let each = tests.iter().map(|(path, test)| {
            format!(
                "SELECT l.contact_id AS id FROM {} AND {}",
                path.from(bound),
                test.sql
            )
        });
        let each: Vec<_> = each.collect();
        // A contact has one link to an object of an org.
        Ok((each.join(" UNION "), is_opposite))
    }

    /// Returns the test of a condition on the record `r` of every way to it, and whether the condition is the opposite. A way
    /// to a field of another type is left out, unless there is no other.
    fn record_tests(
        &self,
        condition: &Condition,
        bound: &mut Bound,
    ) -> Result<(Vec<(Path, Test)>, bool)> {
        let mut tests = Vec::new();
        let mut unfit = None;
        for path in self.known_paths(&condition.field)? {
            match self.column_test(&path.target.of("r"), path.target.kind(), condition, bound) {
                Ok(test) => tests.push((path, test)),
                Err(error) => unfit = unfit.or(Some(error)),
            }
        }
        match (tests.is_empty(), unfit) {
            (true, Some(error)) => Err(error),
            _ => Ok((tests, condition.op.opposite().is_some())),
        }
    }

    /// Returns the values of a field for contacts, with what they are; a contact without any is left out. Where a Lead and a
    /// Contact have one, that of the Contact is returned.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn record_values(
        &self,
        contacts: &[ContactId],
        asked: &AskedField,
    ) -> Result<std::collections::BTreeMap<ContactId, (MirrorKind, super::MirrorValue)>> {
        self.record_values_in(contacts, asked, None)
    }

    /// As [`Reader::record_values`], from one org alone.
    pub fn record_values_in(
        &self,
        contacts: &[ContactId],
        asked: &AskedField,
        org_id: Option<&str>,
    ) -> Result<std::collections::BTreeMap<ContactId, (MirrorKind, super::MirrorValue)>> {
        let mut found = std::collections::BTreeMap::new();
        for path in self.paths_to(asked)? {
            if org_id.is_some_and(|org_id| org_id != path.base.org_id) {
                continue;
            }
            let mut bound = Bound::new(1, Reach::Few);
            let from = path.from(&mut bound);
            let place = bound.values.len() + 1;
            let sql = format!(
                "SELECT contacts.id, (SELECT {} FROM {from}) FROM rarray(?{place}) AS wanted
                 CROSS JOIN contacts ON contacts.id = wanted.value",
                path.target.of("r")
            );
            let mut statement = self.connection.prepare_cached(&sql)?;
            bound.bind_to(&mut statement, 0)?;
            let ids = contacts.iter().map(|contact| contact.0);
            statement.raw_bind_parameter(place, crate::contacts::id_array(ids))?;
            let kind = path.target.field.kind;
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                if let Some(value) = super::reading::value(kind, row.get_ref(1)?) {
                    found.entry(row.get(0)?).or_insert((kind, value));
                }
            }
        }
        Ok(found)
    }

    /// Tells whether a pull has made room for a field.
    pub fn is_pulled(&self, asked: &AskedField) -> Result<bool> {
        Ok(!self.paths_to(asked)?.is_empty())
    }

    /// Returns every field that names can ask for, each once, by record and label.
    pub fn asked_fields(&self) -> Result<Vec<(AskedField, MirrorField)>> {
        let mirrors = self.mirrors()?;
        let mut found: Vec<(AskedField, MirrorField)> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for record in AskedRecord::ALL {
            let objects: &[&str] = match record {
                AskedRecord::Linked => &PEOPLE,
                AskedRecord::Contact => &PEOPLE[..1],
                AskedRecord::Lead => &PEOPLE[1..],
                AskedRecord::Account => &["Account"],
                AskedRecord::Owner => &["User"],
            };
            let is_there = |org_id: &str| match record.through() {
                None => true,
                Some((reference, _)) => mirrors.iter().any(|mirror| {
                    mirror.org_id == org_id
                        && PEOPLE
                            .iter()
                            .any(|object| mirror.object.eq_ignore_ascii_case(object))
                        && mirror.field(reference).is_some()
                }),
            };
            let mut of_record = Vec::new();
            for mirror in &mirrors {
                let is_of = objects
                    .iter()
                    .any(|object| mirror.object.eq_ignore_ascii_case(object));
                if !is_of || !is_there(&mirror.org_id) {
                    continue;
                }
                for field in &mirror.fields {
                    if seen.insert((record, field.name.to_lowercase())) {
                        let field_name = field.name.clone();
                        of_record.push((
                            AskedField {
                                record,
                                field: field_name,
                            },
                            field.clone(),
                        ));
                    }
                }
            }
            of_record.sort_by_cached_key(|(_, field)| field.label.to_lowercase());
            found.extend(of_record);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests;
