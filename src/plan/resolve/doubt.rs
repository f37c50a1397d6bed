//! Who a declared user is can't be told: what is said then, with the records, what matched which, and the ways out.

use std::collections::BTreeSet;

use crate::model::{
    Desired, DesiredUser, DisplayName, Key, Observed, ObservedUser, Phrase, Piece, UserIx, UserLabel,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::resolve::contest::Contest;
use crate::plan::resolve::keys::label;
use crate::plan::resolve::takeover::is_same_human;
use crate::plan::resolve::wording::{describe, key_piece, line, quoted};

const MERGE: &str = "if they are one human: merge the records on the Users page, then plan again";
const ONE_ENTRY: &str = "if they are one human: make them one entry";
const RELEASES: &str = "if an identifier was handed on: put it under `releases` of the one who gave it up, whose entry has to name another \
     of the record's";
const ONE_BY_ONE: &str =
    "if the records are those of the names: move one value in this change, and the other in the next";
const FORMERLY: &str =
    "if the record is this human's: list more of its identifiers, those they had under `formerly`";

/// What contested entries and records are spoken of with.
pub(in crate::plan) struct Doubt<'d, 'a> {
    /// What the manifests say.
    desired: &'a Desired,
    /// What the account has.
    observed: &'a Observed,
    /// What speaks for whom.
    contest: &'d Contest<'a>,
    /// Of every pair of the contest: the name that the entry declares, and the one that the record has.
    names: BTreeSet<(&'a DisplayName, &'a DisplayName)>,
}

impl<'d, 'a> Doubt<'d, 'a> {
    /// Whatever can be said of a contest.
    pub(in crate::plan) fn new(
        desired: &'a Desired,
        observed: &'a Observed,
        contest: &'d Contest<'a>,
    ) -> Self {
        let pairs = contest.entry_of.iter();
        let names =
            pairs.filter_map(|(record, at)| names(&desired.users[*at as usize], observed.user(*record)));
        Self { desired, observed, contest, names: names.collect() }
    }

    fn user(&self, at: u32) -> &DesiredUser {
        &self.desired.users[at as usize]
    }

    fn records(&self, at: u32) -> impl Iterator<Item = UserIx> {
        self.contest.by_entry.get(&at).into_iter().flat_map(|records| records.keys().copied())
    }

    /// A record, and by what which entries lead to it: the one in question first.
    fn shown(&self, at: u32, record: UserIx) -> Phrase {
        let nobody = BTreeSet::new();
        let keys = |at: u32| {
            let keys = self.contest.by_entry.get(&at).and_then(|records| records.get(&record));
            keys.unwrap_or(&nobody)
        };
        let pieces = |at: u32| keys(at).iter().map(|key| key_piece(*key));
        let user = self.observed.user(record);
        // What it is matched by is said as that.
        let rest = user.identifiers().filter(|identifier| !keys(at).contains(&Key::from(identifier)));
        let rest: Vec<Piece> = rest.map(|identifier| Piece::personal(&identifier)).collect();
        let named = phrase![UserLabel::of(user)];
        let shown =
            if rest.is_empty() { named.then(", ") } else { named.then(" with ").list(rest).then("; ") };
        let mut shown = shown.then("matched by ").list(pieces(at));
        let others = self.contest.by_record.get(&record).into_iter().flatten().filter(|other| **other != at);
        for other in others {
            shown = shown.then(", and ").then(label(self.user(*other))).then(" by ").list(pieces(*other));
        }
        shown
    }

    fn blocker(&self, at: u32, code: BlockerCode, message: Phrase) -> Blocker {
        Blocker::new(self.user(at).origin, code, message)
            .between(self.records(at).map(|record| self.shown(at, record)))
    }

    /// An entry is one record, and another that is nobody else's holds an identifier of it too.
    pub(in crate::plan) fn two_records(&self, at: u32) -> Blocker {
        let held = format!(" are held by {} records", self.records(at).count());
        let message = phrase!["the identifiers of ", label(self.user(at)), held];
        self.blocker(at, BlockerCode::TwoRecords, message)
            .way_out(MERGE)
            .way_out("if they are not: take the identifier that is not theirs out of the entry")
            .way_out(
                "if it moves from one human to the other: declare the other too, with the identifier under `releases`",
            )
    }

    /// An entry leads only to records that others match better.
    pub(in crate::plan) fn records_of_others(&self, at: u32) -> Blocker {
        let mut records = self.records(at);
        let message = match (records.next(), records.next()) {
            (Some(record), None) => {
                let owner = self.contest.entry_of.get(&record).map(|owner| label(self.user(*owner)));
                let message = phrase![label(self.user(at)), " matches a record that belongs to "];
                message.then(owner.map_or("another user".into(), Piece::from))
            }
            _ => phrase![label(self.user(at)), " matches only records that are other users'"],
        };
        self.blocker(at, BlockerCode::OneRecordTwice, message).way_out(ONE_ENTRY).way_out(RELEASES)
    }

    /// Whether the one identifier that decides says the very opposite of what two names say.
    pub(in crate::plan) fn is_crossed(&self, at: u32, record: UserIx) -> bool {
        let shared = self.contest.by_entry.get(&at).and_then(|records| records.get(&record));
        let (user, record) = (self.user(at), self.observed.user(record));
        let opposite = |(wanted, worn)| wanted != worn && self.names.contains(&(worn, wanted));
        shared.is_none_or(|keys| keys.len() == 1)
            && names(user, record).is_some_and(opposite)
            && !is_same_human(user, record)
    }

    /// The one identifier that decides says the very opposite of what two names say.
    pub(in crate::plan) fn crossed(&self, at: u32, record: UserIx) -> Blocker {
        let wears = UserLabel::of(self.observed.user(record));
        let message = phrase![
            label(self.user(at)),
            " would be the record of ",
            wears,
            ", and the other way round: identifiers and names say the opposite"
        ];
        self.blocker(at, BlockerCode::TwoRecords, message)
            .way_out("if the identifiers are right: list others of each record under `formerly`, or take `displayName` out of both for one change")
            .way_out(ONE_BY_ONE)
    }

    /// As much speaks for one pair as for another.
    pub(in crate::plan) fn tie(&self, at: u32) -> Blocker {
        let records: Vec<UserIx> = self.records(at).collect();
        let contested =
            |record: &UserIx| self.contest.by_record.get(record).is_some_and(|entries| entries.len() > 1);
        if !records.iter().any(contested) {
            return self.two_records(at);
        }
        if records.len() > 1 {
            let which = format!(" is which of {} records can't be told", records.len());
            let message = phrase![label(self.user(at)), which];
            return self
                .blocker(at, BlockerCode::TwoRecords, message)
                .way_out(RELEASES)
                .way_out(FORMERLY)
                .way_out(ONE_BY_ONE)
                .way_out(MERGE);
        }
        let entries = records.first().and_then(|record| self.contest.by_record.get(record));
        let labels = entries.into_iter().flatten().map(|entry| label(self.user(*entry)));
        let message = Phrase::default().list(labels).then(" match one record");
        self.blocker(at, BlockerCode::OneRecordTwice, message).way_out(ONE_ENTRY).way_out(RELEASES)
    }
}

/// The name that an entry declares, and the one that a record has.
fn names<'a>(user: &'a DesiredUser, record: &'a ObservedUser) -> Option<(&'a DisplayName, &'a DisplayName)> {
    Some((&user.display_name.declared()?.value, record.display_name.as_ref()?))
}

