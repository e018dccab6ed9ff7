//! Trees of rules as people give them: read, put into our own terms, and tried.

use leadferry_store::{Condition, Operator, RuleTree};
use serde_json::Value;

use crate::imports::country_code;
use crate::{Code, Error, Result};

/// Reads a tree from JSON.
///
/// # Errors
/// When it is no such JSON; the message names the rule.
pub fn read_tree(json: &str) -> Result<RuleTree> {
    serde_json::from_str(json)
        .map(in_our_terms)
        .map_err(|error| {
            Error::new(
                Code::Usage,
                format!("the rules cannot be read: {error}"),
                "correct them; `segments add --help` shows their form",
            )
        })
}

/// Puts codes where people write the names of countries: contacts hold codes.
pub(crate) fn in_our_terms(tree: RuleTree) -> RuleTree {
    let each = |parts: Vec<RuleTree>| parts.into_iter().map(in_our_terms).collect();
    match tree {
        RuleTree::All { all } => RuleTree::All { all: each(all) },
        RuleTree::Any { any } => RuleTree::Any { any: each(any) },
        RuleTree::None { none } => RuleTree::None { none: each(none) },
        RuleTree::Field(condition) => RuleTree::Field(with_codes(condition)),
        other => other,
    }
}

fn with_codes(mut condition: Condition) -> Condition {
    let names_country = matches!(condition.field.as_str(), "country" | "account:country");
    let compares_whole = matches!(
        condition.op,
        Operator::Equals | Operator::NotEquals | Operator::OneOf | Operator::NoneOf
    );
    if !names_country || !compares_whole {
        return condition;
    }
    let code = |value: &mut Value| {
        if let Some(code) = value.as_str().and_then(country_code) {
            *value = Value::String(code.to_owned());
        }
    };
    match &mut condition.value {
        Value::Array(values) => values.iter_mut().for_each(code),
        value => code(value),
    }
    condition
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_countries_become_codes() {
        let tree = read_tree(
            r#"{"all": [{"field": "country", "op": "one_of", "value": ["Germany", "österreich", "FR", "Atlantis"]}]}"#,
        )
        .unwrap();
        assert_eq!(
            tree.to_string(),
            "country is one of “DE”, “AT”, “FR”, “Atlantis”"
        );
        assert!(read_tree("{\"all\": 1}").is_err());
    }
}
