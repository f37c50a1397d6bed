//! Which record each declared user is: by any identifier, never by guess.

mod alike;
mod contest;
pub(super) mod doubt;
mod evidence;
pub(super) mod groups;
pub(super) mod keys;
pub(super) mod namesakes;
pub(super) mod near;
pub(super) mod resolution;
pub(super) mod reused;
mod spelling;
pub(super) mod takeover;
pub(super) mod temporary;
mod twins;
pub(super) mod wording;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::model::{Desired, DesiredUser, Key, Members, Missing, NameMatch, Observed, UserIx};
use crate::plan::blocker::Blocker;
use crate::plan::resolve::alike::{Alike, alike};
use crate::plan::resolve::contest::{Contest, Verdict};
use crate::plan::resolve::doubt::{Doubt, Looks};
use crate::plan::resolve::evidence::{Evidence, Hits};
use crate::plan::resolve::keys::{Directory, declared, held};
use crate::plan::resolve::resolution::{Fit, Resolution};
use crate::plan::resolve::spelling::RecordOwner;
use crate::plan::resolve::takeover::is_takeover;
use crate::plan::resolve::temporary::Temporaries;
use crate::plan::resolve::twins::Twins;

/// So many zeros are put back in front of an employee ID.
const MOST_ZEROS: usize = 10;

/// Matches every declared user with at most one record.
pub(in crate::plan) fn resolve<'a>(
    desired: &'a Desired,
    observed: &'a Observed,
    temporaries: &'a Temporaries,
) -> Resolution<'a> {
    let (observed_keys, declared_keys) =
        rayon::join(|| observed_directory(observed, temporaries), || declared_directory(desired));
    let evidence = Evidence::new(desired, &observed_keys, temporaries);
    let hits: Vec<Hits> = (0..desired.users.len()).into_par_iter().map(|at| evidence.hits(at)).collect();
    let mut matcher = Matcher {
        desired,
        observed,
        leads: leads(&hits, observed.users.len()),
        fits: vec![Fit::Blocked; desired.users.len()],
        entries: vec![None; observed.users.len()],
        in_question: BTreeSet::new(),
        blockers: Vec::new(),
    };
    let contested = matcher.settle_the_plain(&hits);
    matcher.settle_the_contested(&evidence, &contested);
    let agents = agent_directory(desired, observed);
    for at in (0u32..).zip(&hits).filter(|(_, hits)| hits.first.is_none()).map(|(at, _)| at) {
        matcher.settle_without_record(at, &observed_keys, &agents);
    }
    let alike = alike(desired, observed, &observed_keys, &hits);
    for of_entry in alike.chunk_by(|one, other| one.entry == other.entry) {
        matcher.ask_of_the_alike(of_entry);
    }
    matcher.ask_of_twins();
    let Matcher { fits, entries, mut in_question, blockers, .. } = matcher;
    for (fit, hits) in fits.iter().zip(&hits) {
        in_question.extend(hits.iter().filter(|_| *fit == Fit::Blocked));
    }
    Resolution {
        observed: observed_keys,
        agents,
        declared: declared_keys,
        fits,
        entries,
        in_question,
        ruled: BTreeMap::new(),
        blockers,
    }
}

/// What the account really has, and after that what temporaries stand for, where nobody has it.
fn observed_directory<'a>(observed: &'a Observed, temporaries: &'a Temporaries) -> Directory<'a> {
    let mut directory = Directory::with_capacity(observed.users.len() * 5);
    let real = |at: u32, key: Key<'_>| temporaries.is_empty() || !temporaries.stands(UserIx(at), key);
    for (at, user) in (0..).zip(&observed.users) {
        let name = user.display_name.as_ref().map(|name| Key::Name(name.key()));
        for key in held(user).chain(name).filter(|key| real(at, *key)) {
            directory.add(key, at);
        }
    }
    for (ix, value) in temporaries.iter() {
        let key = Key::from(value);
        if directory.owner(key).is_none() {
            directory.add(key, ix.0);
        }
    }
    directory
}

fn agent_directory<'a>(desired: &Desired, observed: &'a Observed) -> Directory<'a> {
    let mut directory = Directory::default();
    if desired.users.iter().any(|user| !user.agents.is_empty()) {
        for (at, user) in (0..).zip(&observed.users) {
            for agent in &user.agents {
                directory.add(Key::Login(&agent.login), at);
            }
        }
    }
    directory
}

