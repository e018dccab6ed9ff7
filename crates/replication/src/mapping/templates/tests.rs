//! Tests of templates: what they may say, and what becomes of it.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use leadferry_store::{
    AskedField, Candidate, Contact, ContactField, ContactId, Guid, MirrorField, MirrorFieldId,
    MirrorKind, ScoreId, Value,
};

use super::Template;
use crate::mapping::Names;
use crate::mapping::reading::Facts;

fn scores() -> Vec<(ScoreId, String)> {
    vec![
        (ScoreId(1), "Engagement".to_owned()),
        (ScoreId(2), "Fit of the firm".to_owned()),
    ]
}

fn pulled() -> Vec<(AskedField, MirrorField)> {
    let names = ["Salesforce.Rating", "Salesforce.Account.Industry"];
    let fields = names.into_iter().zip(1..).map(|(name, id)| {
        let asked = AskedField::parse(name).unwrap();
        let field = MirrorField {
            id: MirrorFieldId(id),
            name: asked.field.clone(),
            label: asked.field.clone(),
            kind: MirrorKind::Text,
            org_type: "picklist".to_owned(),
            reference_to: Vec::new(),
            formula: false,
            gone_at: None,
        };
        (asked, field)
    });
    fields.collect()
}

fn read(text: &str) -> Result<Template, crate::mapping::Finding> {
    Template::read(
        text,
        &Names {
            custom: &[],
            scores: &scores(),
            segments: &[],
            purposes: &[],
            salesforce: &pulled(),
        },
    )
}

fn candidate() -> Candidate {
    let text = |text: &str| Value::Text(text.to_owned());
    let values = [
        (ContactField::FirstName, text("Ada")),
        (ContactField::LastName, text("Lovelace <&>")),
        (ContactField::Country, text("GB")),
        (ContactField::DoNotSend, Value::YesNo(false)),
        (ContactField::CreatedAt, Value::DateTime(1_769_900_400_000)),
    ];
    Candidate {
        contact: Contact {
            id: ContactId(1),
            guid: Guid::parse("0123456789abcdef0123456789abcdef").unwrap(),
            values: values.into_iter().collect(),
            do_not_send: false,
            created_at: 0,
            changed_at: 0,
            seq: 1,
            deleted_at: None,
            merged_into: None,
        },
        email_key: None,
        marked: false,
        eldest: None,
        link: None,
        conflicts: Default::default(),
        agreed: leadferry_store::Agreements::new(),
        linked_elsewhere: false,
        entry: None,
        account: None,
        points: BTreeMap::from([(ScoreId(1), 5)]),
        consents: std::collections::BTreeMap::new(),
        records: BTreeMap::from([(0, text("Hot")), (1, text("Banking"))]),
        near: Vec::new(),
        refusals: leadferry_store::Refusals::default(),
        segments: BTreeMap::new(),
    }
}

fn render(text: &str) -> Result<String, String> {
    let template = read(text).unwrap_or_else(|finding| panic!("{text}: {finding:?}"));
    let candidate = candidate();
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    template.render(Facts {
        candidate: &candidate,
        default_company: None,
        zone: &zone,
    })
}

#[test]
fn values_are_named_filtered_and_chosen() {
    for (template, text) in [
        (
            "{% Contact.first_name %} {% Contact.ContactLastName %}",
            "Ada Lovelace <&>",
        ),
        ("{%Contact.first_name%}!", "Ada!"),
        (
            "{% Salesforce.rating %} in {% Salesforce.Account.Industry|upper %}",
            "Hot in BANKING",
        ),
        ("{% Salesforce['Account.Industry'] %}", "Banking"),
        (
            "{{ Contact.first_name }} {# not a comment #}",
            "Ada {# not a comment #}",
        ),
        ("{% Contact.first_name|upper %}", "ADA"),
        (
            "{{Contact.first_name|upper}}/{% Contact.first_name %}",
            "ADA/Ada",
        ),
        ("{{ \"}}\" }} {% \"{{\" %} {one}", "}} {{ {one}"),
        ("{% Contact.city %}.", "."),
        ("{% Contact.city|default(\"nowhere\") %}", "nowhere"),
        ("{% Contact.city or \"nowhere\" %}", "nowhere"),
        (
            "{% \"yes\" if Contact.first_name == 'Ada' else Contact.city %}",
            "yes",
        ),
        (
            "{% Contact[\"last_name\"] | replace(\"<&>\", \"%}\") %}",
            "Lovelace %}",
        ),
        (
            "{% Contact . first_name ~ '=' ~ Score.Engagement %}",
            "Ada=5",
        ),
        ("{% Score[\"Fit of the firm\"] %}", "0"),
        (
            "{% Score.engagement + 1 if Score.Engagement > 4 else 0 %}",
            "6",
        ),
        ("{% Contact.first_name[0:1] %}", "A"),
        ("{% Contact.guid %}", "0123456789abcdef0123456789abcdef"),
        (
            "{% Contact.country %} {% Contact.country_name %}",
            "GB United Kingdom",
        ),
        ("{% Contact.created_at %}", "2026-02-01 00:00"),
        ("{% Account.name %}|", "|"),
        ("a {%- Contact.first_name -%} b", "aAdab"),
        ("two\nlines\n", "two\nlines\n"),
        (
            "\u{1}b Contact b\u{1}{% Contact.first_name %}",
            "b Contact bAda",
        ),
        ("{% 1.5 + 1 %}", "2.5"),
    ] {
        assert_eq!(render(template).as_deref(), Ok(text), "{template}");
    }
}

