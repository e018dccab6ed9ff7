//! The rules after a row's semicolon: `if_empty, refuse, map "new"->"Open"`.

use jiff::civil::Date;

use super::escaping::{quoted, read_quoted};
use super::findings::{excerpt, nearest};
use super::{Cutting, Finding, MappingRow, Overwrite, Refusal};

const WORDS: &[&str] = &[
    "always",
    "if_empty",
    "on_create",
    "shorten",
    "refuse",
    "leave_out",
    "block",
    "required",
    "from",
    "until",
    "map",
];

/// Reads the rules into a row that has the default ones.
pub(super) fn read_rules(text: &str, row: &mut MappingRow) -> Result<(), Finding> {
    let mut rest = text;
    let mut seen = Seen::default();
    while !rest.is_empty() {
        rest = if rest.starts_with('"') && seen.map {
            read_pair(rest, row)?
        } else {
            read_word(rest, row, &mut seen)?
        };
        rest = match rest.trim_start_matches([' ', '\t']) {
            "" => "",
            more => more
                .strip_prefix([',', ';'])
                .ok_or_else(|| unknown(more))?
                .trim_start_matches([' ', '\t']),
        };
    }
    if !seen.refusal {
        row.refusal = row.cutting.usual_refusal();
    }
    Ok(())
}

/// Which kinds of rule have been given.
#[derive(Default)]
struct Seen {
    overwrite: bool,
    cutting: bool,
    refusal: bool,
    from: bool,
    until: bool,
    map: bool,
}

fn read_word<'a>(text: &'a str, row: &mut MappingRow, seen: &mut Seen) -> Result<&'a str, Finding> {
    let end = text
        .find(|char: char| !(char.is_ascii_alphanumeric() || char == '_'))
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let overwrite = match word {
        "always" => Some(Overwrite::Always),
        "if_empty" => Some(Overwrite::IfEmpty),
        "on_create" => Some(Overwrite::OnCreate),
        _ => None,
    };
    let cutting = match word {
        "shorten" => Some(Cutting::Shorten),
        "refuse" => Some(Cutting::Refuse),
        _ => None,
    };
    let refusal = match word {
        "leave_out" => Some(Refusal::LeaveOut),
        "block" => Some(Refusal::Block),
        _ => None,
    };
    if let Some(overwrite) = overwrite {
        once(&mut seen.overwrite, "always, if_empty and on_create")?;
        row.overwrite = overwrite;
    } else if let Some(cutting) = cutting {
        once(&mut seen.cutting, "shorten and refuse")?;
        row.cutting = cutting;
    } else if let Some(refusal) = refusal {
        once(&mut seen.refusal, "leave_out and block")?;
        row.refusal = refusal;
    } else if word == "required" {
        row.required = true;
    } else if word == "from" {
        once(&mut seen.from, "from")?;
        let (day, rest) = read_day(rest)?;
        row.period.from = Some(day);
        return Ok(rest);
    } else if word == "until" {
        once(&mut seen.until, "until")?;
        let (day, rest) = read_day(rest)?;
        row.period.until = Some(day);
        return Ok(rest);
    } else if word == "map" {
        seen.map = true;
        return read_pair(rest.trim_start_matches([' ', '\t']), row);
    } else {
        return Err(unknown(text));
    }
    Ok(rest)
}

fn read_day(text: &str) -> Result<(Date, &str), Finding> {
    let text = text.trim_start_matches([' ', '\t']);
    let end = text.find([',', ';', ' ', '\t']).unwrap_or(text.len());
    let (day, rest) = text.split_at(end);
    let read = Date::strptime("%Y-%m-%d", day).map_err(|_| {
        Finding::error(
            "bad_date",
            format!("\"{}\" is no date", excerpt(day)),
            "write from 2026-12-01, until 2026-12-24. Both days are included",
        )
    })?;
    Ok((read, rest))
}

fn once(seen: &mut bool, kind: &str) -> Result<(), Finding> {
    if std::mem::replace(seen, true) {
        return Err(Finding::error(
            "rule_twice",
            format!("only one of the rules {kind} can be used"),
            "keep only one of them",
        ));
    }
    Ok(())
}

fn read_pair<'a>(text: &'a str, row: &mut MappingRow) -> Result<&'a str, Finding> {
    let pair = || {
        let (from, rest) = read_quoted(text)?;
        let rest = rest
            .trim_start_matches([' ', '\t'])
            .strip_prefix("->")?
            .trim_start_matches([' ', '\t']);
        let (to, rest) = read_quoted(rest)?;
        Some((from, to, rest))
    };
    let (from, to, rest) = pair().ok_or_else(|| {
        Finding::error(
            "bad_value_map",
            "the value map can't be read",
            "write map \"ours\"->\"theirs\", \"x\"->\"y\"",
        )
    })?;
    let folded = super::picklists::fold(&from);
    if row
        .values
        .iter()
        .any(|(known, _)| super::picklists::fold(known) == folded)
    {
        return Err(Finding::error(
            "bad_value_map",
            format!("the value map replaces \"{}\" twice", excerpt(&from)),
            "keep one of the two. Uppercase and lowercase count as the same",
        ));
    }
    row.values.push((from, to));
    Ok(rest)
}

fn unknown(text: &str) -> Finding {
    let word = text.split([',', ';', ' ']).next().unwrap_or_default();
    Finding::error(
        "unknown_rule",
        format!("there's no rule \"{}\"", excerpt(word)),
        nearest(
            word,
            WORDS.iter().copied(),
            &format!("rules are {}", WORDS.join(", ")),
        ),
    )
}

/// Returns the rules that differ from the usual ones, with the semicolon before them.
pub(super) fn rules_text(row: &MappingRow) -> String {
    let mut rules = Vec::new();
    let overwrite = match row.overwrite {
        usual if usual == row.source.usual_overwrite() => None,
        Overwrite::Own => None,
        Overwrite::Always => Some("always"),
        Overwrite::IfEmpty => Some("if_empty"),
        Overwrite::OnCreate => Some("on_create"),
    };
    rules.extend(overwrite.map(str::to_owned));
    if row.cutting == Cutting::Refuse {
        rules.push("refuse".to_owned());
    }
    if row.refusal != row.cutting.usual_refusal() {
        let word = match row.refusal {
            Refusal::LeaveOut => "leave_out",
            Refusal::Block => "block",
        };
        rules.push(word.to_owned());
    }
    if row.required {
        rules.push("required".to_owned());
    }
    if let Some(from) = row.period.from {
        rules.push(format!("from {from}"));
    }
    if let Some(until) = row.period.until {
        rules.push(format!("until {until}"));
    }
    for (at, (from, to)) in row.values.iter().enumerate() {
        let word = if at == 0 { "map " } else { "" };
        rules.push(format!("{word}{}->{}", quoted(from), quoted(to)));
    }
    if rules.is_empty() {
        String::new()
    } else {
        format!(" ; {}", rules.join(", "))
    }
}
