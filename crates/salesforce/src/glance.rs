//! One call for what an unchanged object costs: its description, a first page of records, and a count.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::answer::{Answer, refusal};
use crate::query::page;
use crate::{Client, Describe, Described, Page, Result, request};

/// What an object looks like at a glance.
#[derive(Debug)]
pub struct Glance {
    /// Its description, where it has changed.
    pub described: Described,
    /// The first page of its records, or why there is none.
    pub page: Result<Page>,
    /// What the counting query counted.
    pub count: Result<u64>,
}

/// What a glance asks.
#[derive(Debug, Clone, Copy)]
pub struct GlanceAt<'a> {
    /// The object.
    pub object: &'a str,
    /// HTTP date of the description that is known.
    pub known: Option<&'a str>,
    /// The query for records.
    pub soql: &'a str,
    /// It includes deleted and archived records.
    pub all: bool,
    /// A query that counts.
    pub count: &'a str,
}

impl Client {
    /// Looks at an object.
    ///
    /// # Errors
    /// When the org doesn't answer, or refuses the description. What it says of the queries is in the answer.
    ///
    /// # Source
    /// REST API Developer Guide, "Composite".
    pub async fn glance(&self, at: &GlanceAt<'_>) -> Result<Glance> {
        let version = self.api_version().await?;
        let request = request::glance(version, at)?;
        self.read(&request, |answer| glance(answer, at)).await
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Composite {
    composite_response: Vec<Sub>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sub {
    http_status_code: u16,
    #[serde(default)]
    http_headers: std::collections::BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    body: Option<Box<RawValue>>,
}

impl Sub {
    fn into_answer(self) -> Answer {
        let dated = self
            .http_headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("Last-Modified"));
        let last_modified = dated
            .and_then(|(_, value)| value.as_str())
            .map(str::to_owned);
        let body = self
            .body
            .map_or_else(|| "null".into(), |raw| String::from(Box::<str>::from(raw)));
        Answer {
            status: self.http_status_code,
            last_modified,
            body: body.into_bytes(),
        }
    }
}

fn glance(answer: &Answer, at: &GlanceAt<'_>) -> Result<Glance> {
    let composite: Composite = answer.json()?;
    let subs = <[Sub; 3]>::try_from(composite.composite_response);
    let [described, records, count] =
        subs.map_err(|_| answer.unreadable("not as many answers as questions"))?;
    let accepted = |sub: Sub| {
        let sub = sub.into_answer();
        match sub.status {
            200..=299 | 304 => Ok(sub),
            status => Err(refusal(status, &sub.body)),
        }
    };
    let described = accepted(described)?;
    let described = match described.status {
        304 if at.known.is_some() => Described::NotModified,
        _ => {
            let raw = String::from_utf8(described.body);
            let raw = raw.map_err(|_| answer.unreadable("not UTF-8"))?;
            let describe = Describe::parse(&raw)?;
            Described::Fresh {
                last_modified: described.last_modified,
                raw,
                describe,
            }
        }
    };
    Ok(Glance {
        described,
        page: accepted(records).and_then(|sub| page(&sub)),
        count: accepted(count).and_then(|sub| Ok(page(&sub)?.total)),
    })
}
