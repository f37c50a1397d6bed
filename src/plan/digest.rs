//! The identity of a plan: fingerprints of its facts and of the HR groups that it sends, and one digest over them and the policy.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::model::{
    Delta, Fact, Field, GroupName, HrGroup, Limit, Limits, Located, Must, Object, Observed, Phrase, Piece,
    Policy, Reach, Reference, Requirement, Rule, Severity, Snapshot, Topic, Tracking, UserId, UserIx,
    UserLabel, UserRef, Verb, Whom, fold,
};
use crate::plan::attempt::Former;
use crate::plan::draft::Draft;
use crate::plan::fingerprint::{Digest, Fingerprint};
use crate::plan::limits::limit;
use crate::plan::violation::{LimitKind, Violation, ViolationKind};

/// Counts up when the same facts would hash otherwise.
const SCHEMA: &str = "rollcall plan 1";

/// How objects are named in fingerprints: as the draft has them, or as the plan named them that was to make them.
struct Naming<'a> {
    draft: &'a Draft,
    observed: &'a Observed,
    former: &'a Former,
}

/// What identifies a plan, each sorted.
pub(super) struct Prints {
    pub(super) fingerprints: Vec<Fingerprint>,
    pub(super) leaves: Vec<Fingerprint>,
    pub(super) broken: Vec<Fingerprint>,
}

/// All that identifies a plan.
pub(super) fn prints(
    draft: &Draft,
    observed: &Observed,
    snapshot: Option<&Snapshot>,
    violations: &[Violation],
) -> Prints {
    let fingerprints = fingerprints(draft, observed, snapshot);
    let leaves = leaves(draft, observed, snapshot, &fingerprints);
    Prints { leaves, broken: broken(violations, draft, observed), fingerprints }
}

/// One fingerprint for every changed fact, for everybody who leaves a group by its deletion, and for every group of an HR set as
/// it stands; sorted. Two facts that read the same, as of two computers of one name, count twice.
pub(super) fn fingerprints(
    draft: &Draft,
    observed: &Observed,
    snapshot: Option<&Snapshot>,
) -> Vec<Fingerprint> {
    let mut fingerprints: Vec<Fingerprint> =
        Naming { draft, observed, former: &Former::new() }.fingerprints(snapshot).collect();
    fingerprints.sort_unstable();
    fingerprints
}

/// Every fingerprint that was another one in the plan that was to make its object, with that one; sorted.
pub(super) fn former(
    draft: &Draft,
    observed: &Observed,
    snapshot: Option<&Snapshot>,
    former: &Former,
) -> Vec<(Fingerprint, Fingerprint)> {
    if former.is_empty() {
        return Vec::new();
    }
    let none = Former::new();
    let (now, before) = (Naming { draft, observed, former: &none }, Naming { draft, observed, former });
    let pairs = now.fingerprints(snapshot).zip(before.fingerprints(snapshot));
    let mut pairs: Vec<(Fingerprint, Fingerprint)> = pairs.filter(|(now, was)| now != was).collect();
    pairs.sort_unstable();
    pairs
}

/// One fingerprint for every group of an HR set as the upload leaves it, but for those that `stand` so; sorted.
fn leaves(
    draft: &Draft,
    observed: &Observed,
    snapshot: Option<&Snapshot>,
    stand: &[Fingerprint],
) -> Vec<Fingerprint> {
    let naming = Naming { draft, observed, former: &Former::new() };
    let after = snapshot.into_iter().flat_map(|snapshot| &snapshot.after);
    let prints = after.map(|group| naming.hr_group(group));
    let mut leaves: Vec<Fingerprint> = prints.filter(|print| stand.binary_search(print).is_err()).collect();
    leaves.sort_unstable();
    leaves
}

/// One fingerprint for every violation, whatever the count: an approval is of these and no others. What is left of a removal
/// that was cut off is to lift its rules, which counts by itself then: it was reviewed with the removal. Sorted.
pub(super) fn broken(violations: &[Violation], draft: &Draft, observed: &Observed) -> Vec<Fingerprint> {
    let naming = Naming { draft, observed, former: &Former::new() };
    let mut broken: Vec<Fingerprint> =
        violations.iter().map(|violation| naming.violation(&violation.kind)).collect();
    if draft.removals_lift() {
        broken.push(printed(["limit", LimitKind::RemoveExclusions.key(), ""]));
    }
    broken.sort_unstable();
    broken.dedup();
    broken
}

