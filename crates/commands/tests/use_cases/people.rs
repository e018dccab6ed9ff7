//! Contacts, accounts and scores.

use leadferry_commands::contacts::{Chosen, ContactsFilter, DecimalSign, PageRequest, Written};
use leadferry_commands::imports::DateOrder;
use leadferry_commands::recalculating::{What, recalculate};
use leadferry_commands::{Code, accounts, contacts, custom_fields, rules, scores, segments};
use leadferry_store::{Condition, Operator};

use crate::support::Machine;

const PEOPLE: &str = "Email,First name,Last name,Company\n\
    ada@example.com,Ada,Lovelace,Engines\n\
    grace@example.com,Grace,Hopper,Navy\n\
    shared@example.com,One,Twin,\n\
    shared@example.com,Other,Twin,\n";

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn contacts_are_listed_in_pages_and_found_by_words() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    let first = contacts::list(&workspace, None, false, None, 3).unwrap();
    assert_eq!(first.contacts.len(), 3);
    let rest = contacts::list(&workspace, None, false, first.next, 3).unwrap();
    assert_eq!((rest.contacts.len(), rest.next), (1, None));
    assert_eq!(contacts::count(&workspace, None, false).unwrap(), 4);
    assert_eq!(contacts::count(&workspace, Some("twin"), false).unwrap(), 2);
}

#[test]
fn fields_of_every_type_are_set_and_unset_by_name() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    custom_fields::add(&workspace, "Price", "decimal", 2).unwrap();
    let set = pairs(&[
        ("city", "Wien"),
        ("custom:Price", "12.5"),
        ("birthday", "1815-12-10"),
        ("first_name", ""),
    ]);
    let card = contacts::set(&workspace, "ada@example.com", &set, Written::default()).unwrap();
    assert_eq!(card.fields["city"], "Wien");
    assert_eq!(card.fields["custom:Price"], "12.50");
    assert_eq!(card.fields["birthday"], "1815-12-10");
    assert!(
        !card.fields.contains_key("first_name"),
        "an empty value unsets"
    );
    for wrong in [
        ("birthday", "soon"),
        ("birthday", "10/12/1815"),
        ("custom:Price", "1.234"),
        ("email", "nobody"),
        ("nonsense", "x"),
    ] {
        let error = contacts::set(
            &workspace,
            "ada@example.com",
            &pairs(&[wrong]),
            Written::default(),
        );
        let error = error.unwrap_err();
        assert_eq!(error.code, Code::Usage, "{wrong:?}");
        let is_field = wrong.0 != "nonsense";
        let field = is_field.then_some(wrong.0);
        assert_eq!(error.field.as_deref(), field, "the field is named");
    }
}

#[test]
fn what_is_typed_is_read_as_an_import_reads_it() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    custom_fields::add(&workspace, "Price", "decimal", 2).unwrap();
    custom_fields::add(&workspace, "Partner", "yes_no", 0).unwrap();
    let german = Written {
        decimal: Some(DecimalSign::Comma),
        dates: Some(DateOrder::Dmy),
    };
    let set = |fields: &[(&str, &str)]| {
        let fields = pairs(fields);
        contacts::set(&workspace, "ada@example.com", &fields, german)
            .unwrap()
            .fields
    };
    let fields = set(&[
        ("custom:Price", "1.234,5"),
        ("birthday", "3/4/1990"),
        ("custom:Partner", "ja"),
        ("country", "Germany"),
    ]);
    assert_eq!(fields["custom:Price"], "1234.50");
    assert_eq!(fields["birthday"], "1990-04-03");
    assert_eq!(fields["custom:Partner"], true);
    assert_eq!(fields["country"], "DE");
    let fields = set(&[("state", "Bavaria")]);
    assert_eq!(
        fields["state"], "DE-BY",
        "a state belongs to the contact's country"
    );
    let fields = set(&[("country", "Atlantis")]);
    assert_eq!(
        fields["country"], "Atlantis",
        "what is no country is kept as it was typed"
    );
    for (field, text, said) in [
        ("birthday", "soon", "Birthday needs a date"),
        ("custom:Price", "much", "Price needs a number"),
        ("custom:Partner", "maybe", "Partner needs yes or no"),
    ] {
        let fields = pairs(&[(field, text)]);
        let refused = contacts::set(&workspace, "ada@example.com", &fields, german).unwrap_err();
        assert!(refused.message.starts_with(said), "{refused:?}");
        assert_eq!(refused.cause, "", "it is said once");
    }
}

