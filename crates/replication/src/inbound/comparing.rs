//! Compares a field of a record with the contact's, and with what both last agreed on.

use jiff::tz::TimeZone;
use leadferry_store::{Agreement, ContactField, FieldKind, MirrorKind, MirrorValue, Value, Values};

use super::values::{converted, street_lines};
use super::{CompiledRow, Place, Side, Unfit, here_hash, json_of, there_hash};
use crate::mapping::{MappedValue, hash_text as hash};
use crate::settling::same;

/// Everything that is known of one field of a contact and its record.
pub(crate) struct Facts<'a> {
    pub(crate) row: &'a CompiledRow,
    /// What the contact has.
    pub(crate) here: &'a Values,
    /// What the record has.
    pub(crate) there: Option<&'a MirrorValue>,
    pub(crate) kind: MirrorKind,
    /// The country of the record, else of the contact, by whatever name.
    pub(crate) country: Option<&'a str>,
    /// A replication sends the field.
    pub(crate) is_sent: bool,
    /// What it would send now.
    pub(crate) mapped: Option<&'a MappedValue>,
    /// Both sides hold the same field, so that they agree where the record's value means what the contact has, whatever
    /// form would be sent.
    pub(crate) is_same_field: bool,
    /// The hash of what was sent last.
    pub(crate) sent: Option<&'a str>,
    pub(crate) agreed: Option<&'a Agreement>,
    /// The JSON of what was sent last, where it is asked for.
    pub(crate) sent_value: &'a dyn Fn() -> leadferry_store::Result<Option<String>>,
    pub(crate) zone: &'a TimeZone,
    /// Replaces the names of country and state by their codes.
    pub(crate) places: fn(&mut Values),
}

/// What a comparison came to.
#[derive(Debug)]
pub(crate) struct Compared {
    pub(crate) here: Side,
    pub(crate) there: Side,
    /// Both have the same, each in its own form.
    pub(crate) equal: bool,
    /// The contact has no value.
    pub(crate) is_unset: bool,
    /// The record's value as the contact would have it, by field.
    pub(crate) incoming: Result<Vec<(ContactField, Option<Value>)>, Unfit>,
    /// The hash of what the contact has; of the record's value.
    pub(crate) hash_here: String,
    pub(crate) hash_there: String,
    /// Something was sent since both last agreed.
    pub(crate) sent_since: bool,
}

/// Compares.
///
/// # Errors
/// When the workspace cannot be read.
pub(crate) fn compare(facts: &Facts<'_>) -> leadferry_store::Result<Compared> {
    let fields = facts.row.to.fields();
    let held: Vec<Option<Value>> = fields
        .iter()
        .map(|field| facts.here.get(*field).cloned())
        .collect();
    let is_unset = held.iter().all(Option::is_none);
    let incoming = incoming(facts);
    let there_json = json_of(facts.kind, facts.there);
    let means_the_same = || {
        incoming.as_ref().is_ok_and(|values| {
            let values = values.iter().map(|(_, value)| value);
            values
                .zip(&held)
                .all(|(one, other)| is_same(one.as_ref(), other.as_ref()))
        })
    };
    let equal = match facts.mapped.filter(|_| !is_unset) {
        // What they answered stands elsewhere.
        _ if fields.is_empty() => false,
        Some(mapped) => {
            same(&read(&mapped.json), &there_json) || (facts.is_same_field && means_the_same())
        }
        None => means_the_same(),
    };
    let hash_there = there_hash(facts.there);
    let hash_here = here_hash(&held);
    let here = side_here(facts, is_unset, &hash_here);
    let known = facts
        .agreed
        .filter(|agreed| !facts.is_sent || agreed.here == facts.sent.unwrap_or_default());
    // What was sent when the record was created counts, too, though no update sends the field.
    let unchanged = match (known, facts.sent) {
        (Some(agreed), _) => agreed.there == hash_there,
        (None, Some(sent)) => is_as_sent(facts, sent, &there_json)?,
        (None, None) => hash_there.is_empty(),
    };
    let there = match (unchanged, hash_there.is_empty()) {
        (true, _) => Side::Unchanged,
        (false, true) => Side::Emptied,
        (false, false) => Side::Changed,
    };
    Ok(Compared {
        here,
        there,
        equal,
        is_unset,
        incoming,
        hash_here,
        hash_there,
        sent_since: facts.is_sent && facts.sent.is_some() && known.is_none(),
    })
}

