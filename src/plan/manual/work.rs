//! What somebody has to do, as it is collected.

use crate::model::{Access, Desired, Family, Members, Origin, Phrase, Piece, Topic};
use crate::phrase;
use crate::plan::notice::{Manual, Notice};
use crate::plan::people::People;

/// The Users page.
pub(super) const USER: &str = "Settings > Users & Groups > Users > the user";

/// The tab of Do Not Track rules.
const DO_NOT_TRACK: &str = "Settings > Users & Groups > Do Not Track";

/// The page of groups.
pub(super) const GROUPS: &str = "Settings > Users & Groups > Groups";

/// A group on it.
pub(super) const GROUP: &str = "Settings > Users & Groups > Groups > the group";

/// Where HR groups come from.
pub(super) const HR_IMPORT: &str = "the HR import of the account";

/// The most users or logins that one step names; the manifests name the rest.
pub(super) const NAMED: usize = 20;

/// The work of splitting.
pub(super) struct ManualWork<'p, 'a> {
    /// Everybody, by the manifests as they were.
    pub(super) people: &'p People<'a>,
    /// The manifests, with less and less in them.
    pub(super) desired: Desired,
    pub(super) manual: Vec<Manual>,
    pub(super) notices: Vec<Notice>,
}

impl ManualWork<'_, '_> {
    /// The family without which a topic can't be changed. What has no place at all is nothing that somebody could do.
    pub(super) fn unwritten(&self, topic: Topic) -> Option<Family> {
        let reach = &self.people.observed.reach;
        reach.unwritten(topic).filter(|_| reach.absent(topic).is_none())
    }

    /// The family without which a topic is not seen.
    pub(super) fn hidden(&self, topic: Topic) -> Option<Family> {
        let reach = &self.people.observed.reach;
        reach.hidden(topic).filter(|_| reach.absent(topic).is_none())
    }

    pub(super) fn ask(&mut self, origin: Origin, what: Phrase, place: &'static str, family: Family) {
        let why = phrase![format!("the {family} carries it, and is closed to these keys")];
        self.manual.push(Manual { origin, what, place: place.into(), why });
    }

    pub(super) fn ask_unseen(&mut self, origin: Origin, what: Phrase, place: &'static str, family: Family) {
        let why = phrase![format!(
            "whether it is so can't be seen: the {family} shows it, and is closed to these keys"
        )];
        self.manual.push(Manual { origin, what, place: place.into(), why });
    }

    pub(super) fn notice(&mut self, message: Phrase, about: Vec<Piece>) {
        self.notices.push(Notice { origin: Origin::NONE, message, about });
    }

    /// Says once which parts of the account are not seen.
    pub(super) fn closed(&mut self) {
        let reach = &self.people.observed.reach;
        // What a platform has whatever the keys open is told where it is asked for.
        let of_keys = || Topic::ALL.into_iter().filter(|topic| !topic.is_of_platform());
        let mut closed: Vec<Family> = of_keys().filter_map(|topic| self.unwritten(topic)).collect();
        closed.sort_unstable();
        closed.dedup();
        for family in closed {
            let unseen = of_keys().filter(|topic| reach.of(*topic) == Access::Hidden(family));
            let unseen: Vec<Piece> = unseen.map(|topic| Piece::from(topic.subject())).collect();
            if unseen.is_empty() {
                continue;
            }
            let message =
                phrase![format!("the {family} is closed to these keys: neither seen nor changed are")];
            self.notice(message, unseen);
        }
    }

    pub(super) fn exclusions(&mut self) {
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
pub(super) fn some(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let more = pieces.len().saturating_sub(NAMED);
    if more > 0 {
        pieces.truncate(NAMED);
        pieces.push(Piece::from(format!("and {more} more")));
    }
    pieces
}

/// Whether a list says anything.
pub(super) fn is_said<T>(members: &Members<T>) -> bool {
    !matches!(members, Members::Leave)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_names_the_first_and_counts_the_rest() {
        let names = |count: usize| (0..count).map(|at| Piece::plain(&at)).collect::<Vec<_>>();
        assert_eq!(some(names(NAMED)).len(), NAMED);
        assert_eq!(some(names(NAMED + 7)).last(), Some(&Piece::from("and 7 more")));
    }
}
