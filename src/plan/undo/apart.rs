//! Which record is whose on the way back, where values change hands? What a record gives back to another is released, and who
//! has nothing else goes by the display name.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    DesiredUser, DisplayName, Edit, Identifier, Key, Located, Managed, NameMatch, Observed, Phrase, UserId,
    UserLabel, by_shape,
};
use crate::phrase;
use crate::plan::resolve::keys::{declared, releases};
use crate::plan::undo::trail::Trail;
use crate::plan::undo::users::after;

/// Makes sure that entries which pass values back to each other find their records; those that nothing tells apart are lost.
pub(super) fn tell_apart(
    entries: &mut Vec<(UserId, DesiredUser)>,
    observed: &Observed,
    trail: &Trail<'_>,
    lost: &mut Vec<Phrase>,
) {
    let held = trail.users.iter().filter_map(|(id, of)| {
        let record = observed.user(observed.user_ix(*id)?);
        Some((*id, after(record, of)))
    });
    let held: BTreeMap<UserId, Vec<Identifier>> = held.collect();
    let all = Claims::of(entries, &held);
    let mut unclear: BTreeSet<UserId> = BTreeSet::new();
    let nameless = |entry: &(UserId, DesiredUser)| steady_name(entry.0, observed, trail).is_none();
    let mut next: Vec<UserId> =
        entries.iter().filter(|entry| nameless(entry) && all.is_bare(entry)).map(|(id, _)| *id).collect();
    while let Some(id) = next.pop() {
        if unclear.insert(id) {
            next.extend(all.held_by(id).iter().flat_map(|value| all.askers(value).iter().copied()));
        }
    }
    for id in &unclear {
        let label = observed.user_ix(*id).map(|ix| UserLabel::of(observed.user(ix)));
        let why = ": nothing would tell whose record is whose while their identifiers go back";
        lost.extend(label.map(|label| phrase!["what changes of ", label, why]));
    }
    entries.retain(|(id, _)| !unclear.contains(id));
    let claims = Claims::of(entries, &held);
    let bare: Vec<(usize, Vec<Identifier>)> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| claims.is_bare(entry))
        .map(|(at, (id, _))| (at, claims.owed(*id).filter_map(by_shape).collect()))
        .collect();
    for (at, owed) in bare {
        let (id, entry) = &mut entries[at];
        if let Some(name) = steady_name(*id, observed, trail) {
            entry.display_name = Managed::Set(Located::unplaced(name.clone()));
            entry.match_name = NameMatch::Same;
        }
        entry.formerly.clear();
        for value in owed {
            if !releases(entry, Key::from(&value)) {
                entry.releases.push(Located::unplaced(value));
            }
        }
    }
}

/// The display name that a record has before and after the run, if a manifest can say it.
fn steady_name<'a>(id: UserId, observed: &'a Observed, trail: &Trail<'_>) -> Option<&'a DisplayName> {
    let name = observed.user(observed.user_ix(id)?).display_name.as_ref()?;
    let edits = trail.users.get(&id).into_iter().flat_map(|of| &of.edits);
    let stays = !edits.into_iter().any(|edit| matches!(edit, Edit::Name { .. }));
    (stays && DisplayName::parse(name.as_written()).is_ok()).then_some(name)
}

/// Who asks for which values, and what the records have after the run.
struct Claims<'e> {
    asked: BTreeMap<Key<'e>, Vec<UserId>>,
    held: &'e BTreeMap<UserId, Vec<Identifier>>,
}

impl<'e> Claims<'e> {
    fn of(entries: &'e [(UserId, DesiredUser)], held: &'e BTreeMap<UserId, Vec<Identifier>>) -> Self {
        let mut asked: BTreeMap<Key<'_>, Vec<UserId>> = BTreeMap::new();
        for (id, entry) in entries {
            for (key, _) in declared(entry) {
                asked.entry(key).or_default().push(*id);
            }
        }
        Self { asked, held }
    }

    fn held_by(&self, id: UserId) -> &'e [Identifier] {
        self.held.get(&id).map_or(&[], Vec::as_slice)
    }

    fn askers(&self, value: &'e Identifier) -> &[UserId] {
        self.asked.get(&Key::from(value)).map_or(&[], Vec::as_slice)
    }

    /// What a record has after the run and another entry asks for.
    fn owed(&self, id: UserId) -> impl Iterator<Item = &'e Identifier> {
        self.held_by(id).iter().filter(move |value| self.askers(value).iter().any(|asker| *asker != id))
    }

    /// Whether nothing finds the record of an entry but what it owes.
    fn is_bare(&self, (id, entry): &(UserId, DesiredUser)) -> bool {
        let owed: BTreeSet<Key<'_>> = self.owed(*id).map(Key::from).collect();
        let said = declared(entry).map(|(key, _)| key);
        let said = said.chain(entry.formerly.iter().map(|former| Key::from(&former.value)));
        let known: BTreeSet<Key<'_>> = said.filter(|key| !owed.contains(key)).collect();
        !owed.is_empty() && !self.held_by(*id).iter().any(|value| known.contains(&Key::from(value)))
    }
}
