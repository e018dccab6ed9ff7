//! Consent in files of other programs: who wants nothing on which channel.

use leadferry_commands::imports::ImportRequest;
use leadferry_store::Value;

use crate::trial::Trial;
use crate::trying::assert_same;

const FIELDS: [&str; 4] = [
    "email_opt_out",
    "phone_opt_out",
    "fax_opt_out",
    "do_not_send",
];

/// Returns which of the fields say yes for each contact, by email.
fn outs(trial: &Trial, emails: &[&str]) -> Vec<Vec<&'static str>> {
    let out = |email: &&str| {
        let fields = FIELDS.into_iter();
        let says_yes = |field: &&str| trial.value(email, field) == Some(Value::YesNo(true));
        fields.filter(says_yes).collect()
    };
    emails.iter().map(out).collect()
}

fn bring(name: &str, text: &str) -> Trial {
    let trial = Trial::new();
    let request = trial.request(name, text);
    assert_same(&trial, &request);
    trial
}

#[test]
fn a_time_of_unsubscribing_is_a_no_and_a_bounce_is_a_remark() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "audience.csv",
        "Email Address,First Name,OPTIN_TIME,OPTIN_IP,UNSUB_TIME,UNSUB_REASON,CLEAN_TIME\n\
         out@example.com,Ona,2021-01-05 10:00:00,192.0.2.1,2023-06-01 08:00:00,Other,\n\
         in@example.com,Ian,2021-01-05 10:00:00,192.0.2.1,,,\n\
         gone@example.com,Gil,2021-01-05 10:00:00,192.0.2.1,,,2022-03-04 05:06:07\n",
    );
    let emails = ["out@example.com", "in@example.com", "gone@example.com"];
    assert_eq!(
        outs(&trial, &emails),
        [vec!["email_opt_out"], vec![], vec![]]
    );
    let told: Vec<_> = outcome
        .warnings
        .iter()
        .map(|warning| &warning.text)
        .collect();
    assert!(
        told.iter()
            .any(|text| text.contains("CLEAN_TIME") && text.contains("First in row 4")),
        "{told:?}"
    );
}

#[test]
fn each_column_is_about_its_channel() {
    let trial = bring(
        "crm.csv",
        "FirstName,Email,HasOptedOutOfEmail,HasOptedOutOfFax,DoNotCall,Do not contact,Do not sync\n\
         Mail,m@example.com,1,0,0,,\nFax,f@example.com,0,1,0,,\nCall,c@example.com,0,0,1,,\n\
         All,a@example.com,0,0,0,yes,\nSync,s@example.com,0,0,0,,yes\n",
    );
    let emails = ["m", "f", "c", "a", "s"].map(|name| format!("{name}@example.com"));
    let emails: Vec<_> = emails.iter().map(String::as_str).collect();
    assert_eq!(
        outs(&trial, &emails),
        [
            vec!["email_opt_out"],
            vec!["fax_opt_out"],
            vec!["phone_opt_out"],
            vec!["email_opt_out", "phone_opt_out", "fax_opt_out"],
            vec!["do_not_send"],
        ]
    );
}

#[test]
fn consent_to_letters_or_text_messages_is_told_and_never_taken_for_email() {
    let trial = Trial::new();
    let request = trial.request(
        "crm.csv",
        "Email,SMS opt-in,Consent to postal mail,Briefpost,SMS Marketing Status\n\
         m@example.com,no,no,nein,UNSUBSCRIBED\nn@example.com,yes,yes,ja,SUBSCRIBED\n",
    );
    let outcome = trial.import(&request);
    assert_eq!(outs(&trial, &["m@example.com"]), [vec![""; 0]]);
    for (column, about) in [
        ("SMS opt-in", "text messages"),
        ("Consent to postal mail", "postal mail"),
        ("Briefpost", "postal mail"),
        ("SMS Marketing Status", "text messages"),
    ] {
        let told = format!("\"{column}\" looks like consent to {about}");
        let is_told = outcome
            .warnings
            .iter()
            .any(|warning| warning.text.contains(&told));
        assert!(is_told, "{column}: {:?}", outcome.warnings);
    }
}

