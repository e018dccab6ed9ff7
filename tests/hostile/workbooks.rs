//! Workbooks that are small until they are unpacked, or larger than a sheet can be: refused with the limit and the
//! place, in bounded memory, or taken in; and whoever asks to stop need not wait.

use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use leadferry_commands::imports::{
    self, ActivitiesRequest, Error, ImportKey, ImportOutcome, ImportProgress, ImportRequest,
    OwnFiles,
};
use leadferry_store::Store;
use zip::write::SimpleFileOptions;

use crate::bounds::{alone, within};

const NOW: i64 = 1_772_323_200_000;
/// What unpacking may take beside the workspace, MiB.
const MIB: usize = 48;
const HEADER: &str =
    "<row><c t=\"inlineStr\"><is><t>Last Name</t></is></c></row><row><c t=\"s\"><v>0</v></c></row>";

/// A part of a workbook: its beginning, what is repeated after it, how often, and its end.
struct Part {
    name: &'static str,
    head: String,
    body: &'static str,
    times: usize,
    tail: &'static str,
}

fn part(
    name: &'static str,
    head: &str,
    body: &'static str,
    times: usize,
    tail: &'static str,
) -> Part {
    Part {
        name,
        head: head.to_owned(),
        body,
        times,
        tail,
    }
}

fn sheet(head: &str, body: &'static str, times: usize, tail: &'static str) -> Part {
    part(
        "xl/worksheets/sheet1.xml",
        &format!("<worksheet><sheetData>{head}"),
        body,
        times,
        tail,
    )
}

const END: &str = "</sheetData></worksheet>";

