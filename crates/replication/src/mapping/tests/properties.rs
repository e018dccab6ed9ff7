//! What holds for every mapping and every contact.

use jiff::civil::Date;
use leadferry_store::{AccountField, AskedField, Candidate, ContactField, Value};
use proptest::prelude::*;

use super::support::{
    BUDGET, MEMBER, SEEN, TOPICS, VISITS, WEIGHT, compiled, contact, custom_fields, decimal, lead,
    scores, settings,
};
use crate::Settings;
use crate::mapping::parsing::SPECIALS;
use crate::mapping::{
    Cutting, Mapping, MappingRow, Names, Overwrite, Period, Purpose, Refusal, Source, Target,
    check_text,
};
use crate::settings::EmptyValues;

/// Returns any source there is. A new kind doesn't compile before it's here: give it a strategy, too.
fn source() -> impl Strategy<Value = Source> {
    let every_kind = |source: &Source| match source {
        Source::CompanyName
        | Source::Description
        | Source::CountryName
        | Source::CountryCode
        | Source::StateName
        | Source::StateCode
        | Source::Street => SPECIALS.iter().any(|(_, special)| special == source),
        Source::Field(_)
        | Source::Account(_)
        | Source::Points(_)
        | Source::Segment(_)
        | Source::Consent { .. }
        | Source::Preference(_)
        | Source::Salesforce(_)
        | Source::Constant(_)
        | Source::Template(_) => true,
    };
    let field = "[a-z][a-z_0-9]{0,12}".prop_map(Source::Field);
    let custom = "[A-Za-zÄß漢][A-Za-z0-9 \\\\._é-]{0,12}[A-Za-z0-9]"
        .prop_map(|name| Source::Field(format!("custom:{name}")));
    let special = proptest::sample::select(&SPECIALS[..]).prop_map(|(_, source)| source);
    let name = || "[ -~\\t\\nä]{0,12}[a-z]";
    let named = prop_oneof![
        name().prop_map(Source::Points),
        name().prop_map(Source::Segment),
        name().prop_map(Source::Preference),
        (name(), any::<bool>()).prop_map(|(path, refused)| Source::Consent { path, refused }),
    ];
    let salesforce = "(Account\\.|Owner\\.|)[A-Z][a-z]{0,8}_{0,1}[A-Za-z0-9]{1,4}(__c|)"
        .prop_filter_map("a name that Salesforce could have", |name| {
            AskedField::parse(&format!("Salesforce.{name}")).map(Source::Salesforce)
        });
    let template = (
        "[ -~\\t\\n\\rä👍]{0,10}",
        "[ -~\\n\"'%}{=\\\\]{0,12}",
        "[ -~\\t\\n=\\\\;{%}ä]{0,10}",
    )
        .prop_map(|(before, inside, after)| {
            Source::Template(format!("{before}{{%{inside}{after}"))
        });
    let braced = ("[ -~\\t]{0,6}", "[ -~{}\"'=\\\\]{0,12}", "[ -~\\t{}=]{0,8}").prop_map(
        |(before, inside, after)| Source::Template(format!("{before}{{{{{inside}}}}}{after}")),
    );
    let closed = (
        "[ -~\\t\\n@#\"]{0,6}",
        "[ -~\"'=\\\\]{0,12}",
        "[ -~\\t=\\\\]{0,6}",
    )
        .prop_map(|(before, inside, after)| {
            Source::Template(format!("{before}{{% {inside} %}}{after}"))
        });
    prop_oneof![
        field,
        custom,
        special,
        named,
        salesforce,
        template,
        closed,
        braced,
        any::<String>().prop_map(Source::Constant),
        proptest::sample::select(AccountField::ALL).prop_map(Source::Account),
    ]
    .prop_filter("every kind is known", every_kind)
}

fn target() -> impl Strategy<Value = Target> {
    let name = || "[A-Za-z][A-Za-z0-9_]{0,20}";
    prop_oneof![
        name().prop_map(Target::Field),
        (name(), name()).prop_map(|(relationship, field)| Target::Parent {
            relationship,
            field
        }),
    ]
}

fn period() -> impl Strategy<Value = Period> {
    let day = || {
        proptest::option::of((0_i16..=9999, 1_i8..=12, 1_i8..=28))
            .prop_map(|day| day.map(|(y, m, d)| Date::constant(y, m, d)))
    };
    (day(), day()).prop_map(|(from, until)| Period { from, until })
}

