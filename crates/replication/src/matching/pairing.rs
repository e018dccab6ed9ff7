//! Weighs whether a record in the mirror is somebody who is here: how sure that is, and why. Plain functions.

use leadferry_store::{Contact, ContactField, PersonRecord, fold};

use super::same_person::{can_be_one, is_shared_mailbox};

/// Pairs below this aren't worth showing.
pub const LEAST_CONFIDENCE: u8 = 60;

/// Endings of company names that don't tell companies apart.
const LEGAL_FORMS: &str = "ab ag as bv co company corp corporation gmbh group holding inc incorporated kg limited llc llp ltd \
    nv oy plc pty sa sarl sas se spa srl";

/// Somebody who is here, as far as telling people apart takes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Somebody {
    /// The guid and its aliases, in lower case.
    pub guids: Vec<String>,
    /// First, middle and last name.
    pub name: String,
    /// Emails, the first one in front.
    pub emails: Vec<String>,
    /// Company.
    pub company: Option<String>,
    /// Phones.
    pub phones: Vec<String>,
}

/// The contact fields that weighing takes.
pub const WEIGHED_FIELDS: [ContactField; 9] = [
    ContactField::FirstName,
    ContactField::MiddleName,
    ContactField::LastName,
    ContactField::Email,
    ContactField::Email2,
    ContactField::CompanyName,
    ContactField::BusinessPhone,
    ContactField::MobilePhone,
    ContactField::HomePhone,
];

impl Somebody {
    /// Returns who a contact is, whose [`WEIGHED_FIELDS`] have been read; `company` stands in for a company of its own.
    pub fn of(contact: &Contact, company: Option<String>) -> Self {
        let some = |fields: &[ContactField]| -> Vec<String> {
            let texts = fields
                .iter()
                .filter_map(|field| contact.values.text(*field));
            let texts = texts.map(str::trim).filter(|text| !text.is_empty());
            texts.map(str::to_owned).collect()
        };
        let [first, middle, last, email, second, own, phones @ ..] = WEIGHED_FIELDS;
        Self {
            guids: vec![contact.guid.to_string()],
            name: some(&[first, middle, last]).join(" "),
            emails: some(&[email, second]),
            company: some(&[own]).pop().or(company),
            phones: some(&phones),
        }
    }

    /// Tells whether a record has one of the emails.
    pub fn has_email_of(&self, record: &PersonRecord) -> bool {
        same_email(self, record).is_some()
    }
}

/// How likely a record is somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// 0 to 100.
    pub confidence: u8,
    /// Why, the strongest reason first.
    pub reasons: Vec<&'static str>,
    /// It is this record, as long as no other one is as likely.
    pub certain: bool,
}

/// Weighs a record against somebody; `None` where nothing speaks for it.
pub fn likeness(somebody: &Somebody, record: &PersonRecord) -> Option<Likeness> {
    let held = record
        .identifier
        .as_deref()
        .map(str::trim)
        .filter(|held| !held.is_empty());
    if let Some(held) = held {
        // A record that is somebody else's already is nobody's match.
        let is_own = somebody
            .guids
            .iter()
            .any(|guid| guid.eq_ignore_ascii_case(held));
        return is_own.then(|| Likeness {
            confidence: 100,
            reasons: vec!["Leadferry ID"],
            certain: true,
        });
    }
    let theirs = record.name.as_deref().unwrap_or_default();
    let is_named = !somebody.name.trim().is_empty() && !theirs.trim().is_empty();
    let fits = can_be_one(&somebody.name, theirs);
    if is_named && !fits && similarity(&somebody.name, theirs) < 0.6 {
        return None;
    }
    let mut reasons = Vec::new();
    let mut confidence: f64 = 0.0;
    let mut is_shared = false;
    if let Some(email) = same_email(somebody, record) {
        is_shared = is_shared_mailbox(email);
        reasons.push(if is_shared { "Shared mailbox" } else { "Email" });
        confidence = if is_shared { 40.0 } else { 80.0 };
    }
    let is_by_email = confidence > 0.0;
    if is_named && fits {
        let is_same = fold(somebody.name.trim()) == fold(theirs.trim());
        reasons.push(if is_same { "Name" } else { "Similar name" });
        confidence += if is_same { 30.0 } else { 15.0 };
    } else if is_named {
        reasons.push("Similar name");
        confidence += 10.0;
    }
    let company = match (&somebody.company, &record.company) {
        (Some(one), Some(other)) => company_similarity(one, other),
        _ => 0.0,
    };
    if company >= 0.5 {
        reasons.push(if company > 0.99 {
            "Company"
        } else {
            "Similar company"
        });
        confidence += 40.0 * company;
    }
    if same_phone(somebody, record) {
        reasons.push("Phone");
        confidence += 35.0;
    }
    if !is_by_email && same_domain(somebody, record) {
        reasons.push("Email domain");
        confidence += 10.0;
    }
    let confidence = confidence.min(99.0).round();
    let certain = is_by_email && !is_shared && is_named && fits;
    (confidence > 0.0).then_some(Likeness {
        confidence: confidence as u8,
        reasons,
        certain,
    })
}

