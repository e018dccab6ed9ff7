//! What a vCard says of a person, as the cells of a row.

use std::panic::catch_unwind;

use calcard::common::PartialDateTime;
use calcard::vcard::{
    VCard, VCardEntry, VCardKind, VCardParameterName, VCardParameterValue, VCardProperty, VCardSex,
    VCardType, VCardValue,
};

/// The columns of the table that cards are read as; their names are those that other programs export.
pub(crate) const COLUMNS: [&str; 49] = [
    "Name Prefix",
    "First Name",
    "Middle Name",
    "Last Name",
    "Name Suffix",
    "Full Name",
    "Nickname",
    "Company",
    "Department",
    "Job Title",
    "Job Title 2",
    "Email",
    "Email 2",
    "Email 3",
    "Business Phone",
    "Business Phone 2",
    "Mobile Phone",
    "Home Phone",
    "Home Phone 2",
    "Other Phone",
    "Business Fax",
    "Home Fax",
    "Pager",
    "Business Street",
    "Business Street 2",
    "Business City",
    "Business State",
    "Business Postal Code",
    "Business Country",
    "Home Street",
    "Home Street 2",
    "Home City",
    "Home State",
    "Home Postal Code",
    "Home Country",
    "Other Street",
    "Other Street 2",
    "Other City",
    "Other State",
    "Other Postal Code",
    "Other Country",
    "Website",
    "Website 2",
    "Birthday",
    "Gender",
    "Language",
    "Categories",
    "Notes",
    "Other",
];

/// What else a card says of a person; it has no field, and is told.
const OTHERS: &[&str] = &[
    "X-SKYPE",
    "X-SKYPE-USERNAME",
    "X-AIM",
    "X-ICQ",
    "X-JABBER",
    "X-GTALK",
    "X-GOOGLE-TALK",
    "X-MSN",
    "X-YAHOO",
    "X-QQ",
    "X-TWITTER",
    "X-FACEBOOK",
    "X-LINKEDIN",
    "X-TELEGRAM",
    "X-WHATSAPP",
    "X-SIGNAL",
    "X-MATRIX",
    "X-SPOUSE",
    "X-ANNIVERSARY",
    "X-MANAGER",
    "X-ASSISTANT",
    "ANNIVERSARY",
    "IMPP",
    "RELATED",
    "HOBBY",
    "INTEREST",
    "SOCIALPROFILE",
    "X-SOCIALPROFILE",
    "PRONOUNS",
];

/// Parts of a street address in the order of the columns, as a card numbers them.
const ADDRESS: [(usize, &str); 4] = [
    (3, "City"),
    (4, "State"),
    (5, "Postal Code"),
    (6, "Country"),
];

/// Returns the cells of a card in the order of [`COLUMNS`]; None where the text is no card.
pub(crate) fn cells(text: &str) -> Option<Vec<String>> {
    // A hostile card that makes the parser panic is a broken one like any other.
    let card = catch_unwind(|| VCard::parse(text)).ok()?.ok()?;
    let mut person = Person::default();
    // A list of other cards is nobody.
    if is_group(&card) {
        return Some(person.cells);
    }
    for entry in by_preference(&card) {
        person.add(entry);
    }
    if is_kind(&card, &VCardKind::Org) {
        person.be_company();
    }
    person.settle_name();
    Some(person.cells)
}

/// Tells whether a card stands for a list of others; Apple has a property of its own for that.
fn is_group(card: &VCard) -> bool {
    let is_apples = |entry: &VCardEntry| match &entry.name {
        VCardProperty::Other(name) if name.eq_ignore_ascii_case("X-ADDRESSBOOKSERVER-KIND") => {
            entry
                .values
                .iter()
                .any(|value| text(value).eq_ignore_ascii_case("group"))
        }
        _ => false,
    };
    is_kind(card, &VCardKind::Group) || card.entries.iter().any(is_apples)
}

/// Tells whether a card says that it stands for something of a kind.
fn is_kind(card: &VCard, wanted: &VCardKind) -> bool {
    let is_it = |value: &VCardValue| matches!(value, VCardValue::Kind(kind) if kind == wanted);
    card.entries
        .iter()
        .filter(|entry| entry.name == VCardProperty::Kind)
        .any(|entry| entry.values.iter().any(is_it))
}

