//! What do manifests say once they say what the account has, and what of it can't they say?

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;

use crate::import::adopt::additions::{added, unmentioned};
use crate::import::adopt::answer::Answer;
use crate::import::adopt::ground::{Ground, Planned, place};
use crate::import::adopt::grow::grow;
use crate::import::adopt::repair::Meant;
use crate::import::adopt::rounds::{First, Settled, Width, answer, news, settle};
use crate::import::adopt::sentence::sentence;
use crate::import::adopt::topic::{About, Only};
use crate::import::check::Objection;
use crate::import::choices::Choices;
use crate::import::claims::Claims;
use crate::import::place::Place;
use crate::import::unsaid::Unsaid;
use crate::manifest::{Edited, Exports, shown_below};
use crate::model::{Cause, Change, Fact, Observed, Phrase, Piece, UserLabel, Verb};
use crate::phrase;

/// What is to be adopted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The folder of manifests.
    pub folder: &'a Path,
    /// Which files stand for exports.
    pub exports: &'a Exports,
    /// What time it is.
    pub now: Timestamp,
    /// One object alone, if so.
    pub only: Option<&'a Only>,
    /// Whether what no manifest mentions is added.
    pub unmentioned: UnmentionedToo,
    /// What becomes of what may be written in more than one way.
    pub choices: Choices,
}

/// Whether what no manifest mentions is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnmentionedToo {
    /// It gets entries.
    Added,
    /// It stays unmentioned.
    No,
}

/// Something in which the two sides differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The file and the line of the manifests that it is about, if there is one.
    pub place: Option<(Box<str>, usize)>,
    /// What it is, with both sides.
    pub what: Phrase,
    /// Why it is left as it is; none where it is adopted.
    pub why: Option<Phrase>,
}

/// A manifest that says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revised {
    /// Its path as shown.
    pub path: Box<str>,
    /// What it says on the disk; none if it is not there.
    pub before: Option<String>,
    /// What it is to say.
    pub after: String,
}

/// What adopting comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The account's name in the manifests.
    pub account: Box<str>,
    /// Manifests that say something else, sorted by path.
    pub files: Vec<Revised>,
    /// What they adopt.
    pub adopted: Vec<Difference>,
    /// How many entries were added of what no manifest mentioned: users, groups, exclusions.
    pub added: [usize; 3],
    /// What is left as it is, and why.
    pub left: Vec<Difference>,
    /// What of that which no manifest mentioned can't be said.
    pub unsaid: Vec<Unsaid>,
}

/// Why nothing can be adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unadoptable {
    /// The manifests can't be planned as they are.
    Unplanned(Vec<Objection>),
    /// Nothing is called so.
    Nobody(Only),
}

impl From<Vec<Objection>> for Unadoptable {
    fn from(why: Vec<Objection>) -> Self {
        Self::Unplanned(why)
    }
}

/// Edits manifests in memory until a plan of them against the reading leaves what is adopted as it is.
///
/// # Errors
/// The manifests can't be planned as they are, or what alone is to be adopted is nowhere.
pub fn adopt(wanted: &Wanted<'_>, observed: &Observed) -> Result<Adoption, Unadoptable> {
    let claims = Claims::of(observed);
    let root = shown_below(wanted.folder, "");
    let ground = Ground {
        folder: wanted.folder,
        root: if wanted.folder.is_dir() { &root } else { "" },
        exports: wanted.exports,
        now: wanted.now,
        observed,
        claims: &claims,
        choices: wanted.choices,
        imported: OnceCell::new(),
    };
    let planned = ground.plan(&Edited::default())?;
    if let Some(only) = wanted.only.filter(|only| !only.is_anywhere(&planned.desired, observed)) {
        return Err(Unadoptable::Nobody(only.clone()));
    }
    let first = First {
        about: planned.plan.changes.iter().map(About::of).collect(),
        meant: Meant::by(&ground.book(&planned), &planned.plan),
        planned: &planned,
    };
    let attempt = |some: &[(About, Width)]| settle(&ground, &first, &some.iter().cloned().collect());
    let narrow = candidates(&ground, &planned, wanted.only).into_iter().map(|about| (about, Width::Narrow));
    let grown = grow(Vec::new(), narrow.collect(), attempt);
    let users = |(about, _): &&((About, Width), Vec<Objection>)| matches!(about.0, About::User(_));
    let wide = grown.refused.iter().filter(users).map(|((about, _), _)| (about.clone(), Width::Wide));
    let again = grow(grown.good, wide.collect(), attempt);
    let settled = match again.best.or(grown.best) {
        Some(settled) => settled,
        None => Settled { edits: Edited::default(), planned: ground.plan(&Edited::default())? },
    };
    let taken: BTreeSet<About> = again.good.into_iter().map(|(about, _)| about).collect();
    let refused = grown.refused.into_iter().map(|((about, _), why)| (about, why));
    let refused: BTreeMap<About, Vec<Objection>> =
        refused.filter(|(about, _)| !taken.contains(about)).collect();
    let (settled, more) = match wanted.unmentioned {
        UnmentionedToo::Added => with_unmentioned(&ground, settled, wanted.only),
        UnmentionedToo::No => (settled, More::default()),
    };
    let sides = Sides { ground: &ground, first: &planned, last: &settled.planned, only: wanted.only };
    let mut left = sides.left(&refused);
    left.extend(more.left);
    Ok(Adoption {
        account: planned.desired.account.name.value.clone(),
        files: revised(&settled.edits, &planned),
        adopted: sides.adopted(),
        added: more.added,
        left,
        unsaid: more.unsaid,
    })
}

