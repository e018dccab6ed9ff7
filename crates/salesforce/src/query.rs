//! Queries, page by page.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::answer::{Answer, refusal};
use crate::request::{self, MAX_ADDRESS_BYTES, MAX_COMPOSITE_QUERIES, Request};
use crate::wire::list;
use crate::{Client, Error, ErrorCode, Record, Result};

/// Most records of a page; the org gives 2,000.
const MAX_PAGE_RECORDS: usize = 10_000;
/// Most records, bytes of answers and pages that are read of one query at once; the org's pages hold 200 records or more
/// unless those are very large. Whoever needs more reads page by page.
const MAX_RECORDS: u64 = 200_000;
const MAX_BYTES: usize = 256 << 20;
const MAX_PAGES: usize = 1_000;

/// One page of a query's records.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The page's records.
    pub records: Vec<Record>,
    /// How many records the query found in all.
    pub total: u64,
    /// Where the next page is; None after the last.
    pub next: Option<Cursor>,
    /// The bytes of the answer that it came in.
    pub bytes: usize,
}

/// Where a query's next page is; the org keeps it for two days.
///
/// It names the record that the page begins with, so that pages can only lead on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// Returns the cursor that was written down as this text.
    ///
    /// # Errors
    /// [`Error::InvalidName`] when the text is no page of a query: no other address may be asked through it.
    pub fn parse(text: &str) -> Result<Cursor> {
        match parts(text) {
            Some(_) => Ok(Cursor(text.to_owned())),
            None => Err(Error::InvalidName {
                name: text.chars().take(100).collect(),
            }),
        }
    }

    /// Tells whether the page at another cursor comes after this one's in the same query.
    fn leads_to(&self, other: &Cursor) -> bool {
        let (here, there) = (parts(&self.0), parts(&other.0));
        here.zip(there)
            .is_some_and(|((query, at), (next, then))| query == next && then > at)
    }

    /// Returns the text to write down.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the query that a cursor belongs to, and the record that its page begins with.
///
/// # Source
/// REST API Developer Guide, "Query More Results": `/services/data/v60.0/query/01gD0000002HU6KIAW-2000`.
fn parts(cursor: &str) -> Option<(&str, u64)> {
    let rest = cursor.strip_prefix("/services/data/v")?;
    let (version, page) = rest.split_once('/')?;
    let locator = page
        .strip_prefix("query/")
        .or_else(|| page.strip_prefix("queryAll/"))
        .filter(|locator| locator.len() < 100)?;
    let (id, begins) = locator.rsplit_once('-')?;
    let is_id = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_version = version.chars().all(|c| c.is_ascii_digit() || c == '.');
    let query = &cursor[..cursor.len() - begins.len() - 1];
    let begins = begins
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(begins)?;
    Some((query, begins.parse().ok()?)).filter(|_| is_id && is_version)
}

impl Client {
    /// Runs a query and returns all its records.
    ///
    /// # Errors
    /// [`Error::TooManyRecords`] when they are more than can be held at once.
    pub async fn query(&self, soql: &str) -> Result<Vec<Record>> {
        self.all_records(soql, false).await
    }

    /// Runs a query over deleted and archived records too, and returns all its records.
    pub async fn query_all(&self, soql: &str) -> Result<Vec<Record>> {
        self.all_records(soql, true).await
    }

    /// Runs several queries, up to five in one call, and returns all records of each.
    ///
    /// `all` includes deleted and archived records.
    pub async fn queries(&self, soqls: &[String], all: bool) -> Result<Vec<Vec<Record>>> {
        let mut results = Vec::with_capacity(soqls.len());
        for part in soqls.chunks(MAX_COMPOSITE_QUERIES) {
            for page in self.first_pages(part, all).await? {
                results.push(self.read_on_from(page).await?);
            }
        }
        Ok(results)
    }