#[test]
fn countries_are_resolved_for_new_contacts_and_for_many_at_once() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    let mary = pairs(&[("first_name", "Mary"), ("country", "Österreich")]);
    let mary = contacts::add(&workspace, &mary, Written::default()).unwrap();
    assert_eq!(mary.fields["country"], "AT");
    let all = Chosen::named(["ada@example.com", "grace@example.com"]);
    let spain = pairs(&[("country", "Spain"), ("state", "Cataluña")]);
    contacts::edit(&workspace, &all, &spain, Written::default()).unwrap();
    let is_spanish = Condition {
        field: "country".to_owned(),
        op: Operator::Equals,
        value: "ES".into(),
    };
    let filter = ContactsFilter {
        conditions: vec![is_spanish],
        ..ContactsFilter::default()
    };
    assert_eq!(contacts::count_filtered(&workspace, &filter).unwrap(), 2);
    let grace = contacts::show(&workspace, "grace@example.com").unwrap();
    assert_eq!(grace.fields["state"], "ES-CT");
}

#[test]
fn a_contact_without_a_name_is_shown_by_its_email_or_its_company_in_every_list() {
    let machine = Machine::new();
    let workspace = machine.create();
    let add = |fields: &[(&str, &str)]| {
        contacts::add(&workspace, &pairs(fields), Written::default()).unwrap()
    };
    let by_email = add(&[("email", "info@example.com"), ("company_name", "Engines")]);
    let by_company = add(&[("company_name", "Navy"), ("country", "DE")]);
    assert_eq!(
        (by_email.name.as_str(), by_company.name.as_str()),
        ("info@example.com", "Navy")
    );
    let request = PageRequest {
        filter: ContactsFilter::default(),
        sort: None,
        columns: vec!["name".to_owned(), "country".to_owned()],
        from: 0,
        limit: 10,
        find: None,
    };
    let page = contacts::page(&workspace, &request).unwrap();
    let shown: Vec<_> = page.rows.iter().map(|row| row.name.as_str()).collect();
    assert!(shown.contains(&"info@example.com") && shown.contains(&"Navy"));
    let navy = page.rows.iter().find(|row| row.name == "Navy").unwrap();
    assert_eq!(navy.cells, ["Navy", "Germany"], "a country is named");
}

#[test]
fn an_e_mail_that_several_share_names_nobody() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    assert_eq!(
        contacts::show(&workspace, "shared@example.com")
            .unwrap_err()
            .code,
        Code::Usage
    );
}

#[test]
fn deleting_and_merging_can_be_undone() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    contacts::delete(&workspace, &Chosen::named(["ada@example.com"])).unwrap();
    assert_eq!(contacts::count(&workspace, None, false).unwrap(), 3);
    assert_eq!(contacts::undo(&workspace, None).unwrap().restored, 1);
    assert_eq!(contacts::count(&workspace, None, false).unwrap(), 4);

    let twins = contacts::list(&workspace, Some("twin"), false, None, 9)
        .unwrap()
        .contacts;
    let guids: Vec<String> = twins.iter().map(|twin| twin.guid.to_string()).collect();
    let merged = contacts::merge(&workspace, &guids[0], &guids[1..]).unwrap();
    assert_eq!(merged.survivor.to_string(), guids[0]);
    assert_eq!(
        contacts::show(&workspace, &guids[1])
            .unwrap()
            .guid
            .to_string(),
        guids[0],
        "the loser's guid is an alias"
    );
    contacts::undo(&workspace, Some(merged.acts[0].0)).unwrap();
    assert_eq!(contacts::count(&workspace, Some("twin"), false).unwrap(), 2);
}

