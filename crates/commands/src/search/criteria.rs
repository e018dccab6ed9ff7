//! Criteria: the user's rows, and the condition that they are.

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use leadferry_salesforce::SearchScope;
use leadferry_salesforce::soql::{Comparison, Condition, Days, Literal, Number, Path, Place};
use serde::{Deserialize, Serialize};

use super::fields::{Described, FieldForm, SearchField};
use crate::{Error, Result};

/// More rows, or more values in a row, than anybody fills in; they would not fit into a request.
const MOST: usize = 200;

/// One row: a field, what is asked of it, and the values to compare with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Criterion {
    /// API name, as [`super::SearchField::name`].
    pub field: String,
    /// What is asked.
    pub operator: Operator,
    /// As many as the operator needs; numbers with a point, dates as 2026-01-31, `yes` or `no`.
    #[serde(default)]
    pub values: Vec<String>,
}

/// Whether all rows must hold, or one is enough.
#[expect(missing_docs, reason = "each says what it is")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "CriteriaMatch")]
pub enum Match {
    #[default]
    All,
    Any,
}

/// Where words are looked for.
#[expect(missing_docs, reason = "each says what it is")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SearchWithin")]
pub enum Within {
    #[default]
    All,
    Name,
    Email,
    Phone,
}

impl From<Within> for SearchScope {
    fn from(within: Within) -> SearchScope {
        match within {
            Within::All => SearchScope::All,
            Within::Name => SearchScope::Name,
            Within::Email => SearchScope::Email,
            Within::Phone => SearchScope::Phone,
        }
    }
}

/// What can be asked of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SearchOperator")]
pub enum Operator {
    /// It is this value, whatever the case.
    Is,
    /// It is another value, or none.
    IsNot,
    /// It holds this text.
    Contains,
    /// It does not hold this text.
    ContainsNot,
    /// It begins with this text.
    BeginsWith,
    /// It ends with this text.
    EndsWith,
    /// It is one of these values, or holds one of them.
    IsOneOf,
    /// It is none of these values, and holds none of them.
    IsNoneOf,
    /// It is less than this number.
    Less,
    /// It is this number at most.
    AtMost,
    /// It is more than this number.
    Greater,
    /// It is this number at least.
    AtLeast,
    /// It is one of these two numbers or dates, or between them.
    Between,
    /// It is this day.
    On,
    /// It is before this day.
    Before,
    /// It is after this day.
    After,
    /// It is today, or within so many days before.
    InTheLastDays,
    /// It is longer ago than so many days.
    MoreThanDaysAgo,
    /// It is within so many days from tomorrow on.
    InTheNextDays,
    /// It is today.
    Today,
    /// It is in this week.
    ThisWeek,
    /// It is in this month.
    ThisMonth,
    /// It is in this quarter.
    ThisQuarter,
    /// It is in this year.
    ThisYear,
    /// It has no value.
    IsEmpty,
    /// It has a value.
    IsSet,
}

impl Operator {
    /// Returns what can be asked of fields of a form, the usual first.
    pub fn of(form: FieldForm) -> &'static [Operator] {
        use Operator::{
            After, AtLeast, AtMost, Before, BeginsWith, Between, Contains, ContainsNot, EndsWith,
            Greater, InTheLastDays, InTheNextDays, Is, IsEmpty, IsNoneOf, IsNot, IsOneOf, IsSet,
            Less, MoreThanDaysAgo, On, ThisMonth, ThisQuarter, ThisWeek, ThisYear, Today,
        };
        match form {
            FieldForm::Text => &[
                Contains,
                ContainsNot,
                Is,
                IsNot,
                BeginsWith,
                EndsWith,
                IsOneOf,
                IsEmpty,
                IsSet,
            ],
            FieldForm::Number => &[
                Is, IsNot, AtLeast, AtMost, Greater, Less, Between, IsEmpty, IsSet,
            ],
            FieldForm::YesNo => &[Is],
            FieldForm::Date | FieldForm::DateTime => &[
                InTheLastDays,
                MoreThanDaysAgo,
                InTheNextDays,
                On,
                Before,
                After,
                Between,
                Today,
                ThisWeek,
                ThisMonth,
                ThisQuarter,
                ThisYear,
                IsEmpty,
                IsSet,
            ],
            FieldForm::Picklist | FieldForm::MultiPicklist => &[IsOneOf, IsNoneOf, IsEmpty, IsSet],
            FieldForm::Reference => &[Is, IsNot, IsEmpty, IsSet],
            FieldForm::Other => &[],
        }
    }

    /// Returns how many values it needs, at least and at most.
    fn values(self) -> (usize, usize) {
        match self {
            Operator::IsEmpty
            | Operator::IsSet
            | Operator::Today
            | Operator::ThisWeek
            | Operator::ThisMonth
            | Operator::ThisQuarter
            | Operator::ThisYear => (0, 0),
            Operator::Between => (2, 2),
            Operator::IsOneOf | Operator::IsNoneOf => (1, MOST),
            _ => (1, 1),
        }
    }
}

