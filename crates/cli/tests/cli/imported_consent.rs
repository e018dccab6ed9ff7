//! Consent that comes from files, as the command line tells it: opt-outs and opt-ins with their moments, and what isn't understood.

use serde_json::{Value, json};

use crate::machine::Machine;

/// 2021-01-05T10:00:00Z, UTC milliseconds.
const ASKED: i64 = 1_609_840_800_000;
/// 2021-01-05T10:02:11Z, UTC milliseconds.
const CONFIRMED: i64 = 1_609_840_931_000;
/// 2023-02-01T09:00:00Z, UTC milliseconds.
const FEBRUARY: i64 = 1_675_242_000_000;
/// 2024-03-04T00:00:00Z, UTC milliseconds.
const MIDNIGHT: i64 = 1_709_510_400_000;
/// 2024-03-04T10:00:00Z, UTC milliseconds.
const MORNING: i64 = 1_709_546_400_000;
/// 2023-06-01T08:00:00Z, UTC milliseconds.
const OUT: i64 = 1_685_606_400_000;

/// Imports a file and returns what was told.
fn bring(machine: &Machine, name: &str, text: &str) -> String {
    let file = machine.file(name, text);
    machine.text(&["contacts", "import", &file], 0)
}

/// Returns what a contact answered, oldest first: about what, the answer, how, when as UTC, and when they asked.
fn history(machine: &Machine, contact: &str) -> Vec<(String, Value, String, Value, Value)> {
    let history = machine.json(&["consents", "history", contact], 0);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let events = history["events"].as_array().unwrap().iter();
    let line = |event: &Value| {
        let at = match event["stated"] == json!(true) {
            true => event["at"].clone(),
            false => Value::Null,
        };
        (
            text(&event["about"]),
            event["answer"].clone(),
            text(&event["how"]),
            at,
            event["asked_at"].clone(),
        )
    };
    events.map(line).collect()
}

#[test]
fn moments_in_exports_of_mailing_programs_are_those_of_the_events() {
    let files = [
        (
            "mailchimp",
            "Email Address,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,UNSUB_TIME,UNSUB_REASON\n\
             out@example.com,2021-01-05 10:00:00,192.0.2.1,2021-01-05 10:02:11,192.0.2.1,2023-06-01 08:00:00,\n",
        ),
        (
            "cleverreach",
            "email;registered;activated;deactivated;bounced\n\
             out@example.com;2021-01-05 10:00:00;2021-01-05 10:02:11;2023-06-01 08:00:00;0\n",
        ),
    ];
    for (program, text) in files {
        let machine = Machine::new();
        bring(&machine, &format!("{program}.csv"), text);
        let mut events = history(&machine, "out@example.com");
        events.sort_by_key(|event| event.3.as_i64());
        let asked = json!(ASKED);
        let (confirmed, out) = (json!(CONFIRMED), json!(OUT));
        assert_eq!(events.len(), 2, "{program}: {events:?}");
        let (_, answer, how, at, asked_at) = &events[0];
        assert_eq!(
            (answer, how.as_str(), at, asked_at),
            (&json!(true), "double_opt_in", &confirmed, &asked),
            "{program}"
        );
        let (_, answer, how, at, _) = &events[1];
        assert_eq!(
            (answer, how.as_str(), at),
            (&json!(false), "import", &out),
            "{program}"
        );
        let card = machine.json(&["contacts", "show", "out@example.com"], 0);
        assert_eq!(card["fields"]["email_opt_out"], true, "{program}");
        assert_eq!(
            machine.json(&["consents", "verify"], 0)["faults"],
            json!([])
        );
    }
    let machine = Machine::new();
    bring(
        &machine,
        "keila.csv",
        "Email,First name,Status,Double opt-in at\n\
         out@example.com,Ona,unsubscribed,2021-01-05T10:02:11Z\n\
         in@example.com,Ian,active,2021-01-05T10:02:11Z\n",
    );
    let events = history(&machine, "in@example.com");
    assert_eq!(
        (events.len(), &events[0].1, &events[0].3),
        (1, &json!(true), &json!(CONFIRMED))
    );
    let card = machine.json(&["contacts", "show", "out@example.com"], 0);
    assert_eq!(card["fields"]["email_opt_out"], true);
}

