//! The fields of an object, as a search can use them: from the org's describe, kept for working offline.

use jiff::tz::TimeZone;
use leadferry_salesforce::soql::Condition;
use leadferry_salesforce::{Client, Describe, Field, FieldType, soql};
use leadferry_store::{Connection, StoredDescribe, is_within, nearest_spelling};
use serde::{Deserialize, Serialize};

use super::{Criterion, Match, Object, Operator, criteria};
use crate::error::did_you_mean;
use crate::orgs::{self, Ask, refresh_describe};
use crate::{Error, Result, Workspace};

/// A kept describe is asked for again after a day: fields change rarely, and asking costs a call.
const FRESH_MS: i64 = 24 * 60 * 60 * 1000;

/// Objects whose name stands in a field called `Name`, so that a look-up to one of them can be shown by it.
const NAMED: &[&str] = &[
    "User",
    "Group",
    "Account",
    "Contact",
    "Lead",
    "Campaign",
    "RecordType",
    "Profile",
];

/// A question for an object's fields.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct AskFields {
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
    /// The object.
    pub object: Object,
    /// Whether the org is asked in any case.
    #[serde(default)]
    #[ts(as = "Option<bool>")]
    pub refresh: bool,
}

/// What kind of values a field holds, as far as a search tells them apart.
#[expect(missing_docs, reason = "each says what it is")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldForm {
    Text,
    Number,
    YesNo,
    Date,
    DateTime,
    Picklist,
    MultiPicklist,
    Reference,
    /// Shown, but never filtered by.
    Other,
}

/// A value that a picklist offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "SearchChoice")]
pub struct Choice {
    /// The value.
    pub value: String,
    /// As the org shows it.
    pub label: String,
}

/// A field that can be searched by, or shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SearchField {
    /// API name, or the path to a parent's name such as `Owner.Name`.
    pub name: String,
    /// As the org shows it.
    pub label: String,
    /// What it holds.
    pub form: FieldForm,
    /// What can be asked of it; nothing where it cannot be filtered by.
    pub operators: Vec<Operator>,
    /// Whether records can be ordered by it.
    pub sortable: bool,
    /// What a picklist offers.
    pub choices: Vec<Choice>,
    /// It was made in the org.
    pub custom: bool,
}

/// The fields of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SearchFields {
    /// The connection.
    pub connection: String,
    /// The object.
    pub object: Object,
    /// One record of it, as the org calls it.
    pub label: String,
    /// Several.
    pub label_plural: String,
    /// The fields, by label.
    pub fields: Vec<SearchField>,
    /// What a list shows until the user chooses.
    pub columns: Vec<String>,
    /// When the org last confirmed them, UTC milliseconds.
    pub read_at: i64,
    /// Why they are not the newest, where the org was asked and did not answer.
    pub not_refreshed: Option<Error>,
    /// API calls that this took.
    pub calls: u64,
}

/// Returns the fields of an object: the kept ones, asked for again once a day; without the org, the kept ones.
///
/// # Errors
/// When none are kept and the org does not answer.
pub async fn fields(workspace: &Workspace, request: &AskFields) -> Result<SearchFields> {
    let connection = orgs::chosen(workspace, request.connection.as_deref())?;
    let now = workspace.host().now();
    let kept = kept(workspace, &connection, request.object)?;
    let fresh = kept
        .as_ref()
        .is_some_and(|kept| is_within(kept.fetched_at, FRESH_MS, now));
    let (mut not_refreshed, mut calls) = (None, 0);
    if request.refresh || !fresh {
        let ask = if request.refresh {
            Ask::Anew
        } else {
            Ask::IfChanged
        };
        match refreshed(workspace, &connection, request.object, ask, &mut calls).await {
            Err(error) if kept.is_none() => return Err(error),
            Err(error) => not_refreshed = Some(error),
            Ok(()) => {}
        }
    }
    let kept = self::kept(workspace, &connection, request.object)?.ok_or_else(gone)?;
    let described = Described::read(request.object, &kept)?;
    Ok(SearchFields {
        connection: connection.name,
        object: request.object,
        label: described.label,
        label_plural: described.label_plural,
        columns: described.columns,
        fields: described.fields,
        read_at: kept.fetched_at,
        not_refreshed,
        calls,
    })
}

