//! What becomes of groups that copy one which somebody has to change by hand? They get whoever is in it, and nobody leaves them
//! until that is done.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{DesiredGroup, GroupName, Located, Members, Piece};
use crate::phrase;
use crate::plan::manual::work::ManualWork;
use crate::plan::notice::Notice;

impl<'a> ManualWork<'_, 'a> {
    /// Keeps everybody in groups that copy one which is `waiting` for somebody, be it by way of others.
    pub(super) fn copies(&mut self, kept: &mut [DesiredGroup], mut waiting: BTreeSet<&'a str>) {
        let all: BTreeMap<&str, &'a str> = self.people.desired.groups.iter().map(keys).collect();
        let mut copying: Vec<&mut DesiredGroup> =
            kept.iter_mut().filter(|group| !group.copied().is_empty()).collect();
        loop {
            let is_waiting = |name: &&Located<GroupName>| waiting.contains(name.value.key());
            let found = copying
                .iter()
                .enumerate()
                .find_map(|(at, group)| Some((at, group.copied().iter().find(is_waiting)?.clone())));
            let Some((at, source)) = found else { break };
            let group = copying.swap_remove(at);
            waiting.extend(all.get(group.name.value.key()));
            self.keep_everybody(group, &source);
        }
        self.leave_out_unmade(kept);
    }

    fn keep_everybody(&mut self, group: &mut DesiredGroup, source: &Located<GroupName>) {
        if matches!(group.members, Members::AtLeast(_)) {
            return;
        }
        group.members = Members::AtLeast(group.members.listed().to_vec());
        let (name, source, origin) =
            (Piece::plain(&group.name.value), Piece::plain(&source.value), source.origin);
        let message =
            phrase!["nobody leaves ", name, " until what there is to do by hand about ", source, " is done"];
        self.notices.push(Notice { origin, message, about: Vec::new() });
    }

    /// Takes the names of groups out that somebody has yet to make: nobody is in them.
    fn leave_out_unmade(&self, kept: &mut [DesiredGroup]) {
        let planned: BTreeSet<Box<str>> = kept.iter().map(|group| group.name.value.key().into()).collect();
        let declared: BTreeSet<&str> =
            self.people.desired.groups.iter().map(|it| it.name.value.key()).collect();
        let is_unmade = |name: &Located<GroupName>| {
            let key = name.value.key();
            let is_by_hand = declared.contains(key) && !planned.contains(key);
            is_by_hand && self.people.observed.group_named(&name.value).is_none()
        };
        for automatic in kept.iter_mut().filter_map(|group| group.automatic.as_mut()) {
            automatic.of.retain(|name| !is_unmade(name));
        }
    }
}

fn keys(group: &DesiredGroup) -> (&str, &str) {
    (group.name.value.key(), group.name.value.key())
}
