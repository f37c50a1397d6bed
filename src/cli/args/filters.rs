//! Which users, groups, computers and agents of an account are asked for? The filters of the Users page, and more.

use std::borrow::Cow;
use std::collections::BTreeSet;

use clap::ValueEnum;
use jiff::{SignedDuration, Timestamp};

use crate::cli::args::shared::days;
use crate::diag::suggestions;
use crate::model::{
    AgentIx, Belonging, ComputerId, ComputerIx, GroupIx, GroupName, GroupSource, Observed, ObservedUser,
    Status, Tracking, UserIx, fold,
};

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
    /// Filled by the account itself, by rules
    Automatic,
    /// Anything else
    Other,
}

/// What users are asked for; every filter that is set must hold.
#[derive(Debug, clap::Args)]
pub(crate) struct UserFilters {
    /// Only users of this status
    #[arg(long, ignore_case = true)]
    pub(crate) status: Option<StatusWord>,
    /// Only users who are, or are not, tracked
    #[arg(long, ignore_case = true)]
    pub(crate) tracking: Option<TrackingWord>,
    /// Only users who are in no group
    #[arg(long)]
    pub(crate) no_group: bool,
    /// Only users without a display name
    #[arg(long)]
    pub(crate) no_name: bool,
    /// Only members of this group; of several, members of any
    #[arg(long, value_name = "NAME")]
    pub(crate) group: Vec<String>,
    /// Only users of whom no agent has sent anything for so long: 90d, 12w. One without any data counts from the day of the
    /// record on
    #[arg(long, value_name = "DAYS", value_parser = days)]
    pub(crate) inactive_for: Option<SignedDuration>,
    /// Only users with this text in their display name or an identifier
    #[arg(long, value_name = "TEXT")]
    pub(crate) with: Option<String>,
}

/// A group that the account does not have.
#[derive(Debug, thiserror::Error)]
#[error("the account has no group {name:?}")]
pub(crate) struct NoGroup {
    name: String,
    /// The groups with a name close to it.
    pub(crate) near: Vec<String>,
}

impl UserFilters {
    /// The users for whom every filter holds, in the order of their records.
    ///
    /// # Errors
    /// A group that is not there: nobody being in it would be an answer to another question.
    pub(crate) fn of(&self, observed: &Observed, now: Timestamp) -> Result<Vec<UserIx>, NoGroup> {
        let groups = self.group.iter().map(|name| group_named(observed, name));
        let groups = groups.collect::<Result<Vec<GroupIx>, NoGroup>>()?;
        let text = self.with.as_deref().map(fold);
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
                && (groups.is_empty() || groups.iter().any(|group| observed.is_member(*group, *ix)))
                && self.inactive_for.is_none_or(|time| is_quiet(user, now, time) == Quiet::Yes)
                && text.as_ref().is_none_or(|text| has(user, text))
        });
        Ok(kept.map(|(ix, _)| ix).collect())
    }

    /// How many users are left out because the account does not say whether they have been inactive for so long.
    pub(crate) fn unclear(&self, observed: &Observed, now: Timestamp) -> usize {
        let Some(time) = self.inactive_for else { return 0 };
        observed.users.iter().filter(|user| is_quiet(user, now, time) == Quiet::Unknown).count()
    }
}

/// Whether nothing has come from a user for some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quiet {
    Yes,
    No,
    /// There is no data, and the account does not say how old the record is.
    Unknown,
}

fn is_quiet(user: &ObservedUser, now: Timestamp, time: SignedDuration) -> Quiet {
    let last = user.history().map(|(_, newest)| newest).or(user.created);
    match last.map(|last| now.duration_since(last) >= time) {
        Some(true) => Quiet::Yes,
        Some(false) => Quiet::No,
        None => Quiet::Unknown,
    }
}

/// Whether a folded text stands in a user's display name or an identifier.
fn has(user: &ObservedUser, text: &str) -> bool {
    let name = user.display_name.iter().map(|name| name.key().to_owned());
    let identifiers = user.identifiers().map(|held| fold(&held.to_string()).into_owned());
    name.chain(identifiers).any(|value| value.contains(text))
}

/// The group of a name, whatever its case.
pub(crate) fn group_named(observed: &Observed, text: &str) -> Result<GroupIx, NoGroup> {
    if let Some(ix) = observed.group_named(&GroupName::observed(text)) {
        return Ok(ix);
    }
    let names = observed.groups.iter().map(|group| group.name.as_written());
    let near = suggestions(text, names).into_iter().map(str::to_owned).collect();
    Err(NoGroup { name: text.to_owned(), near })
}

impl SourceWord {
    const fn is(self, source: &GroupSource) -> bool {
        matches!(
            (self, source),
            (Self::App, GroupSource::App)
                | (Self::Hr, GroupSource::Hr)
                | (Self::Directory, GroupSource::Directory)
                | (Self::Scim, GroupSource::Scim)
                | (Self::Automatic, GroupSource::Automatic)
                | (Self::Other, GroupSource::Foreign(_))
        )
    }
}

