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
    /// Which records.
    pub(crate) condition: Option<Condition>,
    /// In which order.
    pub(crate) order: Vec<Order>,
    /// At most so many.
    pub(crate) limit: Option<i64>,
    /// Leave out so many.
    pub(crate) offset: Option<i64>,
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

/// An entry of the SELECT list.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// A field, or a parent's.
    Field(Path),
    /// `FIELDS(ALL)` and its like: the word, and its place.
    Fields(Name),
    /// `COUNT()`
    Count,
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
    Compare(Path, Operator, Operand),
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
    /// The field.
    pub(crate) path: Path,
    /// From the end.
    pub(crate) descending: bool,
    /// Empty values at the end.
    pub(crate) nulls_last: bool,
}