fn same_email<'a>(somebody: &'a Somebody, record: &PersonRecord) -> Option<&'a String> {
    let theirs = record.email.as_deref().map(|email| fold(email.trim()))?;
    let mut own = somebody.emails.iter();
    own.find(|email| !theirs.is_empty() && fold(email.trim()) == theirs)
}

fn same_domain(somebody: &Somebody, record: &PersonRecord) -> bool {
    /// Where everybody has an account.
    const PUBLIC: [&str; 8] = [
        "gmail",
        "googlemail",
        "yahoo",
        "hotmail",
        "outlook",
        "icloud",
        "aol",
        "gmx",
    ];
    let domain = |email: &str| {
        let (_, domain) = email.rsplit_once('@')?;
        let domain = fold(domain.trim());
        let first = domain.split('.').next().unwrap_or_default();
        (!PUBLIC.contains(&first)).then_some(domain)
    };
    let theirs = record.email.as_deref().and_then(domain);
    theirs.is_some() && somebody.emails.iter().any(|email| domain(email) == theirs)
}

fn same_phone(somebody: &Somebody, record: &PersonRecord) -> bool {
    // The last digits tell: how the country is written differs.
    let digits = |phone: &str| {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        (digits.len() >= 7).then(|| digits[digits.len().saturating_sub(9)..].to_owned())
    };
    let theirs = record.phone.as_deref().and_then(digits);
    theirs.is_some() && somebody.phones.iter().any(|phone| digits(phone) == theirs)
}

fn company_similarity(one: &str, other: &str) -> f64 {
    similarity(&bare_company(one), &bare_company(other))
}

fn bare_company(name: &str) -> String {
    let folded = fold(name).replace('.', "");
    let words = folded.split(|letter: char| !letter.is_alphanumeric());
    let words =
        words.filter(|word| !word.is_empty() && !LEGAL_FORMS.split(' ').any(|form| form == *word));
    words.collect::<Vec<_>>().join(" ")
}

/// Returns how alike two texts are by the trigrams that they share, from 0 to 1.
pub fn similarity(one: &str, other: &str) -> f64 {
    let (one, other) = (trigrams(one), trigrams(other));
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let mut left = other.clone();
    let shared = one
        .iter()
        .filter(|gram| match left.iter().position(|other| other == *gram) {
            Some(at) => {
                left.swap_remove(at);
                true
            }
            None => false,
        });
    2.0 * shared.count() as f64 / (one.len() + other.len()) as f64
}

