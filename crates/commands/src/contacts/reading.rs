//! Fields of a contact as a person types them: read, and places resolved, as an import does it.

use jiff::tz::TimeZone;
use leadferry_store::{ContactField, ContactId, FieldKind, Reader, Value, counted};

use crate::imports::{Here, Misread, Written, addresses, country_code, state_code, typed, year};
use crate::{Error, Result, labels};

/// Fields and what they become; `None` unsets one.
pub(super) type Changes = Vec<(ContactField, Option<Value>)>;

/// Reads what was typed for fields; `contact` is the one that is changed, if there is one already.
///
/// # Errors
/// When there is no such field, or a text is no value of its kind; the error names the field.
pub(super) fn read(
    reader: &Reader<'_>,
    contact: Option<ContactId>,
    fields: &[(String, String)],
    written: Written,
    now: i64,
) -> Result<Changes> {
    let here = Here {
        zone: TimeZone::get(&reader.time_zone()?).unwrap_or(TimeZone::UTC),
        year: year(now),
    };
    let mut changes = Changes::with_capacity(fields.len());
    for (name, text) in fields {
        let field = reader.field_named(name)?;
        let value = match text.trim() {
            "" => None,
            text => Some(value(
                name,
                text,
                field,
                reader.field_kind(field)?,
                written,
                &here,
            )?),
        };
        changes.push((field, value));
    }
    resolve_places(reader, contact, &mut changes)?;
    Ok(changes)
}

fn value(
    name: &str,
    text: &str,
    field: ContactField,
    kind: FieldKind,
    written: Written,
    here: &Here,
) -> Result<Value> {
    if matches!(field, ContactField::Email | ContactField::Email2) {
        let address = addresses(text).and_then(|found| found.first().copied().map(str::to_owned));
        return address
            .map(Value::Text)
            .ok_or_else(|| needs(name, "an email address", "enter it like name@example.com"));
    }
    typed(text, kind, written, here).map_err(|misread| refusal(name, kind, misread))
}

fn refusal(name: &str, kind: FieldKind, misread: Misread) -> Error {
    let label = labels::field(name);
    let is_date = matches!(kind, FieldKind::Date | FieldKind::DateTime);
    match misread {
        Misread::Ambiguous if is_date => Error::usage(
            format!("{label} can be read in two ways"),
            "write the month as a word, or the date like 2026-01-31",
        )
        .because("either figure could be the month")
        .at(name),
        Misread::Ambiguous => Error::usage(
            format!("{label} can be read in two ways"),
            "leave out the thousands separator",
        )
        .because("the separator could be for thousands or decimals")
        .at(name),
        Misread::Not(reason) => match form(kind) {
            // That it is no date need not be said twice.
            Some((what, example)) if reason.starts_with("this is") => needs(name, &what, example),
            Some((what, example)) => needs(name, &what, example).because(reason),
            None => Error::usage(format!("{label} can't hold this"), "shorten it")
                .because(reason)
                .at(name),
        },
    }
}

fn needs(name: &str, what: &str, hint: &str) -> Error {
    Error::usage(format!("{} needs {what}", labels::field(name)), hint).at(name)
}

/// Returns what a kind takes, and how that is entered; nothing for text, which takes anything that is not too long.
fn form(kind: FieldKind) -> Option<(String, &'static str)> {
    Some(match kind {
        FieldKind::Text | FieldKind::LongText => return None,
        FieldKind::Integer | FieldKind::LongInteger => {
            ("a whole number".to_owned(), "enter it like 1500")
        }
        FieldKind::Decimal { scale } => (
            format!(
                "a number with at most {} after the decimal sign",
                counted(scale.into(), "digit", "digits")
            ),
            "enter it like 12.5",
        ),
        FieldKind::Float => ("a number".to_owned(), "enter it like 12.5"),
        FieldKind::YesNo => ("yes or no".to_owned(), "choose one"),
        FieldKind::Date => ("a date".to_owned(), "enter it like 31 Jan 2026"),
        FieldKind::DateTime => (
            "a date and time".to_owned(),
            "enter it like 31 Jan 2026 10:00",
        ),
    })
}

/// Turns the names of countries and states into their codes where they are known; a state belongs to the country that is
/// set with it, else to the contact's.
fn resolve_places(
    reader: &Reader<'_>,
    contact: Option<ContactId>,
    changes: &mut Changes,
) -> Result<()> {
    let mut country = None;
    for (field, value) in changes.iter_mut() {
        if let (ContactField::Country, Some(Value::Text(text))) = (*field, value) {
            country = country_code(text);
            if let Some(code) = country {
                *text = code.to_owned();
            }
        }
    }
    let sets_country = changes
        .iter()
        .any(|(field, _)| *field == ContactField::Country);
    if let Some(contact) = contact.filter(|_| !sets_country) {
        let own = reader.contact(contact)?;
        country = own
            .values
            .text(ContactField::Country)
            .and_then(country_code);
    }
    for (field, value) in changes {
        if let (ContactField::State, Some(Value::Text(text)), Some(country)) =
            (*field, value, country)
            && let Some(code) = state_code(text, country)
        {
            *text = code.to_owned();
        }
    }
    Ok(())
}
