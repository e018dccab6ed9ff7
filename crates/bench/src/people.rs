//! Invented people, 20 columns each, the same in every run.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::dice::Dice;

/// The names of the columns.
const COLUMNS: &str = "First name,Last name,Email,Company,Job title,Department,Business phone,Mobile phone,\
    Address line 1,City,State,Postal code,Country,Birthday,Gender,Language,Source,Website,Notes,Second e-mail";

const FIRST: &[&str] = &[
    "Anna",
    "Olga",
    "Priya",
    "Stefan",
    "Zoé",
    "Marek",
    "John",
    "Maria",
    "Ahmed",
    "Ingrid",
    "Tomás",
    "Yuki",
    "Siobhán",
    "Lars",
    "Fatima",
    "Giulia",
    "Piotr",
    "Chloë",
    "Wei",
    "Amélie",
    "Björn",
    "Nadia",
    "Kofi",
    "Elena",
    "Hugo",
    "Aisha",
    "Mateusz",
    "Sofia",
    "Raj",
    "Katharina",
    "Noah",
    "Leïla",
    "Viktor",
    "Emma",
    "Diego",
    "Hana",
    "Omar",
    "Julia",
    "Pavel",
    "Grace",
];
const BEGIN: &[&str] = &[
    "Ka", "Mü", "Lo", "Be", "Sa", "Ri", "No", "Te", "Wa", "Fe", "Gru", "Ho", "Pe", "Vi", "Da",
    "Ste", "Kra", "Li", "Ma", "Ju", "O'", "Ze", "Ba", "Hu", "Cla", "Ne", "Ro", "Sch", "Tra", "Win",
];
const MIDDLE: &[&str] = &[
    "l", "ren", "mü", "ber", "ti", "nov", "ga", "ller", "ska", "row", "den", "via", "lo", "ch",
    "ra", "sel", "ton", "ber", "qui", "nar",
];
const END: &[&str] = &[
    "mann", "er", "ski", "sen", "ova", "ez", "son", "ley", "ini", "berg", "ic", "wald", "ford",
    "eau", "sson", "ard", "in", "ström", "ov", "ham",
];
const TITLES: &[&str] = &[
    "Sales Manager",
    "Office Manager",
    "Purchasing Assistant",
    "Engineer",
    "Marketing Director",
    "Accountant",
    "Director",
    "Consultant",
    "Head of IT",
    "Owner",
    "Volunteer",
    "Buyer",
    "Chief Executive Officer",
    "Trainee",
];
const DEPARTMENTS: &[&str] = &[
    "Sales",
    "Purchasing",
    "IT",
    "Marketing",
    "Finance",
    "",
    "Production",
];
const FORMS: &[&str] = &["GmbH", "AG", "Ltd", "Inc", "SA", "BV", "AB"];
const CITIES: &[(&str, &str)] = &[
    ("Berlin", "Germany"),
    ("London", "United Kingdom"),
    ("Paris", "France"),
    ("Madrid", "Spain"),
    ("Wien", "Austria"),
    ("München", "Germany"),
    ("Roma", "Italy"),
    ("Praha", "Czechia"),
    ("Oslo", "Norway"),
    ("Dublin", "Ireland"),
    ("Kraków", "Poland"),
    ("Porto", "Portugal"),
    ("Hamburg", "Germany"),
    ("Lyon", "France"),
    ("Zürich", "Switzerland"),
    ("Malmö", "Sweden"),
    ("Gent", "Belgium"),
    ("Utrecht", "Netherlands"),
    ("Leeds", "United Kingdom"),
    ("Galway", "Ireland"),
    ("Tampere", "Finland"),
    ("Aarhus", "Denmark"),
    ("Split", "Croatia"),
    ("Győr", "Hungary"),
];
const STREETS: &[&str] = &[
    "Market Street",
    "Bahnhofstraße",
    "Rue de la Gare",
    "Calle Mayor",
    "Via Roma",
    "Storgata",
];
const SOURCES: &[&str] = &["Web", "Trade fair", "Referral", "Newsletter", "Phone", ""];
const LANGUAGES: &[&str] = &["en", "de", "fr", "es", "it", "pl"];

