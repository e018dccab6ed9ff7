//! Reads conditions.

use super::super::Fault;
use super::super::ast::{Condition, Constant, Literal, Operand, Operator};
use super::super::dates;
use super::super::lexer::Token;
use super::{DEPTH, Parser};

impl Parser {
    /// AND and OR do not mix on one level: parentheses say what is meant.
    pub(crate) fn condition(&mut self) -> Result<Condition, Fault> {
        let first = self.unit()?;
        let word = match () {
            () if self.is_word("AND") => "AND",
            () if self.is_word("OR") => "OR",
            () => return Ok(first),
        };
        let mut all = vec![first];
        while self.take_word(word) {
            // After AND and OR a NOT needs parentheses of its own.
            if self.is_word("NOT") {
                return Err(self.unexpected());
            }
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
        let expression = self.expression()?;
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
        Ok(Condition::Compare(expression, operator, operand))
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
                period if dates::is_period(period) => Constant::Period(period.to_owned(), None),
                _ => return Err(self.unexpected()),
            },
            _ => return Err(self.unexpected()),
        };
        self.skip();
        let Constant::Period(name, _) = value else {
            return Ok(Literal { value, at });
        };
        if dates::is_counted(&name) {
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
