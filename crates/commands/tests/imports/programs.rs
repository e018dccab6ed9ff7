//! Exports of other programs, with their own column names: who comes in, and what is told.

use crate::trial::Trial;

/// Imports a file and holds fields of the contact with an email against what they should be.
fn assert_fields(file: &str, email: &str, expected: &[(&str, &str)]) {
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", file);
    for (field, text) in expected {
        assert_eq!(&trial.text(email, field), text, "{field}: {outcome:?}");
    }
}

#[test]
fn a_list_of_invitees_is_not_about_its_host() {
    assert_fields(
        "Invitee Name,Invitee Email,Invitee Time Zone,User Name,User Email\n\
         Mira Okafor,mira@example.com,Europe - London,Lena Voss,lena@example.org\n",
        "mira@example.com",
        &[
            ("first_name", "Mira"),
            ("last_name", "Okafor"),
            ("email_2", ""),
        ],
    );
}

#[test]
fn orders_are_about_who_paid_where_they_name_nobody_else() {
    assert_fields(
        "order_id,billing_first_name,billing_last_name,billing_email,billing_phone,billing_address_1,billing_city\n\
         1,Mira,Okafor,mira@example.com,+1 775 555 0101,1 High St,Reno\n",
        "mira@example.com",
        &[
            ("last_name", "Okafor"),
            ("business_phone", "+1 775 555 0101"),
            ("city", "Reno"),
        ],
    );
    assert_fields(
        "First Name,Email,Buyer Name,Buyer Email,Billing Phone\nMira,mira@example.com,Sam Lee,sam@example.com,+1 775\n",
        "mira@example.com",
        &[
            ("last_name", ""),
            ("email_2", ""),
            ("business_phone", "+1 775"),
        ],
    );
}

#[test]
fn the_number_of_an_order_is_no_name() {
    assert_fields(
        "Name,Email,Financial Status,Billing Name,Billing City,Shipping Name\n\
         #1001,mira@example.com,paid,Mira Okafor,Reno,Sam Lee\n",
        "mira@example.com",
        &[
            ("first_name", "Mira"),
            ("last_name", "Okafor"),
            ("city", "Reno"),
        ],
    );
}

#[test]
fn questions_of_a_survey_are_columns() {
    assert_fields(
        "Timestamp,Hi! What is your email address?,What's your first name?,And your last name?,\
         What company do you work for?,*Do you agree to receive emails?*\n\
         2024-05-01,mira@example.com,Mira,Okafor,Tallow,Yes\n",
        "mira@example.com",
        &[
            ("first_name", "Mira"),
            ("last_name", "Okafor"),
            ("company_name", "Tallow"),
        ],
    );
    let trial = Trial::new();
    let outcome = trial.bring(
        "survey.csv",
        "Respondent ID,Email Address,What is your company?\n,,Open-Ended Response\n11,mira@example.com,Tallow\n",
    );
    assert_eq!((outcome.created, outcome.faulty), (1, 1), "{outcome:?}");
}

#[test]
fn a_column_of_emails_is_one_whatever_its_name() {
    assert_fields(
        "Kontaktdaten,Name\nmira@example.com,Mira Okafor\n",
        "mira@example.com",
        &[("first_name", "Mira")],
    );
}

#[test]
fn an_answer_about_consent_is_no_phone_number() {
    assert_fields(
        "Email,SMS,Mobile\nmira@example.com,yes,+44 7700 900001\n",
        "mira@example.com",
        &[("mobile_phone", "+44 7700 900001")],
    );
    assert_fields(
        "Email,SMS\nmira@example.com,447700900001\n",
        "mira@example.com",
        &[("mobile_phone", "447700900001")],
    );
}