fn side_here(facts: &Facts<'_>, is_unset: bool, hash_here: &str) -> Side {
    let before = match facts.is_sent {
        true => facts.sent,
        false => facts.agreed.map(|agreed| agreed.here.as_str()),
    };
    let null = hash("null");
    let before = before.filter(|before| !before.is_empty() && *before != null);
    let now = match facts.mapped.filter(|_| facts.is_sent) {
        Some(mapped) => mapped.hash.to_string(),
        None => hash_here.to_owned(),
    };
    match (before, is_unset) {
        (None, true) => Side::Unchanged,
        (Some(_), true) => Side::Emptied,
        (Some(before), false) if before == now => Side::Unchanged,
        (_, false) => Side::Changed,
    }
}

/// Tells whether the record holds what was sent last, as the org keeps it.
fn is_as_sent(
    facts: &Facts<'_>,
    sent: &str,
    there: &serde_json::Value,
) -> leadferry_store::Result<bool> {
    if let Some(mapped) = facts
        .mapped
        .filter(|mapped| mapped.hash.to_string() == sent)
    {
        return Ok(same(&read(&mapped.json), there));
    }
    if hash(&there.to_string()) == sent {
        return Ok(true);
    }
    let kept = (facts.sent_value)()?.filter(|value| hash(value) == sent);
    Ok(kept.is_some_and(|value| same(&read(&value), there)))
}

fn read(json: &str) -> serde_json::Value {
    serde_json::from_str(json).unwrap_or_default()
}

/// Blanks around a text don't count, nor does the case of an email.
fn is_same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Text(one)), Some(Value::Text(other))) => {
            let (one, other) = (one.trim(), other.trim());
            one == other || (one.contains('@') && one.to_lowercase() == other.to_lowercase())
        }
        (one, other) => one == other,
    }
}

fn incoming(facts: &Facts<'_>) -> Result<Vec<(ContactField, Option<Value>)>, Unfit> {
    incoming_of(
        facts.row,
        facts.there,
        facts.kind,
        facts.country,
        facts.zone,
        facts.places,
    )
}

/// Returns a record's value as a contact would have it, by field.
pub(crate) fn incoming_of(
    row: &CompiledRow,
    there: Option<&MirrorValue>,
    kind: MirrorKind,
    country: Option<&str>,
    zone: &TimeZone,
    places: fn(&mut Values),
) -> Result<Vec<(ContactField, Option<Value>)>, Unfit> {
    let fields = row.to.fields();
    let Some(there) = there else {
        return Ok(fields.into_iter().map(|field| (field, None)).collect());
    };
    match row.to {
        Place::Field(field, to) => {
            let value = converted(kind, there, to, zone)?;
            Ok(vec![(field, resolved(country, places, field, value))])
        }
        Place::OptOut(channel) => {
            let value = converted(kind, there, FieldKind::YesNo, zone)?;
            Ok(vec![(channel.field(), value)])
        }
        Place::Consent(..) => Ok(Vec::new()),
        Place::Street => match there {
            MirrorValue::Text(text) => Ok(fields.into_iter().zip(street_lines(text)?).collect()),
            _ => Err(Unfit),
        },
    }
}

/// Replaces the name of a country or state by its code.
fn resolved(
    country: Option<&str>,
    places: fn(&mut Values),
    field: ContactField,
    value: Option<Value>,
) -> Option<Value> {
    let mut values = Values::default();
    match field {
        ContactField::Country => {}
        ContactField::State => {
            let country = country.map(|text| Value::Text(text.to_owned()));
            values.set(ContactField::Country, country);
        }
        _ => return value,
    }
    values.set(field, value);
    places(&mut values);
    values.get(field).cloned()
}

#[cfg(test)]
mod tests {
    use leadferry_store::{Channel, ValueHash};

    use super::*;
    use crate::inbound::InboundRule;
    use crate::mapping::Overwrite;

    const PHONE: CompiledRow = CompiledRow {
        field: String::new(),
        to: Place::Field(ContactField::BusinessPhone, FieldKind::Text),
        rule: InboundRule::IfEmpty,
    };

    fn mapped(text: &str) -> MappedValue {
        let json = serde_json::to_string(text).unwrap();
        MappedValue {
            target: "Phone".into(),
            held_in: "Phone".into(),
            hash: ValueHash::of(&json),
            json,
            overwrite: Overwrite::Always,
        }
    }

