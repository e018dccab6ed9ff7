//! Importing, calculating scores and selecting, beside the same by hand in `sqlite3`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use leadferry_store::{Cursor, OpenOptions, ReplicationId, Scope, Selection, Store};

use crate::figure::Figure;
use crate::place::{Place, median, ratio, walls};

/// Columns of the people's file, as by hand they are called.
const COLUMNS: &str = "first_name, last_name, email, company_name, job_title, department, business_phone, mobile_phone, \
    address_1, city, state, postal_code, country, birthday, gender, language, source, website, notes, email_2";

/// What every contact has besides, and the indexes and the search index of ours.
const FINISH: &str = "
ALTER TABLE contacts ADD COLUMN guid TEXT;
ALTER TABLE contacts ADD COLUMN seq INTEGER;
ALTER TABLE contacts ADD COLUMN import_id INTEGER;
ALTER TABLE contacts ADD COLUMN created_at INTEGER;
ALTER TABLE contacts ADD COLUMN changed_at INTEGER;
UPDATE contacts SET guid = lower(hex(randomblob(16))), seq = rowid, import_id = 1,
  created_at = unixepoch() * 1000, changed_at = unixepoch() * 1000;
CREATE UNIQUE INDEX by_guid ON contacts (guid);
CREATE INDEX by_seq ON contacts (seq);
CREATE INDEX by_import ON contacts (import_id);
CREATE INDEX by_creation ON contacts (created_at);
CREATE INDEX by_change ON contacts (changed_at);
CREATE INDEX by_email ON contacts (lower(email));
CREATE INDEX by_email_2 ON contacts (email_2);
CREATE INDEX by_company ON contacts (lower(company_name));
CREATE INDEX by_name ON contacts (lower(coalesce(last_name, first_name)), lower(first_name));
CREATE VIRTUAL TABLE contacts_search USING fts5 (first_name, last_name, email, company_name, business_phone,
  mobile_phone, address_1, postal_code, city, content = 'contacts', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
INSERT INTO contacts_search (contacts_search) VALUES ('rebuild');
";

/// The rules of score-rules.json.
const POINTS: &str = "
CREATE TABLE points_by_hand (score_id INTEGER, contact_id INTEGER, points INTEGER, PRIMARY KEY (score_id, contact_id))
  STRICT, WITHOUT ROWID;
CREATE INDEX points_by_contact ON points_by_hand (contact_id);
CREATE INDEX points_by_points ON points_by_hand (score_id, points);
INSERT INTO points_by_hand
SELECT 1, id,
  CASE WHEN job_title LIKE '%manager%' THEN 20 ELSE 0 END + CASE WHEN job_title LIKE '%director%' THEN 20 ELSE 0 END
  + CASE WHEN job_title LIKE '%purchasing%' THEN 20 ELSE 0 END + CASE WHEN department = 'Sales' THEN 10 ELSE 0 END
  + CASE WHEN city = 'Berlin' THEN 10 ELSE 0 END + CASE WHEN birthday < '1960-01-01' THEN 5 ELSE 0 END
  + CASE WHEN source = 'Web' THEN 15 ELSE 0 END + CASE WHEN mobile_phone IS NOT NULL THEN 10 ELSE 0 END
  + CASE WHEN language = 'de' THEN 5 ELSE 0 END + CASE WHEN email IS NULL THEN -30 ELSE 0 END
FROM contacts WHERE deleted_at IS NULL;
";

const SELECTED: &str = "FROM marks JOIN contacts ON contacts.id = marks.contact_id
WHERE marks.replication_id = 1 AND contacts.deleted_at IS NULL AND contacts.do_not_send = 0";

const MOST_MEMORY: f64 = 250.0;

/// What to measure with.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A folder for everything that is made.
    folder: PathBuf,
    /// The people's file.
    #[arg(long)]
    people: PathBuf,
    /// The folder of the built programs.
    #[arg(long)]
    programs: PathBuf,
    /// The score's rules.
    #[arg(long)]
    rules: PathBuf,
    /// Rounds; medians are told.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// Measures.
///
/// # Errors
/// When a program fails, or does not come to what the other one does.
pub(crate) fn measure(args: &Args) -> Result<Vec<Figure>> {
    let _ = fs::remove_dir_all(&args.folder);
    fs::create_dir_all(&args.folder)?;
    let bench = Bench {
        args,
        place: Place::new(&args.folder, &args.programs),
    };
    let mut figures = bench.import()?;
    figures.push(bench.score()?);
    figures.extend(bench.selection()?);
    Ok(figures)
}

struct Bench<'a> {
    args: &'a Args,
    place: Place,
}