#[test]
fn an_erased_person_is_gone_from_the_backups_too() {
    let machine = Machine::new();
    machine.import(&machine.create(), PEOPLE);
    let workspace = machine.open();
    let erased = contacts::erase(&workspace, "ada@example.com").unwrap();
    assert_eq!((erased.contacts, erased.backups_rewritten), (1, 1));
    assert_eq!(
        contacts::show(&workspace, "ada@example.com")
            .unwrap_err()
            .code,
        Code::Usage
    );
    let backups = std::fs::read_dir(machine.file().with_added_extension("backups")).unwrap();
    for backup in backups {
        let bytes = std::fs::read(backup.unwrap().path()).unwrap();
        assert!(!bytes.windows(15).any(|window| window == b"ada@example.com"));
    }
}

#[test]
fn accounts_have_members_in_roles() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    let engines = accounts::named(&workspace, "engines").unwrap();
    accounts::join(&workspace, engines, "grace@example.com", Some("secondary")).unwrap();
    let card = accounts::show(&workspace, engines, 10).unwrap();
    let roles: Vec<_> = card
        .members
        .iter()
        .map(|member| (member.name.as_str(), member.role))
        .collect();
    assert_eq!(
        roles,
        [("Ada Lovelace", "primary"), ("Grace Hopper", "secondary")]
    );
    assert!(accounts::join(&workspace, engines, "grace@example.com", None).unwrap());
    assert_eq!(
        accounts::join(&workspace, engines, "ada@example.com", Some("boss"))
            .unwrap_err()
            .code,
        Code::Usage
    );
    accounts::set(&workspace, engines, &pairs(&[("city", "London")])).unwrap();
    assert_eq!(
        accounts::list(&workspace, None, 10).unwrap().accounts[0].fields["city"],
        "London"
    );
}

#[test]
fn accounts_are_listed_by_name_with_their_number_of_contacts() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    for name in ["Engineers", "zebra", "Übersee", "Alpha"] {
        accounts::add(&workspace, name, &[]).unwrap();
    }
    let names = |begin: &str, skip, limit| {
        let found = accounts::by_name(&workspace, begin, skip, limit).unwrap();
        let lines = found.lines.into_iter();
        let lines: Vec<_> = lines
            .map(|line| (line.account.fields["name"].clone(), line.members))
            .collect();
        (lines, found.total)
    };
    let (engines, total) = names(" ENGINE", 0, 10);
    assert_eq!(
        engines,
        [("Engineers".to_owned(), 0), ("Engines".to_owned(), 1)]
    );
    assert_eq!(total, 2);
    assert_eq!(names("engine", 1, 10).0, [("Engines".to_owned(), 1)]);
    assert_eq!(names("ü", 0, 10).1, 1);
    let (all, total) = names("", 0, 2);
    assert_eq!(all[0].0, "Alpha");
    assert_eq!((all.len(), total > 4), (2, true));
}

#[test]
fn scores_count_what_has_changed_since() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    let rules = r#"{"rules": [{"name": "knows Ada", "points": 30, "when": {"field": "first_name", "op": "equals", "value": "ada"}}]}"#;
    scores::add(&workspace, "Fame", "", &scores::read_rules(rules).unwrap()).unwrap();
    let first = recalculate(&workspace, What::Everything, false, &|| true).unwrap();
    assert_eq!((first.seen, first.changed), (4, 1));
    let again = recalculate(&workspace, What::Score("fame"), false, &|| true).unwrap();
    assert_eq!(
        (again.seen, again.changed),
        (0, 0),
        "nothing has changed since"
    );
    assert_eq!(
        contacts::show(&workspace, "ada@example.com")
            .unwrap()
            .points["Fame"],
        30
    );
    let card = scores::show(&workspace, "fame").unwrap();
    assert_eq!(
        (card.spread.contacts, card.spread.most, card.stale),
        (4, 30, 0)
    );
    let spread: u64 = card.spread.ranges.iter().map(|range| range.contacts).sum();
    assert_eq!(spread, 4, "everyone is in one range");
    let stopped = recalculate(&workspace, What::Score("Fame"), true, &|| false).unwrap_err();
    assert_eq!(stopped.code, Code::Cancelled);
    assert_eq!(
        scores::read_rules(r#"{"rules": [{}]}"#).unwrap_err().code,
        Code::Usage
    );
}

