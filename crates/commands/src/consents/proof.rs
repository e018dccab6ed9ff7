//! Proof of consent for one contact or for all, as JSON or as a page to print.

use std::io::Write;
use std::path::{Path, PathBuf};

use leadferry_store::{Channel, ConsentEvent, ContactId, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::events::{ConsentEventInfo, LedgerInfo, Named};
use super::{StoreResult, page};
use crate::files::Draft;
use crate::people;
use crate::values::moment;
use crate::{Error, Result, Workspace};

/// Events read at once.
const PAGE: usize = 500;

/// How the proof can be checked without Leadferry.
pub(super) const HOW_TO_VERIFY: &str = "Each event has a text of lines. The first line is the hash of the event before it \
    (64 zeros for the first event), so changing one event changes the hash of every later one. The SHA-256 of the text, \
    encoded as UTF-8, is the event's hash. The third line stands for the contact: it is the SHA-256 of the salt's bytes \
    followed by the contact's Leadferry ID. Where a source is given, its hash is the SHA-256 of the salt's bytes followed \
    by the source. A wording's hash is the SHA-256 of its text.";

/// What is proved, and where to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct ProofRequest {
    /// A guid or an email; everybody where unset.
    pub contact: Option<String>,
    /// The file: a page to print where its name ends in `.html`, otherwise JSON.
    pub place: PathBuf,
}

/// What a proof holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ProofInfo {
    /// Events in the file.
    pub events: u64,
    /// What a check of the whole ledger found.
    pub ledger: LedgerInfo,
}

/// Whose consent an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Person {
    pub(super) guid: String,
    pub(super) name: String,
    pub(super) email: Option<String>,
    /// What ties the guid to the event's subject, as hex digits.
    pub(super) salt: Option<String>,
}

/// An event, and whose it is; nobody's once they were erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Proved {
    pub(super) contact: Option<Person>,
    #[serde(flatten)]
    pub(super) event: ConsentEventInfo,
}

/// What stands at the top of a proof.
pub(super) struct Head {
    /// The contact, where it is about one.
    pub(super) contact: Option<Person>,
    /// When it was made, UTC milliseconds.
    pub(super) made_at: i64,
    /// The time zone that a page shows times in.
    pub(super) zone: String,
    pub(super) ledger: LedgerInfo,
    /// What counts now, where it is about one contact: about what, the answer, and since when.
    pub(super) current: Vec<(String, String, i64)>,
}

/// Writes a proof of consent to a file.
///
/// # Errors
/// When there is no such contact, or the file cannot be written.
pub fn prove(workspace: &Workspace, request: &ProofRequest) -> Result<ProofInfo> {
    let now = workspace.host().now();
    let at = |error: std::io::Error| Error::file(&request.place, &error);
    let mut draft = Draft::beside(&request.place).map_err(at)?;
    let is_page = is_page(&request.place);
    let whose = match &request.contact {
        Some(contact) => Some(
            workspace
                .store()
                .read(|reader| reader.find_contact(contact))?,
        ),
        None => None,
    };
    let head = head(workspace, whose, now)?;
    let mut events = 0;
    let begun = if is_page {
        page::begin(&mut draft, &head)
    } else {
        begin_json(&mut draft, &head)
    };
    begun.map_err(at)?;
    each_page(workspace, whose, |proved| {
        for one in proved {
            let written = if is_page {
                page::event(&mut draft, &one, &head)
            } else {
                event_json(&mut draft, &one, events == 0)
            };
            written.map_err(at)?;
            events += 1;
        }
        Ok(())
    })?;
    let ended = if is_page {
        page::end(&mut draft, events)
    } else {
        draft.write_all(b"\n  ]\n}\n")
    };
    ended.map_err(at)?;
    draft.finish().map_err(at)?;
    Ok(ProofInfo {
        events,
        ledger: head.ledger,
    })
}

fn is_page(place: &Path) -> bool {
    let ending = place.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm")
    })
}

