//! Writes JSON text: without white space, or with line breaks for people.

use std::fmt::{Display, Formatter, Result, Write};

use super::Json;

impl Display for Json {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(value) => write!(f, "{value}"),
            Json::Number(digits) => f.write_str(digits),
            Json::String(text) => quoted(f, text),
            Json::Array(items) => {
                f.write_char('[')?;
                for (n, item) in items.iter().enumerate() {
                    if n > 0 {
                        f.write_char(',')?;
                    }
                    item.fmt(f)?;
                }
                f.write_char(']')
            }
            Json::Object(members) => {
                f.write_char('{')?;
                for (n, member) in members.iter().enumerate() {
                    if n > 0 {
                        f.write_char(',')?;
                    }
                    quoted(f, &member.name)?;
                    f.write_char(':')?;
                    member.value.fmt(f)?;
                }
                f.write_char('}')
            }
        }
    }
}

impl Json {
    /// The text with line breaks, laid out as Salesforce does for `X-PrettyPrint`.
    pub(crate) fn pretty(&self) -> String {
        let mut out = String::new();
        lay_out(&mut out, self, 0);
        out
    }
}

/// Members stand on lines of their own, items of arrays on the line of their array.
fn lay_out(out: &mut String, json: &Json, depth: usize) {
    match json {
        Json::Array(items) => {
            out.push_str("[ ");
            for (n, item) in items.iter().enumerate() {
                out.push_str(if n > 0 { ", " } else { "" });
                lay_out(out, item, depth);
            }
            out.push_str(if items.is_empty() { "]" } else { " ]" });
        }
        Json::Object(members) if !members.is_empty() => {
            let indent = "  ".repeat(depth + 1);
            for (n, member) in members.iter().enumerate() {
                out.push_str(if n > 0 { ",\n" } else { "{\n" });
                out.push_str(&format!("{indent}{} : ", Json::from(member.name.as_str())));
                lay_out(out, &member.value, depth + 1);
            }
            out.push_str(&format!("\n{}}}", "  ".repeat(depth)));
        }
        Json::Object(_) => out.push_str("{ }"),
        plain => out.push_str(&plain.to_string()),
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    f.write_char('"')?;
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let short = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            c if c < ' ' => "",
            _ => continue,
        };
        f.write_str(&text[start..at])?;
        if short.is_empty() {
            write!(f, "\\u{:04x}", u32::from(c))?;
        } else {
            f.write_str(short)?;
        }
        start = at + c.len_utf8();
    }
    f.write_str(&text[start..])?;
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use crate::json::parse;

    #[test]
    fn pretty_text_breaks_lines_between_members() {
        let json = parse(r#"{"a":[{"b":1},{"c":[]}],"d":{},"e":"x\ny"}"#).unwrap();
        let expected = "{\n  \"a\" : [ {\n    \"b\" : 1\n  }, {\n    \"c\" : [ ]\n  } ],\n  \"d\" : { },\n  \"e\" : \"x\\ny\"\n}";
        assert_eq!(json.pretty(), expected);
        assert_eq!(parse(&json.pretty()).unwrap().to_string(), json.to_string());
    }
}
