//! A pretended org and a client that is signed in to it.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use flate2::read::GzDecoder;
use leadferry_salesforce::{
    ApiVersion, Client, ClientOptions, Id, Result, RetryPolicy, Session, Sessions,
};
use secrecy::SecretString;
use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub(crate) const LEAD: &str = "00Q8M0000016Wv8UAE";

/// Sessions that count how often they were renewed; each renewal gives another token.
pub(crate) struct Tokens {
    url: String,
    pub(crate) renewals: AtomicU32,
}

#[async_trait]
impl Sessions for Tokens {
    async fn current(&self) -> Result<Session> {
        let token = format!("token-{}", self.renewals.load(Ordering::SeqCst));
        Ok(Session {
            scope: None,
            instance_url: self.url.parse().unwrap(),
            access_token: SecretString::from(token),
            org_id: Some(Id::parse("00D000000000001").unwrap()),
            user_id: Some(Id::parse("005000000000001").unwrap()),
        })
    }

    async fn renew(&self, _refused: &Session) -> Result<Session> {
        self.renewals.fetch_add(1, Ordering::SeqCst);
        self.current().await
    }
}

pub(crate) struct Org {
    pub(crate) server: MockServer,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) client: Client,
}

/// Starts an org that answers nothing yet, and a client whose repetitions come at once.
pub(crate) async fn an_org() -> Org {
    an_org_with(|_| {}).await
}

pub(crate) async fn an_org_with(change: impl FnOnce(&mut ClientOptions)) -> Org {
    let server = MockServer::start().await;
    let tokens = Arc::new(Tokens {
        url: server.uri(),
        renewals: AtomicU32::new(0),
    });
    let mut options = ClientOptions {
        api_version: Some(ApiVersion::MIN),
        retry: RetryPolicy::default().divided_by(500),
        ..ClientOptions::default()
    };
    change(&mut options);
    let client = Client::new(tokens.clone(), options).unwrap();
    Org {
        server,
        tokens,
        client,
    }
}

impl Org {
    /// Answers each request by a function.
    pub(crate) async fn answers(
        &self,
        answer: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static,
    ) {
        Mock::given(any())
            .respond_with(answer)
            .mount(&self.server)
            .await;
    }

    /// Answers the requests in this order, and the last answer for ever after.
    pub(crate) async fn answers_in_turn(&self, answers: Vec<ResponseTemplate>) {
        let next = AtomicU32::new(0);
        self.answers(move |_| {
            let number = next.fetch_add(1, Ordering::SeqCst) as usize;
            answers[number.min(answers.len() - 1)].clone()
        })
        .await;
    }

    pub(crate) async fn requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap()
    }
}

pub(crate) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

pub(crate) fn refused(status: u16, code: &str, message: &str) -> ResponseTemplate {
    let errors = serde_json::json!([{"errorCode": code, "message": message}]);
    ResponseTemplate::new(status).set_body_json(errors)
}

pub(crate) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get(name)?.to_str().ok()
}

/// Returns a request's JSON, unpacked where it came packed.
pub(crate) fn body(request: &Request) -> Value {
    if header(request, "content-encoding") != Some("gzip") {
        return serde_json::from_slice(&request.body).unwrap();
    }
    let mut text = String::new();
    GzDecoder::new(request.body.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    serde_json::from_str(&text).unwrap()
}
