//! What is planned where nothing shows users? The HR groups, whole, as manifests have them, over the groups of a download; all
//! else is for somebody's hands.
//!
//! Nobody is matched to a record, so nothing is compared: no user is created, edited or tracked, and who enters and leaves an HR
//! group is not known. The plan says so first, by a violation that only an approval of that very plan lets through.

mod by_hand;
mod file;
mod set;
mod settle;

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::model::{Dates, Desired, Download, KeyProof, Missing, OrderKind, Origin, Phrase, Snapshot};
use crate::phrase;
use crate::plan::attempt::Begun;
use crate::plan::begun;
use crate::plan::context::Context;
use crate::plan::draft::Draft;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::finished::{Plan, Preview, Reading};
use crate::plan::limits::Counted;
use crate::plan::not_whole::NotWhole;
use crate::plan::people::People;
use crate::plan::sorted::sorted;
use crate::plan::touched::Touched;
use crate::plan::violation::{Violation, ViolationKind};
use crate::plan::{base, by_hand as split, digest, groups, hr, limits, whole};
use crate::plan::{resolve, unmanaged};

/// Computes what would make the HR groups of a download equal to those of `desired`.
///
/// # Errors
/// Every reason why the two sides are not the whole picture.
pub fn from_download(
    desired: &Desired,
    download: &Download,
    context: &Context<'_>,
) -> Result<Preview, Vec<NotWhole>> {
    let said = everybody(desired);
    let (observed, temporaries) = resolve::temporary::read(&download.account);
    let observed = &*observed;
    let said = resolve::namesakes::settled(&said, observed);
    let mut resolution = resolve::resolve(&said, observed, &temporaries);
    let resolved = std::mem::take(&mut resolution.blockers);
    let today = Dates::of(context.now);
    let mut split = split::split((&said, observed), &mut resolution, &temporaries, today);
    let mut draft = split.begin(resolved);
    let people = People::new(&split.desired, observed, &resolution, &temporaries, today);
    whole::check(&people, desired, context, &mut draft)?;
    hr::exports::draft(&people, &mut draft);
    let declared = groups::draft(&people, &mut draft);
    unmanaged::draft(&people, &said, &mut draft);
    let set = set::draft(&people, download, &declared, &mut draft);
    by_hand::draft(&people, desired, &set.carried, &mut draft);
    unseen(&people, download, &mut draft);
    split::refuse(observed, &mut draft);
    let counted = Counted { erased: BTreeSet::new(), leftovers: Vec::new() };
    let mut violations = limits::violations(&people, context.base, &counted, &draft);
    violations.extend(
        set.upload.as_ref().map(|_| Violation { kind: ViolationKind::Unproved, origin: Origin::NONE }),
    );
    violations.rotate_right(usize::from(set.upload.is_some()));
    let mut fingerprints = digest::fingerprints(&draft, observed, None);
    fingerprints.extend(set.upload.as_ref().map(|upload| of_file(&upload.snapshot)));
    fingerprints.sort_unstable();
    let broken = digest::broken(&violations, &draft, observed);
    let evidence = digest::evidence([&fingerprints, &[], &broken]);
    let ((phases, follows), marks) = (draft.phases(), begun::marks(&draft));
    let Draft { changes, blockers, manual, notices, .. } = draft;
    let plan = Plan {
        account: desired.account.name.value.clone(),
        reading: Reading { users: 0, declared: desired.users.len(), groups: observed.groups.len() },
        touched: Touched::by(&changes, observed),
        licences: 0,
        exports: desired.exports.clone(),
        base_gap: context.base.and_then(|base| base.gap.clone()),
        loosened: context.base.map_or_else(Vec::new, |base| base::loosened(desired, base)),
        changes,
        phases,
        follows,
        snapshot: set.upload,
        violations,
        blockers: sorted(blockers),
        manual: sorted(manual),
        notices: sorted(notices),
        reach: observed.reach.clone(),
        policy: digest::policy_digest(&desired.policy),
        digest: digest::digest(&desired.policy, &observed.reach, &evidence),
        fingerprints,
        leaves: Vec::new(),
        broken,
        marks,
        begun: Begun::default(),
    };
    Ok(Preview { plan, standing: set.standing })
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
    draft.notice(
        Origin::NONE,
        phrase![format!(
            "groups are those of the download of {}; users, their values, tracking and exclusions are not read",
            download.made
        )],
    );
    if download.key == KeyProof::None {
        let words =
            "nothing proves that the key opens the account of the download: no API that could tell is open";
        draft.notice(Origin::NONE, Phrase::words(words));
    }
    if download.earlier.is_none() {
        let words =
            "nothing here tells of an earlier upload: whether one is still being processed is not to be seen";
        draft.notice(Origin::NONE, Phrase::words(words));
    }
    if let Some(export) = people.desired.exports.first() {
        let words = "whether HR exports shrink their groups can't be counted";
        draft.notice(export.origin, Phrase::words(words));
    }
    let minimum = people.desired.policy.minimum.users.origin;
    if minimum != Origin::NONE {
        draft.notice(minimum, Phrase::words("`minimum.users` can't be checked: nobody is read"));
    }
    let mut protected = people.desired.policy.protected_users.iter();
    if let Some(first) = protected.next() {
        draft.notice(first.origin, Phrase::words("protected users can't be watched: nobody is read"));
    }
    for left in &people.desired.leave_out {
        let words = "`hr.leaveOut` is for groups that are carried over, and none is: take it out";
        draft.notice(left.user.origin, Phrase::words(words));
    }
}
