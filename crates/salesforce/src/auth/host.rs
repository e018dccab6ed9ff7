//! Where to sign in.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::transport::is_loopback;
use crate::{Error, Result};

/// A host that Salesforce signs in at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginHost(Url);

/// Hosts that show pages but take no API calls, and the hosts that do.
const PAGE_HOSTS: &[(&str, &str)] = &[
    (".lightning.force.com", ".my.salesforce.com"),
    (".my.salesforce-setup.com", ".my.salesforce.com"),
    (".lightning.crmforce.mil", ".my.salesforce.mil"),
    (".lightning.sfcrmapps.cn", ".my.sfcrmproducts.cn"),
];

/// What the kinds of non-production orgs add to a My Domain name.
const PARTITIONS: &[&str] = &[
    "sandbox",
    "develop",
    "scratch",
    "demo",
    "patch",
    "trailblaze",
    "free",
];

impl LoginHost {
    /// Reads what people paste: `acme`, `acme.my.salesforce.com`, `login.salesforce.com`, or any address there.
    ///
    /// Hosts that only show pages become the one that takes calls. Plain http is for this machine alone.
    ///
    /// # Errors
    /// [`Error::InvalidHost`] when it is no host, [`Error::InsecureHost`] for plain http to elsewhere.
    pub fn parse(text: &str) -> Result<LoginHost> {
        let text = text.trim();
        // What stands before an @ may be a password.
        let shown = text.rsplit('@').next().unwrap_or_default();
        let invalid = || Error::InvalidHost {
            input: shown.chars().take(100).collect(),
        };
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, text),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let unusual =
            |character: char| !character.is_ascii_alphanumeric() && !"-.:[]_".contains(character);
        if authority.is_empty() || authority.len() > 255 || authority.contains(unusual) {
            return Err(invalid());
        }
        let authority = api_host(&authority.to_ascii_lowercase());
        let mut url = Url::parse(&format!("https://{authority}/")).map_err(|_| invalid())?;
        let loopback = is_loopback(&url);
        match scheme.as_deref() {
            Some("https") => {}
            Some("http") if !loopback => return Err(Error::InsecureHost { host: authority }),
            // What runs on this machine speaks plain http unless it is said to do otherwise.
            None if loopback => url = plain(&authority).ok_or_else(invalid)?,
            Some("http") => url = plain(&authority).ok_or_else(invalid)?,
            None => {}
            Some(_) => return Err(invalid()),
        }
        Ok(LoginHost(url))
    }

    /// Returns the host as an address without a path.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Returns an address of the sign-in protocol, such as that of `token`.
    pub(super) fn endpoint(&self, name: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("/services/oauth2/{name}"));
        url
    }
}

fn plain(authority: &str) -> Option<Url> {
    Url::parse(&format!("http://{authority}/")).ok()
}

/// Returns the host that takes calls for a prefix or a host.
fn api_host(host: &str) -> String {
    for (page, api) in PAGE_HOSTS {
        if let Some(domain) = host.strip_suffix(page) {
            return format!("{domain}{api}");
        }
    }
    let is_name = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_prefix = match host.rsplit_once('.') {
        Some((domain, partition)) => is_name(domain) && PARTITIONS.contains(&partition),
        None => is_name(host) && host != "localhost",
    };
    if is_prefix {
        return format!("{host}.my.salesforce.com");
    }
    host.to_owned()
}

impl fmt::Display for LoginHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl FromStr for LoginHost {
    type Err = Error;

    fn from_str(text: &str) -> Result<LoginHost> {
        LoginHost::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_hosts_and_addresses_are_all_understood() {
        let cases = [
            ("acme", "https://acme.my.salesforce.com"),
            (" Acme ", "https://acme.my.salesforce.com"),
            (
                "acme--dev.sandbox",
                "https://acme--dev.sandbox.my.salesforce.com",
            ),
            ("acme.my.salesforce.com", "https://acme.my.salesforce.com"),
            ("login.salesforce.com", "https://login.salesforce.com"),
            (
                "https://test.salesforce.com/services/oauth2/token",
                "https://test.salesforce.com",
            ),
            (
                "https://acme.lightning.force.com/lightning/o/Lead",
                "https://acme.my.salesforce.com",
            ),
            (
                "acme--dev.sandbox.lightning.force.com",
                "https://acme--dev.sandbox.my.salesforce.com",
            ),
            ("localhost:8080", "http://localhost:8080"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080"),
            ("http://[::1]:9", "http://[::1]:9"),
            ("https://localhost:8443", "https://localhost:8443"),
        ];
        for (text, expected) in cases {
            let host = LoginHost::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(host.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn plain_http_to_elsewhere_is_refused() {
        let error = LoginHost::parse("http://acme.my.salesforce.com").unwrap_err();
        assert!(matches!(error, Error::InsecureHost { .. }));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            "  ",
            "a b",
            "ftp://acme",
            "user:pw@acme.my.salesforce.com",
            "https://",
            "ä",
            "javascript:alert(1)",
        ] {
            assert!(LoginHost::parse(text).is_err(), "{text}");
        }
    }
}