    /// Runs several queries, up to five in one call, and returns the first page of each, or why there is none.
    ///
    /// # Errors
    /// When the org doesn't answer. What it says of a query is in its place.
    pub async fn each_query(&self, soqls: &[String], all: bool) -> Result<Vec<Result<Page>>> {
        let version = self.api_version().await?;
        let mut results = Vec::with_capacity(soqls.len());
        for part in soqls.chunks(MAX_COMPOSITE_QUERIES) {
            let request = request::composite_queries(version, part, all);
            let pages = self.read(&request, |answer| composite_answers(answer, part.len()));
            results.extend(pages.await?);
        }
        Ok(results)
    }

    /// Returns a query's first page, for callers that cannot hold all records at once.
    pub async fn first_page(&self, soql: &str, all: bool) -> Result<Page> {
        let mut pages = self.first_pages(&[soql.to_owned()], all).await?;
        // There are as many pages as queries, which first_pages makes sure of.
        Ok(pages.remove(0))
    }

    /// Returns a query's first page of about so many records; the org takes 200 to 2,000.
    ///
    /// # Source
    /// REST API Developer Guide, "Query Options Header".
    pub async fn first_page_of(&self, soql: &str, records: u16) -> Result<Page> {
        let mut request = request::query(self.api_version().await?, soql, false);
        if request.path.len() > MAX_ADDRESS_BYTES {
            return self.first_page(soql, false).await;
        }
        let size = format!("batchSize={}", records.clamp(200, 2_000));
        request.headers.push(("Sforce-Query-Options", size));
        self.read(&request, page).await
    }

    /// Returns the page at a cursor.
    ///
    /// # Errors
    /// [`Error::Paging`] when the page leads anywhere but on.
    pub async fn next_page(&self, cursor: &Cursor) -> Result<Page> {
        let read = |answer: &Answer| {
            let page = page(answer)?;
            match &page.next {
                Some(next) if !cursor.leads_to(next) => Err(Error::Paging),
                _ => Ok(page),
            }
        };
        self.read(&Request::get(cursor.0.as_str()), read).await
    }

    async fn all_records(&self, soql: &str, all: bool) -> Result<Vec<Record>> {
        let first = self.first_page(soql, all).await?;
        match self.read_on_from(first).await {
            Err(error) if error.code() == Some(&ErrorCode::InvalidQueryLocator) => {
                // The org has forgotten the query; its records are read anew, once.
                let first = self.first_page(soql, all).await?;
                self.read_on_from(first).await
            }
            result => result,
        }
    }

    async fn read_on_from(&self, first: Page) -> Result<Vec<Record>> {
        let (total, mut bytes, mut pages) = (first.total, first.bytes, 1);
        let (mut records, mut next) = (first.records, first.next);
        while let Some(cursor) = next.filter(|_| records.len() as u64 != total) {
            check_bounds(records.len() as u64, total, bytes, pages)?;
            let page = self.next_page(&cursor).await?;
            (bytes, pages) = (bytes + page.bytes, pages + 1);
            records.extend(page.records);
            next = page.next;
        }
        Ok(records)
    }

    async fn first_pages(&self, soqls: &[String], all: bool) -> Result<Vec<Page>> {
        let version = self.api_version().await?;
        if let [soql] = soqls {
            let request = request::query(version, soql, all);
            if request.path.len() <= MAX_ADDRESS_BYTES {
                return Ok(vec![self.read(&request, page).await?]);
            }
        }
        let request = request::composite_queries(version, soqls, all);
        self.read(&request, |answer| composite_pages(answer, soqls.len()))
            .await
    }
}

/// Decides whether a query that has given so much may go on to its next page.
fn check_bounds(records: u64, total: u64, bytes: usize, pages: usize) -> Result<()> {
    if records > total {
        return Err(Error::Paging);
    }
    if total > MAX_RECORDS || bytes > MAX_BYTES || pages >= MAX_PAGES {
        return Err(Error::TooManyRecords { max: MAX_RECORDS });
    }
    Ok(())
}

fn composite_pages(answer: &Answer, queries: usize) -> Result<Vec<Page>> {
    composite_answers(answer, queries)?.into_iter().collect()
}

