//! Makes, compares and proves secrets.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{Error, Result};

/// Letters and digits that nobody confuses; 32 of them, so that each stands for five random bits.
const TYPEABLE: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Returns `bytes` random bytes as lower-case hex.
pub(crate) fn random_hex(bytes: usize) -> Result<String> {
    Ok(hex(&random(bytes)?))
}

/// Returns a password that can be typed off a screen: 80 random bits in four groups.
pub(crate) fn random_password() -> Result<String> {
    let letters: Vec<char> = random(16)?
        .iter()
        .map(|byte| char::from(TYPEABLE[usize::from(byte % 32)]))
        .collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    Ok(groups.join("-"))
}

/// Whether two secrets are the same; how long it takes tells nothing about where they differ.
pub(crate) fn same(given: &str, secret: &str) -> bool {
    given.as_bytes().ct_eq(secret.as_bytes()).into()
}

/// Returns the HMAC-SHA256 of a text, in base64.
pub(crate) fn signature(secret: &str, text: &str) -> String {
    let mut key = [0_u8; 64];
    let hashed = Sha256::digest(secret.as_bytes());
    let bytes: &[u8] = if secret.len() > 64 {
        hashed.as_slice()
    } else {
        secret.as_bytes()
    };
    key[..bytes.len()].copy_from_slice(bytes);
    let pad = |mask: u8| key.map(|b| b ^ mask);
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(text.as_bytes())
        .finalize();
    STANDARD.encode(
        Sha256::new()
            .chain_update(pad(0x5c))
            .chain_update(inner)
            .finalize(),
    )
}

/// Returns bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random(bytes: usize) -> Result<Vec<u8>> {
    let mut buffer = vec![0_u8; bytes];
    getrandom::fill(&mut buffer).map_err(|_| Error::Random)?;
    Ok(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_hmac_sha256() {
        assert_eq!(
            signature("key", "The quick brown fox jumps over the lazy dog"),
            "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=",
            "a well-known pair"
        );
    }

    #[test]
    fn passwords_can_be_typed_and_never_come_twice() {
        let (one, other) = (random_password().unwrap(), random_password().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 19, "{one}");
        let typeable = |c: char| c == '-' || TYPEABLE.contains(&(c as u8));
        assert!(one.chars().all(typeable), "{one}");
    }

    #[test]
    fn a_part_of_a_secret_is_not_the_secret() {
        assert!(same("abc", "abc"));
        for wrong in ["", "ab", "abd", "abcd"] {
            assert!(!same(wrong, "abc"), "{wrong}");
        }
    }
}
