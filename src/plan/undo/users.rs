//! What did the records have that are edited? An entry for each, with whole lists of the kinds that change.
//!
//! An entry finds its record before, in the middle of and after the run: by what it had, and by what it gets under `formerly`.

use crate::model::{
    AgentId, DesiredUser, DisplayName, Edit, Email, EmployeeId, Identifier, IdentifierKind, Key, Located,
    Login, Managed, Members, Observed, ObservedUser, Origin, Phrase, Piece, Sayable, Topic, Upn, UserId,
    UserLabel, Writer, by_shape, is_of_one_domain, whole,
};
use crate::phrase;
use crate::plan::undo::entry::{all_unplaced, name};
use crate::plan::undo::trail::{OfUser, Trail};

/// An entry for every record that is edited.
pub(super) fn entries(
    observed: &Observed,
    trail: &Trail<'_>,
    lost: &mut Vec<Phrase>,
) -> Vec<(UserId, DesiredUser)> {
    let written = |(id, of): (&UserId, &OfUser<'_>)| {
        let record = observed.user(observed.user_ix(*id)?);
        let mut former = Former { record, of, trail, after: after(record, of), lost };
        Some((*id, former.entry(observed)?))
    };
    trail.users.iter().filter_map(written).collect()
}

/// The identifiers that a record has once its edits are done.
pub(super) fn after(record: &ObservedUser, of: &OfUser<'_>) -> Vec<Identifier> {
    let mut held: Vec<Identifier> = record.identifiers().collect();
    for edit in &of.edits {
        held.retain(|identifier| !edit.takes_away(identifier));
        if let Edit::Add(added) = edit
            && !held.contains(added)
        {
            held.push(added.clone());
        }
    }
    held
}

/// A record as it was.
struct Former<'d, 'a> {
    record: &'a ObservedUser,
    of: &'d OfUser<'a>,
    trail: &'d Trail<'a>,
    after: Vec<Identifier>,
    lost: &'d mut Vec<Phrase>,
}

impl Former<'_, '_> {
    fn entry(&mut self, observed: &Observed) -> Option<DesiredUser> {
        let mut user = DesiredUser::new(Origin::NONE);
        user.display_name = self.name();
        if self.is_touched(IdentifierKind::Upn) {
            user.upns = self.list(self.record.upns.clone(), Identifier::Upn, "UPNs");
        }
        if self.is_touched(IdentifierKind::Email) {
            user.emails = self.list(self.emails(), Identifier::Email, "emails");
        }
        if self.is_touched(IdentifierKind::EmployeeId) {
            let ids = self.record.employee_ids.clone();
            user.employee_ids = self.list(ids, Identifier::EmployeeId, "employee IDs");
        }
        self.logins(&mut user);
        if self.of.retracked {
            user.tracking = Managed::Set(Located::unplaced(self.record.tracking));
        }
        if let Some(status) = self.record.activation.filter(|_| self.of.turned) {
            user.status = Managed::Set(Located::unplaced(status));
        }
        user.agents = self.agents();
        user.primary_group = self.primary_group(observed);
        if self.loses_unseen_ids(observed) {
            let ids = "employee IDs that the keys of the run did not show, if there were any, of ";
            self.lost.push(phrase![ids, UserLabel::of(self.record)]);
        }
        let says_something = user != DesiredUser::new(Origin::NONE);
        if says_something && self.find(&mut user) { Some(user) } else { None }
    }

    fn is_touched(&self, kind: IdentifierKind) -> bool {
        self.of.edits.iter().any(|edit| match edit {
            Edit::Add(identifier) | Edit::Remove(identifier) => identifier.kind() == kind,
            Edit::NoEmployeeId => kind == IdentifierKind::EmployeeId,
            Edit::Name { .. } => false,
        })
    }

    /// Those beyond the first go with the one that is replaced or taken away.
    fn loses_unseen_ids(&self, observed: &Observed) -> bool {
        observed.reach.hidden(Topic::MoreEmployeeIds).is_some()
            && self
                .of
                .edits
                .iter()
                .any(|edit| matches!(edit, Edit::NoEmployeeId | Edit::Remove(Identifier::EmployeeId(_))))
    }