async fn refreshed(
    workspace: &Workspace,
    connection: &Connection,
    object: Object,
    ask: Ask,
    calls: &mut u64,
) -> Result<()> {
    let org = orgs::org(workspace, connection.id).await?;
    let before = org.client.traffic().calls;
    let read = refresh_describe(workspace, connection.id, &org.client, object.name(), ask).await;
    orgs::keep_allowance(workspace, connection.id, &org.client)?;
    *calls = org.client.traffic().calls.saturating_sub(before);
    read.map(|_| ())
}

fn kept(
    workspace: &Workspace,
    connection: &Connection,
    object: Object,
) -> Result<Option<StoredDescribe>> {
    Ok(workspace
        .store()
        .read(|reader| reader.describe(connection.id, object.name()))?)
}

fn gone() -> Error {
    Error::new(
        crate::Code::SetUp,
        "the org's fields aren't known yet",
        "refresh the fields",
    )
}

/// Turns criteria on any object into a condition; dates are days in `zone`.
pub(crate) fn condition_on(
    describe: &Describe,
    rows: &[Criterion],
    matching: Match,
    zone: &TimeZone,
) -> Result<Condition> {
    // The object decides only what a list shows.
    let object = Object::named(&describe.name).unwrap_or(Object::Lead);
    let described = Described {
        name: describe.name.clone(),
        ..Described::from(object, describe)
    };
    criteria::condition(&described, rows, matching, zone)
}

/// Returns the fields of any object by which its records can be chosen.
pub(crate) fn conditions_on(describe: &Describe) -> Vec<SearchField> {
    let object = Object::named(&describe.name).unwrap_or(Object::Lead);
    Described::from(object, describe).fields
}

/// An object as its describe says.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) object: Object,
    /// API name.
    name: String,
    label: String,
    label_plural: String,
    /// The field that holds a record's name.
    pub(super) name_field: String,
    /// By label.
    pub(super) fields: Vec<SearchField>,
    /// What a list shows until the user chooses.
    pub(super) columns: Vec<String>,
}

impl Described {
    /// Returns the object as kept; asks the org where nothing is.
    pub(super) async fn of(
        workspace: &Workspace,
        connection: &Connection,
        client: &Client,
        object: Object,
    ) -> Result<Described> {
        if let Some(kept) = kept(workspace, connection, object)? {
            return Described::read(object, &kept);
        }
        Described::anew(workspace, connection, client, object).await
    }

    /// Returns the object as the org describes it now.
    pub(super) async fn anew(
        workspace: &Workspace,
        connection: &Connection,
        client: &Client,
        object: Object,
    ) -> Result<Described> {
        refresh_describe(workspace, connection.id, client, object.name(), Ask::Anew).await?;
        Described::read(
            object,
            &kept(workspace, connection, object)?.ok_or_else(gone)?,
        )
    }

    fn read(object: Object, kept: &StoredDescribe) -> Result<Described> {
        let describe = Describe::parse(&kept.body)?;
        Ok(Described::from(object, &describe))
    }

    pub(super) fn from(object: Object, describe: &Describe) -> Described {
        let shown = |field: &&Field| !field.deprecated_and_hidden && form(field).is_some();
        let own = describe
            .fields
            .iter()
            .filter(shown)
            .filter_map(search_field);
        let parents = describe.fields.iter().filter_map(parents_name);
        let mut fields: Vec<SearchField> = own.chain(parents).collect();
        fields.sort_by_cached_key(|field| (field.label.to_lowercase(), field.name.clone()));
        let name_field = describe.fields.iter().find(|field| field.name_field);
        let mut described = Described {
            object,
            name: object.name().to_owned(),
            label: describe.label.clone(),
            label_plural: describe.label_plural.clone(),
            name_field: name_field.map_or("Name", |field| &field.name).to_owned(),
            fields,
            columns: Vec::new(),
        };
        let usual = usual_columns(object).iter();
        described.columns = usual
            .filter_map(|name| described.field(name))
            .map(|field| field.name.clone())
            .collect();
        described
    }

