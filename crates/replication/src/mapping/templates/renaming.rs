//! Finds a custom contact field in a template, and puts its new name there.

use super::expressions;
use crate::mapping::escaping::section_at;
use crate::mapping::names::is_custom_field;

/// Tells whether a template reads a custom contact field.
pub fn template_reads_field(text: &str, name: &str) -> bool {
    // The name that it would get does not matter.
    renamed_in_template(text, name, name).is_some()
}

/// Returns the template with another name for a custom contact field; nothing where it does not read the field.
pub fn renamed_in_template(text: &str, from: &str, to: &str) -> Option<String> {
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
        for (place, name) in expressions::contact_fields(&section, &[from]) {
            if is_custom_field(&name, from) {
                out.push_str(&section[copied..place.start]);
                out.push_str(&format!("[\"{}\"]", to.replace('\\', "\\\\")));
                (copied, found) = (place.end, true);
            }
        }
        out.push_str(&section[copied..]);
        at = end;
    }
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_and_renamed_wherever_a_template_reads_it() {
        for (before, after) in [
            ("{% Contact.Region %}", "{% Contact[\"Sales area\"] %}"),
            (
                "{{ Contact[\"region\"] | upper }}, {{ Contact.city }}",
                "{{ Contact[\"Sales area\"] | upper }}, {{ Contact.city }}",
            ),
            (
                "{% Contact.region|upper %} of {% Contact. Region %}",
                "{% Contact[\"Sales area\"]|upper %} of {% Contact[\"Sales area\"] %}",
            ),
            (
                "{% Contact['custom:Region'] if Contact.Region else 'Contact.Region' %}",
                "{% Contact[\"Sales area\"] if Contact[\"Sales area\"] else 'Contact.Region' %}",
            ),
        ] {
            let renamed = renamed_in_template(before, "Region", "Sales area");
            assert_eq!(renamed.as_deref(), Some(after), "{before}");
            assert!(template_reads_field(before, "Region"));
        }
        for other in [
            "Contact.Region",
            "{% Account.Region %}",
            "{% Contact.Regional %}",
            "{% Contact.Region of sales %}",
        ] {
            assert_eq!(
                renamed_in_template(other, "Region", "Area"),
                None,
                "{other}"
            );
        }
    }
}
