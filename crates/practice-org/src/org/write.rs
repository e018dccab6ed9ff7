//! Creates and changes single records.

use std::borrow::Cow;

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params_from_iter};

use super::field::Kind;
use super::schema::Object;
use super::{Org, ids, values};
use crate::http::Refused;
use crate::json::{Json, array, object};

/// Why one row was refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowError {
    /// `errorCode` or `statusCode`.
    pub(crate) code: String,
    /// Text for people.
    pub(crate) message: String,
    /// Fields concerned.
    pub(crate) fields: Vec<String>,
    /// The duplicate result, where there is one.
    pub(crate) extra: Option<Box<(String, Json)>>,
}

/// What stops a write.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    /// This row is refused, others may pass.
    Row(RowError),
    /// A value of the wrong JSON type: nothing of the request is read. Holds message and byte offset.
    Unreadable(String, usize),
    /// The whole request is refused.
    Whole(Refused),
}

/// How a request asked for its writes to be done.
#[derive(Clone, Debug)]
pub(crate) struct WriteOptions {
    /// `Sforce-Duplicate-Rule-Header: allowSave=true`
    pub(crate) allow_save: bool,
    /// `Sforce-Duplicate-Rule-Header: includeRecordDetails=true`
    pub(crate) record_details: bool,
    /// `Sforce-Auto-Assign` other than FALSE.
    pub(crate) assign: bool,
    /// API version for URLs in answers, such as `v67.0`.
    pub(crate) version: String,
}

impl RowError {
    /// A refusal without fields.
    pub(crate) fn new(code: &str, message: impl Into<String>) -> RowError {
        RowError {
            code: code.to_owned(),
            message: message.into(),
            fields: Vec::new(),
            extra: None,
        }
    }

    /// Names the fields concerned.
    pub(crate) fn of(mut self, fields: &[&str]) -> RowError {
        self.fields = fields.iter().map(|f| (*f).to_owned()).collect();
        self
    }

    /// As the answer to a request about one record.
    pub(crate) fn refused(&self) -> Refused {
        let status = match self.code.as_str() {
            "ENTITY_IS_DELETED" | "NOT_FOUND" => 404,
            "INSUFFICIENT_ACCESS_OR_READONLY" | "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY" => {
                403
            }
            _ => 400,
        };
        let mut refused = Refused::new(status, &self.code, self.message.as_str());
        refused.fields.clone_from(&self.fields);
        refused.extra.clone_from(&self.extra);
        refused
    }

    /// As an entry of a collection row's `errors`.
    pub(crate) fn json(&self) -> Json {
        let fields = array(self.fields.iter().map(String::as_str));
        let mut error = object([
            ("statusCode", self.code.as_str().into()),
            ("message", self.message.as_str().into()),
            ("fields", fields),
        ]);
        if let Some((name, value)) = self.extra.as_deref() {
            error.push(name, value.clone());
        }
        error
    }
}

impl Trouble {
    /// The refusal of the request as a whole; `body` gives the place of a value.
    pub(crate) fn refused(self, body: &[u8]) -> Refused {
        match self {
            Trouble::Row(error) => error.refused(),
            Trouble::Whole(refused) => refused,
            Trouble::Unreadable(message, at) => {
                let text = String::from_utf8_lossy(body);
                let (line, column) = crate::json::place(&text, at);
                Refused::new(
                    400,
                    "JSON_PARSER_ERROR",
                    format!("{message} at [line:{line}, column:{column}]"),
                )
            }
        }
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Trouble {
        Trouble::Whole(Refused::internal(&error))
    }
}

impl From<RowError> for Trouble {
    fn from(error: RowError) -> Trouble {
        Trouble::Row(error)
    }
}

impl Org {
    /// Creates a record and returns its id.
    pub(crate) fn create(
        &self,
        object: &Object,
        record: &Json,
        options: &WriteOptions,
    ) -> Result<String, Trouble> {
        self.whole(object, || self.create_row(object, record, options))
    }

