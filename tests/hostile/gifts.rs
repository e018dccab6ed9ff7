//! Workspaces that somebody else made: altered in every column, opened as the window opens them, asked everything, then
//! approved by a user who agrees to whatever is shown.
//!
//! Before the user agrees, no request leaves at all. Afterwards a secret goes to no host but the one that it was entered
//! for. No file outside the workspace's own changes, nothing panics, and nothing hangs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode};
use serde_json::json;

use crate::bounds::{Deadline, alone, within_memory};
use crate::effort::{Random, asked_for};
use crate::victim::{ACTS, AGREED, ASKS, SECRET, Victim};

/// A column of a table.
struct Column {
    table: String,
    name: String,
    /// Its type as SQL has it, such as `TEXT`.
    kind: String,
    has_rowid: bool,
}

fn columns(file: &Connection) -> Vec<Column> {
    let mut statement = file
        .prepare(
            "SELECT t.name, c.name, c.type, t.wr = 0 FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c
             WHERE t.schema = 'main' AND t.type IN ('table', 'shadow') AND t.name NOT LIKE 'sqlite_%' AND c.hidden = 0
             ORDER BY 1, c.cid",
        )
        .unwrap();
    let rows = statement
        .query_map([], |row| {
            Ok(Column {
                table: row.get(0)?,
                name: row.get(1)?,
                kind: row.get(2)?,
                has_rowid: row.get(3)?,
            })
        })
        .unwrap();
    rows.map(Result::unwrap).collect()
}

/// Returns what a stranger may have written into a column.
fn value(random: &mut Random, victim: &Victim) -> Value {
    let bait = victim.bait().display().to_string();
    let texts = [
        victim.stranger.url(),
        bait.clone(),
        format!("../../../../{bait}"),
        "../../x".into(),
        "/dev/zero".into(),
        victim.pipe().display().to_string(),
        "file:///etc/passwd".into(),
        "\u{202e}moc.ecrofselas".into(),
        "a\0b".into(),
        String::new(),
        "'; DROP TABLE contacts; --".into(),
        "{% \"a\"|replace(\"a\", \"aaaaaaaa\")|replace(\"a\", \"aaaaaaaa\") %}".into(),
        "[".repeat(100_000),
        "{\"all\":[".repeat(10_000),
        "9".repeat(400),
        "x".repeat(2_000_000),
        "null".into(),
        "[]".into(),
        "{}".into(),
        "on change".into(),
        "prepared".into(),
    ];
    let numbers = [i64::MIN, -1, 0, 1, i64::from(u32::MAX) + 1, i64::MAX];
    match random.below(4) {
        0 => Value::Integer(numbers[random.below(numbers.len() as u64) as usize]),
        1 => Value::Blob(vec![0xff; 300]),
        _ => Value::Text(texts[random.below(texts.len() as u64) as usize].clone()),
    }
}

/// Writes a value into one row of a column, or into all, and returns into how many; what the file itself refuses stays as
/// it was.
fn alter(file: &Connection, column: &Column, value: &Value, all: bool) -> usize {
    let Column { table, name, .. } = column;
    let update = format!("UPDATE OR IGNORE \"{table}\" SET \"{name}\" = ?1");
    // A table without rowids is a short one.
    let sql = match all || !column.has_rowid {
        true => update,
        false => format!("{update} WHERE rowid = (SELECT rowid FROM \"{table}\" LIMIT 1)"),
    };
    match file.execute(&sql, [value]) {
        Ok(rows) => rows,
        Err(error) if is_refusal(&error) => 0,
        Err(error) => panic!("{table}.{name} can't be altered to {value:.60?}: {error}"),
    }
}

/// Tells a value that doesn't fit the column, and a search index that was spoilt before, from a fault of the test.
fn is_refusal(error: &rusqlite::Error) -> bool {
    let refused = [
        ErrorCode::ConstraintViolation,
        ErrorCode::TypeMismatch,
        ErrorCode::DatabaseCorrupt,
    ];
    error
        .sqlite_error_code()
        .is_some_and(|code| refused.contains(&code))
        || error.to_string().contains("fts5")
}

