//! Which group of the account is each declared group? The one of its name; else the one of a former name, which is renamed.
//!
//! A group whose name another one is to get gives the name up: so a chain of renames, and a name that is freed and given to a
//! new group, need one run. What is drafted first is what waits for nobody, so that no write meets a name that is still taken.

use std::collections::BTreeMap;

use crate::model::{
    DeclaredSource, Desired, DesiredGroup, GroupIx, GroupName, GroupSource, GroupState, Keeper, Observed,
    Piece,
};

/// What a declared group is in the account.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::plan) struct GroupFit {
    /// The group of its name, unless that is renamed away.
    pub(in crate::plan) here: Option<GroupIx>,
    /// The group of a former name.
    pub(in crate::plan) former: Option<GroupIx>,
    /// The group that has its name until it is renamed in this very plan.
    pub(in crate::plan) waits_for: Option<GroupIx>,
}

/// Who is who among groups.
pub(in crate::plan) struct GroupFits<'a> {
    observed: &'a Observed,
    by_name: BTreeMap<&'a str, Vec<GroupIx>>,
    /// By position in `Desired::groups`.
    fits: Vec<GroupFit>,
    /// The groups that are renamed, each with the declared group it becomes.
    renamed: BTreeMap<GroupIx, usize>,
    /// Positions in `Desired::groups`, in the order in which they are drafted.
    order: Vec<usize>,
}

impl<'a> GroupFits<'a> {
    /// Finds every declared group in the account.
    pub(in crate::plan) fn new(desired: &'a Desired, observed: &'a Observed) -> Self {
        let mut by_name: BTreeMap<&str, Vec<GroupIx>> = BTreeMap::new();
        for (at, group) in (0..).zip(&observed.groups) {
            by_name.entry(group.name.key()).or_default().push(GroupIx(at));
        }
        let mut order: Vec<usize> = (0..desired.groups.len()).collect();
        order.sort_unstable_by_key(|at| desired.groups[*at].name.value.key());
        let fits = vec![GroupFit::default(); desired.groups.len()];
        let mut found = Self { observed, by_name, fits, renamed: BTreeMap::new(), order };
        found.by_own_names(&desired.groups);
        while found.by_former_names(&desired.groups) {}
        found.sort();
        found
    }

    /// Every group of a name, whatever its source.
    pub(in crate::plan) fn all_named(&self, name: &GroupName) -> impl Iterator<Item = GroupIx> + '_ {
        self.by_name.get(name.key()).into_iter().flatten().copied()
    }

    /// The group of a name; of several with one name, that of the source in question.
    pub(in crate::plan) fn found(&self, name: &GroupName, source: &GroupSource) -> Option<GroupIx> {
        let of_source = self.all_named(name).find(|ix| self.observed.group(*ix).source == *source);
        of_source.or_else(|| self.all_named(name).next())
    }

    /// What the declared group at a position is.
    pub(in crate::plan) fn of(&self, at: usize) -> GroupFit {
        self.fits[at]
    }

    /// The position of the declared group that a group becomes under another name.
    pub(in crate::plan) fn renamed_to(&self, ix: GroupIx) -> Option<usize> {
        self.renamed.get(&ix).copied()
    }

    /// Positions in `Desired::groups`, each behind what it waits for, else by name.
    pub(in crate::plan) fn order(&self) -> Vec<usize> {
        self.order.clone()
    }

    fn by_own_names(&mut self, groups: &[DesiredGroup]) {
        for at in self.order.clone() {
            let group = &groups[at];
            self.fits[at].here = self.found(&group.name.value, &source(group));
        }
    }

    /// Gives groups without a group of their name one of a former name; answers whether that took a name from another.
    fn by_former_names(&mut self, groups: &[DesiredGroup]) -> bool {
        let mut any = false;
        for at in self.order.clone() {
            let (group, fit) = (&groups[at], self.fits[at]);
            if fit.here.is_some() || fit.former.is_some() || group.state != GroupState::Present {
                continue;
            }
            let source = source(group);
            let formers = group.formerly.iter().filter_map(|name| self.found(&name.value, &source));
            let Some(former) = formers.into_iter().find(|ix| self.may_become(*ix, &source)) else { continue };
            self.fits[at].former = Some(former);
            self.renamed.insert(former, at);
            for fit in self.fits.iter_mut().filter(|fit| fit.here == Some(former)) {
                (fit.here, fit.waits_for) = (None, Some(former));
                any = true;
            }
        }
        any
    }

    /// Whether a group may become a declared one under another name: another declared group gives its name up only among
    /// groups of one keeper, as an HR group is its name.
    fn may_become(&self, ix: GroupIx, source: &GroupSource) -> bool {
        let is_written = Keeper::of(source).is_some() || *source == GroupSource::Automatic;
        let one_keeper = is_written && self.observed.group(ix).source == *source;
        let is_held = || self.fits.iter().any(|fit| fit.here == Some(ix));
        !self.renamed.contains_key(&ix) && (one_keeper || !is_held())
    }

    /// Puts each group behind the one that has its name. There are no circles: the first to take a former name finds its own
    /// name free.
    fn sort(&mut self) {
        let depth = |at: usize| {
            let next = |at: &usize| self.renamed.get(&self.fits[*at].waits_for?).copied();
            std::iter::successors(Some(at), next).take(self.fits.len()).count()
        };
        let mut order: Vec<(usize, usize)> = self.order.iter().map(|at| (depth(*at), *at)).collect();
        order.sort_by_key(|(depth, _)| *depth);
        self.order = order.into_iter().map(|(_, at)| at).collect();
    }
}

/// The source of the group that a declared one means.
pub(in crate::plan) fn source(group: &DesiredGroup) -> GroupSource {
    if group.fills_itself().is_some() {
        return GroupSource::Automatic;
    }
    source_of(group.source.unwrap_or(DeclaredSource::App))
}

/// The observed source that a declared one means.
pub(in crate::plan) fn source_of(declared: DeclaredSource) -> GroupSource {
    match declared {
        DeclaredSource::App => GroupSource::App,
        DeclaredSource::Hr => GroupSource::Hr,
        DeclaredSource::Scim => GroupSource::Scim,
    }
}

/// How a group's source is called in sentences.
pub(in crate::plan) fn source_word(source: &GroupSource) -> Piece {
    match source {
        GroupSource::App => "the app".into(),
        GroupSource::Hr => "HR snapshots".into(),
        GroupSource::Directory => "a directory".into(),
        GroupSource::Scim => "an identity provider".into(),
        GroupSource::Automatic => "automatic rules".into(),
        GroupSource::Foreign(name) if name.is_empty() => "a source the account does not name".into(),
        GroupSource::Foreign(name) => Piece::plain(name),
    }
}
