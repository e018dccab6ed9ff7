//! The pages of Salesforce that a set-up leads to.

use leadferry_salesforce::auth::LoginHost;
use serde::Deserialize;

use super::{Generation, HostKind, hosts};
use crate::{Error, Result};

/// A page of Salesforce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SalesforcePage {
    /// Where anybody gets a free org.
    SignUp,
    /// Setup of the org being connected.
    Setup,
}

/// Returns the address of a page; `host` is what was typed as the org's address.
///
/// # Errors
/// When the host is not one of Salesforce's.
pub(crate) fn address(page: SalesforcePage, host: &str, generation: Generation) -> Result<String> {
    if page == SalesforcePage::SignUp {
        return Ok("https://developer.salesforce.com/signup".to_owned());
    }
    let is_an_org = !matches!(
        hosts::host(host).kind,
        None | Some(HostKind::Other | HostKind::ThisMachine)
    );
    if !is_an_org {
        return Err(Error::usage(
            "this isn't the address of a Salesforce org",
            "enter the address of your Salesforce first",
        ));
    }
    let path = match generation {
        Generation::Classic => "ui/setup/Setup",
        _ => "lightning/setup/SetupOneHome/home",
    };
    Ok(format!("{}{path}", LoginHost::parse(host)?.url()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_salesforce_are_led_to() {
        let setup = |host, generation| address(SalesforcePage::Setup, host, generation);
        assert_eq!(
            setup("acme--uat", Generation::ExternalClientApp).unwrap(),
            "https://acme--uat.sandbox.my.salesforce.com/lightning/setup/SetupOneHome/home"
        );
        assert_eq!(
            setup("acme", Generation::Classic).unwrap(),
            "https://acme.my.salesforce.com/ui/setup/Setup"
        );
        for host in [
            "",
            "evil.example",
            "localhost:8080",
            "acme.my.salesforce.com.evil.example",
        ] {
            assert!(setup(host, Generation::Lightning).is_err(), "{host}");
        }
    }
}
