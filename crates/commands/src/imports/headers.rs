//! Which column goes into which field.

mod deciding;

use std::collections::HashSet;

use leadferry_store::{
    AccountField, Channel, ContactField, CustomField, CustomFieldId, FieldKind, Purpose, PurposeId,
    meant_account_field, meant_contact_field, nearest,
};

use super::answers::{CONSENT, Detail};
use super::columns::Sample;
use super::consent::{self, ConsentColumn};
use super::fold::fold;
use super::header_names::{Means, meaning_of};
use super::numbers::DecimalSign;
use super::taken_names::TakenNames;
use super::{Error, ImportRequest, Result, Sureness, kinds};
use crate::headings::Heading;

/// Where a column goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A contact field.
    Field(ContactField, FieldKind),
    /// A custom field that is still to be made.
    NewField(String, FieldKind),
    /// A field of the contact's account.
    Account(AccountField),
    /// What they answered about a purpose.
    Answer(PurposeId),
    /// When, how or where they answered.
    Detail(Detail),
    /// What the name of the column means, where that is not one field.
    Means(Means),
    /// Nowhere.
    Nowhere,
}

/// A column and where it goes.
#[derive(Debug, Clone)]
pub(crate) struct Matched {
    /// Its name; a number tells columns of one name apart.
    pub(crate) name: String,
    pub(crate) target: Target,
    pub(crate) sure: Sureness,
    /// Among columns for the same thing, the lowest rank counts.
    pub(crate) rank: usize,
}

/// What columns are matched with.
pub(crate) struct Known<'a> {
    pub(crate) request: &'a ImportRequest,
    pub(crate) custom: &'a [CustomField],
    pub(crate) purposes: &'a [Purpose],
    /// Custom fields that were made for columns before, by position.
    pub(crate) fixed: &'a [(usize, CustomFieldId)],
    pub(crate) sample: &'a Sample,
    /// The decimal sign where the cells do not tell.
    pub(crate) sign: DecimalSign,
    /// The file is an export of ours.
    pub(crate) exported: bool,
}

/// Matches the columns of a file.
pub(crate) fn match_columns(header: &[String], known: &Known<'_>) -> Result<Vec<Matched>> {
    let mut columns = by_names(header, known.custom);
    if known.exported {
        take_own_names(&mut columns, header);
    }
    for (at, id) in known.fixed {
        if let (Some(column), Some(field)) = (
            columns.get_mut(*at),
            known.custom.iter().find(|field| field.id == *id),
        ) {
            column.target = Target::Field(ContactField::Custom(*id), field.kind);
            column.sure = Sureness::Likely;
        }
    }
    let told = apply_map(&mut columns, known)?;
    for column in columns
        .iter_mut()
        .filter(|column| column.sure != Sureness::Told)
    {
        let taken = field_of(&column.target).is_some_and(|field| told.contains(&field));
        if taken {
            (column.target, column.sure) = (Target::Nowhere, Sureness::Unmatched);
        }
    }
    deciding::find_answers(&mut columns, known.purposes, known.sample, known.exported);
    deciding::decide(&mut columns, known.sample);
    deciding::find_details(&mut columns, known.sample);
    let mut targets = columns.iter().map(|column| &column.target);
    let has_answers = targets
        .clone()
        .any(|target| matches!(target, Target::Answer(_) | Target::Means(Means::Consent(_))));
    if let Some(Target::Detail(detail)) =
        targets.find(|target| !has_answers && matches!(target, Target::Detail(_)))
    {
        return Err(Error::Mapping(format!(
            "\"{}\" is about answers, and no column holds any. Map one to consent:PURPOSE, too",
            detail.name()
        )));
    }
    if known.request.link.is_some() {
        deciding::find_record_ids(&mut columns, known.sample);
    }
    if known.request.create_custom_fields {
        add_new_fields(&mut columns, header, known);
    }
    let useful = |column: &Matched| {
        !matches!(
            column.target,
            Target::Nowhere
                | Target::Means(Means::Reason | Means::Own | Means::PhoneKind(_) | Means::RecordId)
        )
    };
    if !columns.iter().any(useful) {
        return Err(Error::NothingMapped);
    }
    Ok(columns)
}