fn declared_directory(desired: &Desired) -> Directory<'_> {
    let mut directory = Directory::with_capacity(desired.users.len() * 5);
    for (at, user) in (0..).zip(&desired.users) {
        for (key, _) in declared(user) {
            directory.add(key, at);
        }
        if let Some(name) = user.display_name.declared() {
            directory.add(Key::Name(name.value.key()), at);
        }
    }
    directory
}

/// By record: how many entries lead to it.
fn leads(hits: &[Hits], records: usize) -> Vec<u8> {
    let mut leads = vec![0u8; records];
    for record in hits.iter().flat_map(Hits::iter) {
        let leads = &mut leads[record.0 as usize];
        *leads = leads.saturating_add(1);
    }
    leads
}

/// Matching under way.
struct Matcher<'a> {
    desired: &'a Desired,
    observed: &'a Observed,
    leads: Vec<u8>,
    fits: Vec<Fit>,
    entries: Vec<Option<u32>>,
    in_question: BTreeSet<UserIx>,
    blockers: Vec<Blocker>,
}

impl<'a> Matcher<'a> {
    fn user(&self, at: u32) -> &'a DesiredUser {
        &self.desired.users[at as usize]
    }

    fn block(&mut self, at: u32, blocker: Blocker) {
        if let Fit::Record(record) = self.fits[at as usize] {
            self.entries[record.0 as usize] = None;
        }
        self.fits[at as usize] = Fit::Blocked;
        self.blockers.push(blocker);
    }

    fn take(&mut self, at: u32, record: UserIx) {
        if self.is_reused(at, record) { self.refuse(at, record) } else { self.accept(at, record) }
    }

    /// Whether a match is the mark of a reused identifier. A record that is to go is not taken over: what an order demands of it
    /// is more.
    fn is_reused(&self, at: u32, record: UserIx) -> bool {
        let user = self.user(at);
        !user.only_removes() && is_takeover(user, self.observed.user(record), self.observed)
    }

    fn refuse(&mut self, at: u32, record: UserIx) {
        self.block(at, reused::blocker(self.user(at), self.observed.user(record)));
    }

    fn accept(&mut self, at: u32, record: UserIx) {
        self.entries[record.0 as usize] = Some(at);
        self.fits[at as usize] = Fit::Record(record);
    }

    /// The one record that an entry leads to, if no other entry leads there.
    fn plain(&self, hits: &Hits) -> Option<UserIx> {
        hits.first.filter(|record| hits.more.is_empty() && self.leads[record.0 as usize] == 1)
    }

    /// Settles every entry that leads to one record to which no other leads; answers those that are left, but for entries that
    /// lead to none.
    fn settle_the_plain(&mut self, hits: &[Hits]) -> Vec<u32> {
        let reused = hits.par_iter().enumerate().filter_map(|(at, hits)| {
            let at = u32::try_from(at).ok()?;
            self.is_reused(at, self.plain(hits)?).then_some(at)
        });
        let reused: Vec<u32> = reused.collect();
        let mut contested = Vec::new();
        for (at, hits) in (0..).zip(hits) {
            match (hits.first, self.plain(hits)) {
                (None, _) => {}
                (Some(_), None) => contested.push(at),
                (_, Some(record)) if reused.binary_search(&at).is_ok() => self.refuse(at, record),
                (_, Some(record)) => self.accept(at, record),
            }
        }
        contested
    }

    fn settle_the_contested(&mut self, evidence: &Evidence<'_, 'a>, contested: &[u32]) {
        let contest = Contest::new(evidence, contested);
        let doubt = Doubt::new(self.desired, self.observed, &contest);
        for at in contested {
            match contest.verdict(*at) {
                Verdict::Is(record) if doubt.is_crossed(*at, record) => {
                    self.block(*at, doubt.crossed(*at, record));
                }
                Verdict::Is(record) => self.take(*at, record),
                Verdict::Double => self.block(*at, doubt.two_records(*at)),
                Verdict::Others => self.block(*at, doubt.records_of_others(*at)),
                Verdict::Tie => self.block(*at, doubt.tie(*at)),
            }
        }
    }

    /// Nobody holds any of the identifiers: a new user, unless somebody looks like the same.
    fn settle_without_record(&mut self, at: u32, observed: &Directory<'_>, agents: &Directory<'_>) {
        let user = self.user(at);
        if user.is_of_a_leaver() {
            self.fits[at as usize] = Fit::Gone;
            return;
        }
        // A record to which another entry leads is not the same user: whether it gives the name up is seen later.
        let free = |record: &UserIx| self.leads[record.0 as usize] == 0;
        let name = user.display_name.declared().map(|name| Key::Name(name.value.key()));
        let named = name.and_then(|name| observed.owner(name)).map(UserIx).filter(free);
        let numbered = near_numbers(user, observed).map(UserIx).find(free);
        let mut held = user.agents.iter().filter_map(|agent| agents.owner(Key::Login(&agent.value)));
        let holder = held.find_map(|holder| Some(UserIx(holder)).filter(free));
        match (named, holder) {
            (None, None) if let Some(record) = numbered => {
                self.in_question.insert(record);
                self.block(at, doubt::without_zeros(user, self.observed.user(record)));
            }
            (Some(record), _) if user.match_name == NameMatch::Same => {
                self.entries[record.0 as usize] = Some(at);
                self.fits[at as usize] = Fit::Record(record);
            }
            (Some(record), _) => {
                self.in_question.insert(record);
                let blocker = doubt::same_user(user, self.observed.user(record), Looks::Named);
                self.block(at, blocker);
            }
            (None, Some(record)) => {
                self.in_question.insert(record);
                let blocker = doubt::same_user(user, self.observed.user(record), Looks::Reporting);
                self.block(at, blocker);
            }
            (None, None) => match user.missing {
                Missing::Create => self.fits[at as usize] = Fit::New,
                Missing::Block => self.block(at, doubt::unmatched(user)),
                Missing::List => self.fits[at as usize] = Fit::LeftOut,
            },
        }
    }

    /// Two users to be created who say almost the same: whether they are one is a question.
    fn ask_of_twins(&mut self) {
        let new = (0u32..).zip(&self.desired.users).filter(|(at, _)| self.fits[*at as usize] == Fit::New);
        for Twins { users: [one, other], blocker } in twins::find(new) {
            self.fits[one as usize] = Fit::Blocked;
            self.block(other, blocker);
        }
    }

    /// An entry that says almost what a record has, and not just that: who it is, and what becomes of the record's, is a
    /// question.
    fn ask_of_the_alike(&mut self, alike: &[Alike<'a>]) {
        let Some(at) = alike.first().map(|one| one.entry) else { return };
        let user = self.user(at);
        let own = match self.fits[at as usize] {
            Fit::Blocked => return,
            Fit::Record(record) => Some(record),
            Fit::New | Fit::Gone | Fit::ByHand | Fit::LeftOut => None,
        };
        let ask = |alike: &Alike<'a>| {
            let at = alike.record.0 as usize;
            let owner = match own {
                Some(own) if own == alike.record => RecordOwner::Own,
                _ if self.leads[at] == 0 && self.entries[at].is_none() => RecordOwner::Nobodys,
                _ => RecordOwner::Anothers,
            };
            let is_declared =
                matches!(alike.said, Key::Name(_)) || declared(user).any(|(key, _)| key == alike.said);
            let asks = match owner {
                // Another name is a change like any other; so is another number, which is compared as it is written.
                RecordOwner::Own => match alike.said {
                    Key::Name(_) => false,
                    Key::EmployeeId(_) if matches!(user.employee_ids, Members::Exactly(_)) => false,
                    _ => is_declared && !spelling::is_settled(user, alike.held),
                },
                RecordOwner::Nobodys => is_declared || own.is_none(),
                RecordOwner::Anothers => is_declared && alike.may_be_one() && user.order.is_none(),
            };
            asks.then_some((*alike, owner))
        };
        let questions: Vec<(Alike<'a>, RecordOwner)> = alike.iter().filter_map(ask).collect();
        if let Some((alike, owner)) = spelling::first(&questions) {
            self.in_question.insert(alike.record);
            self.block(at, spelling::blocker(user, self.observed.user(alike.record), alike, *owner));
        }
    }
}

/// Who holds an employee ID of a row but for zeros in front of it: a spreadsheet takes them off.
fn near_numbers<'o>(user: &'o DesiredUser, observed: &'o Directory<'_>) -> impl Iterator<Item = u32> + 'o {
    let from_row = !user.lookups.is_empty() || matches!(user.employee_ids, Members::AtLeast(_));
    let numbers = declared(user).filter(move |_| from_row).filter_map(|(key, _)| match key {
        Key::EmployeeId(id) if id.bytes().all(|byte| byte.is_ascii_digit()) => Some(id),
        _ => None,
    });
    let padded = numbers.flat_map(|id| (1..=MOST_ZEROS).map(move |zeros| "0".repeat(zeros) + id));
    padded.filter_map(|id| observed.owner(Key::EmployeeId(&id)))
}
