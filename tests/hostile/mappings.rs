//! Mappings and templates as text: read, checked, made ready and used for a contact, or refused with the line.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use leadferry_replication::Settings;
use leadferry_replication::mapping::{Mapping, Names, Purpose, check_text, compile};
use leadferry_replication::targets::TargetObject;
use leadferry_salesforce::Describe;
use leadferry_store::{Candidate, Contact, ContactField, ContactId, Guid, Value};

use crate::bounds::Hostile;

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
        entry: None,
        account: None,
        points: BTreeMap::new(),
        segments: BTreeMap::new(),
    }
}

#[test]
fn a_spoilt_mapping_is_used_or_refused_with_its_line() {
    let (lead, person) = (lead(), person());
    let settings = Settings::default();
    let names = Names {
        custom: &[],
        scores: &[],
        segments: &[],
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
