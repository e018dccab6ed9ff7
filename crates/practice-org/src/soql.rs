//! The query language: read into a tree, turned into one SQL statement with bound values, and run.

pub(crate) mod ast;
mod children;
mod columns;
mod condition;
mod dates;
mod explain;
mod expression;
mod flat;
mod grouping;
mod lexer;
pub(crate) mod parser;
mod run;
mod scope;
mod search;
mod selection;
mod shown;
mod translate;

pub(crate) use columns::columns;
pub(crate) use explain::explain;
pub(crate) use flat::flat;
pub(crate) use grouping::groupable;
pub(crate) use run::{Run, holds, next_page, run};
pub(crate) use search::{Searched, search};
pub(crate) use selection::{Selection, record};
pub(crate) use shown::register;

use crate::http::Refused;

/// A query that the org refuses, with the byte where it went wrong.
#[derive(Debug)]
pub(crate) struct Fault {
    /// `MALFORMED_QUERY`, `INVALID_FIELD`, …
    pub(crate) code: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// Byte offset into the query; none where Salesforce shows no place.
    pub(crate) at: Option<usize>,
}

impl Fault {
    /// A refusal with its place.
    pub(crate) fn at(code: &'static str, message: impl Into<String>, at: usize) -> Fault {
        Fault {
            code,
            message: message.into(),
            at: Some(at),
        }
    }

    /// A refusal without a place.
    pub(crate) fn plain(code: &'static str, message: impl Into<String>) -> Fault {
        Fault {
            code,
            message: message.into(),
            at: None,
        }
    }

    /// The refusal, with the line and a mark under the place.
    pub(crate) fn refused(&self, query: &str) -> Refused {
        let Some(at) = self.at else {
            return Refused::new(400, self.code, self.message.as_str());
        };
        let (row, column) = crate::json::place(query, at);
        let line: Vec<char> = query
            .lines()
            .nth(row - 1)
            .unwrap_or_default()
            .chars()
            .collect();
        // Long queries are shown around the place only.
        let start = (column - 1).saturating_sub(40).min(line.len());
        let end = (column + 40).min(line.len());
        let shown: String = line[start..end].iter().collect();
        let mark = " ".repeat(column - 1 - start);
        let message = format!(
            "\n{shown}\n{mark}^\nERROR at Row:{row}:Column:{column}\n{}",
            self.message
        );
        Refused::new(400, self.code, message)
    }
}
