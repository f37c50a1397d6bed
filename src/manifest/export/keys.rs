//! By what are two entries one user?

use crate::model::{DesiredUser, Origin, Reference};

/// What tells people apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A UPN or an email.
    Address,
    EmployeeId,
}

/// What makes two entries one user, in the form that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
}

impl<'a> Key<'a> {
    const fn address(text: &'a str) -> Self {
        Self { kind: Kind::Address, text }
    }

    const fn employee_id(text: &'a str) -> Self {
        Self { kind: Kind::EmployeeId, text }
    }

    /// What a reference looks for, if rows can be found by it.
    pub(super) fn of(reference: &'a Reference) -> Option<Self> {
        match reference {
            Reference::Address(address) => Some(Self::address(address.key())),
            Reference::EmployeeId(id) => Some(Self::employee_id(id.as_written())),
            Reference::DeviceLogin(_) | Reference::Slashed(..) | Reference::Name(_) => None,
        }
    }
}

/// All keys of a user, with their places.
pub(super) fn keys(user: &DesiredUser) -> impl Iterator<Item = (Key<'_>, Origin)> {
    let upns = user.upns.listed().iter().map(|upn| (Key::address(upn.value.key()), upn.origin));
    let emails = user.emails.listed().iter().map(|email| (Key::address(email.value.key()), email.origin));
    let ids =
        user.employee_ids.listed().iter().map(|id| (Key::employee_id(id.value.as_written()), id.origin));
    let lookups = user.lookups.iter().filter_map(|said| Some((Key::of(&said.value)?, said.origin)));
    upns.chain(emails).chain(ids).chain(lookups)
}
