use std::sync::Arc;

use super::*;
use crate::testing::{DAY, NOW, Workspace, text, workspace};
use crate::{
    Contact, Evidence, FieldKind, How, NewConsent, OpenOptions, Operator, Rule, Value, fold::fold,
    query_plans::scans,
};

const PEOPLE: &[(&str, &str, &str, &str)] = &[
    ("Zoë", "Öztürk", "zoe@example.com", "Alpenklinik"),
    ("anna", "Adams", "", "beta"),
    ("Ben", "adams", "ben@example.com", ""),
    ("", "", "info@example.com", "Ärzte"),
    ("Mei-Ling", "", "mei@example.com", "Alpenklinik"),
    ("Olga", "Petrova", "Olga@example.com", ""),
    ("Anna", "Zahn", "anna@zahn.example", "Zahn & Co"),
    ("Carl", "Berg", "carl@berg.example", "Berg"),
    ("Dora", "Berg", "dora@berg.example", "Berg"),
    ("Emil", "Öhm", "emil@example.org", "beta"),
];

struct Sample {
    workspace: Workspace,
    store: Arc<Store>,
    score: ScoreId,
    seats: ContactField,
    offers: PurposeId,
}

fn sample() -> Sample {
    let workspace = workspace();
    let seats = workspace.field("Seats", FieldKind::Integer);
    let ids: Vec<ContactId> = PEOPLE
        .iter()
        .map(|(first, last, email, company)| {
            workspace.add(&[
                (ContactField::FirstName, *first),
                (ContactField::LastName, *last),
                (ContactField::Email, *email),
                (ContactField::CompanyName, *company),
                (
                    ContactField::City,
                    if last.len() > 4 { "Roma" } else { "Oslo" },
                ),
            ])
        })
        .collect();
    for (id, number) in [(ids[2], 7), (ids[5], -1), (ids[8], 7)] {
        workspace.change(id, seats, Some(Value::Integer(number)));
    }
    let rule = |name: &str, points, city: &str| {
        let when = Condition {
            field: "company_name".into(),
            op: Operator::Equals,
            value: city.into(),
        };
        Rule::new(name, points, crate::RuleTree::Field(when))
    };
    let rules = [rule("berg", 5, "berg"), rule("beta", -3, "beta")];
    let score = workspace.writing(|writer| writer.add_score("Fit", "", &rules, NOW));
    workspace
        .recalculate(crate::Recalculate::Score(score), true, NOW, &mut |_, _| {
            true
        })
        .unwrap();
    let leads = workspace.replication("Leads", None);
    let state = |id: ContactId, state: &str| {
        workspace.enqueue(leads, id);
        workspace.sql(&format!(
            "UPDATE queue SET state = '{state}', seq = (SELECT seq FROM contacts WHERE id = {id}),
               code = CASE WHEN '{state}' IN ('blocked', 'given_up') THEN 'x' END WHERE contact_id = {id}"
        ));
    };
    for (at, entry) in [
        "blocked",
        "given_up",
        "pending",
        "done",
        "done",
        "withdrawn",
    ]
    .iter()
    .enumerate()
    {
        state(ids[at], entry);
    }
    for at in [0, 3, 4, 5, 7] {
        workspace.link(ids[at], "org", "Lead", &format!("00Q{at}"), None);
    }
    workspace.sql("UPDATE links SET state = 'deleted' WHERE record_id = '00Q7'");
    workspace.change(ids[4], ContactField::Status, Some(text("New")));
    workspace.change(ids[6], ContactField::DoNotSend, Some(Value::YesNo(true)));
    let account = |name: &str| {
        let values = [(crate::AccountField::Name, name.to_owned())]
            .into_iter()
            .collect();
        workspace.writing(|writer| writer.insert_account(&values, None, NOW))
    };
    let (one, two) = (account("École"), account("Dach"));
    for (contact, account, role) in [
        (ids[1], one, crate::AccountRole::Regular),
        (ids[1], two, crate::AccountRole::Primary),
        (ids[9], one, crate::AccountRole::Regular),
    ] {
        workspace.writing(|writer| writer.set_membership(contact, account, role, NOW));
    }
    let offers = workspace.writing(|writer| writer.add_purpose("Offers", NOW));
    for (at, given) in [(0, true), (2, false), (5, true), (8, true)] {
        answer(&workspace, ids[at], offers, given);
    }
    workspace.writing(|writer| writer.delete_contacts(&[ids[8]], NOW + DAY));
    let store = Arc::new(Store::open(&workspace.path(), OpenOptions::default(), NOW).unwrap());
    Sample {
        workspace,
        store,
        score,
        seats,
        offers,
    }
}