/// Matches by name alone.
fn by_names(header: &[String], custom: &[CustomField]) -> Vec<Matched> {
    let mut seen = TakenNames::default();
    header
        .iter()
        .enumerate()
        .map(|(at, name)| {
            // A column without a name is called by its place.
            let shown = match name.trim().is_empty() {
                true => format!("Column {}", at + 1),
                false => name.clone(),
            };
            let unique = seen.take(&shown, |number| format!("{shown} ({number})"), |_| true);
            let (target, sure, rank) = by_name(name, custom);
            Matched {
                name: unique,
                target,
                sure,
                rank,
            }
        })
        .collect()
}

/// In an export a column is what its heading says to the letter.
fn take_own_names(columns: &mut [Matched], header: &[String]) {
    for (column, name) in columns.iter_mut().zip(header) {
        let Some(heading) = Heading::read(name) else {
            continue;
        };
        (column.sure, column.rank) = (Sureness::Sure, 0);
        let Heading::Field(field) = heading else {
            column.target = Target::Means(Means::Own);
            continue;
        };
        column.target = match field.built_in_kind() {
            _ if field == ContactField::DoNotSend => {
                Target::Means(Means::Consent(ConsentColumn::Mark))
            }
            Some(kind) if field.is_writable() => Target::Field(field, kind),
            _ => Target::Means(Means::Own),
        };
    }
}

fn by_name(name: &str, custom: &[CustomField]) -> (Target, Sureness, usize) {
    let folded = fold(name);
    if folded.is_empty() {
        return (Target::Nowhere, Sureness::Unmatched, 0);
    }
    let bare = name
        .strip_prefix("custom:")
        .unwrap_or(name)
        .trim()
        .to_lowercase();
    if let Some(field) = custom
        .iter()
        .find(|field| field.name.to_lowercase() == bare)
    {
        return (
            Target::Field(ContactField::Custom(field.id), field.kind),
            Sureness::Sure,
            0,
        );
    }
    let consent = |column, sure| (Target::Means(Means::Consent(column)), sure, 0);
    let by_signs = consent::column(name);
    match by_signs {
        // Whether a name such as *Newsletter* asks for an answer, its cells tell.
        Some(ConsentColumn::OptIn(_)) | None => {}
        Some(column) => return consent(column, Sureness::Sure),
    }
    // Nor is it an email address, or the status of a subscription to emails.
    let is_elsewhere = consent::other_channel(name).is_some();
    let is_about_email =
        |means: &Means| is_elsewhere && matches!(means, Means::Consent(_) | Means::Email);
    let means = meaning_of(name).filter(|(means, _)| !is_about_email(means));
    let Some((means, rank)) = means else {
        if let Some(column) = by_signs {
            return consent(column, Sureness::Likely);
        }
        return (Target::Nowhere, Sureness::Unmatched, 0);
    };
    // The first names of each list are those that programs write; the rest is everyday speech.
    let sure = if rank < 4 && means != Means::FullName {
        Sureness::Sure
    } else {
        Sureness::Likely
    };
    let target = match means {
        Means::Field(field) => {
            Target::Field(field, field.built_in_kind().unwrap_or(FieldKind::Text))
        }
        means => Target::Means(means),
    };
    (target, sure, rank)
}

