//! What is planned where nothing shows users? The HR groups, whole, as manifests have them, over the groups of a download; all
//! else is for somebody's hands.
//!
//! Nobody is matched to a record, so nothing is compared: no user is created, edited or tracked, and who enters and leaves an HR
//! group is not known. The plan says so first, by a violation that only an approval of that very plan lets through.

mod file;
mod manual;
mod set;
mod settle;

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::model::{Dates, Desired, Download, KeyProof, Missing, OrderKind, Origin, Phrase, Snapshot};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::attempt::Unfinished;
use crate::plan::context::Context;
use crate::plan::digest::Prints;
use crate::plan::draft::Draft;
use crate::plan::findings::Findings;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::finish::Parts;
use crate::plan::finished::Preview;
use crate::plan::incomplete::Incomplete;
use crate::plan::notices::guards;
use crate::plan::people::People;
use crate::plan::planned_set::PlannedSnapshot;
use crate::plan::tracking::Counted;
use crate::plan::violation::{Violation, ViolationKind};
use crate::plan::{completeness, digest, groups, hr, limits, manual as split};
use crate::plan::{finish, require, resolve, ruled, unmanaged};

/// Computes what would make the HR groups of a download equal to those of `desired`.
///
/// # Errors
/// Every reason why the two sides are not the whole picture.
pub fn from_download(
    desired: &Desired,
    download: &Download,
    context: &Context<'_>,
) -> Result<Preview, Vec<Incomplete>> {
    let said = everybody(desired);
    let (observed, temporaries) = resolve::temporary::read(&download.account);
    let observed = &*observed;
    let said = resolve::namesakes::settled(&said, observed);
    let mut resolution = resolve::resolve(&said, observed, &temporaries);
    let unresolved = std::mem::take(&mut resolution.blockers);
    let today = Dates::of(context.now);
    let ruled = ruled::settled((&said, observed), &mut resolution, &temporaries, today);
    let split = split::split((&ruled.desired, observed), &mut resolution, &temporaries, today);
    let people = People::new(&split.desired, observed, &resolution, &temporaries, today);
    let uncounted = completeness::check(&people, desired, context)?;
    let mut draft = Draft::default();
    let declared = groups::draft(&people, &mut draft);
    unmanaged::draft(&people, &said, &mut draft);
    let set = set::draft(&people, download, &declared, &mut draft);
    manual::draft(&people, &ruled.told(desired), &set.carried, &mut draft);
    unseen(&people, download, &mut draft);
    let refused = split::refuse(observed, &draft);
    let exports = hr::exports::notices(&people);
    let unset = guards::unset(desired, context.number);
    draft.findings.extend([unresolved.into(), ruled.findings, split.findings, uncounted, unset, exports]);
    draft.findings.blockers.extend(refused);
    let judged = require::unread(&people);
    draft.findings.extend([require::said(&judged, Findings::default(), &[])]);
    let violations = violations(&people, context, &draft, set.upload.as_ref());
    let broken = digest::broken(&violations, &draft, observed);
    let mut fingerprints = digest::fingerprints(&draft, observed, None);
    fingerprints.extend(set.upload.as_ref().map(|upload| of_file(&upload.snapshot)));
    fingerprints.sort_unstable();
    let plan = finish::plan(Parts {
        desired,
        observed,
        base: context.base,
        draft,
        snapshot: set.upload,
        violations,
        prints: Prints { fingerprints, leaves: Vec::new(), broken },
        unfinished: Unfinished::default(),
        licences: 0,
        judged: &judged,
    });
    Ok(Preview { plan, standing: set.standing, judged })
}

/// Limits and protections that the draft breaks, and first of all that nothing proves what an upload makes of the account.
fn violations(
    people: &People<'_>,
    context: &Context<'_>,
    draft: &Draft,
    upload: Option<&PlannedSnapshot>,
) -> Vec<Violation> {
    let counted = Counted { erased: BTreeSet::new(), leftovers: Vec::new() };
    let unproved = upload.map(|_| Violation { kind: ViolationKind::Unproved, origin: Origin::NONE });
    let broken = limits::violations((people, &After::default()), context.base, &counted, draft);
    unproved.into_iter().chain(broken).collect()
}

/// The manifests with everybody in them taken for a user of the account: whether somebody is there is not to be seen.
fn everybody(desired: &Desired) -> Desired {
    let mut said = desired.clone();
    for user in &mut said.users {
        user.missing = Missing::Create;
        user.order = user.order.take().filter(|order| matches!(order.kind, OrderKind::Remove(_)));
    }
    said
}

/// The file stands for whoever is in it, as no record does.
fn of_file(snapshot: &Snapshot) -> Fingerprint {
    let mut sha = Sha256::new();
    sha.update("file");
    sha.update(snapshot.sha256);
    Fingerprint(sha.finalize().into())
}

/// Says what a download does not tell.
fn unseen(people: &People<'_>, download: &Download, draft: &mut Draft) {
    draft.findings.notice(
        Origin::NONE,
        phrase![format!(
            "groups are those of the download of {}; users, their values, tracking and exclusions are not read",
            download.made
        )],
    );
    if download.key == KeyProof::None {
        let words =
            "nothing proves that the key opens the account of the download: no API that could tell is open";
        draft.findings.notice(Origin::NONE, Phrase::words(words));
    }
    if download.earlier.is_none() {
        let words =
            "nothing here tells of an earlier upload: whether one is still being processed is not to be seen";
        draft.findings.notice(Origin::NONE, Phrase::words(words));
    }
    if let Some(export) = people.desired.exports.first() {
        let words = "whether HR exports shrink their groups can't be counted";
        draft.findings.notice(export.origin, Phrase::words(words));
    }
    let minimum = people.desired.policy.minimum.users.origin;
    if minimum != Origin::NONE {
        draft.findings.notice(minimum, Phrase::words("`minimum.users` can't be checked: nobody is read"));
    }
    let mut protected = people.desired.policy.protected_users.iter();
    if let Some(first) = protected.next() {
        draft
            .findings
            .notice(first.origin, Phrase::words("protected users can't be watched: nobody is read"));
    }
    for left in &people.desired.leave_out {
        let words = "`hr.leaveOut` is for groups that are carried over, and none is: take it out";
        draft.findings.notice(left.user.origin, Phrase::words(words));
    }
}
