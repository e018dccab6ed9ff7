//! Conditions on a contact's fields, as rules and filters write them, and their translation into SQL.
//!
//! Only names of known columns become SQL text; whatever the user wrote is bound.

mod operator;
mod relative;

use rusqlite::Statement;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use crate::contacts::to_cell;
use crate::fold::fold;
use crate::mirror::asks_mirror;
pub use operator::Operator;
pub(crate) use relative::register;

use crate::{
    AccountField, ContactField, Date, Decimal, Error, FieldKind, Reader, Result, Span, SpanUnit,
    Value, meant_account_field,
};

/// The most texts of *one of*.
const MOST_TEXTS: usize = 500;

/// A condition on one field.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// A built-in name, `custom:<name>`, `account:<field>` or a name of [`crate::AskedField`]; of several accounts or records
    /// any one may fulfil it.
    pub field: String,
    /// How it is compared.
    pub op: Operator,
    /// What it is compared with; dates as `2026-01-31`, times as `2026-01-31T10:00:00Z`, spans as `30 days`, several
    /// texts as a list.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub value: serde_json::Value,
}

/// What SQL under construction is made for, and the values bound to its places.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    pub(crate) values: Vec<Cell>,
    /// The moment for which it is asked, UTC milliseconds; 0 where conditions on the time since are not allowed.
    pub(crate) now: i64,
    /// Who is asked about.
    pub(crate) reach: Reach,
}

/// Who is asked about: SQL for a few looks up what belongs to each, SQL for all begins with what is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Reach {
    /// Contacts that the statement finds itself.
    #[default]
    Few,
    /// Every contact.
    All,
}

impl Bound {
    pub(crate) fn new(now: i64, reach: Reach) -> Self {
        Self {
            values: Vec::new(),
            now,
            reach,
        }
    }

    /// Binds the values to a statement, from the place after `reserved` on. What only [`Test::change`] needs may stand
    /// behind all that the statement asks for.
    pub(crate) fn bind_to(&self, statement: &mut Statement<'_>, reserved: usize) -> Result<()> {
        let places = statement.parameter_count();
        for (at, value) in self.values.iter().enumerate().take(places).skip(reserved) {
            statement.raw_bind_parameter(at + 1, value)?;
        }
        Ok(())
    }

    /// Binds a value and returns its place.
    pub(crate) fn bind(&mut self, value: Cell) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }
}

/// A condition as SQL.
#[derive(Debug)]
pub(crate) struct Test {
    /// An expression; NULL counts as no.
    pub(crate) sql: String,
    /// An expression for the moment at which the answer changes next though nothing else does, UTC milliseconds; NULL
    /// where it stays.
    pub(crate) change: Option<String>,
}

impl Test {
    pub(crate) fn lasting(sql: String) -> Self {
        Self { sql, change: None }
    }

    /// Returns the opposite; what is NULL here is yes there.
    pub(crate) fn negated(self) -> Self {
        Self {
            sql: format!("NOT coalesce({}, 0)", self.sql),
            ..self
        }
    }
}

enum Target {
    Contact(ContactField, FieldKind),
    Account(AccountField),
}

