//! What a plan is: plain data, sorted, with everything a reader, an approver and an executor need.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;

use crate::model::{
    Allowance, Bounds, Change, ChangeId, Export, GroupName, IdentifierKind, Origin, Phrase, Piece, Policy,
    Reach, Said, Snapshot, Step, StepId, Topic, hex,
};
use crate::plan::begun::{Attempts, Begun, Mark};
use crate::plan::digest::{evidence, standing};
use crate::plan::touched::Touched;

/// What a plan is computed with besides its two sides.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The clock: orders expire by it.
    pub now: Timestamp,
    /// The base branch's policy, where one is compared (`--base`): the stricter of both holds.
    pub base: Option<&'a Base>,
    /// What earlier runs tried to make and were cut off, where a ledger tells.
    pub attempts: Option<&'a Attempts>,
}

/// What the base branch says about the plan's bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// What of it could not be read, and what holds in its place; none where all of it could.
    pub gap: Option<Phrase>,
    /// Its policy.
    pub policy: Policy,
    /// Its `account.allow`.
    pub allow: Vec<Said<Allowance>>,
    /// Its `account.hrGroupType`.
    pub hr_group_type: Box<str>,
    /// Its HR sources by name, with what it asks of their exports.
    pub exports: Vec<(Box<str>, Bounds)>,
}

/// A plan. [`crate::plan::plan`] makes it; nothing changes it afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The account's name in the manifests.
    pub account: Box<str>,
    /// How much was read.
    pub reading: Reading,
    /// How many users it changes, by status.
    pub touched: Touched,
    /// How many licences orders free: one an agent.
    pub licences: usize,
    /// Bounds that these manifests loosen against the base branch: the first lines of the plan.
    pub loosened: Vec<Notice>,
    /// What of the base branch could not be read, and what holds in its place.
    pub base_gap: Option<Phrase>,
    /// What would be done, by object; [`Change::id`] is the position.
    pub changes: Vec<Change>,
    /// The writes, in order; [`Step::id`] counts through all phases.
    pub phases: Vec<Phase>,
    /// Changes that come about by steps of others, in whole or in part, with each of these steps.
    pub follows: Vec<(ChangeId, StepId)>,
    /// The HR upload, if the set would change.
    pub snapshot: Option<PlannedSnapshot>,
    /// Limits and protections that the plan breaks; a reviewer may approve them.
    pub violations: Vec<Violation>,
    /// What is unknown or impossible; nothing approves it.
    pub blockers: Vec<Blocker>,
    /// The HR exports that were read for it; which file said what is not in the digest.
    pub exports: Vec<Export>,
    /// What somebody has to do by hand, sorted: no change, not in the digest, and never a reason to fail.
    pub manual: Vec<Manual>,
    /// What a reader should know besides: orders that are done, exceptions that matched nothing.
    pub notices: Vec<Notice>,
    /// What the keys open that it was made with.
    pub reach: Reach,
    /// What the policy comes to that it was made under.
    pub policy: Digest,
    /// One for every changed fact, for everybody who leaves a group by its deletion, and for every HR group as it stands where an
    /// upload sends it; sorted.
    pub fingerprints: Vec<Fingerprint>,
    /// One for every HR group as an upload leaves it, unless it stands so already; sorted.
    pub leaves: Vec<Fingerprint>,
    /// One for every violation, whatever its count: nobody approved another; sorted.
    pub broken: Vec<Fingerprint>,
    /// Over policy, schema version, reach and all fingerprints.
    pub digest: Digest,
    /// The marks of the users and groups it makes, by change, sorted.
    pub marks: Vec<(ChangeId, Mark)>,
    /// What is there of what earlier runs tried to make.
    pub begun: Begun,
}

impl Plan {
    /// The mark of what a change makes.
    pub fn mark_of(&self, change: ChangeId) -> Option<Mark> {
        let at = self.marks.binary_search_by_key(&change, |mark| mark.0).ok()?;
        self.marks.get(at).map(|mark| mark.1)
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Every step, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.phases.iter().flat_map(|phase| &phase.steps)
    }

    /// All fingerprints, sorted: what a review of this plan covers.
    pub fn evidence(&self) -> Vec<Fingerprint> {
        evidence([&self.fingerprints, &self.leaves, &self.broken])
    }

    /// Every HR group that an upload was planned over, with its fingerprint among [`Self::fingerprints`].
    pub fn standing(&self) -> impl Iterator<Item = (&GroupName, Fingerprint)> {
        self.snapshot.iter().flat_map(|planned| standing(&planned.snapshot))
    }