    fn lose(&mut self, what: &'static str, why: &'static str) {
        self.lost.push(phrase![what, " of ", UserLabel::of(self.record), why]);
    }

    fn name(&mut self) -> Managed<DisplayName> {
        if !self.of.edits.iter().any(|edit| matches!(edit, Edit::Name { .. })) {
            return Managed::Leave;
        }
        match &self.record.display_name {
            Some(name) if let Some(taker) = self.trail.taker(Key::Name(name.key())) => {
                let owner = UserLabel::of(self.record);
                self.lost.push(phrase![
                    "the display name of ",
                    owner,
                    ": the new user ",
                    taker.clone(),
                    " has it"
                ]);
                Managed::Leave
            }
            Some(name) if DisplayName::parse(name.as_written()).is_ok() => {
                Managed::Set(Located::unplaced(name.clone()))
            }
            Some(_) => {
                self.lose("the display name", ": no manifest can say the one that was");
                Managed::Leave
            }
            None => {
                self.lose("the display name", ", who had none: no call takes it away again");
                Managed::Leave
            }
        }
    }

    /// A list as it was; left alone where no manifest can say all of it, or all that can come back is there.
    fn list<T: Sayable + Clone>(
        &mut self,
        mut before: Vec<T>,
        identifier: fn(T) -> Identifier,
        what: &'static str,
    ) -> Members<T> {
        let all = before.len();
        before.retain(|value| !self.is_taken(&identifier(value.clone())));
        let stays = |value: &T| self.after.contains(&identifier(value.clone()));
        if before.len() < all && before.iter().all(stays) {
            return Members::Leave;
        }
        let Some(values) = whole(before) else {
            self.lose(what, ": no manifest can say one of those that were");
            return Members::Leave;
        };
        Members::Exactly(all_unplaced(values))
    }

    /// Whether a new user has a value by then, which is lost so.
    fn is_taken(&mut self, identifier: &Identifier) -> bool {
        let taker = self.trail.taker(Key::from(identifier));
        if let Some(taker) = taker {
            let owner = UserLabel::of(self.record);
            let what = phrase![Piece::personal(identifier), " of ", owner, ": the new user ", taker.clone()];
            self.lost.push(what.then(" has it"));
        }
        taker.is_some()
    }

    /// Those that the account made up come and go by themselves, unless the run takes them away.
    fn emails(&self) -> Vec<Email> {
        let stays = |email: &Email| self.after.contains(&Identifier::Email(email.clone()));
        let automatic =
            |writer: Writer, email: &Email| writer == Writer::Account || self.record.is_placeholder(email);
        let held = self.record.emails.iter();
        let held = held.filter(|held| !(automatic(held.writer, &held.email) && stays(&held.email)));
        held.map(|held| held.email.clone()).collect()
    }

    /// Lists of device logins only add, so what the run adds is released.
    fn logins(&mut self, user: &mut DesiredUser) {
        let held = |login: &Login| self.record.device_logins.contains(login);
        let added = self.after.iter().filter_map(|identifier| match identifier {
            Identifier::DeviceLogin(login) if !held(login) => Some(identifier.clone()),
            _ => None,
        });
        user.releases = all_unplaced(added);
        let stays = |login: &&Login| self.after.contains(&Identifier::DeviceLogin((*login).clone()));
        let mut gone: Vec<Login> =
            self.record.device_logins.iter().filter(|login| !stays(login)).cloned().collect();
        gone.retain(|login| !self.is_taken(&Identifier::DeviceLogin(login.clone())));
        match whole(gone) {
            Some(logins) => user.device_logins = all_unplaced(logins),
            None => self.lose("device logins", ": no manifest can say one of those that were"),
        }
    }