pub(super) fn row() -> impl Strategy<Value = MappingRow> {
    let overwrite = prop_oneof![
        Just(Overwrite::Always),
        Just(Overwrite::IfEmpty),
        Just(Overwrite::OnCreate)
    ];
    let cutting = prop_oneof![
        Just((Cutting::Shorten, Refusal::LeaveOut)),
        Just((Cutting::Shorten, Refusal::Block)),
        Just((Cutting::Refuse, Refusal::LeaveOut)),
        Just((Cutting::Refuse, Refusal::Block)),
    ];
    let values =
        proptest::collection::btree_map("[a-z0-9\"\\\\,; =->%{]{0,8}", any::<String>(), 0..4);
    (
        source(),
        target(),
        overwrite,
        cutting,
        any::<bool>(),
        values,
        period(),
    )
        .prop_map(
            |(source, target, overwrite, (cutting, refusal), required, values, period)| {
                // Keys that are the same when folded could not be told apart.
                let mut kept: Vec<(String, String)> = Vec::new();
                for (from, to) in values {
                    if kept.iter().all(|(known, _)| known.trim() != from.trim()) {
                        kept.push((from, to));
                    }
                }
                MappingRow {
                    source,
                    target,
                    overwrite,
                    cutting,
                    refusal,
                    required,
                    values: kept,
                    period,
                }
            },
        )
}

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>(),
        "[a-z]{1,3}@[a-z.]{1,9}",
        "[0-9:. TZ+-]{1,25}",
        "(open|closed|;| ){1,6}"
    ]
    .prop_map(Value::Text)
}

pub(super) fn candidate() -> impl Strategy<Value = Candidate> {
    let number = (any::<i64>(), 0_u8..=18).prop_map(|(units, scale)| decimal(units, scale));
    let date = (-9999_i16..=9999, 1_i8..=12, 1_i8..=28)
        .prop_map(|(y, m, d)| Value::Date(Date::constant(y, m, d)));
    (
        text(),
        text(),
        number,
        any::<i64>(),
        any::<f64>(),
        any::<bool>(),
        date,
        any::<i64>(),
    )
        .prop_map(
            |(notes, topics, budget, visits, weight, member, birthday, seen)| {
                contact([
                    (ContactField::Notes, notes.clone()),
                    (ContactField::Country, notes.clone()),
                    (ContactField::State, topics.clone()),
                    (ContactField::Email, notes),
                    (TOPICS, topics),
                    (BUDGET, budget),
                    (VISITS, Value::Integer(visits)),
                    (WEIGHT, Value::Float(weight)),
                    (MEMBER, Value::YesNo(member)),
                    (ContactField::Birthday, birthday),
                    (SEEN, Value::DateTime(seen)),
                ])
            },
        )
}

const EVERYTHING: &str = "
notes=Text__c
notes=Area__c ; refuse, map \"a\"->\"b\"
email=Mail__c
notes=Strict__c
custom:Topics of interest=Several__c
custom:Topics of interest=Free__c
custom:Budget=Number__c
custom:Budget=Money__c ; refuse
custom:Visits=Whole__c
custom:Weight=Percent__c
custom:Member=Check__c
birthday=Date__c
custom:Seen=Moment__c
@country_name=Country
@state_name=State
{% Contact.notes %}=Time__c
{% Contact.Budget %} {% Contact.Seen|upper %} {% Contact.Weight ~ Contact.Visits %}=Long__c
{% Contact.notes %}=Parent__r.Ext__c
{% Contact.notes %}=OwnerId
{% Contact.notes %}=Latitude
{% Contact.notes %}=EmailBouncedDate
{% Contact.notes %}=IsUnreadByOwner";

proptest! {
    #[test]
    fn what_is_written_is_read_again(rows in proptest::collection::vec(row(), 0..6)) {
        let mapping = Mapping { rows };
        let text = mapping.to_string();
        prop_assert_eq!(Mapping::parse(&text), Ok(mapping), "{}", text);
    }

    #[test]
    fn random_text_is_read_and_checked_without_panic(text in "(\\PC|[\\n=;\"{}%@:>\\\\-]){0,80}") {
        let (custom, scores) = (custom_fields(), scores());
        let names = Names { custom: &custom, scores: &scores , segments: &[], purposes: &[], salesforce: &[],};
        check_text(&text, &names, &lead(), &settings());
        if let Ok(mapping) = Mapping::parse(&text) {
            prop_assert_eq!(Mapping::parse(&mapping.to_string()), Ok(mapping));
        }
    }

    #[test]
    fn random_templates_are_checked_without_panic(inside in "(Contact\\.city|Score\\[\"|[ -~]){0,20}") {
        let (custom, scores) = (custom_fields(), scores());
        let names = Names { custom: &custom, scores: &scores , segments: &[], purposes: &[], salesforce: &[],};
        check_text(&format!("{{%{inside}%}}=Text__c"), &names, &lead(), &settings());
        check_text(&format!("{{{{{inside}}}}}=Text__c"), &names, &lead(), &settings());
    }

    #[test]
    fn whatever_a_contact_holds_becomes_json_or_a_problem(candidate in candidate()) {
        let settings = Settings { empty_values: EmptyValues::Clear, ..settings() };
        let mapping = compiled(EVERYTHING, &settings, "Europe/Berlin");
        for purpose in [Purpose::Create, Purpose::Update] {
            for value in mapping.map(&candidate, purpose).values {
                let json: Result<serde_json::Value, _> = serde_json::from_str(&value.json);
                prop_assert!(json.is_ok(), "{}: {}", value.target, value.json);
                prop_assert_eq!(value.hash, leadferry_store::ValueHash::of(&value.json));
                if &*value.target == "Text__c" {
                    prop_assert!(json.unwrap().as_str().is_none_or(|text| text.encode_utf16().count() <= 10));
                }
            }
        }
    }
}