    /// Returns a field by its name, without regard to case.
    pub(super) fn field(&self, name: &str) -> Option<&SearchField> {
        let mut fields = self.fields.iter();
        fields.find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// Returns a field that somebody asked for.
    pub(super) fn known(&self, name: &str) -> Result<&SearchField> {
        self.field(name).ok_or_else(|| {
            let spellings = self.fields.iter().flat_map(|field| {
                let name = field.name.as_str();
                [(name, name), (field.label.as_str(), name)]
            });
            Error::new(
                crate::Code::SetUp,
                format!("{} has no field \"{name}\" here", self.name),
                did_you_mean(
                    nearest_spelling(name, spellings),
                    "choose another field, or refresh the fields",
                ),
            )
            .because("the field was deleted or renamed, or the signed-in user can't see it")
        })
    }
}

fn usual_columns(object: Object) -> &'static [&'static str] {
    match object {
        Object::Lead => &[
            "Name",
            "Company",
            "Email",
            "Status",
            "Owner.Name",
            "CreatedDate",
        ],
        Object::Contact => &[
            "Name",
            "Account.Name",
            "Title",
            "Email",
            "Owner.Name",
            "CreatedDate",
        ],
        Object::Account => &[
            "Name",
            "Industry",
            "BillingCity",
            "BillingCountry",
            "Phone",
            "Owner.Name",
        ],
        Object::Campaign => &["Name", "Type", "Status", "StartDate", "EndDate", "IsActive"],
    }
}

/// Returns what a field holds; nothing for what cannot be shown in a cell.
fn form(field: &Field) -> Option<FieldForm> {
    Some(match field.field_type {
        FieldType::String
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url
        | FieldType::Combobox
        | FieldType::EncryptedString
        | FieldType::TextArea => FieldForm::Text,
        FieldType::Boolean => FieldForm::YesNo,
        FieldType::Int
        | FieldType::Long
        | FieldType::Double
        | FieldType::Currency
        | FieldType::Percent => FieldForm::Number,
        FieldType::Date => FieldForm::Date,
        FieldType::DateTime => FieldForm::DateTime,
        FieldType::Picklist => FieldForm::Picklist,
        FieldType::MultiPicklist => FieldForm::MultiPicklist,
        FieldType::Id | FieldType::Reference => FieldForm::Reference,
        FieldType::Time => FieldForm::Other,
        _ => return None,
    })
}

fn search_field(field: &Field) -> Option<SearchField> {
    let form = form(field)?;
    let offered = field.picklist_values.iter().filter(|entry| entry.active);
    let choices = offered.map(|entry| Choice {
        value: entry.value.clone(),
        label: entry.label.clone().unwrap_or_else(|| entry.value.clone()),
    });
    Some(SearchField {
        name: field.name.clone(),
        label: field.label.clone(),
        form,
        operators: if field.filterable {
            Operator::of(form).to_vec()
        } else {
            Vec::new()
        },
        sortable: field.sortable,
        choices: choices.collect(),
        custom: field.custom,
    })
}

/// Returns the name of the record that a look-up leads to, where it can be read through it.
fn parents_name(field: &Field) -> Option<SearchField> {
    let relationship = field.relationship_name.as_deref()?;
    let named = !field.reference_to.is_empty()
        && field
            .reference_to
            .iter()
            .all(|object| NAMED.contains(&object.as_str()));
    if field.deprecated_and_hidden || !named || !soql::is_name(relationship) {
        return None;
    }
    let label = field.label.strip_suffix(" ID").unwrap_or(&field.label);
    Some(SearchField {
        name: format!("{relationship}.Name"),
        label: label.to_owned(),
        form: FieldForm::Text,
        operators: Operator::of(FieldForm::Text).to_vec(),
        sortable: true,
        choices: Vec::new(),
        custom: field.custom,
    })
}