/// Packs a workbook with one sheet and what is given; a part given twice takes the place of the usual one.
fn book(parts: &[Part]) -> Vec<u8> {
    let usual = [
        part("[Content_Types].xml", "<Types/>", "", 0, ""),
        part(
            "_rels/.rels",
            "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
            "",
            0,
            "",
        ),
        part(
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"People\" id=\"r\"/></sheets></workbook>",
            "",
            0,
            "",
        ),
        part(
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"r\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
            "",
            0,
            "",
        ),
        part(
            "xl/sharedStrings.xml",
            "<sst><si><t>Smith</t></si>",
            "",
            0,
            "</sst>",
        ),
        sheet(HEADER, "", 0, END),
    ];
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let given = |name: &str| parts.iter().any(|part| part.name == name);
    for part in usual.iter().filter(|part| !given(part.name)).chain(parts) {
        writer
            .start_file(part.name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(part.head.as_bytes()).unwrap();
        let most = (1 << 16) / part.body.len().max(1);
        let (block, mut left) = (part.body.repeat(most), part.times);
        while left > 0 {
            let now = left.min(most);
            writer
                .write_all(&block.as_bytes()[..now * part.body.len()])
                .unwrap();
            left -= now;
        }
        writer.write_all(part.tail.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A second on an idle machine; tests run on busy ones.
const SOON: Duration = Duration::from_secs(3);

fn workspace(folder: &Path) -> (Store, OwnFiles) {
    let path = folder.join("workspace.leadferry");
    let store = Store::create(&path, NOW).unwrap();
    (store, OwnFiles::of(&folder.join("data"), &path))
}

fn request(file: &Path) -> ImportRequest {
    ImportRequest {
        file: file.to_owned(),
        key: ImportKey::None,
        ..ImportRequest::default()
    }
}

/// Imports a workbook within the bounds.
fn import(what: &str, bytes: &[u8]) -> Result<ImportOutcome, Error> {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let (store, files) = workspace(folder.path());
    let file = folder.path().join("people.xlsx");
    std::fs::write(&file, bytes).unwrap();
    let mut imported = None;
    within(what, MIB, b"", &mut |_| {
        let go_on = &mut |_: &ImportProgress| ControlFlow::Continue(());
        imported = Some(imports::import(
            &store,
            &files,
            &request(&file),
            || NOW,
            go_on,
        ));
    });
    imported.unwrap()
}

fn refusal(what: &str, bytes: &[u8]) -> String {
    match import(what, bytes) {
        Ok(outcome) => panic!("{what} came in: {outcome:?}"),
        Err(error) => leadferry_commands::Error::from(error).to_string(),
    }
}

#[test]
fn what_is_larger_than_any_is_refused_with_its_limit_and_its_place() {
    let cell = "<row><c r=\"B7\" t=\"inlineStr\"><is><t>";
    let zeros = "00000000000000000000000000000000";
    for (what, part, said) in [
        (
            "a cell of 64 MB",
            sheet(&format!("{HEADER}{cell}"), zeros, 2 << 20, ""),
            "sheet1.xml holds a text of more than 1 MB in one piece",
        ),
        (
            "a cell of many pieces",
            sheet(&format!("{HEADER}{cell}"), "0&amp;", 1 << 20, ""),
            "cell B7 holds more than 1 MB",
        ),
        (
            "a cell of many elements",
            sheet(&format!("{HEADER}<row><c r=\"C9\">"), "<x/>", 2 << 20, ""),
            "cell C9 holds more than 1 MB",
        ),
        (
            "a shared text of many pieces",
            part(
                "xl/sharedStrings.xml",
                "<sst><si><t>",
                "0&amp;",
                1 << 20,
                "",
            ),
            "a text in it is longer than 1 MB",
        ),
        (
            "an attribute without end",
            sheet(&format!("{HEADER}<row r=\""), zeros, 1 << 20, ""),
            "more than 1 MB in one piece",
        ),
        (
            "rows without end",
            sheet(HEADER, "<row/>", 1_100_000, END),
            "the sheet holds more than 1,048,576 rows",
        ),
        (
            "a row far below",
            sheet(&format!("{HEADER}<row r=\"4000000000\"/>"), "", 0, END),
            "the sheet holds more than 1,048,576 rows",
        ),
        (
            "a row of cells without end",
            sheet(&format!("{HEADER}<row>"), "<c r=\"A3\"/>", 30_000, "</row>"),
            "row 3 holds more than 20000 cells",
        ),
        (
            "sheets without end",
            part(
                "xl/workbook.xml",
                "<workbook>",
                "<sheet name=\"a\" id=\"r\"/>",
                20_000,
                "</workbook>",
            ),
            "it holds more than 10000 sheets",
        ),
        (
            "connections without end",
            part(
                "xl/_rels/workbook.xml.rels",
                "<Relationships>",
                "<Relationship Id=\"a\"/>",
                20_000,
                "",
            ),
            "connects more than 10000 parts",
        ),
        (
            "formats without end",
            part(
                "xl/styles.xml",
                "<styleSheet><cellXfs>",
                "<xf/>",
                100_000,
                "",
            ),
            "it holds more than 65536 formats of cells",
        ),
        (
            "a list of sheets that unpacks to 32 MB",
            part(
                "xl/workbook.xml",
                "<workbook>",
                "<x a=\"0123456789012345\"/>",
                1_400_000,
                "",
            ),
            "xl/workbook.xml unpacks to more than 16 MB",
        ),
    ] {
        let text = refusal(what, &book(&[part]));
        assert!(text.contains(said), "{what}: {text}");
    }
}

#[test]
fn what_no_spreadsheet_program_writes_is_refused() {
    for (what, part, said) in [
        (
            "a definition of entities",
            part(
                "xl/sharedStrings.xml",
                "<!DOCTYPE sst [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><sst><si><t>&a;</t></si>",
                "",
                0,
                "</sst>",
            ),
            "it holds a document type definition",
        ),
        (
            "an entity of its own",
            sheet(
                &format!("{HEADER}<row><c t=\"str\"><v>&a;</v></c></row>"),
                "",
                0,
                END,
            ),
            "it holds a character that does not exist",
        ),
        (
            "nesting without end",
            sheet(HEADER, "<a>", 200_000, ""),
            "nested too deeply",
        ),
        (
            "a text that is not there",
            sheet(
                &format!("{HEADER}<row><c t=\"s\"><v>7</v></c></row>"),
                "",
                0,
                END,
            ),
            "it's damaged",
        ),
        (
            "a sheet that breaks off",
            sheet(HEADER, "", 0, ""),
            "it's damaged",
        ),
        (
            "a sheet elsewhere",
            part(
                "xl/_rels/workbook.xml.rels",
                "<Relationships><Relationship Id=\"r\" Type=\"x/worksheet\" Target=\"../../../etc/passwd\"/></Relationships>",
                "",
                0,
                "",
            ),
            "it's damaged",
        ),
    ] {
        let text = refusal(what, &book(&[part]));
        assert!(text.contains(said), "{what}: {text}");
    }
    let mut locked = book(&[]);
    for (mark, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let places: Vec<usize> = (0..locked.len() - 4)
            .filter(|at| &locked[*at..at + 4] == mark)
            .collect();
        places.iter().for_each(|at| locked[at + flags] |= 1);
    }
    assert!(refusal("a locked workbook", &locked).contains("it has a password"));
}

#[test]
fn many_texts_and_cells_come_in_without_taking_memory() {
    let texts = part(
        "xl/sharedStrings.xml",
        "<sst><si><t>Smith</t></si>",
        "<si/>",
        2_500_000,
        "</sst>",
    );
    let last = sheet(
        &format!("{HEADER}<row><c t=\"s\"><v>2500000</v></c></row>"),
        "<row/>",
        1_000,
        END,
    );
    let outcome = import("two and a half million texts", &book(&[texts, last])).unwrap();
    assert_eq!((outcome.created, outcome.faulty), (1, 0), "{outcome:?}");
}

#[test]
fn a_workbook_written_as_a_stream_comes_in() {
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    let read = book(&[]);
    let mut archive = zip::ZipArchive::new(Cursor::new(read)).unwrap();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        std::io::copy(&mut part, &mut writer).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert_eq!(import("a streamed workbook", &bytes).unwrap().created, 1);
}

/// Files that give no row for a long time once the first has come.
fn slow_files() -> Vec<(&'static str, Vec<u8>)> {
    let nothing = sheet(
        HEADER,
        "<x>0123456789012345678901234567890</x>",
        1 << 20,
        END,
    );
    let texts = part(
        "xl/sharedStrings.xml",
        "<sst><si><t>Smith</t></si>",
        "<si><t>0</t></si>",
        2 << 20,
        "</sst>",
    );
    let far = sheet(
        &format!("{HEADER}<row><c t=\"s\"><v>2000000</v></c></row>"),
        "",
        0,
        END,
    );
    let blank = [b"Last Name\nSmith\n".as_slice(), &vec![b'\n'; 64 << 20]].concat();
    let line = [b"Last Name\nSmith\n".as_slice(), &vec![b'x'; 64 << 20]].concat();
    vec![
        ("nothing.xlsx", book(&[nothing])),
        ("texts.xlsx", book(&[texts, far])),
        ("blank.csv", blank),
        ("line.csv", line),
    ]
}

/// Asks to stop at the first step after the file was opened, and returns how long that took.
fn stopped(work: impl FnOnce(&mut dyn FnMut(&ImportProgress) -> ControlFlow<()>)) -> Duration {
    let (mut asked, mut opened, mut last) = (None, false, 0);
    work(&mut |progress| {
        // While a file of more than a megabyte is opened, the bytes read go up; then they begin anew.
        opened |= progress.bytes < last || progress.bytes_total < 1 << 20;
        last = progress.bytes;
        if opened && asked.is_none() {
            asked = Some(Instant::now());
        }
        match asked {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    });
    asked.expect("nobody could ask to stop").elapsed()
}

#[test]
fn an_import_stops_within_a_second_whatever_the_file_holds() {
    let _alone = alone();
    for (name, bytes) in slow_files() {
        let folder = tempfile::tempdir().unwrap();
        let (store, files) = workspace(folder.path());
        let file = folder.path().join(name);
        std::fs::write(&file, &bytes).unwrap();
        let took = stopped(|progress| {
            // A sheet is looked through before its first row is taken in.
            match imports::import(&store, &files, &request(&file), || NOW, progress) {
                Ok(outcome) => assert!(!outcome.finished, "{name}: {outcome:?}"),
                Err(error) => assert!(matches!(error, imports::Error::Stopped), "{name}: {error}"),
            }
        });
        assert!(took < SOON, "{name}: the import took {took:?} to stop");
        let took =
            stopped(
                |progress| match imports::try_out(&store, &request(&file), NOW, progress) {
                    Ok(trial) => assert!(!trial.finished, "{name}: {trial:?}"),
                    Err(error) => {
                        assert!(matches!(error, imports::Error::Stopped), "{name}: {error}")
                    }
                },
            );
        assert!(took < SOON, "{name}: the trial took {took:?} to stop");
    }
}

#[test]
fn opening_a_file_stops_when_somebody_asks() {
    let folder = tempfile::tempdir().unwrap();
    let (store, files) = workspace(folder.path());
    let file = folder.path().join("people.csv");
    std::fs::write(
        &file,
        [b"Last Name\n".as_slice(), &vec![b'x'; 8 << 20]].concat(),
    )
    .unwrap();
    let mut calls = 0;
    let mut stop = |_: &ImportProgress| {
        calls += 1;
        ControlFlow::Break(())
    };
    let activities = ActivitiesRequest {
        file: file.clone(),
        ..ActivitiesRequest::default()
    };
    let stopped = [
        imports::preview(&store, &request(&file), &mut stop).err(),
        imports::try_out(&store, &request(&file), NOW, &mut stop).err(),
        imports::import(&store, &files, &request(&file), || NOW, &mut stop).err(),
        imports::preview_activities(&store, &activities, NOW, &mut stop).err(),
        imports::import_activities(&store, &files, &activities, || NOW, &mut stop).err(),
    ];
    for error in &stopped {
        assert!(matches!(error, Some(Error::Stopped)), "{error:?}");
    }
    assert_eq!(calls, 5);
}
