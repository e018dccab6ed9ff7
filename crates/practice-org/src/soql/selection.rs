//! The SELECT list: which columns to read and how to build a record from them.

use std::sync::Arc;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::Fault;
use super::ast::{ByType, Expression, Function, Item, Name, Path};
use super::expression;
use super::scope::{Column, Join, Scope, no_column};
use crate::json::{Json, object};
use crate::org::field::{Field, Kind};
use crate::org::schema::{Object, Schema};
use crate::org::values;

/// What to read of each record.
pub(crate) struct Selection {
    columns: Vec<String>,
    nodes: Vec<Node>,
    joins: String,
}

enum Node {
    Field {
        field: Box<Field>,
        column: usize,
    },
    Address {
        name: String,
        parts: Vec<(&'static str, Field, usize)>,
    },
    Parent {
        name: String,
        id: usize,
        targets: Vec<Arc<Object>>,
        nodes: Vec<Node>,
    },
    /// A parent whose fields depend on its object.
    ByType {
        name: String,
        id: usize,
        targets: Vec<Arc<Object>>,
        cases: Vec<(String, Vec<Node>)>,
        other: Vec<Node>,
    },
}

/// The components of an address and their names in the compound.
const ADDRESS: [(&str, &str); 10] = [
    ("City", "city"),
    ("Country", "country"),
    ("CountryCode", "countryCode"),
    ("GeocodeAccuracy", "geocodeAccuracy"),
    ("Latitude", "latitude"),
    ("Longitude", "longitude"),
    ("PostalCode", "postalCode"),
    ("State", "state"),
    ("StateCode", "stateCode"),
    ("Street", "street"),
];

impl Selection {
    /// The selection of some of an object's fields.
    pub(crate) fn of_fields(schema: &Schema, object: &Object, fields: &[&Field]) -> Selection {
        let scope = Scope::new(schema, object, "t", None);
        let mut selection = Selection {
            columns: vec!["t.\"Id\"".to_owned()],
            nodes: Vec::new(),
            joins: String::new(),
        };
        for field in fields {
            let column = Column {
                field: (*field).clone(),
                sql: format!("t.{}", field.column()),
                tables: vec!["t".to_owned()],
            };
            let node = selection.node(object, column);
            selection.nodes.push(node);
        }
        selection.joins = scope.joins();
        selection
    }

    /// The selection that a query's list means.
    pub(super) fn of_items(
        object: &Object,
        items: &[Item],
        scope: &mut Scope<'_>,
        limit: Option<i64>,
    ) -> Result<Selection, Fault> {
        let mut selection = Selection {
            columns: vec!["t.\"Id\"".to_owned()],
            nodes: Vec::new(),
            joins: String::new(),
        };
        let mut seen: Vec<String> = Vec::new();
        for item in items {
            match item {
                Item::Value(
                    value @ (Expression::Field(_)
                    | Expression::Call(Function::Label | Function::Format, _)),
                    alias,
                ) => {
                    selection.add(object, value, alias.as_ref(), scope, &mut seen)?;
                }
                Item::Value(call @ Expression::Call(..), _) => {
                    let message = format!("Field must be grouped or aggregated: {}", call.shown());
                    return Err(Fault::at("MALFORMED_QUERY", message, call.at()));
                }
                Item::Fields(kind) => {
                    for path in all_fields(object, kind, limit)? {
                        selection.add(object, &Expression::Field(path), None, scope, &mut seen)?;
                    }
                }
                Item::ByType(by_type) => {
                    let node = selection.by_type(object, by_type, scope)?;
                    selection.nodes.push(node);
                }
                // Read for each record by a statement of their own.
                Item::Children(_) => {}
                Item::Count(at) => {
                    return Err(Fault::at(
                        "MALFORMED_QUERY",
                        "unexpected token: 'COUNT'",
                        *at,
                    ));
                }
            }
        }
        selection.joins = scope.joins();
        Ok(selection)
    }

