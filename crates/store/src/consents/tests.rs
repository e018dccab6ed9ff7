use crate::testing::{NOW, Workspace, workspace};
use crate::{
    ConsentCounts, ConsentLevel, ContactField, ContactId, Error, Evidence, How, NewConsent,
    PurposeId, RuleTree, Told,
};

const OFFERS: &str = "Newsletter > Topics > Offers";

fn add(workspace: &Workspace, path: &str) -> PurposeId {
    workspace.writing(|writer| writer.add_purpose(path, NOW))
}

fn answer(
    workspace: &Workspace,
    contact: ContactId,
    purpose: PurposeId,
    given: Option<bool>,
    at: i64,
) -> bool {
    let new = NewConsent {
        purpose,
        given,
        evidence: Evidence {
            at: Some(at),
            ..Evidence::of(How::ByHand, "fair")
        },
    };
    workspace.writing(|writer| writer.set_consent(contact, &new, NOW)) == Told::Changed
}

fn said(workspace: &Workspace, contact: ContactId) -> Vec<(String, bool, i64)> {
    let consents = workspace.reading(|reader| reader.consents_of(contact));
    let said = consents
        .into_iter()
        .map(|one| (one.purpose.path, one.given, one.at));
    said.collect()
}

fn segment_of(workspace: &Workspace, path: &str) -> crate::SegmentId {
    let tree: RuleTree =
        serde_json::from_value(serde_json::json!({ "consent": path, "is": "given" })).unwrap();
    workspace.writing(|writer| writer.add_segment("Readers", "", &tree, NOW))
}

#[test]
fn what_is_above_is_added_with_what_stands_below() {
    let workspace = workspace();
    add(&workspace, "  newsletter >Topics> Offers ");
    add(&workspace, "Newsletter > topics > News");
    add(&workspace, "Newsletter 2");
    let purposes = workspace.reading(|reader| reader.purposes());
    let shown: Vec<_> = purposes
        .iter()
        .map(|one| (one.path.as_str(), one.level))
        .collect();
    assert_eq!(
        shown,
        [
            ("newsletter", ConsentLevel::Purpose),
            ("newsletter > Topics", ConsentLevel::Preference),
            ("newsletter > Topics > News", ConsentLevel::PreferenceValue),
            (
                "newsletter > Topics > Offers",
                ConsentLevel::PreferenceValue
            ),
            ("Newsletter 2", ConsentLevel::Purpose),
        ]
    );
    let twice = workspace.write(|writer| writer.add_purpose("NEWSLETTER > Topics", NOW));
    assert!(matches!(twice, Err(Error::NameTaken { .. })));
}

#[test]
fn a_path_that_makes_no_sense_is_refused() {
    let workspace = workspace();
    for path in ["", "a > ", "a > b > c > d", "a\nb", &"x".repeat(300)] {
        let refused = workspace.write(|writer| writer.add_purpose(path, NOW));
        assert!(matches!(refused, Err(Error::Refused(_))), "{path:?}");
    }
}

#[test]
fn an_answer_is_kept_until_another_one_and_stamps_whose_it_is() {
    let workspace = workspace();
    let offers = add(&workspace, OFFERS);
    let ada = workspace.add(&[(ContactField::FirstName, "Ada")]);
    let before = workspace.seq(ada);
    assert!(answer(&workspace, ada, offers, Some(true), 10));
    assert!(workspace.seq(ada) > before);
    let before = workspace.seq(ada);
    assert!(!answer(&workspace, ada, offers, Some(true), 20), "the same");
    assert_eq!(workspace.seq(ada), before);
    assert_eq!(said(&workspace, ada), [(OFFERS.to_owned(), true, 20)]);
    assert!(answer(&workspace, ada, offers, Some(false), 30));
    assert_eq!(said(&workspace, ada), [(OFFERS.to_owned(), false, 30)]);
    assert!(answer(&workspace, ada, offers, None, 40));
    assert_eq!(said(&workspace, ada), []);
}

