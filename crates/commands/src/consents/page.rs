//! The proof as a page to print: one file without scripts, fonts or anything from elsewhere.

use std::io::{Result, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::proof::{HOW_TO_VERIFY, Head, Proved};

const STYLE: &str = "
@page { size: A4; margin: 18mm 16mm; }
* { box-sizing: border-box; }
body { font: 11pt/1.45 Georgia, 'Times New Roman', serif; color: #1b1b1b; max-width: 178mm; margin: 12mm auto; padding: 0 6mm; }
h1 { font-size: 22pt; font-weight: 600; margin: 0 0 2mm; }
h2 { font-size: 13pt; margin: 9mm 0 3mm; border-bottom: 0.4mm solid #1b1b1b; padding-bottom: 1mm; }
p { margin: 0 0 3mm; }
.of { color: #555; margin-bottom: 8mm; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 1.4mm 3mm 1.4mm 0; border-bottom: 0.2mm solid #ccc; }
th { font-weight: 600; width: 42mm; }
thead th { width: auto; }
.event { break-inside: avoid; margin: 0 0 5mm; border: 0.2mm solid #bbb; border-radius: 1.2mm; padding: 3mm 4mm; }
.event h3 { font-size: 11.5pt; margin: 0 0 1.5mm; display: flex; justify-content: space-between; gap: 4mm; }
.event h3 span { font-weight: 400; color: #555; }
.event table td, .event table th { border: 0; padding: 0.5mm 3mm 0.5mm 0; }
blockquote { margin: 0; white-space: pre-wrap; }
.hash { font: 7.5pt/1.4 Consolas, Menlo, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; white-space: pre-wrap; color: #333; }
.bad { color: #a3150d; font-weight: 600; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
";

/// Writes everything above the events.
pub(super) fn begin(to: &mut impl Write, head: &Head) -> Result<()> {
    let title = match &head.contact {
        Some(person) => format!("Proof of consent: {}", person.name),
        None => "Proof of consent: all contacts".to_owned(),
    };
    write!(
        to,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<h1>Proof of consent</h1>\n<p class=\"of\">Made by Leadferry on {}</p>\n<table>\n",
        escaped(&title),
        escaped(&written(head.made_at, &head.zone)),
    )?;
    match &head.contact {
        Some(person) => {
            row(to, "Contact", &person.name)?;
            row(to, "Email", person.email.as_deref().unwrap_or("None"))?;
            row(to, "Leadferry ID", &person.guid)?;
        }
        None => row(to, "Contacts", "Everyone in the workspace")?,
    }
    ledger(to, head)?;
    to.write_all(b"</table>\n")?;
    if head.contact.is_some() {
        current(to, head)?;
    }
    to.write_all(b"<h2>Events</h2>\n")
}

fn ledger(to: &mut impl Write, head: &Head) -> Result<()> {
    let ledger = &head.ledger;
    match ledger.faults.first() {
        None => row(
            to,
            "Ledger",
            &format!(
                "Checked {} events. Nothing was changed or removed.",
                ledger.events
            ),
        )?,
        Some(fault) => writeln!(
            to,
            "<tr><th>Ledger</th><td class=\"bad\">The check failed: {}.</td></tr>",
            escaped(fault)
        )?,
    }
    if let Some(hash) = &ledger.last_hash {
        writeln!(
            to,
            "<tr><th>Last hash</th><td class=\"hash\">{}</td></tr>",
            escaped(hash)
        )?;
    }
    Ok(())
}

fn current(to: &mut impl Write, head: &Head) -> Result<()> {
    to.write_all(b"<h2>Current answers</h2>\n")?;
    if head.current.is_empty() {
        return to.write_all(b"<p>No answers.</p>\n");
    }
    to.write_all(
        b"<table><thead><tr><th>About</th><th>Answer</th><th>Since</th></tr></thead><tbody>\n",
    )?;
    for (about, answer, at) in &head.current {
        writeln!(
            to,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(about),
            escaped(answer),
            escaped(&written(*at, &head.zone))
        )?;
    }
    to.write_all(b"</tbody></table>\n")
}

/// Writes an event.
pub(super) fn event(to: &mut impl Write, proved: &Proved, head: &Head) -> Result<()> {
    let event = &proved.event;
    writeln!(
        to,
        "<section class=\"event\"><h3>{}: {}<span>No. {}</span></h3><table>",
        escaped(&event.about),
        escaped(&event.answered),
        event.number
    )?;
    if head.contact.is_none() {
        match &proved.contact {
            Some(person) => row(to, "Contact", &named(&person.name, person.email.as_deref()))?,
            None => row(to, "Contact", "Erased")?,
        }
    }
    if let Some(asked) = event.asked_at {
        row(to, "Asked for", &written(asked, &event.zone))?;
    }
    let when = match event.asked_at {
        Some(_) => "Confirmed",
        None if event.stated => "Answered",
        None if event.at != event.recorded_at => "Changed there by",
        None => "Recorded",
    };
    row(to, when, &written(event.at, &event.zone))?;
    if event.at != event.recorded_at {
        row(to, "Recorded", &written(event.recorded_at, &event.zone))?;
    }
    row(to, "How", &event.how_words)?;
    if let Some(source) = &event.source {
        row(to, "Source", source)?;
    }
    if let Some(wording) = &event.wording {
        writeln!(
            to,
            "<tr><th>Wording, version {}</th><td><blockquote>{}</blockquote></td></tr>",
            wording.version,
            escaped(&wording.text)
        )?;
    }
    if let Some(salt) = proved
        .contact
        .as_ref()
        .and_then(|person| person.salt.as_deref())
    {
        writeln!(
            to,
            "<tr><th>Salt</th><td class=\"hash\">{}</td></tr>",
            escaped(salt)
        )?;
    }
    writeln!(
        to,
        "<tr><th>Hashed text</th><td class=\"hash\">{}</td></tr>\n\
         <tr><th>Hash</th><td class=\"hash\">{}</td></tr></table></section>",
        escaped(&event.hashed),
        escaped(&event.hash)
    )
}

/// Writes everything below the events.
pub(super) fn end(to: &mut impl Write, events: u64) -> Result<()> {
    if events == 0 {
        to.write_all(b"<p>No events.</p>\n")?;
    }
    write!(
        to,
        "<h2>How to verify</h2>\n<p>{}</p>\n</body>\n</html>\n",
        escaped(HOW_TO_VERIFY)
    )
}

fn named(name: &str, email: Option<&str>) -> String {
    match email {
        Some(email) if email != name => format!("{name} ({email})"),
        _ => name.to_owned(),
    }
}

fn row(to: &mut impl Write, what: &str, text: &str) -> Result<()> {
    writeln!(
        to,
        "<tr><th>{}</th><td>{}</td></tr>",
        escaped(what),
        escaped(text)
    )
}

/// Returns a moment as people write it, such as *January 31, 2026, 10:00:00 UTC*.
fn written(at: i64, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    match Timestamp::from_millisecond(at) {
        Ok(at) => at
            .to_zoned(zone)
            .strftime("%B %-d, %Y, %H:%M:%S %Z")
            .to_string(),
        Err(_) => "unknown".to_owned(),
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}
