//! The identity of a plan: fingerprints of its facts and of the HR groups that it sends, and one digest over them and the policy.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::model::{
    Delta, Fact, GroupName, HrGroup, Limit, Piece, Policy, Reach, Reference, Snapshot, Topic, UserLabel,
    UserRef, fold,
};
use crate::plan::draft::Draft;
use crate::plan::limits::limit;
use crate::plan::types::{Digest, Fingerprint, LimitKind};

/// Counts up when the same facts would hash otherwise.
const SCHEMA: &str = "rollcall plan 1";

/// One fingerprint for every changed fact, and one for every group of an HR set as it stands; sorted. Two facts that read the
/// same, as of two computers of one name, count twice.
pub(super) fn fingerprints(draft: &Draft, snapshot: Option<&Snapshot>) -> Vec<Fingerprint> {
    let facts = draft.changes.iter().zip(&draft.keys);
    let facts =
        facts.flat_map(|(change, key)| change.facts.iter().map(move |fact| fingerprint(key, fact, draft)));
    let standing = snapshot.into_iter().flat_map(standing).map(|(_, fingerprint)| fingerprint);
    let mut fingerprints: Vec<Fingerprint> = facts.chain(standing).collect();
    fingerprints.sort_unstable();
    fingerprints
}

/// One fingerprint for every group of an HR set as the upload leaves it, but for those that `stand` so; sorted.
pub(super) fn leaves(draft: &Draft, snapshot: Option<&Snapshot>, stand: &[Fingerprint]) -> Vec<Fingerprint> {
    let after = snapshot.into_iter().flat_map(|snapshot| &snapshot.after);
    let prints = after.map(|group| {
        hr_group(group, |member, sha| match member {
            UserRef::Known(id) => sha.update(id.0.to_be_bytes()),
            UserRef::New(change) => sha.update(&draft.keys[change.0 as usize]),
        })
    });
    let mut leaves: Vec<Fingerprint> = prints.filter(|print| stand.binary_search(print).is_err()).collect();
    leaves.sort_unstable();
    leaves
}

/// All fingerprints of a plan, sorted.
pub(super) fn evidence(fingerprints: &[Fingerprint], leaves: &[Fingerprint]) -> Vec<Fingerprint> {
    let mut all = [fingerprints, leaves].concat();
    all.sort_unstable();
    all
}

/// Every HR group that an upload was planned over, and the fingerprint of its name and members as they were read.
pub(super) fn standing(snapshot: &Snapshot) -> impl Iterator<Item = (&GroupName, Fingerprint)> {
    let known = |member: &UserRef, sha: &mut Sha256| match member {
        UserRef::Known(id) => sha.update(id.0.to_be_bytes()),
        UserRef::New(_) => {}
    };
    snapshot.before.iter().map(move |group| (&group.name, hr_group(group, known)))
}

/// The digest over policy, schema version, what the keys don't open, and all fingerprints of a plan ([`crate::plan::Plan::evidence`]). Where
/// nothing would change it is the digest of nothing under that policy and those keys.
pub fn digest(policy: &Policy, reach: &Reach, evidence: &[Fingerprint]) -> Digest {
    let mut sha = Sha256::new();
    sha.update(SCHEMA);
    sha.update([0]);
    sha.update(canonical(policy));
    sha.update(closed(reach));
    for fingerprint in evidence {
        sha.update(fingerprint.0);
    }
    Digest(sha.finalize().into())
}

/// What a policy comes to: equal for equal bounds, whatever line or order they come from.
pub fn policy_digest(policy: &Policy) -> Digest {
    Digest(Sha256::digest(canonical(policy)).into())
}

fn fingerprint(object: &str, fact: &Fact, draft: &Draft) -> Fingerprint {
    let Fact { field, delta, severity, cause, origin: _, remark: _ } = fact;
    let mut sha = Sha256::new();
    let mut part = |text: &str| {
        sha.update((text.len() as u64).to_be_bytes());
        sha.update(text);
    };
    part(object);
    part(field.word());
    match delta {
        Delta::Add(value) => {
            part("add");
            part(&value_key(value, draft));
        }
        Delta::Remove(value) => {
            part("remove");
            part(&value_key(value, draft));
        }
        Delta::Set { from, to } => {
            part("set");
            part(&from.as_ref().map_or_else(String::new, |from| value_key(from, draft)));
            part(&value_key(to, draft));
        }
    }
    part(severity.word());
    part(cause.word());
    Fingerprint(sha.finalize().into())
}

/// A value as it is hashed: users by record or smallest identifier, the rest by its text, case and all.
fn value_key(value: &Piece, draft: &Draft) -> String {
    match value {
        Piece::Plain(text) => text.clone().into_owned(),
        Piece::Personal(text) => text.to_string(),
        Piece::User(label) => user_key(label, draft),
    }
}

fn user_key(label: &UserLabel, draft: &Draft) -> String {
    if let Some(record) = label.record {
        return format!("user:{}", record.0);
    }
    draft.created_key(label).unwrap_or_default().to_owned()
}

/// The (group, user) pairs of one HR group.
fn hr_group(group: &HrGroup, key: impl Fn(&UserRef, &mut Sha256)) -> Fingerprint {
    let mut sha = Sha256::new();
    sha.update("hr group\0");
    sha.update(group.name.key());
    for member in &group.members {
        sha.update([1]);
        key(member, &mut sha);
    }
    Fingerprint(sha.finalize().into())
}

/// A policy as text: every field by name, lists sorted, no places.
fn canonical(policy: &Policy) -> String {
    let Policy {
        unmanaged_users,
        unmanaged_groups,
        unmanaged_hr_groups,
        unmanaged_exclusions,
        limits,
        protected_users,
        protected_groups,
        minimum,
        orders_expire_after,
        auto_emails,
    } = policy;
    let mut text = String::new();
    let mut line = |key: &str, value: &dyn std::fmt::Debug| {
        let written = writeln!(text, "{key}={value:?}");
        debug_assert!(written.is_ok(), "a string takes every line");
    };
    line("unmanaged.users", &unmanaged_users.value);
    line("unmanaged.groups", &unmanaged_groups.value);
    line("unmanaged.hrGroups", &unmanaged_hr_groups.value);
    line("unmanaged.exclusions", &unmanaged_exclusions.value);
    for kind in LimitKind::ALL {
        let Limit { percent, at_least, origin: _ } = limit(limits, kind);
        line(kind.key(), &(percent, at_least));
    }
    let mut users: Vec<String> = protected_users.iter().map(|said| reference_key(&said.value)).collect();
    users.sort_unstable();
    line("protected.users", &users);
    let mut groups: Vec<&str> = protected_groups.iter().map(|said| said.value.key()).collect();
    groups.sort_unstable();
    line("protected.groups", &groups);
    line("minimum", &(minimum.users.value, minimum.groups.value, minimum.declared_users.value));
    line("ordersExpireAfter", &orders_expire_after.value);
    line("autoEmails", &auto_emails.value);
    text
}

/// What the keys don't open, one line each: nothing where they open everything. Other keys make another plan, even where the
/// changes are the same: what is not seen protects nobody.
fn closed(reach: &Reach) -> String {
    let closed = Topic::ALL.into_iter().filter(|topic| reach.unwritten(*topic).is_some());
    closed.map(|topic| format!("{topic:?}={:?}\n", reach.of(topic))).collect::<Vec<_>>().concat()
}

fn reference_key(reference: &Reference) -> String {
    match reference {
        Reference::EmployeeId(id) => id.to_string(),
        other => fold(&other.to_string()).into_owned(),
    }
}
