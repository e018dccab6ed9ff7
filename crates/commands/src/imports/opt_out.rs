//! Columns that say *unsubscribed* in some way, and what their cells mean.

use super::fold::fold;

const SIGNS: &[&str] = &[
    "unsubscrib",
    "optedout",
    "optout",
    "donotcontact",
    "donotemail",
    "donotsend",
    "donotmail",
    "nomarketing",
    "abgemeldet",
    "abbestellt",
    "widerspr",
    "nichtkontaktieren",
    "desabonn",
    "desinscri",
    "nepascontacter",
    "dadodebaja",
    "nocontactar",
];
const EXACT: &[&str] = &[
    "dnc",
    "dne",
    "baja",
    // As newsletter programs write it: Mailchimp, CleverReach, Brevo, Substack.
    "unsubtime",
    "cleantime",
    "deaktiviert",
    "emailblacklist",
    "blacklist",
    "emaildisabled",
];
/// Columns that speak of unsubscribing without saying that someone has, or of a channel that isn't used here.
const NOT_SIGNS: &[&str] = &[
    "fax", "link", "url", "token", "reason", "grund", "motif", "motivo", "comment",
];

/// Tells whether a folded column name says that its people want nothing.
pub(crate) fn is_opt_out(name: &str) -> bool {
    let about = |signs: &[&str]| signs.iter().any(|sign| name.contains(sign));
    EXACT.contains(&name) || (about(SIGNS) && !about(NOT_SIGNS))
}

/// Tells whether a cell of such a column says yes: whatever is not a no does, a date above all.
pub(crate) fn says_yes(cell: &str) -> bool {
    let folded = fold(cell);
    // Signs alone, such as a tick, say yes as well; a dash does not.
    let blank = matches!(cell.trim(), "" | "-" | "–" | "—");
    !blank && !is_no(&folded) && !folded.trim_start_matches('0').is_empty()
        || matches!(cell.trim(), "✓" | "✔" | "☑")
}

fn is_no(folded: &str) -> bool {
    matches!(
        folded,
        "no" | "n"
            | "false"
            | "f"
            | "0"
            | "nein"
            | "non"
            | "falsch"
            | "faux"
            | "falso"
            | "falsk"
            | "nee"
            | "nej"
            | "nei"
            | "nao"
            | "nie"
            | "ne"
            | "ei"
            | "nem"
            | "nu"
            | "hayir"
            | "нет"
            | "none"
            | "null"
            | "na"
            | "nil"
            | "never"
            | "off"
            | "subscribed"
            | "optedin"
            | "unchecked"
            | "inactive"
            | "00"
            | "no1"
    )
}

/// Tells whether a word of any status says that its contact has unsubscribed.
pub(crate) fn says_unsubscribed(cell: &str) -> bool {
    let folded = fold(cell);
    SIGNS.iter().any(|sign| folded.contains(sign))
}

/// Tells whether a word of status says that nothing may be sent.
pub(crate) fn status_refuses(cell: &str) -> bool {
    const REFUSALS: &[&str] = &[
        "nonmarketing",
        "notsubscribed",
        "neversubscribed",
        "cleaned",
        "complained",
        "spam",
        "blacklist",
        "blocklist",
        "suppressed",
    ];
    let folded = fold(cell);
    let any = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    any(SIGNS) || any(REFUSALS) || EXACT.contains(&folded.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_unsubscribed_are_recognised() {
        for name in [
            "Unsubscribed",
            "HasOptedOutOfEmail",
            "Email Opt Out",
            "Do not contact",
            "Unsubscribed from all email",
            "Opted out of email: Marketing Information",
            "Abgemeldet",
            "Désabonné",
            "Désinscrit",
            "DNC",
            "UNSUB_TIME",
            "EMAIL_BLACKLIST",
        ] {
            assert!(is_opt_out(&fold(name)), "{name}");
        }
        for name in [
            "Unsubscribe link",
            "Opt-in",
            "Subscribed",
            "Email",
            "Unsubscribe reason",
            "HasOptedOutOfFax",
            "UNSUB_CAMPAIGN_ID",
            "Contact",
        ] {
            assert!(!is_opt_out(&fold(name)), "{name}");
        }
    }

    #[test]
    fn whatever_is_not_a_no_means_yes() {
        for cell in [
            "Yes",
            "1",
            "TRUE",
            "x",
            "ja",
            "2024-05-01",
            "unsubscribed",
            "✓",
        ] {
            assert!(says_yes(cell), "{cell}");
        }
        for cell in [
            "",
            " ",
            "No",
            "0",
            "false",
            "-",
            "nein",
            "nee",
            "nej",
            "não",
            "0000-00-00 00:00:00",
        ] {
            assert!(!says_yes(cell), "{cell}");
        }
    }

    #[test]
    fn words_of_status_refuse_or_do_not() {
        for cell in [
            "Non-marketing contact",
            "Unsubscribed",
            "opted-out",
            "Cleaned",
            "Do Not Contact",
            "NEVER_SUBSCRIBED",
        ] {
            assert!(status_refuses(cell), "{cell}");
        }
        for cell in ["Marketing contact", "Subscribed", "", "Confirmed opt-in"] {
            assert!(!status_refuses(cell), "{cell}");
        }
    }
}
