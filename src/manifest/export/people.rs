//! Who is the user of a row? Rows of one `user` value are one user, and join the entry or the rows of another export that they
//! share an identifier with, unless that would make one user of two people: then both places are shown.
//!
//! A person of the exports is who a row's `user` value finds. So rows of one export whose values differ are two people, whatever
//! else they share. Across exports two of one kind, addresses or employee IDs, are two people as well; and an entry that lists
//! addresses, or employee IDs, is nobody who is found by another one. An entry that lists both values says that they are one.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::export::keys::{Key, Kind, keys};
use crate::manifest::export::letters::Letters;
use crate::manifest::export::problems::{Problems, problem, span};
use crate::manifest::export::unite::{Desk, NameOf, Names, settle, unite};
use crate::model::{AttributeName, DesiredUser, Index, Origin, Reference};

/// So many `user` values are shown of those that share one identifier.
const SHOWN: usize = 3;

/// Whose word it is that an identifier is a user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    /// A cell of a row that another value finds.
    Cell,
    /// The value that finds the user of a row, or an entry: nobody else is meant by it.
    Own,
}

/// An identifier that is kept.
struct Kept {
    text: Box<str>,
    kind: Kind,
    word: Word,
    owner: u32,
    origin: Origin,
}

impl Kept {
    fn key(&self) -> Key<'_> {
        Key { kind: self.kind, text: &self.text }
    }
}

/// What says that two users are two people.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Whether an entry lists its addresses, and its employee IDs.
    lists: [bool; 2],
    /// The address and the employee ID that rows find the user by, by position in `kept`.
    found: [Option<u32>; 2],
    /// The last export that has rows of the user, and what finds them there.
    row: Option<(u16, u32)>,
    /// Whether an entry says its display name.
    named: bool,
    /// What rows say by one letter.
    letters: Letters,
}

impl Known {
    fn of_row(source: u16, kind: Kind, finder: u32) -> Self {
        let mut known = Self { row: Some((source, finder)), ..Self::default() };
        known.found[kind as usize] = Some(finder);
        known
    }

    fn of_entry(user: &DesiredUser) -> Self {
        let (named, letters) = (user.display_name.declared().is_some(), Letters::of_entry(user));
        let mut known = Self { named, letters, ..Self::default() };
        for (key, _) in keys(user) {
            known.lists[key.kind as usize] = true;
        }
        known
    }

    /// Whether two users, neither of whom lists what the other is found by, are two people.
    fn differs(&self, other: &Self) -> bool {
        let in_one_export = matches!((self.row, other.row), (Some((one, mine)), Some((two, theirs)))
            if one == two && mine != theirs);
        let by_kind = |at: usize| match (self.found[at], other.found[at]) {
            (Some(mine), Some(theirs)) => mine != theirs,
            (Some(_), None) => other.lists[at],
            (None, Some(_)) => self.lists[at],
            (None, None) => false,
        };
        in_one_export || by_kind(0) || by_kind(1)
    }

    fn join(&mut self, other: &Self) {
        for at in 0..2 {
            self.lists[at] |= other.lists[at];
            self.found[at] = self.found[at].or(other.found[at]);
        }
        self.row = self.row.max(other.row);
        self.named |= other.named;
        self.letters.join(&other.letters);
    }
}

/// An identifier in the rows of several people, or in a row and in the entry of somebody else.
struct Shared {
    /// Where it was first.
    first: Origin,
    /// Where it was again.
    again: Origin,
    /// What finds the rows, as far as it is shown.
    people: Vec<Box<str>>,
    count: usize,
}

impl Shared {
    fn diagnostic(&self, value: &str) -> Diagnostic {
        let of = |people: &[Box<str>]| {
            let quoted: Vec<String> = people.iter().map(|it| format!("`{it}`")).collect();
            quoted.join(", ")
        };
        let (message, first, help) = match &self.people[..] {
            [row] => {
                let message = format!(
                    "`{value}` is in this row of `{row}`, and in an entry that does not have `{row}`"
                );
                let help = format!(
                    "if it is one person, add `{row}` to the entry; if it is not, correct one of the two"
                );
                (message, "the entry", help)
            }
            people => {
                let more = self.count.saturating_sub(people.len());
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let message =
                    format!("`{value}` is in the rows of {} people: {}{more}", self.count, of(people));
                let help = "what tells one person from another belongs to one: correct the cell; list a text that stands for \
                            nothing in `empty`; if they are one person, write one entry of `users` that has all these values";
                (message, "here first", help.to_owned())
            }
        };
        problem(Code::SharedIdentifier, self.again, message).related(span(self.first), first).help(help)
    }
}

