//! Who is to be deactivated, or activated again, and about whom is it not certain enough?

use crate::model::{
    Act, Activation, ChangeId, Delta, DesiredUser, Field, Level, Located, ObservedUser, Phrase, Severity,
    UserLabel,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;
use crate::plan::fact::declared_fact;
use crate::plan::phase::PhaseKind;

/// What an entry says of its user's status, where the account shows another one, or none.
pub(super) fn turned<'a>(user: &'a DesiredUser, record: &ObservedUser) -> Option<&'a Located<Activation>> {
    user.status.declared().filter(|said| record.activation != Some(said.value))
}

/// Adds the fact and the step; a blocker in place of the step where it is not certain that this is to be done.
pub(super) fn draft(
    record: &ObservedUser,
    (change, said): (ChangeId, &Located<Activation>),
    draft: &mut Draft,
) {
    let from = record.activation.map(|held| held.word().into());
    let delta = Delta::Set { from, to: said.value.word().into() };
    let mut fact = declared_fact(Field::Status, delta, Severity::Disruptive, said.origin);
    fact.remark = Some(Phrase::words(match said.value {
        Activation::Deactivated => "can't log in; groups and training history stay",
        Activation::Active => "can log in again",
    }));
    draft.fact(change, fact);
    if record.activation.is_none() || record.level != Some(Level::User) {
        return draft.findings.blockers.push(refused(record, said));
    }
    let act = Act::SetStatus { user: record.id, to: said.value };
    draft.step(PhaseKind::Statuses, Some(change), act, Vec::new());
}

/// Why nobody is deactivated or activated.
fn refused(record: &ObservedUser, said: &Located<Activation>) -> Blocker {
    let label = UserLabel::of(record);
    let to = match said.value {
        Activation::Deactivated => "be deactivated",
        Activation::Active => "be activated again",
    };
    let blocker = |code, message| Blocker::new(said.origin, code, message);
    match (record.activation, record.level) {
        (None, _) => {
            let message = phrase![label, format!(" is to {to}, and whether they are active is not shown")];
            blocker(BlockerCode::UnseenStatus, message)
                .way_out("look at the user in the app, and take `status` out of the entry")
        }
        (Some(_), level) => {
            let is = level.map_or("and what they may do is not known", |level| match level {
                Level::User => "",
                Level::PowerUser => "who is a power user",
                Level::Superadmin => "who is a superadmin",
            });
            let message = phrase![label, format!(", {is}, would {to}")];
            blocker(BlockerCode::Administrator, message)
                .way_out("do it in the app: once it is done there, the entry asks for nothing more")
        }
    }
}
