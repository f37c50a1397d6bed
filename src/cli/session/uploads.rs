//! What does a plan over lists say besides: which file makes which change, what no file does, and what lists leave open?

use crate::cli::session::lists::{Beliefs, RULES};
use crate::export::Uploads;
use crate::model::{Desired, Observed, Origin, Phrase};
use crate::phrase;
use crate::plan::{Notice, Plan};

/// The same plan, with its steps by hand first, in the order in which they are done; none where something stands against it, as nobody
/// is to do by hand what nobody approved. None of it is in the digest.
pub(super) fn told(mut plan: Plan, (desired, observed): (&Desired, &Observed), beliefs: &Beliefs) -> Plan {
    let uploads = Uploads::of(&plan, (desired, observed), beliefs.username);
    let stands = plan.blockers.is_empty() && plan.violations.is_empty();
    if stands {
        plan.manual.splice(0..0, uploads.steps(&RULES));
    }
    plan.reading.users -= beliefs.believed.len().min(plan.reading.users);
    if !beliefs.believed.is_empty() {
        let message = phrase![
            "no list of all users was given: these users are on no list, and are taken as there (--observed-users)"
        ];
        plan.notices.push(Notice { origin: Origin::NONE, message, about: beliefs.believed.clone() });
    }
    if !plan.is_empty() {
        let message = Phrase::words(if stands {
            "nothing of this is sent: export the lists again afterwards, and plan with them"
        } else {
            "what to upload and to click is said once nothing stands against this plan, or somebody approves it"
        });
        plan.notices.push(Notice { origin: Origin::NONE, message, about: Vec::new() });
    }
    plan
}
