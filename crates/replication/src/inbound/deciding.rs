//! Decides between what a contact has and what its record has.

use serde::{Deserialize, Serialize};

/// When a record's value replaces the contact's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum InboundRule {
    /// Where the contact has none. Nothing is ever replaced.
    #[default]
    IfEmpty,
    /// Where only the record's was changed; where both were, if the record was changed later than the contact.
    Newest,
    /// Where the record's was changed, whatever the contact has.
    Salesforce,
    /// Where only the record's was changed; where both were, someone chooses.
    Ask,
    /// Never.
    Never,
}

impl InboundRule {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::IfEmpty,
        Self::Newest,
        Self::Salesforce,
        Self::Ask,
        Self::Never,
    ];

    /// Returns the word for it in the text form.
    pub fn word(self) -> &'static str {
        match self {
            Self::IfEmpty => "if_empty",
            Self::Newest => "newest",
            Self::Salesforce => "salesforce",
            Self::Ask => "ask",
            Self::Never => "never",
        }
    }

    /// Reads the word for it.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.word() == word)
    }
}

/// What has become of a value since both sides last agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It is as it was, and be it none.
    Unchanged,
    /// It is another one.
    Changed,
    /// It is gone.
    Emptied,
}

/// What is to be done about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The contact keeps its value; where the field is sent, the next run sends what differs from what was sent.
    Keep,
    /// The contact gets the record's value, and be it none.
    Take,
    /// Someone chooses.
    Ask,
}

/// Decides about a field whose two values differ.
///
/// A change on one side only wins, except that the rule *if empty* replaces nothing. On both sides the rule decides.
/// `is_unset` says that the contact has no value, `is_newer_there` that the record was changed later than the contact.
pub fn decide(
    rule: InboundRule,
    here: Side,
    there: Side,
    is_unset: bool,
    is_newer_there: bool,
) -> Verdict {
    let take_if = |yes: bool| if yes { Verdict::Take } else { Verdict::Keep };
    match (rule, here, there) {
        (InboundRule::Never, ..) => Verdict::Keep,
        (_, _, Side::Unchanged) | (_, Side::Emptied, Side::Emptied) => Verdict::Keep,
        (InboundRule::IfEmpty, _, Side::Emptied) => Verdict::Keep,
        (InboundRule::IfEmpty, _, Side::Changed) => take_if(is_unset),
        (_, Side::Unchanged, _) => Verdict::Take,
        (InboundRule::Newest, ..) => take_if(is_newer_there),
        (InboundRule::Salesforce, ..) => Verdict::Take,
        (InboundRule::Ask, ..) => Verdict::Ask,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How to read it: a line for each rule; nine verdicts in groups by the contact's side (unchanged, changed, emptied),
    /// each for the record's side in the same order. `k` keeps, `T` takes, `?` asks. An emptied contact has no value.
    const TABLE: &[(InboundRule, bool, &str)] = &[
        // Rule, record changed later?       unchanged changed emptied
        (InboundRule::IfEmpty, false, "kkk kkk kTk"),
        (InboundRule::IfEmpty, true, "kkk kkk kTk"),
        (InboundRule::Newest, false, "kTT kkk kkk"),
        (InboundRule::Newest, true, "kTT kTT kTk"),
        (InboundRule::Salesforce, false, "kTT kTT kTk"),
        (InboundRule::Salesforce, true, "kTT kTT kTk"),
        (InboundRule::Ask, false, "kTT k?? k?k"),
        (InboundRule::Ask, true, "kTT k?? k?k"),
        (InboundRule::Never, false, "kkk kkk kkk"),
        (InboundRule::Never, true, "kkk kkk kkk"),
    ];

    #[test]
    fn each_rule_decides_every_combination() {
        let sides = [Side::Unchanged, Side::Changed, Side::Emptied];
        for (rule, newer, expected) in TABLE {
            let groups = sides.map(|here| {
                sides
                    .map(
                        |there| match decide(*rule, here, there, here == Side::Emptied, *newer) {
                            Verdict::Keep => 'k',
                            Verdict::Take => 'T',
                            Verdict::Ask => '?',
                        },
                    )
                    .iter()
                    .collect::<String>()
            });
            assert_eq!(
                groups.join(" "),
                *expected,
                "{rule:?}, newer there: {newer}"
            );
        }
    }

    #[test]
    fn a_contact_that_never_had_a_value_gets_the_first_one() {
        for rule in [
            InboundRule::IfEmpty,
            InboundRule::Newest,
            InboundRule::Salesforce,
            InboundRule::Ask,
        ] {
            let verdict = decide(rule, Side::Unchanged, Side::Changed, true, false);
            assert_eq!(verdict, Verdict::Take, "{rule:?}");
        }
    }

    #[test]
    fn rules_read_back_from_their_words() {
        for rule in InboundRule::ALL {
            assert_eq!(InboundRule::from_word(rule.word()), Some(rule));
        }
        assert_eq!(InboundRule::from_word("always"), None);
    }
}