    fn add(
        &mut self,
        object: &Object,
        value: &Expression,
        alias: Option<&Name>,
        scope: &mut Scope<'_>,
        seen: &mut Vec<String>,
    ) -> Result<(), Fault> {
        let path = value.path();
        let mut column = expression::column(scope, value)?;
        let stripped = scope.strip(path);
        let names: Vec<&str> = stripped.iter().map(|n| n.text.as_str()).collect();
        let shown = alias.map_or_else(|| names.join("."), |alias| alias.text.clone());
        let key = shown.to_ascii_lowercase();
        if seen.contains(&key) {
            return Err(Fault::at(
                "INVALID_FIELD",
                format!("duplicate field selected: {shown}"),
                stripped[0].at,
            ));
        }
        seen.push(key);
        if let Some(alias) = alias {
            if matches!(value, Expression::Field(_)) {
                let message = "only aggregate expressions use field aliasing";
                return Err(Fault::at("MALFORMED_QUERY", message, alias.at));
            }
            column.field.name.clone_from(&alias.text);
            let node = self.node(object, column);
            self.nodes.push(node);
            return Ok(());
        }
        let parents = &names[..names.len() - 1];
        let owner = match parents {
            [] => None,
            parents => scope
                .join(parents, path[0].at)?
                .targets
                .last()
                .map(|(o, _)| Arc::clone(o)),
        };
        let node = self.node(owner.as_deref().unwrap_or(object), column);
        let mut steps: Vec<Step> = Vec::new();
        for n in 1..=parents.len() {
            let join = scope.join(&parents[..n], path[0].at)?;
            steps.push((
                join.name.clone(),
                join.id.clone(),
                join.targets.iter().map(|(o, _)| Arc::clone(o)).collect(),
            ));
        }
        place(&mut self.nodes, &mut self.columns, &steps, node);
        Ok(())
    }

    fn by_type(
        &mut self,
        object: &Object,
        by_type: &ByType,
        scope: &mut Scope<'_>,
    ) -> Result<Node, Fault> {
        let relationship = &by_type.relationship;
        let join = scope.join(&[&relationship.text], relationship.at)?;
        if !object
            .relation(&relationship.text)
            .is_some_and(|f| f.polymorphic)
        {
            let message = "TYPEOF needs a relationship to several objects";
            return Err(Fault::at("MALFORMED_QUERY", message, relationship.at));
        }
        let mut cases = Vec::new();
        for (kind, fields) in &by_type.cases {
            let target = join
                .targets
                .iter()
                .find(|(o, _)| o.name.eq_ignore_ascii_case(&kind.text));
            let Some((target, table)) = target else {
                let message = format!(
                    "sObject type '{}' can't be reached by '{}'",
                    kind.text, relationship.text
                );
                return Err(Fault::at("INVALID_TYPE", message, kind.at));
            };
            let nodes = self.fields_of(target, table, fields)?;
            cases.push((target.name.clone(), nodes));
        }
        let other = self.common_fields(&join, &by_type.other, scope)?;
        self.columns.push(join.id.clone());
        Ok(Node::ByType {
            name: join.name.clone(),
            id: self.columns.len() - 1,
            targets: join.targets.iter().map(|(o, _)| Arc::clone(o)).collect(),
            cases,
            other,
        })
    }

    fn fields_of(
        &mut self,
        object: &Object,
        table: &str,
        names: &[Name],
    ) -> Result<Vec<Node>, Fault> {
        let one = |name: &Name| {
            let field = object
                .field(&name.text)
                .ok_or_else(|| no_column(&name.text, &object.name, name.at))?;
            let column = Column {
                field: field.clone(),
                sql: format!("{table}.{}", field.column()),
                tables: vec![table.to_owned()],
            };
            Ok(self.node(object, column))
        };
        names.iter().map(one).collect()
    }

    /// Fields that any of several parents answers.
    fn common_fields(
        &mut self,
        join: &Join,
        names: &[Name],
        scope: &Scope<'_>,
    ) -> Result<Vec<Node>, Fault> {
        let mut nodes = Vec::new();
        for name in names {
            let column = scope
                .of_join(join, &name.text)
                .ok_or_else(|| no_column(&name.text, "Name", name.at))?;
            nodes.push(self.node(scope.object(), column));
        }
        Ok(nodes)
    }

