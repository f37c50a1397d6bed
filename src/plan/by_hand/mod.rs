//! What do the keys of this run neither show nor change? It is taken out before anything is compared, and somebody does it by
//! hand.
//!
//! What is not seen is not empty: nothing is planned over it. What is seen and can't be changed is compared here, so that
//! only what differs is asked of somebody. Behind all of it stands `refuse`: a step that no key carries never leaves a plan
//! unblocked.

mod groups;
mod scim;
mod unmanaged;
mod users;

use std::borrow::Cow;

use crate::model::{
    Access, Act, Dates, DeclaredSource, Desired, DesiredGroup, Edit, Family, Identifier, Keeper, Members,
    NewUser, Observed, Origin, Phrase, Piece, Reach, Step, Topic,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;
use crate::plan::notice::{Manual, Notice};
use crate::plan::people::People;
use crate::plan::people::resolve::{Fit, Resolution};
use crate::plan::people::temporary::Temporaries;

/// The Users page.
const USER: &str = "Settings > Users & Groups > Users > the user";
/// The tab of Do Not Track rules.
const DO_NOT_TRACK: &str = "Settings > Users & Groups > Do Not Track";
/// The page of groups.
const GROUPS: &str = "Settings > Users & Groups > Groups";
/// A group on it.
const GROUP: &str = "Settings > Users & Groups > Groups > the group";

/// Where HR groups come from.
const HR_IMPORT: &str = "the HR import of the account";

/// The most users or logins that one step names; the manifests name the rest.
const NAMED: usize = 20;

/// What is left to be planned, and what is not.
pub(super) struct Split<'a> {
    /// The manifests without what the keys do not carry.
    pub(super) desired: Cow<'a, Desired>,
    /// What somebody has to do.
    pub(super) manual: Vec<Manual>,
    /// What can't be seen.
    pub(super) notices: Vec<Notice>,
    /// What is wrong with what somebody would have to do.
    pub(super) blockers: Vec<Blocker>,
}

/// Takes out what the keys do not carry. Users whom somebody has to create fit nobody from here on.
pub(super) fn split<'a>(
    (desired, observed): (&'a Desired, &'a Observed),
    resolution: &mut Resolution<'_>,
    temporaries: &Temporaries,
    today: Dates,
) -> Split<'a> {
    if carries(&observed.reach, desired) {
        return Split {
            desired: Cow::Borrowed(desired),
            manual: Vec::new(),
            notices: Vec::new(),
            blockers: Vec::new(),
        };
    }
    let people = People::new(desired, observed, resolution, temporaries, today);
    let mut hand =
        Hand { people: &people, desired: desired.clone(), manual: Vec::new(), notices: Vec::new() };
    // Where nobody is read, `unread` says what there is to do about users.
    let unread = hand.hidden(Topic::Users).is_some();
    if !unread {
        hand.closed();
    }
    let by_hand = if unread { Vec::new() } else { hand.users() };
    let blockers = hand.groups(&by_hand);
    hand.unmanaged();
    hand.exclusions();
    let Hand { people: _, desired, manual, notices } = hand;
    for entry in by_hand {
        resolution.fits[entry] = Fit::ByHand;
    }
    Split { desired: Cow::Owned(desired), manual, notices, blockers }
}

/// Whether the keys carry whatever manifests ask for. Of the identity provider's groups there is always something that they
/// don't, but only where one is declared.
fn carries(reach: &Reach, desired: &Desired) -> bool {
    let is_open = |topic: Topic| topic == Topic::ScimGroups || reach.unwritten(topic).is_none();
    let is_scim = |group: &DesiredGroup| group.source == Some(DeclaredSource::Scim);
    Topic::ALL.into_iter().all(is_open) && !desired.groups.iter().any(is_scim)
}

impl Split<'_> {
    /// The beginning of a plan: what speaks against it so far, and what is not in it. The manifests stay behind.
    pub(super) fn begin(&mut self, resolved: Vec<Blocker>) -> Draft {
        let mut draft = Draft::default();
        draft.blockers = resolved;
        draft.blockers.append(&mut self.blockers);
        draft.manual.append(&mut self.manual);
        draft.notices.append(&mut self.notices);
        draft
    }
}

/// Blocks every step that no key carries: what `split` should have taken out.
pub(super) fn refuse(observed: &Observed, draft: &mut Draft) {
    let mut blockers = Vec::new();
    for step in draft.steps() {
        for topic in topics(step) {
            if let Some(family) = observed.reach.unwritten(topic) {
                let origin = step.change.map_or(Origin::NONE, |id| draft.changes[id.0 as usize].origin);
                let message = phrase![format!(
                    "{} can't be changed: the {family} is closed to these keys",
                    topic.subject()
                )];
                let way_out = "take it out of the manifests, and do it in the app";
                blockers.push(Blocker::new(origin, BlockerCode::NotCarriedOut, message).way_out(way_out));
            }
        }
    }
    draft.blockers.extend(blockers);
}