fn head(workspace: &Workspace, whose: Option<ContactId>, now: i64) -> Result<Head> {
    Ok(workspace.store().read(|reader| {
        let mut head = Head {
            contact: None,
            made_at: now,
            zone: reader.time_zone()?,
            ledger: reader.check_ledger()?.into(),
            current: Vec::new(),
        };
        let Some(contact) = whose else {
            return Ok::<_, leadferry_store::Error>(head);
        };
        head.contact = persons(reader, &[contact])?.pop().map(|(_, person)| person);
        for consent in reader.consents_of(contact)? {
            let answer = if consent.given { "Given" } else { "Refused" };
            head.current
                .push((consent.purpose.path, answer.to_owned(), consent.at));
        }
        head.current.extend(channels(reader, contact)?);
        Ok(head)
    })?)
}

/// Returns what counts of the channels: which, the answer, and since when.
fn channels(
    reader: &leadferry_store::Reader<'_>,
    contact: ContactId,
) -> StoreResult<Vec<(String, String, i64)>> {
    let fields: Vec<_> = Channel::ALL.iter().map(|channel| channel.field()).collect();
    let values = reader.contacts(&[contact], &fields)?.pop();
    let named = Named::read(reader)?;
    let history = reader.consent_history(contact)?;
    let counts = |channel: &Channel| {
        let value = values.as_ref()?.values.get(channel.field());
        let Some(Value::YesNo(out)) = value else {
            return None;
        };
        let latest = history.iter().rev().find(|event| {
            event.purpose.is_none() && event.about == channel.name() && event.answer == Some(!*out)
        })?;
        let event = named.event(latest.clone());
        Some((event.about, event.answered, event.at))
    };
    Ok(Channel::ALL.iter().filter_map(counts).collect())
}

/// Hands on the events, page by page.
fn each_page(
    workspace: &Workspace,
    whose: Option<ContactId>,
    mut take: impl FnMut(Vec<Proved>) -> Result<()>,
) -> Result<()> {
    let store = workspace.store();
    if let Some(contact) = whose {
        let events = store.read(|reader| {
            let events = reader.consent_history(contact)?;
            proved(reader, events)
        })?;
        return take(events);
    }
    let mut after = 0;
    loop {
        let page = store.read(|reader| {
            let events = reader.ledger_page(after, PAGE)?;
            proved(reader, events)
        })?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.event.number;
        take(page)?;
    }
}

fn proved(
    reader: &leadferry_store::Reader<'_>,
    events: Vec<ConsentEvent>,
) -> StoreResult<Vec<Proved>> {
    let named = Named::read(reader)?;
    let mut ids: Vec<_> = events.iter().filter_map(|event| event.contact).collect();
    ids.sort_unstable();
    ids.dedup();
    let persons = persons(reader, &ids)?;
    let events = events.into_iter().map(|event| {
        let whose = persons.iter().find(|(id, _)| Some(*id) == event.contact);
        Proved {
            contact: whose.map(|(_, person)| person.clone()),
            event: named.event(event),
        }
    });
    Ok(events.collect())
}

fn persons(
    reader: &leadferry_store::Reader<'_>,
    ids: &[ContactId],
) -> StoreResult<Vec<(ContactId, Person)>> {
    let named = people::people(reader, ids)?.into_iter();
    let persons = named.map(|(id, person)| {
        let person = Person {
            guid: person.guid.to_string(),
            name: person.name,
            email: person.email,
            salt: reader.consent_salt(id)?,
        };
        Ok((id, person))
    });
    persons.collect()
}

fn begin_json(to: &mut impl Write, head: &Head) -> std::io::Result<()> {
    let current: Vec<_> = head
        .current
        .iter()
        .map(
            |(about, answer, at)| json!({ "about": about, "answer": answer, "since": moment(*at) }),
        )
        .collect();
    let begun = json!({
        "format": "leadferry consent proof 1",
        "made_at": moment(head.made_at),
        "contact": head.contact,
        "current": current,
        "ledger": head.ledger,
        "how_to_verify": HOW_TO_VERIFY,
    });
    let text = serde_json::to_string_pretty(&begun).map_err(std::io::Error::other)?;
    let open = text.trim_end_matches('}').trim_end();
    write!(to, "{open},\n  \"events\": [")
}

fn event_json(to: &mut impl Write, event: &Proved, is_first: bool) -> std::io::Result<()> {
    let text = serde_json::to_string(event).map_err(std::io::Error::other)?;
    write!(to, "{}\n    {text}", if is_first { "" } else { "," })
}