#[test]
fn parts_of_a_name_and_an_address_are_put_together_or_taken_apart() {
    assert_fields(
        "Nombre;Primer apellido;Segundo apellido;Correo\nLucía;García;Núñez;l@example.com\n",
        "l@example.com",
        &[("first_name", "Lucía"), ("last_name", "García Núñez")],
    );
    for (cell, code, city) in [
        ("01067 Dresden", "01067", "Dresden"),
        ("1011 AB Amsterdam", "1011 AB", "Amsterdam"),
        ("111 22 Stockholm", "111 22", "Stockholm"),
        ("Dresden", "", "Dresden"),
    ] {
        assert_fields(
            &format!("Ansprechpartner;PLZ/Ort;E-Mail\nFrau Anna Müller;{cell};a@example.com\n"),
            "a@example.com",
            &[
                ("salutation", "Frau"),
                ("last_name", "Müller"),
                ("postal_code", code),
                ("city", city),
            ],
        );
    }
    assert_fields(
        "Nome completo;E-mail;Rua;Número;Bairro;Cidade\nJoão da Silva;j@example.com;Rua Alta;12;Centro;Recife\n",
        "j@example.com",
        &[
            ("address_line1", "Rua Alta 12"),
            ("address_line2", "Centro"),
        ],
    );
    assert_fields(
        "Jméno;Příjmení;E-mail;Ulice;Č.p.;PSČ;Město;Stát\nJiří;Dvořák;j@example.com;Vysoká;1;110 00;Praha;Česko\n",
        "j@example.com",
        &[
            ("address_line1", "Vysoká 1"),
            ("postal_code", "110 00"),
            ("country", "CZ"),
        ],
    );
}

#[test]
fn other_scripts_are_read() {
    assert_fields(
        "氏名,会社名,役職,メールアドレス,携帯電話,郵便番号\n高橋 健太,茶株式会社,部長,k@example.com,090-1234,100-0001\n",
        "k@example.com",
        &[
            ("first_name", "健太"),
            ("last_name", "高橋"),
            ("company_name", "茶株式会社"),
            ("postal_code", "100-0001"),
        ],
    );
    assert_fields(
        "Фамилия;Имя;Отчество;Эл. почта;Город\nИванова;Анна;Петровна;a@example.com;Москва\n",
        "a@example.com",
        &[
            ("first_name", "Анна"),
            ("middle_name", "Петровна"),
            ("last_name", "Иванова"),
            ("city", "Москва"),
        ],
    );
    assert_fields(
        "Ad;Soyad;E-posta;Cep Telefonu;Ülke\nAyşe;Yılmaz;a@example.com;+90 532 1;Türkiye\n",
        "a@example.com",
        &[
            ("first_name", "Ayşe"),
            ("last_name", "Yılmaz"),
            ("mobile_phone", "+90 532 1"),
            ("country", "TR"),
        ],
    );
}

#[test]
fn the_guests_of_a_meeting_come_in_and_not_its_host_alone() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "attendees.csv",
        "Attendee Report\nTopic,Webinar ID\nTea,811\nHost Details,\nAttended,User Name,Email,Country/Region Name\n\
         Yes,Lena Voss,lena@example.org,Germany\nAttendee Details,\n\
         Attended,First Name,Last Name,Email,Phone,Organization,Job Title,Country/Region Name\n\
         Yes,Mira,Okafor,mira@example.com,+44 1,Tallow,Buyer,United Kingdom\n",
    );
    assert_eq!(outcome.created, 1, "{outcome:?}");
    assert_eq!(trial.text("mira@example.com", "job_title"), "Buyer");
}

#[test]
fn a_birthday_without_a_year_does_not_keep_anybody_out() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "people.csv",
        "Email Address,Birthday\nmira@example.com,03/15\njo@example.com,15. März\n",
    );
    assert_eq!((outcome.created, outcome.faulty), (2, 0));
    let told: Vec<_> = outcome
        .warnings
        .iter()
        .map(|warning| &*warning.text)
        .collect();
    assert_eq!(
        told,
        ["Left empty: 2 dates in \"Birthday\" without a year. First in row 2."]
    );
}

