//! In which order are the changes carried out? The steps that wait for others: primary groups, orders, deletions.

use std::sync::Arc;

use crate::plan::after::After;
use crate::plan::differences::Differences;
use crate::plan::draft::Draft;
use crate::plan::hr::Drafted;
use crate::plan::people::People;
use crate::plan::planned_set::PlannedSnapshot;
use crate::plan::tracking::{self, Counted};
use crate::plan::users::primary;
use crate::plan::{completeness, orders};

/// Every change with every step.
pub(super) struct Schedule {
    /// What people have once the plan is carried out.
    pub(super) after: After,
    /// The changes and all steps, and what was found besides.
    pub(super) draft: Draft,
    /// What rules do that is counted beside the facts.
    pub(super) counted: Counted,
    /// The HR set, if one is sent.
    pub(super) snapshot: Option<PlannedSnapshot>,
    /// The file of a set that does not change, where it was asked for.
    pub(super) standing: Option<Arc<[u8]>>,
}

/// Adds the steps that need to know of others: a primary group is chosen once its members are there, orders come after all that
/// the run does with their records, and nothing is deleted before an upload is verified.
pub(super) fn of(people: &People<'_>, differences: Differences<'_>) -> Schedule {
    let Differences { after, mut draft, counted, primary, set: Drafted { upload, standing } } = differences;
    primary::steps(people, &primary, upload.as_ref(), &mut draft);
    orders::steps((people, &after), upload.as_ref().map(|(_, step)| *step), &mut draft);
    tracking::causes::link(people, &after, &mut draft);
    let snapshot = upload.map(|upload| draft.deletions_wait_for(upload));
    draft.findings.extend([completeness::uncounted(people, &draft)]);
    Schedule { after, draft, counted, snapshot, standing }
}
