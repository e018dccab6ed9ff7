//! What is kept as JSON in one cell, such as rules. A workspace from elsewhere may hold anything there.

use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};

use crate::{Error, Result};

/// Most bytes of a document: five hundred rules with thousands of values each.
const MOST_BYTES: usize = 4 << 20;

/// Reads a document; a longer one than any that is written is refused before it takes memory.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    if text.len() > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        return Err(serde_json::Error::custom(format!("longer than {most} MB")));
    }
    serde_json::from_str(text)
}

/// Writes a document.
///
/// # Errors
/// [`Error::Refused`] when it gets too long to be read again.
pub(crate) fn write<T: Serialize + ?Sized>(what: &'static str, document: &T) -> Result<String> {
    let text = serde_json::to_string(document).map_err(|error| Error::unreadable(what, error))?;
    if text.len() > MOST_BYTES {
        return Err(Error::Refused(format!(
            "the {what} have more than {} MB; move long lists of addresses to a list of emails",
            MOST_BYTES >> 20
        )));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_is_too_long_is_neither_written_nor_read() {
        let fits = vec!["x".repeat(MOST_BYTES / 2)];
        let text = write("rules", &fits).unwrap();
        assert_eq!(read::<Vec<String>>(&text).unwrap(), fits);
        let long = vec!["x".repeat(MOST_BYTES)];
        assert!(write("rules", &long).is_err());
        let text = serde_json::to_string(&long).unwrap();
        assert!(read::<Vec<String>>(&text).is_err());
    }
}
