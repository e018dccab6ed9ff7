//! JSON as the org needs it: members in order, numbers as their digits, positions for error messages.

mod parse;
mod write;

pub(crate) use parse::{parse, place};

/// A JSON value that loses nothing of what was sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number in its own digits.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object's members in the order sent; a repeated name stays repeated.
    Object(Vec<Member>),
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    /// The name as sent.
    pub(crate) name: String,
    /// The value.
    pub(crate) value: Json,
    /// Bytes from the start of the text to the value; 0 for values made here.
    pub(crate) at: usize,
}

impl Json {
    /// The first member called `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        self.members()
            .iter()
            .find(|m| m.name == name)
            .map(|m| &m.value)
    }

    /// The first member called `name`, whatever the case.
    pub(crate) fn get_any_case(&self, name: &str) -> Option<&Json> {
        self.members()
            .iter()
            .find(|m| m.name.eq_ignore_ascii_case(name))
            .map(|m| &m.value)
    }

    /// The members; none for anything but an object.
    pub(crate) fn members(&self) -> &[Member] {
        match self {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    /// The items; none for anything but an array.
    pub(crate) fn items(&self) -> &[Json] {
        match self {
            Json::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// A whole number.
    pub(crate) fn as_i64(&self) -> Option<i64> {
        match self {
            Json::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// A number as floating point, for shares and percentages.
    pub(crate) fn as_f64(&self) -> Option<f64> {
        match self {
            Json::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// The name of its kind in messages about what was sent.
    pub(crate) fn token(&self) -> &'static str {
        match self {
            Json::Null => "VALUE_NULL",
            Json::Bool(true) => "VALUE_TRUE",
            Json::Bool(false) => "VALUE_FALSE",
            Json::Number(digits) if digits.contains(['.', 'e', 'E']) => "VALUE_NUMBER_FLOAT",
            Json::Number(_) => "VALUE_NUMBER_INT",
            Json::String(_) => "VALUE_STRING",
            Json::Array(_) => "START_ARRAY",
            Json::Object(_) => "START_OBJECT",
        }
    }

    /// Appends a member to an object.
    pub(crate) fn push(&mut self, name: &str, value: impl Into<Json>) {
        if let Json::Object(members) = self {
            members.push(Member {
                name: name.to_owned(),
                value: value.into(),
                at: 0,
            });
        }
    }

    /// Replaces or appends a member of an object.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<Json>) {
        let value = value.into();
        if let Json::Object(members) = self {
            match members.iter_mut().find(|m| m.name == name) {
                Some(member) => member.value = value,
                None => members.push(Member {
                    name: name.to_owned(),
                    value,
                    at: 0,
                }),
            }
        }
    }
}

/// An object from names and values.
pub(crate) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    let members = members.into_iter().map(|(name, value)| Member {
        name: name.to_owned(),
        value,
        at: 0,
    });
    Json::Object(members.collect())
}

/// An array of anything that becomes JSON.
pub(crate) fn array<T: Into<Json>>(items: impl IntoIterator<Item = T>) -> Json {
    Json::Array(items.into_iter().map(Into::into).collect())
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::String(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::String(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Json {
        Json::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Json {
        Json::Number(value.to_string())
    }
}

impl From<usize> for Json {
    fn from(value: usize) -> Json {
        Json::Number(value.to_string())
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Json {
        value.map_or(Json::Null, Into::into)
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Json {
        Json::Array(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_keep_their_digits() {
        let text = r#"{"a":123456789012345678,"b":0.10,"a":[true,null,"\u00e9\n"]}"#;
        let value = parse(text).unwrap();
        assert_eq!(
            value.to_string(),
            "{\"a\":123456789012345678,\"b\":0.10,\"a\":[true,null,\"é\\n\"]}"
        );
    }

    #[test]
    fn a_syntax_error_has_its_place() {
        let error = parse("{\n \"a\": tru}").unwrap_err();
        assert_eq!((error.line, error.column), (2, 7), "{error:?}");
        assert!(parse("{} x").is_err(), "trailing text is refused");
        assert!(parse(&"[".repeat(1000)).is_err(), "depth is bounded");
    }

    #[test]
    fn surrogate_pairs_become_one_character() {
        assert_eq!(parse(r#""\ud83d\ude00""#).unwrap().as_str(), Some("😀"));
        assert!(parse(r#""\ud83d""#).is_err(), "half a pair is no character");
    }
}