#[test]
fn a_status_column_of_such_words_is_consent_and_another_is_a_status() {
    let trial = bring(
        "subscribers.csv",
        "email,status\nout@example.com,unsubscribed\nin@example.com,subscribed\nnew@example.com,pending\n",
    );
    let emails = ["out@example.com", "in@example.com"];
    assert_eq!(outs(&trial, &emails), [vec!["email_opt_out"], vec![]]);
    assert_eq!(trial.value("out@example.com", "status"), None);
    let trial = bring(
        "leads.csv",
        "email,status\na@example.com,Working\nb@example.com,Active\nc@example.com,Closed\n",
    );
    assert_eq!(trial.text("b@example.com", "status"), "Active");
    assert_eq!(outs(&trial, &["b@example.com"]), [vec![""; 0]]);
}

#[test]
fn words_for_no_are_known_in_many_languages_and_other_words_are_told() {
    let trial = Trial::new();
    let words = ["nee", "nej", "não", "nie", "nein", "non", "no", "ei", "ne"];
    let rows: String = words
        .iter()
        .enumerate()
        .map(|(at, word)| format!("p{at}@example.com,{word}\n"))
        .collect();
    let file = format!("Email,Opt-out\n{rows}yes@example.com,ja\nodd@example.com,perhaps\n");
    let outcome = trial.bring("optout.csv", file);
    for (at, word) in words.iter().enumerate() {
        let email = format!("p{at}@example.com");
        assert_eq!(outs(&trial, &[&email]), [vec![""; 0]], "{word}");
    }
    let both = ["yes@example.com", "odd@example.com"];
    assert_eq!(outs(&trial, &both), [vec!["email_opt_out"], vec![]]);
    let told = outcome.warnings.iter().any(|warning| {
        warning
            .text
            .contains("Not understood as yes or no: 1 answer in \"Opt-out\"")
            && warning.text.contains("row 12")
    });
    assert!(told, "{:?}", outcome.warnings);
}

#[test]
fn the_preview_says_what_the_cells_of_such_a_column_mean() {
    let trial = Trial::new();
    let request = trial.request(
        "list.csv",
        "email,Newsletter,UNSUB_TIME\na@example.com,nein,\nb@example.com,ja,2023-06-01 08:00:00\n",
    );
    let preview = leadferry_commands::imports::preview(&trial.store, &request, &mut |_| {
        std::ops::ControlFlow::Continue(())
    });
    let told: Vec<_> = preview
        .unwrap()
        .columns
        .into_iter()
        .map(|column| {
            (
                column.field.unwrap_or_default(),
                column.consent.unwrap_or_default(),
            )
        })
        .collect();
    let told: Vec<_> = told
        .iter()
        .map(|(field, says)| (field.as_str(), says.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("email", ""),
            (
                "email_opt_out",
                "No means opted out, and a time is when they agreed"
            ),
            ("email_opt_out", "Yes or a time means opted out"),
        ]
    );
}

#[test]
fn a_newsletter_column_is_an_answer_where_its_cells_are() {
    let trial = bring(
        "list.csv",
        "First Name,Email,Newsletter,Email Marketing Consent\n\
         Mira,mira@example.com,nein,\nJonas,jonas@example.com,ja,\nAda,ada@example.com,,UNSUBSCRIBED\n",
    );
    let emails = ["mira@example.com", "jonas@example.com", "ada@example.com"];
    assert_eq!(
        outs(&trial, &emails),
        [vec!["email_opt_out"], vec![], vec!["email_opt_out"]]
    );
    let trial = Trial::new();
    let outcome = trial.bring(
        "names.csv",
        "Email,Newsletter\na@example.com,Monthly digest\nb@example.com,Weekly offers\n",
    );
    assert_eq!(outcome.columns_ignored, ["Newsletter"]);
}

#[test]
fn an_import_opts_nobody_in_and_undoing_it_takes_its_no_back() {
    let trial = Trial::new();
    trial.bring(
        "one.csv",
        "email,Unsubscribed\na@example.com,yes\nb@example.com,\n",
    );
    trial.bring(
        "two.csv",
        "email,Unsubscribed,Newsletter\na@example.com,no,yes\nb@example.com,no,no\n",
    );
    let both = ["a@example.com", "b@example.com"];
    assert_eq!(outs(&trial, &both), [["email_opt_out"], ["email_opt_out"]]);
    let request = ImportRequest {
        map: vec![("Mail".to_owned(), "email_opt_out".to_owned())],
        ..trial.request("three.csv", "email,Mail\na@example.com,no\n")
    };
    trial.import(&request);
    assert_eq!(outs(&trial, &both), [["email_opt_out"], ["email_opt_out"]]);
    let acts = trial.store.read(|reader| reader.acts()).unwrap();
    let second = acts.iter().rev().nth(1).unwrap().id;
    trial
        .store
        .write(|writer| writer.undo(second, crate::trial::NOW))
        .unwrap();
    assert_eq!(outs(&trial, &both), [vec!["email_opt_out"], vec![]]);
    let check = trial.store.read(|reader| reader.check_ledger()).unwrap();
    assert_eq!(check.faults, [""; 0]);
}

