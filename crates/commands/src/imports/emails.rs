//! E-mail addresses as files hold them.

use email_address::{EmailAddress, Options};

use super::fold::fold;

const FORM: Options = Options {
    minimum_sub_domains: 2,
    allow_domain_literal: false,
    allow_display_text: false,
};

/// Tells whether a text is an e-mail address and nothing else.
pub(crate) fn is_email(text: &str) -> bool {
    text.contains('@') && EmailAddress::parse_with_options(text, FORM).is_ok()
}

/// Returns the addresses of a cell, `None` when something in it is no address; `mailto:` and display names fall away, and
/// what only a mail server of Exchange understands is none.
pub(crate) fn addresses(cell: &str) -> Option<Vec<&str>> {
    let cell = cell.trim();
    if cell.is_empty() || is_internal(cell) {
        return Some(Vec::new());
    }
    if let Some(one) = address(cell) {
        return Some(vec![one]);
    }
    let apart = |between: &[&str]| {
        let mut parts = vec![cell];
        for sign in between {
            parts = parts
                .into_iter()
                .flat_map(|part| part.split(sign))
                .collect();
        }
        let parts = parts.into_iter().map(str::trim);
        parts
            .filter(|part| !part.is_empty())
            .map(address)
            .collect::<Option<Vec<_>>>()
    };
    // A display name may have a blank or a slash in it.
    apart(&[":::", ";", ",", "\n", "\r"])
        .or_else(|| apart(&[";", ",", "\n", "\r", "/", "|", " ", "\u{a0}", "\t"]))
        .or_else(|| between_words(cell))
}

/// What stands between two addresses, folded.
const BETWEEN: &[&str] = &[
    "and", "or", "und", "oder", "sowie", "et", "ou", "y", "o", "e", "ed", "en", "of", "och", "og",
    "eller", "i", "lub", "a", "nebo", "ja", "tai",
];
/// What stands before an address with a colon behind it, folded.
const LABELS: &[&str] = &[
    "email",
    "mail",
    "emails",
    "emailaddress",
    "adresse",
    "address",
    "work",
    "business",
    "office",
    "home",
    "private",
    "personal",
    "arbeit",
    "buro",
    "privat",
    "geschaftlich",
    "dienstlich",
    "firma",
    "bureau",
    "prive",
    "travail",
    "domicile",
    "lavoro",
    "casa",
    "trabajo",
    "personale",
    "perso",
    "p",
    "g",
    "b",
    "m",
    "e",
];

/// Returns the addresses of a cell in which words stand between them, or before them: *Email: a@example.com and b@example.org*.
fn between_words(cell: &str) -> Option<Vec<&str>> {
    let is_between = |word: &&str| is_between(word);
    let words = cell.split(|sign: char| sign.is_whitespace() || ";,/|&+".contains(sign));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if [words.first(), words.last()]
        .into_iter()
        .flatten()
        .any(is_between)
    {
        return None;
    }
    let words = words.into_iter().filter(|word| !is_between(word));
    let addresses = words.filter_map(|word| match word.split_once(':') {
        Some((label, "")) if LABELS.contains(&fold(label).as_str()) => None,
        Some((label, rest)) if LABELS.contains(&fold(label).as_str()) => Some(address(rest)),
        _ => Some(address(word)),
    });
    let addresses = addresses.collect::<Option<Vec<_>>>()?;
    (!addresses.is_empty()).then_some(addresses)
}

/// Tells whether a word stands between two values, such as *or*.
pub(crate) fn is_between(word: &str) -> bool {
    BETWEEN.contains(&fold(word).as_str())
}

/// Returns the address that a text is, also as a link or in brackets; nothing where a name stands beside it.
pub(crate) fn alone(text: &str) -> Option<&str> {
    let has_name = text
        .split_once('<')
        .is_some_and(|(name, _)| !name.trim().is_empty());
    address(text).filter(|_| !has_name && !text.contains(char::is_whitespace))
}

/// Tells whether a cell holds the name of a mailbox within Exchange, `/o=Example/ou=First/cn=Recipients/cn=ada`.
fn is_internal(cell: &str) -> bool {
    let beginning = cell.get(..3).map(str::to_ascii_lowercase);
    matches!(beginning.as_deref(), Some("/o=" | "/c=")) && cell.contains("/cn=")
        || cell
            .get(..3)
            .is_some_and(|start| start.eq_ignore_ascii_case("/o="))
            && !cell.contains('@')
}

fn address(text: &str) -> Option<&str> {
    let inner = match (text.find('<'), text.strip_suffix('>')) {
        (Some(open), Some(_)) => &text[open + 1..text.len() - 1],
        _ => text,
    };
    let inner = inner.trim();
    let bare = match inner.get(..7) {
        // An address to click on may say what to write.
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => {
            inner[7..].split('?').next().unwrap_or_default().trim()
        }
        // Exchange says in what manner mail is sent to an address.
        _ if inner
            .get(..5)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("smtp:")) =>
        {
            inner[5..].trim()
        }
        _ => inner,
    };
    let bare = without_note(bare).trim_end_matches([',', ';', ':', '.']);
    is_email(bare).then_some(bare)
}

/// Takes off a note behind an address: *ada@example.com (privat)*.
fn without_note(text: &str) -> &str {
    let note = text
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('));
    match note {
        Some((address, _)) if is_email(address.trim_end()) => address.trim_end(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_out_of_what_is_around_them() {
        assert_eq!(
            addresses(" ada@example.com "),
            Some(vec!["ada@example.com"])
        );
        assert_eq!(
            addresses("mailto:ada@example.com"),
            Some(vec!["ada@example.com"])
        );
        assert_eq!(
            addresses("mailto:ada@example.com?subject=Hi"),
            Some(vec!["ada@example.com"])
        );
        for written in [
            "Ada Byron <ada@example.com>",
            "ada@example.com (privat)",
            "<ada@example.com>;",
            "ada@example.com.",
            "SMTP:ada@example.com",
        ] {
            assert_eq!(
                addresses(written),
                Some(vec!["ada@example.com"]),
                "{written}"
            );
        }
        assert_eq!(
            addresses("a@example.com ::: b@example.org"),
            Some(vec!["a@example.com", "b@example.org"])
        );
        assert_eq!(
            addresses("a@example.com; b@example.org;"),
            Some(vec!["a@example.com", "b@example.org"])
        );
        assert_eq!(
            addresses("zoë@bücher.example"),
            Some(vec!["zoë@bücher.example"])
        );
        for cell in [
            "a@example.com\nb@example.org",
            "a@example.com / b@example.org",
            "a@example.com b@example.org",
            "Ada Byron <a@example.com>, Bob / Sales <b@example.org>",
            "a@example.com und b@example.org",
            "a@example.com & b@example.org",
            "E-Mail: a@example.com or b@example.org",
            "work: a@example.com, home:b@example.org",
        ] {
            let both = Some(vec!["a@example.com", "b@example.org"]);
            assert_eq!(addresses(cell), both, "{cell}");
        }
        assert_eq!(addresses(""), Some(vec![]));
        assert_eq!(
            addresses("/o=Example/ou=First/cn=Recipients/cn=ada"),
            Some(vec![])
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for cell in [
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "a b@example.com",
            "a@example.com; nobody",
            "a@example.com and Bob",
            "Email:",
            "n/a",
            "and",
        ] {
            assert_eq!(addresses(cell), None, "{cell}");
        }
    }
}
