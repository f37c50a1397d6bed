//! Where does each fact about one user, computer or group come from, and what would a plan do about it?
//!
//! Nothing here plans: the answer is what resolving found, what both sides say, and the part of a finished plan that speaks
//! of the one who is asked about.

mod belonging;
mod computer;
mod copies;
pub(super) mod explanation;
mod find;
mod group;
mod part;
mod person;
mod values;

use crate::model::{Desired, Observed};
use crate::plan::both_sides;
use crate::plan::context::Context;
use crate::plan::explain::copies::Copies;
use crate::plan::explain::explanation::{Explanation, Unclear, Who};
use crate::plan::finished::Plan;

/// Explains one user, computer or group by a plan that was made of the same two sides in the same context.
///
/// # Errors
/// Nobody is meant, or more than one.
pub fn explain(
    desired: &Desired,
    observed: &Observed,
    (plan, context): (&Plan, &Context<'_>),
    who: &Who,
) -> Result<Explanation, Unclear> {
    both_sides::as_people((desired, observed), context, |people| {
        let copies = Copies::of(people);
        match who {
            Who::User(reference) => person::explain((people, &copies), plan, reference),
            Who::UserInGroup(reference, group) => {
                let explanation = person::explain((people, &copies), plan, reference)?;
                person::of_group(people, reference, (explanation, group))
            }
            Who::Group(name) => group::explain((people, &copies), plan, name),
            Who::Computer(login) => computer::explain(people, plan, login),
        }
    })
}
