//! The tree itself, and how it is read from JSON.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::Span;
use crate::{Condition, Date, Operator};

/// Who is meant: groups of rules within groups.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[serde(untagged)]
pub enum RuleTree {
    /// Every part holds; without parts everybody.
    All {
        /// The parts.
        all: Vec<RuleTree>,
    },
    /// At least one part holds; without parts nobody.
    Any {
        /// The parts.
        any: Vec<RuleTree>,
    },
    /// No part holds; without parts everybody.
    None {
        /// The parts.
        none: Vec<RuleTree>,
    },
    /// A condition on a field of the contact or of her account.
    Field(Condition),
    /// Points in a score.
    Points(PointsRule),
    /// Something she did, or did not do.
    Activity(ActivityRule),
    /// Membership of another segment.
    Segment(SegmentRule),
    /// Her e-mail stands in a list.
    List(ListRule),
    /// What is known from Salesforce: her record.
    Link(LinkRule),
    /// What she has given or refused consent to.
    Consent(ConsentRule),
    /// Opportunities that a pull has read.
    Opportunities(OpportunityRule),
    /// Membership in campaigns that a pull has read.
    Campaign(CampaignRule),
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The same or more.
    AtLeast,
    /// The same or less.
    AtMost,
    /// The same.
    Equals,
}

/// Points in a score; who has none has 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct PointsRule {
    /// The score's name.
    pub points: String,
    /// How they are compared.
    pub op: Comparison,
    /// With what.
    pub value: i64,
}

/// How often something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// How the number is compared.
    pub op: Comparison,
    /// With what.
    pub value: u32,
}

impl Times {
    /// At least once.
    pub const ONCE: Self = Self {
        op: Comparison::AtLeast,
        value: 1,
    };

    fn is_once(&self) -> bool {
        *self == Self::ONCE
    }
}

impl Default for Times {
    fn default() -> Self {
        Self::ONCE
    }
}

/// Activities of a type: how often, when, and of what kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct ActivityRule {
    /// The type's name.
    pub activity: String,
    /// How often; at least once where unset.
    #[serde(default, skip_serializing_if = "Times::is_once")]
    #[ts(as = "Option<Times>")]
    pub times: Times,
    /// Only those that are not longer ago, such as `30 days`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<String>")]
    pub within: Option<Span>,
    /// The latest is longer ago than this, such as `90 days`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<String>")]
    pub not_within: Option<Span>,
    /// Only those from this date on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<String>")]
    pub since: Option<Date>,
    /// Only those until the end of this date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<String>")]
    pub until: Option<Date>,
    /// Only those of which all of this holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<ActivityCondition>>")]
    pub with: Vec<ActivityCondition>,
}

/// What activities have besides their time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ActivityField {
    /// A number, such as the worth of an order.
    Value,
    /// A page.
    Url,
    /// A title, such as a mail's subject.
    Title,
    /// A note.
    Note,
}

impl ActivityField {
    /// Returns the field's name, which is its column's, too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Url => "url",
            Self::Title => "title",
            Self::Note => "note",
        }
    }
}

/// A condition on what an activity has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct ActivityCondition {
    /// What is compared.
    pub field: ActivityField,
    /// How.
    pub op: Operator,
    /// With what.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    #[ts(type = "unknown")]
    pub value: Value,
}

/// Where somebody stands towards a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A member now.
    In,
    /// Not a member now, whether she was one or not.
    NotIn,
    /// Was a member and is none now.
    Exited,
}

/// Membership of another segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct SegmentRule {
    /// The segment's name.
    pub segment: String,
    /// Where she stands towards it.
    pub is: Place,
}

/// The e-mail stands in a list that was pasted or imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct ListRule {
    /// The list's name.
    pub list: String,
    /// Whether the e-mail is in it or not.
    pub holds: bool,
}

/// How it stands with somebody's record in Salesforce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum LinkStanding {
    /// She has a record.
    Linked,
    /// She has none.
    NotLinked,
    /// Her record was deleted in Salesforce.
    Deleted,
    /// Her lead was converted in Salesforce.
    Converted,
}

/// A record in Salesforce, in any org.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct LinkRule {
    /// `Lead`, `Contact`, or `any`.
    pub link: String,
    /// How it stands.
    pub is: LinkStanding,
}

/// How somebody's consent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentStanding {
    /// They gave it.
    Given,
    /// They refused it.
    Refused,
    /// They were not asked, or have not answered.
    NotAsked,
}

/// Consent to a purpose, a preference or a preference value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct ConsentRule {
    /// Its path, such as `Newsletter > Topics > Offers`.
    pub consent: String,
    /// How it stands.
    pub is: ConsentStanding,
}

/// Which opportunities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum OpportunityState {
    /// All of them.
    Any,
    /// Those that are not closed.
    Open,
    /// Those that are closed, won or lost.
    Closed,
    /// Those that were won.
    Won,
    /// Those that were closed and not won.
    Lost,
}

