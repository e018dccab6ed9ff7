//! Against files that openssl 3.0 and Java's keytool made; all hold one key of ours, used nowhere else.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use secrecy::ExposeSecret as _;

use super::files::{ImportKey, KeyFileKind, Passphrases, ReadKey, in_bytes, inspect, key_in};
use super::{making, pkcs12};
use crate::{Error, Result};

const PASSPHRASE: &str = "hush-hush";

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/files/keys")
        .join(name)
}

fn opened_with(passphrase: &str) -> Passphrases {
    Passphrases {
        file: Some(passphrase.into()),
        key: None,
    }
}

fn key(name: &str, passphrases: Passphrases) -> Result<ReadKey> {
    key_in(&ImportKey {
        path: file(name),
        passphrases,
        ..ImportKey::default()
    })
}

fn refused(name: &str, passphrases: Passphrases) -> Error {
    match key(name, passphrases) {
        Ok(_) => panic!("{name} was read"),
        Err(error) => error,
    }
}

#[test]
fn the_same_key_comes_out_of_every_kind_of_file() {
    let plain = key("pkcs8.pem", Passphrases::default()).unwrap().key.id();
    for name in [
        "pkcs1.pem",
        "both.pem",
        "encrypted.pem",
        "scrypt.pem",
        "old-aes128.pem",
        "old-aes192.pem",
        "old-aes256.pem",
        "old-des3.pem",
        "modern.p12",
        "legacy.p12",
        "java.jks",
    ] {
        let read =
            key(name, opened_with(PASSPHRASE)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.key.id(), plain, "{name}");
        assert_eq!(read.key.bits(), 2048);
    }
}

#[test]
fn a_file_that_names_its_key_and_holds_its_certificate_tells_both() {
    for name in ["modern.p12", "legacy.p12", "java.jks"] {
        let read = key(name, opened_with(PASSPHRASE)).unwrap();
        assert_eq!(read.name, "jwtcert", "{name}");
        let certificate = read.certificate.unwrap();
        assert!(
            certificate.subject.contains("CN=Leadferry test"),
            "{}",
            certificate.subject
        );
        assert_eq!(certificate.sha1, SHA1, "{name}");
        assert_eq!(certificate.sha256, SHA256, "{name}");
    }
    assert_eq!(
        key("both.pem", Passphrases::default()).unwrap().name,
        "Leadferry test"
    );
    assert_eq!(
        key("pkcs8.pem", Passphrases::default()).unwrap().name,
        "pkcs8.pem"
    );
}

/// As `openssl x509 -fingerprint` shows them.
const SHA1: &str = "F6:46:FD:A0:81:62:1F:22:BE:76:AA:BB:0F:7F:AD:BD:1F:D6:54:40";
const SHA256: &str = "59:19:1E:75:48:E4:F5:CA:2B:ED:3E:F7:FE:00:F8:7D:00:91:0A:FD:CB:F5:CD:9F:18:9D:EA:DC:F2:19:2E:EA";

#[test]
fn a_certificate_beside_the_key_has_to_be_its_own() {
    for name in ["cert.pem", "cert.der"] {
        let request = ImportKey {
            path: file("pkcs1.pem"),
            certificate: Some(file(name)),
            ..ImportKey::default()
        };
        assert_eq!(key_in(&request).unwrap().certificate.unwrap().sha1, SHA1);
    }
    let other = ImportKey {
        path: file("java.p12"),
        passphrases: opened_with(PASSPHRASE),
        alias: Some("second".into()),
        certificate: Some(file("cert.pem")),
    };
    assert_eq!(
        key_in(&other).err().unwrap().field.as_deref(),
        Some("certificate")
    );
}

#[test]
fn one_of_several_keys_is_chosen_by_its_alias() {
    let held = inspect(&file("java.p12"), &opened_with(PASSPHRASE)).unwrap();
    assert_eq!(held.kind, KeyFileKind::Pkcs12);
    let mut aliases: Vec<_> = held
        .entries
        .iter()
        .map(|entry| entry.alias.as_str())
        .collect();
    aliases.sort_unstable();
    assert_eq!(aliases, ["jwtcert", "second"]);
    for entry in &held.entries {
        let subject = &entry.certificate.as_ref().unwrap().subject;
        assert_eq!(
            subject.contains("Second"),
            entry.alias == "second",
            "{subject}"
        );
    }
    let which = refused("java.p12", opened_with(PASSPHRASE));
    assert_eq!(which.field.as_deref(), Some("alias"));
    assert!(which.cause.contains("second"), "{}", which.cause);
}

#[test]
fn a_missing_or_wrong_passphrase_is_told_as_such() {
    for name in [
        "encrypted.pem",
        "scrypt.pem",
        "old-aes256.pem",
        "old-des3.pem",
        "modern.p12",
        "legacy.p12",
        "java.jks",
    ] {
        for passphrases in [Passphrases::default(), opened_with("wrong")] {
            let error = refused(name, passphrases);
            assert_eq!(
                error.field.as_deref(),
                Some("passphrase"),
                "{name}: {error}"
            );
        }
    }
    let held = inspect(&file("two-passwords.jks"), &opened_with(PASSPHRASE)).unwrap();
    assert!(held.entries[0].has_own_passphrase);
    let two = refused("two-passwords.jks", opened_with(PASSPHRASE));
    assert_eq!(two.field.as_deref(), Some("key_passphrase"), "{two}");
    let both = Passphrases {
        key: Some("other-hush".into()),
        ..opened_with(PASSPHRASE)
    };
    assert!(key("two-passwords.jks", both).is_ok());
}

