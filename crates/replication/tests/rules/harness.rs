//! A workspace, a practice org, and short ways to act on both.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use leadferry_practice_org::{Options, Running, built_in, serve};
use leadferry_replication::{
    Cancel, Clock, Org, Plan, PlanCounts, Policy, RunReport, Settings, Unseen, find_people, plan,
    run,
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
        client_secret: Some(built_in::CLIENT_SECRET.to_owned().into()),
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
    let token = token(&http, &running.url()).await;
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

async fn token(http: &reqwest::Client, url: &str) -> String {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", built_in::CLIENT_ID),
        ("client_secret", built_in::CLIENT_SECRET),
    ];
    let answer = http
        .post(format!("{url}/services/oauth2/token"))
        .form(&form)
        .send()
        .await
        .unwrap();
    let body: Value = answer.json().await.unwrap();
    body["access_token"].as_str().unwrap().to_owned()
}

/// The workspace.
impl World {
    pub(crate) fn now(&self) -> i64 {
        START + self.began.elapsed().as_millis() as i64 + self.ahead_ms.load(Ordering::SeqCst)
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.ahead_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn clock(&self) -> Box<Clock> {
        let (ahead, began) = (Arc::clone(&self.ahead_ms), self.began);
        Box::new(move || START + began.elapsed().as_millis() as i64 + ahead.load(Ordering::SeqCst))
    }

    pub(crate) fn read<T>(&self, f: impl FnOnce(&Reader<'_>) -> leadferry_store::Result<T>) -> T {
        self.store.read(f).unwrap()
    }

    pub(crate) fn write<T>(&self, f: impl FnOnce(&Writer<'_>) -> leadferry_store::Result<T>) -> T {
        self.store.write(f).unwrap()
    }

    pub(crate) fn add(&self, contact: ContactBuilder) -> ContactId {
        let now = self.now();
        self.write(|writer| writer.insert_contact(&contact.0, None, now))
    }

    /// Adds contacts `Person 0`, `Person 1`, … with e-mails.
    pub(crate) fn add_people(&self, count: usize) -> Vec<ContactId> {
        let person = |n: usize| {
            a_contact()
                .first_name("Person")
                .last_name(&format!("P{n}"))
                .email(&format!("p{n}@example.com"))
        };
        (0..count).map(|n| self.add(person(n))).collect()
    }

    pub(crate) fn set(&self, contact: ContactId, field: ContactField, value: Option<&str>) {
        self.put(
            contact,
            field,
            value.map(|text| Held::Text(text.to_owned())),
        );
    }

    pub(crate) fn put(&self, contact: ContactId, field: ContactField, value: Option<Held>) {
        let now = self.now();
        self.write(|writer| writer.change_contact(contact, &[(field, value)], now));
    }

    pub(crate) fn field(&self, name: &str, kind: FieldKind) -> ContactField {
        let now = self.now();
        ContactField::Custom(self.write(|writer| writer.add_custom_field(name, kind, now)))
    }

    pub(crate) fn account(&self, name: &str) -> AccountId {
        let now = self.now();
        let values = BTreeMap::from([(AccountField::Name, name.to_owned())]);
        self.write(|writer| writer.insert_account(&values, None, now))
    }

    pub(crate) fn join(&self, contact: ContactId, account: AccountId, role: AccountRole) {
        let now = self.now();
        self.write(|writer| writer.set_membership(contact, account, role, now));
    }

    /// A score that gives ten points for the city of Lagos.
    pub(crate) fn lagos_score(&self) -> ScoreId {
        let rules = json!({"rules": [
            {"name": "in Lagos", "points": 10, "when": {"field": "city", "op": "equals", "value": "Lagos"}}
        ]});
        let rules = leadferry_store::parse_rules(&rules.to_string()).unwrap();
        let now = self.now();
        self.write(|writer| writer.add_score("Lagos", "", &rules, now))
    }

    pub(crate) fn recalculate(&self, score: ScoreId) {
        self.store
            .recalculate(score, false, self.now(), &mut |_, _| true)
            .unwrap();
    }

    pub(crate) fn guid(&self, contact: ContactId) -> String {
        self.read(|reader| reader.contact(contact)).guid.to_string()
    }

    /// Leads with the usual mapping and settings.
    pub(crate) fn leads(&self) -> ReplicationId {
        self.leads_with(|_| {})
    }

    pub(crate) fn leads_with(&self, change: impl FnOnce(&mut Settings)) -> ReplicationId {
        self.replication("Lead", LEAD, change)
    }

    pub(crate) fn replication(
        &self,
        object: &str,
        mapping: &str,
        change: impl FnOnce(&mut Settings),
    ) -> ReplicationId {
        self.scored_replication(object, mapping, None, change)
    }

    pub(crate) fn scored_replication(
        &self,
        object: &str,
        mapping: &str,
        threshold: Option<Threshold>,
        change: impl FnOnce(&mut Settings),
    ) -> ReplicationId {
        let mut settings = Settings {
            default_company: Some("Unknown".into()),
            ..Settings::default()
        };
        change(&mut settings);
        let number = self.read(|reader| reader.replications()).len();
        let new = NewReplication {
            name: format!("{object} {number}"),
            object: object.to_owned(),
            connection: Some(self.org.connection),
            threshold,
            settings: settings.to_json(),
            mapping: mapping.to_owned(),
        };
        let now = self.now();
        self.write(|writer| {
            let id = writer.add_replication(&new, now)?;
            writer.refresh_marks(id, now)?;
            Ok(id)
        })
    }

    pub(crate) fn change_settings(&self, id: ReplicationId, change: impl FnOnce(&mut Settings)) {
        let mut replication = self.read(|reader| reader.replication(id));
        let mut settings = Settings::from_json(&replication.settings).unwrap();
        change(&mut settings);
        replication.settings = settings.to_json();
        let now = self.now();
        self.write(|writer| writer.change_replication(&replication, now));
    }

    pub(crate) fn change_mapping(&self, id: ReplicationId, text: &str) {
        let now = self.now();
        self.write(|writer| writer.save_mapping(id, text, now));
    }

    pub(crate) fn entry(&self, replication: ReplicationId, contact: ContactId) -> Option<Entry> {
        self.read(|reader| reader.entry(replication, contact))
    }

    pub(crate) fn state(
        &self,
        replication: ReplicationId,
        contact: ContactId,
    ) -> Option<EntryState> {
        self.entry(replication, contact).map(|entry| entry.state)
    }

    /// The code for which a contact's entry is blocked or given up.
    pub(crate) fn code(&self, replication: ReplicationId, contact: ContactId) -> Option<String> {
        self.entry(replication, contact)
            .and_then(|entry| entry.reason)
            .map(|reason| reason.code)
    }

    pub(crate) fn link(&self, contact: ContactId, object: &str) -> Option<Link> {
        self.read(|reader| reader.link(contact, &self.org.org_id, object))
    }

    pub(crate) fn link_by_hand(&self, contact: ContactId, object: &str, record: &str) {
        let now = self.now();
        self.write(|writer| {
            let link = leadferry_store::NewLink {
                contact,
                org_id: &self.org.org_id,
                object,
                record_id: record,
                identifier: None,
                origin: leadferry_store::LinkOrigin::Hand,
            };
            writer.put_link(&link, now)?;
            writer.reconsider(contact)
        });
    }

    pub(crate) fn planned(&self, plan: &Plan, contact: ContactId) -> Option<PlanRow> {
        let rows = self.read(|reader| reader.plan_rows(plan.id, None, ContactId(contact.0 - 1), 1));
        rows.into_iter().find(|row| row.contact == contact)
    }

    pub(crate) fn decision(&self, plan: &Plan, contact: ContactId) -> Option<PlanDecision> {
        self.planned(plan, contact).map(|row| row.decision)
    }
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
        let clock = self.clock();
        let running = run(
            &self.store,
            replication,
            &self.org,
            &*clock,
            &self.policy,
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

/// The org.
impl World {
    pub(crate) async fn identifier(&self, object: &str) {
        self.custom_field(object, IDENTIFIER, text_field(32, true, true))
            .await;
    }

    /// Makes a custom field and lets the user see it.
    pub(crate) async fn custom_field(&self, object: &str, name: &str, kind: CustomFieldKind) {
        let field = CustomField {
            object: object.to_owned(),
            name: name.to_owned(),
            label: name.replace("__c", ""),
            description: String::new(),
            kind,
        };
        self.org.client.create_custom_field(&field).await.unwrap();
        let known = self
            .soql("SELECT Id FROM PermissionSet WHERE Name = 'Leadferry'")
            .await;
        let set = match known.first() {
            Some(set) => text(set, "Id").to_owned(),
            None => self.permission_set().await,
        };
        let permission = json!({
            "ParentId": set, "SobjectType": object, "Field": format!("{object}.{name}"),
            "PermissionsRead": true, "PermissionsEdit": true,
        });
        self.record("FieldPermissions", permission).await;
    }

    /// Makes a permission set of the user's.
    async fn permission_set(&self) -> String {
        let set = json!({"Name": "Leadferry", "Label": "Leadferry"});
        let set = self.record("PermissionSet", set).await;
        let user = self.org.client.user_info().await.unwrap().user_id;
        let assignment = json!({"AssigneeId": user.to_string(), "PermissionSetId": set});
        self.record("PermissionSetAssignment", assignment).await;
        set
    }

    pub(crate) async fn remove_custom_field(&self, object: &str, name: &str) {
        let developer_name = name.trim_end_matches("__c");
        let soql = format!(
            "SELECT Id FROM CustomField WHERE DeveloperName = '{developer_name}' AND TableEnumOrId = '{object}'"
        );
        let (status, found) = self
            .call(Method::GET, "/tooling/query", &[("q", &soql)], Value::Null)
            .await;
        assert_eq!(status, 200, "{found}");
        let id = found["records"][0]["Id"].as_str().unwrap();
        let path = format!("/tooling/sobjects/CustomField/{id}");
        let (status, body) = self.call(Method::DELETE, &path, &[], Value::Null).await;
        assert_eq!(status, 204, "{body}");
    }

    /// Reads the describes into the workspace, as signing in does.
    pub(crate) async fn keep_describes(&self) {
        for object in ["Lead", "Contact"] {
            let Described::Fresh {
                last_modified, raw, ..
            } = self.org.client.describe(object, None).await.unwrap()
            else {
                continue;
            };
            let (now, connection) = (self.now(), self.org.connection);
            self.write(|writer| {
                writer.save_describe(connection, object, last_modified.as_deref(), &raw, now)
            });
        }
    }

    /// Makes a record as a colleague would, and returns its id.
    pub(crate) async fn record(&self, object: &str, fields: Value) -> String {
        let (status, body) = self
            .call(Method::POST, &format!("/sobjects/{object}"), &[], fields)
            .await;
        assert_eq!(status, 201, "{body}");
        body["id"].as_str().unwrap().to_owned()
    }

    /// A lead that a colleague has made.
    pub(crate) async fn lead(&self, last_name: &str, email: &str) -> String {
        self.record(
            "Lead",
            json!({"LastName": last_name, "Company": "Acme", "Email": email}),
        )
        .await
    }

    pub(crate) async fn change_record(&self, object: &str, id: &str, fields: Value) {
        let (status, body) = self
            .call(
                Method::PATCH,
                &format!("/sobjects/{object}/{id}"),
                &[],
                fields,
            )
            .await;
        assert_eq!(status, 204, "{body}");
    }

    pub(crate) async fn soql(&self, soql: &str) -> Vec<Value> {
        let (status, mut body) = self
            .call(Method::GET, "/query", &[("q", soql)], Value::Null)
            .await;
        assert_eq!(status, 200, "{soql}: {body}");
        let mut records = body["records"].as_array().unwrap().clone();
        while let Some(next) = body["nextRecordsUrl"].as_str() {
            let path = next.trim_start_matches("/services/data/v67.0").to_owned();
            (_, body) = self.call(Method::GET, &path, &[], Value::Null).await;
            records.extend(body["records"].as_array().unwrap().clone());
        }
        records
    }

    /// All leads that are alive, by last name.
    pub(crate) async fn leads_in_org(&self) -> Vec<Value> {
        let soql = format!(
            "SELECT Id, FirstName, LastName, Company, Email, City, Description, IsConverted, {IDENTIFIER} \
             FROM Lead ORDER BY LastName, Id"
        );
        self.soql(&soql).await
    }

    pub(crate) async fn the_lead(&self) -> Value {
        let leads = self.leads_in_org().await;
        assert_eq!(leads.len(), 1, "{leads:?}");
        leads[0].clone()
    }

    /// Every contact with its identifier stands in the org exactly once.
    pub(crate) async fn each_stands_once(&self, contacts: &[ContactId]) {
        let mut held: Vec<String> = self
            .leads_in_org()
            .await
            .iter()
            .map(|lead| lead[IDENTIFIER].as_str().unwrap_or_default().to_owned())
            .collect();
        let mut wanted: Vec<String> = contacts.iter().map(|contact| self.guid(*contact)).collect();
        held.sort();
        wanted.sort();
        assert_eq!(held, wanted, "nothing lost, nothing twice");
    }

    pub(crate) async fn admin(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}/practice-org/admin{path}", self.running.url());
        let request = self
            .http
            .request(method, url)
            .header("X-Admin-Key", self.running.admin_key());
        let answer = request.json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        assert!(status < 300, "{path}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub(crate) async fn fault(&self, fault: Value) {
        self.admin(Method::POST, "/faults", fault).await;
    }

    /// Spoils the next write of the engine, that many times.
    pub(crate) async fn spoil_writes(&self, name: &str, times: u32) {
        self.fault(
            json!({"name": name, "times": times, "match": {"path": WRITES, "method": "PATCH"}}),
        )
        .await;
    }

    /// How many requests the faults asked for have spoilt.
    pub(crate) async fn faults_fired(&self) -> i64 {
        let body = self.admin(Method::GET, "/faults", Value::Null).await;
        let faults = body["faults"].as_array().unwrap();
        faults
            .iter()
            .filter_map(|fault| fault["fired"].as_i64())
            .sum()
    }

    pub(crate) async fn end_faults(&self) {
        self.admin(Method::DELETE, "/faults", Value::Null).await;
    }

    pub(crate) async fn switch(&self, name: &str, value: Value) {
        self.admin(Method::PUT, "/switches", json!({ name: value }))
            .await;
    }

    pub(crate) async fn change_in_org(&self, action: &str, body: Value) -> Value {
        self.admin(Method::POST, &format!("/records/{action}"), body)
            .await
    }

    pub(crate) async fn delete_in_org(&self, id: &str) {
        self.change_in_org("delete", json!({"id": id})).await;
    }

    /// HTTP requests that the org has seen so far.
    pub(crate) async fn requests(&self) -> u64 {
        self.admin(Method::GET, "/counters", Value::Null).await["requests"]
            .as_u64()
            .unwrap()
    }

    /// The latest requests, the latest first: method, path and status.
    pub(crate) async fn latest_requests(&self, count: usize) -> Vec<(String, String, u64)> {
        let body = self
            .admin(
                Method::GET,
                &format!("/requests?limit={count}"),
                Value::Null,
            )
            .await;
        let list = body
            .as_array()
            .or_else(|| body["requests"].as_array())
            .unwrap()
            .clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        list.iter()
            .map(|one| {
                (
                    text(&one["method"]),
                    text(&one["path"]),
                    one["status"].as_u64().unwrap(),
                )
            })
            .collect()
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Value,
    ) -> (u16, Value) {
        let url = format!("{}/services/data/v67.0{path}", self.running.url());
        let mut request = self
            .http
            .request(method, url)
            .bearer_auth(&self.token)
            .query(query);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
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
