//! Which exclusions were there? One that goes comes back only where it would hit nobody: put back over a user who is tracked it
//! is refused, and over what was collected it erases that. What does not come back is named, also where untracking its user again
//! blocks the same logins: which form of an address that does is the account's choice, and an exclusion stops others too.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    DesiredExclusion, ExclusionState, Identifier, Located, Login, Observed, ObservedUser, Phrase, Piece,
    Sayable, Tracking, UserLabel,
};
use crate::phrase;
use crate::plan::rules::{ByName, by_name, covering, made_by, names};
use crate::plan::undo::trail::Trail;

/// What putting an exclusion back would do.
enum Harm {
    /// It stops somebody who is tracked.
    Stops(UserLabel),
    /// It erases what was collected of somebody who is not.
    Erases(UserLabel),
}

/// An entry for every exclusion that comes or goes.
pub(super) fn entries(
    observed: &Observed,
    trail: &Trail<'_>,
    lost: &mut Vec<Phrase>,
) -> Vec<DesiredExclusion> {
    let gone = trail.exclusions.iter().filter(|(_, state)| **state == ExclusionState::Present);
    let gone = by_name(gone.map(|(login, _)| *login));
    let harms = harms(&gone, observed, trail);
    let by_itself = by_itself(observed, trail);
    let mut entries = Vec::new();
    for (login, state) in &trail.exclusions {
        let exclusion = || phrase!["the exclusion ", Piece::personal(login)];
        match (state, harms.get(login)) {
            (ExclusionState::Present, Some(Harm::Stops(who))) => {
                lost.push(exclusion().then(": it would stop ").then(who.clone()).then(", who is tracked"));
            }
            (ExclusionState::Present, Some(Harm::Erases(who))) => {
                let erases = exclusion().then(": putting it back would erase what was collected of ");
                let erases = erases.then(who.clone());
                lost.push(if by_itself.contains(*login) {
                    erases.then("; going back to untracked blocks them all the same")
                } else {
                    erases
                });
            }
            _ if login.is_sayable() => {
                entries.push(DesiredExclusion { login: Located::unplaced((*login).clone()), state: *state });
            }
            _ => lost.push(exclusion().then(": no manifest can say it")),
        }
    }
    entries
}

/// The exclusions that come with untracking whom the run tracks.
fn by_itself(observed: &Observed, trail: &Trail<'_>) -> BTreeSet<Login> {
    let back = trail.users.iter().filter(|(_, of)| of.retracked);
    let back = back.filter_map(|(id, _)| observed.user_ix(*id)).map(|ix| observed.user(ix));
    let identifiers: Vec<Identifier> = back
        .filter(|user| user.tracking == Tracking::Untracked)
        .flat_map(ObservedUser::identifiers)
        .collect();
    made_by(identifiers.iter())
}

/// The rules that hit somebody once all is as it was, each with the first of those who are tracked, else the first.
fn harms<'a>(rules: &ByName<'a>, observed: &Observed, trail: &Trail<'_>) -> BTreeMap<&'a Login, Harm> {
    let mut harms = BTreeMap::new();
    if rules.is_empty() {
        return harms;
    }
    let on = |identifier: &Identifier| -> Vec<&'a Login> {
        let named = names(identifier).into_iter().flatten().filter_map(|name| rules.get(name)).flatten();
        named.copied().filter(|rule| rule.stands_on(identifier)).collect()
    };
    let staying = observed.users.iter().filter(|user| !trail.removed.contains(&user.id));
    for user in staying {
        let agents = user.agents.iter().flat_map(|agent| covering(rules, &agent.login));
        // Of whom no agent reported, nothing was collected.
        let own = user.identifiers().filter(|_| user.tracking == Tracking::Tracked);
        for rule in agents.chain(own.flat_map(|identifier| on(&identifier))) {
            let label = || UserLabel::of(user);
            match (user.tracking, harms.get(rule)) {
                (Tracking::Tracked, None | Some(Harm::Erases(_))) => {
                    harms.insert(rule, Harm::Stops(label()));
                }
                (Tracking::Untracked, None) => {
                    harms.insert(rule, Harm::Erases(label()));
                }
                (_, Some(_)) => {}
            }
        }
    }
    let created = trail.created.iter().filter(|(_, new)| new.tracking != Some(Tracking::Untracked));
    for (label, new) in created {
        for rule in new.identifiers.iter().flat_map(&on) {
            harms.entry(rule).or_insert_with(|| Harm::Stops((*label).clone()));
        }
    }
    harms
}
