//! Turns conditions into SQL with bound values.

use rusqlite::types::Value;

use super::Fault;
use super::ast::{Condition, Constant, Expression, Function, Literal, Operand, Operator, Path};
use super::dates;
use super::expression;
use super::scope::{Column, Scope};
use super::translate;
use crate::json::{Json, array};
use crate::org::field::{Field, Kind};
use crate::org::schema::Schema;
use crate::org::{WIDE, ids, values};

/// SQL text and the values for its question marks, in order.
#[derive(Debug, Default)]
pub(crate) struct Sql {
    /// The text.
    pub(crate) text: String,
    /// The values.
    pub(crate) bound: Vec<Value>,
}

impl Sql {
    /// SQL with one or no value.
    fn new(text: impl Into<String>, bound: impl IntoIterator<Item = Value>) -> Sql {
        Sql {
            text: text.into(),
            bound: bound.into_iter().collect(),
        }
    }

    fn join(parts: Vec<Sql>, word: &str) -> Sql {
        let texts: Vec<String> = parts.iter().map(|p| p.text.clone()).collect();
        Sql {
            text: format!("({})", texts.join(word)),
            bound: parts.into_iter().flat_map(|p| p.bound).collect(),
        }
    }
}

/// The clause that a condition stands in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// `WHERE`: about records.
    Where,
    /// `HAVING`: about groups.
    Having,
}

/// The SQL of a condition.
pub(super) fn sql(
    schema: &Schema,
    scope: &mut Scope<'_>,
    condition: &Condition,
    depth: usize,
    place: Place,
) -> Result<Sql, Fault> {
    let all = |list: &[Condition], scope: &mut Scope<'_>| -> Result<Vec<Sql>, Fault> {
        list.iter()
            .map(|c| sql(schema, scope, c, depth, place))
            .collect()
    };
    match condition {
        Condition::And(list) => Ok(Sql::join(all(list, scope)?, " AND ")),
        Condition::Or(list) => Ok(Sql::join(all(list, scope)?, " OR ")),
        Condition::Not(inner) => {
            let inner = sql(schema, scope, inner, depth, place)?;
            // A comparison with an empty field is false, and its opposite true.
            Ok(Sql {
                text: format!("NOT coalesce({}, 0)", inner.text),
                bound: inner.bound,
            })
        }
        Condition::Compare(expression, operator, operand) => {
            if expression.is_aggregate() && place == Place::Where {
                let message = format!(
                    "Aggregate functions are not allowed in WHERE: {}",
                    expression.shown()
                );
                return Err(Fault::at("MALFORMED_QUERY", message, expression.at()));
            }
            let column = expression::column(scope, expression)?;
            let (field, path) = (&column.field, expression.path());
            let formatted = matches!(expression, Expression::Call(Function::Format, _));
            if !field.filterable || field.kind == Kind::Address || formatted {
                let message = format!("field '{}' can not be filtered in a query call", field.name);
                return Err(Fault::at("INVALID_FIELD", message, path[0].at));
            }
            match operand {
                Operand::One(literal) => {
                    plain_for_function(expression, literal)?;
                    one(&column, *operator, literal, path)
                }
                Operand::List(list, at) => several(&column, *operator, list, *at, path),
                Operand::Query(_, at) if place == Place::Having => Err(Fault::at(
                    "MALFORMED_QUERY",
                    "HAVING takes no subqueries",
                    *at,
                )),
                Operand::Query(query, at) => {
                    if !field.kind.is_id() {
                        return Err(Fault::at(
                            "MALFORMED_QUERY",
                            "The inner and outer selects should be on id or reference fields",
                            *at,
                        ));
                    }
                    if depth > 0 {
                        let message = "Nesting of semi join sub-selects is not supported";
                        return Err(Fault::at("MALFORMED_QUERY", message, *at));
                    }
                    let inner = translate::semi_join(schema, query, scope.object(), field, *at)?;
                    let not = if *operator == Operator::NotIn {
                        "NOT "
                    } else {
                        ""
                    };
                    Ok(Sql {
                        text: format!("{} {not}IN ({})", column.sql, inner.text),
                        bound: inner.bound,
                    })
                }
            }
        }
    }
}

