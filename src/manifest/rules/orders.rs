//! An order is of a past day, and not of a day long past.

use jiff::ToSpan;

use crate::diag::{Code, Diagnostics};
use crate::manifest::rules::facts::{Facts, at};

/// A date does not make an order wait, and an old order does nothing.
pub(super) fn are_of_a_past_day(facts: &Facts<'_>, found: &mut Diagnostics) {
    let days = facts.policy.orders_expire_after.value;
    let oldest = facts.today.earliest.saturating_sub(i64::from(days).days());
    for order in facts.declared.users.iter().filter_map(|user| user.order.as_ref()) {
        let decided = order.decided;
        if decided > facts.today.latest {
            let message = format!(
                "{decided} is in the future: nowhere on earth is it later than {} (UTC+14)",
                facts.today.latest
            );
            let help = match &order.row {
                None => {
                    "write the day it was decided; an order is carried out by the first apply after its merge"
                        .to_owned()
                }
                Some(row) => format!(
                    "nobody leaves before their day: give the order by a column that says who has left, or leave the row out of \
                     {} until then",
                    row.export
                ),
            };
            found.push(at(Code::OrderInFuture, order.origin, message).help(help));
        } else if decided < oldest {
            // Exports go on to name who left long ago: a plan counts such rows.
            if order.row.is_some() {
                continue;
            }
            let message = format!("this order is over {days} days old and does nothing any more");
            let help = "take it out; if it was never carried out, decide anew and date it";
            found.push(at(Code::OrderExpired, order.origin, message).help(help));
        }
    }
}
