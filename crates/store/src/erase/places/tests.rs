use std::collections::BTreeSet;

use super::{PLACES, Treatment};
use crate::testing::workspace;

/// Returns the columns of the newest schema that can hold text, as `table.column`.
fn text_columns() -> BTreeSet<String> {
    let workspace = workspace();
    workspace.reading(|reader| {
        let mut statement = reader.connection.prepare(
            "SELECT tables.name || '.' || columns.name
             FROM pragma_table_list AS tables JOIN pragma_table_xinfo(tables.name) AS columns
             WHERE tables.schema = 'main' AND tables.name NOT LIKE 'sqlite_%'
               AND columns.type NOT IN ('INTEGER', 'REAL', 'INT')",
        )?;
        let columns = statement.query_map([], |row| row.get(0))?;
        Ok(columns.collect::<rusqlite::Result<_>>()?)
    })
}

#[test]
fn every_text_column_of_the_schema_is_a_place_or_has_a_reason() {
    let mut named = BTreeSet::new();
    for place in PLACES {
        if let Treatment::Kept(reason) = place.treatment {
            assert!(!reason.is_empty(), "{}: no reason", place.table);
        }
        named.extend(
            place
                .columns
                .iter()
                .map(|column| format!("{}.{column}", place.table)),
        );
    }
    let columns = text_columns();
    let missing: Vec<_> = columns.difference(&named).collect();
    assert!(
        missing.is_empty(),
        "say in places.rs what erasing does with {missing:?}"
    );
    let gone: Vec<_> = named.difference(&columns).collect();
    assert!(gone.is_empty(), "no migration makes {gone:?}");
}

#[test]
fn a_column_is_treated_one_way_unless_its_rows_are_told_apart() {
    let mut seen = BTreeSet::new();
    for place in PLACES {
        for column in place.columns {
            let once = seen.insert((place.table, *column, place.rows));
            assert!(once, "{}.{column} is there twice", place.table);
        }
    }
}
