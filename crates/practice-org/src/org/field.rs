//! One field: its kind, its sizes and who may do what with it.

use std::collections::HashMap;

/// How a value looks on the wire and in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A record's own id.
    Id,
    /// Text in one line.
    String,
    /// Text in lines, at most 255.
    TextArea,
    /// Text too long to filter on.
    LongText,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web address.
    Url,
    /// One of several values.
    Picklist,
    /// Several of several values, with semicolons.
    MultiPicklist,
    /// Yes or no.
    Boolean,
    /// A whole number.
    Int,
    /// A number with a fixed scale.
    Double,
    /// Money.
    Currency,
    /// A percentage.
    Percent,
    /// `yyyy-MM-dd`.
    Date,
    /// An instant, UTC.
    DateTime,
    /// Another record's id.
    Reference,
    /// A compound address, read only.
    Address,
    /// An object of the Tooling API.
    Complex,
}

/// What the user may do with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Access {
    /// Neither seen nor written.
    None,
    /// Seen.
    Read,
    /// Seen and written where the field allows it.
    Edit,
}

/// One entry of a picklist.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PickValue {
    /// What is stored.
    pub(crate) value: String,
    /// What is shown.
    pub(crate) label: String,
    /// Whether it is offered.
    pub(crate) active: bool,
    /// For which values of the controlling field, by their places.
    pub(crate) valid_for: Vec<usize>,
}

/// One field of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// API name.
    pub(crate) name: String,
    /// Label.
    pub(crate) label: String,
    /// Kind.
    pub(crate) kind: Kind,
    /// Most characters (UTF-16 units); for whole numbers, most digits.
    pub(crate) length: u32,
    /// Digits in all.
    pub(crate) precision: u32,
    /// Digits after the point.
    pub(crate) scale: u32,
    /// May be set when a record is created.
    pub(crate) createable: bool,
    /// May be changed.
    pub(crate) updateable: bool,
    /// May be empty.
    pub(crate) nillable: bool,
    /// The org fills it when it is left out.
    pub(crate) defaulted: bool,
    /// Has field-level security.
    pub(crate) permissionable: bool,
    /// Marked as external id.
    pub(crate) external_id: bool,
    /// No two records share a value.
    pub(crate) unique: bool,
    /// Uniqueness and matching tell case apart.
    pub(crate) case_sensitive: bool,
    /// Usable as an upsert key.
    pub(crate) id_lookup: bool,
    /// Names the record.
    pub(crate) name_field: bool,
    /// The compound field it is part of.
    pub(crate) compound: Option<String>,
    /// `extraTypeInfo`.
    pub(crate) extra: Option<String>,
    /// Relationship name.
    pub(crate) relationship: Option<String>,
    /// Objects it may point to.
    pub(crate) targets: Vec<String>,
    /// May point to records of several objects.
    pub(crate) polymorphic: bool,
    /// Picklist entries.
    pub(crate) picklist: Vec<PickValue>,
    /// Other values than the entries are refused.
    pub(crate) restricted: bool,
    /// Value when left out.
    pub(crate) default: Option<String>,
    /// `searchPrefilterable`.
    pub(crate) prefilter: bool,
    /// May stand in WHERE.
    pub(crate) filterable: bool,
    /// Made by the customer.
    pub(crate) custom: bool,
    /// Needs a permission set before anyone sees it.
    pub(crate) hidden: bool,
    /// What the user may do now.
    pub(crate) access: Access,
    /// Help text.
    pub(crate) help: Option<String>,
    /// The field whose value decides which entries may be chosen.
    pub(crate) controller: Option<String>,
    /// The org numbers the records.
    pub(crate) auto_number: bool,
    /// The feature without which the field is not there.
    pub(crate) when: Option<String>,
    /// Of a lookup: how the parent calls the records that point to it.
    pub(crate) children_name: Option<String>,
    /// Of a lookup: records go with the parent.
    pub(crate) cascade: bool,
}

impl Kind {
    /// The kind that a describe's word names; nothing for a word that the org doesn't have. `length` tells texts in lines from
    /// long ones.
    pub(crate) fn from_word(word: &str, length: i64) -> Option<Kind> {
        Some(match word {
            "id" => Kind::Id,
            "string" => Kind::String,
            "textarea" if length > 255 => Kind::LongText,
            "textarea" => Kind::TextArea,
            "email" => Kind::Email,
            "phone" => Kind::Phone,
            "url" => Kind::Url,
            "picklist" => Kind::Picklist,
            "multipicklist" => Kind::MultiPicklist,
            "boolean" => Kind::Boolean,
            "int" => Kind::Int,
            "double" => Kind::Double,
            "currency" => Kind::Currency,
            "percent" => Kind::Percent,
            "date" => Kind::Date,
            "datetime" => Kind::DateTime,
            "reference" => Kind::Reference,
            "address" => Kind::Address,
            "complexvalue" => Kind::Complex,
            _ => return None,
        })
    }

    /// Whether values are text in the file.
    pub(crate) fn is_text(self) -> bool {
        use Kind::{Email, LongText, MultiPicklist, Phone, Picklist, String, TextArea, Url};
        matches!(
            self,
            String | TextArea | LongText | Email | Phone | Url | Picklist | MultiPicklist
        )
    }

    /// Whether values are numbers with a scale.
    pub(crate) fn is_decimal(self) -> bool {
        matches!(self, Kind::Double | Kind::Currency | Kind::Percent)
    }

    /// Whether values are ids.
    pub(crate) fn is_id(self) -> bool {
        matches!(self, Kind::Id | Kind::Reference)
    }

    /// Whether there is a list of values.
    pub(crate) fn has_picklist(self) -> bool {
        matches!(self, Kind::Picklist | Kind::MultiPicklist)
    }

