//! Which users and groups of an account are asked for? The filters of the Users page.

use clap::ValueEnum;

use crate::model::{Belonging, GroupIx, GroupSource, Observed, Status, Tracking, UserIx};

/// A status of the Users page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusWord {
    /// An agent reported lately
    Active,
    /// No agent did
    Inactive,
    /// There is no agent
    Unlicensed,
}

/// Whether activity is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrackingWord {
    /// Activity is collected
    Tracked,
    /// It is not
    Untracked,
}

/// Where a group comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SourceWord {
    /// Made in the app or by the Admin API
    App,
    /// Made by HR snapshots
    Hr,
    /// Active Directory or Azure AD
    Directory,
    /// Made by an identity provider over SCIM
    Scim,
    /// Anything else
    Other,
}

/// What users are asked for; every filter that is set must hold.
#[derive(Debug, clap::Args)]
pub(crate) struct UserFilters {
    /// Only users of this status
    #[arg(long)]
    pub(crate) status: Option<StatusWord>,
    /// Only users who are, or are not, tracked
    #[arg(long)]
    pub(crate) tracking: Option<TrackingWord>,
    /// Only users who are in no group
    #[arg(long)]
    pub(crate) no_group: bool,
    /// Only users without a display name
    #[arg(long)]
    pub(crate) no_name: bool,
}

impl UserFilters {
    /// The users for whom every filter holds, in the order of their records.
    pub(crate) fn of(&self, observed: &Observed) -> Vec<UserIx> {
        let belonging = Belonging::of(observed);
        let status = self.status.map(|word| match word {
            StatusWord::Active => Status::Active,
            StatusWord::Inactive => Status::Inactive,
            StatusWord::Unlicensed => Status::Unlicensed,
        });
        let tracking = self.tracking.map(|word| match word {
            TrackingWord::Tracked => Tracking::Tracked,
            TrackingWord::Untracked => Tracking::Untracked,
        });
        let all = (0..).map(UserIx).zip(&observed.users);
        let kept = all.filter(|(ix, user)| {
            status.is_none_or(|status| user.status == Some(status))
                && tracking.is_none_or(|tracking| user.tracking == tracking)
                && (!self.no_group || belonging.groups(*ix).len() == 0)
                && (!self.no_name || user.display_name.is_none())
        });
        kept.map(|(ix, _)| ix).collect()
    }
}

impl SourceWord {
    const fn is(self, source: &GroupSource) -> bool {
        matches!(
            (self, source),
            (Self::App, GroupSource::App)
                | (Self::Hr, GroupSource::Hr)
                | (Self::Directory, GroupSource::Directory)
                | (Self::Scim, GroupSource::Scim)
                | (Self::Other, GroupSource::Foreign(_))
        )
    }
}

/// The groups of a source, or all, in the order of their numbers.
pub(crate) fn groups(observed: &Observed, source: Option<SourceWord>) -> Vec<GroupIx> {
    let all = (0..).map(GroupIx).zip(&observed.groups);
    all.filter(|(_, group)| source.is_none_or(|word| word.is(&group.source))).map(|(ix, _)| ix).collect()
}
