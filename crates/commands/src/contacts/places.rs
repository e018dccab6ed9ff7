//! Countries and their states, for choosing one.

use leadferry_replication::mapping::country_name;
use serde::Serialize;

use crate::imports::country_code;

/// A country or a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct NamedPlace {
    /// Its ISO code, as contacts hold it.
    pub code: &'static str,
    /// Its English name.
    pub name: String,
}

/// Returns the states of a country given by name or code, or all countries where none is given; by name.
pub fn places(country: Option<&str>) -> Vec<NamedPlace> {
    let mut found: Vec<NamedPlace> = match country {
        None => rust_iso3166::ALL
            .iter()
            .map(|country| NamedPlace {
                code: country.alpha2,
                name: country_name(country.alpha2).into_owned(),
            })
            .collect(),
        Some(country) => {
            let country = country_code(country).and_then(rust_iso3166::from_alpha2);
            let states = country.as_ref().and_then(|country| country.subdivisions());
            let states = states.unwrap_or_default().iter();
            states
                .map(|state| NamedPlace {
                    code: state.code,
                    name: state.name.to_owned(),
                })
                .collect()
        }
    };
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_and_the_states_of_one_are_offered_by_name() {
        let countries = places(None);
        assert!(countries.is_sorted_by_key(|place| place.name.clone()));
        let germany = countries.iter().find(|place| place.code == "DE");
        assert_eq!(germany.unwrap().name, "Germany");
        let states = places(Some("Germany"));
        assert_eq!(states.len(), 16);
        assert!(states.iter().all(|state| state.code.starts_with("DE-")));
        assert!(places(Some("Atlantis")).is_empty());
    }
}
