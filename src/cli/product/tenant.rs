//! How does a reading of a learning platform become a tenant of a sandbox, or declared users, and what does it then not know?

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::cli::product::granted::granted;
use crate::cli::product::{filled, known};
use crate::import::{Kind, Unsaid};
use crate::model::{self, Activation, GroupSource, Identifier, Observed, Phrase, Piece, Username};
use crate::phrase;
use crate::sandbox::docebo::Settings;
use crate::sandbox::docebo::seed::{Group, Level, Platform, Population, Seed, User, UserId, Uuid};
use crate::sandbox::seed::Version;

/// What no reading has.
const UNREAD: &str = "what no manifest looks at of addresses, fields, branches and courses of users, and of the rules of automatic groups: it is not read";

/// The tenant that is as the reading says, and what of the account is otherwise in it.
pub(super) fn seed(observed: &Observed, (name, now): (Box<str>, Timestamp)) -> (Seed, Vec<Unsaid>) {
    let mut members: BTreeMap<model::GroupId, BTreeSet<UserId>> = BTreeMap::new();
    for (group, user) in &observed.memberships {
        let in_it = members.entry(observed.group(*group).id).or_default();
        in_it.insert(UserId(observed.user(*user).id.0));
    }
    let groups = observed.groups.iter().map(|it| group(it, members.remove(&it.id).unwrap_or_default()));
    let seed = Seed {
        users: observed.users.iter().filter_map(user).collect(),
        groups: groups.collect(),
        ..of(name, Some(now))
    };
    let seed = known::with(&observed.details, seed);
    let fills_itself = |group: &&model::ObservedGroup| {
        matches!(group.source, GroupSource::Automatic | GroupSource::Foreign(_)) && group.filling.is_none()
    };
    let mut unsaid: Vec<Unsaid> = observed.groups.iter().filter(fills_itself).map(still).collect();
    unsaid.push(Unsaid::new(Kind::Hidden, Phrase::words(UNREAD)));
    (seed, unsaid)
}

/// The tenant that has the declared users, by their usernames: in no group, and active. Groups are left for a plan to make.
pub(super) fn declared(desired: &model::Desired, username: Username) -> Seed {
    let named = desired.users.iter().filter(|user| !user.is_of_a_leaver());
    let named = named.filter_map(|user| Some((user, held(user.identifiers().map(|it| it.value), username)?)));
    let users = (FIRST..).zip(named).map(|(id, (entry, username))| {
        let name = entry.display_name.declared().map(|name| &name.value);
        called(User::new(UserId(id), username), name)
    });
    let groups = granted(desired).into_iter();
    let groups = (1..).zip(groups).map(|(number, name)| {
        // As the platform makes them, but the same every time.
        Group::new(uuid(model::GroupId(number << 20)), name.verbatim(), Population::Manual)
    });
    Seed { users: users.collect(), groups: groups.collect(), ..of(desired.account.name.value.clone(), None) }
}

/// Numbers of users begin here.
const FIRST: u64 = 12_301;

/// A tenant with nothing in it.
fn of(name: Box<str>, as_of: Option<Timestamp>) -> Seed {
    Seed {
        version: Version,
        platform: Platform::Docebo,
        tenant: name.into(),
        as_of,
        settings: Settings::default(),
        users: Vec::new(),
        fields: Vec::new(),
        branches: Vec::new(),
        courses: Vec::new(),
        groups: Vec::new(),
    }
}

/// Says of a group that fills itself that it stands still.
fn still(group: &model::ObservedGroup) -> Unsaid {
    let why = " fills itself on the platform: here it keeps the users that it has";
    Unsaid::new(Kind::Group, phrase![Piece::plain(&group.name), why])
}

/// A user by the one identifier that the platform knows.
fn user(record: &model::ObservedUser) -> Option<User> {
    let username = record.identifiers().next().map(|held| verbatim(&held).to_owned())?;
    let user = called(User::new(UserId(record.id.0), username), record.display_name.as_ref());
    Some(User {
        active: record.activation != Some(Activation::Deactivated),
        level: match record.level {
            Some(model::Level::User) | None => Level::User,
            Some(model::Level::PowerUser) => Level::PowerUser,
            Some(model::Level::Superadmin) => Level::Superadmin,
        },
        ..user
    })
}

/// The same user with a name: its last word is the last name.
fn called(user: User, name: Option<&model::DisplayName>) -> User {
    let Some(name) = name.map(model::DisplayName::verbatim) else { return user };
    let (first, last) = name.rsplit_once(' ').unwrap_or((name, ""));
    User { first_name: first.to_owned(), last_name: last.to_owned(), ..user }
}

/// The username that an entry says.
fn held(said: impl Iterator<Item = Identifier>, username: Username) -> Option<String> {
    let mut of_kind = said.filter(|held| held.kind() == username.kind());
    of_kind.next().map(|held| verbatim(&held).to_owned())
}

fn verbatim(held: &Identifier) -> &str {
    match held {
        Identifier::Upn(upn) => upn.verbatim(),
        Identifier::Email(email) => email.verbatim(),
        Identifier::EmployeeId(id) => id.verbatim(),
        Identifier::DeviceLogin(login) => login.user.verbatim(),
    }
}

fn group(group: &model::ObservedGroup, members: BTreeSet<UserId>) -> Group {
    let population =
        if group.source == GroupSource::App { Population::Manual } else { Population::Automatic };
    let description =
        group.description.as_ref().map_or_else(String::new, |text| text.as_written().to_owned());
    let made = Group::new(uuid(group.id), group.name.verbatim(), population);
    let made = Group { description, members, ..made };
    match &group.filling {
        Some(filling) => filled::with(filling, made),
        None => made,
    }
}

/// A UUID that begins with the number of a group: the sandbox's own reading of it gives the number back.
fn uuid(group: model::GroupId) -> Uuid {
    let digits = format!("{:016x}{:016x}", group.0 << (u64::BITS - NUMBER_BITS), 0);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    Uuid(format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)))
}

/// So many bits of a UUID are a group's number.
const NUMBER_BITS: u32 = 53;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DisplayName, Email, GroupId, ObservedEmail, ObservedUser, Writer};

    #[test]
    fn a_group_keeps_its_number_by_the_beginning_of_its_uuid() {
        assert_eq!(uuid(GroupId(0x000b_7a3c_1e5d_2f4a >> 3)).0, "0b7a3c1e-5d2f-4800-0000-000000000000");
        assert_eq!(uuid(GroupId((1 << 53) - 1)).0, "ffffffff-ffff-f800-0000-000000000000");
    }

    #[test]
    fn a_user_keeps_the_username_the_whole_name_and_what_they_may_do() {
        let record = ObservedUser {
            emails: vec![ObservedEmail { email: Email::observed("Ada@acme.example"), writer: Writer::Other }],
            display_name: Some(DisplayName::observed("Ada King Lovelace")),
            activation: Some(Activation::Deactivated),
            level: Some(model::Level::PowerUser),
            ..ObservedUser::new(model::UserId(7))
        };
        let made = user(&record).unwrap();
        let said = (&*made.username, &*made.first_name, &*made.last_name, made.active, made.level);
        assert_eq!(said, ("Ada@acme.example", "Ada King", "Lovelace", false, Level::PowerUser));
        assert!(user(&ObservedUser::new(model::UserId(8))).is_none());
    }
}
