//! Reading what people paste as the address of their Salesforce.

use leadferry_salesforce::auth::LoginHost;
use serde::Serialize;

use crate::error::capitalized;

/// What kind of address it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum HostKind {
    /// The sign-in page that all production orgs share.
    Production,
    /// The sign-in page that all sandboxes share, or a sandbox's own host.
    Sandbox,
    /// A scratch org's own host.
    Scratch,
    /// A developer edition's own host, or that of another org for trying things.
    Developer,
    /// An org's own host.
    MyDomain,
    /// This machine.
    ThisMachine,
    /// Some other host.
    Other,
}

/// What a text was understood as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct HostReading {
    /// The address; none where the text is empty or refused.
    pub address: Option<String>,
    /// What kind of address it is.
    pub kind: Option<HostKind>,
    /// What was changed about the text, in a sentence; empty where nothing was.
    pub note: String,
    /// Why it is refused, and what to give instead; empty where it is not.
    pub refusal: String,
}

/// Reads a text as an address to sign in at.
pub fn host(text: &str) -> HostReading {
    let mut reading = HostReading {
        address: None,
        kind: None,
        note: String::new(),
        refusal: String::new(),
    };
    if text.trim().is_empty() {
        return reading;
    }
    match LoginHost::parse(text) {
        Ok(host) => {
            let address = host.to_string();
            let name = host.url().host_str().unwrap_or_default();
            reading.kind = Some(kind(name));
            reading.note = note(text, name);
            reading.address = Some(address);
        }
        Err(error) => reading.refusal = sentences(&[error.cause(), error.cure()]),
    }
    reading
}

/// What the hosts of orgs for developing, showing and learning have in them.
const TRIALS: &[&str] = &[
    ".develop.my.",
    "-dev-ed.my.",
    ".demo.my.",
    ".patch.my.",
    ".trailblaze.my.",
    ".free.my.",
];

fn kind(host: &str) -> HostKind {
    let own = [".my.salesforce.com", ".my.salesforce.mil"];
    let is_own = own.iter().any(|ending| host.ends_with(ending));
    match host {
        "login.salesforce.com" => HostKind::Production,
        "test.salesforce.com" => HostKind::Sandbox,
        "localhost" | "127.0.0.1" | "[::1]" => HostKind::ThisMachine,
        // Whatever stands in the middle of a name, its owner is named at the end.
        _ if !is_own => HostKind::Other,
        _ if host.contains(".sandbox.my.") => HostKind::Sandbox,
        _ if host.contains(".scratch.my.") => HostKind::Scratch,
        _ if TRIALS.iter().any(|part| host.contains(part)) => HostKind::Developer,
        _ => HostKind::MyDomain,
    }
}

/// Says what was left out of the text, or put in place of it, and that it isn't Salesforce's.
fn note(text: &str, host: &str) -> String {
    let rest = text
        .trim()
        .split_once("://")
        .map_or(text.trim(), |parts| parts.1);
    let mut notes = Vec::new();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let typed = authority.split(':').next().unwrap_or_default();
    let typed = typed.trim_end_matches('.');
    if typed.contains('.') && !typed.eq_ignore_ascii_case(host) {
        let is_old = typed.to_ascii_lowercase().ends_with(".my.salesforce.com");
        notes.push(if is_old {
            format!("{typed} is the old address of a sandbox. Leadferry uses {host}.")
        } else {
            format!("{typed} only shows pages. Leadferry uses {host}.")
        });
    }
    let path = rest[authority.len()..].trim_end_matches('/');
    if !path.is_empty() {
        let shown: String = path.chars().take(60).collect();
        notes.push(format!("{shown} was removed."));
    }
    if kind(host) == HostKind::Other {
        notes.push(format!(
            "{host} isn't one of Salesforce's addresses. Check it before you sign in."
        ));
    }
    notes.join(" ")
}

fn sentences(texts: &[&str]) -> String {
    let sentences = texts.iter().map(|text| format!("{}.", capitalized(text)));
    sentences.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_address_is_cut_down_to_its_host_and_it_is_said() {
        let reading = host("https://test.salesforce.com/services/oauth2/token");
        assert_eq!(
            reading.address.as_deref(),
            Some("https://test.salesforce.com")
        );
        assert_eq!(reading.kind, Some(HostKind::Sandbox));
        assert_eq!(reading.note, "/services/oauth2/token was removed.");
    }

    #[test]
    fn a_page_host_is_replaced_and_it_is_said() {
        let reading = host("acme.lightning.force.com");
        assert_eq!(
            reading.address.as_deref(),
            Some("https://acme.my.salesforce.com")
        );
        assert_eq!(
            reading.note,
            "acme.lightning.force.com only shows pages. Leadferry uses acme.my.salesforce.com."
        );
    }

    #[test]
    fn the_old_address_of_a_sandbox_is_replaced_and_it_is_said() {
        assert_eq!(
            host("acme--uat.my.salesforce.com").note,
            "acme--uat.my.salesforce.com is the old address of a sandbox. Leadferry uses \
             acme--uat.sandbox.my.salesforce.com."
        );
        assert_eq!(host("ACME.my.salesforce.com.").note, "");
    }

    #[test]
    fn kinds_of_hosts_are_told_apart() {
        for (text, kind) in [
            ("login.salesforce.com", HostKind::Production),
            ("acme", HostKind::MyDomain),
            ("acme--uat", HostKind::Sandbox),
            ("acme--uat.sandbox", HostKind::Sandbox),
            ("acme--uat.my.salesforce.com", HostKind::Sandbox),
            ("acme-dev-ed", HostKind::Developer),
            ("acme-dev-ed.my.salesforce.com", HostKind::Developer),
            ("acme-dev-ed.trailblaze", HostKind::Developer),
            (
                "data-nosoftware-1234-dev-ed.scratch.lightning.force.com",
                HostKind::Scratch,
            ),
            ("localhost:8080", HostKind::ThisMachine),
            ("crm.example.com", HostKind::Other),
            ("acme.my.salesforce.com.example.com", HostKind::Other),
            ("acme.sandbox.my.example.com", HostKind::Other),
            ("acme-dev-ed.my.example.com", HostKind::Other),
        ] {
            assert_eq!(host(text).kind, Some(kind), "{text}");
        }
    }

    #[test]
    fn an_address_that_only_looks_like_salesforce_is_told() {
        let note = host("https://acme.my.salesforce.com.example.com").note;
        assert!(
            note.contains("isn't one of Salesforce's addresses"),
            "{note}"
        );
        assert_eq!(host("https://acme.my.salesforce.com").note, "");
    }

    #[test]
    fn nothing_yet_is_no_mistake_and_nonsense_is_explained() {
        assert_eq!(host("  ").refusal, "");
        let refused = host("http://acme.my.salesforce.com");
        assert_eq!(refused.address, None);
        assert!(refused.refusal.contains("https"), "{}", refused.refusal);
        let secret = host("https://user:hush@acme.my.salesforce.com");
        assert!(!format!("{secret:?}").contains("hush"));
    }
}
