//! Who holds which identifier: one index for each side of the plan.

use crate::model::{DesiredUser, Index, Key, ObservedUser, Origin, Reference, UserLabel};

/// Everything that a reference looks for.
pub(in crate::plan) fn sought(reference: &Reference) -> impl Iterator<Item = Key<'_>> {
    let second = match reference {
        Reference::Slashed(_, id) => Some(Key::EmployeeId(id.as_written())),
        _ => None,
    };
    std::iter::once(Key::from(reference)).chain(second)
}

/// The identifiers that are declared for a user, and what exports find it by, with their places; what it releases is not among
/// them.
pub(in crate::plan) fn declared(user: &DesiredUser) -> impl Iterator<Item = (Key<'_>, Origin)> {
    let upns = user.upns.listed().iter().map(|upn| (Key::Address(upn.value.key()), upn.origin));
    let emails = user.emails.listed().iter().map(|email| (Key::Address(email.value.key()), email.origin));
    let ids = user.employee_ids.listed().iter().map(|id| (Key::EmployeeId(id.value.as_written()), id.origin));
    let logins = user.device_logins.iter().map(|login| (Key::Login(&login.value), login.origin));
    let lookups = user.lookups.iter().map(|lookup| (Key::from(&lookup.value), lookup.origin));
    let all = upns.chain(emails).chain(ids).chain(logins).chain(lookups);
    all.filter(|(key, _)| !releases(user, *key))
}

/// Whether a user gives an identifier up.
pub(in crate::plan) fn releases(user: &DesiredUser, key: Key<'_>) -> bool {
    user.releases.iter().any(|released| Key::from(&released.value) == key)
}

/// The identifiers a record holds.
pub(in crate::plan) fn held(user: &ObservedUser) -> impl Iterator<Item = Key<'_>> {
    let upns = user.upns.iter().map(|upn| Key::Address(upn.key()));
    let emails = user.emails.iter().map(|email| Key::Address(email.email.key()));
    let ids = user.employee_ids.iter().map(|id| Key::EmployeeId(id.as_written()));
    let logins = user.device_logins.iter().map(Key::Login);
    upns.chain(emails).chain(ids).chain(logins)
}

/// Finds the position of the user who holds a key.
#[derive(Debug, Default)]
pub(in crate::plan) struct Directory<'a> {
    entries: Vec<(Key<'a>, u32)>,
    index: Index,
    /// Keys that a second user holds too, against the account's own rule; hardly ever any.
    contested: Vec<(Key<'a>, u32)>,
}

impl<'a> Directory<'a> {
    /// An empty directory with room for `capacity` keys.
    pub(in crate::plan) fn with_capacity(capacity: usize) -> Self {
        Self {
            entries: Vec::with_capacity(capacity),
            index: Index::with_capacity(capacity),
            contested: Vec::new(),
        }
    }

    /// Notes that the user at `owner` holds `key`.
    pub(in crate::plan) fn add(&mut self, key: Key<'a>, owner: u32) {
        let Ok(position) = u32::try_from(self.entries.len()) else { return };
        match self.index.insert(&key, position, |at| self.entries[at as usize].0 == key) {
            None => self.entries.push((key, owner)),
            Some(at) if self.entries[at as usize].1 == owner => {}
            Some(_) => self.contested.push((key, owner)),
        }
    }

    /// The first user who holds the key.
    pub(in crate::plan) fn owner(&self, key: Key<'_>) -> Option<u32> {
        let at = self.index.find(&key, |at| self.entries[at as usize].0 == key)?;
        Some(self.entries[at as usize].1)
    }

    /// Every user who holds the key.
    pub(in crate::plan) fn owners(&self, key: Key<'_>) -> impl Iterator<Item = u32> {
        let more = self.contested.iter().filter(move |entry| entry.0 == key).map(|entry| entry.1);
        self.owner(key).into_iter().chain(more)
    }

    /// Every key with its user, in the order they were added: for suggestions.
    pub(in crate::plan) fn entries(&self) -> &[(Key<'a>, u32)] {
        &self.entries
    }
}

/// How a declared user is shown before a record exists: its declared name and the identifier the account would show.
pub(in crate::plan) fn label(user: &DesiredUser) -> UserLabel {
    UserLabel {
        name: user.display_name.declared().map(|name| name.value.as_written().into()),
        display_id: user
            .identifiers()
            .map(|identifier| identifier.value.to_string().into())
            .next()
            .or_else(|| user.lookups.first().map(|lookup| lookup.value.to_string().into())),
        record: None,
    }
}
