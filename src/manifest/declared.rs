//! What do manifests declare, before anything is compared across them?

use crate::manifest::source::Source;
use crate::manifest::yaml::Spanned;
use crate::model::{
    Account, Desired, DesiredExclusion, DesiredGroup, DesiredUser, Export, LeaveOut, Located, Policy, Rule,
    TrackingRule,
};

/// What one manifest, or all of them, declare.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Every `account`; none in place of one that could not be read.
    pub(super) accounts: Vec<Option<Account>>,
    /// Folders of shared manifests.
    pub(super) includes: Vec<Spanned<Box<str>>>,
    /// Every `policy`.
    pub(super) policies: Vec<Located<Policy>>,
    /// Every user.
    pub(super) users: Vec<DesiredUser>,
    /// Every group.
    pub(super) groups: Vec<DesiredGroup>,
    /// Every rule of `tracking`.
    pub(super) tracking: Vec<TrackingRule>,
    /// Every exclusion.
    pub(super) exclusions: Vec<DesiredExclusion>,
    /// Every entry of `hr.leaveOut`.
    pub(super) leave_out: Vec<LeaveOut>,
    /// Every entry of `hr.sources` that was not read yet.
    pub(super) sources: Vec<Source>,
    /// Every export that was read.
    pub(super) exports: Vec<Export>,
}

impl Declared {
    /// Adds what another manifest declares.
    pub(super) fn join(&mut self, other: Self) {
        self.accounts.extend(other.accounts);
        self.includes.extend(other.includes);
        self.policies.extend(other.policies);
        append(&mut self.users, other.users);
        self.groups.extend(other.groups);
        self.tracking.extend(other.tracking);
        self.exclusions.extend(other.exclusions);
        self.leave_out.extend(other.leave_out);
        self.sources.extend(other.sources);
        self.exports.extend(other.exports);
    }

    /// Every rule over users: of groups, of tracking, and of requirements.
    pub(super) fn rules(&self) -> impl Iterator<Item = &Located<Rule>> {
        let automatic = self.groups.iter().filter_map(|group| group.automatic.as_ref());
        let of_groups = automatic.filter_map(|it| it.rule.as_ref());
        let required = self.policies.iter().flat_map(|policy| &policy.value.require);
        let of_requirements = required.flat_map(|it| it.value.rules());
        of_groups.chain(self.tracking.iter().map(|it| &it.rule)).chain(of_requirements)
    }

    /// The desired account, if an account is declared.
    pub(super) fn into_desired(self) -> Option<Desired> {
        Some(Desired {
            account: self.accounts.into_iter().flatten().next()?,
            policy: self.policies.into_iter().next().map(|policy| policy.value).unwrap_or_default(),
            users: self.users,
            groups: self.groups,
            tracking: self.tracking,
            exclusions: self.exclusions,
            leave_out: self.leave_out,
            exports: self.exports,
        })
    }
}

/// Adds what another manifest declares. The first comes as it is, unless room was made for all.
fn append<T>(all: &mut Vec<T>, more: Vec<T>) {
    if all.capacity() == 0 {
        *all = more;
    } else {
        all.extend(more);
    }
}