/// Turns rows into a condition; dates are days in `zone`.
pub(super) fn condition(
    described: &Described,
    rows: &[Criterion],
    matching: Match,
    zone: &TimeZone,
) -> Result<Condition> {
    if rows.len() > MOST {
        return Err(Error::usage(
            format!("a search can't have more than {MOST} criteria"),
            "remove some",
        ));
    }
    let rows = rows
        .iter()
        .map(|row| one(described.known(&row.field)?, row, zone));
    let rows: Vec<Condition> = rows.collect::<Result<_>>()?;
    Ok(match matching {
        Match::All => Condition::All(rows),
        Match::Any => Condition::Any(rows),
    })
}

/// Turns one row into a condition.
fn one(field: &SearchField, row: &Criterion, zone: &TimeZone) -> Result<Condition> {
    let row = Row { field, row, zone };
    if !field.operators.contains(&row.row.operator) {
        return Err(row.fault(
            "can't be searched with this condition",
            "choose another condition for it",
        ));
    }
    let (least, most) = row.row.operator.values();
    if row.row.values.len() < least || row.row.values.iter().take(least).any(String::is_empty) {
        return Err(row.fault(
            "has no value to compare with",
            "enter a value, or remove the row",
        ));
    }
    if row.row.values.len() > most {
        return Err(row.fault("has too many values", "remove some"));
    }
    let path = Path::new(&field.name)?;
    match row.row.operator {
        Operator::IsEmpty => Ok(compares(path, Comparison::Equal, Literal::Null)),
        Operator::IsSet => Ok(compares(path, Comparison::NotEqual, Literal::Null)),
        _ => match field.form {
            FieldForm::Text | FieldForm::Reference | FieldForm::Picklist => row.text(path),
            FieldForm::MultiPicklist => Ok(row.choices(path)),
            FieldForm::Number => row.number(path),
            FieldForm::YesNo => row.yes_no(path),
            FieldForm::Date => row.date(path),
            FieldForm::DateTime => row.moment(path),
            FieldForm::Other => Err(row.fault("can't be searched", "remove the row")),
        },
    }
}

fn compares(path: Path, how: Comparison, value: Literal) -> Condition {
    Condition::Compares(path, how, value)
}

struct Row<'a> {
    field: &'a SearchField,
    row: &'a Criterion,
    zone: &'a TimeZone,
}

