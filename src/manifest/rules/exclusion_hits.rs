//! No exclusion stops a user who is declared as tracked.
//!
//! Source of what a rule hits: ActivTrak, "Create and Manage Users via the Users Page", "Manage tracking status": a UPN or
//! email counts as its name on any domain, a device login as itself. A whole address counts on every domain: agents of Azure AD
//! report `AzureAD\ada@acme.example`.

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::manifest::rules::identifiers::called;
use crate::model::{
    DesiredExclusion, DesiredUser, Domain, ExclusionState, Folded, Login, Managed, OrderKind, Origin,
    Tracking,
};

/// An exclusion and `tracking: tracked` contradict each other.
pub(super) fn no_tracked_user(facts: &Facts<'_>, found: &mut Diagnostics) {
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
            let hits = of_name.filter(|(_, it)| login.is_hit_by(&it.login.value));
            found.extend(hits.map(|(_, it)| problem(it, user, (&login, origin))));
        }
    }
}

fn is_tracked(user: &DesiredUser) -> bool {
    let removed = user.order.as_ref().is_some_and(|order| matches!(order.kind, OrderKind::Remove(_)));
    !removed && matches!(&user.tracking, Managed::Set(said) if said.value == Tracking::Tracked)
}

/// What a name is that a user reports under.
enum Name<'a> {
    /// An address without its domain.
    Short,
    /// A whole address.
    Whole,
    Login(&'a Login),
}

impl Name<'_> {
    /// Whether a rule on this name stops the user.
    fn is_hit_by(&self, rule: &Login) -> bool {
        match self {
            Self::Short => rule.domain == Domain::Any,
            Self::Whole => true,
            Self::Login(login) => rule.covers(login),
        }
    }
}

/// Under which names a user reports.
fn reported_as(user: &DesiredUser) -> impl Iterator<Item = (&str, Name<'_>, Origin)> {
    let upns = user.upns.listed().iter().map(|it| (it.value.user(), it.value.key(), it.origin));
    let emails = user.emails.listed().iter().map(|it| (it.value.user(), it.value.key(), it.origin));
    let addresses = upns.chain(emails);
    let addresses = addresses
        .flat_map(|(short, whole, origin)| [(short, Name::Short, origin), (whole, Name::Whole, origin)]);
    let logins = user.device_logins.iter().chain(&user.agents);
    let logins = logins.map(|it| (Folded::key(&it.value.user), Name::Login(&it.value), it.origin));
    addresses.chain(logins)
}

fn problem(
    exclusion: &DesiredExclusion,
    user: &DesiredUser,
    (hit, origin): (&Name<'_>, Origin),
) -> Diagnostic {
    let (login, name) = (&exclusion.login.value, called(user));
    let message = format!("`{login}` would stop the tracking of {name}, who is declared as tracked");
    let help = match hit {
        Name::Short => "take the exclusion out, name its domain, or write `tracking: untracked` at the user",
        Name::Whole | Name::Login(_) => "take the exclusion out, or write `tracking: untracked` at the user",
    };
    at(Code::ExclusionHitsUser, exclusion.login.origin, message).related(span(origin), "hit here").help(help)
}
