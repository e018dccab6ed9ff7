//! A workspace, a practice org, and short ways to act on both.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use leadferry_practice_org::{Options, Running, built_in, serve};
use leadferry_replication::{
    Cancel, Clock, Org, Plan, PlanCounts, Policy, Reach, RunReport, Settings, Unseen, find_people,
    plan, run,
};
use leadferry_salesforce::auth::{App, LoginHost, client_credentials};
use leadferry_salesforce::{
    ApiVersion, Client, ClientOptions, CustomField, CustomFieldKind, Described, RetryPolicy,
    Session, Sessions,
};
use leadferry_store::{
    AccountField, AccountId, AccountRole, ConnectionId, ContactField, ContactId, Entry, EntryState,
    FieldKind, Flow, Link, NewConnection, NewReplication, PlanDecision, PlanRow, Reader,
    ReplicationId, ScoreId, SignedIn, Store, Threshold, Value as Held, Values, Writer,
};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) const IDENTIFIER: &str = "Leadferry_ID__c";
/// The mapping that most tests use.
pub(crate) const LEAD: &str =
    "first_name=FirstName\nlast_name=LastName\nemail=Email\n@company_name=Company\n";
/// The same for contacts in the org.
pub(crate) const CONTACT: &str = "first_name=FirstName\nlast_name=LastName\nemail=Email\n";
/// The writes of the engine.
pub(crate) const WRITES: &str = "/composite/sobjects";

#[path = "harness/org.rs"]
mod org;
#[path = "harness/workspace.rs"]
mod workspace;

const START: i64 = 1_800_000_000_000;

/// A contact to be added; goes in through the store's front door.
#[derive(Clone, Default)]
pub(crate) struct ContactBuilder(Values);

/// A contact with a last name and nothing else.
pub(crate) fn a_contact() -> ContactBuilder {
    ContactBuilder::default().last_name("Okafor")
}

impl ContactBuilder {
    pub(crate) fn with(mut self, field: ContactField, value: Held) -> Self {
        self.0.set(field, Some(value));
        self
    }

    fn text(self, field: ContactField, text: &str) -> Self {
        self.with(field, Held::Text(text.to_owned()))
    }

    pub(crate) fn first_name(self, text: &str) -> Self {
        self.text(ContactField::FirstName, text)
    }

    pub(crate) fn last_name(self, text: &str) -> Self {
        self.text(ContactField::LastName, text)
    }

    pub(crate) fn email(self, text: &str) -> Self {
        self.text(ContactField::Email, text)
    }

    pub(crate) fn company(self, text: &str) -> Self {
        self.text(ContactField::CompanyName, text)
    }

    pub(crate) fn city(self, text: &str) -> Self {
        self.text(ContactField::City, text)
    }

    pub(crate) fn without_last_name(mut self) -> Self {
        self.0.set(ContactField::LastName, None);
        self
    }

    pub(crate) fn not_to_be_sent(self) -> Self {
        self.with(ContactField::DoNotSend, Held::YesNo(true))
    }
}

/// Signs in with the app's own credentials, and counts how often.
pub(crate) struct SignIns {
    app: App,
    session: tokio::sync::Mutex<Option<Session>>,
    pub(crate) opened: AtomicU32,
    pub(crate) refuse: std::sync::atomic::AtomicBool,
}

impl SignIns {
    async fn open(&self) -> leadferry_salesforce::Result<Session> {
        self.opened.fetch_add(1, Ordering::SeqCst);
        if self.refuse.load(Ordering::SeqCst) {
            return Err(leadferry_salesforce::Error::NotSignedIn);
        }
        let app = self.app.clone();
        let runtime = tokio::runtime::Handle::current();
        let tokens =
            tokio::task::spawn_blocking(move || runtime.block_on(client_credentials(&app)))
                .await
                .unwrap();
        Ok(tokens?.session)
    }
}

#[async_trait::async_trait]
impl Sessions for SignIns {
    async fn current(&self) -> leadferry_salesforce::Result<Session> {
        let mut session = self.session.lock().await;
        if session.is_none() {
            *session = Some(self.open().await?);
        }
        Ok(session.clone().unwrap())
    }

    async fn renew(&self, _: &Session) -> leadferry_salesforce::Result<Session> {
        let opened = self.open().await?;
        *self.session.lock().await = Some(opened.clone());
        Ok(opened)
    }
}

/// A workspace and an org.
pub(crate) struct World {
    pub(crate) store: Arc<Store>,
    pub(crate) org: Org,
    pub(crate) sign_ins: Arc<SignIns>,
    pub(crate) policy: Policy,
    running: Running,
    http: reqwest::Client,
    token: String,
    ahead_ms: Arc<AtomicI64>,
    began: Instant,
    _folder: tempfile::TempDir,
}

/// A workspace, and an org that has the identifier on leads and contacts.
pub(crate) async fn world() -> World {
    let world = bare_world().await;
    world.identifier("Lead").await;
    world.identifier("Contact").await;
    world.keep_describes().await;
    world
}

