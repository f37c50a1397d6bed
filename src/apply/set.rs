//! What does the account show of an HR set, group by group?

use std::collections::BTreeMap;

use crate::model::{GroupName, HrGroup, Outcome, UserId, UserLabel, UserRef};

/// What the account shows of one group of a set that it does not show whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupShown {
    /// The group.
    pub name: GroupName,
    /// Whether it is there.
    pub presence: Presence,
    /// Members that the file gives it.
    pub sent: usize,
    /// Of these, who is not in it.
    pub missing: Vec<UserLabel>,
    /// Who is in it and not in the file.
    pub surplus: Vec<UserLabel>,
}

/// Whether a group is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is, and is to be.
    There,
    /// It is not there yet.
    Absent,
    /// It is still there, and is to be gone.
    StillThere,
}

impl GroupShown {
    /// Members that the file gives it and that are in it.
    pub fn seen(&self) -> usize {
        self.sent - self.missing.len()
    }

    /// Whether it is as the file says.
    pub fn is_whole(&self) -> bool {
        self.presence == Presence::There && self.missing.is_empty() && self.surplus.is_empty()
    }
}

/// A group as it is to be and as it is seen; none where it is not.
type Sides<'a> = (Option<&'a HrGroup>, Option<&'a HrGroup>);

/// Both sides of every group of either set, by name.
fn sides<'a>(wanted: &'a [HrGroup], seen: &'a [HrGroup]) -> BTreeMap<&'a GroupName, Sides<'a>> {
    let mut sides: BTreeMap<&GroupName, Sides<'_>> = BTreeMap::new();
    for group in wanted {
        sides.entry(&group.name).or_default().0 = Some(group);
    }
    for group in seen {
        sides.entry(&group.name).or_default().1 = Some(group);
    }
    sides
}

/// The groups of either set whose two sides are like this, by name.
fn names(wanted: &[HrGroup], seen: &[HrGroup], are: impl Fn(Sides<'_>) -> bool) -> Vec<GroupName> {
    let sides = sides(wanted, seen).into_iter().filter(|(_, both)| are(*both));
    sides.map(|(name, _)| name.clone()).collect()
}

/// The groups that are not as they are to be, by name.
pub(in crate::apply) fn differing(wanted: &[HrGroup], seen: &[HrGroup]) -> Vec<GroupName> {
    names(wanted, seen, |(wanted, seen)| wanted != seen)
}

/// The groups that are as they are to be, by name.
pub(in crate::apply) fn agreeing(wanted: &[HrGroup], seen: &[HrGroup]) -> Vec<GroupName> {
    names(wanted, seen, |(wanted, seen)| wanted == seen)
}

/// The groups of a reading that neither set explains, by name: they are in none of them, or hold somebody who is in none. While a
/// file is being processed, every group is between the two.
pub(in crate::apply) fn unexplained(sets: [&[HrGroup]; 2], seen: &[HrGroup]) -> Vec<GroupName> {
    let mut sides: BTreeMap<&GroupName, Vec<&HrGroup>> = BTreeMap::new();
    for group in sets.into_iter().flatten() {
        sides.entry(&group.name).or_default().push(group);
    }
    let is_explained = |group: &&HrGroup| {
        let known = |sides: &Vec<&HrGroup>, member: &UserRef| {
            sides.iter().any(|side| side.members.binary_search(member).is_ok())
        };
        sides.get(&group.name).is_some_and(|sides| group.members.iter().all(|member| known(sides, member)))
    };
    seen.iter().filter(|group| !is_explained(group)).map(|group| group.name.clone()).collect()
}

/// A reading with a later look in it, at all groups but those of some names, sorted as they are.
pub(in crate::apply) fn with_look(
    seen: Vec<HrGroup>,
    names: &[GroupName],
    look: Vec<HrGroup>,
) -> Vec<HrGroup> {
    let mut seen = seen;
    seen.retain(|group| names.binary_search(&group.name).is_ok());
    seen.extend(look);
    seen.sort_by(|one, other| one.name.cmp(&other.name));
    seen
}

/// What is seen of every group of a set, and of every group that is to be gone.
pub(in crate::apply) fn shown(
    wanted: &[HrGroup],
    seen: &[HrGroup],
    label: impl Fn(UserId) -> UserLabel,
) -> Vec<GroupShown> {
    let labels = |members: &[UserRef], but: &[UserRef]| -> Vec<UserLabel> {
        let others = members.iter().filter(|member| but.binary_search(member).is_err());
        let known = others.filter_map(|member| match member {
            UserRef::Known(id) => Some(*id),
            UserRef::New(_) => None,
        });
        known.map(&label).collect()
    };
    let group = |(name, (wanted, seen)): (&GroupName, Sides<'_>)| {
        let presence = match (wanted, seen) {
            (Some(_), Some(_)) => Presence::There,
            (Some(_), None) => Presence::Absent,
            (None, _) => Presence::StillThere,
        };
        let members = |side: Option<&'_ HrGroup>| side.map_or_else(Vec::new, |group| group.members.clone());
        let (sent, there) = (members(wanted), members(seen));
        GroupShown {
            name: name.clone(),
            presence,
            missing: labels(&sent, &there),
            surplus: labels(&there, &sent),
            sent: sent.len(),
        }
    };
    sides(wanted, seen).into_iter().map(group).collect()
}

/// Groups that nothing from here explains are there: somebody else uploads.
pub(in crate::apply) fn another_upload(groups: &[GroupName]) -> Outcome {
    let names: Vec<String> = groups.iter().map(ToString::to_string).collect();
    Outcome::Mismatched {
        asked: "the HR groups of this upload alone".to_owned(),
        answered: format!("{}, which another upload makes or changes at the same time", names.join(", ")),
    }
}
