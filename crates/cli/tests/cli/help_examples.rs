//! Every example that a help text gives can be typed as it stands there.
//!
//! A new example needs a line in [`EXAMPLES`], which says how to run it; words that nobody would type stand in [`WORDS`].

use crate::help::{help_of_all, unwrapped};
use crate::machine::Machine;

/// What an example follows in a sentence.
const MARKERS: [&str; 3] = ["for example ", "For example ", "such as "];

/// A command's path, the example as its help has it, and what is typed to run it.
type Example = (&'static str, &'static str, &'static [&'static str]);

const EXAMPLES: &[Example] = &[
    (
        "workspace init",
        "Europe/Berlin",
        &[
            "--workspace",
            "OTHER",
            "workspace",
            "init",
            "--time-zone",
            "Europe/Berlin",
        ],
    ),
    (
        "workspace set",
        "Europe/Berlin",
        &["workspace", "set", "--time-zone", "Europe/Berlin"],
    ),
    (
        "practice-org faults add",
        "times=1 or path=composite",
        &[
            "practice-org",
            "faults",
            "add",
            "reset_after",
            "times=1",
            "path=composite",
        ],
    ),
    (
        "practice-org run-as",
        "reader@practice.example",
        &["practice-org", "run-as", "reader@practice.example"],
    ),
    (
        "contacts import",
        "windows-1252",
        &[
            "contacts",
            "import",
            "CONTACTS",
            "--encoding",
            "windows-1252",
        ],
    ),
    (
        "contacts import",
        "Europe/Berlin",
        &[
            "contacts",
            "import",
            "CONTACTS",
            "--time-zone",
            "Europe/Berlin",
            "--again",
        ],
    ),
    (
        "contacts set",
        "city=Boston or custom:Region=North",
        &[
            "contacts",
            "set",
            "ada@example.com",
            "city=Boston",
            "custom:Region=North",
        ],
    ),
    (
        "accounts add",
        "city=Boston",
        &["accounts", "add", "Acme", "city=Boston"],
    ),
    (
        "accounts set",
        "city=Boston",
        &["accounts", "set", "Acme", "city=Boston"],
    ),
    (
        "activities import",
        "03/04/1990",
        &["activities", "import", "ACTIVITIES", "--dates", "dmy"],
    ),
    (
        "activities import",
        "windows-1252",
        &[
            "activities",
            "import",
            "ACTIVITIES",
            "--dates",
            "dmy",
            "--encoding",
            "windows-1252",
            "--again",
        ],
    ),
    (
        "activities import",
        "Europe/Berlin",
        &[
            "activities",
            "import",
            "ACTIVITIES",
            "--dates",
            "dmy",
            "--time-zone",
            "Europe/Berlin",
            "--again",
        ],
    ),
    (
        "activities add",
        "2026-01-31T10:00:00Z",
        &[
            "activities",
            "add",
            "ada@example.com",
            "Visit",
            "--at",
            "2026-01-31T10:00:00Z",
        ],
    ),
    (
        "consents add",
        "\"Newsletter > Topics > Offers\"",
        &["consents", "add", "Newsletter > Topics > Offers"],
    ),
    (
        "consents record",
        "2026-01-31T10:00:00Z",
        &[
            "consents",
            "record",
            "Newsletter",
            "given",
            "ada@example.com",
            "--at",
            "2026-01-31T10:00:00Z",
        ],
    ),
    (
        "segments add",
        "\"30 days\"",
        &["segments", "add", "Spans", "--rules", "SPAN"],
    ),
    (
        "segments set",
        "\"30 days\"",
        &["segments", "set", "Spans", "--rules", "SPAN"],
    ),
    (
        "segments count",
        "\"30 days\"",
        &["segments", "count", "--rules", "SPAN"],
    ),
    (
        "replications add",
        "'\"Deleted\"=Description'",
        &[
            "replications",
            "add",
            "Others",
            "--object",
            "Contact",
            "--deleted-here",
            "\"Deleted\"=Description",
        ],
    ),
    (
        "replications set",
        "'\"Deleted\"=Description'",
        &[
            "replications",
            "set",
            "Leads",
            "--deleted-here",
            "\"Deleted\"=Description",
        ],
    ),
    (
        "replications activate",
        "2026-12-01",
        &[
            "replications",
            "activate",
            "Leads",
            "Spans",
            "--from",
            "2026-12-01",
        ],
    ),
    (
        "search run",
        "'Email contains acme'",
        &["search", "run", "--where", "Email contains acme"],
    ),
    (
        "practice-org rules add",
        "Lead",
        &[
            "practice-org",
            "rules",
            "add",
            "Lead",
            "Phone_or_email",
            "--when",
            "Phone = null AND Email = null",
            "--message",
            "Enter a phone number or an email.",
        ],
    ),
    (
        "practice-org record-types add",
        "Lead",
        &["practice-org", "record-types", "add", "Lead", "Partner"],
    ),
    (
        "practice-org fields hide",
        "Lead.Phone",
        &["practice-org", "fields", "hide", "Lead.Phone"],
    ),
    (
        "practice-org fields lock",
        "Lead.Phone",
        &["practice-org", "fields", "lock", "Lead.Phone"],
    ),
    (
        "practice-org fields show",
        "Lead.Phone",
        &["practice-org", "fields", "show", "Lead.Phone"],
    ),
];

