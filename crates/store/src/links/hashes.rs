//! What was sent last over a link: a hash of 8 bytes a field, packed.
//!
//! The fields' names stand once in `sent_fields`; a packed entry is the number of a field, then the hash of its value.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use sha2::{Digest, Sha256};

use crate::{Error, Reader, Result, Writer};

/// By which a value that was sent is known again: the first 8 bytes of the SHA-256 of its JSON token, the same in every
/// version and on every platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueHash(pub(crate) u64);

impl ValueHash {
    /// Returns the hash of a JSON token.
    pub fn of(json: &str) -> Self {
        Self::of_first(&Sha256::digest(json.as_bytes()))
    }

    /// Returns the hash that a longer one begins with.
    pub(crate) fn of_first(digest: &[u8]) -> Self {
        let first = digest.first_chunk::<8>().copied();
        Self(u64::from_be_bytes(first.unwrap_or_default()))
    }
}

impl std::fmt::Display for ValueHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Target field -> hash of the value sent last.
pub type Hashes = BTreeMap<Arc<str>, ValueHash>;

/// Writes hashes as JSON: 16 hexadecimal digits a field.
pub(crate) fn hashes_to_json(hashes: &Hashes) -> String {
    let texts = hashes
        .iter()
        .map(|(field, hash)| (&**field, hash.to_string().into()));
    let object: serde_json::Map<String, serde_json::Value> = texts
        .map(|(field, text)| (field.to_owned(), text))
        .collect();
    serde_json::Value::Object(object).to_string()
}

/// Reads hashes as [`hashes_to_json`] writes them.
pub(crate) fn hashes_from_json(json: &str) -> Result<Hashes> {
    let texts: BTreeMap<String, String> =
        serde_json::from_str(json).map_err(|error| Error::unreadable("hashes", error))?;
    let read = |(field, text): (String, String)| {
        let hash = u64::from_str_radix(&text, 16).map_err(|_| broken())?;
        Ok((field.into(), ValueHash(hash)))
    };
    texts.into_iter().map(read).collect()
}

/// The fields that were ever sent, by name and by number.
#[derive(Debug, Default)]
pub(crate) struct SentFields {
    numbers: BTreeMap<Arc<str>, u64>,
    names: BTreeMap<u64, Arc<str>>,
}

impl SentFields {
    pub(crate) fn read(connection: &Connection) -> Result<Self> {
        let mut statement = connection.prepare_cached("SELECT id, name FROM sent_fields")?;
        let mut fields = Self::default();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (number, name): (i64, String) = (row.get(0)?, row.get(1)?);
            let (number, name) = (number.unsigned_abs(), Arc::<str>::from(name));
            fields.numbers.insert(Arc::clone(&name), number);
            fields.names.insert(number, name);
        }
        Ok(fields)
    }

    fn knows(&self, hashes: &Hashes) -> bool {
        hashes.keys().all(|field| self.numbers.contains_key(field))
    }

    /// Packs hashes; those of unknown fields are left out.
    pub(crate) fn pack(&self, hashes: &Hashes) -> Vec<u8> {
        let known = hashes
            .iter()
            .filter_map(|(field, hash)| Some((*self.numbers.get(field)?, hash.0)));
        let mut known: Vec<_> = known.collect();
        known.sort_unstable();
        packed(known)
    }

    pub(crate) fn unpack(&self, bytes: &[u8]) -> Result<Hashes> {
        let named = entries(bytes)?.into_iter().map(|(number, hash)| {
            let name = self.names.get(&number).ok_or_else(broken)?;
            Ok((Arc::clone(name), ValueHash(hash)))
        });
        named.collect()
    }
}

impl Reader<'_> {
    /// Returns the fields that were ever sent, as this transaction knows them.
    pub(crate) fn sent_fields(&self) -> Result<Rc<SentFields>> {
        if let Some(fields) = self.sent_fields.borrow().as_ref() {
            return Ok(Rc::clone(fields));
        }
        let fields = Rc::new(SentFields::read(self.connection)?);
        *self.sent_fields.borrow_mut() = Some(Rc::clone(&fields));
        Ok(fields)
    }
}

impl Writer<'_> {
    /// Packs hashes, and gives a number to each field that has none yet.
    pub(crate) fn packed_hashes(&self, hashes: &Hashes) -> Result<Vec<u8>> {
        let mut fields = self.sent_fields()?;
        if !fields.knows(hashes) {
            for field in hashes.keys() {
                self.connection
                    .prepare_cached("INSERT OR IGNORE INTO sent_fields (name) VALUES (?1)")?
                    .execute([&**field])?;
            }
            *self.sent_fields.borrow_mut() = None;
            fields = self.sent_fields()?;
        }
        Ok(fields.pack(hashes))
    }
}

/// Teaches a connection `merged_sent(before, now)`, which takes what was sent now over what was sent before, and
/// `without_sent(before, fields)`, which forgets the fields that are packed there.
pub(crate) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    let function = |name, combine: fn(&mut BTreeMap<u64, u64>, BTreeMap<u64, u64>)| {
        connection.create_scalar_function(name, 2, flags, move |context| {
            let [before, now] = [0, 1].map(|at| context.get_raw(at).as_blob());
            let failed = |error| rusqlite::Error::UserFunctionError(Box::new(error));
            let mut all = entries(before?).map_err(failed)?;
            combine(&mut all, entries(now?).map_err(failed)?);
            Ok(packed(all))
        })
    };
    function("merged_sent", |all, now| all.extend(now))?;
    function("without_sent", |all, gone| {
        all.retain(|field, _| !gone.contains_key(field))
    })?;
    Ok(())
}

/// Packs numbers of fields with their hashes, in the order of the numbers.
fn packed(entries: impl IntoIterator<Item = (u64, u64)>) -> Vec<u8> {
    let entries = entries.into_iter();
    let mut bytes = Vec::with_capacity(entries.size_hint().0 * 10);
    for (mut field, hash) in entries {
        while field >= 0x80 {
            bytes.push(field as u8 | 0x80);
            field >>= 7;
        }
        bytes.push(field as u8);
        bytes.extend_from_slice(&hash.to_be_bytes());
    }
    bytes
}

fn entries(mut bytes: &[u8]) -> Result<BTreeMap<u64, u64>> {
    let mut entries = BTreeMap::new();
    while !bytes.is_empty() {
        let (mut field, mut shift) = (0, 0);
        loop {
            let (byte, rest) = bytes.split_first().ok_or_else(broken)?;
            bytes = rest;
            if shift > 28 {
                return Err(broken());
            }
            field |= u64::from(byte & 0x7F) << shift;
            shift += 7;
            if *byte < 0x80 {
                break;
            }
        }
        let (hash, rest) = bytes.split_first_chunk::<8>().ok_or_else(broken)?;
        entries.insert(field, u64::from_be_bytes(*hash));
        bytes = rest;
    }
    Ok(entries)
}

fn broken() -> Error {
    Error::unreadable("what was sent", "it doesn't have the form that it should")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_is_read_back(
            fields in prop::collection::btree_map(0..1_u64 << 28, any::<u64>(), 0..40),
        ) {
            prop_assert_eq!(entries(&packed(fields.clone())).unwrap(), fields);
        }

        #[test]
        fn a_strangers_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = entries(&bytes);
        }
    }

    #[test]
    fn hashes_never_change() {
        // The first 8 bytes of the SHA-256 of "abc" with its quotation marks.
        assert_eq!(ValueHash::of("\"abc\""), ValueHash(0x6cc4_3f85_8fbb_7633));
    }
}
