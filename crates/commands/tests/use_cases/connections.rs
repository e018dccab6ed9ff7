//! Connections: what each flow needs, signing in, and what is kept where.

use leadferry_commands::connections::{self, AddConnection, Authorize, Flow};
use leadferry_commands::{Code, practice};

use crate::support::{Machine, User, connected, practice as practice_request};

#[tokio::test(flavor = "multi_thread")]
async fn the_practice_org_is_signed_in_to_when_it_is_added() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let connection = &connections::list(&workspace).unwrap()[0];
    assert!(connection.org_id.is_some());
    assert_eq!(connection.vault, None, "it needs no secrets");
    let tested = connections::test(&workspace, "practice").await.unwrap();
    let objects: Vec<_> = tested.describes.iter().map(|describe| (describe.object.as_str(), describe.changed)).collect();
    assert_eq!(objects, [("Lead", false), ("Contact", false)], "the fields were read when it was added");
    assert!(tested.allowance.is_some());
    assert!(!machine.folder().join("data/secrets.age").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_owner_of_the_practice_org_is_used_and_outlived() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    drop(workspace);
    let other = machine.open();
    let served = practice::serve_until_dropped(&other, None).await.unwrap();
    let workspace = machine.open();
    connections::test(&workspace, "Practice").await.unwrap();
    served.stop().await;
    drop(other);
    connections::test(&workspace, "Practice").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_flow_needs_is_asked_for_before_anything_is_kept() {
    let machine = Machine::new();
    let workspace = machine.create();
    let request = |flow, host: Option<&str>, client_id: Option<&str>| AddConnection {
        flow,
        host: host.map(str::to_owned),
        client_id: client_id.map(str::to_owned),
        ..practice_request("C")
    };
    let incomplete = [
        request(Flow::Browser, None, Some("id")),
        request(Flow::Browser, Some("acme"), None),
        request(Flow::Browser, Some("http://acme.my.salesforce.com"), Some("id")),
        request(Flow::ClientCredentials, Some("acme"), Some("id")),
        request(Flow::Practice, Some("acme"), None),
    ];
    for request in incomplete {
        let error = connections::add(&workspace, &request).await.unwrap_err();
        assert_eq!(error.code, Code::Usage, "{request:?}");
    }
    assert!(connections::list(&workspace).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_connection_needs_a_sign_in_first() {
    let machine = Machine::new();
    let workspace = machine.create();
    let request = AddConnection {
        flow: Flow::Browser,
        host: Some("acme".to_owned()),
        client_id: Some("id".to_owned()),
        ..practice_request("Production")
    };
    let added = connections::add(&workspace, &request).await.unwrap();
    assert_eq!(added.host.as_deref(), Some("https://acme.my.salesforce.com"));
    assert_eq!(connections::test(&workspace, "Production").await.unwrap_err().code, Code::SignIn);
}

#[tokio::test(flavor = "multi_thread")]
async fn client_credentials_are_kept_sealed_and_removed_with_the_connection() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let served = practice::serve_until_dropped(&machine.open(), None).await;
    assert!(served.is_err(), "this process serves it already");
    let url = connections::list(&workspace).unwrap()[0].instance_url.clone().unwrap();
    let request = AddConnection {
        name: "As app".to_owned(),
        flow: Flow::ClientCredentials,
        host: Some(url),
        client_id: Some(leadferry_practice_org::built_in::CLIENT_ID.to_owned()),
        client_secret: Some(leadferry_practice_org::built_in::CLIENT_SECRET.into()),
        callback_port: None,
    };
    let added = connections::add(&workspace, &request).await.unwrap();
    assert!(added.has_secret);
    let tested = connections::test(&workspace, "As app").await.unwrap();
    assert!(tested.connection.org_id.is_some());
    let wrong = Machine::with(User { passphrase: Some("wrong"), ..User::default() });
    let host = leadferry_commands::Host { environment: machine.host().environment, ..wrong.host() };
    let reopened = leadferry_commands::Workspace::open(&machine.file(), host).unwrap();
    assert_eq!(connections::test(&reopened, "As app").await.unwrap_err().code, Code::Passphrase);
    connections::remove(&workspace, "As app").await.unwrap();
    assert_eq!(connections::list(&workspace).unwrap().len(), 1);
}