#[test]
fn a_workspace_altered_in_any_column_sends_nothing_and_touches_no_other_file() {
    let _alone = alone();
    let victim = Victim::at_home();
    let mut random = Random::from_the_environment();
    let all_columns = columns(&victim.gift("columns").raw());
    let tries = all_columns.len() * asked_for("LEADFERRY_PROOF_FUZZ", 1);
    let mut failures = Vec::new();
    for number in 0..tries {
        let gift = victim.gift(&format!("gift-{number}"));
        let (mut changed, mut agrees) = (Vec::new(), number % 20 == 0);
        {
            let file = gift.raw();
            // Every column in turn, and up to two others by chance.
            let mut chosen = vec![number % all_columns.len()];
            for _ in 0..random.below(3) {
                chosen.push(random.below(all_columns.len() as u64) as usize);
            }
            for index in chosen {
                let column = &all_columns[index];
                // What a sign-in rests on is always tried to the end.
                agrees |= column.table == "connections";
                let value = value(&mut random, &victim);
                // A long value in every row would only make a large file.
                let all = random.below(2) == 0
                    && !matches!(&value, Value::Text(text) if text.len() > 1_000);
                alter(&file, column, &value, all);
                changed.push(format!("{}.{} = {value:.60?}", column.table, column.name));
            }
        }
        let _ends = Deadline::of(format!("gift {number}: {changed:#?}"));
        let tried = catch_unwind(AssertUnwindSafe(|| {
            open_and_ask(&victim, gift.path(), agrees)
        }));
        if tried.is_err() {
            eprintln!("gift {number} is not well: {changed:#?}");
            failures.push(changed);
        }
        gift.remove();
    }
    assert!(
        failures.is_empty(),
        "not well: {failures:#?}; the reasons stand above"
    );
}

/// Opens a gift and asks it everything; where the user agrees, approves what is shown and does it all.
fn open_and_ask(victim: &Victim, path: &Path, agrees: bool) {
    let (door, opened) = victim.open(path);
    victim.must_be_untouched(path);
    if let Err(error) = opened {
        assert!(!error.message.is_empty());
        eprintln!("not opened: {error}");
        return;
    }
    for (name, params) in ASKS.iter().chain(ACTS) {
        let _ = victim.call(&door, name, params);
    }
    victim.must_have_sent_nothing();
    let Ok(review) = victim.call(&door, "workspaces.review", "{}") else {
        victim.must_be_untouched(path);
        return;
    };
    let digest = json!({ "digest": review["digest"] }).to_string();
    if agrees && victim.call(&door, "workspaces.approve", &digest).is_ok() {
        for (name, params) in AGREED {
            let _ = victim.call(&door, name, params);
        }
        victim.approves_own_host();
    }
    door.close();
    let got = victim.stranger.got().join("\n");
    assert!(!got.contains(SECRET), "the stranger got the secret: {got}");
    victim.must_be_untouched(path);
}

/// What a schema could hold that runs code, hides rows or keeps the app busy.
const SCHEMAS: &[&str] = &[
    "CREATE TRIGGER guest AFTER INSERT ON runs BEGIN UPDATE connections SET host = 'http://stranger.example'; END",
    "CREATE TRIGGER guest AFTER UPDATE ON contacts BEGIN UPDATE contacts SET do_not_send = 0; END",
    "CREATE TABLE guest (x)",
    "CREATE VIEW guest AS SELECT * FROM contacts",
    "CREATE VIEW guest AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    "ALTER TABLE contacts RENAME TO guest; CREATE VIEW contacts AS WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n",
    "CREATE INDEX guest ON contacts (abs(id) > 5)",
    "CREATE INDEX guest ON runs (id) WHERE state <> 'x'",
    "ALTER TABLE connections ADD COLUMN guest TEXT GENERATED ALWAYS AS (host || 'x') VIRTUAL",
    "ALTER TABLE contacts ADD COLUMN guest TEXT DEFAULT 'x'",
    "CREATE VIRTUAL TABLE guest USING fts5 (x)",
    "DROP INDEX alerts_unseen",
    "DROP TABLE settings",
    "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'host', 'HOST') WHERE name = 'connections'",
    "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'CHECK', 'check') WHERE name = 'alerts'",
];

