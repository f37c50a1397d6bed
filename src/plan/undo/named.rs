//! How is a user of the account named in a manifest that is written for them? Only by texts that a manifest can say.

use crate::model::{DisplayName, Identifier, Key, Located, ObservedUser, Reference, UserLabel, by_its_shape};
use crate::plan::undo::trail::Trail;

impl Trail<'_> {
    /// What names a user in the list of a group: the first identifier that says its kind by its shape, else the display name.
    /// Whoever has an entry goes by what that says.
    pub(super) fn reference(&self, user: &ObservedUser) -> Option<Reference> {
        if let Some(entered) = self.entered.get(&user.id) {
            return Some(entered.clone());
        }
        let ids = user.employee_ids.iter().cloned().map(Identifier::EmployeeId);
        let others = user.identifiers().filter(|held| !matches!(held, Identifier::EmployeeId(_)));
        let mut own = ids.chain(others).filter(|held| self.taker(Key::from(held)).is_none());
        let named = own.find_map(|held| by_its_shape(&held));
        named.or_else(|| {
            let name =
                user.display_name.as_ref().filter(|name| self.taker(Key::Name(name.key())).is_none())?;
            DisplayName::parse(name.as_written()).ok().map(Reference::Name)
        })
    }

    /// What names each of these users in the list of a group, and those whom nothing names; who is removed is neither.
    pub(super) fn naming<'u>(
        &self,
        users: impl Iterator<Item = &'u ObservedUser>,
    ) -> (Vec<Located<Reference>>, Vec<UserLabel>) {
        let (mut named, mut unnamed) = (Vec::new(), Vec::new());
        for user in users.filter(|user| !self.removed.contains(&user.id)) {
            match self.reference(user) {
                Some(reference) => named.push(Located::unplaced(reference)),
                None => unnamed.push(UserLabel::of(user)),
            }
        }
        (named, unnamed)
    }

    /// Whether a row of the HR file can name a user.
    pub(super) fn has_lookup(&self, user: &ObservedUser) -> bool {
        let mut rows = user.identifiers().filter(|held| !matches!(held, Identifier::DeviceLogin(_)));
        rows.any(|held| self.taker(Key::from(&held)).is_none())
    }
}
