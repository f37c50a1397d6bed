//! Which groups can the app's create-only upload make, with whom, and what can't it do?
//!
//! The upload takes agents and computers by their numbers, so only the group download, which has them, can stand for the account.
//! It makes groups and fills them; it changes, renames and deletes none (Groups guide, "Upload groups via CSV").

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    DeclaredSource, Desired, DesiredGroup, DesiredUser, GroupIx, GroupState, Identifier, Login, Members,
    Observed, Phrase, Piece, Reference,
};
use crate::phrase;

/// A file for the upload, and what it does not do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Upload {
    /// The rows: group, type and number of the member; both are empty for a group without members.
    pub rows: Vec<[String; 3]>,
    /// How many groups it makes.
    pub groups: usize,
    /// What the manifests ask for and the upload can't do, a sentence each.
    pub left: Vec<Phrase>,
}

/// What an upload makes of the groups that the account lacks; `account` is a group download, with an agent for each user.
pub fn groups(desired: &Desired, account: &Observed) -> Upload {
    let people = People::of(desired, account);
    let mut declared: Vec<&DesiredGroup> = desired.groups.iter().collect();
    declared.sort_by(|one, other| one.name.value.cmp(&other.name.value));
    let mut upload = Upload::default();
    for group in declared {
        let name = Piece::plain(&group.name.value);
        match refusal(group, account) {
            Some(Why::There(ix)) => upload.left.extend(people.differs(group, ix)),
            Some(Why::Not(why)) => upload.left.push(phrase![name, why]),
            Some(Why::Gone) => {}
            None => people.add(group, &mut upload),
        }
    }
    upload
}

/// Why a group is not made.
enum Why {
    /// It is there.
    There(GroupIx),
    /// It is not there, and is not to be.
    Gone,
    /// The upload can't.
    Not(&'static str),
}

fn refusal(group: &DesiredGroup, account: &Observed) -> Option<Why> {
    let there = account.group_named(&group.name.value);
    let was = group.formerly.iter().any(|former| account.group_named(&former.value).is_some());
    Some(match (&group.state, there) {
        (GroupState::Deleted(_), Some(_)) => Why::Not(" is to be deleted: the upload deletes none"),
        (GroupState::Deleted(_), None) => Why::Gone,
        (GroupState::Present, Some(ix)) => Why::There(ix),
        (GroupState::Present, None) if was => Why::Not(
            " is to be another group's new name: the upload renames none, and would make a second one",
        ),
        (GroupState::Present, None) => match group.source {
            Some(DeclaredSource::Hr) => Why::Not(" is an HR group: HR uploads make it, and no other"),
            Some(DeclaredSource::Scim) => Why::Not(" is an identity provider's group: SCIM makes it"),
            _ if group.automatic.as_ref().is_some_and(|it| !it.of.is_empty()) => Why::Not(
                " has the users of other groups: who that is is for a plan to say, so it is not made without them",
            ),
            _ if group.automatic.is_some() => {
                Why::Not(" has a rule: whom it matches is for a plan to say, so it is not made without them")
            }
            _ if group.name.value.refusal().is_some() => {
                Why::Not(" is a name that the account gives no group")
            }
            _ => return None,
        },
    })
}

/// How manifests name somebody.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Address(String),
    EmployeeId(String),
    Login(Login),
    Name(String),
}

/// Who is who, in the manifests and in the download.
struct People<'a> {
    account: &'a Observed,
    declared: BTreeMap<Key, &'a DesiredUser>,
    /// By the name of a group: the users who name it.
    naming: BTreeMap<&'a str, Vec<&'a DesiredUser>>,
    /// By username: agents with their numbers.
    agents: BTreeMap<&'a str, Vec<(u64, &'a Login)>>,
}

impl<'a> People<'a> {
    fn of(desired: &'a Desired, account: &'a Observed) -> Self {
        let (mut declared, mut naming) = (BTreeMap::new(), BTreeMap::<&str, Vec<&DesiredUser>>::new());
        for user in &desired.users {
            for said in user.identifiers() {
                declared.insert(
                    match said.value {
                        Identifier::Upn(upn) => Key::Address(upn.key().to_owned()),
                        Identifier::Email(email) => Key::Address(email.key().to_owned()),
                        Identifier::EmployeeId(id) => Key::EmployeeId(id.key().to_owned()),
                        Identifier::DeviceLogin(login) => Key::Login(login),
                    },
                    user,
                );
            }
            if let Some(name) = user.display_name.declared() {
                declared.insert(Key::Name(name.value.key().to_owned()), user);
            }
            for group in &user.groups {
                naming.entry(group.value.key()).or_default().push(user);
            }
        }
        let mut agents: BTreeMap<&str, Vec<(u64, &Login)>> = BTreeMap::new();
        for agent in &account.users {
            for login in &agent.device_logins {
                agents.entry(login.user.key()).or_default().push((agent.id.0, login));
            }
        }
        Self { account, declared, naming, agents }
    }