/// Applies what the user said; returns the fields that are taken thereby.
fn apply_map(columns: &mut [Matched], known: &Known<'_>) -> Result<HashSet<ContactField>> {
    let mut taken = HashSet::new();
    let mut targets = Vec::new();
    for (name, field) in &known.request.map {
        let at = find_column(columns, name).ok_or_else(|| {
            Error::no_such_column(name, columns.iter().map(|column| column.name.as_str()))
        })?;
        let target = kept_as_consent(&columns[at], field)
            .map_or_else(|| target_named(field, known, at), Ok)?;
        if target != Target::Nowhere && targets.contains(&target) {
            return Err(Error::Mapping(format!(
                "two columns map to \"{field}\". Leave one of them out"
            )));
        }
        targets.push(target.clone());
        // The e-mail she names comes before all others of the row.
        let target = match target {
            Target::Field(ContactField::Email, _) => Target::Means(Means::Email),
            target => target,
        };
        taken.extend(field_of(&target));
        columns[at] = Matched {
            target,
            sure: Sureness::Told,
            rank: 0,
            name: columns[at].name.clone(),
        };
    }
    Ok(taken)
}

/// A column that is read as consent stays so where somebody confirms its field: its cells hold other words than yes and
/// no.
fn kept_as_consent(column: &Matched, field: &str) -> Option<Target> {
    let channel = Channel::of(ContactField::built_in(field.trim())?)?;
    match &column.target {
        Target::Means(Means::Consent(consent)) if consent.channels().contains(&channel) => {
            Some(column.target.clone())
        }
        _ => None,
    }
}

fn find_column(columns: &[Matched], name: &str) -> Option<usize> {
    let name = name.trim();
    let exact = columns.iter().position(|column| column.name == name);
    let folded = fold(name);
    exact.or_else(|| {
        columns
            .iter()
            .position(|column| !folded.is_empty() && fold(&column.name) == folded)
    })
}

fn target_named(field: &str, known: &Known<'_>, column: usize) -> Result<Target> {
    let field = field.trim();
    let unknown = || Error::NoSuchField {
        name: field.to_owned(),
        meant: meant_field(field, known),
    };
    if matches!(field, "-" | "") {
        return Ok(Target::Nowhere);
    }
    if field == "record_id" {
        if known.request.link.is_none() {
            return Err(Error::Mapping(
                "choose the connection whose records the Salesforce IDs belong to".to_owned(),
            ));
        }
        return Ok(Target::Means(Means::RecordId));
    }
    if field == "full_name" {
        return Ok(Target::Means(Means::FullName));
    }
    if let Some(path) = field.strip_prefix(CONSENT) {
        let no_such = || Error::NoSuchPurpose {
            path: path.trim().to_owned(),
            meant: meant_field(field, known),
        };
        return purpose_named(path, known.purposes)
            .map(Target::Answer)
            .ok_or_else(no_such);
    }
    if let Some(detail) = Detail::named(field) {
        return Ok(Target::Detail(detail));
    }
    if let Some(name) = field.strip_prefix("account:") {
        return AccountField::from_name(name.trim())
            .map(Target::Account)
            .ok_or_else(unknown);
    }
    if let Some(built_in) = ContactField::built_in(field) {
        return match built_in.built_in_kind() {
            Some(kind) if built_in.is_writable() => Ok(Target::Field(built_in, kind)),
            _ => Err(Error::Mapping(format!(
                "\"{field}\" is set by Leadferry and can't be imported"
            ))),
        };
    }
    let name = field.strip_prefix("custom:").unwrap_or(field).trim();
    if let Some(found) = known
        .custom
        .iter()
        .find(|found| found.name.to_lowercase() == name.to_lowercase())
    {
        return Ok(Target::Field(ContactField::Custom(found.id), found.kind));
    }
    if known.request.create_custom_fields && field.starts_with("custom:") {
        return Ok(Target::NewField(
            name.to_owned(),
            kinds::guess(&known.sample.column(column), known.sign),
        ));
    }
    Err(unknown())
}

