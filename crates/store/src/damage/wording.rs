//! Which parts of a workspace are damaged, in plain words.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use crate::counted;

/// The part where the name of none is found.
const FILE: &str = "the structure of the file";

/// Names the damaged parts with how many places of each are damaged, from what SQLite says of a database.
pub(crate) fn in_words(connection: &Connection, report: &[String]) -> Vec<String> {
    let tables = Tables::of(connection);
    let mut places: BTreeMap<String, u64> = BTreeMap::new();
    let lines = report.iter().flat_map(|problem| problem.lines());
    // Its heading names the database.
    for line in lines.filter(|line| !line.starts_with("***")) {
        let part = tables.named_in(line).map_or(FILE, part);
        *places.entry(part.to_owned()).or_default() += 1;
    }
    places
        .into_iter()
        .map(|(part, count)| format!("{part} ({})", counted(count, "place", "places")))
        .collect()
}

/// The tables of a database by what SQLite calls them in its reports.
#[derive(Default)]
struct Tables {
    by_root: HashMap<i64, String>,
    by_name: HashMap<String, String>,
}

impl Tables {
    /// Reads the list of tables, as far as it can be read.
    fn of(connection: &Connection) -> Tables {
        let mut tables = Tables::default();
        let Ok(mut statement) =
            connection.prepare("SELECT name, tbl_name, rootpage FROM sqlite_schema")
        else {
            return tables;
        };
        let rows = statement.query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, Option<i64>>(2)?,
            ))
        });
        for (name, table, root) in rows.into_iter().flatten().flatten() {
            if let Some(root) = root {
                tables.by_root.insert(root, table.clone());
            }
            tables.by_name.insert(name, table);
        }
        tables
    }

    /// Returns the table that a line blames: by the page where its tree begins, by its name, or by that of an index.
    fn named_in(&self, line: &str) -> Option<&str> {
        let tree = line.split_once("Tree ").map(|(_, rest)| rest);
        let root = tree.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        if let Some(table) = root.and_then(|root: i64| self.by_root.get(&root)) {
            return Some(table);
        }
        let names = line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        // The name stands at the end: "row 5 missing from index …".
        let known = names.rev().find_map(|name| self.by_name.get(name));
        known.map(String::as_str)
    }
}

/// Returns what people call the contents of a table.
fn part(table: &str) -> &str {
    const PARTS: &[(&str, &str)] = &[
        ("contacts_search", "the search index"),
        ("consent", "the consent ledger"),
        ("contacts", "contacts"),
        ("account", "accounts"),
        ("activit", "activities"),
        ("waiting_activities", "activities"),
        ("batch", "runs"),
        ("run", "runs"),
        ("plan", "plans"),
        ("email_list", "email lists"),
        ("segment", "segments"),
        ("score", "scores"),
        ("mark", "scores"),
        ("act", "recent changes"),
        ("replication", "replications"),
        ("describes", "fields of the org"),
        ("former_describes", "fields of the org"),
        ("custom_fields", "custom fields"),
        ("setting", "settings"),
        ("sequence", FILE),
        ("sqlite", FILE),
    ];
    let found = PARTS.iter().find(|(begin, _)| table.starts_with(begin));
    found.map_or(table, |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::in_words;
    use crate::testing::workspace;

    fn told(report: &[&str]) -> Vec<String> {
        let workspace = workspace();
        let report: Vec<String> = report.iter().map(|line| (*line).to_owned()).collect();
        workspace
            .with_reader(|connection| Ok(in_words(connection, &report)))
            .unwrap()
    }

    #[test]
    fn damage_names_each_part_once_with_a_count() {
        let report = told(&[
            "*** in database main ***\nTree 2 page 9999 cell 0: invalid page number 1",
            "row 7 missing from index queue_due",
            "NULL value in contacts.guid",
            "row 8 missing from index contacts_email",
            "Page 77: btreeInitPage() returns error code 11",
        ]);
        assert!(
            report.contains(&"the structure of the file (3 places)".to_owned()),
            "{report:?}"
        );
        assert!(
            report.iter().any(|part| part.starts_with("contacts (")),
            "{report:?}"
        );
        assert!(
            report.iter().all(|part| !part.contains("btree")),
            "{report:?}"
        );
    }

    #[test]
    fn a_tree_is_named_after_its_table() {
        let workspace = workspace();
        let report = workspace
            .with_reader(|connection| {
                let root: i64 = connection.query_row(
                    "SELECT rootpage FROM sqlite_schema WHERE name = 'queue'",
                    [],
                    |row| row.get(0),
                )?;
                let line = format!("Tree {root} page 40: btreeInitPage() returns error code 11");
                Ok(in_words(connection, &[line.clone(), line]))
            })
            .unwrap();
        assert_eq!(report, ["queue (2 places)"]);
    }
}
