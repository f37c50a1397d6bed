//! Is somebody in a group, and what asks for it?

use crate::model::{DesiredGroup, GroupName, GroupSource, Located, Origin, Reference, Topic};
use crate::plan::explain::copies::Copies;
use crate::plan::explain::explanation::{Belongs, Now, Reason, WhyNot};
use crate::plan::membership::automatic::candidate::Candidate;
use crate::plan::membership::automatic::why;
use crate::plan::membership::copied::in_none_of;
use crate::plan::people::{People, Referred};
use crate::plan::person::Person;

/// Where a user is of whom nothing shows that they are in a group; the identity provider's own are always shown whole.
pub(super) fn outside(people: &People<'_>, name: &GroupName) -> Now {
    let source = people.observed.group_named(name).map(|ix| &people.observed.group(ix).source);
    let hidden = people.observed.reach.hidden(Topic::Members).is_some();
    if hidden && source != Some(&GroupSource::Scim) { Now::Unseen } else { Now::Outside }
}

pub(super) fn belongs(people: &People<'_>, name: &GroupName, now: Now) -> Belongs {
    let source = people.observed.group_named(name).map(|ix| people.observed.group(ix).source.clone());
    Belongs { group: name.clone(), source, now, reasons: Vec::new(), why_not: None }
}

/// What a group's own entry says of a person.
pub(super) fn reasons(
    (people, copies): (&People<'_>, &Copies<'_>),
    group: &DesiredGroup,
    person: Person,
) -> Vec<(Reason, Origin)> {
    let means =
        |said: &&Located<Reference>| matches!(people.find(said), Ok(Referred::Person(it)) if it == person);
    let listed = group.members.listed().iter().filter(means);
    let mut reasons: Vec<(Reason, Origin)> = listed.map(|said| (Reason::List, said.origin)).collect();
    if let Some(automatic) = &group.automatic {
        let also = automatic.also.iter().filter(means);
        reasons.extend(also.map(|said| (Reason::Also, said.origin)));
        let except: Vec<_> = automatic.except.iter().filter(means).collect();
        if except.is_empty() {
            reasons.extend(by_rule(people, group, person));
            reasons.extend(copies.reason(group, person));
        }
        reasons.extend(except.into_iter().map(|said| (Reason::Except, said.origin)));
    }
    reasons
}

/// That a group's rule holds for a person.
pub(super) fn by_rule(people: &People<'_>, group: &DesiredGroup, person: Person) -> Option<(Reason, Origin)> {
    let rule = group.automatic.as_ref()?.rule.as_ref()?;
    let user = Some(person).filter(|person| people.is_staying(*person));
    let user = user.and_then(|person| Candidate::person(people, person));
    let user = user.filter(|user| why::holds(&rule.value, *user))?;
    Some((Reason::Rule(why::reason(&rule.value, user).words), rule.origin))
}

/// Why nothing asks for somebody to be in a group.
pub(super) fn why_not(
    people: &People<'_>,
    group: Option<&DesiredGroup>,
    person: Option<Person>,
) -> (WhyNot, Origin) {
    let Some(group) = group else { return (WhyNot::Undeclared, Origin::NONE) };
    if person.is_some_and(|person| !people.is_staying(person)) {
        return (WhyNot::Removed, Origin::NONE);
    }
    let Some(automatic) = &group.automatic else { return (WhyNot::NotNamed, group.name.origin) };
    let none = Some(in_none_of(&automatic.of)).filter(|_| !automatic.of.is_empty());
    let user = person.and_then(|person| Candidate::person(people, person));
    match (automatic.rule.as_ref().zip(user), none) {
        (Some((rule, user)), none) => {
            let reason = why::reason(&rule.value, user).words;
            let reason = none.map_or_else(|| reason.clone(), |none| reason.clone().then("; ").joined(none));
            (WhyNot::Rule(reason), rule.origin)
        }
        (None, Some(none)) => (WhyNot::Copied(none), automatic.origin()),
        (None, None) => (WhyNot::NotNamed, group.name.origin),
    }
}
