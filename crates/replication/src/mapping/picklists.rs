//! Picklists: the org's own spelling of a value, and what a restricted one refuses.

use crate::targets::PicklistValue;

/// Most values that a multi-select picklist holds.
pub(super) const MOST_CHOSEN: usize = 100;

/// The active values of a picklist, prepared for looking up.
#[derive(Debug, Clone, Default)]
pub(super) struct Picklist {
    /// Folded value or label, and the value as the org spells it; sorted.
    known: Vec<(String, String)>,
    /// The same of values that may be chosen no more; records may still hold them.
    retired: Vec<(String, String)>,
    restricted: bool,
}

impl Picklist {
    /// Prepares the values of a field.
    pub(super) fn new(values: &[PicklistValue], restricted: bool) -> Self {
        let known = by_text(values.iter().filter(|value| value.active));
        let retired = by_text(values.iter().filter(|value| !value.active));
        // A restricted picklist of which no value is known cannot be checked.
        let restricted = restricted && !known.is_empty();
        Self {
            known,
            retired,
            restricted,
        }
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
        find(&self.known, text)
    }

    /// Returns what was sent for a text while the picklist offered it.
    pub(super) fn as_sent_before<'a>(&'a self, text: &'a str) -> &'a str {
        let known = self.find(text).or_else(|| find(&self.retired, text));
        known.unwrap_or(text)
    }

    /// Splits what a multi-select picklist gets at the sign that yields the most values that it offers; blank parts and
    /// repetitions are dropped. `replaced` is what the value map makes of a part.
    pub(super) fn split<'a>(
        &self,
        text: &'a str,
        replaced: impl Fn(&'a str) -> &'a str,
    ) -> Vec<&'a str> {
        let text = text.trim();
        if text.is_empty() {
            return Vec::new();
        }
        let is_known = |part: &'a str| {
            let part = replaced(part);
            part.is_empty() || self.find(part).is_some()
        };
        if is_known(text) {
            return vec![text];
        }
        let mut best = (parts(text), 0, false);
        for sign in SEPARATORS {
            let parts = parts_at(text, *sign);
            let known = parts.iter().filter(|part| is_known(part)).count();
            let all = known == parts.len();
            if (all, known) > (best.2, best.1) {
                best = (parts, known, all);
            }
        }
        best.0
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

fn by_text<'a>(values: impl Iterator<Item = &'a PicklistValue> + Clone) -> Vec<(String, String)> {
    let mut known: Vec<_> = values
        .clone()
        .map(|value| (fold(&value.value), value.value.clone()))
        .collect();
    known.sort_by(|left, right| left.0.cmp(&right.0));
    known.dedup_by(|later, earlier| later.0 == earlier.0);
    // What people read counts too, where it is not another entry's value.
    for entry in values {
        let label = fold(&entry.label);
        if let Err(at) = known.binary_search_by(|(key, _)| key.as_str().cmp(&label)) {
            known.insert(at, (label, entry.value.clone()));
        }
    }
    known
}

fn find<'a>(known: &'a [(String, String)], text: &str) -> Option<&'a str> {
    if known.is_empty() {
        return None;
    }
    let folded = fold(text);
    let at = known
        .binary_search_by(|(key, _)| key.as_str().cmp(&folded))
        .ok()?;
    Some(&known[at].1)
}

/// Tells whether a picklist's active values, or their labels, have each part of a text, without regard to case.
pub fn offers(values: &[PicklistValue], text: &str) -> bool {
    let known = Picklist::new(values, false);
    let parts = known.split(text, |part| part);
    parts.iter().all(|part| known.find(part).is_some())
}

/// What people and other products write between the values of a multi-select picklist; Salesforce's own sign first.
const SEPARATORS: &[char] = &[';', '\n', ',', '|', '/', '+', '&'];

/// Splits what a multi-select picklist gets at Salesforce's own sign; blank parts and repetitions are dropped.
pub(super) fn parts(text: &str) -> Vec<&str> {
    parts_at(text, ';')
}

fn parts_at(text: &str, sign: char) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in text
        .split(sign)
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

    #[test]
    fn several_values_are_split_at_the_sign_that_yields_offered_ones() {
        let value = |value: &str| PicklistValue {
            value: value.into(),
            label: value.into(),
            active: true,
        };
        let list = Picklist::new(&["Red", "Blue", "Black, White", "R&D"].map(value), false);
        let split = |text| list.split(text, |part| part);
        assert_eq!(split("Red, Blue"), ["Red", "Blue"]);
        assert_eq!(split("red|BLUE | red"), ["red", "BLUE"]);
        assert_eq!(split("Red\nBlue"), ["Red", "Blue"]);
        assert_eq!(split("Red;Black, White"), ["Red", "Black, White"]);
        assert_eq!(split("Black, White"), ["Black, White"]);
        assert_eq!(split("R&D"), ["R&D"]);
        assert_eq!(split("Red, Blue, Purple"), ["Red", "Blue", "Purple"]);
        assert_eq!(
            split("Smith, Jones"),
            ["Smith, Jones"],
            "nothing says that these are two"
        );
        let short = |part: &'static str| if part == "r" { "Red" } else { part };
        assert_eq!(
            list.split("r, Blue", short),
            ["r", "Blue"],
            "values of the map count as known"
        );
    }
}
