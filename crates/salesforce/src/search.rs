//! Searches for words over several objects.

use serde::Deserialize;

use crate::answer::Answer;
use crate::request::{self, MAX_ADDRESS_BYTES, Request};
use crate::soql::{self, Condition, Order};
use crate::wire::list;
use crate::{ApiVersion, Client, Error, Record, Result};

/// The most records that the org returns for one search.
pub const MAX_FOUND: u32 = 2_000;
/// Signs that mean something to the org; each needs a backslash to stand for itself.
const RESERVED: &str = "?&|!{}[]()^~*:\\\"'+-";

/// What to search for, and where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// Words as someone typed them; a record must hold all of them. The last one, and each that ends in `*`, may be the
    /// beginning of a longer word. No other sign has a meaning.
    pub text: String,
    /// Objects to return records of, each once; empty for the ids of all that can be searched.
    pub objects: Vec<SearchObject>,
    /// Fields to look into.
    pub within: SearchScope,
}

/// What a search returns of one object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchObject {
    /// API name of the object.
    pub name: String,
    /// API names of fields, or paths to parents' fields; empty for the id alone.
    pub fields: Vec<String>,
    /// What else must hold of a record.
    pub condition: Option<Condition>,
    /// In which order; what fits best first without.
    pub order: Option<Order>,
    /// The most records; the org returns 250 at most without filters, and fewer the more objects there are.
    pub limit: Option<u32>,
}

/// Fields that a search looks into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SearchScope {
    /// All that can be searched.
    #[default]
    All,
    /// Names.
    Name,
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// What the org's sidebar searches.
    Sidebar,
}

impl Client {
    /// Searches, and returns the records object by object in the order asked for.
    ///
    /// A text with fewer than two letters or digits finds nothing and costs no call.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for a text of several thousand characters, [`Error::InvalidName`] for what is no object or field.
    ///
    /// # Source
    /// SOQL and SOSL Reference, "FIND"; REST API Developer Guide, "Search".
    pub async fn search(&self, search: &Search) -> Result<Vec<Record>> {
        match search.request(self.api_version().await?)? {
            Some(request) => self.read(&request, found).await,
            None => Ok(Vec::new()),
        }
    }
}

impl Search {
    /// Returns the request for this search, or None where its text cannot find anything.
    pub fn request(&self, version: ApiVersion) -> Result<Option<Request>> {
        let Some(sosl) = self.sosl()? else {
            return Ok(None);
        };
        let path = format!(
            "{}/search?q={}",
            request::root(version),
            request::encode(&sosl)
        );
        if path.len() > MAX_ADDRESS_BYTES {
            return Err(Error::TooLarge {
                size: path.len(),
                max: MAX_ADDRESS_BYTES,
            });
        }
        Ok(Some(Request::get(path)))
    }

    /// Returns this search in the org's search language, or None where its text cannot find anything.
    pub fn sosl(&self) -> Result<Option<String>> {
        let Some(terms) = terms(&self.text) else {
            return Ok(None);
        };
        let scope = match self.within {
            SearchScope::All => "ALL",
            SearchScope::Name => "NAME",
            SearchScope::Email => "EMAIL",
            SearchScope::Phone => "PHONE",
            SearchScope::Sidebar => "SIDEBAR",
        };
        let mut sosl = format!("FIND {{{terms}}} IN {scope} FIELDS");
        let objects: Vec<String> = self
            .objects
            .iter()
            .map(SearchObject::sosl)
            .collect::<Result<_>>()?;
        if !objects.is_empty() {
            sosl.push_str(&format!(" RETURNING {}", objects.join(", ")));
        }
        Ok(Some(sosl))
    }
}

impl SearchObject {
    fn sosl(&self) -> Result<String> {
        let object = request::name(&self.name)?;
        let fields = self.fields.iter().map(|field| request::name(field));
        let mut fields: Vec<&str> = fields.collect::<Result<_>>()?;
        if fields.is_empty() {
            fields.push("Id");
        }
        let limit = self.limit.map(|limit| limit.min(MAX_FOUND));
        let clauses = soql::clauses(self.condition.as_ref(), self.order.as_ref(), limit);
        Ok(format!("{object}({}{clauses})", fields.join(", ")))
    }
}

/// Returns a typed text as terms that mean nothing but its words, or None where there is too little to find.
fn terms(text: &str) -> Option<String> {
    let parts = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = parts.filter(|word| letters(word) > 0).collect();
    if words.iter().map(|word| letters(word)).sum::<usize>() < 2 {
        return None;
    }
    let last = words.len() - 1;
    let terms = words.iter().enumerate().map(|(number, word)| {
        let bare = word.trim_end_matches('*');
        let open = bare.len() < word.len() || number == last;
        term(bare, open)
    });
    Some(terms.collect::<Vec<_>>().join(" "))
}

fn letters(word: &str) -> usize {
    word.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Returns one word as a term; an `open` one may go on.
fn term(word: &str, open: bool) -> String {
    // The org takes these words for operators unless they stand in quotation marks.
    let operators = ["and", "or", "not"];
    if operators.iter().any(|o| word.eq_ignore_ascii_case(o)) {
        return format!("\"{word}\"");
    }
    let mut term = String::with_capacity(word.len() + 2);
    for character in word.chars() {
        if RESERVED.contains(character) {
            term.push('\\');
        }
        term.push(character);
    }
    // A wildcard after a single letter, or after a sign, asks for more than was typed.
    if open && letters(word) > 1 && word.ends_with(char::is_alphanumeric) {
        term.push('*');
    }
    term
}

fn found(answer: &Answer) -> Result<Vec<Record>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Found {
        // The org returns fewer; it may count those it may not show.
        #[serde(deserialize_with = "list::<_, _, { 5 * MAX_FOUND as usize }>")]
        search_records: Vec<Record>,
    }
    let found: Found = answer.json()?;
    Ok(found.search_records)
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