/// Most subqueries of IN and NOT IN in a WHERE.
const MOST_SEMI_JOINS: usize = 2;

/// Refuses subqueries of IN where a WHERE takes none: below OR, NOT and parentheses, or too many.
pub(super) fn check_semi_joins(condition: &Condition) -> Result<(), Fault> {
    let top = match condition {
        Condition::And(list) => list.as_slice(),
        other => std::slice::from_ref(other),
    };
    let refuse = |message: &str, at| Err(Fault::at("MALFORMED_QUERY", message, at));
    for part in top
        .iter()
        .filter(|part| !matches!(part, Condition::Compare(..)))
    {
        if let Some(at) = semi_joins(part).first() {
            return match part {
                Condition::Or(_) => refuse(
                    "Semi join sub-selects are not allowed with the 'OR' operator",
                    *at,
                ),
                _ => refuse(
                    "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.",
                    *at,
                ),
            };
        }
    }
    match semi_joins(condition).get(MOST_SEMI_JOINS) {
        Some(at) => refuse("A WHERE takes at most 2 semi join sub-selects", *at),
        None => Ok(()),
    }
}

/// Where the subqueries of IN stand.
fn semi_joins(condition: &Condition) -> Vec<usize> {
    match condition {
        Condition::And(list) | Condition::Or(list) => list.iter().flat_map(semi_joins).collect(),
        Condition::Not(inner) => semi_joins(inner),
        Condition::Compare(_, _, Operand::Query(_, at)) => vec![*at],
        Condition::Compare(..) => Vec::new(),
    }
}

/// Date functions are not compared with named periods.
fn plain_for_function(expression: &Expression, literal: &Literal) -> Result<(), Fault> {
    let function = matches!(expression, Expression::Call(Function::Date(_), _));
    match literal.value {
        Constant::Period(..) if function => Err(Fault::at(
            "MALFORMED_QUERY",
            "Date functions cannot be compared with date literals",
            literal.at,
        )),
        _ => Ok(()),
    }
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
        _ => "=",
    }
}

fn one(column: &Column, operator: Operator, literal: &Literal, path: &Path) -> Result<Sql, Fault> {
    let (field, sql) = (&column.field, &column.sql);
    if literal.value == Constant::Null {
        return match operator {
            Operator::Equal => Ok(Sql::new(
                if field.kind == Kind::Boolean {
                    // Null reads as false.
                    format!("{sql} = 0")
                } else {
                    format!("{sql} IS NULL")
                },
                [],
            )),
            Operator::NotEqual => Ok(Sql::new(
                if field.kind == Kind::Boolean {
                    format!("{sql} <> 0")
                } else {
                    format!("{sql} IS NOT NULL")
                },
                [],
            )),
            _ => Err(Fault::at(
                "MALFORMED_QUERY",
                "null can only be compared with = and !=",
                literal.at,
            )),
        };
    }
    if operator == Operator::Like {
        return like(column, literal, path);
    }
    if let Constant::Period(name, number) = &literal.value {
        return period(column, operator, name, number.unwrap_or(0), literal.at);
    }
    let value = value(field, literal)?;
    if wide(&value) && field.kind.is_text() && !field.case_sensitive {
        return Ok(match operator {
            Operator::NotEqual => Sql::new(
                format!("({sql} IS NULL OR fold({sql}) <> fold(?))"),
                [value],
            ),
            Operator::Equal => {
                Sql::new(format!("({sql} {WIDE} AND fold({sql}) = fold(?))"), [value])
            }
            operator => Sql::new(format!("fold({sql}) {} fold(?)", sign(operator)), [value]),
        });
    }
    if matches!(field.kind, Kind::Boolean)
        && !matches!(operator, Operator::Equal | Operator::NotEqual)
    {
        return Err(Fault::at(
            "INVALID_FIELD",
            "invalid operator on boolean field",
            path[0].at,
        ));
    }
    // What is not equal includes what is empty.
    Ok(match operator {
        Operator::NotEqual => Sql::new(format!("({sql} IS NULL OR {sql} <> ?)"), [value]),
        operator => Sql::new(format!("{sql} {} ?", sign(operator)), [value]),
    })
}