    /// The column's declaration; nothing for compound fields.
    pub(crate) fn column(self, case_sensitive: bool) -> Option<&'static str> {
        match self {
            Kind::Address => None,
            Kind::Boolean | Kind::Int | Kind::DateTime => Some("INTEGER"),
            // A whole number of the smallest unit; a real one where digits beyond the scale are kept.
            kind if kind.is_decimal() => Some("ANY"),
            kind if kind.is_text() && !case_sensitive => Some("TEXT COLLATE NOCASE"),
            _ => Some("TEXT"),
        }
    }

    /// The describe's word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Id => "id",
            Kind::String => "string",
            Kind::TextArea | Kind::LongText => "textarea",
            Kind::Email => "email",
            Kind::Phone => "phone",
            Kind::Url => "url",
            Kind::Picklist => "picklist",
            Kind::MultiPicklist => "multipicklist",
            Kind::Boolean => "boolean",
            Kind::Int => "int",
            Kind::Double => "double",
            Kind::Currency => "currency",
            Kind::Percent => "percent",
            Kind::Date => "date",
            Kind::DateTime => "datetime",
            Kind::Reference => "reference",
            Kind::Address => "address",
            Kind::Complex => "complexvalue",
        }
    }
}

impl Field {
    /// A field with nothing special about it.
    pub(crate) fn plain(name: &str, label: &str, kind: Kind) -> Field {
        Field {
            name: name.to_owned(),
            label: label.to_owned(),
            kind,
            length: 0,
            precision: 0,
            scale: 0,
            createable: true,
            updateable: true,
            nillable: kind != Kind::Boolean,
            defaulted: kind == Kind::Boolean,
            permissionable: true,
            external_id: false,
            unique: false,
            case_sensitive: false,
            id_lookup: false,
            name_field: false,
            compound: None,
            extra: None,
            relationship: None,
            targets: Vec::new(),
            polymorphic: false,
            picklist: Vec::new(),
            restricted: false,
            default: None,
            prefilter: false,
            filterable: !matches!(kind, Kind::LongText | Kind::Complex),
            custom: false,
            hidden: false,
            access: Access::Edit,
            help: None,
            controller: None,
            auto_number: false,
            when: None,
            children_name: None,
            cascade: false,
        }
    }

    /// Reads a line of the shipped definitions.
    pub(crate) fn parse(line: &str, picklists: &HashMap<&str, Vec<PickValue>>) -> Option<Field> {
        let mut parts = line.split('|').map(str::trim);
        let (name, label, kind) = (parts.next()?, parts.next()?, parts.next()?);
        let (word, sizes) = kind
            .split_once('(')
            .map_or((kind, ""), |(w, s)| (w, s.trim_end_matches(')')));
        let mut field = Field::plain(name, label, Kind::String);
        field.nillable = true;
        field.defaulted = false;
        let number = |n: usize| {
            sizes
                .split(',')
                .nth(n)
                .and_then(|s| s.trim().parse().ok())
                .unwrap_or(0)
        };
        field.kind = Kind::from_word(word, i64::from(number(0)))?;
        field.filterable = !matches!(field.kind, Kind::LongText | Kind::Complex);
        match field.kind {
            Kind::Id => field.length = 18,
            Kind::Reference => {
                field.length = 18;
                field.targets = sizes.split(',').map(str::to_owned).collect();
            }
            kind if kind.is_decimal() => (field.precision, field.scale) = (number(0), number(1)),
            _ => field.length = number(0),
        }
        for flag in parts.next().unwrap_or("").split_whitespace() {
            field.flag(flag, picklists)?;
        }
        Some(field)
    }

    fn flag(&mut self, flag: &str, picklists: &HashMap<&str, Vec<PickValue>>) -> Option<()> {
        let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
        match name {
            "required" => self.nillable = false,
            "defaulted" => self.defaulted = true,
            "fixed" => self.permissionable = false,
            "readonly" => (self.createable, self.updateable) = (false, false),
            "createonly" => self.updateable = false,
            "updateonly" => self.createable = false,
            "namefield" => self.name_field = true,
            "lookup" => self.id_lookup = true,
            "unique" => self.unique = true,
            "poly" => self.polymorphic = true,
            "restricted" => self.restricted = true,
            "prefilter" => self.prefilter = true,
            "nofilter" => self.filterable = false,
            "hidden" => (self.hidden, self.access) = (true, Access::None),
            "zero" => self.default = Some("0".to_owned()),
            "defaulttrue" => self.default = Some("true".to_owned()),
            "autonumber" => self.auto_number = true,
            "when" => self.when = Some(value.to_owned()),
            "by" => self.controller = Some(value.to_owned()),
            "in" => self.compound = Some(value.to_owned()),
            "info" => self.extra = Some(value.to_owned()),
            "rel" => self.relationship = Some(value.to_owned()),
            "default" => self.default = Some(value.replace('_', " ")),
            "values" => self.picklist = picklists.get(value)?.clone(),
            _ => return None,
        }
        Some(())
    }

    /// Whether a record cannot be created without it.
    pub(crate) fn required(&self) -> bool {
        self.createable && !self.nillable && !self.defaulted && self.kind != Kind::Boolean
    }

    /// Whether a value of the controlling field, by its place, allows an entry.
    pub(crate) fn allows(&self, entry: &PickValue, controlling: Option<usize>) -> bool {
        self.controller.is_none() || controlling.is_some_and(|n| entry.valid_for.contains(&n))
    }

    /// The quoted column.
    pub(crate) fn column(&self) -> String {
        format!("\"{}\"", self.name)
    }
}