#[test]
fn a_workspace_with_anything_but_our_own_tables_is_refused_before_it_runs() {
    let _alone = alone();
    let victim = Victim::at_home();
    for (number, sql) in SCHEMAS.iter().enumerate() {
        let gift = victim.gift(&format!("schema-{number}"));
        gift.raw()
            .execute_batch(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        let before = std::fs::read(gift.path()).unwrap();
        let (_, opened) = victim.open(gift.path());
        let error = opened.expect_err(sql);
        assert!(!error.hint.is_empty(), "{error:?}");
        assert_eq!(std::fs::read(gift.path()).unwrap(), before, "{sql}");
        victim.must_be_untouched(gift.path());
        victim.must_have_sent_nothing();
    }
}

/// Other ways to write the same file; each opens as it is, or is refused.
const MODES: &[&str] = &[
    "PRAGMA journal_mode = DELETE",
    "PRAGMA journal_mode = PERSIST; UPDATE settings SET value = value",
    "PRAGMA journal_mode = DELETE; PRAGMA page_size = 65536; VACUUM",
    "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM",
    "PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = FULL; VACUUM",
    "PRAGMA user_version = 1",
    "PRAGMA user_version = 0",
    "PRAGMA user_version = -1",
    "PRAGMA application_id = 1",
    "DELETE FROM settings",
    "UPDATE settings SET value = '../../x' WHERE key = 'workspace_id'",
];

#[test]
fn a_workspace_in_another_mode_or_of_another_version_opens_or_is_refused_and_sends_nothing() {
    let _alone = alone();
    let victim = Victim::at_home();
    for (number, sql) in MODES.iter().enumerate() {
        let gift = victim.gift(&format!("mode-{number}"));
        gift.raw()
            .execute_batch(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        let _ends = Deadline::of(sql.to_string());
        let tried = catch_unwind(AssertUnwindSafe(|| {
            open_and_ask(&victim, gift.path(), true)
        }));
        assert!(tried.is_ok(), "{sql}");
    }
}

#[cfg(unix)]
#[test]
fn links_and_journals_beside_a_workspace_lead_to_no_other_file() {
    use std::os::unix::fs::symlink;
    let _alone = alone();
    let victim = Victim::at_home();
    for ending in [
        "-wal",
        "-shm",
        "-journal",
        ".backups",
        ".practice-org.sqlite",
        ".practice-org.sqlite-wal",
    ] {
        let gift = victim.gift(&format!("link{ending}"));
        let mut beside = gift.path().as_os_str().to_owned();
        beside.push(ending);
        symlink(victim.bait(), &beside).unwrap();
        open_and_ask(&victim, gift.path(), true);
    }
    let gift = victim.gift("journal");
    let mut journal = gift.path().as_os_str().to_owned();
    journal.push("-journal");
    std::fs::write(&journal, victim.journal_that_names_the_bait()).unwrap();
    open_and_ask(&victim, gift.path(), true);
}

/// Columns whose values are shown, compared, sorted or read as a whole.
const READ_WHOLE: &[(&str, &str)] = &[
    ("accounts", "name"),
    ("connections", "host"),
    ("replications", "settings"),
    ("mappings", "body"),
    ("describes", "body"),
];
/// Longer than any value that stands in a table which is read whole, and one that no connection reads.
const GIANTS_MIB: [usize; 2] = [100, 300];
/// A value is read, and turned into what it stands for: a few copies of it at once.
const WITH_A_GIANT_MIB: usize = 1_500;

/// Returns a value of many megabytes in one of the forms that something reads.
fn giant(random: &mut Random, mib: usize) -> Value {
    let long = |part: &str| part.repeat((mib << 20) / part.len());
    match random.below(6) {
        0 => Value::Text(long("x")),
        1 => Value::Text(long("\u{202e}ä ")),
        2 => Value::Text(long("[")),
        3 => Value::Text(format!("{{\"a\": \"{}\"}}", long("y"))),
        4 => Value::Text(long("email=Email\n")),
        _ => Value::Blob(vec![0x30; mib << 20]),
    }
}

#[test]
fn a_workspace_with_a_value_of_hundreds_of_megabytes_answers_in_time_and_within_bounds() {
    let victim = Victim::at_home();
    let mut random = Random::from_the_environment();
    let mut all = columns(&victim.gift("columns").raw());
    let mut chosen = Vec::new();
    for (table, name) in READ_WHOLE {
        let is_it = |one: &Column| (one.table.as_str(), one.name.as_str()) == (*table, *name);
        chosen.push(all.swap_remove(all.iter().position(is_it).unwrap()));
    }
    let mut wanted = chosen.len() + asked_for("LEADFERRY_PROOF_FUZZ", 1);
    while !all.is_empty() && chosen.len() < 10 * wanted {
        chosen.push(all.swap_remove(random.below(all.len() as u64) as usize));
    }
    let _alone = alone();
    for (number, column) in chosen.iter().enumerate() {
        if wanted == 0 {
            break;
        }
        let mib = GIANTS_MIB[number % GIANTS_MIB.len()];
        let gift = victim.gift(&format!("giant-{number}"));
        let what = format!("{mib} MiB in {}.{}", column.table, column.name);
        let stored = store_giant(&gift.raw(), column, &mut random, mib);
        // A number's column takes none, and an empty table neither.
        assert!(stored || number >= READ_WHOLE.len(), "{what} isn't stored");
        if stored {
            wanted -= 1;
            let _ends = Deadline::of(what.clone());
            // Each command has its own time.
            within_memory(&what, WITH_A_GIANT_MIB, &mut || {
                open_and_ask(&victim, gift.path(), true);
            });
        }
        gift.remove();
    }
    assert_eq!(wanted, 0, "too few columns took a value");
}

/// Puts a value of many megabytes into a column, and tells whether it stands there.
fn store_giant(file: &Connection, column: &Column, random: &mut Random, mib: usize) -> bool {
    let value = match (giant(random, mib), column.kind.as_str()) {
        // Of many words, the search index would take an hour.
        (_, "TEXT") if column.table == "contacts" => Value::Text("x".repeat(mib << 20)),
        (Value::Blob(bytes), "TEXT") => Value::Text("x".repeat(bytes.len())),
        (Value::Text(text), "BLOB") => Value::Blob(text.into_bytes()),
        (value, "TEXT" | "BLOB" | "ANY" | "") => value,
        _ => return false,
    };
    alter(file, column, &value, false);
    let Column { table, name, .. } = column;
    let sql = format!("SELECT coalesce(max(octet_length(\"{name}\")), 0) FROM \"{table}\"");
    let longest: i64 = file.query_row(&sql, [], |row| row.get(0)).unwrap();
    longest >> 20 >= mib as i64 - 1
}

#[test]
fn rules_and_settings_that_a_stranger_wrote_are_refused_in_words_that_name_them() {
    let _alone = alone();
    let victim = Victim::at_home();
    let deep = "[".repeat(100_000);
    let segment = |rules: &str| {
        format!(
            "INSERT INTO segments (name, rules, created_at, changed_at) VALUES ('Theirs', '{rules}', 0, 0)"
        )
    };
    for (number, (sql, command, why)) in [
        (
            segment(r#"{"field": "email", "op": "is"}"#),
            "segments.list",
            "the rules of the segment \"Theirs\": \"is\" can't be used here",
        ),
        (segment(&deep), "segments.list", "it's nested too deeply"),
        (
            "UPDATE scores SET rules = '{}'".to_owned(),
            "scores.list",
            "it must be a list, not an object",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let gift = victim.gift(&format!("listed-{number}"));
        gift.raw().execute_batch(&sql).unwrap();
        let (door, opened) = victim.open(gift.path());
        opened.unwrap();
        let listed = victim.call(&door, command, "{}").unwrap().to_string();
        assert!(
            listed.replace("\\\"", "\"").contains(why),
            "{sql:.80}: {listed}"
        );
        for raw in [
            "expected one of",
            "line 1",
            "SELECT",
            "recursion",
            "invalid type",
        ] {
            assert!(!listed.contains(raw), "{raw}: {listed}");
        }
        door.close();
    }
    let gift = victim.gift("words");
    gift.raw()
        .execute_batch(r#"UPDATE replications SET settings = '{"batch_size": -5}'"#)
        .unwrap();
    let (door, opened) = victim.open(gift.path());
    opened.unwrap();
    let error = victim.call(&door, "replications.list", "{}").unwrap_err();
    let why = "batch_size: it must be a whole number from 0 to 65,535, not -5";
    assert!(error.cause.contains(why), "{error:?}");
    assert!(
        error.hint.contains("ask whoever sent you the file"),
        "{error:?}"
    );
    door.close();
}

#[test]
fn rules_that_cannot_be_read_are_replaced_or_removed() {
    let _alone = alone();
    let victim = Victim::at_home();
    let gift = victim.gift("unreadable");
    gift.raw()
        .execute_batch(
            "INSERT INTO segments (name, rules, created_at, changed_at) VALUES
               ('First', '{\"op\": 1}', 0, 0), ('Second', '[1]', 0, 0);
             INSERT INTO scores (name, description, rules, slots, created_at) VALUES
               ('One', '', '{}', '[]', 0), ('Two', '', '[]', '{}', 0);",
        )
        .unwrap();
    let (door, opened) = victim.open(gift.path());
    opened.unwrap();
    let ask = |name: &str, params: &str| {
        victim
            .call(&door, name, params)
            .unwrap_or_else(|error| panic!("{name}: {error:?}"))
    };
    let shown = ask("segments.show", r#"{"name": "First"}"#);
    assert!(shown["unread"].is_string(), "{shown}");
    assert!(ask("scores.show", r#"{"name": "One"}"#)["unread"].is_string());
    let tree = r#"{"field": "email", "op": "is_set"}"#;
    ask(
        "segments.set",
        &format!(r#"{{"segment": "First", "change": {{"tree": {tree}}}}}"#),
    );
    let shown = ask("segments.show", r#"{"name": "First"}"#);
    assert!(
        shown["unread"].is_null() && shown["tree"].is_object(),
        "{shown}"
    );
    ask("segments.remove", r#"{"name": "Second"}"#);
    let rules = format!(r#"[{{"name": "Has email", "points": 5, "when": {tree}}}]"#);
    ask(
        "scores.set",
        &format!(r#"{{"score": "One", "change": {{"rules": {rules}}}}}"#),
    );
    assert_eq!(ask("scores.show", r#"{"name": "One"}"#)["rules"], 1);
    ask("scores.remove", r#"{"name": "Two"}"#);
    let left = ask("segments.list", "{}").to_string();
    assert!(!left.contains("Second"), "{left}");
    ask("scores.recalculate", "{}");
    door.close();
}

/// Returns numbers and moments that can't be, in a form that a column takes.
fn impossible(kind: &str) -> Vec<Value> {
    const YEAR_99999_MS: i64 = 3_093_527_980_800_000;
    let whole = [
        -1,
        i64::MIN,
        i64::MAX,
        YEAR_99999_MS,
        i64::from(u32::MAX) + 1,
    ];
    let broken = [f64::NAN, f64::INFINITY, 1e308, -1e308, 5e-324];
    let texts = [
        "NaN",
        "1e308",
        "-1",
        "9223372036854775807",
        "99999-12-31",
        "99999-12-31T23:59:59Z",
        "",
    ];
    let whole = whole.map(Value::Integer).into_iter();
    let broken = broken.map(Value::Real).into_iter();
    let texts = texts.map(|text| Value::Text(text.to_owned())).into_iter();
    match kind {
        "INTEGER" | "INT" => whole.collect(),
        "REAL" => broken.chain(whole).collect(),
        "TEXT" => texts.collect(),
        "BLOB" => Vec::new(),
        _ => whole.chain(broken).chain(texts).collect(),
    }
}

#[test]
fn an_impossible_number_or_moment_in_any_column_is_refused_in_words_or_shown() {
    let _alone = alone();
    let victim = Victim::at_home();
    let all = columns(&victim.gift("columns").raw());
    // In a test run, all columns of a table at once and each with one of the values; otherwise each column with each.
    let each = asked_for("LEADFERRY_PROOF_FUZZ", 1) > 1;
    let mut tried: Vec<Vec<(&Column, Value)>> = Vec::new();
    let mut turn = Random::from_the_environment().below(100) as usize;
    for column in &all {
        let mut values = impossible(&column.kind);
        if each {
            tried.extend(values.into_iter().map(|value| vec![(column, value)]));
        } else if !values.is_empty() {
            turn += 1;
            let value = values.swap_remove(turn % values.len());
            match tried.last_mut() {
                Some(last) if last[0].0.table == column.table => last.push((column, value)),
                _ => tried.push(vec![(column, value)]),
            }
        }
    }
    let mut failures = Vec::new();
    for (number, altered) in tried.iter().enumerate() {
        let gift = victim.gift(&format!("number-{number}"));
        let mut changed = Vec::new();
        {
            let file = gift.raw();
            for (column, value) in altered {
                if alter(&file, column, value, true) > 0 {
                    let Column { table, name, .. } = column;
                    changed.push(format!("{table}.{name} = {value:?}"));
                }
            }
        }
        if !changed.is_empty() {
            let _ends = Deadline::of(format!("number {number}: {changed:#?}"));
            let tried = catch_unwind(AssertUnwindSafe(|| {
                open_and_ask(&victim, gift.path(), true)
            }));
            if tried.is_err() {
                eprintln!("number {number} is not well: {changed:#?}");
                failures.push(changed);
            }
        }
        gift.remove();
    }
    assert!(
        failures.is_empty(),
        "not well: {failures:#?}; the reasons stand above"
    );
}

#[test]
fn a_path_with_a_zero_in_it_is_refused_wherever_one_is_asked_for() {
    let _alone = alone();
    let victim = Victim::at_home();
    let gift = victim.gift("zero");
    let zero = victim.bait().display().to_string() + "\0.csv";
    let (door, opened) = victim.open(gift.path());
    opened.unwrap();
    for (command, params) in [
        ("workspaces.backup", json!({ "path": zero })),
        (
            "workspaces.salvage",
            json!({ "damaged": zero, "into": "x" }),
        ),
        (
            "workspaces.salvage",
            json!({ "damaged": gift.path(), "into": zero }),
        ),
        ("imports.preview", json!({ "file": zero })),
        ("imports.run", json!({ "file": zero })),
        (
            "contacts.export",
            json!({ "place": zero, "columns": [], "contacts": [] }),
        ),
        ("connections.inspect_key", json!({ "path": zero })),
        ("connections.import_key", json!({ "path": zero })),
        ("workspaces.create", json!({ "path": zero, "name": "Zero" })),
        ("workspaces.open", json!({ "path": zero })),
    ] {
        let called = victim.call(&door, command, &params.to_string());
        let error = called.unwrap_err();
        assert!(!error.cause.contains("missing field"), "{error:?}");
        assert!(!error.hint.is_empty(), "{command}: {error:?}");
        victim.must_be_untouched(gift.path());
    }
    door.close();
}
