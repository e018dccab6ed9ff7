//! Text templates: `{% Contact.first_name %} from {% Account.name %}`.
//!
//! The names in a template are resolved once, when it is read: each becomes a numbered variable, so that an unknown
//! name is found even in a branch that no contact takes. There are values only: no blocks, no functions, no clock.

mod expressions;

use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, ValueKind};
use minijinja::{Environment, UndefinedBehavior, Value, filters};

use super::escaping::section_at;
use super::findings::excerpt;
use super::reading::{Facts, Local, Raw};
use super::{Finding, Names};

/// What a template may compute for one contact.
const FUEL: u64 = 20_000;
const NAME: &str = "template";

/// A template whose names are resolved.
#[derive(Debug)]
pub(super) struct Template {
    locals: Vec<Local>,
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
        // The delimiters that we make unreachable consist of control characters, which no target can hold anyway.
        let chars: Vec<char> = text
            .chars()
            .filter(|char| !char.is_control() || char.is_whitespace())
            .collect();
        let mut locals = Vec::new();
        let (mut parts, mut source) = (Vec::new(), String::with_capacity(text.len()));
        let (mut literal, mut plain, mut at) = (String::new(), true, 0);
        while at < chars.len() {
            if let Some(end) = section_at(at, |at| chars.get(at).copied()) {
                let inside: String = chars[at + 2..end - 2].iter().collect();
                let expression = expressions::resolve(&inside, names, &mut locals)?;
                source.push_str(&format!("{{%{}%}}", expression.text));
                parts.push(Part::Text(std::mem::take(&mut literal)));
                match expression.only {
                    Some(local) => parts.push(Part::Value(local)),
                    None => plain = false,
                }
                at = end;
            } else if chars[at..].starts_with(&['{', '%']) {
                return Err(syntax("{% is not closed by %}"));
            } else {
                source.push(chars[at]);
                literal.push(chars[at]);
                at += 1;
            }
        }
        parts.push(Part::Text(literal));
        // Read by the engine in any case: it knows more ways of being wrong.
        let environment = environment(source)?;
        let body = if plain {
            Body::Plain(parts)
        } else {
            Body::Computed(Box::new(environment))
        };
        Ok(Self { locals, body })
    }

    /// Returns what has to be known of the contact.
    pub(super) fn locals(&self) -> &[Local] {
        &self.locals
    }

    /// Renders the template for a contact; unset values render as nothing.
    ///
    /// # Errors
    /// The engine's words, where it fails on this contact's values.
    pub(super) fn render(&self, facts: Facts<'_>) -> Result<String, String> {
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
                    .map_err(|error| error.kind().to_string())
            }
        }
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

fn environment(source: String) -> Result<Environment<'static>, Finding> {
    let mut environment = Environment::empty();
    let delimiters = SyntaxConfig::builder()
        .variable_delimiters("{%", "%}")
        .block_delimiters("\u{1}b", "b\u{1}")
        .comment_delimiters("\u{1}c", "c\u{1}")
        .keep_trailing_newline(true)
        .build();
    environment.set_syntax(delimiters.map_err(|error| syntax(error.to_string()))?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_formatter(|out, state, value| match value.kind() {
        // As text and as JSON have it; the engine's own way is Python's.
        ValueKind::Bool => Ok(out.write_str(if value.is_true() { "true" } else { "false" })?),
        _ => minijinja::escape_formatter(out, state, value),
    });
    environment.add_filter("upper", filters::upper);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("title", filters::title);
    environment.add_filter("capitalize", filters::capitalize);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("replace", filters::replace);
    environment.add_filter("default", default);
    let read = environment.add_template_owned(NAME, source);
    read.map_err(|error| {
        syntax(
            error
                .detail()
                .map_or_else(|| error.kind().to_string(), str::to_owned),
        )
    })?;
    Ok(environment)
}

/// The filters that templates may use.
const FILTERS: &[&str] = &[
    "upper",
    "lower",
    "title",
    "capitalize",
    "trim",
    "replace",
    "default",
];

/// Gives another value where one is unset or blank.
fn default(value: Value, other: Value) -> Value {
    let is_blank = value
        .as_str()
        .map_or(value.is_undefined() || value.is_none(), |text| {
            text.trim().is_empty()
        });
    if is_blank { other } else { value }
}

fn syntax(reason: impl Into<String>) -> Finding {
    Finding::error(
        "template_syntax",
        format!("the template cannot be read: {}", excerpt(&reason.into())),
        "write values as {% Contact.first_name %}, with filters such as {% Contact.city|upper %}",
    )
}

#[cfg(test)]
mod tests;
