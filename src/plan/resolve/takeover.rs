//! Is a match the mark of a reused identifier? Judged by what the entry says: what it does not say is no evidence that it is
//! the same human. `docs/who-is-who.md` is the table of every combination.

use crate::model::{
    DesiredUser, DisplayName, Key, Located, Members, Observed, ObservedUser, Reach, Reference, Topic, Upn,
    Writer, wide,
};
use crate::plan::resolve::keys::{declared, held};

/// A part of a name so long, in characters, is no chance.
const TELLING: usize = 3;

/// Whether an entry that shares an identifier with a record contradicts it so far that another human may be meant: by the
/// employee ID, or by the name with nothing but one shared identifier to speak against that, or by another address where no
/// name is there to compare.
pub(in crate::plan) fn is_takeover(user: &DesiredUser, record: &ObservedUser, observed: &Observed) -> bool {
    !is_same_human(user, record) && contradicts(user, record, observed)
}

/// The same, whatever `formerly` says.
pub(in crate::plan) fn contradicts(user: &DesiredUser, record: &ObservedUser, observed: &Observed) -> bool {
    let shared = shared(user, record);
    match (shared.len(), telling(&shared)) {
        (0, _) => false,
        (_, 0 | 1) => {
            let case = Case::of((user, record), &observed.reach, shared);
            case.ids == Says::Other || case.is_doubtful()
        }
        // Nearly every entry and its record.
        _ => {
            ids((user, record), &observed.reach, &shared) == Says::Other && name(user, record) == Name::Other
        }
    }
}

/// The identifiers that an entry and a record have in common, each once.
fn shared<'a>(user: &'a DesiredUser, record: &'a ObservedUser) -> Vec<Key<'a>> {
    let mut shared = Vec::new();
    for key in held(record).filter(|key| declared(user).any(|(other, _)| other == *key)) {
        if !shared.contains(&key) {
            shared.push(key);
        }
    }
    shared
}

/// How many shared identifiers are signs of their own. A username that is given again brings its login along: logins are
/// one sign, and only where there is no other.
fn telling(shared: &[Key<'_>]) -> usize {
    shared.iter().filter(|key| !matches!(key, Key::Login(_))).count()
}

/// Whether the entry says outright that it is the record: one of its identifiers is `formerly` theirs.
pub(in crate::plan) fn is_same_human(user: &DesiredUser, record: &ObservedUser) -> bool {
    user.formerly.iter().any(|former| held(record).any(|key| key == Key::from(&former.value)))
}

/// What an entry says of one kind of identifier, beside what the record holds of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// One that the record holds.
    Same,
    /// Others than the record holds.
    Other,
    /// Some, and the record holds none.
    New,
    /// Nothing.
    Nothing,
}

/// What the two names say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    /// They are one.
    Same,
    /// Two that have a word in common: who marries keeps one name.
    Related,
    /// Two that have nothing in common.
    Other,
    /// The entry says none, or the record is called by nothing but an identifier.
    Unknown,
}

/// An entry beside a record.
struct Case<'a> {
    user: &'a DesiredUser,
    record: &'a ObservedUser,
    shared: Vec<Key<'a>>,
    name: Name,
    upns: Says,
    emails: Says,
    lookups: Says,
    ids: Says,
    /// What the entry says that the account has a place for.
    said: Vec<Key<'a>>,
}

impl<'a> Case<'a> {
    fn of((user, record): (&'a DesiredUser, &'a ObservedUser), reach: &Reach, shared: Vec<Key<'a>>) -> Self {
        // What the account has no place for, it can't have otherwise.
        let placed = |topic, says| if reach.absent(topic).is_some() { Says::Nothing } else { says };
        let upns: Vec<Key<'_>> = record.upns.iter().map(|upn| Key::Address(upn.key())).collect();
        let emails: Vec<Key<'_>> = real_emails(record).collect();
        let addresses = [&upns[..], &emails[..]].concat();
        Self {
            name: name(user, record),
            upns: placed(Topic::Upns, says(addresses_of(&user.upns, |upn| upn.key()), &upns, &shared)),
            emails: placed(
                Topic::Emails,
                says(addresses_of(&user.emails, |email| email.key()), &emails, &shared),
            ),
            lookups: says(looked_up(user, |it| !is_id(it)), &addresses, &shared),
            ids: placed(Topic::EmployeeIds, ids((user, record), reach, &shared)),
            said: said(user, reach),
            user,
            record,
            shared,
        }
    }

