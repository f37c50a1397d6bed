//! Which record each declared user is: by any identifier, never by guess.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::model::{
    Desired, DesiredUser, Folded, Members, NameMatch, Observed, ObservedUser, Phrase, Piece, UserIx,
    UserLabel, Writer,
};
use crate::phrase;
use crate::plan::keys::{Directory, Key, declared, held, label, releases};
use crate::plan::types::{Blocker, BlockerCode};

/// What a declared user turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// A record of the account.
    Record(UserIx),
    /// Nobody yet: to be created.
    New,
    /// Nobody, and nobody is to be: a dated order that is done.
    Gone,
    /// Unknown: a blocker says why.
    Blocked,
}

/// Both sides' directories and who is who.
pub(super) struct Resolution<'a> {
    /// Keys of the account.
    pub(super) observed: Directory<'a>,
    /// User agents of the account, by login; empty where no manifest names any.
    pub(super) agents: Directory<'a>,
    /// Keys of the manifests.
    pub(super) declared: Directory<'a>,
    /// By position in `Desired::users`.
    pub(super) fits: Vec<Fit>,
    /// By position in `Observed::users`: the declared user it is.
    pub(super) entries: Vec<Option<u32>>,
    /// Why some fit nothing.
    pub(super) blockers: Vec<Blocker>,
}

/// The records a declared user's identifiers lead to, without repetition; one in nearly every case.
#[derive(Debug, Clone, Default)]
struct Hits {
    first: Option<UserIx>,
    more: Vec<UserIx>,
}

impl Hits {
    fn add(&mut self, record: UserIx) {
        match self.first {
            None => self.first = Some(record),
            Some(first) if first == record || self.more.contains(&record) => {}
            Some(_) => self.more.push(record),
        }
    }

    fn iter(&self) -> impl Iterator<Item = UserIx> + '_ {
        self.first.into_iter().chain(self.more.iter().copied())
    }
}

/// Matches every declared user with at most one record.
pub(super) fn resolve<'a>(desired: &'a Desired, observed: &'a Observed) -> Resolution<'a> {
    let (observed_keys, declared_keys) =
        rayon::join(|| observed_directory(observed), || declared_directory(desired));
    let hits: Vec<Hits> = desired.users.par_iter().map(|user| hits(user, &observed_keys)).collect();
    let claims = Claims::of(&hits, observed.users.len());
    let mut resolution = Resolution {
        observed: observed_keys,
        agents: agent_directory(desired, observed),
        declared: declared_keys,
        fits: Vec::with_capacity(desired.users.len()),
        entries: vec![None; observed.users.len()],
        blockers: Vec::new(),
    };
    let matcher = Matcher { desired, observed, hits: &hits, claims: &claims };
    for at in 0..desired.users.len() {
        let fit = match matcher.fit(at, &resolution) {
            Ok(fit) => fit,
            Err(blocker) => {
                resolution.blockers.push(blocker);
                Fit::Blocked
            }
        };
        resolution.fits.push(fit);
    }
    for at in 0..desired.users.len() {
        if let Fit::Record(record) = resolution.fits[at] {
            resolution.entries[record.0 as usize] = u32::try_from(at).ok();
        }
    }
    resolution
}

fn observed_directory(observed: &Observed) -> Directory<'_> {
    let mut directory = Directory::with_capacity(observed.users.len() * 5);
    for (at, user) in (0..).zip(&observed.users) {
        for key in held(user) {
            directory.add(key, at);
        }
        if let Some(name) = &user.display_name {
            directory.add(Key::Name(name.key()), at);
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
        if let Some(name) = user.display_name.said() {
            directory.add(Key::Name(name.value.key()), at);
        }
    }
    directory
}

fn hits(user: &DesiredUser, directory: &Directory<'_>) -> Hits {
    let mut hits = Hits::default();
    let former = user.formerly.iter().map(|said| Key::from(&said.value)).filter(|key| !releases(user, *key));
    for key in declared(user).map(|(key, _)| key).chain(former) {
        for owner in directory.owners(key) {
            hits.add(UserIx(owner));
        }
    }
    hits
}

/// Which declared users lead to a record: the first, and the others in the rare case.
struct Claims {
    first: Vec<Option<u32>>,
    more: BTreeMap<UserIx, Vec<u32>>,
}

impl Claims {
    fn of(hits: &[Hits], records: usize) -> Self {
        let mut claims = Self { first: vec![None; records], more: BTreeMap::new() };
        for (at, hits) in (0..).zip(hits) {
            for record in hits.iter() {
                let first = &mut claims.first[record.0 as usize];
                if first.is_none() {
                    *first = Some(at);
                } else {
                    claims.more.entry(record).or_default().push(at);
                }
            }
        }
        claims
    }

    fn others(&self, record: UserIx, but: usize) -> impl Iterator<Item = usize> + '_ {
        let more = self.more.get(&record).into_iter().flatten();
        let all = self.first[record.0 as usize].iter().chain(more);
        all.map(|at| *at as usize).filter(move |at| *at != but)
    }
}

