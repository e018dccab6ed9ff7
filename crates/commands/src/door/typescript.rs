//! The TypeScript file that the window is written against: all commands, errors and events, generated from the table.

use std::any::TypeId;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use ts_rs::{Config, TS, TypeVisitor};

use super::{Event, table};
use crate::Error;
use crate::figures::NAMES;

/// The types seen so far, each declared once.
pub(crate) struct Types {
    config: Config,
    declared: BTreeMap<String, String>,
    seen: HashMap<TypeId, ()>,
}

impl Types {
    pub(crate) fn new() -> Types {
        Types {
            // JSON numbers are what arrives; ids stay below 2^53.
            config: Config::new().with_large_int("number"),
            declared: BTreeMap::new(),
            seen: HashMap::new(),
        }
    }

    /// Returns how a type was declared.
    #[cfg(test)]
    pub(crate) fn declaration(&self, name: &str) -> Option<&str> {
        self.declared.get(name).map(String::as_str)
    }

    /// Declares a type with all that it is made of, and returns how it is written.
    pub(crate) fn add<T: TS + 'static + ?Sized>(&mut self) -> String {
        self.visit::<T>();
        T::name(&self.config)
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if self.seen.insert(TypeId::of::<T>(), ()).is_some() {
            return;
        }
        if T::output_path().is_some() {
            let text = format!(
                "{}export {}\n",
                T::docs().unwrap_or_default(),
                T::decl(&self.config)
            );
            let name = T::ident(&self.config);
            let before = self.declared.insert(name.clone(), text.clone());
            assert!(
                before.is_none_or(|before| before == text),
                "two types are called {name}: give one of them #[ts(rename = …)]"
            );
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// Returns the text of the file.
///
/// # Panics
/// When two types of the table have the same name.
pub fn typescript() -> String {
    let mut types = Types::new();
    let (mut commands, mut stales, mut asking) = (String::new(), String::new(), String::new());
    for command in table::all() {
        let (params, answer) = (command.types)(&mut types);
        let _ = write!(
            commands,
            "  /** {} */\n  '{}': {{ params: {params}; answer: {answer} }};\n",
            command.doc.trim().replace("\n ", "\n   * "),
            command.name
        );
        if !command.stales.is_empty() {
            let _ = writeln!(stales, "  '{}': {:?},", command.name, command.stales);
        }
        if command.asks_org {
            let _ = writeln!(asking, "  '{}',", command.name);
        }
    }
    types.add::<Error>();
    types.add::<Event>();
    let declared: Vec<_> = types.declared.into_values().collect();
    let mut names = String::new();
    for (figure, name) in NAMES {
        let _ = writeln!(names, "  {figure}: '{name}',");
    }
    format!(
        "// Generated from the commands' table by `cargo xtask bindings`. Changes here are lost.\n\n\
         /** Every command: its parameters and its answer. */\n\
         export type Commands = {{\n{commands}}};\n\n\
         /** Concepts whose answers a command makes stale. */\n\
         export const stales: {{ readonly [name in keyof Commands]?: readonly string[] }} = {{\n{stales}}};\n\n\
         /** Questions that may cost API calls: their answers say how many in `calls`. */\n\
         export const asksOrg: ReadonlySet<string> = new Set<keyof Commands>([\n{asking}]);\n\n\
         /** What each number of contacts is called, on every screen. */\n\
         export const figureNames = {{\n{names}}} as const;\n\n{}",
        declared.join("\n")
    )
}