/// Returns the entries of a card, those first that it prefers.
fn by_preference(card: &VCard) -> Vec<&VCardEntry> {
    let mut entries: Vec<&VCardEntry> = card.entries.iter().collect();
    entries.sort_by_key(|entry| preference(entry));
    entries
}

/// From 1, the most preferred, to 100.
fn preference(entry: &VCardEntry) -> u32 {
    let of = |name: &VCardParameterName, value: &VCardParameterValue| match (name, value) {
        (VCardParameterName::Pref, VCardParameterValue::Integer(rank)) => Some(*rank),
        (VCardParameterName::Pref, _) => Some(1),
        (VCardParameterName::Type, VCardParameterValue::Text(text))
            if text.eq_ignore_ascii_case("pref") =>
        {
            Some(1)
        }
        // So vCard 2.1 writes it.
        (VCardParameterName::Other(name), _) if name.eq_ignore_ascii_case("pref") => Some(1),
        _ => None,
    };
    let ranks = entry
        .params
        .iter()
        .filter_map(|param| of(&param.name, &param.value));
    ranks.min().unwrap_or(100)
}

/// Stands between numbers in one cell, as in exports of Google; the first counts, and the others are told.
const MORE: &str = " ::: ";

struct Person {
    cells: Vec<String>,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            cells: vec![String::new(); COLUMNS.len()],
        }
    }
}

impl Person {
    fn add(&mut self, entry: &VCardEntry) {
        let part = |at: usize| entry.values.get(at).map(text).unwrap_or_default();
        let whole = || entry.values.iter().map(text).collect::<Vec<_>>().join(", ");
        match &entry.name {
            VCardProperty::Fn => self.first_of(&["Full Name"], &part(0)),
            VCardProperty::N => {
                for (at, column) in [
                    "Last Name",
                    "First Name",
                    "Middle Name",
                    "Name Prefix",
                    "Name Suffix",
                ]
                .iter()
                .enumerate()
                {
                    self.first_of(&[*column], &part(at));
                }
            }
            VCardProperty::Nickname => self.listed("Nickname", &whole(), ", "),
            VCardProperty::Org => {
                self.first_of(&["Company"], &part(0));
                let units: Vec<String> = entry.values.iter().skip(1).map(text).collect();
                let units: Vec<&str> = units.iter().map(|unit| unit.trim()).collect();
                let filled: Vec<&str> = units.into_iter().filter(|unit| !unit.is_empty()).collect();
                self.first_of(&["Department"], &filled.join(", "));
            }
            VCardProperty::Title | VCardProperty::Role => {
                self.first_free(&["Job Title", "Job Title 2"], &part(0), ", ");
            }
            VCardProperty::Email => {
                let address = part(0);
                let address = address.strip_prefix("mailto:").unwrap_or(&address);
                self.first_free(&["Email", "Email 2", "Email 3"], address, ", ");
            }
            VCardProperty::Tel => {
                let number = part(0);
                let number = number.strip_prefix("tel:").unwrap_or(&number);
                let number = number.replace(";ext=", " ext. ");
                self.first_free(phone_columns(entry), &number, MORE);
            }
            VCardProperty::Adr => self.address(entry),
            VCardProperty::Url => self.first_free(&["Website", "Website 2"], &part(0), MORE),
            VCardProperty::Bday => self.first_of(&["Birthday"], &birthday(entry)),
            VCardProperty::Gender => self.first_of(&["Gender"], &part(0)),
            VCardProperty::Lang => self.first_of(&["Language"], &part(0)),
            VCardProperty::Categories => self.listed("Categories", &whole(), ", "),
            VCardProperty::Note => self.listed("Notes", &whole(), "\n"),
            other => {
                if OTHERS
                    .iter()
                    .any(|name| other.as_str().eq_ignore_ascii_case(name))
                {
                    self.listed("Other", &format!("{}: {}", other.as_str(), whole()), "\n");
                }
            }
        }
    }

    fn cell(&mut self, column: &str) -> &mut String {
        let at = COLUMNS.iter().position(|name| *name == column);
        &mut self.cells[at.unwrap_or_default()]
    }

    /// Fills a column if it is empty.
    fn first_of(&mut self, columns: &[&str], text: &str) {
        let free = columns.iter().find(|column| self.cell(column).is_empty());
        if let Some(column) = free {
            text.trim().clone_into(self.cell(column));
        }
    }

