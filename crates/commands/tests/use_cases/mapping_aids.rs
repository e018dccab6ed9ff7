//! What helps to map: the values of both sides, and a sample of the contacts that are sent.

use leadferry_commands::mappings::{self, GridRequest};
use leadferry_commands::replications::{self, ReplicationChange};
use leadferry_commands::scores::{self, ScoreChange};
use leadferry_commands::{Workspace, segments};

use crate::support::{Machine, add_leads, connected};

const PEOPLE: &str = "Email,First name,Last name,Company,Source,Country\n\
    ada@example.com,Ada,Lovelace,Engines,Trade fair,Germany\n\
    grace@example.com,Grace,Hopper,Navy,trade fair,Deutschland\n\
    mary@example.com,Mary,Shelley,Frankenstein,web,Atlantis\n";

async fn mapped(machine: &Machine) -> Workspace {
    let workspace = connected(machine).await;
    machine.import(&workspace, PEOPLE);
    add_leads(&workspace, ReplicationChange::default());
    workspace
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_map_is_offered_both_sides_with_how_often_each_value_is_here() {
    let machine = Machine::new();
    let workspace = mapped(&machine).await;
    let of = |text, target| mappings::values(&workspace, "Leads", target, Some(text)).unwrap();
    let values = of("source=LeadSource", "LeadSource");
    let here = values.here.iter();
    let here: Vec<_> = here
        .map(|found| (found.value.as_str(), found.contacts, found.known))
        .collect();
    assert_eq!(
        here,
        [("Trade fair", Some(2), false), ("web", Some(1), true)],
        "values that differ in case are one"
    );
    assert!(values.offered.iter().any(|offered| offered.value == "Web"));

    let countries = of("@country_name=Country", "Country").here;
    let countries: Vec<_> = countries
        .iter()
        .map(|found| (found.value.as_str(), found.contacts))
        .collect();
    assert_eq!(
        countries,
        [("Germany", Some(2)), ("Atlantis", Some(1))],
        "as the map meets them"
    );
    assert!(mappings::values(&workspace, "Leads", "Fax", Some("source=LeadSource")).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_map_counts_what_a_template_and_an_account_give() {
    let machine = Machine::new();
    let workspace = mapped(&machine).await;
    let of = |text, target| mappings::values(&workspace, "Leads", target, Some(text)).unwrap();
    let found = |values: mappings::MapValues| {
        let here = values.here.into_iter();
        here.map(|found| (found.value, found.contacts))
            .collect::<Vec<_>>()
    };
    let text = "{% Contact.country %}!=LeadSource";
    let values = of(text, "LeadSource");
    assert_eq!(values.looked_at, None, "everybody was looked at");
    assert_eq!(
        found(values),
        [
            ("Atlantis!".to_owned(), Some(1)),
            ("DE!".to_owned(), Some(2)),
        ]
        .into_iter()
        .rev()
        .collect::<Vec<_>>()
    );
    let company = found(of("@company_name=LeadSource", "LeadSource"));
    assert!(
        company.contains(&("Engines".to_owned(), Some(1))),
        "{company:?}"
    );
    let account = found(of("account:name=LeadSource", "LeadSource"));
    assert_eq!(account.len(), 3, "{account:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_judged_by_the_values_of_all_contacts_that_are_selected() {
    let machine = Machine::new();
    let workspace = mapped(&machine).await;
    let of = |text: &str| {
        let found = mappings::troubles(&workspace, "Leads", Some(text)).unwrap();
        assert_eq!((found.looked_at, found.more), (3, false));
        let rows = found.rows.into_iter();
        rows.map(|row| (row.target, row.code, row.contacts))
            .collect::<Vec<_>>()
    };
    let found = |target: &str, code: &str, contacts| (target.to_owned(), code.to_owned(), contacts);
    let sound = "last_name=LastName\n@company_name=Company\n";
    assert_eq!(of(sound), [], "all values fit");
    assert_eq!(
        of("source=LeadSource\nlast_name=LastName"),
        [found("LeadSource", "not_in_picklist", 2)],
        "whatever the sample has"
    );
    let mapped = "source=LeadSource ; map \"Trade fair\"->\"Web\"";
    assert_eq!(of(mapped), [], "a value map is what cures it");
    let long = format!("{{% Contact.first_name %}}{}=Title", "x".repeat(130));
    assert_eq!(of(&long), [found("Title", "too_long", 3)]);
    assert_eq!(
        of("job_title=LastName\nnonsense=Title"),
        [found("LastName", "required_missing", 3)],
        "a row with a fault of its own keeps no other from being judged"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_required_field_without_values_says_who_cannot_be_sent_and_does_not_count_the_blocked() {
    let machine = Machine::new();
    let workspace = mapped(&machine).await;
    let found = mappings::troubles(&workspace, "Leads", Some("job_title=LastName")).unwrap();
    let said = &found.rows[0].message;
    assert!(said.starts_with("3 contacts can't be sent: "), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_is_one_of_those_who_go() {
    let machine = Machine::new();
    let workspace = mapped(&machine).await;
    let sample = || {
        let grid = mappings::try_grid(&workspace, "Leads", &GridRequest::default()).unwrap();
        grid.sample.unwrap().name
    };
    assert_eq!(sample(), "Ada Lovelace");
    let tree = r#"{"all": [{"field": "last_name", "op": "equals", "value": "Shelley"}]}"#;
    let tree = serde_json::from_str(tree).unwrap();
    segments::add(&workspace, "Authors", "", tree).unwrap();
    let only = ReplicationChange {
        segments_any: Some(vec!["Authors".to_owned()]),
        ..ReplicationChange::default()
    };
    replications::set(&workspace, "Leads", &only).unwrap();
    assert_eq!(sample(), "Mary Shelley");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_score_stays_mapped_in_templates_and_descriptions_and_is_not_removed() {
    let machine = Machine::new();
    let workspace = mapped(&machine).await;
    scores::add(&workspace, "Fit", "", &[]).unwrap();
    let text = "last_name=LastName\ncompany=Company\n{{ Score.Fit }} points=Title\n\
        @points:Fit=NumberOfEmployees\n@description=Description\n";
    mappings::save(&workspace, "Leads", text).unwrap();
    let described = ReplicationChange {
        description: Some("Fit: {{ Score.Fit }}".to_owned()),
        ..ReplicationChange::default()
    };
    replications::set(&workspace, "Leads", &described).unwrap();
    let removed = scores::remove(&workspace, "Fit").unwrap_err();
    assert!(removed.cause.contains("Leads"), "{removed:?}");

    let renamed = ScoreChange {
        name: Some("Good \"fit\"".to_owned()),
        ..ScoreChange::default()
    };
    scores::change(&workspace, "Fit", renamed).unwrap();
    let mapping = mappings::export(&workspace, "Leads").unwrap();
    assert!(
        !mapping.contains("Fit") && mapping.contains("points=Title"),
        "{mapping}"
    );
    let checked = mappings::check(&workspace, "Leads", None).unwrap();
    assert!(checked.usable, "{:?}", checked.findings);
}
