//! How texts are compared where case and accents do not matter.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::{Result, phones};

/// Returns a text in lower case and without accents: `Ångström` becomes `angstrom`.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Makes `fold`, and what else indexes are made of, known to SQL on this connection.
pub(crate) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("fold", 1, flags, |context| match context.get_raw(0) {
        ValueRef::Null => Ok(None),
        text => Ok(Some(fold(text.as_str()?))),
    })?;
    phones::register(connection)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(fold("ÅNGSTRÖM"), "angstrom");
        assert_eq!(fold("Łódź café"), "łodz cafe");
        assert_eq!(fold("MANAGER"), "manager");
        assert_eq!(fold("経理"), "経理");
    }
}
