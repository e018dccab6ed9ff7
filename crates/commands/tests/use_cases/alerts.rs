//! Alerts: what gives reason for one, and how long it is new.

use std::sync::Arc;
use std::time::{Duration, Instant};

use leadferry_commands::alerts::{self, AlertKind};
use leadferry_commands::connections::{self, AddConnection, Flow};
use leadferry_commands::door::Door;
use leadferry_commands::prepare_org::prepare_org;
use leadferry_commands::pulls::{self, AddPull, PullChange, SetPull, WantedObject};
use leadferry_commands::replications::{self, Cancel, ReplicationChange, Watched};
use leadferry_commands::{Host, Workspace};

use crate::support::{Machine, Shown, add_leads, connected, practice};

const PEOPLE: &str =
    "Email,First name,Last name\nada@example.com,Ada,Lovelace\nmary@example.com,Mary,\n";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Returns a workspace with two people, of whom one lacks a last name.
async fn ready(machine: &Machine, change: ReplicationChange) -> Workspace {
    let workspace = connected(machine).await;
    machine.import(&workspace, PEOPLE);
    add_leads(&workspace, change);
    prepare_org(&workspace, "Leads", false).await.unwrap();
    workspace
}

fn kinds(workspace: &Workspace) -> Vec<(AlertKind, u64)> {
    let all = alerts::list(workspace).unwrap().alerts;
    all.iter().map(|one| (one.kind, one.times)).collect()
}

