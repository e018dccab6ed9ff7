//! Exports of mailing programs, as they write them: who wants no emails, calls or faxes. The samples are our own.

use leadferry_store::Value;

use crate::trial::Trial;
use crate::trying::assert_same;

const MAILCHIMP: &str = "\
\"Email Address\",\"First Name\",\"Last Name\",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,GMTOFF,REGION,\
UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS
out@example.com,Ona,Oberg,2,\"2021-01-05 10:00:00\",192.0.2.1,\"2021-01-05 10:02:11\",192.0.2.1,1,SE,\
\"2023-06-01 08:00:00\",\"June news\",abc123,\"No longer interested\",,17,e1,,
";

const HUBSPOT: &str = "\
\"Record ID\",\"First Name\",\"Last Name\",Email,\"Unsubscribed from all email\",\
\"Opted out of email: Marketing Information\",\"Marketing contact status\",\"Email hard bounce reason\"
1,Ona,Oberg,out@example.com,true,,\"Marketing contact\",
2,Ian,Ingram,in@example.com,false,,\"Marketing contact\",
3,Nia,Nolan,news@example.com,,Yes,\"Marketing contact\",
4,Gil,Gomes,gone@example.com,,,\"Marketing contact\",\"Unknown user\"
";

const BREVO: &str = "\
CONTACT ID;EMAIL;LASTNAME;FIRSTNAME;SMS;EMAIL_BLACKLISTED;SMS_BLACKLISTED;DOUBLE_OPT-IN;ADDED_TIME
1;out@example.com;Oberg;Ona;;true;false;1;2021-01-05 10:00:00
2;in@example.com;Ingram;Ian;;false;true;1;2021-01-05 10:00:00
";

const CLEVERREACH: &str = "\
email;registered;activated;deactivated;bounced;source;firstname;lastname
out@example.com;2021-01-05 10:00:00;2021-01-05 10:02:11;2023-06-01 08:00:00;0;Form;Ona;Oberg
in@example.com;2021-01-05 10:00:00;2021-01-05 10:02:11;0;0;Form;Ian;Ingram
gone@example.com;2021-01-05 10:00:00;2021-01-05 10:02:11;0;2022-03-04 05:06:07;Form;Gil;Gomes
asked@example.com;2021-01-05 10:00:00;0;0;0;Form;Joy;Jones
";

const KEILA: &str = "\
Email,First name,Last name,Data,Status,Double opt-in at
out@example.com,Ona,Oberg,{},unsubscribed,2021-01-05T10:02:11Z
in@example.com,Ian,Ingram,{},active,2021-01-05T10:02:11Z
gone@example.com,Gil,Gomes,{},unreachable,
";

const MAUTIC: &str = "\
id,firstname,lastname,email,points,DNC Email
1,Ona,Oberg,out@example.com,3,Unsubscribed
2,Ian,Ingram,in@example.com,5,
3,Gil,Gomes,gone@example.com,0,Bounced
4,Hal,Hill,by.hand@example.com,0,Manual
5,Joy,Jones,reachable@example.com,0,Contactable
";

const SALESFORCE: &str = "\
FirstName,LastName,Email,HasOptedOutOfEmail,DoNotCall,HasOptedOutOfFax
Ona,Oberg,out@example.com,true,false,false
Ian,Ingram,in@example.com,false,false,false
Carl,Cole,call@example.com,false,true,true
";

/// Returns the opt-outs of a contact.
fn outs(trial: &Trial, email: &str) -> Vec<&'static str> {
    let fields = [
        "email_opt_out",
        "phone_opt_out",
        "fax_opt_out",
        "do_not_send",
    ];
    let says_yes = |field: &&str| trial.value(email, field) == Some(Value::YesNo(true));
    fields.into_iter().filter(says_yes).collect()
}

#[test]
fn exports_of_mailing_programs_say_who_opted_out() {
    let email: &[&str] = &["email_opt_out"];
    let nothing: &[&str] = &[];
    let files = [
        ("mailchimp", MAILCHIMP, vec![("out", email)]),
        (
            "hubspot",
            HUBSPOT,
            vec![("out", email), ("in", nothing), ("news", email)],
        ),
        ("brevo", BREVO, vec![("out", email), ("in", nothing)]),
        (
            "cleverreach",
            CLEVERREACH,
            vec![("out", email), ("in", nothing), ("gone", nothing)],
        ),
        (
            "keila",
            KEILA,
            vec![("out", email), ("in", nothing), ("gone", nothing)],
        ),
        (
            "mautic",
            MAUTIC,
            vec![
                ("out", email),
                ("in", nothing),
                ("gone", nothing),
                ("by.hand", email),
                ("reachable", nothing),
            ],
        ),
        (
            "salesforce",
            SALESFORCE,
            vec![
                ("out", email),
                ("in", nothing),
                ("call", &["phone_opt_out", "fax_opt_out"]),
            ],
        ),
    ];
    for (program, text, expected) in files {
        let trial = Trial::new();
        let request = trial.request(&format!("{program}.csv"), text);
        assert_same(&trial, &request);
        for (who, fields) in expected {
            let found = outs(&trial, &format!("{who}@example.com"));
            assert_eq!(found, fields, "{program}: {who}");
        }
    }
}

#[test]
fn a_bounce_in_an_export_is_told() {
    for (program, text) in [
        ("hubspot", HUBSPOT),
        ("cleverreach", CLEVERREACH),
        ("keila", KEILA),
        ("mautic", MAUTIC),
    ] {
        let trial = Trial::new();
        let outcome = trial.bring(&format!("{program}.csv"), text);
        let told = outcome.warnings.iter();
        let bounces = told.filter(|warning| warning.text.starts_with("Not counted as an opt-out"));
        assert_eq!(bounces.count(), 1, "{program}: {:?}", outcome.warnings);
    }
}

#[test]
fn a_sign_up_that_was_never_confirmed_is_no_unreadable_time() {
    let trial = Trial::new();
    let outcome = trial.bring("cleverreach.csv", CLEVERREACH);
    let mut told = outcome.warnings.iter();
    let is_told = told.any(|warning| warning.text.starts_with("Not understood as a time"));
    assert!(!is_told, "{:?}", outcome.warnings);
}
