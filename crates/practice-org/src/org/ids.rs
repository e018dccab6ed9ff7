//! Record ids: three characters that name the kind, twelve that count, three that check the case of the others.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// The pod and reserved characters between prefix and counter.
const POD: &str = "7Q00";

/// The 18-character id with this counter.
pub(crate) fn make(prefix: &str, mut number: u64) -> String {
    let mut digits = [b'0'; 8];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    let mut id = format!("{prefix}{POD}{}", String::from_utf8_lossy(&digits));
    let check = checksum(&id);
    id.push_str(&check);
    id
}

/// Three characters that say which of the fifteen are capitals.
fn checksum(id15: &str) -> String {
    let group = |five: &[u8]| {
        let bits = five
            .iter()
            .enumerate()
            .filter(|(_, c)| c.is_ascii_uppercase());
        char::from(CHECK[bits.map(|(n, _)| 1 << n).sum::<usize>()])
    };
    id15.as_bytes().chunks(5).map(group).collect()
}

/// The 18-character form of a 15- or 18-character id; nothing if it is malformed or its case was changed.
pub(crate) fn normal(id: &str) -> Option<String> {
    if !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    match id.len() {
        15 => Some(format!("{id}{}", checksum(id))),
        18 => (checksum(&id[..15]) == id[15..]).then(|| id.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_follows_the_case() {
        assert_eq!(
            normal("001D000000IqhSL").as_deref(),
            Some("001D000000IqhSLIAZ"),
            "a documented pair"
        );
        assert_eq!(
            normal("001d000000IqhSLIAZ"),
            None,
            "a changed case is noticed"
        );
        assert_eq!(normal("short"), None);
        let id = make("00Q", 63);
        assert_eq!((id.len(), normal(&id)), (18, Some(id.clone())));
        assert!(
            make("00Q", 61) < make("00Q", 62),
            "later ids sort after earlier ones"
        );
    }
}
