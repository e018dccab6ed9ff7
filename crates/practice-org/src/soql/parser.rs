//! Reads a query into its tree.

mod condition;

use super::Fault;
use super::ast::{
    ByType, Constant, Expression, Function, Item, Name, Order, Path, Query, Subtotals,
};
use super::expression::function;
use super::lexer::{Placed, Token, tokens};

/// Nesting that no honest query reaches.
const DEPTH: usize = 50;

/// Most fields of ROLLUP and CUBE.
const MOST_SUBTOTALS: usize = 3;

/// Parses a whole query.
pub(crate) fn parse(text: &str) -> Result<Query, Fault> {
    if text.chars().count() > 100_000 {
        return Err(Fault::plain(
            "QUERY_TOO_COMPLICATED",
            "SOQL statements cannot be longer than 100000 characters.",
        ));
    }
    let mut parser = Parser::new(text)?;
    let query = parser.query()?;
    parser.end()?;
    Ok(query)
}

/// Reads tokens from the first to the last.
pub(crate) struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    depth: usize,
}

impl Parser {
    /// A parser at the beginning of a text.
    pub(crate) fn new(text: &str) -> Result<Parser, Fault> {
        Ok(Parser {
            tokens: tokens(text)?,
            next: 0,
            depth: 0,
        })
    }

    /// Refuses anything that is left.
    pub(crate) fn end(&self) -> Result<(), Fault> {
        match self.peek() {
            Token::End => Ok(()),
            _ => Err(self.unexpected()),
        }
    }

