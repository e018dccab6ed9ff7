//! Workbooks made piece by piece, also as no spreadsheet program of today writes them.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

/// A sheet: its name, the attributes of its entry, and what it holds.
pub(crate) struct Sheet {
    pub(crate) name: &'static str,
    pub(crate) entry: &'static str,
    pub(crate) content: String,
}

impl Sheet {
    pub(crate) fn new(name: &'static str, content: impl Into<String>) -> Self {
        Self {
            name,
            entry: "",
            content: content.into(),
        }
    }

    pub(crate) fn hidden(self) -> Self {
        Self {
            entry: "state=\"hidden\"",
            ..self
        }
    }
}

/// Writes a row of texts; a cell that begins with `<` is written as it stands.
pub(crate) fn row(number: usize, cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .enumerate()
        .map(|(at, cell)| cell_at(number, at, cell))
        .collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

fn cell_at(row: usize, column: usize, cell: &str) -> String {
    let name = format!("{}{row}", char::from(b'A' + u8::try_from(column).unwrap()));
    let text = cell.replace('&', "&amp;");
    match cell {
        "" => String::new(),
        cell if cell.starts_with('<') => cell.replacen("<c", &format!("<c r=\"{name}\""), 1),
        _ => format!("<c r=\"{name}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    }
}

/// Writes rows from the first line on.
pub(crate) fn rows(rows: &[&[&str]]) -> String {
    let all = rows
        .iter()
        .enumerate()
        .filter(|(_, cells)| !cells.is_empty());
    all.map(|(at, cells)| row(at + 1, cells)).collect()
}

/// Writes a workbook whose cells of the styles 1, 2 and so on have these number formats.
pub(crate) fn book(sheets: &[Sheet], formats: &[&str]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, text: String| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    add(
        "_rels/.rels",
        format!(
            "<Relationships><Relationship Id=\"r1\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    let (mut entries, mut relations) = (String::new(), String::new());
    for (
        at,
        Sheet {
            name,
            entry,
            content,
        },
    ) in sheets.iter().enumerate()
    {
        entries += &format!("<sheet name=\"{name}\" sheetId=\"{at}\" {entry} r:id=\"s{at}\"/>");
        relations += &format!(
            "<Relationship Id=\"s{at}\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet{at}.xml\"/>"
        );
        let (data, behind) = content.split_once("<!---->").unwrap_or((content, ""));
        add(
            &format!("xl/worksheets/sheet{at}.xml"),
            format!("<worksheet><sheetData>{data}</sheetData>{behind}</worksheet>"),
        );
    }
    relations += &format!("<Relationship Id=\"st\" Type=\"{kind}/styles\" Target=\"styles.xml\"/>");
    add(
        "xl/workbook.xml",
        format!("<workbook xmlns:r=\"{kind}\"><sheets>{entries}</sheets></workbook>"),
    );
    add(
        "xl/_rels/workbook.xml.rels",
        format!("<Relationships>{relations}</Relationships>"),
    );
    let (mut known, mut of_cells) = (String::new(), "<xf numFmtId=\"0\"/>".to_owned());
    for (at, format) in formats.iter().enumerate() {
        let id = 170 + at;
        known += &format!(
            "<numFmt numFmtId=\"{id}\" formatCode=\"{}\"/>",
            format.replace('<', "&lt;").replace('"', "&quot;")
        );
        of_cells += &format!("<xf numFmtId=\"{id}\"/>");
    }
    add(
        "xl/styles.xml",
        format!("<styleSheet><numFmts>{known}</numFmts><cellXfs>{of_cells}</cellXfs></styleSheet>"),
    );
    zip.finish().unwrap().into_inner()
}
