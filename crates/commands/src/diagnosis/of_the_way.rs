//! What fails on the way to the org and in the client: names, connections, proxies, certificates, and what can't be read.

use std::io;

use leadferry_salesforce::{Error as OrgError, Fault};

use super::{Area, ErrorExplained, notes};
use crate::error::capitalized;

/// Returns all of them.
pub(super) fn all() -> impl Iterator<Item = ErrorExplained> {
    let faults = Fault::ALL.iter().map(|fault| of_fault(*fault));
    faults.chain(client_errors().into_iter().map(|error| of_client(&error)))
}

/// Explains one by its name.
pub(super) fn named(name: &str) -> Option<ErrorExplained> {
    all().find(|one| one.code == name)
}

/// Returns what a text means that other programs or a log have told in their words.
pub(super) fn meant(text: &str) -> Vec<ErrorExplained> {
    let text = text.to_lowercase();
    let fits = |(words, _): &&(&[&str], Fault)| words.iter().any(|words| text.contains(words));
    let fault = WORDS.iter().find(fits).map(|(_, fault)| *fault);
    fault.map(of_fault).into_iter().collect()
}

/// How other programs call them; the first that fits counts.
const WORDS: &[(&[&str], Fault)] = &[
    (
        &[
            "certificate has expired",
            "certificate expired",
            "cert_has_expired",
        ],
        Fault::CertificateExpired,
    ),
    (
        &["not valid yet", "notvalidyet", "not yet valid"],
        Fault::CertificateNotYetValid,
    ),
    (
        &[
            "notvalidforname",
            "not valid for name",
            "hostname mismatch",
            "certificate is for another",
        ],
        Fault::CertificateOfAnotherHost,
    ),
    (
        &[
            "revoked certificate",
            "certificate was revoked",
            "certificate revoked",
        ],
        Fault::CertificateRevoked,
    ),
    (
        &[
            "unknownissuer",
            "unknown issuer",
            "self-signed",
            "self signed",
            "unable to get local issuer",
            "unknown ca",
        ],
        Fault::CertificateUntrusted,
    ),
    (
        &[
            "protocol version",
            "handshake failure",
            "no shared cipher",
            "wrong version number",
        ],
        Fault::NoEncryption,
    ),
    (
        &[
            "dns error",
            "failed to lookup",
            "name or service not known",
            "enotfound",
            "nodename nor servname",
            "no such host",
        ],
        Fault::NoSuchHost,
    ),
    (
        &["connection refused", "econnrefused"],
        Fault::ConnectionRefused,
    ),
    (
        &[
            " 407 ",
            "proxy authentication",
            "tunnel error",
            "unsuccessful tunnel",
        ],
        Fault::Proxy,
    ),
    (&["timed out", "timeout", "etimedout"], Fault::TimedOut),
    (
        &[
            "connection reset",
            "econnreset",
            "broken pipe",
            "connection closed before",
            "unexpected eof",
        ],
        Fault::ConnectionLost,
    ),
];

fn of_fault(fault: Fault) -> ErrorExplained {
    let label = capitalized(&fault.name().replace('_', " "));
    let explained = ErrorExplained {
        who: fault.who().into(),
        ..ErrorExplained::new(
            Area::Network,
            fault.name(),
            label,
            fault.cause(),
            fault.cure(),
        )
    };
    notes::with_note(explained, "")
}

fn of_client(error: &OrgError) -> ErrorExplained {
    let label = capitalized(&error.name().replace('_', " "));
    let area = match error {
        OrgError::NotSignedIn
        | OrgError::Sessions { .. }
        | OrgError::NoFreePort(_)
        | OrgError::CallbackTimeout
        | OrgError::Key(_)
        | OrgError::InvalidHost { .. }
        | OrgError::InsecureHost { .. } => Area::SignIn,
        OrgError::Unreadable { .. }
        | OrgError::Transport { .. }
        | OrgError::InvalidProxy { .. }
        | OrgError::Setup(_) => Area::Network,
        _ => Area::Leadferry,
    };
    ErrorExplained {
        who: error.who().into(),
        command: command(error),
        ..ErrorExplained::new(area, error.name(), label, error.cause(), error.cure())
    }
}

fn command(error: &OrgError) -> Option<&'static str> {
    match error {
        OrgError::NotSignedIn | OrgError::Sessions { .. } | OrgError::CallbackTimeout => {
            Some("connections authorize NAME")
        }
        OrgError::InvalidHost { .. } | OrgError::InsecureHost { .. } => {
            Some("connections set NAME --host HOST")
        }
        OrgError::NoFreePort(_) => Some("connections set NAME --callback-port PORT"),
        OrgError::InvalidProxy { .. } => Some("connections proxy system"),
        OrgError::Reserved { .. } => Some("replications set NAME --api-reserve 0"),
        OrgError::TooLarge { .. } => Some("replications set NAME --batch-size 50"),
        _ => None,
    }
}

/// One error of each kind that the client has beside the org's own.
fn client_errors() -> Vec<OrgError> {
    let name = String::new;
    let failed = || io::Error::other("");
    vec![
        OrgError::Transport {
            reached: false,
            cut: false,
            source: "".into(),
        },
        OrgError::Unreadable {
            status: 0,
            reason: name(),
            excerpt: name(),
        },
        OrgError::Reserved {
            left: 0,
            reserve: 0,
        },
        OrgError::NotSignedIn,
        OrgError::Sessions {
            words: name(),
            cure: "unlock the keychain or enter the passphrase, or sign in again".to_owned(),
            needs_sign_in: true,
            source: "".into(),
        },
        OrgError::TooLarge { size: 0, max: 0 },
        OrgError::AnswerTooLarge { max: 0 },
        OrgError::TooManyRecords { max: 0 },
        OrgError::InsecureHost { host: name() },
        OrgError::InvalidHost { input: name() },
        OrgError::InvalidProxy { input: name() },
        OrgError::InvalidName { name: name() },
        OrgError::InvalidId,
        OrgError::NoCommonVersion,
        OrgError::NoFreePort(failed()),
        OrgError::CallbackTimeout,
        OrgError::Key("".into()),
        OrgError::File(failed()),
        OrgError::Setup("".into()),
    ]
}
