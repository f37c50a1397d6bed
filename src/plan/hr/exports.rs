//! Which groups do HR exports feed? What do their rows say that comes to nothing, and what may that hide?

use crate::model::{DesiredUser, Order, OrderKind, Phrase};
use crate::phrase;
use crate::plan::findings::Findings;
use crate::plan::people::People;
use crate::plan::resolve::keys::label;
use crate::plan::resolve::resolution::Fit;

/// Names every user whom only rows of exports name and nobody in the account matches (`unmatched: list`), and every user whom a
/// row asks for beside an order.
pub(in crate::plan) fn notices(people: &People<'_>) -> Findings {
    let mut findings = Findings::default();
    for user in left_out(people) {
        findings.notice(user.origin, phrase![label(user), " matches nobody, and is left out of every group"]);
    }
    for (at, user) in (0..).zip(&people.desired.users) {
        // A row that orders an erasure means that its user stays.
        let means_it = |order: &Order| order.row.is_some() && order.kind == OrderKind::Erase;
        if let (Some(row), Some(order)) = (user.row, user.order.as_ref().filter(|order| !means_it(order))) {
            findings.notice(row, asked_for(people, at, order));
        }
    }
    findings
}

/// A row asks for somebody with an order.
fn asked_for(people: &People<'_>, at: u32, order: &Order) -> Phrase {
    let is_going = || people.person(at).is_some_and(|person| people.orders.is_going(person));
    let gone = ". Take the row out, or the order if they are back";
    let (key, does) = match order.kind {
        OrderKind::Erase => ("erase", " is about their history: they stay".to_owned()),
        OrderKind::Remove(_) if people.resolution.fits[at as usize] == Fit::Gone => {
            ("remove", format!(" has taken them away: they are put into no group{gone}"))
        }
        OrderKind::Remove(_) if is_going() => {
            ("remove", format!(" takes them away: they are put into no group{gone}"))
        }
        OrderKind::Remove(_) => ("remove", format!(" is not carried out by this plan{gone}")),
    };
    let user = &people.desired.users[at as usize];
    phrase!["a row asks for ", label(user), format!(", and `{key}` of {}{does}", order.decided)]
}

fn left_out<'a>(people: &People<'a>) -> impl Iterator<Item = &'a DesiredUser> {
    let desired = people.desired;
    let fits = desired.users.iter().zip(&people.resolution.fits);
    fits.filter(|(_, fit)| **fit == Fit::LeftOut).map(|(user, _)| user)
}
