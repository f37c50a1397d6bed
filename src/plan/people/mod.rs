//! People: observed users and users to be created, as one space that references resolve into.

pub(super) mod left_out;

use std::sync::atomic::{AtomicU32, Ordering};

use crate::model::{
    Dates, Desired, Folded, Identifier, Key, Located, Observed, ObservedUser, Origin, Phrase, Piece,
    Reference, Topic, Tracking, UserIx, UserLabel,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::due;
use crate::plan::due::orders::Orders;
use crate::plan::edits::Sides;
use crate::plan::people::left_out::LeftOuts;
use crate::plan::person::Person;
use crate::plan::resolve::keys::{label, sought};
use crate::plan::resolve::near::near;
use crate::plan::resolve::resolution::{Fit, Resolution};
use crate::plan::resolve::temporary::Temporaries;

/// Everybody, and how to find them.
pub(super) struct People<'a> {
    /// What the manifests say.
    pub(super) desired: &'a Desired,
    /// What the account has.
    pub(super) observed: &'a Observed,
    /// Who is who.
    pub(super) resolution: &'a Resolution<'a>,
    /// Which values of the account are temporaries in truth.
    pub(super) temporaries: &'a Temporaries,
    /// Who is removed, and whose history is erased.
    pub(super) orders: Orders,
    /// The users to create, by position in `Desired::users`, sorted by their smallest identifier.
    pub(super) created: Vec<u32>,
    /// By position in `Desired::users`: the place in `created`.
    rank: Vec<u32>,
    /// Whom `where` of an export leaves out, each by the first of the columns for which it does.
    pub(super) left_out: LeftOuts<'a>,
    /// How many unknown references may still look for what was meant: each look is a pass over everybody.
    looks: AtomicU32,
}

/// The unknown references that get a suggestion; more of them are one mistake, not many.
const LOOKS: u32 = 20;

/// What a reference came to.
pub(super) enum Referred {
    /// One person.
    Person(Person),
    /// A declared user that is blocked already: said once, not again.
    Blocked,
    /// A declared user whom somebody has to create by hand.
    ByHand,
    /// A declared user whose removal is done, as the plan says: nobody is wanted anywhere any more.
    Gone,
}

/// Why a reference means nobody.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unfound<'r> {
    /// Nobody has it.
    Unknown(&'r Located<Reference>),
    /// Two have it.
    Ambiguous(&'r Located<Reference>, [Person; 2]),
    /// The plan itself takes it away from who has it.
    GivenUp(&'r Located<Reference>, UserIx),
}

/// Whom a reference means, and how that is known.
struct Found<'r> {
    who: Referred,
    /// What found them.
    key: Key<'r>,
    /// Who says that it is theirs.
    side: Side,
}

/// One of the two sides that hold keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// An entry.
    Declared,
    /// The account alone.
    Account,
}

impl<'a> People<'a> {
    /// Sorts the users to create, so that nothing depends on the order of files.
    pub(super) fn new(
        desired: &'a Desired,
        observed: &'a Observed,
        resolution: &'a Resolution<'a>,
        temporaries: &'a Temporaries,
        today: Dates,
    ) -> Self {
        let mut created: Vec<(String, u32)> = (0u32..)
            .zip(&resolution.fits)
            .filter(|(_, fit)| **fit == Fit::New)
            .map(|(at, _)| (smallest_identifier(desired, at), at))
            .collect();
        created.sort_unstable();
        let created: Vec<u32> = created.into_iter().map(|(_, at)| at).collect();
        let mut rank = vec![u32::MAX; desired.users.len()];
        for (place, at) in (0..).zip(&created) {
            rank[*at as usize] = place;
        }
        let orders = due::decide(desired, observed, resolution, today);
        let looks = AtomicU32::new(LOOKS);
        let left_out = LeftOuts::default();
        let mut people =
            Self { desired, observed, resolution, temporaries, orders, created, rank, left_out, looks };
        people.left_out = left_out::find(&desired.exports, |key| people.owner(key));
        people
    }

    /// Everybody: records first, then those to be created.
    pub(super) fn everybody(&self) -> impl Iterator<Item = Person> + use<> {
        let records = u32::try_from(self.observed.users.len()).unwrap_or(u32::MAX);
        let created = u32::try_from(self.created.len()).unwrap_or(u32::MAX);
        (0..records).map(|at| Person::Known(UserIx(at))).chain((0..created).map(Person::New))
    }

