//! Functions: their names, what they may be asked of, and their SQL.

use super::Fault;
use super::ast::{Aggregate, DatePart, Expression, Function, Path};
use super::scope::{Column, Scope};
use super::shown;
use crate::org::field::{Field, Kind};

const FUNCTIONS: [(&str, Function); 22] = [
    ("COUNT", Function::Aggregate(Aggregate::Count)),
    (
        "COUNT_DISTINCT",
        Function::Aggregate(Aggregate::CountDistinct),
    ),
    ("SUM", Function::Aggregate(Aggregate::Sum)),
    ("AVG", Function::Aggregate(Aggregate::Average)),
    ("MIN", Function::Aggregate(Aggregate::Least)),
    ("MAX", Function::Aggregate(Aggregate::Most)),
    ("CALENDAR_YEAR", Function::Date(DatePart::Year)),
    ("CALENDAR_QUARTER", Function::Date(DatePart::Quarter)),
    ("CALENDAR_MONTH", Function::Date(DatePart::Month)),
    ("FISCAL_YEAR", Function::Date(DatePart::Year)),
    ("FISCAL_QUARTER", Function::Date(DatePart::Quarter)),
    ("FISCAL_MONTH", Function::Date(DatePart::Month)),
    ("DAY_IN_MONTH", Function::Date(DatePart::DayInMonth)),
    ("DAY_IN_WEEK", Function::Date(DatePart::DayInWeek)),
    ("DAY_IN_YEAR", Function::Date(DatePart::DayInYear)),
    ("DAY_ONLY", Function::Date(DatePart::Day)),
    ("HOUR_IN_DAY", Function::Date(DatePart::Hour)),
    ("WEEK_IN_MONTH", Function::Date(DatePart::WeekInMonth)),
    ("WEEK_IN_YEAR", Function::Date(DatePart::WeekInYear)),
    ("toLabel", Function::Label),
    ("FORMAT", Function::Format),
    ("GROUPING", Function::Grouping),
];

/// The function of this name, whatever the case.
pub(super) fn function(name: &str) -> Option<Function> {
    let named = FUNCTIONS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    named.map(|(_, function)| *function)
}

fn name(function: Function) -> &'static str {
    let known = FUNCTIONS.iter().find(|(_, known)| *known == function);
    known.map_or("", |(name, _)| name)
}

impl Expression {
    /// The path it is about.
    pub(super) fn path(&self) -> &Path {
        match self {
            Expression::Field(path) | Expression::Call(_, path) => path,
        }
    }

    /// Byte offset of that path.
    pub(super) fn at(&self) -> usize {
        self.path().first().map_or(0, |n| n.at)
    }

    /// Whether it needs a group of records.
    pub(super) fn is_aggregate(&self) -> bool {
        matches!(self, Expression::Call(Function::Aggregate(_), _))
    }

    /// As a message shows it.
    pub(super) fn shown(&self) -> String {
        let names: Vec<&str> = self.path().iter().map(|n| n.text.as_str()).collect();
        match self {
            Expression::Field(_) => names.join("."),
            Expression::Call(function, _) => format!("{}({})", name(*function), names.join(".")),
        }
    }
}

/// The column an expression means; a function's has a field of its own that tells its kind.
pub(super) fn column(scope: &mut Scope<'_>, expression: &Expression) -> Result<Column, Fault> {
    let column = scope.column(expression.path())?;
    match expression {
        Expression::Field(_) => Ok(column),
        Expression::Call(Function::Aggregate(aggregate), _) => {
            aggregated(&column, *aggregate, expression)
        }
        Expression::Call(Function::Date(part), _) => dated(&column, *part, expression),
        Expression::Call(Function::Label, _) => labelled(&column, expression),
        Expression::Call(Function::Format, _) => Ok(shown::formatted(&column)),
        Expression::Call(Function::Grouping, _) => Err(Fault::at(
            "MALFORMED_QUERY",
            "GROUPING needs GROUP BY ROLLUP or CUBE",
            expression.at(),
        )),
    }
}

fn aggregated(column: &Column, how: Aggregate, whole: &Expression) -> Result<Column, Fault> {
    use Kind::{Address, Boolean, Complex, Int, LongText, MultiPicklist};
    let kind = column.field.kind;
    let countable = !matches!(kind, Address | Boolean | Complex | LongText | MultiPicklist);
    let fits = match how {
        Aggregate::Sum | Aggregate::Average => kind == Int || kind.is_decimal(),
        _ => countable,
    };
    if !fits {
        let word = name(Function::Aggregate(how));
        let message = format!(
            "field {} does not support aggregate operator {word}",
            column.field.name
        );
        return Err(Fault::at("INVALID_FIELD", message, whole.at()));
    }
    let inner = &column.sql;
    let (field, sql) = match how {
        Aggregate::Count => (counted(), format!("count({inner})")),
        Aggregate::CountDistinct => (counted(), format!("count(DISTINCT {inner})")),
        Aggregate::Sum => (column.field.clone(), format!("sum({inner})")),
        Aggregate::Average => (column.field.clone(), format!("avg({inner})")),
        Aggregate::Least => (column.field.clone(), recased(&column.field, "min", inner)),
        Aggregate::Most => (column.field.clone(), recased(&column.field, "max", inner)),
    };
    Ok(made(field, sql))
}

/// A function's result has lost its column's rule of case.
fn recased(field: &Field, function: &str, inner: &str) -> String {
    if field.kind.is_text() && !field.case_sensitive {
        format!("({function}({inner}) COLLATE NOCASE)")
    } else {
        format!("{function}({inner})")
    }
}

fn labelled(column: &Column, whole: &Expression) -> Result<Column, Fault> {
    if !column.field.kind.has_picklist() {
        let message = format!("toLabel() can't be used with field '{}'", column.field.name);
        return Err(Fault::at("INVALID_FIELD", message, whole.at()));
    }
    Ok(shown::labelled(column))
}

fn counted() -> Field {
    Field::plain("COUNT", "Count", Kind::Int)
}

fn dated(column: &Column, part: DatePart, whole: &Expression) -> Result<Column, Fault> {
    let day = match column.field.kind {
        Kind::Date if !matches!(part, DatePart::Day | DatePart::Hour) => column.sql.clone(),
        Kind::DateTime => format!("{} / 1000.0, 'unixepoch'", column.sql),
        _ => {
            let message = format!(
                "field {} does not support date function {}",
                column.field.name,
                name(Function::Date(part))
            );
            return Err(Fault::at("INVALID_FIELD", message, whole.at()));
        }
    };
    let number = |format: &str| format!("CAST(strftime('{format}', {day}) AS INTEGER)");
    let sql = match part {
        DatePart::Day => format!("date({day})"),
        DatePart::Year => number("%Y"),
        DatePart::Quarter => format!("(({} + 2) / 3)", number("%m")),
        DatePart::Month => number("%m"),
        DatePart::DayInMonth => number("%d"),
        DatePart::DayInWeek => format!("({} + 1)", number("%w")),
        DatePart::DayInYear => number("%j"),
        DatePart::Hour => number("%H"),
        DatePart::WeekInMonth => format!("(({} + 6) / 7)", number("%d")),
        DatePart::WeekInYear => format!("(({} + 6) / 7)", number("%j")),
    };
    let kind = if part == DatePart::Day {
        Kind::Date
    } else {
        Kind::Int
    };
    Ok(made(
        Field::plain(name(Function::Date(part)), "", kind),
        sql,
    ))
}

fn made(mut field: Field, sql: String) -> Column {
    field.filterable = true;
    Column {
        field,
        sql,
        tables: Vec::new(),
    }
}