async fn run(workspace: &Workspace) {
    replications::run(workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_in_which_somebody_is_blocked_is_told_of_until_it_was_seen() {
    let machine = Machine::new();
    let workspace = ready(&machine, ReplicationChange::default()).await;
    run(&workspace).await;
    let all = alerts::list(&workspace).unwrap();
    let alert = &all.alerts[0];
    assert_eq!((all.unseen, alert.kind), (1, AlertKind::PartlyFailed));
    assert!(alert.message.contains("1 created"), "{}", alert.message);
    assert!(alert.run.is_some() && alert.replication.as_deref() == Some("Leads"));
    let seen = alerts::seen(&workspace, alert.id).unwrap();
    assert_eq!((seen.unseen, seen.alerts[0].seen), (0, true));
    run(&workspace).await;
    assert_eq!(kinds(&workspace).len(), 1, "nothing new has happened");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_asked_for_is_told() {
    let machine = Machine::new();
    let change = ReplicationChange {
        alerts: Some(vec![AlertKind::Finished]),
        ..ReplicationChange::default()
    };
    let workspace = ready(&machine, change).await;
    run(&workspace).await;
    assert_eq!(kinds(&workspace), [], "it was partly failed");
    machine.import(&workspace, "Email,Last name\ngrace@example.com,Hopper\n");
    run(&workspace).await;
    assert_eq!(kinds(&workspace), [(AlertKind::Finished, 1)]);
    let nonsense = ReplicationChange {
        late_after: Some(0),
        ..ReplicationChange::default()
    };
    let refused = replications::set(&workspace, "Leads", &nonsense).unwrap_err();
    assert!(refused.to_string().contains("be 0 minutes"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_was_missed_is_told_of_and_caught_up() {
    let machine = Machine::new();
    let change = ReplicationChange {
        schedule: Some("at 08:00".to_owned()),
        ..ReplicationChange::default()
    };
    drop(ready(&machine, change).await);
    // It is noon, two days later, when the program is started again.
    let mut host: Host = machine.host();
    let noon = ((host.clock)() / DAY_MS + 2) * DAY_MS + DAY_MS / 2;
    let began = Instant::now();
    host.clock = Arc::new(move || noon + i64::try_from(began.elapsed().as_millis()).unwrap());
    let workspace = Workspace::open(&machine.file(), host).unwrap();
    let (cancel, mut ran) = (Cancel::new(), 0);
    let asked = cancel.clone();
    let mut tell = |watched| {
        if matches!(watched, Watched::Ran(_)) {
            ran += 1;
            asked.cancel();
        }
    };
    replications::watch(&workspace, &[], &cancel, &mut tell)
        .await
        .unwrap();
    assert_eq!(ran, 1);
    let late: Vec<_> = kinds(&workspace)
        .into_iter()
        .filter(|(kind, _)| *kind == AlertKind::Late)
        .collect();
    assert_eq!(late, [(AlertKind::Late, 1)]);
}

async fn add_pull(workspace: &Workspace, settings: PullChange) {
    let object = WantedObject {
        object: "Lead".to_owned(),
        fields: None,
        filter: None,
    };
    let request = AddPull {
        name: "People".to_owned(),
        connection: None,
        objects: vec![object],
        settings,
    };
    pulls::add(workspace, &request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_whose_time_was_missed_is_told_of_and_caught_up() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let settings = PullChange {
        schedule: Some("at 08:00".to_owned()),
        ..PullChange::default()
    };
    add_pull(&workspace, settings).await;
    drop(workspace);
    let mut host: Host = machine.host();
    let noon = ((host.clock)() / DAY_MS + 2) * DAY_MS + DAY_MS / 2;
    let began = Instant::now();
    host.clock = Arc::new(move || noon + i64::try_from(began.elapsed().as_millis()).unwrap());
    let workspace = Workspace::open(&machine.file(), host).unwrap();
    let (cancel, mut pulled) = (Cancel::new(), 0);
    let (asked, late) = (cancel.clone(), cancel.clone());
    let mut tell = |watched| {
        if let Watched::Pulled(outcome) = watched {
            assert!(outcome.report.objects[0].new > 0, "{outcome:?}");
            pulled += 1;
            asked.cancel();
        }
    };
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(30)).await;
        late.cancel();
    });
    replications::watch(&workspace, &[], &cancel, &mut tell)
        .await
        .unwrap();
    assert_eq!(pulled, 1);
    assert_eq!(kinds(&workspace), [(AlertKind::Late, 1)]);
    let alert = &alerts::list(&workspace).unwrap().alerts[0];
    assert_eq!(alert.pull.as_deref(), Some("People"));
    let shown = pulls::show(&workspace, "People").unwrap();
    let next = shown.next_run_at.unwrap();
    assert_eq!(next, noon - DAY_MS / 2 + DAY_MS + DAY_MS / 3, "tomorrow");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_leaves_reserved_calls_alone_and_says_so() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    add_pull(&workspace, PullChange::default()).await;
    pulls::run(&workspace, "People", &Cancel::new())
        .await
        .unwrap();
    let set = async |settings: PullChange| {
        let request = SetPull {
            name: "People".to_owned(),
            settings,
            ..SetPull::default()
        };
        pulls::set(&workspace, &request).await
    };
    set(PullChange {
        api_reserve: Some(1_000_000),
        ..PullChange::default()
    })
    .await
    .unwrap();
    let refused = pulls::run(&workspace, "People", &Cancel::new()).await;
    assert_eq!(refused.unwrap_err().code, leadferry_commands::Code::Limit);
    assert_eq!(kinds(&workspace), [(AlertKind::ApiLow, 1)]);
    for schedule in ["on change", "sometimes"] {
        let unfit = PullChange {
            schedule: Some(schedule.to_owned()),
            ..PullChange::default()
        };
        let refused = set(unfit).await.unwrap_err();
        assert_eq!(refused.command.as_deref(), Some("pulls set NAME --help"));
        assert!(!refused.hint.contains("on change"), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_run_that_is_unusually_large_waits_for_someone() {
    let machine = Machine::new();
    let change = ReplicationChange {
        schedule: Some("on change".to_owned()),
        brake_contacts: Some(5),
        ..ReplicationChange::default()
    };
    let workspace = ready(&machine, change).await;
    run(&workspace).await;
    let rows = (0..6).map(|n| format!("p{n}@example.com,Person {n}\n"));
    let people = format!("Email,Last name\n{}", rows.collect::<String>());
    machine.import(&workspace, &people);
    let watch = async |until: fn(&Watched) -> bool| {
        let cancel = Cancel::new();
        let (asked, late) = (cancel.clone(), cancel.clone());
        let mut seen = None;
        let mut tell = |watched: Watched| {
            if until(&watched) {
                asked.cancel();
            }
            seen = Some(watched);
        };
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(30)).await;
            late.cancel();
        });
        let watching = replications::watch(&workspace, &[], &cancel, &mut tell);
        watching.await.unwrap();
        seen
    };
    let told = watch(|watched| !matches!(watched, Watched::Began)).await;
    let Some(Watched::Failed { error, .. }) = told else {
        panic!("it was not held back: {told:?}");
    };
    let said = error.to_string();
    assert!(
        said.contains("6 contacts") && said.contains("about 1"),
        "{said}"
    );
    assert!(kinds(&workspace).contains(&(AlertKind::Failed, 1)));
    let held = || {
        let standing = replications::show(&workspace, "Leads").unwrap().standing;
        standing.held.map(|held| held.reason)
    };
    assert!(held().is_some_and(|why| why.contains("6 contacts")));

    replications::release(&workspace, "Leads").unwrap();
    assert_eq!(held(), None);
    assert!(
        replications::release(&workspace, "Leads").is_err(),
        "none is on hold"
    );
    let told = watch(|watched| matches!(watched, Watched::Ran(_))).await;
    assert!(
        matches!(told, Some(Watched::Ran(_))),
        "somebody has let it go on: {told:?}"
    );

    machine.import(&workspace, "Email,Last name\ngrace@example.com,Hopper\n");
    let told = watch(|watched| matches!(watched, Watched::Ran(_))).await;
    assert!(
        matches!(told, Some(Watched::Ran(_))),
        "it goes on by itself: {told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_is_tried_again_though_the_run_could_not_begin() {
    let machine = Machine::new();
    let change = ReplicationChange {
        schedule: Some("on change".to_owned()),
        ..ReplicationChange::default()
    };
    let workspace = ready(&machine, change).await;
    let live = AddConnection {
        flow: Flow::Browser,
        host: Some("mycompany".to_owned()),
        client_id: Some("3MVG9".to_owned()),
        ..practice("Live")
    };
    connections::add(&workspace, &live).await.unwrap();
    let nobody_signed_in = ReplicationChange {
        connection: Some("Live".to_owned()),
        ..ReplicationChange::default()
    };
    replications::set(&workspace, "Leads", &nobody_signed_in).unwrap();
    let (cancel, mut failed) = (Cancel::new(), 0);
    let (asked, late) = (cancel.clone(), cancel.clone());
    let mut tell = |watched| {
        failed += u32::from(matches!(watched, Watched::Failed { .. }));
        if failed == 2 {
            asked.cancel();
        }
    };
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(20)).await;
        late.cancel();
    });
    replications::watch(&workspace, &[], &cancel, &mut tell)
        .await
        .unwrap();
    assert_eq!(failed, 2);
    let kinds = kinds(&workspace);
    assert_eq!(kinds, [(AlertKind::SignInLost, 2)], "told of as one");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_another_process_is_shown_on_the_desktop_once() {
    let machine = Machine::new();
    let elsewhere = ready(&machine, ReplicationChange::default()).await;
    let desk = Arc::new(Shown::default());
    let door = Door::new(machine.host().environment, desk.clone());
    door.open(&machine.file()).unwrap();
    run(&elsewhere).await;
    let shown = || desk.0.lock().unwrap().clone();
    for _ in 0..100 {
        if !shown().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Time enough for a second one.
    tokio::time::sleep(Duration::from_millis(700)).await;
    let shown = shown();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0].0, "Leads");
    assert!(shown[0].1.contains("1 blocked"), "{shown:?}");
    assert_eq!(
        alerts::list(&elsewhere).unwrap().unseen,
        1,
        "nobody has seen it"
    );
}
