//! Text templates: `{% Contact.first_name %} from {% Account.name %}`, or the same in double braces,
//! `{{ Contact.first_name }}`.
//!
//! The names in a template are resolved once, when it is read: each becomes a numbered variable, so that an unknown
//! name is found even in a branch that no contact takes. There are values only: no blocks, no functions, no clock.
//!
//! A template may come from a stranger's workspace. What it computes is bounded by fuel, and what it makes is bounded by
//! bytes: `shape` refuses expressions that could repeat text, `filters` counts what filters make, and `render` counts
//! the values beforehand. What is left can only put these together.

mod expressions;
mod filters;
mod renaming;
mod shape;

pub(super) use renaming::asked_in_template;
pub use renaming::{renamed_in_template, template_reads};

use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, ValueKind};
use minijinja::{Environment, UndefinedBehavior, Value};

use super::escaping::section_at;
use super::findings::excerpt;
use super::grid::{GridFacts, sample_facts};
use super::reading::{Facts, Local, Raw};
use super::{Finding, Names};

/// What a template may compute for one contact.
const FUEL: u64 = 20_000;
/// Most bytes that the values in a text may have, and again what filters may make. No Salesforce field holds more than
/// 131,072 characters, which is half of this at worst.
const MOST_BYTES: usize = 1 << 20;
const TOO_LONG: &str = "the text is longer than 1 MB";
/// Most bytes of a template; the longest field of Salesforce holds as many characters.
const LONGEST: usize = 131_072;
const NAME: &str = "template";

/// A template whose names are resolved.
#[derive(Debug)]
pub(super) struct Template {
    locals: Vec<Local>,
    /// How often each local stands in the template.
    uses: Vec<usize>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// Text and bare values: needs no engine.
    Plain(Vec<Part>),
    Computed(Box<Environment<'static>>),
}

#[derive(Debug)]
enum Part {
    Text(String),
    /// The value of the local at this place.
    Value(usize),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub(super) fn read(text: &str, names: &Names<'_>) -> Result<Self, Finding> {
        if text.len() > LONGEST {
            return Err(syntax(format!(
                "it has more than the {LONGEST} characters that a Salesforce field can hold"
            )));
        }
        // The delimiters that we make unreachable consist of control characters, which no target can hold anyway.
        let chars: Vec<char> = text
            .chars()
            .filter(|char| !char.is_control() || char.is_whitespace())
            .collect();
        let (mut locals, mut uses) = (Vec::new(), Vec::new());
        let (mut parts, mut source) = (Vec::new(), String::with_capacity(text.len()));
        let (mut literal, mut plain, mut at) = (String::new(), true, 0);
        while at < chars.len() {
            if let Some(end) = section_at(at, |at| chars.get(at).copied()) {
                let inside: String = chars[at + 2..end - 2].iter().collect();
                let expression = expressions::resolve(&inside, names, &mut locals)?;
                uses.resize(locals.len(), 0);
                expression.values.iter().for_each(|at| uses[*at] += 1);
                source.push_str(&format!("{{%{}%}}", expression.text));
                parts.push(Part::Text(std::mem::take(&mut literal)));
                match expression.only {
                    Some(local) => parts.push(Part::Value(local)),
                    None => plain = false,
                }
                at = end;
            } else if chars[at..].starts_with(&['{', '%']) {
                return Err(syntax("{% isn't closed with %}"));
            } else if chars[at..].starts_with(&['{', '{']) {
                return Err(syntax("{{ isn't closed with }}"));
            } else {
                source.push(chars[at]);
                literal.push(chars[at]);
                at += 1;
            }
        }
        parts.push(Part::Text(literal));
        // Read by the engine in any case: it knows more ways of being wrong.
        shape::check(&source, &locals, names)?;
        let environment = environment(source)?;
        let body = if plain {
            Body::Plain(parts)
        } else {
            Body::Computed(Box::new(environment))
        };
        Ok(Self { locals, uses, body })
    }

    /// Returns what has to be known of the contact.
    pub(super) fn locals(&self) -> &[Local] {
        &self.locals
    }

