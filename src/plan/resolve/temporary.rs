//! What an interrupted run left: records that hold a temporary are read as if they held what it stands for.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::model::{DisplayName, Edit, Identifier, Key, Observed, ObservedUser, UserIx, is_temporary};

/// Which values of a reading are temporaries in truth.
#[derive(Debug, Default)]
pub(in crate::plan) struct Temporaries {
    /// Records, and the identifiers that their temporaries stand for; sorted.
    identifiers: Vec<(UserIx, Identifier)>,
    /// Records whose display name is a temporary; sorted.
    names: Vec<UserIx>,
}

/// The account with every temporary read as what it stands for. Hardly ever is there one, and then nothing is copied.
pub(in crate::plan) fn read(observed: &Observed) -> (Cow<'_, Observed>, Temporaries) {
    let marked: Vec<usize> =
        (0..observed.users.len()).into_par_iter().filter(|at| is_marked(&observed.users[*at])).collect();
    let mut temporaries = Temporaries::default();
    if marked.is_empty() {
        return (Cow::Borrowed(observed), temporaries);
    }
    let mut view = observed.clone();
    for at in marked {
        if let Ok(ix) = u32::try_from(at) {
            temporaries.read_through(UserIx(ix), &mut view.users[at]);
        }
    }
    (Cow::Owned(view), temporaries)
}

fn is_marked(user: &ObservedUser) -> bool {
    user.upns.iter().any(|upn| is_temporary(upn.as_written()))
        || user.emails.iter().any(|held| is_temporary(held.email.as_written()))
        || user.employee_ids.iter().any(|id| is_temporary(id.as_written()))
        || user.device_logins.iter().any(|login| is_temporary(login.user.as_written()))
        || user.display_name.as_ref().is_some_and(|name| is_temporary(name.as_written()))
}

impl Temporaries {
    fn read_through(&mut self, ix: UserIx, user: &mut ObservedUser) {
        if let Some(name) = user.display_name.as_ref().and_then(DisplayName::stands_for) {
            user.display_name = Some(name);
            self.names.push(ix);
        }
        let held: Vec<Identifier> = user.identifiers().collect();
        // Beside the value itself a temporary stands for nothing, and is a value like any other.
        let standing = held
            .iter()
            .filter_map(|temporary| Some((temporary, temporary.stands_for()?)))
            .filter(|(_, value)| !held.contains(value));
        for (temporary, value) in standing {
            put(user, temporary, value.clone());
            self.identifiers.push((ix, value));
        }
    }

    /// Whether no temporary was found.
    pub(in crate::plan) fn is_empty(&self) -> bool {
        self.identifiers.is_empty() && self.names.is_empty()
    }

    /// What the temporaries of a record stand for.
    pub(in crate::plan) fn of(&self, ix: UserIx) -> impl Iterator<Item = &Identifier> {
        self.identifiers.iter().filter(move |(at, _)| *at == ix).map(|(_, value)| value)
    }

    /// Every record with an identifier that a temporary of it stands for.
    pub(in crate::plan) fn iter(&self) -> impl Iterator<Item = (UserIx, &Identifier)> {
        self.identifiers.iter().map(|(ix, value)| (*ix, value))
    }

    /// Whether a record has the key only by a temporary.
    pub(in crate::plan) fn stands(&self, ix: UserIx, key: Key<'_>) -> bool {
        match key {
            Key::Name(_) => self.names.contains(&ix),
            _ => self.of(ix).any(|value| Key::from(value) == key),
        }
    }

    /// Every record whose display name is a temporary.
    pub(in crate::plan) fn names(&self) -> impl Iterator<Item = UserIx> {
        self.names.iter().copied()
    }

    /// Whether a record's display name is a temporary.
    pub(in crate::plan) fn is_name_of(&self, ix: UserIx) -> bool {
        self.names.contains(&ix)
    }

    /// An edit as the account has to be told: what is taken away is the temporary, not what it stands for.
    pub(in crate::plan) fn as_held(&self, ix: UserIx, edit: &Edit) -> Edit {
        match edit {
            Edit::Remove(value) if self.of(ix).any(|stood| stood == value) => Edit::Remove(value.temporary()),
            Edit::Name { from: Some(from), to } if self.is_name_of(ix) => {
                Edit::Name { from: Some(from.temporary()), to: to.clone() }
            }
            other => other.clone(),
        }
    }
}

/// Puts a value where its temporary is.
fn put(user: &mut ObservedUser, temporary: &Identifier, value: Identifier) {
    match (temporary, value) {
        (Identifier::Upn(old), Identifier::Upn(new)) => replace(&mut user.upns, old, &new),
        (Identifier::EmployeeId(old), Identifier::EmployeeId(new)) => {
            replace(&mut user.employee_ids, old, &new);
        }
        (Identifier::DeviceLogin(old), Identifier::DeviceLogin(new)) => {
            replace(&mut user.device_logins, old, &new);
        }
        (Identifier::Email(old), Identifier::Email(new)) => {
            for held in user.emails.iter_mut().filter(|held| held.email == *old) {
                held.email = new.clone();
            }
        }
        _ => {}
    }
}

fn replace<T: PartialEq + Clone>(list: &mut [T], old: &T, new: &T) {
    for held in list.iter_mut().filter(|held| *held == old) {
        held.clone_from(new);
    }
}
