//! Sign-ins that end when nobody uses them: renewed in time, and told before they end.

use leadferry_store::{Connection, Flow};

use super::record_trouble;
use crate::sessions::OrgSessions;
use crate::{Result, Workspace, alerts, sentence};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Days after which Salesforce may end a refresh token that wasn't used.
///
/// # Source
/// Salesforce Help, "Limit Idle Refresh Token TTL".
const LAPSES_AFTER: i64 = 30;
/// Days after which it is renewed, so that a few weeks without Leadferry do no harm.
const RENEWED_AFTER: i64 = 7;
/// Days before it lapses from which on the user is told.
const TOLD_BEFORE: i64 = 9;

/// Returns when a sign-in was renewed last; `None` where it isn't one that lapses.
fn renewed_at(connection: &Connection) -> Option<i64> {
    let lapses = connection.flow == Flow::Browser && connection.facts.refreshable == Some(true);
    // Sign-ins of earlier versions have not noted it.
    let renewed = connection.facts.renewed_at.or(connection.signed_in_at);
    renewed.filter(|_| lapses && connection.org_id.is_some())
}

/// Returns the days until a sign-in that isn't used can lapse; `None` where it doesn't.
pub(super) fn days_until_lapse(connection: &Connection, now: i64) -> Option<i64> {
    let unused = now.saturating_sub(renewed_at(connection)?) / DAY_MS;
    Some((LAPSES_AFTER - unused).max(0))
}

/// Says that a sign-in will lapse soon, or may have lapsed.
pub(crate) fn lapse_in_words(connection: &Connection, now: i64) -> Option<String> {
    let days = days_until_lapse(connection, now).filter(|days| *days <= TOLD_BEFORE)?;
    let unused = LAPSES_AFTER - days;
    Some(match days {
        0 => {
            format!("the sign-in hasn't been used for {unused} days or more, and may have expired")
        }
        1 => "the sign-in hasn't been used for weeks, and can expire tomorrow".to_owned(),
        days => {
            format!("the sign-in hasn't been used for {unused} days, and can expire in {days} days")
        }
    })
}

/// What to do about it.
pub(crate) const LAPSE_CURE: &str = "test the connection, which renews the sign-in";

/// Renews the sign-ins that were not used for a week, so that none lapses while Leadferry runs; returns the names of those
/// that were. What would ask for a passphrase is left for later.
pub async fn keep_alive(workspace: &Workspace) -> Result<Vec<String>> {
    let now = workspace.host().now();
    let mut renewed = Vec::new();
    if !workspace.approval().is_given() || workspace.store().is_read_only() {
        return Ok(renewed);
    }
    let all = workspace.store().read(|reader| reader.connections())?;
    for connection in all.iter().filter(|one| is_due(one, now)) {
        let may_open = connection
            .vault
            .is_some_and(|vault| workspace.secrets().opens_unasked(vault));
        if !may_open {
            continue;
        }
        match renew(workspace, connection).await {
            Ok(()) => renewed.push(connection.name.clone()),
            Err(error) => record_trouble(workspace, connection, &error),
        }
    }
    tell_lapsing(workspace, now)?;
    Ok(renewed)
}

/// Raises an alert for each sign-in that will lapse soon, because it couldn't be renewed.
fn tell_lapsing(workspace: &Workspace, now: i64) -> Result<()> {
    let all = workspace.store().read(|reader| reader.connections())?;
    for connection in all.iter().filter(|one| !has_failed(one)) {
        if let Some(text) = lapse_in_words(connection, now) {
            let message = format!("{}: {text}. {}", connection.name, sentence(LAPSE_CURE));
            alerts::lapsing(workspace, connection.id, message.trim_end_matches('.'));
        }
    }
    Ok(())
}

/// A sign-in that fails is tried again only when somebody has seen to it.
fn is_due(connection: &Connection, now: i64) -> bool {
    let unused = renewed_at(connection).map(|at| now.saturating_sub(at));
    !has_failed(connection) && unused.is_some_and(|unused| unused >= RENEWED_AFTER * DAY_MS)
}

fn has_failed(connection: &Connection) -> bool {
    let trouble = connection.facts.trouble.as_ref();
    trouble.is_some_and(|trouble| trouble.needs_sign_in)
}

/// Uses the refresh token, whether the session is still good or not.
async fn renew(workspace: &Workspace, connection: &Connection) -> Result<()> {
    use leadferry_salesforce::Sessions as _;
    let sessions = OrgSessions::new(workspace, connection);
    let current = sessions.current().await?;
    sessions.renew(&current).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use leadferry_store::ConnectionFacts;

    use super::*;
    use crate::connections::testing::a_connection;

    fn unused_for(days: i64) -> Connection {
        Connection {
            flow: Flow::Browser,
            signed_in_at: Some(0),
            facts: ConnectionFacts {
                refreshable: Some(true),
                renewed_at: Some((100 - days) * DAY_MS),
                ..ConnectionFacts::default()
            },
            ..a_connection()
        }
    }

    const NOW: i64 = 100 * DAY_MS;

    #[test]
    fn a_sign_in_is_renewed_after_a_week_and_told_of_before_it_lapses() {
        assert!(!is_due(&unused_for(6), NOW));
        assert!(is_due(&unused_for(7), NOW));
        assert_eq!(lapse_in_words(&unused_for(20), NOW), None);
        let soon = lapse_in_words(&unused_for(23), NOW).unwrap();
        assert!(
            soon.contains("23 days") && soon.contains("in 7 days"),
            "{soon}"
        );
        let late = lapse_in_words(&unused_for(45), NOW).unwrap();
        assert!(late.contains("may have expired"), "{late}");
    }

    #[test]
    fn what_cannot_lapse_is_left_alone() {
        let app = Connection {
            flow: Flow::ClientCredentials,
            ..unused_for(99)
        };
        let once = Connection {
            facts: ConnectionFacts::default(),
            ..unused_for(99)
        };
        for connection in [app, once] {
            assert!(!is_due(&connection, NOW));
            assert_eq!(days_until_lapse(&connection, NOW), None);
        }
    }
}