impl Row<'_> {
    fn fault(&self, what: &str, cure: &str) -> Error {
        Error::usage(format!("\"{}\" {what}", self.field.label), cure)
    }

    fn value(&self, at: usize) -> &str {
        self.row.values.get(at).map_or("", |value| value.trim())
    }

    fn text(&self, path: Path) -> Result<Condition> {
        let text = self.row.values[0].clone();
        let all = || self.row.values.iter().cloned().map(Literal::Text).collect();
        Ok(match self.row.operator {
            Operator::Is => compares(path, Comparison::Equal, Literal::Text(text)),
            Operator::IsNot => compares(path, Comparison::NotEqual, Literal::Text(text)),
            Operator::Contains => Condition::Holds(path, Place::Inside, text),
            Operator::ContainsNot => Condition::HoldsNot(path, Place::Inside, text),
            Operator::BeginsWith => Condition::Holds(path, Place::Beginning, text),
            Operator::EndsWith => Condition::Holds(path, Place::End, text),
            Operator::IsNoneOf => Condition::IsNoneOf(path, all()),
            _ => Condition::IsOneOf(path, all()),
        })
    }

    fn choices(&self, path: Path) -> Condition {
        let values = self.row.values.clone();
        match self.row.operator {
            Operator::IsNoneOf => Condition::Excludes(path, values),
            _ => Condition::Includes(path, values),
        }
    }

    fn number(&self, path: Path) -> Result<Condition> {
        let number = |at: usize| {
            Number::parse(self.value(at))
                .map(Literal::Number)
                .ok_or_else(|| self.fault("needs a number", "enter a number such as 12.5"))
        };
        let how = match self.row.operator {
            Operator::Between => {
                return Ok(Condition::All(vec![
                    compares(path.clone(), Comparison::AtLeast, number(0)?),
                    compares(path, Comparison::AtMost, number(1)?),
                ]));
            }
            Operator::IsNot => Comparison::NotEqual,
            Operator::Less => Comparison::Less,
            Operator::AtMost => Comparison::AtMost,
            Operator::Greater => Comparison::Greater,
            Operator::AtLeast => Comparison::AtLeast,
            _ => Comparison::Equal,
        };
        Ok(compares(path, how, number(0)?))
    }

    fn yes_no(&self, path: Path) -> Result<Condition> {
        let yes = match self.value(0) {
            "yes" | "true" => true,
            "no" | "false" => false,
            _ => return Err(self.fault("needs yes or no", "choose one")),
        };
        Ok(compares(path, Comparison::Equal, Literal::YesNo(yes)))
    }

    fn date(&self, path: Path) -> Result<Condition> {
        if let Some(days) = self.days()? {
            return Ok(self.within(path, days));
        }
        let date = |at| self.day(at).map(Literal::Date);
        Ok(match self.row.operator {
            Operator::Before => compares(path, Comparison::Less, date(0)?),
            Operator::After => compares(path, Comparison::Greater, date(0)?),
            Operator::Between => Condition::All(vec![
                compares(path.clone(), Comparison::AtLeast, date(0)?),
                compares(path, Comparison::AtMost, date(1)?),
            ]),
            _ => compares(path, Comparison::Equal, date(0)?),
        })
    }

    /// A day is the span from its first moment to that of the next, in the workspace's time zone.
    fn moment(&self, path: Path) -> Result<Condition> {
        if let Some(days) = self.days()? {
            return Ok(self.within(path, days));
        }
        let from = |day: Date, path| Ok(compares(path, Comparison::AtLeast, self.start(day)?));
        let until = |day: Date, path| Ok(compares(path, Comparison::Less, self.start(day)?));
        let day = self.day(0)?;
        match self.row.operator {
            Operator::Before => until(day, path),
            Operator::After => from(self.after(day)?, path),
            Operator::Between => {
                let last = self.after(self.day(1)?)?;
                Ok(Condition::All(vec![
                    from(day, path.clone())?,
                    until(last, path)?,
                ]))
            }
            _ => {
                let next = self.after(day)?;
                Ok(Condition::All(vec![
                    from(day, path.clone())?,
                    until(next, path)?,
                ]))
            }
        }
    }

    fn within(&self, path: Path, days: Days) -> Condition {
        let how = match self.row.operator {
            Operator::MoreThanDaysAgo => Comparison::Less,
            _ => Comparison::Equal,
        };
        compares(path, how, Literal::Days(days))
    }

    /// Returns the days that the operator speaks of, where it counts from today.
    fn days(&self) -> Result<Option<Days>> {
        let counted = || {
            let days = self.value(0).parse::<u16>().ok().filter(|days| *days > 0);
            days.ok_or_else(|| {
                self.fault(
                    "needs a number of days",
                    "enter a whole number of 1 or more",
                )
            })
        };
        Ok(Some(match self.row.operator {
            Operator::InTheLastDays | Operator::MoreThanDaysAgo => Days::Last(counted()?),
            Operator::InTheNextDays => Days::Next(counted()?),
            Operator::Today => Days::Today,
            Operator::ThisWeek => Days::ThisWeek,
            Operator::ThisMonth => Days::ThisMonth,
            Operator::ThisQuarter => Days::ThisQuarter,
            Operator::ThisYear => Days::ThisYear,
            _ => return Ok(None),
        }))
    }

    fn day(&self, at: usize) -> Result<Date> {
        let text = self.value(at);
        // A date as a whole: what else jiff reads as one is no day.
        let day = Date::strptime("%Y-%m-%d", text).ok();
        day.filter(|day| (1700..=4000).contains(&day.year()))
            .ok_or_else(|| self.fault("needs a date", "enter a date like 2026-01-31"))
    }

    fn after(&self, day: Date) -> Result<Date> {
        day.checked_add(1.day())
            .map_err(|_| self.fault("needs a date", "enter a date like 2026-01-31"))
    }

    fn start(&self, day: Date) -> Result<Literal> {
        let start = day.to_zoned(self.zone.clone());
        start
            .map(|start| Literal::Moment(start.timestamp()))
            .map_err(|_| self.fault("needs a date", "enter a date like 2026-01-31"))
    }
}

#[cfg(test)]
#[path = "criteria_tests.rs"]
mod tests;