    fn node(&mut self, object: &Object, column: Column) -> Node {
        if column.field.kind != Kind::Address {
            self.columns.push(column.sql);
            return Node::Field {
                field: Box::new(column.field),
                column: self.columns.len() - 1,
            };
        }
        let stem = column.field.name.trim_end_matches("Address");
        let mut parts = Vec::new();
        for (suffix, key) in ADDRESS {
            if let (Some(field), Some(table)) = (
                object.any_field(&format!("{stem}{suffix}")),
                column.tables.first(),
            ) {
                self.columns.push(format!("{table}.{}", field.column()));
                parts.push((key, field.clone(), self.columns.len() - 1));
            }
        }
        Node::Address {
            name: column.field.name,
            parts,
        }
    }

    /// The paths of all values, where each is one of a field: neither compound nor dependent on a parent's object.
    pub(super) fn flat_columns(&self) -> Option<Vec<FlatColumn>> {
        flat_columns(&self.nodes)
    }

    /// `SELECT … FROM` the object as `t`, with its joins.
    pub(crate) fn select(&self, object: &Object) -> String {
        format!(
            "SELECT {} FROM {} t{}",
            self.columns.join(", "),
            object.table(),
            self.joins
        )
    }

    /// The same for the rows whose numbers the JSON array `?1` lists, in its order.
    pub(crate) fn select_rows(&self, object: &Object) -> String {
        format!(
            "SELECT {} FROM json_each(?1) k CROSS JOIN {} t ON t.row = k.value{} ORDER BY k.key",
            self.columns.join(", "),
            object.table(),
            self.joins
        )
    }
}

/// A value of a record or of a parent: the names that lead to it, and what it is.
pub(super) type FlatColumn = (Vec<String>, Kind);

fn flat_columns(nodes: &[Node]) -> Option<Vec<FlatColumn>> {
    let mut columns = Vec::new();
    for node in nodes {
        match node {
            Node::Field { field, .. } => columns.push((vec![field.name.clone()], field.kind)),
            Node::Parent { name, nodes, .. } => {
                let below = flat_columns(nodes)?.into_iter();
                columns
                    .extend(below.map(|(path, kind)| ([vec![name.clone()], path].concat(), kind)));
            }
            Node::Address { .. } | Node::ByType { .. } => return None,
        }
    }
    Some(columns)
}

type Step = (String, String, Vec<Arc<Object>>);

fn place(nodes: &mut Vec<Node>, columns: &mut Vec<String>, steps: &[Step], node: Node) {
    let Some(((name, id, targets), rest)) = steps.split_first() else {
        nodes.push(node);
        return;
    };
    let known = nodes
        .iter()
        .position(|n| matches!(n, Node::Parent { name: found, .. } if found == name));
    let at = known.unwrap_or_else(|| {
        columns.push(id.clone());
        let parent = Node::Parent {
            name: name.clone(),
            id: columns.len() - 1,
            targets: targets.clone(),
            nodes: Vec::new(),
        };
        nodes.push(parent);
        nodes.len() - 1
    });
    if let Node::Parent { nodes, .. } = &mut nodes[at] {
        place(nodes, columns, rest, node);
    }
}

fn all_fields(object: &Object, kind: &Name, limit: Option<i64>) -> Result<Vec<Path>, Fault> {
    let word = kind.text.to_ascii_uppercase();
    let wanted: fn(&Field) -> bool = match word.as_str() {
        "ALL" => |_| true,
        "STANDARD" => |f| !f.custom,
        "CUSTOM" => |f| f.custom,
        _ => {
            return Err(Fault::at(
                "MALFORMED_QUERY",
                format!("unexpected token: '{}'", kind.text),
                kind.at,
            ));
        }
    };
    if word != "STANDARD" && limit.is_none_or(|n| n > 200) {
        return Err(Fault::at(
            "MALFORMED_QUERY",
            "The SOQL FIELDS function must have a LIMIT of at most 200",
            kind.at,
        ));
    }
    let path = |f: &Field| {
        vec![Name {
            text: f.name.clone(),
            at: kind.at,
        }]
    };
    Ok(object.visible().filter(|f| wanted(f)).map(path).collect())
}

/// Builds the record of a row.
pub(crate) fn record(
    selection: &Selection,
    kind: &Object,
    row: &Row<'_>,
    version: &str,
) -> rusqlite::Result<Json> {
    let mut json = object([]);
    if let ValueRef::Text(id) = row.get_ref(0)? {
        json.push(
            "attributes",
            attributes(
                &kind.name,
                &String::from_utf8_lossy(id),
                version,
                kind.is("tooling"),
            ),
        );
    }
    fill(&mut json, &selection.nodes, row, version)?;
    Ok(json)
}

/// `{"type","url"}` of a record.
pub(crate) fn attributes(kind: &str, id: &str, version: &str, tooling: bool) -> Json {
    let root = if tooling { "/tooling" } else { "" };
    object([
        ("type", kind.into()),
        (
            "url",
            format!("/services/data/{version}{root}/sobjects/{kind}/{id}").into(),
        ),
    ])
}

fn fill(json: &mut Json, nodes: &[Node], row: &Row<'_>, version: &str) -> rusqlite::Result<()> {
    for node in nodes {
        match node {
            Node::Field { field, column } => {
                json.push(&field.name, values::to_json(field, row.get_ref(*column)?))
            }
            Node::Address { name, parts } => {
                let mut address = object([]);
                for (key, field, column) in parts {
                    address.push(key, values::to_json(field, row.get_ref(*column)?));
                }
                let empty = address.members().iter().all(|m| m.value == Json::Null);
                json.push(name, if empty { Json::Null } else { address });
            }
            Node::Parent {
                name,
                id,
                targets,
                nodes,
            } => json.push(name, parent(*id, targets, nodes, row, version)?),
            Node::ByType {
                name,
                id,
                targets,
                cases,
                other,
            } => {
                let kind = kind_of(*id, targets, row)?;
                let case = cases
                    .iter()
                    .find(|(name, _)| kind.is_some_and(|k| k.name == *name));
                let nodes = case.map_or(other, |(_, nodes)| nodes);
                let value = match kind {
                    Some(_) if nodes.is_empty() => Json::Null,
                    // Told by its own name, not as one of several.
                    Some(kind) => parent(*id, std::slice::from_ref(kind), nodes, row, version)?,
                    None => Json::Null,
                };
                json.push(name, value);
            }
        }
    }
    Ok(())
}

/// The object that a parent's id belongs to.
fn kind_of<'a>(
    id: usize,
    targets: &'a [Arc<Object>],
    row: &Row<'_>,
) -> rusqlite::Result<Option<&'a Arc<Object>>> {
    let ValueRef::Text(id) = row.get_ref(id)? else {
        return Ok(None);
    };
    let id = String::from_utf8_lossy(id);
    Ok(targets.iter().find(|o| id.starts_with(&o.prefix)))
}

fn parent(
    id: usize,
    targets: &[Arc<Object>],
    nodes: &[Node],
    row: &Row<'_>,
    version: &str,
) -> rusqlite::Result<Json> {
    let ValueRef::Text(id) = row.get_ref(id)? else {
        return Ok(Json::Null);
    };
    let id = String::from_utf8_lossy(id);
    let kind = targets
        .iter()
        .find(|o| id.starts_with(&o.prefix))
        .or(targets.last());
    let mut json = object([]);
    if let Some(kind) = kind {
        // Salesforce calls the parent that may be of several kinds "Name".
        let word = if targets.len() > 1 {
            "Name"
        } else {
            kind.name.as_str()
        };
        let mut attributes = attributes(&kind.name, &id, version, kind.is("tooling"));
        attributes.set("type", word);
        json.push("attributes", attributes);
    }
    fill(&mut json, nodes, row, version)?;
    Ok(json)
}
