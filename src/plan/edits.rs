//! Which edits make a record what its entry declares, and what do edits make of the identifiers that somebody holds?

use crate::model::{
    Access, AutoEmails, Desired, DesiredUser, Domain, Edit, Email, Identifier, Key, Located, Login, Members,
    Observed, ObservedUser, Origin, Reach, Topic, UserIx, Writer,
};
use crate::plan::resolve::temporary::Temporaries;

/// What edits make of the identifiers that somebody holds.
pub(super) fn held_after<'e>(
    held: impl Iterator<Item = Identifier>,
    edits: impl Iterator<Item = &'e Edit>,
) -> Vec<Identifier> {
    let mut after: Vec<Identifier> = held.collect();
    for edit in edits {
        match edit {
            Edit::Name { .. } => {}
            Edit::Add(identifier) => after.push(identifier.clone()),
            Edit::Remove(_) | Edit::NoEmployeeId => after.retain(|held| !edit.takes_away(held)),
        }
    }
    after
}

/// The two sides of a comparison.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    /// What the manifests say.
    pub(super) desired: &'a Desired,
    /// What the account has.
    pub(super) observed: &'a Observed,
    /// Which values of the account are temporaries in truth.
    pub(super) temporaries: &'a Temporaries,
}

impl Sides<'_> {
    /// Whether a record is to lose a name or an identifier that it has.
    pub(super) fn gives_up(&self, ix: UserIx, user: &DesiredUser, key: Key<'_>) -> bool {
        let edits = self.edits(ix, user, |_| false);
        let edits = || edits.iter().map(|edit| &edit.value);
        if let Key::Name(_) = key {
            return edits().any(|edit| matches!(edit, Edit::Name { to, .. } if Key::Name(to.key()) != key));
        }
        let kept = |held: &Identifier| Key::from(held) == key && !edits().any(|edit| edit.takes_away(held));
        let comes = |edit: &Edit| matches!(edit, Edit::Add(added) if Key::from(added) == key);
        !self.observed.user(ix).identifiers().any(|held| kept(&held)) && !edits().any(comes)
    }

    /// The edits of name and identifiers that make the record equal to what is declared, in the order of fields. An email that `leaves`
    /// is one that the account made of an agent which goes to another user.
    pub(super) fn edits(
        &self,
        ix: UserIx,
        user: &DesiredUser,
        leaves: impl Fn(&Email) -> bool,
    ) -> Vec<Located<Edit>> {
        let record = self.observed.user(ix);
        let mut edits = Vec::new();
        if let Some(name) = user.display_name.declared() {
            let same =
                record.display_name.as_ref().is_some_and(|held| held.as_written() == name.value.as_written());
            if !same || self.temporaries.is_name_of(ix) {
                edits.push(name.clone().map(|to| Edit::Name { from: record.display_name.clone(), to }));
            }
        }
        edits.extend(list(&user.upns, record.upns.iter(), user.origin, Identifier::Upn, |_| Keep::No));
        let auto = self.desired.policy.auto_emails.value;
        let emails = record.emails.iter().map(|held| &held.email);
        edits.extend(list(&user.emails, emails, user.origin, Identifier::Email, |email| {
            let stays = auto == AutoEmails::Keep && !leaves(email);
            if record.is_automatic(email) && (stays || !has_real_identifier(user, record)) {
                Keep::Yes
            } else {
                Keep::No
            }
        }));
        let ids = &record.employee_ids;
        edits.extend(list(&user.employee_ids, ids.iter(), user.origin, Identifier::EmployeeId, |_| Keep::No));
        let unseen = self.observed.reach.hidden(Topic::MoreEmployeeIds).is_some();
        if unseen
            && !ids.is_empty()
            && matches!(&user.employee_ids, Members::Exactly(none) if none.is_empty())
        {
            edits.push(Located::new(Edit::NoEmployeeId, user.origin));
        }
        edits.extend(logins(user, record));
        self.settle_temporaries(ix, user, &mut edits);
        self.compared(releases(user, record, edits))
    }

    /// Without the edits of what is only shown, or has no place: that is told, and not compared.
    pub(super) fn compared(&self, mut edits: Vec<Located<Edit>>) -> Vec<Located<Edit>> {
        let reach = &self.observed.reach;
        let is_told = |edit: &Edit| matches!(reach.of(topic(edit)), Access::Shown(_) | Access::Absent(_));
        edits.retain(|edit| !is_told(&edit.value));
        edits
    }

    /// With the end of what an interrupted run left: a temporary goes, even from a list that is not managed, and what it stood for
    /// comes back where it is declared.
    fn settle_temporaries(&self, ix: UserIx, user: &DesiredUser, edits: &mut Vec<Located<Edit>>) {
        for value in self.temporaries.of(ix) {
            if edits.iter().any(|edit| edit.value.takes_away(value)) {
                continue;
            }
            edits.push(Located::new(Edit::Remove(value.clone()), user.origin));
            if let Some(said) = user.identifiers().find(|said| said.value == *value) {
                edits.push(said.map(Edit::Add));
            }
        }
    }
}

