//! What differs between the two sides, topic by topic, and what follows from it?
//!
//! Users come first: what people have afterwards is settled by them, and everything later reads it. Each topic adds its own changes, and
//! its facts to changes of a user or a group that are there: one object is one change, whoever has something to say of it.

use crate::model::Desired;
use crate::plan::after::After;
use crate::plan::draft::Draft;
use crate::plan::hr::{self, Drafted, Make};
use crate::plan::people::People;
use crate::plan::tracking::{self, Counted};
use crate::plan::users::primary::{self, Wish};
use crate::plan::{groups, notices, orders, unmanaged, users};

/// All that differs.
pub(super) struct Differences<'a> {
    /// What people have once the plan is carried out.
    pub(super) after: After,
    /// The changes, with the steps that bring each about, and what was found besides.
    pub(super) draft: Draft,
    /// What rules do that is counted beside the facts.
    pub(super) counted: Counted,
    /// Whose primary group is declared.
    pub(super) primary: Vec<Wish<'a>>,
    /// What becomes of the HR set.
    pub(super) set: Drafted,
}

/// Compares the two sides. `said` is all that the manifests say, be it for somebody to do by hand.
pub(super) fn find<'a>(people: &People<'a>, said: &Desired, make: Make) -> Differences<'a> {
    let (after, mut draft) = users::differences(people);
    orders::changes(people, &after, &mut draft);
    let primary = primary::wishes(people, &mut draft);
    let counted = tracking::differences(people, &after, &mut draft);
    let declared = groups::draft(people, &mut draft);
    unmanaged::draft(people, said, &mut draft);
    orders::memberships(people, &mut draft);
    let set = hr::draft((people, &after), &declared, make, &mut draft);
    users::display_id::notes(people, &after, &mut draft);
    let exports = hr::exports::notices(people);
    let adopted = users::ownership::stale(people);
    draft.findings.extend([exports, adopted, notices::of_users(people)]);
    Differences { after, draft, counted, primary, set }
}