#[test]
fn an_opt_out_is_read_in_every_language_of_the_header_lists() {
    for (name, no, yes) in [
        ("Abmeldedatum", "", "01.02.2024"),
        ("Abmeldung", "nein", "ja"),
        ("Désinscrit", "non", "oui"),
        ("Fecha de baja", "", "01/02/2024"),
        ("Fecha de desuscripción", "", "01/02/2024"),
        ("Disiscritto", "falso", "vero"),
        ("Descadastrado", "falso", "verdadeiro"),
        ("Uitschrijfdatum", "", "01-02-2024"),
        ("Niet mailen", "onwaar", "waar"),
        ("Avprenumererad", "falskt", "sant"),
        ("Afmeldingsdato", "", "01-02-2024"),
        ("Avmeldt", "usann", "sann"),
        ("Uutiskirje peruttu", "epätosi", "tosi"),
        ("Wypisano", "fałsz", "prawda"),
        ("Rezygnacja", "nie", "tak"),
        ("Odhlášení", "ne", "ano"),
        ("Leiratkozott", "nem", "igen"),
        ("Leiratkozás dátuma", "", "2024-02-01"),
        ("Dezabonat", "nu", "da"),
        ("Abonelikten çıktı", "hayır", "evet"),
        ("Odjavljen", "ne", "da"),
        ("Отписан", "нет", "да"),
        ("Дата отписки", "", "01.02.2024"),
        ("Відписаний", "ні", "так"),
        ("Απεγγραφή", "όχι", "ναι"),
        ("配信停止", "いいえ", "はい"),
        ("退订", "否", "是"),
        ("수신거부", "아니오", "예"),
        ("Newsletter nicht gewünscht", "nein", "ja"),
        ("Do not send newsletter", "no", "yes"),
        ("Ne souhaite pas recevoir la newsletter", "non", "oui"),
        ("No enviar boletín", "no", "sí"),
    ] {
        let text = format!("Email;{name}\nin@example.com;{no}\nout@example.com;{yes}\n");
        let trial = bring("list.csv", &text);
        let found = outs(&trial, &["in@example.com", "out@example.com"]);
        assert_eq!(found, [vec![], vec!["email_opt_out"]], "{name}");
    }
}

#[test]
fn a_date_of_subscribing_and_a_phone_number_opt_nobody_out() {
    for (name, cell) in [
        ("Fecha de suscripción", "01/02/2024"),
        ("Estado de suscripción", "Suscrito"),
        ("Telefono email", "+39 12345678"),
        ("Consenso telefono newsletter", "sì"),
        ("Samtykke til markedsføring", "ja"),
        ("Exclusive newsletter", "yes"),
    ] {
        let trial = bring(
            "list.csv",
            &format!("Email;{name}\nin@example.com;{cell}\n"),
        );
        assert_eq!(
            outs(&trial, &["in@example.com"]),
            [Vec::<&str>::new()],
            "{name}"
        );
    }
}

#[test]
fn a_consent_to_marketing_in_danish_is_about_email() {
    let trial = bring(
        "list.csv",
        "Email;Samtykke til markedsføring\nout@example.com;nej\n",
    );
    assert_eq!(outs(&trial, &["out@example.com"]), [vec!["email_opt_out"]]);
}

#[test]
fn a_polite_answer_is_an_answer() {
    for (cell, expected) in [
        ("Nein, danke", vec!["email_opt_out"]),
        ("No thanks", vec!["email_opt_out"]),
        ("not interested", vec!["email_opt_out"]),
        ("Yes, please", vec![]),
        ("not unsubscribed", vec![]),
    ] {
        let trial = bring(
            "list.csv",
            &format!("Email;Newsletter\nada@example.com;\"{cell}\"\nbob@example.com;yes\n"),
        );
        assert_eq!(outs(&trial, &["ada@example.com"]), [expected], "{cell}");
    }
}
