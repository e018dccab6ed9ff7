//! Makes the tables of the mirror, and says what they must look like.
//!
//! A table's SQL follows from the catalogue alone, so that the check of a file's schema can tell one of ours from a
//! stranger's; see [`crate::schema`].

use std::collections::BTreeMap;

use rusqlite::{Connection, named_params};
use serde::Serialize;

use super::{Mirror, MirrorField, MirrorKind, indexing};
use crate::{Error, MirrorId, Reader, Result, Writer};

/// Most fields of a mirrored object. Salesforce allows 800, and the table has columns of its own.
const MOST_FIELDS: usize = 1_500;
/// Most mirrored objects of a workspace.
const MOST_OBJECTS: usize = 500;

/// What a mirror should become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorPlan {
    /// API name.
    pub object: String,
    /// Label of one record.
    pub label: String,
    /// How the ids of its records begin.
    pub key_prefix: Option<String>,
    /// The fields to have.
    pub fields: Vec<NewMirrorField>,
    /// API names of every field that the org has now, wanted or not.
    pub in_org: Vec<String>,
}

/// A field to be mirrored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMirrorField {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// What it holds.
    pub kind: MirrorKind,
    /// The org's own word for its type.
    pub org_type: String,
    /// Objects that it can point to.
    pub reference_to: Vec<String>,
    /// The org calculates it.
    pub formula: bool,
}

/// What has to be done to a mirror.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SchemaStepKind")]
pub enum StepKind {
    /// Make the table.
    NewTable,
    /// Add a column.
    NewField,
    /// Note that the org has a field no more.
    FieldGone,
    /// Note that a field is back.
    FieldBack,
    /// Note another type or label; where the column can't hold the new type, its values are read anew.
    FieldChanged,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SchemaStep {
    /// What has to be done.
    pub kind: StepKind,
    /// The field; none for the table.
    pub field: Option<String>,
    /// What the field holds, in the org's own word; how many fields, for a table.
    pub detail: String,
}

/// Returns the steps that bring a mirror to a plan; none where everything is in place.
pub(super) fn steps(kept: Option<&Mirror>, plan: &MirrorPlan) -> Vec<SchemaStep> {
    let step = |kind, field: &str, detail: &str| SchemaStep {
        kind,
        field: Some(field.to_owned()),
        detail: detail.to_owned(),
    };
    let Some(kept) = kept else {
        return vec![SchemaStep {
            kind: StepKind::NewTable,
            field: None,
            detail: plan.fields.len().to_string(),
        }];
    };
    let mut steps = Vec::new();
    for field in &plan.fields {
        match kept.field(&field.name) {
            None => steps.push(step(StepKind::NewField, &field.name, &field.org_type)),
            Some(known) => {
                if known.gone_at.is_some() {
                    steps.push(step(StepKind::FieldBack, &field.name, &field.org_type));
                }
                if differs(known, field) {
                    let detail = format!("{} > {}", known.org_type, field.org_type);
                    steps.push(step(StepKind::FieldChanged, &field.name, &detail));
                }
            }
        }
    }
    for known in kept.fields.iter().filter(|field| field.gone_at.is_none()) {
        let is_there = plan
            .in_org
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&known.name));
        if !is_there {
            steps.push(step(StepKind::FieldGone, &known.name, &known.org_type));
        }
    }
    steps
}

fn differs(known: &MirrorField, wanted: &NewMirrorField) -> bool {
    known.kind != wanted.kind
        || known.org_type != wanted.org_type
        || known.label != wanted.label
        || known.formula != wanted.formula
        || known.reference_to != wanted.reference_to
}

impl Reader<'_> {
    /// Returns what has to be done so that an org's object can be mirrored as planned.
    pub fn mirror_steps(&self, org_id: &str, plan: &MirrorPlan) -> Result<Vec<SchemaStep>> {
        let kept = self.mirror_of(org_id, &plan.object)?;
        let is_there = match &kept {
            Some(mirror) => self.has_table(mirror.id)?,
            None => false,
        };
        Ok(steps(kept.as_ref().filter(|_| is_there), plan))
    }

    /// Tells whether a mirror's table is there: somebody may have removed it by hand.
    pub(super) fn has_table(&self, id: MirrorId) -> Result<bool> {
        Ok(self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = :name)",
            named_params! { ":name": table(id) },
            |row| row.get(0),
        )?)
    }
}

