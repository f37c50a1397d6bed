//! What can be unknown or impossible, and what is to be done about it?

use crate::model::{Origin, Phrase};

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
