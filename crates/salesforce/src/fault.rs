//! Why an exchange with the org failed on the way: names, connections, proxies and certificates.

use std::error::Error as StdError;
use std::io;

use rustls::CertificateError;

use crate::{Error, Who};

/// What failed on the way to the org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The host's name is not known.
    NoSuchHost,
    /// Nobody listens there.
    ConnectionRefused,
    /// The connection ended early.
    ConnectionLost,
    /// Nothing came in time.
    TimedOut,
    /// The proxy did not let it through.
    Proxy,
    /// The certificate is too old.
    CertificateExpired,
    /// The certificate is not valid yet, as when the clock is behind.
    CertificateNotYetValid,
    /// Nobody that this computer trusts has signed the certificate.
    CertificateUntrusted,
    /// The certificate belongs to another host.
    CertificateOfAnotherHost,
    /// The certificate was withdrawn.
    CertificateRevoked,
    /// Both sides agree on no encryption.
    NoEncryption,
}

impl Fault {
    /// All of them.
    pub const ALL: &[Fault] = &[
        Fault::NoSuchHost,
        Fault::ConnectionRefused,
        Fault::ConnectionLost,
        Fault::TimedOut,
        Fault::Proxy,
        Fault::CertificateExpired,
        Fault::CertificateNotYetValid,
        Fault::CertificateUntrusted,
        Fault::CertificateOfAnotherHost,
        Fault::CertificateRevoked,
        Fault::NoEncryption,
    ];

    /// Returns its name, as errors and the doctor have it.
    pub fn name(self) -> &'static str {
        match self {
            Fault::NoSuchHost => "no_such_host",
            Fault::ConnectionRefused => "connection_refused",
            Fault::ConnectionLost => "connection_lost",
            Fault::TimedOut => "timed_out",
            Fault::Proxy => "proxy_refused",
            Fault::CertificateExpired => "certificate_expired",
            Fault::CertificateNotYetValid => "certificate_not_yet_valid",
            Fault::CertificateUntrusted => "certificate_untrusted",
            Fault::CertificateOfAnotherHost => "certificate_of_another_host",
            Fault::CertificateRevoked => "certificate_revoked",
            Fault::NoEncryption => "no_encryption",
        }
    }

    /// Returns what went wrong, in plain words.
    pub fn cause(self) -> &'static str {
        match self {
            Fault::NoSuchHost => "the host's name isn't known, or this computer is offline",
            Fault::ConnectionRefused => "nothing answers at this address",
            Fault::ConnectionLost => "the connection was lost before the answer was complete",
            Fault::TimedOut => "the org or the network took too long to respond",
            Fault::Proxy => "the proxy didn't let the request through",
            Fault::CertificateExpired => {
                "the server's certificate has expired, or this computer's clock is wrong"
            }
            Fault::CertificateNotYetValid => {
                "the server's certificate isn't valid yet, or this computer's clock is behind"
            }
            Fault::CertificateUntrusted => {
                "this computer doesn't trust the server's certificate, often because a company proxy inspects traffic"
            }
            Fault::CertificateOfAnotherHost => "the server's certificate is for another host",
            Fault::CertificateRevoked => "the server's certificate was revoked",
            Fault::NoEncryption => "no secure connection could be agreed on",
        }
    }

    /// Returns what a person can do about it.
    pub fn cure(self) -> &'static str {
        match self {
            Fault::NoSuchHost => {
                "check your network, and check the host's spelling. Use the My Domain host"
            }
            Fault::ConnectionRefused => "check the host, its port, and the proxy",
            Fault::ConnectionLost => {
                "try again. If it happens often, check your network and the proxy"
            }
            Fault::TimedOut => "try again in a minute, and check your network and the proxy",
            Fault::Proxy => {
                "check the proxy's address and sign-in, or ask whoever runs your network"
            }
            Fault::CertificateExpired | Fault::CertificateNotYetValid => {
                "set this computer's clock, then try again. If the clock is right, check the host and the proxy"
            }
            Fault::CertificateUntrusted => {
                "ask whoever runs your network to install the proxy's certificate on this computer"
            }
            Fault::CertificateOfAnotherHost => "check the host, and use the My Domain host",
            Fault::CertificateRevoked => "don't sign in there. Check the host and the proxy",
            Fault::NoEncryption => {
                "let the proxy and this computer use TLS 1.2 or newer, or ask whoever runs your network"
            }
        }
    }

    /// Returns who can cure it.
    pub fn who(self) -> Who {
        match self {
            Fault::ConnectionLost | Fault::TimedOut => Who::Nobody,
            _ => Who::You,
        }
    }
}

