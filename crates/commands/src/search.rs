//! Search: looking into the org for leads, contacts, accounts and campaigns, and bringing in what was found.
//!
//! The way of a search: `fields` says what the org's describe allows, `criteria` turns the user's rows into a condition
//! built from values, `running` asks the org and `records` shows what came back; `importing` brings some of it in, and
//! `statement` runs what the user wrote herself. Nothing here writes to the org.

mod criteria;
mod fields;
mod importing;
mod mapping_back;
mod records;
mod running;
mod saved;
mod spent;
mod statement;

pub use criteria::{Criterion, Match, Operator, Within};
pub use fields::{AskFields, Choice, FieldForm, SearchField, SearchFields, fields};
pub(crate) use fields::{condition_on, conditions_on};
pub use importing::{ImportRecords, RecordLeftOut, RecordsImported, import};
pub use records::{Cell, Column, FoundRecord, Person};
pub use running::{AskNext, Found, RunSearch, SortBy, Wanted, next, run};
pub use saved::{RemoveSearch, SaveSearch, SavedSearch, remove, rename, save, saved};
pub use spent::Spent;
pub use statement::{AskSoql, SoqlFound, soql};

use leadferry_store::Connection;
use serde::{Deserialize, Serialize};

use crate::{Error, Result, Workspace, orgs};

/// What can be searched.
#[expect(missing_docs, reason = "each is the org's own word")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[ts(rename = "OrgObject")]
pub enum Object {
    Lead,
    Contact,
    Account,
    Campaign,
}

impl Object {
    /// All of them.
    pub const ALL: [Object; 4] = [
        Object::Lead,
        Object::Contact,
        Object::Account,
        Object::Campaign,
    ];

    /// Returns the API name.
    pub fn name(self) -> &'static str {
        match self {
            Object::Lead => "Lead",
            Object::Contact => "Contact",
            Object::Account => "Account",
            Object::Campaign => "Campaign",
        }
    }

    /// Returns the object of an API name, without regard to case.
    ///
    /// # Errors
    /// When it is none that can be searched.
    pub fn named(name: &str) -> Result<Object> {
        let found = Object::ALL
            .into_iter()
            .find(|object| object.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| {
            Error::usage(
                format!("\"{name}\" can't be searched"),
                "search Lead, Contact, Account or Campaign",
            )
        })
    }

    /// Tells whether its records are people.
    pub fn is_person(self) -> bool {
        matches!(self, Object::Lead | Object::Contact)
    }
}

/// Returns the connection, and its org signed in to.
async fn reached(
    workspace: &Workspace,
    connection: Option<&str>,
) -> Result<(Connection, leadferry_replication::Org)> {
    let connection = orgs::chosen(workspace, connection)?;
    let org = orgs::org(workspace, connection.id).await?;
    // Signing in for the first time has bound it.
    let connection = workspace
        .store()
        .read(|reader| reader.connection(connection.id))?;
    Ok((connection, org))
}