/// What a plan would change and an edit can leave as it is.
fn candidates(ground: &Ground<'_>, planned: &Planned, only: Option<&Only>) -> Vec<About> {
    let book = ground.book(planned);
    let can = |change: &Change, fact: &Fact| {
        !matches!(answer(&book, change, fact), Answer::Follows | Answer::Not(_))
    };
    let changes = planned.plan.changes.iter();
    let asked = changes.filter(|change| only.is_none_or(|only| only.is(change, ground.observed)));
    let open = asked.filter(|change| change.facts.iter().any(|fact| can(change, fact)));
    let about: BTreeSet<About> = open.map(About::of).collect();
    about.into_iter().collect()
}

/// What was added, and what was not.
#[derive(Default)]
struct More {
    added: [usize; 3],
    left: Vec<Difference>,
    unsaid: Vec<Unsaid>,
}

/// Adds entries for what no manifest mentions, as far as a plan leaves that as it is.
fn with_unmentioned(ground: &Ground<'_>, settled: Settled, only: Option<&Only>) -> (Settled, More) {
    let imported = ground.imported();
    let (users, groups, rules) = (&imported.users, &imported.groups, &imported.exclusions);
    let is_asked = |place: &Place| {
        only.is_none_or(|only| match place {
            Place::User(at) => only.is_user(ground.observed.user(users[*at].0)),
            Place::Group(at) => only.is_named(&groups[*at].1.name.value.to_string()),
            Place::Exclusion(at) => only.is_named(&rules[*at].login.value.to_string()),
        })
    };
    let places = unmentioned(imported, &settled.planned.desired, ground.observed);
    let places: Vec<Place> = places.into_iter().filter(is_asked).collect();
    let known: BTreeSet<About> = settled.planned.plan.changes.iter().map(About::of).collect();
    let mut taken: Vec<Place> = Vec::new();
    let grown = grow(Vec::new(), places, |some: &[Place]| {
        let unwritten = || vec![Objection { place: None, why: phrase!["its entry can't be written"] }];
        let edits = added(ground, &settled.planned, settled.edits.clone(), some).ok_or_else(unwritten)?;
        let planned = ground.plan(&edits)?;
        let objections = against(&planned, &settled.planned, &known);
        if !objections.is_empty() {
            return Err(objections);
        }
        taken = some.to_vec();
        Ok(Settled { edits, planned })
    });
    let count = |is: fn(&Place) -> bool| taken.iter().filter(|place| is(place)).count();
    let left = grown.refused.iter().map(|(place, why)| Difference {
        place: None,
        what: match place {
            Place::User(at) => {
                phrase![UserLabel::of(ground.observed.user(users[*at].0)), ": in no manifest"]
            }
            Place::Group(at) => phrase![Piece::plain(&groups[*at].1.name.value), ": in no manifest"],
            Place::Exclusion(at) => phrase![Piece::personal(&rules[*at].login.value), ": in no manifest"],
        },
        why: Some(first_of(why)),
    });
    let more = More {
        added: [
            count(|place| matches!(place, Place::User(_))),
            count(|place| matches!(place, Place::Group(_))),
            count(|place| matches!(place, Place::Exclusion(_))),
        ],
        left: left.collect(),
        unsaid: if only.is_none() { imported.unsaid.clone() } else { Vec::new() },
    };
    (grown.best.unwrap_or(settled), more)
}

