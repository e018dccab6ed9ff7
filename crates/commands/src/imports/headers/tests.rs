//! Whole headers as programs export them, and where their columns go.

use ContactField::*;
use leadferry_store::Channel;

use super::*;

fn header(names: &str) -> Vec<String> {
    names.split(',').map(str::to_owned).collect()
}

fn matched(
    names: &str,
    request: &ImportRequest,
    custom: &[CustomField],
    rows: &[&[&str]],
) -> Result<Vec<Matched>> {
    let sample = Sample::of(rows);
    let known = Known {
        request,
        custom,
        purposes: &[],
        fixed: &[],
        sample: &sample,
        sign: DecimalSign::Point,
        exported: false,
    };
    match_columns(&header(names), &known)
}

fn targets(names: &str) -> Vec<Target> {
    let matched = matched(names, &ImportRequest::default(), &[], &[]).unwrap();
    matched.into_iter().map(|column| column.target).collect()
}

fn field(field: ContactField) -> Target {
    Target::Field(field, field.built_in_kind().unwrap())
}

fn address(group: u8, field: ContactField) -> Target {
    Target::Means(Means::Address(group, field))
}

#[test]
fn hubspot_columns_are_matched() {
    let found = targets(
        "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Create Date,Associated Company,Country/Region,Contact owner,Marketing contact status,Unsubscribed from all email",
    );
    let expected = [
        Target::Nowhere,
        field(FirstName),
        field(LastName),
        Target::Means(Means::Email),
        field(BusinessPhone),
        field(Status),
        Target::Nowhere,
        field(CompanyName),
        address(0, Country),
        field(Owner),
        Target::Means(Means::Consent(ConsentColumn::Status)),
        Target::Means(Means::Consent(ConsentColumn::OptOut(Channel::Email))),
    ];
    assert_eq!(found, expected);
}

#[test]
fn google_columns_are_matched() {
    let found = targets(
        "Name,Given Name,Family Name,Name Prefix,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Address 1 - Street,Address 2 - City,Organization 1 - Name,Organization 1 - Title,Occupation",
    );
    let expected = [
        Target::Means(Means::FullName),
        field(FirstName),
        field(LastName),
        field(Salutation),
        Target::Nowhere,
        Target::Means(Means::Email),
        Target::Means(Means::Email),
        Target::Means(Means::PhoneKind(1)),
        Target::Means(Means::Phone(1)),
        address(0, AddressLine1),
        address(1, City),
        field(CompanyName),
        field(JobTitle),
        field(JobTitle),
    ];
    assert_eq!(found, expected);
}

#[test]
fn outlook_and_thunderbird_columns_are_matched() {
    let found = targets(
        "Title,First Name,Company,Job Title,Business Street,Business City,Home Postal Code,E-mail Address,E-mail 2 Address,Primary Email,Work Phone,Work ZipCode,Web Page 1,Birth Year,Birth Month,Birth Day",
    );
    let expected = [
        field(Salutation),
        field(FirstName),
        field(CompanyName),
        field(JobTitle),
        address(0, AddressLine1),
        address(0, City),
        address(1, PostalCode),
        Target::Means(Means::Email),
        Target::Means(Means::Email),
        Target::Means(Means::Email),
        field(BusinessPhone),
        address(0, PostalCode),
        field(Website),
        Target::Means(Means::BirthYear),
        Target::Means(Means::BirthMonth),
        Target::Means(Means::BirthDay),
    ];
    assert_eq!(found, expected);
}

#[test]
fn german_french_and_spanish_columns_are_matched() {
    let expected = [
        field(FirstName),
        field(LastName),
        field(CompanyName),
        Target::Means(Means::Email),
        field(BusinessPhone),
        address(0, AddressLine1),
        address(0, PostalCode),
        address(0, City),
        address(0, Country),
        field(Birthday),
    ];
    for names in [
        "Vorname,Nachname,Firma,E-Mail-Adresse,Telefon,Straße,PLZ,Ort,Land,Geburtsdatum",
        "Prénom,Nom,Société,Adresse e-mail,Téléphone,Rue,Code postal,Ville,Pays,Date de naissance",
        "Nombre,Apellidos,Empresa,Correo electrónico,Teléfono,Dirección,Código postal,Ciudad,País,Fecha de nacimiento",
        "first_name,LASTNAME,company-name,e-mail,phone,Address 1,zip,city,country,DOB",
    ] {
        assert_eq!(targets(names), expected, "{names}");
    }
}

