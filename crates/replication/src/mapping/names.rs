//! The names that sources may use, and the names that other products use for the same fields.

use leadferry_store::{
    AccountField, AskedField, ContactField, CustomField, FieldKind, MirrorField, PurposeId,
    ScoreId, SegmentId, meant_account_field, meant_contact_field,
};

use super::Finding;
use super::findings::{did_you_mean, excerpt, nearest};

/// What the workspace calls its own custom fields and scores.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The custom contact fields.
    pub custom: &'a [CustomField],
    /// The scores with their names.
    pub scores: &'a [(ScoreId, String)],
    /// The segments with their names.
    pub segments: &'a [(SegmentId, String)],
    /// The purposes, preferences and preference values with their paths.
    pub purposes: &'a [(PurposeId, String)],
    /// What pulls have read of the records that contacts are linked to.
    pub salesforce: &'a [(AskedField, MirrorField)],
}

/// Contact fields as other products name them.
const CONTACT_ALIASES: &[(&str, ContactField)] = &[
    ("ContactSalutation", ContactField::Salutation),
    ("ContactTitleBefore", ContactField::Salutation),
    ("ContactFirstName", ContactField::FirstName),
    ("ContactMiddleName", ContactField::MiddleName),
    ("ContactLastName", ContactField::LastName),
    ("ContactTitleAfter", ContactField::Suffix),
    ("ContactEmail", ContactField::Email),
    ("ContactJobTitle", ContactField::JobTitle),
    ("ContactCompanyName", ContactField::CompanyName),
    ("ContactWebSite", ContactField::Website),
    ("ContactBusinessPhone", ContactField::BusinessPhone),
    ("ContactMobilePhone", ContactField::MobilePhone),
    ("ContactHomePhone", ContactField::HomePhone),
    ("ContactAddress1", ContactField::AddressLine1),
    ("ContactAddress2", ContactField::AddressLine2),
    ("ContactCity", ContactField::City),
    ("ContactZIP", ContactField::PostalCode),
    ("ContactStateID", ContactField::State),
    ("ContactCountryID", ContactField::Country),
    ("ContactBirthday", ContactField::Birthday),
    ("ContactGender", ContactField::Gender),
    ("ContactCampaign", ContactField::Campaign),
    ("ContactStatusID", ContactField::Status),
    ("ContactOwnerUserID", ContactField::Owner),
    ("ContactNotes", ContactField::Notes),
    ("ContactCreated", ContactField::CreatedAt),
    ("ContactLastModified", ContactField::ChangedAt),
    ("givenName", ContactField::FirstName),
    ("familyName", ContactField::LastName),
    ("company", ContactField::CompanyName),
    ("jobTitle", ContactField::JobTitle),
    ("phoneNumber", ContactField::BusinessPhone),
    ("postalCode", ContactField::PostalCode),
];

const ACCOUNT_ALIASES: &[(&str, AccountField)] = &[
    ("AccountName", AccountField::Name),
    ("AccountWebSite", AccountField::Website),
    ("AccountPhone", AccountField::Phone),
    ("AccountAddress1", AccountField::Street),
    ("AccountCity", AccountField::City),
    ("AccountZIP", AccountField::PostalCode),
    ("AccountNotes", AccountField::Notes),
];

/// Tells whether a name means a custom field, with or without `custom:` and without regard to case.
pub(super) fn is_custom_field(written: &str, name: &str) -> bool {
    let written = written.trim();
    let bare = written.strip_prefix("custom:").unwrap_or(written).trim();
    bare.to_lowercase() == name.trim().to_lowercase()
}