    /// What the contact has, what was sent, what the record has, both hashes that were agreed on: both sides, and whether
    /// they are the same.
    fn sides(
        here: &str,
        sent: Option<&str>,
        there: &str,
        agreed: Option<(&str, &str)>,
    ) -> (Side, Side, bool) {
        let text = |text: &str| Value::Text(text.to_owned());
        let set = |value: &str| (!value.is_empty()).then(|| text(value));
        let mut values = Values::default();
        values.set(ContactField::BusinessPhone, set(here));
        let now = (!here.is_empty()).then(|| mapped(here));
        let sent = sent.map(mapped);
        let held = |text: &str| (!text.is_empty()).then(|| MirrorValue::Text(text.to_owned()));
        let there = held(there);
        let agreed = agreed.map(|(here, there)| Agreement {
            here: mapped(here).hash.to_string(),
            there: there_hash(held(there).as_ref()),
            rewritten: 0,
            same: false,
        });
        let sent_hash = sent.as_ref().map(|sent| sent.hash.to_string());
        let compared = compare(&Facts {
            row: &PHONE,
            here: &values,
            there: there.as_ref(),
            kind: MirrorKind::Text,
            country: None,
            is_sent: true,
            is_same_field: false,
            mapped: now.as_ref(),
            sent: sent_hash.as_deref(),
            agreed: agreed.as_ref(),
            sent_value: &|| Ok(sent.as_ref().map(|sent| sent.json.clone())),
            zone: &TimeZone::UTC,
            places: |_| (),
        })
        .unwrap();
        (compared.here, compared.there, compared.equal)
    }

    #[test]
    fn a_side_has_changed_when_it_differs_from_what_was_sent_as_the_org_keeps_it() {
        use Side::{Changed, Emptied, Unchanged};
        for (here, sent, there, agreed, expected) in [
            // Never sent.
            ("", None, "", None, (Unchanged, Unchanged, true)),
            ("", None, "1", None, (Unchanged, Changed, false)),
            ("1", None, "", None, (Changed, Unchanged, false)),
            ("1", None, "1", None, (Changed, Changed, true)),
            ("1", None, "2", None, (Changed, Changed, false)),
            // Sent, and not looked at since.
            ("1", Some("1"), "1", None, (Unchanged, Unchanged, true)),
            (
                "A@b.c ",
                Some("A@b.c "),
                "a@b.c",
                None,
                (Unchanged, Unchanged, true),
            ),
            (
                "2",
                Some("A@b.c"),
                "a@b.c",
                None,
                (Changed, Unchanged, false),
            ),
            ("1", Some("1"), "2", None, (Unchanged, Changed, false)),
            ("1", Some("1"), "", None, (Unchanged, Emptied, false)),
            ("", Some("1"), "1", None, (Emptied, Unchanged, false)),
            ("", Some("1"), "", None, (Emptied, Emptied, true)),
            ("2", Some("1"), "3", None, (Changed, Changed, false)),
            // Agreed on after it was sent: the record holds another form of it.
            (
                "2",
                Some("1"),
                "one",
                Some(("1", "one")),
                (Changed, Unchanged, false),
            ),
            (
                "1",
                Some("1"),
                "one",
                Some(("1", "one")),
                (Unchanged, Unchanged, false),
            ),
            (
                "1",
                Some("1"),
                "two",
                Some(("1", "one")),
                (Unchanged, Changed, false),
            ),
            // Sent again since: what was agreed on before says nothing.
            (
                "2",
                Some("2"),
                "2",
                Some(("1", "1")),
                (Unchanged, Unchanged, true),
            ),
            (
                "2",
                Some("2"),
                "1",
                Some(("1", "1")),
                (Unchanged, Changed, false),
            ),
        ] {
            let shown = format!("here {here:?}, sent {sent:?}, there {there:?}, agreed {agreed:?}");
            assert_eq!(sides(here, sent, there, agreed), expected, "{shown}");
        }
    }

    #[test]
    fn opt_outs_and_streets_fill_their_fields() {
        let row = |to| CompiledRow {
            field: String::new(),
            to,
            rule: InboundRule::IfEmpty,
        };
        assert_eq!(
            row(Place::OptOut(Channel::Phone)).to.fields(),
            [ContactField::PhoneOptOut]
        );
        assert_eq!(row(Place::Street).to.fields().len(), 2);
    }
}