/// Everybody, while rows come in.
pub(super) struct People {
    users: Vec<DesiredUser>,
    /// How many of them manifests declare; they stand first.
    entries: usize,
    /// By position in `users`: the user that it has become one with, or itself.
    became: Vec<u32>,
    /// By position in `users`.
    known: Vec<Known>,
    kept: Vec<Kept>,
    index: Index,
    /// The export that is read.
    source: u16,
    /// What its rows share, by position in `kept`.
    shared: BTreeMap<u32, Shared>,
    names: Names,
    /// Attributes that may have several values.
    many: BTreeSet<AttributeName>,
}

impl People {
    /// The users of the manifests.
    pub(super) fn new(users: Vec<DesiredUser>, many: BTreeSet<AttributeName>) -> Self {
        let mut people = Self {
            entries: users.len(),
            became: (0..).take(users.len()).collect(),
            known: users.iter().map(Known::of_entry).collect(),
            kept: Vec::new(),
            index: Index::with_capacity(users.len() * 3),
            users: Vec::new(),
            source: 0,
            shared: BTreeMap::new(),
            names: Names::default(),
            many,
        };
        for (at, user) in (0..).zip(&users) {
            people.keep(user, at, Word::Own);
        }
        people.users = users;
        people
    }

    /// How many came with rows.
    pub(super) fn of_rows(&self) -> usize {
        self.users.len() - self.entries
    }

    /// Everybody, each once.
    pub(super) fn into_users(self, found: &mut Diagnostics) -> Vec<DesiredUser> {
        self.names.judge(&self.users, &self.became, found);
        let own = (0u32..).zip(&self.became).map(|(at, became)| at == *became).collect::<Vec<bool>>();
        self.users.into_iter().zip(own).filter_map(|(user, own)| own.then_some(user)).collect()
    }

    /// Adds what a row says, whose only lookup is its `user` value.
    pub(super) fn join(&mut self, mut row: DesiredUser, letters: Letters, problems: &mut Problems) {
        let Some(finder) = row.lookups.first().and_then(|said| Key::of(&said.value)) else { return };
        let kind = finder.kind;
        let known_by = self.find(finder);
        let home = known_by.filter(|at| self.kept[*at as usize].word == Word::Own).map(|at| self.owner(at));
        // Until it is kept, no position is that of a value that nobody has.
        let next = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        let mut party = Known { letters, ..Known::of_row(self.source, kind, known_by.unwrap_or(next)) };
        if let Some(home) = home {
            party.join(&self.known[home as usize]);
        }
        let mut owners: Vec<u32> = home.into_iter().collect();
        for (key, origin) in keys(&row) {
            let Some(at) = self.find(key) else { continue };
            let owner = self.owner(at);
            if owners.contains(&owner) {
                continue;
            }
            if let Some(entry) = owners.iter().find(|one| self.is_entry(**one) && self.is_entry(owner)) {
                return self.is_of_two_entries(&row, [*entry, owner], problems);
            }
            if party.differs(&self.known[owner as usize]) {
                return self.share(at, owner, &row, origin);
            }
            party.join(&self.known[owner as usize]);
            owners.push(owner);
        }
        owners.sort_unstable();
        let before: Vec<Letters> = owners.iter().map(|at| self.known[*at as usize].letters).collect();
        party.letters.contradictions(&before).for_each(|problem| problems.push(problem));
        self.add(&row, &owners);
        settle(&mut row);
        self.put(row, &owners, party, problems);
    }

    fn is_entry(&self, at: u32) -> bool {
        (at as usize) < self.entries
    }

    fn is_of_two_entries(&self, row: &DesiredUser, entries: [u32; 2], problems: &mut Problems) {
        let [one, other] = entries.map(|at| span(self.users[at as usize].origin));
        problems.push(
            problem(Code::ConflictingRows, row.origin, "this row is of two users of the manifests")
                .related(one.min(other), "the one")
                .related(one.max(other), "the other")
                .help("correct the row, or make the two entries one"),
        );
    }