fn answer(workspace: &Workspace, contact: ContactId, purpose: PurposeId, given: bool) {
    let new = NewConsent {
        purpose,
        given: Some(given),
        evidence: Evidence::of(How::ByHand, ""),
    };
    workspace.writing(|writer| writer.set_consent(contact, &new, NOW));
}

impl Sample {
    fn query(&self, sort: ListColumn, descending: bool, filter: ListFilter) -> ListQuery {
        ListQuery {
            filter,
            sort,
            descending,
        }
    }

    /// What the list must be, by the plainest way there is.
    fn expected(&self, query: &ListQuery) -> Vec<ContactId> {
        let mut keyed: Vec<(Option<Key>, ContactId)> = self.workspace.reading(|reader| {
            let mut keyed = Vec::new();
            for id in (1..=PEOPLE.len() as i64).map(ContactId) {
                let contact = reader.contact(id)?;
                if self.lets_through(&query.filter, &contact)? {
                    keyed.push((self.key(query.sort, &contact)?, id));
                }
            }
            Ok(keyed)
        });
        keyed.sort_by(|(one, a), (other, b)| match (one, other) {
            (None, None) => a.cmp(b),
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(_), None) => std::cmp::Ordering::Less,
            _ if query.descending => (other, b).cmp(&(one, a)),
            _ => (one, a).cmp(&(other, b)),
        });
        keyed.into_iter().map(|(_, id)| id).collect()
    }

    fn key(&self, sort: ListColumn, contact: &Contact) -> Result<Option<Key>> {
        let folded = |field| contact.values.text(field).map(fold);
        self.workspace.store.read(|reader| {
            Ok(match sort {
                ListColumn::Name => folded(ContactField::LastName)
                    .or_else(|| folded(ContactField::FirstName))
                    .map(|name| Key::Text(name, folded(ContactField::FirstName))),
                ListColumn::Field(ContactField::CreatedAt) => Some(Key::Number(contact.created_at)),
                ListColumn::Field(field) => match contact.values.get(field) {
                    Some(Value::Integer(number)) => Some(Key::Number(*number)),
                    Some(Value::YesNo(yes)) => Some(Key::Number((*yes).into())),
                    Some(Value::Text(value)) => Some(Key::Text(fold(value), None)),
                    _ => None,
                },
                ListColumn::Account => {
                    let companies = reader.companies_of(&[contact.id])?;
                    match companies.get(&contact.id).and_then(|all| all.first()) {
                        Some(first) => {
                            Some(Key::Text(fold(reader.account(first.account)?.name()), None))
                        }
                        None => None,
                    }
                }
                ListColumn::Points(score) => Some(Key::Number(
                    reader.points(score, &[contact.id])?.values().sum(),
                )),
                ListColumn::Delivery => {
                    let deliveries = reader.deliveries(&[contact.id])?;
                    Some(Key::Number(deliveries[&contact.id] as i64))
                }
            })
        })
    }

    fn lets_through(&self, filter: &ListFilter, contact: &Contact) -> Result<bool> {
        self.workspace.store.read(|reader| {
            let words = [
                ContactField::FirstName,
                ContactField::LastName,
                ContactField::Email,
                ContactField::CompanyName,
            ]
            .iter()
            .filter_map(|field| contact.values.text(*field).map(fold))
            .collect::<Vec<_>>()
            .join(" ");
            let found = filter.text.as_deref().is_none_or(|text| {
                text.split_whitespace().all(|prefix| {
                    words
                        .split(|letter: char| !letter.is_alphanumeric())
                        .any(|word| word.starts_with(&fold(prefix)))
                })
            });
            let rome = contact.values.text(ContactField::City) == Some("Roma");
            let points = reader.points(self.score, &[contact.id])?;
            let points: i64 = points.values().sum();
            let delivery = reader.deliveries(&[contact.id])?[&contact.id];
            let standing = match reader.consents_of(contact.id)?.first() {
                Some(answer) if answer.given => ConsentStanding::Given,
                Some(_) => ConsentStanding::Refused,
                None => ConsentStanding::NotAsked,
            };
            Ok(found
                && (filter.conditions.is_empty() || rome)
                && filter.points.iter().all(|(_, least)| points >= *least)
                && (filter.deliveries.is_empty() || filter.deliveries.contains(&delivery))
                && filter.consent.is_none_or(|(_, wanted)| standing == wanted)
                && contact.deleted_at.is_some() == filter.deleted)
        })
    }

    fn ids(&self, query: &ListQuery) -> Vec<ContactId> {
        let page = self.store.list_page(query, 0, 100, None).unwrap();
        assert_eq!(page.total, Some(page.ids.len() as u64));
        page.ids
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Text(String, Option<String>),
}

