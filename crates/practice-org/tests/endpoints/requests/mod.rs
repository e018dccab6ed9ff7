//! A corpus of requests as strangers send them, each with what it must be answered.
//!
//! The requests stand in `corpus.txt`, one a line. Here they are sent byte by byte, so that no client tidies them up.

mod transfer;

use reqwest::Method;
use serde_json::json;

use crate::support::{TestOrg, raw};

/// Requests that the corpus must have at least: a cut file must not pass.
const LEAST: usize = 450;

/// A line of the corpus, its braces filled.
struct Line {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    status: u16,
    code: Option<String>,
    shown: Vec<String>,
}

#[tokio::test]
async fn every_request_of_the_corpus_is_answered_as_an_org_answers() {
    let org = TestOrg::new().await;
    org.key_field("Lead").await;
    org.admin(
        Method::PUT,
        "/limits",
        json!({"daily_api_requests": 1_000_000}),
    )
    .await;
    let mut sent = 0;
    let mut missed = Vec::new();
    for (n, text) in include_str!("corpus.txt").lines().enumerate() {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let line = Line::read(&filled(&org, text).await);
        let answer = raw(org.running.port(), &line.bytes(&org)).await;
        sent += 1;
        if let Some(what) = line.misses(&answer) {
            let shown: String = answer.chars().take(600).collect();
            missed.push(format!("line {}: {text}\n  {what}\n  {shown}", n + 1));
        }
    }
    assert!(sent >= LEAST, "{sent} requests");
    assert!(
        missed.is_empty(),
        "{} missed\n{}",
        missed.len(),
        missed.join("\n\n")
    );
}

/// A line with what its braces stand for.
async fn filled(org: &TestOrg, text: &str) -> String {
    let mut out = text.to_owned();
    let made = [
        (
            "{lead}",
            "Lead",
            json!({"LastName": "Corpus", "Company": "Corpus"}),
        ),
        (
            "{deleted}",
            "Lead",
            json!({"LastName": "Corpus", "Company": "Corpus"}),
        ),
        ("{account}", "Account", json!({"Name": "Corpus"})),
        ("{contact}", "Contact", json!({"LastName": "Corpus"})),
    ];
    for (name, object, record) in made {
        if !out.contains(name) {
            continue;
        }
        let (_, body) = org.post(&format!("/sobjects/{object}"), record).await;
        let id = body["id"].as_str().unwrap().to_owned();
        if name == "{deleted}" {
            org.delete(&format!("/sobjects/Lead/{id}")).await;
        }
        out = out.replace(name, &id);
    }
    if out.contains("{key}") {
        let taken = json!({"LastName": "Corpus", "Company": "Corpus"});
        org.patch("/sobjects/Lead/Key__c/taken", taken).await;
        out = out.replace("{key}", "taken");
    }
    if out.contains("{org}") || out.contains("{user}") {
        let organization = org.records("SELECT Id FROM Organization").await;
        let user = org
            .records("SELECT Id FROM User WHERE Username LIKE 'admin@%'")
            .await;
        out = out.replace("{org}", organization[0]["Id"].as_str().unwrap());
        out = out.replace("{user}", user[0]["Id"].as_str().unwrap());
    }
    let at = |minutes: i64| jiff::Timestamp::now() + jiff::SignedDuration::from_mins(minutes);
    let in_header = |minutes| {
        at(minutes)
            .strftime("%a, %d %b %Y %H:%M:%S GMT")
            .to_string()
    };
    let in_url = |minutes| {
        at(minutes)
            .strftime("%Y-%m-%dT%H%%3A%M%%3A%S%%2B00%%3A00")
            .to_string()
    };
    out.replace("{hour ago}", &in_header(-60))
        .replace("{hour ahead}", &in_header(60))
        .replace("{start}", &in_url(-10))
        .replace("{end}", &in_url(10))
        .replace("{token}", &org.token)
}

impl Line {
    fn read(text: &str) -> Line {
        let (request, expected) = text.rsplit_once(" => ").expect(text);
        let (head, body) = match request.split_once(" < ") {
            Some((head, body)) => (head, Some(body.to_owned())),
            None => (request, None),
        };
        let mut parts = head.split(" | ");
        let (method, target) = parts.next().unwrap().split_once(' ').expect(text);
        let headers = parts.map(|part| {
            let (name, value) = part.split_once(':').expect(text);
            (name.to_owned(), value.trim_start().to_owned())
        });
        let (status, rest) = expected.split_once(' ').unwrap_or((expected, ""));
        let (code, quoted) = match rest.split_once(' ').unwrap_or((rest, "")) {
            (word, quoted) if !word.is_empty() && !word.starts_with('"') => {
                (Some(word.to_owned()), quoted)
            }
            _ => (None, rest),
        };
        let shown = serde_json::Deserializer::from_str(quoted).into_iter::<String>();
        Line {
            method: method.to_owned(),
            target: target.replacen('~', "/services/data/v67.0", 1),
            headers: headers.collect(),
            body,
            status: status.parse().expect(text),
            code,
            shown: shown.map(|part| part.expect(text)).collect(),
        }
    }

    /// The bytes to send.
    fn bytes(&self, org: &TestOrg) -> String {
        let mut headers = vec![
            ("Host", format!("localhost:{}", org.running.port())),
            ("Connection", "close".to_owned()),
            ("Authorization", format!("Bearer {}", org.token)),
        ];
        if let Some(body) = &self.body {
            headers.push(("Content-Type", "application/json".to_owned()));
            headers.push(("Content-Length", body.len().to_string()));
        }
        for (name, value) in &self.headers {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            if value != "-" {
                headers.push((name, value.clone()));
            }
        }
        let headers = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"));
        format!(
            "{} {} HTTP/1.1\r\n{}\r\n{}",
            self.method,
            self.target,
            headers.collect::<String>(),
            self.body.as_deref().unwrap_or_default()
        )
    }

    /// What an answer lacks of what was expected.
    fn misses(&self, answer: &str) -> Option<String> {
        let status = answer.split(' ').nth(1).and_then(|s| s.parse::<u16>().ok());
        if status != Some(self.status) {
            return Some(format!("{status:?} instead of {}", self.status));
        }
        if let Some(code) = &self.code {
            let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            let json: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
            if json[0]["errorCode"] != **code || !json[0]["message"].is_string() {
                return Some(format!("not the error {code}"));
            }
        }
        let missing = self.shown.iter().find(|part| !answer.contains(*part));
        missing.map(|part| format!("{part:?} is missing"))
    }
}