#[test]
fn values_that_go_nowhere_are_told_wherever_they_begin() {
    let trial = Trial::new();
    let mut file = "Email,Name,First Name,Last Name,Nickname,Empty\n".to_owned();
    for number in 0..1_500 {
        file.push_str(&format!("p{number}@example.com,,Mira,Okafor,,\n"));
    }
    file.push_str("late@example.com,Tallow Ltd,Mira,Okafor,Mimi,\n");
    let outcome = trial.bring("people.csv", file);
    let told: Vec<_> = outcome
        .warnings
        .iter()
        .map(|warning| &*warning.text)
        .collect();
    assert_eq!(
        told,
        [
            "Not imported: 1 value in \"Name\". Another column fills the same field. First in row 1502.",
            "Not imported: 1 value in \"Nickname\", which maps to no field. First in row 1502.",
        ]
    );
    assert!(outcome.columns_ignored.is_empty(), "{outcome:?}");
}

#[test]
fn a_persons_own_email_identifies_them_whatever_stands_beside_it() {
    for (file, email, second) in [
        (
            "Name,Geschäftliche E-Mail,Private E-Mail\nAnna Müller,anna@example.com,anna@example.org\n",
            "anna@example.com",
            "anna@example.org",
        ),
        (
            "Company,Company Email,Contact Person,Direct Email\nTallow,info@example.com,Anna Müller,anna@example.com\n",
            "anna@example.com",
            "info@example.com",
        ),
        (
            "Name,Company Email,Private Email\nAnna Müller,anna@example.com,anna@example.org\n",
            "anna@example.com",
            "anna@example.org",
        ),
        (
            "Nombre,Apellidos,Correo empresa,Correo electrónico\nAnna,Müller,info@example.com,anna@example.com\n",
            "anna@example.com",
            "info@example.com",
        ),
    ] {
        assert_fields(file, email, &[("last_name", "Müller"), ("email_2", second)]);
    }
}

#[test]
fn what_a_program_writes_where_nothing_was_chosen_is_left_empty_and_told() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "contacts.csv",
        "First Name,Email,Contact owner,Lead Status,Country/Region,Gender\n\
         Mira,mira@example.com,(No owner),--,--,Non précisé\n",
    );
    for field in ["owner", "status", "country", "gender"] {
        assert_eq!(trial.text("mira@example.com", field), "", "{field}");
    }
    assert_eq!(outcome.warnings.len(), 4, "{outcome:?}");
}

#[test]
fn a_whole_korean_name_in_one_column_has_its_family_name_first() {
    assert_fields(
        "이름,이메일\n김민수,kim@example.com\n박 지영,park@example.com\n",
        "park@example.com",
        &[("first_name", "지영"), ("last_name", "박")],
    );
    assert_fields(
        "이름,이메일\n김민수,kim@example.com\n",
        "kim@example.com",
        &[("first_name", ""), ("last_name", "김민수")],
    );
    assert_fields(
        "성,이름,이메일\n김,민수,kim@example.com\n",
        "kim@example.com",
        &[("first_name", "민수"), ("last_name", "김")],
    );
}

#[test]
fn a_link_to_write_to_in_the_place_of_a_name_is_an_email() {
    let file =
        "Contact,Company\nMira Okafor <mira@example.com>,Tallow\nmailto:bo@example.com,Roth\n";
    assert_fields(
        file,
        "bo@example.com",
        &[("last_name", ""), ("company_name", "Roth")],
    );
    assert_fields(file, "mira@example.com", &[("last_name", "Okafor")]);
}

#[test]
fn the_zero_of_a_spreadsheet_is_no_birthday() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "people.csv",
        "Email,Birthday\na@example.com,1900-01-00\nb@example.com,30.12.1899\nc@example.com,1985-03-06\n",
    );
    assert_eq!((outcome.created, outcome.faulty), (3, 0), "{outcome:?}");
    assert_eq!(outcome.warnings.len(), 1, "{outcome:?}");
}
