//! What does a plan over lists say besides: which file makes which change, what no file does, and what lists leave open?

use crate::cli::session::lists::{Beliefs, RULES};
use crate::export::Uploads;
use crate::model::{Desired, Observed, Origin, Phrase};
use crate::phrase;
use crate::plan::{Notice, Plan};

/// The same plan, with its steps by hand first, in the order in which they are done. None of it is in the digest.
pub(super) fn told(mut plan: Plan, (desired, observed): (&Desired, &Observed), beliefs: &Beliefs) -> Plan {
    let uploads = Uploads::of(&plan, (desired, observed), beliefs.username);
    plan.manual.splice(0..0, uploads.steps(&RULES));
    plan.reading.users -= beliefs.believed.len().min(plan.reading.users);
    if !beliefs.believed.is_empty() {
        let message = phrase![
            "no list of all users was given: these users are on no list, and are taken as there (--observed-users)"
        ];
        plan.notices.push(Notice { origin: Origin::NONE, message, about: beliefs.believed.clone() });
    }
    if !plan.is_empty() {
        let message =
            Phrase::words("nothing of this is sent: export the lists again afterwards, and plan with them");
        plan.notices.push(Notice { origin: Origin::NONE, message, about: Vec::new() });
    }
    plan
}
