//! Finds what a template names and a user can rename, and puts the new name there.

use leadferry_store::AskedField;

use super::expressions;
use crate::mapping::Named;
use crate::mapping::escaping::section_at;

/// Tells whether a template reads a custom field or a score.
pub fn template_reads(text: &str, named: Named<'_>) -> bool {
    // The name that it would get doesn't matter.
    renamed_in_template(text, named, "").is_some()
}

/// Returns the template with another name for a custom field or a score; nothing where it doesn't read that.
pub fn renamed_in_template(text: &str, from: Named<'_>, to: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at, mut found) = (String::with_capacity(text.len()), 0, false);
    while let Some(char) = chars.get(at) {
        let Some(end) = section_at(at, |at| chars.get(at).copied()) else {
            out.push(*char);
            at += 1;
            continue;
        };
        let section: String = chars[at..end].iter().collect();
        let mut copied = 0;
        for member in expressions::members(&section, &[from.name()]) {
            if from.is_member(member.root, &member.name) {
                out.push_str(&section[copied..member.place.start]);
                out.push_str(&format!("[\"{}\"]", quoted(to)));
                (copied, found) = (member.place.end, true);
            }
        }
        out.push_str(&section[copied..]);
        at = end;
    }
    found.then_some(out)
}

/// Returns the fields of Salesforce's data that a template reads.
pub(in crate::mapping) fn asked_in_template(text: &str) -> Vec<AskedField> {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut found) = (0, Vec::new());
    while at < chars.len() {
        let Some(end) = section_at(at, |at| chars.get(at).copied()) else {
            at += 1;
            continue;
        };
        let section: String = chars[at..end].iter().collect();
        for member in expressions::members(&section, &[]) {
            if member.root != "Salesforce" {
                continue;
            }
            // The field of an account or owner follows behind another point.
            let behind = section[member.place.end..].trim_start();
            let behind: String = behind
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'))
                .collect();
            let name = format!("Salesforce.{}", member.name);
            let longer = AskedField::parse(&format!("{name}{behind}"));
            found.extend(
                longer
                    .filter(|_| behind.starts_with('.'))
                    .or_else(|| AskedField::parse(&name)),
            );
        }
        at = end;
    }
    found
}

fn quoted(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_and_replaced_wherever_a_template_reads_it() {
        let field = Named::CustomField("Region");
        let score = Named::Score("Region");
        for (named, before, after) in [
            (
                field,
                "{% Contact.Region %}",
                "{% Contact[\"Sales \\\"area\"] %}",
            ),
            (
                field,
                "{% Contact.region|upper %} of {% Contact. Region %}",
                "{% Contact[\"Sales \\\"area\"]|upper %} of {% Contact[\"Sales \\\"area\"] %}",
            ),
            (
                field,
                "{{ Contact[\"region\"] | upper }}, {{ Score.Region }}",
                "{{ Contact[\"Sales \\\"area\"] | upper }}, {{ Score.Region }}",
            ),
            (
                field,
                "{% Contact['custom:Region'] if Contact.city else 'Contact.Region' %}",
                "{% Contact[\"Sales \\\"area\"] if Contact.city else 'Contact.Region' %}",
            ),
            (
                score,
                "{{ Score.region }} of {% Score[\"Region\"] > 5 and Contact.Region %}",
                "{{ Score[\"Sales \\\"area\"] }} of {% Score[\"Sales \\\"area\"] > 5 and Contact.Region %}",
            ),
        ] {
            let renamed = renamed_in_template(before, named, "Sales \"area");
            assert_eq!(renamed.as_deref(), Some(after), "{before}");
            assert!(template_reads(before, named));
        }
        for other in [
            "Contact.Region",
            "{% Account.Region %}",
            "{% Contact.Regional %}",
            "{% Contact.Region of sales %}",
        ] {
            for named in [field, score] {
                assert_eq!(renamed_in_template(other, named, "Area"), None, "{other}");
            }
        }
    }
}
