//! A guide as plain text, and as a page to print: one file without scripts or anything from elsewhere.

use html_escape::encode_safe;

use super::{Guide, GuideNeed, GuideStep, GuideValue};

const ABOUT: &str = "Leadferry is a desktop app that creates and updates leads and contacts in your org. It signs in through an app \
                     that you create in your own org, and has only the rights of the user who signs in.";

const NO_SECRETS: &str =
    "Hand over secrets in person or through a password manager, never by email or chat.";

const STYLE: &str = "
@page { size: A4; margin: 16mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.45 system-ui, sans-serif; color: #1b1b1b; max-width: 178mm; margin: 12mm auto; padding: 0 6mm; }
h1 { font-size: 18pt; margin: 0 0 2mm; }
h2 { font-size: 12.5pt; margin: 8mm 0 2mm; border-bottom: 0.4mm solid #1b1b1b; padding-bottom: 1mm; }
p { margin: 0 0 2mm; }
ol { list-style: none; margin: 0; padding: 0; }
li { break-inside: avoid; padding: 2.5mm 0; border-bottom: 0.2mm solid #ccc; display: flex; gap: 3mm; }
li > span { flex: none; width: 4.5mm; height: 4.5mm; margin-top: 0.6mm; border: 0.3mm solid #1b1b1b; border-radius: 0.8mm; }
li > div { flex: 1; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 1mm 4mm 1mm 0; font-weight: 400; }
th { width: 55mm; color: #444; }
td { font-family: Consolas, Menlo, 'DejaVu Sans Mono', monospace; font-size: 9.5pt; overflow-wrap: anywhere; }
td.words { font: inherit; color: #444; }
.fill td { border-bottom: 0.2mm solid #888; height: 9mm; }
.quiet { color: #444; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
";

/// Returns a guide as plain text.
pub(super) fn text(guide: &Guide) -> String {
    let mut lines = vec![guide.title.clone(), String::new()];
    if guide.steps.is_empty() {
        lines.push("There's nothing to do in Salesforce.".to_owned());
        return ended(&lines);
    }
    lines.push("In Salesforce:".to_owned());
    for (at, step) in guide.steps.iter().enumerate() {
        lines.push(format!("{:>2}. {}", at + 1, step.title));
        lines.push(format!("    {}", step.how));
        let values = step.values.iter();
        lines.extend(values.map(|value| format!("    - {}", value_in_words(value))));
    }
    lines.extend([String::new(), "Then Leadferry asks for:".to_owned()]);
    lines.extend(
        guide
            .needs
            .iter()
            .map(|need| format!("  - {}", need_in_words(need))),
    );
    if guide.needs.iter().any(|need| need.secret) {
        lines.push(NO_SECRETS.to_owned());
    }
    ended(&lines)
}

fn ended(lines: &[String]) -> String {
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn value_in_words(value: &GuideValue) -> String {
    let required = if value.required { " (required)" } else { "" };
    let parts = [value.value.as_str(), value.note.as_str()];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}{required}: {}", value.field, parts.join(". "))
}

fn need_in_words(need: &GuideNeed) -> String {
    let required = if need.required { "" } else { " (optional)" };
    let example = if need.secret { "" } else { "for example " };
    format!("{}{required}: {example}{}", need.name, need.example)
}

/// Returns a guide as a page to print.
pub(super) fn page(guide: &Guide) -> String {
    let title = encode_safe(&guide.title);
    let steps: String = guide.steps.iter().enumerate().map(step).collect();
    let needs: String = guide.needs.iter().map(need).collect();
    let secrets = match guide.needs.iter().any(|need| need.secret) {
        true => format!("<p>{NO_SECRETS}</p>"),
        false => String::new(),
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<h1>{title}</h1>\n<p class=\"quiet\">{ABOUT}</p>\n<h2>In Salesforce</h2>\n<ol>\n{steps}</ol>\n\
         <h2>Hand back</h2>\n<table class=\"fill\">\n{needs}</table>\n{secrets}\n</body>\n</html>\n"
    )
}

fn step((at, step): (usize, &GuideStep)) -> String {
    let values: String = step.values.iter().map(value).collect();
    let values = match values.is_empty() {
        true => String::new(),
        false => format!("<table>{values}</table>"),
    };
    format!(
        "<li><span></span><div><strong>{}. {}</strong><p>{}</p>{values}</div></li>\n",
        at + 1,
        encode_safe(&step.title),
        encode_safe(&step.how)
    )
}

fn value(value: &GuideValue) -> String {
    let mark = if value.required { " *" } else { "" };
    let field = encode_safe(&value.field);
    match value.value.is_empty() {
        true => format!(
            "<tr><th>{field}{mark}</th><td class=\"words\">{}</td></tr>",
            encode_safe(&value.note)
        ),
        false => format!(
            "<tr><th>{field}{mark}</th><td>{}</td><td class=\"words\">{}</td></tr>",
            encode_safe(&value.value),
            encode_safe(&value.note)
        ),
    }
}

/// A secret gets no line to be written on.
fn need(need: &GuideNeed) -> String {
    let mark = if need.required { " *" } else { "" };
    let name = encode_safe(&need.name);
    let beside = match need.secret {
        true => "Don&#39;t write it here.".to_owned(),
        false => String::new(),
    };
    format!(
        "<tr><th>{name}{mark}<br><span class=\"quiet\">{}</span></th><td class=\"words\">{beside}</td></tr>\n",
        encode_safe(&need.example)
    )
}
