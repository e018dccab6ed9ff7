//! Conditions on a contact's fields, as rules and filters write them, and their translation into SQL.
//!
//! Only names of known columns become SQL text; whatever the user wrote is bound.

use std::fmt::Write as _;

use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use crate::contacts::to_cell;
use crate::fold::fold;
use crate::{
    AccountField, ContactField, CustomFieldId, Date, Decimal, Error, FieldKind, Reader, Result,
    Value,
};

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// The same; texts without regard to case and accents.
    Equals,
    /// Another value, or none.
    NotEquals,
    /// The text occurs anywhere.
    Contains,
    /// The text begins so.
    StartsWith,
    /// The text ends so.
    EndsWith,
    /// There is a value.
    IsSet,
    /// There is no value.
    IsNotSet,
    /// A larger number.
    Greater,
    /// The same or a larger number.
    AtLeast,
    /// A smaller number.
    Less,
    /// The same or a smaller number.
    AtMost,
    /// An earlier date or time.
    Before,
    /// A later date or time; after a date means after its last moment.
    After,
    /// Yes.
    IsTrue,
    /// No; *not asked* is neither.
    IsFalse,
}

impl Operator {
    fn name(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|name| name.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    fn needs_value(self) -> bool {
        !matches!(
            self,
            Self::IsSet | Self::IsNotSet | Self::IsTrue | Self::IsFalse
        )
    }

    fn fits(self, kind: FieldKind) -> bool {
        match self {
            Self::IsSet | Self::IsNotSet => true,
            Self::Equals | Self::NotEquals => kind != FieldKind::YesNo,
            Self::Contains | Self::StartsWith | Self::EndsWith => kind.is_text(),
            Self::Greater | Self::AtLeast | Self::Less | Self::AtMost => matches!(
                kind,
                FieldKind::Integer
                    | FieldKind::LongInteger
                    | FieldKind::Decimal { .. }
                    | FieldKind::Float
            ),
            Self::Before | Self::After => matches!(kind, FieldKind::Date | FieldKind::DateTime),
            Self::IsTrue | Self::IsFalse => kind == FieldKind::YesNo,
        }
    }
}

/// A condition on one field.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// A built-in name, `custom:<name>` or `account:<field>`; of several accounts any one may fulfil it.
    pub field: String,
    /// How it is compared.
    pub op: Operator,
    /// What it is compared with; dates as `2026-01-31`, times as `2026-01-31T10:00:00Z`.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub value: serde_json::Value,
}

/// SQL text under construction, and the values bound to its places.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    pub(crate) values: Vec<Cell>,
}

impl Bound {
    /// Binds a value and returns its place.
    pub(crate) fn bind(&mut self, value: Cell) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
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
        self.condition_sql(condition, &mut Bound::default())
            .map(drop)
    }

    /// Returns the custom field that a condition is about.
    pub(crate) fn custom_field_in(&self, condition: &Condition) -> Result<Option<CustomFieldId>> {
        Ok(match self.target(&condition.field)? {
            Target::Contact(ContactField::Custom(id), _) => Some(id),
            _ => None,
        })
    }

    /// Translates a condition on `contacts` into an expression that is never NULL.
    pub(crate) fn condition_sql(&self, condition: &Condition, bound: &mut Bound) -> Result<String> {
        let target = self.target(&condition.field)?;
        let kind = match &target {
            Target::Contact(_, kind) => *kind,
            Target::Account(AccountField::Notes) => FieldKind::LongText,
            Target::Account(_) => FieldKind::Text,
        };
        self.check_form(condition, kind)?;
        // Its opposite is translated, so that contacts without any value or account are on the right side.
        let (op, negated) = match condition.op {
            Operator::NotEquals => (Operator::Equals, true),
            Operator::IsNotSet => (Operator::IsSet, true),
            op => (op, false),
        };
        let column = match target {
            Target::Contact(field, _) => format!("contacts.{}", field.column()),
            Target::Account(field) => format!("accounts.{}", field.name()),
        };
        let test = self.test_sql(&column, op, kind, condition, bound)?;
        let test = match target {
            Target::Contact(..) => format!("coalesce({test}, 0)"),
            Target::Account(_) => format!(
                "EXISTS (SELECT 1 FROM account_contacts JOIN accounts ON accounts.id = account_contacts.account_id
                         WHERE account_contacts.contact_id = contacts.id AND {test})"
            ),
        };
        Ok(if negated { format!("NOT {test}") } else { test })
    }

    fn target(&self, name: &str) -> Result<Target> {
        if let Some(account) = name.trim().strip_prefix("account:") {
            let field = AccountField::from_name(account.trim())
                .ok_or_else(|| Error::not_found("account field", name))?;
            return Ok(Target::Account(field));
        }
        let field = self.field_named(name)?;
        Ok(Target::Contact(field, self.field_kind(field)?))
    }

    fn check_form(&self, condition: &Condition, kind: FieldKind) -> Result<()> {
        let Condition { field, op, value } = condition;
        if !op.fits(kind) {
            return Err(Error::Refused(format!(
                "\"{}\" does not fit \"{field}\", which holds {}",
                op.name(),
                kind.name()
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
    ) -> Result<String> {
        match op {
            Operator::IsSet => return Ok(format!("({column} IS NOT NULL)")),
            Operator::IsTrue => return Ok(format!("({column} = 1)")),
            Operator::IsFalse => return Ok(format!("({column} = 0)")),
            _ => {}
        }
        if kind.is_text() {
            return text_sql(column, op, condition, bound);
        }
        if kind == FieldKind::DateTime {
            return self.moment_sql(column, op, condition, bound);
        }
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
                "\"{}\" is compared with a date such as 2026-01-31 or a time such as 2026-01-31T10:00:00Z",
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

fn text_sql(
    column: &str,
    op: Operator,
    condition: &Condition,
    bound: &mut Bound,
) -> Result<String> {
    let wanted = match &condition.value {
        serde_json::Value::String(text) => fold(text.trim()),
        serde_json::Value::Number(number) => number.to_string(),
        _ => return Err(unfit(condition, "text")),
    };
    if wanted.is_empty() {
        return Err(Error::Refused(format!(
            "\"{}\" is compared with an empty text; use is_not_set",
            condition.field
        )));
    }
    let length = wanted.chars().count();
    let place = bound.bind(Cell::Text(wanted));
    let mut sql = String::new();
    let _ = match op {
        Operator::Contains => write!(sql, "(instr(fold({column}), {place}) > 0)"),
        Operator::StartsWith => write!(sql, "(substr(fold({column}), 1, {length}) = {place})"),
        Operator::EndsWith => write!(sql, "(substr(fold({column}), -{length}) = {place})"),
        _ => write!(sql, "(fold({column}) = {place})"),
    };
    Ok(sql)
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
    value.ok_or_else(|| unfit(condition, kind.name()))
}

fn unfit(condition: &Condition, kind: &str) -> Error {
    Error::Refused(format!(
        "\"{}\" holds {kind}, and the value it is compared with is something else",
        condition.field
    ))
}