fn composite_answers(answer: &Answer, queries: usize) -> Result<Vec<Result<Page>>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Composite {
        composite_response: Vec<Subanswer>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Subanswer {
        http_status_code: u16,
        #[serde(default)]
        body: Option<Box<RawValue>>,
    }
    let composite: Composite = answer.json()?;
    if composite.composite_response.len() != queries {
        return Err(answer.unreadable("not as many answers as queries"));
    }
    let pages = composite.composite_response.into_iter().map(|sub| {
        let body = sub.body.as_deref().map_or("null", RawValue::get).as_bytes();
        if sub.http_status_code != 200 {
            return Err(refusal(sub.http_status_code, body));
        }
        page(&Answer {
            status: sub.http_status_code,
            last_modified: None,
            body: body.to_vec(),
        })
    });
    Ok(pages.collect())
}

pub(crate) fn page(answer: &Answer) -> Result<Page> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Wire {
        #[serde(default)]
        total_size: u64,
        done: bool,
        next_records_url: Option<String>,
        #[serde(deserialize_with = "list::<_, _, MAX_PAGE_RECORDS>")]
        records: Vec<Value>,
    }
    let wire: Wire = answer.json()?;
    let records = wire.records.into_iter().map(Record::from_value);
    let records: Option<Vec<Record>> = records.collect();
    let records = records.ok_or_else(|| answer.unreadable("a record is no object"))?;
    let next = match (wire.done, wire.next_records_url) {
        (true, _) => None,
        // Following an empty page could go on for ever.
        (false, Some(url)) if !records.is_empty() => {
            let cursor = Cursor::parse(&url).map_err(|_| Error::Paging)?;
            // Nothing begins behind the last record.
            let begins = parts(&cursor.0).map_or(0, |(_, begins)| begins);
            if begins >= wire.total_size {
                return Err(Error::Paging);
            }
            Some(cursor)
        }
        (false, _) => return Err(answer.unreadable("a page that is not the last leads nowhere")),
    };
    Ok(Page {
        records,
        total: wire.total_size,
        next,
        bytes: answer.body.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_to_a_page_of_a_query_and_nowhere_else() {
        let good = "/services/data/v60.0/query/01gRO0000016PIAYA2-2000";
        assert_eq!(Cursor::parse(good).unwrap().as_str(), good);
        for bad in [
            "",
            "/services/data/v60.0/query/",
            "/services/data/v60.0/query/01g",
            "/services/data/v60.0/query/01g-+5",
            "/services/data/v60.0/query/-5",
            "/services/data/v60.0/query/01g-99999999999999999999999",
            "/services/data/v60.0/query?q=SELECT+Id+FROM+User",
            "/services/data/v60.0/query/../sobjects/Lead",
            "/services/data/v60.0/sobjects/Lead",
            "/services/data/vx/query/01g-1",
            "https://example.com/services/data/v60.0/query/01g-1",
        ] {
            assert!(Cursor::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_query_goes_on_within_its_count_and_its_bounds_only() {
        assert!(check_bounds(2_000, 100_000, 8 << 20, 1).is_ok());
        for (records, total, bytes, pages) in [
            (3, 2, 0, 1),
            (2_000, MAX_RECORDS + 1, 0, 1),
            (2_000, 4_000, MAX_BYTES + 1, 1),
            (2_000, 4_000, 0, MAX_PAGES),
        ] {
            let checked = check_bounds(records, total, bytes, pages);
            assert!(checked.is_err(), "{records} {total} {bytes} {pages}");
        }
    }

    #[test]
    fn pages_lead_on_in_their_query_and_nowhere_else() {
        let cursor = |text: &str| Cursor::parse(&format!("/services/data/v60.0/{text}")).unwrap();
        let here = cursor("query/01gA-2000");
        assert!(here.leads_to(&cursor("query/01gA-4000")));
        for elsewhere in [
            "query/01gA-2000",
            "query/01gA-1999",
            "query/01gB-4000",
            "queryAll/01gA-4000",
        ] {
            assert!(!here.leads_to(&cursor(elsewhere)), "{elsewhere}");
        }
    }
}
