//! Whom does a rule not see? Attributes stand in manifests: of users whom none mentions a rule over attributes can't tell whether
//! they match, and it says so before they leave.

use crate::model::{Automatic, DesiredGroup, GroupIx, GroupName, Phrase, Piece};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::findings::Findings;
use crate::plan::membership::wanted::{Moves, Sight, Wanted};
use crate::plan::people::People;
use crate::plan::person::Person;

/// Counts the members who leave without being seen, and those who may belong to a group and do not enter it.
pub(in crate::plan) fn say(
    people: &People<'_>,
    name: &GroupName,
    wanted: &Wanted<'_>,
    (moves, ix): (&Moves, Option<GroupIx>),
    findings: &mut Findings,
) {
    let present: Vec<Person> =
        ix.map_or_else(Vec::new, |ix| people.observed.members(ix).map(Person::Known).collect());
    let leaving = leaving(moves);
    if leaving > 0 {
        let all = present.len();
        let of = if leaving == all { String::new() } else { format!(" of {all}") };
        let member = if all == 1 { "member" } else { "members" };
        let are = if leaving == 1 { "is" } else { "are" };
        let message = phrase![
            format!("{leaving}{of} {member} who would leave "),
            Piece::plain(name),
            format!(" {are} in no manifest: `match` looks at attributes, which only manifests say")
        ];
        findings.notice(wanted.rule_origin(), message);
    }
    let outside = wanted.unseen().iter().filter(|person| present.binary_search(person).is_err()).count();
    if outside > 0 {
        let (user, are) = if outside == 1 { ("user", "is") } else { ("users", "are") };
        let message = phrase![
            format!("{outside} {user} of the account {are} in no manifest, and may match "),
            Piece::plain(name),
            " by attributes, which only manifests say: the rule does not put them in"
        ];
        findings.notice(wanted.rule_origin(), message);
    }
}

/// A group that would be left without members because its rule does not see them: is that meant?
pub(in crate::plan) fn emptied(
    people: &People<'_>,
    (group, ix): (&DesiredGroup, GroupIx),
    moves: &Moves,
) -> Option<Blocker> {
    let unseen = leaving(moves);
    let all_leave = moves.leave.len() == people.observed.members(ix).len() && moves.join.is_empty();
    if unseen == 0 || !all_leave {
        return None;
    }
    let message = phrase![
        Piece::plain(&group.name.value),
        " would be left without members because `match` doesn't see them: attributes stand in manifests, and "
    ]
    .then(format!("{unseen} of the {} who would leave are in none", moves.leave.len()));
    let origin = group.automatic.as_ref().map_or(group.origin, Automatic::origin);
    Some(
        Blocker::new(origin, BlockerCode::UnseenMembers, message)
            .between(moves.leave.iter().take(SHOWN).map(|it| Phrase::default().then(people.label(it.person))))
            .way_out("if they belong to it: declare them with the attributes that `match` looks at, or list them under `also`")
            .way_out("if they do not: list them under `except`"),
    )
}

/// So many of those who would leave are shown.
const SHOWN: usize = 10;

fn leaving(moves: &Moves) -> usize {
    moves.leave.iter().filter(|it| it.sight == Sight::Unseen).count()
}