/// Writes so many people to a file.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write(contacts: u64, path: &Path) -> Result<()> {
    let file = File::create(path).with_context(|| format!("no {}", path.display()))?;
    let mut file = BufWriter::new(file);
    writeln!(file, "{COLUMNS}")?;
    let mut dice = Dice::new(7);
    for number in 1..=contacts {
        writeln!(file, "{}", person(number, contacts, &mut dice))?;
    }
    Ok(file.flush()?)
}

/// Writes another job title for every tenth person with an email, about, from a file of [`write()`].
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn write_changes(people: &Path, path: &Path) -> Result<()> {
    let people = fs::read_to_string(people).with_context(|| format!("no {}", people.display()))?;
    let emails = people
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(2));
    let changes = emails.filter(|email| !email.is_empty()).step_by(9);
    let lines = changes.map(|email| format!("{email},Coordinator\n"));
    let text: String = ["Email,Job title\n".to_owned()]
        .into_iter()
        .chain(lines)
        .collect();
    fs::write(path, text).with_context(|| format!("no {}", path.display()))
}

fn person(number: u64, contacts: u64, dice: &mut Dice) -> String {
    let first = *dice.one_of(FIRST);
    let last = surname(dice);
    // A dozen people a company, and a few companies that everybody works for.
    let firm = Dice::new(dice.below(contacts / 12 + 1)).below(u64::MAX);
    let mut firm = Dice::new(firm);
    let company = format!("{} {}", surname(&mut firm), firm.one_of(FORMS));
    let host = plain(&company);
    let (city, country) = dice.one_of(CITIES);
    let often = |dice: &mut Dice, tenths: u64, text: String| {
        if dice.below(10) < tenths {
            text
        } else {
            String::new()
        }
    };
    let email = format!("{}.{}{number}@{host}.example", plain(first), plain(&last));
    let mobile = format!("+49170{:07}", dice.below(10_000_000));
    let (year, month, day) = (
        1940 + dice.below(65),
        1 + dice.below(12),
        1 + dice.below(28),
    );
    let birthday = format!("{year}-{month:02}-{day:02}");
    let notes = format!(
        "Met in {city}; asked for the catalogue of {}",
        2000 + dice.below(26)
    );
    let cells = [
        first.to_owned(),
        last.clone(),
        often(dice, 9, email),
        company,
        (*dice.one_of(TITLES)).to_owned(),
        (*dice.one_of(DEPARTMENTS)).to_owned(),
        format!("+4930{:07}", dice.below(10_000_000)),
        often(dice, 4, mobile),
        format!("{} {}", dice.one_of(STREETS), 1 + dice.below(200)),
        (*city).to_owned(),
        String::new(),
        format!("{:05}", dice.below(100_000)),
        (*country).to_owned(),
        often(dice, 5, birthday),
        String::new(),
        (*dice.one_of(LANGUAGES)).to_owned(),
        (*dice.one_of(SOURCES)).to_owned(),
        format!("https://{host}.example"),
        often(dice, 3, notes),
        String::new(),
    ];
    cells.join(",")
}

fn surname(dice: &mut Dice) -> String {
    let begin = *dice.one_of(BEGIN);
    let middle = if dice.below(2) == 0 {
        dice.one_of(MIDDLE)
    } else {
        ""
    };
    format!("{begin}{middle}{}", dice.one_of(END))
}

/// Returns the letters of a name that an address may have.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_person_has_as_many_cells_as_there_are_columns() {
        let columns = COLUMNS.split(',').count();
        let mut dice = Dice::new(7);
        for number in 1..1000 {
            let person = person(number, 1000, &mut dice);
            assert_eq!(person.split(',').count(), columns, "{person}");
        }
    }
}
