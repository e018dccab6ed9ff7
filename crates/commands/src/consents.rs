//! Consent: purposes with their preferences and values, and what contacts have answered.

mod events;
mod page;
mod proof;
mod summary;

use std::collections::BTreeSet;

use leadferry_store::{Consent, ConsentLevel, Evidence, NewConsent, Told};
use serde::{Deserialize, Serialize};

use crate::email_lists::{emails_in, no_emails_in};
use crate::replications::{rename_required_purposes, user_of_purpose};
use crate::{Error, Result, Workspace};

pub use events::{
    ConsentEventInfo, LedgerInfo, WordingInfo, add_wording, history, verify, wordings,
};
pub use leadferry_store::How;
pub use proof::{ProofInfo, ProofRequest, prove};
pub use summary::{ChannelOptOuts, ConsentSummary, LatestAnswer, summary};

type StoreResult<T> = leadferry_store::Result<T>;

/// A purpose, a preference or a preference value, with how many live contacts have answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PurposeInfo {
    /// The names from the purpose down, such as `Newsletter > Topics > Offers`.
    pub path: String,
    /// Which of the three it is.
    pub level: ConsentLevel,
    /// Have given it.
    pub given: u64,
    /// Have refused it.
    pub refused: u64,
}

/// What a contact answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ConsentInfo {
    /// To what.
    pub path: String,
    /// Given, or refused.
    pub given: bool,
    /// When, UTC milliseconds.
    pub at: i64,
    /// Where they were asked.
    pub source: String,
}

impl From<Consent> for ConsentInfo {
    fn from(consent: Consent) -> Self {
        Self {
            path: consent.purpose.path,
            given: consent.given,
            at: consent.at,
            source: consent.source,
        }
    }
}

/// An answer to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct RecordConsent {
    /// The contacts: guids or emails.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>")]
    pub contacts: Vec<String>,
    /// More contacts: the emails in a text, whatever separates them.
    #[serde(default)]
    #[ts(as = "Option<String>")]
    pub pasted: String,
    /// To what, by its path.
    pub purpose: String,
    /// Given or refused; unset takes an answer back.
    pub given: Option<bool>,
    /// When, UTC milliseconds; now where unset.
    pub at: Option<i64>,
    /// How they answered; recorded by hand where unset.
    pub how: Option<How>,
    /// For a double opt-in, when they asked for it, UTC milliseconds; `at` is when they confirmed.
    pub asked_at: Option<i64>,
    /// The version of the purpose's wording that they answered.
    pub wording: Option<i64>,
    /// Where they were asked, for example a form or a trade fair.
    #[serde(default)]
    #[ts(as = "Option<String>")]
    pub source: String,
    /// Takes back what was recorded by mistake: this is what counted before.
    #[serde(default)]
    #[ts(as = "Option<bool>")]
    pub undo: bool,
}

/// What recording an answer came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RecordedConsent {
    /// For so many contacts it is new.
    pub changed: usize,
    /// So many had answered the same before.
    pub unchanged: usize,
    /// For so many a later answer goes on counting; this one is kept in the ledger.
    pub outweighed: usize,
    /// Nothing is recorded for these.
    pub unknown: Vec<UnknownContact>,
}

/// A contact that could not be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct UnknownContact {
    /// The guid or email that was given.
    pub who: String,
    /// Why they could not be found.
    pub why: String,
}

/// Returns the paths of all purposes, each followed by what stands below it.
///
/// # Errors
/// When the workspace cannot be read.
pub fn paths(workspace: &Workspace) -> Result<Vec<String>> {
    let purposes = workspace.store().read(|reader| reader.purposes())?;
    Ok(purposes.into_iter().map(|purpose| purpose.path).collect())
}

/// Returns all purposes, each followed by what stands below it, and how many have answered, which is counted anew.
///
/// # Errors
/// When the workspace cannot be read.
pub fn purposes(workspace: &Workspace) -> Result<Vec<PurposeInfo>> {
    Ok(workspace.store().read(|reader| {
        let purposes = reader.purposes()?.into_iter().map(|purpose| {
            let counts = reader.consent_counts(purpose.id)?;
            Ok(PurposeInfo {
                path: purpose.path,
                level: purpose.level,
                given: counts.given,
                refused: counts.refused,
            })
        });
        purposes.collect::<leadferry_store::Result<_>>()
    })?)
}

/// Adds a purpose, preference or preference value, and what it stands below.
///
/// # Errors
/// When it is there, or the path makes no sense.
pub fn add(workspace: &Workspace, path: &str) -> Result<()> {
    let now = workspace.host().now();
    workspace
        .store()
        .write(|writer| writer.add_purpose(path, now))?;
    Ok(())
}

