//! Reading JSON that may hold null, or another kind of number, where a value was promised.

use serde::{Deserialize, Deserializer};

/// Reads null as the type's default.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a whole number that may be written as a double or be null.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number: f64 = or_default(deserializer)?;
    // The cast saturates, so a hostile number becomes the nearest possible one.
    Ok(number as u32)
}
