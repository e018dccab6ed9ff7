//! REST API versions and the choice between them.

use std::fmt;
use std::str::FromStr;

use crate::{Error, Result};

/// A version of the REST API, such as v60.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion(u16);

impl ApiVersion {
    /// The oldest version that this client speaks (Spring '24).
    pub const MIN: ApiVersion = ApiVersion(60);
    /// The newest version that this client was written against (Summer '26).
    pub const NEWEST_KNOWN: ApiVersion = ApiVersion(67);

    /// Returns the version with this number, if this client speaks it.
    pub fn new(number: u16) -> Option<ApiVersion> {
        (Self::MIN.0..=Self::NEWEST_KNOWN.0)
            .contains(&number)
            .then_some(ApiVersion(number))
    }

    /// Returns the number without its decimals, such as 60.
    pub fn number(self) -> u16 {
        self.0
    }

    /// Returns the highest version that both the org and this client speak.
    ///
    /// # Errors
    /// [`Error::NoCommonVersion`] when there is none.
    pub fn newest_common(offered: &[String]) -> Result<ApiVersion> {
        offered
            .iter()
            .filter_map(|version| version.parse().ok())
            .max()
            .ok_or(Error::NoCommonVersion)
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.0", self.0)
    }
}

impl FromStr for ApiVersion {
    type Err = Error;

    fn from_str(text: &str) -> Result<ApiVersion> {
        let digits = text.trim_start_matches('v').trim_end_matches(".0");
        let number = digits.parse().ok();
        number
            .and_then(ApiVersion::new)
            .ok_or(Error::NoCommonVersion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| text.to_string()).collect()
    }

    #[test]
    fn the_highest_version_that_both_know_is_chosen() {
        let offered = versions(&["31.0", "60.0", "66.0", "68.0"]);
        let chosen = ApiVersion::newest_common(&offered).unwrap();
        assert_eq!(chosen.to_string(), "v66.0", "68 is not known here");
    }

    #[test]
    fn an_org_with_only_old_versions_is_refused() {
        let offered = versions(&["31.0", "59.0", "nonsense"]);
        assert!(ApiVersion::newest_common(&offered).is_err());
    }
}
