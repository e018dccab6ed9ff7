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
///
/// # Source
/// Salesforce Help, "My Domain URL Formats".
const PAGE_HOSTS: &[(&str, &str)] = &[
    (".lightning.force.com", MY_DOMAIN),
    (".my.salesforce-setup.com", MY_DOMAIN),
    (".file.force.com", MY_DOMAIN),
    (".lightning.crmforce.mil", ".my.salesforce.mil"),
    (".lightning.sfcrmapps.cn", ".my.sfcrmproducts.cn"),
];

/// Hosts of Visualforce pages: the name of the page's package follows the org's, as in `acme--c`.
const PACKAGE_HOSTS: &[&str] = &[".vf.force.com", ".visualforce.com"];

const MY_DOMAIN: &str = ".my.salesforce.com";

/// Names of hosts that everybody signs in at: nobody's My Domain is called so.
const EVERYBODYS: &[&str] = &["login", "test"];

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
    let host = host.trim_end_matches('.');
    for (page, api) in PAGE_HOSTS {
        if let Some(domain) = host.strip_suffix(page) {
            return format!("{}{api}", partitioned(domain));
        }
    }
    for page in PACKAGE_HOSTS {
        if let Some(domain) = host.strip_suffix(page) {
            return format!("{}{MY_DOMAIN}", partitioned(&without_package(domain)));
        }
    }
    if EVERYBODYS.contains(&host) {
        return format!("{host}.salesforce.com");
    }
    if let Some(domain) = host.strip_suffix(MY_DOMAIN) {
        // A developer edition may still be reached without its partition; a sandbox is not.
        return if domain.contains("--") {
            format!("{}{MY_DOMAIN}", partitioned(domain))
        } else {
            host.to_owned()
        };
    }
    let is_name = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_prefix = match host.rsplit_once('.') {
        Some((domain, partition)) => is_name(domain) && PARTITIONS.contains(&partition),
        None => is_name(host) && host != "localhost",
    };
    if is_prefix {
        return format!("{}{MY_DOMAIN}", partitioned(host));
    }
    host.to_owned()
}

impl LoginHost {
    /// Returns the audience of an assertion for an org that signs in here: the sign-in page that all orgs of its kind share.
    /// A host of another kind, such as a site, is its own.
    ///
    /// # Source
    /// `forcedotcom/sfdx-core: src/util/sfdcUrl.ts`, `getJwtAudienceUrl`.
    pub fn audience(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        let Some(name) = host.strip_suffix(MY_DOMAIN) else {
            return self.to_string();
        };
        let is_for_tests = [".sandbox", ".scratch"]
            .iter()
            .any(|part| name.ends_with(part));
        match is_for_tests || name.contains("--") {
            true => "https://test.salesforce.com".to_owned(),
            false => "https://login.salesforce.com".to_owned(),
        }
    }
}

/// Adds the partition to the name of a sandbox (`acme--uat`) or a developer edition (`acme-dev-ed`), and puts it in the
/// place of the old number of its servers (`acme--uat.cs12`).
fn partitioned(domain: &str) -> String {
    let (name, rest) = domain.split_once('.').unwrap_or((domain, ""));
    let is_server = |part: &str| {
        let digits = part.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        digits.len() < part.len()
            && !digits.is_empty()
            && digits.bytes().all(|c| c.is_ascii_digit())
    };
    if !(rest.is_empty() || is_server(rest)) {
        return domain.to_owned();
    }
    if name.contains("--") {
        format!("{name}.sandbox")
    } else if name.ends_with("-dev-ed") {
        format!("{name}.develop")
    } else {
        name.to_owned()
    }
}

/// Takes the name of a package off: `acme--uat--c.sandbox` becomes `acme--uat.sandbox`.
fn without_package(domain: &str) -> String {
    let (name, rest) = match domain.split_once('.') {
        Some((name, rest)) => (name, format!(".{rest}")),
        None => (domain, String::new()),
    };
    let org = name.rsplit_once("--").map_or(name, |(org, _)| org);
    format!("{org}{rest}")
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
            ("acme--uat", "https://acme--uat.sandbox.my.salesforce.com"),
            (
                "https://ACME--UAT/",
                "https://acme--uat.sandbox.my.salesforce.com",
            ),
            (
                "acme--uat.my.salesforce.com",
                "https://acme--uat.sandbox.my.salesforce.com",
            ),
            (
                "acme--uat.cs12.my.salesforce.com",
                "https://acme--uat.sandbox.my.salesforce.com",
            ),
            (
                "https://acme--uat.lightning.force.com/lightning/page/home",
                "https://acme--uat.sandbox.my.salesforce.com",
            ),
            (
                "https://acme--uat.sandbox.my.salesforce-setup.com/lightning/setup/SetupOneHome/home",
                "https://acme--uat.sandbox.my.salesforce.com",
            ),
            (
                "https://acme.my.salesforce-setup.com/lightning/setup/Users/home?x=1#y",
                "https://acme.my.salesforce.com",
            ),
            ("acme--c.vf.force.com", "https://acme.my.salesforce.com"),
            (
                "acme--uat--c.sandbox.vf.force.com/apex/Page",
                "https://acme--uat.sandbox.my.salesforce.com",
            ),
            (
                "acme-dev-ed",
                "https://acme-dev-ed.develop.my.salesforce.com",
            ),
            (
                "acme-dev-ed.my.salesforce.com",
                "https://acme-dev-ed.my.salesforce.com",
            ),
            (
                "https://acme-dev-ed.develop.lightning.force.com/lightning/n/x",
                "https://acme-dev-ed.develop.my.salesforce.com",
            ),
            (
                "acme-dev-ed.trailblaze",
                "https://acme-dev-ed.trailblaze.my.salesforce.com",
            ),
            (
                "data-nosoftware-1234-dev-ed.scratch.lightning.force.com",
                "https://data-nosoftware-1234-dev-ed.scratch.my.salesforce.com",
            ),
            ("acme--dev", "https://acme--dev.sandbox.my.salesforce.com"),
            ("acme.my.salesforce.com.", "https://acme.my.salesforce.com"),
            ("login", "https://login.salesforce.com"),
            ("Test", "https://test.salesforce.com"),
            ("na12.salesforce.com", "https://na12.salesforce.com"),
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
    fn the_audience_is_the_page_that_orgs_of_this_kind_share() {
        let production = "https://login.salesforce.com";
        let sandbox = "https://test.salesforce.com";
        for (host, audience) in [
            ("login", production),
            ("test", sandbox),
            ("acme", production),
            ("acme--uat", sandbox),
            ("acme-dev-ed", production),
            ("acme-123-dev-ed.scratch", sandbox),
            ("http://localhost:8080", "http://localhost:8080"),
            ("partners.acme.com", "https://partners.acme.com"),
        ] {
            assert_eq!(
                LoginHost::parse(host).unwrap().audience(),
                audience,
                "{host}"
            );
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
