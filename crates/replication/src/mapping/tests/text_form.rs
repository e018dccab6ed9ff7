//! The text form: what is read, what is written, and every way of being wrong.

use crate::mapping::{Cutting, Mapping, MappingRow, Overwrite, Source, Target};

fn row(line: &str) -> MappingRow {
    match Mapping::parse(line).map(|mapping| mapping.rows) {
        Ok(rows) if rows.len() == 1 => rows.into_iter().next().unwrap(),
        other => panic!("{line}: {other:?}"),
    }
}

fn field(name: &str) -> Target {
    Target::Field(name.to_owned())
}

#[test]
fn every_kind_of_source_is_read() {
    for (line, source) in [
        ("email=Email", Source::Field("email".into())),
        (" email = Email ", Source::Field("email".into())),
        (
            "custom:Job role=Email",
            Source::Field("custom:Job role".into()),
        ),
        (
            "account:website=Email",
            Source::Account(leadferry_store::AccountField::Website),
        ),
        (
            "Salesforce.Rating=Email",
            Source::Salesforce(leadferry_store::AskedField::parse("Salesforce.Rating").unwrap()),
        ),
        (
            "salesforce.account.Industry = Email",
            Source::Salesforce(
                leadferry_store::AskedField::parse("Salesforce.Account.Industry").unwrap(),
            ),
        ),
        ("@company_name=Email", Source::CompanyName),
        ("@description = Email", Source::Description),
        ("@country_name=Email", Source::CountryName),
        ("@country_code=Email", Source::CountryCode),
        ("@state_name=Email", Source::StateName),
        ("@state_code=Email", Source::StateCode),
        (
            "@points:Fit of the firm=Email",
            Source::Points("Fit of the firm".into()),
        ),
        (
            "\"a=b ; \\\"c\\\"\\n\"=Email",
            Source::Constant("a=b ; \"c\"\n".into()),
        ),
        (
            "{% Contact.x %}=Email",
            Source::Template("{% Contact.x %}".into()),
        ),
        (
            "{% Contact.x == \"=%}\" %}\\=1=Email",
            Source::Template("{% Contact.x == \"=%}\" %}=1".into()),
        ),
        (
            "@{% Contact.x %} = Email",
            Source::Template("@{% Contact.x %}".into()),
        ),
        (
            "a\\nb {% Contact.x %}\\s=Email",
            Source::Template("a\nb {% Contact.x %} ".into()),
        ),
    ] {
        assert_eq!(row(line).source, source, "{line}");
        assert_eq!(row(line).target, field("Email"), "{line}");
    }
}

#[test]
fn rules_stand_after_a_semicolon() {
    let read = row(
        "status=Status ; if_empty, refuse, required, map \"new\"->\"Open, new\", \"x\" -> \"y\"",
    );
    assert_eq!(
        (read.overwrite, read.cutting, read.required),
        (Overwrite::IfEmpty, Cutting::Refuse, true)
    );
    assert_eq!(
        read.values,
        [("new".into(), "Open, new".into()), ("x".into(), "y".into())]
    );
    assert_eq!(row("email=Email;on_create").overwrite, Overwrite::OnCreate);
    assert_eq!(row("email=Email ; always, shorten"), row("email=Email"));
    assert_eq!(row("email=Email ;"), row("email=Email"));
}

#[test]
fn a_parent_is_addressed_by_its_external_id() {
    let parent = Target::Parent {
        relationship: "Account".into(),
        field: "Ext__c".into(),
    };
    assert_eq!(row("custom:Customer number=Account.Ext__c").target, parent);
}

#[test]
fn blank_lines_and_comments_are_skipped() {
    let mapping = Mapping::parse(
        "\u{feff}# people\r\n\r\n  first_name = FirstName\r\n\t# more\nlast_name=LastName",
    )
    .unwrap();
    assert_eq!(
        mapping.to_string(),
        "first_name=FirstName\nlast_name=LastName\n"
    );
}

