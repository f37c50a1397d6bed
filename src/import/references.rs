//! How does a list of members name a user? By what changes least often and nobody else has.

use crate::import::claims::{Claims, claimed};
use crate::model::{
    DisplayName, Email, Identifier, Key, Observed, ObservedUser, Reference, Sayable, UserIx, by_its_shape,
};

/// What names a user alone: an employee ID, else a UPN, an email, a device login, and where there is nothing else the display name.
/// An email that the account made of an agent comes and goes with it, so it is the last of the identifiers.
pub(super) fn reference(observed: &Observed, claims: &Claims<'_>, ix: UserIx) -> Option<Reference> {
    reference_such(observed, claims, ix, |_| true)
}

/// The first such that is of a kind, if one is; else the first.
pub(super) fn reference_such(
    observed: &Observed,
    claims: &Claims<'_>,
    ix: UserIx,
    is_such: impl Fn(&Reference) -> bool,
) -> Option<Reference> {
    let user = observed.user(ix);
    let is_own = |held: &Identifier| claims.other(claimed(held), ix).is_none();
    let by_identifier = || ranked(user).filter(is_own).filter_map(|held| by_its_shape(&held));
    let by_name = name(user, claims, ix).cloned().map(Reference::Name);
    let all = || by_identifier().chain(by_name.clone());
    all().find(is_such).or_else(|| all().next())
}

/// The display name of a user, where a manifest can say it and nobody else has it.
fn name<'a>(user: &'a ObservedUser, claims: &Claims<'_>, ix: UserIx) -> Option<&'a DisplayName> {
    let name = user.display_name.as_ref().filter(|name| name.is_sayable())?;
    claims.other(Key::Name(name.key()), ix).is_none().then_some(name)
}

/// The identifiers of a user, the most lasting first.
fn ranked(user: &ObservedUser) -> impl Iterator<Item = Identifier> + '_ {
    let ids = user.employee_ids.iter().cloned().map(Identifier::EmployeeId);
    let upns = user.upns.iter().cloned().map(Identifier::Upn);
    let emails = |automatic: bool| {
        let held = user.emails.iter().map(|held| &held.email);
        let of_kind = move |email: &&Email| user.is_automatic(email) == automatic;
        held.filter(of_kind).cloned().map(Identifier::Email)
    };
    let logins = user.device_logins.iter().cloned().map(Identifier::DeviceLogin);
    ids.chain(upns).chain(emails(false)).chain(logins).chain(emails(true))
}
