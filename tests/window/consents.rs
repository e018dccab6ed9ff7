//! Consent: a purpose, who has answered what, and a segment that asks for it.

use serde_json::json;

use crate::app::App;
use crate::first_run::{REPLICATION, identifier, in_the_org, run, to_the_plan};

const MAILCHIMP: &str = "\
\"Email Address\",\"First Name\",\"Last Name\",OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME,UNSUB_REASON,LEID
ona.oberg@example.com,Ona,Oberg,\"2021-01-05 10:00:00\",\"2021-01-05 10:02:11\",\"2023-06-01 08:00:00\",Other,17
ian.ingram@example.com,Ian,Ingram,\"2022-03-01 09:00:00\",\"2022-03-01 09:05:00\",,,18
";

#[test]
fn a_no_recorded_in_the_window_and_one_of_a_mailchimp_export_arrive_in_the_org() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    run(&app);
    let field = identifier(&app);
    let people = in_the_org(
        &app,
        &format!("SELECT Email FROM Lead WHERE {field} != null"),
    );
    let email = people[0][0].as_str().unwrap().to_owned();
    for field in ["HasOptedOutOfEmail", "HasOptedOutOfFax", "DoNotCall"] {
        app.cli(&["practice-org", "fields", "show", &format!("Lead.{field}")]);
    }
    let shown = app.ask("replications.show", &json!({"name": REPLICATION}));
    app.cli(&["connections", "test", shown["connection"].as_str().unwrap()]);
    let rows = app.path("rows.txt");
    let file = rows.to_str().unwrap();
    app.cli(&["mappings", "export", REPLICATION, file]);
    let mapped = std::fs::read_to_string(&rows).unwrap();
    std::fs::write(&rows, mapped + "\nemail_opt_out=HasOptedOutOfEmail\n").unwrap();
    app.cli(&["mappings", "import", REPLICATION, file]);

    let list = app.path("unsubscribed.csv");
    std::fs::write(&list, MAILCHIMP).unwrap();
    app.will_pick(&list);
    app.go("Contacts");
    app.press("Import");
    app.press("Choose a file");
    app.see("UNSUB_TIME");
    app.see("Yes or a time means opted out");
    app.picture("45-mailchimp-preview");
    app.press("Import 2 contacts");
    app.see("2 contacts");

    app.go("Contacts");
    app.search_contacts(&email);
    app.click("row", &format!("*{email}*"));
    app.choose("Email", "Opted out");
    app.see("Opted out of email");
    app.picture("46-opted-out");

    app.cli(&["replications", "run", REPLICATION]);
    let soql = format!("SELECT HasOptedOutOfEmail FROM Lead WHERE Email = '{email}'");
    assert_eq!(in_the_org(&app, &soql), [json!([true])]);
    let out =
        |email: &str| app.cli(&["contacts", "show", email])["fields"]["email_opt_out"].clone();
    assert_eq!(out("ona.oberg@example.com"), json!(true));
    assert_eq!(out("ian.ingram@example.com"), json!(false));
}

#[test]
fn a_segment_follows_what_contacts_have_answered() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    let listed = app.cli(&["contacts", "list", "--limit", "2"]);
    let email = |at: usize| listed["contacts"][at]["email"].as_str().unwrap().to_owned();
    let (first, second) = (email(0), email(1));

    app.go("Consent");
    app.see("No purposes yet");
    app.fill("Name", "Newsletter");
    app.press("Add purpose");
    app.press("Record answers…");
    app.choose("Purpose", "Newsletter");
    app.fill("Where they were asked", "Trade fair");
    app.fill("Emails", &format!("{first}, {second}; nobody@example.com"));
    app.press("Record answers");
    app.see("Recorded the answer of 2 contacts. 1 address didn’t match a contact");
    app.press("Done");
    app.picture("42-consent-recorded");

    app.go("Contacts");
    app.search_contacts(&second);
    app.click("row", &format!("*{second}*"));
    app.see("Trade fair");
    app.choose("Newsletter*", "Refused");
    app.see("Consent to Newsletter changed.");
    app.picture("43-contact-consent");
    let purposes = app.ask("consents.purposes", &json!({}));
    assert_eq!(
        purposes[0],
        json!({"path": "Newsletter", "level": "purpose", "given": 1, "refused": 1})
    );

    app.go("Segments");
    app.click("link", "New segment");
    app.choose("Field, rule 1", "Consent to Newsletter");
    app.see("has given consent to Newsletter");
    app.see("1 of ");
    app.choose("Condition, rule 1", "not asked");
    app.see("hasn't answered about Newsletter");
    app.picture("44-consent-rule");
}