#[test]
fn the_standard_rows_read_back_as_they_are_written() {
    for object in ["Lead", "Contact"] {
        let mapping = Mapping::standard(object);
        assert!(mapping.rows.len() >= 15, "{object}");
        assert_eq!(Mapping::parse(&mapping.to_string()).unwrap(), mapping);
        let targets: Vec<_> = mapping
            .rows
            .iter()
            .map(|row| row.target.to_string())
            .collect();
        assert!(
            ["FirstName", "LastName", "Email"]
                .iter()
                .all(|name| targets.iter().any(|target| target == name))
        );
    }
    assert_eq!(Mapping::standard("Case"), Mapping::default());
}

#[test]
fn a_template_without_values_is_written_as_a_constant() {
    let mapping = Mapping {
        rows: vec![MappingRow::new(
            Source::Template("Web".into()),
            field("LeadSource"),
        )],
    };
    assert_eq!(mapping.to_string(), "\"Web\"=LeadSource\n");
}

#[test]
fn every_fault_names_its_line_the_reason_and_the_cure() {
    for (line, code, cure) in [
        ("email", "no_equals", "one row on each line"),
        ("@points:Engagement", "no_equals", "one row on each line"),
        ("\"Web\" LeadSource", "no_equals", "one row on each line"),
        ("=Email", "no_source", "localField=SalesforceField"),
        ("@points:=Email", "no_source", "@points:Name"),
        ("email=", "no_target", "API name"),
        ("email= ; if_empty", "no_target", "API name"),
        ("email=E mail", "bad_target", "API name"),
        ("email=Email if_empty", "bad_target", "semicolon"),
        ("email=1Email", "bad_target", "API name"),
        ("email=Account.Ext.Id", "bad_target", "API name"),
        ("email=É", "bad_target", "API name"),
        ("\"Web=LeadSource", "bad_constant", "quotation mark"),
        ("@company=Company", "unknown_special", "\"@company_name\""),
        (
            "@nothing_like_it=Company",
            "unknown_special",
            "@country_name",
        ),
        (
            "account:websit=Website",
            "unknown_account_field",
            "\"website\"",
        ),
        ("account:zzz=Website", "unknown_account_field", "industry"),
        ("email=Email ; if_emty", "unknown_rule", "\"if_empty\""),
        ("email=Email ; if_empty refuse", "unknown_rule", "refuse"),
        ("email=Email ; \"a\"->\"b\"", "unknown_rule", "map"),
        (
            "email=Email ; if_empty, on_create",
            "rule_twice",
            "one of them",
        ),
        ("email=Email ; refuse, refuse", "rule_twice", "one of them"),
        ("email=Email ; map", "bad_value_map", "map \"ours\""),
        (
            "email=Email ; map \"a\"=\"b\"",
            "bad_value_map",
            "map \"ours\"",
        ),
        (
            "email=Email ; map \"a\"->\"b\", \"A\"->\"c\"",
            "bad_value_map",
            "Uppercase and lowercase",
        ),
    ] {
        let faults =
            Mapping::parse(&format!("# a comment\nlast_name=LastName\n{line}\n")).unwrap_err();
        let [fault] = faults.as_slice() else {
            panic!("{line}: {faults:?}")
        };
        assert_eq!(
            (fault.code, fault.line),
            (code, Some(3)),
            "{line}: {}",
            fault.message
        );
        assert!(fault.cure.contains(cure), "{line}: {}", fault.cure);
        assert!(!fault.message.is_empty());
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let faults = Mapping::parse("a\nb\n=c\n").unwrap_err();
    assert_eq!(
        faults.iter().map(|fault| fault.line).collect::<Vec<_>>(),
        [Some(1), Some(2), Some(3)]
    );
}

/// What is kept is the printed form, and it must be readable again.
#[test]
fn a_row_that_its_escapes_make_too_long_is_refused() {
    let backslashes = r"\d".repeat(8_000);
    for text in [
        format!("\"{backslashes}\"=Description\n"),
        format!("{{% 'x' %}} {backslashes}=Description\n"),
    ] {
        let findings = Mapping::parse(&text).unwrap_err();
        assert_eq!(findings[0].code, "line_too_long");
        assert_eq!(findings[0].line, Some(1));
    }
}

#[test]
fn a_mapping_that_its_escapes_make_too_long_is_refused() {
    let row = format!("\"{}\"=Description\n", r"\d".repeat(4_000));
    let findings = Mapping::parse(&row.repeat(125)).unwrap_err();
    assert_eq!(findings[0].code, "mapping_too_long");
}
