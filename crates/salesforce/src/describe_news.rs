//! What has become of an object's fields between two descriptions.

use crate::{Describe, Field};

/// What has become of an object's fields. Names are API names, in the order of the descriptions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldNews {
    /// Fields that are gone, or that this user doesn't see any more.
    pub gone: Vec<String>,
    /// Fields that are new, or that this user sees now.
    pub new: Vec<String>,
    /// Fields that are described otherwise, and in what.
    pub changed: Vec<(String, Vec<&'static str>)>,
}

impl Describe {
    /// Returns what has become of the fields since an earlier description.
    pub fn news_since(&self, before: &Describe) -> FieldNews {
        let name = |field: &Field| field.name.clone();
        let mut news = FieldNews::default();
        for old in &before.fields {
            match self.field(&old.name) {
                None => news.gone.push(name(old)),
                Some(now) if now != old => news.changed.push((name(now), aspects(old, now))),
                Some(_) => {}
            }
        }
        let is_new = |field: &&Field| before.field(&field.name).is_none();
        news.new = self.fields.iter().filter(is_new).map(name).collect();
        news
    }
}

/// Returns in what two descriptions of a field differ, as people call it.
fn aspects(old: &Field, now: &Field) -> Vec<&'static str> {
    let sizes = |field: &Field| (field.length, field.precision, field.scale, field.digits);
    let rights = |field: &Field| (field.createable, field.updateable);
    let key = |field: &Field| (field.external_id, field.unique, field.case_sensitive);
    let compared = [
        ("type", old.field_type != now.field_type),
        ("length", sizes(old) != sizes(now)),
        ("permission to edit", rights(old) != rights(now)),
        (
            "required",
            (old.nillable, old.defaulted_on_create) != (now.nillable, now.defaulted_on_create),
        ),
        ("External ID or Unique", key(old) != key(now)),
        (
            "picklist values",
            old.picklist_values != now.picklist_values,
        ),
        ("label", old.label != now.label),
    ];
    let found: Vec<_> = compared
        .into_iter()
        .filter_map(|(aspect, differs)| differs.then_some(aspect))
        .collect();
    if found.is_empty() {
        return vec!["other settings"];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describe(fields: &[(&str, u32, bool)]) -> Describe {
        let field = |(name, length, updateable): &(&str, u32, bool)| Field {
            name: (*name).to_owned(),
            length: *length,
            updateable: *updateable,
            ..Field::default()
        };
        Describe {
            fields: fields.iter().map(field).collect(),
            ..Describe::default()
        }
    }

    #[test]
    fn fields_that_are_gone_new_or_changed_are_named() {
        let before = describe(&[("Phone", 40, true), ("City", 40, true), ("Fax", 40, true)]);
        let now = describe(&[("City", 30, false), ("Fax", 40, true), ("Tier__c", 9, true)]);
        let news = now.news_since(&before);
        assert_eq!(news.gone, ["Phone"]);
        assert_eq!(news.new, ["Tier__c"]);
        let city = ("City".to_owned(), vec!["length", "permission to edit"]);
        assert_eq!(news.changed, [city]);
        assert_eq!(now.news_since(&now), FieldNews::default());
    }
}