    fn placed(&self) -> &Placed {
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> &Token {
        &self.placed().token
    }

    /// Where the next token is.
    pub(crate) fn at(&self) -> usize {
        self.placed().at
    }

    fn skip(&mut self) {
        self.next += 1;
    }

    /// The refusal of the next token.
    pub(crate) fn unexpected(&self) -> Fault {
        let shown = match self.peek() {
            Token::End => "<EOF>".to_owned(),
            Token::Word(word) => word.clone(),
            Token::Sign(sign) => (*sign).to_owned(),
            Token::Value(Constant::Text(text, _)) => text.clone(),
            Token::Value(Constant::Number(digits)) => digits.clone(),
            Token::Value(Constant::Date(date)) => date.clone(),
            Token::Value(_) => "value".to_owned(),
        };
        Fault::at(
            "MALFORMED_QUERY",
            format!("unexpected token: '{shown}'"),
            self.at(),
        )
    }

    /// Whether a keyword is next.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(found) if found.eq_ignore_ascii_case(word))
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    /// Goes past a keyword if it is next.
    pub(crate) fn take_word(&mut self, word: &str) -> bool {
        let there = self.is_word(word);
        self.next += usize::from(there);
        there
    }

    /// Goes past a sign if it is next.
    pub(crate) fn take_sign(&mut self, sign: &str) -> bool {
        let there = self.is_sign(sign);
        self.next += usize::from(there);
        there
    }

    /// Goes past a keyword that must be next.
    pub(crate) fn expect_word(&mut self, word: &str) -> Result<(), Fault> {
        if self.take_word(word) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    /// Goes past a sign that must be next.
    pub(crate) fn expect_sign(&mut self, sign: &str) -> Result<(), Fault> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn query(&mut self) -> Result<Query, Fault> {
        self.expect_word("SELECT")?;
        let mut select = vec![self.item()?];
        while self.take_sign(",") {
            select.push(self.item()?);
        }
        self.expect_word("FROM")?;
        let from = self.name()?;
        let alias = self.alias();
        let scope = self.scope()?;
        let condition = if self.take_word("WHERE") {
            Some(self.condition()?)
        } else {
            None
        };
        let (group, subtotals) = self.group_by()?;
        let having = match group.is_empty() {
            false if self.take_word("HAVING") => Some(self.condition()?),
            _ => None,
        };
        let order = self.order_by()?;
        let limit = self.number_after("LIMIT")?;
        let offset = self.number_after("OFFSET")?;
        if self.take_word("FOR")
            && !(self.take_word("VIEW") || self.take_word("REFERENCE") || self.take_word("UPDATE"))
        {
            return Err(self.unexpected());
        }
        Ok(Query {
            select,
            from,
            alias,
            scope,
            condition,
            group,
            subtotals,
            having,
            order,
            limit,
            offset,
        })
    }

    fn alias(&mut self) -> Option<String> {
        self.take_word("AS");
        match self.peek() {
            Token::Word(word) if !is_clause(word) => {
                let alias = word.clone();
                self.skip();
                Some(alias)
            }
            _ => None,
        }
    }

    fn scope(&mut self) -> Result<Option<Name>, Fault> {
        if !self.take_word("USING") {
            return Ok(None);
        }
        self.expect_word("SCOPE")?;
        self.name().map(Some)
    }

    fn item(&mut self) -> Result<Item, Fault> {
        let at = self.at();
        if self.is_word("TYPEOF") && !self.is_sign_at(1, ",") && !self.is_sign_at(1, ".") {
            return self.by_type();
        }
        if self.is_sign("(") {
            return self.children();
        }
        if self.is_called("COUNT") && self.is_sign_at(2, ")") {
            self.next += 3;
            return Ok(Item::Count(at));
        }
        if self.is_called("FIELDS") {
            self.next += 2;
            let kind = self.name()?;
            self.expect_sign(")")?;
            return Ok(Item::Fields(Name {
                text: kind.text,
                at,
            }));
        }
        let value = self.expression()?;
        let alias = match self.peek() {
            Token::Word(word) if !is_clause(word) => Some(self.name()?),
            _ => None,
        };
        Ok(Item::Value(value, alias))
    }

    fn by_type(&mut self) -> Result<Item, Fault> {
        self.expect_word("TYPEOF")?;
        let relationship = self.name()?;
        let mut cases = Vec::new();
        while self.take_word("WHEN") {
            let object = self.name()?;
            self.expect_word("THEN")?;
            cases.push((object, self.names()?));
        }
        if cases.is_empty() {
            return Err(self.unexpected());
        }
        let other = if self.take_word("ELSE") {
            self.names()?
        } else {
            Vec::new()
        };
        self.expect_word("END")?;
        Ok(Item::ByType(ByType {
            relationship,
            cases,
            other,
        }))
    }

    fn names(&mut self) -> Result<Vec<Name>, Fault> {
        let mut names = vec![self.name()?];
        while self.take_sign(",") {
            names.push(self.name()?);
        }
        Ok(names)
    }

    fn children(&mut self) -> Result<Item, Fault> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Fault::plain(
                "QUERY_TOO_COMPLICATED",
                "the query is nested too deeply",
            ));
        }
        self.expect_sign("(")?;
        let query = self.query()?;
        self.expect_sign(")")?;
        self.depth -= 1;
        Ok(Item::Children(Box::new(query)))
    }

    /// A field or a function of one.
    pub(crate) fn expression(&mut self) -> Result<Expression, Fault> {
        let known = match self.peek() {
            Token::Word(word) if self.is_sign_at(1, "(") => function(word),
            _ => None,
        };
        let Some(function) = known else {
            return Ok(Expression::Field(self.path()?));
        };
        self.next += 2;
        // The org's time zone is GMT already.
        let converted = matches!(function, Function::Date(_)) && self.is_called("convertTimezone");
        self.next += if converted { 2 } else { 0 };
        let path = self.path()?;
        if converted {
            self.expect_sign(")")?;
        }
        self.expect_sign(")")?;
        Ok(Expression::Call(function, path))
    }

    fn is_called(&self, word: &str) -> bool {
        self.is_word(word) && self.is_sign_at(1, "(")
    }

    fn is_sign_at(&self, ahead: usize, sign: &str) -> bool {
        let token = self.tokens.get(self.next + ahead).map(|p| &p.token);
        matches!(token, Some(Token::Sign(found)) if *found == sign)
    }

    fn group_by(&mut self) -> Result<(Vec<Expression>, Subtotals), Fault> {
        if !self.take_word("GROUP") {
            return Ok((Vec::new(), Subtotals::None));
        }
        self.expect_word("BY")?;
        let subtotals = match () {
            () if self.is_called("ROLLUP") => Subtotals::Rollup,
            () if self.is_called("CUBE") => Subtotals::Cube,
            () => Subtotals::None,
        };
        let at = self.at();
        self.next += if subtotals == Subtotals::None { 0 } else { 2 };
        let mut group = vec![self.expression()?];
        while self.take_sign(",") {
            group.push(self.expression()?);
        }
        if subtotals != Subtotals::None {
            self.expect_sign(")")?;
            if group.len() > MOST_SUBTOTALS {
                let message = "ROLLUP and CUBE take at most 3 fields";
                return Err(Fault::at("MALFORMED_QUERY", message, at));
            }
        }
        Ok((group, subtotals))
    }

    /// A name.
    pub(crate) fn name(&mut self) -> Result<Name, Fault> {
        match self.peek() {
            Token::Word(text) => {
                let name = Name {
                    text: text.clone(),
                    at: self.at(),
                };
                self.skip();
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// A field, or a parent's; no keyword.
    pub(crate) fn path(&mut self) -> Result<Path, Fault> {
        if matches!(self.peek(), Token::Word(word) if is_clause(word)) {
            return Err(self.unexpected());
        }
        let mut path = vec![self.name()?];
        while self.take_sign(".") {
            path.push(self.name()?);
        }
        Ok(path)
    }

    /// `ORDER BY …`, if it is next.
    pub(crate) fn order_by(&mut self) -> Result<Vec<Order>, Fault> {
        let mut order = Vec::new();
        if !self.take_word("ORDER") {
            return Ok(order);
        }
        self.expect_word("BY")?;
        loop {
            let by = self.expression()?;
            let descending = self.take_word("DESC");
            if !descending {
                self.take_word("ASC");
            }
            let mut nulls_last = false;
            if self.take_word("NULLS") {
                nulls_last = self.take_word("LAST");
                if !nulls_last {
                    self.expect_word("FIRST")?;
                }
            }
            order.push(Order {
                by,
                descending,
                nulls_last,
            });
            if !self.take_sign(",") {
                return Ok(order);
            }
        }
    }

    /// The number after a keyword, if that is next.
    pub(crate) fn number_after(&mut self, word: &str) -> Result<Option<i64>, Fault> {
        if !self.take_word(word) {
            return Ok(None);
        }
        let number = match self.peek() {
            Token::Value(Constant::Number(digits)) => {
                digits.parse::<i64>().ok().filter(|n| *n >= 0)
            }
            _ => None,
        };
        if number.is_none() {
            return Err(self.unexpected());
        }
        self.skip();
        Ok(number)
    }
}

/// Words that end a list or a name's alias.
fn is_clause(word: &str) -> bool {
    const CLAUSES: [&str; 14] = [
        "FROM", "WHERE", "ORDER", "LIMIT", "OFFSET", "GROUP", "HAVING", "FOR", "WITH", "USING",
        "ALL", "AND", "OR", "SELECT",
    ];
    CLAUSES.iter().any(|c| c.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nesting_is_bounded() {
        let text = format!("SELECT Id FROM Lead WHERE {}Id = null", "(".repeat(10_000));
        assert_eq!(parse(&text).unwrap_err().code, "QUERY_TOO_COMPLICATED");
        let inner = "Id IN (SELECT Id FROM Lead WHERE ".repeat(5_000);
        let text = format!("SELECT Id FROM Lead WHERE {inner}");
        assert_eq!(parse(&text).unwrap_err().code, "QUERY_TOO_COMPLICATED");
        let text = "SELECT (".repeat(10_000);
        assert_eq!(parse(&text).unwrap_err().code, "QUERY_TOO_COMPLICATED");
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_a_query_panic(text in any::<String>()) {
            if let Err(fault) = parse(&text) {
                fault.refused(&text);
            }
        }

        #[test]
        fn nothing_like_a_query_makes_reading_it_panic(
            words in proptest::collection::vec(
                prop_oneof![
                    Just("SELECT"), Just("FROM"), Just("WHERE"), Just("GROUP"), Just("BY"), Just("HAVING"), Just("ORDER"),
                    Just("LIMIT"), Just("COUNT"), Just("MAX"), Just("CALENDAR_YEAR"), Just("("), Just(")"), Just(","),
                    Just("."), Just("="), Just("'ü'"), Just("'"), Just("\\"), Just("5"), Just("Lead"), Just("Näme"), Just("IN"),
                    Just("NOT"), Just("TYPEOF"), Just("WHEN"), Just("THEN"), Just("END"), Just("USING"), Just("SCOPE"), Just("ROLLUP"), Just("toLabel"), Just("LAST_N_DAYS:"), Just("2026-01-01"), Just("FIELDS"), Just("convertTimezone"),
                ],
                0..25,
            )
        ) {
            let text = words.join(" ");
            if let Err(fault) = parse(&text) {
                fault.refused(&text);
            }
        }
    }
}