    /// Whether nothing shows users: what an upload makes of its groups is not seen.
    pub fn is_blind(&self) -> bool {
        self.reach.hidden(Topic::Users).is_some()
    }

    /// The change of a number.
    pub fn change(&self, id: ChangeId) -> &Change {
        &self.changes[id.0 as usize]
    }
}

/// A plan, and the file of an HR set that it leaves as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The plan.
    pub plan: Plan,
    /// The file of the set, where the plan does not change it.
    pub(in crate::plan) standing: Option<Arc<[u8]>>,
}

/// How much was read for a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Users in the account.
    pub users: usize,
    /// Users in the manifests.
    pub declared: usize,
    /// Groups in the account.
    pub groups: usize,
}

/// Steps that may run side by side but for what they need of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Which part of the run.
    pub kind: PhaseKind,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// The parts of a run, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhaseKind {
    /// Users are created and edited.
    Users,
    /// Agents move between users.
    Agents,
    /// Users get what had to wait for an agent of theirs.
    Claims,
    /// Users are tracked and untracked.
    Tracking,
    /// Exclusions are added and removed.
    Exclusions,
    /// App groups are created and renamed.
    Groups,
    /// Users and computers enter and leave app groups.
    Members,
    /// The HR snapshot is uploaded and verified.
    Snapshot,
    /// Primary groups are chosen: only once the snapshot is verified.
    PrimaryGroups,
    /// App groups are deleted: only once the snapshot is verified.
    Deletions,
    /// Histories are erased and users removed.
    Orders,
}

/// The HR upload as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedSnapshot {
    /// The file and its sets.
    pub snapshot: Arc<Snapshot>,
    /// Every group of the set, and every group that leaves it, sorted by name.
    pub groups: Vec<SetGroup>,
}

impl PlannedSnapshot {
    /// Rows of the file without its header: one for every membership.
    pub fn rows(&self) -> usize {
        self.staying().map(|group| group.after).sum()
    }

    /// The groups that the file leaves in the account.
    pub fn staying(&self) -> impl Iterator<Item = &SetGroup> {
        self.groups.iter().filter(|group| group.fate != Fate::DeletedByAbsence)
    }

    /// HR groups that there are now, and members of them: agents, where no user is read.
    pub fn before(&self) -> (usize, usize) {
        let there = self.groups.iter().filter(|group| group.fate != Fate::Added);
        there.fold((0, 0), |(groups, members), group| (groups + 1, members + group.before))
    }
}

/// A group of the HR set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetGroup {
    /// Its name after, or before if it goes.
    pub name: GroupName,
    /// What becomes of it.
    pub fate: Fate,
    /// Members before.
    pub before: usize,
    /// Members after.
    pub after: usize,
    /// Its change, unless it is carried or declared as it is.
    pub change: Option<ChangeId>,
}

/// What a snapshot makes of an HR group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Created.
    Added,
    /// Members or name differ.
    Changed,
    /// Declared, and as it is.
    Unchanged,
    /// In no manifest: sent again with its present members.
    Carried,
    /// Left out of the set, and so deleted.
    DeletedByAbsence,
    /// Declared, and sent without knowing who is in it: `before` counts agents.
    Unread,
}

/// A limit or protection that the plan breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub kind: ViolationKind,
    /// Where the limit or protection is set.
    pub origin: Origin,
}

/// What is broken, and how far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViolationKind {
    /// More of a kind than a limit allows.
    Limit {
        /// Which limit.
        limit: LimitKind,
        /// The group it is counted in, or the source of groups, where there are several counts.
        of: Option<Phrase>,
        /// How many the plan holds.
        planned: u64,
        /// How many are allowed.
        allowed: u64,
    },
    /// A protected user or group would change.
    Protected {
        /// The protected object.
        object: Phrase,
        /// The change that touches it.
        change: ChangeId,
    },
    /// Users were not read: what the plan does to them can't be shown, counted or kept from those who are protected.
    Unproved,
}

/// The limits of `policy.limits`, by the names they have there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitKind {
    /// `removeUsers`
    RemoveUsers,
    /// `eraseHistory`
    EraseHistory,
    /// `untrack`
    Untrack,
    /// `track`
    Track,
    /// `renames`
    Renames,
    /// `identifiers`, of one kind.
    Identifiers(IdentifierKind),
    /// `deleteGroups`
    DeleteGroups,
    /// `leaveGroup`
    LeaveGroup,
    /// `removeExclusions`
    RemoveExclusions,
    /// `shrink` of an HR source, which no policy sets.
    Shrink,
}

