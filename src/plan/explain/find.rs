//! Whom does whoever asks mean? By what identifies a user first, then by what else the account or an entry says of them.

use crate::model::{
    DesiredUser, DisplayName, Folded, Key, Login, ObservedUser, Phrase, Piece, Reference, UserIx, UserLabel,
    fold,
};
use crate::phrase;
use crate::plan::explain::explanation::Unclear;
use crate::plan::people::People;
use crate::plan::resolve::keys::{label, sought};
use crate::plan::resolve::near::near;
use crate::plan::resolve::resolution::Fit;

/// How many users are named who may be meant.
const SHOWN: usize = 10;

/// One user: an entry, a record, or both.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) at: Option<u32>,
    pub(super) entry: Option<&'a DesiredUser>,
    pub(super) ix: Option<UserIx>,
    pub(super) record: Option<&'a ObservedUser>,
}

impl<'a> Found<'a> {
    /// The record at a position, and the entry that declares it.
    fn of_record(people: &People<'a>, ix: UserIx) -> Self {
        let at = people.resolution.entries[ix.0 as usize];
        let entry = at.map(|at| &people.desired.users[at as usize]);
        Self { at, entry, ix: Some(ix), record: Some(people.observed.user(ix)) }
    }

    /// The entry at a position, and the record that it is.
    fn of_entry(people: &People<'a>, at: u32) -> Self {
        if let Fit::Record(ix) = people.resolution.fits[at as usize] {
            return Self::of_record(people, ix);
        }
        let entry = Some(&people.desired.users[at as usize]);
        Self { at: Some(at), entry, ix: None, record: None }
    }

    /// What they are called: as the account shows them now, else as the manifests do.
    pub(super) fn label(&self) -> Option<UserLabel> {
        self.record.map(UserLabel::of).or_else(|| self.entry.map(label))
    }

    /// Which of several are one.
    fn key(&self) -> (Option<UserIx>, Option<u32>) {
        (self.ix, self.at)
    }
}

/// Finds the one user that a reference means.
pub(super) fn find<'a>(people: &People<'a>, reference: &Reference) -> Result<Found<'a>, Unclear> {
    let resolution = people.resolution;
    if let Some(at) = sought(reference).find_map(|key| resolution.declared.owner(key)) {
        return Ok(Found::of_entry(people, at));
    }
    let owners: Vec<UserIx> =
        sought(reference).flat_map(|key| resolution.observed.owners(key)).map(UserIx).collect();
    let holders = owners.into_iter().map(|ix| Found::of_record(people, ix)).collect();
    let text = wanted(reference);
    let mut found: Vec<Found<'a>> = holders;
    if found.is_empty() {
        found = by_agent(people, reference, &text);
    }
    if found.is_empty() {
        found = by_former(people, reference);
    }
    found.sort_by_key(Found::key);
    found.dedup_by_key(|found| found.key());
    // What is only a part of a name never decides: it is asked.
    match found[..] {
        [one] => Ok(one),
        [] => Err(Unclear::Nobody(suggested(people, &text))),
        _ => Err(Unclear::Several(found.iter().filter_map(Found::label).map(shown).collect())),
    }
}

fn shown(label: UserLabel) -> Phrase {
    Phrase(vec![label.into()])
}

/// Whoever has an agent of this username or alias, or whose entry names one.
fn by_agent<'a>(people: &People<'a>, reference: &Reference, text: &Folded) -> Vec<Found<'a>> {
    let login = match reference {
        Reference::DeviceLogin(login) | Reference::Slashed(login, _) => Some(login),
        Reference::Address(_) | Reference::EmployeeId(_) | Reference::Name(_) => None,
    };
    let is_it = |agent: &Login| match login {
        Some(login) => login.covers(agent),
        None => agent.user.key() == text.key(),
    };
    let records = (0..).map(UserIx).zip(&people.observed.users).filter(|(_, user)| {
        let has_alias = |alias: &str| fold(alias) == text.key();
        user.agents.iter().any(|agent| is_it(&agent.login) || agent.alias.as_deref().is_some_and(has_alias))
    });
    let of_records = records.map(|(ix, _)| Found::of_record(people, ix));
    let entries = (0..).zip(&people.desired.users);
    let entries = entries.filter(|(_, user)| user.agents.iter().any(|agent| is_it(&agent.value)));
    of_records.chain(entries.map(|(at, _)| Found::of_entry(people, at))).collect()
}

/// Whoever had this before, as their entry says.
fn by_former<'a>(people: &People<'a>, reference: &Reference) -> Vec<Found<'a>> {
    let entries = (0..).zip(&people.desired.users).filter(|(_, user)| {
        user.formerly.iter().any(|former| sought(reference).any(|key| key == Key::from(&former.value)))
    });
    entries.map(|(at, _)| Found::of_entry(people, at)).collect()
}

/// Those who may have been meant: with this in a name or an identifier, else with something close to it.
fn suggested(people: &People<'_>, text: &Folded) -> Vec<Phrase> {
    let has = |name: Option<&str>, mut identifiers: Box<dyn Iterator<Item = String> + '_>| {
        name.is_some_and(|name| name.contains(text.key()))
            || identifiers.any(|it| fold(&it).contains(text.key()))
    };
    let of_record = |user: &&ObservedUser| {
        let name = user.display_name.as_ref().map(DisplayName::key);
        has(name, Box::new(user.identifiers().map(|held| held.to_string())))
    };
    let of_entry = |(at, user): &(u32, &DesiredUser)| {
        let name = user.display_name.declared().map(|name| name.value.key());
        let is_new = !matches!(people.resolution.fits[*at as usize], Fit::Record(_));
        is_new && has(name, Box::new(user.identifiers().map(|said| said.value.to_string())))
    };
    let records = people.observed.users.iter().filter(of_record).map(UserLabel::of);
    let entries = (0..).zip(&people.desired.users).filter(of_entry).map(|(_, user)| label(user));
    let mut close: Vec<Phrase> =
        records.chain(entries).take(SHOWN).map(|label| phrase!["did you mean ", label, "?"]).collect();
    if close.is_empty() {
        close = near(people.resolution, text);
    }
    close
}

fn wanted(reference: &Reference) -> Folded {
    match reference {
        Reference::Address(address) => address.clone(),
        Reference::Name(name) => Folded::new(name.as_written()),
        Reference::DeviceLogin(_) | Reference::Slashed(..) | Reference::EmployeeId(_) => {
            Folded::new(&reference.to_string())
        }
    }
}

/// The sentence for whoever asks about nobody.
pub(super) fn did_you_mean(text: &str) -> Phrase {
    phrase!["did you mean ", Piece::personal(&text), "?"]
}
