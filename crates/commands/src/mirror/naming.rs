//! Names of the records that others point to, so that nobody has to read ids.

use std::collections::{BTreeMap, BTreeSet};

use leadferry_store::{Mirror, MirrorField, MirrorRow, MirrorValue, Reader};

use crate::Result;

/// Returns the names of the records that some fields of rows point to, by record id, as far as they are mirrored.
pub(super) fn names(
    reader: &Reader<'_>,
    mirror: &Mirror,
    fields: &[&MirrorField],
    rows: &[MirrorRow],
) -> Result<BTreeMap<String, String>> {
    let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        for (field, value) in fields.iter().zip(&row.values) {
            let Some(MirrorValue::Text(id)) = value else {
                continue;
            };
            for object in &field.reference_to {
                wanted.entry(object).or_default().insert(id);
            }
        }
    }
    let mut names = BTreeMap::new();
    for (object, ids) in wanted {
        if let Some(target) = reader.mirror_of(&mirror.org_id, object)? {
            names.extend(reader.mirrored_names(&target, &ids)?);
        }
    }
    Ok(names)
}