    /// Changes a record.
    pub(crate) fn update(
        &self,
        object: &Object,
        id: &str,
        record: &Json,
        options: &WriteOptions,
    ) -> Result<(), Trouble> {
        self.whole(object, || self.update_row(object, id, record, options))
    }

    /// Runs a write so that nothing of it stays if it is refused after a part was done, which only rules do.
    fn whole<T>(
        &self,
        object: &Object,
        work: impl FnOnce() -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        if !self.has_rules(object) {
            return work();
        }
        let mut done = Ok(None);
        self.attempt(|| {
            done = work().map(Some);
            Ok(((), done.is_ok()))
        })?;
        done?.ok_or_else(|| Refused::not_found().into())
    }

    fn create_row(
        &self,
        object: &Object,
        record: &Json,
        options: &WriteOptions,
    ) -> Result<String, Trouble> {
        if !object.is("create") {
            let message = format!("entity type cannot be inserted: {}", object.label);
            return Err(RowError::new("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message).into());
        }
        if record
            .get_any_case("Id")
            .is_some_and(|id| *id != Json::Null)
        {
            let message = "The Id field should not be specified in the sobject data.";
            return Err(RowError::new("INVALID_FIELD", message).into());
        }
        self.row_fault(record)?;
        let mut row = self.fit(object, record, None)?;
        self.require(object, &row)?;
        self.check_storage()?;
        self.check_unique(object, &row, None)?;
        self.check_duplicates(object, &row, options)?;
        let id = self.next_id(&object.prefix)?;
        self.fill_in(object, &mut row, &id);
        self.insert(object, &row)?;
        self.after_write(object, &id, options)?;
        Ok(id)
    }

    fn update_row(
        &self,
        object: &Object,
        id: &str,
        record: &Json,
        options: &WriteOptions,
    ) -> Result<(), Trouble> {
        if object.is("no_edit") {
            let message = "insufficient access rights on object id";
            return Err(RowError::new("INSUFFICIENT_ACCESS_OR_READONLY", message).into());
        }
        if !object.is("update") {
            let message = format!("entity type cannot be updated: {}", object.label);
            return Err(RowError::new("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message).into());
        }
        self.row_fault(record)?;
        let id = self.live(object, id)?;
        self.check_person_contact(object, &id)?;
        let mut row = self.fit(object, record, Some(&id))?;
        if row.is_empty() {
            return Ok(());
        }
        self.check_unique(object, &row, Some(&id))?;
        self.name_person(object, &mut row, Some(&id))?;
        self.change(object, &id, row)?;
        self.after_write(object, &id, options)
    }

    /// Sets columns of a record, and its stamps.
    pub(super) fn change(
        &self,
        object: &Object,
        id: &str,
        mut row: Vec<(String, Value)>,
    ) -> rusqlite::Result<()> {
        derive(object, &mut row);
        let now = Value::Integer(values::stamp_ms());
        let stamps = [
            ("LastModifiedDate", now.clone()),
            ("LastModifiedById", self.acting().into()),
            ("SystemModstamp", now),
        ];
        row.extend(
            stamps
                .into_iter()
                .filter(|(f, _)| object.any_field(f).is_some())
                .map(|(f, v)| (f.to_owned(), v)),
        );
        let sets: Vec<String> = row
            .iter()
            .map(|(field, _)| format!("\"{field}\" = ?"))
            .collect();
        let sql = format!(
            "UPDATE {} SET {} WHERE \"Id\" = ?",
            object.table(),
            sets.join(", ")
        );
        let bound = row
            .into_iter()
            .map(|(_, value)| value)
            .chain([Value::Text(id.to_owned())]);
        self.conn
            .prepare_cached(&sql)?
            .execute(params_from_iter(bound))?;
        Ok(())
    }

    /// The 18-character id of a record that may be changed.
    fn live(&self, object: &Object, id: &str) -> Result<String, Trouble> {
        let Some(id) = ids::normal(id) else {
            return Err(malformed(object, id).into());
        };
        if !id.starts_with(&object.prefix) {
            return Err(malformed(object, &id).into());
        }
        let flag = |name: &str| {
            if object.any_field(name).is_some() {
                format!("\"{name}\"")
            } else {
                "0".to_owned()
            }
        };
        let master = if object.any_field("MasterRecordId").is_some() {
            "\"MasterRecordId\""
        } else {
            "NULL"
        };
        let (deleted, converted) = (flag("IsDeleted"), flag("IsConverted"));
        let sql = format!(
            "SELECT {deleted}, {converted}, {master} FROM {} WHERE \"Id\" = ?1",
            object.table()
        );
        let state = |row: &rusqlite::Row<'_>| {
            Ok((
                row.get::<_, bool>(0)?,
                row.get::<_, bool>(1)?,
                row.get::<_, Option<String>>(2)?,
            ))
        };
        let state = self
            .conn
            .prepare_cached(&sql)?
            .query_row([&id], state)
            .optional()?;
        match state {
            None => Err(RowError::new("NOT_FOUND", "The requested resource does not exist").into()),
            Some((true, _, Some(winner))) if self.is_on("merged_away_record_redirects")? => {
                self.live(object, &winner)
            }
            Some((true, ..)) => Err(RowError::new("ENTITY_IS_DELETED", "entity is deleted").into()),
            Some((false, true, _))
                if !self.is_on("updating_converted_lead_allowed")?
                    && self.choice("upsert_key_of_converted_lead")? != "update" =>
            {
                Err(RowError::new(
                    "CANNOT_UPDATE_CONVERTED_LEAD",
                    "cannot reference converted lead",
                )
                .into())
            }
            Some(_) => Ok(id),
        }
    }

    fn require(&self, object: &Object, row: &[(String, Value)]) -> Result<(), Trouble> {
        let given = |name: &str| row.iter().any(|(f, v)| f == name && *v != Value::Null);
        let missing: Vec<&str> = object
            .fields
            .iter()
            .filter(|f| f.required() && !given(&f.name))
            .map(|f| f.name.as_str())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let message = format!("Required fields are missing: [{}]", missing.join(", "));
        Err(RowError::new("REQUIRED_FIELD_MISSING", message)
            .of(&missing)
            .into())
    }

    /// Adds what the org sets itself: id, owner, stamps, defaults, the whole name.
    pub(super) fn fill_in(&self, object: &Object, row: &mut Vec<(String, Value)>, id: &str) {
        let now = Value::Integer(values::stamp_ms());
        for field in &object.fields {
            if row
                .iter()
                .any(|(f, v)| *f == field.name && (*v != Value::Null || field.nillable))
            {
                continue;
            }
            let value = match (field.name.as_str(), field.kind) {
                ("Id", _) => Value::Text(id.to_owned()),
                ("CreatedDate" | "LastModifiedDate" | "SystemModstamp", _) => now.clone(),
                ("CreatedById" | "LastModifiedById" | "OwnerId", _) => Value::Text(self.acting()),
                (_, Kind::Boolean) => {
                    Value::Integer(i64::from(field.default.as_deref() == Some("true")))
                }
                (_, Kind::Int | Kind::Currency) if field.default.is_some() => Value::Integer(0),
                _ if field.auto_number => Value::Text(self.record_number(object)),
                _ => match &field.default {
                    Some(text) => Value::Text(text.clone()),
                    None => continue,
                },
            };
            row.retain(|(f, _)| *f != field.name);
            row.push((field.name.clone(), value));
        }
        derive(object, row);
        // Cannot fail without an id to look up.
        let _ = self.name_person(object, row, None);
    }

    /// Sets `Name` of a person from its parts, reading those not given.
    fn name_person(
        &self,
        object: &Object,
        row: &mut Vec<(String, Value)>,
        id: Option<&str>,
    ) -> rusqlite::Result<()> {
        let parts = ["FirstName", "LastName"];
        let is_person = object
            .name_field()
            .is_some_and(|f| f.name == "Name" && !f.createable)
            && object.any_field("LastName").is_some();
        if !is_person || !row.iter().any(|(f, _)| parts.contains(&f.as_str())) {
            return Ok(());
        }
        let mut words = Vec::new();
        for part in parts {
            let given = row.iter().find(|(f, _)| f == part).map(|(_, v)| v.clone());
            let value = match (given, id) {
                (Some(value), _) => value,
                (None, None) => Value::Null,
                (None, Some(id)) => {
                    let sql = format!(
                        "SELECT \"{part}\" FROM {} WHERE \"Id\" = ?1",
                        object.table()
                    );
                    self.conn
                        .prepare_cached(&sql)?
                        .query_row([id], |row| row.get(0))?
                }
            };
            if let Value::Text(text) = value {
                words.push(text);
            }
        }
        row.push(("Name".to_owned(), Value::Text(words.join(" "))));
        Ok(())
    }

    /// Inserts a row as it is.
    pub(super) fn insert(&self, object: &Object, row: &[(String, Value)]) -> rusqlite::Result<()> {
        let columns: Vec<String> = row
            .iter()
            .map(|(field, _)| format!("\"{field}\""))
            .collect();
        let marks = vec!["?"; row.len()].join(", ");
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({marks})",
            object.table(),
            columns.join(", ")
        );
        self.conn
            .prepare_cached(&sql)?
            .execute(params_from_iter(row.iter().map(|(_, value)| value)))?;
        Ok(())
    }

    fn after_write(
        &self,
        object: &Object,
        id: &str,
        options: &WriteOptions,
    ) -> Result<(), Trouble> {
        self.follow_person_account(object, id)?;
        self.check_rules(object, id)?;
        match object.name.as_str() {
            "Lead" if options.assign => self.assign(id)?,
            "PermissionSetAssignment" | "FieldPermissions" => self.permissions_changed()?,
            _ => {}
        }
        Ok(())
    }

    /// Reads permissions anew.
    pub(super) fn permissions_changed(&self) -> Result<(), Trouble> {
        self.touch_schema()?;
        self.reload_schema().map_err(|error| {
            tracing::error!(%error, "the schema could not be read");
            Trouble::Whole(Refused::new(
                500,
                "UNKNOWN_EXCEPTION",
                "An unexpected error occurred.",
            ))
        })
    }

    /// The next number of an object's records, as text of eight digits.
    fn record_number(&self, object: &Object) -> String {
        let sql = format!(
            "SELECT coalesce(max(row), 0) + 1001 FROM {}",
            object.table()
        );
        let number = self.conn.query_row(&sql, [], |row| row.get::<_, i64>(0));
        format!("{:08}", number.unwrap_or_default())
    }

    fn check_storage(&self) -> Result<(), Trouble> {
        let full = RowError::new("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded");
        if self.armed.borrow_mut().storage_full() {
            return Err(full.into());
        }
        match self.setting("data_storage_mb")?.and_then(|v| v.as_i64()) {
            Some(megabytes) if self.storage_kb()? >= megabytes * 1024 => Err(full.into()),
            _ => Ok(()),
        }
    }

    /// Storage used, as Salesforce reckons it: 2 KB a record.
    pub(crate) fn storage_kb(&self) -> rusqlite::Result<i64> {
        let count = "SELECT (SELECT count(*) FROM \"o_Lead\") + (SELECT count(*) FROM \"o_Contact\") + (SELECT count(*) FROM \"o_Account\")";
        self.conn
            .query_row(count, [], |row| row.get::<_, i64>(0))
            .map(|n| n * 2)
    }

    /// A fault asked for this very row.
    fn row_fault(&self, record: &Json) -> Result<(), Trouble> {
        self.armed.borrow_mut().row(record).map_or(Ok(()), Err)
    }
}

/// Sets what follows from the fields that are written.
fn derive(object: &Object, row: &mut Vec<(String, Value)>) {
    let text = |name: &str| {
        row.iter().find_map(|(f, v)| match v {
            Value::Text(text) if f == name => Some(text.clone()),
            _ => None,
        })
    };
    let flag = |yes: bool| Value::Integer(i64::from(yes));
    let mut derived: Vec<(&str, Value)> = Vec::new();
    match object.name.as_str() {
        "Task" => {
            if let Some(status) = text("Status") {
                derived.push(("IsClosed", flag(status == "Completed")));
            }
            if let Some(priority) = text("Priority") {
                derived.push(("IsHighPriority", flag(priority == "High")));
            }
        }
        "Case" => {
            if let Some(status) = text("Status") {
                derived.push(("IsClosed", flag(status == "Closed")));
            }
        }
        "Opportunity" => {
            if let Some(stage) = text("StageName") {
                derived.push(("IsClosed", flag(stage.starts_with("Closed"))));
                derived.push(("IsWon", flag(stage == "Closed Won")));
                let (percent, category) = forecast(&stage);
                let value = match category {
                    "Commit" => "Forecast".to_owned(),
                    name => name.replace(' ', ""),
                };
                derived.push(("ForecastCategory", Value::Text(value)));
                for (field, value) in [
                    ("Probability", Value::Integer(percent)),
                    ("ForecastCategoryName", Value::Text(category.to_owned())),
                ] {
                    if !row.iter().any(|(f, v)| f == field && *v != Value::Null) {
                        derived.push((field, value));
                    }
                }
            }
            if let Some(day) =
                text("CloseDate").and_then(|day| day.parse::<jiff::civil::Date>().ok())
            {
                let quarter = (i64::from(day.month()) + 2) / 3;
                derived.push(("FiscalYear", Value::Integer(day.year().into())));
                derived.push(("FiscalQuarter", Value::Integer(quarter)));
                derived.push(("Fiscal", Value::Text(format!("{} {quarter}", day.year()))));
            }
        }
        "CampaignMember" => {
            if let Some(status) = text("Status") {
                derived.push(("HasResponded", flag(status == "Responded")));
            }
            for (field, kind) in [("LeadId", "Lead"), ("ContactId", "Contact")] {
                if let Some(id) = text(field) {
                    derived.push(("LeadOrContactId", Value::Text(id)));
                    derived.push(("Type", Value::Text(kind.to_owned())));
                }
            }
        }
        _ => {}
    }
    for (name, value) in derived {
        row.retain(|(f, _)| f != name);
        row.push((name.to_owned(), value));
    }
}

/// The probability in percent and the forecast category that come with a stage.
fn forecast(stage: &str) -> (i64, &'static str) {
    match stage {
        "Prospecting" | "Qualification" => (10, "Pipeline"),
        "Needs Analysis" => (20, "Pipeline"),
        "Value Proposition" => (50, "Pipeline"),
        "Id. Decision Makers" => (60, "Pipeline"),
        "Perception Analysis" => (70, "Pipeline"),
        "Proposal/Price Quote" => (75, "Best Case"),
        "Negotiation/Review" => (90, "Commit"),
        "Closed Won" => (100, "Closed"),
        "Closed Lost" => (0, "Omitted"),
        _ => (0, "Pipeline"),
    }
}

/// The refusal of an id that cannot be one of this object's.
pub(super) fn malformed(object: &Object, id: &str) -> RowError {
    let shown: Cow<'_, str> = if id.len() > 60 {
        "…".into()
    } else {
        id.into()
    };
    RowError::new(
        "MALFORMED_ID",
        format!("{}: id value of incorrect type: {shown}", id_label(object)),
    )
    .of(&["Id"])
}

fn id_label(object: &Object) -> String {
    object
        .any_field("Id")
        .map_or_else(|| "ID".to_owned(), |f| f.label.clone())
}
