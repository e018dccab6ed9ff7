//! Values that the org takes only beside a value of another field: dependent picklists, states of countries.

use std::collections::BTreeMap;

use super::picklists::fold;
use super::problems::Problem;
use crate::targets::{PicklistValue, TargetField, TargetObject, TargetType};

/// What values of a target depend on.
#[derive(Debug)]
pub(super) struct Dependence {
    /// The fields that may give the controlling value, the most telling one first.
    pub(super) controllers: Vec<String>,
    /// What people call it.
    label: String,
    /// Where each controlling value stands in its list, by its folded text; a checkbox has `false` and `true`.
    places: BTreeMap<String, usize>,
    entries: Vec<Entry>,
    /// Nothing can be chosen while there is no controlling value.
    needs_one: bool,
}

/// A value of the dependent picklist.
#[derive(Debug)]
struct Entry {
    /// Folded value and label.
    known_as: [String; 2],
    /// What is sent.
    value: String,
    /// Bit n from the left: may stand beside the n-th controlling value.
    valid_for: Vec<u8>,
}

/// What is sent in the controlling field.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Controlling {
    /// A value.
    Value(String),
    /// The contact has none.
    Unset,
    /// It is emptied.
    Emptied,
    /// The contact's value is left out.
    LeftOut,
    /// No row gives it.
    Unmapped,
}

impl Dependence {
    /// Returns what the values of a field depend on, where the org would refuse what does not go together.
    pub(super) fn of(field: &TargetField, object: &TargetObject) -> Option<Self> {
        if let Some(place) = Place::of(field, object) {
            return place.of_state(field);
        }
        let controller = field.controller.as_ref().filter(|_| field.restricted)?;
        let by = object.field(&controller.field)?;
        let places = match by.kind {
            TargetType::Checkbox => [("false".to_owned(), 0), ("true".to_owned(), 1)].into(),
            _ => places(
                by.picklist
                    .iter()
                    .map(|value| [value.value.as_str(), &value.label]),
            ),
        };
        Some(Self {
            controllers: vec![controller.field.clone()],
            label: by.label.clone(),
            places,
            entries: entries(field, |value| value.value.clone()),
            needs_one: by.kind != TargetType::Checkbox,
        })
    }

    /// Holds a value against the controlling one; returns what is to be sent of it.
    ///
    /// `said` is the value as the contact has it. `is_new` tells whether the record is a new one: what an old record holds is
    /// not known here.
    pub(super) fn judge<'a>(
        &'a self,
        value: &'a str,
        said: &str,
        controlling: &Controlling,
        is_new: bool,
    ) -> Result<&'a str, Problem> {
        let by = match controlling {
            Controlling::Value(by) => by,
            Controlling::LeftOut => return Err(self.problem("isn't sent either")),
            Controlling::Emptied if self.needs_one => return Err(self.problem("has no value")),
            Controlling::Unset | Controlling::Unmapped if is_new && self.needs_one => {
                return Err(self.problem("has no value"));
            }
            Controlling::Unset | Controlling::Emptied | Controlling::Unmapped => return Ok(value),
        };
        let Some(place) = self.places.get(&fold(by)) else {
            return Ok(value);
        };
        let (value_key, said_key) = (fold(value), fold(said));
        let fits = |entry: &&Entry| {
            is_valid(&entry.valid_for, *place)
                && (entry.known_as.contains(&value_key) || entry.known_as.contains(&said_key))
        };
        match self.entries.iter().find(fits) {
            Some(entry) => Ok(&entry.value),
            None => Err(Problem {
                what: format!("it isn't available for {} “{by}”", self.label),
                ..self.problem("")
            }),
        }
    }

    fn problem(&self, why: &str) -> Problem {
        Problem::new(
            "dependent_picklist",
            format!("it depends on {}, which {why}", self.label),
            "correct one of the two in the contact, or map the value",
        )
    }
}

/// The fields of one address, in an org that lists countries and states.
pub(super) struct Place<'o> {
    object: &'o TargetObject,
    /// What stands before the names of its fields, such as `Mailing`.
    prefix: &'o str,
    part: Part,
    countries: &'o TargetField,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Country,
    CountryCode,
    State,
    StateCode,
}

