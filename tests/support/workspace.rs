//! A look into a workspace file with SQL of our own: what the program says of itself is not proof.

use std::collections::BTreeMap;
use std::path::Path;

use leadferry_store::{BatchId, BatchRow, OpenOptions, Store};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The first version, as the store's own tests keep it.
const OLD_SCHEMA: &str = include_str!("../../crates/store/tests/old/1/schema.sql");
const OLD_DATA: &str = include_str!("../../crates/store/tests/old/1/data.sql");

/// Marks a file as ours: "LFRY".
const APPLICATION_ID: i32 = 0x4C46_5259;

/// An open workspace file, for reading.
pub(crate) struct Workspace(Connection);

impl Workspace {
    /// Opens the file.
    pub(crate) fn open(path: &Path) -> Self {
        // A killed writer leaves a log that only someone with the right to write can take in.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let connection = Connection::open_with_flags(path, flags).unwrap();
        learn_fold(&connection);
        Self(connection)
    }

    /// Makes a workspace as the first version left it, and returns how many contacts it has.
    pub(crate) fn make_old(path: &Path) -> u64 {
        let connection = Connection::open(path).unwrap();
        learn_fold(&connection);
        connection
            .pragma_update(None, "journal_mode", "wal")
            .unwrap();
        connection.execute_batch(OLD_SCHEMA).unwrap();
        connection.execute_batch(OLD_DATA).unwrap();
        connection
            .pragma_update(None, "application_id", APPLICATION_ID)
            .unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        let contacts =
            "SELECT count(*) FROM contacts WHERE deleted_at IS NULL AND merged_into IS NULL";
        connection
            .query_row(contacts, [], |row| row.get(0))
            .unwrap()
    }

    /// Returns some pages of the main file that hold contacts and nothing else, by their numbers.
    pub(crate) fn pages_of_contacts(&self) -> Vec<usize> {
        let pages = self.all_pages_of_contacts().into_iter().skip(10).take(4);
        let pages: Vec<usize> = pages.collect();
        assert_eq!(pages.len(), 4, "there are too few contacts");
        pages
    }

    /// Returns all of them.
    pub(crate) fn all_pages_of_contacts(&self) -> Vec<usize> {
        let sql = "SELECT pageno FROM dbstat WHERE name = 'contacts' AND pagetype = 'leaf' ORDER BY pageno";
        let mut statement = self.0.prepare(sql).unwrap();
        let pages = statement.query_map([], |row| row.get(0)).unwrap();
        pages.map(Result::unwrap).collect()
    }

    /// Demands that SQLite finds nothing wrong with the file.
    pub(crate) fn must_be_sound(&self) {
        let verdict: String = self
            .0
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(verdict, "ok");
        let mut check = self.0.prepare("PRAGMA foreign_key_check").unwrap();
        let dangling = check
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap()
            .count();
        assert_eq!(dangling, 0, "rows that refer to nothing");
    }

    /// Demands that nothing is on its way: no entry, no batch, no run.
    pub(crate) fn must_be_at_rest(&self) {
        for (what, sql) in [
            (
                "entries in sending",
                "SELECT count(*) FROM queue WHERE state = 'sending'",
            ),
            (
                "open batches",
                "SELECT count(*) FROM batches WHERE state IN ('prepared', 'unknown')",
            ),
            (
                "open bulk jobs",
                "SELECT count(*) FROM bulk_jobs WHERE ended_at IS NULL",
            ),
            (
                "runs under way",
                "SELECT count(*) FROM runs WHERE state = 'running'",
            ),
        ] {
            assert_eq!(self.number(sql), 0, "{what}");
        }
    }

    /// Tells whether the next run has rows to read back once more; it asks the org for that.
    pub(crate) fn has_rows_to_read_back(&self) -> bool {
        self.number("SELECT count(*) FROM batches WHERE read_back_at IS NOT NULL") > 0
    }

    /// Returns the guid of each living contact with an e-mail, by that in lower case.
    pub(crate) fn guids(&self) -> BTreeMap<String, String> {
        let pairs = self.pairs(
            "SELECT email_key, guid FROM contacts
             WHERE email_key IS NOT NULL AND deleted_at IS NULL AND merged_into IS NULL",
        );
        let count = pairs.len();
        let guids: BTreeMap<_, _> = pairs.into_iter().collect();
        assert_eq!(guids.len(), count, "two contacts with one e-mail");
        guids
    }

    /// Returns the record id of each link in good state, by guid.
    pub(crate) fn links(&self, object: &str) -> BTreeMap<String, String> {
        let sql = format!(
            "SELECT c.guid, l.record_id FROM links l JOIN contacts c ON c.id = l.contact_id
             WHERE l.state = 'linked' AND l.object = '{object}'"
        );
        self.pairs(&sql).into_iter().collect()
    }

    /// Returns the state and the code of each contact's queue entry, by e-mail.
    pub(crate) fn queue(&self) -> BTreeMap<String, String> {
        let pairs = self.pairs(
            "SELECT c.email_key, q.state || coalesce(' ' || q.code, '')
             FROM queue q JOIN contacts c ON c.id = q.contact_id WHERE c.email_key IS NOT NULL",
        );
        pairs.into_iter().collect()
    }

    /// Returns the one number that a query gives.
    /// Returns the rows of all batches.
    pub(crate) fn rows(&self) -> Vec<BatchRow> {
        let options = OpenOptions { read_only: true };
        let store = Store::open(Path::new(self.0.path().unwrap()), options, 0).unwrap();
        let last = self.number("SELECT coalesce(max(id), 0) FROM batches");
        (1..=last as i64)
            .flat_map(|id| store.read(|reader| reader.batch_rows(BatchId(id))).unwrap())
            .collect()
    }

    pub(crate) fn number(&self, sql: &str) -> u64 {
        self.0.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn pairs(&self, sql: &str) -> Vec<(String, String)> {
        let mut statement = self.0.prepare(sql).unwrap();
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        rows.map(Result::unwrap).collect()
    }
}

/// Teaches SQLite the app's own function that two indexes are sorted by: lower case, without accents.
fn learn_fold(connection: &Connection) {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection
        .create_scalar_function("fold", 1, flags, |context| {
            let text: Option<String> = context.get(0)?;
            let plain = |text: String| -> String {
                text.nfkd()
                    .filter(|letter| !is_combining_mark(*letter))
                    .flat_map(char::to_lowercase)
                    .collect()
            };
            Ok(text.map(plain))
        })
        .unwrap();
}
