//! Files as people have them: names in other columns, words for nothing, damage, footers.

use leadferry_store::ContactField;

use crate::trial::Trial;

/// Imports a file and returns fields of the contact with an email.
fn fields<const N: usize>(file: &str, email: &str, names: [&str; N]) -> [String; N] {
    let trial = Trial::new();
    trial.bring("people.csv", file);
    names.map(|name| trial.text(email, name))
}

/// Imports a file and returns what is told of it: what was wrong with rows, and the warnings.
fn told(file: &str) -> (Trial, Vec<String>) {
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", file);
    let faults = outcome.faults.iter().map(|fault| fault.reason.clone());
    let warnings = outcome.warnings.iter().map(|warning| warning.text.clone());
    let told = faults.chain(warnings).collect();
    (trial, told)
}

fn has(told: &[String], text: &str) -> bool {
    told.iter().any(|one| one.contains(text))
}

#[test]
fn a_name_beside_a_first_name_is_the_last_name() {
    for (header, row) in [
        ("Name;Vorname;E-Mail", "von der Heide;Jörg;j@example.com"),
        (
            "Vorname;Name;E-Mail",
            "Jörg;Jörg von der Heide;j@example.com",
        ),
        (
            "Voornaam;Tussenvoegsel;Achternaam;E-mailadres",
            "Jörg;von der;Heide;j@example.com",
        ),
        ("Nome;Email", "Jörg von der Heide;j@example.com"),
    ] {
        let found = fields(
            &format!("{header}\n{row}\n"),
            "j@example.com",
            ["first_name", "last_name"],
        );
        assert_eq!(found, ["Jörg", "von der Heide"], "{header}");
    }
}

#[test]
fn a_title_beside_a_salutation_is_no_job() {
    let found = fields(
        "Anrede;Titel;Vorname;Name;Straße;Hausnr.;E-Mail;Land\nFrau;Dr.;Anna;Müller;Kaistr.;1;a@example.com;D\n",
        "a@example.com",
        [
            "salutation",
            "last_name",
            "job_title",
            "address_line1",
            "country",
        ],
    );
    assert_eq!(found, ["Frau Dr.", "Müller", "", "Kaistr. 1", "DE"]);
}

