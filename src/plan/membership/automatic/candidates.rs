//! Whom do rules look at? Declared users by position, and behind them the users of the account whom no manifest mentions.

use crate::model::UserIx;
use crate::plan::membership::automatic::candidate::Candidate;
use crate::plan::membership::automatic::set::Set;
use crate::plan::membership::feeds::is_unmatched;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::resolution::Fit;

/// Everybody whom some rules look at.
pub(super) struct Candidates<'a> {
    /// What is seen of each.
    pub(super) looked: Vec<Candidate<'a>>,
    /// Those among them who are, or will be, in the account.
    pub(super) there: Set,
    /// Those whom no manifest mentions.
    pub(super) undeclared: Set,
    /// Declared users of whom it is not known who they are.
    pub(super) blocked: Set,
    /// Users of rows that match nobody and are left out.
    pub(super) left_out: Set,
    /// By position: who they are.
    persons: Vec<Option<Person>>,
}

/// Whether rules look at anything that a user has whom no manifest mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reaching {
    /// They look at identifiers or names: everybody of the account.
    Everybody,
    /// They look at attributes alone: declared users.
    Declared,
}

impl<'a> Candidates<'a> {
    /// Looks at each once.
    pub(super) fn new(people: &People<'a>, reaching: Reaching) -> Self {
        let declared = (0..).zip(&people.desired.users).map(|(at, _)| Candidate::of(people, at));
        let mut looked: Vec<Candidate<'a>> = declared.collect();
        let mut persons: Vec<Option<Person>> =
            (0..).zip(&people.desired.users).map(|(at, _)| people.person(at)).collect();
        if reaching == Reaching::Everybody {
            let entries = (0..).map(UserIx).zip(&people.resolution.entries);
            for (ix, _) in entries.filter(|(_, entry)| entry.is_none()) {
                looked.push(Candidate::undeclared(people, ix));
                persons.push(Some(Person::Known(ix)));
            }
        }
        let nobody = || Set::none(persons.len());
        let (mut there, mut undeclared, mut blocked, mut left_out) = (nobody(), nobody(), nobody(), nobody());
        for (at, person) in (0..).zip(&persons) {
            if person.is_some_and(|person| people.is_staying(person)) {
                there.insert(at);
            }
            match people.resolution.fits.get(at as usize) {
                None => undeclared.insert(at),
                Some(Fit::Blocked) => blocked.insert(at),
                Some(_) if is_unmatched(people, at) => left_out.insert(at),
                Some(Fit::Record(_) | Fit::New | Fit::Gone | Fit::ByHand | Fit::LeftOut) => {}
            }
        }
        Self { looked, there, undeclared, blocked, left_out, persons }
    }

    /// How many there are.
    pub(super) fn size(&self) -> usize {
        self.looked.len()
    }

    /// Who stands at the positions of a set, sorted.
    pub(super) fn persons(&self, set: &Set) -> Vec<Person> {
        let mut persons: Vec<Person> = set.iter().filter_map(|at| self.persons[at as usize]).collect();
        persons.sort_unstable();
        persons
    }
}
