//! Lists of e-mails, pasted or read from a file, that rules ask for.

pub use leadferry_store::EmailList;

use crate::{Error, Result, Workspace};

/// Returns all lists by name.
pub fn list(workspace: &Workspace) -> Result<Vec<EmailList>> {
    Ok(workspace.store().read(|reader| reader.email_lists())?)
}

/// Adds the e-mails in a text to a list, which is made where there is none of that name.
///
/// Anything between e-mails separates them: lines, commas, semicolons, names around them.
///
/// # Errors
/// When the text holds no e-mail, or the name is unfit.
pub fn add(workspace: &Workspace, name: &str, text: &str) -> Result<EmailList> {
    let emails: Vec<&str> = emails_in(text).collect();
    if emails.is_empty() {
        return Err(Error::usage(
            "this text has no email address",
            "paste addresses such as ann@example.com",
        ));
    }
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        writer.add_to_email_list(name, emails.into_iter(), now)?;
        writer.email_list_named(name)
    })?)
}

/// Removes a list that no rule asks for.
///
/// # Errors
/// When there is none of that name, or rules ask for it.
pub fn remove(workspace: &Workspace, name: &str) -> Result<()> {
    Ok(workspace
        .store()
        .write(|writer| writer.remove_email_list(name))?)
}

/// Returns the e-mails in a text, whatever stands between them.
pub(crate) fn emails_in(text: &str) -> impl Iterator<Item = &str> {
    // An apostrophe may stand in an address, as in *o'brien@example.com*; around one it is a quotation mark.
    text.split(|sign: char| sign.is_whitespace() || ",;<>\"()[]|".contains(sign))
        .map(|word| word.trim_matches('\''))
        .map(|word| word.trim_start_matches("mailto:").trim_end_matches('.'))
        .filter(|word| crate::imports::is_email(word))
}

/// Returns the entries of a text, between lines, commas and semicolons, that hold no e-mail.
pub(crate) fn no_emails_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ';', ','])
        .map(str::trim)
        .filter(|part| !part.is_empty() && emails_in(part).next().is_none())
}

#[cfg(test)]
mod tests {
    use super::{emails_in, no_emails_in};

    #[test]
    fn addresses_are_found_in_whatever_was_pasted() {
        let text = "Ann <ann@example.com>; bob@example.com,\n\"carl@example.com\"\tnobody\nmailto:d@example.com.";
        let found: Vec<_> = emails_in(text).collect();
        assert_eq!(
            found,
            [
                "ann@example.com",
                "bob@example.com",
                "carl@example.com",
                "d@example.com"
            ]
        );
        let quoted: Vec<_> = emails_in("pat.o'brien@example.com 'ann@example.com'").collect();
        assert_eq!(quoted, ["pat.o'brien@example.com", "ann@example.com"]);
    }

    #[test]
    fn what_is_no_address_is_found_as_well() {
        let found = |text| no_emails_in(text).collect::<Vec<_>>();
        assert_eq!(
            found("ann@example.com\nnot-an-address\n"),
            ["not-an-address"]
        );
        assert_eq!(found("ann@, bob@example.com"), ["ann@"]);
        assert!(found("Ann Lee <ann@example.com>; bob@example.com\n").is_empty());
    }
}
