//! What a preference comes to as text: the values of it that somebody has given.

use std::collections::BTreeMap;

use leadferry_store::PurposeId;

use super::reading::Local;
use super::{Finding, Names};

/// What is written for those who refused a preference, or all of its values that they answered.
pub(super) const NO: &str = "No";
/// What is written for those who gave a preference without naming a value.
const YES: &str = "Yes";
/// What stands between two levels of a path.
const LEVEL: char = '>';

/// A preference with its values, resolved.
#[derive(Debug)]
pub(super) struct Preference {
    own: PurposeId,
    values: Vec<(PurposeId, String)>,
    locals: Vec<Local>,
}

impl Preference {
    /// Resolves a preference by its path.
    ///
    /// # Errors
    /// When there is none of that path, or it is a purpose or a value.
    pub(super) fn new(path: &str, names: &Names<'_>) -> Result<Self, Finding> {
        let own = names.purpose(path)?;
        if !is_preference(path) {
            return Err(Finding::error(
                "not_a_preference",
                format!("\"{path}\" isn't a preference, so it can't be written as text"),
                "map the consent to a checkbox, or choose a preference such as Newsletter > Topics",
            ));
        }
        let above = folded(path);
        let values: Vec<_> = names
            .purposes
            .iter()
            .filter_map(|(id, one)| {
                let (parent, name) = one.rsplit_once(LEVEL)?;
                (folded(parent) == above).then(|| (*id, name.trim().to_owned()))
            })
            .collect();
        let ids = std::iter::once(own).chain(values.iter().map(|(id, _)| *id));
        let locals = ids.map(|id| Local::Consent(id, false)).collect();
        Ok(Self {
            own,
            values,
            locals,
        })
    }

    /// Returns the values that were given, one behind the other; `None` for those who never answered.
    ///
    /// A refused preference outweighs its values.
    pub(super) fn read(&self, answers: &BTreeMap<PurposeId, bool>) -> Option<String> {
        let own = answers.get(&self.own);
        if own == Some(&false) {
            return Some(NO.to_owned());
        }
        let given = self
            .values
            .iter()
            .filter(|(id, _)| answers.get(id) == Some(&true));
        let given: Vec<&str> = given.map(|(_, name)| name.as_str()).collect();
        if !given.is_empty() {
            return Some(given.join("; "));
        }
        let refused = self.values.iter().any(|(id, _)| answers.contains_key(id));
        match own {
            Some(_) => Some(YES.to_owned()),
            None => refused.then(|| NO.to_owned()),
        }
    }

    /// Visits the answers that have to be loaded.
    pub(super) fn locals(&self) -> &[Local] {
        &self.locals
    }
}

/// Tells whether a path names a preference: a choice within a purpose.
pub(super) fn is_preference(path: &str) -> bool {
    path.matches(LEVEL).count() == 1
}

fn folded(path: &str) -> Vec<String> {
    let names = path.split(LEVEL);
    names.map(|name| name.trim().to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preference() -> Preference {
        let purposes = [
            (PurposeId(1), "Newsletter".to_owned()),
            (PurposeId(2), "Newsletter > Topics".to_owned()),
            (PurposeId(3), "Newsletter > Topics > Offers".to_owned()),
            (PurposeId(4), "Newsletter > Topics > Events".to_owned()),
            (
                PurposeId(5),
                "Newsletter > Topics of others > Trips".to_owned(),
            ),
        ];
        let names = Names {
            custom: &[],
            scores: &[],
            segments: &[],
            purposes: &purposes,
            salesforce: &[],
        };
        assert!(Preference::new("Newsletter", &names).is_err());
        Preference::new("newsletter > TOPICS", &names).unwrap()
    }

    fn said(answers: &[(i64, bool)]) -> Option<String> {
        let answers = answers
            .iter()
            .map(|(id, given)| (PurposeId(*id), *given))
            .collect();
        preference().read(&answers)
    }

    #[test]
    fn the_values_that_were_given_stand_one_behind_the_other() {
        assert_eq!(
            said(&[(3, true), (4, true)]).as_deref(),
            Some("Offers; Events")
        );
        assert_eq!(said(&[(3, false), (4, true)]).as_deref(), Some("Events"));
        assert_eq!(said(&[(2, true)]).as_deref(), Some("Yes"));
    }

    #[test]
    fn a_refusal_says_no_and_who_never_answered_says_nothing() {
        assert_eq!(said(&[]), None);
        assert_eq!(said(&[(1, true), (5, true)]), None);
        assert_eq!(said(&[(3, false)]).as_deref(), Some("No"));
        assert_eq!(said(&[(2, false), (3, true)]).as_deref(), Some("No"));
    }
}
