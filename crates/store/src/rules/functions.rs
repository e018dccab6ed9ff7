//! The functions that rules call from SQL.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::span;
use crate::{Result, conditions};

/// Makes them known on this connection.
///
/// `later`, `sooner`, `next_anniversary` and `date_change` are told beside what they compute. `soonest(a, b)` is the
/// smaller of two moments of which any may be NULL; `times(points, n, maximum)` multiplies, not beyond a maximum in
/// either direction and the ends of 64 bits.
pub(crate) fn register(connection: &Connection) -> Result<()> {
    span::register(connection)?;
    conditions::register(connection)?;
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("soonest", 2, flags, |context| {
        let (one, other) = (
            context.get::<Option<i64>>(0)?,
            context.get::<Option<i64>>(1)?,
        );
        Ok(one.into_iter().chain(other).min())
    })?;
    connection.create_scalar_function("times", 3, flags, |context| {
        let (points, count): (i64, i64) = (context.get(0)?, context.get(1)?);
        let product = i128::from(points) * i128::from(count);
        let most = context.get::<Option<i64>>(2)?.map_or(i128::MAX, i128::from);
        Ok(saturated(product.clamp(-most, most)))
    })?;
    Ok(())
}

/// Returns a number, which stops at the ends of 64 bits.
pub(crate) fn saturated(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}