#[test]
fn bare_values_render_alike_with_and_without_the_engine() {
    for name in [
        "Contact.first_name",
        "Contact.do_not_send",
        "Contact.created_at",
        "Score.Engagement",
        "Contact.fax",
    ] {
        let (plain, computed) = (
            render(&format!("{{% {name} %}}")),
            render(&format!("{{% ({name}) %}}")),
        );
        assert_eq!(plain, computed, "{name}");
    }
}

#[test]
fn every_name_is_checked_when_the_template_is_read() {
    for (template, code) in [
        ("{% Contact.frist_name %}", "unknown_field"),
        (
            "{% Contact.first_name if true else Contact.frist_name %}",
            "unknown_field",
        ),
        ("{% Contact['no such'] %}", "unknown_field"),
        ("{% Account.turnover %}", "unknown_account_field"),
        ("{% Score.Nothing %}", "unknown_score"),
        ("{% Salesforce.Score__c %}", "unknown_salesforce_field"),
        (
            "{% Salesforce.Account.Rating %}",
            "unknown_salesforce_field",
        ),
        ("{% Salesforce.Account %}", "template_syntax"),
        ("{% Salesforce %}", "template_syntax"),
        ("{% first_name %}", "unknown_name"),
        ("{% v0 %}", "unknown_name"),
        ("{% nothing[0:1] %}", "unknown_name"),
        ("{% range(10) %}", "unknown_name"),
        ("{% now() %}", "unknown_name"),
        ("{% Contact.city|safe %}", "unknown_filter"),
        ("{% Contact.city is defined %}", "unknown_field"),
        ("{% Contact %}", "template_syntax"),
        ("{% Contact[Contact.city] %}", "template_syntax"),
        ("{% Contact.city.upper() %}", "template_syntax"),
        ("{% Contact. %}", "template_syntax"),
        ("{% Contact[\"\"] %}", "template_syntax"),
        ("{% if Contact.city %}", "template_syntax"),
        ("{% for x in Contact.city %}", "unknown_name"),
        ("{% Contact.city", "template_syntax"),
        ("{{ Contact.city", "template_syntax"),
        ("{{ Contact.city %}", "template_syntax"),
        ("{% Contact.city }}", "template_syntax"),
        ("{{ FirstName }}", "unknown_name"),
        ("{{{ Contact.city }}}", "template_syntax"),
        ("{% \"%} %}", "template_syntax"),
        ("{% %}", "template_syntax"),
        ("{% Contact.city Contact.city %}", "template_syntax"),
    ] {
        match read(template) {
            Err(finding) => assert_eq!(finding.code, code, "{template}: {}", finding.message),
            Ok(_) => panic!("{template} was accepted"),
        }
    }
}

#[test]
fn a_field_without_its_root_is_told_with_it() {
    for (template, cure) in [
        ("{{ first_name }}", "use Contact.first_name"),
        ("{% nothing %}", "use Contact.…"),
        ("{% FirstName %}", "did you mean \"Contact.first_name\"?"),
        ("{% Title|upper %}", "did you mean \"Contact.job_title\"?"),
    ] {
        let refused = read(template).err().unwrap();
        assert!(
            refused.cure.starts_with(cure),
            "{template}: {}",
            refused.cure
        );
    }
}

