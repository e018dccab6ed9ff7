//! Consent: a purpose, who has answered what, and a segment that asks for it.

use serde_json::json;

use crate::app::App;
use crate::first_run::to_the_plan;

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
    app.see("Record answers");
    app.choose("Purpose", "Newsletter");
    app.fill("Where they were asked", "Trade fair");
    app.fill("Emails", &format!("{first}, {second}; nobody@example.com"));
    app.press("Record answers");
    app.see("Recorded the answer of 2 contacts. 1 address didn’t match a contact");
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
    app.choose("Condition, rule 1", "not answered");
    app.see("hasn't answered about Newsletter");
    app.picture("44-consent-rule");
}
