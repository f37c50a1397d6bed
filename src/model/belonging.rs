//! In which groups is a user, or a computer? The memberships of a reading the other way round.

use std::collections::BTreeMap;

use crate::model::id::ComputerId;
use crate::model::observed::{GroupIx, Observed, UserIx};

/// Who is in which group, by user.
#[derive(Debug, Clone)]
pub struct Belonging(Vec<(UserIx, GroupIx)>);

impl Belonging {
    /// The memberships of a reading.
    pub fn of(observed: &Observed) -> Self {
        let mut pairs: Vec<(UserIx, GroupIx)> =
            observed.memberships.iter().map(|&(group, user)| (user, group)).collect();
        pairs.sort_unstable();
        Self(pairs)
    }

    /// The groups of a user, sorted by number.
    pub fn groups(&self, user: UserIx) -> impl ExactSizeIterator<Item = GroupIx> + '_ {
        let from = self.0.partition_point(|pair| pair.0 < user);
        let to = from + self.0[from..].partition_point(|pair| pair.0 == user);
        self.0[from..to].iter().map(|pair| pair.1)
    }
}

/// The groups of each computer that is in one, in the order of their numbers.
pub fn groups_of_computers(observed: &Observed) -> BTreeMap<ComputerId, Vec<GroupIx>> {
    let mut groups: BTreeMap<ComputerId, Vec<GroupIx>> = BTreeMap::new();
    for (ix, group) in (0..).map(GroupIx).zip(&observed.groups) {
        for computer in group.computers.iter().flatten() {
            groups.entry(*computer).or_default().push(ix);
        }
    }
    groups
}
