//! Record ids.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Error, Result};

const CHECKSUM: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// A record id, always held in its 18-character form.
///
/// # Source
/// Object Reference, "Field Types", Id: 15 case-sensitive characters and a checksum of three over their case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 18]);

impl Id {
    /// Returns the id that these 15 or 18 characters spell.
    ///
    /// # Errors
    /// [`Error::InvalidId`] when the length, a character or the checksum is wrong.
    pub fn parse(text: &str) -> Result<Id> {
        let bytes = text.as_bytes();
        if !matches!(bytes.len(), 15 | 18) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return Err(Error::InvalidId);
        }
        let mut full = [0; 18];
        full[..15].copy_from_slice(&bytes[..15]);
        for group in 0..3 {
            full[15 + group] = checksum(&bytes[group * 5..group * 5 + 5]);
        }
        if bytes.len() == 18 && bytes[15..] != full[15..] {
            return Err(Error::InvalidId);
        }
        Ok(Id(full))
    }

    /// Returns all 18 characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns the three characters that name the kind of record, such as `00Q`.
    pub fn key_prefix(&self) -> &str {
        &self.as_str()[..3]
    }
}

/// Returns the checksum character of five id characters: bit i says that character i is a capital.
fn checksum(group: &[u8]) -> u8 {
    let capitals = group.iter().enumerate();
    let index = capitals.fold(0, |sum, (position, character)| {
        sum | (usize::from(character.is_ascii_uppercase()) << position)
    });
    CHECKSUM[index]
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({self})")
    }
}

impl FromStr for Id {
    type Err = Error;

    fn from_str(text: &str) -> Result<Id> {
        Id::parse(text)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Id, D::Error> {
        let text = String::deserialize(deserializer)?;
        Id::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_characters_get_the_checksum_that_the_org_gives() {
        let cases = [
            ("0038M0000016Wv8", "0038M0000016Wv8QAE"),
            ("0015c00002Lz9mU", "0015c00002Lz9mUAAR"),
            ("012000000000000", "012000000000000AAA"),
        ];
        for (short, full) in cases {
            assert_eq!(Id::parse(short).unwrap().to_string(), full);
            assert_eq!(Id::parse(full).unwrap(), Id::parse(short).unwrap());
        }
    }

    #[test]
    fn an_id_in_the_wrong_case_is_refused() {
        assert!(Id::parse("0038m0000016Wv8QAE").is_err());
        assert!(Id::parse("0038M0000016WV8QAE").is_err());
    }

    #[test]
    fn other_lengths_and_characters_are_refused() {
        for text in [
            "",
            "0038M0000016Wv",
            "0038M0000016Wv8Q",
            "0038M0000016Wv-",
            "ä0038M000016Wv",
        ] {
            assert!(Id::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_key_prefix_is_the_first_three_characters() {
        assert_eq!(Id::parse("0038M0000016Wv8").unwrap().key_prefix(), "003");
    }
}