    /// Fills the first empty column; what finds none stands behind the last value and a separator.
    fn first_free(&mut self, columns: &[&str], text: &str, separator: &str) {
        let text = text.trim();
        let is_known = columns.iter().any(|column| *self.cell(column) == text);
        match columns.last() {
            _ if is_known => {}
            Some(last) if columns.iter().all(|column| !self.cell(column).is_empty()) => {
                self.listed(last, text, separator)
            }
            _ => self.first_of(columns, text),
        }
    }

    fn listed(&mut self, column: &str, text: &str, separator: &str) {
        let cell = self.cell(column);
        if !cell.is_empty() && !text.is_empty() {
            cell.push_str(separator);
        }
        cell.push_str(text);
    }

    fn address(&mut self, entry: &VCardEntry) {
        let wanted = match () {
            () if is_of(entry, VCardType::Home) => "Home",
            () if is_of(entry, VCardType::Work) => "Business",
            () => "Other",
        };
        let parts: Vec<String> = entry.values.iter().map(text).collect();
        let part = |at: usize| parts.get(at).map(|part| part.trim()).unwrap_or_default();
        let (street, more) = part(2).split_once('\n').unwrap_or((part(2), ""));
        let more: Vec<&str> = [more, part(1), part(0)]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        let lines = [
            ("Street", street.to_owned()),
            ("Street 2", more.join(", ").replace('\n', ", ")),
        ];
        let others = ADDRESS.map(|(at, name)| (name, part(at).to_owned()));
        let all: Vec<_> = lines.into_iter().chain(others).collect();
        let mut is_free = |kind: &str| {
            all.iter()
                .all(|(name, _)| self.cell(&format!("{kind} {name}")).is_empty())
        };
        let kind = [wanted, "Other", "Home", "Business"]
            .into_iter()
            .find(|kind| is_free(kind));
        for (name, text) in all {
            if let Some(kind) = kind {
                *self.cell(&format!("{kind} {name}")) = text;
            }
        }
    }

    /// The card of a company gives its name as that of a person, too.
    /// The name of an organization is that of a company, not of a person.
    fn be_company(&mut self) {
        let name = std::mem::take(self.cell("Full Name"));
        for part in ["First Name", "Last Name"] {
            self.cell(part).clear();
        }
        self.first_of(&["Company"], &name);
    }

    fn settle_name(&mut self) {
        let company = self.cell("Company").clone();
        let is_named = !self.cell("First Name").is_empty() || !self.cell("Last Name").is_empty();
        if is_named || *self.cell("Full Name") == company {
            self.cell("Full Name").clear();
        }
    }
}

fn phone_columns(entry: &VCardEntry) -> &'static [&'static str] {
    match () {
        () if is_of(entry, VCardType::Fax) && is_of(entry, VCardType::Home) => &["Home Fax"],
        () if is_of(entry, VCardType::Fax) => &["Business Fax"],
        () if is_of(entry, VCardType::Cell) => &["Mobile Phone", "Other Phone"],
        () if is_of(entry, VCardType::Home) => &["Home Phone", "Home Phone 2"],
        () if is_of(entry, VCardType::Pager) => &["Pager"],
        () => &["Business Phone", "Business Phone 2", "Other Phone"],
    }
}

/// Tells whether an entry has a type; vCard 2.1 writes it without saying that it is one.
fn is_of(entry: &VCardEntry, kind: VCardType) -> bool {
    entry
        .params
        .iter()
        .any(|param| match (&param.name, &param.value) {
            (VCardParameterName::Type, VCardParameterValue::Type(found)) => *found == kind,
            (VCardParameterName::Type, VCardParameterValue::Text(text)) => is_word(text, &kind),
            (VCardParameterName::Other(name), _) => is_word(name, &kind),
            _ => false,
        })
}

fn is_word(text: &str, kind: &VCardType) -> bool {
    let words: &[&str] = match kind {
        VCardType::Fax => &["fax"],
        // As Apple writes it.
        VCardType::Cell => &["cell", "mobile", "iphone"],
        VCardType::Home => &["home"],
        VCardType::Work => &["work"],
        VCardType::Pager => &["pager"],
        _ => return false,
    };
    text.split(',').any(|part| {
        words
            .iter()
            .any(|word| part.trim().eq_ignore_ascii_case(word))
    })
}