#[test]
fn a_title_is_a_form_of_address_if_the_cells_say_so() {
    let target = |names: &str, rows: &[&[&str]]| {
        matched(names, &ImportRequest::default(), &[], rows).unwrap()[0]
            .target
            .clone()
    };
    assert_eq!(
        target("title,email", &[&["Mrs.", ""], &["Dr.", ""]]),
        field(Salutation)
    );
    assert_eq!(
        target("title,email", &[&["Head of Sales", ""]]),
        field(JobTitle)
    );
    assert_eq!(
        target("title,job title", &[&["Head of Sales", ""]]),
        field(Salutation)
    );
}

#[test]
fn the_users_word_counts_more_than_any_name() {
    let map = |pairs: &[(&str, &str)]| ImportRequest {
        map: pairs
            .iter()
            .map(|(column, field)| ((*column).to_owned(), (*field).to_owned()))
            .collect(),
        ..ImportRequest::default()
    };
    let found = matched(
        "email,mobile,city,x",
        &map(&[("x", "city"), ("Mobile", "-"), ("email", "account:notes")]),
        &[],
        &[],
    )
    .unwrap();
    let found: Vec<_> = found
        .into_iter()
        .map(|column| (column.target, column.sure))
        .collect();
    let expected = [
        (Target::Account(AccountField::Notes), Sureness::Told),
        (Target::Nowhere, Sureness::Told),
        (Target::Nowhere, Sureness::Unmatched),
        (field(City), Sureness::Told),
    ];
    assert_eq!(found, expected);
    let refused = |pairs: &[(&str, &str)]| {
        matched("email,a,b", &map(pairs), &[], &[])
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused(&[("nowhere", "city")]),
        "the file has no column \"nowhere\""
    );
    assert!(refused(&[("a", "town")]).starts_with("there is no contact field \"town\""));
    assert!(refused(&[("a", "city"), ("b", "city")]).starts_with("two columns"));
    assert!(refused(&[("a", "created_at")]).contains("set by Leadferry"));
}

#[test]
fn unknown_columns_become_custom_fields_when_asked() {
    let request = ImportRequest {
        create_custom_fields: true,
        ..ImportRequest::default()
    };
    let custom = [CustomField {
        id: CustomFieldId(7),
        name: "Shoe size".into(),
        kind: FieldKind::Float,
        indexed: false,
    }];
    let rows: &[&[&str]] = &[&["a@example.com", "44", "12", "x", "", "1"]];
    let found = matched(
        "email,shoe SIZE,Points; total,,created_at,Points total",
        &request,
        &custom,
        rows,
    )
    .unwrap();
    let found: Vec<_> = found.into_iter().map(|column| column.target).collect();
    let expected = [
        Target::Means(Means::Email),
        Target::Field(ContactField::Custom(CustomFieldId(7)), FieldKind::Float),
        Target::NewField("Points total".into(), FieldKind::LongInteger),
        Target::Nowhere,
        Target::NewField("created_at 2".into(), FieldKind::Text),
        Target::NewField("Points total 2".into(), FieldKind::LongInteger),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_file_without_any_known_column_is_refused() {
    let refused = matched("alpha,beta", &ImportRequest::default(), &[], &[]).unwrap_err();
    assert!(matches!(refused, Error::NothingMapped));
}

#[test]
fn columns_of_one_name_are_told_apart() {
    let found = matched("Email,email,Email", &ImportRequest::default(), &[], &[]).unwrap();
    let names: Vec<_> = found.into_iter().map(|column| column.name).collect();
    assert_eq!(names, ["Email", "email (2)", "Email (3)"]);
}

#[test]
fn do_not_send_by_name_can_only_say_yes_but_by_map_both() {
    assert_eq!(
        targets("do_not_send,email")[0],
        Target::Means(Means::Consent(ConsentColumn::Mark))
    );
    let request = ImportRequest {
        map: vec![("x".into(), "do_not_send".into())],
        ..ImportRequest::default()
    };
    let found = matched("x,Unsubscribed,email", &request, &[], &[]).unwrap();
    assert_eq!(found[0].target, field(DoNotSend));
}
