//! What do manifests look at that is read only where they do?

use std::collections::BTreeSet;

use crate::model::desired::Desired;
use crate::model::name::GroupName;

/// What manifests look at besides who is there and who is in which group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The groups that are to say something of themselves, by every name that they may have.
    pub described: BTreeSet<GroupName>,
}

impl Asked {
    /// What manifests look at.
    pub fn by(desired: &Desired) -> Self {
        let described = desired.groups.iter().filter(|group| group.description.declared().is_some());
        let names = described.flat_map(|group| std::iter::once(&group.name).chain(&group.formerly));
        Self { described: names.map(|name| name.value.clone()).collect() }
    }
}