/// All fingerprints of a plan, sorted.
pub(super) fn evidence(parts: [&[Fingerprint]; 3]) -> Vec<Fingerprint> {
    let mut all = parts.concat();
    all.sort_unstable();
    all
}

/// Every HR group that an upload was planned over, and the fingerprint of its name and members as they were read.
pub(super) fn standing(snapshot: &Snapshot) -> impl Iterator<Item = (&GroupName, Fingerprint)> {
    let known = |group| hr_group(group, |_| None);
    snapshot.before.iter().map(move |group| (&group.name, known(group)))
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

impl<'a> Naming<'a> {
    fn fingerprints(&self, snapshot: Option<&'a Snapshot>) -> impl Iterator<Item = Fingerprint> {
        let facts = self.draft.changes.iter().zip(&self.draft.keys);
        let facts = facts
            .flat_map(move |(change, key)| change.facts.iter().map(move |fact| self.fingerprint(key, fact)));
        let standing = snapshot.into_iter().flat_map(|snapshot| &snapshot.before);
        facts.chain(self.emptied()).chain(standing.map(|group| self.hr_group(group)))
    }

    /// Everybody who is in a group that goes: who joined it since a review was not in the review.
    fn emptied(&self) -> impl Iterator<Item = Fingerprint> {
        let changes = self.draft.changes.iter().zip(&self.draft.keys);
        changes.filter(|(change, _)| change.verb == Verb::Delete).flat_map(move |(change, key)| {
            let Object::Group { id, .. } = &change.object else { return Vec::new() };
            let group = id.and_then(|id| self.observed.group_ix(id));
            let members = group.into_iter().flat_map(|group| self.observed.members(group));
            let left = |user: UserIx| {
                let user = self.record(self.observed.user(user).id);
                printed(["emptied", key, &user])
            };
            members.map(left).collect()
        })
    }

    fn violation(&self, kind: &ViolationKind) -> Fingerprint {
        let phrase = |phrase: &Phrase| phrase.0.iter().map(|piece| self.value(piece)).collect::<String>();
        match kind {
            ViolationKind::Limit { limit, of, planned: _, allowed: _ } => {
                let of = of.as_ref().map_or_else(String::new, phrase);
                printed(["limit", limit.key(), &of])
            }
            ViolationKind::Protected { object, change: _ } => printed(["protected", &phrase(object), ""]),
            ViolationKind::Unproved => printed(["unproved", "", ""]),
        }
    }

    fn fingerprint(&self, key: &str, fact: &Fact) -> Fingerprint {
        let Fact { field, delta, severity, cause, origin: _, remark: _ } = fact;
        let mut sha = Sha256::new();
        let mut part = |text: &str| {
            sha.update((text.len() as u64).to_be_bytes());
            sha.update(text);
        };
        let former = self.former.get(key);
        part(former.map_or(key, |before| &before.key));
        part(field.word());
        let mut severity = *severity;
        match delta {
            Delta::Add(value) => {
                part("add");
                part(&self.value(value));
            }
            Delta::Remove(value) => {
                part("remove");
                part(&self.value(value));
            }
            // Where tracking takes a write of its own, a record is there before it: its plan only said what it starts with. That
            // somebody untracked it since is no part of that.
            Delta::Set { to, .. }
                if *field == Field::Tracking
                    && former.is_some_and(|before| before.starts)
                    && self.value(to) == Tracking::Untracked.word() =>
            {
                part("add");
                part(&self.value(to));
                severity = Severity::Safe;
            }
            Delta::Set { from, to } => {
                part("set");
                part(&from.as_ref().map_or_else(String::new, |from| self.value(from)));
                part(&self.value(to));
            }
        }
        part(severity.word());
        part(cause.word());
        Fingerprint(sha.finalize().into())
    }

    /// A value as it is hashed: users by record or smallest identifier, the rest by its text, case and all.
    fn value(&self, value: &Piece) -> String {
        match value {
            Piece::Plain(text) => text.clone().into_owned(),
            Piece::Personal(text) => text.to_string(),
            Piece::User(label) => self.user(label),
        }
    }

    fn user(&self, label: &UserLabel) -> String {
        let Some(record) = label.record else {
            return self.draft.created_key(label).unwrap_or_default().to_owned();
        };
        self.record(record)
    }

    fn record(&self, record: UserId) -> String {
        let key = format!("user:{}", record.0);
        self.former.get(&key).map_or(key, |before| before.key.clone())
    }

    fn hr_group(&self, group: &HrGroup) -> Fingerprint {
        hr_group(group, |member| match member {
            UserRef::Known(id) if !self.former.is_empty() => {
                self.former.get(&format!("user:{}", id.0)).map(|before| &*before.key)
            }
            UserRef::Known(_) => None,
            UserRef::New(change) => Some(&self.draft.keys[change.0 as usize]),
        })
    }
}

fn printed(parts: [&str; 3]) -> Fingerprint {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part);
    }
    Fingerprint(sha.finalize().into())
}

