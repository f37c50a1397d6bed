//! What a reader should know of identifiers that users had: which `formerly` is done, and which number is only respelled.

use crate::model::{
    DesiredUser, Identifier, Key, Members, ObservedUser, Piece, Reach, Topic, UserLabel, wide,
};
use crate::phrase;
use crate::plan::findings::Findings;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::keys::{declared, held, label};
use crate::plan::resolve::resolution::Fit;
use crate::plan::resolve::takeover::contradicts;

/// Says which `formerly` leads nowhere any more, and which employee ID differs from the record's in spelling alone.
pub(in crate::plan) fn notices(people: &People<'_>, findings: &mut Findings) {
    for (user, fit) in people.desired.users.iter().zip(&people.resolution.fits) {
        match fit {
            Fit::Record(ix) => {
                let record = people.observed.user(*ix);
                let stands = |value: &Identifier| people.is_temporary(Person::Known(*ix), value);
                done(user, record, people, stands, findings);
                respelled(user, record, findings);
            }
            Fit::New => nobodys(user, findings),
            Fit::Gone | Fit::Blocked | Fit::ByHand | Fit::LeftOut => {}
        }
    }
}

fn done(
    user: &DesiredUser,
    record: &ObservedUser,
    people: &People<'_>,
    stands: impl Fn(&Identifier) -> bool,
    findings: &mut Findings,
) {
    let holds = |key: Key<'_>| held(record).any(|held| held == key);
    for former in user.formerly.iter().filter(|it| is_shown(&people.observed.reach, &it.value)) {
        let key = Key::from(&former.value);
        // One that is declared too says that a match is right which looks like a reused identifier.
        let is_needed =
            || !declared(user).any(|(said, _)| said == key) || contradicts(user, record, people.observed);
        if stands(&former.value) || (holds(key) && is_needed()) {
            continue;
        }
        let value = Piece::personal(&former.value);
        let of = label(user);
        findings.notice(
            former.origin,
            phrase!["`formerly: ", value, "` of ", of, " is done: remove it from the manifest"],
        );
    }
}

/// A former identifier that nobody has, of a user who is created: a slip of the keys would make a second user.
fn nobodys(user: &DesiredUser, findings: &mut Findings) {
    for former in &user.formerly {
        let message = phrase![
            label(user),
            " is made anew: nobody has what stands under `formerly`, ",
            Piece::personal(&former.value)
        ];
        findings.notice(former.origin, message);
    }
}

fn respelled(user: &DesiredUser, record: &ObservedUser, findings: &mut Findings) {
    let Members::Exactly(ids) = &user.employee_ids else { return };
    for said in ids.iter().filter(|said| !record.employee_ids.contains(&said.value)) {
        let form = wide(said.value.as_written());
        if let Some(other) = record.employee_ids.iter().find(|held| wide(held.as_written()) == form) {
            let message = phrase![
                UserLabel::of(record),
                " has the employee ID ",
                Piece::personal(other),
                ", and the entry says ",
                Piece::personal(&said.value),
                ": the plan respells it"
            ];
            findings.notice(said.origin, message);
        }
    }
}

fn is_shown(reach: &Reach, identifier: &Identifier) -> bool {
    let hidden = |topic| reach.hidden(topic).is_some();
    match identifier {
        Identifier::DeviceLogin(_) => !hidden(Topic::DeviceLogins),
        Identifier::EmployeeId(_) => !hidden(Topic::EmployeeIds) && !hidden(Topic::MoreEmployeeIds),
        Identifier::Upn(_) => !hidden(Topic::Upns),
        Identifier::Email(_) => !hidden(Topic::Emails),
    }
}