/// A workspace, and an org as it comes.
pub(crate) async fn bare_world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let running = serve(&folder.path().join("org.sqlite"), Options::default())
        .await
        .unwrap();
    let store = Arc::new(Store::create(&folder.path().join("people.leadferry"), START).unwrap());
    let app = App {
        host: LoginHost::parse(&running.url()).unwrap(),
        client_id: built_in::CLIENT_ID.to_owned(),
        client_secret: Some(running.secrets().client_secret.clone().into()),
    };
    let sign_ins = Arc::new(SignIns {
        app,
        session: tokio::sync::Mutex::default(),
        opened: AtomicU32::new(0),
        refuse: std::sync::atomic::AtomicBool::new(false),
    });
    let client = client_of(&sign_ins);
    let user = client.user_info().await.unwrap();
    let org_id = user.organization_id.to_string();
    let connection = bind(&store, &running.url(), &org_id);
    let http = reqwest::Client::new();
    let token = token(&http, &running).await;
    let world = World {
        store,
        org: Org {
            client,
            connection,
            org_id,
        },
        sign_ins,
        policy: Policy::default().divided_by(100),
        running,
        http,
        token,
        ahead_ms: Arc::default(),
        began: Instant::now(),
        _folder: folder,
    };
    world.keep_describes().await;
    world
}

fn client_of(sign_ins: &Arc<SignIns>) -> Client {
    let options = ClientOptions {
        api_version: ApiVersion::new(67),
        compress: false,
        retry: RetryPolicy::default().divided_by(100),
        timeout: Duration::from_secs(20),
        ..ClientOptions::default()
    };
    Client::new(Arc::clone(sign_ins) as Arc<dyn Sessions>, options).unwrap()
}

fn bind(store: &Store, url: &str, org_id: &str) -> ConnectionId {
    let new = NewConnection {
        name: "Practice".into(),
        flow: Flow::ClientCredentials,
        host: Some(url.to_owned()),
        client_id: Some(built_in::CLIENT_ID.to_owned()),
        callback_port: None,
        username: None,
        jwt: leadferry_store::JwtSettings::default(),
    };
    let signed_in = SignedIn {
        org_id: org_id.to_owned(),
        org_name: None,
        edition: None,
        sandbox: None,
        user_id: None,
        username: None,
        instance_url: url.to_owned(),
        api_version: 67,
    };
    let bound = store.write(|writer| -> leadferry_store::Result<_> {
        let id = writer.add_connection(&new, START)?;
        writer.bind_connection(id, &signed_in, START)?;
        Ok(id)
    });
    bound.unwrap()
}

async fn token(http: &reqwest::Client, running: &Running) -> String {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", built_in::CLIENT_ID),
        ("client_secret", &running.secrets().client_secret),
    ];
    let answer = http
        .post(format!("{}/services/oauth2/token", running.url()))
        .form(&form)
        .send()
        .await
        .unwrap();
    let body: Value = answer.json().await.unwrap();
    body["access_token"].as_str().unwrap().to_owned()
}

/// The engine.
impl World {
    pub(crate) fn plan(&self, replication: ReplicationId) -> Plan {
        plan(&self.store, replication, self.now(), &Unseen).unwrap()
    }

    pub(crate) async fn find_people(&self, replication: ReplicationId) -> Plan {
        let clock = self.clock();
        find_people(
            &self.store,
            replication,
            &self.org,
            &*clock,
            &self.policy,
            &Unseen,
        )
        .await
        .unwrap()
    }

    pub(crate) async fn run(&self, replication: ReplicationId) -> RunReport {
        self.run_until(replication, &Cancel::new()).await
    }

    pub(crate) async fn run_until(&self, replication: ReplicationId, cancel: &Cancel) -> RunReport {
        self.run_as(replication, Reach::Whole, cancel).await
    }

    /// Runs as far as the API calls suffice.
    pub(crate) async fn run_as_far_as_it_gets(&self, replication: ReplicationId) -> RunReport {
        self.run_as(replication, Reach::AsFarAsItGets, &Cancel::new())
            .await
    }

    async fn run_as(&self, replication: ReplicationId, reach: Reach, cancel: &Cancel) -> RunReport {
        let clock = self.clock();
        let running = run(
            &self.store,
            replication,
            &self.org,
            &*clock,
            &self.policy,
            reach,
            cancel,
            &Unseen,
        );
        let report = tokio::time::timeout(Duration::from_secs(20), running).await;
        let report = report.expect("a run ends").unwrap();
        self.history_agrees(&report);
        report
    }

    /// Whatever happened: the run's record says the same as its report, and nothing is left in flight by accident.
    fn history_agrees(&self, report: &RunReport) {
        let run = self.read(|reader| reader.run(report.run.unwrap()));
        assert!(run.ended_at.is_some(), "the run has ended");
        assert_eq!(run.calls, report.calls, "the history knows the calls");
    }

    /// Acts as soon as rows of the replication are in flight, while the run goes on.
    pub(crate) async fn run_and_while_sending(
        &self,
        replication: ReplicationId,
        act: impl FnOnce(),
    ) -> RunReport {
        let act = async {
            while self.count(replication, EntryState::Sending) == 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            act();
        };
        tokio::join!(self.run(replication), act).0
    }

    pub(crate) fn count(&self, replication: ReplicationId, state: EntryState) -> u64 {
        self.read(|reader| reader.queue_counts(replication))
            .get(&state)
            .copied()
            .unwrap_or(0)
    }
}

/// A text field of the org.
pub(crate) fn text_field(length: u32, external_id: bool, unique: bool) -> CustomFieldKind {
    CustomFieldKind::Text {
        length,
        external_id,
        unique,
        case_sensitive: false,
    }
}

/// The counts of a plan, without its calls.
pub(crate) fn counts(plan: &Plan) -> PlanCounts {
    PlanCounts {
        calls: 0,
        ..plan.counts
    }
}

/// The text of a record's field.
pub(crate) fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record[field].as_str().unwrap_or_default()
}
