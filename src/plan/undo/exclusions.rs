//! Which exclusions were there? One that goes comes back unless it would stop somebody who was tracked all along: no manifest
//! asks for that.

use std::collections::BTreeMap;

use crate::model::{
    DesiredExclusion, ExclusionState, Identifier, Login, Observed, Phrase, Piece, Tracking, UserLabel,
};
use crate::phrase;
use crate::plan::tracking::rules::{ByName, by_name, covering, names};
use crate::plan::undo::named::Sayable;
use crate::plan::undo::said;
use crate::plan::undo::trail::Trail;

/// An entry for every exclusion that comes or goes.
pub(super) fn entries(
    observed: &Observed,
    trail: &Trail<'_>,
    lost: &mut Vec<Phrase>,
) -> Vec<DesiredExclusion> {
    let gone = trail.exclusions.iter().filter(|(_, state)| **state == ExclusionState::Present);
    let stops = stopped(&by_name(gone.map(|(login, _)| *login)), observed, trail);
    let mut entries = Vec::new();
    for (login, state) in &trail.exclusions {
        if let Some(who) = stops.get(login) {
            let exclusion = phrase!["the exclusion ", Piece::personal(login), ": it would stop "];
            lost.push(exclusion.then(who.clone()).then(", who is tracked"));
        } else if login.is_sayable() {
            entries.push(DesiredExclusion { login: said((*login).clone()), state: *state });
        } else {
            lost.push(phrase!["the exclusion ", Piece::personal(login), ": no manifest can say it"]);
        }
    }
    entries
}

/// The rules that stop somebody who is tracked once all is as it was, each with the first of them.
fn stopped<'a>(rules: &ByName<'a>, observed: &Observed, trail: &Trail<'_>) -> BTreeMap<&'a Login, UserLabel> {
    let mut stops = BTreeMap::new();
    if rules.is_empty() {
        return stops;
    }
    let mut stop = |rule: &'a Login, who: &dyn Fn() -> UserLabel| {
        stops.entry(rule).or_insert_with(who);
    };
    let on = |identifier: &Identifier| -> Vec<&'a Login> {
        let named = names(identifier).into_iter().flatten().filter_map(|name| rules.get(name)).flatten();
        named.copied().filter(|rule| rule.stands_on(identifier)).collect()
    };
    let tracked = observed.users.iter().filter(|user| user.tracking == Tracking::Tracked);
    for user in tracked.filter(|user| !trail.removed.contains(&user.id)) {
        let agents = user.agents.iter().flat_map(|agent| covering(rules, &agent.login));
        for rule in agents.chain(user.identifiers().flat_map(|identifier| on(&identifier))) {
            stop(rule, &|| UserLabel::of(user));
        }
    }
    let created = trail.created.iter().filter(|(_, new)| new.tracking != Some(Tracking::Untracked));
    for (label, new) in created {
        for rule in new.identifiers.iter().flat_map(&on) {
            stop(rule, &|| (*label).clone());
        }
    }
    stops
}
