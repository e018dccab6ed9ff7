//! Keys that sign in: their public halves. A private key is never here.

use rusqlite::{OptionalExtension, Row, named_params};
use serde::Serialize;

use crate::{Error, Reader, Result, Vault, Writer};

/// The public half of a key, and where the private one is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SigningKey {
    /// SHA-256 of the public key, in hex.
    pub id: String,
    /// The certificate's common name, or the alias in the file that it came from.
    pub name: String,
    /// Length of the modulus.
    pub bits: u32,
    /// The certificate, as PEM; `None` where the file held none.
    pub certificate: Option<String>,
    /// When the certificate ends, UTC milliseconds.
    pub expires_at: Option<i64>,
    /// Where the private key is.
    pub vault: Vault,
    /// When it was made or imported, UTC milliseconds.
    pub made_at: i64,
}

const SELECT: &str =
    "SELECT id, name, bits, certificate, expires_at, vault, made_at FROM signing_keys";

fn signing_key(row: &Row<'_>) -> rusqlite::Result<SigningKey> {
    Ok(SigningKey {
        id: row.get("id")?,
        name: row.get("name")?,
        bits: row.get("bits")?,
        certificate: row.get("certificate")?,
        expires_at: row.get("expires_at")?,
        vault: Vault::from_name(row.get_ref("vault")?.as_str()?),
        made_at: row.get("made_at")?,
    })
}

impl Reader<'_> {
    /// Returns all keys, the newest first.
    pub fn signing_keys(&self) -> Result<Vec<SigningKey>> {
        let sql = format!("{SELECT} ORDER BY made_at DESC, id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let keys = statement.query_map([], signing_key)?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    /// Returns one key.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn signing_key(&self, id: &str) -> Result<SigningKey> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = :id"))?
            .query_row(named_params! { ":id": id }, signing_key)
            .optional()?
            .ok_or_else(|| Error::not_found("key", id))
    }
}

impl Writer<'_> {
    /// Keeps the public half of a key; the same key again gets the newer certificate.
    pub fn save_signing_key(&self, key: &SigningKey) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO signing_keys (id, name, bits, certificate, expires_at, vault, made_at)
                 VALUES (:id, :name, :bits, :certificate, :expires_at, :vault, :made_at)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, vault = excluded.vault, made_at = excluded.made_at,
                   expires_at = iif(excluded.certificate IS NULL, expires_at, excluded.expires_at),
                   certificate = coalesce(excluded.certificate, certificate)",
            )?
            .execute(named_params! {
                ":id": key.id, ":name": key.name, ":bits": key.bits, ":certificate": key.certificate,
                ":expires_at": key.expires_at, ":vault": key.vault.name(), ":made_at": key.made_at,
            })?;
        Ok(())
    }

    /// Forgets a key that no connection signs in with; says whether it was there and unused.
    pub fn remove_signing_key(&self, id: &str) -> Result<bool> {
        let removed = self
            .connection
            .prepare_cached(
                "DELETE FROM signing_keys
                 WHERE id = :id AND NOT EXISTS (SELECT 1 FROM connections WHERE key_id = :id)",
            )?
            .execute(named_params! { ":id": id })?;
        Ok(removed > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, workspace};
    use crate::{Flow, JwtSettings, NewConnection};

    fn key(certificate: Option<&str>) -> SigningKey {
        SigningKey {
            id: "a".repeat(64),
            name: "Leadferry".to_owned(),
            bits: 4096,
            certificate: certificate.map(str::to_owned),
            expires_at: certificate.map(|_| NOW),
            vault: Vault::File,
            made_at: NOW,
        }
    }

    #[test]
    fn a_key_in_use_stays_and_its_certificate_is_known_with_the_connection() {
        let workspace = workspace();
        let key = key(Some("PEM"));
        workspace.writing(|writer| writer.save_signing_key(&key));
        let new = NewConnection {
            name: "Acme".to_owned(),
            flow: Flow::Jwt,
            host: None,
            client_id: None,
            callback_port: None,
            username: Some("ann@example.com".to_owned()),
            jwt: JwtSettings {
                key_id: Some(key.id.clone()),
                ..JwtSettings::default()
            },
        };
        let id = workspace.writing(|writer| writer.add_connection(&new, NOW));
        let connection = workspace.read(|reader| reader.connection(id)).unwrap();
        assert_eq!(connection.flow, Flow::Jwt);
        assert_eq!(connection.certificate_expires_at, Some(NOW));
        assert!(!workspace.writing(|writer| writer.remove_signing_key(&key.id)));
        workspace.writing(|writer| writer.remove_connection(id));
        assert!(workspace.writing(|writer| writer.remove_signing_key(&key.id)));
    }

    #[test]
    fn a_key_that_comes_again_without_its_certificate_keeps_it() {
        let workspace = workspace();
        workspace.writing(|writer| writer.save_signing_key(&key(Some("PEM"))));
        workspace.writing(|writer| writer.save_signing_key(&key(None)));
        let keys = workspace.read(|reader| reader.signing_keys()).unwrap();
        assert_eq!(keys, [key(Some("PEM"))]);
    }
}