#[test]
fn a_score_is_changed_tried_and_removed() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    let rule = |field: &str, points| {
        let rules = format!(
            r#"{{"rules": [{{"name": "r", "points": {points}, "when": {{"field": "{field}", "op": "is_set"}}}}]}}"#
        );
        scores::read_rules(&rules).unwrap()
    };
    scores::add(&workspace, "Fame", "", &rule("email", 5)).unwrap();
    recalculate(&workspace, What::Everything, false, &|| true).unwrap();
    let conditions = [
        rule("email", 1)[0].when.clone(),
        rule("shoe_size", 1)[0].when.clone(),
    ];
    let tried = scores::try_rules(&workspace, &conditions).unwrap();
    assert_eq!((tried[0].contacts, &tried[0].refused), (Some(4), &None));
    assert!(tried[1].refused.as_ref().unwrap().contains("shoe_size"));

    let change = scores::ScoreChange {
        name: Some("Renown".to_owned()),
        rules: Some(rule("email", 7)),
        ..Default::default()
    };
    scores::change(&workspace, "Fame", change).unwrap();
    let card = scores::show(&workspace, "Renown").unwrap();
    assert_eq!(
        (card.rule_list[0].points, card.stale),
        (7, 4),
        "all points are stale"
    );
    scores::remove(&workspace, "Renown").unwrap();
    assert!(scores::list(&workspace).unwrap().is_empty());
}

#[test]
fn an_act_reaches_all_that_a_filter_lets_through_but_for_those_left_out() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    let twins = Chosen::Filtered {
        filter: ContactsFilter {
            text: Some("twin".to_owned()),
            ..ContactsFilter::default()
        },
        except: Vec::new(),
    };
    let changed = contacts::edit(
        &workspace,
        &twins,
        &pairs(&[("city", "Oslo")]),
        Written::default(),
    );
    assert_eq!(changed.unwrap().contacts, 2);
    let all_but_ada = Chosen::Filtered {
        filter: ContactsFilter::default(),
        except: vec!["ada@example.com".to_owned(), "gone@example.com".to_owned()],
    };
    let deleted = contacts::delete(&workspace, &all_but_ada).unwrap();
    assert_eq!(deleted.contacts, 3);
    assert_eq!(contacts::count(&workspace, None, false).unwrap(), 1);
    let undone = contacts::undo(&workspace, Some(deleted.act.0)).unwrap();
    assert_eq!(undone.restored, 3);
}

#[test]
fn a_custom_field_is_renamed_everywhere_and_removed_only_when_nothing_uses_it() {
    let machine = Machine::new();
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    custom_fields::add(&workspace, "Region", "text", 0).unwrap();
    let north = pairs(&[("custom:Region", "North")]);
    contacts::set(&workspace, "ada@example.com", &north, Written::default()).unwrap();
    let rule = r#"{"field": "custom:Region", "op": "is_set"}"#;
    let tree = rules::read_tree(rule).unwrap();
    segments::add(&workspace, "Placed", "", tree).unwrap();

    let unfit = custom_fields::rename(&workspace, "Region", "a = b; c").unwrap_err();
    assert_eq!(unfit.hint, "leave out =;{}\"% and line breaks");
    let renamed = custom_fields::rename(&workspace, "region", "Sales area").unwrap();
    assert_eq!(renamed.name, "Sales area");
    let ada = contacts::show(&workspace, "ada@example.com").unwrap();
    assert_eq!(ada.fields["custom:Sales area"], "North");
    segments::bring_up_to_date(&workspace, "Placed").unwrap();
    assert_eq!(
        segments::show(&workspace, "Placed")
            .unwrap()
            .segment
            .members,
        1
    );

    let uses = custom_fields::uses(&workspace, "Sales area").unwrap();
    assert_eq!(uses.contacts, 1);
    assert_eq!(uses.users, ["the segment \"Placed\""]);
    let refused = custom_fields::remove(&workspace, "Sales area", true).unwrap_err();
    assert!(refused.cause.contains("Placed"), "{refused:?}");
    segments::remove(&workspace, "Placed").unwrap();
    custom_fields::remove(&workspace, "Sales area", false).unwrap_err();
    assert_eq!(
        custom_fields::remove(&workspace, "Sales area", true).unwrap(),
        1
    );
    let ada = contacts::show(&workspace, "ada@example.com").unwrap();
    assert!(!ada.fields.contains_key("custom:Sales area"));
}
