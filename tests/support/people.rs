//! People of the journeys: who they are, what the org knew of them before, and how they must stand there afterwards.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::practice::PracticeOrg;
use super::workspace::Workspace;

const FIRST: &[&str] = &[
    "Anna",
    "Zoë",
    "José María",
    "美咲",
    "Владимир",
    "أحمد",
    "Seán",
    "Nguyễn Văn",
    "Ľudmila",
    "Łukasz",
    "D'Arcy",
];
const LAST: &[&str] = &[
    "Müller",
    "O'Brien",
    "García y Vega",
    "李",
    "Иванов",
    "الخطيب",
    "van der Berg",
    "Smith-Jones",
    "Ångström",
    "Ærø",
    "N'Diaye",
    "Back\\slash",
    "Per%cent_",
];

/// Company of contacts that have none.
pub(crate) const NO_COMPANY: &str = "(no company)";

/// The fields that are sent for a person, apart from the identifier.
const FIELDS: &[&str] = &[
    "FirstName",
    "LastName",
    "Email",
    "Company",
    "Title",
    "City",
    "Country",
    "MobilePhone",
];

/// What is to become of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// A new lead.
    Created,
    /// The org had one lead with this e-mail: it gets our values and identifier.
    Updated,
    /// The org had a contact with this e-mail: nothing is sent.
    OtherObject,
    /// The org had two leads with this e-mail: nothing is sent.
    Twice,
    /// Too few points, or opted out: nothing is sent.
    LeftOut,
}

/// Where the org says that the people work whom it knows already.
const OLD_COMPANY: &str = "Old company";

/// A file of people, numbered from 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct People {
    /// How many.
    pub(crate) count: usize,
    /// Told apart where people change: another round has other cities.
    pub(crate) round: usize,
}

impl People {
    pub(crate) fn new(count: usize) -> Self {
        Self { count, round: 0 }
    }

    /// Returns the same people with other values.
    pub(crate) fn changed(self) -> Self {
        Self {
            round: self.round + 1,
            ..self
        }
    }

    /// Returns the e-mail of a person.
    pub(crate) fn email(self, n: usize) -> String {
        format!("person{n}@journey.example")
    }

    /// Returns the city of a person in this round.
    pub(crate) fn city(self, n: usize) -> String {
        format!("Städtchen {}-{}", n % 20, self.round)
    }

    /// Returns what is to become of a person.
    pub(crate) fn fate(self, n: usize) -> Fate {
        match n {
            _ if n % 10 == 9 || n % 45 == 7 => Fate::LeftOut,
            _ if n % 15 == 4 => Fate::Updated,
            _ if n % 90 == 11 => Fate::OtherObject,
            _ if n % 200 == 1 && n > 1 => Fate::Twice,
            _ => Fate::Created,
        }
    }

    /// Returns how many people have this fate.
    pub(crate) fn with_fate(self, fate: Fate) -> usize {
        (0..self.count).filter(|n| self.fate(*n) == fate).count()
    }

    /// Tells whether the org knows a lead of this person before anything is sent, whatever becomes of it.
    fn is_known(n: usize) -> bool {
        n % 15 == 4
    }

    /// Returns the file that is imported: CSV.
    pub(crate) fn csv(self) -> String {
        let mut text = "First Name,Last Name,Email,Company,Job Title,City,Country,Mobile Phone,Unsubscribed\r\n".to_owned();
        for n in 0..self.count {
            let lead = self.lead(n);
            let cell = |field: &str| {
                format!(
                    "\"{}\"",
                    lead[field]
                        .as_str()
                        .unwrap_or_default()
                        .replace('"', "\"\"")
                )
            };
            let mut cells: Vec<String> = FIELDS.iter().map(|field| cell(field)).collect();
            if lead["Company"] == NO_COMPANY {
                cells[3].clear();
            }
            let opted_out = if n % 45 == 7 { "yes" } else { "no" };
            let _ = write!(text, "{},{opted_out}\r\n", cells.join(","));
        }
        text
    }

    /// Returns how a person must stand in the org, apart from the identifier.
    fn lead(self, n: usize) -> Value {
        let company = if n.is_multiple_of(7) {
            NO_COMPANY.to_owned()
        } else {
            format!("Firm {}, \"Söhne\" & Co. \\ 株式会社", n % 40)
        };
        let title = if n % 10 == 9 {
            "Assistant"
        } else {
            "Sales manager, \"north\""
        };
        let countries = ["Germany", "Japan", "Brazil", "France"];
        json!({
            "FirstName": FIRST[n % FIRST.len()],
            "LastName": format!("{} {n:03}", LAST[n % LAST.len()]),
            "Email": self.email(n),
            "Company": company,
            "Title": title,
            "City": self.city(n),
            "Country": countries[n % 4],
            "MobilePhone": format!("+49 170 555{n:04}"),
        })
    }

    /// Returns the last name under which the org knows a person: spelled otherwise, so that a change of it shows.
    fn old_name(self, n: usize) -> String {
        let name = self.lead(n)["LastName"].as_str().unwrap().to_uppercase();
        format!("{name} JR.")
    }

