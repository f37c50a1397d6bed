//! Who changed what differs? What is asked of the account's audit log, and how it is said where that says nothing.

use jiff::{SignedDuration, Timestamp};

use crate::cli::process::failure::Failure;
use crate::cli::session::planning::{Planned, Session};
use crate::plan::{has_audited, with_audit, with_writers};

/// What is older was not changed since the last look, or it is too long ago for one entry to tell.
const WINDOW: SignedDuration = SignedDuration::from_hours(30 * 24);
/// What was written so long before a look may not have shown in it yet, by whichever clock.
const LATE: SignedDuration = SignedDuration::from_hours(1);

/// The plan with who changed each fact last, as far as the account says it; and why its audit log does not, where it was asked. `clean`
/// is when the account was last seen to be what the manifests say.
pub(super) async fn audited(
    session: &Session,
    planned: Planned,
    clean: Option<Timestamp>,
) -> (Planned, Option<String>) {
    let plan = with_writers(planned.plan, &planned.observed);
    let (plan, why) = if has_audited(&plan) {
        match session.audit_log(since(session.now, clean)).await {
            Ok(log) => (with_audit(plan, &planned.observed, &log), None),
            Err(error) if error.is_closed() => (plan, Some("the key may not read the audit log".to_owned())),
            Err(error) => {
                (plan, Some(format!("the audit log can't be read: {}", Failure::from(error).sentence())))
            }
        }
    } else {
        (plan, None)
    };
    (Planned { plan, ..planned }, why)
}

/// From when on whoever changed it did so.
fn since(now: Timestamp, clean: Option<Timestamp>) -> Timestamp {
    let before = |moment: Timestamp, time| moment.checked_sub(time).unwrap_or(Timestamp::MIN);
    let earliest = before(now, WINDOW);
    clean.map_or(earliest, |clean| before(clean, LATE).max(earliest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_begins_at_the_last_clean_look_and_is_never_longer_than_a_month() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-05-31T12:00:00Z");
        for (clean, wanted) in [
            (None, "2026-05-01T12:00:00Z"),
            (Some("2026-05-30T03:00:00Z"), "2026-05-30T02:00:00Z"),
            (Some("2026-01-01T00:00:00Z"), "2026-05-01T12:00:00Z"),
            (Some("-009999-01-02T01:59:59Z"), "2026-05-01T12:00:00Z"),
        ] {
            assert_eq!(since(now, clean.map(at)), at(wanted), "{clean:?}");
        }
    }
}
