//! Which users that would be created say almost the same? Nobody in the account tells whether they are two, so it is asked.

use std::collections::BTreeMap;

use crate::model::{DesiredUser, Key, fold_fully, wide};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::resolve::alike::{Wide, declared_keys, may_be_one};
use crate::plan::resolve::keys::label;
use crate::plan::resolve::spelling;

/// Two new users, by position, and what is asked of them.
pub(super) struct Twins {
    pub(super) users: [u32; 2],
    pub(super) blocker: Blocker,
}

/// Every two new users with texts that clash and are not equal, unless they are told apart.
pub(super) fn find<'a>(new: impl Iterator<Item = (u32, &'a DesiredUser)>) -> Vec<Twins> {
    let mut forms: BTreeMap<Wide<'a>, Vec<(Key<'a>, u32, &'a DesiredUser)>> = BTreeMap::new();
    for (at, user) in new {
        for key in declared_keys(user) {
            forms.entry(Wide::from(key)).or_default().push((key, at, user));
        }
    }
    let mut twins = Vec::new();
    for mut alike in forms.into_values() {
        // The same pairs whatever the order of the entries.
        alike.sort_unstable_by_key(|(key, ..)| *key);
        alike.dedup_by_key(|(key, ..)| *key);
        for pair in alike.windows(2) {
            let [(one, first, user), (two, second, other)] = pair else { continue };
            if first != second && (may_be_one(*one, *two) || !are_told_apart(user, other)) {
                twins.push(Twins { users: [*first, *second], blocker: blocker((user, *one), (other, *two)) });
            }
        }
    }
    twins
}

/// Whether two users have names that nobody takes for one another.
fn are_told_apart(one: &DesiredUser, other: &DesiredUser) -> bool {
    let name =
        |user: &DesiredUser| user.display_name.declared().map(|name| wide(name.value.key()).into_owned());
    matches!((name(one), name(other)), (Some(one), Some(other)) if fold_fully(&one) != fold_fully(&other))
}

fn blocker((one, said): (&DesiredUser, Key<'_>), (other, again): (&DesiredUser, Key<'_>)) -> Blocker {
    let (first, second) = (spelling::declared_text(one, said), spelling::declared_text(other, again));
    let asks = ": one user, spelled in two ways?";
    let message =
        phrase![label(one), " says ", first, ", and ", label(other), ", who is new too, ", second, asks];
    let blocker = Blocker::new(one.origin.max(other.origin), BlockerCode::LooksAlike, message)
        .way_out("the same user: keep one of the two, with everything that is said of either");
    if may_be_one(said, again) {
        return blocker.way_out(
            "two users: give one of them another spelling, as the account may take the two for one",
        );
    }
    blocker.way_out(
        "two users: give both a display name, and not the same; or give one of them another spelling",
    )
}
