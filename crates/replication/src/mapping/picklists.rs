//! Picklists: the org's own spelling of a value, and what a restricted one refuses.

use crate::targets::PicklistValue;

/// Most values that a multi-select picklist holds.
pub(super) const MOST_CHOSEN: usize = 100;

/// The active values of a picklist, prepared for looking up.
#[derive(Debug, Clone, Default)]
pub(super) struct Picklist {
    /// Folded value or label, and the value as the org spells it; sorted.
    known: Vec<(String, String)>,
    restricted: bool,
}

impl Picklist {
    /// Prepares the values of a field.
    pub(super) fn new(values: &[PicklistValue], restricted: bool) -> Self {
        let active = || values.iter().filter(|value| value.active);
        let mut known: Vec<_> = active()
            .map(|value| (fold(&value.value), value.value.clone()))
            .collect();
        known.sort_by(|left, right| left.0.cmp(&right.0));
        known.dedup_by(|later, earlier| later.0 == earlier.0);
        // What people read counts too, where it is not another entry's value.
        for entry in active() {
            let label = fold(&entry.label);
            if let Err(at) = known.binary_search_by(|(key, _)| key.as_str().cmp(&label)) {
                known.insert(at, (label, entry.value.clone()));
            }
        }
        // A restricted picklist of which no value is known cannot be checked.
        let restricted = restricted && !known.is_empty();
        Self { known, restricted }
    }

    /// Returns the value as the org spells it; `None` where a restricted picklist does not offer it.
    pub(super) fn resolve<'a>(&'a self, text: &'a str) -> Option<&'a str> {
        match self.find(text) {
            Some(value) => Some(value),
            None => (!self.restricted).then_some(text),
        }
    }

    /// Returns the value that the picklist offers for a text, without regard to case.
    pub(super) fn find(&self, text: &str) -> Option<&str> {
        if self.known.is_empty() {
            return None;
        }
        let folded = fold(text);
        let at = self
            .known
            .binary_search_by(|(key, _)| key.as_str().cmp(&folded))
            .ok()?;
        Some(&self.known[at].1)
    }

    /// Tells whether nothing is known of its values.
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Visits the values as the org spells them.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(|(_, value)| value.as_str())
    }
}

/// Tells whether a picklist's active values, or their labels, have each part of a text, without regard to case.
pub fn offers(values: &[PicklistValue], text: &str) -> bool {
    let known = Picklist::new(values, false);
    parts(text).iter().all(|part| known.find(part).is_some())
}

/// Splits what a multi-select picklist gets; blank parts and repetitions are dropped.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in text
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        if parts.len() <= MOST_CHOSEN && !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

/// Returns the text as it is compared: trimmed and lower-cased.
pub(super) fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Picklist, parts};
    use crate::targets::PicklistValue;

    fn picklist(restricted: bool) -> Picklist {
        let value = |value: &str, label: &str, active| PicklistValue {
            value: value.into(),
            label: label.into(),
            active,
        };
        Picklist::new(
            &[
                value("Open", "Open", true),
                value("Matched", "In Sync", true),
                value("Gone", "Gone", false),
            ],
            restricted,
        )
    }

    #[test]
    fn values_are_sent_in_the_spelling_of_the_org() {
        assert_eq!(picklist(true).resolve(" oPEN "), Some("Open"));
        assert_eq!(
            picklist(true).resolve("in sync"),
            Some("Matched"),
            "labels count too"
        );
    }

    #[test]
    fn a_restricted_picklist_refuses_what_it_does_not_offer() {
        assert_eq!(picklist(true).resolve("New"), None);
        assert_eq!(
            picklist(true).resolve("Gone"),
            None,
            "inactive values cannot be chosen"
        );
        assert_eq!(picklist(false).resolve("New"), Some("New"));
        assert_eq!(
            Picklist::new(&[], true).resolve("New"),
            Some("New"),
            "an unknown list refuses nothing"
        );
    }

    #[test]
    fn several_values_are_split_at_semicolons() {
        assert_eq!(parts("a; b ;;a;c"), ["a", "b", "c"]);
    }
}