/// What a step changes.
fn topics(step: &Step) -> Vec<Topic> {
    let identifier = |identifier: &Identifier| match identifier {
        Identifier::Upn(_) => Topic::Upns,
        Identifier::Email(_) => Topic::Emails,
        Identifier::EmployeeId(_) => Topic::EmployeeIds,
        Identifier::DeviceLogin(_) => Topic::DeviceLogins,
    };
    match &step.act {
        Act::CreateUser(new) => {
            let made = if has_email(new) { Topic::Users } else { Topic::UsersWithoutEmail };
            std::iter::once(made).chain(new.identifiers.iter().map(identifier)).collect()
        }
        Act::EditUser { edits, .. } => {
            let topic = |edit: &Edit| match edit {
                Edit::Name { .. } => Topic::Names,
                Edit::Add(value) | Edit::Remove(value) => identifier(value),
                Edit::NoEmployeeId => Topic::EmployeeIds,
            };
            edits.iter().map(topic).collect()
        }
        Act::MoveAgent { .. } => vec![Topic::Agents],
        Act::Track { .. } => vec![Topic::Tracking],
        Act::AddExclusion(_) | Act::RemoveExclusion { .. } | Act::Unblock(_) => vec![Topic::Exclusions],
        Act::CreateGroup(Keeper::Scim, _)
        | Act::RenameGroup { keeper: Keeper::Scim, .. }
        | Act::Join { keeper: Keeper::Scim, .. }
        | Act::Leave { keeper: Keeper::Scim, .. } => vec![Topic::ScimGroups],
        Act::CreateGroup(..) | Act::RenameGroup { .. } | Act::DeleteGroup { .. } => vec![Topic::Groups],
        Act::Join { .. } | Act::Leave { .. } => vec![Topic::Members],
        Act::AddComputer { .. } | Act::RemoveComputer { .. } => vec![Topic::Computers],
        Act::SetPrimaryGroup { .. } => vec![Topic::PrimaryGroups],
        Act::Upload(_) => vec![Topic::HrGroups],
        Act::EraseHistory { .. } => vec![Topic::History],
        Act::RemoveUser { .. } => vec![Topic::Removal],
    }
}

fn has_email(new: &NewUser) -> bool {
    new.identifiers.iter().any(|identifier| matches!(identifier, Identifier::Email(_)))
}

/// The work of splitting.
struct Hand<'p, 'a> {
    /// Everybody, by the manifests as they were.
    people: &'p People<'a>,
    /// The manifests, with less and less in them.
    desired: Desired,
    manual: Vec<Manual>,
    notices: Vec<Notice>,
}

impl Hand<'_, '_> {
    fn unwritten(&self, topic: Topic) -> Option<Family> {
        self.people.observed.reach.unwritten(topic)
    }

    fn hidden(&self, topic: Topic) -> Option<Family> {
        self.people.observed.reach.hidden(topic)
    }

    fn ask(&mut self, origin: Origin, what: Phrase, place: &'static str, family: Family) {
        let why = phrase![format!("the {family} carries it, and is closed to these keys")];
        self.manual.push(Manual { origin, what, place: place.into(), why });
    }

    fn ask_unseen(&mut self, origin: Origin, what: Phrase, place: &'static str, family: Family) {
        let why = phrase![format!(
            "whether it is so can't be seen: the {family} shows it, and is closed to these keys"
        )];
        self.manual.push(Manual { origin, what, place: place.into(), why });
    }

    fn notice(&mut self, message: Phrase, about: Vec<Piece>) {
        self.notices.push(Notice { origin: Origin::NONE, message, about });
    }

    /// Says once which parts of the account are not seen.
    fn closed(&mut self) {
        let reach = &self.people.observed.reach;
        let mut closed: Vec<Family> =
            Topic::ALL.into_iter().filter_map(|topic| reach.unwritten(topic)).collect();
        closed.sort_unstable();
        closed.dedup();
        for family in closed {
            let unseen = Topic::ALL.into_iter().filter(|topic| reach.of(*topic) == Access::Hidden(family));
            let unseen: Vec<Piece> = unseen.map(|topic| Piece::from(topic.subject())).collect();
            if unseen.is_empty() {
                continue;
            }
            let message =
                phrase![format!("the {family} is closed to these keys: neither seen nor changed are")];
            self.notice(message, unseen);
        }
    }

    fn exclusions(&mut self) {
        let Some(family) = self.hidden(Topic::Exclusions) else { return };
        for exclusion in std::mem::take(&mut self.desired.exclusions) {
            let verb = match exclusion.state {
                crate::model::ExclusionState::Present => "there is an exclusion of ",
                crate::model::ExclusionState::Absent => "there is no exclusion of ",
            };
            let what = phrase!["see that ", verb, Piece::personal(&exclusion.login.value)];
            self.ask_unseen(exclusion.login.origin, what, DO_NOT_TRACK, family);
        }
    }
}

/// A list that names the first of many.
fn some(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let more = pieces.len().saturating_sub(NAMED);
    if more > 0 {
        pieces.truncate(NAMED);
        pieces.push(Piece::from(format!("and {more} more")));
    }
    pieces
}

/// Whether a list says anything.
fn is_said<T>(members: &Members<T>) -> bool {
    !matches!(members, Members::Leave)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Tracking, UserId};
    use crate::plan::phase::PhaseKind;

    #[test]
    fn a_step_that_no_key_carries_blocks() {
        let closed = Reach::everything().with(Topic::Tracking, Access::Shown(Family::Identity));
        for (reach, blockers) in [(Reach::everything(), 0), (closed, 1)] {
            let mut draft = Draft::default();
            let act = Act::Track { user: UserId(1), to: Tracking::Untracked };
            draft.step(PhaseKind::Tracking, None, act, Vec::new());
            refuse(&Observed::default().within(reach), &mut draft);
            assert_eq!(draft.blockers.len(), blockers);
        }
    }

    #[test]
    fn a_long_list_names_the_first_and_counts_the_rest() {
        let names = |count: usize| (0..count).map(|at| Piece::plain(&at)).collect::<Vec<_>>();
        assert_eq!(some(names(NAMED)).len(), NAMED);
        assert_eq!(some(names(NAMED + 7)).last(), Some(&Piece::from("and 7 more")));
    }
}