impl Writer<'_> {
    /// Brings a mirror to a plan and returns the steps that this took. What is in place stays; a second time does nothing.
    ///
    /// # Errors
    /// [`Error::Refused`] where there would be too many objects or fields.
    pub fn apply_mirror_plan(
        &self,
        org_id: &str,
        plan: &MirrorPlan,
        now: i64,
    ) -> Result<Vec<SchemaStep>> {
        let steps = self.mirror_steps(org_id, plan)?;
        if steps.is_empty() {
            return Ok(steps);
        }
        let kept = self.mirror_of(org_id, &plan.object)?;
        self.check_room(kept.as_ref(), plan)?;
        let id = match &kept {
            Some(mirror) => mirror.id,
            None => self.add_mirror_object(org_id, plan, now)?,
        };
        for step in &steps {
            let of_step = |field: &&NewMirrorField| step.field.as_deref() == Some(&field.name);
            let wanted = plan.fields.iter().find(of_step);
            match (step.kind, wanted) {
                (StepKind::NewTable, _) => {
                    for field in &plan.fields {
                        self.note_field(id, field)?;
                    }
                }
                (StepKind::NewField | StepKind::FieldBack, Some(field)) => {
                    self.note_field(id, field)?;
                }
                (StepKind::FieldChanged, Some(field)) => self.change_field(id, field)?,
                (StepKind::FieldGone, _) => {
                    self.connection.execute(
                        "UPDATE mirror_fields SET gone_at = :now WHERE mirror_id = :id AND name = :name",
                        named_params! { ":now": now, ":id": id, ":name": step.field },
                    )?;
                }
                _ => {}
            }
        }
        self.make_table(&self.mirror(id)?)?;
        self.index_for_rules()?;
        Ok(steps)
    }

    /// Forgets a mirror with all its records.
    pub fn remove_mirror(&self, mirror: &Mirror) -> Result<()> {
        self.connection
            .execute_batch(&format!("DROP TABLE IF EXISTS {}", table(mirror.id)))?;
        self.connection.execute(
            "DELETE FROM mirror_objects WHERE id = :id",
            named_params! { ":id": mirror.id },
        )?;
        Ok(())
    }

    fn check_room(&self, kept: Option<&Mirror>, plan: &MirrorPlan) -> Result<()> {
        let known = kept.map_or(0, |mirror| mirror.fields.len());
        let new = plan
            .fields
            .iter()
            .filter(|field| kept.is_none_or(|mirror| mirror.field(&field.name).is_none()))
            .count();
        if known + new > MOST_FIELDS {
            return Err(Error::Refused(format!(
                "a mirrored object has at most {MOST_FIELDS} fields"
            )));
        }
        let objects: i64 =
            self.connection
                .query_row("SELECT count(*) FROM mirror_objects", [], |row| row.get(0))?;
        if kept.is_none() && usize::try_from(objects).unwrap_or(MOST_OBJECTS) >= MOST_OBJECTS {
            return Err(Error::Refused(format!(
                "a workspace mirrors at most {MOST_OBJECTS} objects"
            )));
        }
        Ok(())
    }

    fn add_mirror_object(&self, org_id: &str, plan: &MirrorPlan, now: i64) -> Result<MirrorId> {
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO mirror_objects (org_id, object, label, key_prefix, created_at)
                 VALUES (:org, :object, :label, :prefix, :now)",
            )?
            .insert(named_params! {
                ":org": org_id, ":object": plan.object, ":label": plan.label, ":prefix": plan.key_prefix, ":now": now,
            })?;
        Ok(MirrorId(id))
    }

    fn note_field(&self, id: MirrorId, field: &NewMirrorField) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO mirror_fields (mirror_id, name, label, kind, type, reference_to, formula)
                 VALUES (:mirror, :name, :label, :kind, :type, :references, :formula)
                 ON CONFLICT (mirror_id, name) DO UPDATE SET gone_at = NULL",
            )?
            .execute(named_params! {
                ":mirror": id, ":name": field.name, ":label": field.label, ":kind": field.kind.name(),
                ":type": field.org_type, ":references": field.reference_to.join(" "), ":formula": field.formula,
            })?;
        Ok(())
    }

    /// A column that can't hold the new type makes way for a new one, which the next reading fills.
    fn change_field(&self, id: MirrorId, field: &NewMirrorField) -> Result<()> {
        let kept = self.mirror(id)?;
        if let Some(known) = kept.field(&field.name).filter(|f| f.kind != field.kind) {
            if self.has_table(id)? {
                self.drop_indexes(id, known)?;
                self.connection.execute_batch(&format!(
                    "ALTER TABLE {} DROP COLUMN {}",
                    table(id),
                    column(known)
                ))?;
            }
            self.connection.execute(
                "DELETE FROM mirror_fields WHERE id = :id",
                named_params! { ":id": known.id },
            )?;
            return self.note_field(id, field);
        }
        self.connection
            .prepare_cached(
                "UPDATE mirror_fields SET label = :label, type = :type, reference_to = :references, formula = :formula
                 WHERE mirror_id = :mirror AND name = :name",
            )?
            .execute(named_params! {
                ":mirror": id, ":name": field.name, ":label": field.label, ":type": field.org_type,
                ":references": field.reference_to.join(" "), ":formula": field.formula,
            })?;
        Ok(())
    }

    /// Makes the table, or the columns that it lacks.
    fn make_table(&self, mirror: &Mirror) -> Result<()> {
        if !self.has_table(mirror.id)? {
            self.connection.execute_batch(&table_sql(mirror))?;
            self.connection.execute_batch(&index_sql(mirror.id))?;
            return Ok(());
        }
        let mut statement = self
            .connection
            .prepare("SELECT name FROM pragma_table_info(:table)")?;
        let there: Vec<String> = statement
            .query_map(named_params! { ":table": table(mirror.id) }, |row| {
                row.get(0)
            })?
            .collect::<rusqlite::Result<_>>()?;
        for field in &mirror.fields {
            if !there.contains(&column(field)) {
                let (table, column) = (table(mirror.id), column_sql(field));
                self.connection
                    .execute_batch(&format!("ALTER TABLE {table} ADD COLUMN {column}"))?;
            }
        }
        Ok(())
    }
}