/// The (group, user) pairs of one HR group: records in their order, then those that go by a name, in theirs.
fn hr_group<'n>(group: &HrGroup, name: impl Fn(UserRef) -> Option<&'n str>) -> Fingerprint {
    let mut sha = Sha256::new();
    sha.update("hr group\0");
    sha.update(group.name.key());
    let mut named = Vec::new();
    for member in &group.members {
        match (name(*member), member) {
            (Some(name), _) => named.push(name),
            (None, UserRef::Known(id)) => {
                sha.update([1]);
                sha.update(id.0.to_be_bytes());
            }
            (None, UserRef::New(_)) => {}
        }
    }
    named.sort_unstable();
    for name in named {
        sha.update([1]);
        sha.update(name);
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
        // What is shown, and nothing that is done.
        missing_from_export: _,
        grace_period: _,
        require,
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
    let default = Limits::default();
    for kind in LimitKind::ALL {
        let bounds = |Limit { percent, at_least, origin: _ }| (percent, at_least);
        let said = bounds(limit(limits, kind));
        // Those that came later are no part of what they leave as it was: a plan that was reviewed before is the same one.
        let came_later = matches!(kind, LimitKind::Deactivate | LimitKind::Activate);
        if !came_later || said != bounds(limit(&default, kind)) {
            line(kind.path(), &said);
        }
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
    let mut required: Vec<String> = require.iter().map(|it| canonical_requirement(&it.value)).collect();
    required.sort_unstable();
    for requirement in required {
        line("require", &requirement);
    }
    text
}

fn canonical_requirement(requirement: &Requirement) -> String {
    let whom = |users: &Whom| match users {
        Whom::All => "all".to_owned(),
        Whom::Matching(rule) => canonical_rule(&rule.value),
    };
    let must = match &requirement.must {
        Must::Track { users, state } => format!("{} {}", state.word(), whom(users)),
        Must::LogIn { users, state } => format!("{} {}", state.word(), whom(users)),
        Must::Join { users, at_least, of } => {
            let mut of: Vec<&str> = of.iter().map(|group| group.value.key()).collect();
            of.sort_unstable();
            format!("groups {at_least} {of:?} {}", whom(users))
        }
        Must::Within { group, rule } => {
            format!("within {:?} {}", group.value.key(), canonical_rule(&rule.value))
        }
        Must::MatchSomeone => "exclusions matching someone".to_owned(),
    };
    format!("{:?} {must}", requirement.name)
}

fn canonical_rule(rule: &Rule) -> String {
    let several = |word: &str, rules: &[Located<Rule>]| {
        let rules: Vec<String> = rules.iter().map(|rule| canonical_rule(&rule.value)).collect();
        format!("{word}({})", rules.join(","))
    };
    match rule {
        Rule::All(rules) => several("all", rules),
        Rule::Any(rules) => several("any", rules),
        Rule::Not(rule) => format!("not({})", canonical_rule(&rule.value)),
        Rule::Is { subject, test } => format!("is({subject:?},{test:?})"),
    }
}

/// What the keys don't open, one line each: nothing where they open everything. Other keys make another plan, even where the
/// changes are the same: what is not seen protects nobody.
fn closed(reach: &Reach) -> String {
    let by_keys = Topic::ALL.into_iter().filter(|topic| !topic.is_of_platform());
    let closed = by_keys.filter(|topic| reach.unwritten(*topic).is_some());
    closed.map(|topic| format!("{topic:?}={:?}\n", reach.of(topic))).collect::<Vec<_>>().concat()
}

fn reference_key(reference: &Reference) -> String {
    match reference {
        Reference::EmployeeId(id) => id.to_string(),
        other => fold(&other.to_string()).into_owned(),
    }
}
