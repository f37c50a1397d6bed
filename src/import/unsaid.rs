//! What of an account is in no manifest, and why?

use crate::model::Phrase;

/// Something of the account that the manifests don't say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsaid {
    /// What kind of thing it is.
    pub kind: Kind,
    /// What it is and why, in one sentence.
    pub sentence: Phrase,
}

impl Unsaid {
    /// Something of a kind.
    pub const fn new(kind: Kind, sentence: Phrase) -> Self {
        Self { kind, sentence }
    }
}

/// The kinds of what is not said, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The account's number.
    Account,
    /// A part of the account that the keys don't show.
    Hidden,
    /// A user as a whole.
    User,
    /// A display name.
    Name,
    /// Identifiers of one kind.
    Identifiers,
    /// Whether a user is tracked.
    Tracking,
    /// A group as a whole.
    Group,
    /// A member of a group.
    Member,
    /// The computers of a group.
    Computers,
    /// A global Do Not Track rule.
    Exclusion,
    /// Primary groups.
    PrimaryGroups,
    /// Emails that the account made up or detected by itself.
    AutomaticEmails,
    /// Agents.
    Agents,
    /// Members that are named by what their agents report.
    MembersByLogin,
    /// Agents and computers in no group.
    InNoGroup,
}

impl Kind {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Hidden => "hidden",
            Self::User => "user",
            Self::Name => "display-name",
            Self::Identifiers => "identifiers",
            Self::Tracking => "tracking",
            Self::Group => "group",
            Self::Member => "member",
            Self::Computers => "computers",
            Self::Exclusion => "exclusion",
            Self::PrimaryGroups => "primary-groups",
            Self::AutomaticEmails => "automatic-emails",
            Self::Agents => "agents",
            Self::MembersByLogin => "members-by-login",
            Self::InNoGroup => "in-no-group",
        }
    }
}

/// An entry, if there is one, and what it does not say.
pub(super) type Made<Entry> = (Option<Entry>, Vec<Unsaid>);

/// Entries, and apart from them what they do not say.
pub(super) fn parted<Ix, Entry>(made: Vec<(Ix, Made<Entry>)>, unsaid: &mut Vec<Unsaid>) -> Vec<(Ix, Entry)> {
    let kept = |(ix, (entry, not)): (Ix, Made<Entry>)| {
        unsaid.extend(not);
        Some((ix, entry?))
    };
    made.into_iter().filter_map(kept).collect()
}
