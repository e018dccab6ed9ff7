//! E-mail addresses as files hold them.

use email_address::{EmailAddress, Options};

const FORM: Options = Options {
    minimum_sub_domains: 2,
    allow_domain_literal: false,
    allow_display_text: false,
};

/// Tells whether a text is an e-mail address and nothing else.
pub(crate) fn is_email(text: &str) -> bool {
    text.contains('@') && EmailAddress::parse_with_options(text, FORM).is_ok()
}

/// Returns the addresses of a cell, `None` when something in it is no address; `mailto:` and display names fall away.
pub(crate) fn addresses(cell: &str) -> Option<Vec<&str>> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Some(Vec::new());
    }
    if let Some(one) = address(cell) {
        return Some(vec![one]);
    }
    let parts = if cell.contains(":::") {
        cell.split(":::").collect::<Vec<_>>()
    } else {
        cell.split([';', ',']).collect()
    };
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(address)
        .collect()
}

fn address(text: &str) -> Option<&str> {
    let inner = match (text.find('<'), text.strip_suffix('>')) {
        (Some(open), Some(_)) => &text[open + 1..text.len() - 1],
        _ => text,
    };
    let inner = inner.trim();
    let bare = match inner.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => inner[7..].trim(),
        _ => inner,
    };
    is_email(bare).then_some(bare)
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
            addresses("Ada Byron <ada@example.com>"),
            Some(vec!["ada@example.com"])
        );
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
        assert_eq!(addresses(""), Some(vec![]));
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
            "n/a",
        ] {
            assert_eq!(addresses(cell), None, "{cell}");
        }
    }
}
