//! The encryption that openssl gave PEM files until version 3: the key comes from MD5 in a single round.

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use des::TdesEde3;
use md5::{Digest as _, Md5};
use pkcs8::der::Decode as _;
use pkcs8::der::asn1::AnyRef;
use secrecy::{ExposeSecret as _, SecretString};

use super::files::{damaged, old_encryption, wrong_passphrase};
use crate::Result;

/// Bytes of the initialization vector that are the salt, too.
const SALT: usize = 8;

/// Decrypts the body of a PEM block; `dek_info` is what its header of that name says, such as `AES-256-CBC,ACFD92…`.
///
/// # Errors
/// When the cipher isn't one that openssl used for keys, or the passphrase is wrong.
/// # Source
/// openssl, `PEM_do_header` and `EVP_BytesToKey`; RFC 1421, section 4.6.1.3.
pub(super) fn opened(dek_info: &str, body: &[u8], passphrase: &SecretString) -> Result<Vec<u8>> {
    let (cipher, vector) = dek_info.split_once(',').ok_or_else(damaged)?;
    let vector = from_hex(vector.trim()).ok_or_else(damaged)?;
    let decrypted = match cipher.trim() {
        "AES-128-CBC" => decrypted::<Decryptor<Aes128>>(16, &vector, body, passphrase),
        "AES-192-CBC" => decrypted::<Decryptor<Aes192>>(24, &vector, body, passphrase),
        "AES-256-CBC" => decrypted::<Decryptor<Aes256>>(32, &vector, body, passphrase),
        "DES-EDE3-CBC" => decrypted::<Decryptor<TdesEde3>>(24, &vector, body, passphrase),
        _ => return Err(old_encryption()),
    };
    // Nothing but the padding tells a wrong passphrase, and one in 256 gets that right, too.
    let is_whole = |bytes: &Vec<u8>| AnyRef::from_der(bytes).is_ok();
    decrypted?.filter(is_whole).ok_or_else(wrong_passphrase)
}

/// Returns `None` where the padding is wrong.
fn decrypted<C: BlockModeDecrypt + KeyIvInit>(
    length: usize,
    vector: &[u8],
    body: &[u8],
    passphrase: &SecretString,
) -> Result<Option<Vec<u8>>> {
    let salt = vector.get(..SALT).ok_or_else(damaged)?;
    let key = stretched(passphrase, salt, length);
    let cipher = C::new_from_slices(&key, vector).map_err(|_| damaged())?;
    Ok(cipher.decrypt_padded_vec::<Pkcs7>(body).ok())
}

/// Turns a passphrase into a key of so many bytes.
fn stretched(passphrase: &SecretString, salt: &[u8], length: usize) -> Vec<u8> {
    let (mut key, mut last) = (Vec::new(), Vec::new());
    while key.len() < length {
        let digest = Md5::new()
            .chain_update(&last)
            .chain_update(passphrase.expose_secret())
            .chain_update(salt);
        last = digest.finalize().to_vec();
        key.extend_from_slice(&last);
    }
    key.truncate(length);
    key
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| u8::try_from(digit.to_digit(16)?).ok())
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