/// Returns a birthday; 1604 stands for no year, and so does `--`.
fn birthday(entry: &VCardEntry) -> String {
    let omits_year = entry.params.iter().any(|param| {
        matches!(&param.name, VCardParameterName::Other(name) if name.eq_ignore_ascii_case("x-apple-omit-year"))
    });
    let text = entry.values.first().map(text).unwrap_or_default();
    match text.get(4..) {
        Some(day) if omits_year || text.starts_with("1604") => format!("-{day}"),
        _ => text,
    }
}

fn text(value: &VCardValue) -> String {
    match value {
        VCardValue::Text(text) => text.clone(),
        VCardValue::Integer(number) => number.to_string(),
        VCardValue::Float(number) => number.to_string(),
        VCardValue::PartialDateTime(moment) => date(moment),
        VCardValue::Component(parts) => parts.join(" "),
        VCardValue::Sex(VCardSex::Male) => "Male".to_owned(),
        VCardValue::Sex(VCardSex::Female) => "Female".to_owned(),
        VCardValue::Sex(VCardSex::Other) => "Other".to_owned(),
        VCardValue::Sex(_)
        | VCardValue::Boolean(_)
        | VCardValue::Binary(_)
        | VCardValue::GramGender(_)
        | VCardValue::Kind(_) => String::new(),
    }
}

