//! No exclusion stops a user who is declared as tracked.
//!
//! Source of what a rule hits: ActivTrak, "Create and Manage Users via the Users Page", "Manage tracking status": a UPN or
//! email counts as its name on any domain, a device login as itself.

use crate::diag::{Code, Diagnostic};
use crate::manifest::rules::identifiers::called;
use crate::manifest::rules::{Facts, at, span};
use crate::model::{
    DesiredExclusion, DesiredUser, Domain, ExclusionState, Folded, Login, Managed, OrderKind, Origin,
    Tracking,
};

/// An exclusion and `tracking: tracked` contradict each other.
pub(super) fn no_tracked_user(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    let present = facts.declared.exclusions.iter().filter(|it| it.state == ExclusionState::Present);
    let mut rules: Vec<_> = present.map(|it| (it.login.value.user.key(), it)).collect();
    if rules.is_empty() {
        return;
    }
    rules.sort_by_key(|(user, it)| (*user, it.login.origin));
    for user in facts.declared.users.iter().filter(|user| is_tracked(user)) {
        for (name, login, origin) in reported_as(user) {
            let from = rules.partition_point(|(rule, _)| *rule < name);
            let of_name = rules.iter().skip(from).take_while(|(rule, _)| *rule == name);
            let hits = of_name.filter(|(_, it)| hits(&it.login.value, login));
            found.extend(hits.map(|(_, it)| problem(it, user, origin)));
        }
    }
}

fn is_tracked(user: &DesiredUser) -> bool {
    let removed = user.order.as_ref().is_some_and(|order| matches!(order.kind, OrderKind::Remove(_)));
    !removed && matches!(&user.tracking, Managed::Set(said) if said.value == Tracking::Tracked)
}

/// Under which names a user reports: a login says the domain too, an address does not.
fn reported_as(user: &DesiredUser) -> impl Iterator<Item = (&str, Option<&Login>, Origin)> {
    let upns = user.upns.said().iter().map(|it| (it.value.user(), None, it.origin));
    let emails = user.emails.said().iter().map(|it| (it.value.user(), None, it.origin));
    let logins = user.device_logins.iter().chain(&user.agents);
    let logins = logins.map(|it| (Folded::key(&it.value.user), Some(&it.value), it.origin));
    upns.chain(emails).chain(logins)
}

fn hits(rule: &Login, login: Option<&Login>) -> bool {
    login.map_or(rule.domain == Domain::Any, |login| rule.covers(login))
}

fn problem(exclusion: &DesiredExclusion, user: &DesiredUser, origin: Origin) -> Diagnostic {
    let (login, name) = (&exclusion.login.value, called(user));
    let message = format!("`{login}` would stop the tracking of {name}, who is declared as tracked");
    let help = "take the exclusion out, name its domain, or write `tracking: untracked` at the user";
    at(Code::ExclusionHitsUser, exclusion.login.origin, message).related(span(origin), "hit here").help(help)
}