fn like(column: &Column, literal: &Literal, path: &Path) -> Result<Sql, Fault> {
    let Constant::Text(_, pattern) = &literal.value else {
        return Err(mistyped(&column.field, literal.at));
    };
    if !column.field.kind.is_text() {
        let kind = if column.field.kind.is_id() {
            "id"
        } else {
            column.field.kind.word()
        };
        return Err(Fault::at(
            "INVALID_FIELD",
            format!("invalid operator on {kind} field"),
            path[0].at,
        ));
    }
    let bound = Value::Text(pattern.clone());
    if pattern.is_ascii() {
        Ok(Sql::new(
            format!("{} LIKE ? ESCAPE '\\'", column.sql),
            [bound],
        ))
    } else {
        Ok(Sql::new(
            format!("fold({}) LIKE fold(?) ESCAPE '\\'", column.sql),
            [bound],
        ))
    }
}

fn period(
    column: &Column,
    operator: Operator,
    name: &str,
    number: i64,
    at: usize,
) -> Result<Sql, Fault> {
    let too_far = || Fault::at("MALFORMED_QUERY", "the date is out of range", at);
    let (from, to) = dates::range(name, number, values::today()).ok_or_else(too_far)?;
    let border = |day: jiff::civil::Date| match column.field.kind {
        Kind::Date => Ok(Value::Text(day.to_string())),
        Kind::DateTime => day
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map(|z| Value::Integer(z.timestamp().as_millisecond()))
            .map_err(|_| too_far()),
        _ => Err(mistyped(&column.field, at)),
    };
    let (from, to, sql) = (border(from)?, border(to)?, &column.sql);
    Ok(match operator {
        Operator::Equal => Sql::new(format!("({sql} >= ? AND {sql} < ?)"), [from, to]),
        Operator::NotEqual => Sql::new(
            format!("({sql} IS NULL OR {sql} < ? OR {sql} >= ?)"),
            [from, to],
        ),
        Operator::Less => Sql::new(format!("{sql} < ?"), [from]),
        Operator::GreaterOrEqual => Sql::new(format!("{sql} >= ?"), [from]),
        Operator::LessOrEqual => Sql::new(format!("{sql} < ?"), [to]),
        _ => Sql::new(format!("{sql} >= ?"), [to]),
    })
}

fn several(
    column: &Column,
    operator: Operator,
    list: &[Literal],
    at: usize,
    path: &Path,
) -> Result<Sql, Fault> {
    let (field, sql) = (&column.field, &column.sql);
    match (operator, field.kind) {
        (Operator::Includes | Operator::Excludes, Kind::MultiPicklist) => {
            return includes(column, operator, list);
        }
        (Operator::Includes | Operator::Excludes, _) => {
            return Err(Fault::at(
                "INVALID_FIELD",
                format!("invalid operator on {} field", field.kind.word()),
                path[0].at,
            ));
        }
        (_, Kind::MultiPicklist) => {
            return Err(Fault::at(
                "INVALID_FIELD",
                "invalid operator on multipicklist field",
                path[0].at,
            ));
        }
        _ => {}
    }
    let periods = list.iter().any(|l| matches!(l.value, Constant::Period(..)));
    if periods {
        let parts: Result<Vec<Sql>, Fault> = list
            .iter()
            .map(|l| one(column, Operator::Equal, l, path))
            .collect();
        let any = Sql::join(parts?, " OR ");
        let text = if operator == Operator::In {
            any.text
        } else {
            format!("NOT coalesce({}, 0)", any.text)
        };
        return Ok(Sql {
            text,
            bound: any.bound,
        });
    }
    let null = list.iter().any(|l| l.value == Constant::Null);
    let bound: Vec<Value> = list
        .iter()
        .filter(|l| l.value != Constant::Null)
        .map(|l| value(field, l))
        .collect::<Result<_, _>>()?;
    if bound.is_empty() && !null {
        return Err(Fault::at("MALFORMED_QUERY", "unexpected token: ')'", at));
    }
    let fold = field.kind.is_text() && !field.case_sensitive;
    let (odd, plain): (Vec<Value>, Vec<Value>) = bound.into_iter().partition(|v| fold && wide(v));
    // One bound value for the whole list keeps long lists within SQLite's limits, and the index in use.
    let mut parts = vec![Sql::new(
        format!("{sql} IN (SELECT value FROM json_each(?))"),
        [json_list(plain)],
    )];
    if !odd.is_empty() {
        parts.push(Sql::new(
            format!("({sql} {WIDE} AND fold({sql}) IN (SELECT fold(value) FROM json_each(?)))"),
            [json_list(odd)],
        ));
    }
    if null {
        parts.push(Sql::new(format!("{sql} IS NULL"), []));
    }
    let any = Sql::join(parts, " OR ");
    match operator {
        Operator::In => Ok(any),
        _ => Ok(Sql {
            text: format!("NOT coalesce({}, 0)", any.text),
            bound: any.bound,
        }),
    }
}

