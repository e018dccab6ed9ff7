use proptest::prelude::*;

use super::*;

fn guard(text: &str) -> String {
    guarded_cell(text)
}

#[test]
fn what_would_be_calculated_gets_an_apostrophe() {
    for (cell, written) in [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-5+cmd", "'-5+cmd"),
        ("-inf", "'-inf"),
        ("- a list", "'- a list"),
        ("+49-30-1234", "'+49-30-1234"),
        ("a;=1+1", "a;'=1+1"),
        ("a;-5", "a;'-5"),
        ("+1,cmd", "'+1,cmd"),
        ("a\t@x", "a\t'@x"),
        ("a\r\n=x", "a\r\n'=x"),
        ("a,=x|+y", "a,'=x|'+y"),
        ("  \"=x", "  \"'=x"),
        ("\u{200b}\u{feff}=x", "\u{200b}\u{feff}'=x"),
        ("＝x", "'＝x"),
        ("＋x;－y;＠z", "'＋x;'－y;'＠z"),
        ("\tx", "'\tx"),
        ("\t=x", "'\t'=x"),
        ("'=x", "''=x"),
        ("'\tx", "''\tx"),
    ] {
        assert_eq!(guard(cell), written, "{cell:?}");
        assert_eq!(restored_cell(written, b','), cell, "{written:?}");
    }
}

#[test]
fn what_is_harmless_stays_readable() {
    for cell in [
        "-5",
        "+5",
        "-5.25",
        "+1.5e-3",
        "+43 1 5550101",
        "'tis",
        "O'Neil = good",
        "a-b",
        "x@example.com",
        "one, two; three",
        "",
    ] {
        assert_eq!(guard(cell), cell);
        assert_eq!(restored_cell(cell, b','), cell);
    }
    assert_eq!(restored_cell("'tis", b','), "'tis");
}

/// Text made of what matters here.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "''", "\"", ",", ";", "|", "\t", "\r",
        "\n", " ", "\u{a0}", "\u{200b}", "\u{202e}", "\u{feff}", "1", "43 1", "a", "ä", "\u{1b}",
        ":",
    ]);
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

/// Tells whether any way to cut the text into cells gives one that is calculated.
fn is_calculated(text: &str, delimiter: char) -> bool {
    text.split([delimiter, '\r', '\n']).any(|cell| {
        let cell = cell.trim_matches(|sign: char| {
            sign.is_whitespace() || sign.is_control() || "\"\u{200b}\u{202e}\u{feff}".contains(sign)
        });
        let digits_only = |rest: &str| {
            rest.bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b' ')
        };
        match cell.chars().next() {
            Some('=' | '@' | '＝' | '＋' | '－' | '＠') => true,
            Some('+' | '-') => !digits_only(&cell[1..]) || cell.len() == 1,
            _ => false,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_is_calculated_whatever_the_delimiter_and_everything_comes_back(cell in hostile()) {
        let written = guarded_cell(&cell);
        for delimiter in [',', ';', '\t', '|'] {
            prop_assert!(!is_calculated(&written, delimiter), "{:?}", written);
        }
        prop_assert_eq!(restored_cell(&written, b','), cell);
    }

    #[test]
    fn no_line_of_an_export_is_calculated_whatever_the_delimiter(cells in prop::collection::vec(hostile(), 1..5)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_field("id").unwrap();
        writer.write_record(cells.iter().map(|cell| guarded_cell(cell))).unwrap();
        let line = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        for delimiter in [';', '\t', '|'] {
            prop_assert!(!is_calculated(&line, delimiter), "{:?}", line);
        }
    }

    #[test]
    fn a_guarded_line_holds_the_same_cells(cells in prop::collection::vec(hostile(), 1..5), delimiter in prop::sample::select(b",;\t|:".to_vec())) {
        let line = {
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
            writer.write_record(std::iter::once("id").chain(cells.iter().map(String::as_str))).unwrap();
            writer.into_inner().unwrap()
        };
        let line = guarded(&line, delimiter);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(line.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        let back: Vec<String> = record.iter().skip(1).map(|cell| restored(cell, delimiter)).collect();
        prop_assert_eq!(back, cells);
    }
}
