//! Reads an XLSX workbook in bounded memory, whatever a stranger wrote into it.
//!
//! A workbook is a zip archive of XML parts. Each part is unpacked while it is read, and its size, its longest piece and
//! its nesting are checked on the way, so a small file can't take much memory. The caller hears from the reader every
//! [`PULSE`] bytes and can stop there. Formulas, links and macros are ignored.

mod cells;
mod number_formats;
mod parts;
mod shelf;
mod styles;
mod survey;
mod texts;
mod xml;

use std::io;
use std::path::Path;

use quick_xml::events::Event;

use cells::{Cells, Found, Value};
use parts::Parts;
use styles::Styles;
use texts::Texts;
use xml::attribute;

use super::source::PULSE;

/// Most bytes that a sheet, or its texts, unpack to: a million rows with fifty columns.
const MOST_SHEET: u64 = 4 << 30;
/// Most bytes of a part that says what is where.
const MOST_LIST: u64 = 16 << 20;
/// Most bytes of one cell.
const MOST_CELL: u64 = 1 << 20;
/// Most sheets, and most connections between parts.
const MOST_SHEETS: usize = 10_000;

type Result<T> = std::result::Result<T, Fault>;

/// Why a workbook cannot be read.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It is not what spreadsheet programs write.
    Broken(String),
    /// It is larger than it may be.
    Limit(String),
    /// The file, or a file of ours, cannot be read.
    Io(io::Error),
}

impl Fault {
    fn broken(reason: &str) -> Self {
        Self::Broken(reason.to_owned())
    }

    fn damaged() -> Self {
        Self::broken("it's damaged")
    }

    fn limit(reason: String) -> Self {
        Self::Limit(reason)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::Other => Self::damaged(),
            _ => Self::Io(error),
        }
    }
}

/// What is where in a workbook.
pub(crate) struct Workbook {
    sheets: Vec<Sheet>,
    texts: String,
    styles: Styles,
}

struct Sheet {
    name: String,
    part: String,
    hidden: bool,
}

/// What stands for a formula without a stored result; no field takes it.
pub(crate) const UNSOLVED: &str = "#UNSOLVED!";

/// What comes next in a sheet.
pub(crate) enum Next<'a> {
    /// A cell: its row from 1, its column from 0, and its value as a person would type it.
    Cell(u64, usize, &'a str),
    /// [`PULSE`] bytes without a cell.
    Nothing,
}

/// Takes what comes next in a sheet, with the bytes read so far and those of the whole; false stops.
pub(crate) type Take<'t, E> = dyn FnMut(Next<'_>, (u64, u64)) -> std::result::Result<bool, E> + 't;

impl Workbook {
    /// Opens a workbook and reads which sheets it has.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut parts = Parts::open(path)?;
        let main = relations(&mut parts, "_rels/.rels", "")?
            .into_iter()
            .find(|relation| relation.is("officeDocument"));
        let main = main.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.part);
        let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
        let known = relations(&mut parts, &format!("{folder}/_rels/{name}.rels"), folder)?;
        let part_of = |kind: &str, usual: &str| {
            let found = known.iter().find(|relation| relation.is(kind));
            found.map_or_else(|| resolved(folder, usual), |found| found.part.clone())
        };
        let mut styles = Styles::read(&mut parts, &part_of("styles", "styles.xml"))?;
        let texts = part_of("sharedStrings", "sharedStrings.xml");
        let (sheets, from_1904) = sheets(&mut parts, &main, &known)?;
        styles.from_1904 = from_1904;
        Ok(Self {
            sheets,
            texts,
            styles,
        })
    }

    /// Returns the sheets that can hold rows: their names, and whether they are hidden.
    pub(crate) fn into_sheets(self) -> impl Iterator<Item = (String, bool)> {
        let sheets = self.sheets.into_iter();
        sheets.map(|sheet| (sheet.name, sheet.hidden))
    }

    /// Hands on the cells of a sheet in the order of the file and the share of it read so far, until `take` says false;
    /// true at the end.
    pub(crate) fn for_each_cell<E: From<Fault>>(
        &self,
        path: &Path,
        sheet: &str,
        take: &mut Take<'_, E>,
    ) -> std::result::Result<bool, E> {
        // Two parts are read side by side.
        let (mut parts, mut shared) = (Parts::open(path)?, Parts::open(path)?);
        let named = self.sheets.iter().find(|known| known.name == sheet);
        let part = named.ok_or_else(Fault::damaged)?.part.as_str();
        let part = parts.part(part, MOST_SHEET)?.ok_or_else(Fault::damaged)?;
        let mut cells = Cells::new(part);
        let mut texts = Texts::new(shared.part(&self.texts, MOST_SHEET)?);
        let (mut text, mut raw) = (String::new(), String::new());
        loop {
            let cell = match cells.next()? {
                Found::Cell(cell) => cell,
                Found::End => return Ok(true),
                Found::Nothing => {
                    if !take(Next::Nothing, cells.read_of())? {
                        return Ok(false);
                    }
                    continue;
                }
            };
            text.clear();
            match cell.value {
                Value::Text => unescape(cells.text(), &mut text),
                Value::Bool(yes) => text.push_str(if yes { "TRUE" } else { "FALSE" }),
                Value::Number(number, style) => text = self.styles.text(number, style),
                Value::Unsolved => text.push_str(UNSOLVED),
                Value::Empty => {}
                Value::Shared(at) => {
                    while !texts.has(at) {
                        if !texts.read_on()? && !texts.has(at) {
                            return Err(Fault::damaged().into());
                        }
                        if !take(Next::Nothing, cells.read_of())? {
                            return Ok(false);
                        }
                    }
                    raw.clear();
                    texts.push(at, &mut raw)?;
                    unescape(&raw, &mut text);
                }
            }
            if !take(Next::Cell(cell.line, cell.column, &text), cells.read_of())? {
                return Ok(false);
            }
        }
    }
}

