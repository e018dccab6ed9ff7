//! The texts that the cells of a workbook share; they are read no further than cells ask.

use quick_xml::events::Event;

use super::parts::Part;
use super::shelf::Shelf;
use super::xml::push_text;
use super::{Fault, MOST_CELL, PULSE, Result};

/// The shared texts of a workbook.
pub(super) struct Texts<'a> {
    /// Where more of them come from; None at the end.
    part: Option<Part<'a>>,
    shelf: Shelf,
}

impl<'a> Texts<'a> {
    /// Begins with the part that holds them, if there is one.
    pub(super) fn new(part: Option<Part<'a>>) -> Self {
        Self {
            part,
            shelf: Shelf::default(),
        }
    }

    /// Reads about [`PULSE`] bytes on; returns false at the end.
    pub(super) fn read_on(&mut self) -> Result<bool> {
        let Some(part) = &mut self.part else {
            return Ok(false);
        };
        let (begin, mut text) = (part.bytes(), String::new());
        while part.bytes() - begin < PULSE {
            match part.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                    text.clear();
                    read_text(part, &mut text)?;
                    self.shelf.add(&text)?;
                }
                Event::Eof => {
                    self.part = None;
                    return Ok(false);
                }
                _ => {}
            }
        }
        Ok(true)
    }

    /// Tells whether a text is read already.
    pub(super) fn has(&self, at: u64) -> bool {
        at < self.shelf.len()
    }

    /// Adds a text that is read to `out`.
    pub(super) fn push(&mut self, at: u64, out: &mut String) -> Result<()> {
        self.shelf.push(at, out)
    }
}

/// Reads one shared text, without the reading aids that stand beside it in Japanese.
fn read_text(part: &mut Part<'_>, out: &mut String) -> Result<()> {
    let (begin, mut inside, mut aid) = (part.bytes(), false, false);
    loop {
        if part.bytes() - begin > 4 * MOST_CELL || out.len() as u64 > MOST_CELL {
            let most = MOST_CELL >> 20;
            return Err(Fault::limit(format!(
                "a text in it is longer than {most} MB"
            )));
        }
        let event = part.next()?;
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => inside = !aid,
                "rPh" => aid = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "si" => return Ok(()),
                "t" => inside = false,
                "rPh" => aid = false,
                _ => {}
            },
            Event::Eof => return Err(Fault::damaged()),
            _ if inside => push_text(&event, out)?,
            _ => {}
        }
    }
}