struct Matcher<'a> {
    desired: &'a Desired,
    observed: &'a Observed,
    hits: &'a [Hits],
    claims: &'a Claims,
}

type Fitted = Result<Fit, Blocker>;

impl Matcher<'_> {
    fn fit(&self, at: usize, sides: &Resolution<'_>) -> Fitted {
        let user = &self.desired.users[at];
        let hits = &self.hits[at];
        let Some(record) = hits.first else {
            return if user.order.is_some() { Ok(Fit::Gone) } else { self.without_record(user, sides) };
        };
        if !hits.more.is_empty() {
            return Err(self.several_records(at));
        }
        // Whoever leads to several records takes a value over from this one, and is blocked for it; the record stays whose it is.
        // So does whoever declares what this entry releases.
        let equal_claim =
            |other: &usize| self.hits[*other].more.is_empty() && !self.hands_on(at, *other, record);
        if let Some(other) = self.claims.others(record, at).find(equal_claim) {
            return Err(self.record_claimed_twice(at, other, record));
        }
        if is_takeover(user, self.observed.user(record)) {
            return Err(takeover(user, self.observed.user(record)));
        }
        Ok(Fit::Record(record))
    }

    fn shown(&self, record: UserIx) -> UserLabel {
        UserLabel::of(self.observed.user(record))
    }

    /// Nobody holds any of the identifiers: a new user, unless somebody looks like the same.
    fn without_record(&self, user: &DesiredUser, sides: &Resolution<'_>) -> Fitted {
        let named =
            user.display_name.said().and_then(|name| sides.observed.owner(Key::Name(name.value.key())));
        if let Some(record) = named.map(UserIx) {
            let free = self.claims.first[record.0 as usize].is_none();
            return match user.match_name {
                NameMatch::Same if free => Ok(Fit::Record(record)),
                NameMatch::Same | NameMatch::Ask => {
                    Err(self.same_user(user, record, "has the same display name"))
                }
            };
        }
        let holder = user.agents.iter().find_map(|agent| sides.agents.owner(Key::Login(&agent.value)));
        if let Some(record) = holder {
            return Err(self.same_user(user, UserIx(record), "holds one of its agents"));
        }
        Ok(Fit::New)
    }

    fn same_user(&self, user: &DesiredUser, record: UserIx, why: &'static str) -> Blocker {
        let other = self.claims.first[record.0 as usize].map(|at| &self.desired.users[at as usize]);
        let mut blocker = Blocker::new(
            user.origin,
            BlockerCode::SameUser,
            phrase!["same user? no record holds an identifier of ", label(user), ", but one ", why],
        )
        .between([self.describe(record)])
        .way_out("if it is the same: declare an identifier the record holds, or `matchName: true`")
        .way_out("if it is not: give the two different display names");
        if let Some(other) = other {
            let moves = other.display_name.said().is_some_and(|name| {
                user.display_name.said().is_some_and(|wanted| wanted.value != name.value)
            });
            if moves {
                blocker.code = BlockerCode::NotCarriedOut;
                blocker.message = phrase![
                    "the display name of ",
                    label(other),
                    " would move to ",
                    label(user),
                    ": this version does not carry out values that move between users"
                ];
                blocker.ways_out = vec![Phrase::words(
                    "free the name in one change, then give it to the other user in the next",
                )];
            }
        }
        blocker
    }

    fn describe(&self, record: UserIx) -> Phrase {
        let user = self.observed.user(record);
        let identifiers = user.identifiers().map(|identifier| Piece::personal(&identifier));
        phrase![UserLabel::of(user), " with "].list(identifiers)
    }

    /// The identifiers of one entry are held by several records: two records for one human, or values that move.
    fn several_records(&self, at: usize) -> Blocker {
        let user = &self.desired.users[at];
        let claimed = |record: &UserIx| self.claims.others(*record, at).next().is_some();
        let records: Vec<UserIx> = self.hits[at].iter().collect();
        if let Some(from) = records.iter().copied().find(claimed) {
            return self.moves(user, from);
        }
        Blocker::new(
            user.origin,
            BlockerCode::TwoRecords,
            phrase!["the identifiers of ", label(user), format!(" are held by {} records", records.len())],
        )
        .between(records.into_iter().map(|record| self.describe(record)))
        .way_out("if they are one human: merge the records on the Users page, then plan again")
        .way_out("if they are not: take the identifier that is not theirs out of the entry")
    }

    fn moves(&self, to: &DesiredUser, from: UserIx) -> Blocker {
        let record = self.observed.user(from);
        let values: Vec<Piece> = declared(to)
            .filter(|(key, _)| held(record).any(|other| other == *key))
            .map(|(key, _)| key_piece(key))
            .collect();
        Blocker::new(
            to.origin,
            BlockerCode::NotCarriedOut,
            Phrase::default()
                .list(values)
                .then(" would move from ")
                .then(self.shown(from))
                .then(" to ")
                .then(label(to))
                .then(": this version does not carry out values that move between users"),
        )
        .between([self.describe(from)])
        .way_out(
            "take the value from its present holder in one change, then give it to the other in the next",
        )
    }

    /// Whether one entry releases an identifier of a record that another entry declares.
    fn hands_on(&self, giver: usize, taker: usize, record: UserIx) -> bool {
        let (giver, taker) = (&self.desired.users[giver], &self.desired.users[taker]);
        let holds = |key: Key<'_>| held(self.observed.user(record)).any(|held| held == key);
        declared(taker).any(|(key, _)| releases(giver, key) && holds(key))
    }

    /// Two entries lead to one record: one of them takes a value over, or they are one human said twice.
    fn record_claimed_twice(&self, at: usize, other: usize, record: UserIx) -> Blocker {
        if self.hands_on(other, at, record) {
            return self.moves(&self.desired.users[at], record);
        }
        let (user, other) = (&self.desired.users[at], &self.desired.users[other]);
        Blocker::new(
            user.origin,
            BlockerCode::OneRecordTwice,
            phrase![label(user), " and ", label(other), " both match one record"],
        )
        .between([self.describe(record)])
        .way_out("if they are one human: make them one entry")
        .way_out("if an identifier was handed on: put it under `releases` of the one who gave it up")
    }
}

