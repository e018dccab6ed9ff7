//! Making a key, and the certificate that an app in Salesforce trusts.

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize};

use super::certificate::Certificate;
use super::private::PrivateKey;
use crate::{Code, Error, Result};

/// How long a certificate is valid, in days.
const DAYS: i64 = 3650;

/// A new key.
pub(super) struct Made {
    pub(super) key: PrivateKey,
    pub(super) certificate: Certificate,
}

/// Makes an RSA key of 4096 bits, and a certificate for it that it signs itself. `now` is UTC milliseconds.
pub(super) fn make(name: &str, now: i64) -> Result<Made> {
    let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_4096)
        .map_err(|error| failed(&error.to_string()))?;
    let certificate = params(name, now)
        .and_then(|params| params.self_signed(&pair).ok())
        .and_then(|made| Certificate::from_der(made.der()))
        .ok_or_else(|| failed("the certificate couldn't be made"))?;
    Ok(Made {
        key: PrivateKey::from_pkcs8(&pair.serialize_der())?,
        certificate,
    })
}

fn params(name: &str, now: i64) -> Option<CertificateParams> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let today = Timestamp::from_millisecond(now).ok()?;
    let today = today.to_zoned(TimeZone::UTC).date();
    let day = |date: jiff::civil::Date| {
        let part = |number: i8| u8::try_from(number).unwrap_or(1);
        rcgen::date_time_ymd(i32::from(date.year()), part(date.month()), part(date.day()))
    };
    // Valid since yesterday, so that a clock that is slow elsewhere doesn't refuse it.
    params.not_before = day(today.checked_sub(1.day()).ok()?);
    params.not_after = day(today.checked_add(DAYS.days()).ok()?);
    Some(params)
}

pub(super) fn failed(why: &str) -> Error {
    Error::new(Code::Local, "The key couldn't be made.", "Try again.").because(why)
}
