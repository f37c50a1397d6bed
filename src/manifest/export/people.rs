//! Who is the user of a row? Rows and entries that share an identifier are one user, and what they say is put together.

use crate::diag::Code;
use crate::manifest::export::problems::{Problems, problem, span};
use crate::model::{DesiredUser, EmployeeId, Index, Managed, Members, Origin, Reference, Said, Tracking};

/// What makes two entries one user, in the form that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'a> {
    Address(&'a str),
    EmployeeId(&'a str),
}

/// A key that is kept.
enum Kept {
    Address(Box<str>),
    EmployeeId(Box<str>),
}

impl Kept {
    fn key(&self) -> Key<'_> {
        match self {
            Self::Address(text) => Key::Address(text),
            Self::EmployeeId(text) => Key::EmployeeId(text),
        }
    }
}

/// All keys of a user.
fn keys(user: &DesiredUser) -> impl Iterator<Item = Key<'_>> {
    let upns = user.upns.said().iter().map(|upn| Key::Address(upn.value.key()));
    let emails = user.emails.said().iter().map(|email| Key::Address(email.value.key()));
    let ids = user.employee_ids.said().iter().map(|id| Key::EmployeeId(id.value.said()));
    let lookups = user.lookups.iter().filter_map(|lookup| match &lookup.value {
        Reference::Address(address) => Some(Key::Address(address.key())),
        Reference::EmployeeId(id) => Some(Key::EmployeeId(id.said())),
        Reference::DeviceLogin(_) | Reference::Name(_) => None,
    });
    upns.chain(emails).chain(ids).chain(lookups)
}

/// Everybody, while rows come in.
pub(super) struct People {
    users: Vec<DesiredUser>,
    /// How many of them manifests declare; they stand first.
    entries: usize,
    /// By position in `users`: the user that it has become one with, or itself.
    became: Vec<u32>,
    kept: Vec<(Kept, u32)>,
    index: Index,
}

impl People {
    /// The users of the manifests.
    pub(super) fn new(users: Vec<DesiredUser>) -> Self {
        let mut people = Self {
            entries: users.len(),
            became: (0..).take(users.len()).collect(),
            kept: Vec::new(),
            index: Index::with_capacity(users.len() * 3),
            users: Vec::new(),
        };
        for (at, user) in (0..).zip(&users) {
            people.keep(user, at);
        }
        people.users = users;
        people
    }

    /// Everybody, each once.
    pub(super) fn into_users(self) -> Vec<DesiredUser> {
        let own = (0u32..).zip(&self.became).map(|(at, became)| at == *became).collect::<Vec<bool>>();
        self.users.into_iter().zip(own).filter_map(|(user, own)| own.then_some(user)).collect()
    }

    /// Adds what a row says.
    pub(super) fn join(&mut self, row: DesiredUser, problems: &mut Problems) {
        let mut owners: Vec<u32> = keys(&row).filter_map(|key| self.owner(key)).collect();
        owners.sort_unstable();
        owners.dedup();
        let Some((&first, others)) = owners.split_first() else {
            let Ok(at) = u32::try_from(self.users.len()) else { return };
            self.keep(&row, at);
            self.users.push(row);
            self.became.push(at);
            return;
        };
        if let Some(second) = others.first().filter(|second| (**second as usize) < self.entries) {
            problems.push(
                problem(Code::ConflictingRows, row.origin, "this row is of two users of the manifests")
                    .related(span(self.users[first as usize].origin), "the one")
                    .related(span(self.users[*second as usize].origin), "the other")
                    .help("correct the row, or make the two entries one"),
            );
            return;
        }
        self.keep(&row, first);
        for other in others {
            let user = std::mem::replace(&mut self.users[*other as usize], DesiredUser::new(Origin::NONE));
            self.became[*other as usize] = first;
            unite(&mut self.users[first as usize], user, problems);
        }
        unite(&mut self.users[first as usize], row, problems);
    }

    fn keep(&mut self, user: &DesiredUser, owner: u32) {
        for key in keys(user) {
            let Ok(position) = u32::try_from(self.kept.len()) else { return };
            let same = |at: u32| self.kept[at as usize].0.key() == key;
            if self.index.insert(&key, position, same).is_none() {
                let kept = match key {
                    Key::Address(text) => Kept::Address(text.into()),
                    Key::EmployeeId(text) => Kept::EmployeeId(text.into()),
                };
                self.kept.push((kept, owner));
            }
        }
    }

    fn owner(&self, key: Key<'_>) -> Option<u32> {
        let at = self.index.find(&key, |at| self.kept[at as usize].0.key() == key)?;
        let mut owner = self.kept[at as usize].1;
        while self.became[owner as usize] != owner {
            owner = self.became[owner as usize];
        }
        Some(owner)
    }
}

