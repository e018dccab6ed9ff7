//! The search language: what to find is read into a tree of words, what to return as queries are, and both are run.

mod matching;
mod parser;
mod run;
mod terms;

pub(crate) use parser::{id_of, parse};
pub(crate) use run::run;
pub(crate) use terms::register;

use crate::http::Refused;
use crate::soql::Fault;
use crate::soql::ast::Query;

/// A search as it was asked.
#[derive(Debug)]
pub(crate) struct Search {
    /// The words to find, as written.
    pub(crate) text: String,
    /// How they are written.
    pub(crate) manner: Manner,
    /// In which fields.
    pub(crate) group: Group,
    /// What to return of each object; empty: the ids of all that can be searched.
    pub(crate) returning: Vec<Query>,
    /// At most so many records of all objects.
    pub(crate) limit: i64,
}

/// How the words of a search are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Manner {
    /// Within the braces of `FIND {…}`: reserved characters need a backslash.
    Sosl,
    /// As a parameter: reserved characters that are no operator stand for themselves.
    Parameter,
}

/// Fields to look into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Group {
    /// `ALL FIELDS`: all text.
    All,
    /// `NAME FIELDS`
    Name,
    /// `EMAIL FIELDS`
    Email,
    /// `PHONE FIELDS`
    Phone,
    /// `SIDEBAR FIELDS`: names, e-mail addresses and telephone numbers.
    Sidebar,
}

/// Most records that a search returns.
pub(crate) const MOST: i64 = 2000;

impl Group {
    /// The group of this name, whatever the case.
    pub(crate) fn named(name: &str) -> Option<Group> {
        let known = [
            ("ALL", Group::All),
            ("NAME", Group::Name),
            ("EMAIL", Group::Email),
            ("PHONE", Group::Phone),
            ("SIDEBAR", Group::Sidebar),
        ];
        let found = known
            .into_iter()
            .find(|(k, _)| k.eq_ignore_ascii_case(name));
        found.map(|(_, group)| group)
    }
}

/// The refusal of a search, in which a malformed query is a malformed search. Without a text no place is shown.
pub(crate) fn refused(fault: &Fault, text: &str) -> Refused {
    let mut refused = if text.is_empty() {
        Refused::new(400, fault.code, fault.message.as_str())
    } else {
        fault.refused(text)
    };
    if refused.code == "MALFORMED_QUERY" {
        refused.code = MALFORMED.to_owned();
    }
    refused
}

/// The code of a search that cannot be read.
pub(crate) const MALFORMED: &str = "MALFORMED_SEARCH";
