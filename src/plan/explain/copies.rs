//! Which groups have somebody from another group, by `membersOf`?

use std::collections::BTreeMap;

use crate::model::{DesiredGroup, Origin, Piece};
use crate::phrase;
use crate::plan::explain::explanation::Reason;
use crate::plan::findings::Findings;
use crate::plan::membership::copied::Copied;
use crate::plan::membership::sought::sought;
use crate::plan::membership::wanted::naming;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::groups::GroupFits;

/// What every group that copies others gets of them, by its folded name.
pub(super) struct Copies<'a>(BTreeMap<&'a str, Copied<'a>>);

impl<'a> Copies<'a> {
    /// Looks through all groups, if any copies another.
    pub(super) fn of(people: &People<'a>) -> Self {
        let is_copying = |group: &DesiredGroup| !group.copied().is_empty();
        let groups = &people.desired.groups;
        if !groups.iter().any(is_copying) {
            return Self(BTreeMap::new());
        }
        let fits = GroupFits::new(people.desired, people.observed);
        let sought = sought(people, &fits, &naming(people), &mut Findings::default());
        let copying = groups.iter().zip(sought).filter(|(group, _)| is_copying(group));
        Self(copying.map(|(group, sought)| (group.name.value.key(), sought.copied)).collect())
    }

    /// Who comes into a group from others, and by which.
    pub(super) fn entering(&self, group: &DesiredGroup) -> Vec<(Person, (Reason, Origin))> {
        let persons = self.0.get(group.name.value.key()).map_or(&[][..], |copied| &copied.persons);
        let reason = |(person, place): &(Person, u32)| Some((*person, reason(group, *place)?));
        persons.iter().filter_map(reason).collect()
    }

    /// That somebody comes into a group from another.
    pub(super) fn reason(&self, group: &DesiredGroup, person: Person) -> Option<(Reason, Origin)> {
        reason(group, self.0.get(group.name.value.key())?.place_of(person)?)
    }
}

fn reason(group: &DesiredGroup, place: u32) -> Option<(Reason, Origin)> {
    let name = group.automatic.as_ref()?.of.get(place as usize)?;
    Some((Reason::Copied(phrase!["in ", Piece::plain(&name.value)]), name.origin))
}
