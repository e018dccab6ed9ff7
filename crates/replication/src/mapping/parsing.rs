//! Reads a mapping from its text form, one row a line.

use leadferry_store::{AccountField, AskedField};

use super::escaping::{opens_section, read_quoted, split_source};
use super::findings::{excerpt, nearest};
use super::rules::read_rules;
use super::{Finding, Mapping, MappingRow, Source, Target};

/// A row's longest line, in bytes; a template may take a page or two.
const MAX_LINE: usize = 16 * 1024;

/// More rows than any object has fields.
const MAX_ROWS: usize = 2_000;
/// Two thousand rows with half a kilobyte each.
const MAX_BYTES: usize = 1 << 20;

/// How the name of a field of Salesforce's data begins.
const SALESFORCE: &str = "Salesforce.";
const POINTS: &str = "@points:";
const SEGMENT: &str = "@segment:";
const CONSENT: &str = "@consent:";
const REFUSED: &str = "@refused:";
const PREFERENCE: &str = "@preference:";
const NAMED: [&str; 5] = [POINTS, SEGMENT, CONSENT, REFUSED, PREFERENCE];

/// The sources that are one word, in the order in which lists show them.
pub(super) static SPECIALS: [(&str, Source); 7] = [
    ("@company_name", Source::CompanyName),
    ("@country_name", Source::CountryName),
    ("@country_code", Source::CountryCode),
    ("@state_name", Source::StateName),
    ("@state_code", Source::StateCode),
    ("@street", Source::Street),
    ("@description", Source::Description),
];

impl Mapping {
    /// Reads the text form; blank lines and lines that begin with `#` are skipped.
    ///
    /// # Errors
    /// A finding for every line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, Vec<Finding>> {
        let rows = read_rows(text)?.into_iter().map(|(_, row)| row).collect();
        Ok(Self { rows })
    }
}

/// Reads the rows with the numbers of their lines.
pub(super) fn read_rows(text: &str) -> Result<Vec<(usize, MappingRow)>, Vec<Finding>> {
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let mut kept = 0;
    if text.len() > MAX_BYTES {
        return Err(vec![too_long()]);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (at, line) in text.split('\n').enumerate() {
        let line = trim(line.strip_suffix('\r').unwrap_or(line));
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if rows.len() + faults.len() == MAX_ROWS {
            faults.push(too_many_rows().at(at + 1));
            break;
        }
        match read_row(line) {
            Ok((row, length)) => {
                kept += length + 1;
                if kept > MAX_BYTES {
                    faults.push(too_long().at(at + 1));
                    break;
                }
                rows.push((at + 1, row));
            }
            Err(fault) => faults.push(fault.at(at + 1)),
        }
    }
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(faults)
    }
}

/// Removes blanks and tabs around; other white space may be meant.
fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

fn too_long() -> Finding {
    Finding::error(
        "mapping_too_long",
        format!("the mapping is longer than {} MB", MAX_BYTES >> 20),
        "shorten its templates and constants",
    )
}

fn too_many_rows() -> Finding {
    Finding::error(
        "too_many_rows",
        format!("a mapping has at most {MAX_ROWS} rows"),
        "remove this row and those below it",
    )
}

/// The row, with the bytes it is kept in: what needs escapes is longer there than somebody may have written it.
fn read_row(line: &str) -> Result<(MappingRow, usize), Finding> {
    refuse_long(line.len())?;
    let (source, rest) = read_source(line)?;
    let (target, rules) = rest.split_once(';').unwrap_or((rest, ""));
    let mut row = MappingRow::new(source, read_target(trim(target))?);
    read_rules(trim(rules), &mut row)?;
    let kept = row.to_string().len();
    refuse_long(kept)?;
    Ok((row, kept))
}

fn refuse_long(bytes: usize) -> Result<(), Finding> {
    if bytes <= MAX_LINE {
        return Ok(());
    }
    Err(Finding::error(
        "line_too_long",
        format!("this row has {bytes} bytes, more than the {MAX_LINE} allowed"),
        "shorten the constant or the template",
    ))
}

