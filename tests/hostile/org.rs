//! An org that answers with whatever it is told, byte for byte, and a client that is signed in to it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use leadferry_salesforce::{
    ApiVersion, Client, ClientOptions, Id, Result, RetryPolicy, Session, Sessions,
};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The answer of the moment, and where it is given.
pub(crate) struct Org {
    pub(crate) runtime: Runtime,
    pub(crate) url: String,
    answer: Arc<Mutex<Vec<u8>>>,
}

impl Org {
    /// Listens on a port of its own.
    pub(crate) fn listening() -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new(Vec::new()));
        let given = Arc::clone(&answer);
        runtime.spawn(async move {
            loop {
                let Ok((mut stream, _)) = listener.accept().await else {
                    return;
                };
                let answer = given.lock().unwrap().clone();
                tokio::spawn(async move {
                    let mut request = [0; 8192];
                    let _ = stream.read(&mut request).await;
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self {
            runtime,
            url,
            answer,
        }
    }

    /// Answers from now on with these bytes, head and all.
    pub(crate) fn answers(&self, bytes: Vec<u8>) {
        *self.answer.lock().unwrap() = bytes;
    }

    /// Answers from now on with a body, sound around it.
    pub(crate) fn answers_body(&self, status: &str, more: &str, body: &[u8]) {
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n{more}\r\n",
            body.len()
        );
        self.answers([head.as_bytes(), body].concat());
    }

    /// A client that tries once.
    pub(crate) fn client(&self) -> Client {
        let options = ClientOptions {
            api_version: Some(ApiVersion::MIN),
            retry: RetryPolicy::default().divided_by(1_000_000),
            ..ClientOptions::default()
        };
        Client::new(Arc::new(SignedIn(self.url.clone())), options).unwrap()
    }
}

struct SignedIn(String);

#[async_trait]
impl Sessions for SignedIn {
    async fn current(&self) -> Result<Session> {
        Ok(Session {
            scope: None,
            instance_url: self.0.parse().unwrap(),
            access_token: SecretString::from("token"),
            org_id: Some(Id::parse("00D000000000001").unwrap()),
            user_id: Some(Id::parse("005000000000001").unwrap()),
        })
    }

    async fn renew(&self, _refused: &Session) -> Result<Session> {
        self.current().await
    }
}