impl<'o> Place<'o> {
    /// Returns the address that a field belongs to; `None` for other fields, and where the org takes any text.
    pub(super) fn of(field: &'o TargetField, object: &'o TargetObject) -> Option<Self> {
        let parts = [
            ("CountryCode", Part::CountryCode),
            ("StateCode", Part::StateCode),
            ("Country", Part::Country),
            ("State", Part::State),
        ];
        let (prefix, part) = parts
            .into_iter()
            .find_map(|(name, part)| Some((field.name.strip_suffix(name)?, part)))?;
        let codes = object.field(&format!("{prefix}CountryCode"))?;
        let lists =
            codes.kind == TargetType::Picklist && codes.picklist.iter().any(|one| one.active);
        lists.then_some(Self {
            object,
            prefix,
            part,
            countries: codes,
        })
    }

    /// Returns the values that a field of names takes: what the field of codes beside it calls them.
    pub(super) fn names(&self) -> Option<Vec<PicklistValue>> {
        let codes = match self.part {
            Part::Country => self.countries,
            Part::State => self.states()?,
            Part::CountryCode | Part::StateCode => return None,
        };
        let name = |code: &PicklistValue| PicklistValue {
            value: code.label.clone(),
            label: code.value.clone(),
            active: code.active,
        };
        Some(codes.picklist.iter().map(name).collect())
    }

    /// Returns what the org calls each country, by code; sorted.
    pub(super) fn country_names(&self) -> Vec<(String, String)> {
        let active = self.countries.picklist.iter().filter(|entry| entry.active);
        let mut names: Vec<_> = active
            .map(|entry| (entry.value.clone(), entry.label.clone()))
            .collect();
        names.sort();
        names
    }

    /// Returns the codes of the states that the org lists, sorted.
    pub(super) fn state_codes(&self) -> Vec<String> {
        let active = self.states().into_iter().flat_map(|codes| &codes.picklist);
        let mut codes: Vec<_> = active
            .filter(|code| code.active)
            .map(|code| code.value.clone())
            .collect();
        codes.sort();
        codes.dedup();
        codes
    }

    fn states(&self) -> Option<&'o TargetField> {
        let codes = self.object.field(&format!("{}StateCode", self.prefix))?;
        let lists =
            codes.kind == TargetType::Picklist && codes.picklist.iter().any(|one| one.active);
        lists.then_some(codes)
    }

    fn of_state(&self, field: &TargetField) -> Option<Dependence> {
        if !matches!(self.part, Part::State | Part::StateCode) {
            return None;
        }
        let codes = self.states().filter(|codes| codes.controller.is_some())?;
        let named = |code: &PicklistValue| match self.part {
            Part::State => code.label.clone(),
            _ => code.value.clone(),
        };
        let countries = self.countries.picklist.iter();
        Some(Dependence {
            controllers: ["CountryCode", "Country"]
                .map(|name| format!("{}{name}", self.prefix))
                .to_vec(),
            label: self
                .object
                .field(&format!("{}Country", self.prefix))
                .map_or_else(|| "Country".to_owned(), |country| country.label.clone()),
            places: places(countries.map(|value| [value.value.as_str(), &value.label])),
            entries: entries(codes, named),
            needs_one: true,
        })
        .filter(|_| !field.is_read_only())
    }
}

fn places<'a>(values: impl Iterator<Item = [&'a str; 2]>) -> BTreeMap<String, usize> {
    let mut places = BTreeMap::new();
    for (at, texts) in values.enumerate() {
        for text in texts {
            places.entry(fold(text)).or_insert(at);
        }
    }
    places
}

fn entries(field: &TargetField, sent: impl Fn(&PicklistValue) -> String) -> Vec<Entry> {
    let valid_for = field
        .controller
        .as_ref()
        .map(|controller| &controller.valid_for);
    let entry = |(at, value): (usize, &PicklistValue)| Entry {
        known_as: [fold(&value.value), fold(&value.label)],
        value: sent(value),
        valid_for: valid_for
            .and_then(|all| all.get(at).cloned())
            .unwrap_or_default(),
    };
    let all = field.picklist.iter().enumerate();
    all.filter(|(_, value)| value.active).map(entry).collect()
}

/// Reads the bit of a controlling value.
///
/// # Source
/// SOAP API Developer Guide, "`PicklistEntry`", `validFor`.
fn is_valid(bits: &[u8], place: usize) -> bool {
    bits.get(place / 8)
        .is_some_and(|byte| byte & (0x80 >> (place % 8)) != 0)
}
