//! In which groups is a computer, why, and what would a plan do about it?

use std::collections::BTreeMap;

use crate::model::{Computer, Login, Origin, Phrase, Piece};
use crate::plan::explain::explanation::{About, Belongs, Explanation, Now, Reason, Unclear};
use crate::plan::explain::find::did_you_mean;
use crate::plan::explain::part::Marks;
use crate::plan::finished::Plan;
use crate::plan::people::People;

/// How far a name may be from another to be suggested.
const NEAR: usize = 2;
/// How many names are suggested.
const SUGGESTED: usize = 3;

/// Explains the computer that a login names.
pub(super) fn explain(people: &People<'_>, plan: &Plan, login: &Login) -> Result<Explanation, Unclear> {
    let computers: Vec<&Computer> = people.observed.computers_named(login).collect();
    let computer = match computers[..] {
        [] => return Err(Unclear::Nobody(near(people, login))),
        [one] => one,
        _ => {
            let shown = |computer: &&Computer| Phrase(vec![Piece::personal(&computer.login)]);
            return Err(Unclear::Several(computers.iter().map(shown).collect()));
        }
    };
    let groups = groups(people, computer);
    let mut marks = Marks::default();
    marks.texts.insert(computer.login.to_string());
    marks.texts.insert(login.to_string());
    let origins = groups.iter().flat_map(|group| &group.reasons).map(|(_, origin)| *origin);
    marks.origins = origins.collect();
    Ok(Explanation {
        about: About::Computer(computer.login.clone()),
        origin: Origin::NONE,
        values: Vec::new(),
        groups,
        members: Vec::new(),
        part: marks.part_of(plan),
    })
}

fn groups(people: &People<'_>, computer: &Computer) -> Vec<Belongs> {
    let mut groups: BTreeMap<&str, Belongs> = BTreeMap::new();
    for group in &people.observed.groups {
        if group.computers.as_ref().is_some_and(|computers| computers.contains(&computer.id)) {
            let (name, source) = (group.name.clone(), Some(group.source.clone()));
            let belongs =
                Belongs { group: name, source, now: Now::Inside, reasons: Vec::new(), why_not: None };
            groups.insert(group.name.key(), belongs);
        }
    }
    for group in &people.desired.groups {
        let named = group.computers.listed().iter().filter(|said| said.value.covers(&computer.login));
        for said in named {
            let mut former = group.formerly.iter().map(|former| former.value.key());
            let key = former.find(|key| groups.contains_key(key)).unwrap_or(group.name.value.key());
            let belongs = groups.entry(key).or_insert_with(|| Belongs {
                group: group.name.value.clone(),
                source: people
                    .observed
                    .group_named(&group.name.value)
                    .map(|ix| people.observed.group(ix).source.clone()),
                now: Now::Outside,
                reasons: Vec::new(),
                why_not: None,
            });
            belongs.reasons.push((Reason::List, said.origin));
        }
    }
    groups.into_values().collect()
}

fn near(people: &People<'_>, login: &Login) -> Vec<Phrase> {
    let names = people.observed.computers.iter().map(|computer| &computer.login);
    let mut found: Vec<(usize, String)> = names
        .map(|other| (strsim::osa_distance(other.user.key(), login.user.key()), other.to_string()))
        .filter(|(distance, _)| *distance <= NEAR)
        .collect();
    found.sort_unstable();
    found.into_iter().take(SUGGESTED).map(|(_, text)| did_you_mean(&text)).collect()
}
