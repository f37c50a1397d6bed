//! Changes: what a plan would do, one object at a time, as a reader sees it.

use crate::model::id::{ChangeId, ExclusionId, GroupId};
use crate::model::identifier::{Identifier, Login};
use crate::model::name::GroupName;
use crate::model::observed::GroupSource;
use crate::model::origin::Origin;
use crate::model::phrase::{Phrase, Piece, UserLabel};
use crate::model::record::{Activation, Tracking};

/// How much harm a change can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is lost.
    Safe,
    /// Untrack, track, leave a group, rename, an identifier removed, an exclusion added or removed.
    Disruptive,
    /// Remove, erase, a group deleted or recreated, an exclusion that erases history.
    Irreversible,
}

impl Severity {
    /// The word for it in output and fingerprints.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Disruptive => "disruptive",
            Self::Irreversible => "irreversible",
        }
    }
}

/// What is done to the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// It is not there and will be.
    Create,
    /// It is there and will differ.
    Update,
    /// It is there and will not be.
    Delete,
}

/// The thing a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// A user record.
    User(UserLabel),
    /// A group; no number if it is to be created.
    Group {
        /// Its number.
        id: Option<GroupId>,
        /// Its name before; for a new one, its name.
        name: GroupName,
        /// Its source.
        source: GroupSource,
    },
    /// A global Do Not Track rule; no number if it is to be created.
    Exclusion {
        /// Its number.
        id: Option<ExclusionId>,
        /// Who, and where.
        login: Login,
    },
}

/// The field of an object that a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// That the object is there at all.
    Existence,
    /// Display name of a user, name of a group.
    Name,
    /// What a group says of itself.
    Description,
    /// User principal name.
    Upn,
    /// Email address.
    Email,
    /// Employee ID.
    EmployeeId,
    /// Device login.
    DeviceLogin,
    /// A user agent.
    Agent,
    /// Tracked or untracked.
    Tracking,
    /// Whether a user may log in.
    Status,
    /// That an agent's data is collected, where it begins or stops because another user gets the agent.
    Collection,
    /// What was collected of a user.
    History,
    /// The Do Not Track rules that a removed user leaves.
    Block,
    /// The group that speaks for a user in reports.
    PrimaryGroup,
    /// By which rules the account fills a group.
    Conditions,
    /// A user in a group.
    Member,
    /// A user in a group that fills itself, whom somebody put there and the rules match too.
    Pinned,
    /// A user whom the rules of a group are expected to put into it or take out of it.
    PredictedMember,
    /// A computer in a group.
    Computer,
}

impl Field {
    /// The field that an identifier is a value of.
    pub const fn of(identifier: &Identifier) -> Self {
        match identifier {
            Identifier::Upn(_) => Self::Upn,
            Identifier::Email(_) => Self::Email,
            Identifier::EmployeeId(_) => Self::EmployeeId,
            Identifier::DeviceLogin(_) => Self::DeviceLogin,
        }
    }

    /// The word for it in output and fingerprints.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Existence => "existence",
            Self::Name => "name",
            Self::Description => "description",
            Self::Upn => "upn",
            Self::Email => "email",
            Self::EmployeeId => "employee ID",
            Self::DeviceLogin => "device login",
            Self::Agent => "agent",
            Self::Tracking => "tracking",
            Self::Status => "status",
            Self::Collection => "collection",
            Self::History => "history",
            Self::Block => "blocked",
            Self::PrimaryGroup => "primary group",
            Self::Conditions => "conditions",
            Self::Member => "member",
            Self::Pinned => "pinned member",
            Self::PredictedMember => "predicted member",
            Self::Computer => "computer",
        }
    }
}

/// One value added, one removed, or a scalar's from and to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delta {
    /// A value is added to a list, or the object is made.
    Add(Piece),
    /// A value is removed from a list, or the object goes.
    Remove(Piece),
    /// A scalar changes; `None` is "had none".
    Set {
        /// Before.
        from: Option<Piece>,
        /// After.
        to: Piece,
    },
}

/// What brings a fact about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// A manifest asks for it.
    Declared,
    /// A rule of a manifest asks for it of everybody who matches.
    Rule,
    /// A policy asks for it.
    Policy,
    /// Something else in the plan brings it about.
    Consequence,
    /// A snapshot leaves it out.
    Absence,
}

impl Cause {
    /// The word for it in output and fingerprints.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Rule => "rule",
            Self::Policy => "policy",
            Self::Consequence => "consequence",
            Self::Absence => "absence",
        }
    }

    /// What is said of a fact that has no remark; nothing where a manifest asks for it.
    pub const fn remark(self) -> Option<&'static str> {
        match self {
            Self::Declared | Self::Rule => None,
            Self::Policy => Some("by policy"),
            Self::Consequence => Some("follows from another change"),
            Self::Absence => Some("left out of the snapshot"),
        }
    }
}

/// One changed fact of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Which field.
    pub field: Field,
    /// What changes.
    pub delta: Delta,
    /// How much harm it can do.
    pub severity: Severity,
    /// What brings it about.
    pub cause: Cause,
    /// Where it is asked for.
    pub origin: Origin,
    /// A word beside it: why a member leaves, that a value is the account's default.
    pub remark: Option<Phrase>,
}

impl Fact {
    /// The state that the tracking of somebody turns to, or begins with; none of a fact of anything else.
    pub fn tracking(&self) -> Option<Tracking> {
        let (Delta::Add(to) | Delta::Set { to, .. }) = &self.delta else { return None };
        let is_it = |state: &Tracking| *to == Piece::from(state.word());
        [Tracking::Tracked, Tracking::Untracked]
            .into_iter()
            .find(is_it)
            .filter(|_| self.field == Field::Tracking)
    }

    /// The same of somebody who was there before.
    pub fn turned_tracking(&self) -> Option<Tracking> {
        self.tracking().filter(|_| matches!(self.delta, Delta::Set { .. }))
    }

    /// The status that somebody turns to; none of a fact of anything else.
    pub fn turned_status(&self) -> Option<Activation> {
        let Delta::Set { to, .. } = &self.delta else { return None };
        let is_it = |status: &Activation| *to == Piece::from(status.word());
        [Activation::Active, Activation::Deactivated]
            .into_iter()
            .find(is_it)
            .filter(|_| self.field == Field::Status)
    }
}

/// How large a group is before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Members now.
    pub before: usize,
    /// Members once the plan is carried out.
    pub after: usize,
}

/// What a plan would do to one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub id: ChangeId,
    /// What it is about.
    pub object: Object,
    /// What is done.
    pub verb: Verb,
    /// The greatest severity of its facts.
    pub severity: Severity,
    /// Where it is asked for.
    pub origin: Origin,
    /// The facts, in the order of fields.
    pub facts: Vec<Fact>,
    /// How many users are in the group before and after, where members of a group that stays join or leave.
    pub members: Option<Sizes>,
    /// What follows from it.
    pub notes: Vec<Note>,
}

/// Something that follows from a change: a sentence, or values below a word as facts have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The word before values.
    pub label: Option<&'static str>,
    /// The sentence, or the values.
    pub words: Phrase,
}

impl Note {
    /// Values below a word.
    pub const fn labelled(label: &'static str, words: Phrase) -> Self {
        Self { label: Some(label), words }
    }

    /// All of it as one sentence.
    pub fn sentence(&self) -> Phrase {
        let Some(label) = self.label else { return self.words.clone() };
        Phrase(vec![label.into(), " ".into()]).joined(self.words.clone())
    }
}

impl From<Phrase> for Note {
    fn from(words: Phrase) -> Self {
        Self { label: None, words }
    }
}