impl Error {
    /// Returns what failed on the way, where something did and it can be told.
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Error::Transport {
                reached, source, ..
            } => {
                let found = fault_in(source.as_ref());
                found.or(reached.then_some(Fault::ConnectionLost))
            }
            _ => None,
        }
    }
}

/// Looks for the fault in an error and in those that it stems from.
fn fault_in(error: &(dyn StdError + 'static)) -> Option<Fault> {
    let mut next = Some(error);
    let mut timed_out = false;
    while let Some(error) = next {
        if let Some(fault) = fault_of(error) {
            return Some(fault);
        }
        timed_out |= error.to_string().contains("timed out");
        next = error.source();
    }
    timed_out.then_some(Fault::TimedOut)
}

fn fault_of(error: &(dyn StdError + 'static)) -> Option<Fault> {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(of_tls(error));
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        // What an I/O error wraps is no source of it, but the error itself.
        if let Some(fault) = error.get_ref().and_then(|inner| fault_of(inner)) {
            return Some(fault);
        }
        return match error.kind() {
            io::ErrorKind::ConnectionRefused => Some(Fault::ConnectionRefused),
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Some(Fault::ConnectionLost),
            io::ErrorKind::TimedOut => Some(Fault::TimedOut),
            _ => None,
        };
    }
    // The HTTP client keeps these errors to itself, but for their words.
    let words = error.to_string().to_ascii_lowercase();
    let says = |texts: &[&str]| texts.iter().any(|text| words.contains(text));
    if says(&["dns error", "failed to lookup address"]) {
        return Some(Fault::NoSuchHost);
    }
    says(&[
        "tunnel error",
        "unsuccessful tunnel",
        "proxy auth",
        "socks error",
    ])
    .then_some(Fault::Proxy)
}

fn of_tls(error: &rustls::Error) -> Fault {
    let rustls::Error::InvalidCertificate(reason) = error else {
        return Fault::NoEncryption;
    };
    match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            Fault::CertificateExpired
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Fault::CertificateNotYetValid
        }
        CertificateError::Revoked => Fault::CertificateRevoked,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Fault::CertificateOfAnotherHost
        }
        _ => Fault::CertificateUntrusted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(source: impl Into<Box<dyn StdError + Send + Sync>>, reached: bool) -> Error {
        Error::Transport {
            reached,
            cut: false,
            source: source.into(),
        }
    }

    #[test]
    fn certificates_are_told_apart() {
        use rustls::Error::InvalidCertificate as Invalid;
        for (reason, fault) in [
            (CertificateError::Expired, Fault::CertificateExpired),
            (CertificateError::NotValidYet, Fault::CertificateNotYetValid),
            (CertificateError::UnknownIssuer, Fault::CertificateUntrusted),
            (
                CertificateError::NotValidForName,
                Fault::CertificateOfAnotherHost,
            ),
            (CertificateError::Revoked, Fault::CertificateRevoked),
        ] {
            let error = io::Error::other(Invalid(reason));
            assert_eq!(lost(error, false).fault(), Some(fault));
        }
        let version = rustls::PeerIncompatible::ServerDoesNotSupportTls12Or13;
        let error = io::Error::other(rustls::Error::PeerIncompatible(version));
        assert_eq!(lost(error, false).fault(), Some(Fault::NoEncryption));
    }

    #[test]
    fn the_way_that_failed_is_told() {
        let kind = |kind: io::ErrorKind| lost(io::Error::from(kind), false).fault();
        assert_eq!(
            kind(io::ErrorKind::ConnectionRefused),
            Some(Fault::ConnectionRefused)
        );
        assert_eq!(kind(io::ErrorKind::TimedOut), Some(Fault::TimedOut));
        let dns = lost("dns error: failed to lookup address information", false);
        assert_eq!(dns.fault(), Some(Fault::NoSuchHost));
        assert_eq!(lost("odd", false).fault(), None);
        assert_eq!(lost("odd", true).fault(), Some(Fault::ConnectionLost));
        assert_ne!(dns.cause(), lost("odd", false).cause());
    }

    #[test]
    fn every_fault_has_cause_and_cure() {
        for fault in Fault::ALL {
            assert!(!fault.cause().is_empty() && !fault.cure().is_empty());
            assert!(!fault.name().contains(' '));
        }
    }
}
