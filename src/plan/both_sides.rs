//! Who are the people of both sides, for a question about them that no plan is made for?

use crate::model::{Dates, Desired, Observed};
use crate::plan::context::Context;
use crate::plan::people::People;
use crate::plan::resolve::{namesakes, temporary};
use crate::plan::{absent, resolve, ruled};

/// Answers a question about the people of both sides, as a plan would have them.
pub(in crate::plan) fn as_people<T>(
    (desired, observed): (&Desired, &Observed),
    context: &Context<'_>,
    answer: impl FnOnce(&People<'_>) -> T,
) -> T {
    let (observed, temporaries) = temporary::read(observed);
    let observed = &*observed;
    let desired = namesakes::settled(desired, observed);
    let (desired, _) = absent::left_out(&desired, &observed.reach);
    let desired = &*desired;
    let mut resolution = resolve::resolve(desired, observed, &temporaries);
    let today = Dates::of(context.now);
    let ruled = ruled::settled((desired, observed), &mut resolution, &temporaries, today);
    answer(&People::new(&ruled.desired, observed, &resolution, &temporaries, today))
}
