//! Text of files, orgs and workspaces, shown so that it can neither steer the terminal nor look like other text.

/// Returns a text with everything invisible written out, as in `\u{202e}`; line breaks and tabs stay.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        if is_hidden(letter) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Returns the same on one line.
pub(crate) fn visible_line(text: &str) -> String {
    visible(text).replace(['\n', '\t'], " ")
}

/// Returns JSON that means the same and has no invisible letter in it.
pub(crate) fn visible_json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hidden(letter) {
            // JSON knows 16 bits at a time only.
            for unit in letter.encode_utf16(&mut [0; 2]) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Tells whether a letter does something without being seen.
///
/// The two joiners stay: names in Persian and in Indian scripts are written with them, and so are emoji.
fn is_hidden(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        // Soft hyphen, Hangul fillers, marks and overrides of direction, separators, invisible operators, tags.
        '\u{ad}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        _ => letter.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(visible("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(visible("exe.\u{202e}vsc"), "exe.\\u{202e}vsc");
        assert_eq!(
            visible("\u{9b}2J\u{7f}\u{feff}"),
            "\\u{9b}2J\\u{7f}\\u{feff}"
        );
        assert_eq!(
            visible("one\r\ntwo\tthree\rfour"),
            "one\ntwo\tthree\\u{d}four"
        );
        assert_eq!(visible_line("one\ntwo\t\u{2066}"), "one two \\u{2066}");
    }

    #[test]
    fn what_people_write_stays() {
        for text in [
            "Zo\u{eb} \u{6b27}\u{9633}",
            "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}",
            "\u{1f469}\u{200d}\u{1f4bb}",
            "a b",
        ] {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn json_means_the_same() {
        let value = serde_json::json!({ "name": "\u{202e}\u{9b}31m\u{e0041}\u{1b}x\ny" });
        let text = visible_json(&serde_json::to_string_pretty(&value).unwrap_or_default());
        assert!(!text.chars().any(is_hidden), "{text}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).ok(),
            Some(value)
        );
    }
}
