//! The file's tables: one per object, and the org's own bookkeeping.

use rusqlite::{Connection, params};

use super::field::{Field, Kind};
use super::schema::Object;
use super::{Org, ids, values};
use crate::{Error, Result, built_in};

/// Format of the file, kept in `user_version`.
pub(crate) const FORMAT: i64 = 2;

pub(super) const BOOKKEEPING: &str = "
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    -- next: the number of the next record id with this prefix
    CREATE TABLE ids (prefix TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT;
    -- definition: JSON, as the admin endpoint takes it
    CREATE TABLE apps (client_id TEXT PRIMARY KEY, definition TEXT NOT NULL) STRICT;
    -- times are UTC milliseconds
    CREATE TABLE sessions (
        hash TEXT PRIMARY KEY, client_id TEXT NOT NULL, scope TEXT NOT NULL, refresh TEXT, used_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE refresh_tokens (
        hash TEXT PRIMARY KEY, client_id TEXT NOT NULL, scope TEXT NOT NULL, made_at INTEGER NOT NULL,
        replaced INTEGER NOT NULL DEFAULT 0 CHECK (replaced IN (0, 1))
    ) STRICT;
    CREATE TABLE codes (
        hash TEXT PRIMARY KEY, client_id TEXT NOT NULL, scope TEXT NOT NULL, redirect_uri TEXT NOT NULL,
        challenge TEXT, made_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1))
    ) STRICT;
    -- a person who has given the password and not yet said yes or no; query: the authorize request's own
    CREATE TABLE tickets (hash TEXT PRIMARY KEY, query TEXT NOT NULL, made_at INTEGER NOT NULL) STRICT;
    -- calls per minute since 1970, for the rolling 24 hours
    CREATE TABLE api_calls (minute INTEGER PRIMARY KEY, calls INTEGER NOT NULL) STRICT;
    CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
    CREATE TABLE requests (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
        status INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE faults (id INTEGER PRIMARY KEY AUTOINCREMENT, definition TEXT NOT NULL) STRICT;
    -- an assignment rule ran on this record
    CREATE TABLE assignments (record TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE INDEX assignments_by_record ON assignments (record);
    -- page: how many records a page holds
    CREATE TABLE cursors (
        id TEXT PRIMARY KEY, soql TEXT NOT NULL, every INTEGER NOT NULL, page INTEGER NOT NULL, total INTEGER NOT NULL,
        tooling INTEGER NOT NULL, made_at INTEGER NOT NULL
    ) STRICT;
    -- rows: JSON array of row numbers, in order
    CREATE TABLE cursor_pages (
        cursor TEXT NOT NULL, start INTEGER NOT NULL, rows TEXT NOT NULL, PRIMARY KEY (cursor, start)
    ) STRICT, WITHOUT ROWID;
";

/// Tables that came with format 2.
pub(super) const BULK: &str = "
    -- options, plan: JSON; header: JSON array of names; times are UTC milliseconds, 0 for never
    CREATE TABLE IF NOT EXISTS bulk_jobs (
        row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, operation TEXT NOT NULL DEFAULT '',
        object TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'Open', key TEXT, query TEXT,
        delimiter TEXT NOT NULL DEFAULT 'COMMA', crlf INTEGER NOT NULL DEFAULT 0, version TEXT NOT NULL DEFAULT '',
        options TEXT NOT NULL DEFAULT '{}', plan TEXT NOT NULL DEFAULT '{}', header TEXT NOT NULL DEFAULT '[]',
        uploaded INTEGER NOT NULL DEFAULT 0, next_chunk INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL DEFAULT 0, began_at INTEGER NOT NULL DEFAULT 0,
        ended_at INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL DEFAULT 0, processed INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0, retries INTEGER NOT NULL DEFAULT 0, error TEXT
    ) STRICT;
    -- lines: records as they were sent, with their lines' ends
    CREATE TABLE IF NOT EXISTS bulk_chunks (
        row INTEGER PRIMARY KEY, job TEXT NOT NULL, n INTEGER NOT NULL, lines TEXT NOT NULL, UNIQUE (job, n)
    ) STRICT;
    -- kind: successful, failed or query
    CREATE TABLE IF NOT EXISTS bulk_results (
        row INTEGER PRIMARY KEY, job TEXT NOT NULL, n INTEGER NOT NULL, kind TEXT NOT NULL, lines TEXT NOT NULL,
        records INTEGER NOT NULL, UNIQUE (job, kind, n)
    ) STRICT;
";

/// Sets the connection up and makes the bookkeeping tables; true if the file was empty.
pub(super) fn prepare(conn: &Connection) -> Result<bool> {
    // WAL: other programs may look into the file while it is served. NORMAL: a power cut may lose the last commits,
    // a killed process none.
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;",
    )?;
    // Rows that are refused are undone from memory; values in no order touch the same pages again and again, so that
    // carrying them over seldom is cheaper.
    conn.execute_batch(
        "PRAGMA cache_size = -65536; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 8000;",
    )?;
    conn.set_prepared_statement_cache_capacity(256);
    let fold = |context: &rusqlite::functions::Context<'_>| {
        let text: Option<String> = context.get(0)?;
        Ok(text.map(|t| t.to_lowercase()))
    };
    let flags = rusqlite::functions::FunctionFlags::SQLITE_UTF8
        | rusqlite::functions::FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("fold", 1, flags, fold)?;
    crate::sosl::register(conn)?;
    crate::soql::register(conn)?;
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match found {
        0 => {
            conn.execute_batch(&format!(
                "BEGIN; {BOOKKEEPING} {BULK} PRAGMA user_version = {FORMAT}; COMMIT;"
            ))?;
            Ok(true)
        }
        1 => {
            conn.execute_batch(&format!(
                "BEGIN; {BULK} PRAGMA user_version = {FORMAT}; COMMIT;"
            ))?;
            Ok(false)
        }
        FORMAT => Ok(false),
        _ => Err(Error::Newer {
            found,
            known: FORMAT,
        }),
    }
}