/// What groups are asked for; every filter that is set must hold.
#[derive(Debug, clap::Args)]
pub(crate) struct GroupFilters {
    /// Only groups of this source
    #[arg(long, ignore_case = true)]
    pub(crate) source: Option<SourceWord>,
    /// Only this group; more than one may be given
    #[arg(long, value_name = "NAME")]
    pub(crate) group: Vec<String>,
}

impl GroupFilters {
    /// The groups for which every filter holds, in the order of their numbers.
    ///
    /// # Errors
    /// A group that is not there.
    pub(crate) fn of(&self, observed: &Observed) -> Result<Vec<GroupIx>, NoGroup> {
        let named = self.group.iter().map(|name| group_named(observed, name));
        let named = named.collect::<Result<Vec<GroupIx>, NoGroup>>()?;
        let all = (0..).map(GroupIx).zip(&observed.groups);
        let kept = all.filter(|(ix, group)| {
            self.source.is_none_or(|word| word.is(&group.source)) && (named.is_empty() || named.contains(ix))
        });
        Ok(kept.map(|(ix, _)| ix).collect())
    }
}

/// What computers are asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct ComputerFilters {
    /// Only computers of this group; of several, those in any
    #[arg(long, value_name = "NAME")]
    pub(crate) group: Vec<String>,
    /// Only computers that are in no group
    #[arg(long)]
    pub(crate) no_group: bool,
    /// Only computers with this text in their domain or name
    #[arg(long, value_name = "TEXT")]
    pub(crate) with: Option<String>,
}

impl ComputerFilters {
    /// The computers for which every filter holds, in the order of their numbers.
    ///
    /// # Errors
    /// A group that is not there.
    pub(crate) fn of(&self, observed: &Observed) -> Result<Vec<ComputerIx>, NoGroup> {
        let groups = self.group.iter().map(|name| group_named(observed, name));
        let groups = groups.collect::<Result<Vec<GroupIx>, NoGroup>>()?;
        let of = |group: &GroupIx| observed.group(*group).computers.iter().flatten().copied();
        let wanted: BTreeSet<ComputerId> = groups.iter().flat_map(of).collect();
        let grouped: BTreeSet<ComputerId> =
            observed.groups.iter().flat_map(|group| group.computers.iter().flatten().copied()).collect();
        let text = self.with.as_deref().map(fold);
        let all = (0..).map(ComputerIx).zip(&observed.computers);
        let kept = all.filter(|(_, computer)| {
            (groups.is_empty() || wanted.contains(&computer.id))
                && (!self.no_group || !grouped.contains(&computer.id))
                && text.as_ref().is_none_or(|text| fold(&computer.login.to_string()).contains(&**text))
        });
        Ok(kept.map(|(ix, _)| ix).collect())
    }
}

/// What agents are asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct AgentFilters {
    /// Only agents that have sent nothing for so long: 90d, 12w; and those that never did
    #[arg(long, value_name = "DAYS", value_parser = days)]
    pub(crate) inactive_for: Option<SignedDuration>,
    /// Only agents whose history was deleted
    #[arg(long, conflicts_with = "inactive_for")]
    pub(crate) deleted: bool,
    /// Only agents with this text in their username, logon domain or alias
    #[arg(long, value_name = "TEXT", conflicts_with = "deleted")]
    pub(crate) with: Option<String>,
}

impl AgentFilters {
    /// The agents for which every filter holds, by the record of their user.
    pub(crate) fn of(&self, observed: &Observed, now: Timestamp) -> Vec<AgentIx> {
        let text = self.with.as_deref().map(fold);
        let mut kept = Vec::new();
        for (ix, user) in (0..).map(UserIx).zip(&observed.users) {
            let live = user.agents.iter().enumerate().filter(|(_, agent)| {
                let is_named = |text: &Cow<'_, str>| {
                    let alias = agent.alias.as_ref().is_some_and(|alias| fold(alias).contains(&**text));
                    alias || fold(&agent.login.to_string()).contains(&**text)
                };
                let is_quiet = |time| agent.last_log.is_none_or(|last| now.duration_since(last) >= time);
                !self.deleted && text.as_ref().is_none_or(is_named) && self.inactive_for.is_none_or(is_quiet)
            });
            kept.extend(live.map(|(at, _)| AgentIx::Live(ix, at)));
            if text.is_none() && self.inactive_for.is_none() {
                kept.extend((0..user.deleted_agents.len()).map(|at| AgentIx::Deleted(ix, at)));
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UserId;

    #[test]
    fn whoever_has_no_data_is_as_inactive_as_the_record_is_old_if_that_is_known() {
        let now: Timestamp = "2026-05-04T09:00:00Z".parse().unwrap();
        let time = SignedDuration::from_hours(90 * 24);
        let mut user = ObservedUser::new(UserId(1));
        assert_eq!(is_quiet(&user, now, time), Quiet::Unknown);
        user.created = Some(now - time);
        assert_eq!(is_quiet(&user, now, time), Quiet::Yes);
        user.created = Some(now - time + SignedDuration::from_secs(1));
        assert_eq!(is_quiet(&user, now, time), Quiet::No);
    }
}
