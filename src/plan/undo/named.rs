//! How is a user of the account named in a manifest that is written for them? Only by texts that a manifest can say.

use crate::model::{
    DisplayName, Domain, Email, EmployeeId, GroupName, Identifier, Login, ObservedUser, Reference, Said, Upn,
    UserLabel,
};
use crate::plan::people::keys::Key;
use crate::plan::undo::said;
use crate::plan::undo::trail::Trail;

/// A value that a manifest can say, as it can say it.
pub(super) trait Sayable {
    /// Whether reading what is written gives the value again.
    fn is_sayable(&self) -> bool;
}

impl Sayable for Upn {
    fn is_sayable(&self) -> bool {
        Self::parse(self.said()).is_ok()
    }
}

impl Sayable for Email {
    fn is_sayable(&self) -> bool {
        Self::parse(self.said()).is_ok()
    }
}

impl Sayable for EmployeeId {
    fn is_sayable(&self) -> bool {
        Self::parse(self.said()).is_ok()
    }
}

impl Sayable for Login {
    fn is_sayable(&self) -> bool {
        Self::parse(&self.to_string()).as_ref() == Ok(self)
    }
}

impl Sayable for GroupName {
    fn is_sayable(&self) -> bool {
        Self::parse(self.said()).is_ok()
    }
}

/// The texts of a list that is whole: all of them, or none if one can't be said.
pub(super) fn whole<T: Sayable>(values: Vec<T>) -> Option<Vec<T>> {
    values.iter().all(T::is_sayable).then_some(values)
}

/// Whether the shape of an identifier says what it is.
pub(super) fn by_shape(identifier: &Identifier) -> Option<Identifier> {
    Some(match Reference::parse(&identifier.to_string()).ok()? {
        Reference::Address(address) => Identifier::Email(Email::parse(address.said()).ok()?),
        Reference::DeviceLogin(login) => Identifier::DeviceLogin(login),
        Reference::EmployeeId(id) | Reference::Slashed(_, id) => Identifier::EmployeeId(id),
        Reference::Name(_) => return None,
    })
    .filter(|read| same_space(read, identifier))
}

/// What names a user by an identifier whose shape says what it is.
pub(super) fn by_its_shape(identifier: &Identifier) -> Option<Reference> {
    Reference::parse(&by_shape(identifier)?.to_string()).ok()
}

/// UPNs and emails are one space.
fn same_space(one: &Identifier, other: &Identifier) -> bool {
    match (one, other) {
        (Identifier::Email(email), Identifier::Upn(upn)) => email.key() == upn.key(),
        _ => one == other,
    }
}

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
            DisplayName::parse(name.said()).ok().map(Reference::Name)
        })
    }

    /// What names each of these users in the list of a group, and those whom nothing names; who is removed is neither.
    pub(super) fn naming<'u>(
        &self,
        users: impl Iterator<Item = &'u ObservedUser>,
    ) -> (Vec<Said<Reference>>, Vec<UserLabel>) {
        let (mut named, mut unnamed) = (Vec::new(), Vec::new());
        for user in users.filter(|user| !self.removed.contains(&user.id)) {
            match self.reference(user) {
                Some(reference) => named.push(said(reference)),
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

/// Whether an agent can be named: it reports from one domain.
pub(super) fn is_of_one_domain(login: &Login) -> bool {
    login.domain != Domain::Any && login.is_sayable()
}
