//! Trees of rules as people give them: read, put into our own terms, and tried.

use leadferry_replication::mapping::{country_name, state_name};
pub use leadferry_store::RuleTree;
use leadferry_store::{Condition, Explained, Operator};
use serde_json::Value;

use crate::imports::country_code;
use crate::{Error, Result, sentence};

/// Reads a tree from JSON.
///
/// # Errors
/// When it is no such JSON; the message names the rule.
pub fn read_tree(json: &str) -> Result<RuleTree> {
    serde_json::from_str(json)
        .map(in_our_terms)
        .map_err(|error| {
            Error::usage("the rules can't be read", "correct the rules")
                .because(leadferry_store::why_unread(&error))
                .with_command("segments add --help")
        })
}

/// Returns why rules were refused as sentences, with what to do where the store says so.
pub(crate) fn why_refused(error: &leadferry_store::Error) -> String {
    let text = error.to_string();
    if let leadferry_store::Error::NotFound {
        meant: Some(meant), ..
    } = error
    {
        return format!("{} Did you mean \"{meant}\"?", sentence(&text));
    }
    match text.rsplit_once("; ") {
        Some((what, cure)) => format!("{} {}", sentence(what), sentence(cure)),
        None => text,
    }
}

/// Puts codes where people write the names of countries: contacts hold codes.
pub(crate) fn in_our_terms(tree: RuleTree) -> RuleTree {
    with_conditions(tree, &|condition| {
        let whole = matches!(
            condition.op,
            Operator::Equals | Operator::NotEquals | Operator::OneOf | Operator::NoneOf
        );
        if whole && names_country(&condition) {
            with_values(condition, |text| country_code(text).map(str::to_owned))
        } else {
            condition
        }
    })
}

/// Puts the names of countries and states where contacts hold codes, to be read by people.
pub(crate) fn in_their_terms(tree: RuleTree) -> RuleTree {
    with_conditions(tree, &|condition| {
        if names_country(&condition) {
            with_values(condition, |code| Some(country_name(code).into_owned()))
        } else if names_state(&condition) {
            with_values(condition, |code| Some(state_name(code).into_owned()))
        } else {
            condition
        }
    })
}

/// Puts the names of countries and states into an explanation of a tree.
pub(crate) fn put_in_words(explained: &mut Explained, tree: &RuleTree) {
    if let RuleTree::Field(condition) = tree
        && (names_country(condition) || names_state(condition))
    {
        explained.rule = in_their_terms(tree.clone()).to_string();
        let code = explained
            .has
            .as_deref()
            .map(|has| has.trim_matches(['“', '”']));
        let name = code.map(|code| match names_country(condition) {
            true => country_name(code),
            false => state_name(code),
        });
        explained.has = name.map(std::borrow::Cow::into_owned);
    }
    for (part, tree) in explained.parts.iter_mut().zip(tree.parts()) {
        put_in_words(part, tree);
    }
}

fn names_country(condition: &Condition) -> bool {
    matches!(condition.field.as_str(), "country" | "account:country")
}

fn names_state(condition: &Condition) -> bool {
    matches!(condition.field.as_str(), "state" | "account:state")
}

fn with_conditions(tree: RuleTree, change: &dyn Fn(Condition) -> Condition) -> RuleTree {
    let each = |parts: Vec<RuleTree>| -> Vec<RuleTree> {
        parts
            .into_iter()
            .map(|part| with_conditions(part, change))
            .collect()
    };
    match tree {
        RuleTree::All { all } => RuleTree::All { all: each(all) },
        RuleTree::Any { any } => RuleTree::Any { any: each(any) },
        RuleTree::None { none } => RuleTree::None { none: each(none) },
        RuleTree::Field(condition) => RuleTree::Field(change(condition)),
        other => other,
    }
}

fn with_values(mut condition: Condition, change: impl Fn(&str) -> Option<String>) -> Condition {
    let put = |value: &mut Value| {
        if let Some(text) = value.as_str().and_then(&change) {
            *value = Value::String(text);
        }
    };
    match &mut condition.value {
        Value::Array(values) => values.iter_mut().for_each(put),
        value => put(value),
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
        assert_eq!(
            in_their_terms(tree).sentence(),
            "Everyone whose country is one of “Germany”, “Austria”, “France”, “Atlantis”"
        );
        assert!(read_tree("{\"all\": 1}").is_err());
    }
}
