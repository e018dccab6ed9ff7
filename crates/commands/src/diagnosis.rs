//! The error doctor: every code in plain words, who can cure it and how; and what there is to say about a text that
//! somebody pastes.

mod notes;
mod of_rows;
mod of_sign_in;
mod of_the_way;
mod ours;

use leadferry_salesforce::ErrorCode;
use serde::Serialize;

use crate::causes::Cure;
use crate::{Error, Result};
pub(crate) use notes::note;
pub(crate) use of_rows::explained;

/// Longest text that is looked at, in bytes.
const LONGEST: usize = 20_000;

/// Who can cure something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever sits at this computer.
    You,
    /// The org's admin.
    Admin,
    /// Salesforce itself.
    Salesforce,
    /// Nobody: it passes with time.
    Nobody,
}

impl Who {
    /// Returns who that is, in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Who::You => "you",
            Who::Admin => "your Salesforce admin",
            Who::Salesforce => "Salesforce",
            Who::Nobody => "nobody. Wait",
        }
    }
}

impl From<leadferry_salesforce::Who> for Who {
    fn from(who: leadferry_salesforce::Who) -> Who {
        use leadferry_salesforce::Who as Theirs;
        match who {
            Theirs::You => Who::You,
            Theirs::Admin => Who::Admin,
            Theirs::Salesforce => Who::Salesforce,
            Theirs::Nobody => Who::Nobody,
        }
    }
}

/// Where an error is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ErrorArea")]
pub enum Area {
    /// A contact or a request is refused.
    Contacts,
    /// Signing in.
    SignIn,
    /// The way to the org.
    Network,
    /// Leadferry itself, and this computer.
    Leadferry,
}

/// A code in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ErrorExplained {
    /// The org's code, the sign-in server's, or ours in lower case.
    pub code: String,
    /// The words that tell this case of the code apart, where it has several.
    pub says: Option<String>,
    /// Where it is met.
    pub area: Area,
    /// The cause in two or three words.
    pub label: String,
    /// The cause in a sentence.
    pub cause: String,
    /// What to do.
    pub cure: String,
    /// Who can do it.
    pub who: Who,
    /// What the queue offers for a contact that was refused with this code.
    pub cures: &'static [Cure],
    /// What to send to the admin, where it is theirs to cure.
    pub note: Option<String>,
    /// The command that does it, without the program's name. Only a terminal shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(skip)]
    pub command: Option<&'static str>,
}

impl ErrorExplained {
    fn new(
        area: Area,
        code: &str,
        label: impl Into<String>,
        cause: impl Into<String>,
        cure: impl Into<String>,
    ) -> ErrorExplained {
        ErrorExplained {
            code: code.to_owned(),
            says: None,
            area,
            label: label.into(),
            cause: cause.into(),
            cure: cure.into(),
            who: Who::You,
            cures: &[],
            note: None,
            command: None,
        }
    }
}

/// What there is to say about a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Diagnosis {
    /// The errors that it names, the surest first.
    pub found: Vec<ErrorExplained>,
    /// The text, so that it can be shown below.
    pub said: String,
}

/// Returns every code that is explained, area by area.
pub fn error_catalogue() -> Vec<ErrorExplained> {
    let rows = of_rows::codes().map(|code| explained(code, ""));
    rows.chain(of_sign_in::all())
        .chain(of_the_way::all())
        .chain(ours::all())
        .collect()
}

/// Explains what a text names: a code, or an error as Leadferry, Salesforce or a log told it.
pub fn diagnose(text: &str) -> Diagnosis {
    let said = shortened(text.trim());
    let mut found = named(said);
    if found.is_empty() {
        found = of_sign_in::meant(said);
    }
    if found.is_empty() {
        found = told_in_our_words(said);
    }
    if found.is_empty() {
        found = of_the_way::meant(said);
    }
    Diagnosis {
        found,
        said: said.to_owned(),
    }
}

/// Explains what a text names, and refuses one that names nothing known.
///
/// # Errors
/// When nothing in it is known.
pub fn diagnose_known(text: &str) -> Result<Diagnosis> {
    let diagnosis = diagnose(text);
    if diagnosis.found.is_empty() {
        return Err(Error::usage(
            "no known error is named here",
            "enter the code, such as INVALID_FIELD, or the whole message",
        ));
    }
    Ok(diagnosis)
}

/// Says what comes next for contacts that a code has stopped for now, and that are tried again.
pub(crate) fn outlook(code: &str) -> String {
    let treatment = ErrorCode::from(code).treatment();
    treatment.outlook().to_owned()
}

fn shortened(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Returns what the words of a text name as codes, each once.
fn named(text: &str) -> Vec<ErrorExplained> {
    let is_of_a_code = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let words = text.split(|letter: char| !is_of_a_code(letter));
    let mut found: Vec<ErrorExplained> = Vec::new();
    for word in words.filter(|word| word.len() > 3) {
        let explained = by_code(word, text);
        let new = explained.filter(|one| found.iter().all(|known| known.code != one.code));
        found.extend(new);
    }
    // `unknown_error` and the like say less than what stands beside them.
    found.sort_by_key(|one| one.code == "unknown_error");
    found
}

fn by_code(word: &str, text: &str) -> Option<ErrorExplained> {
    // A code of ours may be a plain word: it counts where it stands alone, or before what was said with it.
    let is_plain = !word.contains('_') && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let begins = || text.starts_with(&format!("{word}: "));
    if is_plain && word != text && !begins() && !text.contains(&format!("\"{word}\"")) {
        return None;
    }
    let is_row = |code: &str| of_rows::codes().any(|known| known == code);
    if is_row(word) {
        return Some(explained(word, text));
    }
    let others = of_sign_in::named(word, text)
        .or_else(|| of_the_way::named(word))
        .or_else(|| ours::named(word));
    // Somebody may type a code in small letters; a plain word is none.
    let typed =
        || Some(word.to_ascii_uppercase()).filter(|code| code.contains('_') && is_row(code));
    others.or_else(|| typed().map(|code| explained(&code, text)))
}

/// Returns the errors whose cause a text tells in our own words.
fn told_in_our_words(text: &str) -> Vec<ErrorExplained> {
    let text = text.to_lowercase();
    let told =
        |one: &ErrorExplained| one.cause.len() > 10 && text.contains(&one.cause.to_lowercase());
    let mut found: Vec<_> = error_catalogue().into_iter().filter(told).collect();
    found.truncate(5);
    found
}

#[cfg(test)]
mod tests;