#[test]
fn only_a_later_yes_with_its_moment_takes_an_opt_out_back_and_undoing_the_import_restores_it() {
    let machine = Machine::new();
    let out = |machine: &Machine| {
        machine.json(&["contacts", "show", "ann@example.com"], 0)["fields"]["email_opt_out"].clone()
    };
    bring(
        &machine,
        "first.csv",
        "Email Address,UNSUB_TIME\nann@example.com,2023-06-01 08:00:00\n",
    );
    assert_eq!(out(&machine), true);
    bring(
        &machine,
        "yes.csv",
        "Email,Newsletter\nann@example.com,yes\n",
    );
    assert_eq!(out(&machine), true, "a yes without a moment");
    let earlier = "Email Address,OPTIN_TIME\nann@example.com,2022-06-01 08:00:00\n";
    let told = bring(&machine, "earlier.csv", earlier);
    assert_eq!(out(&machine), true, "a yes from before");
    assert!(told.contains("Recorded, but not in force"), "{told}");
    let later = "Email Address,OPTIN_TIME\nann@example.com,2024-06-01 08:00:00\n";
    let file = machine.file("later.csv", later);
    let preview = machine.json(&["contacts", "import", &file, "--preview"], 0);
    assert_eq!(preview["trial"]["updated"], 1);
    machine.text(&["contacts", "import", &file], 0);
    assert_eq!(out(&machine), false);
    machine.text(&["contacts", "undo"], 0);
    assert_eq!(out(&machine), true);
    assert_eq!(
        machine.json(&["consents", "verify"], 0)["faults"],
        json!([])
    );
}