/// A key as a value a reader may see.
pub(super) fn key_piece(key: Key<'_>) -> Piece {
    match key {
        Key::Address(text) | Key::EmployeeId(text) | Key::Name(text) => Piece::Personal(text.into()),
        Key::Login(login) => Piece::personal(login),
    }
}

/// One shared identifier, and a contradicting employee ID, or another name and every other identifier replaced: the mark of
/// a reused address.
fn is_takeover(user: &DesiredUser, record: &ObservedUser) -> bool {
    let shared = held(record).filter(|key| declared(user).any(|(other, _)| other == *key));
    let shared: BTreeSet<Key<'_>> = shared.collect();
    let same_human =
        user.formerly.iter().any(|former| held(record).any(|key| key == Key::from(&former.value)));
    if shared.len() != 1 || same_human {
        return false;
    }
    let ids = user.employee_ids.said();
    let contradicts = !ids.is_empty()
        && !record.employee_ids.is_empty()
        && !record.employee_ids.iter().any(|held| ids.iter().any(|id| id.value == *held));
    contradicts || (is_renamed(user, record) && replaces_all_others(user, record, &shared))
}

fn is_renamed(user: &DesiredUser, record: &ObservedUser) -> bool {
    match (user.display_name.said(), &record.display_name) {
        (Some(wanted), Some(name)) => wanted.value != *name,
        _ => false,
    }
}

fn replaces_all_others(user: &DesiredUser, record: &ObservedUser, shared: &BTreeSet<Key<'_>>) -> bool {
    let owned = |key: &Key<'_>| !shared.contains(key);
    let upns =
        record.upns.iter().map(|upn| (Key::Address(upn.key()), matches!(user.upns, Members::Exactly(_))));
    let emails = record
        .emails
        .iter()
        .filter(|email| email.writer == Writer::Other && !record.is_placeholder(&email.email))
        .map(|email| (Key::Address(email.email.key()), matches!(user.emails, Members::Exactly(_))));
    let ids = record
        .employee_ids
        .iter()
        .map(|id| (Key::EmployeeId(id.said()), matches!(user.employee_ids, Members::Exactly(_))));
    let logins = record.device_logins.iter().map(|login| (Key::Login(login), false));
    let mut others = upns.chain(emails).chain(ids).chain(logins).filter(|(key, _)| owned(key)).peekable();
    others.peek().is_some() && others.all(|(_, replaced)| replaced)
}

fn takeover(user: &DesiredUser, record: &ObservedUser) -> Blocker {
    Blocker::new(
        user.origin,
        BlockerCode::Takeover,
        phrase![
            label(user),
            " shares one identifier with ",
            UserLabel::of(record),
            " and contradicts the rest: a reused address?"
        ],
    )
    .between([phrase![UserLabel::of(record), " with "]
        .list(record.identifiers().map(|identifier| Piece::personal(&identifier)))])
    .way_out("the same human: list an identifier of the record under `formerly`")
    .way_out("another human: declare the leaver too, with the identifier under `releases`")
}

/// A reference or value that is close to a key, for "did you mean"; at most three.
pub(super) fn near(resolution: &Resolution<'_>, wanted: &Folded) -> Vec<Phrase> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    for (key, _) in resolution.declared.entries().iter().chain(resolution.observed.entries()) {
        let (Key::Address(text) | Key::EmployeeId(text) | Key::Name(text)) = *key else { continue };
        if text.len().abs_diff(wanted.key().len()) <= 2 {
            let distance = strsim::osa_distance(text, wanted.key());
            if distance <= 2 {
                found.push((distance, text));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(3).map(|(_, text)| phrase!["did you mean ", Piece::personal(&text), "?"]).collect()
}
