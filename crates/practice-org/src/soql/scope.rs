//! Finds the columns that a query's paths mean, joining parents as needed.

use std::sync::Arc;

use super::Fault;
use super::ast::Path;
use crate::org::field::{Field, Kind};
use crate::org::schema::{Object, Schema};

/// Joined parents of one FROM.
pub(crate) struct Scope<'a> {
    schema: &'a Schema,
    object: &'a Object,
    /// Alias of the object's own table.
    table: String,
    /// Another name that paths may begin with.
    alias: Option<String>,
    joins: Vec<Join>,
}

/// A parent reached by a relationship; a polymorphic one has several tables.
#[derive(Clone)]
pub(crate) struct Join {
    path: Vec<String>,
    /// Objects with their tables' aliases.
    pub(crate) targets: Vec<(Arc<Object>, String)>,
    /// SQL of the parent's id.
    pub(crate) id: String,
    /// The relationship's own spelling.
    pub(crate) name: String,
    sql: String,
}

/// What a path leads to.
pub(crate) struct Column {
    /// The field.
    pub(crate) field: Field,
    /// Its SQL.
    pub(crate) sql: String,
    /// Prefixes for components of a compound field.
    pub(crate) tables: Vec<String>,
}

impl<'a> Scope<'a> {
    /// The scope of `FROM object`; `table` must differ from those of enclosing queries.
    pub(crate) fn new(
        schema: &'a Schema,
        object: &'a Object,
        table: &str,
        alias: Option<&str>,
    ) -> Scope<'a> {
        Scope {
            schema,
            object,
            table: table.to_owned(),
            alias: alias.map(str::to_owned),
            joins: Vec::new(),
        }
    }

    /// The object itself.
    pub(crate) fn object(&self) -> &'a Object {
        self.object
    }

    /// LEFT JOINs of all parents used.
    pub(crate) fn joins(&self) -> String {
        self.joins.iter().map(|j| j.sql.as_str()).collect()
    }

    /// The path without the object's own name or alias in front.
    pub(crate) fn strip<'p>(&self, path: &'p Path) -> &'p [super::ast::Name] {
        let own = |n: &str| {
            n.eq_ignore_ascii_case(&self.object.name)
                || self
                    .alias
                    .as_deref()
                    .is_some_and(|a| a.eq_ignore_ascii_case(n))
        };
        match path.as_slice() {
            [first, rest @ ..]
                if !rest.is_empty()
                    && own(&first.text)
                    && self.object.relation(&first.text).is_none() =>
            {
                rest
            }
            whole => whole,
        }
    }

    /// The column a path means.
    pub(crate) fn column(&mut self, path: &Path) -> Result<Column, Fault> {
        let stripped = self.strip(path);
        let at = path.first().map_or(0, |n| n.at);
        let Some((last, parents)) = stripped.split_last() else {
            return Err(Fault::plain("MALFORMED_QUERY", "empty path"));
        };
        if parents.is_empty() {
            let object = self.object;
            let field = object
                .field(&last.text)
                .ok_or_else(|| no_column(&last.text, &object.name, at))?;
            let sql = format!("{}.{}", self.table, field.column());
            return Ok(Column {
                field: with_own_targets(field, &[object]),
                sql,
                tables: vec![self.table.clone()],
            });
        }
        let names: Vec<&str> = parents.iter().map(|n| n.text.as_str()).collect();
        let join = self.join(&names, at)?;
        self.of_join(&join, &last.text).ok_or_else(|| {
            let owner = join.targets.last().map_or("", |(o, _)| o.name.as_str());
            no_column(
                &last.text,
                if join.targets.len() > 1 {
                    "Name"
                } else {
                    owner
                },
                at,
            )
        })
    }

    /// A column of a joined parent. Of several possible parents, the one that is there answers.
    pub(crate) fn of_join(&self, join: &Join, name: &str) -> Option<Column> {
        if name.eq_ignore_ascii_case("Type") && join.targets.len() > 1 {
            let cases: Vec<String> = join
                .targets
                .iter()
                .map(|(o, alias)| format!("WHEN {alias}.\"Id\" IS NOT NULL THEN '{}'", o.name))
                .collect();
            let sql = format!("(CASE {} END COLLATE NOCASE)", cases.join(" "));
            return Some(Column {
                field: Field::plain("Type", "Type", Kind::String),
                sql,
                tables: Vec::new(),
            });
        }
        let having: Vec<_> = join
            .targets
            .iter()
            .filter_map(|(o, alias)| Some((o.field(name)?, alias)))
            .collect();
        let (field, _) = having.last()?;
        let owners: Vec<&Object> = join.targets.iter().map(|(o, _)| &**o).collect();
        let columns: Vec<String> = having
            .iter()
            .map(|(f, alias)| format!("{alias}.{}", f.column()))
            .collect();
        let sql = if columns.len() == 1 {
            columns.concat()
        } else {
            // A function's result has lost its columns' rule of case.
            let case = if field.kind.is_text() {
                " COLLATE NOCASE"
            } else {
                ""
            };
            format!("(coalesce({}){case})", columns.join(", "))
        };
        Some(Column {
            field: with_own_targets(field, &owners),
            sql,
            tables: having.iter().map(|(_, a)| (*a).clone()).collect(),
        })
    }

    /// The join for a chain of relationship names, made if it is new.
    pub(crate) fn join(&mut self, names: &[&str], at: usize) -> Result<Join, Fault> {
        let path: Vec<String> = names.iter().map(|n| n.to_ascii_lowercase()).collect();
        if let Some(known) = self.joins.iter().find(|j| j.path == path) {
            return Ok(known.clone());
        }
        let Some((last, before)) = names.split_last() else {
            return Err(Fault::plain("MALFORMED_QUERY", "empty path"));
        };
        let unknown = || {
            let message = format!(
                "Didn't understand relationship '{last}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names."
            );
            Fault::at("INVALID_FIELD", message, at)
        };
        if names.len() > 5 {
            return Err(unknown());
        }
        let (field, owners) = if before.is_empty() {
            (
                self.object.relation(last).cloned(),
                vec![self.table.clone()],
            )
        } else {
            let parent = self.join(before, at)?;
            let having: Vec<_> = parent
                .targets
                .iter()
                .filter_map(|(o, a)| Some((o.relation(last)?.clone(), a.clone())))
                .collect();
            (
                having.first().map(|(f, _)| f.clone()),
                having.into_iter().map(|(_, a)| a).collect(),
            )
        };
        let field = field.ok_or_else(unknown)?;
        let ids: Vec<String> = owners
            .iter()
            .map(|o| format!("{o}.{}", field.column()))
            .collect();
        let id = if ids.len() == 1 {
            ids.concat()
        } else {
            format!("coalesce({})", ids.join(", "))
        };
        let mut sql = String::new();
        let mut targets = Vec::new();
        for target in &field.targets {
            // Objects that this org lacks have no records to point to.
            let Some(object) = self.schema.object(target) else {
                continue;
            };
            let alias = format!("{}_{}_{}", self.table, self.joins.len(), targets.len());
            let key = if object.name == "EntityDefinition" {
                "DurableId"
            } else {
                "Id"
            };
            sql.push_str(&format!(
                " LEFT JOIN {} {alias} ON {alias}.\"{key}\" = {id}",
                object.table()
            ));
            targets.push((Arc::clone(object), alias));
        }
        if targets.is_empty() {
            return Err(unknown());
        }
        let join = Join {
            path,
            targets,
            id,
            name: field.relationship.clone().unwrap_or_default(),
            sql,
        };
        self.joins.push(join.clone());
        Ok(join)
    }
}

/// A field; an id says whose it may be.
fn with_own_targets(field: &Field, owners: &[&Object]) -> Field {
    let mut field = field.clone();
    if field.kind == Kind::Id {
        field.targets = owners.iter().map(|o| o.name.clone()).collect();
    }
    field
}

/// The refusal of a field that is not there or not to be seen.
pub(crate) fn no_column(name: &str, object: &str, at: usize) -> Fault {
    let message = format!(
        "No such column '{name}' on entity '{object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
    );
    Fault::at("INVALID_FIELD", message, at)
}
