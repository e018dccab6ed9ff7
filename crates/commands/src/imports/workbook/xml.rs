//! XML read event by event; no event, no nesting and no part is larger than it may be.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{Fault, Result};

/// Most bytes of one tag, or of text without a tag in it. A cell of a spreadsheet holds 32,767 characters.
pub(super) const MOST_PIECE: u64 = 1 << 20;
/// Workbooks nest about ten deep.
const MOST_DEPTH: u32 = 64;
const BUFFER: usize = 64 * 1024;

/// Reads the events of one part.
pub(super) struct Xml<R: Read> {
    reader: Reader<BufReader<Metered<R>>>,
    meter: Rc<Meter>,
    buffer: Vec<u8>,
    depth: u32,
    name: String,
    declared: u64,
}

impl<R: Read> Xml<R> {
    /// Reads a part that says it has `declared` bytes and may have `most`.
    pub(super) fn new(part: R, name: &str, declared: u64, most: u64) -> Self {
        let meter = Rc::new(Meter {
            read: Cell::new(0),
            most,
            piece: Cell::new(0),
        });
        let metered = Metered {
            inner: part,
            meter: meter.clone(),
        };
        let mut reader = Reader::from_reader(BufReader::with_capacity(BUFFER, metered));
        // One way for `<c/>` and `<c></c>`.
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            meter,
            buffer: Vec::new(),
            depth: 0,
            name: name.to_owned(),
            declared,
        }
    }

    /// Returns the next event.
    pub(super) fn next(&mut self) -> Result<Event<'_>> {
        self.buffer.clear();
        self.meter.piece.set(0);
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => return Err(fault(error, &self.name, &self.meter)),
        };
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => return Err(Fault::broken("it holds a document type definition")),
            _ => {}
        }
        if self.depth > MOST_DEPTH {
            return Err(Fault::broken("it's nested too deeply"));
        }
        Ok(event)
    }

    /// Returns the bytes unpacked so far.
    pub(super) fn bytes(&self) -> u64 {
        self.meter.read.get()
    }

    /// Returns the bytes that the part says it has.
    pub(super) fn declared(&self) -> u64 {
        self.declared
    }
}

/// Adds what a piece of text says.
pub(super) fn push_text(event: &Event<'_>, out: &mut String) -> Result<()> {
    match event {
        Event::Text(text) => out.push_str(&text.xml10_content()),
        Event::CData(text) => out.push_str(&text.xml10_content()),
        Event::GeneralRef(reference) => out.push(character(reference)?),
        _ => {}
    }
    Ok(())
}

/// There are no entities but those of XML itself, since no document type definition is read.
fn character(reference: &BytesRef<'_>) -> Result<char> {
    let known = match reference.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    };
    known.ok_or_else(|| Fault::broken("it holds a character that does not exist"))
}

/// Returns an attribute by its name without prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Fault::damaged())?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            return Ok(Some(value.map_err(|_| Fault::damaged())?.into_owned()));
        }
    }
    Ok(None)
}

struct Meter {
    read: Cell<u64>,
    most: u64,
    piece: Cell<u64>,
}

struct Metered<R> {
    inner: R,
    meter: Rc<Meter>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        let meter = &self.meter;
        meter.read.set(meter.read.get() + read as u64);
        meter.piece.set(meter.piece.get() + read as u64);
        if meter.is_over() {
            return Err(io::Error::other("too large"));
        }
        Ok(read)
    }
}

impl Meter {
    fn is_over(&self) -> bool {
        self.read.get() > self.most || self.piece.get() > MOST_PIECE + BUFFER as u64
    }
}

fn fault(error: quick_xml::Error, name: &str, meter: &Meter) -> Fault {
    if meter.read.get() > meter.most {
        let most = meter.most >> 20;
        return Fault::limit(format!("{name} unpacks to more than {most} MB"));
    }
    if meter.is_over() {
        return Fault::limit(format!(
            "{name} holds a text of more than {} MB in one piece",
            MOST_PIECE >> 20
        ));
    }
    match error {
        quick_xml::Error::Io(error) => io::Error::new(error.kind(), error).into(),
        _ => Fault::damaged(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str, most: u64) -> Result<Vec<String>> {
        let mut xml = Xml::new(xml.as_bytes(), "part.xml", 0, most);
        let mut seen = Vec::new();
        loop {
            let event = xml.next()?;
            let mut text = String::new();
            push_text(&event, &mut text)?;
            match event {
                Event::Start(tag) => seen.push(format!("<{}>", tag.local_name().as_ref())),
                Event::End(tag) => seen.push(format!("</{}>", tag.local_name().as_ref())),
                Event::Eof => return Ok(seen),
                _ => seen.push(text),
            }
        }
    }

    fn reason(xml: &str, most: u64) -> String {
        match read(xml, most) {
            Err(Fault::Limit(reason) | Fault::Broken(reason)) => reason,
            other => panic!("{:?}", other.is_ok()),
        }
    }

    #[test]
    fn what_spreadsheet_programs_write_is_read() {
        assert_eq!(
            read("<x:a>1 &lt; &#50;<b/><![CDATA[&]]></x:a>", 100).unwrap(),
            ["<a>", "1 ", "<", " ", "2", "<b>", "</b>", "&", "</a>"]
        );
    }

    #[test]
    fn what_is_too_large_is_refused_and_named() {
        let long = "x".repeat(2 << 20);
        for xml in [
            format!("<a>{long}</a>"),
            format!("<a b=\"{long}\"/>"),
            format!("<!--{long}--><a/>"),
            format!("<a><![CDATA[{long}]]></a>"),
        ] {
            assert!(reason(&xml, 1 << 30).contains("more than 1 MB in one piece"));
        }
        let many = "<a/>".repeat(1 << 20);
        assert_eq!(
            reason(&format!("<b>{many}</b>"), 1 << 20),
            "part.xml unpacks to more than 1 MB"
        );
        assert!(read(&format!("<b>{many}</b>"), 5 << 20).is_ok());
    }

    #[test]
    fn nesting_entities_and_definitions_are_refused() {
        assert_eq!(reason(&"<a>".repeat(100), 1000), "it's nested too deeply");
        let definition = "<!DOCTYPE x [<!ENTITY a \"&b;&b;\">]><x>&a;</x>";
        assert_eq!(
            reason(definition, 1000),
            "it holds a document type definition"
        );
        assert_eq!(
            reason("<x>&a;</x>", 1000),
            "it holds a character that does not exist"
        );
    }
}
