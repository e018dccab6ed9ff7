//! Rules: who is meant, as one typed tree that segments and scores share.
//!
//! A tree is read from JSON ([`RuleTree`]), checked and turned into SQL (`compiling`), said as a sentence (`wording`),
//! and explained for one contact (`explaining`). Names of fields, scores, segments, activity types and lists stand in
//! it as the user gave them; renaming one rewrites the trees that name it (`references`). What they ask of the mirror is
//! translated in `related` and [`crate::mirror`]. Only names of known columns
//! become SQL text; whatever the user wrote is bound.

mod asked_values;
mod checking;
mod compiling;
#[cfg(test)]
pub(crate) mod evaluating;
mod explaining;
mod functions;
mod references;
mod related;
mod span;
mod tree;
mod wording;

pub use asked_values::AskedValue;
pub(crate) use compiling::{activities_sql, earliest};
pub use explaining::Explained;
pub(crate) use functions::{register, saturated};
pub use references::AskedByRule;
pub(crate) use references::{Kind, References};
pub use span::{Span, SpanUnit};
pub use tree::{
    ActivityCondition, ActivityField, ActivityRule, CampaignRule, CampaignStanding, Comparison,
    ConsentRule, ConsentStanding, LinkRule, LinkStanding, ListRule, OpportunityRule,
    OpportunityState, Place, PointsRule, RuleTree, SegmentRule, Sum, Through, Times,
};

#[cfg(test)]
mod mirrored;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
