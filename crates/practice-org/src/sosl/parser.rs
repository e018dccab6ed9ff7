//! Reads a search: `FIND {…} IN … FIELDS RETURNING … LIMIT n`.

use super::{Group, MALFORMED, MOST, Manner, Search};
use crate::soql::Fault;
use crate::soql::ast::{Expression, Item, Name, Query, Subtotals};
use crate::soql::parser::Parser;

/// Parses a whole search.
pub(crate) fn parse(text: &str) -> Result<Search, Fault> {
    if text.chars().count() > 100_000 {
        let message = "SOSL statements cannot be longer than 100000 characters.";
        return Err(Fault::plain(MALFORMED, message));
    }
    let (start, end) = braces(text)?;
    // Blanks for what was read keep the places of the rest.
    let rest = format!("{}{}", " ".repeat(end + 1), &text[end + 1..]);
    let mut parser = Parser::new(&rest)?;
    let group = if parser.take_word("IN") {
        group(&mut parser)?
    } else {
        Group::All
    };
    let mut returning: Vec<Query> = Vec::new();
    if parser.take_word("RETURNING") {
        loop {
            let query = one(&mut parser)?;
            let known = |q: &Query| q.from.text.eq_ignore_ascii_case(&query.from.text);
            if returning.iter().any(known) {
                let message = format!("duplicate object in RETURNING: {}", query.from.text);
                return Err(Fault::at(MALFORMED, message, query.from.at));
            }
            returning.push(query);
            if !parser.take_sign(",") {
                break;
            }
        }
    }
    let limit = parser.number_after("LIMIT")?;
    parser.end()?;
    let paged = returning.iter().find(|q| q.offset.is_some());
    if let Some(query) = paged.filter(|_| returning.len() > 1) {
        let message = "OFFSET can be used with a single object only";
        return Err(Fault::at(MALFORMED, message, query.from.at));
    }
    Ok(Search {
        text: text[start..end].to_owned(),
        manner: Manner::Sosl,
        group,
        returning,
        limit: limit.unwrap_or(MOST).min(MOST),
    })
}

/// Where the words within the braces begin and end.
fn braces(text: &str) -> Result<(usize, usize), Fault> {
    let missing = || {
        let message = "No search term found. The search term must be enclosed in braces.";
        Fault::plain(MALFORMED, message)
    };
    let after = text
        .trim_start()
        .get(..4)
        .filter(|word| word.eq_ignore_ascii_case("FIND"))
        .map(|_| text.len() - text.trim_start().len() + 4)
        .ok_or_else(missing)?;
    let rest = text[after..].trim_start();
    if !rest.starts_with('{') {
        return Err(missing());
    }
    let start = text.len() - rest.len() + 1;
    let mut escaped = false;
    for (n, c) in text[start..].char_indices() {
        match c {
            '}' if !escaped => return Ok((start, start + n)),
            c => escaped = c == '\\' && !escaped,
        }
    }
    Err(missing())
}

fn group(parser: &mut Parser) -> Result<Group, Fault> {
    let unexpected = parser.unexpected();
    let group = Group::named(&parser.name()?.text).ok_or(unexpected)?;
    parser.expect_word("FIELDS")?;
    Ok(group)
}

/// `Lead(Id, Name WHERE … ORDER BY … LIMIT n OFFSET n)`, or the object's name alone.
fn one(parser: &mut Parser) -> Result<Query, Fault> {
    let from = parser.name()?;
    let mut query = id_of(from);
    if !parser.take_sign("(") {
        return Ok(query);
    }
    query.select.clear();
    loop {
        let path = parser.path()?;
        query
            .select
            .push(Item::Value(Expression::Field(path), None));
        if !parser.take_sign(",") {
            break;
        }
    }
    if parser.take_word("WHERE") {
        query.condition = Some(parser.condition()?);
    }
    query.order = parser.order_by()?;
    query.limit = parser.number_after("LIMIT")?;
    query.offset = parser.number_after("OFFSET")?;
    parser.expect_sign(")")?;
    Ok(query)
}

/// The query for the ids of an object.
pub(crate) fn id_of(from: Name) -> Query {
    let id = Name {
        text: "Id".to_owned(),
        at: from.at,
    };
    Query {
        select: vec![Item::Value(Expression::Field(vec![id]), None)],
        from,
        alias: None,
        scope: None,
        condition: None,
        group: Vec::new(),
        subtotals: Subtotals::None,
        having: None,
        order: Vec::new(),
        limit: None,
        offset: None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::refused;
    use super::*;

    #[test]
    fn a_whole_search_is_read() {
        let search = parse(
            "find {a\\} \\\\} in name fields RETURNING Lead(Id, Owner.Name WHERE City = 'x}' ORDER BY Name DESC LIMIT 5), Contact LIMIT 7",
        )
        .unwrap();
        assert_eq!(
            (search.text.as_str(), search.group, search.limit),
            ("a\\} \\\\", Group::Name, 7)
        );
        let [lead, contact] = &search.returning[..] else {
            panic!("two objects");
        };
        assert_eq!((lead.select.len(), lead.limit), (2, Some(5)));
        assert_eq!(contact.from.text, "Contact");
        assert_eq!(parse("FIND{ab}LIMIT 9999").unwrap().limit, MOST);
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_a_search_panic(text in any::<String>()) {
            if let Err(fault) = parse(&text) {
                refused(&fault, &text);
            }
        }

        #[test]
        fn nothing_like_a_search_makes_reading_it_panic(
            text in r"FIND ?\{?(\\|é|\}|\{){0,6}( |IN|ALL|NAME|FIELDS|RETURNING|Lead|\(|\)|,|Id|WHERE|=|'ü'|LIMIT|5|OFFSET|ORDER BY){0,20}"
        ) {
            if let Err(fault) = parse(&text) {
                refused(&fault, &text);
            }
        }
    }
}