fn filters(sample: &Sample) -> Vec<ListFilter> {
    let rome = Condition {
        field: "city".into(),
        op: Operator::Equals,
        value: "roma".into(),
    };
    let plain = ListFilter::default;
    vec![
        plain(),
        ListFilter {
            text: Some("a".into()),
            ..plain()
        },
        ListFilter {
            text: Some("exa zo".into()),
            ..plain()
        },
        ListFilter {
            text: Some("  ".into()),
            ..plain()
        },
        ListFilter {
            conditions: vec![rome.clone()],
            ..plain()
        },
        ListFilter {
            text: Some("ex".into()),
            conditions: vec![rome],
            ..plain()
        },
        ListFilter {
            points: vec![(sample.score, 1)],
            ..plain()
        },
        ListFilter {
            points: vec![(sample.score, -2)],
            ..plain()
        },
        ListFilter {
            deliveries: vec![Delivery::Linked, Delivery::NotSent],
            ..plain()
        },
        ListFilter {
            consent: Some((sample.offers, ConsentStanding::Given)),
            ..plain()
        },
        ListFilter {
            consent: Some((sample.offers, ConsentStanding::Refused)),
            ..plain()
        },
        ListFilter {
            text: Some("ex".into()),
            consent: Some((sample.offers, ConsentStanding::NotAsked)),
            ..plain()
        },
        ListFilter {
            deleted: true,
            ..plain()
        },
    ]
}

fn columns(sample: &Sample) -> [ListColumn; 10] {
    [
        ListColumn::Name,
        ListColumn::Field(ContactField::Email),
        ListColumn::Field(ContactField::CompanyName),
        ListColumn::Field(ContactField::CreatedAt),
        ListColumn::Field(ContactField::City),
        ListColumn::Field(ContactField::DoNotSend),
        ListColumn::Field(sample.seats),
        ListColumn::Account,
        ListColumn::Points(sample.score),
        ListColumn::Delivery,
    ]
}

#[test]
fn every_order_with_every_filter_is_what_the_plain_way_gives() {
    let sample = sample();
    for sort in columns(&sample) {
        for descending in [false, true] {
            for filter in filters(&sample) {
                let query = sample.query(sort, descending, filter);
                let expected = sample.expected(&query);
                // The first pages come from an index, or from a list settled at once.
                for limit in 1..=3 {
                    let first = sample.store.list_page(&query, 0, limit, None).unwrap();
                    let wanted = &expected[..limit.min(expected.len())];
                    assert_eq!(first.ids, wanted, "{limit} of {query:?}");
                }
                sample.store.settled(&query).unwrap();
                assert_eq!(sample.ids(&query), expected, "{query:?}");
                let count = sample.store.count_listed(&query.filter).unwrap();
                assert_eq!(count, expected.len() as u64, "{query:?}");
            }
        }
    }
}

