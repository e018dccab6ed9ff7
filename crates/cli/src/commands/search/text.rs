//! What `search …` says to people.

use leadferry_commands::search::{
    Cell, Found, RecordsImported, SavedSearch, SearchFields, SoqlFound, Spent,
};
use leadferry_commands::sentence;
use serde_json::Value;

use crate::table::{Table, counted, grouped};

pub(super) fn found(found: &Found) -> String {
    let head = ["id", "contact in this workspace"].into_iter();
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
        ", and Salesforce may have more"
    } else {
        ""
    };
    let total = counted(found.total, "record", "records");
    let counts = format!("{shown} of {total}{more}. ");
    table.text("No results.") + &counts + &spent(&found.spent)
}

pub(super) fn rows(found: &SoqlFound) -> String {
    let names: Vec<&str> = found.columns.iter().map(String::as_str).collect();
    let mut table = Table::new(&names);
    for row in &found.rows {
        table.line(row.iter().map(cell).collect());
    }
    let mut text = table.text(&format!("{}.", counted(found.total, "record", "records")));
    if let Some(next) = &found.next {
        text.push_str(&format!("For more, add --next {next}\n"));
    }
    text + &spent(&found.spent)
}

pub(super) fn fields(fields: &SearchFields) -> String {
    let mut table = Table::new(&["field", "label", "operators"]);
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
    let mut text = table.text("No fields.");
    if let Some(error) = &fields.not_refreshed {
        text.push_str(&format!(
            "These fields may be out of date. {} {}\n",
            sentence(&error.to_string()),
            sentence(&error.hint)
        ));
    }
    text
}

pub(super) fn imported(imported: &RecordsImported) -> String {
    let mut text = format!(
        "Imported {}, linked {}, {} already linked, {} left out. ",
        counted(imported.created.len() as u64, "new contact", "new contacts"),
        counted(
            imported.found.len() as u64,
            "existing contact",
            "existing contacts"
        ),
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
    table.text("No saved searches yet. To save one, add --save NAME to search run.")
}

fn spent(spent: &Spent) -> String {
    let calls = grouped(spent.calls);
    match (spent.used, spent.allowed) {
        (Some(used), Some(allowed)) => {
            let (used, allowed) = (grouped(used), grouped(allowed));
            format!("API calls: {calls}. {used} of {allowed} used.\n")
        }
        _ => format!("API calls: {calls}.\n"),
    }
}

pub(in crate::commands) fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    }
}