#[test]
fn what_cannot_sign_in_says_why() {
    for (name, words) in [
        ("ec.pem", "isn't an RSA key"),
        ("short.pem", "fewer than 2048 bits"),
        ("cert.pem", "certificates only"),
        ("cert.der", "certificates only"),
        ("old-rc2.pem", "isn't supported"),
        ("java.jceks", "isn't supported"),
    ] {
        let error = refused(name, opened_with(PASSPHRASE));
        assert!(error.to_string().contains(words), "{name}: {error}");
        assert!(!error.hint.is_empty());
    }
}

#[test]
fn a_file_that_was_cut_off_is_damaged_and_never_more_than_that() {
    for name in [
        "encrypted.pem",
        "old-des3.pem",
        "modern.p12",
        "legacy.p12",
        "java.jks",
        "pkcs1.pem",
    ] {
        let bytes = std::fs::read(file(name)).unwrap();
        // A few places, and the last byte: each opening takes its rounds.
        for end in [1, bytes.len() / 3, bytes.len() / 2, bytes.len() - 2] {
            let read = in_bytes(&bytes[..end], &opened_with(PASSPHRASE));
            assert!(read.is_err(), "{name} up to {end}");
        }
    }
}

#[test]
fn a_file_that_is_far_too_large_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.pem");
    std::fs::write(&path, vec![b'-'; 2 << 20]).unwrap();
    let refused = inspect(&path, &Passphrases::default()).unwrap_err();
    assert!(refused.cause.contains("1 MB"), "{refused}");
}

#[test]
fn no_text_of_a_key_file_shows_the_key_or_its_passphrase() {
    for name in ["encrypted.pem", "modern.p12", "java.jks"] {
        let held = inspect(&file(name), &opened_with(PASSPHRASE)).unwrap();
        let shown = format!("{held:?}") + &serde_json::to_string(&held).unwrap();
        assert!(
            !shown.contains(PASSPHRASE) && !shown.contains("PRIVATE KEY"),
            "{name}"
        );
    }
    let given = format!("{:?}", opened_with(PASSPHRASE));
    assert!(!given.contains(PASSPHRASE), "{given}");
}

#[test]
fn an_exported_key_opens_with_its_passphrase_only_and_has_its_certificate() {
    let passphrase = "battery staple".into();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("exported.p12");
    for (name, beside) in [
        ("pkcs1.pem", Some("cert.pem")),
        ("pkcs8.pem", Some("cert.pem")),
        ("pkcs8.pem", None),
    ] {
        let request = ImportKey {
            path: file(name),
            certificate: beside.map(file),
            ..ImportKey::default()
        };
        let read = key_in(&request).unwrap();
        let certificate = read.certificate.as_ref();
        let sealed = pkcs12::sealed("Zoë 🔑", &read.key, certificate, &passphrase).unwrap();
        std::fs::write(&path, &sealed).unwrap();
        let back = |passphrase: &str| {
            key_in(&ImportKey {
                path: path.clone(),
                passphrases: opened_with(passphrase),
                ..ImportKey::default()
            })
        };
        let again = back("battery staple").unwrap();
        assert_eq!(again.key.id(), read.key.id(), "{name}");
        assert_eq!(again.certificate, read.certificate);
        assert_eq!(again.name, "Zoë ");
        assert_eq!(
            back("battery").err().unwrap().field.as_deref(),
            Some("passphrase")
        );
    }
    let read = key("pkcs8.pem", Passphrases::default()).unwrap();
    for weak in ["", "short", "with an emoji 🔑"] {
        let refused = pkcs12::sealed("Key", &read.key, None, &weak.into()).unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("passphrase"), "{weak}");
    }
}

#[test]
fn a_key_made_here_has_a_certificate_of_ten_years_for_itself() {
    let now = 1_790_000_000_000;
    let made = making::make("Leadferry Acme", now).unwrap();
    assert_eq!(made.key.bits(), 4096);
    assert_eq!(made.certificate.subject, "CN=Leadferry Acme");
    assert_eq!(made.certificate.bits, 4096);
    assert_eq!(made.certificate.public_key, made.key.public());
    let days = (made.certificate.expires_at - now) / 86_400_000;
    assert!((3649..=3650).contains(&days), "{days}");
    assert!(made.certificate.valid_from < now);
    assert!(made.key.pem().expose_secret().contains("BEGIN PRIVATE KEY"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Reading is bounded: it ends, with an error where the bytes say nonsense.
    #[test]
    fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..600), begin in 0..4_usize) {
        let beginnings: [&[u8]; 4] = [
            b"",
            &[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2],
            &[0x30, 0x82, 0x02, 0x00, 0x02, 0x01, 0x03],
            b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
        ];
        let bytes = [beginnings[begin], &bytes].concat();
        let _ = in_bytes(&bytes, &opened_with("x"));
    }

    /// A whole file with one byte changed is read, or refused; nothing else.
    #[test]
    fn a_changed_byte_does_no_harm(name in prop::sample::select(vec!["java.jks", "pkcs1.pem", "both.pem"]),
        at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = std::fs::read(file(name)).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = in_bytes(&bytes, &opened_with(PASSPHRASE));
    }
}