    fn agents(&mut self) -> Vec<Located<Login>> {
        let moved = |id: &AgentId| self.record.agents.iter().find(|agent| agent.id == *id);
        let moved: Vec<Login> =
            self.of.agents.iter().filter_map(moved).map(|agent| agent.login.clone()).collect();
        let (sayable, other): (Vec<Login>, Vec<Login>) = moved.into_iter().partition(is_of_one_domain);
        for login in other {
            let why = ": no manifest can say its name";
            self.lost.push(phrase![
                "the agent ",
                Piece::personal(&login),
                " of ",
                UserLabel::of(self.record),
                why
            ]);
        }
        all_unplaced(sayable)
    }

    fn primary_group(&mut self, observed: &Observed) -> Managed<crate::model::GroupName> {
        if !self.of.regrouped {
            return Managed::Leave;
        }
        let before = self.record.primary_group.and_then(|id| observed.group_ix(id));
        match before.map(|ix| observed.group(ix)) {
            Some(group) if group.name.is_sayable() && self.trail.returns(self.record, group) => {
                Managed::Set(Located::unplaced(group.name.clone()))
            }
            Some(group) => {
                let sayable = group.name.is_sayable();
                let why =
                    if sayable { ": they don't come back to it" } else { ": no manifest can say its name" };
                let group = &group.name;
                self.lost.push(phrase![
                    "the primary group ",
                    name(group),
                    " of ",
                    UserLabel::of(self.record),
                    why
                ]);
                Managed::Leave
            }
            None => {
                self.lose(
                    "the primary group",
                    ", who had none of their own: no call returns to the account's choice",
                );
                Managed::Leave
            }
        }
    }

    /// Makes sure that the entry finds its record; false if nothing can.
    fn find(&mut self, user: &mut DesiredUser) -> bool {
        if !self.of.edits.is_empty() {
            user.formerly = self.formerly(user);
        }
        let names = |user: &DesiredUser| {
            user.identifiers().any(|said| !matches!(said.value, Identifier::DeviceLogin(_)))
        };
        if names(user) {
            return true;
        }
        self.anchor(user);
        let found = user.identifiers().next().is_some();
        if !found {
            self.lose("what changes", ": no manifest can name the user");
        }
        found
    }

    /// What the record has after the run, and the entry does not say.
    fn formerly(&self, user: &DesiredUser) -> Vec<Located<Identifier>> {
        let mut known: Vec<Identifier> = user.identifiers().map(|said| said.value).collect();
        let is_known =
            |known: &[Identifier], one: &Identifier| known.iter().any(|it| Key::from(it) == Key::from(one));
        let released = |one: &Identifier| user.releases.iter().any(|it| it.value == *one);
        let mut former = Vec::new();
        for identifier in self.after.iter().filter(|one| !released(one)).filter_map(by_shape) {
            if !is_known(&known, &identifier) {
                known.push(identifier.clone());
                former.push(Located::unplaced(identifier));
            }
        }
        former
    }

    /// One kind of identifiers that the run leaves alone, as it is: the one that changes least often.
    fn anchor(&self, user: &mut DesiredUser) {
        let ids: Option<Vec<EmployeeId>> =
            whole(self.record.employee_ids.clone()).filter(|ids| !ids.is_empty());
        let upns: Option<Vec<Upn>> = whole(self.record.upns.clone()).filter(|upns| !upns.is_empty());
        let emails: Vec<Email> = self.record.emails.iter().map(|held| held.email.clone()).collect();
        let emails = whole(emails).filter(|emails| !emails.is_empty());
        match (ids, upns, emails) {
            (Some(ids), ..) if !self.is_touched(IdentifierKind::EmployeeId) => {
                user.employee_ids = Members::Exactly(all_unplaced(ids));
            }
            (_, Some(upns), _) if !self.is_touched(IdentifierKind::Upn) => {
                user.upns = Members::Exactly(all_unplaced(upns));
            }
            (.., Some(emails)) if !self.is_touched(IdentifierKind::Email) => {
                user.emails = Members::Exactly(all_unplaced(emails));
            }
            _ => {
                let held = self.record.device_logins.iter().filter(|login| login.is_sayable());
                let stays =
                    held.filter(|login| self.after.contains(&Identifier::DeviceLogin((*login).clone())));
                user.device_logins.extend(all_unplaced(stays.cloned()));
            }
        }
    }
}
