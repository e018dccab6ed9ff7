//! Countries and states by whatever name: ISO codes where they can be resolved, the text as it came elsewhere.

use std::collections::HashMap;
use std::sync::OnceLock;

use leadferry_store::{ContactField, Value, Values};

use super::fold::fold;
use super::place_names::{COUNTRIES, STATES};

/// Most texts remembered at once.
const REMEMBERED: usize = 10_000;

/// Resolves places and remembers those seen, since files repeat them.
#[derive(Debug, Default)]
pub(crate) struct Places {
    countries: HashMap<String, Option<&'static str>>,
    states: HashMap<(String, &'static str), Option<&'static str>>,
}

impl Places {
    /// Returns the two-letter code of a country given by name or code.
    pub(crate) fn country(&mut self, text: &str) -> Option<&'static str> {
        if let Some(known) = self.countries.get(text) {
            return *known;
        }
        let code = country(text);
        if self.countries.len() < REMEMBERED {
            self.countries.insert(text.to_owned(), code);
        }
        code
    }

    /// Returns the ISO 3166-2 code of a state of a country given by its two-letter code.
    pub(crate) fn state(&mut self, text: &str, country: &'static str) -> Option<&'static str> {
        let key = (text.to_owned(), country);
        if let Some(known) = self.states.get(&key) {
            return *known;
        }
        let code = state(text, country);
        if self.states.len() < REMEMBERED {
            self.states.insert(key, code);
        }
        code
    }
}

/// Replaces the names of country and state by their codes where they are known.
pub(crate) fn resolve(values: &mut Values) {
    let Some(code) = values.text(ContactField::Country).and_then(country) else {
        return;
    };
    values.set(ContactField::Country, Some(Value::Text(code.to_owned())));
    if let Some(state) = values
        .text(ContactField::State)
        .and_then(|text| state(text, code))
    {
        values.set(ContactField::State, Some(Value::Text(state.to_owned())));
    }
}

/// Resolves a country.
pub(crate) fn country(text: &str) -> Option<&'static str> {
    static INDEX: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let mut index = HashMap::new();
        for (code, names) in COUNTRIES {
            index.extend(names.iter().map(|name| (fold(name), *code)));
        }
        for country in rust_iso3166::ALL {
            for code in [country.alpha2, country.alpha3] {
                index
                    .entry(code.to_ascii_lowercase())
                    .or_insert(country.alpha2);
            }
            index.entry(fold(country.name)).or_insert(country.alpha2);
        }
        for country in rust_iso3166::ALL {
            let short = fold(country.name.split(" (").next().unwrap_or_default());
            // There are two groups of Virgin Islands.
            if short != "virginislands" {
                index.entry(short).or_insert(country.alpha2);
            }
        }
        index
    });
    let known = |text: &str| {
        let folded = fold(text);
        index
            .get(&folded)
            .or_else(|| index.get(folded.strip_prefix("the")?))
            .copied()
    };
    known(text)
        .or_else(|| twice(text, known))
        .or_else(|| plate(text.trim()))
}

/// Reads a country that is named twice, as in *Germany (DE)* and *Deutschland / Germany*.
fn twice(text: &str, known: impl Fn(&str) -> Option<&'static str>) -> Option<&'static str> {
    let parts = text.split(['(', ')', '/', '|']).map(str::trim);
    let mut codes = parts.filter(|part| !part.is_empty()).map(known);
    let first = codes.next()??;
    codes.all(|code| code == Some(first)).then_some(first)
}

/// Reads the letters that European cars and athletes show, which address lists use as well.
fn plate(text: &str) -> Option<&'static str> {
    Some(match text {
        "GER" => "DE",
        "SUI" => "CH",
        "NED" => "NL",
        "DEN" => "DK",
        "GRE" => "GR",
        "POR" => "PT",
        "CRO" => "HR",
        "SLO" => "SI",
        "BUL" => "BG",
        "RSA" => "ZA",
        "A" => "AT",
        "B" => "BE",
        "D" => "DE",
        "E" => "ES",
        "F" => "FR",
        "H" => "HU",
        "I" => "IT",
        "L" => "LU",
        "N" => "NO",
        "P" => "PT",
        "S" => "SE",
        "FL" => "LI",
        _ => return None,
    })
}

