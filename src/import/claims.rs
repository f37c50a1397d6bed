//! Who else holds a value? What two records hold names neither.

use rayon::prelude::*;

use crate::model::{Identifier, Key, Observed, Upn, UserIx};

/// An identifier in the form in which claims are compared: two employee IDs that differ in case alone are one here, as nobody knows
/// whether the account takes them for one.
pub(super) fn claimed(identifier: &Identifier) -> Key<'_> {
    match identifier {
        Identifier::EmployeeId(id) => Key::EmployeeId(id.key()),
        other => Key::from(other),
    }
}

/// Every value that several records hold, with who holds it, sorted. Hardly ever is there one.
pub(super) struct Claims<'a>(Vec<(Key<'a>, UserIx)>);

impl<'a> Claims<'a> {
    /// The claims of all records.
    pub(super) fn of(observed: &'a Observed) -> Self {
        let mut claims = Vec::with_capacity(observed.users.len() * 4);
        for (at, user) in (0..).map(UserIx).zip(&observed.users) {
            let addresses = user.upns.iter().map(Upn::key);
            let addresses = addresses.chain(user.emails.iter().map(|it| it.email.key()));
            claims.extend(addresses.map(|it| (Key::Address(it), at)));
            claims.extend(user.employee_ids.iter().map(|it| (Key::EmployeeId(it.key()), at)));
            claims.extend(user.device_logins.iter().map(|it| (Key::Login(it), at)));
            claims.extend(user.display_name.iter().map(|it| (Key::Name(it.key()), at)));
        }
        claims.par_sort_unstable();
        claims.dedup();
        let several = claims.chunk_by(|one, other| one.0 == other.0).filter(|holders| holders.len() > 1);
        Self(several.flatten().copied().collect())
    }

    /// Another record that holds a value.
    pub(super) fn other(&self, value: Key<'_>, than: UserIx) -> Option<UserIx> {
        let from = self.0.partition_point(|claim| claim.0 < value);
        let same = self.0.iter().skip(from).take_while(|claim| claim.0 == value);
        same.map(|claim| claim.1).find(|holder| *holder != than)
    }
}