    /// The agents that report by a login.
    fn by_login(&self, login: &Login) -> impl Iterator<Item = u64> {
        let named = self.agents.get(login.user.key()).into_iter().flatten();
        named.filter(|(_, agent)| login.covers(agent)).map(|(id, _)| *id)
    }

    fn of_user(&self, user: &DesiredUser) -> BTreeSet<u64> {
        user.device_logins.iter().chain(&user.agents).flat_map(|it| self.by_login(&it.value)).collect()
    }

    fn of_reference(&self, reference: &Reference) -> BTreeSet<u64> {
        let (key, login) = match reference {
            Reference::Address(address) => (Key::Address(address.key().to_owned()), None),
            Reference::DeviceLogin(login) => (Key::Login(login.clone()), Some(login)),
            Reference::Slashed(login, id) => (Key::EmployeeId(id.key().to_owned()), Some(login)),
            Reference::EmployeeId(id) => (Key::EmployeeId(id.key().to_owned()), None),
            Reference::Name(name) => (Key::Name(name.key().to_owned()), None),
        };
        let mut agents = self.declared.get(&key).map(|user| self.of_user(user)).unwrap_or_default();
        agents.extend(login.into_iter().flat_map(|login| self.by_login(login)));
        agents
    }

    /// The agents of everybody who is meant to be in a group, and those of whom the file has none.
    fn members(&self, group: &DesiredGroup) -> (BTreeSet<u64>, Vec<Piece>) {
        let (mut agents, mut without) = (BTreeSet::new(), Vec::new());
        let mut take = |found: BTreeSet<u64>, who: Piece| {
            if found.is_empty() {
                without.push(who);
            }
            agents.extend(found);
        };
        for said in group.members.listed() {
            take(self.of_reference(&said.value), Piece::personal(&said.value));
        }
        for user in self.naming.get(group.name.value.key()).into_iter().flatten() {
            let who = user.identifiers().next().map(|said| Piece::personal(&said.value));
            take(self.of_user(user), who.unwrap_or_else(|| "somebody".into()));
        }
        (agents, without)
    }

    fn add(&self, group: &DesiredGroup, upload: &mut Upload) {
        let name = group.name.value.as_written();
        let (agents, without) = self.members(group);
        let mut rows: Vec<[String; 3]> =
            agents.into_iter().map(|id| [name.to_owned(), "Client".to_owned(), id.to_string()]).collect();
        for said in group.computers.listed() {
            let mut named = self.account.computers_named(&said.value);
            match (named.next(), named.next()) {
                (Some(one), None) => {
                    rows.push([name.to_owned(), "Device".to_owned(), one.id.0.to_string()]);
                }
                _ => upload.left.push(phrase![
                    "the computer ",
                    Piece::personal(&said.value),
                    " in ",
                    Piece::plain(&name),
                    ": the download has none of that name, or several"
                ]),
            }
        }
        for who in without {
            let why =
                ": the download has no agent of theirs that the manifests name by `deviceLogin` or `agents`";
            upload.left.push(phrase![who, " in ", Piece::plain(&name), why]);
        }
        if rows.is_empty() {
            rows.push([name.to_owned(), String::new(), String::new()]);
        }
        upload.rows.extend(rows);
        upload.groups += 1;
    }

    /// What would have to change in a group that is there.
    fn differs(&self, group: &DesiredGroup, ix: GroupIx) -> Option<Phrase> {
        let present: BTreeSet<u64> =
            self.account.members(ix).map(|agent| self.account.user(agent).id.0).collect();
        let (wanted, without) = self.members(group);
        let join = wanted.difference(&present).count();
        let is_whole = matches!(group.members, Members::Exactly(_)) && without.is_empty();
        let leave = if is_whole { present.difference(&wanted).count() } else { 0 };
        if join + leave == 0 {
            return None;
        }
        let counts = format!(
            " is there already, and the upload changes none: {join} agents to join, {leave} to leave"
        );
        Some(phrase![Piece::plain(&group.name.value), counts])
    }
}
