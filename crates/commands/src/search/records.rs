//! What came back: records with their values, and who of them is a contact here.

use std::collections::HashMap;

use leadferry_salesforce::{Record, parse_date_time};
use leadferry_store::{Connection, ContactId, Flow, Guid};
use serde::Serialize;
use serde_json::Value;

use super::Object;
use super::fields::{Described, FieldForm, SearchField};
use crate::{Result, Workspace};

/// A value as it is shown: picklist entries by their label, moments in the form of RFC 3339.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[serde(untagged)]
#[ts(rename = "SearchCell")]
pub enum Cell {
    /// No value.
    Nothing,
    /// Ticked or not.
    YesNo(bool),
    /// A number.
    Number(f64),
    /// Anything else.
    Text(String),
}

/// A column of what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "SearchColumn")]
pub struct Column {
    /// API name or path.
    pub name: String,
    /// As the org shows it.
    pub label: String,
    /// What it holds.
    pub form: FieldForm,
    /// Whether records can be ordered by it.
    pub sortable: bool,
}

/// A contact here that a record belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "LinkedPerson")]
pub struct Person {
    /// The contact.
    pub guid: Guid,
    /// Its name, else its email, else its company.
    pub name: String,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct FoundRecord {
    /// Its id, 18 characters.
    pub id: String,
    /// Its name.
    pub name: String,
    /// For leads: whether it was converted.
    pub converted: Option<bool>,
    /// The values, column by column.
    pub values: Vec<Cell>,
    /// The contact that it is linked to.
    pub linked: Option<Person>,
    /// Where it is in the org; none for the practice org, which has no pages.
    pub address: Option<String>,
}

impl From<&SearchField> for Column {
    fn from(field: &SearchField) -> Column {
        Column {
            name: field.name.clone(),
            label: field.label.clone(),
            form: field.form,
            sortable: field.sortable,
        }
    }
}

/// Makes the records to show of those that the org returned.
pub(super) fn found(
    workspace: &Workspace,
    connection: &Connection,
    described: &Described,
    columns: &[&SearchField],
    records: &[Record],
) -> Result<Vec<FoundRecord>> {
    let ids: Vec<String> = records
        .iter()
        .filter_map(|record| record.id().map(|id| id.as_str().to_owned()))
        .collect();
    let mut linked = people(workspace, connection, &ids)?;
    let found = records.iter().filter_map(|record| {
        let id = record.id()?.as_str().to_owned();
        let name = record.text(&described.name_field).unwrap_or_default();
        Some(FoundRecord {
            name: name.to_owned(),
            converted: record.boolean("IsConverted"),
            values: columns.iter().map(|field| cell(record, field)).collect(),
            linked: linked.remove(&id),
            address: address(connection, described.object, &id),
            id,
        })
    });
    Ok(found.collect())
}

/// Returns which of these records are contacts here.
pub(super) fn people(
    workspace: &Workspace,
    connection: &Connection,
    records: &[String],
) -> Result<HashMap<String, Person>> {
    let Some(org_id) = connection.org_id.as_deref() else {
        return Ok(HashMap::new());
    };
    Ok(workspace.store().read(|reader| {
        let links = reader.links_to_records(org_id, records)?;
        let ids: Vec<ContactId> = links.iter().map(|link| link.contact).collect();
        let people = crate::people::people(reader, &ids)?;
        let person = |id: &ContactId| {
            let person = people.get(id)?;
            Some(Person {
                guid: person.guid.clone(),
                name: person.name.clone(),
            })
        };
        let linked = links
            .into_iter()
            .filter_map(|link| Some((link.record_id, person(&link.contact)?)));
        Ok::<_, leadferry_store::Error>(linked.collect())
    })?)
}

/// Returns the address of a record's page.
///
/// # Source
/// Lightning Aura Components Developer Guide, "pageReference Types", record page: `/lightning/r/{object}/{id}/view`.
pub(super) fn address(connection: &Connection, object: Object, id: &str) -> Option<String> {
    if connection.flow == Flow::Practice {
        return None;
    }
    let base = url::Url::parse(connection.instance_url.as_deref()?).ok()?;
    let page = base
        .join(&format!("/lightning/r/{}/{id}/view", object.name()))
        .ok()?;
    Some(page.to_string())
}

/// Returns a value as it is shown.
pub(super) fn cell(record: &Record, field: &SearchField) -> Cell {
    match record.path(&field.name) {
        None => Cell::Nothing,
        Some(Value::Bool(yes)) => Cell::YesNo(*yes),
        Some(Value::Number(number)) => number.as_f64().map_or(Cell::Nothing, Cell::Number),
        Some(Value::String(text)) => Cell::Text(shown(field, text)),
        Some(other) => Cell::Text(other.to_string()),
    }
}

fn shown(field: &SearchField, text: &str) -> String {
    let label = |value: &str| {
        let mut choices = field.choices.iter();
        let choice = choices.find(|choice| choice.value == value);
        choice.map_or_else(|| value.to_owned(), |choice| choice.label.clone())
    };
    match field.form {
        FieldForm::Picklist => label(text),
        FieldForm::MultiPicklist => text.split(';').map(label).collect::<Vec<_>>().join(", "),
        FieldForm::DateTime => {
            parse_date_time(text).map_or_else(|| text.to_owned(), |time| time.to_string())
        }
        _ => text.to_owned(),
    }
}