impl Reader<'_> {
    /// Checks a condition: its field is known, the operator fits the field, the value fits both.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the field; [`Error::Refused`] otherwise.
    pub fn check_condition(&self, condition: &Condition) -> Result<()> {
        self.condition_test(condition, &mut Bound::new(1, Reach::Few))
            .map(drop)
    }

    /// Returns the contact field that a condition is about, and what it holds; `None` for one of the account.
    pub(crate) fn contact_field_in(
        &self,
        condition: &Condition,
    ) -> Result<Option<(ContactField, FieldKind)>> {
        if asks_mirror(&condition.field) {
            return Ok(None);
        }
        Ok(match self.target(&condition.field)? {
            Target::Contact(field, kind) => Some((field, kind)),
            Target::Account(_) => None,
        })
    }

    /// Returns what the contact's or account's field of a condition holds.
    fn kind_in(&self, condition: &Condition) -> Result<FieldKind> {
        Ok(match self.target(&condition.field)? {
            Target::Contact(_, kind) => kind,
            Target::Account(AccountField::Notes) => FieldKind::LongText,
            Target::Account(_) => FieldKind::Text,
        })
    }

    /// Translates a condition on `contacts` into SQL.
    pub(crate) fn condition_test(&self, condition: &Condition, bound: &mut Bound) -> Result<Test> {
        if asks_mirror(&condition.field) {
            return self.record_test(condition, bound);
        }
        let target = self.target(&condition.field)?;
        let kind = self.kind_in(condition)?;
        let opposite = condition.op.opposite();
        let column = match target {
            Target::Contact(field, _) => format!("contacts.{}", field.column()),
            Target::Account(field) => format!("accounts.{}", field.name()),
        };
        let test = self.column_test(&column, kind, condition, bound)?;
        let test = match (target, bound.reach) {
            (Target::Contact(..), _) => test,
            (Target::Account(_), Reach::Few) => Test::lasting(format!(
                "EXISTS (SELECT 1 FROM account_contacts JOIN accounts ON accounts.id = account_contacts.account_id
                         WHERE account_contacts.contact_id = contacts.id AND {})",
                test.sql
            )),
            (Target::Account(_), Reach::All) => Test::lasting(format!(
                "contacts.id IN (SELECT account_contacts.contact_id FROM accounts
                   JOIN account_contacts ON account_contacts.account_id = accounts.id WHERE {})",
                test.sql
            )),
        };
        Ok(if opposite.is_some() {
            test.negated()
        } else {
            test
        })
    }

    /// Translates a condition on a column. Of one that is the opposite of another it is that other, so that contacts without
    /// any value, account or record are on the right side; the caller negates it.
    pub(crate) fn column_test(
        &self,
        column: &str,
        kind: FieldKind,
        condition: &Condition,
        bound: &mut Bound,
    ) -> Result<Test> {
        self.check_form(condition, kind)?;
        let op = condition.op.opposite().unwrap_or(condition.op);
        self.test_sql(column, op, kind, condition, bound)
    }

    fn target(&self, name: &str) -> Result<Target> {
        if let Some(account) = name.trim().strip_prefix("account:") {
            let field = AccountField::from_name(account.trim()).ok_or_else(|| {
                let meant = meant_account_field(account).map(|meant| format!("account:{meant}"));
                Error::not_found("account field", name).meant(meant)
            })?;
            return Ok(Target::Account(field));
        }
        let field = self.field_named(name)?;
        Ok(Target::Contact(field, self.field_kind(field)?))
    }

    fn check_form(&self, condition: &Condition, kind: FieldKind) -> Result<()> {
        let Condition { field, op, value } = condition;
        if !op.fits(kind) {
            return Err(Error::Refused(format!(
                "\"{}\" doesn't fit \"{field}\", which holds {}",
                op.name(),
                kind.holds()
            )));
        }
        match (op.needs_value(), value.is_null()) {
            (true, true) => Err(Error::Refused(format!(
                "\"{}\" on \"{field}\" needs a value",
                op.name()
            ))),
            (false, false) => Err(Error::Refused(format!(
                "\"{}\" on \"{field}\" takes no value",
                op.name()
            ))),
            _ => Ok(()),
        }
    }

    fn test_sql(
        &self,
        column: &str,
        op: Operator,
        kind: FieldKind,
        condition: &Condition,
        bound: &mut Bound,
    ) -> Result<Test> {
        if op.is_relative() {
            if bound.now == 0 {
                return Err(Error::Refused(format!(
                    "\"{}\" works in segments and scores, but not in a filter",
                    op.name()
                )));
            }
            return self.relative_sql(column, op, kind, span_of(condition, kind)?, bound);
        }
        let sql = match op {
            Operator::IsSet => format!("({column} IS NOT NULL)"),
            Operator::IsTrue => format!("({column} = 1)"),
            Operator::IsFalse => format!("({column} = 0)"),
            _ if kind.is_text() => text_sql(column, op, condition, bound)?,
            _ if kind == FieldKind::DateTime => self.moment_sql(column, op, condition, bound)?,
            _ => value_sql(column, op, kind, condition, bound)?,
        };
        Ok(Test::lasting(sql))
    }

    /// A date stands for its whole day in the workspace's time zone, a time for its millisecond.
    fn moment_sql(
        &self,
        column: &str,
        op: Operator,
        condition: &Condition,
        bound: &mut Bound,
    ) -> Result<String> {
        let (start, end) = self.span(condition)?;
        let mut place = |millis: i64| bound.bind(Cell::Integer(millis));
        Ok(match op {
            Operator::Before => format!("({column} < {})", place(start)),
            Operator::After => format!("({column} >= {})", place(end)),
            _ => format!(
                "({column} >= {} AND {column} < {})",
                place(start),
                place(end)
            ),
        })
    }

    fn span(&self, condition: &Condition) -> Result<(i64, i64)> {
        let refused = || {
            Error::Refused(format!(
                "\"{}\" needs a date such as 2026-01-31, or a time such as 2026-01-31T10:00:00Z",
                condition.field
            ))
        };
        let text = condition.value.as_str().ok_or_else(refused)?;
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            let millis = moment.as_millisecond();
            return Ok((millis, millis + 1));
        }
        let date: Date = text.parse().map_err(|_| refused())?;
        let zone = jiff::tz::TimeZone::get(&self.time_zone()?).map_err(|_| refused())?;
        let start = date.to_zoned(zone).map_err(|_| refused())?;
        let end = start.tomorrow().map_err(|_| refused())?;
        Ok((
            start.timestamp().as_millisecond(),
            end.timestamp().as_millisecond(),
        ))
    }
}

