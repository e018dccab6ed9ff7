//! What the org tells about a user's sign-ins and its own duplicate rules, where the user may read it.

use crate::query::Page;
use crate::soql::quote;
use crate::{Client, Id, Record, Result, parse_date_time};

/// A sign-in, as the org has logged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The address that the org saw.
    pub source_ip: String,
    /// When, UTC milliseconds.
    pub at: Option<i64>,
    /// Such as `Success`.
    pub status: String,
}

impl Login {
    /// Tells whether the org refused it because of where it came from.
    ///
    /// # Source
    /// Object Reference, "`LoginHistory`", `Status`: *Restricted IP*.
    pub fn is_refused_address(&self) -> bool {
        self.status.to_ascii_lowercase().contains("restricted ip")
    }
}

/// A duplicate rule that is active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateRule {
    /// The object whose records it guards.
    pub object: String,
    /// What people call it.
    pub label: String,
}

/// What surrounds a user's work in the org; each part is an error where they may not read it.
#[derive(Debug)]
pub struct Surroundings {
    /// The latest sign-ins, the latest first.
    pub logins: Result<Vec<Login>>,
    /// The active duplicate rules.
    pub duplicate_rules: Result<Vec<DuplicateRule>>,
}

impl Client {
    /// Asks for the user's latest sign-ins and the active duplicate rules, in one call.
    ///
    /// # Errors
    /// When the org doesn't answer. What the user may not read is an error in its place.
    ///
    /// # Source
    /// Object Reference, "`LoginHistory`" (needs *Manage Users*) and "`DuplicateRule`" (needs *View Setup and
    /// Configuration*).
    pub async fn surroundings(&self, user: &Id) -> Result<Surroundings> {
        let logins = format!(
            "SELECT SourceIp, LoginTime, Status FROM LoginHistory WHERE UserId = {} ORDER BY LoginTime DESC LIMIT 20",
            quote(user.as_str())
        );
        let rules =
            "SELECT SobjectType, MasterLabel FROM DuplicateRule WHERE IsActive = true LIMIT 200";
        let mut pages = self.each_query(&[logins, rules.to_owned()], false).await?;
        let (rules, logins) = (pages.pop(), pages.pop());
        let page = |page: Option<Result<Page>>| page.unwrap_or(Err(crate::Error::Paging));
        Ok(Surroundings {
            logins: page(logins).map(|page| page.records.iter().filter_map(login).collect()),
            duplicate_rules: page(rules)
                .map(|page| page.records.iter().filter_map(duplicate_rule).collect()),
        })
    }
}

fn login(record: &Record) -> Option<Login> {
    let at = record.text("LoginTime").and_then(parse_date_time);
    Some(Login {
        source_ip: record.text("SourceIp")?.to_owned(),
        at: at.map(|at| at.as_millisecond()),
        status: record.text("Status").unwrap_or_default().to_owned(),
    })
}

fn duplicate_rule(record: &Record) -> Option<DuplicateRule> {
    Some(DuplicateRule {
        object: record.text("SobjectType")?.to_owned(),
        label: record.text("MasterLabel")?.to_owned(),
    })
}
