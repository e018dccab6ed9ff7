//! Names and codes of countries and states.

use std::borrow::Cow;

use rust_iso3166::{from_alpha2, iso3166_2};

/// The names that Salesforce gives countries, where ISO's short names are not the usual ones; sorted by code.
const USUAL_NAMES: &[(&str, &str)] = &[
    ("BO", "Bolivia, Plurinational State of"),
    ("BQ", "Bonaire, Sint Eustatius and Saba"),
    ("CD", "Congo, the Democratic Republic of the"),
    ("CI", "Cote d'Ivoire"),
    ("CV", "Cape Verde"),
    ("FM", "Micronesia, Federated States of"),
    ("GB", "United Kingdom"),
    ("IR", "Iran, Islamic Republic of"),
    ("KP", "Korea, Democratic People's Republic of"),
    ("KR", "Korea, Republic of"),
    ("MD", "Moldova, Republic of"),
    ("NL", "Netherlands"),
    ("PS", "Palestine"),
    ("TR", "Turkey"),
    ("TW", "Taiwan"),
    ("TZ", "Tanzania, United Republic of"),
    ("US", "United States"),
    ("VA", "Holy See (Vatican City State)"),
    ("VE", "Venezuela, Bolivarian Republic of"),
    ("VG", "Virgin Islands, British"),
    ("VI", "Virgin Islands, U.S."),
];

/// Returns the country's usual English name; a text that is no code stays as it is.
pub fn country_name(stored: &str) -> Cow<'_, str> {
    match country(stored) {
        Some((_, name)) => Cow::Borrowed(name),
        None => Cow::Borrowed(stored),
    }
}

/// Returns the country's code; `None` where the stored text is none.
pub fn country_code(stored: &str) -> Option<&'static str> {
    country(stored).map(|(code, _)| code)
}

fn country(stored: &str) -> Option<(&'static str, &'static str)> {
    let stored = stored.trim();
    if stored.len() != 2 {
        return None;
    }
    let country = from_alpha2(&stored.to_ascii_uppercase())?;
    let usual = USUAL_NAMES.binary_search_by_key(&country.alpha2, |(code, _)| code);
    Some((
        country.alpha2,
        usual.map_or(country.name, |at| USUAL_NAMES[at].1),
    ))
}

/// Returns the state's name; a text that is no code stays as it is.
pub fn state_name(stored: &str) -> Cow<'_, str> {
    match state(stored) {
        Some(state) => Cow::Borrowed(state.name),
        None => Cow::Borrowed(stored),
    }
}

/// Returns the state's code within its country, such as `CA`; `None` where the stored text is no code.
pub fn state_code(stored: &str) -> Option<&'static str> {
    state(stored)
        .and_then(|state| state.code.split_once('-'))
        .map(|(_, code)| code)
}

fn state(stored: &str) -> Option<iso3166_2::Subdivision> {
    let stored = stored.trim();
    if !(4..=6).contains(&stored.len()) || stored.as_bytes().get(2) != Some(&b'-') {
        return None;
    }
    iso3166_2::from_code(&stored.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::{USUAL_NAMES, country_code, country_name, state_code, state_name};

    #[test]
    fn countries_have_their_usual_names() {
        for (stored, name) in [
            ("US", "United States"),
            ("gb", "United Kingdom"),
            ("DE", "Germany"),
            ("KR", "Korea, Republic of"),
            ("XX", "XX"),
            ("Atlantis", "Atlantis"),
        ] {
            assert_eq!(country_name(stored), name, "{stored}");
        }
        assert!(
            USUAL_NAMES.is_sorted_by_key(|(code, _)| *code),
            "they are looked up by bisection"
        );
    }

    #[test]
    fn only_codes_are_sent_as_codes() {
        assert_eq!(country_code("de"), Some("DE"));
        assert_eq!(country_code("XX"), None);
        assert_eq!(country_code("Germany"), None);
        assert_eq!(state_code("US-CA"), Some("CA"));
        assert_eq!(state_code("California"), None);
    }

    #[test]
    fn states_have_names_and_unresolved_text_stays() {
        assert_eq!(state_name("US-CA"), "California");
        assert_eq!(state_name("Bavaria"), "Bavaria");
        assert_eq!(state_name("ab-cé"), "ab-cé");
    }
}