fn trigrams(text: &str) -> Vec<[char; 3]> {
    let folded = fold(text.trim());
    if folded.is_empty() {
        return Vec::new();
    }
    // The beginning of a text tells more than its middle.
    let letters: Vec<char> = "  "
        .chars()
        .chain(folded.chars().take(100))
        .chain(" ".chars())
        .collect();
    letters
        .windows(3)
        .map(|gram| [gram[0], gram[1], gram[2]])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Somebody {
        Somebody {
            guids: vec!["0123456789abcdef0123456789abcdef".to_owned()],
            name: "Ada Lovelace".to_owned(),
            emails: vec!["ada@engines.example".to_owned()],
            company: Some("Analytical Engines Ltd.".to_owned()),
            phones: vec!["+44 20 7946 0018".to_owned()],
        }
    }

    fn record(name: &str, email: &str, company: &str) -> PersonRecord {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        PersonRecord {
            object: "Lead".to_owned(),
            id: "00Q000000000001AAA".to_owned(),
            name: some(name),
            email: some(email),
            company: some(company),
            ..PersonRecord::default()
        }
    }

    /// Each row: name, email and company of the record, the least and greatest confidence, and whether it is certain.
    #[test]
    fn what_speaks_for_a_record_is_weighed() {
        for (name, email, company, least, most, certain) in [
            (
                "Ada Lovelace",
                "ADA@engines.example",
                "Analytical Engines",
                95,
                99,
                true,
            ),
            ("A. Lovelace", "ada@engines.example", "", 90, 99, true),
            ("", "ada@engines.example", "", 80, 80, false),
            ("Ada Lovelace", "", "Analytical Engines GmbH", 65, 75, false),
            ("Ada Lovelace", "", "Analytic Engines", 60, 70, false),
            ("Ada Lovelace", "x@engines.example", "", 35, 45, false),
            ("Ada Lovelace", "", "", 30, 30, false),
        ] {
            let found = likeness(&ada(), &record(name, email, company)).unwrap();
            assert!(
                (least..=most).contains(&found.confidence),
                "{name} {email} {company}: {found:?}"
            );
            assert_eq!(found.certain, certain, "{name} {email} {company}");
        }
        for (name, email, company) in [
            ("Otto Clerk", "ada@engines.example", "Analytical Engines"),
            ("", "", ""),
            (
                "Charles Babbage",
                "charles@engines.example",
                "Analytical Engines",
            ),
        ] {
            assert_eq!(
                likeness(&ada(), &record(name, email, company)),
                None,
                "{name}"
            );
        }
    }

    #[test]
    fn the_identifier_tells_for_certain_whose_a_record_is() {
        let mut own = record("Somebody Else", "", "");
        own.identifier = Some(ada().guids[0].to_uppercase());
        assert_eq!(likeness(&ada(), &own).unwrap().confidence, 100);
        own.identifier = Some("fedcba9876543210fedcba9876543210".to_owned());
        own.email = Some("ada@engines.example".to_owned());
        assert_eq!(likeness(&ada(), &own), None, "another contact's");
    }

    #[test]
    fn a_shared_mailbox_alone_is_no_proof() {
        let mut office = ada();
        office.emails = vec!["info@engines.example".to_owned()];
        let found = likeness(&office, &record("Ada Lovelace", "info@engines.example", "")).unwrap();
        assert!(!found.certain, "{found:?}");
        let found = likeness(&office, &record("", "info@engines.example", "")).unwrap();
        assert!(found.confidence < LEAST_CONFIDENCE, "{found:?}");
    }

    #[test]
    fn phones_are_compared_by_their_last_digits() {
        let mut known = record("Ada Lovelace", "", "");
        known.phone = Some("020 7946 0018".to_owned());
        let found = likeness(&ada(), &known).unwrap();
        assert_eq!(found.reasons, ["Name", "Phone"]);
    }

    #[test]
    fn texts_are_alike_by_their_trigrams() {
        assert!((similarity("Acme", "acme") - 1.0).abs() < f64::EPSILON);
        assert!(similarity("Analytical Engines", "Analytic Engines") > 0.7);
        assert!(similarity("Acme", "Globex") < 0.2);
        assert!(similarity("", "Acme").abs() < f64::EPSILON);
    }
}
