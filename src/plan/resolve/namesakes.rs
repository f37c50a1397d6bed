//! What are namesakes called? An account takes a display name once, so all of them but one get the name that their export has for
//! this.
//!
//! Nobody is renamed because of somebody else: whoever is called either way in the account stays called so.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Desired, DesiredUser, DisplayName, Managed, Observed, UserIx};
use crate::plan::resolve::keys::{Directory, declared, held};
use crate::plan::resolve::temporary;

/// The manifests with the names that namesakes get. Where there are none, nothing is copied.
pub(in crate::plan) fn settled<'a>(desired: &'a Desired, observed: &Observed) -> Cow<'a, Desired> {
    let taken = taken(desired, observed);
    if taken.is_empty() {
        return Cow::Borrowed(desired);
    }
    let mut settled = desired.clone();
    for at in taken {
        let user = &mut settled.users[at];
        if let Some(name) = user.namesake.take() {
            user.display_name = Managed::Set(name);
        }
    }
    Cow::Owned(settled)
}

/// The positions of those who are called as their export calls namesakes.
fn taken(desired: &Desired, observed: &Observed) -> Vec<usize> {
    let users = &desired.users;
    if users.iter().all(|user| user.namesake.is_none()) {
        return Vec::new();
    }
    // A name that a run left on its way is the one that it stands for.
    let (observed, _) = temporary::read(observed);
    let mut wanted: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, user) in users.iter().enumerate() {
        if let Some(name) = user.display_name.declared() {
            wanted.entry(name.value.key()).or_default().push(at);
        }
    }
    let mut holders = Directory::with_capacity(observed.users.len() * 4);
    for (at, record) in (0..).zip(&observed.users) {
        held(record).for_each(|key| holders.add(key, at));
    }
    let called = |user: &DesiredUser| {
        let record = declared(user).find_map(|(key, _)| holders.owner(key)).map(UserIx)?;
        observed.user(record).display_name.as_ref()
    };
    let is_taken = |at: &usize| {
        let user = &users[*at];
        let (Some(name), Some(namesake)) = (user.display_name.declared(), &user.namesake) else {
            return false;
        };
        let held: Option<&DisplayName> = called(user);
        let mut others =
            wanted.get(name.value.key()).into_iter().flatten().filter(|other| *other != at).peekable();
        let is_alone = others.peek().is_none();
        let may_keep = held == Some(&name.value) && others.all(|other| users[*other].namesake.is_some());
        held == Some(&namesake.value) || !(is_alone || may_keep)
    };
    (0..users.len()).filter(is_taken).collect()
}