/// Why a record looks like a user whom nobody holds an identifier of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Looks {
    /// It has the display name.
    Named,
    /// It holds an agent that the entry declares.
    Reporting,
}

/// A record that nobody declares looks like a user whom nobody holds an identifier of.
pub(in crate::plan) fn same_user(user: &DesiredUser, record: &ObservedUser, looks: Looks) -> Blocker {
    let why = match looks {
        Looks::Named => "has the same display name",
        Looks::Reporting => "holds one of its agents",
    };
    let blocker = Blocker::new(
        user.origin,
        BlockerCode::SameUser,
        phrase!["same user? no record holds an identifier of ", label(user), ", but one ", why],
    )
    .between([describe(record)]);
    let known = record.identifiers().next();
    let blocker = match &known {
        Some(known) => blocker.way_out_phrase(phrase![
            "if it is the same: add `formerly: ",
            quoted(known),
            "` to the entry, or declare an identifier that the record holds"
        ]),
        None => blocker,
    };
    match (looks, known) {
        (Looks::Named, _) => blocker
            .way_out("if it is the same and nothing else tells: add `matchName: true`")
            .way_out("if it is not: give the two different display names"),
        (Looks::Reporting, Some(known)) => {
            let other =
                phrase!["if it is not: declare the other too, `- { "].joined(line(&known)).then(" }`");
            blocker.way_out_phrase(other).way_out("or take the agent out of the entry")
        }
        (Looks::Reporting, None) => blocker.way_out("if it is not: take the agent out of the entry"),
    }
}

/// A row of an export is of nobody whom the account knows.
pub(in crate::plan) fn unmatched(user: &DesiredUser) -> Blocker {
    let message = phrase![label(user), " matches nobody: no record holds what the row says"];
    Blocker::new(user.origin, BlockerCode::UnmatchedRow, message)
        .way_out("if the account has the user: declare one in a manifest with identifiers of both, the row's and the record's")
        .way_out("if the user is yet to come: `create: true` makes one, `unmatched: list` leaves the row out")
}

/// A row of an export is of nobody, but of somebody if zeros stood before its employee ID.
pub(in crate::plan) fn without_zeros(user: &DesiredUser, record: &ObservedUser) -> Blocker {
    let message = phrase![
        label(user),
        " matches nobody, but one record has the row's employee ID with zeros in front of it: the same user?"
    ];
    Blocker::new(user.origin, BlockerCode::UnmatchedRow, message)
        .between([describe(record)])
        .way_out("if it is: a spreadsheet took the zeros off; export the file again, with the column as text")
        .way_out("if it is not: declare the user in a manifest, with the employee ID")
}
