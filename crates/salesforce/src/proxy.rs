//! The proxy that every request goes through. It belongs to the computer, not to an org, so there is one for the whole
//! program; requests to this computer itself never use it.

use std::fmt;
use std::str::FromStr;
use std::sync::{PoisonError, RwLock};

use url::Url;

use crate::{Error, Result};

static CHOSEN: RwLock<Proxy> = RwLock::new(Proxy::System);

/// How requests leave the computer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Proxy {
    /// As the system is set, in its settings or in `HTTPS_PROXY` and the like.
    #[default]
    System,
    /// Directly, whatever the system says.
    None,
    /// Through this one.
    At(Url),
}

impl Proxy {
    /// Makes all requests use it from now on; clients that have sent something already keep theirs.
    pub fn choose(self) {
        *CHOSEN.write().unwrap_or_else(PoisonError::into_inner) = self;
    }

    /// Returns the one in use.
    pub fn chosen() -> Proxy {
        CHOSEN
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn apply(&self, builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder> {
        Ok(match self {
            Proxy::System => builder,
            Proxy::None => builder.no_proxy(),
            Proxy::At(url) => {
                let proxy = reqwest::Proxy::all(url.as_str());
                builder.proxy(proxy.map_err(|error| Error::Setup(Box::new(error)))?)
            }
        })
    }
}

/// Writes it as it is typed: `system`, `none` or the address.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Proxy::System => f.write_str("system"),
            Proxy::None => f.write_str("none"),
            Proxy::At(url) => f.write_str(url.as_str().trim_end_matches('/')),
        }
    }
}

impl FromStr for Proxy {
    type Err = Error;

    /// Reads `system`, `none`, or an address such as `proxy.acme.com:8080`. A password in it is refused: it would stand
    /// in a file that isn't encrypted.
    fn from_str(text: &str) -> Result<Proxy> {
        let text = text.trim();
        match text.to_ascii_lowercase().as_str() {
            "" | "system" => return Ok(Proxy::System),
            "none" => return Ok(Proxy::None),
            _ => {}
        }
        let shown = text.rsplit('@').next().unwrap_or_default();
        let invalid = || Error::InvalidProxy {
            input: shown.chars().take(100).collect(),
        };
        let address = match text.contains("://") {
            true => text.to_owned(),
            false => format!("http://{text}"),
        };
        let url = Url::parse(&address).map_err(|_| invalid())?;
        let is_plain = url.username().is_empty() && url.password().is_none();
        let is_address = url.host_str().is_some() && url.path() == "/" && url.query().is_none();
        match url.scheme() {
            "http" | "https" if is_plain && is_address && url.fragment().is_none() => {
                Ok(Proxy::At(url))
            }
            _ => Err(invalid()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_typed() {
        let read = |text: &str| text.parse::<Proxy>().unwrap().to_string();
        assert_eq!(read(" System "), "system");
        assert_eq!(read("none"), "none");
        assert_eq!(read("proxy.acme.com:8080"), "http://proxy.acme.com:8080");
        assert_eq!(read("https://proxy.acme.com"), "https://proxy.acme.com");
    }

    #[test]
    fn a_password_and_what_is_no_address_are_refused() {
        for text in [
            "http://me:secret@proxy.acme.com",
            "socks5://proxy.acme.com",
            "http://proxy/path",
            "http://",
            "a b",
        ] {
            let error = text.parse::<Proxy>().unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
