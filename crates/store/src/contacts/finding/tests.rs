use crate::testing::{NOW, workspace};
use crate::{Condition, ContactField, ContactFilter, ContactId, Error, Guid, Operator};

#[test]
fn a_contact_is_found_by_guid_or_by_an_email_of_its_own() {
    let workspace = workspace();
    let one = workspace.add(&[(ContactField::Email, "one@example.com")]);
    workspace.add(&[(ContactField::Email, "both@example.com")]);
    workspace.add(&[(ContactField::Email, "BOTH@example.com")]);
    let guid = workspace.reading(|reader| reader.contact(one)).guid;
    let find = |text: &str| workspace.read(|reader| reader.find_contact(text));
    assert_eq!(find(&guid.as_str().to_uppercase()).unwrap(), one);
    assert_eq!(find(" ONE@example.com").unwrap(), one);
    assert!(
        matches!(find("both@example.com"), Err(Error::Refused(message)) if message.starts_with("2 contacts"))
    );
    assert!(matches!(
        find("nobody@example.com"),
        Err(Error::NotFound { .. })
    ));
    assert!(matches!(
        find(Guid::random().unwrap().as_str()),
        Err(Error::NotFound { .. })
    ));
}

#[test]
fn search_finds_beginnings_of_words_and_takes_no_orders() {
    let workspace = workspace();
    let zoe = workspace.add(&[
        (ContactField::FirstName, "Zoë"),
        (ContactField::LastName, "O'Brien"),
        (ContactField::Email, "zoe.obrien@example.com"),
    ]);
    let acme = workspace.add(&[
        (ContactField::LastName, "Smith"),
        (ContactField::CompanyName, "ACME \"Best\" Ltd"),
    ]);
    let gone = workspace.add(&[(ContactField::FirstName, "Zoltan")]);
    workspace.writing(|writer| writer.delete_contacts(&[gone], NOW));
    let search = |words: &str| {
        let filter = ContactFilter {
            text: Some(words.to_owned()),
            ..ContactFilter::default()
        };
        let page = workspace.reading(|reader| reader.contacts_page(&filter, &[], None, 10));
        assert_eq!(
            workspace.reading(|reader| reader.count_contacts(&filter)),
            page.len() as u64
        );
        page.into_iter()
            .map(|contact| contact.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        search("zo"),
        [zoe],
        "accents do not matter, and the deleted are not shown"
    );
    assert_eq!(
        search("ZOE exam"),
        [zoe],
        "each word may stand in another field"
    );
    assert_eq!(search("zoe smith"), [], "every word must occur");
    assert_eq!(search("zoe obr"), [zoe]);
    assert_eq!(search("zoe.obrien@exam"), [zoe]);
    assert_eq!(search("acme \"best\""), [acme]);
    assert_eq!(search("  "), [zoe, acme]);
    for hostile in [
        "\" OR \"",
        "NEAR(",
        "first_name:zoe",
        "a*b^c",
        "-",
        "\"",
        "zoe AND",
        "\0",
        "{x} : y",
    ] {
        search(hostile);
    }
}

#[test]
fn a_word_that_ends_with_an_at_sign_finds_the_emails_that_begin_so() {
    let workspace = workspace();
    let add = |email: &str| workspace.add(&[(ContactField::Email, email)]);
    let jane = add("Jane@example.com");
    let other = add("jane@example.org");
    let [doe, mary] = ["jane.doe@example.com", "mary.jane@example.com"].map(add);
    workspace.add(&[
        (ContactField::FirstName, "Jane"),
        (ContactField::Email, "j10@example.com"),
    ]);
    let search = |words: &str| {
        let filter = ContactFilter {
            text: Some(words.to_owned()),
            ..ContactFilter::default()
        };
        let page = workspace.reading(|reader| reader.contacts_page(&filter, &[], None, 10));
        let list = crate::ListFilter {
            text: filter.text.clone(),
            ..crate::ListFilter::default()
        };
        assert_eq!(
            workspace.reading(|reader| reader.count_contacts(&filter)),
            page.len() as u64
        );
        let counted = workspace.reading(|reader| reader.listed(&list)).len() as u64;
        assert_eq!(counted, page.len() as u64, "the window's list");
        page.into_iter()
            .map(|contact| contact.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(search("jane@"), [jane, other]);
    assert_eq!(search("JANE@ example.org"), [other]);
    assert_eq!(search("jane.doe@"), [doe]);
    assert_eq!(search("j1@"), [], "the local part is j10");
    assert_eq!(search("jane@exam"), [jane, other, mary]);
    for hostile in ["@", "\"@", "a@@", "'@ jane@", "jane@ j10@"] {
        search(hostile);
    }
}

#[test]
fn contacts_are_found_by_phone_city_and_address() {
    let workspace = workspace();
    let ann = workspace.add(&[
        (ContactField::FirstName, "Ann"),
        (ContactField::MobilePhone, "+49 151 2345678"),
        (ContactField::AddressLine1, "Torstraße 12"),
        (ContactField::PostalCode, "10119"),
        (ContactField::City, "Berlin"),
    ]);
    let ben = workspace.add(&[
        (ContactField::FirstName, "Ben"),
        (ContactField::HomePhone, "0151 9999999"),
        (ContactField::City, "Bergen"),
    ]);
    let search = |words: &str| {
        let filter = ContactFilter {
            text: Some(words.to_owned()),
            ..ContactFilter::default()
        };
        let page = workspace.reading(|reader| reader.contacts_page(&filter, &[], None, 10));
        page.into_iter()
            .map(|contact| contact.id)
            .collect::<Vec<_>>()
    };
    for words in [
        "0151 234",
        "+49151 2345678",
        "2345678",
        "torstr",
        "10119 ber",
        "ann 0151",
        "berlin 0151",
    ] {
        assert_eq!(search(words), [ann], "{words}");
    }
    assert_eq!(search("ber"), [ann, ben]);
    assert_eq!(search("151"), [ann, ben]);
    assert_eq!(search("berlin 9999999"), [], "every word must occur");
    workspace.writing(|writer| {
        let moved = [
            (ContactField::City, Some(crate::testing::text("Oslo"))),
            (ContactField::MobilePhone, None),
        ];
        writer.change_contact(ann, &moved, NOW)
    });
    assert_eq!(search("oslo"), [ann]);
    assert_eq!(search("ber"), [ben]);
    assert_eq!(search("2345678"), []);
    assert!(
        workspace.check().unwrap().is_sound(),
        "the index holds what the contacts hold"
    );
}

#[test]
fn pages_follow_each_other_and_conditions_narrow_them() {
    let workspace = workspace();
    let ids: Vec<ContactId> = ["Rome", "Oslo", "rome", "Róme", "Paris"]
        .iter()
        .map(|city| workspace.add(&[(ContactField::City, city)]))
        .collect();
    let condition = Condition {
        field: "city".into(),
        op: Operator::Equals,
        value: "ROME".into(),
    };
    let filter = ContactFilter {
        conditions: vec![condition],
        ..ContactFilter::default()
    };
    let page = |after, limit| {
        let page = workspace
            .reading(|reader| reader.contacts_page(&filter, &[ContactField::City], after, limit));
        page.into_iter()
            .map(|contact| contact.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(page(None, 2), [ids[0], ids[2]]);
    assert_eq!(page(Some(ids[2]), 2), [ids[3]]);
    assert_eq!(
        workspace.reading(|reader| reader.count_contacts(&filter)),
        3
    );
}

#[test]
fn contacts_added_changed_and_deleted_in_one_go_are_found_as_they_ended_up() {
    let workspace = workspace();
    let [renamed, gone] = workspace.writing(|writer| {
        let add = |name| {
            let one = crate::testing::values(&[(ContactField::FirstName, name)]);
            writer.insert_contact(&one, None, NOW)
        };
        let ids = [add("Before")?, add("Gone")?];
        let name = Some(crate::testing::text("Afterwards"));
        writer.change_contact(ids[0], &[(ContactField::FirstName, name)], NOW)?;
        writer.delete_contacts(&ids[1..], NOW)?;
        Ok(ids)
    });
    let found = |words: &str, deleted| {
        let filter = ContactFilter {
            text: Some(words.to_owned()),
            deleted,
            ..Default::default()
        };
        let page = workspace.reading(|reader| reader.contacts_page(&filter, &[], None, 10));
        page.into_iter()
            .map(|contact| contact.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("before", false), []);
    assert_eq!(found("afterw", false), [renamed]);
    assert_eq!(found("gone", false), []);
    assert_eq!(found("gone", true), [gone]);
    assert!(
        workspace.check().unwrap().is_sound(),
        "the index holds what the contacts hold"
    );
}