/// Compares a number or a date.
fn value_sql(
    column: &str,
    op: Operator,
    kind: FieldKind,
    condition: &Condition,
    bound: &mut Bound,
) -> Result<String> {
    let value = typed(kind, condition)?;
    // The name in the message is the one that the user wrote.
    let cell = to_cell(
        ContactField::CreatedAt,
        &condition.field,
        kind,
        Some(&value),
    )?;
    let comparison = match op {
        Operator::Greater | Operator::After => ">",
        Operator::AtLeast => ">=",
        Operator::Less | Operator::Before => "<",
        Operator::AtMost => "<=",
        _ => "=",
    };
    Ok(format!("({column} {comparison} {})", bound.bind(cell)))
}

/// Compares text without regard to case and accents.
pub(crate) fn text_sql(
    column: &str,
    op: Operator,
    condition: &Condition,
    bound: &mut Bound,
) -> Result<String> {
    if op == Operator::OneOf {
        let places: Vec<_> = several(condition)?
            .into_iter()
            .map(|text| bound.bind(Cell::Text(text)))
            .collect();
        return Ok(format!(
            "({column} IS NOT NULL AND fold({column}) IN ({}))",
            places.join(", ")
        ));
    }
    let wanted = folded(condition)?;
    let length = wanted.chars().count();
    if op == Operator::StartsWith {
        // The last letter there is comes after every text that begins so: a range, which an index can serve.
        let beyond = bound.bind(Cell::Text(format!("{wanted}\u{10ffff}")));
        let first = bound.bind(Cell::Text(wanted));
        return Ok(format!(
            "({column} IS NOT NULL AND fold({column}) >= {first} AND fold({column}) < {beyond})"
        ));
    }
    let place = bound.bind(Cell::Text(wanted));
    Ok(match op {
        Operator::Contains => format!("(instr(fold({column}), {place}) > 0)"),
        Operator::EndsWith => format!("(substr(fold({column}), -{length}) = {place})"),
        // That it is set is said, so that an index of set values can serve.
        _ => format!("({column} IS NOT NULL AND fold({column}) = {place})"),
    })
}

fn folded(condition: &Condition) -> Result<String> {
    let wanted = match &condition.value {
        serde_json::Value::String(text) => fold(text.trim()),
        serde_json::Value::Number(number) => number.to_string(),
        _ => return Err(unfit(condition, "text")),
    };
    if wanted.is_empty() {
        return Err(Error::Refused(format!(
            "\"{}\" needs a value to compare with; enter one, or look for empty fields",
            condition.field
        )));
    }
    Ok(wanted)
}

/// Reads the texts of *one of*.
pub(crate) fn several(condition: &Condition) -> Result<Vec<String>> {
    let refused = || {
        Error::Refused(format!(
            "\"{}\" needs 1 to {MOST_TEXTS} values to compare with; for more, use an email list",
            condition.field
        ))
    };
    let list = condition.value.as_array().ok_or_else(refused)?;
    let texts: Vec<String> = list
        .iter()
        .filter_map(serde_json::Value::as_str)
        .map(|text| fold(text.trim()))
        .filter(|text| !text.is_empty())
        .collect();
    if texts.len() != list.len() || texts.is_empty() || texts.len() > MOST_TEXTS {
        return Err(refused());
    }
    Ok(texts)
}

/// Reads the span of a relative condition.
pub(crate) fn span_of(condition: &Condition, kind: FieldKind) -> Result<Span> {
    let text = condition.value.as_str().unwrap_or_default();
    let span: Span = text
        .parse()
        .map_err(|error| Error::Refused(format!("\"{}\": {error}", condition.field)))?;
    if kind == FieldKind::Date && span.unit == SpanUnit::Hours {
        return Err(Error::Refused(format!(
            "\"{}\" holds dates, which have no hours; use days",
            condition.field
        )));
    }
    Ok(span)
}

/// Reads the value of a condition as the field's kind.
fn typed(kind: FieldKind, condition: &Condition) -> Result<Value> {
    let text = match &condition.value {
        serde_json::Value::String(text) => text.trim().to_owned(),
        serde_json::Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let value = match kind {
        FieldKind::Integer | FieldKind::LongInteger => text.parse().ok().map(Value::Integer),
        FieldKind::Decimal { .. } => text.parse::<Decimal>().ok().map(Value::Decimal),
        FieldKind::Float => text.parse().ok().map(Value::Float),
        FieldKind::Date => text.parse().ok().map(Value::Date),
        _ => None,
    };
    value.ok_or_else(|| unfit(condition, kind.holds()))
}

fn unfit(condition: &Condition, kind: &str) -> Error {
    Error::Refused(format!(
        "\"{}\" holds {kind}, and the value to compare with is something else",
        condition.field
    ))
}