/// The part of the account that an edit changes.
pub(super) fn topic(edit: &Edit) -> Topic {
    match edit {
        Edit::Name { .. } => Topic::Names,
        Edit::Add(value) | Edit::Remove(value) => Topic::of(value.kind()),
        Edit::NoEmployeeId => Topic::EmployeeIds,
    }
}

/// The identifiers that a new user gets: all that there is a place for. Where identifiers are only shown, it is one, the first.
pub(super) fn of_new(user: &DesiredUser, reach: &Reach) -> Vec<Located<Identifier>> {
    let mut placed: Vec<_> =
        user.identifiers().filter(|said| reach.absent(Topic::of(said.value.kind())).is_none()).collect();
    let shown =
        |said: &Located<Identifier>| matches!(reach.of(Topic::of(said.value.kind())), Access::Shown(_));
    if placed.iter().any(shown) {
        placed.truncate(1);
    }
    placed
}

/// The edits of device logins: they are only added, but for a login that turns from one domain to any, or back.
fn logins(user: &DesiredUser, record: &ObservedUser) -> Vec<Located<Edit>> {
    let held = &record.device_logins;
    let mut edits = Vec::new();
    for login in user.device_logins.iter().filter(|login| !held.contains(&login.value)) {
        edits.push(login.clone().map(|login| Edit::Add(Identifier::DeviceLogin(login))));
        if let Some(old) = turned(user, &login.value, held) {
            edits.push(Located::new(Edit::Remove(Identifier::DeviceLogin(old.clone())), login.origin));
        }
    }
    edits
}

/// Whether a record keeps a login that it holds, as no declared one takes its place.
pub(super) fn keeps_login(user: &DesiredUser, record: &ObservedUser, login: &Login) -> bool {
    let held = &record.device_logins;
    let mut new = user.device_logins.iter().filter(|new| !held.contains(&new.value));
    new.all(|new| turned(user, &new.value, held) != Some(login))
}

/// The held login that a declared one takes the place of: the only one of the same username that is not declared itself, where
/// one of the two is for any domain.
fn turned<'a>(user: &DesiredUser, to: &Login, held: &'a [Login]) -> Option<&'a Login> {
    let is_declared = |login: &Login| user.device_logins.iter().any(|said| said.value == *login);
    let new =
        user.device_logins.iter().filter(|said| said.value.user == to.user && !held.contains(&said.value));
    let mut old = held.iter().filter(|login| login.user == to.user && !is_declared(login));
    let (first, second) = (old.next()?, old.next());
    let turns = (first.domain == Domain::Any) != (to.domain == Domain::Any);
    (turns && second.is_none() && new.count() == 1).then_some(first)
}

/// With the removal of what a user gives up, whatever list it stands in.
pub(super) fn releases(
    user: &DesiredUser,
    record: &ObservedUser,
    mut edits: Vec<Located<Edit>>,
) -> Vec<Located<Edit>> {
    for released in &user.releases {
        let same = |held: &Identifier| Key::from(held) == Key::from(&released.value);
        for held in record.identifiers().filter(same) {
            if !edits.iter().any(|edit| edit.value.takes_away(&held)) {
                edits.push(Located::new(Edit::Remove(held), released.origin));
            }
        }
    }
    edits
}

/// Whether a value that no manifest declares stays.
#[derive(PartialEq)]
enum Keep {
    Yes,
    No,
}

/// The edits that make a record's list of one kind equal to what is wanted of it.
fn list<'h, T: Clone + PartialEq + 'h>(
    wanted: &Members<T>,
    held: impl Iterator<Item = &'h T> + Clone,
    origin: Origin,
    identifier: fn(T) -> Identifier,
    keep: impl Fn(&T) -> Keep,
) -> Vec<Located<Edit>> {
    let mut edits = Vec::new();
    let is_held = |value: &T| held.clone().any(|held| held == value);
    for value in wanted.listed().iter().filter(|said| !is_held(&said.value)) {
        edits.push(value.clone().map(|value| Edit::Add(identifier(value))));
    }
    if let Members::Exactly(wanted) = wanted {
        let declared = |value: &T| wanted.iter().any(|said| said.value == *value);
        for value in held.filter(|value| !declared(value) && keep(value) == Keep::No) {
            edits.push(Located::new(Edit::Remove(identifier(value.clone())), origin));
        }
    }
    edits
}

/// Whether the user has, or is to have, an identifier that the account did not make up.
fn has_real_identifier(user: &DesiredUser, record: &ObservedUser) -> bool {
    let real_email = |held: &crate::model::ObservedEmail| {
        held.writer == Writer::Other && !record.is_placeholder(&held.email)
    };
    let declared = !user.upns.listed().is_empty()
        || !user.employee_ids.listed().is_empty()
        || user.emails.listed().iter().any(|email| !record.is_placeholder(&email.value));
    let kept = |members_left_alone: bool, any: bool| members_left_alone && any;
    declared
        || kept(user.upns == Members::Leave, !record.upns.is_empty())
        || kept(user.employee_ids == Members::Leave, !record.employee_ids.is_empty())
        || kept(user.emails == Members::Leave, record.emails.iter().any(real_email))
}
