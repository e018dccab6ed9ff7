//! Whole queries of one object, written from their parts.

use super::{Condition, Path};

/// Which records of an object, in which order, and what of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    /// The object.
    pub object: Path,
    /// What to read of each record; at least one.
    pub columns: Vec<Path>,
    /// Which records; all without.
    pub condition: Option<Condition>,
    /// In which order; the org's own without.
    pub order: Option<Order>,
    /// The most records.
    pub limit: Option<u32>,
}

/// The order of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What they are ordered by.
    pub by: Path,
    /// The greatest first.
    pub descending: bool,
}

impl Select {
    /// Returns the query.
    pub fn text(&self) -> String {
        let columns: Vec<&str> = self.columns.iter().map(Path::as_str).collect();
        format!(
            "SELECT {} FROM {}{}",
            columns.join(", "),
            self.object.as_str(),
            clauses(self.condition.as_ref(), self.order.as_ref(), self.limit)
        )
    }
}

/// Returns the clauses behind the object, each with a space before it; queries and searches write them alike.
pub(crate) fn clauses(
    condition: Option<&Condition>,
    order: Option<&Order>,
    limit: Option<u32>,
) -> String {
    let mut text = String::new();
    if let Some(condition) = condition.and_then(Condition::text) {
        text.push_str(&format!(" WHERE {condition}"));
    }
    if let Some(order) = order {
        let direction = if order.descending { "DESC" } else { "ASC" };
        // Records without a value come last either way: who sorts wants to see values.
        text.push_str(&format!(
            " ORDER BY {} {direction} NULLS LAST",
            order.by.as_str()
        ));
    }
    if let Some(limit) = limit {
        text.push_str(&format!(" LIMIT {limit}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soql::{Comparison, Literal};

    fn path(text: &str) -> Path {
        Path::new(text).unwrap()
    }

    #[test]
    fn a_query_names_its_parts_in_order() {
        let select = Select {
            object: path("Lead"),
            columns: vec![path("Id"), path("Owner.Name")],
            condition: Some(Condition::Compares(
                path("City"),
                Comparison::Equal,
                Literal::Text("Rome".to_owned()),
            )),
            order: Some(Order {
                by: path("Name"),
                descending: true,
            }),
            limit: Some(5),
        };
        assert_eq!(
            select.text(),
            "SELECT Id, Owner.Name FROM Lead WHERE City = 'Rome' ORDER BY Name DESC NULLS LAST LIMIT 5"
        );
        let all = Select {
            columns: vec![path("Id")],
            condition: Some(Condition::All(Vec::new())),
            order: None,
            limit: None,
            ..select
        };
        assert_eq!(all.text(), "SELECT Id FROM Lead");
    }
}
