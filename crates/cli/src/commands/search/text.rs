//! What `search …` says to people.

use leadferry_commands::search::{
    Cell, Found, RecordsImported, SavedSearch, SearchFields, SoqlFound, Spent,
};
use serde_json::Value;

use crate::table::{Table, grouped};

pub(super) fn found(found: &Found) -> String {
    let head = ["id", "contact here"].into_iter();
    let names = found.columns.iter().map(|column| column.name.as_str());
    let mut table = Table::new(&head.chain(names).collect::<Vec<_>>());
    for record in &found.records {
        let linked = record.linked.as_ref().map(|person| person.guid.to_string());
        let begin = [record.id.clone(), linked.unwrap_or_default()];
        table.line(
            begin
                .into_iter()
                .chain(record.values.iter().map(cell))
                .collect(),
        );
    }
    let shown = grouped(found.records.len() as u64);
    let more = if found.cut_off {
        "; there may be more than the org returns for words"
    } else {
        ""
    };
    let counts = format!("{shown} of {}{more}. ", grouped(found.total));
    table.text("Nothing was found.") + &counts + &spent(&found.spent)
}

pub(super) fn rows(found: &SoqlFound) -> String {
    let names: Vec<&str> = found.columns.iter().map(String::as_str).collect();
    let mut table = Table::new(&names);
    for row in &found.rows {
        table.line(row.iter().map(cell).collect());
    }
    let mut text = table.text(&format!("{} in all.", grouped(found.total)));
    if let Some(next) = &found.next {
        text.push_str(&format!("More: --next {next}\n"));
    }
    text + &spent(&found.spent)
}

pub(super) fn fields(fields: &SearchFields) -> String {
    let mut table = Table::new(&["field", "label", "can be asked"]);
    for field in &fields.fields {
        let operators =
            field
                .operators
                .iter()
                .map(|operator| match serde_json::to_value(operator) {
                    Ok(Value::String(name)) => name,
                    _ => String::new(),
                });
        let operators = operators.collect::<Vec<_>>().join(" ");
        table.row([field.name.clone(), field.label.clone(), operators]);
    }
    let mut text = table.text("It has no fields.");
    if let Some(error) = &fields.not_refreshed {
        text.push_str(&format!(
            "Not the newest: {}; {}\n",
            error.message, error.hint
        ));
    }
    text
}

pub(super) fn imported(imported: &RecordsImported) -> String {
    let mut text = format!(
        "{} new here, {} here already and linked now, {} linked before, {} left out. ",
        grouped(imported.created.len() as u64),
        grouped(imported.found.len() as u64),
        grouped(imported.linked_before),
        grouped(imported.left_out.len() as u64),
    ) + &spent(&imported.spent);
    for one in &imported.left_out {
        text.push_str(&format!("{} {}: {}\n", one.id, one.name, one.reason));
    }
    text
}

pub(super) fn saved(all: &[SavedSearch]) -> String {
    let mut table = Table::new(&["name", "object", "connection", "words", "criteria"]);
    for saved in all {
        let search = &saved.search;
        let criteria = search
            .criteria
            .iter()
            .map(|criterion| criterion.field.as_str());
        table.row([
            saved.name.clone(),
            search.object.name().to_owned(),
            saved.connection.clone().unwrap_or_default(),
            search.text.clone(),
            criteria.collect::<Vec<_>>().join(", "),
        ]);
    }
    table.text("No search is saved; `search run … --save NAME` keeps one.")
}

fn spent(spent: &Spent) -> String {
    let calls = grouped(spent.calls);
    match (spent.used, spent.allowed) {
        (Some(used), Some(allowed)) => {
            let (used, allowed) = (grouped(used), grouped(allowed));
            format!("API calls: {calls}; {used} of {allowed} are used.\n")
        }
        _ => format!("API calls: {calls}.\n"),
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    }
}
