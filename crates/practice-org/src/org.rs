//! The org's records, schema and bookkeeping, in one SQLite file.

mod access;
mod addresses;
mod adopted;
mod apps;
mod assignments;
mod convert;
mod cursors;
mod custom_fields;
mod custom_objects;
mod definitions;
mod duplicates;
mod features;
pub(crate) mod field;
pub(crate) mod ids;
mod jobs;
mod keys;
mod life;
mod merge;
pub(crate) mod opening;
mod person_accounts;
mod profiles;
mod read;
mod record_types;
mod records;
mod residents;
mod rules;
pub(crate) mod schema;
pub(crate) mod secrets;
mod settings;
mod tables;
mod tokens;
mod uniqueness;
mod usage;
mod users;
mod validation;
pub(crate) mod values;
mod write;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

pub(crate) use apps::App;
pub(crate) use cursors::{Cursor, numbers};
pub(crate) use records::{Outcome, UpsertRow};
use rules::Rules;
use schema::Schema;
pub(crate) use tables::WIDE;
pub(crate) use tokens::{Grant, Session};
pub(crate) use usage::Logged;
pub(crate) use write::{RowError, Trouble, WriteOptions};

use crate::Result;
use crate::faults::{Armed, Faults};
use crate::http::Refused;
use crate::json::Json;

/// An open org.
///
/// All its functions run on one connection, inside the transaction that [`Org::transaction`] opens for a request.
pub(crate) struct Org {
    conn: Connection,
    schema: RefCell<Arc<Schema>>,
    rules: RefCell<Arc<Rules>>,
    /// Faults that were asked for.
    pub(crate) faults: RefCell<Faults>,
    /// Those that apply to the request at hand.
    pub(crate) armed: RefCell<Armed>,
    /// The org's own id.
    pub(crate) id: String,
    /// The id of the built-in user.
    pub(crate) user: String,
    /// The id of another user who acts now.
    acting: RefCell<Option<String>>,
    /// What the org looks like to those others.
    schemas: RefCell<BTreeMap<String, Arc<Schema>>>,
    settings: RefCell<BTreeMap<String, Json>>,
    depth: Cell<u32>,
    /// The schema was read anew since the transaction began, so undoing must read it once more.
    schema_touched: Cell<bool>,
    /// When the request at hand has kept the database busy for too long.
    ends: Arc<Mutex<Option<Instant>>>,
}

/// A request takes milliseconds. One that takes longer comes of a file that was made to keep us busy.
const LONGEST_REQUEST: Duration = Duration::from_secs(25);
const STEPS_BETWEEN_LOOKS: i32 = 100_000;

fn is_over(ends: &Mutex<Option<Instant>>) -> bool {
    let ends = ends.lock().unwrap_or_else(PoisonError::into_inner);
    ends.is_some_and(|ends| Instant::now() > ends)
}

impl Org {
    /// Opens the file, making a new org if there is none; says whether it is new.
    pub(crate) fn open(file: &Path) -> Result<(Org, bool)> {
        Self::open_as_it_is(file).map_err(|error| opening::named(error, file))
    }

