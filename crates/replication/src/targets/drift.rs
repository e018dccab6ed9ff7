//! What has changed about an object's fields between two describes.

use leadferry_store::counted;
use serde::Serialize;

use super::{TargetField, TargetObject};

/// One thing that has changed about a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FieldChange {
    /// API name.
    pub field: String,
    /// What people call it now; where it is gone, what they called it.
    pub label: String,
    /// What has changed.
    pub change: Change,
}

impl FieldChange {
    /// Says what has changed, in a sentence without its full stop.
    pub fn sentence(&self) -> String {
        let label = &self.label;
        match &self.change {
            Change::Gone => format!("{label} was deleted or hidden"),
            Change::NotWritable => format!("{label} is now read-only"),
            Change::Type { before, after } => format!("{label} is now {after} instead of {before}"),
            Change::Shorter { before, after } => {
                let characters = counted((*after).into(), "character", "characters");
                format!("{label} now holds {characters} instead of {before}")
            }
            Change::LessPrecise { before, after } => {
                let places = counted((*after).into(), "decimal place", "decimal places");
                format!("{label} now has {places} instead of {before}")
            }
            Change::Required => format!("{label} is now required for new records"),
            Change::Retired { values } => match values.as_slice() {
                [one] => format!("“{one}” was removed from {label}"),
                several => format!("{} values were removed from {label}", several.len()),
            },
            Change::Renamed { before } => format!("{before} is now called {label}"),
        }
    }
}

/// What has changed about a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(rename = "FieldChangeKind")]
pub enum Change {
    /// The org has it no more, or this user may not see it any more.
    Gone,
    /// It can be written no more.
    NotWritable,
    /// It has another type.
    Type {
        /// The type before.
        before: String,
        /// The type now.
        after: String,
    },
    /// Less fits into it: characters of text, digits before the point of numbers.
    Shorter {
        /// What fitted before.
        before: u32,
        /// What fits now.
        after: u32,
    },
    /// Fewer digits after the point fit into it.
    LessPrecise {
        /// What fitted before.
        before: u32,
        /// What fits now.
        after: u32,
    },
    /// A new record must have it now.
    Required,
    /// Its picklist offers some values no more.
    Retired {
        /// Those values.
        values: Vec<String>,
    },
    /// People call it something else.
    Renamed {
        /// What they called it.
        before: String,
    },
}

/// Returns what has changed, field by field in the order of the former describe; new fields are no change unless a new
/// record must have them.
pub fn drift(before: &TargetObject, after: &TargetObject) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    for old in &before.fields {
        match after.field(&old.name) {
            Some(new) => changes.extend(compare(old, new)),
            None => changes.push(change(old, Change::Gone)),
        }
    }
    let is_new = |field: &&TargetField| before.field(&field.name).is_none();
    let required = after
        .fields
        .iter()
        .filter(is_new)
        .filter(|field| field.required);
    changes.extend(required.map(|field| change(field, Change::Required)));
    changes
}

fn compare(old: &TargetField, new: &TargetField) -> Vec<FieldChange> {
    let mut found = Vec::new();
    if !old.is_read_only() && new.is_read_only() {
        found.push(Change::NotWritable);
    }
    if old.kind == new.kind {
        found.extend(sizes(old, new));
        found.extend(retired(old, new));
    } else {
        found.push(Change::Type {
            before: old.kind.name().to_owned(),
            after: new.kind.name().to_owned(),
        });
    }
    if new.required && !old.required {
        found.push(Change::Required);
    }
    if new.label != old.label {
        found.push(Change::Renamed {
            before: old.label.clone(),
        });
    }
    found.into_iter().map(|what| change(new, what)).collect()
}

fn sizes(old: &TargetField, new: &TargetField) -> Vec<Change> {
    let whole = |field: &TargetField| match field.precision {
        0 => field.digits,
        precision => precision.saturating_sub(field.scale),
    };
    let room = |field: &TargetField| match field.length {
        Some(length) => Some(length),
        None if field.kind.is_number() => Some(whole(field)).filter(|digits| *digits > 0),
        None => None,
    };
    let mut found = Vec::new();
    if let (Some(before), Some(after)) = (room(old), room(new))
        && after < before
    {
        found.push(Change::Shorter { before, after });
    }
    if new.scale < old.scale {
        found.push(Change::LessPrecise {
            before: old.scale,
            after: new.scale,
        });
    }
    found
}