    /// Renders the template for a contact; unset values render as nothing.
    ///
    /// # Errors
    /// The engine's words, where it fails on this contact's values; [`TOO_LONG`] where they are too long.
    pub(super) fn render(&self, facts: Facts<'_>) -> Result<String, String> {
        if self.bytes(facts) > MOST_BYTES {
            return Err(TOO_LONG.to_owned());
        }
        match &self.body {
            Body::Plain(parts) => Ok(self.concatenate(parts, facts)),
            Body::Computed(environment) => {
                let values = self
                    .locals
                    .iter()
                    .map(|local| value(local.read(facts), facts))
                    .collect();
                environment
                    .get_template(NAME)
                    .and_then(|template| template.render(Value::from_object(Variables(values))))
                    .map_err(|error| match error.detail() {
                        Some(TOO_LONG) => TOO_LONG.to_owned(),
                        _ => error.kind().to_string(),
                    })
            }
        }
    }

    /// Returns the bytes of all texts that stand in the template; other values are short.
    fn bytes(&self, facts: Facts<'_>) -> usize {
        let each = self.locals.iter().zip(&self.uses);
        each.fold(0, |bytes, (local, uses)| match local.read(facts) {
            Some(Raw::Text(text)) => bytes.saturating_add(text.len().saturating_mul(*uses)),
            _ => bytes,
        })
    }

    fn concatenate(&self, parts: &[Part], facts: Facts<'_>) -> String {
        let mut out = String::new();
        for part in parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Value(local) => match self.locals[*local].read(facts) {
                    Some(Raw::Text(text)) => out.push_str(&text),
                    Some(raw) => out.push_str(&raw.into_text(facts.zone)),
                    None => {}
                },
            }
        }
        out
    }
}

/// Returns what is wrong with a template; `None` where it can be used.
pub fn check_template(text: &str, names: &Names<'_>) -> Option<Finding> {
    Template::read(text, names).err()
}

/// Renders a template for the sample contact; `None` without one.
///
/// # Errors
/// What is wrong with the template, or with this contact's values in it.
pub fn preview_template(text: &str, facts: GridFacts<'_>) -> Result<Option<String>, Finding> {
    let template = Template::read(text, facts.names)?;
    let rendered = sample_facts(facts).map(|sample| template.render(sample));
    rendered.transpose().map_err(syntax)
}

/// Whole numbers and yes/no can be compared; everything else is text, so that no digit is lost.
fn value(raw: Option<Raw<'_>>, facts: Facts<'_>) -> Value {
    match raw {
        None => Value::from(""),
        Some(Raw::Integer(number)) => Value::from(number),
        Some(Raw::YesNo(yes)) => Value::from(yes),
        Some(Raw::Text(text)) => Value::from(&*text),
        Some(raw) => Value::from(raw.into_text(facts.zone)),
    }
}

/// The variables `v0`, `v1` and so on.
#[derive(Debug)]
struct Variables(Vec<Value>);

impl Object for Variables {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let at: usize = key.as_str()?.strip_prefix('v')?.parse().ok()?;
        self.0.get(at).cloned()
    }
}

fn delimiters() -> Result<SyntaxConfig, Finding> {
    SyntaxConfig::builder()
        .variable_delimiters("{%", "%}")
        .block_delimiters("\u{1}b", "b\u{1}")
        .comment_delimiters("\u{1}c", "c\u{1}")
        .keep_trailing_newline(true)
        .build()
        .map_err(|error| engine(&error))
}

fn environment(source: String) -> Result<Environment<'static>, Finding> {
    let mut environment = Environment::empty();
    environment.set_syntax(delimiters()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_formatter(|out, state, value| match value.kind() {
        // As text and as JSON have it; the engine's own way is Python's.
        ValueKind::Bool => Ok(out.write_str(if value.is_true() { "true" } else { "false" })?),
        _ => minijinja::escape_formatter(out, state, value),
    });
    filters::add(&mut environment);
    let read = environment.add_template_owned(NAME, source);
    read.map_err(|error| engine(&error))?;
    Ok(environment)
}

/// What the engine says about a template that it cannot read.
fn engine(error: &minijinja::Error) -> Finding {
    syntax(
        error
            .detail()
            .map_or_else(|| error.kind().to_string(), str::to_owned),
    )
}

fn syntax(reason: impl Into<String>) -> Finding {
    Finding::error(
        "template_syntax",
        format!("the template can't be read: {}", excerpt(&reason.into())),
        "write values as {% Contact.first_name %}, with filters such as {% Contact.city|upper %}",
    )
}

#[cfg(test)]
mod tests;
