//! Is this the whole picture? Fewer users or groups than the policy's minimum, or a protected object nobody has: no plan.
//!
//! What the keys do not show is neither there nor missing: a bound that it would decide blocks the plan instead.

use crate::model::{
    Change, Desired, DesiredGroup, GroupName, GroupState, Key, ListProof, Located, Object, Origin, Piece,
    Topic,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::context::Context;
use crate::plan::draft::Draft;
use crate::plan::findings::Findings;
use crate::plan::incomplete::Incomplete;
use crate::plan::people::People;

/// Refuses sides that are too small to be whole: the greater minimum of head and base counts. `said` is all that the manifests
/// say, be it by hand.
pub(super) fn check(
    people: &People<'_>,
    said: &Desired,
    context: &Context<'_>,
) -> Result<Findings, Vec<Incomplete>> {
    let (mut reasons, mut findings) = (Vec::new(), Findings::default());
    let policy = &people.desired.policy;
    let minimum = &policy.minimum;
    let base = context.base.map(|base| &base.policy.minimum);
    let greater = |head: &Located<u64>, base: Option<&Located<u64>>| {
        base.map_or(head.value, |base| base.value.max(head.value))
    };
    let found = people.observed.users.len() as u64;
    let least = greater(&minimum.users, base.map(|base| &base.users));
    // Where users can't be read, the plan says that first.
    let unread = people.observed.reach.hidden(Topic::Users).is_some();
    if found < least && !unread {
        reasons.push(Incomplete::Users { found, minimum: least, origin: minimum.users.origin });
    }
    let found = people.observed.groups.len() as u64;
    let least = greater(&minimum.groups, base.map(|base| &base.groups));
    let origin = minimum.groups.origin;
    if found < least {
        match people.observed.reach.hidden(Topic::Groups) {
            Some(_) => findings.blockers.push(too_few_shown(found, &Located::new(least, origin))),
            None => reasons.push(Incomplete::Groups { found, minimum: least, origin }),
        }
    }
    let found = people.desired.users.len() as u64;
    let least = greater(&minimum.declared_users, base.map(|base| &base.declared_users));
    if found < least {
        reasons.push(Incomplete::Declared { found, minimum: least, origin: minimum.declared_users.origin });
    }
    for protected in policy.protected_users.iter().filter(|_| !unread) {
        let key = Key::from(&protected.value);
        let (declared, observed) = (&people.resolution.declared, &people.resolution.observed);
        let nobody = declared.owner(key).is_none() && observed.owner(key).is_none();
        // Who may be there all the same is for `limits::outlived`.
        if nobody && people.unseen(&protected.value).is_none() {
            reasons.push(Incomplete::Protected { what: "user", origin: protected.origin });
        }
    }
    protected_groups(people, said, &mut findings, &mut reasons);
    if reasons.is_empty() { Ok(findings) } else { Err(reasons) }
}

/// Says where no count proves the list of groups, if it matters: a group that the list leaves out is taken as new.
pub(super) fn uncounted(people: &People<'_>, draft: &Draft) -> Findings {
    let mut findings = Findings::default();
    let is_group = |change: &Change| matches!(change.object, Object::Group { .. });
    match people.observed.groups_proof {
        ListProof::Uncounted if draft.changes.iter().any(is_group) => {
            let message = "the account says nowhere how many groups it has: one that nobody is in may be missing from its list, \
                           and would be taken for a group that is not there";
            findings.notice(Origin::NONE, phrase![message]);
        }
        ListProof::Given => not_given(people, &mut findings),
        ListProof::Counted | ListProof::Uncounted => {}
    }
    findings
}

/// Says of which declared groups nobody gave a list: they may be there.
fn not_given(people: &People<'_>, findings: &mut Findings) {
    let is_given = |name: &GroupName| people.observed.group_named(name).is_some();
    let names = |group: &&DesiredGroup| {
        std::iter::once(&group.name).chain(&group.formerly).any(|name| is_given(&name.value))
    };
    for group in people.desired.groups.iter().filter(|group| !names(group)) {
        let taken = match group.state {
            GroupState::Present => " was given: it is taken as not there. If it is, give its list too",
            GroupState::Deleted(_) => " was given: whether it is still there is not seen",
        };
        findings.notice(group.origin, phrase!["no list of ", Piece::plain(&group.name.value), taken]);
    }
}

/// Groups that can't be counted are at least those that were.
fn too_few_shown(shown: u64, minimum: &Located<u64>) -> Blocker {
    let message = format!(
        "`minimum.groups` can't be checked: these keys show {shown} groups of at least {}, and may not show all",
        minimum.value
    );
    Blocker::new(minimum.origin, BlockerCode::Unseen, phrase![message])
        .way_out("run with a key that opens the Admin API, which shows all groups")
        .way_out("or take `minimum.groups` out")
}

/// A protected group that is not seen can't be changed by this plan either: that is said, and blocks nothing.
fn protected_groups(
    people: &People<'_>,
    said: &Desired,
    findings: &mut Findings,
    reasons: &mut Vec<Incomplete>,
) {
    let hidden = people.observed.reach.hidden(Topic::Groups).is_some();
    for protected in &people.desired.policy.protected_groups {
        let declared = said.groups.iter().any(|group| group.name.value == protected.value);
        let observed = people.observed.groups.iter().any(|group| group.name == protected.value);
        match (declared || observed, hidden) {
            (true, _) => {}
            (false, true) => {
                let name = crate::model::Piece::plain(&protected.value);
                let message = phrase!["the protected group ", name, " is not seen, and so not changed"];
                findings.notice(protected.origin, message);
            }
            (false, false) => {
                reasons.push(Incomplete::Protected { what: "group", origin: protected.origin });
            }
        }
    }
}
