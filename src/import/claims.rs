//! Who else holds a value? What two records hold names neither.

use rayon::prelude::*;

use crate::model::{Identifier, Login, Observed, Upn, UserIx};

/// A value in the form in which it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value<'a> {
    /// A UPN or an email, which are one space.
    Address(&'a str),
    /// An employee ID.
    EmployeeId(&'a str),
    /// A device login.
    Login(&'a Login),
    /// A display name.
    Name(&'a str),
}

impl<'a> From<&'a Identifier> for Value<'a> {
    fn from(identifier: &'a Identifier) -> Self {
        match identifier {
            Identifier::Upn(upn) => Self::Address(upn.key()),
            Identifier::Email(email) => Self::Address(email.key()),
            Identifier::EmployeeId(id) => Self::EmployeeId(id.key()),
            Identifier::DeviceLogin(login) => Self::Login(login),
        }
    }
}

/// Every value that several records hold, with who holds it, sorted. Hardly ever is there one.
pub(super) struct Claims<'a>(Vec<(Value<'a>, UserIx)>);

impl<'a> Claims<'a> {
    /// The claims of all records.
    pub(super) fn of(observed: &'a Observed) -> Self {
        let mut claims = Vec::with_capacity(observed.users.len() * 4);
        for (at, user) in (0..).map(UserIx).zip(&observed.users) {
            let addresses = user.upns.iter().map(Upn::key);
            let addresses = addresses.chain(user.emails.iter().map(|it| it.email.key()));
            claims.extend(addresses.map(|it| (Value::Address(it), at)));
            claims.extend(user.employee_ids.iter().map(|it| (Value::EmployeeId(it.key()), at)));
            claims.extend(user.device_logins.iter().map(|it| (Value::Login(it), at)));
            claims.extend(user.display_name.iter().map(|it| (Value::Name(it.key()), at)));
        }
        claims.par_sort_unstable();
        claims.dedup();
        let several = claims.chunk_by(|one, other| one.0 == other.0).filter(|holders| holders.len() > 1);
        Self(several.flatten().copied().collect())
    }

    /// Another record that holds a value.
    pub(super) fn other(&self, value: Value<'_>, than: UserIx) -> Option<UserIx> {
        let from = self.0.partition_point(|claim| claim.0 < value);
        let same = self.0.iter().skip(from).take_while(|claim| claim.0 == value);
        same.map(|claim| claim.1).find(|holder| *holder != than)
    }
}