/// Words that explain, and are not typed.
const WORDS: &[(&str, &str)] = &[
    ("practice-org switches", "person accounts"),
    ("contacts import", "&amp;"),
    ("contacts erase", "a rule or a company"),
    ("activities add", "the value of an order"),
    ("consents record", "a form or a trade fair"),
    // It would send everything that follows through a proxy that isn't there.
    ("connections proxy", "proxy.acme.com:8080"),
];

/// Rules in JSON that several commands show.
const RULES: [&str; 3] = ["segments add", "segments set", "segments count"];

/// Other values that a help text names without calling them examples.
const NAMED: &[&[&str]] = &[
    &[
        "practice-org",
        "switches",
        "state_and_country_picklists=true",
        "person_accounts=true",
    ],
    &["replications", "set", "Leads", "--schedule", "manual"],
    &["replications", "set", "Leads", "--schedule", "on change"],
    &[
        "replications",
        "set",
        "Leads",
        "--schedule",
        "every 15 minutes",
    ],
    &[
        "replications",
        "set",
        "Leads",
        "--schedule",
        "at 08:00, 13:30",
    ],
    &[
        "connections",
        "add",
        "Short",
        "--host",
        "acme",
        "--client-id",
        "x",
    ],
    &[
        "connections",
        "add",
        "Long",
        "--host",
        "acme.my.salesforce.com",
        "--client-id",
        "x",
    ],
];

#[test]
fn every_example_of_every_help_is_known_here() {
    let machine = Machine::bare();
    let mut unknown = Vec::new();
    for (path, help) in help_of_all(&machine) {
        let text = unwrapped(&help);
        for marker in MARKERS {
            for (at, _) in text.match_indices(marker) {
                let rest = &text[at + marker.len()..];
                let runs = EXAMPLES
                    .iter()
                    .any(|(of, example, _)| *of == path && rest.starts_with(example));
                let explains = WORDS
                    .iter()
                    .any(|(of, words)| *of == path && rest.starts_with(words));
                if !runs && !explains {
                    let shown: String = rest.chars().take(60).collect();
                    unknown.push(format!("{path}: {marker}{shown}"));
                }
            }
        }
        let has_rules = help.contains("Example:\n");
        assert_eq!(
            has_rules,
            RULES.contains(&path.as_str()),
            "{path}: rules as an example"
        );
    }
    assert!(
        unknown.is_empty(),
        "nobody runs these examples:\n{}",
        unknown.join("\n")
    );
}

#[test]
fn every_example_of_every_help_does_what_it_says() {
    let machine = Machine::new();
    machine.ready();
    let contacts = machine.file(
        "contacts.csv",
        "First name,Last name,Email\nAda,Lovelace,ada@example.com\n",
    );
    let activities = machine.file(
        "activities.csv",
        "email,type,time\nada@example.com,Visit,03/04/1990\n",
    );
    let span = machine.file(
        "span.json",
        r#"{"all": [{"field": "created_at", "op": "within_last", "value": "30 days"}]}"#,
    );
    let other = machine.folder().join("other.leadferry");
    machine.text(&["contacts", "fields", "add", "Region"], 0);
    machine.text(&["activities", "add-type", "Visit"], 0);
    let placed = |word: &&'static str| -> String {
        match *word {
            "CONTACTS" => contacts.clone(),
            "ACTIVITIES" => activities.clone(),
            "SPAN" => span.clone(),
            "OTHER" => other.to_str().unwrap().to_owned(),
            word => word.to_owned(),
        }
    };
    let typed = EXAMPLES.iter().map(|(.., typed)| *typed);
    for words in typed.chain(NAMED.iter().copied()) {
        let words: Vec<String> = words.iter().map(placed).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        machine.text(&words, 0);
    }
    for (n, path) in RULES.iter().enumerate() {
        let path: Vec<&str> = path.split(' ').chain(["--help"]).collect();
        let help = machine.text(&path, 0);
        let rules = help.split("Example:\n").nth(1).unwrap();
        let file = machine.file("rules.json", rules.split("\n\n").next().unwrap());
        machine.text(
            &["segments", "add", &format!("Rules {n}"), "--rules", &file],
            0,
        );
    }
}
