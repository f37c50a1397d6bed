//! Who stands in which list of users?

use rayon::prelude::*;

use crate::manifest::rules::directory::Users;
use crate::model::{DesiredGroup, Located, Reference};

/// An item of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed<'a> {
    /// What is written.
    pub(super) reference: &'a Located<Reference>,
    /// Position of the declared user it leads to.
    pub(super) user: Option<u32>,
}

/// Looks every reference of every list up, once for all rules.
pub(super) fn resolved<'a>(groups: &'a [DesiredGroup], users: &Users<'_>) -> Vec<Vec<Listed<'a>>> {
    let listed = |reference: &'a Located<Reference>| Listed {
        reference,
        user: users.meant(&reference.value).map(|claim| claim.user),
    };
    groups.par_iter().flat_map_iter(lists).map(|list| list.iter().map(listed).collect()).collect()
}

fn lists(group: &DesiredGroup) -> impl Iterator<Item = &[Located<Reference>]> {
    let automatic = group.automatic.iter().flat_map(|it| [&it.also[..], &it.except[..]]);
    std::iter::once(group.members.listed()).chain(automatic)
}