/// What a plan has against entries that were added.
fn against(planned: &Planned, before: &Planned, known: &BTreeSet<About>) -> Vec<Objection> {
    let at = |origin| place(&planned.sources, origin);
    let blockers = news(&planned.plan, &before.plan)
        .map(|blocker| Objection { place: at(blocker.origin), why: blocker.message.clone() });
    let changes = planned.plan.changes.iter().filter(|change| !known.contains(&About::of(change)));
    let changes = changes.map(|change| Objection {
        place: at(change.origin),
        why: phrase!["a plan would change what it says"],
    });
    blockers.chain(changes).collect()
}

/// The reason that is shown of several.
fn first_of(why: &[Objection]) -> Phrase {
    let Some(Objection { place, why }) = why.first() else {
        return phrase!["a plan would not leave it as it is"];
    };
    match place {
        Some((path, line)) => why.clone().then(format!(" ({path}:{line} of the edited text)")),
        None => why.clone(),
    }
}

/// The manifests that say something else, sorted.
fn revised(edits: &Edited, first: &Planned) -> Vec<Revised> {
    let before = |path: &str| first.sources.texts().find(|file| file.path() == path);
    let files = edits.texts().map(|(path, after)| Revised {
        path: path.into(),
        before: before(path).map(|file| file.text().to_owned()),
        after: after.to_owned(),
    });
    files.filter(|file| file.before.as_ref() != Some(&file.after)).collect()
}

/// The plans before and after.
struct Sides<'a> {
    ground: &'a Ground<'a>,
    first: &'a Planned,
    last: &'a Planned,
    only: Option<&'a Only>,
}

/// The changes of a plan by what they are about.
fn by_object(planned: &Planned) -> BTreeMap<About, &Change> {
    planned.plan.changes.iter().map(|change| (About::of(change), change)).collect()
}

impl Sides<'_> {
    fn is_asked(&self, change: &Change) -> bool {
        self.only.is_none_or(|only| only.is(change, self.ground.observed))
    }

    /// What the first plan would do and the last would not.
    fn adopted(&self) -> Vec<Difference> {
        let (last, mut adopted) = (by_object(self.last), Vec::new());
        for change in self.first.plan.changes.iter().filter(|change| self.is_asked(change)) {
            let still = last.get(&About::of(change));
            let is_still =
                |fact: &Fact| still.is_some_and(|other| other.facts.iter().any(|other| is_same(other, fact)));
            let gone = change.facts.iter().filter(|fact| fact.cause != Cause::Consequence && !is_still(fact));
            for fact in shown(change, gone) {
                let place = place(&self.first.sources, fact.origin);
                adopted.push(Difference { place, what: sentence(change, fact), why: None });
            }
        }
        adopted
    }

    /// What the last plan would still do.
    fn left(&self, refused: &BTreeMap<About, Vec<Objection>>) -> Vec<Difference> {
        let (book, first) = (self.ground.book(self.last), by_object(self.first));
        let (mut left, mut following) = (Vec::new(), Vec::new());
        for change in self.last.plan.changes.iter().filter(|change| self.is_asked(change)) {
            let about = About::of(change);
            let before = first.get(&about);
            for fact in shown(change, change.facts.iter()) {
                let (why, follows) = match (answer(&book, change, fact), refused.get(&about)) {
                    (Answer::Not(why), _) => (why, false),
                    (_, Some(why)) => (first_of(why), false),
                    (_, None) => (phrase!["it follows from something else that is left"], true),
                };
                let same = before.and_then(|other| other.facts.iter().find(|other| is_same(other, fact)));
                let place = match same {
                    Some(same) => place(&self.first.sources, same.origin),
                    None => place(&self.last.sources, fact.origin),
                };
                let difference = Difference { place, what: sentence(change, fact), why: Some(why) };
                let list = if follows { &mut following } else { &mut left };
                if !list.contains(&difference) {
                    list.push(difference);
                }
            }
        }
        let blockers = self.last.plan.blockers.iter().filter(|_| self.only.is_none());
        left.extend(blockers.map(|blocker| Difference {
            place: place(&self.last.sources, blocker.origin),
            what: blocker.message.clone(),
            why: Some(phrase!["it blocks every plan: settle it first"]),
        }));
        // What follows from something that is listed goes with it.
        if left.is_empty() { following } else { left }
    }
}

/// Whether two facts of one object are the same.
fn is_same(one: &Fact, other: &Fact) -> bool {
    one.field == other.field && one.delta == other.delta
}

/// Of an object that is made or goes, one fact stands for all.
fn shown<'f>(change: &Change, facts: impl Iterator<Item = &'f Fact>) -> Vec<&'f Fact> {
    let most = if change.verb == Verb::Update { usize::MAX } else { 1 };
    facts.take(most).collect()
}