#[test]
fn only_those_who_are_here_are_counted() {
    let workspace = workspace();
    let offers = add(&workspace, OFFERS);
    let ids: Vec<_> = (0..5).map(|_| workspace.add(&[])).collect();
    for (at, id) in ids.iter().enumerate() {
        answer(&workspace, *id, offers, Some(at < 3), NOW);
    }
    workspace.writing(|writer| writer.delete_contacts(&[ids[0], ids[4]], NOW));
    let counts = workspace.reading(|reader| reader.consent_counts(offers));
    let expected = ConsentCounts {
        given: 2,
        refused: 1,
    };
    assert_eq!(counts, expected);
    let new = NewConsent {
        purpose: offers,
        given: Some(true),
        evidence: Evidence::of(How::ByHand, ""),
    };
    let refused = workspace.write(|writer| writer.set_consent(ids[0], &new, NOW));
    assert!(matches!(refused, Err(Error::Refused(_))));
}

#[test]
fn renaming_goes_through_what_stands_below_and_through_the_rules() {
    let workspace = workspace();
    add(&workspace, OFFERS);
    let segment = segment_of(&workspace, "newsletter > TOPICS > offers");
    workspace.writing(|writer| writer.rename_purpose("newsletter", "News"));
    workspace.writing(|writer| writer.rename_purpose("News > Topics", "Themes"));
    let paths = workspace.reading(|reader| reader.purposes());
    let paths: Vec<_> = paths.into_iter().map(|one| one.path).collect();
    assert_eq!(paths, ["News", "News > Themes", "News > Themes > Offers"]);
    let tree = workspace.reading(|reader| reader.segment(segment)).tree;
    let sentence = tree.unwrap().to_string();
    assert_eq!(sentence, "has given consent to News > Themes > Offers");
    add(&workspace, "Calls");
    let taken = workspace.write(|writer| writer.rename_purpose("Calls", "news"));
    assert!(matches!(taken, Err(Error::NameTaken { .. })));
}

#[test]
fn what_a_rule_asks_for_and_what_was_answered_is_not_lost_by_the_way() {
    let workspace = workspace();
    let offers = add(&workspace, OFFERS);
    let ada = workspace.add(&[]);
    answer(&workspace, ada, offers, Some(true), NOW);
    let segment = segment_of(&workspace, OFFERS);
    let remove =
        |with_answers| workspace.write(|writer| writer.remove_purpose("Newsletter", with_answers));
    assert!(matches!(remove(true), Err(Error::Refused(_))), "in use");
    workspace.writing(|writer| writer.remove_segment(segment));
    assert!(matches!(remove(false), Err(Error::Refused(_))), "answered");
    remove(true).unwrap();
    assert_eq!(workspace.reading(|reader| reader.purposes()), []);
    assert_eq!(said(&workspace, ada), []);
}

#[test]
fn of_two_who_are_one_the_latest_answer_counts_until_the_merge_is_undone() {
    let workspace = workspace();
    let [calls, mail, post] = ["Calls", "Mail", "Post"].map(|path| add(&workspace, path));
    let [ada, other] = [0, 1].map(|_| workspace.add(&[]));
    answer(&workspace, ada, calls, Some(true), 10);
    answer(&workspace, other, calls, Some(false), 20);
    answer(&workspace, ada, mail, Some(false), 30);
    answer(&workspace, other, mail, Some(true), 20);
    answer(&workspace, ada, post, Some(true), 10);
    answer(&workspace, other, post, Some(false), 10);
    let act = workspace.writing(|writer| writer.merge_contacts(ada, other, NOW));
    let answers = |said: Vec<(String, bool, i64)>| -> Vec<(bool, i64)> {
        said.into_iter().map(|(_, given, at)| (given, at)).collect()
    };
    let merged = answers(said(&workspace, ada));
    assert_eq!(merged, [(false, 20), (false, 30), (false, 10)]);
    answer(&workspace, ada, post, Some(true), 50);
    workspace.writing(|writer| writer.undo(act, NOW));
    let undone = answers(said(&workspace, ada));
    assert_eq!(undone, [(true, 10), (false, 30), (true, 50)]);
    let others = answers(said(&workspace, other));
    assert_eq!(others, [(false, 20), (true, 20), (false, 10)]);
}
