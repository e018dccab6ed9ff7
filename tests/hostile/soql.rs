//! SOQL and SOSL as people type them: the practice org answers with records, or with an error as Salesforce does.

use leadferry_practice_org::{Options, Running, built_in, serve};
use reqwest::{Client, Url};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::bounds::Hostile;

const MIB: usize = 48;

const SOQL: &[&[u8]] = &[
    b"SELECT Id, Name, Owner.Name FROM Lead WHERE Email LIKE '%@x.example' AND (City != null OR NOT IsDeleted = true) ORDER BY Name DESC NULLS LAST LIMIT 10 OFFSET 2",
    b"SELECT count(Id) n, Country FROM Lead WHERE CreatedDate = LAST_N_DAYS:30 GROUP BY Country HAVING count(Id) > 1",
    b"SELECT FIELDS(STANDARD) FROM Contact WHERE Id IN ('003000000000001', '003000000000002') ALL ROWS",
    b"SELECT Name, (SELECT Email FROM Contacts) FROM Account WHERE AnnualRevenue >= 1.5e6 AND Name NOT IN ('a', 'b\\'c')",
];

const SOSL: &[&[u8]] = &[
    b"FIND {anna AND NOT \"b c\"*} IN EMAIL FIELDS RETURNING Lead(Id, Name WHERE City = 'x' ORDER BY Name LIMIT 5), Contact LIMIT 10",
    b"FIND {a?b \\{x\\}} RETURNING Contact(Id)",
];

const TOKENS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "AND",
    "NOT",
    "((((((((",
    "))))",
    "IN (",
    "LIKE '%%'",
    "TODAY",
    "2026-01-01T00:00:00Z",
    "LAST_N_DAYS:99999999999",
    "count()",
    "GROUP BY",
    "ORDER BY",
    "LIMIT -1",
    "OFFSET 99999999999",
    "USING SCOPE",
    "TYPEOF",
    "Owner.Owner.Owner.Owner.Owner.Owner",
    "'\\u0000'",
    "FIND {",
    "}",
    "RETURNING",
    "IN ALL FIELDS",
    "*",
    "?",
    "; DROP TABLE Lead",
    "\" OR 1=1",
    "sqlite_master",
    "FOR UPDATE",
];

struct Org {
    runtime: Runtime,
    running: Running,
    http: Client,
    token: String,
    _folder: tempfile::TempDir,
}

impl Org {
    fn served() -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let http = Client::builder().no_proxy().build().unwrap();
        let (running, token) = runtime.block_on(async {
            let running = serve(&folder.path().join("org.sqlite"), Options::default())
                .await
                .unwrap();
            let form = [
                ("grant_type", "client_credentials"),
                ("client_id", built_in::CLIENT_ID),
                ("client_secret", &running.secrets().client_secret),
            ];
            let url = format!("{}/services/oauth2/token", running.url());
            let answer = http.post(url).form(&form).send().await.unwrap();
            let body: Value = answer.json().await.unwrap();
            (running, body["access_token"].as_str().unwrap().to_owned())
        });
        let org = Self {
            runtime,
            running,
            http,
            token,
            _folder: folder,
        };
        let lead = json!({ "LastName": "Smith", "Company": "X", "Email": "a@x.example" });
        org.runtime.block_on(async {
            let url = format!("{}/services/data/v62.0/sobjects/Lead", org.running.url());
            let answer = org
                .http
                .post(url)
                .bearer_auth(&org.token)
                .json(&lead)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 201);
        });
        org
    }

    /// Asks, and demands records or an error with code and message.
    fn ask(&self, resource: &str, text: &str) {
        let url = format!("{}/services/data/v62.0/{resource}", self.running.url());
        let url = Url::parse_with_params(&url, [("q", text)]).unwrap();
        let length = url.as_str().len();
        // No program can send a longer address.
        if length > usize::from(u16::MAX) - 1 {
            return;
        }
        let answer = self.runtime.block_on(async {
            let answer = self
                .http
                .get(url)
                .bearer_auth(&self.token)
                .send()
                .await
                .unwrap();
            (answer.status().as_u16(), answer.bytes().await.unwrap())
        });
        match answer {
            (200, _) => {}
            // A line that is longer than any server takes.
            (414 | 431, _) => assert!(length > 8_000, "{text:?}"),
            (status, body) => {
                assert!((400..500).contains(&status), "{status} for {text:?}");
                let errors: Value = serde_json::from_slice(&body).unwrap();
                assert!(errors[0]["errorCode"].is_string(), "{errors} for {text:?}");
            }
        }
    }
}

#[test]
fn a_spoilt_query_is_answered_or_refused_as_salesforce_does() {
    let org = Org::served();
    Hostile {
        what: "SOQL",
        sound: SOQL,
        tokens: TOKENS,
        tries: 400,
        mib: MIB,
    }
    .try_all(|bytes| org.ask("query", &String::from_utf8_lossy(bytes)));
}

#[test]
fn a_spoilt_search_is_answered_or_refused_as_salesforce_does() {
    let org = Org::served();
    Hostile {
        what: "SOSL",
        sound: SOSL,
        tokens: TOKENS,
        tries: 200,
        mib: MIB,
    }
    .try_all(|bytes| org.ask("search", &String::from_utf8_lossy(bytes)));
}