impl LimitKind {
    /// Every limit of `policy.limits`, in the order of its keys.
    pub const ALL: [Self; 12] = [
        Self::RemoveUsers,
        Self::EraseHistory,
        Self::Untrack,
        Self::Track,
        Self::Renames,
        Self::Identifiers(IdentifierKind::Upn),
        Self::Identifiers(IdentifierKind::Email),
        Self::Identifiers(IdentifierKind::EmployeeId),
        Self::Identifiers(IdentifierKind::DeviceLogin),
        Self::DeleteGroups,
        Self::LeaveGroup,
        Self::RemoveExclusions,
    ];

    /// The key in `policy.limits`, or of the HR source.
    pub const fn key(self) -> &'static str {
        match self {
            Self::RemoveUsers => "removeUsers",
            Self::EraseHistory => "eraseHistory",
            Self::Untrack => "untrack",
            Self::Track => "track",
            Self::Renames => "renames",
            Self::Identifiers(_) => "identifiers",
            Self::DeleteGroups => "deleteGroups",
            Self::LeaveGroup => "leaveGroup",
            Self::RemoveExclusions => "removeExclusions",
            Self::Shrink => "shrink",
        }
    }

    /// Where a manifest sets it, below `policy.limits` or in the HR source.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Identifiers(IdentifierKind::Upn) => "identifiers.upn",
            Self::Identifiers(IdentifierKind::Email) => "identifiers.email",
            Self::Identifiers(IdentifierKind::EmployeeId) => "identifiers.employeeId",
            Self::Identifiers(IdentifierKind::DeviceLogin) => "identifiers.deviceLogin",
            other => other.key(),
        }
    }
}

/// Something unknown or impossible.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Blocker {
    /// Where it is asked for.
    pub origin: Origin,
    /// What kind it is.
    pub code: BlockerCode,
    /// What is wrong, in one sentence.
    pub message: Phrase,
    /// The records or groups in question.
    pub candidates: Vec<Phrase>,
    /// What to do about it.
    pub ways_out: Vec<Phrase>,
}

impl Blocker {
    /// A blocker with nothing more to say.
    pub fn new(origin: Origin, code: BlockerCode, message: Phrase) -> Self {
        Self { origin, code, message, candidates: Vec::new(), ways_out: Vec::new() }
    }

    /// With the records or groups in question.
    #[must_use]
    pub fn between(mut self, candidates: impl IntoIterator<Item = Phrase>) -> Self {
        self.candidates.extend(candidates);
        self
    }

    /// With one more thing to do about it.
    #[must_use]
    pub fn way_out(mut self, words: &'static str) -> Self {
        self.ways_out.push(Phrase::words(words));
        self
    }

    /// With one more thing to do about it, that names values.
    #[must_use]
    pub fn way_out_phrase(mut self, phrase: Phrase) -> Self {
        self.ways_out.push(phrase);
        self
    }
}

/// The kinds of blockers, by stable names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockerCode {
    /// A declared user matches two or more records.
    TwoRecords,
    /// Two declared users match one record.
    OneRecordTwice,
    /// An observed user has the same name or agent as a user to be created.
    SameUser,
    /// An entry says almost what a record has.
    LooksAlike,
    /// A match that looks like a reused address.
    Takeover,
    /// An identifier or name is in use by another user.
    ValueTaken,
    /// A value that another integration set last would be overwritten without `adopt`.
    ForeignField,
    /// An agent can't leave a user who goes by its name, or who is about to go.
    AgentHeld,
    /// A user would be left without an identifier.
    NoIdentifier,
    /// A user with nothing but a device login would have to be created.
    DeviceLoginOnly,
    /// A row of an HR export matches nobody.
    UnmatchedRow,
    /// A reference resolves to nobody.
    UnknownReference,
    /// A reference resolves to more than one.
    AmbiguousReference,
    /// A group that only users name is not in the account.
    UnknownGroup,
    /// A primary group is none of the user's groups.
    NotInGroup,
    /// A computer is not in the account, or is there twice.
    UnknownComputer,
    /// A group's source does not allow the change.
    ReadOnlyGroup,
    /// A group would change its source.
    SourceChange,
    /// A group's name is in use.
    GroupNameTaken,
    /// An HR group would be renamed without `recreate: true`.
    HrRename,
    /// A rule would leave a group without members because it doesn't see them.
    UnseenMembers,
    /// An HR group would be left without members.
    EmptyHrGroup,
    /// The HR set would become empty.
    EmptySet,
    /// A group names no source, so a snapshot could delete it.
    UnknownSource,
    /// An HR group that no manifest declares, where its members can't be read and so not be carried over.
    UndeclaredHrGroup,
    /// A group keeps members that can't be read.
    UnreadMembers,
    /// What became of an earlier upload is not known yet.
    UnsettledUpload,
    /// A member of an HR group has no lookup value that is theirs before and after.
    NoLookupValue,
    /// An exclusion would hit a tracked user.
    ExclusionHitsTracked,
    /// The block that a removed user leaves stands on an identifier of somebody declared tracked.
    StaysBlocked,
    /// An order is not surely about the record that it leads to.
    UnsureOrder,
    /// A bound of the policy is about what these keys may not show.
    Unseen,
    /// A manifest asks for what this version can't carry out.
    NotCarriedOut,
}

