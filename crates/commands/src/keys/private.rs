//! A private RSA key.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use sha2::{Digest as _, Sha256};

use crate::{Error, Result};

/// A private RSA key that is long enough.
pub(super) struct PrivateKey {
    pem: SecretString,
    pkcs8: SecretSlice<u8>,
    /// As PKCS#1.
    public: Vec<u8>,
    bits: u32,
}

impl PrivateKey {
    /// Reads a key in PKCS#8.
    ///
    /// # Errors
    /// When it isn't RSA, shorter than 2048 bits, or damaged.
    pub(super) fn from_pkcs8(der: &[u8]) -> Result<PrivateKey> {
        PrivateKey::new(RsaKeyPair::from_pkcs8(der), "PRIVATE KEY", der)
    }

    /// Reads a key in PKCS#1.
    ///
    /// # Errors
    /// When it is shorter than 2048 bits, or damaged.
    pub(super) fn from_pkcs1(der: &[u8]) -> Result<PrivateKey> {
        PrivateKey::new(RsaKeyPair::from_der(der), "RSA PRIVATE KEY", der)
    }

    /// Reads a key as it is kept, see [`PrivateKey::pem`].
    ///
    /// # Errors
    /// When it is damaged.
    pub(super) fn from_pem(pem: &SecretString) -> Result<PrivateKey> {
        let block = pem::parse(pem.expose_secret()).map_err(|_| rejected(""))?;
        match block.tag() {
            "RSA PRIVATE KEY" => PrivateKey::from_pkcs1(block.contents()),
            _ => PrivateKey::from_pkcs8(block.contents()),
        }
    }

    fn new(
        read: Result<RsaKeyPair, aws_lc_rs::error::KeyRejected>,
        tag: &str,
        der: &[u8],
    ) -> Result<PrivateKey> {
        let pair = read.map_err(|error| rejected(&error.to_string()))?;
        let bits = u32::try_from(pair.public_modulus_len() * 8).unwrap_or(0);
        let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).map_err(|_| rejected(""))?;
        Ok(PrivateKey {
            pem: pem::encode(&pem::Pem::new(tag, der)).into(),
            pkcs8: pkcs8.as_ref().to_vec().into(),
            public: pair.public_key().as_ref().to_vec(),
            bits,
        })
    }

    /// Returns SHA-256 of the public half, in hex.
    pub(super) fn id(&self) -> String {
        let digest = Sha256::digest(&self.public);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn bits(&self) -> u32 {
        self.bits
    }

    pub(super) fn pem(&self) -> &SecretString {
        &self.pem
    }

    pub(super) fn pkcs8(&self) -> &[u8] {
        self.pkcs8.expose_secret()
    }

    /// Returns the public half as PKCS#1, as it stands in certificates.
    pub(super) fn public(&self) -> &[u8] {
        &self.public
    }
}

fn rejected(why: &str) -> Error {
    let cause = match why {
        "TooSmall" => "It has fewer than 2048 bits.",
        "TooLarge" => "It has more than 8192 bits.",
        "WrongAlgorithm" => "It isn't an RSA key.",
        _ => "It isn't an RSA key, or it's damaged.",
    };
    Error::usage(
        "This private key can't be used to sign in.",
        "Choose an RSA key of 2048 bits or more, or make a new one here.",
    )
    .because(cause)
}
