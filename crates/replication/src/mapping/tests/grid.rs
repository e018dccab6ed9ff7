//! The mapping as a grid: states, what the sample would send, and what can be chosen.

use jiff::tz::TimeZone;
use leadferry_store::{AccountRole, Candidate, ContactField};
use proptest::prelude::*;

use super::properties::{candidate, row};
use super::support::{
    BUDGET, NEEDED, account, contact, custom_fields, decimal, lead, scores, settings, text,
};
use crate::Settings;
use crate::mapping::{
    Choices, Form, GridFacts, GridRow, Group, Mapping, Names, RowState, Sample, Sends, choices,
    grid, template_names,
};
use crate::targets::TargetObject;

fn with_facts<T>(
    object: &TargetObject,
    settings: &Settings,
    candidate: &Candidate,
    role: Option<AccountRole>,
    then: impl FnOnce(GridFacts<'_>) -> T,
) -> T {
    let (custom, scores) = (custom_fields(), scores());
    let names = Names {
        custom: &custom,
        scores: &scores,
        segments: &[],
        purposes: &[],
        salesforce: &[],
    };
    then(GridFacts {
        names: &names,
        object,
        settings,
        zone: &TimeZone::UTC,
        sample: Some(Sample { candidate, role }),
    })
}

fn rows_of(text: &str, likely: &str, candidate: &Candidate) -> Vec<GridRow> {
    let mapping = Mapping::parse(text).unwrap();
    let likely = Mapping::parse(likely).unwrap();
    with_facts(&lead(), &settings(), candidate, None, |facts| {
        grid(&mapping, &likely, facts)
    })
}

fn row_of(text: &str, candidate: &Candidate) -> GridRow {
    let target = text.split(['=', ';']).nth(1).unwrap().trim().to_owned();
    rows_of(&format!("{NEEDED}{text}"), "", candidate)
        .into_iter()
        .find(|row| row.target == target)
        .unwrap()
}

fn value(kept: &str, cut: Option<&str>, form: Form) -> Sends {
    Sends::Value {
        kept: kept.into(),
        cut: cut.map(str::to_owned),
        form,
    }
}

#[test]
fn what_is_cut_stands_apart_from_what_is_kept() {
    let person = contact([
        (ContactField::JobTitle, text("Head of Marketing")),
        (BUDGET, decimal(245_397, 5)),
        (ContactField::Notes, text("a👨‍👩‍👧bcdefghij")),
    ]);
    let title = row_of("job_title=Text__c", &person);
    assert_eq!(
        title.sends,
        value("Head of Ma", Some("rketing"), Form::Text)
    );
    assert_eq!((title.state, title.look), (RowState::Cut, true));
    let family = row_of("notes=Text__c", &person);
    assert_eq!(
        family.sends,
        value("a👨‍👩‍👧b", Some("cdefghij"), Form::Text),
        "cut between graphemes, counted in UTF-16 units"
    );
    let budget = row_of("custom:Budget=Number__c", &person);
    assert_eq!(budget.sends, value("2.45", Some("397"), Form::Number));
    assert_eq!(budget.size.as_deref(), Some("4, 2"));
}

#[test]
fn each_row_says_how_it_stands() {
    let person = contact([
        (ContactField::Status, text("new")),
        (ContactField::Email, text("nobody")),
        (ContactField::City, text("Köln")),
    ]);
    for (text, state) in [
        ("city=City", RowState::Mapped),
        ("city=Gone__c", RowState::Gone),
        ("city=CreatedDate", RowState::NotWritable),
        ("city=Number__c", RowState::Faulty),
        ("status=Strict__c", RowState::NeedsValueMap),
        ("email=Mail__c", RowState::LeftOut),
        ("email=Mail__c ; block", RowState::Refused),
        ("fax=Fax", RowState::Mapped),
        ("fax=Fax ; required", RowState::NoValue),
        ("\"Open\"=Strict__c", RowState::Mapped),
    ] {
        assert_eq!(row_of(text, &person).state, state, "{text}");
    }
    let mended = row_of("status=Strict__c ; map \"NEW\"->\"Open\"", &person);
    assert_eq!(mended.sends, value("Open", None, Form::Text));
}

#[test]
fn required_fields_come_first_and_a_missing_one_says_that_creating_fails() {
    let rows = rows_of(
        "last_name=LastName\ncity=City\nemail=Email\n",
        "",
        &contact([]),
    );
    let shown: Vec<_> = rows
        .iter()
        .take(5)
        .map(|row| (row.target.as_str(), row.group, row.state))
        .collect();
    assert_eq!(
        shown,
        [
            ("Company", Group::Required, RowState::RequiredUnmapped),
            ("LastName", Group::Required, RowState::Mapped),
            ("Leadferry_ID__c", Group::Required, RowState::Gone),
            ("City", Group::Mapped, RowState::Mapped),
            ("Email", Group::Mapped, RowState::Mapped),
        ]
    );
    assert_eq!(rows[0].sends, Sends::Nothing { blocks: true });
}

#[test]
fn the_identifier_is_set_by_us_before_any_org_is_known() {
    let object = TargetObject::built_in("Lead").unwrap();
    let rows = with_facts(&object, &settings(), &contact([]), None, |facts| {
        grid(&Mapping::parse(NEEDED).unwrap(), &Mapping::default(), facts)
    });
    let identifier = rows.iter().find(|row| row.target == "Leadferry_ID__c");
    let identifier = identifier.unwrap();
    assert_eq!(identifier.state, RowState::SetByUs);
    assert!(!identifier.verified);
    assert_eq!(
        identifier.sends,
        value("0123456789abcdef0123456789abcdef", None, Form::Text)
    );
}

#[test]
fn hand_typed_fields_are_unverified_until_an_org_confirms_them() {
    let object = TargetObject::built_in("Lead").unwrap();
    let mapping = Mapping::parse(&format!("{NEEDED}city=Town__c")).unwrap();
    let rows = with_facts(&object, &settings(), &contact([]), None, |facts| {
        grid(&mapping, &Mapping::default(), facts)
    });
    let town = rows.iter().find(|row| row.target == "Town__c").unwrap();
    assert_eq!((town.state, town.verified), (RowState::Unverified, false));
}

#[test]
fn a_likely_row_waits_for_a_yes_and_gives_way_to_a_real_one() {
    let person = contact([(ContactField::City, text("Köln"))]);
    let city = |rows: Vec<GridRow>| rows.into_iter().find(|row| row.target == "City").unwrap();
    let likely = city(rows_of(NEEDED, "city=City", &person));
    assert_eq!(
        (likely.state, likely.group),
        (RowState::Likely, Group::Mapped)
    );
    let real = city(rows_of(
        &format!("{NEEDED}notes=City"),
        "city=City",
        &person,
    ));
    assert_eq!(real.text.as_deref(), Some("notes=City"));
}

#[test]
fn the_company_says_which_step_gave_it() {
    let step = |candidate: &Candidate, role| {
        let mapping = Mapping::parse(NEEDED).unwrap();
        with_facts(&lead(), &settings(), candidate, role, |facts| {
            let rows = grid(&mapping, &Mapping::default(), facts);
            rows.into_iter()
                .find(|row| row.target == "Company")
                .unwrap()
                .step
        })
    };
    let own = contact([(ContactField::CompanyName, text("Kestrel"))]);
    assert_eq!(
        step(&own, None).as_deref(),
        Some("the contact’s own company name")
    );
    let mut member = contact([]);
    assert_eq!(
        step(&member, None).as_deref(),
        Some("the default company name")
    );
    member.account = Some(account(1, "Halden"));
    assert_eq!(
        step(&member, Some(AccountRole::Secondary)).as_deref(),
        Some("the account where the contact is secondary")
    );
    assert_eq!(
        step(&member, Some(AccountRole::Regular)).as_deref(),
        Some("the first account that holds the contact")
    );
}

fn choices_for(target: &str, rows: &str, candidate: &Candidate) -> Choices {
    let mapping = Mapping::parse(rows).unwrap();
    with_facts(&lead(), &settings(), candidate, None, |facts| {
        choices(target, &mapping, facts).unwrap()
    })
}

#[test]
fn only_what_fits_can_be_chosen_and_the_rest_says_why_not() {
    let person = contact([(BUDGET, decimal(1250, 2))]);
    let offered = choices_for("Money__c", "", &person);
    let labels: Vec<_> = offered
        .fitting
        .iter()
        .map(|choice| (choice.source.label.as_str(), choice.sample.as_deref()))
        .collect();
    assert_eq!(
        labels,
        [
            ("Budget", Some("12.5")),
            ("Visits", None),
            ("Weight", None),
            ("Engagement", Some("0")),
            ("Fit of the firm", Some("0")),
        ]
    );
    let first_name = offered
        .misfits
        .iter()
        .find(|misfit| misfit.source.label == "First name");
    let why = &first_name.unwrap().why;
    assert_eq!(
        why,
        "\"first_name\" is text, which doesn't fit Money__c of type Currency"
    );
}

#[test]
fn picklists_offer_their_values_and_tell_which_sources_need_a_value_map() {
    let person = contact([
        (ContactField::Status, text("new")),
        (ContactField::Source, text("open")),
    ]);
    let offered = choices_for("Strict__c", "city=Strict__c ; if_empty", &person);
    let choice = |label: &str| {
        let found = offered.fitting.iter().find(|one| one.source.label == label);
        found.unwrap_or_else(|| panic!("{label}"))
    };
    assert!(choice("Status").needs_map);
    assert!(!choice("Source").needs_map);
    assert_eq!(
        choice("Source").sample.as_deref(),
        Some("Open"),
        "in the org's spelling"
    );
    assert_eq!(
        choice("“Closed”").row,
        "\"Closed\"=Strict__c",
        "rules stay, and this one is usual for constants"
    );
    assert!(
        offered
            .misfits
            .iter()
            .all(|misfit| misfit.source.label != "Do not send"),
        "internal fields are not offered at all"
    );
}

#[test]
fn every_name_that_is_listed_can_be_written_into_a_template() {
    let person = contact([(ContactField::City, text("Köln"))]);
    let names = with_facts(&lead(), &settings(), &person, None, template_names);
    assert!(names.len() > 40);
    for name in &names {
        let row = row_of(&format!("{}=Long__c", name.section), &person);
        assert_eq!(row.findings, [], "{}", name.section);
    }
    let topics = names
        .iter()
        .find(|name| name.source.label == "Topics of interest");
    assert_eq!(
        topics.unwrap().section,
        "{% Contact[\"Topics of interest\"] %}"
    );
    let city = names
        .iter()
        .find(|name| name.section == "{% Contact.city %}");
    assert_eq!(city.unwrap().sample.as_deref(), Some("Köln"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_field_stands_once_whatever_the_mapping_says(
        rows in proptest::collection::vec(row(), 0..6),
        candidate in candidate(),
    ) {
        let mut mapping = Mapping::default();
        rows.into_iter().for_each(|row| mapping.set(row));
        let shown = with_facts(&lead(), &settings(), &candidate, None, |facts| {
            grid(&mapping, &Mapping::default(), facts)
        });
        let mut targets: Vec<_> = shown.iter().map(|row| row.target.to_ascii_lowercase()).collect();
        targets.sort();
        let before = targets.len();
        targets.dedup();
        prop_assert_eq!(targets.len(), before);
        for row in &mapping.rows {
            prop_assert!(shown.iter().any(|shown| shown.text.as_deref() == Some(&row.to_string())));
        }
    }

    #[test]
    fn kept_and_cut_make_up_the_whole(notes in "\\PC{0,40}") {
        let person = contact([(ContactField::Notes, text(&notes))]);
        if let Sends::Value { kept, cut: Some(cut), .. } = row_of("notes=Text__c", &person).sends {
            prop_assert_eq!(format!("{kept}{cut}"), notes.trim_end());
        }
    }
}