impl Names<'_> {
    /// Finds a contact field: a built-in name, else a custom one with or without `custom:`, else another product's.
    pub(crate) fn field(&self, name: &str) -> Result<(ContactField, FieldKind), Finding> {
        self.find(name).ok_or_else(|| {
            Finding::error(
                "unknown_field",
                format!("contacts have no field \"{}\"", excerpt(name)),
                did_you_mean(
                    self.meant_field(name),
                    "add it as a custom field, or choose another field",
                ),
            )
        })
    }

    /// Returns the contact field that was probably meant by a name that none has.
    pub(super) fn meant_field(&self, name: &str) -> Option<String> {
        let bare = name.strip_prefix("custom:").unwrap_or(name);
        let custom = self.custom.iter().map(|field| field.name.as_str());
        meant_contact_field(bare, custom)
    }

    /// Returns the contact field of a name, where it is text.
    pub fn text_field(&self, name: &str) -> Option<ContactField> {
        self.find(name)
            .filter(|(_, kind)| kind.is_text())
            .map(|(field, _)| field)
    }

    fn find(&self, name: &str) -> Option<(ContactField, FieldKind)> {
        let built_in = |field: ContactField| Some((field, field.built_in_kind()?));
        if let Some(field) = ContactField::built_in(name) {
            return built_in(field);
        }
        let bare = name.strip_prefix("custom:").unwrap_or(name).trim();
        let folded = bare.to_lowercase();
        let exact = self.custom.iter().find(|field| field.name == bare);
        if let Some(field) = exact.or_else(|| {
            self.custom
                .iter()
                .find(|field| field.name.to_lowercase() == folded)
        }) {
            return Some((ContactField::Custom(field.id), field.kind));
        }
        CONTACT_ALIASES
            .iter()
            .find(|(alias, _)| *alias == name)
            .and_then(|(_, field)| built_in(*field))
    }

    /// Finds a score, without regard to case.
    pub(super) fn score(&self, name: &str) -> Result<ScoreId, Finding> {
        let folded = name.trim().to_lowercase();
        let found = self
            .scores
            .iter()
            .find(|(_, known)| known.trim().to_lowercase() == folded);
        found.map(|(id, _)| *id).ok_or_else(|| {
            let names = self.scores.iter().map(|(_, known)| known.as_str());
            Finding::error(
                "unknown_score",
                format!("there's no score \"{}\"", excerpt(name)),
                nearest(name, names, "add the score first, or choose another source"),
            )
        })
    }

    /// Finds a segment, without regard to case.
    pub(super) fn segment(&self, name: &str) -> Result<SegmentId, Finding> {
        let folded = name.trim().to_lowercase();
        let found = self
            .segments
            .iter()
            .find(|(_, known)| known.trim().to_lowercase() == folded);
        found.map(|(id, _)| *id).ok_or_else(|| {
            let names = self.segments.iter().map(|(_, known)| known.as_str());
            Finding::error(
                "unknown_segment",
                format!("there's no segment \"{}\"", excerpt(name)),
                nearest(name, names, "add the segment first, or remove the row"),
            )
        })
    }

    /// Finds a field of Salesforce's data, without regard to case: its number, and what it is.
    pub(super) fn salesforce(&self, asked: &AskedField) -> Result<(usize, &MirrorField), Finding> {
        let is_asked = |known: &AskedField| {
            known.record == asked.record && known.field.eq_ignore_ascii_case(&asked.field)
        };
        let mut known = self.salesforce.iter().enumerate();
        let found = known.find(|(_, (known, _))| is_asked(known));
        found.map(|(at, (_, field))| (at, field)).ok_or_else(|| {
            let names: Vec<String> = self
                .salesforce
                .iter()
                .map(|(known, _)| known.name())
                .collect();
            let name = asked.name();
            Finding::error(
                "unknown_salesforce_field",
                format!("{} isn't in the data from Salesforce", excerpt(&name)),
                nearest(
                    &name,
                    names.iter().map(String::as_str),
                    "add the field to a pull and run the pull, or choose another source",
                ),
            )
        })
    }

    /// Finds a purpose, preference or preference value, without regard to case.
    pub(crate) fn purpose(&self, path: &str) -> Result<PurposeId, Finding> {
        let folded = |path: &str| {
            let names: Vec<_> = path
                .split('>')
                .map(|name| name.trim().to_lowercase())
                .collect();
            names.join(">")
        };
        let wanted = folded(path);
        let found = self
            .purposes
            .iter()
            .find(|(_, known)| folded(known) == wanted);
        found.map(|(id, _)| *id).ok_or_else(|| {
            let names = self.purposes.iter().map(|(_, known)| known.as_str());
            Finding::error(
                "unknown_purpose",
                format!("there's no purpose \"{}\"", excerpt(path)),
                nearest(path, names, "add the purpose first, or remove the row"),
            )
        })
    }

    /// Finds a field of the account.
    pub(super) fn account_field(&self, name: &str) -> Result<AccountField, Finding> {
        let alias = || {
            ACCOUNT_ALIASES
                .iter()
                .find(|(alias, _)| *alias == name)
                .map(|(_, field)| *field)
        };
        AccountField::from_name(name).or_else(alias).ok_or_else(|| {
            Finding::error(
                "unknown_account_field",
                format!("accounts have no field \"{}\"", excerpt(name)),
                did_you_mean(
                    meant_account_field(name),
                    "use an account field such as name, website, phone, street, city or state",
                ),
            )
        })
    }
}