    /// Keeps what tells a row's user apart, first of all what finds it.
    fn add(&mut self, row: &DesiredUser, owners: &[u32]) {
        let owner = owners.first().copied().or_else(|| u32::try_from(self.users.len()).ok());
        let (Some(owner), Some(lookup)) = (owner, row.lookups.first()) else { return };
        if let Some(finder) = Key::of(&lookup.value) {
            let at = self.keep_one(finder, lookup.origin, owner);
            if let Some(kept) = at.and_then(|at| self.kept.get_mut(at as usize)) {
                kept.word = Word::Own;
            }
        }
        self.keep(row, owner, Word::Cell);
    }

    /// Makes one user of a row and of those whom it is.
    fn put(&mut self, row: DesiredUser, owners: &[u32], known: Known, problems: &mut Problems) {
        let Some((&first, others)) = owners.split_first() else {
            let Ok(at) = u32::try_from(self.users.len()) else { return };
            self.users.push(row);
            self.became.push(at);
            self.known.push(known);
            return;
        };
        for other in others {
            let user = std::mem::replace(&mut self.users[*other as usize], DesiredUser::new(Origin::NONE));
            self.became[*other as usize] = first;
            self.unite(first, user, problems);
        }
        self.unite(first, row, problems);
        self.known[first as usize] = known;
    }

    fn unite(&mut self, at: u32, more: DesiredUser, problems: &mut Problems) {
        let user = &mut self.users[at as usize];
        let name = if self.known[at as usize].named { NameOf::Entry(at) } else { NameOf::Rows };
        let mut desk = Desk { names: &mut self.names, many: &self.many, problems };
        unite(user, more, name, &mut desk);
    }

    fn keep(&mut self, user: &DesiredUser, owner: u32, word: Word) {
        for (key, origin) in keys(user) {
            let new = self.kept.len();
            if let Some(at) = self.keep_one(key, origin, owner).filter(|at| *at as usize == new) {
                self.kept[at as usize].word = word;
            }
        }
    }

    /// The position of a key, which is kept unless it is already.
    fn keep_one(&mut self, key: Key<'_>, origin: Origin, owner: u32) -> Option<u32> {
        let next = u32::try_from(self.kept.len()).ok()?;
        let same = |at: u32| self.kept[at as usize].key() == key;
        let known = self.index.insert(&key, next, same);
        if known.is_none() {
            self.kept.push(Kept { text: key.text.into(), kind: key.kind, word: Word::Cell, owner, origin });
        }
        Some(known.unwrap_or(next))
    }

    fn find(&self, key: Key<'_>) -> Option<u32> {
        self.index.find(&key, |at| self.kept[at as usize].key() == key)
    }

    /// The user that a kept identifier is of.
    fn owner(&self, at: u32) -> u32 {
        let mut owner = self.kept[at as usize].owner;
        while self.became[owner as usize] != owner {
            owner = self.became[owner as usize];
        }
        owner
    }

    /// Notes that a row of one person has an identifier that is another's.
    fn share(&mut self, at: u32, owner: u32, row: &DesiredUser, again: Origin) {
        let Some(lookup) = row.lookups.first() else { return };
        let kept = &self.kept[at as usize];
        let found_by = self.known[owner as usize].row.map(|(_, finder)| finder);
        let shared = self.shared.entry(at).or_insert_with(|| Shared {
            first: kept.origin,
            again,
            people: found_by.map(|at| self.kept[at as usize].text.clone()).into_iter().collect(),
            count: usize::from(found_by.is_some()),
        });
        shared.count += 1;
        if shared.people.len() < SHOWN {
            shared.people.push(lookup.value.to_string().into());
        }
    }

    /// Whether a row of the export that counts is of whom the first of these finds.
    pub(super) fn has_row(&self, who: &[Reference]) -> bool {
        let kept = who.first().and_then(Key::of).and_then(|key| self.find(key));
        let known = kept.map(|at| &self.known[self.owner(at) as usize]);
        known.and_then(|known| known.row).is_some_and(|(source, _)| source == self.source)
    }

    /// Reports what rows of the export share, once for each identifier, and goes on to the next export.
    pub(super) fn end_export(&mut self, problems: &mut Problems) {
        self.source += 1;
        for (at, shared) in std::mem::take(&mut self.shared) {
            problems.push(shared.diagnostic(&self.kept[at as usize].text));
        }
    }
}
