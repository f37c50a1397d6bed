//! What becomes of what no manifest mentions? `policy.unmanaged` says it; by default nothing.

use std::collections::BTreeSet;

use crate::model::{
    Cause, Desired, GroupIx, GroupSource, Located, Login, Origin, Piece, Unmanaged, UnmanagedGroups,
    UnmanagedHrGroups, UserIx,
};
use crate::phrase;
use crate::plan::deletion;
use crate::plan::draft::Draft;
use crate::plan::findings::Findings;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::keys::sought;

/// Lists or deletes all but HR groups, which are a matter of the snapshot. What `said` mentions counts, be it by hand.
pub(in crate::plan) fn draft(people: &People<'_>, said: &Desired, draft: &mut Draft) {
    users(people, said, &mut draft.findings);
    exclusions(people, &mut draft.findings);
    app_groups(people, draft);
}

/// Lists users whom no entry is and no reference means.
fn users(people: &People<'_>, desired: &Desired, findings: &mut Findings) {
    let Located { value, origin } = people.desired.policy.unmanaged_users;
    if value == Unmanaged::Ignore {
        return;
    }
    let members = desired.groups.iter().flat_map(|group| {
        let exceptions = group.automatic.iter().flat_map(|it| it.also.iter().chain(&it.except));
        group.members.listed().iter().chain(exceptions)
    });
    let others = desired.leave_out.iter().map(|left| &left.user).chain(&desired.policy.protected_users);
    let mentioned: BTreeSet<UserIx> = members
        .chain(others)
        .flat_map(|reference| sought(&reference.value))
        .flat_map(|key| people.resolution.observed.owners(key))
        .map(UserIx)
        .collect();
    let unmentioned: Vec<Piece> = (0..)
        .map(UserIx)
        .zip(&people.resolution.entries)
        .filter(|(ix, entry)| entry.is_none() && !mentioned.contains(ix))
        .map(|(ix, _)| people.label(Person::Known(ix)).into())
        .collect();
    list(unmentioned, ["user is", "users are"], "", origin, findings);
}

/// Lists global Do Not Track rules.
fn exclusions(people: &People<'_>, findings: &mut Findings) {
    let Located { value, origin } = people.desired.policy.unmanaged_exclusions;
    if value == Unmanaged::Ignore {
        return;
    }
    let said: BTreeSet<&Login> = people.desired.exclusions.iter().map(|it| &it.login.value).collect();
    let rules = people.observed.exclusions.iter().filter(|rule| !said.contains(&rule.login));
    let rules = rules.map(|rule| Piece::personal(&rule.login)).collect();
    list(rules, ["exclusion is", "exclusions are"], "", origin, findings);
}

/// Lists or deletes app groups.
fn app_groups(people: &People<'_>, draft: &mut Draft) {
    let Located { value, origin } = people.desired.policy.unmanaged_groups;
    match value {
        UnmanagedGroups::Ignore => {}
        UnmanagedGroups::Report => {
            report(people, &unmentioned(people, &GroupSource::App), ("app", ""), origin, &mut draft.findings);
        }
        UnmanagedGroups::Delete => {
            for ix in unmentioned(people, &GroupSource::App) {
                deletion::app_group(people, ix, Cause::Policy, origin, draft);
            }
        }
    }
}

/// Lists HR groups; answers those that a snapshot leaves out, and so deletes.
pub(in crate::plan) fn hr_groups(people: &People<'_>, findings: &mut Findings) -> Vec<GroupIx> {
    let Located { value, origin } = people.desired.policy.unmanaged_hr_groups;
    match value {
        UnmanagedHrGroups::Carry => Vec::new(),
        UnmanagedHrGroups::CarryAndReport => {
            let kept = " and carried over by every snapshot";
            report(people, &unmentioned(people, &GroupSource::Hr), ("HR", kept), origin, findings);
            Vec::new()
        }
        UnmanagedHrGroups::DeleteByAbsence => unmentioned(people, &GroupSource::Hr),
    }
}

fn report(
    people: &People<'_>,
    groups: &[GroupIx],
    (source, fate): (&str, &'static str),
    origin: Origin,
    findings: &mut Findings,
) {
    let are = [format!("{source} group is"), format!("{source} groups are")];
    let names = groups.iter().map(|ix| Piece::plain(&people.observed.group(*ix).name)).collect();
    list(names, [&are[0], &are[1]], fate, origin, findings);
}

/// Says of how many objects no manifest speaks, and of which; nothing of none.
fn list(about: Vec<Piece>, [is, are]: [&str; 2], fate: &str, origin: Origin, findings: &mut Findings) {
    let (count, are) = (about.len(), if about.len() == 1 { is } else { are });
    if count > 0 {
        findings.notice_about(origin, phrase![format!("{count} {are} in no manifest{fate}")], about);
    }
}

/// The groups of a source whose names nothing says: no entry, no `formerly`, no `membersOf`, no user.
fn unmentioned(people: &People<'_>, source: &GroupSource) -> Vec<GroupIx> {
    let groups = people.desired.groups.iter();
    let declared = groups.flat_map(|group| group.formerly.iter().chain([&group.name]));
    let left_out = people.desired.leave_out.iter().map(|left| &left.group);
    let users = people.desired.users.iter();
    let named = users.flat_map(|user| user.groups.iter().chain(user.primary_group.declared()));
    let copying = people.desired.groups.iter().filter_map(|group| group.automatic.as_ref());
    let named = named.chain(copying.flat_map(|it| &it.of));
    let said: BTreeSet<&str> = declared.chain(named).chain(left_out).map(|name| name.value.key()).collect();
    (0..)
        .zip(&people.observed.groups)
        .filter(|(_, group)| group.source == *source && !said.contains(group.name.key()))
        .map(|(at, _)| GroupIx(at))
        .collect()
}