/// How an opportunity belongs to a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Through {
    /// Either way.
    #[default]
    Any,
    /// It is one of the account of the Contact.
    Account,
    /// The Contact has a role in it.
    Role,
}

impl Through {
    fn is_any(&self) -> bool {
        *self == Self::Any
    }
}

/// What amounts come to; nothing where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// How it is compared.
    pub op: Comparison,
    /// With what, in the org's own currency.
    pub value: f64,
}

/// Opportunities of the Contact that somebody is linked to: how many, and what they come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct OpportunityRule {
    /// Which.
    pub opportunities: OpportunityState,
    /// How they belong to the Contact; either way where unset.
    #[serde(default, skip_serializing_if = "Through::is_any")]
    #[ts(as = "Option<Through>")]
    pub through: Through,
    /// How many; at least one where neither this nor the sum is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<Times>")]
    pub times: Option<Times>,
    /// What their amounts come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<Sum>")]
    pub sum: Option<Sum>,
    /// Only those of which all of this holds; fields by their API names, such as `StageName`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Condition>>")]
    pub with: Vec<Condition>,
}

/// How somebody stands towards a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum CampaignStanding {
    /// A member.
    Member,
    /// Not a member.
    NotMember,
    /// A member who has responded.
    Responded,
    /// A member who has not responded.
    NotResponded,
}

/// Membership of the linked record in a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct CampaignRule {
    /// The campaign's name, or `any`.
    pub campaign: String,
    /// How the record stands towards it.
    pub is: CampaignStanding,
    /// Only members with this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<String>")]
    pub status: Option<String>,
}

impl RuleTree {
    /// Returns the tree that everybody meets.
    pub fn everybody() -> Self {
        Self::All { all: Vec::new() }
    }

    /// Returns the parts of a group, an empty slice for a single rule.
    pub fn parts(&self) -> &[RuleTree] {
        match self {
            Self::All { all } => all,
            Self::Any { any } => any,
            Self::None { none } => none,
            _ => &[],
        }
    }

    fn read(value: Value) -> Result<Self, serde_json::Error> {
        let Value::Object(object) = &value else {
            return Err(serde_json::Error::custom(
                "a rule must be an object, such as {\"field\": \"city\", \"op\": \"equals\", \"value\": \"Rome\"}",
            ));
        };
        let has = |key: &str| object.contains_key(key);
        for group in ["all", "any", "none"] {
            if has(group) {
                return Self::read_group(group, value);
            }
        }
        if has("field") {
            Condition::deserialize(value).map(Self::Field)
        } else if has("points") {
            PointsRule::deserialize(value).map(Self::Points)
        } else if has("activity") {
            ActivityRule::deserialize(value).map(Self::Activity)
        } else if has("segment") {
            SegmentRule::deserialize(value).map(Self::Segment)
        } else if has("list") {
            ListRule::deserialize(value).map(Self::List)
        } else if has("link") {
            LinkRule::deserialize(value).map(Self::Link)
        } else if has("consent") {
            ConsentRule::deserialize(value).map(Self::Consent)
        } else if has("opportunities") {
            OpportunityRule::deserialize(value).map(Self::Opportunities)
        } else if has("campaign") {
            CampaignRule::deserialize(value).map(Self::Campaign)
        } else {
            Err(serde_json::Error::custom(
                "a rule needs one of all, any, none, field, points, activity, segment, list, link, consent, opportunities or \
                 campaign",
            ))
        }
    }

    fn read_group(name: &str, value: Value) -> Result<Self, serde_json::Error> {
        let Value::Object(object) = value else {
            return Err(serde_json::Error::custom("a group must be an object"));
        };
        if object.len() > 1 {
            return Err(serde_json::Error::custom(format!(
                "a group can't have anything but \"{name}\""
            )));
        }
        let Some(Value::Array(parts)) = object.into_values().next() else {
            return Err(serde_json::Error::custom(format!(
                "\"{name}\" needs a list of rules"
            )));
        };
        let parts = parts.into_iter().enumerate().map(|(at, part)| {
            Self::read(part).map_err(|error| {
                serde_json::Error::custom(format!("rule {} of \"{name}\": {error}", at + 1))
            })
        });
        let parts = parts.collect::<Result<_, _>>()?;
        Ok(match name {
            "all" => Self::All { all: parts },
            "any" => Self::Any { any: parts },
            _ => Self::None { none: parts },
        })
    }
}

impl<'de> Deserialize<'de> for RuleTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tree = Self::read(Value::deserialize(deserializer)?).map_err(D::Error::custom)?;
        // A workspace from elsewhere may hold what could not be saved.
        super::checking::check_size(&tree).map_err(D::Error::custom)?;
        Ok(tree)
    }
}
