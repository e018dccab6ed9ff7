//! The indexes that rules on the mirror need. They are made when a rule first asks, and when what it asks for is mirrored later.

use std::collections::BTreeMap;

use super::asking::OrgColumn;
use super::tables::{column, table};
use super::{MirrorField, MirrorKind};
use crate::{AskedField, Error, MirrorFieldId, MirrorId, Reader, Result, Writer};

/// Where records are found by a value.
const ASKED_BY: &str = "asked_by";
/// Where records are found by the record that they point to.
const TO: &str = "to";
/// Texts of these types are too long to be compared as a whole.
const LONG: [&str; 2] = ["textarea", "encryptedstring"];

/// An index of a mirror's table.
pub(super) struct Index {
    pub(super) name: String,
    on: String,
}

impl Index {
    /// Returns the SQL that makes it.
    pub(super) fn sql(&self) -> String {
        format!("CREATE INDEX {} ON {}", self.name, self.on)
    }
}

fn by_value(mirror: MirrorId, field: &MirrorField) -> Index {
    let (table, column) = (table(mirror), column(field));
    // The value itself stands in it, too, so that the records need not be read to see that they have one.
    let key = match field.kind {
        MirrorKind::Text => format!("fold({column}), state, {column}"),
        _ => format!("{column}, state"),
    };
    Index {
        name: format!("{table}_{ASKED_BY}_{column}"),
        on: format!("{table} ({key}) WHERE {column} IS NOT NULL"),
    }
}

fn by_reference(mirror: MirrorId, field: &MirrorField) -> Index {
    let (table, column) = (table(mirror), column(field));
    Index {
        name: format!("{table}_{TO}_{column}"),
        on: format!("{table} ({column}, state) WHERE {column} IS NOT NULL"),
    }
}

/// Returns the names that can be those of our indexes, with the fields that they name, by mirror.
pub(super) fn by_mirror<'n>(
    names: impl Iterator<Item = &'n str>,
) -> BTreeMap<MirrorId, Vec<(&'n str, MirrorFieldId)>> {
    let mut found: BTreeMap<MirrorId, Vec<(&str, MirrorFieldId)>> = BTreeMap::new();
    for name in names {
        let ids = name.strip_prefix("mirror_").and_then(|rest| {
            let (mirror, rest) = rest.split_once('_')?;
            let (_, field) = rest.rsplit_once("_f_")?;
            Some((mirror.parse().ok()?, field.parse().ok()?))
        });
        if let Some((mirror, field)) = ids {
            let names = found.entry(MirrorId(mirror)).or_default();
            names.push((name, MirrorFieldId(field)));
        }
    }
    found
}

/// Returns the index of this name, if a field has one.
pub(super) fn index_named(name: &str, mirror: MirrorId, field: &MirrorField) -> Option<Index> {
    let mut indexes = [by_value(mirror, field), by_reference(mirror, field)].into_iter();
    indexes.find(|index| index.name == name)
}

impl Reader<'_> {
    /// Tells whether records can be found by the record that they point to: a rule has asked for that.
    pub(super) fn is_followed(&self, reference: &OrgColumn) -> Result<bool> {
        self.is_there(&by_reference(reference.mirror, &reference.field))
    }

    /// Tells whether records can be found by a value.
    pub(super) fn is_asked(&self, column: &OrgColumn) -> Result<bool> {
        self.is_there(&by_value(column.mirror, &column.field))
    }

    fn is_there(&self, index: &Index) -> Result<bool> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1)",
            )?
            .query_row([&index.name], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Indexes what a name of [`crate::AskedField`] asks for.
    pub(crate) fn index_asked(&self, name: &str) -> Result<()> {
        for path in self.known_paths(name)? {
            self.index_value(&path.target)?;
            if path.is_through {
                self.make(&by_reference(path.base.mirror, &path.base.field))?;
            }
        }
        Ok(())
    }

    /// Indexes what leads to a field of another record, so that contacts are looked at again when that record changes.
    pub fn follow_records(&self, asked: &[AskedField]) -> Result<()> {
        for field in asked {
            for path in self.paths_to(field)?.iter().filter(|path| path.is_through) {
                self.make(&by_reference(path.base.mirror, &path.base.field))?;
            }
        }
        Ok(())
    }

    /// Indexes references that are followed, and fields that are compared.
    pub(crate) fn index_mirrored(
        &self,
        references: &[OrgColumn],
        compared: &[OrgColumn],
    ) -> Result<()> {
        for reference in references {
            self.make(&by_reference(reference.mirror, &reference.field))?;
        }
        compared
            .iter()
            .try_for_each(|column| self.index_value(column))
    }

    /// Indexes what the rules that are there ask of a mirror that has changed.
    pub(super) fn index_for_rules(&self) -> Result<()> {
        let segments = self
            .readable_segments()?
            .into_iter()
            .filter_map(|one| one.tree);
        let scores = self.readable_scores()?.into_iter();
        let rules = scores.flat_map(|score| score.rules.into_iter().map(|rule| rule.when));
        for tree in segments.chain(rules).filter(|tree| tree.asks_mirror()) {
            match self.index_fields(&tree) {
                // What is still not mirrored is said where the rule is used.
                Err(Error::NotFound { .. } | Error::Refused(_)) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn index_value(&self, column: &OrgColumn) -> Result<()> {
        if LONG.contains(&column.field.org_type.as_str()) {
            return Ok(());
        }
        self.make(&by_value(column.mirror, &column.field))
    }

    fn make(&self, index: &Index) -> Result<()> {
        let sql = format!("CREATE INDEX IF NOT EXISTS {} ON {}", index.name, index.on);
        self.connection.execute_batch(&sql)?;
        Ok(())
    }

    /// Drops the indexes of a field whose column is about to go.
    pub(super) fn drop_indexes(&self, mirror: MirrorId, field: &MirrorField) -> Result<()> {
        for index in [by_value(mirror, field), by_reference(mirror, field)] {
            let sql = format!("DROP INDEX IF EXISTS {}", index.name);
            self.connection.execute_batch(&sql)?;
        }
        Ok(())
    }
}
