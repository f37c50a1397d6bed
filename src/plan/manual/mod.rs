//! What do the keys of this run neither show nor change? It is taken out before anything is compared, and somebody does it by
//! work.
//!
//! What is not seen is not empty: nothing is planned over it. What is seen and can't be changed is compared here, so that
//! only what differs is asked of somebody. Behind all of it stands `refuse`: a step that no key carries never leaves a plan
//! unblocked.

mod copies;
mod groups;
mod only_read;
mod refused;
mod scim;
mod unmanaged;
mod users;
mod work;

pub(super) use refused::refuse;

use std::borrow::Cow;

use crate::model::{Dates, DeclaredSource, Desired, DesiredGroup, Observed, Reach, Topic};
use crate::plan::findings::Findings;
use crate::plan::manual::work::ManualWork;
use crate::plan::people::People;
use crate::plan::resolve::resolution::{Fit, Resolution};
use crate::plan::resolve::temporary::Temporaries;

/// What is left to be planned, and what is not.
pub(super) struct Split<'a> {
    /// The manifests without what the keys do not carry.
    pub(super) desired: Cow<'a, Desired>,
    /// What somebody has to do, what can't be seen, and what is wrong with what somebody would have to do.
    pub(super) findings: Findings,
}

/// Takes out what the keys do not carry. Users whom somebody has to create fit nobody from here on.
pub(super) fn split<'a>(
    (desired, observed): (&'a Desired, &'a Observed),
    resolution: &mut Resolution<'_>,
    temporaries: &Temporaries,
    today: Dates,
) -> Split<'a> {
    if carries(&observed.reach, desired) {
        return Split { desired: Cow::Borrowed(desired), findings: Findings::default() };
    }
    let people = People::new(desired, observed, resolution, temporaries, today);
    let mut work =
        ManualWork { people: &people, desired: desired.clone(), manual: Vec::new(), notices: Vec::new() };
    // Where nobody is read, `unread` says what there is to do about users.
    let unread = work.hidden(Topic::Users).is_some();
    if !unread {
        work.closed();
    }
    let by_hand = if unread { Vec::new() } else { work.users() };
    let blockers = work.groups(&by_hand);
    work.unmanaged();
    work.exclusions();
    let ManualWork { people: _, desired, manual, notices } = work;
    for entry in by_hand {
        resolution.fits[entry] = Fit::ByHand;
    }
    Split { desired: Cow::Owned(desired), findings: Findings { blockers, manual, notices } }
}

/// Whether the keys carry whatever manifests ask for. Of the identity provider's groups there is always something that they
/// don't, but only where one is declared.
fn carries(reach: &Reach, desired: &Desired) -> bool {
    // What has no place at all is taken out by now.
    let is_open = |topic: Topic| {
        topic == Topic::ScimGroups
            || reach.unwritten(topic).is_none()
            || topic.is_of_platform() && reach.absent(topic).is_some()
    };
    let is_scim = |group: &DesiredGroup| group.source == Some(DeclaredSource::Scim);
    Topic::ALL.into_iter().all(is_open) && !desired.groups.iter().any(is_scim)
}