    /// Whether one sign alone does not carry.
    fn is_doubtful(&self) -> bool {
        let by_number = self.shared.iter().any(|key| matches!(key, Key::EmployeeId(_)));
        let addresses = [self.upns, self.emails, self.lookups];
        let is_elsewhere = addresses.contains(&Says::Other) && !addresses.contains(&Says::Same);
        match self.name {
            Name::Same => false,
            Name::Other => true,
            Name::Related if by_number => self.replaces_addresses(),
            Name::Related => !self.goes_on(),
            // A number alone carries, until a name is said that nothing of the record goes with.
            Name::Unknown if by_number => {
                self.user.display_name.declared().is_some() && is_elsewhere && !self.is_related()
            }
            Name::Unknown => addresses.contains(&Says::Other),
        }
    }

    /// Whether a whole list replaces every address of a kind. A row of an export adds to those that are there.
    fn replaces_addresses(&self) -> bool {
        (self.upns == Says::Other && matches!(self.user.upns, Members::Exactly(_)))
            || (self.emails == Says::Other && matches!(self.user.emails, Members::Exactly(_)))
    }

    /// Whether an entry with a related name says nothing that the record does not hold, but for further addresses beside one
    /// that bears the name, and takes nothing away: somebody who is called otherwise, and kept what they had.
    fn goes_on(&self) -> bool {
        let kinds = [self.upns, self.emails, self.lookups, self.ids];
        let said = &self.said;
        let holds = |key: &Key<'_>| held(self.record).any(|held| held == *key);
        let adds = said.iter().any(|key| !matches!(key, Key::Login(_)) && !holds(key));
        let is_whole = |kind, exactly: bool| kind == Says::Same && exactly;
        let upns = self.record.upns.iter().map(|upn| Key::Address(upn.key()));
        let upns = upns.filter(|_| is_whole(self.upns, matches!(self.user.upns, Members::Exactly(_))));
        let emails = real_emails(self.record)
            .filter(|_| is_whole(self.emails, matches!(self.user.emails, Members::Exactly(_))));
        let drops = upns.chain(emails).any(|key| !said.contains(&key));
        let goes_by_it = || {
            let kept = self.shared.iter().filter_map(|key| match key {
                Key::Address(address) => Some(user_part(address)),
                Key::EmployeeId(_) | Key::Login(_) | Key::Name(_) => None,
            });
            let name = self.record.display_name.iter().map(DisplayName::key);
            share_a_word(&kept.collect::<Vec<_>>(), &name.collect::<Vec<_>>())
        };
        kinds.iter().all(|kind| matches!(kind, Says::Same | Says::Nothing))
            && !drops
            && (!adds || goes_by_it())
    }

    /// Whether a word of the entry's name and addresses is in those of the record.
    fn is_related(&self) -> bool {
        let said = declared(self.user).filter_map(|(key, _)| match key {
            Key::Address(address) => Some(user_part(address)),
            Key::EmployeeId(_) | Key::Login(_) | Key::Name(_) => None,
        });
        let said: Vec<&str> =
            said.chain(self.user.display_name.declared().map(|name| name.value.key())).collect();
        let addresses = self.record.upns.iter().map(Upn::user);
        let addresses = addresses.chain(self.record.emails.iter().map(|held| held.email.user()));
        let held: Vec<&str> =
            addresses.chain(self.record.display_name.iter().map(DisplayName::key)).collect();
        share_a_word(&said, &held)
    }
}

/// What an entry says that the account has a place for; what exports find it by is of a kind that nobody knows.
fn said<'a>(user: &'a DesiredUser, reach: &Reach) -> Vec<Key<'a>> {
    let is_absent = |topic| reach.absent(topic).is_some();
    let absent: Vec<Key<'a>> = [
        (Topic::Upns, addresses_of(&user.upns, |upn| upn.key()).collect::<Vec<_>>()),
        (Topic::Emails, addresses_of(&user.emails, |email| email.key()).collect()),
        (
            Topic::EmployeeIds,
            user.employee_ids.listed().iter().map(|id| Key::EmployeeId(id.value.as_written())).collect(),
        ),
    ]
    .into_iter()
    .filter(|(topic, _)| is_absent(*topic))
    .flat_map(|(_, keys)| keys)
    .collect();
    declared(user).map(|(key, _)| key).filter(|key| !absent.contains(key)).collect()
}