#[test]
fn columns_say_when_how_and_to_which_words_people_answered_and_the_preview_says_what_they_mean() {
    let machine = Machine::new();
    machine.text(&["consents", "add", "Newsletter"], 0);
    let wording = machine.file("wording.txt", "Yes, send me news.");
    machine.text(&["consents", "wordings", "Newsletter", &wording], 0);
    let file = machine.file(
        "list.csv",
        "Email,News,When,How,Words\nann@example.com,yes,2024-03-04 10:00:00,phone,v1\n",
    );
    let map = [
        "--map",
        "News=consent:newsletter",
        "--map",
        "When=consent_at",
        "--map",
        "How=consent_method",
        "--map",
        "Words=consent_wording",
    ];
    let with = |more: &[&'static str]| [&["contacts", "import", &file][..], &map, more].concat();
    let preview = machine.text(&with(&["--preview"]), 0);
    for meaning in [
        "News: Yes or a time means given, no means refused.",
        "When: When they answered, or confirmed a double opt-in.",
        "How: How they answered.",
        "Words: The version or the text of the question that they answered.",
    ] {
        assert!(preview.contains(meaning), "{meaning}\n{preview}");
    }
    machine.text(&with(&[]), 0);
    let history = machine.json(&["consents", "history", "ann@example.com"], 0);
    let event = &history["events"][0];
    assert_eq!(event["at"], json!(MORNING));
    assert_eq!(
        (&event["how"], &event["wording"]["version"]),
        (&json!("phone"), &json!(1))
    );
    // A time in the column of answers is when they gave it.
    let file = machine.file(
        "times.csv",
        "Email,Newsletter\nbo@example.com,2023-02-01 09:00:00\n",
    );
    machine.text(&["contacts", "import", &file], 0);
    assert_eq!(history_of_one(&machine, "bo@example.com"), json!(FEBRUARY));
}

fn history_of_one(machine: &Machine, contact: &str) -> Value {
    let events = history(machine, contact);
    assert_eq!(events.len(), 1, "{events:?}");
    events[0].3.clone()
}

#[test]
fn a_date_of_a_newsletter_is_no_opt_out_and_an_unknown_purpose_is_told_with_the_cure() {
    let machine = Machine::new();
    let file = machine.file(
        "list.csv",
        "Email,Newsletter date\nann@example.com,2024-03-04\n",
    );
    let preview = machine.json(&["contacts", "import", &file, "--preview"], 0);
    assert_eq!(preview["columns"][1]["field"], json!(null));
    let map = [
        "contacts",
        "import",
        &file,
        "--map",
        "Newsletter date=consent:Nope",
    ];
    let refused = machine.json(&map, 2);
    assert_eq!(refused["error"]["message"], "there is no purpose \"Nope\"");
    assert_eq!(
        refused["error"]["hint"],
        "add the purpose first, or map the column to one that is there"
    );
    let text = machine.output(&map);
    let told = String::from_utf8_lossy(&text.stderr).into_owned();
    assert!(told.contains("consents add \"Nope\""), "{told}");
    let alone = [
        "contacts",
        "import",
        &file,
        "--map",
        "Newsletter date=consent_at",
    ];
    let refused = machine.json(&alone, 2);
    assert_eq!(
        refused["error"]["message"],
        "\"consent_at\" is about answers, and no column holds any"
    );
    machine.text(&["consents", "add", "Nope"], 0);
    machine.text(&map, 0);
    assert_eq!(history_of_one(&machine, "ann@example.com"), json!(MIDNIGHT));
}

#[test]
fn odd_words_in_a_column_of_consent_are_told_in_the_preview_and_in_the_result() {
    let machine = Machine::new();
    machine.text(&["consents", "add", "Calls"], 0);
    for (name, text, told) in [
        (
            "topics.csv",
            "Email,Newsletter\na@example.com,Monthly digest\nb@example.com,Weekly offers\n",
            "Not understood as yes or no: 2 answers in \"Newsletter\". Nothing was changed for these contacts. First in row 2.",
        ),
        (
            "mixed.csv",
            "Email,Newsletter\nc@example.com,Monthly digest\nd@example.com,sure\ne@example.com,no\n",
            "Not understood as yes or no: 2 answers in \"Newsletter\".",
        ),
        (
            "purpose.csv",
            "Email,Calls\nf@example.com,after six\ng@example.com,rarely\nh@example.com,no\n",
            "Not understood as yes or no: 2 answers in \"Calls\".",
        ),
    ] {
        let file = machine.file(name, text);
        let preview = machine.text(&["contacts", "import", &file, "--preview"], 0);
        assert!(preview.contains(told), "{name}: {preview}");
        let result = machine.text(&["contacts", "import", &file], 0);
        assert!(result.contains(told), "{name}: {result}");
    }
    let out =
        |who: &str| machine.json(&["contacts", "show", who], 0)["fields"]["email_opt_out"].clone();
    assert_eq!(out("e@example.com"), true, "a clear no beside odd words");
    assert_eq!(out("d@example.com"), json!(null));
    let refused = machine.json(&["consents", "list", "h@example.com"], 0);
    assert_eq!(refused["consents"][0]["given"], false);
}

#[test]
fn whoever_never_subscribed_has_neither_agreed_nor_refused() {
    let machine = Machine::new();
    machine.text(&["consents", "add", "Offers"], 0);
    let told = bring(
        &machine,
        "hubspot.csv",
        "Email,Marketing contact status,Email Marketing Consent\n\
         a@example.com,Non-marketing contact,NEVER_SUBSCRIBED\n\
         b@example.com,Marketing contact,SUBSCRIBED\n\
         c@example.com,Marketing contact,UNSUBSCRIBED\n",
    );
    for column in ["Marketing contact status", "Email Marketing Consent"] {
        let remark = format!("\"{column}\", such as Non-marketing contact or never subscribed");
        assert!(told.contains(&remark), "{told}");
    }
    let out =
        |who: &str| machine.json(&["contacts", "show", who], 0)["fields"]["email_opt_out"].clone();
    assert_eq!(
        ["a@example.com", "b@example.com", "c@example.com"].map(out),
        [json!(null), json!(null), json!(true)]
    );
    bring(
        &machine,
        "purpose.csv",
        "Email,Offers\nd@example.com,nicht abonniert\ne@example.com,abonniert\n",
    );
    assert!(history(&machine, "d@example.com").is_empty());
    assert_eq!(history(&machine, "e@example.com").len(), 1);
}