/// Puts what is said of one user in two places together.
fn unite(user: &mut DesiredUser, more: DesiredUser, problems: &mut Problems) {
    let DesiredUser {
        origin: _,
        lookups,
        missing,
        display_name,
        upns,
        emails,
        employee_ids,
        device_logins: _,
        tracking,
        groups,
        primary_group: _,
        agents: _,
        attributes,
        formerly: _,
        match_name: _,
        releases: _,
        adopt: _,
        order,
    } = more;
    user.missing = user.missing.min(missing);
    let (mine, theirs) = (employee_numbers(user), said_numbers(&employee_ids, &lookups));
    for number in theirs.iter().filter(|number| !mine.is_empty() && !mine.contains(number)) {
        if let Some(known) = mine.first() {
            contradiction("employee ID", number, known, problems);
        }
    }
    at_least(&mut user.upns, upns);
    at_least(&mut user.emails, emails);
    at_least(&mut user.employee_ids, employee_ids);
    let new = lookups.into_iter().filter(|lookup| !holds(user, &lookup.value)).collect::<Vec<_>>();
    user.lookups.extend(new);
    scalar("display name", &mut user.display_name, display_name, |name| name.said().to_owned(), problems);
    let word = |tracking: &Tracking| match tracking {
        Tracking::Tracked => "tracked".to_owned(),
        Tracking::Untracked => "untracked".to_owned(),
    };
    scalar("tracking", &mut user.tracking, tracking, word, problems);
    for group in groups {
        if !user.groups.iter().any(|known| known.value == group.value) {
            user.groups.push(group);
        }
    }
    for (name, value) in attributes {
        match user.attributes.iter().find(|(known, _)| *known == name) {
            None => user.attributes.push((name, value)),
            Some((_, known)) if known.value == value.value => {}
            Some((_, known)) => contradiction(&format!("attribute `{name}`"), &value, known, problems),
        }
    }
    if user.order.is_none() {
        user.order = order;
    }
}

/// Whether a user is found by a value already.
fn holds(user: &DesiredUser, value: &Reference) -> bool {
    let key = match value {
        Reference::Address(address) => Key::Address(address.key()),
        Reference::EmployeeId(id) => Key::EmployeeId(id.said()),
        Reference::DeviceLogin(_) | Reference::Name(_) => return false,
    };
    keys(user).any(|known| known == key)
}

/// Takes what finds a user and is said to be an identifier too for the identifier.
pub(super) fn settle(user: &mut DesiredUser) {
    let lookups = std::mem::take(&mut user.lookups);
    user.lookups = lookups.into_iter().filter(|lookup| !holds(user, &lookup.value)).collect();
}

/// What a row says beside what was said before: never the whole list, and no longer list than before is made shorter.
fn at_least<T: PartialEq>(members: &mut Members<T>, more: Members<T>) {
    let (Members::AtLeast(more) | Members::Exactly(more)) = more else { return };
    match members {
        Members::Leave => *members = Members::AtLeast(more),
        Members::AtLeast(known) | Members::Exactly(known) => {
            for value in more {
                if !known.contains(&value) {
                    known.push(value);
                }
            }
        }
    }
}

fn employee_numbers(user: &DesiredUser) -> Vec<Said<EmployeeId>> {
    said_numbers(&user.employee_ids, &user.lookups)
}

fn said_numbers(ids: &Members<EmployeeId>, lookups: &[Said<Reference>]) -> Vec<Said<EmployeeId>> {
    let lookups = lookups.iter().filter_map(|lookup| match &lookup.value {
        Reference::EmployeeId(id) => Some(Said::new(id.clone(), lookup.origin)),
        Reference::Address(_) | Reference::DeviceLogin(_) | Reference::Name(_) => None,
    });
    ids.said().iter().cloned().chain(lookups).collect()
}

fn scalar<T>(
    what: &str,
    known: &mut Managed<T>,
    more: Managed<T>,
    said: impl Fn(&T) -> String,
    problems: &mut Problems,
) {
    match (known.said(), more) {
        (_, Managed::Leave) => {}
        (None, more) => *known = more,
        (Some(known), Managed::Set(more)) => {
            let (ours, theirs) = (said(&more.value), said(&known.value));
            if ours != theirs {
                contradiction(
                    what,
                    &Said::new(ours, more.origin),
                    &Said::new(theirs, known.origin),
                    problems,
                );
            }
        }
    }
}

fn contradiction<T: std::fmt::Display>(what: &str, said: &Said<T>, known: &Said<T>, problems: &mut Problems) {
    let message =
        format!("the {what} `{}` contradicts `{}`, which is said of the same user", said.value, known.value);
    problems.push(
        problem(Code::ConflictingRows, said.origin, message)
            .related(span(known.origin), "said here")
            .help("correct one of the two; if they are two users, give each an identifier of their own"),
    );
}