    fn open_as_it_is(file: &Path) -> Result<(Org, bool)> {
        let conn = opening::open(file)?;
        let new = tables::prepare(&conn)?;
        let ends = Arc::default();
        let looked = Arc::clone(&ends);
        conn.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || is_over(&looked)))?;
        let org = Org {
            conn,
            schema: RefCell::new(Arc::new(Schema::standard()?)),
            rules: RefCell::default(),
            faults: RefCell::default(),
            armed: RefCell::default(),
            id: String::new(),
            user: String::new(),
            acting: RefCell::default(),
            schemas: RefCell::default(),
            settings: RefCell::default(),
            depth: Cell::new(0),
            schema_touched: Cell::new(false),
            ends,
        };
        let org = org.furnish(new)?;
        Ok((org, new))
    }

    fn furnish(mut self, new: bool) -> Result<Org> {
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        self.load_settings()?;
        self.make_record_tables()?;
        if new {
            self.first_records()?;
        }
        self.make_residents()?;
        self.make_secrets()?;
        let one = |sql: &str| self.conn.query_row(sql, [], |row| row.get::<_, String>(0));
        let (id, user) = (
            one("SELECT \"Id\" FROM \"o_Organization\"")?,
            one("SELECT \"Id\" FROM \"o_User\" ORDER BY row LIMIT 1")?,
        );
        (self.id, self.user) = (id, user);
        self.faults = RefCell::new(Faults::load(&self.conn)?);
        self.conn.execute_batch("COMMIT")?;
        self.reload_schema()?;
        self.widen_decimals()?;
        Ok(self)
    }

    /// Returns the name of the org's file, without its folder.
    pub(crate) fn file_name(&self) -> String {
        let file = Path::new(self.conn.path().unwrap_or_default());
        let name = file.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Does the work of a request; what takes too long fails.
    pub(crate) fn in_time<T>(&self, work: impl FnOnce(&Org) -> T) -> T {
        let set = |ends| *self.ends.lock().unwrap_or_else(PoisonError::into_inner) = ends;
        set(Some(Instant::now() + LONGEST_REQUEST));
        let done = work(self);
        set(None);
        done
    }

    /// The connection, for modules that keep their own tables.
    pub(crate) fn conn(&self) -> &Connection {
        &self.conn
    }

    /// What the org looks like to the user who acts now.
    pub(crate) fn schema(&self) -> Arc<Schema> {
        let armed = self.armed.borrow();
        if let Some(schema) = &armed.schema {
            return Arc::clone(schema);
        }
        match self.acting.borrow().as_deref() {
            Some(user) => self.schema_of(user),
            None => Arc::clone(&self.schema.borrow()),
        }
    }

    /// What the org looks like to another user. What can't be read leaves them nothing.
    fn schema_of(&self, user: &str) -> Arc<Schema> {
        if let Some(schema) = self.schemas.borrow().get(user) {
            return Arc::clone(schema);
        }
        let read = || {
            let mut schema = self.whole_schema()?;
            self.apply_permissions(&mut schema, user)?;
            Ok::<_, crate::Error>(schema)
        };
        let schema = Arc::new(read().unwrap_or_else(|error| {
            tracing::error!(%error, "the schema could not be read");
            Schema::default()
        }));
        let mut schemas = self.schemas.borrow_mut();
        schemas.insert(user.to_owned(), Arc::clone(&schema));
        schema
    }

    /// What the org has, whoever may see it.
    fn base_schema(&self) -> Schema {
        self.whole_schema().unwrap_or_default()
    }

    /// Reads what customers made, and features.
    fn whole_schema(&self) -> Result<Schema> {
        let mut schema = self.made_here()?;
        self.apply_adopted(&mut schema)?;
        self.add_record_types(&mut schema)?;
        self.apply_features(&mut schema)?;
        Ok(schema)
    }

    /// Reads what customers made, features and permissions anew, after any changed.
    pub(crate) fn reload_schema(&self) -> Result<()> {
        self.schema_touched.set(true);
        self.schemas.borrow_mut().clear();
        let mut schema = self.whole_schema()?;
        self.load_rules(&schema)?;
        self.write_definitions(&schema)?;
        self.apply_permissions(&mut schema, &self.user)?;
        *self.schema.borrow_mut() = Arc::new(schema);
        Ok(())
    }

    /// The shipped objects and what customers made.
    fn made_here(&self) -> Result<Schema> {
        let mut schema = Schema::standard()?;
        self.add_custom_objects(&mut schema)?;
        self.add_custom_fields(&mut schema)?;
        Ok(schema)
    }

    /// Runs one request's work in a transaction, kept unless `work` fails.
    pub(crate) fn transaction<T>(
        &self,
        work: impl FnOnce(&Org) -> std::result::Result<T, Refused>,
    ) -> std::result::Result<T, Refused> {
        // Work that broke off in the middle must not stand in the way of all later work.
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK")?;
        }
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        self.depth.set(0);
        self.schema_touched.set(false);
        let result = work(self);
        let end = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
        self.conn.execute_batch(end)?;
        result
    }

    /// Runs `work` so that its changes vanish unless it says they stay.
    pub(crate) fn attempt<T>(
        &self,
        work: impl FnOnce() -> std::result::Result<(T, bool), Refused>,
    ) -> std::result::Result<T, Refused> {
        let depth = self.depth.get() + 1;
        self.depth.set(depth);
        self.conn.execute_batch(&format!("SAVEPOINT s{depth}"))?;
        let result = work();
        self.depth.set(depth - 1);
        if !matches!(result, Ok((_, true))) {
            self.conn.execute_batch(&format!("ROLLBACK TO s{depth}"))?;
            let reload = || self.load_settings().is_ok() && self.reload_schema().is_ok();
            if self.schema_touched.get() && !reload() {
                return Err(Refused::new(
                    500,
                    "UNKNOWN_EXCEPTION",
                    "An unexpected error occurred.",
                ));
            }
        }
        self.conn.execute_batch(&format!("RELEASE s{depth}"))?;
        result.map(|(value, _)| value)
    }
}