fn read_source(line: &str) -> Result<(Source, &str), Finding> {
    if line.starts_with('"') {
        return read_constant(line);
    }
    let (bare, bare_rest) = line
        .split_once('=')
        .map_or((line, None), |(bare, rest)| (trim(bare), Some(rest)));
    if let Some(name) = line.strip_prefix(POINTS) {
        let (score, rest) = named(line, name, "score", "@points:Name of the score=Field")?;
        return Ok((Source::Points(score), rest));
    }
    if let Some(name) = line.strip_prefix(SEGMENT) {
        let form = "@segment:Name of the segment=Field__c";
        let (segment, rest) = named(line, name, "segment", form)?;
        return Ok((Source::Segment(segment), rest));
    }
    for (prefix, refused) in [(CONSENT, false), (REFUSED, true)] {
        if let Some(name) = line.strip_prefix(prefix) {
            let form = format!("{prefix}Path of the purpose=Field__c");
            let (path, rest) = named(line, name, "purpose", &form)?;
            return Ok((Source::Consent { path, refused }, rest));
        }
    }
    if let Some(name) = line.strip_prefix(PREFERENCE) {
        let form = "@preference:Purpose > Preference=Field__c";
        let (path, rest) = named(line, name, "preference", form)?;
        return Ok((Source::Preference(path), rest));
    }
    if opens_section(line)
        && let Some((text, rest)) = split_source(line, true)
        && opens_section(&text)
    {
        return Ok((Source::Template(text), rest));
    }
    let rest = bare_rest.ok_or_else(|| no_equals(line))?;
    let source = match bare.strip_prefix("account:") {
        _ if bare.is_empty() => Err(Finding::error(
            "no_source",
            "the source before the equals sign is missing",
            "write localField=SalesforceField, or \"text\"=SalesforceField for a constant",
        )),
        Some(name) => account_field(trim(name)),
        None if bare.starts_with('@') => special(bare),
        None if starts_like_salesforce(bare) => salesforce(bare),
        None => Ok(Source::Field(bare.to_owned())),
    };
    Ok((source?, rest))
}

/// Reads the name of a score or segment.
fn named<'l>(
    line: &str,
    text: &'l str,
    what: &str,
    form: &str,
) -> Result<(String, &'l str), Finding> {
    let (name, rest) = split_source(text, false).ok_or_else(|| no_equals(line))?;
    if name.is_empty() {
        let message = format!("the {what} has no name");
        return Err(Finding::error(
            "no_source",
            message,
            format!("write {form}"),
        ));
    }
    Ok((name, rest))
}

fn read_constant(line: &str) -> Result<(Source, &str), Finding> {
    let Some((text, rest)) = read_quoted(line) else {
        return Err(Finding::error(
            "bad_constant",
            "the constant has no closing quotation mark",
            "write \"text\"=SalesforceField, with \\\" for a quotation mark inside",
        ));
    };
    match trim(rest).strip_prefix('=') {
        Some(rest) => Ok((Source::Constant(text), rest)),
        None => Err(no_equals(line)),
    }
}

fn no_equals(line: &str) -> Finding {
    Finding::error(
        "no_equals",
        format!(
            "\"{}\" has no equals sign between source and target",
            excerpt(line)
        ),
        "write one row on each line, for example first_name=FirstName",
    )
}

fn account_field(name: &str) -> Result<Source, Finding> {
    AccountField::from_name(name)
        .map(Source::Account)
        .ok_or_else(|| {
            let names = AccountField::ALL.iter().map(|field| field.name());
            let all = names.clone().collect::<Vec<_>>().join(", ");
            Finding::error(
                "unknown_account_field",
                format!("accounts have no field \"{}\"", excerpt(name)),
                nearest(
                    name,
                    names,
                    &format!("use one of the account fields: {all}"),
                ),
            )
        })
}

fn starts_like_salesforce(name: &str) -> bool {
    let begin = name.get(..SALESFORCE.len());
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case(SALESFORCE))
}

fn salesforce(name: &str) -> Result<Source, Finding> {
    AskedField::parse(name).map(Source::Salesforce).ok_or_else(|| {
        Finding::error(
            "bad_salesforce_field",
            format!("\"{}\" can't be the name of a field in Salesforce", excerpt(name)),
            "write Salesforce.Rating, or Salesforce.Account.Industry for a field of the account",
        )
    })
}

fn special(name: &str) -> Result<Source, Finding> {
    let known = SPECIALS.iter().find(|(text, _)| *text == name);
    known.map(|(_, source)| source.clone()).ok_or_else(|| {
        let words = || SPECIALS.iter().map(|(text, _)| *text).chain(NAMED);
        let all: Vec<&str> = words().collect();
        Finding::error(
            "unknown_special",
            format!("\"{}\" isn't a source", excerpt(name)),
            nearest(name, words(), &format!("use one of {}", all.join(", "))),
        )
    })
}

pub(super) fn read_target(text: &str) -> Result<Target, Finding> {
    if text.is_empty() {
        return Err(Finding::error(
            "no_target",
            "the field after the equals sign is missing",
            "write the API name of the Salesforce field, for example FirstName or Budget__c",
        ));
    }
    let (relationship, field) = match text.split_once('.') {
        Some((relationship, field)) => (Some(relationship), field),
        None => (None, text),
    };
    if !relationship.into_iter().chain([field]).all(is_api_name) {
        return Err(Finding::error(
            "bad_target",
            format!(
                "\"{}\" can't be the name of a Salesforce field",
                excerpt(text)
            ),
            "use the API name with letters, digits and underscores only. Write rules after a semicolon",
        ));
    }
    Ok(match relationship {
        Some(relationship) => Target::Parent {
            relationship: relationship.to_owned(),
            field: field.to_owned(),
        },
        None => Target::Field(field.to_owned()),
    })
}

fn is_api_name(name: &str) -> bool {
    name.len() <= 120
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