/// Holds for text with other characters than plain ASCII.
pub(crate) const WIDE: &str = "GLOB '*[^ -~]*'";

/// Declares the column of a field; nothing for compound fields.
pub(super) fn column(field: &Field) -> Option<String> {
    if field.kind == Kind::Id {
        return Some("\"Id\" TEXT NOT NULL UNIQUE".to_owned());
    }
    field
        .kind
        .column(field.case_sensitive)
        .map(|kind| format!("{} {kind}", field.column()))
}

/// The index that a field needs to be found by; nothing for most.
pub(super) fn index(object: &Object, field: &Field) -> Option<String> {
    let found_by = field.unique || field.external_id || field.id_lookup && field.kind != Kind::Id;
    let named = [
        "SystemModstamp",
        "AccountId",
        "CampaignId",
        "LeadId",
        "ContactId",
        "WhoId",
        "ConvertedContactId",
        "MasterRecordId",
        "LastName",
        "Name",
    ];
    let lookup = field.custom && field.kind == Kind::Reference;
    if !found_by && !lookup && !named.contains(&field.name.as_str()) || field.kind == Kind::Id {
        return None;
    }
    let (name, table) = (
        format!("\"i_{}_{}\"", object.name, field.name),
        object.table(),
    );
    let sparse = matches!(field.name.as_str(), "ConvertedContactId" | "MasterRecordId");
    let only = if sparse {
        format!(" WHERE {} IS NOT NULL", field.column())
    } else {
        String::new()
    };
    let column = field.column();
    let mut sql = format!("CREATE INDEX IF NOT EXISTS {name} ON {table} ({column}){only};");
    if field.kind.is_text() {
        // SQLite folds the case of ASCII alone; the few other values are compared one by one, so they are kept apart.
        sql.push_str(&format!(
            "CREATE INDEX IF NOT EXISTS \"w_{}_{}\" ON {table} ({column}) WHERE {column} {WIDE};",
            object.name, field.name
        ));
    }
    Some(sql)
}