/// Gives one another name, also in the rules that ask for it.
///
/// # Errors
/// When there is none, or the name is taken.
pub fn rename(workspace: &Workspace, path: &str, name: &str) -> Result<()> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let before = writer.purposes()?;
        writer.rename_purpose(path, name)?;
        let after = writer.purposes()?.into_iter();
        let renamed: Vec<_> = after
            .filter_map(|purpose| {
                let former = before.iter().find(|former| former.id == purpose.id)?;
                Some((former.path.clone(), purpose.path))
            })
            .collect();
        rename_required_purposes(writer, &renamed, now)
    })
}

/// Removes one with all that stands below it; `with_answers` with what was answered, too.
///
/// # Errors
/// When a rule asks for it, or there are answers and `with_answers` is not said.
pub fn remove(workspace: &Workspace, path: &str, with_answers: bool) -> Result<()> {
    workspace.store().write(|writer| {
        if let Some(user) = user_of_purpose(writer, &writer.purpose(path)?.path)? {
            return Err(Error::usage(
                format!("{user} uses \"{path}\""),
                "change the replication first",
            ));
        }
        Ok(writer.remove_purpose(path, with_answers)?)
    })
}

/// Records an answer of contacts; those who are not here are told, and the others go through.
///
/// # Errors
/// When there is no such purpose, nobody is named, or the time lies in the future.
pub fn record(workspace: &Workspace, request: &RecordConsent) -> Result<RecordedConsent> {
    let now = workspace.host().now();
    check_moments(request, now)?;
    let named = request.contacts.iter().map(String::as_str);
    let named: BTreeSet<&str> = named.chain(emails_in(&request.pasted)).collect();
    if named.is_empty() {
        return Err(Error::usage(
            "no contact is named",
            "enter emails such as ann@example.com, or guids",
        ));
    }
    Ok(workspace.store().write(|writer| {
        let purpose = writer.purpose(&request.purpose)?.id;
        let wording = match request.wording {
            Some(version) => Some(writer.wording(purpose, Some(version))?.id),
            None => None,
        };
        let new = NewConsent {
            purpose,
            given: request.given,
            evidence: Evidence {
                seen_at: None,
                how: request.how.unwrap_or(How::ByHand),
                at: request.at,
                asked_at: request.asked_at,
                wording,
                source: &request.source,
            },
        };
        new.check()?;
        let mut recorded = RecordedConsent::default();
        let unread = no_emails_in(&request.pasted).map(|entry| UnknownContact {
            who: entry.to_owned(),
            why: "this isn't an email address".to_owned(),
        });
        recorded.unknown.extend(unread);
        for who in named {
            use leadferry_store::Error::{NotFound, Refused};
            let answered = writer
                .find_contact(who)
                .and_then(|contact| match request.undo {
                    true => writer.restore_consent(contact, &new, now),
                    false => writer.set_consent(contact, &new, now),
                });
            match answered {
                Ok(Told::Changed) => recorded.changed += 1,
                Ok(Told::Unchanged) => recorded.unchanged += 1,
                Ok(Told::Outweighed) => recorded.outweighed += 1,
                Err(error @ (NotFound { .. } | Refused(_))) => {
                    recorded.unknown.push(UnknownContact {
                        who: who.to_owned(),
                        why: error.to_string(),
                    });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(recorded)
    })?)
}

fn check_moments(request: &RecordConsent, now: i64) -> Result<()> {
    let refused = |what: &str, cure: &str| Err(Error::usage(what, cure));
    if request.at.max(request.asked_at).is_some_and(|at| at > now) {
        return refused("the time is in the future", "enter the time of the answer");
    }
    let is_double = request.how == Some(How::DoubleOptIn);
    match (request.asked_at, request.at) {
        (None, _) if is_double => refused(
            "a double opt-in has two times, and the first is missing",
            "enter when they asked for it",
        ),
        (Some(_), _) if !is_double => refused(
            "only a double opt-in has two times",
            "leave out the time they asked for it, or choose double opt-in",
        ),
        (Some(asked), at) if at.unwrap_or(now) < asked => refused(
            "they confirmed before they asked for it",
            "check the two times",
        ),
        _ => Ok(()),
    }
}

/// Returns what a contact, by guid or e-mail, has answered.
///
/// # Errors
/// When there is no such contact.
pub fn of(workspace: &Workspace, contact: &str) -> Result<Vec<ConsentInfo>> {
    let consents = workspace.store().read(|reader| {
        let contact = reader.find_contact(contact)?;
        reader.consents_of(contact)
    })?;
    Ok(consents.into_iter().map(Into::into).collect())
}