fn date(moment: &PartialDateTime) -> String {
    match (moment.year, moment.month, moment.day) {
        (Some(year), Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
        (None, Some(month), Some(day)) => format!("--{month:02}-{day:02}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::fold::fold;
    use crate::imports::header_names;

    fn filled(lines: &str) -> Vec<(&'static str, String)> {
        let text = format!(
            "BEGIN:VCARD\r\n{}\r\nEND:VCARD\r\n",
            lines.replace('\n', "\r\n")
        );
        let cells = cells(&text).unwrap();
        let named = COLUMNS.into_iter().zip(cells);
        named.filter(|(_, cell)| !cell.is_empty()).collect()
    }

    fn cell(lines: &str, column: &str) -> String {
        let found = filled(lines).into_iter().find(|(name, _)| *name == column);
        found.map(|(_, cell)| cell).unwrap_or_default()
    }

    #[test]
    fn all_columns_but_four_are_known() {
        let unknown: Vec<_> = COLUMNS
            .iter()
            .filter(|name| !header_names::is_known(&fold(name)))
            .collect();
        assert_eq!(unknown, [&"Nickname", &"Pager", &"Categories", &"Other"]);
    }

    #[test]
    fn a_card_of_version_3_is_read() {
        let card = "VERSION:3.0\nN:Okafor;Mira;Jo;Dr.;Jr.\nFN:Dr. Mira Okafor\nORG:Tallow Ltd;Buying\nTITLE:Buyer\n\
                    EMAIL;TYPE=INTERNET,HOME:mira@example.org\nitem1.EMAIL;TYPE=INTERNET;TYPE=pref:mira@example.com\n\
                    TEL;TYPE=CELL:+1 1\nTEL;TYPE=WORK,VOICE:+1 2\nTEL;TYPE=WORK,FAX:+1 3\nTEL;TYPE=HOME:+1 4\n\
                    ADR;TYPE=WORK:;Floor 2;1 Long\n  Street;Lagos;LA;10001;Nigeria\nURL:https://tallow.example\n\
                    BDAY:1985-03-15\nNOTE:One\\, two\\nthree\nCATEGORIES:A,B";
        assert_eq!(
            filled(card),
            [
                ("Name Prefix", "Dr."),
                ("First Name", "Mira"),
                ("Middle Name", "Jo"),
                ("Last Name", "Okafor"),
                ("Name Suffix", "Jr."),
                ("Company", "Tallow Ltd"),
                ("Department", "Buying"),
                ("Job Title", "Buyer"),
                ("Email", "mira@example.com"),
                ("Email 2", "mira@example.org"),
                ("Business Phone", "+1 2"),
                ("Mobile Phone", "+1 1"),
                ("Home Phone", "+1 4"),
                ("Business Fax", "+1 3"),
                ("Business Street", "1 Long Street"),
                ("Business Street 2", "Floor 2"),
                ("Business City", "Lagos"),
                ("Business State", "LA"),
                ("Business Postal Code", "10001"),
                ("Business Country", "Nigeria"),
                ("Website", "https://tallow.example"),
                ("Birthday", "1985-03-15"),
                ("Categories", "A, B"),
                ("Notes", "One, two\nthree"),
            ]
            .map(|(name, text)| (name, text.to_owned()))
        );
    }

    #[test]
    fn a_card_of_version_4_is_read() {
        let card = "VERSION:4.0\nFN:Mira Okafor\nEMAIL;PREF=2:b@example.com\nEMAIL;PREF=1:a@example.com\n\
                    TEL;VALUE=uri;TYPE=cell:tel:+1-1\nBDAY:19850315\nGENDER:F\nLANG:fr";
        assert_eq!(
            filled(card),
            [
                ("Full Name", "Mira Okafor"),
                ("Email", "a@example.com"),
                ("Email 2", "b@example.com"),
                ("Mobile Phone", "+1-1"),
                ("Birthday", "1985-03-15"),
                ("Gender", "Female"),
                ("Language", "fr"),
            ]
            .map(|(name, text)| (name, text.to_owned()))
        );
    }

    #[test]
    fn a_card_of_version_2_1_with_quoted_letters_is_read() {
        let card = "VERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;\n\
                    TEL;CELL:1\nTEL;HOME;VOICE:2\nEMAIL;INTERNET;PREF:joerg@example.com\n\
                    NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:a long =\nnote";
        assert_eq!(
            filled(card),
            [
                ("First Name", "Jörg"),
                ("Last Name", "Müller"),
                ("Email", "joerg@example.com"),
                ("Mobile Phone", "1"),
                ("Home Phone", "2"),
                ("Notes", "a long note"),
            ]
            .map(|(name, text)| (name, text.to_owned()))
        );
    }

    #[test]
    fn more_values_than_columns_are_kept_beside_the_last() {
        let card = "VERSION:3.0\nEMAIL:a@x.example\nEMAIL:b@x.example\nEMAIL:c@x.example\nEMAIL:d@x.example\nEMAIL:a@x.example";
        assert_eq!(cell(card, "Email 3"), "c@x.example, d@x.example");
    }

    #[test]
    fn what_has_no_field_of_its_own_is_kept_to_be_told() {
        let card = "VERSION:3.0\nFN:Mira Okafor\nORG:Tallow;Buying;Tea\nTITLE:Buyer\nROLE:Taster\n\
                    TEL;TYPE=iPhone:1\nTEL;TYPE=HOME,FAX:2\nTEL;TYPE=PAGER:3\nTEL;TYPE=FAX:4\nTEL;TYPE=FAX:5\n\
                    URL:a.example\nURL:b.example\nURL:c.example\nIMPP:xmpp:mira@example.com";
        for (column, text) in [
            ("Department", "Buying, Tea"),
            ("Job Title 2", "Taster"),
            ("Mobile Phone", "1"),
            ("Home Fax", "2"),
            ("Pager", "3"),
            ("Business Fax", "4 ::: 5"),
            ("Website 2", "b.example ::: c.example"),
            ("Other", "IMPP: xmpp:mira@example.com"),
        ] {
            assert_eq!(cell(card, column), text, "{column}");
        }
    }

    #[test]
    fn a_list_of_cards_is_nobody() {
        for group in [
            "VERSION:4.0\nKIND:group\nFN:Friends",
            "VERSION:3.0\nN:Friends\nFN:Friends\nX-ADDRESSBOOKSERVER-KIND:group",
        ] {
            assert_eq!(filled(group), [], "{group}");
        }
    }

    #[test]
    fn a_birthday_keeps_having_no_year_and_the_name_of_a_company_is_no_person() {
        for birthday in [
            "BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-09",
            "BDAY:--0509",
            "BDAY:1604-05-09",
        ] {
            assert_eq!(
                cell(&format!("VERSION:3.0\n{birthday}"), "Birthday"),
                "--05-09",
                "{birthday}"
            );
        }
        let company = "VERSION:3.0\nN:;;;;\nFN:Tallow Ltd\nORG:Tallow Ltd";
        assert_eq!(filled(company), [("Company", "Tallow Ltd".to_owned())]);
        let kind = "VERSION:4.0\nKIND:org\nFN:Tallow Ltd\nN:Tallow Ltd;;;;";
        assert_eq!(filled(kind), [("Company", "Tallow Ltd".to_owned())]);
    }
}