impl Org {
    /// Makes the tables of objects that the file lacks, and columns that a newer program added.
    pub(super) fn make_record_tables(&self) -> Result<()> {
        let schema = std::sync::Arc::clone(&self.schema.borrow());
        for object in schema.objects() {
            self.make_table(object)?;
        }
        Ok(())
    }

    pub(super) fn make_table(&self, object: &Object) -> Result<()> {
        let columns: Vec<String> = object.fields.iter().filter_map(column).collect();
        let table = object.table();
        self.conn.execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS {table} (row INTEGER PRIMARY KEY, {}) STRICT",
            columns.join(", ")
        ))?;
        let mut statement = self
            .conn
            .prepare("SELECT name FROM pragma_table_info(?1)")?;
        let there: Vec<String> = statement
            .query_map([table.trim_matches('"')], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for field in &object.fields {
            if let Some(column) = column(field).filter(|_| !there.contains(&field.name)) {
                self.conn
                    .execute_batch(&format!("ALTER TABLE {table} ADD COLUMN {column}"))?;
            }
            if let Some(index) = index(object, field) {
                self.conn.execute_batch(&index)?;
            }
        }
        if object.any_field("IsDeleted").is_some() {
            // Most records are not deleted: an index over all of them would only mislead the planner.
            let name = format!("\"i_{}_IsDeleted\"", object.name);
            self.conn.execute_batch(&format!(
                "CREATE INDEX IF NOT EXISTS {name} ON {table} (\"IsDeleted\") WHERE \"IsDeleted\" = 1"
            ))?;
        }
        Ok(())
    }

    /// Lets columns of decimals that an earlier version made hold digits beyond their scale.
    pub(super) fn widen_decimals(&self) -> Result<()> {
        let schema = self.schema();
        for object in schema.objects() {
            let sql = "SELECT name FROM pragma_table_info(?1) WHERE type = 'INTEGER'";
            let mut statement = self.conn.prepare(sql)?;
            let whole =
                statement.query_map([object.table().trim_matches('"')], |row| row.get(0))?;
            let whole: Vec<String> = whole.collect::<rusqlite::Result<_>>()?;
            let fields: Vec<&Field> = object
                .fields
                .iter()
                .filter(|f| f.kind.is_decimal() && whole.contains(&f.name))
                .collect();
            if !fields.is_empty() {
                self.conn.execute_batch("BEGIN IMMEDIATE")?;
                self.widen(object, &fields)?;
                self.conn.execute_batch("COMMIT")?;
            }
        }
        Ok(())
    }

    fn widen(&self, object: &Object, fields: &[&Field]) -> Result<()> {
        let table = object.table();
        for field in fields {
            let (name, column) = (&field.name, field.column());
            self.conn.execute_batch(&format!(
                "DROP INDEX IF EXISTS \"i_{}_{name}\"; ALTER TABLE {table} RENAME COLUMN {column} TO \"old_{name}\";
                 ALTER TABLE {table} ADD COLUMN {column} ANY",
                object.name
            ))?;
        }
        let sets: Vec<String> = fields
            .iter()
            .map(|f| format!("\"{0}\" = \"old_{0}\"", f.name))
            .collect();
        self.conn
            .execute_batch(&format!("UPDATE {table} SET {}", sets.join(", ")))?;
        for field in fields {
            self.conn.execute_batch(&format!(
                "ALTER TABLE {table} DROP COLUMN \"old_{}\"",
                field.name
            ))?;
            if let Some(index) = index(object, field) {
                self.conn.execute_batch(&index)?;
            }
        }
        Ok(())
    }

    /// The next id with this prefix.
    pub(crate) fn next_id(&self, prefix: &str) -> rusqlite::Result<String> {
        let sql = "INSERT INTO ids (prefix, next) VALUES (?1, 2) ON CONFLICT DO UPDATE SET next = next + 1 RETURNING next - 1";
        let number: i64 = self
            .conn
            .prepare_cached(sql)?
            .query_row([prefix], |row| row.get(0))?;
        Ok(ids::make(prefix, number.unsigned_abs()))
    }

    /// The records that every org is born with.
    pub(super) fn first_records(&self) -> Result<()> {
        let now = values::stamp_ms();
        // Two orgs must not be taken for one another, so the org's number is random.
        let random = crate::secret::random_hex(4)?;
        let number = u64::from_str_radix(&random, 16).unwrap_or(1) + 1;
        let org = ids::make("00D", number);
        let (user, profile) = (self.next_id("005")?, self.next_id("00e")?);
        self.conn.execute(
            "INSERT INTO \"o_Organization\" (\"Id\", \"Name\", \"DefaultLocaleSidKey\", \"TimeZoneSidKey\",
                 \"LanguageLocaleKey\", \"OrganizationType\", \"InstanceName\", \"IsSandbox\", \"IsReadOnly\",
                 \"FiscalYearStartMonth\", \"CreatedDate\", \"CreatedById\", \"LastModifiedDate\", \"LastModifiedById\",
                 \"SystemModstamp\")
             VALUES (?1, 'Practice Org', 'en_US', 'GMT', 'en_US', 'Developer Edition', 'PRAC1', 0, 0, 1, ?2, ?3, ?2, ?3, ?2)",
            params![org, now, user],
        )?;
        self.conn.execute(
            "INSERT INTO \"o_Profile\" (\"Id\", \"Name\", \"UserType\", \"CreatedDate\", \"CreatedById\",
                 \"LastModifiedDate\", \"LastModifiedById\", \"SystemModstamp\")
             VALUES (?1, 'System Administrator', 'Standard', ?2, ?3, ?2, ?3, ?2)",
            params![profile, now, user],
        )?;
        self.conn.execute(
            "INSERT INTO \"o_User\" (\"Id\", \"Username\", \"LastName\", \"FirstName\", \"Name\", \"Email\", \"Alias\",
                 \"CommunityNickname\", \"IsActive\", \"TimeZoneSidKey\", \"LocaleSidKey\", \"EmailEncodingKey\", \"ProfileId\",
                 \"UserType\", \"LanguageLocaleKey\", \"DigestFrequency\", \"DefaultGroupNotificationFrequency\",
                 \"CreatedDate\", \"CreatedById\", \"LastModifiedDate\", \"LastModifiedById\", \"SystemModstamp\")
             VALUES (?1, ?2, 'Admin', 'Practice', 'Practice Admin', ?2, 'admin', 'practice.admin', 1, 'GMT', 'en_US', 'UTF-8',
                 ?3, 'Standard', 'en_US', 'D', 'N', ?4, ?1, ?4, ?1, ?4)",
            params![user, built_in::USERNAME, profile, now],
        )?;
        let statuses = [
            ("Open - Not Contacted", 1, 0),
            ("Working - Contacted", 0, 0),
            ("Closed - Converted", 0, 1),
            ("Closed - Not Converted", 0, 0),
        ];
        for (order, (label, default, converted)) in statuses.into_iter().enumerate() {
            self.conn.execute(
                "INSERT INTO \"o_LeadStatus\" (\"Id\", \"MasterLabel\", \"ApiName\", \"SortOrder\", \"IsDefault\", \"IsConverted\",
                     \"CreatedDate\", \"CreatedById\", \"LastModifiedDate\", \"LastModifiedById\", \"SystemModstamp\")
                 VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?7, ?6)",
                params![self.next_id("01J")?, label, order as i64 + 1, default, converted, now, user],
            )?;
        }
        self.conn.execute(
            "INSERT INTO \"o_Group\" (\"Id\", \"Name\", \"DeveloperName\", \"Type\", \"CreatedDate\", \"CreatedById\",
                 \"LastModifiedDate\", \"LastModifiedById\", \"SystemModstamp\")
             VALUES (?1, 'New Leads', 'New_Leads', 'Queue', ?2, ?3, ?2, ?3, ?2)",
            params![self.next_id("00G")?, now, user],
        )?;
        self.register_built_in()
    }
}