#[test]
fn a_list_by_consent_follows_the_answers() {
    let sample = sample();
    let given = ListFilter {
        consent: Some((sample.offers, ConsentStanding::Given)),
        ..ListFilter::default()
    };
    let query = sample.query(ListColumn::Name, false, given);
    let before = sample.ids(&query);
    answer(&sample.workspace, ContactId(2), sample.offers, true);
    sample.store.settled(&query).unwrap();
    assert_eq!(sample.ids(&query).len(), before.len() + 1);
}

#[test]
fn any_page_and_the_place_of_a_contact_are_exact() {
    let sample = sample();
    let query = sample.query(ListColumn::Name, false, ListFilter::default());
    let all = sample.expected(&query);
    let page = sample.store.list_page(&query, 4, 3, Some(all[6])).unwrap();
    assert_eq!(page.ids, &all[4..7]);
    assert_eq!((page.total, page.place), (Some(9), Some(6)));
    let beyond = sample
        .store
        .list_page(&query, 50, 3, Some(ContactId(9)))
        .unwrap();
    assert_eq!((beyond.ids, beyond.place), (vec![], None), "9 is deleted");
}

#[test]
fn how_far_contacts_have_got_is_the_same_alone_and_together() {
    let sample = sample();
    let ids: Vec<ContactId> = (1..=10).map(ContactId).collect();
    sample.workspace.reading(|reader| {
        let alone = reader.deliveries(&ids)?;
        let expected = [
            Delivery::Blocked,
            Delivery::GivenUp,
            Delivery::Waiting,
            Delivery::Linked,
            Delivery::Changed,
            Delivery::Linked,
            Delivery::LeftOut,
            Delivery::NotSent,
            Delivery::NotSent,
            Delivery::NotSent,
        ];
        assert_eq!(alone.values().copied().collect::<Vec<_>>(), expected);
        let sets = reader.delivery_sets()?;
        for delivery in Delivery::ALL {
            let together: Vec<_> = sets[delivery as usize].iter().map(i64::from).collect();
            let alone: Vec<_> = alone
                .iter()
                .filter(|(_, of)| **of == delivery)
                .map(|(id, _)| id.0)
                .collect();
            assert_eq!(together, alone, "{delivery:?}");
        }
        Ok(())
    });
}

#[test]
fn a_change_that_a_run_has_looked_at_no_longer_counts_as_one() {
    let sample = sample();
    sample
        .workspace
        .sql("UPDATE replications SET considered_seq = (SELECT value FROM sequence)");
    let changed = ContactId(5);
    sample.workspace.reading(|reader| {
        assert_eq!(reader.deliveries(&[changed])?[&changed], Delivery::Linked);
        let sets = reader.delivery_sets()?;
        assert_eq!(sets[Delivery::Changed as usize].iter().count(), 0);
        Ok(())
    });
}

#[test]
fn a_contact_whose_record_was_only_read_again_has_not_changed_since_sent() {
    let sample = sample();
    let (read, changed) = (ContactId(4), ContactId(5));
    sample
        .workspace
        .writing(|writer| writer.stamp_contacts(&[read, changed]));
    sample.workspace.reading(|reader| {
        let alone = reader.deliveries(&[read, changed])?;
        assert_eq!(alone[&read], Delivery::Linked);
        assert_eq!(alone[&changed], Delivery::Changed);
        let sets = reader.delivery_sets()?;
        let together: Vec<_> = sets[Delivery::Changed as usize]
            .iter()
            .map(i64::from)
            .collect();
        assert_eq!(together, [changed.0]);
        Ok(())
    });
}

#[test]
fn a_change_shows_in_the_next_page() {
    let sample = sample();
    let query = sample.query(ListColumn::Name, false, ListFilter::default());
    let before = sample.ids(&query);
    sample
        .workspace
        .change(before[0], ContactField::LastName, Some(text("Zz")));
    assert_eq!(
        sample.ids(&query).last(),
        Some(&ContactId(4)),
        "without a name"
    );
    assert_eq!(sample.ids(&query), sample.expected(&query));
    let waiting = ListFilter {
        deliveries: vec![Delivery::Waiting],
        ..ListFilter::default()
    };
    let query = sample.query(ListColumn::Name, false, waiting);
    assert_eq!(sample.ids(&query), [ContactId(3)]);
    sample
        .workspace
        .sql("UPDATE queue SET state = 'done' WHERE contact_id = 3");
    // What replications change is not chased, but asked for again in good time.
    std::thread::sleep(std::time::Duration::from_millis(1));
    assert_eq!(sample.ids(&query), []);
}