impl BlockerCode {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TwoRecords => "two-records",
            Self::OneRecordTwice => "one-record-twice",
            Self::SameUser => "same-user",
            Self::LooksAlike => "looks-alike",
            Self::Takeover => "takeover",
            Self::ValueTaken => "value-taken",
            Self::ForeignField => "foreign-field",
            Self::AgentHeld => "agent-held",
            Self::NoIdentifier => "no-identifier",
            Self::DeviceLoginOnly => "device-login-only",
            Self::UnmatchedRow => "unmatched-row",
            Self::UnknownReference => "unknown-reference",
            Self::AmbiguousReference => "ambiguous-reference",
            Self::UnknownGroup => "unknown-group",
            Self::NotInGroup => "not-in-group",
            Self::UnknownComputer => "unknown-computer",
            Self::ReadOnlyGroup => "read-only-group",
            Self::SourceChange => "source-change",
            Self::GroupNameTaken => "group-name-taken",
            Self::HrRename => "hr-rename",
            Self::UnseenMembers => "unseen-members",
            Self::EmptyHrGroup => "empty-hr-group",
            Self::EmptySet => "empty-set",
            Self::UnknownSource => "unknown-source",
            Self::UndeclaredHrGroup => "undeclared-hr-group",
            Self::UnreadMembers => "unread-members",
            Self::UnsettledUpload => "unsettled-upload",
            Self::NoLookupValue => "no-lookup-value",
            Self::ExclusionHitsTracked => "exclusion-hits-tracked",
            Self::StaysBlocked => "stays-blocked",
            Self::UnsureOrder => "unsure-order",
            Self::Unseen => "unseen",
            Self::NotCarriedOut => "not-carried-out",
        }
    }
}

/// Something the manifests ask for that no call carries out which the keys open and `account.allow` lets: somebody does it by
/// hand, and the next plan finds it done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Manual {
    /// Where it is asked for.
    pub origin: Origin,
    /// What is to be done.
    pub what: Phrase,
    /// Where to click.
    pub place: Cow<'static, str>,
    /// Why it isn't done from here.
    pub why: Phrase,
}

/// Something a reader should know that changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// Where it comes from.
    pub origin: Origin,
    /// What it is.
    pub message: Phrase,
    /// The users or groups it is about, where the sentence ends with a list of them.
    pub about: Vec<Piece>,
}

/// SHA-256 of one changed fact: object, field, value, severity and kind of cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// The identity of a plan: equal for equal doings, whatever file, line or order they come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// A reading or a set of manifests that is too small to be the whole picture: no plan is made of it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotWhole {
    /// Fewer users were read than `policy.minimum.users`.
    #[error("users in the account: {found}, and policy.minimum.users says {minimum}")]
    Users {
        /// Read.
        found: u64,
        /// Wanted.
        minimum: u64,
        /// Where the minimum is set.
        origin: Origin,
    },
    /// Fewer groups were read than `policy.minimum.groups`.
    #[error("groups in the account: {found}, and policy.minimum.groups says {minimum}")]
    Groups {
        /// Read.
        found: u64,
        /// Wanted.
        minimum: u64,
        /// Where the minimum is set.
        origin: Origin,
    },
    /// Fewer users are declared than `policy.minimum.declaredUsers`, the base branch's among them.
    #[error("users in the manifests: {found}, and policy.minimum.declaredUsers says {minimum}")]
    Declared {
        /// Declared.
        found: u64,
        /// Wanted.
        minimum: u64,
        /// Where the minimum is set.
        origin: Origin,
    },
    /// A protected user or group is neither declared nor in the account.
    #[error("a protected {what} is neither in the manifests nor in the account")]
    Protected {
        /// `user` or `group`.
        what: &'static str,
        /// Where it is protected.
        origin: Origin,
    },
}

impl NotWhole {
    /// Where the bound is set that is not met.
    pub const fn origin(&self) -> Origin {
        match self {
            Self::Users { origin, .. }
            | Self::Groups { origin, .. }
            | Self::Declared { origin, .. }
            | Self::Protected { origin, .. } => *origin,
        }
    }
}