/// Resolves a state of a country.
pub(crate) fn state(text: &str, country: &str) -> Option<&'static str> {
    static INDEX: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let mut index: HashMap<String, &'static str> = STATES
            .iter()
            .map(|(code, name)| (format!("{}{name}", &code[..2]), *code))
            .collect();
        let all = || {
            rust_iso3166::ALL
                .iter()
                .filter_map(rust_iso3166::CountryCode::subdivisions)
                .flatten()
        };
        for state in all() {
            index
                .entry(format!("{}{}", state.country_code, fold(state.name)))
                .or_insert(state.code);
        }
        for state in all() {
            let short = fold(state.name.split([',', '(', '[']).next().unwrap_or_default());
            for name in [short, state.region_code.to_lowercase(), fold(state.code)] {
                index
                    .entry(format!("{}{name}", state.country_code))
                    .or_insert(state.code);
            }
        }
        index
    });
    index.get(&format!("{country}{}", fold(text))).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_known_by_code_and_by_name_in_several_languages() {
        let cases = [
            ("USA", "US"),
            ("U.S.A.", "US"),
            ("United States", "US"),
            ("United States of America", "US"),
            ("us", "US"),
            ("UK", "GB"),
            ("United Kingdom", "GB"),
            ("Great Britain", "GB"),
            ("England", "GB"),
            ("Deutschland", "DE"),
            ("DEU", "DE"),
            ("Allemagne", "DE"),
            ("España", "ES"),
            ("Österreich", "AT"),
            ("Schweiz", "CH"),
            ("Suisse", "CH"),
            ("The Netherlands", "NL"),
            ("Holland", "NL"),
            ("Czech Republic", "CZ"),
            ("Russia", "RU"),
            ("South Korea", "KR"),
            ("Vietnam", "VN"),
            ("Côte d'Ivoire", "CI"),
            ("Ivory Coast", "CI"),
            ("日本", "JP"),
            ("Brasil", "BR"),
            ("Türkei", "TR"),
            ("Bolivia", "BO"),
            ("Iran", "IR"),
            ("Congo", "CG"),
            ("Niemcy", "DE"),
            ("Alemanha", "DE"),
            ("Германия", "DE"),
            ("ドイツ", "DE"),
            ("D", "DE"),
            ("Germany (DE)", "DE"),
            ("Deutschland/Germany", "DE"),
            ("Verenigd Koninkrijk", "GB"),
            ("Czech Rep.", "CZ"),
            ("Espanha", "ES"),
            ("Viet Nam", "VN"),
            ("Svédország", "SE"),
        ];
        for (text, code) in cases.into_iter().chain([("GER", "DE"), ("SUI", "CH")]) {
            assert_eq!(country(text), Some(code), "{text}");
        }
        for text in [
            "",
            "Atlantis",
            "Virgin Islands",
            "XX",
            "home_country",
            "Germany (FR)",
            "X",
        ] {
            assert_eq!(country(text), None, "{text}");
        }
    }

    #[test]
    fn states_are_known_by_code_and_by_name() {
        let cases = [
            ("CA", "US", "US-CA"),
            ("California", "US", "US-CA"),
            ("us-ca", "US", "US-CA"),
            ("Bayern", "DE", "DE-BY"),
            ("Bavaria", "DE", "DE-BY"),
            ("VIC", "AU", "AU-VIC"),
            ("BC", "CA", "CA-BC"),
            ("Québec", "CA", "CA-QC"),
            ("Zurich", "CH", "CH-ZH"),
            ("North West", "ZA", "ZA-NW"),
            ("Washington DC", "US", "US-DC"),
        ];
        for (text, country, code) in cases {
            assert_eq!(state(text, country), Some(code), "{text}");
        }
        assert_eq!(state("CA", "DE"), None);
        assert_eq!(state("", "US"), None);
        assert_eq!(state("Far away", "US"), None);
    }

    #[test]
    fn every_code_in_our_own_tables_exists() {
        for (code, names) in COUNTRIES {
            assert!(rust_iso3166::from_alpha2(code).is_some(), "{code}");
            assert!(
                names
                    .iter()
                    .all(|name| !name.is_ascii() || fold(name) == *name),
                "{code}: a name is not folded"
            );
            assert!(
                names.iter().all(|name| country(name) == Some(code)),
                "{code}: a name means another country too"
            );
        }
        for (code, name) in STATES {
            assert!(rust_iso3166::iso3166_2::from_code(code).is_some(), "{code}");
            assert_eq!(fold(name), *name);
        }
    }
}
