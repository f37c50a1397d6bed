//! A list names each user once, and none that is leaving.

use rayon::prelude::*;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::manifest::rules::identifiers::called;
use crate::manifest::rules::lists::Listed;
use crate::model::{GroupName, Located, OrderKind, Origin};

/// A second mention changes nothing; often another user was meant.
pub(super) fn are_listed_once(facts: &Facts<'_>, found: &mut Diagnostics) {
    found.extend(facts.lists.par_iter().flat_map_iter(|list| twice(facts, list)).collect::<Vec<_>>());
    let users = &facts.declared.users;
    found.extend(users.par_iter().flat_map_iter(|user| named_twice(&user.groups)).collect::<Vec<_>>());
    let copying = facts.declared.groups.iter().filter_map(|group| group.automatic.as_ref());
    found.extend(copying.flat_map(|it| named_twice(&it.of)));
}

/// Items that lead to one user, or are one undeclared reference.
fn twice(facts: &Facts<'_>, list: &[Listed<'_>]) -> Vec<Diagnostic> {
    let mut targets: Vec<_> = list
        .iter()
        .map(|it| {
            let undeclared = it.user.is_none().then_some(&it.reference.value);
            (it.user, undeclared, it.reference.origin)
        })
        .collect();
    targets.sort_unstable();
    let pairs = targets.windows(2).filter_map(|pair| match *pair {
        [(first, one, from), (user, other, again)] if (first, one) == (user, other) => {
            let user = user.and_then(|user| facts.declared.users.get(user as usize)).map(called);
            let what = user.or_else(|| other.map(ToString::to_string)).unwrap_or_default();
            Some(listed_twice(&what, from, again))
        }
        _ => None,
    });
    pairs.collect()
}

fn named_twice(groups: &[Located<GroupName>]) -> Vec<Diagnostic> {
    if groups.len() < 2 {
        return Vec::new();
    }
    let mut names: Vec<_> = groups.iter().map(|it| (it.value.key(), it.origin)).collect();
    names.sort_unstable();
    let pairs = names.windows(2).filter_map(|pair| match pair {
        [(first, from), (again, origin)] if first == again => Some(listed_twice(again, *from, *origin)),
        _ => None,
    });
    pairs.collect()
}

fn listed_twice(what: &str, first: Origin, again: Origin) -> Diagnostic {
    at(Code::ListedTwice, again, format!("`{what}` stands in this list twice"))
        .related(span(first), "first written here")
        .help("take one out")
}

/// Once a removal is done, the reference would find nobody.
pub(super) fn are_not_leaving(facts: &Facts<'_>, found: &mut Diagnostics) {
    let users = &facts.declared.users;
    let removed = |user: u32| {
        let order = users.get(user as usize)?.order.as_ref()?;
        matches!(order.kind, OrderKind::Remove(_)).then_some(order)
    };
    if (0..).zip(users).all(|(user, _)| removed(user).is_none()) {
        return;
    }
    for group in &facts.declared.groups {
        let also = group.automatic.iter().flat_map(|it| &it.also);
        for member in group.members.listed().iter().chain(also) {
            let Some(claim) = facts.users.meant(&member.value) else { continue };
            let Some(order) = removed(claim.user) else { continue };
            let message =
                format!("`{}` is to be removed, and `{}` lists the user", member.value, group.name.value);
            let problem = at(Code::LeaverListed, member.origin, message);
            let help = "take the user out of the group in the same change";
            found.push(problem.related(span(order.origin), "to be removed by this").help(help));
        }
    }
}