    /// Puts into the org whom it knows already, and returns nothing: they are found by their e-mails.
    pub(crate) fn meet(self, org: &PracticeOrg) {
        let old = |n: usize| {
            json!({ "LastName": self.old_name(n), "Company": OLD_COMPANY, "City": "Oldtown",
                "Email": self.email(n).to_uppercase() })
        };
        let mut leads = Vec::new();
        let mut contacts = Vec::new();
        for n in 0..self.count {
            match self.fate(n) {
                Fate::OtherObject => {
                    contacts.push(json!({ "LastName": self.old_name(n), "Email": self.email(n) }))
                }
                Fate::Twice => leads.extend([old(n), old(n)]),
                _ if Self::is_known(n) => leads.push(old(n)),
                _ => {}
            }
        }
        org.create("Lead", &leads);
        org.create("Contact", &contacts);
    }

    /// Demands that every selected person stands in the org exactly once, with the right values and our identifier,
    /// that the links say so, and that nobody else was touched.
    pub(crate) fn must_stand_in(self, org: &PracticeOrg, workspace: &Workspace) {
        let mut by_email: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let soql = format!(
            "SELECT Id, IsDeleted, Leadferry_ID__c, {} FROM Lead WHERE Email LIKE '%@journey.example'",
            FIELDS.join(", ")
        );
        for lead in org.records_with_deleted(&soql) {
            let email = lead["Email"].as_str().unwrap().to_lowercase();
            by_email.entry(email).or_default().push(lead);
        }
        let guids = workspace.guids();
        assert_eq!(guids.len(), self.count, "every person is one contact");
        let links = workspace.links("Lead");
        for n in 0..self.count {
            let email = self.email(n);
            let leads = by_email.remove(&email).unwrap_or_default();
            let guid = &guids[&email];
            let link = links.get(guid);
            match self.fate(n) {
                Fate::Created | Fate::Updated => self.must_be_replicated(n, &leads, guid, link),
                fate => {
                    assert_eq!(link, None, "{email} was not sent and must not be linked");
                    let before = match fate {
                        Fate::Twice => 2,
                        _ => usize::from(fate == Fate::LeftOut && Self::is_known(n)),
                    };
                    assert_eq!(leads.len(), before, "{email} ({fate:?}): {leads:?}");
                    for lead in leads {
                        assert_eq!(
                            lead["LastName"],
                            self.old_name(n),
                            "{email} ({fate:?}) was touched"
                        );
                        assert_eq!(
                            lead["Leadferry_ID__c"],
                            Value::Null,
                            "{email} ({fate:?}) was stamped"
                        );
                    }
                }
            }
        }
        assert!(
            by_email.is_empty(),
            "people that nobody knows: {by_email:?}"
        );
    }

    fn must_be_replicated(self, n: usize, leads: &[Value], guid: &str, link: Option<&String>) {
        let email = self.email(n);
        let [lead] = leads else {
            panic!(
                "{email} must stand in the org once, not {} times: {leads:?}",
                leads.len()
            );
        };
        assert_eq!(lead["IsDeleted"], false, "{email}");
        let identifier = lead["Leadferry_ID__c"].as_str().unwrap_or_default();
        assert_eq!(identifier.to_lowercase(), *guid, "identifier of {email}");
        assert_eq!(
            lead["Id"].as_str(),
            link.map(String::as_str),
            "link of {email}"
        );
        let mut wanted = self.lead(n);
        if self.fate(n) == Fate::Updated && wanted["Company"] == NO_COMPANY {
            // The default only fills what the org has none of.
            wanted["Company"] = OLD_COMPANY.into();
        }
        for field in FIELDS {
            assert_eq!(lead[*field], wanted[*field], "{field} of {email}");
        }
    }

    /// Demands that the history of creates and updates adds up to what the org holds.
    pub(crate) fn must_be_counted_by(self, runs: &Value) {
        let runs = runs["runs"].as_array().unwrap();
        let sum = |name: &str| -> u64 { runs.iter().map(|run| run[name].as_u64().unwrap()).sum() };
        let held = [Fate::Created, Fate::Updated].map(|fate| self.with_fate(fate) as u64);
        assert_eq!(
            [sum("created"), sum("updated")],
            held,
            "created, updated over all runs: {runs:?}"
        );
    }

    /// Demands that the history adds up to what the org holds.
    pub(crate) fn must_be_told_by(self, runs: &Value) {
        let runs = runs["runs"].as_array().unwrap();
        let sum = |name: &str| -> u64 { runs.iter().map(|run| run[name].as_u64().unwrap()).sum() };
        let by_code = |name: &str| -> u64 {
            let counts = runs.iter().filter_map(|run| run[name].as_object());
            counts
                .flat_map(|counts| counts.values().filter_map(Value::as_u64))
                .sum()
        };
        let told = [
            sum("created"),
            sum("updated"),
            by_code("failed"),
            by_code("blocked"),
        ];
        let ambiguous = self.with_fate(Fate::OtherObject) + self.with_fate(Fate::Twice);
        let held = [
            self.with_fate(Fate::Created),
            self.with_fate(Fate::Updated),
            0,
            ambiguous,
        ];
        assert_eq!(
            told,
            held.map(|count| count as u64),
            "created, updated, failed, blocked over all runs: {runs:?}"
        );
    }
}