#[test]
fn an_erased_person_leaves_every_list() {
    let sample = sample();
    let query = sample.query(ListColumn::Name, false, ListFilter::default());
    assert!(sample.ids(&query).contains(&ContactId(8)));
    sample.store.erase(ContactId(8)).unwrap();
    assert!(!sample.ids(&query).contains(&ContactId(8)));
}

#[test]
fn a_condition_that_makes_no_sense_is_refused() {
    let sample = sample();
    let unknown = ListFilter {
        conditions: vec![Condition {
            field: "shoe_size".into(),
            op: Operator::IsSet,
            value: serde_json::Value::Null,
        }],
        ..ListFilter::default()
    };
    let query = sample.query(ListColumn::Name, false, unknown);
    assert!(matches!(
        sample.store.list_page(&query, 0, 5, None),
        Err(Error::NotFound { .. })
    ));
}

#[test]
fn a_list_nobody_waits_for_any_more_is_interrupted() {
    let sample = sample();
    let one = sample.query(ListColumn::Name, false, ListFilter::default());
    let (begun, go_on) = (std::sync::Barrier::new(2), std::sync::Barrier::new(2));
    std::thread::scope(|scope| {
        let stopped = scope.spawn(|| {
            sample.store.read_interruptible(
                |stop| {
                    sample.store.shelf().pretend(&one, stop);
                    begun.wait();
                    true
                },
                || {},
                |reader| {
                    go_on.wait();
                    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
                    Ok(reader.connection.query_row(endless, [], |row| row.get::<_, i64>(0))?)
                },
            )
        });
        begun.wait();
        go_on.wait();
        std::thread::sleep(std::time::Duration::from_millis(50));
        let other = sample.query(ListColumn::Name, true, ListFilter::default());
        assert_eq!(
            sample
                .store
                .settled(&other)
                .unwrap()
                .page(0, 1, None, false)
                .ids
                .len(),
            1
        );
        assert!(matches!(stopped.join().unwrap(), Err(Error::Interrupted)));
    });
}

#[test]
fn first_pages_of_what_people_sort_by_come_from_indexes() {
    let sample = sample();
    let indexed = [
        ListColumn::Name,
        ListColumn::Field(ContactField::Email),
        ListColumn::Field(ContactField::CompanyName),
        ListColumn::Field(ContactField::CreatedAt),
        ListColumn::Field(ContactField::ChangedAt),
        ListColumn::Points(sample.score),
    ];
    for sort in indexed {
        for descending in [false, true] {
            sample.workspace.reading(|reader| {
                for [begin, end] in reader.first_walks(sort, descending)?.unwrap() {
                    let sql = format!("EXPLAIN QUERY PLAN {begin}{end}");
                    let mut explained = reader.connection.prepare(&sql)?;
                    let steps: Vec<String> = explained
                        .query_map([], |row| row.get("detail"))?
                        .collect::<rusqlite::Result<_>>()?;
                    let plan = steps.join("; ");
                    assert!(!plan.contains("TEMP B-TREE"), "{sort:?}: {plan}");
                    let by_id = begin.contains("NOT EXISTS");
                    assert!(by_id || plan.contains("INDEX"), "{sort:?}: {plan}");
                }
                Ok(())
            });
        }
    }
}

#[test]
fn a_page_is_read_through_indexes() {
    let sample = sample();
    let ids: Vec<ContactId> = (1..=5).map(ContactId).collect();
    let found = scans(&sample.workspace, |writer| writer.deliveries(&ids));
    assert_eq!(found, [""; 0], "how far a page has got");
    let few = [1_u32, 2, 3]
        .into_iter()
        .fold(id_set::IdSet::default(), |mut set, id| {
            set.insert(id);
            set
        });
    let found = scans(&sample.workspace, |writer| {
        let walk = writer.walk(ListColumn::Name)?.unwrap();
        writer.sort_few(&few, &walk, false)
    });
    assert_eq!(found, [""; 0], "a few, sorted");
}