/// What an entry says of employee IDs.
fn ids((user, record): (&DesiredUser, &ObservedUser), reach: &Reach, shared: &[Key<'_>]) -> Says {
    let said = user.employee_ids.listed().iter().map(|id| Key::EmployeeId(id.value.as_written()));
    let said = said.chain(looked_up(user, is_id));
    let held: Vec<Key<'_>> = record.employee_ids.iter().map(|id| Key::EmployeeId(id.as_written())).collect();
    let more_are_hidden = || reach.hidden(Topic::MoreEmployeeIds).is_some();
    match says(said.clone(), &held, shared) {
        // One that is not shown may be the one that the entry says; and one that is spelled otherwise is no other.
        Says::Other if more_are_hidden() || { said }.any(|id| is_spelled(id, &held)) => Says::New,
        says => says,
    }
}

/// What an export finds the entry's user by, of one kind.
fn looked_up(
    user: &DesiredUser,
    is_of_kind: fn(&Reference) -> bool,
) -> impl Iterator<Item = Key<'_>> + Clone {
    user.lookups.iter().map(|lookup| &lookup.value).filter(move |it| is_of_kind(it)).map(Key::from)
}

fn is_id(reference: &Reference) -> bool {
    matches!(reference, Reference::EmployeeId(_))
}

/// The emails of a record that somebody gave it.
fn real_emails(record: &ObservedUser) -> impl Iterator<Item = Key<'_>> {
    let real = |email: &&crate::model::ObservedEmail| {
        email.writer == Writer::Other && !record.is_placeholder(&email.email)
    };
    record.emails.iter().filter(real).map(|held| Key::Address(held.email.key()))
}

fn addresses_of<T>(list: &Members<T>, key: impl Fn(&T) -> &str) -> impl Iterator<Item = Key<'_>> {
    list.listed().iter().map(move |said: &Located<T>| Key::Address(key(&said.value)))
}

fn says<'a>(said: impl Iterator<Item = Key<'a>>, held: &[Key<'_>], shared: &[Key<'_>]) -> Says {
    let said: Vec<Key<'_>> = said.collect();
    if said.is_empty() {
        Says::Nothing
    } else if said.iter().any(|key| shared.contains(key)) {
        Says::Same
    } else if held.is_empty() {
        Says::New
    } else {
        Says::Other
    }
}

/// Whether a number is one of those held, spelled otherwise.
fn is_spelled(said: Key<'_>, held: &[Key<'_>]) -> bool {
    let text = |key: Key<'_>| match key {
        Key::EmployeeId(id) => wide(id).into_owned(),
        Key::Address(_) | Key::Login(_) | Key::Name(_) => String::new(),
    };
    held.iter().any(|held| text(*held) == text(said))
}

fn name(user: &DesiredUser, record: &ObservedUser) -> Name {
    let (Some(wanted), Some(name)) = (user.display_name.declared(), &record.display_name) else {
        return Name::Unknown;
    };
    if wide(wanted.value.as_written()) == wide(name.as_written()) {
        Name::Same
    } else if is_an_identifier(name, record) {
        Name::Unknown
    } else if share_a_word(&[wanted.value.key()], &[name.key()]) {
        Name::Related
    } else {
        Name::Other
    }
}

/// Whether a record is called by nothing but what it is known by anyway: an address or its user, a login, an agent.
fn is_an_identifier(name: &DisplayName, record: &ObservedUser) -> bool {
    let logins = record.device_logins.iter().chain(record.agents.iter().map(|agent| &agent.login));
    let is_login = |login: &crate::model::Login| {
        login.user.key() == name.key() || crate::model::fold(&login.to_string()) == name.key()
    };
    let of_address = |address: &str| address == name.key() || user_part(address) == name.key();
    record.upns.iter().any(|upn| of_address(upn.key()))
        || record.emails.iter().any(|held| of_address(held.email.key()))
        || record.employee_ids.iter().any(|id| id.as_written() == name.as_written())
        || logins.into_iter().any(is_login)
}

fn user_part(address: &str) -> &str {
    address.split_once('@').map_or(address, |(user, _)| user)
}

/// Whether a word of one text is in another; a short one as a whole word only.
fn share_a_word(said: &[&str], held: &[&str]) -> bool {
    let within = |one: &str, other: &str| {
        words(one).any(|word| {
            (word.chars().count() >= TELLING && other.contains(word)) || words(other).any(|it| it == word)
        })
    };
    said.iter().any(|one| held.iter().any(|other| within(one, other) || within(other, one)))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}
