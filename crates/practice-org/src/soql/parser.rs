//! Reads a query into its tree.

use super::Fault;
use super::ast::{Condition, Constant, Item, Literal, Name, Operand, Operator, Order, Path, Query};
use super::lexer::{Placed, Token, tokens};

/// Nesting that no honest query reaches.
const DEPTH: usize = 50;

/// Parses a whole query.
pub(crate) fn parse(text: &str) -> Result<Query, Fault> {
    if text.chars().count() > 100_000 {
        return Err(Fault::plain(
            "QUERY_TOO_COMPLICATED",
            "SOQL statements cannot be longer than 100000 characters.",
        ));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
    };
    let query = parser.query()?;
    match parser.peek() {
        Token::End => Ok(query),
        _ => Err(parser.unexpected()),
    }
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn placed(&self) -> &Placed {
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> &Token {
        &self.placed().token
    }

    fn at(&self) -> usize {
        self.placed().at
    }

    fn skip(&mut self) {
        self.next += 1;
    }

    fn unexpected(&self) -> Fault {
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

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(found) if found.eq_ignore_ascii_case(word))
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let there = self.is_word(word);
        self.next += usize::from(there);
        there
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let there = self.is_sign(sign);
        self.next += usize::from(there);
        there
    }

    fn expect_word(&mut self, word: &str) -> Result<(), Fault> {
        if self.take_word(word) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn expect_sign(&mut self, sign: &str) -> Result<(), Fault> {
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
        let condition = if self.take_word("WHERE") {
            Some(self.condition()?)
        } else {
            None
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
            condition,
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

    fn item(&mut self) -> Result<Item, Fault> {
        let at = self.at();
        if let Token::Word(word) = self.peek() {
            let word = word.to_ascii_uppercase();
            let called = matches!(
                self.tokens.get(self.next + 1).map(|p| &p.token),
                Some(Token::Sign("("))
            );
            if called
                && word == "COUNT"
                && matches!(
                    self.tokens.get(self.next + 2).map(|p| &p.token),
                    Some(Token::Sign(")"))
                )
            {
                self.next += 3;
                return Ok(Item::Count);
            }
            if called && word == "FIELDS" {
                self.next += 2;
                let kind = self.name()?;
                self.expect_sign(")")?;
                return Ok(Item::Fields(Name {
                    text: kind.text,
                    at,
                }));
            }
            if is_clause(&word) {
                return Err(self.unexpected());
            }
        }
        Ok(Item::Field(self.path()?))
    }

    fn name(&mut self) -> Result<Name, Fault> {
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

    fn path(&mut self) -> Result<Path, Fault> {
        let mut path = vec![self.name()?];
        while self.take_sign(".") {
            path.push(self.name()?);
        }
        Ok(path)
    }

    fn order_by(&mut self) -> Result<Vec<Order>, Fault> {
        let mut order = Vec::new();
        if !self.take_word("ORDER") {
            return Ok(order);
        }
        self.expect_word("BY")?;
        loop {
            let path = self.path()?;
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
                path,
                descending,
                nulls_last,
            });
            if !self.take_sign(",") {
                return Ok(order);
            }
        }
    }

    fn number_after(&mut self, word: &str) -> Result<Option<i64>, Fault> {
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

    /// AND and OR do not mix on one level: parentheses say what is meant.
    fn condition(&mut self) -> Result<Condition, Fault> {
        let first = self.unit()?;
        let word = match () {
            () if self.is_word("AND") => "AND",
            () if self.is_word("OR") => "OR",
            () => return Ok(first),
        };
        let mut all = vec![first];
        while self.take_word(word) {
            all.push(self.unit()?);
        }
        if self.is_word("AND") || self.is_word("OR") {
            return Err(self.unexpected());
        }
        Ok(if word == "AND" {
            Condition::And(all)
        } else {
            Condition::Or(all)
        })
    }

    fn unit(&mut self) -> Result<Condition, Fault> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Fault::plain(
                "QUERY_TOO_COMPLICATED",
                "the query is nested too deeply",
            ));
        }
        let unit = if self.take_word("NOT") {
            Condition::Not(Box::new(self.unit()?))
        } else if self.take_sign("(") {
            let inner = self.condition()?;
            self.expect_sign(")")?;
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(unit)
    }

    fn comparison(&mut self) -> Result<Condition, Fault> {
        let path = self.path()?;
        let operator = self.operator()?;
        let several = matches!(
            operator,
            Operator::In | Operator::NotIn | Operator::Includes | Operator::Excludes
        );
        let operand = if several {
            self.several()?
        } else {
            Operand::One(self.literal()?)
        };
        Ok(Condition::Compare(path, operator, operand))
    }

    fn operator(&mut self) -> Result<Operator, Fault> {
        let signs = [
            ("=", Operator::Equal),
            ("!=", Operator::NotEqual),
            ("<", Operator::Less),
            ("<=", Operator::LessOrEqual),
            (">", Operator::Greater),
            (">=", Operator::GreaterOrEqual),
        ];
        let words = [
            ("LIKE", Operator::Like),
            ("IN", Operator::In),
            ("INCLUDES", Operator::Includes),
            ("EXCLUDES", Operator::Excludes),
        ];
        if let Some((_, operator)) = signs.into_iter().find(|(sign, _)| self.is_sign(sign)) {
            self.skip();
            return Ok(operator);
        }
        if let Some((_, operator)) = words.into_iter().find(|(word, _)| self.is_word(word)) {
            self.skip();
            return Ok(operator);
        }
        if self.take_word("NOT") {
            self.expect_word("IN")?;
            return Ok(Operator::NotIn);
        }
        Err(self.unexpected())
    }

    fn several(&mut self) -> Result<Operand, Fault> {
        let at = self.at();
        self.expect_sign("(")?;
        if self.is_word("SELECT") {
            let query = self.query()?;
            self.expect_sign(")")?;
            return Ok(Operand::Query(Box::new(query), at));
        }
        let mut list = vec![self.literal()?];
        while self.take_sign(",") {
            list.push(self.literal()?);
        }
        self.expect_sign(")")?;
        Ok(Operand::List(list, at))
    }

    fn literal(&mut self) -> Result<Literal, Fault> {
        let at = self.at();
        let value = match self.peek().clone() {
            Token::Value(value) => value,
            Token::Word(word) => match word.to_ascii_uppercase().as_str() {
                "TRUE" => Constant::Bool(true),
                "FALSE" => Constant::Bool(false),
                "NULL" => Constant::Null,
                period if super::dates::is_period(period) => {
                    Constant::Period(period.to_owned(), None)
                }
                _ => return Err(self.unexpected()),
            },
            _ => return Err(self.unexpected()),
        };
        self.skip();
        let Constant::Period(name, _) = value else {
            return Ok(Literal { value, at });
        };
        if super::dates::is_counted(&name) {
            self.expect_sign(":")?;
            let number = match self.peek() {
                Token::Value(Constant::Number(digits)) => digits
                    .parse()
                    .ok()
                    .filter(|n: &i64| (0..=100_000).contains(n)),
                _ => None,
            };
            let number = number.ok_or_else(|| self.unexpected())?;
            self.skip();
            return Ok(Literal {
                value: Constant::Period(name, Some(number)),
                at,
            });
        }
        Ok(Literal {
            value: Constant::Period(name, None),
            at,
        })
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