    /// The person a declared user is.
    pub(super) fn person(&self, at: u32) -> Option<Person> {
        match self.resolution.fits[at as usize] {
            Fit::Record(record) => Some(Person::Known(record)),
            Fit::New => Some(Person::New(self.rank[at as usize])),
            Fit::Gone | Fit::Blocked | Fit::ByHand | Fit::LeftOut => None,
        }
    }

    /// The one person who holds a key: declared, or in the account alone.
    fn owner(&self, key: Key<'_>) -> Option<Person> {
        if let Some(at) = self.resolution.declared.owner(key) {
            return self.person(at);
        }
        let mut owners = self.resolution.observed.owners(key).map(UserIx);
        let one = owners.next()?;
        owners.next().is_none().then_some(Person::Known(one))
    }

    /// The two sides, as edits of records follow from them.
    pub(super) fn sides(&self) -> Sides<'a> {
        Sides { desired: self.desired, observed: self.observed, temporaries: self.temporaries }
    }

    /// Whether a record is to lose a name or an identifier that it has.
    fn gives_up(&self, ix: UserIx, key: Key<'_>) -> bool {
        let entry = self.entry(Person::Known(ix)).map(|at| &self.desired.users[at as usize]);
        entry.is_some_and(|user| self.sides().gives_up(ix, user, key))
    }

    /// Whether a person is not removed, by this plan or by hand.
    pub(super) fn is_staying(&self, person: Person) -> bool {
        !self.orders.is_going(person)
    }

    /// The record of a person, if there is one.
    pub(super) fn record(&self, person: Person) -> Option<&'a ObservedUser> {
        match person {
            Person::Known(ix) => Some(self.observed.user(ix)),
            Person::New(_) => None,
        }
    }

    /// Whether a person has an identifier only by a temporary that stands for it.
    pub(super) fn is_temporary(&self, person: Person, identifier: &Identifier) -> bool {
        match person {
            Person::Known(ix) => self.temporaries.of(ix).any(|value| value == identifier),
            Person::New(_) => false,
        }
    }

    /// The entry that declares a person, if one does.
    pub(super) fn entry(&self, person: Person) -> Option<u32> {
        match person {
            Person::Known(ix) => self.resolution.entries[ix.0 as usize],
            Person::New(place) => self.created.get(place as usize).copied(),
        }
    }

    /// Whether an entry may be this record, and a blocker asks.
    pub(super) fn is_in_question(&self, person: Person) -> bool {
        matches!(person, Person::Known(ix) if self.resolution.in_question.contains(&ix))
    }

    /// Whether a person is tracked once the plan is carried out; who is removed is not.
    pub(in crate::plan) fn tracking_after(&self, person: Person) -> Tracking {
        if self.orders.removal(person).is_some() {
            return Tracking::Untracked;
        }
        let entry = self.entry(person).map(|at| &self.desired.users[at as usize]);
        let declared = entry.filter(|user| !user.only_removes()).and_then(|user| user.tracking.declared());
        let by_rule = || match person {
            Person::Known(ix) => self.resolution.ruled.get(&ix),
            Person::New(_) => None,
        };
        declared
            .or_else(by_rule)
            .map(|said| said.value)
            .or_else(|| self.record(person).map(|record| record.tracking))
            .unwrap_or(Tracking::Tracked)
    }

    /// Everybody of whom an entry or a rule says that they are tracked, but for those who are to go, and where it is said.
    pub(in crate::plan) fn said_tracked(&self) -> impl Iterator<Item = (Person, Origin)> + '_ {
        let entries = (0..).zip(&self.desired.users).filter(|(_, user)| !user.only_removes());
        let by_entry = entries.filter_map(|(at, user)| Some((self.person(at)?, user.tracking.declared()?)));
        let by_rule = self.resolution.ruled.iter().map(|(ix, said)| (Person::Known(*ix), said));
        let said = by_entry.chain(by_rule).filter(|(_, said)| said.value == Tracking::Tracked);
        said.map(|(person, said)| (person, said.origin))
    }

    /// How a person is shown: as the account shows it now, or as the manifest names it.
    pub(super) fn label(&self, person: Person) -> UserLabel {
        match person {
            Person::Known(ix) => UserLabel::of(self.observed.user(ix)),
            Person::New(place) => label(&self.desired.users[self.created[place as usize] as usize]),
        }
    }

    /// What names a person in fingerprints: the record, or the smallest declared identifier of a new one.
    pub(super) fn fingerprint_key(&self, person: Person) -> String {
        match person {
            Person::Known(ix) => format!("user:{}", self.observed.user(ix).id.0),
            Person::New(place) => {
                format!("new:{}", smallest_identifier(self.desired, self.created[place as usize]))
            }
        }
    }

    /// Finds whom a reference means. One by what the plan itself takes away would mean nobody afterwards: a blocker.
    pub(super) fn find(&self, reference: &Located<Reference>) -> Result<Referred, Blocker> {
        self.seek(reference).map_err(|unfound| self.blocker(unfound))
    }

    /// The same before anybody is told: what blocks is worded later, one after the other, as only some get a suggestion.
    pub(super) fn seek<'r>(&self, reference: &'r Located<Reference>) -> Result<Referred, Unfound<'r>> {
        match self.find_by_key(reference)? {
            Found { who: Referred::Person(Person::Known(ix)), key, side: Side::Account }
                if self.gives_up(ix, key) =>
            {
                Err(Unfound::GivenUp(reference, ix))
            }
            found => Ok(found.who),
        }
    }

    /// What blocks a plan because of a reference.
    pub(super) fn blocker(&self, unfound: Unfound<'_>) -> Blocker {
        match unfound {
            Unfound::Unknown(reference) => self.unknown(reference),
            Unfound::Ambiguous(reference, persons) => ambiguous(reference, persons, self),
            Unfound::GivenUp(reference, ix) => self.given_up(reference, ix),
        }
    }

    fn given_up(&self, reference: &Located<Reference>, ix: UserIx) -> Blocker {
        Blocker::new(
            reference.origin,
            BlockerCode::UnknownReference,
            phrase![
                Piece::personal(&reference.value),
                " is taken from ",
                self.label(Person::Known(ix)),
                " by this very plan, and would mean nobody afterwards"
            ],
        )
        .way_out("refer to the user by what they have afterwards")
    }

    /// Finds whom a reference means before the plan is carried out, in declared and observed users together.
    pub(super) fn find_now(&self, reference: &Located<Reference>) -> Result<Referred, Blocker> {
        self.find_by_key(reference).map(|found| found.who).map_err(|unfound| self.blocker(unfound))
    }

    /// The same, with what found them: of what looks like a login and like an employee ID, the one that somebody has.
    fn find_by_key<'r>(&self, reference: &'r Located<Reference>) -> Result<Found<'r>, Unfound<'r>> {
        let is_had = |key: &Key<'_>| {
            let Resolution { declared, observed, .. } = self.resolution;
            declared.owner(*key).or_else(|| observed.owner(*key)).is_some()
        };
        let mut sought = sought(&reference.value);
        let (first, second) = (sought.next(), sought.next());
        let had = [first, second].map(|key| key.filter(|key| second.is_none() || is_had(key)));
        match had {
            [Some(login), Some(id)] => {
                let (by_login, by_id) = (self.find_one(reference, login)?, self.find_one(reference, id)?);
                match (&by_login.who, &by_id.who) {
                    (Referred::Person(one), Referred::Person(other)) if one != other => {
                        Err(Unfound::Ambiguous(reference, [*one, *other]))
                    }
                    (Referred::Person(_), _) => Ok(by_id),
                    _ => Ok(by_login),
                }
            }
            [Some(key), None] | [None, Some(key)] => self.find_one(reference, key),
            [None, None] => Err(Unfound::Unknown(reference)),
        }
    }

    fn find_one<'r>(
        &self,
        reference: &'r Located<Reference>,
        key: Key<'r>,
    ) -> Result<Found<'r>, Unfound<'r>> {
        if let Some(at) = self.resolution.declared.owner(key) {
            let who = match (self.person(at), self.resolution.fits[at as usize]) {
                (Some(person), _) => self.unless_ambiguous(person, key, reference)?,
                (None, Fit::Gone) => Referred::Gone,
                (None, Fit::LeftOut) => return Err(Unfound::Unknown(reference)),
                (None, Fit::ByHand) => Referred::ByHand,
                (None, _) => Referred::Blocked,
            };
            return Ok(Found { who, key, side: Side::Declared });
        }
        let mut owners = self.resolution.observed.owners(key).map(UserIx);
        match (owners.next(), owners.next()) {
            (Some(one), None) => {
                Ok(Found { who: Referred::Person(Person::Known(one)), key, side: Side::Account })
            }
            (Some(one), Some(two)) => {
                Err(Unfound::Ambiguous(reference, [Person::Known(one), Person::Known(two)]))
            }
            (None, _) => Err(Unfound::Unknown(reference)),
        }
    }

    /// A display name that one user is to get and another has and keeps is not a reference to either.
    fn unless_ambiguous<'r>(
        &self,
        person: Person,
        key: Key<'_>,
        reference: &'r Located<Reference>,
    ) -> Result<Referred, Unfound<'r>> {
        let Key::Name(_) = key else { return Ok(Referred::Person(person)) };
        match self.resolution.observed.owner(key).map(|at| Person::Known(UserIx(at))) {
            Some(other) if other != person && !self.is_renamed(other) => {
                Err(Unfound::Ambiguous(reference, [person, other]))
            }
            _ => Ok(Referred::Person(person)),
        }
    }

    /// Whether a manifest gives a person another name than the one that was read.
    fn is_renamed(&self, person: Person) -> bool {
        let wanted =
            self.entry(person).and_then(|at| self.desired.users[at as usize].display_name.declared());
        let name = self.record(person).and_then(|record| record.display_name.as_ref());
        wanted.is_some_and(|wanted| name != Some(&wanted.value))
    }

    fn suggestions(&self, wanted: &Folded) -> Vec<Phrase> {
        if self.may_look() { near(self.resolution, wanted) } else { Vec::new() }
    }

    /// Whether one more unknown thing may be looked for among everybody.
    pub(in crate::plan) fn may_look(&self) -> bool {
        let spend = |left: u32| left.checked_sub(1);
        self.looks.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_ok()
    }

    /// What is shown instead of what a reference names, if somebody may be it who is not shown to be so.
    pub(super) fn unseen(&self, reference: &Reference) -> Option<&'static str> {
        let hidden = |topic| self.observed.reach.hidden(topic).is_some();
        match reference {
            Reference::EmployeeId(_) if hidden(Topic::EmployeeIds) => Some("no employee IDs"),
            Reference::DeviceLogin(_) | Reference::Slashed(..) if hidden(Topic::DeviceLogins) => {
                Some("no device logins")
            }
            Reference::EmployeeId(_) | Reference::Slashed(..) if hidden(Topic::MoreEmployeeIds) => {
                Some("one employee ID of each user")
            }
            _ => None,
        }
    }

    fn unknown(&self, reference: &Located<Reference>) -> Blocker {
        let named = Piece::personal(&reference.value);
        let is_absent = self.observed.reach.absent(Topic::DeviceLogins).is_some();
        let by = if is_absent { "this account shows" } else { "these keys show" };
        let (message, way_out) = match self.unseen(&reference.value) {
            Some(shown) => (
                phrase![named, format!(" can't be looked up: {by} {shown}")],
                "correct the reference, or refer to the user by UPN or email",
            ),
            None => (
                phrase![named, " is no user: neither the manifests nor the account have it"],
                "correct the reference, or declare the user",
            ),
        };
        let wanted = match &reference.value {
            Reference::Address(address) => address.clone(),
            other => Folded::new(&other.to_string()),
        };
        Blocker::new(reference.origin, BlockerCode::UnknownReference, message)
            .between(self.suggestions(&wanted))
            .way_out(way_out)
    }
}

fn ambiguous(reference: &Located<Reference>, persons: [Person; 2], people: &People<'_>) -> Blocker {
    Blocker::new(
        reference.origin,
        BlockerCode::AmbiguousReference,
        phrase![Piece::personal(&reference.value), " is more than one user"],
    )
    .between(persons.into_iter().map(|person| phrase![people.label(person)]))
    .way_out("refer to the user by an identifier that only one of them holds")
}

/// The smallest identifier that an entry declares.
pub(super) fn smallest_identifier(desired: &Desired, at: u32) -> String {
    let user = &desired.users[at as usize];
    let keys = crate::plan::resolve::keys::declared(user).map(|(key, _)| match key {
        Key::Address(text) | Key::EmployeeId(text) | Key::Name(text) => text.to_owned(),
        Key::Login(login) => crate::model::fold(&login.to_string()).into_owned(),
    });
    keys.min().unwrap_or_default()
}

/// The place of a declared person's entry, or none.
pub(super) fn origin(people: &People<'_>, person: Person) -> Origin {
    people.entry(person).map_or(Origin::NONE, |at| people.desired.users[at as usize].origin)
}
