//! The filters of templates; what they make is counted, so that a chain of them cannot make a text without end.

use std::borrow::Cow;

use minijinja::{Environment, Error, ErrorKind, State, Value, filters};

use super::{MOST_BYTES, TOO_LONG};

/// The filters that templates may use.
pub(super) const FILTERS: &[&str] = &[
    "upper",
    "lower",
    "title",
    "capitalize",
    "trim",
    "replace",
    "default",
];

/// Adds all filters to an environment.
pub(super) fn add(environment: &mut Environment<'_>) {
    let mut plain = |name: &'static str, filter: fn(&str) -> String| {
        environment.add_filter(name, move |state: &mut State, text: Cow<'_, str>| {
            counted(state, text.len(), || filter(&text))
        });
    };
    plain("upper", str::to_uppercase);
    plain("lower", str::to_lowercase);
    plain("title", |text| filters::title(text.into()));
    plain("capitalize", capitalize);
    environment.add_filter("trim", trim);
    environment.add_filter("replace", replace);
    environment.add_filter("default", default);
}

/// The bytes that filters have made in this rendering.
#[derive(Default)]
struct Made(usize);

/// Makes a text of about so many bytes, unless that is too much together with what was made before.
fn counted(
    state: &mut State,
    bytes: usize,
    make: impl FnOnce() -> String,
) -> Result<String, Error> {
    let made = state.get_or_insert_extension(Made::default());
    made.0 = made.0.saturating_add(bytes);
    if made.0 > MOST_BYTES {
        return Err(Error::new(ErrorKind::InvalidOperation, TOO_LONG));
    }
    Ok(make())
}

fn capitalize(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first
        .into_iter()
        .flatten()
        .chain(letters.as_str().to_lowercase().chars())
        .collect()
}

fn trim(
    state: &mut State,
    text: Cow<'_, str>,
    signs: Option<Cow<'_, str>>,
) -> Result<String, Error> {
    counted(state, text.len(), || match signs {
        Some(signs) => text.trim_matches(|sign| signs.contains(sign)).to_owned(),
        None => text.trim().to_owned(),
    })
}

fn replace(
    state: &mut State,
    text: Cow<'_, str>,
    from: Cow<'_, str>,
    to: Cow<'_, str>,
) -> Result<String, Error> {
    // An empty text stands between all others.
    let times = text.matches(from.as_ref()).count();
    let bytes = text.len().saturating_add(times.saturating_mul(to.len()));
    counted(state, bytes, || text.replace(from.as_ref(), &to))
}

/// Gives another value where one is unset or blank.
fn default(value: Value, other: Value) -> Value {
    let is_blank = value
        .as_str()
        .map_or(value.is_undefined() || value.is_none(), |text| {
            text.trim().is_empty()
        });
    if is_blank { other } else { value }
}