/// A connection from one part to another.
struct Relation {
    id: String,
    kind: String,
    part: String,
}

impl Relation {
    fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

fn relations(parts: &mut Parts, list: &str, folder: &str) -> Result<Vec<Relation>> {
    let mut relations = Vec::new();
    let Some(mut xml) = parts.part(list.trim_start_matches('/'), MOST_LIST)? else {
        return Ok(relations);
    };
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                let target = attribute(&tag, "Target")?.unwrap_or_default();
                relations.push(Relation {
                    id: attribute(&tag, "Id")?.unwrap_or_default(),
                    kind: attribute(&tag, "Type")?.unwrap_or_default(),
                    part: resolved(folder, &target),
                });
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
        if relations.len() > MOST_SHEETS {
            return Err(Fault::limit(format!(
                "{list} connects more than {MOST_SHEETS} parts"
            )));
        }
    }
}

fn resolved(folder: &str, target: &str) -> String {
    match (target.strip_prefix('/'), folder) {
        (Some(absolute), _) => absolute.to_owned(),
        (None, "") => target.to_owned(),
        (None, _) => format!("{folder}/{target}"),
    }
}

/// Reads the list of sheets, and whether days are counted from 1904.
fn sheets(parts: &mut Parts, main: &str, known: &[Relation]) -> Result<(Vec<Sheet>, bool)> {
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    let mut xml = parts
        .part(main, MOST_LIST)?
        .ok_or_else(|| Fault::broken("it isn't an XLSX file"))?;
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "sheet" => {
                    let id = attribute(&tag, "id")?.unwrap_or_default();
                    let found = known.iter().find(|relation| relation.id == id);
                    // Sheets that are nothing but a chart hold no rows.
                    if let Some(relation) = found.filter(|relation| relation.is("worksheet")) {
                        sheets.push(Sheet {
                            name: attribute(&tag, "name")?.unwrap_or_default(),
                            part: relation.part.clone(),
                            hidden: attribute(&tag, "state")?.is_some_and(|state| {
                                state.to_ascii_lowercase().ends_with("hidden")
                            }),
                        });
                    }
                }
                "workbookPr" => {
                    if let Some(value) = attribute(&tag, "date1904")? {
                        from_1904 = matches!(value.as_str(), "1" | "true");
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok((sheets, from_1904)),
            _ => {}
        }
        if sheets.len() > MOST_SHEETS {
            return Err(Fault::limit(format!(
                "it holds more than {MOST_SHEETS} sheets"
            )));
        }
    }
}

/// Adds a text to `out`; `_x000D_` and the like are how XLSX writes characters that XML cannot hold.
fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        match escaped(escape) {
            Some(character) => {
                out.push(character);
                rest = &escape[7..];
            }
            None => {
                out.push_str("_x");
                rest = &escape[2..];
            }
        }
    }
    out.push_str(rest);
}

/// Returns the character that stands as `_x`, four hex digits and `_` at the beginning of a text.
fn escaped(text: &str) -> Option<char> {
    let code = text.get(2..6).filter(|_| text.get(6..7) == Some("_"))?;
    let hex = code.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = u32::from_str_radix(code, 16).ok().filter(|_| hex)?;
    Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_xml_cannot_hold_are_read() {
        for (written, meant) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD800_", "\u{fffd}"),
            ("_x12", "_x12"),
            ("_xé000_", "_xé000_"),
            ("snake_x_case", "snake_x_case"),
        ] {
            let mut out = String::new();
            unescape(written, &mut out);
            assert_eq!(out, meant, "{written}");
        }
    }
}
