//! The table of all commands.

use std::future::Future;
use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::At;
use super::typescript::Types;
use crate::{Error, Result};

type Answer = Pin<Box<dyn Future<Output = Result<Value>>>>;

/// A command: how it is called, and how TypeScript sees it.
pub(crate) struct Command {
    /// `<concept>.<verb>`.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) doc: &'static str,
    /// Concepts whose answers it makes stale at once.
    pub(crate) stales: &'static [&'static str],
    /// It may ask an org, and its answer says in `calls` how many API calls that took.
    pub(crate) asks_org: bool,
    pub(crate) call: fn(At, Value) -> Answer,
    /// Adds parameters and answer, and returns their names.
    pub(crate) types: fn(&mut Types) -> (String, String),
}

/// Returns all commands, concept by concept.
pub(crate) fn all() -> impl Iterator<Item = &'static Command> {
    [
        super::workspaces::COMMANDS,
        super::shell::COMMANDS,
        super::job_list::COMMANDS,
        super::statistics::COMMANDS,
        super::contacts::COMMANDS,
        super::accounts::COMMANDS,
        super::custom_fields::COMMANDS,
        super::imports::COMMANDS,
        super::activities::COMMANDS,
        super::consents::COMMANDS,
        super::consent_syncs::COMMANDS,
        super::scores::COMMANDS,
        super::segments::COMMANDS,
        super::connections::COMMANDS,
        super::practice::COMMANDS,
        super::replications::COMMANDS,
        super::mappings::COMMANDS,
        super::queue::COMMANDS,
        super::runs::COMMANDS,
        super::alerts::COMMANDS,
        super::links::COMMANDS,
        super::search::COMMANDS,
        super::pulls::COMMANDS,
        super::mirror::COMMANDS,
        super::inbound::COMMANDS,
        super::doctor::COMMANDS,
        super::help::COMMANDS,
    ]
    .into_iter()
    .flatten()
}

/// Reads the parameters of a command; none at all stand for an empty object.
pub(super) fn read<T: DeserializeOwned>(params: Value) -> Result<T> {
    let params = match params {
        Value::Null => Value::Object(serde_json::Map::new()),
        params => params,
    };
    serde_json::from_value(params).map_err(|error| {
        Error::usage("the request can't be read", "restart Leadferry").because(error.to_string())
    })
}

pub(super) fn write<T: Serialize>(answer: &T) -> Result<Value> {
    serde_json::to_value(answer).map_err(|error| {
        Error::new(crate::Code::Local, "the answer can't be shown", "try again")
            .because(error.to_string())
    })
}

/// Makes the `COMMANDS` of a concept.
///
/// Each is `/// doc`, `"name"`, `(parameters) -> answer`, where it changes something `stales [concepts]`, where it is a
/// question that may cost API calls `asks org`, and a body of type `Result<answer>`, which may wait.
macro_rules! commands {
    ($(
        $(#[doc = $doc:literal])+
        $name:literal ($request:ty) -> $answer:ty $(, stales [$($stale:literal),*])? $(, asks $org:ident)? =
            |$at:ident, $params:pat_param| $body:expr;
    )*) => {
        pub(super) const COMMANDS: &[$crate::door::table::Command] = &[$(
            $crate::door::table::Command {
                name: $name,
                doc: concat!($($doc),+),
                stales: &[$($($stale),*)?],
                asks_org: <[&str]>::len(&[$(stringify!($org))?]) == 1,
                call: |$at, params| Box::pin(async move {
                    let $params: $request = $crate::door::table::read(params)?;
                    let answer: $crate::Result<$answer> = $body;
                    $crate::door::table::write(&answer?)
                }),
                types: |types| (types.add::<$request>(), types.add::<$answer>()),
            }
        ),*];
    };
}
pub(super) use commands;

/// The parameters of a command that needs none.
#[derive(Debug, Clone, Copy, serde::Deserialize, ts_rs::TS)]
pub(crate) struct Nothing {}

/// The parameters of a command about one thing.
#[derive(Debug, Clone, serde::Deserialize, ts_rs::TS)]
pub(crate) struct Named {
    /// Its name.
    pub(crate) name: String,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_command_has_a_name_of_its_own_under_a_concept() {
        let mut seen = BTreeSet::new();
        for command in all() {
            assert!(command.name.contains('.'), "{}", command.name);
            assert!(seen.insert(command.name), "{} stands twice", command.name);
        }
    }

    #[test]
    fn what_a_command_makes_stale_is_a_concept_that_can_be_asked_for() {
        let concepts: BTreeSet<_> = all()
            .filter_map(|command| command.name.split('.').next())
            .collect();
        for command in all() {
            for stale in command.stales {
                assert!(concepts.contains(stale), "{}: {stale}", command.name);
            }
        }
    }

    /// Questions that reach an org, which the window keeps from being asked again by themselves.
    #[test]
    fn what_asks_an_org_says_how_many_calls_that_took() {
        let mut types = Types::new();
        for command in all().filter(|command| command.asks_org) {
            let (_, answer) = (command.types)(&mut types);
            let declared = types.declaration(&answer);
            assert!(
                declared.is_some_and(|text| text.contains("calls: number")),
                "{}: {answer} has no `calls`",
                command.name
            );
        }
    }
}