/// Returns what was probably meant by a field that is unknown, as a map names it.
fn meant_field(field: &str, known: &Known<'_>) -> Option<String> {
    if let Some(path) = field.strip_prefix(CONSENT) {
        let paths = known.purposes.iter().map(|purpose| purpose.path.as_str());
        return nearest(path, paths).map(|path| format!("{CONSENT}{path}"));
    }
    if let Some(name) = field.strip_prefix("account:") {
        return meant_account_field(name).map(|name| format!("account:{name}"));
    }
    let name = field.strip_prefix("custom:").unwrap_or(field);
    let custom = || known.custom.iter().map(|field| field.name.as_str());
    let meant = meant_contact_field(name, custom())?;
    match custom().any(|name| name == meant) {
        true => Some(format!("custom:{meant}")),
        false => Some(meant),
    }
}

/// Finds a purpose by its path, without regard to case and blanks.
fn purpose_named(path: &str, purposes: &[Purpose]) -> Option<PurposeId> {
    let folded = |path: &str| {
        let names = path.split('>');
        names
            .map(|name| name.trim().to_lowercase())
            .collect::<Vec<_>>()
    };
    let wanted = folded(path);
    let mut all = purposes.iter();
    all.find(|purpose| folded(&purpose.path) == wanted)
        .map(|purpose| purpose.id)
}

/// Returns the contact field that a target fills, where it is one.
fn field_of(target: &Target) -> Option<ContactField> {
    match target {
        Target::Field(field, _) | Target::Means(Means::Address(_, field)) => Some(*field),
        Target::Means(Means::Consent(ConsentColumn::Mark)) => Some(ContactField::DoNotSend),
        Target::Means(Means::Consent(column)) => {
            let channel = column.channels().first()?;
            Some(channel.field())
        }
        Target::Means(Means::BirthYear | Means::BirthMonth | Means::BirthDay) => {
            Some(ContactField::Birthday)
        }
        _ => None,
    }
}

/// In such columns figures are no numbers.
const CODES: &[&str] = &[
    "phone", "telefon", "pager", "fax", "mobile", "zip", "postal", "plz", "code", "iban", "taxid",
    "vat",
];

/// Makes a custom field of every column that goes nowhere and was not left out on purpose.
/// Makes fields of what goes nowhere; a column without a name would make one that says nothing.
fn add_new_fields(columns: &mut [Matched], header: &[String], known: &Known<'_>) {
    let mut taken = TakenNames::default();
    for field in known.custom {
        taken.add(&field.name);
    }
    for column in &*columns {
        if let Target::NewField(name, _) = &column.target {
            taken.add(name);
        }
    }
    let may_be = |name: &str| ContactField::built_in(&name.to_ascii_lowercase()).is_none();
    for (at, column) in columns.iter_mut().enumerate() {
        if column.target != Target::Nowhere
            || column.sure == Sureness::Told
            || header.get(at).is_none_or(|name| name.trim().is_empty())
        {
            continue;
        }
        let base = base_name(&column.name);
        let name = taken.take(&base, |number| format!("{base} {number}"), may_be);
        let code = CODES.iter().any(|word| fold(&column.name).contains(word));
        let kind = if code {
            FieldKind::Text
        } else {
            kinds::guess(&known.sample.column(at), known.sign)
        };
        column.target = Target::NewField(name, kind);
        column.sure = Sureness::Likely;
    }
}

/// Turns a column name into a name that a custom field may have.
fn base_name(column: &str) -> String {
    const LONGEST: usize = 70;
    let fit =
        |letter: char| !letter.is_control() && !matches!(letter, '=' | ';' | '{' | '}' | '"' | '%');
    let spaced: String = column
        .chars()
        .map(|letter| if fit(letter) { letter } else { ' ' })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let joined: String = words
        .join(" ")
        .trim_start_matches('@')
        .chars()
        .take(LONGEST)
        .collect();
    let base = match joined.trim() {
        "" => "column",
        name if name.to_lowercase().starts_with("custom:") => name[7..].trim(),
        name => name,
    };
    let base = if base.is_empty() { "column" } else { base };
    base.to_owned()
}

#[cfg(test)]
mod tests;
