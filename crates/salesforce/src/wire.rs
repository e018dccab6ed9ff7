//! Reading JSON that may hold null, or another kind of number, where a value was promised.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Most values in one answer. A page of 2,000 records with a hundred fields has a tenth of it; in memory a value takes
/// many times the two bytes that it may have in the answer.
const MOST_VALUES: usize = 2_000_000;

/// Tells whether JSON holds more values than any answer; signs within texts count too, which does no harm.
pub(crate) fn has_too_many_values(json: &[u8]) -> bool {
    let parts = json
        .iter()
        .filter(|byte| matches!(byte, b',' | b'[' | b'{'));
    parts.count() > MOST_VALUES
}

/// Reads a list with so many items at most; null is an empty one.
pub(crate) fn list<'de, D, T, const MOST: usize>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(List::<T, MOST>(PhantomData))
}

struct List<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for List<T, MOST> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {MOST} items at most")
    }

    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut read = Vec::new();
        while let Some(item) = items.next_element()? {
            if read.len() == MOST {
                return Err(A::Error::invalid_length(MOST + 1, &self));
            }
            read.push(item);
        }
        Ok(read)
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Listed {
        #[serde(default, deserialize_with = "list::<_, _, 3>")]
        items: Vec<u8>,
    }

    #[test]
    fn a_list_is_read_up_to_its_limit() {
        for (json, count) in [
            ("{}", Some(0)),
            ("{\"items\":null}", Some(0)),
            ("{\"items\":[1,2,3]}", Some(3)),
            ("{\"items\":[1,2,3,4]}", None),
            ("{\"items\":7}", None),
        ] {
            let read = serde_json::from_str::<Listed>(json);
            assert_eq!(read.ok().map(|listed| listed.items.len()), count, "{json}");
        }
    }

    #[test]
    fn values_are_counted_before_they_take_memory() {
        assert!(!has_too_many_values(b"[{\"a\":[1,2]}]"));
        assert!(has_too_many_values("0,".repeat(MOST_VALUES + 1).as_bytes()));
    }
}