#[test]
fn a_thunderbird_export_in_german_comes_in_whole() {
    let found = fields(
        "Vorname,Nachname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Tel. dienstlich,Tel. privat,Mobil-Tel.-Nr.,\
         Dienstlich: Adresse,Dienstlich: Adresse 2,Dienstlich: Ort,Dienstlich: PLZ,Dienstlich: Land,Arbeitstitel,Webseite 1\n\
         Mira,Okafor,m@example.com,m@example.org,030 11,030 22,0170 44,Kaistr. 1,Hof 2,Berlin,10115,Deutschland,Einkauf,\
         https://tallow.example\n",
        "m@example.com",
        [
            "email_2",
            "business_phone",
            "home_phone",
            "mobile_phone",
            "address_line1",
            "address_line2",
            "city",
            "postal_code",
            "country",
            "job_title",
            "website",
        ],
    );
    let expected = [
        "m@example.org",
        "030 11",
        "030 22",
        "0170 44",
        "Kaistr. 1",
        "Hof 2",
        "Berlin",
        "10115",
        "DE",
        "Einkauf",
        "https://tallow.example",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_value_that_goes_nowhere_is_told() {
    let (trial, told) = told(
        "Email,Phone,Phone,Notes,Notes\nm@example.com,111,222,one,two\nn@example.com,333,333,,three\n",
    );
    assert_eq!(trial.text("m@example.com", "business_phone"), "111");
    assert_eq!(trial.text("m@example.com", "notes"), "one\ntwo");
    let lost = "Not imported: 1 value in \"Phone (2)\"";
    assert!(has(&told, lost) && has(&told, "First in row 2"), "{told:?}");
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn several_addresses_in_a_cell_are_read_however_they_are_separated() {
    let (trial, told) = told(
        "Name,Email\nA A,\"a@example.com, a@example.org, a@example.net\"\nB B,\"b@example.com\nb@example.org\"\n\
         C C,c@example.com / c@example.org\nD D,d@example.com d@example.org\n",
    );
    for who in ["a", "b", "c", "d"] {
        let email = format!("{who}@example.com");
        assert_eq!(trial.text(&email, "email_2"), format!("{who}@example.org"));
    }
    assert!(has(&told, "the third email address in 1 cell"), "{told:?}");
}

#[test]
fn what_spreadsheets_put_around_values_is_taken_off() {
    let found = fields(
        "Email,Postal Code,Phone,Mobile\n\u{200b}m@example.com,\"=\"\"01067\"\"\",'+12075550101,p:+491701234567\n",
        "m@example.com",
        ["postal_code", "business_phone", "mobile_phone"],
    );
    assert_eq!(found, ["01067", "+12075550101", "+491701234567"]);
}

#[test]
fn words_for_nothing_and_damage_leave_the_field_empty_and_are_told() {
    let (trial, told) = told(
        "First Name,Last Name,Email,Company,Phone,Mobile\nMira,Okafor,N/A,#REF!,111,4.91701E+11\nJonas,Beck,-,NULL,222,\n",
    );
    let contacts = trial.contacts();
    assert_eq!(contacts.len(), 2, "{told:?}");
    for contact in &contacts {
        for field in ["email", "company_name", "mobile_phone"] {
            let field = leadferry_store::ContactField::built_in(field).unwrap();
            assert_eq!(contact.values.get(field), None);
        }
    }
    for text in [
        "Left empty: 2 cells in \"Email\"",
        "Left empty: 1 cell in \"Company\"",
        "in \"Mobile\" damaged",
    ] {
        assert!(has(&told, text), "{text}: {told:?}");
    }
}

#[test]
fn html_codes_are_decoded_and_told() {
    let (trial, told) = told("Last name,Email\nO&#039;Hara,m@example.com\n");
    assert_eq!(trial.text("m@example.com", "last_name"), "O'Hara");
    assert!(has(&told, "Decoded: HTML codes"), "{told:?}");
}

#[test]
fn rows_that_are_no_contact_are_told_and_left_out() {
    let (trial, told) = told(
        "First Name,Last Name,Company / Account,Email\nMira,Okafor,Tallow,m@example.com\n\
         First Name,Last Name,Company / Account,Email\nJonas,Beck,Beck GmbH,\nsecond line of a note\n\n\
         Total,2,,\n\"Copyright (c) 2000 example.com, inc. All rights reserved.\"\nGenerated By: Lena Voss\n\u{1a}\n",
    );
    assert_eq!(trial.contacts().len(), 2, "{told:?}");
    assert!(has(&told, "repeats the column names"), "{told:?}");
    let footers = told.iter().filter(|one| one.contains("a footer")).count();
    assert_eq!(footers, 4, "{told:?}");
}

#[test]
fn the_letters_of_an_alphabetical_list_are_nobody() {
    let (trial, told) = told(
        "Name,Phone,Email\nA,,\nAda Lin,111,a@example.com\n- B -,,\nBea Roth,222,b@example.com\n王,,\n",
    );
    assert_eq!(trial.contacts().len(), 3, "{told:?}");
}

#[test]
fn quotes_behind_backslashes_belong_to_their_cell_and_come_back_from_the_errors_file() {
    let (trial, told) = told(
        "\"last_name\",\"email\",\"notes\"\n\"Okafor\",\"m@example.com\",\"said \\\"hi, all\\\" twice\"\n\"Beck\",\"nobody\",\"\\\"x\\\", y\"\n",
    );
    assert_eq!(
        trial.text("m@example.com", "notes"),
        "said \"hi, all\" twice"
    );
    assert!(has(&told, "isn't an email address"), "{told:?}");
}

#[test]
fn a_short_list_of_names_is_not_taken_for_a_footer() {
    let trial = Trial::new();
    assert_eq!(
        trial
            .bring(
                "names.csv",
                "Name,Company\nTotal Gym,\nCount Basie,\nMira Okafor,\n"
            )
            .created,
        3
    );
    assert_eq!(
        trial
            .bring(
                "more.csv",
                "First Name,Last Name,City,Email\n,Okafor,,\nMira,Lin,,\n"
            )
            .created,
        2
    );
}

#[test]
fn countries_that_are_not_known_are_told_and_kept() {
    let (trial, told) = told("Email,Country\na@example.com,Niemcy\nb@example.com,Narnia\n");
    assert_eq!(trial.text("a@example.com", "country"), "DE");
    assert_eq!(trial.text("b@example.com", "country"), "Narnia");
    assert!(has(&told, "without a known country"), "{told:?}");
}

#[test]
fn dates_in_two_orders_in_one_column_are_told() {
    let (_, told) = told(
        "Email,Birthday\na@example.com,13/02/1985\nb@example.com,02/14/1985\nc@example.com,03/04/1985\n",
    );
    assert!(
        has(&told, "begin with the day and others with the month"),
        "{told:?}"
    );
}

#[test]
fn a_mailbox_within_exchange_gives_way_to_a_real_address() {
    let found = fields(
        "Last Name,E-mail Address,E-mail 2 Address\nOkafor,/o=Example/ou=First/cn=Recipients/cn=mira,m@example.com\n",
        "m@example.com",
        ["last_name"],
    );
    assert_eq!(found, ["Okafor"]);
}

#[test]
fn a_cell_that_a_new_field_cannot_take_does_not_keep_the_contact_out() {
    let mut file = "Email,Member No\n".to_owned();
    for number in 0..1_001 {
        file.push_str(&format!("p{number}@example.com,{number}\n"));
    }
    file.push_str("late@example.com,K-77\n");
    let trial = Trial::new();
    let mut request = trial.request("people.csv", file);
    request.create_custom_fields = true;
    let outcome = trial.import(&request);
    assert_eq!((outcome.created, outcome.faulty), (1_002, 0));
    let told: Vec<_> = outcome
        .warnings
        .into_iter()
        .map(|warning| warning.text)
        .collect();
    assert!(
        has(&told, "Left empty: 1 cell in \"Member No\""),
        "{told:?}"
    );
}

#[test]
fn rows_that_repeat_a_person_without_an_email_are_told() {
    let (trial, told) = told(
        "First Name,Last Name,Phone,Company\nMira,Okafor,+49 170 1,Tallow\nMIRA,Okafor ,+49 170 1,Tallow\nMira,Okafor,+49 170 2,Tallow\n",
    );
    assert_eq!(trial.contacts().len(), 3);
    assert!(has(&told, "Possible duplicates: 1 row"), "{told:?}");
}

#[test]
fn two_lists_in_one_file_keep_the_people_of_both() {
    for file in [
        "Vorname;Nachname;E-Mail\nAnna;Beck;anna@example.com\nJörg;Lin;joerg@example.com\n\
         Vorname;Nachname;E-Mail;Telefon;Firma\nAda;Berg;ada@example.com;333;Tallow\n",
        "Name;Mail\nAnna Beck;anna@example.com\nJörg Lin;joerg@example.com\n\
         First Name;Last Name;Email;Phone;Company\nAda;Berg;ada@example.com;333;Tallow\n",
    ] {
        let (trial, told) = told(file);
        let emails = trial.all(ContactField::Email);
        assert!(
            emails.contains(&"anna@example.com".to_owned()),
            "{emails:?}"
        );
        assert!(
            emails.contains(&"joerg@example.com".to_owned()),
            "{emails:?}"
        );
        assert!(has(&told, "belongs to another table"), "{told:?}");
    }
}

#[test]
fn column_names_in_another_language_in_mid_file_are_nobody() {
    let (trial, told) = told(
        "Vorname;Nachname;Firma\nAnna;Beck;Tallow\nFirst Name;Last Name;Company\nAda;Lin;Tallow\n",
    );
    assert_eq!(trial.all(ContactField::FirstName), ["Anna", "Ada"]);
    assert!(has(&told, "repeats the column names"), "{told:?}");
}

#[test]
fn page_numbers_counts_and_rulers_are_nobody() {
    let (trial, told) = told(
        "Name;Firma;E-Mail\nAnna Beck;Tallow;a@example.com\nSeite 1 von 3;;\nAnzahl Datensätze: 1;;\n---;---;---\n.;.;\n",
    );
    assert_eq!(trial.contacts().len(), 1, "{told:?}");
    let footers = told.iter().filter(|one| one.contains("a footer")).count();
    assert!(footers >= 3, "{told:?}");
}

#[test]
fn a_column_of_emails_is_read_as_such_whatever_it_is_called() {
    let found = fields(
        "Name,Contact,Phone\nAnna Beck,a@example.com,0351 1\nJörg Lin,j@example.com,0351 2\n",
        "a@example.com",
        ["first_name", "last_name", "business_phone"],
    );
    assert_eq!(found, ["Anna", "Beck", "0351 1"]);
}

#[test]
fn an_email_behind_a_name_is_the_contact_s() {
    let found = fields(
        "Name,Company\nTom Jones <tom@example.com>,Tallow\n",
        "tom@example.com",
        ["first_name", "last_name", "company_name"],
    );
    assert_eq!(found, ["Tom", "Jones", "Tallow"]);
}

#[test]
fn a_title_in_the_last_name_is_a_salutation() {
    let found = fields(
        "Name;Vorname;E-Mail\nDr. Müller-Lüdenscheidt;Anna;a@example.com\n",
        "a@example.com",
        ["salutation", "first_name", "last_name"],
    );
    assert_eq!(found, ["Dr.", "Anna", "Müller-Lüdenscheidt"]);
}

#[test]
fn a_postal_code_gets_its_lost_zero_back_where_its_country_is_known() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "people.csv",
        "Email,PLZ,Ort,Land\na@example.com,1067,Dresden,Deutschland\nb@example.com,1010,Wien,Österreich\n\
         c@example.com,1067,Dresden,\n",
    );
    let codes =
        ["a", "b", "c"].map(|name| trial.text(&format!("{name}@example.com"), "postal_code"));
    assert_eq!(codes, ["01067", "1010", "1067"]);
    let told = outcome.warnings.iter().any(|warning| {
        warning
            .text
            .starts_with("Repaired: 1 postal code in \"PLZ\"")
            && warning.text.ends_with("First in row 2.")
    });
    assert!(told, "{:?}", outcome.warnings);
}

#[test]
fn a_company_under_name_is_one_where_the_column_for_companies_is_empty() {
    let file = "Name,Firma,Email\nTallow GmbH,,info@tallow.example\nMira Okafor,Tallow GmbH,mira@tallow.example\n";
    let company = fields(file, "info@tallow.example", ["company_name", "last_name"]);
    assert_eq!(company, ["Tallow GmbH", ""]);
    let person = fields(file, "mira@tallow.example", ["company_name", "last_name"]);
    assert_eq!(person, ["Tallow GmbH", "Okafor"]);
    let file = "Name,Company,Ansprechpartner,Email\nTallow GmbH,,Mira Okafor,m@tallow.example\n";
    let both = fields(
        file,
        "m@tallow.example",
        ["company_name", "first_name", "last_name"],
    );
    assert_eq!(both, ["Tallow GmbH", "Mira", "Okafor"]);
}
