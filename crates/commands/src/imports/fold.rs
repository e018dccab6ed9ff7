//! Folding of names, so that `E-Mail 1 – Value` and `e-mail 1 value` are the same.

use unicode_normalization::UnicodeNormalization;

/// Returns the letters and digits only, in lower case, without accents.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| byte.to_ascii_lowercase() as char)
            .collect();
    }
    let letters = text
        .nfkd()
        .flat_map(char::to_lowercase)
        .filter(|letter| letter.is_alphanumeric());
    let mut folded = String::with_capacity(text.len());
    for letter in letters {
        match plain(letter) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
    folded
}

/// Letters that do not come apart into a plain one and an accent.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'ø' => "o",
        'æ' => "ae",
        'œ' => "oe",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_accents_and_signs_do_not_count() {
        assert_eq!(fold("E-mail 1 - Value"), "email1value");
        assert_eq!(fold("Prénom"), "prenom");
        assert_eq!(fold("Straße"), "strasse");
        assert_eq!(fold("TÉLÉFONO (móvil)"), "telefonomovil");
        assert_eq!(fold("姓名"), "姓名");
        assert_eq!(fold("\u{feff} "), "");
    }
}
