//! Taking out of a line what may tell who somebody is, or let somebody in.

/// No word of ours is as long as this; tokens, identifiers and hashes are.
const LONG: usize = 24;

/// Returns the line without addresses of people, and without anything that looks like a token or an identifier.
pub(super) fn scrub(line: &str) -> String {
    let mut clean = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|letter| !is_part(letter)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        clean += before;
        clean += judge(word);
        rest = after;
    }
    clean + rest
}

/// Letters that words, addresses and tokens are made of.
fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || "@%!._-+~".contains(letter)
}

fn judge(word: &str) -> &str {
    let of_a_person = |sign: &str| {
        word.split_once(sign)
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    };
    if of_a_person("@") || of_a_person("%40") {
        return "[address]";
    }
    let session = word.starts_with("00D") && word.contains('!');
    if session || word.starts_with("eyJ") || is_token(word) {
        return "[token]";
    }
    word
}

/// Tells whether a word is long and mixes letters and digits, or small and capital letters, as no name of ours does.
fn is_token(word: &str) -> bool {
    let has = |what: fn(&char) -> bool| word.chars().any(|letter| what(&letter));
    let digits = word.chars().filter(char::is_ascii_digit).count();
    // A time is long too, and has hardly anything but digits.
    let time = word.starts_with("20") && word.contains('T') && word.contains('-');
    word.len() >= LONG && !time && digits >= 3 && has(char::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_however_they_are_written() {
        for address in [
            "a@b.co",
            "ada.lovelace+x@mail.example.com",
            "ada%40example.com",
        ] {
            let line = format!("sent to <{address}>, then \"{address}\" again");
            assert_eq!(
                scrub(&line),
                "sent to <[address]>, then \"[address]\" again"
            );
        }
    }

    #[test]
    fn tokens_and_identifiers_go() {
        for token in [
            "00D5e000000abcd!AQEAQJ1t3h",
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIzTVZHOTlPeFR5RU1DUTNnTnAyUGphU0t",
            "5Aep861KIwKdekr90I4iHdZDgWwfoHPAyhCWxTzVlA",
            "0123456789abcdef0123456789abcdef",
        ] {
            assert_eq!(scrub(&format!("token={token}&x")), "token=[token]&x");
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for line in [
            r#"{"timestamp":"2026-11-26T06:50:12.123456Z","level":"INFO","message":"the app has started","version":"0.1.0"}"#,
            "crates/replication/src/conductor/matching.rs:120:7",
            "user @ home, 50% done, the 2nd of 3",
            "a_rather_long_name_of_a_function_without_numbers",
        ] {
            assert_eq!(scrub(line), line);
        }
    }
}
