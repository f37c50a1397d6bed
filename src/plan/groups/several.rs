//! Which of several groups with one name is meant? Nothing says so, and the wrong one could be filled, emptied or deleted.

use crate::model::{GroupIx, GroupName, GroupSource, Observed, Origin, Piece};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::resolve::groups::GroupFits;

/// Whether nothing but what fills them tells groups of two sources apart: who names one of them may mean the other.
fn is_one_source(one: &GroupSource, other: &GroupSource) -> bool {
    let is_made_there = |source: &GroupSource| matches!(source, GroupSource::App | GroupSource::Automatic);
    one == other || is_made_there(one) && is_made_there(other)
}

/// Refuses a name that several groups of a source have.
pub(super) fn blocker(
    observed: &Observed,
    fits: &GroupFits<'_>,
    (name, source): (&GroupName, &GroupSource),
    origin: Origin,
) -> Option<Blocker> {
    let of_source = |ix: &GroupIx| is_one_source(&observed.group(*ix).source, source);
    let same: Vec<GroupIx> = fits.all_named(name).filter(of_source).collect();
    if same.len() < 2 {
        return None;
    }
    let number = |ix: &GroupIx| {
        let (group, count) = (observed.group(*ix), observed.members(*ix).len());
        let members = if count == 1 { "1 member".to_owned() } else { format!("{count} members") };
        let kind = if group.source == GroupSource::Automatic { " that fills itself," } else { "" };
        phrase![Piece::plain(&group.name), format!(", group {}{kind} with {members}", group.id.0)]
    };
    let message = phrase![format!("the account has {} groups called ", same.len()), Piece::plain(name)];
    let blocker = Blocker::new(origin, BlockerCode::AmbiguousGroup, message)
        .between(same.iter().map(number))
        .way_out("rename or delete all but one of them in the app, and plan again");
    Some(blocker)
}
