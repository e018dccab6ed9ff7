//! A served org and short ways to call it.

use std::time::Duration;

use leadferry_practice_org::{Options, Running, built_in, serve};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A practice org with a session, in a folder of its own.
pub(crate) struct TestOrg {
    pub(crate) running: Running,
    pub(crate) client: Client,
    pub(crate) token: String,
    pub(crate) folder: tempfile::TempDir,
}

impl TestOrg {
    /// An empty org, signed in with client credentials.
    pub(crate) async fn new() -> TestOrg {
        TestOrg::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> TestOrg {
        TestOrg::of("org.sqlite", options).await
    }

    /// The same in a file of this name.
    pub(crate) async fn named(file: &str) -> TestOrg {
        TestOrg::of(file, Options::default()).await
    }

    async fn of(file: &str, options: Options) -> TestOrg {
        let folder = tempfile::tempdir().unwrap();
        let running = serve(&folder.path().join(file), options).await.unwrap();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let mut org = TestOrg {
            running,
            client,
            token: String::new(),
            folder,
        };
        org.token = org.client_credentials().await;
        org
    }

    pub(crate) async fn client_credentials(&self) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", built_in::CLIENT_ID),
            ("client_secret", &self.running.secrets().client_secret),
        ];
        let answer = self
            .client
            .post(format!("{}/services/oauth2/token", self.running.url()))
            .form(&form)
            .send()
            .await
            .unwrap();
        let body: Value = answer.json().await.unwrap();
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// A request below `/services/data/v67.0` with the session.
    pub(crate) fn data(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(
                method,
                format!("{}/services/data/v67.0{path}", self.running.url()),
            )
            .bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        read(self.data(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        read(self.data(method, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.send(Method::POST, path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> (u16, Value) {
        self.send(Method::PATCH, path, body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> (u16, Value) {
        read(self.data(Method::DELETE, path).send().await.unwrap()).await
    }

    pub(crate) async fn soql(&self, query: &str) -> (u16, Value) {
        read(
            self.data(Method::GET, "/query")
                .query(&[("q", query)])
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// The records of a query that must succeed.
    pub(crate) async fn records(&self, query: &str) -> Vec<Value> {
        let (status, body) = self.soql(query).await;
        assert_eq!(status, 200, "{query}: {body}");
        body["records"].as_array().unwrap().clone()
    }

    pub(crate) async fn admin(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/practice-org/admin{path}", self.running.url());
        let request = self
            .client
            .request(method, url)
            .header("X-Admin-Key", self.running.admin_key());
        read(request.json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn fault(&self, fault: Value) {
        let (status, body) = self.admin(Method::POST, "/faults", fault).await;
        assert_eq!(status, 201, "{body}");
    }

    pub(crate) async fn switch(&self, name: &str, value: Value) {
        let (status, body) = self
            .admin(Method::PUT, "/switches", json!({ name: value }))
            .await;
        assert_eq!(status, 200, "{body}");
    }

    /// The id of a new lead.
    pub(crate) async fn lead(&self, last_name: &str, email: &str) -> String {
        let (status, body) = self
            .post(
                "/sobjects/Lead",
                json!({"LastName": last_name, "Company": "Acme", "Email": email}),
            )
            .await;
        assert_eq!(status, 201, "{body}");
        body["id"].as_str().unwrap().to_owned()
    }

    /// Makes a custom field and grants it.
    pub(crate) async fn field(&self, object: &str, name: &str, metadata: Value) {
        let full = format!("{object}.{name}");
        let (status, body) = self
            .post(
                "/tooling/sobjects/CustomField",
                json!({"FullName": full, "Metadata": metadata}),
            )
            .await;
        assert_eq!(status, 201, "{body}");
        self.grant(object, &full).await;
    }

    pub(crate) async fn grant(&self, object: &str, full: &str) {
        let known = self
            .records("SELECT Id FROM PermissionSet WHERE Name = 'Test'")
            .await;
        let set = match known.first() {
            Some(set) => set["Id"].clone(),
            None => {
                let (_, set) = self
                    .post(
                        "/sobjects/PermissionSet",
                        json!({"Name": "Test", "Label": "Test"}),
                    )
                    .await;
                let user = self.records("SELECT Id FROM User LIMIT 1").await[0]["Id"].clone();
                let assignment = json!({"AssigneeId": user, "PermissionSetId": set["id"]});
                let (status, body) = self
                    .post("/sobjects/PermissionSetAssignment", assignment)
                    .await;
                assert_eq!(status, 201, "{body}");
                set["id"].clone()
            }
        };
        let grant = json!({"ParentId": set, "SobjectType": object, "Field": full, "PermissionsRead": true, "PermissionsEdit": true});
        let (status, body) = self.post("/sobjects/FieldPermissions", grant).await;
        assert_eq!(status, 201, "{body}");
    }

    /// Makes the identifier field `Key__c` on an object.
    pub(crate) async fn key_field(&self, object: &str) {
        let metadata = json!({"label": "Key", "type": "Text", "length": 40, "externalId": true, "unique": true, "caseSensitive": false});
        self.field(object, "Key__c", metadata).await;
    }
}

pub(crate) async fn read(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    let body = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    };
    (status, body)
}

/// Code of the first error of a refused request, or of a refused row.
pub(crate) fn code(body: &Value) -> &str {
    let error = if body.is_array() { &body[0] } else { body };
    let error = if error["errors"].is_array() {
        &error["errors"][0]
    } else {
        error
    };
    error["errorCode"]
        .as_str()
        .or(error["statusCode"].as_str())
        .unwrap_or("none")
}

/// Sends bytes to the org and returns all it answers until it hangs up.
pub(crate) async fn raw(port: u16, request: &str) -> String {
    let mut stream = open(port).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    heard(&mut stream).await
}

/// Opens a connection to the org.
pub(crate) async fn open(port: u16) -> TcpStream {
    TcpStream::connect(("127.0.0.1", port)).await.unwrap()
}

/// Returns all that comes on a connection until the other side hangs up.
pub(crate) async fn heard(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let read = tokio::time::timeout(Duration::from_secs(20), reading).await;
    // A connection that is reset has ended as well.
    let _ = read.expect("the org hangs up");
    String::from_utf8_lossy(&answer).into_owned()
}
