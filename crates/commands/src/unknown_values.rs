//! Fields and values in rules that Salesforce doesn't have: one that was deleted, a misspelt campaign, owner or stage, said by name
//! instead of counting 0.

use leadferry_salesforce::Describe;
use leadferry_store::{AskedValue, Reader, RuleTree, nearest};

use crate::Result;

/// Objects that are small, or whose fields are mostly asked for by a value from a short list.
const LOOKED_THROUGH: [&str; 4] = ["Campaign", "CampaignMember", "Opportunity", "User"];

/// Returns, in sentences, which fields and values of rules Salesforce doesn't have.
pub(crate) fn notes_on(reader: &Reader<'_>, tree: &RuleTree) -> Result<Vec<String>> {
    let gone = reader.gone_fields(tree)?.into_iter();
    let gone = gone.map(|label| {
        format!(
            "“{label}” was deleted or hidden in Salesforce. The values that were read last count."
        )
    });
    let mut notes: Vec<String> = gone.collect();
    notes.extend(unknown_values(reader, tree)?);
    Ok(notes)
}

/// Returns, in sentences, which values rules compare with that neither a pulled record holds nor Salesforce offers.
fn unknown_values(reader: &Reader<'_>, tree: &RuleTree) -> Result<Vec<String>> {
    let asked = tree.asked_values();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for one in &asked {
        let offered = offered(reader, one)?;
        let same = |offered: &String| offered.to_lowercase() == one.value.to_lowercase();
        if offered.iter().any(same) {
            continue;
        }
        let is_looked_through = one.objects.iter().any(|name| LOOKED_THROUGH.contains(name));
        if offered.is_empty() && !is_looked_through {
            continue;
        }
        if reader.is_mirrored_value(one)? == Some(false) {
            found.push(in_words(reader, one, offered)?);
        }
    }
    Ok(found)
}

fn in_words(reader: &Reader<'_>, asked: &AskedValue, offered: Vec<String>) -> Result<String> {
    let AskedValue {
        objects,
        field,
        value,
    } = asked;
    let what = match objects {
        ["Campaign"] => format!("No pulled campaign is named “{value}”."),
        _ => {
            let label = reader
                .mirrored_label(asked)?
                .unwrap_or_else(|| field.clone());
            let object = match objects {
                ["User"] => "owner".to_owned(),
                ["CampaignMember"] => "campaign member".to_owned(),
                [one] => one.to_lowercase(),
                _ => "record".to_owned(),
            };
            format!(
                "No pulled {object} has the {} “{value}”.",
                label.to_lowercase()
            )
        }
    };
    let known = match offered.is_empty() {
        true => reader.mirrored_texts(asked)?,
        false => offered,
    };
    Ok(match nearest(value, known.iter().map(String::as_str)) {
        Some(meant) => format!("{what} Did you mean “{meant}”?"),
        None => what,
    })
}

/// Returns the values that a picklist offers, in any of the orgs; none for other fields.
fn offered(reader: &Reader<'_>, asked: &AskedValue) -> Result<Vec<String>> {
    let mut values = Vec::new();
    for connection in reader.connections()? {
        for object in asked.objects {
            let Some(kept) = reader.describe(connection.id, object)? else {
                continue;
            };
            let describe = Describe::parse(&kept.body)?;
            let mut fields = describe.fields.into_iter();
            let field = fields.find(|field| field.name.eq_ignore_ascii_case(&asked.field));
            let entries = field.into_iter().flat_map(|field| field.picklist_values);
            values.extend(entries.map(|entry| entry.value));
        }
    }
    Ok(values)
}