/// Semicolons in a value mean "all of these".
fn includes(column: &Column, operator: Operator, list: &[Literal]) -> Result<Sql, Fault> {
    let mut parts = Vec::new();
    for literal in list {
        let Constant::Text(text, _) = &literal.value else {
            return Err(mistyped(&column.field, literal.at));
        };
        let every = text.split(';').map(|part| {
            let has = format!("instr(';' || fold({}) || ';', ?) > 0", column.sql);
            Sql::new(
                has,
                [Value::Text(format!(";{};", part.trim().to_lowercase()))],
            )
        });
        parts.push(Sql::join(every.collect(), " AND "));
    }
    let any = Sql::join(parts, " OR ");
    match operator {
        Operator::Includes => Ok(any),
        _ => Ok(Sql {
            text: format!("NOT coalesce({}, 0)", any.text),
            bound: any.bound,
        }),
    }
}

/// The column value that a literal stands for.
fn value(field: &Field, literal: &Literal) -> Result<Value, Fault> {
    let value = match (field.kind, &literal.value) {
        (Kind::Boolean, Constant::Bool(b)) => Some(Value::Integer(i64::from(*b))),
        (Kind::Id | Kind::Reference, Constant::Text(text, _)) => {
            return id(field, text, literal.at);
        }
        (kind, Constant::Text(text, _)) if kind.is_text() => Some(Value::Text(text.clone())),
        (Kind::Int, Constant::Number(digits)) => number(digits, 0),
        (kind, Constant::Number(digits)) if kind.is_decimal() => number(digits, field.scale),
        (Kind::Date, Constant::Date(day)) => Some(Value::Text(day.clone())),
        (Kind::DateTime, Constant::DateTime(ms)) => Some(Value::Integer(*ms)),
        _ => None,
    };
    value.ok_or_else(|| mistyped(field, literal.at))
}

fn number(digits: &str, scale: u32) -> Option<Value> {
    match values::scaled(digits, scale) {
        Some((number, false)) => Some(Value::Integer(number)),
        // Finer or larger than the column can hold: compared as it is.
        _ => values::shifted(digits, scale).map(Value::Real),
    }
}

fn id(field: &Field, text: &str, at: usize) -> Result<Value, Fault> {
    if field.targets.iter().any(|t| t == "EntityDefinition") || text.is_empty() {
        return Ok(Value::Text(text.to_owned()));
    }
    match ids::normal(text) {
        Some(id) => Ok(Value::Text(id)),
        None => Err(Fault::at(
            "INVALID_QUERY_FILTER_OPERATOR",
            format!("invalid ID field: {text}"),
            at,
        )),
    }
}

fn mistyped(field: &Field, at: usize) -> Fault {
    let (word, quotes) = match field.kind {
        Kind::DateTime => ("dateTime", "should not"),
        Kind::Id | Kind::Reference => ("string", "should"),
        kind if kind.is_text() => ("string", "should"),
        kind => (kind.word(), "should not"),
    };
    let message = format!(
        "value of filter criterion for field '{}' must be of type {word} and {quotes} be enclosed in quotes",
        field.name
    );
    Fault::at("INVALID_FIELD", message, at)
}

fn wide(value: &Value) -> bool {
    matches!(value, Value::Text(text) if !text.is_ascii())
}

fn json_list(values: Vec<Value>) -> Value {
    let items = values.into_iter().map(|value| match value {
        Value::Text(text) => Json::String(text),
        Value::Integer(n) => Json::from(n),
        Value::Real(n) => Json::Number(n.to_string()),
        _ => Json::Null,
    });
    Value::Text(array(items).to_string())
}
