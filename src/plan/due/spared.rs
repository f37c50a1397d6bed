//! Which rules does a lifted block leave? Those that a manifest declares, and those that somebody else stays blocked by.

use std::collections::BTreeMap;

use crate::model::{
    Afterwards, Desired, DesiredUser, ExclusionState, Folded, Identifier, Key, Login, Members, Observed,
    OrderKind, Phrase, Piece, Tracking, UserIx, UserLabel,
};
use crate::phrase;
use crate::plan::resolve::keys::{label, releases};
use crate::plan::resolve::resolution::{Fit, Resolution};
use crate::plan::rules::{blockable, forms, names};

/// The rules on identifiers of an entry that stay, whatever becomes of its user.
#[derive(Debug, Default)]
pub(in crate::plan) struct Spared {
    /// A manifest declares them.
    pub(super) declared: Vec<Login>,
    /// They block somebody else too.
    pub(super) shared: BTreeMap<Login, UserLabel>,
}

impl Spared {
    pub(super) fn contains(&self, rule: &Login) -> bool {
        self.declared.contains(rule) || self.shared.contains_key(rule)
    }

    /// What the plan says of those that block somebody else.
    pub(super) fn notes(&self) -> impl Iterator<Item = Phrase> + '_ {
        let shared = self.shared.iter().filter(|(rule, _)| !self.declared.contains(rule));
        shared.map(|(rule, user)| {
            phrase!["a rule on ", Piece::personal(rule), " stays, as it blocks ", user.clone(), " too"]
        })
    }
}

/// Who stays blocked, by the usernames that rules on them have.
pub(super) struct Blocked<'a> {
    desired: &'a Desired,
    observed: &'a Observed,
    by_name: BTreeMap<Folded, Vec<(Identifier, Who)>>,
}

#[derive(Debug, Clone, Copy)]
enum Who {
    Entry(u32),
    Record(UserIx),
}

/// Whether a user keeps an identifier that their entry does not say.
fn keeps(user: &DesiredUser, identifier: &Identifier) -> bool {
    let is_whole = match identifier {
        Identifier::Upn(_) => matches!(user.upns, Members::Exactly(_)),
        Identifier::Email(_) => matches!(user.emails, Members::Exactly(_)),
        Identifier::EmployeeId(_) | Identifier::DeviceLogin(_) => false,
    };
    !is_whole && !releases(user, Key::from(identifier))
}

impl<'a> Blocked<'a> {
    /// Everybody who is removed and stays blocked, was or is to be, and every untracked user who stays.
    pub(super) fn new(desired: &'a Desired, observed: &'a Observed, sides: &Resolution<'_>) -> Self {
        let mut blocked = Self { desired, observed, by_name: BTreeMap::new() };
        // What an entry declares is that entry's once the plan is carried out, whoever has it now.
        let owner = |identifier: &Identifier| sides.declared.owner(Key::from(identifier));
        for (at, user) in (0..).zip(&desired.users) {
            let record = match sides.fits[at as usize] {
                Fit::Record(ix) => Some(ix),
                Fit::New | Fit::ByHand | Fit::Gone | Fit::Blocked | Fit::LeftOut => None,
            };
            let removal = match user.order.as_ref().map(|order| order.kind) {
                Some(OrderKind::Remove(afterwards)) => Some(afterwards),
                Some(OrderKind::Erase) | None => None,
            };
            let said = user.tracking.declared().map(|said| said.value);
            let tracking = said.or_else(|| record.map(|ix| observed.user(ix).tracking));
            // What only the record of somebody who is removed holds, nobody knows once it is gone.
            let record = record.filter(|_| removal.is_none());
            let stays =
                removal.map_or(tracking == Some(Tracking::Untracked), |it| it == Afterwards::StayBlocked);
            if stays {
                let kept = record.into_iter().flat_map(|ix| observed.user(ix).identifiers());
                let kept = kept.filter(|it| keeps(user, it) && owner(it).is_none_or(|owner| owner == at));
                blocked.add(blockable(user).chain(kept), Who::Entry(at));
            }
        }
        for (at, user) in (0..).zip(&observed.users) {
            let by_rule = sides.ruled.get(&UserIx(at)).map_or(user.tracking, |said| said.value);
            if sides.entries[at as usize].is_none() && by_rule == Tracking::Untracked {
                let kept = user.identifiers().filter(|it| owner(it).is_none());
                blocked.add(kept, Who::Record(UserIx(at)));
            }
        }
        blocked
    }

    fn add(&mut self, identifiers: impl Iterator<Item = Identifier>, who: Who) {
        for identifier in identifiers {
            for name in names(&identifier).into_iter().flatten() {
                self.by_name.entry(Folded::new(name)).or_default().push((identifier.clone(), who));
            }
        }
    }

    /// What stays of the rules on an entry's identifiers: those that are declared, and of those that a removal leaves.
    pub(super) fn spared(&self, user: &DesiredUser) -> Spared {
        let present = self.desired.exclusions.iter().filter(|it| it.state == ExclusionState::Present);
        let stands = |login: &Login| blockable(user).any(|identifier| login.stands_on(&identifier));
        let declared = present.map(|it| it.login.value.clone()).filter(stands).collect();
        let mut shared = BTreeMap::new();
        for identifier in blockable(user) {
            for rule in forms(&identifier) {
                let others = self.by_name.get(&rule.user).into_iter().flatten();
                if let Some((_, who)) = others.into_iter().find(|(held, _)| rule.stands_on(held)) {
                    shared.insert(rule, self.label(*who));
                }
            }
        }
        Spared { declared, shared }
    }

    fn label(&self, who: Who) -> UserLabel {
        match who {
            Who::Entry(at) => label(&self.desired.users[at as usize]),
            Who::Record(ix) => UserLabel::of(self.observed.user(ix)),
        }
    }
}
