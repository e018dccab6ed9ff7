//! Mappings and templates as text: read, checked, made ready and used for a contact, or refused with the line.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use leadferry_replication::Settings;
use leadferry_replication::mapping::{Mapping, Names, Purpose, check_text, compile};
use leadferry_replication::targets::TargetObject;
use leadferry_salesforce::Describe;
use leadferry_store::{Candidate, Contact, ContactField, ContactId, Guid, Value};

use crate::bounds::{Hostile, alone, within};

const MIB: usize = 32;

const SOUND: &[&[u8]] = &[
    b"first_name=FirstName\nlast_name=LastName ; on_create\nemail=Email ; if_empty\n@company_name=Company\n",
    b"\"Web\"=LeadSource\n{% Contact.ContactLastName %} from {% contact.city %}=Description\n@country_name=Country\n",
    b"# a remark\n\n  city = City ; always ; required ; shorten\nindustry=Industry ; values \"a\"=>\"b\", \"c\"=>\"d\"\n",
    b"{% first_name | upper %}: {% 1 + 2 * 3 %} {% 'x' ~ last_name if email else none %}=Title\n",
];

const TOKENS: &[&str] = &[
    "{%",
    "%}",
    "{{",
    "}}",
    "{#",
    "#}",
    "Contact.",
    "Account.Name",
    "Score.",
    "Salesforce.Title",
    "| upper",
    "| replace(",
    "| repeat(99999999)",
    "range(9999999)",
    "* 99999999",
    "** 99",
    "if_empty",
    "on_create",
    "values",
    "=>",
    "=",
    ";",
    "\"",
    "@company_name",
    "@description",
    "@country_code",
    "custom:",
    "Account:",
    "LastName",
    "last_name",
    "loop",
    "self",
    "[::-1]",
    "'a' * 99999999",
    "namespace(",
    "lipsum",
    "dict(",
    "| tojson",
    "| pprint",
];

fn lead() -> TargetObject {
    TargetObject::from_describe(&Describe::parse(include_str!("describe.json")).unwrap())
}

fn person() -> Candidate {
    let value = |text: &str| Value::Text(text.to_owned());
    Candidate {
        agreed: Default::default(),
        contact: Contact {
            id: ContactId(1),
            guid: Guid::parse("0123456789abcdef0123456789abcdef").unwrap(),
            values: [
                (ContactField::FirstName, value("Zoë")),
                (ContactField::LastName, value("Müller")),
                (ContactField::Email, value("z@x.example")),
                (ContactField::City, value("東京")),
            ]
            .into_iter()
            .collect(),
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
        linked_elsewhere: false,
        entry: None,
        account: None,
        points: BTreeMap::new(),
        consents: std::collections::BTreeMap::new(),
        conflicts: Default::default(),
        records: BTreeMap::new(),
        near: Vec::new(),
        refusals: leadferry_store::Refusals::default(),
        segments: BTreeMap::new(),
    }
}

#[test]
fn a_template_that_makes_much_of_little_is_refused_or_gives_up() {
    let (lead, person) = (lead(), person());
    let settings = Settings::default();
    let names = Names {
        custom: &[],
        scores: &[],
        purposes: &[],
        segments: &[],
        salesforce: &[],
    };
    let _alone = alone();
    for template in [
        format!(
            "{{% first_name{} %}}",
            "|replace('', 'xxxxxxxxxx')".repeat(30)
        ),
        format!("{{% 'x'{} %}}", "|replace('x', 'xxxxxxxxxx')".repeat(30)),
        format!("{{% 'x'{} %}}", "|replace('x', 'xxxxxxxxxx')".repeat(6)).repeat(500),
        "{% [1] * 100000000 %}".to_owned(),
        "{% (1, 2) * 50000000 %}".to_owned(),
        "{% 'x' * 100000000 %}".to_owned(),
        "{% 1 if 2 in [1] * 100000000 else 3 %}".to_owned(),
        "{% first_name * 100000000 %}".to_owned(),
        format!(
            "{{% {}first_name{} %}}",
            "[".repeat(60),
            "] ~ ''".repeat(60)
        ),
    ] {
        let text = template.replace("first_name", "Contact.first_name");
        within("a growing template", 16, text.as_bytes(), &mut |text| {
            let text = format!(
                "{}=Description\nlast_name=LastName\n",
                String::from_utf8_lossy(text)
            );
            drop(check_text(&text, &names, &lead, &settings));
            let Ok(mapping) = Mapping::parse(&text) else {
                return;
            };
            if let Ok(compiled) = compile(&mapping, &names, &lead, &settings, &TimeZone::UTC) {
                let mapped = compiled.map(&person, Purpose::Create);
                assert!(format!("{mapped:?}").len() < 100_000, "it was put together");
            }
        });
    }
}

#[test]
fn a_mapping_longer_than_any_is_refused_before_it_is_read() {
    let _alone = alone();
    let long = [
        format!("{{% 'x' %}}{}=Description", " ".repeat(64 << 20)),
        "a=B\n".repeat(16 << 20),
    ];
    for text in &long {
        within("a long mapping", 8, text.as_bytes(), &mut |text| {
            let text = std::str::from_utf8(text).unwrap();
            assert!(Mapping::parse(text).is_err());
        });
    }
}

#[test]
fn a_spoilt_mapping_is_used_or_refused_with_its_line() {
    let (lead, person) = (lead(), person());
    let settings = Settings::default();
    let names = Names {
        custom: &[],
        scores: &[],
        purposes: &[],
        segments: &[],
        salesforce: &[],
    };
    let hostile = Hostile {
        what: "a mapping",
        sound: SOUND,
        tokens: TOKENS,
        tries: 800,
        mib: MIB,
    };
    hostile.try_all(|bytes| {
        let text = String::from_utf8_lossy(bytes);
        for finding in check_text(&text, &names, &lead, &settings) {
            assert!(!finding.message.is_empty());
            assert!(
                finding
                    .line
                    .is_none_or(|line| line >= 1 && line <= text.split('\n').count())
            );
        }
        let Ok(mapping) = Mapping::parse(&text) else {
            return;
        };
        // What could be read is written so that it reads the same.
        assert_eq!(Mapping::parse(&mapping.to_string()).as_ref(), Ok(&mapping));
        if let Ok(compiled) = compile(&mapping, &names, &lead, &settings, &TimeZone::UTC) {
            for purpose in [Purpose::Create, Purpose::Update] {
                drop(compiled.map(&person, purpose));
            }
        }
    });
}