/// Returns the name of a mirror's table.
pub(crate) fn table(id: MirrorId) -> String {
    format!("mirror_{id}")
}

/// Returns the name of a field's column.
pub(super) fn column(field: &MirrorField) -> String {
    format!("f_{}", field.id)
}

fn column_sql(field: &MirrorField) -> String {
    let name = column(field);
    match field.kind {
        MirrorKind::Text => format!("{name} TEXT"),
        MirrorKind::Number => format!("{name} REAL"),
        MirrorKind::Whole | MirrorKind::DateTime => format!("{name} INTEGER"),
        MirrorKind::YesNo => format!("{name} INTEGER CHECK ({name} IN (0,1))"),
        MirrorKind::Date => format!("{name} TEXT CHECK (length({name}) = 10)"),
    }
}

fn table_sql(mirror: &Mirror) -> String {
    let own = "record_id TEXT NOT NULL PRIMARY KEY CHECK (length(record_id) = 18), stamp INTEGER, \
               state INTEGER NOT NULL CHECK (state IN (0,1,2)), winner TEXT, pass INTEGER NOT NULL";
    let fields: String = mirror
        .fields
        .iter()
        .map(|field| format!(", {}", column_sql(field)))
        .collect();
    format!(
        "CREATE TABLE {} ({own}{fields}) STRICT, WITHOUT ROWID",
        table(mirror.id)
    )
}

fn index_sql(id: MirrorId) -> String {
    format!("CREATE INDEX mirror_{id}_by_stamp ON mirror_{id} (state, stamp)")
}

/// Returns the SQL of the tables and indexes that the catalogue of a file calls for, by kind and name. The caller has made
/// sure that the catalogue's own tables are ours. Of the indexes that rules have asked for those are returned whose names are
/// among `found`.
pub(crate) fn expected_parts<'n>(
    connection: &Connection,
    found: impl Iterator<Item = &'n str>,
) -> Result<BTreeMap<(&'static str, String), String>> {
    let reader = Reader::of(connection);
    let mut parts = BTreeMap::new();
    let mut statement = connection.prepare("SELECT id FROM mirror_objects LIMIT ?1")?;
    let ids: Vec<MirrorId> = statement
        .query_map([MOST_OBJECTS], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut asked = indexing::by_mirror(found);
    for id in ids {
        let mirror = reader.mirror(id)?;
        parts.insert(("table", table(id)), table_sql(&mirror));
        parts.insert(("index", format!("mirror_{id}_by_stamp")), index_sql(id));
        for (name, field) in asked.remove(&id).unwrap_or_default() {
            let field = mirror.fields.iter().find(|known| known.id == field);
            let index = field.and_then(|field| indexing::index_named(name, id, field));
            if let Some(index) = index {
                parts.insert(("index", index.name.clone()), index.sql());
            }
        }
    }
    Ok(parts)
}