impl Bench<'_> {
    fn import(&self) -> Result<Vec<Figure>> {
        let (mut ours, mut by_hand) = (Vec::new(), Vec::new());
        let people = self.args.people.display().to_string();
        for _ in 0..self.args.rounds {
            self.place.start_anew()?;
            ours.push(self.place.cli(&["contacts", "import", &people])?);
            let database = self.args.folder.join("by-hand.sqlite");
            let _ = fs::remove_file(&database);
            let script = format!(
                "CREATE TABLE contacts ({COLUMNS});\n.import --csv --skip 1 '{people}' contacts\n{FINISH}"
            );
            by_hand.push(self.place.sqlite(&database, &script)?);
        }
        let memory = ours.iter().map(|taken| taken.memory).max().unwrap_or(0);
        Ok(vec![
            ratio("import of 20 columns", &walls(&ours), &walls(&by_hand), 2.0),
            Figure {
                what: "memory of an import".to_owned(),
                value: memory as f64 / 1e6,
                unit: "MB",
                at_most: Some(MOST_MEMORY),
                detail: String::new(),
            },
        ])
    }

    /// All points from nothing.
    fn score(&self) -> Result<Figure> {
        let rules = self.args.rules.display().to_string();
        let (mut ours, mut by_hand) = (Vec::new(), Vec::new());
        for round in 0..self.args.rounds {
            let name = format!("Engagement {round}");
            self.place
                .cli(&["scores", "add", &name, "--rules", &rules])?;
            ours.push(self.place.cli(&["scores", "recalculate", &name])?);
            let again = "DROP TABLE IF EXISTS points_by_hand;";
            let copy = self.args.folder.join("copy.sqlite");
            self.place.copy_to(&copy)?;
            by_hand.push(self.place.sqlite(&copy, &format!("{again}\n{POINTS}"))?);
        }
        Ok(ratio(
            "complete calculation of a score of ten rules",
            &walls(&ours),
            &walls(&by_hand),
            1.5,
        ))
    }

    /// Who goes in a replication with a score: counted, and listed.
    fn selection(&self) -> Result<Vec<Figure>> {
        self.place
            .cli(&["connections", "add", "Practice", "--flow", "practice"])?;
        #[rustfmt::skip]
        self.place.cli(&[
            "replications", "add", "Leads", "--object", "Lead", "--connection", "Practice", "--default-company", "(none)",
            "--score", "Engagement 0", "--minimum", "20",
        ])?;
        self.place.cli(&["scores", "recalculate"])?;
        let copy = self.args.folder.join("copy.sqlite");
        self.place.copy_to(&copy)?;
        let store = Store::open(&copy, OpenOptions { read_only: true }, 0)?;
        let scored = Selection {
            scored: true,
            ..Selection::default()
        };
        let (counting, counted) = median(self.args.rounds, || {
            Ok(store.read(|reader| reader.selected_count(ReplicationId(1), &scored))?)
        })?;
        let (listing, listed) = median(self.args.rounds, || list(&store))?;
        drop(store);
        let (count_by_hand, count) = self.place.timed(
            self.args.rounds,
            &copy,
            &format!("SELECT count(*) {SELECTED};"),
        )?;
        let (list_by_hand, list) = self.place.timed(
            self.args.rounds,
            &copy,
            &format!("SELECT marks.contact_id {SELECTED};"),
        )?;
        let lines = list.lines().count() as u64;
        ensure!(
            count.trim() == counted.to_string() && lines == counted && listed == counted,
            "{counted} are selected, {listed} listed; by hand {count} and {lines}"
        );
        Ok(vec![
            ratio("counting who goes", &[counting], &[count_by_hand], 1.5),
            ratio("listing who goes", &[listing], &[list_by_hand], 1.5),
        ])
    }
}

/// Lists who goes as a run does, page by page.
fn list(store: &Store) -> Result<u64> {
    const PAGE: usize = 2_000;
    let mut cursor = Cursor::default();
    let mut listed = 0;
    loop {
        let (ids, next) = store
            .read(|reader| reader.selection_page(ReplicationId(1), &Scope::Marked, cursor, PAGE))?;
        if ids.is_empty() {
            return Ok(listed);
        }
        listed += ids.len() as u64;
        cursor = next;
    }
}
