//! How late did an account show what was written to it?

use std::time::Duration;

use crate::apply::Report;

/// In a sentence; nothing where it showed everything at once.
pub(crate) fn words(report: &Report) -> Option<String> {
    let each = report.late.iter().map(|(family, late)| format!("{} s on the {family}", seconds(*late)));
    let each: Vec<String> = each.collect();
    (!each.is_empty()).then(|| {
        let each = each.join(", ");
        format!(
            "The account showed what was written late: up to {each}. It was looked at again until it did."
        )
    })
}

/// In full seconds, rounded up.
pub(crate) fn seconds(late: Duration) -> u64 {
    late.as_secs() + u64::from(late.subsec_nanos() > 0)
}