#[test]
fn nothing_in_a_template_can_repeat_or_nest_text() {
    for template in [
        "{% 'x' * 100000000 %}",
        "{% 100000000 * 'x' %}",
        "{% [1] * 100000000 %}",
        "{% (1,) * 100000000 %}",
        "{% Contact.first_name * 100000000 %}",
        "{% ('x' if Score.Engagement else 1) * 9 %}",
        "{% ('x' or 1) * 9 %}",
        "{% (1|default('x')) * 9 %}",
        "{% (1|upper) * 9 %}",
        "{% ('x' ~ 1) * 9 %}",
        "{% 'x'[0:1] * 9 %}",
        "{% 1 in [1] * 100000000 %}",
        "{% 1 in ['x' * 100000000] %}",
        "{% [[[Contact.last_name] ~ ''] ~ ''] %}",
        "{% [Contact.last_name] ~ '' %}",
        "{% Contact.last_name in [['x']] %}",
        "{% {'a': 1} %}",
        "{% 'x'() %}",
        "{% 'x'['y'] %}",
        "{% 'x'|replace(**{'a': 1}) %}",
        "{% 'x'|default(*['a']) %}",
    ] {
        let read = read(template);
        let code = read.as_ref().err().map(|finding| finding.code);
        assert!(code.is_some(), "{template} is accepted");
        assert_ne!(code, Some("unknown_filter"), "{template}");
    }
    for (template, text) in [
        ("{% Score.Engagement * 2 + 3 * (4 - 1) %}", "19"),
        ("{% (1 if Contact.do_not_send else 2) * -3 %}", "-6"),
        ("{% Contact.do_not_send * 5 %}", "0"),
        ("{% 'x' if Contact.country in ['DE', 'GB'] else 'y' %}", "x"),
        (
            "{% 'x' if Contact.country not in ('DE', 'GB') else 'y' %}",
            "y",
        ),
    ] {
        assert_eq!(render(template).as_deref(), Ok(text), "{template}");
    }
}

#[test]
fn what_filters_make_is_counted_in_all_sections_together() {
    let grow = "|replace('', 'xxxxxxxxx')";
    for template in [
        format!("{{% Contact.first_name{} %}}", grow.repeat(20)),
        format!("{{% 'x'{} %}}", "|replace('x', 'xxxxxxxxxx')".repeat(20)),
        format!("{{% 'x'{} %}}", grow.repeat(5)).repeat(300),
        format!("{{% 'x'{}{} %}}", grow.repeat(5), "|upper|lower".repeat(40)),
    ] {
        let failed = render(&template).unwrap_err();
        assert!(
            failed == super::TOO_LONG || failed.contains("fuel"),
            "{failed}: {template:.60}"
        );
    }
    let grown = render(&format!("{{% 'x'{} %}}", grow.repeat(2))).unwrap();
    // Nine between, before and after all letters: 1 becomes 19, and 19 become 199.
    assert_eq!(grown.len(), 199);
}

#[test]
fn a_value_that_stands_in_a_template_too_often_is_not_put_together() {
    let mut candidate = candidate();
    let notes = Value::Text("x".repeat(400_000));
    candidate.contact.values = [(ContactField::Notes, notes)].into_iter().collect();
    let zone = TimeZone::UTC;
    let render = |text: &str| {
        read(text).unwrap().render(Facts {
            candidate: &candidate,
            default_company: None,
            zone: &zone,
        })
    };
    for (template, fits) in [
        ("{% Contact.notes %}{% Contact.notes %}", true),
        (
            "{% Contact.notes %}{% Contact.notes %}{% Contact.notes %}",
            false,
        ),
        ("{% Contact.notes ~ Contact.notes %}", true),
        ("{% Contact.notes ~ Contact.notes ~ Contact.notes %}", false),
    ] {
        assert_eq!(render(template).is_ok(), fits, "{template}");
    }
}

#[test]
fn a_template_cannot_run_away() {
    for nested in ["+ 1 ", "if 1 else 1 ", "|trim ", "~ (1)"] {
        let long = |times| format!("{{% 1 {} %}}", nested.repeat(times));
        assert!(read(&long(50_000)).is_err(), "{nested}: too long");
        assert!(
            render(&long(900 / nested.len())).is_ok(),
            "{nested}: as long as allowed"
        );
    }
    assert!(read(&format!("{{% {}1 %}}", "(".repeat(900))).is_err());
    assert!(read(&format!("{{% {}1 %}}", "not ".repeat(240))).is_ok());
    assert!(
        render(&"{% 1 + 1 %}".repeat(10_000)).is_err(),
        "the fuel ends"
    );
}

#[test]
fn what_has_to_be_loaded_is_known_beforehand() {
    let template =
        read("{% Contact.city or Contact.city ~ Contact.fax %}{% Contact.country_name %}").unwrap();
    let fields: Vec<_> = template
        .locals()
        .iter()
        .flat_map(|local| local.fields())
        .collect();
    assert_eq!(
        fields,
        [ContactField::City, ContactField::Fax, ContactField::Country]
    );
}
