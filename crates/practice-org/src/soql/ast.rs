//! The tree of a query. Places are byte offsets into its text.

/// A whole query.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    /// What to answer.
    pub(crate) select: Vec<Item>,
    /// The object.
    pub(crate) from: Name,
    /// Its other name.
    pub(crate) alias: Option<String>,
    /// `USING SCOPE`: whose records.
    pub(crate) scope: Option<Name>,
    /// Which records.
    pub(crate) condition: Option<Condition>,
    /// What makes records one group.
    pub(crate) group: Vec<Expression>,
    /// What else to add up.
    pub(crate) subtotals: Subtotals,
    /// Which groups.
    pub(crate) having: Option<Condition>,
    /// In which order.
    pub(crate) order: Vec<Order>,
    /// At most so many.
    pub(crate) limit: Option<i64>,
    /// Leave out so many.
    pub(crate) offset: Option<i64>,
}

/// What a grouped query adds up besides its groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Subtotals {
    /// Nothing.
    None,
    /// `ROLLUP`: the groups of each beginning of the list, down to all records.
    Rollup,
    /// `CUBE`: the groups of every part of the list.
    Cube,
}

/// A name with its place.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// As written.
    pub(crate) text: String,
    /// Where.
    pub(crate) at: usize,
}

/// `Owner.Name`, in parts.
pub(crate) type Path = Vec<Name>;

/// A value of a record, or of a group of records.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    /// A field, or a parent's.
    Field(Path),
    /// A function of a field.
    Call(Function, Path),
}

/// A function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Function {
    /// Of a group's values.
    Aggregate(Aggregate),
    /// Of a date.
    Date(DatePart),
    /// `toLabel(field)`: what people see of a picklist's value
    Label,
    /// `FORMAT(field)`: as people write it
    Format,
    /// `GROUPING(field)`: 1 in a subtotal over all its values
    Grouping,
}

/// What becomes of a group's values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Aggregate {
    /// `COUNT(field)`
    Count,
    /// `COUNT_DISTINCT(field)`
    CountDistinct,
    /// `SUM(field)`
    Sum,
    /// `AVG(field)`
    Average,
    /// `MIN(field)`
    Least,
    /// `MAX(field)`
    Most,
}

/// A part of a date; the fiscal year begins in January, so its functions are the calendar's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum DatePart {
    /// `CALENDAR_YEAR`, `FISCAL_YEAR`
    Year,
    /// `CALENDAR_QUARTER`, `FISCAL_QUARTER`
    Quarter,
    /// `CALENDAR_MONTH`, `FISCAL_MONTH`
    Month,
    /// `DAY_IN_MONTH`
    DayInMonth,
    /// `DAY_IN_WEEK`, 1 for Sunday
    DayInWeek,
    /// `DAY_IN_YEAR`
    DayInYear,
    /// `DAY_ONLY`, the date of a date-time
    Day,
    /// `HOUR_IN_DAY`
    Hour,
    /// `WEEK_IN_MONTH`, 1 for the first seven days
    WeekInMonth,
    /// `WEEK_IN_YEAR`, 1 for the first seven days
    WeekInYear,
}

/// An entry of the SELECT list.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// A value, and what to call it.
    Value(Expression, Option<Name>),
    /// `FIELDS(ALL)` and its like: the word, and its place.
    Fields(Name),
    /// `TYPEOF`: fields that depend on what a relationship leads to.
    ByType(ByType),
    /// `COUNT()`, and its place
    Count(usize),
    /// A query of the records that point here; its FROM is the relationship.
    Children(Box<Query>),
}

/// `TYPEOF relationship WHEN object THEN fields ELSE fields END`
#[derive(Clone, Debug)]
pub(crate) struct ByType {
    /// The relationship.
    pub(crate) relationship: Name,
    /// Objects and the fields to read of them.
    pub(crate) cases: Vec<(Name, Vec<Name>)>,
    /// The fields of any other object.
    pub(crate) other: Vec<Name>,
}

/// A condition on records.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    /// All hold.
    And(Vec<Condition>),
    /// One holds.
    Or(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// One comparison.
    Compare(Expression, Operator, Operand),
}

/// How to compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operator {
    /// `=`
    Equal,
    /// `!=`, `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `LIKE`
    Like,
    /// `IN`
    In,
    /// `NOT IN`
    NotIn,
    /// `INCLUDES`
    Includes,
    /// `EXCLUDES`
    Excludes,
}

/// What to compare with.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    /// One value.
    One(Literal),
    /// Several.
    List(Vec<Literal>, usize),
    /// The values of another query.
    Query(Box<Query>, usize),
}

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Literal {
    /// The value.
    pub(crate) value: Constant,
    /// Where.
    pub(crate) at: usize,
}

/// A value as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constant {
    /// Text: its meaning, and its form for LIKE with `\` before what is meant literally.
    Text(String, String),
    /// Digits.
    Number(String),
    /// `TRUE`, `FALSE`
    Bool(bool),
    /// `NULL`
    Null,
    /// `2026-01-31`
    Date(String),
    /// `2026-01-31T10:00:00Z`, in UTC milliseconds
    DateTime(i64),
    /// `TODAY`, `LAST_N_DAYS:7`
    Period(String, Option<i64>),
}

/// An entry of ORDER BY.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// By what.
    pub(crate) by: Expression,
    /// From the end.
    pub(crate) descending: bool,
    /// Empty values at the end.
    pub(crate) nulls_last: bool,
}
