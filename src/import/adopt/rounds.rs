//! Edit and plan again, until nothing is left to edit: what do the manifests say then?

use std::collections::{BTreeMap, BTreeSet};

use crate::import::adopt::additions::{added, of_group};
use crate::import::adopt::answer::{Answer, Edit};
use crate::import::adopt::book::Book;
use crate::import::adopt::copies::Moved;
use crate::import::adopt::ground::{Ground, Planned, place};
use crate::import::adopt::repair::{Meant, repair};
use crate::import::adopt::topic::About;
use crate::import::adopt::{exclusions, groups, users};
use crate::import::check::Objection;
use crate::manifest::Edited;
use crate::manifest::edit::{TextEdit, edited};
use crate::model::{Change, Fact, GroupIx, Object, Origin, Phrase};
use crate::phrase;
use crate::plan::{Blocker, Plan};

/// So often edits are planned again: each round can only meet what the one before brought to light.
const ROUNDS: usize = 12;

/// What was so before anything was edited.
pub(super) struct First<'a> {
    /// The plan.
    pub(super) planned: &'a Planned,
    /// What it is about.
    pub(super) about: BTreeSet<About>,
    /// Whom its names meant.
    pub(super) meant: Meant,
}

/// Manifests of which nothing is left to edit.
pub(super) struct Settled {
    /// The edits.
    pub(super) edits: Edited,
    /// What they come to.
    pub(super) planned: Planned,
}

/// How much of an entry is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Width {
    /// What differs.
    Narrow,
    /// And all that a user is known by.
    Wide,
}

/// What is to be adopted of a plan.
pub(super) type Adopted = BTreeMap<About, Width>;

/// Adopts what a plan says of some objects, and of whatever comes up by that.
///
/// # Errors
/// What keeps the edited manifests from being planned, or from settling.
pub(super) fn settle(
    ground: &Ground<'_>,
    first: &First<'_>,
    wanted: &Adopted,
) -> Result<Settled, Vec<Objection>> {
    let mut edits = Edited::default();
    for _ in 0..ROUNDS {
        let planned = ground.plan(&edits)?;
        let (changes, declare) = round(ground, first, &planned, wanted)?;
        if changes.is_empty() && declare.is_empty() {
            return Ok(Settled { edits, planned });
        }
        let mut next = applied(&ground.book(&planned), &changes, &edits)?;
        if !declare.is_empty() {
            let places: Option<Vec<_>> =
                declare.into_iter().map(|group| of_group(ground.imported(), group)).collect();
            let unsaid = || vec![Objection { place: None, why: phrase!["no manifest can say the group"] }];
            next = places.and_then(|places| added(ground, &planned, next, &places)).ok_or_else(unsaid)?;
        }
        if next == edits {
            break;
        }
        edits = next;
    }
    Err(vec![Objection { place: None, why: phrase!["edits and plans of them do not come to an end"] }])
}

/// What is to be edited in one round: what leads nowhere first.
fn round(
    ground: &Ground<'_>,
    first: &First<'_>,
    planned: &Planned,
    wanted: &Adopted,
) -> Result<(Vec<Edit>, Vec<GroupIx>), Vec<Objection>> {
    let book = ground.book(planned);
    let (mut edits, mut strange) = (Vec::new(), Vec::new());
    for blocker in news(&planned.plan, &first.planned.plan) {
        if let Some(repairs) = repair(&book, &first.meant, blocker) {
            edits.extend(repairs);
        } else {
            let place = place(&planned.sources, blocker.origin);
            strange.push(Objection { place, why: blocker.message.clone() });
        }
    }
    let mut declare = Vec::new();
    if edits.is_empty() {
        (edits, declare) = adopted(&book, first, planned, wanted);
    }
    // What stands in the way may go with an edit that is still to come.
    if strange.is_empty() || !edits.is_empty() || !declare.is_empty() {
        Ok((edits, declare))
    } else {
        Err(strange)
    }
}

/// What is to be edited for the facts that are adopted, and the groups to be declared.
fn adopted(
    book: &Book<'_>,
    first: &First<'_>,
    planned: &Planned,
    wanted: &Adopted,
) -> (Vec<Edit>, Vec<GroupIx>) {
    let (mut edits, mut declare) = (Vec::new(), Vec::new());
    let width = |change: &Change| wanted.get(&About::of(change)).copied();
    let is_adopted = |change: &&Change| width(change).is_some() || !first.about.contains(&About::of(change));
    let changes: Vec<&Change> = planned.plan.changes.iter().filter(is_adopted).collect();
    let moved = Moved::by(book, &changes);
    for change in changes {
        let before = edits.len();
        for fact in change.facts.iter().filter(|fact| !moved.is_copied(book, change, fact)) {
            match answer(book, change, fact) {
                Answer::Edits(more) => edits.extend(more),
                Answer::Declare(group) => declare.push(group),
                Answer::Follows | Answer::Not(_) => {}
            }
        }
        if width(change) == Some(Width::Wide) && edits.len() > before {
            edits.extend(users::known_by(book, change));
        }
    }
    (edits, declare)
}

/// Blockers that were not there at first.
pub(super) fn news<'p>(plan: &'p Plan, first: &'p Plan) -> impl Iterator<Item = &'p Blocker> {
    let known = |blocker: &Blocker| {
        first.blockers.iter().any(|it| it.code == blocker.code && it.message == blocker.message)
    };
    plan.blockers.iter().filter(move |blocker| !known(blocker))
}

/// What is to be done about one fact.
pub(super) fn answer(book: &Book<'_>, change: &Change, fact: &Fact) -> Answer {
    match &change.object {
        Object::User(_) => users::answer(book, change, fact),
        Object::Group { .. } => groups::answer(book, change, fact),
        Object::Exclusion { .. } => exclusions::answer(book, change, fact),
    }
}

/// The manifests with edits made.
fn applied(book: &Book<'_>, edits: &[Edit], before: &Edited) -> Result<Edited, Vec<Objection>> {
    let mut by_file: BTreeMap<&str, (&str, Vec<TextEdit>, Vec<Origin>)> = BTreeMap::new();
    for edit in edits {
        let spot = book.spot(edit.origin).map_err(|why| vec![Objection { place: None, why }])?;
        let file = by_file.entry(spot.source.path()).or_insert((spot.source.text(), Vec::new(), Vec::new()));
        let text_edit = TextEdit { at: spot.at, change: edit.change.clone() };
        if !file.1.contains(&text_edit) {
            file.1.push(text_edit);
            file.2.push(edit.origin);
        }
    }
    let mut after = before.clone();
    for (path, (text, edits, origins)) in by_file {
        let text = edited(text, &edits).map_err(|stuck| {
            let of = |at: usize| {
                let place = origins.get(at).and_then(|origin| place(book.sources, *origin));
                Objection {
                    place,
                    why: Phrase::words("it is laid out in a way that is not edited from here"),
                }
            };
            stuck.into_iter().map(of).collect::<Vec<_>>()
        })?;
        after.put(path, text);
    }
    Ok(after)
}