fn retired(old: &TargetField, new: &TargetField) -> Option<Change> {
    let offered = |value: &str| {
        new.picklist
            .iter()
            .any(|entry| entry.active && entry.value == value)
    };
    let values: Vec<_> = old
        .picklist
        .iter()
        .filter(|entry| entry.active && !offered(&entry.value))
        .map(|entry| entry.value.clone())
        .collect();
    (!values.is_empty()).then_some(Change::Retired { values })
}

fn change(field: &TargetField, change: Change) -> FieldChange {
    FieldChange {
        field: field.name.clone(),
        label: field.label.clone(),
        change,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Change, drift};
    use crate::targets::{PicklistValue, TargetObject, TargetType};

    fn lead() -> TargetObject {
        let mut object = TargetObject::built_in("Lead").unwrap();
        for field in &mut object.fields {
            if field.kind == TargetType::Picklist {
                field.picklist = ["Open", "Closed"].map(value).to_vec();
            }
        }
        object
    }

    fn value(value: &str) -> PicklistValue {
        PicklistValue {
            value: value.into(),
            label: value.into(),
            active: true,
        }
    }

    #[test]
    fn each_kind_of_change_is_told_apart() {
        let before = lead();
        let mut after = lead();
        let mut field = |name: &str| {
            after
                .fields
                .iter()
                .position(|one| one.name == name)
                .unwrap()
        };
        let places = [
            "Title",
            "Email",
            "Website",
            "City",
            "LeadSource",
            "AnnualRevenue",
        ]
        .map(&mut field);
        let [title, email, website, city, source, revenue] = places;
        after.fields[title].length = Some(64);
        (
            after.fields[email].createable,
            after.fields[email].updateable,
        ) = (false, false);
        after.fields[website].kind = TargetType::Text;
        after.fields[city].required = true;
        after.fields[source].picklist[1].active = false;
        after.fields[revenue].label = "Turnover".into();
        after.fields.retain(|field| field.name != "Fax");
        let found: Vec<_> = drift(&before, &after)
            .into_iter()
            .map(|one| (one.field, one.change))
            .collect();
        let expected = [
            (
                "Title",
                Change::Shorter {
                    before: 128,
                    after: 64,
                },
            ),
            ("City", Change::Required),
            ("Fax", Change::Gone),
            ("Email", Change::NotWritable),
            (
                "Website",
                Change::Type {
                    before: "URL".into(),
                    after: "Text".into(),
                },
            ),
            (
                "LeadSource",
                Change::Retired {
                    values: vec!["Closed".into()],
                },
            ),
            (
                "AnnualRevenue",
                Change::Renamed {
                    before: "Annual Revenue".into(),
                },
            ),
        ];
        assert_eq!(
            found,
            expected.map(|(field, change)| (field.to_owned(), change))
        );
    }

    #[test]
    fn a_new_field_is_told_only_where_a_new_record_must_have_it() {
        let mut after = lead();
        let mut region = crate::targets::TargetField::unverified("Region__c");
        after.fields.push(region.clone());
        assert_eq!(drift(&lead(), &after), []);
        region.required = true;
        after.fields.pop();
        after.fields.push(region);
        assert_eq!(drift(&lead(), &after)[0].change, Change::Required);
    }

    proptest! {
        #[test]
        fn an_object_has_not_drifted_from_itself_and_fields_in_another_order_are_the_same(turn in 0_usize..60) {
            let before = lead();
            let mut after = lead();
            let turn = turn % after.fields.len();
            after.fields.rotate_left(turn);
            prop_assert_eq!(drift(&before, &after), []);
        }

        #[test]
        fn whatever_is_taken_away_is_told(gone in 0_usize..60) {
            let before = lead();
            let mut after = lead();
            let gone = after.fields.remove(gone % before.fields.len());
            let found = drift(&before, &after);
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!((&found[0].field, &found[0].change), (&gone.name, &Change::Gone));
        }
    }
}
